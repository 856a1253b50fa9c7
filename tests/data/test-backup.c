/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies: made while the books are open, proved, and put back so that nothing is sent blindly. */
#include "tests/data/books.h"
#include "data/core/error.h"
#include "data/desk/sending.h"
#include "data/ledger/backup.h"

#include <sys/stat.h>

static char *
in_folder (Books *books, const char *name)
{
  return g_build_filename (books->folder, name, NULL);
}

static void
test_write_and_check (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = in_folder (&books, "copy.db");
  books_sell (&books, books.cashier, "2", TILL_TENDER_CASH);
  int64_t head, seq;
  g_assert_true (till_backup_write (books.ledger, copy, &error));
  g_assert_no_error (error);
  g_assert_true (till_ledger_head (books.ledger, &head, NULL, NULL));
  struct stat about;
  g_assert_cmpint (g_stat (copy, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  books_sell (&books, books.cashier, "2", TILL_TENDER_CASH);
  for (int i = 0; i < 2; i++) /* checking changes nothing */
    {
      g_assert_true (till_backup_check (copy, &seq, &error));
      g_assert_no_error (error);
      g_assert_cmpint (seq, ==, head);
    }
  g_assert_false (till_backup_write (books.ledger, copy, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  books_close (&books);
}

/* One byte anywhere, also with a digest that was made to fit: then the audit has the word. */
static void
test_altered (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = in_folder (&books, "copy.db"), *text = NULL;
  g_autofree char *digest = in_folder (&books, "copy.db.sha256");
  int64_t seq;
  books_sell (&books, books.cashier, "2", TILL_TENDER_CASH);
  g_assert_true (till_backup_write (books.ledger, copy, &error));
  books_tamper (copy, "UPDATE sale SET total = total + 1");
  g_assert_false (till_backup_check (copy, &seq, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
  g_clear_error (&error);

  gsize size;
  g_assert_true (g_file_get_contents (copy, &text, &size, NULL));
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, (gssize)size);
  g_assert_true (g_file_set_contents (digest, hex, -1, NULL));
  g_assert_false (till_backup_check (copy, &seq, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "sale"));
  g_clear_error (&error);
  g_unlink (digest);
  g_assert_false (till_backup_check (copy, &seq, &error));
  g_clear_error (&error);
  g_assert_false (till_backup_check ("/nowhere", &seq, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  books_close (&books);
}

static void
test_restore (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autofree char *copy = in_folder (&books, "copy.db"), *back = in_folder (&books, "back.db");
  int64_t id = books_sell (&books, books.cashier, "2", TILL_TENDER_CODE); /* planned, not sent */
  g_assert_true (till_backup_write (books.ledger, copy, &error));
  g_assert_false (till_backup_restore (copy, books.path, books.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (till_backup_restore (copy, back, books.clock, &error));
  g_assert_no_error (error);

  g_clear_pointer (&books.ledger, till_ledger_free);
  books.ledger = till_ledger_open (back, books.clock, &error);
  g_assert_no_error (error);
  g_autoptr (TillSale) sale = NULL;
  g_assert_true (till_selling_load_id (books.ledger, id, &sale, &answer, &error));
  g_assert_cmpint (till_sale_leg (sale, 1)->state, ==, TILL_LEG_UNKNOWN);
  g_assert_cmpint (till_sale_leg (sale, 1)->next_action_at, >, 0);
  TillVerdict verdict = { 0 };
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_cmpstr (verdict.what, ==, "");
  till_verdict_clear (&verdict);
  int64_t seq;
  g_assert_true (till_backup_check (copy, &seq, &error)); /* the copy is as it was */
  books_close (&books);
}

/* A refund that only waits in the copy may have been sent by the till that was lost. */
/* A provider that nobody knows any more. */
static const TillProfile *
no_profile (const char *name, gpointer user)
{
  return NULL;
}

static void
test_restore_asks_before_it_sends (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = in_folder (&books, "copy.db"), *back = in_folder (&books, "back.db");
  int64_t sale_id = books_sell (&books, books.cashier, "2", TILL_TENDER_CODE), next_at;
  static const int ladder[] = { 10 };
  static const TillProfile profile = { .name = "sandbox",
                                       .repeats_safely = TRUE,
                                       .not_found_times = 1,
                                       .ladder_s = ladder,
                                       .n_ladder = 1 };
  g_autoptr (TillTicket) pay = NULL;
  g_autoptr (TillOutcome) done = till_outcome_new (TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_true (till_sending_next (books.ledger, no_profile, NULL, &pay, &next_at, &error));
  done->amount = pay->errand->amount;
  g_assert_true (till_sending_record (books.ledger, pay, done, &profile, &error));
  int64_t return_id = books_return (&books, books.cashier, sale_id, 1, TILL_REASON_FAULTY);
  g_assert_true (till_backup_write (books.ledger, copy, &error));
  g_assert_no_error (error);
  g_assert_true (till_backup_restore (copy, back, books.clock, &error));
  g_assert_no_error (error);
  g_clear_pointer (&books.ledger, till_ledger_free);
  books.ledger = till_ledger_open (back, books.clock, &error);
  g_assert_no_error (error);
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  g_assert_true (till_returning_load_id (books.ledger, return_id, &goods, &answer, &error));
  const TillRefund *refund = goods->refunds->pdata[0];
  g_assert_cmpint (refund->state, ==, TILL_REFUND_UNKNOWN);
  g_autoptr (TillTicket) question = NULL;
  till_clock_advance (books.clock,
                      TILL_DAY * 3650); /* the restoring machine had a clock of its own */
  g_assert_true (till_sending_next (books.ledger, no_profile, NULL, &question, &next_at, &error));
  g_assert_no_error (error);
  g_assert_nonnull (question);
  g_assert_cmpint (question->errand->kind, ==, TILL_ERRAND_QUERY_REFUND);
  g_assert_cmpstr (question->errand->request_no, ==, refund->request_no);
  books_close (&books);
}

static void
test_what_stands_in_the_way (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = in_folder (&books, "copy.db"),
                  *digest = in_folder (&books, "copy.db.sha256");
  g_autofree char *left_over = in_folder (&books, "copy.db.new");
  g_autofree char *back = in_folder (&books, "back.db"), *log = in_folder (&books, "back.db-wal");
  int64_t seq;
  g_assert_false (till_backup_write (books.ledger, "/nowhere/at/all.db", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (digest, "another copy's", -1, NULL));
  g_assert_false (till_backup_write (books.ledger, copy, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (g_file_test (digest, G_FILE_TEST_EXISTS)); /* not ours to remove */
  g_unlink (digest);

  g_assert_true (g_file_set_contents (left_over, "half a copy", -1, NULL));
  g_assert_true (till_backup_write (books.ledger, copy, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (left_over, G_FILE_TEST_EXISTS));
  g_assert_true (till_backup_check (copy, &seq, &error));

  g_assert_true (g_file_set_contents (log, "an old log", -1, NULL));
  g_assert_false (till_backup_restore (copy, back, books.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_assert_false (g_file_test (back, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (till_backup_restore ("/nowhere", copy, books.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT); /* books are never overwritten */
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backup/write-and-check", test_write_and_check);
  g_test_add_func ("/backup/altered", test_altered);
  g_test_add_func ("/backup/restore", test_restore);
  g_test_add_func ("/backup/restore-asks-before-it-sends", test_restore_asks_before_it_sends);
  g_test_add_func ("/backup/what-stands-in-the-way", test_what_stands_in_the_way);
  return g_test_run ();
}
