/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/advice.h"

#include <glib/gi18n-lib.h>

/* What a row asks beyond state and class. */
typedef enum
{
  ALWAYS,
  NEVER_SENT,  /* nothing has left yet */
  NEVER_TRIED, /* not since a person's word */
  NOT_KNOWN,   /* the provider said that it does not know the number */
  AS_VOID,
  IN_CASH,
  WITH_COUPON,     /* a part of it went to whoever gave a discount */
  PAID_TO_ANOTHER, /* as the next, and nothing has left yet */
  OTHER_MERCHANT,  /* the account names another than it goes under */
  STOPPED,         /* nothing goes to its provider at the moment */
  BY_SLIP,         /* a card at a terminal that knows nothing of the till */
  CONFIRMED,       /* of these, one that its provider has spoken of */
} When;

/* Any class: for the rows that stand last of their state. */
#define ANY (-1)

typedef struct
{
  int state;
  int class; /* a TillFailureClass or ANY */
  When when;
  TillNext next;
  const char *says; /* msgid; {amount}, {time}: of the next question or try, {merchant}: whose it
                       is, {other}: whom the account names instead, {coupon} and {customer}: the
                       parts of the amount */
} Advice;

#define R TILL_CLASS_RETRY
#define U TILL_CLASS_UNKNOWN_OUTCOME
#define F TILL_CLASS_FIX
#define B TILL_CLASS_BALANCE
#define K TILL_CLASS_CUSTOMER
#define P TILL_CLASS_PROVIDER
#define X TILL_CLASS_FINAL
#define L TILL_CLASS_LOCAL
#define D TILL_CLASS_DISAGREEMENT
#define S TILL_CLASS_STOPPED

/* One sentence for a refund that has been promised, wherever it stands. */
#define ANOTHERS                                                                                   \
  N_ ("The refund of {amount} was sent under merchant {merchant}, and our account with the "       \
      "provider now names {other}. So that it cannot be paid twice, nothing is asked or sent. It " \
      "is kept; the till tries again at {time}. A manager puts the account back, or settles it "   \
      "with the provider by hand.")

/* One sentence for what was sent and can only be asked about. */
#define ASK_WHEN_LIFTED                                                                            \
  N_ ("Refund not confirmed yet: nothing goes to the provider at the moment, so it is not asked. " \
      "The refund of {amount} is saved and will not be sent twice. Give the customer the slip; a " \
      "manager sees under Settings, Payment providers, why and what to do.")

