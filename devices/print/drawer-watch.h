/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the drawer behind a kick, as far as the printer tells: whether it opened, and when it is
 * closed again. Both become facts (drawer_seen), at most two a kick. Nothing is recorded where the
 * printer says nothing or nobody has learnt what its levels mean (setting drawer.closed): a guess
 * would be no fact.
 *
 * It asks (DLE EOT 1) and is not told (GS a): what a printer reports by itself would come between
 * the answers that a slip's proof is read from, and nobody holds the wire between two jobs.
 *
 * A lid needs a moment, so a drawer that is still closed is asked again for a breath before it is
 * said not to have opened. One that opened is looked at every two seconds, after two minutes every
 * fifteen, and no longer than TILL_DRAWER_WATCHED. A new kick ends the older watch. A till that
 * stops forgets it. One thread. */
#pragma once
#include "data/ledger/ledger.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t job_id; /* the kick; 0: nothing is watched */
  int64_t since;  /* µs UTC by the books, as next_at */
  int64_t next_at;
  gboolean is_open; /* and the books say so */
} TillDrawerWatch;

void till_drawer_watch_begin (TillDrawerWatch *watch, int64_t job_id, int64_t now);
/* *did: something was recorded. *next_at: when to look again, by the books' clock; 0: nothing is
 * watched. What the printer's wire says in trouble is no error: the drawer is then not seen. */
gboolean till_drawer_watch_step (TillDrawerWatch *watch, TillLedger *ledger, TillPrinter *printer,
                                 gboolean *did, int64_t *next_at, GError **error);

G_END_DECLS
