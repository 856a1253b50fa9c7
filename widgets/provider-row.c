/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/provider-row.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static const char *
words_of (const TillProviderRow *row)
{
  if (row->account && *row->account->provider)
    return till_account_state_provider_words (row->account);
  if (row->account)
    return row->account->name;
  const TillCodec *codec = till_codec_find (row->health->provider);
  return codec ? _ (codec->profile->words) : row->health->provider;
}

/* --- the face: the worst of what is known --- */

static gboolean
warns (const TillProviderRow *row, int64_t now, TillAccountWarningCode code)
{
  g_autoptr (GArray) warnings
      = row->account ? till_account_state_warnings (row->account, now) : NULL;
  for (guint i = 0; warnings && i < warnings->len; i++)
    if (g_array_index (warnings, TillAccountWarning, i).code == code)
      return TRUE;
  return FALSE;
}

static TillFace
health_face (TillHealthState state)
{
  static const struct
  {
    const char *icon, *style;
  } healths[] = {
    [TILL_HEALTH_QUIET] = { "preferences-system-time-symbolic", "plain" },
    [TILL_HEALTH_WORKING] = { "object-select-symbolic", "good" },
    [TILL_HEALTH_UNSTEADY] = { "dialog-warning-symbolic", "warn" },
    [TILL_HEALTH_SILENT] = { "dialog-question-symbolic", "bad" },
    [TILL_HEALTH_STOPPED] = { "dialog-error-symbolic", "bad" },
  };
  return (TillFace){ healths[state].icon, till_health_label (state), healths[state].style };
}

static TillFace
face_of (const TillProviderRow *row, int64_t now)
{
  static const struct
  {
    TillAccountWarningCode code;
    const char *icon, *word, *style;
  } faults[] = {
    { TILL_ACCOUNT_BROKEN, "dialog-error-symbolic", N_ ("Unusable"), "bad" },
    { TILL_ACCOUNT_TWICE, "dialog-error-symbolic", N_ ("Two accounts"), "bad" },
    { TILL_ACCOUNT_NO_AUTHORITY, "dialog-error-symbolic", N_ ("No authority"), "bad" },
    { TILL_ACCOUNT_NOT_YET, "dialog-error-symbolic", N_ ("Key not valid"), "bad" },
    { TILL_ACCOUNT_ENDED, "dialog-error-symbolic", N_ ("Key ended"), "bad" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (warns (row, now, faults[i].code))
      return (TillFace){ faults[i].icon, _ (faults[i].word), faults[i].style };
  if (!row->account)
    return (TillFace){ "dialog-warning-symbolic", _ ("No account"), "bad" };
  TillHealthState state = row->health ? row->health->state : TILL_HEALTH_QUIET;
  gboolean bad = state == TILL_HEALTH_SILENT || state == TILL_HEALTH_UNSTEADY
                 || state == TILL_HEALTH_STOPPED;
  if (!bad && warns (row, now, TILL_ACCOUNT_ENDS_SOON))
    return (TillFace){ "dialog-warning-symbolic", _ ("Key ends soon"), "warn" };
  return health_face (state);
}

/* --- the table --- */

const TillColumn till_provider_columns[TILL_PROVIDER_COLUMNS] = {
  { N_ ("State"), TILL_CELL_FACE, 16 },         { N_ ("Payment provider"), TILL_CELL_TEXT, 0 },
  { N_ ("Last success"), TILL_CELL_TEXT, 11 },  { N_ ("No answer"), TILL_CELL_FIGURE, 9 },
  { N_ ("Answer time"), TILL_CELL_FIGURE, 12 }, { N_ ("Open refunds"), TILL_CELL_FIGURE, 12 },
  { N_ ("Keys hold"), TILL_CELL_FIGURE, 9 },
};

/* "0.4 s" by integers. */
static char *
seconds (int64_t us)
{
  int64_t tenths = us / (TILL_SECOND / 10);
  return g_strdup_printf (_ ("%" PRId64 ".%d s"), tenths / 10, (int)(tenths % 10));
}

static char *
times_of (const TillHealthSpan *span)
{
  if (span->n == span->silent)
    return g_strdup ("–");
  g_autofree char *median = seconds (span->median);
  g_autofree char *worst = seconds (span->worst);
  return g_strdup_printf ("%s / %s", median, worst);
}

static char *
open_of (const TillHealth *health)
{
  if (!health || health->open == 0)
    return g_strdup ("–");
  g_autofree char *amount = till_money_format_screen (health->open_amount);
  return g_strdup_printf ("%d · %s", health->open, amount);
}

/* The first of the account's keys to end. */
static char *
keys_of (const TillAccountState *account, int64_t now)
{
  int least = G_MAXINT, days;
  for (guint i = 0; account && i < account->keys->len; i++)
    {
      const TillAccountKey *key = g_ptr_array_index (account->keys, i);
      if (!key->old_is_good && till_account_key_days (key, now, &days))
        least = MIN (least, days);
    }
  if (least == G_MAXINT)
    return g_strdup ("–");
  if (least < 0)
    return g_strdup (_ ("ended"));
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong)least), least);
}