/* The first row that fits speaks. */
static const Advice refunds[] = {
  { TILL_REFUND_WAIT_APPROVAL, ANY, ALWAYS, TILL_NEXT_APPROVE,
    N_ ("The refund of {amount} is saved and waits for a second person. Nothing was sent. A "
        "supervisor approves or rejects it.") },

  { TILL_REFUND_QUEUED, L, PAID_TO_ANOTHER, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} did not leave the till: the customer paid merchant {merchant}, and "
        "our account with the provider now names {other}. It is kept; the till tries again at "
        "{time}. A manager puts the account back, or settles it by hand.") },
  { TILL_REFUND_QUEUED, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, ANOTHERS },
  { TILL_REFUND_QUEUED, ANY, STOPPED, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} is saved. Nothing goes to the provider at the moment; it is sent "
        "as "
        "soon as it works again, under the same number. Give the customer the slip; a manager sees "
        "under Settings, Payment providers, why and what to do.") },
  { TILL_REFUND_QUEUED, ANY, NEVER_SENT, TILL_NEXT_NOTHING,
    N_ ("The refund of {amount} is saved and will be sent at once. Give the customer the slip.") },
  { TILL_REFUND_QUEUED, R, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider could not take the refund of {amount} yet; nothing was booked. It is kept "
        "and sent again at {time} under the same number. Give the customer the slip.") },
  { TILL_REFUND_QUEUED, B, ALWAYS, TILL_NEXT_ASK,
    N_ ("Our balance with the provider is too low for the refund of {amount}. Nothing was paid "
        "back. It is kept and sent again at {time}. A manager sees under Settings, Payment "
        "providers, how much is there and has it topped up.") },
  { TILL_REFUND_QUEUED, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} did not leave the till: our account with the provider cannot be "
        "used here. It is kept and sent again at {time}. A manager looks under Settings, Payment "
        "providers.") },
  { TILL_REFUND_QUEUED, F, ALWAYS, TILL_NEXT_ASK,
    N_ ("The refund of {amount} was put right. It is kept and sent again at {time} under the same "
        "number, so it cannot be paid twice.") },
  { TILL_REFUND_QUEUED, K, ALWAYS, TILL_NEXT_ASK,
    N_ ("The customer's account was put right. The refund of {amount} is kept and sent again at "
        "{time} under the same number, so it cannot be paid twice.") },
  { TILL_REFUND_QUEUED, ANY, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider does not know the refund of {amount}; nothing was booked. It is kept and "
        "sent again at {time} under the same number.") },

  { TILL_REFUND_SENDING, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The refund of {amount} is saved and with the provider; the answer is on its way. Nothing "
        "is to be done.") },

  { TILL_REFUND_UNKNOWN, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, ANOTHERS },
  { TILL_REFUND_UNKNOWN, ANY, STOPPED, TILL_NEXT_CALL_STAFF, ASK_WHEN_LIFTED },
  { TILL_REFUND_UNKNOWN, U, ALWAYS, TILL_NEXT_ASK,
    N_ ("Refund not confirmed yet: the provider gave no clear answer. The refund of {amount} is "
        "saved and will not be sent twice. Give the customer the slip; the till asks again at "
        "{time}.") },
  { TILL_REFUND_UNKNOWN, R, ALWAYS, TILL_NEXT_ASK,
    N_ ("Refund not confirmed yet: the provider cannot be asked at the moment. The refund of "
        "{amount} is saved and will not be sent twice. Give the customer the slip; the till asks "
        "again at {time}.") },
  { TILL_REFUND_UNKNOWN, B, ALWAYS, TILL_NEXT_ASK,
    N_ ("Refund not confirmed yet: our balance with the provider is too low. The refund of "
        "{amount} is saved and will not be sent twice; the till asks again at {time}. A manager "
        "sees under Settings, Payment providers, how much is there and has it topped up.") },
  { TILL_REFUND_UNKNOWN, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("Refund not confirmed yet: the provider cannot be asked, for our account with it cannot be "
        "used here. The refund of {amount} is saved and will not be sent twice; the till tries "
        "again at {time}. A manager looks under Settings, Payment providers.") },
  { TILL_REFUND_UNKNOWN, ANY, NOT_KNOWN, TILL_NEXT_ASK,
    N_ ("Refund not confirmed yet: the provider does not know it so far, which may change. The "
        "refund of {amount} is saved and will not be sent twice. Give the customer the slip; the "
        "till asks again at {time}.") },
  { TILL_REFUND_UNKNOWN, ANY, ALWAYS, TILL_NEXT_ASK,
    N_ ("Refund not confirmed yet: the answer was lost. The refund of {amount} is saved and will "
        "not be sent twice. Give the customer the slip; the till asks again at {time}.") },

  { TILL_REFUND_ACCEPTED, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, ANOTHERS },
  { TILL_REFUND_ACCEPTED, ANY, STOPPED, TILL_NEXT_CALL_STAFF, ASK_WHEN_LIFTED },
  { TILL_REFUND_ACCEPTED, U, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider has taken the refund of {amount} and gives no clear answer at the moment. It "
        "is saved and will not be sent twice. Give the customer the slip; the till asks again at "
        "{time}.") },
  { TILL_REFUND_ACCEPTED, R, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider has taken the refund of {amount} and cannot be asked at the moment. It is "
        "saved and will not be sent twice. Give the customer the slip; the till asks again at "
        "{time}.") },
  { TILL_REFUND_ACCEPTED, B, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider has taken the refund of {amount} and waits for our balance. It is saved; "
        "the till asks again at {time}. A manager sees under Settings, Payment providers, how much "
        "is there and has it topped up.") },
  { TILL_REFUND_ACCEPTED, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The provider has taken the refund of {amount} and cannot be asked, for our account with "
        "it cannot be used here. It is saved; the till tries again at {time}. A manager looks "
        "under "
        "Settings, Payment providers.") },
  { TILL_REFUND_ACCEPTED, ANY, ALWAYS, TILL_NEXT_ASK,
    N_ ("The provider has taken the refund of {amount} and is working on it. It is saved. Give the "
        "customer the slip; the till asks again at {time}.") },

  { TILL_REFUND_FIX, ANY, ALWAYS, TILL_NEXT_CORRECT,
    N_ ("The provider refused the refund of {amount}: something in it is not right. Nothing was "
        "paid back; the refund is kept. A supervisor puts it right and sends it again.") },
  { TILL_REFUND_CUSTOMER, X, ALWAYS, TILL_NEXT_TAKE_BACK,
    N_ ("The refund of {amount} was not sent: the provider no longer gives this payment back, for "
        "it is too old or went back in too many parts. Nothing was paid back; the money is still "
        "owed. A supervisor takes it back here and pays it another way.") },
  { TILL_REFUND_CUSTOMER, ANY, ALWAYS, TILL_NEXT_TAKE_BACK,
    N_ ("The customer's account cannot take the refund of {amount}. Nothing was paid back; the "
        "money is still owed. A supervisor takes it back here and pays it another way.") },

  { TILL_REFUND_PROVIDER, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, ANOTHERS },
  { TILL_REFUND_PROVIDER, ANY, STOPPED, TILL_NEXT_CALL_STAFF, ASK_WHEN_LIFTED },
  { TILL_REFUND_PROVIDER, P, ALWAYS, TILL_NEXT_CALL,
    N_ ("The provider holds up the refund of {amount}. It is kept and will not be sent twice; the "
        "till asks again at {time}. Call the provider with the numbers below.") },
  { TILL_REFUND_PROVIDER, U, ALWAYS, TILL_NEXT_CALL,
    N_ ("The provider does not say what became of the refund of {amount}, however often it is "
        "asked. It is kept and will not be sent twice; the till asks again at {time}. Call the "
        "provider with the numbers below.") },
  { TILL_REFUND_PROVIDER, D, ALWAYS, TILL_NEXT_CALL,
    N_ ("What the provider says about the refund of {amount} contradicts our books. It is kept as "
        "it is and nothing is booked; the till asks again at {time}. Call the provider with the "
        "numbers below.") },
  { TILL_REFUND_PROVIDER, R, ALWAYS, TILL_NEXT_CALL,
    N_ ("The refund of {amount} is stuck at the provider, which cannot be asked at the moment. It "
        "is kept and will not be sent twice; the till asks again at {time}. Call the provider with "
        "the numbers below.") },
  { TILL_REFUND_PROVIDER, B, ALWAYS, TILL_NEXT_CALL,
    N_ ("The refund of {amount} is stuck at the provider, which says that our balance is too low. "
        "It is kept and will not be sent twice; the till asks again at {time}. A manager sees "
        "under Settings, Payment providers, how much is there, "
        "has it topped up and calls the provider with the numbers below.") },
  { TILL_REFUND_PROVIDER, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} is stuck at the provider, which cannot be asked, for our account "
        "with it cannot be used here. It is kept; the till tries again at {time}. A manager looks "
        "under Settings, Payment providers.") },
  { TILL_REFUND_PROVIDER, ANY, ALWAYS, TILL_NEXT_CALL,
    N_ ("The provider does not know the refund of {amount}, and a late request could still arrive "
        "there. It is kept and not sent again; the till asks again at {time}. Call the provider "
        "with the numbers below.") },

  { TILL_REFUND_RECALL_DUE, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, ANOTHERS },
  { TILL_REFUND_RECALL_DUE, ANY, STOPPED, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} is to come back to the shop. Nothing goes to the provider at the "
        "moment; it is asked for as soon as it works again. A manager sees under Settings, Payment "
        "providers, why and what to do.") },
  { TILL_REFUND_RECALL_DUE, ANY, NEVER_TRIED, TILL_NEXT_NOTHING,
    N_ ("The refund of {amount} could not reach the customer. The provider is asked at once to "
        "send the money back to the shop; until it says that it did, nothing is paid another "
        "way.") },
  { TILL_REFUND_RECALL_DUE, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The refund of {amount} is to come back to the shop: the provider cannot be asked, for our "
        "account with it cannot be used here. It is kept; the till tries again at {time}. A "
        "manager looks under Settings, Payment providers.") },
  { TILL_REFUND_RECALL_DUE, ANY, ALWAYS, TILL_NEXT_ASK,
    N_ ("The refund of {amount} is to come back to the shop: the provider cannot be asked at the "
        "moment. It is kept; the till tries again at {time}.") },
  { TILL_REFUND_RECALLING, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The provider is being asked to send the refund of {amount} back to the shop. The answer "
        "is on its way. Nothing is to be done.") },

  { TILL_REFUND_SUCCEEDED, ANY, IN_CASH, TILL_NEXT_NOTHING,
    N_ ("{amount} was handed over in cash. Nothing more is to be done.") },
  { TILL_REFUND_SUCCEEDED, ANY, WITH_COUPON, TILL_NEXT_NOTHING,
    N_ ("The provider has paid {amount} back: {customer} to the customer, and {coupon} of discount "
        "to whoever gave it. Nothing more is to be done.") },
  { TILL_REFUND_SUCCEEDED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The provider has paid {amount} back. Nothing more is to be done.") },
  { TILL_REFUND_BOUNCED, ANY, ALWAYS, TILL_NEXT_PAY_CASH,
    N_ ("The refund of {amount} came back from the customer's bank. The money is still owed. A "
        "supervisor pays it another way.") },
  { TILL_REFUND_CLOSED, ANY, AS_VOID, TILL_NEXT_NOTHING,
    N_ ("The provider refused to void the payment of {amount}. Nothing was paid back; the same "
        "money goes back as a refund by itself.") },
  { TILL_REFUND_FAILED, ANY, AS_VOID, TILL_NEXT_NOTHING,
    N_ ("The provider refused to void the payment of {amount}. Nothing was paid back; the same "
        "money goes back as a refund by itself.") },
  { TILL_REFUND_CLOSED, ANY, ALWAYS, TILL_NEXT_PAY_CASH,
    N_ ("The provider closed the refund of {amount} without paying it. The money is still owed. A "
        "supervisor pays it another way.") },
  { TILL_REFUND_FAILED, ANY, ALWAYS, TILL_NEXT_PAY_CASH,
    N_ ("The provider finally refused the refund of {amount}. Nothing was paid back; the money is "
        "still owed. A supervisor pays it another way.") },
  { TILL_REFUND_REFUSED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The second person rejected the refund of {amount}. Nothing was sent. Give the goods back "
        "to the customer.") },
  { TILL_REFUND_CANCELLED, ANY, ALWAYS, TILL_NEXT_PAY_CASH,
    N_ ("The refund of {amount} was taken back before it was paid. The money is still owed. A "
        "supervisor pays it another way.") },
};

