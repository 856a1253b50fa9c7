/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days at the till, played by keys and scans through the window's own door, on real books. Counts
 * what a cashier presses: a change that adds a key fails here. */
#include "app/plays.h"
#include "app/stage.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/ledger/item-store.h"
#include "widgets/language.h"

#include <glib/gstdio.h>

static TillStage *
open_stage (const char *path)
{
  g_autoptr (GError) error = NULL;
  TillStage *stage = till_stage_new (path, 2, &error);
  g_assert_no_error (error);
  return stage;
}

static void
sign_in (TillStage *stage, const char *no, const char *pin)
{
  till_stage_type (stage, no);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, pin);
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
scan (TillStage *stage, int item)
{
  g_autofree char *code = till_stage_item_code (stage, item);
  till_stage_scan (stage, code);
}

static void
enter (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static guint
lines (TillStage *stage)
{
  const TillBasket *basket = till_window_counter (till_stage_window (stage))->basket;
  return basket ? basket->lines->len : 0;
}

static void
test_wrong_pin (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "9999");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  scan (stage, 0); /* a scan goes nowhere, not even into the PIN */
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  till_stage_type (stage, "1111");
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

/* Three scans and two keys. */
static void
test_cash_sale (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_count_from_here (stage);
  scan (stage, 0);
  scan (stage, 3);
  scan (stage, 22);
  g_assert_cmpint (till_window_total (window), ==, 3980 + 200 + 3290);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_nonnull (till_window_counter (window)->last_sale);
  g_assert_cmpint (till_window_counter (window)->last_sale->total, ==, 7470);
  g_assert_cmpint (till_stage_scans (stage), ==, 3);
  g_assert_cmpint (till_stage_keys (stage), ==, 2);
  /* The next scan is the next customer. */
  scan (stage, 3);
  g_assert_cmpint (lines (stage), ==, 1);
  g_assert_cmpint (till_window_total (window), ==, 200);
}

static void
test_change (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "50");
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (till_window_total (window), ==, 5000 - 3980);
}

/* Two scans and three keys, and the slip in the customer's hand. */
static void
test_return_with_receipt (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 3);
  scan (stage, 3);
  scan (stage, 22);
  enter (stage);
  enter (stage);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_count_from_here (stage);
  till_stage_scan (stage, no);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_RETURN);
  scan (stage, 3);
  g_assert_cmpint (till_window_total (window), ==, 200);
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  enter (stage);
  g_assert_cmpint (till_stage_scans (stage), ==, 2);
  g_assert_cmpint (till_stage_keys (stage), ==, 3);
  g_assert_cmpint (till_window_total (window), ==, 200); /* hand over */
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  /* What came back cannot come back again. */
  till_stage_scan (stage, no);
  scan (stage, 3);
  g_assert_cmpint (till_window_total (window), ==, 200);
  scan (stage, 3);
  g_assert_cmpint (till_window_total (window), ==, 200);
  g_assert_cmpstr (till_window_said (window), !=, "");
}

/* No receipt: what is typed or scanned first may be a provider's number, letters and all. */
static void
test_return_by_reference (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_F4, 0);
  till_stage_type (stage, "P0000009999");
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "P0000009999"));
  till_stage_scan (stage, "4200001234567890123456789012");
  g_assert_nonnull (strstr (till_window_said (window), "4200001234567890123456789012"));
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_RETURN);
  scan (stage, 3); /* goods are no reference */
  g_assert_null (strstr (till_window_said (window), "4200001234567890123456789012"));
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_RETURN);
}

/* By code, refunded to the same code; the provider says nothing: never "refunded". */
static void
test_refund_unknown (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 3);
  till_stage_scan (stage, "134567890123456789");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL); /* told: Pay first */
  g_assert_cmpstr (till_window_said (window), !=, "");
  enter (stage);
  till_stage_scan (stage, "134567890123456789");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_stage_scan (stage, "134567890123456789"); /* twice is once */
  till_stage_provider (stage, TRUE);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  till_stage_key (stage, GDK_KEY_a, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_3, 0);
  enter (stage);
  till_stage_provider (stage, FALSE);
  till_stage_key (stage, GDK_KEY_3, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_REFUNDS);
}

static void
test_second_person (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  till_stage_scan (stage, "134567890123456789");
  till_stage_provider (stage, TRUE);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  till_stage_key (stage, GDK_KEY_a, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  till_stage_key (stage, GDK_KEY_c, 0); /* in cash, though it was paid by code */
  sign_in (stage, "1", "1111");         /* nobody approves their own return */
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_RETURN);
  g_assert_cmpstr (till_window_said (window), !=, "");
  till_stage_key (stage, GDK_KEY_Up, 0);
  till_stage_key (stage, GDK_KEY_BackSpace, 0);
  sign_in (stage, "3", "3333");
  g_assert_cmpstr (till_window_said (window), ==, "");
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

static void
test_undo (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  scan (stage, 3);
  till_stage_type (stage, "5*");
  g_assert_cmpint (till_window_total (window), ==, 3980 + 1000);
  till_stage_key (stage, GDK_KEY_Delete, 0);
  g_assert_cmpint (till_window_total (window), ==, 3980);
  till_stage_key (stage, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_total (window), ==, 3980 + 1000);
  till_stage_key (stage, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_total (window), ==, 3980 + 200);
  till_stage_key (stage, GDK_KEY_Z, GDK_CONTROL_MASK | GDK_SHIFT_MASK);
  g_assert_cmpint (till_window_total (window), ==, 3980 + 1000);
  for (int i = 0; i < 5; i++)
    till_stage_key (stage, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_cmpint (lines (stage), ==, 0);
}

static void
test_park (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  till_stage_key (stage, GDK_KEY_F6, 0);
  g_assert_cmpint (lines (stage), ==, 0);
  scan (stage, 3);
  till_stage_key (stage, GDK_KEY_F7, 0); /* not over the basket at hand */
  g_assert_cmpint (till_window_total (till_stage_window (stage)), ==, 200);
  till_stage_key (stage, GDK_KEY_F6, 0);
  till_stage_key (stage, GDK_KEY_F7, 0);
  till_stage_key (stage, GDK_KEY_1, 0);
  g_assert_cmpint (till_window_total (till_stage_window (stage)), ==, 3980);
}

/* The window goes without a word; the next one finds everything. */
static void
remove_books (const char *dir)
{
  const char *const names[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm", "seal.key" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (dir, names[i], NULL);
      g_unlink (file);
    }
  g_rmdir (dir);
}

static void
test_power_cut (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (dir, "ledger.db", NULL);
  TillStage *first = open_stage (path);
  sign_in (first, "1", "1111");
  scan (first, 0);
  scan (first, 3);
  till_stage_free (first);

  TillStage *second = open_stage (path);
  sign_in (second, "1", "1111");
  g_assert_cmpint (till_window_total (till_stage_window (second)), ==, 3980 + 200);
  enter (second);
  till_stage_scan (second, "134567890123456789"); /* asked, not answered */
  till_stage_free (second);

  g_autoptr (TillStage) third = open_stage (path);
  sign_in (third, "1", "1111");
  g_assert_cmpint (till_window_screen (till_stage_window (third)), ==, TILL_SCREEN_PAY);
  till_stage_provider (third, TRUE);
  g_assert_cmpint (till_window_screen (till_stage_window (third)), ==, TILL_SCREEN_SELL);
  g_autofree char *no = till_stage_last_sale (third);
  till_stage_scan (third, no);
  till_stage_key (third, GDK_KEY_a, 0);
  g_clear_pointer (&third, till_stage_free);

  g_autoptr (TillStage) fourth = open_stage (path);
  sign_in (fourth, "1", "1111");
  g_assert_cmpint (till_window_screen (till_stage_window (fourth)), ==, TILL_SCREEN_RETURN);
  g_assert_cmpint (till_window_total (till_stage_window (fourth)), ==, 3980 + 200);
  g_clear_pointer (&fourth, till_stage_free);
  remove_books (dir);
}

static void
test_lock (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  till_stage_key (stage, GDK_KEY_F12, 0);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  till_stage_key (stage, GDK_KEY_2, GDK_CONTROL_MASK); /* no way around it */
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  till_stage_type (stage, "1111"); /* the number is there already */
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (lines (stage), ==, 1);
  /* Another person does not get this basket. */
  till_stage_key (stage, GDK_KEY_F12, 0);
  till_stage_key (stage, GDK_KEY_BackSpace, 0); /* no PIN yet: it is the number that is wrong */
  till_stage_key (stage, GDK_KEY_BackSpace, 0);
  sign_in (stage, "2", "2222");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (lines (stage), ==, 0);
}

/* The button with this name, wherever it is shown. */
static GtkWidget *
find_button (GtkWidget *widget, const char *name)
{
  const char *known = g_object_get_data (G_OBJECT (widget), "till-access-name");
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) && g_strcmp0 (known, name) == 0)
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, name);
  return found;
}

