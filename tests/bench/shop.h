/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shop in real books on a real disk, with one cashier and goods to sell. */
#pragma once
#include "data/core/secret.h"
#include "data/desk/selling.h"
#include "data/desk/staffing.h"
#include "data/ledger/item-store.h"

#define BENCH_ITEMS 2000
#define BENCH_LINES 6

typedef struct
{
  TillClock *clock;
  TillLedger *ledger;
  int64_t cashier;
  TillItem *items[BENCH_ITEMS];
} BenchShop;

static inline void
bench_must (gboolean good, GError *error)
{
  if (!good)
    g_error ("%s", error ? error->message : "refused");
}

static inline void
bench_shop_staff (BenchShop *shop)
{
  GError *error = NULL;
  TillAnswer answer;
  int64_t manager;
  bench_must (till_staffing_add (shop->ledger, 0, "3", "Chen Jing", TILL_ROLE_MANAGER, "3333",
                                 &manager, &answer, &error),
              error);
  bench_must (till_staffing_add (shop->ledger, manager, "1", "Li Na", TILL_ROLE_CASHIER, "1111",
                                 &shop->cashier, &answer, &error),
              error);
}

static inline void
bench_shop_goods (BenchShop *shop)
{
  GError *error = NULL;
  TillTxn *txn = till_ledger_begin (shop->ledger, 0, "goods", &error);
  bench_must (txn != NULL, error);
  for (int i = 0; i < BENCH_ITEMS; i++)
    {
      g_autofree char *code = g_strdup_printf ("69%011d", i);
      g_autofree char *name = g_strdup_printf ("商品 %d", i);
      TillItem item = { .code = code,
                        .name = name,
                        .name_alt = (char *)"",
                        .unit = (char *)"",
                        .category = (char *)"",
                        .price = 100 + i % 900,
                        .vat_ppm = 130000 };
      TillItemChange change;
      bench_must (till_item_store_put (txn, &item, &change, &error), error);
    }
  bench_must (till_txn_commit (txn, &error), error);
  till_txn_free (txn);
}

/* The books are made when they are not there. The clock is the machine's unless there is one. */
static inline void
bench_shop_open (BenchShop *shop, const char *path)
{
  GError *error = NULL;
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  gboolean fresh = !g_file_test (path, G_FILE_TEST_EXISTS);
  if (!shop->clock)
    shop->clock = till_clock_new ();
  bench_must (!fresh || till_ledger_create (path, &error), error);
  shop->ledger = till_ledger_open (path, shop->clock, &error);
  bench_must (shop->ledger != NULL, error);
  if (fresh)
    {
      bench_shop_staff (shop);
      bench_shop_goods (shop);
    }
  shop->cashier = 2;
  for (int i = 0; i < BENCH_ITEMS; i++)
    bench_must (till_item_store_get (shop->ledger, i + 1, &shop->items[i], &error), error);
}

static inline void
bench_shop_close (BenchShop *shop)
{
  for (int i = 0; i < BENCH_ITEMS; i++)
    till_item_free (shop->items[i]);
  till_ledger_free (shop->ledger);
  till_clock_free (shop->clock);
}

/* Six lines, kept as the draft as if they had been scanned. */
static inline TillBasket *
bench_shop_basket (BenchShop *shop)
{
  GError *error = NULL;
  TillBasket *basket = till_selling_draft (shop->ledger, shop->cashier, &error);
  bench_must (basket != NULL, error);
  int first = g_random_int_range (0, BENCH_ITEMS);
  for (int i = 0; i < BENCH_LINES; i++)
    bench_must (
        till_basket_add (basket, shop->items[(first + i * 331) % BENCH_ITEMS], 1000, &error),
        error);
  bench_must (till_selling_keep (shop->ledger, shop->cashier, basket, &error), error);
  return basket;
}

/* The whole way of a sale that is paid with two notes of cash; returns its microseconds. */
static inline double
bench_shop_pay (BenchShop *shop, const TillBasket *basket)
{
  GError *error = NULL;
  TillAnswer answer;
  TillSale *sale = NULL;
  TillMoney total = 0;
  for (guint i = 0; i < basket->lines->len; i++)
    total += till_basket_line (basket, i)->price;
  TillTenderWish first = { TILL_TENDER_CASH, 50, 50, NULL, NULL };
  TillTenderWish rest = { TILL_TENDER_CASH, total - 50, total + 50, NULL, NULL };
  TillTenderWish *wishes[] = { &first, &rest };

  double start = bench_now ();
  bench_must (
      till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 2, &sale, &answer, &error),
      error);
  double took = bench_now () - start;
  if (answer.code != TILL_YES || sale->state != TILL_SALE_PAID)
    g_error ("not sold: %s", till_answer_word (answer.code));
  till_sale_free (sale);
  return took;
}

static inline double
bench_shop_sell (BenchShop *shop)
{
  g_autoptr (TillBasket) basket = bench_shop_basket (shop);
  return bench_shop_pay (shop, basket);
}

/* What the till does when nobody is being served. */
static inline void
bench_shop_rest (BenchShop *shop)
{
  GError *error = NULL;
  bench_must (till_ledger_checkpoint (shop->ledger, &error), error);
}