#define PAID_ANOTHERS                                                                              \
  N_ ("The payment of {amount} was sent under merchant {merchant}, and our account with the "      \
      "provider now names {other}. So nothing is asked or sent; it is saved. Do not charge "       \
      "again; "                                                                                    \
      "call a manager, who puts the account back, or settles it with the provider by hand. The "   \
      "till tries again at {time}.")

static const Advice legs[] = {
  { TILL_LEG_PLANNED, ANY, BY_SLIP, TILL_NEXT_NOTHING,
    N_ ("Key {amount} into the card terminal. When the customer has paid, type what its slip says. "
        "The sale is saved and waits.") },
  { TILL_LEG_PLANNED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("Asking the provider for {amount}. The payment is saved. Wait for the answer; do not "
        "charge again.") },
  { TILL_LEG_REQUESTED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("Asking the provider for {amount}. The payment is saved. Wait for the answer; do not "
        "charge again.") },

  { TILL_LEG_OPENED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("Asking the provider for {amount}. The payment is saved. Wait for the answer; do not "
        "charge again.") },

  { TILL_LEG_UNKNOWN, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, PAID_ANOTHERS },
  { TILL_LEG_UNKNOWN, U, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is not confirmed yet: the provider gave no clear answer. It is "
        "saved. Do not charge again; the till asks again at {time}.") },
  { TILL_LEG_UNKNOWN, R, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is not confirmed yet: the provider cannot be asked at the moment. "
        "It is saved. Do not charge again; the till asks again at {time}.") },
  { TILL_LEG_UNKNOWN, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The payment of {amount} is not confirmed yet: the provider cannot be asked, for our "
        "account with it cannot be used here. It is saved. Do not charge again; call a manager. "
        "The till tries again at {time}.") },
  { TILL_LEG_UNKNOWN, TILL_CLASS_NONE, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is not confirmed yet; perhaps the customer still has to agree on "
        "the phone. It is saved. Do not charge again; the till asks again at {time}.") },
  { TILL_LEG_UNKNOWN, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The provider refused to undo the payment of {amount}. It is saved. Do not charge again; "
        "the till asks at {time} what became of it.") },

  { TILL_LEG_REVERSING, L, OTHER_MERCHANT, TILL_NEXT_CALL_STAFF, PAID_ANOTHERS },
  { TILL_LEG_REVERSING, U, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is being reversed; the provider gave no clear answer yet. It is "
        "saved. Do not charge again; the till asks again at {time}.") },
  { TILL_LEG_REVERSING, R, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is being reversed; the provider cannot be asked at the moment. It "
        "is saved. Do not charge again; the till asks again at {time}.") },
  { TILL_LEG_REVERSING, L, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The payment of {amount} is to be reversed: the provider cannot be asked, for our account "
        "with it cannot be used here. It is saved. Do not charge again; call a manager. The till "
        "tries again at {time}.") },
  { TILL_LEG_REVERSING, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("The payment of {amount} is being reversed. It is saved. Do not charge again; another way "
        "to pay is possible as soon as the provider confirms that nothing is taken.") },

  { TILL_LEG_APPROVED, ANY, CONFIRMED, TILL_NEXT_NOTHING,
    N_ ("{amount} is paid by card at the terminal, and the provider has confirmed it.") },
  { TILL_LEG_APPROVED, ANY, BY_SLIP, TILL_NEXT_NOTHING,
    N_ ("{amount} is paid by card at the terminal, as its slip says. Keep the slip: the provider "
        "has "
        "not confirmed it yet.") },
  { TILL_LEG_APPROVED, ANY, ALWAYS, TILL_NEXT_NOTHING,
    N_ ("{amount} is paid. Nothing more is to be done.") },

  { TILL_LEG_DECLINED, R, ALWAYS, TILL_NEXT_PAY_AGAIN,
    N_ ("The provider could not take the payment of {amount} at this moment. Nothing was taken; "
        "the basket is kept. Try once more, or choose another way to pay.") },
  { TILL_LEG_DECLINED, F, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The provider refused the payment of {amount}: something in our request is not right. "
        "Nothing was taken; the basket is kept. Choose another way to pay and tell a manager.") },
  { TILL_LEG_DECLINED, B, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("There is not enough money for the payment of {amount}. Nothing was taken; the basket is "
        "kept. Choose another way to pay.") },
  { TILL_LEG_DECLINED, K, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The customer's bank or wallet declined the payment of {amount}. Nothing was taken; the "
        "basket is kept. Choose another way to pay.") },
  { TILL_LEG_DECLINED, P, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The provider does not allow the payment of {amount}. Nothing was taken; the basket is "
        "kept. Choose another way to pay; a manager calls the provider.") },
  { TILL_LEG_DECLINED, ANY, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The payment of {amount} was declined. Nothing was taken; the basket is kept. Choose "
        "another way to pay.") },

  { TILL_LEG_CANCELLED, ANY, BY_SLIP, TILL_NEXT_OTHER_WAY,
    N_ ("It was said that the terminal took nothing of {amount}. The basket is kept. Choose "
        "another "
        "way to pay. If the terminal has printed a slip after all, undo it there.") },
  { TILL_LEG_CANCELLED, R, ALWAYS, TILL_NEXT_PAY_AGAIN,
    N_ ("The payment of {amount} did not leave the till: the provider cannot be reached. Nothing "
        "was taken; the basket is kept. Try once more, or choose another way to pay.") },
  { TILL_LEG_CANCELLED, L, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The payment of {amount} did not leave the till: our account with the provider cannot be "
        "used here. Nothing was taken; the basket is kept. Choose another way to pay and tell a "
        "manager.") },
  { TILL_LEG_CANCELLED, S, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The payment of {amount} did not leave the till: the provider is stopped. Nothing was "
        "taken; "
        "the basket is kept. Take cash or choose another way to pay; a manager looks under "
        "Settings, Payment providers.") },
  { TILL_LEG_CANCELLED, ANY, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The payment of {amount} was given up before it was sent. Nothing was taken; the basket is "
        "kept. Choose another way to pay.") },
  { TILL_LEG_REVERSED, ANY, IN_CASH, TILL_NEXT_OTHER_WAY,
    N_ ("{amount} was given back in cash. The basket is kept. Choose another way to pay.") },
  { TILL_LEG_REVERSED, ANY, ALWAYS, TILL_NEXT_OTHER_WAY,
    N_ ("The payment of {amount} was reversed; nothing is taken. The basket is kept. Choose "
        "another way to pay.") },
  { TILL_LEG_DISPUTED, X, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("The payment of {amount} can no longer be reversed: the time in which the provider does "
        "that is over. Whether it was paid is not known. It is kept, and the till asks about it "
        "again at {time}. Do not charge again; a manager calls the provider.") },
  { TILL_LEG_DISPUTED, ANY, ALWAYS, TILL_NEXT_CALL_STAFF,
    N_ ("What the provider says about the payment of {amount} contradicts our books. It is kept as "
        "it is. Do not charge again; call the person in charge.") },
};

