/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PINs: how they are hashed and compared. The plain PIN is wiped by whoever read it, with
 * till_secret_wipe (). Argon2id through libsodium; blocking for some 70 ms, so never on the main
 * thread. */
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

/* Tests and the demo seed use a cheap hash so that a run does not spend its time here; the stored
 * form says how it was made, so both verify. Never called by the programs with a real shop. */
void till_secret_set_cheap (gboolean cheap);

G_END_DECLS
