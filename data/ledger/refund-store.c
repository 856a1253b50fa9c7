/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/refund-store.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/ledger/sql.h"

gboolean
till_refund_store_add (TillTxn *txn, TillRefund *refund, int64_t supersedes, GError **error)
{
  const TillShop *shop = till_txn_shop (txn);
  if (!till_txn_next_id (txn, "refund", &refund->id, error))
    return FALSE;
  refund->no = till_number_format (TILL_NUMBER_REFUND, shop->store, shop->till, till_txn_day (txn),
                                   refund->id % 10000000);
  /* NULL, not 0, for "replaces none": the column is a reference. */
  g_autofree char *replaced = supersedes ? g_strdup_printf ("%" G_GINT64_FORMAT, supersedes) : NULL;
  return till_txn_add (
      txn, error, "refund", "lslilllllisslsss", refund->id, refund->no, till_txn_seq (txn),
      till_txn_day (txn), till_txn_now (txn), (int64_t)shop->till,
      refund->staff_id ? refund->staff_id : till_txn_staff (txn), refund->return_id,
      refund->sale_id, refund->leg_pos, till_tender_word (refund->tender), refund->provider,
      refund->amount, refund->request_no, refund->original_no, replaced);
}

typedef struct
{
  TillRefundState state;
  int n; /* of the next history row */
} RefundNow;

static gboolean
read_now (TillLedger *ledger, int64_t id, RefundNow *now, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT state, (SELECT coalesce (max (n), 0) + 1 FROM refund_history"
                       "  WHERE refund_id = id) FROM refund WHERE id = ?",
                       "l", id))
    return FALSE;
  if (!till_rows_next (&rows))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no such refund");
      return FALSE;
    }
  now->state = till_refund_state_from_word (till_rows_text (&rows, 0));
  now->n = till_rows_int (&rows, 1);
  return till_rows_end (&rows, error);
}

static gboolean
keep_outcome (TillLedger *ledger, int64_t id, const TillOutcome *outcome, GError **error)
{
  return till_sql_run_one (
      ledger, error,
      "UPDATE refund SET provider_no = CASE WHEN ?1 <> '' THEN ?1 ELSE provider_no END,"
      " failure = ?2, failure_code = ?3, failure_words = ?4, other_merchant = ?5 WHERE id = ?6",
      "sssssl", outcome->provider_no ? outcome->provider_no : "",
      till_failure_letter (till_outcome_class (outcome)), outcome->code ? outcome->code : "",
      outcome->words ? outcome->words : "", outcome->other_merchant ? outcome->other_merchant : "",
      id);
}

/* The new state and the pace of the conversation. Every answer climbs one rung, also over several
 * sends, or a provider that drops every request would be sent one every few seconds; only a
 * person's word starts at the bottom again. The moment of the first promise is part of the request
 * and stays. */
static gboolean
move (TillTxn *txn, int64_t id, TillRefundEvent event, TillRefundState to, int64_t next_action_at,
      GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  int64_t next = till_refund_state_is_due (to) ? next_action_at : 0;
  gboolean anew = event == TILL_REFUND_EVENT_APPROVE || event == TILL_REFUND_EVENT_CORRECT
                  || event == TILL_REFUND_EVENT_RECALL;
  if (event == TILL_REFUND_EVENT_PROMISE)
    return till_sql_run_one (
        ledger, error,
        "UPDATE refund SET state = ?1, next_action_at = nullif (?2, 0),"
        " sent_at = ?3, not_found = 0, requested_at ="
        " CASE requested_at WHEN 0 THEN ?3 ELSE requested_at END WHERE id = ?4",
        "slll", till_refund_state_word (to), next, till_txn_now (txn), id);
  return till_sql_run_one (ledger, error,
                           "UPDATE refund SET state = ?1, next_action_at = nullif (?2, 0),"
                           " tries = iif (?3, 0, tries + 1),"
                           " not_found = iif (?4, not_found + 1, 0) WHERE id = ?5",
                           "sliil", till_refund_state_word (to), next, anew,
                           event == TILL_REFUND_EVENT_NOT_FOUND, id);
}

