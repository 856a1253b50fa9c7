/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifts against the rows they add up. A close was written from the lines of its entries; here the
 * same is said from the documents and their histories, which is another way to the same figures. */
#include "data/ledger/seal-store.h"
#include "data/ledger/sql.h"
#include "data/ledger/verify-private.h"

#include <string.h>

#define FINAL "('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"

/* The close of the shift that an entry belongs to; none for what is not closed yet. */
#define CLOSE_OF(seq) "(SELECT min (seq) FROM shift WHERE seq >= " seq ")"

/* What the shifts say EXCEPT what the rows say: the first shift for which they differ. */
#define DIFFERS(columns, summed)                                                                   \
  "SELECT id, '' FROM (SELECT id, " columns " FROM shift EXCEPT " summed ") LIMIT 1"

/* A sale is paid with its last payment. */
#define PAID                                                                                       \
  "SELECT total, max (s.seq, coalesce ((SELECT max (seq) FROM leg_history h"                       \
  "   WHERE h.sale_id = s.id AND to_state = 'APPROVED' AND from_state <> 'APPROVED'), 0)) AS "     \
  "at_seq"                                                                                         \
  "  FROM sale s WHERE state = 'PAID'"
#define SALES                                                                                      \
  "SELECT z.id, count (total), coalesce (sum (total), 0) FROM shift z LEFT JOIN"                   \
  " (SELECT total, " CLOSE_OF ("at_seq") " AS close FROM (" PAID                                   \
                                         ")) ON close = z.seq GROUP BY z.id"

#define TAKEN                                                                                      \
  "SELECT z.id, coalesce (sum (moved) FILTER (WHERE tender = 'cash'), 0),"                         \
  " coalesce (sum (moved) FILTER (WHERE tender = 'card'), 0),"                                     \
  " coalesce (sum (moved) FILTER (WHERE tender = 'code'), 0) FROM shift z LEFT JOIN"               \
  " (SELECT tender, iif (h.to_state = 'APPROVED', amount, -amount) AS moved,"                      \
  "   " CLOSE_OF ("h.seq") " AS close FROM leg_history h"                                          \
                           "   JOIN leg l ON l.sale_id = h.sale_id AND l.pos = h.pos"              \
                           "  WHERE (h.to_state = 'APPROVED') <> (h.from_state = 'APPROVED')) ON " \
                           "close = z.seq GROUP BY z.id"

#define RETURNS                                                                                    \
  "SELECT z.id, count (amount), coalesce (sum (amount), 0) FROM shift z LEFT JOIN"                 \
  " (SELECT amount, " CLOSE_OF ("h.seq") " AS close FROM return_history h"                         \
                                         "   JOIN \"return\" r ON r.id = h.return_id"              \
                                         "  WHERE to_state = 'CLOSED' AND from_state <> "          \
                                         "'CLOSED') ON close = z.seq GROUP BY z.id"

#define REFUNDED                                                                                   \
  "SELECT z.id, coalesce (sum (to_state = 'SUCCEEDED'), 0),"                                       \
  " coalesce (sum (amount) FILTER (WHERE to_state = 'SUCCEEDED' AND tender = 'cash'), 0),"         \
  " coalesce (sum (amount) FILTER (WHERE to_state = 'SUCCEEDED' AND tender = 'card'), 0),"         \
  " coalesce (sum (amount) FILTER (WHERE to_state = 'SUCCEEDED' AND tender = 'code'), 0),"         \
  " coalesce (sum (amount) FILTER (WHERE to_state = 'BOUNCED'), 0) FROM shift z LEFT JOIN"         \
  " (SELECT tender, amount, to_state, " CLOSE_OF (                                                 \
      "h.seq") " AS close FROM refund_history h"                                                   \
               "   JOIN refund r ON r.id = h.refund_id"                                            \
               "  WHERE to_state IN ('SUCCEEDED', 'BOUNCED') AND from_state <> to_state)"          \
               " ON close = z.seq GROUP BY z.id"

