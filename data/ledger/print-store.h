/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Print jobs: what is due on paper and what became of it. Adding one is a fact; its state is not,
 * so recording it needs no act. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/drawer.h"
#include "data/trade/paper.h"

G_BEGIN_DECLS

/* Adds the next copy of this slip, due at once. */
gboolean till_print_store_add (TillTxn *txn, TillPaperKind kind, int64_t subject_id,
                               GError **error);
/* The most urgent due job; NULL when none is due, then *next_at says when one will be (0: never).
 */
gboolean till_print_store_due (TillLedger *ledger, int64_t now, TillPrintJob **job,
                               int64_t *next_at, GError **error);
gboolean till_print_store_load (TillLedger *ledger, int64_t id, TillPrintJob **job, GError **error);
/* way_ref, printer NULL: as it was. next_action_at 0 only for states that are over. */
gboolean till_print_store_record (TillTxn *txn, int64_t id, TillPrintState state,
                                  const char *way_ref, const char *problem, int64_t next_action_at,
                                  const char *printer, GError **error);
/* Everything that is due or got too old counts as delivered: of an invented past there is no paper.
 */
gboolean till_print_store_hand_over_all (TillTxn *txn, GError **error);
/* Appends TillPrintJob: what is under way, and what asks for a person. */
gboolean till_print_store_unprinted (TillLedger *ledger, int limit, GPtrArray *jobs,
                                     GError **error);
/* Appends the ids (int64_t) of slips that got too old and that nobody has settled, oldest first and
 * up to this one. */
gboolean till_print_store_backlog (TillLedger *ledger, int64_t newest, GArray *ids, GError **error);
/* … of all printings of one slip that ask for a person. */
gboolean till_print_store_asking (TillLedger *ledger, TillPaperKind kind, int64_t subject_id,
                                  GArray *ids, GError **error);
/* What a person said; the books take it once, and only of a slip that asks. */
gboolean till_print_store_settle (TillTxn *txn, int64_t id, TillPrintWord word, GError **error);

/* The drawer behind this kick: the first time whether it opened, the second time that it closed. */
gboolean till_print_store_add_drawer (TillTxn *txn, int64_t job_id, gboolean is_open,
                                      GError **error);
gboolean till_print_store_drawer (TillLedger *ledger, TillDrawerSeen *seen, GError **error);

/* A slip that is over; valid during the call. */
typedef struct
{
  const char *printer; /* a USB name, or a queue's */
  TillPrintState state;
  int64_t at, over_at; /* µs; when it became due, and when it was known how it ended */
  const char *problem;
} TillPrinted;
typedef void (*TillOnPrinted) (const TillPrinted *printed, gpointer user);
/* Slips that a printer was to print and that were over at one of these instants (to is not one of
 * them), the latest first, at most limit. */
gboolean till_print_store_over (TillLedger *ledger, int64_t from, int64_t to, int limit,
                                TillOnPrinted on_printed, gpointer user, GError **error);

G_END_DECLS
