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
#include "data/trade/refund.h"

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

/* From this long before, people are warned of what may be closed: by then a bank has had its one to
 * three working days, and money still arrives in time. */
#define TILL_CLOSING_WARN (3 * TILL_DAY)

/* When the provider closes this refund unpaid if our balance stays too low; µs UTC, 0: it does not.
 * Of a refund that was taken in nobody says why it takes so long: that is counted in, for some
 * providers (WeChat Pay) call it processing until it is closed. */
int64_t till_provider_limits_closes_at (const TillProfile *profile, const TillRefund *refund);
/* The same, but 0 too where it is neither time to warn nor known that the balance is too low. */
int64_t till_provider_limits_closing (const TillProfile *profile, const TillRefund *refund,
                                      int64_t now);

G_END_DECLS
