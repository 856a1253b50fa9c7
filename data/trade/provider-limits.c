/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/provider-limits.h"

TillAnswer
till_provider_limits_refund (const TillProfile *profile, const TillPaymentFacts *facts)
{
  if (!profile)
    return till_answer (TILL_YES);
  int days = facts->paid_at == 0
                 ? 0
                 : till_clock_days_between (till_clock_day (facts->paid_at, TILL_CHINA),
                                            till_clock_day (facts->now, TILL_CHINA));
  if (profile->window_days > 0 && days > profile->window_days)
    return till_answer_quantity (TILL_NO_TOO_OLD, days, profile->window_days, profile->words);
  if (profile->refunds_max > 0 && facts->refunds >= profile->refunds_max)
    return till_answer_quantity (TILL_NO_TOO_OFTEN, facts->refunds, profile->refunds_max,
                                 profile->words);
  return till_answer (TILL_YES);
}

gboolean
till_provider_limits_reversal_over (const TillProfile *profile, int64_t asked_at, int64_t now)
{
  return profile && profile->reverse_within_s > 0 && asked_at != 0
         && now - asked_at > profile->reverse_within_s * TILL_SECOND;
}

int64_t
till_provider_limits_closes_at (const TillProfile *profile, const TillRefund *refund)
{
  if (!profile || profile->closes_after_s == 0 || refund->requested_at == 0)
    return 0;
  gboolean waits = refund->state == TILL_REFUND_QUEUED || refund->state == TILL_REFUND_UNKNOWN;
  gboolean taken_in = refund->state == TILL_REFUND_ACCEPTED;
  return taken_in || (waits && refund->failure == TILL_CLASS_BALANCE)
             ? refund->requested_at + profile->closes_after_s * TILL_SECOND
             : 0;
}

int64_t
till_provider_limits_closing (const TillProfile *profile, const TillRefund *refund, int64_t now)
{
  int64_t at = till_provider_limits_closes_at (profile, refund);
  return refund->failure == TILL_CLASS_BALANCE || now >= at - TILL_CLOSING_WARN ? at : 0;
}
