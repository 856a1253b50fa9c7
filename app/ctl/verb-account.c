/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/account-words.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/desk/arranging.h"
#include "data/desk/selling.h"
#include "data/desk/stopping.h"
#include "devices/gateway/account-import.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEY_FILE "till-key.pem"
#define CERTIFICATE_FILE "till-cert.pem"
#define NAME_MAX_BYTES 64
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

typedef struct
{
  gboolean no_password;
} Options;

/* --- list --- */

static int
list (TillCtl *ctl, TillShopFolder *folder, const char *zone)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) states = till_account_state_read_all (folder->account_root, &error);
  g_autoptr (GPtrArray) stops = states ? till_stopping_list (folder->ledger, &error) : NULL;
  if (!stops)
    return till_ctl_say_error (ctl, error);
  int64_t now = till_clock_now (folder->clock);
  gboolean alarm = FALSE;
  json_t *accounts = till_account_words (states, now, zone, &alarm);
  g_autoptr (GString) stopped = g_string_new (NULL);
  json_t *object = json_pack ("{s:o,s:o}", "accounts", accounts, "stops",
                              till_account_words_stops (stops, zone, stopped));
  g_autofree char *known
      = states->len > 0
            ? till_account_words_text (states, now, zone)
            : g_strdup_printf (_ ("This shop has no account with a payment provider. An account is "
                                  "a folder in %s with a file account.ini."),
                               folder->account_root);
  g_autofree char *text = g_strdup_printf ("%s%s", stopped->str, known);
  return alarm || stops->len > 0 ? till_ctl_say_found (ctl, object, text)
                                 : till_ctl_say (ctl, object, text);
}

/* --- check --- */

/* A name is a folder below the accounts and nothing else, so that none leads elsewhere. */
static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);
  return length >= 1 && length <= NAME_MAX_BYTES && strspn (name, NAME_CHARACTERS) == length;
}

/* NULL when it has been said why not, and *exit_code is what to leave with. */
static TillAccount *
load_named (TillCtl *ctl, TillShopFolder *folder, const char *name, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_build_filename (folder->account_root, name, NULL);
  if (!g_file_test (dir, G_FILE_TEST_IS_DIR))
    {
      *exit_code = till_ctl_say_usage (
          ctl, _ ("There is no account “%.64s”. See tillctl account list."), name);
      return NULL;
    }
  TillAccount *account = till_account_load (dir, &error);
  if (!account)
    *exit_code = till_ctl_say_error (ctl, error);
  return account;
}

static int
check (TillCtl *ctl, TillShopFolder *folder, const char *name)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = load_named (ctl, folder, name, &exit_code);
  if (!account)
    return exit_code;
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillAccountCheck) found
      = till_account_check_run (account, till_http_transport (http), folder->clock, &error);
  if (!found)
    return till_ctl_say_error (ctl, error);
  g_autofree char *sentence = till_account_check_sentence (found);
  g_autofree char *text = g_strdup_printf (
      "%s (%s): %s", name, _ (till_codec_find (account->provider)->profile->words), sentence);
  if (till_account_check_is_well (found)
      && !till_stopping_tested (folder->ledger, account->provider, &error))
    return till_ctl_say_error (ctl, error);
  json_t *object
      = json_pack ("{s:o}", "check", till_account_words_check (name, account->provider, found));
  return till_account_check_is_well (found) ? till_ctl_say (ctl, object, text)
                                            : till_ctl_say_found (ctl, object, text);
}

/* --- stop, try --- */

/* An account that cannot be used is one of a provider too; and what its account has left behind is
 * found by the provider's own name. NULL when it has been said why not. */
static char *
provider_named (TillCtl *ctl, TillShopFolder *folder, const char *name, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) states = till_account_state_read_all (folder->account_root, &error);
  if (!states)
    {
      *exit_code = till_ctl_say_error (ctl, error);
      return NULL;
    }
  for (guint i = 0; i < states->len; i++)
    {
      const TillAccountState *state = g_ptr_array_index (states, i);
      if (strcmp (state->name, name) == 0 && till_codec_find (state->provider))
        return g_strdup (state->provider);
    }
  if (till_codec_find (name))
    return g_strdup (name);
  *exit_code = till_ctl_say_usage (
      ctl, _ ("There is no account “%.64s”. See tillctl account list."), name);
  return NULL;
}

