/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slips that get too old, told from the books to a way that is a script: a print server that can be
 * out of reach, keeps what it took, and is asked to give it back. */
#include "data/core/error.h"
#include "data/ledger/print-store.h"
#include "devices/print/roll.h"
#include "devices/print/spooler.h"
#include "tests/data/shop-fixture.h"

typedef struct
{
  gboolean away;                     /* out of reach */
  gboolean loses;                    /* takes a job, and the answer is lost */
  gboolean stubborn;                 /* withdraws nothing: an answer, and the job stays */
  gboolean begun;                    /* bytes of what it keeps are in the printer */
  GPtrArray *titles;                 /* owned; what it keeps, the number is the place from 1 */
  TillJobState state;                /* of every job it keeps */
  guint taken;                       /* submissions */
  guint withdrawn;                   /* requests to give a job back */
  int64_t good_until;                /* of the last submission */
  GBytes *bytes;                     /* owned; the same */
  TillClock *clock;                  /* unowned; of the drawer, as all below */
  int64_t asked_at;                  /* when it was first asked */
  int64_t opens_after, closes_after; /* that; its wire is low in between; 0: never */
  gboolean silent;
  guint asked;
} Script;

static gboolean
reach (const Script *script, GError **error)
{
  if (script->away)
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "no print server");
  return !script->away;
}

static char *
find (gpointer self, const char *title, GError **error)
{
  Script *script = self;
  if (!reach (script, error))
    return NULL;
  for (guint i = 0; i < script->titles->len; i++)
    if (g_str_equal (script->titles->pdata[i], title))
      return g_strdup_printf ("%u", i + 1);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no such job");
  return NULL;
}

static char *
submit (gpointer self, const char *title, GBytes *bytes, int64_t good_until, GError **error)
{
  Script *script = self;
  if (!reach (script, error))
    return NULL;
  g_ptr_array_add (script->titles, g_strdup (title));
  script->taken++;
  script->good_until = good_until;
  g_clear_pointer (&script->bytes, g_bytes_unref);
  script->bytes = g_bytes_ref (bytes);
  script->away = script->away || script->loses;
  return find (self, title, error);
}

static TillJobReport *
report (gpointer self, const char *job, const char *title, GError **error)
{
  Script *script = self;
  if (!reach (script, error))
    return NULL;
  TillJobReport *now = g_new0 (TillJobReport, 1);
  now->state = script->state;
  now->untouched = till_job_is_over (script->state) && !script->begun;
  now->words = g_strdup ("");
  return now;
}

static gboolean
withdraw (gpointer self, const char *job, const char *title, GError **error)
{
  Script *script = self;
  if (!reach (script, error))
    return FALSE;
  script->withdrawn++;
  if (!script->stubborn)
    script->state = TILL_JOB_CANCELED;
  return TRUE;
}

static gboolean
drawer (gpointer self, TillDrawerLevel *level, GError **error)
{
  Script *script = self;
  int64_t now = till_clock_now (script->clock);
  *level = TILL_DRAWER_UNSAID;
  if (!reach (script, error))
    return FALSE;
  if (script->asked++ == 0)
    script->asked_at = now;
  int64_t since = now - script->asked_at;
  gboolean is_low = script->opens_after && since >= script->opens_after
                    && (!script->closes_after || since < script->closes_after);
  if (!script->silent)
    *level = is_low ? TILL_DRAWER_LOW : TILL_DRAWER_HIGH;
  return TRUE;
}

static void
leave (gpointer self)
{
}

static const TillPaperWay willing = { "script", submit, find, report, withdraw, leave };
static const TillPaperWay seeing = { "script", submit, find, report, withdraw, leave, drawer };
static const TillPaperWay certain = { "script", submit, find, report, NULL, leave };

typedef struct
{
  Shop shop;
  Script script;
  TillSpooler *spooler; /* owned */
  int64_t job;          /* the slip or the kick that is followed */
} Counter;

