/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe's list of movements, page by page, from a server of fixed answers: what is asked, by its
 * exact bytes; how pages become one file; and every way in which an answer is no list of a day. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "devices/gateway/file-fetch.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"

#define DAY 20261122
#define MIDNIGHT INT64_C (1795276800) /* of that day in Beijing */
#define FIRST                                                                                      \
  "https://api.stripe.com/v1/balance_transactions?created%5Bgte%5D=1795276800&"                    \
  "created%5Blt%5D=1795363200&limit=100&expand%5B0%5D=data.source&"                                \
  "expand%5B1%5D=data.source.payment_intent"
#define NOW ((MIDNIGHT + 3 * 86400) * TILL_SECOND)

static TillAccount account = { .provider = (char *)"stripe",
                               .merchant_no = (char *)"acct_1",
                               .base_url = (char *)"https://api.stripe.com",
                               .secret = (char *)"rk_test_0123456789",
                               .ca_file = (char *)"/ca.pem" };

#define MOVED(id, type, amount, fee, net, source)                                                  \
  "{\"id\":\"" id "\",\"object\":\"balance_transaction\",\"amount\":" #amount                      \
  ",\"created\":1795276860,\"currency\":\"cny\",\"fee\":" #fee ",\"net\":" #net                    \
  ",\"source\":" source ",\"type\":\"" type "\"}"
#define INTENT(id, no)                                                                             \
  "{\"id\":\"" id "\",\"object\":\"payment_intent\",\"metadata\":{\"request_no\":\"" no "\"}}"
#define CHARGE(intent)                                                                             \
  "{\"id\":\"ch_1\",\"object\":\"charge\",\"amount\":1000,\"payment_intent\":" intent              \
  ",\"status\":\"succeeded\"}"
#define REFUND(metadata, intent)                                                                   \
  "{\"id\":\"re_1\",\"object\":\"refund\",\"amount\":250,\"metadata\":" metadata                   \
  ",\"payment_intent\":" intent ",\"status\":\"succeeded\"}"
#define LIST(data, more) "{\"object\":\"list\",\"data\":[" data "],\"has_more\":" more "}"
#define PAID MOVED ("txn_1", "charge", 1000, 37, 963, CHARGE (INTENT ("pi_1", "A1")))
#define GIVEN                                                                                      \
  MOVED ("txn_2", "refund", -250, 0, -250,                                                         \
         REFUND ("{\"request_no\":\"R1\"}", INTENT ("pi_1", "A1")))

/* --- a server of fixed answers --- */

typedef struct
{
  int status;
  const char *const *bodies; /* ended by NULL; the last one for ever */
  int n;                     /* asked so far */
  char *last;                /* owned; the URL asked for last */
} Server;

static TillReply *
serve (gpointer self, const TillRequest *request, GError **error)
{
  Server *server = self;
  TillReply *reply = till_reply_new (TILL_FATE_ANSWERED, server->status, NULL);
  const char *text = *server->bodies;
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
  if (server->bodies[1])
    server->bodies++;
  till_reply_set_body (reply, body);
  server->n++;
  g_free (server->last);
  server->last = g_strdup (request->url);
  return reply;
}

static TillFileFetch *
fetch_at (Server *server, int64_t now)
{
  g_autoptr (GError) error = NULL;
  TillTransport transport = { .send = serve, .self = server };
  TillFileFetch *fetch
      = till_file_fetch (transport, till_codec_find ("stripe"), &account, DAY, now, &error);
  g_assert_no_error (error);
  g_test_message ("%s %s %s", till_file_kind_word (fetch->answer->kind),
                  fetch->answer->code ? fetch->answer->code : "",
                  fetch->answer->detail ? fetch->answer->detail : "");
  return fetch;
}

static const char *
text_of (const TillFileFetch *fetch, guint i)
{
  const TillSettlementMember *member = g_ptr_array_index (fetch->answer->members, i);
  return g_bytes_get_data (member->bytes, NULL);
}

static void
test_question (void)
{
  const TillFileCodec *file = till_codec_find ("stripe")->file;
  TillFileAsk ask = { .day = DAY, .asked_at = NOW };
  g_autoptr (TillRequest) first = file->build (&ask, &account);
  g_assert_cmpstr (first->method, ==, "GET");
  g_assert_cmpstr (first->url, ==, FIRST);
  g_assert_cmpstr (request_header (first, "Authorization"), ==, "Bearer rk_test_0123456789");
  g_assert_cmpstr (request_header (first, "Stripe-Version"), ==, "2025-04-30.basil");
  g_assert_cmpstr (first->ca_file, ==, "/ca.pem");
  g_assert_cmpint (first->total_ms, >, 0);
}

