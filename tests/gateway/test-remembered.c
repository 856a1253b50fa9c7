/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate that was found good is not checked anew, and what that may never change: whoever is
 * believed then would have been believed by a fresh eye too. That it was remembered shows in the
 * key, which is the same one again and not its like; so every key is held until it was compared. */
#include "data/core/error.h"
#include "devices/gateway/sign.h"
#include "tests/gateway/vectors.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#define SECOND INT64_C (1000000)
#define DAY (86400 * SECOND)
/* 2024-01-01 and 2034-01-01, between which the signers hold. */
#define FROM INT64_C (1704067200)
#define UNTIL INT64_C (2019686400)
#define INSIDE (INT64_C (1795320000) * SECOND)
#define SERIAL 77
/* How many are remembered. */
#define FEW 4

static TillAuthorities *
load_authorities (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vectors_path (name);
  TillAuthorities *authorities = till_authorities_load (path, &error);
  g_assert_no_error (error);
  return authorities;
}

static TillKey *
believe (const TillAuthorities *authorities, GBytes *pem, int64_t at)
{
  g_autoptr (GError) error = NULL;
  TillKey *key = till_authorities_key_of (authorities, pem, at, &error);
  g_assert_no_error (error);
  g_assert_nonnull (key);
  return key;
}

static void
refuse (const TillAuthorities *authorities, GBytes *pem, int64_t at, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (till_authorities_key_of (authorities, pem, at, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, why));
}

/* All of them have one name. */
static void
make_authority (const char *name, int64_t until)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *key_file = g_strconcat (name, "-key.pem", NULL);
  g_autofree char *ca = vectors_path (file);
  g_autofree char *ca_key = vectors_path (key_file);
  TillValidity validity = { FROM, until };
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, NULL));
}

static EVP_PKEY *
read_key (const char *name)
{
  g_autofree char *text = vectors_text (name);
  BIO *bio = BIO_new_mem_buf (text, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
  BIO_free_all (bio);
  g_assert_nonnull (key);
  return key;
}

/* From FROM until UNTIL, in the name of make_authority ()'s, whoever signs it. */
static GBytes *
issue (long serial, const char *key_name, const char *signer_name)
{
  EVP_PKEY *key = read_key (key_name), *signer = read_key (signer_name);
  X509 *cert = X509_new ();
  X509_NAME *issuer = X509_NAME_new ();
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text;
  g_assert_true (X509_NAME_add_entry_by_txt (issuer, "CN", MBSTRING_UTF8,
                                             (const guint8 *)"Practice authority", -1, -1, 0)
                 && X509_set_version (cert, X509_VERSION_3)
                 && ASN1_INTEGER_set (X509_get_serialNumber (cert), serial)
                 && ASN1_TIME_set (X509_getm_notBefore (cert), FROM)
                 && ASN1_TIME_set (X509_getm_notAfter (cert), UNTIL)
                 && X509_set_issuer_name (cert, issuer) && X509_set_pubkey (cert, key)
                 && X509_sign (cert, signer, EVP_sha256 ()) > 0
                 && PEM_write_bio_X509 (bio, cert) == 1);
  long size = BIO_get_mem_data (bio, &text);
  GBytes *pem = g_bytes_new (text, (gsize)size);
  BIO_free_all (bio);
  X509_NAME_free (issuer);
  X509_free (cert);
  EVP_PKEY_free (signer);
  EVP_PKEY_free (key);
  return pem;
}

/* By its DER: how its PEM is broken into lines is no matter. */
static void
test_a_good_one_twice (void)
{
  g_autoptr (TillAuthorities) authorities = load_authorities ("authorities.pem");
  g_autoptr (GBytes) pem = vectors_read ("signer.pem");
  g_autofree char *text = vectors_text ("signer.pem");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *broken = g_strjoinv ("\r\n", lines);
  g_autoptr (GBytes) other = g_bytes_new_take (broken, strlen (broken));
  g_autoptr (TillKey) first = believe (authorities, pem, INSIDE);
  g_autoptr (TillKey) again = believe (authorities, other, INSIDE);
  g_assert_true (first == again);

  /* It is the key and all that its certificate said, and outlives who remembered it. */
  g_clear_pointer (&authorities, till_authorities_free);
  g_clear_pointer (&first, till_key_free);
  g_autofree char *message = vectors_text ("message");
  g_autofree char *signature = vectors_text ("message.sha256");
  g_assert_true (till_key_verifies (again, message, strlen (message), signature));
  g_assert_cmpstr (till_key_facts (again)->serial_decimal, ==, "11065019597129");
}

static void
test_the_clock_moves (void)
{
  g_autoptr (TillAuthorities) authorities = load_authorities ("authorities.pem");
  g_autoptr (GBytes) pem = vectors_read ("signer.pem");
  /* What was refused is not remembered. */
  refuse (authorities, pem, UNTIL * SECOND, "expired");
  g_autoptr (TillKey) first = believe (authorities, pem, INSIDE);
  refuse (authorities, pem, UNTIL * SECOND, "expired");
  refuse (authorities, pem, FROM * SECOND - 1, "not yet valid");
  refuse (authorities, pem, INT64_MAX, "");
  refuse (authorities, pem, INT64_MIN, "");
  g_autoptr (TillKey) earliest = believe (authorities, pem, FROM * SECOND);
  g_autoptr (TillKey) latest = believe (authorities, pem, UNTIL * SECOND - 1);
  g_assert_true (first == earliest && first == latest);
}

/* Its own dates are not enough: what vouches for it ends earlier. */
static void
test_its_authority_expires (void)
{
  make_authority ("ca", INSIDE / SECOND + 100);
  g_autoptr (TillAuthorities) authorities = load_authorities ("ca.pem");
  g_autoptr (GBytes) pem = issue (SERIAL, "key.pem", "ca-key.pem");
  g_autoptr (TillKey) first = believe (authorities, pem, INSIDE);
  g_autoptr (TillKey) last = believe (authorities, pem, INSIDE + 100 * SECOND - 1);
  g_assert_true (first == last);
  refuse (authorities, pem, INSIDE + 100 * SECOND, "expired");
  refuse (authorities, pem, INSIDE + DAY, "expired");
}

/* The authority is struck off the account's file, which is read anew; another of the same name
 * stands in its place. */
static void
test_the_authorities_change (void)
{
  g_assert_true (vectors_shell ("cp authorities.pem pinned.pem && chmod 600 pinned.pem"));
  g_autoptr (TillAuthorities) before = load_authorities ("pinned.pem");
  g_autoptr (GBytes) pem = vectors_read ("signer.pem");
  g_autoptr (TillKey) first = believe (before, pem, INSIDE);
  g_assert_true (vectors_shell ("cat foreign.pem >pinned.pem"));
  g_autoptr (TillAuthorities) after = load_authorities ("pinned.pem");
  refuse (after, pem, INSIDE, "issuer");
  g_assert_true (vectors_shell ("cat middle.pem >pinned.pem"));
  g_autoptr (TillAuthorities) back = load_authorities ("pinned.pem");
  g_autoptr (TillKey) anew = believe (back, pem, INSIDE);
  g_assert_true (first != anew);
}

static void
test_another_with_the_same_serial (void)
{
  g_autofree char *other_key = vectors_path ("other-key.pem");
  g_autofree char *other_public = vectors_path ("other-public.pem");
  g_assert_true (till_key_generate (other_key, other_public, NULL));
  make_authority ("ca", UNTIL);
  make_authority ("forger", UNTIL);
  g_autoptr (TillAuthorities) authorities = load_authorities ("ca.pem");
  g_autoptr (GBytes) pem = issue (SERIAL, "key.pem", "ca-key.pem");
  g_autoptr (GBytes) twin = issue (SERIAL, "other-key.pem", "ca-key.pem");
  g_autoptr (GBytes) forged = issue (SERIAL, "key.pem", "forger-key.pem");
  g_autofree char *message = vectors_text ("message");
  g_autofree char *signature = vectors_text ("message.sha256");
  g_autoptr (TillKey) first = believe (authorities, pem, INSIDE);
  g_autoptr (TillKey) second = believe (authorities, twin, INSIDE);
  g_assert_true (till_key_verifies (first, message, strlen (message), signature));
  g_assert_false (till_key_verifies (second, message, strlen (message), signature));
  refuse (authorities, forged, INSIDE, "signature");
  refuse (authorities, forged, INSIDE, "signature");
}

/* What is no certificate by its words is none, though its bytes are remembered. */
static void
test_the_same_bytes_in_other_words (void)
{
  g_autoptr (TillAuthorities) authorities = load_authorities ("authorities.pem");
  g_autoptr (GBytes) pem = vectors_read ("signer.pem");
  g_autoptr (TillKey) first = believe (authorities, pem, INSIDE);
  g_assert_true (vectors_shell ("sed 's/CERTIFICATE/PUBLIC KEY/' signer.pem >renamed && "
                                "cat signer.pem signer.pem >twice"));
  static const char *const names[] = { "renamed", "twice" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) words = vectors_read (names[i]);
      refuse (authorities, words, INSIDE, "exactly one");
    }
}

