/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scales that describe themselves with the weighing usages (page 0x8D). A reading is given when it
 * differs from the one before. Weights come in whole milligrams; a scale set to pounds, ounces or
 * taels gives no weight, because goods are not sold by these here. Source: HID Point of Sale Usage
 * Tables 1.02, section 4 (weighing devices). Pure. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

#define TILL_SCALE_MG_MAX G_GINT64_CONSTANT (1000000000000) /* a thousand tonnes */

extern const TillDriver till_hid_scale;

G_END_DECLS
