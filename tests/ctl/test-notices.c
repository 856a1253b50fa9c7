/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices between two programs: tillctl run listens, and the practice provider tells it what became
 * of things and answers its questions. What is under way would be asked about in an hour; only a
 * notice makes that now. What no provider would send is written here. */
#include "devices/gateway/account.h"
#include "devices/gateway/http.h"
#include "tests/ctl/process.h"
#include "tests/gateway/practice-letter.h"

#include <signal.h>
#include <sqlite3.h>

#define UNDER_WAY "state = 'REQUESTED' OR state = 'UNKNOWN'"
#define PATIENCE (20 * G_USEC_PER_SEC)

static char *top, *shop; /* owned */
static TillShopFolder *folder;
static TillKey *their_key;
static guint16 port;

/* Behind the program's back; the first column of the first row as text, NULL without one. */
static char *
look (const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *rows;
  g_assert_cmpint (sqlite3_open (folder->ledger_path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &rows, NULL), ==, SQLITE_OK);
  char *text = sqlite3_step (rows) == SQLITE_ROW
                   ? g_strdup ((const char *)sqlite3_column_text (rows, 0))
                   : NULL;
  sqlite3_finalize (rows);
  sqlite3_close (db);
  return text;
}

static void
assert_look (const char *sql, const char *wanted)
{
  g_autofree char *found = look (sql);
  g_assert_cmpstr (found, ==, wanted);
}

/* Until the books say so, at most PATIENCE. */
static void
await (const char *sql, const char *wanted)
{
  int64_t until = g_get_monotonic_time () + PATIENCE;
  for (;;)
    {
      g_autofree char *found = look (sql);
      if (g_strcmp0 (found, wanted) == 0)
        return;
      if (g_get_monotonic_time () > until)
        g_error ("“%s” is “%s” and never became “%s”", sql, found, wanted);
      g_usleep (20000);
    }
}

/* Connects as soon as the other program listens; what is said of the letter. */
static int
send_letter (const char *body, const char *first)
{
  int64_t now = till_clock_now (folder->clock) / TILL_SECOND;
  g_autofree char *text = practice_letter (their_key, "/notices/sandbox", body, now, first);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) line = NULL;
  int64_t until = g_get_monotonic_time () + PATIENCE;
  while (!line)
    {
      g_autoptr (GError) error = NULL;
      line = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
      if (!line && g_get_monotonic_time () > until)
        g_error ("nobody listens on port %d: %s", port, error->message);
      if (!line)
        g_usleep (20000);
    }
  char said[1024] = "";
  GIOStream *stream = G_IO_STREAM (line);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                             NULL, NULL);
  g_input_stream_read_all (g_io_stream_get_input_stream (stream), said, sizeof said - 1, NULL, NULL,
                           NULL);
  return g_str_has_prefix (said, "HTTP/1.1 ") ? (int)g_ascii_strtoll (said + 9, NULL, 10) : 0;
}

static void
set_fault (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (till_sandbox_set_fault (folder, json, &error));
  g_assert_no_error (error);
}

/* The provider comes to an end with that number, and tells of it. */
static void
finish (const char *kind, const char *number)
{
  g_autofree char *account_dir = g_build_filename (folder->sandbox_dir, "account", NULL);
  g_autofree char *token_path = g_build_filename (folder->sandbox_dir, "control.token", NULL);
  g_autofree char *token = NULL;
  g_autoptr (TillAccount) account = till_account_load (account_dir, NULL);
  g_assert_true (g_file_get_contents (token_path, &token, NULL, NULL));
  g_autofree char *bearer = g_strconcat ("Bearer ", g_strstrip (token), NULL);
  g_autofree char *text = g_strdup_printf ("{\"kind\":\"%s\",\"request_no\":\"%s\"}", kind, number);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (TillRequest) request = till_request_new (account->base_url, "/control/finish", body);
  till_request_add_header (request, "Authorization", bearer);
  request->ca_file = g_strdup (account->ca_file);
  request->connect_ms = request->total_ms = 10000;
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillReply) reply = till_http_send (http, request);
  g_assert_cmpint (reply->status, ==, 200);
}

