/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider's notices as each provider writes them, opened with OpenSSL alone: what is
 * signed, with which key, over which bytes, what they say, and what counts as a yes. Those that are
 * forms have a test of their own. */
#include "tests/gateway/notice-world.h"

#include <openssl/hmac.h>

static void
test_practice (void)
{
  g_autoptr (World) world = world_new ("sandbox", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_practice_tongue);
  g_autofree char *body = text_of (said);
  g_assert_cmpstr (body, ==,
                   "{\"merchant_no\":\"M100001\",\"notice_no\":\"N1795320000000000000007\","
                   "\"about\":\"refund\",\"request_no\":\"" REFUND "\",\"amount\":1234,"
                   "\"currency\":\"CNY\",\"status\":\"SUCCESS\"}");
  g_assert_cmpstr (header_of (said, "Sandbox-Time"), ==, AT_S);
  g_autofree char *text = g_strconcat ("NOTICE\n/notices\n" AT_S "\n",
                                       header_of (said, "Sandbox-Nonce"), "\n", body, NULL);
  g_assert_true (verifies (our_public, EVP_sha256 (), text, header_of (said, "Sandbox-Signature")));
  g_autoptr (TillSaid) forged = write_as (world, &till_practice_tongue, TILL_ERRAND_REFUND,
                                          "SUCCESS", TILL_NOTICE_BAD_SIGNATURE);
  g_assert_false (
      verifies (our_public, EVP_sha256 (), text, header_of (forged, "Sandbox-Signature")));
  g_autoptr (TillSaid) payment
      = write_as (world, &till_practice_tongue, TILL_ERRAND_PAY, "CLOSED", TILL_NOTICE_OK);
  g_autoptr (json_t) object = object_of (payment);
  expect_text (object, "about", "payment");
  expect_text (object, "request_no", PAYMENT);
  expect_text (object, "status", "REFUSED");
  g_assert_false (is_yes (world, &till_practice_tongue, 200, ""));
  g_assert_false (is_yes (world, &till_practice_tongue, 200, "{\"code\":\"NO\"}"));
  g_assert_false (is_yes (world, &till_practice_tongue, 500, "{\"code\":\"OK\"}"));
  g_assert_true (is_yes (world, &till_practice_tongue, 200, "{\"code\":\"OK\"}"));
}

static json_t *
unseal (const json_t *resource)
{
  gsize size;
  int length, rest;
  const char *nonce = till_json_text (resource, "nonce");
  const char *aad = till_json_text (resource, "associated_data");
  g_autofree guchar *sealed = g_base64_decode (till_json_text (resource, "ciphertext"), &size);
  g_autofree guchar *plain = g_malloc0 (size);
  g_assert_cmpuint (strlen (nonce), ==, 12);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  g_assert_true (
      EVP_DecryptInit_ex (context, EVP_aes_256_gcm (), NULL, (guchar *)SECRET, (guchar *)nonce));
  g_assert_true (
      EVP_DecryptUpdate (context, NULL, &length, (const guchar *)aad, (int)strlen (aad)));
  g_assert_true (EVP_DecryptUpdate (context, plain, &length, sealed, (int)size - 16));
  g_assert_true (EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, 16, sealed + size - 16));
  g_assert_cmpint (EVP_DecryptFinal_ex (context, plain + length, &rest), ==, 1);
  EVP_CIPHER_CTX_free (context);
  g_autoptr (GBytes) bytes = g_bytes_new (plain, (gsize)length);
  json_t *object = till_json_parse (bytes, NULL);
  g_assert_nonnull (object);
  return object;
}

static void
expect_event (World *world, const char *status, const char *event, const char *time)
{
  g_autoptr (TillSaid) said
      = write_as (world, &till_wechat_tongue, TILL_ERRAND_REFUND, status, TILL_NOTICE_OK);
  g_autoptr (json_t) object = object_of (said);
  expect_text (object, "event_type", event);
  g_autoptr (json_t) plain = unseal (json_object_get (object, "resource"));
  expect_text (plain, "refund_status", status);
  expect_text (plain, "success_time", time);
}

