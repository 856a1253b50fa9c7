/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"
#include "app/window-frame.h"
#include "widgets/access.h"
#include "widgets/burst.h"
#include "widgets/language.h"
#include "widgets/login-page.h"
#include "widgets/note-panel.h"
#include "widgets/pay-page.h"
#include "widgets/refunds-page.h"
#include "widgets/reports-page.h"
#include "widgets/return-page.h"
#include "widgets/sell-page.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/staffing.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LINE_MAX_CHARS 40
/* A second Enter within this time after a stage opened was meant for the stage before. */
#define ENTER_GUARD_MS 300
/* A key whose release was lost (the focus went away) counts as released after this. */
#define RELEASE_LOST_MS 2000
#define UNPRINTED_MAX 100
#define REFUNDS_MAX 100

static const TillPage *const all_pages[TILL_SCREENS] = {
  &till_sell_page, &till_pay_page, &till_return_page, &till_refunds_page, &till_reports_page,
  &till_login_page,
};

struct _TillWindow
{
  AdwApplicationWindow parent;
  GtkBox *frame_slot;
  TillWindowFrame *frame; /* unowned; a child */
  GtkWidget *pages[TILL_SCREENS];
  TillCounter counter;
  TillScreen screen;
  TillScreen before_lock;
  GString *line;           /* owned; the input line */
  TillBurst burst;
  guint32 key_ms;          /* time of the key that is being handled, as its event says */
  guint32 opened_ms;       /* key_ms when the page or its stage in front last changed */
  guint32 enter_ms;        /* when Enter went down; 0: it is up */
  const TillPanelKind *panel_kind; /* of the open panel */
  TillMoney total;
  int recovered;
  char *told;              /* owned; what stays in the message line until the next key, or NULL */
  int text_percent;
  guint clock_source;
  gboolean device_well[3];
  char *device_words[3];   /* owned */
};

G_DEFINE_FINAL_TYPE (TillWindow, till_window, ADW_TYPE_APPLICATION_WINDOW)

static guint spoken_signal;

static const TillPage *
page_kind (TillWindow *self)
{
  return all_pages[self->screen];
}

/* Made when it is first wanted: nobody waits at the start for what is not on the screen. */
GtkWidget *
till_window_page (TillWindow *self)
{
  GtkWidget **page = &self->pages[self->screen];
  if (!*page)
    {
      *page = page_kind (self)->create (&self->counter);
      gtk_stack_add_child (till_window_frame_pages (self->frame), *page);
    }
  return *page;
}

/* ---- badges: what the books say about work that waits ---- */

typedef struct
{
  int counts[4];
  GPtrArray *unprinted; /* owned; of TillPrintJob */
  GPtrArray *refunds;   /* owned; of TillRefund: today's, and what is open from before */
} Badges;

