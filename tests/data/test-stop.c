/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a provider is stopped and when it goes on, as a table. */
#include "data/trade/stop.h"

#include <string.h>

#define OUTCOME(of) TILL_OUTCOME_##of
#define STOP(of) TILL_STOP_##of
#define ASKED(of) TILL_ERRAND_##of

typedef struct
{
  TillStopCause open;
  gboolean let_through;
  TillOutcomeKind kind;
  TillStopCause told;
  int silent;
  TillErrandKind asked;
  TillStopStep step;
} Row;

static const Row rows[] = {
  /* Nothing is stopped by what is about one refund, nor by what may be chance. */
  { STOP (NONE), FALSE, OUTCOME (DONE), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },
  { STOP (NONE), FALSE, OUTCOME (REFUSED), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },
  { STOP (NONE), FALSE, OUTCOME (UNKNOWN), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },
  { STOP (NONE), FALSE, OUTCOME (NOT_SENT), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },
  { STOP (NONE), FALSE, OUTCOME (NOT_SENT), STOP (LINE), 2, ASKED (REFUND), STOP (KEEP) },
  { STOP (NONE), FALSE, OUTCOME (NOT_SENT), STOP (LINE), 3, ASKED (REFUND), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (UNKNOWN), STOP (LINE), 3, ASKED (PAY), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (REFUSED), STOP (KEYS), 0, ASKED (PAY), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (UNKNOWN), STOP (KEYS), 0, ASKED (QUERY_PAY), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (REFUSED), STOP (CLOCK), 0, ASKED (REFUND), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (REFUSED), STOP (RIGHTS), 0, ASKED (REFUND), STOP (BEGIN) },
  { STOP (NONE), FALSE, OUTCOME (REFUSED), STOP (RIGHTS), 0, ASKED (PAY), STOP (KEEP) },

  /* What nobody let through changes nothing. */
  { STOP (KEYS), FALSE, OUTCOME (DONE), STOP (NONE), 0, ASKED (QUERY_PAY), STOP (KEEP) },
  { STOP (KEYS), FALSE, OUTCOME (REFUSED), STOP (KEYS), 0, ASKED (REVERSE), STOP (KEEP) },
  { STOP (HAND), FALSE, OUTCOME (DONE), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },

  /* What was let through decides. */
  { STOP (KEYS), TRUE, OUTCOME (DONE), STOP (NONE), 0, ASKED (REFUND), STOP (LIFT) },
  { STOP (KEYS), TRUE, OUTCOME (NOT_FOUND), STOP (NONE), 0, ASKED (QUERY_REFUND), STOP (LIFT) },
  { STOP (KEYS), TRUE, OUTCOME (REFUSED), STOP (NONE), 0, ASKED (REFUND), STOP (LIFT) },
  { STOP (KEYS), TRUE, OUTCOME (REFUSED), STOP (KEYS), 0, ASKED (REFUND), STOP (CLOSE) },
  { STOP (CLOCK), TRUE, OUTCOME (REFUSED), STOP (CLOCK), 0, ASKED (REFUND), STOP (CLOSE) },
  { STOP (KEYS), TRUE, OUTCOME (UNKNOWN), STOP (LINE), 9, ASKED (REFUND), STOP (LATER) },
  { STOP (KEYS), TRUE, OUTCOME (UNKNOWN), STOP (NONE), 0, ASKED (REFUND), STOP (LATER) },
  { STOP (KEYS), TRUE, OUTCOME (NOT_SENT), STOP (NONE), 0, ASKED (REFUND), STOP (KEEP) },
  { STOP (HAND), TRUE, OUTCOME (DONE), STOP (NONE), 0, ASKED (PAY), STOP (LIFT) },

  /* That it answers questions is not the right to refund. */
  { STOP (RIGHTS), TRUE, OUTCOME (DONE), STOP (NONE), 0, ASKED (QUERY_REFUND), STOP (KEEP) },
  { STOP (RIGHTS), TRUE, OUTCOME (ACCEPTED), STOP (NONE), 0, ASKED (REFUND), STOP (LIFT) },
  { STOP (RIGHTS), TRUE, OUTCOME (REFUSED), STOP (RIGHTS), 0, ASKED (REFUND), STOP (CLOSE) },

  /* A line that brings anything is no dead line. */
  { STOP (LINE), TRUE, OUTCOME (NOT_SENT), STOP (LINE), 4, ASKED (REFUND), STOP (LATER) },
  { STOP (LINE), TRUE, OUTCOME (UNKNOWN), STOP (NONE), 0, ASKED (REFUND), STOP (LIFT) },
  { STOP (LINE), FALSE, OUTCOME (DONE), STOP (NONE), 0, ASKED (QUERY_PAY), STOP (LIFT) },
  { STOP (LINE), TRUE, OUTCOME (REFUSED), STOP (KEYS), 0, ASKED (REFUND), STOP (CHANGE) },
};

