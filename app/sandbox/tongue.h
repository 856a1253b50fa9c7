/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One provider's language, the provider's half: signed bytes in, signed bytes out, with the model
 * in between. Each is written apart from the till's half (devices/gateway/…-codec.c), from the same
 * documents, so that a slip in one is not mirrored by the other; till-sandbox(1) describes them and
 * says what of them is our own invention.
 *
 * Pure but for the clock and the book behind the speech. One thread. */
#pragma once
#include "app/sandbox/provider-speech.h"

G_BEGIN_DECLS

/* What became of a payment, refund or void, as it is told of the provider's own accord. All
 * unowned. */
typedef struct
{
  const char *event_no; /* of this notice; the same however often it is sent; letters and digits */
  TillErrandKind kind;  /* PAY, REFUND or VOID */
  const char *status;   /* SUCCESS, CLOSED or ABNORMAL */
  const TillProviderAnswer *thing; /* its numbers and amounts, as a query would be told now */
  int64_t since;                   /* µs UTC; since when it is so */
} TillNews;

/* How one provider tells it. Written from the documents, as everything of a tongue. */
typedef struct
{
  /* Headers and body, with fresh stamps each time; the status says nothing. delivery is WHOLE or
   * BAD_SIGNATURE. NULL: this provider does not tell that, or we lack what it is signed with. */
  TillSaid *(*write) (const TillSpeech *speech, const TillNews *news, TillDelivery delivery);
  /* Whether the receiver has said that it need not come again. */
  gboolean (*is_yes) (const TillSpeech *speech, int status, GBytes *body);
  const int *gaps_s; /* from one sending to the next, ended by 0: then it gives up */
  /* The request says where notices go; else the merchant has said so once for all. */
  gboolean named;
} TillNoticeManner;

/* Its word for an HTTP status, in the body of that answer; ended by 0. */
typedef struct
{
  int status;
  const char *word;
} TillStatusWord;

struct _TillTongue
{
  const char *name; /* registry name of the provider */
  /* Where it is spoken, ended by NULL: a path as a whole, or what it begins with when that ends
   * with a slash and is more than one. No two tongues share one. */
  const char *const *paths;
  /* Words of the practice account (account.ini), as "name=value", ended by NULL; merchant_no among
   * them. */
  const char *const *facts;
  TillSaid *(*answer) (const TillSpeech *speech, const TillHeard *heard);
  const TillNoticeManner *notice;
  const TillStatusWord *status_words; /* or NULL: none is known */
  /* How often it may be asked in a second, and how often while it refuses; 0: no such rule is
   * known. */
  int requests_per_s, refusals_per_s;
  /* With one of the two: what it says to one more. */
  TillSaid *(*too_fast) (const TillSpeech *speech, const TillHeard *heard);
};

extern const TillTongue till_practice_tongue; /* practice-tongue.c */
extern const TillTongue till_unionpay_tongue; /* unionpay-tongue.c */
extern const TillTongue till_stripe_tongue;   /* stripe-tongue.c */
extern const TillTongue till_wechat_tongue;   /* wechat-tongue.c */
extern const TillTongue till_alipay_tongue;   /* alipay-tongue.c */
extern const TillTongue till_umpay_tongue;    /* umpay-tongue.c */
extern const TillTongue till_lakala_tongue;   /* lakala-tongue.c */
extern const TillTongue till_shengpay_tongue; /* shengpay-tongue.c */

extern const TillNoticeManner till_practice_manner; /* notice-practice.c */
extern const TillNoticeManner till_unionpay_manner; /* notice-unionpay.c */
extern const TillNoticeManner till_stripe_manner;   /* notice-stripe.c */
extern const TillNoticeManner till_wechat_manner;   /* notice-wechat.c */
extern const TillNoticeManner till_alipay_manner;   /* notice-alipay.c */
extern const TillNoticeManner till_umpay_manner;    /* notice-umpay.c */
extern const TillNoticeManner till_lakala_manner;   /* notice-lakala.c */
extern const TillNoticeManner till_shengpay_manner; /* notice-shengpay.c */

/* The value of a fact; asserts that there is one. */
const char *till_tongue_fact (const TillTongue *tongue, const char *name);

/* The header's value, or NULL; name in small letters. */
const char *till_heard_header (const TillHeard *heard, const char *name);

TillSaid *till_said_new (int status, const char *content_type,
                         GBytes *body) G_GNUC_WARN_UNUSED_RESULT;
TillSaid *till_said_text (int status, const char *content_type,
                          const char *text) G_GNUC_WARN_UNUSED_RESULT;
void till_said_add_header (TillSaid *said, const char *name, const char *value);

/* text when it can be an address for notices (an http or https URL of at most 256 plain
 * characters), else NULL. */
const char *till_tongue_address (const char *text);

/* Asks the model at the speech's time. NULL when it is asked and answered; else the answer to give
 * because the book could not be written: HTTP 500. */
TillSaid *till_tongue_ask (const TillSpeech *speech, TillProviderAsk *ask,
                           TillProviderAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
/* What the provider holds for the merchant: all that came in by the speech's tongue and has not
 * gone back. */
TillMoney till_tongue_held (const TillSpeech *speech);
/* A signature by the provider's key over text; a wrong one when the answer is to travel so. */
char *till_tongue_sign (const TillSpeech *speech, TillDelivery delivery, TillHash hash,
                        const void *text, gsize size) G_GNUC_WARN_UNUSED_RESULT;
/* The faults of the line that are a matter of bytes; takes said, gives what travels. Hanging up is
 * the carrier's. */
TillSaid *till_tongue_spoil (TillSaid *said,
                             const TillProviderAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
