/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/account-import.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/gateway/account.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* So many files of one kind in a folder, and then somebody has to clear up. */
#define COPIES_MAX 99

static const struct
{
  const char *word, *file, *label;
} kinds[] = {
  [TILL_IMPORT_OUR_KEY] = { "private_key", "till-key", N_ ("Our key with its certificate (.p12)") },
  [TILL_IMPORT_PROVIDER_KEY]
  = { "provider_key", "provider-key", N_ ("The provider's key, instead of the one in use") },
  [TILL_IMPORT_NEXT_KEY]
  = { "next_provider_key", "next-provider-key", N_ ("The provider's next key, beside it") },
  [TILL_IMPORT_AUTHORITIES]
  = { "authorities", "authorities", N_ ("The authorities of its signatures") },
  [TILL_IMPORT_CA] = { "ca_file", "ca", N_ ("The authorities of the line") },
  [TILL_IMPORT_NOTICE_KEY]
  = { "notice_key", "notice-key", N_ ("The key of the provider's notices") },
  [TILL_IMPORT_NOTICE_SECRET]
  = { "notice_secret_file", "notice-secret", N_ ("The secret of the provider's notices") },
};

/* One taking-in, while it is done. */
typedef struct
{
  char *dir, *ini_path; /* owned */
  GKeyFile *ini;        /* owned; as it is to become */
  char *before;         /* owned; as it was */
  GPtrArray *made;      /* owned; of paths: files that are new in the folder */
  const TillCodec *codec;
} Import;

static void
import_clear (Import *import)
{
  g_free (import->dir);
  g_free (import->ini_path);
  g_clear_pointer (&import->ini, g_key_file_unref);
  g_free (import->before);
  g_clear_pointer (&import->made, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

const char *
till_import_word (TillImportKind kind)
{
  return kinds[kind].word;
}

gboolean
till_import_from_word (const char *word, TillImportKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].word, word))
      {
        *kind = (TillImportKind)i;
        return TRUE;
      }
  return FALSE;
}

const char *
till_import_label (TillImportKind kind)
{
  return _ (kinds[kind].label);
}

/* --- the account --- */

static gboolean
open_account (Import *import, const char *root, const char *account, GError **error)
{
  import->dir = g_build_filename (root, account, NULL);
  import->ini_path = g_build_filename (import->dir, "account.ini", NULL);
  import->made = g_ptr_array_new_with_free_func (g_free);
  import->ini = till_account_read_file (import->ini_path, &import->before, error);
  if (!import->ini)
    return FALSE;
  g_autofree char *provider = g_key_file_get_string (import->ini, "account", "provider", NULL);
  import->codec = till_codec_find (provider ? provider : "");
  if (import->codec)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s names no provider that is known",
               import->ini_path);
  return FALSE;
}

static gboolean
is_usable (const Import *import, GError **error)
{
  g_autoptr (TillAccount) account = till_account_load (import->dir, error);
  return account != NULL;
}

static gboolean
write_ini (const Import *import, const char *text, GError **error)
{
  g_autoptr (GError) broke = NULL;
  if (g_file_set_contents_full (import->ini_path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &broke))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be written: %s", import->ini_path,
               broke->message);
  return FALSE;
}

/* --- the file --- */

static char *
free_name (const Import *import, const char *word, const char *stem)
{
  const char *ending = strcmp (word, "notice_secret_file") == 0 ? "" : ".pem";
  for (int n = 1; n <= COPIES_MAX; n++)
    {
      g_autofree char *name = n == 1 ? g_strconcat (stem, ending, NULL)
                                     : g_strdup_printf ("%s-%d%s", stem, n, ending);
      g_autofree char *path = g_build_filename (import->dir, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        return g_steal_pointer (&name);
    }
  return NULL;
}

/* A free name in the folder that account.ini calls by word from now on; the path is the caller's.
 */
static char *
claim (Import *import, const char *word, const char *stem, GError **error)
{
  g_autofree char *name = free_name (import, word, stem);
  if (!name)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                   "%s holds %d files %s already: move the old ones away", import->dir, COPIES_MAX,
                   stem);
      return NULL;
    }
  g_key_file_set_string (import->ini, "account", word, name);
  char *path = g_build_filename (import->dir, name, NULL);
  g_ptr_array_add (import->made, g_strdup (path));
  return path;
}

/* Where account.ini says the number of our certificate, it is the new one's. */
static void
set_numbers (Import *import, const TillKeyFacts *facts)
{
  const struct
  {
    const char *word, *number;
  } numbers[] = { { "serial_no", facts->serial_hex }, { "cert_id", facts->serial_decimal } };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (import->codec->facts && g_strv_contains (import->codec->facts, numbers[i].word))
      g_key_file_set_string (import->ini, "account", numbers[i].word, numbers[i].number);
}

