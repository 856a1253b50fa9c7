/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads items one by one as HID 1.11 §6.2.2 numbers them; keeps no pointer into the descriptor. */
#include "devices/usb/hid-report.h"
#include "data/core/error.h"

#include <string.h>

#define RANGES_MAX 64
#define SAVED_MAX 8
#define DEPTH_MAX 16
#define REPORT_BITS_MAX (TILL_HID_REPORT_MAX * 8)

typedef struct
{
  guint16 page;
  gint32 logical_min;
  guint32 report_size;
  guint32 report_count;
  guint8 report_id;
} Globals;

typedef struct
{
  guint32 first; /* page in the high half, or 0 there for the page in force */
  guint32 last;
} Range;

typedef struct
{
  Globals now;
  Globals saved[SAVED_MAX];
  guint n_saved;
  Range ranges[RANGES_MAX];
  guint n_ranges;
  gboolean has_minimum;
  guint32 minimum;
  guint depth;
  gboolean named; /* the first application collection was seen */
  gboolean numbered;
  guint32 bits[3][256]; /* used so far in each report */
} Parser;

static gboolean
fail (GError **error, const char *words)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "bad HID report descriptor: %s", words);
  return FALSE;
}

static gboolean
add_field (Parser *parser, TillHidLayout *layout, TillHidField field, GError **error)
{
  if (layout->n_fields == TILL_HID_FIELDS_MAX)
    return fail (error, "too many fields");
  layout->fields[layout->n_fields++] = field;
  return TRUE;
}

static guint16
page_of (const Parser *parser, guint32 usage)
{
  return usage >> 16 ? (guint16)(usage >> 16) : parser->now.page;
}

/* The values of one main item, split where their meaning changes. */
static gboolean
add_fields (Parser *parser, TillHidLayout *layout, TillHidField field, GError **error)
{
  guint32 left = parser->now.report_count;
  if (!field.variable)
    {
      const Range *last = &parser->ranges[parser->n_ranges - 1];
      field.page = page_of (parser, parser->ranges[0].first);
      field.usage = (guint16)parser->ranges[0].first;
      field.usage_last = (guint16)last->last;
      field.count = (guint16)left;
      return add_field (parser, layout, field, error);
    }
  for (guint i = 0; i < parser->n_ranges && left > 0; i++)
    {
      const Range *range = &parser->ranges[i];
      guint32 span = range->last - range->first + 1;
      guint32 take = i + 1 == parser->n_ranges ? left : MIN (left, span);
      field.page = page_of (parser, range->first);
      field.usage = (guint16)range->first;
      field.usage_last = (guint16)range->last;
      field.count = (guint16)take;
      if (!add_field (parser, layout, field, error))
        return FALSE;
      field.bit_offset += take * field.bit_size;
      left -= take;
    }
  return TRUE;
}

static gboolean
on_data_item (Parser *parser, TillHidLayout *layout, TillHidKind kind, guint32 flags,
              GError **error)
{
  const Globals *now = &parser->now;
  guint32 *bits = &parser->bits[kind][now->report_id];
  guint32 start = *bits + (now->report_id ? 8 : 0);
  if (now->report_size > REPORT_BITS_MAX || now->report_count > REPORT_BITS_MAX
      || (guint64)now->report_size * now->report_count + start > REPORT_BITS_MAX)
    return fail (error, "a report is too long");
  *bits += now->report_size * now->report_count;
  if (kind == TILL_HID_INPUT)
    layout->input_size = MAX (layout->input_size, (*bits + (now->report_id ? 8 : 0) + 7) / 8);

  gboolean is_padding = flags & 1;
  gboolean is_plain = now->report_size >= 1 && now->report_size <= 32 && now->report_count > 0;
  if (is_padding || !is_plain || parser->n_ranges == 0)
    return TRUE;
  TillHidField field = { .kind = kind,
                         .report_id = now->report_id,
                         .variable = (flags & 2) != 0,
                         .logical_min = now->logical_min,
                         .bit_offset = start,
                         .bit_size = (guint8)now->report_size };
  return add_fields (parser, layout, field, error);
}

static gboolean
on_main (Parser *parser, TillHidLayout *layout, guint tag, guint32 value, GError **error)
{
  gboolean fine = TRUE;
  switch (tag)
    {
    case 0x8:
      fine = on_data_item (parser, layout, TILL_HID_INPUT, value, error);
      break;
    case 0x9:
      fine = on_data_item (parser, layout, TILL_HID_OUTPUT, value, error);
      break;
    case 0xB:
      fine = on_data_item (parser, layout, TILL_HID_FEATURE, value, error);
      break;
    case 0xA:
      if (parser->depth++ == DEPTH_MAX)
        return fail (error, "collections too deep");
      if (value == 1 && !parser->named && parser->n_ranges > 0)
        {
          parser->named = TRUE;
          layout->page = page_of (parser, parser->ranges[0].first);
          layout->usage = (guint16)parser->ranges[0].first;
        }
      break;
    case 0xC:
      if (parser->depth-- == 0)
        return fail (error, "a collection ends that never began");
      break;
    default:
      return fail (error, "unknown main item");
    }
  parser->n_ranges = 0;
  parser->has_minimum = FALSE;
  return fine;
}

static gint32
sign_extend (guint32 value, guint size)
{
  if (size == 1)
    return (gint8)value;
  if (size == 2)
    return (gint16)value;
  return (gint32)value;
}