#undef ANOTHERS
#undef PAID_ANOTHERS
#undef R
#undef U
#undef F
#undef B
#undef K
#undef P
#undef X
#undef L
#undef D
#undef S
#undef ASK_WHEN_LIFTED

static gboolean
is_named (const char *merchant_no)
{
  return merchant_no && *merchant_no;
}

static gboolean
refund_is (const TillRefund *refund, When when)
{
  switch (when)
    {
    case NEVER_SENT:
      return refund->requested_at == 0;
    case NEVER_TRIED:
      return refund->tries == 0;
    case NOT_KNOWN:
      return refund->not_found > 0;
    case AS_VOID:
      return till_act_of (refund->why) == TILL_ACT_VOID;
    case IN_CASH:
      return refund->tender == TILL_TENDER_CASH;
    case WITH_COUPON:
      return refund->coupon > 0;
    case PAID_TO_ANOTHER:
      return refund->requested_at == 0 && is_named (refund->other_merchant);
    case OTHER_MERCHANT:
      return is_named (refund->other_merchant);
    case STOPPED:
      return refund->stopped;
    case BY_SLIP:
    case CONFIRMED:
      g_assert_not_reached (); /* asked of payments alone */
    case ALWAYS:
    default:
      return TRUE;
    }
}

static gboolean
fits (const Advice *advice, int state, TillFailureClass failure)
{
  return advice->state == state && (advice->class == ANY || advice->class == (int)failure);
}

