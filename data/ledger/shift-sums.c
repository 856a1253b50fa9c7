/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stretch of the journal did, read from the lines of its entries. */
#include "data/core/error.h"
#include "data/ledger/shift-store.h"
#include "data/ledger/sql.h"

#include <string.h>

typedef struct
{
  TillLedger *ledger;  /* unowned */
  TillShiftSums *sums; /* unowned */
} Adding;

static gboolean
add_to (TillMoney *sum, TillMoney amount, GError **error)
{
  if (till_money_add (*sum, amount, sum))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CORRUPT, "the sums of the shift do not fit");
  return FALSE;
}

/* How a payment or refund went, and how much it was. */
typedef struct
{
  char tender; /* c ash, d: card, o: code */
  TillMoney amount;
} Money;

static gboolean
read_money (TillRows *rows, Money *money, GError **error)
{
  *money = (Money){ 0 };
  if (till_rows_next (rows))
    {
      const char *tender = till_rows_text (rows, 0);
      money->tender = g_str_equal (tender, "cash") ? 'c' : g_str_equal (tender, "card") ? 'd' : 'o';
      money->amount = till_rows_int64 (rows, 1);
    }
  return till_rows_end (rows, error);
}

static TillMoney *
by_tender (char tender, TillMoney *cash, TillMoney *card, TillMoney *code)
{
  return tender == 'c' ? cash : tender == 'd' ? card : code;
}

/* fields: sale_id, pos, n, seq, at, staff, from, to, … */
static gboolean
add_leg (Adding *adding, char **fields, GError **error)
{
  gboolean took = g_str_equal (fields[7], "APPROVED");
  TillShiftSums *sums = adding->sums;
  g_auto (TillRows) rows = { 0 };
  Money money;
  if (took == g_str_equal (fields[6], "APPROVED"))
    return TRUE;
  if (!till_rows_open (&rows, adding->ledger, error,
                       "SELECT tender, amount FROM leg WHERE sale_id = ? AND pos = ?", "ll",
                       g_ascii_strtoll (fields[0], NULL, 10), g_ascii_strtoll (fields[1], NULL, 10))
      || !read_money (&rows, &money, error))
    return FALSE;
  return add_to (by_tender (money.tender, &sums->taken_cash, &sums->taken_card, &sums->taken_code),
                 took ? money.amount : -money.amount, error);
}

/* fields: refund_id, n, seq, at, staff, from, to, … */
static gboolean
add_refund (Adding *adding, char **fields, GError **error)
{
  TillShiftSums *sums = adding->sums;
  gboolean paid = g_str_equal (fields[6], "SUCCEEDED");
  g_auto (TillRows) rows = { 0 };
  Money money;
  if (g_str_equal (fields[5], fields[6]) || (!paid && !g_str_equal (fields[6], "BOUNCED")))
    return TRUE;
  if (!till_rows_open (&rows, adding->ledger, error,
                       "SELECT tender, amount FROM refund WHERE id = ?", "l",
                       g_ascii_strtoll (fields[0], NULL, 10))
      || !read_money (&rows, &money, error))
    return FALSE;
  if (!paid)
    return add_to (&sums->bounced, money.amount, error);
  sums->refunds_n++;
  return add_to (
      by_tender (money.tender, &sums->refunded_cash, &sums->refunded_card, &sums->refunded_code),
      money.amount, error);
}

/* fields: return_id, n, seq, at, staff, from, to, … */
static gboolean
add_return (Adding *adding, char **fields, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  TillMoney amount;
  if (!g_str_equal (fields[6], "CLOSED") || g_str_equal (fields[5], "CLOSED"))
    return TRUE;
  if (!till_rows_open (&rows, adding->ledger, error, "SELECT amount FROM \"return\" WHERE id = ?",
                       "l", g_ascii_strtoll (fields[0], NULL, 10))
      || !till_rows_one (&rows, &amount, error))
    return FALSE;
  adding->sums->returns_n++;
  return add_to (&adding->sums->returns, amount, error);
}

/* fields: id, seq, day, at, till, staff_id, token, way, amount, reason */
static gboolean
add_cash (Adding *adding, char **fields, GError **error)
{
  return add_to (g_str_equal (fields[7], "float") ? &adding->sums->float_in
                                                  : &adding->sums->cash_out,
                 g_ascii_strtoll (fields[8], NULL, 10), error);
}

/* fields: the note; "sale 12 PAID" is the program's own, for people write notes only in entries
 * that are not read. */
static gboolean
add_note (Adding *adding, char **fields, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  char *end = NULL;
  int64_t id
      = g_str_has_prefix (fields[0], "sale ") ? g_ascii_strtoll (fields[0] + 5, &end, 10) : 0;
  TillMoney total;
  if (!id || !g_str_equal (end, " PAID"))
    return TRUE;
  if (!till_rows_open (&rows, adding->ledger, error, "SELECT total FROM sale WHERE id = ?", "l", id)
      || !till_rows_one (&rows, &total, error))
    return FALSE;
  adding->sums->sales_n++;
  return add_to (&adding->sums->sales, total, error);
}

static const struct
{
  const char *table;
  guint least; /* fields */
  gboolean (*add) (Adding *adding, char **fields, GError **error);
} kinds[] = {
  { "leg_history\t", 8, add_leg },
  { "refund_history\t", 7, add_refund },
  { "return_history\t", 7, add_return },
  { "cash_move\t", 10, add_cash },
  { "note\t", 1, add_note },
};

static gboolean
add_line (Adding *adding, const char *line, gsize length, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize head = strlen (kinds[i].table);
      if (length <= head || memcmp (line, kinds[i].table, head) != 0)
        continue;
      g_autofree char *text = g_strndup (line + head, length - head);
      g_auto (GStrv) fields = g_strsplit (text, "\t", -1);
      if (g_strv_length (fields) >= kinds[i].least)
        return kinds[i].add (adding, fields, error);
      g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "an entry speaks of no %s",
                   kinds[i].table);
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_body (Adding *adding, const char *body, GError **error)
{
  for (const char *end; (end = strchr (body, '\n')); body = end + 1)
    if (!add_line (adding, body, (gsize)(end - body), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_open (TillLedger *ledger, TillShiftSums *sums, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT count (*), coalesce (sum (amount), 0) FROM refund"
                       " WHERE state NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED',"
                       " 'REFUSED', 'CANCELLED')",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      sums->open_n = till_rows_int64 (&rows, 0);
      sums->open = till_rows_int64 (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_shift_store_sum (TillLedger *ledger, const TillShiftEnd *end, TillShiftSums *sums,
                      GError **error)
{
  *sums = (TillShiftSums){ .first_seq = end->seq + 1 };
  Adding adding = { ledger, sums };
  g_auto (TillRows) rows = { 0 };
  /* In an entry that opens the drawer a person wrote the note. */
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT body FROM journal WHERE seq > ? AND act <> 'drawer'"
                       " ORDER BY seq",
                       "l", end->seq))
    return FALSE;
  while (till_rows_next (&rows))
    if (!add_body (&adding, till_rows_text (&rows, 0), error))
      return FALSE;
  return till_rows_end (&rows, error) && add_open (ledger, sums, error);
}
