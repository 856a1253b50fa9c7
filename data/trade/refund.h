/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A refund: money on its way back, and its whole life in one table.
 *
 * It has one number for the provider from before it is written until it is over. It counts against
 * what can still be given back in every state but the few that are a final no. Plain structs. */
#pragma once
#include "data/trade/act.h"
#include "data/trade/payment.h"

G_BEGIN_DECLS

/* state, counts against the cap, something is due (next_action_at is set) */
#define TILL_REFUND_STATES(X)                                                                      \
  X (WAIT_APPROVAL, TRUE, FALSE) /* a second person must say yes */                                \
  X (QUEUED, TRUE, TRUE)      /* may be sent; nothing has left, or the last try surely failed */   \
  X (SENDING, TRUE, TRUE)     /* bytes may have left */                                            \
  X (UNKNOWN, TRUE, TRUE)     /* outcome not known: ask */                                         \
  X (ACCEPTED, TRUE, TRUE)    /* 处理中 */                                                      \
  X (FIX, TRUE, FALSE)        /* refused for something a person can correct */                     \
  X (CUSTOMER, TRUE, FALSE)   /* it cannot reach the customer this way, nothing was booked */      \
  X (PROVIDER, TRUE, TRUE)    /* the provider must act; asked about now and then */                \
  X (RECALL_DUE, TRUE, TRUE)  /* stuck there, and two persons have it sent back to the shop */     \
  X (RECALLING, TRUE, TRUE)   /* bytes that ask for it may have left */                            \
  X (SUCCEEDED, TRUE, FALSE)  /* the provider says done, or cash was handed over */                \
  X (BOUNCED, FALSE, FALSE)   /* it came back */                                                   \
  X (CLOSED, FALSE, FALSE)    /* the provider closed it without paying */                          \
  X (FAILED, FALSE, FALSE)    /* final no of the provider */                                       \
  X (REFUSED, FALSE, FALSE)   /* final no of the approver */                                       \
  X (CANCELLED, FALSE, FALSE) /* taken back before anything left */

typedef enum
{
#define X(state, counts, due) TILL_REFUND_##state,
  TILL_REFUND_STATES (X)
#undef X
} TillRefundState;

#define TILL_REFUND_EVENTS(X)                                                                      \
  X (APPROVE, "approve")                                                                           \
  X (REJECT, "reject")                                                                             \
  X (CANCEL, "cancel")                                                                             \
  X (PROMISE, "promise") /* about to be sent: in the books before the first byte */                \
  X (CRASH, "crash")     /* found SENDING when the till started */                                 \
  X (DONE, "done")                                                                                 \
  X (ACCEPT, "accepted")                                                                           \
  X (SILENCE, "silence")     /* no believable answer */                                            \
  X (NOT_SENT, "not_sent")   /* surely no byte left */                                             \
  X (RETRY, "refused_retry") /* class R: surely not booked, the provider asks to come again */     \
  X (NO_BALANCE, "refused_balance")  /* class B */                                                 \
  X (WRONG, "refused_fix")           /* class F */                                                 \
  X (NO_ACCOUNT, "refused_customer") /* class K */                                                 \
  X (HELD, "refused_provider")       /* class P */                                                 \
  X (REFUSE, "refused_final")        /* class X */                                                 \
  X (NOT_FOUND, "not_found")         /* not known there, not yet believed */                       \
  X (GONE, "gone")                   /* finally not known there */                                 \
  X (MISMATCH, "mismatch")           /* a signed answer that contradicts our row */                \
  X (BOUNCE, "bounced")                                                                            \
  X (CORRECT, "correct")       /* a person put it right: same number, nothing was booked */        \
  X (HAND_OVER, "handed_over") /* cash left the drawer */                                          \
  X (RECALL, "recall")         /* what cannot reach the customer is to come back to the shop */    \
  X (TOO_LATE, "too_late")     /* the provider's limits passed before anything left */

typedef enum
{
#define X(event, word) TILL_REFUND_EVENT_##event,
  TILL_REFUND_EVENTS (X)
#undef X
} TillRefundEvent;

