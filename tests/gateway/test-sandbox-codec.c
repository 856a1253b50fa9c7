/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice codec by tables: an answer goes in, what we believe comes out. Answers are signed
 * here, by the provider's key and by hand, so that only what the row says is wrong with them. */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"

#include <glib/gstdio.h>
#include <string.h>

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define AT INT64_C (1795320000000000)

static TillKey *provider_key; /* owned */
static TillAccount account;

static TillErrand
errand_of (TillErrandKind kind)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"sandbox",
                        .request_no = (char *)NUMBER,
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (kind == TILL_ERRAND_REFUND || kind == TILL_ERRAND_QUERY_REFUND)
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
    }
  return errand;
}

typedef enum
{
  SIGNED,
  UNSIGNED,
  WRONG_KEY,
  OTHER_NONCE,
  OTHER_PATH,
  OTHER_STATUS,
  BODY_CHANGED,
  TIME_CHANGED,
  SIGNED_TWICE,
} Seal;

static TillReply *
sealed (const TillErrand *errand, int status, GBytes *body, Seal seal)
{
  const TillCodec *codec = till_codec_find ("sandbox");
  g_autoptr (TillRequest) request = codec->build (errand, &account);
  const char *nonce = request_header (request, "Sandbox-Nonce");
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (answer, body);
  if (seal == UNSIGNED)
    return answer;
  if (seal == OTHER_NONCE)
    nonce = "00000000000000000000000000000000";
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%d\n%s\n1795320001\n%s\n", status + (seal == OTHER_STATUS),
                   seal == OTHER_PATH ? "/v1/elsewhere" : request->path, nonce);
  g_string_append_len (text, data, (gssize)size);
  if (seal == BODY_CHANGED)
    g_string_append_c (text, ' ');
  const TillKey *key = seal == WRONG_KEY ? account.our_key : provider_key;
  g_autofree char *signature = till_key_sign (key, text->str, text->len);
  till_reply_add_field (answer, "Sandbox-Time", seal == TIME_CHANGED ? "1795320002" : "1795320001");
  till_reply_add_field (answer, "Sandbox-Nonce", nonce);
  till_reply_add_field (answer, "Sandbox-Signature", signature);
  if (seal == SIGNED_TWICE)
    till_reply_add_field (answer, "Sandbox-Signature", signature);
  return answer;
}

