/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hands of a shop on one thread: the dispatcher, which carries payments and refunds to the
 * provider, the spooler, which carries slips to paper, and where it is wanted the one that brings
 * settlement files. For programs without a window; there each has a thread of its own. Whoever
 * makes one holds the shop's lock. */
#pragma once
#include "data/ledger/ledger.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

typedef struct _TillHands TillHands;

/* ledger and what transport stands for are unowned and outlive the hands; accounts (registry name →
 * TillAccount) is taken by reference. Makes the roll's folder. What was found under way becomes
 * UNKNOWN here. */
TillHands *till_hands_new (TillLedger *ledger, TillTransport transport, GHashTable *accounts,
                           const char *roll_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* They bring settlement files as well, when nothing else is due: not where a customer waits. */
void till_hands_bring_files (TillHands *hands);
void till_hands_free (TillHands *hands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHands, till_hands_free)

/* One thing that is due; *did FALSE when nothing was, then *next_at says when something will be (0:
 * nothing at all). */
gboolean till_hands_step (TillHands *hands, gboolean *did, int64_t *next_at, GError **error);
/* Until nothing is due at this moment. */
gboolean till_hands_run (TillHands *hands, int64_t *next_at, GError **error);

G_END_DECLS
