/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifts and the cash between safe and drawer. What a shift did is added up from the lines of its
 * entries: they are the only thing in the books that is in the order of time, so this takes as long
 * as the shift was and nothing is kept for it at a sale. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/shift.h"

G_BEGIN_DECLS

/* The last close; all 0 before the first. */
typedef struct
{
  int64_t id;
  int64_t seq;
  TillMoney total_sales, total_refunds;
} TillShiftEnd;
gboolean till_shift_store_end (TillLedger *ledger, TillShiftEnd *end, GError **error);

/* What was done since that close. */
gboolean till_shift_store_sum (TillLedger *ledger, const TillShiftEnd *end, TillShiftSums *sums,
                               GError **error);

/* The time of an entry; 0 when it is not there. */
gboolean till_shift_store_began (TillLedger *ledger, int64_t seq, int64_t *at, GError **error);

/* Writes the shift and what is open; sets id and no. The caller fills in everything else. */
gboolean till_shift_store_add (TillTxn *txn, TillShift *shift, GError **error);
/* NULL in *shift when there is none. */
gboolean till_shift_store_load (TillLedger *ledger, int64_t id, TillShift **shift, GError **error);
/* 0 when there is none. */
gboolean till_shift_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error);
gboolean till_shift_store_find_token (TillLedger *ledger, const char *token, int64_t *id,
                                      GError **error);
/* The latest closes, newest first; appends int64_t. staff_id 0: of everybody. */
gboolean till_shift_store_latest (TillLedger *ledger, int64_t staff_id, int limit, GArray *ids,
                                  GError **error);

/* way: "float" or "out". */
gboolean till_shift_store_move (TillTxn *txn, const char *token, const char *way, TillMoney amount,
                                const char *reason, GError **error);
gboolean till_shift_store_moved (TillLedger *ledger, const char *token, gboolean *moved,
                                 GError **error);

G_END_DECLS
