/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTPS against a real TLS server that misbehaves on purpose. What matters each time: how many
 * requests the far end has read, and whether we say surely not sent or maybe sent. */
#include "devices/gateway/http.h"
#include "devices/gateway/sign.h"
#include "tests/gateway/scripted-server.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *dir;         /* owned; of this run */
static char *keylog_path; /* owned */

static char *
at (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static void
make_server_cert (const char *authority, const char *name, const char *names, int64_t from,
                  int64_t until)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ca = g_strdup_printf ("%s/%s.pem", dir, authority);
  g_autofree char *ca_key = g_strdup_printf ("%s/%s-key.pem", dir, authority);
  g_autofree char *cert = g_strdup_printf ("%s/%s.pem", dir, name);
  g_autofree char *key = g_strdup_printf ("%s/%s-key.pem", dir, name);
  till_certificate_make_server (ca, ca_key, names, cert, key, (TillValidity){ from, until },
                                &error);
  g_assert_no_error (error);
}

static void
make_authority (const char *name)
{
  g_autoptr (GError) error = NULL;
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *cert = g_strdup_printf ("%s/%s.pem", dir, name);
  g_autofree char *key = g_strdup_printf ("%s/%s-key.pem", dir, name);
  till_certificate_make_authority (cert, key, (TillValidity){ now - 999999, now + 999999 }, &error);
  g_assert_no_error (error);
}

static void
make_certificates (void)
{
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  make_authority ("ca");
  make_authority ("stranger");
  make_server_cert ("ca", "good", "DNS:localhost,IP:127.0.0.1", now - 1000, now + 10000);
  make_server_cert ("ca", "expired", "IP:127.0.0.1", now - 2000, now - 1000);
  make_server_cert ("ca", "early", "IP:127.0.0.1", now + 1000, now + 2000);
  make_server_cert ("ca", "elsewhere", "DNS:pay.example.com", now - 1000, now + 10000);
  make_server_cert ("stranger", "strange", "IP:127.0.0.1", now - 1000, now + 10000);
}

static ScriptedServer *
start (const char *name, ScriptedTurn turn)
{
  g_autofree char *cert = g_strdup_printf ("%s/%s.pem", dir, name);
  g_autofree char *key = g_strdup_printf ("%s/%s-key.pem", dir, name);
  return scripted_server_new (cert, key, turn);
}

static TillReply *
ask_url (TillHttp *http, const char *url, int total_ms)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr (TillRequest) request = till_request_new (url, "/v1/refund", body);
  till_request_add_header (request, "Content-Type", "application/json");
  request->ca_file = at ("ca.pem");
  request->connect_ms = MIN (total_ms, 5000);
  request->total_ms = total_ms;
  return till_http_send (http, request);
}

static TillReply *
ask_once (ScriptedServer *server, int total_ms)
{
  g_autoptr (TillHttp) http = till_http_new ();
  g_autofree char *url = scripted_server_url (server);
  return ask_url (http, url, total_ms);
}

static void
turn_good (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (scripted_read (server, line))
    scripted_say (line,
                  "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 04:00:00 GMT\r\nRetry-After: 7\r\n"
                  "Twice: a\r\nTwice: b\r\nContent-Length: 2\r\n\r\n{}",
                  -1);
}

static void
test_answer (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_good);
  g_autoptr (TillReply) answer = ask_once (server, 5000);
  g_assert_cmpstr (answer->detail, ==, NULL);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_ANSWERED);
  g_assert_cmpint (answer->status, ==, 200);
  g_assert_cmpint (answer->retry_after_s, ==, 7);
  g_assert_cmpint (answer->date_at, ==, INT64_C (1795320000000000));
  g_assert_null (till_reply_field (answer, "twice"));
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), "{}", 2);
  g_autofree char *request = scripted_server_last (server);
  g_assert_true (g_str_has_prefix (request, "POST /v1/refund HTTP/1.1\r\n"));
  g_assert_true (g_str_has_suffix (request, "\r\n\r\n{\"n\":1}"));
  g_assert_null (strstr (request, "Expect"));
  g_assert_null (strstr (request, "Accept-Encoding"));
}

/* Answers the first request of the first connection and keeps the line; reads the second one, as a
 * provider that pays and then hangs up; answers the third. */
