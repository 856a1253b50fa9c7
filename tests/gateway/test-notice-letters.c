/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters of real providers at the door: what WeChat Pay and UMPay send over a line, what they
 * hear, and what stays of it in the books. */
#include "devices/gateway/meta-page.h"
#include "tests/gateway/door-shop.h"
#include "tests/gateway/letter-maker.h"

#include <glib/gstdio.h>

#define V3_KEY "0123456789abcdef0123456789abcdef"

static EVP_PKEY *their_key, *stranger; /* owned */

static char *
post (const char *path, const char *head, const char *body)
{
  return g_strdup_printf ("POST %s HTTP/1.1\r\nHost: till\r\n%sContent-Length: %" G_GSIZE_FORMAT
                          "\r\n\r\n%s",
                          path, head, strlen (body), body);
}

/* The status and everything that is said. */
static int
ask (Shop *shop, const char *text, char **said)
{
  g_autoptr (GSocketConnection) line = call (shop);
  write_all (line, text);
  return hear (line, said);
}

/* --- WeChat Pay --- */

static char *
wechat_letter (Shop *shop, EVP_PKEY *key, const char *id, const char *number, int apart_s)
{
  g_autofree char *plain
      = g_strdup_printf ("{\"mchid\":\"1900000109\",\"out_refund_no\":\"%s\",\"refund_status\":"
                         "\"SUCCESS\",\"amount\":{\"total\":5000,\"refund\":1250}}",
                         number);
  g_autofree char *sealed = letter_seal (V3_KEY, "fdasflkja484", "refund", plain);
  g_autofree char *body = g_strdup_printf (
      "{\"id\":\"%s\",\"event_type\":\"REFUND.SUCCESS\",\"resource\":{\"algorithm\":"
      "\"AEAD_AES_256_GCM\",\"ciphertext\":\"%s\",\"associated_data\":\"refund\",\"nonce\":"
      "\"fdasflkja484\"}}",
      id, sealed);
  int64_t at = now_s (shop) + apart_s;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "\nq\n%s\n", at, body);
  g_autofree char *signature = letter_sign (key, EVP_sha256 (), text);
  g_autofree char *head = g_strdup_printf ("Wechatpay-Timestamp: %" G_GINT64_FORMAT
                                           "\r\nWechatpay-Nonce: q\r\nWechatpay-Serial: KEY1\r\n"
                                           "Wechatpay-Signature: %s\r\n",
                                           at, signature);
  return post ("/notices/wechat", head, body);
}

static void
test_wechat (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  g_autofree char *forged = wechat_letter (shop, stranger, "EV-1", "R1", 0);
  g_autofree char *old = wechat_letter (shop, their_key, "EV-1", "R1", -310);
  g_autofree char *elsewhere = wechat_letter (shop, their_key, "EV-1", "R1", 0);
  memcpy (strstr (elsewhere, "/wechat"), "/umpay ", 7);
  g_autofree char *good = wechat_letter (shop, their_key, "EV-1", "R1", 0);
  g_autofree char *again = wechat_letter (shop, their_key, "EV-1", "R1", -15);
  g_autofree char *no = NULL;
  g_autofree char *yes = NULL;
  g_assert_cmpint (ask (shop, forged, &no), ==, 400);
  g_assert_nonnull (strstr (no, "{\"code\":\"FAIL\""));
  g_assert_cmpint (send_raw (shop, old), ==, 400);
  g_assert_cmpint (send_raw (shop, elsewhere), ==, 400);
  assert_kept (shop, 0);
  g_assert_cmpint (ask (shop, good, &yes), ==, 204);
  g_assert_true (g_str_has_suffix (yes, "\r\n\r\n"));
  assert_kept (shop, 1);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 1);
  /* The same one sent anew, with another stamp, says nothing new. */
  g_assert_cmpint (send_raw (shop, again), ==, 204);
  assert_kept (shop, 1);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 1);
}

/* --- UMPay --- */

static char *
umpay_letter (EVP_PKEY *key, const char *fields)
{
  g_autofree char *signature = letter_sign (key, EVP_sha1 (), fields);
  g_autofree char *value = g_uri_escape_string (signature, NULL, FALSE);
  g_autofree char *body = g_strconcat (fields, "&sign=", value, "&sign_type=RSA", NULL);
  return post ("/notices/umpay", "Content-Type: application/x-www-form-urlencoded\r\n", body);
}

