/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/sending.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/desk/rechecking.h"
#include "data/desk/refunding.h"
#include "data/desk/selling.h"
#include "data/desk/stopping.h"
#include "data/ledger/card-slip-store.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sale-store.h"
#include "data/trade/provider-limits.h"

/* A question that went unanswered this often is handed to people; it is still asked about. */
#define QUESTIONS_MAX 40
/* Waits that have nothing to do with a ladder. */
#define PATIENCE (1 * TILL_HOUR)
#define NO_PROFILE_WAIT TILL_MINUTE
/* A row that is promised but not recorded becomes due again after this; it is then UNKNOWN. */
#define PROMISE_LASTS (5 * TILL_MINUTE)

void
till_ticket_free (TillTicket *ticket)
{
  if (ticket->errand)
    till_errand_free (ticket->errand);
  g_free (ticket);
}

/* --- at start --- */

static gboolean
found_in_the_middle (TillTxn *txn, GArray *refunds, GArray *legs, GError **error)
{
  for (guint i = 0; i < refunds->len; i++)
    {
      TillRefundState state;
      if (!till_refund_store_apply (
              txn, g_array_index (refunds, int64_t, i), TILL_REFUND_EVENT_CRASH, NULL,
              "the till stopped before an answer came", till_txn_now (txn), &state, error))
        return FALSE;
    }
  for (guint i = 0; i + 1 < legs->len; i += 2)
    {
      TillLegState state;
      if (!till_sale_store_apply (txn, g_array_index (legs, int64_t, i),
                                  (int)g_array_index (legs, int64_t, i + 1), TILL_LEG_EVENT_CRASH,
                                  NULL, "the till stopped before an answer came",
                                  till_txn_now (txn), &state, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_sending_recover (TillLedger *ledger, int *found, GError **error)
{
  g_autoptr (GArray) refunds = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (GArray) legs = g_array_new (FALSE, FALSE, sizeof (int64_t));
  if (!till_refund_store_sending (ledger, refunds, error)
      || !till_sale_store_requested (ledger, legs, error))
    return FALSE;
  *found = (int)(refunds->len + legs->len / 2);
  if (*found == 0)
    return TRUE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "recover", error);
  return txn && found_in_the_middle (txn, refunds, legs, error) && till_txn_commit (txn, error);
}

/* --- the promise --- */

/* NULL for what the books do not know yet. */
static char *
dup_known (const char *text)
{
  return *text ? g_strdup (text) : NULL;
}

static TillTicket *
ticket_for_leg (const TillSale *sale, const TillLeg *leg, TillErrandKind kind, char *auth)
{
  TillTicket *ticket = g_new0 (TillTicket, 1);
  ticket->is_payment = TRUE;
  ticket->id = leg->sale_id;
  ticket->pos = leg->pos;
  ticket->tries = leg->tries;
  TillErrand *errand = ticket->errand = g_new0 (TillErrand, 1);
  errand->kind = kind;
  errand->tries = leg->tries;
  errand->provider = g_strdup (leg->provider);
  errand->request_no = g_strdup (leg->request_no);
  errand->by_card = leg->tender == TILL_TENDER_CARD;
  errand->merchant_no = dup_known (leg->merchant_no);
  errand->provider_no = dup_known (leg->provider_no);
  errand->amount = leg->amount;
  errand->auth = auth;
  errand->subject = g_strdup (sale->no);
  errand->requested_at = leg->requested_at;
  return ticket;
}

static TillTicket *
ticket_for_refund (const TillRefund *refund, TillErrandKind kind)
{
  TillTicket *ticket = g_new0 (TillTicket, 1);
  ticket->id = refund->id;
  ticket->tries = refund->tries;
  TillErrand *errand = ticket->errand = g_new0 (TillErrand, 1);
  errand->kind = kind;
  errand->tries = refund->tries;
  errand->provider = g_strdup (refund->provider);
  errand->request_no = g_strdup (refund->request_no);
  errand->by_card = refund->tender == TILL_TENDER_CARD;
  errand->merchant_no = dup_known (till_refund_merchant (refund));
  errand->provider_no = dup_known (refund->provider_no);
  errand->amount = refund->amount;
  errand->original_no = g_strdup (refund->original_no);
  errand->original_amount = refund->original_amount;
  errand->original_provider_no = dup_known (refund->original_provider_no);
  errand->original_requested_at = refund->original_requested_at;
  errand->masked = dup_known (refund->original_masked);
  errand->slip_reference_no = dup_known (refund->slip_reference_no);
  errand->slip_day = refund->slip_day;
  errand->subject = g_strdup (refund->no);
  errand->requested_at = refund->requested_at;
  if (!till_errand_kind_is_query (kind))
    errand->notice_url = dup_known (refund->notice_url);
  return ticket;
}

/* Whom the customer pays: a question under another number would be about another payment. */
static gboolean
name_payee (TillTxn *txn, TillLeg *leg, TillWho who, GError **error)
{
  if (!who.merchant_no || *leg->merchant_no)
    return TRUE;
  g_free (leg->merchant_no);
  leg->merchant_no = g_strdup (who.merchant_no);
  return till_sale_store_name_merchant (txn, leg->sale_id, leg->pos, leg->merchant_no, error);
}

/* Law 6: the request is in the books before its first byte leaves. The customer's code leaves the
 * books in the same commit; after a crash only a question is asked, and that needs no code. */
static gboolean
promise_leg (TillLedger *ledger, const TillSale *sale, TillLeg *leg, TillWho who,
             TillTicket **ticket, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  TillLegState state;
  char *auth = NULL;
  if (!txn || !till_sale_store_take_auth (txn, leg->sale_id, leg->pos, &auth, error))
    return FALSE;
  g_autofree char *evidence = g_strdup_printf ("pay %s", leg->request_no);
  gboolean good
      = till_sale_store_apply (txn, leg->sale_id, leg->pos, TILL_LEG_EVENT_PROMISE, NULL, evidence,
                               till_txn_now (txn) + PROMISE_LASTS, &state, error);
  /* Cancelled since it was found due: nothing is promised, so nothing may leave. */
  gboolean promised = good && state == TILL_LEG_REQUESTED;
  if (!promised || !name_payee (txn, leg, who, error) || !till_txn_commit (txn, error))
    {
      till_secret_free (auth);
      return good && !promised;
    }
  leg->requested_at = till_txn_now (txn);
  *ticket = ticket_for_leg (sale, leg, TILL_ERRAND_PAY, auth);
  /* A payment is sent once, so its address need not be kept. */
  (*ticket)->errand->notice_url = g_strdup (who.notice_url);
  return TRUE;
}

/* Nothing goes to that provider at the moment, and a customer does not wait for it to be mended. */
static gboolean
give_up_leg (TillLedger *ledger, const TillLeg *leg, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  g_autoptr (TillOutcome) outcome
      = till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_STOPPED, NULL);
  TillLegState state;
  char *auth = NULL;
  if (!txn || !till_sale_store_take_auth (txn, leg->sale_id, leg->pos, &auth, error))
    return FALSE;
  till_secret_free (auth);
  return till_sale_store_apply (txn, leg->sale_id, leg->pos, TILL_LEG_EVENT_CANCEL, outcome,
                                "not sent: the provider is stopped", till_txn_now (txn), &state,
                                error)
         && till_txn_commit (txn, error);
}

/* From here on a card may be presented, so from here on it is asked about and not sent again. */
static gboolean
promise_card (TillLedger *ledger, const TillSale *sale, const TillLeg *leg, TillTicket **ticket,
              GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  TillLegState state;
  g_autofree char *evidence = g_strdup_printf ("present %s", leg->request_no);
  if (!txn
      || !till_sale_store_apply (txn, leg->sale_id, leg->pos, TILL_LEG_EVENT_PROMISE, NULL,
                                 evidence, till_txn_now (txn) + PROMISE_LASTS, &state, error))
    return FALSE;
  /* Given up since it was found due. */
  if (state != TILL_LEG_UNKNOWN)
    return TRUE;
  if (!till_txn_commit (txn, error))
    return FALSE;
  *ticket = ticket_for_leg (sale, leg, TILL_ERRAND_PRESENT, NULL);
  return TRUE;
}

static gboolean
is_void (const TillRefund *refund)
{
  return till_act_of (refund->why) == TILL_ACT_VOID;
}

/* A restored copy does not know how the lost till may have sent what was only queued here. */
static gboolean
may_be_either (const TillRefund *refund, const TillProfile *profile)
{
  return refund->why == TILL_WHY_NONE && refund->slip_day == 0 && profile
         && till_profile_can (profile, TILL_ERRAND_VOID);
}

/* What may have gone either way is asked about in turn. */
static TillErrandKind
question_about (const TillRefund *refund, const TillProfile *profile)
{
  gboolean as_void
      = is_void (refund) || (may_be_either (refund, profile) && refund->tries % 2 != 0);
  return as_void ? TILL_ERRAND_QUERY_VOID : TILL_ERRAND_QUERY_REFUND;
}

/* A recall goes out under the number of the refund that is stuck. */
static TillErrandKind
request_for (const TillRefund *refund)
{
  if (refund->state == TILL_REFUND_RECALL_DUE)
    return TILL_ERRAND_RECALL;
  return is_void (refund) ? TILL_ERRAND_VOID : TILL_ERRAND_REFUND;
}

/* As a void or as a refund, and where notices of it go: from the facts of this moment, once, before
 * the first promise. */
static gboolean
choose_act (TillTxn *txn, TillRefund *refund, const TillProfile *profile, const char *notice_url,
            GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  TillActFacts facts = { .paid = refund->original_amount,
                         .amount = refund->amount,
                         .paid_at = refund->original_requested_at,
                         .now = till_txn_now (txn),
                         .by_slip = refund->slip_day != 0 };
  if (refund->requested_at != 0)
    return TRUE;
  if (!till_refund_store_others (ledger, refund, &facts.others, error)
      || !till_refund_store_after_void (ledger, refund->id, &facts.void_was_refused, error))
    return FALSE;
  refund->why = till_act_choose (profile, &facts);
  g_free (refund->notice_url);
  refund->notice_url = g_strdup (notice_url ? notice_url : "");
  return till_refund_store_choose (txn, refund->id, refund->why, refund->notice_url, error);
}

/* A refund is the business of the merchant that was paid, and for good of the one it was first
 * promised under: under another the provider knows neither, and "not found" would be believed. */
static gboolean
name_merchant (TillTxn *txn, TillRefund *refund, TillWho who, GError **error)
{
  const char *merchant_no = till_refund_merchant (refund);
  if (*refund->merchant_no || (!*merchant_no && !who.merchant_no))
    return TRUE;
  char *named = g_strdup (*merchant_no ? merchant_no : who.merchant_no);
  g_free (refund->merchant_no);
  refund->merchant_no = named;
  return till_refund_store_name_merchant (txn, refund->id, named, error);
}

static gboolean
is_anothers (const TillRefund *refund, TillWho who)
{
  const char *merchant_no = till_refund_merchant (refund);
  return *merchant_no && who.merchant_no && !g_str_equal (merchant_no, who.merchant_no);
}

static gboolean
promise_refund (TillLedger *ledger, TillRefund *refund, const TillProfile *profile, TillWho who,
                TillTicket **ticket, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  TillRefundState state;
  if (!txn || !choose_act (txn, refund, profile, who.notice_url, error)
      || !name_merchant (txn, refund, who, error))
    return FALSE;
  TillErrandKind kind = request_for (refund);
  g_autofree char *evidence
      = g_strdup_printf ("%s %s", till_errand_kind_word (kind), refund->request_no);
  if (!till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_PROMISE, NULL, evidence,
                                till_txn_now (txn) + PROMISE_LASTS, &state, error))
    return FALSE;
  /* Cancelled since it was found due: nothing is promised, so nothing may leave. */
  if (!till_refund_state_has_left (state))
    return TRUE;
  if (!till_txn_commit (txn, error))
    return FALSE;
  if (refund->requested_at == 0)
    refund->requested_at = till_txn_now (txn);
  *ticket = ticket_for_refund (refund, kind);
  return TRUE;
}

/* A promise nobody recorded: the answer is lost, not the refund. */
static gboolean
forget_promise (TillLedger *ledger, int64_t refund_id, int64_t sale_id, int pos, GError **error)
{
  g_autoptr (GArray) refunds = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (GArray) legs = g_array_new (FALSE, FALSE, sizeof (int64_t));
  int64_t leg_pos = pos;
  if (refund_id)
    g_array_append_val (refunds, refund_id);
  else
    {
      g_array_append_val (legs, sale_id);
      g_array_append_val (legs, leg_pos);
    }
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "recover", error);
  return txn && found_in_the_middle (txn, refunds, legs, error) && till_txn_commit (txn, error);
}

