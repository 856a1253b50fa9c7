/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider that is stopped: what is wrong is no matter of one refund, and the next one would fare
 * the same. So what is due there stays where it is, and nothing leaves, until one of them was let
 * through and came back well (a circuit breaker, half open).
 *
 * Who lets that one through depends on the cause. A line is tried by the till itself, on a bounded
 * ladder; what people have to mend waits for a person. What an answer means for a stop stands in
 * one table. Pure; plain struct; any thread; sentences use the current language. */
#pragma once
#include "data/core/clock.h"
#include "data/trade/errand.h"

G_BEGIN_DECLS

/* So many failures of the line in a row stop its provider: one fewer happens by chance. */
#define TILL_STOP_SILENCES 3

typedef struct
{
  int64_t id;
  char *provider; /* owned; registry name */
  TillStopCause cause;
  int64_t at;          /* µs; since when */
  int64_t clock_off_s; /* with CLOCK: our clock is so far ahead, negative: behind */
  char *code, *words;  /* owned; as the provider said it, or "" */
  int64_t try_at;      /* µs; from then on one may go through; 0: when a person says so */
  int tries;           /* that failed since it was stopped */
  int waiting;         /* refunds that wait, and their money */
  TillMoney amount;
} TillStop;

void till_stop_free (TillStop *stop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillStop, till_stop_free)

typedef enum
{
  TILL_STOP_KEEP,   /* nothing changes */
  TILL_STOP_BEGIN,  /* stop it */
  TILL_STOP_LATER,  /* the line failed what was let through: try on at till_stop_next_at () */
  TILL_STOP_CLOSE,  /* what was let through was refused: a person has to mend it first */
  TILL_STOP_LIFT,   /* it works again */
  TILL_STOP_CHANGE, /* lift it and stop it again: the line is back and tells another cause */
} TillStopStep;

/* What an outcome means. stop: the one that is open at that provider, NULL: none. asked: of what.
 */
TillStopStep till_stop_step (const TillStop *stop, const TillOutcome *outcome,
                             TillErrandKind asked);

/* When the line is tried next, after so many tries that failed; a minute apart at most. */
int64_t till_stop_next_at (int tries, int64_t now);

/* Something may go to that provider now; stop may be NULL. */
gboolean till_stop_lets_through (const TillStop *stop, int64_t now);
/* … and so may a new payment, which is no matter of what we may refund. */
gboolean till_stop_lets_pay (const TillStop *stop, int64_t now);

const char *till_stop_cause_word (TillStopCause cause);
TillStopCause till_stop_cause_from_word (const char *word);
/* What happened, since when, what waits, and the one thing to do next. provider: as people say it;
 * zone: of the times. */
char *till_stop_sentence (const TillStop *stop, const char *provider,
                          const char *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
