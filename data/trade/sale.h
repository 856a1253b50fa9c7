/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sale as the books have it, with what has come back of it so far. Plain structs. */
#pragma once
#include "data/trade/payment.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_SALE_TENDERING, /* numbered; at least one payment leg is not decided */
  TILL_SALE_PAID,      /* final */
  TILL_SALE_ABANDONED, /* no leg took money, the basket went back to the draft */
} TillSaleState;

typedef struct
{
  int pos;
  int64_t item_id;
  char *code; /* owned */
  char *name; /* owned */
  TillQuantity quantity;
  TillMoney price, gross, discount, rounding;
  TillMoney amount; /* paid for the line, VAT included */
  TillMoney vat;
  int64_t vat_ppm;
  /* everything returned that has not been finally refused or undone */
  TillQuantity returned;
  TillMoney returned_amount;
  TillMoney returned_vat;
} TillSaleLine;

typedef struct
{
  int64_t id;
  char *no;    /* owned; 20 digits */
  char *token; /* owned */
  TillSaleState state;
  int day;
  int64_t at;
  int till;
  int64_t staff_id;
  char *staff_name; /* owned */
  TillMoney discount, rounding, vat, total;
  char *chain;      /* owned; first 8 hexadecimal digits of the journal entry that made it */
  GPtrArray *lines; /* owned; of TillSaleLine, by pos from 1 */
  GPtrArray *legs;  /* owned; of TillLeg, by pos from 1 */
} TillSale;

TillSale *till_sale_new (void) G_GNUC_WARN_UNUSED_RESULT; /* empty, arrays made */
void till_sale_free (TillSale *sale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSale, till_sale_free)
void till_sale_line_free (TillSaleLine *line);

TillSaleLine *till_sale_line (const TillSale *sale, int pos); /* NULL when there is none */
TillLeg *till_sale_leg (const TillSale *sale, int pos);       /* NULL when there is none */
TillMoney till_sale_change (const TillSale *sale);            /* handed back over all its legs */

/* The payment that waits for its card slip, or NULL. */
const TillLeg *till_sale_leg_by_slip (const TillSale *sale);

const char *till_sale_state_word (TillSaleState state); /* "TENDERING" … stored */
TillSaleState till_sale_state_from_word (const char *word);

/* The payment by card that the masked number fits, or NULL: surely another card, or none. */
const TillLeg *till_sale_leg_of_card (const TillSale *sale, const char *masked);

G_END_DECLS
