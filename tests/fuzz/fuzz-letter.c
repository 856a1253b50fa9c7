/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters to the notice door, of every provider. First byte: which (low three bits, as the registry
 * counts) and whether the provider signs it (0x80). Unsigned, the rest is a head, one name and
 * value a line, an empty line and the body, and nothing may be believed. Signed, the rest is the
 * body, for WeChat Pay with 0x40 what is sealed in it; what is believed then is fit for the books,
 * and where the yes is signed, it is one tag with our signature or a reason why not. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "devices/gateway/certificates.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/meta-page.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define SECONDS "1795320000"
#define SECRET "0123456789abcdef0123456789abcdef"

/* For the life of the process. */
static TillAccount account;
static TillKey *their_key, *signer_key;
static char *certificate;

static void
make_account (void)
{
  static const char *const names[]
      = { "ca", "ca-key", "signer", "signer-key", "theirs", "their-public", "ours", "our-public" };
  const TillValidity validity = { AT / TILL_SECOND - 86400, AT / TILL_SECOND + 86400 };
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  char *paths[G_N_ELEMENTS (names)];
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    paths[i] = g_build_filename (folder, names[i], NULL);
  g_assert_true (till_certificate_make_authority (paths[0], paths[1], validity, NULL)
                 && till_certificate_make_signer (paths[0], paths[1], "a@b@00040000:SIGN", paths[2],
                                                  paths[3], validity, NULL)
                 && till_key_generate (paths[4], paths[5], NULL)
                 && till_key_generate (paths[6], paths[7], NULL)
                 && g_file_get_contents (paths[2], &certificate, NULL, NULL));
  signer_key = till_key_load_private (paths[3], NULL);
  their_key = till_key_load_private (paths[4], NULL);
  account = (TillAccount){ .merchant_no = (char *)"1",
                           .base_url = (char *)"https://127.0.0.1",
                           .our_key = till_key_load_private (paths[6], NULL),
                           .provider_key = till_key_load_public (paths[5], NULL),
                           .provider_key_id = (char *)"K",
                           .authorities = till_authorities_load (paths[0], NULL),
                           .notice_secret = (char *)SECRET,
                           .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  g_hash_table_insert (account.facts, (gpointer) "app_id", (gpointer) "1");
  g_assert_true (signer_key && their_key && account.our_key && account.provider_key
                 && account.authorities);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (folder);
}

/* "begin", the body and "end", signed by the provider. */
static char *
sign_around (const char *begin, GBytes *body, const char *end)
{
  g_autoptr (GString) text = g_string_new (begin);
  g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize)g_bytes_get_size (body));
  g_string_append (text, end);
  return till_key_sign (their_key, text->str, text->len);
}

static GBytes *
seal (GBytes *plain)
{
  gsize size;
  const void *data = g_bytes_get_data (plain, &size);
  g_autoptr (GBytes) sealed
      = till_gcm_seal ((const guint8 *)SECRET, "fdasflkja484", "refund", data ? data : "", size);
  g_autofree char *base64
      = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  char *text = g_strdup_printf ("{\"id\":\"E\",\"event_type\":\"REFUND.SUCCESS\",\"resource\":{"
                                "\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"fdasflkja484\","
                                "\"associated_data\":\"refund\",\"ciphertext\":\"%s\"}}",
                                base64);
  return g_bytes_new_take (text, strlen (text));
}

/* Signed in the head; FALSE for who signs elsewhere. */
static gboolean
sign_head (TillLetter *letter, const char *provider)
{
  if (strcmp (provider, "wechat") == 0)
    {
      g_autofree char *sign = sign_around (SECONDS "\nx\n", letter->body, "\n");
      till_letter_add_field (letter, "wechatpay-timestamp", SECONDS);
      till_letter_add_field (letter, "wechatpay-nonce", "x");
      till_letter_add_field (letter, "wechatpay-serial", "K");
      till_letter_add_field (letter, "wechatpay-signature", sign);
    }
  else if (strcmp (provider, "lakala") == 0)
    {
      g_autofree char *sign = sign_around (SECONDS "\nx\n", letter->body, "\n");
      g_autofree char *head = g_strdup_printf (
          "LKLAPI-SHA256withRSA timestamp=\"" SECONDS "\",nonce_str=\"x\",signature=\"%s\"", sign);
      till_letter_add_field (letter, "authorization", head);
    }
  else if (strcmp (provider, "stripe") == 0)
    {
      GString *text = till_letter_text (letter, SECONDS ".");
      g_autofree char *mac = till_hmac_sha256_hex (SECRET, strlen (SECRET), text->str, text->len);
      g_autofree char *head = g_strconcat ("t=" SECONDS ",v1=", mac, NULL);
      g_string_free (text, TRUE);
      till_letter_add_field (letter, "stripe-signature", head);
    }
  else if (strcmp (provider, "sandbox") == 0)
    {
      g_autofree char *sign = sign_around ("NOTICE\n/notices\n" SECONDS "\nx\n", letter->body, "");
      till_letter_add_field (letter, "sandbox-time", SECONDS);
      till_letter_add_field (letter, "sandbox-nonce", "x");
      till_letter_add_field (letter, "sandbox-signature", sign);
    }
  else
    return FALSE;
  return TRUE;
}

