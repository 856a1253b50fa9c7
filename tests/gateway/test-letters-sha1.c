/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices of the providers that sign with SHA-1: UMPay in a form, whose yes is signed too, and
 * Shengpay in JSON. Each row names what is different from a good letter; first all that is not
 * believed. */
#include "devices/gateway/form.h"
#include "devices/gateway/meta-page.h"
#include "tests/gateway/letter-form.h"

/* --- UMPay --- */

static TillAccount umpay;

static const char *const umpay_usual[]
    = { "amt_type=RMB",      "charset=UTF-8",     "error_code=",
        "mer_date=20261122", "mer_id=60000001",   "order_id=" ORIGINAL,
        "refund_amt=1250",   "refund_no=" NUMBER, "refund_state=REFUND_SUCCESS",
        "sign_type=RSA",     "version=4.0",       NULL };

#define PAYMENT                                                                                    \
  .drop = "refund_no", .set = "service=pay_result_notify", .and = "trade_state=TRADE_SUCCESS"

static const Row umpay_rows[] = {
  { "no-signature", .drop = "sign" },
  { "strange-key", .strange = TRUE },
  { "one-byte-changed", .change = "1250" },
  { "field-added", .more = "&goods_id=1" },
  { "field-twice", .more = "&refund_no=0" },
  { "signature-twice", .more = "&sign=x" },
  { "other-merchant", .set = "mer_id=60000002" },
  { "no-merchant", .drop = "mer_id" },
  { "other-currency", .set = "amt_type=USD" },
  { "amount-in-yuan", .set = "refund_amt=12.50" },
  { "negative-amount", .set = "amount=-1" },
  { "number-with-blank", .set = "refund_no=a b" },
  { "number-in-chinese", .set = "refund_no=编号" },
  { "long-number", .set = "refund_no=" LONG_NUMBER },
  { "no-number", .drop = "order_id", .set = "refund_no=" },
  { "contract", { "" }, .drop = "refund_no", .set = "service=bind_agreement_notify_shortcut" },
  { "refund", { NUMBER, FALSE, NULL, "REFUND_SUCCESS", 1250, "CNY" } },
  { "refund-that-failed",
    { NUMBER, FALSE, NULL, "REFUND_FAIL", 1250, "CNY" },
    .set = "refund_state=REFUND_FAIL",
    .and = "error_code=00200014" },
  { "payment", { ORIGINAL, TRUE, NULL, "TRADE_SUCCESS" }, PAYMENT },
  { "refund-by-its-other-name",
    { NUMBER, FALSE, NULL, "REFUND_SUCCESS", 7, "CNY" },
    .drop = "refund_amt",
    .set = "refund_amount=7" },
  { "refund-without-currency",
    { NUMBER, FALSE, NULL, "REFUND_SUCCESS", 1250 },
    .drop = "amt_type" },
  { "payment-with-amount",
    { ORIGINAL, TRUE, NULL, "", 5000, "CNY" },
    .drop = "refund_no",
    .set = "amount=5000" },
  { "payment-without-service", { ORIGINAL, TRUE, NULL, "" }, .drop = "refund_no" },
};

static TillLetter *
umpay_letter (const Row *row)
{
  g_autoptr (GPtrArray) fields = fields_of (row, umpay_usual);
  g_autofree char *text = joined (fields, "sign", "sign_type", FALSE);
  g_autofree char *signature = letter_sign (row->strange ? stranger : their_key, EVP_sha1 (), text);
  g_autofree char *sign = g_strconcat ("sign=", signature, NULL);
  return sent (fields, row, sign);
}

static void
test_umpay (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (TillLetter) letter = umpay_letter (row);
  letter_check (&umpay, letter, &row->expected);
}

