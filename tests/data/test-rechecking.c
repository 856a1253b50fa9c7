/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds that were done and are taken back: asked about again at the times that the provider's
 * profile states; and those that are not done and will be closed. The provider is a script, one
 * answer a line; the clock stands still until it is moved. */
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/reporting.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

static const int ladder[] = { 10 };
static const int recheck_s[] = { 24 * 3600, 3 * 24 * 3600 };
static const TillProfile fickle = {
  .name = "sandbox",
  .words = "Sandbox",
  .repeats_safely = TRUE,
  .not_found_times = 2,
  .window_days = 365,
  .closes_after_s = 7 * 24 * 3600,
  .ladder_s = ladder,
  .n_ladder = 1,
  .recheck_s = recheck_s,
  .n_recheck = G_N_ELEMENTS (recheck_s),
};

static const TillProfile *
fickle_of (const char *name, gpointer user)
{
  return &fickle;
}

static TillTicket *
due (Shop *shop, int64_t *next_at)
{
  g_autoptr (GError) error = NULL;
  TillTicket *ticket = NULL;
  g_assert_true (till_sending_next (shop->ledger, fickle_of, NULL, &ticket, next_at, &error));
  g_assert_no_error (error);
  return ticket;
}

static void
answer (Shop *shop, TillErrandKind asked, TillOutcomeKind kind, TillFailureClass failure)
{
  int64_t next_at;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillTicket) ticket = due (shop, &next_at);
  g_assert_nonnull (ticket);
  g_assert_cmpstr (till_errand_kind_word (ticket->errand->kind), ==, till_errand_kind_word (asked));
  g_autoptr (TillOutcome) outcome = till_outcome_new (kind, failure, NULL);
  outcome->amount = ticket->errand->amount;
  outcome->provider_no = g_strdup ("P-1");
  g_assert_true (till_sending_record (shop->ledger, ticket, outcome, &fickle, &error));
  g_assert_no_error (error);
}

static void
answer_again (Shop *shop, TillOutcomeKind kind, TillFailureClass failure)
{
  answer (shop, TILL_ERRAND_QUERY_REFUND, kind, failure);
}

/* Nothing is due for exactly so long. */
static void
assert_quiet_for (Shop *shop, int64_t wait)
{
  int64_t next_at;
  g_assert_null (due (shop, &next_at));
  g_assert_cmpint (next_at, ==, wait ? till_clock_now (shop->clock) + wait : 0);
}

/* All of the sale comes back; gives the id of its refund. */
static int64_t
bring_back (Shop *shop, const TillSale *sale)
{
  TillAnswer said;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  g_autoptr (TillReturn) goods = NULL;
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &said, NULL));
  g_assert_cmpstr (till_answer_word (said.code), ==, "yes");
  return ((const TillRefund *)g_ptr_array_index (goods->refunds, 0))->id;
}

/* A bag of rice for 31.50 that was paid by code, and the refund of it, which is done. */
static int64_t
pay_back (Shop *shop)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  answer (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  int64_t id = bring_back (shop, sale);
  answer (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  return id;
}

static TillRefund *
load (Shop *shop, int64_t id)
{
  TillRefund *refund = NULL;
  TillAnswer yes;
  g_assert_true (till_refunding_load_id (shop->ledger, id, &refund, &yes, NULL));
  return refund;
}

static void
assert_state (Shop *shop, int64_t id, TillRefundState state)
{
  g_autoptr (TillRefund) refund = load (shop, id);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, till_refund_state_word (state));
}

static void
assert_money (Shop *shop, TillMoney owed, TillMoney receivable)
{
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, -owed);
  g_assert_cmpint (shop_balance (shop, "receivable:sandbox"), ==, receivable);
}

static void
assert_report (Shop *shop, int came_back, int in_doubt)
{
  g_autoptr (TillReport) report = NULL;
  TillAnswer yes;
  g_assert_true (till_reporting_returns (shop->ledger, shop->manager, 20261122, 20261122,
                                         TILL_BY_REASON, &report, &yes, NULL));
  g_assert_cmpint (report->came_back, ==, came_back);
  g_assert_cmpint (report->in_doubt, ==, in_doubt);
}

