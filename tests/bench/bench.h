/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the benchmarks share: a stop-watch, percentiles, and one line a measurement.
 *
 * A program runs the product and its yardstick in turn and says, once a round,
 *   KEY TAB figure TAB yardstick
 * on its standard output; tests/bench/run knows what each key means, divides and judges. Times are
 * microseconds, rates are per second. Floating point is welcome here: no money is counted. */
#pragma once
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double
bench_now (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static inline int
bench_compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts the values. */
static inline double
bench_percentile (double *values, int n, int percent)
{
  g_assert (n > 0);
  qsort (values, (size_t)n, sizeof *values, bench_compare);
  return values[(n - 1) * percent / 100];
}

static inline void
bench_say (const char *key, double figure, double yardstick)
{
  printf ("%s\t%.6g\t%.6g\n", key, figure, yardstick);
  fflush (stdout);
}

/* An argument of the command line, or what stands for it. */
static inline int
bench_number (int argc, char **argv, int index, int otherwise)
{
  return argc > index ? atoi (argv[index]) : otherwise;
}