#define WHO "\"merchant_no\":\"M1\",\"request_no\":\"" NUMBER "\""
#define MONEY "\"amount\":1250,\"currency\":\"CNY\""
#define FULL WHO "," MONEY ",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL "\""
#define OK_(status) "{\"code\":\"OK\",\"status\":\"" status "\"," FULL "}"
#define REFUSED_(reason)                                                                           \
  "{\"code\":\"OK\",\"status\":\"REFUSED\",\"reason\":\"" reason "\"," FULL "}"

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *body;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* what is believed */
  { "pay done", PAY, 200, SIGNED, OK_ ("SUCCESS"), IS (DONE, NONE) },
  { "query pay done", QPAY, 200, SIGNED, OK_ ("SUCCESS"), IS (DONE, NONE) },
  { "refund done", REF, 200, SIGNED, OK_ ("SUCCESS"), IS (DONE, NONE) },
  { "query refund done", QREF, 200, SIGNED, OK_ ("SUCCESS"), IS (DONE, NONE) },
  { "reverse done", REV, 200, SIGNED, OK_ ("REVERSED"), IS (DONE, NONE) },
  { "refund accepted", REF, 200, SIGNED, OK_ ("PROCESSING"), IS (ACCEPTED, NONE) },
  { "query pay reversed", QPAY, 200, SIGNED, OK_ ("REVERSED"), IS (REFUSED, FINAL) },
  { "query not found", QREF, 200, SIGNED, "{\"code\":\"OK\",\"status\":\"NOT_FOUND\"," WHO "}",
    IS (NOT_FOUND, NONE) },
  { "refused, own balance", REF, 200, SIGNED, REFUSED_ ("BALANCE_LOW"), IS (REFUSED, BALANCE) },
  { "refused, customer", REF, 200, SIGNED, REFUSED_ ("ACCOUNT_CLOSED"), IS (REFUSED, CUSTOMER) },
  { "refused, data", REF, 200, SIGNED, REFUSED_ ("AMOUNT_ABOVE_REFUNDABLE"), IS (REFUSED, FIX) },
  { "refused, provider", REF, 200, SIGNED, REFUSED_ ("RISK_HOLD"), IS (REFUSED, PROVIDER) },
  { "refused, too old", REF, 200, SIGNED, REFUSED_ ("ORIGINAL_TOO_OLD"), IS (REFUSED, FINAL) },
  { "refused, too soon", REF, 200, SIGNED, REFUSED_ ("TOO_SOON"), IS (REFUSED, RETRY) },
  { "pay refused", PAY, 200, SIGNED, REFUSED_ ("CODE_EXPIRED"), IS (REFUSED, FINAL) },
  { "bad request", REF, 400, SIGNED, "{\"code\":\"BAD_REQUEST\"}", IS (REFUSED, FIX) },
  { "busy", REF, 429, SIGNED, "{\"code\":\"BUSY\"}", IS (REFUSED, RETRY) },
  { "merchant unknown", REF, 401, SIGNED, "{\"code\":\"UNKNOWN_MERCHANT\"}",
    IS (REFUSED, PROVIDER) },

  /* what contradicts our row */
  { "other amount", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"amount\":1251,\"currency\":\"CNY\",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL
    "\"}",
    IS_MISMATCH },
  { "other currency", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"amount\":1250,\"currency\":\"USD\",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL
    "\"}",
    IS_MISMATCH },
  { "other number", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\",\"merchant_no\":\"M1\",\"request_no\":\"OTHER\"," MONEY
    ",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL "\"}",
    IS_MISMATCH },
  { "other merchant", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\",\"merchant_no\":\"M2\",\"request_no\":\"" NUMBER
    "\"," MONEY ",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL "\"}",
    IS_MISMATCH },
  { "other payment", QREF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO "," MONEY
    ",\"provider_no\":\"R1\",\"original_no\":\"OTHER\"}",
    IS_MISMATCH },
  { "amount left out", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"currency\":\"CNY\",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL "\"}",
    IS_UNKNOWN },
  { "amount in a text", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"amount\":\"1250\",\"currency\":\"CNY\",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL
    "\"}",
    IS_UNKNOWN },
  { "amount with a point", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"amount\":1250.0,\"currency\":\"CNY\",\"provider_no\":\"R1\",\"original_no\":\"" ORIGINAL
    "\"}",
    IS_UNKNOWN },
  { "number used otherwise", REF, 200, SIGNED, "{\"code\":\"NUMBER_USED\"," WHO ",\"amount\":99}",
    IS_MISMATCH },
  { "refused, other number", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"REFUSED\",\"reason\":\"BALANCE_LOW\",\"merchant_no\":\"M1\","
    "\"request_no\":\"OTHER\"}",
    IS_MISMATCH },
  { "bad request of another", REF, 400, SIGNED,
    "{\"code\":\"BAD_REQUEST\",\"request_no\":\"OTHER\"}", IS_MISMATCH },

  /* what is not believed */
  { "unsigned", REF, 200, UNSIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "unsigned 400", REF, 400, UNSIGNED, "{\"code\":\"BAD_REQUEST\"}", IS_UNKNOWN },
  { "unsigned 401", REF, 401, UNSIGNED, "", IS_UNKNOWN },
  { "unsigned 404", REF, 404, UNSIGNED, "<html>", IS_UNKNOWN },
  { "captive portal", REF, 200, UNSIGNED, "<html><body>Welcome</body></html>", IS_UNKNOWN },
  { "signed with our own key", REF, 200, WRONG_KEY, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "answer to another question", REF, 200, OTHER_NONCE, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "signed for another path", REF, 200, OTHER_PATH, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "signed for another status", REF, 200, OTHER_STATUS, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "body changed", REF, 200, BODY_CHANGED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "time changed", REF, 200, TIME_CHANGED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "two signatures", REF, 200, SIGNED_TWICE, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "500", REF, 500, SIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "502", REF, 502, UNSIGNED, "", IS_UNKNOWN },
  { "503 signed no", REF, 503, SIGNED, "{\"code\":\"BUSY\"}", IS_UNKNOWN },
  { "302", REF, 302, SIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "204", REF, 204, SIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "404 that says ok", REF, 404, SIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "empty", REF, 200, SIGNED, "", IS_UNKNOWN },
  { "no json", REF, 200, SIGNED, "OK", IS_UNKNOWN },
  { "array", REF, 200, SIGNED, "[" OK_ ("SUCCESS") "]", IS_UNKNOWN },
  { "cut off", REF, 200, SIGNED, "{\"code\":\"OK\",\"status\":\"SUCC", IS_UNKNOWN },
  { "something behind", REF, 200, SIGNED, OK_ ("SUCCESS") "{}", IS_UNKNOWN },
  { "name twice", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\",\"status\":\"SUCCESS\"," FULL "}", IS_UNKNOWN },
  { "GBK", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"words\":\"\xcd\xcb\xbf\xee\",\"status\":\"SUCCESS\"," FULL "}",
    IS_UNKNOWN },
  { "NUL in a text", REF, 200, SIGNED, "{\"code\":\"OK\\u0000\",\"status\":\"SUCCESS\"," FULL "}",
    IS_UNKNOWN },
  { "surrogate alone", REF, 200, SIGNED, "{\"code\":\"OK\",\"words\":\"\\ud800\"," FULL "}",
    IS_UNKNOWN },
  { "number too large", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO
    ",\"amount\":99999999999999999999,\"currency\":\"CNY\"}",
    IS_UNKNOWN },
  { "no code", REF, 200, SIGNED, "{\"status\":\"SUCCESS\"," FULL "}", IS_UNKNOWN },
  { "code is a number", REF, 200, SIGNED, "{\"code\":0,\"status\":\"SUCCESS\"," FULL "}",
    IS_UNKNOWN },
  { "code unknown", REF, 200, SIGNED, "{\"code\":\"MAYBE\"," FULL "}", IS_UNKNOWN },
  { "system error", REF, 200, SIGNED, "{\"code\":\"SYSTEM_ERROR\"," FULL "}", IS_UNKNOWN },
  { "small letters", REF, 200, SIGNED, OK_ ("success"), IS_UNKNOWN },
  { "status unknown", REF, 200, SIGNED, OK_ ("PARTIAL"), IS_UNKNOWN },
  { "no status", REF, 200, SIGNED, "{\"code\":\"OK\"," FULL "}", IS_UNKNOWN },
  { "reason unknown", REF, 200, SIGNED, REFUSED_ ("MOOD"), IS_UNKNOWN },
  { "no reason", REF, 200, SIGNED, OK_ ("REFUSED"), IS_UNKNOWN },
  { "not found, but it was no query", REF, 200, SIGNED, OK_ ("NOT_FOUND"), IS_UNKNOWN },
  { "refund reversed", QREF, 200, SIGNED, OK_ ("REVERSED"), IS_UNKNOWN },
  { "reverse says success", REV, 200, SIGNED, OK_ ("SUCCESS"), IS_UNKNOWN },
  { "no number of its own", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO "," MONEY ",\"original_no\":\"" ORIGINAL "\"}",
    IS_UNKNOWN },
  { "its number has blanks", REF, 200, SIGNED,
    "{\"code\":\"OK\",\"status\":\"SUCCESS\"," WHO "," MONEY ",\"original_no\":\"" ORIGINAL
    "\",\"provider_no\":\"R 1\\u001b\"}",
    IS_UNKNOWN },
  { "not found, but who", QREF, 200, SIGNED, "{\"code\":\"OK\",\"status\":\"NOT_FOUND\"}",
    IS_UNKNOWN },
  { "query busy", QREF, 429, SIGNED, "{\"code\":\"BUSY\"}", IS_UNKNOWN },
  { "query refused", QREF, 400, SIGNED, "{\"code\":\"BAD_REQUEST\"}", IS_UNKNOWN },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].errand);
  g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
  g_autoptr (TillReply) answer = sealed (&errand, rows[i].status, body, rows[i].seal);
  g_autoptr (TillOutcome) outcome
      = till_codec_find ("sandbox")->interpret (&errand, &account, answer);
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  if (outcome->kind == TILL_OUTCOME_DONE)
    {
      g_assert_cmpint (outcome->amount, ==, 1250);
      g_assert_cmpstr (outcome->provider_no, ==, "R1");
    }
}

