/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper that is due: what is on it in both languages, how old it may get, and its copies. */
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/slips/slip-return.h"
#include "data/slips/slip-refund.h"
#include "data/slips/words.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 11);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

static TillSale *
sell (Shop *shop, const char *auth)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 2000);
  TillSale *sale = shop_pay (shop, basket, auth);
  if (auth)
    shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  return sale;
}

static TillReturn *
bring_back (Shop *shop, const TillSale *sale)
{
  TillReturn *goods = NULL;
  TillAnswer answer;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_free (draft->note);
  draft->note = g_strdup ("smells");
  g_assert_true (
      till_returning_submit (shop->ledger, shop->cashier, draft, NULL, &goods, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return goods;
}

static TillPrintJob *
next (Shop *shop)
{
  TillPrintJob *job = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop->ledger, &job, &next_at, NULL));
  return job;
}

/* The next slip as text, printed. */
static char *
print_next (Shop *shop, TillPaperKind kind)
{
  g_autoptr (TillPrintJob) job = next (shop);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (job);
  g_assert_cmpint (job->kind, ==, kind);
  g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, job, &error);
  g_assert_no_error (error);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_PRINTED, "way-1", NULL, 0, &error));
  return till_doc_to_text (doc);
}

static void
assert_says (const char *text, const char *words)
{
  if (!strstr (text, words))
    g_error ("“%s” is not on this slip:\n%s", words, text);
}

static int
times (const char *text, const char *words)
{
  int n = 0;
  for (const char *at = text; (at = strstr (at, words)); at += strlen (words))
    n++;
  return n;
}

static gboolean
has_kick (const TillDoc *doc)
{
  for (guint i = 0; i < doc->lines->len; i++)
    if (((TillLine *)doc->lines->pdata[i])->kind == TILL_LINE_KICK)
      return TRUE;
  return FALSE;
}

static void
test_whole_story (Shop *shop, gconstpointer data)
{
  shop_set (shop, "shop.language", "en");
  g_autoptr (TillSale) sale = sell (shop, "281234567890123456");
  g_autofree char *receipt = print_next (shop, TILL_PAPER_SALE);
  assert_says (receipt, "Receipt");
  assert_says (receipt, "63.00");
  assert_says (receipt, "Scan code");
  g_assert_null (next (shop));

  g_autoptr (TillReturn) goods = bring_back (shop, sale);
  g_autofree char *slip = print_next (shop, TILL_PAPER_RETURN);
  g_assert_cmpint (times (slip, "Return slip"), ==, 2); /* the customer's and the shop's */
  g_assert_cmpint (times (slip, "Customer signature"), ==, 1);
  g_assert_cmpint (times (slip, "smells"), ==, 1);
  assert_says (slip, "31.50");
  assert_says (slip, "In progress");
  g_assert_null (strstr (slip, "Refunded"));

  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autofree char *proof = print_next (shop, TILL_PAPER_REFUND);
  assert_says (proof, "Refunded");
  assert_says (proof, "P-1");
  assert_says (proof, "31.50");
  g_assert_null (strstr (proof, "COPY"));

  shop_set (shop, "shop.language", "zh_CN");
  const TillRefund *refund = goods->refunds->pdata[0];
  TillAnswer answer;
  for (int copy = 1; copy <= 2; copy++)
    {
      g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_REFUND,
                                          refund->id, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
      g_autofree char *again = print_next (shop, TILL_PAPER_REFUND);
      g_autofree char *mark = g_strdup_printf ("*** 补打 %d ***", copy);
      assert_says (again, mark);
      assert_says (again, "已退款");
      assert_says (again, "退款凭条");
    }
  g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_RETURN, goods->id,
                                      &answer, NULL));
  g_autofree char *return_again = print_next (shop, TILL_PAPER_RETURN);
  assert_says (return_again, "补打 1");
  assert_says (return_again, "质量问题");
  g_assert_true (
      till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE, sale->id, &answer, NULL));
  g_autofree char *sale_again = print_next (shop, TILL_PAPER_SALE);
  assert_says (sale_again, "扫码");
  static const TillPaperKind kinds[] = { TILL_PAPER_SALE, TILL_PAPER_RETURN, TILL_PAPER_REFUND };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_true (
          till_printing_again (shop->ledger, shop->cashier, kinds[i], 999, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_NO_SALE);
    }
  g_assert_null (next (shop));
}

