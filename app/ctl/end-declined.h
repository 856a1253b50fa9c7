/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sale that nothing paid, at the end of a command: nobody stands at a terminal to try another
 * way.
 */
#pragma once
#include "app/ctl/shop-folder.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

/* Ends *sale when nothing of it may still be paid: cash is handed back, the goods are not put
 * aside. *sale is replaced by what it is now. */
gboolean till_end_declined (TillShopFolder *folder, int64_t staff_id, TillSale **sale,
                            GError **error);

G_END_DECLS
