/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods in the books. The catalogue is no fact: prices and names change, and every sale line keeps
 * the ones it was sold with. So items are not spelled into the journal one by one; the act that
 * changes many of them notes which file it was, its digest and how many rows came of it.
 * Items handed out belong to the caller. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/item.h"

G_BEGIN_DECLS

/* The most items one search gives. */
#define TILL_ITEM_SEARCH_MAX 200

typedef enum
{
  TILL_ITEM_SAME,
  TILL_ITEM_ADDED,
  TILL_ITEM_CHANGED,
} TillItemChange;

/* TRUE with *item NULL when nobody knows the code. */
gboolean till_item_store_find (TillLedger *ledger, const char *code, TillItem **item,
                               GError **error);
/* What these goods cost by the catalogue; -1 when there are none of this id and code. */
gboolean till_item_store_price (TillLedger *ledger, const TillItem *item, TillMoney *price,
                                GError **error);
/* NOT_FOUND when there is no such id. */
gboolean till_item_store_get (TillLedger *ledger, int64_t id, TillItem **item, GError **error);
/* Items whose code begins with the text (by code), then those whose name contains it, whatever the
 * case of ASCII letters; at most limit, itself at most TILL_ITEM_SEARCH_MAX. Of TillItem. */
GPtrArray *till_item_store_search (TillLedger *ledger, const char *text, int limit,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_item_store_count (TillLedger *ledger, int64_t *count, GError **error);

/* Adds the item or changes the one with its code (item->id is not looked at). Only in a transaction
 * with an act. INVALID for a code or name that no item can have. */
gboolean till_item_store_put (TillTxn *txn, const TillItem *item, TillItemChange *change,
                              GError **error);

G_END_DECLS