TillSheetRow *
till_provider_row_new (TillCounter *counter, guint n, const TillProviderRow *row)
{
  int64_t now = till_counter_now (counter);
  const TillHealth *health = row->health;
  g_autofree char *done = health && health->last_done_at
                              ? till_counter_moment (counter, health->last_done_at)
                              : g_strdup ("–");
  g_autofree char *silent
      = health && health->last.n > 0
            ? g_strdup_printf (_ ("%d of %d"), health->last.silent, health->last.n)
            : g_strdup ("–");
  g_autofree char *times = health ? times_of (&health->last) : g_strdup ("–");
  g_autofree char *open = open_of (health);
  g_autofree char *keys = keys_of (row->account, now);
  const char *cells[] = { "", words_of (row), done, silent, times, open, keys };
  TillSheetRow *made = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (made, face_of (row, now));
  return made;
}

const TillColumn till_network_columns[TILL_NETWORK_COLUMNS] = {
  { N_ ("Payment provider"), TILL_CELL_TEXT, 0 }, { N_ ("Last answer"), TILL_CELL_TEXT, 12 },
  { N_ ("Answer time"), TILL_CELL_FIGURE, 16 },   { N_ ("No answer"), TILL_CELL_FIGURE, 12 },
  { N_ ("State"), TILL_CELL_FACE, 16 },
};

TillSheetRow *
till_network_row_new (TillCounter *counter, guint n, const TillHealth *health)
{
  const TillProviderRow row = { NULL, health };
  g_autofree char *answered = health->last_answer_at
                                  ? till_counter_moment (counter, health->last_answer_at)
                                  : g_strdup ("–");
  g_autofree char *times = times_of (&health->day);
  g_autofree char *silent
      = health->day.n > 0 ? g_strdup_printf (_ ("%d of %d"), health->day.silent, health->day.n)
                          : g_strdup ("–");
  const char *cells[] = { words_of (&row), answered, times, silent };
  TillSheetRow *made = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (made, health_face (health->state));
  return made;
}

/* --- in sentences --- */

char *
till_provider_row_title (const TillProviderRow *row)
{
  const TillAccountState *account = row->account;
  return account ? g_strdup_printf (_ ("%s · merchant no. %s · %s"), words_of (row),
                                    account->merchant_no, account->host)
                 : g_strdup (words_of (row));
}

static void
add_span (GString *text, const char *name, const TillHealthSpan *span)
{
  g_autofree char *median = seconds (span->median);
  g_autofree char *worst = seconds (span->worst);
  if (span->n == 0)
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  /* Translators: "Last 24 hours", silent, all, median, worst. */
  g_string_append_printf (text, _ ("%s: %d of %d not answered; half within %s, the slowest %s."),
                          name, span->silent, span->n, median, worst);
  if (span->refused)
    g_string_append_printf (text, _ (" Refused most: %s (%d times)."), span->refused,
                            span->refused_n);
}

char *
till_provider_row_silences (TillCounter *counter, const TillHealth *health)
{
  int shown = MIN (health->n_silences, TILL_HEALTH_SILENCES);
  if (shown == 0)
    return NULL;
  GString *text = g_string_new (NULL);
  for (int i = 0; i < shown; i++)
    {
      const TillHealthSilence *silence = &health->silences[i];
      g_autofree char *from = till_counter_moment (counter, silence->from);
      g_autofree char *to = till_counter_moment (counter, silence->to);
      g_autofree char *sentence = till_health_silence_sentence (silence, from, to);
      g_string_append_printf (text, "%s%s", i ? "\n" : "", sentence);
    }
  if (health->n_silences > shown)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, _ ("Silences before these, in the same 24 hours: %d."),
                              health->n_silences - shown);
    }
  return g_string_free (text, FALSE);
}

char *
till_provider_row_figures (TillCounter *counter, const TillProviderRow *row)
{
  const TillHealth *health = row->health;
  GString *text = g_string_new (NULL);
  if (health)
    {
      add_span (text, _ ("Last 24 hours"), &health->day);
      add_span (text, _ ("Last 100 answers"), &health->last);
      g_autofree char *silences = till_provider_row_silences (counter, health);
      if (silences)
        g_string_append_printf (text, "\n%s", silences);
    }
  if (text->len == 0)
    g_string_append (text, _ ("Nothing was asked of this provider yet."));
  return g_string_free (text, FALSE);
}

char *
till_provider_row_warnings (TillCounter *counter, const TillProviderRow *row)
{
  const TillAccountState *account = row->account;
  GString *text = g_string_new (NULL);
  if (row->health && row->health->stop)
    {
      g_autofree char *why
          = till_stop_sentence (row->health->stop, words_of (row), counter->shop->zone);
      g_string_append (text, why);
    }
  if (!account)
    {
      g_string_append_printf (text, "%s%s", text->len ? "\n" : "",
                              _ ("This shop has no account with this provider any more: what is "
                                 "open there is not sent."));
      return g_string_free (text, FALSE);
    }
  g_autoptr (GArray) warnings = till_account_state_warnings (account, till_counter_now (counter));
  for (guint i = 0; i < warnings->len; i++)
    {
      const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, i);
      g_autofree char *sentence = till_account_warning_sentence (account, one, counter->shop->zone);
      g_string_append_printf (text, "%s%s", text->len ? "\n" : "", sentence);
    }
  return g_string_free (text, FALSE);
}

