/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

/* Bags within bags; nobody makes more than one. */
#define DEPTH_MAX 4
/* Some seconds of trying a password. */
#define ROUNDS_MAX (10 * 1000 * 1000)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS12, PKCS12_free)

static int
count_keys (const STACK_OF (PKCS12_SAFEBAG) * bags, int depth)
{
  int keys = 0;
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num (bags); i++)
    {
      const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value (bags, i);
      int kind = PKCS12_SAFEBAG_get_nid (bag);
      if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag)
        keys++;
      else if (kind == NID_safeContentsBag && depth < DEPTH_MAX)
        keys += count_keys (PKCS12_SAFEBAG_get0_safes (bag), depth + 1);
    }
  return keys;
}

/* PKCS12_parse takes the first key and says nothing of a second. */
static int
count_all_keys (PKCS12 *file, const char *password)
{
  STACK_OF (PKCS7) *parts = PKCS12_unpack_authsafes (file);
  int keys = 0;
  for (int i = 0; i < sk_PKCS7_num (parts); i++)
    {
      PKCS7 *part = sk_PKCS7_value (parts, i);
      STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
      if (PKCS7_type_is_data (part))
        bags = PKCS12_unpack_p7data (part);
      else if (PKCS7_type_is_encrypted (part))
        bags = PKCS12_unpack_p7encdata (part, password, -1);
      keys += bags ? count_keys (bags, 0) : 0;
      sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
    }
  sk_PKCS7_pop_free (parts, PKCS7_free);
  return keys;
}

/* The file's own word for how long it takes to try a password. */
static gboolean
is_soon_tried (PKCS12 *file)
{
  const ASN1_INTEGER *rounds = NULL;
  PKCS12_get0_mac (NULL, NULL, NULL, &rounds, file);
  int64_t count = 1;
  return !rounds || (ASN1_INTEGER_get_int64 (&count, rounds) == 1 && count <= ROUNDS_MAX);
}

static PKCS12 *
read_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = till_key_file_read (path, error);
  if (!bytes)
    return NULL;
  gsize size;
  const guint8 *start = g_bytes_get_data (bytes, &size), *at = start;
  g_autoptr (PKCS12) file = size > 0 ? d2i_PKCS12 (NULL, &at, (long)size) : NULL;
  ERR_clear_error ();
  if (file && at == start + size && PKCS12_mac_present (file) && is_soon_tried (file))
    return g_steal_pointer (&file);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s is no whole PKCS#12 file with a password (.pfx, .p12): fetch it again", path);
  return NULL;
}

static gboolean
refuse_cipher (const char *path, GError **error)
{
  ERR_clear_error ();
  g_set_error (
      error, TILL_ERROR, TILL_ERROR_INVALID,
      "%s is enciphered in a way that OpenSSL no longer opens (RC2-40, for one): make a new "
      "file of it with \"openssl pkcs12 -legacy -in OLD -noenc -out PLAIN\", \"openssl "
      "pkcs12 -export -in PLAIN -out NEW\" and \"shred -u PLAIN\", then import NEW",
      path);
  return FALSE;
}

/* No password is written in two ways; *password becomes the one that fits. */
static gboolean
find_password (PKCS12 *file, const char **password, const char *path, GError **error)
{
  if (*password && !**password)
    *password = NULL;
  if (PKCS12_verify_mac (file, *password, *password ? -1 : 0))
    return TRUE;
  if (!*password && PKCS12_verify_mac (file, "", 0))
    {
      *password = "";
      return TRUE;
    }
  if (ERR_peek_error () != 0)
    return refuse_cipher (path, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s does not open with this password: look it up where the file came from", path);
  return FALSE;
}

/* The whole queue, for the cause lies below what PKCS#12 makes of it. */
static gboolean
is_cipher_refused (void)
{
  gboolean refused = FALSE;
  for (unsigned long code; (code = ERR_get_error ()) != 0;)
    refused = refused || ERR_GET_REASON (code) == ERR_R_UNSUPPORTED
              || (ERR_GET_LIB (code) == ERR_LIB_EVP
                  && ERR_GET_REASON (code) == EVP_R_UNSUPPORTED_ALGORITHM);
  return refused;
}

static gboolean
take_apart (PKCS12 *file, const char *password, const char *path, EVP_PKEY **pkey, X509 **cert,
            GError **error)
{
  ERR_clear_error ();
  const char *wrong = NULL;
  if (!PKCS12_parse (file, password, pkey, cert, NULL))
    {
      if (is_cipher_refused ())
        return refuse_cipher (path, error);
      wrong = "is damaged inside: fetch it again";
    }
  else if (!*pkey)
    wrong = "holds no private key: export it once more, together with its key";
  else if (count_all_keys (file, password) != 1)
    wrong = "holds several private keys: export the one that signs into a file of its own";
  else if (!*cert)
    wrong = "holds no certificate of its key: export it once more, together with its certificate";
  ERR_clear_error ();
  if (wrong)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s %s", path, wrong);
  return wrong == NULL;
}

static gboolean
is_free (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT,
               "%s is already there: choose another name or move it away", path);
  return FALSE;
}

gboolean
till_key_import_pkcs12 (const char *path, const char *password, const char *key_path,
                        const char *cert_path, GError **error)
{
  if (!is_free (key_path, error) || !is_free (cert_path, error))
    return FALSE;
  g_autoptr (PKCS12) file = read_file (path, error);
  if (!file || !find_password (file, &password, path, error))
    return FALSE;
  g_autoptr (EVP_PKEY) pkey = NULL;
  g_autoptr (X509) cert = NULL;
  if (!take_apart (file, password, path, &pkey, &cert, error)
      || !till_key_is_strong (pkey, TILL_RSA_BITS, path, error)
      || !till_key_write_private (key_path, pkey, error))
    return FALSE;
  if (till_certificate_write (cert_path, cert, error))
    return TRUE;
  /* A half that stays would stand in the way of the next try. */
  g_unlink (key_path);
  return FALSE;
}