/* A refund that the provider works on, and that is due to be asked about in an hour. */
static void
make_refund (void)
{
  set_fault ("{\"kind\":\"notice\",\"fault\":\"never\"}");
  g_auto (TestSaid) sold = test_run (
      shop, "--json --as 2 --pin-fd 0 sell 6970000000048*1 --pay code=2.00:286012345678901234",
      "2222\n");
  g_assert_cmpstr (test_text (&sold, "sale.state"), ==, "PAID");
  set_fault ("{\"kind\":\"refund\",\"fault\":\"processing\",\"value\":99}");
  g_autofree char *words = g_strdup_printf ("--json --as 1 --pin-fd 0 return %s 1 --reason faulty",
                                            test_text (&sold, "sale.no"));
  g_auto (TestSaid) back = test_run (shop, words, "1111\n");
  g_assert_cmpint (back.code, ==, 0);
  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 0", "");
  g_assert_cmpint (ran.code, ==, 0);
  assert_look ("SELECT state FROM refund", "ACCEPTED");
  g_autofree char *put_off
      = look ("UPDATE refund SET next_action_at = next_action_at + 3600000000 RETURNING state");
  g_assert_cmpstr (put_off, ==, "ACCEPTED");
}

/* The same of a payment; the sale waits for it. */
static void
make_payment (void)
{
  set_fault ("{\"kind\":\"pay\",\"fault\":\"processing\",\"value\":99}");
  g_auto (TestSaid) sold = test_run (shop,
                                     "--json --as 2 --pin-fd 0 sell 6970000000048*1 --pay "
                                     "code=2.00:286012345678901235 --wait 0",
                                     "2222\n");
  g_assert_cmpstr (test_text (&sold, "sale.payments.0.state"), ==, "PLANNED");
  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 0", "");
  g_assert_cmpint (ran.code, ==, 0);
  g_autofree char *put_off = look ("UPDATE leg SET next_action_at = next_action_at + 3600000000 "
                                   "WHERE " UNDER_WAY " RETURNING state");
  g_test_message ("the payment is %s", put_off);
  g_assert_nonnull (put_off);
}

