/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a notice in the books: it hurries a question or does nothing, a repeat is only
 * counted, and one about a number we do not know is kept until a manager has settled it. The clock
 * stands still; a notice is told by hand. */
#include "data/core/error.h"
#include "data/desk/noticing.h"
#include "data/desk/refunding.h"
#include "data/desk/reporting.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "tests/data/books.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

static char *
digest_of (const char *text)
{
  return till_digest_hex (text, strlen (text));
}

static gboolean
try_telling (Shop *shop, const char *provider, const char *request_no, const char *event_no,
             const char *said, TillNoticed *noticed, GError **error)
{
  g_autofree char *digest = digest_of (said);
  const TillNotice notice = { .is_refund = TRUE,
                              .request_no = (char *)request_no,
                              .event_no = (char *)event_no,
                              .words = (char *)"SUCCESS" };
  return till_noticing_receive (shop->ledger, provider, &notice, digest, noticed, error);
}

static TillNoticed
tell (Shop *shop, const char *provider, const char *request_no, const char *event_no,
      const char *said)
{
  g_autoptr (GError) error = NULL;
  TillNoticed noticed = -1;
  gboolean received = try_telling (shop, provider, request_no, event_no, said, &noticed, &error);
  g_assert_no_error (error);
  g_assert_true (received);
  return noticed;
}

/* Of a number, said so that nothing else says the same. */
static gboolean
try_money (Shop *shop, const char *number, gboolean is_refund, TillMoney amount,
           const char *currency, GError **error)
{
  TillNoticed noticed;
  g_autofree char *said = g_strdup_printf ("%s %d %" G_GINT64_FORMAT " %s", number, is_refund,
                                           amount, currency ? currency : "");
  g_autofree char *digest = digest_of (said);
  const TillNotice notice = { .is_refund = is_refund,
                              .request_no = (char *)number,
                              .words = (char *)"",
                              .amount = amount,
                              .currency = (char *)currency };
  return till_noticing_receive (shop->ledger, "sandbox", &notice, digest, &noticed, error);
}

static int
strays (Shop *shop)
{
  int n = -1;
  g_assert_true (till_noticing_count (shop->ledger, &n, NULL));
  return n;
}

/* A bag of rice paid by code; its payment is due to be sent. */
static TillSale *
sell (Shop *shop)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  return shop_pay (shop, basket, "281234567890123456");
}

static char *
number_of_leg (Shop *shop, const TillSale *sale)
{
  g_autoptr (TillSale) now = NULL;
  TillAnswer yes;
  g_assert_true (till_selling_load_id (shop->ledger, sale->id, &now, &yes, NULL));
  return g_strdup (till_sale_leg (now, 1)->request_no);
}

static TillRefund *
give_back (Shop *shop)
{
  TillAnswer said;
  g_autoptr (TillSale) sale = sell (shop);
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  g_autoptr (TillReturn) goods = NULL;
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &said, NULL));
  TillRefund *refund = NULL;
  const TillRefund *made = g_ptr_array_index (goods->refunds, 0);
  g_assert_true (till_refund_store_load (shop->ledger, made->id, &refund, NULL));
  return refund;
}

static TillRefund *
again (Shop *shop, const TillRefund *refund)
{
  TillRefund *now = NULL;
  g_assert_true (till_refund_store_load (shop->ledger, refund->id, &now, NULL));
  return now;
}

/* --- stories --- */

static void
test_hurries_refund (void)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E0", "early"), ==,
                   TILL_NOTICED_KEPT);
  shop_carry (&shop, TILL_ERRAND_REFUND, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE, NULL);
  g_assert_null (shop_due (&shop));
  g_autoptr (TillRefund) before = again (&shop, refund);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E1", "done"), ==,
                   TILL_NOTICED_ASKS);
  g_autoptr (TillRefund) after = again (&shop, refund);
  g_assert_cmpstr (till_refund_state_word (after->state), ==, "ACCEPTED");
  g_assert_cmpint (after->tries, ==, before->tries);
  g_assert_cmpint (after->next_action_at, ==, till_clock_now (shop.clock));
  shop_carry (&shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (GPtrArray) steps = till_refunding_history (shop.ledger, refund->id, NULL);
  int told = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const TillRefundStep *step = g_ptr_array_index (steps, i);
      if (!g_str_equal (step->event, "notice"))
        continue;
      g_assert_cmpstr (step->evidence, ==, "SUCCESS");
      g_assert_cmpint (step->from, ==, step->to);
      told++;
    }
  g_assert_cmpint (told, ==, 2);
  shop_close_sound (&shop);
}

