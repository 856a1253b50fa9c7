/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and seals against what the openssl command made of the same keys and bytes, and
 * against published examples; and everything that must not pass for one. */
#include "data/core/digest.h"
#include "data/core/error.h"
#include "devices/gateway/sign.h"
#include "tests/gateway/vectors.h"

static TillKey *key;        /* owned; 2048 bits */
static TillKey *public_key; /* owned; its other half */

static TillKey *
load (TillKey *(*loader) (const char *, GError **), const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vectors_path (name);
  TillKey *loaded = loader (path, &error);
  g_assert_no_error (error);
  return loaded;
}

static void
test_openssl_agrees (void)
{
  g_autofree char *text = vectors_text ("message");
  g_autofree char *sha256 = vectors_text ("message.sha256");
  g_autofree char *sha1 = vectors_text ("message.sha1");
  g_autofree char *ours = till_key_sign (key, text, strlen (text));
  g_assert_cmpstr (ours, ==, sha256);
  g_autofree char *with = till_key_sign_with (key, TILL_HASH_SHA256, text, strlen (text));
  g_assert_cmpstr (with, ==, sha256);
  g_assert_true (till_key_verifies (public_key, text, strlen (text), sha256));
  g_assert_true (
      till_key_verifies_with (public_key, TILL_HASH_SHA256, text, strlen (text), sha256));

  g_autoptr (GError) error = NULL;
  if (!till_key_can_sign_with (key, TILL_HASH_SHA1, &error))
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_test_skip ("this system forbids signatures with SHA-1");
      return;
    }
  g_autofree char *old = till_key_sign_with (key, TILL_HASH_SHA1, text, strlen (text));
  g_assert_cmpstr (old, ==, sha1);
  g_assert_true (till_key_verifies_with (public_key, TILL_HASH_SHA1, text, strlen (text), sha1));
  /* A provider whose key is as old as its hash. */
  g_autofree char *old_sha1 = vectors_text ("message.old-sha1");
  g_autoptr (TillKey) old_key = load (till_key_load_old_public, "old-public.pem");
  g_assert_true (till_key_verifies_with (old_key, TILL_HASH_SHA1, text, strlen (text), old_sha1));
  g_assert_false (
      till_key_verifies_with (old_key, TILL_HASH_SHA256, text, strlen (text), old_sha1));
}

/* The right length, the right key, the other hash. */
static void
test_hashes_do_not_mix (void)
{
  g_autofree char *text = vectors_text ("message");
  g_autofree char *sha256 = vectors_text ("message.sha256");
  g_autofree char *sha1 = vectors_text ("message.sha1");
  g_assert_cmpuint (strlen (sha1), ==, strlen (sha256));
  g_assert_false (till_key_verifies (public_key, text, strlen (text), sha1));
  g_assert_false (till_key_verifies_with (public_key, TILL_HASH_SHA256, text, strlen (text), sha1));
  g_assert_false (till_key_verifies_with (public_key, TILL_HASH_SHA1, text, strlen (text), sha256));
}

/* UnionPay signs the small hexadecimal digits of a digest, and says by that which hash it means. */
static void
test_a_digest_is_signed_as_text (void)
{
  g_autofree char *hex = till_digest_hex ("txnAmt=1", 8);
  g_autofree char *signature = till_key_sign (key, hex, strlen (hex));
  g_assert_true (till_key_verifies (public_key, hex, strlen (hex), signature));
  g_assert_false (till_key_verifies (public_key, "txnAmt=1", 8, signature));
  g_autofree char *capitals = g_ascii_strup (hex, -1);
  g_assert_false (till_key_verifies (public_key, capitals, strlen (capitals), signature));
}