gboolean
till_refund_store_apply (TillTxn *txn, int64_t id, TillRefundEvent event,
                         const TillOutcome *outcome, const char *evidence, int64_t next_action_at,
                         TillRefundState *state, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  RefundNow now;
  if (!read_now (ledger, id, &now, error))
    return FALSE;
  TillRefundState to = now.state;
  gboolean possible = till_refund_next (now.state, event, &to);
  g_autofree char *stored
      = g_strconcat (possible ? "" : "anomaly: ", till_refund_event_word (event), NULL);
  if (!till_txn_add (txn, error, "refund_history", "lilllssss", id, now.n, till_txn_seq (txn),
                     till_txn_now (txn), till_txn_staff (txn), till_refund_state_word (now.state),
                     till_refund_state_word (to), stored, evidence ? evidence : ""))
    return FALSE;
  *state = to;
  if (!possible)
    return TRUE;
  g_assert (!till_refund_state_is_due (to) || next_action_at > 0);
  if (!move (txn, id, event, to, next_action_at, error))
    return FALSE;
  return !outcome || keep_outcome (ledger, id, outcome, error);
}

gboolean
till_refund_store_choose (TillTxn *txn, int64_t id, TillWhy why, const char *notice_url,
                          GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE refund SET why = ?, notice_url = ? WHERE id = ?", "ssl",
                           till_why_word (why), notice_url, id);
}

gboolean
till_refund_store_name_merchant (TillTxn *txn, int64_t id, const char *merchant_no, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE refund SET merchant_no = ? WHERE id = ?", "sl", merchant_no, id);
}

gboolean
till_refund_store_add_coupon (TillTxn *txn, int64_t id, TillMoney amount, GError **error)
{
  return till_txn_add (txn, error, "refund_coupon", "llll", id, till_txn_seq (txn),
                       till_txn_now (txn), amount);
}

gboolean
till_refund_store_others (TillLedger *ledger, const TillRefund *refund, TillMoney *others,
                          GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (
             &rows, ledger, error,
             "SELECT coalesce (sum (amount), 0) FROM refund"
             " WHERE sale_id = ? AND leg_pos = ? AND id <> ?"
             "  AND state NOT IN ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')",
             "lil", refund->sale_id, refund->leg_pos, refund->id)
         && till_rows_one (&rows, others, error);
}

gboolean
till_refund_store_number (TillLedger *ledger, int64_t sale_id, int leg_pos, int64_t before_id,
                          int *number, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n = 0;
  gboolean good
      = till_rows_open (&rows, ledger, error,
                        "SELECT count (*) FROM refund WHERE sale_id = ? AND leg_pos = ? AND id < ?"
                        " AND tender <> 'cash'"
                        " AND state NOT IN ('CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')",
                        "lil", sale_id, leg_pos, before_id)
        && till_rows_one (&rows, &n, error);
  *number = (int)n;
  return good;
}

gboolean
till_refund_store_after_void (TillLedger *ledger, int64_t id, gboolean *after, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n = 0;
  gboolean good = till_rows_open (&rows, ledger, error,
                                  "SELECT count (*) FROM refund n JOIN refund o ON o.id = "
                                  "n.supersedes WHERE n.id = ? AND o.why = 'same_day'",
                                  "l", id)
                  && till_rows_one (&rows, &n, error);
  *after = n > 0;
  return good;
}

gboolean
till_refund_store_successor (TillLedger *ledger, int64_t id, int64_t *successor, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT n.id FROM refund f JOIN refund n"
                         " ON n.return_id = f.return_id AND n.supersedes = f.id"
                         " WHERE f.id = ? ORDER BY n.id DESC LIMIT 1",
                         "l", id)
         && till_rows_one (&rows, successor, error);
}

gboolean
till_refund_store_delay (TillTxn *txn, int64_t id, int64_t until, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE refund SET next_action_at = ?"
                           " WHERE id = ? AND next_action_at IS NOT NULL",
                           "ll", until, id);
}

gboolean
till_refund_store_hurry (TillTxn *txn, int64_t id, GError **error)
{
  /* Never later than it was: by a clock that is a month ahead, now is in a month. */
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE refund SET next_action_at = min (next_action_at, ?)"
                           " WHERE id = ? AND next_action_at IS NOT NULL",
                           "ll", till_txn_now (txn), id);
}

