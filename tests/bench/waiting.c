/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dispatcher holds in memory while refunds wait: bytes that malloc has given out above
 * what there was before the books were opened, looked at from the line, in the middle of a step.
 * With thousands waiting, and then with none of them in the same books: nothing may wait in memory.
 *
 *   waiting FOLDER [WAITING] [STEPS]
 *
 * Where there is a place in memory the books lie there, for no sync is measured. */
#include "tests/bench/bench.h"
#include "app/sandbox/setup.h"
#include "data/desk/returning.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/registry.h"
#include "tests/bench/shop.h"
#include "tests/ctl/folder.h"

#include <errno.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

/* Every phase is a process of its own: each begins alike, and none carries another's books. */
typedef struct
{
  const char *path;              /* of the books */
  const TillSandboxSetup *setup; /* unowned */
  GHashTable *accounts;          /* unowned */
  int64_t at;                    /* by its clock */
  int n;
} Phase;

typedef struct
{
  size_t before;
  double most;
} Look;

static size_t
bytes_given (void)
{
  struct mallinfo2 now = mallinfo2 ();
  return now.uordblks + now.hblkhd;
}

/* No line: what is due stays due, and every step takes another one. */
static TillReply *
send_nowhere (gpointer self, const TillRequest *request, GError **error)
{
  Look *look = self;
  look->most = MAX (look->most, (double)(bytes_given () - look->before));
  return till_reply_new (TILL_FATE_NOT_SENT, 0, "no line");
}

static const TillProfile *
profile_of (const char *provider, gpointer user)
{
  return till_codec_find (provider)->profile;
}

/* A sale that is called paid, and a line of it brought back: its refund is due. */
static void
make_due (BenchShop *shop)
{
  GError *error = NULL;
  TillAnswer answer;
  TillSale *sale = NULL;
  TillReturn *goods = NULL;
  g_autoptr (TillBasket) basket = bench_shop_basket (shop);
  TillMoney total = 0;
  for (guint i = 0; i < basket->lines->len; i++)
    total += till_basket_line (basket, i)->price;
  TillTenderWish wish = { TILL_TENDER_CODE, total, total, (char *)"281234567890123456", NULL };
  TillTenderWish *wishes[] = { &wish };
  bench_must (
      till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, &error),
      error);
  g_autoptr (TillTicket) ticket = NULL;
  int64_t next_at;
  bench_must (till_sending_next (shop->ledger, profile_of, NULL, &ticket, &next_at, &error), error);
  g_assert (ticket && ticket->is_payment);
  g_autoptr (TillOutcome) paid = till_outcome_new (TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  paid->provider_no = g_strdup (ticket->errand->request_no);
  paid->amount = total;
  bench_must (till_sending_record (shop->ledger, ticket, paid,
                                   profile_of (ticket->errand->provider, NULL), &error),
              error);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, &error);
  bench_must (draft != NULL, error);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_CHANGED_MIND;
  bench_must (
      till_returning_submit (shop->ledger, shop->cashier, draft, NULL, &goods, &answer, &error),
      error);
  if (answer.code != TILL_YES)
    g_error ("not taken back: %s", till_answer_word (answer.code));
  till_return_free (goods);
  till_sale_free (sale);
}

static void
take_steps (TillLedger *ledger, TillTransport line, GHashTable *accounts, int steps)
{
  GError *error = NULL;
  TillDispatcher *dispatcher = till_dispatcher_new (ledger, line, accounts);
  for (int i = 0; i < steps; i++)
    {
      gboolean did;
      int64_t next_at;
      bench_must (till_dispatcher_step (dispatcher, &did, &next_at, &error), error);
      g_assert (did);
    }
  till_dispatcher_free (dispatcher);
}

/* Refunds that are due. */
static double
fill (const Phase *phase)
{
  BenchShop shop = { .clock = till_clock_new_fake (phase->at, 1) };
  bench_shop_open (&shop, phase->path);
  for (int i = 0; i < phase->n; i++)
    make_due (&shop);
  bench_shop_close (&shop);
  return 0;
}

/* Bytes at the fullest moment of so many steps. */
static double
look_at (const Phase *phase)
{
  GError *error = NULL;
  TillClock *clock = till_clock_new_fake (phase->at, 1);
  Look look = { .before = bytes_given () };
  TillLedger *ledger = till_ledger_open (phase->path, clock, &error);
  bench_must (ledger != NULL, error);
  take_steps (ledger, (TillTransport){ send_nowhere, &look }, phase->accounts, phase->n);
  till_ledger_free (ledger);
  till_clock_free (clock);
  return look.most;
}

/* A provider that knows none of the payments and asks no questions does them all. */
static double
finish (const Phase *phase)
{
  GError *error = NULL;
  TillClock *clock = till_clock_new_fake (phase->at, 1);
  TillLedger *ledger = till_ledger_open (phase->path, clock, &error);
  bench_must (ledger != NULL, error);
  TillProvider *provider = till_provider_new (TRUE, NULL, NULL);
  TillSpeech speech = till_sandbox_setup_speech (phase->setup, provider, clock);
  take_steps (ledger, till_speech_transport (&speech), phase->accounts, phase->n);
  till_provider_free (provider);
  till_ledger_free (ledger);
  till_clock_free (clock);
  return 0;
}

static double
run (double (*deed) (const Phase *phase), const Phase *phase)
{
  int ends[2];
  double result = 0;
  g_assert (pipe (ends) == 0);
  pid_t child = fork ();
  g_assert (child >= 0);
  if (child == 0)
    {
      double made = deed (phase);
      _exit (write (ends[1], &made, sizeof made) == sizeof made ? 0 : 1);
    }
  close (ends[1]);
  if (read (ends[0], &result, sizeof result) != sizeof result)
    g_error ("a phase ended without a result");
  close (ends[0]);
  while (waitpid (child, NULL, 0) < 0 && errno == EINTR)
    continue;
  return result;
}

int
main (int argc, char **argv)
{
  int waiting = bench_number (argc, argv, 2, 10000), steps = bench_number (argc, argv, 3, 200);
  test_folder_in_memory ();
  g_autofree char *dir = g_dir_make_tmp ("till-waiting-XXXXXX", NULL);
  g_autofree char *sandbox = g_build_filename (dir, "sandbox", NULL);
  g_autofree char *folder = g_build_filename (sandbox, "account", NULL);
  g_autofree char *path = g_build_filename (dir, "waiting.books", NULL);
  GError *error = NULL;
  bench_must (till_sandbox_setup_make (sandbox, 1, &error), error);
  g_autoptr (TillSandboxSetup) setup = till_sandbox_setup_load (sandbox, &error);
  bench_must (setup != NULL, error);
  g_autoptr (TillAccount) account = till_account_load (folder, &error);
  bench_must (account != NULL, error);
  g_autoptr (GHashTable) accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (accounts, account->provider, account);

  int64_t noon = g_get_real_time () / TILL_DAY * TILL_DAY + 4 * TILL_HOUR;
  run (fill, &(Phase){ path, setup, accounts, noon, waiting });
  double many = run (look_at, &(Phase){ path, setup, accounts, noon + TILL_DAY, steps });
  run (finish, &(Phase){ path, setup, accounts, noon + 2 * TILL_DAY, waiting });
  run (fill, &(Phase){ path, setup, accounts, noon + 3 * TILL_DAY, steps });
  double none = run (look_at, &(Phase){ path, setup, accounts, noon + 4 * TILL_DAY, steps });
  bench_say ("waiting", many, none);
  test_folder_remove (dir);
  return 0;
}
