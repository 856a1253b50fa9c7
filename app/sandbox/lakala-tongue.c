/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala's half of its open platform V3: labs for codes, lams for refunds of card payments. The
 * documents name no code of refusal, no limits, and do not say how a number that is not known is
 * answered: every code that begins with SBX_ is a sandbox invention, as is everything else that is
 * marked so below. till-sandbox(1) lists them. */
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

#define SCHEME "LKLAPI-SHA256withRSA "
#define LABS_TAKEN "BBS00000"
#define LAMS_TAKEN "000000"
#define OUR_SERIAL "5f3a6c0117d2e84b"

#define BALANCE "/api/v2/mrssQuery/queryRefundAvailableBalance"

static const char *const paths[] = { "/api/v3/labs/", "/api/v3/lams/", BALANCE, NULL };
static const char *const facts[] = { "merchant_no=822100041120001",  "app_id=OP00000003",
                                     "serial_no=00dfba8194c41b84cf", "term_no=A1062976",
                                     "request_ip=127.0.0.1",         NULL };

/* Sandbox invention: the hour until which a payment can be voided. */
static const TillProviderRules rules = { .void_until_s = 23 * 3600 };

typedef struct
{
  const char *name;
  gboolean mandatory;
  gsize max;
  const char *characters; /* NULL: any text */
} Field;

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define NUMBER LETTERS DIGITS "-_"

#define WHO                                                                                        \
  { "merchant_no", TRUE, 32, NUMBER },                                                             \
  {                                                                                                \
    "term_no", TRUE, 32, NUMBER                                                                    \
  }
#define ORIGIN                                                                                     \
  { "origin_out_trade_no", FALSE, 32, NUMBER }, { "origin_trade_no", FALSE, 32, NUMBER },          \
  {                                                                                                \
    "origin_log_no", FALSE, 14, NUMBER                                                             \
  }
#define END                                                                                        \
  {                                                                                                \
    NULL                                                                                           \
  }

static const Field micropay_fields[] = { WHO,
                                         { "out_trade_no", TRUE, 32, NUMBER },
                                         { "auth_code", TRUE, 32, DIGITS },
                                         { "total_amount", TRUE, 12, DIGITS },
                                         { "subject", FALSE, 42, NULL },
                                         END };
static const Field tradequery_fields[]
    = { WHO, { "out_trade_no", FALSE, 32, NUMBER }, { "trade_no", FALSE, 32, NUMBER }, END };
static const Field revoked_fields[] = { WHO, { "out_trade_no", TRUE, 32, NUMBER }, ORIGIN, END };
static const Field idmrefund_fields[] = { WHO,
                                          { "out_refund_order_no", TRUE, 32, NUMBER },
                                          { "refund_amount", TRUE, 12, DIGITS },
                                          { "refund_reason", FALSE, 32, NULL },
                                          ORIGIN,
                                          END };
static const Field idmrefundquery_fields[]
    = { WHO, { "out_refund_order_no", TRUE, 32, NUMBER }, END };
static const Field trade_refund_fields[] = { WHO,
                                             { "out_trade_no", TRUE, 32, NUMBER },
                                             { "refund_amount", TRUE, 12, DIGITS },
                                             { "origin_biz_type", TRUE, 1, "1234" },
                                             { "origin_trade_date", TRUE, 8, DIGITS },
                                             { "origin_card_no", FALSE, 19, DIGITS "*" },
                                             { "refund_type", FALSE, 2, DIGITS },
                                             ORIGIN,
                                             END };
static const Field trade_refund_query_fields[] = { WHO,
                                                   { "out_trade_no", TRUE, 32, NUMBER },
                                                   { "origin_biz_type", TRUE, 1, "1234" },
                                                   { "origin_trade_date", TRUE, 8, DIGITS },
                                                   { "origin_trade_ref_no", FALSE, 12, DIGITS },
                                                   ORIGIN,
                                                   END };

typedef struct _Service Service;
struct _Service
{
  const char *path;
  const Field *fields;
  const char *number;  /* what the request is known by … */
  const char *amount;  /* … and what its money is called, in the request or only in the answer */
  gboolean located;    /* location_info is mandatory */
  gboolean says_state; /* the answer has a trade_state; documented of the queries, assumed of
                          idmrefund */
  TillErrandKind kind;
};

