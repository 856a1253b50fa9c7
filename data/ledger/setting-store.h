/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings by key. Changing one is an act of its own and is written into the journal. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* All settings as the shop struct, defaults where nothing is set. Free with till_shop_free (). */
TillShop *till_setting_store_shop (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* It was decided when the shop was made; numbers and days hang on it. */
#define TILL_SETTING_FIXED 1u
/* Whoever uses it reads it when the till starts. */
#define TILL_SETTING_AT_START 2u

typedef struct
{
  const char *key; /* a constant */
  char *value;     /* owned */
  gboolean is_set; /* FALSE: nobody chose it, this is what the till takes */
  guint traits;    /* TILL_SETTING_FIXED | … */
} TillSetting;

void till_setting_free (TillSetting *setting);

/* Every setting there is, in the order of the table; of TillSetting. */
GPtrArray *till_setting_store_list (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE: the key exists and may have this value, as text is kept. */
gboolean till_setting_store_is_possible (const char *key, const char *value);
/* 0 for a key nobody knows, too. */
guint till_setting_store_traits (const char *key);
/* Inside a transaction with an act. INVALID for a key nobody knows or a value it cannot have. */
gboolean till_setting_store_set (TillTxn *txn, const char *key, const char *value, GError **error);

G_END_DECLS
