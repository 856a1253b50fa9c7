/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings by key. Changing one is an act of its own and is written into the journal. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* All settings as the shop struct, defaults where nothing is set. Free with till_shop_free (). */
TillShop *till_setting_store_shop (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Inside a transaction with an act. INVALID for a key nobody knows or a value it cannot have. */
gboolean till_setting_store_set (TillTxn *txn, const char *key, const char *value, GError **error);

G_END_DECLS
