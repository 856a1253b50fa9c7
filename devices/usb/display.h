/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's display: two lines of twenty columns, told what to show in CD5220, the language
 * of most such displays. Lines are GBK, in which one byte is one column, and always whole: what is
 * written over leaves nothing behind, and no byte of a name is a command.
 *
 * Chinese is shown where the display has a character ROM for it. Pure; any thread. Source: manuals
 * of CD5220 displays. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

/* As a facts file says it. */
#define TILL_DISPLAY_DRIVER "customer-display"

/* words at the left, cut where they meet the amount, which stands whole at the right; either may be
 * NULL. INVALID when the amount has no room; line is blank then. */
gboolean till_display_set (TillDisplayLine line, const char *words, const char *amount,
                           GError **error);

/* Nothing at all. */
void till_display_clear (TillDisplayText *text);

/* What to send; is_fresh where it was just opened, and may be in any state. */
gsize till_display_bytes (const TillDisplayText *text, gboolean is_fresh,
                          guint8 bytes[TILL_DISPLAY_BYTES_MAX]);

extern const TillDriver till_customer_display;

G_END_DECLS
