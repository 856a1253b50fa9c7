/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/scale.h"
#include "data/trade/weight.h"

#include <glib/gi18n-lib.h>

/* What is to be done about what it says; a broken one is worked around. */
static const struct
{
  const char *words;
  gboolean is_broken;
} states[] = {
  [TILL_WEIGHING_NONE] = { N_ ("There is no scale. Type the weight as a quantity."), TRUE },
  [TILL_WEIGHING_STABLE]
  = { N_ ("This weight was taken already. Take the goods off the scale, then weigh the next."),
      FALSE },
  [TILL_WEIGHING_ZERO]
  = { N_ ("The scale is empty. Put the goods on it, then scan again."), FALSE },
  [TILL_WEIGHING_MOVING] = { N_ ("The scale is not still yet. Wait, then scan again."), FALSE },
  [TILL_WEIGHING_UNDER_ZERO]
  = { N_ ("The scale shows less than nothing. Empty it, set it to zero, then weigh again."),
      FALSE },
  [TILL_WEIGHING_OVER_LIMIT]
  = { N_ ("This is too heavy for the scale. Take something off, then scan again."), FALSE },
  [TILL_WEIGHING_NOT_READY]
  = { N_ ("The scale must be set to zero or calibrated. Type the weight as a quantity."), TRUE },
  [TILL_WEIGHING_OTHER_UNIT]
  = { N_ ("The scale weighs in a unit that is not used here. Set it to grams or kilograms. Until "
          "then type the weight as a quantity."),
      TRUE },
  [TILL_WEIGHING_FAULT]
  = { N_ ("The scale reports a fault. Type the weight as a quantity."), TRUE },
};

void
till_scale_say (TillScale *scale, TillWeighing weighing, int64_t milligrams)
{
  *scale = (TillScale){ .weighing = weighing, .milligrams = milligrams };
}

char *
till_scale_words (const TillScale *scale)
{
  if (scale->weighing != TILL_WEIGHING_STABLE)
    return g_strdup (_ (states[scale->weighing].words));
  g_autofree char *figure = till_quantity_format (till_weight_quantity (scale->milligrams, "kg"));
  /* TRANSLATORS: %s is a weight, "1.25". */
  return g_strdup_printf (_ ("The scale works: it shows %s kg."), figure);
}

gboolean
till_scale_take (TillScale *scale, const TillItem *item, TillQuantity *quantity)
{
  *quantity = TILL_QUANTITY_ONE;
  if (!till_weight_is_unit (item->unit) || states[scale->weighing].is_broken)
    return TRUE;
  TillQuantity weighed = till_weight_quantity (scale->milligrams, item->unit);
  if (scale->weighing != TILL_WEIGHING_STABLE || scale->is_taken || weighed == 0)
    return FALSE;
  scale->is_taken = TRUE;
  *quantity = weighed;
  return TRUE;
}

gboolean
till_scale_is_broken_for (const TillScale *scale, const TillItem *item)
{
  return scale->weighing != TILL_WEIGHING_NONE && states[scale->weighing].is_broken
         && till_weight_is_unit (item->unit);
}

const char *
till_scale_no (const TillScale *scale)
{
  if (scale->weighing == TILL_WEIGHING_STABLE && !scale->is_taken)
    return _ ("What lies on the scale is too light or too heavy for these goods.");
  return _ (states[scale->weighing].words);
}
