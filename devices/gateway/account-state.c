/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/account-state.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "devices/gateway/account.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAY_S (24 * 3600)

typedef enum
{
  BARE,       /* a private key: no end is written in it */
  PUBLIC,     /* a public key or a certificate */
  COLLECTION, /* certificates of authorities */
} KeyKind;

/* What account.ini may name, and what is to be done when it ends. */
static const struct
{
  const char *word;
  KeyKind kind;
  const char *label;
  const char *advice;
} words[] = {
  { "private_key", BARE, N_ ("our key"), NULL },
  { "certificate", PUBLIC, N_ ("our certificate"),
    N_ ("Have the provider issue a new one, then take it in with its key: Settings, Payment "
        "providers, or “tillctl account take”.") },
  { "provider_key", PUBLIC, N_ ("the provider's key"),
    N_ ("Fetch the provider's next one and take it in beside it: Settings, Payment providers, or "
        "“tillctl account take”. Then both are believed.") },
  { "next_provider_key", PUBLIC, N_ ("the provider's next key"),
    N_ ("Fetch the one that follows it from the provider.") },
  { "notice_key", PUBLIC, N_ ("the key of the provider's notices"),
    N_ ("Fetch the provider's next one and take it in: Settings, Payment providers, or “tillctl "
        "account take”. Without it nothing is lost: the till asks.") },
  { "authorities", COLLECTION, N_ ("the authorities of the provider's signatures"),
    N_ ("Fetch the provider's new file and take it in: Settings, Payment providers, or “tillctl "
        "account take”.") },
  { "ca_file", COLLECTION, N_ ("the authorities of the line"),
    N_ ("Fetch the new file of the authority of the provider's address and take it in: Settings, "
        "Payment providers, or “tillctl account take”.") },
};

static const struct
{
  const char *word;
  gboolean alarms;
} warnings[] = {
#define X(code, word, alarms) { word, alarms },
  TILL_ACCOUNT_WARNINGS (X)
#undef X
};

static void
key_free (gpointer data)
{
  TillAccountKey *key = data;
  g_free (key->file);
  g_free (key->unread);
  g_free (key);
}

void
till_account_state_free (TillAccountState *state)
{
  g_free (state->name);
  g_free (state->provider);
  g_free (state->merchant_no);
  g_free (state->host);
  g_free (state->facts);
  g_free (state->trouble);
  g_ptr_array_unref (state->keys);
  g_free (state);
}

/* --- reading --- */

static gboolean
read_public (TillAccountKey *key, const char *path, GError **error)
{
  g_autoptr (TillKey) read = key->old_is_good ? till_key_load_old_public (path, error)
                                              : till_key_load_public (path, error);
  if (!read)
    return FALSE;
  key->from = till_key_facts (read)->from;
  key->until = till_key_facts (read)->until;
  return TRUE;
}

static gboolean
read_collection (TillAccountKey *key, const char *path, GError **error)
{
  int count;
  if (!till_certificates_term (path, &count, &key->from, &key->until, error))
    return FALSE;
  key->is_empty = count == 0;
  return TRUE;
}

static void
read_key (TillAccountState *state, gsize which, GKeyFile *file, const char *dir, gboolean old)
{
  g_autofree char *name = g_key_file_get_string (file, "account", words[which].word, NULL);
  if (!name || !*name)
    return;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_canonicalize_filename (name, dir);
  TillAccountKey *key = g_new0 (TillAccountKey, 1);
  key->word = words[which].word;
  key->old_is_good
      = old && (strstr (key->word, "provider_key") || strcmp (key->word, "notice_key") == 0);
  key->file = g_steal_pointer (&name);
  g_ptr_array_add (state->keys, key);
  if ((words[which].kind == PUBLIC && !read_public (key, path, &error))
      || (words[which].kind == COLLECTION && !read_collection (key, path, &error)))
    key->unread = g_strdup (error->message);
}

static char *
get_word (GKeyFile *file, const char *word)
{
  char *value = g_key_file_get_string (file, "account", word, NULL);
  return value ? value : g_strdup ("");
}

static char *
host_of (const char *base_url)
{
  g_autoptr (GUri) uri = g_uri_parse (base_url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  if (!host)
    return g_strdup ("");
  int port = g_uri_get_port (uri);
  return port > 0 ? g_strdup_printf ("%s:%d", host, port) : g_strdup (host);
}

static void
add_fact (GString *text, GKeyFile *file, const char *word)
{
  g_autofree char *value = g_key_file_get_string (file, "account", word, NULL);
  if (value)
    g_string_append_printf (text, "%s%s %s", text->len ? " · " : "", word, value);
}

/* None of them is a secret: those lie in files of their own. */
static char *
facts_of (GKeyFile *file, const TillCodec *codec)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; codec && codec->facts && codec->facts[i]; i++)
    add_fact (text, file, codec->facts[i]);
  add_fact (text, file, "notice_url");
  return g_string_free (text, FALSE);
}

