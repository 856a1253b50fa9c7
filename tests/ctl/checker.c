/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ctl/checker.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <string.h>

#define FINDINGS_MAX 20

typedef struct
{
  sqlite3 *db;
  const char *path; /* of the books */
  gboolean has_statement;
  TillCheckFlags flags;
  const char *name;    /* of the check at work */
  guint found;         /* by it */
  GPtrArray *findings; /* of TillFinding */
} Audit;

typedef void (*CheckRun) (Audit *audit);

typedef struct
{
  const char *name;
  const char *watches;
  const char *sql; /* a row is a finding, told by its first column … */
  CheckRun run;    /* … or a function */
  gboolean needs_statement;
  TillCheckFlags unless;
} Check;

static GQuark
check_quark (void)
{
  return g_quark_from_static_string ("till-check");
}

static void
finding_free (gpointer data)
{
  TillFinding *finding = data;
  g_free (finding->what);
  g_free (finding);
}

static void find (Audit *audit, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
find (Audit *audit, const char *format, ...)
{
  if (audit->found++ >= FINDINGS_MAX)
    return;
  TillFinding *finding = g_new0 (TillFinding, 1);
  finding->name = audit->name;
  va_list values;
  va_start (values, format);
  finding->what = g_strdup_vprintf (format, values);
  va_end (values);
  g_ptr_array_add (audit->findings, finding);
}

/* A question that cannot be put is itself a finding: a check must never pass by not running. */
static sqlite3_stmt *
ask (Audit *audit, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2 (audit->db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  find (audit, "cannot ask: %s", sqlite3_errmsg (audit->db));
  return NULL;
}

static gboolean
step (Audit *audit, sqlite3_stmt *statement)
{
  if (!statement)
    return FALSE;
  int code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    find (audit, "cannot read: %s", sqlite3_errmsg (audit->db));
  sqlite3_finalize (statement);
  return FALSE;
}

static const char *
text (sqlite3_stmt *statement, int column)
{
  const char *value = (const char *)sqlite3_column_text (statement, column);
  return value ? value : "";
}

static void
run_sql (Audit *audit, const char *sql)
{
  sqlite3_stmt *rows = ask (audit, sql);
  while (step (audit, rows))
    find (audit, "%s", text (rows, 0));
}

/* --- what the checks are told in SQL --- */

/* Finally not paid: these alone give their amount free again. */
#define FINAL_NO "('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"
#define LIVE "NOT IN " FINAL_NO
#define RETURN_COUNTS "IN ('WAIT_APPROVAL', 'CLOSED')"
/* They give a refund no number of their own. */
#define UNNUMBERED "('alipay', 'umpay')"
/* In these a provider may have paid without the ledger knowing it yet. */
#define IN_DOUBT                                                                                   \
  "('SENDING', 'UNKNOWN', 'ACCEPTED', 'PROVIDER', 'FIX', 'CUSTOMER', 'RECALL_DUE', 'RECALLING')"

static const char m1[]
    = "SELECT 'sale ' || l.sale_id || ' leg ' || l.pos || ': ' || sum (r.amount) || ' of ' || "
      "l.amount"
      "  FROM leg l JOIN refund r ON r.sale_id = l.sale_id AND r.leg_pos = l.pos"
      " WHERE r.state " LIVE
      " GROUP BY l.sale_id, l.pos HAVING sum (r.amount) > iif (l.state = 'APPROVED', l.amount, 0)";

static const char m2[]
    = "SELECT 'sale ' || s.sale_id || ' line ' || s.pos || ': returned ' || sum (l.quantity) || ' "
      "of '"
      "       || s.quantity || ', ' || sum (l.amount) || ' of ' || s.amount"
      "  FROM sale_line s JOIN return_line l ON l.sale_id = s.sale_id AND l.sale_pos = s.pos"
      "  JOIN \"return\" r ON r.id = l.return_id WHERE r.state " RETURN_COUNTS
      " GROUP BY s.sale_id, s.pos HAVING sum (l.quantity) > s.quantity OR sum (l.amount) > s.amount"
      "     OR sum (l.vat) > s.vat"
      " UNION ALL SELECT 'return ' || l.return_id || ' takes line ' || l.sale_pos || ' of another "
      "sale'"
      "  FROM return_line l JOIN \"return\" r ON r.id = l.return_id WHERE r.sale_id <> l.sale_id"
      " UNION ALL SELECT 'return ' || r.id || ' of sale ' || s.id || ' in state ' || s.state"
      "  FROM \"return\" r JOIN sale s ON s.id = r.sale_id WHERE s.state <> 'PAID'";

static const char m3_sale[]
    = "SELECT 'sale ' || s.id || ': lines ' || (SELECT sum (amount) FROM sale_line WHERE sale_id = "
      "s.id)"
      "       || ', total ' || s.total FROM sale s"
      " WHERE s.total <> (SELECT coalesce (sum (amount), 0) FROM sale_line WHERE sale_id = s.id)"
      "    OR s.vat <> (SELECT coalesce (sum (vat), 0) FROM sale_line WHERE sale_id = s.id)"
      "    OR s.discount <> (SELECT coalesce (sum (discount), 0) FROM sale_line WHERE sale_id = "
      "s.id)"
      "    OR s.rounding <> (SELECT coalesce (sum (rounding), 0) FROM sale_line WHERE sale_id = "
      "s.id)"
      " UNION ALL SELECT 'sale ' || sale_id || ' line ' || pos || ' does not add up' FROM sale_line"
      " WHERE gross - discount + rounding <> amount AND gross - discount + rounding + vat <> amount"
      " UNION ALL SELECT 'sale ' || s.id || ' is ' || s.state || ' and its legs took '"
      "   || (SELECT coalesce (sum (amount), 0) FROM leg WHERE sale_id = s.id AND state = "
      "'APPROVED')"
      "   || ' of ' || s.total FROM sale s WHERE CASE s.state"
      "  WHEN 'PAID' THEN s.total <> (SELECT coalesce (sum (amount), 0) FROM leg"
      "                                WHERE sale_id = s.id AND state = 'APPROVED')"
      "  ELSE s.total < (SELECT coalesce (sum (amount), 0) FROM leg"
      "                   WHERE sale_id = s.id AND state = 'APPROVED') END";

static const char m3_return[]
    = "SELECT 'return ' || r.id || ': lines do not sum to ' || r.amount FROM \"return\" r"
      " WHERE r.amount <> (SELECT coalesce (sum (amount), 0) FROM return_line WHERE return_id = "
      "r.id)"
      "    OR r.vat <> (SELECT coalesce (sum (vat), 0) FROM return_line WHERE return_id = r.id)"
      " UNION ALL SELECT 'return ' || r.id || ': refunds do not sum to ' || r.amount FROM "
      "\"return\" r"
      " WHERE r.amount <> (SELECT coalesce (sum (amount), 0) FROM refund"
      "                     WHERE return_id = r.id AND supersedes IS NULL)"
      " UNION ALL SELECT 'refund ' || n.id || ' replaces another amount' FROM refund n"
      "  JOIN refund o ON o.id = n.supersedes WHERE o.amount <> n.amount OR o.return_id <> "
      "n.return_id"
      " UNION ALL SELECT 'sale ' || s.id || ' came back whole for ' || g.amount || ' of ' || "
      "s.total"
      "  FROM sale s JOIN (SELECT l.sale_id, sum (l.amount) amount, sum (l.quantity) quantity"
      "    FROM return_line l JOIN \"return\" r ON r.id = l.return_id WHERE r.state " RETURN_COUNTS
      "   GROUP BY l.sale_id) g ON g.sale_id = s.id"
      " WHERE g.quantity = (SELECT sum (quantity) FROM sale_line WHERE sale_id = s.id)"
      "   AND g.amount <> s.total";

static const char m4[]
    = "SELECT 'entry ' || seq || ' posts ' || sum (amount) FROM posting GROUP BY seq"
      " HAVING sum (amount) <> 0"
      " UNION ALL SELECT 'all accounts together: ' || sum (amount) FROM balance HAVING sum "
      "(amount) <> 0"
      " UNION ALL SELECT 'account ' || account || ' holds ' || sum (amount) || ' by its postings'"
      "  FROM posting p GROUP BY account"
      " HAVING sum (amount) <> coalesce ((SELECT amount FROM balance b WHERE b.account = "
      "p.account), 0)"
      " UNION ALL SELECT 'account ' || account || ' has no postings' FROM balance"
      " WHERE amount <> 0 AND account NOT IN (SELECT account FROM posting)";

static const char m5[]
    = "SELECT 'the provider moved ' || amount || ' for ' || kind || ' ' || request_no"
      "       || ' that is not promised in the ledger' FROM effect e"
      " WHERE (kind IN ('pay', 'reverse') AND NOT EXISTS (SELECT 1 FROM leg"
      "    WHERE request_no = e.request_no AND amount = e.amount AND requested_at > 0)"
      /* What a customer pays at a terminal beside the till is promised by nobody, and is there
       * before it is typed: then a payment of the same amount waits for it. */
      "   AND NOT (kind = 'pay' AND EXISTS (SELECT 1 FROM leg l LEFT JOIN card_slip c"
      "     USING (sale_id, pos) WHERE l.by_slip = 1 AND l.amount = e.amount"
      "      AND coalesce (c.log_no = e.request_no, l.state = 'PLANNED'))))"
      "    OR (kind = 'refund' AND NOT EXISTS (SELECT 1 FROM refund"
      "    WHERE request_no = e.request_no AND amount = e.amount AND requested_at > 0"
      "      AND e.original_no = coalesce ((SELECT log_no FROM card_slip c"
      "       WHERE c.sale_id = refund.sale_id AND c.pos = refund.leg_pos), original_no)))"
      "    OR kind NOT IN ('pay', 'reverse', 'refund')";

static const char m6_refund[]
    = "SELECT 'refund ' || id || ' is ' || state || ', the provider gave back '"
      "       || (SELECT coalesce (sum (amount), 0) FROM effect WHERE kind = 'refund'"
      "            AND request_no = refund.request_no) FROM refund"
      " WHERE tender <> 'cash' AND (state = 'SUCCEEDED' AND NOT EXISTS (SELECT 1 FROM effect"
      "    WHERE kind = 'refund' AND request_no = refund.request_no AND amount = refund.amount)"
      "    OR state = 'BOUNCED' AND NOT EXISTS (SELECT 1 FROM effect"
      "    WHERE kind = 'refund' AND request_no = refund.request_no AND back = 1)"
      "    OR state NOT IN ('SUCCEEDED', 'BOUNCED') AND state NOT IN " IN_DOUBT " AND EXISTS"
      "   (SELECT 1 FROM effect WHERE kind = 'refund' AND request_no = refund.request_no"
      "     AND back IS NOT 1))";

static const char m6_leg[]
    = "SELECT 'sale ' || sale_id || ' leg ' || pos || ' is ' || state || ', the provider holds ' "
      "|| held"
      "  FROM (SELECT *, (SELECT coalesce (sum (iif (kind = 'pay', amount, -amount)), 0) FROM "
      "effect"
      "          WHERE kind IN ('pay', 'reverse') AND request_no = coalesce ((SELECT log_no FROM"
      "           card_slip c WHERE c.sale_id = leg.sale_id AND c.pos = leg.pos), leg.request_no)) "
      "held"
      "          FROM leg WHERE tender <> 'cash')"
      " WHERE (state = 'APPROVED' AND held <> amount)"
      "    OR (state IN ('PLANNED', 'DECLINED', 'CANCELLED', 'REVERSED') AND held <> 0)";

static const char m7[]
    = "SELECT 'the drawer should hold ' || want || ' and its account says ' || has FROM (SELECT"
      " (SELECT coalesce (sum (amount), 0) FROM leg WHERE tender = 'cash' AND state = 'APPROVED')"
      " - (SELECT coalesce (sum (amount), 0) FROM refund WHERE tender = 'cash' AND state = "
      "'SUCCEEDED')"
      " + (SELECT coalesce (sum (iif (way = 'float', amount, -amount)), 0) FROM cash_move)"
      " + (SELECT coalesce (sum (counted - expected), 0) FROM shift)"
      " - (SELECT coalesce (sum (counted - kept), 0) FROM shift)"
      " want, (SELECT coalesce (sum (amount), 0) FROM balance"
      "         WHERE account = 'drawer' OR account LIKE 'drawer:%') has) WHERE want <> has";

/* That a posting has its counterpart does not say that it was made once, or for this amount. */
static const char m7_accounts[]
    = "WITH want (account, amount) AS ("
      "SELECT 'receivable:' || provider, amount FROM leg WHERE state = 'APPROVED' AND tender <> "
      "'cash'"
      " UNION ALL SELECT 'receivable:' || provider, -amount FROM refund WHERE state = 'SUCCEEDED'"
      "   AND tender <> 'cash'"
      " UNION ALL SELECT 'tendered', -l.amount FROM leg l JOIN sale s ON s.id = l.sale_id"
      "   WHERE l.state = 'APPROVED' AND s.state <> 'PAID'"
      " UNION ALL SELECT 'sales', vat - total FROM sale WHERE state = 'PAID'"
      " UNION ALL SELECT 'vat', -vat FROM sale WHERE state = 'PAID'"
      " UNION ALL SELECT 'sales', amount - vat FROM \"return\" WHERE state = 'CLOSED'"
      " UNION ALL SELECT 'vat', vat FROM \"return\" WHERE state = 'CLOSED'"
      " UNION ALL SELECT 'refunds_due', -amount FROM \"return\" WHERE state = 'CLOSED'"
      " UNION ALL SELECT 'refunds_due', amount FROM refund WHERE state = 'SUCCEEDED'"
      " UNION ALL SELECT 'safe', iif (way = 'float', -amount, amount) FROM cash_move"
      " UNION ALL SELECT 'safe', counted - kept FROM shift"
      " UNION ALL SELECT 'over_short', expected - counted FROM shift)"
      " SELECT 'account ' || account || ' stands for ' || sum (want) || ' and holds ' || sum (has)"
      "  FROM (SELECT account, amount want, 0 has FROM want"
      "   UNION ALL SELECT account, 0, amount FROM balance"
      "    WHERE account <> 'drawer' AND account NOT LIKE 'drawer:%')"
      " GROUP BY account HAVING sum (want) <> sum (has)";

static const char m8[]
    = "SELECT 'sale ' || id || ' has an amount that cannot be' FROM sale"
      " WHERE typeof (total) <> 'integer' OR total NOT BETWEEN 0 AND 1000000000000000"
      "    OR discount NOT BETWEEN 0 AND 1000000000000000 OR rounding NOT BETWEEN -1000000000 AND 0"
      " UNION ALL SELECT 'sale ' || sale_id || ' line ' || pos || ' has an amount that cannot be'"
      "  FROM sale_line WHERE typeof (amount) <> 'integer' OR amount NOT BETWEEN 0 AND "
      "1000000000000000"
      "    OR quantity NOT BETWEEN 1 AND 1000000000000 OR vat NOT BETWEEN 0 AND amount"
      " UNION ALL SELECT 'leg of sale ' || sale_id FROM leg"
      " WHERE typeof (amount) <> 'integer' OR amount NOT BETWEEN 0 AND 1000000000000000"
      " UNION ALL SELECT 'refund ' || id FROM refund"
      " WHERE typeof (amount) <> 'integer' OR amount NOT BETWEEN 1 AND 1000000000000000"
      " UNION ALL SELECT 'posting of entry ' || seq FROM posting"
      " WHERE typeof (amount) <> 'integer' OR abs (amount) > 1000000000000000"
      " UNION ALL SELECT 'balance of ' || account FROM balance WHERE typeof (amount) <> 'integer'";

static const char a1[]
    = "SELECT 'request number ' || request_no || ' is used ' || count (*) || ' times' FROM"
      " (SELECT request_no FROM refund UNION ALL SELECT request_no FROM leg WHERE request_no IS "
      "NOT NULL)"
      " GROUP BY request_no HAVING count (*) > 1"
      " UNION ALL SELECT 'refund ' || n.id || ' replaces ' || o.id || ', which is ' || o.state"
      "  FROM refund n JOIN refund o ON o.id = n.supersedes WHERE o.state NOT IN " FINAL_NO
      "    OR NOT EXISTS (SELECT 1 FROM refund_history h WHERE h.refund_id = o.id"
      "       AND h.to_state IN " FINAL_NO " AND h.seq <= n.seq)"
      " UNION ALL SELECT 'refund ' || supersedes || ' is replaced ' || count (*) || ' times' FROM "
      "refund"
      " WHERE supersedes IS NOT NULL AND state " LIVE " GROUP BY supersedes HAVING count (*) > 1"
      " UNION ALL SELECT 'refund ' || n.id || ' replaces another without a second person' FROM "
      "refund n"
      " WHERE supersedes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refund_history h"
      "  JOIN staff s ON h.evidence LIKE '%approved by ' || s.no"
      " WHERE h.refund_id = n.id AND h.event = 'approve' AND s.id <> n.staff_id)"
      /* The same money the same way: after a refused void nobody has to be asked again. */
      " AND NOT EXISTS (SELECT 1 FROM refund o WHERE o.id = n.supersedes AND o.why = 'same_day'"
      "  AND n.why <> 'same_day' AND o.tender = n.tender AND o.provider = n.provider"
      "  AND o.original_no = n.original_no AND o.staff_id = n.staff_id)";

static const char a2[]
    = "SELECT kind || ' ' || request_no || ' was done ' || count (*) || ' times' FROM effect"
      " GROUP BY kind, request_no HAVING count (*) > 1";

/* The same money by two ways: a replacement whose predecessor was paid after all. */
static const char a2_chain[]
    = "SELECT 'return ' || return_id || ' leg ' || leg_pos || ' was paid back ' || sum (amount) || "
      "' of '"
      "       || (SELECT amount FROM \"return\" WHERE id = return_id) FROM refund r"
      " WHERE (tender = 'cash' AND state = 'SUCCEEDED')"
      "    OR EXISTS (SELECT 1 FROM effect WHERE kind = 'refund' AND request_no = r.request_no"
      "               AND back IS NOT 1)"
      " GROUP BY return_id HAVING sum (amount) > (SELECT amount FROM \"return\" WHERE id = "
      "return_id)";

static const char a3[]
    = "SELECT 'refund ' || refund_id || ' succeeded ' || count (*) || ' times' FROM refund_history"
      " WHERE to_state = 'SUCCEEDED' AND from_state <> 'SUCCEEDED' GROUP BY refund_id"
      " HAVING count (*) > 1"
      " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' was approved ' || count (*) || "
      "' times'"
      "  FROM leg_history WHERE to_state = 'APPROVED' AND from_state <> 'APPROVED'"
      " GROUP BY sale_id, pos HAVING count (*) > 1";

static const char a4[]
    = "SELECT 'token ' || token || ' became ' || count (*) || ' documents' FROM"
      " (SELECT token FROM sale UNION ALL SELECT token FROM \"return\") GROUP BY token"
      " HAVING count (*) > 1"
      " UNION ALL SELECT 'draft ' || token || ' is also a document' FROM draft WHERE token IN"
      " (SELECT token FROM sale WHERE state <> 'ABANDONED' UNION ALL SELECT token FROM \"return\")"
      " UNION ALL SELECT 'return ' || return_id || ' owes leg ' || leg_pos || ' ' || count (*)"
      "   || ' refunds' FROM refund WHERE supersedes IS NULL GROUP BY return_id, leg_pos"
      " HAVING count (*) > 1";

static const char a5[]
    = "SELECT 'refund ' || r.id || ' is not for the payment it names' FROM refund r"
      "  JOIN leg l ON l.sale_id = r.sale_id AND l.pos = r.leg_pos"
      " WHERE r.tender <> 'cash' AND (r.original_no <> l.request_no OR r.provider <> l.provider"
      "    OR r.tender <> l.tender)"
      " UNION ALL SELECT 'refund ' || id || ' was promised at ' || requested_at || ' and says "
      "otherwise'"
      "  FROM refund WHERE requested_at <> coalesce ((SELECT at FROM refund_history h"
      "   WHERE h.refund_id = refund.id AND event = 'promise' ORDER BY n LIMIT 1), 0)"
      " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' was promised at another time'"
      "  FROM leg WHERE requested_at <> coalesce ((SELECT at FROM leg_history h"
      "   WHERE h.sale_id = leg.sale_id AND h.pos = leg.pos AND event = 'promise' ORDER BY n LIMIT "
      "1), 0)";

static const char a6[]
    = "SELECT 'the provider was asked ' || e.asked || ' times for refund ' || e.request_no || ', "
      "we asked '"
      "       || count (h.n) FROM effect e JOIN refund r ON r.request_no = e.request_no"
      "  LEFT JOIN refund_history h ON h.refund_id = r.id AND h.event = 'promise'"
      " WHERE e.kind = 'refund' GROUP BY e.rowid HAVING e.asked > count (h.n)"
      " UNION ALL SELECT 'the provider was asked ' || e.asked || ' times for payment ' || "
      "e.request_no"
      "       || ', we asked ' || count (h.n) FROM effect e JOIN leg l ON l.request_no = "
      "e.request_no"
      "  LEFT JOIN leg_history h ON h.sale_id = l.sale_id AND h.pos = l.pos AND h.event = 'promise'"
      " WHERE e.kind = 'pay' GROUP BY e.rowid HAVING e.asked > count (h.n)";

static const char l1[]
    = "SELECT 'slip ' || id || ' is about ' || kind || ' ' || subject_id || ', which is not there'"
      "  FROM print_job p WHERE (kind = 'sale' AND NOT EXISTS (SELECT 1 FROM sale WHERE id = "
      "subject_id))"
      "    OR (kind = 'return' AND NOT EXISTS (SELECT 1 FROM \"return\" WHERE id = subject_id))"
      "    OR (kind = 'refund' AND NOT EXISTS (SELECT 1 FROM refund WHERE id = subject_id))"
      "    OR (kind = 'shift' AND NOT EXISTS (SELECT 1 FROM shift WHERE id = subject_id))"
      " UNION ALL SELECT 'shift ' || id || ' is closed and no slip is due' FROM shift WHERE NOT "
      "EXISTS"
      "   (SELECT 1 FROM print_job WHERE kind = 'shift' AND subject_id = shift.id)"
      " UNION ALL SELECT 'sale ' || id || ' is paid and no receipt is due' FROM sale WHERE state = "
      "'PAID'"
      "   AND NOT EXISTS (SELECT 1 FROM print_job WHERE kind = 'sale' AND subject_id = sale.id)"
      " UNION ALL SELECT 'return ' || id || ' is closed and no slip is due' FROM \"return\""
      " WHERE state = 'CLOSED'"
      "   AND NOT EXISTS (SELECT 1 FROM print_job WHERE kind = 'return' AND subject_id = "
      "\"return\".id)";

static const char l3[]
    = "SELECT 'refund ' || id || ' is ' || state || ' and nobody will look at it' FROM refund"
      " WHERE (state IN ('QUEUED', 'SENDING', 'UNKNOWN', 'ACCEPTED', 'PROVIDER', 'RECALL_DUE',"
      "       'RECALLING'))"
      "       <> (next_action_at IS NOT NULL)"
      " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' is ' || state || ' and nobody "
      "looks'"
      "  FROM leg WHERE state IN ('PLANNED', 'REQUESTED', 'OPENED', 'UNKNOWN', 'REVERSING')"
      "   AND (next_action_at IS NULL) <> (by_slip = 1 AND state = 'PLANNED')"
      " UNION ALL SELECT 'slip ' || id || ' is ' || state || ' and nobody will print it' FROM "
      "print_job"
      " WHERE (state IN ('QUEUED', 'SENDING', 'HANDED')) <> (next_action_at IS NOT NULL)";

static const char l4[]
    = "SELECT 'refund ' || id || ' is called done without proof' FROM refund WHERE state = "
      "'SUCCEEDED'"
      "   AND NOT EXISTS (SELECT 1 FROM refund_history h WHERE h.refund_id = refund.id"
      "       AND h.to_state = 'SUCCEEDED'"
      "       AND h.event = iif (refund.tender = 'cash', 'handed_over', 'done'))"
      " UNION ALL SELECT 'refund ' || id || ' is done without the provider''s number' FROM refund"
      " WHERE state = 'SUCCEEDED' AND tender <> 'cash' AND provider_no = ''"
      " AND provider NOT IN " UNNUMBERED
      " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' is called paid without proof' "
      "FROM leg"
      " WHERE state = 'APPROVED' AND tender <> 'cash' AND (provider_no = '' OR NOT EXISTS (SELECT 1"
      "   FROM leg_history h WHERE h.sale_id = leg.sale_id AND h.pos = leg.pos"
      "    AND h.to_state = 'APPROVED' AND h.event = iif (leg.by_slip = 1, 'asserted', 'done')))"
      " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' is asserted without a slip, or "
      "has '"
      "   || 'one and is not' FROM leg l WHERE (l.by_slip = 1 AND l.state = 'APPROVED') <>"
      "  EXISTS (SELECT 1 FROM card_slip c WHERE c.sale_id = l.sale_id AND c.pos = l.pos"
      "   AND c.staff_id > 0)"
      " UNION ALL SELECT 'slip ' || reference_no || ' paid ' || count (*) || ' times' FROM "
      "card_slip"
      "  GROUP BY provider, day, reference_no HAVING count (*) > 1";

/* An unconfirmed row is asked about again within a day of the last thing that happened to it. */
static const char l5[]
    = "SELECT 'refund ' || id || ' is not confirmed and nobody asks before ' || next_action_at "
      "FROM refund"
      " WHERE state = 'UNKNOWN' AND next_action_at - (SELECT max (at) FROM refund_history"
      "   WHERE refund_id = refund.id) > 86400000000";

/* Between two sends of one number stands an answer that says nothing was booked. */
static const char l7[]
    = "SELECT 'refund ' || p.refund_id || ' was sent at step ' || p.n || ' after ' || b.event"
      "       || ' from ' || b.from_state FROM refund_history p"
      "  JOIN refund_history b ON b.refund_id = p.refund_id AND b.n = (SELECT max (n)"
      "   FROM refund_history WHERE refund_id = p.refund_id AND n < p.n AND to_state <> from_state)"
      " WHERE p.event = 'promise' AND p.to_state = 'SENDING' AND (b.to_state <> 'QUEUED'"
      "    OR b.from_state = 'SENDING'"
      "       AND b.event NOT IN ('not_sent', 'refused_retry', 'refused_balance')"
      "    OR b.from_state = 'UNKNOWN' AND b.event <> 'gone')"
      " UNION ALL SELECT 'refund ' || p.refund_id || ' was recalled at step ' || p.n || ' and no "
      "two '"
      "       || 'persons had said so' FROM refund_history p WHERE p.to_state = 'RECALLING'"
      "  AND p.event = 'promise' AND ("
      "   (SELECT count (*) FROM refund_history b WHERE b.refund_id = p.refund_id AND b.n < p.n"
      "     AND b.event = 'recall' AND b.staff > 0) = 0"
      "   OR (SELECT count (*) FROM approval a JOIN refund f ON f.return_id = a.return_id"
      "        WHERE f.id = p.refund_id AND a.rule = 'recall' AND a.verdict = 'approved') = 0)";

static const char j2_seq[]
    = "SELECT t || ' ' || id || ' names entry ' || s || ', which is not there' FROM"
      " (SELECT 'sale' t, id, seq s FROM sale UNION ALL SELECT 'return', id, seq FROM \"return\""
      "  UNION ALL SELECT 'refund', id, seq FROM refund"
      "  UNION ALL SELECT 'refund_history', refund_id, seq FROM refund_history"
      "  UNION ALL SELECT 'leg_history', sale_id, seq FROM leg_history"
      "  UNION ALL SELECT 'shift', id, seq FROM shift"
      "  UNION ALL SELECT 'cash_move', id, seq FROM cash_move"
      "  UNION ALL SELECT 'seal', seq, seq FROM seal"
      "  UNION ALL SELECT 'notice', id, seq FROM notice"
      "  UNION ALL SELECT 'notice_settled', notice_id, seq FROM notice_settled"
      "  UNION ALL SELECT 'print_settled', job_id, seq FROM print_settled"
      "  UNION ALL SELECT 'drawer_seen', job_id, seq FROM drawer_seen"
      "  UNION ALL SELECT 'settlement', id, seq FROM settlement"
      "  UNION ALL SELECT 'settlement_closed', settlement_id, seq FROM settlement_closed"
      "  UNION ALL SELECT 'refund_coupon', refund_id, seq FROM refund_coupon"
      "  UNION ALL SELECT 'card_slip', sale_id, seq FROM card_slip"
      "  UNION ALL SELECT 'card_slip_confirmed', sale_id, seq FROM card_slip_confirmed"
      "  UNION ALL SELECT 'provider_stop', id, seq FROM provider_stop"
      "  UNION ALL SELECT 'provider_try', stop_id, seq FROM provider_try"
      "  UNION ALL SELECT 'provider_lift', stop_id, seq FROM provider_lift"
      "  UNION ALL SELECT 'posting', seq, seq FROM posting) WHERE s NOT IN (SELECT seq FROM "
      "journal)";

static const char j3[]
    = "SELECT t || ' ' || id || ' is dated ' || a || ', its entry otherwise' FROM"
      " (SELECT 'sale' t, id, seq s, at a, day d FROM sale"
      "  UNION ALL SELECT 'return', id, seq, at, day FROM \"return\""
      "  UNION ALL SELECT 'shift', id, seq, at, day FROM shift"
      "  UNION ALL SELECT 'cash_move', id, seq, at, day FROM cash_move"
      "  UNION ALL SELECT 'refund', id, seq, at, day FROM refund) JOIN journal ON seq = s"
      " WHERE at <> a OR day <> d"
      " UNION ALL SELECT 'refund ' || refund_id || ' step ' || n FROM refund_history h"
      "  JOIN journal j ON j.seq = h.seq WHERE h.at <> j.at";

/* Two sums that must be the same table: what is in one and not in the other. */
#define SAME(words, stored, summed)                                                                \
  "SELECT '" words ": ' || k || ' of ' || d FROM (SELECT * FROM (" stored " EXCEPT " summed ")"    \
  " UNION ALL SELECT * FROM (" summed " EXCEPT " stored "))"

#define PIECES "sum ((SELECT sum (quantity) FROM return_line WHERE return_id = r.id))"

static const char j4_sold[]
    = SAME ("sales by person", "SELECT day d, staff_id k, n, amount FROM sum_sale_staff",
            "SELECT day, staff_id, count (*), sum (total) FROM sale WHERE state = 'PAID'"
            " GROUP BY day, staff_id");
static const char j4_reasons[] = SAME (
    "returns by reason", "SELECT day d, reason k, n, amount, quantity FROM sum_return_reason",
    "SELECT day, reason, count (*), sum (amount), " PIECES " FROM \"return\" r"
    " WHERE state = 'CLOSED' GROUP BY day, reason");
static const char j4_people[] = SAME (
    "returns by person", "SELECT day d, staff_id k, n, amount, quantity FROM sum_return_staff",
    "SELECT day, staff_id, count (*), sum (amount), " PIECES " FROM \"return\" r"
    " WHERE state = 'CLOSED' GROUP BY day, staff_id");
static const char j4_items[]
    = SAME ("returns by item", "SELECT day d, item_id k, n, amount, quantity FROM sum_return_item",
            "SELECT r.day, s.item_id, count (*), sum (l.amount), sum (l.quantity)"
            " FROM \"return\" r JOIN return_line l ON l.return_id = r.id"
            " JOIN sale_line s ON s.sale_id = l.sale_id AND s.pos = l.sale_pos"
            " WHERE r.state = 'CLOSED' GROUP BY r.day, s.item_id");
static const char j4_ways[]
    = SAME ("returns by way", "SELECT day d, tender k, n, amount FROM sum_return_route",
            "SELECT r.day, f.tender, count (*), sum (f.amount) FROM \"return\" r"
            " JOIN refund f ON f.return_id = r.id AND f.supersedes IS NULL"
            " WHERE r.state = 'CLOSED' GROUP BY r.day, f.tender");

static const char j5[]
    = "SELECT 'entry ' || b.seq || ' is of day ' || b.day || ', the one before of ' || a.day"
      "  FROM journal a JOIN journal b ON b.seq = a.seq + 1 WHERE b.day < a.day";

static const char j5_shift[]
    = "SELECT 'shift ' || id || ' is entries ' || first_seq || ' to ' || seq FROM shift z"
      " WHERE first_seq <> 1 + coalesce ((SELECT max (seq) FROM shift WHERE id < z.id), 0)"
      "    OR seq < first_seq OR id <> (SELECT count (*) FROM shift WHERE id <= z.id)"
      "    OR (SELECT act FROM journal WHERE seq = z.seq) IS NOT 'shift'"
      " UNION ALL SELECT 'entry ' || seq || ' closes nothing' FROM journal WHERE act = 'shift'"
      "   AND seq NOT IN (SELECT seq FROM shift)";

static const char j6[]
    = "SELECT 'entry ' || b.seq || ' is older than the one before' FROM journal a"
      "  JOIN journal b ON b.seq = a.seq + 1 WHERE b.at < a.at"
      " UNION ALL SELECT 'refund ' || b.refund_id || ' step ' || b.n || ' is out of order'"
      "  FROM refund_history a JOIN refund_history b ON b.refund_id = a.refund_id AND b.n = a.n + 1"
      " WHERE b.seq < a.seq OR b.at < a.at";

/* --- what needs more than SQL --- */

/* The lives as the checker understands them, written from what the words mean: from, event, to. A
 * step that stays where it is may have any event: it is a remark. */
static const char *const refund_edges[] = { "WAIT_APPROVAL/QUEUED",
                                            "WAIT_APPROVAL/REFUSED",
                                            "WAIT_APPROVAL/CANCELLED",
                                            "QUEUED/SENDING",
                                            "QUEUED/SUCCEEDED",
                                            "QUEUED/CANCELLED",
                                            "SENDING/SUCCEEDED",
                                            "SENDING/ACCEPTED",
                                            "SENDING/UNKNOWN",
                                            "SENDING/QUEUED",
                                            "SENDING/FIX",
                                            "SENDING/CUSTOMER",
                                            "SENDING/PROVIDER",
                                            "SENDING/FAILED",
                                            "UNKNOWN/SUCCEEDED",
                                            "UNKNOWN/ACCEPTED",
                                            "UNKNOWN/QUEUED",
                                            "UNKNOWN/FIX",
                                            "UNKNOWN/CUSTOMER",
                                            "UNKNOWN/PROVIDER",
                                            "UNKNOWN/FAILED",
                                            "ACCEPTED/SUCCEEDED",
                                            "ACCEPTED/UNKNOWN",
                                            "ACCEPTED/PROVIDER",
                                            "ACCEPTED/CUSTOMER",
                                            "ACCEPTED/FIX",
                                            "ACCEPTED/CLOSED",
                                            "FIX/QUEUED",
                                            "FIX/CANCELLED",
                                            "FIX/SUCCEEDED",
                                            "CUSTOMER/QUEUED",
                                            "CUSTOMER/CANCELLED",
                                            "CUSTOMER/SUCCEEDED",
                                            "PROVIDER/SUCCEEDED",
                                            "PROVIDER/ACCEPTED",
                                            "PROVIDER/FIX",
                                            "PROVIDER/CUSTOMER",
                                            "PROVIDER/FAILED",
                                            "PROVIDER/RECALL_DUE",
                                            "RECALL_DUE/RECALLING",
                                            "RECALLING/RECALL_DUE",
                                            "RECALLING/PROVIDER",
                                            "RECALLING/UNKNOWN",
                                            "RECALLING/ACCEPTED",
                                            "RECALLING/SUCCEEDED",
                                            "RECALLING/CLOSED",
                                            "SUCCEEDED/BOUNCED",
                                            "QUEUED/CUSTOMER",
                                            NULL };

static const char *const leg_edges[] = {
  "PLANNED/REQUESTED",
  "PLANNED/CANCELLED",
  "PLANNED/APPROVED",
  "REQUESTED/APPROVED",
  "REQUESTED/DECLINED",
  "REQUESTED/UNKNOWN",
  "REQUESTED/CANCELLED",
  "REQUESTED/DISPUTED",
  "REQUESTED/OPENED",
  "OPENED/UNKNOWN",
  "OPENED/REVERSING",
  "UNKNOWN/APPROVED",
  "UNKNOWN/DECLINED",
  "UNKNOWN/REVERSING",
  "UNKNOWN/DISPUTED",
  "REVERSING/REVERSED",
  "REVERSING/UNKNOWN",
  "REVERSING/DISPUTED",
  "DISPUTED/APPROVED",
  "DISPUTED/DECLINED",
  "APPROVED/REVERSED", /* cash that is handed back because the rest of the sale did not come about
                        */
  NULL,
};

static const char *const return_edges[] = {
  "WAIT_APPROVAL/CLOSED",
  "WAIT_APPROVAL/DENIED",
  "WAIT_APPROVAL/CANCELLED",
  NULL,
};

/* rows: key, n, from, to, state now; by key and n. born: the state they are written in. */
static void
walk_lives (Audit *audit, const char *sql, const char *born, const char *const *edges)
{
  sqlite3_stmt *rows = ask (audit, sql);
  g_autofree char *key = g_strdup (""), *at = g_strdup (""), *now = g_strdup ("");
  int64_t n = 0;
  while (step (audit, rows))
    {
      if (strcmp (key, text (rows, 0)) != 0)
        {
          if (strcmp (at, now) != 0)
            find (audit, "%s is %s and its history ends in %s", key, now, at);
          g_free (key);
          g_free (at);
          key = g_strdup (text (rows, 0));
          at = g_strdup (born);
          n = 0;
        }
      const char *from = text (rows, 2), *to = text (rows, 3);
      g_autofree char *edge = g_strconcat (from, "/", to, NULL);
      gboolean stays = strcmp (from, to) == 0;
      if (sqlite3_column_int64 (rows, 1) != ++n)
        find (audit, "%s: step %" G_GINT64_FORMAT " is missing", key, n);
      else if (strcmp (from, at) != 0)
        find (audit, "%s: step %" G_GINT64_FORMAT " leaves %s while it was %s", key, n, from, at);
      else if (!stays && !g_strv_contains (edges, edge))
        find (audit, "%s: step %" G_GINT64_FORMAT " goes %s, which is no way", key, n, edge);
      g_free (at);
      g_free (now);
      at = g_strdup (to);
      now = g_strdup (text (rows, 4));
    }
  if (strcmp (at, now) != 0)
    find (audit, "%s is %s and its history ends in %s", key, now, at);
}

static void
check_lives (Audit *audit)
{
  walk_lives (audit,
              "SELECT 'refund ' || r.id, n, from_state, to_state, state FROM refund_history h"
              "  JOIN refund r ON r.id = h.refund_id ORDER BY r.id, n",
              "WAIT_APPROVAL", refund_edges);
  walk_lives (audit,
              "SELECT 'sale ' || l.sale_id || ' leg ' || l.pos, n, from_state, to_state, state"
              "  FROM leg_history h JOIN leg l ON l.sale_id = h.sale_id AND l.pos = h.pos"
              " ORDER BY l.sale_id, l.pos, n",
              "PLANNED", leg_edges);
  walk_lives (audit,
              "SELECT 'return ' || r.id, n, from_state, to_state, state FROM return_history h"
              "  JOIN \"return\" r ON r.id = h.return_id ORDER BY r.id, n",
              "WAIT_APPROVAL", return_edges);
  run_sql (audit,
           "SELECT 'refund ' || id || ' is ' || state || ' without a history' FROM refund"
           " WHERE state <> 'WAIT_APPROVAL' AND id NOT IN (SELECT refund_id FROM refund_history)"
           " UNION ALL SELECT 'return ' || id || ' is ' || state || ' without a history'"
           "  FROM \"return\" WHERE state <> 'WAIT_APPROVAL'"
           "   AND id NOT IN (SELECT return_id FROM return_history)"
           " UNION ALL SELECT 'sale ' || sale_id || ' leg ' || pos || ' is ' || state"
           "       || ' without a history' FROM leg WHERE state <> 'PLANNED' AND NOT EXISTS"
           " (SELECT 1 FROM leg_history h WHERE h.sale_id = leg.sale_id AND h.pos = leg.pos)");
}

static void
check_chain (Audit *audit)
{
  guint8 previous[32] = { 0 };
  int64_t want = 1;
  sqlite3_stmt *rows
      = ask (audit, "SELECT seq, at, day, till, staff, act, body, hash FROM journal ORDER BY seq");
  while (step (audit, rows))
    {
      int64_t seq = sqlite3_column_int64 (rows, 0);
      if (seq != want)
        find (audit, "entry %" G_GINT64_FORMAT " is missing", want);
      want = seq + 1;
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
      g_autofree char *head
          = g_strdup_printf ("%s\t%s\t%s\t%s\t%s\t%s\n", text (rows, 0), text (rows, 1),
                             text (rows, 2), text (rows, 3), text (rows, 4), text (rows, 5));
      g_checksum_update (sum, previous, sizeof previous);
      g_checksum_update (sum, (const guint8 *)head, -1);
      g_checksum_update (sum, (const guint8 *)text (rows, 6), -1);
      guint8 hash[32];
      gsize size = sizeof hash;
      g_checksum_get_digest (sum, hash, &size);
      const void *stored = sqlite3_column_blob (rows, 7);
      if (sqlite3_column_bytes (rows, 7) != 32 || memcmp (hash, stored, 32) != 0)
        find (audit, "entry %" G_GINT64_FORMAT " does not chain", seq);
      memcpy (previous, hash, 32);
    }
}

/* A value as the journal spells it: a tab, then digits, or text with three escapes, or \N. */
static void
spell (GString *line, sqlite3_stmt *row, int column)
{
  g_string_append_c (line, '\t');
  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    {
      g_string_append (line, "\\N");
      return;
    }
  for (const char *p = text (row, column); *p; p++)
    if (*p == '\\' || *p == '\t' || *p == '\n')
      g_string_append_printf (line, "\\%c", *p == '\t' ? 't' : *p == '\n' ? 'n' : '\\');
    else
      g_string_append_c (line, *p);
}

static guint
count_values (const char *line)
{
  guint n = 0;
  for (; *line; line++)
    n += *line == '\t';
  return n;
}

/* Every line of every entry, by table: line → how often. */
static GHashTable *
read_facts (Audit *audit, const char *table, gboolean widths[64])
{
  GHashTable *facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *head = g_strconcat (table, "\t", NULL);
  sqlite3_stmt *rows = ask (audit, "SELECT body FROM journal ORDER BY seq");
  while (step (audit, rows))
    {
      g_auto (GStrv) lines = g_strsplit (text (rows, 0), "\n", -1);
      for (char **line = lines; *line; line++)
        {
          if (!g_str_has_prefix (*line, head))
            continue;
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (facts, *line));
          g_hash_table_replace (facts, g_strdup (*line), GUINT_TO_POINTER (n + 1));
          widths[MIN (count_values (*line), 63)] = TRUE;
        }
    }
  return facts;
}

static void
check_table (Audit *audit, const char *table)
{
  gboolean widths[64] = { FALSE };
  g_autoptr (GHashTable) facts = read_facts (audit, table, widths);
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  sqlite3_stmt *rows = ask (audit, sql);
  while (step (audit, rows))
    {
      g_autoptr (GString) line = g_string_new (table);
      gboolean known = FALSE;
      for (int i = 0; i < MIN (sqlite3_column_count (rows), 63) && !known; i++)
        {
          spell (line, rows, i);
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (facts, line->str));
          known = widths[i + 1] && n > 0;
          if (known && n == 1)
            g_hash_table_remove (facts, line->str);
          else if (known)
            g_hash_table_replace (facts, g_strdup (line->str), GUINT_TO_POINTER (n - 1));
        }
      if (!known)
        find (audit, "no entry wrote this row: %s", line->str);
    }
  GHashTableIter iter;
  gpointer line;
  g_hash_table_iter_init (&iter, facts);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    find (audit, "no row holds what an entry wrote: %s", (const char *)line);
}

