/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods from files: every row ends in the books or in the report, and twice is once.
 * TILL_GOODS_FILE in the environment names a large file to run the same story with. */
#include "tests/data/books.h"
#include "data/core/error.h"
#include "data/desk/importing.h"

static TillImportReport *
import (Books *books, const char *path, const TillImportMap *map)
{
  g_autoptr (GError) error = NULL;
  TillImportReport *report = NULL;
  TillAnswer answer;
  g_assert_true (till_importing_goods (books->ledger, books->manager, path, map, NULL, NULL,
                                       &report, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report->rows, ==,
                   report->added + report->changed + report->same + report->refused_count);
  return report;
}

static void
write_goods (Books *books, const char *text, char **path)
{
  *path = g_build_filename (books->folder, "goods", NULL);
  g_assert_true (g_file_set_contents (*path, text, -1, NULL));
}

static void
test_tsv (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autofree char *path
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "data", "goods.tsv", NULL);
  TillImportMap map = { .default_price = 990, .default_vat_ppm = 130000 };
  g_autoptr (TillImportReport) first = import (&books, path, &map);
  g_assert_cmpstr (first->encoding, ==, "UTF-8");
  g_assert_cmpint (first->rows, ==, 10);
  /* 6901234567892 is in the shop already, and twice in the file: changed, and changed again. */
  g_assert_cmpint (first->added, ==, 5);
  g_assert_cmpint (first->changed, ==, 2);
  g_assert_cmpint (first->refused_count, ==, 3);
  static const struct
  {
    int line;
    const char *word;
  } refused[] = { { 6, "no code" }, { 8, "no name" }, { 10, "a code is" } };
  for (guint i = 0; i < 3; i++)
    {
      const TillRefusedRow *row = g_ptr_array_index (first->refused, i);
      g_assert_cmpint (row->line, ==, refused[i].line);
      g_assert_nonnull (strstr (row->reason, refused[i].word));
      g_assert_cmpstr (row->excerpt, !=, "");
    }
  g_autoptr (TillItem) item = NULL;
  g_assert_true (till_item_store_find (books.ledger, "036000291452", &item, NULL));
  g_assert_cmpstr (item->name, ==, "Paper 5\" \"best");
  g_assert_cmpstr (item->category, ==, "Household");
  g_assert_cmpint (item->price, ==, 990);

  int64_t before, after;
  g_assert_true (till_item_store_count (books.ledger, &before, NULL));
  g_autoptr (TillImportReport) second = import (&books, path, &map);
  g_assert_true (till_item_store_count (books.ledger, &after, NULL));
  g_assert_cmpint (second->added, ==, 0);
  g_assert_cmpint (after, ==, before);
  books_close (&books);
}

static void
test_csv (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autofree char *path = NULL;
  write_goods (&books,
               "条码;品名;售价;税率;单位\n"
               "1001;茶;12.50;13%;\n"
               "1002;米;0.5;9;kg\n"
               "1003;糖;1,000.00;9;\n"
               "1004;盐;-1;9;\n"
               "1005;油;;9;\n"
               "1006;醋;5;0.13;\n"
               "1007;酒;5;101;\n"
               "6.94E+12;烟;5;9;\n"
               "1009;\x01;5;9;\n"
               "1010;多;5;9;;;;\n"
               "1011;\"开;5;9;\n"
               "1001;茶;12.50;13%;\n",
               &path);
  TillImportMap map = { .default_vat_ppm = 130000 };
  g_autoptr (TillImportReport) report = import (&books, path, &map);
  g_assert_cmpint (report->rows, ==, 12);
  g_assert_cmpint (report->added, ==, 2);
  g_assert_cmpint (report->same, ==, 1);
  g_assert_cmpint (report->refused_count, ==, 9);
  g_autoptr (TillItem) rice = NULL;
  g_assert_true (till_item_store_find (books.ledger, "1002", &rice, NULL));
  g_assert_cmpint (rice->price, ==, 50);
  g_assert_cmpint (rice->vat_ppm, ==, 90000);
  g_assert_cmpstr (rice->unit, ==, "kg");
  books_close (&books);
}

