/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bar-code scanners that say so: USB-IF "HID Point of Sale Usage Tables" 1.02, bar code page 0x8C
 * (0xFB–0xFD AIM identifier, 0xFE decoded data, 0xFF decoded data continued); length of the data
 * from "byte count" (generic desktop 0x3B) where the device has it. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_hid_pos;

G_END_DECLS
