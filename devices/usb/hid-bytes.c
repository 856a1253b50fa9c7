/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/hid-bytes.h"

TillHidBytes
till_hid_bytes_find (const TillHidLayout *layout, guint16 page, guint16 usage)
{
  TillHidBytes none = { 0 };
  const TillHidField *field = till_hid_layout_find (layout, TILL_HID_INPUT, page, usage);
  if (!field || field->bit_size != 8)
    return none;
  /* A range of usages has a value each; one usage has all the values. */
  if (field->usage == field->usage_last)
    return (TillHidBytes){ field, 0, field->count };
  guint nth = (guint)usage - field->usage;
  return nth < field->count ? (TillHidBytes){ field, nth, 1 } : none;
}

gboolean
till_hid_bytes_read (const TillHidBytes *bytes, const guint8 *report, gsize size, guint8 *into,
                     gsize n)
{
  if (!bytes->field || n > bytes->count || !till_hid_field_is_in (bytes->field, report, size))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint32 value;
      if (!till_hid_field_read (bytes->field, report, size, bytes->nth + i, &value))
        return FALSE;
      into[i] = (guint8)value;
    }
  return TRUE;
}
