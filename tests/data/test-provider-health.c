/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a provider has been answering, against days that were written by hand: the provider is a
 * script, one answer a line, and the clock is moved between the promise and the answer. */
#include "data/desk/provider-health.h"
#include "tests/data/shop-fixture.h"

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

static GPtrArray *
healths (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *all = NULL;
  TillAnswer answer;
  gboolean ran = till_reporting_providers (shop->ledger, shop->supervisor, &all, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return all;
}

/* Carries what is due: so long after the promise it is answered so. */
static void
carry (Shop *shop, int64_t took_ms, TillOutcomeKind kind, TillFailureClass failure,
       const char *words)
{
  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_assert_nonnull (ticket);
  till_clock_advance (shop->clock, took_ms * 1000);
  shop_answer (shop, ticket, kind, failure, words);
}

/* A sale of one bag of rice by code, asked for and answered so. */
static int64_t
sell (Shop *shop, int64_t took_ms, TillOutcomeKind kind, TillFailureClass failure,
      const char *words)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  carry (shop, took_ms, kind, failure, words);
  /* What was declined stays with its customer, who goes. */
  if (kind == TILL_OUTCOME_REFUSED)
    {
      g_autoptr (TillBasket) left = NULL;
      TillAnswer answer;
      g_assert_true (
          till_selling_abandon (shop->ledger, shop->cashier, sale->id, &left, &answer, NULL));
    }
  return sale->id;
}

static void
bring_back (Shop *shop, int64_t sale_id)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale_id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_autoptr (TillReturn) goods = NULL;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
}

