/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/parked-bar.h"
#include "widgets/choice.h"
#include "widgets/pick-panel.h"
#include "data/desk/selling.h"

#include <glib/gi18n-lib.h>

#define SHOWN 4

struct _TillParkedBar
{
  GtkBox parent;
  TillCounter *counter; /* unowned */
  GPtrArray *parked;    /* owned; of TillParked, or NULL */
};

G_DEFINE_FINAL_TYPE (TillParkedBar, till_parked_bar, GTK_TYPE_BOX)

static guint chosen_signal;

guint
till_parked_bar_n (TillParkedBar *self)
{
  return self->parked ? self->parked->len : 0;
}

void
till_parked_bar_show (TillParkedBar *self, GPtrArray *parked)
{
  GtkBox *box = GTK_BOX (self);
  g_clear_pointer (&self->parked, g_ptr_array_unref);
  self->parked = parked;
  till_box_empty (box);
  guint n = till_parked_bar_n (self);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  for (guint i = 0; i < MIN (n, SHOWN); i++)
    {
      const TillParked *one = g_ptr_array_index (parked, i);
      g_autofree char *time = till_counter_time (self->counter, one->at);
      g_autofree char *total = till_money_format_screen (one->total);
      g_autofree char *words = g_strdup_printf ("%s %s", time, total);
      gtk_box_append (box, gtk_label_new (i == 0 ? _ ("Parked:") : "·"));
      GtkWidget *label = gtk_label_new (words);
      gtk_widget_add_css_class (label, "figure");
      gtk_box_append (box, label);
    }
  if (n > SHOWN)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more"), n - SHOWN);
      gtk_box_append (box, gtk_label_new (more));
    }
}

static void
on_picked (gpointer bar, TillPickPanel *panel)
{
  g_signal_emit (bar, chosen_signal, 0, (gint64)till_pick_panel_chosen_id (panel));
}

static void
pick (TillParkedBar *self)
{
  static const TillColumn columns[] = {
    { "#", TILL_CELL_FIGURE, 2 },
    { N_ ("Time"), TILL_CELL_TEXT, 6 },
    { N_ ("Lines"), TILL_CELL_FIGURE, 6 },
    { N_ ("Amount"), TILL_CELL_FIGURE, 12 },
  };
  TillPickPanel *panel
      = till_pick_panel_new (_ ("Parked baskets"), columns, G_N_ELEMENTS (columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->parked->len; i++)
    {
      const TillParked *parked = g_ptr_array_index (self->parked, i);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *time = till_counter_time (self->counter, parked->at);
      g_autofree char *lines = g_strdup_printf ("%d", parked->lines);
      g_autofree char *total = till_money_format_screen (parked->total);
      const char *cells[] = { number, time, lines, total };
      g_ptr_array_add (rows, till_sheet_row_new (parked->id, G_N_ELEMENTS (cells), cells));
    }
  till_pick_panel_open (panel, self->counter, _ ("Take up a parked basket"), on_picked,
                        GTK_WIDGET (self));
  till_pick_panel_fill (panel, rows, "");
}

void
till_parked_bar_choose (TillParkedBar *self)
{
  guint n = till_parked_bar_n (self);
  if (n == 1)
    g_signal_emit (self, chosen_signal, 0,
                   (gint64)((const TillParked *)g_ptr_array_index (self->parked, 0))->id);
  else if (n > 1)
    pick (self);
}

static void
till_parked_bar_finalize (GObject *object)
{
  g_clear_pointer (&TILL_PARKED_BAR (object)->parked, g_ptr_array_unref);
  G_OBJECT_CLASS (till_parked_bar_parent_class)->finalize (object);
}

static void
till_parked_bar_class_init (TillParkedBarClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_parked_bar_finalize;
  chosen_signal = g_signal_new ("chosen", TILL_TYPE_PARKED_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
till_parked_bar_init (TillParkedBar *self)
{
}

void
till_parked_bar_set_up (TillParkedBar *self, TillCounter *counter)
{
  self->counter = counter;
}