static void
badges_free (gpointer data)
{
  Badges *ask = data;
  g_clear_pointer (&ask->unprinted, g_ptr_array_unref);
  g_clear_pointer (&ask->refunds, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_badges (gpointer ledger, gpointer data, GError **error)
{
  Badges *ask = data;
  if (!till_refunding_counts (ledger, ask->counts, error))
    return NULL;
  ask->unprinted = till_printing_unprinted (ledger, UNPRINTED_MAX, error);
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

/* Paper: the oldest slip that has trouble speaks for the printer. What failed for good is no news. */
static const char *
printer_trouble (const GPtrArray *unprinted)
{
  static const struct
  {
    const char *problem, *words;
  } known[] = {
    { "out of paper", N_ ("Out of paper") }, { "paper-out", N_ ("Out of paper") },
    { "cover-open", N_ ("Cover open") },     { "jam", N_ ("Paper jam") },
    { "offline", N_ ("not connected") },     { "stopped", N_ ("stopped") },
  };
  for (guint i = 0; i < unprinted->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (unprinted, i);
      if (!till_print_state_is_live (job->state) || !*job->problem)
        continue;
      for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
        if (g_str_equal (known[k].problem, job->problem))
          return _ (known[k].words);
      return _ ("in trouble");
    }
  return NULL;
}

/* The provider: what became of the refund that was sent last. No answer, or it could not be reached. */
static gboolean
provider_is_silent (const GPtrArray *refunds)
{
  const TillRefund *last = NULL;
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      if (refund->sent_at > 0 && refund->state != TILL_REFUND_SENDING
          && (!last || refund->sent_at > last->sent_at))
        last = refund;
    }
  return last && (last->state == TILL_REFUND_UNKNOWN || last->state == TILL_REFUND_QUEUED);
}

static gboolean
payment_is_unknown (const TillSale *sale)
{
  const TillLeg *leg = sale && sale->legs->len > 0
                           ? g_ptr_array_index (sale->legs, sale->legs->len - 1)
                           : NULL;
  return leg && leg->state == TILL_LEG_UNKNOWN;
}

static void
show_chips (TillWindow *self, const Badges *books)
{
  const char *trouble = printer_trouble (books->unprinted);
  gboolean silent = provider_is_silent (books->refunds) || payment_is_unknown (self->counter.sale);
  till_window_device (self, TILL_DEVICE_PRINTER, trouble == NULL, trouble ? trouble : _ ("ready"));
  till_window_device (self, TILL_DEVICE_GATEWAY, !silent, silent ? _ ("no answer") : _ ("ready"));
}

static void
on_badges (gpointer page, gpointer data, const GError *error)
{
  TillWindow *self = page;
  Badges *ask = data;
  if (error)
    return;
  till_window_frame_badge (self->frame, TILL_SCREEN_REFUNDS, ask->counts[TILL_REFUNDS_OPEN]);
  show_chips (self, ask);
}

static void
refresh_badges (TillWindow *self)
{
  till_counter_ask (&self->counter, GTK_WIDGET (self), read_badges, g_new0 (Badges, 1), badges_free,
                    on_badges);
}

/* ---- the hands that pages use ---- */

static void
hand_say (gpointer window, TillTone tone, const char *sentence)
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

static void
set_line (TillWindow *self, const char *text)
{
  if (text != self->line->str)
    g_string_assign (self->line, text);
  till_window_frame_line (self->frame, self->line->str);
  const TillPage *kind = page_kind (self);
  if (kind->typed)
    kind->typed (till_window_page (self), self->line->str);
}

static void
hand_line (gpointer window, const char *text)
{
  set_line (window, text);
}

static void
hand_hint (gpointer window, const char *text)
{
  till_window_frame_hint (TILL_WINDOW (window)->frame, text);
}

static void
hand_panel (gpointer window, const char *title, GtkWidget *panel, const TillPanelKind *kind)
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
  const TillPage *kind = page_kind (self);
  till_legend_set (till_window_frame_legend (self->frame),
                   kind->legend ? kind->legend (till_window_page (self)) : NULL);
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
  refresh_badges (window);
}

static void
forget_work (TillWindow *self)
{
  g_clear_pointer (&self->counter.basket, till_basket_free);
  g_clear_pointer (&self->counter.sale, till_sale_free);
  g_clear_pointer (&self->counter.last_sale, till_sale_free);
}

static void build_frame (TillWindow *self);

static void
hand_signed_in (gpointer window, TillStaff *staff)
{
  TillWindow *self = window;
  gboolean same = self->counter.staff && self->counter.staff->id == staff->id;
  g_clear_pointer (&self->counter.staff, till_staff_free);
  self->counter.staff = staff;
  till_window_frame_cashier (self->frame, staff->name);
  refresh_badges (self);
  if (same && self->before_lock != TILL_SCREEN_LOGIN)
    till_window_go (self, self->before_lock, NULL);
  else
    {
      /* Whatever somebody else had on the screen is theirs: made anew from the books. */
      forget_work (self);
      build_frame (self);
      till_window_go (self, TILL_SCREEN_SELL, "start");
    }
  if (self->recovered > 0)
    {
      g_free (self->told);
      self->told = g_strdup_printf (
          ngettext ("The till was switched off during a payment or refund. Nothing is lost: %d is being "
                    "checked with the provider.",
                    "The till was switched off during a payment or refund. Nothing is lost: %d are "
                    "being checked with the provider.",
                    self->recovered),
          self->recovered);
      hand_say (self, TILL_TONE_WARN, self->told);
      self->recovered = 0;
    }
}

static const TillCounterHands hands = {
  .say = hand_say,
  .total = hand_total,
  .go = hand_go,
  .scanned = hand_scanned,
  .panel = hand_panel,
  .line = hand_line,
  .hint = hand_hint,
  .legend = hand_legend,
  .enter = hand_enter,
  .busy = hand_busy,
  .signed_in = hand_signed_in,
  .changed = hand_changed,
};

/* ---- screens ---- */

void
till_window_go (TillWindow *self, TillScreen screen, const char *argument)
{
  if (!self->counter.staff && screen != TILL_SCREEN_LOGIN)
    return;
  hand_panel (self, NULL, NULL, NULL);
  hand_say (self, TILL_TONE_WARN, self->told);
  set_line (self, "");
  self->screen = screen;
  till_window_frame_screen (self->frame, screen);
  gtk_stack_set_visible_child (till_window_frame_pages (self->frame), till_window_page (self));
  hand_enter (self, NULL, FALSE);
  hand_legend (self);
  if (page_kind (self)->shown)
    page_kind (self)->shown (till_window_page (self), argument);
}

void
till_window_lock (TillWindow *self)
{
  if (self->screen == TILL_SCREEN_LOGIN)
    return;
  self->before_lock = self->screen;
  till_window_go (self, TILL_SCREEN_LOGIN, self->counter.staff->no);
}

TillScreen
till_window_screen (TillWindow *self)
{
  return self->screen;
}

TillCounter *
till_window_counter (TillWindow *self)
{
  return &self->counter;
}

const char *
till_window_line (TillWindow *self)
{
  return self->line->str;
}

const char *
till_window_said (TillWindow *self)
{
  return till_window_frame_said (self->frame);
}

TillMoney
till_window_total (TillWindow *self)
{
  return self->total;
}

static void
show_help (TillWindow *self)
{
  const char *help = page_kind (self)->help;
  if (help)
    hand_panel (self, _ ("Help for this screen"), GTK_WIDGET (till_note_panel_new (_ (help), NULL)),
                &till_note_panel_kind);
}

/* ---- scans ---- */

void
till_window_take_code (TillWindow *self, const char *code)
{
  TillScanAct act = till_scan_act (till_scan_kind (code), self->screen);
  const TillPage *kind = page_kind (self);
  GtkWidget *page = till_window_page (self);
  switch (act)
    {
    case TILL_ACT_ADD:
    case TILL_ACT_RESUME:
      if (self->screen == TILL_SCREEN_PAY && self->counter.sale)
        {
          TillAnswer busy = till_answer (TILL_NO_TENDER_BUSY);
          till_counter_heard (&self->counter, &busy);
          return;
        }
      if (self->screen != TILL_SCREEN_SELL)
        till_window_go (self, TILL_SCREEN_SELL, NULL);
      else
        hand_panel (self, NULL, NULL, NULL);
      till_sell_page.scanned (till_window_page (self), act, code);
      return;
    case TILL_ACT_RETURN_LINE:
    case TILL_ACT_CHARGE:
      if (kind->scanned)
        kind->scanned (page, act, code);
      return;
    case TILL_ACT_OPEN_RETURN:
      till_window_go (self, TILL_SCREEN_RETURN, code);
      return;
    case TILL_ACT_OPEN_REFUND:
      till_window_go (self, TILL_SCREEN_REFUNDS, code);
      return;
    case TILL_ACT_TELL_PAY_FIRST:
      hand_say (self, TILL_TONE_WARN,
                _ ("This is a customer's payment code. Nothing was charged. Open Pay first (F9), then "
                   "scan it again."));
      return;
    case TILL_ACT_TELL_DAMAGED:
      hand_say (self, TILL_TONE_WARN,
                _ ("The number was read wrongly. Nothing was done. Smooth the paper and scan again."));
      gtk_widget_error_bell (page);
      return;
    case TILL_ACT_TELL_SIGN_IN:
      hand_say (self, TILL_TONE_PLAIN, _ ("Sign in first. Then scan again."));
      return;
    case TILL_ACT_TELL_BADGE:
      hand_say (self, TILL_TONE_PLAIN, _ ("Badges are not in use here. Type the number and the PIN."));
      return;
    default:
      g_assert_not_reached ();
    }
}

void
till_window_take_card (TillWindow *self, const char *token, const char *masked)
{
  if (page_kind (self)->card)
    page_kind (self)->card (till_window_page (self), token, masked);
  else if (self->screen != TILL_SCREEN_LOGIN)
    hand_say (self, TILL_TONE_WARN,
              _ ("A card was read. Nothing was charged. Open Pay first (F9), then read it again."));
}

void
till_window_books_changed (TillWindow *self)
{
  refresh_badges (self);
  if (page_kind (self)->changed)
    page_kind (self)->changed (till_window_page (self));
}

/* ---- keys ---- */

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
  const TillPage *kind = page_kind (self);
  return kind->who && !self->panel_kind ? kind->who (till_window_page (self)) : NULL;
}

