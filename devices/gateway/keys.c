/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_RSA_BITS 1024
#define RSA_BITS_MAX 8192
/* RFC 5280, 4.1.2.2. A longer one costs minutes to write in decimal. */
#define SERIAL_BYTES_MAX 20

gboolean
till_file_is_guarded (const char *path, gboolean closed, GError **error)
{
  struct stat about;
  if (lstat (path, &about) != 0)
    {
      int code = errno == ENOENT ? TILL_ERROR_NOT_FOUND : TILL_ERROR_INVALID;
      g_set_error (error, TILL_ERROR, code, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (about.st_mode))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is not a plain file", path);
      return FALSE;
    }
  if (about.st_uid != geteuid ())
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s belongs to somebody else", path);
      return FALSE;
    }
  if (about.st_mode & (closed ? 077 : 022))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is open to others: chmod %s it", path,
                   closed ? "0600" : "0644");
      return FALSE;
    }
  return TRUE;
}

static void
wipe_and_free (gpointer data)
{
  OPENSSL_cleanse (data, TILL_KEY_FILE_MAX + 1);
  g_free (data);
}

GBytes *
till_key_file_read (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "%s: %s", path, g_strerror (errno));
      return NULL;
    }
  char *data = g_malloc (TILL_KEY_FILE_MAX + 1);
  gsize size = 0;
  gssize got = 1;
  while (size <= TILL_KEY_FILE_MAX && got > 0)
    {
      got = read (fd, data + size, TILL_KEY_FILE_MAX + 1 - size);
      size += got > 0 ? (gsize)got : 0;
    }
  close (fd);
  GBytes *bytes = g_bytes_new_with_free_func (data, size, wipe_and_free, data);
  if (got == 0)
    return bytes;
  g_bytes_unref (bytes);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no key file", path);
  return NULL;
}

BIO *
till_key_bio (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  BIO *bio = BIO_new_mem_buf (data ? data : "", (int)MIN (size, TILL_KEY_FILE_MAX + 1));
  g_assert (bio);
  return bio;
}

int
till_key_no_pass_phrase (char *buffer, int size, int writing, void *user)
{
  return -1;
}

gboolean
till_key_is_strong (EVP_PKEY *pkey, int min_bits, const char *name, GError **error)
{
  ERR_clear_error ();
  if (pkey && EVP_PKEY_get_base_id (pkey) == EVP_PKEY_RSA && EVP_PKEY_get_bits (pkey) >= min_bits
      && EVP_PKEY_get_bits (pkey) <= RSA_BITS_MAX)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s holds no RSA key of %d to %d bits: it takes another one", name, min_bits,
               RSA_BITS_MAX);
  return FALSE;
}

/* RSA whose exponent is 1, or whose modulus has small factors, lets everybody sign. */
static gboolean
is_sound (EVP_PKEY *pkey)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (pkey, NULL);
  gboolean sound = context && EVP_PKEY_public_check (context) == 1;
  EVP_PKEY_CTX_free (context);
  ERR_clear_error ();
  return sound;
}

/* Takes pkey, which may be NULL. */
static TillKey *
key_take (EVP_PKEY *pkey, gboolean is_private, int min_bits, const char *name, GError **error)
{
  g_autoptr (EVP_PKEY) owned = pkey;
  if (!till_key_is_strong (pkey, min_bits, name, error))
    return NULL;
  if (!is_sound (pkey))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds an RSA key that is none", name);
      return NULL;
    }
  TillKey *key = g_atomic_rc_box_new0 (TillKey);
  key->pkey = g_steal_pointer (&owned);
  key->is_private = is_private;
  return key;
}

TillKey *
till_key_load_private (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, TRUE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio = till_key_bio (text);
  return key_take (PEM_read_bio_PrivateKey (bio, NULL, till_key_no_pass_phrase, NULL), TRUE,
                   TILL_RSA_BITS, path, error);
}

/* The one block of pem, in DER; for OPENSSL_free. A second block is refused, and a block that is
 * enciphered. *kind is what its first line says, for OPENSSL_free too. */
