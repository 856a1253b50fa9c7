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
