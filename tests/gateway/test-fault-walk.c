/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every fault that the practice provider plays (app/sandbox/fault-table.h), with every provider:
 * the books, the dispatcher, the codecs and curl on one side; the front door, TLS, the HTTP server
 * and the provider's own half of its language on the other. Whatever happens, a refund is paid at
 * most once, never claimed without its money having moved, and never lost: it is over, or something
 * is due, or a person is asked for.
 *
 * The provider lives on the main thread, as in till-sandbox; the till on another. The two have
 * clocks that stand still and are moved together, so that nothing sleeps: only a fault that is one
 * of waiting takes as long as the till is patient, which is a moment here.
 *
 * A refund to an honest provider meets every fault over HTTPS and goes on without TLS between; so
 * from the start do the faults of the question that follows, and a lenient provider, which pays as
 * often as it is asked. With --thorough (-m slow) all goes by HTTPS, and the faults come at more
 * points of a refund's life, and more than once. */
#include "app/sandbox/fault-table.h"
#include "app/sandbox/server.h"
#include "app/sandbox/setup.h"
#include "data/core/error.h"
#include "data/desk/refunding.h"
#include "data/desk/stopping.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"
#include "tests/ctl/folder.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

#define BAGS 20 /* of rice in one sale; one comes back for each fault */
#define PATIENCE (4 * TILL_HOUR)
#define ROUNDS_MAX 3000
#define ROUNDS_FEW 5
#define MOMENT_MS 200     /* the till's patience where a fault is one of waiting … */
#define LONGER_MS 400     /* … and what is longer than that */
#define DEADLINE_MS 10000 /* otherwise */

static char *dir; /* owned, as is the next */
static TillSandboxSetup *setup;
static guint n_combinations;

/* Where in a refund's life the fault comes, and how often. */
typedef enum
{
  AT_SENDING,
  AT_ASKING, /* after the answer to the refund was lost */
  AT_SENDING_AGAIN_AND_AGAIN,
  AT_ASKING_AGAIN_AND_AGAIN,
  AT_SENDING_THEN_A_RESTART,
} Point;

static const char *const point_words[] = { "sending", "asking", "sending, three times",
                                           "asking, three times", "sending, then a restart" };

typedef struct
{
  const TillCodec *codec;
  gboolean lenient;
  /* The till's, on its thread. */
  Shop shop;
  GHashTable *accounts; /* owned */
  TillHttp *http;       /* owned */
  TillDispatcher *dispatcher;
  TillSale *sale; /* owned; with `left` bags to bring back */
  int left;
  int deadline_ms; /* of every request while the fault is there */
  gboolean by_https;
  gboolean door_is_shut;
  /* The provider's, on the main thread. */
  TillClock *clock;
  TillProvider *provider;
  TillProviderRate *rate;
  TillSpeech speech;
  TillNoticeQueue *queue;
  TillCourier *courier;
  TillSandboxServer *server;
  GMainLoop *loop;
} World;

/* --- from the till's thread to the provider's, and back when it is done --- */

typedef struct
{
  void (*deed) (World *world, gpointer data);
  World *world;
  gpointer data;
  GMutex lock;
  GCond changed;
  gboolean done; /* under lock */
} Call;

static gboolean
on_call (gpointer data)
{
  Call *call = data;
  call->deed (call->world, call->data);
  g_mutex_lock (&call->lock);
  call->done = TRUE;
  g_cond_signal (&call->changed);
  g_mutex_unlock (&call->lock);
  return G_SOURCE_REMOVE;
}

static void
over_there (World *world, void (*deed) (World *world, gpointer data), gpointer data)
{
  Call call = { .deed = deed, .world = world, .data = data };
  g_mutex_init (&call.lock);
  g_cond_init (&call.changed);
  g_idle_add_full (G_PRIORITY_HIGH, on_call, &call, NULL);
  g_mutex_lock (&call.lock);
  while (!call.done)
    g_cond_wait (&call.changed, &call.lock);
  g_mutex_unlock (&call.lock);
  g_mutex_clear (&call.lock);
  g_cond_clear (&call.changed);
}

static void
move_clock (World *world, gpointer by)
{
  till_clock_advance (world->clock, *(const int64_t *)by);
}

