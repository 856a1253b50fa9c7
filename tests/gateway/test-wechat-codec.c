/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's codec. Requests: the bytes of each from fixed facts, their signatures made by the
 * openssl command (vectors/make.sh). Answers: a table, signed here by hand, so that only what the
 * row says is wrong with them. */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define TRANSACTION "4200000001202611220000000001"
#define SERIAL "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"
#define KEY_ID "PUB_KEY_ID_01"
#define NEXT_KEY_ID "0A1046900149"
#define AT INT64_C (1795320000)
#define ASKED (AT + 60)

static TillKey *provider_key; /* owned */
static TillAccount account;

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define REC TILL_ERRAND_RECALL

static const TillErrandKind kinds[] = { PAY, QPAY, REV, REF, QREF, REC };

static TillErrand
errand_of (TillErrandKind kind)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"wechat",
                        .request_no = (char *)NUMBER,
                        .amount = 1250,
                        .subject = (char *)"S9101 & 果汁",
                        .requested_at = AT * G_USEC_PER_SEC,
                        .asked_at = ASKED * G_USEC_PER_SEC };
  if (kind == PAY)
    errand.auth = (char *)"134567890123456789";
  if (till_errand_kind_is_backward (kind))
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_provider_no = (char *)TRANSACTION;
      errand.original_requested_at = (AT - 3600) * G_USEC_PER_SEC;
      errand.provider_no = kind == REC ? (char *)"50300001" : NULL;
    }
  return errand;
}

static const TillCodec *
codec (void)
{
  return till_codec_find ("wechat");
}

/* --- requests --- */

static const struct
{
  TillErrandKind kind;
  const char *method, *path, *nonce, *body, *vector;
} requests[] = {
  { PAY, "POST", "/v3/pay/transactions/codepay", "35d1ec52f2b8d6cd3b6d995a6a5864bb",
    "{\"appid\":\"wx8888888888888888\",\"mchid\":\"1900000109\",\"description\":\"S9101 & 果汁\","
    "\"out_trade_no\":\"0ABCDEFGHJKMNPQR\",\"payer\":{\"auth_code\":\"134567890123456789\"},"
    "\"amount\":{\"total\":1250,\"currency\":\"CNY\"},"
    "\"scene_info\":{\"store_info\":{\"out_id\":\"1900000109\"}}}",
    "wechat-pay.sha256" },
  { QPAY, "GET", "/v3/pay/transactions/out-trade-no/0ABCDEFGHJKMNPQR?mchid=1900000109",
    "47c7e52b91ce32d9f07e8b022472d02e", "", "wechat-query-pay.sha256" },
  { REV, "POST", "/v3/pay/transactions/out-trade-no/0ABCDEFGHJKMNPQR/reverse",
    "0265e53f9b7bc2c4d28bb5209980585f",
    "{\"appid\":\"wx8888888888888888\",\"mchid\":\"1900000109\"}", "wechat-reverse.sha256" },
  { REF, "POST", "/v3/refund/domestic/refunds", "ff01f5ec1f5661908127840d79c2faee",
    "{\"transaction_id\":\"4200000001202611220000000001\",\"out_refund_no\":\"0ABCDEFGHJKMNPQR\","
    "\"reason\":\"S9101 & 果汁\",\"amount\":{\"refund\":1250,\"total\":5000,\"currency\":\"CNY\"}}",
    "wechat-refund.sha256" },
  { QREF, "GET", "/v3/refund/domestic/refunds/0ABCDEFGHJKMNPQR", "5fd02e21bedb2ef3f4befac0e7b1b52c",
    "", "wechat-query-refund.sha256" },
  { REC, "POST", "/v3/refund/domestic/refunds/50300001/apply-abnormal-refund",
    "7ada552d8ac0b5fd97c82ad4fde7b707",
    "{\"out_refund_no\":\"0ABCDEFGHJKMNPQR\",\"type\":\"MERCHANT_BANK_CARD\"}",
    "wechat-recall.sha256" },
};

static void
test_request (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (requests[i].kind);
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autofree char *body = request_body (request);
  g_autofree char *url = g_strconcat ("https://api.mch.weixin.qq.com", requests[i].path, NULL);
  g_autofree char *signature = vectors_text (requests[i].vector);
  g_autofree char *authorization = g_strdup_printf (
      "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109\",nonce_str=\"%s\",signature=\"%s\","
      "timestamp=\"1795320060\",serial_no=\"" SERIAL "\"",
      requests[i].nonce, signature);
  gboolean post = strcmp (requests[i].method, "POST") == 0;
  g_assert_cmpstr (request->method, ==, requests[i].method);
  g_assert_cmpstr (request->path, ==, requests[i].path);
  g_assert_cmpstr (request->url, ==, url);
  g_assert_cmpstr (body, ==, requests[i].body);
  g_assert_cmpstr (request_header (request, "Authorization"), ==, authorization);
  g_assert_cmpstr (request_header (request, "Accept"), ==, "application/json");
  g_assert_cmpstr (request_header (request, "User-Agent"), ==, "Quittance");
  g_assert_cmpstr (request_header (request, "Content-Type"), ==, post ? "application/json" : NULL);
  g_assert_cmpint (request->total_ms, ==, 30000);
  g_assert_cmpstr (request->ca_file, ==, "/ca.pem");
}

