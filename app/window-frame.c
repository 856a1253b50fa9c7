/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-frame.h"
#include "app/rail.h"
#include "widgets/access.h"
#include "widgets/language.h"
#include "widgets/part.h"
#include "widgets/state-face.h"

#include <glib/gi18n-lib.h>

struct _TillWindowFrame
{
  GtkBox parent;
  GtkLabel *shop_name;
  GtkLabel *till_name;
  GtkWidget *cashier_box;
  GtkLabel *cashier_name;
  GtkWidget *working;
  GtkSpinner *spinner;
  GtkBox *devices;
  GtkWidget *alarm;
  GtkLabel *alarm_words;
  GtkWidget *notices;
  GtkLabel *notices_words;
  GtkWidget *checks;
  GtkLabel *checks_words;
  GtkLabel *clock;
  GtkWidget *size_button;
  GtkWidget *dark_button;
  GtkButton *language_button;
  GtkWidget *banner;
  TillRail *rail;
  GtkEntry *line;
  GtkRevealer *message_revealer;
  GtkWidget *message;
  GtkImage *message_icon;
  GtkLabel *message_words;
  GtkStack *pages;
  GtkRevealer *panel_revealer;
  GtkLabel *panel_title;
  GtkWidget *panel_close;
  GtkBox *panel_slot;
  GtkWidget *right;
  GtkLabel *total_caption;
  GtkLabel *total;
  GtkLabel *total_note;
  TillKeypad *keypad;
  GtkBox *panes;
  TillLegend *legend;
  TillStatePill *device_pills[3];
  const char *tone;  /* class of the message at hand, or NULL */
  const char *money; /* class of the total */
};

G_DEFINE_FINAL_TYPE (TillWindowFrame, till_window_frame, GTK_TYPE_BOX)

