/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card slips that somebody typed, what they pay, and whether their provider has spoken of them. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/card-slip.h"
#include "data/trade/shift.h"

G_BEGIN_DECLS

/* Of a leg that is planned by slip; approver_id 0: nobody had to look. */
gboolean till_card_slip_store_add (TillTxn *txn, int64_t sale_id, int pos, const char *provider,
                                   const TillCardSlip *slip, int64_t approver_id, GError **error);
/* *taken: one of its numbers is that of another slip of this provider; unowned, NULL: none is. */
gboolean till_card_slip_store_taken (TillLedger *ledger, const char *provider,
                                     const TillCardSlip *slip, const char **taken, GError **error);
/* NULL in *slip while none is typed. */
gboolean till_card_slip_store_load (TillLedger *ledger, int64_t sale_id, int pos,
                                    TillCardSlip **slip, GError **error);
/* Its provider gave of that payment back with refund_id, so it knows it. Once; later ones change
 * nothing, nor does a payment that was not typed from a slip. */
gboolean till_card_slip_store_confirm (TillTxn *txn, int64_t sale_id, int pos, int64_t refund_id,
                                       GError **error);
/* The same for the slip of that log number, which a file that was fetched from its provider has. */
gboolean till_card_slip_store_confirm_by_file (TillTxn *txn, const char *provider,
                                               const char *log_no, int64_t settlement_id,
                                               GError **error);
/* What each terminal took, by slips typed in entries from first_seq to last_seq; appends
 * TillShiftTerminal, at most TILL_SHIFT_TERMINALS_MAX. */
gboolean till_card_slip_store_sum (TillLedger *ledger, int64_t first_seq, int64_t last_seq,
                                   GPtrArray *terminals, GError **error);

G_END_DECLS
