/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/draft-store.h"
#include "data/ledger/sql.h"

/* *id is 0 when no draft has this token. */
static gboolean
find_head (TillLedger *ledger, const char *token, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM draft WHERE token = ?", "s", token)
         && till_rows_one (&rows, id, error);
}

/* The head is kept under its token, so that keeping again replaces and never doubles. */
static gboolean
keep_head (TillTxn *txn, const char *kind, const char *token, int64_t staff_id, gboolean parked,
           TillMoney discount, int64_t *id, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  if (!find_head (ledger, token, id, error))
    return FALSE;
  if (*id != 0)
    return till_sql_run (ledger, error,
                         "UPDATE draft SET staff_id = ?, at = ?, parked = ?, discount = ?"
                         " WHERE id = ?",
                         "llill", staff_id, till_txn_now (txn), parked, discount, *id)
           && till_sql_run (ledger, error, "DELETE FROM draft_line WHERE draft_id = ?", "l", *id);
  return till_sql_run (ledger, error,
                       "INSERT INTO draft (kind, token, staff_id, at, parked, discount)"
                       " VALUES (?,?,?,?,?,?)",
                       "ssllil", kind, token, staff_id, till_txn_now (txn), parked, discount)
         && find_head (ledger, token, id, error);
}

static gboolean
keep_line (TillTxn *txn, int64_t id, int pos, int64_t item_id, TillQuantity quantity,
           TillMoney price, TillMoney discount, GError **error)
{
  return till_sql_run (till_txn_ledger (txn), error, "INSERT INTO draft_line VALUES (?,?,?,?,?,?)",
                       "lillll", id, pos, item_id, quantity, price, discount);
}

gboolean
till_draft_store_drop (TillTxn *txn, const char *token, GError **error)
{
  return till_sql_run (till_txn_ledger (txn), error, "DELETE FROM draft WHERE token = ?", "s",
                       token);
}

gboolean
till_draft_store_keep_sale (TillTxn *txn, int64_t staff_id, const TillBasket *basket,
                            gboolean parked, GError **error)
{
  if (basket->lines->len == 0)
    return till_draft_store_drop (txn, basket->token, error);
  int64_t id;
  if (!keep_head (txn, "sale", basket->token, staff_id, parked, basket->discount, &id, error))
    return FALSE;
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketLine *line = till_basket_line (basket, i);
      if (!keep_line (txn, id, (int)i + 1, line->item->id, line->quantity, line->price,
                      line->discount, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_draft_store_load (TillLedger *ledger, int64_t id, TillBasket **basket, int64_t *at,
                       GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *basket = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT d.token, d.discount, d.at, i.id, i.code, i.name, i.name_alt, i.unit,"
                       " i.category, i.price, i.vat_ppm, l.quantity, l.price, l.discount"
                       " FROM draft d JOIN draft_line l ON l.draft_id = d.id"
                       " JOIN item i ON i.id = l.item_id"
                       " WHERE d.id = ? AND d.kind = 'sale' ORDER BY l.pos",
                       "l", id))
    return FALSE;
  g_autoptr (TillBasket) loaded = NULL;
  while (till_rows_next (&rows))
    {
      if (!loaded)
        {
          loaded = till_basket_new (till_rows_text (&rows, 0));
          loaded->discount = till_rows_int64 (&rows, 1);
          *at = till_rows_int64 (&rows, 2);
        }
      g_autoptr (TillItem) item = g_new0 (TillItem, 1);
      item->id = till_rows_int64 (&rows, 3);
      item->code = till_rows_dup (&rows, 4);
      item->name = till_rows_dup (&rows, 5);
      item->name_alt = till_rows_dup (&rows, 6);
      item->unit = till_rows_dup (&rows, 7);
      item->category = till_rows_dup (&rows, 8);
      item->price = till_rows_int64 (&rows, 12);
      item->vat_ppm = till_rows_int64 (&rows, 10);
      if (!till_basket_add (loaded, item, till_rows_int64 (&rows, 11), error))
        return FALSE;
      /* The line's own price; the goods may cost something else by now. */
      TillBasketLine *line = till_basket_line (loaded, loaded->lines->len - 1);
      line->item->price = till_rows_int64 (&rows, 9);
      line->discount = till_rows_int64 (&rows, 13);
    }
  if (!till_rows_end (&rows, error))
    return FALSE;
  *basket = g_steal_pointer (&loaded);
  return TRUE;
}

gboolean
till_draft_store_load_sale (TillLedger *ledger, int64_t staff_id, TillBasket **basket,
                            GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t id, at;
  *basket = NULL;
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM draft WHERE kind = 'sale' AND parked = 0 AND staff_id = ?"
                         " ORDER BY at DESC, id DESC LIMIT 1",
                         "l", staff_id)
         && till_rows_one (&rows, &id, error)
         && (id == 0 || till_draft_store_load (ledger, id, basket, &at, error));
}

