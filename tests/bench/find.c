/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the sale that goods came from, with everything that was given back on it, by the
 * receipt's number and by the provider's, beside one row read by its primary key.
 *
 *   find BOOKS [ROUNDS] [SALES] */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "data/desk/returning.h"
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
find (TillLedger *ledger, const char *text, int64_t id)
{
  GError *error = NULL;
  TillAnswer answer;
  TillSale *sale = NULL;
  g_autoptr (GPtrArray) meant = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_free);
  double start = bench_now ();
  bench_must (till_returning_find (ledger, text, &sale, meant, &answer, &error), error);
  double took = bench_now () - start;
  g_assert (sale && sale->id == id);
  till_sale_free (sale);
  return took;
}

/* Of sales that were paid through the provider, for they have both numbers. */
typedef struct
{
  int64_t id;
  char *receipt, *reference; /* owned by the program, which ends with them */
} Wanted;

static Wanted
draw (TillLedger *ledger, int64_t last)
{
  for (;;)
    {
      TillSale *sale = NULL;
      int64_t id = g_random_int_range (1, (int)last + 1);
      gboolean good = till_sale_store_load (ledger, id, FALSE, &sale, NULL);
      g_assert (good && sale);
      const TillLeg *leg = sale->legs->len > 0 ? g_ptr_array_index (sale->legs, 0) : NULL;
      Wanted wanted = { 0 };
      if (leg && *leg->provider_no)
        wanted = (Wanted){ id, g_strdup (sale->no), g_strdup (leg->provider_no) };
      till_sale_free (sale);
      if (wanted.id)
        return wanted;
    }
}

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 2, 5), n = bench_number (argc, argv, 3, 2000);
  BenchShop shop = { 0 };
  g_autofree double *found = g_new (double, n), *bare = g_new (double, n);
  g_autofree double *by_reference = g_new (double, n);
  bench_shop_open (&shop, argv[1]);
  GPtrArray *newest = till_selling_recent (shop.ledger, 1, NULL);
  g_assert (newest && newest->len == 1);
  int64_t last = ((TillSale *)g_ptr_array_index (newest, 0))->id;
  g_ptr_array_unref (newest);
  g_autofree Wanted *wanted = g_new (Wanted, n);
  for (int i = 0; i < n; i++)
    wanted[i] = draw (shop.ledger, last);
  /* Round -1 is not said: it brings the pages into memory, as a till has them that was on for a
   * day. */
  for (int round = -1; round < rounds; round++)
    {
      for (int i = 0; i < n; i++)
        {
          bare[i] = read_row (shop.ledger, wanted[i].id);
          found[i] = find (shop.ledger, wanted[i].receipt, wanted[i].id);
          by_reference[i] = find (shop.ledger, wanted[i].reference, wanted[i].id);
        }
      if (round < 0)
        continue;
      bench_say ("find", bench_percentile (found, n, 99), 500);
      bench_say ("find.reference", bench_percentile (by_reference, n, 99), 500);
      bench_say ("find.bare", bench_percentile (found, n, 50), bench_percentile (bare, n, 50));
    }
  bench_shop_close (&shop);
  return 0;
}