static TillOutcomeKind
outcome_of_bytes (GBytes *body)
{
  TillErrand errand = errand_of (TILL_ERRAND_REFUND);
  g_autoptr (TillReply) answer = sealed (&errand, 200, body, SIGNED);
  g_autoptr (TillOutcome) outcome
      = till_codec_find ("sandbox")->interpret (&errand, &account, answer);
  return outcome->kind;
}

/* Signed, and still not read: too deep, too large, NUL among the bytes. */
static void
test_bombs (void)
{
  g_autofree char *deep = g_strnfill (500 * 1000, '[');
  g_autofree char *nest = g_strdup_printf ("{\"a\":%s", deep);
  g_autoptr (GBytes) bomb = g_bytes_new (nest, strlen (nest));
  g_assert_cmpint (outcome_of_bytes (bomb), ==, TILL_OUTCOME_UNKNOWN);

  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *large = g_strconcat (OK_ ("SUCCESS"), blanks, NULL);
  g_autoptr (GBytes) huge = g_bytes_new (large, strlen (large));
  g_assert_cmpint (outcome_of_bytes (huge), ==, TILL_OUTCOME_UNKNOWN);

  g_autoptr (GBytes) nul = g_bytes_new_static (OK_ ("SUCCESS"), sizeof OK_ ("SUCCESS"));
  g_assert_cmpint (outcome_of_bytes (nul), ==, TILL_OUTCOME_UNKNOWN);
}

