/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-speech.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <string.h>

#define ZONE "Asia/Shanghai"
#define FEE_PPM 6000 /* 0.6 %, given back with a refund */

static const char *const paths[]
    = { "/v1/pay", "/v1/query-pay", "/v1/reverse", "/v1/refund", "/v1/query-refund" };

static const char garbage[] = "\x1f\x8b\x00{\"code\":\"OK\",\"code\":[[[\xff\xfe";

void
till_said_free (TillSaid *said)
{
  g_free (said->time);
  g_free (said->nonce);
  g_free (said->signature);
  g_bytes_unref (said->body);
  g_free (said);
}

static TillSaid *
said_new (int status, const char *content_type, GBytes *body)
{
  TillSaid *said = g_new0 (TillSaid, 1);
  said->status = status;
  said->content_type = content_type;
  said->body = g_bytes_ref (body);
  return said;
}

static void
sign_it (const TillSpeech *speech, const TillHeard *heard, TillSaid *said)
{
  said->time = g_strdup_printf ("%" G_GINT64_FORMAT, till_clock_now (speech->clock) / TILL_SECOND);
  said->nonce = g_strdup (heard->nonce ? heard->nonce : "none");
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree char *head
      = g_strdup_printf ("%d\n%s\n%s\n%s\n", said->status, heard->path, said->time, said->nonce);
  g_byte_array_append (text, (const guint8 *)head, (guint)strlen (head));
  gsize size;
  const guint8 *data = g_bytes_get_data (said->body, &size);
  g_byte_array_append (text, data, (guint)size);
  said->signature = till_key_sign (speech->our_key, text->data, text->len);
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillHeard *heard)
{
  if (!heard->time || !heard->nonce || !heard->signature
      || strspn (heard->nonce, "0123456789abcdef") != 32 || heard->nonce[32])
    return FALSE;
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree char *head
      = g_strdup_printf ("POST\n%s\n%s\n%s\n", heard->path, heard->time, heard->nonce);
  g_byte_array_append (text, (const guint8 *)head, (guint)strlen (head));
  gsize size;
  const guint8 *data = g_bytes_get_data (heard->body, &size);
  g_byte_array_append (text, data, (guint)size);
  return till_key_verifies (speech->merchant_key, text->data, text->len, heard->signature);
}

static void
put_text (json_t *object, const char *name, const char *text)
{
  if (!text)
    return;
  int done = json_object_set_new (object, name, json_string (text));
  g_assert (done == 0);
}

static void
put_number (json_t *object, const char *name, int64_t number)
{
  int done = json_object_set_new (object, name, json_integer (number));
  g_assert (done == 0);
}

/* A first-level no, signed. */
static TillSaid *
say_no (const TillSpeech *speech, const TillHeard *heard, int status, const char *code,
        const char *words)
{
  g_autoptr (json_t) object = json_object ();
  put_text (object, "code", code);
  put_text (object, "words", words);
  g_autoptr (GBytes) body = till_json_write (object);
  TillSaid *said = said_new (status, "application/json", body);
  sign_it (speech, heard, said);
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
  gboolean query = kind == TILL_ERRAND_QUERY_PAY || kind == TILL_ERRAND_QUERY_REFUND;
  *ask = (TillProviderAsk){ .kind = kind, .at = till_clock_now (speech->clock) };
  ask->request_no = till_json_text (object, "request_no");
  if (g_strcmp0 (till_json_text (object, "merchant_no"), speech->merchant_no) != 0)
    return "merchant_no is not yours";
  if (!is_number (ask->request_no))
    return "request_no must be 1-64 letters, digits, - and _";
  if (query)
    return NULL;
  if (!till_json_money (object, "amount", &ask->amount) || ask->amount == 0)
    return "amount must be a whole number above 0";
  if (g_strcmp0 (till_json_text (object, "currency"), "CNY") != 0)
    return "currency must be CNY";
  ask->auth = till_json_text (object, "auth");
  if (kind == TILL_ERRAND_PAY && !(ask->auth && *ask->auth))
    return "auth is missing";
  if (kind != TILL_ERRAND_REFUND)
    return NULL;
  ask->original_no = till_json_text (object, "original_no");
  if (!is_number (ask->original_no))
    return "original_no must be 1-64 letters, digits, - and _";
  if (!till_json_money (object, "original_amount", &ask->original_amount))
    return "original_amount must be a whole number";
  return NULL;
}