/* One sale by code: a slip and no kick. Or a kick alone. */
static void
counter_open (Counter *counter, const TillPaperWay *way, gboolean kick)
{
  *counter = (Counter){ .script = { .state = TILL_JOB_PENDING }, .job = 1 };
  counter->script.titles = g_ptr_array_new_with_free_func (g_free);
  shop_open (&counter->shop, NULL, 3);
  counter->script.clock = counter->shop.clock;
  g_autoptr (TillShop) settings = till_selling_shop (counter->shop.ledger, NULL);
  if (kick)
    g_assert_true (
        till_printing_open_drawer (counter->shop.ledger, counter->shop.cashier, "change", NULL));
  else
    {
      g_autoptr (TillBasket) basket = shop_basket (&counter->shop);
      shop_scan (&counter->shop, basket, "6901234567908", 1000);
      g_autoptr (TillSale) sale = shop_pay (&counter->shop, basket, "281234567890123456");
      shop_carry (&counter->shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
    }
  counter->spooler
      = till_spooler_new (counter->shop.ledger, till_printer_new (way, &counter->script), settings);
}

static void
counter_close (Counter *counter)
{
  till_spooler_free (counter->spooler);
  shop_close_sound (&counter->shop);
  g_clear_pointer (&counter->script.bytes, g_bytes_unref);
  g_ptr_array_unref (counter->script.titles);
}

/* Works whatever is due, time standing still; tells when the next thing will be. */
static int64_t
work (Counter *counter)
{
  gboolean did = TRUE;
  int64_t next_at = 0;
  for (int i = 0; did; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (till_spooler_step (counter->spooler, &did, &next_at, &error));
      g_assert_no_error (error);
      g_assert_cmpint (i, <, 50);
    }
  return next_at;
}

/* … and goes on until so much time has passed. */
static void
work_for (Counter *counter, int64_t duration)
{
  int64_t until = till_clock_now (counter->shop.clock) + duration;
  for (;;)
    {
      int64_t now = till_clock_now (counter->shop.clock), next_at = work (counter);
      if (next_at == 0 || next_at > until)
        {
          till_clock_advance (counter->shop.clock, until - now);
          return;
        }
      till_clock_advance (counter->shop.clock, MAX (next_at - now, 1));
    }
}

static void
assert_is (Counter *counter, TillPrintState state)
{
  g_autoptr (TillPrintJob) job = NULL;
  g_assert_true (till_print_store_load (counter->shop.ledger, counter->job, &job, NULL));
  g_assert_cmpstr (till_print_state_word (job->state), ==, till_print_state_word (state));
}

/* A shop with a name that no printer's font has: its name is a picture, or, where the printer takes
 * none, has a question mark. */
static void
test_name_is_drawn (gconstpointer data)
{
  gboolean draws = GPOINTER_TO_INT (data);
  Counter counter;
  counter_open (&counter, &certain, FALSE);
  shop_set (&counter.shop, "shop.name", "𠮷野家");
  shop_set (&counter.shop, "paper.draw", draws ? "1" : "0");
  g_autoptr (TillShop) settings = till_selling_shop (counter.shop.ledger, NULL);
  till_spooler_free (counter.spooler);
  counter.spooler = till_spooler_new (counter.shop.ledger,
                                      till_printer_new (&certain, &counter.script), settings);
  work (&counter);
  g_assert_nonnull (counter.script.bytes);
  g_autoptr (TillRoll) roll = till_roll_read (counter.script.bytes, &till_paper_80);
  g_autofree char *text = till_roll_to_text (roll);
  g_assert_true (g_str_has_prefix (g_strchug (text), draws ? "[picture]\n" : "?野家\n"));
  g_assert_cmpuint (roll->troubles->len, ==, 0);
  counter_close (&counter);
}

/* --- in the queue --- */

/* The printer is switched off. What waits in the queue is taken back when it is too old: surely not
 * on paper when the queue had not begun it, and nobody knows when it had. */
static void
test_waits_too_long (gconstpointer data)
{
  gboolean kick = GPOINTER_TO_INT (data) & 1, begun = (GPOINTER_TO_INT (data) & 2) != 0;
  int64_t lasts = kick ? TILL_MINUTE : 15 * TILL_MINUTE;
  Counter counter;
  counter_open (&counter, &willing, kick);
  counter.script.begun = begun;
  work_for (&counter, lasts);
  assert_is (&counter, TILL_PRINT_HANDED);
  g_assert_cmpuint (counter.script.withdrawn, ==, 0);
  g_assert_cmpint (counter.script.good_until, ==, FIXTURE_NOW + lasts);
  work_for (&counter, 2 * TILL_SECOND); /* at once, and not at the next leisurely look */
  g_assert_cmpuint (counter.script.withdrawn, ==, 1);
  assert_is (&counter, begun ? TILL_PRINT_UNKNOWN : TILL_PRINT_STALE);
  counter.script.state = TILL_JOB_COMPLETED; /* the printer is back: nothing moves any more */
  work_for (&counter, TILL_HOUR);
  g_assert_cmpuint (counter.script.taken, ==, 1);
  assert_is (&counter, begun ? TILL_PRINT_UNKNOWN : TILL_PRINT_STALE);
  counter_close (&counter);
}

/* Out of reach when it got too old: it is withdrawn as soon as the server can be told. */
static void
test_withdrawn_later (void)
{
  Counter counter;
  counter_open (&counter, &willing, FALSE);
  work (&counter);
  counter.script.away = TRUE;
  work_for (&counter, 20 * TILL_MINUTE);
  assert_is (&counter, TILL_PRINT_HANDED);
  counter.script.away = FALSE;
  work_for (&counter, 2 * TILL_MINUTE);
  g_assert_cmpuint (counter.script.withdrawn, ==, 1);
  assert_is (&counter, TILL_PRINT_STALE);
  counter_close (&counter);
}

/* It printed in the very moment it was taken back, or cannot be taken back: what is, is written. */
static void
test_printed_all_the_same (gconstpointer way)
{
  Counter counter;
  counter_open (&counter, way, FALSE);
  counter.script.stubborn = TRUE;
  work_for (&counter, 16 * TILL_MINUTE);
  assert_is (&counter, TILL_PRINT_HANDED);
  counter.script.state = TILL_JOB_COMPLETED;
  work_for (&counter, 2 * TILL_MINUTE);
  assert_is (&counter, TILL_PRINT_DELIVERED);
  counter_close (&counter);
}

/* A person took it out of the queue before it was old. */
static void
test_taken_out (void)
{
  Counter counter;
  counter_open (&counter, &willing, FALSE);
  work (&counter);
  counter.script.state = TILL_JOB_CANCELED;
  work_for (&counter, TILL_MINUTE);
  assert_is (&counter, TILL_PRINT_FAILED);
  g_assert_cmpuint (counter.script.withdrawn, ==, 0);
  counter_close (&counter);
}

/* --- on its way into the queue --- */

/* The print server was away all night. Nothing had reached it, and nothing is handed over now. */
static void
test_never_handed_over (gconstpointer kick)
{
  Counter counter;
  counter_open (&counter, &willing, GPOINTER_TO_INT (kick));
  counter.script.away = TRUE;
  work_for (&counter, 10 * TILL_HOUR);
  assert_is (&counter, TILL_PRINT_SENDING);
  counter.script.away = FALSE;
  work_for (&counter, 2 * TILL_MINUTE);
  g_assert_cmpuint (counter.script.taken, ==, 0);
  assert_is (&counter, TILL_PRINT_STALE);
  counter_close (&counter);
}

/* The same, but its answer was lost: it has the job, and gives it back. */
static void
test_found_again (void)
{
  Counter counter;
  counter_open (&counter, &willing, FALSE);
  counter.script.loses = TRUE;
  work_for (&counter, 10 * TILL_HOUR);
  assert_is (&counter, TILL_PRINT_SENDING);
  counter.script.away = counter.script.loses = FALSE;
  work_for (&counter, 2 * TILL_MINUTE);
  g_assert_cmpuint (counter.script.taken, ==, 1);
  g_assert_cmpuint (counter.script.withdrawn, ==, 1);
  assert_is (&counter, TILL_PRINT_STALE);
  counter_close (&counter);
}

/* In time it is simply handed over, once. */
static void
test_back_in_time (void)
{
  Counter counter;
  counter_open (&counter, &willing, FALSE);
  counter.script.away = TRUE;
  work_for (&counter, 10 * TILL_MINUTE);
  counter.script.away = FALSE;
  counter.script.state = TILL_JOB_COMPLETED;
  work_for (&counter, 2 * TILL_MINUTE);
  g_assert_cmpuint (counter.script.taken, ==, 1);
  assert_is (&counter, TILL_PRINT_DELIVERED);
  counter_close (&counter);
}

/* --- the drawer behind a kick --- */

static const struct
{
  const char *name;
  const char *closed;                /* the setting */
  int64_t opens_after, closes_after; /* the kick was obeyed; 0: never */
  gboolean silent;
  gboolean is_known, is_open; /* a minute later */
  guint asked;                /* at most, in half a day */
} drawers[] = {
  { "not-learnt", "", 1, 0, FALSE, FALSE, FALSE, 0 },
  { "silent", "high", 1, 0, TRUE, FALSE, FALSE, 8 },
  { "opens-and-closes", "high", 1, 5 * TILL_SECOND, FALSE, TRUE, FALSE, 8 },
  { "opens-late", "high", TILL_SECOND, 0, FALSE, TRUE, TRUE, 190 },
  { "stays-open", "high", 1, 0, FALSE, TRUE, TRUE, 190 },
  { "does-not-open", "high", 0, 0, FALSE, TRUE, FALSE, 8 },
  { "the-other-way-round", "low", 1, 0, FALSE, TRUE, FALSE, 8 },
};

static void
test_drawer (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  Counter counter;
  TillDrawerSeen seen;
  counter_open (&counter, &seeing, TRUE);
  shop_set (&counter.shop, "drawer.closed", drawers[i].closed);
  counter.script.opens_after = drawers[i].opens_after;
  counter.script.closes_after = drawers[i].closes_after;
  counter.script.silent = drawers[i].silent;
  work_for (&counter, TILL_SECOND);
  g_assert_cmpuint (counter.script.asked, ==, 0); /* nothing has left */
  counter.script.state = TILL_JOB_COMPLETED;
  work_for (&counter, TILL_MINUTE);
  g_assert_true (till_printing_drawer (counter.shop.ledger, &seen, NULL));
  g_assert_cmpint (seen.is_known, ==, drawers[i].is_known);
  g_assert_cmpint (seen.is_open, ==, drawers[i].is_open);
  if (seen.is_known)
    g_assert_cmpint (seen.job_id, ==, counter.job);
  work_for (&counter, 12 * TILL_HOUR);
  g_assert_cmpuint (counter.script.asked, <=, drawers[i].asked);
  g_assert_cmpint (work (&counter), ==, 0);
  counter_close (&counter);
}

/* The printer is switched off while the drawer is open; the next kick is another drawer's story. */
static void
test_drawer_away (void)
{
  Counter counter;
  TillDrawerSeen seen;
  counter_open (&counter, &seeing, TRUE);
  shop_set (&counter.shop, "drawer.closed", "high");
  counter.script.state = TILL_JOB_COMPLETED;
  counter.script.opens_after = 1;
  work_for (&counter, 10 * TILL_SECOND);
  g_assert_true (till_printing_drawer (counter.shop.ledger, &seen, NULL));
  g_assert_true (seen.is_open);
  counter.script.away = TRUE;
  work_for (&counter, TILL_MINUTE);
  g_assert_true (till_printing_drawer (counter.shop.ledger, &seen, NULL));
  g_assert_true (seen.is_open);
  counter.script.away = FALSE;
  counter.script.closes_after = till_clock_now (counter.shop.clock) - counter.script.asked_at;
  work_for (&counter, TILL_MINUTE);
  g_assert_true (till_printing_drawer (counter.shop.ledger, &seen, NULL));
  g_assert_true (seen.is_known && !seen.is_open);
  g_assert_true (
      till_printing_open_drawer (counter.shop.ledger, counter.shop.cashier, "again", NULL));
  counter.script.closes_after = 0;
  work_for (&counter, TILL_MINUTE);
  g_assert_true (till_printing_drawer (counter.shop.ledger, &seen, NULL));
  g_assert_true (seen.is_open);
  g_assert_cmpint (seen.job_id, ==, counter.job + 1);
  counter_close (&counter);
}

/* Whatever a way to paper says of itself has a sentence for people, found by words that it still
 * uses. */
static void
test_problem_words (void)
{
  static const struct
  {
    const char *file, *said;
  } rows[] = {
    { "usb-cable.c", "is not plugged in" },
    { "usb-cable.c", "was unplugged" },
    { "usb-cable.c", "no permission for the printer" },
    { "usb-cable.c", "held by another program" },
    { "receipt-printer.c", "took half a question" },
    { "cups.c", "does not say what it printed" },
    { "usb-way.c", "does not say what it printed" },
    { "cups.c", "nobody knows whether" },
    { "usb-way.c", "nobody knows whether" },
    { "spooler.c", "no longer knows this slip" },
    { "cups.c", "did not come back in time" },
    { "spooler.c", "too old to print unasked" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "devices", "print",
                                                rows[i].file, NULL);
      g_autofree char *source = NULL;
      g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
      g_assert_nonnull (strstr (source, rows[i].said));
      g_assert_true (till_print_problem_sentence (rows[i].said) != rows[i].said);
    }
  g_assert_cmpstr (till_print_problem_sentence ("the server sings"), ==, "the server sings");
  g_assert_cmpstr (till_print_problem_sentence ("paper-out"), ==, "Out of paper");
  g_assert_cmpstr (till_print_problem_sentence (""), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  static const char *const waits[] = { "/spooler/waits/slip", "/spooler/waits/kick",
                                       "/spooler/waits/slip-begun", "/spooler/waits/kick-begun" };
  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    g_test_add_data_func (waits[i], GINT_TO_POINTER (i), test_waits_too_long);
  g_test_add_func ("/spooler/withdrawn-later", test_withdrawn_later);
  g_test_add_data_func ("/spooler/printed-all-the-same", &willing, test_printed_all_the_same);
  g_test_add_data_func ("/spooler/cannot-withdraw", &certain, test_printed_all_the_same);
  g_test_add_func ("/spooler/taken-out", test_taken_out);
  g_test_add_data_func ("/spooler/never-handed-over/slip", GINT_TO_POINTER (FALSE),
                        test_never_handed_over);
  g_test_add_data_func ("/spooler/never-handed-over/kick", GINT_TO_POINTER (TRUE),
                        test_never_handed_over);
  g_test_add_data_func ("/spooler/name/drawn", GINT_TO_POINTER (TRUE), test_name_is_drawn);
  g_test_add_data_func ("/spooler/name/as-text", GINT_TO_POINTER (FALSE), test_name_is_drawn);
  for (gsize i = 0; i < G_N_ELEMENTS (drawers); i++)
    {
      g_autofree char *path = g_strconcat ("/spooler/drawer/", drawers[i].name, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_drawer);
    }
  g_test_add_func ("/spooler/drawer/printer-away", test_drawer_away);
  g_test_add_func ("/spooler/found-again", test_found_again);
  g_test_add_func ("/spooler/back-in-time", test_back_in_time);
  g_test_add_func ("/spooler/problem-words", test_problem_words);
  return g_test_run ();
}
