/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the sale that goods came from, with everything that was given back on it, beside one row
 * read by its primary key.
 *
 *   find BOOKS [ROUNDS] [SALES] */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "data/ledger/sale-store.h"
#include "data/ledger/sql.h"

static double
read_row (TillLedger *ledger, int64_t id)
{
  g_auto (TillRows) rows = { 0 };
  double start = bench_now ();
  gboolean good = till_rows_open (&rows, ledger, NULL, "SELECT no FROM sale WHERE id = ?", "l", id)
                  && till_rows_next (&rows) && till_rows_end (&rows, NULL);
  g_assert (good);
  return bench_now () - start;
}

static double
find (TillLedger *ledger, const char *no)
{
  GError *error = NULL;
  TillAnswer answer;
  TillSale *sale = NULL;
  double start = bench_now ();
  bench_must (till_selling_load (ledger, no, &sale, &answer, &error), error);
  double took = bench_now () - start;
  g_assert (sale);
  till_sale_free (sale);
  return took;
}

static char *
number_of (TillLedger *ledger, int64_t id)
{
  TillSale *sale = NULL;
  gboolean good = till_sale_store_load (ledger, id, FALSE, &sale, NULL);
  g_assert (good && sale);
  char *no = g_strdup (sale->no);
  till_sale_free (sale);
  return no;
}

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 2, 5), n = bench_number (argc, argv, 3, 2000);
  BenchShop shop = { 0 };
  g_autofree double *found = g_new (double, n), *bare = g_new (double, n);
  bench_shop_open (&shop, argv[1]);
  GPtrArray *newest = till_selling_recent (shop.ledger, 1, NULL);
  g_assert (newest && newest->len == 1);
  int64_t last = ((TillSale *)g_ptr_array_index (newest, 0))->id;
  g_ptr_array_unref (newest);
  g_autofree int64_t *ids = g_new (int64_t, n);
  for (int i = 0; i < n; i++)
    ids[i] = g_random_int_range (1, (int)last + 1);
  /* Round -1 is not said: it brings the pages into memory, as a till has them that was on for a
   * day. */
  for (int round = -1; round < rounds; round++)
    {
      for (int i = 0; i < n; i++)
        {
          g_autofree char *no = number_of (shop.ledger, ids[i]);
          bare[i] = read_row (shop.ledger, ids[i]);
          found[i] = find (shop.ledger, no);
        }
      if (round < 0)
        continue;
      bench_say ("find", bench_percentile (found, n, 99), 500);
      bench_say ("find.bare", bench_percentile (found, n, 50), bench_percentile (bare, n, 50));
    }
  bench_shop_close (&shop);
  return 0;
}
