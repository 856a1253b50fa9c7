/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A basket while it is being filled, and the arithmetic that turns it into a sale.
 *
 * A basket is edited in place by its one owner; till_basket_copy () is what undo keeps. The sums
 * are a pure function of the basket and the shop's rules: every discount, tax and rounding is
 * allotted to lines here, once, so that a later return is arithmetic on stored numbers. */
#pragma once
#include "data/trade/item.h"

G_BEGIN_DECLS

#define TILL_BASKET_LINES_MAX 500

typedef struct
{
  TillItem *item;        /* owned */
  TillQuantity quantity; /* above zero */
  TillMoney price;       /* fen a unit; the item's unless it was overridden */
  TillMoney discount;    /* fen off this line, ≥ 0 */
} TillBasketLine;

typedef struct
{
  char *token;        /* owned; drawn when the basket was begun: two clicks are one sale */
  GPtrArray *lines;   /* owned; of TillBasketLine */
  TillMoney discount; /* fen off the whole basket, ≥ 0 */
} TillBasket;

typedef struct
{
  gboolean vat_included; /* prices carry VAT already */
  TillMoney round_to; /* fen; 抹零: totals are cut down to a multiple of this; 1 = not at all */
} TillPricing;

/* One line as it will be stored. amount is what the customer pays for it, VAT included. */
typedef struct
{
  TillMoney gross;    /* price × quantity */
  TillMoney discount; /* the line's own and its share of the basket's; ≥ 0 */
  TillMoney rounding; /* its share of the rounding; ≤ 0 */
  TillMoney amount;
  TillMoney vat; /* inside amount */
} TillBasketSum;

typedef struct
{
  TillBasketSum *lines; /* owned; as many as the basket has */
  TillMoney gross, discount, rounding, vat, total;
} TillBasketSums;

TillBasket *till_basket_new (const char *token) G_GNUC_WARN_UNUSED_RESULT;
TillBasket *till_basket_copy (const TillBasket *basket) G_GNUC_WARN_UNUSED_RESULT;
void till_basket_free (TillBasket *basket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillBasket, till_basket_free)

/* Adds quantity of the item: to the last line with the same item, price and no discount, else as a
 * new line. FALSE with INVALID when a bound would be passed. Takes a copy of item. */
gboolean till_basket_add (TillBasket *basket, const TillItem *item, TillQuantity quantity,
                          GError **error);
TillBasketLine *till_basket_line (const TillBasket *basket, guint index);
void till_basket_remove (TillBasket *basket, guint index);

/* FALSE with INVALID when a discount is larger than what it is taken from or a sum does not fit. */
gboolean till_basket_sum (const TillBasket *basket, const TillPricing *pricing,
                          TillBasketSums *sums, GError **error);
void till_basket_sums_clear (TillBasketSums *sums);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillBasketSums, till_basket_sums_clear)

G_END_DECLS