/* The till waits for the answer; the notice must not make it forget that. */
static void
test_before_answer (void)
{
  Shop shop;
  shop_open (&shop, NULL, 2);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_autoptr (TillTicket) ticket = shop_due (&shop);
  g_autoptr (TillRefund) sending = again (&shop, refund);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E1", "x"), ==, TILL_NOTICED_KEPT);
  g_autoptr (TillRefund) after = again (&shop, refund);
  g_assert_cmpstr (till_refund_state_word (after->state), ==, "SENDING");
  g_assert_cmpint (after->next_action_at, ==, sending->next_action_at);
  g_assert_null (shop_due (&shop));
  shop_answer (&shop, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  shop_close_sound (&shop);
}

static void
test_hurries_payment (void)
{
  Shop shop;
  shop_open (&shop, NULL, 3);
  g_autoptr (TillSale) sale = sell (&shop);
  g_autofree char *number = number_of_leg (&shop, sale);
  g_assert_cmpint (tell (&shop, "sandbox", number, "E0", "a"), ==, TILL_NOTICED_KEPT);
  shop_carry (&shop, TILL_ERRAND_PAY, TILL_OUTCOME_UNKNOWN, TILL_CLASS_NONE, NULL);
  g_assert_null (shop_due (&shop));
  g_assert_cmpint (tell (&shop, "sandbox", number, "E1", "b"), ==, TILL_NOTICED_ASKS);
  shop_carry (&shop, TILL_ERRAND_QUERY_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_cmpint (tell (&shop, "sandbox", number, "E2", "c"), ==, TILL_NOTICED_KEPT);
  g_assert_null (shop_due (&shop));
  shop_close_sound (&shop);
}

static void
test_done_is_asked_again (void)
{
  Shop shop;
  TillRecheck recheck;
  shop_open (&shop, NULL, 4);
  g_autoptr (TillRefund) refund = give_back (&shop);
  shop_carry (&shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E1", "a"), ==, TILL_NOTICED_KEPT);
  g_assert_null (shop_due (&shop));
  g_autoptr (TillTxn) txn = till_ledger_begin (shop.ledger, 0, NULL, NULL);
  g_assert_true (till_recheck_store_plan (txn, refund->id,
                                          till_clock_now (shop.clock) + 24 * TILL_HOUR, NULL));
  g_assert_true (till_txn_commit (txn, NULL));
  g_clear_pointer (&txn, till_txn_free);
  g_assert_null (shop_due (&shop));
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E2", "b"), ==, TILL_NOTICED_ASKS);
  g_assert_true (till_recheck_store_load (shop.ledger, refund->id, &recheck, NULL));
  g_assert_cmpint (recheck.due_at, ==, till_clock_now (shop.clock));
  g_autoptr (TillTicket) ticket = shop_due (&shop);
  g_assert_true (ticket && ticket->again);
  shop_close_sound (&shop);
}

static void
test_repeats_are_counted (void)
{
  Shop shop;
  int64_t seq, before;
  shop_open (&shop, NULL, 5);
  g_autoptr (TillRefund) refund = give_back (&shop);
  shop_carry (&shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_NONE, NULL);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E1", "a"), ==, TILL_NOTICED_ASKS);
  shop_carry (&shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_NONE, NULL);
  g_assert_true (till_ledger_head (shop.ledger, &before, NULL, NULL));
  /* Signed anew, the same event; and the same to the byte from one that has no ids. */
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E1", "a, again"), ==,
                   TILL_NOTICED_REPEATED);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, NULL, "a"), ==,
                   TILL_NOTICED_REPEATED);
  g_assert_true (till_ledger_head (shop.ledger, &seq, NULL, NULL));
  g_assert_cmpint (seq, ==, before);
  g_assert_null (shop_due (&shop));
  /* Another event, another body: news. Another number under a used id: news as well. */
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, "E2", "b"), ==, TILL_NOTICED_ASKS);
  g_assert_cmpint (tell (&shop, "sandbox", "NOBODYS", "E2", "c"), ==, TILL_NOTICED_STRAY);
  shop_close_sound (&shop);
}

