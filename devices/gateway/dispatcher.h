/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher: carries payments and refunds that the books say are due to their provider.
 *
 * One step is promise, ask, record: the request is committed before its first byte leaves, one
 * question goes out over one new connection, what came of it is committed. Silence is never taken
 * for a no, and nothing is sent again under a number whose fate is not known. It holds nothing in
 * memory but the pace of the last second and how often a line has failed in a row: kill it anywhere
 * and the books say what to do next.
 *
 * A TillDispatcher belongs to one thread, with a ledger connection of its own. */
#pragma once
#include "data/desk/sending.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

typedef struct _TillDispatcher TillDispatcher;

/* Takes the accounts (name → TillAccount) by reference; ledger is unowned and outlives it. */
TillDispatcher *till_dispatcher_new (TillLedger *ledger, TillTransport transport,
                                     GHashTable *accounts) G_GNUC_WARN_UNUSED_RESULT;
void till_dispatcher_free (TillDispatcher *dispatcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDispatcher, till_dispatcher_free)

/* Other accounts from the next step on, by reference: a key was taken in. What waited for a usable
 * account goes out when it is due. */
void till_dispatcher_use (TillDispatcher *dispatcher, GHashTable *accounts);

/* Once, before the first step: what an earlier run left in the middle becomes UNKNOWN. */
gboolean till_dispatcher_recover (TillDispatcher *dispatcher, int *found, GError **error);

/* Does the most urgent thing that is due. *did: there was one. *next_at: when the next will be (µs
 * UTC, 0: nothing is). Blocks as long as the provider is given to answer. */
gboolean till_dispatcher_step (TillDispatcher *dispatcher, gboolean *did, int64_t *next_at,
                               GError **error);

/* The accounts in the folders below dir, by provider name. One that cannot be used is left out and
 * told of in the log: what is sent there waits as NOT_SENT of class L, the others work. Of two for
 * one provider the first by name is used. A missing dir gives an empty table. */
GHashTable *till_dispatcher_load_accounts (const char *dir) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
