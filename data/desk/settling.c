/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/settling.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/hurrying.h"
#include "data/desk/staffing.h"
#include "data/ledger/card-slip-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/stop-store.h"
#include "data/trade/policy.h"
#include "data/trade/refund.h"

#include <string.h>

#define OF_REFUND_MAX 100

/* Minutes until a file is asked for once more; the last repeats until the day is too long ago. */
static const int ladder_min[] = { 10, 30, 60, 120, 240, 480, 720 };

static GPtrArray *
differences_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)till_difference_free);
}

/* --- what a row says, as it is kept --- */

static TillDifference *
difference_of (const TillMatch *match)
{
  const TillSettlementRow *row = match->row;
  const TillBookFact *fact = match->fact;
  TillSettlementKind kind = fact ? fact->kind : row->kind;
  const char *provider_no = row && row->provider_no ? row->provider_no
                            : fact                  ? fact->provider_no
                                                    : NULL;
  TillDifference *kept = g_new0 (TillDifference, 1);
  kept->match = g_strdup (till_match_class_word (match->match));
  kept->kind = g_strdup (till_settlement_kind_word (kind));
  kept->back = fact ? kind != TILL_SETTLEMENT_PAYMENT : row->back;
  kept->request_no
      = till_text_clean (fact ? fact->request_no : row->request_no, TILL_SETTLEMENT_NUMBER_MAX);
  kept->sale_no = g_strdup (fact ? fact->sale_no : "");
  kept->provider_no = till_text_clean (provider_no ? provider_no : "", TILL_SETTLEMENT_NUMBER_MAX);
  kept->line = row ? row->line : 0;
  kept->their_amount = row ? row->amount : 0;
  kept->our_amount = fact ? fact->amount : 0;
  kept->their_state
      = till_text_clean (row && row->state ? row->state : "", TILL_SETTLEMENT_STATE_MAX);
  kept->our_state = g_strdup (fact ? fact->word : "");
  return kept;
}

/* All that is open, in the file's order, then what only we have. */
static gboolean
gather_open (const TillMatching *matching, GPtrArray *differences, GError **error)
{
  for (guint i = 0; i < matching->matches->len; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      if (!till_match_class_is_open (match->match))
        continue;
      if (differences->len == TILL_SETTLING_ROWS_MAX)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                       "more than %d rows of the file do not agree with the books: it is not kept",
                       TILL_SETTLING_ROWS_MAX);
          return FALSE;
        }
      g_ptr_array_add (differences, difference_of (match));
    }
  return TRUE;
}

/* --- what a later file says of earlier differences --- */

static char *
key_of (gboolean back, const char *request_no)
{
  return g_strconcat (back ? "back " : "in ", request_no, NULL);
}

static GHashTable *
numbers_of (const TillMatching *matching, gboolean open)
{
  GHashTable *numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < matching->matches->len; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      if (open ? till_match_class_is_open (match->match) : match->match == TILL_MATCH_MATCHED)
        g_hash_table_add (numbers, match->fact
                                       ? key_of (match->fact->kind != TILL_SETTLEMENT_PAYMENT,
                                                 match->fact->request_no)
                                       : key_of (match->row->back, match->row->request_no));
    }
  return numbers;
}

/* What is being kept. */
typedef struct
{
  TillTxn *txn;                 /* owned */
  const TillSettlingFile *file; /* unowned */
  const TillReconciled *made;   /* unowned */
  GPtrArray *open;              /* owned; of TillDifference */
  TillSettlementLast last;
  TillSettled *settled; /* unowned */
} Keeping;

