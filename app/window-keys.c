/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-parts.h"
#include "widgets/keypad.h"
#include "widgets/note-panel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LINE_MAX_CHARS 40
/* A key whose release was lost (the focus went away) counts as released after this. */
#define RELEASE_LOST_MS 2000

static void
show_help (TillWindow *self)
{
  const char *help = till_window_kind (self)->help;
  if (help)
    till_window_panel (self, _ ("Help for this screen"),
                       GTK_WIDGET (till_note_panel_new (_ (help), NULL)), &till_note_panel_kind);
}

static GtkEditable *
text_in_focus (TillWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  /* A panel that is about to be shown has its text already, and fast fingers do not wait. */
  if (self->panel_kind && self->panel_kind->focus)
    focus = self->panel_kind->focus (till_window_frame_panel_now (self->frame));
  return GTK_IS_EDITABLE (focus) && gtk_editable_get_editable (GTK_EDITABLE (focus))
             ? GTK_EDITABLE (focus)
             : NULL;
}

static TillWhoPart *
who_now (TillWindow *self)
{
  const TillPage *kind = till_window_kind (self);
  return kind->who && !self->panel_kind ? kind->who (till_window_page (self)) : NULL;
}

/* A digit goes into a text by hand, always past the input method: it may be the first of a scan,
 * and a scan that an input method ate half of would be another code. The price: candidates of a
 * word that is being composed are taken by Space or a press, never by their digit. */
static void
type_into (GtkEditable *text, char character)
{
  int at = gtk_editable_get_position (text);
  int from, to;
  if (gtk_editable_get_selection_bounds (text, &from, &to))
    {
      gtk_editable_delete_text (text, from, to);
      at = from;
    }
  const char typed[] = { character, '\0' }; /* the signal behind it copies to the end */
  gtk_editable_insert_text (text, typed, 1, &at);
  gtk_editable_set_position (text, at);
}

/* What a scanner typed goes out again from wherever it went in. */
static void
drop_typed (TillWindow *self, guint n)
{
  GtkEditable *text = text_in_focus (self);
  TillWhoPart *who = who_now (self);
  if (text)
    {
      int end = gtk_editable_get_position (text);
      gtk_editable_delete_text (text, MAX (0, end - (int)n), end);
    }
  else if (who)
    till_who_part_drop (who, n);
  else if (self->line->len > 0)
    {
      g_string_truncate (self->line, self->line->len > n ? self->line->len - n : 0);
      till_window_set_line (self, self->line->str);
    }
}

static gboolean
line_takes (TillWindow *self, gunichar character)
{
  const TillPage *kind = till_window_kind (self);
  if (!kind->enter || self->panel_kind || self->line->len >= LINE_MAX_CHARS)
    return FALSE;
  if (kind->types)
    return kind->types (till_window_page (self), character);
  return (character >= '0' && character <= '9') || character == '.';
}

static gboolean
on_enter (TillWindow *self, guint32 at_ms)
{
  if (till_burst_ends (&self->burst, at_ms))
    {
      g_autofree char *code = g_strdup (self->burst.text);
      drop_typed (self, self->burst.n);
      till_burst_clear (&self->burst);
      till_window_take_code (self, code);
      explicit_bzero (code, strlen (code)); /* it may have been a payment code */
      return TRUE;
    }
  till_burst_clear (&self->burst);
  gboolean held = self->enter_ms != 0 && at_ms - self->enter_ms < RELEASE_LOST_MS;
  self->enter_ms = at_ms ? at_ms : 1;
  if (held)
    return TRUE;

  if (self->panel_kind)
    {
      if (self->panel_kind->enter)
        self->panel_kind->enter (till_window_frame_panel_now (self->frame));
      return TRUE;
    }
  TillWhoPart *who = who_now (self);
  if (who)
    return till_who_part_key (who, GDK_KEY_Return);
  const TillPage *kind = till_window_kind (self);
  if (!kind->enter)
    return FALSE;
  if (self->line->len > 0 || at_ms - self->opened_ms >= ENTER_GUARD_MS
      || self->screen == TILL_SCREEN_SELL)
    kind->enter (till_window_page (self), self->line->str);
  return TRUE;
}

static gboolean
on_escape (TillWindow *self)
{
  const TillPage *kind = till_window_kind (self);
  if (self->panel_kind)
    till_window_panel (self, NULL, NULL, NULL);
  else if (self->line->len > 0)
    till_window_set_line (self, "");
  else if (!kind->back || !kind->back (till_window_page (self)))
    till_window_say (self, TILL_TONE_PLAIN, NULL);
  return TRUE;
}