gboolean
till_draft_store_parked (TillLedger *ledger, GArray *ids, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM draft WHERE kind = 'sale' AND parked = 1 ORDER BY at, id"
                         " LIMIT 200",
                         "")
         && till_rows_all (&rows, ids, error);
}

gboolean
till_draft_store_unpark (TillTxn *txn, int64_t id, int64_t staff_id, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE draft SET parked = 0, staff_id = ?, at = ?"
                           " WHERE id = ? AND parked = 1",
                           "lll", staff_id, till_txn_now (txn), id);
}

gboolean
till_draft_store_keep_return (TillTxn *txn, int64_t staff_id, const TillReturnDraft *draft,
                              GError **error)
{
  int64_t id;
  if (!keep_head (txn, "return", draft->token, staff_id, FALSE, 0, &id, error)
      || !till_sql_run (till_txn_ledger (txn), error,
                        "UPDATE draft SET sale_id = ?, reason = ?, condition = ?, disposition = ?,"
                        " route = ?, note = ? WHERE id = ?",
                        "lsssssl", draft->sale_id, till_reason_word (draft->reason),
                        till_condition_word (draft->condition),
                        till_disposition_word (draft->disposition), till_route_word (draft->route),
                        draft->note, id))
    return FALSE;
  for (guint i = 0; i < draft->lines->len; i++)
    {
      const TillReturnWish *wish = &g_array_index (draft->lines, TillReturnWish, i);
      if (!keep_line (txn, id, wish->sale_pos, 0, wish->quantity, 0, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_wishes (TillLedger *ledger, int64_t id, TillReturnDraft *draft, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT pos, quantity FROM draft_line WHERE draft_id = ? ORDER BY pos", "l",
                       id))
    return FALSE;
  while (till_rows_next (&rows))
    till_return_draft_set (draft, till_rows_int (&rows, 0), till_rows_int64 (&rows, 1));
  return till_rows_end (&rows, error);
}

gboolean
till_draft_store_load_return (TillLedger *ledger, int64_t staff_id, TillReturnDraft **draft,
                              GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *draft = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, token, sale_id, reason, condition, disposition, route, note"
                       " FROM draft WHERE kind = 'return' AND staff_id = ?"
                       " ORDER BY at DESC, id DESC LIMIT 1",
                       "l", staff_id))
    return FALSE;
  if (!till_rows_next (&rows))
    return till_rows_end (&rows, error);

  int64_t id = till_rows_int64 (&rows, 0);
  g_autoptr (TillReturnDraft) loaded
      = till_return_draft_new (till_rows_text (&rows, 1), till_rows_int64 (&rows, 2));
  loaded->reason = till_reason_from_word (till_rows_text (&rows, 3));
  loaded->condition = till_condition_from_word (till_rows_text (&rows, 4));
  loaded->disposition = till_disposition_from_word (till_rows_text (&rows, 5));
  gboolean known = till_route_from_word (till_rows_text (&rows, 6), &loaded->route);
  g_assert (known);
  g_free (loaded->note);
  loaded->note = till_rows_dup (&rows, 7);
  if (!till_rows_end (&rows, error) || !load_wishes (ledger, id, loaded, error))
    return FALSE;
  *draft = g_steal_pointer (&loaded);
  return TRUE;
}
