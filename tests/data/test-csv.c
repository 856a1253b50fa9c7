/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as text, wrong ones first: what was written, what comes out row by row. */
#include "data/core/csv.h"
#include "data/core/error.h"

#include <glib/gstdio.h>
#include <string.h>

static gboolean
on_row (const TillCsvRow *row, gpointer user, GError **error)
{
  GString *seen = user;
  g_string_append_printf (seen, "%d:", (int)row->line);
  if (row->problem)
    g_string_append_printf (seen, "!%s", row->problem);
  for (guint i = 0; i < row->n; i++)
    g_string_append_printf (seen, "%s%s", i ? "|" : "", row->fields[i]);
  g_string_append_printf (seen, "%s/", strcmp (row->encoding, "UTF-8") ? "(gb)" : "");
  g_assert_cmpint (row->done, <=, row->total);
  return TRUE;
}

static char *
read_text (const char *text, gsize size, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("csv-XXXXXX", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, (gssize)size, NULL));
  g_autoptr (GString) seen = g_string_new (NULL);
  gboolean good = till_csv_read (path, on_row, seen, NULL, error);
  g_unlink (path);
  return good ? g_strdup (seen->str) : NULL;
}

#define LONE "!a quote stands where none may stand/"
#define OPEN "!a quote is never closed/"

static void
test_rows (void)
{
  static const struct
  {
    const char *text;
    gsize size;
    const char *seen;
  } rows[] = {
#define T(text) text, sizeof text - 1
    { T (""), "" },
    { T ("a,b\n1,2"), "1:a|b/2:1|2/" },
    { T ("a;b\r\n1;2,5\r\n"), "1:a|b/2:1|2,5/" },
    { T ("a\tb\n\n \n1\t\n"), "1:a|b/4:1|/" },
    { T ("a,b\r1,2\r"), "1:a|b/2:1|2/" },
    { T ("\xef\xbb\xbf"
         "a,b\n"),
      "1:a|b/" },
    { T ("a,b\n\"x\ny\",\"say \"\"hi\"\"\"\n3,4\n"), "1:a|b/2:x\ny|say \"hi\"/4:3|4/" },
    /* A stray quote costs one row, wherever it stands. */
    { T ("a,b\n\"x,1\ny,2\nz,3\n"), "1:a|b/2:" OPEN "3:y|2/4:z|3/" },
    { T ("a,b\n\"x,1\ny,\"2\nz,3\n"), "1:a|b/2:" LONE "3:" OPEN "4:z|3/" },
    { T ("a,b\n5\" pipe,1\nz,3\n"), "1:a|b/2:" LONE "3:z|3/" },
    { T ("a\tb\n5\" pipe\t1\n\"z\t3\n"), "1:a|b/2:5\" pipe|1/3:\"z|3/" },
    { T ("a,b\nx\0y,1\nz,3\n"), "1:a|b/2:!it has a NUL byte/3:z|3/" },
    { T ("a,b\n苹果,1\n\xc3(,2\n梨,3\n"), "1:a|b/2:苹果|1/3:!it is not UTF-8 throughout/4:梨|3/" },
    /* 苹果 and a character of four bytes in GB18030; then half a character */
    { T ("a,b\n\xc6\xbb\xb9\xfb,1\n\x95\x32\x82\x36,2\n\xc6,3\n"),
      "1:a|b(gb)/2:苹果|1(gb)/3:𠀀|2(gb)/4:!it is not GB18030 throughout(gb)/" },
    { T ("a,b\n\xef\xbf\xbe,1\n"), "1:a|b/2:\xef\xbf\xbe|1/" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *seen = read_text (rows[i].text, rows[i].size, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (seen, ==, rows[i].seen);
    }
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("a,b\n");
  for (int i = 0; i < 65; i++)
    g_string_append (text, "x,");
  g_string_append (text, "\n1,");
  for (int i = 0; i < 4097; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "\n2,\"");
  for (int i = 0; i < 70; i++)
    g_string_append (text, "\n");
  g_string_append (text, "3,4\n");
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = read_text (text->str, text->len, &error);
  g_assert_cmpstr (seen, ==,
                   "1:a|b/2:!it has more than 64 columns/3:!a field is longer than 4 KiB/"
                   "4:!it is too long; perhaps a quote is never closed/74:3|4/");
}

static void
test_no_text (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (read_text ("\xff\xfe"
                            "a\0,\0",
                            6, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (till_csv_read ("/nowhere/at/all", on_row, NULL, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (till_csv_read ("/dev/zero", on_row, NULL, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* What is written is harmless in a spreadsheet, and reads back as it was otherwise. */
static void
test_writing (void)
{
  static const char *const dangerous[]
      = { "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1" };
  g_autoptr (GString) file = g_string_new (NULL);
  till_csv_add_text (file, "");
  till_csv_add_text (file, "a \"quoted\", b");
  till_csv_add_figure (file, "-12.50");
  till_csv_end_row (file);
  g_assert_cmpstr (file->str, ==, "\"\",\"a \"\"quoted\"\", b\",-12.50\r\n");
  for (gsize i = 0; i < G_N_ELEMENTS (dangerous); i++)
    {
      g_string_truncate (file, 0);
      till_csv_add_text (file, dangerous[i]);
      g_assert_true (g_str_has_prefix (file->str, "\"'"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/rows", test_rows);
  g_test_add_func ("/csv/bounds", test_bounds);
  g_test_add_func ("/csv/no-text", test_no_text);
  g_test_add_func ("/csv/writing", test_writing);
  return g_test_run ();
}