static void
test_wechat (void)
{
  g_autoptr (World) world = world_new ("wechat", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_wechat_tongue);
  g_autofree char *body = text_of (said);
  g_autofree char *text = g_strconcat (header_of (said, "Wechatpay-Timestamp"), "\n",
                                       header_of (said, "Wechatpay-Nonce"), "\n", body, "\n", NULL);
  g_assert_true (
      verifies (our_public, EVP_sha256 (), text, header_of (said, "Wechatpay-Signature")));
  g_assert_cmpstr (header_of (said, "Wechatpay-Timestamp"), ==, AT_S);
  g_assert_cmpstr (header_of (said, "Wechatpay-Serial"), ==,
                   till_tongue_fact (&till_wechat_tongue, "provider_key_id"));
  g_autoptr (json_t) object = object_of (said);
  expect_text (object, "id", "N1795320000000000000007");
  expect_text (object, "resource_type", "encrypt-resource");
  expect_text (object, "create_time", "2026-11-22T12:00:00+08:00");
  const json_t *resource = json_object_get (object, "resource");
  expect_text (resource, "algorithm", "AEAD_AES_256_GCM");
  expect_text (resource, "original_type", "refund");
  g_autoptr (json_t) plain = unseal (resource);
  expect_text (plain, "mchid", "1900000109");
  expect_text (plain, "out_trade_no", PAYMENT);
  expect_text (plain, "out_refund_no", REFUND);
  const json_t *amount = json_object_get (plain, "amount");
  expect_int (amount, "total", 5000);
  expect_int (amount, "refund", 1234);
  expect_event (world, "SUCCESS", "REFUND.SUCCESS", "2026-11-22T12:00:00+08:00");
  expect_event (world, "ABNORMAL", "REFUND.ABNORMAL", NULL);
  expect_event (world, "CLOSED", "REFUND.CLOSED", NULL);
  g_assert_null (write_as (world, &till_wechat_tongue, TILL_ERRAND_PAY, "SUCCESS", TILL_NOTICE_OK));
  g_assert_false (is_yes (world, &till_wechat_tongue, 500, "{\"code\":\"FAIL\"}"));
  g_assert_false (is_yes (world, &till_wechat_tongue, 302, ""));
  g_assert_true (is_yes (world, &till_wechat_tongue, 204, ""));
  g_assert_true (is_yes (world, &till_wechat_tongue, 200, ""));
  world->speech.notice_secret = NULL;
  g_assert_null (
      write_as (world, &till_wechat_tongue, TILL_ERRAND_REFUND, "SUCCESS", TILL_NOTICE_OK));
}

static void
expect_type (World *world, TillErrandKind kind, const char *status, const char *type)
{
  g_autoptr (TillSaid) said = write_as (world, &till_stripe_tongue, kind, status, TILL_NOTICE_OK);
  g_autoptr (json_t) event = object_of (said);
  expect_text (event, "type", type);
}

