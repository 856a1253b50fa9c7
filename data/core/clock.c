/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/clock.h"
#include "data/core/error.h"

#include <sodium.h>
#include <string.h>

struct _TillClock
{
  gboolean fake;
  int64_t now;     /* fake only */
  uint64_t chance; /* fake only: state of splitmix64 */
};

TillClock *
till_clock_new (void)
{
  return g_new0 (TillClock, 1);
}

TillClock *
till_clock_new_fake (int64_t now, uint64_t seed)
{
  TillClock *clock = g_new0 (TillClock, 1);
  clock->fake = TRUE;
  clock->now = now;
  clock->chance = seed;
  return clock;
}

void
till_clock_free (TillClock *clock)
{
  g_free (clock);
}

int64_t
till_clock_now (TillClock *clock)
{
  return clock->fake ? clock->now : g_get_real_time ();
}

void
till_clock_advance (TillClock *clock, int64_t microseconds)
{
  g_assert (clock->fake);
  clock->now += microseconds;
}

gboolean
till_clock_is_fake (TillClock *clock)
{
  return clock->fake;
}

/* splitmix64 (Steele, Lea, Flood 2014): tiny, and the same on every machine for one seed. */
static uint64_t
draw (TillClock *clock)
{
  uint64_t z = clock->chance += UINT64_C (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

uint64_t
till_clock_random (TillClock *clock, uint64_t bound)
{
  g_assert (bound > 0);
  uint64_t value;
  if (clock->fake)
    value = draw (clock);
  else
    randombytes_buf (&value, sizeof value);
  /* Multiply-shift: the bias is below 2^-32 for every bound used here (all under 2^32). */
  return (uint64_t)(((unsigned __int128)value * bound) >> 64);
}

/* GLib reads a zone's file anew when nobody holds the zone, so the one in use is held for good. */
static GTimeZone *
zone_named (const char *name)
{
  static GMutex lock;
  static GTimeZone *held;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (!held || !g_str_equal (g_time_zone_get_identifier (held), name))
    {
      g_clear_pointer (&held, g_time_zone_unref);
      held = g_time_zone_new_identifier (name);
      if (!held)
        return g_time_zone_new_utc ();
    }
  return g_time_zone_ref (held);
}

/* The one place that knows zones. */
static GDateTime *
local_time (int64_t instant, const char *zone_name)
{
  g_autoptr (GTimeZone) zone = zone_named (zone_name);
  int64_t seconds = instant / TILL_SECOND - (instant % TILL_SECOND < 0);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  if (!utc)
    utc = g_date_time_new_from_unix_utc (0);
  return g_date_time_to_timezone (utc, zone);
}

int
till_clock_day (int64_t instant, const char *zone)
{
  g_autoptr (GDateTime) local = local_time (instant, zone);
  int year, month, day;
  g_date_time_get_ymd (local, &year, &month, &day);
  return year * 10000 + month * 100 + day;
}

char *
till_clock_stamp (int64_t instant, const char *zone, const char *pattern)
{
  g_autoptr (GDateTime) local = local_time (instant, zone);
  return g_date_time_format (local, pattern);
}

char *
till_clock_format (int64_t instant, const char *zone)
{
  return till_clock_stamp (instant, zone, "%Y-%m-%d %H:%M:%S");
}

char *
till_clock_format_day (int day)
{
  return g_strdup_printf ("%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

static gboolean
valid_day (int day, GDate *date)
{
  int year = day / 10000, month = day / 100 % 100, in_month = day % 100;
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || in_month < 1
      || !g_date_valid_dmy ((GDateDay)in_month, (GDateMonth)month, (GDateYear)year))
    return FALSE;
  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay)in_month, (GDateMonth)month, (GDateYear)year);
  return TRUE;
}

gboolean
till_clock_parse_day (const char *text, int *day, GError **error)
{
  gsize length = text ? strlen (text) : 0;
  gboolean dashed = length == 10 && text[4] == '-' && text[7] == '-';
  int value = 0;
  gboolean good = length == 8 || dashed;
  for (gsize i = 0; good && i < length; i++)
    {
      if (dashed && (i == 4 || i == 7))
        continue;
      good = g_ascii_isdigit (text[i]);
      value = value * 10 + (text[i] - '0');
    }
  GDate date;
  if (good && valid_day (value, &date))
    {
      *day = value;
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "not a day: “%.16s” (like 2026-11-22)",
               text ? text : "");
  return FALSE;
}

int
till_clock_days_between (int from, int to)
{
  GDate first, last;
  if (!valid_day (from, &first) || !valid_day (to, &last))
    return 0;
  return g_date_days_between (&first, &last);
}

int
till_clock_day_after (int day, int days)
{
  GDate date;
  if (!valid_day (day, &date))
    return 0;
  if (days >= 0)
    g_date_add_days (&date, (guint)days);
  else
    g_date_subtract_days (&date, (guint)-days);
  return g_date_get_year (&date) * 10000 + (int)g_date_get_month (&date) * 100
         + g_date_get_day (&date);
}

int64_t
till_clock_day_begin (int day, const char *zone_name)
{
  GDate date;
  if (!valid_day (day, &date))
    return 0;
  g_autoptr (GTimeZone) zone = zone_named (zone_name);
  g_autoptr (GDateTime) begin
      = g_date_time_new (zone, g_date_get_year (&date), (int)g_date_get_month (&date),
                         g_date_get_day (&date), 0, 0, 0);
  return begin ? g_date_time_to_unix (begin) * TILL_SECOND : 0;
}