static void
turn_kept_alive (ScriptedServer *server, GIOStream *line, guint nth)
{
  static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  while (scripted_read (server, line))
    {
      if (scripted_server_requests (server) == 2)
        return;
      scripted_say (line, ok, -1);
    }
}

static gsize
swallow (char *data, gsize size, gsize n, gpointer user)
{
  return size * n;
}

static CURLcode
post_kept_alive (CURL *curl, const char *url)
{
  g_autofree char *ca = at ("ca.pem");
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_CAINFO, ca);
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, "{}");
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 5L);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, swallow);
  return curl_easy_perform (curl);
}

static void
test_kept_alive_would_send_again (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_kept_alive);
  g_autofree char *url = scripted_server_url (server);
  CURL *curl = curl_easy_init ();
  g_assert_cmpint (post_kept_alive (curl, url), ==, CURLE_OK);
  g_assert_cmpint (post_kept_alive (curl, url), ==, CURLE_OK);
  curl_easy_cleanup (curl);
  /* Two calls, both fine as far as the caller can tell, and three refunds asked for. */
  g_assert_cmpuint (scripted_server_requests (server), ==, 3);
}

static void
test_ours_never_sends_again (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_kept_alive);
  g_autoptr (TillHttp) http = till_http_new ();
  g_autofree char *url = scripted_server_url (server);
  g_autoptr (TillReply) first = ask_url (http, url, 5000);
  g_assert_cmpint (first->fate, ==, TILL_FATE_ANSWERED);
  g_autoptr (TillReply) second = ask_url (http, url, 5000);
  g_assert_cmpint (second->fate, ==, TILL_FATE_MAYBE_SENT);
  g_assert_cmpuint (scripted_server_requests (server), ==, 2);
}

static void
turn_redirect (ScriptedServer *server, GIOStream *line, guint nth)
{
  g_autofree char *url = scripted_server_url (server);
  g_autofree char *text
      = g_strdup_printf ("HTTP/1.1 307 Go\r\nLocation: %s/other\r\nContent-Length: 0\r\n\r\n", url);
  if (scripted_read (server, line))
    scripted_say (line, text, -1);
}

static void
test_redirect_is_not_followed (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_redirect);
  g_autoptr (TillReply) answer = ask_once (server, 5000);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_ANSWERED);
  g_assert_cmpint (answer->status, ==, 307);
  g_assert_cmpuint (scripted_server_requests (server), ==, 1);
}

static void
test_environment_is_not_obeyed (void)
{
  /* Set in main before anything began: proxies to a dead port, and a key log. */
  g_assert_nonnull (g_getenv ("https_proxy"));
  g_autoptr (ScriptedServer) server = start ("good", turn_good);
  g_autoptr (TillReply) answer = ask_once (server, 5000);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_ANSWERED);
  g_assert_false (g_file_test (keylog_path, G_FILE_TEST_EXISTS));
}

static void
test_certificates (void)
{
  static const struct
  {
    const char *cert, *words;
  } rows[] = {
    { "expired", "has expired: check the clock" },
    { "early", "not yet valid: check the clock" },
    { "elsewhere", "127.0.0.1" },
    { "strange", "certificate" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScriptedServer) server = start (rows[i].cert, turn_good);
      g_autoptr (TillReply) answer = ask_once (server, 5000);
      g_test_message ("%s: %s", rows[i].cert, answer->detail);
      g_assert_cmpint (answer->fate, ==, TILL_FATE_NOT_SENT);
      g_assert_nonnull (strstr (answer->detail, rows[i].words));
      g_assert_cmpuint (scripted_server_requests (server), ==, 0);
    }
}