/* Too old to be undone, and perhaps paid: nothing is sent, people are told, and what became of it
 * is asked at once. */
static gboolean
stop_reversal (TillLedger *ledger, const TillLeg *leg, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  g_autoptr (TillOutcome) outcome
      = till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_FINAL, NULL);
  TillLegState state;
  return txn
         && till_sale_store_apply (txn, leg->sale_id, leg->pos, TILL_LEG_EVENT_TOO_LATE, outcome,
                                   "not sent: the provider undoes it no more", till_txn_now (txn),
                                   &state, error)
         && till_txn_commit (txn, error);
}

/* Some providers refuse to undo a payment that is only seconds old, some one that is days old. */
static gboolean
next_reversal (TillLedger *ledger, const TillSale *sale, const TillLeg *leg,
               const TillProfile *profile, TillTicket **ticket, GError **error)
{
  int64_t now,
      earliest = leg->requested_at + (profile ? profile->reverse_after_s : 0) * TILL_SECOND;
  if (!till_ledger_now (ledger, &now, error))
    return FALSE;
  if (till_provider_limits_reversal_over (profile, leg->requested_at, now))
    return stop_reversal (ledger, leg, error);
  if (earliest <= now)
    {
      *ticket = ticket_for_leg (sale, leg, TILL_ERRAND_REVERSE, NULL);
      return TRUE;
    }
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  return txn && till_sale_store_delay (txn, leg->sale_id, leg->pos, earliest, error)
         && till_txn_commit (txn, error);
}

