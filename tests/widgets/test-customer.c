/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a customer reads while the cashier works: the window's own door, real books, and instead of
 * a display somebody who writes down its lines. */
#include "app/stage.h"
#include "data/core/secret.h"
#include "devices/usb/devices.h"
#include "devices/usb/display.h"
#include "widgets/display-pane.h"
#include "widgets/language.h"

#include <glib/gstdio.h>

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

/* --- glass --- */

static gboolean
on_late (gpointer late)
{
  *(gboolean *)late = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
on_device (const TillDeviceEvent *event, gpointer user)
{
}

/* At most 5 s. */
static void
expect_glass (GtkWidget *pane, const char *upper, const char *lower)
{
  const TillDisplayCells *cells = till_display_pane_cells (TILL_DISPLAY_PANE (pane));
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (5, on_late, &late);
  for (;;)
    {
      g_autofree char *first = till_display_cells_line (cells, 0);
      g_autofree char *second = till_display_cells_line (cells, 1);
      if (g_str_equal (g_strchomp (first), upper) && g_str_equal (g_strchomp (second), lower))
        break;
      if (late)
        g_error ("the glass shows '%s' and '%s'", first, second);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
  g_assert_cmpuint (cells->strange, ==, 0);
}

/* Through the socket and the thread of the devices, in every language that can be chosen; what was
 * shown is shown by the next one, too, and nothing when the till is left. */
static void
test_glass (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("till-glass-XXXXXX", NULL);
  g_autofree char *socket = g_build_filename (folder, "devices.sock", NULL);
  g_autofree char *facts
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "devices/usb/facts", NULL);
  TillDevicesSettings settings = { .facts_dir = facts, .socket_path = socket };
  g_autoptr (TillDevices) devices = till_devices_new (&settings, on_device, NULL, &error);
  g_assert_no_error (error);
  TillDisplayText text;
  g_assert_true (till_display_set (text.lines[0], "牛奶", "2.00", NULL));
  g_assert_true (till_display_set (text.lines[1], "Total", "12.00", NULL));
  till_devices_show (devices, &text);
  GtkWidget *pane = g_object_ref_sink (till_display_pane_new (socket));
  expect_glass (pane, "牛奶            2.00", "Total          12.00");
  GtkDropDown *choice
      = GTK_DROP_DOWN (g_object_ref_sink (till_display_pane_choice (TILL_DISPLAY_PANE (pane))));
  gtk_drop_down_set_selected (choice, 1);
  expect_glass (pane, "牛奶            2.00", "Total          12.00");
  gtk_drop_down_set_selected (choice, 2);
  expect_glass (pane, "                2.00", "Total          12.00");
  g_clear_pointer (&devices, till_devices_free);
  expect_glass (pane, "", "");
  g_object_unref (choice);
  g_object_unref (pane);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
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
  g_test_add_func ("/customer/glass", test_glass);
  return g_test_run ();
}
