/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit, in the order of its header. Everything is read in one transaction, so that a sale that
 * is made meanwhile does not look like a contradiction. The statements here share nothing with the
 * stores: they say again, in their own words, what must hold. */
#include "data/ledger/verify.h"
#include "data/core/error.h"
#include "data/ledger/migrate.h"
#include "data/ledger/sql.h"
#include "data/ledger/verify-private.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

void
till_verdict_clear (TillVerdict *verdict)
{
  g_clear_pointer (&verdict->what, g_free);
}

void
till_verdict_say (TillVerdict *verdict, int64_t seq, const char *format, ...)
{
  if (!verdict->sound)
    return;
  va_list values;
  va_start (values, format);
  g_autofree char *words = g_strdup_vprintf (format, values);
  va_end (values);
  g_free (verdict->what);
  verdict->what = g_utf8_make_valid (words, -1);
  verdict->bad_seq = seq;
  verdict->sound = FALSE;
}

static void
verdict_start (TillVerdict *verdict)
{
  *verdict = (TillVerdict){ .sound = TRUE, .what = g_strdup ("") };
}

/* --- the file --- */

static gboolean
check_file (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "PRAGMA quick_check (1)", ""))
    return FALSE;
  if (till_rows_next (&rows) && !g_str_equal (till_rows_text (&rows, 0), "ok"))
    till_verdict_say (verdict, 0, "the file is damaged: %s", till_rows_text (&rows, 0));
  return till_rows_end (&rows, error);
}

static gboolean
check_schema (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_autoptr (GError) found = NULL;
  if (till_migrate_check (ledger, &found))
    return TRUE;
  if (!g_error_matches (found, TILL_ERROR, TILL_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&found));
      return FALSE;
    }
  till_verdict_say (verdict, 0, "%s", found->message);
  return TRUE;
}

static gboolean
check_references (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "PRAGMA foreign_key_check", ""))
    return FALSE;
  if (till_rows_next (&rows))
    till_verdict_say (verdict, 0, "a row of %s points to a row of %s that is not there",
                      till_rows_text (&rows, 0), till_rows_text (&rows, 2));
  return till_rows_end (&rows, error);
}

/* --- the chain --- */

/* The act stands at the end of the hashed head; only plain words keep it apart from the body. */
static gboolean
act_is_plain (const char *act, int length)
{
  if (length < 1 || length > 40)
    return FALSE;
  for (int i = 0; i < length; i++)
    if (!g_ascii_isalnum (act[i]) && !strchr ("_-. ", act[i]))
      return FALSE;
  return TRUE;
}

static const char *
entry_problem (sqlite3_stmt *row, TillDigest *digest, int64_t seq, int64_t *last_at,
               guint8 previous[TILL_DIGEST_SIZE])
{
  int64_t at = sqlite3_column_int64 (row, 1), day = sqlite3_column_int64 (row, 2);
  int64_t till = sqlite3_column_int64 (row, 3);
  const char *act = (const char *)sqlite3_column_text (row, 5);
  const char *body = (const char *)sqlite3_column_text (row, 6);
  const guint8 *stored = sqlite3_column_blob (row, 7);
  guint8 hash[TILL_DIGEST_SIZE];
  if (sqlite3_column_int64 (row, 0) != seq)
    return "is missing";
  if (at < *last_at)
    return "is older than the one before it";
  *last_at = at;
  if (day < 0 || day > 99991231 || till < 0 || till > 99
      || !act_is_plain (act, sqlite3_column_bytes (row, 5)))
    return "has an impossible head";
  till_journal_hash (digest, previous, seq, at, (int)day, (int)till, sqlite3_column_int64 (row, 4),
                     act, body, (gsize)sqlite3_column_bytes (row, 6), hash);
  if (sqlite3_column_bytes (row, 7) != sizeof hash || memcmp (hash, stored, sizeof hash) != 0)
    return "was altered, or the one before it";
  memcpy (previous, hash, sizeof hash);
  return NULL;
}

static gboolean
walk_chain (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  sqlite3_stmt *rows = NULL;
  g_autoptr (TillDigest) digest = till_digest_new ();
  guint8 previous[TILL_DIGEST_SIZE] = { 0 };
  int64_t last_at = INT64_MIN;
  int code = sqlite3_prepare_v2 (till_ledger_handle (ledger),
                                 "SELECT seq, at, day, till, staff, act, body, hash FROM journal"
                                 " ORDER BY seq",
                                 -1, &rows, NULL);
  while (code == SQLITE_OK && verdict->sound && sqlite3_step (rows) == SQLITE_ROW)
    {
      const char *problem = entry_problem (rows, digest, verdict->entries + 1, &last_at, previous);
      if (problem)
        till_verdict_say (verdict, verdict->entries + 1, "journal entry %" G_GINT64_FORMAT " %s",
                          verdict->entries + 1, problem);
      else
        verdict->entries++;
    }
  if (code == SQLITE_OK)
    code = sqlite3_reset (rows);
  gboolean good = code == SQLITE_OK || till_ledger_fail (ledger, code, error);
  sqlite3_finalize (rows);
  return good;
}