static void
keeping_clear (Keeping *keeping)
{
  g_clear_pointer (&keeping->txn, till_txn_free);
  g_clear_pointer (&keeping->open, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keeping, keeping_clear)

/* A newer file of its day has taken its place, or it agrees in this one by now. */
static gboolean
is_over (const Keeping *keeping, const TillDifference *row, GHashTable *matched, GHashTable *open)
{
  g_autofree char *key = key_of (row->back, row->request_no);
  if (g_hash_table_contains (matched, key) && strcmp (row->match, "second") != 0)
    return TRUE;
  if (row->day != keeping->made->settlement->day)
    return FALSE;
  return row->settlement_id != keeping->settled->id || !g_hash_table_contains (open, key);
}

static gboolean
close_earlier (Keeping *keeping, GError **error)
{
  TillLedger *ledger = till_txn_ledger (keeping->txn);
  g_autoptr (GHashTable) matched = numbers_of (keeping->made->matching, FALSE);
  g_autoptr (GHashTable) open = numbers_of (keeping->made->matching, TRUE);
  g_autoptr (GPtrArray) earlier = differences_new ();
  if (keeping->file->by_hand)
    return TRUE;
  if (!till_settlement_store_open (ledger, keeping->file->provider, TILL_SETTLING_ROWS_MAX, earlier,
                                   error))
    return FALSE;
  for (guint i = 0; i < earlier->len; i++)
    {
      const TillDifference *row = g_ptr_array_index (earlier, i);
      if (!is_over (keeping, row, matched, open))
        continue;
      if (!till_settlement_store_close_by_file (keeping->txn, row->settlement_id, row->n,
                                                keeping->settled->id, error))
        return FALSE;
      keeping->settled->closed++;
    }
  return TRUE;
}

/* --- keeping --- */

static TillFlow
flow_of (const Keeping *keeping)
{
  const TillFunds *funds = keeping->made->funds;
  if (!funds)
    return keeping->file->flow_missing ? TILL_FLOW_MISSING : TILL_FLOW_NONE;
  return funds->first ? TILL_FLOW_DIFFERS : TILL_FLOW_AGREES;
}

static gboolean
add_file (Keeping *keeping, GError **error)
{
  const TillSettlement *said = keeping->made->settlement;
  const TillMatching *matching = keeping->made->matching;
  TillFlow flow = flow_of (keeping);
  TillSettlementFile file = {
    .provider = keeping->file->provider,
    .day = said->day,
    .digest = keeping->file->digest,
    .flow_digest = keeping->file->flow_digest,
    .by_hand = keeping->file->by_hand,
    .instead = keeping->last.id,
    .n = said->totals.rows,
    .paid = said->totals.paid,
    .returned = said->totals.returned,
    .settled = said->totals.settled,
    .fee_exact = said->totals.fee_exact,
    .our_n = matching->our_sum.rows,
    .our_paid = matching->our_sum.paid,
    .our_returned = matching->our_sum.returned,
    .matched = matching->theirs[TILL_MATCH_MATCHED].rows,
    .differing = (int)keeping->open->len,
    .flow = flow,
    .flow_first = flow == TILL_FLOW_DIFFERS ? keeping->made->funds->first : "",
  };
  return till_settlement_store_add (keeping->txn, &file, &keeping->settled->id, error);
}

/* Where the till was off, the files of many days come at once. Each question is a rung of a
 * refund's ladder, and what an old file does not name it says nothing new about. */
static gboolean
is_of_late (const Keeping *keeping)
{
  int today = till_clock_day (till_txn_now (keeping->txn), TILL_CHINA);
  return till_clock_days_between (keeping->made->settlement->day, today) <= 1;
}

/* The provider has just said all that it did that day: what we still wait for is asked about now,
 * and so is what it says otherwise than we do. What stands at the edge of a day is no contradiction
 * yet. */
static gboolean
hurry (Keeping *keeping, GError **error)
{
  const char *provider = keeping->file->provider;
  if (is_of_late (keeping)
      && !till_refund_store_hurry_all (keeping->txn, provider, &keeping->settled->asks, error))
    return FALSE;
  for (guint i = 0; i < keeping->open->len; i++)
    {
      const TillDifference *row = g_ptr_array_index (keeping->open, i);
      TillHurried hurried;
      if (!*row->sale_no || strcmp (row->match, "edge") == 0)
        continue;
      if (!till_hurrying_do (keeping->txn, provider, row->request_no, &hurried, error))
        return FALSE;
      keeping->settled->asks += hurried.asks;
    }
  return TRUE;
}

static gboolean
add_rows (Keeping *keeping, GError **error)
{
  for (guint i = 0; i < keeping->open->len; i++)
    if (!till_settlement_store_add_row (keeping->txn, keeping->settled->id, (int)i + 1,
                                        g_ptr_array_index (keeping->open, i), error))
      return FALSE;
  return TRUE;
}

/* Of a payment by card slip the log number is the number, ours as well as theirs. */
static gboolean
confirm_slips (Keeping *keeping, GError **error)
{
  const GArray *matches = keeping->made->matching->matches;
  for (guint i = 0; i < matches->len && !keeping->file->by_hand; i++)
    {
      const TillMatch *match = &g_array_index (matches, TillMatch, i);
      const TillBookFact *fact = match->fact;
      if (match->match == TILL_MATCH_MATCHED && fact && fact->kind == TILL_SETTLEMENT_PAYMENT
          && g_strcmp0 (fact->provider_no, fact->request_no) == 0
          && !till_card_slip_store_confirm_by_file (keeping->txn, keeping->file->provider,
                                                    fact->provider_no, keeping->settled->id, error))
        return FALSE;
    }
  return TRUE;
}

static int64_t
again_at (int tries, int day, int64_t now, int64_t ready_at)
{
  int step = CLAMP (tries, 1, (int)G_N_ELEMENTS (ladder_min)) - 1;
  if (till_clock_days_between (day, till_clock_day (now, TILL_CHINA)) > TILL_SETTLING_DAYS)
    return 0;
  return MAX (now + ladder_min[step] * TILL_MINUTE, ready_at);
}

/* The first moment after a day in China, which every file but UnionPay's is of. */
static int64_t
end_of (int day)
{
  return till_match_day ("", day).to;
}

/* A file whose fund flow is missing is asked for again; any other is here. Of a day that is not
 * over it is not the last. */
static gboolean
note_here (Keeping *keeping, TillTxn *txn, GError **error)
{
  TillSettlementAsk ask;
  const char *provider = keeping->file->provider;
  int day = keeping->made->settlement->day;
  if (keeping->file->by_hand || till_txn_now (txn) < end_of (day))
    return TRUE;
  if (!till_settlement_store_ask (till_txn_ledger (txn), provider, day, &ask, error))
    return FALSE;
  gboolean whole = flow_of (keeping) != TILL_FLOW_MISSING;
  int tries = whole ? 0 : ask.tries + 1;
  return till_settlement_store_set_ask (txn, provider, day, tries, till_txn_now (txn),
                                        whole ? 0 : again_at (tries, day, till_txn_now (txn), 0),
                                        "here", "", error);
}

static gboolean
write_new (Keeping *keeping, GError **error)
{
  if (keeping->last.files >= TILL_SETTLING_FILES_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "%d different files of that day are kept; no more are", keeping->last.files);
      return FALSE;
    }
  return add_file (keeping, error) && close_earlier (keeping, error) && add_rows (keeping, error)
         && confirm_slips (keeping, error) && hurry (keeping, error)
         && note_here (keeping, keeping->txn, error) && till_txn_commit (keeping->txn, error);
}

