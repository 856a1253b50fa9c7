/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-sandbox as it is run: a real process, real files, real HTTPS. Each fault is set at its
 * control address, a refund is asked for with the codec, and then the question is always the same:
 * what do we believe, and how often was it really paid? */
#include "data/core/error.h"
#include "devices/gateway/http.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static char *template_dir; /* owned; made once, for keys take their time */

typedef struct
{
  char *dir;            /* owned */
  GSubprocess *process; /* owned; NULL while it is down */
  TillAccount *account; /* owned */
  TillHttp *http;       /* owned */
  char *token;          /* owned */
} Shop;

static void
run_quietly (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

static char *
program (void)
{
  return g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app/sandbox/till-sandbox", NULL);
}

/* Starts it and waits for its word that it listens. */
static void
shop_start (Shop *shop, gboolean lenient)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *exe = program ();
  const char *argv[]
      = { exe, "--state", shop->dir, "--port", "0", lenient ? "--lenient" : NULL, NULL };
  shop->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (shop->process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  g_assert_nonnull (strstr (line, "https://127.0.0.1:"));

  g_clear_pointer (&shop->account, till_account_free);
  g_autofree char *account_dir = g_build_filename (shop->dir, "account", NULL);
  shop->account = till_account_load (account_dir, &error);
  g_assert_no_error (error);
  shop->account->answer_within_s = 5;
}

static Shop *
shop_new (gboolean lenient)
{
  Shop *shop = g_new0 (Shop, 1);
  g_autofree char *top = g_dir_make_tmp ("till-sandbox-XXXXXX", NULL);
  shop->dir = g_build_filename (top, "shop", NULL);
  const char *copy[] = { "cp", "-a", template_dir, shop->dir, NULL };
  run_quietly (copy);
  g_autofree char *token_path = g_build_filename (shop->dir, "control.token", NULL);
  g_assert_true (g_file_get_contents (token_path, &shop->token, NULL, NULL));
  shop->http = till_http_new ();
  shop_start (shop, lenient);
  return shop;
}

/* kill -9: it has no chance to put anything in order. */
static void
shop_kill (Shop *shop)
{
  g_subprocess_force_exit (shop->process);
  g_subprocess_wait (shop->process, NULL, NULL);
  g_clear_object (&shop->process);
}

static void
shop_free (Shop *shop)
{
  shop_kill (shop);
  g_autofree char *top = g_path_get_dirname (shop->dir);
  const char *argv[] = { "rm", "-r", top, NULL };
  run_quietly (argv);
  till_account_free (shop->account);
  till_http_free (shop->http);
  g_free (shop->token);
  g_free (shop->dir);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free)

static TillReply *
post (Shop *shop, const char *path, const char *text, const char *token)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (TillRequest) request = till_request_new (shop->account->base_url, path, body);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  till_request_add_header (request, "Authorization", bearer);
  request->ca_file = g_strdup (shop->account->ca_file);
  request->connect_ms = request->total_ms = 5000;
  return till_http_send (shop->http, request);
}

static void
set_fault (Shop *shop, const char *kind, const char *fault, int value, const char *text)
{
  g_autofree char *body
      = g_strdup_printf ("{\"kind\":\"%s\",\"fault\":\"%s\",\"value\":%d,\"text\":\"%s\"}", kind,
                         fault, value, text ? text : "");
  g_autoptr (TillReply) answer = post (shop, "/control/fault", body, shop->token);
  g_assert_cmpint (answer->status, ==, 200);
}

static TillOutcome *
ask (Shop *shop, TillErrandKind kind, const char *request_no, TillMoney amount)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"sandbox",
                        .request_no = (char *)request_no,
                        .amount = amount,
                        .requested_at = INT64_C (1795320000000000) };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (kind == TILL_ERRAND_REFUND)
    {
      errand.original_no = (char *)"PAY1";
      errand.original_amount = 1000;
    }
  const TillCodec *codec = till_codec_find ("sandbox");
  g_autoptr (TillRequest) request = codec->build (&errand, shop->account);
  g_autoptr (TillReply) answer = till_http_send (shop->http, request);
  return codec->interpret (&errand, shop->account, answer);
}