static void
test_flood_of_one_number (void)
{
  Shop shop;
  shop_open (&shop, NULL, 6);
  g_autoptr (TillRefund) refund = give_back (&shop);
  shop_carry (&shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_NONE, NULL);
  for (int i = 0; i < TILL_NOTICE_OF_NUMBER_MAX + 5; i++)
    {
      g_autofree char *said = g_strdup_printf ("notice %d", i);
      g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, NULL, said), ==,
                       i < TILL_NOTICE_OF_NUMBER_MAX ? TILL_NOTICED_ASKS : TILL_NOTICED_REPEATED);
    }
  shop_close_sound (&shop);
}

static void
test_unknown_is_kept (void)
{
  Shop shop;
  shop_open (&shop, NULL, 7);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_assert_cmpint (strays (&shop), ==, 0);
  g_assert_cmpint (tell (&shop, "sandbox", "NOBODYS-1", "E1", "a"), ==, TILL_NOTICED_STRAY);
  /* Ours, but never sent to this provider; and the number people see is not the one that is sent.
   */
  g_assert_cmpint (tell (&shop, "wechat", refund->request_no, "E1", "b"), ==, TILL_NOTICED_STRAY);
  g_assert_cmpint (tell (&shop, "sandbox", refund->no, "E9", "c"), ==, TILL_NOTICED_STRAY);
  g_assert_cmpint (tell (&shop, "sandbox", "NOBODYS-1", "E1", "a"), ==, TILL_NOTICED_REPEATED);
  g_assert_cmpint (strays (&shop), ==, 3);
  g_autoptr (GPtrArray) list = till_noticing_list (shop.ledger, 10, NULL);
  g_assert_cmpuint (list->len, ==, 3);
  const TillKeptNotice *first = g_ptr_array_index (list, 0);
  g_assert_cmpstr (first->request_no, ==, "NOBODYS-1");
  g_assert_cmpstr (first->provider, ==, "sandbox");
  g_assert_cmpstr (first->words, ==, "SUCCESS");
  g_assert_cmpint (first->repeats, ==, 1);
  shop_close_sound (&shop);
}

static const char *
settle (Shop *shop, int64_t staff_id, int64_t id, const char *reason)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean ran = till_noticing_settle (shop->ledger, staff_id, id, reason, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return till_answer_word (answer.code);
}

