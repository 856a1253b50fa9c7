/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales in a panel, to choose the one that comes back. Main thread. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

/* no: of the sale that was chosen; the panel is closed by then. */
typedef void (*TillSalePicked) (gpointer page, const char *no);

/* name: what the sales are, in people's words. sales: of TillSale; taken. page is a widget; the
 * panel forgets it when it goes. */
void till_recent_sales_open (TillCounter *counter, const char *name, GPtrArray *sales,
                             TillSalePicked picked, GtkWidget *page);

G_END_DECLS
