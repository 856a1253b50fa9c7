/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A payment provider as a pure model: what it has booked, plus a request, gives an answer and what
 * is booked next. No line, no disk, no clock: the server puts it behind HTTPS and a log, a
 * simulation links it as it is.
 *
 * Everything the model remembers is the sum of its records. A record is handed to `keep` before the
 * model believes it; when keep answers FALSE nothing has happened. Feeding the same records to
 * till_provider_replay () makes the same provider again.
 *
 * *Honest*: one number is executed once, a repeat gets the first answer, the same number for
 * something else is refused, no more goes back than was paid. *Lenient*: it accepts everything and
 * executes every request it gets, repeats too, without any cap; only its answers to queries are as
 * true as the honest one's. Amounts in minor units. One thread. */
#pragma once
#include "data/trade/errand.h"

G_BEGIN_DECLS

/* The most faults that may wait for one kind of request. */
#define TILL_FAULTS_MAX 1000

/* What goes wrong with the next request of a kind. Some change what is booked, some only how the
 * answer travels (see TillDelivery). */
typedef enum
{
  TILL_PROVIDER_OK,
  TILL_PROVIDER_REFUSE,         /* text: the reason */
  TILL_PROVIDER_SLOW,           /* value: milliseconds before the answer */
  TILL_PROVIDER_SILENT,         /* do it, answer nothing; value: milliseconds before hanging up */
  TILL_PROVIDER_DROP,           /* hang up before doing */
  TILL_PROVIDER_HALF,           /* do it, send half the answer */
  TILL_PROVIDER_GARBAGE,        /* do it, answer bytes without sense */
  TILL_PROVIDER_BAD_SIGNATURE,  /* do it, sign the answer wrongly */
  TILL_PROVIDER_TWICE,          /* the line repeats the request: it comes in twice */
  TILL_PROVIDER_PROCESSING,     /* taken in; after `value` queries done, or as text says: CLOSED,
                                   ABNORMAL */
  TILL_PROVIDER_NOT_FOUND,      /* done and answered; the next `value` queries do not find it */
  TILL_PROVIDER_WRONG_AMOUNT,   /* do it, answer one minor unit more */
  TILL_PROVIDER_REDIRECT,       /* answer 302 to somewhere else, do nothing */
  TILL_PROVIDER_ERROR_DONE,     /* do it, answer HTTP 500 */
  TILL_PROVIDER_ERROR_NOT_DONE, /* answer HTTP 500, do nothing */
  TILL_PROVIDER_STRANGE,        /* do it, answer with the word in text, which says nothing of it */
  TILL_PROVIDER_COMES_BACK, /* a refund is done; after `value` queries it is as text says: CLOSED,
                               ABNORMAL */
  /* All that follow: fault-table.h has what each does to the money and to the answer. */
  TILL_PROVIDER_RESET,
  TILL_PROVIDER_DRIP, /* value: milliseconds between two bytes */
  TILL_PROVIDER_ENDLESS,
  TILL_PROVIDER_HUGE,
  TILL_PROVIDER_BOMB,
  TILL_PROVIDER_KEPT,
  TILL_PROVIDER_GOAWAY,
  TILL_PROVIDER_PORTAL,
  TILL_PROVIDER_HTTP_400,
  TILL_PROVIDER_HTTP_401,
  TILL_PROVIDER_HTTP_403,
  TILL_PROVIDER_HTTP_404,
  TILL_PROVIDER_HTTP_409,
  TILL_PROVIDER_HTTP_429, /* Retry-After: text as it is, or value in seconds */
  TILL_PROVIDER_HTTP_502,
  TILL_PROVIDER_HTTP_503,
  TILL_PROVIDER_HTTP_504,
  TILL_PROVIDER_DUPLICATE,
  TILL_PROVIDER_DEEP,
  TILL_PROVIDER_OTHER_NUMBER,
  TILL_PROVIDER_OTHER_CURRENCY,
  TILL_PROVIDER_NO_NUMBER,
  TILL_PROVIDER_BAD_UTF8,
  TILL_PROVIDER_NUL,
  TILL_PROVIDER_GBK,
  TILL_PROVIDER_RECOVERS, /* taken in; after `value` queries ABNORMAL, and later SUCCESS */
  TILL_PROVIDER_FORGETS,  /* what is older than a day is executed again under its number */
  TILL_PROVIDER_NO_BALANCE,
  TILL_PROVIDER_REFUNDED_ELSEWHERE,
  TILL_PROVIDER_TOO_OLD,
  TILL_PROVIDER_TOO_MANY,
  TILL_PROVIDER_TOO_SOON,
  TILL_PROVIDER_OLD_STATE, /* what is done is called by the state before: text, or PROCESSING */
  TILL_N_PROVIDER_FAULTS,
} TillProviderFault;

