/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's display: two lines of twenty columns on a serial line. Lines are GBK, in which one
 * byte is one column, and always whole: what is written over leaves nothing behind, and no byte of
 * a name is a command. Pure; any thread.
 *
 * Two languages. CD5220, of most such displays; Chinese is shown where there is a character ROM for
 * it. Source: manuals of CD5220 displays. And ESC/POS, which Epson's displays speak and many others
 * as a mode of theirs (ESC =, ESC @, US MD1, US C, US $, CLR; ESC t and ESC R 0: code page 437,
 * American). What is no ASCII is left blank there, for in a code page of one byte half of a Chinese
 * character is some other sign; unless its facts say GB18030. That such a display takes the two
 * bytes as they come, without a command before them, is assumed. Sources: Epson's DM Application
 * Programming Guide, manuals of XP8200 and VFD-450.
 *
 * A display that hangs behind the receipt printer (ESC = 2 to the display, ESC = 1 back) is not
 * spoken to. On the printer's wire the words would stand between its jobs, and whatever cuts them
 * short leaves the printer deselected: it drops the slip that comes next, and may all the same
 * answer the question behind it, which is the proof that the slip is on paper. A printer that does
 * not know ESC = prints the words. And while paper is out the display would stand still. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

/* As a facts file says it; language and script then choose among these three. A virtual display
 * says which it is. */
#define TILL_DISPLAY_DRIVER "customer-display"
#define TILL_DISPLAY_DRIVER_ESCPOS "escpos-display"
#define TILL_DISPLAY_DRIVER_ESCPOS_GB18030 "escpos-display-gb18030"

/* words at the left, cut where they meet the amount, which stands whole at the right; either may be
 * NULL. INVALID when the amount has no room; line is blank then. */
gboolean till_display_set (TillDisplayLine line, const char *words, const char *amount,
                           GError **error);

/* Nothing at all. */
void till_display_clear (TillDisplayText *text);

/* What to send in CD5220; is_fresh where it was just opened, and may be in any state. */
gsize till_display_bytes (const TillDisplayText *text, gboolean is_fresh,
                          guint8 bytes[TILL_DISPLAY_BYTES_MAX]);

extern const TillDriver till_customer_display;       /* CD5220 */
extern const TillDriver till_escpos_display;         /* ESC/POS, ASCII */
extern const TillDriver till_escpos_display_gb18030; /* ESC/POS, Chinese as well */

G_END_DECLS
