/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the warning in the strip to the list of notices and to the word that settles one, by keys
 * and presses on real books. First what must not work. */
#include "app/stage.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/noticing.h"
#include "widgets/language.h"
#include "widgets/notices-part.h"
#include "widgets/refund-detail.h"
#include "widgets/sheet.h"

#include <glib/gstdio.h>
#include <string.h>

static TillStage *
open_stage (void)
{
  g_autoptr (GError) error = NULL;
  TillStage *stage = till_stage_new (NULL, 2, &error);
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
tell_nobodys (TillStage *stage, const char *number)
{
  till_stage_notice (stage, "wechat", number, TRUE, "SUCCESS", 12800);
}

static void
press_ctrl_9 (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_9, GDK_CONTROL_MASK);
}

/* --- looking --- */

typedef gboolean (*Fits) (GtkWidget *widget, gconstpointer what);

/* The first that fits among what is shown. */
static GtkWidget *
find (GtkWidget *widget, Fits fits, gconstpointer what)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (fits (widget, what))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, fits, what);
  return found;
}

static GtkWidget *
find_shown (TillStage *stage, Fits fits, gconstpointer what)
{
  return find (GTK_WIDGET (till_stage_window (stage)), fits, what);
}

static gboolean
is_kind (GtkWidget *widget, gconstpointer type)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (widget, *(const GType *)type);
}

static gboolean
says (GtkWidget *widget, gconstpointer words)
{
  return GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), words);
}

static gboolean
is_called (GtkWidget *widget, gconstpointer words)
{
  const char *name = g_object_get_data (G_OBJECT (widget), "till-access-name");
  return GTK_IS_BUTTON (widget) && name && strstr (name, words);
}

static gboolean
shows (TillStage *stage, const char *words)
{
  return find_shown (stage, says, words) != NULL;
}

static GtkWidget *
alarm_of (TillStage *stage)
{
  return find_shown (stage, is_called, "we do not know");
}

static guint
rows (TillStage *stage)
{
  GType part = TILL_TYPE_NOTICES_PART, sheet = TILL_TYPE_SHEET;
  GtkWidget *shown = find_shown (stage, is_kind, &part);
  GtkWidget *table = shown ? find (shown, is_kind, &sheet) : NULL;
  return table ? till_sheet_n_rows (TILL_SHEET (table)) : 0;
}

