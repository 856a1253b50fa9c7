/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-sandbox tells of its own accord: a real process, a receiver that says what the test wants,
 * and between them real lines. What a notice says is another test's (notice-manners); here it is
 * whether one comes, where, how often, and when it is over. */
#include "tests/gateway/notice-shop.h"

static void
test_wrong_options (void)
{
  static const char *const wrong[]
      = { "https://127.0.0.1:1/notices/", "http://example.com/", "http://localhost:1/", "here" };
  g_autoptr (Shop) shop = shop_new (NULL);
  g_autofree char *exe = program ();
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *argv[] = { exe, "--state", shop->dir, "--notices", wrong[i], NULL };
      g_autoptr (GSubprocess) process
          = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 2);
    }
}

static void
test_wrong_control (void)
{
  g_autoptr (Shop) shop = shop_new ("1");
  control (shop, "/control/fault", "{\"kind\":\"notice\",\"fault\":\"sooner\"}", 400);
  control (shop, "/control/fault", "{\"kind\":\"notice\",\"fault\":\"late\"}", 400);
  control (shop, "/control/fault", "{\"kind\":\"notice\",\"fault\":\"twice\",\"times\":\"1\"}",
           400);
  control (shop, "/control/finish", "{\"kind\":\"refund\"}", 400);
  control (shop, "/control/finish", "{\"kind\":\"refund\",\"request_no\":\"R1\"}", 400);
  control (shop, "/control/finish", "[]", 400);
  control (shop, "/control/terminal-sale", "{}", 400);
  control (shop, "/control/terminal-sale", "{\"amount\":0}", 400);
  control (shop, "/control/terminal-sale", "{\"amount\":8900}", 200);
  control (shop, "/control/terminal-sale", "{\"amount\":8900}", 200); /* another customer */
}

static void
test_told (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  pay (shop, "PAY1");
  expect_notice (shop, "payment", "PAY1", "SUCCESS");
  await_state (shop, 0, "told", 1);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_REFUND, "R1"), ==, TILL_OUTCOME_DONE);
  expect_notice (shop, "refund", "R1", "SUCCESS");
  await_state (shop, 1, "told", 1);
  /* A repeat of the request is no news, and neither is a question. */
  ask (shop, shop->account, TILL_ERRAND_REFUND, "R1");
  ask (shop, shop->account, TILL_ERRAND_QUERY_REFUND, "R1");
  expect_none (shop);
}

/* Nobody asks, and it ends all the same. */
static void
test_finished (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  pay (shop, "PAY1");
  expect_notice (shop, "payment", "PAY1", "SUCCESS");
  set_fault (shop, "{\"kind\":\"refund\",\"fault\":\"processing\",\"value\":9}");
  set_fault (shop,
             "{\"kind\":\"refund\",\"fault\":\"processing\",\"value\":9,\"text\":\"CLOSED\"}");
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_REFUND, "R1"), ==, TILL_OUTCOME_ACCEPTED);
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_REFUND, "R2"), ==, TILL_OUTCOME_ACCEPTED);
  expect_none (shop);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  control (shop, "/control/finish", "{\"kind\":\"refund\",\"request_no\":\"R1\"}", 200);
  expect_notice (shop, "refund", "R1", "SUCCESS");
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  control (shop, "/control/finish", "{\"kind\":\"refund\",\"request_no\":\"R2\"}", 200);
  expect_notice (shop, "refund", "R2", "REFUSED");
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_QUERY_REFUND, "R1"), ==,
                   TILL_OUTCOME_DONE);
}

/* No, a line that ends, a yes that is none, somewhere else: again, and always as the same one. */
static void
test_comes_again (void)
{
  static const char *const answers[]
      = { RECEIVER_NO, RECEIVER_HANGS_UP,
          "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"code\":\"NO\"}",
          "HTTP/1.1 302 Found\r\nLocation: /notices/elsewhere\r\nContent-Length: 13\r\n"
          "Connection: close\r\n\r\n{\"code\":\"OK\"}",
          RECEIVER_YES };
  g_autoptr (Shop) shop = shop_new ("1000000");
  g_autofree char *first_no = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    notice_receiver_lay (shop->receiver, answers[i]);
  pay (shop, "PAY1");
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *notice = next (shop);
      g_autoptr (json_t) object = object_of (notice);
      g_assert_true (g_str_has_prefix (notice, "POST /notices/sandbox HTTP/1.1\r\n"));
      g_assert_true (is_signed (shop, notice));
      if (!first_no)
        first_no = g_strdup (till_json_text (object, "notice_no"));
      g_assert_cmpstr (till_json_text (object, "notice_no"), ==, first_no);
    }
  await_state (shop, 0, "told", G_N_ELEMENTS (answers));
  expect_none (shop);
}

static void
test_gives_up (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  /* More than is read is no yes either. */
  g_autofree char *filler = g_strnfill (64 * 1024, ' ');
  g_autofree char *endless
      = g_strconcat ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"code\":\"OK\"}", filler, NULL);
  notice_receiver_lay (shop->receiver, endless);
  pay (shop, "PAY1");
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *notice = next (shop);
    }
  await_state (shop, 0, "given-up", 6);
  expect_none (shop);
}

