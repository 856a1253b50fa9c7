/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a target over the files of its corpus, a case each, and over every beginning of each file:
 * input that ends early is the commonest kind of bad input. usage: fuzz-NAME FOLDER */
#include "tests/fuzz/fuzz.h"

#define BEGINNINGS_MAX 256

static void
run_file (gconstpointer path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size;
  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  gsize step = size / BEGINNINGS_MAX + 1;
  for (gsize length = 0; length < size; length += step)
    {
      /* A copy of its own size, so that a sanitizer sees one byte too far. */
      g_autofree guint8 *part = g_memdup2 (data, MAX (length, 1));
      g_assert_cmpint (LLVMFuzzerTestOneInput (part, length), ==, 0);
    }
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const guint8 *)data, size), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert (argc == 2);
  g_autoptr (GDir) folder = g_dir_open (argv[1], 0, NULL);
  g_assert (folder);
  g_autofree char *target = g_path_get_basename (argv[1]);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (folder));)
    {
      g_autofree char *test = g_strdup_printf ("/fuzz/%s/%s", target, name);
      g_ptr_array_add (paths, g_build_filename (argv[1], name, NULL));
      g_test_add_data_func (test, paths->pdata[paths->len - 1], run_file);
    }
  g_assert (paths->len > 0);
  return g_test_run ();
}
