/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider takes as Stripe, and what not: requests are written by hand, so that
 * only what the row says is wrong with them. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/json.h"

#include <string.h>

#define NOON (INT64_C (1795320000) * TILL_SECOND)
#define SECRET "0123456789abcdef0123456789abcdef"
#define INTENT "/v1/payment_intents/P0000000001" /* of the first payment */

typedef struct
{
  TillClock *clock;
  TillProvider *provider;
  TillSpeech speech;
} World;

static void
world_open (World *world, gconstpointer data)
{
  world->clock = till_clock_new_fake (NOON, 1);
  world->provider = till_provider_new (FALSE, NULL, NULL);
  world->speech
      = (TillSpeech){ .provider = world->provider, .clock = world->clock, .secret = SECRET };
}

static void
world_close (World *world, gconstpointer data)
{
  till_provider_free (world->provider);
  till_clock_free (world->clock);
}

/* body NULL: a GET; key NULL: none. */
static json_t *
ask (World *world, const char *path, const char *body, const char *key, const char *bearer,
     int *status)
{
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (TillRequest) request = till_request_new ("https://127.0.0.1", path, bytes);
  request->total_ms = 1000;
  till_request_add_header (request, "Authorization", bearer);
  if (body)
    till_request_add_header (request, "Content-Type", "application/x-www-form-urlencoded");
  if (key)
    till_request_add_header (request, "Idempotency-Key", key);
  TillTransport line = till_speech_transport (&world->speech);
  g_autoptr (TillReply) reply = line.send (line.self, request, NULL);
  *status = reply->status;
  json_t *object = till_json_parse (reply->body, NULL);
  g_assert_nonnull (object);
  return object;
}

/* The code, parameter or type of an error, whichever is told first; the state of a thing; how many
 * there are in a list, with "+" when there are more. */
static char *
word_of (const json_t *object)
{
  static const char *const words[] = { "code", "param", "type" };
  const json_t *error = json_object_get (object, "error");
  for (gsize i = 0; error && i < G_N_ELEMENTS (words); i++)
    if (till_json_text (error, words[i]))
      return g_strdup (till_json_text (error, words[i]));
  const json_t *data = json_object_get (object, "data");
  if (!data)
    return g_strdup (till_json_text (object, "status"));
  return g_strdup_printf ("%d%s", (int)json_array_size (data),
                          json_is_true (json_object_get (object, "has_more")) ? "+" : "");
}

static void
expect (World *world, const char *path, const char *body, const char *key, int status,
        const char *word)
{
  int seen;
  g_autoptr (json_t) object = ask (world, path, body, key, "Bearer " SECRET, &seen);
  g_autofree char *said = word_of (object);
  g_test_message ("%s %s: %d %s", path, body ? body : "", seen, said);
  g_assert_cmpstr (said, ==, word);
  g_assert_cmpint (seen, ==, status);
}

#define PAY_(amount, currency, method, confirm, no)                                                \
  "amount=" amount "&currency=" currency "&payment_method=" method "&confirm=" confirm             \
  "&metadata%5Brequest_no%5D=" no
#define REFUND_(amount, no)                                                                        \
  "payment_intent=P0000000001&amount=" amount "&metadata%5Brequest_no%5D=" no

static void
pay (World *world)
{
  expect (world, "/v1/payment_intents", PAY_ ("5000", "cny", "pm_1", "true", "PAY1"), "PAY1", 200,
          "succeeded");
}

