/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/sale-store.h"
#include "data/ledger/card-slip-store.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/ledger/sql.h"
#include "data/trade/masked.h"

gboolean
till_sale_store_add (TillTxn *txn, TillSale *sale, GError **error)
{
  const TillShop *shop = till_txn_shop (txn);
  if (!till_txn_next_id (txn, "sale", &sale->id, error))
    return FALSE;
  sale->no = till_number_format (TILL_NUMBER_SALE, shop->store, shop->till, till_txn_day (txn),
                                 sale->id % 10000000);
  sale->day = till_txn_day (txn);
  sale->at = till_txn_now (txn);
  sale->till = shop->till;
  sale->staff_id = till_txn_staff (txn);
  sale->state = TILL_SALE_TENDERING;
  if (!till_txn_add (txn, error, "sale", "lslilllsllll", sale->id, sale->no, till_txn_seq (txn),
                     sale->day, sale->at, (int64_t)sale->till, sale->staff_id, sale->token,
                     sale->discount, sale->rounding, sale->vat, sale->total))
    return FALSE;
  for (guint i = 0; i < sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (sale->lines, i);
      if (!till_txn_add (txn, error, "sale_line", "lilssllllllll", sale->id, line->pos,
                         line->item_id, line->code, line->name, line->quantity, line->price,
                         line->gross, line->discount, line->rounding, line->amount, line->vat,
                         line->vat_ppm))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_sale_store_add_leg (TillTxn *txn, const TillLeg *leg, const char *auth, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  gboolean cash = leg->tender == TILL_TENDER_CASH;
  if (leg->by_slip)
    return till_txn_add (txn, error, "leg", "lissllssi", leg->sale_id, leg->pos,
                         till_tender_word (leg->tender), leg->provider, leg->amount, leg->received,
                         leg->request_no, "", 1);
  if (!till_txn_add (txn, error, "leg", "lissllss", leg->sale_id, leg->pos,
                     till_tender_word (leg->tender), leg->provider, leg->amount, leg->received,
                     cash ? NULL : leg->request_no, leg->masked ? leg->masked : ""))
    return FALSE;
  if (cash)
    return TRUE;
  if (auth
      && !till_sql_run (ledger, error, "INSERT INTO leg_auth VALUES (?,?,?)", "lis", leg->sale_id,
                        leg->pos, auth))
    return FALSE;
  return till_sql_run_one (ledger, error,
                           "UPDATE leg SET next_action_at = ? WHERE sale_id = ? AND pos = ?", "lli",
                           till_txn_now (txn), leg->sale_id, leg->pos);
}

gboolean
till_sale_store_add_counted (TillTxn *txn, const TillLeg *leg, const char *evidence, GError **error)
{
  TillLegState to;
  gboolean possible = till_leg_next (TILL_LEG_PLANNED, TILL_LEG_EVENT_DONE, &to);
  g_assert (possible && leg->tender == TILL_TENDER_CASH && to == TILL_LEG_APPROVED);
  return till_txn_add_by (txn, error,
                          "INSERT INTO leg (sale_id, pos, tender, provider, amount, received,"
                          " request_no, masked, state, tries)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'APPROVED', 1)",
                          "leg", "lissllss", leg->sale_id, leg->pos, till_tender_word (leg->tender),
                          "", leg->amount, leg->received, (const char *)NULL, "")
         && till_txn_add (txn, error, "leg_history", "liilllssss", leg->sale_id, leg->pos, 1,
                          till_txn_seq (txn), till_txn_now (txn), till_txn_staff (txn),
                          till_leg_state_word (TILL_LEG_PLANNED), till_leg_state_word (to),
                          till_leg_event_word (TILL_LEG_EVENT_DONE), evidence);
}

gboolean
till_sale_store_set_state (TillTxn *txn, int64_t sale_id, TillSaleState state, GError **error)
{
  g_autofree char *note
      = g_strdup_printf ("sale %" G_GINT64_FORMAT " %s", sale_id, till_sale_state_word (state));
  till_txn_note (txn, note);
  return till_sql_run_one (till_txn_ledger (txn), error, "UPDATE sale SET state = ? WHERE id = ?",
                           "sl", till_sale_state_word (state), sale_id);
}

/* --- the life of a leg --- */

typedef struct
{
  TillLegState state;
  int n; /* of the next history row */
} LegNow;

static gboolean
read_leg_now (TillLedger *ledger, int64_t sale_id, int pos, LegNow *now, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT state, (SELECT coalesce (max (n), 0) + 1 FROM leg_history h"
                       "  WHERE h.sale_id = l.sale_id AND h.pos = l.pos)"
                       " FROM leg l WHERE sale_id = ? AND pos = ?",
                       "li", sale_id, pos))
    return FALSE;
  if (!till_rows_next (&rows))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no such payment");
      return FALSE;
    }
  now->state = till_leg_state_from_word (till_rows_text (&rows, 0));
  now->n = till_rows_int (&rows, 1);
  return till_rows_end (&rows, error);
}