/* A warning in the strip is seen while the till is locked, and opens nothing. */
static void
test_lock_strip (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_window_watch_accounts (window);
  till_stage_settle (stage);
  till_stage_key (stage, GDK_KEY_F12, 0);
  GtkWidget *button = find_button (GTK_WIDGET (window), "Account unusable");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  g_assert_cmpstr (till_window_said (window), ==, "Sign in first.");
  till_stage_type (stage, "3333");
  enter (stage);
  g_signal_emit_by_name (button, "clicked");
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SETTINGS);
}

static void
test_language (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  till_window_set_language (window, "zh_CN");
  till_stage_settle (stage);
  g_assert_cmpstr (g_dgettext (GETTEXT_PACKAGE, "To pay"), ==, "应收");
  g_assert_cmpint (lines (stage), ==, 1);
  g_assert_cmpint (till_window_total (window), ==, 3980);
  scan (stage, 3);
  g_assert_cmpint (till_window_total (window), ==, 4180);
  till_window_set_language (window, "en");
  till_stage_settle (stage);
  g_assert_cmpint (till_window_total (window), ==, 4180);
}

/* The providers: nothing for a cashier; a manager tests each with Enter, and Esc stops a test first
 * and goes back after. */
static void
test_providers (void)
{
  g_autoptr (TillStage) cashiers = open_stage (NULL);
  sign_in (cashiers, "1", "1111");
  till_stage_key (cashiers, GDK_KEY_4, GDK_CONTROL_MASK);
  till_stage_key (cashiers, GDK_KEY_6, 0);
  enter (cashiers);
  g_assert_cmpstr (till_window_said (till_stage_window (cashiers)), ==, "");
  g_clear_pointer (&cashiers, till_stage_free);

  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
  enter (stage); /* a report of returns has nothing to test */
  g_assert_cmpstr (till_window_said (window), ==, "");
  till_stage_key (stage, GDK_KEY_6, 0);
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "Answered and believed"));
  till_stage_key (stage, GDK_KEY_Down, 0); /* an account that cannot be used is not asked */
  till_window_counter (window)->hands->say (window, TILL_TONE_PLAIN, NULL);
  enter (stage);
  g_assert_cmpstr (till_window_said (window), ==, "");

  till_stage_key (stage, GDK_KEY_Down, 0); /* nobody answers, until it is stopped */
  enter (stage);
  g_assert_cmpstr (till_window_said (window), ==, "");
  enter (stage);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_nonnull (strstr (till_window_said (window), "stopped"));
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_REPORTS);

  till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "412"));
  till_stage_key (stage, GDK_KEY_Up, 0);
  enter (stage); /* asking again: whoever goes away stops it and hears no more of it */
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpstr (till_window_said (window), ==, "");
  till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

static gboolean
shows_text (GtkWidget *widget, const char *part)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), part))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (shows_text (child, part))
      return TRUE;
  return FALSE;
}

/* A shop that has sold nothing and has no account; and one whose account was taken away. */
static void
test_no_providers (void)
{
  g_autoptr (GError) error = NULL;
  for (int past = 0; past <= 2; past += 2)
    {
      g_autoptr (TillStage) stage = till_stage_new (NULL, past, &error);
      g_assert_no_error (error);
      TillWindow *window = till_stage_window (stage);
      till_window_set_probe (window, NULL);
      sign_in (stage, "3", "3333");
      till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
      till_stage_key (stage, GDK_KEY_6, 0);
      enter (stage);
      g_assert_cmpstr (till_window_said (window), ==, "");
      const char *title = past == 0 ? "No payment provider yet" : "No account";
      g_assert_true (shows_text (till_window_page (window), title));
    }
}

/* A cashier changes how the till looks, and nothing else. */
static void
test_settings_of_a_cashier (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  till_stage_key (stage, GDK_KEY_comma, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SETTINGS);
  for (guint key = GDK_KEY_2; key <= GDK_KEY_4; key++)
    {
      till_stage_key (stage, key, 0);
      g_assert_nonnull (strstr (till_window_said (window), "for a manager"));
      g_assert_false (shows_text (till_window_page (window), "Name on slips"));
    }
  till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage); /* the size of text: the third is 150 % */
  till_stage_key (stage, GDK_KEY_3, 0);
  g_assert_cmpint (till_window_counter (window)->look.percent, ==, 150);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SETTINGS);
  g_assert_true (shows_text (till_window_page (window), "150 %"));
  for (int i = 0; i < 2; i++)
    till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage); /* colours: the fourth stands out */
  till_stage_key (stage, GDK_KEY_4, 0);
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (window), "contrast"));
  enter (stage); /* language */
  till_stage_key (stage, GDK_KEY_2, 0);
  g_assert_cmpstr (till_language_get (), ==, "zh_CN");
  g_assert_true (shows_text (till_window_page (window), "150 %"));
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  g_assert_cmpstr (till_language_get (), ==, "en");
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024, NULL);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (lines (stage), ==, 1);
}

