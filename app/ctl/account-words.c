/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/account-words.h"
#include "app/ctl/table.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <inttypes.h>

json_t *
till_account_words_instant (int64_t seconds, const char *zone)
{
  if (seconds == 0)
    return json_null ();
  g_autofree char *text = till_clock_format (seconds * TILL_SECOND, zone);
  return json_string (text);
}

static json_t *
sure (json_t *json)
{
  g_assert (json);
  return json;
}

static json_t *
keys_of (const TillAccountState *state, int64_t now, const char *zone)
{
  json_t *keys = json_array ();
  for (guint i = 0; i < state->keys->len; i++)
    {
      const TillAccountKey *key = g_ptr_array_index (state->keys, i);
      int days;
      gboolean ends = till_account_key_days (key, now, &days);
      json_array_append_new (
          keys, sure (json_pack ("{s:s,s:s,s:o,s:o,s:o}", "key", key->word, "file", key->file,
                                 "from", till_account_words_instant (key->from, zone), "until",
                                 till_account_words_instant (key->until, zone), "days",
                                 ends ? json_integer (days) : json_null ())));
    }
  return keys;
}

static json_t *
warnings_of (const TillAccountState *state, int64_t now, const char *zone, gboolean *alarm)
{
  json_t *array = json_array ();
  g_autoptr (GArray) warnings = till_account_state_warnings (state, now);
  for (guint i = 0; i < warnings->len; i++)
    {
      const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, i);
      g_autofree char *sentence = till_account_warning_sentence (state, one, zone);
      gboolean alarms = till_account_warning_alarms (one->code);
      *alarm = *alarm || alarms;
      json_array_append_new (array, sure (json_pack ("{s:s,s:s,s:b,s:s}", "code",
                                                     till_account_warning_word (one->code), "key",
                                                     one->key ? one->key->word : "", "alarm",
                                                     alarms, "sentence", sentence)));
    }
  return array;
}

json_t *
till_account_words (GPtrArray *states, int64_t now, const char *zone, gboolean *alarm)
{
  json_t *array = json_array ();
  *alarm = FALSE;
  for (guint i = 0; i < states->len; i++)
    {
      const TillAccountState *state = g_ptr_array_index (states, i);
      json_array_append_new (
          array,
          sure (json_pack ("{s:s,s:s,s:s,s:s,s:b,s:o,s:o}", "name", state->name, "provider",
                           state->provider, "merchant_no", state->merchant_no, "host", state->host,
                           "usable", state->trouble == NULL, "keys", keys_of (state, now, zone),
                           "warnings", warnings_of (state, now, zone, alarm))));
    }
  return array;
}

static char *
end_of (const TillAccountKey *key, int64_t now, const char *zone)
{
  int days;
  if (!till_account_key_days (key, now, &days))
    return g_strdup (key->unread || key->is_empty ? "?" : _ ("names no end"));
  g_autofree char *until = till_clock_stamp (key->until * TILL_SECOND, zone, "%Y-%m-%d");
  if (days < 0)
    return g_strdup_printf (_ ("ended on %s"), until);
  return g_strdup_printf (
      ngettext ("%d day left, until %s", "%d days left, until %s", (gulong)days), days, until);
}

static void
add_account (GString *text, const TillAccountState *state, int64_t now, const char *zone)
{
  const char *provider = till_account_state_provider_words (state);
  /* Translators: an account's name, its provider, its merchant number, its host. */
  g_string_append_printf (
      text, _ ("%s: %s, merchant no. %s, %s\n"), state->name, *provider ? provider : "?",
      *state->merchant_no ? state->merchant_no : "?", *state->host ? state->host : "?");
  g_autoptr (TillTable) table = till_table_new ("lll");
  for (guint i = 0; i < state->keys->len; i++)
    {
      const TillAccountKey *key = g_ptr_array_index (state->keys, i);
      g_autofree char *end = end_of (key, now, zone);
      till_table_row (table, till_account_key_label (key), key->file, end);
    }
  g_autofree char *rows = till_table_text (table, 4);
  g_string_append (text, rows);
  g_autoptr (GArray) warnings = till_account_state_warnings (state, now);
  for (guint i = 0; i < warnings->len; i++)
    {
      const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, i);
      g_autofree char *sentence = till_account_warning_sentence (state, one, zone);
      g_string_append_printf (text, "  %s %s\n",
                              till_account_warning_alarms (one->code) ? "!" : "·", sentence);
    }
}

char *
till_account_words_text (GPtrArray *states, int64_t now, const char *zone)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < states->len; i++)
    add_account (text, g_ptr_array_index (states, i), now, zone);
  return g_string_free (text, FALSE);
}

/* Amounts only where they were told: a 0 would be taken for one. */
json_t *
till_account_words_balance (const char *name, const char *provider, const TillBalance *balance)
{
  gboolean told = balance->result == TILL_BALANCE_TOLD;
  g_autofree char *sentence = till_balance_sentence (balance);
  return sure (
      json_pack ("{s:s,s:s,s:s,s:o,s:o,s:s,s:I,s:s,s:s}", "account", name, "provider", provider,
                 "result", till_balance_result_word (balance->result), "available",
                 told ? json_integer (balance->available) : json_null (), "pending",
                 told && balance->tells_pending ? json_integer (balance->pending) : json_null (),
                 "currency", "CNY", "asked_at", (json_int_t)(balance->asked_at / TILL_SECOND),
                 "detail", balance->detail ? balance->detail : "", "sentence", sentence));
}

json_t *
till_account_words_check (const char *name, const char *provider, const TillAccountCheck *check)
{
  g_autofree char *sentence = till_account_check_sentence (check);
  return sure (json_pack ("{s:s,s:s,s:s,s:b,s:I,s:o,s:s,s:s,s:s}", "account", name, "provider",
                          provider, "result", till_check_result_word (check->result), "well",
                          till_account_check_is_well (check), "took_ms", (json_int_t)check->took_ms,
                          "clock_off_s",
                          check->told_clock ? json_integer (check->clock_off_s) : json_null (),
                          "code", check->code ? check->code : "", "detail",
                          check->detail ? check->detail : "", "sentence", sentence));
}

json_t *
till_account_words_stops (const GPtrArray *stops, const char *zone, GString *text)
{
  json_t *array = json_array ();
  for (guint i = 0; i < stops->len; i++)
    {
      const TillStop *stop = g_ptr_array_index (stops, i);
      const TillCodec *codec = till_codec_find (stop->provider);
      g_autofree char *sentence
          = till_stop_sentence (stop, codec ? _ (codec->profile->words) : stop->provider, zone);
      json_array_append_new (
          array, sure (json_pack ("{s:s,s:s,s:o,s:i,s:i,s:I,s:b,s:s}", "provider", stop->provider,
                                  "cause", till_stop_cause_word (stop->cause), "since",
                                  till_account_words_instant (stop->at / TILL_SECOND, zone),
                                  "tries", stop->tries, "waiting", stop->waiting, "amount",
                                  (json_int_t)stop->amount, "trying", stop->try_at != 0, "sentence",
                                  sentence)));
      g_string_append_printf (text, "%s\n", sentence);
    }
  return array;
}