static gboolean
on_global (Parser *parser, guint tag, guint32 value, guint size, GError **error)
{
  switch (tag)
    {
    case 0x0:
      parser->now.page = (guint16)value;
      return value <= 0xFFFF || fail (error, "a usage page beyond 16 bits");
    case 0x1:
      parser->now.logical_min = sign_extend (value, size);
      return TRUE;
    case 0x7:
      parser->now.report_size = value;
      return TRUE;
    case 0x8:
      if (value == 0 || value > 255)
        return fail (error, "a report id outside 1…255");
      parser->now.report_id = (guint8)value;
      parser->numbered = TRUE;
      return TRUE;
    case 0x9:
      parser->now.report_count = value;
      return TRUE;
    case 0xA:
      if (parser->n_saved == SAVED_MAX)
        return fail (error, "too many pushes");
      parser->saved[parser->n_saved++] = parser->now;
      return TRUE;
    case 0xB:
      if (parser->n_saved == 0)
        return fail (error, "a pop without a push");
      parser->now = parser->saved[--parser->n_saved];
      return TRUE;
    default: /* logical maximum, physical range, unit: nothing we read depends on them */
      return TRUE;
    }
}

static gboolean
on_local (Parser *parser, guint tag, guint32 value, GError **error)
{
  Range range = { value, value };
  if (tag == 0x1)
    {
      parser->minimum = value;
      parser->has_minimum = TRUE;
      return TRUE;
    }
  if (tag == 0x2)
    {
      if (!parser->has_minimum || value < parser->minimum
          || (value >> 16) != (parser->minimum >> 16))
        return fail (error, "a usage range without beginning");
      range.first = parser->minimum;
      parser->has_minimum = FALSE;
    }
  else if (tag != 0x0)
    return TRUE; /* designators, strings and delimiters do not move a bit */
  if (parser->n_ranges == RANGES_MAX)
    return fail (error, "too many usages");
  parser->ranges[parser->n_ranges++] = range;
  return TRUE;
}

static gboolean
parse (Parser *parser, const guint8 *bytes, gsize size, TillHidLayout *layout, GError **error)
{
  gsize at = 0;
  while (at < size)
    {
      guint8 prefix = bytes[at++];
      if (prefix == 0xFE) /* a long item: its length, its tag, its data; none is defined */
        {
          if (size - at < 2 || size - at - 2 < bytes[at])
            return fail (error, "it ends within an item");
          at += 2u + bytes[at];
          continue;
        }
      guint length = (prefix & 3) == 3 ? 4 : prefix & 3;
      if (size - at < length)
        return fail (error, "it ends within an item");
      guint32 value = 0;
      for (guint i = 0; i < length; i++)
        value |= (guint32)bytes[at + i] << (8 * i);
      at += length;

      guint tag = prefix >> 4;
      guint type = (prefix >> 2) & 3;
      gboolean fine = type == 0   ? on_main (parser, layout, tag, value, error)
                      : type == 1 ? on_global (parser, tag, value, length, error)
                      : type == 2 ? on_local (parser, tag, value, error)
                                  : fail (error, "a reserved item");
      if (!fine)
        return FALSE;
    }
  if (parser->depth != 0)
    return fail (error, "a collection never ends");
  return TRUE;
}

gboolean
till_hid_layout_parse (const guint8 *descriptor, gsize size, TillHidLayout *layout, GError **error)
{
  memset (layout, 0, sizeof *layout);
  if (size == 0 || size > TILL_HID_DESCRIPTOR_MAX)
    return fail (error, size == 0 ? "it is empty" : "it is too long");
  g_autofree Parser *parser = g_new0 (Parser, 1);
  gboolean fine = parse (parser, descriptor, size, layout, error);
  for (guint i = 0; fine && i < layout->n_fields; i++)
    if (parser->numbered && layout->fields[i].report_id == 0)
      fine = fail (error, "some reports are numbered and some are not");
  if (!fine)
    memset (layout, 0, sizeof *layout);
  return fine;
}

const TillHidField *
till_hid_layout_find (const TillHidLayout *layout, TillHidKind kind, guint16 page, guint16 usage)
{
  for (guint i = 0; i < layout->n_fields; i++)
    {
      const TillHidField *field = &layout->fields[i];
      if (field->kind == kind && field->page == page && field->usage <= usage
          && usage <= field->usage_last)
        return field;
    }
  return NULL;
}

gboolean
till_hid_layout_has_page (const TillHidLayout *layout, guint16 page)
{
  for (guint i = 0; i < layout->n_fields; i++)
    if (layout->fields[i].kind == TILL_HID_INPUT && layout->fields[i].page == page)
      return TRUE;
  return FALSE;
}

gboolean
till_hid_field_is_in (const TillHidField *field, const guint8 *report, gsize size)
{
  return size > 0 && (field->report_id == 0 || report[0] == field->report_id);
}

gboolean
till_hid_field_read (const TillHidField *field, const guint8 *report, gsize size, guint nth,
                     guint32 *value)
{
  if (nth >= field->count || size > TILL_HID_REPORT_MAX)
    return FALSE;
  gsize bit = field->bit_offset + (gsize)nth * field->bit_size;
  if (bit + field->bit_size > size * 8)
    return FALSE;
  guint32 result = 0;
  for (guint i = 0; i < field->bit_size; i++, bit++)
    result |= (guint32)((report[bit / 8] >> (bit % 8)) & 1) << i;
  *value = result;
  return TRUE;
}
