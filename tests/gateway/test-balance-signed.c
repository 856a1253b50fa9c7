/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The balance where answers are signed. Requests are held against bytes written by hand and
 * signatures of the openssl command (vectors/make.sh); answers are signed here, so that only what
 * the row says is wrong with them. */
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define AT INT64_C (1795320060000000)
#define QUERY_NO "1795320060000000"
#define LAKALA "lakala"
#define PRACTICE "sandbox"
#define WECHAT "wechat"
#define ALIPAY "alipay"
#define KEY_ID "PUB_KEY_ID_01"

static TillKey *provider_key; /* owned */
static TillAccount account;

static const TillBalanceCodec *
codec_of (const char *provider)
{
  return till_codec_find (provider)->balance;
}

/* --- requests --- */

/* "NONCE SIGNATURE" of the vectors. */
static char **
vector_of (const char *name)
{
  g_autofree char *text = vectors_text (name);
  g_strchomp (text);
  return g_strsplit (text, " ", 2);
}

static void
test_lakala_request (void)
{
  g_autoptr (TillRequest) request = codec_of (LAKALA)->build (&account, AT);
  g_auto (GStrv) vector = vector_of ("lakala-balance.sha256");
  g_autofree char *body = request_body (request);
  g_assert_cmpstr (body, ==,
                   "{\"ver\":\"1.0.0\",\"timestamp\":\"1795320060\",\"reqId\":\"" QUERY_NO "\","
                   "\"reqData\":{\"merId\":\"M1\",\"termId\":\"T1\",\"qryNo\":\"" QUERY_NO "\"}}");
  g_assert_cmpstr (request->url, ==,
                   "https://127.0.0.1:8443/api/v2/mrssQuery/queryRefundAvailableBalance");
  g_assert_cmpstr (request->method, ==, "POST");
  g_autofree char *wanted
      = g_strdup_printf ("LKLAPI-SHA256withRSA appid=\"OP00000003\",timestamp=\"1795320060\","
                         "nonce_str=\"%s\",serial_no=\"00dfba8194c41b84cf\",signature=\"%s\"",
                         vector[0], vector[1]);
  g_assert_cmpstr (request_header (request, "Authorization"), ==, wanted);
  g_assert_cmpstr (request_header (request, "Content-Type"), ==, "application/json");
  g_assert_cmpint (request->total_ms, ==, 20000);
  g_assert_cmpstr (request->ca_file, ==, "/ca.pem");
}

static void
test_practice_request (void)
{
  g_autoptr (TillRequest) request = codec_of (PRACTICE)->build (&account, AT);
  g_auto (GStrv) vector = vector_of ("practice-balance.sha256");
  g_autofree char *body = request_body (request);
  g_assert_cmpstr (body, ==, "{\"merchant_no\":\"M1\"}");
  g_assert_cmpstr (request->url, ==, "https://127.0.0.1:8443/v1/merchant-balance");
  g_assert_cmpstr (request_header (request, "Sandbox-Merchant"), ==, "M1");
  g_assert_cmpstr (request_header (request, "Sandbox-Time"), ==, "1795320060");
  g_assert_cmpstr (request_header (request, "Sandbox-Nonce"), ==, vector[0]);
  g_assert_cmpstr (request_header (request, "Sandbox-Signature"), ==, vector[1]);
  g_assert_cmpint (request->total_ms, ==, 20000);
}

static void
test_wechat_request (void)
{
  g_autoptr (TillRequest) request = codec_of (WECHAT)->build (&account, AT);
  g_auto (GStrv) vector = vector_of ("wechat-balance.sha256");
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->url, ==, "https://127.0.0.1:8443/v3/merchant/fund/balance/BASIC");
  g_autofree char *wanted
      = g_strdup_printf ("WECHATPAY2-SHA256-RSA2048 mchid=\"M1\",nonce_str=\"%s\",signature=\"%s\","
                         "timestamp=\"1795320060\",serial_no=\"00dfba8194c41b84cf\"",
                         vector[0], vector[1]);
  g_assert_cmpstr (request_header (request, "Authorization"), ==, wanted);
  g_assert_cmpstr (request_header (request, "Accept"), ==, "application/json");
  g_assert_cmpstr (request_header (request, "User-Agent"), ==, "Quittance");
  g_assert_cmpint (request->total_ms, ==, 30000);
}