static void
expect (Shop *shop, TillErrandKind kind, const char *request_no, TillMoney amount,
        TillOutcomeKind wanted)
{
  g_autoptr (TillOutcome) outcome = ask (shop, kind, request_no, amount);
  g_test_message ("%s %s: %s %s %s", till_errand_kind_word (kind), request_no,
                  till_outcome_kind_word (outcome->kind), outcome->code ? outcome->code : "",
                  outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==, till_outcome_kind_word (wanted));
}

/* What the statement says of a number: how often money moved, and how often it was asked. */
static void
expect_paid (Shop *shop, const char *request_no, int count, int asked)
{
  g_autoptr (TillReply) answer = post (shop, "/statement", "", shop->token);
  g_assert_cmpint (answer->status, ==, 200);
  g_autoptr (json_t) object = till_json_parse (answer->body, NULL);
  g_assert_nonnull (object);
  int rows = 0;
  size_t i;
  json_t *row;
  json_array_foreach (json_object_get (object, "effects"), i, row)
  {
    if (strcmp (till_json_text (row, "request_no"), request_no) != 0)
      continue;
    rows++;
    g_assert_cmpint (json_integer_value (json_object_get (row, "count")), ==, count);
    if (asked > 0)
      g_assert_cmpint (json_integer_value (json_object_get (row, "asked")), ==, asked);
  }
  g_assert_cmpint (rows, ==, count);
}

static void
test_faults (void)
{
  static const struct
  {
    const char *fault;
    int value;
    const char *text;
    TillOutcomeKind outcome;
    int paid;
    TillOutcomeKind query;  /* asked about once */
    TillOutcomeKind repeat; /* sent again under its number */
  } rows[] = {
#define O(word) TILL_OUTCOME_##word
    { "ok", 0, NULL, O (DONE), 1, O (DONE), O (DONE) },
    { "refuse", 0, "ACCOUNT_CLOSED", O (REFUSED), 0, O (NOT_FOUND), O (DONE) },
    { "refuse", 0, "MOON_IN_WRONG_PLACE", O (UNKNOWN), 0, O (NOT_FOUND), O (DONE) },
    { "slow", 50, NULL, O (DONE), 1, O (DONE), O (DONE) },
    { "silent", 0, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "silent", 50, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "drop", 0, NULL, O (UNKNOWN), 0, O (NOT_FOUND), O (DONE) },
    { "half", 0, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "garbage", 0, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "bad-signature", 0, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "twice", 0, NULL, O (DONE), 1, O (DONE), O (DONE) },
    { "processing", 1, NULL, O (ACCEPTED), 0, O (ACCEPTED), O (DONE) },
    { "not-found", 1, NULL, O (DONE), 1, O (NOT_FOUND), O (DONE) },
    { "wrong-amount", 0, NULL, O (MISMATCH), 1, O (DONE), O (DONE) },
    { "redirect", 0, NULL, O (UNKNOWN), 0, O (NOT_FOUND), O (DONE) },
    { "error-done", 0, NULL, O (UNKNOWN), 1, O (DONE), O (DONE) },
    { "error-not-done", 0, NULL, O (UNKNOWN), 0, O (NOT_FOUND), O (DONE) },
#undef O
  };
  g_autoptr (Shop) shop = shop_new (FALSE);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *number = g_strdup_printf ("R%" G_GSIZE_FORMAT, i);
      g_test_message ("%s", rows[i].fault);
      set_fault (shop, "refund", rows[i].fault, rows[i].value, rows[i].text);
      expect (shop, TILL_ERRAND_REFUND, number, 10, rows[i].outcome);
      expect_paid (shop, number, rows[i].paid, 0);
      expect (shop, TILL_ERRAND_QUERY_REFUND, number, 10, rows[i].query);
      expect (shop, TILL_ERRAND_REFUND, number, 10, rows[i].repeat);
      /* Whatever went wrong, under one number it was paid once. */
      expect_paid (shop, number, 1, strcmp (rows[i].fault, "twice") == 0 ? 3 : 2);
    }
}

