/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/reconciling.h"
#include "data/desk/staffing.h"
#include "data/ledger/moved-store.h"
#include "data/trade/refund.h"

#include <string.h>

/* What a stored state means to somebody who holds the file beside it. FIX and QUEUED: the provider
 * has surely refused, or nothing has left. CUSTOMER: the money may have left the payment without
 * reaching anybody. BOUNCED: it was paid and came back, which a person has to see beside a row that
 * says paid. */
static TillFactState
state_of_refund (TillRefundState state)
{
  switch (state)
    {
    case TILL_REFUND_SUCCEEDED:
      return TILL_FACT_DONE;
    case TILL_REFUND_SENDING:
    case TILL_REFUND_UNKNOWN:
    case TILL_REFUND_ACCEPTED:
    case TILL_REFUND_CUSTOMER:
    case TILL_REFUND_PROVIDER:
    case TILL_REFUND_RECALL_DUE:
    case TILL_REFUND_RECALLING:
      return TILL_FACT_OPEN;
    case TILL_REFUND_WAIT_APPROVAL:
    case TILL_REFUND_QUEUED:
    case TILL_REFUND_FIX:
    case TILL_REFUND_BOUNCED:
    case TILL_REFUND_CLOSED:
    case TILL_REFUND_FAILED:
    case TILL_REFUND_REFUSED:
    case TILL_REFUND_CANCELLED:
      return TILL_FACT_NO;
    default:
      g_assert_not_reached ();
    }
}

static TillFactState
state_of_payment (TillLegState state)
{
  switch (state)
    {
    case TILL_LEG_APPROVED:
      return TILL_FACT_DONE;
    case TILL_LEG_REVERSED:
      return TILL_FACT_UNDONE;
    case TILL_LEG_REQUESTED:
    case TILL_LEG_OPENED:
    case TILL_LEG_UNKNOWN:
    case TILL_LEG_REVERSING:
    case TILL_LEG_DISPUTED:
      return TILL_FACT_OPEN;
    case TILL_LEG_PLANNED:
    case TILL_LEG_DECLINED:
    case TILL_LEG_CANCELLED:
      return TILL_FACT_NO;
    default:
      g_assert_not_reached ();
    }
}

/* Of the reversal of a payment in that state. */
static TillFactState
state_of_reversal (TillLegState state)
{
  if (state == TILL_LEG_REVERSED)
    return TILL_FACT_DONE;
  return state == TILL_LEG_REVERSING ? TILL_FACT_OPEN : TILL_FACT_NO;
}

TillFactState
till_reconciling_says (TillSettlementKind kind, const char *state)
{
  if (kind == TILL_SETTLEMENT_REFUND)
    return state_of_refund (till_refund_state_from_word (state));
  TillLegState leg = till_leg_state_from_word (state);
  return kind == TILL_SETTLEMENT_PAYMENT ? state_of_payment (leg) : state_of_reversal (leg);
}

static TillBookFact *
fact_new (const TillMoved *moved, TillSettlementKind kind)
{
  TillBookFact *fact = g_new0 (TillBookFact, 1);
  fact->kind = kind;
  fact->request_no = g_strdup (moved->request_no);
  fact->original_no = *moved->original_no ? g_strdup (moved->original_no) : NULL;
  fact->provider_no = *moved->provider_no ? g_strdup (moved->provider_no) : NULL;
  fact->sale_no = g_strdup (moved->sale_no);
  fact->word = g_strdup (moved->state);
  fact->amount = moved->amount;
  fact->from_at = moved->requested_at;
  fact->to_at = moved->heard_at;
  fact->state = till_reconciling_says (kind, moved->state);
  return fact;
}

/* What is gathered. A number is there once for each direction. */
typedef struct
{
  GPtrArray *facts;   /* unowned; of TillBookFact */
  GHashTable *seen;   /* owned; "in NUMBER", "back NUMBER" */
  gboolean reversals; /* what is found now is meant as a payment's reversal */
} Gathering;

static char *
key_of (gboolean back, const char *request_no)
{
  return g_strconcat (back ? "back " : "in ", request_no, NULL);
}

static void
take (Gathering *gathering, TillBookFact *fact)
{
  char *key = key_of (fact->kind != TILL_SETTLEMENT_PAYMENT, fact->request_no);
  gboolean fresh = g_hash_table_add (gathering->seen, key);
  g_assert (fresh);
  g_ptr_array_add (gathering->facts, fact);
}

