/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both halves of WeChat Pay. First byte: the errand (low three bits), signed or not (0x80), an
 * answer to the till or a request to the provider (0x40). Errand 7 is the bill, with 0x20 its
 * second step. Of an answer follow the status and the body; of a request a line with its path and
 * query, and the body. Unsigned, nothing may be believed and nothing done; signed, money is done to
 * our amount, and no more goes back than came.
 */
#include "app/sandbox/tongue.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW INT64_C (1795320000)
#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define KEY_ID "PUB_KEY_ID_01"
#define PAID 5000

/* All for the life of the process. */
static TillAccount account;
static TillKey *provider_key, *merchant_key;

static TillKey *
take_key (const char *folder, const char *name, TillKey *(*load) (const char *path, GError **error))
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  TillKey *key = load (path, NULL);
  g_assert_nonnull (key);
  g_unlink (path);
  return key;
}

static void
make_account (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  for (const char *name = "ab"; *name; name++)
    {
      g_autofree char *private = g_strdup_printf ("%s/%c", folder, *name);
      g_autofree char *public = g_strdup_printf ("%s/%c.pub", folder, *name);
      g_assert_true (till_key_generate (private, public, NULL));
    }
  account
      = (TillAccount){ .provider = (char *)"wechat",
                       .merchant_no = (char *)till_tongue_fact (&till_wechat_tongue, "merchant_no"),
                       .base_url = (char *)"https://127.0.0.1",
                       .ca_file = (char *)"/nowhere",
                       .our_key = take_key (folder, "a", till_key_load_private),
                       .provider_key = take_key (folder, "b.pub", till_key_load_public),
                       .provider_key_id = (char *)KEY_ID,
                       .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  for (const char *const *name = till_codec_find ("wechat")->facts; *name; name++)
    g_hash_table_insert (account.facts, (gpointer)*name,
                         (gpointer)till_tongue_fact (&till_wechat_tongue, *name));
  provider_key = take_key (folder, "b", till_key_load_private);
  merchant_key = take_key (folder, "a.pub", till_key_load_public);
  g_rmdir (folder);
}

static TillErrand
errand_of (uint8_t byte)
{
  TillErrand errand = { .kind = (TillErrandKind)(byte % 5),
                        .provider = (char *)"wechat",
                        .request_no = (char *)NUMBER,
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = NOW * G_USEC_PER_SEC,
                        .asked_at = NOW * G_USEC_PER_SEC };
  if (errand.kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"134567890123456789";
  if (till_errand_kind_is_backward (errand.kind))
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = PAID;
    }
  return errand;
}

static char *
sign (const TillKey *key, const char *head, const uint8_t *body, size_t size)
{
  g_autoptr (GString) text = g_string_new (head);
  g_string_append_len (text, (const char *)body, (gssize)size);
  g_string_append_c (text, '\n');
  return till_key_sign (key, text->str, text->len);
}

static void
fuzz_answer (uint8_t first, const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 400, 401, 404, 429, 500, 204, 202 };
  TillErrand errand = errand_of (first);
  g_autoptr (TillReply) answer
      = till_reply_new (TILL_FATE_ANSWERED, statuses[data[0] % G_N_ELEMENTS (statuses)], NULL);
  g_autoptr (GBytes) body = g_bytes_new (data + 1, size - 1);
  till_reply_set_body (answer, body);
  gboolean is_signed = (first & 0x80) != 0;
  if (is_signed)
    {
      g_autofree char *signature = sign (provider_key, "1795320001\nx\n", data + 1, size - 1);
      till_reply_add_field (answer, "Wechatpay-Timestamp", "1795320001");
      till_reply_add_field (answer, "Wechatpay-Nonce", "x");
      till_reply_add_field (answer, "Wechatpay-Serial", KEY_ID);
      till_reply_add_field (answer, "Wechatpay-Signature", signature);
    }
  const TillCodec *codec = till_codec_find ("wechat");
  if ((first & 7) == FUZZ_FILE_ERRAND)
    {
      TillFileAsk ask = fuzz_file_ask (NOW * G_USEC_PER_SEC, (first & 0x20) != 0);
      fuzz_check_file (codec, &account, &ask, answer, is_signed || ask.path);
      return;
    }
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  g_assert_nonnull (outcome);
  if (!is_signed)
    g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT);
  if (outcome->kind == TILL_OUTCOME_DONE)
    g_assert_true (outcome->failure == TILL_CLASS_NONE
                   && (outcome->amount == errand.amount || errand.kind == TILL_ERRAND_REVERSE));
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
  fuzz_assert_clean (outcome->detail, 200);
}

