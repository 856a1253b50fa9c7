/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slip of a closed shift, to be signed by whoever hands over and whoever takes over. Pure; the
 * doc is the caller's. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/shift.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* copy as in till_slip_sale (). Everything stands there as it was at the close. */
TillDoc *till_slip_shift (const TillShift *shift, const TillShop *shop,
                          int copy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
