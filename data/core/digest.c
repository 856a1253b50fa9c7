/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenSSL's, not GLib's: it uses the processor's SHA instructions, and a year of journal is walked
 * at every audit. */
#include "data/core/digest.h"

#include <openssl/evp.h>

struct _TillDigest
{
  EVP_MD_CTX *context; /* owned */
  EVP_MD *sha256;      /* owned; fetched once, for fetching costs more than hashing a row */
};

static void
start (TillDigest *digest)
{
  int started = EVP_DigestInit_ex2 (digest->context, digest->sha256, NULL);
  g_assert (started == 1);
}

TillDigest *
till_digest_new (void)
{
  TillDigest *digest = g_new0 (TillDigest, 1);
  digest->context = EVP_MD_CTX_new ();
  digest->sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
  g_assert (digest->context && digest->sha256);
  start (digest);
  return digest;
}

void
till_digest_free (TillDigest *digest)
{
  EVP_MD_CTX_free (digest->context);
  EVP_MD_free (digest->sha256);
  g_free (digest);
}

void
till_digest_add (TillDigest *digest, const void *data, gsize size)
{
  int added = EVP_DigestUpdate (digest->context, data, size);
  g_assert (added == 1);
}

void
till_digest_finish (TillDigest *digest, guint8 result[TILL_DIGEST_SIZE])
{
  int finished = EVP_DigestFinal_ex (digest->context, result, NULL);
  g_assert (finished == 1);
  start (digest);
}

char *
till_digest_to_hex (const guint8 result[TILL_DIGEST_SIZE])
{
  char *hex = g_malloc (2 * TILL_DIGEST_SIZE + 1);
  for (int i = 0; i < TILL_DIGEST_SIZE; i++)
    {
      hex[2 * i] = "0123456789abcdef"[result[i] >> 4];
      hex[2 * i + 1] = "0123456789abcdef"[result[i] & 15];
    }
  hex[2 * TILL_DIGEST_SIZE] = '\0';
  return hex;
}

char *
till_digest_hex (const void *data, gsize size)
{
  g_autoptr (TillDigest) digest = till_digest_new ();
  guint8 result[TILL_DIGEST_SIZE];
  till_digest_add (digest, data, size);
  till_digest_finish (digest, result);
  return till_digest_to_hex (result);
}