static GBytes *
write_answer (const TillSpeech *speech, const TillProviderAnswer *answer)
{
  g_autoptr (json_t) object = json_object ();
  put_text (object, "code", answer->code);
  put_text (object, "status", answer->status);
  put_text (object, "reason", answer->reason);
  put_text (object, "merchant_no", speech->merchant_no);
  put_text (object, "request_no", answer->request_no);
  put_text (object, "original_no", answer->original_no);
  put_text (object, "provider_no", answer->provider_no);
  if (answer->has_amount)
    {
      put_number (object, "amount", answer->amount);
      put_text (object, "currency", "CNY");
    }
  return till_json_write (object);
}

/* The faults of the line that are a matter of bytes are done here; hanging up is the carrier's. */
static TillSaid *
spoil (const TillProviderAnswer *answer, TillSaid *said)
{
  said->delivery = answer->delivery;
  said->delay_ms = answer->delay_ms;
  gboolean redirect = answer->delivery == TILL_DELIVERY_REDIRECT;
  if (answer->delivery == TILL_DELIVERY_BAD_SIGNATURE)
    said->signature[8] = said->signature[8] == 'A' ? 'B' : 'A';
  if (answer->delivery == TILL_DELIVERY_GARBAGE)
    {
      g_bytes_unref (said->body);
      said->body = g_bytes_new_static (garbage, sizeof garbage - 1);
    }
  if (!redirect && answer->delivery != TILL_DELIVERY_ERROR)
    return said;
  g_autoptr (GBytes) body = g_bytes_new_static ("Internal trouble", 16);
  TillSaid *other = said_new (redirect ? 302 : 500, "text/plain", body);
  other->delivery = answer->delivery;
  till_said_free (said);
  return other;
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
  g_autoptr (GError) error = NULL;
  if (!till_provider_ask (speech->provider, &ask, &answer, &error))
    {
      g_message ("nothing booked for %s: %s", ask.request_no, error->message);
      g_autoptr (GBytes) body = g_bytes_new_static ("The book cannot be written", 26);
      return said_new (500, "text/plain", body);
    }
  g_autoptr (GBytes) body = write_answer (speech, &answer);
  TillSaid *said = said_new (200, "application/json", body);
  sign_it (speech, heard, said);
  return spoil (&answer, said);
}

static TillSaid *
answer_settlement (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  int day;
  if (!till_clock_parse_day (till_json_text (object, "day") ? till_json_text (object, "day") : "",
                             &day, NULL))
    return say_no (speech, heard, 400, "BAD_REQUEST", "day must be yyyy-mm-dd");
  char *text = till_speech_settlement (speech, day);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
  TillSaid *said = said_new (200, "text/csv; charset=utf-8", body);
  sign_it (speech, heard, said);
  return said;
}

TillSaid *
till_speech_answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (g_strcmp0 (heard->merchant_no, speech->merchant_no) != 0)
    return say_no (speech, heard, 401, "UNKNOWN_MERCHANT", "no such merchant");
  if (!is_from_merchant (speech, heard))
    return say_no (speech, heard, 401, "BAD_SIGNATURE", "the signature is not the merchant's");
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (heard->body, &error);
  if (!object)
    return say_no (speech, heard, 400, "BAD_REQUEST", "the body is no JSON object");
  for (guint kind = 0; kind < G_N_ELEMENTS (paths); kind++)
    if (strcmp (heard->path, paths[kind]) == 0)
      return answer_errand (speech, heard, (TillErrandKind)kind, object);
  if (strcmp (heard->path, "/v1/settlement") == 0)
    return answer_settlement (speech, heard, object);
  return say_no (speech, heard, 404, "BAD_REQUEST", "no such path");
}

static const char *
header_of (const TillRequest *request, const char *name)
{
  gsize length = strlen (name);
  for (guint i = 0; i < request->headers->len; i++)
    {
      const char *line = g_ptr_array_index (request->headers, i);
      if (g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':')
        return line + length + 2;
    }
  return NULL;
}

