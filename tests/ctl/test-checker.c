/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who audits the auditor: a day with everything in it, on which nothing is found; then one thing is
 * put wrong at a time, behind the schema's back, and the check of that name must find it. */
#include "app/ctl/story.h"
#include "tests/ctl/checker.h"
#include "tests/ctl/folder.h"

#include <sqlite3.h>
#include <string.h>

/* Sale 1: two legs, all by one refund each way. Return 1 and 2 by code, return 3 in cash, refund 4
 * replaced by 5. Refund 6 is not confirmed. */
static const char day[] = "# A day with everything in it\n"
                          "goods tea 39.80\n"
                          "goods soap 5.90\n"
                          "as 1\n"
                          "sell soap*30 --pay cash=200\n"
                          "sell tea*3 soap --pay code=125.30:286012345678901234\n"
                          "run\n"
                          "return last 1 --reason faulty\n"
                          "run\n"
                          "return last 2 --reason expired\n"
                          "run\n"
                          "sell soap*2 --pay cash=20\n"
                          "return last 1 --reason faulty\n"
                          "sell tea*2 --pay code=79.60:286012345678901235\n"
                          "run\n"
                          "gateway refund refuse ORIGINAL_TOO_OLD\n"
                          "return last 1 --reason other\n"
                          "run\n"
                          "as 2\n"
                          "refund cash --approve 3\n"
                          "gateway refund silent\n"
                          "gateway 9 query_refund drop\n"
                          "return last 1 --reason faulty\n"
                          "run for 20s\n"
                          "expect refund UNKNOWN\n"
                          "shift float 500\n"
                          "shift out 20 \"too much\"\n"
                          "shift close 500 400 --approve 3\n"
                          "sell soap --pay cash=10\n"
                          "shift close 405.90 300\n"
                          "run for 1s\n"
                          "expect sound\n";

/* A table like it, without its rules. */
#define BARE(table)                                                                                \
  "CREATE TABLE bare AS SELECT * FROM " table "; DROP TABLE " table ";"                            \
  "ALTER TABLE bare RENAME TO " table ";"