static void
check_facts (Audit *audit)
{
  static const char *const tables[] = { "sale",
                                        "sale_line",
                                        "leg",
                                        "leg_history",
                                        "return",
                                        "return_line",
                                        "return_history",
                                        "approval",
                                        "refund",
                                        "refund_history",
                                        "posting",
                                        "shift",
                                        "shift_open",
                                        "cash_move",
                                        "notice",
                                        "notice_settled",
                                        "print_settled",
                                        "settlement",
                                        "settlement_row",
                                        "settlement_closed",
                                        "refund_coupon",
                                        "provider_stop",
                                        "provider_try",
                                        "provider_lift",
                                        "drawer_seen",
                                        "card_slip",
                                        "card_slip_confirmed" };
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    check_table (audit, tables[i]);
}

/* --- shifts --- */

/* Here a shift is added up from the documents, in another order than the books do it: for each
 * document the entry at which it counted, then in C into the shift that the entry lies in. */
typedef struct
{
  int64_t first, last;
  int64_t sums[16];
} Stretch;

enum
{
  SALES_N,
  SALES,
  TAKEN_CASH,
  TAKEN_CARD,
  TAKEN_CODE,
  RETURNS_N,
  RETURNS,
  REFUNDS_N,
  REFUNDED_CASH,
  REFUNDED_CARD,
  REFUNDED_CODE,
  BOUNCED,
  FLOAT_IN,
  CASH_OUT,
};

