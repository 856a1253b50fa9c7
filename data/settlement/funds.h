/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fund flow of a day (what moved on the merchant's account) held against the trade bill of the
 * same day. Two files that one provider wrote of one thing: what both must say, they must say
 * alike.
 *
 * They must agree, number by number and so in three sums:
 *   paid      what of each payment counts, without what a coupon paid = its row 交易, in
 *   fees      the fee of each payment, in whole fen = its row 扣除交易手续费, out
 *   returned  what of each refund and reversal counts, less the fee given back = its row 退款, out
 * They need not agree, and what only one of them has is then left out of the sums, where
 *   - it stands at the edge of the day: it is booked a moment after it was traded;
 *   - the bill does not say that the refund is done: the account may have paid it already or not;
 *   - a payment was reversed: nobody wrote down how that is booked, nor whether it is at all;
 *   - the flow has no fee at all: a shop may have its fees taken from another account.
 * The flow's other rows (payouts and the like) have nothing in the bill to agree with.
 *
 * Pure; any thread; changes nothing. */
#pragma once
#include "data/settlement/settlement.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_FUNDS_PAID,
  TILL_FUNDS_FEES,
  TILL_FUNDS_RETURNED,
  TILL_N_FUNDS,
} TillFundsFigure;

typedef struct
{
  TillMoney bill[TILL_N_FUNDS], flow[TILL_N_FUNDS]; /* fen; of what must agree */
  int64_t differing; /* numbers of which the two do not say the same */
  char *first;       /* owned; the first of these numbers, or NULL: they agree */
} TillFunds;

/* Stored and spoken word: "paid", "fees", "returned". */
const char *till_funds_figure_word (TillFundsFigure figure);

/* Both of one merchant and one day (asserted). INVALID when the sums grow too large. */
TillFunds *till_funds_new (const TillSettlement *bill, const TillSettlement *flow,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_funds_free (TillFunds *funds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFunds, till_funds_free)

G_END_DECLS
