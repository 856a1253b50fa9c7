/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and seals as payment providers use them.
 *
 * RSA with PKCS#1 v1.5 (RFC 8017, 8.2): the same bytes give the same signature every time, which a
 * repeated request needs. Base64 is RFC 4648 on one line. HMAC is RFC 2104, GCM RFC 5116 as
 * AEAD_AES_256_GCM: what was sealed is as long as what it holds and TILL_GCM_TAG_SIZE bytes more.
 * Everything here may be called on any thread. */
#pragma once
#include "devices/gateway/certificates.h"
#include "devices/gateway/keys.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_HASH_SHA256,
  TILL_HASH_SHA1, /* only where a provider knows nothing else */
} TillHash;

/* Base64. The key must be a private one (asserted). The plain name is SHA-256. NULL only for SHA-1,
 * when till_key_can_sign_with () says no. */
char *till_key_sign (const TillKey *key, const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;
char *till_key_sign_with (const TillKey *key, TillHash hash, const void *data,
                          gsize size) G_GNUC_WARN_UNUSED_RESULT;
/* INVALID when this system forbids the hash for signatures, as the settings of some distributions
 * do with SHA-1: to be asked when an account is read, so that it is not learned from a refund. */
gboolean till_key_can_sign_with (const TillKey *key, TillHash hash, GError **error);

/* FALSE for anything that is not exactly one signature of data, NULL included. */
gboolean till_key_verifies (const TillKey *key, const void *data, gsize size,
                            const char *signature);
gboolean till_key_verifies_with (const TillKey *key, TillHash hash, const void *data, gsize size,
                                 const char *signature);

/* 64 small hexadecimal digits. */
char *till_hmac_sha256_hex (const void *key, gsize key_size, const void *data,
                            gsize size) G_GNUC_WARN_UNUSED_RESULT;
/* Takes as long wherever texts of one length differ. NULL is never the same, not even as NULL. */
gboolean till_text_is_same (const char *a, const char *b);

#define TILL_GCM_KEY_SIZE 32
#define TILL_GCM_NONCE_SIZE 12
#define TILL_GCM_TAG_SIZE 16
/* The most that is opened or sealed: what a provider may answer. */
#define TILL_GCM_SIZE_MAX (1024 * 1024)

/* What data holds; wiped when it is freed. aad may be NULL for none. INVALID, and nothing of it is
 * ever shown, unless nonce is 12 bytes and the tag fits key, nonce, aad and data. */
GBytes *till_gcm_open (const guint8 key[TILL_GCM_KEY_SIZE], const char *nonce, const char *aad,
                       const void *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The other way, for the sandbox: nonce and size are ours (asserted). One nonce is for one text. */
GBytes *till_gcm_seal (const guint8 key[TILL_GCM_KEY_SIZE], const char *nonce, const char *aad,
                       const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
