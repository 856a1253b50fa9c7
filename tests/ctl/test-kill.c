/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kill -9 at random moments of a return: real processes, real files, real HTTPS. In each round one
 * piece of a sale comes back; the program that takes it back and the one that sends are both killed
 * somewhere on their way. Whoever was killed is simply started again, the return under its own
 * number. At the end every piece was paid exactly once, and the auditor finds nothing.
 *
 * Nobody presses "ask now": what is left when the killing ends must come to rest by the ladder
 * alone. Each wait is read from the history and held against what its step explains.
 *
 * TILL_KILLS is the number of rounds (200; each kills twice), TILL_SEED the seed of the moments. */
#include "data/core/clock.h"
#include "data/core/ids.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"
#include "tests/ctl/checker.h"
#include "tests/ctl/process.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 200
/* Longer than either program needs on a busy machine, so that some moments are after its end. */
#define MOMENT_US 80000
/* How often it is run until idle; each time something was due later than the patience. */
#define RUNS_MAX 30
#define PATIENCE_S 15
/* What may come on top of a wait: an answer, and starting the program again. */
#define SLACK (10 * TILL_SECOND)

static char *top;
static char *shop;
static TillShopFolder *folder;

static int
number_from (const char *name, int otherwise)
{
  const char *text = g_getenv (name);
  return text ? atoi (text) : otherwise;
}

/* Starts it, gives it its PIN, and ends it without a word after some microseconds. */
static void
run_and_kill (const char *words, const char *input, gulong moment)
{
  g_autoptr (GSubprocess) process = test_start (shop, words);
  GOutputStream *pipe = g_subprocess_get_stdin_pipe (process);
  g_output_stream_write_all (pipe, input, strlen (input), NULL, NULL, NULL);
  g_usleep (moment);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

/* A step of a refund's history and what followed. */
typedef struct
{
  int64_t refund_id;
  const char *event; /* of the row; lasts until the next one */
  int tries;         /* asked since it was approved, before this step */
  int64_t at;
  int64_t then;  /* when the next step was made, or is due; 0 for a refund at rest */
  gboolean last; /* it is due */
} Step;

/* The longest wait that may follow: the rung and the tenth it varies by, nothing after a start or
 * before it is sent again, and after a promise what an answer may take. */
static int64_t
explained (const TillProfile *profile, const Step *step)
{
  static const char *const at_once[] = { "approve", "crash", "gone", NULL };
  if (strcmp (step->event, "promise") == 0)
    return profile->answer_within_s * TILL_SECOND;
  if (g_strv_contains (at_once, step->event))
    return 0;
  return profile->ladder_s[MIN (step->tries, profile->n_ladder - 1)] * TILL_SECOND * 11 / 10;
}

/* The longest time between two moments in which the till did nothing at all. */
static int64_t
idle_between (GArray *entries, int64_t from, int64_t to)
{
  int64_t idle = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      int64_t at = g_array_index (entries, int64_t, i);
      if (at <= from || at >= to)
        continue;
      idle = MAX (idle, at - from);
      from = at;
    }
  return MAX (idle, to - from);
}

/* since: when the killing ended. Before that nobody was there to do anything. */
static int64_t
look_at_step (const TillProfile *profile, const Step *step, GArray *entries, int64_t since,
              gboolean tell)
{
  if (step->then <= since)
    return 0;
  int64_t may = explained (profile, step), waited = step->then - MAX (step->at, since);
  gboolean wrong = step->last
                       ? step->then > step->at + may + TILL_SECOND
                       : idle_between (entries, MAX (step->at + may, since), step->then) > SLACK;
  g_autofree char *words = g_strdup_printf (
      "refund %" G_GINT64_FORMAT " after \"%s\" (asked %d times): %s %.1f s, explained %.1f s",
      step->refund_id, step->event, step->tries, step->last ? "is due after" : "waited",
      (double)waited / TILL_SECOND, (double)may / TILL_SECOND);
  if (wrong)
    g_error ("%s", words);
  if (tell && may > 0 && waited >= TILL_SECOND)
    g_test_message ("%s", words);
  return waited;
}

static sqlite3 *
open_books (void)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open_v2 (folder->ledger_path, &db, SQLITE_OPEN_READONLY, NULL), ==,
                   SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  return db;
}

static sqlite3_stmt *
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *rows;
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &rows, NULL), ==, SQLITE_OK);
  return rows;
}

static GArray *
all_entries (sqlite3 *db)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (int64_t));
  sqlite3_stmt *rows = ask (db, "SELECT at FROM journal ORDER BY seq");
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      int64_t at = sqlite3_column_int64 (rows, 0);
      g_array_append_val (entries, at);
    }
  g_assert_cmpint (sqlite3_finalize (rows), ==, SQLITE_OK);
  return entries;
}

static Step
read_step (sqlite3_stmt *rows)
{
  Step step = { .refund_id = sqlite3_column_int64 (rows, 0),
                .event = (const char *)sqlite3_column_text (rows, 1),
                .tries = sqlite3_column_int (rows, 2),
                .at = sqlite3_column_int64 (rows, 3),
                .last = sqlite3_column_type (rows, 4) == SQLITE_NULL };
  step.then = sqlite3_column_int64 (rows, step.last ? 5 : 4);
  return step;
}

