/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-parts.h"
#include "data/desk/noticing.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/stopping.h"
#include "data/desk/tending.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>

#define UNPRINTED_MAX 100
#define REFUNDS_MAX 100

typedef struct
{
  int counts[4];
  int unsettled;        /* notices about numbers we do not know */
  GPtrArray *stops;     /* owned; of TillStop */
  int checks_due;       /* devices that are to be checked */
  GPtrArray *unprinted; /* owned; of TillPrintJob */
  TillDrawerSeen drawer;
  GPtrArray *refunds; /* owned; of TillRefund: today's, and what is open from before */
} Badges;

static void
badges_free (gpointer data)
{
  Badges *ask = data;
  g_clear_pointer (&ask->stops, g_ptr_array_unref);
  g_clear_pointer (&ask->unprinted, g_ptr_array_unref);
  g_clear_pointer (&ask->refunds, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_badges (gpointer ledger, gpointer data, GError **error)
{
  Badges *ask = data;
  if (!till_refunding_counts (ledger, ask->counts, error)
      || !till_noticing_count (ledger, &ask->unsettled, error)
      || !till_tending_count_due (ledger, &ask->checks_due, error)
      || !till_printing_drawer (ledger, &ask->drawer, error))
    return NULL;
  ask->stops = till_stopping_list (ledger, error);
  ask->unprinted = ask->stops ? till_printing_unprinted (ledger, UNPRINTED_MAX, error) : NULL;
  if (!ask->unprinted)
    return NULL;
  ask->refunds = till_refunding_list (ledger, TILL_REFUNDS_TODAY, REFUNDS_MAX, error);
  g_autoptr (GPtrArray) open
      = ask->refunds ? till_refunding_list (ledger, TILL_REFUNDS_OPEN, REFUNDS_MAX, error) : NULL;
  if (!open)
    return NULL;
  g_ptr_array_extend_and_steal (ask->refunds, g_steal_pointer (&open));
  return ask;
}

/* Paper: the oldest slip that has trouble speaks for the printer. What failed for good is no news.
 */
static const char *
printer_trouble (const GPtrArray *unprinted)
{
  for (guint i = 0; i < unprinted->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (unprinted, i);
      if (!till_print_state_is_live (job->state) || !*job->problem)
        continue;
      const char *label = till_print_problem_label (job->problem);
      return label ? label : _ ("in trouble");
    }
  return NULL;
}

/* The provider: what became of the refund that was sent last. No answer, or it could not be
 * reached. */
static gboolean
provider_is_silent (const GPtrArray *refunds)
{
  const TillRefund *last = NULL;
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      if (refund->sent_at > 0 && !till_refund_state_has_left (refund->state)
          && (!last || refund->sent_at > last->sent_at))
        last = refund;
    }
  return last && (last->state == TILL_REFUND_UNKNOWN || last->state == TILL_REFUND_QUEUED);
}

static gboolean
payment_is_unknown (const TillSale *sale)
{
  const TillLeg *leg
      = sale && sale->legs->len > 0 ? g_ptr_array_index (sale->legs, sale->legs->len - 1) : NULL;
  return leg && leg->state == TILL_LEG_UNKNOWN;
}

static int
count_asking (const GPtrArray *unprinted)
{
  int n = 0;
  for (guint i = 0; i < unprinted->len; i++)
    n += till_print_state_asks (((const TillPrintJob *)g_ptr_array_index (unprinted, i))->state);
  return n;
}

/* Once for whoever comes: nothing of it comes out unasked. */
static void
tell_slips (TillWindow *self, int asking)
{
  if (!self->tells_slips || !self->counter.staff)
    return;
  self->tells_slips = FALSE;
  if (asking == 0 || self->told)
    return;
  g_autofree char *words = g_strdup_printf (
      ngettext ("%d slip was not printed, or may be. Look under Devices (Ctrl+7), 2.",
                "%d slips were not printed, or may be. Look under Devices (Ctrl+7), 2.",
                (gulong)asking),
      asking);
  till_window_say (self, TILL_TONE_WARN, words);
}

/* Once for whoever comes, and never in the way: a sale goes on without it. */
static void
tell_checks (TillWindow *self, int due)
{
  if (!self->tells_checks || !self->counter.staff)
    return;
  self->tells_checks = FALSE;
  if (due == 0 || self->told)
    return;
  g_autofree char *words = g_strdup_printf (
      ngettext ("%d device is to be checked. Look under Devices (Ctrl+7), 4, when there is time.",
                "%d devices are to be checked. Look under Devices (Ctrl+7), 4, when there is time.",
                (gulong)due),
      due);
  till_window_say (self, TILL_TONE_PLAIN, words);
}

static gboolean
on_drawer (gpointer window)
{
  TillWindow *self = window;
  self->drawer_source = 0;
  till_window_read_books (self);
  return G_SOURCE_REMOVE;
}

/* TRUE when it is to be told. Else it will be asked again when it has been open long enough; and
 * what is told ends when nobody looks any more. */
static gboolean
drawer_stays_open (TillWindow *self, const TillDrawerSeen *drawer)
{
  int after_s = self->counter.shop->drawer_open_s;
  int64_t now = till_counter_now (&self->counter);
  gboolean stays = till_drawer_stays_open (drawer, after_s, now);
  int64_t until = drawer->since + (stays ? TILL_DRAWER_WATCHED : after_s * TILL_SECOND);
  g_clear_handle_id (&self->drawer_source, g_source_remove);
  if (drawer->is_open && after_s > 0 && until > now)
    self->drawer_source
        = g_timeout_add_seconds ((guint)((until - now) / TILL_SECOND) + 1, on_drawer, self);
  return stays;
}

/* What keeps the printer from printing goes before what it did not print, and that before a drawer
 * that everybody can reach into. */
static void
show_printer (TillWindow *self, const Badges *books)
{
  const char *trouble = printer_trouble (books->unprinted);
  gboolean is_open = drawer_stays_open (self, &books->drawer);
  int asking = count_asking (books->unprinted);
  g_autofree char *slips = g_strdup_printf (
      ngettext ("%d slip not printed", "%d slips not printed", (gulong)asking), asking);
  till_window_frame_badge (self->frame, TILL_SCREEN_DEVICES, asking);
  till_window_device (self, TILL_DEVICE_PRINTER, !trouble && asking == 0 && !is_open,
                      trouble   ? trouble
                      : asking  ? slips
                      : is_open ? _ ("Drawer open")
                                : _ ("ready"));
  tell_slips (self, asking);
}

static void
show_chips (TillWindow *self, const Badges *books)
{
  gboolean silent = provider_is_silent (books->refunds) || payment_is_unknown (self->counter.sale);
  gboolean stopped = books->stops->len > 0;
  show_printer (self, books);
  till_window_device (self, TILL_DEVICE_GATEWAY, !silent && !stopped,
                      stopped  ? C_ ("provider", "stopped")
                      : silent ? _ ("no answer")
                               : _ ("ready"));
}

/* What happened, what waits and what to do, of every provider that is stopped. */
static void
show_stops (TillWindow *self, const GPtrArray *stops)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  for (guint i = 0; i < stops->len; i++)
    {
      const TillStop *stop = g_ptr_array_index (stops, i);
      const TillCodec *codec = till_codec_find (stop->provider);
      g_autofree char *sentence = till_stop_sentence (
          stop, codec ? _ (codec->profile->words) : stop->provider, self->counter.shop->zone);
      g_string_append_printf (whole, "%s%s", i ? "\n" : "", sentence);
    }
  g_free (self->stopped);
  self->stopped = whole->len ? g_strdup (whole->str) : NULL;
  till_window_show_alarm (self);
}

static void
on_badges (gpointer page, gpointer data, const GError *error)
{
  TillWindow *self = page;
  Badges *ask = data;
  if (error)
    return;
  till_window_frame_badge (self->frame, TILL_SCREEN_REFUNDS, ask->counts[TILL_REFUNDS_OPEN]);
  /* Somebody may be acting at a provider in our name. */
  self->unsettled = ask->unsettled;
  till_window_frame_notices (self->frame, ask->unsettled);
  show_stops (self, ask->stops);
  self->checks_due = ask->checks_due;
  till_window_frame_checks (self->frame, ask->checks_due);
  /* What is said last is read: a slip goes before a check. */
  tell_checks (self, ask->checks_due);
  show_chips (self, ask);
}

void
till_window_read_books (TillWindow *self)
{
  till_counter_ask (&self->counter, GTK_WIDGET (self), read_badges, g_new0 (Badges, 1), badges_free,
                    on_badges);
}
