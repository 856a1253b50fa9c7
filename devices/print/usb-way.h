/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A receipt printer on USB as a way to paper, without a print server. It proves: a job is COMPLETED
 * and proven when the printer has answered behind it (receipt-printer.h).
 *
 * What is submitted is kept in a folder first and printed in that order, as soon as the printer
 * can; a printer that is unplugged, out of paper or open makes jobs wait, never fail. The name of a
 * job's file says how far it is, and it says "begun" on the disk before the first byte leaves. So
 * after a crash, or when the printer was switched off halfway, nobody guesses: such a job is
 * ABORTED with words that ask a person to look, and is not printed again by itself. Nor is one that
 * is no longer good when the printer comes back: slips of last night, or a kick for the drawer.
 *
 * The folder belongs to one process at a time (lock). The printer is held only while something is
 * printed or asked. */
#pragma once
#include "devices/print/receipt-printer.h"

G_BEGIN_DECLS

/* Jobs that wait at most, and of those that are over, how many are remembered. */
#define TILL_USB_WAY_JOBS_MAX 200

extern const TillPaperWay till_usb_way;

/* name as in usb-name.h. INVALID for anything else, BUSY when another process has the folder. Does
 * not look for the printer. */
TillPrinter *till_usb_way_new (const char *name, const char *dir,
                               const TillReceiptPatience *patience,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