/* --- sums, states, caps, roll-ups --- */

#define LIVE "state NOT IN ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"

#define DIFFERENCE(table, columns, query)                                                          \
  "SELECT key, '' FROM (SELECT " columns " AS key FROM (SELECT * FROM " table " EXCEPT " query     \
  ") UNION ALL SELECT " columns " FROM (" query " EXCEPT SELECT * FROM " table ")) LIMIT 1"

#define SALES                                                                                      \
  "SELECT day, staff_id, count (*), sum (total) FROM sale WHERE state = 'PAID' GROUP BY 1, 2"
#define CLOSED_BY(column)                                                                          \
  "SELECT r.day, r." column ", count (*), sum (q), sum (r.amount) FROM \"return\" r"               \
  " JOIN (SELECT return_id, sum (quantity) AS q FROM return_line GROUP BY 1) ON return_id = r.id"  \
  " WHERE r.state = 'CLOSED' GROUP BY 1, 2"
#define CLOSED_ITEMS                                                                               \
  "SELECT r.day, s.item_id, count (*), sum (l.quantity), sum (l.amount) FROM return_line l"        \
  " JOIN \"return\" r ON r.id = l.return_id"                                                       \
  " JOIN sale_line s ON s.sale_id = l.sale_id AND s.pos = l.sale_pos"                              \
  " WHERE r.state = 'CLOSED' GROUP BY 1, 2"
/* A replacement is money of the refund it replaces, which was counted when the goods came. */
#define CLOSED_ROUTES                                                                              \
  "SELECT r.day, f.tender, count (*), sum (f.amount) FROM refund f"                                \
  " JOIN \"return\" r ON r.id = f.return_id"                                                       \
  " WHERE r.state = 'CLOSED' AND f.supersedes IS NULL GROUP BY 1, 2"