#define CASH                                                                                       \
  "SELECT z.id, coalesce (sum (amount) FILTER (WHERE way = 'float'), 0),"                          \
  " coalesce (sum (amount) FILTER (WHERE way = 'out'), 0) FROM shift z LEFT JOIN"                  \
  " (SELECT way, amount, " CLOSE_OF ("seq") " AS close FROM cash_move) ON close = z.seq"           \
                                            " GROUP BY z.id"

/* A refund is open from the entry it was written in up to the one that ended it. */
#define OPEN                                                                                       \
  "SELECT z.id, r.id, coalesce ((SELECT to_state FROM refund_history h"                            \
  "   WHERE h.refund_id = r.id AND h.seq <= z.seq ORDER BY n DESC LIMIT 1), 'WAIT_APPROVAL'),"     \
  "  r.amount FROM refund r JOIN shift z ON z.seq >= r.seq AND z.seq < coalesce ("                 \
  "   (SELECT min (seq) FROM refund_history h WHERE h.refund_id = r.id AND to_state IN " FINAL     \
  "   ), 9223372036854775807)"

static const TillRule rules[] = {
  { "shift %s does not begin behind the one before%s",
    "SELECT id, '' FROM (SELECT id, first_seq, lag (id, 1, 0) OVER w AS last_id,"
    "  lag (seq, 1, 0) OVER w AS last_seq FROM shift WINDOW w AS (ORDER BY id))"
    " WHERE id <> last_id + 1 OR first_seq <> last_seq + 1 LIMIT 1" },
  { "shift %s and its closing entry do not agree%s",
    "SELECT z.id, '' FROM shift z LEFT JOIN journal j ON j.seq = z.seq WHERE j.act IS NOT 'shift'"
    " OR j.day <> z.day OR j.at <> z.at OR j.till <> z.till OR j.staff <> z.staff_id LIMIT 1" },
  { "entry %s closes a shift that is not there%s",
    "SELECT seq, '' FROM journal WHERE act = 'shift' AND seq NOT IN (SELECT seq FROM shift)"
    " LIMIT 1" },
  { "the sales of shift %s are not those of its rows%s", DIFFERS ("sales_n, sales", SALES) },
  { "the payments of shift %s are not those of its rows%s",
    DIFFERS ("taken_cash, taken_card, taken_code", TAKEN) },
  { "the returns of shift %s are not those of its rows%s",
    DIFFERS ("returns_n, returns", RETURNS) },
  { "the refunds of shift %s are not those of its rows%s",
    DIFFERS ("refunds_n, refunded_cash, refunded_card, refunded_code, bounced", REFUNDED) },
  { "the cash moved in shift %s is not that of its rows%s", DIFFERS ("float_in, cash_out", CASH) },
  { "the open refunds of shift %s are not those of its rows%s",
    "SELECT shift_id, '' FROM (SELECT * FROM (SELECT * FROM shift_open EXCEPT " OPEN ")"
    " UNION ALL SELECT * FROM (" OPEN " EXCEPT SELECT * FROM shift_open)) LIMIT 1" },
  { "the sum of the open refunds of shift %s is wrong%s",
    DIFFERS ("open_n, open", "SELECT z.id, count (o.amount), coalesce (sum (o.amount), 0)"
                             " FROM shift z LEFT JOIN shift_open o ON o.shift_id = z.id"
                             " GROUP BY z.id") },
  { "shift %s expects another sum in the drawer than was put in and taken out%s",
    "SELECT id, '' FROM (SELECT *, lag (kept, 1, 0) OVER (ORDER BY id) AS before FROM shift)"
    " WHERE expected <> before + float_in - cash_out + taken_cash - refunded_cash"
    "    OR over_short <> counted - expected LIMIT 1" },
  { "the drawer's account does not hold what shift %s left in it%s",
    "SELECT z.id, '' FROM (SELECT id, kept, (SELECT coalesce (sum (amount), 0) FROM posting"
    "   WHERE account = 'drawer' AND seq BETWEEN first_seq AND s.seq) AS moved,"
    "   lag (kept, 1, 0) OVER (ORDER BY id) AS before FROM shift s) z"
    " WHERE kept <> before + moved LIMIT 1" },
  { "the sums of all shifts are wrong from shift %s on%s",
    "SELECT id, '' FROM (SELECT id, total_sales, total_refunds, sum (sales) OVER w AS sold,"
    "  sum (refunded_cash + refunded_card + refunded_code) OVER w AS given FROM shift"
    "  WINDOW w AS (ORDER BY id)) WHERE total_sales <> sold OR total_refunds <> given LIMIT 1" },
  { "shift %s is not signed%s",
    "SELECT id, '' FROM shift WHERE seq NOT IN (SELECT seq FROM seal) LIMIT 1" },
  { "entry %s is signed, but closes no shift%s",
    "SELECT seq, '' FROM seal WHERE seq NOT IN (SELECT seq FROM shift) LIMIT 1" },
};