enum
{
  KEY,
  SCREEN,
  NOTICES,
  CHECKS,
  LOCK,
  LANGUAGE,
  DARK,
  SIZE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_rail (TillWindowFrame *self, int screen)
{
  g_signal_emit (self, signals[SCREEN], 0, screen);
}

static void
on_alarm (TillWindowFrame *self)
{
  g_signal_emit (self, signals[SCREEN], 0, (int)TILL_SCREEN_SETTINGS);
}

static void
on_notices (TillWindowFrame *self)
{
  g_signal_emit (self, signals[NOTICES], 0);
}

static void
on_checks (TillWindowFrame *self)
{
  g_signal_emit (self, signals[CHECKS], 0);
}

static void
on_lock (TillWindowFrame *self)
{
  g_signal_emit (self, signals[LOCK], 0);
}

static void
on_language (TillWindowFrame *self)
{
  g_signal_emit (self, signals[LANGUAGE], 0);
}

static void
on_dark (TillWindowFrame *self)
{
  g_signal_emit (self, signals[DARK], 0);
}

static void
on_size (TillWindowFrame *self)
{
  g_signal_emit (self, signals[SIZE], 0);
}

static void
on_pad (TillKeypad *pad, guint keyval, TillWindowFrame *self)
{
  g_signal_emit (self, signals[KEY], 0, keyval, 0u);
}

static void
on_legend (TillLegend *legend, guint keyval, guint state, TillWindowFrame *self)
{
  g_signal_emit (self, signals[KEY], 0, keyval, state);
}

static void
on_panel_close (TillWindowFrame *self)
{
  g_signal_emit (self, signals[KEY], 0, (guint)GDK_KEY_Escape, 0u);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillWindowFrame, child)

static void
till_window_frame_class_init (TillWindowFrameClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_KEYPAD);
  g_type_ensure (TILL_TYPE_LEGEND);
  g_type_ensure (TILL_TYPE_RAIL);
  till_part_class (class, "window-frame.ui");
  BIND (shop_name);
  BIND (till_name);
  BIND (cashier_box);
  BIND (cashier_name);
  BIND (working);
  BIND (spinner);
  BIND (devices);
  BIND (alarm);
  BIND (alarm_words);
  BIND (notices);
  BIND (notices_words);
  BIND (checks);
  BIND (checks_words);
  BIND (clock);
  BIND (size_button);
  BIND (dark_button);
  BIND (language_button);
  BIND (banner);
  BIND (rail);
  BIND (line);
  BIND (message_revealer);
  BIND (message);
  BIND (message_icon);
  BIND (message_words);
  BIND (pages);
  BIND (panel_revealer);
  BIND (panel_title);
  BIND (panel_close);
  BIND (panel_slot);
  BIND (right);
  BIND (total_caption);
  BIND (total);
  BIND (total_note);
  BIND (keypad);
  BIND (panes);
  BIND (legend);
  gtk_widget_class_bind_template_callback (widget_class, on_pad);
  gtk_widget_class_bind_template_callback (widget_class, on_rail);
  gtk_widget_class_bind_template_callback (widget_class, on_lock);
  gtk_widget_class_bind_template_callback (widget_class, on_alarm);
  gtk_widget_class_bind_template_callback (widget_class, on_notices);
  gtk_widget_class_bind_template_callback (widget_class, on_checks);
  gtk_widget_class_bind_template_callback (widget_class, on_legend);
  gtk_widget_class_bind_template_callback (widget_class, on_panel_close);
  gtk_widget_class_bind_template_callback (widget_class, on_language);
  gtk_widget_class_bind_template_callback (widget_class, on_dark);
  gtk_widget_class_bind_template_callback (widget_class, on_size);
  static const char *const plain[]
      = { [NOTICES] = "notices",   [CHECKS] = "checks", [LOCK] = "lock",
          [LANGUAGE] = "language", [DARK] = "dark",     [SIZE] = "size" };
  for (int i = NOTICES; i <= SIZE; i++)
    signals[i] = till_part_signal (class, plain[i]);
  signals[KEY] = g_signal_new ("key", TILL_TYPE_WINDOW_FRAME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SCREEN] = g_signal_new ("screen", TILL_TYPE_WINDOW_FRAME, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
till_window_frame_init (TillWindowFrame *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_access_name (GTK_WIDGET (self->line), _ ("Input line"));
  till_access_name (self->size_button, _ ("Text size"));
  till_access_name (self->dark_button, _ ("Dark or light"));
  till_access_name (self->panel_close, _ ("Close"));
  gtk_widget_set_tooltip_text (self->size_button, _ ("Text size"));
  gtk_widget_set_tooltip_text (self->dark_button, _ ("Dark or light"));
  for (int i = 0; i < 3; i++)
    {
      GtkWidget *pill = till_state_pill_new ();
      gtk_widget_set_visible (pill, FALSE);
      self->device_pills[i] = TILL_STATE_PILL (pill);
      gtk_box_append (self->devices, pill);
    }
  /* The button says where it leads, in the words of those who want to go there. */
  gtk_button_set_label (self->language_button,
                        g_str_equal (till_language_get (), "zh_CN") ? "English" : "中文");
}

void
till_window_frame_shop (TillWindowFrame *self, const TillShop *shop)
{
  gtk_label_set_text (self->shop_name, shop->name);
}

void
till_window_frame_alarm (TillWindowFrame *self, const char *words, const char *whole)
{
  gtk_widget_set_visible (self->alarm, words != NULL);
  if (!words)
    return;
  gtk_label_set_text (self->alarm_words, words);
  till_access_name (self->alarm, words);
  gtk_widget_set_tooltip_text (self->alarm, whole);
}

/* Few words in the strip; the whole is for those who listen, and it stands where the button leads.
 */
void
till_window_frame_notices (TillWindowFrame *self, int unsettled)
{
  gtk_widget_set_visible (self->notices, unsettled > 0);
  g_autofree char *words = g_strdup_printf (_ ("Notices %d"), unsettled);
  g_autofree char *whole
      = g_strdup_printf (ngettext ("%d notice about a number we do not know",
                                   "%d notices about numbers we do not know", (gulong)unsettled),
                         unsettled);
  gtk_label_set_text (self->notices_words, words);
  till_access_name (self->notices, whole);
  till_access_keys (self->notices, "Control+9");
  gtk_widget_set_tooltip_text (self->notices, whole);
}

void
till_window_frame_checks (TillWindowFrame *self, int due)
{
  gtk_widget_set_visible (self->checks, due > 0);
  g_autofree char *words = g_strdup_printf (_ ("Checks due %d"), due);
  g_autofree char *whole = g_strdup_printf (
      ngettext ("%d device is to be checked", "%d devices are to be checked", (gulong)due), due);
  gtk_label_set_text (self->checks_words, words);
  till_access_name (self->checks, whole);
  gtk_widget_set_tooltip_text (self->checks, whole);
}

TillWindowFrame *
till_window_frame_new (const TillShop *shop)
{
  TillWindowFrame *self = g_object_new (TILL_TYPE_WINDOW_FRAME, NULL);
  till_window_frame_shop (self, shop);
  g_autofree char *till = g_strdup_printf (_ ("Till %02d"), shop->till);
  gtk_label_set_text (self->till_name, till);
  gtk_widget_set_visible (self->banner, shop->training);
  return self;
}

GtkStack *
till_window_frame_pages (TillWindowFrame *self)
{
  return self->pages;
}

GtkBox *
till_window_frame_panes (TillWindowFrame *self)
{
  return self->panes;
}

TillLegend *
till_window_frame_legend (TillWindowFrame *self)
{
  return self->legend;
}

TillKeypad *
till_window_frame_keypad (TillWindowFrame *self)
{
  return self->keypad;
}

void
till_window_frame_line (TillWindowFrame *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->line), text);
  gtk_editable_set_position (GTK_EDITABLE (self->line), -1);
}

