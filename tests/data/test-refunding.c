/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds under way as people see them: what they may do to each, and what is said of it. The
 * provider is a script, one answer a line. */
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
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

/* One bag of rice for 31.50, paid by code, brought back; gives the id of its refund, QUEUED. */
static int64_t
bring_back (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_autoptr (TillReturn) goods = NULL;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  const TillRefund *refund = g_ptr_array_index (goods->refunds, 0);
  g_assert_cmpint (refund->amount, ==, 3150);
  return refund->id;
}

static TillRefund *
load (Shop *shop, int64_t id)
{
  TillRefund *refund = NULL;
  TillAnswer answer;
  g_assert_true (till_refunding_load_id (shop->ledger, id, &refund, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return refund;
}

static void
assert_state (Shop *shop, int64_t id, TillRefundState state)
{
  g_autoptr (TillRefund) refund = load (shop, id);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, till_refund_state_word (state));
}

static void
assert_counts (Shop *shop, int open, int unconfirmed, int refused, int today)
{
  int counts[4];
  const int wanted[4] = { open, unconfirmed, refused, today };
  g_assert_true (till_refunding_counts (shop->ledger, counts, NULL));
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (counts[i], ==, wanted[i]);
      g_autoptr (GPtrArray) list
          = till_refunding_list (shop->ledger, (TillRefundFilter)i, 100, NULL);
      g_assert_cmpuint (list->len, ==, (guint)wanted[i]);
    }
}

typedef gboolean (*Deed) (TillLedger *, int64_t, int64_t, const char *, TillAnswer *, GError **);

static TillAnswerCode
act (Shop *shop, Deed deed, int64_t staff_id, int64_t id, const char *words)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran = deed (shop->ledger, staff_id, id, words, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return answer.code;
}

static TillAnswerCode
ask_now (Shop *shop, int64_t staff_id, int64_t id)
{
  TillAnswer answer;
  g_assert_true (till_refunding_ask_now (shop->ledger, staff_id, id, &answer, NULL));
  return answer.code;
}

static TillAnswerCode
pay_cash (Shop *shop, int64_t staff_id, int64_t id, const char *no, const char *pin,
          TillRefund **fresh)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran
      = till_refunding_pay_cash (shop->ledger, staff_id, id, no, pin, fresh, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  g_assert_true ((answer.code == TILL_YES) == (*fresh != NULL));
  return answer.code;
}

static void
test_lists_and_counts (Shop *shop, gconstpointer data)
{
  assert_counts (shop, 0, 0, 0, 0);
  int64_t first = bring_back (shop);
  assert_counts (shop, 1, 0, 0, 1);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  assert_counts (shop, 1, 1, 0, 1);
  int64_t second = bring_back (shop);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_CUSTOMER, "closed");
  assert_counts (shop, 2, 1, 1, 2);
  g_autoptr (GPtrArray) list = till_refunding_list (shop->ledger, TILL_REFUNDS_TODAY, 100, NULL);
  g_assert_cmpint (((TillRefund *)list->pdata[0])->id, ==, second);
  g_assert_cmpint (((TillRefund *)list->pdata[1])->id, ==, first);
  g_autoptr (GPtrArray) newest = till_refunding_list (shop->ledger, TILL_REFUNDS_TODAY, 0, NULL);
  g_assert_cmpuint (newest->len, ==, 1);

  till_clock_advance (shop->clock, 2 * TILL_DAY);
  bring_back (shop);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "no");
  assert_counts (shop, 1, 0, 2, 1);
  assert_state (shop, first, TILL_REFUND_SUCCEEDED);
  till_clock_advance (shop->clock, 29 * TILL_DAY);
  assert_counts (shop, 1, 0, 2, 0);
  till_clock_advance (shop->clock,
                      2 * TILL_DAY); /* a final no ages, what waits for people does not */
  assert_counts (shop, 1, 0, 1, 0);
}

/* Hurried while the till's clock is a month ahead: when it is put right, nobody waits that month.
 */