/* --- for the settings --- */

const TillColumn till_provider_key_columns[TILL_PROVIDER_KEY_COLUMNS] = {
  { N_ ("State"), TILL_CELL_FACE, 16 },         { N_ ("Key"), TILL_CELL_TEXT, 0 },
  { N_ ("File"), TILL_CELL_TEXT, 16 },          { N_ ("Valid from"), TILL_CELL_FIGURE, 11 },
  { N_ ("Valid until"), TILL_CELL_FIGURE, 11 },
};

/* The beginnings of codes that go to this provider: "10-15, 62". */
static char *
beginnings_of (const char *routes, const char *provider)
{
  g_auto (GStrv) parts = g_strsplit (routes, ",", -1);
  GString *text = g_string_new (NULL);
  for (char **part = parts; *part; part++)
    {
      char *sign = strchr (*part, '=');
      if (sign && g_str_equal (sign + 1, provider))
        g_string_append_printf (text, "%s%.*s", text->len ? ", " : "", (int)(sign - *part), *part);
    }
  return g_string_free (text, FALSE);
}

static void
add_taking (GString *text, const TillShop *shop, const char *provider)
{
  g_autofree char *beginnings = beginnings_of (shop->code_routes, provider);
  if (g_str_equal (shop->card_provider, provider))
    g_string_append (text, _ ("Bank cards go here. "));
  if (*beginnings)
    g_string_append_printf (text, _ ("Codes that begin with %s go here. "), beginnings);
  if (g_str_equal (shop->code_provider, provider))
    g_string_append (text, _ ("Every other code goes here. "));
  if (text->len == 0)
    g_string_append (text, _ ("Nothing new goes here; refunds of what was paid here still do. "));
}

char *
till_provider_row_facts (TillCounter *counter, const TillProviderRow *row)
{
  GString *text = g_string_new (NULL);
  if (!row->account)
    return g_string_free (text, FALSE);
  const TillCodec *codec = till_codec_find (row->account->provider);
  if (codec)
    add_taking (text, counter->shop, row->account->provider);
  if (codec && codec->profile->cards == TILL_CARDS_AT_TERMINAL)
    g_string_append (text, _ ("Cards are presented at its own terminal. "));
  if (codec && codec->profile->cards == TILL_CARDS_NONE)
    g_string_append (text, _ ("It takes no cards at a till. "));
  if (codec && !codec->profile->takes_codes)
    g_string_append (text, _ ("It takes no payment codes. "));
  if (*row->account->facts)
    g_string_append_printf (text, "\n%s", row->account->facts);
  return g_string_free (text, FALSE);
}

static TillFace
face_of_key (const TillProviderRow *row, const TillAccountKey *key, int64_t now)
{
  static const struct
  {
    TillAccountWarningCode code;
    const char *icon, *word, *style;
  } faces[] = {
    { TILL_ACCOUNT_NO_AUTHORITY, "dialog-error-symbolic", N_ ("No authority"), "bad" },
    { TILL_ACCOUNT_NOT_YET, "dialog-error-symbolic", N_ ("Key not valid"), "bad" },
    { TILL_ACCOUNT_ENDED, "dialog-error-symbolic", N_ ("Key ended"), "bad" },
    { TILL_ACCOUNT_ENDS_SOON, "dialog-warning-symbolic", N_ ("Key ends soon"), "warn" },
    { TILL_ACCOUNT_NEXT_BESIDE, "object-select-symbolic", N_ ("Next one beside"), "plain" },
    { TILL_ACCOUNT_UNREAD, "dialog-question-symbolic", N_ ("Not read"), "warn" },
  };
  g_autoptr (GArray) warnings = till_account_state_warnings (row->account, now);
  for (guint i = 0; i < warnings->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (faces); j++)
      {
        const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, i);
        if (one->key == key && one->code == faces[j].code)
          return (TillFace){ faces[j].icon, _ (faces[j].word), faces[j].style };
      }
  return (TillFace){ "object-select-symbolic", _ ("Holds"), "good" };
}

static char *
date_of (int64_t seconds, const char *zone)
{
  return seconds ? till_clock_stamp (seconds * TILL_SECOND, zone, "%Y-%m-%d") : g_strdup ("–");
}

GPtrArray *
till_provider_row_keys (TillCounter *counter, const TillProviderRow *row)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  int64_t now = till_counter_now (counter);
  for (guint i = 0; row->account && i < row->account->keys->len; i++)
    {
      const TillAccountKey *key = g_ptr_array_index (row->account->keys, i);
      g_autofree char *from = date_of (key->from, counter->shop->zone);
      g_autofree char *until = date_of (key->until, counter->shop->zone);
      const char *cells[] = { "", till_account_key_label (key), key->file, from, until };
      TillSheetRow *made = till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells);
      till_sheet_row_set_face (made, face_of_key (row, key, now));
      g_ptr_array_add (rows, made);
    }
  return rows;
}
