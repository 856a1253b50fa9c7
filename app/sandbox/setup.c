/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/setup.h"
#include "app/sandbox/tongue.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/gateway/certificate-sn.h"
#include "devices/gateway/registry.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* As UnionPay names the certificates of its answers. */
#define SIGNER "041@8310000000083040@中国银联股份有限公司@00016493"
#define HERE "DNS:localhost,IP:127.0.0.1"
#define SECRET_SIZE 16
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

/* What a server must not be believed with. The authority nobody knows is gone at once. */
static gboolean
make_bad_certificates (const char *dir, const char *ca, const char *ca_key, int64_t now,
                       GError **error)
{
  g_autofree char *stranger = at (dir, "stranger-ca.pem");
  g_autofree char *stranger_key = at (dir, "stranger-ca-key.pem");
  TillValidity good = { now - DAY_S, now + VALID_FOR_S };
  const struct
  {
    const char *name, *names, *ca, *ca_key;
    TillValidity validity;
  } rows[] = {
    { "expired", HERE, ca, ca_key, { now - 2 * DAY_S, now - DAY_S } },
    { "not-yet", HERE, ca, ca_key, { now + VALID_FOR_S, now + 2 * VALID_FOR_S } },
    { "wrong-host", "DNS:pay.example.com", ca, ca_key, good },
    { "stranger", HERE, stranger, stranger_key, good },
  };
  gboolean made = till_certificate_make_authority (stranger, stranger_key, good, error);
  for (gsize i = 0; made && i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *cert = g_strdup_printf ("%s/%s.pem", dir, rows[i].name);
      g_autofree char *key = g_strdup_printf ("%s/%s-key.pem", dir, rows[i].name);
      made = till_certificate_make_server (rows[i].ca, rows[i].ca_key, rows[i].names, cert, key,
                                           rows[i].validity, error);
    }
  g_unlink (stranger_key);
  g_unlink (stranger);
  return made;
}

static gboolean
make_certificates (const char *dir, GError **error)
{
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  /* A day back, for a machine whose clock is behind. */
  TillValidity validity = { now - DAY_S, now + VALID_FOR_S };
  g_autofree char *ca = at (dir, "ca.pem");
  g_autofree char *ca_key = at (dir, "ca-key.pem");
  g_autofree char *server = at (dir, "server.pem");
  g_autofree char *server_key = at (dir, "server-key.pem");
  g_autofree char *signer = at (dir, "signer.pem");
  g_autofree char *signer_key = at (dir, "signer-key.pem");
  gboolean made
      = till_certificate_make_authority (ca, ca_key, validity, error)
        && till_certificate_make_server (ca, ca_key, HERE, server, server_key, validity, error)
        && make_bad_certificates (dir, ca, ca_key, now, error)
        && till_certificate_make_signer (ca, ca_key, SIGNER, signer, signer_key, validity, error);
  g_unlink (ca_key);
  return made;
}

/* What Alipay gives out in the mode with certificates. The roots hold one more, signed with another
 * algorithm than RSA, as the real ones do. */
static gboolean
make_alipay_certificates (const char *dir, GError **error)
{
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  TillValidity validity = { now - DAY_S, now + VALID_FOR_S };
  g_autofree char *ca = at (dir, "ca.pem");
  g_autofree char *till_key = at (dir, "till-key.pem");
  g_autofree char *our_key = at (dir, "provider-key.pem");
  g_autofree char *app = at (dir, "app.pem");
  g_autofree char *ours = at (dir, "alipay.pem");
  g_autofree char *roots = at (dir, "alipay-roots.pem");
  g_autofree char *one = NULL, *other = NULL;
  if (!till_certificate_make_own (till_key, "Practice shop", "Till", app, validity, error)
      || !till_certificate_make_own (our_key, "Practice", "Alipay", ours, validity, error)
      || !g_file_get_contents (ca, &one, NULL, error)
      || !g_file_get_contents (ours, &other, NULL, error))
    return FALSE;
  g_autofree char *both = g_strconcat (one, other, NULL);
  return write_closed (roots, both, error);
}

