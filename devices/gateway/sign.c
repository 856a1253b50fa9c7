/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/sign.h"
#include "data/core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RSA_BITS 2048

struct _TillKey
{
  EVP_PKEY *pkey; /* owned */
  gboolean is_private;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

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

/* The file's bytes, no more than TILL_KEY_FILE_MAX of them. */
static GBytes *
read_key_file (const char *path, GError **error)
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
  GBytes *bytes = g_bytes_new_take (data, size);
  if (got == 0)
    return bytes;
  g_bytes_unref (bytes);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no key file", path);
  return NULL;
}

static TillKey *
key_take (EVP_PKEY *pkey, gboolean is_private, const char *path, GError **error)
{
  g_autoptr (EVP_PKEY) owned = pkey;
  ERR_clear_error ();
  if (!pkey || EVP_PKEY_get_base_id (pkey) != EVP_PKEY_RSA || EVP_PKEY_get_bits (pkey) < RSA_BITS)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "%s holds no %s RSA key of %d bits or more", path,
                   is_private ? "private" : "public", RSA_BITS);
      return NULL;
    }
  TillKey *key = g_new0 (TillKey, 1);
  key->pkey = g_steal_pointer (&owned);
  key->is_private = is_private;
  return key;
}

/* A key file with a pass phrase is refused rather than asked about on some terminal. */
static int
no_pass_phrase (char *buffer, int size, int writing, void *user)
{
  return -1;
}

TillKey *
till_key_load_private (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, TRUE, error))
    return NULL;
  g_autoptr (GBytes) text = read_key_file (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio
      = BIO_new_mem_buf (g_bytes_get_data (text, NULL), (int)g_bytes_get_size (text));
  return key_take (PEM_read_bio_PrivateKey (bio, NULL, no_pass_phrase, NULL), TRUE, path, error);
}

TillKey *
till_key_load_public (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = read_key_file (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio
      = BIO_new_mem_buf (g_bytes_get_data (text, NULL), (int)g_bytes_get_size (text));
  return key_take (PEM_read_bio_PUBKEY (bio, NULL, no_pass_phrase, NULL), FALSE, path, error);
}

void
till_key_free (TillKey *key)
{
  EVP_PKEY_free (key->pkey);
  g_free (key);
}

char *
till_key_sign (const TillKey *key, const void *data, gsize size)
{
  g_assert (key->is_private);
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 signature[EVP_MAX_MD_SIZE * 16]; /* 8192 bits of RSA */
  gsize length = sizeof signature;
  g_assert (context && EVP_PKEY_get_size (key->pkey) <= (int)sizeof signature);
  int begun = EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key->pkey);
  g_assert (begun == 1);
  int done = EVP_DigestSign (context, signature, &length, data, size);
  g_assert (done == 1);
  return g_base64_encode (signature, length);
}

/* g_base64_decode passes over what is no base64; a signature that is written in two ways is none.
 */
static guint8 *
decode_strictly (const char *text, gsize *length)
{
  if (!text || !*text || strlen (text) > 2048)
    return NULL;
  g_autofree guint8 *bytes = g_base64_decode (text, length);
  g_autofree char *again = g_base64_encode (bytes, *length);
  return strcmp (again, text) == 0 ? g_steal_pointer (&bytes) : NULL;
}

gboolean
till_key_verifies (const TillKey *key, const void *data, gsize size, const char *signature)
{
  gsize length = 0;
  g_autofree guint8 *bytes = decode_strictly (signature, &length);
  if (!bytes)
    return FALSE;
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  int begun = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key->pkey);
  g_assert (begun == 1);
  gboolean right = EVP_DigestVerify (context, bytes, length, data, size) == 1;
  ERR_clear_error ();
  return right;
}

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

static gboolean
write_private (const char *path, EVP_PKEY *pkey, GError **error)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  int written = PEM_write_bio_PrivateKey (bio, pkey, NULL, NULL, 0, NULL, NULL);
  g_assert (written == 1);
  return write_bio (path, bio, 0600, error);
}

gboolean
till_key_generate (const char *private_path, const char *public_path, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = EVP_RSA_gen (RSA_BITS);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_assert (pkey && bio);
  int written = PEM_write_bio_PUBKEY (bio, pkey);
  g_assert (written == 1);
  return write_private (private_path, pkey, error) && write_bio (public_path, bio, 0644, error);
}

