/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what a USB device is known again, in one line of a setting: "04b8:0e28" by what it is,
 * "04b8:0e28:J9X1" by its serial number too, "04b8:0e28@1-2.3" by the port it is plugged into, for
 * the many devices that have no number or all the same one. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_USB_NAME_MAX 64

typedef struct
{
  guint16 vendor, product;
  char serial[TILL_USB_NAME_MAX]; /* "" for any */
  char port[TILL_USB_NAME_MAX];   /* "" for any */
} TillUsbName;

/* FALSE when the text is no name; *name is then undefined. */
gboolean till_usb_name_read (const char *text, TillUsbName *name);
/* serial and port may be "" when they are not known. */
gboolean till_usb_name_fits (const TillUsbName *name, guint16 vendor, guint16 product,
                             const char *serial, const char *port);
/* Both may be the same device: they contradict each other in nothing that both say. */
gboolean till_usb_names_agree (const TillUsbName *a, const TillUsbName *b);
/* The best name for a device: with its serial number where that can be written, else its port. */
char *till_usb_name_write (guint16 vendor, guint16 product, const char *serial,
                           const char *port) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
