/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider takes as WeChat Pay, and what not: requests are written by hand and
 * signed as WeChat wants it, so that only what the row says is wrong with them. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/json.h"
#include "devices/gateway/wechat-signature.h"
#include "tests/gateway/vectors.h"

#define NOON (INT64_C (1795320000) * TILL_SECOND)
#define PAID "PAY0000000000001"
#define BACK "RFD0000000000001"
#define ORDERS "/v3/pay/transactions/out-trade-no/"
#define REFUNDS "/v3/refund/domestic/refunds"
#define CODEPAY "/v3/pay/transactions/codepay"
#define US "\"appid\":\"wx8888888888888888\",\"mchid\":\"1900000109\""

typedef struct
{
  TillAccount account; /* keys and facts owned */
  TillKey *our_key, *merchant_key;
  TillClock *clock;
  TillProvider *provider;
  TillSpeech speech;
} World;

static TillKey *
load (const char *name, TillKey *(*loader) (const char *path, GError **error))
{
  g_autofree char *path = vectors_path (name);
  TillKey *key = loader (path, NULL);
  g_assert_nonnull (key);
  return key;
}

static const char *
fact (const char *name)
{
  return till_tongue_fact (&till_wechat_tongue, name);
}

static void
world_open (World *world, gconstpointer data)
{
  *world = (World){ .clock = till_clock_new_fake (NOON, 1),
                    .provider = till_provider_new (FALSE, NULL, NULL),
                    .our_key = load ("key.pem", till_key_load_private),
                    .merchant_key = load ("public.pem", till_key_load_public) };
  world->account = (TillAccount){ .merchant_no = (char *)fact ("merchant_no"),
                                  .our_key = world->our_key,
                                  .provider_key = world->merchant_key,
                                  .provider_key_id = (char *)fact ("provider_key_id"),
                                  .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  g_hash_table_insert (world->account.facts, (gpointer) "serial_no", (gpointer)fact ("serial_no"));
  world->speech = (TillSpeech){ .provider = world->provider,
                                .clock = world->clock,
                                .our_key = world->our_key,
                                .merchant_key = world->merchant_key };
}

static void
world_close (World *world, gconstpointer data)
{
  g_hash_table_unref (world->account.facts);
  till_key_free (world->our_key);
  till_key_free (world->merchant_key);
  till_provider_free (world->provider);
  till_clock_free (world->clock);
}

static TillRequest *
request_of (World *world, const char *path, const char *body)
{
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;
  TillRequest *request = till_request_new ("https://127.0.0.1", path, bytes);
  till_request_add_header (request, "Accept", "application/json");
  till_request_add_header (request, "User-Agent", "test");
  till_request_add_header (request, "Content-Type", "application/json");
  request->total_ms = 1000;
  till_wechat_sign (request, &world->account, "x", till_clock_now (world->clock));
  return request;
}

/* The code of a no, the state of a yes, "" for a yes without one; the answer is signed. */
static char *
carry (World *world, const TillRequest *request, int *status)
{
  TillTransport line = till_speech_transport (&world->speech);
  g_autoptr (TillReply) reply = line.send (line.self, request, NULL);
  g_autofree char *doubt
      = till_wechat_doubt (reply, &world->account, till_clock_now (world->clock));
  g_assert_cmpstr (doubt, ==, NULL);
  g_autoptr (json_t) object = till_json_parse (reply->body, NULL);
  g_assert_nonnull (object);
  *status = reply->status;
  static const char *const words[] = { "code", "status", "trade_state" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (till_json_text (object, words[i]))
      return g_strdup (till_json_text (object, words[i]));
  return g_strdup ("");
}

static void
expect (World *world, const char *path, const char *body, int status, const char *word)
{
  g_autoptr (TillRequest) request = request_of (world, path, body);
  int seen;
  g_autofree char *said = carry (world, request, &seen);
  g_test_message ("%s %s: %d %s", path, body ? body : "", seen, said);
  g_assert_cmpstr (said, ==, word);
  g_assert_cmpint (seen, ==, status);
}

static char *
payment (const char *no, const char *total)
{
  return g_strdup_printf ("{" US ",\"description\":\"x\",\"out_trade_no\":\"%s\",\"payer\":{"
                          "\"auth_code\":\"134567890123456789\"},\"amount\":{\"total\":%s},"
                          "\"scene_info\":{\"store_info\":{\"id\":\"1\"}}}",
                          no, total);
}

static char *
refund (const char *no, int part)
{
  return g_strdup_printf ("{\"out_trade_no\":\"" PAID "\",\"out_refund_no\":\"%s\",\"amount\":{"
                          "\"refund\":%d,\"total\":5000,\"currency\":\"CNY\"}}",
                          no, part);
}

static void
pay (World *world)
{
  g_autofree char *body = payment (PAID, "5000");
  expect (world, CODEPAY, body, 200, "SUCCESS");
}

static void
expect_refund (World *world, const char *no, int part, int status, const char *word)
{
  g_autofree char *body = refund (no, part);
  expect (world, REFUNDS, body, status, word);
}

/* --- what is wrong with a request --- */

#define WRONG 400, "PARAM_ERROR"
#define REF_(more) "{" more "\"amount\":{\"refund\":100,\"total\":5000,\"currency\":\"CNY\"}}"
#define NAMED "\"out_trade_no\":\"" PAID "\",\"out_refund_no\":\"" BACK "\","
#define AMOUNT(amount) "{" NAMED "\"amount\":" amount "}"
#define PAY_(more)                                                                                 \
  "{" more "\"payer\":{\"auth_code\":\"134567890123456789\"},\"amount\":{\"total\":1},"            \
  "\"scene_info\":{\"store_info\":{\"id\":\"1\"}}}"
#define PAY_NO(no) PAY_ (US ",\"description\":\"x\",\"out_trade_no\":\"" no "\",")
#define PAY_END(more) "{" US ",\"description\":\"x\",\"out_trade_no\":\"NEW00001\"," more "}"
#define REST "\"description\":\"x\",\"out_trade_no\":\"NEW00001\","
#define PAYER "\"payer\":{\"auth_code\":\"134567890123456789\"}"
#define SCENE "\"scene_info\":{\"store_info\":{\"id\":\"1\"}}"

static const struct
{
  const char *name, *path, *body;
  int status;
  const char *code;
} wrongs[] = {
  { "balance: not opened", "/v3/merchant/fund/balance/FEES", NULL, 400, "INVALID_REQUEST" },
  { "balance: no such account", "/v3/merchant/fund/balance/basic", NULL, WRONG },
  { "balance: of all", "/v3/merchant/fund/balance/", NULL, WRONG },
  { "balance: posted", "/v3/merchant/fund/balance/BASIC", "{}", 405, "METHOD_NOT_ALLOWED" },
  { "refund: no number", REFUNDS, REF_ ("\"out_trade_no\":\"" PAID "\","), WRONG },
  { "refund: number with a blank", REFUNDS,
    REF_ ("\"out_trade_no\":\"" PAID "\",\"out_refund_no\":\"a b\","), WRONG },
  { "refund: no payment", REFUNDS, REF_ ("\"out_refund_no\":\"" BACK "\","), WRONG },
  { "refund: payment named twice", REFUNDS, REF_ (NAMED "\"transaction_id\":\"P0000000001\","),
    WRONG },
  { "refund: no such payment", REFUNDS,
    REF_ ("\"out_trade_no\":\"NOBODY01\",\"out_refund_no\":\"" BACK "\","), 404,
    "RESOURCE_NOT_EXISTS" },
  { "refund: no amount", REFUNDS, "{" NAMED "\"reason\":\"x\"}", WRONG },
  { "refund: nothing", REFUNDS, AMOUNT ("{\"refund\":0,\"total\":5000,\"currency\":\"CNY\"}"),
    WRONG },
  { "refund: more than the payment", REFUNDS,
    AMOUNT ("{\"refund\":5001,\"total\":5000,\"currency\":\"CNY\"}"), WRONG },
  { "refund: in a text", REFUNDS,
    AMOUNT ("{\"refund\":\"100\",\"total\":5000,\"currency\":\"CNY\"}"), WRONG },
  { "refund: in yuan", REFUNDS, AMOUNT ("{\"refund\":1.00,\"total\":50.00,\"currency\":\"CNY\"}"),
    WRONG },
  { "refund: no total", REFUNDS, AMOUNT ("{\"refund\":100,\"currency\":\"CNY\"}"), WRONG },
  { "refund: no currency", REFUNDS, AMOUNT ("{\"refund\":100,\"total\":5000}"), WRONG },
  { "refund: other currency", REFUNDS,
    AMOUNT ("{\"refund\":100,\"total\":5000,\"currency\":\"USD\"}"), WRONG },
  { "refund: other total", REFUNDS, AMOUNT ("{\"refund\":100,\"total\":5001,\"currency\":\"CNY\"}"),
    400, "INVALID_REQUEST" },
  { "refund: funds from elsewhere", REFUNDS, REF_ (NAMED "\"funds_account\":\"OTHER\","), WRONG },
  { "refund: long reason", REFUNDS,
    REF_ (NAMED "\"reason\":\"1234567890123456789012345678901234567890"
                "12345678901234567890123456789012345678901\","),
    WRONG },
  { "pay: other app", CODEPAY, PAY_ ("\"appid\":\"wx1\",\"mchid\":\"1900000109\"," REST), WRONG },
  { "pay: other merchant", CODEPAY, PAY_ ("\"appid\":\"wx8888888888888888\",\"mchid\":\"1\"," REST),
    WRONG },
  { "pay: no description", CODEPAY, PAY_ (US ",\"out_trade_no\":\"NEW00001\","), WRONG },
  { "pay: no number", CODEPAY, PAY_ (US ",\"description\":\"x\","), WRONG },
  { "pay: number too short", CODEPAY, PAY_NO ("NEW01"), WRONG },
  { "pay: number too long", CODEPAY, PAY_NO ("123456789012345678901234567890123"), WRONG },
  { "pay: number used otherwise", CODEPAY, PAY_NO (PAID), 403, "OUT_TRADE_NO_USED" },
  { "pay: no amount", CODEPAY, PAY_END (PAYER "," SCENE), WRONG },
  { "pay: nothing", CODEPAY, PAY_END (PAYER ",\"amount\":{\"total\":0}," SCENE), WRONG },
  { "pay: no code", CODEPAY, PAY_END ("\"amount\":{\"total\":1}," SCENE), WRONG },
  { "pay: no scene", CODEPAY, PAY_END (PAYER ",\"amount\":{\"total\":1}"), WRONG },
  { "pay: code of another", CODEPAY,
    PAY_END ("\"payer\":{\"auth_code\":\"281234567890123456\"},\"amount\":{\"total\":1}," SCENE),
    400, "AUTH_CODE_INVALID" },
  { "pay: code of no kind", CODEPAY,
    PAY_END ("\"payer\":{\"auth_code\":\"164567890123456789\"},\"amount\":{\"total\":1}," SCENE),
    400, "AUTH_CODE_INVALID" },
  { "reverse: of another", ORDERS PAID "/reverse", "{\"appid\":\"wx1\"}", WRONG },
  { "no such deed", ORDERS PAID "/close", "{" US "}", 404, "PATH_NOT_EXIST" },
  { "no JSON", REFUNDS, "a=1", WRONG },
  { "query: of no merchant", ORDERS PAID, NULL, WRONG },
  { "query: of another merchant", ORDERS PAID "?mchid=1", NULL, WRONG },
  { "query: no such payment", ORDERS "NOBODY01?mchid=1900000109", NULL, 404, "ORDER_NOT_EXIST" },
  { "query: no such refund", REFUNDS "/NOBODY01", NULL, 404, "RESOURCE_NOT_EXISTS" },
  { "query: strange refund", REFUNDS "/%20", NULL, WRONG },
  { "a refund by GET", REFUNDS, NULL, 405, "METHOD_NOT_ALLOWED" },
  { "a query by POST", REFUNDS "/" BACK, "{}", 405, "METHOD_NOT_ALLOWED" },
};

/* None of them moves money, and behind each the good one still goes through. */
static void
test_wrong (World *world, gconstpointer data)
{
  pay (world);
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_test_message ("%s", wrongs[i].name);
      expect (world, wrongs[i].path, wrongs[i].body, wrongs[i].status, wrongs[i].code);
      g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
    }
  expect_refund (world, BACK, 100, 200, "SUCCESS");
}

static void
expect_unsigned (World *world, const char *authorization)
{
  g_autofree char *body = refund (BACK, 100);
  g_autoptr (TillRequest) request = request_of (world, REFUNDS, body);
  g_ptr_array_remove_index (request->headers, request->headers->len - 1);
  if (authorization)
    till_request_add_header (request, "Authorization", authorization);
  int status;
  g_autofree char *said = carry (world, request, &status);
  g_assert_cmpstr (said, ==, "SIGN_ERROR");
  g_assert_cmpint (status, ==, 401);
}

/* Who does not sign rightly, at the right time, is nobody. */
static void
test_signature (World *world, gconstpointer data)
{
  pay (world);
  g_autofree char *body = refund (BACK, 100);
  g_autoptr (TillRequest) good = request_of (world, REFUNDS, body);
  const char *line = g_ptr_array_index (good->headers, good->headers->len - 1);
  const char *words = strstr (line, "WECHATPAY2");
  g_autoptr (GString) serial = g_string_new (words), merchant = g_string_new (words),
                      nonce = g_string_new (words), scheme = g_string_new (words);
  g_assert_cmpuint (g_string_replace (serial, "serial_no=\"1", "serial_no=\"2", 0), ==, 1);
  g_assert_cmpuint (g_string_replace (merchant, "mchid=\"1", "mchid=\"2", 0), ==, 1);
  g_assert_cmpuint (g_string_replace (nonce, "nonce_str=\"x", "nonce_str=\"y", 0), ==, 1);
  g_assert_cmpuint (g_string_replace (scheme, "RSA2048", "RSA4096", 0), ==, 1);
  const char *const bad[]
      = { NULL,          "",         "Basic x",   serial->str,
          merchant->str, nonce->str, scheme->str, "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    expect_unsigned (world, bad[i]);
  for (int late = -300; late <= 300; late += 600)
    {
      till_clock_advance (world->clock, late * TILL_SECOND);
      int status;
      g_autofree char *said = carry (world, good, &status);
      g_assert_cmpstr (said, ==, "SIGN_ERROR");
      till_clock_advance (world->clock, -late * TILL_SECOND);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
  till_clock_advance (world->clock, 299 * TILL_SECOND);
  int status;
  g_autofree char *said = carry (world, good, &status);
  g_assert_cmpstr (said, ==, "SUCCESS");
}

/* --- its own rules --- */

static void
test_fifty_refunds_a_minute_apart (World *world, gconstpointer data)
{
  pay (world);
  for (int i = 1; i <= 50; i++)
    {
      g_autofree char *no = g_strdup_printf ("RFD%013d", i);
      expect_refund (world, no, 1, 200, "SUCCESS");
      till_clock_advance (world->clock, 59 * TILL_SECOND);
      expect_refund (world, "RFDTOOEARLY", 1, i < 50 ? 429 : 400,
                     i < 50 ? "FREQUENCY_LIMITED" : "INVALID_REQUEST");
      till_clock_advance (world->clock, TILL_SECOND);
    }
  expect_refund (world, "RFDTOOMANY", 1, 400, "INVALID_REQUEST");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 51);
}

static void
test_a_year (World *world, gconstpointer data)
{
  pay (world);
  till_clock_advance (world->clock, 365 * TILL_DAY);
  expect_refund (world, BACK, 1, 200, "SUCCESS");
  till_clock_advance (world->clock, TILL_DAY);
  expect_refund (world, "RFDTOOLATE", 1, 400, "INVALID_REQUEST");
}

static void
test_reversal_in_its_time (World *world, gconstpointer data)
{
  static const struct
  {
    int64_t after;
    int status;
    const char *word;
  } rows[] = {
    { 14 * TILL_SECOND, 429, "FREQUENCY_LIMITED" },
    { 15 * TILL_SECOND, 200, "" },
    { 7 * TILL_DAY, 200, "" },
    { 7 * TILL_DAY + TILL_SECOND, 400, "REVERSE_EXPIRE" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *no = g_strdup_printf ("PAY%013" G_GSIZE_FORMAT, i);
      g_autofree char *body = payment (no, "700");
      g_autofree char *path = g_strconcat (ORDERS, no, "/reverse", NULL);
      g_autofree char *query = g_strconcat (ORDERS, no, "?mchid=1900000109", NULL);
      expect (world, CODEPAY, body, 200, "SUCCESS");
      till_clock_advance (world->clock, rows[i].after);
      expect (world, path, "{" US "}", rows[i].status, rows[i].word);
      gboolean undone = rows[i].status == 200;
      expect (world, query, NULL, 200, undone ? "REVOKED" : "SUCCESS");
      g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REVERSE, no), ==,
                        undone);
    }
}

static void
test_states (World *world, gconstpointer data)
{
  pay (world);
  expect (world, ORDERS PAID "?mchid=1900000109", NULL, 200, "SUCCESS");
  expect_refund (world, BACK, 100, 200, "SUCCESS");
  expect (world, ORDERS PAID "?mchid=1900000109", NULL, 200, "REFUND");
  expect_refund (world, BACK, 100, 200, "SUCCESS");
  expect_refund (world, BACK, 101, 400, "INVALID_REQUEST");
  expect (world, REFUNDS "/" BACK, NULL, 200, "SUCCESS");
  g_assert_true (till_provider_set_fault (world->provider, TILL_ERRAND_REFUND, TILL_PROVIDER_REFUSE,
                                          1, 0, "NOT_ENOUGH", NULL));
  expect_refund (world, "RFDNEXT", 100, 403, "NOT_ENOUGH");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 2);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*test) (World *world, gconstpointer data);
  } stories[] = {
    { "wrong", test_wrong },
    { "signature", test_signature },
    { "fifty-refunds-a-minute-apart", test_fifty_refunds_a_minute_apart },
    { "a-year", test_a_year },
    { "reversal-in-its-time", test_reversal_in_its_time },
    { "states", test_states },
  };
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strconcat ("/tongue/wechat/", stories[i].name, NULL);
      g_test_add (path, World, NULL, world_open, stories[i].test, world_close);
    }
  int result = g_test_run ();
  vectors_remove ();
  return result;
}
