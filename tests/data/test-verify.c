/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit must find every single thing that is changed behind the program's back: one bad deed a
 * case, done with a second connection that first takes the triggers away and then puts them back.
 */
#include "tests/data/books.h"
#include "data/core/error.h"
#include "data/ledger/backup.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/setting-store.h"

static void
fill (Books *books)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autoptr (TillStaff) staff = NULL;
  books_open (books);
  {
    g_autoptr (TillTxn) txn = till_ledger_begin (books->ledger, books->manager, "setting", &error);
    g_assert_true (till_setting_store_set (txn, "shop.name", "Corner\tshop", &error));
    g_assert_true (till_txn_commit (txn, &error));
  }
  g_assert_true (
      till_staffing_sign_in (books->ledger, "7", "0000", &staff, &answer, &error)); /* wrong once */
  int64_t first
      = books_sell (books, books->cashier, "6901234567892 4006381333931", TILL_TENDER_CASH);
  books_sell (books, books->cashier, "A-1", TILL_TENDER_CODE);
  books_sell (books, books->supervisor, "2 2 A-1", TILL_TENDER_CASH);
  books_return (books, books->cashier, first, 1, TILL_REASON_FAULTY);
}

static void
test_sound (void)
{
  Books books = { 0 };
  g_autoptr (GError) error = NULL;
  TillVerdict verdict = { 0 };
  fill (&books);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (verdict.what, ==, "");
  g_assert_true (verdict.sound);
  g_assert_cmpint (verdict.entries, >=, 10);
  g_assert_cmpint (verdict.facts, >, 25);
  till_verdict_clear (&verdict);
  g_assert_true (till_verify_chain (books.ledger, &verdict, &error));
  g_assert_true (verdict.sound);
  till_verdict_clear (&verdict);
  books_close (&books);
}

static int64_t
hold (Books *books, int64_t sale, int pos)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillSecond later = { .hold = TRUE };
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (books->ledger, books->cashier, sale, &error);
  till_return_draft_set (draft, pos, TILL_QUANTITY_ONE);
  draft->reason = TILL_REASON_OTHER;
  g_assert_true (till_returning_submit (books->ledger, books->cashier, draft, &later,
                                        books_no_limits, &goods, &answer, &error));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  g_assert_cmpint (goods->state, ==, TILL_RETURN_WAIT_APPROVAL);
  return goods->id;
}

static void
decide (Books *books, int64_t id, gboolean approve)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillSecond second = { .no = "5", .pin = "5555" };
  g_autoptr (TillReturn) goods = NULL;
  g_assert_true (till_returning_decide (books->ledger, id, &second, approve, "because",
                                        books_no_limits, &goods, &answer, &error));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
}

/* Late returns that wait, are approved and refused; a payment that is given up: all in order. */
static void
test_sound_after_trouble (void)
{
  Books books = { 0 };
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillVerdict verdict = { 0 };
  fill (&books);
  int64_t sale = books_sell (&books, books.cashier, "2 A-1", TILL_TENDER_CASH);
  int64_t given_up = books_sell (&books, books.cashier, "2", TILL_TENDER_CODE);
  g_autoptr (TillSale) now = NULL;
  g_autoptr (TillBasket) basket = NULL;
  g_assert_true (
      till_selling_cancel_leg (books.ledger, books.cashier, given_up, 1, &now, &answer, &error));
  g_assert_true (
      till_selling_abandon (books.ledger, books.cashier, given_up, &basket, &answer, &error));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  till_clock_advance (books.clock, 30 * TILL_DAY);
  int64_t one = hold (&books, sale, 1), two = hold (&books, sale, 2);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_cmpstr (verdict.what, ==, "");
  till_verdict_clear (&verdict);
  decide (&books, one, TRUE);
  decide (&books, two, FALSE);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (verdict.what, ==, "");
  till_verdict_clear (&verdict);
  books_tamper (books.path, "UPDATE approval SET verdict = 'approved', digest = digest");
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_nonnull (strstr (verdict.what, "approval"));
  till_verdict_clear (&verdict);
  books_close (&books);
}

