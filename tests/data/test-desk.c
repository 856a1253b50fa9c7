/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk by stories of a shop, on books in memory with a clock that stands still. */
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/ids.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/ledger/verify.h"
#include "data/trade/advice.h"
#include "tests/data/shop-fixture.h"

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 1);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  g_auto (TillVerdict) verdict = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean read = till_verify_books (shop->ledger, &verdict, &error);
  g_assert_no_error (error);
  g_assert_true (read);
  g_assert_cmpstr (verdict.what, ==, "");
  g_assert_true (verdict.sound);
  shop_close (shop);
}

static TillSale *
sell_two_colas_and_rice (Shop *shop)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 2000);
  shop_scan (shop, basket, "6901234567908", 1000);
  return shop_pay (shop, basket, NULL);
}

static TillReturnDraft *
draft_for (Shop *shop, const TillSale *sale, int pos, TillQuantity quantity)
{
  TillReturnDraft *draft = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, pos, quantity);
  draft->reason = TILL_REASON_CHANGED_MIND;
  return draft;
}

static TillAnswerCode
submit (Shop *shop, const TillReturnDraft *draft, const TillSecond *second, TillReturn **goods)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran = till_returning_submit (shop->ledger, shop->cashier, draft, second, shop_profile_of,
                                        goods, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  g_autofree char *sentence = till_answer_sentence (&answer);
  g_assert_cmpuint (strlen (sentence), >, 0);
  return answer.code;
}

static void
test_cash_sale (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  g_assert_cmpint (sale->state, ==, TILL_SALE_PAID);
  g_assert_cmpint (sale->total, ==, 3850);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3850);
  g_assert_cmpint (shop_balance (shop, "tendered"), ==, 0);
  g_assert_cmpint (shop_balance (shop, "sales") + shop_balance (shop, "vat"), ==, -3850);
  g_autoptr (TillPrintJob) kick = NULL;
  g_autoptr (TillPrintJob) job = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop->ledger, "", &kick, &next_at, NULL));
  g_assert_cmpint (kick->kind, ==, TILL_PAPER_DRAWER);
  g_assert_true (till_printing_next (shop->ledger, "", &job, &next_at, NULL));
  g_assert_cmpint (job->kind, ==, TILL_PAPER_SALE);
  g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, job, NULL);
  g_autofree char *text = till_doc_to_text (doc);
  g_assert_nonnull (strstr (text, "38.50"));
}

static void
test_one_token_is_one_sale (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 1000);
  g_autoptr (TillSale) first = shop_pay (shop, basket, NULL);
  g_autoptr (TillSale) second = shop_pay (shop, basket, NULL);
  g_assert_cmpstr (first->no, ==, second->no);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 350);
}

static void
test_draft_survives (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 3000);
  till_basket_line (basket, 0)->discount = 50;
  g_assert_true (till_selling_keep (shop->ledger, shop->cashier, basket, NULL));
  g_autoptr (TillBasket) again = shop_basket (shop);
  g_assert_cmpstr (again->token, ==, basket->token);
  g_assert_cmpint (till_basket_line (again, 0)->quantity, ==, 3000);
  g_assert_cmpint (till_basket_line (again, 0)->discount, ==, 50);

  g_assert_true (till_selling_park (shop->ledger, shop->cashier, again, NULL));
  g_autoptr (TillBasket) fresh = shop_basket (shop);
  g_assert_cmpuint (fresh->lines->len, ==, 0);
  g_autoptr (GPtrArray) parked = till_selling_parked (shop->ledger, NULL);
  g_assert_cmpuint (parked->len, ==, 1);
  const TillParked *entry = g_ptr_array_index (parked, 0);
  g_assert_cmpint (entry->total, ==, 1000);
  g_autoptr (TillBasket) back = till_selling_resume (shop->ledger, shop->cashier, entry->id, NULL);
  g_assert_cmpstr (back->token, ==, basket->token);
}