static gboolean
take_our_key (Import *import, const char *path, const char *password, GError **error)
{
  g_autofree char *key = claim (import, "private_key", "till-key", error);
  g_autofree char *cert = key ? claim (import, "certificate", "till-cert", error) : NULL;
  if (!cert || !till_key_import_pkcs12 (path, password, key, cert, error))
    return FALSE;
  g_autoptr (TillKey) public = till_key_load_public (cert, error);
  if (!public)
    return FALSE;
  set_numbers (import, till_key_facts (public));
  return TRUE;
}

static gboolean
copy (const char *from, const char *to, GError **error)
{
  GStatBuf about;
  char *text = NULL;
  gsize size;
  g_autoptr (GError) broke = NULL;
  if (g_stat (from, &about) != 0 || !S_ISREG (about.st_mode))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "there is no file %s", from);
      return FALSE;
    }
  if (about.st_size > TILL_KEY_FILE_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is too large for a key", from);
      return FALSE;
    }
  gboolean copied = g_file_get_contents (from, &text, &size, &broke)
                    && g_file_set_contents_full (
                        to, text, (gssize)size,
                        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &broke);
  till_secret_free (text); /* it may be one */
  if (copied)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", broke->message);
  return FALSE;
}

static gboolean
holds_a_key (Import *import, const char *path, TillImportKind kind, GError **error)
{
  g_autoptr (TillKey) key = (import->codec->needs & TILL_NEEDS_OLD_KEYS)
                                ? till_key_load_old_public (path, error)
                                : till_key_load_public (path, error);
  if (!key)
    return FALSE;
  /* A name that was given to another key would be believed of this one; a certificate has its own.
   */
  g_autofree char *id = g_strconcat (kinds[kind].word, "_id", NULL);
  if (till_key_facts (key)->serial_hex)
    g_key_file_remove_key (import->ini, "account", id, NULL);
  return TRUE;
}

static gboolean
holds_authorities (const char *path, GError **error)
{
  int count;
  int64_t from, until;
  if (!till_certificates_term (path, &count, &from, &until, error))
    return FALSE;
  if (count > 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "there is no certificate in it: export it as PEM");
  return FALSE;
}

/* As it will be read: one line of visible characters, as many as the provider's have. */
static gboolean
holds_a_secret (const Import *import, const char *path, GError **error)
{
  const TillNoticeCodec *notices = import->codec->notice;
  gsize size = notices ? notices->secret_size : 0;
  char *text = NULL;
  g_autoptr (GError) broke = NULL;
  if (!g_file_get_contents (path, &text, NULL, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", broke->message);
      return FALSE;
    }
  gboolean good = till_account_is_secret (text);
  gboolean fits = size == 0 || strlen (g_strchomp (text)) == size;
  till_secret_free (text);
  if (good && fits)
    return TRUE;
  if (good)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                 "that provider's secret has %" G_GSIZE_FORMAT " characters", size);
  else
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                 "it must hold one line of visible characters and nothing else");
  return FALSE;
}

static gboolean
take_file (Import *import, TillImportKind kind, const char *path, GError **error)
{
  g_autofree char *to = claim (import, kinds[kind].word, kinds[kind].file, error);
  if (!to || !copy (path, to, error))
    return FALSE;
  switch ((int)kind)
    {
    case TILL_IMPORT_AUTHORITIES:
    case TILL_IMPORT_CA:
      return holds_authorities (to, error);
    case TILL_IMPORT_NOTICE_SECRET:
      return holds_a_secret (import, to, error);
    default:
      return holds_a_key (import, to, kind, error);
    }
}

/* --- all of it --- */

static void
forget (const Import *import)
{
  for (guint i = 0; i < import->made->len; i++)
    g_unlink (g_ptr_array_index (import->made, i));
}

/* An account that was whole and would not be any more is left as it was. */
static gboolean
settle (const Import *import, GError **error)
{
  gboolean was_usable = is_usable (import, NULL);
  g_autofree char *after = g_key_file_to_data (import->ini, NULL, NULL);
  g_autoptr (GError) broke = NULL;
  if (!write_ini (import, after, error))
    return FALSE;
  if (is_usable (import, &broke) || !was_usable)
    return TRUE;
  if (write_ini (import, import->before, error))
    g_propagate_error (error, g_steal_pointer (&broke));
  return FALSE;
}

char *
till_account_import (const char *root, const char *account, TillImportKind kind, const char *path,
                     const char *password, GError **error)
{
  g_auto (Import) import = { 0 };
  if (!open_account (&import, root, account, error))
    return NULL;
  gboolean taken = kind == TILL_IMPORT_OUR_KEY ? take_our_key (&import, path, password, error)
                                               : take_file (&import, kind, path, error);
  if (!taken || !settle (&import, error))
    {
      forget (&import);
      return NULL;
    }
  g_autofree char *file = g_key_file_get_string (import.ini, "account", kinds[kind].word, NULL);
  return g_strdup_printf ("account %s: %s = %s", account, kinds[kind].word, file);
}
