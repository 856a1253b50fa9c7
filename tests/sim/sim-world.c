/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim-world.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/shifting.h"
#include "data/ledger/anchor.h"
#include "tests/data/shop-fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With nothing going wrong any more, everything is at rest within this time and so many steps. */
#define REST_WITHIN (36 * TILL_HOUR)
/* … or until every refund that may come back has been asked about for the last time. */
#define LAST_RECHECK (32 * TILL_DAY)
#define REST_STEPS 3000
/* Just before the hour at which most clearing days end. */
#define LATE_EVENING (12 * TILL_HOUR + 40 * TILL_MINUTE)

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
  if (!shop || !till_anchors_check (world->desk, error))
    return FALSE;
  world->dispatcher = till_dispatcher_new (world->hand, till_line (world), world->accounts);
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

void
till_world_pass (World *world, int64_t span)
{
  till_clock_advance (world->clock, span);
  till_clock_advance (world->time, span);
}

/* The till's clock is set wrong; the providers' go right. Where no request may come behind a "not
 * found", what is on its way comes before one: the till has no means to know that its time is none.
 */
static void
clock_jumps (World *world)
{
  static const int64_t jumps[] = { TILL_HOUR, TILL_DAY, 30 * TILL_DAY, -TILL_HOUR, -TILL_DAY };
  if (!till_world_trouble (world, 1, "the clock jumps"))
    return;
  world->jumped = TRUE;
  till_clock_advance (world->clock, jumps[till_world_draw (world, G_N_ELEMENTS (jumps))]);
  for (guint i = 0; i < world->held_up->len; i++)
    {
      Sent *late = g_ptr_array_index (world->held_up, i);
      if (!till_rail_of (world, late->request)->long_late)
        late->at = 0;
    }
  till_line_deliver (world, FALSE);
}

static void
clock_is_put_right (World *world)
{
  till_world_tell (world, "the clock is put right");
  till_clock_advance (world->clock, till_clock_now (world->time) - till_clock_now (world->clock));
}

static void
time_passes (World *world)
{
  static const int64_t spans[]
      = { TILL_SECOND, 3 * TILL_SECOND, 8 * TILL_SECOND, TILL_MINUTE, 20 * TILL_MINUTE };
  static const int64_t long_spans[] = { 3 * TILL_HOUR, TILL_DAY, 32 * TILL_DAY, 366 * TILL_DAY };
  gboolean closed = till_world_draw (world, 12) == 0;
  till_world_pass (world, closed ? long_spans[till_world_draw (world, G_N_ELEMENTS (long_spans))]
                                 : spans[till_world_draw (world, G_N_ELEMENTS (spans))]);
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
  till_line_deliver (world, FALSE);
  if (what < 14)
    good = till_world_act (world, &error);
  else if (what < 28)
    good = hand_works (world, &did, &next_at, &error);
  else if (what < 32)
    time_passes (world);
  else if (what < 36)
    till_world_misbehave (world);
  else if (what < 37 && till_world_draw (world, 3) == 0)
    clock_is_put_right (world);
  else if (what < 37)
    clock_jumps (world);
  else if (what < 39 && till_world_trouble (world, 1, "power cut soon"))
    till_fault_arm (1 + till_world_draw (world, 12));
  else if (what == 39)
    power_fails (world); /* a restart in peace */
  if (good && !till_fault_where ())
    good = till_world_settle (world, &error);
  if (!good && !g_error_matches (error, TILL_ERROR, TILL_ERROR_STOPPED))
    till_world_fail (world, "unexpected: %s", error->message);
  if (!good || till_fault_where ())
    power_fails (world);
}