/* A payment whose number at WeChat never came is pointed to by ours. */
static void
test_refund_by_our_number (void)
{
  TillErrand errand = errand_of (REF);
  errand.original_provider_no = NULL;
  errand.subject = NULL;
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autofree char *body = request_body (request);
  g_assert_cmpstr (body, ==,
                   "{\"out_trade_no\":\"" ORIGINAL "\",\"out_refund_no\":\"" NUMBER
                   "\",\"amount\":{\"refund\":1250,\"total\":5000,\"currency\":\"CNY\"}}");
}

/* Another day, another start of the program: path and body are the same, the stamp is not, and the
 * number the provider gave meanwhile changes nothing. */
static void
test_repeat_is_the_same_request (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillErrand errand = errand_of (kinds[i]);
      g_autoptr (TillRequest) first = codec ()->build (&errand, &account);
      g_autoptr (TillRequest) same = codec ()->build (&errand, &account);
      errand.asked_at += G_TIME_SPAN_DAY;
      errand.provider_no = (char *)"50300001";
      g_autoptr (TillRequest) later = codec ()->build (&errand, &account);
      g_assert_true (g_bytes_equal (first->body, later->body));
      g_assert_cmpstr (first->url, ==, later->url);
      g_assert_cmpstr (request_header (first, "Authorization"), ==,
                       request_header (same, "Authorization"));
      g_assert_cmpstr (request_header (first, "Authorization"), !=,
                       request_header (later, "Authorization"));
    }
}

/* A scanner may read anything, and a name may be long; each stays one text of its length. */
static void
test_strange_texts (void)
{
  TillErrand errand = errand_of (PAY);
  errand.auth = (char *)"13\"},\"amount\":{\"total\":1},\"x\":{\"\xff\x1b\n";
  errand.subject
      = (char *)"果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁果汁";
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (json_t) object = till_json_parse (request->body, NULL);
  int64_t total;
  g_assert_true (object && till_json_money (json_object_get (object, "amount"), "total", &total));
  g_assert_cmpint (total, ==, 1250);
  g_assert_cmpuint (strlen (till_json_text (object, "description")), <=, 127);
  errand.subject = (char *)"\n";
  g_autoptr (TillRequest) blank = codec ()->build (&errand, &account);
  g_autofree char *body = request_body (blank);
  g_assert_null (strstr (body, "\"description\":\"\""));
}

/* --- answers --- */

typedef enum
{
  SIGNED,
  UNSIGNED,
  NO_SERIAL,
  NO_NONCE,
  OTHER_SERIAL,
  WRONG_KEY,
  OTHER_NONCE,
  OTHER_TIME,
  BODY_CHANGED,
  SIGNED_TWICE,
  TIME_299_EARLY,
  TIME_299_LATE,
  TIME_300_EARLY,
  TIME_300_LATE,
  TIME_IS_NONE,
} Seal;

