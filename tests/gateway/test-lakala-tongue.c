/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala's half in the sandbox: what it does not take, and the way of a card refund, which no
 * payment of the till's own leads to. */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/provider-world.h"
#include "tests/gateway/vectors.h"

static TillKey *provider_public; /* owned */
static TillAccount account;

#define WHO "\"merchant_no\":\"822100041120001\",\"term_no\":\"A1062976\","
#define PLACE ",\"location_info\":{\"request_ip\":\"203.0.113.9\"}"
#define BODY(data) "{\"req_time\":\"20261122120000\",\"version\":\"3.0\",\"req_data\":{" data "}}"
#define PAY "/api/v3/labs/trans/micropay"
#define REFUND "/api/v3/labs/relation/idmrefund"
#define REVOKE "/api/v3/labs/relation/revoked"
#define QUERY "/api/v3/labs/query/tradequery"
#define CARD "/api/v3/lams/trade/trade_refund"

static const struct
{
  const char *name, *path, *body, *code, *words;
} wrong[] = {
  { "no such interface", "/api/v3/labs/trans/macropay", "{}", "SBX_NO_SUCH_INTERFACE",
    "no such interface" },
  { "no json", PAY, "req_data=1", "SBX_BAD_REQUEST", "the body is no JSON object" },
  { "no req_time", PAY, "{\"version\":\"3.0\",\"req_data\":{}}", "SBX_BAD_REQUEST", "req_time" },
  { "other version", PAY, "{\"req_time\":\"20261122120000\",\"version\":\"2.0\",\"req_data\":{}}",
    "SBX_BAD_REQUEST", "version" },
  { "no req_data", PAY, "{\"req_time\":\"20261122120000\",\"version\":\"3.0\"}", "SBX_BAD_REQUEST",
    "merchant_no" },
  { "another merchant", QUERY,
    BODY ("\"merchant_no\":\"M2\",\"term_no\":\"T\",\"out_trade_no\":\"A\""), "SBX_BAD_REQUEST",
    "merchant_no" },
  { "no terminal", QUERY, BODY ("\"merchant_no\":\"822100041120001\",\"out_trade_no\":\"A\""),
    "SBX_BAD_REQUEST", "term_no" },
  { "query without a number", QUERY, BODY (WHO "\"x\":\"\""), "SBX_BAD_REQUEST", "out_trade_no" },
  { "number of 33", QUERY, BODY (WHO "\"out_trade_no\":\"123456789012345678901234567890123\""),
    "SBX_BAD_REQUEST", "out_trade_no" },
  { "amount a number", PAY,
    BODY (WHO
          "\"out_trade_no\":\"A\",\"auth_code\":\"134567890123456789\",\"total_amount\":1" PLACE),
    "SBX_BAD_REQUEST", "total_amount" },
  { "amount in yuan", PAY,
    BODY (WHO "\"out_trade_no\":\"A\",\"auth_code\":\"134567890123456789\","
              "\"total_amount\":\"1.00\"" PLACE),
    "SBX_BAD_REQUEST", "total_amount" },
  { "nothing to pay", PAY,
    BODY (WHO "\"out_trade_no\":\"A\",\"auth_code\":\"134567890123456789\","
              "\"total_amount\":\"0\"" PLACE),
    "SBX_BAD_REQUEST", "total_amount" },
  { "nobody's code", PAY,
    BODY (WHO "\"out_trade_no\":\"A\",\"auth_code\":\"994567890123456789\","
              "\"total_amount\":\"1\"" PLACE),
    "SBX_BAD_REQUEST", "auth_code" },
  { "no address", REFUND,
    BODY (WHO "\"out_refund_order_no\":\"A\",\"refund_amount\":\"1\","
              "\"origin_out_trade_no\":\"" WORLD_PAYMENT "\""),
    "SBX_BAD_REQUEST", "location_info.request_ip" },
  { "refund of nothing", REFUND,
    BODY (WHO "\"out_refund_order_no\":\"A\",\"refund_amount\":\"1\"" PLACE), "SBX_BAD_REQUEST",
    "origin_out_trade_no" },
  { "cancellation of nothing", REVOKE, BODY (WHO "\"out_trade_no\":\"A\"" PLACE), "SBX_BAD_REQUEST",
    "origin_out_trade_no" },
  { "card refund without a card", CARD,
    BODY (WHO "\"out_trade_no\":\"A\",\"refund_amount\":\"1\",\"origin_biz_type\":\"1\","
              "\"origin_trade_date\":\"20261122\",\"origin_trade_no\":\"P0000000001\""),
    "SBX_BAD_REQUEST", "origin_card_no" },
  { "card refund of an unknown payment", CARD,
    BODY (WHO "\"out_trade_no\":\"A\",\"refund_amount\":\"1\",\"origin_biz_type\":\"3\","
              "\"origin_trade_date\":\"20261122\",\"origin_trade_no\":\"P0000000002\""),
    "SBX_ORIGINAL_NOT_FOUND", "sandbox" },
};

