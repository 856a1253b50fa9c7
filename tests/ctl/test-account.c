/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillctl account as a process: the accounts of a practice shop in every tongue of its provider,
 * over real HTTPS, well and in trouble. */
#include "tests/ctl/process.h"
#include "devices/gateway/account.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"

#include <glib/gstdio.h>
#include <string.h>

static char *top, *shop;
static TillShopFolder *folder;

static TestSaid
account (const char *words)
{
  g_autofree char *whole = g_strconcat ("--json account ", words, NULL);
  return test_run (shop, whole, "");
}

static TestSaid
check (const char *name)
{
  g_autofree char *words = g_strconcat ("check ", name, NULL);
  return account (words);
}

static void
assert_result (const TestSaid *said, const char *result)
{
  g_test_message ("%s", said->out);
  g_assert_cmpstr (test_text (said, "check.result"), ==, result);
  g_assert_cmpint (said->code, ==, g_str_equal (result, "answered") ? 0 : 1);
  g_assert_cmpuint (strlen (test_text (said, "check.sentence")), >, 20);
}

static char *
file_of (const char *name, const char *file)
{
  return g_build_filename (folder->account_root, name, file, NULL);
}

static void
test_usage (void)
{
  static const struct
  {
    const char *words;
    int code;
  } rows[] = {
    { "", 2 },
    { "dance", 2 },
    { "list wechat", 2 },
    { "check", 2 },
    { "check wechat umpay", 2 },
    { "check nobody", 2 },
    { "check ../sandbox/account", 2 },
    { "check .", 2 },
    { "check ''", 2 },
    { "stop", 2 },
    { "stop nobody", 2 },
    { "try nobody", 2 },
    { "try wechat again", 2 },
    { "import wechat", 2 },
    { "import ../x a.p12", 2 },
    { "import new /nowhere.p12 --no-password", 3 },
    { "import new /nowhere.p12", 2 }, /* no terminal to ask for a password */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (TestSaid) said = account (rows[i].words);
      g_test_message ("%s → %d %s", rows[i].words, said.code, said.out);
      g_assert_cmpint (said.code, ==, rows[i].code);
      g_assert_nonnull (test_text (&said, "error.sentence"));
    }
  /* A try that failed leaves no folder that would stop the till. */
  g_autofree char *left = file_of ("new", ".");
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

static json_t *
listed (const TestSaid *said, const char *name)
{
  size_t i;
  json_t *one;
  json_array_foreach (test_at (said->json, "accounts"), i, one)
  {
    if (g_strcmp0 (json_string_value (json_object_get (one, "name")), name) == 0)
      return one;
  }
  g_assert_not_reached ();
}

static void
test_list (void)
{
  g_auto (TestSaid) said = account ("list");
  g_assert_cmpint (said.code, ==, 0);
  const TillCodec *codec;
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    {
      json_t *one = listed (&said, codec->profile->name);
      g_assert_true (json_is_true (json_object_get (one, "usable")));
      g_assert_cmpuint (json_array_size (json_object_get (one, "warnings")), ==, 0);
      g_assert_cmpuint (json_array_size (json_object_get (one, "keys")), >, 0);
      g_assert_true (g_str_has_prefix (json_string_value (json_object_get (one, "host")), "127."));
    }
  /* One that cannot be loaded is said so and hides nobody. */
  g_autofree char *broken = file_of ("broken", "");
  g_autofree char *ini = file_of ("broken", "account.ini");
  g_assert_cmpint (g_mkdir (broken, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (ini, "[account]\nprovider=moon\n", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_auto (TestSaid) alarmed = account ("list");
  g_assert_cmpint (alarmed.code, ==, 1);
  json_t *one = listed (&alarmed, "broken");
  g_assert_true (json_is_false (json_object_get (one, "usable")));
  json_t *warning = json_array_get (json_object_get (one, "warnings"), 0);
  g_assert_cmpstr (json_string_value (json_object_get (warning, "code")), ==, "broken");
  g_assert_cmpuint (json_array_size (test_at (alarmed.json, "accounts")), ==,
                    json_array_size (test_at (said.json, "accounts")) + 1);
  g_auto (TestSaid) text = test_run (shop, "account list", "");
  g_assert_cmpint (text.code, ==, 1);
  g_assert_nonnull (strstr (text.out, "account.ini"));
  g_assert_nonnull (strstr (text.out, "822100041120001"));
  g_auto (TestSaid) checked = check ("broken");
  g_assert_cmpint (checked.code, ==, 2);
  g_unlink (ini);
  g_rmdir (broken);
}

/* Every tongue: not believed, in trouble, silent, well. What is asked moves nothing. */
static void
test_check (void)
{
  static const struct
  {
    const char *fault, *result;
  } rows[] = {
    { "bad-signature", "not_believed" }, { "garbage", "not_believed" }, { "error-done", "trouble" },
    { "silent", "no_answer" },           { "drop", "no_answer" },       { NULL, "answered" },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = till_sandbox_statement (folder, &error);
  const TillCodec *codec;
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
      {
        /* A list that is asked for, and not one payment, meets no fault of a payment. */
        if (rows[i].fault && g_str_equal (codec->profile->name, "stripe"))
          continue;
        g_autofree char *fault
            = rows[i].fault
                  ? g_strdup_printf ("{\"kind\":\"query_pay\",\"fault\":\"%s\"}", rows[i].fault)
                  : NULL;
        g_assert_true (till_sandbox_set_fault (folder, fault, &error));
        g_test_message ("%s %s", codec->profile->name, rows[i].fault ? rows[i].fault : "well");
        g_auto (TestSaid) said = check (codec->profile->name);
        assert_result (&said, rows[i].result);
        g_assert_cmpint (test_number (&said, "check.took_ms"), >=, 0);
        if (!rows[i].fault)
          g_assert_cmpint (ABS (test_number (&said, "check.clock_off_s")), <=, 60);
      }
  g_autofree char *after = till_sandbox_statement (folder, &error);
  g_assert_cmpstr (before, ==, after);
}

/* What the provider holds is told by who has such a request, and by nobody else. */
static void
test_balance (void)
{
  g_auto (TestSaid) said = account ("balance stripe");
  g_assert_cmpint (said.code, ==, 0);
  g_assert_cmpstr (test_text (&said, "balance.result"), ==, "told");
  g_assert_cmpstr (test_text (&said, "balance.currency"), ==, "CNY");
  g_assert_cmpint (test_number (&said, "balance.available"), ==, 0);
  g_assert_cmpint (test_number (&said, "balance.pending"), ==, 0);
  g_auto (TestSaid) practice = account ("balance sandbox");
  g_assert_cmpint (practice.code, ==, 0);
  g_assert_cmpint (test_number (&practice, "balance.pending"), ==, 0);
  g_auto (TestSaid) lakala = account ("balance lakala");
  g_assert_cmpint (lakala.code, ==, 0);
  g_assert_cmpint (test_number (&lakala, "balance.available"), ==, 0);
  g_assert_true (json_is_null (test_at (lakala.json, "balance.pending")));
  g_auto (TestSaid) unionpay = account ("balance unionpay");
  g_assert_cmpint (unionpay.code, ==, 2);
  g_auto (TestSaid) nobody = account ("balance nobody");
  g_assert_cmpint (nobody.code, ==, 2);
}

/* A secret that is not ours any more: told as such, and never shown. */
static void
test_wrong_secret (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file_of ("stripe", "secret");
  g_autofree char *right = NULL;
  g_assert_true (g_file_get_contents (path, &right, NULL, &error));
  g_assert_true (g_file_set_contents_full (path, "not-the-secret", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
  g_auto (TestSaid) said = check ("stripe");
  assert_result (&said, "refused");
  g_assert_null (strstr (said.out, "not-the-secret"));
  g_assert_null (strstr (said.err, "not-the-secret"));
  g_auto (TestSaid) untold = account ("balance stripe");
  g_assert_cmpint (untold.code, ==, 1);
  g_assert_cmpstr (test_text (&untold, "balance.result"), ==, "refused");
  g_assert_true (json_is_null (test_at (untold.json, "balance.available")));
  g_assert_true (
      g_file_set_contents_full (path, right, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
  g_auto (TestSaid) well = check ("stripe");
  assert_result (&well, "answered");
}

/* A key that the provider does not know as ours. */
static void
test_wrong_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *public = g_build_filename (top, "other-public.pem", NULL);
  const TillCodec *codec;
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    {
      if (!(codec->needs & TILL_NEEDS_OUR_KEY))
        continue;
      g_autofree char *path = file_of (codec->profile->name, "till-key.pem");
      g_autofree char *right = NULL;
      g_assert_true (g_file_get_contents (path, &right, NULL, &error));
      g_assert_true (till_key_generate (path, public, &error));
      g_auto (TestSaid) said = check (codec->profile->name);
      g_test_message ("%s", said.out);
      g_assert_cmpint (said.code, ==, 1);
      const char *result = test_text (&said, "check.result");
      g_assert_true (g_str_equal (result, "refused") || g_str_equal (result, "not_believed"));
      g_assert_true (
          g_file_set_contents_full (path, right, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
    }
}

static void
test_no_line (void)
{
  /* It answers once more before it goes: asked until it is gone. */
  till_sandbox_stop (folder);
  char *said_still = NULL;
  for (int i = 0; i < 1000 && (said_still = till_sandbox_statement (folder, NULL)); i++)
    g_free (said_still);
  g_auto (TestSaid) said = check ("wechat");
  assert_result (&said, "no_line");
  g_assert_true (json_is_null (test_at (said.json, "check.clock_off_s")));
  g_autoptr (GError) error = NULL;
  g_assert_true (till_sandbox_start (folder, &error));
}

static void
test_import (void)
{
  g_autofree char *p12 = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "gateway",
                                           "vectors", "modern.p12", NULL);
  g_autofree char *words = g_strdup_printf ("--json --pin-fd 0 account import new-shop %s", p12);
  g_autofree char *dir = file_of ("new-shop", "");
  g_autofree char *key = file_of ("new-shop", "till-key.pem");
  g_autofree char *cert = file_of ("new-shop", "till-cert.pem");
  g_auto (TestSaid) wrong = test_run (shop, words, "000001\n");
  g_assert_cmpint (wrong.code, ==, 2);
  g_assert_nonnull (strstr (test_text (&wrong, "error.sentence"), "password"));
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));

  g_auto (TestSaid) said = test_run (shop, words, "000000\n");
  g_test_message ("%s%s", said.out, said.err);
  g_assert_cmpint (said.code, ==, 0);
  g_assert_null (strstr (said.out, "000000\""));
  g_assert_cmpstr (test_text (&said, "imported.private_key"), ==, "till-key.pem");
  g_assert_cmpuint (strlen (test_text (&said, "imported.serial_hex")), >, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillKey) ours = till_key_load_private (key, &error);
  g_autoptr (TillKey) public = till_key_load_public (cert, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (till_key_facts (public)->serial_hex, ==,
                   test_text (&said, "imported.serial_hex"));

  /* A key that is overwritten is lost: never a second time. */
  g_auto (TestSaid) again = test_run (shop, words, "000000\n");
  g_assert_cmpint (again.code, ==, 3);
  g_assert_cmpstr (test_text (&again, "error.code"), ==, "conflict");
  g_autofree char *text_words = g_strdup_printf ("--pin-fd 0 account import other %s", p12);
  g_auto (TestSaid) text = test_run (shop, text_words, "000000\n");
  g_assert_nonnull (strstr (text.out, "private_key=till-key.pem"));
  g_assert_nonnull (strstr (text.out, "certificate=till-cert.pem"));
  g_autofree char *other = file_of ("other", "");
  test_folder_remove (dir);
  test_folder_remove (other);
}

/* A key is taken in by a manager, account.ini names it, and the journal tells who did it. */
static void
test_take (void)
{
  g_autofree char *p12 = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "gateway",
                                           "vectors", "modern.p12", NULL);
  g_autofree char *ini = file_of ("wechat", "account.ini");
  g_autofree char *before = NULL;
  g_assert_true (g_file_get_contents (ini, &before, NULL, NULL));
  const struct
  {
    const char *who, *pins, *what, *file;
    int code;
    const char *word;
  } wrong[] = {
    { "3", "3333\n", "merchant_no", p12, 2, "invalid" },
    { "1", "1111\n000000\n", "private_key", p12, 1, "no_right" },
    { "2", "2222\n000000\n", "private_key", p12, 1, "no_right" },
    { "3", "3333\n000001\n", "private_key", p12, 2, "invalid" },
    { "3", "3333\n", "next_provider_key", "/nowhere.pem", 3, "not_found" },
    { "3", "3333\n", "ca_file", p12, 2, "invalid" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *words
          = g_strdup_printf ("--json --as %s --pin-fd 0 account take wechat %s %s", wrong[i].who,
                             wrong[i].what, wrong[i].file);
      g_auto (TestSaid) said = test_run (shop, words, wrong[i].pins);
      g_test_message ("%s → %d %s", words, said.code, said.out);
      g_assert_cmpint (said.code, ==, wrong[i].code);
      g_assert_cmpstr (test_text (&said, "error.code"), ==, wrong[i].word);
      g_autofree char *now = NULL;
      g_assert_true (g_file_get_contents (ini, &now, NULL, NULL));
      g_assert_cmpstr (now, ==, before);
    }
  g_autofree char *words
      = g_strdup_printf ("--json --as 3 --pin-fd 0 account take wechat private_key %s", p12);
  g_auto (TestSaid) said = test_run (shop, words, "3333\n000000\n");
  g_assert_cmpint (said.code, ==, 0);
  g_autofree char *after = NULL;
  g_assert_true (g_file_get_contents (ini, &after, NULL, NULL));
  g_assert_nonnull (strstr (after, "private_key=till-key-2.pem"));
  g_assert_nonnull (strstr (after, "certificate=till-cert.pem"));
  g_auto (TestSaid) sound = test_run (shop, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
}

/* A manager stops a provider, everybody sees it, and a manager has one let through. */
static void
test_stop (void)
{
  static const struct
  {
    const char *as, *pin, *words;
    int code;
    const char *path, *word;
  } rows[] = {
    { "1", "1111\n", "stop wechat", 1, "error.code", "no_right" },
    { "3", "3333\n", "try wechat", 1, "error.code", "no_stop" },
    { "3", "3333\n", "stop wechat", 0, "stopped", "wechat" },
    { "3", "3333\n", "stop wechat", 0, "stopped", "wechat" },
    { "2", "2222\n", "try wechat", 1, "error.code", "no_right" },
    { "3", "3333\n", "try wechat", 0, "tried", "wechat" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words
          = g_strdup_printf ("--json --as %s --pin-fd 0 account %s", rows[i].as, rows[i].words);
      g_auto (TestSaid) said = test_run (shop, words, rows[i].pin);
      g_test_message ("%s → %d %s%s", words, said.code, said.out, said.err);
      g_assert_cmpint (said.code, ==, rows[i].code);
      g_assert_cmpstr (test_text (&said, rows[i].path), ==, rows[i].word);
    }
  g_auto (TestSaid) listed = account ("list");
  g_assert_cmpint (listed.code, ==, 1);
  g_assert_cmpstr (test_text (&listed, "stops.0.provider"), ==, "wechat");
  g_assert_cmpstr (test_text (&listed, "stops.0.cause"), ==, "hand");
  g_assert_true (json_is_true (test_at (listed.json, "stops.0.trying")));
  g_assert_nonnull (strstr (test_text (&listed, "stops.0.sentence"), "No refund waits there"));
  g_auto (TestSaid) text = test_run (shop, "account list", "");
  g_assert_nonnull (strstr (text.out, "a manager stopped it"));
  g_auto (TestSaid) report = test_run (shop, "--json --as 3 --pin-fd 0 report providers", "3333\n");
  g_test_message ("%s%s", report.out, report.err);
  g_assert_nonnull (strstr (report.out, "\"stopped\""));
  g_auto (TestSaid) sound = test_run (shop, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *locales = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "po", NULL);
  g_setenv ("TILL_LOCALEDIR", locales, TRUE);
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  g_auto (TestSaid) made = test_run (shop, "--json init --demo --past 0", "");
  g_assert_cmpstr (made.err, ==, "");
  folder = till_shop_folder_at (shop, NULL);
  g_assert_true (till_sandbox_start (folder, &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/account/usage", test_usage);
  g_test_add_func ("/account/list", test_list);
  g_test_add_func ("/account/check", test_check);
  g_test_add_func ("/account/balance", test_balance);
  g_test_add_func ("/account/wrong-secret", test_wrong_secret);
  g_test_add_func ("/account/wrong-key", test_wrong_key);
  g_test_add_func ("/account/no-line", test_no_line);
  g_test_add_func ("/account/import", test_import);
  g_test_add_func ("/account/take", test_take);
  g_test_add_func ("/account/stop", test_stop);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}