/* Whom to ask about the facts of a provider, its pace, and who we are to it. */
typedef struct
{
  TillProfileOf profile_of;
  TillEarliest earliest_of; /* NULL: at any pace */
  TillWhoOf who_of;         /* NULL: nobody in particular */
  gpointer user;
} Advisers;

static TillWho
who_of (const Advisers *advisers, const char *provider)
{
  return advisers->who_of ? advisers->who_of (provider, advisers->user) : (TillWho){ 0 };
}

static gboolean
next_payment (TillLedger *ledger, const TillSale *sale, TillLeg *leg, int64_t now, TillWho who,
              TillTicket **ticket, GError **error)
{
  g_autoptr (TillStop) stop = NULL;
  if (!till_stop_store_open (ledger, leg->provider, &stop, error))
    return FALSE;
  return till_stop_lets_pay (stop, now) ? promise_leg (ledger, sale, leg, who, ticket, error)
                                        : give_up_leg (ledger, leg, error);
}

static gboolean
next_leg (TillLedger *ledger, int64_t sale_id, int pos, const Advisers *advisers, int64_t now,
          TillTicket **ticket, GError **error)
{
  g_autoptr (TillSale) sale = NULL;
  if (!till_sale_store_load (ledger, sale_id, FALSE, &sale, error))
    return FALSE;
  TillLeg *leg = till_sale_leg (sale, pos);
  switch ((int)leg->state)
    {
    case TILL_LEG_PLANNED:
      return next_payment (ledger, sale, leg, now, who_of (advisers, leg->provider), ticket, error);
    case TILL_LEG_REQUESTED:
      return forget_promise (ledger, 0, sale_id, pos, error);
    case TILL_LEG_OPENED:
      return promise_card (ledger, sale, leg, ticket, error);
    case TILL_LEG_REVERSING:
      return next_reversal (ledger, sale, leg, advisers->profile_of (leg->provider, advisers->user),
                            ticket, error);
    default:
      *ticket = ticket_for_leg (sale, leg, TILL_ERRAND_QUERY_PAY, NULL);
      return TRUE;
    }
}