static void
test_manager_settles (void)
{
  Shop shop;
  shop_open (&shop, NULL, 8);
  g_autoptr (TillRefund) refund = give_back (&shop);
  tell (&shop, "sandbox", "NOBODYS-1", "E1", "a");
  tell (&shop, "sandbox", refund->request_no, "E2", "b");
  g_autoptr (GPtrArray) list = till_noticing_list (shop.ledger, 10, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  int64_t id = ((const TillKeptNotice *)g_ptr_array_index (list, 0))->id;
  g_assert_cmpstr (settle (&shop, shop.cashier, id, "the other till"), ==, "no_right");
  g_assert_cmpstr (settle (&shop, shop.supervisor, id, "the other till"), ==, "no_right");
  g_assert_cmpstr (settle (&shop, shop.manager, id, " \n"), ==, "no_words");
  g_assert_cmpstr (settle (&shop, shop.manager, id + 1, "no such"), ==, "no_notice");
  g_assert_cmpstr (settle (&shop, shop.manager, id + 7, "no such"), ==, "no_notice");
  g_assert_cmpint (strays (&shop), ==, 1);
  g_assert_cmpstr (settle (&shop, shop.manager, id, "of the other till"), ==, "yes");
  g_assert_cmpint (strays (&shop), ==, 0);
  g_assert_cmpstr (settle (&shop, shop.manager, id, "once more"), ==, "no_notice");
  g_assert_cmpint (tell (&shop, "sandbox", "NOBODYS-1", "E1", "a"), ==, TILL_NOTICED_REPEATED);
  g_assert_cmpint (strays (&shop), ==, 0);
  shop_close_sound (&shop);
}

/* First what waits, the oldest before; then all others, the latest before. Of ours it is known
 * which it is and how much. */
static void
test_the_whole_list (void)
{
  Shop shop;
  shop_open (&shop, NULL, 11);
  g_autoptr (GPtrArray) none = till_noticing_kept (shop.ledger, 10, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_autoptr (TillSale) sale = sell (&shop);
  g_autofree char *payment_no = number_of_leg (&shop, sale);
  tell (&shop, "sandbox", refund->request_no, "E1", "a");
  tell (&shop, "sandbox", "NOBODYS-1", "E2", "b");
  tell (&shop, "wechat", payment_no, "E3", "c"); /* ours, but not there */
  tell (&shop, "sandbox", payment_no, "E4", "d");
  tell (&shop, "sandbox", "NOBODYS-2", "E5", "e");
  g_assert_cmpstr (settle (&shop, shop.manager, 2, " the web shop "), ==, "yes");

  static const struct
  {
    int64_t id;
    TillNoticeState state;
    TillMoney amount;
  } rows[] = { { 3, TILL_NOTICE_UNSETTLED, 0 },
               { 5, TILL_NOTICE_UNSETTLED, 0 },
               { 4, TILL_NOTICE_KNOWN, 3150 },
               { 2, TILL_NOTICE_SETTLED, 0 },
               { 1, TILL_NOTICE_KNOWN, 3150 } };
  g_autoptr (GPtrArray) list = till_noticing_kept (shop.ledger, 10, NULL);
  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < list->len; i++)
    {
      const TillKeptNotice *kept = g_ptr_array_index (list, i);
      g_assert_cmpint (kept->id, ==, rows[i].id);
      g_assert_cmpint (kept->state, ==, rows[i].state);
      g_assert_cmpint (kept->amount, ==, rows[i].amount);
    }
  const TillKeptNotice *payment = g_ptr_array_index (list, 2),
                       *settled = g_ptr_array_index (list, 3),
                       *of_refund = g_ptr_array_index (list, 4);
  g_assert_cmpstr (payment->no, ==, sale->no);
  g_assert_cmpint (payment->refund_id, ==, 0);
  g_assert_cmpstr (of_refund->no, ==, refund->no);
  g_assert_cmpint (of_refund->refund_id, ==, refund->id);
  g_assert_cmpstr (settled->no, ==, "");
  g_assert_cmpstr (settled->settled_by, ==, "Chen Jing");
  g_assert_cmpstr (settled->reason, ==, "the web shop");
  g_assert_cmpint (settled->settled_at, ==, FIXTURE_NOW);
  g_autoptr (TillReport) report = NULL;
  TillAnswer answer;
  g_assert_true (till_reporting_returns (shop.ledger, shop.supervisor, 20261122, 20261122,
                                         TILL_BY_REASON, &report, &answer, NULL));
  g_assert_cmpint (report->unsettled, ==, 2);
  for (int limit = 1; limit <= 4; limit++)
    {
      g_autoptr (GPtrArray) some = till_noticing_kept (shop.ledger, limit, NULL);
      g_assert_cmpuint (some->len, ==, (guint)limit);
    }
  shop_close_sound (&shop);
}

static TillNoticeSums
sums_of (Shop *shop)
{
  g_autoptr (TillReport) report = NULL;
  TillAnswer answer;
  g_assert_true (till_reporting_returns (shop->ledger, shop->supervisor, 20261122, 20261122,
                                         TILL_BY_REASON, &report, &answer, NULL));
  return report->told;
}

/* The books keep what was said, and the report adds up what nobody has settled: of one number the
 * most, and yuan alone. */
static void
test_money (void)
{
  static const struct
  {
    const char *number;
    gboolean is_refund;
    TillMoney amount;
    const char *currency, *words;
  } rows[] = {
    { "R1", TRUE, 1250, "CNY", "¥12.50" },
    { "R1", TRUE, 1250, NULL, "¥12.50" }, /* of another state, as it were */
    { "R1", TRUE, 1000, NULL, "¥10.00" },
    { "R2", TRUE, 123456, NULL, "¥1,234.56" },
    { "R3", TRUE, 700, "USD", "USD 700 (smallest unit)" },
    { "R4", TRUE, 0, NULL, "" },
    { "R2", FALSE, 99, "CNY", "¥0.99" },
    { "P1", FALSE, TILL_MONEY_MAX, "CNY", "¥10,000,000,000.00" },
  };
  Shop shop;
  shop_open (&shop, NULL, 12);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (try_money (&shop, rows[i].number, rows[i].is_refund, rows[i].amount,
                              rows[i].currency, NULL));
  g_autoptr (GPtrArray) list = till_noticing_list (shop.ledger, 20, NULL);
  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < list->len; i++)
    {
      const TillKeptNotice *kept = g_ptr_array_index (list, i);
      g_autofree char *words = till_kept_notice_told (kept);
      g_assert_cmpint (kept->told, ==, rows[i].amount);
      g_assert_cmpstr (kept->currency, ==, rows[i].currency ? rows[i].currency : "");
      g_assert_cmpstr (words, ==, rows[i].words);
      g_assert_cmpint (kept->amount, ==, 0);
    }
  TillNoticeSums sums = sums_of (&shop);
  g_assert_cmpint (sums.refunds, ==, 1250 + 123456);
  g_assert_cmpint (sums.payments, ==, TILL_MONEY_MAX + 99);
  g_assert_cmpint (sums.unknown, ==, 2);
  g_autofree char *sentence = till_notice_sums_sentence (&sums);
  g_assert_nonnull (strstr (sentence, "refunds of ¥1,247.06"));
  g_assert_nonnull (strstr (sentence, "in yuan: 2."));
  g_assert_cmpstr (settle (&shop, shop.manager, 4, "of the web shop"), ==, "yes");
  g_assert_cmpstr (settle (&shop, shop.manager, 5, "in dollars"), ==, "yes");
  sums = sums_of (&shop);
  g_assert_cmpint (sums.refunds, ==, 1250);
  g_assert_cmpint (sums.unknown, ==, 1);
  shop_close_sound (&shop);
}

