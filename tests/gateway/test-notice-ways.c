/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the practice provider, a process, through the real door into books, for every provider: each
 * hears its own yes (one of them is signed) and does not come again, and the books hold what it
 * told. The numbers are nobody's here, which a door believes and keeps all the same. */
#include "data/desk/noticing.h"
#include "devices/gateway/notice-door.h"
#include "tests/gateway/notice-shop.h"

#include <unistd.h>

#define CODE "134567890123456789"

typedef struct
{
  Shop *shop;           /* owned */
  char *books;          /* owned */
  char *accounts;       /* owned */
  TillClock *clock;     /* owned */
  TillLedger *ledger;   /* owned */
  TillNoticeDoor *door; /* owned */
} Town;

static void
on_heard (gpointer user)
{
}

static void
town_open (Town *town)
{
  g_autoptr (GError) error = NULL;
  town->shop = shop_new (NULL);
  town->books = g_build_filename (town->shop->top, "books.db", NULL);
  town->accounts = g_build_filename (town->shop->dir, "accounts", NULL);
  town->clock = till_clock_new ();
  g_autofree char *beside = g_build_filename (town->accounts, "sandbox", NULL);
  g_assert_cmpint (symlink ("../account", beside), ==, 0);
  g_assert_true (till_ledger_create (town->books, &error));
  town->ledger = till_ledger_open (town->books, town->clock, &error);
  g_assert_no_error (error);
  TillNoticeDoorSetup setup = {
    .books = town->books, .clock = town->clock, .accounts = town->accounts, .heard = on_heard
  };
  town->door = till_notice_door_open (&setup, &error);
  g_assert_no_error (error);
  town->shop->told_at = till_notice_door_port (town->door);
  shop_start (town->shop, "1");
}

static void
town_close (Town *town)
{
  till_notice_door_close (town->door);
  till_ledger_free (town->ledger);
  till_clock_free (town->clock);
  shop_free (town->shop);
  g_free (town->books);
  g_free (town->accounts);
}

static TillOutcome *
ask_now (Town *town, guint nth, const TillAccount *account, TillErrandKind kind,
         const TillOutcome *payment, int64_t paid_at)
{
  g_autofree char *pay_no = g_strdup_printf ("PAY%013u", nth);
  g_autofree char *refund_no = g_strdup_printf ("REF%013u", nth);
  int64_t now = till_clock_now (town->clock);
  TillErrand errand = { .kind = kind,
                        .provider = account->provider,
                        .request_no = pay_no,
                        .amount = 1000,
                        .auth = (char *)CODE,
                        .subject = (char *)"S1",
                        .requested_at = now,
                        .asked_at = now,
                        .notice_url = account->notice_url };
  if (kind == TILL_ERRAND_REFUND)
    {
      errand.original_no = errand.request_no;
      errand.original_amount = errand.amount;
      errand.original_provider_no = payment->provider_no;
      errand.original_requested_at = paid_at;
      errand.request_no = refund_no;
      errand.auth = NULL;
      errand.amount = 400;
    }
  const TillCodec *codec = till_codec_find (account->provider);
  g_autoptr (TillRequest) request = codec->build (&errand, account);
  g_autoptr (TillReply) answer = till_http_send (town->shop->http, request);
  TillOutcome *outcome = codec->interpret (&errand, account, answer);
  g_test_message ("%s %s: %s", account->provider, till_errand_kind_word (kind),
                  till_outcome_kind_word (outcome->kind));
  if (outcome->kind != TILL_OUTCOME_OPENED)
    {
      g_assert_true (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED);
      return outcome;
    }
  /* Its card has yet to be presented. */
  errand.kind = TILL_ERRAND_PRESENT;
  errand.provider_no = outcome->provider_no;
  g_autoptr (TillRequest) present = codec->build (&errand, account);
  g_autoptr (TillReply) reader = till_http_send (town->shop->http, present);
  g_autoptr (TillOutcome) presented = codec->interpret (&errand, account, reader);
  g_assert_cmpint (presented->kind, ==, TILL_OUTCOME_ACCEPTED);
  return outcome;
}

static void
test_every_way (void)
{
  Town town = { 0 };
  const TillCodec *codec;
  town_open (&town);
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    {
      g_autofree char *folder = g_build_filename ("accounts", codec->profile->name, NULL);
      g_autoptr (TillAccount) account = load_account (town.shop, folder);
      int64_t paid_at = till_clock_now (town.clock);
      g_autoptr (TillOutcome) paid = ask_now (&town, n, account, TILL_ERRAND_PAY, NULL, 0);
      g_autoptr (TillOutcome) back = ask_now (&town, n, account, TILL_ERRAND_REFUND, paid, paid_at);
    }
  /* Eight payments and eight refunds, but for WeChat Pay's payment and Lakala's refund, which have
   * no address for it. */
  const int wanted = 14;
  for (int i = 0; i < wanted; i++)
    await_state (town.shop, (size_t)i, "told", 1);
  int kept;
  g_assert_true (till_noticing_count (town.ledger, &kept, NULL));
  g_assert_cmpint (kept, ==, wanted);
  town_close (&town);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  g_autofree char *top = g_dir_make_tmp ("till-sandbox-init-XXXXXX", NULL);
  g_autofree char *exe = program ();
  template_dir = g_build_filename (top, "practice", NULL);
  const char *init[] = { exe, "--init", template_dir, NULL };
  run_quietly (init);
  g_test_add_func ("/notice-ways/every-provider", test_every_way);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", top, NULL };
  run_quietly (remove);
  g_free (template_dir);
  return result;
}
