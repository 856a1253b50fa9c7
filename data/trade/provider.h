/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider can do and how it behaves, as facts that decide the next step. A profile is a
 * constant beside its codec; the books and the dispatcher only read it. */
#pragma once
#include "data/core/clock.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;  /* registry name, stored in the books: "sandbox" */
  const char *words; /* as people say it; a msgid */

  gboolean repeats_safely; /* the provider executes one request number at most once */
  int not_found_times;     /* "not found" is believed after this many answers … */
  int not_found_after_s;   /* … and not before this long after the last send */
  int refund_gap_s;        /* least time between two refunds of one payment */
  int window_days;         /* a payment older than this cannot be refunded this way */
  int answer_within_s;     /* how long one request may take altogether */

  /* Seconds to wait before asking the nth time; the last entry repeats. */
  const int *ladder_s;
  int n_ladder;
} TillProfile;

/* When to act next: `tries` asked so far, each wait varied by up to a tenth either way. */
int64_t till_profile_next_at (const TillProfile *profile, int tries, int64_t now,
                              TillClock *chance);

G_END_DECLS
