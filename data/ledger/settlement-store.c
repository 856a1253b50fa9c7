/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/settlement-store.h"
#include "data/ledger/sql.h"

/* NULL where the number means nothing: a value that is not there. */
static char *
number_or_null (gboolean there, int64_t number)
{
  return there ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
}

static char *
person (int64_t staff_id)
{
  return number_or_null (staff_id != 0, staff_id);
}

gboolean
till_settlement_store_last (TillLedger *ledger, const char *provider, int day, const char *digest,
                            const char *flow_digest, TillSettlementLast *last, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *last = (TillSettlementLast){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, by_hand, digest = ?3, flow_digest = ?4, count (*) OVER ()"
                       " FROM settlement WHERE provider = ?1 AND day = ?2 ORDER BY id DESC LIMIT 1",
                       "siss", provider, day, digest, flow_digest))
    return FALSE;
  if (till_rows_next (&rows))
    *last = (TillSettlementLast){ till_rows_int64 (&rows, 0), till_rows_int (&rows, 1),
                                  till_rows_int (&rows, 2), till_rows_int (&rows, 3),
                                  till_rows_int (&rows, 4) };
  return till_rows_end (&rows, error);
}

gboolean
till_settlement_store_add (TillTxn *txn, const TillSettlementFile *file, int64_t *id,
                           GError **error)
{
  g_autofree char *staff = person (till_txn_staff (txn));
  g_autofree char *instead = number_or_null (file->instead != 0, file->instead);
  return till_txn_next_id (txn, "settlement", id, error)
         && till_txn_add (txn, error, "settlement", "lllssissisllllllllliss", *id,
                          till_txn_seq (txn), till_txn_now (txn), staff, file->provider, file->day,
                          file->digest, file->flow_digest, (int)file->by_hand, instead, file->n,
                          file->paid, file->returned, file->settled, file->fee_exact, file->our_n,
                          file->our_paid, file->our_returned, file->matched, file->differing,
                          till_flow_word (file->flow), file->flow_first);
}

gboolean
till_settlement_store_add_row (TillTxn *txn, int64_t id, int n, const TillDifference *difference,
                               GError **error)
{
  gboolean theirs = difference->line != 0, ours = *difference->sale_no != '\0';
  g_autofree char *line = number_or_null (theirs, difference->line);
  g_autofree char *their_amount = number_or_null (theirs, difference->their_amount);
  g_autofree char *our_amount = number_or_null (ours, difference->our_amount);
  return till_txn_add (txn, error, "settlement_row", "lississssssss", id, n, difference->match,
                       difference->kind, (int)difference->back, difference->request_no,
                       difference->sale_no, difference->provider_no, line, their_amount,
                       difference->their_state, our_amount, difference->our_state);
}

/* --- rows --- */

#define ROWS                                                                                       \
  "SELECT r.settlement_id, r.n, s.provider, s.day, r.class, r.kind, r.back, r.request_no,"         \
  " r.sale_no, r.provider_no, coalesce (r.line, 0), coalesce (r.their_amount, 0),"                 \
  " coalesce (r.our_amount, 0), r.their_state, r.our_state,"                                       \
  " coalesce (f.state, l.state, ''), coalesce (f.id, 0),"                                          \
  " coalesce (c.at, 0), coalesce (p.name, ''), coalesce (a.name, ''), coalesce (c.by_file, 0),"    \
  " coalesce (b.day, 0), coalesce (c.reason, ''), s.by_hand"                                       \
  " FROM settlement_row r JOIN settlement s ON s.id = r.settlement_id"                             \
  " LEFT JOIN settlement_closed c ON c.settlement_id = r.settlement_id AND c.n = r.n"              \
  " LEFT JOIN staff p ON p.id = c.staff_id LEFT JOIN staff a ON a.id = c.approver_id"              \
  " LEFT JOIN settlement b ON b.id = c.by_file"                                                    \
  " LEFT JOIN refund f ON r.kind = 'refund' AND f.request_no = r.request_no"                       \
  "  AND f.provider = s.provider"                                                                  \
  " LEFT JOIN leg l ON r.kind <> 'refund' AND l.request_no = r.request_no"                         \
  "  AND l.provider = s.provider "