static void
advance (World *world, int64_t by)
{
  till_clock_advance (world->shop.clock, by);
  over_there (world, move_clock, &by);
}

static void
clear_faults (World *world, gpointer data)
{
  g_autoptr (GError) error = NULL;
  till_provider_clear_faults (world->provider);
  till_front_door_clear_faults (till_sandbox_server_door (world->server), &error);
  g_assert_no_error (error);
}

typedef struct
{
  const TillFaultRow *row;
  TillErrandKind kind;
  int times;
  gboolean taken;
} Wish;

static int
value_of (const TillFaultRow *row)
{
  return row->fault == TILL_PROVIDER_DRIP && row->player == TILL_PLAYED_BY_MODEL ? LONGER_MS / 8
         : row->value > DEADLINE_MS                                              ? LONGER_MS
                                                                                 : row->value;
}

static void
set_fault (World *world, gpointer data)
{
  Wish *wish = data;
  if (wish->row->player == TILL_PLAYED_BY_DOOR)
    wish->taken = till_front_door_set_fault (till_sandbox_server_door (world->server),
                                             (TillLineFault)wish->row->fault, wish->times,
                                             value_of (wish->row), NULL);
  else
    wish->taken
        = till_provider_set_fault (world->provider, wish->kind, (TillProviderFault)wish->row->fault,
                                   wish->times, value_of (wish->row), wish->row->text, NULL);
}

typedef struct
{
  const char *no;
  guint effects, asked;
  gboolean is_there; /* its money is with the customer now */
} Look;

static void
look (World *world, gpointer data)
{
  Look *seen = data;
  TillProviderAnswer answer;
  seen->effects = till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, seen->no);
  seen->asked = till_provider_count_asked (world->provider, TILL_ERRAND_REFUND, seen->no);
  seen->is_there
      = seen->effects > 0
        && till_provider_peek (world->provider, TILL_ERRAND_REFUND, seen->no, NULL, &answer)
        && strcmp (answer.status, "SUCCESS") == 0;
}

/* --- the till --- */

typedef struct
{
  const TillRequest *request;
  TillReply *reply;
} Exchange;

static void
exchange (World *world, gpointer data)
{
  Exchange *both = data;
  TillTransport line = till_speech_transport (&world->speech);
  both->reply = line.send (line.self, both->request, NULL);
}

static TillReply *
send_by_line (gpointer self, const TillRequest *request, GError **error)
{
  World *world = self;
  TillRequest hasty = *request;
  hasty.total_ms = world->deadline_ms;
  hasty.connect_ms = MIN (hasty.connect_ms, world->deadline_ms);
  Exchange both = { &hasty, NULL };
  if (world->by_https)
    both.reply = till_http_send (world->http, &hasty);
  else
    over_there (world, exchange, &both);
  if (world->door_is_shut)
    over_there (world, clear_faults, NULL); /* it opens again */
  world->door_is_shut = FALSE;
  return both.reply;
}

static void
start_dispatcher (World *world)
{
  g_autoptr (GError) error = NULL;
  int found;
  g_clear_pointer (&world->dispatcher, till_dispatcher_free);
  world->dispatcher = till_dispatcher_new (world->shop.ledger,
                                           (TillTransport){ send_by_line, world }, world->accounts);
  g_assert_true (till_dispatcher_recover (world->dispatcher, &found, &error));
}

static void
settle (World *world, int rounds)
{
  int64_t deadline = till_clock_now (world->shop.clock) + PATIENCE;
  for (int round = 0; round < rounds; round++)
    {
      gboolean did;
      int64_t next_at, now = till_clock_now (world->shop.clock);
      g_autoptr (GError) error = NULL;
      g_assert_true (till_dispatcher_step (world->dispatcher, &did, &next_at, &error));
      g_assert_no_error (error);
      if (!did && (next_at == 0 || next_at > deadline))
        return;
      if (!did)
        advance (world, next_at - now);
    }
  g_assert_cmpint (rounds, <, ROUNDS_MAX); /* it goes round in circles */
}