/* A digit goes into a text by hand, always past the input method: it may be the first of a scan, and a
 * scan that an input method ate half of would be another code. The price: candidates of a word that is
 * being composed are taken by Space or a press, never by their digit. */
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
  gtk_editable_insert_text (text, &character, 1, &at);
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
      set_line (self, self->line->str);
    }
}

static gboolean
line_takes (TillWindow *self, gunichar character)
{
  const TillPage *kind = page_kind (self);
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
  const TillPage *kind = page_kind (self);
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
  const TillPage *kind = page_kind (self);
  if (self->panel_kind)
    hand_panel (self, NULL, NULL, NULL);
  else if (self->line->len > 0)
    set_line (self, "");
  else if (!kind->back || !kind->back (till_window_page (self)))
    hand_say (self, TILL_TONE_PLAIN, NULL);
  return TRUE;
}

static gboolean
on_rebuild_idle (gpointer user)
{
  till_window_set_language (user, till_language_get ());
  return G_SOURCE_REMOVE;
}

static void
next_text_size (TillWindow *self)
{
  self->text_percent = self->text_percent >= 150 ? 100 : self->text_percent + 25;
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * self->text_percent / 100, NULL);
  /* Columns were measured in the old size: everything is built anew, as for another language. */
  g_idle_add_full (G_PRIORITY_DEFAULT, on_rebuild_idle, g_object_ref (self), g_object_unref);
}

