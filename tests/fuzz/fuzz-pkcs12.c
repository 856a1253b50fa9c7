/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PKCS#12 file from a stranger. First byte: the password (0: none, 1: the vectors' own, else a
 * wrong one); the rest is the file. Either both halves are there and can be read as a key and its
 * certificate, or an INVALID sentence is, and no half stays behind. */
#include "data/core/error.h"
#include "devices/gateway/sign.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>

static void
check_halves (const char *key_path, const char *cert_path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillKey) ours = till_key_load_private (key_path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ours);
  /* Its certificate may be one that we would not take from a provider; it must say so. */
  g_autoptr (TillKey) public = till_key_load_public (cert_path, &error);
  g_assert_true ((public != NULL) == (error == NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const passwords[] = { NULL, "000000", "a" };
  if (size < 1)
    return 0;
  static char *folder; /* for the life of the process */
  if (!folder)
    folder = g_dir_make_tmp ("fuzz-pkcs12-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "it.p12", NULL);
  g_autofree char *key_path = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *cert_path = g_build_filename (folder, "cert.pem", NULL);
  g_assert_true (g_file_set_contents_full (path, (const char *)data + 1, (gssize)size - 1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autoptr (GError) error = NULL;
  gboolean taken = till_key_import_pkcs12 (path, passwords[data[0] % G_N_ELEMENTS (passwords)],
                                           key_path, cert_path, &error);
  g_assert_true (taken == (error == NULL));
  g_assert_true (g_file_test (key_path, G_FILE_TEST_EXISTS) == taken);
  g_assert_true (g_file_test (cert_path, G_FILE_TEST_EXISTS) == taken);
  if (taken)
    check_halves (key_path, cert_path);
  else
    g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_unlink (path); /* it would not be cut where the next is shorter */
  g_unlink (key_path);
  g_unlink (cert_path);
  return 0;
}