/* The receipt is lost, the card is there: it finds the sale and proves nothing; another is told
 * from it. A card that cannot pay begins no payment. */
static void
test_return_by_card (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_window_take_card (window, NULL, "411111******4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "this reader cannot take a payment"));
  till_stage_provider (stage, TRUE);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_window_take_card (window, "tok-visa-4021", "411111******4021");
  till_stage_settle (stage);
  till_stage_provider (stage, TRUE);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);

  till_stage_key (stage, GDK_KEY_F4, 0);
  till_window_refuse_chip (window, FALSE);
  g_assert_nonnull (strstr (till_window_said (window), "was not read and nothing was charged"));
  till_window_refuse_chip (window, TRUE);
  g_assert_nonnull (strstr (till_window_said (window), "No bank card's number"));
  till_window_take_card (window, NULL, "520082******4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "No sale has the number 520082"));
  till_window_take_card (window, NULL, "4111********4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "is not proven"));
  till_stage_type (stage, "a");
  till_window_take_card (window, NULL, "411111******9999");
  g_assert_nonnull (strstr (till_window_said (window), "did not pay for this sale"));
  till_window_take_card (window, "tok-visa-4021", "411111******4021");
  g_assert_nonnull (strstr (till_window_said (window), "is not proven"));
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  enter (stage);
  till_stage_provider (stage, TRUE);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  /* Nothing of it is left to come back; the card still finds it, among the refunds too. */
  till_stage_key (stage, GDK_KEY_3, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_REFUNDS);
  till_window_take_card (window, NULL, "411111******4021");
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_RETURN);
  till_stage_type (stage, "a");
  g_assert_cmpint (till_window_total (window), ==, 0);
}

#define PEARS "20000011"

/* Goods by the kilogram, at ten yuan. */
static void
add_pears (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillClock) clock = till_clock_new_fake (INT64_C (1795314660000000), 9);
  g_autoptr (TillLedger) ledger = till_ledger_open (path, clock, &error);
  g_assert_no_error (error);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 1, "item", &error);
  const TillItem pears = { .code = (char *)PEARS,
                           .name = (char *)"Pears",
                           .name_alt = (char *)"",
                           .unit = (char *)"kg",
                           .category = (char *)"",
                           .price = 1000,
                           .vat_ppm = 90000 };
  TillItemChange change;
  till_item_store_put (txn, &pears, &change, &error);
  g_assert_no_error (error);
  till_txn_commit (txn, &error);
  g_assert_no_error (error);
}

static void
weigh_pears (TillStage *stage, TillWeighing weighing, int64_t milligrams, TillMoney total,
             const char *said)
{
  TillWindow *window = till_stage_window (stage);
  till_window_take_weight (window, weighing, milligrams);
  till_window_take_code (window, PEARS);
  till_stage_settle (stage);
  g_assert_cmpint (till_window_total (window), ==, total);
  g_assert_nonnull (strstr (till_window_said (window), said));
}

/* What lies still on the scale is what is sold, once. */
static void
test_weighed (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (dir, "ledger.db", NULL);
  till_stage_free (open_stage (path));
  add_pears (path);
  g_autoptr (TillStage) stage = open_stage (path);
  sign_in (stage, "1", "1111");
  weigh_pears (stage, TILL_WEIGHING_ZERO, 0, 0, "is empty");
  weigh_pears (stage, TILL_WEIGHING_MOVING, 500000, 0, "not still");
  weigh_pears (stage, TILL_WEIGHING_UNDER_ZERO, 0, 0, "less than nothing");
  weigh_pears (stage, TILL_WEIGHING_OVER_LIMIT, 0, 0, "too heavy");
  weigh_pears (stage, TILL_WEIGHING_STABLE, 400, 0, "too light");
  weigh_pears (stage, TILL_WEIGHING_STABLE, 1250000, 1250, "");
  till_window_take_code (till_stage_window (stage), PEARS);
  till_stage_settle (stage);
  g_assert_cmpint (till_window_total (till_stage_window (stage)), ==, 1250);
  g_assert_nonnull (strstr (till_window_said (till_stage_window (stage)), "taken already"));
  scan (stage, 3); /* by the piece, whatever lies on the scale */
  g_assert_cmpint (till_window_total (till_stage_window (stage)), ==, 1250 + 200);
  till_window_take_weight (till_stage_window (stage), TILL_WEIGHING_ZERO, 0);
  weigh_pears (stage, TILL_WEIGHING_STABLE, 1250000, 2500 + 200, "");
  /* Broken or gone, it is worked around: one kilogram, to be changed by hand. */
  weigh_pears (stage, TILL_WEIGHING_FAULT, 0, 3500 + 200, "Type the weight");
  weigh_pears (stage, TILL_WEIGHING_NONE, 0, 4500 + 200, "");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_window_take_weight (till_stage_window (stage), TILL_WEIGHING_STABLE, 1250000);
  g_assert_nonnull (strstr (till_window_said (till_stage_window (stage)), "shows 1.25 kg"));
  g_clear_pointer (&stage, till_stage_free);
  remove_books (dir);
}

/* Every device says what to do about it, and a card is tried without charging anybody. */
static void
test_devices (void)
{
  static const char *const says[] = { "It works", "Another program",   "may not open it",
                                      "is gone",  "cannot be watched", "does not know what it is" };
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_DEVICES);
  for (gsize i = 0; i < G_N_ELEMENTS (says); i++)
    {
      g_assert_true (shows_text (till_window_page (window), says[i]));
      till_stage_key (stage, GDK_KEY_Down, 0);
    }
  till_window_take_card (window, "token", "…4021");
  g_assert_nonnull (strstr (till_window_said (window), "…4021. Nothing was charged"));
  till_window_set_devices (window, NULL);
  till_window_devices_changed (window);
  till_stage_settle (stage);
  g_assert_true (shows_text (till_window_page (window), "No scanner, no reader"));
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

static void
type_text (TillStage *stage, const char *text)
{
  till_stage_text (stage, text);
  till_stage_key (stage, GDK_KEY_Return, 0);
}