static void
test_cashier_may_not_change_a_price (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  till_basket_line (basket, 0)->price = 1;
  TillTenderWish wish = { TILL_TENDER_CASH, 1, 1, NULL, NULL };
  TillTenderWish *wishes[] = { &wish };
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  g_assert_true (
      till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_null (sale);
  g_assert_true (
      till_selling_pay (shop->ledger, shop->supervisor, basket, wishes, 1, &sale, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
}

static void
test_too_little_and_too_much (Shop *shop, gconstpointer data)
{
  static const struct
  {
    TillTender tender;
    TillMoney amount, received;
    TillAnswerCode code;
  } rows[] = {
    { TILL_TENDER_CASH, 349, 349, TILL_NO_TENDER_SHORT },
    { TILL_TENDER_CASH, 350, 349, TILL_NO_TENDER_SHORT },
    { TILL_TENDER_CASH, 351, 351, TILL_NO_TENDER_OVER },
    { TILL_TENDER_CODE, 351, 351, TILL_NO_TENDER_OVER },
    { TILL_TENDER_CODE, 0, 0, TILL_NO_TENDER_OVER },
    { TILL_TENDER_CASH, -1, 350, TILL_NO_TENDER_OVER },
  };
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillTenderWish wish
          = { rows[i].tender, rows[i].amount, rows[i].received, (char *)"134", NULL };
      TillTenderWish *wishes[] = { &wish };
      g_autoptr (TillSale) sale = NULL;
      TillAnswer answer;
      g_assert_true (
          till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, NULL));
      g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (rows[i].code));
      g_assert_null (sale);
    }
}

static void
test_cash_return (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) goods = NULL;
  TillRehearsal rehearsal = { 0 };
  g_assert_true (till_returning_rehearse (shop->ledger, shop->cashier, draft, shop_profile_of,
                                          &rehearsal, NULL));
  g_assert_cmpint (rehearsal.amount, ==, 350);
  g_assert_cmpint (rehearsal.n_shares, ==, 1);
  g_assert_cmpint (submit (shop, draft, NULL, &goods), ==, TILL_YES);
  g_assert_cmpint (goods->amount, ==, rehearsal.amount);
  till_rehearsal_clear (&rehearsal);
  g_assert_cmpint (goods->state, ==, TILL_RETURN_CLOSED);
  const TillRefund *refund = g_ptr_array_index (goods->refunds, 0);
  g_assert_cmpint (refund->state, ==, TILL_REFUND_SUCCEEDED);
  g_assert_cmpstr (refund->request_no, ==, draft->token);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3500);
  g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, 0);

  g_autoptr (TillReturn) again = NULL;
  g_assert_cmpint (submit (shop, draft, NULL, &again), ==, TILL_YES);
  g_assert_cmpint (again->id, ==, goods->id);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3500);
}

static void
test_no_more_than_was_sold (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  g_autoptr (TillReturnDraft) all = draft_for (shop, sale, 1, 2000);
  g_autoptr (TillReturnDraft) more = draft_for (shop, sale, 1, 1);
  g_autoptr (TillReturnDraft) nothing = draft_for (shop, sale, 1, 0);
  g_autoptr (TillReturnDraft) unknown = draft_for (shop, sale, 9, 1000);
  g_autoptr (TillReturn) goods = NULL;
  g_assert_cmpint (submit (shop, nothing, NULL, &goods), ==, TILL_NO_EMPTY);
  g_assert_cmpint (submit (shop, unknown, NULL, &goods), ==, TILL_NO_ITEM);
  g_assert_cmpint (submit (shop, all, NULL, &goods), ==, TILL_YES);
  g_clear_pointer (&goods, till_return_free);
  g_assert_cmpint (submit (shop, more, NULL, &goods), ==, TILL_NO_QUANTITY);
}

