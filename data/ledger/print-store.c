/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/print-store.h"
#include "data/ledger/sql.h"

#define COLUMNS                                                                                    \
  "SELECT id, kind, subject_id, copy, at, state, way_ref, problem, tries, next_action_at,"         \
  " CASE kind WHEN 'sale' THEN (SELECT no FROM sale WHERE id = subject_id)"                        \
  "  WHEN 'return' THEN (SELECT no FROM \"return\" WHERE id = subject_id)"                         \
  "  WHEN 'refund' THEN (SELECT no FROM refund WHERE id = subject_id)"                             \
  "  WHEN 'shift' THEN (SELECT no FROM shift WHERE id = subject_id) END"                           \
  " FROM print_job "
/* As the index print_open has it. */
#define ASKS "(state = 'UNKNOWN' OR state = 'FAILED' OR state = 'STALE')"
#define UNSETTLED "NOT EXISTS (SELECT 1 FROM print_settled WHERE job_id = print_job.id)"

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
  const char *no = till_rows_text (rows, 10);
  job->no = g_strdup (no ? no : "");
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
                         const char *problem, int64_t next_action_at, const char *printer,
                         GError **error)
{
  return till_sql_run_one (
      till_txn_ledger (txn), error,
      "UPDATE print_job SET state = ?1, way_ref = coalesce (?2, way_ref),"
      " problem = ?3, tries = tries + 1, next_action_at = nullif (?4, 0),"
      " printer = coalesce (?5, printer), over_at = iif (?4 = 0, ?6, NULL)"
      " WHERE id = ?7",
      "ssslsll", till_print_state_word (state), way_ref, problem ? problem : "",
      till_print_state_is_live (state) ? next_action_at : 0, printer, till_txn_now (txn), id);
}

gboolean
till_print_store_hand_over_all (TillTxn *txn, GError **error)
{
  return till_sql_run (
      till_txn_ledger (txn), error,
      "UPDATE print_job SET state = 'DELIVERED', next_action_at = NULL, over_at = ?"
      " WHERE next_action_at IS NOT NULL OR state = 'STALE'",
      "l", till_txn_now (txn));
}

gboolean
till_print_store_unprinted (TillLedger *ledger, int limit, GPtrArray *jobs, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       COLUMNS
                       "WHERE id IN (SELECT id FROM print_job WHERE next_action_at IS NOT NULL"
                       "  UNION ALL SELECT id FROM print_job WHERE " ASKS " AND " UNSETTLED ")"
                       " AND kind <> 'drawer' ORDER BY id LIMIT ?",
                       "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (jobs, read_job (&rows));
  return till_rows_end (&rows, error);
}

static gboolean
read_ids (TillRows *rows, GArray *ids, GError **error)
{
  while (till_rows_next (rows))
    {
      int64_t id = till_rows_int64 (rows, 0);
      g_array_append_val (ids, id);
    }
  return till_rows_end (rows, error);
}

gboolean
till_print_store_backlog (TillLedger *ledger, int64_t newest, GArray *ids, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM print_job WHERE " ASKS " AND " UNSETTLED
                         " AND state = 'STALE' AND kind <> 'drawer' AND id <= ? ORDER BY id",
                         "l", newest)
         && read_ids (&rows, ids, error);
}

gboolean
till_print_store_asking (TillLedger *ledger, TillPaperKind kind, int64_t subject_id, GArray *ids,
                         GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM print_job WHERE kind = ? AND subject_id = ? AND " ASKS
                         " AND " UNSETTLED " ORDER BY id",
                         "sl", till_paper_kind_word (kind), subject_id)
         && read_ids (&rows, ids, error);
}

gboolean
till_print_store_settle (TillTxn *txn, int64_t id, TillPrintWord word, GError **error)
{
  return till_txn_add (txn, error, "print_settled", "lllls", id, till_txn_seq (txn),
                       till_txn_now (txn), till_txn_staff (txn), till_print_word_word (word));
}

gboolean
till_print_store_add_drawer (TillTxn *txn, int64_t job_id, gboolean is_open, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, till_txn_ledger (txn), error,
                       "SELECT count (*) FROM drawer_seen WHERE job_id = ?", "l", job_id))
    return FALSE;
  int64_t n = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : 0;
  return till_rows_end (&rows, error)
         && till_txn_add (txn, error, "drawer_seen", "lllli", job_id, n, till_txn_seq (txn),
                          till_txn_now (txn), is_open);
}

gboolean
till_print_store_drawer (TillLedger *ledger, TillDrawerSeen *seen, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *seen = (TillDrawerSeen){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT job_id, at, is_open FROM drawer_seen"
                       " ORDER BY job_id DESC, n DESC LIMIT 1",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    *seen = (TillDrawerSeen){ TRUE, till_rows_int (&rows, 2) != 0, till_rows_int64 (&rows, 1),
                              till_rows_int64 (&rows, 0) };
  return till_rows_end (&rows, error);
}

gboolean
till_print_store_over (TillLedger *ledger, int64_t from, int64_t to, int limit,
                       TillOnPrinted on_printed, gpointer user, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (
          &rows, ledger, error,
          "SELECT printer, state, at, over_at, problem FROM print_job"
          " WHERE over_at >= ?1 AND over_at < ?2 AND printer <> '' AND kind <> 'drawer'"
          " ORDER BY over_at DESC, id DESC LIMIT ?3",
          "lli", from, to, limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      const TillPrinted printed = { .printer = till_rows_text (&rows, 0),
                                    .state = till_print_state_from_word (till_rows_text (&rows, 1)),
                                    .at = till_rows_int64 (&rows, 2),
                                    .over_at = till_rows_int64 (&rows, 3),
                                    .problem = till_rows_text (&rows, 4) };
      on_printed (&printed, user);
    }
  return till_rows_end (&rows, error);
}
