/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new shop: empty books and a manager, or an invented one to practise in. */
#include "app/ctl/ctl.h"
#include "app/ctl/hands.h"
#include "app/ctl/practice.h"
#include "app/ctl/sandbox-control.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/desk/arranging.h"
#include "data/desk/shifting.h"
#include "data/desk/staffing.h"
#include "data/desk/training.h"
#include "data/ledger/setting-store.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAST_DAYS_MAX 400

typedef struct
{
  gboolean demo;
  int past;
  char *manager, *manager_name; /* owned */
  char **settings;              /* owned */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->manager);
  g_free (options->manager_name);
  g_strfreev (options->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
providers_can_take (TillLedger *ledger, GError **error)
{
  TillAnswer answer;
  if (!till_arranging_fits (ledger, till_codec_profile, NULL, &answer, error))
    return FALSE;
  if (answer.code == TILL_YES)
    return TRUE;
  g_autofree char *sentence = till_answer_sentence (&answer);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, sentence);
  return FALSE;
}

static gboolean
apply_settings (TillLedger *ledger, const char *const *settings, GError **error)
{
  if (!settings)
    return TRUE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "setting", error);
  if (!txn)
    return FALSE;
  for (; *settings; settings++)
    {
      g_auto (GStrv) parts = g_strsplit (*settings, "=", 2);
      if (!parts[0] || !parts[1])
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "“%.40s” is no KEY=VALUE", *settings);
          return FALSE;
        }
      if (!till_setting_store_set (txn, parts[0], parts[1], error))
        return FALSE;
    }
  return providers_can_take (ledger, error) && till_txn_commit (txn, error);
}

/* Closes of shifts are signed from the first one on. */
static gboolean
make_seal_key (TillLedger *ledger, GError **error)
{
  g_autofree char *fingerprint = NULL;
  TillAnswer answer;
  return till_shifting_make_key (ledger, 0, &fingerprint, &answer, error);
}

/* --- a real shop --- */

static int
make_shop (TillCtl *ctl, const char *dir, const Options *options)
{
  g_autoptr (GError) error = NULL;
  int64_t id;
  TillAnswer answer;
  const char *no = options->manager ? options->manager : "1";
  g_autofree char *prompt = g_strdup_printf (_ ("New PIN of %s: "), no);
  char *pin = till_pin_read (ctl, prompt, &error);
  /* Before anything is made: a shop whose manager has no PIN is no shop. */
  if (!pin || !till_secret_pin_is_valid (pin, &error))
    {
      till_secret_free (pin);
      return till_ctl_say_error (ctl, error);
    }
  g_autoptr (TillShopFolder) folder = till_shop_folder_at (dir, NULL);
  gboolean done
      = till_shop_folder_make (folder, &error)
        && till_staffing_add (folder->ledger, 0, no,
                              options->manager_name ? options->manager_name : _ ("Manager"),
                              TILL_ROLE_MANAGER, pin, &id, &answer, &error)
        && (answer.code != TILL_YES
            || (apply_settings (folder->ledger, (const char *const *)options->settings, &error)
                && make_seal_key (folder->ledger, &error)));
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *text
      = g_strdup_printf (_ ("A new shop is in %s. Its manager signs in as %s."), folder->dir, no);
  return till_ctl_say (
      ctl,
      json_pack ("{s:{s:s,s:b,s:s}}", "shop", "dir", folder->dir, "training", FALSE, "manager", no),
      text);
}

/* --- an invented one --- */

static gboolean
carry (TillLedger *ledger, gpointer user, GError **error)
{
  int64_t next;
  return till_hands_run (user, &next, error);
}

/* The past is lived on a clock of its own, with the provider in this process writing the very book
 * that till-sandbox will open. */