/* What the provider told about it, kept beside the state. */
static gboolean
keep_outcome (TillLedger *ledger, int64_t sale_id, int pos, const TillOutcome *outcome,
              GError **error)
{
  return till_sql_run_one (
      ledger, error,
      "UPDATE leg SET provider_no = CASE WHEN ?1 <> '' THEN ?1 ELSE provider_no END,"
      " failure = ?2, failure_code = ?3, failure_words = ?4, other_merchant = ?5,"
      " card = iif (card = '' AND masked = '', ?8, card)"
      " WHERE sale_id = ?6 AND pos = ?7",
      "ssssslis", outcome->provider_no ? outcome->provider_no : "",
      till_failure_letter (till_outcome_class (outcome)), outcome->code ? outcome->code : "",
      outcome->words ? outcome->words : "", outcome->other_merchant ? outcome->other_merchant : "",
      sale_id, pos, outcome->masked ? outcome->masked : "");
}

/* The new state and the counters of the conversation: a promise starts them anew, every answer goes
 * one on. Whoever gives up has the reversal tried from the ladder's first rung. */
static gboolean
move (TillTxn *txn, int64_t sale_id, int pos, TillLegEvent event, TillLegState to,
      int64_t next_action_at, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  int64_t next = till_leg_state_is_waiting (to) ? next_action_at : 0;
  if (event == TILL_LEG_EVENT_PROMISE)
    return till_sql_run_one (ledger, error,
                             "UPDATE leg SET state = ?1, next_action_at = nullif (?2, 0),"
                             " sent_at = ?3, tries = 0, not_found = 0, requested_at ="
                             " CASE requested_at WHEN 0 THEN ?3 ELSE requested_at END"
                             " WHERE sale_id = ?4 AND pos = ?5",
                             "sllli", till_leg_state_word (to), next, till_txn_now (txn), sale_id,
                             pos);
  return till_sql_run_one (ledger, error,
                           "UPDATE leg SET state = ?1, next_action_at = nullif (?2, 0),"
                           " tries = iif (?3, 0, tries + 1), not_found = iif (?4, not_found + 1, 0)"
                           " WHERE sale_id = ?5 AND pos = ?6",
                           "sliili", till_leg_state_word (to), next, event == TILL_LEG_EVENT_CANCEL,
                           event == TILL_LEG_EVENT_NOT_FOUND, sale_id, pos);
}

