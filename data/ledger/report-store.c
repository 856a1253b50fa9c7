/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/report-store.h"
#include "data/ledger/sql.h"

/* key, name, n, quantity, amount, sales; ?1 from, ?2 to, ?3 limit. People and days are here with
 * their sales also when nothing came back: that is what a rate is about. */
static const char *const row_texts[] = {
  [TILL_ROLLUP_REASON] = "SELECT reason, '', sum (n), sum (quantity), sum (amount) AS a, 0"
                         " FROM sum_return_reason WHERE day BETWEEN ?1 AND ?2"
                         " GROUP BY reason ORDER BY a DESC, reason LIMIT ?3",
  [TILL_ROLLUP_STAFF] = "SELECT p.no, p.name, sum (n), sum (q), sum (a) AS a, sum (s)"
                        " FROM (SELECT staff_id, n, quantity AS q, amount AS a, 0 AS s"
                        "   FROM sum_return_staff WHERE day BETWEEN ?1 AND ?2"
                        "  UNION ALL SELECT staff_id, 0, 0, 0, amount"
                        "   FROM sum_sale_staff WHERE day BETWEEN ?1 AND ?2)"
                        " JOIN staff p ON p.id = staff_id"
                        " GROUP BY staff_id ORDER BY a DESC, p.no LIMIT ?3",
  [TILL_ROLLUP_ITEM] = "SELECT i.code, i.name, n, q, a, 0 FROM (SELECT item_id, sum (n) AS n,"
                       "  sum (quantity) AS q, sum (amount) AS a FROM sum_return_item"
                       "  WHERE day BETWEEN ?1 AND ?2 GROUP BY item_id"
                       "  ORDER BY a DESC, item_id LIMIT ?3)"
                       " JOIN item i ON i.id = item_id ORDER BY a DESC, item_id",
  [TILL_ROLLUP_DAY] = "SELECT day, '', sum (n), sum (q), sum (a), sum (s)"
                      " FROM (SELECT day, n, quantity AS q, amount AS a, 0 AS s"
                      "   FROM sum_return_reason WHERE day BETWEEN ?1 AND ?2"
                      "  UNION ALL SELECT day, 0, 0, 0, amount"
                      "   FROM sum_sale_staff WHERE day BETWEEN ?1 AND ?2)"
                      " GROUP BY day ORDER BY day LIMIT ?3",
  [TILL_ROLLUP_ROUTE] = "SELECT tender, '', sum (n), 0, sum (amount) AS a, 0"
                        " FROM sum_return_route WHERE day BETWEEN ?1 AND ?2"
                        " GROUP BY tender ORDER BY a DESC, tender LIMIT ?3",
};

static const char *const total_texts[] = {
#define TOTAL(table)                                                                               \
  "SELECT coalesce (sum (n), 0), coalesce (sum (amount), 0) FROM " table                           \
  " WHERE day BETWEEN ?1 AND ?2 UNION ALL"                                                         \
  " SELECT coalesce (sum (n), 0), coalesce (sum (amount), 0) FROM sum_sale_staff"                  \
  " WHERE day BETWEEN ?1 AND ?2"
  [TILL_ROLLUP_REASON] = TOTAL ("sum_return_reason"),
  [TILL_ROLLUP_STAFF] = TOTAL ("sum_return_staff"),
  [TILL_ROLLUP_ITEM] = TOTAL ("sum_return_item"),
  [TILL_ROLLUP_DAY] = TOTAL ("sum_return_reason"),
  [TILL_ROLLUP_ROUTE] = TOTAL ("sum_return_route"),
};