/* The till's key is made here too and given away; every account holds the same one. */
static gboolean
make_keys (const char *dir, GError **error)
{
  g_autofree char *provider_private = at (dir, "provider-key.pem");
  g_autofree char *provider_public = at (dir, "provider.pem");
  g_autofree char *merchant_private = at (dir, "till-key.pem");
  g_autofree char *merchant_public = at (dir, "merchant.pem");
  g_autofree char *notice_private = at (dir, "notice-key.pem");
  g_autofree char *notice_public = at (dir, "notice.pem");
  return till_key_generate (provider_private, provider_public, error)
         && till_key_generate (notice_private, notice_public, error)
         && till_key_generate (merchant_private, merchant_public, error)
         && make_alipay_certificates (dir, error);
}

static gboolean
copy_closed (const char *dir, const char *account, const char *name, GError **error)
{
  g_autofree char *from = at (dir, name);
  g_autofree char *to = at (account, name);
  char *text = NULL;
  gboolean done = g_file_get_contents (from, &text, NULL, error) && write_closed (to, text, error);
  till_secret_free (text);
  return done;
}

/* What an account of that provider has to name, and the files it names. */
static const struct
{
  guint need;
  const char *word, *file;
} needs[] = {
  { 0, "ca_file", "ca.pem" },
  { TILL_NEEDS_OUR_KEY, "private_key", "till-key.pem" },
  { TILL_NEEDS_PROVIDER_KEY, "provider_key", "provider.pem" },
  { TILL_NEEDS_SECRET, "secret_file", "secret" },
  { TILL_NEEDS_AUTHORITIES, "authorities", "ca.pem" },
};

/* What else an account has to say so that the notices of that provider are believed. */
static const struct
{
  const TillTongue *tongue;
  const char *word, *file, *begins;
} notice_files[] = {
  { &till_wechat_tongue, "notice_secret_file", "notice-secret", "" },
  { &till_stripe_tongue, "notice_secret_file", "notice-secret", "whsec_" },
  { &till_lakala_tongue, "notice_key", "notice.pem", "" },
};

/* Where it goes nobody listens; whoever starts the provider says where the till does. */
#define NOTICE_URL "https://shop.example/notices/"

static gboolean
add_notices (const char *dir, const char *account, const TillTongue *tongue, GKeyFile *file,
             GError **error)
{
  g_autofree char *url = g_strconcat (NOTICE_URL, tongue->name, NULL);
  if (tongue->notice->named)
    g_key_file_set_string (file, "account", "notice_url", url);
  for (gsize i = 0; i < G_N_ELEMENTS (notice_files); i++)
    {
      if (notice_files[i].tongue != tongue)
        continue;
      g_autofree char *from = at (dir, notice_files[i].file);
      g_autofree char *to = at (account, notice_files[i].file);
      char *text = NULL;
      gboolean read = g_file_get_contents (from, &text, NULL, error);
      char *whole = read ? g_strconcat (notice_files[i].begins, text, NULL) : NULL;
      gboolean written = read && write_closed (to, whole, error);
      till_secret_free (text);
      till_secret_free (whole);
      if (!written)
        return FALSE;
      g_key_file_set_string (file, "account", notice_files[i].word, notice_files[i].file);
    }
  return TRUE;
}

/* For app_cert, provider_key and root_certs, should they be wanted. */
static const char *const certificates[] = { "app.pem", "alipay.pem", "alipay-roots.pem" };

