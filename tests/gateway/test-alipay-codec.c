/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay by tables: requests against signatures that the openssl command made over texts written by
 * hand (vectors/make.sh), answers against what we believe of them, and wrong requests against the
 * provider's half. Answers are signed here, over the inner object only. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
/* 2026-11-22 12:00 in China */
#define AT (INT64_C (1795320000) * TILL_SECOND)

static const TillCodec *codec;
static TillKey *provider_key; /* owned */
static TillAccount account;

static TillErrand
errand_of (TillErrandKind kind)
{
  gboolean backward = till_errand_kind_is_backward (kind);
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"alipay",
                        .request_no = (char *)(backward ? NUMBER : ORIGINAL),
                        .amount = backward ? 1250 : 5000,
                        .subject = (char *)"9101 & 果汁=1",
                        .requested_at = AT - TILL_DAY,
                        .asked_at = AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (backward)
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_requested_at = AT - 2 * TILL_DAY;
    }
  return errand;
}

/* --- requests --- */

#define CONTENT(text) "biz_content=%7B%22out_trade_no%22%3A%22" ORIGINAL "%22" text "%7D"
#define THINGS "9101+%26+%E6%9E%9C%E6%B1%81%3D1"

static const struct
{
  TillErrandKind kind;
  const char *method, *body;
} requests[] = {
  { TILL_ERRAND_PAY, "pay",
    CONTENT ("%2C%22scene%22%3A%22bar_code%22%2C%22auth_code%22%3A%22281234567890123456%22%2C"
             "%22subject%22%3A%22" THINGS "%22%2C%22total_amount%22%3A%2250.00%22%2C"
             "%22seller_id%22%3A%222088102146225135%22") },
  { TILL_ERRAND_QUERY_PAY, "query", CONTENT ("") },
  { TILL_ERRAND_REVERSE, "cancel", CONTENT ("") },
  { TILL_ERRAND_REFUND, "refund",
    CONTENT ("%2C%22out_request_no%22%3A%22" NUMBER "%22%2C%22refund_amount%22%3A%2212.50%22%2C"
             "%22refund_reason%22%3A%22" THINGS "%22") },
  { TILL_ERRAND_QUERY_REFUND, "fastpay.refund.query",
    CONTENT ("%2C%22out_request_no%22%3A%22" NUMBER "%22") },
};

static void
assert_body (const TillRequest *request, const char *wanted)
{
  g_autofree char *text = request_body (request);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_request_bytes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind);
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      g_autofree char *vector = g_strdup_printf ("alipay.%s.sha256", requests[i].method);
      g_autofree char *signature = vectors_text (vector);
      g_autofree char *encoded = g_uri_escape_string (signature, NULL, FALSE);
      g_autofree char *path = g_strdup_printf (
          "/gateway.do?app_id=2021000122671080&method=alipay.trade.%s&format=JSON&charset=utf-8"
          "&sign_type=RSA2&timestamp=2026-11-22+12%%3A00%%3A00&version=1.0&sign=%s",
          requests[i].method, encoded);
      g_autofree char *url = g_strconcat ("https://127.0.0.1:8443", path, NULL);
      assert_body (request, requests[i].body);
      g_assert_cmpstr (request->path, ==, path);
      g_assert_cmpstr (request->url, ==, url);
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpint (request->total_ms, ==, 20000);
    }
}

/* Another attempt, after a restart and after the payment's other number became known, differs in
 * its stamp and signature only; another amount in what the refund is known by. */
static void
test_same_errand_same_identity (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind);
      errand.asked_at += TILL_DAY;
      errand.provider_no = (char *)"2026112222001";
      errand.original_provider_no = (char *)"2026112222001";
      g_autoptr (TillRequest) later = codec->build (&errand, &account);
      assert_body (later, requests[i].body);
      g_assert_nonnull (strstr (later->path, "timestamp=2026-11-23+12%3A00%3A00&"));
      errand.amount++;
      g_autoptr (TillRequest) other = codec->build (&errand, &account);
      gboolean says = requests[i].kind == TILL_ERRAND_PAY || requests[i].kind == TILL_ERRAND_REFUND;
      g_assert_true (g_bytes_equal (other->body, later->body) != says);
    }
}

/* A scanner may read anything; it stays one text in the request. */
static void
test_strange_auth (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_PAY);
  errand.auth = (char *)"28\",\"total_amount\":\"0.01\",\"x\":\"\xff\x1b\n&biz_content={}";
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
  g_assert_cmpuint (till_form_size (form), ==, 1);
  const char *text = till_form_get (form, "biz_content");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (json_t) content = till_json_parse (bytes, NULL);
  g_assert_cmpstr (till_json_text (content, "total_amount"), ==, "50.00");
}

static void
test_yuan (void)
{
  static const struct
  {
    TillMoney fen;
    const char *yuan;
  } rows[] = { { 1, "0.01" }, { 10, "0.10" }, { 100, "1.00" }, { 123456789, "1234567.89" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillErrand errand = errand_of (TILL_ERRAND_REFUND);
      errand.amount = rows[i].fen;
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      g_autofree char *wanted
          = g_strdup_printf ("%%22refund_amount%%22%%3A%%22%s%%22", rows[i].yuan);
      g_autofree char *body
          = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
      g_assert_nonnull (strstr (body, wanted));
    }
}

/* --- answers --- */

typedef enum
{
  SIGNED,
  SIGN_FIRST, /* the signature stands before the object */
  UNSIGNED,
  WRONG_KEY,    /* signed with our own */
  OTHER_BODY,   /* the signature of another object */
  WRITTEN_ANEW, /* the same object with a blank in it */
  WHOLE_SIGNED, /* over the whole body instead of the inner object */
  OTHER_METHOD, /* under another method's name */
  TWICE,        /* the object twice: one to sign, one to read */
  ERROR_OBJECT, /* as error_response */
  CUT,          /* without the last brace */
} Seal;

static char *
sealed (TillErrandKind kind, const char *inner, Seal seal)
{
  static const char *const names[TILL_N_ERRANDS]
      = { "alipay_trade_pay", "alipay_trade_query", "alipay_trade_cancel", "alipay_trade_refund",
          "alipay_trade_fastpay_refund_query" };
  const char *name = seal == OTHER_METHOD ? names[(kind + 1) % 5] : names[kind];
  g_autofree char *other = g_strconcat (seal == WHOLE_SIGNED ? "{" : " ", inner, NULL);
  const char *text = seal == OTHER_BODY || seal == WHOLE_SIGNED ? other : inner;
  const TillKey *key = seal == WRONG_KEY ? account.our_key : provider_key;
  g_autofree char *signature = till_key_sign (key, text, strlen (text));
  switch ((int)seal)
    {
    case UNSIGNED:
      return g_strdup_printf ("{\"%s_response\":%s}", name, inner);
    case SIGN_FIRST:
      return g_strdup_printf ("{\"sign\":\"%s\",\"%s_response\":%s}", signature, name, inner);
    case WRITTEN_ANEW:
      return g_strdup_printf ("{\"%s_response\":{ %s,\"sign\":\"%s\"}", name, inner + 1, signature);
    case TWICE:
      return g_strdup_printf ("{\"%s_response\":{},\"%s_response\":%s,\"sign\":\"%s\"}", name, name,
                              inner, signature);
    case ERROR_OBJECT:
      return g_strdup_printf ("{\"error_response\":%s,\"sign\":\"%s\"}", inner, signature);
    case CUT:
      return g_strdup_printf ("{\"%s_response\":%s,\"sign\":\"%s\"", name, inner, signature);
    default:
      return g_strdup_printf ("{\"%s_response\":%s,\"sign\":\"%s\"}", name, inner, signature);
    }
}

#define YES "{\"code\":\"10000\",\"msg\":\"Success\""
#define NO(sub_code)                                                                               \
  "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"" sub_code                       \
  "\",\"sub_msg\":\"不行\"}"
#define GATE(code) "{\"code\":\"" code "\",\"msg\":\"m\",\"sub_code\":\"isv.x\"}"
#define TRADE ",\"out_trade_no\":\"" ORIGINAL "\",\"trade_no\":\"2026112222001\""
#define PAID YES TRADE ",\"total_amount\":\"50.00\"}"
#define STATE(state) YES TRADE ",\"total_amount\":\"50.00\",\"trade_status\":\"" state "\"}"
#define FUND(change, fee) YES TRADE ",\"fund_change\":\"" change "\",\"refund_fee\":\"" fee "\"}"
#define REQUEST ",\"out_request_no\":\"" NUMBER "\""
#define BACK(amount, status)                                                                       \
  YES TRADE REQUEST ",\"total_amount\":\"50.00\",\"refund_amount\":\"" amount                      \
                    "\",\"refund_status\":\"" status "\"}"
#define CANCEL(rest) YES TRADE rest "}"

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *inner;
  TillOutcomeKind kind;
  TillFailureClass failure;
  TillMoney amount;
} rows[] = {
  /* what is not believed */
  { "unsigned", REF, 200, UNSIGNED, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "signed with our own key", REF, 200, WRONG_KEY, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "signed for another object", REF, 200, OTHER_BODY, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "written anew", REF, 200, WRITTEN_ANEW, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "signed as a whole", REF, 200, WHOLE_SIGNED, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "another method", REF, 200, OTHER_METHOD, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "object twice", REF, 200, TWICE, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "error_response", REF, 200, ERROR_OBJECT, GATE ("40002"), IS_UNKNOWN, 0 },
  { "cut off", REF, 200, CUT, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "unsigned no", REF, 200, UNSIGNED, NO ("ACQ.TRADE_HAS_CLOSE"), IS_UNKNOWN, 0 },
  { "500", REF, 500, SIGNED, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "302", REF, 302, SIGNED, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "201", REF, 201, SIGNED, FUND ("Y", "12.50"), IS_UNKNOWN, 0 },
  { "400 signed no", REF, 400, SIGNED, NO ("ACQ.TRADE_HAS_CLOSE"), IS_UNKNOWN, 0 },
  { "empty object", REF, 200, SIGNED, "{}", IS_UNKNOWN, 0 },
  { "array", REF, 200, SIGNED, "[" FUND ("Y", "12.50") "]", IS_UNKNOWN, 0 },
  { "a text", REF, 200, SIGNED, "\"10000\"", IS_UNKNOWN, 0 },
  { "code is a number", REF, 200, SIGNED,
    "{\"code\":10000" TRADE ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\"}", IS_UNKNOWN, 0 },
  { "code unknown", REF, 200, SIGNED, "{\"code\":\"10001\"" TRADE "}", IS_UNKNOWN, 0 },
  { "name twice", REF, 200, SIGNED, YES ",\"code\":\"10000\"" TRADE "}", IS_UNKNOWN, 0 },
  { "NUL in a text", REF, 200, SIGNED, YES ",\"fund_change\":\"Y\\u0000\"" TRADE "}", IS_UNKNOWN,
    0 },
  { "GBK", REF, 200, SIGNED, "{\"code\":\"10000\",\"msg\":\"\xcd\xcb\xbf\xee\"" TRADE "}",
    IS_UNKNOWN, 0 },

  /* two levels that contradict each other */
  { "yes with a sub_code", REF, 200, SIGNED,
    YES ",\"sub_code\":\"ACQ.SYSTEM_ERROR\"" TRADE
        ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\"}",
    IS_UNKNOWN, 0 },
  { "sub_code is a number", REF, 200, SIGNED,
    YES ",\"sub_code\":1" TRADE ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\"}", IS_UNKNOWN, 0 },
  { "no with money moved", REF, 200, SIGNED,
    "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_HAS_CLOSE\",\"fund_change\":\"Y\"}", IS_UNKNOWN,
    0 },
  { "no without a sub_code", REF, 200, SIGNED, "{\"code\":\"40004\"}", IS_UNKNOWN, 0 },
  { "no with an unknown sub_code", REF, 200, SIGNED, NO ("ACQ.MOOD"), IS_UNKNOWN, 0 },
  { "sub_code in small letters", REF, 200, SIGNED, NO ("acq.trade_has_close"), IS_UNKNOWN, 0 },

  /* a refund */
  { "refund done", REF, 200, SIGNED, FUND ("Y", "12.50"), IS (DONE, NONE), 0 },
  { "refund done, signature first", REF, 200, SIGN_FIRST, FUND ("Y", "12.5"), IS (DONE, NONE), 0 },
  { "refund done, more went before", REF, 200, SIGNED, FUND ("Y", "50.00"), IS (DONE, NONE), 0 },
  { "refund done, one fen too much of all", REF, 200, SIGNED, FUND ("Y", "50.01"), IS_MISMATCH, 0 },
  { "refund done, one fen too little", REF, 200, SIGNED, FUND ("Y", "12.49"), IS_MISMATCH, 0 },
  { "refund done, nothing back", REF, 200, SIGNED, FUND ("Y", "0.00"), IS_MISMATCH, 0 },
  { "refund without a fee", REF, 200, SIGNED, YES TRADE ",\"fund_change\":\"Y\"}", IS_UNKNOWN, 0 },
  { "refund fee is a number", REF, 200, SIGNED,
    YES TRADE ",\"fund_change\":\"Y\",\"refund_fee\":12.50}", IS_UNKNOWN, 0 },
  { "refund fee with a sign", REF, 200, SIGNED, FUND ("Y", "+12.50"), IS_UNKNOWN, 0 },
  { "refund fee with an exponent", REF, 200, SIGNED, FUND ("Y", "125e-1"), IS_UNKNOWN, 0 },
  { "refund fee with three decimals", REF, 200, SIGNED, FUND ("Y", "12.500"), IS_UNKNOWN, 0 },
  { "fund_change N", REF, 200, SIGNED, FUND ("N", "12.50"), IS (ACCEPTED, NONE), 0 },
  { "fund_change N, not counted yet", REF, 200, SIGNED, FUND ("N", "0.00"), IS (ACCEPTED, NONE),
    0 },
  { "fund_change N, more than paid", REF, 200, SIGNED, FUND ("N", "50.01"), IS_MISMATCH, 0 },
  { "fund_change absent", REF, 200, SIGNED, YES TRADE ",\"refund_fee\":\"12.50\"}",
    IS (ACCEPTED, NONE), 0 },
  { "fund_change empty", REF, 200, SIGNED, FUND ("", "12.50"), IS (ACCEPTED, NONE), 0 },
  { "fund_change unknown", REF, 200, SIGNED, FUND ("P", "12.50"), IS_UNKNOWN, 0 },
  { "refund of another payment", REF, 200, SIGNED,
    YES ",\"out_trade_no\":\"OTHER\",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\"}", IS_MISMATCH,
    0 },
  { "refund of nobody", REF, 200, SIGNED, YES ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\"}",
    IS_UNKNOWN, 0 },
  { "refund in another currency", REF, 200, SIGNED,
    YES TRADE ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\",\"refund_currency\":\"USD\"}",
    IS_MISMATCH, 0 },
  { "refund of another seller", REF, 200, SIGNED,
    YES TRADE ",\"fund_change\":\"Y\",\"refund_fee\":\"12.50\",\"seller_id\":\"2088000000000000\"}",
    IS_MISMATCH, 0 },
  { "refund says waiting", REF, 200, SIGNED, "{\"code\":\"10003\"" TRADE "}", IS_UNKNOWN, 0 },
  { "refund 20000", REF, 200, SIGNED, GATE ("20000"), IS_UNKNOWN, 0 },
  { "refund 20001", REF, 200, SIGNED, GATE ("20001"), IS (REFUSED, FIX), 0 },
  { "refund 40001", REF, 200, SIGNED, GATE ("40001"), IS (REFUSED, FIX), 0 },
  { "refund 40002", REF, 200, SIGNED, GATE ("40002"), IS (REFUSED, FIX), 0 },
  { "refund 40006", REF, 200, SIGNED, GATE ("40006"), IS (REFUSED, PROVIDER), 0 },
#define REFUND_NO(word, kind, class)                                                               \
  {                                                                                                \
    "refund " word, REF, 200, SIGNED, NO ("ACQ." word), TILL_OUTCOME_##kind, TILL_CLASS_##class, 0 \
  }
  REFUND_NO ("SYSTEM_ERROR", UNKNOWN, UNKNOWN_OUTCOME),
  REFUND_NO ("DISCORDANT_REPEAT_REQUEST", MISMATCH, UNKNOWN_OUTCOME),
  REFUND_NO ("SELLER_BALANCE_NOT_ENOUGH", REFUSED, BALANCE),
  REFUND_NO ("REFUND_CHARGE_ERROR", REFUSED, RETRY),
  REFUND_NO ("TRADE_HAS_FINISHED", REFUSED, FINAL),
  REFUND_NO ("BUYER_NOT_EXIST", REFUSED, CUSTOMER),
  REFUND_NO ("BUYER_ENABLE_STATUS_FORBID", REFUSED, CUSTOMER),
  REFUND_NO ("REASON_TRADE_BEEN_FREEZEN", REFUSED, PROVIDER),
  REFUND_NO ("TRADE_HAS_CLOSE", REFUSED, FINAL),
  REFUND_NO ("TRADE_NOT_EXIST", REFUSED, FINAL),
  REFUND_NO ("TRADE_STATUS_ERROR", REFUSED, FINAL),
  REFUND_NO ("REASON_TRADE_REFUND_FEE_ERR", REFUSED, FINAL),
  REFUND_NO ("REFUND_AMT_NOT_EQUAL_TOTAL", REFUSED, FINAL),
  REFUND_NO ("NOT_ALLOW_PARTIAL_REFUND", REFUSED, FINAL),
  REFUND_NO ("CUSTOMER_VALIDATE_ERROR", REFUSED, FINAL),
  REFUND_NO ("USER_NOT_MATCH_ERR", REFUSED, FINAL),
  REFUND_NO ("INVALID_PARAMETER", REFUSED, FIX),

  /* a refund asked about */
  { "refund found", QREF, 200, SIGNED, BACK ("12.50", "REFUND_SUCCESS"), IS (DONE, NONE), 1250 },
  { "refund not found", QREF, 200, SIGNED, YES "}", IS (NOT_FOUND, NONE), 0 },
  { "refund not found, status empty", QREF, 200, SIGNED, YES TRADE ",\"refund_status\":\"\"}",
    IS (NOT_FOUND, NONE), 0 },
  { "refund data without a status", QREF, 200, SIGNED,
    YES TRADE REQUEST ",\"refund_amount\":\"12.50\"}", IS_UNKNOWN, 0 },
  { "refund data with an empty status", QREF, 200, SIGNED, BACK ("12.50", ""), IS_UNKNOWN, 0 },
  { "refund status unknown", QREF, 200, SIGNED, BACK ("12.50", "REFUND_FAIL"), IS_UNKNOWN, 0 },
  { "refund status is a number", QREF, 200, SIGNED, YES TRADE REQUEST ",\"refund_status\":1}",
    IS_UNKNOWN, 0 },
  { "refund status without an amount", QREF, 200, SIGNED,
    YES TRADE REQUEST ",\"refund_status\":\"REFUND_SUCCESS\"}", IS_UNKNOWN, 0 },
  { "refund status without a number", QREF, 200, SIGNED,
    YES TRADE ",\"refund_amount\":\"12.50\",\"refund_status\":\"REFUND_SUCCESS\"}", IS_UNKNOWN, 0 },
  { "refund found, other amount", QREF, 200, SIGNED, BACK ("12.51", "REFUND_SUCCESS"), IS_MISMATCH,
    0 },
  { "refund data, other amount", QREF, 200, SIGNED, BACK ("12.51", ""), IS_MISMATCH, 0 },
  { "refund found, other payment amount", QREF, 200, SIGNED,
    YES TRADE REQUEST ",\"total_amount\":\"50.01\",\"refund_amount\":\"12.50\","
                      "\"refund_status\":\"REFUND_SUCCESS\"}",
    IS_MISMATCH, 0 },
  { "another refund found", QREF, 200, SIGNED,
    YES TRADE ",\"out_request_no\":\"OTHER\",\"refund_amount\":\"12.50\","
              "\"refund_status\":\"REFUND_SUCCESS\"}",
    IS_MISMATCH, 0 },
  { "refund query 20000", QREF, 200, SIGNED, GATE ("20000"), IS_UNKNOWN, 0 },
  { "refund query 40006", QREF, 200, SIGNED, GATE ("40006"), IS_UNKNOWN, 0 },
  { "refund query SYSTEM_ERROR", QREF, 200, SIGNED, NO ("ACQ.SYSTEM_ERROR"), IS_UNKNOWN, 0 },
  { "refund query TRADE_NOT_EXIST", QREF, 200, SIGNED, NO ("ACQ.TRADE_NOT_EXIST"), IS_UNKNOWN, 0 },

  /* a payment */
  { "paid", PAY, 200, SIGNED, PAID, IS (DONE, NONE), 5000 },
  { "waiting", PAY, 200, SIGNED, "{\"code\":\"10003\"" TRADE "}", IS (ACCEPTED, NONE), 0 },
  { "waiting for nobody", PAY, 200, SIGNED, "{\"code\":\"10003\"}", IS_UNKNOWN, 0 },
  { "waiting, other amount", PAY, 200, SIGNED,
    "{\"code\":\"10003\"" TRADE ",\"total_amount\":\"50.01\"}", IS_MISMATCH, 0 },
  { "pay 20000", PAY, 200, SIGNED, GATE ("20000"), IS_UNKNOWN, 0 },
  { "pay 40002", PAY, 200, SIGNED, GATE ("40002"), IS (REFUSED, FIX), 0 },
  { "pay 40006", PAY, 200, SIGNED, GATE ("40006"), IS (REFUSED, PROVIDER), 0 },
  { "paid without an amount", PAY, 200, SIGNED, YES TRADE "}", IS_UNKNOWN, 0 },
  { "paid without their number", PAY, 200, SIGNED,
    YES ",\"out_trade_no\":\"" ORIGINAL "\",\"total_amount\":\"50.00\"}", IS_UNKNOWN, 0 },
  { "paid without our number", PAY, 200, SIGNED,
    YES ",\"trade_no\":\"2026112222001\",\"total_amount\":\"50.00\"}", IS_UNKNOWN, 0 },
  { "paid, other amount", PAY, 200, SIGNED, YES TRADE ",\"total_amount\":\"50.01\"}", IS_MISMATCH,
    0 },
  { "paid, other number", PAY, 200, SIGNED,
    YES ",\"out_trade_no\":\"OTHER\",\"trade_no\":\"1\",\"total_amount\":\"50.00\"}", IS_MISMATCH,
    0 },
  { "paid, other currency", PAY, 200, SIGNED,
    YES TRADE ",\"total_amount\":\"50.00\",\"trans_currency\":\"USD\"}", IS_MISMATCH, 0 },
#define PAY_NO(word, kind, class)                                                                  \
  {                                                                                                \
    "pay " word, PAY, 200, SIGNED, NO ("ACQ." word), TILL_OUTCOME_##kind, TILL_CLASS_##class, 0    \
  }
  PAY_NO ("SYSTEM_ERROR", UNKNOWN, UNKNOWN_OUTCOME),
  PAY_NO ("TRADE_HAS_SUCCESS", UNKNOWN, UNKNOWN_OUTCOME),
  PAY_NO ("CONTEXT_INCONSISTENT", MISMATCH, UNKNOWN_OUTCOME),
  PAY_NO ("INVALID_PARAMETER", REFUSED, FIX),
  PAY_NO ("TOTAL_FEE_EXCEED", REFUSED, FIX),
  PAY_NO ("ACCESS_FORBIDDEN", REFUSED, PROVIDER),
  PAY_NO ("PARTNER_ERROR", REFUSED, PROVIDER),
  PAY_NO ("PAYMENT_REQUEST_HAS_RISK", REFUSED, PROVIDER),
  PAY_NO ("PAYMENT_AUTH_CODE_INVALID", REFUSED, FINAL),
  PAY_NO ("TRADE_HAS_CLOSE", REFUSED, FINAL),
  PAY_NO ("BUYER_SELLER_EQUAL", REFUSED, FINAL),
  PAY_NO ("BUYER_BALANCE_NOT_ENOUGH", REFUSED, CUSTOMER),
  PAY_NO ("BUYER_BANKCARD_BALANCE_NOT_ENOUGH", REFUSED, CUSTOMER),
  PAY_NO ("BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", REFUSED, CUSTOMER),
  PAY_NO ("BUYER_ENABLE_STATUS_FORBID", REFUSED, CUSTOMER),

  /* a payment asked about */
  { "trade success", QPAY, 200, SIGNED, STATE ("TRADE_SUCCESS"), IS (DONE, NONE), 5000 },
  { "trade finished", QPAY, 200, SIGNED, STATE ("TRADE_FINISHED"), IS (DONE, NONE), 5000 },
  { "trade waiting", QPAY, 200, SIGNED, STATE ("WAIT_BUYER_PAY"), IS (ACCEPTED, NONE), 5000 },
  { "trade closed", QPAY, 200, SIGNED, STATE ("TRADE_CLOSED"), IS (REFUSED, FINAL), 0 },
  { "nobody's trade closed", QPAY, 200, SIGNED, YES ",\"trade_status\":\"TRADE_CLOSED\"}",
    IS_UNKNOWN, 0 },
  { "trade state unknown", QPAY, 200, SIGNED, STATE ("TRADE_PENDING"), IS_UNKNOWN, 0 },
  { "trade without a state", QPAY, 200, SIGNED, PAID, IS_UNKNOWN, 0 },
  { "trade of another amount", QPAY, 200, SIGNED,
    YES TRADE ",\"total_amount\":\"5.00\",\"trade_status\":\"TRADE_SUCCESS\"}", IS_MISMATCH, 0 },
  { "trade not there", QPAY, 200, SIGNED, NO ("ACQ.TRADE_NOT_EXIST"), IS (NOT_FOUND, NONE), 0 },
  { "another trade not there", QPAY, 200, SIGNED,
    "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\",\"out_trade_no\":\"OTHER\"}",
    IS_MISMATCH, 0 },
  { "query 20000", QPAY, 200, SIGNED, GATE ("20000"), IS_UNKNOWN, 0 },
  { "query 40002", QPAY, 200, SIGNED, GATE ("40002"), IS_UNKNOWN, 0 },
  { "query SYSTEM_ERROR", QPAY, 200, SIGNED, NO ("ACQ.SYSTEM_ERROR"), IS_UNKNOWN, 0 },
  { "query says waiting", QPAY, 200, SIGNED, "{\"code\":\"10003\"" TRADE "}", IS_UNKNOWN, 0 },

  /* a payment undone */
  { "cancelled, given back", REV, 200, SIGNED,
    CANCEL (",\"retry_flag\":\"N\",\"action\":\"refund\""), IS (DONE, NONE), 0 },
  { "cancelled, closed", REV, 200, SIGNED, CANCEL (",\"retry_flag\":\"N\",\"action\":\"close\""),
    IS (DONE, NONE), 0 },
  { "cancelled nothing", REV, 200, SIGNED, CANCEL (",\"retry_flag\":\"N\""), IS (NOT_FOUND, NONE),
    0 },
  { "cancel once more", REV, 200, SIGNED, CANCEL (",\"retry_flag\":\"Y\",\"action\":\"refund\""),
    IS_UNKNOWN, 0 },
  { "cancel without a flag", REV, 200, SIGNED, CANCEL (",\"action\":\"refund\""), IS_UNKNOWN, 0 },
  { "cancel with an unknown action", REV, 200, SIGNED,
    CANCEL (",\"retry_flag\":\"N\",\"action\":\"hold\""), IS_UNKNOWN, 0 },
  { "cancelled, nobody's", REV, 200, SIGNED, YES ",\"retry_flag\":\"N\",\"action\":\"refund\"}",
    IS_UNKNOWN, 0 },
  { "cancelled, another", REV, 200, SIGNED,
    YES ",\"out_trade_no\":\"OTHER\",\"retry_flag\":\"N\",\"action\":\"refund\"}", IS_MISMATCH, 0 },
  { "cancel 20000", REV, 200, SIGNED, GATE ("20000"), IS_UNKNOWN, 0 },
#define CANCEL_NO(word, kind, class)                                                               \
  {                                                                                                \
    "cancel " word, REV, 200, SIGNED, NO ("ACQ." word), TILL_OUTCOME_##kind, TILL_CLASS_##class, 0 \
  }
  CANCEL_NO ("SYSTEM_ERROR", UNKNOWN, UNKNOWN_OUTCOME),
  CANCEL_NO ("TRADE_NOT_EXIST", NOT_FOUND, NONE),
  CANCEL_NO ("SELLER_BALANCE_NOT_ENOUGH", REFUSED, BALANCE),
  CANCEL_NO ("REASON_TRADE_BEEN_FREEZEN", REFUSED, PROVIDER),
  CANCEL_NO ("TRADE_HAS_FINISHED", REFUSED, FINAL),
  CANCEL_NO ("TRADE_STATUS_ERROR", REFUSED, FINAL),
  CANCEL_NO ("INVALID_PARAMETER", REFUSED, FIX),
};

static TillOutcome *
outcome_of (TillErrandKind kind, int status, const void *body, gsize size)
{
  TillErrand errand = errand_of (kind);
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, size);
  till_reply_set_body (answer, bytes);
  return codec->interpret (&errand, &account, answer);
}

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *body = sealed (rows[i].errand, rows[i].inner, rows[i].seal);
  g_autoptr (TillOutcome) outcome
      = outcome_of (rows[i].errand, rows[i].status, body, strlen (body));
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  g_assert_cmpint (outcome->amount, ==, rows[i].amount);
  gboolean paid = outcome->kind == TILL_OUTCOME_DONE && rows[i].errand <= REV;
  g_assert_cmpstr (paid ? outcome->provider_no : "2026112222001", ==, "2026112222001");
  if (till_errand_kind_is_backward (rows[i].errand))
    g_assert_null (outcome->provider_no);
}

/* The most telling word is kept, and the provider's sentence. */
static void
test_words (void)
{
  g_autofree char *body = sealed (REF, NO ("ACQ.TRADE_HAS_CLOSE"), SIGNED);
  g_autoptr (TillOutcome) refused = outcome_of (REF, 200, body, strlen (body));
  g_assert_cmpstr (refused->code, ==, "ACQ.TRADE_HAS_CLOSE");
  g_assert_cmpstr (refused->words, ==, "不行");
}