/* entry, what (a place above), how many times, amount; the place before it counts */
static const struct
{
  const char *sql;
  int n_place; /* -1: nothing is counted */
} movements[] = {
  { "SELECT (SELECT max (seq) FROM (SELECT s.seq UNION ALL SELECT h.seq FROM leg_history h"
    "   WHERE h.sale_id = s.id AND h.to_state = 'APPROVED' AND h.from_state <> h.to_state)),"
    "  1, total FROM sale s WHERE state = 'PAID'",
    SALES_N },
  { "SELECT h.seq, CASE tender WHEN 'cash' THEN 2 WHEN 'card' THEN 3 ELSE 4 END,"
    "  iif (to_state = 'APPROVED', 1, -1) * amount FROM leg_history h JOIN leg USING (sale_id, pos)"
    " WHERE from_state <> to_state AND 'APPROVED' IN (from_state, to_state)",
    -1 },
  { "SELECT h.seq, 6, amount FROM return_history h JOIN \"return\" r ON r.id = h.return_id"
    " WHERE to_state = 'CLOSED' AND from_state <> to_state",
    RETURNS_N },
  { "SELECT h.seq, CASE tender WHEN 'cash' THEN 8 WHEN 'card' THEN 9 ELSE 10 END, amount"
    "  FROM refund_history h JOIN refund r ON r.id = h.refund_id"
    " WHERE to_state = 'SUCCEEDED' AND from_state <> to_state",
    REFUNDS_N },
  { "SELECT h.seq, 11, amount FROM refund_history h JOIN refund r ON r.id = h.refund_id"
    " WHERE to_state = 'BOUNCED' AND from_state <> to_state",
    -1 },
  { "SELECT seq, iif (way = 'float', 12, 13), amount FROM cash_move", -1 },
};

