/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-sandbox as a process that tells, whoever asks it for something, and the receiver it tells.
 * For tests. */
#pragma once
#include "devices/gateway/http.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/notice-receiver.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* How long something is waited for that must come … */
#define PATIENCE_MS 20000
/* … and, where none must come, after what else has come that would have come later. */
#define NONE_MS 150

static char *template_dir; /* owned; made once, for keys take their time */

typedef struct
{
  char *top, *dir;          /* owned */
  char *token;              /* owned */
  GSubprocess *process;     /* owned; NULL while it is down */
  TillAccount *account;     /* owned */
  TillHttp *http;           /* owned */
  NoticeReceiver *receiver; /* owned */
  int told_at;              /* the port that is told; 0: the receiver's */
  TillKey *their_key;       /* owned; public */
} Shop;

static inline void
run_quietly (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

static inline char *
program (void)
{
  return g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app/sandbox/till-sandbox", NULL);
}

static inline TillAccount *
load_account (Shop *shop, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_build_filename (shop->dir, folder, NULL);
  TillAccount *account = till_account_load (dir, &error);
  g_assert_no_error (error);
  account->answer_within_s = 10;
  return account;
}

static inline void
shop_start (Shop *shop, const char *speed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *exe = program ();
  int port = shop->told_at ? shop->told_at : notice_receiver_port (shop->receiver);
  g_autofree char *base = g_strdup_printf ("http://127.0.0.1:%d/notices/", port);
  const char *argv[] = { exe,         "--state", shop->dir,        "--port", "0",
                         "--notices", base,      "--notice-speed", speed,    NULL };
  shop->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (shop->process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  g_clear_pointer (&shop->account, till_account_free);
  shop->account = load_account (shop, "account");
}

static inline Shop *
shop_new (const char *speed)
{
  Shop *shop = g_new0 (Shop, 1);
  shop->top = g_dir_make_tmp ("till-sandbox-XXXXXX", NULL);
  shop->dir = g_build_filename (shop->top, "shop", NULL);
  const char *copy[] = { "cp", "-a", template_dir, shop->dir, NULL };
  run_quietly (copy);
  g_autofree char *token_path = g_build_filename (shop->dir, "control.token", NULL);
  g_autofree char *key_path = g_build_filename (shop->dir, "provider.pem", NULL);
  g_assert_true (g_file_get_contents (token_path, &shop->token, NULL, NULL));
  shop->their_key = till_key_load_public (key_path, NULL);
  shop->http = till_http_new ();
  shop->receiver = notice_receiver_new ();
  if (speed)
    shop_start (shop, speed);
  return shop;
}

/* kill -9: it has no chance to put anything in order. */
static inline void
shop_kill (Shop *shop)
{
  g_subprocess_force_exit (shop->process);
  g_subprocess_wait (shop->process, NULL, NULL);
  g_clear_object (&shop->process);
}

static inline void
shop_free (Shop *shop)
{
  if (shop->process)
    shop_kill (shop);
  const char *argv[] = { "rm", "-r", shop->top, NULL };
  run_quietly (argv);
  notice_receiver_free (shop->receiver);
  g_clear_pointer (&shop->account, till_account_free);
  till_key_free (shop->their_key);
  till_http_free (shop->http);
  g_free (shop->token);
  g_free (shop->top);
  g_free (shop->dir);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free)

static inline TillReply *
post (Shop *shop, const char *path, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (TillRequest) request = till_request_new (shop->account->base_url, path, body);
  g_autofree char *bearer = g_strconcat ("Bearer ", shop->token, NULL);
  till_request_add_header (request, "Authorization", bearer);
  request->ca_file = g_strdup (shop->account->ca_file);
  request->connect_ms = request->total_ms = 10000;
  return till_http_send (shop->http, request);
}

static inline void
control (Shop *shop, const char *path, const char *text, int status)
{
  g_autoptr (TillReply) answer = post (shop, path, text);
  g_assert_cmpint (answer->status, ==, status);
}

static inline void
set_fault (Shop *shop, const char *text)
{
  control (shop, "/control/fault", text, 200);
}

static inline TillOutcomeKind
ask (Shop *shop, const TillAccount *account, TillErrandKind kind, const char *number)
{
  TillErrand errand = { .kind = kind,
                        .provider = account->provider,
                        .request_no = (char *)number,
                        .amount = till_errand_kind_is_backward (kind) ? 400 : 1000,
                        .subject = (char *)"S1",
                        .requested_at = INT64_C (1795320000000000) };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (till_errand_kind_is_backward (kind))
    {
      errand.original_no = (char *)"PAY1";
      errand.original_amount = 1000;
    }
  const TillCodec *codec = till_codec_find (account->provider);
  g_autoptr (TillRequest) request = codec->build (&errand, account);
  g_autoptr (TillReply) answer = till_http_send (shop->http, request);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, account, answer);
  g_test_message ("%s %s: %s %s", till_errand_kind_word (kind), number,
                  till_outcome_kind_word (outcome->kind), outcome->detail ? outcome->detail : "");
  return outcome->kind;
}

static inline void
pay (Shop *shop, const char *number)
{
  g_assert_cmpint (ask (shop, shop->account, TILL_ERRAND_PAY, number), ==, TILL_OUTCOME_DONE);
}

/* --- what came --- */

static inline char *
next (Shop *shop)
{
  char *notice = notice_receiver_next (shop->receiver, PATIENCE_MS);
  g_assert_nonnull (notice);
  return notice;
}

static inline void
expect_none (Shop *shop)
{
  g_autofree char *notice = notice_receiver_next (shop->receiver, NONE_MS);
  g_assert_cmpstr (notice, ==, NULL);
}

static inline char *
header_of (const char *notice, const char *name)
{
  g_autofree char *begins = g_strconcat ("\r\n", name, ": ", NULL);
  const char *at = strstr (notice, begins);
  g_assert_nonnull (at);
  at += strlen (begins);
  return g_strndup (at, strcspn (at, "\r"));
}

static inline const char *
body_of (const char *notice)
{
  const char *end = strstr (notice, "\r\n\r\n");
  g_assert_nonnull (end);
  return end ? end + 4 : "";
}

static inline json_t *
object_of (const char *notice)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body_of (notice), strlen (body_of (notice)));
  json_t *object = till_json_parse (bytes, NULL);
  g_assert_nonnull (object);
  return object;
}