typedef struct
{
  int64_t id;
  char *no;         /* owned; 20 digits, for people */
  char *request_no; /* owned; 16 characters, for the provider */
  int64_t return_id;
  char *return_no; /* owned */
  int64_t sale_id;
  char *sale_no;     /* owned */
  int leg_pos;       /* the payment whose money goes back */
  TillTender tender; /* how it goes back; cash may give back what was paid by card, with approval */
  char *provider;    /* owned; "" for cash */
  TillMoney amount;
  TillMoney coupon; /* of it, what went to whoever gave a discount; 0 where nobody stated any */
  /* the payment; "" and 0 where it is cash */
  char *original_no; /* owned; its request_no */
  TillMoney original_amount;
  char *original_provider_no;    /* owned */
  int64_t original_requested_at; /* µs of its first promise */
  char *original_masked;         /* owned; of a card "…4021" */
  char *slip_reference_no;       /* owned; of a payment by card slip, else "" … */
  int slip_day;                  /* … and 0 */
  char *original_merchant_no;    /* owned; who was paid; "" where that is not known */
  int day;
  int64_t at;
  int64_t staff_id;
  char *staff_name; /* owned */
  TillRefundState state;
  TillWhy why;       /* as a refund or a void; NONE until it is first promised */
  char *notice_url;  /* owned; where notices of it are to go, frozen like why; "" for nowhere */
  char *merchant_no; /* owned; whose number it goes out under, frozen as well; "" before */
  char *provider_no; /* owned; "" until known */
  TillFailureClass failure;
  char *failure_code;     /* owned */
  char *failure_words;    /* owned */
  char *other_merchant;   /* owned; whom the account named instead when class L was found, or "" */
  int64_t requested_at;   /* µs of the first promise; 0 before */
  int64_t sent_at;        /* µs of the last promise; 0 before */
  int64_t next_action_at; /* µs; 0 when nothing is due */
  int tries;              /* questions since the last send */
  int not_found;          /* times in a row the provider did not know it */
  gboolean stopped;       /* nothing goes to its provider at the moment */
} TillRefund;

/* One entry of the time line. */
typedef struct
{
  int n;
  int64_t at;
  char *staff_name; /* owned; "" for the program */
  TillRefundState from, to;
  char *event;    /* owned; stored word */
  char *evidence; /* owned; what the world said, or "" */
} TillRefundStep;

void till_refund_free (TillRefund *refund);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillRefund, till_refund_free)
void till_refund_step_free (TillRefundStep *step);

/* The one table: FALSE when the event is not possible in this state; then the caller keeps the
 * state and stores the event as an anomaly. */
gboolean till_refund_next (TillRefundState from, TillRefundEvent event, TillRefundState *to);

/* Under whose number it goes out, whatever an account says: its own, or before the first promise
 * that of the payment; "" where neither is known. */
const char *till_refund_merchant (const TillRefund *refund);

/* What the outcome of a request or question means as an event. not_found_is_final says whether the
 * provider's "not found" is to be believed by now. */
TillRefundEvent till_refund_event_of (const TillOutcome *outcome, gboolean not_found_is_final);

/* What an answer means for a refund that its provider has called done before. */
typedef enum
{
  TILL_AGAIN_DONE,     /* it still says so */
  TILL_AGAIN_NOTHING,  /* no answer, or old news: to be asked again */
  TILL_AGAIN_BACK,     /* the money came back, and the number is dead */
  TILL_AGAIN_OTHERWISE /* it contradicts itself in a way that only people can sort out */
} TillRefundAgain;
TillRefundAgain till_refund_again (const TillOutcome *outcome);

gboolean till_refund_state_counts (TillRefundState state); /* against the cap */
gboolean till_refund_state_is_due (TillRefundState state); /* next_action_at must be set */
/* In these a person has to do something; in the other live states the till acts by itself. */
gboolean till_refund_state_needs_person (TillRefundState state);
/* A request is promised and no answer recorded. */
gboolean till_refund_state_has_left (TillRefundState state);
/* The only state that may be called "refunded". */
gboolean till_refund_state_is_proven (TillRefundState state);

const char *till_refund_state_word (TillRefundState state);
TillRefundState till_refund_state_from_word (const char *word);
const char *till_refund_event_word (TillRefundEvent event);
/* For people, in the current language: "Not confirmed". */
const char *till_refund_state_label (TillRefundState state);

G_END_DECLS