/* 32 levels are read, 33 are not; brackets inside texts do not count. */
static void
test_depth (void)
{
  for (int depth = 31; depth <= 33; depth++)
    {
      g_autofree char *open = g_strnfill ((gsize)depth - 1, '[');
      g_autofree char *close = g_strnfill ((gsize)depth - 1, ']');
      g_autofree char *text = g_strdup_printf ("{\"[[[\\\"[[[\":%s%s}", open, close);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (json_t) object = till_json_parse (bytes, NULL);
      g_assert_true ((object != NULL) == (depth <= 32));
    }
}

/* Whatever single byte of a good answer is changed, nobody believes it. */
static void
test_any_changed_byte (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_REFUND);
  static const char good[] = OK_ ("SUCCESS");
  g_autoptr (GBytes) body = g_bytes_new_static (good, sizeof good - 1);
  g_autoptr (TillReply) answer = sealed (&errand, 200, body, SIGNED);
  for (gsize i = 0; i < sizeof good - 1; i++)
    {
      g_autofree char *changed = g_strdup (good);
      changed[i] ^= 1;
      g_autoptr (GBytes) bytes = g_bytes_new (changed, sizeof good - 1);
      till_reply_set_body (answer, bytes);
      g_autoptr (TillOutcome) outcome
          = till_codec_find ("sandbox")->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
    }
}

static void
test_no_answer (void)
{
  static const struct
  {
    TillFate fate;
    TillOutcomeKind kind;
    TillFailureClass failure;
  } fates[]
      = { { TILL_FATE_NOT_SENT, IS (NOT_SENT, RETRY) }, { TILL_FATE_MAYBE_SENT, IS_UNKNOWN } };
  for (gsize i = 0; i < G_N_ELEMENTS (fates); i++)
    for (int kind = PAY; kind <= QREF; kind++)
      {
        TillErrand errand = errand_of ((TillErrandKind)kind);
        g_autoptr (TillReply) answer = till_reply_new (fates[i].fate, 0, "why");
        g_autoptr (TillOutcome) outcome
            = till_codec_find ("sandbox")->interpret (&errand, &account, answer);
        g_assert_cmpint (outcome->kind, ==, fates[i].kind);
        g_assert_cmpint (outcome->failure, ==, fates[i].failure);
        g_assert_cmpstr (outcome->detail, ==, "why");
      }
}

/* A5: the bytes of the next attempt are the bytes of the first; and every fact is in them. */
static void
test_same_errand_same_bytes (void)
{
  const TillCodec *codec = till_codec_find ("sandbox");
  for (int kind = PAY; kind <= QREF; kind++)
    {
      TillErrand errand = errand_of ((TillErrandKind)kind);
      g_autoptr (TillRequest) first = codec->build (&errand, &account);
      g_autoptr (TillRequest) second = codec->build (&errand, &account);
      g_assert_true (g_bytes_equal (first->body, second->body));
      g_assert_cmpstr (first->url, ==, second->url);
      g_assert_cmpuint (first->headers->len, ==, second->headers->len);
      for (guint i = 0; i < first->headers->len; i++)
        g_assert_cmpstr (g_ptr_array_index (first->headers, i), ==,
                         g_ptr_array_index (second->headers, i));
      errand.amount++;
      g_autoptr (TillRequest) other = codec->build (&errand, &account);
      g_assert_cmpstr (request_header (first, "Sandbox-Nonce"), !=,
                       request_header (other, "Sandbox-Nonce"));
      g_assert_cmpint (first->total_ms, ==, 20000);
    }
}

