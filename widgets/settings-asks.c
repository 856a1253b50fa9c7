/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/settings-asks.h"
#include "data/core/secret.h"
#include "data/desk/stopping.h"
#include "devices/gateway/registry.h"
#include "widgets/settings-draft.h"

void
till_settings_ask_free (gpointer data)
{
  TillSettingsAsk *ask = data;
  g_clear_pointer (&ask->changes, g_ptr_array_unref);
  g_free (ask->account);
  g_free (ask->path);
  till_secret_free (ask->password);
  g_clear_pointer (&ask->settings, g_ptr_array_unref);
  g_clear_pointer (&ask->accounts, g_ptr_array_unref);
  g_free (ask->trouble);
  g_free (ask);
}

gpointer
till_settings_ask_read (gpointer ledger, gpointer data, GError **error)
{
  TillSettingsAsk *ask = data;
  ask->settings = till_arranging_list (ledger, error);
  if (!ask->settings || !ask->probe)
    return ask->settings ? ask : NULL;
  ask->accounts = ask->probe->accounts (ask->probe->self, error);
  return ask->accounts ? ask : NULL;
}

gpointer
till_settings_ask_save (gpointer ledger, gpointer data, GError **error)
{
  TillSettingsAsk *ask = data;
  TillSettingChange changes[TILL_SETTING_CHANGES_MAX];
  guint n = 0;
  /* Only the last word about each: the ones before may not fit together with the others. */
  for (guint i = 0; i < ask->changes->len; i++)
    {
      const TillSettingEdit *edit = g_ptr_array_index (ask->changes, i);
      guint at = 0;
      while (at < n && !g_str_equal (changes[at].key, edit->key))
        at++;
      changes[at] = (TillSettingChange){ edit->key, edit->value };
      n = MAX (n, at + 1);
    }
  return till_arranging_change (ledger, ask->staff_id, changes, n, till_codec_profile, NULL,
                                &ask->answer, error)
             ? ask
             : NULL;
}

/* Where a provider did not take our signature, the new key may be what it waits for. */
static gboolean
try_mended (TillLedger *ledger, const TillSettingsAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) accounts = ask->probe->accounts (ask->probe->self, error);
  if (!accounts)
    return FALSE;
  for (guint i = 0; i < accounts->len; i++)
    {
      const TillAccountState *state = g_ptr_array_index (accounts, i);
      if (g_strcmp0 (state->name, ask->account) == 0)
        return till_stopping_tested (ledger, state->provider, error);
    }
  return TRUE;
}

gpointer
till_settings_ask_take (gpointer ledger, gpointer data, GError **error)
{
  TillSettingsAsk *ask = data;
  g_autoptr (GError) wrong = NULL;
  if (!till_arranging_may (ledger, ask->staff_id, &ask->answer, error))
    return NULL;
  if (ask->answer.code != TILL_YES)
    return ask;
  g_autofree char *done = ask->probe->take (ask->probe->self, ask->account, ask->kind, ask->path,
                                            ask->password, &wrong);
  if (!done)
    {
      ask->trouble = g_strdup (wrong->message);
      return ask;
    }
  return till_arranging_note_key (ledger, ask->staff_id, done, &ask->answer, error)
                 && try_mended (ledger, ask, error)
             ? ask
             : NULL;
}