/* It says nothing new, but our books may. */
static gboolean
write_again (Keeping *keeping, GError **error)
{
  TillLedger *ledger = till_txn_ledger (keeping->txn);
  keeping->settled->id = keeping->last.id;
  keeping->settled->again = TRUE;
  if (!keeping->last.by_hand && !close_earlier (keeping, error))
    return FALSE;
  if (keeping->settled->closed > 0)
    return note_here (keeping, keeping->txn, error) && till_txn_commit (keeping->txn, error);
  g_clear_pointer (&keeping->txn, till_txn_free);
  g_autoptr (TillTxn) plain = till_ledger_begin (ledger, 0, NULL, error);
  return plain && note_here (keeping, plain, error) && till_txn_commit (plain, error);
}

static gboolean
keep (TillLedger *ledger, int64_t staff_id, const TillSettlingFile *file,
      const TillReconciled *made, TillSettled *settled, GError **error)
{
  g_auto (Keeping) keeping = { .file = file, .made = made, .settled = settled };
  keeping.open = differences_new ();
  *settled = (TillSettled){ 0 };
  if (!gather_open (made->matching, keeping.open, error))
    return FALSE;
  settled->open = (int)keeping.open->len;
  keeping.txn = till_ledger_begin (ledger, staff_id, "settlement", error);
  if (!keeping.txn
      || !till_settlement_store_last (ledger, file->provider, made->settlement->day, file->digest,
                                      file->flow_digest, &keeping.last, error))
    return FALSE;
  const TillSettlementLast *last = &keeping.last;
  gboolean proves_more = last->by_hand && !file->by_hand;
  gboolean again = last->id != 0 && last->same_file && (last->same_flow || !*file->flow_digest)
                   && !proves_more;
  return again ? write_again (&keeping, error) : write_new (&keeping, error);
}