gboolean
till_refund_store_hurry_all (TillTxn *txn, const char *provider, int *n, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t count = 0;
  if (!till_rows_open (&rows, till_txn_ledger (txn), error,
                       "SELECT count (*) FROM refund WHERE next_action_at > ?1 AND provider = ?2"
                       " AND (state = 'UNKNOWN' OR state = 'ACCEPTED' OR state = 'PROVIDER')",
                       "ls", till_txn_now (txn), provider)
      || !till_rows_one (&rows, &count, error))
    return FALSE;
  *n = (int)count;
  return till_sql_run (till_txn_ledger (txn), error,
                       "UPDATE refund SET next_action_at = ?1"
                       " WHERE next_action_at > ?1 AND provider = ?2"
                       " AND (state = 'UNKNOWN' OR state = 'ACCEPTED' OR state = 'PROVIDER')",
                       "ls", till_txn_now (txn), provider);
}

gboolean
till_refund_store_due (TillLedger *ledger, int64_t now, int64_t *id, int64_t *next_at,
                       GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *id = *next_at = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, next_action_at FROM refund"
                       " WHERE next_action_at IS NOT NULL ORDER BY next_action_at LIMIT 1",
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
till_refund_store_sending (TillLedger *ledger, GArray *ids, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM refund"
                         " WHERE next_action_at IS NOT NULL AND state IN ('SENDING', 'RECALLING')"
                         " ORDER BY id",
                         "")
         && till_rows_all (&rows, ids, error);
}

gboolean
till_refund_store_last_sent (TillLedger *ledger, const TillRefund *refund, int64_t *sent_at,
                             GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT coalesce (max (sent_at), 0) FROM refund"
                         " WHERE sale_id = ? AND leg_pos = ? AND id <> ?",
                         "lil", refund->sale_id, refund->leg_pos, refund->id)
         && till_rows_one (&rows, sent_at, error);
}

/* --- reading --- */

#define COLUMNS                                                                                    \
  "SELECT f.id, f.no, f.request_no, f.return_id, r.no, f.sale_id, s.no, f.leg_pos, f.tender,"      \
  " f.provider, f.original_no, f.amount, l.amount, f.day, f.at, f.staff_id, p.name, f.state,"      \
  " f.provider_no, f.failure, f.failure_code, f.failure_words, f.requested_at, f.sent_at,"         \
  " f.next_action_at, f.tries, f.not_found, l.provider_no,"                                        \
  " coalesce (nullif (l.requested_at, 0), t.at, 0),"                                               \
  " iif (l.masked = '', l.card, l.masked),"                                                        \
  " f.why, f.notice_url, f.merchant_no, f.other_merchant, l.merchant_no,"                          \
  " (SELECT c.amount FROM refund_coupon c WHERE c.refund_id = f.id),"                              \
  " EXISTS (SELECT 1 FROM provider_stop b WHERE b.provider = f.provider AND b.lifted = 0),"        \
  " t.reference_no, t.day"                                                                         \
  " FROM refund f JOIN \"return\" r ON r.id = f.return_id JOIN sale s ON s.id = f.sale_id"         \
  " JOIN leg l ON l.sale_id = f.sale_id AND l.pos = f.leg_pos JOIN staff p ON p.id = f.staff_id"   \
  " LEFT JOIN card_slip t ON t.sale_id = f.sale_id AND t.pos = f.leg_pos "