static const Advice *
find_refund (const TillRefund *refund)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refunds); i++)
    if (fits (&refunds[i], (int)refund->state, refund->failure)
        && refund_is (refund, refunds[i].when))
      return &refunds[i];
  g_assert_not_reached ();
}

static gboolean
leg_is (const TillLeg *leg, When when)
{
  switch (when)
    {
    case IN_CASH:
      return leg->tender == TILL_TENDER_CASH;
    case OTHER_MERCHANT:
      return is_named (leg->other_merchant);
    case BY_SLIP:
      return leg->by_slip;
    case CONFIRMED:
      return leg->slip && leg->slip->confirmed_at != 0;
    case ALWAYS:
      return TRUE;
    case NEVER_SENT:
    case NEVER_TRIED:
    case NOT_KNOWN:
    case AS_VOID:
    case WITH_COUPON:
    case PAID_TO_ANOTHER:
    case STOPPED:
    default:
      g_assert_not_reached (); /* asked of refunds alone */
    }
}

static const Advice *
find_leg (const TillLeg *leg)
{
  for (gsize i = 0; i < G_N_ELEMENTS (legs); i++)
    if (fits (&legs[i], (int)leg->state, leg->failure) && leg_is (leg, legs[i].when))
      return &legs[i];
  g_assert_not_reached ();
}

