/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper that is due: which, what is on it, and what became of it. A paid sale never waits for
 * paper, and paper never changes money. Called by devices/print/spooler on its own connection. */
#pragma once
#include "data/core/doc.h"
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/drawer.h"
#include "data/trade/paper.h"

G_BEGIN_DECLS

/* Adds a job inside the transaction that makes it due. */
gboolean till_printing_add (TillTxn *txn, TillPaperKind kind, int64_t subject_id, GError **error);
/* One more copy, for people; it settles whatever was asked about earlier printings of this slip.
 * TILL_NO_SALE when the number is unknown. */
gboolean till_printing_again (TillLedger *ledger, int64_t staff_id, TillPaperKind kind,
                              int64_t subject_id, TillAnswer *answer, GError **error);
/* Opens the drawer, with a reason that is kept. */
gboolean till_printing_open_drawer (TillLedger *ledger, int64_t staff_id, const char *reason,
                                    GError **error);

/* What a person says about a slip that asks; TILL_PRINT_AGAIN makes it due as a marked copy.
 * TILL_NO_SLIP when it does not ask, or no longer. */
gboolean till_printing_settle (TillLedger *ledger, int64_t staff_id, int64_t job_id,
                               TillPrintWord word, TillAnswer *answer, GError **error);
/* The same about all that got too old, up to the print job `newest`: what comes after the person
 * looked is asked about by itself. */
gboolean till_printing_settle_backlog (TillLedger *ledger, int64_t staff_id, int64_t newest,
                                       TillBacklogChoice choice, TillAnswer *answer,
                                       GError **error);

/* The most urgent due job, now SENDING (committed) when it was QUEUED, or as it is when it is being
 * followed; NULL when none is due, then *next_at as in sending.h. printer: whom a QUEUED one is
 * promised to, by its USB name or as a queue, "" for the roll; it is kept for its figures. */
gboolean till_printing_next (TillLedger *ledger, const char *printer, TillPrintJob **job,
                             int64_t *next_at, GError **error);
/* The slip, from what the books say now. */
TillDoc *till_printing_doc (TillLedger *ledger, const TillPrintJob *job, GError **error);
/* next_in_s: when to look again; ignored for states that are over. */
gboolean till_printing_record (TillLedger *ledger, int64_t job_id, TillPrintState state,
                               const char *way_ref, const char *problem, int next_in_s,
                               GError **error);
/* Slips that are under way, and those that ask for a person (till_print_state_asks ()) and have not
 * been settled; oldest first, at most limit; of TillPrintJob. Kicks of the drawer are none. */
GPtrArray *till_printing_unprinted (TillLedger *ledger, int limit, GError **error);

/* What the printer says of the drawer behind a kick that left: whether it opened; then, of one that
 * did, that it is closed again. The entry is the program's own. */
gboolean till_printing_saw_drawer (TillLedger *ledger, int64_t job_id, gboolean is_open,
                                   GError **error);
gboolean till_printing_drawer (TillLedger *ledger, TillDrawerSeen *seen, GError **error);

G_END_DECLS
