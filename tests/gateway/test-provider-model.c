/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The provider without its server: till's codec at one end, the model at the other, a fake clock,
 * and no line between them that could lose anything unasked. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/provider-speech.h"
#include "data/core/error.h"
#include "devices/gateway/registry.h"

#include <glib/gstdio.h>
#include <string.h>

#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in Shanghai */

static TillKey *provider_key; /* owned, all four */
static TillKey *provider_public;
static TillKey *till_key;
static TillKey *till_public;
static TillAccount account;

typedef struct
{
  TillClock *clock;       /* owned */
  TillProvider *provider; /* owned */
  TillSpeech speech;
  TillTransport transport;
  GPtrArray *kept; /* owned; of TillRecord */
  int keep_left;   /* records that can still be kept; -1: any number */
} World;

static gboolean
keep (gpointer user, const TillRecord *record, GError **error)
{
  World *world = user;
  if (world->keep_left == 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "disk full");
      return FALSE;
    }
  world->keep_left -= world->keep_left > 0;
  TillRecord *copy = g_memdup2 (record, sizeof *record);
  copy->request_no = g_intern_string (record->request_no);
  copy->original_no = g_intern_string (record->original_no);
  copy->provider_no = g_intern_string (record->provider_no);
  copy->status = g_intern_string (record->status);
  copy->ends = g_intern_string (record->ends);
  copy->identity = g_intern_string (record->identity);
  copy->notify_url = g_intern_string (record->notify_url);
  g_ptr_array_add (world->kept, copy);
  return TRUE;
}

static World *
world_new (gboolean lenient)
{
  World *world = g_new0 (World, 1);
  world->clock = till_clock_new_fake (AT, 1);
  world->provider = till_provider_new (lenient, keep, world);
  world->kept = g_ptr_array_new_with_free_func (g_free);
  world->keep_left = -1;
  world->speech = (TillSpeech){ world->provider, world->clock, "M1", provider_key, till_public };
  world->transport = till_speech_transport (&world->speech);
  return world;
}

static void
world_free (World *world)
{
  till_provider_free (world->provider);
  till_clock_free (world->clock);
  g_ptr_array_unref (world->kept);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static TillOutcomeKind
ask (World *world, TillErrandKind kind, const char *request_no, TillMoney amount)
{
  TillErrand errand
      = { .kind = kind, .request_no = (char *)request_no, .amount = amount, .requested_at = AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"28123";
  if (kind == TILL_ERRAND_REFUND || kind == TILL_ERRAND_QUERY_REFUND)
    {
      errand.original_no = (char *)"PAY";
      errand.original_amount = 1000;
    }
  const TillCodec *codec = till_codec_find ("sandbox");
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  g_autoptr (TillReply) answer = world->transport.send (world->transport.self, request, NULL);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  g_test_message ("%s %s: %s %s", till_errand_kind_word (kind), request_no,
                  till_outcome_kind_word (outcome->kind), outcome->detail ? outcome->detail : "");
  return outcome->kind;
}

static void
set_fault (World *world, TillErrandKind kind, TillProviderFault fault, int times, int value)
{
  g_assert_true (till_provider_set_fault (world->provider, kind, fault, times, value, NULL, NULL));
}

static void
test_processing (void)
{
  g_autoptr (World) world = world_new (FALSE);
  g_assert_cmpint (ask (world, TILL_ERRAND_PAY, "PAY", 1000), ==, TILL_OUTCOME_DONE);
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_PROCESSING, 1, 3);
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R1", 400), ==, TILL_OUTCOME_ACCEPTED);
  /* What is being processed counts against the cap. */
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R2", 601), ==, TILL_OUTCOME_REFUSED);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==,
                        0);
      g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_ACCEPTED);
    }
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==, 1);
  g_assert_cmpuint (till_provider_count_asked (world->provider, TILL_ERRAND_QUERY_REFUND, "R1"), ==,
                    4);
}

