/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account.ini from a stranger, in a folder with keys that are good: key.pem (ours), public.pem
 * (the provider's), secret and roots.pem. What is taken for an account has a provider, an address
 * and whatever its codec asks for; what is not, is INVALID or NOT_FOUND with a sentence. */
#include "data/core/error.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *
make_folder (void)
{
  static char *folder; /* for the life of the process */
  if (folder)
    return folder;
  folder = g_dir_make_tmp ("fuzz-account-XXXXXX", NULL);
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *public = g_build_filename (folder, "public.pem", NULL);
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_assert_true (till_key_generate (key, public, NULL));
  g_assert_true (g_file_set_contents_full (secret, "sk_test_0123456789", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return folder;
}

static void
check_account (const TillAccount *account)
{
  const TillCodec *codec = till_codec_find (account->provider);
  g_assert_nonnull (codec);
  g_assert_true (g_str_has_prefix (account->base_url, "https://"));
  g_assert_true (*account->merchant_no && strlen (account->merchant_no) <= 32);
  fuzz_assert_clean (account->merchant_no, 32);
  g_assert_true (g_path_is_absolute (account->ca_file));
  g_assert_true (account->answer_within_s >= 0 && account->answer_within_s <= 120);
  g_assert_true (account->our_key || !(codec->needs & TILL_NEEDS_OUR_KEY));
  g_assert_true (account->provider_key || !(codec->needs & TILL_NEEDS_PROVIDER_KEY));
  g_assert_true (account->secret || !(codec->needs & TILL_NEEDS_SECRET));
  g_assert_true (account->authorities || !(codec->needs & TILL_NEEDS_AUTHORITIES));
  for (gsize i = 0; codec->facts && codec->facts[i]; i++)
    {
      const char *fact = till_account_fact (account, codec->facts[i]);
      g_assert_true (*fact && !strpbrk (fact, "\"\\&= \n\r"));
    }
  if (account->notice_url)
    g_assert_true (!strpbrk (account->notice_url, "?\"\\& \n\r"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "account.ini", NULL);
  g_assert_true (g_file_set_contents_full (path, (const char *)data, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = till_account_load (folder, &error);
  g_assert_true ((account != NULL) == (error == NULL));
  if (account)
    check_account (account);
  else
    {
      g_assert_true (error->domain == TILL_ERROR
                     && (error->code == TILL_ERROR_INVALID || error->code == TILL_ERROR_NOT_FOUND));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  g_unlink (path); /* it would not be cut where the next is shorter */
  return 0;
}