/* A cashier may check and nothing else; the strip says what is due until somebody has looked. */
static void
test_register (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (dir, "ledger.db", NULL);
  g_autoptr (TillStage) stage = open_stage (path);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  g_assert_true (shows_text (till_window_page (window), "Not in the register"));
  till_stage_key (stage, GDK_KEY_c, 0);
  g_assert_nonnull (strstr (till_window_said (window), "does not go with"));
  /* One key, and its serial number stands there. */
  till_stage_key (stage, GDK_KEY_a, 0);
  g_assert_nonnull (strstr (till_window_said (window), "is taken in"));
  g_assert_true (shows_text (till_window_page (window), "S1234"));
  g_assert_true (shows_text (till_window_page (window), "Nobody wrote down whom to call"));
  g_assert_true (shows_text (till_window_page (window), "Firmware: 2.05"));
  g_assert_true (shows_text (till_window_page (window), ": Nothing was counted."));
  g_assert_true (shows_text (till_window_page (window), "used 128 times"));
  /* No day, and nothing was lost; then a day. */
  till_stage_key (stage, GDK_KEY_e, 0);
  for (int i = 0; i < 7; i++)
    till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_text (stage, "next year");
  for (int i = 0; i < 5; i++)
    till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows_text (GTK_WIDGET (window), "This is no day"));
  till_stage_key (stage, GDK_KEY_a, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_true (shows_text (till_window_page (window), "When its warranty ends was not"));
  /* Less is wanted of this kind. */
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_2, 0);
  till_stage_key (stage, GDK_KEY_End, 0);
  for (int i = 0; i < 5; i++)
    till_stage_key (stage, GDK_KEY_Up, 0);
  enter (stage);
  till_stage_type (stage, "28");
  enter (stage);
  till_stage_key (stage, GDK_KEY_s, 0);
  g_autofree char *days = till_stage_setting (stage, "check.days.scanner");
  g_assert_cmpstr (days, ==, "28");
  /* Four weeks later, and a shift begins. */
  till_stage_wait (stage, 29 * TILL_DAY);
  till_stage_settle (stage);
  till_stage_key (stage, GDK_KEY_5, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SHIFT);
  till_stage_type (stage, "50");
  till_stage_key (stage, GDK_KEY_f, 0);
  g_assert_nonnull (strstr (till_window_said (window), "50.00 went into the drawer. 1 device is"));
  till_window_books_changed (window);
  till_stage_settle (stage);
  g_assert_true (shows_text (GTK_WIDGET (window), "Checks due 1"));
  till_stage_key (stage, GDK_KEY_F12, 0);
  g_clear_pointer (&stage, till_stage_free);
  stage = open_stage (path);
  window = till_stage_window (stage);
  till_stage_wait (stage, 31 * TILL_DAY);
  sign_in (stage, "1", "1111");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_nonnull (strstr (till_window_said (window), "1 device is to be checked"));
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  till_stage_key (stage, GDK_KEY_r, 0);
  g_assert_nonnull (strstr (till_window_said (window), "for a manager"));
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_key (stage, GDK_KEY_2, 0);
  type_text (stage, "reads nothing");
  g_assert_nonnull (strstr (till_window_said (window), "failed its check"));
  g_assert_true (shows_text (till_window_page (window), "reads nothing"));
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_key (stage, GDK_KEY_1, 0);
  g_assert_nonnull (strstr (till_window_said (window), "works. It stands"));
  g_assert_false (shows_text (GTK_WIDGET (window), "Checks due"));
  g_clear_pointer (&stage, till_stage_free);
  remove_books (dir);
}

/* Who may not see the reports is told who may; who may sees the silence and what it was about. */
static void
test_network (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  g_autoptr (GError) error = NULL;
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_5, 0);
  g_assert_true (shows_text (till_window_page (window), "For whoever may see the reports"));
  g_clear_pointer (&stage, till_stage_free);
  stage = till_stage_new (NULL, 8, &error);
  g_assert_no_error (error);
  g_assert_true (till_plays_run (stage, "network", &error));
  GtkWidget *page = till_window_page (till_stage_window (stage));
  g_assert_true (shows_text (page, "1 of 19"));
  g_assert_true (shows_text (page, "payments: 1, refunds: 0"));
}

/* A printer that proves its test slip is checked; the one beside it, which cannot, is not. */
static void
test_printer_checked (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  till_stage_key (stage, GDK_KEY_n, 0);
  till_stage_key (stage, GDK_KEY_2, 0); /* a receipt printer */
  till_stage_text (stage, "Front printer");
  for (int i = 0; i < 11; i++)
    till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_text (stage, "04b8:0e28:J9X1");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_nonnull (strstr (till_window_said (window), "stands in the register"));
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_settle (stage);
  till_stage_key (stage, GDK_KEY_t, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "The register has it as the printer's"));
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_t, 0);
  till_stage_settle (stage);
  g_assert_null (strstr (till_window_said (window), "The register has it"));
  till_stage_key (stage, GDK_KEY_4, 0);
  g_assert_true (shows_text (till_window_page (window), "Check: good"));
}

static const TillDevice two_readers[]
    = { { 1, (char *)"MagTek reader", (char *)"magtek", (char *)"1-2", (char *)"B0A1", 0x0801,
          0x0011, TILL_DEVICE_READY, (char *)"", 0, 0, 0x0100 },
        { 2, (char *)"Other reader", (char *)"idtech", (char *)"1-3", (char *)"C", 0x0acd, 0x2010,
          TILL_DEVICE_READY, (char *)"", 0, 0, 0 } };

/* self: how many of them are plugged in. */
static GPtrArray *
list_readers (gpointer self)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  for (guint i = 0; i < *(const guint *)self; i++)
    g_ptr_array_add (devices, till_device_copy (&two_readers[i]));
  return devices;
}

/* A card proves the only reader there is, and of two it proves neither. */
static void
test_register_card (void)
{
  guint n = 2;
  const TillDeviceProbe probe = { list_readers, &n };
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  till_window_set_devices (window, &probe);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  till_stage_key (stage, GDK_KEY_a, 0);
  till_stage_key (stage, GDK_KEY_c, 0);
  till_window_take_card (window, "token", "…4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "…4021. Nothing was charged"));
  g_assert_false (shows_text (till_window_page (window), "seen by the till"));
  n = 1;
  till_window_take_card (window, "token", "…4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "works. It stands"));
  g_assert_true (shows_text (till_window_page (window), "seen by the till"));
  /* Nobody asks, or asks no more: it is a trial, and no check. */
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  till_window_take_card (window, "token", "…4021");
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "…4021. Nothing was charged"));
  till_window_set_devices (window, NULL);
}

static void
sell_one (TillStage *stage)
{
  scan (stage, 3);
  enter (stage);
  enter (stage);
}

