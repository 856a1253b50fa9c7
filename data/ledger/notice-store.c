/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/notice-store.h"
#include "data/ledger/sql.h"

#define STRAY "known = 0 AND NOT EXISTS (SELECT 1 FROM notice_settled WHERE notice_id = id)"

void
till_stray_notice_free (TillStrayNotice *stray)
{
  g_free (stray->provider);
  g_free (stray->request_no);
  g_free (stray->words);
  g_free (stray);
}

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
  return till_txn_next_id (txn, "notice", &id, error)
         && till_txn_add (txn, error, "notice", "lllssisssi", id, till_txn_seq (txn),
                          till_txn_now (txn), provider, notice->request_no, notice->is_refund,
                          event_of (notice), digest, notice->words, known);
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

gboolean
till_notice_store_strays (TillLedger *ledger, int limit, GPtrArray *strays, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, at, provider, request_no, is_refund, words, repeats FROM notice"
                       " WHERE " STRAY " ORDER BY id LIMIT ?",
                       "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillStrayNotice *stray = g_new0 (TillStrayNotice, 1);
      stray->id = till_rows_int64 (&rows, 0);
      stray->at = till_rows_int64 (&rows, 1);
      stray->provider = till_rows_dup (&rows, 2);
      stray->request_no = till_rows_dup (&rows, 3);
      stray->is_refund = till_rows_int (&rows, 4) != 0;
      stray->words = till_rows_dup (&rows, 5);
      stray->repeats = till_rows_int (&rows, 6);
      g_ptr_array_add (strays, stray);
    }
  return till_rows_end (&rows, error);
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
