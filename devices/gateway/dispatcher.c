/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step (3) of a refund's walk. Knows no provider by name and no SQL: the books decide what is due
 * and what an outcome means, a codec speaks, a transport carries. */
#include "devices/gateway/dispatcher.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "devices/gateway/account-check.h"
#include "devices/gateway/pace.h"
#include "devices/gateway/registry.h"

#include <string.h>

struct _TillDispatcher
{
  TillLedger *ledger; /* unowned */
  TillTransport transport;
  GHashTable *accounts; /* a reference; registry name → TillAccount */
  TillPace *pace;       /* owned */
  GHashTable *silent;   /* owned; registry name → failures of the line in a row, if any */
};

TillDispatcher *
till_dispatcher_new (TillLedger *ledger, TillTransport transport, GHashTable *accounts)
{
  TillDispatcher *dispatcher = g_new0 (TillDispatcher, 1);
  dispatcher->ledger = ledger;
  dispatcher->transport = transport;
  dispatcher->accounts = g_hash_table_ref (accounts);
  dispatcher->pace = till_pace_new ();
  dispatcher->silent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return dispatcher;
}

void
till_dispatcher_free (TillDispatcher *dispatcher)
{
  g_hash_table_unref (dispatcher->accounts);
  till_pace_free (dispatcher->pace);
  g_hash_table_unref (dispatcher->silent);
  g_free (dispatcher);
}

void
till_dispatcher_use (TillDispatcher *dispatcher, GHashTable *accounts)
{
  g_hash_table_ref (accounts);
  g_hash_table_unref (dispatcher->accounts);
  dispatcher->accounts = accounts;
}

gboolean
till_dispatcher_recover (TillDispatcher *dispatcher, int *found, GError **error)
{
  return till_sending_recover (dispatcher->ledger, found, error);
}

/* What a codec is never asked to build; NULL when there is nothing against it. */
static const char *
objection (const TillCodec *codec, const TillErrand *errand)
{
  const TillProfile *profile = codec->profile;
  gboolean pays = errand->kind == TILL_ERRAND_PAY;
  if (pays && errand->by_card && profile->cards == TILL_CARDS_NONE)
    return "that provider takes no cards at a till";
  if (pays && errand->by_card && profile->cards == TILL_CARDS_BY_TOKEN && !errand->auth)
    return "no card was read";
  if (pays && !errand->by_card && !profile->takes_codes)
    return "that provider takes no payment codes";
  return till_profile_can (profile, errand->kind) ? NULL : "that provider has no such request";
}

/* What the line tells beside the answer: when to come again, and why a signature of ours may have
 * been refused. */
static void
add_line (TillOutcome *outcome, const TillReply *reply, int64_t asked_at)
{
  int64_t apart = reply->date_at == 0 ? 0 : (reply->date_at - asked_at) / TILL_SECOND;
  outcome->retry_after_s = reply->retry_after_s;
  outcome->clock_off_s = -apart;
  if (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED
      || ABS (apart) <= TILL_CLOCK_APART_S)
    return;
  char *detail = g_strdup_printf ("%s%sthis machine's clock is %" G_GINT64_FORMAT " s %s",
                                  outcome->detail ? outcome->detail : "",
                                  outcome->detail ? "; " : "", ABS (apart),
                                  apart > 0 ? "behind the provider's" : "ahead of the provider's");
  g_free (outcome->detail);
  outcome->detail = detail;
}

/* Whether the next one would fare the same. A code is only read from what is believed: anybody's box
 * between us and the provider says 401 when it wants a password. */
static void
add_stop (TillDispatcher *dispatcher, const TillCodec *codec, TillOutcome *outcome,
          const TillReply *reply)
{
  const char *name = codec->profile->name;
  if (reply->fate != TILL_FATE_ANSWERED)
    {
      outcome->silent = GPOINTER_TO_INT (g_hash_table_lookup (dispatcher->silent, name)) + 1;
      outcome->stop = TILL_STOP_LINE;
      g_hash_table_replace (dispatcher->silent, g_strdup (name), GINT_TO_POINTER (outcome->silent));
      return;
    }
  g_hash_table_remove (dispatcher->silent, name);
  gboolean no = outcome->kind == TILL_OUTCOME_REFUSED || outcome->kind == TILL_OUTCOME_UNKNOWN;
  for (const TillStopWord *row = codec->stops; no && row && row->word; row++)
    if (g_strcmp0 (outcome->code, row->word) == 0)
      outcome->stop = row->cause;
  if (outcome->stop == TILL_STOP_KEYS && ABS (outcome->clock_off_s) > TILL_CLOCK_ALARM_S)
    outcome->stop = TILL_STOP_CLOCK;
}