/* Whether what was said is a page whose META tag holds this and its signature with our key. */
static gboolean
says_signed (const char *said, const char *fields)
{
  const char *page = strstr (said, "\r\n\r\n") + 4;
  g_autoptr (GBytes) bytes = g_bytes_new (page, strlen (page));
  g_autofree char *content = till_meta_page_content (bytes, "MobilePayPlatform");
  g_auto (GStrv) parts = g_strsplit (content ? content : "", "&sign", -1);
  if (g_strv_length (parts) != 3)
    return FALSE;
  /* Between these two stands the signature, and behind it the rest by name. */
  const char *version = strstr (parts[2], "&version=");
  g_autofree char *text = g_strconcat (parts[0], version, NULL);
  g_autofree char *ours = letter_sign (their_key, EVP_sha1 (), text);
  return strcmp (text, fields) == 0 && strcmp (parts[1] + 1, ours) == 0;
}

static void
test_umpay (void)
{
#define NAMES "mer_date=20261122&mer_id=60000001&order_id=P1"
  g_autoptr (Shop) shop = shop_new (0);
  const char *refund = NAMES "&refund_amt=1&refund_no=R1&refund_state=REFUND_SUCCESS&version=4.0";
  const char *payment = NAMES "&service=pay_result_notify&trade_state=TRADE_SUCCESS&version=4.0";
  g_autofree char *forged = umpay_letter (stranger, refund);
  g_autofree char *good = umpay_letter (their_key, refund);
  g_autofree char *paid = umpay_letter (their_key, payment);
  g_autofree char *news
      = umpay_letter (their_key, "mer_id=60000001&service=bind_agreement_notify_shortcut");
  g_autofree char *no = NULL;
  g_autofree char *yes = NULL;
  g_autofree char *paid_yes = NULL;
  g_autofree char *news_yes = NULL;
  g_assert_cmpint (ask (shop, forged, &no), ==, 400);
  g_assert_null (strstr (no, "ret_code"));
  assert_kept (shop, 0);
  g_assert_cmpint (ask (shop, good, &yes), ==, 200);
  g_assert_true (says_signed (yes, "mer_id=60000001&ret_code=0000&ret_msg=success&version=4.0"));
  g_assert_nonnull (strstr (yes, "Content-Type: text/html"));
  assert_kept (shop, 1);
  g_assert_cmpint (ask (shop, paid, &paid_yes), ==, 200);
  g_assert_true (says_signed (paid_yes, NAMES "&ret_code=0000&ret_msg=success&version=4.0"));
  assert_kept (shop, 2);
  /* About nothing of ours: yes, and nothing is kept. */
  g_assert_cmpint (ask (shop, news, &news_yes), ==, 200);
  g_assert_true (
      says_signed (news_yes, "mer_id=60000001&ret_code=0000&ret_msg=success&version=4.0"));
  assert_kept (shop, 2);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 2);
#undef NAMES
}

static void
make_account (const char *provider, const char *more)
{
  static const char *const files[] = { "key.pem", "public.pem", "authorities.pem" };
  g_autofree char *dir = g_build_filename (top, "accounts", provider, NULL);
  g_autofree char *ini = g_build_filename (dir, "account.ini", NULL);
  g_autofree char *secret = g_build_filename (dir, "v3-key", NULL);
  g_autofree char *text = g_strdup_printf (
      "[account]\nprovider=%s\nbase_url=https://pay.example\nprivate_key=key.pem\n"
      "provider_key=public.pem\nca_file=authorities.pem\n%s",
      provider, more);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = vectors_path (files[i]);
      const char *copy[] = { "cp", "-p", from, dir, NULL };
      run_quietly (copy);
    }
  g_assert_true (g_file_set_contents_full (ini, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_true (
      g_file_set_contents_full (secret, V3_KEY "\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  top = g_dir_make_tmp ("till-letters-XXXXXX", NULL);
  g_autofree char *private = vectors_path ("stranger.pem");
  g_autofree char *public = vectors_path ("other.pem");
  g_assert_true (till_key_generate (private, public, NULL));
  their_key = letter_key ("key.pem");
  stranger = letter_key ("stranger.pem");
  make_account ("wechat", "provider_key_id=KEY1\nmerchant_no=1900000109\napp_id=wx1\nserial_no=5A\n"
                          "notice_secret_file=v3-key\n");
  make_account ("umpay", "merchant_no=60000001\n");
  g_test_add_func ("/notice-letters/wechat", test_wechat);
  g_test_add_func ("/notice-letters/umpay", test_umpay);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", top, NULL };
  run_quietly (remove);
  EVP_PKEY_free (their_key);
  EVP_PKEY_free (stranger);
  vectors_remove ();
  g_free (top);
  return result;
}