static TillReply *
carry (const TillRequest *request, const TillSaid *said)
{
  if (said->delivery == TILL_DELIVERY_NONE || said->delivery == TILL_DELIVERY_HALF)
    return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "the line was cut before the answer was whole");
  if (said->delay_ms >= request->total_ms)
    return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "time-out");
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, said->status, NULL);
  if (said->signature)
    {
      till_reply_add_field (answer, "Sandbox-Time", said->time);
      till_reply_add_field (answer, "Sandbox-Nonce", said->nonce);
      till_reply_add_field (answer, "Sandbox-Signature", said->signature);
    }
  till_reply_set_body (answer, said->body);
  return answer;
}

static TillReply *
send_by_speech (gpointer self, const TillRequest *request, GError **error)
{
  TillSpeech *speech = self;
  TillHeard heard = {
    .path = request->path,
    .merchant_no = header_of (request, "Sandbox-Merchant"),
    .time = header_of (request, "Sandbox-Time"),
    .nonce = header_of (request, "Sandbox-Nonce"),
    .signature = header_of (request, "Sandbox-Signature"),
    .body = request->body,
  };
  g_autoptr (TillSaid) said = till_speech_answer (speech, &heard);
  return carry (request, said);
}

TillTransport
till_speech_transport (TillSpeech *speech)
{
  return (TillTransport){ .send = send_by_speech, .self = speech };
}

/* What the provider keeps of a payment, and gives back of a refund. */
static TillMoney
fee_of (TillMoney amount)
{
  TillMoney fee = 0;
  gboolean fits = till_money_rate (amount, FEE_PPM, &fee);
  g_assert (fits);
  return fee;
}

char *
till_speech_settlement (const TillSpeech *speech, int day)
{
  GString *file = g_string_new ("time,kind,request_no,original_no,provider_no,amount,fee\n");
  TillMoney amounts = 0, fees = 0;
  guint rows = 0;
  for (guint i = 0; i < till_provider_n_effects (speech->provider); i++)
    {
      const TillRecord *record = till_provider_effect (speech->provider, i);
      if (till_clock_day (record->at, ZONE) != day)
        continue;
      TillErrandKind kind = till_record_effect_kind (record);
      int sign = kind == TILL_ERRAND_PAY ? 1 : -1;
      TillMoney amount = sign * record->amount;
      TillMoney fee = sign * fee_of (record->amount);
      gboolean fits
          = till_money_add (amounts, amount, &amounts) && till_money_add (fees, fee, &fees);
      g_assert (fits);
      g_autofree char *time = till_clock_format (record->at, ZONE);
      g_autofree char *amount_text = till_money_format (amount);
      g_autofree char *fee_text = till_money_format (fee);
      g_string_append_printf (file, "%s,%s,%s,%s,%s,%s,%s\n", time, till_errand_kind_word (kind),
                              record->request_no, record->original_no ? record->original_no : "",
                              record->provider_no, amount_text, fee_text);
      rows++;
    }
  g_autofree char *amount_text = till_money_format (amounts);
  g_autofree char *fee_text = till_money_format (fees);
  g_string_append_printf (file, "total,%u,,,,%s,%s\n", rows, amount_text, fee_text);
  return g_string_free (file, FALSE);
}

GBytes *
till_speech_statement (const TillSpeech *speech)
{
  g_autoptr (json_t) object = json_object ();
  json_t *effects = json_array ();
  for (guint i = 0; i < till_provider_n_effects (speech->provider); i++)
    {
      const TillRecord *record = till_provider_effect (speech->provider, i);
      TillErrandKind kind = till_record_effect_kind (record);
      json_t *row = json_object ();
      put_text (row, "kind", till_errand_kind_word (kind));
      put_text (row, "request_no", record->request_no);
      put_text (row, "original_no", record->original_no);
      put_text (row, "provider_no", record->provider_no);
      put_number (row, "amount", record->amount);
      put_number (row, "count",
                  till_provider_count_effects (speech->provider, kind, record->request_no));
      put_number (row, "asked",
                  till_provider_count_asked (speech->provider, kind, record->request_no));
      put_number (row, "at", record->at);
      json_array_append_new (effects, row);
    }
  int done = json_object_set_new (object, "effects", effects);
  g_assert (done == 0);
  return till_json_write (object);
}