static TillDifference *
read_row (TillRows *rows)
{
  TillDifference *row = g_new0 (TillDifference, 1);
  row->settlement_id = till_rows_int64 (rows, 0);
  row->n = till_rows_int (rows, 1);
  row->provider = till_rows_dup (rows, 2);
  row->day = till_rows_int (rows, 3);
  row->match = till_rows_dup (rows, 4);
  row->kind = till_rows_dup (rows, 5);
  row->back = till_rows_int (rows, 6) != 0;
  row->request_no = till_rows_dup (rows, 7);
  row->sale_no = till_rows_dup (rows, 8);
  row->provider_no = till_rows_dup (rows, 9);
  row->line = till_rows_int64 (rows, 10);
  row->their_amount = till_rows_int64 (rows, 11);
  row->our_amount = till_rows_int64 (rows, 12);
  row->their_state = till_rows_dup (rows, 13);
  row->our_state = till_rows_dup (rows, 14);
  row->now_state = till_rows_dup (rows, 15);
  row->refund_id = till_rows_int64 (rows, 16);
  row->closed_at = till_rows_int64 (rows, 17);
  row->closed_by = till_rows_dup (rows, 18);
  row->approved_by = till_rows_dup (rows, 19);
  row->by_file = till_rows_int64 (rows, 20);
  row->by_day = till_rows_int (rows, 21);
  row->reason = till_rows_dup (rows, 22);
  row->by_hand = till_rows_int (rows, 23) != 0;
  return row;
}

static gboolean
read_all (TillRows *rows, GPtrArray *differences, GError **error)
{
  while (till_rows_next (rows))
    g_ptr_array_add (differences, read_row (rows));
  return till_rows_end (rows, error);
}

gboolean
till_settlement_store_row (TillLedger *ledger, int64_t id, int n, TillDifference **difference,
                           GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *difference = NULL;
  if (!till_rows_open (&rows, ledger, error, ROWS "WHERE r.settlement_id = ? AND r.n = ?", "li", id,
                       n))
    return FALSE;
  if (till_rows_next (&rows))
    *difference = read_row (&rows);
  return till_rows_end (&rows, error);
}

gboolean
till_settlement_store_rows (TillLedger *ledger, const char *provider, int day, int limit,
                            GPtrArray *differences, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         ROWS "WHERE s.provider = ? AND s.day = ?"
                              " ORDER BY c.at IS NOT NULL, r.settlement_id DESC, r.n LIMIT ?",
                         "sii", provider, day, limit)
         && read_all (&rows, differences, error);
}

gboolean
till_settlement_store_open (TillLedger *ledger, const char *provider, int limit,
                            GPtrArray *differences, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         ROWS "WHERE c.at IS NULL AND (?1 IS NULL OR s.provider = ?1)"
                              " ORDER BY r.settlement_id, r.n LIMIT ?2",
                         "si", provider, limit)
         && read_all (&rows, differences, error);
}

gboolean
till_settlement_store_count_open (TillLedger *ledger, int *n, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t count = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT (SELECT count (*) FROM settlement_row)"
                       " - (SELECT count (*) FROM settlement_closed)",
                       "")
      || !till_rows_one (&rows, &count, error))
    return FALSE;
  *n = (int)count;
  return TRUE;
}

gboolean
till_settlement_store_of_number (TillLedger *ledger, const char *provider, const char *request_no,
                                 int limit, GPtrArray *differences, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         ROWS "WHERE r.request_no = ? AND s.provider = ?"
                              " ORDER BY r.settlement_id, r.n LIMIT ?",
                         "ssi", request_no, provider, limit)
         && read_all (&rows, differences, error);
}

/* --- days --- */

#define DAYS                                                                                       \
  "WITH days AS (SELECT provider, day FROM settlement UNION SELECT provider, day"                  \
  "  FROM settlement_ask)"                                                                         \
  " SELECT d.provider, d.day, coalesce (s.id, 0),"                                                 \
  " (SELECT count (*) FROM settlement f WHERE f.provider = d.provider AND f.day = d.day),"         \
  " coalesce (s.at, 0), coalesce (p.name, ''), coalesce (s.by_hand, 0), coalesce (s.n, 0),"        \
  " coalesce (s.paid, 0), coalesce (s.returned, 0), coalesce (s.settled, 0),"                      \
  " coalesce (s.fee_exact, 0), coalesce (s.our_n, 0), coalesce (s.our_paid, 0),"                   \
  " coalesce (s.our_returned, 0), coalesce (s.matched, 0), coalesce (s.flow, 'none'),"             \
  " coalesce (s.flow_first, ''),"                                                                  \
  " (SELECT coalesce (sum (differing), 0) FROM settlement f WHERE f.provider = d.provider"         \
  "   AND f.day = d.day),"                                                                         \
  " (SELECT count (*) FROM settlement f JOIN settlement_closed c ON c.settlement_id = f.id"        \
  "   WHERE f.provider = d.provider AND f.day = d.day),"                                           \
  " coalesce (k.tries, 0), coalesce (k.asked_at, 0), coalesce (k.due_at, 0),"                      \
  " coalesce (k.file, ''), coalesce (k.said, '')"                                                  \
  " FROM days d LEFT JOIN settlement s ON s.id = (SELECT max (id) FROM settlement m"               \
  "  WHERE m.provider = d.provider AND m.day = d.day)"                                             \
  " LEFT JOIN staff p ON p.id = s.staff_id"                                                        \
  " LEFT JOIN settlement_ask k ON k.provider = d.provider AND k.day = d.day"                       \
  " ORDER BY d.day DESC, d.provider LIMIT ?"