static void
test_past_the_window_needs_a_second_person (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  till_clock_advance (shop->clock, 7 * TILL_DAY);
  g_autoptr (TillReturnDraft) in_time = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) first = NULL;
  g_assert_cmpint (submit (shop, in_time, NULL, &first), ==, TILL_YES);

  till_clock_advance (shop->clock, 1 * TILL_DAY);
  g_autoptr (TillReturnDraft) late = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) goods = NULL;
  g_assert_cmpint (submit (shop, late, NULL, &goods), ==, TILL_NO_WINDOW);
  TillSecond wrong_pin = { "2", "0000", FALSE };
  g_assert_cmpint (submit (shop, late, &wrong_pin, &goods), ==, TILL_NO_PIN);
  TillSecond self = { "1", "1111", FALSE };
  g_assert_cmpint (submit (shop, late, &self, &goods), ==, TILL_NO_SAME_PERSON);
  TillSecond supervisor = { "2", "2222", FALSE };
  g_assert_cmpint (submit (shop, late, &supervisor, &goods), ==, TILL_YES);
  g_assert_cmpstr (goods->approver_name, ==, "Wang Wei");
  g_assert_cmpstr (goods->held_for, ==, "window");
}

static void
test_clock_set_back_does_not_reopen_the_window (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  till_clock_advance (shop->clock, 20 * TILL_DAY);
  g_autoptr (TillSale) later = sell_two_colas_and_rice (shop);
  till_clock_advance (shop->clock, -20 * TILL_DAY);
  g_autoptr (TillReturnDraft) late = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) goods = NULL;
  g_assert_cmpint (submit (shop, late, NULL, &goods), ==, TILL_NO_WINDOW);
}

static void
test_held_and_decided_later (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "2", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  TillSecond hold = { NULL, NULL, TRUE };
  g_autoptr (TillReturn) goods = NULL;
  g_assert_cmpint (submit (shop, draft, NULL, &goods), ==, TILL_NO_LIMIT);
  g_assert_cmpint (submit (shop, draft, &hold, &goods), ==, TILL_YES);
  g_assert_cmpint (goods->state, ==, TILL_RETURN_WAIT_APPROVAL);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 499900);

  /* It counts already: nobody can return it twice while it waits. */
  g_autoptr (TillReturnDraft) twice = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) none = NULL;
  g_assert_cmpint (submit (shop, twice, NULL, &none), ==, TILL_NO_QUANTITY);

  TillAnswer answer;
  g_autoptr (TillReturn) decided = NULL;
  TillSecond supervisor = { "2", "2222", FALSE }, manager = { "3", "3333", FALSE };
  g_assert_true (till_returning_decide (shop->ledger, goods->id, &supervisor, TRUE, "",
                                        shop_profile_of, &decided, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_LIMIT);
  g_assert_true (till_returning_decide (shop->ledger, goods->id, &manager, TRUE, "seen",
                                        shop_profile_of, &decided, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_cmpint (decided->state, ==, TILL_RETURN_CLOSED);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 0);
  g_clear_pointer (&decided, till_return_free);
  g_assert_true (till_returning_decide (shop->ledger, goods->id, &manager, FALSE, "",
                                        shop_profile_of, &decided, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_STATE);
}

static void
test_rejected_frees_the_goods (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "2", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  TillSecond hold = { NULL, NULL, TRUE }, manager = { "3", "3333", FALSE };
  TillAnswer answer;
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) goods = NULL, decided = NULL, again = NULL;
  g_assert_cmpint (submit (shop, draft, &hold, &goods), ==, TILL_YES);
  g_assert_true (till_returning_decide (shop->ledger, goods->id, &manager, FALSE, "used",
                                        shop_profile_of, &decided, &answer, NULL));
  g_assert_cmpint (decided->state, ==, TILL_RETURN_DENIED);
  g_autoptr (TillReturnDraft) fresh = draft_for (shop, sale, 1, 1000);
  g_assert_cmpint (submit (shop, fresh, &manager, &again), ==, TILL_YES);
}

static void
test_drawer_must_cover_it (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, shop->manager, "drop", NULL);
  g_assert_true (till_txn_post (txn, "drawer", -100, NULL));
  g_assert_true (till_txn_post (txn, "safe", 100, NULL));
  g_assert_true (till_txn_commit (txn, NULL));
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  g_autoptr (TillReturn) goods = NULL;
  g_assert_cmpint (submit (shop, draft, NULL, &goods), ==, TILL_NO_DRAWER);
}