/* How the answer is to travel. */
typedef enum
{
  TILL_DELIVERY_WHOLE,
  TILL_DELIVERY_NONE,
  TILL_DELIVERY_HALF,
  TILL_DELIVERY_GARBAGE,
  TILL_DELIVERY_BAD_SIGNATURE,
  TILL_DELIVERY_REDIRECT,
  TILL_DELIVERY_ERROR,  /* with another HTTP status */
  TILL_DELIVERY_PORTAL, /* HTTP 200 and a page for people */
  TILL_DELIVERY_BOMB,   /* packed; unpacks to very much */
  /* The carrier's: what becomes of the line. */
  TILL_DELIVERY_RESET,
  TILL_DELIVERY_DRIP, /* a byte every delay_ms */
  TILL_DELIVERY_ENDLESS,
  TILL_DELIVERY_HUGE,
  TILL_DELIVERY_KEPT, /* whole, "keep-alive", and closed */
  TILL_DELIVERY_GOAWAY,
  /* Rightly signed where the signature covers the bytes. */
  TILL_DELIVERY_DUPLICATE,
  TILL_DELIVERY_DEEP,
  TILL_DELIVERY_BAD_UTF8,
  TILL_DELIVERY_NUL,
  TILL_DELIVERY_GBK,
} TillDelivery;

/* What this provider allows; 0: it has no such rule. Seconds and days; a clearing day ends
 * void_until_s after midnight in China. */
typedef struct
{
  int refunds_max, refund_gap_s, window_days;
  int void_until_s;
  int reverse_after_s, reverse_within_s;
} TillProviderRules;

typedef struct
{
  TillErrandKind kind;
  const char *request_no;
  const char *identity; /* what else a request is known by (UnionPay: its time), or NULL */
  /* REFUND and VOID: the payment by one of its two numbers */
  const char *original_no;
  const char *original_provider_no;
  TillMoney amount;          /* PAY, REVERSE, REFUND, VOID */
  TillMoney original_amount; /* REFUND, VOID; 0: not said */
  const char *auth;          /* PAY */
  gboolean opens; /* PAY: takes nothing before PRESENT, by the payment's number. PRESENT: the card
                     is asked for no longer */
  const char *notify_url;         /* where the asker wants to hear what became of it, or NULL */
  const TillProviderRules *rules; /* NULL: none */
  const char *tongue;             /* in which it is asked, or NULL */
  int64_t at;                     /* µs UTC */
} TillProviderAsk;

/* All texts are constants, the asker's or the provider's for its whole life. */
typedef struct
{
  const char *code; /* first level: "OK", "NUMBER_USED" … */
  /* Second level, NULL unless code is OK: SUCCESS, PROCESSING, REVERSED, CLOSED, ABNORMAL,
   * RECALLED, REFUSED, NOT_FOUND */
  const char *status;
  const char
      *reason; /* with REFUSED, else NULL; OPENED is a payment whose card was not asked for */
  const char *request_no;
  const char *original_no; /* of a refund, else NULL */
  const char *provider_no; /* NULL when nothing is booked */
  TillMoney amount;
  gboolean has_amount;
  int64_t booked_at;                /* µs UTC; 0 when nothing is booked */
  const char *original_provider_no; /* of a refund or void, else NULL */
  TillMoney original_amount;        /* of a refund or void, else 0 */
  TillMoney refunded;               /* of the payment: all that went or goes back */
  const char *identity;             /* as it was asked with, or NULL */
  const char *original_identity;    /* of the payment of a refund or void, or NULL */
  const char *notify_url;           /* as it was asked with, or NULL */
  TillDelivery delivery;
  int delay_ms;
  int http_status;       /* with ERROR … */
  gboolean in_own_words; /* … and the body is the provider's own for that */
  int retry_after_s;     /* 0: not said */
  const char *retry_at;  /* Retry-After as it is, absurd or not; NULL: as retry_after_s says */
  gboolean in_dollars;   /* it names another currency than it was asked in */
} TillProviderAnswer;

/* One line of the provider's own book. */
typedef enum
{
  TILL_RECORD_ASKED, /* a request came in for a number */
  TILL_RECORD_STATE, /* a payment or refund is now in `status` */
} TillRecordKind;