/* Some providers want a pause between two refunds of one payment. TRUE in *wait when it was put
 * off. */
static gboolean
keep_distance (TillLedger *ledger, const TillRefund *refund, const TillProfile *profile,
               gboolean *wait, GError **error)
{
  int64_t last, now;
  *wait = FALSE;
  if (!profile || profile->refund_gap_s == 0)
    return TRUE;
  if (!till_refund_store_last_sent (ledger, refund, &last, error)
      || !till_ledger_now (ledger, &now, error))
    return FALSE;
  int64_t earliest = last + profile->refund_gap_s * TILL_SECOND;
  if (last == 0 || earliest <= now)
    return TRUE;
  *wait = TRUE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  return txn && till_refund_store_delay (txn, refund->id, earliest, error)
         && till_txn_commit (txn, error);
}

/* Of the ledger's time when that provider may be asked, or 0 for now. A refund held by it is not
 * put off in the books: that would be a write for every row that waits, every second. */
static int64_t
held_until (TillLedger *ledger, const TillProfile *profile, const Advisers *advisers, int64_t now)
{
  if (!profile || !advisers->earliest_of)
    return 0;
  int64_t shown = till_ledger_on_clock (ledger, now);
  int64_t until = advisers->earliest_of (profile, shown, advisers->user);
  return until > shown ? now + (until - shown) : 0;
}

