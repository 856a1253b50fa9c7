/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door for notices, over real lines: what gets in, what does not, and what stays of it in the
 * books. The letters are signed with the practice provider's own key, which its folder holds. */
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/desk/noticing.h"
#include "devices/gateway/letter.h"
#include "devices/gateway/notice-door.h"
#include "tests/gateway/door-shop.h"
#include "tests/gateway/practice-letter.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static TillKey *their_key; /* owned */

/* What is said of a letter. */
static int
send_letter (Shop *shop, const char *path, const char *body, int64_t at, const char *first)
{
  g_autofree char *text = practice_letter (their_key, path, body, at, first);
  return send_raw (shop, text);
}

#define BODY PRACTICE_NOTICE

static int
send_good (Shop *shop, const char *body)
{
  return send_letter (shop, "/notices/sandbox", body, now_s (shop), "NOTICE");
}

/* --- stories --- */

static void
test_believed (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  g_assert_cmpint (send_good (shop, BODY ("N1", "R1")), ==, 200);
  assert_kept (shop, 1);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 1);
  g_assert_cmpint (send_good (shop, BODY ("N1", "R1")), ==, 200);
  assert_kept (shop, 1);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 1);
  g_assert_cmpint (send_good (shop, BODY ("N2", "R2")), ==, 200);
  assert_kept (shop, 2);
  /* Believed, but about nothing of ours: yes, and nothing is kept. */
  g_assert_cmpint (send_good (shop, "{\"merchant_no\":\"M100001\",\"notice_no\":\"N3\","
                                    "\"about\":\"news\"}"),
                   ==, 200);
  assert_kept (shop, 2);
}