/* Old TLS needs a server that still speaks it. */
static void
test_old_tls (void)
{
  g_autofree char *cert = at ("good.pem");
  g_autofree char *key = at ("good-key.pem");
  const char *argv[] = { "openssl", "s_server", "-accept", "127.0.0.1:0",     "-cert", cert, "-key",
                         key,       "-tls1_1",  "-cipher", "ALL:@SECLEVEL=0", "-www",  NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = NULL;
  int port = 0;
  while (port == 0 && (line = g_data_input_stream_read_line (out, NULL, NULL, NULL)))
    {
      const char *colon = g_str_has_prefix (line, "ACCEPT ") ? strrchr (line, ':') : NULL;
      port = colon ? atoi (colon + 1) : 0;
      g_clear_pointer (&line, g_free);
    }
  g_assert_cmpint (port, >, 0);
  g_autoptr (TillHttp) http = till_http_new ();
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d", port);
  g_autoptr (TillReply) answer = ask_url (http, url, 5000);
  g_test_message ("%s", answer->detail);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_NOT_SENT);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

static void
turn_endless_body (ScriptedServer *server, GIOStream *line, guint nth)
{
  g_autofree char *much = g_strnfill (64 * 1024, 'x');
  if (!scripted_read (server, line))
    return;
  gboolean there = scripted_say (line, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", -1);
  for (int i = 0; there && i < 1000; i++)
    there = scripted_say (line, much, 64 * 1024);
}

static void
turn_endless_head (ScriptedServer *server, GIOStream *line, guint nth)
{
  gboolean there = scripted_read (server, line) && scripted_say (line, "HTTP/1.1 200 OK\r\n", -1);
  for (int i = 0; there && i < 100000; i++)
    there = scripted_say (line, "X-More: and more and more and more and more\r\n", -1);
}

static void
test_ceilings (void)
{
  g_autoptr (ScriptedServer) body = start ("good", turn_endless_body);
  g_autoptr (TillReply) first = ask_once (body, 10000);
  g_assert_cmpint (first->fate, ==, TILL_FATE_MAYBE_SENT);
  g_assert_nonnull (strstr (first->detail, "larger"));
  g_autoptr (ScriptedServer) head = start ("good", turn_endless_head);
  g_autoptr (TillReply) second = ask_once (head, 10000);
  g_assert_cmpint (second->fate, ==, TILL_FATE_MAYBE_SENT);
  g_assert_nonnull (strstr (second->detail, "larger"));
}

static void
turn_drip (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (!scripted_read (server, line))
    return;
  gboolean there = scripted_say (line, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", -1);
  for (int i = 0; there && i < 100; i++)
    {
      g_usleep (50 * 1000);
      there = scripted_say (line, "x", 1);
    }
}

static void
test_drip_has_a_deadline (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_drip);
  int64_t before = g_get_monotonic_time ();
  g_autoptr (TillReply) answer = ask_once (server, 400);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_MAYBE_SENT);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 3 * G_USEC_PER_SEC);
}

static void
turn_half (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (scripted_read (server, line))
    scripted_say (line, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":", -1);
}

static void
turn_hang_up (ScriptedServer *server, GIOStream *line, guint nth)
{
  scripted_read (server, line);
}

static void
turn_nonsense (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (scripted_read (server, line))
    scripted_say (line, "SSH-2.0-OpenSSH_9.2\r\nhello\r\n", -1);
}

static void
turn_reset_early (ScriptedServer *server, GIOStream *line, guint nth)
{
  /* TLS stands, nothing is read: we cannot know that it was not. */
}

static void
test_maybe_sent (void)
{
  static const struct
  {
    ScriptedTurn turn;
    guint requests;
  } rows[]
      = { { turn_half, 1 }, { turn_hang_up, 1 }, { turn_nonsense, 1 }, { turn_reset_early, 0 } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScriptedServer) server = start ("good", rows[i].turn);
      g_autoptr (TillReply) answer = ask_once (server, 5000);
      g_test_message ("%s", answer->detail);
      g_assert_cmpint (answer->fate, ==, TILL_FATE_MAYBE_SENT);
      g_assert_cmpint (answer->status, ==, 0);
      g_assert_cmpuint (scripted_server_requests (server), ==, rows[i].requests);
    }
}

static void
test_said_twice_is_not_said (void)
{
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_add_field (answer, "X", " 1 ");
  g_assert_cmpstr (till_reply_field (answer, "x"), ==, "1");
  till_reply_add_field (answer, "x", "1");
  g_assert_null (till_reply_field (answer, "x"));
  till_reply_add_field (answer, "x", "1");
  g_assert_null (till_reply_field (answer, "x"));
}

/* A socket that has a port and does not listen at it. */
static GSocket *
bound_socket (int *port)
{
  GSocket *socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_assert_true (g_socket_bind (socket, any, TRUE, NULL));
  g_autoptr (GSocketAddress) got = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  return socket;
}