/* Who it goes under, and who the account names; each "" or NULL where no sentence tells. */
typedef struct
{
  const char *merchant_no, *other;
} Whose;

/* The amount as on the screen, the time as on the wall. */
static char *
say (const Advice *advice, TillMoney amount, int64_t at, Whose whose, const char *zone)
{
  g_autofree char *money = till_money_format_screen (amount);
  g_autofree char *time = till_clock_stamp (at, zone, "%H:%M");
  GString *text = g_string_new (_ (advice->says));
  g_string_replace (text, "{amount}", money, 0);
  g_string_replace (text, "{time}", time, 0);
  if (is_named (whose.other))
    {
      g_string_replace (text, "{merchant}", whose.merchant_no, 0);
      g_string_replace (text, "{other}", whose.other, 0);
    }
  return g_string_free (text, FALSE);
}

char *
till_advice_refund (const TillRefund *refund, const char *zone)
{
  Whose whose = { 0 };
  if (is_named (refund->other_merchant))
    whose = (Whose){ till_refund_merchant (refund), refund->other_merchant };
  g_autofree char *said
      = say (find_refund (refund), refund->amount, refund->next_action_at, whose, zone);
  if (refund->coupon == 0)
    return g_steal_pointer (&said);
  g_autofree char *coupon = till_money_format_screen (refund->coupon);
  g_autofree char *customer = till_money_format_screen (refund->amount - refund->coupon);
  GString *text = g_string_new (said);
  g_string_replace (text, "{coupon}", coupon, 0);
  g_string_replace (text, "{customer}", customer, 0);
  return g_string_free (text, FALSE);
}

