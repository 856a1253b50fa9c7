/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers that are stopped. What follows from an answer is decided in data/trade/stop and done in
 * data/desk/stopping. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/stop.h"

G_BEGIN_DECLS

/* The one that is open; NULL in *stop when there is none. waiting and amount are not read. */
gboolean till_stop_store_open (TillLedger *ledger, const char *provider, TillStop **stop,
                               GError **error);
/* Appends every open one (TillStop), by provider, with what waits there. */
gboolean till_stop_store_list (TillLedger *ledger, GPtrArray *stops, GError **error);

/* Both in a transaction with an act. stop: its facts, and when it is tried. */
gboolean till_stop_store_add (TillTxn *txn, const TillStop *stop, GError **error);
gboolean till_stop_store_lift (TillTxn *txn, int64_t id, GError **error);
/* A person's word, or 0 for a test that went well: one may go through at once. */
gboolean till_stop_store_try (TillTxn *txn, int64_t id, GError **error);
/* One more try failed. try_at 0: a person has to say when the next one may be. */
gboolean till_stop_store_failed (TillTxn *txn, int64_t id, int64_t try_at, GError **error);

/* As till_refund_store_due (), without what waits at a provider that is stopped; where one may go
 * through, from the time on at which it may. */
gboolean till_stop_store_due_refund (TillLedger *ledger, int64_t now, int64_t *id, int64_t *next_at,
                                     GError **error);
/* What is due first at that provider is due now: it is the one that is let through. */
gboolean till_stop_store_hurry (TillTxn *txn, const char *provider, GError **error);

G_END_DECLS
