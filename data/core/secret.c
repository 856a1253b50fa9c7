/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/secret.h"
#include "data/core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static gboolean cheap_hash;

void
till_secret_init (void)
{
  if (sodium_init () < 0)
    g_error ("no source of randomness on this system");
}

void
till_secret_set_cheap (gboolean cheap)
{
  cheap_hash = cheap;
}

gboolean
till_secret_pin_is_valid (const char *pin, GError **error)
{
  gsize length = pin ? strnlen (pin, TILL_PIN_MAX + 1) : 0;
  gboolean good = length >= TILL_PIN_MIN && length <= TILL_PIN_MAX;
  for (gsize i = 0; good && i < length; i++)
    good = g_ascii_isdigit (pin[i]);
  if (!good)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a PIN is %d to %d digits", TILL_PIN_MIN,
                 TILL_PIN_MAX);
  return good;
}

char *
till_secret_hash_pin (const char *pin, GError **error)
{
  if (!till_secret_pin_is_valid (pin, error))
    return NULL;
  char *hash = g_malloc (crypto_pwhash_STRBYTES);
  unsigned long long operations
      = cheap_hash ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
  gsize memory = cheap_hash ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
  if (crypto_pwhash_str (hash, pin, strlen (pin), operations, memory) == 0)
    return hash;
  g_free (hash);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, "no memory for hashing a PIN");
  return NULL;
}

gboolean
till_secret_pin_matches (const char *hash, const char *pin)
{
  return pin && strnlen (pin, TILL_PIN_MAX + 1) <= TILL_PIN_MAX
         && crypto_pwhash_str_verify (hash, pin, strlen (pin)) == 0;
}

void
till_secret_wipe (char *text)
{
  if (text)
    sodium_memzero (text, strlen (text));
}

void
till_secret_free (char *text)
{
  till_secret_wipe (text);
  g_free (text);
}

gpointer
till_secret_alloc (gsize size)
{
  till_secret_init ();
  gpointer memory = sodium_malloc (size);
  if (memory)
    sodium_memzero (memory, size);
  return memory;
}

void
till_secret_release (gpointer memory)
{
  sodium_free (memory);
}

void
till_secret_forbid_dumps (void)
{
  const struct rlimit none = { 0, 0 };
  if (setrlimit (RLIMIT_CORE, &none) != 0)
    g_warning ("core files of this program cannot be forbidden: %s", g_strerror (errno));
  int filter = open ("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
  if (filter < 0 || write (filter, "0", 1) != 1)
    g_warning ("memory cannot be kept out of core files: %s", g_strerror (errno));
  if (filter >= 0)
    close (filter);
}

void
till_secret_token (const guint8 key[TILL_SECRET_KEY_SIZE], const char *purpose,
                   const TillSecretPiece *pieces, gsize n, char token[TILL_SECRET_TOKEN])
{
  crypto_generichash_state state;
  guint8 sum[(TILL_SECRET_TOKEN - 1) / 2];
  crypto_generichash_init (&state, key, TILL_SECRET_KEY_SIZE, sizeof sum);
  crypto_generichash_update (&state, (const guint8 *)purpose, strlen (purpose) + 1);
  for (gsize i = 0; i < n; i++)
    {
      const guint64 size = pieces[i].size;
      crypto_generichash_update (&state, (const guint8 *)&size, sizeof size);
      crypto_generichash_update (&state, pieces[i].data, size);
    }
  crypto_generichash_final (&state, sum, sizeof sum);
  sodium_memzero (&state, sizeof state);
  for (gsize i = 0; i < sizeof sum; i++)
    {
      token[2 * i] = (char)('a' + (sum[i] >> 4));
      token[2 * i + 1] = (char)('a' + (sum[i] & 15));
    }
  token[TILL_SECRET_TOKEN - 1] = 0;
}