static gboolean
hand_to_people (TillLedger *ledger, const TillRefund *refund, const TillAnswer *why, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "send", error);
  g_autoptr (TillOutcome) outcome
      = till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_FINAL, NULL);
  g_autofree char *evidence
      = g_strdup_printf ("not sent: %s, %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                         till_answer_word (why->code), why->quantity, why->allowed);
  TillRefundState state;
  if (!txn
      || !till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_TOO_LATE, outcome, evidence,
                                   0, &state, error))
    return FALSE;
  /* Cancelled since it was found due: then it is with people already. */
  return state != TILL_REFUND_CUSTOMER
         || (till_printing_add (txn, TILL_PAPER_REFUND, refund->id, error)
             && till_txn_commit (txn, error));
}

/* Days may have passed since it was approved. Asked only while nothing has left: later the provider
 * is the one to say, under the same number, whether it takes it. TRUE in *over when it went to
 * people. */
static gboolean
check_limits (TillLedger *ledger, const TillRefund *refund, const TillProfile *profile,
              gboolean *over, GError **error)
{
  *over = FALSE;
  if (refund->state != TILL_REFUND_QUEUED || refund->requested_at != 0)
    return TRUE;
  TillPaymentFacts facts = { .paid_at = refund->original_requested_at };
  if (!till_ledger_now (ledger, &facts.now, error)
      || !till_refund_store_number (ledger, refund->sale_id, refund->leg_pos, refund->id,
                                    &facts.refunds, error))
    return FALSE;
  TillAnswer answer = till_provider_limits_refund (profile, &facts);
  *over = answer.code != TILL_YES;
  return !*over || hand_to_people (ledger, refund, &answer, error);
}

/* Where the account names another merchant nothing is promised, for nothing may leave: the ticket
 * goes to whoever is to find that out, and comes back NOT_SENT. */
static gboolean
next_request (TillLedger *ledger, TillRefund *refund, const TillProfile *profile, TillWho who,
              TillTicket **ticket, GError **error)
{
  gboolean over, wait;
  if (!check_limits (ledger, refund, profile, &over, error))
    return FALSE;
  if (over)
    return TRUE;
  if (is_anothers (refund, who))
    {
      *ticket = ticket_for_refund (refund, request_for (refund));
      return TRUE;
    }
  return keep_distance (ledger, refund, profile, &wait, error)
         && (wait || promise_refund (ledger, refund, profile, who, ticket, error));
}

static gboolean
next_refund (TillLedger *ledger, int64_t id, const Advisers *advisers, int64_t now, int64_t *held,
             TillTicket **ticket, GError **error)
{
  g_autoptr (TillRefund) refund = NULL;
  if (!till_refund_store_load (ledger, id, &refund, error))
    return FALSE;
  const TillProfile *profile = advisers->profile_of (refund->provider, advisers->user);
  *held = till_refund_state_has_left (refund->state) ? 0
                                                     : held_until (ledger, profile, advisers, now);
  if (*held != 0)
    return TRUE;
  switch ((int)refund->state)
    {
    case TILL_REFUND_QUEUED:
    case TILL_REFUND_RECALL_DUE:
      return next_request (ledger, refund, profile, who_of (advisers, refund->provider), ticket,
                           error);
    case TILL_REFUND_SENDING:
    case TILL_REFUND_RECALLING:
      return forget_promise (ledger, id, 0, 0, error);
    default:
      *ticket = ticket_for_refund (refund, question_about (refund, profile));
      return TRUE;
    }
}

/* Its provider is stopped; what comes after it on the agenda may be another's. */
static gboolean
put_off_again (TillLedger *ledger, int64_t refund_id, int64_t now, int64_t *at, GError **error)
{
  TillRecheck recheck;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  *at = now;
  return txn && till_recheck_store_load (ledger, refund_id, &recheck, error)
         && till_recheck_store_note (txn, refund_id, now + PATIENCE, recheck.silent,
                                     recheck.in_doubt, error)
         && till_txn_commit (txn, error);
}

/* Nothing that is open waits for this: a question about a refund that was called done. */
static gboolean
next_again (TillLedger *ledger, int64_t now, const Advisers *advisers, TillTicket **ticket,
            int64_t *at, GError **error)
{
  int64_t id;
  g_autoptr (TillRefund) refund = NULL;
  if (!till_recheck_store_due (ledger, now, &id, at, error) || id == 0)
    return id == 0;
  if (!till_refund_store_load (ledger, id, &refund, error))
    return FALSE;
  g_autoptr (TillStop) stop = NULL;
  if (!till_stop_store_open (ledger, refund->provider, &stop, error))
    return FALSE;
  if (!till_stop_lets_through (stop, now))
    return put_off_again (ledger, id, now, at, error);
  const TillProfile *profile = advisers->profile_of (refund->provider, advisers->user);
  *at = held_until (ledger, profile, advisers, now);
  if (*at != 0)
    return TRUE;
  *ticket = ticket_for_refund (refund, question_about (refund, profile));
  (*ticket)->again = TRUE;
  return TRUE;
}

