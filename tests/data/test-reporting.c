/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports against figures that were added up by hand, and a year of days in one breath. */
#include "tests/data/books.h"
#include "data/core/error.h"
#include "data/desk/reporting.h"
#include "data/ledger/sale-store.h"

static TillReport *
report (Books *books, int from, int to, TillReportBy by)
{
  g_autoptr (GError) error = NULL;
  TillReport *made = NULL;
  TillAnswer answer;
  g_assert_true (till_reporting_returns (books->ledger, books->supervisor, from, to, by, &made,
                                         &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return made;
}

static void
assert_row (const TillReport *made, guint i, const char *key, int n, TillQuantity quantity,
            TillMoney amount, TillMoney sales)
{
  g_assert_cmpuint (i, <, made->rows->len);
  const TillReportRow *row = g_ptr_array_index (made->rows, i);
  g_assert_cmpstr (row->key, ==, key);
  g_assert_cmpstr (row->label, !=, "");
  g_assert_cmpint (row->n, ==, n);
  g_assert_cmpint (row->quantity, ==, quantity);
  g_assert_cmpint (row->amount, ==, amount);
  g_assert_cmpint (row->sales, ==, sales);
}

static void
test_figures (void)
{
  Books books = { 0 };
  books_open (&books);
  /* day 1: 1250 + 333 and 899 + 899 sold; juice and one bread back. day 2: 50 sold, bread back */
  int64_t a = books_sell (&books, books.cashier, "6901234567892 4006381333931", TILL_TENDER_CASH);
  int64_t b = books_sell (&books, books.supervisor, "2 2", TILL_TENDER_CASH);
  books_return (&books, books.cashier, a, 1, TILL_REASON_FAULTY);
  books_return (&books, books.cashier, b, 1, TILL_REASON_EXPIRED);
  till_clock_advance (books.clock, TILL_DAY);
  books_sell (&books, books.cashier, "A-1", TILL_TENDER_CASH);
  books_return (&books, books.supervisor, b, 1, TILL_REASON_EXPIRED);

  g_autoptr (TillReport) reason = report (&books, 20261122, 20261123, TILL_BY_REASON);
  g_assert_cmpuint (reason->rows->len, ==, 2);
  assert_row (reason, 0, "expired", 2, 2000, 1798, 0);
  assert_row (reason, 1, "faulty", 1, 1000, 1250, 0);
  g_assert_cmpint (reason->n, ==, 3);
  g_assert_cmpint (reason->amount, ==, 3048);
  g_assert_cmpint (reason->sales_n, ==, 3);
  g_assert_cmpint (reason->sales, ==, 1583 + 1798 + 50);
  g_assert_cmpint (reason->unconfirmed + reason->refused + reason->waiting, ==, 0);

  g_autoptr (TillReport) cashier = report (&books, 20261122, 20261123, TILL_BY_CASHIER);
  assert_row (cashier, 0, "7", 2, 2000, 2149, 1633);
  assert_row (cashier, 1, "5", 1, 1000, 899, 1798);
  g_autoptr (TillReport) item = report (&books, 20261122, 20261123, TILL_BY_ITEM);
  assert_row (item, 0, "2", 2, 2000, 1798, 0);
  assert_row (item, 1, "6901234567892", 1, 1000, 1250, 0);
  g_autoptr (TillReport) day = report (&books, 20261122, 20261123, TILL_BY_DAY);
  assert_row (day, 0, "2026-11-22", 2, 2000, 2149, 3381);
  assert_row (day, 1, "2026-11-23", 1, 1000, 899, 50);
  g_autoptr (TillReport) route = report (&books, 20261122, 20261123, TILL_BY_ROUTE);
  assert_row (route, 0, "cash", 3, 0, 3048, 0);
  g_autoptr (TillReport) first = report (&books, 20261122, 20261122, TILL_BY_REASON);
  assert_row (first, 0, "faulty", 1, 1000, 1250, 0);
  g_assert_cmpint (first->n, ==, 2);
  books_close (&books);
}

/* What is on its way is never called done: a refund that nobody sent yet is not confirmed. */
static void
test_open (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  int64_t sale = books_sell (&books, books.cashier, "2", TILL_TENDER_CODE);
  TillLegState state;
  {
    g_autoptr (TillTxn) txn = till_ledger_begin (books.ledger, 0, "answer", &error);
    g_assert_true (till_sale_store_apply (txn, sale, 1, TILL_LEG_EVENT_PROMISE, NULL, "", BOOKS_NOW,
                                          &state, &error));
    g_assert_true (
        till_sale_store_apply (txn, sale, 1, TILL_LEG_EVENT_DONE, NULL, "", 0, &state, &error));
    g_assert_true (till_selling_settle (txn, sale, &error));
    g_assert_true (till_txn_commit (txn, &error));
  }
  books_return (&books, books.cashier, sale, 1, TILL_REASON_FAULTY);
  g_autoptr (TillReport) made = report (&books, 20261122, 20261122, TILL_BY_ROUTE);
  assert_row (made, 0, "code", 1, 0, 899, 0);
  g_assert_cmpint (made->unconfirmed, ==, 1);
  g_assert_cmpint (made->refused, ==, 0);
  g_assert_cmpint (made->waiting, ==, 0);
  books_close (&books);
}

static void
test_refusals (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  TillReport *made = NULL;
  TillAnswer answer;
  g_assert_true (till_reporting_returns (books.ledger, books.cashier, 20261122, 20261122,
                                         TILL_BY_DAY, &made, &answer, &error));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_null (made);
  g_assert_false (till_reporting_returns (books.ledger, 0, 20261123, 20261122, TILL_BY_DAY, &made,
                                          &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  TillReportBy by;
  for (TillReportBy i = TILL_BY_REASON; i <= TILL_BY_ROUTE; i++)
    g_assert_true (till_report_by_from_word (till_report_by_word (i), &by) && by == i);
  g_assert_false (till_report_by_from_word ("Reason", &by));
  g_autoptr (TillReport) empty = report (&books, 20000101, 20991231, TILL_BY_ITEM);
  g_assert_cmpuint (empty->rows->len, ==, 0);
  books_close (&books);
}

/* A year, 12 people, 7 reasons, 40 items a day, straight into the roll-ups. */
static void
test_year (void)
{
  Books books = { 0 };
  books_open (&books);
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (
          db,
          "WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 364),"
          " p (s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM p WHERE s < 40),"
          " y (day) AS (SELECT 20260101 + i / 31 * 100 + i % 31 FROM d)"
          " INSERT INTO sum_return_item SELECT day, s, 1, 1000, s FROM y, p;"
          "WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 364),"
          " p (s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM p WHERE s < 7),"
          " y (day) AS (SELECT 20260101 + i / 31 * 100 + i % 31 FROM d)"
          " INSERT INTO sum_return_reason SELECT day, 'r' || s, 1, 1000, s FROM y, p;"
          "INSERT INTO sum_return_staff SELECT day, 1, n, quantity, amount FROM sum_return_reason"
          "  WHERE reason = 'r1'",
          NULL, NULL, NULL),
      ==, SQLITE_OK);
  sqlite3_close (db);
  for (TillReportBy by = TILL_BY_REASON; by <= TILL_BY_ROUTE; by++)
    {
      int64_t best = INT64_MAX;
      for (int i = 0; i < 5; i++)
        {
          int64_t start = g_get_monotonic_time ();
          g_autoptr (TillReport) made = report (&books, 20260101, 20261231, by);
          best = MIN (best, g_get_monotonic_time () - start);
        }
      g_test_message ("%s: %d µs", till_report_by_word (by), (int)best);
      g_assert_cmpint (best, <, 100000);
    }
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reporting/figures", test_figures);
  g_test_add_func ("/reporting/open", test_open);
  g_test_add_func ("/reporting/refusals", test_refusals);
  g_test_add_func ("/reporting/year", test_year);
  return g_test_run ();
}
