/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers told of their own accord. A notice changes no row but its own: what follows from
 * one is decided in data/desk/noticing. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/notice.h"

G_BEGIN_DECLS

/* The same notice, told before: the same event of the same number, or the same to the byte. 0 in
 * *id when there is none. */
gboolean till_notice_store_told (TillLedger *ledger, const char *provider, const TillNotice *notice,
                                 const char *digest, int64_t *id, GError **error);
/* How many there are of one number, and the last of them (0: none). */
gboolean till_notice_store_of_number (TillLedger *ledger, const char *provider,
                                      const char *request_no, int *n, int64_t *last,
                                      GError **error);
gboolean till_notice_store_repeat (TillTxn *txn, int64_t id, GError **error);
/* In a transaction with an act. digest: of what was said, 64 hexadecimal digits. */
gboolean till_notice_store_add (TillTxn *txn, const char *provider, const TillNotice *notice,
                                const char *digest, gboolean known, GError **error);

/* provider NULL: of all. */
gboolean till_notice_store_count_strays (TillLedger *ledger, const char *provider, int *n,
                                         GError **error);
/* before: as it stood before that entry of the journal; 0: now. */
gboolean till_notice_store_sum_strays (TillLedger *ledger, int64_t before, TillNoticeSums *sums,
                                       GError **error);
/* Both append TillKeptNotice, at most limit. The unsettled ones, oldest first. */
gboolean till_notice_store_strays (TillLedger *ledger, int limit, GPtrArray *notices,
                                   GError **error);
/* All others, newest first. */
gboolean till_notice_store_others (TillLedger *ledger, int limit, GPtrArray *notices,
                                   GError **error);
gboolean till_notice_store_is_stray (TillLedger *ledger, int64_t id, gboolean *stray,
                                     GError **error);
gboolean till_notice_store_settle (TillTxn *txn, int64_t id, const char *reason, GError **error);

G_END_DECLS