static void
test_honest_caps (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  expect (shop, TILL_ERRAND_REFUND, "R0", 1, TILL_OUTCOME_REFUSED);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1001, TILL_OUTCOME_MISMATCH);
  expect (shop, TILL_ERRAND_REFUND, "R1", 600, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REFUND, "R1", 599, TILL_OUTCOME_MISMATCH);
  expect (shop, TILL_ERRAND_REFUND, "R2", 401, TILL_OUTCOME_REFUSED);
  expect (shop, TILL_ERRAND_REFUND, "R2", 400, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REFUND, "R3", 1, TILL_OUTCOME_REFUSED);
  expect (shop, TILL_ERRAND_REVERSE, "PAY1", 1000, TILL_OUTCOME_REFUSED);
  expect_paid (shop, "PAY1", 1, 2);
  expect_paid (shop, "R1", 1, 2);
}

static void
test_reverse (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  /* Reversed before it arrived: the late request must not pay. */
  expect (shop, TILL_ERRAND_REVERSE, "LATE", 500, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_PAY, "LATE", 500, TILL_OUTCOME_REFUSED);
  expect_paid (shop, "LATE", 0, 0);
  expect (shop, TILL_ERRAND_PAY, "PAY2", 500, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REVERSE, "PAY2", 500, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REVERSE, "PAY2", 500, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_QUERY_PAY, "PAY2", 500, TILL_OUTCOME_REFUSED);
}

static void
test_lenient_pays_twice (void)
{
  g_autoptr (Shop) shop = shop_new (TRUE);
  expect (shop, TILL_ERRAND_REFUND, "R1", 5000, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REFUND, "R1", 5000, TILL_OUTCOME_DONE);
  expect_paid (shop, "R1", 2, 2);
}

static void
test_kill_keeps_the_statement (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
  set_fault (shop, "refund", "silent", 0, NULL);
  expect (shop, TILL_ERRAND_REFUND, "R1", 300, TILL_OUTCOME_UNKNOWN);
  shop_kill (shop);
  expect (shop, TILL_ERRAND_QUERY_REFUND, "R1", 300, TILL_OUTCOME_NOT_SENT);

  /* A line that was being written when it died is cut off. */
  g_autofree char *book = g_build_filename (shop->dir, "book.jsonl", NULL);
  FILE *file = fopen (book, "a");
  fputs ("{\"record\":\"state\",\"errand\":\"refund\",\"requ", file);
  fclose (file);
  shop_start (shop, FALSE);
  expect (shop, TILL_ERRAND_QUERY_REFUND, "R1", 300, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REFUND, "R1", 300, TILL_OUTCOME_DONE);
  expect (shop, TILL_ERRAND_REFUND, "R2", 701, TILL_OUTCOME_REFUSED);
  expect_paid (shop, "PAY1", 1, 1);
  expect_paid (shop, "R1", 1, 2);
  shop_kill (shop);
  shop_start (shop, FALSE);
  expect_paid (shop, "R1", 1, 2);
}

/* By the port where no fault of the line reaches; answers the status. */
static int
control_beside (Shop *shop, const char *path, const char *text)
{
  g_autofree char *port_path = g_build_filename (shop->dir, "control.port", NULL);
  g_autofree char *port = NULL;
  g_assert_true (g_file_get_contents (port_path, &port, NULL, NULL));
  char *url = g_strdup_printf ("https://127.0.0.1:%s", g_strstrip (port));
  char *before = shop->account->base_url;
  shop->account->base_url = url;
  g_autoptr (TillReply) answer = post (shop, path, text, shop->token);
  shop->account->base_url = before;
  g_free (url);
  return answer->status;
}