static void
test_alipay_request (void)
{
  g_autoptr (TillRequest) request = codec_of (ALIPAY)->build (&account, AT);
  g_autofree char *body = request_body (request);
  g_assert_cmpstr (body, ==, "biz_content=%7B%7D");
  g_autofree char *signature = vectors_text ("alipay-balance.sha256");
  g_strchomp (signature);
  g_autofree char *escaped = g_uri_escape_string (signature, NULL, FALSE);
  g_autofree char *wanted = g_strconcat (
      "https://127.0.0.1:8443/gateway.do?app_id=OP00000003&method=alipay.data.bill.balance.query"
      "&format=JSON&charset=utf-8&sign_type=RSA2&timestamp=2026-11-22+12%3A01%3A00&version=1.0"
      "&sign=",
      escaped, NULL);
  g_assert_cmpstr (request->url, ==, wanted);
  g_assert_cmpint (request->total_ms, >, 0);
  g_assert_cmpstr (request->ca_file, ==, "/ca.pem");
}

/* --- answers --- */

typedef enum
{
  SIGNED,
  UNSIGNED,
  WRONG_KEY,
  BODY_CHANGED,
  OTHER_NONCE, /* the practice provider's answers repeat it, the others' do not */
  OLD,         /* of another time: WeChat Pay's are tied to it */
} Seal;

static char *
sign (const char *head, const char *body, const char *tail, Seal seal)
{
  g_autofree char *text = g_strconcat (head, body, tail, seal == BODY_CHANGED ? " " : "", NULL);
  return till_key_sign (seal == WRONG_KEY ? account.our_key : provider_key, text, strlen (text));
}

static void
seal_lakala (TillReply *reply, const char *body, Seal seal)
{
  g_autofree char *signature
      = sign ("OP00000003\n0123ab\n1795320061\nabcdefabcdef\n", body, "\n", seal);
  till_reply_add_field (reply, "Lklapi-Appid", "OP00000003");
  till_reply_add_field (reply, "Lklapi-Serial", "0123ab");
  till_reply_add_field (reply, "Lklapi-Timestamp", "1795320061");
  till_reply_add_field (reply, "Lklapi-Nonce", "abcdefabcdef");
  till_reply_add_field (reply, "Lklapi-Signature", signature);
}

static void
seal_practice (TillReply *reply, const char *body, Seal seal)
{
  g_auto (GStrv) vector = vector_of ("practice-balance.sha256");
  const char *nonce = seal == OTHER_NONCE ? "00000000000000000000000000000000" : vector[0];
  g_autofree char *head
      = g_strdup_printf ("%d\n/v1/merchant-balance\n1795320061\n%s\n", reply->status, nonce);
  g_autofree char *signature = sign (head, body, "", seal);
  till_reply_add_field (reply, "Sandbox-Time", "1795320061");
  till_reply_add_field (reply, "Sandbox-Nonce", nonce);
  till_reply_add_field (reply, "Sandbox-Signature", signature);
}

static void
seal_wechat (TillReply *reply, const char *body, Seal seal)
{
  const char *time = seal == OLD ? "1795319700" : "1795320061";
  g_autofree char *head = g_strconcat (time, "\nabcdefabcdef\n", NULL);
  g_autofree char *signature = sign (head, body, "\n", seal);
  till_reply_add_field (reply, "Wechatpay-Timestamp", time);
  till_reply_add_field (reply, "Wechatpay-Nonce", "abcdefabcdef");
  till_reply_add_field (reply, "Wechatpay-Serial", KEY_ID);
  till_reply_add_field (reply, "Wechatpay-Signature", signature);
}