static const struct
{
  const char *name, *path, *body, *key;
  int status;
  const char *word;
} wrongs[] = {
  { "pay: no key", "/v1/payment_intents", PAY_ ("1", "cny", "pm_1", "true", "NEW1"), NULL, 400,
    "metadata[request_no]" },
  { "pay: other key", "/v1/payment_intents", PAY_ ("1", "cny", "pm_1", "true", "NEW1"), "NEW2", 400,
    "metadata[request_no]" },
  { "pay: no amount", "/v1/payment_intents",
    "currency=cny&payment_method=pm_1&confirm=true&metadata%5Brequest_no%5D=NEW1", "NEW1", 400,
    "parameter_missing" },
  { "pay: nothing", "/v1/payment_intents", PAY_ ("0", "cny", "pm_1", "true", "NEW1"), "NEW1", 400,
    "parameter_invalid_integer" },
  { "pay: empty amount", "/v1/payment_intents", PAY_ ("", "cny", "pm_1", "true", "NEW1"), "NEW1",
    400, "parameter_invalid_empty" },
  { "pay: in yuan", "/v1/payment_intents", PAY_ ("10.00", "cny", "pm_1", "true", "NEW1"), "NEW1",
    400, "parameter_invalid_integer" },
  { "pay: too much", "/v1/payment_intents", PAY_ ("100000000", "cny", "pm_1", "true", "NEW1"),
    "NEW1", 400, "parameter_invalid_integer" },
  { "pay: other currency", "/v1/payment_intents", PAY_ ("1", "usd", "pm_1", "true", "NEW1"), "NEW1",
    400, "parameter_invalid_integer" },
  { "pay: not confirmed", "/v1/payment_intents", PAY_ ("1", "cny", "pm_1", "false", "NEW1"), "NEW1",
    400, "parameter_invalid_integer" },
  { "pay: no method", "/v1/payment_intents", PAY_ ("1", "cny", "", "true", "NEW1"), "NEW1", 400,
    "parameter_invalid_empty" },
  { "pay: unknown parameter", "/v1/payment_intents",
    PAY_ ("1", "cny", "pm_1", "true", "NEW1") "&off_session=true", "NEW1", 400,
    "parameter_unknown" },
  { "pay: parameter twice", "/v1/payment_intents",
    PAY_ ("1", "cny", "pm_1", "true", "NEW1") "&amount=2", "NEW1", 400, "invalid_request_error" },
  { "pay: number used otherwise", "/v1/payment_intents", PAY_ ("1", "cny", "pm_1", "true", "PAY1"),
    "PAY1", 400, "idempotency_error" },
  { "refund: no key", "/v1/refunds", REFUND_ ("1", "NEW1"), NULL, 400, "metadata[request_no]" },
  { "refund: no payment", "/v1/refunds", "amount=1&metadata%5Brequest_no%5D=NEW1", "NEW1", 400,
    "parameter_missing" },
  { "refund: no such payment", "/v1/refunds",
    "payment_intent=pi_none&amount=1&metadata%5Brequest_no%5D=NEW1", "NEW1", 404,
    "resource_missing" },
  { "refund: no amount", "/v1/refunds", "payment_intent=P0000000001&metadata%5Brequest_no%5D=NEW1",
    "NEW1", 400, "parameter_missing" },
  { "refund: less than nothing", "/v1/refunds", REFUND_ ("-1", "NEW1"), "NEW1", 400,
    "parameter_invalid_integer" },
  { "refund: more than the payment", "/v1/refunds", REFUND_ ("5001", "NEW1"), "NEW1", 400,
    "amount" },
  { "refund: for the mood", "/v1/refunds", REFUND_ ("1", "NEW1") "&reason=mood", "NEW1", 400,
    "parameter_invalid_integer" },
  { "refund: empty", "/v1/refunds", "", "NEW1", 400, "metadata[request_no]" },
  { "cancel: no such payment", "/v1/payment_intents/pi_none/cancel", "", NULL, 404,
    "resource_missing" },
  { "cancel: paid", INTENT "/cancel", "cancellation_reason=abandoned", NULL, 400,
    "payment_intent_unexpected_state" },
  { "cancel: unknown parameter", INTENT "/cancel", "why=x", NULL, 400, "parameter_unknown" },
  { "no such deed", INTENT "/capture", "", NULL, 404, "invalid_request_error" },
  { "cancel of a refund", "/v1/refunds/P0000000001/cancel", "", NULL, 404,
    "invalid_request_error" },
  { "read: no such payment", "/v1/payment_intents/pi_none", NULL, NULL, 404, "resource_missing" },
  { "read: a payment as refund", "/v1/refunds/P0000000001", NULL, NULL, 404, "resource_missing" },
  { "read: no id", "/v1/refunds/", NULL, NULL, 404, "invalid_request_error" },
  { "read: bytes that are no text", "/v1/refunds/%ff", NULL, NULL, 400, "id" },
  { "list: refunds of no payment", "/v1/refunds?limit=100", NULL, NULL, 404, "resource_missing" },
  { "list: too long", "/v1/payment_intents?limit=101", NULL, NULL, 400,
    "parameter_invalid_integer" },
  { "list: unknown parameter", "/v1/payment_intents?metadata=x", NULL, NULL, 400,
    "parameter_unknown" },
};