static gboolean
on_control_key (TillWindow *self, guint keyval)
{
  static const TillScreen by_digit[]
      = { TILL_SCREEN_SELL, TILL_SCREEN_RETURN, TILL_SCREEN_REFUNDS, TILL_SCREEN_REPORTS };
  gboolean in = self->screen != TILL_SCREEN_LOGIN;
  guint digit = keyval - GDK_KEY_1;
  if (in && digit < G_N_ELEMENTS (by_digit))
    {
      till_window_go (self, by_digit[digit], NULL);
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
  set_line (self, self->line->str);
  return TRUE;
}

static gboolean
on_character (TillWindow *self, gunichar character)
{
  GtkEditable *text = text_in_focus (self);
  if (text)
    {
      if (character < '0' || character > '9' || self->burst.spoiled)
        return FALSE; /* to the input method and the text */
      type_into (text, (char)character);
      return TRUE;
    }
  if (!line_takes (self, character))
    return FALSE;
  g_string_append_unichar (self->line, character);
  set_line (self, self->line->str);
  return TRUE;
}

static gboolean
on_page_key (TillWindow *self, guint keyval, GdkModifierType state)
{
  const TillPage *kind = page_kind (self);
  if (self->panel_kind)
    return self->panel_kind->key
           && self->panel_kind->key (till_window_frame_panel_now (self->frame), keyval);
  return kind->key && kind->key (till_window_page (self), keyval, state, self->line->str);
}

gboolean
till_window_press (TillWindow *self, guint keyval, GdkModifierType state, guint32 at_ms)
{
  state &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  self->key_ms = at_ms;
  g_clear_pointer (&self->told, g_free);
  if (state & GDK_ALT_MASK)
    return FALSE;
  if (state & GDK_CONTROL_MASK)
    return on_control_key (self, keyval) || on_page_key (self, keyval, state);
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter)
    return on_enter (self, at_ms);
  if (on_window_key (self, keyval))
    return TRUE;

  gunichar character = gdk_keyval_to_unicode (keyval);
  if (character >= 0x21 && character < 0x7f)
    till_burst_feed (&self->burst, (char)character, at_ms);
  TillWhoPart *who = text_in_focus (self) ? NULL : who_now (self);
  if (who && till_who_part_key (who, keyval))
    return TRUE;
  /* In a panel with a text, arrows move the list and everything else is the text's. */
  if (text_in_focus (self) && character != 0)
    return on_character (self, character);
  if (character != 0 && on_character (self, character))
    return TRUE;
  if (keyval == GDK_KEY_BackSpace && !text_in_focus (self) && on_backspace (self))
    return TRUE;
  return on_page_key (self, keyval, state);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
                TillWindow *self)
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
on_key_released (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
                 TillWindow *self)
{
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter)
    self->enter_ms = 0;
}