/* What is answered is old; what is booked is not. */
static void
test_old_state (void)
{
  g_autoptr (World) world = world_new (FALSE);
  g_assert_false (till_provider_set_fault (world->provider, TILL_ERRAND_REFUND,
                                           TILL_PROVIDER_OLD_STATE, 1, 0, "NOT_FOUND", NULL));
  g_assert_false (till_provider_set_fault (world->provider, TILL_ERRAND_QUERY_REFUND,
                                           TILL_PROVIDER_OLD_STATE, 1, 0, "CLOSED", NULL));
  ask (world, TILL_ERRAND_PAY, "PAY", 1000);
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_OLD_STATE, 1, 0);
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R1", 400), ==, TILL_OUTCOME_ACCEPTED);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==, 1);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  set_fault (world, TILL_ERRAND_QUERY_REFUND, TILL_PROVIDER_OLD_STATE, 1, 0);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_ACCEPTED);
  g_assert_true (till_provider_set_fault (world->provider, TILL_ERRAND_QUERY_REFUND,
                                          TILL_PROVIDER_OLD_STATE, 1, 0, "NOT_FOUND", NULL));
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_NOT_FOUND);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  /* A no is not called by an older name. */
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_OLD_STATE, 1, 0);
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R2", 601), ==, TILL_OUTCOME_REFUSED);
}

/* It ends by itself, and nobody asked. */
static void
test_finish (void)
{
  g_autoptr (World) world = world_new (FALSE);
  g_autoptr (GError) error = NULL;
  ask (world, TILL_ERRAND_PAY, "PAY", 1000);
  g_assert_false (
      till_provider_finish (world->provider, TILL_ERRAND_REFUND, "R1", AT + TILL_HOUR, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_false (till_provider_finish (world->provider, TILL_ERRAND_PAY, "PAY", AT, NULL));
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_PROCESSING, 1, 3);
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R1", 400), ==, TILL_OUTCOME_ACCEPTED);
  g_assert_true (
      till_provider_finish (world->provider, TILL_ERRAND_REFUND, "R1", AT + TILL_HOUR, NULL));
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==, 1);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  g_assert_false (till_provider_finish (world->provider, TILL_ERRAND_REFUND, "R1", AT, NULL));
  /* As it was to end, and no money moves. */
  g_assert_true (till_provider_set_fault (world->provider, TILL_ERRAND_REFUND,
                                          TILL_PROVIDER_PROCESSING, 1, 3, "CLOSED", NULL));
  ask (world, TILL_ERRAND_REFUND, "R2", 400);
  g_assert_true (till_provider_finish (world->provider, TILL_ERRAND_REFUND, "R2", AT, NULL));
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R2", 400), ==, TILL_OUTCOME_REFUSED);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R2"), ==, 0);
}

/* An address for notices is kept with what it was asked for, by queries and restarts too. */
static void
test_address_is_kept (void)
{
  g_autoptr (World) world = world_new (FALSE);
  g_autoptr (World) again = world_new (FALSE);
  TillProviderAnswer answer;
  TillProviderAsk pay = { .kind = TILL_ERRAND_PAY,
                          .request_no = "PAY",
                          .identity = "DAY",
                          .amount = 1000,
                          .notify_url = "http://127.0.0.1:9/here",
                          .at = AT };
  TillProviderAsk refund = { .kind = TILL_ERRAND_REFUND,
                             .request_no = "R1",
                             .original_no = "PAY",
                             .amount = 1000,
                             .notify_url = "http://127.0.0.1:9/there",
                             .at = AT };
  g_assert_true (till_provider_ask (world->provider, &pay, &answer, NULL));
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_PROCESSING, 1, 1);
  g_assert_true (till_provider_ask (world->provider, &refund, &answer, NULL));
  g_assert_true (till_provider_finish (world->provider, TILL_ERRAND_REFUND, "R1", AT, NULL));
  for (guint i = 0; i < world->kept->len; i++)
    g_assert_true (
        till_provider_replay (again->provider, g_ptr_array_index (world->kept, i), NULL));
  g_assert_true (till_provider_peek (again->provider, TILL_ERRAND_REFUND, "R1", NULL, &answer));
  g_assert_cmpstr (answer.status, ==, "SUCCESS");
  g_assert_cmpstr (answer.notify_url, ==, "http://127.0.0.1:9/there");
  g_assert_cmpstr (answer.original_identity, ==, "DAY");
  g_assert_true (till_provider_peek (again->provider, TILL_ERRAND_PAY, "PAY", "DAY", &answer));
  g_assert_cmpstr (answer.notify_url, ==, "http://127.0.0.1:9/here");
  g_assert_cmpstr (answer.identity, ==, "DAY");
}

