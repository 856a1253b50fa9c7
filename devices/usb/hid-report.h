/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a HID device says about its reports, as a flat list of fields.
 *
 * Source: Device Class Definition for HID 1.11, section 6.2.2 (report descriptor). Pure, any
 * thread. A descriptor comes from outside and may be hostile: everything is bounded by the numbers
 * below, and what does not fit or contradicts itself is INVALID as a whole. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_HID_DESCRIPTOR_MAX 4096 /* bytes of descriptor we read */
#define TILL_HID_REPORT_MAX 4096     /* bytes of one report */
#define TILL_HID_FIELDS_MAX 256

#define TILL_HID_PAGE_DESKTOP 0x01
#define TILL_HID_PAGE_KEYBOARD 0x07
#define TILL_HID_PAGE_SCANNER 0x8C
#define TILL_HID_PAGE_SCALE 0x8D
#define TILL_HID_PAGE_STRIPE 0x8E
#define TILL_HID_PAGE_VENDOR 0xFF00
#define TILL_HID_PAGE_ANY 0xFFFF

typedef enum
{
  TILL_HID_INPUT,
  TILL_HID_OUTPUT,
  TILL_HID_FEATURE,
} TillHidKind;

typedef struct
{
  TillHidKind kind;
  guint8 report_id; /* 0: this device does not number its reports */
  guint16 page;
  guint16 usage;      /* of the first value */
  guint16 usage_last; /* of the last value of a range; usage when all values mean the same */
  gboolean variable;  /* FALSE: each value is the index of a usage that is on (pressed keys) */
  gint32 logical_min;
  guint32 bit_offset; /* from the first bit of the report, the report id included */
  guint8 bit_size;    /* 1…32 */
  guint16 count;
} TillHidField;

typedef struct
{
  TillHidField fields[TILL_HID_FIELDS_MAX];
  guint n_fields;
  guint16 page, usage; /* of the first application collection: what the device says it is */
  gsize input_size;    /* bytes of the longest input report, the report id included; 0: none */
} TillHidLayout;

/* FALSE with INVALID; *layout is then all zero. */
gboolean till_hid_layout_parse (const guint8 *descriptor, gsize size, TillHidLayout *layout,
                                GError **error);
/* The first field of the kind that covers the usage, or NULL. */
const TillHidField *till_hid_layout_find (const TillHidLayout *layout, TillHidKind kind,
                                          guint16 page, guint16 usage);
/* Whether any field of an input report is of the page. */
gboolean till_hid_layout_has_page (const TillHidLayout *layout, guint16 page);

/* Whether the field belongs to this report; a report of no bytes belongs to nothing. */
gboolean till_hid_field_is_in (const TillHidField *field, const guint8 *report, gsize size);
/* The nth value as it stands in the report, unsigned; FALSE when the report is too short for it. */
gboolean till_hid_field_read (const TillHidField *field, const guint8 *report, gsize size,
                              guint nth, guint32 *value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