static inline gboolean
is_signed (Shop *shop, const char *notice)
{
  g_autofree char *time = header_of (notice, "Sandbox-Time");
  g_autofree char *nonce = header_of (notice, "Sandbox-Nonce");
  g_autofree char *signature = header_of (notice, "Sandbox-Signature");
  g_autofree char *text
      = g_strconcat ("NOTICE\n/notices\n", time, "\n", nonce, "\n", body_of (notice), NULL);
  return till_key_verifies (shop->their_key, text, strlen (text), signature);
}

static inline void
expect_notice (Shop *shop, const char *about, const char *number, const char *status)
{
  g_autofree char *notice = next (shop);
  g_autoptr (json_t) object = object_of (notice);
  g_assert_true (g_str_has_prefix (notice, "POST /notices/sandbox HTTP/1.1\r\n"));
  g_assert_true (is_signed (shop, notice));
  g_assert_cmpstr (till_json_text (object, "about"), ==, about);
  g_assert_cmpstr (till_json_text (object, "request_no"), ==, number);
  g_assert_cmpstr (till_json_text (object, "status"), ==, status);
}

/* Until its list says so of the nth notice. */
static inline void
await_state (Shop *shop, size_t nth, const char *state, int tried)
{
  int64_t until = g_get_monotonic_time () + PATIENCE_MS * 1000;
  for (;;)
    {
      g_autoptr (TillReply) answer = post (shop, "/statement/notices", "");
      g_autoptr (json_t) object = till_json_parse (answer->body, NULL);
      const json_t *notice = json_array_get (json_object_get (object, "notices"), nth);
      if (g_strcmp0 (till_json_text (notice, "state"), state) == 0)
        {
          g_assert_cmpint (json_integer_value (json_object_get (notice, "tried")), ==, tried);
          return;
        }
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (5000);
    }
}