static void
test_stripe (void)
{
  static const char key[] = "whsec_" SECRET;
  g_autoptr (World) world = world_new ("stripe", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_stripe_tongue);
  g_autofree char *body = text_of (said);
  g_autofree char *text = g_strconcat (AT_S ".", body, NULL);
  guchar mac[32];
  g_assert_nonnull (
      HMAC (EVP_sha256 (), key, (int)strlen (key), (guchar *)text, strlen (text), mac, NULL));
  g_autoptr (GString) wanted = g_string_new ("t=" AT_S ",v1=");
  for (gsize i = 0; i < sizeof mac; i++)
    g_string_append_printf (wanted, "%02x", mac[i]);
  g_assert_cmpstr (header_of (said, "Stripe-Signature"), ==, wanted->str);
  g_autoptr (TillSaid) forged = write_as (world, &till_stripe_tongue, TILL_ERRAND_REFUND, "SUCCESS",
                                          TILL_NOTICE_BAD_SIGNATURE);
  g_assert_cmpstr (header_of (forged, "Stripe-Signature"), !=, wanted->str);
  g_autoptr (json_t) event = object_of (said);
  expect_text (event, "id", "evt_N1795320000000000000007");
  expect_text (event, "object", "event");
  const json_t *refund = json_object_get (json_object_get (event, "data"), "object");
  expect_text (refund, "object", "refund");
  expect_text (refund, "status", "succeeded");
  expect_text (json_object_get (refund, "metadata"), "request_no", REFUND);
  expect_int (refund, "amount", 1234);
  expect_type (world, TILL_ERRAND_REFUND, "SUCCESS", "refund.created");
  expect_type (world, TILL_ERRAND_REFUND, "ABNORMAL", "refund.failed");
  expect_type (world, TILL_ERRAND_REFUND, "CLOSED", "refund.updated");
  expect_type (world, TILL_ERRAND_PAY, "SUCCESS", "payment_intent.succeeded");
  expect_type (world, TILL_ERRAND_PAY, "ABNORMAL", "payment_intent.payment_failed");
  expect_type (world, TILL_ERRAND_PAY, "CLOSED", "payment_intent.canceled");
  g_assert_false (is_yes (world, &till_stripe_tongue, 301, ""));
  g_assert_false (is_yes (world, &till_stripe_tongue, 400, ""));
  g_assert_true (is_yes (world, &till_stripe_tongue, 202, ""));
}

static char *
quoted (const char *header, const char *name)
{
  g_autofree char *begins = g_strconcat (name, "=\"", NULL);
  const char *at = strstr (header, begins);
  g_assert_nonnull (at);
  at += strlen (begins);
  return g_strndup (at, strcspn (at, "\""));
}

static void
test_lakala (void)
{
  g_autoptr (World) world = world_new ("lakala", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_lakala_tongue);
  g_autofree char *body = text_of (said);
  const char *header = header_of (said, "Authorization");
  g_assert_true (g_str_has_prefix (header, "LKLAPI-SHA256withRSA timestamp=\"" AT_S "\","));
  g_assert_null (strstr (header, "appid"));
  g_assert_null (strstr (header, "serial_no"));
  g_autofree char *nonce = quoted (header, "nonce_str");
  g_autofree char *signature = quoted (header, "signature");
  g_autofree char *text = g_strconcat (AT_S "\n", nonce, "\n", body, "\n", NULL);
  g_assert_true (verifies (notice_public, EVP_sha256 (), text, signature));
  g_assert_false (verifies (our_public, EVP_sha256 (), text, signature));
  g_autoptr (json_t) object = object_of (said);
  expect_text (object, "merchant_no", "822100041120001");
  expect_text (object, "out_trade_no", REFUND);
  expect_text (object, "origin_out_trade_no", PAYMENT);
  expect_text (object, "trade_status", "SUCCESS");
  expect_text (object, "total_amount", "1234");
  expect_text (object, "trade_time", "20261122120000");
  g_assert_false (is_yes (world, &till_lakala_tongue, 200, "{\"code\":\"FAIL\"}"));
  g_assert_false (is_yes (world, &till_lakala_tongue, 200, "SUCCESS"));
  g_assert_true (
      is_yes (world, &till_lakala_tongue, 200, "{\"code\":\"SUCCESS\",\"message\":\"ok\"}"));
}

