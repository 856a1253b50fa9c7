/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hands of the window: what it does for its pages. */
#include "app/window-parts.h"

#include <glib/gi18n-lib.h>

void
till_window_say (gpointer window, TillTone tone, const char *sentence)
{
  till_window_frame_say (TILL_WINDOW (window)->frame, tone, sentence);
}

static void
hand_total (gpointer window, const char *caption, TillMoney amount, TillDirection direction,
            const char *note)
{
  TillWindow *self = window;
  self->total = amount;
  till_window_frame_total (self->frame, caption, amount, direction, note);
  till_window_show_customer (self, amount, direction);
}

static void
hand_go (gpointer window, TillScreen screen)
{
  till_window_go (window, screen, NULL);
}

static void
hand_scanned (gpointer window, const char *code)
{
  till_window_take_code (window, code);
}

void
till_window_set_line (TillWindow *self, const char *text)
{
  if (text != self->line->str)
    g_string_assign (self->line, text);
  till_window_frame_line (self->frame, self->line->str);
  const TillPage *kind = till_window_kind (self);
  if (kind->typed)
    kind->typed (till_window_page (self), self->line->str);
}

static void
hand_line (gpointer window, const char *text)
{
  till_window_set_line (window, text);
}

static void
hand_hint (gpointer window, const char *text)
{
  till_window_frame_hint (TILL_WINDOW (window)->frame, text);
}

void
till_window_panel (gpointer window, const char *title, GtkWidget *panel, const TillPanelKind *kind)
{
  TillWindow *self = window;
  self->panel_kind = panel ? kind : NULL;
  till_window_frame_panel (self->frame, title, panel);
  GtkWidget *focus = panel && kind->focus ? kind->focus (panel) : NULL;
  if (focus)
    {
      gtk_widget_grab_focus (focus);
      g_signal_connect (focus, "map", G_CALLBACK (gtk_widget_grab_focus), NULL);
    }
  else
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

static void
hand_legend (gpointer window)
{
  TillWindow *self = window;
  const TillPage *kind = till_window_kind (self);
  till_legend_set (till_window_frame_legend (self->frame),
                   kind->legend ? kind->legend (till_window_page (self)) : kind->keys);
  self->opened_ms = self->key_ms;
}

static void
hand_enter (gpointer window, const char *word, gboolean sends)
{
  till_keypad_set_enter (till_window_frame_keypad (TILL_WINDOW (window)->frame), word, sends);
}

static void
hand_busy (gpointer window, gboolean busy)
{
  till_window_frame_busy (TILL_WINDOW (window)->frame, busy);
}

static void
hand_changed (gpointer window)
{
  TillWindow *self = window;
  till_window_read_books (self);
  /* One may just have been taken into the register. */
  if (self->screen == TILL_SCREEN_DEVICES)
    till_window_see_firmware (self);
}

static void
forget_work (TillWindow *self)
{
  g_clear_pointer (&self->counter.basket, till_basket_free);
  g_clear_pointer (&self->counter.sale, till_sale_free);
  g_clear_pointer (&self->counter.last_sale, till_sale_free);
}

static void
tell_recovered (TillWindow *self)
{
  g_free (self->told);
  self->told = g_strdup_printf (
      ngettext (
          "The till was switched off during a payment or refund. Nothing is lost: %d is being "
          "checked with the provider.",
          "The till was switched off during a payment or refund. Nothing is lost: %d are "
          "being checked with the provider.",
          self->recovered),
      self->recovered);
  till_window_say (self, TILL_TONE_WARN, self->told);
  self->recovered = 0;
}

static void
hand_signed_in (gpointer window, TillStaff *staff)
{
  TillWindow *self = window;
  gboolean same = self->counter.staff && self->counter.staff->id == staff->id;
  g_clear_pointer (&self->counter.staff, till_staff_free);
  self->counter.staff = staff;
  till_window_frame_cashier (self->frame, staff->name);
  self->tells_slips = TRUE;
  self->tells_checks = TRUE;
  till_window_read_books (self);
  if (same && self->before_lock != TILL_SCREEN_LOGIN)
    till_window_go (self, self->before_lock, NULL);
  else
    {
      /* Whatever somebody else had on the screen is theirs: made anew from the books. */
      forget_work (self);
      till_window_build_frame (self);
      till_window_go (self, TILL_SCREEN_SELL, "start");
    }
  if (self->recovered > 0)
    tell_recovered (self);
}

static void
hand_shift_closed (gpointer window)
{
  g_signal_emit_by_name (window, "shift-closed");
}

const TillCounterHands till_window_hands = {
  .say = till_window_say,
  .total = hand_total,
  .go = hand_go,
  .scanned = hand_scanned,
  .panel = till_window_panel,
  .line = hand_line,
  .hint = hand_hint,
  .legend = hand_legend,
  .enter = hand_enter,
  .busy = hand_busy,
  .signed_in = hand_signed_in,
  .changed = hand_changed,
  .look = till_window_change_look,
  .arranged = till_window_arranged,
  .shift_closed = hand_shift_closed,
};