gboolean
till_sale_store_apply (TillTxn *txn, int64_t sale_id, int pos, TillLegEvent event,
                       const TillOutcome *outcome, const char *evidence, int64_t next_action_at,
                       TillLegState *state, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  LegNow now;
  if (!read_leg_now (ledger, sale_id, pos, &now, error))
    return FALSE;
  TillLegState to = now.state;
  gboolean possible = till_leg_next (now.state, event, &to);
  g_autofree char *stored
      = g_strconcat (possible ? "" : "anomaly: ", till_leg_event_word (event), NULL);
  if (!till_txn_add (txn, error, "leg_history", "liilllssss", sale_id, pos, now.n,
                     till_txn_seq (txn), till_txn_now (txn), till_txn_staff (txn),
                     till_leg_state_word (now.state), till_leg_state_word (to), stored,
                     evidence ? evidence : ""))
    return FALSE;
  *state = to;
  if (!possible)
    return TRUE;
  if (!move (txn, sale_id, pos, event, to, next_action_at, error))
    return FALSE;
  /* What froze it stays said while it is asked about; answers that tell nothing new are evidence.
   */
  gboolean frozen = now.state == TILL_LEG_DISPUTED && to == TILL_LEG_DISPUTED
                    && event != TILL_LEG_EVENT_MISMATCH;
  return !outcome || frozen || keep_outcome (ledger, sale_id, pos, outcome, error);
}

gboolean
till_sale_store_delay (TillTxn *txn, int64_t sale_id, int pos, int64_t until, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE leg SET next_action_at = ?"
                           " WHERE sale_id = ? AND pos = ? AND next_action_at IS NOT NULL",
                           "lli", until, sale_id, pos);
}

gboolean
till_sale_store_hurry (TillTxn *txn, int64_t sale_id, int pos, GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE leg SET next_action_at = min (next_action_at, ?)"
                           " WHERE sale_id = ? AND pos = ?",
                           "lli", till_txn_now (txn), sale_id, pos);
}

gboolean
till_sale_store_find_request (TillLedger *ledger, const char *request_no, int64_t *sale_id,
                              int *pos, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *sale_id = *pos = 0;
  if (!till_rows_open (&rows, ledger, error, "SELECT sale_id, pos FROM leg WHERE request_no = ?",
                       "s", request_no))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *sale_id = till_rows_int64 (&rows, 0);
      *pos = till_rows_int (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_sale_store_name_merchant (TillTxn *txn, int64_t sale_id, int pos, const char *merchant_no,
                               GError **error)
{
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE leg SET merchant_no = ? WHERE sale_id = ? AND pos = ?", "sli",
                           merchant_no, sale_id, pos);
}

gboolean
till_sale_store_take_auth (TillTxn *txn, int64_t sale_id, int pos, char **auth, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_auto (TillRows) rows = { 0 };
  *auth = NULL;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT auth FROM leg_auth WHERE sale_id = ? AND pos = ?", "li", sale_id,
                       pos))
    return FALSE;
  if (till_rows_next (&rows))
    *auth = till_rows_dup (&rows, 0);
  return till_rows_end (&rows, error)
         && till_sql_run (ledger, error, "DELETE FROM leg_auth WHERE sale_id = ? AND pos = ?", "li",
                          sale_id, pos);
}

gboolean
till_sale_store_due (TillLedger *ledger, int64_t now, int64_t *sale_id, int *pos, int64_t *next_at,
                     GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *sale_id = *next_at = *pos = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT sale_id, pos, next_action_at FROM leg"
                       " WHERE next_action_at IS NOT NULL ORDER BY next_action_at LIMIT 1",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *next_at = till_rows_int64 (&rows, 2);
      if (*next_at <= now)
        {
          *sale_id = till_rows_int64 (&rows, 0);
          *pos = till_rows_int (&rows, 1);
        }
    }
  return till_rows_end (&rows, error);
}

gboolean
till_sale_store_requested (TillLedger *ledger, GArray *pairs, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT sale_id, pos FROM leg"
                       " WHERE next_action_at IS NOT NULL AND state IN ('REQUESTED', 'OPENED')",
                       ""))
    return FALSE;
  while (till_rows_next (&rows))
    for (int column = 0; column < 2; column++)
      {
        int64_t value = till_rows_int64 (&rows, column);
        g_array_append_val (pairs, value);
      }
  return till_rows_end (&rows, error);
}

