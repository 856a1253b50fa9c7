/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The provider's half of the practice language: signed bytes in, signed bytes out, with the model
 * in between. Written apart from the till's half (devices/gateway/sandbox-codec.c), so that a slip
 * in one is not mirrored by the other; till-sandbox(1) describes the language.
 *
 * Pure but for the clock it is given. One thread. */
#pragma once
#include "app/sandbox/provider-model.h"
#include "data/core/clock.h"
#include "devices/gateway/sign.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* The largest request that is listened to. */
#define TILL_SPEECH_BODY_MAX (64 * 1024)

typedef struct
{
  TillProvider *provider;      /* unowned */
  TillClock *clock;            /* unowned */
  const char *merchant_no;     /* unowned, like the keys */
  const TillKey *our_key;      /* the provider's private key */
  const TillKey *merchant_key; /* the till's public key */
} TillSpeech;

/* A request as it came; texts may be NULL. */
typedef struct
{
  const char *path;
  const char *merchant_no;
  const char *time;
  const char *nonce;
  const char *signature;
  GBytes *body;
} TillHeard;

typedef struct
{
  int status;
  const char *content_type; /* constant */
  char *time;               /* owned; these three NULL when the answer is not signed */
  char *nonce;              /* owned */
  char *signature;          /* owned */
  GBytes *body;             /* owned */
  TillDelivery delivery;
  int delay_ms;
} TillSaid;

TillSaid *till_speech_answer (const TillSpeech *speech,
                              const TillHeard *heard) G_GNUC_WARN_UNUSED_RESULT;
void till_said_free (TillSaid *said);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSaid, till_said_free)

/* The provider at the end of a line that needs no network; faults travel as they would over HTTPS,
 * and an answer slower than the request allows is a time-out. Valid as long as speech. */
TillTransport till_speech_transport (TillSpeech *speech);

/* A day's settlement file, see till-sandbox(1). */
char *till_speech_settlement (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
/* The statement: JSON with every movement of money and how often each number came and moved. */
GBytes *till_speech_statement (const TillSpeech *speech) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