static gboolean
stop (int64_t done, int64_t total, gpointer user)
{
  g_assert_cmpint (done, <, total);
  return FALSE;
}

static void
test_refusals (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  TillImportReport *report = NULL;
  TillAnswer answer;
  TillImportMap map = { 0 };
  int64_t before, after;
  g_assert_true (till_item_store_count (books.ledger, &before, NULL));

  write_goods (&books, "code,what\n1,x\n", &path);
  g_assert_false (till_importing_goods (books.ledger, books.manager, path, &map, NULL, NULL,
                                        &report, &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (till_importing_goods (books.ledger, books.cashier, path, &map, NULL, NULL, &report,
                                       &answer, &error));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "no_right");
  g_assert_null (report);

  g_autoptr (GString) many = g_string_new ("code,name\n");
  for (int i = 0; i < 1000; i++)
    g_string_append_printf (many, "X%d,thing\n", i);
  g_free (path);
  write_goods (&books, many->str, &path);
  g_assert_false (till_importing_goods (books.ledger, books.manager, path, &map, stop, NULL,
                                        &report, &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
  g_assert_true (till_item_store_count (books.ledger, &after, NULL));
  g_assert_cmpint (after, ==, before);
  books_close (&books);
}

static void
test_search (void)
{
  Books books = { 0 };
  books_open (&books);
  static const struct
  {
    const char *text;
    int limit;
    guint found;
  } rows[] = { { "苹果", 20, 1 }, { "PENC", 20, 1 },    { "40", 20, 1 },
               { "%", 20, 0 },    { "_", 20, 0 },       { "", 20, 0 },
               { "a", 1, 1 },     { "'; DROP", 20, 0 }, { "B", 20, 2 } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) items
          = till_item_store_search (books.ledger, rows[i].text, rows[i].limit, NULL);
      g_assert_cmpuint (items->len, ==, rows[i].found);
    }
  books_close (&books);
}

static void
test_large (void)
{
  const char *path = g_getenv ("TILL_GOODS_FILE");
  if (!path)
    {
      g_test_skip ("TILL_GOODS_FILE is not set");
      return;
    }
  Books books = { 0 };
  books_open (&books);
  TillImportMap map = { .default_price = 990, .default_vat_ppm = 130000 };
  int64_t before, after, start = g_get_monotonic_time ();
  g_autoptr (TillImportReport) first = import (&books, path, &map);
  g_test_message ("%d rows, %d added, %d changed, %d same, %d refused in %d ms", (int)first->rows,
                  (int)first->added, (int)first->changed, (int)first->same,
                  (int)first->refused_count, (int)((g_get_monotonic_time () - start) / 1000));
  for (guint i = 0; i < MIN (first->refused->len, 10); i++)
    {
      const TillRefusedRow *row = g_ptr_array_index (first->refused, i);
      g_test_message ("line %d: %s: %s", (int)row->line, row->reason, row->excerpt);
    }
  g_assert_true (till_item_store_count (books.ledger, &before, NULL));
  g_autoptr (TillImportReport) second = import (&books, path, &map);
  g_assert_true (till_item_store_count (books.ledger, &after, NULL));
  g_test_message ("again: %d rows, %d added, %d changed, %d same, %d refused", (int)second->rows,
                  (int)second->added, (int)second->changed, (int)second->same,
                  (int)second->refused_count);
  g_assert_cmpint (second->added, ==, 0);
  g_assert_cmpint (second->refused_count, ==, first->refused_count);
  g_assert_cmpint (after, ==, before);
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/importing/tsv", test_tsv);
  g_test_add_func ("/importing/csv", test_csv);
  g_test_add_func ("/importing/refusals", test_refusals);
  g_test_add_func ("/importing/search", test_search);
  g_test_add_func ("/importing/large", test_large);
  return g_test_run ();
}