static void
test_pages (void)
{
  static const char *const bodies[]
      = { LIST (GIVEN, "true"), LIST (PAID, "true"), LIST ("", "false"), NULL };
  Server server = { 200, bodies };
  g_autoptr (TillFileFetch) fetch = fetch_at (&server, NOW);
  g_assert_cmpint (fetch->answer->kind, ==, TILL_FILE_HERE);
  g_assert_cmpint (server.n, ==, 3);
  g_assert_cmpstr (server.last, ==, FIRST "&starting_after=txn_1");
  g_assert_cmpuint (fetch->answer->members->len, ==, 3);
  static const char second[] = "stripe,1,acct_1,20261122,2\n"
                               "txn_1,charge,1795276860,cny,1000,37,963,succeeded,pi_1,A1,,,1000\n"
                               "end,1,963,more\n";
  g_assert_true (g_str_has_prefix (text_of (fetch, 1), second));
  g_assert_nonnull (fetch->settlement);
  g_assert_cmpint (fetch->settlement->totals.rows, ==, 2);
  g_assert_cmpint (fetch->settlement->totals.settled, ==, 750);
  const TillSettlementRow *refund = g_ptr_array_index (fetch->settlement->rows, 0);
  g_assert_cmpint (refund->kind, ==, TILL_SETTLEMENT_REFUND);
  g_assert_cmpstr (refund->request_no, ==, "R1");
  g_assert_cmpstr (refund->original_no, ==, "A1");
  g_assert_cmpstr (refund->provider_no, ==, "re_1");
  g_assert_cmpstr (refund->original_provider_no, ==, "pi_1");
  g_free (server.last);
}

/* The digest is of what was told, not of how it was written. */
static void
test_digest (void)
{
  static const char *const plain[] = { LIST (PAID, "false"), NULL };
  static const char *const spaced[]
      = { "{ \"has_more\" : false , \"data\" : [ " PAID " ],\n \"object\":\"list\" }", NULL };
  Server one = { 200, plain }, two = { 200, spaced };
  g_autoptr (TillFileFetch) first = fetch_at (&one, NOW), second = fetch_at (&two, NOW);
  g_assert_nonnull (first->settlement);
  g_assert_cmpuint (strlen (first->digest), ==, 64);
  g_assert_cmpstr (first->digest, ==, second->digest);
  g_free (one.last);
  g_free (two.last);
}

/* What belongs to nobody here, and what only Stripe's own pages know. */
static void
test_not_ours (void)
{
  static const char *const bodies[] = {
    LIST (
        MOVED ("txn_1", "payout", -900, 0, -900, "{\"id\":\"po_1\",\"object\":\"payout\",\"amount\":900,\"status\":\"paid\"}") "," MOVED (
            "txn_2", "stripe_fee", -40, 0, -40,
            "null") "," MOVED ("txn_3", "charge", 1000, 37, 963,
                               CHARGE (
                                   "null")) "," MOVED ("txn_4", "charge", 1000, 37, 963,
                                                       CHARGE (INTENT (
                                                           "pi_4",
                                                           "x, y"))) "," MOVED ("txn_5", "refund",
                                                                                -250, 0, -250,
                                                                                REFUND (
                                                                                    "{}",
                                                                                    INTENT (
                                                                                        "pi_1",
                                                                                        "A1"))) "," MOVED ("txn_6",
                                                                                                           "refund",
                                                                                                           -250,
                                                                                                           0,
                                                                                                           -250,
                                                                                                           REFUND (
                                                                                                               "{}",
                                                                                                               INTENT (
                                                                                                                   "pi_9",
                                                                                                                   ""))) "," MOVED ("txn_7",
                                                                                                                                    "adjustment",
                                                                                                                                    -500,
                                                                                                                                    1500,
                                                                                                                                    -2000,
                                                                                                                                    "\"dp_1\""),
        "false"),
    NULL
  };
  static const struct
  {
    TillSettlementKind kind;
    const char *request_no, *provider_no, *state;
  } rows[] = {
    { TILL_SETTLEMENT_OTHER, NULL, "po_1", "payout" },
    { TILL_SETTLEMENT_OTHER, NULL, "txn_2", "stripe_fee" },
    { TILL_SETTLEMENT_OTHER, NULL, "ch_1", "charge" },
    { TILL_SETTLEMENT_OTHER, NULL, "pi_4", "charge" },
    { TILL_SETTLEMENT_REFUND, "re_1", "re_1", "succeeded" },
    { TILL_SETTLEMENT_OTHER, NULL, "re_1", "refund" },
    { TILL_SETTLEMENT_OTHER, NULL, "dp_1", "adjustment" },
  };
  Server server = { 200, bodies };
  g_autoptr (TillFileFetch) fetch = fetch_at (&server, NOW);
  g_assert_nonnull (fetch->settlement);
  g_assert_cmpuint (fetch->settlement->rows->len, ==, G_N_ELEMENTS (rows));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (fetch->settlement->rows, i);
      g_assert_cmpint (row->kind, ==, rows[i].kind);
      g_assert_cmpstr (row->request_no, ==, rows[i].request_no);
      g_assert_cmpstr (row->provider_no, ==, rows[i].provider_no);
      g_assert_cmpstr (row->state, ==, rows[i].state);
    }
  g_free (server.last);
}