TillNext
till_advice_refund_next (const TillRefund *refund)
{
  return find_refund (refund)->next;
}

char *
till_advice_leg (const TillLeg *leg, const char *zone)
{
  return say (find_leg (leg), leg->amount, leg->next_action_at,
              (Whose){ leg->merchant_no, leg->other_merchant }, zone);
}

TillNext
till_advice_leg_next (const TillLeg *leg)
{
  return find_leg (leg)->next;
}

char *
till_advice_said (const char *code, const char *words)
{
  if (*words && *code)
    return g_strdup_printf (_ ("The provider says: “%s” (%s)"), words, code);
  if (*words)
    return g_strdup_printf (_ ("The provider says: “%s”"), words);
  return *code ? g_strdup_printf (_ ("The provider says: %s"), code) : g_strdup ("");
}

char *
till_advice_closing (const char *provider, int64_t at, const char *zone)
{
  if (at == 0)
    return g_strdup ("");
  g_autofree char *time = till_clock_format (at, zone);
  GString *text
      = g_string_new (_ ("{provider} closes it unpaid on {time} if our balance there is too low. A "
                         "manager looks how much is there and has it topped up before."));
  g_string_replace (text, "{provider}", provider, 0);
  g_string_replace (text, "{time}", time, 0);
  return g_string_free (text, FALSE);
}

char *
till_advice_all_closing (int n, TillMoney amount, int64_t at, const char *zone)
{
  if (n == 0)
    return g_strdup ("");
  g_autofree char *money = till_money_format_screen (amount);
  g_autofree char *time = till_clock_format (at, zone);
  return g_strdup_printf (
      /* Translators: how many refunds, how much money, a time. */
      ngettext ("%d refund of %s is closed unpaid by its provider on %s if our balance there is "
                "too low.",
                "%d refunds of %s altogether are closed unpaid by their providers, the first on "
                "%s, if our balance there is too low.",
                (gulong)n),
      n, money, time);
}

