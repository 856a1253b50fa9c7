/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small shop for tests: books in a folder of their own, three people, four goods, a fake clock.
 */
#pragma once
#include "data/core/secret.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "data/desk/staffing.h"
#include "data/ledger/item-store.h"
#include "data/ledger/verify.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define BOOKS_NOW INT64_C (1795305600000000) /* 2026-11-22 08:00 in Shanghai */

typedef struct
{
  char *folder;       /* owned */
  char *path;         /* owned */
  TillClock *clock;   /* owned */
  TillLedger *ledger; /* owned */
  int64_t manager, cashier, supervisor;
} Books;

/* A provider that nobody knows. */
static inline const TillProfile *
books_no_limits (const char *provider, gpointer user)
{
  return NULL;
}

static inline void
books_add_goods (Books *books)
{
  static const struct
  {
    const char *code, *name;
    TillMoney price;
  } goods[] = { { "6901234567892", "苹果汁 1L", 1250 },
                { "4006381333931", "Pencil", 333 },
                { "A-1", "Bag", 50 },
                { "2", "Bread", 899 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (TillTxn) txn = till_ledger_begin (books->ledger, books->manager, "items", &error);
  for (gsize i = 0; i < G_N_ELEMENTS (goods); i++)
    {
      TillItem item = { .code = (char *)goods[i].code,
                        .name = (char *)goods[i].name,
                        .name_alt = (char *)"",
                        .unit = (char *)"",
                        .category = (char *)"",
                        .price = goods[i].price,
                        .vat_ppm = 130000 };
      TillItemChange change;
      g_assert_true (till_item_store_put (txn, &item, &change, &error));
      g_assert_cmpint (change, ==, TILL_ITEM_ADDED);
    }
  g_assert_true (till_txn_commit (txn, &error));
}

static inline void
books_open (Books *books)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  books->folder = g_dir_make_tmp ("books-XXXXXX", &error);
  g_assert_no_error (error);
  books->path = g_build_filename (books->folder, "books.db", NULL);
  books->clock = till_clock_new_fake (BOOKS_NOW, 7);
  g_assert_true (till_ledger_create (books->path, &error));
  books->ledger = till_ledger_open (books->path, books->clock, &error);
  g_assert_no_error (error);
  g_assert_true (till_staffing_add (books->ledger, 0, "1", "Mei", TILL_ROLE_MANAGER, "111111",
                                    &books->manager, &answer, &error));
  g_assert_true (till_staffing_add (books->ledger, books->manager, "7", "Li Na", TILL_ROLE_CASHIER,
                                    "7777", &books->cashier, &answer, &error));
  g_assert_true (till_staffing_add (books->ledger, books->manager, "5", "Wang",
                                    TILL_ROLE_SUPERVISOR, "5555", &books->supervisor, &answer,
                                    &error));
  books_add_goods (books);
}

static inline void
books_close (Books *books)
{
  static const char *const names[]
      = { "books.db",    "books.db-wal", "books.db-shm", "copy.db",  "copy.db.sha256", "back.db",
          "back.db-wal", "back.db-shm",  "goods",        "seal.key", "anchors" };
  g_clear_pointer (&books->ledger, till_ledger_free);
  till_clock_free (books->clock);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (books->folder, names[i], NULL);
      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (books->folder), ==, 0);
  g_free (books->folder);
  g_free (books->path);
}

/* Sells quantity pieces of each code ("a b c"), in cash or by code; gives the sale's id. */
static inline int64_t
books_sell (Books *books, int64_t staff, const char *codes, TillTender tender)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autofree char *token = g_strdup_printf ("T%015" G_GINT64_MODIFIER "x",
                                            (guint64)till_clock_random (books->clock, 1u << 31));
  g_autoptr (TillBasket) basket = till_basket_new (token);
  g_auto (GStrv) list = g_strsplit (codes, " ", -1);
  for (int i = 0; list[i]; i++)
    {
      g_autoptr (TillItem) item = NULL;
      g_assert_true (till_item_store_find (books->ledger, list[i], &item, &error));
      g_assert_nonnull (item);
      g_assert_true (till_basket_add (basket, item, TILL_QUANTITY_ONE, &error));
    }
  TillPricing pricing = { .vat_included = TRUE, .round_to = 1 };
  g_auto (TillBasketSums) sums = { 0 };
  g_assert_true (till_basket_sum (basket, &pricing, &sums, &error));
  TillTenderWish wish
      = { .tender = tender,
          .amount = sums.total,
          .received = sums.total,
          .auth = (char *)(tender == TILL_TENDER_CASH ? NULL : "281234567890123456") };
  TillTenderWish *wishes[] = { &wish };
  g_autoptr (TillSale) sale = NULL;
  g_assert_true (
      till_selling_pay (books->ledger, staff, basket, wishes, 1, &sale, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  till_clock_advance (books->clock, TILL_MINUTE);
  return sale->id;
}

/* Brings one piece of a line back. */
static inline int64_t
books_return (Books *books, int64_t staff, int64_t sale_id, int pos, TillReason reason)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillReturnDraft) draft = till_returning_draft (books->ledger, staff, sale_id, &error);
  till_return_draft_set (draft, pos, TILL_QUANTITY_ONE);
  draft->reason = reason;
  g_assert_true (till_returning_submit (books->ledger, staff, draft, NULL, books_no_limits, &goods,
                                        &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  till_clock_advance (books->clock, TILL_MINUTE);
  return goods->id;
}

/* One bad hand at the file behind the program's back: triggers away, deed, triggers back. */
static inline void
books_tamper (const char *path, const char *deed)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *list = NULL;
  char *problem = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) drop = g_string_new (NULL);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT name, sql FROM sqlite_schema WHERE type ="
                                       " 'trigger' ORDER BY rowid",
                                       -1, &list, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (list) == SQLITE_ROW)
    {
      g_string_append_printf (drop, "DROP TRIGGER %s;", sqlite3_column_text (list, 0));
      g_ptr_array_add (texts, g_strdup ((const char *)sqlite3_column_text (list, 1)));
    }
  sqlite3_finalize (list);
  g_assert_cmpint (sqlite3_exec (db, drop->str, NULL, NULL, &problem), ==, SQLITE_OK);
  if (sqlite3_exec (db, deed, NULL, NULL, &problem) != SQLITE_OK)
    g_error ("%s: %s", deed, problem);
  g_assert_cmpint (sqlite3_changes (db), >, 0);
  for (guint i = 0; i < texts->len; i++)
    g_assert_cmpint (sqlite3_exec (db, g_ptr_array_index (texts, i), NULL, NULL, &problem), ==,
                     SQLITE_OK);
  sqlite3_close (db);
}
