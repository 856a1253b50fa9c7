/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts: what is being done and is no fact yet. They may be changed and deleted; they survive a
 * power cut. Transactions without an act suffice. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

/* An empty basket deletes the draft. */
gboolean till_draft_store_keep_sale (TillTxn *txn, int64_t staff_id, const TillBasket *basket,
                                     gboolean parked, GError **error);
/* The newest unparked sale draft of the person; NULL when there is none. */
gboolean till_draft_store_load_sale (TillLedger *ledger, int64_t staff_id, TillBasket **basket,
                                     GError **error);
/* One draft by id, whoever made it; NULL when there is none. */
gboolean till_draft_store_load (TillLedger *ledger, int64_t id, TillBasket **basket, int64_t *at,
                                GError **error);
/* Ids of parked drafts, oldest first, at most 200, appended to ids (int64_t). */
gboolean till_draft_store_parked (TillLedger *ledger, GArray *ids, GError **error);
gboolean till_draft_store_unpark (TillTxn *txn, int64_t id, int64_t staff_id, GError **error);

gboolean till_draft_store_keep_return (TillTxn *txn, int64_t staff_id, const TillReturnDraft *draft,
                                       GError **error);
gboolean till_draft_store_load_return (TillLedger *ledger, int64_t staff_id,
                                       TillReturnDraft **draft, GError **error);

gboolean till_draft_store_drop (TillTxn *txn, const char *token, GError **error);

G_END_DECLS