static void
test_not_found_for_a_while (void)
{
  g_autoptr (World) world = world_new (FALSE);
  ask (world, TILL_ERRAND_PAY, "PAY", 1000);
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_NOT_FOUND, 1, 2);
  ask (world, TILL_ERRAND_REFUND, "R1", 400);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_NOT_FOUND);
  /* Sent again meanwhile it is not paid again. */
  g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_NOT_FOUND);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 400), ==, TILL_OUTCOME_DONE);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==, 1);
}

static void
test_slow_is_a_time_out (void)
{
  g_autoptr (World) world = world_new (FALSE);
  set_fault (world, TILL_ERRAND_PAY, TILL_PROVIDER_SLOW, 1, 20 * 1000);
  g_assert_cmpint (ask (world, TILL_ERRAND_PAY, "PAY", 1000), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_PAY, "PAY", 1000), ==, TILL_OUTCOME_DONE);
  set_fault (world, TILL_ERRAND_PAY, TILL_PROVIDER_SLOW, 1, 19 * 1000);
  g_assert_cmpint (ask (world, TILL_ERRAND_PAY, "PAY2", 1000), ==, TILL_OUTCOME_DONE);
}

static void
test_lenient (void)
{
  g_autoptr (World) world = world_new (TRUE);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (ask (world, TILL_ERRAND_REFUND, "R1", 9999), ==, TILL_OUTCOME_DONE);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R1"), ==, 3);
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_TWICE, 1, 0);
  ask (world, TILL_ERRAND_REFUND, "R2", 1);
  g_assert_cmpuint (till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, "R2"), ==, 2);
  g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_REFUND, "R3", 1), ==, TILL_OUTCOME_NOT_FOUND);
}

