/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of an account, day by day towards the end of its keys; folders with every kind of
 * fault beside a good one; and what a test of the connection makes of whatever comes back. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "devices/gateway/account-check.h"
#include "devices/gateway/account-import.h"
#include "devices/gateway/account-state.h"
#include "devices/gateway/certificates.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/keys.h"
#include "tests/ctl/folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW_S INT64_C (1795312800) /* 2026-11-22 10:00 in Shanghai */
#define DAY_S (24 * 3600)
#define ZONE "Asia/Shanghai"

static const char *
warned (const TillAccountState *state, guint i, int64_t now_s)
{
  g_autoptr (GArray) warnings = till_account_state_warnings (state, now_s * TILL_SECOND);
  if (i >= warnings->len)
    return "";
  const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, i);
  g_autofree char *sentence = till_account_warning_sentence (state, one, ZONE);
  g_test_message ("%s", sentence);
  g_assert_cmpuint (strlen (sentence), >, 20);
  g_assert_null (strstr (sentence, "(null)"));
  return till_account_warning_word (one->code);
}

static TillAccountState *
state_new (void)
{
  TillAccountState *state = g_new0 (TillAccountState, 1);
  state->name = g_strdup ("wechat");
  state->provider = g_strdup ("wechat");
  state->merchant_no = g_strdup ("1");
  state->host = g_strdup ("example.com");
  state->keys = g_ptr_array_new ();
  return state;
}

static TillAccountKey
a_key (const char *word, int64_t until)
{
  return (TillAccountKey){ .word = word, .file = (char *)"a.pem", .from = 1, .until = until };
}

static void
test_towards_the_end (void)
{
  static const struct
  {
    int64_t left;
    int days;
    const char *word;
  } rows[] = {
    { -100 * DAY_S, -100, "ended" }, { -1, -1, "ended" },
    { 0, 0, "ends_soon" },           { 1, 0, "ends_soon" },
    { DAY_S, 1, "ends_soon" },       { 30 * DAY_S - 1, 29, "ends_soon" },
    { 30 * DAY_S, 30, "ends_soon" }, { 30 * DAY_S + 1, 30, "" },
    { 3000 * DAY_S, 3000, "" },
  };
  static const char *const words[]
      = { "certificate", "provider_key", "next_provider_key", "authorities", "ca_file" };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
      {
        g_autoptr (TillAccountState) state = state_new ();
        TillAccountKey key = a_key (words[j], NOW_S + rows[i].left);
        int days;
        g_ptr_array_add (state->keys, &key);
        g_assert_cmpstr (warned (state, 0, NOW_S), ==, rows[i].word);
        g_assert_cmpstr (warned (state, 1, NOW_S), ==, "");
        g_assert_true (till_account_key_days (&key, NOW_S * TILL_SECOND, &days));
        g_assert_cmpint (days, ==, rows[i].days);
      }
}

static void
test_no_end (void)
{
  g_autoptr (TillAccountState) state = state_new ();
  TillAccountKey bare = a_key ("provider_key", 0);
  int days;
  g_ptr_array_add (state->keys, &bare);
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "");
  g_assert_false (till_account_key_days (&bare, NOW_S * TILL_SECOND, &days));
  /* UMPay's certificate ended in 2003, and the key in it is pinned. */
  TillAccountKey pinned = a_key ("provider_key", NOW_S - 8000 * DAY_S);
  pinned.old_is_good = TRUE;
  state->keys->pdata[0] = &pinned;
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "");
}

static void
test_next_beside (void)
{
  g_autoptr (TillAccountState) state = state_new ();
  TillAccountKey key = a_key ("provider_key", NOW_S + 5 * DAY_S);
  TillAccountKey next = a_key ("next_provider_key", NOW_S + 400 * DAY_S);
  g_ptr_array_add (state->keys, &key);
  g_ptr_array_add (state->keys, &next);
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "next_beside");
  g_assert_cmpstr (warned (state, 1, NOW_S), ==, "");
  g_assert_false (till_account_warning_alarms (TILL_ACCOUNT_NEXT_BESIDE));
  g_assert_cmpstr (warned (state, 0, NOW_S + 6 * DAY_S), ==, "next_beside");
  /* A bare key names no end and is as good; one that ends itself, or cannot be read, is none. */
  next.until = 0;
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "next_beside");
  next.until = NOW_S + 6 * DAY_S;
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "ends_soon");
  g_assert_cmpstr (warned (state, 1, NOW_S), ==, "ends_soon");
  next.unread = (char *)"no such file";
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "ends_soon");
  g_assert_cmpstr (warned (state, 1, NOW_S), ==, "unread");
}

