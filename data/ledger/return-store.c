/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/return-store.h"
#include "data/core/ids.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sql.h"

#define WAITING_MAX 200

gboolean
till_return_store_add (TillTxn *txn, TillReturn *goods, const char *token,
                       const char *policy_version, GError **error)
{
  const TillShop *shop = till_txn_shop (txn);
  if (!till_txn_next_id (txn, "return", &goods->id, error))
    return FALSE;
  goods->no = till_number_format (TILL_NUMBER_RETURN, shop->store, shop->till, till_txn_day (txn),
                                  goods->id % 10000000);
  goods->day = till_txn_day (txn);
  goods->at = till_txn_now (txn);
  goods->staff_id = till_txn_staff (txn);
  if (!till_txn_add (txn, error, "return", "lslilllslsssssssll", goods->id, goods->no,
                     till_txn_seq (txn), goods->day, goods->at, (int64_t)shop->till,
                     goods->staff_id, token, goods->sale_id, till_reason_word (goods->reason),
                     till_condition_word (goods->condition),
                     till_disposition_word (goods->disposition), till_route_word (goods->route),
                     goods->note, goods->held_for, policy_version, goods->amount, goods->vat))
    return FALSE;
  for (guint i = 0; i < goods->lines->len; i++)
    {
      const TillReturnLine *line = g_ptr_array_index (goods->lines, i);
      if (!till_txn_add (txn, error, "return_line", "lillll", goods->sale_id, line->sale_pos,
                         goods->id, line->quantity, line->amount, line->vat))
        return FALSE;
    }
  return TRUE;
}

/* State and number of the next history row. */
static gboolean
read_now (TillLedger *ledger, int64_t id, char **state, int *n, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT state, (SELECT coalesce (max (n), 0) + 1 FROM return_history"
                       "  WHERE return_id = id) FROM \"return\" WHERE id = ?",
                       "l", id))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *state = till_rows_dup (&rows, 0);
      *n = till_rows_int (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_return_store_set_state (TillTxn *txn, int64_t id, TillReturnState state, const char *event,
                             const char *evidence, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_autofree char *from = NULL;
  int n = 0;
  return read_now (ledger, id, &from, &n, error)
         && till_txn_add (txn, error, "return_history", "lilllssss", id, n, till_txn_seq (txn),
                          till_txn_now (txn), till_txn_staff (txn), from,
                          till_return_state_word (state), event, evidence ? evidence : "")
         && till_sql_run_one (ledger, error, "UPDATE \"return\" SET state = ? WHERE id = ?", "sl",
                              till_return_state_word (state), id);
}

gboolean
till_return_store_add_approval (TillTxn *txn, int64_t id, int64_t asker, int64_t approver,
                                const char *rule, gboolean approved, const char *digest,
                                GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, till_txn_ledger (txn), error,
                       "SELECT coalesce (max (n), 0) + 1 FROM approval WHERE return_id = ?", "l",
                       id))
    return FALSE;
  int n = till_rows_next (&rows) ? till_rows_int (&rows, 0) : 1;
  return till_rows_end (&rows, error)
         && till_txn_add (txn, error, "approval", "lillllsss", id, n, till_txn_seq (txn),
                          till_txn_now (txn), asker, approver, rule,
                          approved ? "approved" : "rejected", digest);
}