const char *
till_advice_event (const char *event)
{
  static const struct
  {
    TillRefundEvent event;
    const char *words;
  } events[] = {
    { TILL_REFUND_EVENT_APPROVE, N_ ("approved") },
    { TILL_REFUND_EVENT_REJECT, N_ ("rejected") },
    { TILL_REFUND_EVENT_CANCEL, N_ ("withdrawn") },
    { TILL_REFUND_EVENT_PROMISE, N_ ("sent") },
    { TILL_REFUND_EVENT_CRASH, N_ ("the till stopped before the answer") },
    { TILL_REFUND_EVENT_DONE, N_ ("the provider says: done") },
    { TILL_REFUND_EVENT_ACCEPT, N_ ("the provider works on it") },
    { TILL_REFUND_EVENT_SILENCE, N_ ("no clear answer") },
    { TILL_REFUND_EVENT_NOT_SENT, N_ ("the provider could not be reached") },
    { TILL_REFUND_EVENT_RETRY, N_ ("the provider asks to come again later") },
    { TILL_REFUND_EVENT_NO_BALANCE, N_ ("our balance there is too low") },
    { TILL_REFUND_EVENT_WRONG, N_ ("refused: something in it is not right") },
    { TILL_REFUND_EVENT_NO_ACCOUNT, N_ ("the customer's account cannot take it") },
    { TILL_REFUND_EVENT_HELD, N_ ("held up at the provider") },
    { TILL_REFUND_EVENT_REFUSE, N_ ("finally refused") },
    { TILL_REFUND_EVENT_NOT_FOUND, N_ ("not known there so far") },
    { TILL_REFUND_EVENT_GONE, N_ ("not known there: nothing was booked") },
    { TILL_REFUND_EVENT_MISMATCH, N_ ("the answer contradicts our books") },
    { TILL_REFUND_EVENT_BOUNCE, N_ ("it came back") },
    { TILL_REFUND_EVENT_CORRECT, N_ ("put right") },
    { TILL_REFUND_EVENT_HAND_OVER, N_ ("handed over in cash") },
    { TILL_REFUND_EVENT_RECALL, N_ ("to come back to the shop") },
    { TILL_REFUND_EVENT_TOO_LATE, N_ ("not sent: the provider no longer gives it back") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_str_equal (event, till_refund_event_word (events[i].event)))
      return _ (events[i].words);
  if (g_str_equal (event, "notice"))
    return _ ("the provider told of its own accord");
  if (g_str_equal (event, "settlement"))
    return _ ("a settlement file did not agree");
  return g_str_has_prefix (event, "anomaly: ") ? _ ("an answer that does not fit; nothing changed")
                                               : event;
}

static const struct
{
  const char *word;
  TillRight right;
} nexts[] = {
  [TILL_NEXT_NOTHING] = { "", TILL_RIGHT_RETURN },
  [TILL_NEXT_ASK] = { "ask", TILL_RIGHT_RETURN },
  [TILL_NEXT_APPROVE] = { "approve", TILL_RIGHT_RETURN }, /* who approves says so beside them */
  [TILL_NEXT_CORRECT] = { "correct", TILL_RIGHT_REFUND_ACT },
  [TILL_NEXT_TAKE_BACK] = { "cancel", TILL_RIGHT_REFUND_ACT },
  [TILL_NEXT_PAY_CASH] = { "cash", TILL_RIGHT_REFUND_ACT },
  [TILL_NEXT_CALL] = { "call", TILL_RIGHT_RETURN },
  [TILL_NEXT_PAY_AGAIN] = { "pay_again", TILL_RIGHT_SELL },
  [TILL_NEXT_OTHER_WAY] = { "other_way", TILL_RIGHT_SELL },
  [TILL_NEXT_CALL_STAFF] = { "call_staff", TILL_RIGHT_SELL },
};

const char *
till_next_word (TillNext next)
{
  return nexts[next].word;
}

gboolean
till_next_is_for (TillNext next, TillRole role)
{
  return till_role_may (role, nexts[next].right);
}