/* ---- building ---- */

static void
on_frame_key (TillWindowFrame *frame, guint keyval, guint state, TillWindow *self)
{
  till_burst_clear (&self->burst);
  self->enter_ms = 0;
  /* A finger is as late as it can be for the guard, and never holds a key down. */
  till_window_press (self, keyval, (GdkModifierType)state, self->opened_ms + ENTER_GUARD_MS);
  self->enter_ms = 0;
}

static void
on_frame_screen (TillWindowFrame *frame, int screen, TillWindow *self)
{
  till_window_go (self, (TillScreen)screen, NULL);
}

static gboolean
on_language_idle (gpointer user)
{
  till_window_set_language (user, g_str_equal (till_language_get (), "zh_CN") ? "en" : "zh_CN");
  return G_SOURCE_REMOVE;
}

static void
on_frame_language (TillWindowFrame *frame, TillWindow *self)
{
  /* Later: the button that was pressed is about to go. */
  g_idle_add_full (G_PRIORITY_DEFAULT, on_language_idle, g_object_ref (self), g_object_unref);
}

static void
on_frame_dark (TillWindowFrame *frame, TillWindow *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  adw_style_manager_set_color_scheme (style, adw_style_manager_get_dark (style)
                                                 ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                 : ADW_COLOR_SCHEME_FORCE_DARK);
}

static void
show_time (TillWindow *self)
{
  g_autofree char *time = till_counter_time (&self->counter, till_counter_now (&self->counter));
  till_window_frame_clock (self->frame, time);
}

static gboolean
on_minute (gpointer user)
{
  TillWindow *self = user;
  show_time (self);
  int64_t into = till_counter_now (&self->counter) % TILL_MINUTE;
  self->clock_source = g_timeout_add_seconds ((guint)(60 - into / TILL_SECOND), on_minute, self);
  return G_SOURCE_REMOVE;
}

static void
build_frame (TillWindow *self)
{
  /* The demo's panes outlive the frame; the demo itself makes them anew where it must. */
  g_autoptr (GPtrArray) panes = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->frame)
    {
      GtkBox *box = till_window_frame_panes (self->frame);
      GtkWidget *pane;
      while ((pane = gtk_widget_get_first_child (GTK_WIDGET (box))))
        {
          g_ptr_array_add (panes, g_object_ref (pane));
          gtk_box_remove (box, pane);
        }
      gtk_box_remove (self->frame_slot, GTK_WIDGET (self->frame));
    }
  self->panel_kind = NULL;
  g_string_truncate (self->line, 0);
  self->frame = till_window_frame_new (self->counter.shop);
  g_signal_connect_object (self->frame, "key", G_CALLBACK (on_frame_key), self, 0);
  g_signal_connect_object (self->frame, "screen", G_CALLBACK (on_frame_screen), self, 0);
  g_signal_connect_object (self->frame, "lock", G_CALLBACK (till_window_lock), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->frame, "language", G_CALLBACK (on_frame_language), self, 0);
  g_signal_connect_object (self->frame, "dark", G_CALLBACK (on_frame_dark), self, 0);
  g_signal_connect_object (self->frame, "size", G_CALLBACK (next_text_size), self, G_CONNECT_SWAPPED);
  gtk_widget_set_vexpand (GTK_WIDGET (self->frame), TRUE);
  gtk_box_append (self->frame_slot, GTK_WIDGET (self->frame));
  GtkBox *box = till_window_frame_panes (self->frame);
  for (guint i = 0; i < panes->len; i++)
    gtk_box_append (box, g_ptr_array_index (panes, i));
  gtk_widget_set_visible (GTK_WIDGET (box), panes->len > 0);
  memset (self->pages, 0, sizeof self->pages); /* they went with the old frame */
  for (int i = 0; i < 3; i++)
    if (self->device_words[i])
      till_window_frame_device (self->frame, (TillDeviceKind)i, self->device_well[i],
                                self->device_words[i]);
  show_time (self);
  till_window_frame_cashier (self->frame, self->counter.staff ? self->counter.staff->name : NULL);
}