/* The sooner of two times; 0 is never. */
static int64_t
sooner (int64_t one, int64_t other)
{
  return one == 0 ? other : other == 0 ? one : MIN (one, other);
}

gboolean
till_sending_next_paced (TillLedger *ledger, TillProfileOf profile_of, TillEarliest earliest_of,
                         TillWhoOf identity_of, gpointer user, TillTicket **ticket,
                         int64_t *next_at, GError **error)
{
  const Advisers advisers = { profile_of, earliest_of, identity_of, user };
  /* Each round that yields no ticket has put a due row off or forgotten a promise, so the loop
   * ends; the bound is there for the case that we are wrong. */
  *ticket = NULL;
  for (int round = 0; round < 10000; round++)
    {
      int64_t now, sale_id, refund_id, leg_at, refund_at, again_at = 0, held = 0;
      int pos;
      if (!till_ledger_now (ledger, &now, error)
          || !till_sale_store_due (ledger, now, &sale_id, &pos, &leg_at, error)
          || !till_stop_store_due_refund (ledger, now, &refund_id, &refund_at, error))
        return FALSE;
      gboolean idle = sale_id == 0 && refund_id == 0;
      if (idle && !next_again (ledger, now, &advisers, ticket, &again_at, error))
        return FALSE;
      *next_at = till_ledger_on_clock (ledger, sooner (sooner (leg_at, refund_at), again_at));
      if (idle)
        return TRUE;
      if (sale_id ? !next_leg (ledger, sale_id, pos, &advisers, now, ticket, error)
                  : !next_refund (ledger, refund_id, &advisers, now, &held, ticket, error))
        return FALSE;
      if (held != 0)
        *next_at = till_ledger_on_clock (ledger, sooner (leg_at, held));
      if (*ticket || held != 0)
        return TRUE;
    }
  g_assert_not_reached ();
}

gboolean
till_sending_next (TillLedger *ledger, TillProfileOf profile_of, gpointer user, TillTicket **ticket,
                   int64_t *next_at, GError **error)
{
  return till_sending_next_paced (ledger, profile_of, NULL, NULL, user, ticket, next_at, error);
}

/* --- the record --- */

/* What is kept of an answer: the provider's own words, never a body. */
static char *
evidence_of (const TillTicket *ticket, const TillOutcome *outcome)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s: %s", till_errand_kind_word (ticket->errand->kind),
                          till_outcome_kind_word (outcome->kind));
  if (outcome->failure != TILL_CLASS_NONE)
    g_string_append_printf (text, " [%s]", till_failure_letter (outcome->failure));
  if (outcome->provider_no && *outcome->provider_no)
    g_string_append_printf (text, " no %s", outcome->provider_no);
  if (outcome->code && *outcome->code)
    g_string_append_printf (text, " code %s", outcome->code);
  if (outcome->masked)
    g_string_append_printf (text, " card %s", outcome->masked);
  if (outcome->words && *outcome->words)
    g_string_append_printf (text, " “%s”", outcome->words);
  if (outcome->detail && *outcome->detail)
    g_string_append_printf (text, " (%s)", outcome->detail);
  return g_string_free (text, FALSE);
}

/* ways: under how many kinds of request it may be known there. */
static gboolean
not_found_is_final (const TillProfile *profile, int ways, int not_found, int64_t sent_at,
                    int64_t now)
{
  return profile && not_found + 1 >= profile->not_found_times * ways
         && now - sent_at >= profile->not_found_after_s * TILL_SECOND;
}

/* By the provider's ladder, and no sooner than it says itself. */
static int64_t
next_question_at (const TillProfile *profile, int tries, const TillOutcome *outcome, TillTxn *txn)
{
  TillClock *chance = till_ledger_clock (till_txn_ledger (txn));
  int64_t now = till_txn_now (txn);
  int64_t next
      = profile ? till_profile_next_at (profile, tries, now, chance) : now + NO_PROFILE_WAIT;
  return MAX (next, now + outcome->retry_after_s * TILL_SECOND);
}

