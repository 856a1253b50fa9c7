/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider can do and how it behaves, as facts that decide the next step. A profile is a
 * constant beside its codec; the books and the dispatcher only read it. */
#pragma once
#include "data/core/clock.h"
#include "data/trade/errand.h"

G_BEGIN_DECLS

/* How a customer's card comes to it. */
typedef enum
{
  TILL_CARDS_NONE,        /* it takes none at a till */
  TILL_CARDS_BY_TOKEN,    /* our own reader's token goes with the payment */
  TILL_CARDS_AT_TERMINAL, /* the customer presents it at a terminal of the provider's: first the
                             payment is made there, then PRESENT asks for the card */
} TillCards;

typedef struct
{
  const char *name;  /* registry name, stored in the books: "sandbox" */
  const char *words; /* as people say it; a msgid */

  /* What it takes. */
  guint errands;        /* TILL_CAN (PAY) | …: what can be asked of it */
  TillCards cards;      /* payments by card … */
  gboolean takes_codes; /* … and by the customer's code */
  int slip_log_digits; /* digits of its own number on the slip of a card terminal that stands beside
                          the till, by which it gives such a payment back; 0: it cannot */
  int number_min, number_max; /* characters of a request_no; ours has 16 */

  /* How it treats a number. */
  gboolean repeats_safely; /* it executes one request number at most once */
  int not_found_times;     /* "not found" is believed after this many answers … */
  int not_found_after_s;   /* … and not before this long after the last send */

  /* When money may go back (data/trade/provider-limits.h). 0 everywhere: no limit is known. */
  int refunds_max;      /* refunds of one payment */
  int refund_gap_s;     /* least time between two of them */
  int window_days;      /* a payment older than this is not given back; days in China */
  int void_until_s;     /* with VOID: its clearing day ends this long after midnight in China */
  int reverse_after_s;  /* with REVERSE: not before this long after the payment was asked for */
  int reverse_within_s; /* … and not later */
  int closes_after_s;   /* what it cannot pay back because our balance is too low, it closes unpaid
                           this long after it was asked for */

  /* Its pace. */
  int answer_within_s; /* how long one request may take altogether */
  int requests_per_s;  /* more are refused */
  int refusals_per_s;  /* the same while it refuses; 0: no such rule is known */
  const int *ladder_s; /* seconds to wait before asking the nth time; the last entry repeats */
  int n_ladder;

  /* Whether it may take "done" back: when a refund that is done is asked about again, in seconds
   * after it was. Ascending; none: nothing of the kind is known. */
  const int *recheck_s;
  int n_recheck;

  /* Its settlement file. */
  int file_ready_s; /* after midnight of the next day; 0: it has none */
} TillProfile;

/* Profile of a provider by its registry name, or NULL for a name nobody knows. */
typedef const TillProfile *(*TillProfileOf) (const char *name, gpointer user);

#define TILL_CAN(errand) (1u << TILL_ERRAND_##errand)

gboolean till_profile_can (const TillProfile *profile, TillErrandKind kind);

/* When to act next: `tries` asked so far, each wait varied by up to a tenth either way. */
int64_t till_profile_next_at (const TillProfile *profile, int tries, int64_t now,
                              TillClock *chance);

G_END_DECLS