/* Every wait of every refund; those that hang on the ladder and lasted are told. */
static void
look_at_waits (int64_t since, gboolean tell)
{
  static const char sql[]
      = "SELECT r.id, h.event, (SELECT count (*) FROM refund_history p WHERE p.refund_id = r.id"
        "   AND p.n < h.n AND p.event NOT IN ('promise', 'approve')),"
        "  h.at, lead (h.at) OVER (PARTITION BY r.id ORDER BY h.n), r.next_action_at"
        " FROM refund r JOIN refund_history h ON h.refund_id = r.id ORDER BY r.id, h.n";
  const TillProfile *profile = till_codec_find ("sandbox")->profile;
  sqlite3 *db = open_books ();
  g_autoptr (GArray) entries = all_entries (db);
  sqlite3_stmt *rows = ask (db, sql);
  int64_t longest = 0;
  int steps = 0;
  for (; sqlite3_step (rows) == SQLITE_ROW; steps++)
    {
      Step step = read_step (rows);
      int64_t waited = look_at_step (profile, &step, entries, since, tell);
      longest = MAX (longest, waited);
    }
  g_assert_cmpint (sqlite3_finalize (rows), ==, SQLITE_OK);
  sqlite3_close (db);
  if (tell)
    g_test_message ("%d steps; the longest wait after the killing was %.1f s", steps,
                    (double)longest / TILL_SECOND);
}

/* Seconds until the last thing is due; -1 when nothing is. */
static int
seconds_left (TillClock *clock)
{
  sqlite3 *db = open_books ();
  sqlite3_stmt *rows = ask (db, "SELECT max (next_action_at) FROM refund");
  g_assert_cmpint (sqlite3_step (rows), ==, SQLITE_ROW);
  int64_t at = sqlite3_column_int64 (rows, 0);
  sqlite3_finalize (rows);
  sqlite3_close (db);
  return at == 0 ? -1 : (int)MAX (0, (at - till_clock_now (clock)) / TILL_SECOND);
}

static void
finish (TillClock *clock)
{
  int64_t since = till_clock_now (clock);
  int left = 0;
  for (int i = 0; i < RUNS_MAX && left >= 0; i++)
    {
      g_autofree char *words
          = g_strdup_printf ("--json run --until-idle --patience %d", left + PATIENCE_S);
      g_auto (TestSaid) ran = test_run (shop, words, "");
      g_assert_cmpint (ran.code, ==, 0);
      left = seconds_left (clock);
      look_at_waits (since, left < 0);
    }
  g_assert_cmpint (left, ==, -1);
  g_auto (TestSaid) list = test_run (shop, "--json refund list", "");
  g_assert_cmpuint (json_array_size (test_at (list.json, "refunds")), ==, 0);
}

static void
test_kill (void)
{
  g_autoptr (GError) error = NULL;
  int rounds = number_from ("TILL_KILLS", ROUNDS);
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autoptr (GRand) moments = g_rand_new_with_seed ((guint32)number_from ("TILL_SEED", 1));
  g_autofree char *sell = g_strdup_printf ("--json --as 2 --pin-fd 0 sell 6970000000048*%d --pay "
                                           "code=%d.00:286012345678901234",
                                           rounds, rounds * 2);
  g_auto (TestSaid) sold = test_run (shop, sell, "2222\n");
  g_assert_cmpstr (test_text (&sold, "sale.state"), ==, "PAID");
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < rounds; i++)
    {
      g_autofree char *token = till_request_no_new (clock);
      g_autofree char *words
          = g_strdup_printf ("--json --as 1 --pin-fd 0 return %s 1 --reason faulty --token %s",
                             test_text (&sold, "sale.no"), token);
      run_and_kill (words, "1111\n", (gulong)g_rand_int_range (moments, 0, MOMENT_US));
      g_auto (TestSaid) back = test_run (shop, words, "1111\n");
      if (back.code != 0)
        g_error ("round %d: %s%s", i, back.out, back.err);
      g_hash_table_add (numbers, g_strdup (test_text (&back, "return.no")));
      run_and_kill ("--json run", "", (gulong)g_rand_int_range (moments, 0, MOMENT_US));
    }
  /* Two starts with one number were one return. */
  g_assert_cmpuint (g_hash_table_size (numbers), ==, (guint)rounds);

  finish (clock);
  g_autofree char *statement = till_sandbox_statement (folder, &error);
  g_assert_no_error (error);
  guint paid = 0;
  for (const char *at = statement; (at = strstr (at, "\"kind\":\"refund\"")); at++)
    paid++;
  g_assert_cmpuint (paid, ==, (guint)rounds);
  g_autoptr (GPtrArray) findings
      = till_check_books_against (folder->ledger_path, statement, 0, &error);
  g_assert_no_error (error);
  g_autofree char *wrong = till_check_words (findings);
  g_assert_cmpstr (wrong, ==, "");
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  /* All by the practice provider: it wants no pause between two refunds of one payment. */
  g_auto (TestSaid) made = test_run (shop, "--json init --demo --past 0 --set provider.codes=", "");
  g_assert_cmpint (made.code, ==, 0);
  folder = till_shop_folder_at (shop, NULL);
  gboolean started = till_sandbox_start (folder, &error);
  g_assert_no_error (error);
  g_assert_true (started);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/kill/random-moments", test_kill);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}
