/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures, checked both ways against the openssl command; keys and files that must be refused.
 */
#include "data/core/error.h"
#include "devices/gateway/sign.h"

#include <glib/gstdio.h>
#include <string.h>

static char *dir;          /* owned */
static char *private_path; /* owned */
static char *public_path;  /* owned */

static char *
at (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

/* Runs a line of shell in dir; TRUE when it succeeded. */
static gboolean
shell (const char *line, char **out)
{
  g_autofree char *whole = g_strdup_printf ("cd '%s' && %s", dir, line);
  const char *argv[] = { "sh", "-c", whole, NULL };
  int status = 1;
  g_autofree char *text = NULL, *errors = NULL;
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text,
                               &errors, &status, NULL));
  if (out)
    *out = g_steal_pointer (&text);
  return g_spawn_check_wait_status (status, NULL);
}

static void
test_openssl_agrees (void)
{
  static const char text[] = "POST\n/v1/refund\n1795320000\nabc\n{\"amount\":1,\"词\":\"退款\"}";
  g_autoptr (TillKey) key = till_key_load_private (private_path, NULL);
  g_autoptr (TillKey) public_key = till_key_load_public (public_path, NULL);
  g_assert_true (key && public_key);
  g_autofree char *message = at ("message");
  g_assert_true (g_file_set_contents (message, text, -1, NULL));

  g_autofree char *ours = till_key_sign (key, text, strlen (text));
  g_autofree char *theirs = NULL;
  g_assert_true (shell ("openssl dgst -sha256 -sign private.pem message | base64 -w0", &theirs));
  g_assert_cmpstr (ours, ==, theirs);
  g_assert_true (till_key_verifies (public_key, text, strlen (text), theirs));

  g_autofree char *signature = at ("signature");
  gsize length;
  g_autofree guint8 *bytes = g_base64_decode (ours, &length);
  g_assert_true (g_file_set_contents (signature, (char *)bytes, (gssize)length, NULL));
  g_assert_true (
      shell ("openssl dgst -sha256 -verify public.pem -signature signature message", NULL));
}

static void
test_wrong_signatures (void)
{
  g_autoptr (TillKey) key = till_key_load_private (private_path, NULL);
  g_autofree char *right = till_key_sign (key, "abc", 3);
  g_assert_true (till_key_verifies (key, "abc", 3, right));
  g_assert_false (till_key_verifies (key, "abd", 3, right));
  g_assert_false (till_key_verifies (key, "abc", 2, right));
  g_autofree char *longer = g_strconcat (right, "A", NULL);
  g_autofree char *spaced = g_strconcat (right, "\n", NULL);
  g_autofree char *doubled = g_strconcat (right, right, NULL);
  g_autofree char *half = g_strndup (right, strlen (right) / 2);
  const char *const wrong[] = { NULL, "", "=", "????", "AAAA", longer, spaced, doubled, half };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (till_key_verifies (key, "abc", 3, wrong[i]));
  /* Every single character counts. */
  for (gsize i = 0; i < strlen (right); i += 7)
    {
      g_autofree char *changed = g_strdup (right);
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      g_assert_false (till_key_verifies (key, "abc", 3, changed));
    }
}

static void
test_keys_that_are_refused (void)
{
  g_assert_true (shell ("openssl genrsa -out short.pem 1024 2>/dev/null && "
                        "openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && "
                        "openssl rsa -aes128 -passout pass:x -in private.pem -out locked.pem "
                        "2>/dev/null && printf 'no key' >text.pem && : >empty.pem && "
                        "head -c 100000 /dev/zero >huge.pem && chmod 600 *.pem && "
                        "cp private.pem open.pem && chmod 644 open.pem && "
                        "ln -s private.pem link.pem && mkdir folder.pem",
                        NULL));
  static const struct
  {
    const char *name;
    int code;
  } rows[] = {
    { "short.pem", TILL_ERROR_INVALID },  { "ec.pem", TILL_ERROR_INVALID },
    { "locked.pem", TILL_ERROR_INVALID }, { "text.pem", TILL_ERROR_INVALID },
    { "empty.pem", TILL_ERROR_INVALID },  { "huge.pem", TILL_ERROR_INVALID },
    { "open.pem", TILL_ERROR_INVALID },   { "link.pem", TILL_ERROR_INVALID },
    { "folder.pem", TILL_ERROR_INVALID }, { "public.pem", TILL_ERROR_INVALID },
    { "gone.pem", TILL_ERROR_NOT_FOUND },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = at (rows[i].name);
      g_assert_null (till_key_load_private (path, &error));
      g_assert_error (error, TILL_ERROR, rows[i].code);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (till_key_load_public (private_path, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_openssl_believes_our_certificates (void)
{
  g_autofree char *ca = at ("ca.pem");
  g_autofree char *ca_key = at ("ca-key.pem");
  g_autofree char *cert = at ("cert.pem");
  g_autofree char *key = at ("cert-key.pem");
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  TillValidity validity = { now - 100, now + 100000 };
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, NULL));
  g_assert_true (till_certificate_make_server (ca, ca_key, "DNS:localhost,IP:127.0.0.1", cert, key,
                                               validity, NULL));
  g_assert_true (shell ("openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 "
                        "-CAfile ca.pem cert.pem",
                        NULL));
  g_assert_false (
      shell ("openssl verify -verify_hostname example.com -CAfile ca.pem cert.pem", NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (till_certificate_make_server (key, ca_key, "DNS:x", cert, key, validity, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dir = g_dir_make_tmp ("till-sign-XXXXXX", NULL);
  private_path = at ("private.pem");
  public_path = at ("public.pem");
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  g_test_add_func ("/sign/openssl-agrees", test_openssl_agrees);
  g_test_add_func ("/sign/wrong-signatures", test_wrong_signatures);
  g_test_add_func ("/sign/keys-that-are-refused", test_keys_that_are_refused);
  g_test_add_func ("/sign/openssl-believes-our-certificates",
                   test_openssl_believes_our_certificates);
  int result = g_test_run ();
  shell ("rm -r \"$PWD\"", NULL);
  return result;
}