static void
test_wrong_signatures (void)
{
  g_autofree char *right = till_key_sign (key, "abc", 3);
  g_assert_true (till_key_verifies (key, "abc", 3, right));
  g_assert_true (till_key_verifies (public_key, "abc", 3, right));
  g_assert_false (till_key_verifies (public_key, "abd", 3, right));
  g_assert_false (till_key_verifies (public_key, "abc", 2, right));
  g_autofree char *longer = g_strconcat (right, "A", NULL);
  g_autofree char *spaced = g_strconcat (right, "\n", NULL);
  g_autofree char *doubled = g_strconcat (right, right, NULL);
  g_autofree char *half = g_strndup (right, strlen (right) / 2);
  g_autofree guint8 *zeros = g_malloc0 (256);
  g_autofree char *nothing = g_base64_encode (zeros, 256);
  g_autofree char *huge = g_strnfill (1000 * 1000, 'A');
  const char *const wrong[]
      = { NULL, "", "=", "????", "AAAA", longer, spaced, doubled, half, nothing, huge };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (till_key_verifies (public_key, "abc", 3, wrong[i]));
  /* Every single character counts. */
  for (gsize i = 0; i < strlen (right); i += 7)
    {
      g_autofree char *changed = g_strdup (right);
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      g_assert_false (till_key_verifies (public_key, "abc", 3, changed));
    }
}

static void
test_another_key_signed (void)
{
  g_autofree char *private_path = vectors_path ("other-key.pem");
  g_autofree char *public_path = vectors_path ("other-public.pem");
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  g_autoptr (TillKey) other = load (till_key_load_private, "other-key.pem");
  g_autofree char *signature = till_key_sign (other, "abc", 3);
  g_assert_true (till_key_verifies (other, "abc", 3, signature));
  g_assert_false (till_key_verifies (public_key, "abc", 3, signature));
}

/* RFC 4231, test cases 1, 2, 6 and 7. */
static void
test_hmac (void)
{
  guint8 eleven[20], hundred[131];
  memset (eleven, 0x0b, sizeof eleven);
  memset (hundred, 0xaa, sizeof hundred);
  static const char long_text[]
      = "This is a test using a larger than block-size key and a larger than block-size data. The "
        "key needs to be hashed before being used by the HMAC algorithm.";
  const struct
  {
    const void *key;
    gsize key_size;
    const char *text;
    const char *mac;
  } rows[] = {
    { eleven, sizeof eleven, "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "Jefe", 4, "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { hundred, sizeof hundred, "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { hundred, sizeof hundred, long_text,
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    /* No key and no text: hmac.new (b"", b"", "sha256") in Python. */
    { NULL, 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *mac = till_hmac_sha256_hex (rows[i].key, rows[i].key_size, rows[i].text,
                                                   strlen (rows[i].text));
      g_assert_cmpstr (mac, ==, rows[i].mac);
    }
  g_autofree char *none = till_hmac_sha256_hex (NULL, 0, NULL, 0);
  g_assert_cmpstr (none, ==, rows[4].mac);
}

static void
test_same_texts (void)
{
  static const struct
  {
    const char *a, *b;
    gboolean same;
  } rows[] = {
    { "", "", TRUE },         { "abc", "abc", TRUE },  { "退款", "退款", TRUE },
    { "abc", "abd", FALSE },  { "abc", "xbc", FALSE }, { "abc", "ab", FALSE },
    { "abc", "abcd", FALSE }, { "abc", "ABC", FALSE }, { "", "a", FALSE },
    { NULL, "abc", FALSE },   { "abc", NULL, FALSE },  { NULL, NULL, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (till_text_is_same (rows[i].a, rows[i].b), ==, rows[i].same);
}

/* Made by another program and opened by two SDKs of the provider's. */
static const guint8 gcm_key[TILL_GCM_KEY_SIZE + 1] = "0123456789abcdef0123456789abcdef";
static const char gcm_nonce[] = "fdasflkja484";
static const char gcm_sealed[] = "DUcclrHBFYRYbVgf252J0g14r1jy3c3SWVVefHAava65fgIIwJp7WOisRODh/"
                                 "cUZF0Sc8JK4wNpLHZ7Y4H4Gg5s=";
static const char gcm_text[] = "{\"out_refund_no\":\"R1\",\"refund_status\":\"ABNORMAL\"}";

static void
test_gcm_both_ways (void)
{
  gsize size;
  g_autofree guint8 *sealed = g_base64_decode (gcm_sealed, &size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = till_gcm_open (gcm_key, gcm_nonce, "refund", sealed, size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), gcm_text,
                   sizeof gcm_text - 1);
  g_autoptr (GBytes) again
      = till_gcm_seal (gcm_key, gcm_nonce, "refund", gcm_text, sizeof gcm_text - 1);
  g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again), sealed, size);

  /* Nothing along, nothing inside: a tag is left, and it still counts. No aad is an empty one. */
  g_autoptr (GBytes) empty = till_gcm_seal (gcm_key, gcm_nonce, NULL, "", 0);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, TILL_GCM_TAG_SIZE);
  const guint8 *tag = g_bytes_get_data (empty, NULL);
  g_autoptr (GBytes) opened = till_gcm_open (gcm_key, gcm_nonce, "", tag, TILL_GCM_TAG_SIZE, NULL);
  g_assert_cmpuint (g_bytes_get_size (opened), ==, 0);
  g_assert_null (till_gcm_open (gcm_key, gcm_nonce, "x", tag, TILL_GCM_TAG_SIZE, NULL));

  g_autofree guint8 *much = g_malloc0 (TILL_GCM_SIZE_MAX + 1);
  gsize most = TILL_GCM_SIZE_MAX - TILL_GCM_TAG_SIZE;
  g_autoptr (GBytes) large = till_gcm_seal (gcm_key, gcm_nonce, "refund", much, most);
  g_autoptr (GBytes) back = till_gcm_open (
      gcm_key, gcm_nonce, "refund", g_bytes_get_data (large, NULL), g_bytes_get_size (large), NULL);
  g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), much, most);
}