/* As till_wechat_codec signs. */
static char *
authorize (const char *method, const char *target, const uint8_t *body, size_t size)
{
  g_autofree char *head
      = g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT "\nx\n", method, target, NOW);
  g_autofree char *signature = sign (account.our_key, head, body, size);
  return g_strdup_printf (
      "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"x\",signature=\"%s\",timestamp=\""
      "%" G_GINT64_FORMAT "\",serial_no=\"%s\"",
      account.merchant_no, signature, NOW, till_tongue_fact (&till_wechat_tongue, "serial_no"));
}

static void
assert_no_more_back_than_came (TillProvider *provider, gboolean is_signed)
{
  TillMoney back = 0;
  guint n = till_provider_n_effects (provider);
  if (!is_signed)
    g_assert_cmpuint (n, ==, 1);
  for (guint i = 0; i < n; i++)
    {
      const TillRecord *record = till_provider_effect (provider, i);
      if (till_record_effect_kind (record) == TILL_ERRAND_REFUND)
        back += record->amount;
    }
  g_assert_cmpint (back, <=, PAID);
}

static void
fuzz_request (uint8_t first, const uint8_t *data, size_t size)
{
  const uint8_t *end = memchr (data, '\n', size);
  if (!end || memchr (data, '\0', (size_t)(end - data)))
    return;
  g_autofree char *target = g_strndup ((const char *)data, (gsize)(end - data));
  g_auto (GStrv) parts = g_strsplit (target, "?", 2);
  const uint8_t *rest = end + 1;
  size_t left = size - (size_t)(rest - data);
  const char *method = first & 1 ? "GET" : "POST";
  gboolean is_signed = (first & 0x80) != 0;
  g_autofree char *authorization
      = is_signed ? authorize (method, target, rest, left) : g_strndup ((const char *)rest, left);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (headers, (gpointer) "authorization", authorization);
  g_hash_table_insert (headers, (gpointer) "accept", (gpointer) "application/json");
  g_hash_table_insert (headers, (gpointer) "content-type", (gpointer) "application/json");
  g_hash_table_insert (headers, (gpointer) "user-agent", (gpointer) "fuzz");
  g_autoptr (GBytes) body = g_bytes_new (rest, left);
  TillHeard heard = { .method = method,
                      .path = parts[0] ? parts[0] : "",
                      .query = parts[0] ? parts[1] : NULL,
                      .headers = headers,
                      .body = body };
  g_autoptr (TillClock) clock = till_clock_new_fake (NOW * G_USEC_PER_SEC, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech = {
    .provider = provider, .clock = clock, .our_key = provider_key, .merchant_key = merchant_key
  };
  TillProviderAsk paid = { .kind = TILL_ERRAND_PAY,
                           .request_no = ORIGINAL,
                           .amount = PAID,
                           .auth = "1",
                           .at = (NOW - 3600) * G_USEC_PER_SEC };
  TillProviderAnswer answer;
  g_assert_true (till_provider_ask (provider, &paid, &answer, NULL));
  g_autoptr (TillSaid) said = till_speech_answer (&speech, &heard);
  g_assert_true (said && said->status >= 200 && said->status < 600);
  assert_no_more_back_than_came (provider, is_signed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  if (!provider_key)
    make_account ();
  if (data[0] & 0x40)
    fuzz_request (data[0], data + 1, size - 1);
  else
    fuzz_answer (data[0], data + 1, size - 1);
  return 0;
}
