/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slip of one refund as it stands: for when its outcome came after the customer had left with
 * the return slip, or when somebody asks. Pure; the doc is the caller's. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/refund.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* copy as in till_slip_sale (). chain: first 8 digits of the head of the journal, or "". */
TillDoc *till_slip_refund (const TillRefund *refund, const TillShop *shop, const char *chain,
                           int copy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
