/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report descriptor; its own bytes then stand in for a report that is read through it. */
#include "devices/usb/hid-report.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  g_autoptr (GError) error = NULL;
  gboolean good = till_hid_layout_parse (data, size, layout, &error);
  g_assert_true (good == (error == NULL));
  if (!good)
    {
      g_assert_cmpuint (layout->n_fields, ==, 0);
      return 0;
    }
  g_assert_cmpuint (layout->n_fields, <=, TILL_HID_FIELDS_MAX);
  g_assert_cmpuint (layout->input_size, <=, TILL_HID_REPORT_MAX);
  for (guint i = 0; i < layout->n_fields; i++)
    {
      const TillHidField *field = &layout->fields[i];
      guint32 value;
      g_assert_true (field->bit_size >= 1 && field->bit_size <= 32 && field->count >= 1);
      /* The descriptor itself stands in for a report. */
      gboolean is_in = till_hid_field_is_in (field, data, size);
      gboolean read = till_hid_field_read (field, data, size, field->count - 1u, &value);
      g_assert_true (!is_in || size > 0);
      if (read && field->bit_size < 32)
        g_assert_cmpuint (value, <, 1u << field->bit_size);
      guint64 end = (guint64)field->bit_offset + (guint64)field->count * field->bit_size;
      g_assert_true (read == (end <= (guint64)size * 8));
    }
  return 0;
}
