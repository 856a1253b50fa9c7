/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures over what was closed: Ed25519 through libsodium. The secret half lies in one file of
 * its own and in memory that is locked and wiped; it is never written anywhere else. One thread at
 * a time.
 *
 * The file: "quittance seal key 1", a line feed, the seed as 64 hexadecimal digits, a line feed. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_SEAL_PUBLIC_SIZE 32
#define TILL_SEAL_SIZE 64
#define TILL_SEAL_DERIVED_SIZE 32

typedef struct _TillSealKey TillSealKey;

/* Draws a key and writes it to path: 0600, synced, the folder synced. CONFLICT when there is a file
 * of this name: a key is never written over. */
TillSealKey *till_seal_key_make (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_FOUND when there is no file, INVALID when it is open to others, no plain file or no key. */
TillSealKey *till_seal_key_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_seal_key_free (TillSealKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSealKey, till_seal_key_free)

const guint8 *till_seal_key_public (const TillSealKey *key); /* TILL_SEAL_PUBLIC_SIZE bytes */
void till_seal_sign (const TillSealKey *key, const void *data, gsize size,
                     guint8 seal[TILL_SEAL_SIZE]);
/* A key for another purpose, always the same from the same key; it tells nothing of this one. */
void till_seal_derive (const TillSealKey *key, const char *purpose,
                       guint8 derived[TILL_SEAL_DERIVED_SIZE]);
gboolean till_seal_is_right (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE], const void *data,
                             gsize size, const guint8 seal[TILL_SEAL_SIZE]);

/* 64 letters from a to p, and back; FALSE for anything else. Letters, because a run of digits could
 * look like the number of a card, and those are masked wherever notes are kept. */
char *
till_seal_public_to_text (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE]) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_seal_public_from_text (const char *text, guint8 public_key[TILL_SEAL_PUBLIC_SIZE]);
/* For people and paper: "3f2a 77c0 91be 5d04", the first eight bytes of its SHA-256. */
char *
till_seal_fingerprint (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
