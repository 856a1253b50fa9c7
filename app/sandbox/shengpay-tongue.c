/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay's half of its new interface. The documents name three interfaces and the fields of one;
 * how to ask what became of something they do not say. Sandbox inventions, all of them told in
 * till-sandbox(1): both queries with every sbxState, every errorCode (they begin with SBX_), the
 * name authCode, and that answers repeat numbers and fees. */
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

static const char *const paths[] = { "/pay/unifiedorderOffline", "/pay/reverseOrder", "/pay/refund",
                                     "/sandbox/shengpay/", NULL };
static const char *const facts[]
    = { "merchant_no=11548088", "notify_url=https://shop.example/shengpay", NULL };

/* No limit of any kind is documented. */
static const TillProviderRules rules = { 0 };

typedef enum
{
  TEXT,   /* a text */
  NUMBER, /* letters, digits, - and _ */
  DIGITS,
  FEE, /* fen above 0, as a number or as a text */
  URL, /* without a query */
} FieldKind;

typedef struct
{
  const char *name;
  FieldKind kind;
  gsize max;
  gboolean mandatory;
} Field;

static const Field order_fields[]
    = { { "outTradeNo", NUMBER, 32, TRUE }, { "totalFee", FEE, 12, TRUE },
        { "authCode", DIGITS, 32, TRUE },   { "body", TEXT, 128, FALSE },
        { "notifyUrl", URL, 300, TRUE },    { NULL } };
static const Field reverse_fields[] = { { "outTradeNo", NUMBER, 32, TRUE }, { NULL } };
static const Field refund_fields[]
    = { { "appId", TEXT, 32, FALSE },           { "outTradeNo", NUMBER, 32, FALSE },
        { "transactionId", NUMBER, 32, FALSE }, { "outRefundNo", NUMBER, 32, TRUE },
        { "totalFee", FEE, 12, TRUE },          { "refundFee", FEE, 12, TRUE },
        { "refundDesc", TEXT, 128, FALSE },     { "refundAccount", TEXT, 16, FALSE },
        { "notifyUrl", URL, 300, TRUE },        { NULL } };
static const Field query_order_fields[] = { { "outTradeNo", NUMBER, 32, TRUE }, { NULL } };
static const Field query_refund_fields[] = { { "outRefundNo", NUMBER, 32, TRUE }, { NULL } };

typedef struct
{
  const char *path;
  const Field *fields;
  const char *number;
  TillErrandKind kind;
} Service;

static const Service services[] = {
  { "/pay/unifiedorderOffline", order_fields, "outTradeNo", TILL_ERRAND_PAY },
  { "/pay/reverseOrder", reverse_fields, "outTradeNo", TILL_ERRAND_REVERSE },
  { "/pay/refund", refund_fields, "outRefundNo", TILL_ERRAND_REFUND },
  { "/sandbox/shengpay/queryOrder", query_order_fields, "outTradeNo", TILL_ERRAND_QUERY_PAY },
  { "/sandbox/shengpay/queryRefund", query_refund_fields, "outRefundNo", TILL_ERRAND_QUERY_REFUND },
};

/* --- signatures --- */

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* k=v&k=v in the order of the names; empty values, sign, and what has members are left out. NULL
 * for what has no one way to be written. */
