/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"
#include "app/window-parts.h"
#include "widgets/access.h"
#include "widgets/language.h"
#include "widgets/login-page.h"
#include "widgets/pay-page.h"
#include "widgets/refunds-page.h"
#include "widgets/reports-page.h"
#include "widgets/return-page.h"
#include "widgets/sell-page.h"
#include "widgets/devices-page.h"
#include "widgets/settings-page.h"
#include "widgets/shift-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const TillPage *const all_pages[TILL_SCREENS] = {
  &till_sell_page,  &till_pay_page,     &till_return_page,   &till_refunds_page, &till_reports_page,
  &till_shift_page, &till_devices_page, &till_settings_page, &till_login_page,
};

G_DEFINE_FINAL_TYPE (TillWindow, till_window, ADW_TYPE_APPLICATION_WINDOW)

static guint spoken_signal;

const TillPage *
till_window_kind (TillWindow *self)
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
      *page = till_window_kind (self)->create (&self->counter);
      gtk_stack_add_child (till_window_frame_pages (self->frame), *page);
    }
  return *page;
}

/* --- screens --- */

void
till_window_go (TillWindow *self, TillScreen screen, const char *argument)
{
  if (!self->counter.staff && screen != TILL_SCREEN_LOGIN)
    return;
  till_window_panel (self, NULL, NULL, NULL);
  till_window_say (self, TILL_TONE_WARN, self->told);
  till_window_set_line (self, "");
  self->screen = screen;
  till_window_show_customer (self, 0, TILL_MONEY_REST);
  till_window_frame_screen (self->frame, screen);
  gtk_stack_set_visible_child (till_window_frame_pages (self->frame), till_window_page (self));
  till_window_hands.enter (self, NULL, FALSE);
  till_window_hands.legend (self);
  if (till_window_kind (self)->shown)
    till_window_kind (self)->shown (till_window_page (self), argument);
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

void
till_window_set_probe (TillWindow *self, const TillProbe *probe)
{
  self->counter.probe = probe;
}

void
till_window_set_devices (TillWindow *self, const TillDeviceProbe *devices)
{
  self->counter.devices = devices;
}

void
till_window_set_printers (TillWindow *self, const TillPrinterProbe *printers)
{
  self->counter.printers = printers;
}

/* --- what the world sends --- */

void
till_window_books_changed (TillWindow *self)
{
  till_window_read_books (self);
  if (till_window_kind (self)->changed)
    till_window_kind (self)->changed (till_window_page (self));
}

/* --- building --- */

static void
next_text_size (TillWindow *self)
{
  TillLook look = self->counter.look;
  look.percent = till_look_next_size (look.percent);
  till_window_change_look (self, &look);
}

static void
on_frame_key (TillWindowFrame *frame, guint keyval, guint state, TillWindow *self)
{
  till_burst_clear (&self->burst);
  self->enter_ms = 0;
  /* A finger is as late as it can be for the guard, and never holds a key down. */
  till_window_press (self, keyval, (GdkModifierType)state, self->opened_ms + ENTER_GUARD_MS);
  self->enter_ms = 0;
}

/* The strip is there while the till is locked as well, and leads past no PIN. */
static gboolean
is_signed_in (TillWindow *self)
{
  if (self->screen != TILL_SCREEN_LOGIN)
    return TRUE;
  till_window_say (self, TILL_TONE_WARN, _ ("Sign in first."));
  return FALSE;
}

void
till_window_go_to_notices (TillWindow *self)
{
  if (is_signed_in (self))
    till_window_go (self, TILL_SCREEN_REFUNDS, TILL_REFUNDS_NOTICES);
}

/* To the register of devices, where a check is written down. */
static void
go_to_checks (TillWindow *self)
{
  if (is_signed_in (self))
    till_window_go (self, TILL_SCREEN_DEVICES, TILL_DEVICES_REGISTER);
}

static void
on_frame_screen (TillWindowFrame *frame, int screen, TillWindow *self)
{
  if (!is_signed_in (self))
    return;
  gboolean alarm = screen == TILL_SCREEN_SETTINGS && self->alarm_words;
  till_window_go (self, (TillScreen)screen, alarm ? "providers" : NULL);
}

static void
on_frame_language (TillWindowFrame *frame, TillWindow *self)
{
  TillLook look = self->counter.look;
  gboolean chinese = g_str_equal (till_language_get (), "zh_CN");
  g_strlcpy (look.language, chinese ? "en" : "zh_CN", sizeof look.language);
  till_window_change_look (self, &look);
}

static void
on_frame_dark (TillWindowFrame *frame, TillWindow *self)
{
  TillLook look = self->counter.look;
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  look.colours = dark ? TILL_COLOURS_LIGHT : TILL_COLOURS_DARK;
  till_window_change_look (self, &look);
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

/* The demo's panes outlive the frame; the demo itself makes them anew where it must. */
static GPtrArray *
take_panes (TillWindow *self)
{
  GPtrArray *panes = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBox *box = till_window_frame_panes (self->frame);
  GtkWidget *pane;
  while ((pane = gtk_widget_get_first_child (GTK_WIDGET (box))))
    {
      g_ptr_array_add (panes, g_object_ref (pane));
      gtk_box_remove (box, pane);
    }
  gtk_widget_set_visible (GTK_WIDGET (box), FALSE);
  return panes;
}

static void
put_pane (TillWindow *self, GtkWidget *pane)
{
  GtkBox *box = till_window_frame_panes (self->frame);
  gtk_box_append (box, pane);
  gtk_widget_set_visible (GTK_WIDGET (box), TRUE);
}

static void
listen_to_frame (TillWindow *self)
{
  g_signal_connect_object (self->frame, "key", G_CALLBACK (on_frame_key), self, 0);
  g_signal_connect_object (self->frame, "screen", G_CALLBACK (on_frame_screen), self, 0);
  g_signal_connect_object (self->frame, "notices", G_CALLBACK (till_window_go_to_notices), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->frame, "checks", G_CALLBACK (go_to_checks), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->frame, "lock", G_CALLBACK (till_window_lock), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->frame, "language", G_CALLBACK (on_frame_language), self, 0);
  g_signal_connect_object (self->frame, "dark", G_CALLBACK (on_frame_dark), self, 0);
  g_signal_connect_object (self->frame, "size", G_CALLBACK (next_text_size), self,
                           G_CONNECT_SWAPPED);
}

void
till_window_build_frame (TillWindow *self)
{
  g_autoptr (GPtrArray) panes = self->frame ? take_panes (self) : NULL;
  if (self->frame)
    gtk_box_remove (self->frame_slot, GTK_WIDGET (self->frame));
  self->panel_kind = NULL;
  g_string_truncate (self->line, 0);
  self->frame = till_window_frame_new (self->counter.shop);
  listen_to_frame (self);
  gtk_widget_set_vexpand (GTK_WIDGET (self->frame), TRUE);
  gtk_box_append (self->frame_slot, GTK_WIDGET (self->frame));
  for (guint i = 0; panes && i < panes->len; i++)
    put_pane (self, g_ptr_array_index (panes, i));
  memset (self->pages, 0, sizeof self->pages); /* they went with the old frame */
  for (int i = 0; i < 3; i++)
    if (self->device_words[i])
      till_window_frame_device (self->frame, (TillDeviceKind)i, self->device_well[i],
                                self->device_words[i]);
  till_window_show_alarm (self);
  till_window_frame_notices (self->frame, self->unsettled);
  till_window_frame_checks (self->frame, self->checks_due);
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
  const char *argument
      = screen == TILL_SCREEN_LOGIN && self->counter.staff ? self->counter.staff->no : NULL;
  till_window_build_frame (self);
  /* A payment page needs the basket that the sell page reads; what is tendering comes back by
   * itself. */
  g_clear_pointer (&self->counter.last_sale, till_sale_free);
  till_window_go (self, screen, argument);
  till_window_read_books (self);
  till_window_look_again (self);
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
till_window_devices_changed (TillWindow *self)
{
  till_window_see_firmware (self);
  if (self->screen == TILL_SCREEN_DEVICES)
    till_devices_page.changed (till_window_page (self));
}

void
till_window_recovered (TillWindow *self, int found)
{
  self->recovered = found;
}

void
till_window_add_pane (TillWindow *self, const char *title, GtkWidget *pane)
{
  till_access_name (pane, title);
  put_pane (self, pane);
}

void
till_window_clear_panes (TillWindow *self)
{
  g_ptr_array_unref (take_panes (self));
}

static void
till_window_dispose (GObject *object)
{
  TillWindow *self = TILL_WINDOW (object);
  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_handle_id (&self->drawer_source, g_source_remove);
  till_counter_clear (&self->counter);
  till_burst_clear (&self->burst);
  for (int i = 0; i < 3; i++)
    g_clear_pointer (&self->device_words[i], g_free);
  g_clear_pointer (&self->told, g_free);
  g_clear_handle_id (&self->accounts_source, g_source_remove);
  g_clear_pointer (&self->shops, g_ptr_array_unref);
  g_clear_pointer (&self->look_path, g_free);
  g_clear_pointer (&self->alarm_whole, g_free);
  g_clear_pointer (&self->stopped, g_free);
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
  g_signal_new ("arranged", TILL_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("shift-closed", TILL_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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
  till_window_listen_to_keys (self);
}

TillWindow *
till_window_new (GtkApplication *app, TillWorker *ledger, TillClock *clock, const TillShop *shop)
{
  TillWindow *self = g_object_new (TILL_TYPE_WINDOW, "application", app, NULL);
  self->counter = (TillCounter){
    .ledger = ledger,
    .clock = clock,
    .shop = shop,
    .hands = &till_window_hands,
    .window = self,
  };
  till_look_init (&self->counter.look);
  self->shops = g_ptr_array_new_with_free_func ((GDestroyNotify)till_shop_free);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Till"));
  till_window_build_frame (self);
  till_window_go (self, TILL_SCREEN_LOGIN, NULL);
  on_minute (self);
  return self;
}