static void
test_wrong (void)
{
  static const struct
  {
    int status;
    const char *body;
    TillFileKind kind;
    const char *why; /* stands in detail or code */
  } rows[] = {
    { 200, "", TILL_FILE_BROKEN, "" },
    { 200, "{\"object\":\"list\",\"data\":[", TILL_FILE_BROKEN, "" },
    { 200, "{}", TILL_FILE_UNKNOWN, "this is none" },
    { 200, "{\"object\":\"search_result\",\"data\":[],\"has_more\":false}", TILL_FILE_UNKNOWN,
      "this is none" },
    { 200, "{\"object\":\"list\",\"data\":[]}", TILL_FILE_UNKNOWN, "this is none" },
    { 200, "{\"object\":\"list\",\"data\":{},\"has_more\":false}", TILL_FILE_UNKNOWN,
      "this is none" },
    { 200, LIST ("", "true"), TILL_FILE_BROKEN, "none and more to come" },
    { 200, LIST ("7", "false"), TILL_FILE_BROKEN, "no movement" },
    { 200, LIST (PAID "," PAID, "false"), TILL_FILE_BROKEN, "repeats" },
    { 200, LIST (MOVED ("", "charge", 1, 0, 1, "null"), "false"), TILL_FILE_BROKEN, "what it is" },
    { 200, LIST (MOVED ("a,b", "charge", 1, 0, 1, "null"), "false"), TILL_FILE_BROKEN,
      "what it is" },
    { 200, LIST (MOVED ("t", "fee\\nend", 1, 0, 1, "null"), "false"), TILL_FILE_BROKEN,
      "what it is" },
    { 200, LIST (MOVED ("t", "payout", 1.5, 0, 1, "null"), "false"), TILL_FILE_BROKEN,
      "an amount that is none" },
    { 200, LIST (MOVED ("t", "payout", 1, "0", 1, "null"), "false"), TILL_FILE_BROKEN,
      "an amount that is none" },
    { 200, LIST (MOVED ("t", "charge", 1000, 37, 964, CHARGE (INTENT ("pi_1", "A1"))), "false"),
      TILL_FILE_BROKEN, "less its fee" },
    { 200, LIST (MOVED ("t", "charge", 900, 0, 900, CHARGE (INTENT ("pi_1", "A1"))), "false"),
      TILL_FILE_BROKEN, "another amount" },
    /* Not expanded, as it was asked to be. */
    { 200, LIST (MOVED ("t", "charge", 1000, 0, 1000, "\"ch_1\""), "false"), TILL_FILE_BROKEN,
      "not told whole" },
    { 200, LIST (MOVED ("t", "charge", 1000, 0, 1000, CHARGE ("\"pi_1\"")), "false"),
      TILL_FILE_BROKEN, "not told whole" },
    { 200, LIST (MOVED ("t", "refund", -250, 0, -250, REFUND ("{}", "\"pi_1\"")), "false"),
      TILL_FILE_BROKEN, "not told whole" },
    { 401, "{\"error\":{\"type\":\"invalid_request_error\"}}", TILL_FILE_REFUSED,
      "invalid_request_error" },
    { 403, "{\"error\":{\"code\":\"more_permissions_required\"}}", TILL_FILE_REFUSED,
      "more_permissions_required" },
    { 404, "{\"error\":{\"code\":\"resource_missing\"}}", TILL_FILE_REFUSED, "resource_missing" },
    { 404, "<html>", TILL_FILE_UNKNOWN, "HTTP 404" },
    { 429, "{\"error\":{\"code\":\"lock_timeout\"}}", TILL_FILE_NOT_YET, "lock_timeout" },
    { 500, "{\"error\":{\"type\":\"api_error\"}}", TILL_FILE_UNKNOWN, "api_error" },
    { 302, "", TILL_FILE_UNKNOWN, "HTTP 302" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *const bodies[] = { rows[i].body, NULL };
      Server server = { rows[i].status, bodies };
      g_test_message ("%s", rows[i].body);
      g_autoptr (TillFileFetch) fetch = fetch_at (&server, NOW);
      g_assert_cmpint (fetch->answer->kind, ==, rows[i].kind);
      g_assert_null (fetch->settlement);
      g_autofree char *said = g_strconcat (fetch->answer->code ? fetch->answer->code : "", " ",
                                           fetch->answer->detail, NULL);
      g_assert_nonnull (strstr (said, rows[i].why));
      g_free (server.last);
    }
}

/* A day that is not over, or only just, has no list. */
static void
test_too_early (void)
{
  static const char *const bodies[] = { LIST (PAID, "false"), NULL };
  const int64_t ready = (MIDNIGHT + 86400 + 3600) * TILL_SECOND;
  Server early = { 200, bodies }, late = { 200, bodies };
  g_autoptr (TillFileFetch) not_yet = fetch_at (&early, ready - 1);
  g_assert_cmpint (not_yet->answer->kind, ==, TILL_FILE_NOT_YET);
  g_assert_cmpint (not_yet->answer->ready_at, ==, ready);
  g_autoptr (TillFileFetch) here = fetch_at (&late, ready);
  g_assert_cmpint (here->answer->kind, ==, TILL_FILE_HERE);
  g_free (early.last);
  g_free (late.last);
}

/* Pages without end, and a page that comes again. */
static void
test_on_and_on (void)
{
  static const char *const bodies[] = { LIST (PAID, "true"), NULL };
  Server server = { 200, bodies };
  g_autoptr (TillFileFetch) fetch = fetch_at (&server, NOW);
  g_assert_cmpint (fetch->answer->kind, ==, TILL_FILE_REFUSED);
  g_assert_cmpint (server.n, ==, TILL_FILE_PAGES_MAX);
  static const char *const twice[] = { LIST (PAID, "true"), LIST (PAID, "false"), NULL };
  Server again = { 200, twice };
  g_autoptr (TillFileFetch) repeated = fetch_at (&again, NOW);
  g_assert_cmpint (repeated->answer->kind, ==, TILL_FILE_BROKEN);
  g_free (server.last);
  g_free (again.last);
}

/* More on one page than was asked for. */
static void
test_too_many (void)
{
  g_autoptr (GString) list = g_string_new ("{\"object\":\"list\",\"has_more\":false,\"data\":[");
  for (int i = 0; i < 101; i++)
    g_string_append_printf (list,
                            "%s{\"id\":\"txn_%d\",\"object\":\"balance_transaction\",\"amount\":1,"
                            "\"created\":1795276860,\"currency\":\"cny\",\"fee\":0,\"net\":1,"
                            "\"source\":null,\"type\":\"topup\"}",
                            i ? "," : "", i);
  g_string_append (list, "]}");
  const char *const bodies[] = { list->str, NULL };
  Server server = { 200, bodies };
  g_autoptr (TillFileFetch) fetch = fetch_at (&server, NOW);
  g_assert_cmpint (fetch->answer->kind, ==, TILL_FILE_BROKEN);
  g_free (server.last);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe-file/question", test_question);
  g_test_add_func ("/stripe-file/pages", test_pages);
  g_test_add_func ("/stripe-file/digest", test_digest);
  g_test_add_func ("/stripe-file/not-ours", test_not_ours);
  g_test_add_func ("/stripe-file/wrong", test_wrong);
  g_test_add_func ("/stripe-file/too-early", test_too_early);
  g_test_add_func ("/stripe-file/on-and-on", test_on_and_on);
  g_test_add_func ("/stripe-file/too-many", test_too_many);
  return g_test_run ();
}
