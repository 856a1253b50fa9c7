/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the till asks of a payment provider, and what came of it: the words that the books and every
 * provider's codec share. Plain structs; any thread; free with the function of their name. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ERRAND_PAY,       /* take `amount` from the customer whose code or card token is `auth` */
  TILL_ERRAND_QUERY_PAY, /* what became of payment request_no */
  TILL_ERRAND_REVERSE,   /* 冲正: make payment request_no not have happened; never for refunds */
  TILL_ERRAND_REFUND,    /* give `amount` of payment original_no back under request_no */
  TILL_ERRAND_QUERY_REFUND, /* what became of refund request_no */
} TillErrandKind;

/* The facts a request is built from. All are frozen in the books before the first byte leaves, and
 * a codec builds the same bytes from the same facts every time. */
typedef struct
{
  TillErrandKind kind;
  char *provider;            /* owned; registry name: "sandbox" */
  char *request_no;          /* owned; ours, 16 characters, one for life */
  char *original_no;         /* owned; REFUND: the payment's request_no, else NULL */
  TillMoney amount;          /* fen; PAY, REVERSE: the payment; REFUND: what goes back */
  TillMoney original_amount; /* fen; REFUND: the whole payment, else 0 */
  char *auth;                /* owned; PAY: payment code or card token, else NULL. A secret. */
  char *subject;             /* owned; what the customer sees: the sale's or refund's number */
  int64_t requested_at;      /* µs UTC; when it was first promised, the same on every attempt */
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
} TillFailureClass;

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
} TillOutcomeKind;

typedef struct
{
  TillOutcomeKind kind;
  TillFailureClass failure; /* NONE for DONE and ACCEPTED */
  TillMoney amount;         /* fen, as the provider states it; 0 when it did not */
  char *provider_no;        /* owned; the provider's own number, or NULL */
  char *code;   /* owned; the provider's code, cleaned, at most 64 characters, or NULL */
  char *words;  /* owned; the provider's words, cleaned, at most 200, or NULL */
  char *detail; /* owned; ours, for the log: "time-out after 20 s", or NULL */
} TillOutcome;

void till_errand_free (TillErrand *errand); /* wipes auth */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillErrand, till_errand_free)

TillOutcome *till_outcome_new (TillOutcomeKind kind, TillFailureClass failure,
                               const char *detail) G_GNUC_WARN_UNUSED_RESULT;
void till_outcome_free (TillOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillOutcome, till_outcome_free)

/* Stored words: "pay", "query_pay" …; "done", "accepted" …; "R", "U" …, "" for NONE. */
const char *till_errand_kind_word (TillErrandKind kind);
const char *till_outcome_kind_word (TillOutcomeKind kind);
const char *till_failure_letter (TillFailureClass failure);
TillFailureClass till_failure_from_letter (const char *letter);

G_END_DECLS
