/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/account.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/gateway/certificate-sn.h"
#include "devices/gateway/registry.h"

#include <glib/gstdio.h>
#include <string.h>

#define ANSWER_WITHIN_MAX_S 120
#define FACT_MAX 128
#define FACT_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@/"
#define SECRET_MAX 512

static char *
get_word (GKeyFile *file, const char *key, GError **error)
{
  g_autoptr (GError) broke = NULL;
  g_autofree char *value = g_key_file_get_string (file, "account", key, &broke);
  if (value && *value)
    return g_steal_pointer (&value);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "account.ini says no %s", key);
  return NULL;
}

/* It stands in headers between quotes, in forms and in JSON: letters, digits and a little more. */
static char *
get_fact (GKeyFile *file, const char *key, GError **error)
{
  g_autofree char *value = get_word (file, key, error);
  if (!value)
    return NULL;
  gsize length = strlen (value);
  if (length <= FACT_MAX && strspn (value, FACT_CHARACTERS) == length)
    return g_steal_pointer (&value);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "account.ini: no such %s can be", key);
  return NULL;
}

static gboolean
is_merchant_no (const char *text)
{
  gsize length = strlen (text);
  return length <= 32
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
                == length;
}

/* Scheme, host and port and nothing else, so that no path, user or query can creep into a request.
 */
static gboolean
is_base_url (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  return uri && g_str_has_prefix (text, "https://") && g_uri_get_host (uri) && *g_uri_get_host (uri)
         && *g_uri_get_path (uri) == '\0' && !g_uri_get_userinfo (uri) && !g_uri_get_query (uri)
         && !g_uri_get_fragment (uri);
}

static char *
get_path (GKeyFile *file, const char *dir, const char *key, GError **error)
{
  g_autofree char *name = get_word (file, key, error);
  return name ? g_canonicalize_filename (name, dir) : NULL;
}

static gboolean
read_plain (TillAccount *account, GKeyFile *file, GError **error)
{
  account->provider = get_word (file, "provider", error);
  if (!account->provider)
    return FALSE;
  account->merchant_no = get_word (file, "merchant_no", error);
  if (!account->merchant_no)
    return FALSE;
  account->base_url = get_word (file, "base_url", error);
  if (!account->base_url)
    return FALSE;
  if (!is_merchant_no (account->merchant_no))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "account.ini: no such merchant_no can be");
      return FALSE;
    }
  if (!is_base_url (account->base_url))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "account.ini: base_url must be https://host or https://host:port");
      return FALSE;
    }
  if (!g_key_file_has_key (file, "account", "answer_within_s", NULL))
    return TRUE;
  account->answer_within_s = g_key_file_get_integer (file, "account", "answer_within_s", NULL);
  if (account->answer_within_s >= 1 && account->answer_within_s <= ANSWER_WITHIN_MAX_S)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "account.ini: answer_within_s must be 1–%d",
               ANSWER_WITHIN_MAX_S);
  return FALSE;
}

/* Their key, or NULL without error when account.ini names none of that name. */
static gboolean
read_provider_key (GKeyFile *file, const char *dir, const char *name, gboolean old, TillKey **key,
                   char **id, GError **error)
{
  if (!g_key_file_has_key (file, "account", name, NULL))
    return TRUE;
  g_autofree char *path = get_path (file, dir, name, error);
  if (!path)
    return FALSE;
  *key = old ? till_key_load_old_public (path, error) : till_key_load_public (path, error);
  if (!*key)
    return FALSE;
  g_autofree char *id_name = g_strconcat (name, "_id", NULL);
  *id = g_key_file_has_key (file, "account", id_name, NULL)
            ? get_fact (file, id_name, error)
            : g_strdup (till_key_facts (*key)->serial_hex);
  return *id || !g_key_file_has_key (file, "account", id_name, NULL);
}

gboolean
till_account_is_secret (const char *text)
{
  gsize length = strlen (text);
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length >= 1 && length <= SECRET_MAX;
}

/* Within TILL_ACCOUNT_FILE_MAX and all of it text, for sentences quote what they do not understand.
 * NULL with INVALID; a secret is the caller's to wipe. */
static char *
read_text (const char *path, gboolean is_closed, GError **error)
{
  if (!till_file_is_guarded (path, is_closed, error))
    return NULL;
  GStatBuf about;
  char *text = NULL;
  gsize size = 0;
  g_autoptr (GError) broke = NULL;
  if (g_stat (path, &about) == 0 && about.st_size > TILL_ACCOUNT_FILE_MAX)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is longer than %d bytes", path,
                 TILL_ACCOUNT_FILE_MAX);
  else if (!g_file_get_contents (path, &text, &size, &broke))
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", broke->message);
  else if (g_utf8_validate_len (text, size, NULL))
    return text;
  else
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no text in UTF-8", path);
  till_secret_free (text);
  return NULL;
}