#define LABS "/api/v3/labs/"
#define LAMS "/api/v3/lams/trade/"

static const Service services[] = {
  { LABS "trans/micropay", micropay_fields, "out_trade_no", "total_amount", TRUE, FALSE,
    TILL_ERRAND_PAY },
  { LABS "query/tradequery", tradequery_fields, "out_trade_no", "total_amount", FALSE, TRUE,
    TILL_ERRAND_QUERY_PAY },
  { LABS "relation/revoked", revoked_fields, "out_trade_no", "total_amount", TRUE, FALSE,
    TILL_ERRAND_VOID },
  { LABS "relation/idmrefund", idmrefund_fields, "out_refund_order_no", "refund_amount", TRUE, TRUE,
    TILL_ERRAND_REFUND },
  { LABS "query/idmrefundquery", idmrefundquery_fields, "out_refund_order_no", "refund_amount",
    FALSE, TRUE, TILL_ERRAND_QUERY_REFUND },
  { LAMS "trade_refund", trade_refund_fields, "out_trade_no", "refund_amount", FALSE, FALSE,
    TILL_ERRAND_REFUND },
  { LAMS "trade_refund_query", trade_refund_query_fields, "out_trade_no", "refund_amount", FALSE,
    TRUE, TILL_ERRAND_QUERY_REFUND },
};

static gboolean
is_lams (const Service *service)
{
  return g_str_has_prefix (service->path, LAMS);
}

/* --- signatures --- */

static GString *
canonical (const char *app_id, const char *serial, const char *time, const char *nonce,
           GBytes *body)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "%s\n%s\n%s\n%s\n", app_id, serial, time, nonce);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_string_append_len (text, data, (gssize)size);
  g_string_append_c (text, '\n');
  return text;
}

static TillSaid *
say (const TillSpeech *speech, int status, const json_t *object, TillDelivery delivery)
{
  const char *app_id = till_tongue_fact (&till_lakala_tongue, "app_id");
  int64_t now = till_clock_now (speech->clock);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, now / TILL_SECOND);
  g_autofree char *nonce = g_strdup_printf ("%032" G_GINT64_FORMAT, now);
  g_autoptr (GBytes) body = till_tongue_write (object, delivery);
  GString *text = canonical (app_id, OUR_SERIAL, time, nonce, body);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text->str, text->len);
  g_string_free (text, TRUE);
  TillSaid *said = till_said_new (status, "application/json", body);
  till_said_add_header (said, "Lklapi-Appid", app_id);
  till_said_add_header (said, "Lklapi-Serial", OUR_SERIAL);
  till_said_add_header (said, "Lklapi-Timestamp", time);
  till_said_add_header (said, "Lklapi-Nonce", nonce);
  till_said_add_header (said, "Lklapi-Signature", signature);
  return said;
}

/* name="value" of the Authorization header, in any order; NULL when it is not there. */
static char *
authorization_part (const char *header, const char *name)
{
  g_autofree char *begin = g_strconcat (name, "=\"", NULL);
  const char *at = strstr (header, begin);
  if (!at || !(at[-1] == ' ' || at[-1] == ','))
    return NULL;
  at += strlen (begin);
  const char *end = strchr (at, '"');
  return end ? g_strndup (at, (gsize)(end - at)) : NULL;
}

static gboolean
is_within (const char *text, gsize min, gsize max, const char *characters)
{
  gsize length = text ? strlen (text) : 0;
  return length >= min && length <= max && (!characters || strspn (text, characters) == length);
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillHeard *heard)
{
  const char *header = till_heard_header (heard, "authorization");
  if (!header || !g_str_has_prefix (header, SCHEME))
    return FALSE;
  g_autofree char *app_id = authorization_part (header, "appid");
  g_autofree char *serial = authorization_part (header, "serial_no");
  g_autofree char *time = authorization_part (header, "timestamp");
  g_autofree char *nonce = authorization_part (header, "nonce_str");
  g_autofree char *signature = authorization_part (header, "signature");
  if (g_strcmp0 (app_id, till_tongue_fact (&till_lakala_tongue, "app_id")) != 0
      || g_strcmp0 (serial, till_tongue_fact (&till_lakala_tongue, "serial_no")) != 0
      || !is_within (time, 10, 10, DIGITS) || !is_within (nonce, 12, 32, LETTERS DIGITS))
    return FALSE;
  GString *text = canonical (app_id, serial, time, nonce, heard->body);
  gboolean right = till_key_verifies (speech->merchant_key, text->str, text->len, signature);
  g_string_free (text, TRUE);
  return right;
}

