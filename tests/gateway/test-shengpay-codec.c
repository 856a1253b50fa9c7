/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay's codec by tables. Requests are held against bytes written by hand and signatures made
 * by the openssl command (vectors/make.sh); answers are signed here, over a text that each row has
 * sorted by hand, so that only what the row says is wrong with them. */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/vectors.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define DAY (86400 * INT64_C (1000000))

static TillKey *provider_key; /* owned */
static TillAccount account;

static const TillCodec *
codec (void)
{
  return till_codec_find ("shengpay");
}

static TillErrand
errand_of (TillErrandKind kind)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"shengpay",
                        .request_no = (char *)NUMBER,
                        .amount = 1250,
                        .subject = (char *)"S 9101 果汁",
                        .requested_at = AT,
                        .asked_at = AT + 60 * INT64_C (1000000) };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"134567890123456789";
  if (till_errand_kind_is_backward (kind))
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_requested_at = AT - DAY;
    }
  return errand;
}

/* --- requests --- */

/* %s: the nonce and the signature of the vector. */
#define TAIL "\"nonceStr\":\"%s\",\"signType\":\"RSA\",\"sign\":\"%s\"}"
#define URL "\"notifyUrl\":\"https://shop.example/shengpay\","

static const struct
{
  const char *name; /* in vectors/shengpay.sha1 */
  TillErrandKind kind;
  const char *path, *body;
} requests[] = {
  { "pay", TILL_ERRAND_PAY, "/pay/unifiedorderOffline",
    "{\"mchId\":\"11548088\",\"outTradeNo\":\"" NUMBER "\",\"authCode\":\"134567890123456789\","
    "\"totalFee\":\"1250\",\"body\":\"S 9101 果汁\"," URL TAIL },
  { "query_pay", TILL_ERRAND_QUERY_PAY, "/sandbox/shengpay/queryOrder",
    "{\"mchId\":\"11548088\",\"outTradeNo\":\"" NUMBER "\"," TAIL },
  { "reverse", TILL_ERRAND_REVERSE, "/pay/reverseOrder",
    "{\"mchId\":\"11548088\",\"outTradeNo\":\"" NUMBER "\"," TAIL },
  { "refund", TILL_ERRAND_REFUND, "/pay/refund",
    "{\"mchId\":\"11548088\",\"outRefundNo\":\"" NUMBER "\",\"outTradeNo\":\"" ORIGINAL "\","
    "\"totalFee\":\"5000\",\"refundFee\":\"1250\",\"refundDesc\":\"S 9101 果汁\"," URL TAIL },
  { "query_refund", TILL_ERRAND_QUERY_REFUND, "/sandbox/shengpay/queryRefund",
    "{\"mchId\":\"11548088\",\"outRefundNo\":\"" NUMBER "\"," TAIL },
};

/* What stands between the two pieces of a body that hold the nonce and the signature. */
static char *
fill_in (const char *body, const char *nonce, const char *sign)
{
  g_auto (GStrv) parts = g_strsplit (body, "%s", 3);
  return g_strconcat (parts[0], nonce, parts[1], sign, parts[2], NULL);
}

static void
test_request_bytes (void)
{
  g_autofree char *text = vectors_text ("shengpay.sha1");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_auto (GStrv) vector = g_strsplit (lines[i], " ", 3);
      g_assert_cmpstr (vector[0], ==, requests[i].name);
      TillErrand errand = errand_of (requests[i].kind);
      g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
      g_autofree char *wanted = fill_in (requests[i].body, vector[1], vector[2]);
      gsize size;
      const char *body = g_bytes_get_data (request->body, &size);
      g_assert_cmpmem (body, size, wanted, strlen (wanted));
      g_autofree char *url = g_strconcat ("https://127.0.0.1:8443", requests[i].path, NULL);
      g_assert_cmpstr (request->url, ==, url);
      g_assert_cmpstr (g_ptr_array_index (request->headers, 0), ==,
                       "Content-Type: application/json");
      g_assert_cmpint (request->total_ms, ==, 20000);
    }
}

/* After a restart, a day later: everything but the nonce, and the signature over it, is the same.
 */
static void
test_repeat_is_the_same (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind);
      g_autoptr (TillRequest) first = codec ()->build (&errand, &account);
      errand.asked_at += DAY;
      errand.provider_no = (char *)"T1"; /* told meanwhile */
      g_autoptr (TillRequest) second = codec ()->build (&errand, &account);
      g_autoptr (json_t) a = till_json_parse (first->body, NULL);
      g_autoptr (json_t) b = till_json_parse (second->body, NULL);
      g_assert_cmpstr (till_json_text (a, "nonceStr"), !=, till_json_text (b, "nonceStr"));
      static const char *const fresh[] = { "nonceStr", "sign" };
      for (gsize n = 0; n < G_N_ELEMENTS (fresh); n++)
        g_assert_true (json_object_del (a, fresh[n]) == 0 && json_object_del (b, fresh[n]) == 0);
      g_assert_true (json_equal (a, b));
    }
}

/* A scanner may read anything; it stays one text in the request. */
static void
test_strange_auth (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_PAY);
  errand.auth = (char *)"13\",\"totalFee\":\"1\"&totalFee=1\xff\x1b\n";
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (json_t) object = till_json_parse (request->body, NULL);
  g_assert_cmpstr (till_json_text (object, "totalFee"), ==, "1250");
}

/* --- answers --- */

/* An answer's fields as they are signed, by name; json () makes the body of it. What follows a "|"
 * goes into the body only, as it is. */
#define SAYS "resultCode=SUCCESS&returnCode=SUCCESS"
#define PAY_BACK "mchId=11548088&outTradeNo=" NUMBER "&" SAYS "&totalFee=1250&transactionId=T1"
#define STATE_OF_PAY(state)                                                                        \
  "mchId=11548088&outTradeNo=" NUMBER "&" SAYS "&sbxState=" state "&totalFee=1250&transactionId="  \
  "T1"
#define STATE_OF_REFUND(state)                                                                     \
  "mchId=11548088&outRefundNo=" NUMBER "&outTradeNo=" ORIGINAL "&refundFee=1250&refundId=T1&" SAYS \
  "&sbxState=" state "&totalFee=5000"
#define FAILED(code)                                                                               \
  "errorCode=" code "&mchId=11548088&outRefundNo=" NUMBER "&resultCode=FAIL&returnCode=SUCCESS"

typedef enum
{
  SIGNED,
  SIGNED_BY_NEXT,
  UNSIGNED,
  WRONG_KEY,
  SIGNED_WITH_SHA256,
  FIELD_ADDED,
  HALF_A_SIGNATURE,
  SIGN_IS_A_NUMBER,
} Seal;

/* {"a":"1","b":"2",…,"sign":"…"} of "a=1&b=2|…". */
static char *
json_of (const char *fields, const char *rest, const char *sign)
{
  GString *text = g_string_new ("{");
  g_auto (GStrv) pairs = g_strsplit (fields, "&", -1);
  for (gsize i = 0; pairs[i]; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);
      g_string_append_printf (text, "\"%s\":\"%s\",", pair[0], pair[1]);
    }
  g_string_append_printf (text, "%s\"sign\":%s}", rest ? rest : "", sign);
  return g_string_free (text, FALSE);
}

static TillReply *
sealed (int status, const char *fields, Seal seal)
{
  g_auto (GStrv) parts = g_strsplit (fields, "|", 2);
  g_autofree char *text
      = seal == FIELD_ADDED ? g_strconcat ("a=1&", parts[0], NULL) : g_strdup (parts[0]);
  const TillKey *key = seal == WRONG_KEY ? account.our_key : provider_key;
  TillHash hash = seal == SIGNED_WITH_SHA256 ? TILL_HASH_SHA256 : TILL_HASH_SHA1;
  g_autofree char *base64 = till_key_sign_with (key, hash, text, strlen (text));
  if (seal == HALF_A_SIGNATURE)
    base64[strlen (base64) / 2] = '\0';
  g_autofree char *sign = seal == UNSIGNED           ? g_strdup ("\"\"")
                          : seal == SIGN_IS_A_NUMBER ? g_strdup ("1")
                                                     : g_strdup_printf ("\"%s\"", base64);
  g_autofree char *body = json_of (parts[0], parts[1], sign);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (answer, bytes);
  return answer;
}

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_DONE IS (DONE, NONE)
#define IS_TAKEN IS (ACCEPTED, NONE)
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *fields;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* what is not believed */
  { "unsigned", QREF, 200, UNSIGNED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "our own key", QREF, 200, WRONG_KEY, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "other hash", QREF, 200, SIGNED_WITH_SHA256, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "field added", QREF, 200, FIELD_ADDED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "half a signature", QREF, 200, HALF_A_SIGNATURE, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "sign is a number", QREF, 200, SIGN_IS_A_NUMBER, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "201", QREF, 201, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "302", QREF, 302, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "400", REF, 400, SIGNED, FAILED ("SBX_BALANCE_LOW"), IS_UNKNOWN },
  { "500", QREF, 500, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_UNKNOWN },
  { "name twice", QREF, 200, SIGNED,
    STATE_OF_REFUND ("SBX_SUCCESS") "|\"sbxState\":\"SBX_SUCCESS\",", IS_UNKNOWN },
  { "yes or no", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS") "|\"a\":true,", IS_UNKNOWN },
  { "number with a point", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS") "|\"a\":1.5,",
    IS_UNKNOWN },
  /* What has members is not signed: it may be there, and says nothing. */
  { "state in an object that nobody signed", QREF, 200, SIGNED,
    "mchId=11548088&outRefundNo=" NUMBER "&refundFee=1250&refundId=T1&" SAYS
    "|\"sbxState\":[\"SBX_SUCCESS\"],",
    IS_UNKNOWN },
  { "an object beside it", QREF, 200, SIGNED,
    STATE_OF_REFUND ("SBX_SUCCESS") "|\"a\":{\"sbxState\":\"SBX_CLOSED\"},\"b\":null,\"c\":\"\",",
    IS_DONE },

  /* two levels */
  { "returnCode FAIL", REF, 200, SIGNED, "returnCode=FAIL&returnMsg=sign", IS_UNKNOWN },
  { "returnCode FAIL, resultCode SUCCESS", REF, 200, SIGNED,
    "outRefundNo=" NUMBER "&resultCode=SUCCESS&returnCode=FAIL", IS_UNKNOWN },
  { "returnCode FAIL, resultCode FAIL", REF, 200, SIGNED,
    "errorCode=SBX_BALANCE_LOW&outRefundNo=" NUMBER "&resultCode=FAIL&returnCode=FAIL",
    IS_UNKNOWN },
  { "no returnCode", REF, 200, SIGNED, "resultCode=SUCCESS", IS_UNKNOWN },
  { "no resultCode", REF, 200, SIGNED, "returnCode=SUCCESS", IS_UNKNOWN },
  { "other returnCode", REF, 200, SIGNED, "resultCode=SUCCESS&returnCode=OK", IS_UNKNOWN },
  { "other resultCode", REF, 200, SIGNED, "resultCode=PAYING&returnCode=SUCCESS", IS_UNKNOWN },
  { "taken, and why not", REF, 200, SIGNED, "errorCode=SBX_BALANCE_LOW&" SAYS, IS_UNKNOWN },
  { "taken, errorCode in a list", REF, 200, SIGNED, SAYS "|\"errorCode\":[],", IS_UNKNOWN },
  { "taken, empty errorCode", REF, 200, SIGNED, SAYS "|\"errorCode\":\"\",", IS_TAKEN },

  /* what the requests get */
  { "pay taken", PAY, 200, SIGNED, PAY_BACK, IS_TAKEN },
  { "pay taken, though it says more", PAY, 200, SIGNED, STATE_OF_PAY ("SBX_SUCCESS"), IS_TAKEN },
  { "refund taken", REF, 200, SIGNED, "mchId=11548088&refundId=T1&" SAYS, IS_TAKEN },
  { "next key", REF, 200, SIGNED_BY_NEXT, "mchId=11548088&refundId=T1&" SAYS, IS_TAKEN },
  { "reversed", REV, 200, SIGNED, PAY_BACK, IS_DONE },
  { "reversed, but what", REV, 200, SIGNED, SAYS, IS_UNKNOWN },
  { "reversed, but how much", REV, 200, SIGNED, "outTradeNo=" NUMBER "&" SAYS "&transactionId=T1",
    IS_UNKNOWN },
  { "refused, unknown errorCode", REF, 200, SIGNED, FAILED ("ORDER_NOT_EXIST"), IS_UNKNOWN },
  { "refused, no errorCode", REF, 200, SIGNED,
    "outRefundNo=" NUMBER "&resultCode=FAIL&returnCode=SUCCESS", IS_UNKNOWN },
  { "refused, but what", REF, 200, SIGNED,
    "errorCode=SBX_BALANCE_LOW&resultCode=FAIL&returnCode=SUCCESS", IS_UNKNOWN },
  { "original not found", REF, 200, SIGNED, FAILED ("SBX_ORIGINAL_NOT_FOUND"), IS (REFUSED, FIX) },
  { "original differs", REF, 200, SIGNED, FAILED ("SBX_ORIGINAL_DIFFERS"), IS (REFUSED, FIX) },
  { "already refunded", REF, 200, SIGNED, FAILED ("SBX_ALREADY_REFUNDED"), IS (REFUSED, FIX) },
  { "above refundable", REF, 200, SIGNED, FAILED ("SBX_AMOUNT_ABOVE_REFUNDABLE"),
    IS (REFUSED, FIX) },
  { "balance low", REF, 200, SIGNED, FAILED ("SBX_BALANCE_LOW"), IS (REFUSED, BALANCE) },
  { "account closed", REF, 200, SIGNED, FAILED ("SBX_ACCOUNT_CLOSED"), IS (REFUSED, CUSTOMER) },
  { "number used", REF, 200, SIGNED, FAILED ("SBX_NUMBER_USED"), IS_MISMATCH },
  { "paid after it was reversed", PAY, 200, SIGNED,
    "errorCode=SBX_REVERSED&outTradeNo=" NUMBER "&resultCode=FAIL&returnCode=SUCCESS",
    IS (REFUSED, FINAL) },
  { "nothing to reverse", REV, 200, SIGNED,
    "errorCode=SBX_ORIGINAL_NOT_FOUND&outTradeNo=" NUMBER "&resultCode=FAIL&returnCode=SUCCESS",
    IS (NOT_FOUND, NONE) },

  /* what the questions get */
  { "paid", QPAY, 200, SIGNED, STATE_OF_PAY ("SBX_SUCCESS"), IS_DONE },
  { "paying", QPAY, 200, SIGNED, STATE_OF_PAY ("SBX_PROCESSING"), IS_TAKEN },
  { "payment reversed", QPAY, 200, SIGNED, STATE_OF_PAY ("SBX_REVERSED"), IS (REFUSED, FINAL) },
  { "payment closed", QPAY, 200, SIGNED, STATE_OF_PAY ("SBX_CLOSED"), IS (REFUSED, FINAL) },
  { "payment abnormal, a refund's word", QPAY, 200, SIGNED, STATE_OF_PAY ("SBX_ABNORMAL"),
    IS_UNKNOWN },
  { "payment not found", QPAY, 200, SIGNED, "outTradeNo=" NUMBER "&" SAYS "&sbxState=SBX_NOT_FOUND",
    IS (NOT_FOUND, NONE) },
  { "refunded", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_SUCCESS"), IS_DONE },
  { "refunding", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_PROCESSING"), IS_TAKEN },
  { "refund closed", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_CLOSED"), IS (REFUSED, FINAL) },
  { "refund abnormal", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_ABNORMAL"),
    IS (REFUSED, CUSTOMER) },
  { "refund reversed, a payment's word", QREF, 200, SIGNED, STATE_OF_REFUND ("SBX_REVERSED"),
    IS_UNKNOWN },
  { "refund not found", QREF, 200, SIGNED, "outRefundNo=" NUMBER "&" SAYS "&sbxState=SBX_NOT_FOUND",
    IS (NOT_FOUND, NONE) },
  { "not found, but what", QREF, 200, SIGNED, SAYS "&sbxState=SBX_NOT_FOUND", IS_UNKNOWN },
  { "a word that nobody invented", QREF, 200, SIGNED, STATE_OF_REFUND ("SUCCESS"), IS_UNKNOWN },
  { "no state", QREF, 200, SIGNED, "outRefundNo=" NUMBER "&refundFee=1250&refundId=T1&" SAYS,
    IS_UNKNOWN },
  { "the question failed", QREF, 200, SIGNED, FAILED ("SBX_BALANCE_LOW"), IS_UNKNOWN },
  { "amount left out", QREF, 200, SIGNED,
    "outRefundNo=" NUMBER "&refundId=T1&" SAYS "&sbxState=SBX_SUCCESS", IS_UNKNOWN },
  { "amount in yuan", QREF, 200, SIGNED,
    "outRefundNo=" NUMBER "&refundFee=12.50&refundId=T1&" SAYS "&sbxState=SBX_SUCCESS",
    IS_UNKNOWN },
  { "their number left out", QREF, 200, SIGNED,
    "outRefundNo=" NUMBER "&refundFee=1250&" SAYS "&sbxState=SBX_SUCCESS", IS_UNKNOWN },

  /* what contradicts our row */
  { "other amount", QREF, 200, SIGNED,
    "outRefundNo=" NUMBER "&refundFee=1251&refundId=T1&" SAYS "&sbxState=SBX_SUCCESS",
    IS_MISMATCH },
  { "other amount of the payment", QREF, 200, SIGNED,
    "outRefundNo=" NUMBER "&refundFee=1250&refundId=T1&" SAYS "&sbxState=SBX_SUCCESS&totalFee=5001",
    IS_MISMATCH },
  { "other amount, taken", PAY, 200, SIGNED, "outTradeNo=" NUMBER "&" SAYS "&totalFee=1",
    IS_MISMATCH },
  { "other refund", REF, 200, SIGNED, "outRefundNo=OTHER&" SAYS, IS_MISMATCH },
  { "other payment", REF, 200, SIGNED, "outTradeNo=OTHER&" SAYS, IS_MISMATCH },
  { "other merchant", PAY, 200, SIGNED, "mchId=1&" SAYS, IS_MISMATCH },
  { "other currency", PAY, 200, SIGNED, "currency=USD&" SAYS, IS_MISMATCH },
  { "refused, other refund", REF, 200, SIGNED,
    "errorCode=SBX_BALANCE_LOW&outRefundNo=OTHER&resultCode=FAIL&returnCode=SUCCESS", IS_MISMATCH },
};

static void
check (const TillOutcome *outcome, TillOutcomeKind kind, TillFailureClass failure)
{
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==, till_outcome_kind_word (kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==, till_failure_letter (failure));
  if (kind != TILL_OUTCOME_DONE)
    return;
  g_assert_cmpint (outcome->amount, ==, 1250);
  g_assert_cmpstr (outcome->provider_no, ==, "T1");
}

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].errand);
  g_autoptr (TillReply) answer = sealed (rows[i].status, rows[i].fields, rows[i].seal);
  TillAccount other = account;
  if (rows[i].seal == SIGNED_BY_NEXT)
    {
      other.next_provider_key = account.provider_key;
      other.provider_key = account.our_key;
    }
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &other, answer);
  check (outcome, rows[i].kind, rows[i].failure);
}