static gboolean
read_secret (GKeyFile *file, const char *dir, const char *key, char **secret, GError **error)
{
  g_autofree char *path = get_path (file, dir, key, error);
  *secret = path ? read_text (path, TRUE, error) : NULL;
  if (!*secret)
    return FALSE;
  if (till_account_is_secret (*secret))
    {
      g_strchomp (*secret);
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s must hold one line of visible characters",
               path);
  return FALSE;
}

static gboolean
read_authorities (TillAccount *account, GKeyFile *file, const char *dir, GError **error)
{
  g_autofree char *path = get_path (file, dir, "authorities", error);
  if (path)
    account->authorities = till_authorities_load (path, error);
  return account->authorities != NULL;
}

static gboolean
read_our_key (TillAccount *account, GKeyFile *file, const char *dir, GError **error)
{
  g_autofree char *path = get_path (file, dir, "private_key", error);
  if (path)
    account->our_key = till_key_load_private (path, error);
  return account->our_key != NULL;
}

/* What Alipay calls a key of its own, which a certificate must bring. */
static gboolean
read_provider_sn (GKeyFile *file, const char *dir, const char *name, const TillKey *key, char **id,
                  GError **error)
{
  if (!key)
    return TRUE;
  g_autofree char *path = get_path (file, dir, name, error);
  char *sn = path ? till_certificate_sn (path, key, error) : NULL;
  if (!sn)
    return FALSE;
  g_free (*id);
  *id = sn;
  return TRUE;
}

static gboolean
read_certificates (TillAccount *account, GKeyFile *file, const char *dir, GError **error)
{
  if (!g_key_file_has_key (file, "account", "app_cert", NULL)
      && !g_key_file_has_key (file, "account", "root_certs", NULL))
    return TRUE;
  g_autofree char *app_cert = get_path (file, dir, "app_cert", error);
  if (!app_cert)
    return FALSE;
  g_autofree char *root_certs = get_path (file, dir, "root_certs", error);
  if (!root_certs)
    return FALSE;
  account->app_cert_sn = till_certificate_sn (app_cert, account->our_key, error);
  if (!account->app_cert_sn)
    return FALSE;
  account->root_cert_sn = till_certificate_root_sn (root_certs, error);
  return account->root_cert_sn
         && read_provider_sn (file, dir, "provider_key", account->provider_key,
                              &account->provider_key_id, error)
         && read_provider_sn (file, dir, "next_provider_key", account->next_provider_key,
                              &account->next_provider_key_id, error);
}

static gboolean
read_keys (TillAccount *account, GKeyFile *file, const char *dir, guint needs, GError **error)
{
  gboolean old = (needs & TILL_NEEDS_OLD_KEYS) != 0;
  account->ca_file = get_path (file, dir, "ca_file", error);
  if (!account->ca_file || !till_file_is_guarded (account->ca_file, FALSE, error))
    return FALSE;
  if ((needs & TILL_NEEDS_OUR_KEY) && !read_our_key (account, file, dir, error))
    return FALSE;
  if ((needs & TILL_NEEDS_SHA1)
      && !till_key_can_sign_with (account->our_key, TILL_HASH_SHA1, error))
    return FALSE;
  if ((needs & TILL_NEEDS_SECRET)
      && !read_secret (file, dir, "secret_file", &account->secret, error))
    return FALSE;
  if ((needs & TILL_NEEDS_AUTHORITIES) && !read_authorities (account, file, dir, error))
    return FALSE;
  if (!read_provider_key (file, dir, "provider_key", old, &account->provider_key,
                          &account->provider_key_id, error)
      || !read_provider_key (file, dir, "next_provider_key", old, &account->next_provider_key,
                             &account->next_provider_key_id, error))
    return FALSE;
  if (account->provider_key || !(needs & TILL_NEEDS_PROVIDER_KEY))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "account.ini says no provider_key");
  return FALSE;
}

/* Without a query, because some providers add one of their own. Unencrypted only on this machine,
 * where the practice provider is. */
static gboolean
is_notice_url (const char *text)
{
  static const char *const here[] = { "127.0.0.1", "localhost", NULL };
  gsize length = strlen (text);
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  if (length > TILL_NOTICE_URL_MAX || strspn (text, FACT_CHARACTERS) != length || !host || !*host)
    return FALSE;
  return (g_str_has_prefix (text, "https://")
          || (g_str_has_prefix (text, "http://") && g_strv_contains (here, host)))
         && !g_uri_get_userinfo (uri);
}