gboolean
till_sale_store_pace (TillLedger *ledger, int64_t sale_id, int pos, int64_t *sent_at,
                      int *not_found, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT sent_at, not_found FROM leg WHERE sale_id = ? AND pos = ?", "li",
                       sale_id, pos))
    return FALSE;
  *sent_at = *not_found = 0;
  if (till_rows_next (&rows))
    {
      *sent_at = till_rows_int64 (&rows, 0);
      *not_found = till_rows_int (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_sale_store_sums (TillLedger *ledger, int64_t sale_id, TillSaleSums *sums, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT s.state, s.total, s.vat, l.pos, l.state, l.amount"
                       " FROM sale s LEFT JOIN leg l ON l.sale_id = s.id WHERE s.id = ?",
                       "l", sale_id))
    return FALSE;
  *sums = (TillSaleSums){ .state = TILL_SALE_ABANDONED };
  while (till_rows_next (&rows))
    {
      sums->state = till_sale_state_from_word (till_rows_text (&rows, 0));
      sums->total = till_rows_int64 (&rows, 1);
      sums->vat = till_rows_int64 (&rows, 2);
      if (till_rows_int (&rows, 3) == 0)
        continue;
      TillLegState state = till_leg_state_from_word (till_rows_text (&rows, 4));
      sums->waiting = sums->waiting || till_leg_state_is_waiting (state);
      sums->approved += state == TILL_LEG_APPROVED ? till_rows_int64 (&rows, 5) : 0;
    }
  return till_rows_end (&rows, error);
}

/* --- reading --- */

static gboolean
load_lines (TillLedger *ledger, TillSale *sale, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (
          &rows, ledger, error,
          "SELECT pos, item_id, code, name, quantity, price, gross, discount, rounding,"
          " amount, vat, vat_ppm FROM sale_line WHERE sale_id = ? ORDER BY pos",
          "l", sale->id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillSaleLine *line = g_new0 (TillSaleLine, 1);
      line->pos = till_rows_int (&rows, 0);
      line->item_id = till_rows_int64 (&rows, 1);
      line->code = till_rows_dup (&rows, 2);
      line->name = till_rows_dup (&rows, 3);
      line->quantity = till_rows_int64 (&rows, 4);
      line->price = till_rows_int64 (&rows, 5);
      line->gross = till_rows_int64 (&rows, 6);
      line->discount = till_rows_int64 (&rows, 7);
      line->rounding = till_rows_int64 (&rows, 8);
      line->amount = till_rows_int64 (&rows, 9);
      line->vat = till_rows_int64 (&rows, 10);
      line->vat_ppm = till_rows_int64 (&rows, 11);
      g_ptr_array_add (sale->lines, line);
    }
  return till_rows_end (&rows, error);
}

/* Apart from the lines: most sales have nothing returned, and then this is one look at one page. */
static gboolean
load_returned (TillLedger *ledger, TillSale *sale, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT l.sale_pos, l.quantity, l.amount, l.vat"
                       " FROM return_line l JOIN \"return\" r ON r.id = l.return_id"
                       " WHERE l.sale_id = ? AND r.state IN ('WAIT_APPROVAL', 'CLOSED')",
                       "l", sale->id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillSaleLine *line = till_sale_line (sale, till_rows_int (&rows, 0));
      if (!line)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "sale %s has back what it never had",
                       sale->no);
          return FALSE;
        }
      line->returned += till_rows_int64 (&rows, 1);
      line->returned_amount += till_rows_int64 (&rows, 2);
      line->returned_vat += till_rows_int64 (&rows, 3);
    }
  return till_rows_end (&rows, error);
}

/* Few legs have one. When it was typed is when it was paid, as far as the books know. */
static gboolean
load_slips (TillLedger *ledger, TillSale *sale, GError **error)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (!leg->by_slip)
        continue;
      if (!till_card_slip_store_load (ledger, sale->id, leg->pos, &leg->slip, error))
        return FALSE;
      leg->requested_at = leg->slip ? leg->slip->at : 0;
    }
  return TRUE;
}

