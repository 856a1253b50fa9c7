/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures as payment providers use them, and the keys and certificates of a practice shop.
 *
 * RSA with SHA-256, PKCS#1 v1.5 (RFC 8017, 8.2): the same bytes give the same signature every time,
 * which a repeated request needs. Base64 is RFC 4648 on one line. The only file of this room that
 * knows OpenSSL. A TillKey is not changed after it is made and may be shared by threads.
 * Files that cannot be read are NOT_FOUND, files that hold no such key INVALID, a private key that
 * others may read INVALID. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TillKey TillKey;

/* The largest file that is taken for a key. */
#define TILL_KEY_FILE_MAX (64 * 1024)

/* The file must be ours and closed to everybody else (0600). At least 2048 bits of RSA. */
TillKey *till_key_load_private (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillKey *till_key_load_public (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_key_free (TillKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKey, till_key_free)

/* Base64. The key must be a private one (asserted). */
char *till_key_sign (const TillKey *key, const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE for anything that is not exactly one signature of data, NULL included. */
gboolean till_key_verifies (const TillKey *key, const void *data, gsize size,
                            const char *signature);

/* A new RSA key of 2048 bits in two files, the private one 0600. */
gboolean till_key_generate (const char *private_path, const char *public_path, GError **error);

/* From when until when a certificate holds, in seconds since 1970 UTC. */
typedef struct
{
  int64_t from;
  int64_t until;
} TillValidity;

/* An authority of our own for TLS (P-256), certificate and private key (0600) in two files. */
gboolean till_certificate_make_authority (const char *cert_path, const char *key_path,
                                          TillValidity validity, GError **error);
/* A server's certificate signed by that authority; names as OpenSSL writes them:
 * "DNS:localhost,IP:127.0.0.1". */
gboolean till_certificate_make_server (const char *authority_cert_path,
                                       const char *authority_key_path, const char *names,
                                       const char *cert_path, const char *key_path,
                                       TillValidity validity, GError **error);

/* TRUE when the file is a plain file of ours that nobody else can read (closed) or write (!closed);
 * INVALID says what is wrong with it. */
gboolean till_file_is_guarded (const char *path, gboolean closed, GError **error);

G_END_DECLS
