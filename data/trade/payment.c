/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/payment.h"
#include "data/core/text.h"

static const struct
{
  const char *word;
  gboolean waiting;
} states[] = {
#define X(state, waiting) { #state, waiting },
  TILL_LEG_STATES (X)
#undef X
};

static const char *const event_words[] = {
#define X(event, word) word,
  TILL_LEG_EVENTS (X)
#undef X
};

static const char *const tender_words[] = { "cash", "card", "code" };

#define FROM(state) TILL_LEG_##state
#define ON(event) TILL_LEG_EVENT_##event
#define TO(state) TILL_LEG_##state

/* "We know no such number" is said of this moment: the first request may still be on its way, later
 * than the provider's profile allows, and would then charge for a leg that we had called over. So
 * GONE ends nothing. It turns into 冲正, which spends the number: from the provider's yes on
 * nothing can be taken under it, however late. Only that yes, or the word that the payment itself
 * was refused, ends a leg whose bytes may have left.
 *
 * What this asks of the cashier: another tender is safe as soon as this number can take no money
 * any more, and not before. Earlier the customer could pay twice, and a leg that is approved after
 * all would overpay the sale. So a leg that is being reversed holds its share of the sale like
 * every waiting one; and because she waits for it, the first reversal goes out at once, without a
 * rung of the ladder between (data/desk/sending.c). */
static const struct
{
  TillLegState from;
  TillLegEvent event;
  TillLegState to;
} life[] = {
  { FROM (PLANNED), ON (PROMISE), TO (REQUESTED) },
  { FROM (PLANNED), ON (CANCEL), TO (CANCELLED) },
  { FROM (PLANNED), ON (DONE), TO (APPROVED) }, /* cash, in the same transaction */
  { FROM (PLANNED), ON (ASSERTED), TO (APPROVED) },

  { FROM (REQUESTED), ON (DONE), TO (APPROVED) },
  { FROM (REQUESTED), ON (REFUSED), TO (DECLINED) },
  { FROM (REQUESTED), ON (ACCEPTED), TO (UNKNOWN) },
  { FROM (REQUESTED), ON (OPENED), TO (OPENED) },
  { FROM (REQUESTED), ON (NOT_SENT), TO (CANCELLED) }, /* a code is too short-lived to try again */
  { FROM (REQUESTED), ON (SILENCE), TO (UNKNOWN) },
  { FROM (REQUESTED), ON (CRASH), TO (UNKNOWN) },
  { FROM (REQUESTED), ON (NOT_FOUND), TO (UNKNOWN) }, /* no answer to a payment: not believed */
  { FROM (REQUESTED), ON (GONE), TO (UNKNOWN) },
  { FROM (REQUESTED), ON (MISMATCH), TO (DISPUTED) },

  /* The card is asked for once. Whom a stopped till would have asked has left. */
  { FROM (OPENED), ON (PROMISE), TO (UNKNOWN) },
  { FROM (OPENED), ON (CANCEL), TO (REVERSING) },
  { FROM (OPENED), ON (CRASH), TO (REVERSING) },

  { FROM (UNKNOWN), ON (DONE), TO (APPROVED) },
  { FROM (UNKNOWN), ON (REFUSED), TO (DECLINED) },
  { FROM (UNKNOWN), ON (ACCEPTED), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (SILENCE), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (NOT_SENT), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (NOT_FOUND), TO (UNKNOWN) },
  { FROM (UNKNOWN), ON (GONE), TO (REVERSING) }, /* never CANCELLED: see above */
  { FROM (UNKNOWN), ON (CANCEL), TO (REVERSING) },
  { FROM (UNKNOWN), ON (MISMATCH), TO (DISPUTED) },

  { FROM (REVERSING), ON (DONE), TO (REVERSED) },
  { FROM (REVERSING), ON (ACCEPTED), TO (REVERSING) },
  { FROM (REVERSING), ON (SILENCE), TO (REVERSING) },
  { FROM (REVERSING), ON (NOT_SENT), TO (REVERSING) },
  { FROM (REVERSING), ON (NOT_FOUND), TO (REVERSING) },
  { FROM (REVERSING), ON (GONE), TO (REVERSING) },  /* not known is not undone */
  { FROM (REVERSING), ON (REFUSED), TO (UNKNOWN) }, /* cannot be undone: find out what it is */
  { FROM (REVERSING), ON (MISMATCH), TO (DISPUTED) },
  { FROM (REVERSING), ON (TOO_LATE), TO (DISPUTED) }, /* it may be paid, and stays asked about */

  /* Cash that was taken for a sale which then did not come about is given back. */
  { FROM (APPROVED), ON (CANCEL), TO (REVERSED) },

  { FROM (DISPUTED), ON (DONE), TO (APPROVED) },
  { FROM (DISPUTED), ON (REFUSED), TO (DECLINED) },
  { FROM (DISPUTED), ON (ACCEPTED), TO (DISPUTED) },
  { FROM (DISPUTED), ON (SILENCE), TO (DISPUTED) },
  { FROM (DISPUTED), ON (NOT_SENT), TO (DISPUTED) },
  { FROM (DISPUTED), ON (NOT_FOUND), TO (DISPUTED) },
  { FROM (DISPUTED), ON (GONE), TO (DISPUTED) }, /* it was known once, for another amount */
  { FROM (DISPUTED), ON (MISMATCH), TO (DISPUTED) },
};

#undef FROM
#undef ON
#undef TO

void
till_leg_free (TillLeg *leg)
{
  g_free (leg->provider);
  g_free (leg->request_no);
  g_free (leg->masked);
  g_free (leg->merchant_no);
  g_free (leg->provider_no);
  g_free (leg->failure_code);
  g_free (leg->failure_words);
  g_free (leg->other_merchant);
  g_clear_pointer (&leg->slip, till_card_slip_free);
  g_free (leg);
}

gboolean
till_leg_next (TillLegState from, TillLegEvent event, TillLegState *to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (life); i++)
    if (life[i].from == from && life[i].event == event)
      {
        *to = life[i].to;
        return TRUE;
      }
  return FALSE;
}

gboolean
till_leg_state_is_waiting (TillLegState state)
{
  return states[state].waiting;
}

const char *
till_leg_state_word (TillLegState state)
{
  return states[state].word;
}

TillLegState
till_leg_state_from_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (word, states[i].word))
      return (TillLegState)i;
  /* The schema's CHECK lets no other word in. */
  g_assert_not_reached ();
}

const char *
till_leg_event_word (TillLegEvent event)
{
  return event_words[event];
}

const char *
till_tender_word (TillTender tender)
{
  return tender_words[tender];
}

gboolean
till_tender_from_word (const char *word, TillTender *tender)
{
  int index = till_text_index (tender_words, G_N_ELEMENTS (tender_words), word);
  if (index >= 0)
    *tender = (TillTender)index;
  return index >= 0;
}