/* Here the signature stands in the body, over a part of it. */
static void
seal_alipay (TillReply *reply, const char *body, Seal seal)
{
  g_autofree char *signature = sign ("", body, "", seal);
  g_autofree char *whole = g_strdup_printf ("{\"%s_response\":%s,\"sign\":\"%s\"}",
                                            seal == OTHER_NONCE ? "alipay_trade_query"
                                                                : "alipay_data_bill_balance_query",
                                            body, signature);
  g_autoptr (GBytes) bytes = g_bytes_new (whole, strlen (whole));
  till_reply_set_body (reply, bytes);
}

static const struct
{
  const char *provider;
  void (*seal) (TillReply *reply, const char *body, Seal seal);
} seals[] = { { LAKALA, seal_lakala },
              { PRACTICE, seal_practice },
              { WECHAT, seal_wechat },
              { ALIPAY, seal_alipay } };

#define PURSE(words, data)                                                                         \
  "{\"retCode\":\"000000\",\"retMsg\":\"ok\",\"respData\":{" words data "}}"
#define OURS "\"qryNo\":\"" QUERY_NO "\",\"merId\":\"M1\",\"termId\":\"T1\","
#define PURSE_OF(amount)                                                                           \
  PURSE (OURS, "\"balance\":" amount ",\"balanceFlag\":\"9\",\"accNo\":\"6\",\"accName\":\"n\"")
#define NO(code) "{\"retCode\":\"" code "\",\"retMsg\":\"因为\"}"
#define HELD(available, pending)                                                                   \
  "{\"code\":\"OK\",\"merchant_no\":\"M1\",\"available\":" available ",\"pending\":" pending       \
  ",\"currency\":\"CNY\"}"
#define BASIC(available, pending)                                                                  \
  "{\"available_amount\":" available ",\"pending_amount\":" pending "}"
#define ERROR(code) "{\"code\":\"" code "\",\"message\":\"因为\"}"
#define YUAN(available, frozen)                                                                    \
  "{\"code\":\"10000\",\"msg\":\"Success\",\"total_amount\":\"99.00\",\"available_"                \
  "amount\":" available ",\"freeze_amount\":" frozen "}"
#define FAILED(code)                                                                               \
  "{\"code\":\"" code "\",\"msg\":\"m\",\"sub_code\":\"isv.x\",\"sub_msg\":\"因为\"}"
#define SAYS(code) "{\"code\":\"" code "\",\"words\":\"because\"}"

