/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settlement files of a shop, by keys on real books: from the day's verdict to its differences,
 * to the word that closes one and the second person whom some need. First what must not work. */
#include "app/stage.h"
#include "data/core/secret.h"
#include "data/desk/staffing.h"
#include "data/desk/stopping.h"
#include "widgets/language.h"
#include "widgets/settlement-part.h"
#include "widgets/sheet.h"

#include <glib/gstdio.h>
#include <string.h>

/* Before the shop's first day: a payment and a refund of nobody's. */
#define STRAYS_DAY 20261118
#define STRAYS                                                                                     \
  "time,kind,request_no,original_no,provider_no,amount,fee\n"                                      \
  "2026-11-18 10:00:00,pay,NOBODYS-1,,P1,5.00,0.00\n"                                              \
  "2026-11-18 11:00:00,refund,NOBODYS-2,NOBODYS-1,P2,-4.00,0.00\n"                                 \
  "total,2,,,,1.00,0.00\n"

static TillStage *
open_stage (const char *no, const char *pin)
{
  g_autoptr (GError) error = NULL;
  TillStage *stage = till_stage_new (NULL, 2, &error);
  g_assert_no_error (error);
  till_stage_type (stage, no);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, pin);
  till_stage_key (stage, GDK_KEY_Return, 0);
  return stage;
}

static void
open_part (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_7, 0);
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
shows (TillStage *stage, const char *words)
{
  return find_shown (stage, says, words) != NULL;
}

static guint
rows (TillStage *stage)
{
  GType part = TILL_TYPE_SETTLEMENT_PART, sheet = TILL_TYPE_SHEET;
  GtkWidget *shown = find_shown (stage, is_kind, &part);
  GtkWidget *table = shown ? find (shown, is_kind, &sheet) : NULL;
  return table ? till_sheet_n_rows (TILL_SHEET (table)) : 0;
}

static void
file_comes (TillStage *stage, int day)
{
  static const TillFileRow rows[] = { { FALSE, "NOBODYS-1", 500 }, { TRUE, "NOBODYS-2", 400 } };
  till_stage_file (stage, day, rows, day == STRAYS_DAY ? G_N_ELEMENTS (rows) : 0);
}

/* --- stories --- */

static void
test_cashier (void)
{
  g_autoptr (TillStage) stage = open_stage ("1", "1111");
  open_part (stage);
  g_assert_true (shows (stage, "Reports are for supervisors"));
}

static void
test_supervisor (void)
{
  g_autoptr (TillStage) stage = open_stage ("2", "2222");
  TillWindow *window = till_stage_window (stage);
  open_part (stage);
  g_assert_true (shows (stage, "No settlement file so far"));
  till_stage_key (stage, GDK_KEY_f, 0);
  g_assert_cmpstr (till_window_said (window), ==, "No day is chosen.");
  till_stage_key (stage, GDK_KEY_r, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Only a manager brings a file"));
  file_comes (stage, STRAYS_DAY);
  g_assert_cmpuint (rows (stage), ==, 1);
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_cmpuint (rows (stage), ==, 2);
  g_assert_true (shows (stage, "Only a manager closes a difference"));
  till_stage_key (stage, GDK_KEY_c, 0);
  g_assert_nonnull (strstr (till_window_said (window), "Only a manager closes"));
}

static void
test_manager (void)
{
  g_autoptr (TillStage) stage = open_stage ("3", "3333");
  TillWindow *window = till_stage_window (stage);
  open_part (stage);
  file_comes (stage, STRAYS_DAY);
  file_comes (stage, STRAYS_DAY - 1);
  g_assert_cmpuint (rows (stage), ==, 2);
  g_assert_true (shows (stage, "2 differences are open"));
  g_assert_true (shows (stage, "Fetched by the till itself"));
  till_stage_key (stage, GDK_KEY_f, 0);
  g_assert_nonnull (strstr (till_window_said (window), "The provider is asked for the file now"));
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows (stage, "came in, and only the provider knows of it."));
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_text (stage, "the terminal at the back door");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_nonnull (strstr (till_window_said (window), "The difference is closed"));
  /* The open one stands first now; money left, and only the provider knows of it. */
  till_stage_key (stage, GDK_KEY_Home, 0);
  g_assert_true (shows (stage, "left the shop, and only the provider knows of it."));
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_text (stage, "tried by hand");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows (stage, "Who agrees? Number and PIN of the second person."));
  till_stage_type (stage, "3");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "3333");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_true (shows (stage, "Who agrees?")); /* nobody agrees with themselves */
  till_stage_type (stage, "2");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "2222");
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_nonnull (strstr (till_window_said (window), "tried by hand"));
  g_assert_false (shows (stage, "Who agrees?"));
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_true (shows (stage, "All differences of this day are closed."));
  till_stage_key (stage, GDK_KEY_Down, 0);
  g_assert_true (shows (stage, "The file and the books agree."));
  till_stage_key (stage, GDK_KEY_Return, 0);
  g_assert_cmpstr (till_window_said (window), ==, "Nothing of this day differs.");
  till_stage_key (stage, GDK_KEY_Escape, 0); /* and from the days to Sell */
  g_assert_cmpuint (rows (stage), ==, 0);
}

