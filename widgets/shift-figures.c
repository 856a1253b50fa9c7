/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/shift-figures.h"

#include <inttypes.h>

#define IN_A_ROW 3
#define CARDS_MAX 9

struct _TillShiftFigures
{
  GtkGrid parent;
  GtkLabel *captions[CARDS_MAX]; /* unowned; in the cards */
  GtkLabel *figures[CARDS_MAX];
};

G_DEFINE_FINAL_TYPE (TillShiftFigures, till_shift_figures, GTK_TYPE_GRID)

static void
till_shift_figures_class_init (TillShiftFiguresClass *class)
{
}

static void
till_shift_figures_init (TillShiftFigures *self)
{
  gtk_grid_set_row_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_homogeneous (GTK_GRID (self), TRUE);
}

static GtkLabel *
label_new (float xalign, const char *class)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (label, xalign);
  gtk_widget_add_css_class (GTK_WIDGET (label), class);
  return label;
}

static void
make_card (TillShiftFigures *self, guint n)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (card, "figure-card");
  gtk_widget_set_hexpand (card, TRUE);
  self->captions[n] = label_new (0, "caption-heading");
  self->figures[n] = label_new (1, "title-3");
  gtk_label_set_wrap (self->captions[n], TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->figures[n]), "figure");
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->captions[n]));
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->figures[n]));
  gtk_grid_attach (GTK_GRID (self), card, (int)(n % IN_A_ROW), (int)(n / IN_A_ROW), 1, 1);
}

void
till_shift_figures_set (TillShiftFigures *self, guint n, const char *caption, int64_t n_of,
                        TillMoney amount)
{
  g_assert (n < CARDS_MAX);
  if (!self->captions[n])
    make_card (self, n);
  g_autofree char *money = till_money_format_screen (amount);
  g_autofree char *words
      = n_of < 0 ? g_strdup (money) : g_strdup_printf ("%" PRId64 "  ·  %s", n_of, money);
  gtk_label_set_text (self->captions[n], caption);
  gtk_label_set_text (self->figures[n], words);
}
