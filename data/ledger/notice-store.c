/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/notice-store.h"
#include "data/ledger/sql.h"

#define STRAY "known = 0 AND NOT EXISTS (SELECT 1 FROM notice_settled WHERE notice_id = id)"

static const char *
event_of (const TillNotice *notice)
{
  return notice->event_no ? notice->event_no : "";
}

gboolean
till_notice_store_told (TillLedger *ledger, const char *provider, const TillNotice *notice,
                        const char *digest, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *id = 0;
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM notice WHERE provider = ?1 AND digest = ?2 UNION ALL"
                         " SELECT id FROM notice WHERE provider = ?1 AND event_no = ?3"
                         "  AND event_no <> '' AND request_no = ?4",
                         "ssss", provider, digest, event_of (notice), notice->request_no)
         && till_rows_one (&rows, id, error);
}

gboolean
till_notice_store_of_number (TillLedger *ledger, const char *provider, const char *request_no,
                             int *n, int64_t *last, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *n = 0;
  *last = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT count (*), max (id) FROM notice"
                       " WHERE request_no = ? AND provider = ?",
                       "ss", request_no, provider))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *n = till_rows_int (&rows, 0);
      *last = till_rows_int64 (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_notice_store_repeat (TillTxn *txn, int64_t id, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE notice SET repeats = repeats + 1 WHERE id = ?", "l", id);
}

gboolean
till_notice_store_add (TillTxn *txn, const char *provider, const TillNotice *notice,
                       const char *digest, gboolean known, GError **error)
{
  int64_t id;
  g_autofree char *amount
      = notice->amount ? g_strdup_printf ("%" G_GINT64_FORMAT, notice->amount) : NULL;
  return till_txn_next_id (txn, "notice", &id, error)
         && till_txn_add (txn, error, "notice", "lllssisssssi", id, till_txn_seq (txn),
                          till_txn_now (txn), provider, notice->request_no, notice->is_refund,
                          event_of (notice), digest, notice->words, amount, notice->currency,
                          known);
}

gboolean
till_notice_store_count_strays (TillLedger *ledger, const char *provider, int *n, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t count = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT count (*) FROM notice"
                       " WHERE (?1 IS NULL OR provider = ?1) AND " STRAY,
                       "s", provider)
      || !till_rows_one (&rows, &count, error))
    return FALSE;
  *n = (int)count;
  return TRUE;
}

/* One number may be told of in several states, each a notice with the same amount. */
gboolean
till_notice_store_sum_strays (TillLedger *ledger, int64_t before, TillNoticeSums *sums,
                              GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *sums = (TillNoticeSums){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT coalesce (sum (most) FILTER (WHERE is_refund), 0),"
                       " coalesce (sum (most) FILTER (WHERE NOT is_refund), 0),"
                       " count (*) FILTER (WHERE most IS NULL)"
                       " FROM (SELECT is_refund, max (amount)"
                       "  FILTER (WHERE coalesce (currency, 'CNY') = 'CNY') AS most"
                       "  FROM notice o WHERE known = 0 AND seq < ?1 AND NOT EXISTS"
                       "   (SELECT 1 FROM notice_settled WHERE notice_id = o.id AND seq < ?1)"
                       "  GROUP BY provider, request_no, is_refund)",
                       "l", before == 0 ? INT64_MAX : before))
    return FALSE;
  if (till_rows_next (&rows))
    *sums = (TillNoticeSums){ till_rows_int64 (&rows, 0), till_rows_int64 (&rows, 1),
                              till_rows_int (&rows, 2) };
  return till_rows_end (&rows, error);
}

/* Whose number it is, is asked again by the number: the notice only says that it was one of ours.
 */
#define KEPT                                                                                       \
  "SELECT o.id, o.at, o.provider, o.request_no, o.is_refund, o.words, o.repeats, o.known,"         \
  " coalesce (f.id, 0), coalesce (f.no, s.no, ''), coalesce (f.amount, l.amount, 0),"              \
  " coalesce (d.at, 0), coalesce (p.name, ''), coalesce (d.reason, ''), o.amount, o.currency"      \
  " FROM notice o"                                                                                 \
  " LEFT JOIN refund f ON o.known AND f.request_no = o.request_no AND f.provider = o.provider"     \
  " LEFT JOIN leg l ON o.known AND l.request_no = o.request_no AND l.provider = o.provider"        \
  " LEFT JOIN sale s ON s.id = l.sale_id"                                                          \
  " LEFT JOIN notice_settled d ON d.notice_id = o.id"                                              \
  " LEFT JOIN staff p ON p.id = d.staff_id"

static TillKeptNotice *
read_kept (TillRows *rows)
{
  TillKeptNotice *kept = g_new0 (TillKeptNotice, 1);
  kept->id = till_rows_int64 (rows, 0);
  kept->at = till_rows_int64 (rows, 1);
  kept->provider = till_rows_dup (rows, 2);
  kept->request_no = till_rows_dup (rows, 3);
  kept->is_refund = till_rows_int (rows, 4) != 0;
  kept->words = till_rows_dup (rows, 5);
  kept->repeats = till_rows_int (rows, 6);
  gboolean known = till_rows_int (rows, 7) != 0;
  kept->refund_id = till_rows_int64 (rows, 8);
  kept->no = till_rows_dup (rows, 9);
  kept->amount = till_rows_int64 (rows, 10);
  kept->settled_at = till_rows_int64 (rows, 11);
  kept->settled_by = till_rows_dup (rows, 12);
  kept->reason = till_rows_dup (rows, 13);
  kept->told = till_rows_int64 (rows, 14);
  kept->currency = till_rows_dup (rows, 15);
  kept->state = known              ? TILL_NOTICE_KNOWN
                : kept->settled_at ? TILL_NOTICE_SETTLED
                                   : TILL_NOTICE_UNSETTLED;
  return kept;
}

static gboolean
read_all (TillLedger *ledger, const char *sql, int limit, GPtrArray *notices, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, sql, "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (notices, read_kept (&rows));
  return till_rows_end (&rows, error);
}

/* By the index of them: they are few among all that were ever told. */
gboolean
till_notice_store_strays (TillLedger *ledger, int limit, GPtrArray *notices, GError **error)
{
  return read_all (ledger,
                   KEPT " WHERE o.id IN (SELECT id FROM notice WHERE known = 0)"
                        " AND d.notice_id IS NULL ORDER BY o.id LIMIT ?",
                   limit, notices, error);
}

gboolean
till_notice_store_others (TillLedger *ledger, int limit, GPtrArray *notices, GError **error)
{
  return read_all (ledger,
                   KEPT " WHERE o.known = 1 OR d.notice_id IS NOT NULL ORDER BY o.id DESC LIMIT ?",
                   limit, notices, error);
}

gboolean
till_notice_store_is_stray (TillLedger *ledger, int64_t id, gboolean *stray, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n = 0;
  if (!till_rows_open (&rows, ledger, error, "SELECT count (*) FROM notice WHERE id = ? AND " STRAY,
                       "l", id)
      || !till_rows_one (&rows, &n, error))
    return FALSE;
  *stray = n > 0;
  return TRUE;
}

gboolean
till_notice_store_settle (TillTxn *txn, int64_t id, const char *reason, GError **error)
{
  return till_txn_add (txn, error, "notice_settled", "lllls", id, till_txn_seq (txn),
                       till_txn_now (txn), till_txn_staff (txn), reason);
}
