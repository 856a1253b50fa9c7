/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider hears and says, in whichever of its tongues: a request as it came, an
 * answer as it is to travel, and who speaks at which path (app/sandbox/tongue.h).
 *
 * Pure but for the clock it is given. One thread. */
#pragma once
#include "app/sandbox/provider-model.h"
#include "app/sandbox/provider-rate.h"
#include "data/core/clock.h"
#include "devices/gateway/sign.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* The largest request that is listened to. */
#define TILL_SPEECH_BODY_MAX (64 * 1024)

typedef struct _TillTongue TillTongue;

/* What is wrong with the files of a day, until something else is said. */
typedef enum
{
  TILL_BILL_OK,
  TILL_BILL_MISSING,        /* there is none, and there will be none */
  TILL_BILL_LATE,           /* it is being made */
  TILL_BILL_CUT,            /* its end is missing */
  TILL_BILL_REPEATED_ROW,   /* the last row stands there twice */
  TILL_BILL_WRONG_TOTAL,    /* the sum it states is one fen more */
  TILL_BILL_UNKNOWN_REFUND, /* one more refund, which nobody asked for */
  TILL_BILL_ROW_MISSING,    /* the last row, in its sums too */
  TILL_BILL_OTHER_AMOUNT,   /* the last row says one fen more, in its sums too */
  /* Of the fund flow, where there is one; the bill is right. */
  TILL_BILL_FUNDS_MISSING,      /* there is none */
  TILL_BILL_FUNDS_REFUSED,      /* the merchant may not have it */
  TILL_BILL_FUNDS_WRONG_TOTAL,  /* its stated sum is one fen more */
  TILL_BILL_FUNDS_OTHER_AMOUNT, /* the last row says one fen more, in its sums too */
} TillBillFault;

/* All unowned. The keys may be NULL where only the practice language is spoken. */
typedef struct
{
  TillProvider *provider;
  TillClock *clock;
  const char *merchant_no;     /* in the practice language */
  const TillKey *our_key;      /* the provider's private key */
  const TillKey *merchant_key; /* the till's public key */
  const char *secret;          /* shared with the till: 32 characters */
  const TillKey *signer_key;   /* private; the one certificate speaks of */
  const char *certificate;     /* PEM, chained to an authority the till has pinned */
  /* As Alipay names the till's certificate, its roots and our own one; NULL: public keys alone. */
  const char *app_cert_sn, *root_cert_sn, *our_cert_sn;
  /* For the notices of those who have something of their own for them; NULL: they send none. */
  const char *notice_secret; /* 32 characters, known to the till */
  const TillKey *notice_key; /* private */
  TillBillFault bill_fault;
  TillProviderRate *rate;   /* NULL: it may be asked as often as one likes */
  const TillTongue *tongue; /* the one that is speaking; set for an answer, else NULL */
} TillSpeech;

/* A request as it came. */
typedef struct
{
  const char *method;
  const char *path;    /* without its query */
  const char *query;   /* what stood behind "?", or NULL */
  GHashTable *headers; /* name in small letters → value */
  GBytes *body;
} TillHeard;

typedef struct
{
  int status;
  const char *content_type; /* constant */
  GPtrArray *headers;       /* owned; of "Name: value" */
  GBytes *body;             /* owned */
  TillDelivery delivery;
  int delay_ms;
} TillSaid;

TillSaid *till_speech_answer (const TillSpeech *speech,
                              const TillHeard *heard) G_GNUC_WARN_UNUSED_RESULT;
void till_said_free (TillSaid *said);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSaid, till_said_free)
/* Whether no whole answer comes of it: not a byte, a part, or more than anybody listens to. */
gboolean till_said_cuts_line (const TillSaid *said);

/* Every tongue; NULL behind the last. */
const TillTongue *till_tongue_nth (guint n);
/* NULL when there is no such tongue. */
const TillTongue *till_tongue_find (const char *name);

/* The provider at the end of a line that needs no network; faults travel as they would over HTTPS,
 * and an answer slower than the request allows is a time-out. Valid as long as speech. */
TillTransport till_speech_transport (TillSpeech *speech);

/* The statement: JSON with every movement of money and how often each number came and moved. */
GBytes *till_speech_statement (const TillSpeech *speech) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
