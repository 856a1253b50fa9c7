/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/practice.h"
#include "app/sandbox/provider-book.h"
#include "app/sandbox/provider-speech.h"
#include "data/core/error.h"
#include "data/core/fault.h"

#include <errno.h>
#include <glib/gstdio.h>

struct _TillPracticeKeys
{
  TillAccount *account; /* owned; like the keys */
  TillKey *provider_key;
  TillKey *merchant_key;
};

struct _TillPractice
{
  const TillPracticeKeys *keys; /* unowned */
  TillProviderBook *book;       /* owned; NULL: in memory only */
  TillProvider *provider;       /* owned */
  TillSpeech speech;
  TillTransport inner;
  gboolean line_is_dead;
  gboolean cut_when_asked;
};

gboolean
till_practice_make (const char *dir, GError **error)
{
  g_autofree char *account = g_build_filename (dir, "account", NULL);
  g_autofree char *provider_private = g_build_filename (dir, "provider-key.pem", NULL);
  g_autofree char *provider_public = g_build_filename (account, "provider.pem", NULL);
  g_autofree char *merchant_private = g_build_filename (account, "till-key.pem", NULL);
  g_autofree char *merchant_public = g_build_filename (dir, "merchant.pem", NULL);
  g_autofree char *ini = g_build_filename (account, "account.ini", NULL);
  g_autofree char *ca = g_build_filename (account, "ca.pem", NULL);
  if (g_mkdir_with_parents (account, 0700) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be made: %s", account,
                   g_strerror (errno));
      return FALSE;
    }
  static const char settings[] = "[account]\nprovider=sandbox\nmerchant_no=practice\n"
                                 "base_url=https://127.0.0.1:1\nprivate_key=till-key.pem\n"
                                 "provider_key=provider.pem\nca_file=ca.pem\n";
  return till_key_generate (provider_private, provider_public, error)
         && till_key_generate (merchant_private, merchant_public, error)
         && g_file_set_contents_full (ca, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error)
         && g_file_set_contents_full (ini, settings, -1, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

TillPracticeKeys *
till_practice_keys_load (const char *dir, GError **error)
{
  g_autofree char *account = g_build_filename (dir, "account", NULL);
  g_autofree char *provider_key = g_build_filename (dir, "provider-key.pem", NULL);
  g_autofree char *merchant_key = g_build_filename (dir, "merchant.pem", NULL);
  g_autoptr (TillPracticeKeys) keys = g_new0 (TillPracticeKeys, 1);
  if (!(keys->account = till_account_load (account, error))
      || !(keys->provider_key = till_key_load_private (provider_key, error))
      || !(keys->merchant_key = till_key_load_public (merchant_key, error)))
    return NULL;
  return g_steal_pointer (&keys);
}

void
till_practice_keys_free (TillPracticeKeys *keys)
{
  g_clear_pointer (&keys->account, till_account_free);
  g_clear_pointer (&keys->provider_key, till_key_free);
  g_clear_pointer (&keys->merchant_key, till_key_free);
  g_free (keys);
}

TillPractice *
till_practice_open (const TillPracticeKeys *keys, const char *dir, TillClock *clock,
                    gboolean lenient, GError **error)
{
  g_autoptr (TillPractice) practice = g_new0 (TillPractice, 1);
  practice->keys = keys;
  g_autofree char *path = dir ? g_build_filename (dir, "book.jsonl", NULL) : NULL;
  if (path && !(practice->book = till_provider_book_open (path, error)))
    return NULL;
  practice->provider
      = till_provider_new (lenient, path ? till_provider_book_keep : NULL, practice->book);
  if (path && !till_provider_book_replay (practice->book, practice->provider, error))
    return NULL;
  practice->speech = (TillSpeech){
    .provider = practice->provider,
    .clock = clock,
    .merchant_no = keys->account->merchant_no,
    .our_key = keys->provider_key,
    .merchant_key = keys->merchant_key,
  };
  practice->inner = till_speech_transport (&practice->speech);
  return g_steal_pointer (&practice);
}

void
till_practice_free (TillPractice *practice)
{
  g_clear_pointer (&practice->provider, till_provider_free);
  g_clear_pointer (&practice->book, till_provider_book_close);
  g_free (practice);
}

static TillReply *
carry (gpointer self, const TillRequest *request, GError **error)
{
  TillPractice *practice = self;
  if (practice->line_is_dead)
    return till_reply_new (TILL_FATE_NOT_SENT, 0, "the line is dead");
  /* The power may fail on the way there and on the way back. */
  if (!till_fault_pass ("practice.leaving", error))
    return NULL;
  g_autoptr (TillReply) reply = practice->inner.send (practice->inner.self, request, error);
  if (practice->cut_when_asked)
    till_fault_arm (1);
  practice->cut_when_asked = FALSE;
  if (!reply || !till_fault_pass ("practice.answered", error))
    return NULL;
  return g_steal_pointer (&reply);
}

TillTransport
till_practice_transport (TillPractice *practice)
{
  return (TillTransport){ .send = carry, .self = practice };
}

TillProvider *
till_practice_provider (TillPractice *practice)
{
  return practice->provider;
}

const TillAccount *
till_practice_account (TillPractice *practice)
{
  return practice->keys->account;
}

void
till_practice_set_line (TillPractice *practice, gboolean up)
{
  practice->line_is_dead = !up;
}

void
till_practice_cut_when_asked (TillPractice *practice)
{
  practice->cut_when_asked = TRUE;
}

char *
till_practice_statement (TillPractice *practice)
{
  g_autoptr (GBytes) bytes = till_speech_statement (&practice->speech);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  return g_strndup (text, size);
}

int64_t
till_practice_moved (TillPractice *practice, TillErrandKind kind, int *times)
{
  int64_t sum = 0;
  *times = 0;
  for (guint i = 0; i < till_provider_n_effects (practice->provider); i++)
    {
      const TillRecord *record = till_provider_effect (practice->provider, i);
      if (till_record_effect_kind (record) != kind)
        continue;
      sum += record->amount;
      *times += 1;
    }
  return sum;
}