static void
test_not_sent (void)
{
  g_autoptr (TillHttp) http = till_http_new ();
  int port;
  g_autoptr (GSocket) socket = bound_socket (&port);
  g_autofree char *refused = g_strdup_printf ("https://127.0.0.1:%d", port);
  /* No name server is asked for a label of 70 letters. */
  g_autofree char *label = g_strnfill (70, 'a');
  g_autofree char *nameless = g_strdup_printf ("https://%s.invalid", label);
  const char *const urls[] = { refused, nameless, "http://127.0.0.1:1" };
  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (TillReply) answer = ask_url (http, urls[i], 5000);
      g_test_message ("%s", answer->detail);
      g_assert_cmpint (answer->fate, ==, TILL_FATE_NOT_SENT);
      g_assert_nonnull (answer->detail);
    }
}

/* A server that accepts the line and never shakes hands. */
static void
test_handshake_has_a_deadline (void)
{
  int port;
  g_autoptr (GSocket) socket = bound_socket (&port);
  g_assert_true (g_socket_listen (socket, NULL));
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d", port);
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillReply) answer = ask_url (http, url, 300);
  g_assert_cmpint (answer->fate, ==, TILL_FATE_NOT_SENT);
}

/* Shared with the turn that cancels. */
static TillHttp *cancelled_http;

static void
turn_cancel (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (!scripted_read (server, line))
    return;
  till_http_cancel (cancelled_http);
  scripted_read (server, line); /* until the client is gone */
}

static void
test_cancel (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_cancel);
  g_autoptr (TillHttp) http = till_http_new ();
  cancelled_http = http;
  g_autofree char *url = scripted_server_url (server);
  int64_t before = g_get_monotonic_time ();
  g_autoptr (TillReply) first = ask_url (http, url, 20000);
  g_assert_cmpint (first->fate, ==, TILL_FATE_MAYBE_SENT);
  g_assert_cmpstr (first->detail, ==, "cancelled");
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
  g_autoptr (TillReply) second = ask_url (http, url, 20000);
  g_assert_cmpint (second->fate, ==, TILL_FATE_NOT_SENT);
  g_assert_cmpuint (scripted_server_requests (server), ==, 1);
}

static void
turn_absurd_head (ScriptedServer *server, GIOStream *line, guint nth)
{
  if (scripted_read (server, line))
    scripted_say (line,
                  "HTTP/1.1 100 Continue\r\nRetry-After: 5\r\n\r\n"
                  "HTTP/1.1 429 Busy\r\nRetry-After: 99999999\r\nDate: yesterday\r\n"
                  "Content-Length: 0\r\n\r\n",
                  -1);
}

static void
test_absurd_head (void)
{
  g_autoptr (ScriptedServer) server = start ("good", turn_absurd_head);
  g_autoptr (TillReply) answer = ask_once (server, 5000);
  g_assert_cmpint (answer->status, ==, 429);
  g_assert_cmpint (answer->retry_after_s, ==, TILL_RETRY_AFTER_MAX_S);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dir = g_dir_make_tmp ("till-http-XXXXXX", NULL);
  keylog_path = at ("keylog");
  g_setenv ("SSLKEYLOGFILE", keylog_path, TRUE);
  g_setenv ("https_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("HTTPS_PROXY", "http://127.0.0.1:1", TRUE);
  g_setenv ("ALL_PROXY", "socks5://127.0.0.1:1", TRUE);
  till_http_init ();
  make_certificates ();
  g_test_add_func ("/http/answer", test_answer);
  g_test_add_func ("/http/absurd-head", test_absurd_head);
  g_test_add_func ("/http/field/said-twice-is-not-said", test_said_twice_is_not_said);
  g_test_add_func ("/http/kept-alive-would-send-again", test_kept_alive_would_send_again);
  g_test_add_func ("/http/ours-never-sends-again", test_ours_never_sends_again);
  g_test_add_func ("/http/redirect-is-not-followed", test_redirect_is_not_followed);
  g_test_add_func ("/http/environment-is-not-obeyed", test_environment_is_not_obeyed);
  g_test_add_func ("/http/certificates", test_certificates);
  g_test_add_func ("/http/old-tls", test_old_tls);
  g_test_add_func ("/http/ceilings", test_ceilings);
  g_test_add_func ("/http/drip-has-a-deadline", test_drip_has_a_deadline);
  g_test_add_func ("/http/maybe-sent", test_maybe_sent);
  g_test_add_func ("/http/not-sent", test_not_sent);
  g_test_add_func ("/http/handshake-has-a-deadline", test_handshake_has_a_deadline);
  g_test_add_func ("/http/cancel", test_cancel);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", dir, NULL };
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return result;
}
