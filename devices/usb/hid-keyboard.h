/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanners that pretend to be a keyboard: HID Usage Tables 1.21, section 10 (page 0x07), read as a
 * US layout whatever the desktop's layout is. Enter or Tab ends a code.
 *
 * Only for devices that are listed by vendor and product or were chosen by a person: whoever is
 * claimed here types into nothing else any more. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_hid_keyboard;

G_END_DECLS