static void
test_cash_return_opens_the_drawer_once (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  g_autofree char *receipt = print_next (shop, TILL_PAPER_SALE);
  g_autoptr (TillReturn) goods = bring_back (shop, sale);
  g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
  g_autoptr (TillDoc) first = till_slip_return (goods, settings, 0);
  g_autoptr (TillDoc) copy = till_slip_return (goods, settings, 1);
  g_assert_true (has_kick (first));
  g_assert_false (has_kick (copy));
  g_autofree char *text = till_doc_to_text (first);
  assert_says (text, till_slip_word (settings, TILL_WORD_SAYS_CASH));
}

static void
test_drawer_with_a_reason (Shop *shop, gconstpointer data)
{
  g_assert_true (till_printing_open_drawer (shop->ledger, shop->cashier, "change for a ten", NULL));
  g_autoptr (TillPrintJob) job = next (shop);
  g_assert_cmpint (job->kind, ==, TILL_PAPER_DRAWER);
  g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, job, NULL);
  g_assert_true (has_kick (doc));
  g_assert_cmpuint (doc->lines->len, ==, 1);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_DELIVERED, NULL, NULL, 0, NULL));

  /* A drawer opens now or never. */
  g_assert_true (till_printing_open_drawer (shop->ledger, shop->cashier, "again", NULL));
  till_clock_advance (shop->clock, TILL_MINUTE + 1);
  g_assert_null (next (shop));
}

static void
test_stale_slips (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) evening = sell (shop, NULL);
  till_clock_advance (shop->clock, 12 * TILL_HOUR);
  g_autoptr (TillPrintJob) job = next (shop); /* just in time */
  g_assert_nonnull (job);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_PRINTED, NULL, NULL, 0, NULL));
  g_autoptr (TillSale) late = sell (shop, NULL), later = sell (shop, NULL);
  till_clock_advance (shop->clock, 12 * TILL_HOUR + 1);
  g_assert_null (next (shop));
  g_autoptr (GPtrArray) left = till_printing_unprinted (shop->ledger, 10, NULL);
  g_assert_cmpuint (left->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const TillPrintJob *old = left->pdata[i];
      g_assert_cmpint (old->state, ==, TILL_PRINT_STALE);
      g_assert_cmpint (old->subject_id, ==, i == 0 ? late->id : later->id);
      g_assert_cmpint (old->next_action_at, ==, 0);
      g_assert_cmpstr (old->problem, !=, "");
    }
  g_autoptr (GPtrArray) one = till_printing_unprinted (shop->ledger, 0, NULL);
  g_assert_cmpuint (one->len, ==, 1);
  TillAnswer answer; /* somebody asks for it: that is a copy, and it is not stale */
  g_assert_true (
      till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE, late->id, &answer, NULL));
  g_autofree char *text = print_next (shop, TILL_PAPER_SALE);
  assert_says (text, "补打 1");
}

/* Bytes may have left: it is looked for after half a minute, not sent again. */
static void
test_looked_for (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  g_autoptr (TillPrintJob) first = next (shop);
  g_assert_cmpint (first->state, ==, TILL_PRINT_QUEUED);
  g_autoptr (TillPrintJob) none = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop->ledger, &none, &next_at, NULL));
  g_assert_null (none);
  g_assert_cmpint (next_at, ==, FIXTURE_NOW + 30 * TILL_SECOND);
  till_clock_advance (shop->clock, 30 * TILL_SECOND);
  g_autoptr (TillPrintJob) again = next (shop);
  g_assert_cmpint (again->id, ==, first->id);
  g_assert_cmpint (again->state, ==, TILL_PRINT_SENDING);
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7",
                                       "paper\nlow", 5, NULL));
  till_clock_advance (shop->clock, 5 * TILL_SECOND);
  g_autoptr (TillPrintJob) handed = next (shop);
  g_assert_cmpint (handed->state, ==, TILL_PRINT_HANDED);
  g_assert_cmpstr (handed->way_ref, ==, "cups-7");
  g_assert_cmpstr (handed->problem, ==, "paper low");
  g_assert_true (
      till_printing_record (shop->ledger, first->id, TILL_PRINT_FAILED, NULL, "no paper", 5, NULL));
  g_assert_null (next (shop));
  g_autoptr (GError) error = NULL;
  g_assert_false (
      till_printing_record (shop->ledger, 999, TILL_PRINT_PRINTED, NULL, NULL, 0, &error));
  g_assert_nonnull (error);
}

