/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One payment leg of a sale, and its life in one table. */
#pragma once
#include "data/core/clock.h"
#include "data/trade/card-slip.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_TENDER_CASH,
  TILL_TENDER_CARD, /* through a reader: token and masked number only; or a provider's terminal */
  TILL_TENDER_CODE, /* the customer shows a payment code */
} TillTender;

/* state, is it still waiting for somebody? */
#define TILL_LEG_STATES(X)                                                                         \
  X (PLANNED, TRUE)   /* committed, nothing sent */                                                \
  X (REQUESTED, TRUE) /* bytes may have left */                                                    \
  X (OPENED, TRUE)    /* the provider has it; no card was asked for, so nothing can be taken */    \
  X (UNKNOWN, TRUE)   /* money may or may not have moved: ask */                                   \
  X (REVERSING, TRUE) /* 冲正 sent until answered */                                             \
  X (APPROVED, FALSE) /* proof held */                                                             \
  X (DECLINED, FALSE)                                                                              \
  X (CANCELLED, FALSE) /* surely nothing was sent */                                               \
  X (REVERSED, FALSE)                                                                              \
  X (DISPUTED, TRUE) /* contradicted, or too old to undo: frozen, a person must look */

typedef enum
{
#define X(state, waiting) TILL_LEG_##state,
  TILL_LEG_STATES (X)
#undef X
} TillLegState;

#define TILL_LEG_EVENTS(X)                                                                         \
  X (PROMISE, "promise") /* about to be sent; the books say so first */                            \
  X (DONE, "done")                                                                                 \
  X (ACCEPTED, "accepted") /* the customer is typing a password */                                 \
  X (REFUSED, "refused")                                                                           \
  X (NOT_SENT, "not_sent")   /* surely no byte left */                                             \
  X (SILENCE, "silence")     /* no believable answer */                                            \
  X (CRASH, "crash")         /* found REQUESTED or OPENED when the till started */                 \
  X (NOT_FOUND, "not_found") /* the provider does not know it, not yet believed */                 \
  X (GONE, "gone")           /* believed now, but a late request may still arrive */               \
  X (OPENED, "opened")       /* there, and takes nothing before the card is asked for */           \
  X (CANCEL, "cancel")       /* the cashier gives up waiting */                                    \
  X (MISMATCH, "mismatch")                                                                         \
  X (TOO_LATE, "too_late") /* the provider undoes it no more; nothing was sent */                  \
  X (ASSERTED, "asserted") /* somebody typed a card slip */

typedef enum
{
#define X(event, word) TILL_LEG_EVENT_##event,
  TILL_LEG_EVENTS (X)
#undef X
} TillLegEvent;

typedef struct
{
  int64_t sale_id;
  int pos;
  TillTender tender;
  char *provider;     /* owned; "" for cash */
  TillMoney amount;   /* what this leg pays of the sale */
  TillMoney received; /* cash: what the customer gave; else = amount */
  TillMoney change;   /* cash: received − amount */
  char *request_no;   /* owned; "" for cash */
  char *masked;       /* owned; "…4021", or as a provider's terminal told it, or "" */
  gboolean by_slip;   /* a card at a terminal that knows nothing of the till */
  TillCardSlip *slip; /* owned; of by_slip, once it is typed; else NULL */
  TillLegState state;
  char *merchant_no; /* owned; whose number it went out under; "" until promised */
  char *provider_no; /* owned; "" until known */
  TillFailureClass failure;
  char *failure_code;     /* owned */
  char *failure_words;    /* owned */
  char *other_merchant;   /* owned; whom the account named instead when class L was found, or "" */
  int64_t requested_at;   /* µs; 0 until promised, or until its card slip was typed */
  int64_t next_action_at; /* µs; 0 when nothing is due */
  int tries;
  TillMoney refunded; /* all that counts against the cap: given back, under way or unknown */
} TillLeg;

void till_leg_free (TillLeg *leg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillLeg, till_leg_free)

/* The one table: FALSE when the event is not possible in this state. */
gboolean till_leg_next (TillLegState from, TillLegEvent event, TillLegState *to);
gboolean till_leg_state_is_waiting (TillLegState state);

const char *till_leg_state_word (TillLegState state);
TillLegState till_leg_state_from_word (const char *word);
const char *till_leg_event_word (TillLegEvent event);
const char *till_tender_word (TillTender tender); /* "cash", "card", "code": stored */
gboolean till_tender_from_word (const char *word, TillTender *tender);

G_END_DECLS
