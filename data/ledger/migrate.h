/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schema steps: files sql/NNN-name.sql, run once each in their order, never edited once shipped.
 * user_version is the number of the last one that ran. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

gboolean till_migrate_run (TillLedger *ledger, GError **error);
/* CORRUPT unless every table, index and trigger is exactly as the steps make it and nothing else is
 * there: a planted trigger or view could change the books behind our back. */
gboolean till_migrate_check (TillLedger *ledger, GError **error);
int till_migrate_version (void);

G_END_DECLS
