/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder that is a printer: out of paper, power cuts, the same job twice. */
#include "data/core/error.h"
#include "data/core/fault.h"
#include "devices/print/rollfile.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  TillPrinter *printer;
} Shop;

static void
set_up (Shop *shop, gconstpointer data)
{
  shop->dir = g_dir_make_tmp ("till-rollfile-XXXXXX", NULL);
  shop->printer = till_roll_file_new (shop->dir, NULL);
  g_assert_nonnull (shop->printer);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  till_fault_restore ();
  g_clear_pointer (&shop->printer, till_printer_free);
  remove_all (shop->dir);
  g_free (shop->dir);
}

static void
again (Shop *shop)
{
  g_clear_pointer (&shop->printer, till_printer_free);
  shop->printer = till_roll_file_new (shop->dir, NULL);
  g_assert_nonnull (shop->printer);
}

static char *
submit (Shop *shop, const char *title, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return till_printer_submit (shop->printer, title, bytes, 0, error);
}

static void
assert_paper (Shop *shop, const char *expected)
{
  g_autoptr (GBytes) roll = till_roll_file_tail (shop->dir, 1000, NULL);
  g_assert_cmpmem (g_bytes_get_data (roll, NULL), g_bytes_get_size (roll), expected,
                   strlen (expected));
}

static void
assert_state (Shop *shop, const char *job, const char *title, TillJobState state, guint trouble)
{
  g_autoptr (TillJobReport) told = till_printer_report (shop->printer, job, title, NULL);
  g_assert_nonnull (told);
  g_assert_cmpint (told->state, ==, state);
  g_assert_cmpuint (told->trouble, ==, trouble);
}

static void
test_prints (Shop *shop, gconstpointer data)
{
  g_autofree char *one = submit (shop, "slip-1", "one\n", NULL);
  g_autofree char *two = submit (shop, "slip-2", "two\n", NULL);
  g_autofree char *twice = submit (shop, "slip-1", "one\n", NULL);
  g_assert_cmpstr (one, ==, "1");
  g_assert_cmpstr (two, ==, "2");
  g_assert_cmpstr (twice, ==, "1");
  assert_paper (shop, "one\ntwo\n");
  assert_state (shop, one, "slip-1", TILL_JOB_COMPLETED, 0);
  again (shop);
  g_autofree char *found = till_printer_find (shop->printer, "slip-2", NULL);
  g_assert_cmpstr (found, ==, "2");
  g_autoptr (GBytes) tail = till_roll_file_tail (shop->dir, 7, NULL);
  g_assert_cmpmem (g_bytes_get_data (tail, NULL), g_bytes_get_size (tail), "two\n", 4);
}

static void
test_out_of_paper (Shop *shop, gconstpointer data)
{
  g_autofree char *empty = g_build_filename (shop->dir, "out-of-paper", NULL);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_autofree char *job = submit (shop, "slip-1", "one\n", NULL);
  assert_state (shop, job, "slip-1", TILL_JOB_PROCESSING, TILL_PRINTER_PAPER_OUT);
  assert_paper (shop, "");
  g_remove (empty);
  assert_state (shop, job, "slip-1", TILL_JOB_COMPLETED, 0);
  assert_paper (shop, "one\n");
}

static void
test_refuses (Shop *shop, gconstpointer data)
{
  static const char *const titles[] = {
    "",    ".",    "../x", "a/b",
    "a b", "a\nb", "退",   "12345678901234567890123456789012345678901234567890123456789012345"
  };
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (submit (shop, titles[i], "x", &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_autoptr (GError) empty = NULL, unknown = NULL, stranger = NULL, second = NULL;
  g_assert_null (submit (shop, "slip-1", "", &empty));
  g_assert_error (empty, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_null (till_printer_find (shop->printer, "slip-1", &unknown));
  g_assert_error (unknown, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autofree char *job = submit (shop, "slip-1", "x", NULL);
  g_assert_null (till_printer_report (shop->printer, "2", "slip-1", &stranger));
  g_assert_error (stranger, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_null (till_roll_file_new (shop->dir, &second));
  g_assert_error (second, TILL_ERROR, TILL_ERROR_BUSY);
}

/* Whatever the point at which the power fails, afterwards the slip is on paper once. */
static void
test_power_cut (Shop *shop, gconstpointer data)
{
  GString *expected = g_string_new (NULL);
  guint points = 0;
  for (guint nth = 1; nth <= 20; nth++)
    {
      g_autofree char *title = g_strdup_printf ("slip-%u", nth);
      g_autofree char *text = g_strdup_printf ("slip %u\n", nth);
      till_fault_arm (nth);
      g_autoptr (GError) error = NULL;
      g_autofree char *lost = submit (shop, title, text, &error);
      points += till_fault_where () ? 1 : 0;
      g_assert_true (till_fault_where () ? g_error_matches (error, TILL_ERROR, TILL_ERROR_STOPPED)
                                         : lost != NULL);
      till_fault_restore ();
      again (shop);
      g_autofree char *job = submit (shop, title, text, NULL);
      g_string_append (expected, text);
      assert_state (shop, job, title, TILL_JOB_COMPLETED, 0);
      assert_paper (shop, expected->str);
    }
  g_assert_cmpuint (points, ==, 4);
  g_string_free (expected, TRUE);
}

/* The roll was written halfway through a job when the power failed. */
static void
test_goes_on_in_the_middle (Shop *shop, gconstpointer data)
{
  g_autofree char *empty = g_build_filename (shop->dir, "out-of-paper", NULL);
  g_autofree char *roll = g_build_filename (shop->dir, "roll.bin", NULL);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_autofree char *one = submit (shop, "slip-1", "one\n", NULL);
  g_autofree char *two = submit (shop, "slip-2", "two\n", NULL);
  g_assert_true (g_file_set_contents (roll, "one\nt", -1, NULL));
  assert_state (shop, one, "slip-1", TILL_JOB_COMPLETED, 0);
  assert_state (shop, two, "slip-2", TILL_JOB_PROCESSING, TILL_PRINTER_PAPER_OUT);
  g_remove (empty);
  assert_state (shop, two, "slip-2", TILL_JOB_COMPLETED, 0);
  assert_paper (shop, "one\ntwo\n");
}

static void
test_missing_job_is_told (Shop *shop, gconstpointer data)
{
  g_autofree char *one = submit (shop, "slip-1", "one\n", NULL);
  g_autofree char *two = submit (shop, "slip-2", "two\n", NULL);
  g_autofree char *file = g_build_filename (shop->dir, "jobs", "000001-00000000-slip-1", NULL);
  g_assert_cmpint (g_remove (file), ==, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (submit (shop, "slip-3", "x", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
}

#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/rollfile/prints", test_prints);
  ADD ("/rollfile/out-of-paper", test_out_of_paper);
  ADD ("/rollfile/refuses", test_refuses);
  ADD ("/rollfile/plug", test_power_cut);
  ADD ("/rollfile/goes-on-in-the-middle", test_goes_on_in_the_middle);
  ADD ("/rollfile/missing-job-is-told", test_missing_job_is_told);
  return g_test_run ();
}