static guint8 *
read_block (GBytes *pem, char **kind, long *size)
{
  g_autoptr (BIO) bio = till_key_bio (pem);
  char *header = NULL, *next_kind = NULL, *next_header = NULL;
  guint8 *block = NULL, *next = NULL;
  long next_size;
  gboolean one = g_bytes_get_size (pem) <= TILL_KEY_FILE_MAX
                 && PEM_read_bio (bio, kind, &header, &block, size) && !*header
                 && !PEM_read_bio (bio, &next_kind, &next_header, &next, &next_size)
                 && ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;
  ERR_clear_error ();
  OPENSSL_free (header);
  OPENSSL_free (next_kind);
  OPENSSL_free (next_header);
  OPENSSL_free (next);
  if (one)
    return block;
  OPENSSL_free (block);
  OPENSSL_free (*kind);
  *kind = NULL;
  return NULL;
}

static gboolean
is_certificate (const char *kind)
{
  return strcmp (kind, PEM_STRING_X509) == 0 || strcmp (kind, PEM_STRING_X509_OLD) == 0;
}

/* What stands in pem, the other NULL; both NULL with INVALID. */
static gboolean
parse_block (GBytes *pem, const char *name, EVP_PKEY **pkey, X509 **cert, GError **error)
{
  char *kind = NULL;
  long size = 0;
  guint8 *block = read_block (pem, &kind, &size);
  const guint8 *at = block;
  if (block && strcmp (kind, PEM_STRING_PUBLIC) == 0)
    *pkey = d2i_PUBKEY (NULL, &at, size);
  else if (block && is_certificate (kind))
    *cert = d2i_X509 (NULL, &at, size);
  gboolean whole = (*pkey || *cert) && at == block + size;
  OPENSSL_free (block);
  OPENSSL_free (kind);
  ERR_clear_error ();
  if (whole)
    return TRUE;
  g_clear_pointer (pkey, EVP_PKEY_free);
  g_clear_pointer (cert, X509_free);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s is not exactly one PEM block with a public key or a certificate: leave only "
               "the one that signs",
               name);
  return FALSE;
}

X509 *
till_certificate_parse (GBytes *pem, const char *name, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = NULL;
  g_autoptr (X509) cert = NULL;
  if (!parse_block (pem, name, &pkey, &cert, error))
    return NULL;
  if (!cert)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds no certificate", name);
  return g_steal_pointer (&cert);
}

gboolean
till_certificate_digest (GBytes *pem, guint8 digest[TILL_DIGEST_SIZE])
{
  char *kind = NULL;
  long size = 0;
  guint8 *block = read_block (pem, &kind, &size);
  gboolean digested = block && is_certificate (kind)
                      && EVP_Digest (block, (size_t)size, digest, NULL, EVP_sha256 (), NULL) == 1;
  OPENSSL_free (block);
  OPENSSL_free (kind);
  return digested;
}

static gboolean
read_serial (X509 *cert, TillKeyFacts *facts)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (cert);
  if (ASN1_STRING_length (serial) > SERIAL_BYTES_MAX)
    return FALSE;
  BIGNUM *number = ASN1_INTEGER_to_BN (serial, NULL);
  char *hex = number ? BN_bn2hex (number) : NULL;
  char *decimal = number ? BN_bn2dec (number) : NULL;
  facts->serial_hex = g_strdup (hex);
  facts->serial_decimal = g_strdup (decimal);
  OPENSSL_free (hex);
  OPENSSL_free (decimal);
  BN_free (number);
  return facts->serial_hex && facts->serial_decimal;
}

static char *
read_common_name (X509 *cert)
{
  const X509_NAME *subject = X509_get_subject_name (cert);
  int at = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID (subject, NID_commonName, at) >= 0)
    return NULL;
  guint8 *text = NULL;
  int size
      = ASN1_STRING_to_UTF8 (&text, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at)));
  /* With its length, so that a NUL inside is no text either. */
  char *name = size > 0 && g_utf8_validate_len ((char *)text, (gsize)size, NULL)
                   ? g_strndup ((char *)text, (gsize)size)
                   : NULL;
  OPENSSL_free (text);
  return name;
}