static void
test_no_right (Shop *shop, gconstpointer data)
{
  GPtrArray *all = NULL;
  TillAnswer answer;
  g_assert_true (till_reporting_providers (shop->ledger, shop->cashier, &all, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_null (all);
}

/* Cash has no provider, and nobody was asked. */
static void
test_nothing (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  bring_back (shop, sale->id);
  g_autoptr (GPtrArray) all = healths (shop);
  g_assert_cmpuint (all->len, ==, 0);
}

static void
test_figures (Shop *shop, gconstpointer data)
{
  /* 100, 300, 200 and 9000 ms; two refused for one thing, one for another. */
  int64_t first = sell (shop, 100, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  sell (shop, 300, TILL_OUTCOME_REFUSED, TILL_CLASS_CUSTOMER, "余额不足");
  sell (shop, 200, TILL_OUTCOME_REFUSED, TILL_CLASS_CUSTOMER, "余额不足");
  sell (shop, 9000, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "closed (for good)");
  int64_t last_done = till_clock_now (shop->clock);
  sell (shop, 0, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  bring_back (shop, first);
  carry (shop, 20000, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);

  g_autoptr (GPtrArray) all = healths (shop);
  g_assert_cmpuint (all->len, ==, 1);
  const TillHealth *one = g_ptr_array_index (all, 0);
  g_assert_cmpstr (one->provider, ==, "sandbox");
  g_assert_cmpint (one->last_done_at, ==, last_done);
  g_assert_cmpint (one->day.n, ==, 6);
  g_assert_cmpint (one->day.silent, ==, 1);
  /* 0, 100, 200, 300, 9000; a silence has no time of its own. */
  g_assert_cmpint (one->day.median, ==, 200 * 1000);
  g_assert_cmpint (one->day.worst, ==, 9000 * 1000);
  g_assert_cmpstr (one->day.refused, ==, "K “余额不足”");
  g_assert_cmpint (one->day.refused_n, ==, 2);
  g_assert_cmpint (one->open, ==, 1);
  g_assert_cmpint (one->open_amount, ==, 3150);
  g_assert_cmpstr (till_health_word (one->state), ==, "unsteady");
  g_assert_cmpint (one->last.n, ==, 6);
}

/* Silence upon silence; then one answer; then a day without any. */
static void
test_states (Shop *shop, gconstpointer data)
{
  for (int i = 0; i < 12; i++)
    sell (shop, 10, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (GPtrArray) well = healths (shop);
  const TillHealth *one = g_ptr_array_index (well, 0);
  g_assert_cmpstr (till_health_word (one->state), ==, "working");

  int64_t sale = sell (shop, 10, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  bring_back (shop, sale);
  carry (shop, 10, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  /* One of 14 is less than a tenth. */
  g_autoptr (GPtrArray) still = healths (shop);
  one = g_ptr_array_index (still, 0);
  g_assert_cmpstr (till_health_word (one->state), ==, "working");
  for (int i = 0; i < 2; i++)
    {
      till_clock_advance (shop->clock, TILL_MINUTE);
      /* A question has no promise: it is counted and not timed. */
      carry (shop, 50000, TILL_OUTCOME_NOT_SENT, TILL_CLASS_RETRY, NULL);
    }
  g_autoptr (GPtrArray) silent = healths (shop);
  one = g_ptr_array_index (silent, 0);
  g_assert_cmpint (one->day.silent, ==, 3);
  /* Three calls about one refund, and no payment; it goes on until now. */
  g_assert_cmpint (one->silences[0].calls, ==, 3);
  g_assert_cmpint (one->silences[0].payments, ==, 0);
  g_assert_cmpint (one->silences[0].refunds, ==, 1);
  g_assert_cmpint (one->silences[0].to, ==, till_clock_now (shop->clock));
  g_assert_cmpint (one->silences[0].to - one->silences[0].from, >=, 2 * TILL_MINUTE);
  g_assert_cmpint (one->day.worst, ==, 10 * 1000);
  g_assert_cmpstr (till_health_word (one->state), ==, "silent");

  till_clock_advance (shop->clock, TILL_MINUTE);
  carry (shop, 10, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (GPtrArray) back = healths (shop);
  one = g_ptr_array_index (back, 0);
  g_assert_cmpint (one->open, ==, 0);
  g_assert_cmpint (one->silences[0].calls, ==, 3);
  /* A payment that hears nothing is a silence of its own: an answer came between. */
  sell (shop, 20000, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  g_autoptr (GPtrArray) paying = healths (shop);
  const TillHealthSilence *silence = &((TillHealth *)g_ptr_array_index (paying, 0))->silences[0];
  g_autofree char *sentence = till_health_silence_sentence (silence, "14:02", "14:09");
  g_assert_cmpint (silence->calls, ==, 1);
  g_assert_cmpint (silence->payments, ==, 1);
  g_assert_cmpint (silence->refunds, ==, 0);
  g_assert_nonnull (strstr (sentence, "14:02 to 14:09"));
  /* The one before is still told, with what it was about, and the last answer is no silence. */
  one = g_ptr_array_index (paying, 0);
  g_assert_cmpint (one->n_silences, ==, 2);
  g_assert_cmpint (one->silences[1].calls, ==, 3);
  g_assert_cmpint (one->silences[1].payments, ==, 0);
  g_assert_cmpint (one->silences[1].refunds, ==, 1);
  g_assert_cmpint (one->silences[1].to, <, silence->from);
  g_assert_cmpint (one->last_answer_at, >, one->silences[1].to);
  g_assert_cmpint (one->last_answer_at, <, silence->from);
  till_clock_advance (shop->clock, TILL_MINUTE);
  carry (shop, 10, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  one = g_ptr_array_index (paying, 0);
  g_assert_cmpstr (till_health_word (one->state), ==, "unsteady"); /* four of eighteen */

  till_clock_advance (shop->clock, TILL_DAY + TILL_SECOND);
  g_autoptr (GPtrArray) quiet = healths (shop);
  one = g_ptr_array_index (quiet, 0);
  g_assert_cmpstr (till_health_word (one->state), ==, "quiet");
  g_assert_cmpint (one->day.n, ==, 0);
  g_assert_cmpint (one->silences[0].calls, ==, 0);
  g_assert_cmpint (one->last.n, ==, 19);
  g_assert_cmpint (one->last.silent, ==, 4);
}

/* Of seven silences in a day all are counted, and the latest five told. */
static void
test_many_silences (Shop *shop, gconstpointer data)
{
  for (int i = 0; i < TILL_HEALTH_SILENCES + 2; i++)
    {
      till_clock_advance (shop->clock, TILL_MINUTE);
      sell (shop, 20000, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
      till_clock_advance (shop->clock, TILL_MINUTE);
      carry (shop, 10, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
    }
  g_autoptr (GPtrArray) all = healths (shop);
  const TillHealth *one = g_ptr_array_index (all, 0);
  g_assert_cmpint (one->n_silences, ==, TILL_HEALTH_SILENCES + 2);
  for (int i = 0; i < TILL_HEALTH_SILENCES; i++)
    {
      g_assert_cmpint (one->silences[i].calls, ==, 1);
      g_assert_cmpint (one->silences[i].payments, ==, 1);
      g_assert_true (i == 0 || one->silences[i].to < one->silences[i - 1].from);
    }
}

/* Of a hundred and twenty the last hundred. */
static void
test_last_hundred (Shop *shop, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    sell (shop, 60000, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "early");
  for (int i = 0; i < 100; i++)
    sell (shop, i, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (GPtrArray) all = healths (shop);
  const TillHealth *one = g_ptr_array_index (all, 0);
  g_assert_cmpint (one->day.n, ==, 120);
  g_assert_cmpint (one->day.refused_n, ==, 20);
  g_assert_cmpint (one->last.n, ==, TILL_HEALTH_LAST);
  g_assert_cmpint (one->last.worst, ==, 99 * 1000);
  g_assert_cmpint (one->last.median, ==, 49 * 1000);
  g_assert_null (one->last.refused);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/provider-health/" name, Shop, NULL, set_up, test, tear_down)
  ADD ("no-right", test_no_right);
  ADD ("nothing", test_nothing);
  ADD ("figures", test_figures);
  ADD ("states", test_states);
  ADD ("many-silences", test_many_silences);
  ADD ("last-hundred", test_last_hundred);
  return g_test_run ();
}