/* Facts, states, sums: what is done, and a word of the finding. */
static const struct
{
  const char *name, *deed, *finding;
} deeds[] = {
  { "staff/pin", "UPDATE staff SET pin_hash = 'x' WHERE no = '1'", "staff" },
  { "staff/role", "UPDATE staff SET role = 'manager' WHERE no = '7'", "staff" },
  { "staff/tries", "UPDATE staff SET wrong_pins = 0 WHERE no = '7'", "staff 2" },
  { "staff/inactive", "UPDATE staff SET active = 0 WHERE no = '7'", "staff 2" },
  { "staff/added",
    "INSERT INTO staff (id, no, name, role, pin_hash) VALUES (9, '9', 'Eve',"
    " 'manager', 'x')",
    "staff\t9" },
  { "setting/changed", "UPDATE setting SET value = 'Corner sho' WHERE key = 'shop.name'",
    "setting shop.name" },
  { "setting/added", "INSERT INTO setting VALUES ('policy.window_days', '365')",
    "setting policy.window_days" },
  { "setting/removed", "DELETE FROM setting", "setting shop.name" },
  { "posting/amount", "UPDATE posting SET amount = amount + 1 WHERE pos = 1", "posting" },
  { "posting/account", "UPDATE posting SET account = 'x' WHERE pos = 1", "posting" },
  { "posting/added", "INSERT INTO posting VALUES (3, 1, 'drawer', 0)", "posting\t3\t1" },
  { "posting/removed", "DELETE FROM posting WHERE pos = 1", "posting" },
  { "balance/altered", "UPDATE balance SET amount = amount - 1 WHERE account = 'drawer'",
    "balance of drawer" },
  { "balance/added", "INSERT INTO balance VALUES ('mine', 5)", "balance of mine" },
  { "balance/removed", "DELETE FROM balance WHERE account = 'drawer'", "balance of drawer" },
  { "sale/total", "UPDATE sale SET total = total + 1 WHERE id = 1", "sale" },
  { "sale/token", "UPDATE sale SET token = token || 'x' WHERE id = 1", "sale" },
  { "sale/state", "UPDATE sale SET state = 'ABANDONED' WHERE id = 3", "sale 3" },
  { "sale/paid", "UPDATE sale SET state = 'PAID' WHERE id = 2", "sale 2" },
  { "line/name", "UPDATE sale_line SET name = 'Pencil ' WHERE sale_id = 1 AND pos = 2",
    "sale_line" },
  { "line/nul", "UPDATE sale_line SET name = name || char (0) || 'x' WHERE sale_id = 1 AND pos = 2",
    "sale_line" },
  { "line/added",
    "INSERT INTO sale_line SELECT sale_id, 9, item_id, code, name, quantity, price,"
    " gross, discount, rounding, amount, vat, vat_ppm FROM sale_line"
    " WHERE sale_id = 1 AND pos = 1",
    "sale_line\t1\t9" },
  { "line/removed", "DELETE FROM sale_line WHERE sale_id = 3", "sale_line" },
  { "leg/amount", "UPDATE leg SET amount = amount - 1, received = received - 1 WHERE sale_id = 1",
    "leg" },
  { "leg/masked", "UPDATE leg SET masked = 'x' WHERE sale_id = 2", "leg" },
  { "leg/state", "UPDATE leg SET state = 'DECLINED', next_action_at = NULL WHERE sale_id = 2",
    "leg 2/1" },
  { "leg/number", "UPDATE leg SET request_no = 'ABCDEFGHJKMNPQRS' WHERE sale_id = 2", "leg" },
  { "leg/promised", "UPDATE leg SET sent_at = 5 WHERE sale_id = 2", "leg 2/1" },
  { "leg-history/event", "UPDATE leg_history SET event = 'x'", "leg_history" },
  { "leg-history/removed", "DELETE FROM leg_history WHERE sale_id = 3", "leg_history" },
  { "leg-history/added",
    "INSERT INTO leg_history VALUES (2, 1, 1, 5, 5, 1, 'PLANNED', 'APPROVED',"
    " 'done', '')",
    "leg_history\t2\t1\t1" },
  { "return/reason", "UPDATE \"return\" SET reason = 'other'", "return" },
  { "return/note", "UPDATE \"return\" SET note = 'x'", "return" },
  { "return/state", "UPDATE \"return\" SET state = 'CANCELLED'", "return 1" },
  { "return-line/quantity", "UPDATE return_line SET quantity = 1", "return_line" },
  { "return-history/removed", "DELETE FROM return_history", "return_history" },
  { "refund/amount", "UPDATE refund SET amount = amount - 1", "refund" },
  { "refund/state", "UPDATE refund SET state = 'FAILED'", "refund 1" },
  { "refund/promised", "UPDATE refund SET requested_at = 7", "refund 1" },
  { "refund/merchant",
    "UPDATE leg SET merchant_no = 'M1' WHERE (sale_id, pos) ="
    " (SELECT sale_id, leg_pos FROM refund WHERE id = 1);"
    "UPDATE refund SET merchant_no = 'M2' WHERE id = 1",
    "refund 1 went out under another merchant" },
  { "refund/coupon", "INSERT INTO refund_coupon SELECT id, seq, at, 1 FROM refund WHERE id = 1",
    "refund_coupon\t1" },
  { "refund-history/evidence", "UPDATE refund_history SET evidence = 'seen'", "refund_history" },
  { "approval/added",
    "INSERT INTO approval VALUES (1, 1, 5, 5, 1, 2, 'x', 'approved',"
    " printf ('%064d', 0))",
    "approval\t1\t1" },
  { "rollup/sales", "UPDATE sum_sale_staff SET amount = amount + 1", "roll-up of sales" },
  { "rollup/reason", "UPDATE sum_return_reason SET n = 2", "by reason" },
  { "rollup/person", "DELETE FROM sum_return_staff", "by person" },
  { "rollup/item", "UPDATE sum_return_item SET quantity = quantity + 1", "by item" },
  { "rollup/route", "INSERT INTO sum_return_route VALUES (20261121, 'card', 1, 1)", "by route" },
  { "reference", "DELETE FROM item WHERE code = '2'", "points to" },
};