/* What is in the one META tag of a yes, as fields, once it is seen to be signed with our key. */
static TillForm *
read_yes (GBytes *page)
{
  g_autofree char *content = till_meta_page_content (page, "MobilePayPlatform");
  g_assert_nonnull (content);
  g_test_message ("%s", content);
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (content, "&", -1);
  for (gsize i = 0; parts[i]; i++)
    g_ptr_array_add (fields, g_strdup (parts[i]));
  g_ptr_array_sort (fields, by_text);
  g_autofree char *text = joined (fields, "sign", "sign_type", FALSE);
  g_autofree char *ours = letter_sign (their_key, EVP_sha1 (), text);
  g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));
  TillForm *form = till_form_read_plain (bytes, NULL);
  g_assert_nonnull (form);
  g_assert_cmpstr (till_form_get (form, "sign"), ==, ours);
  return form;
}

static void
check_yes (const Row *row, const char *order, const char *date)
{
  const TillNoticeCodec *notices = till_codec_find ("umpay")->notice;
  g_autoptr (TillLetter) letter = umpay_letter (row);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = notices->sign_yes (letter, &umpay, &error);
  g_assert_no_error (error);
  g_autoptr (TillForm) yes = read_yes (page);
  g_assert_cmpstr (till_form_get (yes, "mer_id"), ==, "60000001");
  g_assert_cmpstr (till_form_get (yes, "sign_type"), ==, "RSA");
  g_assert_cmpstr (till_form_get (yes, "version"), ==, "4.0");
  g_assert_cmpstr (till_form_get (yes, "ret_code"), ==, "0000");
  g_assert_cmpstr (till_form_get (yes, "ret_msg"), ==, "success");
  g_assert_cmpstr (till_form_get (yes, "order_id"), ==, order);
  g_assert_cmpstr (till_form_get (yes, "mer_date"), ==, date);
}

/* To a payment's notice it repeats order and day, to a refund's not; and it is signed for nobody
 * whose letter is not believed. */