static gboolean
load_lines (TillLedger *ledger, TillReturn *goods, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT r.sale_pos, r.quantity, r.amount, r.vat, s.name, s.item_id"
                       " FROM return_line r JOIN sale_line s ON s.sale_id = r.sale_id"
                       "  AND s.pos = r.sale_pos"
                       " WHERE r.sale_id = ? AND r.return_id = ? ORDER BY r.sale_pos",
                       "ll", goods->sale_id, goods->id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillReturnLine *line = g_new0 (TillReturnLine, 1);
      line->sale_pos = till_rows_int (&rows, 0);
      line->quantity = till_rows_int64 (&rows, 1);
      line->amount = till_rows_int64 (&rows, 2);
      line->vat = till_rows_int64 (&rows, 3);
      line->name = till_rows_dup (&rows, 4);
      line->item_id = till_rows_int64 (&rows, 5);
      g_ptr_array_add (goods->lines, line);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_return_store_load (TillLedger *ledger, int64_t id, TillReturn **goods, GError **error)
{
  g_auto (TillMoment) moment = { 0 };
  g_auto (TillRows) rows = { 0 };
  *goods = NULL;
  if (!till_moment_open (&moment, ledger, error)
      || !till_rows_open (
          &rows, ledger, error,
          "SELECT r.no, r.sale_id, s.no, r.day, r.at, r.staff_id, p.name,"
          " coalesce ((SELECT q.name FROM approval a JOIN staff q ON q.id = a.approver"
          "  WHERE a.return_id = r.id ORDER BY a.n DESC LIMIT 1), ''),"
          " r.reason, r.condition, r.disposition, r.route, r.note, r.held_for, r.amount, r.vat,"
          " r.state, (SELECT lower (hex (substr (hash, 1, 4))) FROM journal j WHERE j.seq = r.seq)"
          " FROM \"return\" r JOIN sale s ON s.id = r.sale_id JOIN staff p ON p.id = r.staff_id"
          " WHERE r.id = ?",
          "l", id))
    return FALSE;
  if (!till_rows_next (&rows))
    return till_rows_end (&rows, error);

  g_autoptr (TillReturn) loaded = till_return_new ();
  loaded->id = id;
  loaded->no = till_rows_dup (&rows, 0);
  loaded->sale_id = till_rows_int64 (&rows, 1);
  loaded->sale_no = till_rows_dup (&rows, 2);
  loaded->day = till_rows_int (&rows, 3);
  loaded->at = till_rows_int64 (&rows, 4);
  loaded->staff_id = till_rows_int64 (&rows, 5);
  loaded->staff_name = till_rows_dup (&rows, 6);
  loaded->approver_name = till_rows_dup (&rows, 7);
  loaded->reason = till_reason_from_word (till_rows_text (&rows, 8));
  loaded->condition = till_condition_from_word (till_rows_text (&rows, 9));
  loaded->disposition = till_disposition_from_word (till_rows_text (&rows, 10));
  gboolean known = till_route_from_word (till_rows_text (&rows, 11), &loaded->route);
  g_assert (known);
  loaded->note = till_rows_dup (&rows, 12);
  loaded->held_for = till_rows_dup (&rows, 13);
  loaded->amount = till_rows_int64 (&rows, 14);
  loaded->vat = till_rows_int64 (&rows, 15);
  loaded->state = till_return_state_from_word (till_rows_text (&rows, 16));
  loaded->chain = till_rows_dup (&rows, 17);
  if (!till_rows_end (&rows, error) || !load_lines (ledger, loaded, error)
      || !till_refund_store_of_return (ledger, id, loaded->refunds, error))
    return FALSE;
  *goods = g_steal_pointer (&loaded);
  return TRUE;
}

gboolean
till_return_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM \"return\" WHERE no = ?", "s", no)
         && till_rows_one (&rows, id, error);
}

gboolean
till_return_store_find_token (TillLedger *ledger, const char *token, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM \"return\" WHERE token = ?", "s",
                         token)
         && till_rows_one (&rows, id, error);
}

/* The query only names ids; each return is then loaded whole. */
static gboolean
load_all (TillLedger *ledger, const char *sql, const char *types, int64_t value, GPtrArray *list,
          GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_auto (TillMoment) moment = { 0 };
  g_auto (TillRows) rows = { 0 };
  if (!till_moment_open (&moment, ledger, error)
      || !till_rows_open (&rows, ledger, error, sql, types, value)
      || !till_rows_all (&rows, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      TillReturn *goods;
      if (!till_return_store_load (ledger, g_array_index (ids, int64_t, i), &goods, error))
        return FALSE;
      if (goods)
        g_ptr_array_add (list, goods);
    }
  return TRUE;
}

gboolean
till_return_store_of_sale (TillLedger *ledger, int64_t sale_id, GPtrArray *list, GError **error)
{
  return load_all (ledger, "SELECT id FROM \"return\" WHERE sale_id = ? ORDER BY id", "l", sale_id,
                   list, error);
}

gboolean
till_return_store_waiting (TillLedger *ledger, GPtrArray *list, GError **error)
{
  return load_all (ledger,
                   "SELECT id FROM \"return\" WHERE state = 'WAIT_APPROVAL' ORDER BY id LIMIT ?",
                   "l", WAITING_MAX, list, error);
}