static gboolean
load_legs (TillLedger *ledger, TillSale *sale, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT pos, tender, provider, amount, received, request_no,"
                       " iif (masked = '', card, masked), state, provider_no, failure, "
                       "failure_code, failure_words, requested_at,"
                       " next_action_at, tries,"
                       " (SELECT coalesce (sum (f.amount), 0) FROM refund f"
                       "  WHERE f.sale_id = l.sale_id AND f.leg_pos = l.pos AND f.state NOT IN"
                       "   ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')),"
                       " merchant_no, other_merchant, by_slip"
                       " FROM leg l WHERE sale_id = ? ORDER BY pos",
                       "l", sale->id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillLeg *leg = g_new0 (TillLeg, 1);
      leg->sale_id = sale->id;
      leg->pos = till_rows_int (&rows, 0);
      gboolean known = till_tender_from_word (till_rows_text (&rows, 1), &leg->tender);
      g_assert (known);
      leg->provider = till_rows_dup (&rows, 2);
      leg->amount = till_rows_int64 (&rows, 3);
      leg->received = till_rows_int64 (&rows, 4);
      leg->change = leg->received - leg->amount;
      leg->request_no = till_rows_dup (&rows, 5);
      leg->masked = till_rows_dup (&rows, 6);
      leg->state = till_leg_state_from_word (till_rows_text (&rows, 7));
      leg->provider_no = till_rows_dup (&rows, 8);
      leg->failure = till_failure_from_letter (till_rows_text (&rows, 9));
      leg->failure_code = till_rows_dup (&rows, 10);
      leg->failure_words = till_rows_dup (&rows, 11);
      leg->requested_at = till_rows_int64 (&rows, 12);
      leg->next_action_at = till_rows_int64 (&rows, 13);
      leg->tries = till_rows_int (&rows, 14);
      leg->refunded = till_rows_int64 (&rows, 15);
      leg->merchant_no = till_rows_dup (&rows, 16);
      leg->other_merchant = till_rows_dup (&rows, 17);
      leg->by_slip = till_rows_int (&rows, 18) != 0;
      g_ptr_array_add (sale->legs, leg);
    }
  return till_rows_end (&rows, error) && load_slips (ledger, sale, error);
}

gboolean
till_sale_store_load (TillLedger *ledger, int64_t id, gboolean with_lines, TillSale **sale,
                      GError **error)
{
  g_auto (TillMoment) moment = { 0 };
  g_auto (TillRows) rows = { 0 };
  *sale = NULL;
  if (!till_moment_open (&moment, ledger, error)
      || !till_rows_open (
          &rows, ledger, error,
          "SELECT s.no, s.token, s.state, s.day, s.at, s.till, s.staff_id, p.name,"
          " s.discount, s.rounding, s.vat, s.total,"
          " (SELECT lower (hex (substr (hash, 1, 4))) FROM journal j WHERE j.seq = s.seq)"
          " FROM sale s JOIN staff p ON p.id = s.staff_id WHERE s.id = ?",
          "l", id))
    return FALSE;
  if (!till_rows_next (&rows))
    return till_rows_end (&rows, error);

  g_autoptr (TillSale) loaded = till_sale_new ();
  loaded->id = id;
  loaded->no = till_rows_dup (&rows, 0);
  loaded->token = till_rows_dup (&rows, 1);
  loaded->state = till_sale_state_from_word (till_rows_text (&rows, 2));
  loaded->day = till_rows_int (&rows, 3);
  loaded->at = till_rows_int64 (&rows, 4);
  loaded->till = till_rows_int (&rows, 5);
  loaded->staff_id = till_rows_int64 (&rows, 6);
  loaded->staff_name = till_rows_dup (&rows, 7);
  loaded->discount = till_rows_int64 (&rows, 8);
  loaded->rounding = till_rows_int64 (&rows, 9);
  loaded->vat = till_rows_int64 (&rows, 10);
  loaded->total = till_rows_int64 (&rows, 11);
  loaded->chain = till_rows_dup (&rows, 12);
  if (!till_rows_end (&rows, error)
      || (with_lines
          && (!load_lines (ledger, loaded, error) || !load_returned (ledger, loaded, error)))
      || !load_legs (ledger, loaded, error))
    return FALSE;
  *sale = g_steal_pointer (&loaded);
  return TRUE;
}