static GHashTable *
signed_headers (const char *body, const char *app_id)
{
  g_autofree char *text
      = g_strdup_printf ("%s\n00dfba8194c41b84cf\n1795320000\n0123456789ab\n%s\n", app_id, body);
  g_autofree char *signature = till_key_sign (our_key, text, strlen (text));
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  /* In another order than the till's. */
  g_hash_table_insert (
      headers, (gpointer) "authorization",
      g_strdup_printf ("LKLAPI-SHA256withRSA signature=\"%s\","
                       "serial_no=\"00dfba8194c41b84cf\",nonce_str=\"0123456789ab\","
                       "timestamp=\"1795320000\",appid=\"%s\"",
                       signature, app_id));
  return headers;
}

static TillSaid *
hear (World *world, const char *path, const char *text, GHashTable *headers)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  TillHeard heard = { .method = "POST", .path = path, .headers = headers, .body = body };
  return till_speech_answer (&world->speech, &heard);
}

static void
test_wrong_requests (World *world, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i].name);
      g_autoptr (GHashTable) headers = signed_headers (wrong[i].body, "OP00000003");
      g_autoptr (TillSaid) said = hear (world, wrong[i].path, wrong[i].body, headers);
      g_autoptr (json_t) object = till_json_parse (said->body, NULL);
      g_assert_cmpstr (till_json_text (object, "code"), ==, wrong[i].code);
      g_assert_cmpstr (till_json_text (object, "msg"), ==, wrong[i].words);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

#define BALANCE "/api/v2/mrssQuery/queryRefundAvailableBalance"
#define HEAD "\"ver\":\"1.0.0\",\"timestamp\":\"1795320000\",\"reqId\":\"1\","
#define WHOSE "\"merId\":\"822100041120001\","

/* What of a question for the balance is not taken, and that more than is wanted is. */
static void
test_balance_requests (World *world, gconstpointer data)
{
  static const struct
  {
    const char *body, *code, *words;
  } rows[] = {
    { "{" HEAD "\"reqData\":{" WHOSE "\"termId\":\"A1\",\"qryNo\":\"7\"}}", "000000", NULL },
    { "{" HEAD "\"reqData\":{" WHOSE "\"termId\":\"A1\",\"qryNo\":\"7\",\"balanceFlag\":\"1\","
      "\"ologNo\":\"\",\"sourceFlag\":\"2\"}}",
      "000000", NULL },
    { "{\"reqData\":{" WHOSE "\"termId\":\"A1\",\"qryNo\":\"7\"}}", "SBX_BAD_REQUEST", "ver" },
    { "{" HEAD "\"req_data\":{}}", "SBX_BAD_REQUEST", "merId" },
    { "{" HEAD "\"reqData\":{\"merId\":\"M2\",\"termId\":\"A1\",\"qryNo\":\"7\"}}",
      "SBX_BAD_REQUEST", "merId" },
    { "{" HEAD "\"reqData\":{" WHOSE "\"qryNo\":\"7\"}}", "SBX_BAD_REQUEST", "termId" },
    { "{" HEAD "\"reqData\":{" WHOSE "\"termId\":\"A1\"}}", "SBX_BAD_REQUEST", "qryNo" },
    { "{" HEAD "\"reqData\":{" WHOSE "\"termId\":\"A1\",\"qryNo\":7}}", "SBX_BAD_REQUEST",
      "qryNo" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].body);
      g_autoptr (GHashTable) headers = signed_headers (rows[i].body, "OP00000003");
      g_autoptr (TillSaid) said = hear (world, BALANCE, rows[i].body, headers);
      g_autoptr (json_t) object = till_json_parse (said->body, NULL);
      g_assert_cmpstr (till_json_text (object, "retCode"), ==, rows[i].code);
      if (rows[i].words)
        g_assert_cmpstr (till_json_text (object, "retMsg"), ==, rows[i].words);
      const json_t *purse = json_object_get (object, "respData");
      g_assert_cmpstr (till_json_text (purse, "qryNo"), ==, rows[i].words ? NULL : "7");
    }
  g_autoptr (GHashTable) nobody = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (TillSaid) said = hear (world, BALANCE, rows[0].body, nobody);
  g_assert_cmpint (said->status, ==, 401);
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

