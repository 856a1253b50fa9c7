/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay's half in the sandbox: what it does not take, fees in both of their forms, and what was
 * reversed before it came. */
#include "devices/gateway/json.h"
#include "tests/gateway/provider-world.h"
#include "tests/gateway/vectors.h"

/* Members of a body as they stand in it, and the text that is signed for them, by hand. */
typedef struct
{
  const char *path, *members, *text;
} Request;

/* The answer to it, which is Shengpay's whatever it says; NULL when it is no JSON. */
static json_t *
hear (World *world, const Request *request)
{
  g_autofree char *sign
      = till_key_sign_with (our_key, TILL_HASH_SHA1, request->text, strlen (request->text));
  g_autofree char *text = g_strdup_printf ("{%s,\"sign\":\"%s\"}", request->members, sign);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  TillHeard heard = { .method = "POST", .path = request->path, .headers = headers, .body = body };
  g_autoptr (TillSaid) said = till_speech_answer (&world->speech, &heard);
  g_assert_cmpint (said->status, ==, 200);
  return till_json_parse (said->body, NULL);
}

#define ORDER "/pay/unifiedorderOffline"
#define REFUND "/pay/refund"
#define REVERSE "/pay/reverseOrder"
#define WHO "\"mchId\":\"11548088\",\"nonceStr\":\"abc\",\"signType\":\"RSA\""
#define URL ",\"notifyUrl\":\"https://shop.example/n\""
#define WHO_TEXT "mchId=11548088&nonceStr=abc"
#define URL_TEXT "&notifyUrl=https://shop.example/n"
#define TYPE "&signType=RSA"

/* What is wrong comes back as words. */
static const struct
{
  const char *words;
  Request request;
} wrong[] = {
  { "mchId", { REVERSE, "\"mchId\":\"1\",\"signType\":\"RSA\"", "mchId=1&signType=RSA" } },
  { "sign", { REVERSE, WHO, WHO_TEXT } },
  { "sign", { REVERSE, "\"mchId\":\"11548088\",\"nonceStr\":\"abc\"", WHO_TEXT } },
  { "sign", { REVERSE, WHO ",\"a\":true", WHO_TEXT TYPE } },
  { "outTradeNo", { REVERSE, WHO, WHO_TEXT TYPE } },
  { "outTradeNo", { REVERSE, WHO ",\"outTradeNo\":\"\"", WHO_TEXT TYPE } },
  { "outTradeNo", { REVERSE, WHO ",\"outTradeNo\":7", WHO_TEXT "&outTradeNo=7" TYPE } },
  { "outTradeNo",
    { REVERSE, WHO ",\"outTradeNo\":\"123456789012345678901234567890123\"",
      WHO_TEXT "&outTradeNo=123456789012345678901234567890123" TYPE } },
  { "totalFee",
    { ORDER, WHO ",\"outTradeNo\":\"A\",\"authCode\":\"1\",\"totalFee\":\"1.00\"" URL,
      "authCode=1&" WHO_TEXT URL_TEXT "&outTradeNo=A" TYPE "&totalFee=1.00" } },
  { "totalFee",
    { ORDER, WHO ",\"outTradeNo\":\"A\",\"authCode\":\"1\",\"totalFee\":0" URL,
      "authCode=1&" WHO_TEXT URL_TEXT "&outTradeNo=A" TYPE "&totalFee=0" } },
  { "totalFee",
    { ORDER, WHO ",\"outTradeNo\":\"A\",\"authCode\":\"1\",\"totalFee\":-1" URL,
      "authCode=1&" WHO_TEXT URL_TEXT "&outTradeNo=A" TYPE "&totalFee=-1" } },
  { "authCode",
    { ORDER, WHO ",\"outTradeNo\":\"A\",\"totalFee\":\"1\"" URL,
      WHO_TEXT URL_TEXT "&outTradeNo=A" TYPE "&totalFee=1" } },
  { "notifyUrl",
    { ORDER,
      WHO ",\"outTradeNo\":\"A\",\"authCode\":\"1\",\"totalFee\":\"1\","
          "\"notifyUrl\":\"https://shop.example/n?a=1\"",
      "authCode=1&" WHO_TEXT "&notifyUrl=https://shop.example/n?a=1&outTradeNo=A" TYPE
      "&totalFee=1" } },
  { "outTradeNo",
    { REFUND, WHO ",\"outRefundNo\":\"R\",\"totalFee\":5000,\"refundFee\":1" URL,
      WHO_TEXT URL_TEXT "&outRefundNo=R&refundFee=1" TYPE "&totalFee=5000" } },
  { "refundAccount",
    { REFUND,
      WHO ",\"outTradeNo\":\"" WORLD_PAYMENT "\",\"outRefundNo\":\"R\",\"totalFee\":5000,"
          "\"refundFee\":1,\"refundAccount\":\"POCKET\"" URL,
      WHO_TEXT URL_TEXT "&outRefundNo=R&outTradeNo=" WORLD_PAYMENT
                        "&refundAccount=POCKET&refundFee=1" TYPE "&totalFee=5000" } },
  { "no such interface", { "/sandbox/shengpay/elsewhere", WHO, WHO_TEXT TYPE } },
};