static gboolean
make_account (const char *dir, const char *account, const TillTongue *tongue, int port,
              GError **error)
{
  const TillCodec *codec = till_codec_find (tongue->name);
  g_assert (codec);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d", port);
  g_key_file_set_string (file, "account", "provider", tongue->name);
  g_key_file_set_string (file, "account", "base_url", url);
  for (gsize i = 0; tongue->facts[i]; i++)
    {
      g_auto (GStrv) fact = g_strsplit (tongue->facts[i], "=", 2);
      g_key_file_set_string (file, "account", fact[0], fact[1]);
    }
  if (!make_dir (account, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (needs); i++)
    {
      if ((codec->needs & needs[i].need) != needs[i].need)
        continue;
      g_key_file_set_string (file, "account", needs[i].word, needs[i].file);
      if (!copy_closed (dir, account, needs[i].file, error))
        return FALSE;
    }
  for (gsize i = 0; tongue == &till_alipay_tongue && i < G_N_ELEMENTS (certificates); i++)
    if (!copy_closed (dir, account, certificates[i], error))
      return FALSE;
  g_autofree char *path = at (account, "account.ini");
  return add_notices (dir, account, tongue, file, error) && write_key_file (file, path, error);
}

char *
till_sandbox_setup_account (const char *dir, const TillTongue *tongue)
{
  return tongue == &till_practice_tongue ? at (dir, "account")
                                         : g_build_filename (dir, "accounts", tongue->name, NULL);
}

static gboolean
make_accounts (const char *dir, int port, GError **error)
{
  const TillTongue *tongue;
  for (guint n = 0; (tongue = till_tongue_nth (n)); n++)
    {
      g_autofree char *account = till_sandbox_setup_account (dir, tongue);
      if (!make_account (dir, account, tongue, port, error))
        return FALSE;
    }
  g_autofree char *till_key = at (dir, "till-key.pem");
  g_unlink (till_key); /* it is the till's */
  return TRUE;
}

static gboolean
get_chance (guint8 *chance, gsize size, GError **error)
{
  if (getentropy (chance, size) == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "no randomness: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
make_secret (const char *dir, const char *name, GError **error)
{
  guint8 chance[SECRET_SIZE];
  char secret[2 * SECRET_SIZE + 1];
  if (!get_chance (chance, sizeof chance, error))
    return FALSE;
  for (gsize i = 0; i < sizeof chance; i++)
    g_snprintf (secret + 2 * i, 3, "%02x", chance[i]);
  g_autofree char *path = at (dir, name);
  return write_closed (path, secret, error);
}

static gboolean
make_token (const char *dir, GError **error)
{
  g_autofree char *path = at (dir, "control.token");
  guint8 chance[24];
  if (!get_chance (chance, sizeof chance, error))
    return FALSE;
  g_autofree char *token = g_base64_encode (chance, sizeof chance);
  return write_closed (path, token, error);
}

gboolean
till_sandbox_setup_make (const char *dir, int port, GError **error)
{
  g_autofree char *ini = at (dir, "sandbox.ini");
  if (g_file_test (ini, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "%s is a practice provider already",
                   dir);
      return FALSE;
    }
  if (!make_dir (dir, error) || !make_certificates (dir, error) || !make_keys (dir, error)
      || !make_secret (dir, "secret", error) || !make_secret (dir, "notice-secret", error)
      || !make_accounts (dir, port, error) || !make_token (dir, error))
    return FALSE;
  /* Last, so that a folder that has it is whole. */
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_key_file_set_string (file, "sandbox", "merchant_no",
                         till_tongue_fact (&till_practice_tongue, "merchant_no"));
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

static gboolean
read_secrets (TillSandboxSetup *setup, GError **error)
{
  g_autofree char *signer_key = at (setup->dir, "signer-key.pem");
  g_autofree char *signer = at (setup->dir, "signer.pem");
  g_autofree char *secret = at (setup->dir, "secret");
  setup->signer_key = till_key_load_private (signer_key, error);
  return setup->signer_key && till_file_is_guarded (secret, TRUE, error)
         && g_file_get_contents (secret, &setup->secret, NULL, error)
         && g_file_get_contents (signer, &setup->certificate, NULL, error);
}

static gboolean
read_notice_secrets (TillSandboxSetup *setup, GError **error)
{
  g_autofree char *key = at (setup->dir, "notice-key.pem");
  g_autofree char *secret = at (setup->dir, "notice-secret");
  if (!g_file_test (key, G_FILE_TEST_EXISTS) && !g_file_test (secret, G_FILE_TEST_EXISTS))
    return TRUE;
  setup->notice_key = till_key_load_private (key, error);
  if (!setup->notice_key || !till_file_is_guarded (secret, TRUE, error)
      || !g_file_get_contents (secret, &setup->notice_secret, NULL, error))
    return FALSE;
  if (strlen (setup->notice_secret) == 2 * SECRET_SIZE)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s must hold %d characters", secret,
               2 * SECRET_SIZE);
  return FALSE;
}

/* A folder from before there were any goes without. */
static gboolean
read_certificate_sns (TillSandboxSetup *setup, GError **error)
{
  g_autofree char *app = at (setup->dir, "app.pem");
  g_autofree char *ours = at (setup->dir, "alipay.pem");
  g_autofree char *roots = at (setup->dir, "alipay-roots.pem");
  if (!g_file_test (roots, G_FILE_TEST_EXISTS))
    return TRUE;
  setup->app_cert_sn = till_certificate_sn (app, setup->merchant_key, error);
  setup->our_cert_sn
      = setup->app_cert_sn ? till_certificate_sn (ours, setup->our_key, error) : NULL;
  setup->root_cert_sn = setup->our_cert_sn ? till_certificate_root_sn (roots, error) : NULL;
  return setup->root_cert_sn != NULL;
}

TillSandboxSetup *
till_sandbox_setup_load (const char *dir, GError **error)
{
  g_autoptr (TillSandboxSetup) setup = g_new0 (TillSandboxSetup, 1);
  setup->dir = g_canonicalize_filename (dir, NULL);
  if (!read_settings (setup, error) || !read_secrets (setup, error)
      || !read_notice_secrets (setup, error))
    return NULL;
  g_autofree char *our_key = at (dir, "provider-key.pem");
  setup->our_key = till_key_load_private (our_key, error);
  if (!setup->our_key)
    return NULL;
  g_autofree char *merchant_key = at (dir, "merchant.pem");
  setup->merchant_key = till_key_load_public (merchant_key, error);
  return setup->merchant_key && read_certificate_sns (setup, error) ? g_steal_pointer (&setup)
                                                                    : NULL;
}

TillSpeech
till_sandbox_setup_speech (const TillSandboxSetup *setup, TillProvider *provider, TillClock *clock)
{
  return (TillSpeech){
    .provider = provider,
    .clock = clock,
    .merchant_no = setup->merchant_no,
    .our_key = setup->our_key,
    .merchant_key = setup->merchant_key,
    .secret = setup->secret,
    .signer_key = setup->signer_key,
    .certificate = setup->certificate,
    .app_cert_sn = setup->app_cert_sn,
    .root_cert_sn = setup->root_cert_sn,
    .our_cert_sn = setup->our_cert_sn,
    .notice_secret = setup->notice_secret,
    .notice_key = setup->notice_key,
  };
}

static gboolean
tell_port (const char *account, int port, GError **error)
{
  g_autofree char *path = at (account, "account.ini");
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

gboolean
till_sandbox_setup_tell_control (const TillSandboxSetup *setup, int port, GError **error)
{
  g_autofree char *path = at (setup->dir, TILL_SANDBOX_CONTROL_PORT);
  g_autofree char *text = g_strdup_printf ("%d\n", port);
  return write_closed (path, text, error);
}

gboolean
till_sandbox_setup_tell_port (const TillSandboxSetup *setup, int port, GError **error)
{
  const TillTongue *tongue;
  for (guint n = 0; (tongue = till_tongue_nth (n)); n++)
    {
      g_autofree char *account = till_sandbox_setup_account (setup->dir, tongue);
      if (!tell_port (account, port, error))
        return FALSE;
    }
  return TRUE;
}

void
till_sandbox_setup_free (TillSandboxSetup *setup)
{
  g_free (setup->dir);
  g_free (setup->merchant_no);
  g_free (setup->control_token);
  g_clear_pointer (&setup->our_key, till_key_free);
  g_clear_pointer (&setup->merchant_key, till_key_free);
  g_clear_pointer (&setup->signer_key, till_key_free);
  g_free (setup->certificate);
  g_free (setup->app_cert_sn);
  g_free (setup->root_cert_sn);
  g_free (setup->our_cert_sn);
  till_secret_free (setup->secret);
  g_clear_pointer (&setup->notice_key, till_key_free);
  till_secret_free (setup->notice_secret);
  g_free (setup);
}