/* None of them moves money. */
static void
test_wrong (World *world, gconstpointer data)
{
  pay (world);
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_test_message ("%s", wrongs[i].name);
      expect (world, wrongs[i].path, wrongs[i].body, wrongs[i].key, wrongs[i].status,
              wrongs[i].word);
      g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
    }
  expect (world, "/v1/refunds", REFUND_ ("1", "NEW1"), "NEW1", 200, "succeeded");
}

static void
test_secret (World *world, gconstpointer data)
{
  static const char *const bad[]
      = { "", "Bearer ", "Bearer 0123", "Bearer " SECRET "0", SECRET, "Basic " SECRET };
  pay (world);
  for (gsize i = 0; i <= G_N_ELEMENTS (bad); i++)
    {
      gboolean none = i == G_N_ELEMENTS (bad);
      world->speech.secret = none ? NULL : SECRET;
      int status;
      g_autoptr (json_t) object = ask (world, "/v1/refunds", REFUND_ ("1", "NEW1"), "NEW1",
                                       none ? "Bearer " : bad[i], &status);
      g_assert_cmpint (status, ==, 401);
      g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
    }
}

/* Newest first, whole when it says so. */
static void
test_lists (World *world, gconstpointer data)
{
  pay (world);
  till_clock_advance (world->clock, 10 * TILL_SECOND);
  expect (world, "/v1/payment_intents", PAY_ ("7", "cny", "pm_1", "true", "PAY2"), "PAY2", 200,
          "succeeded");
  expect (world, "/v1/payment_intents", NULL, NULL, 200, "2");
  expect (world, "/v1/payment_intents?limit=2", NULL, NULL, 200, "2");
  expect (world, "/v1/payment_intents?limit=1", NULL, NULL, 200, "1+");
  expect (world, "/v1/payment_intents?created%5Bgte%5D=1795320001", NULL, NULL, 200, "1");
  expect (world, "/v1/payment_intents?created%5Blte%5D=1795320009", NULL, NULL, 200, "1");
  expect (world, "/v1/payment_intents?created%5Bgte%5D=1795320011", NULL, NULL, 200, "0");
  expect (world, "/v1/refunds?payment_intent=P0000000001", NULL, NULL, 200, "0");
  expect (world, "/v1/refunds", REFUND_ ("1", "BACK1"), "BACK1", 200, "succeeded");
  expect (world, "/v1/refunds", REFUND_ ("2", "BACK2"), "BACK2", 200, "succeeded");
  expect (world, "/v1/refunds?payment_intent=P0000000001", NULL, NULL, 200, "2");
  int status;
  g_autoptr (json_t) list = ask (world, "/v1/refunds?payment_intent=P0000000001&limit=1", NULL,
                                 NULL, "Bearer " SECRET, &status);
  const json_t *first = json_array_get (json_object_get (list, "data"), 0);
  g_assert_cmpstr (till_json_text (json_object_get (first, "metadata"), "request_no"), ==, "BACK2");
  g_assert_true (json_is_true (json_object_get (list, "has_more")));
}

static void
fail_next (World *world, TillErrandKind kind, TillProviderFault fault, int value, const char *text)
{
  g_assert_true (till_provider_set_fault (world->provider, kind, fault, 1, value, text, NULL));
}

/* What is under way can be canceled, once and for all; what was paid cannot. */
static void
test_cancel (World *world, gconstpointer data)
{
  fail_next (world, TILL_ERRAND_PAY, TILL_PROVIDER_PROCESSING, 9, NULL);
  expect (world, "/v1/payment_intents", PAY_ ("7", "cny", "pm_1", "true", "PAY1"), "PAY1", 200,
          "processing");
  expect (world, INTENT "/cancel", "cancellation_reason=abandoned", NULL, 200, "canceled");
  expect (world, INTENT, NULL, NULL, 200, "canceled");
  expect (world, INTENT "/cancel", "", NULL, 400, "payment_intent_unexpected_state");
  expect (world, "/v1/refunds", REFUND_ ("1", "NEW1"), "NEW1", 404, "resource_missing");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
}

