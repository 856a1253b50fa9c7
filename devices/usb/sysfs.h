/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Linux already knows about a USB device, read without opening it: nobody is disturbed, and it
 * works where we have no permission. Source: Linux Documentation/ABI, sysfs-bus-usb. Any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Attribute ("serial", "product") of the device at "1-1.4", one clean line; "" when it has none. */
char *till_sysfs_attribute (const char *path, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* The kernel driver at an interface ("usbhid", "usbfs" for a program), or NULL when it is free. */
char *till_sysfs_driver (const char *path, int face) G_GNUC_WARN_UNUSED_RESULT;
/* The report descriptor that usbhid has read, or NULL. */
GBytes *till_sysfs_report_descriptor (const char *path, int face) G_GNUC_WARN_UNUSED_RESULT;
/* "the program name (1234)", "the driver name" or "another program": who holds it, in words. */
char *till_sysfs_holder (const char *path, int face, guint8 bus,
                         guint8 address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