/* Any sale, any order of partial returns: exactly what was paid comes back. */
static void
test_any_order_gives_back_what_was_paid (Shop *shop, gconstpointer data)
{
  static const char *const codes[] = { "6901234567892", "6901234567908", "6901234567915" };
  shop_set (shop, "policy.discount_limit_ppm.cashier", "1000000");
  shop_set (shop, "policy.return_limit.cashier", "100000000");
  shop_set (shop, "price.round_to", "10");
  for (int round = 0; round < 150; round++)
    {
      TillMoney drawer = shop_balance (shop, "drawer");
      shop_set (shop, "price.vat_included", round % 2 ? "1" : "0");
      g_autoptr (TillBasket) basket = shop_basket (shop);
      int lines = 1 + (int)till_clock_random (shop->clock, 4);
      for (int i = 0; i < lines; i++)
        {
          shop_scan (shop, basket, codes[till_clock_random (shop->clock, 3)],
                     1000 * (1 + (TillQuantity)till_clock_random (shop->clock, 5)));
          till_basket_line (basket, basket->lines->len - 1)->discount
              = (TillMoney)till_clock_random (shop->clock, 351);
        }
      basket->discount = (TillMoney)till_clock_random (shop->clock, 100);
      g_auto (TillBasketSums) sums = { 0 };
      g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
      if (!till_basket_sum (basket, &settings->pricing, &sums, NULL))
        continue;
      g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
      TillMoney left = sale->total;
      for (;;)
        {
          TillAnswer answer;
          g_autoptr (TillSale) now = NULL;
          g_assert_true (till_selling_load_id (shop->ledger, sale->id, &now, &answer, NULL));
          g_autoptr (TillReturnDraft) draft
              = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
          draft->reason = TILL_REASON_FAULTY;
          for (guint i = 0; i < now->lines->len; i++)
            {
              const TillSaleLine *line = g_ptr_array_index (now->lines, i);
              TillQuantity rest = (line->quantity - line->returned) / 1000;
              till_return_draft_set (
                  draft, line->pos,
                  1000 * (TillQuantity)till_clock_random (shop->clock, (uint64_t)rest + 1));
            }
          gboolean over = TRUE;
          for (guint i = 0; i < now->lines->len; i++)
            {
              const TillSaleLine *line = g_ptr_array_index (now->lines, i);
              over = over && line->returned == line->quantity;
            }
          if (over)
            break;
          if (draft->lines->len == 0)
            continue;
          g_autoptr (TillReturn) goods = NULL;
          g_assert_cmpstr (till_answer_word (submit (shop, draft, NULL, &goods)), ==, "yes");
          left -= goods->amount;
          g_assert_cmpint (left, >=, 0);
        }
      g_assert_cmpint (left, ==, 0);
      g_assert_cmpint (shop_balance (shop, "drawer"), ==, drawer);
      g_assert_cmpint (shop_balance (shop, "refunds_due"), ==, 0);
    }
}

