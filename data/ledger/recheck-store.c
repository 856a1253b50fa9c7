/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/recheck-store.h"
#include "data/ledger/sql.h"

gboolean
till_recheck_store_plan (TillTxn *txn, int64_t refund_id, int64_t due_at, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "INSERT INTO recheck (refund_id, done_at, due_at) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT (refund_id) DO UPDATE SET due_at = ?3, silent = 0",
                           "lll", refund_id, till_txn_now (txn), due_at);
}

gboolean
till_recheck_store_load (TillLedger *ledger, int64_t refund_id, TillRecheck *recheck,
                         GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *recheck = (TillRecheck){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT done_at, coalesce (due_at, 0), silent, in_doubt FROM recheck"
                       " WHERE refund_id = ?",
                       "l", refund_id))
    return FALSE;
  if (till_rows_next (&rows))
    {
      recheck->done_at = till_rows_int64 (&rows, 0);
      recheck->due_at = till_rows_int64 (&rows, 1);
      recheck->silent = till_rows_int (&rows, 2);
      recheck->in_doubt = till_rows_int (&rows, 3) != 0;
    }
  return till_rows_end (&rows, error);
}

gboolean
till_recheck_store_note (TillTxn *txn, int64_t refund_id, int64_t due_at, int silent,
                         gboolean in_doubt, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE recheck SET due_at = nullif (?1, 0), silent = ?2, in_doubt = ?3"
                           " WHERE refund_id = ?4",
                           "liil", due_at, silent, in_doubt, refund_id);
}

gboolean
till_recheck_store_due (TillLedger *ledger, int64_t now, int64_t *refund_id, int64_t *next_at,
                        GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *refund_id = *next_at = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT refund_id, due_at FROM recheck"
                       " WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *next_at = till_rows_int64 (&rows, 1);
      *refund_id = *next_at <= now ? till_rows_int64 (&rows, 0) : 0;
    }
  return till_rows_end (&rows, error);
}

gboolean
till_recheck_store_count (TillLedger *ledger, int *came_back, int *in_doubt, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *came_back = *in_doubt = 0;
  if (!till_rows_open (
          &rows, ledger, error,
          "SELECT (SELECT count (*) FROM refund f WHERE state = 'BOUNCED' AND NOT EXISTS"
          "  (SELECT 1 FROM refund n WHERE n.return_id = f.return_id AND n.supersedes = f.id)),"
          " (SELECT count (*) FROM recheck c JOIN refund f ON f.id = c.refund_id"
          "  WHERE c.in_doubt = 1 AND f.state = 'SUCCEEDED')",
          ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *came_back = till_rows_int (&rows, 0);
      *in_doubt = till_rows_int (&rows, 1);
    }
  return till_rows_end (&rows, error);
}
