/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/provider.h"

gboolean
till_profile_can (const TillProfile *profile, TillErrandKind kind)
{
  return (profile->errands & (1u << kind)) != 0;
}

int64_t
till_profile_next_at (const TillProfile *profile, int tries, int64_t now, TillClock *chance)
{
  int rung = CLAMP (tries, 0, profile->n_ladder - 1);
  int64_t wait = profile->ladder_s[rung] * TILL_SECOND;
  int64_t tenth = wait / 10;
  /* Jitter, so that a hundred tills behind one broken line do not all come back in one second. */
  if (tenth > 0)
    wait += (int64_t)till_clock_random (chance, (uint64_t)(2 * tenth)) - tenth;
  return now + wait;
}
