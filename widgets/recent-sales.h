/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The latest sales in a panel, to choose the one that comes back. Main thread. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

/* no: of the sale that was chosen; the panel is closed by then. */
typedef void (*TillSalePicked) (gpointer page, const char *no);

/* sales: of TillSale; taken. page is a widget; the panel forgets it when it goes. */
void till_recent_sales_open (TillCounter *counter, GPtrArray *sales, TillSalePicked picked,
                             GtkWidget *page);

G_END_DECLS