static TillRight
right_to_bring (gboolean by_hand)
{
  return by_hand ? TILL_RIGHT_MANAGE : TILL_RIGHT_REPORT;
}

gboolean
till_settling_may_bring (TillLedger *ledger, int64_t staff_id, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  return look && till_staffing_may (look, staff_id, right_to_bring (TRUE), NULL, answer, error);
}

gboolean
till_settling_keep (TillLedger *ledger, int64_t staff_id, const TillSettlingFile *file,
                    TillSettlement *settlement, const TillSettlement *flow,
                    TillReconciled **reconciled, TillSettled *settled, TillAnswer *answer,
                    GError **error)
{
  g_autoptr (TillSettlement) taken = settlement;
  g_autoptr (TillReconciled) made = NULL;
  *reconciled = NULL;
  *answer = till_answer (TILL_YES);
  g_assert (strlen (file->digest) == 64 && (staff_id != 0 || !file->by_hand));
  g_assert ((*file->flow_digest != '\0') == (flow != NULL));
  /* Held against one moment of the books; the write that follows is short. */
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  if (!look
      || (staff_id != 0
          && !till_staffing_may (look, staff_id, right_to_bring (file->by_hand), NULL, answer,
                                 error)))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_reconciling_hold (look, file->provider, g_steal_pointer (&taken), flow, &made, error))
    return FALSE;
  g_clear_pointer (&look, till_txn_free);
  if (!keep (ledger, staff_id, file, made, settled, error))
    return FALSE;
  *reconciled = g_steal_pointer (&made);
  return TRUE;
}

/* --- our books come to agree --- */

/* Only with what a fetched file says: nobody vouches for one that was brought. */
static gboolean
agrees_now (const TillDifference *row)
{
  if (row->by_hand || !*row->now_state)
    return FALSE;
  TillSettlementKind kind = till_settlement_kind_from_word (row->kind);
  TillFactState ours = till_reconciling_says (kind, row->now_state);
  if (row->line == 0)
    return ours == TILL_FACT_NO || ours == TILL_FACT_UNDONE;
  if (strcmp (row->match, "state") != 0 || row->their_amount != row->our_amount)
    return FALSE;
  const char *state = *row->their_state ? row->their_state : NULL;
  TillFactState theirs = till_match_row_says (row->provider, kind, state);
  return theirs == ours && theirs != TILL_FACT_OPEN;
}

