/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the till asks of a payment provider, and what came of it: the words that the books and every
 * provider's codec share. Plain structs; any thread; free with the function of their name. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ERRAND_PAY,       /* take `amount` from the customer whose code or card token is `auth`; at
                            the provider's own terminal: make the payment that PRESENT is then for */
  TILL_ERRAND_QUERY_PAY, /* what became of payment request_no */
  TILL_ERRAND_REVERSE,   /* 冲正: make payment request_no not have happened; never for refunds */
  TILL_ERRAND_REFUND,    /* give `amount` of payment original_no back under request_no */
  TILL_ERRAND_QUERY_REFUND, /* what became of refund request_no */
  TILL_ERRAND_VOID,         /* 撤销: give the whole of payment original_no back under request_no,
                               before the provider's cut-off of the same day */
  TILL_ERRAND_QUERY_VOID,   /* what became of void request_no */
  TILL_ERRAND_RECALL,  /* refund request_no, which the provider could not bring to the customer,
                          is to come back to the shop; provider_no is known */
  TILL_ERRAND_PRESENT, /* have the customer's card presented for payment request_no at the
                          provider's own terminal; provider_no is known. Sent once, never again */
} TillErrandKind;
#define TILL_N_ERRANDS (TILL_ERRAND_PRESENT + 1)

/* The facts a request is built from. All but asked_at are frozen in the books before the first byte
 * leaves, and a codec builds the same request from the same facts every time. "Backward" errands
 * are REFUND, VOID, their two queries and RECALL: those that point to an earlier payment. */
typedef struct
{
  TillErrandKind kind;
  char *provider;       /* owned; registry name: "sandbox" */
  char *request_no;     /* owned; ours, 16 characters, one for life */
  gboolean by_card;     /* the payment is by card; else by the customer's code */
  TillMoney amount;     /* fen; PAY, REVERSE: the payment; backward: what goes back */
  char *auth;           /* owned; PAY: payment code or card token; else, and for a card
                           that the provider's own terminal reads, NULL. A secret. */
  char *subject;        /* owned; what the customer sees: the sale's or refund's number */
  int64_t requested_at; /* µs UTC; when request_no was first promised, on every attempt and in
                           every query the same */
  char *provider_no;    /* owned; what the provider calls request_no, NULL until it told */
  char *merchant_no; /* owned; under whose number it goes or went out, NULL where that is not known;
                        under another the provider would not know it */
  char *notice_url;  /* owned; PAY, REFUND, VOID: where notices of it are to go, NULL for nowhere */

  /* Backward errands only: the payment; else NULL and 0. */
  char *original_no;             /* owned; its request_no */
  TillMoney original_amount;     /* fen; the whole payment */
  char *original_provider_no;    /* owned; what the provider calls it, or NULL */
  int64_t original_requested_at; /* µs UTC; when it was first promised */
  char *masked;                  /* owned; of a card payment "…4021", else NULL */
  /* Of a payment that was typed from a card slip (data/trade/card-slip.h), which the provider knows
   * by original_provider_no and not by original_no; else NULL and 0. */
  char *slip_reference_no; /* owned */
  int slip_day;            /* yyyymmdd in China, as printed */

  /* How often it was asked about since it was sent: what can be asked in two ways is asked in turn.
   */
  int tries;

  /* µs UTC by the machine's clock: this attempt. For what has to be signed freshly each time; never
   * part of what a provider knows a request by. */
  int64_t asked_at;
} TillErrand;

/* Failure classes of the trade: what they mean for the next step. The default for anything a codec
 * does not know is UNKNOWN_OUTCOME, never a failure. */
typedef enum
{
  TILL_CLASS_NONE = 0,
  TILL_CLASS_RETRY,           /* R surely not booked: send again, same number, on the ladder */
  TILL_CLASS_UNKNOWN_OUTCOME, /* U may be booked: ask, never send blindly */
  TILL_CLASS_FIX,             /* F refused for data: a person corrects */
  TILL_CLASS_BALANCE,         /* B merchant funds too low: wait or top up */
  TILL_CLASS_CUSTOMER,        /* K card or account closed, frozen: needs another payee */
  TILL_CLASS_PROVIDER,        /* P the provider must act: ticket */
  TILL_CLASS_FINAL,           /* X definitely refused, no way on this route */
  TILL_CLASS_LOCAL,           /* L this till cannot ask: it has no usable account, or another's */
  TILL_CLASS_DISAGREEMENT,    /* D a believed answer contradicts our books; only kept, never told */
  TILL_CLASS_STOPPED, /* S nothing goes to that provider at the moment (data/trade/stop.h) */
} TillFailureClass;

