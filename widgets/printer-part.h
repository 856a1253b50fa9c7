/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to paper: receipt printers on USB, print queues, the roll. Which can prove paper, which
 * is taken; a test slip; and taking another one. Part of the devices page, which hands it the keys.
 * Main thread only; waits for nothing. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_PRINTER_PART (till_printer_part_get_type ())
G_DECLARE_FINAL_TYPE (TillPrinterPart, till_printer_part, TILL, PRINTER_PART, GtkBox)

/* counter outlives the part. */
void till_printer_part_set_up (TillPrinterPart *part, TillCounter *counter);
/* Looks for printers; nothing while it is looking already. */
void till_printer_part_read (TillPrinterPart *part);
/* Moves the choice, tries or takes the chosen one. TRUE: it was used. */
gboolean till_printer_part_key (TillPrinterPart *part, guint keyval);

extern const TillLegendKey till_printer_legend[];

G_END_DECLS