static gboolean
on_control_key (TillWindow *self, guint keyval)
{
  static const TillScreen by_digit[] = { TILL_SCREEN_SELL, TILL_SCREEN_RETURN, TILL_SCREEN_REFUNDS,
                                         TILL_SCREEN_REPORTS, TILL_SCREEN_SHIFT };
  gboolean in = self->screen != TILL_SCREEN_LOGIN;
  guint digit = keyval - GDK_KEY_1;
  if (in && digit < G_N_ELEMENTS (by_digit))
    {
      till_window_go (self, by_digit[digit], NULL);
      return TRUE;
    }
  if (in && keyval == GDK_KEY_7)
    {
      till_window_go (self, TILL_SCREEN_DEVICES, NULL);
      return TRUE;
    }
  if (in && (keyval == GDK_KEY_8 || keyval == GDK_KEY_comma))
    {
      till_window_go (self, TILL_SCREEN_SETTINGS, NULL);
      return TRUE;
    }
  if (keyval == GDK_KEY_9)
    {
      till_window_go_to_notices (self);
      return TRUE;
    }
  if (keyval == GDK_KEY_q)
    {
      gtk_window_close (GTK_WINDOW (self));
      return TRUE;
    }
  return FALSE;
}

/* Keys that mean the same everywhere. */
static gboolean
on_window_key (TillWindow *self, guint keyval)
{
  gboolean in = self->screen != TILL_SCREEN_LOGIN;
  switch (keyval)
    {
    case GDK_KEY_F1:
      show_help (self);
      return TRUE;
    case GDK_KEY_F4:
      if (in)
        till_window_go (self, TILL_SCREEN_RETURN, NULL);
      return TRUE;
    case GDK_KEY_F11:
      if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
        gtk_window_unfullscreen (GTK_WINDOW (self));
      else
        gtk_window_fullscreen (GTK_WINDOW (self));
      return TRUE;
    case GDK_KEY_F12:
      till_window_lock (self);
      return TRUE;
    case GDK_KEY_Escape:
      return on_escape (self);
    default:
      return FALSE;
    }
}

static gboolean
on_backspace (TillWindow *self)
{
  if (self->line->len == 0)
    return FALSE;
  g_string_truncate (self->line, self->line->len - 1);
  till_window_set_line (self, self->line->str);
  return TRUE;
}

static gboolean
on_character (TillWindow *self, gunichar character, gboolean is_keypad)
{
  GtkEditable *text = text_in_focus (self);
  if (text)
    {
      /* A keypad's point is one here alone: the text itself might see Delete, or a comma. */
      gboolean is_ours = (character >= '0' && character <= '9') || (is_keypad && character == '.');
      if (!is_ours || self->burst.spoiled)
        return FALSE; /* to the input method and the text */
      type_into (text, (char)character);
      return TRUE;
    }
  if (!line_takes (self, character))
    return FALSE;
  g_string_append_unichar (self->line, character);
  till_window_set_line (self, self->line->str);
  return TRUE;
}

static gboolean
on_page_key (TillWindow *self, guint keyval, GdkModifierType state)
{
  const TillPage *kind = till_window_kind (self);
  if (self->panel_kind)
    return self->panel_kind->key
           && self->panel_kind->key (till_window_frame_panel_now (self->frame), keyval);
  return kind->key && kind->key (till_window_page (self), keyval, state, self->line->str);
}

gboolean
till_window_press (TillWindow *self, guint keyval, GdkModifierType state, guint32 at_ms)
{
  gboolean is_keypad;
  keyval = till_keypad_plain (keyval, &is_keypad);
  state &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  self->key_ms = at_ms;
  g_clear_pointer (&self->told, g_free);
  if (state & GDK_ALT_MASK)
    return FALSE;
  if (state & GDK_CONTROL_MASK)
    return on_control_key (self, keyval) || on_page_key (self, keyval, state);
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_ISO_Enter)
    return on_enter (self, at_ms);
  if (on_window_key (self, keyval))
    return TRUE;

  gunichar character = gdk_keyval_to_unicode (keyval);
  if (character >= 0x21 && character < 0x7f)
    till_burst_feed (&self->burst, (char)character, is_keypad, at_ms);
  TillWhoPart *who = text_in_focus (self) ? NULL : who_now (self);
  if (who && till_who_part_key (who, keyval))
    return TRUE;
  /* In a panel with a text, arrows move the list and everything else is the text's. */
  if (text_in_focus (self) && character != 0)
    return on_character (self, character, is_keypad);
  if (character != 0 && on_character (self, character, is_keypad))
    return TRUE;
  if (keyval == GDK_KEY_BackSpace && !text_in_focus (self) && on_backspace (self))
    return TRUE;
  return on_page_key (self, keyval, state);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType state, TillWindow *self)
{
  guint32 at_ms = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (controller));
  return till_window_press (self, keyval, state, at_ms);
}

void
till_window_release (TillWindow *self)
{
  self->enter_ms = 0;
}

static void
on_key_released (GtkEventControllerKey *controller, guint keyval, guint keycode,
                 GdkModifierType state, TillWindow *self)
{
  gboolean is_keypad;
  keyval = till_keypad_plain (keyval, &is_keypad);
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_ISO_Enter)
    self->enter_ms = 0;
}

void
till_window_listen_to_keys (TillWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (on_key_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
