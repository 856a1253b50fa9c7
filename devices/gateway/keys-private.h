/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and certificates as OpenSSL has them, for the files of this room that keep OpenSSL. */
#pragma once
#include "data/core/digest.h"
#include "devices/gateway/keys.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

#define TILL_RSA_BITS 2048

/* In an atomic rc box: till_key_free () gives back one share of it. */
struct _TillKey
{
  EVP_PKEY *pkey; /* owned */
  gboolean is_private;
  TillKeyFacts facts; /* owned, with its texts */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

/* The file's bytes, no more than TILL_KEY_FILE_MAX of them; wiped when they are freed. */
GBytes *till_key_file_read (const char *path, GError **error);
/* A view of bytes, which must live longer. */
BIO *till_key_bio (GBytes *bytes);
/* A pass phrase that is asked for is refused rather than read from some terminal. */
int till_key_no_pass_phrase (char *buffer, int size, int writing, void *user);

/* The same key once more, for a second owner to free. */
TillKey *till_key_share (TillKey *key);

/* The one certificate in pem. */
X509 *till_certificate_parse (GBytes *pem, const char *name, GError **error);
/* SHA-256 of its DER, which is not looked at: a few words of PEM are cheaper than a certificate.
 * FALSE when pem is not one block that is called a certificate. */
gboolean till_certificate_digest (GBytes *pem, guint8 digest[TILL_DIGEST_SIZE]);
/* Seconds since 1970 UTC. */
gboolean till_certificate_time (const ASN1_TIME *time, int64_t *seconds);
/* The key in cert with what cert says of itself; from TILL_RSA_BITS. */
TillKey *till_key_of_certificate (X509 *cert, const char *name, GError **error);
/* FALSE with INVALID unless pkey (may be NULL) is RSA of min_bits to 8192 bits. */
gboolean till_key_is_strong (EVP_PKEY *pkey, int min_bits, const char *name, GError **error);

/* Both replace the file; the key's is 0600. */
gboolean till_key_write_private (const char *path, EVP_PKEY *pkey, GError **error);
gboolean till_certificate_write (const char *path, X509 *cert, GError **error);

G_END_DECLS