static void
on_moved (const TillMoved *moved, gpointer user)
{
  Gathering *gathering = user;
  TillSettlementKind kind = moved->refund          ? TILL_SETTLEMENT_REFUND
                            : gathering->reversals ? TILL_SETTLEMENT_REVERSAL
                                                   : TILL_SETTLEMENT_PAYMENT;
  take (gathering, fact_new (moved, kind));
}

/* Only what is done or open is missed when the file does not name it. */
static void
on_moved_that_day (const TillMoved *moved, gpointer user)
{
  Gathering *gathering = user;
  g_autoptr (TillBookFact) fact
      = fact_new (moved, moved->refund ? TILL_SETTLEMENT_REFUND : TILL_SETTLEMENT_PAYMENT);
  if (fact->state == TILL_FACT_DONE || fact->state == TILL_FACT_OPEN)
    take (gathering, g_steal_pointer (&fact));
}

static gboolean
gather_row (TillLedger *ledger, const char *provider, const TillSettlementRow *row,
            Gathering *gathering, GError **error)
{
  if (row->kind == TILL_SETTLEMENT_OTHER || !row->request_no)
    return TRUE;
  g_autofree char *key = key_of (row->back, row->request_no);
  if (g_hash_table_contains (gathering->seen, key))
    return TRUE;
  gathering->reversals = FALSE;
  if (!till_moved_store_find (ledger, provider, row->back, row->request_no, on_moved, gathering,
                              error))
    return FALSE;
  /* A void has a number of its own and is a refund of ours; a reversal has its payment's, whatever
   * the file calls it. */
  if (!row->back || g_hash_table_contains (gathering->seen, key))
    return TRUE;
  gathering->reversals = TRUE;
  return till_moved_store_find (ledger, provider, FALSE, row->request_no, on_moved, gathering,
                                error);
}

static gboolean
gather (TillLedger *ledger, const char *provider, const TillSettlement *settlement,
        const TillMatchDay *day, GPtrArray *facts, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Gathering gathering = { .facts = facts, .seen = seen };
  if (!till_moved_store_between (ledger, provider, day->from, day->to, on_moved_that_day,
                                 &gathering, error))
    return FALSE;
  for (guint i = 0; i < settlement->rows->len; i++)
    if (!gather_row (ledger, provider, g_ptr_array_index (settlement->rows, i), &gathering, error))
      return FALSE;
  return TRUE;
}

void
till_reconciled_free (TillReconciled *reconciled)
{
  g_clear_pointer (&reconciled->matching, till_matching_free);
  g_clear_pointer (&reconciled->funds, till_funds_free);
  g_clear_pointer (&reconciled->facts, g_ptr_array_unref);
  g_clear_pointer (&reconciled->settlement, till_settlement_free);
  g_free (reconciled);
}

gboolean
till_reconciling_may (TillLedger *ledger, int64_t staff_id, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  return txn && till_staffing_may (txn, staff_id, TILL_RIGHT_REPORT, NULL, answer, error);
}

gboolean
till_reconciling_hold (TillTxn *txn, const char *provider, TillSettlement *settlement,
                       const TillSettlement *flow, TillReconciled **reconciled, GError **error)
{
  g_autoptr (TillReconciled) made = g_new0 (TillReconciled, 1);
  *reconciled = NULL;
  made->settlement = settlement;
  made->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)till_book_fact_free);
  TillMatchDay day = till_match_day (settlement->format, settlement->day);
  if (!gather (till_txn_ledger (txn), provider, settlement, &day, made->facts, error))
    return FALSE;
  made->matching = till_matching_new (settlement, made->facts, &day, error);
  if (!made->matching)
    return FALSE;
  if (flow && !(made->funds = till_funds_new (settlement, flow, error)))
    return FALSE;
  made->open = made->matching->open || (made->funds && made->funds->first);
  *reconciled = g_steal_pointer (&made);
  return TRUE;
}

gboolean
till_reconciling_compare (TillLedger *ledger, int64_t staff_id, const char *provider,
                          TillSettlement *settlement, const TillSettlement *flow,
                          TillReconciled **reconciled, TillAnswer *answer, GError **error)
{
  g_autoptr (TillSettlement) taken = settlement;
  *reconciled = NULL;
  /* One look: what is sent meanwhile does not turn up half. */
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_REPORT, NULL, answer, error))
    return FALSE;
  return answer->code != TILL_YES
         || till_reconciling_hold (txn, provider, g_steal_pointer (&taken), flow, reconciled,
                                   error);
}