static void
test_ask_now_by_a_wrong_clock (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  till_clock_advance (shop->clock, 30 * TILL_DAY);
  g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_YES);
  till_clock_advance (shop->clock, -30 * TILL_DAY);
  till_clock_advance (shop->clock, TILL_MINUTE);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
}

/* Taken in and never heard of again, or never heard of at all: after so many questions it is a
 * person's case, is asked about all the same, and what the provider says at last counts. */
static void
stay_unanswered (Shop *shop, TillOutcomeKind first, TillRefundState before)
{
  int64_t id = bring_back (shop);
  shop_carry (shop, TILL_ERRAND_REFUND, first,
              first == TILL_OUTCOME_UNKNOWN ? TILL_CLASS_UNKNOWN_OUTCOME : TILL_CLASS_NONE, NULL);
  for (int i = 0; i < 40; i++)
    {
      assert_state (shop, id, before);
      till_clock_advance (shop->clock, TILL_HOUR);
      shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME,
                  NULL);
    }
  till_clock_advance (shop->clock, TILL_HOUR);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME,
              NULL);
  assert_state (shop, id, TILL_REFUND_PROVIDER);
  till_clock_advance (shop->clock, 2 * TILL_HOUR);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
}

static void
test_nobody_answers (Shop *shop, gconstpointer data)
{
  stay_unanswered (shop, TILL_OUTCOME_UNKNOWN, TILL_REFUND_UNKNOWN);
}

static void
test_accepted_and_forgotten (Shop *shop, gconstpointer data)
{
  stay_unanswered (shop, TILL_OUTCOME_ACCEPTED, TILL_REFUND_ACCEPTED);
}

static void
test_by_any_number (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  g_autoptr (TillRefund) refund = load (shop, id), by_no = NULL, by_request = NULL, none = NULL;
  TillAnswer answer;
  g_assert_true (till_refunding_load (shop->ledger, refund->no, &by_no, &answer, NULL));
  g_assert_cmpint (by_no->id, ==, id);
  g_assert_true (
      till_refunding_load (shop->ledger, refund->request_no, &by_request, &answer, NULL));
  g_assert_cmpint (by_request->id, ==, id);
  g_assert_true (till_refunding_load (shop->ledger, "77", &none, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_SALE);
  g_assert_cmpstr (answer.ref, ==, "77");
  g_assert_true (till_refunding_load_id (shop->ledger, 999, &none, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_SALE);
  g_assert_null (none);
}

static void
test_ask_now (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_NO_STATE); /* on its way */
  shop_answer (shop, ticket, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  g_assert_null (shop_due (shop));
  g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_YES);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
  /* That it is done can be asked about as well; still done, nothing changes. */
  g_assert_null (shop_due (shop));
  g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_YES);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_null (shop_due (shop));
  g_assert_cmpint (ask_now (shop, shop->cashier, 999), ==, TILL_NO_SALE);
  g_assert_cmpint (shop_balance (shop, "receivable:sandbox"), ==, 0);
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, 0);
}

static void
test_cancel (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  g_assert_cmpint (act (shop, till_refunding_cancel, shop->cashier, id, "x"), ==, TILL_NO_RIGHT);
  g_assert_cmpint (act (shop, till_refunding_cancel, shop->supervisor, 999, "x"), ==, TILL_NO_SALE);
  g_assert_cmpint (act (shop, till_refunding_correct, shop->supervisor, id, "x"), ==,
                   TILL_NO_STATE);
  g_assert_cmpint (
      act (shop, till_refunding_cancel, shop->supervisor, id, "keeps it\n4111 1111 1111 1111"), ==,
      TILL_YES);
  assert_state (shop, id, TILL_REFUND_CANCELLED);
  g_assert_null (shop_due (shop));
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, -3150); /* still owed */
  g_assert_cmpint (act (shop, till_refunding_cancel, shop->supervisor, id, "x"), ==, TILL_NO_STATE);

  g_autoptr (GPtrArray) steps = till_refunding_history (shop->ledger, id, NULL);
  const TillRefundStep *last = steps->pdata[steps->len - 1];
  g_assert_cmpstr (last->event, ==, "cancel");
  g_assert_cmpstr (last->staff_name, ==, "Wang Wei");
  g_assert_cmpstr (last->evidence, ==, "keeps it …1111");
  g_assert_cmpint (last->from, ==, TILL_REFUND_QUEUED);
  g_assert_cmpint (last->to, ==, TILL_REFUND_CANCELLED);
}

