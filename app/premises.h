/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shop opened for business: its books on a thread of their own, and its two hands, the dispatcher
 * and the spooler, on theirs. Opens, recovers, hands out, closes; decides nothing.
 *
 * Belongs to the main thread. Every commit on the books wakes the hands; what the hands do is told
 * through `changed`, on the main context the premises were opened from. */
#pragma once
#include "app/card-rule.h"
#include "app/ctl/shop-folder.h"
#include "data/core/worker.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

typedef struct _TillPremises TillPremises;

/* error: a hand is in trouble (it goes on by itself), or NULL: the books moved. */
typedef void (*TillPremisesChanged) (const GError *error, gpointer user);

/* BUSY when another program sends and prints for this shop. */
TillPremises *till_premises_open (const char *dir, TillPremisesChanged changed, gpointer user,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes what is at hand, moves the write-ahead log into the books, closes. */
void till_premises_close (TillPremises *premises);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPremises, till_premises_close)

/* Its ward is a TillLedger. */
TillWorker *till_premises_ledger (TillPremises *premises);
TillClock *till_premises_clock (TillPremises *premises);
/* Where the accounts with payment providers are. */
const char *till_premises_account_root (TillPremises *premises);
/* Where paper is kept that no printer has. */
const char *till_premises_roll_dir (TillPremises *premises);
/* The accounts are read anew before the next request leaves: something there was changed. */
void till_premises_renew_accounts (TillPremises *premises);
/* As it was when the shop was opened. */
const TillShop *till_premises_shop (TillPremises *premises);
/* What keeps providers' notices out although the shop wants them, in words for people; NULL:
 * nothing.
 */
const char *till_premises_door_problem (TillPremises *premises);
/* What the shop does with cards; NULL when its key cannot be had, which was logged. */
const TillCardRule *till_premises_cards (TillPremises *premises);
/* Payments and refunds that were found in the middle when the shop was opened. */
int till_premises_found (TillPremises *premises);

G_END_DECLS
