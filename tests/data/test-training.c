/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice shop: it sells, and whatever past it is given, its books are sound. */
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/desk/reporting.h"
#include "data/desk/training.h"
#include "tests/data/shop-fixture.h"

static void
open_training (Shop *shop, uint64_t seed)
{
  g_autoptr (GError) error = NULL;
  till_secret_init ();
  shop->clock = till_clock_new_fake (FIXTURE_NOW, seed);
  shop->ledger = till_ledger_open_memory (shop->clock, &error);
  g_assert_no_error (error);
  g_assert_true (till_training_shop (shop->ledger, &error));
  g_assert_no_error (error);
}

static void
test_it_sells (void)
{
  Shop shop = { 0 };
  open_training (&shop, 1);
  static const char *const nos[] = { "1", "2", "3" };
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (TillStaff) staff = NULL;
      TillAnswer answer;
      g_assert_true (till_staffing_sign_in (shop.ledger, nos[i], till_training_pin (nos[i]), &staff,
                                            &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
      if (i == 0)
        shop.cashier = staff->id;
    }
  g_assert_null (till_training_pin ("4"));
  g_autoptr (TillShop) settings = till_selling_shop (shop.ledger, NULL);
  g_assert_true (settings->training);
  g_autoptr (GPtrArray) tea = till_selling_search (shop.ledger, "茶", 100, NULL);
  g_assert_cmpuint (tea->len, >, 1);
  g_autoptr (TillBasket) basket = shop_basket (&shop);
  shop_scan (&shop, basket, ((TillItem *)tea->pdata[0])->code, 1000);
  g_autoptr (TillSale) sale = shop_pay (&shop, basket, NULL);
  g_assert_cmpint (shop_balance (&shop, "drawer"), >=, sale->total);

  g_autoptr (GError) error = NULL;
  g_assert_false (till_training_shop (shop.ledger, &error)); /* somebody works here */
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  shop_close_sound (&shop);
}

typedef struct
{
  Shop *shop;
  int carried;
} Carrier;

static gboolean
carry (TillLedger *ledger, gpointer user, GError **error)
{
  Carrier *carrier = user;
  for (;;)
    {
      /* A printer comes round only at the end of the day. */
      g_autoptr (TillPrintJob) job = NULL;
      int64_t next_at;
      g_assert_true (till_printing_next (carrier->shop->ledger, "", &job, &next_at, NULL));
      g_autoptr (TillTicket) ticket = shop_due (carrier->shop);
      if (!ticket)
        return TRUE;
      shop_answer (carrier->shop, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
      carrier->carried++;
    }
}

static void
report_of (Shop *shop, TillReport **report)
{
  TillAnswer answer;
  g_assert_true (till_reporting_returns (shop->ledger, 0, 20261101, 20261231, TILL_BY_DAY, report,
                                         &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
}

static void
test_past_of_three_days (gconstpointer data)
{
  gboolean by_all_ways = GPOINTER_TO_INT (data);
  TillMoney amounts[2];
  for (int i = 0; i < 2; i++) /* the same clock and seed make the same past */
    {
      Shop shop = { 0 };
      Carrier carrier = { &shop, 0 };
      g_autoptr (GError) error = NULL;
      open_training (&shop, 17);
      gboolean lived
          = till_training_past (shop.ledger, 3, by_all_ways ? carry : NULL, &carrier, &error);
      g_assert_no_error (error);
      g_assert_true (lived);
      g_assert_cmpint (till_clock_now (shop.clock), ==, FIXTURE_NOW + 3 * TILL_DAY);
      g_autoptr (GPtrArray) slips = till_printing_unprinted (shop.ledger, 10, NULL);
      g_assert_cmpuint (slips->len, ==, 0); /* nobody is asked about paper that never was */
      g_autoptr (TillReport) report = NULL;
      report_of (&shop, &report);
      g_assert_cmpint (report->sales_n, >=, 3 * 16);
      g_assert_cmpint (report->sales_n, <=, 3 * 24);
      g_assert_cmpint (report->n, >=, 3);
      g_assert_cmpint (report->n, <=, 4);
      g_assert_cmpint (report->amount, >, 0);
      g_assert_cmpint (report->amount, <, report->sales);
      g_assert_cmpint (report->unconfirmed + report->refused + report->waiting, ==, 0);
      g_assert_true ((carrier.carried > 0) == by_all_ways);
      g_assert_cmpint (shop_balance (&shop, "refunds_due"), ==, 0);
      g_assert_cmpint (shop_balance (&shop, "tendered"), ==, 0);
      TillMoney held = shop_balance (&shop, "drawer") + shop_balance (&shop, "receivable:sandbox");
      g_assert_cmpint (held + shop_balance (&shop, "sales") + shop_balance (&shop, "vat"), ==, 0);
      g_assert_cmpint (held, ==, report->sales - report->amount);
      amounts[i] = held;
      shop_close_sound (&shop);
    }
  g_assert_cmpint (amounts[0], ==, amounts[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/it-sells", test_it_sells);
  g_test_add_data_func ("/training/past-in-cash", GINT_TO_POINTER (FALSE), test_past_of_three_days);
  g_test_add_data_func ("/training/past-by-all-ways", GINT_TO_POINTER (TRUE),
                        test_past_of_three_days);
  return g_test_run ();
}
