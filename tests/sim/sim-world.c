/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim-world.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "tests/data/shop-fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With nothing going wrong any more, everything is at rest within this time and so many steps. */
#define REST_WITHIN (36 * TILL_HOUR)
#define REST_STEPS 3000
/* The provider's "not found" is final after five seconds; by its word no request arrives later …
 */
#define LATE_MAX_S 4
/* … and where that is not so, one may be on its way for hours. */
#define LONG_LATE_MAX_S 36000

/* --- chance --- */

/* splitmix64: any seed is a good seed. */
static guint64
next_random (World *world)
{
  guint64 z = (world->chance += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint
till_world_draw (World *world, guint bound)
{
  return (guint)(next_random (world) % bound);
}

gboolean
till_world_trouble (World *world, guint of, const char *what)
{
  if (world->calm || till_world_draw (world, of) != 0)
    return FALSE;
  guint number = world->troubles++;
  if (number < world->n_without && world->without[number])
    return FALSE;
  till_world_tell (world, "! trouble %u: %s", number, what);
  return TRUE;
}

void
till_world_tell (World *world, const char *format, ...)
{
  if (!world->trace)
    return;
  g_autofree char *when = till_clock_format (till_clock_now (world->clock), "Asia/Shanghai");
  va_list values;
  va_start (values, format);
  g_autofree char *text = g_strdup_vprintf (format, values);
  va_end (values);
  g_print ("# %s %s\n", when, text);
}

/* One line to whoever runs us, and the end. */
void
till_world_fail (World *world, const char *format, ...)
{
  va_list values;
  va_start (values, format);
  g_autofree char *text = g_strdup_vprintf (format, values);
  va_end (values);
  till_world_tell (world, "BROKEN %s", text);
  fflush (stdout);
  if (write (world->report, text, strlen (text)) < 0)
    perror ("till-sim");
  _exit (1);
}

/* --- the line --- */

static void
sent_free (gpointer data)
{
  Sent *sent = data;
  g_clear_pointer (&sent->request, till_request_free);
  g_free (sent->body);
  g_free (sent);
}

static char *
number_in (const TillRequest *request)
{
  gsize size;
  const char *body = g_bytes_get_data (request->body, &size);
  const char *mark = "\"request_no\":\"";
  const char *at = memmem (body, size, mark, strlen (mark));
  return at ? g_strndup (at + strlen (mark), 16) : g_strdup ("");
}

/* A5: what goes out again under a number is what went out first, byte for byte. */
static void
compare_with_first (World *world, const TillRequest *request, const char *request_no)
{
  g_autofree char *key = g_strdup_printf ("%s %s", request->path, request_no);
  GString *all = g_string_new_len (g_bytes_get_data (request->body, NULL),
                                   (gssize)g_bytes_get_size (request->body));
  for (guint i = 0; i < request->headers->len; i++)
    g_string_append_printf (all, "\n%s", (const char *)g_ptr_array_index (request->headers, i));
  g_autofree char *bytes = g_string_free (all, FALSE);
  const Sent *first = g_hash_table_lookup (world->sent, key);
  if (first && strcmp (first->body, bytes) != 0)
    till_world_fail (world, "A5: %s went out in other words", key);
  if (first)
    return;
  Sent *sent = g_new0 (Sent, 1);
  sent->body = g_steal_pointer (&bytes);
  g_hash_table_insert (world->sent, g_steal_pointer (&key), sent);
}

static TillRequest *
copy_request (const TillRequest *request)
{
  TillRequest *copy = till_request_new ("", request->path, request->body);
  for (guint i = 0; i < request->headers->len; i++)
    g_ptr_array_add (copy->headers, g_strdup (g_ptr_array_index (request->headers, i)));
  copy->total_ms = request->total_ms;
  return copy;
}

static void
hold_up (World *world, const TillRequest *request)
{
  Sent *late = g_new0 (Sent, 1);
  guint seconds = 1 + till_world_draw (world, world->long_late ? LONG_LATE_MAX_S : LATE_MAX_S);
  late->at = till_clock_now (world->clock) + seconds * TILL_SECOND;
  late->request = copy_request (request);
  g_ptr_array_add (world->held_up, late);
}

/* Requests that were held up arrive; nobody waits for their answer any more. */
static void
deliver_late (World *world, gboolean all)
{
  for (guint i = 0; i < world->held_up->len;)
    {
      Sent *late = g_ptr_array_index (world->held_up, i);
      if (!all && late->at > till_clock_now (world->clock))
        {
          i++;
          continue;
        }
      TillTransport line = till_speech_transport (&world->speech);
      g_autoptr (TillReply) reply = line.send (line.self, late->request, NULL);
      till_world_tell (world, "a late %s arrives", late->request->path);
      g_ptr_array_remove_index (world->held_up, i);
    }
}

static void power_fails (World *world);

/* The shop goes on while somebody waits for the provider. */
static gboolean
meanwhile (World *world, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  if (!till_world_draw (world, 4) && !till_world_act (world, &trouble)
      && !g_error_matches (trouble, TILL_ERROR, TILL_ERROR_STOPPED))
    till_world_fail (world, "while waiting: %s", trouble->message);
  if (!trouble)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

static TillReply *send_by_line (gpointer self, const TillRequest *request, GError **error);

/* The provider has acted and its answer takes longer than a promise lasts. Another program at the
 * same books forgets the promise and asks, and in the end both are told. */
static gboolean
another_hand (World *world, GError **error)
{
  gboolean did;
  int64_t next_at;
  if (world->asking || !till_world_trouble (world, 25, "the answer takes six minutes"))
    return TRUE;
  world->asking = TRUE;
  till_clock_advance (world->clock, 6 * TILL_MINUTE);
  deliver_late (world, FALSE);
  TillDispatcher *other
      = till_dispatcher_new (world->desk, (TillTransport){ send_by_line, world }, world->accounts);
  gboolean good = till_dispatcher_step (other, &did, &next_at, error);
  till_dispatcher_free (other);
  world->asking = FALSE;
  return good;
}

static TillReply *
send_by_line (gpointer self, const TillRequest *request, GError **error)
{
  World *world = self;
  g_autofree char *request_no = number_in (request);
  gboolean pay = g_str_equal (request->path, "/v1/pay");
  gboolean refund
      = g_str_equal (request->path, "/v1/refund") || g_str_equal (request->path, "/v1/void");
  if (pay || refund)
    till_watch_promise (world->watch, refund, request_no);
  compare_with_first (world, request, request_no);
  if (!meanwhile (world, error))
    return NULL;
  if (till_world_trouble (world, 15, "no line"))
    return till_reply_new (TILL_FATE_NOT_SENT, 0, "no line");
  if ((pay || refund) && !world->lenient && till_world_trouble (world, 15, "held up on the way"))
    {
      hold_up (world, request);
      return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "time-out");
    }
  TillTransport line = till_speech_transport (&world->speech);
  g_autoptr (TillReply) reply = line.send (line.self, request, error);
  till_world_tell (world, "%s %s: %s", request->path, request_no,
                   reply->fate == TILL_FATE_ANSWERED ? "answered" : reply->detail);
  return meanwhile (world, error) && another_hand (world, error) ? g_steal_pointer (&reply) : NULL;
}

/* --- power --- */

static void
stop (World *world)
{
  g_clear_pointer (&world->dispatcher, till_dispatcher_free);
  g_clear_pointer (&world->spooler, till_spooler_free);
  g_clear_pointer (&world->desk, till_ledger_free);
  g_clear_pointer (&world->hand, till_ledger_free);
}

static gboolean
start (World *world, GError **error)
{
  int found;
  world->desk = till_ledger_open (world->path, world->clock, error);
  world->hand = world->desk ? till_ledger_open (world->path, world->clock, error) : NULL;
  g_autoptr (TillShop) shop = world->hand ? till_selling_shop (world->hand, error) : NULL;
  if (!shop)
    return FALSE;
  world->dispatcher
      = till_dispatcher_new (world->hand, (TillTransport){ send_by_line, world }, world->accounts);
  world->spooler = till_spooler_new (world->hand, till_fake_paper_printer (world->paper), shop);
  return till_dispatcher_recover (world->dispatcher, &found, error);
}

/* Off and on again; while starting up it may go off once more. */
static void
power_fails (World *world)
{
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      till_world_tell (world, "the power was off%s%s, the till starts",
                       till_fault_where () ? " since " : "",
                       till_fault_where () ? till_fault_where () : "");
      stop (world);
      till_fault_restore ();
      if (till_world_trouble (world, 3, "power cut soon after starting"))
        till_fault_arm (1 + till_world_draw (world, 6));
      if (start (world, &error))
        {
          till_watch_started (world->watch);
          return;
        }
      if (!g_error_matches (error, TILL_ERROR, TILL_ERROR_STOPPED))
        till_world_fail (world, "cannot start: %s", error->message);
    }
  till_world_fail (world, "it does not start at all");
}

/* --- troubles that wait --- */

static const char *
reason_for (World *world, TillErrandKind kind)
{
  static const char *const of_refund[]
      = { "BALANCE_LOW", "ACCOUNT_CLOSED", "ORIGINAL_DIFFERS", "TOO_SOON",
          "RISK_HOLD",   "REFUND_CLOSED",  "BECAUSE",          "ORIGINAL_TOO_OLD" };
  static const char *const of_pay[] = { "CUSTOMER_FUNDS_LOW", "CODE_EXPIRED", "BECAUSE" };
  switch ((int)kind)
    {
    case TILL_ERRAND_REFUND:
      return of_refund[till_world_draw (world, G_N_ELEMENTS (of_refund))];
    case TILL_ERRAND_PAY:
      return of_pay[till_world_draw (world, G_N_ELEMENTS (of_pay))];
    case TILL_ERRAND_REVERSE:
      return "RISK_HOLD";
    default:
      return till_world_draw (world, 2) ? "BUSY" : "SYSTEM_ERROR";
    }
}

/* TRUE for what this provider can do without lying. A lenient one executes what it gets, so it gets
 * each request once and hides nothing. */
static gboolean
is_possible (World *world, TillErrandKind kind, TillProviderFault fault)
{
  gboolean bookable = kind == TILL_ERRAND_PAY || kind == TILL_ERRAND_REFUND;
  if (fault == TILL_PROVIDER_PROCESSING || fault == TILL_PROVIDER_NOT_FOUND)
    return bookable && !(world->lenient && fault == TILL_PROVIDER_NOT_FOUND);
  if (fault == TILL_PROVIDER_TWICE)
    return !world->lenient;
  if (fault == TILL_PROVIDER_REFUSE && kind == TILL_ERRAND_REFUND)
    return !world->long_late;
  return TRUE;
}

static void
provider_misbehaves (World *world)
{
  if (!till_world_trouble (world, 1, "the provider misbehaves"))
    return;
  static const TillErrandKind kinds[]
      = { TILL_ERRAND_REFUND,       TILL_ERRAND_REFUND,    TILL_ERRAND_REFUND, TILL_ERRAND_PAY,
          TILL_ERRAND_QUERY_REFUND, TILL_ERRAND_QUERY_PAY, TILL_ERRAND_REVERSE };
  TillErrandKind kind = kinds[till_world_draw (world, G_N_ELEMENTS (kinds))];
  TillProviderFault fault
      = (TillProviderFault)(1 + till_world_draw (world, TILL_PROVIDER_ERROR_NOT_DONE));
  int times = 1 + (int)till_world_draw (world, 3), value = 0;
  const char *reason = reason_for (world, kind);
  if (!is_possible (world, kind, fault))
    return;
  if (fault == TILL_PROVIDER_SLOW || fault == TILL_PROVIDER_SILENT)
    value = (int)till_world_draw (world, 60000);
  else if (fault == TILL_PROVIDER_PROCESSING)
    value = 1 + (int)till_world_draw (world, 4);
  else if (fault == TILL_PROVIDER_NOT_FOUND)
    value = 1 + (int)till_world_draw (world, 4);
  world->repeated = world->repeated || fault == TILL_PROVIDER_TWICE;
  till_world_tell (world, "  %s: %s × %d", till_errand_kind_word (kind),
                   till_provider_fault_word (fault), times);
  g_autoptr (GError) error = NULL;
  if (!till_provider_set_fault (world->provider, kind, fault, times, value,
                                fault == TILL_PROVIDER_REFUSE ? reason : NULL, &error))
    till_world_fail (world, "no such trouble: %s", error->message);
}

static void
clock_jumps (World *world)
{
  static const int64_t jumps[] = { TILL_HOUR, TILL_DAY, 30 * TILL_DAY, -TILL_HOUR, -TILL_DAY };
  if (!till_world_trouble (world, 1, "the clock jumps"))
    return;
  int64_t jump = jumps[till_world_draw (world, G_N_ELEMENTS (jumps))];
  till_clock_advance (world->clock, jump);
  /* Only our clock jumps; what is on its way takes as long as before. */
  for (guint i = 0; i < world->held_up->len; i++)
    ((Sent *)g_ptr_array_index (world->held_up, i))->at += jump;
  if (!world->long_late)
    deliver_late (world, TRUE);
}

static void
time_passes (World *world)
{
  static const int64_t spans[]
      = { TILL_SECOND, 3 * TILL_SECOND, 8 * TILL_SECOND, TILL_MINUTE, 20 * TILL_MINUTE };
  till_clock_advance (world->clock, spans[till_world_draw (world, G_N_ELEMENTS (spans))]);
}

/* --- one seed --- */

static gboolean
hand_works (World *world, gboolean *did, int64_t *next_at, GError **error)
{
  gboolean sent, printed;
  int64_t send_at, print_at;
  if (!till_dispatcher_step (world->dispatcher, &sent, &send_at, error)
      || !till_spooler_step (world->spooler, &printed, &print_at, error))
    return FALSE;
  *did = sent || printed;
  *next_at = send_at == 0 ? print_at : print_at == 0 ? send_at : MIN (send_at, print_at);
  return TRUE;
}

static void
one_step (World *world)
{
  g_autoptr (GError) error = NULL;
  gboolean did, good = TRUE;
  int64_t next_at;
  guint what = till_world_draw (world, 40);
  deliver_late (world, FALSE);
  if (what < 14)
    good = till_world_act (world, &error);
  else if (what < 28)
    good = hand_works (world, &did, &next_at, &error);
  else if (what < 32)
    time_passes (world);
  else if (what < 36)
    provider_misbehaves (world);
  else if (what < 37)
    clock_jumps (world);
  else if (what < 39 && till_world_trouble (world, 1, "power cut soon"))
    till_fault_arm (1 + till_world_draw (world, 12));
  else if (what == 39)
    power_fails (world); /* a restart in peace */
  if (!good && !g_error_matches (error, TILL_ERROR, TILL_ERROR_STOPPED))
    till_world_fail (world, "unexpected: %s", error->message);
  if (!good || till_fault_where ())
    power_fails (world);
}

static void
come_to_rest (World *world)
{
  world->calm = TRUE;
  till_provider_clear_faults (world->provider);
  till_world_tell (world, "from here on nothing goes wrong");
  power_fails (world);
  int64_t deadline = till_clock_now (world->clock) + REST_WITHIN;
  for (int i = 0; i < REST_STEPS; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean did;
      int64_t next_at, now = till_clock_now (world->clock);
      deliver_late (world, FALSE);
      if (!hand_works (world, &did, &next_at, &error))
        till_world_fail (world, "unexpected: %s", error->message);
      till_watch_step (world->watch);
      if (!did && (next_at == 0 || next_at > deadline))
        return;
      if (!did)
        till_clock_advance (world->clock, MAX (next_at - now, 1));
    }
}

void
till_world_run (World *world)
{
  guint steps = 40 + till_world_draw (world, 80);
  for (guint i = 0; i < steps; i++)
    {
      one_step (world);
      till_watch_step (world->watch);
    }
  come_to_rest (world);
  deliver_late (world, TRUE);
  till_watch_end (world->watch);
  till_world_tell (world, "kept every promise");
}

void
till_world_make_template (const char *path)
{
  Shop shop;
  shop_open (&shop, path, 1);
  g_autoptr (GError) error = NULL;
  g_assert_true (till_ledger_checkpoint (shop.ledger, &error));
  shop_close (&shop);
}

static void
find_staff (World *world)
{
  static const char *const numbers[WORLD_STAFF] = { "1", "2", "3" };
  for (int i = 0; i < WORLD_STAFF; i++)
    {
      g_autoptr (TillStaff) staff = NULL;
      if (!till_staffing_find (world->desk, numbers[i], &staff, NULL) || !staff)
        till_world_fail (world, "nobody works here");
      world->staff[i] = staff->id;
    }
}

World *
till_world_new (const WorldKit *kit, guint64 seed, const gboolean *without, guint n_without)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;
  world->seed = world->chance = seed;
  world->without = without;
  world->n_without = n_without;
  world->lenient = seed % 2 == 1;
  world->long_late = !world->lenient && till_world_draw (world, 3) == 0;
  world->clock = till_clock_new_fake (FIXTURE_NOW + TILL_HOUR, seed);
  world->path = g_strdup_printf ("%s/%" G_GUINT64_FORMAT ".books", kit->dir, seed);
  g_autofree char *bytes = NULL;
  gsize size;
  if (!g_file_get_contents (kit->template_path, &bytes, &size, &error)
      || !g_file_set_contents_full (world->path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE,
                                    0600, &error))
    g_error ("%s", error->message);
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  world->provider = till_provider_new (world->lenient, NULL, NULL);
  world->speech
      = (TillSpeech){ world->provider, world->clock, "M1", kit->provider_key, kit->till_public };
  world->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (world->accounts, kit->account.provider, (gpointer)&kit->account);
  world->sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sent_free);
  world->held_up = g_ptr_array_new_with_free_func (sent_free);
  world->sales = g_array_new (FALSE, FALSE, sizeof (int64_t));
  world->returns = g_array_new (FALSE, FALSE, sizeof (int64_t));
  world->paper = till_fake_paper_new (world);
  world->report = STDERR_FILENO;
  world->watch = till_watch_new (world);
  if (!start (world, &error))
    g_error ("%s", error->message);
  find_staff (world);
  return world;
}

void
till_world_free (World *world)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  stop (world);
  till_watch_free (world->watch);
  till_provider_free (world->provider);
  till_fake_paper_free (world->paper);
  till_clock_free (world->clock);
  g_hash_table_unref (world->accounts);
  g_hash_table_unref (world->sent);
  g_ptr_array_unref (world->held_up);
  g_array_unref (world->sales);
  g_array_unref (world->returns);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (world->path, suffixes[i], NULL);
      g_remove (name);
    }
  g_free (world->path);
  g_free (world);
}
