/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a customer reads while the cashier works: the window's own door, real books, and instead of
 * a display somebody who writes down its lines. */
#include "app/stage.h"
#include "data/core/secret.h"
#include "devices/usb/display.h"
#include "widgets/language.h"

typedef struct
{
  TillDisplayText text;
} Customer;

static void
on_text (const TillDisplayText *text, gpointer user)
{
  ((Customer *)user)->text = *text;
}

static void
expect_line (const char *line, const char *words)
{
  g_autofree char *read = g_convert (line, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
  g_assert_cmpuint (strlen (line), ==, TILL_DISPLAY_COLUMNS);
  g_assert_nonnull (read);
  g_assert_cmpstr (g_strchomp (read), ==, words);
}

static void
expect_lower (const Customer *customer, const char *words)
{
  expect_line (customer->text.lines[1], words);
}

static void
expect (const Customer *customer, const char *upper, const char *lower)
{
  expect_line (customer->text.lines[0], upper);
  expect_lower (customer, lower);
}

static void
sign_in (TillStage *stage)
{
  till_stage_type (stage, "1");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "1111");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
scan (TillStage *stage, int item)
{
  g_autofree char *code = till_stage_item_code (stage, item);
  till_stage_scan (stage, code);
}

static TillStage *
open_stage (Customer *customer)
{
  g_autoptr (GError) error = NULL;
  TillStage *stage = till_stage_new (NULL, 2, &error);
  g_assert_no_error (error);
  till_window_set_customer (till_stage_window (stage), on_text, customer);
  expect (customer, "", "");
  sign_in (stage);
  return stage;
}

/* Greeted, each of the goods, the sum, the change; and the next one begins anew. */
static void
test_cash_sale (void)
{
  Customer customer = { 0 };
  g_autoptr (TillStage) stage = open_stage (&customer);
  expect (&customer, "青禾小店 Green Grain", "Welcome");
  scan (stage, 3);
  g_assert_true (g_str_has_suffix (customer.text.lines[0], " 2.00"));
  expect_lower (&customer, "Total           2.00");
  scan (stage, 0);
  g_assert_true (g_str_has_suffix (customer.text.lines[0], " 39.80"));
  expect_lower (&customer, "Total          41.80");
  till_stage_key (stage, GDK_KEY_Return, 0);
  expect (&customer, "", "To pay         41.80");
  till_stage_type (stage, "50");
  till_stage_key (stage, GDK_KEY_Return, 0);
  expect (&customer, "Paid           41.80", "Change          8.20");
  scan (stage, 3);
  expect_lower (&customer, "Total           2.00");
}

/* A locked till shows nothing; whoever comes back finds the basket, also on the display. */
static void
test_lock (void)
{
  Customer customer = { 0 };
  g_autoptr (TillStage) stage = open_stage (&customer);
  scan (stage, 3);
  till_window_lock (till_stage_window (stage));
  expect (&customer, "", "");
  till_stage_type (stage, "1111");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_settle (stage);
  expect_lower (&customer, "Total           2.00");
}

/* What comes back is said line by line and until it is handed over. */
static void
test_return (void)
{
  Customer customer = { 0 };
  g_autoptr (TillStage) stage = open_stage (&customer);
  scan (stage, 3);
  scan (stage, 3);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  expect (&customer, "Paid            4.00", "Change          0.00");
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  scan (stage, 3);
  expect (&customer, "", "Refund          2.00");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_key (stage, GDK_KEY_1, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  expect (&customer, "", "Refund          2.00");
}

/* What the drawer should hold, and what others were refunded, is not the customer's business. */
static void
test_shop_matters (void)
{
  static const TillScreen screens[] = { TILL_SCREEN_REFUNDS, TILL_SCREEN_REPORTS, TILL_SCREEN_SHIFT,
                                        TILL_SCREEN_DEVICES, TILL_SCREEN_SETTINGS };
  Customer customer = { 0 };
  g_autoptr (TillStage) stage = open_stage (&customer);
  TillDisplayText greeting = customer.text;
  scan (stage, 3);
  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      till_window_go (till_stage_window (stage), screens[i], NULL);
      till_stage_settle (stage);
      g_assert_cmpmem (&customer.text, sizeof greeting, &greeting, sizeof greeting);
    }
  till_window_go (till_stage_window (stage), TILL_SCREEN_SELL, NULL);
  till_stage_settle (stage);
  expect_lower (&customer, "Total           2.00");
}

/* The words are the till's language, two columns a character, on the right the same figures. */
static void
test_chinese (void)
{
  Customer customer = { 0 };
  g_autoptr (TillStage) stage = open_stage (&customer);
  till_window_set_language (till_stage_window (stage), "zh_CN");
  till_stage_settle (stage);
  expect_lower (&customer, "欢迎光临");
  scan (stage, 3);
  expect_lower (&customer, "合计            2.00");
  till_stage_key (stage, GDK_KEY_Return, 0);
  expect (&customer, "", "应收            2.00");
  till_window_set_language (till_stage_window (stage), "en");
  till_stage_settle (stage);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  till_language_set ("en", &error);
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_test_add_func ("/customer/cash-sale", test_cash_sale);
  g_test_add_func ("/customer/lock", test_lock);
  g_test_add_func ("/customer/return", test_return);
  g_test_add_func ("/customer/shop-matters", test_shop_matters);
  g_test_add_func ("/customer/chinese", test_chinese);
  return g_test_run ();
}