static void
test_endings (World *world, gconstpointer data)
{
  pay (world);
  fail_next (world, TILL_ERRAND_REFUND, TILL_PROVIDER_PROCESSING, 1, "ABNORMAL");
  expect (world, "/v1/refunds", REFUND_ ("1", "BACK1"), "BACK1", 200, "pending");
  expect (world, "/v1/refunds?payment_intent=P0000000001", NULL, NULL, 200, "1");
  int status;
  g_autoptr (json_t) again
      = ask (world, "/v1/refunds", REFUND_ ("1", "BACK1"), "BACK1", "Bearer " SECRET, &status);
  g_assert_cmpstr (till_json_text (again, "status"), ==, "failed");
  g_assert_cmpstr (till_json_text (again, "failure_reason"), ==, "expired_or_canceled_card");
  fail_next (world, TILL_ERRAND_PAY, TILL_PROVIDER_REFUSE, 0, "card_declined");
  expect (world, "/v1/payment_intents", PAY_ ("7", "cny", "pm_1", "true", "PAY2"), "PAY2", 402,
          "card_declined");
  fail_next (world, TILL_ERRAND_REFUND, TILL_PROVIDER_REFUSE, 0, "rate_limit");
  expect (world, "/v1/refunds", REFUND_ ("1", "BACK2"), "BACK2", 429, "rate_limit");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

#define SEARCH_(no) "/v1/payment_intents/search?query=metadata%5B%27request_no%27%5D%3A%27" no "%27"

#define READER "/v1/terminal/readers/tmr_Practice1"
#define OPEN_(amount, no)                                                                          \
  "amount=" amount "&currency=cny&payment_method_types%5B%5D=card_present"                         \
  "&capture_method=automatic&metadata%5Brequest_no%5D=" no

/* The state of the reader's action, or NULL when it is at nothing. */
static char *
action (World *world)
{
  int status;
  g_autoptr (json_t) reader = ask (world, READER, NULL, NULL, "Bearer " SECRET, &status);
  g_assert_cmpint (status, ==, 200);
  g_assert_cmpstr (till_json_text (reader, "object"), ==, "terminal.reader");
  return g_strdup (till_json_text (json_object_get (reader, "action"), "status"));
}

static void
expect_action (World *world, const char *status)
{
  g_autofree char *said = action (world);
  g_assert_cmpstr (said, ==, status);
}

#define OPENED(n) "/v1/payment_intents/P000000000" n
#define PROCESS_(n) "payment_intent=P000000000" n

/* Made, handed to the reader, paid; a payment is handed over once. */
static void
test_reader (World *world, gconstpointer data)
{
  expect_action (world, NULL);
  expect (world, "/v1/payment_intents", OPEN_ ("5000", "PAY1"), "PAY1", 200,
          "requires_payment_method");
  expect (world, "/v1/payment_intents", OPEN_ ("5000", "PAY1"), "PAY1", 200,
          "requires_payment_method");
  expect (world, "/v1/payment_intents", OPEN_ ("5001", "PAY1"), "PAY1", 400, "idempotency_error");
  expect_action (world, NULL);
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
  expect (world, READER "/process_payment_intent", "payment_intent=pi_none", NULL, 404,
          "resource_missing");
  expect (world, READER "/process_payment_intent", PROCESS_ ("1") "&x=1", NULL, 400,
          "parameter_unknown");
  expect (world, "/v1/terminal/readers/tmr_Other/process_payment_intent", PROCESS_ ("1"), NULL, 404,
          "resource_missing");
  expect (world, READER "/process_payment_intent", PROCESS_ ("1"), "K1", 200, "online");
  expect_action (world, "succeeded");
  expect (world, READER "/process_payment_intent", PROCESS_ ("1"), "K1", 200, "online");
  expect (world, READER "/process_payment_intent", PROCESS_ ("1"), NULL, 400,
          "payment_intent_unexpected_state");
  expect (world, OPENED ("1") "?expand%5B%5D=latest_charge", NULL, NULL, 200, "succeeded");
  expect (world, OPENED ("1") "?expand%5B%5D=latest_charge&x=1", NULL, NULL, 400,
          "parameter_unknown");
  expect (world, READER "/refund_payment", "", NULL, 404, "url_invalid");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

/* The amounts of Stripe's test card. */
static void
test_declines (World *world, gconstpointer data)
{
  static const char *const amounts[] = { "5001", "5005", "5055", "5065", "5075" };
  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autofree char *no = g_strdup_printf ("PAY%" G_GSIZE_FORMAT, i);
      g_autofree char *body
          = g_strdup_printf ("amount=%s&currency=cny&payment_method_types%%5B0%%5D=card_present"
                             "&metadata%%5Brequest_no%%5D=%s",
                             amounts[i], no);
      g_autofree char *process = g_strdup_printf ("payment_intent=P000000000%d", (int)i + 1);
      g_autofree char *intent = g_strdup_printf (OPENED ("%d"), (int)i + 1);
      expect (world, "/v1/payment_intents", body, no, 200, "requires_payment_method");
      expect (world, READER "/process_payment_intent", process, NULL, 200, "online");
      expect_action (world, "failed");
      expect (world, intent, NULL, NULL, 200, "requires_payment_method");
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
}

/* A customer who is slow: the reader asks, the next payment has to wait, and what is taken off it
 * can be canceled and never paid. */
static void
test_slow_customer (World *world, gconstpointer data)
{
  expect (world, "/v1/payment_intents", OPEN_ ("5000", "PAY1"), "PAY1", 200,
          "requires_payment_method");
  expect (world, "/v1/payment_intents", OPEN_ ("6000", "PAY2"), "PAY2", 200,
          "requires_payment_method");
  fail_next (world, TILL_ERRAND_PRESENT, TILL_PROVIDER_PROCESSING, 9, NULL);
  expect (world, READER "/process_payment_intent", PROCESS_ ("1"), NULL, 200, "online");
  expect_action (world, "in_progress");
  expect (world, OPENED ("1"), NULL, NULL, 200, "requires_payment_method");
  expect (world, READER "/process_payment_intent", PROCESS_ ("2"), NULL, 400,
          "terminal_reader_busy");
  expect (world, READER "/cancel_action", "", NULL, 200, "online");
  expect_action (world, NULL);
  expect (world, OPENED ("1") "/cancel", "", NULL, 200, "canceled");
  expect (world, READER "/process_payment_intent", PROCESS_ ("1"), NULL, 400,
          "payment_intent_unexpected_state");
  fail_next (world, TILL_ERRAND_PRESENT, TILL_PROVIDER_REFUSE, 0, "terminal_reader_offline");
  expect (world, READER "/process_payment_intent", PROCESS_ ("2"), NULL, 400,
          "terminal_reader_offline");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
}

static void
test_search (World *world, gconstpointer data)
{
  pay (world);
  expect (world, SEARCH_ ("PAY1"), NULL, NULL, 200, "1");
  expect (world, SEARCH_ ("PAY2"), NULL, NULL, 200, "0");
  expect (world, "/v1/payment_intents/search?query=status%3A%27succeeded%27", NULL, NULL, 400,
          "parameter_invalid_integer");
  expect (world, "/v1/payment_intents/search", NULL, NULL, 400, "parameter_missing");
  expect (world, "/v1/payment_intents/search?query=metadata%5B%27request_no%27%5D%3A%27", NULL,
          NULL, 200, "0");
  expect (world, SEARCH_ ("PAY1") "&page=2", NULL, NULL, 400, "parameter_unknown");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*test) (World *world, gconstpointer data);
  } stories[] = {
    { "wrong", test_wrong },
    { "secret", test_secret },
    { "lists", test_lists },
    { "cancel", test_cancel },
    { "endings", test_endings },
    { "search", test_search },
    { "reader", test_reader },
    { "declines", test_declines },
    { "slow-customer", test_slow_customer },
  };
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strconcat ("/tongue/stripe/", stories[i].name, NULL);
      g_test_add (path, World, NULL, world_open, stories[i].test, world_close);
    }
  return g_test_run ();
}