static void
test_deed (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  Books books = { 0 };
  g_autoptr (GError) error = NULL;
  TillVerdict verdict = { 0 };
  fill (&books);
  books_tamper (books.path, deeds[i].deed);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_no_error (error);
  g_test_message ("%s", verdict.what);
  g_assert_false (verdict.sound);
  g_assert_nonnull (strstr (verdict.what, deeds[i].finding));
  till_verdict_clear (&verdict);
  books_close (&books);
}

/* Every column of an entry, one at a time: the chain names the entry. */
static void
test_chain (void)
{
  static const struct
  {
    const char *deed;
    int64_t seq;
  } bad[] = {
    { "UPDATE journal SET at = at + 1 WHERE seq = 3", 3 },
    { "UPDATE journal SET day = day + 1 WHERE seq = 4", 4 },
    { "UPDATE journal SET day = day + 4294967296 WHERE seq = 4", 4 },
    { "UPDATE journal SET till = till + 1 WHERE seq = 5", 5 },
    { "UPDATE journal SET staff = 2 WHERE seq = 2", 2 },
    { "UPDATE journal SET act = 'nothing' WHERE seq = 6", 6 },
    { "UPDATE journal SET act = act || char (10) || 'note', body = '' WHERE seq = 6", 6 },
    { "UPDATE journal SET body = body || 'note\tx\n' WHERE seq = 7", 7 },
    { "UPDATE journal SET body = body || char (0) WHERE seq = 7", 7 },
    { "UPDATE journal SET hash = zeroblob (32) WHERE seq = 2", 2 },
    { "DELETE FROM journal WHERE seq = 3", 3 },
    { "UPDATE journal SET seq = 99 WHERE seq = 1", 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      Books books = { 0 };
      g_autoptr (GError) error = NULL;
      TillVerdict verdict = { 0 };
      fill (&books);
      books_tamper (books.path, bad[i].deed);
      g_assert_true (till_verify_chain (books.ledger, &verdict, &error));
      g_assert_false (verdict.sound);
      g_assert_cmpint (verdict.bad_seq, ==, bad[i].seq);
      till_verdict_clear (&verdict);
      books_close (&books);
    }
}

/* The law itself taken away, or one more added. */
static void
test_schema (void)
{
  static const char *const deeds_of_schema[] = {
    "DROP TRIGGER refund_cap",
    "CREATE TRIGGER planted AFTER INSERT ON sale BEGIN SELECT 1; END",
    "CREATE VIEW planted AS SELECT 1",
    "DROP INDEX refund_due",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (deeds_of_schema); i++)
    {
      Books books = { 0 };
      g_autoptr (GError) error = NULL;
      TillVerdict verdict = { 0 };
      sqlite3 *db = NULL;
      fill (&books);
      g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (db, deeds_of_schema[i], NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (db);
      g_assert_true (till_verify_books (books.ledger, &verdict, &error));
      g_assert_false (verdict.sound);
      till_verdict_clear (&verdict);
      books_close (&books);
    }
}

/* A setting that was emptied is a setting, and not what it was before. */
static void
test_emptied_setting (void)
{
  static const char *const values[] = { "1 Practice Road", "" };
  Books books = { 0 };
  TillVerdict verdict = { 0 };
  fill (&books);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (TillTxn) txn = till_ledger_begin (books.ledger, books.manager, "setting", NULL);
      g_assert_true (till_setting_store_set (txn, "shop.address", values[i], NULL));
      g_assert_true (till_txn_commit (txn, NULL));
    }
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_true (verdict.sound);
  till_verdict_clear (&verdict);
  books_tamper (books.path, "UPDATE setting SET value = 'x' WHERE key = 'shop.address'");
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_false (verdict.sound);
  till_verdict_clear (&verdict);
  books_close (&books);
}

/* An entry that speaks of a coupon does not make it one of a refund that nobody called done. */
static void
test_coupon_of_nothing_done (void)
{
#define GUARD "refund_coupon_of_done"
  Books books = { 0 };
  g_autoptr (GError) error = NULL;
  TillVerdict verdict = { 0 };
  sqlite3 *db = NULL;
  sqlite3_stmt *read = NULL;
  fill (&books);
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema WHERE name = '" GUARD "'",
                                       -1, &read, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (read), ==, SQLITE_ROW);
  g_autofree char *guard = g_strdup ((const char *)sqlite3_column_text (read, 0));
  sqlite3_finalize (read);
  g_assert_cmpint (sqlite3_exec (db, "DROP TRIGGER " GUARD, NULL, NULL, NULL), ==, SQLITE_OK);
  {
    g_autoptr (TillTxn) txn = till_ledger_begin (books.ledger, 0, "answer", &error);
    g_assert_true (till_refund_store_add_coupon (txn, 1, 1, &error));
    g_assert_true (till_txn_commit (txn, &error));
  }
  g_assert_cmpint (sqlite3_exec (db, guard, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (verdict.what, "refund 1 has a coupon"));
  till_verdict_clear (&verdict);
  books_close (&books);
}

/* What a cashier types is no testimony about a setting. */
static void
test_typed_words (void)
{
  Books books = { 0 };
  g_autoptr (GError) error = NULL;
  TillVerdict verdict = { 0 };
  fill (&books);
  {
    g_autoptr (TillTxn) txn = till_ledger_begin (books.ledger, books.cashier, "drawer", &error);
    till_txn_note (txn, "setting policy.window_days = 365");
    g_assert_true (till_txn_commit (txn, &error));
  }
  books_tamper (books.path, "INSERT INTO setting VALUES ('policy.window_days', '365')");
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_false (verdict.sound);
  till_verdict_clear (&verdict);
  books_close (&books);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verify/sound", test_sound);
  g_test_add_func ("/verify/sound-after-trouble", test_sound_after_trouble);
  g_test_add_func ("/verify/chain", test_chain);
  g_test_add_func ("/verify/schema", test_schema);
  g_test_add_func ("/verify/coupon-of-nothing-done", test_coupon_of_nothing_done);
  g_test_add_func ("/verify/emptied-setting", test_emptied_setting);
  g_test_add_func ("/verify/typed-words", test_typed_words);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *path = g_strconcat ("/verify/", deeds[i].name, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_deed);
    }
  return g_test_run ();
}