static TillRefund *
read_refund (TillRows *rows)
{
  TillRefund *refund = g_new0 (TillRefund, 1);
  refund->id = till_rows_int64 (rows, 0);
  refund->no = till_rows_dup (rows, 1);
  refund->request_no = till_rows_dup (rows, 2);
  refund->return_id = till_rows_int64 (rows, 3);
  refund->return_no = till_rows_dup (rows, 4);
  refund->sale_id = till_rows_int64 (rows, 5);
  refund->sale_no = till_rows_dup (rows, 6);
  refund->leg_pos = till_rows_int (rows, 7);
  gboolean known = till_tender_from_word (till_rows_text (rows, 8), &refund->tender);
  g_assert (known);
  refund->provider = till_rows_dup (rows, 9);
  refund->original_no = till_rows_dup (rows, 10);
  refund->amount = till_rows_int64 (rows, 11);
  refund->original_amount = till_rows_int64 (rows, 12);
  refund->day = till_rows_int (rows, 13);
  refund->at = till_rows_int64 (rows, 14);
  refund->staff_id = till_rows_int64 (rows, 15);
  refund->staff_name = till_rows_dup (rows, 16);
  refund->state = till_refund_state_from_word (till_rows_text (rows, 17));
  refund->provider_no = till_rows_dup (rows, 18);
  refund->failure = till_failure_from_letter (till_rows_text (rows, 19));
  refund->failure_code = till_rows_dup (rows, 20);
  refund->failure_words = till_rows_dup (rows, 21);
  refund->requested_at = till_rows_int64 (rows, 22);
  refund->sent_at = till_rows_int64 (rows, 23);
  refund->next_action_at = till_rows_int64 (rows, 24);
  refund->tries = till_rows_int (rows, 25);
  refund->not_found = till_rows_int (rows, 26);
  refund->original_provider_no = till_rows_dup (rows, 27);
  refund->original_requested_at = till_rows_int64 (rows, 28);
  refund->original_masked = till_rows_dup (rows, 29);
  refund->why = till_why_from_word (till_rows_text (rows, 30));
  refund->notice_url = till_rows_dup (rows, 31);
  refund->merchant_no = till_rows_dup (rows, 32);
  refund->other_merchant = till_rows_dup (rows, 33);
  refund->original_merchant_no = till_rows_dup (rows, 34);
  refund->coupon = till_rows_int64 (rows, 35);
  refund->stopped = till_rows_int (rows, 36) != 0;
  refund->slip_reference_no = till_rows_dup (rows, 37);
  refund->slip_day = till_rows_int (rows, 38);
  return refund;
}

static gboolean
read_all (TillRows *rows, GPtrArray *refunds, GError **error)
{
  while (till_rows_next (rows))
    g_ptr_array_add (refunds, read_refund (rows));
  return till_rows_end (rows, error);
}

gboolean
till_refund_store_load (TillLedger *ledger, int64_t id, TillRefund **refund, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *refund = NULL;
  if (!till_rows_open (&rows, ledger, error, COLUMNS "WHERE f.id = ?", "l", id))
    return FALSE;
  if (till_rows_next (&rows))
    *refund = read_refund (&rows);
  return till_rows_end (&rows, error);
}

gboolean
till_refund_store_under_way (TillLedger *ledger, int limit, GPtrArray *refunds, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         COLUMNS "WHERE f.state IN ('QUEUED', 'UNKNOWN', 'ACCEPTED')"
                                 " AND f.requested_at > 0 ORDER BY f.requested_at, f.id LIMIT ?",
                         "i", limit)
         && read_all (&rows, refunds, error);
}

gboolean
till_refund_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM refund WHERE no = ?1 UNION ALL"
                         " SELECT id FROM refund WHERE request_no = ?1",
                         "s", no)
         && till_rows_one (&rows, id, error);
}