/* What may be on paper is said to be there; what waited too long comes out only when asked for. */
static void
test_slips (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  sell_one (stage);
  till_stage_printer (stage, TILL_PRINT_UNKNOWN);
  till_window_lock (window);
  till_stage_type (stage, "1111");
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "1 slip was not printed"));
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_2, 0);
  g_assert_true (shows_text (till_window_page (window), "Nothing proves whether"));
  till_stage_key (stage, GDK_KEY_o, 0); /* there is no backlog */
  till_stage_key (stage, GDK_KEY_p, 0);
  g_assert_nonnull (strstr (till_window_said (window), "it was on paper"));
  g_assert_true (shows_text (till_window_page (window), "Every slip is printed"));
  till_stage_key (stage, GDK_KEY_p, 0); /* nothing is chosen any more */
  till_stage_key (stage, GDK_KEY_Escape, 0);
  sell_one (stage);
  sell_one (stage);
  till_stage_wait (stage, 20 * TILL_MINUTE);
  till_stage_printer (stage, TILL_PRINT_PRINTED);
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  g_assert_true (shows_text (till_window_page (window), "not printed unasked"));
  till_stage_key (stage, GDK_KEY_p, 0); /* nobody can have seen paper of it */
  g_assert_true (shows_text (till_window_page (window), "not printed unasked"));
  till_stage_key (stage, GDK_KEY_o, 0);
  till_stage_key (stage, GDK_KEY_2, 0); /* only the last one */
  g_assert_nonnull (strstr (till_window_said (window), "A copy prints"));
  g_assert_false (shows_text (till_window_page (window), "not printed unasked"));
  till_stage_printer (stage, TILL_PRINT_FAILED);
  g_assert_true (shows_text (till_window_page (window), "surely not on paper"));
  till_stage_key (stage, GDK_KEY_n, 0);
  g_assert_true (shows_text (till_window_page (window), "Every slip is printed"));
}

/* A printer is tried on the spot; taking it is for a manager. */
static void
test_printers (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_settle (stage);
  g_assert_true (shows_text (till_window_page (window), "a test slip shows whether it does"));
  till_stage_key (stage, GDK_KEY_t, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "the printer itself has said so"));
  g_assert_null (strstr (till_window_said (window), "The register has it"));
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_t, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "cannot prove it"));
  till_stage_key (stage, GDK_KEY_u, 0);
  g_assert_nonnull (strstr (till_window_said (window), "may not"));
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_t, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "not printed. (Out of paper)"));
  till_stage_key (stage, GDK_KEY_End, 0);
  till_stage_key (stage, GDK_KEY_t, 0); /* the roll is not tried … */
  till_stage_key (stage, GDK_KEY_u, 0); /* … and is taken already */
  g_assert_true (shows_text (till_window_page (window), "A file instead of paper"));
}

static void
test_printer_of_a_manager (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_settle (stage);
  till_stage_key (stage, GDK_KEY_u, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "from the next start"));
  g_autofree char *usb = till_stage_setting (stage, "paper.usb");
  g_assert_cmpstr (usb, ==, "04b8:0e28:J9X1");
  till_stage_key (stage, GDK_KEY_End, 0);
  till_stage_key (stage, GDK_KEY_u, 0); /* back onto the roll */
  till_stage_settle (stage);
  g_autofree char *none = till_stage_setting (stage, "paper.usb");
  g_assert_cmpstr (none, ==, "");
}

/* A manager has the till learn the drawer; what stays open is told after a minute, and no longer
 * than it does. A cashier is not offered the learning. */
static void
test_drawer (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_settle (stage);
  till_stage_key (stage, GDK_KEY_d, 0); /* slips do not go to this printer */
  till_stage_key (stage, GDK_KEY_u, 0);
  till_stage_settle (stage);
  g_assert_true (shows_text (till_window_page (window), "nobody has shown the till yet"));
  g_autofree char *before = till_stage_setting (stage, "drawer.closed");
  g_assert_cmpstr (before, ==, "");
  till_stage_key (stage, GDK_KEY_d, 0);
  till_stage_settle (stage);
  g_assert_nonnull (strstr (till_window_said (window), "Learnt."));
  g_autofree char *learnt = till_stage_setting (stage, "drawer.closed");
  g_assert_cmpstr (learnt, ==, "high");
  till_stage_drawer (stage, TRUE);
  g_assert_false (shows_text (GTK_WIDGET (window), "Drawer open"));
  till_stage_wait (stage, TILL_MINUTE);
  till_window_books_changed (window);
  till_stage_settle (stage);
  g_assert_true (shows_text (GTK_WIDGET (window), "Drawer open"));
  enter (stage); /* look again */
  till_stage_settle (stage);
  g_assert_true (shows_text (till_window_page (window), "Drawer: open since"));
  till_stage_drawer (stage, FALSE);
  g_assert_false (shows_text (GTK_WIDGET (window), "Drawer open"));
  enter (stage);
  till_stage_settle (stage);
  g_assert_true (shows_text (till_window_page (window), "Drawer: closed"));
  till_stage_key (stage, GDK_KEY_F12, 0);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_settle (stage);
  g_assert_false (shows_text (till_window_page (window), "D  Learn"));
}

/* A manager changes things together, takes one back, and nothing holds before it is saved. */
static void
test_settings_of_a_manager (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_2, 0);
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Nothing was changed"));
  for (int i = 0; i < 3; i++)
    till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage); /* the days for a return */
  till_stage_type (stage, "99999");
  enter (stage); /* more than there can be */
  g_assert_nonnull (strstr (till_window_said (window), "cannot be that"));
  for (int i = 0; i < 5; i++)
    till_stage_key (stage, GDK_KEY_BackSpace, 0);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  enter (stage);
  till_stage_type (stage, "14");
  enter (stage);
  till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage); /* what a cashier may return alone, in yuan */
  till_stage_type (stage, "300");
  enter (stage);
  g_assert_true (shows_text (till_window_page (window), "¥300.00"));
  g_assert_true (shows_text (till_window_page (window), "not saved yet"));
  g_assert_true (shows_text (till_window_page (window), "2 changes are not saved yet."));
  till_stage_key (stage, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_true (shows_text (till_window_page (window), "1 change is not saved yet."));
  g_assert_false (shows_text (till_window_page (window), "¥300.00"));
  g_autofree char *before = till_stage_setting (stage, "policy.window_days");
  g_assert_cmpstr (before, ==, "7");
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Saved"));
  g_autofree char *days = till_stage_setting (stage, "policy.window_days");
  g_autofree char *limit = till_stage_setting (stage, "policy.return_limit.cashier");
  g_assert_cmpstr (days, ==, "14");
  g_assert_cmpstr (limit, ==, "20000");
  g_assert_cmpint (till_window_counter (window)->shop->policy.window_days, ==, 14);
  g_assert_false (shows_text (till_window_page (window), "1 change is not saved yet."));
  g_assert_false (shows_text (till_window_page (window), "not saved yet"));
}

/* Codes find their provider: added, sent elsewhere, taken away; what it cannot take is not offered.
 */
