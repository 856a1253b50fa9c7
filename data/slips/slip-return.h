/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return slip: one paper for the customer, one for the shop to be signed. Pure; the doc is the
 * caller's. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/return.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* copy as in till_slip_sale (). Each refund stands there as it is now. */
TillDoc *till_slip_return (const TillReturn *goods, const TillShop *shop,
                           int copy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
