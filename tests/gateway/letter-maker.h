/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters as providers write them, for tests that hold a codec's open () against them. What is
 * signed or sealed here is so by OpenSSL itself and none of our helpers, with keys of
 * tests/gateway/vectors. */
#pragma once
#include "data/core/error.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/vectors.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#define LETTER_AT INT64_C (1795320000) /* 2026-11-22 12:00:00 in China, in seconds */

/* One private key of the folder. */
static inline EVP_PKEY *
letter_key (const char *name)
{
  g_autoptr (GBytes) pem = vectors_read (name);
  BIO *bio = BIO_new_mem_buf (g_bytes_get_data (pem, NULL), (int)g_bytes_get_size (pem));
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
  BIO_free (bio);
  g_assert_nonnull (key);
  return key;
}

/* RSA, PKCS#1 v1.5, base64. */
static inline char *
letter_sign (EVP_PKEY *key, const EVP_MD *md, const char *text)
{
  guchar signature[1024];
  size_t length = sizeof signature;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  g_assert_cmpint (EVP_DigestSignInit (context, NULL, md, NULL, key), ==, 1);
  g_assert_cmpint (
      EVP_DigestSign (context, signature, &length, (const guchar *)text, strlen (text)), ==, 1);
  EVP_MD_CTX_free (context);
  return g_base64_encode (signature, length);
}

/* AES-256-GCM: base64 of what was sealed with the tag of 16 bytes behind it. */
static inline char *
letter_seal (const char *key, const char *nonce, const char *aad, const char *text)
{
  int size = (int)strlen (text), done = 0, rest = 0;
  g_autofree guchar *sealed = g_malloc ((gsize)size + 16);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  g_assert_true (EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, (const guchar *)key,
                                     (const guchar *)nonce)
                 && EVP_EncryptUpdate (context, NULL, &done, (const guchar *)aad, (int)strlen (aad))
                 && EVP_EncryptUpdate (context, sealed, &done, (const guchar *)text, size)
                 && EVP_EncryptFinal_ex (context, sealed + done, &rest)
                 && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, sealed + size));
  EVP_CIPHER_CTX_free (context);
  return g_base64_encode (sealed, (gsize)size + 16);
}

/* HMAC-SHA256, small hexadecimal digits. */
static inline char *letter_hex (const guchar *data, gsize size);
static inline char *
letter_mac (const char *key, const char *text)
{
  guchar mac[32];
  size_t length = 0;
  g_assert_nonnull (EVP_Q_mac (NULL, "HMAC", NULL, "SHA256", NULL, key, strlen (key),
                               (const guchar *)text, strlen (text), mac, sizeof mac, &length));
  return letter_hex (mac, length);
}

/* Small hexadecimal digits. */
static inline char *
letter_hex (const guchar *data, gsize size)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

/* When letters come. */
static int64_t letter_arrives_s = LETTER_AT;

static inline TillLetter *
letter_new (const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  return till_letter_new (bytes, letter_arrives_s * G_USEC_PER_SEC);
}

/* NULL as number: it is not believed. "": it is about nothing of ours. In all other cases
 * event is what is kept as the provider's own number of it. */
typedef struct
{
  const char *number;
  gboolean is_payment;
  const char *event, *words;
  TillMoney amount; /* 0: it says none */
  const char *currency;
} LetterExpected;

static inline void
letter_check (const TillAccount *account, const TillLetter *letter, const LetterExpected *expected)
{
  g_autoptr (GError) error = NULL;
  const TillCodec *codec = till_codec_find (account->provider);
  int why = expected->number ? TILL_ERROR_NOT_FOUND : TILL_ERROR_INVALID;
  g_autoptr (TillNotice) notice = codec->notice->open (letter, account, &error);
  if (error)
    g_test_message ("%s", error->message);
  if (!expected->number || !*expected->number)
    {
      g_assert_null (notice);
      g_assert_error (error, TILL_ERROR, why);
      g_assert_null (strstr (error->message, "(null)"));
      return;
    }
  g_assert_no_error (error);
  g_assert_nonnull (notice);
  g_assert_true (notice->is_refund == !expected->is_payment);
  g_assert_cmpstr (notice->request_no, ==, expected->number);
  g_assert_cmpstr (notice->event_no, ==, expected->event);
  g_assert_cmpstr (notice->words, ==, expected->words);
  g_assert_cmpint (notice->amount, ==, expected->amount);
  g_assert_cmpstr (notice->currency, ==, expected->currency);
}

static inline TillKey *
letter_load (const char *name, TillKey *(*loader) (const char *path, GError **error))
{
  g_autofree char *path = vectors_path (name);
  TillKey *key = loader (path, NULL);
  g_assert_nonnull (key);
  return key;
}