/* Who names an address for notices that cannot be opened waits longer than need be. */
static int
secret_wanted (const TillAccount *account, const TillCodec *codec)
{
  const TillNoticeCodec *notices = codec ? codec->notice : NULL;
  if (!account || !account->notice_url || !notices || notices->secret_size == 0)
    return 0;
  gsize length = account->notice_secret ? strlen (account->notice_secret) : 0;
  return length == notices->secret_size ? 0 : (int)notices->secret_size;
}

static TillAccountState *
read_one (const char *root, const char *name)
{
  g_autofree char *dir = g_build_filename (root, name, NULL);
  g_autofree char *path = g_build_filename (dir, "account.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  TillAccountState *state = g_new0 (TillAccountState, 1);
  state->name = g_strdup (name);
  state->keys = g_ptr_array_new_with_free_func (key_free);
  g_autoptr (TillAccount) account = till_account_load (dir, &error);
  if (!account)
    state->trouble = g_strdup (error->message);
  /* What can be told of a broken one is told too; that it is broken is said already. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  state->provider = get_word (file, "provider");
  state->merchant_no = get_word (file, "merchant_no");
  g_autofree char *base_url = get_word (file, "base_url");
  state->host = host_of (base_url);
  const TillCodec *codec = till_codec_find (state->provider);
  gboolean old = codec && (codec->needs & TILL_NEEDS_OLD_KEYS);
  state->facts = facts_of (file, codec);
  state->secret_wanted = secret_wanted (account, codec);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    read_key (state, i, file, dir, old);
  return state;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
folder_names (const char *root, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (root, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      if (names->len == TILL_ACCOUNTS_MAX)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds more than %d accounts",
                       root, TILL_ACCOUNTS_MAX);
          return NULL;
        }
      g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static void
mark_twice (GPtrArray *states)
{
  for (guint i = 0; i < states->len; i++)
    for (guint j = 0; j < i; j++)
      {
        TillAccountState *one = g_ptr_array_index (states, i);
        TillAccountState *other = g_ptr_array_index (states, j);
        if (*one->provider && g_str_equal (one->provider, other->provider))
          one->twice = other->twice = TRUE;
      }
}

GPtrArray *
till_account_state_read_all (const char *root, GError **error)
{
  g_autoptr (GPtrArray) names = folder_names (root, error);
  if (!names)
    return NULL;
  GPtrArray *states = g_ptr_array_new_with_free_func ((GDestroyNotify)till_account_state_free);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (states, read_one (root, g_ptr_array_index (names, i)));
  mark_twice (states);
  return states;
}

/* --- deciding --- */

const char *
till_account_state_provider_words (const TillAccountState *state)
{
  const TillCodec *codec = till_codec_find (state->provider);
  return codec ? _ (codec->profile->words) : state->provider;
}

static gsize
index_of (const TillAccountKey *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, key->word))
      return i;
  g_assert_not_reached ();
}

const char *
till_account_key_label (const TillAccountKey *key)
{
  return _ (words[index_of (key)].label);
}

gboolean
till_account_key_days (const TillAccountKey *key, int64_t now, int *days)
{
  *days = 0;
  if (key->until == 0)
    return FALSE;
  int64_t left = key->until - now / TILL_SECOND;
  /* Downwards on both sides: a key that ended an hour ago is not good for 0 days more. */
  int64_t whole = left >= 0 ? left / DAY_S : -((-left + DAY_S - 1) / DAY_S);
  *days = (int)CLAMP (whole, -1000000, 1000000);
  return TRUE;
}

static gboolean
is_spoken_of (const TillAccountKey *key, int64_t now)
{
  return key->until != 0 && key->until - now / TILL_SECOND <= (int64_t)TILL_KEY_ALARM_DAYS * DAY_S;
}

/* Another key of the provider's is there, and of its end need not be spoken yet. */
static gboolean
has_next (const TillAccountState *state, const TillAccountKey *key, int64_t now)
{
  if (!g_str_equal (key->word, "provider_key"))
    return FALSE;
  for (guint i = 0; i < state->keys->len; i++)
    {
      const TillAccountKey *next = g_ptr_array_index (state->keys, i);
      if (g_str_equal (next->word, "next_provider_key") && !next->unread)
        return !is_spoken_of (next, now);
    }
  return FALSE;
}

static gboolean
warning_of (const TillAccountState *state, const TillAccountKey *key, int64_t now,
            TillAccountWarning *warning)
{
  *warning = (TillAccountWarning){ .key = key };
  gboolean ends = till_account_key_days (key, now, &warning->days);
  if (key->unread)
    warning->code = TILL_ACCOUNT_UNREAD;
  else if (key->is_empty)
    warning->code = TILL_ACCOUNT_NO_AUTHORITY;
  else if (!ends || key->old_is_good)
    return FALSE;
  else if (key->from > now / TILL_SECOND)
    warning->code = TILL_ACCOUNT_NOT_YET;
  else if (!is_spoken_of (key, now))
    return FALSE;
  else if (has_next (state, key, now))
    warning->code = TILL_ACCOUNT_NEXT_BESIDE;
  else
    warning->code = warning->days < 0 ? TILL_ACCOUNT_ENDED : TILL_ACCOUNT_ENDS_SOON;
  return TRUE;
}

