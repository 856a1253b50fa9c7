/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A year of returns, from the desk's report and from a plain query over the facts in the same file.
 *
 *   report BOOKS [ROUNDS] */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "data/desk/reporting.h"
#include "data/ledger/sql.h"

#include <malloc.h>

#define FACTS                                                                                      \
  " FROM \"return\" r JOIN return_line l ON l.sale_id = r.sale_id AND l.return_id = r.id"          \
  " WHERE r.state = 'CLOSED' AND r.day BETWEEN ?1 AND ?2 GROUP BY 1 ORDER BY 3 DESC"

/* The rate needs all sales beside the returns; by cashier the desk's report always has it. */
static const struct
{
  const char *key;
  TillReportBy by;
  const char *plain;
} reports[] = {
  { "report.reason", TILL_BY_REASON,
    "SELECT r.reason, sum (l.quantity), sum (l.amount), count (DISTINCT r.id)" FACTS },
  { "report.cashier", TILL_BY_CASHIER,
    "SELECT r.staff_id, sum (l.quantity), sum (l.amount), count (DISTINCT r.id)" FACTS },
  { "report.day", TILL_BY_DAY,
    "SELECT r.day, sum (l.quantity), sum (l.amount), count (DISTINCT r.id)" FACTS },
  { "report.rate", TILL_BY_CASHIER,
    "SELECT staff_id, sum (a), sum (b) FROM (SELECT staff_id, total AS a, 0 AS b FROM sale"
    "  WHERE state = 'PAID' AND day BETWEEN ?1 AND ?2"
    " UNION ALL SELECT staff_id, 0, amount FROM \"return\""
    "  WHERE state = 'CLOSED' AND day BETWEEN ?1 AND ?2) GROUP BY 1" },
};

static double
ask (TillLedger *ledger, TillReportBy by, int from, int to)
{
  GError *error = NULL;
  TillAnswer answer;
  TillReport *report = NULL;
  double start = bench_now ();
  bench_must (till_reporting_returns (ledger, 0, from, to, by, &report, &answer, &error), error);
  double took = bench_now () - start;
  g_assert (report && report->rows->len > 0);
  till_report_free (report);
  return took;
}

static double
ask_plainly (TillLedger *ledger, const char *sql, int from, int to)
{
  GError *error = NULL;
  g_auto (TillRows) rows = { 0 };
  int n = 0;
  double start = bench_now ();
  bench_must (till_rows_open (&rows, ledger, &error, sql, "ii", from, to), error);
  while (till_rows_next (&rows))
    n++;
  bench_must (till_rows_end (&rows, &error), error);
  g_assert (n > 0);
  double took = bench_now () - start;
  /* The scan over all sales leaves a million freed pieces behind, and the C library sweeps them up
   * in the next larger allocation: 13 ms that the desk's next report would be charged with. */
  malloc_trim (0);
  return took;
}

int
main (int argc, char **argv)
{
  BenchShop shop = { 0 };
  bench_shop_open (&shop, argv[1]);
  int64_t now = till_clock_now (shop.clock);
  int to = till_clock_day (now, "Asia/Shanghai"), from = to - 10000;
  for (int round = 0; round < bench_number (argc, argv, 2, 5); round++)
    for (gsize i = 0; i < G_N_ELEMENTS (reports); i++)
      {
        double desk = ask (shop.ledger, reports[i].by, from, to);
        double plain = ask_plainly (shop.ledger, reports[i].plain, from, to);
        bench_say (reports[i].key, desk, plain);
      }
  bench_shop_close (&shop);
  return 0;
}