static void
test_other_warnings (void)
{
  g_autoptr (TillAccountState) state = state_new ();
  TillAccountKey key = a_key ("ca_file", NOW_S + 400 * DAY_S);
  key.from = NOW_S + 1;
  g_ptr_array_add (state->keys, &key);
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "not_yet");
  g_assert_cmpstr (warned (state, 0, NOW_S + 1), ==, "");
  key.is_empty = TRUE;
  key.until = 0;
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "no_authority");
  state->trouble = g_strdup ("account.ini says no provider");
  state->twice = TRUE;
  g_assert_cmpstr (warned (state, 0, NOW_S), ==, "broken");
  g_assert_cmpstr (warned (state, 1, NOW_S), ==, "twice");
  g_assert_cmpstr (warned (state, 2, NOW_S), ==, "no_authority");
}

/* --- folders --- */

static void
write_file (const char *dir, const char *name, const char *text, int mode)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, (mode_t)mode), ==, 0);
}

#define GOOD                                                                                       \
  "[account]\nprovider=sandbox\nmerchant_no=M1\nbase_url=https://pay.example:8443\n"               \
  "private_key=our.pem\nprovider_key=their.pem\nca_file=ca.pem\n"

/* A folder that can be used: the authority ends in 10 days, the provider's certificate in 400. */
static void
make_account (const char *root, const char *name, const char *ini)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_build_filename (root, name, NULL);
  write_file (dir, "account.ini", ini, 0600);
  const char *const names[] = { "ca.pem", "ca-key.pem", "their.pem", "their-key.pem", "our.pem" };
  char *path[G_N_ELEMENTS (names)];
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    path[i] = g_build_filename (dir, names[i], NULL);
  TillValidity soon = { NOW_S - DAY_S, NOW_S + 10 * DAY_S + 60 };
  TillValidity later = { NOW_S - DAY_S, NOW_S + 400 * DAY_S };
  g_autofree char *public = g_build_filename (dir, "our-public.pem", NULL);
  g_assert_true (till_certificate_make_authority (path[0], path[1], soon, &error));
  g_assert_true (
      till_certificate_make_signer (path[0], path[1], "them", path[2], path[3], later, &error));
  g_assert_true (till_key_generate (path[4], public, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (path[i]);
}

static const TillAccountState *
find (GPtrArray *states, const char *name)
{
  for (guint i = 0; i < states->len; i++)
    {
      const TillAccountState *state = g_ptr_array_index (states, i);
      if (g_str_equal (state->name, name))
        return state;
    }
  g_assert_not_reached ();
}

static int told_n; /* warnings in the log */

static GLogWriterOutput
on_told (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer user)
{
  told_n += (level & G_LOG_LEVEL_WARNING) != 0;
  return G_LOG_WRITER_HANDLED;
}

/* The accounts that are usable, when so many others were told of. */
static GHashTable *
load_and_hear (const char *root, int others)
{
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  told_n = 0;
  GHashTable *accounts = till_dispatcher_load_accounts (root);
  g_log_set_always_fatal (fatal);
  g_assert_cmpint (told_n, ==, others);
  return accounts;
}

static void
test_folders (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  g_autofree char *missing = g_build_filename (root, "missing", NULL);
  g_autoptr (GPtrArray) none = till_account_state_read_all (missing, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  make_account (root, "good", GOOD);
  g_autofree char *empty = g_build_filename (root, "empty", NULL);
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  g_autofree char *half = g_build_filename (root, "half", NULL);
  write_file (half, "account.ini",
              "[account]\nprovider=wechat\nmerchant_no=9\nbase_url=https://w.example\n", 0600);
  g_autofree char *open = g_build_filename (root, "open", NULL);
  write_file (open, "account.ini", "[account]\nprovider=umpay\n", 0644);
  g_autofree char *odd = g_build_filename (root, "odd", NULL);
  write_file (odd, "account.ini", "no ini at all", 0600);
  write_file (root, "a-file", "is no account", 0600);

  g_autoptr (GPtrArray) states = till_account_state_read_all (root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (states->len, ==, 5);
  const TillAccountState *good = find (states, "good");
  g_assert_cmpstr (good->trouble, ==, NULL);
  g_assert_cmpstr (good->host, ==, "pay.example:8443");
  g_assert_cmpstr (good->merchant_no, ==, "M1");
  g_assert_cmpuint (good->keys->len, ==, 3);
  const TillAccountKey *theirs = g_ptr_array_index (good->keys, 1);
  g_assert_cmpstr (theirs->word, ==, "provider_key");
  g_assert_cmpint (theirs->until, ==, NOW_S + 400 * DAY_S);
  /* An authority with a P-256 key counts as any other. */
  g_assert_cmpstr (warned (good, 0, NOW_S), ==, "ends_soon");
  g_assert_cmpstr (warned (good, 1, NOW_S), ==, "");
  const char *const broken[] = { "empty", "half", "odd", "open" };
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    g_assert_cmpstr (warned (find (states, broken[i]), 0, NOW_S), ==, "broken");
  g_assert_cmpstr (find (states, "half")->host, ==, "w.example");
  g_assert_nonnull (strstr (find (states, "open")->trouble, "account.ini"));

  /* What cannot be used stops nobody else, and is told. */
  g_autoptr (GHashTable) accounts = load_and_hear (root, (int)G_N_ELEMENTS (broken));
  g_assert_cmpuint (g_hash_table_size (accounts), ==, 1);
  const TillAccount *usable = g_hash_table_lookup (accounts, "sandbox");
  g_assert_cmpstr (usable->merchant_no, ==, "M1");
  g_autoptr (GHashTable) nothing = till_dispatcher_load_accounts (missing);
  g_assert_cmpuint (g_hash_table_size (nothing), ==, 0);
  test_folder_remove (root);
}

#define EMPTY_INI "[account]\n"

/* What a sentence would quote, and what nobody wrote by hand. */
static void
test_no_text (void)
{
  g_autofree char *root = test_folder_new ();
  g_autofree char *longest = g_strnfill (TILL_ACCOUNT_FILE_MAX + 1, '#');
  g_autofree char *just = g_strconcat (longest + strlen (EMPTY_INI) + 1, "\n" EMPTY_INI, NULL);
  g_assert_cmpuint (strlen (just), ==, TILL_ACCOUNT_FILE_MAX + 1);
  const struct
  {
    const char *text;
    gsize size;
    const char *said;
  } rows[] = { { "[acc\xa2unt]\n", 10, "no text" },
               { "[account]\n\0provider=x\n", 22, "no text" },
               { longest, TILL_ACCOUNT_FILE_MAX + 1, "longer than" },
               { just, TILL_ACCOUNT_FILE_MAX + 1, "longer than" },
               { just + 1, TILL_ACCOUNT_FILE_MAX, "says no provider" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_build_filename (root, "account.ini", NULL);
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents_full (path, rows[i].text, (gssize)rows[i].size,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      g_assert_null (till_account_load (root, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, rows[i].said));
      g_assert_no_errno (g_unlink (path)); /* it would not be cut where the next is shorter */
    }
  test_folder_remove (root);
}

static void
test_twice_and_many (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  make_account (root, "one", GOOD);
  make_account (root, "two", GOOD "certificate=gone.pem\n");
  g_autoptr (GPtrArray) states = till_account_state_read_all (root, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (warned (g_ptr_array_index (states, i), 0, NOW_S), ==, "twice");
  /* A certificate that is only watched stops nobody. */
  g_assert_cmpstr (find (states, "two")->trouble, ==, NULL);
  g_assert_cmpstr (warned (find (states, "two"), 1, NOW_S), ==, "unread");
  g_autoptr (GHashTable) accounts = load_and_hear (root, 1);
  g_assert_cmpuint (g_hash_table_size (accounts), ==, 1);
  for (int i = 0; i < TILL_ACCOUNTS_MAX; i++)
    {
      g_autofree char *more = g_strdup_printf ("%s/more-%d", root, i);
      g_assert_cmpint (g_mkdir (more, 0700), ==, 0);
    }
  g_assert_null (till_account_state_read_all (root, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  test_folder_remove (root);
}

/* --- taking files in --- */

static char *
in (const char *root, const char *name)
{
  return g_build_filename (root, name, NULL);
}

static char *
ini_of (const char *root, const char *word)
{
  g_autofree char *path = g_build_filename (root, "one", "account.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  return g_key_file_get_string (file, "account", word, NULL);
}

/* Nothing is overwritten, and an account that was whole stays so. */
static void
test_import (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  g_autofree char *accounts = in (root, "accounts");
  make_account (accounts, "one", GOOD "provider_key_id=OLD\n");
  g_autofree char *their = g_build_filename (accounts, "one", "their.pem", NULL);
  g_autofree char *ca = g_build_filename (accounts, "one", "ca.pem", NULL);
  g_autofree char *our = g_build_filename (accounts, "one", "our.pem", NULL);
  g_autofree char *bad = in (root, "bad.pem");
  write_file (root, "bad.pem", "no key at all", 0644);
  g_autofree char *large = in (root, "large.pem");
  g_autofree char *much = g_strnfill (TILL_KEY_FILE_MAX + 1, 'x');
  write_file (root, "large.pem", much, 0644);
  g_autofree char *missing = in (root, "missing.pem");
  g_autofree char *p12
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests/gateway/vectors/modern.p12", NULL);
  const struct
  {
    const char *account;
    TillImportKind kind;
    const char *path, *password;
  } wrong[] = {
    { "nobody", TILL_IMPORT_NEXT_KEY, their, NULL },
    { "one", TILL_IMPORT_NEXT_KEY, bad, NULL },
    { "one", TILL_IMPORT_NEXT_KEY, missing, NULL },
    { "one", TILL_IMPORT_NEXT_KEY, large, NULL },
    { "one", TILL_IMPORT_NEXT_KEY, accounts, NULL },
    { "one", TILL_IMPORT_NEXT_KEY, our, NULL },
    { "one", TILL_IMPORT_CA, bad, NULL },
    { "one", TILL_IMPORT_AUTHORITIES, our, NULL },
    { "one", TILL_IMPORT_OUR_KEY, their, NULL },
    { "one", TILL_IMPORT_OUR_KEY, p12, "wrong" },
    { "one", TILL_IMPORT_NOTICE_KEY, bad, NULL },
    { "one", TILL_IMPORT_NOTICE_KEY, our, NULL },
    { "one", TILL_IMPORT_NOTICE_SECRET, bad, NULL }, /* it has blanks */
    { "one", TILL_IMPORT_NOTICE_SECRET, our, NULL }, /* it has lines */
    { "one", TILL_IMPORT_NOTICE_SECRET, large, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *said = till_account_import (accounts, wrong[i].account, wrong[i].kind,
                                                   wrong[i].path, wrong[i].password, &error);
      g_assert_null (said);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_clear_error (&error);
    }
  g_autofree char *no_next = ini_of (accounts, "next_provider_key");
  g_assert_null (no_next);
  g_autofree char *left = g_build_filename (accounts, "one", "next-provider-key.pem", NULL);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *said
          = till_account_import (accounts, "one", TILL_IMPORT_NEXT_KEY, their, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (said, "next_provider_key"));
    }
  g_autofree char *second = ini_of (accounts, "next_provider_key");
  g_assert_cmpstr (second, ==, "next-provider-key-2.pem");
  g_assert_true (g_file_test (left, G_FILE_TEST_EXISTS));
  g_autofree char *lines = till_account_import (accounts, "one", TILL_IMPORT_CA, ca, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lines);
  g_autofree char *ours
      = till_account_import (accounts, "one", TILL_IMPORT_OUR_KEY, p12, "000000", &error);
  g_assert_no_error (error);
  g_assert_null (strstr (ours, "000000"));
  g_autofree char *key_file = ini_of (accounts, "private_key");
  g_assert_cmpstr (key_file, ==, "till-key.pem");
  /* The name of another key goes with it. */
  g_autofree char *in_use
      = till_account_import (accounts, "one", TILL_IMPORT_PROVIDER_KEY, their, NULL, &error);
  g_assert_nonnull (in_use);
  g_autofree char *id = ini_of (accounts, "provider_key_id");
  g_assert_null (id);
  g_autofree char *dir = in (accounts, "one");
  g_autoptr (TillAccount) account = till_account_load (dir, &error);
  g_assert_no_error (error);
  g_assert_nonnull (account->next_provider_key);
  test_folder_remove (root);
}

/* What notices are believed by is taken in like the rest. */
static void
test_import_of_notices (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  g_autofree char *accounts = in (root, "accounts");
  make_account (accounts, "one", GOOD);
  g_autofree char *dir = in (accounts, "one");
  g_autofree char *their = in (dir, "their.pem");
  g_autofree char *secret = in (root, "secret");
  write_file (root, "secret", "0123456789abcdef0123456789abcdef\n", 0644);
  g_autofree char *key
      = till_account_import (accounts, "one", TILL_IMPORT_NOTICE_KEY, their, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *word
      = till_account_import (accounts, "one", TILL_IMPORT_NOTICE_SECRET, secret, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (word, ==, "account one: notice_secret_file = notice-secret");
  g_autoptr (TillAccount) account = till_account_load (dir, &error);
  g_assert_no_error (error);
  g_assert_nonnull (account->notice_key);
  g_assert_null (account->notice_url);
  g_assert_cmpstr (account->notice_secret, ==, "0123456789abcdef0123456789abcdef");
  g_autofree char *path = in (dir, "notice-secret");
  GStatBuf about;
  g_assert_true (g_stat (path, &about) == 0 && (about.st_mode & 0777) == 0600);
  test_folder_remove (root);
}

#define ALIPAY                                                                                     \
  "[account]\nprovider=alipay\nmerchant_no=2088102146225135\nbase_url=https://pay.example\n"       \
  "private_key=our.pem\nca_file=ca.pem\napp_id=2021000122671080\n"
#define CERTIFICATES(app, roots) "app_cert=" app "\nroot_certs=" roots "\n"

/* Both or neither, each of its key; then the provider's keys go by what Alipay calls them. */
static void
test_certificates_of_alipay (void)
{
  static const struct
  {
    const char *ini;
    gboolean good, named;
  } rows[] = {
    { ALIPAY "provider_key=their.pem\n", TRUE, FALSE },
    { ALIPAY "provider_key=their.pem\n" CERTIFICATES ("app.pem", "app.pem"), TRUE, TRUE },
    { ALIPAY "provider_key=their.pem\napp_cert=app.pem\n", FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\nroot_certs=app.pem\n", FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\n" CERTIFICATES ("their.pem", "app.pem"), FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\n" CERTIFICATES ("our-public.pem", "app.pem"), FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\n" CERTIFICATES ("app.pem", "ca.pem"), FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\n" CERTIFICATES ("app.pem", "none.pem"), FALSE, FALSE },
    { ALIPAY "provider_key=our-public.pem\n" CERTIFICATES ("app.pem", "app.pem"), FALSE, FALSE },
    { ALIPAY "provider_key=their.pem\nnext_provider_key=our-public.pem\n" CERTIFICATES ("app.pem",
                                                                                        "app.pem"),
      FALSE, FALSE },
  };
  g_autofree char *root = test_folder_new ();
  g_autofree char *dir = in (root, "one");
  make_account (root, "one", ALIPAY);
  g_autofree char *our = in (dir, "our.pem");
  g_autofree char *app = in (dir, "app.pem");
  g_assert_true (till_certificate_make_own (our, "Shop", "Till", app,
                                            (TillValidity){ NOW_S - DAY_S, NOW_S + DAY_S }, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      write_file (dir, "account.ini", rows[i].ini, 0600);
      g_autoptr (TillAccount) account = till_account_load (dir, &error);
      g_test_message ("%s: %s", rows[i].ini, error ? error->message : "");
      g_assert_true ((account != NULL) == rows[i].good);
      if (!account)
        continue;
      g_assert_true ((account->app_cert_sn != NULL) == rows[i].named);
      g_assert_true ((account->root_cert_sn != NULL) == rows[i].named);
      g_assert_true ((strlen (account->provider_key_id) == 32) == rows[i].named);
    }
  test_folder_remove (root);
}

#define WECHAT                                                                                     \
  "[account]\nprovider=wechat\nmerchant_no=1900000109\nbase_url=https://pay.example\n"             \
  "private_key=our.pem\nprovider_key=their.pem\nca_file=ca.pem\napp_id=wx1\nserial_no=5A\n"

/* The first thing that is said of the account "one". */
static const char *
first_word (const char *root)
{
  g_autoptr (GPtrArray) states = till_account_state_read_all (root, NULL);
  return warned (g_ptr_array_index (states, 0), 0, NOW_S);
}

/* Who names an address and cannot open what comes there is told so; it can be used all the same. */
static void
test_notices_that_cannot_be_opened (void)
{
  static const char *const secrets[] = { "0123456789abcdef0123456789abcde", "short" };
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  g_autofree char *accounts = in (root, "accounts");
  g_autofree char *dir = in (accounts, "one");
  g_autofree char *good = in (root, "good");
  make_account (accounts, "one", WECHAT);
  g_assert_cmpstr (first_word (accounts), ==, "ends_soon"); /* of its line */
  write_file (dir, "account.ini", WECHAT "notice_url=https://a/b\n", 0600);
  g_assert_cmpstr (first_word (accounts), ==, "no_notice_secret");
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_autofree char *path = in (root, "secret");
      write_file (dir, "secret", secrets[i], 0600);
      write_file (dir, "account.ini", WECHAT "notice_url=https://a/b\nnotice_secret_file=secret\n",
                  0600);
      g_assert_cmpstr (first_word (accounts), ==, "no_notice_secret");
      write_file (root, "secret", secrets[i], 0600);
      g_assert_null (
          till_account_import (accounts, "one", TILL_IMPORT_NOTICE_SECRET, path, NULL, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_clear_error (&error);
    }
  write_file (root, "good", "0123456789abcdef0123456789abcdef\n", 0600);
  g_autofree char *taken
      = till_account_import (accounts, "one", TILL_IMPORT_NOTICE_SECRET, good, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first_word (accounts), ==, "ends_soon"); /* of its line */
  g_assert_false (till_account_warning_alarms (TILL_ACCOUNT_NO_NOTICE_SECRET));
  test_folder_remove (root);
}

/* Where notices are to go. */
static void
test_notice_url (void)
{
  static const struct
  {
    const char *line;
    gboolean good;
  } rows[] = {
    { "notice_url=\n", FALSE },
    { "notice_url=shop.example/notices\n", FALSE },
    { "notice_url=http://shop.example/notices\n", FALSE },
    { "notice_url=https:///notices\n", FALSE },
    { "notice_url=https://me@shop.example/notices\n", FALSE },
    { "notice_url=https://shop.example/notices?a=b\n", FALSE },
    { "notice_url=https://shop.example/notices#a\n", FALSE },
    { "notice_url=https://shop.example/no tices\n", FALSE },
    { "notice_url=https://shop.example/\"\n", FALSE },
    { "notice_url=http://127.0.0.1.shop.example/notices\n", FALSE },
    { "notice_url=https://shop.example:8443/notices/sandbox\n", TRUE },
    { "notice_url=http://127.0.0.1:8000/notices/sandbox\n", TRUE },
    { "notice_secret_file=nowhere\n", FALSE },
    { "notice_key=nowhere.pem\n", FALSE },
  };
  g_autofree char *root = test_folder_new ();
  g_autofree char *dir = in (root, "one");
  make_account (root, "one", GOOD);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ini = g_strconcat (GOOD, rows[i].line, NULL);
      g_autoptr (GError) error = NULL;
      write_file (dir, "account.ini", ini, 0600);
      g_autoptr (TillAccount) account = till_account_load (dir, &error);
      g_test_message ("%s", rows[i].line);
      g_assert_true ((account != NULL) == rows[i].good);
      if (account)
        g_assert_true (strstr (rows[i].line, account->notice_url));
    }
  g_autofree char *filler = g_strnfill (TILL_NOTICE_URL_MAX - strlen ("https://a/"), 'x');
  g_autofree char *most = g_strconcat (GOOD "notice_url=https://a/", filler, NULL);
  g_autofree char *more = g_strconcat (most, "y", NULL);
  write_file (dir, "account.ini", most, 0600);
  g_autoptr (TillAccount) longest = till_account_load (dir, NULL);
  g_assert_nonnull (longest);
  write_file (dir, "account.ini", more, 0600);
  g_assert_null (till_account_load (dir, NULL));
  test_folder_remove (root);
}

/* A file that is good by itself and no good here: everything is as it was. */
static void
test_import_that_breaks (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = test_folder_new ();
  make_account (root, "one",
                "[account]\nprovider=unionpay\nmerchant_no=777290058110048\n"
                "base_url=https://pay.example\nprivate_key=our.pem\nauthorities=ca.pem\n"
                "ca_file=ca.pem\ncert_id=1\nterm_id=1\n");
  g_autofree char *dir = in (root, "one");
  g_autoptr (TillAccount) before = till_account_load (dir, &error);
  g_assert_no_error (error);
  g_autofree char *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *one = NULL;
  g_assert_true (g_file_get_contents (ca, &one, NULL, &error));
  g_autoptr (GString) many = g_string_new (NULL);
  for (int i = 0; i < 9; i++) /* more than are believed at once */
    g_string_append (many, one);
  write_file (root, "many.pem", many->str, 0644);
  g_autofree char *path = in (root, "many.pem");
  g_assert_null (till_account_import (root, "one", TILL_IMPORT_AUTHORITIES, path, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_autofree char *still = ini_of (root, "authorities");
  g_assert_cmpstr (still, ==, "ca.pem");
  g_autofree char *left = g_build_filename (dir, "authorities.pem", NULL);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_autoptr (TillAccount) after = till_account_load (dir, &error);
  g_assert_no_error (error);
  test_folder_remove (root);
}

/* Two authorities in one file: the time in which both hold. */
static void
test_collection (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = test_folder_new ();
  g_autofree char *all = g_build_filename (dir, "all.pem", NULL);
  g_autofree char *one = g_build_filename (dir, "one.pem", NULL);
  g_autofree char *key = g_build_filename (dir, "key.pem", NULL);
  static const TillValidity spans[] = { { 1000, 90000 }, { 2000, 80000 }, { 500, 95000 } };
  GString *text = g_string_new ("a remark\n");
  int count;
  int64_t from, until;
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autofree char *pem = NULL;
      g_assert_true (till_certificate_make_authority (one, key, spans[i], &error));
      g_assert_true (g_file_get_contents (one, &pem, NULL, &error));
      g_string_append (text, pem);
    }
  write_file (dir, "all.pem", text->str, 0600);
  g_assert_true (till_certificates_term (all, &count, &from, &until, &error));
  g_assert_cmpint (count, ==, 3);
  g_assert_cmpint (from, ==, 2000);
  g_assert_cmpint (until, ==, 80000);
  write_file (dir, "all.pem", "", 0600);
  g_assert_true (till_certificates_term (all, &count, &from, &until, &error));
  g_assert_cmpint (count, ==, 0);
  g_assert_cmpint (until, ==, 0);
  g_string_append (text, "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n");
  write_file (dir, "all.pem", text->str, 0600);
  g_assert_false (till_certificates_term (all, &count, &from, &until, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_string_free (text, TRUE);
  test_folder_remove (dir);
}

/* --- what a test of the connection makes of what came --- */

static void
test_judging (void)
{
  static const struct
  {
    TillFate fate;
    int status;
    TillOutcomeKind kind;
    TillFailureClass failure;
    const char *code;
    const char *result;
  } rows[] = {
#define SAID(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
    { TILL_FATE_NOT_SENT, 0, SAID (NOT_SENT, RETRY), NULL, "no_line" },
    { TILL_FATE_MAYBE_SENT, 0, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "no_answer" },
    { TILL_FATE_ANSWERED, 500, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "trouble" },
    { TILL_FATE_ANSWERED, 200, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "not_believed" },
    { TILL_FATE_ANSWERED, 200, SAID (UNKNOWN, UNKNOWN_OUTCOME), "NEW", "refused" },
    { TILL_FATE_ANSWERED, 401, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "refused" },
    { TILL_FATE_ANSWERED, 403, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "refused" },
    { TILL_FATE_ANSWERED, 404, SAID (UNKNOWN, UNKNOWN_OUTCOME), NULL, "not_believed" },
    { TILL_FATE_ANSWERED, 200, SAID (DONE, NONE), NULL, "strange" },
    { TILL_FATE_ANSWERED, 200, SAID (ACCEPTED, NONE), NULL, "strange" },
    { TILL_FATE_ANSWERED, 200, SAID (MISMATCH, UNKNOWN_OUTCOME), NULL, "strange" },
    { TILL_FATE_ANSWERED, 401, SAID (REFUSED, FIX), "SIGN", "refused" },
    { TILL_FATE_ANSWERED, 429, SAID (REFUSED, RETRY), "BUSY", "refused" },
    { TILL_FATE_ANSWERED, 200, SAID (REFUSED, FINAL), "CLOSED", "answered" },
    { TILL_FATE_ANSWERED, 404, SAID (NOT_FOUND, NONE), "NONE", "answered" },
#undef SAID
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillReply) reply = till_reply_new (rows[i].fate, rows[i].status, NULL);
      g_autoptr (TillOutcome) outcome = till_outcome_new (rows[i].kind, rows[i].failure, "why");
      outcome->code = g_strdup (rows[i].code);
      g_autoptr (TillAccountCheck) check = till_account_check_judge (
          outcome, reply, NOW_S * TILL_SECOND, NOW_S * TILL_SECOND + 1234567);
      g_assert_cmpstr (till_check_result_word (check->result), ==, rows[i].result);
      g_assert_cmpint (check->took_ms, ==, 1234);
      g_assert_false (check->told_clock);
      g_assert_cmpint (till_account_check_is_well (check), ==,
                       g_str_equal (rows[i].result, "answered"));
      g_autofree char *sentence = till_account_check_sentence (check);
      g_test_message ("%s", sentence);
      g_assert_cmpuint (strlen (sentence), >, 20);
    }
}

/* Asked at 0 s, answered at 10 s by our clock. */
static void
test_clocks (void)
{
  static const struct
  {
    int64_t date_s;
    int64_t off_s;
    gboolean well, alarms;
  } rows[] = {
    { 0, 0, TRUE, FALSE },       { 7, 0, TRUE, FALSE },       { 10, 0, TRUE, FALSE },
    { 70, 60, TRUE, FALSE },     { 71, 61, FALSE, FALSE },    { 310, 300, FALSE, FALSE },
    { 311, 301, FALSE, TRUE },   { -60, -60, TRUE, FALSE },   { -61, -61, FALSE, FALSE },
    { -301, -301, FALSE, TRUE }, { 9999, 9989, FALSE, TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
      reply->date_at = (NOW_S + rows[i].date_s) * TILL_SECOND;
      g_autoptr (TillOutcome) outcome
          = till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
      g_autoptr (TillAccountCheck) check = till_account_check_judge (
          outcome, reply, NOW_S * TILL_SECOND, (NOW_S + 10) * TILL_SECOND);
      g_assert_true (check->told_clock);
      g_assert_cmpint (check->clock_off_s, ==, rows[i].off_s);
      g_assert_cmpint (till_account_check_is_well (check), ==, rows[i].well);
      g_assert_cmpint (till_account_check_clock_alarms (check), ==, rows[i].alarms);
      g_autofree char *sentence = till_account_check_sentence (check);
      g_autofree char *seconds = g_strdup_printf ("%d", (int)ABS (rows[i].off_s));
      g_assert_cmpint (strstr (sentence, "seconds") != NULL, ==, !rows[i].well);
      g_assert_true (rows[i].well || strstr (sentence, seconds));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (on_told, NULL, NULL);
  g_test_add_func ("/account-state/towards-the-end", test_towards_the_end);
  g_test_add_func ("/account-state/no-end", test_no_end);
  g_test_add_func ("/account-state/next-beside", test_next_beside);
  g_test_add_func ("/account-state/other-warnings", test_other_warnings);
  g_test_add_func ("/account-state/folders", test_folders);
  g_test_add_func ("/account-state/no-text", test_no_text);
  g_test_add_func ("/account-state/twice-and-many", test_twice_and_many);
  g_test_add_func ("/account-state/import", test_import);
  g_test_add_func ("/account-state/import-of-notices", test_import_of_notices);
  g_test_add_func ("/account-state/notice-url", test_notice_url);
  g_test_add_func ("/account-state/notices-that-cannot-be-opened",
                   test_notices_that_cannot_be_opened);
  g_test_add_func ("/account-state/import-that-breaks", test_import_that_breaks);
  g_test_add_func ("/account-state/collection", test_collection);
  g_test_add_func ("/account-state/certificates-of-alipay", test_certificates_of_alipay);
  g_test_add_func ("/account-check/judging", test_judging);
  g_test_add_func ("/account-check/clocks", test_clocks);
  return g_test_run ();
}