GArray *
till_account_state_warnings (const TillAccountState *state, int64_t now)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (TillAccountWarning));
  TillAccountWarning warning = { .code = TILL_ACCOUNT_BROKEN };
  if (state->trouble)
    g_array_append_val (found, warning);
  warning.code = TILL_ACCOUNT_TWICE;
  if (state->twice)
    g_array_append_val (found, warning);
  warning.code = TILL_ACCOUNT_NO_NOTICE_SECRET;
  if (state->secret_wanted > 0)
    g_array_append_val (found, warning);
  for (guint i = 0; i < state->keys->len; i++)
    if (warning_of (state, g_ptr_array_index (state->keys, i), now, &warning))
      g_array_append_val (found, warning);
  return found;
}

/* --- saying --- */

const char *
till_account_warning_word (TillAccountWarningCode code)
{
  return warnings[code].word;
}

gboolean
till_account_warning_alarms (TillAccountWarningCode code)
{
  return warnings[code].alarms;
}

static char *
say_of_account (const TillAccountState *state, TillAccountWarningCode code)
{
  /* Translators: the account's name, what is wrong with which file. */
  if (code == TILL_ACCOUNT_BROKEN)
    return g_strdup_printf (
        _ ("The account %s cannot be used: %s. What goes there is kept and waits; the other "
           "accounts work. Put that right, then start the till again."),
        state->name, state->trouble);
  if (code == TILL_ACCOUNT_NO_NOTICE_SECRET)
    return g_strdup_printf (
        _ ("Notices to the account %s cannot be opened: notice_secret_file must hold the "
           "provider's "
           "key of %d characters. Nothing is lost: the till asks. Take it in: Settings, Payment "
           "providers, or “tillctl account take”."),
        state->name, state->secret_wanted);
  return g_strdup_printf (_ ("Another folder beside %s names the provider %s too. Only the first "
                             "by name is used. Move the other one away."),
                          state->name, state->provider);
}

static char *
days_of (int days)
{
  if (days == 0)
    return g_strdup (_ ("within a day"));
  return g_strdup_printf (ngettext ("in %d day", "in %d days", (gulong)days), days);
}

/* What is so, without what to do. */
static char *
fact_of (const TillAccountWarning *warning, const char *zone)
{
  const TillAccountKey *key = warning->key;
  const char *label = till_account_key_label (key);
  g_autofree char *from = till_clock_stamp (key->from * TILL_SECOND, zone, "%Y-%m-%d");
  g_autofree char *until = till_clock_stamp (key->until * TILL_SECOND, zone, "%Y-%m-%d");
  g_autofree char *in = days_of (MAX (warning->days, 0));
  switch ((int)warning->code)
    {
    case TILL_ACCOUNT_NO_AUTHORITY:
      /* Translators: from here on: which key, its file, and more. */
      return g_strdup_printf (_ ("In the file of %s (%s) is no certificate: nobody is believed."),
                              label, key->file);
    case TILL_ACCOUNT_NOT_YET:
      return g_strdup_printf (_ ("The validity of %s (%s) begins only on %s. Is the clock of this "
                                 "machine right?"),
                              label, key->file, from);
    case TILL_ACCOUNT_ENDED:
      return g_strdup_printf (_ ("The validity of %s (%s) ended on %s."), label, key->file, until);
    case TILL_ACCOUNT_ENDS_SOON:
      return g_strdup_printf (_ ("The validity of %s (%s) ends %s, on %s."), label, key->file, in,
                              until);
    case TILL_ACCOUNT_NEXT_BESIDE:
      return warning->days < 0
                 ? g_strdup_printf (_ ("The validity of %s (%s) ended on %s; the next key lies "
                                       "beside it and is believed."),
                                    label, key->file, until)
                 : g_strdup_printf (_ ("The validity of %s (%s) ends on %s; the next key lies "
                                       "beside it and is believed already."),
                                    label, key->file, until);
    case TILL_ACCOUNT_UNREAD:
    default:
      return g_strdup_printf (_ ("When the validity of %s (%s) ends is not known: %s."), label,
                              key->file, key->unread);
    }
}

char *
till_account_warning_sentence (const TillAccountState *state, const TillAccountWarning *warning,
                               const char *zone)
{
  if (!warning->key)
    return say_of_account (state, warning->code);
  g_autofree char *fact = fact_of (warning, zone);
  const char *advice = words[index_of (warning->key)].advice;
  gboolean advised = warning->code == TILL_ACCOUNT_NO_AUTHORITY
                     || warning->code == TILL_ACCOUNT_ENDED
                     || warning->code == TILL_ACCOUNT_ENDS_SOON;
  /* Translators: two whole sentences; in Chinese without the space. */
  return advised ? g_strdup_printf (_ ("%s %s"), fact, _ (advice)) : g_steal_pointer (&fact);
}