static TillSettledDay *
read_day (TillRows *rows)
{
  TillSettledDay *day = g_new0 (TillSettledDay, 1);
  day->provider = till_rows_dup (rows, 0);
  day->day = till_rows_int (rows, 1);
  day->id = till_rows_int64 (rows, 2);
  day->files = till_rows_int (rows, 3);
  day->at = till_rows_int64 (rows, 4);
  day->read_by = till_rows_dup (rows, 5);
  day->by_hand = till_rows_int (rows, 6) != 0;
  day->n = till_rows_int64 (rows, 7);
  day->paid = till_rows_int64 (rows, 8);
  day->returned = till_rows_int64 (rows, 9);
  day->settled = till_rows_int64 (rows, 10);
  day->fee_exact = till_rows_int64 (rows, 11);
  day->our_n = till_rows_int64 (rows, 12);
  day->our_paid = till_rows_int64 (rows, 13);
  day->our_returned = till_rows_int64 (rows, 14);
  day->matched = till_rows_int64 (rows, 15);
  day->flow = till_flow_from_word (till_rows_text (rows, 16));
  day->flow_first = till_rows_dup (rows, 17);
  day->differing = till_rows_int (rows, 18);
  day->open = day->differing - till_rows_int (rows, 19);
  day->tries = till_rows_int (rows, 20);
  day->asked_at = till_rows_int64 (rows, 21);
  day->due_at = till_rows_int64 (rows, 22);
  day->file = till_rows_dup (rows, 23);
  day->said = till_rows_dup (rows, 24);
  return day;
}

gboolean
till_settlement_store_days (TillLedger *ledger, int limit, GPtrArray *days, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, DAYS, "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (days, read_day (&rows));
  return till_rows_end (&rows, error);
}

/* --- closing --- */

gboolean
till_settlement_store_close (TillTxn *txn, int64_t id, int n, int64_t approver_id,
                             const char *reason, GError **error)
{
  g_autofree char *staff = person (till_txn_staff (txn));
  g_autofree char *approver = person (approver_id);
  return till_txn_add (txn, error, "settlement_closed", "lillssss", id, n, till_txn_seq (txn),
                       till_txn_now (txn), staff, approver, NULL, reason);
}

gboolean
till_settlement_store_close_by_file (TillTxn *txn, int64_t id, int n, int64_t by_file,
                                     GError **error)
{
  g_autofree char *file = number_or_null (TRUE, by_file);
  return till_txn_add (txn, error, "settlement_closed", "lillssss", id, n, till_txn_seq (txn),
                       till_txn_now (txn), NULL, NULL, file, "");
}

/* --- asking --- */

gboolean
till_settlement_store_ask (TillLedger *ledger, const char *provider, int day,
                           TillSettlementAsk *ask, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *ask = (TillSettlementAsk){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT tries, due_at FROM settlement_ask WHERE provider = ? AND day = ?",
                       "si", provider, day))
    return FALSE;
  if (till_rows_next (&rows))
    *ask = (TillSettlementAsk){ till_rows_int (&rows, 0), till_rows_int64 (&rows, 1), TRUE };
  return till_rows_end (&rows, error);
}

gboolean
till_settlement_store_set_ask (TillTxn *txn, const char *provider, int day, int tries,
                               int64_t asked_at, int64_t due_at, const char *file, const char *said,
                               GError **error)
{
  g_autofree char *due = number_or_null (due_at != 0, due_at);
  return till_sql_run (till_txn_ledger (txn), error,
                       "INSERT INTO settlement_ask VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                       " ON CONFLICT DO UPDATE SET tries = excluded.tries,"
                       " asked_at = max (asked_at, excluded.asked_at), due_at = excluded.due_at,"
                       " file = excluded.file, said = excluded.said",
                       "siilsss", provider, day, tries, asked_at, due, file, said);
}

gboolean
till_settlement_store_next (TillLedger *ledger, const char *provider, int *day, int64_t *due_at,
                            GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *day = 0;
  *due_at = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT day, due_at FROM settlement_ask"
                       " WHERE due_at IS NOT NULL AND provider = ? ORDER BY due_at, day LIMIT 1",
                       "s", provider))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *day = till_rows_int (&rows, 0);
      *due_at = till_rows_int64 (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_settlement_store_first_day (TillLedger *ledger, int *day, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t first = 0;
  if (!till_rows_open (&rows, ledger, error, "SELECT day FROM journal ORDER BY seq LIMIT 1", "")
      || !till_rows_one (&rows, &first, error))
    return FALSE;
  *day = (int)first;
  return TRUE;
}
