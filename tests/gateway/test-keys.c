/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys in files, in certificates and in PKCS#12, from the openssl command and made wrong by hand;
 * whom the shop believes; and the certificates a practice shop makes. */
#include "data/core/error.h"
#include "devices/gateway/certificate-sn.h"
#include "devices/gateway/sign.h"
#include "tests/gateway/vectors.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <sys/stat.h>

#define SECOND INT64_C (1000000)
/* 2024-01-01 and 2034-01-01, between which the signers hold. */
#define FROM INT64_C (1704067200)
#define UNTIL INT64_C (2019686400)
#define INSIDE (INT64_C (1795320000) * SECOND)

static const char common_name[] = "041@8310000000083040@中国银联股份有限公司@00016493";

typedef TillKey *(*Loader) (const char *, GError **);

static TillKey *
load (Loader loader, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vectors_path (name);
  TillKey *key = loader (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (key);
  return key;
}

static void
assert_refused (Loader loader, const char *name, TillErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vectors_path (name);
  g_assert_null (loader (path, &error));
  g_assert_error (error, TILL_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, name));
}

static void
assert_pem_refused (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = g_bytes_new (text, size);
  g_assert_null (till_key_from_pem (pem, "what came", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "what came "));
}

/* Whether key is the public half of vectors/key.pem. */
static void
assert_is_ours (const TillKey *key)
{
  g_autofree char *text = vectors_text ("message");
  g_autofree char *signature = vectors_text ("message.sha256");
  g_assert_true (till_key_verifies (key, text, strlen (text), signature));
}

static void
test_what_a_certificate_says (void)
{
  g_autoptr (TillKey) key = load (till_key_load_public, "signer.pem");
  const TillKeyFacts *facts = till_key_facts (key);
  g_assert_cmpstr (facts->serial_hex, ==, "0A1046900149");
  g_assert_cmpstr (facts->serial_decimal, ==, "11065019597129");
  g_assert_cmpstr (facts->common_name, ==, common_name);
  g_assert_cmpint (facts->from, ==, FROM);
  g_assert_cmpint (facts->until, ==, UNTIL);
  assert_is_ours (key);

  /* Java and openssl write a serial number with its sign. */
  g_autoptr (TillKey) minus = load (till_key_load_public, "minus-serial.pem");
  g_assert_cmpstr (till_key_facts (minus)->serial_hex, ==, "-05");
  g_assert_cmpstr (till_key_facts (minus)->serial_decimal, ==, "-5");
  /* Of two names none is the name. */
  g_autoptr (TillKey) two = load (till_key_load_public, "two-names.pem");
  g_assert_null (till_key_facts (two)->common_name);
  g_assert_cmpstr (till_key_facts (two)->serial_hex, ==, "0C");
}

static void
test_a_bare_key_says_nothing (void)
{
  static const TillKeyFacts nothing = { 0 };
  g_autoptr (TillKey) public_key = load (till_key_load_public, "public.pem");
  g_autoptr (TillKey) private_key = load (till_key_load_private, "key.pem");
  g_assert_cmpmem (till_key_facts (public_key), sizeof nothing, &nothing, sizeof nothing);
  g_assert_cmpmem (till_key_facts (private_key), sizeof nothing, &nothing, sizeof nothing);
  assert_is_ours (public_key);
}

/* As it comes inside an answer: other line ends, none after the last line, remarks around it. */
static void
test_pem_in_memory (void)
{
  g_autofree char *plain = vectors_text ("signer.pem");
  g_auto (GStrv) lines = g_strsplit (g_strchomp (plain), "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *remarks = g_strdup_printf ("Certificate:\n  退款\n%s\nthe end\n", plain);
  const char *const texts[] = { plain, crlf, remarks };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) pem = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;
      g_autoptr (TillKey) key = till_key_from_pem (pem, "what came", &error);
      g_assert_no_error (error);
      assert_is_ours (key);
      g_assert_cmpstr (till_key_facts (key)->common_name, ==, common_name);
    }
}

