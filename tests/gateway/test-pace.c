/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace by itself: what left, and when there is room again. */
#include "devices/gateway/pace.h"

#define T0 (1767225600 * TILL_SECOND)

static const TillProfile brisk = { .name = "brisk", .requests_per_s = 5, .refusals_per_s = 2 };
static const TillProfile patient = { .name = "patient" };
static const TillProfile fast = { .name = "fast", .requests_per_s = TILL_PACE_MAX };

static void
note (TillPace *pace, const TillProfile *profile, int n, gboolean refused)
{
  for (int i = 0; i < n; i++)
    till_pace_note (pace, profile, T0 + i * TILL_SECOND / 100, refused);
}

static void
test_as_many_as_allowed (void)
{
  g_autoptr (TillPace) pace = till_pace_new ();
  int64_t now = T0 + TILL_SECOND / 2;
  note (pace, &brisk, 4, FALSE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now);
  till_pace_note (pace, &brisk, now, FALSE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, T0 + TILL_SECOND);
  /* One has become old, so one may go; not five. */
  now = T0 + TILL_SECOND;
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now);
  till_pace_note (pace, &brisk, now, FALSE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now + TILL_SECOND / 100);
}

static void
test_fewer_while_it_refuses (void)
{
  g_autoptr (TillPace) pace = till_pace_new ();
  int64_t now = T0 + TILL_SECOND / 2;
  note (pace, &brisk, 1, FALSE);
  till_pace_note (pace, &brisk, now, FALSE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now);
  till_pace_note (pace, &brisk, now, TRUE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now + TILL_SECOND);
  now += TILL_SECOND;
  g_assert_cmpint (till_pace_earliest (pace, &brisk, now), ==, now);
}

static void
test_each_its_own (void)
{
  g_autoptr (TillPace) pace = till_pace_new ();
  note (pace, &patient, 3 * TILL_PACE_MAX, TRUE);
  note (pace, &brisk, 5, TRUE);
  g_assert_cmpint (till_pace_earliest (pace, &patient, T0), ==, T0);
  g_assert_cmpint (till_pace_earliest (pace, &fast, T0), ==, T0);
  /* As many as are remembered, and the ring has gone round. */
  for (int i = 0; i < 2 * TILL_PACE_MAX + 1; i++)
    till_pace_note (pace, &fast, T0 + i, FALSE);
  int64_t now = T0 + 2 * TILL_PACE_MAX;
  g_assert_cmpint (till_pace_earliest (pace, &fast, now), ==, T0 + TILL_PACE_MAX + 1 + TILL_SECOND);
}

/* What the clock showed before it was set back holds nothing up. */
static void
test_clock_set_back (void)
{
  g_autoptr (TillPace) pace = till_pace_new ();
  note (pace, &brisk, 5, TRUE);
  g_assert_cmpint (till_pace_earliest (pace, &brisk, T0 - TILL_HOUR), ==, T0 - TILL_HOUR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/as-many-as-allowed", test_as_many_as_allowed);
  g_test_add_func ("/pace/fewer-while-it-refuses", test_fewer_while_it_refuses);
  g_test_add_func ("/pace/each-its-own", test_each_its_own);
  g_test_add_func ("/pace/clock-set-back", test_clock_set_back);
  return g_test_run ();
}
