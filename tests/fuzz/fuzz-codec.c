/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer to an errand. First byte: the errand (low three bits; 7 is the settlement file), signed
 * by the provider or not (0x80); second: the status; the rest: the body. Without the provider's
 * signature nothing may be believed; with it, money is only done to our amount. */
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz-file.h"
#include "tests/gateway/request-parts.h"

#include <glib/gstdio.h>
#include <string.h>

static TillAccount account;
static TillKey *provider_key; /* for the life of the process, as is account */

static void
make_keys (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  char *paths[4];
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("key-%d", i);
      paths[i] = g_build_filename (folder, name, NULL);
    }
  g_assert_true (till_key_generate (paths[0], paths[1], NULL));
  g_assert_true (till_key_generate (paths[2], paths[3], NULL));
  provider_key = till_key_load_private (paths[2], NULL);
  account = (TillAccount){ .provider = (char *)"sandbox",
                           .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1",
                           .ca_file = (char *)"/nowhere",
                           .our_key = till_key_load_private (paths[0], NULL),
                           .provider_key = till_key_load_public (paths[3], NULL) };
  g_assert_true (provider_key && account.our_key && account.provider_key);
  for (int i = 0; i < 4; i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (folder);
}

static void
seal (TillReply *answer, const TillRequest *request, const uint8_t *body, size_t size)
{
  const char *nonce = request_header (request, "Sandbox-Nonce");
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%d\n%s\n1795320001\n%s\n", answer->status, request->path, nonce);
  g_string_append_len (text, (const char *)body, (gssize)size);
  g_autofree char *signature = till_key_sign (provider_key, text->str, text->len);
  till_reply_add_field (answer, "Sandbox-Time", "1795320001");
  till_reply_add_field (answer, "Sandbox-Nonce", nonce);
  till_reply_add_field (answer, "Sandbox-Signature", signature);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 400, 401, 429, 500, 503, 0, 302 };
  if (size < 2)
    return 0;
  if (!provider_key)
    make_keys ();
  TillErrand errand = { .kind = (TillErrandKind)(data[0] % 5),
                        .provider = (char *)"sandbox",
                        .request_no = (char *)"0ABCDEFGHJKMNPQR",
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = INT64_C (1795320000000000) };
  if (errand.kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (errand.kind == TILL_ERRAND_REFUND || errand.kind == TILL_ERRAND_QUERY_REFUND)
    {
      errand.original_no = (char *)"0PAYMENTNUMBERX1";
      errand.original_amount = 5000;
    }
  const TillCodec *codec = till_codec_find ("sandbox");
  gboolean is_file = (data[0] & 7) == FUZZ_FILE_ERRAND;
  TillFileAsk ask = fuzz_file_ask (errand.requested_at, FALSE);
  g_autoptr (TillRequest) request
      = is_file ? codec->file->build (&ask, &account) : codec->build (&errand, &account);
  g_autoptr (TillReply) answer
      = till_reply_new (TILL_FATE_ANSWERED, statuses[data[1] % G_N_ELEMENTS (statuses)], NULL);
  g_autoptr (GBytes) body = g_bytes_new (data + 2, size - 2);
  till_reply_set_body (answer, body);
  gboolean is_signed = (data[0] & 0x80) != 0;
  if (is_signed)
    seal (answer, request, data + 2, size - 2);

  if (is_file)
    {
      fuzz_check_file (codec, &account, &ask, answer, is_signed);
      return 0;
    }
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  g_assert_nonnull (outcome);
  if (!is_signed)
    g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT); /* it was answered */
  if (outcome->kind == TILL_OUTCOME_DONE)
    g_assert_true (outcome->amount == errand.amount && outcome->failure == TILL_CLASS_NONE);
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
  return 0;
}
