/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stopping a provider, and letting it go on. What is wrong with us or with the line is told by the
 * first answer that says so; from then on nothing leaves for that provider, so that not every
 * refund has to be refused for the same reason. Refunds that wait keep their state and are not
 * written to.
 *
 * A new payment does not wait: somebody is standing there. It is given up before it leaves (class
 * S), so that it can be paid another way at once. What became of a payment that has left is still
 * asked, and a reversal still goes out. On the ledger's thread. */
#pragma once
#include "data/ledger/stop-store.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

/* Inside the transaction that records an answer: what it means for the provider. */
gboolean till_stopping_note (TillTxn *txn, const char *provider, TillErrandKind asked,
                             const TillOutcome *outcome, GError **error);

/* Every stop that is open, by provider, with what waits; of TillStop. Reading needs no right. */
GPtrArray *till_stopping_list (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A manager has one let through; TILL_NO_STOP when that provider is not stopped. */
gboolean till_stopping_try (TillLedger *ledger, int64_t staff_id, const char *provider,
                            TillAnswer *answer, GError **error);
/* A manager stops it. One that waits for a person already stays as it is. The caller knows that
 * there is such a provider. */
gboolean till_stopping_stop (TillLedger *ledger, int64_t staff_id, const char *provider,
                             TillAnswer *answer, GError **error);
/* A test of the connection went well: one is let through, nobody has to say so, unless a manager
 * stopped it. Nothing when it is not stopped. */
gboolean till_stopping_tested (TillLedger *ledger, const char *provider, GError **error);

G_END_DECLS
