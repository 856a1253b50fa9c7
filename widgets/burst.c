/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/burst.h"

#include <string.h>

void
till_burst_feed (TillBurst *burst, char character, gboolean from_keypad, guint32 at_ms)
{
  if (burst->n > 0 && at_ms - burst->last_ms > TILL_BURST_GAP_MS)
    till_burst_clear (burst);
  burst->last_ms = at_ms;
  burst->from_keypad |= from_keypad;
  if (burst->n == TILL_BURST_MOST)
    {
      burst->spoiled = TRUE;
      return;
    }
  burst->text[burst->n++] = character;
  burst->text[burst->n] = '\0';
}

static gboolean
is_long_enough (const TillBurst *burst)
{
  if (!burst->from_keypad)
    return burst->n >= TILL_BURST_LEAST;
  return burst->n >= TILL_BURST_LEAST_KEYPAD && strspn (burst->text, "0123456789") == burst->n;
}

gboolean
till_burst_ends (const TillBurst *burst, guint32 at_ms)
{
  return is_long_enough (burst) && !burst->spoiled && at_ms - burst->last_ms <= TILL_BURST_GAP_MS;
}

void
till_burst_clear (TillBurst *burst)
{
  volatile char *text = burst->text;
  for (gsize i = 0; i < sizeof burst->text; i++)
    text[i] = '\0';
  burst->n = 0;
  burst->last_ms = 0;
  burst->spoiled = FALSE;
  burst->from_keypad = FALSE;
}
