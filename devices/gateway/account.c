/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/account.h"
#include "data/core/error.h"

#include <string.h>

#define ANSWER_WITHIN_MAX_S 120

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

static gboolean
read_keys (TillAccount *account, GKeyFile *file, const char *dir, GError **error)
{
  g_autofree char *private_path = get_path (file, dir, "private_key", error);
  if (!private_path)
    return FALSE;
  g_autofree char *public_path = get_path (file, dir, "provider_key", error);
  if (!public_path)
    return FALSE;
  account->ca_file = get_path (file, dir, "ca_file", error);
  if (!account->ca_file || !till_file_is_guarded (account->ca_file, FALSE, error))
    return FALSE;
  account->our_key = till_key_load_private (private_path, error);
  if (!account->our_key)
    return FALSE;
  account->provider_key = till_key_load_public (public_path, error);
  return account->provider_key != NULL;
}

TillAccount *
till_account_load (const char *dir, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (dir, NULL);
  g_autofree char *path = g_build_filename (whole, "account.ini", NULL);
  if (!till_file_is_guarded (path, TRUE, error))
    return NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) broke = NULL;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", path, broke->message);
      return NULL;
    }
  g_autoptr (TillAccount) account = g_new0 (TillAccount, 1);
  if (!read_plain (account, file, error) || !read_keys (account, file, whole, error))
    return NULL;
  return g_steal_pointer (&account);
}

void
till_account_free (TillAccount *account)
{
  g_free (account->provider);
  g_free (account->merchant_no);
  g_free (account->base_url);
  g_clear_pointer (&account->our_key, till_key_free);
  g_clear_pointer (&account->provider_key, till_key_free);
  g_free (account->ca_file);
  g_free (account);
}
