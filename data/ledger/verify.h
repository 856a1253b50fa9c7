/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: does every entry chain, is every fact as its entry says, does every sum add up? */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t entries; /* journal entries walked */
  int64_t facts;   /* rows compared with their entries */
  gboolean sound;
  int64_t bad_seq; /* entry of the first thing that is wrong, 0 when it is not in an entry */
  char *what;      /* owned; the first thing that is wrong, in words with table and key; "" */
} TillVerdict;
void till_verdict_clear (TillVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillVerdict, till_verdict_clear)

/* FALSE only when the books could not be read; a bad finding is a verdict. Checks, in this order:
 * file (quick_check), foreign keys, chain, facts against entries both ways (row missing, changed,
 * added without entry), postings sum to zero and balances, state = last history row, caps per line
 * and per leg, roll-ups. */
gboolean till_verify_books (TillLedger *ledger, TillVerdict *verdict, GError **error);
/* The chain alone, for a nightly walk over a large file. */
gboolean till_verify_chain (TillLedger *ledger, TillVerdict *verdict, GError **error);

G_END_DECLS
