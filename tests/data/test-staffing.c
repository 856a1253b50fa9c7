/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who signs in: wrong PINs are counted in the books, and nothing opens a lock but time or a
 * manager. */
#include "tests/data/books.h"
#include "data/core/error.h"

static TillAnswer
try (Books *books, const char *no, const char *pin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillStaff) staff = NULL;
  TillAnswer answer;
  g_assert_true (till_staffing_sign_in (books->ledger, no, pin, &staff, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (staff != NULL, ==, answer.code == TILL_YES);
  if (staff)
    g_assert_cmpstr (staff->no, ==, no);
  return answer;
}

static void
restart (Books *books)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&books->ledger, till_ledger_free);
  books->ledger = till_ledger_open (books->path, books->clock, &error);
  g_assert_no_error (error);
}

static void
assert_sound (Books *books)
{
  TillVerdict verdict = { 0 };
  g_assert_true (till_verify_books (books->ledger, &verdict, NULL));
  g_assert_cmpstr (verdict.what, ==, "");
  till_verdict_clear (&verdict);
}

static void
test_lock (void)
{
  Books books = { 0 };
  books_open (&books);
  g_assert_cmpint (try (&books, "7", "7777").code, ==, TILL_YES);
  for (int left = 4; left >= 1; left--)
    {
      TillAnswer answer = try (&books, "7", "7770");
      g_assert_cmpint (answer.code, ==, TILL_NO_PIN);
      g_assert_cmpint (answer.quantity, ==, left);
      restart (&books); /* helps nobody */
    }
  TillAnswer answer = try (&books, "7", "7770");
  g_assert_cmpint (answer.code, ==, TILL_NO_LOCKED);
  g_assert_cmpint (answer.quantity, ==, 30);
  g_assert_cmpint (try (&books, "7", "7777").code, ==, TILL_NO_LOCKED);
  assert_sound (&books);

  till_clock_advance (books.clock, -TILL_DAY); /* a clock that is set back opens nothing */
  restart (&books);
  answer = try (&books, "7", "7777");
  g_assert_cmpint (answer.code, ==, TILL_NO_LOCKED);
  g_assert_cmpint (answer.quantity, ==, 30);

  till_clock_advance (books.clock, TILL_DAY + 29 * TILL_MINUTE);
  g_assert_cmpint (try (&books, "7", "7777").quantity, ==, 1);
  till_clock_advance (books.clock, TILL_MINUTE);
  /* A lock that is over gives five tries again. */
  g_assert_cmpint (try (&books, "7", "7770").quantity, ==, 4);
  g_assert_cmpint (try (&books, "7", "7777").code, ==, TILL_YES);
  g_assert_cmpint (try (&books, "7", "7770").quantity, ==, 4);
  assert_sound (&books);
  books_close (&books);
}

/* A number that nobody has answers try by try what one that somebody has answers. */
static void
test_unknown (void)
{
  Books books = { 0 };
  books_open (&books);
  for (int i = 0; i < 8; i++)
    {
      TillAnswer known = try (&books, "7", "0000"), unknown = try (&books, "8", "0000");
      g_assert_cmpint (unknown.code, ==, known.code);
      g_assert_cmpint (unknown.quantity, ==, known.quantity);
    }
  static const char *const nonsense[] = { "", "７", "7 ", "123456789", "'; DROP TABLE staff" };
  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    g_assert_cmpint (try (&books, nonsense[i], "7777").code, !=, TILL_YES);
  assert_sound (&books);
  books_close (&books);
}

static void
test_every_try_is_an_entry (void)
{
  Books books = { 0 };
  books_open (&books);
  int64_t before, after;
  g_assert_true (till_ledger_head (books.ledger, &before, NULL, NULL));
  try (&books, "7", "7777");
  try (&books, "7", "1234");
  try (&books, "8", "1234");
  g_assert_true (till_ledger_head (books.ledger, &after, NULL, NULL));
  g_assert_cmpint (after, ==, before + 3);
  books_close (&books);
}

static void
test_unlock (void)
{
  Books books = { 0 };
  books_open (&books);
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  for (int i = 0; i < 5; i++)
    try (&books, "7", "0000");
  g_assert_true (till_staffing_unlock (books.ledger, books.supervisor, "7", &answer, &error));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_cmpint (try (&books, "7", "7777").code, ==, TILL_NO_LOCKED);
  g_assert_true (till_staffing_unlock (books.ledger, books.manager, "7", &answer, &error));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_cmpint (try (&books, "7", "7777").code, ==, TILL_YES);
  g_assert_false (till_staffing_unlock (books.ledger, books.manager, "99", &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  assert_sound (&books);
  books_close (&books);
}

static void
test_add (void)
{
  static const struct
  {
    const char *no, *name, *pin;
  } bad[] = { { "", "A", "1234" },       { "123456789", "A", "1234" }, { "1a", "A", "1234" },
              { "12", "\x01 ", "1234" }, { "12", "A", "123" },         { "12", "A", "１２３４" } };
  Books books = { 0 };
  TillAnswer answer;
  int64_t id;
  books_open (&books);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_staffing_add (books.ledger, books.manager, bad[i].no, bad[i].name,
                                         TILL_ROLE_CASHIER, bad[i].pin, &id, &answer, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_autoptr (GError) error = NULL;
  /* Nobody makes a manager but a manager: no cashier, and not the program once there is somebody.
   */
  g_assert_true (till_staffing_add (books.ledger, books.cashier, "8", "Eve", TILL_ROLE_MANAGER,
                                    "1234", &id, &answer, &error));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_true (till_staffing_add (books.ledger, 0, "8", "Eve", TILL_ROLE_MANAGER, "1234", &id,
                                    &answer, &error));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_false (till_staffing_add (books.ledger, books.manager, "7", "Eve", TILL_ROLE_MANAGER,
                                     "1234", &id, &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_autoptr (GPtrArray) list = till_staffing_list (books.ledger, NULL);
  g_assert_cmpuint (list->len, ==, 3);
  g_autoptr (TillStaff) nobody = NULL;
  g_assert_true (till_staffing_find (books.ledger, "8", &nobody, NULL));
  g_assert_null (nobody);
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/staffing/lock", test_lock);
  g_test_add_func ("/staffing/unknown", test_unknown);
  g_test_add_func ("/staffing/every-try-is-an-entry", test_every_try_is_an_entry);
  g_test_add_func ("/staffing/unlock", test_unlock);
  g_test_add_func ("/staffing/add", test_add);
  return g_test_run ();
}
