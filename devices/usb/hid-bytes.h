/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One usage of a HID device whose values are bytes, wherever the descriptor has put it. Pure; any
 * thread; points into a layout that must live as long. */
#pragma once
#include "devices/usb/hid-report.h"

G_BEGIN_DECLS

typedef struct
{
  const TillHidField *field; /* NULL: the device has no such bytes */
  guint nth;                 /* its first value within the field */
  guint count;
} TillHidBytes;

/* Of the input reports; nothing when the usage's values are no whole bytes. */
TillHidBytes till_hid_bytes_find (const TillHidLayout *layout, guint16 page, guint16 usage);
/* The first n of them; FALSE when there are fewer or the report is too short. */
gboolean till_hid_bytes_read (const TillHidBytes *bytes, const guint8 *report, gsize size,
                              guint8 *into, gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
