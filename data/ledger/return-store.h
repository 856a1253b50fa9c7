/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns, their lines and the approvals over them. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

/* Writes the return with its lines as WAIT_APPROVAL; sets id, no, day, at, staff_id. */
gboolean till_return_store_add (TillTxn *txn, TillReturn *goods, const char *token,
                                const char *policy_version, GError **error);
/* Changes the state and writes history. */
gboolean till_return_store_set_state (TillTxn *txn, int64_t id, TillReturnState state,
                                      const char *event, const char *evidence, GError **error);
gboolean till_return_store_add_approval (TillTxn *txn, int64_t id, int64_t asker, int64_t approver,
                                         const char *rule, gboolean approved, const char *digest,
                                         GError **error);

/* NULL in *goods when there is none. With lines and refunds. */
gboolean till_return_store_load (TillLedger *ledger, int64_t id, TillReturn **goods,
                                 GError **error);
gboolean till_return_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error);
gboolean till_return_store_find_token (TillLedger *ledger, const char *token, int64_t *id,
                                       GError **error);
/* Appends whole TillReturn, oldest first. */
gboolean till_return_store_of_sale (TillLedger *ledger, int64_t sale_id, GPtrArray *list,
                                    GError **error);
gboolean till_return_store_waiting (TillLedger *ledger, GPtrArray *list, GError **error);

G_END_DECLS
