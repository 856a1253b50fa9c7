/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner of the demo: one report is one line, "code SYMBOLOGY TEXT", SYMBOLOGY an AIM
 * identifier or "-". Pure; any thread. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_scanner_virtual;

G_END_DECLS