static GArray *
read_stretches (Audit *audit)
{
  GArray *stretches = g_array_new (FALSE, TRUE, sizeof (Stretch));
  sqlite3_stmt *rows = ask (audit, "SELECT first_seq, seq FROM shift ORDER BY seq");
  while (step (audit, rows))
    {
      Stretch stretch = { sqlite3_column_int64 (rows, 0), sqlite3_column_int64 (rows, 1), { 0 } };
      g_array_append_val (stretches, stretch);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (movements); i++)
    {
      rows = ask (audit, movements[i].sql);
      while (step (audit, rows))
        for (guint k = 0; k < stretches->len; k++)
          {
            Stretch *stretch = &g_array_index (stretches, Stretch, k);
            int64_t seq = sqlite3_column_int64 (rows, 0);
            if (seq < stretch->first || seq > stretch->last)
              continue;
            stretch->sums[sqlite3_column_int (rows, 1)] += sqlite3_column_int64 (rows, 2);
            if (movements[i].n_place >= 0)
              stretch->sums[movements[i].n_place]++;
          }
    }
  return stretches;
}

static void
check_shifts (Audit *audit)
{
  static const char *const names[]
      = { "sales_n",       "sales",   "taken_cash", "taken_card",    "taken_code",
          "returns_n",     "returns", "refunds_n",  "refunded_cash", "refunded_card",
          "refunded_code", "bounced", "float_in",   "cash_out" };
  g_autoptr (GArray) stretches = read_stretches (audit);
  int64_t sold = 0, given = 0, kept = 0;
  sqlite3_stmt *rows = ask (
      audit, "SELECT sales_n, sales, taken_cash, taken_card, taken_code, returns_n, returns,"
             " refunds_n, refunded_cash, refunded_card, refunded_code, bounced, float_in, cash_out,"
             " total_sales, total_refunds, expected, counted, over_short, kept, id"
             " FROM shift ORDER BY seq");
  for (guint i = 0; step (audit, rows); i++)
    {
      const int64_t *sums = g_array_index (stretches, Stretch, i).sums;
      const char *id = text (rows, 20);
      for (int k = 0; k <= CASH_OUT; k++)
        if (sqlite3_column_int64 (rows, k) != sums[k])
          find (audit, "shift %s: %s is %s, its rows make %" G_GINT64_FORMAT, id, names[k],
                text (rows, k), sums[k]);
      sold += sums[SALES];
      given += sums[REFUNDED_CASH] + sums[REFUNDED_CARD] + sums[REFUNDED_CODE];
      if (sqlite3_column_int64 (rows, 14) != sold || sqlite3_column_int64 (rows, 15) != given)
        find (audit, "shift %s: the sums of all shifts are not the sums of all rows", id);
      int64_t expected
          = kept + sums[FLOAT_IN] - sums[CASH_OUT] + sums[TAKEN_CASH] - sums[REFUNDED_CASH];
      if (sqlite3_column_int64 (rows, 16) != expected
          || sqlite3_column_int64 (rows, 18) != sqlite3_column_int64 (rows, 17) - expected)
        find (audit, "shift %s: the drawer should have held %" G_GINT64_FORMAT, id, expected);
      kept = sqlite3_column_int64 (rows, 19);
    }
  run_sql (
      audit,
      "WITH last (shift, refund, n) AS (SELECT z.id, r.id, max (h.n) FROM shift z JOIN refund r"
      "   ON r.seq <= z.seq LEFT JOIN refund_history h ON h.refund_id = r.id AND h.seq <= z.seq"
      "  GROUP BY z.id, r.id), was (shift, refund, state) AS (SELECT shift, refund,"
      "   coalesce (to_state, 'WAIT_APPROVAL')"
      "   FROM last LEFT JOIN refund_history h ON h.refund_id = refund AND h.n = last.n"
      "  WHERE coalesce (to_state, '') NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED', "
      "'REFUSED',"
      "   'CANCELLED'))"
      " SELECT 'shift ' || shift || ' does not say that refund ' || refund || ' was ' || state"
      "  FROM was WHERE NOT EXISTS (SELECT 1 FROM shift_open o WHERE o.shift_id = shift"
      "   AND o.refund_id = refund AND o.state = was.state)"
      " UNION ALL SELECT 'shift ' || shift_id || ' says that refund ' || refund_id || ' was '"
      "   || o.state FROM shift_open o WHERE NOT EXISTS (SELECT 1 FROM was"
      "   WHERE shift = shift_id AND refund = refund_id AND was.state = o.state)"
      " UNION ALL SELECT 'shift ' || id || ' adds its open refunds up to ' || open FROM shift z"
      "  WHERE (open_n, open) IS NOT (SELECT count (*), coalesce (sum (r.amount), 0)"
      "   FROM shift_open o JOIN refund r ON r.id = o.refund_id WHERE shift_id = z.id)"
      " UNION ALL SELECT 'shift ' || id || ' was looked at by its closer' FROM shift"
      "  WHERE approver_id = staff_id");
}