/* --- the request --- */

/* The name of a field that is missing or cannot be, or NULL. */
static const char *
find_bad_field (const Field *fields, const json_t *data)
{
  for (const Field *field = fields; field->name; field++)
    {
      const json_t *value = json_object_get (data, field->name);
      if (!value && !field->mandatory)
        continue;
      if (!is_within (json_string_value (value), 1, field->max * (field->characters ? 1 : 4),
                      field->characters))
        return field->name;
    }
  return NULL;
}

/* What is wrong with req_data, or NULL. */
static const char *
find_wrong_field (const Service *service, const json_t *data)
{
  const char *bad = find_bad_field (service->fields, data);
  if (bad)
    return bad;
  const json_t *location = json_object_get (data, "location_info");
  if (service->located && !is_within (till_json_text (location, "request_ip"), 7, 64, NULL))
    return "location_info.request_ip";
  if (g_strcmp0 (till_json_text (data, "merchant_no"),
                 till_tongue_fact (&till_lakala_tongue, "merchant_no"))
      != 0)
    return "merchant_no";
  return NULL;
}

/* The first digits say whose code it is; lams wants the card where it was one. */
static const char *
find_wrong_value (const Service *service, const json_t *data)
{
  static const char *const kinds[] = { "10", "11", "12", "13", "14", "15", "25", "26", "27",
                                       "28", "29", "30", "62", "01", "51", "83", NULL };
  const char *code = till_json_text (data, "auth_code");
  g_autofree char *kind = code ? g_strndup (code, 2) : NULL;
  if (kind && !g_strv_contains (kinds, kind))
    return "auth_code";
  const char *biz_type = till_json_text (data, "origin_biz_type");
  gboolean card = g_strcmp0 (biz_type, "1") == 0 && service->kind == TILL_ERRAND_REFUND;
  return card && !till_json_text (data, "origin_card_no") ? "origin_card_no" : NULL;
}

/* Lakala's own number first, then the number for the books, then the merchant's. */
static void
read_origin (const TillSpeech *speech, const json_t *data, TillProviderAsk *ask)
{
  TillErrandKind kind;
  ask->original_provider_no = till_json_text (data, "origin_trade_no");
  if (!ask->original_provider_no)
    ask->original_provider_no = till_json_text (data, "origin_log_no");
  if (ask->original_provider_no)
    ask->original_no = till_provider_number_of (speech->provider, ask->original_provider_no, &kind);
  else
    ask->original_no = till_json_text (data, "origin_out_trade_no");
}

/* One interface cancels; the model knows two deeds. Sandbox invention: a cancellation whose number
 * is the payment's with something before it is a reversal, every other one a void. */
static void
read_cancellation (const TillSpeech *speech, TillProviderAsk *ask)
{
  const char *no = ask->original_no;
  TillProviderAnswer payment;
  if (no && strcmp (ask->request_no, no) != 0 && g_str_has_suffix (ask->request_no, no))
    {
      ask->kind = TILL_ERRAND_REVERSE;
      ask->request_no = no;
      return;
    }
  if (no && till_provider_peek (speech->provider, TILL_ERRAND_PAY, no, NULL, &payment))
    ask->amount = payment.amount;
}

/* A trade is found by either number, a cancellation as well as a payment. */
static void
read_trade (const TillSpeech *speech, const json_t *data, TillProviderAsk *ask)
{
  TillProviderAnswer trade;
  TillErrandKind kind;
  const char *known
      = till_provider_number_of (speech->provider, till_json_text (data, "trade_no"), &kind);
  if (known)
    ask->request_no = known;
  if (ask->request_no
      && till_provider_peek (speech->provider, TILL_ERRAND_VOID, ask->request_no, NULL, &trade))
    ask->kind = TILL_ERRAND_QUERY_VOID;
}

