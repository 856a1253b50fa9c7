/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/hid-scale.h"
#include "data/core/error.h"

/* Divides the greatest weight of 32 bits in tonnes to nothing. */
#define EXPONENT_LEAST 20

enum
{
  DATA_WEIGHT = 0x40,
  DATA_SCALING = 0x41,
  UNIT_MILLIGRAM = 0x51,
  UNIT_GRAM = 0x52,
  UNIT_KILOGRAM = 0x53,
  UNIT_TONNE = 0x58,
  STATUS_FAULT = 0x71,
  STATUS_ZERO = 0x72,
  STATUS_MOVING = 0x73,
  STATUS_STABLE = 0x74,
  STATUS_UNDER_ZERO = 0x75,
  STATUS_OVER_LIMIT = 0x76,
  STATUS_CALIBRATE = 0x77,
  STATUS_REZERO = 0x78,
};

typedef struct
{
  TillWeighing weighing;
  gint64 milligrams;
} Reading;

typedef struct
{
  const TillHidField *status; /* unowned, as all of these; inside the layout */
  const TillHidField *unit;
  const TillHidField *weight;
  const TillHidField *scaling; /* or NULL: as it stands */
  Reading last;                /* TILL_WEIGHING_NONE: nothing was given yet */
} Scale;

/* A field of one choice among usages. */
static const TillHidField *
find_choice (const TillHidLayout *layout, guint16 usage)
{
  const TillHidField *field
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCALE, usage);
  return field && !field->variable ? field : NULL;
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  const TillHidField *status = find_choice (layout, STATUS_STABLE);
  const TillHidField *unit = find_choice (layout, UNIT_GRAM);
  const TillHidField *weight
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCALE, DATA_WEIGHT);
  const TillHidField *scaling
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCALE, DATA_SCALING);
  if (!status || !unit || !weight || status->report_id != weight->report_id
      || unit->report_id != weight->report_id
      || (scaling && scaling->report_id != weight->report_id))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the scale's report descriptor has no weight with its status and unit");
      return NULL;
    }
  Scale *scale = g_new0 (Scale, 1);
  *scale = (Scale){ .status = status, .unit = unit, .weight = weight, .scaling = scaling };
  return scale;
}

static void
reset (gpointer state)
{
  ((Scale *)state)->last = (Reading){ 0 };
}

/* With its sign when the descriptor says that it has one. */
static gboolean
read_number (const TillHidField *field, const guint8 *report, gsize size, gint64 *number)
{
  guint32 value;
  if (!till_hid_field_read (field, report, size, 0, &value))
    return FALSE;
  *number = value;
  if (field->logical_min < 0 && (value >> (field->bit_size - 1)) & 1)
    *number -= G_GINT64_CONSTANT (1) << field->bit_size;
  return TRUE;
}

/* The usage that is chosen. */
static gboolean
read_choice (const TillHidField *field, const guint8 *report, gsize size, gint64 *usage)
{
  if (!read_number (field, report, size, usage))
    return FALSE;
  *usage += (gint64)field->usage - field->logical_min;
  return TRUE;
}

/* weight × 10^exponent of the unit; rounded to the nearest, half up. FALSE: not to be told here. */
static gboolean
to_milligrams (gint64 weight, gint64 exponent, gint64 unit, gint64 *milligrams)
{
  gint64 result = unit == UNIT_MILLIGRAM  ? 1
                  : unit == UNIT_GRAM     ? 1000
                  : unit == UNIT_KILOGRAM ? 1000000
                  : unit == UNIT_TONNE    ? 1000000000
                                          : 0;
  if (result == 0 || __builtin_mul_overflow (result, weight, &result))
    return FALSE;
  for (; exponent > 0 && result > 0; exponent--)
    if (__builtin_mul_overflow (result, 10, &result))
      return FALSE;
  __int128 divisor = exponent < -EXPONENT_LEAST ? 0 : 1; /* 0: nothing is left of any weight */
  for (; exponent < 0 && divisor > 0; exponent++)
    divisor *= 10;
  *milligrams = divisor ? (gint64)(((__int128)result * 2 + divisor) / (divisor * 2)) : 0;
  return *milligrams <= TILL_SCALE_MG_MAX;
}

static TillWeighing
weighing_of (gint64 status)
{
  switch (status)
    {
    case STATUS_ZERO:
      return TILL_WEIGHING_ZERO;
    case STATUS_MOVING:
      return TILL_WEIGHING_MOVING;
    case STATUS_STABLE:
      return TILL_WEIGHING_STABLE;
    case STATUS_UNDER_ZERO:
      return TILL_WEIGHING_UNDER_ZERO;
    case STATUS_OVER_LIMIT:
      return TILL_WEIGHING_OVER_LIMIT;
    case STATUS_CALIBRATE:
    case STATUS_REZERO:
      return TILL_WEIGHING_NOT_READY;
    default: /* STATUS_FAULT, and whatever is not in the tables */
      return TILL_WEIGHING_FAULT;
    }
}

/* FALSE when the report lacks a part. */
static gboolean
read_report (const Scale *scale, const guint8 *report, gsize size, Reading *reading)
{
  gint64 status, unit, weight, exponent = 0;
  if (!read_choice (scale->status, report, size, &status)
      || !read_choice (scale->unit, report, size, &unit)
      || !read_number (scale->weight, report, size, &weight)
      || (scale->scaling && !read_number (scale->scaling, report, size, &exponent)))
    return FALSE;
  *reading = (Reading){ .weighing = weighing_of (status) };
  if (reading->weighing != TILL_WEIGHING_STABLE)
    return TRUE;
  if (weight < 0)
    reading->weighing = TILL_WEIGHING_UNDER_ZERO;
  else if (weight == 0)
    reading->weighing = TILL_WEIGHING_ZERO;
  else if (!to_milligrams (weight, exponent, unit, &reading->milligrams))
    *reading = (Reading){ .weighing = TILL_WEIGHING_OTHER_UNIT };
  else if (reading->milligrams == 0)
    reading->weighing = TILL_WEIGHING_ZERO;
  return TRUE;
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  Scale *scale = state;
  Reading now;
  if (!till_hid_field_is_in (scale->weight, report, size))
    return; /* its limits, or statistics */
  if (!read_report (scale, report, size, &now))
    {
      reset (scale);
      till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  if (now.weighing == scale->last.weighing && now.milligrams == scale->last.milligrams)
    return;
  scale->last = now;
  TillFinding finding
      = { .kind = TILL_FINDING_WEIGHT, .weighing = now.weighing, .milligrams = now.milligrams };
  take (&finding, user);
}

const TillDriver till_hid_scale = { "hid-scale", TRUE, start, take_report, reset, g_free, NULL };
