/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card payment at a terminal that stands beside the till and knows nothing of it: the sale is
 * written with a leg that waits (by_slip of a TillTenderWish), the cashier keys the amount into the
 * terminal, and what its slip says is typed here. From then on the payment is asserted by a person,
 * and its provider can be asked to give it back. One transaction, on the ledger's thread. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/card-slip.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

/* A slip for payment `pos` of a sale. TILL_NO_CARD_SLIP names the number that cannot be,
 * TILL_NO_CARD_SLIP_TWICE one that paid before. Above this person's limit TILL_NO_ASSERT, unless
 * second_no with second_pin (both NULL: nobody) may approve as much. The same slip typed twice is
 * one; *sale is as it is afterwards, NULL with a no. */
gboolean till_asserting_slip (TillLedger *ledger, int64_t staff_id, int64_t sale_id, int pos,
                              const TillCardSlip *slip, const char *second_no,
                              const char *second_pin, TillProfileOf profile_of, TillSale **sale,
                              TillAnswer *answer, GError **error);

G_END_DECLS