/* The name of what is wrong, or NULL with ask filled from data. */
static const char *
read_ask (const TillSpeech *speech, const Service *service, const json_t *data,
          TillProviderAsk *ask)
{
  const char *wrong = find_wrong_field (service, data);
  if (!wrong)
    wrong = find_wrong_value (service, data);
  if (wrong)
    return wrong;
  *ask = (TillProviderAsk){ .kind = service->kind,
                            .request_no = till_json_text (data, service->number),
                            .auth = till_json_text (data, "auth_code"),
                            .notify_url = till_tongue_address (till_json_text (data, "notify_url")),
                            .rules = &rules };
  const char *amount = till_json_text (data, service->amount);
  if (amount)
    ask->amount = g_ascii_strtoll (amount, NULL, 10);
  if (service->kind == TILL_ERRAND_PAY || service->kind == TILL_ERRAND_REFUND)
    wrong = ask->amount > 0 ? NULL : service->amount;
  if (service->kind == TILL_ERRAND_REFUND || service->kind == TILL_ERRAND_VOID)
    {
      read_origin (speech, data, ask);
      if (!ask->original_no && !ask->original_provider_no)
        wrong = "origin_out_trade_no";
    }
  if (service->kind == TILL_ERRAND_VOID && !wrong)
    read_cancellation (speech, ask);
  if (service->kind == TILL_ERRAND_QUERY_PAY)
    read_trade (speech, data, ask);
  if (!ask->request_no)
    wrong = service->number;
  return wrong;
}

/* --- the answer --- */

static const struct
{
  const char *status, *labs, *refund;
} states[] = {
  { "SUCCESS", "SUCCESS", "SUCCESS" },    { "PROCESSING", "INIT", "PROCESSING" },
  { "REVERSED", "REVOKED", "EXCEPTION" }, { "CLOSED", "FAIL", "FAIL" },
  { "ABNORMAL", "FAIL", "EXCEPTION" },
};

/* Words of the documents; a refusal by one of them is a trade_state, any other is a code. */
static const char *const state_words[]
    = { "INIT",   "CREATE",      "SUCCESS", "FAIL",      "DEAL",    "UNKNOWN",    "CLOSE",
        "REFUND", "PART_REFUND", "REVOKED", "EXCEPTION", "TIMEOUT", "PROCESSING", NULL };

static const char *
state_of (const TillProviderAnswer *answer, TillErrandKind kind)
{
  gboolean refund = kind == TILL_ERRAND_REFUND || kind == TILL_ERRAND_QUERY_REFUND;
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (answer->status, states[i].status) == 0)
      return refund ? states[i].refund : states[i].labs;
  return NULL;
}

/* Codes that are passed through as they are: Lakala's own, and what a fault says. */
static char *
code_of (const char *word)
{
  static const char *const models[] = { "NOT_FOUND",           "NUMBER_USED",
                                        "ORIGINAL_NOT_FOUND",  "ORIGINAL_DIFFERS",
                                        "ALREADY_REFUNDED",    "AMOUNT_ABOVE_REFUNDABLE",
                                        "TOO_LATE_TO_VOID",    "ORIGINAL_TOO_OLD",
                                        "TOO_MANY_REFUNDS",    "TOO_SOON",
                                        "BALANCE_LOW",         "ACCOUNT_CLOSED",
                                        "TOO_LATE_TO_REVERSE", NULL };
  return g_strv_contains (models, word) ? g_strconcat ("SBX_", word, NULL) : g_strdup (word);
}