/* The plug is pulled at every point of a return in turn; afterwards the cashier presses again. */
static void
test_plug_pulled_while_returning (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_two_colas_and_rice (shop);
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  for (guint point = 1;; point++)
    {
      g_autoptr (TillReturn) goods = NULL;
      g_autoptr (GError) error = NULL;
      TillAnswer answer;
      till_fault_arm (point);
      gboolean done = till_returning_submit (shop->ledger, shop->cashier, draft, NULL,
                                             shop_profile_of, &goods, &answer, &error);
      till_fault_restore ();
      if (done)
        {
          g_assert_cmpint (answer.code, ==, TILL_YES);
          g_assert_cmpuint (point, >, 2);
          break;
        }
      g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
    }
  g_autoptr (GPtrArray) returns = till_returning_of_sale (shop->ledger, sale->id, NULL);
  g_assert_cmpuint (returns->len, ==, 1);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3500);
}

/* Given away: there is nothing to pay, and that is paid. */
static void
test_sale_for_nothing (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillBasket) basket = shop_basket (shop);
  g_autoptr (TillSale) sale = NULL;
  TillTenderWish *none[] = { NULL };
  TillAnswer answer;
  shop_scan (shop, basket, "6901234567892", 1000);
  basket->discount = 350;
  g_assert_true (
      till_selling_pay (shop->ledger, shop->manager, basket, none, 0, &sale, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  g_assert_cmpint (sale->state, ==, TILL_SALE_PAID);
  g_assert_cmpint (sale->total, ==, 0);
  g_assert_cmpuint (sale->legs->len, ==, 0);
}

/* --- what the provider no longer gives back --- */

static const TillProfile *
twice_at_most (const char *name, gpointer user)
{
  static const TillProfile strict = { .name = "sandbox", .words = "Sandbox", .refunds_max = 2 };
  return &strict;
}

static TillSale *
sell_by_code (Shop *shop, TillQuantity colas)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", colas);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  TillSale *paid;
  TillAnswer answer;
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_true (till_selling_load_id (shop->ledger, sale->id, &paid, &answer, NULL));
  return paid;
}

static TillAnswerCode
submit_at (Shop *shop, const TillSale *sale, TillRoute route, const TillSecond *second,
           TillProfileOf profile_of, TillReturn **goods)
{
  g_autoptr (TillReturnDraft) draft = draft_for (shop, sale, 1, 1000);
  g_auto (TillRehearsal) rehearsal = { 0 };
  TillAnswer answer;
  draft->route = route;
  g_assert_true (
      till_returning_rehearse (shop->ledger, shop->cashier, draft, profile_of, &rehearsal, NULL));
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, second, profile_of,
                                        goods, &answer, NULL));
  /* What the rehearsal says no to, submitting does not do. */
  if (answer.code == TILL_NO_TOO_OLD || answer.code == TILL_NO_TOO_OFTEN)
    g_assert_cmpint (rehearsal.answer.code, ==, answer.code);
  return answer.code;
}

static const TillSecond boss = { "3", "3333", FALSE }, nobody_yet = { NULL, NULL, TRUE };

/* 365 days are still taken, 366 are not, whoever approves; in cash two people may. */
static void
test_too_old_for_the_provider (Shop *shop, gconstpointer data)
{
  g_autoptr (TillBasket) float_in = shop_basket (shop);
  shop_scan (shop, float_in, "6901234567908", 1000);
  g_autoptr (TillSale) cash = shop_pay (shop, float_in, NULL);
  g_autoptr (TillSale) sale = sell_by_code (shop, 4000);
  g_autoptr (TillReturn) in_time = NULL, held = NULL, none = NULL, decided = NULL, paid = NULL;
  TillAnswer answer;
  till_clock_advance (shop->clock, 365 * TILL_DAY + 14 * TILL_HOUR - 1); /* 23:59:59 */
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, shop_profile_of, &in_time),
                   ==, TILL_YES);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &nobody_yet, shop_profile_of, &held),
                   ==, TILL_YES);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);

  till_clock_advance (shop->clock, 1);
  const TillSecond *const seconds[] = { NULL, &boss, &nobody_yet };
  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    g_assert_cmpint (
        submit_at (shop, sale, TILL_ROUTE_ORIGINAL, seconds[i], shop_profile_of, &none), ==,
        TILL_NO_TOO_OLD);
  g_assert_null (none);
  g_assert_true (till_returning_decide (shop->ledger, held->id, &boss, TRUE, "", shop_profile_of,
                                        &decided, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_TOO_OLD);
  g_assert_true (till_returning_decide (shop->ledger, held->id, &boss, FALSE, "too old",
                                        shop_profile_of, &decided, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_CASH, NULL, shop_profile_of, &none), ==,
                   TILL_NO_WINDOW);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_CASH, &boss, shop_profile_of, &paid), ==,
                   TILL_YES);
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 3150 - 350);
  g_assert_null (shop_due (shop));
}