char *
till_tongue_text_shengpay (const json_t *object)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)object, name, value)
  {
    if (json_is_boolean (value) || json_is_real (value))
      return NULL;
    gboolean empty = json_is_string (value) && !*json_string_value (value);
    if ((json_is_string (value) || json_is_integer (value)) && !empty && strcmp (name, "sign") != 0)
      g_ptr_array_add (names, (gpointer)name);
  }
  g_ptr_array_sort (names, by_name);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    {
      name = g_ptr_array_index (names, i);
      value = json_object_get (object, name);
      g_string_append_printf (text, "%s%s=", i ? "&" : "", name);
      if (json_is_string (value))
        g_string_append (text, json_string_value (value));
      else
        g_string_append_printf (text, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_from_merchant (const TillSpeech *speech, const json_t *request)
{
  g_autofree char *text = till_tongue_text_shengpay (request);
  return text && g_strcmp0 (till_json_text (request, "signType"), "RSA") == 0
         && till_key_verifies_with (speech->merchant_key, TILL_HASH_SHA1, text, strlen (text),
                                    till_json_text (request, "sign"));
}

static TillSaid *
say (const TillSpeech *speech, json_t *object, TillDelivery delivery)
{
  g_autofree char *nonce = g_strdup_printf ("%032" G_GINT64_FORMAT, till_clock_now (speech->clock));
  till_json_set_text (object, "nonceStr", nonce);
  g_autofree char *text = till_tongue_text_shengpay (object);
  g_autofree char *sign = till_tongue_sign (speech, delivery, TILL_HASH_SHA1, text, strlen (text));
  till_json_set_text (object, "sign", sign);
  g_autoptr (GBytes) body = till_tongue_write (object, delivery);
  return till_said_new (200, "application/json", body);
}

/* --- the request --- */

static gboolean
is_made_of (const char *text, gsize max, const char *characters)
{
  gsize length = text ? strlen (text) : 0;
  return length >= 1 && length <= max && strspn (text, characters) == length;
}

static TillMoney
fee_of (const json_t *value)
{
  const char *text = json_string_value (value);
  TillMoney fee = json_is_integer (value) ? json_integer_value (value)
                  : is_made_of (text, 12, "0123456789")
                      ? (TillMoney)g_ascii_strtoull (text, NULL, 10)
                      : 0;
  return CLAMP (fee, 0, TILL_MONEY_MAX);
}

static gboolean
is_right (const Field *field, const json_t *value)
{
  const char *text = json_string_value (value);
  switch (field->kind)
    {
    case FEE:
      return fee_of (value) > 0;
    case DIGITS:
      return is_made_of (text, field->max, "0123456789");
    case NUMBER:
      return is_made_of (text, field->max,
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    case URL:
      return text && strlen (text) <= field->max && g_str_has_prefix (text, "http")
             && !strchr (text, '?');
    case TEXT:
    default:
      return text && *text && g_utf8_strlen (text, -1) <= (glong)field->max;
    }
}

/* The name of what is wrong, or NULL. */
static const char *
find_wrong (const Service *service, const json_t *request)
{
  for (const Field *field = service->fields; field->name; field++)
    {
      const json_t *value = json_object_get (request, field->name);
      if (value ? !is_right (field, value) : field->mandatory)
        return field->name;
    }
  if (!is_made_of (till_json_text (request, "nonceStr"), 32,
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
    return "nonceStr";
  if (service->kind == TILL_ERRAND_REFUND && !till_json_text (request, "outTradeNo")
      && !till_json_text (request, "transactionId"))
    return "outTradeNo";
  const char *source = till_json_text (request, "refundAccount");
  if (source && strcmp (source, "RECHARGE") != 0 && strcmp (source, "UNSETTLED") != 0)
    return "refundAccount";
  return NULL;
}

static void
read_ask (const Service *service, const json_t *request, TillProviderAsk *ask)
{
  gboolean refund = service->kind == TILL_ERRAND_REFUND;
  TillMoney total = fee_of (json_object_get (request, "totalFee"));
  *ask = (TillProviderAsk){ .kind = service->kind,
                            .request_no = till_json_text (request, service->number),
                            .auth = till_json_text (request, "authCode"),
                            .notify_url
                            = till_tongue_address (till_json_text (request, "notifyUrl")),
                            .amount = total,
                            .rules = &rules };
  if (!refund)
    return;
  ask->amount = fee_of (json_object_get (request, "refundFee"));
  ask->original_amount = total;
  ask->original_no = till_json_text (request, "outTradeNo");
  ask->original_provider_no = till_json_text (request, "transactionId");
}

/* --- the answer --- */

/* Reasons of the model's own get a name that no document has; a fault's words are passed through.
 */
static char *
error_of (const char *word)
{
  static const char *const models[] = { "NUMBER_USED",
                                        "ORIGINAL_NOT_FOUND",
                                        "ORIGINAL_DIFFERS",
                                        "ALREADY_REFUNDED",
                                        "AMOUNT_ABOVE_REFUNDABLE",
                                        "ORIGINAL_TOO_OLD",
                                        "TOO_MANY_REFUNDS",
                                        "TOO_SOON",
                                        "BALANCE_LOW",
                                        "ACCOUNT_CLOSED",
                                        "REVERSED",
                                        NULL };
  return g_strv_contains (models, word) ? g_strconcat ("SBX_", word, NULL) : g_strdup (word);
}

/* The errorCode, or NULL when the request was taken. */
static char *
decide (const TillProviderAsk *ask, const TillProviderAnswer *answer)
{
  gboolean query = till_errand_kind_is_query (ask->kind);
  if (strcmp (answer->code, "OK") != 0)
    return error_of (answer->code);
  if (strcmp (answer->status, "REFUSED") == 0)
    return error_of (answer->reason);
  if (ask->kind == TILL_ERRAND_PAY && strcmp (answer->status, "REVERSED") == 0)
    return error_of ("REVERSED");
  /* What is reversed before it comes will not be executed when it comes. */
  gboolean nothing = ask->kind == TILL_ERRAND_REVERSE && answer->amount == 0;
  return nothing && !query ? error_of ("ORIGINAL_NOT_FOUND") : NULL;
}

static json_t *
envelope (const char *returned, const char *words)
{
  json_t *object = json_object ();
  till_json_set_text (object, "returnCode", returned);
  till_json_set_text (object, "returnMsg", words);
  return object;
}

/* Not understood. */
static TillSaid *
say_fail (const TillSpeech *speech, const char *words)
{
  g_autoptr (json_t) object = envelope ("FAIL", words);
  return say (speech, object, TILL_DELIVERY_WHOLE);
}

static void
add_trade (json_t *object, const Service *service, const TillProviderAnswer *answer)
{
  gboolean refund = strcmp (service->number, "outRefundNo") == 0;
  till_json_set_text (object, service->number, answer->request_no);
  till_json_set_text (object, refund ? "refundId" : "transactionId", answer->provider_no);
  if (!answer->has_amount)
    return;
  till_json_set_int (object, refund ? "refundFee" : "totalFee", answer->amount);
  if (!refund)
    return;
  till_json_set_text (object, "outTradeNo", answer->original_no);
  if (answer->original_amount > 0)
    till_json_set_int (object, "totalFee", answer->original_amount);
}

static TillSaid *
answer_service (const TillSpeech *speech, const Service *service, const json_t *request)
{
  TillProviderAsk ask;
  TillProviderAnswer answer;
  const char *wrong = find_wrong (service, request);
  if (wrong)
    return say_fail (speech, wrong);
  read_ask (service, request, &ask);
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  g_autofree char *error = decide (&ask, &answer);
  g_autoptr (json_t) object = envelope ("SUCCESS", "OK");
  till_json_set_text (object, "resultCode", error ? "FAIL" : "SUCCESS");
  till_json_set_text (object, "errorCode", error);
  till_json_set_text (object, "errorCodeDes", error ? "sandbox" : NULL);
  till_json_set_text (object, "mchId", till_json_text (request, "mchId"));
  add_trade (object, service, &answer);
  if (till_errand_kind_is_query (service->kind) && !error)
    {
      g_autofree char *state = g_strconcat ("SBX_", answer.status, NULL);
      till_json_set_text (object, "sbxState", state);
    }
  return till_tongue_spoil (say (speech, object, answer.delivery), &answer);
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) request = till_json_parse (heard->body, &error);
  if (!request)
    return say_fail (speech, "the body is no JSON object");
  if (g_strcmp0 (till_json_text (request, "mchId"),
                 till_tongue_fact (&till_shengpay_tongue, "merchant_no"))
      != 0)
    return say_fail (speech, "mchId");
  if (!is_from_merchant (speech, request))
    return say_fail (speech, "sign");
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (strcmp (heard->path, services[i].path) == 0)
      return answer_service (speech, &services[i], request);
  return say_fail (speech, "no such interface");
}

const TillTongue till_shengpay_tongue = { .name = "shengpay",
                                          .paths = paths,
                                          .facts = facts,
                                          .answer = answer,
                                          .notice = &till_shengpay_manner };
