/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening books that are not ours, not whole, or from another time. */
#include "data/core/error.h"
#include "data/ledger/migrate.h"
#include "tests/data/books.h"

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
assert_refused (Books *books, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillLedger) ledger = till_ledger_open (books->path, books->clock, &error);
  g_assert_null (ledger);
  g_assert_error (error, TILL_ERROR, code);
  if (!strstr (error->message, words))
    g_error ("“%s” is not said in: %s", words, error->message);
}

static void
test_foreign_parts (void)
{
  static const struct
  {
    const char *plant, *remove, *name;
  } rows[] = {
    { "CREATE VIEW aaa AS SELECT 1", "DROP VIEW aaa", "aaa" },
    { "CREATE TABLE zzz (a)", "DROP TABLE zzz", "zzz" },
    { "CREATE TRIGGER thief AFTER INSERT ON sale BEGIN DELETE FROM draft; END",
      "DROP TRIGGER thief", "thief" },
    { "CREATE INDEX slow ON sale (total)", "DROP INDEX slow", "slow" },
  };
  Books books = { 0 };
  books_open (&books);
  g_clear_pointer (&books.ledger, till_ledger_free);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      run_sql (books.path, rows[i].plant);
      assert_refused (&books, TILL_ERROR_CORRUPT, rows[i].name);
      run_sql (books.path, rows[i].remove);
    }
  run_sql (books.path, "DROP TABLE draft_line");
  assert_refused (&books, TILL_ERROR_CORRUPT, "draft_line");
  books_close (&books);
}

static void
test_another_time (void)
{
  Books books = { 0 };
  books_open (&books);
  g_clear_pointer (&books.ledger, till_ledger_free);
  g_autofree char *newer
      = g_strdup_printf ("PRAGMA user_version = %d", till_migrate_version () + 1);
  g_autofree char *now = g_strdup_printf ("PRAGMA user_version = %d", till_migrate_version ());
  run_sql (books.path, newer);
  assert_refused (&books, TILL_ERROR_INVALID, "newer");
  /* Says that no step ran though all did: the first one fails and leaves nothing behind. */
  run_sql (books.path, "PRAGMA user_version = 0");
  assert_refused (&books, TILL_ERROR_CORRUPT, "schema step");
  run_sql (books.path, now);
  g_autoptr (GError) error = NULL;
  books.ledger = till_ledger_open (books.path, books.clock, &error);
  g_assert_no_error (error);
  TillVerdict verdict = { 0 };
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_cmpstr (verdict.what, ==, "");
  till_verdict_clear (&verdict);
  books_close (&books);
}

static void
test_no_books_at_all (void)
{
  static const char *const contents[]
      = { "These are the memoirs of a cashier.", "SQLite format 3" };
  Books books = { 0 };
  books_open (&books);
  g_clear_pointer (&books.ledger, till_ledger_free);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_assert_true (g_file_set_contents (books.path, contents[i], -1, NULL));
      g_autoptr (GError) error = NULL;
      g_autoptr (TillLedger) ledger = till_ledger_open (books.path, books.clock, &error);
      g_assert_null (ledger);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
      g_autofree char *kept = NULL; /* whatever it is, it is not ours to change */
      g_assert_true (g_file_get_contents (books.path, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, contents[i]);
    }
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migrate/foreign-parts", test_foreign_parts);
  g_test_add_func ("/migrate/another-time", test_another_time);
  g_test_add_func ("/migrate/no-books-at-all", test_no_books_at_all);
  return g_test_run ();
}
