/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cash drawer as a receipt printer sees it: one wire from the drawer's switch, high or low.
 * Which of the two is "closed" depends on how the drawer is wired; a shop learns it once, by
 * opening and closing the drawer, and keeps it as the setting drawer.closed. Plain structs. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_DRAWER_UNSAID, /* the printer does not tell, or nobody has learnt it */
  TILL_DRAWER_LOW,
  TILL_DRAWER_HIGH,
} TillDrawerLevel;

/* "", "low", "high": stored. FALSE for any other word; level is unchanged then. */
gboolean till_drawer_level_read (const char *word, TillDrawerLevel *level);
const char *till_drawer_level_word (TillDrawerLevel level);

/* What was seen last, behind the last kick that was watched. */
typedef struct
{
  gboolean is_known; /* something was seen */
  gboolean is_open;
  int64_t since;  /* µs UTC: when it was seen so first */
  int64_t job_id; /* the kick */
} TillDrawerSeen;

/* Nobody looks longer than this after a kick; what was seen open before says nothing any more. */
#define TILL_DRAWER_WATCHED (30 * INT64_C (60000000))

/* Open for more than so many seconds, and not for so long that nobody looks any more. 0 s: never
 * told. */
gboolean till_drawer_stays_open (const TillDrawerSeen *seen, int after_s, int64_t now);

G_END_DECLS