/* "Done" is said of what was asked. A cashier who gives up while the payment is being asked about
 * makes the leg REVERSING under way; that it was paid is then no proof that it was undone. And of
 * two hands that asked to undo it, the slower one hears about the undoing when the leg is a payment
 * in doubt again: nothing of that says whether it was paid. A provider that is too busy to reverse,
 * or wants to be asked later, has not refused: it is asked again. A card that was surely not asked
 * for leaves a payment that takes nothing; and while it is being undone, what became of the asking
 * says nothing of the undoing. */
static TillLegEvent
leg_event_of (const TillOutcome *outcome, TillErrandKind asked, TillLegState state, gboolean gone)
{
  gboolean overtaken = state == TILL_LEG_REVERSING && asked != TILL_ERRAND_REVERSE;
  gboolean about_us = outcome->kind == TILL_OUTCOME_REFUSED && outcome->stop != TILL_STOP_NONE;
  gboolean later
      = asked == TILL_ERRAND_REVERSE && (outcome->failure == TILL_CLASS_RETRY || about_us);
  /* That a question was not taken says nothing of the payment. */
  if (about_us && till_errand_kind_is_query (asked))
    return TILL_LEG_EVENT_SILENCE;
  gboolean too_late
      = asked == TILL_ERRAND_REVERSE && (state == TILL_LEG_UNKNOWN || state == TILL_LEG_DISPUTED);
  gboolean presented = asked == TILL_ERRAND_PRESENT;
  if ((too_late || (presented && state == TILL_LEG_REVERSING))
      && outcome->kind != TILL_OUTCOME_MISMATCH)
    return TILL_LEG_EVENT_SILENCE;
  switch (outcome->kind)
    {
    case TILL_OUTCOME_DONE:
      return overtaken ? TILL_LEG_EVENT_ACCEPTED : TILL_LEG_EVENT_DONE;
    case TILL_OUTCOME_ACCEPTED:
      return TILL_LEG_EVENT_ACCEPTED;
    case TILL_OUTCOME_REFUSED:
      return outcome->failure == TILL_CLASS_UNKNOWN_OUTCOME ? TILL_LEG_EVENT_SILENCE
             : later                                        ? TILL_LEG_EVENT_NOT_SENT
                                                            : TILL_LEG_EVENT_REFUSED;
    case TILL_OUTCOME_NOT_FOUND:
      return gone ? TILL_LEG_EVENT_GONE : TILL_LEG_EVENT_NOT_FOUND;
    case TILL_OUTCOME_NOT_SENT:
      return presented ? TILL_LEG_EVENT_GONE : TILL_LEG_EVENT_NOT_SENT;
    case TILL_OUTCOME_MISMATCH:
      return TILL_LEG_EVENT_MISMATCH;
    case TILL_OUTCOME_OPENED:
      /* An answer that comes when the promise is forgotten asks nobody for a card any more. */
      return state == TILL_LEG_REQUESTED ? TILL_LEG_EVENT_OPENED : TILL_LEG_EVENT_ACCEPTED;
    case TILL_OUTCOME_UNKNOWN:
    default:
      return TILL_LEG_EVENT_SILENCE;
    }
}

/* Somebody stands at the counter. So the card is asked for at once, and the first reversal
 * of a payment nobody knows goes out at once. */
static int64_t
next_leg_action_at (TillLegEvent event, const TillOutcome *outcome, const TillProfile *profile,
                    const TillLeg *leg, TillTxn *txn)
{
  return event == TILL_LEG_EVENT_OPENED
                 || (event == TILL_LEG_EVENT_GONE && leg->state == TILL_LEG_UNKNOWN)
             ? till_txn_now (txn)
             : next_question_at (profile, leg->tries, outcome, txn);
}

static gboolean
record_leg (TillTxn *txn, const TillTicket *ticket, const TillOutcome *outcome,
            const TillProfile *profile, const char *evidence, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  int64_t now = till_txn_now (txn), sent_at;
  int not_found;
  g_autoptr (TillSale) sale = NULL;
  TillLegState state;
  if (!till_sale_store_pace (ledger, ticket->id, ticket->pos, &sent_at, &not_found, error)
      || !till_sale_store_load (ledger, ticket->id, FALSE, &sale, error))
    return FALSE;
  const TillLeg *leg = till_sale_leg (sale, ticket->pos);
  TillLegEvent event = leg_event_of (outcome, ticket->errand->kind, leg->state,
                                     not_found_is_final (profile, 1, not_found, sent_at, now));
  if (!till_sale_store_apply (txn, ticket->id, ticket->pos, event, outcome, evidence,
                              next_leg_action_at (event, outcome, profile, leg, txn), &state,
                              error))
    return FALSE;
  if (state != TILL_LEG_APPROVED || leg->state == TILL_LEG_APPROVED)
    return TRUE;
  return till_accounts_leg (txn, leg, 1, error) && till_selling_settle (txn, ticket->id, error);
}

static int64_t
next_refund_action_at (TillRefundEvent event, const TillOutcome *outcome,
                       const TillProfile *profile, const TillRefund *refund, TillTxn *txn)
{
  int64_t now = till_txn_now (txn);
  switch ((int)event)
    {
    case TILL_REFUND_EVENT_GONE:
      return now;
    case TILL_REFUND_EVENT_NO_BALANCE:
    case TILL_REFUND_EVENT_HELD:
    case TILL_REFUND_EVENT_MISMATCH:
      return now + PATIENCE;
    default:
      return next_question_at (profile, refund->tries, outcome, txn);
    }
}

/* The customer is to hear of it: the money is there, or it will not come by itself. */
static gboolean
is_worth_a_slip (TillRefundState state)
{
  return state == TILL_REFUND_SUCCEEDED || state == TILL_REFUND_CUSTOMER
         || state == TILL_REFUND_FAILED || state == TILL_REFUND_CLOSED;
}

static gboolean
record_refund (TillTxn *txn, const TillTicket *ticket, const TillOutcome *outcome,
               const TillProfile *profile, const char *evidence, GError **error)
{
  g_autoptr (TillRefund) refund = NULL;
  TillRefundState state;
  if (!till_refund_store_load (till_txn_ledger (txn), ticket->id, &refund, error))
    return FALSE;
  int ways = may_be_either (refund, profile) ? 2 : 1;
  gboolean gone
      = not_found_is_final (profile, ways, refund->not_found, refund->sent_at, till_txn_now (txn));
  TillRefundEvent event = till_refund_event_of (outcome, gone);
  gboolean tired = event == TILL_REFUND_EVENT_SILENCE && refund->tries >= QUESTIONS_MAX;
  /* Decision 4: where the provider may execute one number twice, a late first request could still
   * arrive behind a second one; then people decide. */
  gboolean unsafe = event == TILL_REFUND_EVENT_GONE && profile && !profile->repeats_safely;
  /* What was taken in and is never heard of again is no less a person's case. */
  if ((refund->state == TILL_REFUND_UNKNOWN && (tired || unsafe))
      || (refund->state == TILL_REFUND_ACCEPTED && tired))
    event = TILL_REFUND_EVENT_HELD;
  if (!till_refund_store_apply (txn, refund->id, event, outcome, evidence,
                                next_refund_action_at (event, outcome, profile, refund, txn),
                                &state, error))
    return FALSE;
  if (state == refund->state)
    return TRUE;
  if (state == TILL_REFUND_SUCCEEDED && outcome->coupon > 0 && outcome->coupon <= refund->amount
      && !till_refund_store_add_coupon (txn, refund->id, outcome->coupon, error))
    return FALSE;
  if (state == TILL_REFUND_SUCCEEDED
      && (!till_accounts_refund (txn, refund, 1, error)
          || !till_rechecking_plan (txn, refund, profile, error)
          || !till_card_slip_store_confirm (txn, refund->sale_id, refund->leg_pos, refund->id,
                                            error)))
    return FALSE;
  /* A void that is finally refused has moved nothing: the same money goes as a refund, under a
   * number of its own, by the same decision. The customer hears of the end, not of the detour. */
  if ((state == TILL_REFUND_FAILED || state == TILL_REFUND_CLOSED) && is_void (refund))
    return till_refunding_after_void (txn, refund, error);
  return !is_worth_a_slip (state) || till_printing_add (txn, TILL_PAPER_REFUND, refund->id, error);
}

gboolean
till_sending_record (TillLedger *ledger, const TillTicket *ticket, const TillOutcome *outcome,
                     const TillProfile *profile, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "answer", error);
  g_autofree char *evidence = evidence_of (ticket, outcome);
  return txn
         && (ticket->is_payment ? record_leg (txn, ticket, outcome, profile, evidence, error)
             : ticket->again
                 ? till_rechecking_record (txn, ticket->id, outcome, profile, evidence, error)
                 : record_refund (txn, ticket, outcome, profile, evidence, error))
         && till_stopping_note (txn, ticket->errand->provider, ticket->errand->kind, outcome, error)
         && till_txn_commit (txn, error);
}