static gboolean
read_notices (TillAccount *account, GKeyFile *file, const char *dir, guint needs, GError **error)
{
  g_autofree char *no_id = NULL;
  if (g_key_file_has_key (file, "account", "notice_secret_file", NULL)
      && !read_secret (file, dir, "notice_secret_file", &account->notice_secret, error))
    return FALSE;
  if (!read_provider_key (file, dir, "notice_key", (needs & TILL_NEEDS_OLD_KEYS) != 0,
                          &account->notice_key, &no_id, error))
    return FALSE;
  if (!g_key_file_has_key (file, "account", "notice_url", NULL))
    return TRUE;
  account->notice_url = get_word (file, "notice_url", error);
  if (!account->notice_url)
    return FALSE;
  if (is_notice_url (account->notice_url))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "account.ini: notice_url must be https://host/path without a query, at most %d "
               "characters",
               TILL_NOTICE_URL_MAX);
  return FALSE;
}

static gboolean
read_facts (TillAccount *account, GKeyFile *file, const char *const *names, GError **error)
{
  account->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; names && names[i]; i++)
    {
      char *value = get_fact (file, names[i], error);
      if (!value)
        return FALSE;
      g_hash_table_insert (account->facts, g_strdup (names[i]), value);
    }
  return TRUE;
}

GKeyFile *
till_account_read_file (const char *path, char **before, GError **error)
{
  g_autofree char *text = read_text (path, TRUE, error);
  if (!text)
    return NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) broke = NULL;
  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_KEEP_COMMENTS, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", path, broke->message);
      return NULL;
    }
  if (before)
    *before = g_steal_pointer (&text);
  return g_steal_pointer (&file);
}

TillAccount *
till_account_load (const char *dir, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (dir, NULL);
  g_autofree char *path = g_build_filename (whole, "account.ini", NULL);
  g_autoptr (GKeyFile) file = till_account_read_file (path, NULL, error);
  if (!file)
    return NULL;
  g_autoptr (TillAccount) account = g_new0 (TillAccount, 1);
  if (!read_plain (account, file, error))
    return NULL;
  const TillCodec *codec = till_codec_find (account->provider);
  if (!codec)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: no provider is called %s", path,
                   account->provider);
      return NULL;
    }
  if (!read_keys (account, file, whole, codec->needs, error)
      || ((codec->needs & TILL_MAY_HAVE_CERTIFICATES)
          && !read_certificates (account, file, whole, error))
      || !read_notices (account, file, whole, codec->needs, error)
      || !read_facts (account, file, codec->facts, error)
      || (codec->check && !codec->check (account, error)))
    return NULL;
  return g_steal_pointer (&account);
}

const char *
till_account_fact (const TillAccount *account, const char *name)
{
  const char *value = account->facts ? g_hash_table_lookup (account->facts, name) : NULL;
  return value ? value : "";
}

const char *
till_account_notice_url (const TillAccount *account)
{
  const char *must = till_account_fact (account, "notify_url");
  return account->notice_url ? account->notice_url : *must ? must : NULL;
}

const TillKey *
till_account_provider_key (const TillAccount *account, const char *id)
{
  if (!id)
    return NULL;
  if (g_strcmp0 (account->provider_key_id, id) == 0)
    return account->provider_key;
  return g_strcmp0 (account->next_provider_key_id, id) == 0 ? account->next_provider_key : NULL;
}

gboolean
till_account_provider_signed (const TillAccount *account, TillHash hash, const void *data,
                              gsize size, const char *signature)
{
  const TillKey *next = account->next_provider_key;
  return till_key_verifies_with (account->provider_key, hash, data, size, signature)
         || (next && till_key_verifies_with (next, hash, data, size, signature));
}

void
till_account_free (TillAccount *account)
{
  g_free (account->provider);
  g_free (account->merchant_no);
  g_free (account->base_url);
  g_clear_pointer (&account->our_key, till_key_free);
  g_clear_pointer (&account->provider_key, till_key_free);
  g_free (account->provider_key_id);
  g_clear_pointer (&account->next_provider_key, till_key_free);
  g_free (account->next_provider_key_id);
  g_clear_pointer (&account->authorities, till_authorities_free);
  g_free (account->app_cert_sn);
  g_free (account->root_cert_sn);
  till_secret_free (account->secret);
  g_clear_pointer (&account->facts, g_hash_table_unref);
  g_free (account->notice_url);
  till_secret_free (account->notice_secret);
  g_clear_pointer (&account->notice_key, till_key_free);
  g_free (account->ca_file);
  g_free (account);
}