/* What OpenSSL says of a signature that libsodium made. */
static gboolean
is_signed (const void *key, const char *words, const void *signature)
{
  EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, key, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean good
      = pkey && EVP_DigestVerifyInit (context, NULL, NULL, NULL, pkey) == 1
        && EVP_DigestVerify (context, signature, 64, (const guchar *)words, strlen (words)) == 1;
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (pkey);
  return good;
}

/* The key as the setting spells it: a letter from a to p for each half of a byte. */
static gboolean
is_announced (const char *letters, const guint8 *key)
{
  for (int i = 0; i < 32; i++)
    if (letters[2 * i] != 'a' + key[i] / 16 || letters[2 * i + 1] != 'a' + key[i] % 16)
      return FALSE;
  return TRUE;
}

static void
check_seals (Audit *audit)
{
  sqlite3_stmt *rows = ask (
      audit,
      "SELECT z.id, z.no, z.seq, lower (hex (j.hash)), e.hash = j.hash, e.public_key,"
      " e.signature, (SELECT body FROM journal k WHERE k.seq < z.seq"
      "   AND k.body LIKE '%note' || char (9) || 'setting seal.key = %'"
      "  ORDER BY k.seq DESC LIMIT 1)"
      " FROM shift z LEFT JOIN journal j ON j.seq = z.seq LEFT JOIN seal e ON e.seq = z.seq");
  while (step (audit, rows))
    {
      const char *id = text (rows, 0);
      const char *said = strstr (text (rows, 7), "setting seal.key = ");
      g_autofree char *words = g_strdup_printf ("quittance seal 1\n%s\t%s\t%s\n", text (rows, 1),
                                                text (rows, 2), text (rows, 3));
      if (sqlite3_column_bytes (rows, 5) != 32 || sqlite3_column_bytes (rows, 6) != 64)
        find (audit, "shift %s is not signed", id);
      else if (!sqlite3_column_int (rows, 4))
        find (audit, "shift %s is signed for another entry", id);
      else if (!said || strlen (said) < 19 + 64
               || !is_announced (said + 19, sqlite3_column_blob (rows, 5)))
        find (audit, "shift %s is signed with a key that nobody announced", id);
      else if (!is_signed (sqlite3_column_blob (rows, 5), words, sqlite3_column_blob (rows, 6)))
        find (audit, "the signature of shift %s is wrong", id);
    }
  run_sql (audit, "SELECT 'entry ' || seq || ' is signed and closes nothing' FROM seal"
                  " WHERE seq NOT IN (SELECT seq FROM shift)");
}