static void
work_until_rest (World *world)
{
  int64_t deadline = till_clock_now (world->clock) + (world->bounced ? LAST_RECHECK : REST_WITHIN);
  for (int i = 0; i < REST_STEPS; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean did;
      int64_t next_at, now = till_clock_now (world->clock);
      till_line_deliver (world, FALSE);
      if (!hand_works (world, &did, &next_at, &error))
        till_world_fail (world, "unexpected: %s", error->message);
      till_watch_step (world->watch);
      if (!did && (next_at == 0 || next_at > deadline))
        return;
      if (!did)
        till_world_pass (world, MAX (next_at - now, 1));
    }
}

/* What is still stuck then, people recall. */
static void
come_to_rest (World *world)
{
  g_autoptr (GError) error = NULL;
  world->calm = TRUE;
  for (guint i = 0; i < world->n_rails; i++)
    till_provider_clear_faults (world->rails[i].provider);
  till_world_tell (world, "from here on nothing goes wrong");
  clock_is_put_right (world);
  power_fails (world);
  work_until_rest (world);
  if (!till_world_recall (world, &error))
    till_world_fail (world, "unexpected: %s", error->message);
  work_until_rest (world);
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
  till_line_deliver (world, TRUE);
  till_world_settle_end (world);
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

static void
make_key (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *fingerprint = NULL;
  TillAnswer answer;
  if (!till_shifting_make_key (world->desk, world->staff[2], &fingerprint, &answer, &error))
    till_world_fail (world, "no key to sign a close with: %s", error->message);
}

static void
clear_folder (const World *world)
{
  static const char *const names[]
      = { "ledger.db", "ledger.db-wal", "ledger.db-shm", "seal.key", "anchors" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_build_filename (world->dir, names[i], NULL);
      g_remove (name);
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
  int64_t evening
      = till_world_draw (world, 4) ? 0 : LATE_EVENING + till_world_draw (world, 20) * TILL_MINUTE;
  world->clock = till_clock_new_fake (FIXTURE_NOW + TILL_HOUR + evening, seed);
  world->dir = g_strdup_printf ("%s/%" G_GUINT64_FORMAT, kit->dir, seed);
  world->path = g_build_filename (world->dir, "ledger.db", NULL);
  /* A world that broke a promise has left its own, for whoever tells it again. */
  clear_folder (world);
  if (g_mkdir_with_parents (world->dir, 0700) != 0)
    g_error ("cannot make %s", world->dir);
  g_autofree char *bytes = NULL;
  gsize size;
  if (!g_file_get_contents (kit->template_path, &bytes, &size, &error)
      || !g_file_set_contents_full (world->path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE,
                                    0600, &error))
    g_error ("%s", error->message);
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  world->time = till_clock_new_fake (till_clock_now (world->clock), seed);
  world->file_day = till_clock_day (till_clock_now (world->time), TILL_CHINA);
  till_rails_draw (world, kit);
  world->sales = g_array_new (FALSE, FALSE, sizeof (int64_t));
  world->returns = g_array_new (FALSE, FALSE, sizeof (int64_t));
  world->shifts = g_array_new (FALSE, FALSE, sizeof (int64_t));
  world->strays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  world->paper = till_fake_paper_new (world);
  world->report = STDERR_FILENO;
  world->watch = till_watch_new (world);
  if (!start (world, &error))
    g_error ("%s", error->message);
  find_staff (world);
  make_key (world);
  if (!till_rails_tell (world, &error))
    g_error ("%s", error->message);
  return world;
}

void
till_world_free (World *world)
{
  stop (world);
  till_watch_free (world->watch);
  till_rails_clear (world);
  till_fake_paper_free (world->paper);
  till_clock_free (world->clock);
  till_clock_free (world->time);
  till_line_free (world);
  g_array_unref (world->sales);
  g_array_unref (world->returns);
  g_array_unref (world->shifts);
  g_hash_table_unref (world->strays);
  clear_folder (world);
  if (g_rmdir (world->dir) != 0)
    g_error ("something is left in %s", world->dir);
  g_free (world->dir);
  g_free (world->path);
  g_free (world);
}
