/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spooler: carries slips that the books say are due to paper, and records how far they got.
 *
 * A job is SENDING in the books before its first byte leaves. The way to paper looks for its title
 * before taking it, so a job whose fate is not known is found again and not printed blindly twice.
 * A job that is too old is withdrawn wherever it waits: slips of last night are not spat out in the
 * morning, and no drawer opens hours later.
 * Trouble at the printer never touches money. Behind a kick of the drawer it watches whether the
 * drawer opens and closes (drawer-watch.h), while no slip is due.
 *
 * A TillSpooler belongs to one thread, with a ledger connection of its own. */
#pragma once
#include "data/desk/printing.h"
#include "devices/print/escpos.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

typedef struct _TillSpooler TillSpooler;

/* Takes the printer. ledger is unowned and outlives it. The shop says which paper; its numbers are
 * part of every title, so that two tills may share one print server. */
TillSpooler *till_spooler_new (TillLedger *ledger, TillPrinter *printer,
                               const TillShop *shop) G_GNUC_WARN_UNUSED_RESULT;
void till_spooler_free (TillSpooler *spooler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSpooler, till_spooler_free)

/* Does the most urgent thing that is due. *did: there was one. *next_at: when the next will be (µs
 * UTC, 0: nothing is). */
gboolean till_spooler_step (TillSpooler *spooler, gboolean *did, int64_t *next_at, GError **error);

G_END_DECLS
