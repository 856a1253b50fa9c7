/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hand that brings settlement files, at the practice provider's model: when it asks, how seldom
 * it asks again, how far back, whom it leaves alone, and that the power may fail anywhere. The
 * clock stands still until it is moved. */
#include "app/sandbox/provider-speech.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/settling.h"
#include "data/desk/stopping.h"
#include "devices/gateway/file-hand.h"
#include "devices/gateway/registry.h"
#include "tests/data/shop-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define FIRST_DAY 20261122
/* The practice provider has the file of FIXTURE_NOW's day at nine of the next. */
#define READY (FIXTURE_NOW + 23 * TILL_HOUR)
#define STEPS_MAX 200

static TillKey *provider_key, *provider_public, *till_key, *till_public; /* owned */
static TillAccount account, fileless;

typedef struct
{
  Shop shop;
  TillProvider *provider; /* owned */
  TillSpeech speech;
  gboolean line_is_down;
  guint asked;          /* how often the line was used */
  GHashTable *accounts; /* owned */
  TillFileHand *hand;   /* owned */
} Town;

static TillReply *
send_by_line (gpointer self, const TillRequest *request, GError **error)
{
  Town *town = self;
  TillTransport provider = till_speech_transport (&town->speech);
  town->asked++;
  g_assert_cmpstr (request->path, ==, "/v1/settlement");
  return town->line_is_down ? till_reply_new (TILL_FATE_NOT_SENT, 0, "no route to the provider")
                            : provider.send (provider.self, request, error);
}

static void
start_hand (Town *town)
{
  g_clear_pointer (&town->hand, till_file_hand_free);
  town->hand = till_file_hand_new (town->shop.ledger, (TillTransport){ send_by_line, town },
                                   town->accounts);
}

static void
set_up (Town *town, gconstpointer data)
{
  shop_open (&town->shop, NULL, 1);
  town->provider = till_provider_new (FALSE, NULL, NULL);
  town->speech = (TillSpeech){ town->provider, town->shop.clock, "M1", provider_key, till_public };
  town->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (town->accounts, account.provider, &account);
  start_hand (town);
}

static void
tear_down (Town *town, gconstpointer data)
{
  till_file_hand_free (town->hand);
  till_provider_free (town->provider);
  g_hash_table_unref (town->accounts);
  shop_close_sound (&town->shop);
}

static void
go_to (Town *town, int64_t at)
{
  till_clock_advance (town->shop.clock, at - till_clock_now (town->shop.clock));
}

/* One step that must go well; when the next is due (0: never), or -1 when it did something. */
static int64_t
step (Town *town)
{
  gboolean did;
  int64_t next_at;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_file_hand_step (town->hand, &did, &next_at, &error));
  g_assert_no_error (error);
  g_assert_true (!did || next_at == 0);
  return did ? -1 : next_at;
}

/* Steps until nothing is due; when something will be, or 0: never. */
static int64_t
settle (Town *town)
{
  for (int i = 0; i < STEPS_MAX; i++)
    {
      int64_t next_at = step (town);
      if (next_at != -1)
        return next_at;
    }
  g_assert_not_reached (); /* it goes round in circles */
}

static GPtrArray *
days_of (Town *town)
{
  TillAnswer answer;
  GPtrArray *days = till_settling_days (town->shop.ledger, town->shop.manager, 100, &answer, NULL);
  g_assert_nonnull (days);
  return days;
}

/* Files in the books. */
static int
kept (Town *town)
{
  int n = 0;
  g_autoptr (GPtrArray) days = days_of (town);
  for (guint i = 0; i < days->len; i++)
    n += ((TillSettledDay *)g_ptr_array_index (days, i))->files;
  return n;
}

/* --- when --- */

static void
test_due (Town *town, gconstpointer data)
{
  g_assert_cmpint (step (town), ==, READY);
  go_to (town, READY - 1);
  g_assert_cmpint (step (town), ==, READY);
  g_assert_cmpuint (town->asked, ==, 0);
  go_to (town, READY);
  g_assert_cmpint (step (town), ==, -1); /* which is what tells the window */
  g_assert_cmpuint (town->asked, ==, 1);
  g_assert_cmpint (kept (town), ==, 1);
  g_autoptr (GPtrArray) days = days_of (town);
  const TillSettledDay *day = g_ptr_array_index (days, 0);
  g_assert_cmpint (day->day, ==, FIRST_DAY);
  g_assert_cmpstr (day->read_by, ==, "");
  g_assert_false (day->by_hand);
  g_assert_cmpint (day->due_at, ==, 0);
  g_assert_cmpint (step (town), ==, READY + TILL_DAY);
  g_assert_cmpuint (town->asked, ==, 1);
}

/* --- how often --- */

