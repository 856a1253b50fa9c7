/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bar-code scanners that behave as a serial line (CDC-ACM): bytes with a CR or LF behind each code.
 *
 * Bytes that no end follows for TILL_DRIVER_PAUSE_MS are a code that lost its end and are refused,
 * unless the facts say that this scanner sends none (ends-by-pause). Pure. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_serial_scanner;

G_END_DECLS
