/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds that a provider has called done and may still take back: when they are asked about again,
 * and what becomes of them. For data/desk/sending only, within its transactions. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/provider.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

/* The refund has just been done. Nothing is planned where its profile states no times, nor
 * where a restored copy does not know as what it was sent. */
gboolean till_rechecking_plan (TillTxn *txn, const TillRefund *refund, const TillProfile *profile,
                               GError **error);

/* What came of asking again. A refund that came back is BOUNCED: its money is owed as before, and a
 * slip tells the customer. What only contradicts stays as it is, is kept, and is found by reports.
 */
gboolean till_rechecking_record (TillTxn *txn, int64_t refund_id, const TillOutcome *outcome,
                                 const TillProfile *profile, const char *evidence, GError **error);

G_END_DECLS
