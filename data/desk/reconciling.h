/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's settlement held against the books. Reads; changes nothing, and no state of any
 * refund. The books' side is every payment and refund that the file names by number, and all that
 * was first sent to that provider within the file's day and is done or open. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/settlement/funds.h"
#include "data/settlement/matching.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

typedef struct
{
  TillSettlement *settlement; /* owned */
  GPtrArray *facts;           /* owned; of TillBookFact */
  TillMatching *matching;     /* owned; points into both */
  TillFunds *funds;           /* owned; NULL without a fund flow */
  gboolean open;              /* somebody has to look: something of these does not agree */
} TillReconciled;

void till_reconciled_free (TillReconciled *reconciled);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillReconciled, till_reconciled_free)

/* Whether this person may: to be asked before the provider is. Needs TILL_RIGHT_REPORT. */
gboolean till_reconciling_may (TillLedger *ledger, int64_t staff_id, TillAnswer *answer,
                               GError **error);
/* Takes settlement, also when it fails. flow, the fund flow of that day, is held against the
 * settlement; NULL: there is none. provider is the registry name. Without the right above the
 * answer is TILL_NO_RIGHT and *reconciled NULL. */
gboolean till_reconciling_compare (TillLedger *ledger, int64_t staff_id, const char *provider,
                                   TillSettlement *settlement, const TillSettlement *flow,
                                   TillReconciled **reconciled, TillAnswer *answer, GError **error);

/* The same inside a transaction of the caller, who has asked about the right. */
gboolean till_reconciling_hold (TillTxn *txn, const char *provider, TillSettlement *settlement,
                                const TillSettlement *flow, TillReconciled **reconciled,
                                GError **error);
/* What a stored state of ours means to somebody who holds the file beside it. */
TillFactState till_reconciling_says (TillSettlementKind kind, const char *state);

G_END_DECLS
