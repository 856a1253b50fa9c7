/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PINs: how they are hashed and compared. The plain PIN is wiped by whoever read it, with
 * till_secret_wipe (). Argon2id through libsodium; blocking for some 70 ms, so never on the main
 * thread. Memory for what must not be found again, and tokens that stand for it. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_PIN_MIN 4
#define TILL_PIN_MAX 12

/* Call once before any other thread starts; aborts when the system has no randomness. */
void till_secret_init (void);

/* FALSE with INVALID unless the PIN is 4–12 ASCII digits. */
gboolean till_secret_pin_is_valid (const char *pin, GError **error);
/* The stored form; NULL with BUSY when memory for the hash cannot be had. */
char *till_secret_hash_pin (const char *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_secret_pin_matches (const char *hash, const char *pin);

void till_secret_wipe (char *text);
/* Frees and wipes; for g_autoptr-like use with NULL allowed. */
void till_secret_free (char *text);

/* All zero, locked, kept out of core files, wiped by releasing; NULL when there is none to be had.
 * A few pages each: for few things. */
gpointer till_secret_alloc (gsize size) G_GNUC_WARN_UNUSED_RESULT;
void till_secret_release (gpointer memory); /* NULL allowed */

/* No core file of this process and of what it starts; and where one is made all the same, because
 * the system hands it to a program, which no limit of size forbids (core(5)), it has none of our
 * memory in it. */
void till_secret_forbid_dumps (void);

#define TILL_SECRET_KEY_SIZE 32
#define TILL_SECRET_TOKEN 33 /* 32 letters from a to p and the end */

typedef struct
{
  gconstpointer data; /* unowned */
  gsize size;
} TillSecretPiece;

/* The same pieces give the same token under the same key and purpose, and nothing leads back
 * without the key. Keyed BLAKE2b; each piece is taken with its length. Letters, because a row of
 * digits could look like the number of a card. */
void till_secret_token (const guint8 key[TILL_SECRET_KEY_SIZE], const char *purpose,
                        const TillSecretPiece *pieces, gsize n, char token[TILL_SECRET_TOKEN]);

/* Tests and the demo seed use a cheap hash so that a run does not spend its time here; the stored
 * form says how it was made, so both verify. Never called by the programs with a real shop. */
void till_secret_set_cheap (gboolean cheap);

G_END_DECLS