/* A good body that another key, another app or nobody has signed. */
static void
test_not_the_merchant (World *world, gconstpointer data)
{
  static const char body[] = BODY (WHO "\"out_refund_order_no\":\"A\",\"refund_amount\":\"1\","
                                       "\"origin_out_trade_no\":\"" WORLD_PAYMENT "\"" PLACE);
  g_autoptr (GHashTable) good = signed_headers (body, "OP00000003");
  g_autoptr (GHashTable) other_app = signed_headers (body, "OP00000004");
  g_autoptr (GHashTable) other_body = signed_headers ("{}", "OP00000003");
  g_autoptr (GHashTable) nobody = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *bad[] = { other_app, other_body, nobody };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TillSaid) said = hear (world, REFUND, body, bad[i]);
      g_assert_cmpint (said->status, ==, 401);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
  g_autoptr (TillSaid) said = hear (world, REFUND, body, good);
  g_assert_cmpint (said->status, ==, 200);
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 2);
}

static TillOutcomeKind
ask_by_card (World *world, TillErrandKind kind, const char *no, TillMoney amount)
{
  TillErrand errand = { .kind = kind,
                        .by_card = TRUE,
                        .request_no = (char *)no,
                        .amount = amount,
                        .subject = (char *)"R 1",
                        .requested_at = WORLD_AT,
                        .asked_at = WORLD_AT,
                        .original_no = (char *)WORLD_PAYMENT,
                        .original_amount = 5000,
                        .original_provider_no = (char *)"P0000000001",
                        .original_requested_at = WORLD_AT,
                        .masked = (char *)"…4021" };
  const TillCodec *codec = till_codec_find ("lakala");
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  TillTransport line = till_speech_transport (&world->speech);
  g_autoptr (TillReply) reply = line.send (line.self, request, NULL);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, reply);
  g_test_message ("%s: %s %s (%s)", till_errand_kind_word (kind),
                  till_outcome_kind_word (outcome->kind), outcome->code ? outcome->code : "",
                  outcome->detail ? outcome->detail : "");
  return outcome->kind;
}

#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND

static void
test_card_refund (World *world, gconstpointer data)
{
  g_assert_cmpint (ask_by_card (world, QREF, "R1", 1000), ==, TILL_OUTCOME_NOT_FOUND);
  g_assert_cmpint (ask_by_card (world, REF, "R1", 5001), ==, TILL_OUTCOME_REFUSED);
  g_assert_cmpint (ask_by_card (world, REF, "R1", 1000), ==, TILL_OUTCOME_ACCEPTED);
  g_assert_cmpint (ask_by_card (world, QREF, "R1", 1000), ==, TILL_OUTCOME_DONE);
  g_assert_cmpint (ask_by_card (world, QREF, "R1", 1001), ==, TILL_OUTCOME_MISMATCH);
  g_assert_cmpint (ask_by_card (world, REF, "R1", 999), ==, TILL_OUTCOME_MISMATCH);
  g_assert_cmpuint (till_provider_count_effects (world->provider, REF, "R1"), ==, 1);
}

/* What was paid at a terminal beside the till is in Lakala's book under its log number alone, and
 * is given back by it, once, and no more than was paid. */
static void
test_card_slip (World *world, gconstpointer data)
{
  static const char log_no[] = "26112200000031";
  const TillCodec *codec = till_codec_find ("lakala");
  TillErrand errand = { .kind = REF,
                        .by_card = TRUE,
                        .request_no = (char *)"R7",
                        .amount = 1000,
                        .requested_at = WORLD_AT,
                        .asked_at = WORLD_AT,
                        .original_no = (char *)"OURS",
                        .original_amount = 8900,
                        .original_provider_no = (char *)log_no,
                        .original_requested_at = WORLD_AT,
                        .masked = (char *)"622612******8223",
                        .slip_reference_no = (char *)"126112200031",
                        .slip_day = till_clock_day (WORLD_AT, TILL_CHINA) };
  static const struct
  {
    TillErrandKind kind;
    TillMoney amount;
    gboolean paid;
    TillOutcomeKind want;
  } rows[] = { { REF, 1000, FALSE, TILL_OUTCOME_REFUSED },
               { REF, 8901, TRUE, TILL_OUTCOME_REFUSED },
               { REF, 1000, TRUE, TILL_OUTCOME_ACCEPTED },
               { QREF, 1000, TRUE, TILL_OUTCOME_DONE },
               { REF, 1000, TRUE, TILL_OUTCOME_ACCEPTED } };
  TillTransport line = till_speech_transport (&world->speech);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].paid)
        g_assert_true (
            till_provider_sell_at_terminal (world->provider, log_no, 8900, WORLD_AT, NULL));
      errand.kind = rows[i].kind;
      errand.amount = rows[i].amount;
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      g_autoptr (TillReply) reply = line.send (line.self, request, NULL);
      g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, reply);
      g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                       till_outcome_kind_word (rows[i].want));
    }
  g_assert_cmpuint (till_provider_count_effects (world->provider, REF, "R7"), ==, 1);
  g_assert_false (till_provider_sell_at_terminal (world->provider, log_no, 8901, WORLD_AT, NULL));
}