/* Why nothing may go to a provider at the moment. cause, stored word */
#define TILL_STOP_CAUSES(X)                                                                        \
  X (NONE, "")         /* it is not stopped */                                                     \
  X (KEYS, "keys")     /* it does not take our signature or does not know us */                    \
  X (CLOCK, "clock")   /* the same, and our clock is too far from its own */                       \
  X (RIGHTS, "rights") /* it knows us and does not allow us to refund */                           \
  X (LINE, "line")     /* it cannot be reached, or does not answer */                              \
  X (HAND, "hand")     /* a manager stopped it */

typedef enum
{
#define X(cause, word) TILL_STOP_##cause,
  TILL_STOP_CAUSES (X)
#undef X
} TillStopCause;

/* What a finished errand tells. From a query the words mean the state of the thing asked about. */
typedef enum
{
  TILL_OUTCOME_DONE,      /* money has moved (PAY, REFUND) or has not and will not (REVERSE) */
  TILL_OUTCOME_ACCEPTED,  /* 处理中: taken in, not done */
  TILL_OUTCOME_REFUSED,   /* final no, see failure */
  TILL_OUTCOME_NOT_FOUND, /* the provider says it knows no such number */
  TILL_OUTCOME_UNKNOWN,   /* no believable answer: it may or may not have happened */
  TILL_OUTCOME_NOT_SENT,  /* surely no byte of the request left: as if never tried */
  TILL_OUTCOME_MISMATCH,  /* a signed answer that contradicts our row (amount, number, currency) */
  TILL_OUTCOME_OPENED,    /* of PAY: it is there, provider_no is told, and nothing is taken before
                             PRESENT */
} TillOutcomeKind;

typedef struct
{
  TillOutcomeKind kind;
  TillFailureClass failure; /* NONE for DONE and ACCEPTED */
  TillMoney amount;         /* fen, as the provider states it; 0 when it did not */
  TillMoney coupon;  /* fen; DONE of REFUND and VOID: the part of the errand's amount that goes back
                        to whoever gave a discount and not to the customer; 0: none, or not stated */
  char *provider_no; /* owned; the provider's own number, or NULL */
  char *code;        /* owned; the provider's code, cleaned, at most 64 characters, or NULL */
  char *words;       /* owned; the provider's words, cleaned, at most 200, or NULL */
  char *detail;      /* owned; ours, for the log: "time-out after 20 s", or NULL */
  char *other_merchant; /* owned; NOT_SENT of class L: the account names this one, not the errand's
                           merchant_no; else NULL */
  char *masked; /* owned; the card that a terminal of the provider's read, "visa …4242", or NULL
                 */
  int retry_after_s;   /* the provider wants no question before; 0 when it did not say */
  TillStopCause stop;  /* it is about us or the line, and the next one would fare the same; NONE:
                          about the errand alone. Never HAND */
  int silent;          /* with LINE: the line has failed this often in a row, this time included */
  int64_t clock_off_s; /* our clock is so far ahead of the provider's, negative: behind; 0 where it
                          did not say */
} TillOutcome;

void till_errand_free (TillErrand *errand); /* wipes auth */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillErrand, till_errand_free)

TillOutcome *till_outcome_new (TillOutcomeKind kind, TillFailureClass failure,
                               const char *detail) G_GNUC_WARN_UNUSED_RESULT;
void till_outcome_free (TillOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillOutcome, till_outcome_free)

/* REFUND, VOID, their queries and RECALL; and the three queries. */
gboolean till_errand_kind_is_backward (TillErrandKind kind);
gboolean till_errand_kind_is_query (TillErrandKind kind);

/* Stored words: "pay", "query_pay" …; "done", "accepted" …; "R", "U" …, "" for NONE. */
const char *till_errand_kind_word (TillErrandKind kind);
gboolean till_errand_kind_from_word (const char *word, TillErrandKind *kind);
const char *till_outcome_kind_word (TillOutcomeKind kind);
/* As the books keep it: D for an answer that contradicts them, whatever its codec calls it. */
TillFailureClass till_outcome_class (const TillOutcome *outcome);
const char *till_failure_letter (TillFailureClass failure);
TillFailureClass till_failure_from_letter (const char *letter);

G_END_DECLS
