/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on paper, held against the books: the first digits of an entry. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

#define TILL_SLIP_DIGITS 8

typedef enum
{
  TILL_SLIP_RIGHT,   /* the books say the same */
  TILL_SLIP_WRONG,   /* they say something else: one of the two was altered, or they are older */
  TILL_SLIP_UNKNOWN, /* they know no such number */
} TillSlipWord;

/* no: 20 digits of a sale, return, refund or shift; head: eight small hexadecimal digits. INVALID
 * when they are not. A refund's slip bears the head of the moment it was printed at. */
gboolean till_slip_store_check (TillLedger *ledger, const char *no, const char *head,
                                TillSlipWord *word, GError **error);

G_END_DECLS