static void
test_line (void)
{
  static const struct
  {
    const char *fault;
    TillOutcomeKind wanted;
  } rows[] = {
    { "refused", TILL_OUTCOME_NOT_SENT },    { "unanswered", TILL_OUTCOME_NOT_SENT },
    { "not-tls", TILL_OUTCOME_NOT_SENT },    { "old-tls", TILL_OUTCOME_NOT_SENT },
    { "expired", TILL_OUTCOME_NOT_SENT },    { "not-yet", TILL_OUTCOME_NOT_SENT },
    { "wrong-host", TILL_OUTCOME_NOT_SENT }, { "unknown-authority", TILL_OUTCOME_NOT_SENT },
    { "reset-early", TILL_OUTCOME_UNKNOWN }, { "reset-head", TILL_OUTCOME_UNKNOWN },
    { "no-continue", TILL_OUTCOME_UNKNOWN },
  };
  g_autoptr (Shop) shop = shop_new (FALSE);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].fault);
      g_autofree char *set
          = g_strdup_printf ("{\"kind\":\"line\",\"fault\":\"%s\",\"value\":200}", rows[i].fault);
      g_assert_cmpint (control_beside (shop, "/control/fault", set), ==, 200);
      expect (shop, TILL_ERRAND_REFUND, "R1", 400, rows[i].wanted);
      g_assert_cmpint (control_beside (shop, "/control/clear", "{}"), ==, 200);
    }
  expect_paid (shop, "R1", 0, 0);
  expect (shop, TILL_ERRAND_REFUND, "R1", 400, TILL_OUTCOME_DONE);
  expect_paid (shop, "R1", 1, 1);
}

static void
test_wrong_line_faults (void)
{
  static const char *const wrong[]
      = { "{\"kind\":\"line\",\"fault\":\"silent\"}",
          "{\"kind\":\"line\"}",
          "{\"kind\":\"line\",\"fault\":\"expired\",\"times\":0}",
          "{\"kind\":\"line\",\"fault\":\"expired\",\"times\":1001}",
          "{\"kind\":\"line\",\"fault\":\"unanswered\",\"value\":-1}",
          "{\"kind\":\"line\",\"fault\":\"unanswered\",\"value\":\"soon\"}" };
  g_autoptr (Shop) shop = shop_new (FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpint (control_beside (shop, "/control/fault", wrong[i]), ==, 400);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
}

static void
test_control_is_closed (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  const char *const paths[] = { "/statement", "/control/fault", "/control/clear", "/nowhere" };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (TillReply) answer = post (shop, paths[i], "{}", "guess");
      g_assert_cmpint (answer->status, ==, i == 3 ? 404 : 401);
    }
  const char *const bad[] = { "",
                              "[]",
                              "{\"kind\":\"refund\",\"fault\":\"explode\"}",
                              "{\"kind\":\"refund\",\"fault\":\"slow\",\"times\":0}",
                              "{\"kind\":\"refund\",\"fault\":\"slow\",\"times\":1001}",
                              "{\"kind\":\"refund\",\"fault\":\"slow\",\"value\":-1}",
                              "{\"kind\":\"query_refund\",\"fault\":\"processing\",\"value\":1}",
                              "{\"kind\":\"refund\",\"fault\":\"refuse\"}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TillReply) answer = post (shop, "/control/fault", bad[i], shop->token);
      g_assert_cmpint (answer->status, ==, 400);
    }
  g_autofree char *huge = g_strnfill (100 * 1024, 'x');
  g_autoptr (TillReply) answer = post (shop, "/v1/pay", huge, "");
  g_assert_cmpint (answer->status, !=, 200);
}

static int
exit_of (const char *const *argv)
{
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
  g_subprocess_wait (process, NULL, NULL);
  return g_subprocess_get_exit_status (process);
}

