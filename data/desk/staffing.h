/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People at the desk: who signs in, with what, and how often they may be wrong.
 *
 * Five wrong PINs lock a person for thirty minutes; the count and the lock are in the books, so
 * that neither a restart nor a clock that is set back opens them. Checking a PIN takes some 70 ms:
 * call on the ledger's thread, never on the main one. Every wrong and every right try is an entry.
 */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

#define TILL_PIN_TRIES 5
#define TILL_PIN_LOCK_MINUTES 30

/* TRUE: *answer says whether it was right; *staff (free it) only with TILL_YES. */
gboolean till_staffing_sign_in (TillLedger *ledger, const char *no, const char *pin,
                                TillStaff **staff, TillAnswer *answer, GError **error);
/* Proves who somebody is without signing in: the second person beside the cashier. Same counting,
 * same lock. */
gboolean till_staffing_prove (TillLedger *ledger, const char *no, const char *pin,
                              TillStaff **staff, TillAnswer *answer, GError **error);
gboolean till_staffing_sign_out (TillLedger *ledger, int64_t staff_id, GError **error);

/* actor_id 0 only while there is nobody yet (init). Needs TILL_RIGHT_MANAGE. no: 1–8 digits. */
gboolean till_staffing_add (TillLedger *ledger, int64_t actor_id, const char *no, const char *name,
                            TillRole role, const char *pin, int64_t *staff_id, TillAnswer *answer,
                            GError **error);
/* A manager lifts a lock. */
gboolean till_staffing_unlock (TillLedger *ledger, int64_t actor_id, const char *no,
                               TillAnswer *answer, GError **error);

gboolean till_staffing_find (TillLedger *ledger, const char *no, TillStaff **staff, GError **error);
/* Active people, by number; of TillStaff. */
GPtrArray *till_staffing_list (TillLedger *ledger, GError **error);

/* Inside somebody else's transaction: may this person do this? Reads the books. */
gboolean till_staffing_may (TillTxn *txn, int64_t staff_id, TillRight right, TillStaff **staff,
                            TillAnswer *answer, GError **error);

G_END_DECLS