static const TillRule rules[] = {
  { "the postings of entry %s do not sum to zero%s",
    "SELECT seq, '' FROM posting GROUP BY seq HAVING sum (amount) <> 0 LIMIT 1" },
  { "the balance of %s is not the sum of its postings%s",
    "SELECT coalesce (b.account, p.account), '' FROM balance b FULL JOIN"
    " (SELECT account, sum (amount) AS amount FROM posting GROUP BY 1) p ON p.account = b.account"
    " WHERE b.amount IS NOT p.amount LIMIT 1" },

  { "leg %s is %s, but its history says otherwise",
    "SELECT sale_id || '/' || pos, state FROM (SELECT sale_id, pos, state,"
    "  (SELECT to_state FROM leg_history h WHERE h.sale_id = l.sale_id AND h.pos = l.pos"
    "   ORDER BY n DESC LIMIT 1) AS last FROM leg l)"
    " WHERE state <> coalesce (last, 'PLANNED') LIMIT 1" },
  { "return %s is %s, but its history says otherwise",
    "SELECT id, state FROM (SELECT id, state, (SELECT to_state FROM return_history h"
    "   WHERE h.return_id = r.id ORDER BY n DESC LIMIT 1) AS last FROM \"return\" r)"
    " WHERE state <> coalesce (last, 'WAIT_APPROVAL') LIMIT 1" },
  { "refund %s is %s, but its history says otherwise",
    "SELECT id, state FROM (SELECT id, state, (SELECT to_state FROM refund_history h"
    "   WHERE h.refund_id = f.id ORDER BY n DESC LIMIT 1) AS last FROM refund f)"
    " WHERE state <> coalesce (last, 'WAIT_APPROVAL') LIMIT 1" },
  { "the history of leg %s has a gap%s",
    "SELECT sale_id || '/' || pos || ' at ' || n, '' FROM (SELECT sale_id, pos, n, from_state,"
    "  lag (to_state, 1, 'PLANNED') OVER w AS before, lag (n, 1, 0) OVER w AS last"
    "  FROM leg_history WINDOW w AS (PARTITION BY sale_id, pos ORDER BY n))"
    " WHERE from_state <> before OR n <> last + 1 LIMIT 1" },
  { "the history of return %s has a gap%s",
    "SELECT return_id || ' at ' || n, '' FROM (SELECT return_id, n, from_state,"
    "  lag (to_state, 1, 'WAIT_APPROVAL') OVER w AS before, lag (n, 1, 0) OVER w AS last"
    "  FROM return_history WINDOW w AS (PARTITION BY return_id ORDER BY n))"
    " WHERE from_state <> before OR n <> last + 1 LIMIT 1" },
  { "the history of refund %s has a gap%s",
    "SELECT refund_id || ' at ' || n, '' FROM (SELECT refund_id, n, from_state,"
    "  lag (to_state, 1, 'WAIT_APPROVAL') OVER w AS before, lag (n, 1, 0) OVER w AS last"
    "  FROM refund_history WINDOW w AS (PARTITION BY refund_id ORDER BY n))"
    " WHERE from_state <> before OR n <> last + 1 LIMIT 1" },
  { "leg %s was promised at another time than its history says%s",
    "SELECT sale_id || '/' || pos, '' FROM leg l WHERE (requested_at, sent_at) IS NOT"
    " (SELECT coalesce (min (at), 0), coalesce (max (at), 0) FROM leg_history h"
    "   WHERE h.sale_id = l.sale_id AND h.pos = l.pos AND event = 'promise') LIMIT 1" },
  { "refund %s was promised at another time than its history says%s",
    "SELECT id, '' FROM refund f WHERE (requested_at, sent_at) IS NOT"
    " (SELECT coalesce (min (at), 0), coalesce (max (at), 0) FROM refund_history h"
    "   WHERE h.refund_id = f.id AND event = 'promise') LIMIT 1" },
  { "refund %s went out under another merchant than the payment of sale %s",
    "SELECT f.id, f.sale_id FROM refund f JOIN leg l ON l.sale_id = f.sale_id AND l.pos = f.leg_pos"
    " WHERE f.merchant_no <> '' AND l.merchant_no <> '' AND f.merchant_no <> l.merchant_no"
    " LIMIT 1" },
  { "refund %s has a coupon that cannot be a part of it%s",
    "SELECT f.id, '' FROM refund_coupon c JOIN refund f ON f.id = c.refund_id"
    " WHERE c.amount > f.amount OR f.tender = 'cash' OR NOT EXISTS (SELECT 1 FROM refund_history h"
    "  WHERE h.refund_id = f.id AND h.seq = c.seq AND h.to_state = 'SUCCEEDED') LIMIT 1" },
  { "leg %s names card %s, which no answer named",
    "SELECT sale_id || '/' || pos, card FROM leg l WHERE card <> '' AND NOT EXISTS"
    " (SELECT 1 FROM leg_history h WHERE h.sale_id = l.sale_id AND h.pos = l.pos"
    "   AND instr (evidence, ' card ' || card) > 0) LIMIT 1" },
  { "leg %s is said to be paid by card slip, or not to be, and its slip says otherwise%s",
    "SELECT l.sale_id || '/' || l.pos, '' FROM leg l LEFT JOIN card_slip c USING (sale_id, pos)"
    " WHERE (l.by_slip = 1 OR c.pos IS NOT NULL) AND ((l.by_slip = 1 AND l.state = 'APPROVED')"
    "  IS NOT (c.pos IS NOT NULL) OR c.provider <> l.provider OR c.card <> l.card"
    "  OR c.log_no <> l.provider_no) LIMIT 1" },
  { "the card slip of leg %s was typed in another act than approved it%s",
    "SELECT c.sale_id || '/' || c.pos, '' FROM card_slip c WHERE NOT EXISTS (SELECT 1"
    " FROM leg_history h WHERE h.sale_id = c.sale_id AND h.pos = c.pos AND h.seq = c.seq"
    "  AND h.event = 'asserted' AND h.to_state = 'APPROVED' AND h.staff = c.staff_id) LIMIT 1" },
  { "the card slip of leg %s is confirmed by what its provider did not say%s",
    "SELECT k.sale_id || '/' || k.pos, '' FROM card_slip_confirmed k JOIN card_slip c"
    " USING (sale_id, pos) WHERE NOT EXISTS (SELECT 1"
    " FROM refund f JOIN refund_history h ON h.refund_id = f.id AND h.seq = k.seq"
    "  AND h.to_state = 'SUCCEEDED' WHERE f.id = k.refund_id AND f.sale_id = k.sale_id"
    "  AND f.leg_pos = k.pos AND f.tender = 'card') AND NOT EXISTS (SELECT 1 FROM settlement s"
    "  WHERE s.id = k.settlement_id AND s.provider = c.provider AND s.by_hand = 0) LIMIT 1" },
  { "leg %s is %s, but nothing is due for it, or something is that must not be",
    "SELECT sale_id || '/' || pos, state FROM leg WHERE iif (next_action_at IS NULL,"
    " state IN ('REQUESTED', 'OPENED', 'UNKNOWN', 'REVERSING'),"
    " state IN ('APPROVED', 'DECLINED', 'CANCELLED', 'REVERSED')) LIMIT 1" },

  { "the lines of sale %s do not make its total%s",
    "SELECT id, '' FROM sale s WHERE (total, vat) IS NOT (SELECT sum (amount), sum (vat)"
    "  FROM sale_line WHERE sale_id = s.id) LIMIT 1" },
  { "sale %s is PAID, but its legs do not pay it%s",
    "SELECT id, '' FROM sale s WHERE state = 'PAID' AND total <> (SELECT coalesce (sum (amount), 0)"
    "  FROM leg WHERE sale_id = s.id AND state = 'APPROVED') LIMIT 1" },
  { "the lines of return %s do not make its amount%s",
    "SELECT id, '' FROM \"return\" r LEFT JOIN (SELECT return_id, sum (amount) AS a, sum (vat) AS v"
    "  FROM return_line GROUP BY 1) ON return_id = id"
    " WHERE amount IS NOT a OR vat IS NOT v LIMIT 1" },
  { "more of line %s came back than was sold%s",
    "SELECT sale_id || '/' || pos, '' FROM (SELECT l.sale_id, l.sale_pos AS pos,"
    "  sum (l.quantity) AS q, sum (l.amount) AS a, sum (l.vat) AS v FROM return_line l"
    "  JOIN \"return\" r ON r.id = l.return_id WHERE r.state IN ('WAIT_APPROVAL', 'CLOSED')"
    "  GROUP BY 1, 2) JOIN sale_line s USING (sale_id, pos)"
    " WHERE q > s.quantity OR a > s.amount OR v > s.vat LIMIT 1" },
  { "more was refunded on leg %s than was paid%s",
    "SELECT f.sale_id || '/' || f.leg_pos, '' FROM refund f"
    " JOIN leg l ON l.sale_id = f.sale_id AND l.pos = f.leg_pos"
    " WHERE f." LIVE " GROUP BY f.sale_id, f.leg_pos"
    " HAVING sum (f.amount) > l.amount OR l.state <> 'APPROVED' LIMIT 1" },
  { "more was refunded for return %s than it is worth%s",
    "SELECT r.id, '' FROM refund f JOIN \"return\" r ON r.id = f.return_id WHERE f." LIVE
    " GROUP BY r.id HAVING sum (f.amount) > r.amount LIMIT 1" },
  { "refund %s replaces one that may still pay%s",
    "SELECT n.id, '' FROM refund n JOIN refund o ON o.id = n.supersedes WHERE o." LIVE " LIMIT 1" },

  { "notice %s is said to be about number %s of ours, which is not there",
    "SELECT id, request_no FROM notice o WHERE known = 1"
    " AND NOT EXISTS (SELECT 1 FROM leg l WHERE l.request_no = o.request_no"
    "  AND l.provider = o.provider)"
    " AND NOT EXISTS (SELECT 1 FROM refund f WHERE f.request_no = o.request_no"
    "  AND f.provider = o.provider) LIMIT 1" },

  { "settlement file %s was counted with other rows than it has%s",
    "SELECT id, '' FROM settlement s WHERE differing <> (SELECT count (*) FROM settlement_row"
    "  WHERE settlement_id = s.id) LIMIT 1" },
  { "settlement file %s does not name the one before of its day%s",
    "SELECT id, '' FROM settlement s WHERE instead IS NOT (SELECT max (id) FROM settlement b"
    "  WHERE b.provider = s.provider AND b.day = s.day AND b.id < s.id) LIMIT 1" },
  { "row %s of a settlement file was closed by one person, or by a file that was not fetched%s",
    "SELECT c.settlement_id || '/' || c.n, '' FROM settlement_closed c"
    " JOIN settlement_row r USING (settlement_id, n) LEFT JOIN settlement f ON f.id = c.by_file"
    " WHERE iif (c.by_file IS NULL, c.approver_id IS NULL AND r.back = 1"
    "  AND r.class IN ('theirs', 'second'), f.by_hand <> 0) LIMIT 1" },
  { "stop %s of %s is said to be over, or not to be, but its end says otherwise",
    "SELECT id, provider FROM provider_stop s WHERE lifted <>"
    " EXISTS (SELECT 1 FROM provider_lift l WHERE l.stop_id = s.id) LIMIT 1" },
  { "stop %s of %s lets something through that nobody asked for, or is never tried",
    "SELECT id, provider FROM provider_stop s WHERE lifted = 0 AND iif (cause = 'line',"
    " try_at IS NULL, try_at IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM provider_try t WHERE t.stop_id = s.id)) LIMIT 1" },
  { "row %s of the register of devices stands for row %s, which is of another device",
    "SELECT n.id, n.corrects FROM device n LEFT JOIN device o ON o.id = n.corrects"
    " WHERE n.corrects IS NOT NULL AND o.device_id IS NOT n.device_id LIMIT 1" },
  { "device %s was %s after it was retired",
    "SELECT device_id, what FROM (SELECT device_id, seq, 'corrected' AS what FROM device"
    "  UNION ALL SELECT device_id, seq, 'checked' FROM device_check"
    "  UNION ALL SELECT device_id, seq, 'looked after' FROM device_service"
    "  UNION ALL SELECT device_id, seq, 'used' FROM device_use) d"
    " JOIN device_retired r USING (device_id) WHERE d.seq > r.seq LIMIT 1" },

  { "the roll-up of sales is wrong on %s%s",
    DIFFERENCE ("sum_sale_staff", "day || ' for staff ' || staff_id", SALES) },
  { "the roll-up of returns by reason is wrong on %s%s",
    DIFFERENCE ("sum_return_reason", "day || ' for ' || reason", CLOSED_BY ("reason")) },
  { "the roll-up of returns by person is wrong on %s%s",
    DIFFERENCE ("sum_return_staff", "day || ' for staff ' || staff_id", CLOSED_BY ("staff_id")) },
  { "the roll-up of returns by item is wrong on %s%s",
    DIFFERENCE ("sum_return_item", "day || ' for item ' || item_id", CLOSED_ITEMS) },
  { "the roll-up of refunds by route is wrong on %s%s",
    DIFFERENCE ("sum_return_route", "day || ' for ' || tender", CLOSED_ROUTES) },
};

