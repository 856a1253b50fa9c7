/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the question about a payment or refund due now, because somebody outside spoke of its
 * number: a notice, or a row of a settlement file. That is all that such a word can do; the answer
 * to the question decides. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean known; /* this provider was sent that number */
  gboolean asks;  /* the question is due now; else there is none to be asked, or not yet */
} TillHurried;

gboolean till_hurrying_do (TillTxn *txn, const char *provider, const char *request_no,
                           TillHurried *hurried, GError **error);

G_END_DECLS