static TillSale *
buy (World *world)
{
  g_autoptr (TillBasket) basket = shop_basket (&world->shop);
  shop_scan (&world->shop, basket, "6901234567908", BAGS * 1000);
  g_autoptr (TillShop) settings = till_selling_shop (world->shop.ledger, NULL);
  g_auto (TillBasketSums) sums = { 0 };
  TillAnswer answer;
  TillSale *sale;
  const TillProfile *profile = world->codec->profile;
  g_assert_true (till_basket_sum (basket, &settings->pricing, &sums, NULL));
  TillTenderWish by_code
      = { TILL_TENDER_CODE, sums.total, sums.total, (char *)"134567890123456789", NULL, FALSE };
  TillTenderWish at_terminal
      = { TILL_TENDER_CARD, sums.total, sums.total, NULL, NULL, .at_terminal = TRUE };
  TillTenderWish wish = profile->takes_codes ? by_code : at_terminal;
  TillTenderWish *wishes[] = { &wish };
  g_assert_true (till_selling_pay (world->shop.ledger, world->shop.cashier, basket, wishes, 1,
                                   &sale, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  settle (world, ROUNDS_MAX);
  g_autoptr (TillSale) paid = NULL;
  g_assert_true (till_selling_load_id (world->shop.ledger, sale->id, &paid, &answer, NULL));
  g_assert_cmpint (paid->state, ==, TILL_SALE_PAID);
  return sale;
}

/* One bag comes back; its refund is due. */
static int64_t
bring_back (World *world)
{
  if (world->left == 0)
    {
      g_clear_pointer (&world->sale, till_sale_free);
      world->sale = buy (world);
      world->left = BAGS;
    }
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (world->shop.ledger, world->shop.cashier, world->sale->id, NULL);
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_CHANGED_MIND;
  g_assert_true (till_returning_submit (world->shop.ledger, world->shop.cashier, draft, NULL,
                                        till_codec_profile, &goods, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  world->left--;
  return ((const TillRefund *)g_ptr_array_index (goods->refunds, 0))->id;
}

/* --- what must hold --- */

static gboolean
is_due (TillRefundState state)
{
  switch (state)
    {
#define X(name, counts, due)                                                                       \
  case TILL_REFUND_##name:                                                                         \
    return due;
      TILL_REFUND_STATES (X)
#undef X
    }
  g_assert_not_reached ();
}

static void
assert_kept (World *world, int64_t id)
{
  g_autoptr (TillRefund) refund = NULL;
  TillAnswer answer;
  g_assert_true (till_refunding_load_id (world->shop.ledger, id, &refund, &answer, NULL));
  g_assert_nonnull (refund); /* not lost … */
  Look seen = { .no = refund->request_no };
  over_there (world, look, &seen);
  g_test_message ("  %s %s; moved %u, asked for %u", till_refund_state_word (refund->state),
                  refund->failure_code, seen.effects, seen.asked);
  g_assert_cmpuint (seen.effects, <=, 1); /* … not paid twice … */
  g_assert_true (refund->state != TILL_REFUND_SUCCEEDED || seen.effects == 1); /* … not claimed … */
  switch (refund->state)
    {
    case TILL_REFUND_FAILED:
    case TILL_REFUND_CLOSED:
    case TILL_REFUND_BOUNCED:
    case TILL_REFUND_FIX:
    case TILL_REFUND_CUSTOMER:
      /* … and what counts as not paid is not with the customer. */
      g_assert_false (seen.is_there);
      break;
    default:
      break;
    }
  g_assert_cmpint (refund->state, !=, TILL_REFUND_SENDING);
  /* Where something is due, it is known when; UNKNOWN, when people have to look. */
  if (is_due (refund->state) && refund->state != TILL_REFUND_UNKNOWN)
    g_assert_cmpint (refund->next_action_at, !=, 0);
}

/* --- the walk --- */

static gboolean
is_of_waiting (const TillFaultRow *row)
{
  return row->value > DEADLINE_MS
         || (row->player == TILL_PLAYED_BY_MODEL && row->fault == TILL_PROVIDER_DRIP);
}

/* Under a provider that does what it is told, as often as it is told, a line that repeats pays
 * twice, and so does a provider that denies what it has done: no till can help that. */
static gboolean
is_beyond_us (const TillFaultRow *row)
{
  return row->player == TILL_PLAYED_BY_MODEL
         && (row->fault == TILL_PROVIDER_TWICE || row->fault == TILL_PROVIDER_NOT_FOUND
             || row->fault == TILL_PROVIDER_FORGETS);
}

static gboolean
bring_trouble (World *world, const TillFaultRow *row, Point point)
{
  gboolean asking = point == AT_ASKING || point == AT_ASKING_AGAIN_AND_AGAIN;
  gboolean again = point == AT_SENDING_AGAIN_AND_AGAIN || point == AT_ASKING_AGAIN_AND_AGAIN;
  Wish lost = { till_fault_table_of (TILL_PLAYED_BY_MODEL, TILL_PROVIDER_RESET), TILL_ERRAND_REFUND,
                1, FALSE };
  Wish wish = { row, asking ? TILL_ERRAND_QUERY_REFUND : TILL_ERRAND_REFUND, again ? 3 : 1, FALSE };
  if (asking)
    over_there (world, set_fault, &lost);
  /* The door does not know what comes: the refund goes first. */
  if (asking && row->player == TILL_PLAYED_BY_DOOR)
    {
      gboolean did = FALSE;
      while (!did)
        {
          int64_t next_at, now = till_clock_now (world->shop.clock);
          g_assert_true (till_dispatcher_step (world->dispatcher, &did, &next_at, NULL));
          if (!did)
            advance (world, next_at - now);
        }
    }
  over_there (world, set_fault, &wish);
  world->door_is_shut
      = row->player == TILL_PLAYED_BY_DOOR && row->fault == TILL_LINE_REFUSED && wish.taken;
  if (is_of_waiting (row))
    world->deadline_ms = MOMENT_MS;
  return wish.taken;
}

/* Whoever mended what was wrong has a stopped provider tried again. */
static void
let_go_on (World *world)
{
  g_autoptr (GPtrArray) stops = till_stopping_list (world->shop.ledger, NULL);
  g_assert_nonnull (stops);
  for (guint i = 0; i < stops->len; i++)
    {
      const TillStop *stop = g_ptr_array_index (stops, i);
      TillAnswer answer;
      if (stop->try_at != 0)
        continue;
      g_assert_true (till_stopping_try (world->shop.ledger, world->shop.manager, stop->provider,
                                        &answer, NULL));
      g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
    }
}

static void
play (World *world, const TillFaultRow *row, Point point)
{
  int64_t id = bring_back (world);
  if (bring_trouble (world, row, point))
    {
      n_combinations++;
      g_test_message ("%s at %s", row->word, point_words[point]);
    }
  if (point == AT_SENDING_THEN_A_RESTART)
    {
      settle (world, 2);
      start_dispatcher (world);
    }
  settle (world, g_test_slow () ? ROUNDS_MAX : ROUNDS_FEW);
  over_there (world, clear_faults, NULL);
  let_go_on (world);
  world->deadline_ms = DEADLINE_MS;
  world->by_https = g_test_slow ();
  settle (world, ROUNDS_MAX);
  assert_kept (world, id);
}

static gpointer
walk (gpointer data)
{
  World *world = data;
  Point last = g_test_slow () ? AT_SENDING_THEN_A_RESTART : AT_ASKING;
  const TillFaultRow *row;
  start_dispatcher (world);
  for (guint n = 0; (row = till_fault_table_nth (n)); n++)
    {
      if (row->player != TILL_PLAYED_BY_MODEL && row->player != TILL_PLAYED_BY_DOOR)
        continue;
      if (world->lenient && is_beyond_us (row))
        continue;
      for (Point point = AT_SENDING; point <= last; point++)
        {
          world->by_https = g_test_slow () || (point == AT_SENDING && !world->lenient);
          if (world->by_https || row->player == TILL_PLAYED_BY_MODEL)
            play (world, row, point);
        }
    }
  g_auto (TillVerdict) verdict = { 0 };
  g_assert_true (till_verify_books (world->shop.ledger, &verdict, NULL));
  g_assert_cmpstr (verdict.what, ==, "");
  g_main_loop_quit (world->loop);
  return NULL;
}

static void
open_till (World *world)
{
  g_autoptr (GError) error = NULL;
  const char *name = world->codec->profile->name;
  shop_open (&world->shop, NULL, 1);
  shop_set (&world->shop, "provider.code", name);
  shop_set (&world->shop, "provider.card", name);
  shop_set (&world->shop, "policy.return_limit.cashier", "100000000");
  shop_set (&world->shop, "policy.window_days", "3650");
  g_autofree char *folder = till_sandbox_setup_account (dir, till_tongue_find (name));
  TillAccount *us = till_account_load (folder, &error);
  g_assert_no_error (error);
  g_free (us->base_url);
  us->base_url = g_strdup_printf ("https://127.0.0.1:%d", till_sandbox_server_port (world->server));
  world->accounts
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)till_account_free);
  g_hash_table_insert (world->accounts, us->provider, us);
  world->http = till_http_new ();
  world->deadline_ms = DEADLINE_MS;
  /* Certificates are of today. */
  int64_t behind = g_get_real_time () - till_clock_now (world->shop.clock);
  if (behind > 0)
    till_clock_advance (world->shop.clock, behind);
}

static void
open_provider (World *world)
{
  g_autoptr (GError) error = NULL;
  world->clock = till_clock_new_fake (MAX (g_get_real_time (), FIXTURE_NOW), 1);
  world->provider = till_provider_new (world->lenient, NULL, NULL);
  world->rate = till_provider_rate_new ();
  world->speech = till_sandbox_setup_speech (setup, world->provider, world->clock);
  world->speech.rate = world->rate;
  world->queue = till_notice_queue_open (NULL, 1, &error);
  world->courier = till_courier_new (&world->speech, world->queue, NULL);
  world->server = till_sandbox_server_new (&world->speech, world->courier, "0123456789abcdef", dir,
                                           0, &error);
  g_assert_no_error (error);
  world->loop = g_main_loop_new (NULL, FALSE);
}

static void
close_world (World *world)
{
  till_dispatcher_free (world->dispatcher);
  g_clear_pointer (&world->sale, till_sale_free);
  till_http_free (world->http);
  g_hash_table_unref (world->accounts);
  shop_close (&world->shop);
  till_sandbox_server_free (world->server);
  till_courier_free (world->courier);
  till_notice_queue_close (world->queue);
  till_provider_rate_free (world->rate);
  till_provider_free (world->provider);
  till_clock_free (world->clock);
  g_main_loop_unref (world->loop);
}

static void
go_round (const TillCodec *codec, gboolean lenient)
{
  World world = { .codec = codec, .lenient = lenient };
  guint before = n_combinations;
  open_provider (&world);
  open_till (&world);
  GThread *till = g_thread_new ("till", walk, &world);
  g_main_loop_run (world.loop);
  g_thread_join (till);
  close_world (&world);
  g_test_message ("%u combinations", n_combinations - before);
}

static void
test_honest (gconstpointer codec)
{
  go_round (codec, FALSE);
}

static void
test_lenient (gconstpointer codec)
{
  go_round (codec, TRUE);
}

static void
test_count (void)
{
  g_print ("# fault-walk: %u combinations of fault, provider and point\n", n_combinations);
  g_assert_cmpuint (n_combinations, >, 500);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  dir = g_dir_make_tmp ("till-faults-XXXXXX", NULL);
  if (!till_sandbox_setup_make (dir, 1, &error) || !(setup = till_sandbox_setup_load (dir, &error)))
    g_error ("%s", error->message);
  const TillCodec *codec;
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    {
      g_autofree char *honest = g_strdup_printf ("/fault-walk/%s/honest", codec->profile->name);
      g_autofree char *lenient = g_strdup_printf ("/fault-walk/%s/lenient", codec->profile->name);
      g_test_add_data_func (honest, codec, test_honest);
      g_test_add_data_func (lenient, codec, test_lenient);
    }
  g_test_add_func ("/fault-walk/all-together/count", test_count);
  int result = g_test_run ();
  till_sandbox_setup_free (setup);
  test_folder_remove (dir);
  g_free (dir);
  return result;
}
