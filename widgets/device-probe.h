/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a page asks after the scanners and readers at this till: in the shop what devices/usb knows,
 * in a test whatever a story wants. A constant beside its self; main thread; does not block. */
#pragma once
#include "devices/usb/devices.h"

G_BEGIN_DECLS

typedef struct
{
  /* Of TillDevice, the caller's; oldest first. */
  GPtrArray *(*list) (gpointer self);
  gpointer self; /* unowned */
} TillDeviceProbe;

G_END_DECLS
