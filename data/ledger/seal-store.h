/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signature of a close, and the key that makes it. The secret half lies beside the books as
 * seal.key; its public half is the setting seal.key, so that every change of it is in the journal.
 *
 * What is signed: "quittance seal 1", a line feed, then number of the shift (in which shop and till
 * stand), sequence and hash of its closing entry (64 small hexadecimal digits), with tabs between
 * and a line feed behind. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* Draws a new key beside the books and makes its public half the setting. A key that is there is
 * kept beside it under the name seal.key.TIME: what it signed stays signed. */
gboolean till_seal_store_make_key (TillTxn *txn, GError **error);
/* The key of these books. NOT_FOUND when there is none, CORRUPT when it is another one; each says
 * what to do. */
TillSealKey *till_seal_store_key (TillLedger *ledger, const TillShop *shop,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inside the transaction of the entry, behind it. */
gboolean till_seal_store_add (TillLedger *ledger, const TillSealKey *key, const char *shift_no,
                              int64_t seq, const guint8 hash[TILL_DIGEST_SIZE], GError **error);

/* The signed words; for signing and for verifying. */
char *till_seal_words (const char *shift_no, int64_t seq,
                       const guint8 hash[TILL_DIGEST_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
