/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/slip-store.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/ledger/sale-store.h"
#include "data/ledger/sql.h"

#include <string.h>

/* The entry that a slip of this number speaks of, 0 for none; for a refund the first that it can
 * be. */
static gboolean
entry_of (TillLedger *ledger, const char *no, TillNumberKind kind, int64_t *seq, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *seq = 0;
  if (kind == TILL_NUMBER_SALE)
    {
      int64_t id;
      return till_sale_store_find (ledger, no, &id, error)
             && till_rows_open (&rows, ledger, error, "SELECT seq FROM sale WHERE id = ?", "l", id)
             && till_rows_one (&rows, seq, error);
    }
  return till_rows_open (&rows, ledger, error,
                         "SELECT seq FROM \"return\" WHERE no = ?1 UNION ALL"
                         " SELECT seq FROM refund WHERE no = ?1 UNION ALL"
                         " SELECT seq FROM shift WHERE no = ?1",
                         "s", no)
         && till_rows_one (&rows, seq, error);
}

static gboolean
has_head (TillLedger *ledger, int64_t seq, gboolean or_later, const char *head, TillSlipWord *word,
          GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t has;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT EXISTS (SELECT 1 FROM journal WHERE seq BETWEEN ?1 AND"
                       " iif (?2, (SELECT max (seq) FROM journal), ?1)"
                       " AND lower (hex (substr (hash, 1, 4))) = ?3)",
                       "lis", seq, or_later, head)
      || !till_rows_one (&rows, &has, error))
    return FALSE;
  *word = has ? TILL_SLIP_RIGHT : TILL_SLIP_WRONG;
  return TRUE;
}

gboolean
till_slip_store_check (TillLedger *ledger, const char *no, const char *head, TillSlipWord *word,
                       GError **error)
{
  TillNumberKind kind;
  int64_t seq;
  if (!till_number_parse (no, &kind) || strlen (head) != TILL_SLIP_DIGITS
      || strspn (head, "0123456789abcdef") != TILL_SLIP_DIGITS)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "a slip is NO=DIGITS: the 20 digits below its bars, without blanks, and"
                           " the eight behind “校验码” or “Journal”");
      return FALSE;
    }
  *word = TILL_SLIP_UNKNOWN;
  return entry_of (ledger, no, kind, &seq, error)
         && (seq == 0 || has_head (ledger, seq, kind == TILL_NUMBER_REFUND, head, word, error));
}