/* Sent once and surely not booked: it waits in QUEUED, yet only the provider can end it. */
static void
test_what_was_sent_is_not_cancelled (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_BALANCE, "no funds");
  assert_state (shop, id, TILL_REFUND_QUEUED);
  g_assert_cmpint (act (shop, till_refunding_cancel, shop->manager, id, "x"), ==, TILL_NO_STATE);
  assert_state (shop, id, TILL_REFUND_QUEUED);
  g_assert_null (shop_due (shop));
  till_clock_advance (shop->clock, 61 * TILL_MINUTE);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
}

static void
test_corrected_and_sent_again (Shop *shop, gconstpointer data)
{
  int64_t id = bring_back (shop);
  g_autoptr (TillRefund) before = load (shop, id);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FIX, "bad key");
  assert_state (shop, id, TILL_REFUND_FIX);
  g_assert_null (shop_due (shop));
  g_assert_cmpint (act (shop, till_refunding_correct, shop->supervisor, id, "key mended"), ==,
                   TILL_YES);
  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_assert_cmpint (ticket->errand->kind, ==, TILL_ERRAND_REFUND);
  g_assert_cmpstr (ticket->errand->request_no, ==, before->request_no);
  g_assert_cmpint (ticket->errand->amount, ==, 3150);
  g_assert_cmpint (ticket->errand->original_amount, ==, 3150);
  shop_answer (shop, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_SUCCEEDED);
}

static void
test_paid_in_cash_instead (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) change = shop_basket (shop);
  shop_scan (shop, change, "6901234567892", 5000);
  g_autoptr (TillSale) float_sale = shop_pay (shop, change, NULL); /* 17.50 in the drawer */
  int64_t id = bring_back (shop);
  g_autoptr (TillRefund) fresh = NULL;
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &fresh), ==, TILL_NO_STATE);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "account gone");
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "0000", &fresh), ==, TILL_NO_PIN);
  g_assert_cmpint (pay_cash (shop, shop->cashier, id, "3", "3333", &fresh), ==, TILL_NO_RIGHT);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, 999, "3", "3333", &fresh), ==, TILL_NO_SALE);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &fresh), ==, TILL_NO_DRAWER);
  g_autoptr (TillBasket) more = shop_basket (shop);
  shop_scan (shop, more, "6901234567892", 5000);
  g_autoptr (TillSale) more_sale = shop_pay (shop, more, NULL);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "2", "2222", &fresh), ==,
                   TILL_NO_SAME_PERSON);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &fresh), ==, TILL_YES);
  g_assert_cmpint (fresh->amount, ==, 3150);
  g_assert_cmpint (fresh->tender, ==, TILL_TENDER_CASH);
  g_assert_cmpint (fresh->state, ==, TILL_REFUND_SUCCEEDED);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 350);
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, 0);
  assert_state (shop, id, TILL_REFUND_FAILED);

  /* Nobody is paid twice. */
  g_autoptr (TillBasket) again = shop_basket (shop);
  shop_scan (shop, again, "6901234567908", 1000);
  g_autoptr (TillSale) again_sale = shop_pay (shop, again, NULL);
  g_autoptr (TillRefund) twice = NULL;
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean ran = till_refunding_pay_cash (shop->ledger, shop->supervisor, id, "3", "3333", &twice,
                                          &answer, &error);
  g_assert_false (ran && answer.code == TILL_YES);
  g_assert_null (twice);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3500);
}