/* Its time was written by a clock that ran a day ahead: it is looked at now, not tomorrow. */
static void
test_due_tomorrow (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  g_autoptr (TillPrintJob) first = next (shop);
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7", "",
                                       5 * 60, NULL));
  g_assert_null (next (shop));
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7", "",
                                       24 * 3600, NULL));
  g_autoptr (TillPrintJob) handed = next (shop);
  g_assert_nonnull (handed);
  g_assert_cmpint (handed->id, ==, first->id);
}

static void
test_for_nothing (Shop *shop, gconstpointer data)
{
  static const TillPaperKind kinds[] = { TILL_PAPER_SALE, TILL_PAPER_RETURN, TILL_PAPER_REFUND };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillPrintJob job = { .id = 1, .kind = kinds[i], .subject_id = 999, .copy = 1 };
      g_autoptr (GError) error = NULL;
      g_assert_null (till_printing_doc (shop->ledger, &job, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
    }
}

/* Every state in both languages: only a proven refund is called refunded, and only money that has
 * gone back is said to be back. */
static void
test_words_of_every_state (Shop *shop, gconstpointer data)
{
  for (int english = 0; english <= 1; english++)
    {
      shop_set (shop, "shop.language", english ? "en" : "zh_CN");
      g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
      for (int state = TILL_REFUND_WAIT_APPROVAL; state <= TILL_REFUND_CANCELLED; state++)
        {
          TillRefund refund = { .no = (char *)"91010220261122000017",
                                .return_no = (char *)"91010220261122000017",
                                .sale_no = (char *)"91010220261122000017",
                                .staff_name = (char *)"Li Na",
                                .tender = TILL_TENDER_CARD,
                                .amount = 100,
                                .at = FIXTURE_NOW,
                                .state = (TillRefundState)state };
          g_autoptr (TillDoc) doc = till_slip_refund (&refund, settings, "0123abcd", 2);
          g_autofree char *text = till_doc_to_text (doc);
          TillSlipRefund words = till_slip_refund_words (&refund);
          assert_says (text, till_slip_word (settings, words.state));
          assert_says (text, till_slip_word (settings, words.says));
          assert_says (text, english ? "COPY 2" : "补打 2");
          assert_says (text, english ? "Bank card" : "银行卡");
          gboolean proven = state == TILL_REFUND_SUCCEEDED;
          g_assert_true ((strstr (text, english ? "Refunded" : "已退款") != NULL) == proven);
          g_assert_true ((strstr (text, english ? "has confirmed" : "已确认退款") != NULL)
                         == proven);
        }
      for (int reason = TILL_REASON_NONE; reason <= TILL_REASON_OTHER; reason++)
        g_assert_true ((*till_slip_reason (settings, (TillReason)reason) != '\0')
                       == (reason != TILL_REASON_NONE));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)
  ADD ("/paper/whole-story", test_whole_story);
  ADD ("/paper/cash-return-opens-the-drawer-once", test_cash_return_opens_the_drawer_once);
  ADD ("/paper/drawer-with-a-reason", test_drawer_with_a_reason);
  ADD ("/paper/stale", test_stale_slips);
  ADD ("/paper/looked-for", test_looked_for);
  ADD ("/paper/due-tomorrow", test_due_tomorrow);
  ADD ("/paper/for-nothing", test_for_nothing);
  ADD ("/paper/words-of-every-state", test_words_of_every_state);
  return g_test_run ();
}
