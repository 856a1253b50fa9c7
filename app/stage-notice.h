/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the play's provider tells of its own accord. Belongs to the ledger's thread. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

typedef struct
{
  const char *provider, *number; /* number NULL: that of the latest refund that was sent */
  gboolean is_refund;
  const char *words;
  TillMoney amount; /* 0: it does not say */
} TillTelling;

/* NOT_FOUND when no refund was sent today. */
TillRefund *till_stage_latest_refund (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE: it was not kept. */
gboolean till_stage_tell (TillLedger *ledger, const TillTelling *telling, GError **error);

G_END_DECLS