/* --- what is stuck comes back to the shop --- */

static const TillProfile recalls = { .name = "sandbox", .errands = TILL_CAN (RECALL) };

static TillAnswerCode
recall (Shop *shop, int64_t staff_id, int64_t id, const TillProfile *profile, const char *no,
        const char *pin)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran
      = till_refunding_recall (shop->ledger, staff_id, id, profile, no, pin, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return answer.code;
}

/* Taken in, and then it could not be brought to the customer. */
static int64_t
get_stuck (Shop *shop)
{
  int64_t id = bring_back (shop);
  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_autoptr (TillOutcome) outcome
      = till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, NULL);
  outcome->provider_no = g_strdup_printf ("P-%" G_GINT64_FORMAT, id);
  g_assert_true (till_sending_record (shop->ledger, ticket, outcome, &shop_profile, NULL));
  assert_state (shop, id, TILL_REFUND_PROVIDER);
  return id;
}

static void
test_recall (Shop *shop, gconstpointer data)
{
  g_autoptr (TillRefund) cash = NULL;
  int64_t due = bring_back (shop);
  g_assert_cmpint (recall (shop, shop->supervisor, due, &recalls, "3", "3333"), ==, TILL_NO_STATE);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  int64_t id = get_stuck (shop);
  TillMoney owed = shop_balance (shop, "refunds_due");
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &cash), ==, TILL_NO_STATE);
  g_assert_cmpint (recall (shop, shop->supervisor, id, NULL, "3", "3333"), ==, TILL_NO_STATE);
  static const TillProfile cannot = { .name = "sandbox" };
  g_assert_cmpint (recall (shop, shop->supervisor, id, &cannot, "3", "3333"), ==, TILL_NO_STATE);
  g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "3", "0000"), ==, TILL_NO_PIN);
  g_assert_cmpint (recall (shop, shop->cashier, id, &recalls, "3", "3333"), ==, TILL_NO_RIGHT);
  g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "2", "2222"), ==,
                   TILL_NO_SAME_PERSON);
  g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "3", "3333"), ==, TILL_YES);
  assert_state (shop, id, TILL_REFUND_RECALL_DUE);
  g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "3", "3333"), ==, TILL_NO_STATE);
  g_assert_cmpint (act (shop, till_refunding_cancel, shop->supervisor, id, "x"), ==, TILL_NO_STATE);

  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_autoptr (TillRefund) sent = load (shop, id);
  g_assert_cmpint (ticket->errand->kind, ==, TILL_ERRAND_RECALL);
  g_assert_cmpstr (ticket->errand->request_no, ==, sent->request_no);
  g_assert_cmpstr (ticket->errand->provider_no, ==, sent->provider_no);
  g_assert_cmpint (sent->state, ==, TILL_REFUND_RECALLING);
  g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_NO_STATE);
  shop_answer (shop, ticket, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE, NULL);
  assert_state (shop, id, TILL_REFUND_ACCEPTED);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &cash), ==, TILL_NO_STATE);
  till_clock_advance (shop->clock, TILL_HOUR);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "SUCCESS");
  assert_state (shop, id, TILL_REFUND_CLOSED);
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, owed); /* the customer has nothing yet */
  g_autoptr (TillBasket) change = shop_basket (shop);
  shop_scan (shop, change, "6901234567892", 9000);
  g_autoptr (TillSale) float_sale = shop_pay (shop, change, NULL);
  g_assert_cmpint (pay_cash (shop, shop->supervisor, id, "3", "3333", &cash), ==, TILL_YES);
}

/* Whatever is said of the recall but where the money is, the money is where it was stuck: it is
 * never sent anew and never given up. */