/* How many steps of its history carry that event. */
static guint
steps_of (Shop *shop, int64_t id, const char *event)
{
  g_autoptr (GPtrArray) steps = till_refunding_history (shop->ledger, id, NULL);
  guint n = 0;
  for (guint i = 0; i < steps->len; i++)
    n += g_str_equal (((const TillRefundStep *)g_ptr_array_index (steps, i))->event, event);
  return n;
}

static guint
slips (Shop *shop, int64_t id)
{
  g_autoptr (GPtrArray) jobs = till_printing_unprinted (shop->ledger, 100, NULL);
  guint n = 0;
  for (guint i = 0; i < jobs->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (jobs, i);
      n += job->kind == TILL_PAPER_REFUND && job->subject_id == id;
    }
  return n;
}

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 5);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

/* --- the stories --- */

static void
test_asked_at_its_times (Shop *shop, gconstpointer data)
{
  int64_t id = pay_back (shop);
  assert_quiet_for (shop, TILL_DAY);
  till_clock_advance (shop->clock, TILL_DAY);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_quiet_for (shop, 2 * TILL_DAY);
  till_clock_advance (shop->clock, 2 * TILL_DAY);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_quiet_for (shop, 0);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
  assert_money (shop, 0, 0);
  g_assert_cmpuint (steps_of (shop, id, "done"), ==, 3);
}

/* The till was off for a month: one question is enough. */
static void
test_asked_once_after_a_month (Shop *shop, gconstpointer data)
{
  pay_back (shop);
  till_clock_advance (shop->clock, 30 * TILL_DAY);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_quiet_for (shop, 0);
}

static void
come_back (Shop *shop, int64_t id, TillFailureClass failure)
{
  till_clock_advance (shop->clock, TILL_DAY);
  guint before = slips (shop, id);
  answer_again (shop, TILL_OUTCOME_REFUSED, failure);
  assert_state (shop, id, TILL_REFUND_BOUNCED);
  assert_money (shop, 3150, 3150);
  assert_quiet_for (shop, 0);
  g_assert_cmpuint (steps_of (shop, id, "bounced"), ==, 1);
  g_assert_cmpuint (slips (shop, id), ==, before + 1);
  assert_report (shop, 1, 0);
}

/* It stays in sight, however old, until it is paid another way; and that once. */
static void
test_comes_back (Shop *shop, gconstpointer failure)
{
  TillAnswer said;
  int64_t id = pay_back (shop);
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 2000);
  g_autoptr (TillSale) cash = shop_pay (shop, basket, NULL);
  come_back (shop, id, (TillFailureClass)GPOINTER_TO_INT (failure));
  till_clock_advance (shop->clock, 90 * TILL_DAY);
  g_autoptr (GPtrArray) list = till_refunding_list (shop->ledger, TILL_REFUNDS_REFUSED, 100, NULL);
  g_assert_cmpuint (list->len, ==, 1);

  g_autoptr (TillRefund) fresh = NULL, second = NULL;
  g_assert_true (till_refunding_pay_cash (shop->ledger, shop->supervisor, id, "3", "3333", &fresh,
                                          &said, NULL));
  g_assert_cmpstr (till_answer_word (said.code), ==, "yes");
  g_assert_true (till_refunding_pay_cash (shop->ledger, shop->supervisor, id, "3", "3333", &second,
                                          &said, NULL));
  g_assert_cmpint (said.code, ==, TILL_NO_STATE);
  assert_money (shop, 0, 3150);
  assert_report (shop, 0, 0);
  g_autoptr (GPtrArray) after = till_refunding_list (shop->ledger, TILL_REFUNDS_REFUSED, 100, NULL);
  g_assert_cmpuint (after->len, ==, 0);
}