gboolean
till_settling_review (TillLedger *ledger, int *n, GError **error)
{
  g_autoptr (GPtrArray) open = differences_new ();
  g_autoptr (TillTxn) txn = NULL;
  *n = 0;
  if (!till_settlement_store_open (ledger, NULL, TILL_SETTLING_ROWS_MAX, open, error))
    return FALSE;
  for (guint i = 0; i < open->len; i++)
    {
      const TillDifference *row = g_ptr_array_index (open, i);
      if (!agrees_now (row))
        continue;
      if (!txn && !(txn = till_ledger_begin (ledger, 0, "settlement", error)))
        return FALSE;
      g_autoptr (TillDifference) still = NULL;
      if (!till_settlement_store_row (ledger, row->settlement_id, row->n, &still, error))
        return FALSE;
      if (still->closed_at != 0 || !agrees_now (still))
        continue;
      if (!till_settlement_store_close_by_file (txn, row->settlement_id, row->n, row->settlement_id,
                                                error))
        return FALSE;
      ++*n;
    }
  return *n == 0 || till_txn_commit (txn, error);
}

/* --- looking and closing --- */

GPtrArray *
till_settling_days (TillLedger *ledger, int64_t staff_id, int limit, TillAnswer *answer,
                    GError **error)
{
  g_autoptr (GPtrArray) days
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settled_day_free);
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  if (!look || !till_staffing_may (look, staff_id, TILL_RIGHT_REPORT, NULL, answer, error)
      || answer->code != TILL_YES || !till_settlement_store_days (ledger, limit, days, error))
    return NULL;
  return g_steal_pointer (&days);
}

