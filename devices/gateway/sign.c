/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/sign.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

/* Of a key of 8192 bits, as long as keys may be. */
#define SIGNATURE_MAX 1024

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

static const EVP_MD *
md_of (TillHash hash)
{
  return hash == TILL_HASH_SHA1 ? EVP_sha1 () : EVP_sha256 ();
}

/* FALSE when the system's settings forbid the hash; nobody forbids SHA-256. */
static gboolean
begin_signing (EVP_MD_CTX *context, const TillKey *key, TillHash hash)
{
  g_assert (key->is_private);
  gboolean begun = EVP_DigestSignInit (context, NULL, md_of (hash), NULL, key->pkey) == 1;
  ERR_clear_error ();
  g_assert (begun || hash == TILL_HASH_SHA1);
  return begun;
}

gboolean
till_key_can_sign_with (const TillKey *key, TillHash hash, GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_assert (context);
  if (begin_signing (context, key, hash))
    return TRUE;
  g_set_error (
      error, TILL_ERROR, TILL_ERROR_INVALID,
      "this system's settings for OpenSSL forbid signatures with SHA-1, which the provider "
      "asks for: allow them (\"update-crypto-policies --set DEFAULT:SHA1\")");
  return FALSE;
}

char *
till_key_sign_with (const TillKey *key, TillHash hash, const void *data, gsize size)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 signature[SIGNATURE_MAX];
  gsize length = sizeof signature;
  g_assert (context && EVP_PKEY_get_size (key->pkey) <= SIGNATURE_MAX);
  if (!begin_signing (context, key, hash))
    return NULL;
  int done = EVP_DigestSign (context, signature, &length, data, size);
  g_assert (done == 1);
  return g_base64_encode (signature, length);
}

char *
till_key_sign (const TillKey *key, const void *data, gsize size)
{
  return till_key_sign_with (key, TILL_HASH_SHA256, data, size);
}

/* g_base64_decode passes over what is no base64; a signature that is written in two ways is none.
 */
static guint8 *
decode_strictly (const char *text, gsize *length)
{
  if (!text || !*text || strlen (text) > 2 * SIGNATURE_MAX)
    return NULL;
  g_autofree guint8 *bytes = g_base64_decode (text, length);
  g_autofree char *again = g_base64_encode (bytes, *length);
  return strcmp (again, text) == 0 ? g_steal_pointer (&bytes) : NULL;
}

gboolean
till_key_verifies_with (const TillKey *key, TillHash hash, const void *data, gsize size,
                        const char *signature)
{
  gsize length = 0;
  g_autofree guint8 *bytes = decode_strictly (signature, &length);
  if (!bytes)
    return FALSE;
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_assert (context);
  gboolean right = EVP_DigestVerifyInit (context, NULL, md_of (hash), NULL, key->pkey) == 1
                   && EVP_DigestVerify (context, bytes, length, data, size) == 1;
  ERR_clear_error ();
  return right;
}

gboolean
till_key_verifies (const TillKey *key, const void *data, gsize size, const char *signature)
{
  return till_key_verifies_with (key, TILL_HASH_SHA256, data, size, signature);
}

char *
till_hmac_sha256_hex (const void *key, gsize key_size, const void *data, gsize size)
{
  guint8 mac[TILL_DIGEST_SIZE];
  gsize length = 0;
  /* OpenSSL takes NULL for "no key yet", not for one of no bytes. */
  const guint8 *made = EVP_Q_mac (NULL, "HMAC", NULL, "SHA256", NULL, key_size > 0 ? key : "",
                                  key_size, data, size, mac, sizeof mac, &length);
  g_assert (made && length == sizeof mac);
  return till_digest_to_hex (mac);
}

gboolean
till_text_is_same (const char *a, const char *b)
{
  if (!a || !b)
    return FALSE;
  gsize length = strlen (a);
  return length == strlen (b) && CRYPTO_memcmp (a, b, length) == 0;
}

/* Sized text, so that a GBytes can wipe what it held. */
typedef struct
{
  gsize size;
  guint8 data[];
} Secret;

static Secret *
secret_new (gsize size)
{
  Secret *secret = g_malloc (sizeof *secret + size);
  secret->size = size;
  return secret;
}

static void
secret_free (gpointer data)
{
  Secret *secret = data;
  OPENSSL_cleanse (secret->data, secret->size);
  g_free (secret);
}

static GBytes *
secret_to_bytes (Secret *secret)
{
  return g_bytes_new_with_free_func (secret->data, secret->size, secret_free, secret);
}

/* The cipher with its key, nonce and what is sealed along unseen. */
static EVP_CIPHER_CTX *
begin_gcm (const guint8 *key, const char *nonce, const char *aad, gboolean seals)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int size = 0;
  gsize aad_size = aad ? strlen (aad) : 0;
  g_assert (context && aad_size <= TILL_GCM_SIZE_MAX);
  int begun
      = EVP_CipherInit_ex (context, EVP_aes_256_gcm (), NULL, key, (const guint8 *)nonce, seals);
  int added = aad_size == 0
              || EVP_CipherUpdate (context, NULL, &size, (const guint8 *)aad, (int)aad_size);
  g_assert (begun == 1 && added == 1);
  return context;
}

GBytes *
till_gcm_open (const guint8 key[TILL_GCM_KEY_SIZE], const char *nonce, const char *aad,
               const void *data, gsize size, GError **error)
{
  gboolean fits = nonce && strlen (nonce) == TILL_GCM_NONCE_SIZE && size >= TILL_GCM_TAG_SIZE
                  && size <= TILL_GCM_SIZE_MAX && (!aad || strlen (aad) <= TILL_GCM_SIZE_MAX);
  Secret *text = secret_new (fits ? size - TILL_GCM_TAG_SIZE : 0);
  if (fits)
    {
      g_autoptr (EVP_CIPHER_CTX) context = begin_gcm (key, nonce, aad, FALSE);
      const guint8 *tag = (const guint8 *)data + text->size;
      int done = 0, rest = 0;
      fits = EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, TILL_GCM_TAG_SIZE, (void *)tag)
                 == 1
             && EVP_CipherUpdate (context, text->data, &done, data, (int)text->size) == 1
             && EVP_CipherFinal_ex (context, text->data + done, &rest) == 1
             && (gsize)(done + rest) == text->size;
      ERR_clear_error ();
    }
  if (fits)
    return secret_to_bytes (text);
  secret_free (text);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "what was sealed with AES-256-GCM does not open with this key");
  return NULL;
}

GBytes *
till_gcm_seal (const guint8 key[TILL_GCM_KEY_SIZE], const char *nonce, const char *aad,
               const void *data, gsize size)
{
  g_assert (strlen (nonce) == TILL_GCM_NONCE_SIZE && size <= TILL_GCM_SIZE_MAX - TILL_GCM_TAG_SIZE);
  g_autoptr (EVP_CIPHER_CTX) context = begin_gcm (key, nonce, aad, TRUE);
  guint8 *sealed = g_malloc (size + TILL_GCM_TAG_SIZE);
  int done = 0, rest = 0;
  int made
      = EVP_CipherUpdate (context, sealed, &done, data, (int)size) == 1
        && EVP_CipherFinal_ex (context, sealed + done, &rest) == 1
        && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, TILL_GCM_TAG_SIZE, sealed + size)
               == 1;
  g_assert (made && (gsize)(done + rest) == size);
  return g_bytes_new_take (sealed, size + TILL_GCM_TAG_SIZE);
}
