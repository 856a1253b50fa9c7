/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#define AUTHORITIES_MAX 8

struct _TillAuthorities
{
  X509_STORE *store; /* owned */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

/* How many certificates were added; -1 when one of them is no authority's or cannot be read. */
static int
add_all (X509_STORE *store, GBytes *text)
{
  g_autoptr (BIO) bio = till_key_bio (text);
  for (int count = 0;; count++)
    {
      g_autoptr (X509) cert = PEM_read_bio_X509 (bio, NULL, till_key_no_pass_phrase, NULL);
      if (!cert)
        return ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE ? count : -1;
      if (count == AUTHORITIES_MAX || X509_check_ca (cert) <= 0
          || !X509_STORE_add_cert (store, cert))
        return -1;
    }
}

TillAuthorities *
till_authorities_load (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return NULL;
  g_autoptr (TillAuthorities) authorities = g_new0 (TillAuthorities, 1);
  authorities->store = X509_STORE_new ();
  g_assert (authorities->store);
  int count = add_all (authorities->store, text);
  ERR_clear_error ();
  if (count > 0)
    return g_steal_pointer (&authorities);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s holds no certificates of authorities, one to %d in PEM", path, AUTHORITIES_MAX);
  return NULL;
}

gboolean
till_certificates_term (const char *path, int *count, int64_t *from, int64_t *until, GError **error)
{
  *count = 0;
  *from = *until = 0;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return FALSE;
  g_autoptr (BIO) bio = till_key_bio (text);
  gboolean read = TRUE;
  for (;; (*count)++)
    {
      g_autoptr (X509) cert = PEM_read_bio_X509 (bio, NULL, till_key_no_pass_phrase, NULL);
      int64_t begins, ends;
      if (!cert)
        break;
      read = till_certificate_time (X509_get0_notBefore (cert), &begins)
             && till_certificate_time (X509_get0_notAfter (cert), &ends);
      if (!read)
        break;
      *from = *count == 0 ? begins : MAX (*from, begins);
      *until = *count == 0 ? ends : MIN (*until, ends);
    }
  read = read && ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;
  ERR_clear_error ();
  if (!read)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: its certificates cannot be read",
                 path);
  return read;
}

void
till_authorities_free (TillAuthorities *authorities)
{
  X509_STORE_free (authorities->store);
  g_free (authorities);
}

/* An authority below ours may issue certificates for encrypting and for other authorities too; only
 * one that is for signing says who signed. One that does not say what it is for may do it all. */
static gboolean
is_for_signing (X509 *cert)
{
  return X509_check_ca (cert) <= 0
         && (X509_get_key_usage (cert) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

static gboolean
chains (const TillAuthorities *authorities, X509 *cert, int64_t at, GError **error)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  int begun = context && X509_STORE_CTX_init (context, authorities->store, cert, NULL);
  g_assert (begun == 1);
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_PARTIAL_CHAIN);
  /* CFCA, UnionPay's authority, signs certificates with SHA-1 to this day. */
  X509_VERIFY_PARAM_set_auth_level (X509_STORE_CTX_get0_param (context), 0);
  X509_STORE_CTX_set_time (context, 0, (time_t)(at / G_USEC_PER_SEC));
  gboolean valid = X509_verify_cert (context) == 1;
  int why = X509_STORE_CTX_get_error (context);
  ERR_clear_error ();
  if (!valid)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the certificate is not believed: %s",
                 X509_verify_cert_error_string (why));
  return valid;
}

TillKey *
till_authorities_key_of (const TillAuthorities *authorities, GBytes *pem, int64_t at,
                         GError **error)
{
  static const char name[] = "the certificate that came";
  g_autoptr (X509) cert = till_certificate_parse (pem, name, error);
  if (!cert || !chains (authorities, cert, at, error))
    return NULL;
  gboolean signs = is_for_signing (cert);
  ERR_clear_error ();
  if (!signs)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is not for signing", name);
      return NULL;
    }
  return till_key_of_certificate (cert, name, error);
}