/* Old news and questions that were not taken say nothing. */
static void
test_says_nothing (Shop *shop, gconstpointer data)
{
  static const struct
  {
    TillOutcomeKind kind;
    TillFailureClass failure;
  } nothing[] = { { TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE },
                  { TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME },
                  { TILL_OUTCOME_NOT_SENT, TILL_CLASS_RETRY },
                  { TILL_OUTCOME_REFUSED, TILL_CLASS_RETRY } };
  int64_t id = pay_back (shop);
  till_clock_advance (shop->clock, TILL_DAY);
  for (gsize i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      answer_again (shop, nothing[i].kind, nothing[i].failure);
      assert_state (shop, id, TILL_REFUND_SUCCEEDED);
      assert_quiet_for (shop, TILL_HOUR);
      till_clock_advance (shop->clock, TILL_HOUR);
    }
  assert_money (shop, 0, 0);
  assert_report (shop, 0, 0);
}

/* What is not a dead end may still reach somebody: it stays done, and people are told. */
static void
test_contradicts (Shop *shop, gconstpointer data)
{
  static const struct
  {
    TillOutcomeKind kind;
    TillFailureClass failure;
    const char *step;
  } doubts[] = { { TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, "anomaly: refused_provider" },
                 { TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME, "anomaly: mismatch" },
                 { TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, "anomaly: not_found" },
                 { TILL_OUTCOME_REFUSED, TILL_CLASS_BALANCE, "anomaly: refused_balance" } };
  int64_t id = pay_back (shop);
  for (gsize i = 0; i < G_N_ELEMENTS (doubts); i++)
    {
      TillAnswer said;
      g_assert_true (till_refunding_ask_now (shop->ledger, shop->cashier, id, &said, NULL));
      g_assert_cmpint (said.code, ==, TILL_YES);
      answer_again (shop, doubts[i].kind, doubts[i].failure);
      g_assert_cmpuint (steps_of (shop, id, doubts[i].step), ==, 1);
      assert_state (shop, id, TILL_REFUND_SUCCEEDED);
      assert_money (shop, 0, 0);
      assert_report (shop, 0, 1);
    }
  /* Asking by hand took none of its times away; and the provider puts it right. */
  assert_quiet_for (shop, TILL_DAY);
  till_clock_advance (shop->clock, TILL_DAY);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_report (shop, 0, 0);
}

/* Behind its last time nothing would be asked any more: what was said wrongly just then is asked
 * about for a day, and said once. */
static void
test_contradicts_at_last (Shop *shop, gconstpointer data)
{
  gboolean back = GPOINTER_TO_INT (data);
  int64_t id = pay_back (shop);
  till_clock_advance (shop->clock, 4 * TILL_DAY);
  for (int i = 0; i < 3; i++)
    {
      answer_again (shop, TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME);
      assert_state (shop, id, TILL_REFUND_SUCCEEDED);
      assert_report (shop, 0, 1);
      assert_quiet_for (shop, TILL_HOUR);
      till_clock_advance (shop->clock, TILL_HOUR);
    }
  g_assert_cmpuint (steps_of (shop, id, "anomaly: mismatch"), ==, 1);
  answer_again (shop, back ? TILL_OUTCOME_REFUSED : TILL_OUTCOME_DONE,
                back ? TILL_CLASS_CUSTOMER : TILL_CLASS_NONE);
  assert_state (shop, id, back ? TILL_REFUND_BOUNCED : TILL_REFUND_SUCCEEDED);
  assert_quiet_for (shop, 0);
}

/* It contradicts for ever: then it ends, and stays in doubt. */
static void
test_contradicts_for_ever (Shop *shop, gconstpointer data)
{
  int64_t id = pay_back (shop), next_at;
  int questions = 0;
  for (;;)
    {
      g_autoptr (TillTicket) ticket = due (shop, &next_at);
      if (!ticket && next_at == 0)
        break;
      g_assert_cmpint (++questions, <, 200);
      if (ticket)
        answer_again (shop, TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE);
      else
        till_clock_advance (shop->clock, next_at - till_clock_now (shop->clock));
    }
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
  assert_report (shop, 0, 1);
}