/* Fees as whole numbers are signed by their digits, and read like those in texts. */
static void
test_fees_as_numbers (void)
{
  static const char fields[] = STATE_OF_REFUND ("SBX_SUCCESS");
  g_autofree char *sign
      = till_key_sign_with (provider_key, TILL_HASH_SHA1, fields, sizeof fields - 1);
  g_autofree char *text = g_strdup_printf (
      "{\"sign\":\"%s\",\"totalFee\":5000,\"refundFee\":1250,\"returnCode\":\"SUCCESS\","
      "\"resultCode\":\"SUCCESS\",\"sbxState\":\"SBX_SUCCESS\",\"refundId\":\"T1\","
      "\"mchId\":\"11548088\",\"outRefundNo\":\"" NUMBER "\",\"outTradeNo\":\"" ORIGINAL "\"}",
      sign);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_set_body (answer, body);
  TillErrand errand = errand_of (QREF);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  check (outcome, IS_DONE);
}

static void
expect_unknown (const char *text, gsize size)
{
  TillErrand errand = errand_of (QREF);
  g_autoptr (GBytes) body = g_bytes_new (text, size);
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_set_body (answer, body);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  check (outcome, IS_UNKNOWN);
}

/* No JSON, not whole, too deep, too large, a byte too many; and a good body that is cut anywhere.
 */