static void
test_umpay_yes (void)
{
  const Row refund = { "" }, payment = { "", PAYMENT }, forged = { "", .strange = TRUE };
  const Row odd = { "", .drop = "refund_no", .set = "order_id=a\"><b>" };
  const TillNoticeCodec *notices = till_codec_find ("umpay")->notice;
  const Row *none[] = { &forged, &odd };
  check_yes (&refund, NULL, NULL);
  check_yes (&payment, ORIGINAL, "20261122");
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (TillLetter) letter = umpay_letter (none[i]);
      g_autoptr (GError) error = NULL;
      g_assert_null (notices->sign_yes (letter, &umpay, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

/* --- Shengpay: a value that begins with "#" is no text --- */

static TillAccount shengpay;

static const char *const shengpay_usual[]
    = { "mchId=11548088",       "nonceStr=abc",    "outRefundNo=" NUMBER,
        "outTradeNo=" ORIGINAL, "refundFee=#1250", "refundId=R1",
        "signType=RSA",         "status=SUCCESS",  "totalFee=5000",
        "transactionId=T1",     "attach=",         NULL };

static const Row shengpay_rows[] = {
  { "no-signature", .drop = "sign" },
  { "strange-key", .strange = TRUE },
  { "one-byte-changed", .change = "1250" },
  { "field-added", .more = ",\"more\":\"1\"" },
  { "field-twice", .more = ",\"status\":\"SUCCESS\"" },
  { "field-with-members", .more = ",\"refundFee\":{}", .drop = "refundFee" },
  { "field-that-nobody-signs", .more = ",\"more\":true" },
  { "other-merchant", .set = "mchId=11548089" },
  { "no-merchant", .drop = "mchId" },
  { "other-currency", .set = "currency=USD" },
  { "amount-in-yuan", .set = "refundFee=12.50" },
  { "amount-with-point", .set = "refundFee=#12.5" },
  { "negative-amount", .set = "totalFee=#-1" },
  { "no-number", .drop = "outTradeNo", .set = "outRefundNo=" },
  { "number-is-a-number", .set = "outRefundNo=#17" },
  { "number-with-blank", .set = "outRefundNo=a b" },
  { "number-in-chinese", .set = "outRefundNo=编号" },
  { "long-number", .set = "outRefundNo=" LONG_NUMBER },
  { "refund", { NUMBER, FALSE, NULL, "SUCCESS", 1250 } },
  { "refund-without-words", { NUMBER, FALSE, NULL, "", 1250 }, .drop = "status" },
  { "payment", { ORIGINAL, TRUE, NULL, "SUCCESS", 5000 }, .drop = "outRefundNo" },
  { "refund-in-yuan", { NUMBER, FALSE, NULL, "SUCCESS", 1250, "CNY" }, .set = "currency=CNY" },
  { "other-fields-with-members",
    { NUMBER, FALSE, NULL, "SUCCESS", 1250 },
    .more = ",\"extra\":{\"a\":1}" },
};

static TillLetter *
shengpay_letter (const char *const *usual, const Row *row)
{
  g_autoptr (GPtrArray) fields = fields_of (row, usual);
  g_autofree char *marked = joined (fields, "sign", NULL, FALSE);
  g_autoptr (GString) text = g_string_new (marked);
  g_string_replace (text, "=#", "=", 0);
  g_autofree char *sign = letter_sign (row->strange ? stranger : their_key, EVP_sha1 (), text->str);
  g_autoptr (GString) body = g_string_new ("{");
  for (guint i = 0; i < fields->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (fields, i), "=", 2);
      gboolean raw = *parts[1] == '#';
      g_string_append_printf (body, raw ? "%s\"%s\":%s" : "%s\"%s\":\"%s\"", i ? "," : "", parts[0],
                              raw ? parts[1] + 1 : parts[1]);
    }
  if (!is_of ("sign", row->drop))
    g_string_append_printf (body, ",\"sign\":\"%s\"", sign);
  g_string_append_printf (body, "%s}", OR (row->more, ""));
  if (row->change)
    *strstr (body->str, row->change) = '9';
  return letter_new (body->str);
}

static void
test_shengpay (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (TillLetter) letter = shengpay_letter (shengpay_usual, row);
  letter_check (&shengpay, letter, &row->expected);
}

static void
test_shengpay_others (void)
{
  static const char *const card[] = { "mchId=11548088", "cardStatus=BOUND", NULL };
  static const char *const next[] = { "mchId=11548088", "outTradeNo=" NUMBER, NULL };
  const Row plain = { "" }, strange = { "", .strange = TRUE };
  const LetterExpected aside = { "" }, believed = { NUMBER, TRUE, NULL, "" }, refused = { 0 };
  g_autoptr (TillLetter) news = shengpay_letter (card, &plain);
  g_autoptr (TillLetter) signed_by_next = shengpay_letter (next, &strange);
  letter_check (&shengpay, news, &aside);
  letter_check (&shengpay, signed_by_next, &refused);
  shengpay.next_provider_key = letter_load ("other.pem", till_key_load_public);
  letter_check (&shengpay, signed_by_next, &believed);
  g_clear_pointer (&shengpay.next_provider_key, till_key_free);
}

static void
make_accounts (void)
{
  umpay = (TillAccount){ .provider = (char *)"umpay",
                         .merchant_no = (char *)"60000001",
                         .our_key = letter_load ("key.pem", till_key_load_private),
                         .provider_key = letter_load ("public.pem", till_key_load_public) };
  shengpay = (TillAccount){ .provider = (char *)"shengpay",
                            .merchant_no = (char *)"11548088",
                            .provider_key = letter_load ("public.pem", till_key_load_public) };
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  letter_keys_open ();
  make_accounts ();
  ADD (umpay);
  g_test_add_func ("/letters/umpay/yes", test_umpay_yes);
  ADD (shengpay);
  g_test_add_func ("/letters/shengpay/others", test_shengpay_others);
  int result = g_test_run ();
  till_key_free (umpay.our_key);
  till_key_free (umpay.provider_key);
  till_key_free (shengpay.provider_key);
  letter_keys_close ();
  vectors_remove ();
  return result;
}
