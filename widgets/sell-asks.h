/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of selling asks the desk: one struct for all questions, and for each question the
 * work that runs on the ledger's thread (its ward is a TillLedger, its data a TillSellAsk, which it
 * hands back, or NULL with an error). Plain structs cross the threads; nothing here knows a widget.
 */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/basket.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t staff_id;
  int64_t id;
  gboolean start;
  gboolean has_return;
  char *text;         /* owned */
  TillItem *item;     /* owned */
  TillBasket *basket; /* owned */
  TillSale *sale;     /* owned */
  GPtrArray *rows;    /* owned */
  TillAnswer answer;
} TillSellAsk;

void till_sell_ask_free (gpointer ask);

/* text → item, or an answer why not. */
gpointer till_sell_ask_find (gpointer ledger, gpointer ask, GError **error);
gpointer till_sell_ask_keep (gpointer ledger, gpointer ask, GError **error);
/* → basket, rows (parked), and what comes first: a sale that waits for its money, or a return. */
gpointer till_sell_ask_load (gpointer ledger, gpointer ask, GError **error);
gpointer till_sell_ask_park (gpointer ledger, gpointer ask, GError **error);
/* id → basket. */
gpointer till_sell_ask_resume (gpointer ledger, gpointer ask, GError **error);
/* The latest receipt once more. */
gpointer till_sell_ask_reprint (gpointer ledger, gpointer ask, GError **error);
/* text: why. */
gpointer till_sell_ask_drawer (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS
