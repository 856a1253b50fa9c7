/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe's codec. Requests: the bytes of each from fixed facts, written out by hand. Answers: a
 * table; nothing is signed, so what came over the line is what is read. */
#include "data/core/error.h"
#include "data/trade/masked.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"

#include <string.h>

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define INTENT "pi_3PAYMENT"
#define AT INT64_C (1795320000)
#define ASKED (AT + 60)

static TillAccount account = { .provider = (char *)"stripe",
                               .merchant_no = (char *)"acct_1",
                               .base_url = (char *)"https://api.stripe.com",
                               .secret = (char *)"rk_test_0123456789",
                               .ca_file = (char *)"/ca.pem" };

/* The same questions, asked when the provider's own number is known and when it is not. */
typedef enum
{
  PAY,
  QPAY,
  QPAY_BY_ID,
  REV,
  REV_BY_ID,
  SPEND,
  SEARCH,
  QSEARCH,
  REF,
  QREF,
  QREF_BY_ID,
  PRES,
} Ask;

static const struct
{
  TillErrandKind kind;
  const char *provider_no;
  int tries;
} asks[] = {
  [PAY] = { TILL_ERRAND_PAY, NULL },
  [QPAY] = { TILL_ERRAND_QUERY_PAY, NULL },
  [QPAY_BY_ID] = { TILL_ERRAND_QUERY_PAY, "pi_3OURS" },
  [REV] = { TILL_ERRAND_REVERSE, NULL },
  [REV_BY_ID] = { TILL_ERRAND_REVERSE, "pi_3OURS", 1 },
  [SPEND] = { TILL_ERRAND_REVERSE, NULL, 5 },
  [SEARCH] = { TILL_ERRAND_REVERSE, NULL, 3 },
  [QSEARCH] = { TILL_ERRAND_QUERY_PAY, NULL, 7 },
  [REF] = { TILL_ERRAND_REFUND, NULL },
  [QREF] = { TILL_ERRAND_QUERY_REFUND, NULL },
  [QREF_BY_ID] = { TILL_ERRAND_QUERY_REFUND, "re_3OURS" },
  [PRES] = { TILL_ERRAND_PRESENT, "pi_3OURS" },
};

static TillErrand
errand_of (Ask ask)
{
  TillErrand errand = { .kind = asks[ask].kind,
                        .provider = (char *)"stripe",
                        .by_card = TRUE,
                        .request_no = (char *)NUMBER,
                        .provider_no = (char *)asks[ask].provider_no,
                        .tries = asks[ask].tries,
                        .amount = 1250,
                        .subject = (char *)"S9101 & 果汁",
                        .requested_at = AT * G_USEC_PER_SEC,
                        .asked_at = ASKED * G_USEC_PER_SEC };
  if (till_errand_kind_is_backward (errand.kind))
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_provider_no = (char *)INTENT;
      errand.original_requested_at = (AT - 3600) * G_USEC_PER_SEC;
    }
  return errand;
}

static const TillCodec *
codec (void)
{
  return till_codec_find ("stripe");
}

/* --- requests --- */

#define PAY_BODY                                                                                   \
  "amount=1250&currency=cny&payment_method_types%5B%5D=card_present&capture_method=automatic"      \
  "&metadata%5Brequest_no%5D=0ABCDEFGHJKMNPQR&description=S9101+%26+%E6%9E%9C%E6%B1%81"

static const struct
{
  const char *name;
  Ask ask;
  const char *method, *path, *body, *key;
} requests[] = {
  { "pay", PAY, "POST", "/v1/payment_intents", PAY_BODY, NUMBER },
  { "present", PRES, "POST", "/v1/terminal/readers/tmr_Test1/process_payment_intent",
    "payment_intent=pi_3OURS", NUMBER "-card" },
  { "query pay", QPAY, "GET",
    "/v1/payment_intents?created%5Bgte%5D=1795319400&created%5Blte%5D=1795320900&limit=100", "",
    NULL },
  { "query pay by id", QPAY_BY_ID, "GET", "/v1/payment_intents/pi_3OURS?expand%5B%5D=latest_charge",
    "", NULL },
  { "reverse, where is it", REV, "GET",
    "/v1/payment_intents?created%5Bgte%5D=1795319400&created%5Blte%5D=1795320900&limit=100", "",
    NULL },
  { "reverse: is the reader at it", REV_BY_ID, "GET", "/v1/terminal/readers/tmr_Test1", "", NULL },
  { "reverse, asked for again", SPEND, "POST", "/v1/payment_intents", PAY_BODY, NUMBER },
  { "reverse, where else is it", SEARCH, "GET",
    "/v1/payment_intents/search?query=metadata%5B%27request_no%27%5D%3A%270ABCDEFGHJKMNPQR%27"
    "&limit=100",
    "", NULL },
  { "query pay, where else is it", QSEARCH, "GET",
    "/v1/payment_intents/search?query=metadata%5B%27request_no%27%5D%3A%270ABCDEFGHJKMNPQR%27"
    "&limit=100",
    "", NULL },
  { "refund", REF, "POST", "/v1/refunds",
    "payment_intent=pi_3PAYMENT&amount=1250&reason=requested_by_customer"
    "&metadata%5Brequest_no%5D=0ABCDEFGHJKMNPQR",
    NUMBER },
  { "query refund", QREF, "GET", "/v1/refunds?payment_intent=pi_3PAYMENT&limit=100", "", NULL },
  { "query refund by id", QREF_BY_ID, "GET", "/v1/refunds/re_3OURS", "", NULL },
};

static void
test_request (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (requests[i].ask);
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autofree char *body = request_body (request);
  g_autofree char *url = g_strconcat ("https://api.stripe.com", requests[i].path, NULL);
  gboolean post = strcmp (requests[i].method, "POST") == 0;
  g_assert_cmpstr (request->method, ==, requests[i].method);
  g_assert_cmpstr (request->path, ==, requests[i].path);
  g_assert_cmpstr (request->url, ==, url);
  g_assert_cmpstr (body, ==, requests[i].body);
  g_assert_cmpstr (request_header (request, "Authorization"), ==, "Bearer rk_test_0123456789");
  g_assert_cmpstr (request_header (request, "Stripe-Version"), ==, "2025-04-30.basil");
  g_assert_cmpstr (request_header (request, "Idempotency-Key"), ==, requests[i].key);
  g_assert_cmpstr (request_header (request, "Content-Type"), ==,
                   post ? "application/x-www-form-urlencoded" : NULL);
  g_assert_cmpint (request->total_ms, ==, 30000);
  g_assert_cmpstr (request->ca_file, ==, "/ca.pem");
}

/* Another day, another start of the program: not one byte differs. */
static void
test_repeat_is_the_same_request (void)
{
  for (gsize ask = 0; ask < G_N_ELEMENTS (asks); ask++)
    {
      TillErrand errand = errand_of ((Ask)ask);
      g_autoptr (TillRequest) first = codec ()->build (&errand, &account);
      errand.asked_at += G_TIME_SPAN_DAY;
      g_autoptr (TillRequest) later = codec ()->build (&errand, &account);
      g_assert_true (g_bytes_equal (first->body, later->body));
      g_assert_cmpstr (first->url, ==, later->url);
      g_assert_cmpuint (first->headers->len, ==, later->headers->len);
      for (guint i = 0; i < first->headers->len; i++)
        g_assert_cmpstr (g_ptr_array_index (first->headers, i), ==,
                         g_ptr_array_index (later->headers, i));
    }
}

/* The payment's id was never told: nothing is guessed, and nothing can be given back. */
static void
test_payment_of_no_id (void)
{
  TillErrand errand = errand_of (REF);
  errand.original_provider_no = NULL;
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autofree char *body = request_body (request);
  g_assert_cmpstr (body, ==,
                   "amount=1250&reason=requested_by_customer"
                   "&metadata%5Brequest_no%5D=0ABCDEFGHJKMNPQR");
  TillErrand query = errand_of (QREF);
  query.original_provider_no = NULL;
  g_autoptr (TillRequest) asked = codec ()->build (&query, &account);
  g_assert_cmpstr (asked->path, ==, "/v1/refunds?limit=100");
}

/* A reader, or the provider, may say anything: it stays one value, and one step of a path. */
static void
test_strange_texts (void)
{
  TillErrand pay = errand_of (PAY);
  pay.subject = (char *)"S1&amount=1\xff\x1b\n";
  g_autoptr (TillRequest) request = codec ()->build (&pay, &account);
  g_autofree char *body = request_body (request);
  g_assert_true (g_str_has_prefix (body, "amount=1250&"));
  g_assert_nonnull (strstr (body, "&description=S1%26amount%3D1"));
  TillErrand query = errand_of (QREF_BY_ID);
  query.provider_no = (char *)"../charges?x";
  g_autoptr (TillRequest) asked = codec ()->build (&query, &account);
  g_assert_cmpstr (asked->path, ==, "/v1/refunds/..%2Fcharges%3Fx");
}

/* --- answers --- */

#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

#define OURS "\"metadata\":{\"request_no\":\"" NUMBER "\"}"
#define PI_(id, amount, more)                                                                      \
  "{\"id\":\"" id "\",\"object\":\"payment_intent\",\"amount\":" amount                            \
  ",\"currency\":\"cny\"," OURS "," more "}"
#define PI(more) PI_ ("pi_3OURS", "1250", more)
#define PAID PI ("\"amount_received\":1250,\"status\":\"succeeded\"")
#define PI_IS(status)                                                                              \
  PI ("\"amount_received\":0,\"status\":\"" status "\",\"last_payment_error\":null")
#define PI_FAILED                                                                                  \
  PI ("\"amount_received\":0,\"status\":\"requires_payment_method\",\"last_payment_error\":{"      \
      "\"code\":\"card_declined\",\"message\":\"no\"}")

#define RE_(id, amount, more)                                                                      \
  "{\"id\":\"" id "\",\"object\":\"refund\",\"amount\":" amount                                    \
  ",\"currency\":\"cny\",\"payment_intent\":\"" INTENT "\"," OURS "," more "}"
#define RE(more) RE_ ("re_3OURS", "1250", more)
#define RE_IS(status) RE ("\"status\":\"" status "\"")
#define RE_FAILED(reason) RE ("\"status\":\"failed\",\"failure_reason\":\"" reason "\"")
#define RE_OTHER                                                                                   \
  "{\"id\":\"re_3OTHER\",\"object\":\"refund\",\"amount\":1,\"metadata\":{\"request_no\":\"X\"}}"
#define RE_FOREIGN "{\"id\":\"re_3FOREIGN\",\"object\":\"refund\",\"amount\":1250,\"metadata\":{}}"

#define LIST(more, things)                                                                         \
  "{\"object\":\"list\",\"data\":[" things "],\"has_more\":" more ",\"url\":\"/v1/x\"}"

#define RESULT(things)                                                                             \
  "{\"object\":\"search_result\",\"data\":[" things "],\"has_more\":false,\"url\":\"/v1/x\"}"

#define READER(action)                                                                             \
  "{\"id\":\"tmr_Test1\",\"object\":\"terminal.reader\",\"status\":\"online\",\"action\":" action  \
  "}"
#define ACTION_(status, id, more)                                                                  \
  READER ("{\"type\":\"process_payment_intent\",\"status\":\"" status                              \
          "\",\"process_payment_intent\":{\"payment_intent\":\"" id "\"}" more "}")
#define ACTION(status) ACTION_ (status, "pi_3OURS", "")
#define ACTION_FAILED(code)                                                                        \
  ACTION_ ("failed", "pi_3OURS", ",\"failure_code\":\"" code "\",\"failure_message\":\"no\"")

#define ERROR_(type, more) "{\"error\":{\"type\":\"" type "\"" more ",\"message\":\"words\"}}"
#define CODE(code) ERROR_ ("invalid_request_error", ",\"code\":\"" code "\"")
#define CARD(code) ERROR_ ("card_error", ",\"code\":\"" code "\"")
#define STATE(thing)                                                                               \
  ERROR_ ("invalid_request_error",                                                                 \
          ",\"code\":\"payment_intent_unexpected_state\",\"payment_intent\":" thing)

static const struct
{
  const char *name;
  Ask ask;
  int status;
  const char *body;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* bytes that say nothing, and HTTP that is no answer */
  { "empty", REF, 200, "", IS_UNKNOWN },
  { "no json", REF, 200, "OK", IS_UNKNOWN },
  { "captive portal", REF, 200, "<html>Welcome</html>", IS_UNKNOWN },
  { "array", REF, 200, "[" RE_IS ("succeeded") "]", IS_UNKNOWN },
  { "cut off", REF, 200, "{\"id\":\"re_3OURS\",\"object\":\"ref", IS_UNKNOWN },
  { "something behind", REF, 200, RE_IS ("succeeded") "{}", IS_UNKNOWN },
  { "name twice", REF, 200, RE ("\"status\":\"failed\",\"status\":\"succeeded\""), IS_UNKNOWN },
  { "bytes that are no text", REF, 200, RE ("\"x\":\"\xcd\xcb\",\"status\":\"succeeded\""),
    IS_UNKNOWN },
  { "NUL in a text", REF, 200, RE_IS ("succeeded\\u0000"), IS_UNKNOWN },
  { "500", REF, 500, ERROR_ ("api_error", ""), IS_UNKNOWN },
  { "500 that says no", REF, 500, CODE ("parameter_missing"), IS_UNKNOWN },
  { "500 that says yes", REF, 500, RE_IS ("succeeded"), IS_UNKNOWN },
  { "502", REF, 502, "", IS_UNKNOWN },
  { "302", REF, 302, RE_IS ("succeeded"), IS_UNKNOWN },
  { "201", REF, 201, RE_IS ("succeeded"), IS_UNKNOWN },
  { "200 with an error", REF, 200, CODE ("parameter_missing"), IS_UNKNOWN },
  { "200 with both", REF, 200, RE ("\"status\":\"succeeded\",\"error\":{\"type\":\"x\"}"),
    IS_UNKNOWN },
  { "400 with a state", REF, 400, RE_IS ("succeeded"), IS_UNKNOWN },
  { "400 with a bare text", REF, 400, "{\"error\":\"invalid_request\"}", IS_UNKNOWN },
  { "error of no type", REF, 400, "{\"error\":{\"code\":\"parameter_missing\"}}", IS_UNKNOWN },
  { "404 of a proxy", QREF, 404, "<html>", IS_UNKNOWN },

  /* a refund's states */
  { "refund done", REF, 200, RE_IS ("succeeded"), IS (DONE, NONE) },
  { "refund pending", REF, 200, RE ("\"status\":\"pending\",\"pending_reason\":\"processing\""),
    IS (ACCEPTED, NONE) },
  { "refund waits for our balance", REF, 200,
    RE ("\"status\":\"pending\",\"pending_reason\":\"insufficient_funds\""), IS (ACCEPTED, NONE) },
  { "refund waits for the payment", REF, 200,
    RE ("\"status\":\"pending\",\"pending_reason\":\"charge_pending\""), IS (ACCEPTED, NONE) },
  { "refund waits for the customer", REF, 200, RE_IS ("requires_action"), IS (ACCEPTED, NONE) },
  { "refund canceled", REF, 200, RE_IS ("canceled"), IS (REFUSED, FINAL) },
  { "card lost", REF, 200, RE_FAILED ("lost_or_stolen_card"), IS (REFUSED, CUSTOMER) },
  { "card expired", REF, 200, RE_FAILED ("expired_or_canceled_card"), IS (REFUSED, CUSTOMER) },
  { "failed, disputed", REF, 200, RE_FAILED ("charge_for_pending_refund_disputed"),
    IS (REFUSED, PROVIDER) },
  { "failed, balance", REF, 200, RE_FAILED ("insufficient_funds"), IS (REFUSED, FINAL) },
  { "failed, declined", REF, 200, RE_FAILED ("declined"), IS (REFUSED, FINAL) },
  { "failed, ours", REF, 200, RE_FAILED ("merchant_request"), IS (REFUSED, FINAL) },
  { "failed, unknown", REF, 200, RE_FAILED ("unknown"), IS (REFUSED, FINAL) },
  { "failed, for a new reason", REF, 200, RE_FAILED ("mood"), IS_UNKNOWN },
  { "failed, for no reason", REF, 200, RE_IS ("failed"), IS_UNKNOWN },
  { "state unknown", REF, 200, RE_IS ("partial"), IS_UNKNOWN },
  { "state in capitals", REF, 200, RE_IS ("SUCCEEDED"), IS_UNKNOWN },
  { "state of a payment", REF, 200, RE_IS ("processing"), IS_UNKNOWN },
  { "state is null", REF, 200, RE ("\"status\":null"), IS_UNKNOWN },
  { "by id: done", QREF_BY_ID, 200, RE_IS ("succeeded"), IS (DONE, NONE) },
  { "by id: pending", QREF_BY_ID, 200, RE_IS ("pending"), IS (ACCEPTED, NONE) },
  { "by id: failed", QREF_BY_ID, 200, RE_FAILED ("declined"), IS (REFUSED, FINAL) },
  { "by id: not there", QREF_BY_ID, 404, CODE ("resource_missing"), IS_UNKNOWN },
  { "by id: a list", QREF_BY_ID, 200, LIST ("false", RE_IS ("succeeded")), IS_MISMATCH },

  /* a refund's errors */
  { "other amount than before", REF, 400, ERROR_ ("idempotency_error", ""), IS_MISMATCH },
  { "the same, on 409", REF, 409, ERROR_ ("idempotency_error", ""), IS_UNKNOWN },
  { "at work", REF, 409, ERROR_ ("idempotency_error", ",\"code\":\"idempotency_key_in_use\""),
    IS_UNKNOWN },
  { "409 that says no", REF, 409, CODE ("parameter_missing"), IS_UNKNOWN },
  { "key wrong", REF, 401, ERROR_ ("invalid_request_error", ""), IS (REFUSED, FIX) },
  { "key may not", REF, 403, ERROR_ ("invalid_request_error", ""), IS (REFUSED, PROVIDER) },
  { "too fast", REF, 429, CODE ("rate_limit"), IS (REFUSED, RETRY) },
  { "locked", REF, 429, CODE ("lock_timeout"), IS_UNKNOWN },
  { "429 of no code", REF, 429, ERROR_ ("invalid_request_error", ""), IS_UNKNOWN },
  { "no such payment", REF, 404, CODE ("resource_missing"), IS (REFUSED, FIX) },
  { "all is back", REF, 400, CODE ("charge_already_refunded"), IS (REFUSED, FIX) },
  { "above the rest", REF, 400, ERROR_ ("invalid_request_error", ",\"param\":\"amount\""),
    IS (REFUSED, FIX) },
  { "another parameter of no code", REF, 400,
    ERROR_ ("invalid_request_error", ",\"param\":\"reason\""), IS_UNKNOWN },
  { "disputed", REF, 400, CODE ("charge_disputed"), IS (REFUSED, PROVIDER) },
  { "disputed, newly", REF, 400, CODE ("refund_disputed_payment"), IS (REFUSED, PROVIDER) },
  { "not refundable", REF, 400, CODE ("charge_not_refundable"), IS (REFUSED, FINAL) },
  { "our balance", REF, 400, CODE ("balance_insufficient"), IS (REFUSED, BALANCE) },
  { "missing", REF, 400, CODE ("parameter_missing"), IS (REFUSED, FIX) },
  { "unknown parameter", REF, 400, CODE ("parameter_unknown"), IS (REFUSED, FIX) },
  { "empty parameter", REF, 400, CODE ("parameter_invalid_empty"), IS (REFUSED, FIX) },
  { "no integer", REF, 400, CODE ("parameter_invalid_integer"), IS (REFUSED, FIX) },
  { "either or", REF, 400, CODE ("parameters_exclusive"), IS (REFUSED, FIX) },
  { "too small", REF, 400, CODE ("amount_too_small"), IS (REFUSED, FIX) },
  { "too large", REF, 400, CODE ("amount_too_large"), IS (REFUSED, FIX) },
  { "other mode", REF, 400, CODE ("livemode_mismatch"), IS (REFUSED, FIX) },
  { "code unknown", REF, 400, CODE ("mood"), IS_UNKNOWN },
  { "a card's code, of a refund", REF, 402, CARD ("card_declined"), IS_UNKNOWN },

  /* a refund that is not ours */
  { "other amount", REF, 200, RE_ ("re_3OURS", "1251", "\"status\":\"succeeded\""), IS_MISMATCH },
  { "all of it (a sum)", QREF_BY_ID, 200, RE_ ("re_3OURS", "5000", "\"status\":\"succeeded\""),
    IS_MISMATCH },
  { "other amount, failed", REF, 200,
    RE_ ("re_3OURS", "1251", "\"status\":\"failed\",\"failure_reason\":\"declined\""),
    IS_MISMATCH },
  { "other id", QREF_BY_ID, 200, RE_ ("re_3ELSE", "1250", "\"status\":\"succeeded\""),
    IS_MISMATCH },
  { "other currency", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"currency\":\"usd\","
    "\"payment_intent\":\"" INTENT "\"," OURS ",\"status\":\"succeeded\"}",
    IS_MISMATCH },
  { "other payment", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"currency\":\"cny\","
    "\"payment_intent\":\"pi_3ELSE\"," OURS ",\"status\":\"succeeded\"}",
    IS_MISMATCH },
  { "other number", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"currency\":\"cny\","
    "\"payment_intent\":\"" INTENT
    "\",\"metadata\":{\"request_no\":\"X\"},\"status\":\"succeeded\"}",
    IS_MISMATCH },
  { "a payment for a refund", REF, 200, PAID, IS_MISMATCH },
  { "no number", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"currency\":\"cny\","
    "\"payment_intent\":\"" INTENT "\",\"metadata\":{},\"status\":\"succeeded\"}",
    IS_UNKNOWN },
  { "no number, canceled", REF, 200, "{\"object\":\"refund\",\"status\":\"canceled\"}",
    IS_UNKNOWN },
  { "no amount", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"currency\":\"cny\",\"payment_intent\":\"" INTENT
    "\"," OURS ",\"status\":\"succeeded\"}",
    IS_UNKNOWN },
  { "amount in a text", REF, 200, RE_ ("re_3OURS", "\"1250\"", "\"status\":\"succeeded\""),
    IS_UNKNOWN },
  { "amount with a point", REF, 200, RE_ ("re_3OURS", "1250.0", "\"status\":\"succeeded\""),
    IS_UNKNOWN },
  { "no currency", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"payment_intent\":\"" INTENT "\"," OURS
    ",\"status\":\"pending\"}",
    IS_UNKNOWN },
  { "no payment", REF, 200,
    "{\"id\":\"re_3\",\"object\":\"refund\",\"amount\":1250,\"currency\":\"cny\"," OURS
    ",\"status\":\"succeeded\"}",
    IS_UNKNOWN },
  { "its id has blanks", REF, 200, RE_ ("re 3", "1250", "\"status\":\"succeeded\""), IS_UNKNOWN },
  { "no id", REF, 200,
    "{\"object\":\"refund\",\"amount\":1250,\"currency\":\"cny\",\"payment_intent\":\"" INTENT
    "\"," OURS ",\"status\":\"succeeded\"}",
    IS_UNKNOWN },

  /* a refund in a list */
  { "list: done", QREF, 200, LIST ("false", RE_OTHER "," RE_FOREIGN "," RE_IS ("succeeded")),
    IS (DONE, NONE) },
  { "list: pending", QREF, 200, LIST ("true", RE_IS ("pending") "," RE_OTHER),
    IS (ACCEPTED, NONE) },
  { "list: failed", QREF, 200, LIST ("false", RE_FAILED ("declined")), IS (REFUSED, FINAL) },
  { "list: other amount", QREF, 200,
    LIST ("false", RE_ ("re_3OURS", "1", "\"status\":\"succeeded\"")), IS_MISMATCH },
  { "list: twice", QREF, 200, LIST ("false", RE_IS ("succeeded") "," RE_IS ("failed")),
    IS_MISMATCH },
  { "list: empty", QREF, 200, LIST ("false", ""), IS (NOT_FOUND, NONE) },
  { "list: not in it", QREF, 200, LIST ("false", RE_OTHER), IS (NOT_FOUND, NONE) },
  { "list: not whole", QREF, 200, LIST ("true", RE_OTHER), IS_UNKNOWN },
  { "list: whole, or not", QREF, 200, LIST ("null", ""), IS_UNKNOWN },
  { "list: of strange things", QREF, 200, LIST ("false", "1,null,[],\"" NUMBER "\""),
    IS (NOT_FOUND, NONE) },
  { "list: without data", QREF, 200, "{\"object\":\"list\",\"has_more\":false}", IS_UNKNOWN },
  { "list: data is an object", QREF, 200, "{\"object\":\"list\",\"data\":{},\"has_more\":false}",
    IS_UNKNOWN },
  { "list: is a search", QREF, 200, "{\"object\":\"search_result\",\"data\":[],\"has_more\":false}",
    IS_UNKNOWN },
  { "list: is one", QREF, 200, RE_IS ("succeeded"), IS_UNKNOWN },
  { "list: no such payment", QREF, 404, CODE ("resource_missing"), IS_UNKNOWN },
  { "list: too fast", QREF, 429, CODE ("rate_limit"), IS_UNKNOWN },
  { "list: key wrong", QREF, 401, ERROR_ ("invalid_request_error", ""), IS_UNKNOWN },
  { "a list for a refund", REF, 200, LIST ("false", ""), IS_MISMATCH },

  /* a payment's states */
  { "made", PAY, 200, PI_IS ("requires_payment_method"), IS (OPENED, NONE) },
  { "made and canceled", PAY, 200, PI_IS ("canceled"), IS (REFUSED, FINAL) },
  { "paid before a card was asked for", PAY, 200, PAID, IS_UNKNOWN },
  { "made, and at work", PAY, 200, PI_IS ("processing"), IS_UNKNOWN },
  { "made, of another amount", PAY, 200,
    PI_ ("pi_3OURS", "1251", "\"status\":\"requires_payment_method\""), IS_MISMATCH },
  { "made, without an id", PAY, 200,
    "{\"object\":\"payment_intent\",\"amount\":1250,\"currency\":\"cny\"," OURS
    ",\"status\":\"requires_payment_method\"}",
    IS_UNKNOWN },
  { "payment under way", QPAY_BY_ID, 200, PI_IS ("processing"), IS (ACCEPTED, NONE) },
  { "payment wants a step", QPAY_BY_ID, 200, PI_IS ("requires_action"), IS (ACCEPTED, NONE) },
  { "payment not confirmed", QPAY_BY_ID, 200, PI_IS ("requires_confirmation"),
    IS (ACCEPTED, NONE) },
  { "payment not tried", QPAY_BY_ID, 200, PI_IS ("requires_payment_method"), IS (ACCEPTED, NONE) },
  { "one attempt failed", QPAY_BY_ID, 200, PI_FAILED, IS (ACCEPTED, NONE) },
  { "payment canceled", QPAY_BY_ID, 200, PI_IS ("canceled"), IS (REFUSED, FINAL) },
  { "payment to be captured", QPAY_BY_ID, 200, PI_IS ("requires_capture"), IS_UNKNOWN },
  { "payment's state unknown", QPAY_BY_ID, 200, PI_IS ("held"), IS_UNKNOWN },
  { "query: paid", QPAY_BY_ID, 200, PAID, IS (DONE, NONE) },
  { "query: in the list", QPAY, 200, LIST ("false", PAID), IS (DONE, NONE) },
  { "query: not in the list", QPAY, 200, LIST ("false", ""), IS (NOT_FOUND, NONE) },
  { "query: list not whole", QPAY, 200, LIST ("true", ""), IS_UNKNOWN },
  { "query: not there", QPAY_BY_ID, 404, CODE ("resource_missing"), IS_UNKNOWN },
  { "query: card", QPAY_BY_ID, 402, CARD ("card_declined"), IS_UNKNOWN },
  { "less received", QPAY_BY_ID, 200, PI ("\"amount_received\":1000,\"status\":\"succeeded\""),
    IS_MISMATCH },
  { "other amount paid", QPAY_BY_ID, 200, PI_ ("pi_3OURS", "1249", "\"status\":\"succeeded\""),
    IS_MISMATCH },
  { "other payment's id", QPAY_BY_ID, 200, PI_ ("pi_3ELSE", "1250", "\"status\":\"succeeded\""),
    IS_MISMATCH },
  { "a refund for a payment", PAY, 200, RE_IS ("succeeded"), IS_MISMATCH },

  /* a payment's errors */
  { "a card's code, of no card", PAY, 402, CARD ("card_declined"), IS_UNKNOWN },
  { "card code unknown", PAY, 402, CARD ("mood"), IS_UNKNOWN },
  { "pay: too fast", PAY, 429, CODE ("rate_limit"), IS (REFUSED, RETRY) },
  { "pay: number used", PAY, 400, ERROR_ ("idempotency_error", ""), IS_MISMATCH },
  { "pay: a refund's code", PAY, 400, CODE ("charge_already_refunded"), IS_UNKNOWN },

  /* a reversal: first found, then canceled */
  { "found, open", REV, 200, LIST ("false", PI_IS ("processing")), IS (ACCEPTED, NONE) },
  { "found, failed", REV, 200, LIST ("false", PI_FAILED), IS (ACCEPTED, NONE) },
  { "found, canceled", REV, 200, LIST ("false", PI_IS ("canceled")), IS (DONE, NONE) },
  { "found, paid", REV, 200, LIST ("false", PAID), IS (REFUSED, FINAL) },
  { "found nothing", REV, 200, LIST ("false", ""), IS (NOT_FOUND, NONE) },
  { "found nothing yet", REV, 200, LIST ("true", ""), IS_UNKNOWN },
  { "not asked", REV, 401, ERROR_ ("invalid_request_error", ""), IS_UNKNOWN },
  { "canceled", REV_BY_ID, 200, PI_IS ("canceled"), IS (DONE, NONE) },
  { "not canceled yet", REV_BY_ID, 200, PI_IS ("processing"), IS (ACCEPTED, NONE) },
  { "canceled another", REV_BY_ID, 200, PI_ ("pi_3ELSE", "1250", "\"status\":\"canceled\""),
    IS_MISMATCH },
  { "canceled another amount", REV_BY_ID, 200, PI_ ("pi_3OURS", "1251", "\"status\":\"canceled\""),
    IS_MISMATCH },
  { "canceled before", REV_BY_ID, 400, STATE (PI_IS ("canceled")), IS (DONE, NONE) },
  { "paid before", REV_BY_ID, 400, STATE (PAID), IS (REFUSED, FINAL) },
  { "at work before", REV_BY_ID, 400, STATE (PI_IS ("processing")), IS (ACCEPTED, NONE) },
  { "in a state, but which", REV_BY_ID, 400, CODE ("payment_intent_unexpected_state"), IS_UNKNOWN },
  { "another in a state", REV_BY_ID, 400,
    STATE (PI_ ("pi_3ELSE", "1250", "\"status\":\"canceled\"")), IS_MISMATCH },
  { "reverse: too fast", REV_BY_ID, 429, CODE ("rate_limit"), IS_UNKNOWN },
  { "reverse: at work", REV_BY_ID, 409, CODE ("lock_timeout"), IS_UNKNOWN },
  { "reverse: not there", REV_BY_ID, 404, CODE ("resource_missing"), IS (REFUSED, FIX) },
  { "reverse: code unknown", REV_BY_ID, 400, CODE ("mood"), IS_UNKNOWN },

  /* asked for again, so that it is there to be canceled */
  { "it is there", SPEND, 200, PI_IS ("requires_payment_method"), IS (ACCEPTED, NONE) },
  { "it is canceled", SPEND, 200, PI_IS ("canceled"), IS (DONE, NONE) },
  { "it is of another amount", SPEND, 200,
    PI_ ("pi_3OURS", "1251", "\"status\":\"requires_payment_method\""), IS_MISMATCH },
  { "it was asked for otherwise", SPEND, 400, ERROR_ ("idempotency_error", ""), IS_UNKNOWN },
  { "again: too fast", SPEND, 429, CODE ("rate_limit"), IS_UNKNOWN },
  { "again: key wrong", SPEND, 401, ERROR_ ("invalid_request_error", ""), IS_UNKNOWN },
  { "again: a list", SPEND, 200, LIST ("false", ""), IS_MISMATCH },

  /* the reader is handed it */
  { "card asked for", PRES, 200, ACTION ("in_progress"), IS (ACCEPTED, NONE) },
  { "card was quick", PRES, 200, ACTION ("succeeded"), IS (ACCEPTED, NONE) },
  { "card declined at once", PRES, 200, ACTION_FAILED ("card_declined"), IS (REFUSED, FINAL) },
  { "reader at another's", PRES, 200, ACTION_ ("in_progress", "pi_3ELSE", ""), IS_UNKNOWN },
  { "reader at nothing", PRES, 200, READER ("null"), IS_UNKNOWN },
  { "reader in a new state", PRES, 200, ACTION ("thinking"), IS_UNKNOWN },
  { "reader's answer is a payment", PRES, 200, PAID, IS_UNKNOWN },
  { "reader busy", PRES, 400, CODE ("terminal_reader_busy"), IS (REFUSED, RETRY) },
  { "reader offline", PRES, 400, CODE ("terminal_reader_offline"), IS (REFUSED, RETRY) },
  { "reader broken", PRES, 400, CODE ("terminal_reader_hardware_fault"), IS (REFUSED, FIX) },
  { "reader elsewhere", PRES, 400, CODE ("terminal_reader_invalid_location_for_payment"),
    IS (REFUSED, FIX) },
  { "country without readers", PRES, 400, CODE ("terminal_location_country_unsupported"),
    IS (REFUSED, FIX) },
  { "no such reader", PRES, 404, CODE ("resource_missing"), IS (REFUSED, FIX) },
  { "reader gave no answer", PRES, 400, CODE ("terminal_reader_timeout"), IS_UNKNOWN },
  { "reader busy, on 409", PRES, 409, CODE ("terminal_reader_busy"), IS_UNKNOWN },
  { "reader busy, on 500", PRES, 500, CODE ("terminal_reader_busy"), IS_UNKNOWN },
  { "not to be presented", PRES, 400, STATE (PAID), IS_UNKNOWN },
  { "presented before", PRES, 400, ERROR_ ("idempotency_error", ""), IS_MISMATCH },

  /* what the reader says of a payment that waits for its card */
  { "asks for the card", QPAY_BY_ID, 200, ACTION ("in_progress"), IS (ACCEPTED, NONE) },
  { "the card was read", QPAY_BY_ID, 200, ACTION ("succeeded"), IS (ACCEPTED, NONE) },
  { "the card was declined", QPAY_BY_ID, 200, ACTION_FAILED ("card_declined"),
    IS (REFUSED, FINAL) },
  { "the customer gave up", QPAY_BY_ID, 200, ACTION_FAILED ("customer_canceled"),
    IS (REFUSED, FINAL) },
  { "failed for no reason", QPAY_BY_ID, 200, ACTION ("failed"), IS (REFUSED, FINAL) },
  { "asks for another's", QPAY_BY_ID, 200, ACTION_ ("failed", "pi_3ELSE", ""),
    IS (NOT_FOUND, NONE) },
  { "asks for nothing", QPAY_BY_ID, 200, READER ("null"), IS (NOT_FOUND, NONE) },
  { "asks, in a new state", QPAY_BY_ID, 200, ACTION ("thinking"), IS_UNKNOWN },
  { "the reader is not there", QPAY_BY_ID, 404, CODE ("resource_missing"), IS_UNKNOWN },
  { "the reader, on the way to a reversal", REV_BY_ID, 200, ACTION ("in_progress"),
    IS (ACCEPTED, NONE) },
  { "search: paid", SEARCH, 200, RESULT (PAID), IS (REFUSED, FINAL) },
  { "search: open", SEARCH, 200, RESULT (PI_IS ("processing")), IS (ACCEPTED, NONE) },
  { "search: nothing", SEARCH, 200, RESULT (""), IS_UNKNOWN },
  { "search: a list", SEARCH, 200, LIST ("false", PAID), IS_UNKNOWN },
  { "query by search: paid", QSEARCH, 200, RESULT (PAID), IS (DONE, NONE) },
  { "query by search: nothing", QSEARCH, 200, RESULT (""), IS_UNKNOWN },
};

static TillReply *
answer_of (int status, GBytes *body)
{
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (answer, body);
  answer->date_at = ASKED * G_USEC_PER_SEC;
  return answer;
}

static void
test_answer (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].ask);
  g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
  g_autoptr (TillReply) answer = answer_of (rows[i].status, body);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  gboolean of_reader = strstr (rows[i].body, "terminal.reader") != NULL;
  if (!of_reader
      && (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED
          || outcome->kind == TILL_OUTCOME_OPENED))
    {
      g_assert_cmpint (outcome->amount, ==, 1250);
      g_assert_nonnull (outcome->provider_no);
    }
}

/* Where a payment is looked for depends on the clock: no list proves anything when it is wrong. */
static void
test_clocks (void)
{
  static const struct
  {
    int64_t date; /* seconds; 0: not said */
    TillOutcomeKind payment, refund;
  } dates[] = {
    { ASKED, TILL_OUTCOME_NOT_FOUND, TILL_OUTCOME_NOT_FOUND },
    { ASKED - 299, TILL_OUTCOME_NOT_FOUND, TILL_OUTCOME_NOT_FOUND },
    { ASKED + 299, TILL_OUTCOME_NOT_FOUND, TILL_OUTCOME_NOT_FOUND },
    { ASKED - 300, TILL_OUTCOME_UNKNOWN, TILL_OUTCOME_NOT_FOUND },
    { ASKED + 300, TILL_OUTCOME_UNKNOWN, TILL_OUTCOME_NOT_FOUND },
    { 0, TILL_OUTCOME_UNKNOWN, TILL_OUTCOME_NOT_FOUND },
  };
  g_autoptr (GBytes) body = g_bytes_new_static (LIST ("false", ""), strlen (LIST ("false", "")));
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autoptr (TillReply) answer = answer_of (200, body);
      answer->date_at = dates[i].date * G_USEC_PER_SEC;
      TillErrand pay = errand_of (QPAY), refund = errand_of (QREF);
      g_autoptr (TillOutcome) a = codec ()->interpret (&pay, &account, answer);
      g_autoptr (TillOutcome) b = codec ()->interpret (&refund, &account, answer);
      g_assert_cmpint (a->kind, ==, dates[i].payment);
      g_assert_cmpint (b->kind, ==, dates[i].refund);
    }
}

/* A replayed yes is how it stood then, and has to be asked about; a replayed no is a no. */
static void
test_replayed (void)
{
  static const struct
  {
    const char *body, *replayed;
    TillOutcomeKind kind;
  } answers[] = {
    { RE_IS ("succeeded"), "true", TILL_OUTCOME_ACCEPTED },
    { RE_IS ("succeeded"), "false", TILL_OUTCOME_DONE },
    { RE_IS ("canceled"), "true", TILL_OUTCOME_REFUSED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      TillErrand errand = errand_of (REF);
      g_autoptr (GBytes) body = g_bytes_new_static (answers[i].body, strlen (answers[i].body));
      g_autoptr (TillReply) answer = answer_of (200, body);
      till_reply_add_field (answer, "Idempotent-Replayed", answers[i].replayed);
      g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, answers[i].kind);
    }
}

static void
expect_words (Ask ask, int status, const char *text, const char *detail, const char *code)
{
  TillErrand errand = errand_of (ask);
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
  g_autoptr (TillReply) answer = answer_of (status, body);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  g_assert_cmpstr (outcome->detail, ==, detail);
  g_assert_cmpstr (outcome->code, ==, code);
}

/* What people are told. */
static void
test_words (void)
{
  expect_words (REV, 200, LIST ("false", PAID),
                "it has been paid: it goes back by a refund with a number of its own", "succeeded");
  expect_words (REF, 200, RE_IS ("requires_action"),
                "the provider has asked the customer where the money shall go", "requires_action");
  expect_words (REF, 200, RE ("\"status\":\"pending\",\"pending_reason\":\"insufficient_funds\""),
                "it waits for money in our balance with the provider", "pending");
  expect_words (REF, 200, RE_FAILED ("declined"), NULL, "declined");
  expect_words (QPAY_BY_ID, 200, PI_FAILED, NULL, "card_declined");
  expect_words (QPAY_BY_ID, 200, ACTION_FAILED ("card_declined"), NULL, "card_declined");
  expect_words (PRES, 400, CODE ("terminal_reader_busy"), NULL, "terminal_reader_busy");
  expect_words (REF, 401, ERROR_ ("invalid_request_error", ""), NULL, "invalid_request_error");
}

