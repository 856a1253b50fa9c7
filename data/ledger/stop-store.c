/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/stop-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sql.h"

#define FACTS "s.id, s.provider, s.cause, s.at, s.clock_off_s, s.code, s.words, s.try_at, s.tries"

static TillStop *
read_stop (TillRows *rows)
{
  TillStop *stop = g_new0 (TillStop, 1);
  stop->id = till_rows_int64 (rows, 0);
  stop->provider = till_rows_dup (rows, 1);
  stop->cause = till_stop_cause_from_word (till_rows_text (rows, 2));
  stop->at = till_rows_int64 (rows, 3);
  stop->clock_off_s = till_rows_int64 (rows, 4);
  stop->code = till_rows_dup (rows, 5);
  stop->words = till_rows_dup (rows, 6);
  stop->try_at = till_rows_int64 (rows, 7);
  stop->tries = till_rows_int (rows, 8);
  return stop;
}

gboolean
till_stop_store_open (TillLedger *ledger, const char *provider, TillStop **stop, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *stop = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT " FACTS " FROM provider_stop s WHERE lifted = 0 AND provider = ?",
                       "s", provider))
    return FALSE;
  if (till_rows_next (&rows))
    *stop = read_stop (&rows);
  return till_rows_end (&rows, error);
}

gboolean
till_stop_store_list (TillLedger *ledger, GPtrArray *stops, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT " FACTS ", count (f.id), coalesce (sum (f.amount), 0)"
                       " FROM provider_stop s LEFT JOIN refund f ON f.provider = s.provider"
                       "  AND f.next_action_at IS NOT NULL"
                       " WHERE s.lifted = 0 GROUP BY s.id ORDER BY s.provider",
                       ""))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillStop *stop = read_stop (&rows);
      stop->waiting = till_rows_int (&rows, 9);
      stop->amount = till_rows_int64 (&rows, 10);
      g_ptr_array_add (stops, stop);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_stop_store_add (TillTxn *txn, const TillStop *stop, GError **error)
{
  int64_t id;
  return till_txn_next_id (txn, "provider_stop", &id, error)
         && till_txn_add (txn, error, "provider_stop", "llllsslss", id, till_txn_seq (txn),
                          till_txn_now (txn), till_txn_staff (txn), stop->provider,
                          till_stop_cause_word (stop->cause), stop->clock_off_s, stop->code,
                          stop->words)
         && till_sql_run_one (till_txn_ledger (txn), error,
                              "UPDATE provider_stop SET try_at = nullif (?, 0) WHERE id = ?", "ll",
                              stop->try_at, id);
}

gboolean
till_stop_store_lift (TillTxn *txn, int64_t id, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_auto (TillRows) rows = { 0 };
  int64_t staff;
  return till_rows_open (&rows, ledger, error,
                         "SELECT staff FROM provider_try WHERE stop_id = ? ORDER BY n DESC LIMIT 1",
                         "l", id)
         && till_rows_one (&rows, &staff, error)
         && till_txn_add (txn, error, "provider_lift", "llll", id, till_txn_seq (txn),
                          till_txn_now (txn), till_txn_staff (txn) ? till_txn_staff (txn) : staff)
         && till_sql_run_one (ledger, error, "UPDATE provider_stop SET lifted = 1 WHERE id = ?",
                              "l", id);
}

gboolean
till_stop_store_try (TillTxn *txn, int64_t id, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_auto (TillRows) rows = { 0 };
  int64_t n;
  return till_rows_open (&rows, ledger, error,
                         "SELECT coalesce (max (n), 0) + 1 FROM provider_try WHERE stop_id = ?",
                         "l", id)
         && till_rows_one (&rows, &n, error)
         && till_txn_add (txn, error, "provider_try", "lllll", id, n, till_txn_seq (txn),
                          till_txn_now (txn), till_txn_staff (txn))
         && till_sql_run_one (ledger, error, "UPDATE provider_stop SET try_at = ? WHERE id = ?",
                              "ll", till_txn_now (txn), id);
}

gboolean
till_stop_store_failed (TillTxn *txn, int64_t id, int64_t try_at, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE provider_stop SET try_at = nullif (?, 0), tries = tries + 1"
                           " WHERE id = ? AND lifted = 0",
                           "ll", try_at, id);
}

/* Only while somebody is stopped: it looks at all that is due. A promise that was forgotten is no
 * matter of whether anything may leave. */
static gboolean
due_beside_stops (TillLedger *ledger, int64_t now, int64_t *id, int64_t *next_at, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *id = *next_at = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT f.id, max (f.next_action_at, coalesce (s.try_at, 0)) AS at"
                       " FROM refund f LEFT JOIN provider_stop s ON s.provider = f.provider"
                       "  AND s.lifted = 0"
                       " WHERE f.next_action_at IS NOT NULL AND (s.id IS NULL"
                       "  OR s.try_at IS NOT NULL OR f.state = 'SENDING' OR f.state = 'RECALLING')"
                       " ORDER BY at, f.next_action_at LIMIT 1",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *next_at = till_rows_int64 (&rows, 1);
      *id = *next_at <= now ? till_rows_int64 (&rows, 0) : 0;
    }
  return till_rows_end (&rows, error);
}

gboolean
till_stop_store_due_refund (TillLedger *ledger, int64_t now, int64_t *id, int64_t *next_at,
                            GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t stopped;
  if (!till_rows_open (&rows, ledger, error, "SELECT count (*) FROM provider_stop WHERE lifted = 0",
                       "")
      || !till_rows_one (&rows, &stopped, error))
    return FALSE;
  return stopped > 0 ? due_beside_stops (ledger, now, id, next_at, error)
                     : till_refund_store_due (ledger, now, id, next_at, error);
}

gboolean
till_stop_store_hurry (TillTxn *txn, const char *provider, GError **error)
{
  return till_sql_run (till_txn_ledger (txn), error,
                       "UPDATE refund SET next_action_at = min (next_action_at, ?1) WHERE id ="
                       " (SELECT id FROM refund WHERE provider = ?2 AND next_action_at IS NOT NULL"
                       "  AND state <> 'SENDING' AND state <> 'RECALLING'"
                       "  ORDER BY state <> 'QUEUED', next_action_at LIMIT 1)",
                       "ls", till_txn_now (txn), provider);
}