GPtrArray *
till_settling_rows (TillLedger *ledger, int64_t staff_id, const char *provider, int day, int limit,
                    TillAnswer *answer, GError **error)
{
  g_autoptr (GPtrArray) rows = differences_new ();
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  if (!look || !till_staffing_may (look, staff_id, TILL_RIGHT_REPORT, NULL, answer, error)
      || answer->code != TILL_YES
      || !till_settlement_store_rows (ledger, provider, day, limit, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
till_settling_count_open (TillLedger *ledger, int *n, GError **error)
{
  return till_settlement_store_count_open (ledger, n, error);
}

GPtrArray *
till_settling_of_refund (TillLedger *ledger, int64_t refund_id, GError **error)
{
  g_autoptr (GPtrArray) rows = differences_new ();
  g_autoptr (TillRefund) refund = NULL;
  if (!till_refund_store_load (ledger, refund_id, &refund, error)
      || !till_settlement_store_of_number (ledger, refund->provider, refund->request_no,
                                           OF_REFUND_MAX, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

static void
check_close (TillTxn *txn, const TillDifference *row, const char *no, const char *reason,
             const TillStaff *approver, TillAnswer *answer)
{
  if (!row || row->closed_at != 0)
    *answer = till_answer_ref (TILL_NO_DIFFERENCE, no);
  else if (!*reason)
    *answer = till_answer (TILL_NO_WORDS);
  else if (approver)
    *answer = till_policy_look (till_txn_staff (txn), approver);
  else if (till_difference_needs_two (row))
    *answer = till_answer_money (TILL_NO_SECOND, row->their_amount, 0);
}

gboolean
till_settling_close (TillLedger *ledger, int64_t staff_id, int64_t settlement_id, int n,
                     const char *reason, const char *second_no, const char *second_pin,
                     TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) approver = NULL;
  g_autoptr (TillDifference) row = NULL;
  g_autofree char *clean = till_text_clean (reason, TILL_TEXT_MAX);
  g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT "/%d", settlement_id, n);
  if (second_no)
    {
      /* In a transaction of its own, so that a wrong PIN counts. */
      if (!till_staffing_prove (ledger, second_no, second_pin, &approver, answer, error))
        return FALSE;
      if (answer->code != TILL_YES)
        return TRUE;
    }
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "settlement_closed", error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error)
      || !till_settlement_store_row (ledger, settlement_id, n, &row, error))
    return FALSE;
  if (answer->code == TILL_YES)
    check_close (txn, row, no, clean, approver, answer);
  if (answer->code != TILL_YES)
    return TRUE;
  return till_settlement_store_close (txn, settlement_id, n, approver ? approver->id : 0, clean,
                                      error)
         && till_txn_commit (txn, error);
}

/* --- asking by itself --- */

static void
take_due (TillSettlingDue *due, const char *provider, int day, int64_t at)
{
  if (day != 0 && at != 0 && (!due->provider || at < due->due_at))
    *due = (TillSettlingDue){ provider, day, at };
}

static gboolean
next_of (TillLedger *ledger, const TillSettlingTaker *taker, int first, int64_t now,
         TillSettlingDue *due, GError **error)
{
  int day;
  int64_t at;
  /* What has been asked for before, and what somebody wants. */
  if (!till_settlement_store_next (ledger, taker->provider, &day, &at, error))
    return FALSE;
  take_due (due, taker->provider, day, at);
  for (int back = TILL_SETTLING_DAYS; back >= 0; back--)
    {
      TillSettlementAsk ask;
      day = till_clock_day (now - back * TILL_DAY, TILL_CHINA);
      if (day < first)
        continue;
      if (!till_settlement_store_ask (ledger, taker->provider, day, &ask, error))
        return FALSE;
      if (!ask.known)
        take_due (due, taker->provider, day, end_of (day) + taker->ready_s * TILL_SECOND);
    }
  return TRUE;
}

/* Where nothing may leave, nobody asks for a file either; where a payment may go, it may. */
static gboolean
heed_stop (TillLedger *ledger, const TillSettlingTaker *taker, int64_t now, TillSettlingDue *due,
           GError **error)
{
  g_autoptr (TillStop) stop = NULL;
  if (!till_stop_store_open (ledger, taker->provider, &stop, error))
    return FALSE;
  if (till_stop_lets_pay (stop, now))
    return TRUE;
  if (stop->try_at == 0)
    due->provider = NULL;
  else
    due->due_at = MAX (due->due_at, stop->try_at);
  return TRUE;
}

gboolean
till_settling_next (TillLedger *ledger, const TillSettlingTaker *takers, guint n,
                    TillSettlingDue *due, GError **error)
{
  int first;
  int64_t now;
  *due = (TillSettlingDue){ 0 };
  if (!till_settlement_store_first_day (ledger, &first, error)
      || !till_ledger_now (ledger, &now, error))
    return FALSE;
  if (first == 0)
    return TRUE;
  for (guint i = 0; i < n; i++)
    {
      TillSettlingDue own = { 0 };
      if (!next_of (ledger, &takers[i], first, now, &own, error)
          || !heed_stop (ledger, &takers[i], now, &own, error))
        return FALSE;
      if (own.provider)
        take_due (due, own.provider, own.day, own.due_at);
    }
  return TRUE;
}

gboolean
till_settling_asked (TillLedger *ledger, const char *provider, int day, const char *file,
                     const char *said, int64_t not_before, GError **error)
{
  TillSettlementAsk ask;
  g_autofree char *clean = till_text_clean (said, 400);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  if (!txn || !till_settlement_store_ask (ledger, provider, day, &ask, error))
    return FALSE;
  int64_t now = till_txn_now (txn);
  return till_settlement_store_set_ask (txn, provider, day, ask.tries + 1, now,
                                        again_at (ask.tries + 1, day, now, not_before), file, clean,
                                        error)
         && till_txn_commit (txn, error);
}

gboolean
till_settling_ask_now (TillLedger *ledger, int64_t staff_id, const char *provider, int day,
                       TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_REPORT, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  return till_settlement_store_set_ask (txn, provider, day, 0, 0,
                                        MAX (till_txn_now (txn), end_of (day)), "", "", error)
         && till_txn_commit (txn, error);
}