/* The same form with a signature in it, or NULL when it has no room for one. */
static GBytes *
sign_form (const char *provider, GBytes *body)
{
  gboolean union_pay = strcmp (provider, "unionpay") == 0;
  const char *name = union_pay ? "signature" : "sign";
  const char *const but[] = { name, union_pay ? NULL : "sign_type", NULL };
  g_autoptr (TillForm) form = till_form_decode (body, NULL);
  if (!form || till_form_get (form, name) || till_form_size (form) > TILL_FORM_FIELDS_MAX - 2)
    return NULL;
  if (union_pay && !till_form_get (form, "signPubKeyCert"))
    till_form_add (form, "signPubKeyCert", certificate);
  g_autofree char *text = till_form_sorted (form, but, strcmp (provider, "umpay") != 0);
  g_autofree char *digest
      = union_pay ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : g_strdup (text);
  TillHash hash = strcmp (provider, "umpay") == 0 ? TILL_HASH_SHA1 : TILL_HASH_SHA256;
  g_autofree char *sign
      = till_key_sign_with (union_pay ? signer_key : their_key, hash, digest, strlen (digest));
  till_form_add (form, name, sign);
  return till_form_encode (form);
}

/* Shengpay's, which is JSON: NULL as above, and for what nobody says how to sign. */
static GBytes *
sign_json (GBytes *body)
{
  static const char *const but[] = { "sign", NULL };
  g_autoptr (json_t) object = till_json_parse (body, NULL);
  g_autoptr (TillForm) form = till_form_new ();
  const char *name;
  json_t *value;
  if (!object || json_object_size (object) > 60 || json_object_get (object, "sign"))
    return NULL;
  json_object_foreach (object, name, value)
  {
    if (json_is_string (value))
      till_form_add (form, name, json_string_value (value));
    else if (json_is_integer (value))
      till_form_add_int (form, name, json_integer_value (value));
    else if (!json_is_null (value) && !json_is_array (value) && !json_is_object (value))
      return NULL;
  }
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  g_autofree char *sign = till_key_sign_with (their_key, TILL_HASH_SHA1, text, strlen (text));
  till_json_set_text (object, "sign", sign);
  return till_json_write (object);
}

static void
check_yes (const TillNoticeCodec *notices, const TillLetter *letter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = notices->sign_yes (letter, &account, &error);
  g_assert_true ((page == NULL) == (error != NULL));
  g_autofree char *content = page ? till_meta_page_content (page, "MobilePayPlatform") : NULL;
  g_assert_true (!page || content);
}

static void
check (const TillCodec *codec, const TillLetter *letter, gboolean is_signed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillNotice) notice = codec->notice->open (letter, &account, &error);
  g_assert_true ((notice == NULL) == (error != NULL));
  g_assert_true (is_signed || !notice);
  if (error)
    {
      gboolean aside = g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
      g_assert_true (aside ? is_signed : g_error_matches (error, TILL_ERROR, TILL_ERROR_INVALID));
      return;
    }
  fuzz_assert_clean (notice->request_no, TILL_NOTICE_NO_MAX);
  fuzz_assert_clean (notice->event_no, TILL_NOTICE_NO_MAX);
  fuzz_assert_clean (notice->words, 64);
  g_assert_true (*notice->request_no && !strchr (notice->request_no, ' ') && notice->words);
  g_assert_true (0 <= notice->amount && notice->amount <= TILL_MONEY_MAX);
  g_assert_true (!notice->currency || (notice->amount > 0 && strlen (notice->currency) == 3));
  if (codec->notice->sign_yes)
    check_yes (codec->notice, letter);
}

static void
fuzz_unsigned (const TillCodec *codec, const char *text, size_t size)
{
  g_autofree char *whole = g_strndup (text, size);
  char *body = strstr (whole, "\n\n");
  g_autoptr (GBytes) bytes = g_bytes_new (body ? body + 2 : "", body ? strlen (body + 2) : 0);
  g_autoptr (TillLetter) letter = till_letter_new (bytes, AT);
  if (body)
    *body = '\0';
  g_auto (GStrv) lines = g_strsplit (whole, "\n", 64);
  for (gsize i = 0; lines[i]; i++)
    {
      char *value = strchr (lines[i], ':');
      if (!value)
        continue;
      *value = '\0';
      till_letter_add_field (letter, lines[i], g_strstrip (value + 1));
    }
  check (codec, letter, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1)
    return 0;
  if (!their_key)
    make_account ();
  const TillCodec *codec = till_codec_nth (data[0] & 7);
  const char *provider = codec ? codec->profile->name : "";
  if (!codec || !codec->notice)
    return 0;
  if (!(data[0] & 0x80))
    {
      fuzz_unsigned (codec, (const char *)data + 1, size - 1);
      return 0;
    }
  g_autoptr (GBytes) plain = g_bytes_new (data + 1, size - 1);
  gboolean sealed = strcmp (provider, "wechat") == 0 && (data[0] & 0x40);
  g_autoptr (GBytes) body = sealed ? seal (plain) : g_bytes_ref (plain);
  g_autoptr (TillLetter) letter = till_letter_new (body, AT);
  if (sign_head (letter, provider))
    {
      check (codec, letter, TRUE);
      return 0;
    }
  g_autoptr (GBytes) whole
      = strcmp (provider, "shengpay") == 0 ? sign_json (body) : sign_form (provider, body);
  g_autoptr (TillLetter) filled = till_letter_new (whole ? whole : body, AT);
  check (codec, filled, whole != NULL);
  return 0;
}