static void
test_no_line (Town *town, gconstpointer data)
{
  static const int minutes[] = { 10, 30, 60, 120, 240, 480 };
  int64_t at = READY;
  town->line_is_down = TRUE;
  go_to (town, at);
  for (gsize i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      at += minutes[i] * TILL_MINUTE;
      g_assert_cmpint (settle (town), ==, at);
      g_assert_cmpuint (town->asked, ==, i + 1);
      go_to (town, at - 1);
      g_assert_cmpint (settle (town), ==, at);
      go_to (town, at);
    }
  g_autoptr (GPtrArray) days = days_of (town);
  const TillSettledDay *day = g_ptr_array_index (days, 0);
  g_assert_cmpint (day->id, ==, 0);
  g_assert_cmpint (day->tries, ==, G_N_ELEMENTS (minutes));
  g_assert_cmpstr (day->file, ==, "unknown");
  g_assert_nonnull (strstr (day->said, "no route to the provider"));
  town->line_is_down = FALSE;
  settle (town);
  g_assert_cmpint (kept (town), ==, 1);
}

/* The provider says that it makes the file: it is asked when it says to have it. */
static void
test_not_yet (Town *town, gconstpointer data)
{
  town->speech.bill_fault = TILL_BILL_LATE;
  go_to (town, READY);
  g_assert_cmpint (settle (town), ==, READY + TILL_HOUR);
  g_assert_cmpint (kept (town), ==, 0);
  town->speech.bill_fault = TILL_BILL_OK;
  go_to (town, READY + TILL_HOUR);
  settle (town);
  g_assert_cmpuint (town->asked, ==, 2);
  g_assert_cmpint (kept (town), ==, 1);
}

/* A file that cannot be believed is asked for again like one that did not come. */
static void
test_broken (Town *town, gconstpointer data)
{
  town->speech.bill_fault = TILL_BILL_WRONG_TOTAL;
  go_to (town, READY);
  g_assert_cmpint (settle (town), ==, READY + 10 * TILL_MINUTE);
  g_autoptr (GPtrArray) days = days_of (town);
  g_assert_cmpstr (((TillSettledDay *)g_ptr_array_index (days, 0))->file, ==, "broken");
  g_assert_cmpint (kept (town), ==, 0);
}

/* A payment of 5.00 at ten of the nth day, which the books do not know. */
static void
take_stray (Town *town, int nth, int n)
{
  g_autofree char *number = g_strdup_printf ("NOBODYS-%d-%d", nth, n);
  TillRecord paid = { .kind = TILL_RECORD_STATE,
                      .errand = TILL_ERRAND_PAY,
                      .request_no = number,
                      .provider_no = number,
                      .status = "SUCCESS",
                      .moves = TRUE,
                      .amount = 500,
                      .at = FIXTURE_NOW + nth * TILL_DAY };
  g_assert_true (till_provider_replay (town->provider, &paid, NULL));
}

/* A file that comes and cannot be kept is noted as such, and is no error: it would come back every
 * two seconds. */
static void
test_too_many (Town *town, gconstpointer data)
{
  TillAnswer answer;
  go_to (town, READY);
  for (int n = 0; n <= TILL_SETTLING_FILES_MAX; n++)
    {
      take_stray (town, 0, n);
      g_assert_true (till_settling_ask_now (town->shop.ledger, town->shop.manager, "sandbox",
                                            FIRST_DAY, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
      settle (town);
    }
  g_assert_cmpint (kept (town), ==, TILL_SETTLING_FILES_MAX);
  g_autoptr (GPtrArray) days = days_of (town);
  const TillSettledDay *day = g_ptr_array_index (days, 0);
  g_assert_cmpstr (day->file, ==, "broken");
  g_assert_nonnull (strstr (day->said, "no more are"));
}

/* For three weeks nothing comes: each day is given up in the end, and asked for so often only. */
static void
test_given_up (Town *town, gconstpointer data)
{
  int64_t end = FIXTURE_NOW + 21 * TILL_DAY;
  town->line_is_down = TRUE;
  for (int64_t next_at = settle (town); next_at < end; next_at = settle (town))
    go_to (town, next_at);
  g_autoptr (GPtrArray) days = days_of (town);
  const TillSettledDay *first = g_ptr_array_index (days, days->len - 1);
  g_assert_cmpint (first->day, ==, FIRST_DAY);
  g_assert_cmpint (first->due_at, ==, 0);
  g_assert_cmpint (first->asked_at, >, READY + (TILL_SETTLING_DAYS - 1) * TILL_DAY);
  g_assert_cmpint (first->asked_at, <, READY + (TILL_SETTLING_DAYS + 1) * TILL_DAY);
  g_assert_cmpint (first->tries, <=, 7 + 2 * TILL_SETTLING_DAYS);
}

/* --- how far back --- */

static void
test_back (Town *town, gconstpointer data)
{
  go_to (town, FIXTURE_NOW + 30 * TILL_DAY); /* 22 December, ten o'clock */
  g_assert_cmpint (settle (town), ==, READY + 30 * TILL_DAY);
  g_assert_cmpuint (town->asked, ==, TILL_SETTLING_DAYS);
  g_autoptr (GPtrArray) days = days_of (town);
  g_assert_cmpuint (days->len, ==, TILL_SETTLING_DAYS);
  g_assert_cmpint (((TillSettledDay *)g_ptr_array_index (days, 0))->day, ==, 20261221);
  g_assert_cmpint (((TillSettledDay *)g_ptr_array_index (days, days->len - 1))->day, ==, 20261212);
}

/* --- who is left alone --- */

static void
test_accounts (Town *town, gconstpointer data)
{
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) other = g_hash_table_new (g_str_hash, g_str_equal);
  const TillCodec *codec = till_codec_find (fileless.provider);
  g_assert_true (!codec->file || codec->profile->file_ready_s == 0);
  g_hash_table_insert (other, fileless.provider, &fileless);
  go_to (town, READY);
  till_file_hand_use (town->hand, none);
  g_assert_cmpint (settle (town), ==, 0);
  till_file_hand_use (town->hand, other);
  g_assert_cmpint (settle (town), ==, 0);
  g_assert_cmpuint (town->asked, ==, 0);
  till_file_hand_use (town->hand, town->accounts);
  g_assert_cmpint (settle (town), ==, READY + TILL_DAY);
  g_assert_cmpuint (town->asked, ==, 1);
}

static void
test_stopped_by_hand (Town *town, gconstpointer data)
{
  TillAnswer answer;
  go_to (town, READY);
  g_assert_true (
      till_stopping_stop (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_cmpint (settle (town), ==, 0);
  g_assert_cmpuint (town->asked, ==, 0);
  g_assert_true (
      till_stopping_try (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL));
  settle (town);
  g_assert_cmpint (kept (town), ==, 1);
}

static void
stop_for (Town *town, TillStopCause cause)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillOutcome) outcome = till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_NONE, NULL);
  outcome->stop = cause;
  outcome->silent = TILL_STOP_SILENCES;
  g_autoptr (TillTxn) txn = till_ledger_begin (town->shop.ledger, 0, "refund_outcome", &error);
  g_assert_no_error (error);
  g_assert_true (till_stopping_note (txn, "sandbox", TILL_ERRAND_REFUND, outcome, &error));
  g_assert_true (till_txn_commit (txn, &error));
}

