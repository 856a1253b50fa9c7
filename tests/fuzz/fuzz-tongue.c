/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both halves of a provider's language. First byte: the errand (low three bits; 7 is the settlement
 * file, whose second step has 0x80 in its status), the provider (the
 * next three), to the provider's half instead of the till's (0x40), signed by the other side
 * (0x80); second: the status of an answer; the rest: what is signed of it. Without a signature
 * nothing may be believed and nothing booked; with it, money is only done to our amount. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/form.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define NOW (INT64_C (1795320000) * TILL_SECOND)

/* For the life of the process. */
static TillKey *our_key, *our_public, *their_key, *their_public;

static void
make_keys (void)
{
  static const char *const names[] = { "a.pem", "a-pub.pem", "b.pem", "b-pub.pem" };
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  char *paths[4];
  for (int i = 0; i < 4; i++)
    paths[i] = g_build_filename (folder, names[i], NULL);
  g_assert_true (till_key_generate (paths[0], paths[1], NULL)
                 && till_key_generate (paths[2], paths[3], NULL));
  our_key = till_key_load_private (paths[0], NULL);
  our_public = till_key_load_public (paths[1], NULL);
  their_key = till_key_load_private (paths[2], NULL);
  their_public = till_key_load_public (paths[3], NULL);
  g_assert_true (our_key && our_public && their_key && their_public);
  for (int i = 0; i < 4; i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (folder);
}

/* --- Alipay: the text is the inner object of an answer, the biz_content of a request --- */

static char *
alipay_answer (TillErrandKind kind, const char *text, const TillKey *key)
{
  static const char *const names[]
      = { "alipay_trade_pay", "alipay_trade_query", "alipay_trade_cancel", "alipay_trade_refund",
          "alipay_trade_fastpay_refund_query" };
  g_autofree char *signature = key ? till_key_sign (key, text, strlen (text)) : g_strdup ("AAAA");
  return g_strdup_printf ("{\"%s_response\":%s,\"sign\":\"%s\"}", names[kind], text, signature);
}

static char *
alipay_file_answer (const char *text, const TillKey *key)
{
  g_autofree char *signature = key ? till_key_sign (key, text, strlen (text)) : g_strdup ("AAAA");
  return g_strdup_printf (
      "{\"alipay_data_dataservice_bill_downloadurl_query_response\":%s,\"sign\":\"%s\"}", text,
      signature);
}

static void
alipay_request (TillForm *form, TillErrandKind kind, const char *text)
{
  static const char *const methods[]
      = { "pay", "query", "cancel", "refund", "fastpay.refund.query" };
  g_autofree char *method = g_strconcat ("alipay.trade.", methods[kind], NULL);
  till_form_add (form, "app_id", till_tongue_fact (&till_alipay_tongue, "app_id"));
  till_form_add (form, "method", method);
  till_form_add (form, "charset", "utf-8");
  till_form_add (form, "sign_type", "RSA2");
  till_form_add (form, "timestamp", "2026-11-22 12:00:00");
  till_form_add (form, "version", "1.0");
  till_form_add (form, "biz_content", text);
}

static void
alipay_sign (TillForm *form, const TillKey *key)
{
  g_autofree char *text = till_form_sorted (form, NULL, FALSE);
  g_autofree char *signature = till_key_sign (key, text, strlen (text));
  till_form_add (form, "sign", signature);
}

/* --- UMPay: the text is the content of an answer's tag, the fields of a request --- */

static char *
umpay_signature (const TillForm *form, const TillKey *key)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  return till_key_sign_with (key, TILL_HASH_SHA1, text, strlen (text));
}

static char *
umpay_answer (TillErrandKind kind, const char *text, const TillKey *key)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (TillForm) form = till_form_read_plain (bytes, NULL);
  g_autofree char *signature = form && key ? umpay_signature (form, key) : g_strdup ("AAAA");
  return g_strdup_printf ("<META NAME=\"MobilePayPlatform\" CONTENT=\"%s&sign=%s\">", text,
                          signature);
}

static void
umpay_request (TillForm *form, TillErrandKind kind, const char *text)
{
  static const char *const services[]
      = { "passive_scancode_pay", "query_order", "mer_cancel", "mer_refund", "mer_refund_query" };
  till_form_add (form, "service", services[kind]);
  till_form_add (form, "charset", "UTF-8");
  till_form_add (form, "mer_id", till_tongue_fact (&till_umpay_tongue, "merchant_no"));
  till_form_add (form, "sign_type", "RSA");
  till_form_add (form, "res_format", "HTML");
  till_form_add (form, "version", "4.0");
  till_form_add (form, "amt_type", "RMB");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (TillForm) fields = till_form_decode (bytes, NULL);
  for (guint i = 0; fields && i < till_form_size (fields); i++)
    {
      const char *value;
      const char *name = till_form_nth (fields, i, &value);
      if (!till_form_get (form, name) && strcmp (name, "sign") != 0
          && till_form_size (form) < TILL_FORM_FIELDS_MAX - 1)
        till_form_add (form, name, value);
    }
}

static void
umpay_sign (TillForm *form, const TillKey *key)
{
  g_autofree char *signature = umpay_signature (form, key);
  till_form_add (form, "sign", signature);
}