/* What is asked next, when it was asked there and that came. */
static void
test_follow (void)
{
  static const char look[] = "/v1/terminal/readers/tmr_Test1",
                    off[] = "/v1/terminal/readers/tmr_Test1/cancel_action",
                    undo[] = "/v1/payment_intents/pi_3OURS/cancel",
                    intent[] = "/v1/payment_intents/pi_3OURS", list[] = "/v1/payment_intents";
  static const struct
  {
    Ask ask;
    const char *asked;
    int status;
    const char *body, *next;
  } steps[] = {
    { QPAY_BY_ID, intent, 200, PI_IS ("requires_payment_method"), look },
    { QPAY_BY_ID, intent, 200, PI_FAILED, look },
    { QPAY_BY_ID, intent, 200, PAID, NULL },
    { QPAY_BY_ID, intent, 200, PI_IS ("processing"), NULL },
    { QPAY_BY_ID, intent, 200, PI_IS ("canceled"), NULL },
    { QPAY_BY_ID, intent, 200, PI_ ("pi_3ELSE", "1250", "\"status\":\"requires_payment_method\""),
      NULL },
    { QPAY_BY_ID, intent, 500, PI_IS ("requires_payment_method"), NULL },
    { QPAY_BY_ID, look, 200, ACTION ("in_progress"), NULL },
    { QPAY, list, 200, LIST ("false", PI_IS ("requires_payment_method")), NULL },
    { REV_BY_ID, look, 200, ACTION ("in_progress"), off },
    { REV_BY_ID, look, 200, ACTION_ ("in_progress", "pi_3ELSE", ""), undo },
    { REV_BY_ID, look, 200, ACTION ("failed"), undo },
    { REV_BY_ID, look, 200, READER ("null"), undo },
    { REV_BY_ID, look, 404, CODE ("resource_missing"), undo },
    { REV_BY_ID, look, 200, "<html>", undo },
    { REV_BY_ID, off, 200, READER ("null"), undo },
    { REV_BY_ID, off, 400, CODE ("terminal_reader_busy"), undo },
    { REV_BY_ID, undo, 200, PI_IS ("canceled"), NULL },
    { REV_BY_ID, undo, 400, STATE (PAID), NULL },
    { REV, list, 200, LIST ("false", PI_IS ("requires_payment_method")), NULL },
    { PAY, list, 200, PI_IS ("requires_payment_method"), NULL },
    { PRES, look, 200, ACTION ("in_progress"), NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_test_message ("%s: %d %s", steps[i].asked, steps[i].status, steps[i].body);
      TillErrand errand = errand_of (steps[i].ask);
      g_autoptr (TillRequest) asked = till_request_new ("https://x", steps[i].asked, NULL);
      g_autoptr (GBytes) body = g_bytes_new_static (steps[i].body, strlen (steps[i].body));
      g_autoptr (TillReply) answer = answer_of (steps[i].status, body);
      g_autoptr (TillRequest) next = codec ()->follow (&errand, &account, asked, answer);
      g_assert_cmpstr (next ? next->path : NULL, ==, steps[i].next);
      if (!next)
        continue;
      g_autofree char *said = request_body (next);
      gboolean get = steps[i].next == look;
      g_assert_cmpstr (next->method, ==, get ? "GET" : "POST");
      g_assert_cmpstr (said, ==, steps[i].next == undo ? "cancellation_reason=abandoned" : "");
    }
}

#define CHARGE(card)                                                                               \
  PI ("\"amount_received\":1250,\"status\":\"succeeded\",\"latest_charge\":{\"object\":"           \
      "\"charge\","                                                                                \
      "\"payment_method_details\":{\"type\":\"card_present\",\"card_present\":" card "}}")

/* Four digits and no more of a card are kept, and a scheme's name if it is one. */
static void
test_card (void)
{
  static const struct
  {
    const char *body, *masked;
  } cards[] = {
    { CHARGE ("{\"brand\":\"visa\",\"last4\":\"4242\"}"), "visa …4242" },
    { CHARGE ("{\"brand\":\"eftpos_au\",\"last4\":\"0005\"}"), "eftpos_au …0005" },
    { CHARGE ("{\"last4\":\"4242\"}"), "…4242" },
    { CHARGE ("{\"brand\":null,\"last4\":\"4242\"}"), "…4242" },
    { CHARGE ("{\"brand\":\"Visa <b>\",\"last4\":\"4242\"}"), "…4242" },
    { CHARGE ("{\"brand\":\"aaaaaaaaaaaaaaaaaaaaa\",\"last4\":\"4242\"}"), "…4242" },
    { CHARGE ("{\"brand\":\"visa\",\"last4\":\"4242424242424242\"}"), NULL },
    { CHARGE ("{\"brand\":\"visa\",\"last4\":\"42a2\"}"), NULL },
    { CHARGE ("{\"brand\":\"visa\",\"last4\":\"4242x\"}"), NULL },
    { CHARGE ("{\"brand\":\"visa\"}"), NULL },
    { CHARGE ("[]"), NULL },
    { PI ("\"amount_received\":1250,\"status\":\"succeeded\",\"latest_charge\":\"ch_1\""), NULL },
    { PAID, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      TillErrand errand = errand_of (QPAY_BY_ID);
      g_autoptr (GBytes) body = g_bytes_new_static (cards[i].body, strlen (cards[i].body));
      g_autoptr (TillReply) answer = answer_of (200, body);
      g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_DONE);
      g_assert_cmpstr (outcome->masked, ==, cards[i].masked);
      g_assert_true (!outcome->masked || till_masked_is (outcome->masked));
    }
}

/* An account that names no reader of Stripe's cannot be used. */
static void
test_reader (void)
{
  static const struct
  {
    const char *reader;
    gboolean good;
  } readers[]
      = { { "tmr_Test1", TRUE },  { "tmr_", FALSE },    { "tmr_a/../b", FALSE }, { "", FALSE },
          { "rdr_Test1", FALSE }, { "tmr_a b", FALSE }, { "tmr_a?b", FALSE } };
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autoptr (GHashTable) facts = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GError) error = NULL;
      g_hash_table_insert (facts, (gpointer) "reader", (gpointer)readers[i].reader);
      TillAccount one = account;
      one.facts = facts;
      g_assert_cmpint (codec ()->check (&one, &error), ==, readers[i].good);
      g_assert_true (readers[i].good || g_error_matches (error, TILL_ERROR, TILL_ERROR_INVALID));
    }
}