static void
check_anchor (Audit *audit, const char *seq, const char *hash)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT lower (hex (hash)) FROM journal WHERE seq = %" G_GINT64_FORMAT,
                         g_ascii_strtoll (seq, NULL, 10));
  sqlite3_stmt *rows = ask (audit, sql);
  gboolean there = FALSE;
  while (step (audit, rows))
    {
      there = TRUE;
      if (strcmp (text (rows, 0), hash) != 0)
        find (audit, "entry %s is not the one that was anchored", seq);
    }
  if (!there)
    find (audit, "entry %s was anchored and is not there", seq);
}

/* Only what was written since a copy took the place of lost books. */
static void
check_anchors (Audit *audit)
{
  g_autofree char *dir = g_path_get_dirname (audit->path);
  g_autofree char *path = g_build_filename (dir, "anchors", NULL), *lines = NULL;
  if (!g_file_get_contents (path, &lines, NULL, NULL))
    return;
  const char *from = g_strrstr (lines, "restored ");
  g_auto (GStrv) list = g_strsplit (from ? from + strlen ("restored ") : lines, "\n", -1);
  for (char **line = list; *line && line[1]; line++) /* what has no end is not there */
    {
      g_auto (GStrv) parts = g_strsplit (*line, " ", 2);
      if (parts[0] && parts[1])
        check_anchor (audit, parts[0], parts[1]);
      else
        find (audit, "“%s” is no anchor", *line);
    }
}

