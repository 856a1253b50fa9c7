/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/print-store.h"
#include "data/ledger/sql.h"

#define COLUMNS                                                                                    \
  "SELECT id, kind, subject_id, copy, at, state, way_ref, problem, tries, next_action_at"          \
  " FROM print_job "

static TillPrintJob *
read_job (TillRows *rows)
{
  TillPrintJob *job = g_new0 (TillPrintJob, 1);
  job->id = till_rows_int64 (rows, 0);
  job->kind = till_paper_kind_from_word (till_rows_text (rows, 1));
  job->subject_id = till_rows_int64 (rows, 2);
  job->copy = till_rows_int (rows, 3);
  job->at = till_rows_int64 (rows, 4);
  job->state = till_print_state_from_word (till_rows_text (rows, 5));
  job->way_ref = till_rows_dup (rows, 6);
  job->problem = till_rows_dup (rows, 7);
  job->tries = till_rows_int (rows, 8);
  job->next_action_at = till_rows_int64 (rows, 9);
  return job;
}

gboolean
till_print_store_add (TillTxn *txn, TillPaperKind kind, int64_t subject_id, GError **error)
{
  return till_sql_run (till_txn_ledger (txn), error,
                       "INSERT INTO print_job (kind, subject_id, copy, at, staff, next_action_at)"
                       " VALUES (?1, ?2, (SELECT coalesce (max (copy), 0) + 1 FROM print_job"
                       "  WHERE kind = ?1 AND subject_id = ?2), ?3, ?4, ?3)",
                       "slll", till_paper_kind_word (kind), subject_id, till_txn_now (txn),
                       till_txn_staff (txn));
}

gboolean
till_print_store_due (TillLedger *ledger, int64_t now, TillPrintJob **job, int64_t *next_at,
                      GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *job = NULL;
  *next_at = 0;
  if (!till_rows_open (
          &rows, ledger, error,
          COLUMNS "WHERE next_action_at IS NOT NULL ORDER BY next_action_at, id LIMIT 1", ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      g_autoptr (TillPrintJob) first = read_job (&rows);
      if (first->next_action_at <= now)
        *job = g_steal_pointer (&first);
      else
        *next_at = first->next_action_at;
    }
  return till_rows_end (&rows, error);
}

gboolean
till_print_store_load (TillLedger *ledger, int64_t id, TillPrintJob **job, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *job = NULL;
  if (!till_rows_open (&rows, ledger, error, COLUMNS "WHERE id = ?", "l", id))
    return FALSE;
  if (till_rows_next (&rows))
    *job = read_job (&rows);
  return till_rows_end (&rows, error);
}

gboolean
till_print_store_record (TillTxn *txn, int64_t id, TillPrintState state, const char *way_ref,
                         const char *problem, int64_t next_action_at, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE print_job SET state = ?, way_ref = coalesce (?, way_ref),"
                           " problem = ?, tries = tries + 1, next_action_at = nullif (?, 0)"
                           " WHERE id = ?",
                           "sssll", till_print_state_word (state), way_ref, problem ? problem : "",
                           till_print_state_is_live (state) ? next_action_at : 0, id);
}

gboolean
till_print_store_unprinted (TillLedger *ledger, int limit, GPtrArray *jobs, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (
          &rows, ledger, error,
          COLUMNS
          "WHERE id > (SELECT coalesce (max (id), 0) - 10000 FROM print_job)"
          " AND state NOT IN ('PRINTED', 'DELIVERED') AND kind <> 'drawer' ORDER BY id LIMIT ?",
          "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (jobs, read_job (&rows));
  return till_rows_end (&rows, error);
}
