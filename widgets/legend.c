/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/legend.h"
#include "widgets/access.h"
#include "widgets/choice.h"

#include <glib/gi18n-lib.h>

struct _TillLegend
{
  GtkBox parent;
};

G_DEFINE_FINAL_TYPE (TillLegend, till_legend, GTK_TYPE_BOX)

static guint pressed_signal;

static void
on_clicked (GtkButton *button, TillLegend *self)
{
  const TillLegendKey *key = g_object_get_data (G_OBJECT (button), "till-key");
  g_signal_emit (self, pressed_signal, 0, key->keyval, (guint)key->state);
}

static GtkWidget *
chip_new (TillLegend *self, const TillLegendKey *key)
{
  GtkWidget *cap = gtk_label_new (_ (key->key));
  gtk_widget_add_css_class (cap, "keycap");
  gtk_widget_set_valign (cap, GTK_ALIGN_CENTER);
  GtkWidget *word = gtk_label_new (_ (key->word));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (box), cap);
  gtk_box_append (GTK_BOX (box), word);

  GtkWidget *button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_object_set_data (G_OBJECT (button), "till-key", (gpointer)key);
  till_access_name (button, _ (key->word));
  till_access_keys (button, key->key);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), self);
  return button;
}

static void
till_legend_class_init (TillLegendClass *class)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "legend");
  pressed_signal = g_signal_new ("pressed", TILL_TYPE_LEGEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
till_legend_init (TillLegend *self)
{
}

void
till_legend_set (TillLegend *self, const TillLegendKey *keys)
{
  till_box_empty (GTK_BOX (self));
  for (; keys && keys->word; keys++)
    gtk_box_append (GTK_BOX (self), chip_new (self, keys));
}