/* The provider knows it under another merchant than the account names now: there it would not be
 * found, and what is not found is sent again. NULL when there is nothing against it. */
static TillOutcome *
anothers (const TillErrand *errand, const TillAccount *account)
{
  if (!errand->merchant_no || g_str_equal (errand->merchant_no, account->merchant_no))
    return NULL;
  g_autofree char *detail
      = g_strdup_printf ("it belongs to merchant %s, and the account now names %s",
                         errand->merchant_no, account->merchant_no);
  TillOutcome *outcome = till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_LOCAL, detail);
  outcome->other_merchant = g_strdup (account->merchant_no);
  return outcome;
}

/* One question, one connection, one outcome; NULL only when everything is going down. */
static TillOutcome *
ask (TillDispatcher *dispatcher, const TillErrand *errand, GError **error)
{
  const TillCodec *codec = till_codec_find (errand->provider);
  const TillAccount *account = g_hash_table_lookup (dispatcher->accounts, errand->provider);
  if (!codec || !account)
    return till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_LOCAL,
                             "this till has no usable account with that provider");
  TillOutcome *withheld = anothers (errand, account);
  if (withheld)
    return withheld;
  const char *against = objection (codec, errand);
  if (against)
    return till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_RETRY, against);

  g_autoptr (TillReply) reply
      = till_codec_ask (codec, errand, account, dispatcher->transport, error);
  if (!reply)
    return NULL;
  if (reply->fate != TILL_FATE_NOT_SENT)
    till_pace_note (dispatcher->pace, codec->profile, errand->asked_at, reply->status >= 400);
  TillOutcome *outcome = codec->interpret (errand, account, reply);
  add_line (outcome, reply, errand->asked_at);
  add_stop (dispatcher, codec, outcome, reply);
  return outcome;
}

/* As data/desk asks for it. */
static int64_t
earliest (const TillProfile *profile, int64_t now, gpointer self)
{
  const TillDispatcher *dispatcher = self;
  return till_pace_earliest (dispatcher->pace, profile, now);
}

/* As data/desk asks for it. Who does not take an address in its requests is not given one. */
static TillWho
who_of (const char *provider, gpointer self)
{
  const TillDispatcher *dispatcher = self;
  const TillCodec *codec = till_codec_find (provider);
  const TillAccount *account = g_hash_table_lookup (dispatcher->accounts, provider);
  gboolean named = account && codec && codec->notice && codec->notice->asked_for;
  return (TillWho){ account ? account->merchant_no : NULL,
                    named ? till_account_notice_url (account) : NULL };
}

gboolean
till_dispatcher_step (TillDispatcher *dispatcher, gboolean *did, int64_t *next_at, GError **error)
{
  g_autoptr (TillTicket) ticket = NULL;
  g_autoptr (TillOutcome) outcome = NULL;
  *did = FALSE;

  /* Promise: when this returns a request, the books have committed it. */
  if (!till_sending_next_paced (dispatcher->ledger, till_codec_profile, earliest, who_of,
                                dispatcher, &ticket, next_at, error))
    return FALSE;
  if (!ticket)
    return TRUE;
  if (!till_fault_pass ("dispatcher.promised", error))
    return FALSE;

  /* Ask: outside every transaction, for the world may take its time. */
  ticket->errand->asked_at = till_clock_now (till_ledger_clock (dispatcher->ledger));
  outcome = ask (dispatcher, ticket->errand, error);
  if (!outcome || !till_fault_pass ("dispatcher.asked", error))
    return FALSE;

  /* Record. */
  *did = TRUE;
  return till_sending_record (dispatcher->ledger, ticket, outcome,
                              till_codec_profile (ticket->errand->provider, NULL), error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* By name, so that of two folders for one provider it is always the same one. */
static GPtrArray *
folders_in (const char *dir)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder)))
    g_ptr_array_add (paths, g_build_filename (dir, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

GHashTable *
till_dispatcher_load_accounts (const char *dir)
{
  GHashTable *accounts
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)till_account_free);
  g_autoptr (GPtrArray) paths = folders_in (dir);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GError) error = NULL;
      const char *path = g_ptr_array_index (paths, i);
      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      g_autoptr (TillAccount) account = till_account_load (path, &error);
      if (!account)
        g_warning ("%s: what goes there waits, the other accounts work: %s", path, error->message);
      else if (g_hash_table_contains (accounts, account->provider))
        g_warning ("%s: another folder is the account with %s", path, account->provider);
      else
        {
          char *provider = account->provider;
          g_hash_table_insert (accounts, provider, g_steal_pointer (&account));
        }
    }
  return accounts;
}
