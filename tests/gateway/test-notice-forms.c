/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notices that are forms, opened with OpenSSL alone: Alipay, UnionPay, UMPay. */
#include "tests/gateway/notice-world.h"

static void
test_alipay (void)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autoptr (World) world = world_new ("alipay", NULL);
  g_autoptr (TillSaid) said = write_refund (world, &till_alipay_tongue);
  g_autoptr (TillForm) form = form_of (said);
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  g_assert_true (verifies (our_public, EVP_sha256 (), text, till_form_get (form, "sign")));
  expect_field (form, "sign_type", "RSA2");
  expect_field (form, "notify_type", "trade_status_sync");
  expect_field (form, "notify_id", "N1795320000000000000007");
  expect_field (form, "notify_time", "2026-11-22 12:00:00");
  expect_field (form, "app_id", till_tongue_fact (&till_alipay_tongue, "app_id"));
  expect_field (form, "seller_id", till_tongue_fact (&till_alipay_tongue, "merchant_no"));
  expect_field (form, "out_trade_no", PAYMENT);
  expect_field (form, "out_biz_no", REFUND);
  expect_field (form, "trade_status", "TRADE_SUCCESS");
  expect_field (form, "total_amount", "50.00");
  expect_field (form, "refund_fee", "12.34");
  expect_field (form, "gmt_refund", "2026-11-22 12:00:00");
  expect_field (form, "gmt_close", NULL);
  /* The rest goes back, too. */
  till_clock_advance (world->clock, TILL_MINUTE);
  book (world, "alipay", TILL_ERRAND_REFUND, "0REFUNDNUMBERXX2", NULL, 3766);
  g_autoptr (TillSaid) whole = write_refund (world, &till_alipay_tongue);
  g_autoptr (TillForm) closed = form_of (whole);
  expect_field (closed, "trade_status", "TRADE_CLOSED");
  expect_field (closed, "refund_fee", "50.00");
  g_autoptr (TillSaid) paid
      = write_as (world, &till_alipay_tongue, TILL_ERRAND_PAY, "SUCCESS", TILL_NOTICE_OK);
  g_autoptr (TillForm) payment = form_of (paid);
  expect_field (payment, "out_trade_no", PAYMENT);
  expect_field (payment, "out_biz_no", NULL);
  expect_field (payment, "refund_fee", NULL);
  expect_field (payment, "trade_status", "TRADE_SUCCESS");
  g_assert_null (
      write_as (world, &till_alipay_tongue, TILL_ERRAND_REFUND, "CLOSED", TILL_NOTICE_OK));
  g_assert_false (is_yes (world, &till_alipay_tongue, 200, ""));
  g_assert_false (is_yes (world, &till_alipay_tongue, 200, "success\n"));
  g_assert_false (is_yes (world, &till_alipay_tongue, 200, "SUCCESS"));
  g_assert_false (is_yes (world, &till_alipay_tongue, 500, "success"));
  g_assert_true (is_yes (world, &till_alipay_tongue, 200, "success"));
}

static void
test_unionpay (void)
{
  static const char *const but[] = { "signature", NULL };
  g_autoptr (World) world = world_new ("unionpay", "20261122120000");
  g_autoptr (TillSaid) said = write_refund (world, &till_unionpay_tongue);
  g_autoptr (TillForm) form = form_of (said);
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  /* The key of the certificate that travels along, not the one of other answers. */
  g_assert_true (
      verifies (signer_public, EVP_sha256 (), digest, till_form_get (form, "signature")));
  expect_field (form, "signPubKeyCert",
                "-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----");
  expect_field (form, "version", "5.1.0");
  expect_field (form, "merId", "700000000000001");
  expect_field (form, "txnType", "04");
  expect_field (form, "orderId", REFUND);
  expect_field (form, "txnTime", "20261122120000");
  expect_field (form, "txnAmt", "1234");
  expect_field (form, "currencyCode", "156");
  expect_field (form, "respCode", "00");
  expect_field (form, "settleDate", "1122");
  g_autoptr (TillSaid) failed
      = write_as (world, &till_unionpay_tongue, TILL_ERRAND_PAY, "ABNORMAL", TILL_NOTICE_OK);
  g_autoptr (TillForm) payment = form_of (failed);
  expect_field (payment, "txnType", "01");
  expect_field (payment, "respCode", "73");
  expect_field (payment, "origQryId", NULL);
  g_assert_false (is_yes (world, &till_unionpay_tongue, 204, ""));
  g_assert_false (is_yes (world, &till_unionpay_tongue, 404, "ok"));
  g_assert_true (is_yes (world, &till_unionpay_tongue, 200, "ok"));
}

/* The page with which a merchant says yes. */
static char *
write_page (const TillKey *key, const char *code, const char *merchant)
{
  g_autofree char *text
      = g_strdup_printf ("mer_id=%s&ret_code=%s&ret_msg=success&version=4.0", merchant, code);
  g_autofree char *sign = till_key_sign_with (key, TILL_HASH_SHA1, text, strlen (text));
  return g_strdup_printf ("<html><head><META NAME=\"MobilePayPlatform\" CONTENT=\"%s&sign_type=RSA"
                          "&sign=%s\" /></head></html>",
                          text, sign);
}

static void
test_umpay (void)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autoptr (World) world = world_new ("umpay", "20261122");
  g_autoptr (TillSaid) said = write_refund (world, &till_umpay_tongue);
  g_autoptr (TillForm) form = form_of (said);
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  g_assert_true (verifies (our_public, EVP_sha1 (), text, till_form_get (form, "sign")));
  expect_field (form, "mer_id", "60000100");
  expect_field (form, "refund_no", REFUND);
  expect_field (form, "order_id", PAYMENT);
  expect_field (form, "mer_date", "20261122");
  expect_field (form, "refund_amt", "1234");
  expect_field (form, "refund_state", "REFUND_SUCCESS");
  expect_field (form, "sign_type", "RSA");
  g_autoptr (TillSaid) paid
      = write_as (world, &till_umpay_tongue, TILL_ERRAND_PAY, "SUCCESS", TILL_NOTICE_OK);
  g_autoptr (TillForm) payment = form_of (paid);
  expect_field (payment, "order_id", PAYMENT);
  expect_field (payment, "amount", "5000");
  expect_field (payment, "trade_state", "TRADE_SUCCESS");
  g_autofree char *yes = write_page (merchant_private, "0000", "60000100");
  g_autofree char *no = write_page (merchant_private, "1111", "60000100");
  g_autofree char *others = write_page (merchant_private, "0000", "60000101");
  g_autofree char *forged = write_page (our_key, "0000", "60000100");
  g_assert_false (is_yes (world, &till_umpay_tongue, 200, ""));
  g_assert_false (is_yes (world, &till_umpay_tongue, 200, "0000"));
  g_assert_false (is_yes (world, &till_umpay_tongue, 200, no));
  g_assert_false (is_yes (world, &till_umpay_tongue, 200, others));
  g_assert_false (is_yes (world, &till_umpay_tongue, 200, forged));
  g_assert_false (is_yes (world, &till_umpay_tongue, 500, yes));
  g_assert_true (is_yes (world, &till_umpay_tongue, 200, yes));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  notice_world_open ();
  g_test_add_func ("/notice-forms/alipay", test_alipay);
  g_test_add_func ("/notice-forms/unionpay", test_unionpay);
  g_test_add_func ("/notice-forms/umpay", test_umpay);
  int result = g_test_run ();
  notice_world_close ();
  return result;
}
