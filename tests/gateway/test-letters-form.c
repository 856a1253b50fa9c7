/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices of the providers that send a form with the signature in it: Alipay, UnionPay.
 * Each row names what is different from a good letter; first all that is not believed. */
#include "tests/gateway/letter-form.h"

/* --- Alipay --- */

static TillAccount alipay;

static const char *const alipay_usual[] = { "notify_time=2026-11-22 12:00:00",
                                            "notify_type=trade_status_sync",
                                            "notify_id=2026112200222120000071111111111111",
                                            "charset=utf-8",
                                            "version=1.0",
                                            "sign_type=RSA2",
                                            "app_id=2021000000000001",
                                            "auth_app_id=2021000000000001",
                                            "trade_no=2026112222001471950503864977",
                                            "out_trade_no=" ORIGINAL,
                                            "out_biz_no=" NUMBER,
                                            "seller_id=2088000000000001",
                                            "trade_status=TRADE_SUCCESS",
                                            "total_amount=50.00",
                                            "refund_fee=12.50",
                                            "subject=果汁 & more + sugar",
                                            "body=",
                                            "gmt_refund=2026-11-22 11:59:59.123",
                                            NULL };

#define ALIPAY_ID "2026112200222120000071111111111111"

static const Row alipay_rows[] = {
  { "no-signature", .drop = "sign" },
  { "strange-key", .strange = TRUE },
  { "one-byte-changed", .change = "12.50" },
  { "field-added", .more = "&gmt_close=2026" },
  { "signature-twice", .more = "&sign=x" },
  { "number-twice", .more = "&out_biz_no=0" },
  { "number-twice-the-same", .more = "&out_biz_no=" NUMBER },
  { "no-sign-type", .drop = "sign_type" },
  { "old-sign-type", .set = "sign_type=RSA" },
  { "no-time", .drop = "notify_time" },
  { "too-old", .set = "notify_time=2026-11-22 11:54:59" },
  { "from-tomorrow", .set = "notify_time=2026-11-23 12:00:00" },
  { "time-that-is-none", .set = "notify_time=2026-13-22 12:00:00" },
  { "time-with-more", .set = "notify_time=2026-11-22 12:00:00.1" },
  { "time-of-another-form", .set = "notify_time=2026-11-22T12:00:00" },
  { "no-type", .drop = "notify_type" },
  { "no-id", .drop = "notify_id" },
  { "id-with-blank", .set = "notify_id=a b" },
  { "no-app", .drop = "app_id" },
  { "other-app", .set = "app_id=2021000000000002" },
  { "other-seller", .set = "seller_id=2088000000000002" },
  { "amount-in-fen", .set = "refund_fee=12500000000000000000" },
  { "amount-with-three-decimals", .set = "refund_fee=12.505" },
  { "negative-amount", .set = "refund_fee=-12.50" },
  { "amount-in-words", .set = "total_amount=fifty" },
  { "other-currency", .set = "trans_currency=USD" },
  { "no-number", .drop = "out_trade_no", .set = "out_biz_no=" },
  { "number-in-chinese", .set = "out_biz_no=编号" },
  { "number-with-blank", .set = "out_biz_no=a b" },
  { "long-number", .set = "out_biz_no=" LONG_NUMBER },
  { "news", { "" }, .set = "notify_type=something_else" },
  { "refund", { NUMBER, FALSE, ALIPAY_ID, "TRADE_SUCCESS" } },
  { "just-young-enough",
    { NUMBER, FALSE, ALIPAY_ID, "TRADE_SUCCESS" },
    .set = "notify_time=2026-11-22 11:55:00" },
  { "payment",
    { ORIGINAL, TRUE, ALIPAY_ID, "TRADE_FINISHED", 5000 },
    .drop = "out_biz_no",
    .set = "trade_status=TRADE_FINISHED" },
  { "payment-that-names-yuan",
    { ORIGINAL, TRUE, ALIPAY_ID, "TRADE_SUCCESS", 5000, "CNY" },
    .set = "out_biz_no=",
    .and = "trans_currency=CNY" },
  { "payment-with-empty-refund",
    { ORIGINAL, TRUE, ALIPAY_ID, "TRADE_SUCCESS", 5000 },
    .set = "out_biz_no=" },
  /* SHA-256 of the 65 characters, by sha256sum. */
  { "long-id",
    { NUMBER, FALSE, "71fbbf9bcb342cdc7768b7d494089e947ac411548fd9fd6f67bb7a207928027d",
      "TRADE_SUCCESS" },
    .set = "notify_id=" LONG_NUMBER },
};

static void
test_alipay (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GPtrArray) fields = fields_of (row, alipay_usual);
  g_autofree char *text = joined (fields, "sign", "sign_type", TRUE);
  g_autofree char *signature
      = letter_sign (row->strange ? stranger : their_key, EVP_sha256 (), text);
  g_autofree char *sign = g_strconcat ("sign=", signature, NULL);
  g_autoptr (TillLetter) letter = sent (fields, row, sign);
  letter_check (&alipay, letter, &row->expected);
}