static void
assert_stays_shut (const guint8 *with, const char *nonce, const char *aad, const void *data,
                   gsize size)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (till_gcm_open (with, nonce, aad, data, size, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_gcm_stays_shut (void)
{
  gsize size;
  g_autofree guint8 *sealed = g_base64_decode (gcm_sealed, &size);
  static const guint8 other_key[] = "0123456789abcdef0123456789abcdeg";
  assert_stays_shut (other_key, gcm_nonce, "refund", sealed, size);
  assert_stays_shut (gcm_key, gcm_nonce, "refunds", sealed, size);
  assert_stays_shut (gcm_key, gcm_nonce, "", sealed, size);
  assert_stays_shut (gcm_key, gcm_nonce, NULL, sealed, size);
  static const char *const nonces[] = { NULL, "", "fdasflkja48", "fdasflkja4844", "fdasflkja485" };
  for (gsize i = 0; i < G_N_ELEMENTS (nonces); i++)
    assert_stays_shut (gcm_key, nonces[i], "refund", sealed, size);
  /* Cut anywhere, and any one bit turned, in the text or in the tag. */
  for (gsize length = 0; length < size; length++)
    assert_stays_shut (gcm_key, gcm_nonce, "refund", sealed, length);
  for (gsize i = 0; i < size; i++)
    {
      sealed[i] ^= (guint8)(1u << (i % 8));
      assert_stays_shut (gcm_key, gcm_nonce, "refund", sealed, size);
      sealed[i] ^= (guint8)(1u << (i % 8));
    }
  g_autofree guint8 *much = g_malloc0 (TILL_GCM_SIZE_MAX + 1);
  assert_stays_shut (gcm_key, gcm_nonce, "refund", much, TILL_GCM_SIZE_MAX + 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  key = load (till_key_load_private, "key.pem");
  public_key = load (till_key_load_public, "public.pem");
  g_test_add_func ("/sign/openssl-agrees", test_openssl_agrees);
  g_test_add_func ("/sign/hashes-do-not-mix", test_hashes_do_not_mix);
  g_test_add_func ("/sign/a-digest-is-signed-as-text", test_a_digest_is_signed_as_text);
  g_test_add_func ("/sign/wrong-signatures", test_wrong_signatures);
  g_test_add_func ("/sign/another-key-signed", test_another_key_signed);
  g_test_add_func ("/sign/hmac", test_hmac);
  g_test_add_func ("/sign/same-texts", test_same_texts);
  g_test_add_func ("/sign/gcm-both-ways", test_gcm_both_ways);
  g_test_add_func ("/sign/gcm-stays-shut", test_gcm_stays_shut);
  int result = g_test_run ();
  till_key_free (key);
  till_key_free (public_key);
  vectors_remove ();
  return result;
}