static void
test_recall_not_taken (Shop *shop, gconstpointer data)
{
  static const struct
  {
    TillOutcomeKind kind;
    TillFailureClass failure;
    TillRefundState state;
  } rows[] = {
    { TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, TILL_REFUND_PROVIDER },
    { TILL_OUTCOME_REFUSED, TILL_CLASS_FIX, TILL_REFUND_PROVIDER },
    { TILL_OUTCOME_REFUSED, TILL_CLASS_CUSTOMER, TILL_REFUND_PROVIDER },
    { TILL_OUTCOME_REFUSED, TILL_CLASS_BALANCE, TILL_REFUND_PROVIDER },
    { TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME, TILL_REFUND_PROVIDER },
    { TILL_OUTCOME_REFUSED, TILL_CLASS_RETRY, TILL_REFUND_RECALL_DUE },
    { TILL_OUTCOME_NOT_SENT, TILL_CLASS_LOCAL, TILL_REFUND_RECALL_DUE },
    { TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, TILL_REFUND_UNKNOWN },
    { TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, TILL_REFUND_UNKNOWN },
    { TILL_OUTCOME_DONE, TILL_CLASS_NONE, TILL_REFUND_SUCCEEDED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int64_t id = get_stuck (shop);
      g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "3", "3333"), ==, TILL_YES);
      g_autoptr (TillTicket) ticket = shop_due (shop);
      g_assert_cmpint (ticket->errand->kind, ==, TILL_ERRAND_RECALL);
      shop_answer (shop, ticket, rows[i].kind, rows[i].failure, NULL);
      assert_state (shop, id, rows[i].state);
      if (rows[i].state == TILL_REFUND_RECALL_DUE || rows[i].state == TILL_REFUND_UNKNOWN)
        {
          till_clock_advance (shop->clock, TILL_HOUR);
          shop_carry (shop,
                      rows[i].state == TILL_REFUND_UNKNOWN ? TILL_ERRAND_QUERY_REFUND
                                                           : TILL_ERRAND_RECALL,
                      TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, "ABNORMAL");
          assert_state (shop, id, TILL_REFUND_PROVIDER);
        }
      if (rows[i].state != TILL_REFUND_SUCCEEDED)
        {
          g_assert_cmpint (ask_now (shop, shop->cashier, id), ==, TILL_YES);
          shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
        }
    }
}

/* The power fails while it is asked for: found in the middle, and only asked about. */
static void
test_recall_and_crash (Shop *shop, gconstpointer data)
{
  int found;
  int64_t id = get_stuck (shop);
  g_assert_cmpint (recall (shop, shop->supervisor, id, &recalls, "3", "3333"), ==, TILL_YES);
  g_autoptr (TillTicket) lost = shop_due (shop);
  g_assert_cmpint (lost->errand->kind, ==, TILL_ERRAND_RECALL);
  g_assert_true (till_sending_recover (shop->ledger, &found, NULL));
  g_assert_cmpint (found, ==, 1);
  assert_state (shop, id, TILL_REFUND_UNKNOWN);
  till_clock_advance (shop->clock, TILL_HOUR);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "SUCCESS");
  assert_state (shop, id, TILL_REFUND_FAILED);
}

/* --- what is said --- */

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)
  ADD ("/refunding/lists-and-counts", test_lists_and_counts);
  ADD ("/refunding/ask-now-by-a-wrong-clock", test_ask_now_by_a_wrong_clock);
  ADD ("/refunding/nobody-answers", test_nobody_answers);
  ADD ("/refunding/accepted-and-forgotten", test_accepted_and_forgotten);
  ADD ("/refunding/by-any-number", test_by_any_number);
  ADD ("/refunding/ask-now", test_ask_now);
  ADD ("/refunding/cancel", test_cancel);
  ADD ("/refunding/what-was-sent-is-not-cancelled", test_what_was_sent_is_not_cancelled);
  ADD ("/refunding/corrected-and-sent-again", test_corrected_and_sent_again);
  ADD ("/refunding/paid-in-cash-instead", test_paid_in_cash_instead);
  ADD ("/refunding/recall", test_recall);
  ADD ("/refunding/recall/not-taken", test_recall_not_taken);
  ADD ("/refunding/recall/crash", test_recall_and_crash);
  return g_test_run ();
}
