/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anchors: the file DIR/anchors beside the books, in which every close of a shift leaves sequence
 * and hash of its entry, synced. Books that end before their last anchor, or say something else at
 * one, are an older copy or were altered, and are not opened for work.
 *
 * A line is "SEQ HASH". "restored SEQ HASH" says that a copy was put in place of lost books and
 * that this entry speaks of it; what stands above it counts no more, for entry and line are the
 * trace. A last line without its end was being written when the power failed, and counts as not
 * there. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* DIR/name of the folder that the books are in. */
char *till_ledger_beside (TillLedger *ledger, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* For whoever is going to work with the books. STOPPED when they contradict their anchors, INVALID
 * when the file is no such file; in words: what, what was kept, what to do. Then writes the anchors
 * that a power cut kept from being written. Books in memory have none. */
gboolean till_anchors_check (TillLedger *ledger, GError **error);
/* The same without writing: for looking. */
gboolean till_anchors_compare (TillLedger *ledger, GError **error);
/* Writes an anchor for every seal that has none yet. */
gboolean till_anchors_catch_up (TillLedger *ledger, GError **error);

/* What the anchors say of books that are about to be put in place of lost ones. */
typedef struct
{
  int kept;     /* closes that are in the copy */
  int lost;     /* closes that are not in it */
  int64_t last; /* the latest entry that is lost, 0 when none is */
} TillAnchorLoss;
/* copy: the books, in the folder they will be in. */
gboolean till_anchors_loss (TillLedger *copy, TillAnchorLoss *loss, GError **error);
/* Writes the line that says so, with the copy's last entry. */
gboolean till_anchors_restored (TillLedger *copy, GError **error);

G_END_DECLS
