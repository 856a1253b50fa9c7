/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hand that brings settlement files by itself: asks each provider that gives them for each day
 * once it is ready, has the books keep what it says, and has them notice when they have come to
 * agree. A file that is not there is asked for again, ever more seldom, until the day is too long
 * ago. An account whose provider gives no file, or of which it is not known how to ask, is left
 * out, and so is a provider that is stopped.
 *
 * It holds nothing in memory: when to ask next stands in the books. A TillFileHand belongs to one
 * thread, with a ledger connection of its own. */
#pragma once
#include "data/ledger/ledger.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

typedef struct _TillFileHand TillFileHand;

/* Takes the accounts (registry name → TillAccount) by reference; ledger and what transport stands
 * for are unowned and outlive it. */
TillFileHand *till_file_hand_new (TillLedger *ledger, TillTransport transport,
                                  GHashTable *accounts) G_GNUC_WARN_UNUSED_RESULT;
void till_file_hand_free (TillFileHand *hand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFileHand, till_file_hand_free)
/* Other accounts from the next step on, by reference. */
void till_file_hand_use (TillFileHand *hand, GHashTable *accounts);

/* One file that is due. *did: there was one, or a difference was over. *next_at: when the next will
 * be due (µs UTC, 0: never). Blocks as long as a provider is given to hand over a file. */
gboolean till_file_hand_step (TillFileHand *hand, gboolean *did, int64_t *next_at, GError **error);

G_END_DECLS
