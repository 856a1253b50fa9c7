/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/rail.h"
#include "widgets/access.h"

#include <glib/gi18n-lib.h>

struct _TillRail
{
  GtkBox parent;
  GtkWidget *buttons[TILL_SCREENS]; /* unowned; children, NULL for a screen that is not here */
  GtkLabel *badges[TILL_SCREENS];   /* unowned; inside them */
};

G_DEFINE_FINAL_TYPE (TillRail, till_rail, GTK_TYPE_BOX)

enum
{
  SCREEN,
  LOCK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const struct
{
  TillScreen screen;
  const char *icon, *word, *key;
} rails[] = {
  { TILL_SCREEN_SELL, "view-list-symbolic", N_ ("Sell"), "Ctrl+1" },
  { TILL_SCREEN_RETURN, "edit-undo-symbolic", N_ ("Returns"), "Ctrl+2" },
  { TILL_SCREEN_REFUNDS, "send-to-symbolic", N_ ("Refunds"), "Ctrl+3" },
  { TILL_SCREEN_REPORTS, "x-office-presentation-symbolic", N_ ("Reports"), "Ctrl+4" },
  { TILL_SCREEN_SHIFT, "system-switch-user-symbolic", N_ ("Shift"), "Ctrl+5" },
  { TILL_SCREEN_DEVICES, "media-removable-symbolic", N_ ("Devices"), "Ctrl+7" },
  { TILL_SCREEN_SETTINGS, "preferences-system-symbolic", N_ ("Settings"), "Ctrl+8" },
};

static void
on_screen (GtkButton *button, TillRail *self)
{
  int screen = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-screen"));
  g_signal_emit (self, signals[SCREEN], 0, screen);
}

static void
on_lock (GtkButton *button, TillRail *self)
{
  g_signal_emit (self, signals[LOCK], 0);
}

static GtkWidget *
button_new (const char *icon, const char *word, const char *keys, GtkLabel **badge)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  gtk_image_set_pixel_size (GTK_IMAGE (image), 24);
  GtkWidget *label = gtk_label_new (word);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);

  GtkWidget *overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), box);
  if (badge)
    {
      *badge = GTK_LABEL (gtk_label_new (NULL));
      gtk_widget_add_css_class (GTK_WIDGET (*badge), "badge");
      gtk_widget_set_halign (GTK_WIDGET (*badge), GTK_ALIGN_END);
      gtk_widget_set_valign (GTK_WIDGET (*badge), GTK_ALIGN_START);
      gtk_widget_set_visible (GTK_WIDGET (*badge), FALSE);
      gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (*badge));
    }
  GtkWidget *button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), overlay);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  till_access_name (button, word);
  till_access_keys (button, keys);
  gtk_widget_set_tooltip_text (button, keys);
  return button;
}

void
till_rail_light (TillRail *self, TillScreen screen)
{
  int lit = screen == TILL_SCREEN_PAY ? TILL_SCREEN_SELL : (int)screen;
  for (int i = 0; i < TILL_SCREENS; i++)
    if (self->buttons[i] && i == lit)
      gtk_widget_add_css_class (self->buttons[i], "here");
    else if (self->buttons[i])
      gtk_widget_remove_css_class (self->buttons[i], "here");
}

void
till_rail_badge (TillRail *self, TillScreen screen, int n)
{
  GtkLabel *badge = self->badges[screen];
  if (!badge)
    return;
  g_autofree char *figure = g_strdup_printf (n > 99 ? "99+" : "%d", n);
  gtk_label_set_text (badge, figure);
  gtk_widget_set_visible (GTK_WIDGET (badge), n > 0);
}

static void
till_rail_class_init (TillRailClass *class)
{
  signals[SCREEN] = g_signal_new ("screen", TILL_TYPE_RAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
  signals[LOCK] = g_signal_new ("lock", TILL_TYPE_RAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
till_rail_init (TillRail *self)
{
  GtkBox *box = GTK_BOX (self);
  for (gsize i = 0; i < G_N_ELEMENTS (rails); i++)
    {
      TillScreen screen = rails[i].screen;
      GtkWidget *button
          = button_new (rails[i].icon, _ (rails[i].word), rails[i].key, &self->badges[screen]);
      g_object_set_data (G_OBJECT (button), "till-screen", GINT_TO_POINTER (screen));
      g_signal_connect (button, "clicked", G_CALLBACK (on_screen), self);
      gtk_box_append (box, button);
      self->buttons[screen] = button;
    }
  GtkWidget *space = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (space, TRUE);
  gtk_box_append (box, space);
  GtkWidget *lock = button_new ("system-lock-screen-symbolic", _ ("Lock"), "F12", NULL);
  g_signal_connect (lock, "clicked", G_CALLBACK (on_lock), self);
  gtk_box_append (box, lock);
}
