/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same sale in young books and in old ones, in turn.
 *
 *   growth YOUNG OLD [ROUNDS] [SALES] */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 3, 7), sales = bench_number (argc, argv, 4, 300);
  BenchShop shops[2] = { { 0 }, { 0 } };
  g_autofree double *took = g_new (double, sales);
  for (int s = 0; s < 2; s++)
    {
      bench_shop_open (&shops[s], argv[1 + s]);
      for (int i = 0; i < 2 * sales; i++)
        bench_shop_sell (&shops[s]);
      bench_shop_rest (&shops[s]);
    }
  for (int round = 0; round < rounds; round++)
    {
      double p50[2];
      for (int s = 0; s < 2; s++)
        {
          for (int i = 0; i < sales; i++)
            took[i] = bench_shop_sell (&shops[s]);
          p50[s] = bench_percentile (took, sales, 50);
          bench_shop_rest (&shops[s]);
        }
      bench_say ("growth", p50[1], p50[0]);
    }
  for (int s = 0; s < 2; s++)
    bench_shop_close (&shops[s]);
  return 0;
}
