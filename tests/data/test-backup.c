/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies: made while the books are open, proved, and put back so that nothing is sent blindly. */
#include "tests/data/books.h"
#include "data/core/error.h"
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backup/write-and-check", test_write_and_check);
  g_test_add_func ("/backup/altered", test_altered);
  g_test_add_func ("/backup/restore", test_restore);
  return g_test_run ();
}