static int
stop_or_try (TillCtl *ctl, TillShopFolder *folder, const char *name, gboolean stops)
{
  g_autoptr (GError) error = NULL;
  int exit_code = TILL_EXIT_DONE;
  TillAnswer answer;
  g_autofree char *provider = provider_named (ctl, folder, name, &exit_code);
  int64_t actor = provider ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (actor == 0)
    return exit_code;
  if (!(stops ? till_stopping_stop : till_stopping_try) (folder->ledger, actor, provider, &answer,
                                                         &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *text = g_strdup_printf (
      stops ? _ ("%s is stopped. What is due there waits and is kept.")
            : _ ("One is let through to %s now. When it comes back well the others follow."),
      _ (till_codec_find (provider)->profile->words));
  return till_ctl_say (ctl, json_pack ("{s:s}", stops ? "stopped" : "tried", provider), text);
}

/* --- balance --- */

static int
balance (TillCtl *ctl, TillShopFolder *folder, const char *name, const char *zone)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = load_named (ctl, folder, name, &exit_code);
  if (!account)
    return exit_code;
  if (!till_balance_is_told_by (account->provider))
    return till_ctl_say_usage (ctl,
                               _ ("“%.64s”: how this provider tells a balance is not known to the "
                                  "till. Look it up where the provider shows it."),
                               name);
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillBalance) found
      = till_balance_ask (account, till_http_transport (http), folder->clock, &error);
  if (!found)
    return till_ctl_say_error (ctl, error);
  g_autofree char *sentence = till_balance_sentence (found);
  g_autofree char *asked = till_clock_stamp (found->asked_at, zone, "%Y-%m-%d %H:%M:%S");
  g_autofree char *text
      = g_strdup_printf ("%s (%s, %s): %s", name,
                         _ (till_codec_find (account->provider)->profile->words), asked, sentence);
  json_t *object
      = json_pack ("{s:o}", "balance", till_account_words_balance (name, account->provider, found));
  return found->result == TILL_BALANCE_TOLD ? till_ctl_say (ctl, object, text)
                                            : till_ctl_say_found (ctl, object, text);
}

/* --- import --- */

static gboolean
take_in (TillCtl *ctl, const Options *options, const char *path, const char *key_path,
         const char *cert_path, GError **error)
{
  char *password = NULL;
  if (!options->no_password)
    {
      g_autofree char *prompt = g_strdup_printf (_ ("Password of %s: "), path);
      password = till_pin_read (ctl, prompt, error);
      if (!password)
        return FALSE;
    }
  gboolean done = till_key_import_pkcs12 (path, password, key_path, cert_path, error);
  till_secret_free (password);
  return done;
}

static char *
say_imported (const char *dir, const TillKeyFacts *facts, const char *zone)
{
  g_autofree char *until = till_clock_stamp (facts->until * TILL_SECOND, zone, "%Y-%m-%d");
  return g_strdup_printf (
      /* Translators: the folder, a date, two names of files, a number twice. */
      _ ("Key and certificate are in %s; the certificate ends on %s.\n"
         "Write into account.ini there, below [account]:\n"
         "  private_key=%s\n"
         "  certificate=%s\n"
         "and the certificate's number where the provider wants it:\n"
         "  serial_no=%s\n"
         "  cert_id=%s  (UnionPay)"),
      dir, until, KEY_FILE, CERTIFICATE_FILE, facts->serial_hex, facts->serial_decimal);
}

static int
import (TillCtl *ctl, TillShopFolder *folder, const Options *options, const char *name,
        const char *path, const char *zone)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_build_filename (folder->account_root, name, NULL);
  g_autofree char *key_path = g_build_filename (dir, KEY_FILE, NULL);
  g_autofree char *cert_path = g_build_filename (dir, CERTIFICATE_FILE, NULL);
  gboolean there = g_file_test (dir, G_FILE_TEST_IS_DIR);
  if (g_mkdir_with_parents (dir, 0700) != 0)
    {
      g_set_error (&error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be made: %s", dir,
                   g_strerror (errno));
      return till_ctl_say_error (ctl, error);
    }
  g_autoptr (TillKey) key = take_in (ctl, options, path, key_path, cert_path, &error)
                                ? till_key_load_public (cert_path, &error)
                                : NULL;
  if (!key)
    {
      /* An empty folder would be taken for an account that cannot be used. */
      if (!there)
        g_rmdir (dir);
      return till_ctl_say_error (ctl, error);
    }
  const TillKeyFacts *facts = till_key_facts (key);
  g_autofree char *text = say_imported (dir, facts, zone);
  json_t *object = json_pack (
      "{s:{s:s,s:s,s:s,s:s,s:s,s:o}}", "imported", "account", name, "private_key", KEY_FILE,
      "certificate", CERTIFICATE_FILE, "serial_hex", facts->serial_hex, "serial_decimal",
      facts->serial_decimal, "until", till_account_words_instant (facts->until, zone));
  return till_ctl_say (ctl, object, text);
}