/* A day without an answer, at every one of its times: then it ends, and is not forgotten. */
static void
test_nobody_answers (Shop *shop, gconstpointer data)
{
  int64_t id = pay_back (shop), next_at;
  int questions = 0;
  for (;;)
    {
      g_autoptr (TillTicket) ticket = due (shop, &next_at);
      if (!ticket && next_at == 0)
        break;
      g_assert_cmpint (++questions, <, 200);
      if (ticket)
        answer_again (shop, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME);
      else
        till_clock_advance (shop->clock, next_at - till_clock_now (shop->clock));
    }
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpuint (steps_of (shop, id, "anomaly: silence"), ==, 1);
  assert_report (shop, 0, 1);
}

/* Somebody is standing there; a question about what is over waits. */
static void
test_waits_behind_what_is_open (Shop *shop, gconstpointer data)
{
  pay_back (shop);
  till_clock_advance (shop->clock, TILL_DAY);
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  answer (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
}

/* Cash has nobody to ask. */
static void
test_cash_is_not_asked_about (Shop *shop, gconstpointer data)
{
  TillAnswer said;
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  int64_t id = bring_back (shop, sale);
  g_assert_true (till_refunding_ask_now (shop->ledger, shop->cashier, id, &said, NULL));
  g_assert_cmpint (said.code, ==, TILL_NO_STATE);
  assert_quiet_for (shop, 0);
}

static void
assert_closing (Shop *shop, int n, TillMoney amount, int64_t at)
{
  g_autoptr (TillReport) report = NULL;
  TillAnswer yes;
  g_assert_true (till_reporting_returns (shop->ledger, shop->manager, 20261122, 20261122,
                                         TILL_BY_REASON, &report, &yes, NULL));
  g_assert_true (till_reporting_closing (shop->ledger, fickle_of, NULL, report, NULL));
  g_assert_cmpint (report->closing, ==, n);
  g_assert_cmpint (report->closing_amount, ==, amount);
  g_assert_cmpint (report->closing_at, ==, at);
}

/* A refund that was taken in and goes on for days, and one for which the balance is too low, are in
 * the report, until they are over. */
static void
test_is_closed_soon (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  answer (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  int64_t first_at = till_clock_now (shop->clock);
  bring_back (shop, sale);
  assert_closing (shop, 0, 0, 0);
  answer (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE);
  assert_closing (shop, 0, 0, 0);
  till_clock_advance (shop->clock, 4 * TILL_DAY - TILL_SECOND);
  assert_closing (shop, 0, 0, 0);
  till_clock_advance (shop->clock, TILL_SECOND);
  assert_closing (shop, 1, 3150, first_at + 7 * TILL_DAY);
  answer_again (shop, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_closing (shop, 0, 0, 0);

  g_autoptr (TillBasket) other = shop_basket (shop);
  shop_scan (shop, other, "6901234567908", 1000);
  g_autoptr (TillSale) later = shop_pay (shop, other, "281234567890123456");
  answer (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  int64_t second_at = till_clock_now (shop->clock);
  bring_back (shop, later);
  answer (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_BALANCE);
  assert_closing (shop, 1, 3150, second_at + 7 * TILL_DAY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, test) g_test_add ("/rechecking/" path, Shop, data, set_up, test, tear_down)
  ADD ("asked-at-its-times", NULL, test_asked_at_its_times);
  ADD ("asked-once-after-a-month", NULL, test_asked_once_after_a_month);
  ADD ("bank-sends-it-back", GINT_TO_POINTER (TILL_CLASS_FINAL), test_comes_back);
  ADD ("account-is-gone", GINT_TO_POINTER (TILL_CLASS_CUSTOMER), test_comes_back);
  ADD ("says-nothing", NULL, test_says_nothing);
  ADD ("contradicts", NULL, test_contradicts);
  ADD ("contradicts-at-last/done", GINT_TO_POINTER (FALSE), test_contradicts_at_last);
  ADD ("contradicts-at-last/back", GINT_TO_POINTER (TRUE), test_contradicts_at_last);
  ADD ("contradicts-for-ever", NULL, test_contradicts_for_ever);
  ADD ("nobody-answers", NULL, test_nobody_answers);
  ADD ("waits-behind-what-is-open", NULL, test_waits_behind_what_is_open);
  ADD ("cash-is-not-asked-about", NULL, test_cash_is_not_asked_about);
  ADD ("is-closed-soon", NULL, test_is_closed_soon);
  return g_test_run ();
}