static void
test_private_keys_that_are_refused (void)
{
  g_assert_true (vectors_shell (
      "openssl rsa -aes128 -passout pass:x -in key.pem -out locked.pem && printf 'no key' "
      ">text.pem "
      "&& : >empty.pem && head -c 100000 /dev/zero >huge.pem && chmod 600 *.pem && "
      "cp key.pem open.pem && chmod 644 open.pem && ln -s key.pem link.pem && mkdir folder.pem"));
  static const char *const names[]
      = { "old-key.pem", "ec-key.pem", "locked.pem", "text.pem",   "empty.pem", "huge.pem",
          "open.pem",    "link.pem",   "folder.pem", "public.pem", "signer.pem" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_refused (till_key_load_private, names[i], TILL_ERROR_INVALID);
  assert_refused (till_key_load_private, "gone.pem", TILL_ERROR_NOT_FOUND);
}

static void
test_public_keys_that_are_refused (void)
{
  g_assert_true (vectors_shell (
      "cat public.pem public.pem >twice.pem && cat signer.pem middle.pem >chain.pem && "
      "cat signer.pem key.pem >both.pem && cat key.pem public.pem >behind.pem && "
      "{ cat public.pem; echo '-----BEGIN PUBLIC KEY-----'; } >begun.pem && "
      "openssl pkey -in ec-key.pem -pubout -out ec-public.pem && "
      "openssl x509 -in signer.pem -trustout -addtrust emailProtection -out trusted.pem && "
      "openssl x509 -in signer.pem -outform der -out signer.der && "
      "cp public.pem lent.pem && chmod 622 lent.pem && chmod go= [a-k]*.pem [s-t]*.pem"));
  static const char *const names[]
      = { "key.pem",         "twice.pem",       "chain.pem",       "both.pem",
          "behind.pem",      "begun.pem",       "ec-public.pem",   "ec-signer.pem",
          "old-public.pem",  "weak-signer.pem", "huge-public.pem", "pkcs1-public.pem",
          "long-serial.pem", "trusted.pem",     "signer.der",      "lent.pem",
          "message",         "modern.p12" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_refused (till_key_load_public, names[i], TILL_ERROR_INVALID);
  assert_refused (till_key_load_public, "gone.pem", TILL_ERROR_NOT_FOUND);
}

static void
test_the_door_for_old_keys (void)
{
  g_autoptr (TillKey) bare = load (till_key_load_old_public, "old-public.pem");
  g_autoptr (TillKey) ours = load (till_key_load_old_public, "public.pem");
  assert_is_ours (ours);
  /* Long past its end, and pinned all the same. */
  g_autoptr (TillKey) cert = load (till_key_load_old_public, "old-cert.pem");
  g_assert_cmpstr (till_key_facts (cert)->serial_hex, ==, "3AB1");
  g_assert_cmpint (till_key_facts (cert)->from, ==, 953600523);
  g_assert_cmpint (till_key_facts (cert)->until, ==, 1048291199);
  assert_refused (till_key_load_public, "old-cert.pem", TILL_ERROR_INVALID);
  assert_refused (till_key_load_old_public, "ec-signer.pem", TILL_ERROR_INVALID);
  assert_refused (till_key_load_old_public, "huge-public.pem", TILL_ERROR_INVALID);
  g_autoptr (GBytes) pem = vectors_read ("old-public.pem");
  assert_pem_refused (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
}

static void
test_cut_files (void)
{
  static const char *const names[] = { "public.pem", "signer.pem" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *whole = vectors_text (names[i]);
      /* Up to the last dash but one: the line end is no part of it. */
      for (gsize length = 0; length < strlen (whole) - 1; length++)
        assert_pem_refused (whole, length);
    }
  g_autofree char *padding = g_strnfill (TILL_KEY_FILE_MAX, '\n');
  g_autofree char *public_text = vectors_text ("public.pem");
  g_autofree char *too_long = g_strconcat (public_text, padding, NULL);
  assert_pem_refused (too_long, strlen (too_long));
}

static char *
to_pem (const guint8 *der, gsize size)
{
  g_autofree char *text = g_base64_encode (der, size);
  g_autoptr (GString) pem = g_string_new ("-----BEGIN PUBLIC KEY-----\n");
  for (const char *at = text; *at; at += MIN (strlen (at), 64))
    g_string_append_printf (pem, "%.64s\n", at);
  g_string_append (pem, "-----END PUBLIC KEY-----\n");
  return g_string_free (g_steal_pointer (&pem), FALSE);
}

/* A number changed in what is otherwise a key: with these everybody could sign, or nobody. */
static void
test_keys_that_are_none (void)
{
  g_autofree char *text = vectors_text ("public.pem");
  const char *start = strchr (text, '\n') + 1;
  g_autofree char *body = g_strndup (start, (gsize)(strstr (start, "-----") - start));
  gsize size;
  g_autofree guint8 *der = g_base64_decode (body, &size);
  g_autofree char *right = to_pem (der, size);
  g_assert_cmpstr (right, ==, text);
  /* It ends in 65537, three bytes after its tag and length; the modulus ends before those. */
  g_assert_cmpmem (der + size - 5, 5, "\x02\x03\x01\x00\x01", 5);

  der[size - 1] = 0; /* 65536 */
  g_autofree char *even_exponent = to_pem (der, size);
  assert_pem_refused (even_exponent, strlen (even_exponent));
  der[size - 1] = 1;
  der[size - 6] ^= 1;
  g_autofree char *even_modulus = to_pem (der, size);
  assert_pem_refused (even_modulus, strlen (even_modulus));
  der[size - 6] ^= 1;

  g_autofree guint8 *longer = g_malloc0 (size + 1);
  memcpy (longer, der, size);
  g_autofree char *trailing = to_pem (longer, size + 1);
  assert_pem_refused (trailing, strlen (trailing));
}

static TillAuthorities *
load_authorities (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vectors_path (name);
  TillAuthorities *authorities = till_authorities_load (path, &error);
  g_assert_no_error (error);
  return authorities;
}

static void
test_whom_authorities_vouch_for (void)
{
  static const struct
  {
    const char *authorities, *cert;
    int64_t at;
    const char *why; /* NULL when it is believed */
  } rows[] = {
    { "authorities.pem", "signer.pem", INSIDE, NULL },
    { "authorities.pem", "sha1-signer.pem", INSIDE, NULL },
    { "authorities.pem", "bare-signer.pem", INSIDE, NULL },
    { "middle.pem", "signer.pem", INSIDE, NULL },
    { "authorities.pem", "signer.pem", FROM * SECOND, NULL },
    { "authorities.pem", "signer.pem", UNTIL * SECOND - 1, NULL },
    { "authorities.pem", "signer.pem", FROM * SECOND - 1, "not yet valid" },
    { "authorities.pem", "signer.pem", UNTIL * SECOND, "expired" },
    { "authorities.pem", "signer.pem", INT64_MIN, "" },
    { "authorities.pem", "signer.pem", INT64_MAX, "" },
    { "root.pem", "signer.pem", INSIDE, "issuer" },
    { "foreign.pem", "signer.pem", INSIDE, "issuer" },
    { "authorities.pem", "foreign-signer.pem", INSIDE, "" },
    { "authorities.pem", "self-signer.pem", INSIDE, "self" },
    { "authorities.pem", "cipher.pem", INSIDE, "not for signing" },
    { "authorities.pem", "below.pem", INSIDE, "not for signing" },
    { "authorities.pem", "below-signs.pem", INSIDE, "not for signing" },
    { "authorities.pem", "middle.pem", INSIDE, "not for signing" },
    { "authorities.pem", "weak-signer.pem", INSIDE, "2048" },
    { "authorities.pem", "ec-signer.pem", INSIDE, "2048" },
    { "authorities.pem", "public.pem", INSIDE, "no certificate" },
    { "authorities.pem", "authorities.pem", INSIDE, "exactly one" },
    { "authorities.pem", "message", INSIDE, "exactly one" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillAuthorities) authorities = load_authorities (rows[i].authorities);
      g_autoptr (GBytes) pem = vectors_read (rows[i].cert);
      g_autoptr (GError) error = NULL;
      TillKey *key = till_authorities_key_of (authorities, pem, rows[i].at, &error);
      g_assert_true ((key != NULL) == (rows[i].why == NULL));
      if (key)
        assert_is_ours (key);
      else
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
          g_test_message ("%s", error->message);
          g_assert_nonnull (strstr (error->message, rows[i].why));
        }
      g_clear_pointer (&key, till_key_free);
    }
}

/* A letter changed anywhere in a certificate, and nobody vouches for it. */
static void
test_changed_certificates (void)
{
  g_autoptr (TillAuthorities) authorities = load_authorities ("authorities.pem");
  g_autofree char *text = vectors_text ("signer.pem");
  for (gsize i = strlen ("-----BEGIN CERTIFICATE-----\n"); i < strlen (text) - 30; i += 3)
    {
      if (text[i] == '\n')
        continue;
      g_autofree char *changed = g_strdup (text);
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      g_autoptr (GBytes) pem = g_bytes_new_static (changed, strlen (changed));
      g_assert_null (till_authorities_key_of (authorities, pem, INSIDE, NULL));
    }
}

static void
test_authorities_that_are_refused (void)
{
  g_assert_true (
      vectors_shell (": >empty.pem && cat root.pem signer.pem >mixed.pem && "
                     "for i in 1 2 3 4 5 6 7 8 9; do cat root.pem; done >nine.pem && "
                     "for i in 1 2 3 4 5 6 7 8; do cat root.pem; done >eight.pem && "
                     "{ cat root.pem; head -n 5 middle.pem; } >cut.pem && "
                     "cp root.pem lent-root.pem && chmod go= *.pem && chmod 622 lent-root.pem"));
  static const char *const names[] = { "empty.pem", "mixed.pem",  "nine.pem", "cut.pem",
                                       "key.pem",   "signer.pem", "message",  "lent-root.pem" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = vectors_path (names[i]);
      g_assert_null (till_authorities_load (path, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (till_authorities_load ("/nowhere/root.pem", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autoptr (TillAuthorities) most = load_authorities ("eight.pem");
  g_assert_nonnull (most);
}

static gboolean
import (const char *name, const char *password, GError **error)
{
  g_autofree char *path = vectors_path (name);
  g_autofree char *key_path = vectors_path ("imported-key.pem");
  g_autofree char *cert_path = vectors_path ("imported-cert.pem");
  return till_key_import_pkcs12 (path, password, key_path, cert_path, error);
}

static gboolean
is_there (const char *name)
{
  g_autofree char *path = vectors_path (name);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_pkcs12_is_taken_apart (void)
{
  static const struct
  {
    const char *name, *password;
  } rows[] = { { "modern.p12", "000000" },
               { "3des.p12", "000000" },
               { "no-password.p12", "" },
               { "no-password.p12", NULL } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (import (rows[i].name, rows[i].password, &error));
      g_assert_no_error (error);
      g_autoptr (TillKey) key = load (till_key_load_private, "imported-key.pem");
      g_autoptr (TillKey) cert = load (till_key_load_public, "imported-cert.pem");
      g_autofree char *signature = till_key_sign (key, "abc", 3);
      g_assert_true (till_key_verifies (cert, "abc", 3, signature));
      assert_is_ours (cert);
      /* Not one of the authorities that lay beside it. */
      g_assert_cmpstr (till_key_facts (cert)->serial_decimal, ==, "11065019597129");

      /* What is there is never written over, whichever of the two it is. */
      static const char *const lines[]
          = { "mv imported-cert.pem other", "rm imported-key.pem && mv other imported-cert.pem" };
      for (gsize j = 0; j < G_N_ELEMENTS (lines); j++)
        {
          g_assert_true (vectors_shell (lines[j]));
          g_assert_false (import (rows[i].name, rows[i].password, &error));
          g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
          g_clear_error (&error);
        }
      g_assert_false (is_there ("imported-key.pem"));
      g_assert_true (vectors_shell ("rm imported-cert.pem"));
    }
}

/* Takes file. */
static void
write_pkcs12 (const char *name, PKCS12 *file)
{
  guint8 *der = NULL;
  int size = i2d_PKCS12 (file, &der);
  g_assert_cmpint (size, >, 0);
  vectors_write (name, der, (gsize)size);
  OPENSSL_free (der);
  PKCS12_free (file);
}

/* The openssl command packs one key only. */
static void
make_two_keys (const char *name)
{
  STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
  g_autofree char *text = vectors_text ("key.pem");
  for (int i = 0; i < 2; i++)
    {
      BIO *bio = BIO_new_mem_buf (text, -1);
      EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
      g_assert_nonnull (PKCS12_add_key (&bags, key, 0, 2048, NID_aes_256_cbc, "000000"));
      EVP_PKEY_free (key);
      BIO_free_all (bio);
    }
  STACK_OF (PKCS7) *safes = NULL;
  g_assert_true (PKCS12_add_safe (&safes, bags, -1, 0, NULL));
  PKCS12 *file = PKCS12_add_safes (safes, 0);
  g_assert_true (PKCS12_set_mac (file, "000000", -1, NULL, 0, 2048, EVP_sha256 ()));
  write_pkcs12 (name, file);
  sk_PKCS7_pop_free (safes, PKCS7_free);
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
}

/* A file that says a password is tried in so many rounds. */
static void
make_slow (const char *name, long rounds)
{
  g_autoptr (GBytes) bytes = vectors_read ("modern.p12");
  const guint8 *at = g_bytes_get_data (bytes, NULL);
  PKCS12 *file = d2i_PKCS12 (NULL, &at, (long)g_bytes_get_size (bytes));
  const ASN1_INTEGER *said = NULL;
  PKCS12_get0_mac (NULL, NULL, NULL, &said, file);
  g_assert_true (ASN1_INTEGER_set ((ASN1_INTEGER *)said, rounds));
  write_pkcs12 (name, file);
}

static void
test_pkcs12_that_is_refused (void)
{
  make_two_keys ("two-keys.p12");
  make_slow ("slow.p12", 10 * 1000 * 1000 + 1);
  make_slow ("other-rounds.p12", 2047);
  g_assert_true (vectors_shell (": >empty.p12 && head -c 2000 modern.p12 >cut.p12 && "
                                "{ cat modern.p12; echo; } >longer.p12 && "
                                "head -c 100000 /dev/zero >huge.p12"));
  static const struct
  {
    const char *name, *password;
    int code;
    const char *what; /* what the sentence must tell */
  } rows[] = {
    { "modern.p12", "000001", TILL_ERROR_INVALID, "password" },
    { "modern.p12", "", TILL_ERROR_INVALID, "password" },
    { "modern.p12", NULL, TILL_ERROR_INVALID, "password" },
    { "no-password.p12", "000000", TILL_ERROR_INVALID, "password" },
    { "rc2.p12", "wrong", TILL_ERROR_INVALID, "password" },
    { "rc2.p12", "000000", TILL_ERROR_INVALID, "-legacy" },
    { "no-key.p12", "000000", TILL_ERROR_INVALID, "no private key" },
    { "no-cert.p12", "000000", TILL_ERROR_INVALID, "no certificate" },
    { "two-keys.p12", "000000", TILL_ERROR_INVALID, "several" },
    { "weak.p12", "000000", TILL_ERROR_INVALID, "2048" },
    { "ec.p12", "000000", TILL_ERROR_INVALID, "RSA" },
    { "slow.p12", "000000", TILL_ERROR_INVALID, "no whole" },
    { "other-rounds.p12", "000000", TILL_ERROR_INVALID, "password" },
    { "no-mac.p12", "000000", TILL_ERROR_INVALID, "no whole" },
    { "empty.p12", "000000", TILL_ERROR_INVALID, "no whole" },
    { "cut.p12", "000000", TILL_ERROR_INVALID, "no whole" },
    { "longer.p12", "000000", TILL_ERROR_INVALID, "no whole" },
    { "huge.p12", "000000", TILL_ERROR_INVALID, "no key file" },
    { "signer.pem", "000000", TILL_ERROR_INVALID, "no whole" },
    { "gone.p12", "000000", TILL_ERROR_NOT_FOUND, "gone.p12" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (import (rows[i].name, rows[i].password, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, TILL_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].what));
      g_assert_false (is_there ("imported-key.pem"));
      g_assert_false (is_there ("imported-cert.pem"));
    }
}

/* What the refusal of an old cipher tells the person to do does help. */
static void
test_the_advice_for_an_old_cipher_works (void)
{
  if (!vectors_shell ("openssl list -providers -provider legacy"))
    {
      g_test_skip ("no legacy provider here");
      return;
    }
  g_assert_true (vectors_shell (
      "openssl pkcs12 -legacy -in rc2.p12 -noenc -out plain -passin pass:000000 && "
      "openssl pkcs12 -export -in plain -out new.p12 -passout pass:123456 && shred -u plain"));
  g_autoptr (GError) error = NULL;
  g_assert_true (import ("new.p12", "123456", &error));
  g_assert_no_error (error);
  g_autoptr (TillKey) cert = load (till_key_load_public, "imported-cert.pem");
  assert_is_ours (cert);
  g_assert_true (vectors_shell ("rm imported-key.pem imported-cert.pem"));
}

/* Where the second file cannot be written the first does not stay. */
static void
test_pkcs12_is_taken_apart_whole_or_not (void)
{
  g_autofree char *path = vectors_path ("modern.p12");
  g_autofree char *key_path = vectors_path ("imported-key.pem");
  g_autofree char *cert_path = vectors_path ("no-folder/cert.pem");
  g_autoptr (GError) error = NULL;
  g_assert_false (till_key_import_pkcs12 (path, "000000", key_path, cert_path, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_false (is_there ("imported-key.pem"));
}

static void
test_openssl_believes_our_certificates (void)
{
  g_autofree char *ca = vectors_path ("ca.pem");
  g_autofree char *ca_key = vectors_path ("ca-key.pem");
  g_autofree char *cert = vectors_path ("cert.pem");
  g_autofree char *key = vectors_path ("cert-key.pem");
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  TillValidity validity = { now - 100, now + 100000 };
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, NULL));
  g_assert_true (till_certificate_make_server (ca, ca_key, "DNS:localhost,IP:127.0.0.1", cert, key,
                                               validity, NULL));
  g_assert_true (vectors_shell ("openssl verify -x509_strict -purpose sslserver "
                                "-verify_ip 127.0.0.1 -CAfile ca.pem cert.pem"));
  g_assert_false (
      vectors_shell ("openssl verify -verify_hostname example.com -CAfile ca.pem cert.pem"));
  g_autoptr (GError) error = NULL;
  g_assert_false (till_certificate_make_server (key, ca_key, "DNS:x", cert, key, validity, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_a_practice_signer (void)
{
  g_autofree char *ca = vectors_path ("ca.pem");
  g_autofree char *ca_key = vectors_path ("ca-key.pem");
  g_autofree char *cert = vectors_path ("union-cert.pem");
  g_autofree char *key = vectors_path ("union-key.pem");
  TillValidity validity = { FROM, UNTIL };
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, NULL));
  g_assert_true (till_certificate_make_signer (ca, ca_key, common_name, cert, key, validity, NULL));
  g_assert_true (vectors_shell ("openssl verify -x509_strict -attime 1795320000 -CAfile ca.pem "
                                "union-cert.pem"));

  g_autoptr (TillKey) signer = load (till_key_load_private, "union-key.pem");
  g_autofree char *signature = till_key_sign (signer, "abc", 3);
  g_autoptr (TillAuthorities) authorities = load_authorities ("ca.pem");
  g_autoptr (GBytes) pem = vectors_read ("union-cert.pem");
  g_autoptr (TillKey) believed = till_authorities_key_of (authorities, pem, INSIDE, NULL);
  g_assert_true (till_key_verifies (believed, "abc", 3, signature));
  g_assert_cmpstr (till_key_facts (believed)->common_name, ==, common_name);
  g_assert_cmpint (till_key_facts (believed)->from, ==, FROM);
  g_assert_cmpint (till_key_facts (believed)->until, ==, UNTIL);

  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *too_long = g_strnfill (65, 'x');
  g_assert_true (till_certificate_make_signer (ca, ca_key, longest, cert, key, validity, NULL));
  const char *const wrong[] = { "", "\xff", too_long };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (
          till_certificate_make_signer (ca, ca_key, wrong[i], cert, key, validity, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_autoptr (GError) error = NULL;
  g_assert_false (till_certificate_make_signer (ca, ca, "x", cert, key, validity, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* Each case in a folder of its own, whatever the one before left behind. */
/* Names that the openssl command and md5sum made of issuer and serial number. */
static void
test_names_of_alipay (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillKey) signer = load (till_key_load_public, "signer.pem");
  g_autoptr (TillKey) foreign = load (till_key_load_public, "root.pem");
  g_autoptr (TillKey) public = load (till_key_load_public, "public.pem");
  g_autofree char *path = vectors_path ("signer.pem");
  g_autofree char *bare = vectors_path ("public.pem");
  g_autofree char *sn = till_certificate_sn (path, signer, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sn, ==, "6a7a95f319622bc8bebad4fafe33837b");
  g_assert_null (till_certificate_sn (path, foreign, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (till_certificate_sn (bare, public, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* All that RSA signed, in their order; whatever else is among them is left out. */
static void
test_roots_of_alipay (void)
{
#define ROOT "2c6177e275eae36581f34bc1114c1e44"
#define MIDDLE "13d75317f85d2e450737e940477f1589"
  static const struct
  {
    const char *parts[3], *sn;
  } rows[] = {
    { { "root.pem", "ecdsa.pem", "middle.pem" }, ROOT "_" MIDDLE },
    { { "middle.pem", "root.pem" }, MIDDLE "_" ROOT },
    { { "root.pem" }, ROOT },
    { { "ecdsa.pem" }, NULL },
    { { "message" }, NULL },
    { { "root.pem", "torn.pem" }, NULL },
  };
  g_autofree char *ca = vectors_path ("ecdsa.pem");
  g_autofree char *ca_key = vectors_path ("ecdsa-key.pem");
  g_autofree char *path = vectors_path ("roots.pem");
  const char torn[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  vectors_write ("torn.pem", torn, strlen (torn));
  g_assert_true (till_certificate_make_authority (ca, ca_key, (TillValidity){ FROM, UNTIL }, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) all = g_string_new (NULL);
      for (gsize j = 0; j < G_N_ELEMENTS (rows[i].parts) && rows[i].parts[j]; j++)
        {
          g_autofree char *part = vectors_text (rows[i].parts[j]);
          g_string_append_printf (all, "%s\n", part);
        }
      vectors_write ("roots.pem", all->str, all->len);
      g_autoptr (GError) error = NULL;
      g_autofree char *sn = till_certificate_root_sn (path, &error);
      g_test_message ("%s: %s", rows[i].parts[0], error ? error->message : "");
      g_assert_cmpstr (sn, ==, rows[i].sn);
      if (!rows[i].sn)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

static void
run (gconstpointer test)
{
  vectors_unpack ();
  ((void (*) (void))test) ();
  /* Nobody finds a message of ours in OpenSSL's queue. */
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
  vectors_remove ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add_data_func ("/keys/" name, (gconstpointer)(test), run)
  ADD ("what-a-certificate-says", test_what_a_certificate_says);
  ADD ("a-bare-key-says-nothing", test_a_bare_key_says_nothing);
  ADD ("pem-in-memory", test_pem_in_memory);
  ADD ("private-keys-that-are-refused", test_private_keys_that_are_refused);
  ADD ("public-keys-that-are-refused", test_public_keys_that_are_refused);
  ADD ("the-door-for-old-keys", test_the_door_for_old_keys);
  ADD ("cut-files", test_cut_files);
  ADD ("keys-that-are-none", test_keys_that_are_none);
  ADD ("whom-authorities-vouch-for", test_whom_authorities_vouch_for);
  ADD ("changed-certificates", test_changed_certificates);
  ADD ("authorities-that-are-refused", test_authorities_that_are_refused);
  ADD ("pkcs12-is-taken-apart", test_pkcs12_is_taken_apart);
  ADD ("pkcs12-that-is-refused", test_pkcs12_that_is_refused);
  ADD ("the-advice-for-an-old-cipher-works", test_the_advice_for_an_old_cipher_works);
  ADD ("pkcs12-is-taken-apart-whole-or-not", test_pkcs12_is_taken_apart_whole_or_not);
  ADD ("openssl-believes-our-certificates", test_openssl_believes_our_certificates);
  ADD ("a-practice-signer", test_a_practice_signer);
  ADD ("names-of-alipay", test_names_of_alipay);
  ADD ("roots-of-alipay", test_roots_of_alipay);
  return g_test_run ();
}