/* Lakala's own words as a fault: passed through, on the level where they belong. */
static void
test_own_words (World *world, gconstpointer data)
{
  static const struct
  {
    const char *word;
    TillOutcomeKind kind;
  } rows[] = { { "BBS11112", TILL_OUTCOME_UNKNOWN },
               { "FAIL", TILL_OUTCOME_REFUSED },
               { "DEAL", TILL_OUTCOME_UNKNOWN },
               { "BALANCE_LOW", TILL_OUTCOME_REFUSED } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_true (till_provider_set_fault (world->provider, REF, TILL_PROVIDER_REFUSE, 1, 0,
                                              rows[i].word, NULL));
      g_assert_cmpint (ask_by_card (world, REF, "R1", 1000), ==, rows[i].kind);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

/* What was undone before it came stays undone when it comes. */
static void
test_reversed_before_it_came (World *world, gconstpointer data)
{
  static const char undo[] = BODY (WHO "\"out_trade_no\":\"RLATE\",\"origin_out_trade_no\":"
                                       "\"LATE\"" PLACE);
  static const char pay[] = BODY (WHO "\"out_trade_no\":\"LATE\",\"auth_code\":"
                                      "\"134567890123456789\",\"total_amount\":\"1\"" PLACE);
  g_autoptr (GHashTable) undo_headers = signed_headers (undo, "OP00000003");
  g_autoptr (TillSaid) undone = hear (world, REVOKE, undo, undo_headers);
  g_autoptr (json_t) no = till_json_parse (undone->body, NULL);
  g_assert_cmpstr (till_json_text (no, "code"), ==, "SBX_ORIGINAL_NOT_FOUND");
  g_autoptr (GHashTable) pay_headers = signed_headers (pay, "OP00000003");
  g_autoptr (TillSaid) paid = hear (world, PAY, pay, pay_headers);
  g_autoptr (json_t) yes = till_json_parse (paid->body, NULL);
  g_assert_cmpstr (till_json_text (json_object_get (yes, "resp_data"), "trade_state"), ==,
                   "REVOKED");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 1);
}

static void
make_keys (void)
{
  g_autofree char *ours = vectors_path ("key.pem");
  g_autofree char *ours_public = vectors_path ("public.pem");
  g_autofree char *theirs = vectors_path ("provider-private.pem");
  g_autofree char *theirs_public = vectors_path ("provider-public.pem");
  g_assert_true (till_key_generate (theirs, theirs_public, NULL));
  our_key = till_key_load_private (ours, NULL);
  our_public = till_key_load_public (ours_public, NULL);
  provider_key = till_key_load_private (theirs, NULL);
  provider_public = till_key_load_public (theirs_public, NULL);
  const TillTongue *tongue = &till_lakala_tongue;
  account = (TillAccount){ .provider = (char *)"lakala",
                           .merchant_no = (char *)till_tongue_fact (tongue, "merchant_no"),
                           .base_url = (char *)"https://127.0.0.1:1",
                           .our_key = our_key,
                           .provider_key = provider_public,
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  static const char *const names[] = { "app_id", "serial_no", "term_no", "request_ip" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_hash_table_insert (account.facts, (gpointer)names[i],
                         (gpointer)till_tongue_fact (tongue, names[i]));
}

static const struct
{
  const char *path;
  void (*test) (World *world, gconstpointer data);
} tests[] = {
  { "/tongue/lakala/wrong-requests", test_wrong_requests },
  { "/tongue/lakala/balance-requests", test_balance_requests },
  { "/tongue/lakala/not-the-merchant", test_not_the_merchant },
  { "/tongue/lakala/card-refund", test_card_refund },
  { "/tongue/lakala/card-slip", test_card_slip },
  { "/tongue/lakala/own-words", test_own_words },
  { "/tongue/lakala/reversed-before-it-came", test_reversed_before_it_came },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_keys ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, World, NULL, world_open, tests[i].test, world_close);
  int result = g_test_run ();
  till_key_free (our_key);
  till_key_free (our_public);
  till_key_free (provider_key);
  till_key_free (provider_public);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