/* --- signatures --- */

/* The key that was the books' at each signature: the last word about the setting before it. */
static const char seals_text[]
    = "WITH words (seq, at, body) AS MATERIALIZED (SELECT seq,"
      "   instr (body, 'note' || char (9) || 'setting seal.key = '), body FROM journal"
      "  WHERE instr (body, 'note' || char (9) || 'setting seal.key = ') > 0 AND act <> 'drawer')"
      " SELECT e.seq, z.no, e.hash, e.public_key, e.signature, j.hash,"
      "  (SELECT substr (body, at + 24, 64) FROM words w WHERE w.seq < e.seq"
      "    ORDER BY w.seq DESC LIMIT 1)"
      " FROM seal e JOIN shift z ON z.seq = e.seq JOIN journal j ON j.seq = e.seq ORDER BY e.seq";

static const char *
seal_problem (TillRows *rows)
{
  gsize sizes[4];
  const guint8 *hash = till_rows_blob (rows, 2, &sizes[0]);
  const guint8 *key = till_rows_blob (rows, 3, &sizes[1]);
  const guint8 *signature = till_rows_blob (rows, 4, &sizes[2]);
  const guint8 *entry = till_rows_blob (rows, 5, &sizes[3]);
  guint8 announced[TILL_SEAL_PUBLIC_SIZE];
  if (sizes[0] != TILL_DIGEST_SIZE || sizes[1] != TILL_SEAL_PUBLIC_SIZE
      || sizes[2] != TILL_SEAL_SIZE || sizes[3] != TILL_DIGEST_SIZE)
    return "is none";
  if (memcmp (hash, entry, TILL_DIGEST_SIZE) != 0)
    return "is of another entry";
  if (!till_seal_public_from_text (till_rows_text (rows, 6), announced)
      || memcmp (announced, key, sizeof announced) != 0)
    return "was made with a key that these books did not have";
  g_autofree char *words
      = till_seal_words (till_rows_text (rows, 1), till_rows_int64 (rows, 0), entry);
  return till_seal_is_right (key, words, strlen (words), signature) ? NULL : "is wrong";
}

static gboolean
check_seals (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, seals_text, ""))
    return FALSE;
  while (verdict->sound && till_rows_next (&rows))
    {
      const char *problem = seal_problem (&rows);
      int64_t seq = till_rows_int64 (&rows, 0);
      if (problem)
        till_verdict_say (verdict, seq, "the signature of entry %" G_GINT64_FORMAT " %s", seq,
                          problem);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_verify_shifts (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  return till_verify_rules (ledger, rules, G_N_ELEMENTS (rules), verdict, error)
         && check_seals (ledger, verdict, error);
}