void
till_window_frame_hint (TillWindowFrame *self, const char *text)
{
  gtk_entry_set_placeholder_text (self->line, text);
  gtk_widget_set_visible (GTK_WIDGET (self->line), *text != '\0');
}

void
till_window_frame_say (TillWindowFrame *self, TillTone tone, const char *sentence)
{
  static const struct
  {
    const char *style, *icon;
  } tones[] = {
    [TILL_TONE_PLAIN] = { "plain", "dialog-information-symbolic" },
    [TILL_TONE_GOOD] = { "good", "object-select-symbolic" },
    [TILL_TONE_WARN] = { "warn", "dialog-warning-symbolic" },
    [TILL_TONE_BAD] = { "bad", "dialog-error-symbolic" },
  };
  gtk_revealer_set_reveal_child (self->message_revealer, sentence != NULL);
  gtk_label_set_text (self->message_words, sentence ? sentence : "");
  if (self->tone)
    gtk_widget_remove_css_class (self->message, self->tone);
  self->tone = tones[tone].style;
  gtk_widget_add_css_class (self->message, self->tone);
  gtk_image_set_from_icon_name (self->message_icon, tones[tone].icon);
}

const char *
till_window_frame_said (TillWindowFrame *self)
{
  return gtk_label_get_text (self->message_words);
}

void
till_window_frame_total (TillWindowFrame *self, const char *caption, TillMoney amount,
                         TillDirection direction, const char *note)
{
  static const char *const styles[] = { "money-in", "money-out", "money-rest" };
  g_autofree char *money
      = till_money_format_screen (direction == TILL_MONEY_OUT ? -amount : amount);
  gtk_label_set_text (self->total_caption, caption);
  gtk_label_set_text (self->total, money);
  /* A figure is never cut: a long one gets smaller letters. */
  glong length = g_utf8_strlen (money, -1);
  gtk_widget_remove_css_class (GTK_WIDGET (self->total), "long");
  gtk_widget_remove_css_class (GTK_WIDGET (self->total), "longer");
  if (length > 8)
    gtk_widget_add_css_class (GTK_WIDGET (self->total), length > 11 ? "longer" : "long");
  gtk_label_set_text (self->total_note, note);
  if (self->money)
    gtk_widget_remove_css_class (GTK_WIDGET (self->total), self->money);
  self->money = styles[direction];
  gtk_widget_add_css_class (GTK_WIDGET (self->total), self->money);
}

void
till_window_frame_busy (TillWindowFrame *self, gboolean busy)
{
  gtk_widget_set_visible (self->working, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

void
till_window_frame_badge (TillWindowFrame *self, TillScreen screen, int n)
{
  till_rail_badge (self->rail, screen, n);
}

void
till_window_frame_device (TillWindowFrame *self, TillDeviceKind kind, gboolean well,
                          const char *words)
{
  static const char *const icons[]
      = { "network-transmit-receive-symbolic", "printer-symbolic", "auth-smartcard-symbolic" };
  TillFace face = { icons[kind], words, well ? "well" : "warn" };
  till_state_pill_set (self->device_pills[kind], face);
}

void
till_window_frame_clock (TillWindowFrame *self, const char *time)
{
  gtk_label_set_text (self->clock, time);
}

void
till_window_frame_cashier (TillWindowFrame *self, const char *name)
{
  gtk_label_set_text (self->cashier_name, name ? name : "");
}

void
till_window_frame_screen (TillWindowFrame *self, TillScreen screen)
{
  gboolean in = screen != TILL_SCREEN_LOGIN;
  gboolean money = screen == TILL_SCREEN_SELL || screen == TILL_SCREEN_PAY
                   || screen == TILL_SCREEN_RETURN || screen == TILL_SCREEN_SHIFT;
  gtk_widget_set_visible (GTK_WIDGET (self->rail), in);
  gtk_widget_set_opacity (self->cashier_box, in ? 1 : 0);
  if (!in || !money)
    gtk_widget_set_visible (GTK_WIDGET (self->line), FALSE);
  gtk_widget_set_visible (self->right, in && money);
  till_rail_light (self->rail, screen);
}

void
till_window_frame_panel (TillWindowFrame *self, const char *title, GtkWidget *panel)
{
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self->panel_slot));
  if (old)
    gtk_box_remove (self->panel_slot, old);
  if (panel)
    {
      gtk_label_set_text (self->panel_title, title);
      gtk_widget_set_vexpand (panel, TRUE);
      gtk_box_append (self->panel_slot, panel);
    }
  /* Hidden at once when it goes: what is below it is needed now. */
  gtk_widget_set_visible (GTK_WIDGET (self->panel_revealer), panel != NULL);
  gtk_revealer_set_reveal_child (self->panel_revealer, panel != NULL);
}

GtkWidget *
till_window_frame_panel_now (TillWindowFrame *self)
{
  return gtk_widget_get_first_child (GTK_WIDGET (self->panel_slot));
}
