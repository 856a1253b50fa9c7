/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay, both ends. First byte: the errand (low three bits), signed (0x80), and which end hears
 * the rest: the till's codec (plain fields, an answer) or the sandbox's tongue (0x40; a form, a
 * request); errand 7 is the settlement file. What is not signed moves nothing and proves nothing,
 * and what the sandbox says is always a signed form. */
#include "app/sandbox/tongue.h"
#include "data/core/digest.h"
#include "devices/gateway/form.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define AT INT64_C (1795320000000000)
#define PAYMENT "0PAYMENTNUMBERX1"

/* For the life of the process. */
static TillAccount account;
static TillKey *signer_key;
static TillKey *signer_public;
static TillKey *till_public;
static char *certificate;

static void
make_keys (void)
{
  static const char *const names[] = { "ca", "ca-key", "signer", "signer-key", "till-key", "till" };
  TillValidity validity = { AT / TILL_SECOND - 86400, AT / TILL_SECOND + 86400 };
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  char *paths[G_N_ELEMENTS (names)];
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    paths[i] = g_build_filename (folder, names[i], NULL);
  g_assert_true (till_certificate_make_authority (paths[0], paths[1], validity, NULL)
                 && till_certificate_make_signer (paths[0], paths[1], "a@b@00040000:SIGN", paths[2],
                                                  paths[3], validity, NULL)
                 && till_key_generate (paths[4], paths[5], NULL)
                 && g_file_get_contents (paths[2], &certificate, NULL, NULL));
  signer_key = till_key_load_private (paths[3], NULL);
  signer_public = till_key_load_public (paths[2], NULL);
  till_public = till_key_load_public (paths[5], NULL);
  const TillTongue *tongue = &till_unionpay_tongue;
  account = (TillAccount){ .provider = (char *)"unionpay",
                           .merchant_no = (char *)till_tongue_fact (tongue, "merchant_no"),
                           .base_url = (char *)"https://127.0.0.1",
                           .ca_file = (char *)"/nowhere",
                           .our_key = till_key_load_private (paths[4], NULL),
                           .authorities = till_authorities_load (paths[0], NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  static const char *const facts[] = { "cert_id", "term_id" };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    g_hash_table_insert (account.facts, (gpointer)facts[i],
                         (gpointer)till_tongue_fact (tongue, facts[i]));
  g_assert_true (signer_key && signer_public && till_public && account.our_key
                 && account.authorities);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (folder);
}

static TillErrand
errand_of (TillErrandKind kind)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"unionpay",
                        .request_no = (char *)"0ABCDEFGHJKMNPQR",
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = AT,
                        .asked_at = AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"6223610000000000000";
  if (!till_errand_kind_is_backward (kind))
    return errand;
  errand.original_no = (char *)PAYMENT;
  errand.original_amount = 5000;
  errand.original_provider_no = (char *)"P0000000001";
  errand.original_requested_at = AT;
  return errand;
}

static char *
digest_of (const TillForm *form)
{
  static const char *const but[] = { "signature", NULL };
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  return till_digest_hex (text, strlen (text));
}

static gboolean
can_take (const TillForm *form, const char *name)
{
  return !till_form_get (form, name) && till_form_size (form) < TILL_FORM_FIELDS_MAX;
}

/* FALSE when there is no room for a signature: what came signs itself, or is no form. */
static gboolean
sign_form (TillForm *form, const TillKey *key)
{
  if (!form || !can_take (form, "signature"))
    return FALSE;
  g_autofree char *digest = digest_of (form);
  g_autofree char *signature = till_key_sign (key, digest, strlen (digest));
  till_form_add (form, "signature", signature);
  return TRUE;
}

static void
hear_answer (int kind, gboolean is_signed, GBytes *bytes)
{
  const TillCodec *codec = till_codec_find ("unionpay");
  g_autoptr (TillForm) form = till_form_read_plain (bytes, NULL);
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_set_body (answer, bytes);
  if (is_signed && form && can_take (form, "signPubKeyCert"))
    {
      till_form_add (form, "signPubKeyCert", certificate);
      is_signed = sign_form (form, signer_key);
      char *text = till_form_sorted (form, NULL, TRUE);
      g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
      till_reply_set_body (answer, body);
    }
  else
    is_signed = FALSE;
  if (kind == FUZZ_FILE_ERRAND)
    {
      TillFileAsk ask = fuzz_file_ask (AT, FALSE);
      fuzz_check_file (codec, &account, &ask, answer, is_signed);
      return;
    }
  TillErrand errand = errand_of ((TillErrandKind)kind);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  if (!is_signed)
    g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT); /* it was answered */
  if (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED)
    g_assert_true (outcome->amount == errand.amount && outcome->failure == TILL_CLASS_NONE);
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
}

/* One payment of 50 yuan is booked, so that something can go back. */
static void
book_payment (TillProvider *provider)
{
  TillProviderAsk ask = { .kind = TILL_ERRAND_PAY,
                          .request_no = PAYMENT,
                          .identity = "20261122120000",
                          .amount = 5000,
                          .auth = "62",
                          .at = AT };
  TillProviderAnswer answer;
  g_assert_true (till_provider_ask (provider, &ask, &answer, NULL));
}

static void
hear_request (gboolean is_query, gboolean is_signed, GBytes *bytes)
{
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  g_autoptr (TillClock) clock = till_clock_new_fake (AT, 1);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (TillForm) form = till_form_decode (bytes, NULL);
  TillSpeech speech = { .provider = provider,
                        .clock = clock,
                        .our_key = signer_key,
                        .merchant_key = till_public,
                        .signer_key = signer_key,
                        .certificate = certificate };
  book_payment (provider);
  g_hash_table_insert (headers, (gpointer) "content-type",
                       (gpointer) "application/x-www-form-urlencoded");
  is_signed = is_signed && sign_form (form, account.our_key);
  g_autoptr (GBytes) body = is_signed ? till_form_encode (form) : g_bytes_ref (bytes);
  TillHeard heard
      = { .method = "POST",
          .path = is_query ? "/gateway/api/queryTrans.do" : "/gateway/api/backTransReq.do",
          .headers = headers,
          .body = body };
  g_autoptr (TillSaid) said = till_speech_answer (&speech, &heard);
  g_autoptr (TillForm) answer = till_form_read_plain (said->body, NULL);
  g_assert_true (said->status == 200 && answer && till_form_get (answer, "respCode"));
  g_autofree char *digest = digest_of (answer);
  g_assert_true (till_key_verifies (signer_public, digest, strlen (digest),
                                    till_form_get (answer, "signature")));
  if (!is_signed)
    g_assert_cmpuint (till_provider_n_effects (provider), ==, 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1)
    return 0;
  if (!signer_key)
    make_keys ();
  int kind = data[0] & 7;
  gboolean is_signed = (data[0] & 0x80) != 0;
  g_autoptr (GBytes) bytes = g_bytes_new (data + 1, size - 1);
  if (data[0] & 0x40)
    hear_request (kind < TILL_N_ERRANDS && till_errand_kind_is_query ((TillErrandKind)kind),
                  is_signed, bytes);
  else
    hear_answer (kind, is_signed, bytes);
  return 0;
}
