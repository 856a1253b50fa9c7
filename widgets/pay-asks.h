/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of paying asks the desk: one struct for all questions, and for each question the
 * work that runs on the ledger's thread (its ward is a TillLedger, its data a TillPayAsk, which it
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
  int64_t sale_id;
  int pos;
  TillBasket *basket; /* owned */
  GPtrArray *wishes;  /* owned; of TillTenderWish */
  TillCardSlip *slip; /* owned */
  char *no, *pin;     /* owned; of a second person, or NULL; pin is wiped */
  TillSale *sale;     /* owned */
  TillAnswer answer;
} TillPayAsk;

void till_pay_ask_free (gpointer ask);

/* basket, wishes → sale. */
gpointer till_pay_ask_pay (gpointer ledger, gpointer ask, GError **error);
/* sale_id, the first of wishes → sale. */
gpointer till_pay_ask_rest (gpointer ledger, gpointer ask, GError **error);
/* sale_id, pos → sale, that payment given up. */
gpointer till_pay_ask_cancel (gpointer ledger, gpointer ask, GError **error);
/* sale_id, pos, slip, no, pin → sale, that payment asserted. */
gpointer till_pay_ask_slip (gpointer ledger, gpointer ask, GError **error);
/* sale_id → basket: the sale is a draft again. */
gpointer till_pay_ask_abandon (gpointer ledger, gpointer ask, GError **error);
/* sale_id → sale, as it is now. */
gpointer till_pay_ask_look (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS
