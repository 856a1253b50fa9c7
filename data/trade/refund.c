/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a refund. Decides only: it writes nothing, asks nobody and knows no provider. */
#include "data/trade/refund.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *word;
  gboolean counts, due;
} states[] = {
#define X(state, counts, due) { #state, counts, due },
  TILL_REFUND_STATES (X)
#undef X
};

static const char *const event_words[] = {
#define X(event, word) word,
  TILL_REFUND_EVENTS (X)
#undef X
};

#define FROM(state) TILL_REFUND_##state
#define ON(event) TILL_REFUND_EVENT_##event
#define TO(state) TILL_REFUND_##state

static const struct
{
  TillRefundState from;
  TillRefundEvent event;
  TillRefundState to;
} life[] = {
  { FROM (WAIT_APPROVAL), ON (APPROVE), TO (QUEUED) },
  { FROM (WAIT_APPROVAL), ON (REJECT), TO (REFUSED) },
  { FROM (WAIT_APPROVAL), ON (CANCEL), TO (CANCELLED) },

  { FROM (QUEUED), ON (PROMISE), TO (SENDING) },
  { FROM (QUEUED), ON (NOT_SENT), TO (QUEUED) }, /* not even promised: the account is another's */
  { FROM (QUEUED), ON (TOO_LATE), TO (CUSTOMER) },
  { FROM (QUEUED), ON (HAND_OVER), TO (SUCCEEDED) },
  { FROM (QUEUED), ON (CANCEL), TO (CANCELLED) },

  { FROM (SENDING), ON (DONE), TO (SUCCEEDED) },
  { FROM (SENDING), ON (ACCEPT), TO (ACCEPTED) },
  { FROM (SENDING), ON (SILENCE), TO (UNKNOWN) },
  { FROM (SENDING), ON (CRASH), TO (UNKNOWN) },
  { FROM (SENDING), ON (NOT_FOUND), TO (UNKNOWN) }, /* no answer to a refund: not believed */
  { FROM (SENDING), ON (NOT_SENT), TO (QUEUED) },
  { FROM (SENDING), ON (RETRY), TO (QUEUED) },
  { FROM (SENDING), ON (NO_BALANCE), TO (QUEUED) },
  { FROM (SENDING), ON (WRONG), TO (FIX) },
  { FROM (SENDING), ON (NO_ACCOUNT), TO (CUSTOMER) },
  { FROM (SENDING), ON (HELD), TO (PROVIDER) },
  { FROM (SENDING), ON (REFUSE), TO (FAILED) },
  { FROM (SENDING), ON (MISMATCH), TO (PROVIDER) },

  /* From here only a question has been asked, so silence and a dead line change nothing. */
  { FROM (UNKNOWN), ON (DONE), TO (SUCCEEDED) },
  { FROM (UNKNOWN), ON (ACCEPT), TO (ACCEPTED) },
  { FROM (UNKNOWN), ON (SILENCE), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (NOT_SENT), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (RETRY), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (NOT_FOUND), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (GONE), TO (QUEUED) }, /* the same number again: nothing was booked */
  { FROM (UNKNOWN), ON (NO_BALANCE), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (WRONG), TO (FIX) },
  { FROM (UNKNOWN), ON (NO_ACCOUNT), TO (CUSTOMER) },
  { FROM (UNKNOWN), ON (HELD), TO (PROVIDER) },
  { FROM (UNKNOWN), ON (REFUSE), TO (FAILED) },
  { FROM (UNKNOWN), ON (MISMATCH), TO (PROVIDER) },

  { FROM (ACCEPTED), ON (DONE), TO (SUCCEEDED) },
  { FROM (ACCEPTED), ON (ACCEPT), TO (ACCEPTED) },
  { FROM (ACCEPTED), ON (SILENCE), TO (ACCEPTED) },
  { FROM (ACCEPTED), ON (NOT_SENT), TO (ACCEPTED) },
  { FROM (ACCEPTED), ON (RETRY), TO (ACCEPTED) },
  { FROM (ACCEPTED), ON (NO_BALANCE), TO (ACCEPTED) },
  { FROM (ACCEPTED), ON (NOT_FOUND), TO (UNKNOWN) }, /* it said yes before: it owes an answer */
  { FROM (ACCEPTED), ON (GONE), TO (PROVIDER) },
  { FROM (ACCEPTED), ON (NO_ACCOUNT), TO (CUSTOMER) },
  { FROM (ACCEPTED), ON (WRONG), TO (FIX) },
  { FROM (ACCEPTED), ON (HELD), TO (PROVIDER) },
  { FROM (ACCEPTED), ON (REFUSE), TO (CLOSED) },
  { FROM (ACCEPTED), ON (MISMATCH), TO (PROVIDER) },

  { FROM (FIX), ON (CORRECT), TO (QUEUED) },
  { FROM (FIX), ON (CANCEL), TO (CANCELLED) },
  { FROM (FIX), ON (DONE), TO (SUCCEEDED) },

  { FROM (CUSTOMER), ON (CORRECT), TO (QUEUED) },
  { FROM (CUSTOMER), ON (CANCEL), TO (CANCELLED) },
  { FROM (CUSTOMER), ON (DONE), TO (SUCCEEDED) },

  { FROM (PROVIDER), ON (DONE), TO (SUCCEEDED) },
  { FROM (PROVIDER), ON (ACCEPT), TO (ACCEPTED) },
  { FROM (PROVIDER), ON (SILENCE), TO (PROVIDER) },
  { FROM (PROVIDER), ON (NOT_SENT), TO (PROVIDER) },
  { FROM (PROVIDER), ON (RETRY), TO (PROVIDER) },
  { FROM (PROVIDER), ON (NO_BALANCE), TO (PROVIDER) },
  { FROM (PROVIDER), ON (NOT_FOUND), TO (PROVIDER) },
  { FROM (PROVIDER), ON (GONE), TO (PROVIDER) }, /* never sent again without a person's word */
  { FROM (PROVIDER), ON (HELD), TO (PROVIDER) },
  { FROM (PROVIDER), ON (MISMATCH), TO (PROVIDER) },
  { FROM (PROVIDER), ON (WRONG), TO (FIX) },
  { FROM (PROVIDER), ON (NO_ACCOUNT), TO (CUSTOMER) },
  { FROM (PROVIDER), ON (REFUSE), TO (FAILED) },

  { FROM (PROVIDER), ON (RECALL), TO (RECALL_DUE) },

  /* Only a state of the money itself ends a recall: that the customer has it, or that the shop has
   * it. Whatever else is said of the recall leaves the money where it was stuck. */
  { FROM (RECALL_DUE), ON (PROMISE), TO (RECALLING) },
  { FROM (RECALL_DUE), ON (NOT_SENT), TO (RECALL_DUE) }, /* as with QUEUED */
  { FROM (RECALLING), ON (DONE), TO (SUCCEEDED) },
  { FROM (RECALLING), ON (REFUSE), TO (CLOSED) },
  { FROM (RECALLING), ON (ACCEPT), TO (ACCEPTED) },
  { FROM (RECALLING), ON (SILENCE), TO (UNKNOWN) },
  { FROM (RECALLING), ON (CRASH), TO (UNKNOWN) },
  { FROM (RECALLING), ON (NOT_FOUND), TO (UNKNOWN) },
  { FROM (RECALLING), ON (NOT_SENT), TO (RECALL_DUE) },
  { FROM (RECALLING), ON (RETRY), TO (RECALL_DUE) },
  { FROM (RECALLING), ON (NO_BALANCE), TO (PROVIDER) },
  { FROM (RECALLING), ON (WRONG), TO (PROVIDER) },
  { FROM (RECALLING), ON (NO_ACCOUNT), TO (PROVIDER) },
  { FROM (RECALLING), ON (HELD), TO (PROVIDER) },
  { FROM (RECALLING), ON (MISMATCH), TO (PROVIDER) },

  { FROM (SUCCEEDED), ON (DONE), TO (SUCCEEDED) }, /* told twice */
  { FROM (SUCCEEDED), ON (BOUNCE), TO (BOUNCED) },
};

#undef FROM
#undef ON
#undef TO

gboolean
till_refund_next (TillRefundState from, TillRefundEvent event, TillRefundState *to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (life); i++)
    if (life[i].from == from && life[i].event == event)
      {
        *to = life[i].to;
        return TRUE;
      }
  return FALSE;
}

const char *
till_refund_merchant (const TillRefund *refund)
{
  return *refund->merchant_no ? refund->merchant_no : refund->original_merchant_no;
}

static TillRefundEvent
event_of_refusal (TillFailureClass failure)
{
  switch (failure)
    {
    case TILL_CLASS_RETRY:
      return TILL_REFUND_EVENT_RETRY;
    case TILL_CLASS_BALANCE:
      return TILL_REFUND_EVENT_NO_BALANCE;
    case TILL_CLASS_FIX:
      return TILL_REFUND_EVENT_WRONG;
    case TILL_CLASS_CUSTOMER:
      return TILL_REFUND_EVENT_NO_ACCOUNT;
    case TILL_CLASS_PROVIDER:
      return TILL_REFUND_EVENT_HELD;
    case TILL_CLASS_FINAL:
      return TILL_REFUND_EVENT_REFUSE;
    case TILL_CLASS_NONE:
    case TILL_CLASS_UNKNOWN_OUTCOME:
    case TILL_CLASS_LOCAL:
    case TILL_CLASS_DISAGREEMENT:
    default:
      return TILL_REFUND_EVENT_SILENCE;
    }
}

/* A no that is about us and not about the refund: it was surely not looked at, so the refund is as
 * it was before, under its number. */
static gboolean
is_about_us (const TillOutcome *outcome)
{
  return outcome->kind == TILL_OUTCOME_REFUSED && outcome->stop != TILL_STOP_NONE;
}

TillRefundEvent
till_refund_event_of (const TillOutcome *outcome, gboolean not_found_is_final)
{
  if (is_about_us (outcome))
    return TILL_REFUND_EVENT_RETRY;
  switch (outcome->kind)
    {
    case TILL_OUTCOME_DONE:
      return TILL_REFUND_EVENT_DONE;
    case TILL_OUTCOME_ACCEPTED:
      return TILL_REFUND_EVENT_ACCEPT;
    case TILL_OUTCOME_REFUSED:
      return event_of_refusal (outcome->failure);
    case TILL_OUTCOME_NOT_FOUND:
      return not_found_is_final ? TILL_REFUND_EVENT_GONE : TILL_REFUND_EVENT_NOT_FOUND;
    case TILL_OUTCOME_NOT_SENT:
      return TILL_REFUND_EVENT_NOT_SENT;
    case TILL_OUTCOME_MISMATCH:
      return TILL_REFUND_EVENT_MISMATCH;
    case TILL_OUTCOME_UNKNOWN:
    default:
      return TILL_REFUND_EVENT_SILENCE;
    }
}

/* Only a dead end gives the amount free again. A refund that the provider holds, or does not find,
 * may still reach somebody: paid another way it would be paid twice. */
TillRefundAgain
till_refund_again (const TillOutcome *outcome)
{
  if (is_about_us (outcome))
    return TILL_AGAIN_NOTHING;
  switch (outcome->kind)
    {
    case TILL_OUTCOME_DONE:
      return TILL_AGAIN_DONE;
    case TILL_OUTCOME_REFUSED:
      if (outcome->failure == TILL_CLASS_FINAL || outcome->failure == TILL_CLASS_CUSTOMER)
        return TILL_AGAIN_BACK;
      return outcome->failure == TILL_CLASS_RETRY || outcome->failure == TILL_CLASS_UNKNOWN_OUTCOME
                 ? TILL_AGAIN_NOTHING
                 : TILL_AGAIN_OTHERWISE;
    case TILL_OUTCOME_NOT_FOUND:
    case TILL_OUTCOME_MISMATCH:
      return TILL_AGAIN_OTHERWISE;
    case TILL_OUTCOME_ACCEPTED:
    case TILL_OUTCOME_NOT_SENT:
    case TILL_OUTCOME_UNKNOWN:
    default:
      return TILL_AGAIN_NOTHING;
    }
}

gboolean
till_refund_state_counts (TillRefundState state)
{
  return states[state].counts;
}

gboolean
till_refund_state_is_due (TillRefundState state)
{
  return states[state].due;
}

gboolean
till_refund_state_needs_person (TillRefundState state)
{
  return state == TILL_REFUND_WAIT_APPROVAL || state == TILL_REFUND_FIX
         || state == TILL_REFUND_CUSTOMER || state == TILL_REFUND_PROVIDER;
}

gboolean
till_refund_state_has_left (TillRefundState state)
{
  return state == TILL_REFUND_SENDING || state == TILL_REFUND_RECALLING;
}

gboolean
till_refund_state_is_proven (TillRefundState state)
{
  return state == TILL_REFUND_SUCCEEDED;
}

const char *
till_refund_state_word (TillRefundState state)
{
  return states[state].word;
}

TillRefundState
till_refund_state_from_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (word, states[i].word))
      return (TillRefundState)i;
  /* The schema's CHECK lets no other word in. */
  g_assert_not_reached ();
}

const char *
till_refund_event_word (TillRefundEvent event)
{
  return event_words[event];
}

const char *
till_refund_state_label (TillRefundState state)
{
  static const char *const labels[] = {
    [TILL_REFUND_WAIT_APPROVAL] = N_ ("Waiting for approval"),
    [TILL_REFUND_QUEUED] = N_ ("Queued"),
    [TILL_REFUND_SENDING] = N_ ("Sent"),
    [TILL_REFUND_UNKNOWN] = N_ ("Not confirmed"),
    [TILL_REFUND_ACCEPTED] = N_ ("Processing"),
    [TILL_REFUND_FIX] = N_ ("Needs a correction"),
    [TILL_REFUND_CUSTOMER] = N_ ("Needs another way"),
    [TILL_REFUND_PROVIDER] = N_ ("Handed to staff"),
    [TILL_REFUND_RECALL_DUE] = N_ ("To be recalled"),
    [TILL_REFUND_RECALLING] = N_ ("Recall sent"),
    [TILL_REFUND_SUCCEEDED] = N_ ("Refunded"),
    [TILL_REFUND_BOUNCED] = N_ ("Came back"),
    [TILL_REFUND_CLOSED] = N_ ("Closed"),
    [TILL_REFUND_FAILED] = N_ ("Refused"),
    [TILL_REFUND_REFUSED] = N_ ("Rejected"),
    [TILL_REFUND_CANCELLED] = N_ ("Cancelled"),
  };
  return _ (labels[state]);
}

void
till_refund_free (TillRefund *refund)
{
  g_free (refund->no);
  g_free (refund->request_no);
  g_free (refund->return_no);
  g_free (refund->sale_no);
  g_free (refund->provider);
  g_free (refund->original_no);
  g_free (refund->original_provider_no);
  g_free (refund->original_masked);
  g_free (refund->slip_reference_no);
  g_free (refund->original_merchant_no);
  g_free (refund->staff_name);
  g_free (refund->notice_url);
  g_free (refund->merchant_no);
  g_free (refund->provider_no);
  g_free (refund->failure_code);
  g_free (refund->failure_words);
  g_free (refund->other_merchant);
  g_free (refund);
}

void
till_refund_step_free (TillRefundStep *step)
{
  g_free (step->staff_name);
  g_free (step->event);
  g_free (step->evidence);
  g_free (step);
}
