/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider of the sandbox that has something to tell, and OpenSSL alone to open it with. */
#pragma once
#include "app/sandbox/notice-queue.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define AT_S "1795320000"
#define SECRET "0123456789abcdef0123456789abcdef"
#define PAYMENT "0PAYMENTNUMBERX1"
#define REFUND "0REFUNDNUMBERXX1"

static TillKey *our_key, *merchant_private, *merchant_key, *notice_key, *signer_key; /* owned */
static EVP_PKEY *our_public, *notice_public, *signer_public;                         /* owned */

typedef struct
{
  TillClock *clock;       /* owned */
  TillProvider *provider; /* owned */
  TillSpeech speech;
} World;

static inline void
book (World *world, const char *tongue, TillErrandKind kind, const char *number,
      const char *identity, TillMoney amount)
{
  TillProviderAnswer answer;
  TillProviderAsk ask = { .kind = kind,
                          .request_no = number,
                          .identity = identity,
                          .original_no = kind == TILL_ERRAND_PAY ? NULL : PAYMENT,
                          .amount = amount,
                          .tongue = tongue,
                          .at = AT };
  g_assert_true (till_provider_ask (world->provider, &ask, &answer, NULL));
  g_assert_cmpstr (answer.status, ==, "SUCCESS");
}

/* A payment of 50.00, of which 12.34 went back. */
static inline World *
world_new (const char *tongue, const char *identity)
{
  World *world = g_new0 (World, 1);
  world->clock = till_clock_new_fake (AT, 1);
  world->provider = till_provider_new (FALSE, NULL, NULL);
  world->speech = (TillSpeech){ .provider = world->provider,
                                .clock = world->clock,
                                .merchant_no = "M100001",
                                .our_key = our_key,
                                .merchant_key = merchant_key,
                                .signer_key = signer_key,
                                .certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                               "-----END CERTIFICATE-----\n",
                                .notice_secret = SECRET,
                                .notice_key = notice_key };
  book (world, tongue, TILL_ERRAND_PAY, PAYMENT, identity, 5000);
  book (world, tongue, TILL_ERRAND_REFUND, REFUND, identity, 1234);
  return world;
}

static inline void
world_free (World *world)
{
  till_clock_free (world->clock);
  till_provider_free (world->provider);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static inline TillSaid *
write_as (World *world, const TillTongue *tongue, TillErrandKind kind, const char *status,
          TillNoticeFault fault)
{
  TillDueNotice due = { .no = 7,
                        .event_no = (char *)"N1795320000000000000007",
                        .tongue = (char *)tongue->name,
                        .kind = kind,
                        .request_no = (char *)(kind == TILL_ERRAND_PAY ? PAYMENT : REFUND),
                        .status = (char *)status,
                        .since = AT,
                        .fault = fault,
                        .tried = 1 };
  return till_notice_write (&world->speech, &due);
}

static inline TillSaid *
write_refund (World *world, const TillTongue *tongue)
{
  TillSaid *said = write_as (world, tongue, TILL_ERRAND_REFUND, "SUCCESS", TILL_NOTICE_OK);
  g_assert_nonnull (said);
  return said;
}

static inline char *
text_of (const TillSaid *said)
{
  gsize size;
  const char *data = g_bytes_get_data (said->body, &size);
  return g_strndup (data, size);
}

/* The value of a header, or NULL. */
static inline const char *
header_of (const TillSaid *said, const char *name)
{
  for (guint i = 0; i < said->headers->len; i++)
    {
      const char *line = g_ptr_array_index (said->headers, i);
      if (g_str_has_prefix (line, name) && g_str_has_prefix (line + strlen (name), ": "))
        return line + strlen (name) + 2;
    }
  return NULL;
}

static inline gboolean
verifies (EVP_PKEY *key, const EVP_MD *hash, const char *text, const char *signature)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (signature, &size);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean good
      = EVP_DigestVerifyInit (context, NULL, hash, NULL, key) == 1
        && EVP_DigestVerify (context, bytes, size, (const guchar *)text, strlen (text)) == 1;
  EVP_MD_CTX_free (context);
  return good;
}

static inline void
expect_text (const json_t *object, const char *name, const char *wanted)
{
  g_test_message ("%s", name);
  g_assert_cmpstr (json_string_value (json_object_get (object, name)), ==, wanted);
}

static inline void
expect_int (const json_t *object, const char *name, int64_t wanted)
{
  g_test_message ("%s", name);
  g_assert_true (json_is_integer (json_object_get (object, name)));
  g_assert_cmpint (json_integer_value (json_object_get (object, name)), ==, wanted);
}

static inline json_t *
object_of (const TillSaid *said)
{
  json_t *object = till_json_parse (said->body, NULL);
  g_assert_nonnull (object);
  return object;
}

static inline gboolean
is_yes (World *world, const TillTongue *tongue, int status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  return tongue->notice->is_yes (&world->speech, status, body);
}

static inline TillForm *
form_of (const TillSaid *said)
{
  g_assert_true (g_str_has_prefix (said->content_type, "application/x-www-form-urlencoded"));
  TillForm *form = till_form_decode (said->body, NULL);
  g_assert_nonnull (form);
  return form;
}

static inline void
expect_field (const TillForm *form, const char *name, const char *wanted)
{
  g_test_message ("%s", name);
  g_assert_cmpstr (till_form_get (form, name), ==, wanted);
}

static inline TillKey *
make_key (const char *dir, EVP_PKEY **theirs, TillKey **ours)
{
  g_autofree char *private_path = g_build_filename (dir, "k.pem", NULL);
  g_autofree char *public_path = g_build_filename (dir, "p.pem", NULL);
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  if (theirs)
    {
      FILE *file = g_fopen (public_path, "r");
      *theirs = PEM_read_PUBKEY (file, NULL, NULL, NULL);
      g_assert_nonnull (*theirs);
      fclose (file);
    }
  if (ours)
    *ours = till_key_load_public (public_path, NULL);
  TillKey *key = till_key_load_private (private_path, NULL);
  g_assert_nonnull (key);
  g_unlink (private_path);
  g_unlink (public_path);
  return key;
}

static inline void
notice_world_open (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-manners-XXXXXX", NULL);
  our_key = make_key (dir, &our_public, NULL);
  notice_key = make_key (dir, &notice_public, NULL);
  signer_key = make_key (dir, &signer_public, NULL);
  merchant_private = make_key (dir, NULL, &merchant_key);
  g_rmdir (dir);
}

static inline void
notice_world_close (void)
{
  TillKey *keys[] = { our_key, notice_key, signer_key, merchant_private, merchant_key };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    till_key_free (keys[i]);
  EVP_PKEY_free (our_public);
  EVP_PKEY_free (notice_public);
  EVP_PKEY_free (signer_public);
}