static void
test_options (void)
{
  g_autofree char *exe = program ();
  const struct
  {
    const char *argv[5];
    int code;
  } rows[] = {
    { { exe, NULL }, 2 },
    { { exe, "--help", NULL }, 0 },
    { { exe, "--version", NULL }, 0 },
    { { exe, "--port", "70000", "--version", NULL }, 2 },
    { { exe, "--init", template_dir, NULL }, 1 },
    { { exe, "--init", "/proc/nowhere", NULL }, 1 },
    { { exe, "--state", "/nowhere", NULL }, 1 },
    { { exe, "more", NULL }, 2 },
    { { exe, "--frobnicate", NULL }, 2 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (exit_of (rows[i].argv), ==, rows[i].code);
}

static void
test_one_at_a_time (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  g_autofree char *exe = program ();
  const char *argv[] = { exe, "--state", shop->dir, "--port", "0", NULL };
  g_assert_cmpint (exit_of (argv), ==, 1);
}

/* A book that was changed in the middle is not served. */
static void
test_broken_book (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  expect (shop, TILL_ERRAND_PAY, "PAY1", 1000, TILL_OUTCOME_DONE);
  shop_kill (shop);
  g_autofree char *book = g_build_filename (shop->dir, "book.jsonl", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (book, &text, NULL, NULL));
  text[3] = '"';
  g_assert_true (g_file_set_contents (book, text, -1, NULL));
  g_autofree char *exe = program ();
  const char *argv[] = { exe, "--state", shop->dir, "--port", "0", NULL };
  g_assert_cmpint (exit_of (argv), ==, 1);
  text[3] = 'e';
  g_assert_true (g_file_set_contents (book, text, -1, NULL));
  shop_start (shop, FALSE);
}

static void
test_account_is_guarded (void)
{
  g_autoptr (Shop) shop = shop_new (FALSE);
  static const struct
  {
    const char *name;
    int mode;
  } rows[] = {
    { "account.ini", 0640 }, { "till-key.pem", 0644 }, { "provider.pem", 0666 }, { "ca.pem", 0622 }
  };
  g_autofree char *dir = g_build_filename (shop->dir, "account", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_build_filename (dir, rows[i].name, NULL);
      g_assert_cmpint (g_chmod (path, (mode_t)rows[i].mode), ==, 0);
      g_assert_null (till_account_load (dir, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_cmpint (g_chmod (path, 0600), ==, 0);
    }
  g_autoptr (TillAccount) account = till_account_load (dir, NULL);
  g_assert_nonnull (account);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  g_autofree char *top = g_dir_make_tmp ("till-sandbox-init-XXXXXX", NULL);
  g_autofree char *exe = program ();
  template_dir = g_build_filename (top, "shop", NULL);
  const char *init[] = { exe, "--init", template_dir, NULL };
  run_quietly (init);
  g_test_add_func ("/sandbox/faults", test_faults);
  g_test_add_func ("/sandbox/line", test_line);
  g_test_add_func ("/sandbox/wrong-line-faults", test_wrong_line_faults);
  g_test_add_func ("/sandbox/honest/caps", test_honest_caps);
  g_test_add_func ("/sandbox/honest/reverse", test_reverse);
  g_test_add_func ("/sandbox/lenient/pays-twice", test_lenient_pays_twice);
  g_test_add_func ("/sandbox/kill/keeps-the-statement", test_kill_keeps_the_statement);
  g_test_add_func ("/sandbox/control-is-closed", test_control_is_closed);
  g_test_add_func ("/sandbox/options", test_options);
  g_test_add_func ("/sandbox/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/sandbox/broken-book", test_broken_book);
  g_test_add_func ("/sandbox/account-is-guarded", test_account_is_guarded);
  int result = g_test_run ();
  const char *remove[] = { "rm", "-r", top, NULL };
  run_quietly (remove);
  return result;
}
