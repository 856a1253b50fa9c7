/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receipt of a sale. Pure; the doc is the caller's. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/sale.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* copy: 0 for the first paper, n for the nth reprint, which says so. A sale
 * that is not paid in full says that instead of thanking. */
TillDoc *till_slip_sale (const TillSale *sale, const TillShop *shop,
                         int copy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