/* The code, or NULL when the request was taken; then *state is what is said of it, or NULL. */
static char *
decide (const Service *service, const TillProviderAsk *ask, const TillProviderAnswer *answer,
        const char **state)
{
  *state = NULL;
  if (strcmp (answer->code, "OK") != 0)
    return code_of (strcmp (answer->code, "SYSTEM_ERROR") == 0 ? "BBS10000" : answer->code);
  if (strcmp (answer->status, "NOT_FOUND") == 0)
    return is_lams (service) ? NULL : code_of ("NOT_FOUND");
  gboolean refused = strcmp (answer->status, "REFUSED") == 0;
  *state = refused ? answer->reason : state_of (answer, ask->kind);
  if (refused && !g_strv_contains (state_words, answer->reason))
    return code_of (answer->reason);
  if (refused)
    return NULL;
  /* The customer has yet to type a password: micropay says so by a code. */
  if (ask->kind == TILL_ERRAND_PAY && strcmp (answer->status, "PROCESSING") == 0)
    return g_strdup ("BBS11112");
  /* Sandbox invention: to undo a payment that never came is an error, and it will not come. */
  if (ask->kind == TILL_ERRAND_REVERSE && answer->amount == 0)
    return code_of ("ORIGINAL_NOT_FOUND");
  gboolean plain = strcmp (answer->status, "SUCCESS") == 0
                   || (ask->kind == TILL_ERRAND_REVERSE && strcmp (answer->status, "REVERSED") == 0)
                   || is_lams (service);
  if (!service->says_state && plain)
    *state = NULL;
  return NULL;
}

/* What stands in resp_data, or in one entry of lams' list. */
static void
add_trade (json_t *data, const Service *service, const TillProviderAsk *ask,
           const TillProviderAnswer *answer, const char *number, const char *state)
{
  const char *trade_no = answer->provider_no;
  till_json_set_text (data, service->number, number);
  till_json_set_text (data, "trade_no", trade_no);
  if (trade_no)
    till_json_set_text (data, "log_no",
                        trade_no + (strlen (trade_no) > 14 ? strlen (trade_no) - 14 : 0));
  till_json_set_text (data, "trade_state", state);
  if (answer->has_amount)
    till_json_set_digits (data, service->amount, answer->amount);
  gboolean reversal = ask->kind == TILL_ERRAND_REVERSE;
  till_json_set_text (data, "origin_out_trade_no",
                      reversal ? answer->request_no : answer->original_no);
  till_json_set_text (data, "origin_trade_no", reversal ? NULL : answer->original_provider_no);
  if (strcmp (service->path, LABS "query/tradequery") == 0 && answer->has_amount)
    till_json_set_text (data, "trade_main_type",
                        ask->kind == TILL_ERRAND_QUERY_VOID ? "CANCEL" : "MICROPAY");
  if (answer->booked_at)
    {
      g_autofree char *time = till_clock_stamp (answer->booked_at, TILL_CHINA, "%Y%m%d%H%M%S");
      till_json_set_text (data, "trade_time", time);
    }
}

static json_t *
envelope (const TillSpeech *speech, const char *code, const char *words)
{
  g_autofree char *time
      = till_clock_stamp (till_clock_now (speech->clock), TILL_CHINA, "%Y%m%d%H%M%S");
  json_t *object = json_object ();
  till_json_set_text (object, "code", code);
  till_json_set_text (object, "msg", words);
  till_json_set_text (object, "resp_time", time);
  return object;
}

static TillSaid *
say_no (const TillSpeech *speech, int status, const char *code, const char *words,
        const Service *service, const char *number)
{
  g_autoptr (json_t) object = envelope (speech, code, words);
  json_t *data = json_object ();
  if (service)
    till_json_set_text (data, service->number, number);
  till_json_set (object, "resp_data", data);
  return say (speech, status, object, TILL_DELIVERY_WHOLE);
}

