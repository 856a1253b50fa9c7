/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table that is filled anew shows the new rows, and touches only those that say something else.
 */
#include "widgets/sheet.h"

#include <string.h>

static const TillColumn columns[]
    = { { "Id", TILL_CELL_FIGURE, 4 }, { "Goods", TILL_CELL_TEXT, 0 } };

/* What the view hears of one filling. */
typedef struct
{
  guint times, at, removed, added;
} Heard;

static void
on_changed (GListModel *model, guint at, guint removed, guint added, gpointer user)
{
  Heard *heard = user;
  *heard = (Heard){ heard->times + 1, at, removed, added };
}

static GtkWidget *
find_view (GtkWidget *widget)
{
  if (GTK_IS_LIST_VIEW (widget))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_view (child);
  return found;
}

/* Fills with a row a letter; a capital is the same row with another text. */
static void
fill (TillSheet *sheet, const char *letters)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (const char *p = letters; *p; p++)
    {
      g_autofree char *text = g_strndup (p, 1);
      const char *cells[] = { "1", text };
      g_ptr_array_add (rows, till_sheet_row_new (g_ascii_tolower (*p), 2, cells));
    }
  till_sheet_fill (sheet, rows);
}

static void
assert_shows (TillSheet *sheet, const char *letters)
{
  g_assert_cmpuint (till_sheet_n_rows (sheet), ==, strlen (letters));
  for (guint i = 0; letters[i]; i++)
    {
      till_sheet_choose (sheet, (int)i);
      g_assert_cmpint (till_sheet_chosen_id (sheet), ==, g_ascii_tolower (letters[i]));
    }
}

static TillSheet *
sheet_new (Heard *heard)
{
  TillSheet *sheet = g_object_ref_sink (g_object_new (TILL_TYPE_SHEET, NULL));
  till_sheet_set_up (sheet, "Goods", columns, G_N_ELEMENTS (columns));
  GtkWidget *view = find_view (GTK_WIDGET (sheet));
  g_signal_connect (gtk_list_view_get_model (GTK_LIST_VIEW (view)), "items-changed",
                    G_CALLBACK (on_changed), heard);
  return sheet;
}

static void
test_touches (void)
{
  static const struct
  {
    const char *before, *after;
    Heard heard;
  } rows[] = {
    { "", "", { 0 } },
    { "", "ab", { 1, 0, 0, 2 } },
    { "ab", "", { 1, 0, 2, 0 } },
    { "abc", "abc", { 0 } },
    { "abc", "abcd", { 1, 3, 0, 1 } },
    { "abc", "ab", { 1, 2, 1, 0 } },
    { "abc", "bc", { 1, 0, 1, 0 } },
    { "abc", "aBc", { 1, 1, 1, 1 } },
    { "abcd", "axyd", { 1, 1, 2, 2 } },
    { "aa", "aaa", { 1, 2, 0, 1 } },
    { "aaa", "aa", { 1, 2, 1, 0 } },
    { "aba", "a", { 1, 1, 2, 0 } },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Heard heard = { 0 };
      g_autoptr (TillSheet) sheet = sheet_new (&heard);
      fill (sheet, rows[i].before);
      heard = (Heard){ 0 };
      fill (sheet, rows[i].after);
      g_test_message ("%s -> %s", rows[i].before, rows[i].after);
      g_assert_cmpmem (&heard, sizeof heard, &rows[i].heard, sizeof heard);
      assert_shows (sheet, rows[i].after);
    }
}

/* Any row of fillings ends in what the last one said. */
static void
test_any_order (void)
{
  Heard heard = { 0 };
  g_autoptr (TillSheet) sheet = sheet_new (&heard);
  for (int round = 0; round < 500; round++)
    {
      char letters[9] = "";
      int n = g_test_rand_int_range (0, 8);
      for (int i = 0; i < n; i++)
        letters[i] = "abcABC"[g_test_rand_int_range (0, 6)];
      fill (sheet, letters);
      assert_shows (sheet, letters);
    }
}

/* The choice stays where it was, or goes to the last row there is. */
static void
test_choice (void)
{
  Heard heard = { 0 };
  g_autoptr (TillSheet) sheet = sheet_new (&heard);
  fill (sheet, "abcd");
  till_sheet_choose (sheet, 2);
  fill (sheet, "abCd");
  g_assert_cmpint (till_sheet_chosen (sheet), ==, 2);
  fill (sheet, "ab");
  g_assert_cmpint (till_sheet_chosen (sheet), ==, 1);
  fill (sheet, "");
  g_assert_cmpint (till_sheet_chosen (sheet), ==, -1);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sheet/touches", test_touches);
  g_test_add_func ("/sheet/any-order", test_any_order);
  g_test_add_func ("/sheet/choice", test_choice);
  return g_test_run ();
}
