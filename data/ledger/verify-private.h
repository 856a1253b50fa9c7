/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the audit among themselves: verify.c, verify-facts.c, verify-shifts.c. Each function
 * leaves the verdict alone while it is sound, and sets it once. FALSE only when the books cannot be
 * read. */
#pragma once
#include "data/ledger/verify.h"

G_BEGIN_DECLS

/* Notes the first wrong thing; later ones are ignored. */
void till_verdict_say (TillVerdict *verdict, int64_t seq, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Finds the first thing that is wrong: key, and a word about it. */
typedef struct
{
  const char *what; /* with %s for the key and %s for the word */
  const char *sql;
} TillRule;
gboolean till_verify_rules (TillLedger *ledger, const TillRule *rules, gsize n,
                            TillVerdict *verdict, GError **error);

/* Shifts that follow one another, their totals, their signatures. */
gboolean till_verify_shifts (TillLedger *ledger, TillVerdict *verdict, GError **error);

/* Every line of every entry against its row, and every row against the lines. */
gboolean till_verify_facts (TillLedger *ledger, TillVerdict *verdict, GError **error);

G_END_DECLS
