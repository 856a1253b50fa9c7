/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the play's provider tells of its own accord. Belongs to the ledger's thread. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  const char *provider, *number; /* number NULL: that of the latest refund that was sent */
  gboolean is_refund;
  const char *words;
  TillMoney amount; /* 0: it does not say */
} TillTelling;

/* FALSE: it was not kept. */
gboolean till_stage_tell (TillLedger *ledger, const TillTelling *telling, GError **error);

G_END_DECLS
