/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long and how often a provider gives a payment back, and how long it undoes one: its own
 * limits, which nobody in the shop can lift. Asked before money is promised that way, and again
 * before the first byte leaves. Pure; any thread.
 *
 * Days are counted by the calendar in China, the day of payment being day 0: a window of 30 days
 * ends with the last second of the 30th day after it. No provider says how it counts, so this is
 * assumed; one that is stricter refuses by itself. */
#pragma once
#include "data/trade/answer.h"
#include "data/trade/provider.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t paid_at; /* µs UTC; 0: not known, then the provider is asked */
  int64_t now;
  int refunds; /* of this payment, made or under way, besides the one in question */
} TillPaymentFacts;

/* YES, TILL_NO_TOO_OLD or TILL_NO_TOO_OFTEN, neither of which a second person can approve.
 * profile may be NULL: of a provider nobody knows no limit is known. */
TillAnswer till_provider_limits_refund (const TillProfile *profile, const TillPaymentFacts *facts);

/* TRUE when a payment that was asked for then is no longer undone now; both µs UTC, asked_at 0: not
 * known, then the provider is asked. */
gboolean till_provider_limits_reversal_over (const TillProfile *profile, int64_t asked_at,
                                             int64_t now);

G_END_DECLS
