/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MagTek readers in HID mode, MagneSafe V5 and the older ones that do not encrypt: one report a
 * swipe on vendor page 0xFF00, sent even when nothing could be read. Every place is taken from the
 * report descriptor, because the report's size differs by model (337, 856 and more bytes). A report
 * that is shorter than described has lost bytes somewhere: nothing of it is used.
 *
 * Source: "MagneSafe V5 Communication Reference Manual", 99875475. The reader's numbers in more
 * than one byte are big endian. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_magtek;

G_END_DECLS
