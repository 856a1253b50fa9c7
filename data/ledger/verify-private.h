/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the audit, for verify.c and verify-facts.c only. Each function leaves the
 * verdict alone while it is sound, and sets it once. FALSE only when the books cannot be read. */
#pragma once
#include "data/ledger/verify.h"

G_BEGIN_DECLS

/* Notes the first wrong thing; later ones are ignored. */
void till_verdict_say (TillVerdict *verdict, int64_t seq, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Every line of every entry against its row, and every row against the lines. */
gboolean till_verify_facts (TillLedger *ledger, TillVerdict *verdict, GError **error);

G_END_DECLS