static void
test_only_the_last_few (void)
{
  make_authority ("ca", UNTIL);
  g_autoptr (TillAuthorities) authorities = load_authorities ("ca.pem");
  GBytes *pems[FEW + 1];
  TillKey *keys[FEW + 1];
  for (int i = 0; i <= FEW; i++)
    {
      pems[i] = issue (SERIAL + i, "key.pem", "ca-key.pem");
      keys[i] = believe (authorities, pems[i], INSIDE);
    }
  /* The newest first, for the oldest is remembered anew in the place of another. */
  for (int i = FEW; i >= 0; i--)
    {
      g_autoptr (TillKey) again = believe (authorities, pems[i], INSIDE);
      g_assert_true ((again == keys[i]) == (i > 0));
      g_autofree char *serial = g_strdup_printf ("%d", SERIAL + i);
      g_assert_cmpstr (till_key_facts (again)->serial_decimal, ==, serial);
    }
  for (int i = 0; i <= FEW; i++)
    {
      till_key_free (keys[i]);
      g_bytes_unref (pems[i]);
    }
}

/* Each case in a folder of its own, whatever the one before left behind. */
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
#define ADD(name, test) g_test_add_data_func ("/remembered/" name, (gconstpointer)(test), run)
  ADD ("a-good-one-twice", test_a_good_one_twice);
  ADD ("the-clock-moves", test_the_clock_moves);
  ADD ("its-authority-expires", test_its_authority_expires);
  ADD ("the-authorities-change", test_the_authorities_change);
  ADD ("another-with-the-same-serial", test_another_with_the_same_serial);
  ADD ("the-same-bytes-in-other-words", test_the_same_bytes_in_other_words);
  ADD ("only-the-last-few", test_only_the_last_few);
  return g_test_run ();
}
