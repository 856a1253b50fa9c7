/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a signed question and its signed answer cost at least: one RSA signature of 2048 bits over
 * as many bytes, and one verified. */
#pragma once
#include <openssl/evp.h>
#include <openssl/rsa.h>

typedef struct
{
  EVP_PKEY *key;
  const EVP_MD *md;
  unsigned char text[1024];
  unsigned char signature[512];
  size_t length;
} Signature;

static inline void
signature_open (Signature *bare, gboolean sha1)
{
  bare->key = EVP_RSA_gen (2048);
  g_assert (bare->key);
  bare->md = sha1 ? EVP_sha1 () : EVP_sha256 ();
  memset (bare->text, 'x', sizeof bare->text);
}

static inline double
signature_once (Signature *bare)
{
  double start = bench_now ();
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  bare->length = sizeof bare->signature;
  g_assert (
      EVP_DigestSignInit (context, NULL, bare->md, NULL, bare->key) == 1
      && EVP_DigestSign (context, bare->signature, &bare->length, bare->text, sizeof bare->text)
             == 1);
  EVP_MD_CTX_free (context);
  context = EVP_MD_CTX_new ();
  g_assert (
      EVP_DigestVerifyInit (context, NULL, bare->md, NULL, bare->key) == 1
      && EVP_DigestVerify (context, bare->signature, bare->length, bare->text, sizeof bare->text)
             == 1);
  EVP_MD_CTX_free (context);
  return bench_now () - start;
}
