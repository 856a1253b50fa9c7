/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The laws of the ledger, tried from outside: a connection of our own says to the books what no
 * program of ours ever would, and the books themselves refuse. */
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/reporting.h"
#include "data/desk/returning.h"
#include "data/ledger/migrate.h"
#include "tests/data/shop-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

typedef struct
{
  Shop shop;
  char *dir;   /* owned */
  char *path;  /* owned */
  sqlite3 *db; /* owned; the intruder */
} Books;

static void
set_up (Books *books, gconstpointer data)
{
  books->dir = g_dir_make_tmp ("till-laws-XXXXXX", NULL);
  books->path = g_build_filename (books->dir, "ledger.db", NULL);
  shop_open (&books->shop, books->path, 1);
  g_assert_cmpint (sqlite3_open (books->path, &books->db), ==, SQLITE_OK);
  sqlite3_exec (books->db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
}

static void
tear_down (Books *books, gconstpointer data)
{
  sqlite3_close (books->db);
  shop_close (&books->shop);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", books->dir);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (books->dir);
  g_free (books->path);
}

/* One paid sale of two colas with code, one cola returned: refund 1 is QUEUED. */
static void
do_business (Books *books)
{
  Shop *shop = &books->shop;
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567892", 2000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, NULL);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
}

#define RETURN_2(amount)                                                                           \
  "BEGIN; INSERT INTO \"return\" VALUES (2, '92010126112200000027', 99, 20261122, 0, 1, 1, 't2',"  \
  " 1, 'faulty', 'opened', 'shelf', 'original', '', '', 'p', " amount ", 0, 'WAIT_APPROVAL');"
#define REFUND_2(amount, state, supersedes)                                                        \
  "INSERT INTO refund (id, no, seq, day, at, till, staff_id, return_id, sale_id, leg_pos, tender," \
  " provider, amount, request_no, original_no, supersedes, state) VALUES (2,"                      \
  " '93010126112200000027', 99, 20261122, 0, 1, 1, 2, 1, 1, 'cash', '', " amount ","               \
  " '0123456789ABCDEF', '', " supersedes ", '" state "');"

static const struct
{
  const char *story;
  const char *sql;
  const char *refused_by; /* part of the message */
} crimes[] = {
  { "the same basket twice",
    "INSERT INTO draft (kind, token, staff_id, at) VALUES ('sale', 'T', 1, 1), ('sale', 'T', 1, 1)",
    "one draft" },
  { "a number that is another sale's",
    "INSERT INTO sale SELECT 2, no, seq, day, at, till, staff_id, 'T', discount, rounding, vat,"
    " total, 'TENDERING' FROM sale WHERE id = 1",
    "CHECK" },
  { "edit a sale", "UPDATE sale SET total = 1", "law 1" },
  { "delete a sale", "DELETE FROM sale", "law 1" },
  { "unpay a sale", "UPDATE sale SET state = 'ABANDONED'", "law 1" },
  { "edit a line", "UPDATE sale_line SET amount = 1, vat = 0", "law 1" },
  { "delete a line", "DELETE FROM sale_line", "law 1" },
  { "edit a payment", "UPDATE leg SET amount = 0", "law 1" },
  { "unapprove the payment of a paid sale", "UPDATE leg SET state = 'DECLINED'", "law 1" },
  { "delete a payment", "DELETE FROM leg", "law 1" },
  { "edit a return", "UPDATE \"return\" SET amount = 0, vat = 0", "law 1" },
  { "reopen a return", "UPDATE \"return\" SET state = 'CANCELLED'", "law 1" },
  { "delete a return", "DELETE FROM \"return\"", "law 1" },
  { "delete a return line", "DELETE FROM return_line", "law 1" },
  { "edit a refund", "UPDATE refund SET amount = 1", "law 1" },
  { "give a refund another number", "UPDATE refund SET request_no = '0123456789ABCDEF'", "law 1" },
  { "send a refund as another merchant",
    "UPDATE refund SET merchant_no = 'M1'; UPDATE refund SET merchant_no = 'M2'", "law 5" },
  { "forget whose a refund is",
    "UPDATE refund SET merchant_no = 'M1'; UPDATE refund SET merchant_no = ''", "law 5" },
  { "ask for a payment as another merchant",
    "UPDATE leg SET merchant_no = 'M1'; UPDATE leg SET merchant_no = 'M2'", "law 5" },
  { "unpay a refund", "UPDATE refund SET state = 'FAILED'", "law 1" },
  { "delete a refund", "DELETE FROM refund", "law 1" },
  { "edit history", "UPDATE refund_history SET event = 'x'", "law 1" },
  { "delete history", "DELETE FROM refund_history", "law 1" },
  { "delete a payment's history", "DELETE FROM leg_history", "law 1" },
  { "edit the journal", "UPDATE journal SET body = ''", "law 1" },
  { "delete the journal", "DELETE FROM journal", "law 1" },
  { "edit a posting", "UPDATE posting SET amount = 0", "law 1" },
  { "delete a posting", "DELETE FROM posting", "law 1" },
  { "delete a print job", "DELETE FROM print_job", "law 1" },
  { "leave a gap in the journal",
    "INSERT INTO journal SELECT max (seq) + 2, 0, 20261122, 1, 1, 'x', '', zeroblob (32) FROM "
    "journal",
    "law 2" },
  { "post money out of nowhere",
    "BEGIN; INSERT INTO posting SELECT max (seq) + 1, 1, 'drawer', 100 FROM journal;"
    "INSERT INTO journal SELECT max (seq) + 1, 0, 20261122, 1, 1, 'x', '', zeroblob (32)"
    " FROM journal;",
    "law 3" },
  { "a posting without an entry", "INSERT INTO posting VALUES (999999, 1, 'drawer', 1)",
    "FOREIGN KEY" },
  { "return more pieces than were sold",
    RETURN_2 ("10") "INSERT INTO return_line VALUES (1, 1, 2, 1001, 10, 0)", "law 4" },
  { "return more money than was paid",
    RETURN_2 ("1000") "INSERT INTO return_line VALUES (1, 1, 2, 1000, 351, 0)", "law 4" },
  { "refund more than the payment", RETURN_2 ("10000") REFUND_2 ("351", "WAIT_APPROVAL", "NULL"),
    "law 4" },
  { "refund more than the return", RETURN_2 ("10") REFUND_2 ("11", "WAIT_APPROVAL", "NULL"),
    "law 4" },
  { "a second number while the first lives", RETURN_2 ("10") REFUND_2 ("10", "WAIT_APPROVAL", "1"),
    "law 5" },
  { "something is due and nothing says when", RETURN_2 ("10") REFUND_2 ("10", "UNKNOWN", "NULL"),
    "CHECK" },
  { "scan into a basket that is not there", "INSERT INTO draft_line VALUES (99, 1, 1, 1000, 1, 0)",
    "no draft" },
  { "a state nobody knows", "UPDATE print_job SET state = 'LOST'", "CHECK" },
  { "approve one's own return",
    "INSERT INTO approval VALUES (1, 1, 1, 0, 1, 1, 'limit', 'approved', printf ('%064d', 0))",
    "CHECK" },
};

static void
test_crimes (Books *books, gconstpointer data)
{
  do_business (books);
  for (gsize i = 0; i < G_N_ELEMENTS (crimes); i++)
    {
      int code = sqlite3_exec (books->db, crimes[i].sql, NULL, NULL, NULL);
      g_autofree char *message = g_strdup (sqlite3_errmsg (books->db));
      if (!sqlite3_get_autocommit (books->db))
        sqlite3_exec (books->db, "ROLLBACK", NULL, NULL, NULL);
      if (code == SQLITE_OK || !strstr (message, crimes[i].refused_by))
        g_error ("%s: %s", crimes[i].story, code == SQLITE_OK ? "was allowed" : message);
    }
}

/* What is planted into the file is not run, for the file is not opened. */
static void
test_planted_parts (Books *books, gconstpointer data)
{
  static const char *const plants[] = {
    "CREATE TRIGGER evil AFTER INSERT ON refund BEGIN SELECT 1; END",
    "CREATE VIEW evil AS SELECT * FROM sale",
    "CREATE TABLE evil (id INTEGER)",
    "CREATE INDEX evil ON sale (day)",
    "DROP TRIGGER refund_cap",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (plants); i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s.%d", books->path, (int)i);
      g_autofree char *vacuum = g_strdup_printf ("VACUUM INTO '%s'", copy);
      g_assert_cmpint (sqlite3_exec (books->db, vacuum, NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3 *db;
      g_assert_cmpint (sqlite3_open (copy, &db), ==, SQLITE_OK);
      g_autoptr (GError) error = NULL;
      g_autoptr (TillLedger) sound = till_ledger_open (copy, books->shop.clock, &error);
      g_assert_no_error (error);
      g_clear_pointer (&sound, till_ledger_free);
      g_assert_cmpint (sqlite3_exec (db, plants[i], NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (db);
      g_assert_null (till_ledger_open (copy, books->shop.clock, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
    }
}

/* A page in the middle is overwritten, as by a dying disk. */
static void
test_damaged_page (Books *books, gconstpointer data)
{
  do_business (books);
  g_autofree char *copy = g_strconcat (books->path, ".copy", NULL);
  g_autofree char *vacuum = g_strdup_printf ("VACUUM INTO '%s'", copy);
  g_assert_cmpint (sqlite3_exec (books->db, vacuum, NULL, NULL, NULL), ==, SQLITE_OK);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (copy, &bytes, &size, NULL));
  guint refused = 0;
  for (gsize page = 1; page < size / 4096; page++)
    {
      g_autofree char *torn = g_memdup2 (bytes, size);
      memset (torn + page * 4096, 0x5a, 4096);
      g_assert_true (g_file_set_contents (copy, torn, (gssize)size, NULL));
      g_autoptr (GError) error = NULL;
      g_autoptr (TillLedger) ledger = till_ledger_open (copy, books->shop.clock, &error);
      g_assert_null (ledger);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
      refused++;
    }
  g_assert_cmpuint (refused, >, 20);
}

static void
test_altered_end (Books *books, gconstpointer data)
{
  do_business (books);
  sqlite3_exec (books->db,
                "DROP TRIGGER journal_stays;"
                "UPDATE journal SET body = replace (body, '350', '351') WHERE act = 'sale';"
                "CREATE TRIGGER journal_stays BEFORE UPDATE ON journal\n"
                "BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END",
                NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_ledger_open (books->path, books->shop.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
}

static void
test_newer_program (Books *books, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  sqlite3_exec (books->db, "PRAGMA user_version = 999", NULL, NULL, NULL);
  g_assert_null (till_ledger_open (books->path, books->shop.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "999"));
}

static void
test_not_books (Books *books, gconstpointer data)
{
  g_autofree char *path = g_build_filename (books->dir, "junk.db", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_ledger_open (path, books->shop.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "these are no books, only words", -1, NULL));
  g_assert_null (till_ledger_open (path, books->shop.clock, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
}

/* The power fails at every point of making new books: there are none, or whole ones. */
static void
test_created_whole_or_not (Books *books, gconstpointer data)
{
  g_autofree char *path = g_build_filename (books->dir, "new.db", NULL);
  for (guint point = 1;; point++)
    {
      g_autoptr (GError) error = NULL;
      till_fault_arm (point);
      gboolean made = till_ledger_create (path, &error);
      till_fault_restore ();
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_autoptr (TillLedger) ledger = till_ledger_open (path, books->shop.clock, NULL);
          g_assert_nonnull (ledger);
        }
      if (made || g_error_matches (error, TILL_ERROR, TILL_ERROR_CONFLICT))
        break;
      g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
      g_assert_cmpuint (point, <, 10);
    }
  g_autoptr (GError) error = NULL;
  g_assert_false (till_ledger_create (path, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  GStatBuf info;
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* A transaction that is left early never was; a second connection waits its turn and sees it all.
 */
static void
test_scope_and_turns (Books *books, gconstpointer data)
{
  Shop *shop = &books->shop;
  g_autoptr (GError) error = NULL;
  {
    g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, shop->manager, "drop", &error);
    g_assert_true (till_txn_post (txn, "drawer", -5, &error));
  }
  g_assert_cmpint (shop_balance (shop, "drawer"), ==, 0);

  g_autoptr (TillLedger) other = till_ledger_open (books->path, shop->clock, &error);
  g_assert_no_error (error);
  int64_t before, after;
  g_assert_true (till_ledger_head (other, &before, NULL, NULL));
  do_business (books);
  g_assert_true (till_ledger_head (other, &after, NULL, NULL));
  g_assert_cmpint (after, >, before);
  g_autofree char *anchor = till_ledger_anchor (other, after, NULL);
  g_assert_cmpuint (strlen (anchor), ==, 8);
}

static int
count (Books *books, const char *sql)
{
  sqlite3_stmt *statement;
  g_assert_cmpint (sqlite3_prepare_v2 (books->db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  int n = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

/* A basket that became a sale takes its lines along; another's stay. */
static void
test_lines_go_with_their_draft (Books *books, gconstpointer data)
{
  Shop *shop = &books->shop;
  g_autoptr (TillBasket) first = shop_basket (shop), second = shop_basket (shop);
  shop_scan (shop, first, "6901234567892", 2000);
  shop_scan (shop, first, "6901234567908", 1000);
  shop_scan (shop, second, "6901234567915", 1000);
  g_assert_true (till_selling_keep (shop->ledger, shop->cashier, first, NULL));
  g_assert_true (till_selling_keep (shop->ledger, shop->supervisor, second, NULL));
  g_assert_cmpint (count (books, "SELECT count (*) FROM draft_line"), ==, 3);
  g_autoptr (TillSale) sale = shop_pay (shop, first, NULL);
  g_assert_cmpint (count (books, "SELECT count (*) FROM draft_line"), ==, 1);
  g_assert_cmpint (count (books, "SELECT count (*) FROM draft"), ==, 1);
}

/* While somebody writes the others read: reports, rehearsals and whole sales wait for nobody. */
static void
test_readers_wait_for_nobody (Books *books, gconstpointer data)
{
  Shop *shop = &books->shop;
  g_autoptr (GError) error = NULL;
  do_business (books);
  g_autoptr (TillLedger) other = till_ledger_open (books->path, shop->clock, &error);
  g_assert_no_error (error);

  g_autoptr (TillTxn) writer = till_ledger_begin (shop->ledger, shop->manager, "note", &error);
  g_assert_nonnull (writer);
  g_autoptr (TillReport) report = NULL;
  g_autoptr (TillSale) sale = NULL;
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillReturnDraft) draft = till_returning_draft (other, shop->cashier, 1, &error);
  g_auto (TillRehearsal) rehearsal = { 0 };
  TillAnswer answer;
  g_assert_true (till_reporting_returns (other, shop->manager, 20261101, 20261130, TILL_BY_REASON,
                                         &report, &answer, &error));
  g_assert_cmpint (report->n, ==, 1);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_assert_true (
      till_returning_rehearse (other, shop->cashier, draft, shop_profile_of, &rehearsal, &error));
  g_assert_cmpint (rehearsal.amount, ==, 350);
  g_assert_true (till_selling_load_id (other, 1, &sale, &answer, &error));
  g_assert_cmpint (till_sale_line (sale, 1)->returned, ==, 1000);
  g_assert_true (till_returning_load_id (other, 1, &goods, &answer, &error));
  g_assert_cmpuint (goods->refunds->len, ==, 1);
  g_assert_true (till_txn_commit (writer, &error));
}

/* A look keeps its moment, and nobody who writes waits for its end. */
static void
test_look_keeps_its_moment (Books *books, gconstpointer data)
{
  Shop *shop = &books->shop;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillLedger) other = till_ledger_open (books->path, shop->clock, &error);
  g_assert_no_error (error);
  int64_t before, during, after;
  g_assert_true (till_ledger_head (other, &before, NULL, &error));
  {
    g_autoptr (TillTxn) look = till_ledger_look (other, &error);
    g_assert_nonnull (look);
    g_assert_cmpint (till_txn_now (look), ==, till_clock_now (shop->clock));
    g_assert_cmpint (till_txn_day (look), ==, 20261122);
    g_assert_cmpstr (till_txn_shop (look)->zone, ==, "Asia/Shanghai");
    do_business (books);
    g_assert_true (till_ledger_checkpoint (shop->ledger, &error));
    g_assert_true (till_ledger_head (other, &during, NULL, &error));
    g_autoptr (TillSale) none = NULL;
    TillAnswer answer;
    g_assert_true (till_selling_load_id (other, 1, &none, &answer, &error));
    g_assert_null (none);
  }
  g_assert_true (till_ledger_head (other, &after, NULL, &error));
  g_assert_cmpint (during, ==, before);
  g_assert_cmpint (after, >, before);
  /* The look is over: the same connection writes again. */
  g_autoptr (TillTxn) txn = till_ledger_begin (other, shop->manager, "note", &error);
  g_assert_no_error (error);
  g_assert_true (till_txn_commit (txn, &error));
}

/* The clock of the books never goes back, whatever the wall says. */
static void
test_time_goes_on (Books *books, gconstpointer data)
{
  Shop *shop = &books->shop;
  int64_t last = 0;
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, shop->manager, "note", NULL);
      g_assert_cmpint (till_txn_now (txn), >=, last);
      last = till_txn_now (txn);
      till_txn_note (txn, "a remark with card 4111 1111 1111 1111 in it");
      g_assert_true (till_txn_commit (txn, NULL));
      till_clock_advance (shop->clock, i % 2 ? TILL_HOUR : -TILL_DAY);
    }
  sqlite3_stmt *statement;
  sqlite3_prepare_v2 (books->db, "SELECT count (*) FROM journal WHERE body LIKE '%4111 1111%'", -1,
                      &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (statement, 0), ==, 0);
  sqlite3_finalize (statement);
}

static void
test_settings (Books *books, gconstpointer data)
{
  static const char *const bad[][2] = {
    { "shop.till", "100" },       { "shop.till", "-1" },         { "shop.till", "1x" },
    { "shop.nothing", "1" },      { "shop.name", "" },           { "price.round_to", "0" },
    { "policy.window_days", "" }, { "price.vat_included", "2" }, { "provider.codes", "13=" },
  };
  g_autoptr (TillTxn) txn
      = till_ledger_begin (books->shop.ledger, books->shop.manager, "setting", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_setting_store_set (txn, bad[i][0], bad[i][1], &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_assert_true (till_setting_store_set (txn, "shop.name", "南门  小店\x1b[1m", NULL));
  g_assert_true (till_txn_commit (txn, NULL));
  g_autoptr (TillShop) shop = till_setting_store_shop (books->shop.ledger, NULL);
  g_assert_cmpstr (shop->name, ==, "南门 小店[1m");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Books, NULL, set_up, function, tear_down)
  ADD ("/laws/crimes-are-refused", test_crimes);
  ADD ("/laws/planted-parts", test_planted_parts);
  ADD ("/laws/damaged-page", test_damaged_page);
  ADD ("/laws/altered-end", test_altered_end);
  ADD ("/laws/newer-program", test_newer_program);
  ADD ("/laws/not-books", test_not_books);
  ADD ("/laws/created-whole-or-not", test_created_whole_or_not);
  ADD ("/laws/scope-and-turns", test_scope_and_turns);
  ADD ("/laws/lines-go-with-their-draft", test_lines_go_with_their_draft);
  ADD ("/laws/readers-wait-for-nobody", test_readers_wait_for_nobody);
  ADD ("/laws/look-keeps-its-moment", test_look_keeps_its_moment);
  ADD ("/laws/time-goes-on", test_time_goes_on);
  ADD ("/laws/settings", test_settings);
  return g_test_run ();
}
