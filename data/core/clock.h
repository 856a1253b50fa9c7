/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where time and chance come from: the machine in the shop, a script in a test.
 *
 * Instants are int64 microseconds since 1970 UTC. A business day is an int yyyymmdd in the shop's
 * own zone. Nothing in data/trade asks for the time; it is handed in. A TillClock may be shared by
 * threads when it is the machine's; a fake one belongs to one thread. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TillClock TillClock;

#define TILL_SECOND INT64_C (1000000)
#define TILL_MINUTE (60 * TILL_SECOND)
#define TILL_HOUR (60 * TILL_MINUTE)
#define TILL_DAY (24 * TILL_HOUR)
/* The time that China's providers write. A zone's name would be UTC on a machine without tzdata. */
#define TILL_CHINA "+08:00"

/* The machine's clock; free with till_clock_free (). */
TillClock *till_clock_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* A clock that stands at `now` until it is moved, and draws chance from `seed`. */
TillClock *till_clock_new_fake (int64_t now, uint64_t seed) G_GNUC_WARN_UNUSED_RESULT;
void till_clock_free (TillClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillClock, till_clock_free)

int64_t till_clock_now (TillClock *clock);
/* Moves a fake clock; may go back. Asserts that the clock is fake. */
void till_clock_advance (TillClock *clock, int64_t microseconds);
gboolean till_clock_is_fake (TillClock *clock);

/* Uniform in [0, bound), bound > 0. The machine's clock draws from the system's generator. */
uint64_t till_clock_random (TillClock *clock, uint64_t bound);

/* The business day of an instant in the zone "Asia/Shanghai" (or any other name GLib knows; an
 * unknown name counts as UTC). */
int till_clock_day (int64_t instant, const char *zone);
/* The first instant of a business day in the zone; 0 for a day that does not exist. */
int64_t till_clock_day_begin (int day, const char *zone);
/* "2026-11-22 09:05:07" in the zone. */
char *till_clock_format (int64_t instant, const char *zone) G_GNUC_WARN_UNUSED_RESULT;
/* The same by a pattern of g_date_time_format (): "%Y%m%d%H%M%S". */
char *till_clock_stamp (int64_t instant, const char *zone,
                        const char *pattern) G_GNUC_WARN_UNUSED_RESULT;
/* "2026-11-22" from 20261122. */
char *till_clock_format_day (int day) G_GNUC_WARN_UNUSED_RESULT;
/* Takes "2026-11-22" or "20261122"; a day that does not exist is INVALID. */
gboolean till_clock_parse_day (const char *text, int *day, GError **error);
/* Whole days from one business day to another; may be negative. */
int till_clock_days_between (int from, int to);
/* The business day so many days later; 0 for a day that does not exist. */
int till_clock_day_after (int day, int days);

G_END_DECLS