static char *
time_of (Seal seal)
{
  static const struct
  {
    Seal seal;
    int64_t time;
  } times[] = {
    { TIME_299_EARLY, ASKED - 299 },
    { TIME_299_LATE, ASKED + 299 },
    { TIME_300_EARLY, ASKED - 300 },
    { TIME_300_LATE, ASKED + 300 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    if (times[i].seal == seal)
      return g_strdup_printf ("%" G_GINT64_FORMAT, times[i].time);
  return g_strdup (seal == TIME_IS_NONE ? "1795320061.5" : "1795320061");
}

static TillReply *
sealed (int status, GBytes *body, Seal seal)
{
  static const char nonce[] = "c5ac7061fccab6bf3e254dcf98995b8c";
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (answer, body);
  if (seal == UNSIGNED)
    return answer;
  g_autofree char *time = time_of (seal);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%s\n%s\n", time, nonce);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_string_append_len (text, data, (gssize)size);
  g_string_append (text, seal == BODY_CHANGED ? " \n" : "\n");
  const TillKey *key = seal == WRONG_KEY ? account.our_key : provider_key;
  g_autofree char *signature = till_key_sign (key, text->str, text->len);
  till_reply_add_field (answer, "Wechatpay-Timestamp", seal == OTHER_TIME ? "1795320062" : time);
  if (seal != NO_NONCE)
    till_reply_add_field (answer, "Wechatpay-Nonce", seal == OTHER_NONCE ? "x" : nonce);
  if (seal != NO_SERIAL)
    till_reply_add_field (answer, "Wechatpay-Serial",
                          seal == OTHER_SERIAL ? "PUB_KEY_ID_02" : KEY_ID);
  till_reply_add_field (answer, "Wechatpay-Signature", signature);
  if (seal == SIGNED_TWICE)
    till_reply_add_field (answer, "wechatpay-signature", signature);
  return answer;
}

#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

#define US "\"appid\":\"wx8888888888888888\",\"mchid\":\"1900000109\""
#define ORDER US ",\"out_trade_no\":\"" NUMBER "\""
#define MONEY "\"amount\":{\"total\":1250,\"payer_total\":1250,\"currency\":\"CNY\"}"
#define PAYMENT(state)                                                                             \
  "{" ORDER ",\"transaction_id\":\"42001\",\"trade_state\":\"" state "\"," MONEY "}"
#define UNPAID(state) "{" ORDER ",\"trade_state\":\"" state "\"}"

#define BACK                                                                                       \
  "\"refund_id\":\"50300001\",\"out_refund_no\":\"" NUMBER "\",\"transaction_id\":\"" TRANSACTION  \
  "\",\"out_trade_no\":\"" ORIGINAL "\""
#define BACK_MONEY "\"amount\":{\"total\":5000,\"refund\":1250,\"currency\":\"CNY\"}"
#define REFUND(state) "{" BACK ",\"status\":\"" state "\"," BACK_MONEY "}"

#define RECEIVED(state, account)                                                                   \
  "{" BACK ",\"status\":\"" state                                                                  \
  "\",\"channel\":\"OTHER_BANKCARD\",\"user_received_account\":\"" account "\"," BACK_MONEY "}"

#define ERROR_(code) "{\"code\":\"" code "\",\"message\":\"words\"}"
#define INVALID(words) "{\"code\":\"INVALID_REQUEST\",\"message\":\"" words "\"}"

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *body;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* who signed, and when */
  { "unsigned", REF, 200, UNSIGNED, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "unsigned 400", REF, 400, UNSIGNED, ERROR_ ("PARAM_ERROR"), IS_UNKNOWN },
  { "unsigned 404", QREF, 404, UNSIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS_UNKNOWN },
  { "unsigned 204", REV, 204, UNSIGNED, "", IS_UNKNOWN },
  { "no serial", REF, 200, NO_SERIAL, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "no nonce", REF, 200, NO_NONCE, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "a key we do not have", REF, 200, OTHER_SERIAL, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "our own key", REF, 200, WRONG_KEY, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "other nonce", REF, 200, OTHER_NONCE, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "other time", REF, 200, OTHER_TIME, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "body changed", REF, 200, BODY_CHANGED, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "two signatures", REF, 200, SIGNED_TWICE, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "299 s early", REF, 200, TIME_299_EARLY, REFUND ("SUCCESS"), IS (DONE, NONE) },
  { "299 s late", REF, 200, TIME_299_LATE, REFUND ("SUCCESS"), IS (DONE, NONE) },
  { "300 s early", REF, 200, TIME_300_EARLY, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "300 s late", REF, 200, TIME_300_LATE, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "300 s late, refused", REF, 403, TIME_300_LATE, ERROR_ ("NOT_ENOUGH"), IS_UNKNOWN },
  { "time with a point", REF, 200, TIME_IS_NONE, REFUND ("SUCCESS"), IS_UNKNOWN },

  /* bytes that say nothing */
  { "empty", REF, 200, SIGNED, "", IS_UNKNOWN },
  { "no json", REF, 200, SIGNED, "OK", IS_UNKNOWN },
  { "array", REF, 200, SIGNED, "[" REFUND ("SUCCESS") "]", IS_UNKNOWN },
  { "cut off", REF, 200, SIGNED, "{" BACK ",\"status\":\"SUCC", IS_UNKNOWN },
  { "something behind", REF, 200, SIGNED, REFUND ("SUCCESS") "{}", IS_UNKNOWN },
  { "name twice", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"CLOSED\",\"status\":\"SUCCESS\"," BACK_MONEY "}", IS_UNKNOWN },
  { "amount twice", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"refund\":1250,\"refund\":1250,\"total\":5000,"
    "\"currency\":\"CNY\"}}",
    IS_UNKNOWN },
  { "GBK", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"x\":\"\xcd\xcb\xbf\xee\"," BACK_MONEY "}", IS_UNKNOWN },
  { "NUL in a text", REF, 200, SIGNED, REFUND ("SUCCESS\\u0000"), IS_UNKNOWN },

  /* HTTP that is no answer, and two levels at odds */
  { "500", REF, 500, SIGNED, ERROR_ ("SYSTEM_ERROR"), IS_UNKNOWN },
  { "500 that says no", REF, 500, SIGNED, ERROR_ ("PARAM_ERROR"), IS_UNKNOWN },
  { "502", REF, 502, UNSIGNED, "", IS_UNKNOWN },
  { "503 busy", REF, 503, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS_UNKNOWN },
  { "302", REF, 302, SIGNED, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "204 to a refund", REF, 204, SIGNED, "", IS_UNKNOWN },
  { "202 to a refund", REF, 202, SIGNED, REFUND ("PROCESSING"), IS_UNKNOWN },
  { "200 with a code", REF, 200, SIGNED, ERROR_ ("PARAM_ERROR"), IS_UNKNOWN },
  { "200 with code and state", REF, 200, SIGNED,
    "{\"code\":\"SUCCESS\"," BACK ",\"status\":\"SUCCESS\"," BACK_MONEY "}", IS_UNKNOWN },
  { "400 with a state", REF, 400, SIGNED, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "404 with a state", QREF, 404, SIGNED, REFUND ("SUCCESS"), IS_UNKNOWN },
  { "202 that says no", PAY, 202, SIGNED, ERROR_ ("NOT_ENOUGH"), IS_UNKNOWN },
  { "code is a number", REF, 400, SIGNED, "{\"code\":400}", IS_UNKNOWN },

  /* a refund's states, asked for and asked about */
  { "refund taken in", REF, 200, SIGNED, REFUND ("PROCESSING"), IS (ACCEPTED, NONE) },
  { "refund done", REF, 200, SIGNED, REFUND ("SUCCESS"), IS (DONE, NONE) },
  { "refund closed", REF, 200, SIGNED, REFUND ("CLOSED"), IS (REFUSED, FINAL) },
  { "refund abnormal", REF, 200, SIGNED, REFUND ("ABNORMAL"), IS (REFUSED, PROVIDER) },
  { "query: under way", QREF, 200, SIGNED, REFUND ("PROCESSING"), IS (ACCEPTED, NONE) },
  { "query: done", QREF, 200, SIGNED, REFUND ("SUCCESS"), IS (DONE, NONE) },
  { "query: closed", QREF, 200, SIGNED, REFUND ("CLOSED"), IS (REFUSED, FINAL) },
  { "query: abnormal", QREF, 200, SIGNED, REFUND ("ABNORMAL"), IS (REFUSED, PROVIDER) },
  /* SUCCESS says that it has arrived, not with whom. */
  { "the customer has it", QREF, 200, SIGNED, RECEIVED ("SUCCESS", "招商银行信用卡0403"),
    IS (DONE, NONE) },
  { "a paying enterprise has it", QREF, 200, SIGNED, RECEIVED ("SUCCESS", "企业支付商户"),
    IS (DONE, NONE) },
  { "the shop has it", QREF, 200, SIGNED, RECEIVED ("SUCCESS", "商户结算银行账户"),
    IS (REFUSED, FINAL) },
  { "the shop has it, asked for", REF, 200, SIGNED, RECEIVED ("SUCCESS", "商户基本账户"),
    IS (REFUSED, FINAL) },
  { "the shop has it, in the documents' spelling", QREF, 200, SIGNED,
    RECEIVED ("SUCCESS", "商户基本账户商户结算银行账户"), IS (REFUSED, FINAL) },
  { "the shop will have it", QREF, 200, SIGNED, RECEIVED ("PROCESSING", "商户结算银行账户"),
    IS (ACCEPTED, NONE) },
  /* a recall: only where the money is counts, and nothing sends it anew or gives it up */
  { "recall taken in", REC, 200, SIGNED, REFUND ("PROCESSING"), IS (ACCEPTED, NONE) },
  { "recall done", REC, 200, SIGNED, RECEIVED ("SUCCESS", "商户结算银行账户"),
    IS (REFUSED, FINAL) },
  { "the customer got it meanwhile", REC, 200, SIGNED, REFUND ("SUCCESS"), IS (DONE, NONE) },
  { "recall, still stuck", REC, 200, SIGNED, REFUND ("ABNORMAL"), IS (REFUSED, PROVIDER) },
  { "recall: parameter", REC, 400, SIGNED, ERROR_ ("PARAM_ERROR"), IS (REFUSED, PROVIDER) },
  { "recall: signature", REC, 401, SIGNED, ERROR_ ("SIGN_ERROR"), IS (REFUSED, PROVIDER) },
  { "recall: not allowed", REC, 403, SIGNED, ERROR_ ("NO_AUTH"), IS (REFUSED, PROVIDER) },
  { "recall: balance", REC, 403, SIGNED, ERROR_ ("NOT_ENOUGH"), IS (REFUSED, PROVIDER) },
  { "recall: no such refund", REC, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"),
    IS (REFUSED, PROVIDER) },
  { "recall: limited", REC, 429, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS (REFUSED, RETRY) },
  { "recall: not stuck", REC, 400, SIGNED, INVALID ("退款单状态不是退款异常"), IS_UNKNOWN },
  { "recall: their account", REC, 403, SIGNED, ERROR_ ("USER_ACCOUNT_ABNORMAL"), IS_UNKNOWN },
  { "recall: unsigned", REC, 200, UNSIGNED, RECEIVED ("SUCCESS", "商户结算银行账户"), IS_UNKNOWN },
  { "query: not found", QREF, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS (NOT_FOUND, NONE) },
  { "query: limited", QREF, 429, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS_UNKNOWN },
  { "query: not taken", QREF, 400, SIGNED, ERROR_ ("PARAM_ERROR"), IS_UNKNOWN },
  { "query: sign", QREF, 401, SIGNED, ERROR_ ("SIGN_ERROR"), IS_UNKNOWN },
  { "query: invalid", QREF, 400, SIGNED, INVALID ("refund_fee大于可退金额"), IS_UNKNOWN },
  { "state unknown", REF, 200, SIGNED, REFUND ("PARTIAL"), IS_UNKNOWN },
  { "state in small letters", REF, 200, SIGNED, REFUND ("success"), IS_UNKNOWN },
  { "state of a payment", REF, 200, SIGNED, REFUND ("REFUND"), IS_UNKNOWN },
  { "no state", REF, 200, SIGNED, "{" BACK "," BACK_MONEY "}", IS_UNKNOWN },
  { "a notice's name for the state", REF, 200, SIGNED,
    "{" BACK ",\"refund_status\":\"SUCCESS\"," BACK_MONEY "}", IS_UNKNOWN },

  /* a refund's codes */
  { "parameter", REF, 400, SIGNED, ERROR_ ("PARAM_ERROR"), IS (REFUSED, FIX) },
  { "signature", REF, 401, SIGNED, ERROR_ ("SIGN_ERROR"), IS (REFUSED, FIX) },
  { "our balance", REF, 403, SIGNED, ERROR_ ("NOT_ENOUGH"), IS (REFUSED, BALANCE) },
  { "their account", REF, 403, SIGNED, ERROR_ ("USER_ACCOUNT_ABNORMAL"), IS (REFUSED, CUSTOMER) },
  { "not allowed", REF, 403, SIGNED, ERROR_ ("NO_AUTH"), IS (REFUSED, PROVIDER) },
  { "no such order", REF, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS (REFUSED, FIX) },
  { "limited", REF, 429, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS (REFUSED, RETRY) },
  { "system error on 4xx", REF, 400, SIGNED, ERROR_ ("SYSTEM_ERROR"), IS_UNKNOWN },
  { "code unknown", REF, 400, SIGNED, ERROR_ ("MOOD"), IS_UNKNOWN },
  { "other amount than before", REF, 400, SIGNED,
    INVALID ("订单金额或退款金额与之前请求不一致，请核实后再试"), IS_MISMATCH },
  { "above the rest", REF, 400, SIGNED, INVALID ("refund_fee大于可退金额"), IS (REFUSED, FIX) },
  { "all is back", REF, 400, SIGNED, INVALID ("订单已全额退款"), IS (REFUSED, FIX) },
  { "too old", REF, 400, SIGNED, INVALID ("交易时间超过一年的订单无法提交退款"),
    IS (REFUSED, FINAL) },
  { "invalid, but why", REF, 400, SIGNED, INVALID ("请求不合法"), IS_UNKNOWN },
  { "invalid without words", REF, 400, SIGNED, "{\"code\":\"INVALID_REQUEST\"}", IS_UNKNOWN },
  { "payer asked, of a refund", REF, 400, SIGNED, ERROR_ ("USERPAYING"), IS_UNKNOWN },

  /* a refund that is not ours */
  { "other amount", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"total\":5000,\"refund\":1251,"
    "\"currency\":\"CNY\"}}",
    IS_MISMATCH },
  { "all of it (a sum)", QREF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"total\":5000,\"refund\":5000,"
    "\"currency\":\"CNY\"}}",
    IS_MISMATCH },
  { "other payment's amount", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"total\":5001,\"refund\":1250,"
    "\"currency\":\"CNY\"}}",
    IS_MISMATCH },
  { "other currency", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"total\":5000,\"refund\":1250,"
    "\"currency\":\"HKD\"}}",
    IS_MISMATCH },
  { "other refund", QREF, 200, SIGNED,
    "{\"refund_id\":\"50300001\",\"out_refund_no\":\"OTHER\",\"status\":\"SUCCESS\"," BACK_MONEY
    "}",
    IS_MISMATCH },
  { "other payment", QREF, 200, SIGNED,
    "{\"refund_id\":\"50300001\",\"out_refund_no\":\"" NUMBER
    "\",\"out_trade_no\":\"OTHER\",\"status\":\"SUCCESS\"," BACK_MONEY "}",
    IS_MISMATCH },
  { "other transaction", QREF, 200, SIGNED,
    "{\"refund_id\":\"50300001\",\"out_refund_no\":\"" NUMBER
    "\",\"transaction_id\":\"4200000001202611220000000002\",\"status\":\"SUCCESS\"," BACK_MONEY "}",
    IS_MISMATCH },
  { "closed, of another", QREF, 200, SIGNED, "{\"out_refund_no\":\"OTHER\",\"status\":\"CLOSED\"}",
    IS_MISMATCH },
  { "refused, of another", REF, 403, SIGNED,
    "{\"code\":\"NOT_ENOUGH\",\"out_refund_no\":\"OTHER\"}", IS_MISMATCH },
  { "no amount", REF, 200, SIGNED, "{" BACK ",\"status\":\"SUCCESS\"}", IS_UNKNOWN },
  { "no amount, taken in", REF, 200, SIGNED, "{" BACK ",\"status\":\"PROCESSING\"}", IS_UNKNOWN },
  { "amount in yuan", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"total\":50.00,\"refund\":12.50,"
    "\"currency\":\"CNY\"}}",
    IS_UNKNOWN },
  { "amount in a text", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"refund\":\"1250\",\"currency\":\"CNY\"}}",
    IS_UNKNOWN },
  { "amount on the wrong level", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":1250,\"currency\":\"CNY\"}", IS_UNKNOWN },
  { "no currency", REF, 200, SIGNED,
    "{" BACK ",\"status\":\"SUCCESS\",\"amount\":{\"refund\":1250}}", IS_UNKNOWN },
  { "no number of its own", REF, 200, SIGNED,
    "{\"out_refund_no\":\"" NUMBER "\",\"status\":\"SUCCESS\"," BACK_MONEY "}", IS_UNKNOWN },
  { "done, but which", REF, 200, SIGNED,
    "{\"refund_id\":\"50300001\",\"status\":\"SUCCESS\"," BACK_MONEY "}", IS_UNKNOWN },
  { "closed, but which", QREF, 200, SIGNED, "{\"status\":\"CLOSED\"}", IS_UNKNOWN },

  /* a payment's states */
  { "paid", PAY, 200, SIGNED, PAYMENT ("SUCCESS"), IS (DONE, NONE) },
  { "paid and given back since", QPAY, 200, SIGNED, PAYMENT ("REFUND"), IS (DONE, NONE) },
  { "payer asked for the password", PAY, 200, SIGNED, UNPAID ("USERPAYING"), IS (ACCEPTED, NONE) },
  { "the same as a code", PAY, 202, SIGNED, ERROR_ ("USERPAYING"), IS (ACCEPTED, NONE) },
  { "the same on 400", PAY, 400, SIGNED, ERROR_ ("USERPAYING"), IS (ACCEPTED, NONE) },
  { "query: paid", QPAY, 200, SIGNED, PAYMENT ("SUCCESS"), IS (DONE, NONE) },
  { "query: paying", QPAY, 200, SIGNED, UNPAID ("USERPAYING"), IS (ACCEPTED, NONE) },
  { "query: not paid yet", QPAY, 200, SIGNED, UNPAID ("NOTPAY"), IS (ACCEPTED, NONE) },
  { "query: order closed", QPAY, 200, SIGNED, UNPAID ("CLOSED"), IS (REFUSED, FINAL) },
  { "query: revoked", QPAY, 200, SIGNED, UNPAID ("REVOKED"), IS (REFUSED, FINAL) },
  { "query: failed", QPAY, 200, SIGNED, UNPAID ("PAYERROR"), IS (REFUSED, FINAL) },
  { "query: no order", QPAY, 404, SIGNED, ERROR_ ("ORDER_NOT_EXIST"), IS (NOT_FOUND, NONE) },
  { "query: no resource", QPAY, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS (NOT_FOUND, NONE) },
  { "query: 202", QPAY, 202, SIGNED, ERROR_ ("USERPAYING"), IS_UNKNOWN },
  { "query: code", QPAY, 400, SIGNED, ERROR_ ("USERPAYING"), IS_UNKNOWN },
  { "payment's state unknown", QPAY, 200, SIGNED, PAYMENT ("ACCEPT"), IS_UNKNOWN },
  { "state of a refund", QPAY, 200, SIGNED, PAYMENT ("ABNORMAL"), IS_UNKNOWN },
  { "paid without amount", PAY, 200, SIGNED,
    "{" ORDER ",\"transaction_id\":\"42001\",\"trade_state\":\"SUCCESS\"}", IS_UNKNOWN },
  { "paid without its number", PAY, 200, SIGNED,
    "{" ORDER ",\"trade_state\":\"SUCCESS\"," MONEY "}", IS_UNKNOWN },
  { "paid, but who", PAY, 200, SIGNED,
    "{\"transaction_id\":\"42001\",\"trade_state\":\"SUCCESS\"," MONEY "}", IS_UNKNOWN },
  { "revoked, but who", QPAY, 200, SIGNED, "{\"trade_state\":\"REVOKED\"}", IS_UNKNOWN },
  { "its number has blanks", PAY, 200, SIGNED,
    "{" ORDER ",\"transaction_id\":\"4 2\",\"trade_state\":\"SUCCESS\"," MONEY "}", IS_UNKNOWN },
  { "paid another amount", PAY, 200, SIGNED,
    "{" ORDER ",\"transaction_id\":\"42001\",\"trade_state\":\"SUCCESS\",\"amount\":{"
    "\"total\":1249,\"currency\":\"CNY\"}}",
    IS_MISMATCH },
  { "paid in another currency", PAY, 200, SIGNED,
    "{" ORDER ",\"transaction_id\":\"42001\",\"trade_state\":\"SUCCESS\",\"amount\":{"
    "\"total\":1250,\"currency\":\"USD\"}}",
    IS_MISMATCH },
  { "other merchant", QPAY, 200, SIGNED,
    "{\"mchid\":\"1900000110\",\"out_trade_no\":\"" NUMBER "\",\"trade_state\":\"REVOKED\"}",
    IS_MISMATCH },
  { "other app", QPAY, 200, SIGNED,
    "{\"appid\":\"wx1\",\"mchid\":\"1900000109\",\"out_trade_no\":\"" NUMBER
    "\",\"trade_state\":\"REVOKED\"}",
    IS_MISMATCH },
  { "other order", QPAY, 200, SIGNED,
    "{" US ",\"out_trade_no\":\"OTHER\",\"trade_state\":\"REVOKED\"}", IS_MISMATCH },

  /* a payment's codes */
  { "payer's balance", PAY, 403, SIGNED, ERROR_ ("NOT_ENOUGH"), IS (REFUSED, CUSTOMER) },
  { "code too old", PAY, 400, SIGNED, ERROR_ ("AUTHCODEEXPIRE"), IS (REFUSED, FINAL) },
  { "code wrong", PAY, 400, SIGNED, ERROR_ ("AUTH_CODE_ERROR"), IS (REFUSED, FINAL) },
  { "code not of theirs", PAY, 400, SIGNED, ERROR_ ("AUTH_CODE_INVALID"), IS (REFUSED, FINAL) },
  { "number used", PAY, 403, SIGNED, ERROR_ ("OUT_TRADE_NO_USED"), IS_MISMATCH },
  { "pay: parameter", PAY, 400, SIGNED, ERROR_ ("PARAM_ERROR"), IS (REFUSED, FIX) },
  { "pay: limited", PAY, 429, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS (REFUSED, RETRY) },
  { "pay: not allowed", PAY, 403, SIGNED, ERROR_ ("NO_AUTH"), IS (REFUSED, PROVIDER) },
  { "pay: invalid", PAY, 400, SIGNED, INVALID ("订单已全额退款"), IS_UNKNOWN },
  { "pay: no such order", PAY, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS_UNKNOWN },
  { "pay: code unknown", PAY, 400, SIGNED, ERROR_ ("ORDERPAID"), IS_UNKNOWN },

  /* a reversal */
  { "reversed", REV, 200, SIGNED, "{" ORDER "}", IS (DONE, NONE) },
  { "reversed, no body", REV, 204, SIGNED, "", IS (DONE, NONE) },
  { "reversed, empty object", REV, 200, SIGNED, "{}", IS (DONE, NONE) },
  { "once more", REV, 200, SIGNED, "{" ORDER ",\"recall\":\"Y\"}", IS (ACCEPTED, NONE) },
  { "no more", REV, 200, SIGNED, "{" ORDER ",\"recall\":\"N\"}", IS (DONE, NONE) },
  { "200 without a body", REV, 200, SIGNED, "", IS_UNKNOWN },
  { "204 with a body", REV, 204, SIGNED, "{}", IS_UNKNOWN },
  { "reversed another", REV, 200, SIGNED, "{" US ",\"out_trade_no\":\"OTHER\"}", IS_MISMATCH },
  { "nothing to reverse", REV, 404, SIGNED, ERROR_ ("ORDER_NOT_EXIST"), IS (NOT_FOUND, NONE) },
  { "nothing there", REV, 404, SIGNED, ERROR_ ("RESOURCE_NOT_EXISTS"), IS (NOT_FOUND, NONE) },
  { "too late", REV, 400, SIGNED, ERROR_ ("REVERSE_EXPIRE"), IS (REFUSED, FINAL) },
  { "reverse: limited", REV, 429, SIGNED, ERROR_ ("FREQUENCY_LIMITED"), IS_UNKNOWN },
  { "reverse: parameter", REV, 400, SIGNED, ERROR_ ("PARAM_ERROR"), IS (REFUSED, FIX) },
  { "reverse: system error", REV, 500, SIGNED, ERROR_ ("SYSTEM_ERROR"), IS_UNKNOWN },
  { "reverse: code unknown", REV, 400, SIGNED, ERROR_ ("MOOD"), IS_UNKNOWN },
};

static TillOutcome *
outcome_of (TillErrandKind kind, int status, GBytes *body, Seal seal)
{
  TillErrand errand = errand_of (kind);
  g_autoptr (TillReply) answer = sealed (status, body, seal);
  return codec ()->interpret (&errand, &account, answer);
}

static void
test_answer (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
  g_autoptr (TillOutcome) outcome = outcome_of (rows[i].errand, rows[i].status, body, rows[i].seal);
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  if (outcome->kind == TILL_OUTCOME_DONE && rows[i].errand != REV)
    {
      g_assert_cmpint (outcome->amount, ==, 1250);
      g_assert_nonnull (outcome->provider_no);
    }
}

static void
expect_detail (const TillOutcome *outcome, const char *piece)
{
  g_assert_nonnull (outcome->detail);
  if (!strstr (outcome->detail, piece))
    g_error ("“%s” does not say “%s”", outcome->detail, piece);
}

/* What people are told is right, and they are told how much. */
static void
test_details (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static (REFUND ("SUCCESS"), strlen (REFUND ("SUCCESS")));
  g_autoptr (TillOutcome) late = outcome_of (REF, 200, body, TIME_300_LATE);
  expect_detail (late, "the till's is 300 s behind the provider's");
  g_autoptr (TillOutcome) early = outcome_of (REF, 200, body, TIME_300_EARLY);
  expect_detail (early, "the till's is 300 s ahead of the provider's");
  g_autoptr (TillOutcome) stranger = outcome_of (REF, 200, body, OTHER_SERIAL);
  expect_detail (stranger, "signed by a key we do not have: PUB_KEY_ID_02");
  g_autoptr (GBytes) stuck = g_bytes_new_static (REFUND ("ABNORMAL"), strlen (REFUND ("ABNORMAL")));
  g_autoptr (TillOutcome) abnormal = outcome_of (QREF, 200, stuck, SIGNED);
  expect_detail (abnormal, "has left the order and not reached the payer");
  g_assert_cmpstr (abnormal->code, ==, "ABNORMAL");
  g_assert_cmpstr (abnormal->provider_no, ==, "50300001");
}

/* An unsigned no is believed in nothing, and yet a person can read it; what is not a word of theirs
 * is cleaned or left out. */
static void
test_unsigned_no_is_told (void)
{
  static const struct
  {
    const char *body, *detail;
  } noes[] = {
    { ERROR_ ("SIGN_ERROR"), "HTTP 401 without a signature: SIGN_ERROR" },
    { "{\"code\":\"A\\nB\\u001b\"}", "HTTP 401 without a signature: A B" },
    { "{\"code\":1}", "HTTP 401 without a signature" },
    { "<html>", "HTTP 401 without a signature" },
    { "", "HTTP 401 without a signature" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (noes); i++)
    {
      TillErrand errand = errand_of (REF);
      g_autoptr (GBytes) body = g_bytes_new (noes[i].body, strlen (noes[i].body));
      g_autoptr (TillReply) answer = sealed (401, body, UNSIGNED);
      g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpint (outcome->failure, ==, TILL_CLASS_UNKNOWN_OUTCOME);
      g_assert_null (outcome->code);
      g_assert_cmpstr (outcome->detail, ==, noes[i].detail);
    }
}

/* The provider's number of a thing never changes once it told it. */
static void
test_changed_number (void)
{
  g_autoptr (GBytes) back = g_bytes_new_static (REFUND ("SUCCESS"), strlen (REFUND ("SUCCESS")));
  g_autoptr (TillReply) answer = sealed (200, back, SIGNED);
  TillErrand errand = errand_of (QREF);
  errand.provider_no = (char *)"50300001";
  g_autoptr (TillOutcome) same = codec ()->interpret (&errand, &account, answer);
  g_assert_cmpint (same->kind, ==, TILL_OUTCOME_DONE);
  errand.provider_no = (char *)"50300002";
  g_autoptr (TillOutcome) other = codec ()->interpret (&errand, &account, answer);
  g_assert_cmpint (other->kind, ==, TILL_OUTCOME_MISMATCH);
}

/* Signed by the openssl command with the key that is to follow, named by its certificate's serial
 * number; the payer's part is less, for a coupon was used. */
static void
test_answer_from_elsewhere (void)
{
  static const char text[]
      = "{\"refund_id\":\"50300001\",\"out_refund_no\":\"0ABCDEFGHJKMNPQR\",\"transaction_id\":"
        "\"4200000001202611220000000001\",\"out_trade_no\":\"0PAYMENTNUMBERX1\",\"status\":"
        "\"SUCCESS\",\"amount\":{\"total\":5000,\"refund\":1250,\"payer_refund\":1000,"
        "\"currency\":\"CNY\"}}";
  TillErrand errand = errand_of (QREF);
  g_autoptr (GBytes) body = g_bytes_new_static (text, sizeof text - 1);
  g_autofree char *signature = vectors_text ("wechat-answer.sha256");
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_set_body (answer, body);
  till_reply_add_field (answer, "WECHATPAY-TIMESTAMP", "1795320061");
  till_reply_add_field (answer, "wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8c");
  till_reply_add_field (answer, "Wechatpay-Serial", NEXT_KEY_ID);
  till_reply_add_field (answer, "Wechatpay-Signature", signature);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_DONE);
  g_assert_cmpint (outcome->amount, ==, 1250);
  g_assert_cmpint (outcome->coupon, ==, 250);
  expect_detail (outcome, "the payer gets 10.00");
}

/* Signed, and still not read: too deep, too large, NUL among the bytes. */
static void
test_bombs (void)
{
  g_autofree char *deep = g_strnfill (500 * 1000, '[');
  g_autofree char *nest = g_strconcat ("{\"a\":", deep, NULL);
  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *large = g_strconcat (REFUND ("SUCCESS"), blanks, NULL);
  GBytes *bombs[] = {
    g_bytes_new (nest, strlen (nest)),
    g_bytes_new (large, strlen (large)),
    g_bytes_new_static (REFUND ("SUCCESS"), sizeof REFUND ("SUCCESS")),
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autoptr (TillOutcome) outcome = outcome_of (REF, 200, bombs[i], SIGNED);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
      g_bytes_unref (bombs[i]);
    }
}

static void
test_no_answer (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillErrand errand = errand_of (kinds[i]);
      g_autoptr (TillReply) dead = till_reply_new (TILL_FATE_NOT_SENT, 0, "why");
      g_autoptr (TillReply) silent = till_reply_new (TILL_FATE_MAYBE_SENT, 0, "why");
      g_autoptr (TillOutcome) not_sent = codec ()->interpret (&errand, &account, dead);
      g_autoptr (TillOutcome) unknown = codec ()->interpret (&errand, &account, silent);
      g_assert_cmpint (not_sent->kind, ==, TILL_OUTCOME_NOT_SENT);
      g_assert_cmpint (not_sent->failure, ==, TILL_CLASS_RETRY);
      g_assert_cmpint (unknown->kind, ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpstr (unknown->detail, ==, "why");
    }
}

static TillKey *
load (const char *name, TillKey *(*loader) (const char *path, GError **error))
{
  g_autofree char *path = vectors_path (name);
  TillKey *key = loader (path, NULL);
  g_assert_nonnull (key);
  return key;
}

static void
make_account (void)
{
  g_autofree char *private = vectors_path ("their-key.pem");
  g_autofree char *public = vectors_path ("their-public.pem");
  g_assert_true (till_key_generate (private, public, NULL));
  provider_key = load ("their-key.pem", till_key_load_private);
  account = (TillAccount){ .provider = (char *)"wechat",
                           .merchant_no = (char *)"1900000109",
                           .base_url = (char *)"https://api.mch.weixin.qq.com",
                           .our_key = load ("key.pem", till_key_load_private),
                           .provider_key = load ("their-public.pem", till_key_load_public),
                           .provider_key_id = (char *)KEY_ID,
                           .next_provider_key = load ("signer.pem", till_key_load_public),
                           .next_provider_key_id = (char *)NEXT_KEY_ID,
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  g_hash_table_insert (account.facts, (gpointer) "app_id", (gpointer) "wx8888888888888888");
  g_hash_table_insert (account.facts, (gpointer) "serial_no", (gpointer)SERIAL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/wechat/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_answer);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/codec/wechat/request/%s", till_errand_kind_word (requests[i].kind));
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_request);
    }
  g_test_add_func ("/codec/wechat/refund-by-our-number", test_refund_by_our_number);
  g_test_add_func ("/codec/wechat/repeat-is-the-same-request", test_repeat_is_the_same_request);
  g_test_add_func ("/codec/wechat/strange-texts", test_strange_texts);
  g_test_add_func ("/codec/wechat/details", test_details);
  g_test_add_func ("/codec/wechat/unsigned-no-is-told", test_unsigned_no_is_told);
  g_test_add_func ("/codec/wechat/changed-number", test_changed_number);
  g_test_add_func ("/codec/wechat/answer-from-elsewhere", test_answer_from_elsewhere);
  g_test_add_func ("/codec/wechat/bombs", test_bombs);
  g_test_add_func ("/codec/wechat/no-answer", test_no_answer);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (account.next_provider_key);
  till_key_free (provider_key);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