static gpointer
stop_provider (gpointer ledger, gpointer unused, GError **error)
{
  TillAnswer answer;
  g_autoptr (TillStaff) manager = NULL;
  g_assert_true (till_staffing_find (ledger, "3", &manager, error));
  g_assert_true (till_stopping_stop (ledger, manager->id, "sandbox", &answer, error));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return NULL;
}

static void
on_stopped (gpointer result, const GError *error, gpointer done)
{
  g_assert_no_error (error);
  *(gboolean *)done = TRUE;
}

static void
test_stopped (void)
{
  g_autoptr (TillStage) stage = open_stage ("3", "3333");
  TillCounter *counter = till_window_counter (till_stage_window (stage));
  gboolean done = FALSE;
  open_part (stage);
  file_comes (stage, STRAYS_DAY);
  till_worker_run (counter->ledger, stop_provider, NULL, NULL, NULL, on_stopped, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  till_stage_key (stage, GDK_KEY_f, 0);
  g_assert_nonnull (strstr (till_window_said (till_stage_window (stage)), "is stopped"));
}

static void
bring (TillStage *stage, const char *which, const char *path)
{
  till_stage_key (stage, GDK_KEY_r, 0);
  till_stage_text (stage, which);
  till_stage_key (stage, GDK_KEY_Return, 0);
  if (!path)
    return;
  till_stage_text (stage, path);
  till_stage_key (stage, GDK_KEY_Return, 0);
  /* It is read on a thread of the pool. */
  for (int i = 0; i < 2000 && !strstr (till_window_said (till_stage_window (stage)), "ile was");
       i++)
    g_main_context_iteration (NULL, TRUE);
  till_stage_settle (stage);
}

static void
test_brought (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("quittance-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "day.csv", NULL);
  g_autoptr (TillStage) stage = open_stage ("3", "3333");
  TillWindow *window = till_stage_window (stage);
  open_part (stage);
  bring (stage, "moon yesterday", NULL);
  g_assert_nonnull (strstr (till_window_said (window), "Write the name of the provider"));
  till_stage_key (stage, GDK_KEY_Escape, 0);
  g_assert_true (g_file_set_contents (path, "no file\n", -1, &error));
  bring (stage, "sandbox 2026-11-17", path);
  g_assert_nonnull (
      strstr (till_window_said (window), "The file was not read, and nothing is kept"));
  g_assert_true (shows (stage, "No settlement file so far"));
  g_assert_true (g_file_set_contents (path, STRAYS, -1, &error));
  bring (stage, "sandbox 2026-11-18", path);
  g_assert_nonnull (strstr (till_window_said (window), "2 rows do not agree"));
  g_assert_cmpuint (rows (stage), ==, 1);
  g_assert_true (shows (stage, "Brought by 陈静"));
  g_unlink (path);
  g_rmdir (dir);
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
  g_test_add_func ("/settlement-list/cashier", test_cashier);
  g_test_add_func ("/settlement-list/supervisor", test_supervisor);
  g_test_add_func ("/settlement-list/manager", test_manager);
  g_test_add_func ("/settlement-list/stopped", test_stopped);
  g_test_add_func ("/settlement-list/brought", test_brought);
  return g_test_run ();
}