/* The line is tried again by and by, and then the file is asked for too. */
static void
test_stopped_for_the_line (Town *town, gconstpointer data)
{
  go_to (town, READY);
  stop_for (town, TILL_STOP_LINE);
  g_assert_cmpint (settle (town), ==, till_stop_next_at (0, READY));
  g_assert_cmpuint (town->asked, ==, 0);
  go_to (town, till_stop_next_at (0, READY));
  settle (town);
  g_assert_cmpint (kept (town), ==, 1);
}

/* Where only refunds are not allowed, payments go on, and their files come. */
static void
test_stopped_for_refunds (Town *town, gconstpointer data)
{
  go_to (town, READY);
  stop_for (town, TILL_STOP_RIGHTS);
  settle (town);
  g_assert_cmpint (kept (town), ==, 1);
}

/* --- the power --- */

static void
test_plug (Town *town, gconstpointer data)
{
  guint cuts = 0;
  for (int day = 0; day <= (int)cuts; day++)
    {
      gboolean did;
      int open;
      int64_t next_at;
      g_autoptr (GError) error = NULL;
      take_stray (town, day, 0);
      go_to (town, READY + day * TILL_DAY);
      till_fault_arm ((guint)day + 1);
      if (!till_file_hand_step (town->hand, &did, &next_at, &error))
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
          cuts++;
          till_fault_restore ();
        }
      till_fault_arm (0);
      start_hand (town);
      g_assert_cmpint (settle (town), ==, READY + (day + 1) * TILL_DAY);
      g_assert_cmpint (kept (town), ==, day + 1);
      g_assert_true (till_settling_count_open (town->shop.ledger, &open, NULL));
      g_assert_cmpint (open, ==, day + 1);
    }
  g_assert_cmpuint (cuts, >, 2);
}

static void
load_keys (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-file-hand-XXXXXX", NULL);
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
  fileless = account;
  fileless.provider = (char *)"lakala";
}

#define STORY(name, function)                                                                      \
  g_test_add ("/file-hand/" name, Town, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  load_keys ();
  STORY ("due", test_due);
  STORY ("no-line", test_no_line);
  STORY ("not-yet", test_not_yet);
  STORY ("broken", test_broken);
  STORY ("too-many", test_too_many);
  STORY ("given-up", test_given_up);
  STORY ("back", test_back);
  STORY ("accounts", test_accounts);
  STORY ("stopped/by-hand", test_stopped_by_hand);
  STORY ("stopped/line", test_stopped_for_the_line);
  STORY ("stopped/refunds", test_stopped_for_refunds);
  STORY ("plug", test_plug);
  int failed = g_test_run ();
  TillKey *keys[] = { provider_key, provider_public, till_key, till_public };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    till_key_free (keys[i]);
  return failed;
}