static void
test_settings_of_routes (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_key (stage, GDK_KEY_Delete, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Only a rule"));
  till_stage_key (stage, GDK_KEY_End, 0);
  enter (stage);
  till_stage_type (stage, "6");
  till_stage_type (stage, "2");
  enter (stage);
  till_stage_key (stage, GDK_KEY_2, 0); /* the second that takes codes: UnionPay */
  g_assert_true (shows_text (till_window_page (window), "Codes that begin with 62"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_autofree char *one = till_stage_setting (stage, "provider.codes");
  g_assert_cmpstr (one, ==, "62=unionpay");
  till_stage_key (stage, GDK_KEY_Home, 0);
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_Delete, 0);
  g_assert_false (shows_text (till_window_page (window), "Codes that begin with 62"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_autofree char *none = till_stage_setting (stage, "provider.codes");
  g_assert_cmpstr (none, ==, "");
}

/* A key ends soon: the strip says so, and leads there. A file is taken in, or why not is said. */
static void
test_settings_of_keys (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  g_assert_false (shows_text (GTK_WIDGET (window), "Account unusable"));
  till_window_watch_accounts (window);
  till_stage_settle (stage);
  g_assert_true (shows_text (GTK_WIDGET (window), "Account unusable"));
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "Answered and believed"));
  till_stage_key (stage, GDK_KEY_End, 0);
  g_assert_true (shows_text (till_window_page (window), "Key ends soon"));
  for (int i = 0; i < 2; i++)
    {
      till_stage_key (stage, GDK_KEY_i, 0);
      till_stage_key (stage, GDK_KEY_3, 0);
      till_stage_text (stage, i ? "/tmp/next.pem" : "/tmp/next.txt");
      enter (stage);
      g_assert_nonnull (strstr (till_window_said (window), i ? "Taken in" : "was not taken in"));
    }
}

/* How much a provider holds: told with the time, kept beside its account; whoever has no such
 * request or no usable account is not asked. */
static void
test_settings_of_balance (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_b, 0); /* of this till's own settings there is none */
  g_assert_cmpstr (till_window_said (window), ==, "");
  till_stage_key (stage, GDK_KEY_4, 0);
  till_stage_key (stage, GDK_KEY_b, 0);
  const char *said = till_window_said (window);
  g_assert_nonnull (strstr (said, "Asked at "));
  g_assert_nonnull (strstr (said, "1,234.50"));
  g_assert_nonnull (strstr (said, "30.00"));
  g_assert_true (shows_text (till_window_page (window), "1,234.50"));
  till_stage_key (stage, GDK_KEY_Down, 0); /* an account that cannot be used */
  till_window_counter (window)->hands->say (window, TILL_TONE_PLAIN, NULL);
  till_stage_key (stage, GDK_KEY_b, 0);
  g_assert_cmpstr (till_window_said (window), ==, "");
  g_assert_false (shows_text (till_window_page (window), "1,234.50"));
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_b, 0);
  g_assert_nonnull (strstr (till_window_said (window), "is not known to the till"));
  g_assert_true (shows_text (till_window_page (window), "is not known to the till"));
  enter (stage); /* nobody answers the test: there is nothing to ask meanwhile */
  till_stage_key (stage, GDK_KEY_b, 0);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_nonnull (strstr (till_window_said (window), "The test was stopped"));
  till_stage_key (stage, GDK_KEY_Up, 0);
  till_stage_key (stage, GDK_KEY_Up, 0); /* what was told is still there */
  g_assert_true (shows_text (till_window_page (window), "1,234.50"));
}

/* A provider is stopped: the strip says so on every screen, the payment of the next customer is
 * given up at once, and where the strip leads one is let through, by a key or by a test that went
 * well. */
static void
test_stopped_provider (gconstpointer by_test)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  scan (stage, 0);
  enter (stage);
  till_stage_scan (stage, "134567890123456789");
  till_stage_provider (stage, TRUE);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  till_stage_key (stage, GDK_KEY_a, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  enter (stage);
  g_assert_false (shows_text (GTK_WIDGET (window), "Provider stopped"));
  till_stage_provider_refuses (stage);
  g_assert_true (shows_text (GTK_WIDGET (window), "Provider stopped"));
  till_stage_provider (stage, TRUE); /* nothing is sent meanwhile */
  g_assert_true (shows_text (GTK_WIDGET (window), "Provider stopped"));

  till_stage_key (stage, GDK_KEY_Escape, 0);
  scan (stage, 0);
  enter (stage);
  till_stage_scan (stage, "134567890123456789");
  till_stage_provider (stage, TRUE);
  g_assert_true (shows_text (GTK_WIDGET (window), "the provider is stopped"));

  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_4, 0);
  g_assert_true (
      shows_text (till_window_page (window), "the clock of this till is 7 minutes ahead"));
  g_assert_true (shows_text (till_window_page (window), "1 refund of"));
  till_stage_key (stage, GDK_KEY_Down, 0); /* of this one nothing is to be tried */
  till_window_counter (window)->hands->say (window, TILL_TONE_PLAIN, NULL);
  till_stage_key (stage, GDK_KEY_t, 0);
  g_assert_cmpstr (till_window_said (window), ==, "");
  till_stage_key (stage, GDK_KEY_Up, 0);
  if (by_test)
    enter (stage);
  else
    till_stage_key (stage, GDK_KEY_t, 0);
  g_assert_nonnull (
      strstr (till_window_said (window), by_test ? "Answered and believed" : "One is let through"));
  g_assert_true (shows_text (till_window_page (window), "One is let through now"));
  till_stage_provider (stage, TRUE);
  g_assert_false (shows_text (GTK_WIDGET (window), "Provider stopped"));
}

/* Held down or hit twice, Enter sends once. */
static void
test_double_enter (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  for (guint32 at = 100000; at < 101000; at += 30)
    till_window_press (window, GDK_KEY_Return, 0, at); /* no release between */
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_window_release (window);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  guint32 at = 200000;
  till_window_press (window, GDK_KEY_Return, 0, at);
  till_window_release (window);
  till_window_press (window, GDK_KEY_Return, 0, at + 120);
  till_window_release (window);
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_window_press (window, GDK_KEY_Return, 0, at + 800);
  till_window_release (window);
  till_stage_settle (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

/* A way to pay is chosen by its digit, and the digit is gone: what is typed next is whole. */
static void
test_way_to_pay (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "3");
  g_assert_cmpstr (till_window_line (window), ==, "");
  till_stage_type (stage, "8.5"); /* an amount after all */
  g_assert_cmpstr (till_window_line (window), ==, "38.5");
  for (int i = 0; i < 3; i++)
    till_stage_key (stage, GDK_KEY_BackSpace, 0);
  g_assert_cmpstr (till_window_line (window), ==, "");
  till_stage_type (stage, "134567890123456789");
  g_assert_cmpstr (till_window_line (window), ==, "134567890123456789");
  enter (stage);
  g_assert_cmpstr (till_window_line (window), ==, "");
  till_stage_provider (stage, TRUE);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  const TillSale *sale = till_window_counter (window)->last_sale;
  const TillLeg *leg = g_ptr_array_index (sale->legs, 0);
  g_assert_cmpint (leg->tender, ==, TILL_TENDER_CODE);
  g_assert_cmpstr (leg->masked, ==, "…6789");
  /* Scanned, it is the same. */
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "3");
  till_stage_scan (stage, "134567890123456789");
  g_assert_cmpstr (till_window_line (window), ==, "");
  till_stage_provider (stage, TRUE);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

/* A card at a terminal beside the till: the sale is saved, the slip is typed or scanned, and what
 * it cannot say is asked for again. */
static void
test_card_slip (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "4"); /* there is none yet: that is an amount */
  g_assert_cmpstr (till_window_line (window), ==, "4");
  till_stage_key (stage, GDK_KEY_Escape, 0);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_key (stage, GDK_KEY_End, 0);
  till_stage_key (stage, GDK_KEY_Up, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_2, 0);
  till_stage_key (stage, GDK_KEY_s, 0);
  g_autofree char *beside = till_stage_setting (stage, "provider.slip");
  g_assert_cmpstr (beside, ==, "sandbox");
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
  enter (stage);
  till_stage_type (stage, "4");
  g_assert_cmpstr (till_window_line (window), ==, "");
  enter (stage);
  g_assert_true (shows_text (till_window_page (window), "Key ¥39.80 into the card terminal"));
  till_stage_type (stage, "12611220003"); /* a digit is missing */
  enter (stage);
  till_stage_scan (stage, "26112200000031");
  till_stage_type (stage, "6226128223");
  enter (stage);
  till_stage_type (stage, "a1062976");
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "12 digits"));
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  till_stage_type (stage, "126112200031");
  for (int i = 0; i < 4; i++)
    enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  const TillSale *sale = till_window_counter (window)->last_sale;
  const TillLeg *leg = g_ptr_array_index (sale->legs, 0);
  g_assert_cmpint (sale->state, ==, TILL_SALE_PAID);
  g_assert_cmpstr (leg->slip->terminal_no, ==, "A1062976");
  g_assert_cmpstr (leg->slip->card, ==, "622612******8223");

  /* The next one is declined at the terminal. */
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "4");
  enter (stage);
  till_stage_key (stage, GDK_KEY_Delete, 0);
  g_assert_nonnull (strstr (till_window_said (window), "took nothing"));
  enter (stage); /* cash */
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
}

