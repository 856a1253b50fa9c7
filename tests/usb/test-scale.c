/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scales, report by report from tables. */
#include "data/core/error.h"
#include "devices/usb/hid-scale.h"
#include "tests/usb/scales.h"

typedef struct
{
  TillHidLayout layout;
  gpointer state;
  guint n;
  TillFinding last;
} Scale;

static void
on_found (const TillFinding *finding, gpointer user)
{
  Scale *scale = user;
  scale->n++;
  scale->last = *finding;
}

static void
open_scale (Scale *scale, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (
      till_hid_layout_parse (scale_descriptor, sizeof scale_descriptor, &scale->layout, &error));
  g_assert_no_error (error);
  scale->state = till_hid_scale.start (&scale->layout, &(TillTerms){ 0 }, &error);
  g_assert_no_error (error);
}

static void
close_scale (Scale *scale, gconstpointer unused)
{
  till_hid_scale.stop (scale->state);
}

static void
weigh (Scale *scale, guint8 status, guint8 unit, int exponent, guint16 weight)
{
  guint8 report[SCALE_REPORT];
  scale_report (report, status, unit, exponent, weight);
  till_hid_scale.take (scale->state, report, sizeof report, on_found, scale);
}

static void
test_weights (Scale *scale, gconstpointer unused)
{
  static const struct
  {
    guint8 status, unit;
    int exponent;
    guint16 weight;
    TillWeighing weighing;
    gint64 milligrams;
  } rows[] = {
    { SCALE_FAULT, SCALE_G, 0, 500, TILL_WEIGHING_FAULT, 0 },
    { SCALE_MOVING, SCALE_G, 0, 500, TILL_WEIGHING_MOVING, 0 },
    { SCALE_STABLE, SCALE_G, 0, 1250, TILL_WEIGHING_STABLE, 1250000 },
    { SCALE_STABLE, SCALE_G, 0, 0, TILL_WEIGHING_ZERO, 0 },
    { SCALE_STABLE, SCALE_G, -1, 12505, TILL_WEIGHING_STABLE, 1250500 },
    { SCALE_STABLE, SCALE_KG, -3, 1250, TILL_WEIGHING_STABLE, 1250000 },
    { SCALE_STABLE, SCALE_KG, -3, 65535, TILL_WEIGHING_STABLE, 65535000 },
    { SCALE_STABLE, SCALE_KG, 0, 15, TILL_WEIGHING_STABLE, 15000000 },
    { SCALE_STABLE, SCALE_G, 2, 15, TILL_WEIGHING_STABLE, 1500000 },
    { SCALE_STABLE, SCALE_MG, 0, 7, TILL_WEIGHING_STABLE, 7 },
    { SCALE_STABLE, SCALE_MG, -1, 5, TILL_WEIGHING_STABLE, 1 },
    { SCALE_STABLE, SCALE_MG, -1, 4, TILL_WEIGHING_ZERO, 0 },
    { SCALE_STABLE, SCALE_MG, -2, 6, TILL_WEIGHING_ZERO, 0 },
    { SCALE_STABLE, SCALE_TONNE, -127, 65535, TILL_WEIGHING_ZERO, 0 },
    { SCALE_STABLE, SCALE_TONNE, 0, 1000, TILL_WEIGHING_STABLE, TILL_SCALE_MG_MAX },
    { SCALE_STABLE, SCALE_TONNE, 0, 1001, TILL_WEIGHING_OTHER_UNIT, 0 },
    { SCALE_STABLE, SCALE_G, 127, 1, TILL_WEIGHING_OTHER_UNIT, 0 },
    { SCALE_UNDER_ZERO, SCALE_G, 0, 3, TILL_WEIGHING_UNDER_ZERO, 0 },
    { SCALE_STABLE, SCALE_POUND, -2, 250, TILL_WEIGHING_OTHER_UNIT, 0 },
    { SCALE_OVER_LIMIT, SCALE_G, 0, 65535, TILL_WEIGHING_OVER_LIMIT, 0 },
    { SCALE_STABLE, SCALE_TAEL, 0, 2, TILL_WEIGHING_OTHER_UNIT, 0 },
    { SCALE_CALIBRATE, SCALE_G, 0, 5, TILL_WEIGHING_NOT_READY, 0 },
    { SCALE_ZERO, SCALE_G, 0, 0, TILL_WEIGHING_ZERO, 0 },
    { SCALE_REZERO, SCALE_G, 0, 5, TILL_WEIGHING_NOT_READY, 0 },
    { 0, SCALE_G, 0, 5, TILL_WEIGHING_FAULT, 0 },
    { SCALE_STABLE, 0, 0, 5, TILL_WEIGHING_OTHER_UNIT, 0 },
    { 9, SCALE_G, 0, 5, TILL_WEIGHING_FAULT, 0 },
    { SCALE_STABLE, 255, 0, 5, TILL_WEIGHING_OTHER_UNIT, 0 },
    { 255, SCALE_G, 0, 5, TILL_WEIGHING_FAULT, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      till_hid_scale.reset (scale->state);
      weigh (scale, rows[i].status, rows[i].unit, rows[i].exponent, rows[i].weight);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (scale->last.kind, ==, TILL_FINDING_WEIGHT);
      g_assert_cmpint (scale->last.weighing, ==, rows[i].weighing);
      g_assert_cmpint (scale->last.milligrams, ==, rows[i].milligrams);
      g_assert_cmpuint (scale->n, ==, i + 1);
    }
}

/* A scale that sends ten times a second is heard when something changes. */
static void
test_changes (Scale *scale, gconstpointer unused)
{
  for (int i = 0; i < 50; i++)
    weigh (scale, SCALE_STABLE, SCALE_G, 0, 500);
  g_assert_cmpuint (scale->n, ==, 1);
  for (guint16 i = 0; i < 50; i++)
    weigh (scale, SCALE_MOVING, SCALE_G, 0, i); /* how much while it moves is nobody's business */
  g_assert_cmpuint (scale->n, ==, 2);
  weigh (scale, SCALE_STABLE, SCALE_G, 0, 500);
  weigh (scale, SCALE_STABLE, SCALE_KG, -3, 500); /* the same weight */
  g_assert_cmpuint (scale->n, ==, 3);
  weigh (scale, SCALE_STABLE, SCALE_G, 0, 501);
  g_assert_cmpuint (scale->n, ==, 4);
  till_hid_scale.reset (scale->state); /* reports were lost: it may have moved in between */
  weigh (scale, SCALE_STABLE, SCALE_G, 0, 501);
  g_assert_cmpuint (scale->n, ==, 5);
}

static void
test_strange_reports (Scale *scale, gconstpointer unused)
{
  guint8 report[64] = { 0 };
  scale_report (report, SCALE_STABLE, SCALE_G, 0, 500);
  for (gsize size = 0; size < SCALE_REPORT; size++)
    till_hid_scale.take (scale->state, report, size, on_found, scale);
  g_assert_cmpuint (scale->n, ==, SCALE_REPORT - 1); /* nothing at all is no report */
  g_assert_cmpint (scale->last.kind, ==, TILL_FINDING_REFUSED);
  till_hid_scale.take (scale->state, report, sizeof report, on_found, scale); /* longer is fine */
  g_assert_cmpint (scale->last.milligrams, ==, 500000);
  report[0] = 5; /* its limits: no weight */
  till_hid_scale.take (scale->state, report, SCALE_REPORT, on_found, scale);
  g_assert_cmpuint (scale->n, ==, SCALE_REPORT);
  /* The half report made the one before it old. */
  scale_report (report, SCALE_STABLE, SCALE_G, 0, 500);
  till_hid_scale.take (scale->state, report, 4, on_found, scale);
  till_hid_scale.take (scale->state, report, SCALE_REPORT, on_found, scale);
  g_assert_cmpuint (scale->n, ==, SCALE_REPORT + 2);
}

/* Without status or unit, or with the parts in reports apart, it is no scale that can be believed.
 */
static void
test_descriptors (void)
{
  static const struct
  {
    gsize at;
    guint8 byte;
  } changes[] = {
    { 27, 0x73 }, /* the status knows no stable weight */
    { 40, 0x51 }, /* the unit knows no gram */
    { 29, 0x02 }, /* the status is a number */
    { 62, 0x42 }, /* no weight */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      guint8 changed[sizeof scale_descriptor];
      TillHidLayout layout;
      g_autoptr (GError) error = NULL;
      memcpy (changed, scale_descriptor, sizeof changed);
      changed[changes[i].at] = changes[i].byte;
      changed[sizeof changed - 5] = changes[i].at == 62 ? 0x42 : 0x40;
      g_assert_true (till_hid_layout_parse (changed, sizeof changed, &layout, &error));
      g_test_message ("change %" G_GSIZE_FORMAT, i);
      g_assert_null (till_hid_scale.start (&layout, &(TillTerms){ 0 }, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/scale/weights", Scale, NULL, open_scale, test_weights, close_scale);
  g_test_add ("/scale/changes", Scale, NULL, open_scale, test_changes, close_scale);
  g_test_add ("/scale/strange-reports", Scale, NULL, open_scale, test_strange_reports, close_scale);
  g_test_add_func ("/scale/descriptors", test_descriptors);
  return g_test_run ();
}