static void
add_extension (X509 *cert, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, cert, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert (extension);
  int added = X509_add_ext (cert, extension, -1);
  g_assert (added == 1);
  X509_EXTENSION_free (extension);
}

static X509 *
certificate_new (EVP_PKEY *pkey, const char *common_name, TillValidity validity)
{
  X509 *cert = X509_new ();
  guint64 serial = ((guint64)g_random_int () << 31) | g_random_int_range (1, G_MAXINT);
  X509_NAME *name = X509_get_subject_name (cert);
  gboolean made = X509_set_version (cert, X509_VERSION_3)
                  && ASN1_INTEGER_set_uint64 (X509_get_serialNumber (cert), serial)
                  && ASN1_TIME_set (X509_getm_notBefore (cert), (time_t)validity.from)
                  && ASN1_TIME_set (X509_getm_notAfter (cert), (time_t)validity.until)
                  && X509_set_pubkey (cert, pkey)
                  && X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8,
                                                 (const guint8 *)common_name, -1, -1, 0);
  g_assert (made);
  return cert;
}

static gboolean
write_certificate (X509 *cert, EVP_PKEY *signer, const char *cert_path, GError **error)
{
  int size = X509_sign (cert, signer, EVP_sha256 ());
  g_assert (size > 0);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  int written = PEM_write_bio_X509 (bio, cert);
  g_assert (written == 1);
  return write_bio (cert_path, bio, 0644, error);
}

gboolean
till_certificate_make_authority (const char *cert_path, const char *key_path, TillValidity validity,
                                 GError **error)
{
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen ("P-256");
  g_assert (pkey);
  g_autoptr (X509) cert = certificate_new (pkey, "Practice authority", validity);
  int named = X509_set_issuer_name (cert, X509_get_subject_name (cert));
  g_assert (named == 1);
  add_extension (cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension (cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension (cert, cert, NID_subject_key_identifier, "hash");
  return write_private (key_path, pkey, error) && write_certificate (cert, pkey, cert_path, error);
}

static X509 *
read_certificate (const char *path, GError **error)
{
  g_autoptr (GBytes) text = read_key_file (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio
      = BIO_new_mem_buf (g_bytes_get_data (text, NULL), (int)g_bytes_get_size (text));
  X509 *cert = PEM_read_bio_X509 (bio, NULL, no_pass_phrase, NULL);
  if (!cert)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds no certificate", path);
  return cert;
}

static EVP_PKEY *
read_private (const char *path, GError **error)
{
  g_autoptr (GBytes) text = read_key_file (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio
      = BIO_new_mem_buf (g_bytes_get_data (text, NULL), (int)g_bytes_get_size (text));
  EVP_PKEY *pkey = PEM_read_bio_PrivateKey (bio, NULL, no_pass_phrase, NULL);
  if (!pkey)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds no private key", path);
  return pkey;
}

gboolean
till_certificate_make_server (const char *authority_cert_path, const char *authority_key_path,
                              const char *names, const char *cert_path, const char *key_path,
                              TillValidity validity, GError **error)
{
  g_autoptr (X509) authority = read_certificate (authority_cert_path, error);
  if (!authority)
    return FALSE;
  g_autoptr (EVP_PKEY) signer = read_private (authority_key_path, error);
  if (!signer)
    return FALSE;
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen ("P-256");
  g_assert (pkey);
  g_autoptr (X509) cert = certificate_new (pkey, "Practice provider", validity);
  int named = X509_set_issuer_name (cert, X509_get_subject_name (authority));
  g_assert (named == 1);
  add_extension (cert, authority, NID_basic_constraints, "critical,CA:FALSE");
  add_extension (cert, authority, NID_key_usage, "critical,digitalSignature");
  add_extension (cert, authority, NID_ext_key_usage, "serverAuth");
  add_extension (cert, authority, NID_subject_alt_name, names);
  add_extension (cert, authority, NID_authority_key_identifier, "keyid");
  return write_private (key_path, pkey, error)
         && write_certificate (cert, signer, cert_path, error);
}
