/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice language, which till-sandbox(1) describes: JSON, signed in the headers both ways. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

#define BALANCE "/v1/merchant-balance"

static const char *const words_of_errands[TILL_N_ERRANDS]
    = { "/v1/pay",          "/v1/query-pay", "/v1/reverse",   "/v1/refund",
        "/v1/query-refund", "/v1/void",      "/v1/query-void" };
static const char *const paths[]
    = { "/v1/pay",  "/v1/query-pay",  "/v1/reverse",    "/v1/refund", "/v1/query-refund",
        "/v1/void", "/v1/query-void", "/v1/settlement", BALANCE,      NULL };
static const char *const facts[] = { "merchant_no=M100001", NULL };

static const TillStatusWord status_words[]
    = { { 400, "BAD_REQUEST" }, { 401, "BAD_SIGNATURE" }, { 0 } };

static const TillProviderRules rules = { .window_days = 365, .void_until_s = 23 * 3600 };

static void
sign_it (const TillSpeech *speech, const TillHeard *heard, TillDelivery delivery, TillSaid *said)
{
  const char *nonce = till_heard_header (heard, "sandbox-nonce");
  g_autofree char *time
      = g_strdup_printf ("%" G_GINT64_FORMAT, till_clock_now (speech->clock) / TILL_SECOND);
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree char *head = g_strdup_printf ("%d\n%s\n%s\n%s\n", said->status, heard->path, time,
                                           nonce ? nonce : "none");
  g_byte_array_append (text, (const guint8 *)head, (guint)strlen (head));
  gsize size;
  const guint8 *data = g_bytes_get_data (said->body, &size);
  g_byte_array_append (text, data, (guint)size);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text->data, text->len);
  till_said_add_header (said, "Sandbox-Time", time);
  till_said_add_header (said, "Sandbox-Nonce", nonce ? nonce : "none");
  till_said_add_header (said, "Sandbox-Signature", signature);
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillHeard *heard)
{
  const char *time = till_heard_header (heard, "sandbox-time");
  const char *nonce = till_heard_header (heard, "sandbox-nonce");
  const char *signature = till_heard_header (heard, "sandbox-signature");
  if (!time || !nonce || !signature || strspn (nonce, "0123456789abcdef") != 32 || nonce[32])
    return FALSE;
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree char *head = g_strdup_printf ("POST\n%s\n%s\n%s\n", heard->path, time, nonce);
  g_byte_array_append (text, (const guint8 *)head, (guint)strlen (head));
  gsize size;
  const guint8 *data = g_bytes_get_data (heard->body, &size);
  g_byte_array_append (text, data, (guint)size);
  return till_key_verifies (speech->merchant_key, text->data, text->len, signature);
}

/* A first-level no, signed. */
static TillSaid *
say_no (const TillSpeech *speech, const TillHeard *heard, int status, const char *code,
        const char *words)
{
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "code", code);
  till_json_set_text (object, "words", words);
  g_autoptr (GBytes) body = till_json_write (object);
  TillSaid *said = till_said_new (status, "application/json", body);
  sign_it (speech, heard, TILL_DELIVERY_WHOLE, said);
  return said;
}

/* Numbers are letters, digits, dash and underline: they end up in files and on paper. */
static gboolean
is_number (const char *text)
{
  gsize length = text ? strlen (text) : 0;
  return length >= 1 && length <= 64
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
                == length;
}

/* What is wrong with the request, or NULL with ask filled from object. */
static const char *
read_ask (const TillSpeech *speech, const json_t *object, TillErrandKind kind, TillProviderAsk *ask)
{
  *ask = (TillProviderAsk){ .kind = kind, .rules = &rules };
  ask->request_no = till_json_text (object, "request_no");
  if (g_strcmp0 (till_json_text (object, "merchant_no"), speech->merchant_no) != 0)
    return "merchant_no is not yours";
  if (!is_number (ask->request_no))
    return "request_no must be 1-64 letters, digits, - and _";
  if (till_errand_kind_is_query (kind))
    return NULL;
  if (!till_json_money (object, "amount", &ask->amount) || ask->amount == 0)
    return "amount must be a whole number above 0";
  if (g_strcmp0 (till_json_text (object, "currency"), "CNY") != 0)
    return "currency must be CNY";
  ask->auth = till_json_text (object, "auth");
  if (kind == TILL_ERRAND_PAY && !(ask->auth && *ask->auth))
    return "auth is missing";
  if (!till_errand_kind_is_backward (kind))
    return NULL;
  ask->original_no = till_json_text (object, "original_no");
  if (!is_number (ask->original_no))
    return "original_no must be 1-64 letters, digits, - and _";
  if (!till_json_money (object, "original_amount", &ask->original_amount))
    return "original_amount must be a whole number";
  return NULL;
}