gboolean
till_refund_store_history (TillLedger *ledger, int64_t id, GPtrArray *steps, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (
          &rows, ledger, error,
          "SELECT h.n, h.at, coalesce (p.name, ''), h.from_state, h.to_state, h.event,"
          " h.evidence, h.seq AS entry"
          " FROM refund_history h LEFT JOIN staff p ON p.id = h.staff"
          " WHERE h.refund_id = ?1"
          " UNION ALL SELECT 0, o.at, '', t.to_state, t.to_state, 'notice',"
          "  o.words || iif (o.repeats, ' ×' || (o.repeats + 1), ''), o.seq"
          " FROM refund f JOIN notice o ON o.request_no = f.request_no"
          "  AND o.provider = f.provider JOIN refund_history t ON t.refund_id = f.id"
          "  AND t.n = (SELECT max (n) FROM refund_history b"
          "   WHERE b.refund_id = f.id AND b.seq < o.seq)"
          " WHERE f.id = ?1"
          " UNION ALL SELECT 0, s.at, '', t.to_state, t.to_state, 'settlement',"
          "  printf ('%d-%02d-%02d ', s.day / 10000, s.day / 100 % 100, s.day % 100)"
          "  || iif (r.line IS NULL, '–', rtrim (printf ('%d.%02d ', r.their_amount / 100,"
          "   r.their_amount % 100) || r.their_state)), s.seq"
          " FROM refund f JOIN settlement_row r ON r.request_no = f.request_no"
          "  AND r.kind = 'refund' JOIN settlement s ON s.id = r.settlement_id"
          "  AND s.provider = f.provider JOIN refund_history t ON t.refund_id = f.id"
          "  AND t.n = (SELECT max (n) FROM refund_history b"
          "   WHERE b.refund_id = f.id AND b.seq < s.seq)"
          " WHERE f.id = ?1 ORDER BY entry, 1",
          "l", id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillRefundStep *step = g_new0 (TillRefundStep, 1);
      step->n = till_rows_int (&rows, 0);
      step->at = till_rows_int64 (&rows, 1);
      step->staff_name = till_rows_dup (&rows, 2);
      step->from = till_refund_state_from_word (till_rows_text (&rows, 3));
      step->to = till_refund_state_from_word (till_rows_text (&rows, 4));
      step->event = till_rows_dup (&rows, 5);
      step->evidence = till_rows_dup (&rows, 6);
      g_ptr_array_add (steps, step);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_refund_store_of_return (TillLedger *ledger, int64_t return_id, GPtrArray *refunds,
                             GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, COLUMNS "WHERE f.return_id = ? ORDER BY f.id", "l",
                         return_id)
         && read_all (&rows, refunds, error);
}

#define IS_OPEN                                                                                    \
  "f.state NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"
/* What came back is owed, however old it is, until another refund stands for it. */
#define IS_REFUSED                                                                                 \
  "(f.state IN ('FIX', 'CUSTOMER', 'PROVIDER')"                                                    \
  " OR (f.state = 'BOUNCED' AND NOT EXISTS (SELECT 1 FROM refund n"                                \
  "  WHERE n.return_id = f.return_id AND n.supersedes = f.id))"                                    \
  " OR (f.state IN ('BOUNCED', 'CLOSED', 'FAILED') AND f.id > ("                                   \
  "  SELECT coalesce (max (id), 0) - 10000 FROM refund) AND f.day >= ?1))"

gboolean
till_refund_store_list (TillLedger *ledger, TillRefundList list, int day, int limit,
                        GPtrArray *refunds, GError **error)
{
  static const char *const texts[] = {
    COLUMNS "WHERE " IS_OPEN " AND ?1 = ?1 ORDER BY f.id DESC LIMIT ?2",
    COLUMNS "WHERE " IS_OPEN " AND f.state = 'UNKNOWN' AND ?1 = ?1 ORDER BY f.id DESC LIMIT ?2",
    COLUMNS "WHERE " IS_REFUSED " ORDER BY f.id DESC LIMIT ?2",
    COLUMNS "WHERE f.id > (SELECT coalesce (max (id), 0) - 10000 FROM refund) AND f.day = ?1"
            " ORDER BY f.id DESC LIMIT ?2",
  };
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, texts[list], "ii", day, limit)
         && read_all (&rows, refunds, error);
}

gboolean
till_refund_store_count (TillLedger *ledger, TillRefundList list, int day, int *count,
                         GError **error)
{
  static const char *const texts[] = {
    "SELECT count (*) FROM refund f WHERE " IS_OPEN " AND ?1 = ?1",
    "SELECT count (*) FROM refund f WHERE " IS_OPEN " AND f.state = 'UNKNOWN' AND ?1 = ?1",
    "SELECT count (*) FROM refund f WHERE " IS_REFUSED,
    "SELECT count (*) FROM refund f"
    " WHERE f.id > (SELECT coalesce (max (id), 0) - 10000 FROM refund) AND f.day = ?1",
  };
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, texts[list], "i", day))
    return FALSE;
  *count = till_rows_next (&rows) ? till_rows_int (&rows, 0) : 0;
  return till_rows_end (&rows, error);
}