/* check, what is done to the books, what is done to the statement (text replaced by text) */
static const struct
{
  const char *name, *sql, *from, *to;
} plants[] = {
  { "M1", "UPDATE refund SET amount = 100000 WHERE id = 1", NULL, NULL },
  { "M2", "UPDATE return_line SET quantity = 9000 WHERE return_id = 1", NULL, NULL },
  { "M2", "UPDATE sale SET state = 'TENDERING' WHERE id = 2", NULL, NULL },
  { "M3", "UPDATE sale SET total = total + 1 WHERE id = 1", NULL, NULL },
  { "M3", "UPDATE sale_line SET gross = gross + 1 WHERE sale_id = 1", NULL, NULL },
  { "M3", "UPDATE \"return\" SET amount = amount + 1 WHERE id = 1", NULL, NULL },
  { "M3", "UPDATE refund SET amount = amount - 1 WHERE id = 5", NULL, NULL },
  { "M4",
    "UPDATE posting SET amount = amount + 1 WHERE seq = (SELECT max (seq) FROM posting)"
    " AND pos = 1",
    NULL, NULL },
  { "M4", "UPDATE balance SET amount = amount + 1 WHERE account = 'sales'", NULL, NULL },
  { "M5", "UPDATE refund SET requested_at = 0 WHERE id = 1", NULL, NULL },
  { "M5", "SELECT 1", "\"kind\":\"pay\"", "\"kind\":\"gift\"" },
  { "M6", "UPDATE refund SET state = 'FAILED', next_action_at = NULL WHERE id = 1", NULL, NULL },
  { "M6", "SELECT 1", "\"kind\":\"refund\"", "\"kind\":\"reverse\"" },
  { "M6", "UPDATE leg SET state = 'DECLINED' WHERE sale_id = 2", NULL, NULL },
  { "M7", "UPDATE balance SET amount = amount - 500 WHERE account = 'drawer'", NULL, NULL },
  { "M7",
    "UPDATE balance SET amount = amount + iif (account = 'vat', 5, -5)"
    " WHERE account IN ('vat', 'sales')",
    NULL, NULL },
  { "M8",
    "UPDATE balance SET amount = amount + 2000000000000000;"
    "UPDATE posting SET amount = 2000000000000000",
    NULL, NULL },
  { "A1",
    BARE ("refund") "UPDATE refund SET request_no = (SELECT request_no FROM refund WHERE id = 1)"
                    " WHERE id = 2",
    NULL, NULL },
  { "A1", "UPDATE refund SET state = 'SUCCEEDED' WHERE id = 4", NULL, NULL },
  { "A1", "UPDATE refund_history SET evidence = '' WHERE refund_id = 5", NULL, NULL },
  { "A2", "SELECT 1", "\"effects\":[{",
    "\"effects\":[{\"kind\":\"refund\",\"request_no\":\"X\","
    "\"amount\":1},{\"kind\":\"refund\",\"request_no\":\"X\",\"amount\":1},{" },
  { "A2", "UPDATE refund SET tender = 'cash', state = 'SUCCEEDED' WHERE id = 4", NULL, NULL },
  { "A3", "INSERT INTO refund_history VALUES (1, 9, 3, 3, 0, 'UNKNOWN', 'SUCCEEDED', 'done', '')",
    NULL, NULL },
  { "A4",
    BARE ("\"return\"") "UPDATE \"return\" SET token = (SELECT token FROM sale WHERE id = 1) WHERE "
                        "id = 1",
    NULL, NULL },
  { "A4",
    "INSERT INTO draft (kind, token, staff_id, at) SELECT 'sale', token, 1, 1 FROM sale"
    " WHERE id = 1",
    NULL, NULL },
  { "A5", "UPDATE refund SET original_no = 'ANOTHERPAYMENTNO' WHERE id = 1", NULL, NULL },
  { "A5", "UPDATE refund SET requested_at = requested_at + 1 WHERE id = 1", NULL, NULL },
  { "A5", "UPDATE leg SET requested_at = requested_at + 1 WHERE sale_id = 2", NULL, NULL },
  { "A6", "SELECT 1", "\"asked\":1", "\"asked\":2" },
  { "L1", "DELETE FROM print_job WHERE kind = 'sale'", NULL, NULL },
  { "L1", "UPDATE print_job SET subject_id = 99 WHERE kind = 'return' AND subject_id = 1", NULL,
    NULL },
  { "M6", "UPDATE refund SET state = 'BOUNCED' WHERE id = 1", NULL, NULL },
  { "L2", "UPDATE refund SET state = 'BOUNCED' WHERE id = 1", NULL, NULL },
  { "L2", "UPDATE refund_history SET to_state = 'FAILED' WHERE refund_id = 1 AND n = 2", NULL,
    NULL },
  { "L2", "DELETE FROM refund_history WHERE refund_id = 1 AND n = 2", NULL, NULL },
  { "L2", "DELETE FROM refund_history WHERE refund_id = 1", NULL, NULL },
  { "L2", "UPDATE leg_history SET from_state = 'DECLINED' WHERE sale_id = 2 AND n = 2", NULL,
    NULL },
  { "L2", "UPDATE \"return\" SET state = 'DENIED' WHERE id = 1", NULL, NULL },
  { "L3", "UPDATE refund SET next_action_at = NULL WHERE state = 'UNKNOWN'", NULL, NULL },
  { "L3", "UPDATE leg SET state = 'UNKNOWN', next_action_at = NULL WHERE sale_id = 2", NULL, NULL },
  { "L4",
    "UPDATE refund_history SET event = 'silence' WHERE refund_id = 1 AND to_state = 'SUCCEEDED'",
    NULL, NULL },
  { "L4", "UPDATE refund SET provider_no = '' WHERE id = 1", NULL, NULL },
  { "L4", "UPDATE leg SET provider_no = '' WHERE sale_id = 2", NULL, NULL },
  { "L5",
    "UPDATE refund SET next_action_at = next_action_at + 200000000000 WHERE state = 'UNKNOWN'",
    NULL, NULL },
  { "L7",
    "INSERT INTO refund_history VALUES (6, 90, 9, 9, 0, 'UNKNOWN', 'QUEUED', 'silence', ''),"
    " (6, 91, 9, 9, 0, 'QUEUED', 'SENDING', 'promise', '')",
    NULL, NULL },
  { "J1", "UPDATE journal SET body = body || 'x' WHERE seq = 5", NULL, NULL },
  { "J1", "DELETE FROM journal WHERE seq = 5", NULL, NULL },
  { "J1", "UPDATE journal SET staff = 3 WHERE seq = 5", NULL, NULL },
  { "J1", "UPDATE seal SET signature = zeroblob (64) WHERE seq = (SELECT max (seq) FROM seal)",
    NULL, NULL },
  { "J1", "DELETE FROM seal WHERE seq = (SELECT min (seq) FROM seal)", NULL, NULL },
  { "J1", "UPDATE seal SET hash = zeroblob (32)", NULL, NULL },
  { "J1", "UPDATE seal SET public_key = zeroblob (32)", NULL, NULL },
  { "J1", "INSERT INTO seal SELECT 5, hash, public_key, signature FROM seal LIMIT 1", NULL, NULL },
  { "J2", "UPDATE shift SET till = 7 WHERE id = 1", NULL, NULL },
  { "J2", "DELETE FROM cash_move WHERE id = 1", NULL, NULL },
  { "J2", "UPDATE sale_line SET name = 'gold' WHERE sale_id = 1", NULL, NULL },
  { "J2", "DELETE FROM posting WHERE seq = (SELECT max (seq) FROM posting)", NULL, NULL },
  { "J2", "UPDATE refund SET seq = 9999 WHERE id = 1", NULL, NULL },
  { "J3", "UPDATE sale SET at = at - 1 WHERE id = 1", NULL, NULL },
  { "J3", "UPDATE shift SET at = at - 1 WHERE id = 1", NULL, NULL },
  { "J3", "UPDATE journal SET hash = zeroblob (32) WHERE seq = (SELECT max (seq) FROM shift)", NULL,
    NULL },
  { "J3", "DELETE FROM journal WHERE seq >= (SELECT max (seq) FROM shift)", NULL, NULL },
  { "J3", "UPDATE \"return\" SET day = 20260101 WHERE id = 1", NULL, NULL },
  { "J4", "UPDATE sum_return_reason SET amount = amount + 1", NULL, NULL },
  { "J4", "DELETE FROM sum_sale_staff", NULL, NULL },
  { "J4", "UPDATE sum_return_item SET quantity = 1", NULL, NULL },
  { "J4", "UPDATE shift SET sales = sales + 1 WHERE id = 2", NULL, NULL },
  { "J4", "UPDATE shift SET taken_cash = taken_cash + 1, taken_code = taken_code - 1 WHERE id = 1",
    NULL, NULL },
  { "J4", "UPDATE shift SET refunds_n = refunds_n + 1 WHERE id = 1", NULL, NULL },
  { "J4", "UPDATE shift SET float_in = float_in - 1 WHERE id = 1", NULL, NULL },
  { "J4", "UPDATE shift SET total_refunds = total_refunds + 1 WHERE id = 2", NULL, NULL },
  { "J4", "UPDATE shift SET expected = expected + 1, counted = counted + 1 WHERE id = 2", NULL,
    NULL },
  { "J4", "UPDATE shift SET open = open + 1 WHERE id = 2", NULL, NULL },
  { "J4", "UPDATE shift SET approver_id = staff_id WHERE id = 2", NULL, NULL },
  { "J4", "DELETE FROM shift_open WHERE shift_id = 1", NULL, NULL },
  { "J4", "UPDATE shift_open SET state = 'QUEUED' WHERE shift_id = 2", NULL, NULL },
  { "J5", "UPDATE shift SET first_seq = first_seq + 1 WHERE id = 2", NULL, NULL },
  { "J5", "UPDATE journal SET act = 'shift' WHERE seq = 5", NULL, NULL },
  { "J5", "UPDATE shift SET seq = seq - 1 WHERE id = 1", NULL, NULL },
  { "M7", "UPDATE cash_move SET amount = amount + 1 WHERE way = 'out'", NULL, NULL },
  { "M7", "UPDATE shift SET kept = kept + 1 WHERE id = 1", NULL, NULL },
  { "L1", "DELETE FROM print_job WHERE kind = 'shift'", NULL, NULL },
  { "J5", "UPDATE journal SET day = 20260101 WHERE seq = 5", NULL, NULL },
  { "J6", "UPDATE journal SET at = at - 1000000000 WHERE seq = 8", NULL, NULL },
};

