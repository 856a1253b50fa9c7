/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers that are stopped, in the books: the others go on, and nobody edits a stop away. */
#include "data/desk/stopping.h"
#include "tests/data/books.h"

#include <sqlite3.h>
#include <string.h>

static const char *const providers[] = { "sandbox", "wechat" };

/* A stop of each kind: one by a manager, one told by an answer; the second was tried once. */
static void
stop_both (TillLedger *ledger, int64_t manager)
{
  TillAnswer answer;
  const TillOutcome refused = { .kind = TILL_OUTCOME_REFUSED,
                                .stop = TILL_STOP_CLOCK,
                                .clock_off_s = 412,
                                .code = (char *)"SIGN_ERROR" };
  g_assert_true (till_stopping_stop (ledger, manager, "sandbox", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "answer", NULL);
  g_assert_true (till_stopping_note (txn, "wechat", TILL_ERRAND_REFUND, &refused, NULL));
  g_assert_true (till_txn_commit (txn, NULL));
  g_assert_true (till_stopping_tested (ledger, "wechat", NULL));
}

static void
test_kept (void)
{
  Books books = { 0 };
  TillAnswer answer;
  g_auto (TillVerdict) verdict = { 0 };
  books_open (&books);
  stop_both (books.ledger, books.manager);
  g_autoptr (GPtrArray) stops = till_stopping_list (books.ledger, NULL);
  g_assert_cmpuint (stops->len, ==, G_N_ELEMENTS (providers));
  for (guint i = 0; i < stops->len; i++)
    g_assert_cmpstr (((TillStop *)g_ptr_array_index (stops, i))->provider, ==, providers[i]);
  const TillStop *clock = g_ptr_array_index (stops, 1);
  g_assert_cmpint (clock->cause, ==, TILL_STOP_CLOCK);
  g_assert_cmpint (clock->clock_off_s, ==, 412);
  g_assert_cmpstr (clock->code, ==, "SIGN_ERROR");
  g_assert_cmpint (clock->try_at, >, 0);

  /* Who stops what is being tried means it; what waits for a person already stays as it is. */
  g_assert_true (till_stopping_stop (books.ledger, books.manager, "wechat", &answer, NULL));
  g_assert_true (till_stopping_stop (books.ledger, books.manager, "wechat", &answer, NULL));
  g_autoptr (GPtrArray) now = till_stopping_list (books.ledger, NULL);
  g_assert_cmpuint (now->len, ==, 2);
  g_assert_cmpint (((TillStop *)g_ptr_array_index (now, 1))->cause, ==, TILL_STOP_HAND);
  g_assert_cmpint (((TillStop *)g_ptr_array_index (now, 1))->id, ==, 3);
  g_assert_true (till_stopping_try (books.ledger, books.manager, "umpay", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_STOP);
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_cmpstr (verdict.what, ==, "");
  books_close (&books);
}

static void
test_laws (void)
{
  static const char *const refused[]
      = { "UPDATE provider_stop SET cause = 'line'",
          "UPDATE provider_stop SET at = 1",
          "UPDATE provider_stop SET clock_off_s = 0",
          "UPDATE provider_stop SET lifted = 1",
          "UPDATE provider_stop SET tries = -1",
          "UPDATE provider_stop SET try_at = 0",
          "DELETE FROM provider_stop",
          "UPDATE provider_try SET staff = 3",
          "DELETE FROM provider_try",
          "INSERT INTO provider_try VALUES (9, 1, 1, 1, 1)",
          "INSERT INTO provider_stop SELECT 9, seq, at, staff, provider, cause, 0, '', '', NULL, 0,"
          " 0 FROM provider_stop WHERE id = 1" };
  Books books = { 0 };
  sqlite3 *db;
  books_open (&books);
  stop_both (books.ledger, books.manager);
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  books_close (&books);
}

static const struct
{
  const char *deed, *says;
} deeds[] = {
  { "UPDATE provider_stop SET cause = 'keys' WHERE id = 2", "a row was changed in provider_stop" },
  { "UPDATE provider_stop SET lifted = 1 WHERE id = 1", "is said to be over" },
  { "INSERT INTO provider_lift VALUES (1, 1, 1, 1)", "provider_lift" },
  { "UPDATE provider_try SET staff = 3", "a row was changed in provider_try" },
  { "DELETE FROM provider_try", "is missing in provider_try" },
  { "UPDATE provider_stop SET try_at = 5 WHERE id = 1", "that nobody asked for" },
};

static void
test_deeds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      Books books = { 0 };
      g_auto (TillVerdict) verdict = { 0 };
      books_open (&books);
      stop_both (books.ledger, books.manager);
      books_tamper (books.path, deeds[i].deed);
      g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
      g_test_message ("%s: %s", deeds[i].deed, verdict.what);
      g_assert_false (verdict.sound);
      g_assert_nonnull (strstr (verdict.what, deeds[i].says));
      books_close (&books);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stopping/kept", test_kept);
  g_test_add_func ("/stopping/laws", test_laws);
  g_test_add_func ("/stopping/deeds", test_deeds);
  return g_test_run ();
}
