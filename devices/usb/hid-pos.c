/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/hid-pos.h"
#include "data/core/error.h"

#include <string.h>

enum
{
  BYTE_COUNT = 0x3B,
  AIM_1 = 0xFB,
  DECODED_DATA = 0xFE,
  CONTINUED = 0xFF,
};

typedef struct
{
  const TillHidField *data;      /* unowned, as all of these; inside the layout */
  const TillHidField *continued; /* or NULL: every report is a whole code */
  const TillHidField *count;     /* or NULL: the data ends at the first of the closing zeros */
  const TillHidField *aim[3];
  guint aim_nth[3];
  guint8 raw[TILL_CODE_RAW_MAX];
  gsize size;
  gboolean is_spoilt; /* a part was refused: say so once, at the code's end */
  TillRefused why;
} HidPos;

static void
reset (gpointer state)
{
  HidPos *pos = state;
  explicit_bzero (pos->raw, sizeof pos->raw);
  pos->size = 0;
  pos->is_spoilt = FALSE;
}

static void
stop (gpointer state)
{
  reset (state);
  g_free (state);
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  const TillHidField *data
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCANNER, DECODED_DATA);
  if (!data || data->bit_size != 8)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the scanner's report descriptor has no decoded data");
      return NULL;
    }
  HidPos *pos = g_new0 (HidPos, 1);
  pos->data = data;
  pos->continued = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCANNER, CONTINUED);
  const TillHidField *count
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_DESKTOP, BYTE_COUNT);
  if (count && count->report_id == data->report_id)
    pos->count = count;
  for (guint i = 0; i < 3; i++)
    {
      guint16 usage = (guint16)(AIM_1 + i);
      pos->aim[i] = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_SCANNER, usage);
      /* One field of three values when the device gave a usage range. */
      pos->aim_nth[i] = pos->aim[i] ? (guint)usage - pos->aim[i]->usage : 0;
    }
  return pos;
}

static void
read_symbology (const HidPos *pos, const guint8 *report, gsize size, char symbology[4])
{
  memset (symbology, 0, 4);
  for (guint i = 0; i < 3; i++)
    {
      guint32 value;
      if (!pos->aim[i] || !till_hid_field_is_in (pos->aim[i], report, size)
          || !till_hid_field_read (pos->aim[i], report, size, pos->aim_nth[i], &value))
        value = 0;
      symbology[i] = (char)value;
    }
}

static void
spoil (HidPos *pos, TillRefused why)
{
  pos->is_spoilt = TRUE;
  pos->why = why;
}

static void
gather (HidPos *pos, const guint8 *report, gsize size)
{
  guint32 count = pos->data->count;
  if (pos->count && !till_hid_field_read (pos->count, report, size, 0, &count))
    count = G_MAXUINT32;
  if (count > pos->data->count)
    {
      spoil (pos, TILL_REFUSED_UNREADABLE);
      return;
    }
  for (guint i = 0; i < count; i++)
    {
      guint32 value;
      if (!till_hid_field_read (pos->data, report, size, i, &value))
        {
          spoil (pos, TILL_REFUSED_UNREADABLE);
          return;
        }
      if (pos->size == sizeof pos->raw)
        {
          spoil (pos, till_finding_is_card_data (pos->raw, pos->size) ? TILL_REFUSED_CARD_DATA
                                                                      : TILL_REFUSED_TOO_LONG);
          return;
        }
      pos->raw[pos->size++] = (guint8)value;
    }
  /* Without a count, zeros between two parts would end up inside the code. */
  while (!pos->count && pos->size > 0 && pos->raw[pos->size - 1] == 0)
    pos->size--;
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  HidPos *pos = state;
  if (!till_hid_field_is_in (pos->data, report, size))
    return; /* a trigger or status report */
  if (!pos->is_spoilt)
    gather (pos, report, size);

  guint32 more = 0;
  if (pos->continued && !till_hid_field_read (pos->continued, report, size, 0, &more))
    spoil (pos, TILL_REFUSED_UNREADABLE);
  if (more)
    return; /* a spoilt code too: its other parts must not pass for a code */
  if (pos->is_spoilt)
    till_finding_give_refusal (pos->why, take, user);
  else
    {
      char symbology[4];
      read_symbology (pos, report, size, symbology);
      till_finding_give_code (pos->raw, pos->size, symbology, take, user);
    }
  reset (pos);
}

const TillDriver till_hid_pos = { "hid-pos", TRUE, start, take_report, reset, stop };