/* Killed between a no and the next try: a restart goes on, and counts on. */
static void
test_restart (void)
{
  g_autoptr (Shop) shop = shop_new ("4");
  notice_receiver_lay (shop->receiver, RECEIVER_NO);
  pay (shop, "PAY1");
  g_autofree char *first = next (shop);
  shop_kill (shop);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  shop_start (shop, "4");
  g_autofree char *second = next (shop);
  g_autoptr (json_t) before = object_of (first);
  g_autoptr (json_t) after = object_of (second);
  g_assert_cmpstr (till_json_text (before, "notice_no"), ==, till_json_text (after, "notice_no"));
  g_assert_true (is_signed (shop, second));
  await_state (shop, 0, "told", 2);
  shop_kill (shop);
  shop_start (shop, "4");
  await_state (shop, 0, "told", 2);
  expect_none (shop);
}

/* Who says nothing holds up nobody. */
static void
test_silent_receiver (void)
{
  g_autoptr (Shop) shop = shop_new ("1");
  for (int i = 0; i < 2; i++)
    notice_receiver_lay (shop->receiver, RECEIVER_SILENT);
  pay (shop, "PAY1");
  g_autofree char *notice = next (shop);
  int64_t before = g_get_monotonic_time ();
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_QUERY_PAY, "PAY1"), ==, TILL_OUTCOME_DONE);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 8 * G_USEC_PER_SEC);
  await_state (shop, 0, "due", 1);
  pay (shop, "PAY2");
  g_autofree char *other = next (shop);
}

/* Told to end while somebody listens and says nothing: it ends, and goes on when it is back. */
static void
test_ends_on_the_way (void)
{
  g_autoptr (Shop) shop = shop_new ("4");
  notice_receiver_lay (shop->receiver, RECEIVER_SILENT);
  pay (shop, "PAY1");
  g_autofree char *first = next (shop);
  int64_t before = g_get_monotonic_time ();
  g_subprocess_send_signal (shop->process, SIGTERM);
  g_assert_true (g_subprocess_wait (shop->process, NULL, NULL));
  g_assert_cmpint (g_get_monotonic_time () - before, <, 8 * G_USEC_PER_SEC);
  g_assert_true (g_subprocess_get_if_exited (shop->process));
#ifndef __SANITIZE_ADDRESS__
  /* After TLS the sanitizer's own search for leaks breaks off, and says so by this. */
  g_assert_cmpint (g_subprocess_get_exit_status (shop->process), ==, 0);
#endif
  g_clear_object (&shop->process);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  shop_start (shop, "4");
  g_autofree char *second = next (shop);
  await_state (shop, 0, "told", 2);
}

static void
test_faults (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"never\"}");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"twice\"}");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"unknown-number\"}");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"other-provider\"}");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"bad-signature\",\"value\":1}");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"late\",\"value\":300}");
  pay (shop, "PAY1");
  await_state (shop, 0, "unsent", 0);

  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  pay (shop, "PAY2");
  expect_notice (shop, "payment", "PAY2", "SUCCESS");
  expect_notice (shop, "payment", "PAY2", "SUCCESS");
  await_state (shop, 1, "told", 2);

  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  pay (shop, "PAY3");
  expect_notice (shop, "payment", "NOBODYS000000003", "SUCCESS");

  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  notice_receiver_lay (shop->receiver,
                       "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nsuccess");
  pay (shop, "PAY4");
  g_autofree char *other = next (shop);
  g_assert_true (g_str_has_prefix (other, "POST /notices/sandbox HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (other, "notify_type=trade_status_sync"));
  /* The yes is this provider's own, whatever was sent. */
  await_state (shop, 3, "told", 1);
}

static void
test_forged_then_right (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"bad-signature\",\"value\":1}");
  notice_receiver_lay (shop->receiver, RECEIVER_NO);
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  pay (shop, "PAY1");
  g_autofree char *forged = next (shop);
  g_autofree char *right = next (shop);
  g_assert_false (is_signed (shop, forged));
  g_assert_true (is_signed (shop, right));
  await_state (shop, 0, "told", 2);
}

static gpointer
pay_later (gpointer data)
{
  Shop *shop = data;
  g_autoptr (TillHttp) http = till_http_new ();
  TillErrand errand = { .kind = TILL_ERRAND_PAY,
                        .provider = (char *)"sandbox",
                        .request_no = (char *)"PAY1",
                        .amount = 1000,
                        .auth = (char *)"281234567890123456",
                        .requested_at = INT64_C (1795320000000000) };
  g_autoptr (TillRequest) request = till_codec_find ("sandbox")->build (&errand, shop->account);
  request->total_ms = 60000;
  g_autoptr (TillReply) answer = till_http_send (http, request);
  return GINT_TO_POINTER (answer->status);
}