/* Those that wait or are under way are counted, those that came to nothing are not. */
static void
test_too_often_for_the_provider (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_by_code (shop, 5000);
  TillReturn *goods[3] = { NULL };
  g_autoptr (TillReturn) none = NULL, rejected = NULL;
  TillAnswer answer;
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, NULL, twice_at_most, &goods[0]), ==,
                   TILL_YES);
  shop_set (shop, "policy.return_limit.cashier", "0");
  g_assert_cmpint (
      submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &nobody_yet, twice_at_most, &goods[1]), ==,
      TILL_YES);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, twice_at_most, &none), ==,
                   TILL_NO_TOO_OFTEN);
  g_assert_true (till_returning_decide (shop->ledger, goods[1]->id, &boss, FALSE, "", twice_at_most,
                                        &rejected, &answer, NULL));
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, twice_at_most, &goods[2]), ==,
                   TILL_YES);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, twice_at_most, &none), ==,
                   TILL_NO_TOO_OFTEN);
  /* Both went out under the limit: neither is stopped before it is sent. */
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (TillTicket) ticket = NULL;
      int64_t next_at;
      g_assert_true (
          till_sending_next (shop->ledger, twice_at_most, NULL, &ticket, &next_at, NULL));
      g_assert_cmpint (ticket->errand->kind, ==, TILL_ERRAND_REFUND);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (goods); i++)
    till_return_free (goods[i]);
}

static TillRefund *
refund_of (Shop *shop, const TillReturn *goods)
{
  TillRefund *refund;
  TillAnswer answer;
  int64_t id = ((TillRefund *)g_ptr_array_index (goods->refunds, 0))->id;
  g_assert_true (till_refunding_load_id (shop->ledger, id, &refund, &answer, NULL));
  return refund;
}

/* Approved in time and found due too late: not a byte leaves, and it is with people. */
static void
test_too_old_meanwhile (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_by_code (shop, 2000);
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  till_clock_advance (shop->clock, 365 * TILL_DAY);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, shop_profile_of, &goods), ==,
                   TILL_YES);
  till_clock_advance (shop->clock, TILL_DAY);
  for (int i = 0; i < 2; i++)
    {
      g_assert_null (shop_due (shop));
      g_autoptr (TillRefund) refund = refund_of (shop, goods);
      g_assert_cmpstr (till_refund_state_word (refund->state), ==, "CUSTOMER");
      g_assert_cmpstr (till_failure_letter (refund->failure), ==, "X");
      g_assert_cmpint (refund->requested_at, ==, 0);
      g_assert_cmpint (refund->next_action_at, ==, 0);
      g_autofree char *sentence = till_advice_refund (refund, "Asia/Shanghai");
      g_assert_nonnull (strstr (sentence, "was not sent"));
      /* Putting it right is in nobody's hands: it comes back. */
      g_assert_true (
          till_refunding_correct (shop->ledger, shop->supervisor, refund->id, "", &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
    }
}

/* What may have left is the provider's to refuse, under the same number. */
static void
test_too_old_once_sent (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell_by_code (shop, 2000);
  g_autoptr (TillReturn) goods = NULL;
  till_clock_advance (shop->clock, 365 * TILL_DAY);
  g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, &boss, shop_profile_of, &goods), ==,
                   TILL_YES);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_NOT_SENT, TILL_CLASS_RETRY, NULL);
  till_clock_advance (shop->clock, TILL_DAY);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, "too old");
  g_autoptr (TillRefund) refund = refund_of (shop, goods);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, "FAILED");
}

