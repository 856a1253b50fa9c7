/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/certificates.h"
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* X.520: ub-common-name. */
#define COMMON_NAME_MAX 64

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
sign_and_write (X509 *cert, EVP_PKEY *signer, const char *cert_path, GError **error)
{
  int size = X509_sign (cert, signer, EVP_sha256 ());
  g_assert (size > 0);
  return till_certificate_write (cert_path, cert, error);
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
  return till_key_write_private (key_path, pkey, error)
         && sign_and_write (cert, pkey, cert_path, error);
}

static EVP_PKEY *
read_private (const char *path, GError **error)
{
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio = till_key_bio (text);
  EVP_PKEY *pkey = PEM_read_bio_PrivateKey (bio, NULL, till_key_no_pass_phrase, NULL);
  ERR_clear_error ();
  if (!pkey)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds no private key", path);
  return pkey;
}

/* An authority of ours with its key, as it lies in two files. */
typedef struct
{
  X509 *cert;     /* owned */
  EVP_PKEY *pkey; /* owned */
} Authority;

static void
authority_clear (Authority *authority)
{
  X509_free (authority->cert);
  EVP_PKEY_free (authority->pkey);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Authority, authority_clear)

static gboolean
authority_read (Authority *authority, const char *cert_path, const char *key_path, GError **error)
{
  g_autoptr (GBytes) text = till_key_file_read (cert_path, error);
  if (!text)
    return FALSE;
  authority->cert = till_certificate_parse (text, cert_path, error);
  if (!authority->cert)
    return FALSE;
  authority->pkey = read_private (key_path, error);
  return authority->pkey != NULL;
}

/* What every certificate below an authority says alike. */
static X509 *
issue (const Authority *authority, EVP_PKEY *pkey, const char *common_name, TillValidity validity)
{
  X509 *cert = certificate_new (pkey, common_name, validity);
  int named = X509_set_issuer_name (cert, X509_get_subject_name (authority->cert));
  g_assert (named == 1);
  add_extension (cert, authority->cert, NID_basic_constraints, "critical,CA:FALSE");
  add_extension (cert, authority->cert, NID_key_usage, "critical,digitalSignature");
  add_extension (cert, authority->cert, NID_authority_key_identifier, "keyid");
  return cert;
}

gboolean
till_certificate_make_server (const char *authority_cert_path, const char *authority_key_path,
                              const char *names, const char *cert_path, const char *key_path,
                              TillValidity validity, GError **error)
{
  g_auto (Authority) authority = { 0 };
  if (!authority_read (&authority, authority_cert_path, authority_key_path, error))
    return FALSE;
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen ("P-256");
  g_assert (pkey);
  g_autoptr (X509) cert = issue (&authority, pkey, "Practice provider", validity);
  add_extension (cert, authority.cert, NID_ext_key_usage, "serverAuth");
  add_extension (cert, authority.cert, NID_subject_alt_name, names);
  return till_key_write_private (key_path, pkey, error)
         && sign_and_write (cert, authority.pkey, cert_path, error);
}

gboolean
till_certificate_make_signer (const char *authority_cert_path, const char *authority_key_path,
                              const char *common_name, const char *cert_path, const char *key_path,
                              TillValidity validity, GError **error)
{
  if (!g_utf8_validate (common_name, -1, NULL) || !*common_name
      || g_utf8_strlen (common_name, -1) > COMMON_NAME_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "a certificate's common name is 1–%d characters", COMMON_NAME_MAX);
      return FALSE;
    }
  g_auto (Authority) authority = { 0 };
  if (!authority_read (&authority, authority_cert_path, authority_key_path, error))
    return FALSE;
  g_autoptr (EVP_PKEY) pkey = EVP_RSA_gen (TILL_RSA_BITS);
  g_assert (pkey);
  g_autoptr (X509) cert = issue (&authority, pkey, common_name, validity);
  return till_key_write_private (key_path, pkey, error)
         && sign_and_write (cert, authority.pkey, cert_path, error);
}

gboolean
till_certificate_make_own (const char *key_path, const char *organisation, const char *common_name,
                           const char *cert_path, TillValidity validity, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = read_private (key_path, error);
  if (!pkey)
    return FALSE;
  g_autoptr (X509) cert = certificate_new (pkey, common_name, validity);
  int named = X509_NAME_add_entry_by_txt (X509_get_subject_name (cert), "O", MBSTRING_UTF8,
                                          (const guint8 *)organisation, -1, -1, 0)
              && X509_set_issuer_name (cert, X509_get_subject_name (cert));
  g_assert (named == 1);
  return sign_and_write (cert, pkey, cert_path, error);
}
