/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invented shop to practise in: goods, people and, if wanted, a past. Everything goes through
 * the same desk functions as in a real shop, so that nothing in it could not have happened.
 *
 * People: 1 Li Na, cashier, PIN 1111 · 2 Wang Wei, supervisor, PIN 2222 · 3 Chen Jing, manager,
 * PIN 3333. The PINs are known to everybody, so these books say "training" on every slip. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

#define TILL_TRAINING_GOODS 60

/* The PIN of a training person, or NULL for anybody else. */
const char *till_training_pin (const char *staff_no);

/* Fills new, empty books with settings, people and goods. CONFLICT when somebody works there. */
gboolean till_training_shop (TillLedger *ledger, GError **error);

/* Carries to the provider whatever the books say is due now, until nothing is. */
typedef gboolean (*TillTrainingCarry) (TillLedger *ledger, gpointer user, GError **error);

/* Lives through `days` days of selling and taking back, about 20 sales and 1.3 returns a day. The
 * books' clock must be a fake one (asserted); it moves on by `days`. carry NULL: all is paid in
 * cash. Each day ends with a close where there is a key to sign it with. The same clock and seed
 * make the same past. */
gboolean till_training_past (TillLedger *ledger, int days, TillTrainingCarry carry, gpointer user,
                             GError **error);

G_END_DECLS
