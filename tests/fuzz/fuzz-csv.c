/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of goods, read as a table and taken into books: every row is in one of four piles. */
#include "data/core/csv.h"
#include "data/desk/importing.h"
#include "tests/data/shop-fixture.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The books grow; they are made anew now and then. */
#define RUNS 500

static gboolean
on_row (const TillCsvRow *row, gpointer user, GError **error)
{
  guint64 *rows = user;
  ++*rows;
  g_assert_true ((row->problem != NULL) == (row->n == 0));
  g_assert_cmpuint (row->n, <=, TILL_CSV_COLUMNS_MAX);
  g_assert_cmpint (row->line, >=, 1);
  for (guint i = 0; i < row->n; i++)
    {
      g_assert_true (g_utf8_validate (row->fields[i], -1, NULL));
      /* A field is bounded as it is written; GB18030 may grow by half when it becomes UTF-8. */
      g_assert_cmpuint (strlen (row->fields[i]), <=, 2 * TILL_CSV_FIELD_MAX);
    }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static Shop shop;
  static int runs;
  if (!shop.ledger || ++runs % RUNS == 0)
    {
      shop_close (&shop);
      shop_open (&shop, NULL, 1);
    }
  g_autofree char *path = g_strdup_printf ("%s/fuzz-csv-%d", g_get_tmp_dir (), (int)getpid ());
  FILE *file = fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  fclose (file);
  guint64 rows = 0;
  g_autoptr (GError) error = NULL;
  gboolean read = till_csv_read (path, on_row, &rows, NULL, &error);
  g_assert_true (read == (error == NULL));

  TillImportMap map = { .default_price = 100, .default_vat_ppm = 130000 };
  g_autoptr (TillImportReport) report = NULL;
  g_autoptr (GError) problem = NULL;
  TillAnswer answer;
  if (till_importing_goods (shop.ledger, shop.manager, path, &map, NULL, NULL, &report, &answer,
                            &problem)
      && answer.code == TILL_YES)
    {
      g_assert_true (read);
      g_assert_cmpint (report->rows, ==,
                       report->added + report->changed + report->same + report->refused_count);
      for (guint i = 0; i < report->refused->len; i++)
        fuzz_assert_clean (((TillRefusedRow *)report->refused->pdata[i])->excerpt, 80);
      g_autoptr (TillImportReport) again = NULL;
      g_assert_true (till_importing_goods (shop.ledger, shop.manager, path, &map, NULL, NULL,
                                           &again, &answer, NULL));
      g_assert_cmpint (again->added, ==, 0);
    }
  g_unlink (path);
  return 0;
}