/* What cannot be kept has not happened, and nobody is told that it has. */
static void
test_full_disk (void)
{
  for (int room = 0; room < 2; room++)
    {
      g_autoptr (World) world = world_new (FALSE);
      world->keep_left = room;
      g_assert_cmpint (ask (world, TILL_ERRAND_PAY, "PAY", 1000), ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
      world->keep_left = -1;
      g_assert_cmpint (ask (world, TILL_ERRAND_QUERY_PAY, "PAY", 1000), ==, TILL_OUTCOME_NOT_FOUND);
    }
}

/* The records make the same provider again, after any number of them. */
static void
test_replay (void)
{
  g_autoptr (World) world = world_new (FALSE);
  ask (world, TILL_ERRAND_PAY, "PAY", 1000);
  set_fault (world, TILL_ERRAND_REFUND, TILL_PROVIDER_PROCESSING, 1, 1);
  ask (world, TILL_ERRAND_REFUND, "R1", 300);
  ask (world, TILL_ERRAND_QUERY_REFUND, "R1", 300);
  ask (world, TILL_ERRAND_PAY, "P2", 500);
  ask (world, TILL_ERRAND_REVERSE, "P2", 500);

  g_autoptr (World) again = world_new (FALSE);
  for (guint i = 0; i < world->kept->len; i++)
    g_assert_true (
        till_provider_replay (again->provider, g_ptr_array_index (world->kept, i), NULL));
  g_autoptr (GBytes) before = till_speech_statement (&world->speech);
  g_autoptr (GBytes) after = till_speech_statement (&again->speech);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_cmpint (ask (again, TILL_ERRAND_REFUND, "R2", 701), ==, TILL_OUTCOME_REFUSED);
  g_assert_cmpint (ask (again, TILL_ERRAND_REFUND, "R2", 700), ==, TILL_OUTCOME_DONE);

  TillRecord bad = { .kind = TILL_RECORD_STATE,
                     .errand = TILL_ERRAND_PAY,
                     .request_no = "X",
                     .provider_no = "P",
                     .status = "SUCCESS",
                     .amount = -1 };
  g_autoptr (GError) error = NULL;
  g_assert_false (till_provider_replay (again->provider, &bad, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static char *
settlement_of (World *world, int day)
{
  g_autoptr (GBytes) file = till_practice_bill (&world->speech, day);
  gsize size;
  const char *text = g_bytes_get_data (file, &size);
  return g_strndup (text, size);
}

static void
test_settlement (void)
{
  g_autoptr (World) world = world_new (FALSE);
  ask (world, TILL_ERRAND_PAY, "PAY", 1000);
  ask (world, TILL_ERRAND_REFUND, "R1", 250);
  till_clock_advance (world->clock, 12 * TILL_HOUR); /* midnight in Shanghai */
  ask (world, TILL_ERRAND_REFUND, "R2", 50);
  g_autofree char *first = settlement_of (world, 20261122);
  g_assert_cmpstr (first, ==,
                   "time,kind,request_no,original_no,provider_no,amount,fee\n"
                   "2026-11-22 12:00:00,pay,PAY,,P0000000001,10.00,0.06\n"
                   "2026-11-22 12:00:00,refund,R1,PAY,R0000000003,-2.50,-0.02\n"
                   "total,2,,,,7.50,0.04\n");
  g_autofree char *second = settlement_of (world, 20261123);
  g_assert_nonnull (strstr (second, "R2"));
  g_autofree char *none = settlement_of (world, 20261124);
  g_assert_true (g_str_has_suffix (none, "total,0,,,,0.00,0.00\n"));
}

/* Requests that are not the merchant's, or make no sense, book nothing and are told so. */
static void
test_bad_requests (void)
{
  g_autoptr (World) world = world_new (FALSE);
  static const struct
  {
    const char *path, *body;
    gboolean sealed;
    int status;
  } rows[] = {
    { "/v1/pay", "{}", FALSE, 401 },
    { "/v1/pay", "{}", TRUE, 400 },
    { "/v1/pay", "garbage", TRUE, 400 },
    { "/v1/nowhere", "{}", TRUE, 404 },
    { "/v1/settlement", "{\"merchant_no\":\"M1\",\"day\":\"2026-02-30\"}", TRUE, 400 },
    { "/v1/settlement", "{\"merchant_no\":\"M1\",\"day\":\"2026-11-22\"}", TRUE, 200 },
    { "/v1/pay", "{\"merchant_no\":\"M2\",\"request_no\":\"A\",\"amount\":1,\"currency\":\"CNY\"}",
      TRUE, 400 },
    { "/v1/pay", "{\"merchant_no\":\"M1\",\"request_no\":\"../A\",\"amount\":1}", TRUE, 400 },
    { "/v1/pay",
      "{\"merchant_no\":\"M1\",\"request_no\":\"A\",\"amount\":0,\"currency\":\"CNY\",\"auth\":"
      "\"1\"}",
      TRUE, 400 },
    { "/v1/pay",
      "{\"merchant_no\":\"M1\",\"request_no\":\"A\",\"amount\":-5,\"currency\":\"CNY\",\"auth\":"
      "\"1\"}",
      TRUE, 400 },
    { "/v1/pay",
      "{\"merchant_no\":\"M1\",\"request_no\":\"A\",\"amount\":1,\"currency\":\"USD\",\"auth\":"
      "\"1\"}",
      TRUE, 400 },
    { "/v1/refund",
      "{\"merchant_no\":\"M1\",\"request_no\":\"A\",\"amount\":1,\"currency\":\"CNY\"}", TRUE,
      400 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      static const char nonce[] = "0123456789abcdef0123456789abcdef";
      g_autofree char *text
          = g_strdup_printf ("POST\n%s\n1\n%s\n%s", rows[i].path, nonce, rows[i].body);
      g_autofree char *signature
          = till_key_sign (till_key, text, strlen (text) - (rows[i].sealed ? 0 : 1));
      g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
      g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (headers, (gpointer) "sandbox-merchant", (gpointer) "M1");
      g_hash_table_insert (headers, (gpointer) "sandbox-time", (gpointer) "1");
      g_hash_table_insert (headers, (gpointer) "sandbox-nonce", (gpointer)nonce);
      g_hash_table_insert (headers, (gpointer) "sandbox-signature", signature);
      TillHeard heard
          = { .method = "POST", .path = rows[i].path, .headers = headers, .body = body };
      g_autoptr (TillSaid) said = till_speech_answer (&world->speech, &heard);
      g_assert_cmpint (said->status, ==, rows[i].status);
      /* Nobody signs for a path where nobody speaks. */
      g_assert_cmpuint (said->headers->len, ==, rows[i].status == 404 ? 0 : 3);
    }
  g_assert_cmpuint (world->kept->len, ==, 0);
}

static void
test_fault_words (void)
{
  TillProviderFault fault;
  for (int i = TILL_PROVIDER_OK; i <= TILL_PROVIDER_STRANGE; i++)
    {
      g_assert_true (
          till_provider_fault_from_word (till_provider_fault_word ((TillProviderFault)i), &fault));
      g_assert_cmpint (fault, ==, i);
    }
  g_assert_false (till_provider_fault_from_word ("explode", &fault));
  g_assert_false (till_provider_fault_from_word (NULL, &fault));
}

static void
load_keys (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-model-XXXXXX", NULL);
  g_autofree char *private_path = g_build_filename (dir, "k.pem", NULL);
  g_autofree char *public_path = g_build_filename (dir, "p.pem", NULL);
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  provider_key = till_key_load_private (private_path, NULL);
  provider_public = till_key_load_public (public_path, NULL);
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  till_key = till_key_load_private (private_path, NULL);
  till_public = till_key_load_public (public_path, NULL);
  g_remove (private_path);
  g_remove (public_path);
  g_rmdir (dir);
  account = (TillAccount){ .provider = (char *)"sandbox",
                           .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1:1",
                           .our_key = till_key,
                           .provider_key = provider_public,
                           .ca_file = (char *)"/none" };
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  load_keys ();
  g_test_add_func ("/provider/processing", test_processing);
  g_test_add_func ("/provider/old-state", test_old_state);
  g_test_add_func ("/provider/finish", test_finish);
  g_test_add_func ("/provider/address-is-kept", test_address_is_kept);
  g_test_add_func ("/provider/not-found-for-a-while", test_not_found_for_a_while);
  g_test_add_func ("/provider/slow-is-a-time-out", test_slow_is_a_time_out);
  g_test_add_func ("/provider/lenient", test_lenient);
  g_test_add_func ("/provider/full-disk", test_full_disk);
  g_test_add_func ("/provider/replay", test_replay);
  g_test_add_func ("/provider/settlement", test_settlement);
  g_test_add_func ("/provider/bad-requests", test_bad_requests);
  g_test_add_func ("/provider/fault-words", test_fault_words);
  int result = g_test_run ();
  till_key_free (provider_key);
  till_key_free (provider_public);
  till_key_free (till_key);
  till_key_free (till_public);
  return result;
}