static void
test_shengpay (void)
{
  g_autoptr (World) world = world_new ("shengpay", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_shengpay_tongue);
  g_autoptr (json_t) object = object_of (said);
  g_autofree char *text = g_strdup_printf (
      "mchId=11548088&nonceStr=%s&outRefundNo=" REFUND "&outTradeNo=" PAYMENT
      "&refundFee=1234&refundId=%s&signType=RSA&status=REFUND_SUCCESS&totalFee=5000&"
      "transactionId=%s",
      till_json_text (object, "nonceStr"), till_json_text (object, "refundId"),
      till_json_text (object, "transactionId"));
  g_assert_true (verifies (our_public, EVP_sha1 (), text, till_json_text (object, "sign")));
  g_autoptr (TillSaid) paid
      = write_as (world, &till_shengpay_tongue, TILL_ERRAND_PAY, "SUCCESS", TILL_NOTICE_OK);
  g_autoptr (json_t) payment = object_of (paid);
  expect_text (payment, "status", "PAY_SUCCESS");
  expect_text (payment, "outTradeNo", PAYMENT);
  expect_text (payment, "outRefundNo", NULL);
  expect_int (payment, "totalFee", 5000);
  g_assert_false (is_yes (world, &till_shengpay_tongue, 200, "success"));
  g_assert_true (is_yes (world, &till_shengpay_tongue, 200, "SUCCESS"));
}

/* --- faults that are a matter of bytes --- */

static void
test_faults (void)
{
  g_autoptr (World) world = world_new ("sandbox", NULL);
  g_autoptr (TillSaid) stray = write_as (world, &till_practice_tongue, TILL_ERRAND_REFUND,
                                         "SUCCESS", TILL_NOTICE_UNKNOWN_NUMBER);
  g_autoptr (json_t) object = object_of (stray);
  expect_text (object, "request_no", "NOBODYS000000007");
  g_autoptr (TillSaid) other = write_as (world, &till_practice_tongue, TILL_ERRAND_REFUND,
                                         "SUCCESS", TILL_NOTICE_OTHER_PROVIDER);
  g_autoptr (TillForm) form = form_of (other);
  expect_field (form, "notify_type", "trade_status_sync");
  /* Nothing is booked under it. */
  TillDueNotice due = { .event_no = (char *)"N1",
                        .tongue = (char *)"sandbox",
                        .kind = TILL_ERRAND_REFUND,
                        .request_no = (char *)"NEVER",
                        .status = (char *)"SUCCESS" };
  g_assert_null (till_notice_write (&world->speech, &due));
}

/* The first sendings only, so that a right one follows. */
static void
test_forged_at_first (void)
{
  g_autoptr (World) world = world_new ("shengpay", NULL);
  for (int tried = 1; tried <= 3; tried++)
    {
      TillDueNotice due = { .event_no = (char *)"N1",
                            .tongue = (char *)"shengpay",
                            .kind = TILL_ERRAND_PAY,
                            .request_no = (char *)PAYMENT,
                            .status = (char *)"SUCCESS",
                            .fault = TILL_NOTICE_BAD_SIGNATURE,
                            .value = 2,
                            .tried = tried };
      g_autoptr (TillSaid) said = till_notice_write (&world->speech, &due);
      g_autoptr (json_t) object = object_of (said);
      g_autofree char *text = g_strdup_printf (
          "mchId=11548088&nonceStr=%s&outTradeNo=" PAYMENT
          "&signType=RSA&status=PAY_SUCCESS&totalFee=5000&transactionId=%s",
          till_json_text (object, "nonceStr"), till_json_text (object, "transactionId"));
      gboolean good = verifies (our_public, EVP_sha1 (), text, till_json_text (object, "sign"));
      g_assert_cmpint (good, ==, tried == 3);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  notice_world_open ();
  g_test_add_func ("/notice-manners/practice", test_practice);
  g_test_add_func ("/notice-manners/wechat", test_wechat);
  g_test_add_func ("/notice-manners/stripe", test_stripe);
  g_test_add_func ("/notice-manners/lakala", test_lakala);
  g_test_add_func ("/notice-manners/shengpay", test_shengpay);
  g_test_add_func ("/notice-manners/faults", test_faults);
  g_test_add_func ("/notice-manners/forged-at-first", test_forged_at_first);
  int result = g_test_run ();
  notice_world_close ();
  return result;
}