static const struct
{
  const TillTongue *tongue;
  const char *path;
  gboolean signs_files;
  char *(*answer) (TillErrandKind kind, const char *text, const TillKey *key);
  void (*request) (TillForm *form, TillErrandKind kind, const char *text);
  void (*sign) (TillForm *form, const TillKey *key);
} speakers[] = {
  { &till_alipay_tongue, "/gateway.do", TRUE, alipay_answer, alipay_request, alipay_sign },
  { &till_umpay_tongue, "/spay/pay/payservice.do", FALSE, umpay_answer, umpay_request, umpay_sign },
};

/* --- the till's half --- */

static TillErrand
errand_of (TillErrandKind kind, const char *provider)
{
  gboolean backward = till_errand_kind_is_backward (kind);
  TillErrand errand = { .kind = kind,
                        .provider = (char *)provider,
                        .request_no = (char *)(backward ? NUMBER : ORIGINAL),
                        .amount = backward ? 1250 : 5000,
                        .subject = (char *)"9101",
                        .requested_at = NOW,
                        .asked_at = NOW };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (backward)
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_requested_at = NOW;
    }
  return errand;
}

static void
check_outcome (const TillOutcome *outcome, const TillErrand *errand, gboolean is_signed)
{
  g_assert_nonnull (outcome);
  if (!is_signed)
    g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT); /* it was answered */
  if (outcome->kind == TILL_OUTCOME_DONE)
    g_assert_true ((outcome->amount == errand->amount || outcome->amount == 0)
                   && outcome->failure == TILL_CLASS_NONE);
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
}

static TillAccount
account_of (const TillTongue *tongue)
{
  return (TillAccount){ .provider = (char *)tongue->name,
                        .merchant_no = (char *)till_tongue_fact (tongue, "merchant_no"),
                        .base_url = (char *)"https://127.0.0.1",
                        .our_key = our_key,
                        .provider_key = their_public };
}

static void
file_to_the_till (gsize speaker, gboolean is_signed, gboolean follows, int status, const char *text)
{
  const TillTongue *tongue = speakers[speaker].tongue;
  TillAccount account = account_of (tongue);
  TillFileAsk ask = fuzz_file_ask (NOW, follows);
  g_autofree char *body
      = follows ? g_strdup (text) : alipay_file_answer (text, is_signed ? their_key : NULL);
  g_autoptr (GBytes) bytes = speakers[speaker].signs_files ? g_bytes_new (body, strlen (body))
                                                           : g_bytes_new (text, strlen (text));
  g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (reply, bytes);
  fuzz_check_file (till_codec_find (tongue->name), &account, &ask, reply,
                   follows || is_signed || !speakers[speaker].signs_files);
}

static void
to_the_till (gsize speaker, TillErrandKind kind, gboolean is_signed, int status, const char *text)
{
  const TillTongue *tongue = speakers[speaker].tongue;
  const TillCodec *codec = till_codec_find (tongue->name);
  TillAccount account = account_of (tongue);
  TillErrand errand = errand_of (kind, tongue->name);
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  g_autofree char *body = speakers[speaker].answer (kind, text, is_signed ? their_key : NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  till_reply_set_body (answer, bytes);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  check_outcome (outcome, &errand, is_signed);

  /* And as it is, without a frame around it. */
  g_autoptr (GBytes) bare = g_bytes_new (text, strlen (text));
  till_reply_set_body (answer, bare);
  g_autoptr (TillOutcome) other = codec->interpret (&errand, &account, answer);
  check_outcome (other, &errand, FALSE);
}

/* --- the provider's half --- */

static void
hear (const TillSpeech *speech, const char *path, GBytes *body)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  TillHeard heard = { .method = "POST", .path = path, .headers = headers, .body = body };
  g_autoptr (TillSaid) said = till_speech_answer (speech, &heard);
  g_assert_nonnull (said);
}

static void
to_the_provider (gsize speaker, TillErrandKind kind, gboolean is_signed, const char *text)
{
  g_autoptr (TillClock) clock = till_clock_new_fake (NOW, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech
      = { .provider = provider, .clock = clock, .our_key = their_key, .merchant_key = our_public };
  g_autoptr (TillForm) form = till_form_new ();
  speakers[speaker].request (form, kind, text);
  if (is_signed)
    speakers[speaker].sign (form, our_key);
  g_autoptr (GBytes) body = till_form_encode (form);
  hear (&speech, speakers[speaker].path, body);
  if (!is_signed || kind != TILL_ERRAND_PAY)
    g_assert_cmpuint (till_provider_n_effects (provider), ==, 0);

  g_autoptr (GBytes) bare = g_bytes_new (text, strlen (text));
  guint before = till_provider_n_effects (provider);
  hear (&speech, speakers[speaker].path, bare);
  g_assert_cmpuint (till_provider_n_effects (provider), ==, before);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 400, 401, 429, 500, 503, 0, 302 };
  if (size < 2)
    return 0;
  if (!our_key)
    make_keys ();
  TillErrandKind kind = (TillErrandKind)((data[0] & 7) % 5);
  gsize speaker = ((data[0] >> 3) & 7) % G_N_ELEMENTS (speakers);
  gboolean is_signed = (data[0] & 0x80) != 0;
  g_autofree char *text = g_strndup ((const char *)data + 2, size - 2);
  int status = statuses[data[1] % G_N_ELEMENTS (statuses)];
  if ((data[0] & 7) == FUZZ_FILE_ERRAND)
    file_to_the_till (speaker, is_signed, (data[1] & 0x80) != 0, status, text);
  else if (data[0] & 0x40)
    to_the_provider (speaker, kind, is_signed && g_utf8_validate (text, -1, NULL), text);
  else
    to_the_till (speaker, kind, is_signed, status, text);
  return 0;
}
