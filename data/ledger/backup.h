/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the books while they are in use, and the proof that it can be opened again. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* Copies through SQLite's online backup to path (must not exist: CONFLICT), 0600, synced, with
 * path.sha256 beside it. */
gboolean till_backup_write (TillLedger *ledger, const char *path, GError **error);
/* Opens the copy read-only beside its digest and verifies it whole; *seq is its last entry. */
gboolean till_backup_check (const char *path, int64_t *seq, GError **error);
/* Puts a checked copy in place of missing books. Refuses (CONFLICT) to overwrite books: move them
 * away first. Because a restored till may have promised more than the copy knows, every refund and
 * payment that is under way in the copy becomes UNKNOWN and is asked about. The anchors beside the
 * books begin anew with it (anchor.h); its entry says how many closes are lost. */
gboolean till_backup_restore (const char *copy, const char *path, TillClock *clock, GError **error);

G_END_DECLS
