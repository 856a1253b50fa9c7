/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/card-slip-store.h"
#include "data/ledger/sql.h"

gboolean
till_card_slip_store_add (TillTxn *txn, int64_t sale_id, int pos, const char *provider,
                          const TillCardSlip *slip, int64_t approver_id, GError **error)
{
  static const char with[] = "INSERT INTO card_slip (sale_id, pos, seq, at, staff_id, approver_id,"
                             " provider, day, reference_no, log_no, card, terminal_no)"
                             " VALUES (?, ?, ?, ?, ?, nullif (?, 0), ?, ?, ?, ?, ?, ?)";
  if (approver_id == 0)
    return till_txn_add (txn, error, "card_slip", "lilllssissss", sale_id, pos, till_txn_seq (txn),
                         till_txn_now (txn), till_txn_staff (txn), (const char *)NULL, provider,
                         slip->day, slip->reference_no, slip->log_no, slip->card,
                         slip->terminal_no);
  return till_txn_add_by (txn, error, with, "card_slip", "lillllsissss", sale_id, pos,
                          till_txn_seq (txn), till_txn_now (txn), till_txn_staff (txn), approver_id,
                          provider, slip->day, slip->reference_no, slip->log_no, slip->card,
                          slip->terminal_no);
}

gboolean
till_card_slip_store_taken (TillLedger *ledger, const char *provider, const TillCardSlip *slip,
                            const char **taken, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *taken = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT reference_no = ?1 AND day = ?2 FROM card_slip"
                       " WHERE (reference_no = ?1 AND day = ?2 AND provider = ?4)"
                       "  OR (log_no = ?3 AND provider = ?4) ORDER BY 1 DESC LIMIT 1",
                       "siss", slip->reference_no, slip->day, slip->log_no, provider))
    return FALSE;
  if (till_rows_next (&rows))
    *taken = till_rows_int (&rows, 0) ? slip->reference_no : slip->log_no;
  return till_rows_end (&rows, error);
}

gboolean
till_card_slip_store_load (TillLedger *ledger, int64_t sale_id, int pos, TillCardSlip **slip,
                           GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *slip = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT reference_no, log_no, card, terminal_no, day, c.at, p.name,"
                       " coalesce (a.name, ''), coalesce (k.at, 0) FROM card_slip c"
                       " JOIN staff p ON p.id = c.staff_id LEFT JOIN staff a ON a.id = approver_id"
                       " LEFT JOIN card_slip_confirmed k USING (sale_id, pos)"
                       " WHERE sale_id = ? AND pos = ?",
                       "li", sale_id, pos))
    return FALSE;
  if (till_rows_next (&rows))
    {
      TillCardSlip *loaded = *slip = g_new0 (TillCardSlip, 1);
      loaded->reference_no = till_rows_dup (&rows, 0);
      loaded->log_no = till_rows_dup (&rows, 1);
      loaded->card = till_rows_dup (&rows, 2);
      loaded->terminal_no = till_rows_dup (&rows, 3);
      loaded->day = till_rows_int (&rows, 4);
      loaded->at = till_rows_int64 (&rows, 5);
      loaded->staff_name = till_rows_dup (&rows, 6);
      loaded->approver_name = till_rows_dup (&rows, 7);
      loaded->confirmed_at = till_rows_int64 (&rows, 8);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_card_slip_store_confirm (TillTxn *txn, int64_t sale_id, int pos, int64_t refund_id,
                              GError **error)
{
  g_autoptr (TillCardSlip) slip = NULL;
  if (!till_card_slip_store_load (till_txn_ledger (txn), sale_id, pos, &slip, error))
    return FALSE;
  return !slip || slip->confirmed_at != 0
         || till_txn_add (txn, error, "card_slip_confirmed", "lilll", sale_id, pos,
                          till_txn_seq (txn), till_txn_now (txn), refund_id);
}

gboolean
till_card_slip_store_confirm_by_file (TillTxn *txn, const char *provider, const char *log_no,
                                      int64_t settlement_id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t sale_id = 0;
  int pos = 0;
  if (!till_rows_open (&rows, till_txn_ledger (txn), error,
                       "SELECT sale_id, pos FROM card_slip c WHERE log_no = ? AND provider = ?"
                       " AND NOT EXISTS (SELECT 1 FROM card_slip_confirmed k"
                       "  WHERE k.sale_id = c.sale_id AND k.pos = c.pos)",
                       "ss", log_no, provider))
    return FALSE;
  if (till_rows_next (&rows))
    {
      sale_id = till_rows_int64 (&rows, 0);
      pos = till_rows_int (&rows, 1);
    }
  if (!till_rows_end (&rows, error))
    return FALSE;
  return pos == 0
         || till_txn_add_by (txn, error,
                             "INSERT INTO card_slip_confirmed (sale_id, pos, seq, at, refund_id,"
                             " settlement_id) VALUES (?, ?, ?, ?, ?, ?)",
                             "card_slip_confirmed", "lillsl", sale_id, pos, till_txn_seq (txn),
                             till_txn_now (txn), (const char *)NULL, settlement_id);
}

gboolean
till_card_slip_store_sum (TillLedger *ledger, int64_t first_seq, int64_t last_seq,
                          GPtrArray *terminals, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT terminal_no, count (*), sum (amount) FROM card_slip c"
                       " JOIN leg l ON l.sale_id = c.sale_id AND l.pos = c.pos"
                       " WHERE c.seq BETWEEN ? AND ? GROUP BY 1 ORDER BY 1 LIMIT ?",
                       "lli", first_seq, last_seq, TILL_SHIFT_TERMINALS_MAX))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillShiftTerminal *terminal = g_new0 (TillShiftTerminal, 1);
      terminal->no = till_rows_dup (&rows, 0);
      terminal->n = till_rows_int64 (&rows, 1);
      terminal->amount = till_rows_int64 (&rows, 2);
      g_ptr_array_add (terminals, terminal);
    }
  return till_rows_end (&rows, error);
}
