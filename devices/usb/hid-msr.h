/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Magnetic-stripe readers that say so: USB-IF "HID Usage Tables" 1.21, page 0x8E (0x11–0x13 lengths
 * of the tracks, 0x21–0x23 their data). They send every card in clear; what of it may stay is for
 * card.h to say. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_hid_msr;

G_END_DECLS