/* Of ours two amounts are known: the one in the books, and what was said. */
static void
test_money_of_ours (void)
{
  Shop shop;
  shop_open (&shop, NULL, 13);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_assert_true (try_money (&shop, refund->request_no, TRUE, 3149, "CNY", NULL));
  g_autoptr (GPtrArray) list = till_noticing_kept (shop.ledger, 10, NULL);
  const TillKeptNotice *kept = g_ptr_array_index (list, 0);
  g_assert_cmpint (kept->amount, ==, 3150);
  g_assert_cmpint (kept->told, ==, 3149);
  TillNoticeSums sums = sums_of (&shop);
  g_assert_cmpint (sums.refunds, ==, 0);
  g_assert_cmpint (sums.unknown, ==, 0);
  shop_close_sound (&shop);
}

static void
test_impossible_money (void)
{
  static const struct
  {
    TillMoney amount;
    const char *currency;
  } rows[] = { { -1, NULL },      { TILL_MONEY_MAX + 1, "CNY" },
               { 100, "" },       { 100, "cny" },
               { 100, "CN" },     { 100, "CNYX" },
               { 100, "元元元" }, { 0, "CNY" } };
  Shop shop;
  shop_open (&shop, NULL, 14);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (try_money (&shop, "R1", TRUE, rows[i].amount, rows[i].currency, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_assert_cmpint (strays (&shop), ==, 0);
  shop_close_sound (&shop);
}

/* Whoever reads it learns what happened, what was kept, and what to do. */
static void
test_words (void)
{
  TillKeptNotice kept = { .is_refund = TRUE,
                          .no = (char *)"",
                          .settled_by = (char *)"Chen Jing",
                          .reason = (char *)"the web shop" };
  g_autofree char *refund = till_kept_notice_sentence (&kept, "WeChat Pay");
  g_assert_nonnull (strstr (refund, "WeChat Pay told of a refund"));
  g_assert_nonnull (strstr (refund, "Nothing in the books was changed"));
  g_assert_nonnull (strstr (till_kept_notice_next (&kept), "settle it here"));
  kept.is_refund = FALSE;
  g_autofree char *payment = till_kept_notice_sentence (&kept, "Alipay");
  g_assert_nonnull (strstr (payment, "Alipay told of a payment"));
  kept.state = TILL_NOTICE_SETTLED;
  g_autofree char *settled = till_kept_notice_sentence (&kept, "Alipay");
  g_assert_nonnull (strstr (settled, "Chen Jing settled it: “the web shop”"));
  g_assert_null (strstr (till_kept_notice_next (&kept), "settle it"));
  kept.state = TILL_NOTICE_KNOWN;
  g_autofree char *ours = till_kept_notice_sentence (&kept, "Alipay");
  g_assert_nonnull (strstr (ours, "payment of this shop"));
  kept.refund_id = 7;
  g_autofree char *our_refund = till_kept_notice_sentence (&kept, "Alipay");
  g_assert_nonnull (strstr (our_refund, "refund of this shop"));
}

static void
test_strays_are_bounded (void)
{
  Shop shop;
  TillNoticed noticed;
  g_autoptr (GError) error = NULL;
  shop_open (&shop, NULL, 9);
  for (int i = 0; i < TILL_NOTICE_STRAYS_MAX; i++)
    {
      g_autofree char *number = g_strdup_printf ("N%d", i);
      tell (&shop, "sandbox", number, NULL, number);
    }
  g_assert_false (try_telling (&shop, "sandbox", "ONE-MORE", NULL, "one more", &noticed, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
  g_assert_cmpint (strays (&shop), ==, TILL_NOTICE_STRAYS_MAX);
  /* It is full for those alone. */
  g_assert_cmpint (tell (&shop, "wechat", "OTHERS", NULL, "others"), ==, TILL_NOTICED_STRAY);
  g_autoptr (TillRefund) refund = give_back (&shop);
  g_assert_cmpint (tell (&shop, "sandbox", refund->request_no, NULL, "ours"), ==,
                   TILL_NOTICED_KEPT);
  g_assert_cmpstr (settle (&shop, shop.manager, 1, "looked into"), ==, "yes");
  g_assert_cmpint (tell (&shop, "sandbox", "ONE-MORE", NULL, "one more"), ==, TILL_NOTICED_STRAY);
  shop_close_sound (&shop);
}

static void
test_impossible (void)
{
  static const char *const numbers[] = { "", "with blank", "tab\t", "编号",
                                         "12345678901234567890123456789012345678901234567890123"
                                         "456789012345" };
  Shop shop;
  TillNoticed noticed;
  shop_open (&shop, NULL, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GError) error = NULL, other = NULL;
      g_assert_false (try_telling (&shop, "sandbox", numbers[i], NULL, "x", &noticed, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_false (try_telling (&shop, "sandbox", "N1", numbers[i], "x", &noticed, &other));
      g_assert_error (other, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_assert_cmpint (strays (&shop), ==, 0);
  shop_close_sound (&shop);
}

/* The same notices in any order, any number of times: the same rows. */
static void
test_any_order (void)
{
  static const int orders[][6]
      = { { 0, 1, 2, 0, 1, 2 }, { 2, 1, 0, 0, 0, 2 }, { 1, 1, 1, 0, 2, 0 } };
  static const char *const events[] = { "E0", "E1", "E2" };
  for (gsize o = 0; o < G_N_ELEMENTS (orders); o++)
    {
      Shop shop;
      shop_open (&shop, NULL, 11);
      g_autoptr (TillRefund) refund = give_back (&shop);
      shop_carry (&shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_NONE, NULL);
      int news = 0;
      for (int i = 0; i < 6; i++)
        news += tell (&shop, "sandbox", refund->request_no, events[orders[o][i]],
                      events[orders[o][i]])
                != TILL_NOTICED_REPEATED;
      g_autoptr (TillRefund) after = again (&shop, refund);
      g_assert_cmpint (news, ==, 3);
      g_assert_cmpstr (till_refund_state_word (after->state), ==, "UNKNOWN");
      g_assert_cmpint (after->tries, ==, 1);
      g_assert_cmpint (strays (&shop), ==, 0);
      shop_close_sound (&shop);
    }
}

/* --- the books keep it --- */

static const struct
{
  const char *name, *deed, *says;
} deeds[] = {
  { "unknown-away", "DELETE FROM notice_settled; DELETE FROM notice WHERE id = 1",
    "is missing in notice" },
  { "made-known", "UPDATE notice SET known = 1 WHERE id = 1", "a row was changed in notice" },
  { "amount-less", "UPDATE notice SET amount = 1 WHERE id = 2", "a row was changed in notice" },
  { "amount-away", "UPDATE notice SET amount = NULL, currency = NULL WHERE id = 2",
    "a row was changed in notice" },
  { "other-currency", "UPDATE notice SET currency = 'USD' WHERE id = 2",
    "a row was changed in notice" },
  { "settled-behind", "INSERT INTO notice_settled VALUES (2, 1, 1, 1, 'nobody said so')",
    "notice_settled" },
};

/* Two strays; the first is settled. */
static void
open_books_with_strays (Books *books)
{
  TillAnswer answer;
  books_open (books);
  for (int i = 0; i < 2; i++)
    {
      const TillNotice notice = { .is_refund = TRUE,
                                  .request_no = (char *)(i ? "N2" : "N1"),
                                  .words = (char *)"",
                                  .amount = i ? 1250 : 0,
                                  .currency = (char *)(i ? "CNY" : NULL) };
      g_autofree char *digest = digest_of (notice.request_no);
      TillNoticed noticed;
      g_assert_true (
          till_noticing_receive (books->ledger, "sandbox", &notice, digest, &noticed, NULL));
    }
  g_assert_true (till_noticing_settle (books->ledger, books->manager, 1, "a trial", &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
}

static void
test_deed (gconstpointer data)
{
  gsize n = GPOINTER_TO_SIZE (data);
  Books books = { 0 };
  g_auto (TillVerdict) verdict = { 0 };
  open_books_with_strays (&books);
  books_tamper (books.path, deeds[n].deed);
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_false (verdict.sound);
  g_assert_nonnull (strstr (verdict.what, deeds[n].says));
  books_close (&books);
}

#define INSERT(amount, currency)                                                                   \
  "INSERT INTO notice SELECT 3, seq, at, provider, 'N3', is_refund, event_no, replace (digest, "   \
  "substr (digest, 1, 1), 'g'), words, " amount ", " currency                                      \
  ", known, 0 FROM notice WHERE id = 2"

static void
test_laws (void)
{
  static const char *const refused[]
      = { "UPDATE notice SET request_no = 'X'",
          "UPDATE notice SET known = 1",
          "UPDATE notice SET amount = 1",
          "UPDATE notice SET amount = NULL",
          "UPDATE notice SET currency = 'USD'",
          INSERT ("0", "NULL"),
          INSERT ("1000000000001", "NULL"),
          INSERT ("NULL", "'CNY'"),
          INSERT ("1", "'cny'"),
          INSERT ("1", "'CNYX'"),
          "UPDATE notice SET repeats = -1",
          "UPDATE notice SET repeats = repeats + 1; UPDATE notice SET repeats = 0",
          "DELETE FROM notice",
          "UPDATE notice_settled SET reason = 'another'",
          "DELETE FROM notice_settled",
          "INSERT INTO notice_settled VALUES (1, 1, 1, 1, 'twice')",
          "INSERT INTO notice_settled VALUES (7, 1, 1, 1, 'of none')",
          "INSERT INTO notice_settled VALUES (2, 1, 1, 1, '')" };
  Books books = { 0 };
  sqlite3 *db;
  open_books_with_strays (&books);
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  books_close (&books);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noticing/impossible", test_impossible);
  g_test_add_func ("/noticing/impossible-money", test_impossible_money);
  g_test_add_func ("/noticing/money", test_money);
  g_test_add_func ("/noticing/money-of-ours", test_money_of_ours);
  g_test_add_func ("/noticing/hurries-refund", test_hurries_refund);
  g_test_add_func ("/noticing/before-answer", test_before_answer);
  g_test_add_func ("/noticing/hurries-payment", test_hurries_payment);
  g_test_add_func ("/noticing/done-is-asked-again", test_done_is_asked_again);
  g_test_add_func ("/noticing/repeats-are-counted", test_repeats_are_counted);
  g_test_add_func ("/noticing/flood-of-one-number", test_flood_of_one_number);
  g_test_add_func ("/noticing/unknown-is-kept", test_unknown_is_kept);
  g_test_add_func ("/noticing/manager-settles", test_manager_settles);
  g_test_add_func ("/noticing/the-whole-list", test_the_whole_list);
  g_test_add_func ("/noticing/words", test_words);
  g_test_add_func ("/noticing/strays-are-bounded", test_strays_are_bounded);
  g_test_add_func ("/noticing/any-order", test_any_order);
  g_test_add_func ("/noticing/laws", test_laws);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *path = g_strconcat ("/noticing/audit/", deeds[i].name, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_deed);
    }
  return g_test_run ();
}