gboolean
till_certificate_time (const ASN1_TIME *time, int64_t *seconds)
{
  ASN1_TIME *epoch = ASN1_TIME_set (NULL, 0);
  int days, rest;
  gboolean known = epoch && ASN1_TIME_diff (&days, &rest, epoch, time) == 1;
  ASN1_TIME_free (epoch);
  if (known)
    *seconds = (int64_t)days * 86400 + rest;
  return known;
}

static TillKey *
key_of_certificate (X509 *cert, int min_bits, const char *name, GError **error)
{
  g_autoptr (TillKey) key = key_take (X509_get_pubkey (cert), FALSE, min_bits, name, error);
  if (!key)
    return NULL;
  key->facts.common_name = read_common_name (cert);
  gboolean read = read_serial (cert, &key->facts)
                  && till_certificate_time (X509_get0_notBefore (cert), &key->facts.from)
                  && till_certificate_time (X509_get0_notAfter (cert), &key->facts.until);
  ERR_clear_error ();
  if (read)
    return g_steal_pointer (&key);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s holds a certificate whose serial number or dates cannot be read", name);
  return NULL;
}

TillKey *
till_key_of_certificate (X509 *cert, const char *name, GError **error)
{
  return key_of_certificate (cert, TILL_RSA_BITS, name, error);
}

static TillKey *
key_parse (GBytes *pem, int min_bits, const char *name, GError **error)
{
  EVP_PKEY *pkey = NULL;
  g_autoptr (X509) cert = NULL;
  if (!parse_block (pem, name, &pkey, &cert, error))
    return NULL;
  return cert ? key_of_certificate (cert, min_bits, name, error)
              : key_take (pkey, FALSE, min_bits, name, error);
}

TillKey *
till_key_from_pem (GBytes *pem, const char *name, GError **error)
{
  return key_parse (pem, TILL_RSA_BITS, name, error);
}

static TillKey *
load_public (const char *path, int min_bits, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  return text ? key_parse (text, min_bits, path, error) : NULL;
}

TillKey *
till_key_load_public (const char *path, GError **error)
{
  return load_public (path, TILL_RSA_BITS, error);
}

TillKey *
till_key_load_old_public (const char *path, GError **error)
{
  return load_public (path, OLD_RSA_BITS, error);
}

TillKey *
till_key_share (TillKey *key)
{
  return g_atomic_rc_box_acquire (key);
}

static void
clear (gpointer data)
{
  TillKey *key = data;
  EVP_PKEY_free (key->pkey);
  g_free ((char *)key->facts.serial_hex);
  g_free ((char *)key->facts.serial_decimal);
  g_free ((char *)key->facts.common_name);
}

void
till_key_free (TillKey *key)
{
  g_atomic_rc_box_release_full (key, clear);
}

const TillKeyFacts *
till_key_facts (const TillKey *key)
{
  return &key->facts;
}

/* OpenSSL wipes what a memory BIO held when it is freed. */
static gboolean
write_bio (const char *path, BIO *bio, int mode, GError **error)
{
  char *text;
  long size = BIO_get_mem_data (bio, &text);
  g_autoptr (GError) broke = NULL;
  if (g_file_set_contents_full (path, text, size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                &broke)
      && g_chmod (path, (mode_t)mode) == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s cannot be written: %s", path,
               broke ? broke->message : g_strerror (errno));
  return FALSE;
}

gboolean
till_key_write_private (const char *path, EVP_PKEY *pkey, GError **error)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  int written = PEM_write_bio_PrivateKey (bio, pkey, NULL, NULL, 0, NULL, NULL);
  g_assert (written == 1);
  return write_bio (path, bio, 0600, error);
}

gboolean
till_certificate_write (const char *path, X509 *cert, GError **error)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  int written = PEM_write_bio_X509 (bio, cert);
  g_assert (written == 1);
  return write_bio (path, bio, 0644, error);
}

gboolean
till_key_generate (const char *private_path, const char *public_path, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = EVP_RSA_gen (TILL_RSA_BITS);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_assert (pkey && bio);
  int written = PEM_write_bio_PUBKEY (bio, pkey);
  g_assert (written == 1);
  return till_key_write_private (private_path, pkey, error)
         && write_bio (public_path, bio, 0644, error);
}