typedef struct
{
  TillRecordKind kind;
  TillErrandKind errand; /* ASKED: what was asked; STATE: PAY, REFUND or VOID */
  const char *request_no;
  const char *identity;    /* or NULL */
  const char *original_no; /* or NULL */
  const char *provider_no; /* or NULL */
  const char *tongue;      /* STATE: in which it was asked for, or NULL */
  const char *status;      /* STATE: SUCCESS, PROCESSING, REVERSED, CLOSED, ABNORMAL, RECALLED (an
                              ABNORMAL one went back to the merchant); else NULL */
  const char *ends;        /* STATE: what it will become; NULL: SUCCESS */
  const char *notify_url;  /* STATE: as it was asked with, or NULL */
  gboolean moves;          /* STATE: with this the money moved; REVERSED moves it back */
  TillMoney amount;
  int left; /* STATE: queries until it becomes that, or a hidden one is found */
  int64_t at;
} TillRecord;

typedef gboolean (*TillRecordKeep) (gpointer user, const TillRecord *record, GError **error);

typedef struct _TillProvider TillProvider;

/* keep may be NULL: nothing is kept but in memory. */
TillProvider *till_provider_new (gboolean lenient, TillRecordKeep keep,
                                 gpointer user) G_GNUC_WARN_UNUSED_RESULT;
void till_provider_free (TillProvider *provider);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillProvider, till_provider_free)

/* Books a record that was kept earlier. INVALID when it contradicts the ones before it. */
gboolean till_provider_replay (TillProvider *provider, const TillRecord *record, GError **error);

/* The next `times` requests of this kind go wrong in this way, after those already waiting. value
 * and text are as the fault says. INVALID when it makes no sense or too many are waiting. */
gboolean till_provider_set_fault (TillProvider *provider, TillErrandKind kind,
                                  TillProviderFault fault, int times, int value, const char *text,
                                  GError **error);
void till_provider_clear_faults (TillProvider *provider);

/* Decides, books and answers. FALSE when keep failed: nothing more was booked than was kept, and
 * the asker must get no answer but an error. */
gboolean till_provider_ask (TillProvider *provider, const TillProviderAsk *ask,
                            TillProviderAnswer *answer, GError **error);

/* A card pays at a terminal of the provider's that the asker knows nothing of: booked under the log
 * number of its slip, by which it can be given back in any tongue. log_no: as the terminal prints
 * it. CONFLICT when it is there with another amount; the same once more is one payment. */
gboolean till_provider_sell_at_terminal (TillProvider *provider, const char *log_no,
                                         TillMoney amount, int64_t at, GError **error);

/* What is under way under that number (the newest; a void is a refund here too), hidden, or paid
 * and on its way back ends now, as if all its queries had been asked. NOT_FOUND when there is
 * nothing that could. */
gboolean till_provider_finish (TillProvider *provider, TillErrandKind kind, const char *request_no,
                               int64_t at, GError **error);

/* The statement: every movement of money in the order it happened, as records that move. */
guint till_provider_n_effects (TillProvider *provider);
const TillRecord *till_provider_effect (TillProvider *provider, guint n);
/* What the nth effect was: PAY, REFUND (a void too) or REVERSE. */
TillErrandKind till_record_effect_kind (const TillRecord *record);
/* Faults and counts of refunds and voids are the same ones. How often money moved for this number
 * in this way, and how often a request of the kind came. */
guint till_provider_count_effects (TillProvider *provider, TillErrandKind kind,
                                   const char *request_no);
guint till_provider_count_asked (TillProvider *provider, TillErrandKind kind,
                                 const char *request_no);

/* Our number of the payment that PRESENT last came for, or NULL. */
const char *till_provider_presented (TillProvider *provider);
/* What is booked under a number, as a query would be told, without asking: nothing counts down and
 * no fault is used up. identity NULL: the newest of that number. FALSE when there is nothing. */
gboolean till_provider_peek (TillProvider *provider, TillErrandKind kind, const char *request_no,
                             const char *identity, TillProviderAnswer *answer);
/* Our number of what the provider calls provider_no, or NULL; PAY, REFUND or VOID in *kind. */
const char *till_provider_number_of (TillProvider *provider, const char *provider_no,
                                     TillErrandKind *kind);
/* The numbers of a payment's refunds and voids, oldest first; of the payments themselves when it is
 * NULL. The texts are the provider's. */
GPtrArray *till_provider_refunds_of (TillProvider *provider,
                                     const char *original_no) G_GNUC_WARN_UNUSED_RESULT;

/* "ok", "refuse", "silent" …; FALSE when there is no such word. */
gboolean till_provider_fault_from_word (const char *word, TillProviderFault *fault);
const char *till_provider_fault_word (TillProviderFault fault);

G_END_DECLS
