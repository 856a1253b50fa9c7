/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our side of a settlement, read from real books: payments and refunds in the states they come to,
 * against a file that is written line by line. The provider is a script. */
#include "data/desk/reconciling.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

typedef struct
{
  GString *text; /* owned */
  TillMoney sum;
  int n;
} File;

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 21);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

/* A bag of rice for 31.50, by code. */
static TillSale *
sell (Shop *shop)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  return shop_pay (shop, basket, "281234567890123456");
}

static TillReturn *
bring_back (Shop *shop, int64_t sale_id)
{
  TillAnswer answer;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale_id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  TillReturn *goods = NULL;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  return goods;
}

static File
file_new (void)
{
  return (File){ g_string_new ("time,kind,request_no,original_no,provider_no,amount,fee\n"), 0, 0 };
}

static void
add (File *file, Shop *shop, const char *kind, const char *request_no, const char *original_no,
     TillMoney amount)
{
  g_autofree char *time = till_clock_format (till_clock_now (shop->clock), TILL_CHINA);
  g_autofree char *money = till_money_format (amount);
  g_string_append_printf (file->text, "%s,%s,%s,%s,N%d,%s,0.00\n", time, kind, request_no,
                          original_no, file->n++, money);
  file->sum += amount;
}

/* Closes the file and holds it against the books, and the flow against it. */
static TillReconciled *
compare_beside (File *file, Shop *shop, int64_t staff_id, const char *provider,
                const TillSettlement *flow, TillAnswerCode wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *money = till_money_format (file->sum);
  g_string_append_printf (file->text, "total,%d,,,,%s,0.00\n", file->n, money);
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (file->text);
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (members, till_settlement_member_new ("settlement.csv", bytes));
  int day = till_clock_day (till_clock_now (shop->clock), TILL_CHINA);
  TillSettlement *settlement
      = till_settlement_parse (till_settlement_format ("sandbox"), members, "M1", day, &error);
  g_assert_no_error (error);
  TillReconciled *reconciled = NULL;
  TillAnswer answer;
  g_assert_true (till_reconciling_compare (shop->ledger, staff_id, provider, settlement, flow,
                                           &reconciled, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (answer.code, ==, wanted);
  g_assert_true ((answer.code == TILL_YES) == (reconciled != NULL));
  return reconciled;
}

static TillReconciled *
compare (File *file, Shop *shop, int64_t staff_id, const char *provider, TillAnswerCode wanted)
{
  return compare_beside (file, shop, staff_id, provider, NULL, wanted);
}

static void
assert_class (const TillReconciled *reconciled, TillMatchClass match, int theirs, int ours)
{
  g_assert_cmpint (reconciled->matching->theirs[match].rows, ==, theirs);
  g_assert_cmpint (reconciled->matching->ours[match].rows, ==, ours);
}

static void
test_paid_and_given_back (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop);
  const char *paid = till_sale_leg (sale, 1)->request_no;
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (TillReturn) goods = bring_back (shop, sale->id);
  const char *back = ((TillRefund *)g_ptr_array_index (goods->refunds, 0))->request_no;

  /* Not sent yet: a file that has it knows more than we do. */
  File early = file_new ();
  add (&early, shop, "pay", paid, "", 3150);
  add (&early, shop, "refund", back, paid, -3150);
  g_autoptr (TillReconciled) before = compare (&early, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (before, TILL_MATCH_MATCHED, 1, 1);
  assert_class (before, TILL_MATCH_STATE, 1, 1);

  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  File without = file_new ();
  add (&without, shop, "pay", paid, "", 3150);
  g_autoptr (TillReconciled) unknown = compare (&without, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (unknown, TILL_MATCH_MATCHED, 1, 1);
  assert_class (unknown, TILL_MATCH_WAITING, 0, 1);
  g_assert_true (unknown->matching->open);

  till_clock_advance (shop->clock, 60 * TILL_SECOND);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  File whole = file_new ();
  add (&whole, shop, "pay", paid, "", 3150);
  add (&whole, shop, "refund", back, paid, -3150);
  g_autoptr (TillReconciled) done = compare (&whole, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (done, TILL_MATCH_MATCHED, 2, 2);
  g_assert_false (done->matching->open);

  File nothing = file_new ();
  g_autoptr (TillReconciled) missed = compare (&nothing, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (missed, TILL_MATCH_OURS, 0, 2);
}

/* Taken back by a reversal: there with it, or not at all. */
static void
test_taken_back (Shop *shop, gconstpointer data)
{
  TillAnswer answer;
  g_autoptr (TillSale) sale = sell (shop);
  g_autofree char *paid = g_strdup (till_sale_leg (sale, 1)->request_no);
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  g_autoptr (TillSale) given_up = NULL;
  g_assert_true (
      till_selling_cancel_leg (shop->ledger, shop->cashier, sale->id, 1, &given_up, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  File during = file_new ();
  add (&during, shop, "pay", paid, "", 3150);
  g_autoptr (TillReconciled) open = compare (&during, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (open, TILL_MATCH_STATE, 1, 1);

  shop_carry (shop, TILL_ERRAND_REVERSE, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  File both = file_new ();
  add (&both, shop, "pay", paid, "", 3150);
  add (&both, shop, "reverse", paid, "", -3150);
  g_autoptr (TillReconciled) matched = compare (&both, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (matched, TILL_MATCH_MATCHED, 2, 2);
  g_assert_false (matched->matching->open);
  File half = file_new ();
  add (&half, shop, "pay", paid, "", 3150);
  g_autoptr (TillReconciled) kept = compare (&half, shop, shop->manager, "sandbox", TILL_YES);
  assert_class (kept, TILL_MATCH_STATE, 1, 1);
  File none = file_new ();
  g_autoptr (TillReconciled) agreed = compare (&none, shop, shop->manager, "sandbox", TILL_YES);
  g_assert_false (agreed->matching->open);
  g_assert_cmpuint (agreed->matching->matches->len, ==, 0);
}

/* Providers do not share numbers, and not everybody may look. */
static void
test_whose (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop);
  const char *paid = till_sale_leg (sale, 1)->request_no;
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  File file = file_new ();
  add (&file, shop, "pay", paid, "", 3150);
  g_autoptr (TillReconciled) other = compare (&file, shop, shop->manager, "wechat", TILL_YES);
  assert_class (other, TILL_MATCH_THEIRS, 1, 0);
  File again = file_new ();
  compare (&again, shop, shop->cashier, "sandbox", TILL_NO_RIGHT);
  /* A day later it is not missed: it is of another day's file. */
  till_clock_advance (shop->clock, 24 * TILL_HOUR);
  File next = file_new ();
  g_autoptr (TillReconciled) empty = compare (&next, shop, shop->manager, "sandbox", TILL_YES);
  g_assert_false (empty->matching->open);
}

/* What moved on the account of the day the shop's clock tells: that payment alone. */
static TillSettlement *
flow_new (const Shop *shop, const char *request_no, TillMoney amount)
{
  TillSettlement *flow = g_new0 (TillSettlement, 1);
  TillSettlementRow *row = g_new0 (TillSettlementRow, 1);
  flow->format = g_strdup ("wechat-funds");
  flow->merchant_no = g_strdup ("M1");
  flow->day = till_clock_day (till_clock_now (shop->clock), TILL_CHINA);
  flow->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_row_free);
  row->kind = TILL_SETTLEMENT_PAYMENT;
  row->request_no = g_strdup (request_no);
  row->amount = row->settled = amount;
  row->at = till_clock_now (shop->clock);
  g_ptr_array_add (flow->rows, row);
  return flow;
}

/* The file agrees with the books each time; the account may still say otherwise. */
static void
test_flow_beside (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop);
  const char *paid = till_sale_leg (sale, 1)->request_no;
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  for (TillMoney missing = 0; missing < 2; missing++)
    {
      File file = file_new ();
      add (&file, shop, "pay", paid, "", 3150);
      g_autoptr (TillSettlement) flow = flow_new (shop, paid, 3150 - missing);
      g_autoptr (TillReconciled) held
          = compare_beside (&file, shop, shop->manager, "sandbox", flow, TILL_YES);
      g_assert_false (held->matching->open);
      g_assert_true (held->open == (missing > 0));
      g_assert_cmpint (held->funds->flow[TILL_FUNDS_PAID], ==, 3150 - missing);
    }
  File alone = file_new ();
  g_autoptr (TillReconciled) open = compare (&alone, shop, shop->manager, "sandbox", TILL_YES);
  g_assert_true (open->open); /* the payment is missed, with or without a flow */
  g_assert_null (open->funds);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/reconciling/" path, Shop, NULL, set_up, test, tear_down)
  ADD ("paid-and-given-back", test_paid_and_given_back);
  ADD ("taken-back", test_taken_back);
  ADD ("whose", test_whose);
  ADD ("flow-beside", test_flow_beside);
  return g_test_run ();
}