static TillSaid *
answer_service (const TillSpeech *speech, const Service *service, const json_t *request)
{
  const json_t *data = json_object_get (request, "req_data");
  const char *number = till_json_text (data, service->number);
  TillProviderAsk ask;
  TillProviderAnswer answer;
  const char *wrong = !is_within (till_json_text (request, "req_time"), 14, 14, DIGITS) ? "req_time"
                      : g_strcmp0 (till_json_text (request, "version"), "3.0") != 0
                          ? "version"
                          : read_ask (speech, service, data, &ask);
  if (wrong)
    return say_no (speech, 200, "SBX_BAD_REQUEST", wrong, service, number);
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;

  const char *state;
  g_autofree char *code = decide (service, &ask, &answer, &state);
  const char *taken = is_lams (service) ? LAMS_TAKEN : LABS_TAKEN;
  g_autoptr (json_t) object = envelope (speech, code ? code : taken, code ? "sandbox" : "操作成功");
  json_t *said_data = json_object ();
  json_t *trade = json_object ();
  add_trade (trade, service, &ask, &answer, number ? number : answer.request_no,
             code ? NULL : state);
  if (is_lams (service) && ask.kind == TILL_ERRAND_QUERY_REFUND && !code)
    {
      json_t *list = json_array ();
      if (answer.has_amount)
        json_array_append (list, trade);
      till_json_set (said_data, "refund_list", list);
    }
  else
    json_object_update (said_data, trade);
  json_decref (trade);
  till_json_set_text (said_data, "merchant_no", till_json_text (data, "merchant_no"));
  till_json_set (object, "resp_data", said_data);
  return till_tongue_spoil (say (speech, 200, object, answer.delivery), &answer);
}

static const Field balance_head[] = { { "ver", TRUE, 8, DIGITS "." },
                                      { "timestamp", TRUE, 13, DIGITS },
                                      { "reqId", TRUE, 32, NUMBER },
                                      END };
static const Field balance_fields[] = {
  { "merId", TRUE, 32, NUMBER }, { "termId", TRUE, 32, NUMBER }, { "qryNo", TRUE, 32, NUMBER }, END
};

static const char *
find_wrong_balance (const json_t *request, const json_t *data)
{
  const char *wrong = find_bad_field (balance_head, request);
  if (!wrong)
    wrong = find_bad_field (balance_fields, data);
  gboolean ours = g_strcmp0 (till_json_text (data, "merId"),
                             till_tongue_fact (&till_lakala_tongue, "merchant_no"))
                  == 0;
  return wrong || ours ? wrong : "merId";
}

/* The older envelope. Sandbox inventions: the code of refusal, how long its numbers may be, that
 * the fields that choose a purse or a payment are not looked at, and the purse in the answer. */
static TillSaid *
answer_balance (const TillSpeech *speech, const json_t *request)
{
  const json_t *data = json_object_get (request, "reqData");
  const char *wrong = find_wrong_balance (request, data);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "retCode", wrong ? "SBX_BAD_REQUEST" : LAMS_TAKEN);
  till_json_set_text (object, "retMsg", wrong ? wrong : "操作成功");
  if (!wrong)
    {
      json_t *purse = json_object ();
      for (const Field *field = balance_fields; field->name; field++)
        till_json_set_text (purse, field->name, till_json_text (data, field->name));
      till_json_set_digits (purse, "balance", till_tongue_held (speech));
      till_json_set_text (purse, "balanceFlag", "0");
      till_json_set_text (purse, "accNo", "6222****0001");
      till_json_set_text (purse, "accName", "沙箱商户");
      till_json_set (object, "respData", purse);
    }
  return say (speech, 200, object, TILL_DELIVERY_WHOLE);
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  /* Sandbox invention: the statuses and codes of a request that never reached an interface. */
  if (!is_from_merchant (speech, heard))
    return say_no (speech, 401, "SBX_BAD_SIGNATURE", "not the merchant's signature", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) request = till_json_parse (heard->body, &error);
  if (!request)
    return say_no (speech, 400, "SBX_BAD_REQUEST", "the body is no JSON object", NULL, NULL);
  if (strcmp (heard->path, BALANCE) == 0)
    return answer_balance (speech, request);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (strcmp (heard->path, services[i].path) == 0)
      return answer_service (speech, &services[i], request);
  return say_no (speech, 404, "SBX_NO_SUCH_INTERFACE", "no such interface", NULL, NULL);
}

static const TillStatusWord status_words[] = {
  { 400, "SBX_BAD_REQUEST" }, { 401, "SBX_BAD_SIGNATURE" }, { 404, "SBX_NO_SUCH_INTERFACE" }, { 0 }
};

const TillTongue till_lakala_tongue = { .name = "lakala",
                                        .paths = paths,
                                        .facts = facts,
                                        .answer = answer,
                                        .notice = &till_lakala_manner,
                                        .status_words = status_words };
