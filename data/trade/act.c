/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/act.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *word;
  TillAct act;
} reasons[] = {
#define X(reason, word, act) { word, TILL_ACT_##act },
  TILL_WHYS (X)
#undef X
};

/* The provider's day, not the shop's and not the calendar's: it ends until_s after midnight in
 * China. */
static int
clearing_day (int64_t at, int until_s)
{
  return till_clock_day (at + TILL_DAY - until_s * TILL_SECOND, TILL_CHINA);
}

TillWhy
till_act_choose (const TillProfile *profile, const TillActFacts *facts)
{
  if (facts->void_was_refused)
    return TILL_WHY_REFUSED;
  if (facts->by_slip)
    return TILL_WHY_TERMINAL;
  if (!profile || !till_profile_can (profile, TILL_ERRAND_VOID))
    return TILL_WHY_NO_VOIDS;
  if (facts->amount != facts->paid || facts->others != 0)
    return TILL_WHY_PART;
  return clearing_day (facts->paid_at, profile->void_until_s)
                 == clearing_day (facts->now, profile->void_until_s)
             ? TILL_WHY_SAME_DAY
             : TILL_WHY_LATER;
}

TillAct
till_act_of (TillWhy reason)
{
  return reasons[reason].act;
}

const char *
till_why_word (TillWhy reason)
{
  return reasons[reason].word;
}

TillWhy
till_why_from_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (word, reasons[i].word))
      return (TillWhy)i;
  /* The schema's CHECK lets no other word in. */
  g_assert_not_reached ();
}

const char *
till_why_sentence (TillWhy reason)
{
  static const char *const sentences[] = {
    [TILL_WHY_NONE] = "",
    [TILL_WHY_SAME_DAY] = N_ (
        "Voided: the whole payment, on the provider's same day. It may vanish from the statement."),
    [TILL_WHY_NO_VOIDS] = N_ ("As a refund: this provider has no voids."),
    [TILL_WHY_PART] = N_ ("As a refund: not the whole payment goes back at once."),
    [TILL_WHY_LATER] = N_ ("As a refund: the provider's day of the payment is over."),
    [TILL_WHY_REFUSED] = N_ ("As a refund: the provider refused to void the payment."),
    [TILL_WHY_TERMINAL] = N_ ("As a refund: what was paid at the terminal is voided there only."),
  };
  return *sentences[reason] ? _ (sentences[reason]) : "";
}