static const Check checks[] = {
  { "M1", "no payment gives back more than it took", m1 },
  { "M2", "no line comes back more often, or for more, than it was sold", m2 },
  { "M3", "a sale's lines, total and payments are one sum", m3_sale },
  { "M3", "a return's lines, total and refunds are one sum; all of a sale is all its money",
    m3_return },
  { "M4", "every posting has its counterpart", m4 },
  { "M5", "what the provider did was promised before", m5, NULL, TRUE },
  { "M6", "refunds called done are those the provider paid", m6_refund, NULL, TRUE },
  { "M6", "payments called approved are those the provider holds", m6_leg, NULL, TRUE },
  { "M7", "the drawer holds what was put in less what was taken out", m7 },
  { "M7", "every other account holds what its documents say", m7_accounts },
  { "M8", "every amount is a whole number that can be", m8 },
  { "A1", "one number for life; a new one only after a final no and with a second person", a1 },
  { "A2", "the provider did nothing twice", a2, NULL, TRUE, TILL_CHECK_LENIENT },
  { "A2", "no return was paid back by two ways", a2_chain, NULL, TRUE },
  { "A3", "an answer that came again changed nothing", a3 },
  { "A4", "one draft became one document", a4 },
  { "A5", "what was promised stays as it was promised", a5 },
  { "A6", "the provider was asked no more often than the ledger says", a6, NULL, TRUE,
    TILL_CHECK_LINE_REPEATS },
  { "L1", "every slip is about something, and everything has its slip", l1 },
  { "L2", "every life went along its ways, without a gap, to where it is", NULL, check_lives },
  { "L3", "whatever is under way has a next step", l3 },
  { "L4", "done means proven", l4 },
  { "L5", "what is not confirmed is asked about at least once a day", l5 },
  { "L7", "nothing was sent again before an answer said it was not booked", l7 },
  { "J1", "the journal has no gap and chains", NULL, check_chain },
  { "J2", "every row is as its entry wrote it, and every entry has its rows", NULL, check_facts },
  { "J2", "every row names an entry that is there", j2_seq },
  { "J1", "every close is signed, and by the key that was the books' then", NULL, check_seals },
  { "J3", "rows and entries agree about when", j3 },
  { "J3", "the books hold every close that was anchored beside them", NULL, check_anchors },
  { "J4", "the daily sums of sales are the sums of their rows", j4_sold },
  { "J4", "… of returns by reason", j4_reasons },
  { "J4", "… by person", j4_people },
  { "J4", "… by item", j4_items },
  { "J4", "… by way", j4_ways },
  { "J4", "every shift is the sum of its rows, and all shifts of all", NULL, check_shifts },
  { "J5", "nothing was added to a day that was over", j5 },
  { "J5", "the journal is cut into shifts without a gap", j5_shift },
  { "J6", "later entries are not older, whatever the clock did", j6 },
};

