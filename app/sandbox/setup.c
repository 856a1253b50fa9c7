/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/setup.h"
#include "data/core/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MERCHANT_NO "M100001"
#define VALID_FOR_S (INT64_C (10) * 365 * 24 * 3600)
#define DAY_S (24 * 3600)

static char *
at (const char *dir, const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static gboolean
write_closed (const char *path, const char *text, GError **error)
{
  g_autoptr (GError) broke = NULL;
  if (g_file_set_contents_full (path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &broke))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", path, broke->message);
  return FALSE;
}

/* A file that is replaced keeps its old mode when GLib writes it; ours always closes it. */
static gboolean
write_key_file (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  return write_closed (path, text, error);
}

static gboolean
make_dir (const char *dir, GError **error)
{
  if (g_mkdir_with_parents (dir, 0700) == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", dir, g_strerror (errno));
  return FALSE;
}

static gboolean
make_certificates (const char *dir, const char *account, GError **error)
{
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  /* A day back, for a machine whose clock is behind. */
  TillValidity validity = { now - DAY_S, now + VALID_FOR_S };
  g_autofree char *ca = at (dir, "ca.pem");
  g_autofree char *ca_key = at (dir, "ca-key.pem");
  g_autofree char *server = at (dir, "server.pem");
  g_autofree char *server_key = at (dir, "server-key.pem");
  g_autofree char *account_ca = at (account, "ca.pem");
  g_autofree char *text = NULL;
  gboolean made = till_certificate_make_authority (ca, ca_key, validity, error)
                  && till_certificate_make_server (ca, ca_key, "DNS:localhost,IP:127.0.0.1", server,
                                                   server_key, validity, error)
                  && g_file_get_contents (ca, &text, NULL, error)
                  && write_closed (account_ca, text, error);
  g_unlink (ca_key);
  return made;
}

static gboolean
make_keys (const char *dir, const char *account, GError **error)
{
  g_autofree char *provider_private = at (dir, "provider-key.pem");
  g_autofree char *provider_public = at (account, "provider.pem");
  g_autofree char *merchant_private = at (account, "till-key.pem");
  g_autofree char *merchant_public = at (dir, "merchant.pem");
  return till_key_generate (provider_private, provider_public, error)
         && till_key_generate (merchant_private, merchant_public, error);
}

static gboolean
make_account (const char *account, int port, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d", port);
  g_key_file_set_string (file, "account", "provider", "sandbox");
  g_key_file_set_string (file, "account", "merchant_no", MERCHANT_NO);
  g_key_file_set_string (file, "account", "base_url", url);
  g_key_file_set_string (file, "account", "private_key", "till-key.pem");
  g_key_file_set_string (file, "account", "provider_key", "provider.pem");
  g_key_file_set_string (file, "account", "ca_file", "ca.pem");
  g_autofree char *path = at (account, "account.ini");
  return write_key_file (file, path, error);
}

static gboolean
make_token (const char *dir, GError **error)
{
  g_autofree char *path = at (dir, "control.token");
  guint8 chance[24];
  if (getentropy (chance, sizeof chance) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "no randomness: %s", g_strerror (errno));
      return FALSE;
    }
  g_autofree char *token = g_base64_encode (chance, sizeof chance);
  return write_closed (path, token, error);
}

gboolean
till_sandbox_setup_make (const char *dir, int port, GError **error)
{
  g_autofree char *ini = at (dir, "sandbox.ini");
  g_autofree char *account = at (dir, "account");
  if (g_file_test (ini, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "%s is a practice provider already",
                   dir);
      return FALSE;
    }
  if (!make_dir (account, error) || !make_certificates (dir, account, error)
      || !make_keys (dir, account, error) || !make_account (account, port, error)
      || !make_token (dir, error))
    return FALSE;
  /* Last, so that a folder that has it is whole. */
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_key_file_set_string (file, "sandbox", "merchant_no", MERCHANT_NO);
  g_key_file_set_integer (file, "sandbox", "port", port);
  return write_key_file (file, ini, error);
}

static gboolean
read_settings (TillSandboxSetup *setup, GError **error)
{
  g_autofree char *ini = at (setup->dir, "sandbox.ini");
  g_autofree char *token_path = at (setup->dir, "control.token");
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!till_file_is_guarded (ini, TRUE, error) || !till_file_is_guarded (token_path, TRUE, error)
      || !g_key_file_load_from_file (file, ini, G_KEY_FILE_NONE, error))
    return FALSE;
  setup->merchant_no = g_key_file_get_string (file, "sandbox", "merchant_no", error);
  if (!setup->merchant_no)
    return FALSE;
  setup->port = g_key_file_get_integer (file, "sandbox", "port", NULL);
  if (setup->port < 0 || setup->port > 65535)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: port must be 0–65535", ini);
      return FALSE;
    }
  if (!g_file_get_contents (token_path, &setup->control_token, NULL, error))
    return FALSE;
  g_strstrip (setup->control_token);
  if (strlen (setup->control_token) >= 16)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is too short", token_path);
  return FALSE;
}

TillSandboxSetup *
till_sandbox_setup_load (const char *dir, GError **error)
{
  g_autoptr (TillSandboxSetup) setup = g_new0 (TillSandboxSetup, 1);
  setup->dir = g_canonicalize_filename (dir, NULL);
  if (!read_settings (setup, error))
    return NULL;
  g_autofree char *our_key = at (dir, "provider-key.pem");
  setup->our_key = till_key_load_private (our_key, error);
  if (!setup->our_key)
    return NULL;
  g_autofree char *merchant_key = at (dir, "merchant.pem");
  setup->merchant_key = till_key_load_public (merchant_key, error);
  return setup->merchant_key ? g_steal_pointer (&setup) : NULL;
}

gboolean
till_sandbox_setup_tell_port (const TillSandboxSetup *setup, int port, GError **error)
{
  g_autofree char *path = g_build_filename (setup->dir, "account", "account.ini", NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, error))
    return FALSE;
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d", port);
  g_autofree char *before = g_key_file_get_string (file, "account", "base_url", NULL);
  if (g_strcmp0 (url, before) == 0)
    return TRUE;
  g_key_file_set_string (file, "account", "base_url", url);
  return write_key_file (file, path, error);
}

void
till_sandbox_setup_free (TillSandboxSetup *setup)
{
  g_free (setup->dir);
  g_free (setup->merchant_no);
  g_free (setup->control_token);
  g_clear_pointer (&setup->our_key, till_key_free);
  g_clear_pointer (&setup->merchant_key, till_key_free);
  g_free (setup);
}
