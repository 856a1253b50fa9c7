/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds that are due, carried to a provider over HTTPS: promised, asked for, recorded, one after
 * the other; beside a bare signed POST to the same server, beside the two syncs a refund needs, and
 * in WeChat Pay's language beside the pace that provider allows.
 *
 *   net FOLDER [ROUNDS] [REFUNDS]      till-sandbox must be in PATH */
#include "tests/bench/bench.h"
#include "tests/bench/due.h"
#include "data/core/ids.h"
#include "data/desk/refunding.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"
#include "data/ledger/setting-store.h"
#include "tests/bench/yardsticks/overwrite.h"
#include "tests/bench/yardsticks/post.h"

#include <gio/gio.h>

static GSubprocess *
start_provider (const char *folder)
{
  GError *error = NULL;
  GSubprocess *init = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "till-sandbox",
                                        "--init", folder, NULL);
  bench_must (init && g_subprocess_wait_check (init, NULL, &error), error);
  g_object_unref (init);
  GSubprocess *provider = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "till-sandbox",
                                            "--state", folder, "--port", "0", NULL);
  bench_must (provider != NULL, error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (provider));
  g_autofree char *listens = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert (listens);
  return provider;
}

/* One thing that is due, done; its microseconds, with the wait where the provider's pace asks for
 * one. */
static double
step (TillDispatcher *dispatcher)
{
  double start = bench_now ();
  for (;;)
    {
      GError *error = NULL;
      gboolean did;
      int64_t next_at;
      bench_must (till_dispatcher_step (dispatcher, &did, &next_at, &error), error);
      if (did)
        return bench_now () - start;
      int64_t wait = next_at - g_get_real_time ();
      g_assert (next_at > 0 && wait <= G_USEC_PER_SEC);
      g_usleep (MAX (wait, 0));
    }
}

/* A sale that is paid by code, and a line of it brought back: its refund is due. */
static void
make_due (BenchShop *shop, TillDispatcher *dispatcher, const char *code)
{
  TillMoney total;
  int64_t sale_id = bench_due_sale (shop, code, &total);
  step (dispatcher);
  bench_due_return (shop, sale_id);
}

static void
check_done (BenchShop *shop)
{
  int counts[4];
  GError *error = NULL;
  bench_must (till_refunding_counts (shop->ledger, counts, &error), error);
  g_assert (counts[TILL_REFUNDS_OPEN] == 0);
}

static TillAccount *
load_account (GHashTable *accounts, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GError *error = NULL;
  TillAccount *account = till_account_load (path, &error);
  bench_must (account != NULL, error);
  g_hash_table_insert (accounts, account->provider, account);
  return account;
}

/* So many refunds, made due and carried; how many a second. */
static double
carry (BenchShop *shop, TillDispatcher *dispatcher, const char *code, int n)
{
  double carried = 0;
  for (int i = 0; i < n; i++)
    make_due (shop, dispatcher, code);
  for (int i = 0; i < n; i++)
    carried += step (dispatcher);
  return n / carried * 1e6;
}

/* Codes that begin as WeChat Pay's do go to it, as in a shop. */
static void
route_codes (BenchShop *shop)
{
  GError *error = NULL;
  TillTxn *txn = till_ledger_begin (shop->ledger, 0, "setting", &error);
  bench_must (txn && till_setting_store_set (txn, "provider.codes", "10-15=wechat", &error)
                  && till_txn_commit (txn, &error),
              error);
  till_txn_free (txn);
}

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 2, 5), n = bench_number (argc, argv, 3, 100);
  g_autofree char *path = g_build_filename (argv[1], "net.books", NULL);
  g_autofree char *provider_folder = g_build_filename (argv[1], "provider", NULL);
  g_autofree char *bare_path = g_build_filename (argv[1], "net.overwrite", NULL);
  till_http_init ();
  GSubprocess *provider = start_provider (provider_folder);
  g_autoptr (GHashTable) accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (TillAccount) account = load_account (accounts, provider_folder, "account");
  g_autoptr (TillAccount) wechat = load_account (accounts, provider_folder, "accounts/wechat");
  const TillProfile *pace = till_codec_find ("wechat")->profile;

  BenchShop shop = { 0 };
  Overwrite file;
  bench_shop_open (&shop, path);
  route_codes (&shop);
  overwrite_open (&file, bare_path);
  TillHttp *http = till_http_new ();
  TillDispatcher *dispatcher
      = till_dispatcher_new (shop.ledger, till_http_transport (http), accounts);
  CURL *curl = curl_easy_init ();
  for (int round = 0; round < rounds; round++)
    {
      double bare = 0, synced = 0;
      double rate = carry (&shop, dispatcher, "281234567890123456", n);
      check_done (&shop);
      for (int i = 0; i < n; i++)
        bare += post_once (curl, account);
      for (int i = 0; i < 2 * n; i++)
        synced += overwrite_once (&file);
      bench_say ("net", rate, n / bare * 1e6);
      bench_say ("net.sync", rate, n / synced * 1e6);
      bench_say ("net.pace", carry (&shop, dispatcher, "134567890123456789", n),
                 pace->requests_per_s);
      bench_shop_rest (&shop);
    }
  curl_easy_cleanup (curl);
  till_dispatcher_free (dispatcher);
  till_http_free (http);
  bench_shop_close (&shop);
  g_subprocess_force_exit (provider);
  g_subprocess_wait (provider, NULL, NULL);
  g_object_unref (provider);
  return 0;
}
