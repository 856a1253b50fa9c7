/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sale, from the cashier's key to the disk, beside a bare write of 64 KiB with fdatasync.
 *
 *   commit FOLDER [ROUNDS] [SALES]
 *
 * fsync and fdatasync below stand before the C library's for the whole process, SQLite's too: they
 * count, and with BENCH_SYNC_US they are slow as the disk of a till is slow. */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "tests/bench/yardsticks/overwrite.h"

#include <sys/syscall.h>

static int syncs, sync_us;

static int
slowly (long call, int fd)
{
  syncs++;
  if (sync_us > 0)
    {
      /* Spinning, for a sleep would add its own waking up. */
      double end = bench_now () + sync_us;
      while (bench_now () < end)
        ;
    }
  return (int)syscall (call, fd);
}

int
fdatasync (int fd)
{
  return slowly (SYS_fdatasync, fd);
}

int
fsync (int fd)
{
  return slowly (SYS_fsync, fd);
}

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 2, 9), sales = bench_number (argc, argv, 3, 300);
  gboolean slow = g_getenv ("BENCH_SYNC_US") != NULL;
  g_autofree char *path = g_build_filename (argv[1], "commit.books", NULL);
  g_autofree char *bare = g_build_filename (argv[1], "overwrite", NULL);
  g_autofree double *took = g_new (double, sales);
  BenchShop shop = { 0 };
  Overwrite file;
  bench_shop_open (&shop, path);
  overwrite_open (&file, bare);
  /* The write-ahead log grows to its size once in a till's life; after that it is written over. */
  for (int i = 0; i < 2 * sales; i++)
    bench_shop_sell (&shop);
  bench_shop_rest (&shop);

  sync_us = slow ? atoi (g_getenv ("BENCH_SYNC_US")) : 0;
  for (int round = 0; round < rounds; round++)
    {
      double sum = 0, floor = 0;
      int least = 1, most = 1;
      for (int i = 0; i < sales; i++)
        floor += overwrite_once (&file);
      for (int i = 0; i < sales; i++)
        {
          g_autoptr (TillBasket) basket = bench_shop_basket (&shop);
          syncs = 0;
          sum += took[i] = bench_shop_pay (&shop, basket);
          least = MIN (least, syncs);
          most = MAX (most, syncs);
        }
      double p50 = bench_percentile (took, sales, 50), p99 = bench_percentile (took, sales, 99);
      bench_say (slow ? "commit.slow" : "commit", sales / sum * 1e6, sales / floor * 1e6);
      if (!slow)
        {
          bench_say ("tail", p99, p50);
          bench_say ("syncs", most > 1 ? most : least, 1);
        }
      bench_shop_rest (&shop);
    }
  bench_shop_close (&shop);
  return 0;
}