static char *top;   /* owned, like what follows */
static char *books; /* path of a clean day */
static char *statement;

static char *
replace_first (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);
  g_assert_nonnull (at);
  g_autofree char *head = g_strndup (text, (gsize)(at - text));
  return g_strconcat (head, to, at + strlen (from), NULL);
}

static void
run_sql (sqlite3 *db, const char *sql)
{
  char *message = NULL;
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

/* A copy of the day whose schema guards nothing any more. */
static char *
copy_unguarded (const char *sql)
{
  g_autofree char *bytes = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (top, "planted.db", NULL);
  g_file_get_contents (books, &bytes, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, bytes, (gssize)size, &error);
  g_assert_no_error (error);
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  run_sql (db, "PRAGMA writable_schema = ON; PRAGMA foreign_keys = OFF;"
               "DELETE FROM sqlite_schema WHERE type = 'trigger';"
               "DELETE FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL;"
               "PRAGMA writable_schema = RESET");
  sqlite3_close (db);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  run_sql (db, "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF");
  run_sql (db, sql);
  sqlite3_close (db);
  g_autofree char *lines = NULL, *from = g_build_filename (top, "play", "anchors", NULL);
  g_autofree char *to = g_build_filename (top, "anchors", NULL);
  g_file_get_contents (from, &lines, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, lines, (gssize)size, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_clean (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = till_check_books_against (books, statement, 0, &error);
  g_assert_no_error (error);
  g_autofree char *words = till_check_words (findings);
  g_assert_cmpstr (words, ==, "");
}

static void
test_planted (gconstpointer data)
{
  gsize n = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = copy_unguarded (plants[n].sql);
  g_autofree char *said = plants[n].from ? replace_first (statement, plants[n].from, plants[n].to)
                                         : g_strdup (statement);
  g_autoptr (GPtrArray) findings = till_check_books_against (path, said, 0, &error);
  g_assert_no_error (error);
  g_autofree char *words = till_check_words (findings);
  g_autofree char *want = g_strconcat (plants[n].name, ": ", NULL);
  g_autofree char *behind = g_strconcat ("\n", want, NULL);
  g_test_message ("%s", words);
  g_assert_true (g_str_has_prefix (words, want) || strstr (words, behind));
}

/* Every check of the table has at least one plant. */
static void
test_every_check_is_planted (void)
{
  const char *name;
  for (guint i = 0; (name = till_check_nth (i, NULL)); i++)
    {
      gboolean planted = FALSE;
      for (gsize k = 0; k < G_N_ELEMENTS (plants); k++)
        planted = planted || strcmp (plants[k].name, name) == 0;
      g_test_message ("%s", name);
      g_assert_true (planted);
    }
}

static void
test_unreadable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = till_check_books_against (books, "no statement", 0, &error);
  g_assert_null (none);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_autofree char *missing = g_build_filename (top, "missing.db", NULL);
  none = till_check_books (missing, NULL, 0, &error);
  g_assert_null (none);
  g_assert_nonnull (error);
}

static void
play_day (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (TillStoryEnd) end = { 0 };
  g_autofree char *path = g_build_filename (top, "day.till", NULL);
  g_autofree char *dir = g_build_filename (top, "play", NULL);
  g_file_set_contents (path, day, -1, &error);
  g_assert_no_error (error);
  g_autoptr (TillStory) story = till_story_load (path, &error);
  g_assert_no_error (error);
  g_autoptr (TillStage) stage = till_stage_new (top, &error);
  g_assert_no_error (error);
  till_story_play (story, stage, dir, 0, &end, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (end.what, ==, "");
  books = g_build_filename (dir, "ledger.db", NULL);
  statement = g_strdup (end.statement);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  top = test_folder_new ();
  play_day ();
  g_test_add_func ("/checker/clean", test_clean);
  g_test_add_func ("/checker/unreadable", test_unreadable);
  g_test_add_func ("/checker/every-check-is-planted", test_every_check_is_planted);
  for (gsize i = 0; i < G_N_ELEMENTS (plants); i++)
    {
      g_autofree char *name
          = g_strdup_printf ("/checker/planted/%02u-%s", (guint)i, plants[i].name);
      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_planted);
    }
  int result = g_test_run ();
  test_folder_remove (top);
  g_free (top);
  g_free (books);
  g_free (statement);
  return result;
}