/* What the model knows in more words than this language: how a refund ended otherwise. */
static const struct
{
  const char *status, *says, *reason;
} endings[]
    = { { "CLOSED", "REFUSED", "REFUND_CLOSED" }, { "ABNORMAL", "REFUSED", "ACCOUNT_CLOSED" } };

static GBytes *
write_answer (const TillSpeech *speech, const TillProviderAnswer *answer)
{
  const char *status = answer->status, *reason = answer->reason;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_strcmp0 (answer->status, endings[i].status) == 0)
      {
        status = endings[i].says;
        reason = endings[i].reason;
      }
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "code", answer->code);
  till_json_set_text (object, "status", status);
  till_json_set_text (object, "reason", reason);
  till_json_set_text (object, "merchant_no", speech->merchant_no);
  till_json_set_text (object, "request_no", answer->request_no);
  till_json_set_text (object, "original_no", answer->original_no);
  till_json_set_text (object, "provider_no", answer->provider_no);
  if (answer->has_amount)
    {
      till_json_set_int (object, "amount", answer->amount);
      till_json_set_text (object, "currency", till_tongue_currency (answer, "CNY", "USD"));
    }
  return till_tongue_write (object, answer->delivery);
}

static TillSaid *
answer_errand (const TillSpeech *speech, const TillHeard *heard, TillErrandKind kind,
               const json_t *object)
{
  TillProviderAsk ask;
  TillProviderAnswer answer;
  const char *wrong = read_ask (speech, object, kind, &ask);
  if (wrong)
    return say_no (speech, heard, 400, "BAD_REQUEST", wrong);
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  g_autoptr (GBytes) body = write_answer (speech, &answer);
  TillSaid *said = till_said_new (200, "application/json", body);
  sign_it (speech, heard, answer.delivery, said);
  return till_tongue_spoil (said, &answer);
}

static TillSaid *
answer_settlement (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  int day;
  if (!till_clock_parse_day (till_json_text (object, "day") ? till_json_text (object, "day") : "",
                             &day, NULL))
    return say_no (speech, heard, 400, "BAD_REQUEST", "day must be yyyy-mm-dd");
  if (speech->bill_fault == TILL_BILL_MISSING)
    return say_no (speech, heard, 404, "NO_FILE", "there is no file of this day");
  if (speech->bill_fault == TILL_BILL_LATE)
    return say_no (speech, heard, 404, "NOT_YET", "the file of this day is being made");
  g_autoptr (GBytes) body = till_practice_bill (speech, day);
  TillSaid *said = till_said_new (200, "text/csv; charset=utf-8", body);
  sign_it (speech, heard, TILL_DELIVERY_WHOLE, said);
  return said;
}

static TillSaid *
answer_balance (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  if (g_strcmp0 (till_json_text (object, "merchant_no"), speech->merchant_no) != 0)
    return say_no (speech, heard, 400, "BAD_REQUEST", "merchant_no is not yours");
  g_autoptr (json_t) held = json_object ();
  till_json_set_text (held, "code", "OK");
  till_json_set_text (held, "merchant_no", speech->merchant_no);
  till_json_set_int (held, "available", till_tongue_held (speech));
  till_json_set_int (held, "pending", 0);
  till_json_set_text (held, "currency", "CNY");
  g_autoptr (GBytes) body = till_json_write (held);
  TillSaid *said = till_said_new (200, "application/json", body);
  sign_it (speech, heard, TILL_DELIVERY_WHOLE, said);
  return said;
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  if (g_strcmp0 (till_heard_header (heard, "sandbox-merchant"), speech->merchant_no) != 0)
    return say_no (speech, heard, 401, "UNKNOWN_MERCHANT", "no such merchant");
  if (!is_from_merchant (speech, heard))
    return say_no (speech, heard, 401, "BAD_SIGNATURE", "the signature is not the merchant's");
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (heard->body, &error);
  if (!object)
    return say_no (speech, heard, 400, "BAD_REQUEST", "the body is no JSON object");
  for (guint kind = 0; kind < TILL_N_ERRANDS; kind++)
    if (g_strcmp0 (heard->path, words_of_errands[kind]) == 0)
      return answer_errand (speech, heard, (TillErrandKind)kind, object);
  if (strcmp (heard->path, BALANCE) == 0)
    return answer_balance (speech, heard, object);
  return answer_settlement (speech, heard, object);
}

const TillTongue till_practice_tongue = { .name = "sandbox",
                                          .paths = paths,
                                          .facts = facts,
                                          .answer = answer,
                                          .notice = &till_practice_manner,
                                          .status_words = status_words };