static void
test_not_believed (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  const char *good = BODY ("N1", "R1");
  int64_t now = now_s (shop);
  const char *path = "/notices/sandbox";
  /* An answer's signature is none of a notice, and one of yesterday is a replay. */
  g_assert_cmpint (send_letter (shop, path, good, now, "200"), ==, 400);
  g_assert_cmpint (send_letter (shop, path, good, now - 24 * 3600, "NOTICE"), ==, 400);
  g_assert_cmpint (send_letter (shop, path, good, now - 310, "NOTICE"), ==, 400);
  g_assert_cmpint (send_letter (shop, path, good, now + 310, "NOTICE"), ==, 400);
  static const char *const bodies[] = {
    "",
    "no object",
    "{\"merchant_no\":\"OTHER\",\"notice_no\":\"N\",\"about\":\"refund\",\"request_no\":\"R\"}",
    "{\"merchant_no\":\"M100001\",\"about\":\"refund\",\"request_no\":\"R1\"}",
    "{\"merchant_no\":\"M100001\",\"notice_no\":\"N\",\"about\":\"refund\"}",
    "{\"merchant_no\":\"M100001\",\"notice_no\":\"N\",\"about\":\"refund\",\"request_no\":\"R\","
    "\"amount\":12.5}",
    "{\"merchant_no\":\"M100001\",\"notice_no\":\"N\",\"about\":\"refund\",\"request_no\":\"R\","
    "\"amount\":1250,\"currency\":\"USD\"}",
    BODY ("N1", "with blank"),
    BODY ("N1", "编号"),
    BODY ("N1", "12345678901234567890123456789012345678901234567890123456789012345"),
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_assert_cmpint (send_good (shop, bodies[i]), ==, 400);
  g_assert_cmpint (send_raw (shop, "POST /notices/sandbox HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                   "Origin: null\r\nContent-Length: 2\r\n\r\n{}"),
                   ==, 400);
  g_autofree char *changed = practice_letter (their_key, path, good, now, "NOTICE");
  strstr (changed, "\"R1\"")[1] = 'Q';
  g_assert_cmpint (send_raw (shop, changed), ==, 400);
  assert_kept (shop, 0);
  g_assert_cmpint (g_atomic_int_get (&shop->heard), ==, 0);
}

static void
test_nobody_there (void)
{
  static const struct
  {
    const char *head;
    int status;
  } rows[] = {
    { "GET /notices/sandbox HTTP/1.1\r\nHost: t\r\n\r\n", 405 },
    { "PUT /notices/sandbox HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 405 },
    { "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
    { "POST /notices HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
    { "POST /notices/ HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
    { "POST /notices/nobody HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
    { "POST /notices/sandbox/more HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
    /* It has a codec, and this shop no account there. */
    { "POST /notices/stripe HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 404 },
  };
  g_autoptr (Shop) shop = shop_new (0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (send_raw (shop, rows[i].head), ==, rows[i].status);
  g_assert_cmpint (send_letter (shop, "/notices/nobody", BODY ("N1", "R1"), now_s (shop), "NOTICE"),
                   ==, 404);
  assert_kept (shop, 0);
}

/* It says no before the body is there: the body is never sent. */
static void
test_ceilings (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  g_autofree char *too_large
      = g_strdup_printf ("POST /notices/sandbox HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n",
                         TILL_LETTER_BODY_MAX + 1);
  g_assert_cmpint (send_raw (shop, too_large), ==, 413);
  g_assert_cmpint (send_raw (shop, "POST /notices/sandbox HTTP/1.1\r\nHost: t\r\n"
                                   "Transfer-Encoding: chunked\r\n\r\n"),
                   ==, 411);
  g_autofree char *filler = g_strnfill (TILL_LETTER_HEAD_MAX, 'x');
  g_autofree char *long_head = g_strdup_printf ("POST /notices/sandbox HTTP/1.1\r\nHost: t\r\n"
                                                "Content-Length: 2\r\nX: %s\r\n\r\n{}",
                                                filler);
  g_assert_cmpint (send_raw (shop, long_head), ==, 431);
  /* A head that never ends is not read for ever. */
  g_autofree char *endless = g_strnfill (1024 * 1024, 'x');
  g_autofree char *never = g_strdup_printf ("POST / HTTP/1.1\r\nX: %s", endless);
  g_assert_cmpint (send_raw (shop, never), !=, 200);
  /* Just within: it is read, and not believed. */
  g_autofree char *most = g_strnfill (TILL_LETTER_BODY_MAX, 'x');
  g_assert_cmpint (send_good (shop, most), ==, 400);
  assert_kept (shop, 0);
}

static void
test_lines_are_counted (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; i < TILL_NOTICE_LINES_MAX; i++)
    g_ptr_array_add (lines, call (shop));
  g_autoptr (GSocketConnection) more = call (shop);
  g_assert_cmpint (hear (more, NULL), ==, 0);
  /* One goes, one comes. */
  write_all (g_ptr_array_index (lines, 0), "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  g_assert_cmpint (hear (g_ptr_array_index (lines, 0), NULL), ==, 405);
  g_ptr_array_remove_index (lines, 0);
  g_assert_cmpint (send_good (shop, BODY ("N1", "R1")), ==, 200);
}

/* Whoever says nothing, or is slow to say it, is hung up on. */
static void
test_slow_line (void)
{
  g_autoptr (Shop) shop = shop_new (50);
  g_autoptr (GSocketConnection) silent = call (shop);
  g_assert_cmpint (hear (silent, NULL), ==, 0);
  g_autoptr (GSocketConnection) slow = call (shop);
  write_all (slow, "POST /notices/sandbox HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n{");
  g_assert_cmpint (hear (slow, NULL), !=, 200);
  assert_kept (shop, 0);
}

static void
test_taken_port (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  g_autoptr (GError) error = NULL;
  TillNoticeDoorSetup setup = setup_of (shop, till_notice_door_port (shop->door), 0);
  g_assert_null (till_notice_door_open (&setup, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
}

/* The provider is told no, and comes again when there is room. */
static void
test_full (void)
{
  g_autoptr (Shop) shop = shop_new (0);
  for (int i = 0; i < TILL_NOTICE_STRAYS_MAX; i++)
    {
      g_autofree char *number = g_strdup_printf ("S%d", i);
      g_autofree char *digest = till_digest_hex (number, strlen (number));
      const TillNotice notice = { .is_refund = TRUE, .request_no = number, .words = (char *)"" };
      TillNoticed noticed;
      g_assert_true (
          till_noticing_receive (shop->ledger, "sandbox", &notice, digest, &noticed, NULL));
    }
  g_assert_cmpint (send_good (shop, BODY ("N1", "R1")), ==, 400);
  assert_kept (shop, TILL_NOTICE_STRAYS_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  top = g_dir_make_tmp ("till-door-init-XXXXXX", NULL);
  g_autofree char *exe
      = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app/sandbox/till-sandbox", NULL);
  g_autofree char *practice = g_build_filename (top, "practice", NULL);
  g_autofree char *accounts = g_build_filename (top, "accounts", NULL);
  g_autofree char *account = g_build_filename (practice, "account", NULL);
  g_autofree char *key = g_build_filename (practice, "provider-key.pem", NULL);
  const char *init[] = { exe, "--init", practice, NULL };
  const char *copy[] = { "cp", "-a", account, accounts, NULL };
  run_quietly (init);
  g_assert_cmpint (g_mkdir (accounts, 0700), ==, 0);
  run_quietly (copy);
  their_key = till_key_load_private (key, NULL);
  g_assert_nonnull (their_key);
  g_test_add_func ("/notice-door/not-believed", test_not_believed);
  g_test_add_func ("/notice-door/nobody-there", test_nobody_there);
  g_test_add_func ("/notice-door/ceilings", test_ceilings);
  g_test_add_func ("/notice-door/believed", test_believed);
  g_test_add_func ("/notice-door/lines-are-counted", test_lines_are_counted);
  g_test_add_func ("/notice-door/slow-line", test_slow_line);
  g_test_add_func ("/notice-door/taken-port", test_taken_port);
  g_test_add_func ("/notice-door/full", test_full);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", top, NULL };
  run_quietly (remove);
  till_key_free (their_key);
  g_free (top);
  return result;
}