static gboolean
live_past (const TillShopFolder *folder, const Options *options, GError **error)
{
  int64_t now = till_clock_now (folder->clock);
  int64_t start = now - options->past * TILL_DAY;
  /* Each day begins at nine in Shanghai, and the last one is over before now. */
  int64_t morning = start - start % TILL_DAY + TILL_HOUR;
  g_autoptr (TillClock) clock
      = till_clock_new_fake (start < morning ? morning - TILL_DAY : morning, 7);
  g_autoptr (TillLedger) ledger = till_ledger_open (folder->ledger_path, clock, error);
  static const char *const one_for_all[]
      = { "provider.codes=", "provider.code=sandbox", "provider.card=sandbox", NULL };
  if (!ledger || !till_training_shop (ledger, error) || !make_seal_key (ledger, error)
      || !apply_settings (ledger, (const char *const *)options->settings, error)
      || !apply_settings (ledger, one_for_all, error))
    return FALSE;
  if (options->past == 0)
    return TRUE;
  g_autoptr (TillPracticeKeys) keys = till_practice_keys_load (folder->sandbox_dir, error);
  g_autoptr (TillPractice) practice
      = keys ? till_practice_open (keys, folder->sandbox_dir, clock, FALSE, error) : NULL;
  if (!practice)
    return FALSE;
  const TillAccount *account = till_practice_account (practice);
  g_autoptr (GHashTable) accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (accounts, account->provider, (gpointer)account);
  g_autoptr (TillHands) hands = till_hands_new (ledger, till_practice_transport (practice),
                                                accounts, folder->roll_dir, error);
  return hands && till_training_past (ledger, options->past, carry, hands, error)
         && till_ledger_checkpoint (ledger, error);
}

/* From today on each customer's code goes to the provider it belongs to; the past was lived with
 * one provider for all. */
static gboolean
open_to_all (const TillShopFolder *folder, const Options *options, GError **error)
{
  static const char *const all[]
      = { "provider.codes=10-15=wechat,25-30=alipay,62=unionpay", "provider.slip=sandbox", NULL };
  g_autoptr (TillLedger) ledger = till_ledger_open (folder->ledger_path, folder->clock, error);
  return ledger && apply_settings (ledger, all, error)
         && apply_settings (ledger, (const char *const *)options->settings, error)
         && till_ledger_checkpoint (ledger, error);
}

static int
make_demo (TillCtl *ctl, const char *dir, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_shop_folder_at (dir, NULL);
  if (!till_shop_folder_make (folder, &error))
    return till_ctl_say_error (ctl, error);
  g_clear_pointer (&folder->ledger, till_ledger_free);
  if (!till_sandbox_make (folder, &error) || !live_past (folder, options, &error)
      || !open_to_all (folder, options, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = g_strdup_printf (
      _ ("A shop to practise in is in %s, with %d goods and %d days of past.\n"
         "  1 Li Na, cashier, PIN 1111 · 2 Wang Wei, supervisor, PIN 2222 · 3 Chen Jing, manager, "
         "PIN 3333\n"
         "Its practice provider: till-sandbox --state %s"),
      folder->dir, TILL_TRAINING_GOODS, options->past, folder->sandbox_dir);
  return till_ctl_say (ctl,
                       json_pack ("{s:{s:s,s:b,s:s,s:i,s:i}}", "shop", "dir", folder->dir,
                                  "training", TRUE, "sandbox", folder->sandbox_dir, "goods",
                                  TILL_TRAINING_GOODS, "past_days", options->past),
                       text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { .past = 30 };
  const GOptionEntry entries[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, &options.demo,
      N_ ("An invented shop with goods, people, a past and a practice provider"), NULL },
    { "past", 0, 0, G_OPTION_ARG_INT, &options.past,
      N_ ("With --demo: how many days it has been open; 30 if left out"), N_ ("DAYS") },
    { "manager", 0, 0, G_OPTION_ARG_STRING, &options.manager,
      N_ ("Staff number of the manager; 1 if left out"), N_ ("STAFF") },
    { "manager-name", 0, 0, G_OPTION_ARG_STRING, &options.manager_name, N_ ("Name of the manager"),
      N_ ("NAME") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.settings,
      N_ ("A setting, such as shop.name=…; may be repeated"), N_ ("KEY=VALUE") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 0, &exit_code))
    return exit_code;
  if (options.past < 0 || options.past > PAST_DAYS_MAX)
    return till_ctl_say_usage (ctl, _ ("--past is 0 to %d days."), PAST_DAYS_MAX);
  g_autofree char *dir = ctl->shop ? g_strdup (ctl->shop) : till_shop_folder_default ();
  return options.demo ? make_demo (ctl, dir, &options) : make_shop (ctl, dir, &options);
}

const TillVerb till_verb_init = {
  "init",
  "",
  N_ ("Make a shop"),
  "  tillctl --shop ~/shop init --manager 9 --manager-name \"Chen Jing\" --set "
  "shop.name=\"Corner\"\n"
  "  tillctl --shop /tmp/practice init --demo",
  run,
};
