/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates of a practice shop: an authority of our own and what it signs. No real shop makes
 * one. Private keys are files of 0600; what is there is replaced. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* From when until when a certificate holds, in seconds since 1970 UTC. */
typedef struct
{
  int64_t from;
  int64_t until;
} TillValidity;

/* An authority (P-256), certificate and private key in two files. */
gboolean till_certificate_make_authority (const char *cert_path, const char *key_path,
                                          TillValidity validity, GError **error);
/* A server's certificate signed by that authority; names as OpenSSL writes them:
 * "DNS:localhost,IP:127.0.0.1". */
gboolean till_certificate_make_server (const char *authority_cert_path,
                                       const char *authority_key_path, const char *names,
                                       const char *cert_path, const char *key_path,
                                       TillValidity validity, GError **error);
/* A certificate for signing messages, RSA of 2048 bits, signed by that authority. The common name
 * is UTF-8 of 1–64 characters (INVALID otherwise). */
gboolean till_certificate_make_signer (const char *authority_cert_path,
                                       const char *authority_key_path, const char *common_name,
                                       const char *cert_path, const char *key_path,
                                       TillValidity validity, GError **error);

/* A certificate for the private key (RSA) in a file, signed by itself, of that organisation and
 * name. */
gboolean till_certificate_make_own (const char *key_path, const char *organisation,
                                    const char *common_name, const char *cert_path,
                                    TillValidity validity, GError **error);

G_END_DECLS