static const struct
{
  const char *name, *provider;
  int status;
  Seal seal;
  const char *body;
  TillBalanceResult result;
  TillMoney available;
  const char *detail; /* part of it */
} rows[] = {
  { "told", LAKALA, 200, SIGNED, PURSE_OF ("\"1250\""), TILL_BALANCE_TOLD, 1250, NULL },
  { "nothing there", LAKALA, 200, SIGNED, PURSE_OF ("\"0\""), TILL_BALANCE_TOLD, 0, NULL },
  { "terminal not repeated", LAKALA, 200, SIGNED,
    PURSE ("\"qryNo\":\"" QUERY_NO "\",\"merId\":\"M1\",", "\"balance\":\"7\""), TILL_BALANCE_TOLD,
    7, NULL },
  { "no signature", LAKALA, 200, UNSIGNED, PURSE_OF ("\"1250\""), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another's signature", LAKALA, 200, WRONG_KEY, PURSE_OF ("\"1250\""), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "changed on the way", LAKALA, 200, BODY_CHANGED, PURSE_OF ("\"1250\""), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another question's", LAKALA, 200, SIGNED,
    PURSE ("\"qryNo\":\"1\",\"merId\":\"M1\",\"termId\":\"T1\",", "\"balance\":\"1250\""),
    TILL_BALANCE_UNKNOWN, 0, "another question" },
  { "no question's", LAKALA, 200, SIGNED, PURSE ("\"merId\":\"M1\",", "\"balance\":\"1250\""),
    TILL_BALANCE_UNKNOWN, 0, "another question" },
  { "another merchant's", LAKALA, 200, SIGNED,
    PURSE ("\"qryNo\":\"" QUERY_NO "\",\"merId\":\"M2\",", "\"balance\":\"1250\""),
    TILL_BALANCE_UNKNOWN, 0, "another merchant" },
  { "no merchant's", LAKALA, 200, SIGNED,
    PURSE ("\"qryNo\":\"" QUERY_NO "\",", "\"balance\":\"1250\""), TILL_BALANCE_UNKNOWN, 0,
    "another merchant" },
  { "another terminal's", LAKALA, 200, SIGNED,
    PURSE ("\"qryNo\":\"" QUERY_NO "\",\"merId\":\"M1\",\"termId\":\"T2\",",
           "\"balance\":\"1250\""),
    TILL_BALANCE_UNKNOWN, 0, "another merchant" },
  { "no amount", LAKALA, 200, SIGNED, PURSE (OURS, "\"balanceFlag\":\"0\""), TILL_BALANCE_UNKNOWN,
    0, "amount" },
  { "amount a number", LAKALA, 200, SIGNED, PURSE_OF ("1250"), TILL_BALANCE_UNKNOWN, 0, "amount" },
  { "amount with a point", LAKALA, 200, SIGNED, PURSE_OF ("\"12.50\""), TILL_BALANCE_UNKNOWN, 0,
    "amount" },
  { "amount with a sign", LAKALA, 200, SIGNED, PURSE_OF ("\"-1250\""), TILL_BALANCE_UNKNOWN, 0,
    "amount" },
  { "amount empty", LAKALA, 200, SIGNED, PURSE_OF ("\"\""), TILL_BALANCE_UNKNOWN, 0, "amount" },
  { "amount too large", LAKALA, 200, SIGNED, PURSE_OF ("\"18446744073709552866\""),
    TILL_BALANCE_UNKNOWN, 0, "amount" },
  { "taken and nothing said", LAKALA, 200, SIGNED, NO ("000000"), TILL_BALANCE_UNKNOWN, 0,
    "question" },
  { "no code", LAKALA, 200, SIGNED, "{\"code\":\"000000\"}", TILL_BALANCE_UNKNOWN, 0, "retCode" },
  { "no json", LAKALA, 200, SIGNED, "{\"retCode\"", TILL_BALANCE_UNKNOWN, 0, "" },
  { "empty", LAKALA, 200, SIGNED, "", TILL_BALANCE_UNKNOWN, 0, "" },
  { "refused", LAKALA, 200, SIGNED, NO ("X1"), TILL_BALANCE_REFUSED, 0, "X1 因为" },
  { "bad request", LAKALA, 200, SIGNED, NO ("SBX_BAD_REQUEST"), TILL_BALANCE_REFUSED, 0, "SBX_" },
  { "an open code", LAKALA, 200, SIGNED, NO ("BBS10000"), TILL_BALANCE_UNKNOWN, 0, "BBS10000" },
  { "a refusal of nobody's", LAKALA, 200, UNSIGNED, NO ("X1"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "unknown key", LAKALA, 401, UNSIGNED, "", TILL_BALANCE_REFUSED, 0, "401" },
  { "no right", LAKALA, 403, UNSIGNED, "", TILL_BALANCE_REFUSED, 0, "403" },
  { "trouble there", LAKALA, 500, SIGNED, PURSE_OF ("\"1250\""), TILL_BALANCE_UNKNOWN, 0, "500" },

  { "told", PRACTICE, 200, SIGNED, HELD ("1250", "30"), TILL_BALANCE_TOLD, 1250, NULL },
  { "overdrawn", PRACTICE, 200, SIGNED, HELD ("-1250", "30"), TILL_BALANCE_TOLD, -1250, NULL },
  { "no signature", PRACTICE, 200, UNSIGNED, HELD ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another's signature", PRACTICE, 200, WRONG_KEY, HELD ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "changed on the way", PRACTICE, 200, BODY_CHANGED, HELD ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another question's", PRACTICE, 200, OTHER_NONCE, HELD ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another merchant's", PRACTICE, 200, SIGNED,
    "{\"code\":\"OK\",\"merchant_no\":\"M2\",\"available\":1,\"pending\":1,\"currency\":\"CNY\"}",
    TILL_BALANCE_UNKNOWN, 0, "another merchant" },
  { "another currency", PRACTICE, 200, SIGNED,
    "{\"code\":\"OK\",\"merchant_no\":\"M1\",\"available\":1,\"pending\":1,\"currency\":\"USD\"}",
    TILL_BALANCE_UNKNOWN, 0, "currency" },
  { "amount a text", PRACTICE, 200, SIGNED, HELD ("\"1250\"", "30"), TILL_BALANCE_UNKNOWN, 0,
    "amount" },
  { "amount with a point", PRACTICE, 200, SIGNED, HELD ("12.50", "30"), TILL_BALANCE_UNKNOWN, 0,
    "amount" },
  { "half an answer", PRACTICE, 200, SIGNED, HELD ("1250", "null"), TILL_BALANCE_UNKNOWN, 0,
    "amount" },
  { "yes and no", PRACTICE, 400, SIGNED, HELD ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "yes and no" },
  { "no code", PRACTICE, 200, SIGNED, "{}", TILL_BALANCE_UNKNOWN, 0, "code" },
  { "no json", PRACTICE, 200, SIGNED, "[]", TILL_BALANCE_UNKNOWN, 0, "" },
  { "bad request", PRACTICE, 400, SIGNED, SAYS ("BAD_REQUEST"), TILL_BALANCE_REFUSED, 0,
    "BAD_REQUEST because" },
  { "unknown merchant", PRACTICE, 401, SIGNED, SAYS ("UNKNOWN_MERCHANT"), TILL_BALANCE_REFUSED, 0,
    "UNKNOWN_MERCHANT" },
  { "bad signature", PRACTICE, 401, SIGNED, SAYS ("BAD_SIGNATURE"), TILL_BALANCE_REFUSED, 0,
    "BAD_SIGNATURE" },
  { "busy", PRACTICE, 429, SIGNED, SAYS ("BUSY"), TILL_BALANCE_UNKNOWN, 0, "BUSY" },
  { "a word nobody told us", PRACTICE, 400, SIGNED, SAYS ("ODD"), TILL_BALANCE_UNKNOWN, 0, "ODD" },

  { "told", WECHAT, 200, SIGNED, BASIC ("1250", "30"), TILL_BALANCE_TOLD, 1250, NULL },
  { "half told", WECHAT, 200, SIGNED, "{\"available_amount\":7}", TILL_BALANCE_TOLD, 7, NULL },
  { "no signature", WECHAT, 200, UNSIGNED, BASIC ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "another's signature", WECHAT, 200, WRONG_KEY, BASIC ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "changed on the way", WECHAT, 200, BODY_CHANGED, BASIC ("1250", "30"), TILL_BALANCE_UNKNOWN, 0,
    "signature" },
  { "of another time", WECHAT, 200, OLD, BASIC ("1250", "30"), TILL_BALANCE_UNKNOWN, 0, "clocks" },
  { "no amount", WECHAT, 200, SIGNED, "{\"pending_amount\":30}", TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "amount a text", WECHAT, 200, SIGNED, BASIC ("\"1250\"", "30"), TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "amount with a point", WECHAT, 200, SIGNED, BASIC ("12.5", "30"), TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "pending a text", WECHAT, 200, SIGNED, BASIC ("1250", "\"30\""), TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "no json", WECHAT, 200, SIGNED, "[]", TILL_BALANCE_UNKNOWN, 0, "" },
  { "no right", WECHAT, 403, SIGNED, ERROR ("NO_AUTH"), TILL_BALANCE_REFUSED, 0, "NO_AUTH 因为" },
  { "not opened", WECHAT, 400, SIGNED, ERROR ("INVALID_REQUEST"), TILL_BALANCE_REFUSED, 0,
    "INVALID_REQUEST" },
  { "not understood", WECHAT, 400, SIGNED, ERROR ("PARAM_ERROR"), TILL_BALANCE_REFUSED, 0,
    "PARAM_ERROR" },
  { "our signature", WECHAT, 401, SIGNED, ERROR ("SIGN_ERROR"), TILL_BALANCE_REFUSED, 0,
    "SIGN_ERROR" },
  { "no right, unsigned", WECHAT, 403, UNSIGNED, ERROR ("NO_AUTH"), TILL_BALANCE_REFUSED, 0,
    "NO_AUTH" },
  { "trouble there", WECHAT, 500, SIGNED, ERROR ("SYSTEM_ERROR"), TILL_BALANCE_UNKNOWN, 0,
    "SYSTEM_ERROR" },
  { "too many", WECHAT, 429, SIGNED, ERROR ("FREQUENCY_LIMITED"), TILL_BALANCE_UNKNOWN, 0,
    "FREQUENCY_LIMITED" },
  { "no code", WECHAT, 400, SIGNED, "{}", TILL_BALANCE_UNKNOWN, 0, "code" },

  { "told", ALIPAY, 200, SIGNED, YUAN ("\"12.50\"", "\"0.3\""), TILL_BALANCE_TOLD, 1250, NULL },
  { "no signature", ALIPAY, 200, UNSIGNED,
    "{\"alipay_data_bill_balance_query_response\":" YUAN ("\"12.50\"", "\"0.30\"") "}",
    TILL_BALANCE_UNKNOWN, 0, "signature" },
  { "another's signature", ALIPAY, 200, WRONG_KEY, YUAN ("\"12.50\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "signature" },
  { "changed on the way", ALIPAY, 200, BODY_CHANGED, YUAN ("\"12.50\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "signature" },
  { "another question's", ALIPAY, 200, OTHER_NONCE, YUAN ("\"12.50\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "signature" },
  { "amount a number", ALIPAY, 200, SIGNED, YUAN ("12.50", "\"0.30\""), TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "amount with a sign", ALIPAY, 200, SIGNED, YUAN ("\"-12.50\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "amounts" },
  { "amount in thousands", ALIPAY, 200, SIGNED, YUAN ("\"1,250.00\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "amounts" },
  { "amount finer than fen", ALIPAY, 200, SIGNED, YUAN ("\"12.505\"", "\"0.30\""),
    TILL_BALANCE_UNKNOWN, 0, "amounts" },
  { "frozen not said", ALIPAY, 200, SIGNED, "{\"code\":\"10000\",\"available_amount\":\"12.50\"}",
    TILL_BALANCE_UNKNOWN, 0, "amounts" },
  { "taken and nothing said", ALIPAY, 200, SIGNED, "{\"code\":\"10000\"}", TILL_BALANCE_UNKNOWN, 0,
    "amounts" },
  { "yes and no", ALIPAY, 200, SIGNED, FAILED ("10000"), TILL_BALANCE_UNKNOWN, 0, "yes and no" },
  { "word missing", ALIPAY, 200, SIGNED, FAILED ("40001"), TILL_BALANCE_REFUSED, 0, "isv.x 因为" },
  { "word wrong", ALIPAY, 200, SIGNED, FAILED ("40002"), TILL_BALANCE_REFUSED, 0, "isv.x" },
  { "refused", ALIPAY, 200, SIGNED, FAILED ("40004"), TILL_BALANCE_REFUSED, 0, "isv.x" },
  { "no right", ALIPAY, 200, SIGNED, FAILED ("40006"), TILL_BALANCE_REFUSED, 0, "isv.x" },
  { "trouble there", ALIPAY, 200, SIGNED, FAILED ("20000"), TILL_BALANCE_UNKNOWN, 0, "isv.x" },
  { "no code", ALIPAY, 200, SIGNED, "{}", TILL_BALANCE_UNKNOWN, 0, "code" },
  { "no answer", ALIPAY, 500, SIGNED, YUAN ("\"12.50\"", "\"0.30\""), TILL_BALANCE_UNKNOWN, 0,
    "500" },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, rows[i].status, NULL);
  g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
  till_reply_set_body (reply, body);
  if (rows[i].seal != UNSIGNED)
    for (gsize j = 0; j < G_N_ELEMENTS (seals); j++)
      if (strcmp (rows[i].provider, seals[j].provider) == 0)
        seals[j].seal (reply, rows[i].body, rows[i].seal);
  g_autoptr (TillBalance) balance = codec_of (rows[i].provider)->interpret (&account, AT, reply);
  g_test_message ("%s", balance->detail ? balance->detail : "");
  g_assert_cmpstr (till_balance_result_word (balance->result), ==,
                   till_balance_result_word (rows[i].result));
  g_assert_cmpint (balance->available, ==, rows[i].available);
  gboolean told = balance->result == TILL_BALANCE_TOLD;
  gboolean tells_pending
      = told && strcmp (rows[i].provider, LAKALA) != 0 && strcmp (rows[i].name, "half told") != 0;
  g_assert_cmpint (balance->tells_pending, ==, tells_pending);
  g_assert_cmpint (balance->pending, ==, tells_pending ? 30 : 0);
  g_assert_true ((balance->detail == NULL) == told);
  if (rows[i].detail)
    g_assert_nonnull (strstr (balance->detail, rows[i].detail));
}

/* The key that is to follow signs as well as the one in use. */
static void
test_next_key (void)
{
  TillAccount other = account;
  other.next_provider_key = account.provider_key;
  other.provider_key = account.our_key;
  static const char text[] = PURSE_OF ("\"1250\"");
  g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  g_autoptr (GBytes) body = g_bytes_new_static (text, sizeof text - 1);
  till_reply_set_body (reply, body);
  seal_lakala (reply, text, SIGNED);
  g_autoptr (TillBalance) balance = codec_of (LAKALA)->interpret (&other, AT, reply);
  g_assert_cmpint (balance->result, ==, TILL_BALANCE_TOLD);
}

static void
make_account (void)
{
  g_autofree char *private_path = vectors_path ("provider-private.pem");
  g_autofree char *public_path = vectors_path ("provider-public.pem");
  g_autofree char *our_path = vectors_path ("key.pem");
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  provider_key = till_key_load_private (private_path, NULL);
  account = (TillAccount){ .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (our_path, NULL),
                           .provider_key = till_key_load_public (public_path, NULL),
                           .provider_key_id = (char *)KEY_ID,
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  static const char *const facts[][2]
      = { { "app_id", "OP00000003" }, { "serial_no", "00dfba8194c41b84cf" }, { "term_no", "T1" } };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    g_hash_table_insert (account.facts, (gpointer)facts[i][0], (gpointer)facts[i][1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/balance/%s/%s", rows[i].provider, rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/balance/lakala/next-key", test_next_key);
  g_test_add_func ("/balance/lakala/request", test_lakala_request);
  g_test_add_func ("/balance/practice/request", test_practice_request);
  g_test_add_func ("/balance/wechat/request", test_wechat_request);
  g_test_add_func ("/balance/alipay/request", test_alipay_request);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
