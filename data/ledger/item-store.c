/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/item-store.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/ledger/sql.h"

#define COLUMNS "id, code, name, name_alt, unit, category, price, vat_ppm"

static TillItem *
item_of (TillRows *rows)
{
  TillItem *item = g_new0 (TillItem, 1);
  item->id = till_rows_int64 (rows, 0);
  item->code = till_rows_dup (rows, 1);
  item->name = till_rows_dup (rows, 2);
  item->name_alt = till_rows_dup (rows, 3);
  item->unit = till_rows_dup (rows, 4);
  item->category = till_rows_dup (rows, 5);
  item->price = till_rows_int64 (rows, 6);
  item->vat_ppm = till_rows_int64 (rows, 7);
  return item;
}

gboolean
till_item_store_find (TillLedger *ledger, const char *code, TillItem **item, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *item = NULL;
  if (!till_rows_open (&rows, ledger, error, "SELECT " COLUMNS " FROM item WHERE code = ?", "s",
                       code))
    return FALSE;
  g_autoptr (TillItem) found = till_rows_next (&rows) ? item_of (&rows) : NULL;
  if (!till_rows_end (&rows, error))
    return FALSE;
  *item = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_item_store_price (TillLedger *ledger, const TillItem *item, TillMoney *price, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT price FROM item WHERE id = ? AND code = ?",
                       "ls", item->id, item->code))
    return FALSE;
  *price = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : -1;
  return till_rows_end (&rows, error);
}

gboolean
till_item_store_get (TillLedger *ledger, int64_t id, TillItem **item, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *item = NULL;
  if (!till_rows_open (&rows, ledger, error, "SELECT " COLUMNS " FROM item WHERE id = ?", "l", id))
    return FALSE;
  g_autoptr (TillItem) found = till_rows_next (&rows) ? item_of (&rows) : NULL;
  if (!till_rows_end (&rows, error))
    return FALSE;
  if (!found)
    g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "there is no item %" G_GINT64_FORMAT, id);
  *item = g_steal_pointer (&found);
  return *item != NULL;
}

/* The text as a LIKE pattern that means itself, anywhere. */
static char *
pattern_of (const char *text)
{
  GString *pattern = g_string_new ("%");
  for (const char *p = text; *p; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

static gboolean
is_among (GPtrArray *items, int64_t id)
{
  for (guint i = 0; i < items->len; i++)
    if (((TillItem *)g_ptr_array_index (items, i))->id == id)
      return TRUE;
  return FALSE;
}

GPtrArray *
till_item_store_search (TillLedger *ledger, const char *text, int limit, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify)till_item_free);
  g_autofree char *clean = till_text_clean (text, TILL_TEXT_MAX);
  guint most = (guint)CLAMP (limit, 0, TILL_ITEM_SEARCH_MAX);
  if (!*clean || most == 0)
    return g_steal_pointer (&items);

  g_auto (TillRows) rows = { 0 };
  /* A code holds no character above 'z', so this range is exactly "begins with", by the index. */
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT " COLUMNS " FROM item WHERE code >= ?1 AND code < ?1 || '~'"
                       " ORDER BY code LIMIT ?2",
                       "si", clean, (int)most))
    return NULL;
  while (till_rows_next (&rows))
    g_ptr_array_add (items, item_of (&rows));
  if (!till_rows_end (&rows, error))
    return NULL;
  if (items->len >= most)
    return g_steal_pointer (&items);

  g_autofree char *pattern = pattern_of (clean);
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT " COLUMNS " FROM item WHERE name LIKE ?1 ESCAPE '\\'"
                       " OR name_alt LIKE ?1 ESCAPE '\\' LIMIT ?2",
                       "si", pattern, (int)most))
    return NULL;
  while (items->len < most && till_rows_next (&rows))
    if (!is_among (items, till_rows_int64 (&rows, 0)))
      g_ptr_array_add (items, item_of (&rows));
  return till_rows_end (&rows, error) ? g_steal_pointer (&items) : NULL;
}

gboolean
till_item_store_count (TillLedger *ledger, int64_t *count, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT count (*) FROM item", ""))
    return FALSE;
  *count = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : 0;
  return till_rows_end (&rows, error);
}

static gboolean
is_same (const TillItem *a, const TillItem *b)
{
  return g_str_equal (a->name, b->name) && g_str_equal (a->name_alt, b->name_alt)
         && g_str_equal (a->unit, b->unit) && g_str_equal (a->category, b->category)
         && a->price == b->price && a->vat_ppm == b->vat_ppm;
}

gboolean
till_item_store_put (TillTxn *txn, const TillItem *item, TillItemChange *change, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_assert (till_txn_seq (txn) > 0);
  if (!till_item_code_is_valid (item->code) || !*item->name)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no item can be called “%.40s”, “%.40s”",
                   item->code, item->name);
      return FALSE;
    }
  g_autoptr (TillItem) old = NULL;
  if (!till_item_store_find (ledger, item->code, &old, error))
    return FALSE;
  if (!old)
    {
      *change = TILL_ITEM_ADDED;
      return till_sql_run (ledger, error,
                           "INSERT INTO item (code, name, name_alt, unit, category, price, vat_ppm)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?)",
                           "sssssll", item->code, item->name, item->name_alt, item->unit,
                           item->category, item->price, item->vat_ppm);
    }
  if (is_same (old, item))
    {
      *change = TILL_ITEM_SAME;
      return TRUE;
    }
  *change = TILL_ITEM_CHANGED;
  return till_sql_run_one (ledger, error,
                           "UPDATE item SET name = ?, name_alt = ?, unit = ?, category = ?,"
                           " price = ?, vat_ppm = ? WHERE id = ?",
                           "sssslll", item->name, item->name_alt, item->unit, item->category,
                           item->price, item->vat_ppm, old->id);
}