static void
test_request_bytes (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_REFUND);
  g_autoptr (TillRequest) request = till_codec_find ("sandbox")->build (&errand, &account);
  static const char wanted[] = "{\"merchant_no\":\"M1\",\"request_no\":\"" NUMBER
                               "\",\"amount\":1250,\"currency\":\"CNY\",\"original_no\":\"" ORIGINAL
                               "\",\"original_amount\":5000,\"subject\":\"9101\"}";
  gsize size;
  const char *body = g_bytes_get_data (request->body, &size);
  g_assert_cmpmem (body, size, wanted, sizeof wanted - 1);
  g_assert_cmpstr (request->url, ==, "https://127.0.0.1:8443/v1/refund");
  g_assert_cmpstr (request_header (request, "Sandbox-Time"), ==, "1795320000");
  g_autofree char *text = g_strdup_printf ("POST\n/v1/refund\n1795320000\n%s\n%s",
                                           request_header (request, "Sandbox-Nonce"), wanted);
  g_assert_true (till_key_verifies (account.our_key, text, strlen (text),
                                    request_header (request, "Sandbox-Signature")));
}

/* A scanner may read anything; it stays one text in the request. */
static void
test_strange_auth (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_PAY);
  errand.auth = (char *)"28\",\"amount\":1,\"x\":\"\xff\x1b\n";
  g_autoptr (TillRequest) request = till_codec_find ("sandbox")->build (&errand, &account);
  g_autoptr (json_t) object = till_json_parse (request->body, NULL);
  g_assert_nonnull (object);
  g_assert_cmpint (json_integer_value (json_object_get (object, "amount")), ==, 1250);
}

static void
test_answer_time_only_shortens (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_REFUND);
  static const int seconds[][2] = { { 0, 20 }, { 3, 3 }, { 20, 20 }, { 120, 20 } };
  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      TillAccount other = account;
      other.answer_within_s = seconds[i][0];
      g_autoptr (TillRequest) request = till_codec_find ("sandbox")->build (&errand, &other);
      g_assert_cmpint (request->total_ms, ==, seconds[i][1] * 1000);
      g_assert_cmpint (request->connect_ms, <=, request->total_ms);
    }
}

static void
test_registry (void)
{
  g_assert_null (till_codec_find ("nobody"));
  g_assert_null (till_codec_find (NULL));
  for (guint i = 0; till_codec_nth (i); i++)
    g_assert_true (till_codec_find (till_codec_nth (i)->profile->name) == till_codec_nth (i));
}

static void
make_account (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-codec-XXXXXX", NULL);
  static const char *const names[] = { "a.pem", "a-pub.pem", "b.pem", "b-pub.pem" };
  char *paths[4];
  for (int i = 0; i < 4; i++)
    paths[i] = g_build_filename (dir, names[i], NULL);
  g_assert_true (till_key_generate (paths[0], paths[1], NULL));
  g_assert_true (till_key_generate (paths[2], paths[3], NULL));
  provider_key = till_key_load_private (paths[2], NULL);
  account = (TillAccount){ .provider = (char *)"sandbox",
                           .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (paths[0], NULL),
                           .provider_key = till_key_load_public (paths[3], NULL),
                           .ca_file = (char *)"/ca.pem" };
  for (int i = 0; i < 4; i++)
    {
      g_remove (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/sandbox/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/sandbox/bombs", test_bombs);
  g_test_add_func ("/codec/sandbox/depth", test_depth);
  g_test_add_func ("/codec/sandbox/any-changed-byte", test_any_changed_byte);
  g_test_add_func ("/codec/sandbox/no-answer", test_no_answer);
  g_test_add_func ("/codec/sandbox/same-errand-same-bytes", test_same_errand_same_bytes);
  g_test_add_func ("/codec/sandbox/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/sandbox/strange-auth", test_strange_auth);
  g_test_add_func ("/codec/sandbox/answer-time-only-shortens", test_answer_time_only_shortens);
  g_test_add_func ("/codec/registry", test_registry);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  return result;
}