static void
test_wrong_requests (World *world, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s: %s", wrong[i].words, wrong[i].request.members);
      g_autoptr (json_t) object = hear (world, &wrong[i].request);
      g_assert_cmpstr (till_json_text (object, "returnCode"), ==, "FAIL");
      g_assert_cmpstr (till_json_text (object, "returnMsg"), ==, wrong[i].words);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

/* The same refund with its fees as numbers and as texts, by our number and by theirs. */
static void
test_fees (World *world, gconstpointer data)
{
#define TEXT(no)                                                                                   \
  WHO_TEXT URL_TEXT "&outRefundNo=" no "&outTradeNo=" WORLD_PAYMENT "&refundFee=1000" TYPE         \
                    "&totalFee=5000"
#define BY_NUMBER(no) WHO URL ",\"outTradeNo\":\"" WORLD_PAYMENT "\",\"outRefundNo\":\"" no "\","
  static const Request requests[] = {
    { REFUND, BY_NUMBER ("R1") "\"totalFee\":5000,\"refundFee\":1000", TEXT ("R1") },
    { REFUND, BY_NUMBER ("R2") "\"totalFee\":\"5000\",\"refundFee\":\"1000\"", TEXT ("R2") },
    { REFUND,
      WHO URL ",\"transactionId\":\"P0000000001\",\"outRefundNo\":\"R3\",\"totalFee\":5000,"
              "\"refundFee\":\"1000\"",
      WHO_TEXT URL_TEXT "&outRefundNo=R3&refundFee=1000" TYPE
                        "&totalFee=5000&transactionId=P0000000001" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (json_t) object = hear (world, &requests[i]);
      g_assert_cmpstr (till_json_text (object, "resultCode"), ==, "SUCCESS");
      g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 2 + i);
    }
  /* Of another payment's amount it gives nothing back. */
  Request other = { REFUND, BY_NUMBER ("R4") "\"totalFee\":4999,\"refundFee\":1",
                    WHO_TEXT URL_TEXT "&outRefundNo=R4&outTradeNo=" WORLD_PAYMENT
                                      "&refundFee=1" TYPE "&totalFee=4999" };
  g_autoptr (json_t) object = hear (world, &other);
  g_assert_cmpstr (till_json_text (object, "errorCode"), ==, "SBX_ORIGINAL_DIFFERS");
}

static void
test_reversed_before_it_came (World *world, gconstpointer data)
{
  Request undo = { REVERSE, WHO ",\"outTradeNo\":\"LATE\"", WHO_TEXT "&outTradeNo=LATE" TYPE };
  Request pay = { ORDER, WHO ",\"outTradeNo\":\"LATE\",\"authCode\":\"1\",\"totalFee\":1" URL,
                  "authCode=1&" WHO_TEXT URL_TEXT "&outTradeNo=LATE" TYPE "&totalFee=1" };
  g_autoptr (json_t) undone = hear (world, &undo);
  g_assert_cmpstr (till_json_text (undone, "errorCode"), ==, "SBX_ORIGINAL_NOT_FOUND");
  g_autoptr (json_t) paid = hear (world, &pay);
  g_assert_cmpstr (till_json_text (paid, "errorCode"), ==, "SBX_REVERSED");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

static const struct
{
  const char *path;
  void (*test) (World *world, gconstpointer data);
} tests[] = {
  { "/tongue/shengpay/wrong-requests", test_wrong_requests },
  { "/tongue/shengpay/fees", test_fees },
  { "/tongue/shengpay/reversed-before-it-came", test_reversed_before_it_came },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  g_autofree char *ours = vectors_path ("key.pem");
  g_autofree char *ours_public = vectors_path ("public.pem");
  our_key = till_key_load_private (ours, NULL);
  our_public = till_key_load_public (ours_public, NULL);
  provider_key = till_key_load_private (ours, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, World, NULL, world_open, tests[i].test, world_close);
  int result = g_test_run ();
  till_key_free (our_key);
  till_key_free (our_public);
  till_key_free (provider_key);
  vectors_remove ();
  return result;
}
