/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agenda of refunds that are done and are asked about again, because a provider may take "done"
 * back. It decides nothing about a refund: that is for the refund's own row and history. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* All 0 for a refund that is not on it. */
typedef struct
{
  int64_t done_at;   /* µs; when it came onto the agenda */
  int64_t due_at;    /* µs; 0: no question is to come */
  int silent;        /* questions in a row that nobody answered */
  gboolean in_doubt; /* the last word contradicts "done" or never came; see the time line */
} TillRecheck;

/* Due then; also when it is on the agenda already. The schema refuses a refund that is not done. */
gboolean till_recheck_store_plan (TillTxn *txn, int64_t refund_id, int64_t due_at, GError **error);
gboolean till_recheck_store_load (TillLedger *ledger, int64_t refund_id, TillRecheck *recheck,
                                  GError **error);
/* due_at 0: no more. */
gboolean till_recheck_store_note (TillTxn *txn, int64_t refund_id, int64_t due_at, int silent,
                                  gboolean in_doubt, GError **error);
/* As till_refund_store_due (). */
gboolean till_recheck_store_due (TillLedger *ledger, int64_t now, int64_t *refund_id,
                                 int64_t *next_at, GError **error);
/* Refunds that came back and that no other stands for yet; and those that are called done while the
 * provider's last word was another one. */
gboolean till_recheck_store_count (TillLedger *ledger, int *came_back, int *in_doubt,
                                   GError **error);

G_END_DECLS