/* A number ends in the last seven digits of the id, so it means one sale in ten million. */
gboolean
till_sale_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error)
{
  TillNumberKind kind;
  *id = 0;
  if (!till_number_parse (no, &kind) || kind != TILL_NUMBER_SALE)
    return TRUE;
  int64_t end = g_ascii_strtoll (no + 12, NULL, 10) / 10; /* without the check digit */
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "WITH RECURSIVE may (be) AS (SELECT ?1 UNION ALL SELECT be + 10000000"
                         "  FROM may WHERE be + 10000000 <= (SELECT max (id) FROM sale))"
                         " SELECT id FROM may JOIN sale ON id = be WHERE no = ?2",
                         "ls", end, no)
         && till_rows_one (&rows, id, error);
}

/* The empty number stands for "not known yet" and is in neither index. */
gboolean
till_sale_store_find_reference (TillLedger *ledger, const char *provider_no, int limit, GArray *ids,
                                GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT sale_id FROM leg WHERE provider_no = ?1 AND provider_no <> ''"
                         " UNION SELECT sale_id FROM card_slip WHERE reference_no = ?1"
                         " UNION SELECT sale_id FROM refund"
                         "  WHERE provider_no = ?1 AND provider_no <> ''"
                         " ORDER BY sale_id DESC LIMIT ?2",
                         "si", provider_no, limit)
         && till_rows_all (&rows, ids, error);
}

gboolean
till_sale_store_find_card (TillLedger *ledger, const char *masked, guint limit, GArray *ids,
                           GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT sale_id, iif (masked = '', card, masked) AS number FROM leg"
                       " WHERE sale_id > (SELECT max (id) FROM sale) - ?1 AND tender = 'card'"
                       "  AND state = 'APPROVED' AND number <> '' ORDER BY sale_id DESC",
                       "i", TILL_SALE_STORE_CARDS_BACK))
    return FALSE;
  int64_t before = 0;
  while (ids->len < limit && till_rows_next (&rows))
    {
      int64_t id = till_rows_int64 (&rows, 0);
      if (id == before || !till_masked_fits (till_rows_text (&rows, 1), masked))
        continue;
      g_array_append_val (ids, id);
      before = id;
    }
  return till_rows_end (&rows, error);
}

gboolean
till_sale_store_find_token (TillLedger *ledger, const char *token, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM sale WHERE token = ?", "s", token)
         && till_rows_one (&rows, id, error);
}

gboolean
till_sale_store_unfinished (TillLedger *ledger, int64_t staff_id, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT max (id) FROM sale WHERE staff_id = ? AND state = 'TENDERING'"
                         " AND id > (SELECT max (id) FROM sale) - 1000",
                         "l", staff_id)
         && till_rows_one (&rows, id, error);
}

gboolean
till_sale_store_recent (TillLedger *ledger, int limit, GPtrArray *sales, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_auto (TillMoment) moment = { 0 };
  g_auto (TillRows) rows = { 0 };
  if (!till_moment_open (&moment, ledger, error)
      || !till_rows_open (&rows, ledger, error,
                          "SELECT id FROM sale WHERE state = 'PAID' ORDER BY id DESC LIMIT ?", "i",
                          limit)
      || !till_rows_all (&rows, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      TillSale *sale;
      if (!till_sale_store_load (ledger, g_array_index (ids, int64_t, i), FALSE, &sale, error))
        return FALSE;
      if (sale)
        g_ptr_array_add (sales, sale);
    }
  return TRUE;
}