const char *
till_check_nth (guint n, const char **watches)
{
  if (n >= G_N_ELEMENTS (checks))
    return NULL;
  if (watches)
    *watches = checks[n].watches;
  return checks[n].name;
}

/* --- opening --- */

static gboolean
insert_effect (sqlite3 *db, json_t *row)
{
  static const char *const names[]
      = { "kind",  "request_no", "original_no", "provider_no", "amount",
          "count", "asked",      "at",          "back" };
  sqlite3_stmt *insert = NULL;
  if (sqlite3_prepare_v2 (db, "INSERT INTO effect VALUES (?,?,?,?,?,?,?,?,?)", -1, &insert, NULL)
      != SQLITE_OK)
    return FALSE;
  for (int i = 0; i < (int)G_N_ELEMENTS (names); i++)
    {
      json_t *value = json_object_get (row, names[i]);
      if (json_is_string (value))
        sqlite3_bind_text (insert, i + 1, json_string_value (value), -1, SQLITE_TRANSIENT);
      else if (json_is_integer (value))
        sqlite3_bind_int64 (insert, i + 1, json_integer_value (value));
    }
  int code = sqlite3_step (insert);
  sqlite3_finalize (insert);
  return code == SQLITE_DONE;
}

static gboolean
load_statement (sqlite3 *db, const char *statement, GError **error)
{
  json_t *object = statement ? json_loads (statement, JSON_REJECT_DUPLICATES, NULL) : NULL;
  json_t *effects = object ? json_object_get (object, "effects") : NULL;
  gboolean good = !statement || json_is_array (effects);
  good = good
         && sqlite3_exec (db,
                          "CREATE TEMP TABLE effect (kind TEXT, request_no TEXT, original_no TEXT,"
                          " provider_no TEXT, amount INTEGER, count INTEGER, asked INTEGER,"
                          " at INTEGER, back INTEGER)",
                          NULL, NULL, NULL)
                == SQLITE_OK;
  for (gsize i = 0; good && i < json_array_size (effects); i++)
    good = insert_effect (db, json_array_get (effects, i));
  json_decref (object);
  if (!good)
    g_set_error (error, check_quark (), 0, "the statement cannot be read: %s", sqlite3_errmsg (db));
  return good;
}

static void
run_check (Audit *audit, const Check *check)
{
  if ((check->needs_statement && !audit->has_statement) || (audit->flags & check->unless))
    return;
  audit->name = check->name;
  audit->found = 0;
  if (check->sql)
    run_sql (audit, check->sql);
  else
    check->run (audit);
}

GPtrArray *
till_check_books_against (const char *ledger_path, const char *statement, TillCheckFlags flags,
                          GError **error)
{
  sqlite3 *db = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (finding_free);
  Audit audit = { .has_statement = statement != NULL, .flags = flags, .findings = findings };
  gboolean good = sqlite3_open_v2 (ledger_path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
                  /* One moment for all checks: the shop may be open. */
                  && sqlite3_exec (db,
                                   "PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; BEGIN;"
                                   " SELECT count (*) FROM journal",
                                   NULL, NULL, NULL)
                         == SQLITE_OK;
  if (!good)
    g_set_error (error, check_quark (), 0, "the ledger cannot be read: %s",
                 db ? sqlite3_errmsg (db) : "no memory");
  good = good && load_statement (db, statement, error);
  audit.db = db;
  audit.path = ledger_path;
  for (gsize i = 0; good && i < G_N_ELEMENTS (checks); i++)
    run_check (&audit, &checks[i]);
  sqlite3_close (db);
  return good ? g_steal_pointer (&findings) : NULL;
}

GPtrArray *
till_check_books (const char *ledger_path, const char *statement_path, TillCheckFlags flags,
                  GError **error)
{
  g_autofree char *statement = NULL;
  if (statement_path && !g_file_get_contents (statement_path, &statement, NULL, error))
    return NULL;
  return till_check_books_against (ledger_path, statement, flags, error);
}

char *
till_check_words (GPtrArray *findings)
{
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < findings->len; i++)
    {
      const TillFinding *finding = g_ptr_array_index (findings, i);
      g_string_append_printf (words, "%s: %s\n", finding->name, finding->what);
    }
  return g_string_free (words, FALSE);
}
