/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/drawer.h"
#include "data/core/clock.h"

static const char *const words[]
    = { [TILL_DRAWER_UNSAID] = "", [TILL_DRAWER_LOW] = "low", [TILL_DRAWER_HIGH] = "high" };

gboolean
till_drawer_level_read (const char *word, TillDrawerLevel *level)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        *level = (TillDrawerLevel)i;
        return TRUE;
      }
  return FALSE;
}

const char *
till_drawer_level_word (TillDrawerLevel level)
{
  return words[level];
}

gboolean
till_drawer_stays_open (const TillDrawerSeen *seen, int after_s, int64_t now)
{
  return after_s > 0 && seen->is_known && seen->is_open && now < seen->since + TILL_DRAWER_WATCHED
         && now >= seen->since + after_s * TILL_SECOND;
}