/* The change of the sale before is not shown to the customer after a return. */
static void
test_sell_after_return (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 3);
  enter (stage);
  till_stage_type (stage, "50");
  enter (stage);
  g_assert_cmpint (till_window_total (window), ==, 4800);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  scan (stage, 3);
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  enter (stage);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (till_window_total (window), ==, 0);
}

/* In the search field a scan is a scan, and typed digits are text. */
static void
test_scan_into_search (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_F2, 0);
  scan (stage, 3);
  g_assert_cmpint (lines (stage), ==, 1);
  till_stage_key (stage, GDK_KEY_F2, 0);
  till_stage_type (stage, "6970000000");
  till_stage_key (stage, GDK_KEY_Down, 0);
  enter (stage);
  g_assert_cmpint (lines (stage), ==, 2);
}

/* What one customer paid of a basket is never taken for another one's. */
static void
test_part_stays_with_its_basket (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  till_stage_type (stage, "20");
  enter (stage);
  g_assert_cmpint (till_window_total (window), ==, 3980 - 2000);
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
  enter (stage); /* the same basket: the part still counts */
  g_assert_cmpint (till_window_total (window), ==, 3980 - 2000);
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_F6, 0);
  scan (stage, 22);
  enter (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  g_assert_cmpint (till_window_total (window), ==, 3290);
  g_assert_cmpstr (till_window_said (window), !=, "");
}

/* A key that can do nothing says so. */
static void
test_says_why_not (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_F6, 0);
  g_assert_cmpstr (till_window_said (window), ==, "Nothing to park yet. Scan an item first.");
  scan (stage, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_Delete, 0);
  g_assert_cmpstr (till_window_said (window), ==, "There is nothing more to undo.");
  till_stage_key (stage, GDK_KEY_F4, 0);
  enter (stage);
  g_assert_cmpstr (till_window_said (window), ==,
                   "Scan the receipt first, then the goods that come back.");
  till_stage_key (stage, GDK_KEY_3, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_q, 0);
  g_assert_cmpstr (till_window_said (window), ==, "No refund is chosen.");
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
  enter (stage);
  till_stage_scan (stage, "134567890123456789"); /* asked, not answered */
  enter (stage);
  g_assert_cmpstr (till_window_said (window), ==,
                   "A payment is under way. Wait for it, or press Delete to give it up.");
}

/* One of a list, by a digit or by Enter: a reason for the drawer, the sale that comes back. */
static void
test_picks (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_F8, 0);
  till_stage_key (stage, GDK_KEY_9, 0); /* there is no ninth */
  g_assert_cmpstr (till_window_said (window), ==, "");
  till_stage_key (stage, GDK_KEY_2, 0);
  g_assert_cmpstr (till_window_said (window), ==, "The drawer opens. The reason is in the log.");
  scan (stage, 3);
  enter (stage);
  enter (stage);
  till_stage_key (stage, GDK_KEY_F4, 0);
  till_stage_key (stage, GDK_KEY_F2, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_a, 0);
  g_assert_cmpint (till_window_total (window), ==, 200);
}

/* Held at the counter, approved among the refunds; Esc in between asks nobody any more. */
static void
test_approve_later (void)
{
  g_autoptr (TillStage) stage = open_stage (NULL);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  scan (stage, 0);
  enter (stage);
  till_stage_scan (stage, "134567890123456789");
  till_stage_provider (stage, TRUE);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  till_stage_key (stage, GDK_KEY_a, 0);
  enter (stage);
  till_stage_key (stage, GDK_KEY_1, 0);
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_key (stage, GDK_KEY_r, 0);
  till_stage_key (stage, GDK_KEY_3, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_c, 0); /* nothing to put right */
  g_assert_cmpstr (till_window_said (window), !=, "");
  till_stage_key (stage, GDK_KEY_a, 0);
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_REFUNDS);
  till_stage_key (stage, GDK_KEY_a, 0);
  sign_in (stage, "3", "3333");
  g_assert_cmpstr (till_window_said (window), ==, "Done. It is in the time line.");
}

/* A shop in a folder, with a key to sign with. */
static TillStage *
open_folder (char **dir)
{
  g_autoptr (GError) error = NULL;
  *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (*dir, "ledger.db", NULL);
  TillStage *stage = till_stage_new (path, 0, &error);
  g_assert_no_error (error);
  return stage;
}

static void
remove_folder (const char *dir)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (entries)))
    {
      g_autofree char *file = g_build_filename (dir, name, NULL);
      g_unlink (file);
    }
  g_rmdir (dir);
}

/* Pieces of ¥100 … ¥0.10, each with Enter. */
static void
count_drawer (TillStage *stage, const char *const pieces[8])
{
  enter (stage);
  for (int i = 0; i < 8; i++)
    {
      till_stage_type (stage, pieces[i]);
      enter (stage);
    }
}