/* An unsigned no of the gateway is believed in nothing, and yet a person can read it. */
static void
test_unsigned_no_is_told (void)
{
#define BARE "an answer without the provider's signature on it"
  static const struct
  {
    const char *body, *detail;
  } noes[] = {
    { "{\"error_response\":" GATE ("40002") "}", BARE ": isv.x" },
    { "{\"error_response\":{\"code\":\"40001\"}}", BARE ": 40001" },
    { "{\"error_response\":{\"sub_code\":\"a\\nb\\u001b\"},\"sign\":\"eA==\"}", BARE ": a b" },
    { "{\"error_response\":{\"code\":1,\"sub_code\":[]}}", BARE },
    { "{\"error_response\":\"40001\"}", BARE },
    { "{\"alipay_trade_refund_response\":" GATE ("40002") "}", BARE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (noes); i++)
    {
      g_autoptr (TillOutcome) outcome = outcome_of (REF, 200, noes[i].body, strlen (noes[i].body));
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpint (outcome->failure, ==, TILL_CLASS_UNKNOWN_OUTCOME);
      g_assert_null (outcome->code);
      g_assert_cmpstr (outcome->detail, ==, noes[i].detail);
    }
}

/* What the customer gets of a refund of 12.50, where a discount was in the payment. */
static void
test_customers_part (void)
{
  static const struct
  {
    TillErrandKind errand;
    const char *change, *part;
    TillMoney coupon;
    const char *detail;
  } parts[] = {
    { REF, "Y", "10.00", 250, "the payer gets 10.00" },
    { REF, "Y", "0.00", 1250, "the payer gets 0.00" },
    { REF, "Y", "12.50", 0, NULL },
    { REF, "Y", "12.51", 0, "not believed" },
    { REF, "Y", "ten", 0, NULL },
    { REF, "N", "10.00", 0, NULL }, /* nothing is done yet */
    { QREF, NULL, "10.00", 250, "the payer gets 10.00" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *object
          = parts[i].change
                ? g_strdup_printf (YES TRADE ",\"fund_change\":\"%s\",\"refund_fee\":\"12.50\","
                                             "\"present_refund_buyer_amount\":\"%s\"}",
                                   parts[i].change, parts[i].part)
                : g_strdup_printf (YES TRADE REQUEST
                                   ",\"refund_amount\":\"12.50\",\"refund_status\":"
                                   "\"REFUND_SUCCESS\",\"present_refund_buyer_amount\":\"%s\"}",
                                   parts[i].part);
      g_autofree char *body = sealed (parts[i].errand, object, SIGNED);
      g_autoptr (TillOutcome) outcome = outcome_of (parts[i].errand, 200, body, strlen (body));
      g_assert_cmpint (outcome->coupon, ==, parts[i].coupon);
      g_assert_true (parts[i].detail ? outcome->detail && strstr (outcome->detail, parts[i].detail)
                                     : outcome->detail == NULL);
    }
}

/* Once the payment's other number is known, another one contradicts. */
static void
test_other_trade (void)
{
  g_autofree char *body = sealed (REF, FUND ("Y", "12.50"), SIGNED);
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  till_reply_set_body (answer, bytes);
  TillErrand errand = errand_of (REF);
  errand.original_provider_no = (char *)"2026112222001";
  g_autoptr (TillOutcome) same = codec->interpret (&errand, &account, answer);
  g_assert_cmpint (same->kind, ==, TILL_OUTCOME_DONE);
  errand.original_provider_no = (char *)"2026112222002";
  g_autoptr (TillOutcome) other = codec->interpret (&errand, &account, answer);
  g_assert_cmpint (other->kind, ==, TILL_OUTCOME_MISMATCH);
}

/* Signed, and still not read: too deep, too large, NUL among the bytes. */
static void
test_bombs (void)
{
  g_autofree char *open = g_strnfill (TILL_JSON_DEPTH_MAX, '[');
  g_autofree char *close = g_strnfill (TILL_JSON_DEPTH_MAX, ']');
  g_autofree char *deep = g_strdup_printf (YES TRADE ",\"x\":%s%s}", open, close);
  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *large = g_strdup_printf (YES TRADE ",\"x\":\"%s\"}", blanks);
  const char *const inners[] = { deep, large };
  for (gsize i = 0; i < G_N_ELEMENTS (inners); i++)
    {
      g_autofree char *body = sealed (REF, inners[i], SIGNED);
      g_autoptr (TillOutcome) outcome = outcome_of (REF, 200, body, strlen (body));
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
    }
  g_autofree char *good = sealed (REF, FUND ("Y", "12.50"), SIGNED);
  g_autoptr (TillOutcome) nul = outcome_of (REF, 200, good, strlen (good) + 1);
  g_assert_cmpint (nul->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_autoptr (TillOutcome) plain = outcome_of (REF, 200, good, strlen (good));
  g_assert_cmpint (plain->kind, ==, TILL_OUTCOME_DONE);
}

/* --- the provider's half --- */

/* A refund whose parameter is changed before it is signed; NULL takes it out. */
static char *
answer_to (const TillSpeech *speech, const char *name, const char *value)
{
  TillErrand errand = errand_of (REF);
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  const char *query = strchr (request->path, '?') + 1;
  g_autoptr (GBytes) head = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) common = till_form_decode (head, NULL);
  g_autoptr (TillForm) body = till_form_decode (request->body, NULL);
  const TillForm *both[] = { common, body };
  g_autoptr (TillForm) changed = till_form_new ();
  for (gsize f = 0; f < 2; f++)
    for (guint i = 0; i < till_form_size (both[f]); i++)
      {
        const char *text;
        const char *field = till_form_nth (both[f], i, &text);
        if (strcmp (field, "sign") != 0)
          till_form_add (changed, field, strcmp (field, name) == 0 ? value : text);
      }
  g_autofree char *canonical = till_form_sorted (changed, NULL, FALSE);
  g_autofree char *signature = till_key_sign (account.our_key, canonical, strlen (canonical));
  if (strcmp (name, "sign") != 0)
    till_form_add (changed, "sign", signature);
  g_autoptr (GBytes) bytes = till_form_encode (changed);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  TillHeard heard = { .method = "POST", .path = "/gateway.do", .headers = headers, .body = bytes };
  g_autoptr (TillSaid) said = till_speech_answer (speech, &heard);
  return g_strndup (g_bytes_get_data (said->body, NULL), g_bytes_get_size (said->body));
}

static void
test_provider_is_strict (void)
{
  static const struct
  {
    const char *name, *value, *code, *sub_code;
  } wrong[] = {
    { "method", NULL, "40001", "isv.missing-method" },
    { "method", "alipay.trade.steal", "40002", "isv.invalid-method" },
    { "app_id", NULL, "40001", "isv.missing-app-id" },
    { "app_id", "1", "40002", "isv.invalid-app-id" },
    { "charset", "gbk", "40002", "isv.invalid-charset" },
    { "sign_type", "RSA", "40002", "isv.invalid-signature-type" },
    { "version", "2.0", "40002", "isv.invalid-version" },
    { "format", "XML", "40002", "isv.invalid-format" },
    { "timestamp", "20261122120000", "40002", "isv.invalid-timestamp" },
    { "sign", NULL, "40001", "isv.missing-signature" },
    { "biz_content", NULL, "40001", "isv.missing-biz-content" },
    { "biz_content", "{", "40002", "isv.invalid-parameter" },
    { "biz_content", "{}", "40004", "ACQ.INVALID_PARAMETER" },
    { "biz_content", "{\"out_trade_no\":\"A\",\"refund_amount\":\"1.00\"}", "40004",
      "ACQ.INVALID_PARAMETER" },
    { "biz_content",
      "{\"out_trade_no\":\"A\",\"out_request_no\":\"B\",\"refund_amount\":\"1.001\"}", "40004",
      "ACQ.INVALID_PARAMETER" },
    { "biz_content", "{\"out_trade_no\":\"A\",\"out_request_no\":\"B\",\"refund_amount\":\"0.00\"}",
      "40004", "ACQ.INVALID_PARAMETER" },
    { "biz_content", "{\"out_trade_no\":\"A\",\"out_request_no\":\"B\",\"refund_amount\":\"1.00\"}",
      "40004", "ACQ.TRADE_NOT_EXIST" },
  };
  g_autoptr (TillClock) clock = till_clock_new_fake (AT, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech = {
    .provider = provider, .clock = clock, .our_key = provider_key, .merchant_key = account.our_key
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *body = answer_to (&speech, wrong[i].name, wrong[i].value);
      g_autofree char *code = g_strdup_printf ("\"code\":\"%s\"", wrong[i].code);
      g_autofree char *sub_code = g_strdup_printf ("\"sub_code\":\"%s\"", wrong[i].sub_code);
      g_test_message ("%s", body);
      g_assert_true (strstr (body, code) && strstr (body, sub_code));
    }
  g_assert_cmpuint (till_provider_n_effects (provider), ==, 0);
}

/* --- with certificates --- */

#define APP_SN "0123456789abcdef0123456789abcdef"
#define ROOT_SN "11111111111111111111111111111111_22222222222222222222222222222222"
#define THEIR_SN "fedcba9876543210fedcba9876543210"
#define NEXT_SN "00000000000000000000000000000001"

static void
set_certificates (gboolean some)
{
  account.app_cert_sn = (char *)(some ? APP_SN : NULL);
  account.root_cert_sn = (char *)(some ? ROOT_SN : NULL);
  account.provider_key_id = (char *)(some ? THEIR_SN : NULL);
}

/* What is signed names both. */
static void
test_names_certificates (void)
{
  set_certificates (TRUE);
  TillErrand errand = errand_of (REF);
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  set_certificates (FALSE);
  const char *query = strchr (request->path, '?') + 1;
  g_autoptr (GBytes) head = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) form = till_form_decode (head, NULL);
  g_assert_cmpstr (till_form_get (form, "app_cert_sn"), ==, APP_SN);
  g_assert_cmpstr (till_form_get (form, "alipay_root_cert_sn"), ==, ROOT_SN);
  g_autoptr (TillForm) body = till_form_decode (request->body, NULL);
  till_form_add (form, "biz_content", till_form_get (body, "biz_content"));
  static const char *const but[] = { "sign", NULL };
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  g_assert_nonnull (strstr (text, "alipay_root_cert_sn=" ROOT_SN "&app_cert_sn=" APP_SN "&app_id"));
  g_assert_true (
      till_key_verifies (account.our_key, text, strlen (text), till_form_get (form, "sign")));
}

/* The key that is named must have signed, and be one of ours. */
static void
test_believes_named_certificate (void)
{
  static const struct
  {
    const char *named;
    Seal seal;
    TillOutcomeKind kind;
  } said[] = {
    { ",\"alipay_cert_sn\":\"" THEIR_SN "\"", SIGNED, TILL_OUTCOME_DONE },
    { ",\"alipay_cert_sn\":\"" THEIR_SN "\"", WRONG_KEY, TILL_OUTCOME_UNKNOWN },
    { ",\"alipay_cert_sn\":\"" NEXT_SN "\"", SIGNED, TILL_OUTCOME_UNKNOWN },
    { ",\"alipay_cert_sn\":\"" NEXT_SN "\"", WRONG_KEY, TILL_OUTCOME_DONE },
    { ",\"alipay_cert_sn\":\"" APP_SN "\"", SIGNED, TILL_OUTCOME_UNKNOWN },
    { ",\"alipay_cert_sn\":\"\"", SIGNED, TILL_OUTCOME_UNKNOWN },
    { ",\"alipay_cert_sn\":1", SIGNED, TILL_OUTCOME_UNKNOWN },
    { "", SIGNED, TILL_OUTCOME_UNKNOWN },
  };
  set_certificates (TRUE);
  account.next_provider_key = account.our_key; /* whose half signs with WRONG_KEY */
  account.next_provider_key_id = (char *)NEXT_SN;
  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *body = sealed (REF, FUND ("Y", "12.50"), said[i].seal);
      GString *whole = g_string_new (body);
      g_string_insert (whole, (gssize)whole->len - 1, said[i].named);
      g_autoptr (TillOutcome) outcome = outcome_of (REF, 200, whole->str, whole->len);
      g_test_message ("%s", whole->str);
      g_assert_cmpint (outcome->kind, ==, said[i].kind);
      g_string_free (whole, TRUE);
    }
  account.next_provider_key = NULL;
  account.next_provider_key_id = NULL;
  set_certificates (FALSE);
}

/* Who names certificates is answered with one; who does not, without. */
static void
test_provider_in_both_modes (void)
{
  g_autoptr (TillClock) clock = till_clock_new_fake (AT, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech = { .provider = provider,
                        .clock = clock,
                        .our_key = provider_key,
                        .merchant_key = account.our_key,
                        .app_cert_sn = APP_SN,
                        .root_cert_sn = ROOT_SN,
                        .our_cert_sn = THEIR_SN };
  const char *there = ",\"alipay_cert_sn\":\"" THEIR_SN "\"";
  g_autofree char *plain = answer_to (&speech, "", NULL);
  g_assert_nonnull (strstr (plain, "ACQ.TRADE_NOT_EXIST"));
  g_assert_null (strstr (plain, there));
  set_certificates (TRUE);
  g_autofree char *named = answer_to (&speech, "", NULL);
  g_autofree char *other = answer_to (&speech, "app_cert_sn", THEIR_SN);
  g_autofree char *no_roots = answer_to (&speech, "alipay_root_cert_sn", NULL);
  speech.app_cert_sn = speech.root_cert_sn = speech.our_cert_sn = NULL;
  g_autofree char *not_here = answer_to (&speech, "", NULL);
  set_certificates (FALSE);
  g_assert_true (strstr (named, "ACQ.TRADE_NOT_EXIST") && strstr (named, there));
  g_assert_nonnull (strstr (other, "isv.invalid-signature"));
  g_assert_nonnull (strstr (no_roots, "isv.invalid-signature"));
  g_assert_nonnull (strstr (not_here, "isv.invalid-signature"));
}

/* --- the keys --- */

static void
make_account (void)
{
  g_autofree char *ours = vectors_path ("key.pem");
  g_autofree char *theirs = vectors_path ("their-key.pem");
  g_autofree char *public = vectors_path ("their-public.pem");
  g_assert_true (till_key_generate (theirs, public, NULL));
  provider_key = till_key_load_private (theirs, NULL);
  account = (TillAccount){ .provider = (char *)"alipay",
                           .merchant_no = (char *)"2088102146225135",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (ours, NULL),
                           .provider_key = till_key_load_public (public, NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  g_hash_table_insert (account.facts, (char *)"app_id", (char *)"2021000122671080");
  g_assert_true (provider_key && account.our_key && account.provider_key);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  codec = till_codec_find ("alipay");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/alipay/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/alipay/bombs", test_bombs);
  g_test_add_func ("/codec/alipay/customers-part", test_customers_part);
  g_test_add_func ("/codec/alipay/other-trade", test_other_trade);
  g_test_add_func ("/codec/alipay/words", test_words);
  g_test_add_func ("/codec/alipay/unsigned-no-is-told", test_unsigned_no_is_told);
  g_test_add_func ("/codec/alipay/strange-auth", test_strange_auth);
  g_test_add_func ("/codec/alipay/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/alipay/same-errand-same-identity", test_same_errand_same_identity);
  g_test_add_func ("/codec/alipay/yuan", test_yuan);
  g_test_add_func ("/codec/alipay/certificates/named", test_names_certificates);
  g_test_add_func ("/codec/alipay/certificates/believed", test_believes_named_certificate);
  g_test_add_func ("/codec/alipay/certificates/both-modes", test_provider_in_both_modes);
  g_test_add_func ("/codec/alipay/provider-is-strict", test_provider_is_strict);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