static void
press (TillStage *stage, GtkWidget *button)
{
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  till_stage_settle (stage);
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

/* --- stories --- */

/* The strip is there while the till is locked. */
static void
test_locked (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  TillWindow *window = till_stage_window (stage);
  tell_nobodys (stage, "NOBODYS-1");
  press (stage, alarm_of (stage)); /* nobody has signed in */
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  sign_in (stage, "3", "3333");
  till_stage_key (stage, GDK_KEY_F12, 0);
  press (stage, alarm_of (stage));
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
  g_assert_cmpstr (till_window_said (window), ==, "Sign in first.");
  press_ctrl_9 (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_LOGIN);
}

/* A cashier sees it and is told who settles it, and why. */
static void
test_cashier (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "1", "1111");
  g_assert_null (alarm_of (stage));
  tell_nobodys (stage, "NOBODYS-1");
  g_assert_nonnull (alarm_of (stage));
  press_ctrl_9 (stage);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_REFUNDS);
  g_assert_cmpuint (rows (stage), ==, 1);
  g_assert_true (shows (stage, "Only a manager settles it"));
  g_assert_false (shows (stage, "Settle…"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Only a manager"));
  g_assert_false (shows (stage, "Settle the notice"));
  g_assert_nonnull (alarm_of (stage));
}

static void
test_empty (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  sign_in (stage, "3", "3333");
  press_ctrl_9 (stage);
  g_assert_true (shows (stage, "No notices"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_cmpstr (till_window_said (till_stage_window (stage)), ==, "No notice is chosen.");
  till_stage_key (stage, GDK_KEY_m, 0);
  till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_1, 0);
  g_assert_false (shows (stage, "No notices"));
}

/* Warning, list, word, no warning. Without a word nothing is settled. */
static void
test_manager (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  tell_nobodys (stage, "NOBODYS-1");
  tell_nobodys (stage, "NOBODYS-2");
  g_assert_nonnull (find_shown (stage, is_called, "2 notices"));
  press (stage, alarm_of (stage));
  g_assert_true (shows (stage, "Notice 1 · WeChat Pay · refund NOBODYS-1 · ¥128.00"));
  g_assert_false (shows (stage, "not our amount"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_true (shows (stage, "cannot be taken back"));
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows (stage, "Write it down first"));
  till_stage_text (stage, "  ");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows (stage, "Write it down first"));
  g_assert_nonnull (find_shown (stage, is_called, "2 notices"));
  till_stage_text (stage, "the web shop");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_cmpstr (till_window_said (window), ==,
                   "Notice 1 is settled: “the web shop”. It stands in the journal with the name of "
                   "陈静 Chen Jing.");
  g_assert_nonnull (find_shown (stage, is_called, "1 notice "));
  g_assert_true (shows (stage, "Notices  1"));
  g_assert_true (shows (stage, "refund NOBODYS-2")); /* the next is chosen */
  till_stage_key (stage, GDK_KEY_s, 0);
  till_stage_text (stage, "the same");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_null (alarm_of (stage));
  g_assert_true (shows (stage, "Notices  0"));
  g_assert_cmpuint (rows (stage), ==, 2); /* what was told stays on the list */
  g_assert_true (shows (stage, "陈静 Chen Jing settled it"));
  till_stage_key (stage, GDK_KEY_s, 0);
  g_assert_cmpstr (till_window_said (window), ==, "Nothing is to be done.");
}

static gpointer
settle_behind (gpointer ledger, gpointer user, GError **error)
{
  TillAnswer answer;
  till_noticing_settle (ledger, *(int64_t *)user, 1, "at another till", &answer, error);
  return NULL;
}

static void
on_settled (gpointer result, const GError *error, gpointer user)
{
  *(int64_t *)user = 0;
}

/* Somebody else was faster: their word stands. */
static void
test_settled_meanwhile (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  tell_nobodys (stage, "NOBODYS-1");
  press_ctrl_9 (stage);
  till_stage_key (stage, GDK_KEY_s, 0);
  till_stage_text (stage, "mine");
  int64_t staff = till_window_counter (window)->staff->id;
  till_worker_run (till_window_counter (window)->ledger, settle_behind, &staff, NULL, NULL,
                   on_settled, &staff);
  while (staff != 0)
    g_main_context_iteration (NULL, TRUE);
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_nonnull (strstr (till_window_said (window), "No unsettled notice has the number 1"));
  g_assert_true (shows (stage, "at another till"));
  g_assert_null (alarm_of (stage));
}

/* The choice stays with its notice when another one is told. */
static void
test_choice_stays (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  sign_in (stage, "3", "3333");
  tell_nobodys (stage, "NOBODYS-1");
  press_ctrl_9 (stage);
  till_stage_key (stage, GDK_KEY_s, 0);
  till_stage_text (stage, "a trial");
  till_stage_key (stage, GDK_KEY_Return, 0);
  tell_nobodys (stage, "NOBODYS-2"); /* goes before the settled one */
  g_assert_cmpuint (rows (stage), ==, 2);
  g_assert_true (shows (stage, "refund NOBODYS-1"));
  till_stage_key (stage, GDK_KEY_Up, 0);
  g_assert_true (shows (stage, "refund NOBODYS-2"));
}

static void
send_refund (TillStage *stage)
{
  g_autofree char *code = till_stage_item_code (stage, 3);
  till_stage_scan (stage, code);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_scan (stage, "134567890123456789");
  till_stage_provider (stage, TRUE);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  till_stage_key (stage, GDK_KEY_a, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_key (stage, GDK_KEY_1, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_provider (stage, FALSE);
}

/* Of ours: no warning, and O shows the refund. */
static void
test_ours (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  GType detail = TILL_TYPE_REFUND_DETAIL;
  sign_in (stage, "3", "3333");
  send_refund (stage);
  till_stage_notice (stage, "sandbox", NULL, TRUE, "SUCCESS", 1);
  send_refund (stage); /* goes before it on the list of refunds */
  g_assert_null (alarm_of (stage));
  press_ctrl_9 (stage);
  g_assert_cmpuint (rows (stage), ==, 1);
  g_assert_true (shows (stage, "about a refund of this shop"));
  g_assert_true (shows (stage, "it speaks of ¥0.01, which is not our amount"));
  g_assert_null (find_shown (stage, is_kind, &detail));
  GtkWidget *title = find_shown (stage, says, "Practice provider · refund ");
  g_assert_nonnull (title);
  g_autofree char *named = g_strdup (gtk_label_get_text (GTK_LABEL (title)));
  till_stage_key (stage, GDK_KEY_o, 0);
  GtkWidget *shown = find_shown (stage, is_kind, &detail);
  g_assert_nonnull (shown);
  const TillRefund *refund = till_refund_detail_shown (TILL_REFUND_DETAIL (shown));
  g_autofree char *spaced = till_number_spaced (refund->no);
  g_assert_nonnull (strstr (named, spaced));
  /* A slip shows its refund, whatever list was open. Not scanned: a scanner's digits choose lists
   * as well. */
  g_autofree char *no = g_strdup (refund->no);
  press_ctrl_9 (stage);
  g_assert_null (find_shown (stage, is_kind, &detail));
  till_window_go (till_stage_window (stage), TILL_SCREEN_REFUNDS, no);
  till_stage_settle (stage);
  g_assert_nonnull (find_shown (stage, is_kind, &detail));
}

/* Bounded, and more for whoever asks. */
static void
test_many (void)
{
  g_autoptr (TillStage) stage = open_stage ();
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "3", "3333");
  for (int i = 0; i < 201; i++)
    {
      g_autofree char *number = g_strdup_printf ("NOBODYS-%d", i);
      tell_nobodys (stage, number);
    }
  press_ctrl_9 (stage);
  g_assert_cmpuint (rows (stage), ==, 200);
  g_assert_true (shows (stage, "These are the first 200."));
  till_stage_key (stage, GDK_KEY_m, 0);
  g_assert_cmpuint (rows (stage), ==, 201);
  g_assert_false (shows (stage, "These are the first"));
  till_stage_key (stage, GDK_KEY_m, 0);
  g_assert_cmpstr (till_window_said (window), ==, "There is nothing more to show.");
  till_stage_key (stage, GDK_KEY_5, 0); /* begins at the first ones again */
  g_assert_cmpuint (rows (stage), ==, 200);
}

/* What the report says of it, and the close of a shift. */
static void
test_told_elsewhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "ledger.db", NULL);
  g_autoptr (TillStage) stage = till_stage_new (path, 0, &error); /* a close wants a key beside */
  g_assert_no_error (error);
  TillWindow *window = till_stage_window (stage);
  sign_in (stage, "2", "2222");
  till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
  g_assert_false (shows (stage, "Ctrl+9"));
  tell_nobodys (stage, "NOBODYS-1");
  g_assert_true (shows (stage, "1 notice is about a number we do not know: Ctrl+9 shows it. They "
                               "tell of refunds of ¥128.00 and payments of ¥0.00"));
  till_stage_key (stage, GDK_KEY_5, GDK_CONTROL_MASK);
  for (int i = 0; i < 11; i++) /* an empty drawer, counted; nothing stays; closed */
    if (!strstr (till_window_said (window), "The shift is closed."))
      till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_cmpstr (till_window_said (window), ==,
                   "The shift is closed. Its slip is on its way. 1 notice about a number we do not "
                   "know is unsettled.");
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
  g_test_add_func ("/notices/locked", test_locked);
  g_test_add_func ("/notices/cashier", test_cashier);
  g_test_add_func ("/notices/empty", test_empty);
  g_test_add_func ("/notices/manager-settles", test_manager);
  g_test_add_func ("/notices/settled-meanwhile", test_settled_meanwhile);
  g_test_add_func ("/notices/choice-stays", test_choice_stays);
  g_test_add_func ("/notices/ours", test_ours);
  g_test_add_func ("/notices/many", test_many);
  g_test_add_func ("/notices/told-elsewhere", test_told_elsewhere);
  return g_test_run ();
}
