/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys in files, in memory and in certificates, and whom we believe about them.
 *
 * A key is at least 2048 bits and at most 8192. PEM is one block with nothing but remarks around
 * it, so that no second key can hide behind the first; neither PEM nor DER is read beyond
 * TILL_KEY_FILE_MAX. Whether a certificate holds today is asked of a till_authorities only: a key
 * that the shop pinned by its file is believed as long as the file lies there.
 *
 * A TillKey and a TillAuthorities are not changed after they are made and may be shared by threads;
 * what a TillAuthorities remembers has a lock of its own, and ends with it.
 * Files that cannot be read are NOT_FOUND, files and texts that hold no such key INVALID, a private
 * key that others may read INVALID. Memory that held a secret is wiped. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TillKey TillKey;
typedef struct _TillAuthorities TillAuthorities;

/* The largest file that is taken for a key. */
#define TILL_KEY_FILE_MAX (64 * 1024)

/* What the certificate said that the key came in; all NULL and 0 for a bare key. Owned by the key.
 * Digits as X.509 tools print them: capitals, whole bytes, no other zeros in front. */
typedef struct
{
  const char *serial_hex;
  const char *serial_decimal;
  const char *common_name; /* UTF-8; NULL also when it has none, two, or one that is no text */
  int64_t from;            /* seconds since 1970 UTC */
  int64_t until;
} TillKeyFacts;

/* The file must be ours and closed to everybody else (0600). */
TillKey *till_key_load_private (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A public key or a certificate; the file must be ours and not writable by anybody else. */
TillKey *till_key_load_public (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from 1024 bits, for a provider whose own key is that old (UMPay). */
TillKey *till_key_load_old_public (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A public key or a certificate in memory; name is for messages. */
TillKey *till_key_from_pem (GBytes *pem, const char *name,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_key_free (TillKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKey, till_key_free)

const TillKeyFacts *till_key_facts (const TillKey *key);

/* A new RSA key of 2048 bits in two files, the private one 0600. */
gboolean till_key_generate (const char *private_path, const char *public_path, GError **error);

/* Takes a PKCS#12 file apart into a private key file (0600) and a certificate file; facts of either
 * are read by loading them. The password may be NULL for none and stays the caller's to wipe.
 * CONFLICT when one of the two is already there, for a key that is overwritten is lost. Everything
 * else that is wrong is an INVALID sentence of its own that says what to do. */
gboolean till_key_import_pkcs12 (const char *path, const char *password, const char *key_path,
                                 const char *cert_path, GError **error);

/* Authorities that were pinned: a PEM file of one to eight certificates, ours and not writable by
 * anybody else. */
TillAuthorities *till_authorities_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_authorities_free (TillAuthorities *authorities);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAuthorities, till_authorities_free)

/* The key of a PEM certificate that is made for signing, chains to one of them and, like every
 * certificate between, is valid at that instant (µs UTC); INVALID says why not. Each authority of
 * the file is an end of its own: a middle one needs no root beside it. The last few that were found
 * good are not checked anew while all of their chain holds; they give the same key again. */
TillKey *till_authorities_key_of (const TillAuthorities *authorities, GBytes *pem, int64_t at,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many certificates a PEM file holds (of any kind of key, none is no error), and the time in
 * which all of them hold, in seconds since 1970 UTC; 0 and 0 when there are none. */
gboolean till_certificates_term (const char *path, int *count, int64_t *from, int64_t *until,
                                 GError **error);

/* TRUE when the file is a plain file of ours that nobody else can read (closed) or write (!closed);
 * INVALID says what is wrong with it. */
gboolean till_file_is_guarded (const char *path, gboolean closed, GError **error);

G_END_DECLS
