/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small shop in memory for tests: three people, four goods, a clock that stands still. */
#pragma once
#include "data/core/secret.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "data/desk/sending.h"
#include "data/desk/staffing.h"
#include "data/ledger/item-store.h"
#include "data/ledger/setting-store.h"
#include "data/ledger/verify.h"

/* 2026-11-22 10:00 in Shanghai */
#define FIXTURE_NOW INT64_C (1795312800000000)

typedef struct
{
  TillClock *clock;
  TillLedger *ledger;
  int64_t cashier, supervisor, manager; /* numbers 1, 2, 3; PINs 1111, 2222, 3333 */
} Shop;

static inline void
shop_put_item (TillTxn *txn, const char *code, const char *name, TillMoney price, int64_t vat_ppm)
{
  TillItem item = { .code = (char *)code,
                    .name = (char *)name,
                    .name_alt = (char *)"",
                    .unit = (char *)"",
                    .category = (char *)"",
                    .price = price,
                    .vat_ppm = vat_ppm };
  TillItemChange change;
  g_assert_true (till_item_store_put (txn, &item, &change, NULL));
}

static inline void
shop_set (Shop *shop, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, shop->manager, "setting", &error);
  g_assert_no_error (error);
  g_assert_true (till_setting_store_set (txn, key, value, &error));
  g_assert_true (till_txn_commit (txn, &error));
}

/* path NULL: in memory; otherwise the books are made there. */
static inline void
shop_open (Shop *shop, const char *path, uint64_t seed)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  shop->clock = till_clock_new_fake (FIXTURE_NOW, seed);
  if (path)
    {
      g_assert_true (till_ledger_create (path, &error));
      shop->ledger = till_ledger_open (path, shop->clock, &error);
    }
  else
    shop->ledger = till_ledger_open_memory (shop->clock, &error);
  g_assert_no_error (error);
  g_assert_true (till_staffing_add (shop->ledger, 0, "3", "Chen Jing", TILL_ROLE_MANAGER, "3333",
                                    &shop->manager, &answer, &error));
  g_assert_true (till_staffing_add (shop->ledger, shop->manager, "1", "Li Na", TILL_ROLE_CASHIER,
                                    "1111", &shop->cashier, &answer, &error));
  g_assert_true (till_staffing_add (shop->ledger, shop->manager, "2", "Wang Wei",
                                    TILL_ROLE_SUPERVISOR, "2222", &shop->supervisor, &answer,
                                    &error));
  g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, shop->manager, "goods", &error);
  shop_put_item (txn, "6901234567892", "可乐 330 ml", 350, 130000);
  shop_put_item (txn, "6901234567908", "大米 5 kg", 3150, 90000);
  shop_put_item (txn, "6901234567915", "Tea 250 g", 999, 130000);
  shop_put_item (txn, "2", "Television", 499900, 130000);
  g_assert_true (till_txn_commit (txn, &error));
  g_assert_no_error (error);
}

static inline void
shop_close (Shop *shop)
{
  g_clear_pointer (&shop->ledger, till_ledger_free);
  g_clear_pointer (&shop->clock, till_clock_free);
}

static inline TillBasket *
shop_basket (Shop *shop)
{
  TillBasket *basket = till_selling_draft (shop->ledger, shop->cashier, NULL);
  g_assert_nonnull (basket);
  return basket;
}

static inline void
shop_scan (Shop *shop, TillBasket *basket, const char *code, TillQuantity quantity)
{
  g_autoptr (TillItem) item = NULL;
  TillAnswer answer;
  g_assert_true (till_selling_find (shop->ledger, code, &item, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_true (till_basket_add (basket, item, quantity, NULL));
}

/* Pays the whole basket with one tender; auth NULL: cash, exactly. */
static inline TillSale *
shop_pay (Shop *shop, TillBasket *basket, const char *auth)
{
  g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (GError) error = NULL;
  TillSale *sale;
  TillAnswer answer;
  g_assert_true (till_basket_sum (basket, &settings->pricing, &sums, NULL));
  TillTenderWish wish
      = { auth ? TILL_TENDER_CODE : TILL_TENDER_CASH, sums.total, sums.total, (char *)auth, NULL };
  TillTenderWish *wishes[] = { &wish };
  gboolean ran
      = till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  return sale;
}

static inline TillMoney
shop_balance (Shop *shop, const char *account)
{
  TillMoney balance;
  g_assert_true (till_ledger_balance (shop->ledger, account, &balance, NULL));
  return balance;
}

/* --- a provider that is a script --- */

static const int shop_ladder[] = { 10, 20, 40 };
static const TillProfile shop_profile = {
  .name = "sandbox",
  .words = "Sandbox",
  .repeats_safely = TRUE,
  .not_found_times = 2,
  .not_found_after_s = 60,
  .window_days = 365,
  .answer_within_s = 20,
  .ladder_s = shop_ladder,
  .n_ladder = G_N_ELEMENTS (shop_ladder),
};

static inline const TillProfile *
shop_profile_of (const char *name, gpointer user)
{
  return &shop_profile;
}

/* What is due now, promised; NULL when nothing is. */
static inline TillTicket *
shop_due (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  TillTicket *ticket = NULL;
  int64_t next_at;
  gboolean ran = till_sending_next (shop->ledger, shop_profile_of, NULL, &ticket, &next_at, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return ticket;
}

static inline void
shop_answer (Shop *shop, const TillTicket *ticket, TillOutcomeKind kind, TillFailureClass failure,
             const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillOutcome) outcome = till_outcome_new (kind, failure, NULL);
  outcome->amount = ticket->errand->amount;
  outcome->words = g_strdup (words);
  outcome->code = g_strdup (failure ? till_failure_letter (failure) : NULL);
  outcome->provider_no = g_strdup (kind == TILL_OUTCOME_DONE ? "P-1" : NULL);
  gboolean ran = till_sending_record (shop->ledger, ticket, outcome, &shop_profile, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
}

/* Asks what is due, which must be of this kind, and records the answer. */
static inline void
shop_carry (Shop *shop, TillErrandKind asked, TillOutcomeKind kind, TillFailureClass failure,
            const char *words)
{
  g_autoptr (TillTicket) ticket = shop_due (shop);
  g_assert_nonnull (ticket);
  g_assert_cmpstr (till_errand_kind_word (ticket->errand->kind), ==, till_errand_kind_word (asked));
  shop_answer (shop, ticket, kind, failure, words);
}

/* Whatever any story did, the books must be sound at its end. */
static inline void
shop_close_sound (Shop *shop)
{
  g_auto (TillVerdict) verdict = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean read = till_verify_books (shop->ledger, &verdict, &error);
  g_assert_no_error (error);
  g_assert_true (read);
  g_assert_cmpstr (verdict.what, ==, "");
  g_assert_true (verdict.sound);
  shop_close (shop);
}
