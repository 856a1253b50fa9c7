/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type, as the structs the desk wants. Shared by the verbs and the stories, so that a
 * story says exactly what could be typed. Wrong input is INVALID with a sentence that names it. */
#pragma once
#include "data/desk/selling.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

/* CODE[*QTY][@PRICE][-DISCOUNT], in this order: "6970000000012*2@9.90-1". A minus inside a code
 * stays in the code unless only an amount follows it. */
typedef struct
{
  char *code; /* owned */
  TillQuantity quantity;
  TillMoney price; /* -1: the item's */
  TillMoney discount;
} TillTypedGoods;
gboolean till_typed_goods (const char *word, TillTypedGoods *goods, GError **error);

/* Looks every word's goods up and fills a basket. *answer is a no when nobody knows a code. */
gboolean till_typed_basket (TillLedger *ledger, const char *token, const char *const *words,
                            TillBasket **basket, TillAnswer *answer, GError **error);

/* cash=AMOUNT (what is handed over), code=AMOUNT:CODE, card=AMOUNT (only where practice is allowed:
 * a terminal has no card reader). Electronic legs as they are typed; cash pays the rest of total.
 * Of TillTenderWish. */
GPtrArray *till_typed_wishes (const char *const *words, TillMoney total, gboolean practice,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* LINE[*QTY]; without a quantity one piece, or what is left when that is less. */
gboolean till_typed_line (const char *word, const TillSale *sale, TillReturnDraft *draft,
                          GError **error);

/* "90", "45s", "5m", "2h", "3d", with a sign if wanted; plain numbers are seconds. µs. */
gboolean till_typed_span (const char *word, int64_t *span, GError **error);

G_END_DECLS
