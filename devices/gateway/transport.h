/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One question to a provider and what came back, as plain structs; and who carries it.
 *
 * A codec makes the request and reads the answer; a transport carries one to the other: curl in the
 * shop (devices/gateway/http.h), a model of a provider in a test. The request says everything that
 * goes out, so equal requests are equal bytes. A struct belongs to whoever holds it; one thread at
 * a time. Times of waiting are milliseconds. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The most a provider may answer, in its head and in its body. */
#define TILL_REPLY_HEAD_MAX (64 * 1024)
#define TILL_REPLY_BODY_MAX (1024 * 1024)
/* The longest a provider may tell us to stay away. */
#define TILL_RETRY_AFTER_MAX_S 3600

typedef struct
{
  const char *method; /* "POST" or "GET"; a GET has no body */
  char *url;          /* owned; https only */
  char *path;         /* owned; the part of url that is signed, with its query: "/v1/pay?a=b" */
  GPtrArray *headers; /* owned; of "Name: value" */
  GBytes *body;       /* owned */
  char *ca_file;      /* owned; the only authorities that are believed for this request */
  int connect_ms;     /* name, line and TLS together */
  int total_ms;       /* everything */
  gsize body_max;     /* bytes of the answer; 0: TILL_REPLY_BODY_MAX */
} TillRequest;

typedef enum
{
  TILL_FATE_ANSWERED,   /* a whole answer came, whatever it says */
  TILL_FATE_NOT_SENT,   /* surely not one byte of the request left this machine */
  TILL_FATE_MAYBE_SENT, /* it may have been read and acted upon */
} TillFate;

typedef struct
{
  TillFate fate;
  int status; /* HTTP; 0 unless ANSWERED */
  GHashTable
      *fields;     /* owned; header name in small letters → value, NULL where it was said twice */
  GBytes *body;    /* owned; never NULL */
  int64_t date_at; /* µs UTC, the provider's clock; 0 when it did not say */
  int retry_after_s; /* 0…TILL_RETRY_AFTER_MAX_S; 0 when it did not say */
  char *detail;      /* owned; ours, for the log and the person: why it was not ANSWERED, or NULL */
} TillReply;

/* NULL with STOPPED only: the program, or in a simulation the machine, is going down and nothing is
 * known. Whatever happens on the line is an answer with its fate. */
typedef struct
{
  TillReply *(*send) (gpointer self, const TillRequest *request, GError **error);
  gpointer self; /* unowned */
} TillTransport;

/* body NULL: a GET, else a POST. */
TillRequest *till_request_new (const char *base_url, const char *path,
                               GBytes *body) G_GNUC_WARN_UNUSED_RESULT;
/* Name and value are ours and hold no line break (asserted). */
void till_request_add_header (TillRequest *request, const char *name, const char *value);
void till_request_free (TillRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillRequest, till_request_free)

TillReply *till_reply_new (TillFate fate, int status, const char *detail) G_GNUC_WARN_UNUSED_RESULT;
/* Takes name and value as they came; what is said twice counts as not said. */
void till_reply_add_field (TillReply *answer, const char *name, const char *value);
/* The value of a header, or NULL; name in small letters. */
const char *till_reply_field (const TillReply *answer, const char *name);
void till_reply_set_body (TillReply *answer, GBytes *body);
void till_reply_free (TillReply *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillReply, till_reply_free)

G_END_DECLS