static void
test_bombs (void)
{
  g_autofree char *deep = g_strnfill (500 * 1000, '[');
  g_autofree char *nest = g_strconcat ("{\"a\":", deep, NULL);
  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *large = g_strconcat (RE_IS ("succeeded"), blanks, NULL);
  GBytes *bombs[] = {
    g_bytes_new (nest, strlen (nest)),
    g_bytes_new (large, strlen (large)),
    g_bytes_new_static (RE_IS ("succeeded"), sizeof RE_IS ("succeeded")),
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      TillErrand errand = errand_of (REF);
      g_autoptr (TillReply) answer = answer_of (200, bombs[i]);
      g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
      g_bytes_unref (bombs[i]);
    }
}

static void
test_no_answer (void)
{
  for (gsize ask = 0; ask < G_N_ELEMENTS (asks); ask++)
    {
      TillErrand errand = errand_of ((Ask)ask);
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GHashTable) facts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (facts, (gpointer) "reader", (gpointer) "tmr_Test1");
  account.facts = facts;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/stripe/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_answer);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/stripe/request/%s", requests[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_request);
    }
  g_test_add_func ("/codec/stripe/repeat-is-the-same-request", test_repeat_is_the_same_request);
  g_test_add_func ("/codec/stripe/payment-of-no-id", test_payment_of_no_id);
  g_test_add_func ("/codec/stripe/strange-texts", test_strange_texts);
  g_test_add_func ("/codec/stripe/clocks", test_clocks);
  g_test_add_func ("/codec/stripe/follow", test_follow);
  g_test_add_func ("/codec/stripe/card", test_card);
  g_test_add_func ("/codec/stripe/reader", test_reader);
  g_test_add_func ("/codec/stripe/replayed", test_replayed);
  g_test_add_func ("/codec/stripe/words", test_words);
  g_test_add_func ("/codec/stripe/bombs", test_bombs);
  g_test_add_func ("/codec/stripe/no-answer", test_no_answer);
  return g_test_run ();
}