static void
stop_till (GSubprocess *till)
{
  g_autoptr (GError) error = NULL;
  g_subprocess_send_signal (till, SIGTERM);
  g_assert_true (g_subprocess_communicate_utf8 (till, "", NULL, NULL, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (till), ==, 0);
}

/* Of nobody's number: kept, told, and a manager says what it was. */
static void
settle_the_stray (void)
{
  g_auto (TestSaid) list = test_run (shop, "--json notice list", "");
  g_assert_true (g_str_has_prefix (test_text (&list, "notices.0.request_no"), "NOBODYS"));
  g_assert_cmpint (test_number (&list, "notices.0.amount"), >, 0);
  g_assert_cmpstr (test_text (&list, "notices.0.currency"), ==, "CNY");
  g_auto (TestSaid) verdict = test_run (shop, "--json verify", "");
  g_assert_cmpint (verdict.code, ==, 0);
  g_assert_cmpint (test_number (&verdict, "notices"), ==, 1);
  g_autofree char *settle
      = g_strdup_printf ("--json --as 3 --pin-fd 0 notice settle %d --because \"a trial\"",
                         (int)test_number (&list, "notices.0.id"));
  g_auto (TestSaid) cashier
      = test_run (shop, "--json --as 1 --pin-fd 0 notice settle 1 --because x", "1111\n");
  g_assert_cmpint (cashier.code, ==, 1);
  g_auto (TestSaid) settled = test_run (shop, settle, "3333\n");
  g_assert_cmpint (settled.code, ==, 0);
  g_auto (TestSaid) after = test_run (shop, "--json verify", "");
  g_assert_cmpint (after.code, ==, 0);
  g_assert_cmpint (test_number (&after, "notices"), ==, 0);
}

static void
test_refund (void)
{
  make_refund ();
  g_autofree char *number = look ("SELECT request_no FROM refund");
  g_autofree char *due = look ("SELECT next_action_at FROM refund");
  g_autofree char *known = g_strdup_printf (PRACTICE_NOTICE ("N1", "%s"), number);
  g_autoptr (GSubprocess) till = test_start (shop, "--json run");

  /* Forged by a stranger: nothing is kept and nothing is asked. */
  g_assert_cmpint (send_letter (known, "200"), ==, 400);
  assert_look ("SELECT count (*) FROM notice", "0");
  assert_look ("SELECT next_action_at FROM refund", due);

  /* The provider tells of a number that is not ours. */
  set_fault ("{\"kind\":\"notice\",\"fault\":\"unknown-number\"}");
  g_auto (TestSaid) sold = test_run (
      shop, "--json --as 2 --pin-fd 0 sell 6970000000048*1 --pay code=2.00:286012345678901236",
      "2222\n");
  g_assert_cmpstr (test_text (&sold, "sale.state"), ==, "PAID");
  await ("SELECT count (*) FROM notice WHERE known = 0", "1");
  assert_look ("SELECT next_action_at FROM refund", due);
  assert_look ("SELECT state FROM refund", "ACCEPTED");

  /* Of ours, and told twice: asked at once, and the answer decides. */
  set_fault ("{\"kind\":\"notice\",\"fault\":\"twice\"}");
  finish ("refund", number);
  await ("SELECT state FROM refund", "SUCCEEDED");
  await ("SELECT repeats FROM notice WHERE known = 1", "1");
  assert_look ("SELECT count (*) FROM notice", "2");
  stop_till (till);
  settle_the_stray ();
}

/* What the provider says badly at first it says again, and better. */
static void
test_payment (void)
{
  make_payment ();
  g_autofree char *number = look ("SELECT request_no FROM leg WHERE " UNDER_WAY);
  g_autofree char *paid = g_strdup_printf ("SELECT state FROM leg WHERE request_no = '%s'", number);
  g_autoptr (GSubprocess) till = test_start (shop, "--json run");
  set_fault ("{\"kind\":\"notice\",\"fault\":\"bad-signature\",\"value\":1}");
  finish ("pay", number);
  await (paid, "APPROVED");
  assert_look ("SELECT count (*) FROM notice WHERE known = 1", "2");
  stop_till (till);
}

/* A port that somebody else has: said, and the till does its work. */
static void
test_taken_port (void)
{
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_assert_true (g_socket_listener_add_address (other, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, NULL, NULL));
  g_auto (TestSaid) ran = test_run (shop, "run --until-idle --patience 0", "");
  g_assert_cmpint (ran.code, ==, 0);
  g_assert_nonnull (strstr (ran.err, "notices cannot come in by port"));
}

static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  port = free_port ();
  g_autofree char *init = g_strdup_printf (
      "--json init --demo --past 0 --set provider.codes= --set notices.port=%d", port);
  g_auto (TestSaid) made = test_run (shop, init, "");
  g_assert_cmpint (made.code, ==, 0);
  folder = till_shop_folder_at (shop, NULL);
  g_autofree char *key = g_build_filename (folder->sandbox_dir, "provider-key.pem", NULL);
  their_key = till_key_load_private (key, &error);
  g_assert_no_error (error);
  g_assert_true (till_sandbox_start (folder, &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/notices/refund-asked-at-once", test_refund);
  g_test_add_func ("/notices/payment-asked-at-once", test_payment);
  g_test_add_func ("/notices/taken-port", test_taken_port);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_key_free (their_key);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}
