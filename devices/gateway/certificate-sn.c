/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/certificate-sn.h"
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#define ROOTS_MAX 16
/* RFC 5280, 4.1.2.2. A longer one costs minutes to write in decimal. */
#define SERIAL_BYTES_MAX 20
/* PKCS #1: whatever the hash, it is signed with RSA. */
#define RSA_ALGORITHMS "1.2.840.113549.1.1."
#define OID_MAX 80

/* FALSE for a part whose kind has no short word. */
static gboolean
add_part (GString *text, X509_NAME_ENTRY *entry)
{
  int nid = OBJ_obj2nid (X509_NAME_ENTRY_get_object (entry));
  guint8 *utf8 = NULL;
  int size = nid == NID_undef ? -1 : ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (entry));
  if (size < 0)
    return FALSE;
  g_string_append_printf (text, "%s%s=", text->len ? "," : "", OBJ_nid2sn (nid));
  g_string_append_len (text, (const char *)utf8, size);
  OPENSSL_free (utf8);
  return TRUE;
}

static char *
sn_of (X509 *cert)
{
  const X509_NAME *issuer = X509_get_issuer_name (cert);
  const ASN1_INTEGER *serial = X509_get0_serialNumber (cert);
  if (ASN1_STRING_length (serial) > SERIAL_BYTES_MAX)
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = X509_NAME_entry_count (issuer) - 1; i >= 0; i--)
    if (!add_part (text, X509_NAME_get_entry (issuer, i)))
      return NULL;
  BIGNUM *number = ASN1_INTEGER_to_BN (serial, NULL);
  char *decimal = number ? BN_bn2dec (number) : NULL;
  BN_free (number);
  if (!decimal)
    return NULL;
  g_string_append (text, decimal);
  OPENSSL_free (decimal);
  return g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guint8 *)text->str, text->len);
}

static gboolean
is_signed_with_rsa (const X509 *cert)
{
  const ASN1_OBJECT *algorithm;
  char oid[OID_MAX];
  X509_ALGOR_get0 (&algorithm, NULL, NULL, X509_get0_tbs_sigalg (cert));
  int length = OBJ_obj2txt (oid, sizeof oid, algorithm, 1);
  return length > 0 && length < OID_MAX && g_str_has_prefix (oid, RSA_ALGORITHMS);
}

static char *
refuse (const char *path, const char *why, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s %s", path, why);
  return NULL;
}

char *
till_certificate_sn (const char *path, const TillKey *key, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  g_autoptr (X509) cert = text ? till_certificate_parse (text, path, error) : NULL;
  if (!cert)
    return NULL;
  gboolean same = EVP_PKEY_eq (X509_get0_pubkey (cert), key->pkey) == 1;
  ERR_clear_error ();
  if (!same)
    return refuse (path, "is the certificate of another key", error);
  char *sn = sn_of (cert);
  return sn ? sn : refuse (path, "has an issuer or a serial number that cannot be named", error);
}

/* FALSE with why when it is one too many or cannot be named. */
static gboolean
add_root (GString *all, X509 *cert, int n, const char **why)
{
  g_autofree char *sn = NULL;
  if (n == ROOTS_MAX)
    *why = "holds too many certificates";
  else if (!is_signed_with_rsa (cert))
    return TRUE;
  else if (!(sn = sn_of (cert)))
    *why = "has an issuer or a serial number that cannot be named";
  else
    g_string_append_printf (all, "%s%s", all->len ? "_" : "", sn);
  return *why == NULL;
}

char *
till_certificate_root_sn (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return NULL;
  g_autoptr (BIO) bio = till_key_bio (text);
  g_autoptr (GString) all = g_string_new (NULL);
  const char *why = NULL;
  ERR_clear_error ();
  for (int n = 0; !why; n++)
    {
      g_autoptr (X509) cert = PEM_read_bio_X509 (bio, NULL, till_key_no_pass_phrase, NULL);
      if (!cert)
        break;
      add_root (all, cert, n, &why);
    }
  gboolean ended = ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;
  ERR_clear_error ();
  if (!why && !ended)
    why = "holds something that is no certificate";
  if (!why && all->len == 0)
    why = "holds no certificate that is signed with RSA";
  return why ? refuse (path, why, error) : g_strdup (all->str);
}