/* A coupon was in the payment: what of the refund does not reach the customer is in the books for
 * good, once, and what cannot be a part is not. */
static void
test_coupon_is_a_part (Shop *shop, gconstpointer data)
{
  static const struct
  {
    TillOutcomeKind kind;
    TillMoney said, kept;
  } rows[] = { { TILL_OUTCOME_DONE, 100, 100 },
               { TILL_OUTCOME_DONE, 350, 350 },
               { TILL_OUTCOME_DONE, 351, 0 },
               { TILL_OUTCOME_DONE, 0, 0 },
               { TILL_OUTCOME_ACCEPTED, 100, 0 } };
  g_autoptr (TillSale) sale = sell_by_code (shop, 5000);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillReturn) goods = NULL;
      g_assert_cmpint (submit_at (shop, sale, TILL_ROUTE_ORIGINAL, NULL, shop_profile_of, &goods),
                       ==, TILL_YES);
      g_autoptr (TillTicket) ticket = shop_due (shop);
      g_autoptr (TillOutcome) outcome = till_outcome_new (rows[i].kind, TILL_CLASS_NONE, NULL);
      outcome->amount = ticket->errand->amount;
      outcome->coupon = rows[i].said;
      for (int twice = 0; twice < 2; twice++)
        g_assert_true (till_sending_record (shop->ledger, ticket, outcome, &shop_profile, NULL));
      g_autoptr (TillRefund) refund = refund_of (shop, goods);
      g_assert_cmpint (refund->coupon, ==, rows[i].kept);
      if (rows[i].kept != 100)
        continue;
      g_autofree char *sentence = till_advice_refund (refund, "Asia/Shanghai");
      g_assert_nonnull (strstr (sentence, "2.50"));
      g_assert_nonnull (strstr (sentence, "1.00"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)
  ADD ("/desk/sell/cash", test_cash_sale);
  ADD ("/desk/sell/one-token-is-one-sale", test_one_token_is_one_sale);
  ADD ("/desk/sell/draft-survives", test_draft_survives);
  ADD ("/desk/sell/cashier-may-not-change-a-price", test_cashier_may_not_change_a_price);
  ADD ("/desk/sell/too-little-and-too-much", test_too_little_and_too_much);
  ADD ("/desk/return/cash", test_cash_return);
  ADD ("/desk/return/no-more-than-was-sold", test_no_more_than_was_sold);
  ADD ("/desk/return/past-the-window", test_past_the_window_needs_a_second_person);
  ADD ("/desk/return/clock-set-back", test_clock_set_back_does_not_reopen_the_window);
  ADD ("/desk/return/held-and-decided-later", test_held_and_decided_later);
  ADD ("/desk/sale/for-nothing", test_sale_for_nothing);
  ADD ("/desk/return/rejected-frees-the-goods", test_rejected_frees_the_goods);
  ADD ("/desk/return/drawer-must-cover-it", test_drawer_must_cover_it);
  ADD ("/desk/return/any-order-gives-back-what-was-paid", test_any_order_gives_back_what_was_paid);
  ADD ("/desk/return/plug-pulled", test_plug_pulled_while_returning);
  ADD ("/desk/return/too-old-for-the-provider", test_too_old_for_the_provider);
  ADD ("/desk/return/too-often-for-the-provider", test_too_often_for_the_provider);
  ADD ("/desk/return/too-old-meanwhile", test_too_old_meanwhile);
  ADD ("/desk/return/too-old-once-sent", test_too_old_once_sent);
  ADD ("/desk/return/coupon-is-a-part", test_coupon_is_a_part);
  return g_test_run ();
}