static void
test_bombs (void)
{
  static const char *const bodies[]
      = { "", "SUCCESS", "[]", "{\"sign\":", "<html>Welcome</html>", "{\"sign\":\"\\u0000\"}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    expect_unknown (bodies[i], strlen (bodies[i]));
  g_autofree char *open = g_strnfill (500 * 1000, '[');
  g_autofree char *deep = g_strdup_printf ("{\"sign\":%s", open);
  expect_unknown (deep, strlen (deep));

  g_autoptr (TillReply) answer = sealed (200, STATE_OF_REFUND ("SBX_SUCCESS"), SIGNED);
  gsize size;
  const char *good = g_bytes_get_data (answer->body, &size);
  for (gsize cut = 0; cut < size; cut++)
    expect_unknown (good, cut);
  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *whole = g_strndup (good, size);
  expect_unknown (whole, size + 1);
  g_autofree char *large = g_strconcat (whole, blanks, NULL);
  expect_unknown (large, strlen (large));
}

/* Sixty-four fields are sorted and believed; more are not even sorted. */
static void
test_many_fields (void)
{
  for (int n = 53; n <= 55; n++)
    {
      g_autoptr (GString) fields = g_string_new (NULL);
      for (int i = 0; i < n; i++)
        g_string_append_printf (fields, "a%02d=1&", i);
      g_string_append (fields, STATE_OF_REFUND ("SBX_SUCCESS"));
      g_autoptr (TillReply) answer = sealed (200, fields->str, SIGNED);
      TillErrand errand = errand_of (QREF);
      g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
      /* nine fields of its own and the signature */
      g_assert_cmpint (outcome->kind, ==, n + 10 <= 64 ? TILL_OUTCOME_DONE : TILL_OUTCOME_UNKNOWN);
    }
}

static void
make_account (void)
{
  g_autofree char *private_path = vectors_path ("provider-private.pem");
  g_autofree char *public_path = vectors_path ("provider-public.pem");
  g_autofree char *our_path = vectors_path ("key.pem");
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  provider_key = till_key_load_private (private_path, NULL);
  account = (TillAccount){ .provider = (char *)"shengpay",
                           .merchant_no = (char *)"11548088",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (our_path, NULL),
                           .provider_key = till_key_load_public (public_path, NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  g_hash_table_insert (account.facts, (gpointer) "notify_url",
                       (gpointer) "https://shop.example/shengpay");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/shengpay/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/shengpay/bombs", test_bombs);
  g_test_add_func ("/codec/shengpay/many-fields", test_many_fields);
  g_test_add_func ("/codec/shengpay/fees-as-numbers", test_fees_as_numbers);
  g_test_add_func ("/codec/shengpay/strange-auth", test_strange_auth);
  g_test_add_func ("/codec/shengpay/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/shengpay/repeat-is-the-same", test_repeat_is_the_same);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