static void
make_alipay (void)
{
  alipay = (TillAccount){ .provider = (char *)"alipay",
                          .merchant_no = (char *)"2088000000000001",
                          .provider_key = letter_load ("public.pem", till_key_load_public),
                          .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  g_hash_table_insert (alipay.facts, (gpointer) "app_id", (gpointer) "2021000000000001");
}

/* --- UnionPay: the certificate lies in the letter --- */

static TillAccount unionpay;

static const char *const unionpay_usual[] = { "accessType=0",
                                              "bizType=000000",
                                              "certId=44211112302665",
                                              "currencyCode=156",
                                              "encoding=UTF-8",
                                              "merId=777290058110048",
                                              "orderId=" NUMBER,
                                              "origQryId=201121120000000000001",
                                              "queryId=201122120000000000009",
                                              "respCode=00",
                                              "respMsg=成功[0000000]",
                                              "settleAmt=1250",
                                              "signMethod=01",
                                              "traceNo=",
                                              "txnAmt=1250",
                                              "txnSubType=00",
                                              "txnTime=20261122120000",
                                              "txnType=04",
                                              "version=5.1.0",
                                              NULL };

static const Row unionpay_rows[] = {
  { "no-signature", .drop = "signature" },
  { "no-certificate", .drop = "signPubKeyCert" },
  { "strange-key", .strange = TRUE },
  { "one-byte-changed", .change = NUMBER },
  { "field-added", .more = "&acqInsCode=1" },
  { "field-twice", .more = "&respCode=00" },
  { "signature-twice", .more = "&signature=x" },
  { "certificate-of-another-authority", .certificate = "foreign-signer.pem" },
  { "certificate-of-its-own", .certificate = "self-signer.pem" },
  { "certificate-not-for-signing", .certificate = "cipher.pem" },
  { "other-merchant", .set = "merId=777290058110049" },
  { "no-merchant", .drop = "merId" },
  { "no-kind", .drop = "txnType" },
  { "no-number", .drop = "orderId" },
  { "empty-number", .set = "orderId=" },
  { "number-in-chinese", .set = "orderId=编号" },
  { "long-number", .set = "orderId=" LONG_NUMBER },
  { "amount-in-yuan", .set = "txnAmt=12.50" },
  { "negative-amount", .set = "txnAmt=-1250" },
  { "amount-with-blank", .set = "txnAmt= 1250" },
  { "other-currency", .set = "currencyCode=840" },
  { "contract", { "" }, .set = "txnType=72" },
  { "answer-to-a-question", { "" }, .set = "txnType=00" },
  { "refund", { NUMBER, FALSE, NULL, "00", 1250, "CNY" } },
  { "refund-that-failed", { NUMBER, FALSE, NULL, "30", 1250, "CNY" }, .set = "respCode=30" },
  { "void", { NUMBER, FALSE, NULL, "00", 1250, "CNY" }, .set = "txnType=31" },
  { "payment",
    { NUMBER, TRUE, NULL, "A6", 1250, "CNY" },
    .set = "txnType=01",
    .and = "respCode=A6" },
  { "without-currency", { NUMBER, FALSE, NULL, "00", 1250 }, .drop = "currencyCode" },
  { "without-amount", { NUMBER, FALSE, NULL, "00" }, .drop = "txnAmt" },
  { "reversal", { NUMBER, TRUE, NULL, "00", 1250, "CNY" }, .set = "txnType=99" },
};

static void
test_unionpay (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *pem = vectors_text (OR (row->certificate, "signer.pem"));
  g_autofree char *cert = g_strconcat ("signPubKeyCert=", pem, NULL);
  g_autoptr (GPtrArray) fields = fields_of (row, unionpay_usual);
  if (!is_of (cert, row->drop))
    put (fields, cert);
  g_ptr_array_sort (fields, by_text);
  g_autofree char *text = joined (fields, "signature", NULL, TRUE);
  guchar digest[32];
  g_assert_true (EVP_Digest (text, strlen (text), digest, NULL, EVP_sha256 (), NULL));
  g_autofree char *hex = letter_hex (digest, sizeof digest);
  g_autofree char *signature
      = letter_sign (row->strange ? stranger : their_key, EVP_sha256 (), hex);
  g_autofree char *sign = g_strconcat ("signature=", signature, NULL);
  g_autoptr (TillLetter) letter = sent (fields, row, sign);
  letter_check (&unionpay, letter, &row->expected);
}

/* The certificate is looked at as of the day the letter came. */
static void
test_unionpay_certificate_ended (void)
{
  const Row good = { "", { 0 } };
  const Row now = { "", { NUMBER, FALSE, NULL, "00", 1250, "CNY" } };
  letter_arrives_s = INT64_C (2051222400); /* 2035 */
  test_unionpay (&good);
  letter_arrives_s = LETTER_AT;
  test_unionpay (&now);
}

static void
make_unionpay (void)
{
  g_autofree char *authorities = vectors_path ("authorities.pem");
  unionpay = (TillAccount){ .provider = (char *)"unionpay",
                            .merchant_no = (char *)"777290058110048",
                            .base_url = (char *)"https://gateway.95516.com",
                            .authorities = till_authorities_load (authorities, NULL) };
  g_assert_nonnull (unionpay.authorities);
}

static void
account_clear (TillAccount *account)
{
  g_clear_pointer (&account->provider_key, till_key_free);
  g_clear_pointer (&account->authorities, till_authorities_free);
  g_clear_pointer (&account->facts, g_hash_table_unref);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  letter_keys_open ();
  make_alipay ();
  make_unionpay ();
  ADD (alipay);
  ADD (unionpay);
  g_test_add_func ("/letters/unionpay/certificate-ended", test_unionpay_certificate_ended);
  int result = g_test_run ();
  account_clear (&alipay);
  account_clear (&unionpay);
  letter_keys_close ();
  vectors_remove ();
  return result;
}
