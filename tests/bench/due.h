/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of what makes a refund due: a sale by code that waits for its money, and a line of
 * it that comes back. What stands between is each benchmark's own. */
#pragma once
#include "data/desk/returning.h"
#include "tests/bench/shop.h"

static inline int64_t
bench_due_sale (BenchShop *shop, const char *code, TillMoney *total)
{
  GError *error = NULL;
  TillAnswer answer;
  TillSale *sale = NULL;
  g_autoptr (TillBasket) basket = bench_shop_basket (shop);
  *total = 0;
  for (guint i = 0; i < basket->lines->len; i++)
    *total += till_basket_line (basket, i)->price;
  TillTenderWish wish = { TILL_TENDER_CODE, *total, *total, (char *)code, NULL };
  TillTenderWish *wishes[] = { &wish };
  bench_must (
      till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, &error),
      error);
  int64_t id = sale->id;
  till_sale_free (sale);
  return id;
}

static inline void
bench_due_return (BenchShop *shop, int64_t sale_id)
{
  GError *error = NULL;
  TillAnswer answer;
  TillReturn *goods = NULL;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale_id, &error);
  bench_must (draft != NULL, error);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_CHANGED_MIND;
  bench_must (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                     &goods, &answer, &error),
              error);
  if (answer.code != TILL_YES)
    g_error ("not taken back: %s", till_answer_word (answer.code));
  till_return_free (goods);
}