static void
test_steps (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      TillStop stop = { .cause = row->open, .try_at = row->let_through ? 1 : 0 };
      const TillOutcome outcome = { .kind = row->kind, .stop = row->told, .silent = row->silent };
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (
          till_stop_step (row->open == TILL_STOP_NONE ? NULL : &stop, &outcome, row->asked), ==,
          row->step);
    }
}

static void
test_ladder (void)
{
  g_assert_cmpint (till_stop_next_at (0, 100), ==, 100 + 5 * TILL_SECOND);
  g_assert_cmpint (till_stop_next_at (-1, 100), ==, 100 + 5 * TILL_SECOND);
  g_assert_cmpint (till_stop_next_at (4, 100), ==, 100 + TILL_MINUTE);
  g_assert_cmpint (till_stop_next_at (100000, 100), ==, 100 + TILL_MINUTE);
}

static void
test_gate (void)
{
  TillStop stop = { .cause = TILL_STOP_KEYS };
  g_assert_true (till_stop_lets_through (NULL, 10) && till_stop_lets_pay (NULL, 10));
  g_assert_false (till_stop_lets_through (&stop, 10) || till_stop_lets_pay (&stop, 10));
  stop.try_at = 11;
  g_assert_false (till_stop_lets_through (&stop, 10));
  g_assert_true (till_stop_lets_through (&stop, 11));
  stop = (TillStop){ .cause = TILL_STOP_RIGHTS };
  g_assert_false (till_stop_lets_through (&stop, 10));
  g_assert_true (till_stop_lets_pay (&stop, 10));
}

/* What happened, since when, how many and how much, and one thing to do. */
static void
test_sentences (void)
{
  static const struct
  {
    TillStopCause cause;
    const char *words;
  } said[] = { { TILL_STOP_KEYS, "Compare keys and merchant number" },
               { TILL_STOP_CLOCK, "2 minutes behind" },
               { TILL_STOP_RIGHTS, "Call the provider" },
               { TILL_STOP_LINE, "tries again by itself at 08:00:09" },
               { TILL_STOP_HAND, "a manager stopped it" } };
  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      TillStop stop = { .cause = said[i].cause,
                        .clock_off_s = -100,
                        .waiting = 2,
                        .amount = 123456,
                        .try_at = said[i].cause == TILL_STOP_LINE ? 9 * TILL_SECOND : 0 };
      g_autofree char *sentence = till_stop_sentence (&stop, "Lakala", "Asia/Shanghai");
      g_assert_nonnull (strstr (sentence, "Lakala since 01-01 08:00"));
      g_assert_nonnull (strstr (sentence, "2 refunds of ¥1,234.56 together wait"));
      g_assert_nonnull (strstr (sentence, said[i].words));
      g_assert_null (strchr (sentence, '{'));
      stop.try_at = 9 * TILL_SECOND;
      stop.waiting = 0;
      g_autofree char *trying = till_stop_sentence (&stop, "Lakala", "Asia/Shanghai");
      g_assert_nonnull (strstr (trying, "No refund waits there"));
      g_assert_true ((strstr (trying, "One is let through") != NULL)
                     == (said[i].cause != TILL_STOP_LINE));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stop/steps", test_steps);
  g_test_add_func ("/stop/ladder", test_ladder);
  g_test_add_func ("/stop/gate", test_gate);
  g_test_add_func ("/stop/sentences", test_sentences);
  return g_test_run ();
}