void
till_window_set_language (TillWindow *self, const char *code)
{
  g_autoptr (GError) error = NULL;
  if (!till_language_set (code, &error))
    {
      g_warning ("language: %s", error->message);
      return;
    }
  TillScreen screen = self->screen;
  const char *argument = screen == TILL_SCREEN_LOGIN && self->counter.staff ? self->counter.staff->no
                                                                            : NULL;
  build_frame (self);
  /* A payment page needs the basket that the sell page reads; what is tendering comes back by itself. */
  g_clear_pointer (&self->counter.last_sale, till_sale_free);
  till_window_go (self, screen, argument);
  refresh_badges (self);
  g_signal_emit (self, spoken_signal, 0);
}

void
till_window_device (TillWindow *self, TillDeviceKind kind, gboolean well, const char *words)
{
  self->device_well[kind] = well;
  g_free (self->device_words[kind]);
  self->device_words[kind] = g_strdup (words);
  till_window_frame_device (self->frame, kind, well, self->device_words[kind]);
}

void
till_window_recovered (TillWindow *self, int found)
{
  self->recovered = found;
}

void
till_window_add_pane (TillWindow *self, const char *title, GtkWidget *pane)
{
  GtkBox *box = till_window_frame_panes (self->frame);
  till_access_name (pane, title);
  gtk_box_append (box, pane);
  gtk_widget_set_visible (GTK_WIDGET (box), TRUE);
}

void
till_window_clear_panes (TillWindow *self)
{
  GtkBox *box = till_window_frame_panes (self->frame);
  GtkWidget *pane;
  while ((pane = gtk_widget_get_first_child (GTK_WIDGET (box))))
    gtk_box_remove (box, pane);
  gtk_widget_set_visible (GTK_WIDGET (box), FALSE);
}

static void
till_window_dispose (GObject *object)
{
  TillWindow *self = TILL_WINDOW (object);
  g_clear_handle_id (&self->clock_source, g_source_remove);
  till_counter_clear (&self->counter);
  till_burst_clear (&self->burst);
  for (int i = 0; i < 3; i++)
    g_clear_pointer (&self->device_words[i], g_free);
  g_clear_pointer (&self->told, g_free);
  G_OBJECT_CLASS (till_window_parent_class)->dispose (object);
}

static void
till_window_finalize (GObject *object)
{
  g_string_free (TILL_WINDOW (object)->line, TRUE);
  G_OBJECT_CLASS (till_window_parent_class)->finalize (object);
}

static void
till_window_class_init (TillWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  spoken_signal = g_signal_new ("spoken", TILL_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  G_OBJECT_CLASS (class)->dispose = till_window_dispose;
  G_OBJECT_CLASS (class)->finalize = till_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/window.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "frame", FALSE,
                                             G_STRUCT_OFFSET (TillWindow, frame_slot));
}

static void
load_style (void)
{
  static gboolean loaded;
  if (loaded)
    return;
  loaded = TRUE;
  g_autoptr (GtkCssProvider) css = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (css, "/org/quittance/Till/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* Money that goes out has a colour of its own, and it must be read on either ground. */
static void
on_dark_changed (AdwStyleManager *style, GParamSpec *pspec, GtkWidget *window)
{
  if (adw_style_manager_get_dark (style))
    gtk_widget_add_css_class (window, "dark");
  else
    gtk_widget_remove_css_class (window, "dark");
}

static void
till_window_init (TillWindow *self)
{
  load_style ();
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (on_dark_changed), self, 0);
  on_dark_changed (style, NULL, GTK_WIDGET (self));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->line = g_string_new (NULL);
  self->screen = TILL_SCREEN_LOGIN;
  self->before_lock = TILL_SCREEN_LOGIN;
  self->text_percent = 100;
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (on_key_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

TillWindow *
till_window_new (GtkApplication *app, TillWorker *ledger, TillClock *clock, const TillShop *shop)
{
  TillWindow *self = g_object_new (TILL_TYPE_WINDOW, "application", app, NULL);
  self->counter = (TillCounter){
    .ledger = ledger, .clock = clock, .shop = shop, .hands = &hands, .window = self,
  };
  gtk_window_set_title (GTK_WINDOW (self), _ ("Till"));
  build_frame (self);
  till_window_go (self, TILL_SCREEN_LOGIN, NULL);
  on_minute (self);
  return self;
}