/* One sale of ¥39.80 on a float of ¥100: counted to the fen, ¥100 stays. */
static void
test_shift (void)
{
  static const char *const drawer[8] = { "1", "", "1", "1", "1", "4", "1", "3" };
  g_autofree char *dir = NULL;
  g_autoptr (TillStage) stage = open_folder (&dir);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_5, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SHIFT);
  till_stage_key (stage, GDK_KEY_f, 0); /* no amount yet */
  g_assert_cmpstr (till_window_said (window), ==, "Type the amount first.");
  till_stage_type (stage, "100");
  enter (stage); /* neither in nor out */
  g_assert_nonnull (strstr (till_window_said (window), "F puts it"));
  till_stage_key (stage, GDK_KEY_f, 0);
  g_assert_nonnull (strstr (till_window_said (window), "100.00 went into the drawer"));
  g_assert_cmpstr (till_window_line (window), ==, "");
  till_stage_key (stage, GDK_KEY_Escape, 0);
  scan (stage, 0);
  enter (stage);
  enter (stage);
  g_assert_cmpint (till_window_counter (window)->last_sale->total, ==, 3980);

  till_stage_key (stage, GDK_KEY_5, GDK_CONTROL_MASK);
  g_assert_cmpint (till_window_total (window), ==, 0); /* nothing from which to reckon the drawer */
  count_drawer (stage, drawer);
  g_assert_cmpint (till_window_total (window), ==, 13980); /* all of it goes to the safe … */
  till_stage_type (stage, "200");
  enter (stage);
  g_assert_nonnull (strstr (till_window_said (window), "cannot stay"));
  till_stage_key (stage, GDK_KEY_Escape, 0);
  till_stage_type (stage, "100");
  enter (stage);
  g_assert_cmpint (till_window_total (window), ==, 3980); /* … but for what stays */
  enter (stage);
  g_assert_cmpstr (till_window_said (window), ==, "The shift is closed. Its slip is on its way.");
  enter (stage); /* a second Enter only counts anew */
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_cmpint (till_window_total (window), ==, 0);
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_F5, 0);
  g_assert_cmpstr (till_window_said (window), ==, "One more copy is waiting to be printed.");
  g_clear_pointer (&stage, till_stage_free);
  remove_folder (dir);
}

/* Far from the books: a second person, and not the one who counted. */
static void
test_shift_second (void)
{
  static const char *const much[8] = { "1", "", "", "", "", "", "", "" };
  static const char *const nothing[8] = { "0", "", "", "", "", "", "", "" };
  g_autofree char *dir = NULL;
  g_autoptr (TillStage) stage = open_folder (&dir);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  till_stage_key (stage, GDK_KEY_5, GDK_CONTROL_MASK);
  count_drawer (stage, much);
  till_stage_key (stage, GDK_KEY_r, 0); /* counts again: what was counted is still there */
  g_assert_cmpint (till_window_total (window), ==, 10000);
  till_stage_key (stage, GDK_KEY_F9, 0);
  enter (stage);
  sign_in (stage, "1", "1111");
  g_assert_nonnull (strstr (till_window_said (window), "themselves"));
  till_stage_key (stage, GDK_KEY_Up, 0);
  till_stage_key (stage, GDK_KEY_BackSpace, 0);
  sign_in (stage, "2", "2222");
  g_assert_cmpstr (till_window_said (window), ==, "The shift is closed. Its slip is on its way.");

  /* Without the key nothing is closed, and what to do is said. */
  g_autofree char *key = g_build_filename (dir, "seal.key", NULL);
  g_unlink (key);
  count_drawer (stage, nothing);
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the log is told as well */
  enter (stage);
  g_log_set_always_fatal (fatal);
  g_assert_nonnull (strstr (till_window_said (window), "seal.key"));
  g_clear_pointer (&stage, till_stage_free);
  remove_folder (dir);
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
  g_test_add_func ("/till/wrong-pin-and-a-scan-into-it", test_wrong_pin);
  g_test_add_func ("/till/cash-sale-3-scans-2-keys", test_cash_sale);
  g_test_add_func ("/till/change", test_change);
  g_test_add_func ("/till/return-with-receipt-2-scans-3-keys", test_return_with_receipt);
  g_test_add_func ("/till/return-by-the-providers-number", test_return_by_reference);
  g_test_add_func ("/till/refund-not-confirmed", test_refund_unknown);
  g_test_add_func ("/till/second-person", test_second_person);
  g_test_add_func ("/till/undo-and-redo", test_undo);
  g_test_add_func ("/till/park-and-resume", test_park);
  g_test_add_func ("/till/plug/pulled-at-every-page", test_power_cut);
  g_test_add_func ("/till/lock", test_lock);
  g_test_add_func ("/till/lock-and-the-strip", test_lock_strip);
  g_test_add_func ("/till/another-language", test_language);
  g_test_add_func ("/till/double-enter", test_double_enter);
  g_test_add_func ("/till/card-slip", test_card_slip);
  g_test_add_func ("/till/providers", test_providers);
  g_test_add_func ("/till/no-providers", test_no_providers);
  g_test_add_func ("/till/return-by-card", test_return_by_card);
  g_test_add_func ("/till/weighed", test_weighed);
  g_test_add_func ("/till/devices", test_devices);
  g_test_add_func ("/till/register", test_register);
  g_test_add_func ("/till/network", test_network);
  g_test_add_func ("/till/printer-checked", test_printer_checked);
  g_test_add_func ("/till/register-card", test_register_card);
  g_test_add_func ("/till/slips", test_slips);
  g_test_add_func ("/till/printers", test_printers);
  g_test_add_func ("/till/printer-of-a-manager", test_printer_of_a_manager);
  g_test_add_func ("/till/drawer-learnt-and-left-open", test_drawer);
  g_test_add_func ("/till/settings-of-a-cashier", test_settings_of_a_cashier);
  g_test_add_func ("/till/settings-of-a-manager", test_settings_of_a_manager);
  g_test_add_func ("/till/settings-of-routes", test_settings_of_routes);
  g_test_add_func ("/till/settings-of-keys", test_settings_of_keys);
  g_test_add_func ("/till/settings-of-balance", test_settings_of_balance);
  g_test_add_data_func ("/till/stopped-provider/by-key", NULL, test_stopped_provider);
  g_test_add_data_func ("/till/stopped-provider/by-test", "test", test_stopped_provider);
  g_test_add_func ("/till/scan-into-a-search", test_scan_into_search);
  g_test_add_func ("/till/way-to-pay-leaves-the-line", test_way_to_pay);
  g_test_add_func ("/till/sell-after-a-return", test_sell_after_return);
  g_test_add_func ("/till/a-part-stays-with-its-basket", test_part_stays_with_its_basket);
  g_test_add_func ("/till/says-why-not", test_says_why_not);
  g_test_add_func ("/till/one-of-a-list", test_picks);
  g_test_add_func ("/till/held-and-approved-later", test_approve_later);
  g_test_add_func ("/till/shift", test_shift);
  g_test_add_func ("/till/shift-needs-a-second-person-and-a-key", test_shift_second);
  return g_test_run ();
}