gboolean
till_report_store_rows (TillLedger *ledger, TillRollup rollup, int from, int to, int limit,
                        TillOnRollup on_row, gpointer user, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, row_texts[rollup], "iii", from, to, limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillRollupRow row = {
        .key = till_rows_text (&rows, 0),
        .name = till_rows_text (&rows, 1),
        .n = till_rows_int64 (&rows, 2),
        .quantity = till_rows_int64 (&rows, 3),
        .amount = till_rows_int64 (&rows, 4),
        .sales = till_rows_int64 (&rows, 5),
      };
      on_row (&row, user);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_report_store_total (TillLedger *ledger, TillRollup rollup, int from, int to,
                         TillRollupTotal *total, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *total = (TillRollupTotal){ 0 };
  if (!till_rows_open (&rows, ledger, error, total_texts[rollup], "ii", from, to))
    return FALSE;
  if (till_rows_next (&rows))
    {
      total->n = till_rows_int64 (&rows, 0);
      total->amount = till_rows_int64 (&rows, 1);
    }
  if (till_rows_next (&rows))
    {
      total->sales_n = till_rows_int64 (&rows, 0);
      total->sales = till_rows_int64 (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_report_store_open (TillLedger *ledger, int *unconfirmed, int *refused, int *waiting,
                        GError **error)
{
  g_auto (TillRows) rows = { 0 };
  /* The words of the partial index, so that only open refunds are looked at. */
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT coalesce (sum (state IN ('QUEUED', 'SENDING', 'UNKNOWN', 'ACCEPTED',"
                       " 'RECALL_DUE', 'RECALLING')), 0),"
                       " coalesce (sum (state IN ('FIX', 'CUSTOMER', 'PROVIDER')), 0), count (*)"
                       " FROM refund WHERE state NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED',"
                       " 'FAILED', 'REFUSED', 'CANCELLED')",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *unconfirmed = till_rows_int (&rows, 0);
      *refused = till_rows_int (&rows, 1);
      *waiting = till_rows_int (&rows, 2) - *unconfirmed - *refused;
    }
  return till_rows_end (&rows, error);
}

/* Histories are clustered by what they are of and have no index by time: the latest rows are those
 * of the latest sales and refunds. A payment by cash has no provider. Two answers may have one
 * instant and never one entry of the journal. */
#define COLUMNS(is_refund, subject)                                                                \
  "SELECT o.provider, h.at, replace (h.event, 'anomaly: ', ''),"                                   \
  " iif (p.event = 'promise', h.at - p.at, -1), h.evidence, h.seq, " is_refund ", " subject
#define IS_ANSWER                                                                                  \
  " AND o.provider <> '' AND replace (h.event, 'anomaly: ', '') IN ('done', 'accepted',"           \
  " 'silence', 'not_sent', 'refused', 'refused_retry', 'refused_balance', 'refused_fix',"          \
  " 'refused_customer', 'refused_provider', 'refused_final', 'not_found', 'gone', 'mismatch')"

static const char answers_text[] = COLUMNS (
    "0", "h.sale_id * 100 + h.pos") " FROM leg_history h"
                                    " JOIN leg o ON o.sale_id = h.sale_id AND o.pos = h.pos"
                                    " LEFT JOIN leg_history p"
                                    "  ON p.sale_id = h.sale_id AND p.pos = h.pos AND p.n = h.n - 1"
                                    " WHERE h.sale_id > (SELECT coalesce (max (id), 0) - 10000 "
                                    "FROM sale)" IS_ANSWER " UNION ALL " COLUMNS (
                                        "1",
                                        "h.refund_id") " FROM refund_history h JOIN refund o ON "
                                                       "o.id = h.refund_id"
                                                       " LEFT JOIN refund_history p ON p.refund_id "
                                                       "= h.refund_id AND p.n = h.n - 1"
                                                       " WHERE h.refund_id > (SELECT coalesce (max "
                                                       "(id), 0) - 10000 FROM refund)" IS_ANSWER
                                                       " ORDER BY 6 DESC LIMIT ?1";

gboolean
till_report_store_answers (TillLedger *ledger, int limit, TillOnProviderAnswer on_answer,
                           gpointer user, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, answers_text, "i", limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillProviderAnswer answer = {
        .provider = till_rows_text (&rows, 0),
        .at = till_rows_int64 (&rows, 1),
        .event = till_rows_text (&rows, 2),
        .took = till_rows_int64 (&rows, 3),
        .evidence = till_rows_text (&rows, 4),
        .is_refund = till_rows_int (&rows, 6) != 0,
        .subject = till_rows_int64 (&rows, 7),
      };
      on_answer (&answer, user);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_report_store_open_by_provider (TillLedger *ledger, TillOnProviderOpen on_open, gpointer user,
                                    GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT provider, count (*), sum (amount) FROM refund"
                       " WHERE state NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED',"
                       " 'FAILED', 'REFUSED', 'CANCELLED') AND provider <> ''"
                       " GROUP BY provider ORDER BY provider",
                       ""))
    return FALSE;
  while (till_rows_next (&rows))
    on_open (till_rows_text (&rows, 0), till_rows_int (&rows, 1), till_rows_int64 (&rows, 2), user);
  return till_rows_end (&rows, error);
}