gboolean
till_verify_rules (TillLedger *ledger, const TillRule *list, gsize n, TillVerdict *verdict,
                   GError **error)
{
  for (gsize i = 0; i < n && verdict->sound; i++)
    {
      g_auto (TillRows) rows = { 0 };
      if (!till_rows_open (&rows, ledger, error, list[i].sql, ""))
        return FALSE;
      if (till_rows_next (&rows))
        {
          g_auto (GStrv) parts = g_strsplit (list[i].what, "%s", 3);
          till_verdict_say (verdict, 0, "%s%s%s%s%s", parts[0], till_rows_text (&rows, 0), parts[1],
                            till_rows_text (&rows, 1), parts[2]);
        }
      if (!till_rows_end (&rows, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_rules (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  return till_verify_rules (ledger, rules, G_N_ELEMENTS (rules), verdict, error);
}

/* --- all of it --- */

typedef gboolean (*Check) (TillLedger *ledger, TillVerdict *verdict, GError **error);

static gboolean
check_all (TillLedger *ledger, const Check *checks, gsize n, TillVerdict *verdict, GError **error)
{
  verdict_start (verdict);
  if (!till_sql_run (ledger, error, "BEGIN", ""))
    return FALSE;
  gboolean good = TRUE;
  for (gsize i = 0; i < n && good && verdict->sound; i++)
    {
      g_autoptr (GError) found = NULL;
      good = checks[i](ledger, verdict, &found);
      /* A page that cannot be read as what it should be is a finding, not a reason to stop. */
      if (!good && g_error_matches (found, TILL_ERROR, TILL_ERROR_CORRUPT))
        {
          till_verdict_say (verdict, 0, "%s", found->message);
          good = TRUE;
        }
      else if (!good)
        g_propagate_error (error, g_steal_pointer (&found));
    }
  return till_sql_run (ledger, good ? error : NULL, "COMMIT", "") && good;
}

gboolean
till_verify_books (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  static const Check checks[] = { check_file,        check_schema, check_references,  walk_chain,
                                  till_verify_facts, check_rules,  till_verify_shifts };
  return check_all (ledger, checks, G_N_ELEMENTS (checks), verdict, error);
}

gboolean
till_verify_chain (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  static const Check checks[] = { walk_chain };
  return check_all (ledger, checks, G_N_ELEMENTS (checks), verdict, error);
}
