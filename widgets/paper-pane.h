/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paper roll of a shop without a printer: what the very bytes for the printer would have made,
 * and a switch that takes the paper away. The roll is read on the ledger's thread. Main thread. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAPER_PANE (till_paper_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillPaperPane, till_paper_pane, TILL, PAPER_PANE, GtkBox)

/* roll_dir: see devices/print/rollfile.h. counter outlives the pane. */
GtkWidget *till_paper_pane_new (TillCounter *counter, const char *roll_dir);
/* Reads the end of the roll again. */
void till_paper_pane_refresh (TillPaperPane *pane);

G_END_DECLS