/* --- take --- */

/* As the window does it: account.ini is changed, and the journal tells who did it. */
static int
take (TillCtl *ctl, TillShopFolder *folder, const Options *options, char **words)
{
  g_autoptr (GError) error = NULL;
  int exit_code = TILL_EXIT_DONE;
  TillImportKind kind;
  TillAnswer answer;
  if (!till_import_from_word (words[1], &kind))
    return till_ctl_say_usage (ctl,
                               _ ("“%.40s” is none of private_key, provider_key, "
                                  "next_provider_key, authorities, ca_file, notice_key, "
                                  "notice_secret_file."),
                               words[1]);
  int64_t actor = till_ctl_sign_in (ctl, folder, &exit_code);
  if (actor == 0)
    return exit_code;
  if (!till_arranging_may (folder->ledger, actor, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  char *password = NULL;
  if (kind == TILL_IMPORT_OUR_KEY && !options->no_password)
    {
      g_autofree char *prompt = g_strdup_printf (_ ("Password of %s: "), words[2]);
      password = till_pin_read (ctl, prompt, &error);
      if (!password)
        return till_ctl_say_error (ctl, error);
    }
  g_autofree char *done
      = till_account_import (folder->account_root, words[0], kind, words[2], password, &error);
  till_secret_free (password);
  if (!done || !till_arranging_note_key (folder->ledger, actor, done, &answer, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *provider = provider_named (ctl, folder, words[0], &exit_code);
  if (!provider)
    return exit_code;
  if (!till_stopping_tested (folder->ledger, provider, &error))
    return till_ctl_say_error (ctl, error);
  return till_ctl_say (ctl,
                       json_pack ("{s:{s:s,s:s}}", "taken", "account", words[0], "key", words[1]),
                       _ ("Taken in. It is used when the till is started again."));
}

/* --- the verb --- */

static int
in_shop (TillCtl *ctl, const Options *options, char **argv)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  if (strcmp (argv[1], "list") == 0)
    return list (ctl, folder, shop->zone);
  if (strcmp (argv[1], "check") == 0)
    return check (ctl, folder, argv[2]);
  if (strcmp (argv[1], "balance") == 0)
    return balance (ctl, folder, argv[2], shop->zone);
  if (strcmp (argv[1], "stop") == 0 || strcmp (argv[1], "try") == 0)
    return stop_or_try (ctl, folder, argv[2], strcmp (argv[1], "stop") == 0);
  if (strcmp (argv[1], "take") == 0)
    return take (ctl, folder, options, argv + 2);
  return import (ctl, folder, options, argv[2], argv[3], shop->zone);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  static const struct
  {
    const char *what;
    int words;
  } whats[] = { { "list", 1 }, { "check", 2 },  { "balance", 2 }, { "stop", 2 },
                { "try", 2 },  { "import", 3 }, { "take", 4 } };
  int exit_code;
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "no-password", 0, 0, G_OPTION_ARG_NONE, &options.no_password,
      N_ ("With import and take: the file has no password"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 4, &exit_code))
    return exit_code;
  gsize i = 0;
  while (i < G_N_ELEMENTS (whats) && strcmp (argv[1], whats[i].what) != 0)
    i++;
  if (i == G_N_ELEMENTS (whats))
    return till_ctl_say_usage (
        ctl, _ ("“%.40s” is none of list, check, balance, stop, try, import, take."), argv[1]);
  if (argc - 1 != whats[i].words)
    return till_ctl_say_usage (ctl, "%s",
                               _ ("It is: account list, account check NAME, account balance NAME, "
                                  "account stop NAME, account try NAME, "
                                  "account import NAME P12FILE, account take NAME KEY FILE."));
  if (argc > 2 && !is_name (argv[2]))
    return till_ctl_say_usage (
        ctl, _ ("“%.64s” is no name of an account: letters, digits, - and _ make one."), argv[2]);
  return in_shop (ctl, &options, argv);
}

const TillVerb till_verb_account = {
  "account",
  "list | check NAME | balance NAME | stop NAME | try NAME | import NAME P12FILE | take NAME KEY "
  "FILE",
  N_ ("Accounts with payment providers: look, test the connection, take in keys"),
  "  tillctl account list\n"
  "  tillctl account check wechat\n"
  "  tillctl account balance stripe\n"
  "  tillctl --as 3 account try wechat\n"
  "  tillctl account import wechat apiclient_cert.p12\n"
  "  tillctl --as 3 account take wechat next_provider_key wechatpay_next.pem",
  run,
};