/* The notice of a payment is there while the answer to it is still to come. */
static void
test_before_the_answer (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  set_fault (shop, "{\"kind\":\"notice\",\"fault\":\"early\",\"value\":1500}");
  notice_receiver_lay (shop->receiver, RECEIVER_YES);
  int64_t before = g_get_monotonic_time ();
  GThread *payer = g_thread_new ("payer", pay_later, shop);
  expect_notice (shop, "payment", "PAY1", "SUCCESS");
  int64_t told = g_get_monotonic_time ();
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (payer)), ==, 200);
  int64_t answered = g_get_monotonic_time ();
  g_assert_cmpint (answered - before, >=, 1500 * 1000);
  g_assert_cmpint (told, <, answered);
}

/* Shengpay's account, after its address for notices has been set to the receiver's. */
static TillAccount *
account_that_names (Shop *shop, NoticeReceiver *receiver)
{
  g_autofree char *ini = g_build_filename (shop->dir, "accounts", "shengpay", "account.ini", NULL);
  g_autofree char *url
      = g_strdup_printf ("http://127.0.0.1:%d/here", notice_receiver_port (receiver));
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_assert_true (g_key_file_load_from_file (file, ini, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (file, "account", "notify_url", url);
  g_key_file_set_string (file, "account", "notice_url", url);
  g_assert_true (g_key_file_save_to_file (file, ini, NULL));
  g_assert_cmpint (g_chmod (ini, 0600), ==, 0);
  return load_account (shop, "accounts/shengpay");
}

static void
expect_at (NoticeReceiver *receiver, const char *number)
{
  g_autofree char *notice = notice_receiver_next (receiver, PATIENCE_MS);
  g_autofree char *member = g_strdup_printf ("\"outTradeNo\":\"%s\"", number);
  g_assert_nonnull (notice);
  g_assert_true (g_str_has_prefix (notice, "POST /here HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (notice, member));
}

/* Where a request says so itself; a place of the world is never gone to. */
static void
test_named_address (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  g_autoptr (NoticeReceiver) other = notice_receiver_new ();
  g_autoptr (TillAccount) far_account = load_account (shop, "accounts/shengpay");
  notice_receiver_lay (shop->receiver,
                       "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nSUCCESS");
  g_assert_cmpint (ask (shop, far_account, TILL_ERRAND_PAY, "PAY1"), ==, TILL_OUTCOME_ACCEPTED);
  g_autofree char *at_base = next (shop);
  g_assert_true (g_str_has_prefix (at_base, "POST /notices/shengpay HTTP/1.1\r\n"));
  await_state (shop, 0, "told", 1);
  g_autoptr (TillAccount) near_account = account_that_names (shop, other);
  g_assert_cmpint (ask (shop, near_account, TILL_ERRAND_PAY, "PAY2"), ==, TILL_OUTCOME_ACCEPTED);
  expect_at (other, "PAY2");
}

/* The address is in the provider's book: what ends after a restart is told there. */
static void
test_named_before_restart (void)
{
  g_autoptr (Shop) shop = shop_new ("1000000");
  g_autoptr (NoticeReceiver) other = notice_receiver_new ();
  g_autoptr (TillAccount) account = account_that_names (shop, other);
  set_fault (shop, "{\"kind\":\"pay\",\"fault\":\"processing\",\"value\":9}");
  ask (shop, account, TILL_ERRAND_PAY, "PAY1");
  shop_kill (shop);
  shop_start (shop, "1000000");
  control (shop, "/control/finish", "{\"kind\":\"pay\",\"request_no\":\"PAY1\"}", 200);
  expect_at (other, "PAY1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* Whoever asks a proxy for the way to this machine does not arrive. */
  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  g_unsetenv ("no_proxy");
  till_http_init ();
  g_autofree char *top = g_dir_make_tmp ("till-sandbox-init-XXXXXX", NULL);
  g_autofree char *exe = program ();
  template_dir = g_build_filename (top, "practice", NULL);
  const char *init[] = { exe, "--init", template_dir, NULL };
  run_quietly (init);
  g_test_add_func ("/sandbox-notices/wrong-options", test_wrong_options);
  g_test_add_func ("/sandbox-notices/wrong-control", test_wrong_control);
  g_test_add_func ("/sandbox-notices/told", test_told);
  g_test_add_func ("/sandbox-notices/finished", test_finished);
  g_test_add_func ("/sandbox-notices/comes-again", test_comes_again);
  g_test_add_func ("/sandbox-notices/gives-up", test_gives_up);
  g_test_add_func ("/sandbox-notices/restart", test_restart);
  g_test_add_func ("/sandbox-notices/silent-receiver", test_silent_receiver);
  g_test_add_func ("/sandbox-notices/ends-on-the-way", test_ends_on_the_way);
  g_test_add_func ("/sandbox-notices/faults", test_faults);
  g_test_add_func ("/sandbox-notices/forged-then-right", test_forged_then_right);
  g_test_add_func ("/sandbox-notices/before-the-answer", test_before_the_answer);
  g_test_add_func ("/sandbox-notices/named-address", test_named_address);
  g_test_add_func ("/sandbox-notices/named-before-restart", test_named_before_restart);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", top, NULL };
  run_quietly (remove);
  g_free (template_dir);
  return result;
}
