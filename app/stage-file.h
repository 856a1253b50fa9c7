/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settlement file that the play's provider gives. Belongs to the ledger's thread. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* One row. number NULL: the latest refund that was sent (back), or the payment it is of; amount is
 * then theirs. */
typedef struct
{
  gboolean back;
  const char *number;
  TillMoney amount;
} TillFileRow;

typedef struct
{
  int day;                 /* yyyymmdd */
  const TillFileRow *rows; /* unowned */
  gsize n;
} TillFiling;

/* As if it had been fetched. FALSE: it was not kept. */
gboolean till_stage_keep (TillLedger *ledger, const TillFiling *filing, GError **error);

G_END_DECLS
