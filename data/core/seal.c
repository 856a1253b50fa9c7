/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/seal.h"
#include "data/core/digest.h"
#include "data/core/durable.h"
#include "data/core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "quittance seal key 1\n"
#define HEAD_SIZE (sizeof HEAD - 1)
#define HEX_SIZE (2 * crypto_sign_SEEDBYTES)
#define FILE_SIZE (HEAD_SIZE + HEX_SIZE + 1)

G_STATIC_ASSERT (crypto_sign_PUBLICKEYBYTES == TILL_SEAL_PUBLIC_SIZE);
G_STATIC_ASSERT (crypto_sign_BYTES == TILL_SEAL_SIZE);

/* In memory of libsodium's: locked, kept out of core files, wiped when it is freed. */
struct _TillSealKey
{
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
};

/* Whoever draws or reads a key may be the first in this process; doing it again does nothing. */
static void
wake_sodium (void)
{
  if (sodium_init () < 0)
    g_error ("no source of randomness on this system");
}

static TillSealKey *
key_new (const guint8 seed[crypto_sign_SEEDBYTES], GError **error)
{
  wake_sodium ();
  TillSealKey *key = sodium_malloc (sizeof *key);
  if (key)
    crypto_sign_seed_keypair (key->public_key, key->secret, seed);
  else
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, "no locked memory for the seal's key");
  return key;
}

void
till_seal_key_free (TillSealKey *key)
{
  sodium_free (key);
}

/* --- the file --- */

/* So short that one write takes it or fails. */
static gboolean
write_file (const char *path, const char text[FILE_SIZE], GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == EEXIST)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                   "there is a key already: %s; it was left alone", path);
      return FALSE;
    }
  if (fd < 0)
    return till_file_fails ("make", path, error);
  gboolean good = (write (fd, text, FILE_SIZE) == (gssize)FILE_SIZE && fsync (fd) == 0)
                  || till_file_fails ("write", path, error);
  close (fd);
  if (!good)
    unlink (path);
  return good && till_folder_sync_of (path, error);
}

static TillSealKey *
make_from (const char *path, const guint8 seed[crypto_sign_SEEDBYTES], GError **error)
{
  char text[FILE_SIZE + 1] = HEAD;
  sodium_bin2hex (text + HEAD_SIZE, HEX_SIZE + 1, seed, crypto_sign_SEEDBYTES);
  text[FILE_SIZE - 1] = '\n';
  g_autoptr (TillSealKey) key = key_new (seed, error);
  gboolean written = key && write_file (path, text, error);
  sodium_memzero (text, sizeof text);
  return written ? g_steal_pointer (&key) : NULL;
}

TillSealKey *
till_seal_key_make (const char *path, GError **error)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  wake_sodium ();
  randombytes_buf (seed, sizeof seed);
  TillSealKey *key = make_from (path, seed, error);
  sodium_memzero (seed, sizeof seed);
  return key;
}

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s %s", path, why);
  return FALSE;
}

/* An open file that nobody else may read and that is as long as a key. */
static gboolean
is_guarded (int fd, const char *path, GError **error)
{
  struct stat about;
  if (fstat (fd, &about) != 0)
    return till_file_fails ("look at", path, error);
  if (!S_ISREG (about.st_mode) || about.st_size != (off_t)FILE_SIZE)
    return refuse (error, path, "is no key for seals");
  if (about.st_uid != geteuid ())
    return refuse (error, path, "belongs to somebody else");
  return (about.st_mode & 077) == 0 || refuse (error, path, "is open to others: chmod 0600 it");
}

static TillSealKey *
read_key (const char text[FILE_SIZE], const char *path, GError **error)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  gsize size = 0;
  TillSealKey *key = NULL;
  if (memcmp (text, HEAD, HEAD_SIZE) == 0 && text[FILE_SIZE - 1] == '\n'
      && sodium_hex2bin (seed, sizeof seed, text + HEAD_SIZE, HEX_SIZE, NULL, &size, NULL) == 0
      && size == sizeof seed)
    key = key_new (seed, error);
  else
    refuse (error, path, "is no key for seals");
  sodium_memzero (seed, sizeof seed);
  return key;
}

TillSealKey *
till_seal_key_load (const char *path, GError **error)
{
  char text[FILE_SIZE];
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "there is no key at %s", path);
      return NULL;
    }
  if (fd < 0)
    {
      till_file_fails ("open", path, error);
      return NULL;
    }
  TillSealKey *key = NULL;
  if (!is_guarded (fd, path, error))
    ; /* said */
  else if (read (fd, text, sizeof text) != (gssize)sizeof text)
    till_file_fails ("read", path, error);
  else
    key = read_key (text, path, error);
  close (fd);
  sodium_memzero (text, sizeof text);
  return key;
}

/* --- signing --- */

const guint8 *
till_seal_key_public (const TillSealKey *key)
{
  return key->public_key;
}

void
till_seal_sign (const TillSealKey *key, const void *data, gsize size, guint8 seal[TILL_SEAL_SIZE])
{
  crypto_sign_detached (seal, NULL, data, size, key->secret);
}

/* The first half of the secret is the seed that all of it was made from. */
void
till_seal_derive (const TillSealKey *key, const char *purpose,
                  guint8 derived[TILL_SEAL_DERIVED_SIZE])
{
  crypto_generichash (derived, TILL_SEAL_DERIVED_SIZE, (const guint8 *)purpose, strlen (purpose),
                      key->secret, crypto_sign_SEEDBYTES);
}

gboolean
till_seal_is_right (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE], const void *data, gsize size,
                    const guint8 seal[TILL_SEAL_SIZE])
{
  return crypto_sign_verify_detached (seal, data, size, public_key) == 0;
}

/* --- the public half in words --- */

char *
till_seal_public_to_text (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE])
{
  char *text = g_malloc0 (2 * TILL_SEAL_PUBLIC_SIZE + 1);
  for (int i = 0; i < TILL_SEAL_PUBLIC_SIZE; i++)
    {
      text[2 * i] = (char)('a' + (public_key[i] >> 4));
      text[2 * i + 1] = (char)('a' + (public_key[i] & 15));
    }
  return text;
}

gboolean
till_seal_public_from_text (const char *text, guint8 public_key[TILL_SEAL_PUBLIC_SIZE])
{
  gsize length = strlen (text);
  if (length != (gsize)2 * TILL_SEAL_PUBLIC_SIZE || strspn (text, "abcdefghijklmnop") != length)
    return FALSE;
  for (int i = 0; i < TILL_SEAL_PUBLIC_SIZE; i++)
    public_key[i] = (guint8)(((text[2 * i] - 'a') << 4) | (text[2 * i + 1] - 'a'));
  return TRUE;
}

char *
till_seal_fingerprint (const guint8 public_key[TILL_SEAL_PUBLIC_SIZE])
{
  g_autofree char *hex = till_digest_hex (public_key, TILL_SEAL_PUBLIC_SIZE);
  return g_strdup_printf ("%.4s %.4s %.4s %.4s", hex, hex + 4, hex + 8, hex + 12);
}
