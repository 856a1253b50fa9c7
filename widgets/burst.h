/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells a scanner that types from a person who types, by the gaps between the characters alone, so
 * that no prefix has to be programmed. A scanner sends its characters within a few milliseconds of
 * each other and ends with Enter; nobody types six characters like that. A keypad may: its keys 00
 * and 000 are two and three at once, and a programmed key is a whole amount. So what comes from a
 * keypad is a scan only as digits and as many as the shortest code has, for there are scanners that
 * are set to press a keypad's keys.
 *
 * Pure; times are milliseconds of any clock that only grows (and may wrap). */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_BURST_GAP_MS 35
#define TILL_BURST_LEAST 6
#define TILL_BURST_LEAST_KEYPAD 8 /* EAN-8 */
#define TILL_BURST_MOST 128

typedef struct
{
  char text[TILL_BURST_MOST + 1]; /* ASCII; the characters that came quickly after each other */
  guint n;
  guint32 last_ms;
  gboolean spoiled;     /* longer than any code: not a scan */
  gboolean from_keypad; /* a character of it was a keypad's */
} TillBurst;

/* Every printable ASCII character that comes, at its time. */
void till_burst_feed (TillBurst *burst, char character, gboolean from_keypad, guint32 at_ms);
/* Enter came: TRUE when what stands in burst->text was scanned. The caller clears it. */
gboolean till_burst_ends (const TillBurst *burst, guint32 at_ms);
/* Forgets, and wipes: it may have been a payment code. */
void till_burst_clear (TillBurst *burst);

G_END_DECLS
