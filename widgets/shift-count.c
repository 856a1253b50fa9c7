/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/shift-count.h"
#include "widgets/choice.h"
#include "widgets/part.h"

#define ROWS (TILL_NOTES / 2)

struct _TillShiftCount
{
  GtkGrid parent;
  GtkWidget *fields[TILL_NOTES]; /* unowned; children */
  TillCount count;
  int at;
};

G_DEFINE_FINAL_TYPE (TillShiftCount, till_shift_count, GTK_TYPE_GRID)

static guint moved_signal;

/* "¥100", "¥0.50" */
static char *
kind_words (int i)
{
  g_autofree char *full = till_money_format_screen (till_note_values[i]);
  if (till_note_values[i] % 100 == 0)
    full[strlen (full) - strlen (".00")] = '\0';
  return g_steal_pointer (&full);
}

static void
show (TillShiftCount *self)
{
  for (int i = 0; i < TILL_NOTES; i++)
    {
      g_autofree char *kind = kind_words (i);
      g_autofree char *sum = till_money_format_screen (self->count.notes[i] * till_note_values[i]);
      g_autofree char *words
          = g_strdup_printf ("%s  ×  %d   =   %s", kind, self->count.notes[i], sum);
      gtk_button_set_label (GTK_BUTTON (self->fields[i]), words);
    }
  till_choices_mark (GTK_WIDGET (self), self->at);
}

static void
set_at (gpointer count, int at)
{
  TillShiftCount *self = count;
  self->at = at;
  show (self);
  g_signal_emit (self, moved_signal, 0);
}

static void
till_shift_count_class_init (TillShiftCountClass *class)
{
  moved_signal = till_part_signal (class, "moved");
}

static void
till_shift_count_init (TillShiftCount *self)
{
  gtk_grid_set_row_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_homogeneous (GTK_GRID (self), TRUE);
  self->count.by_notes = TRUE;
  for (int i = 0; i < TILL_NOTES; i++)
    {
      self->fields[i] = till_choice_new ("", i, set_at, self);
      gtk_widget_set_hexpand (self->fields[i], TRUE);
      gtk_widget_add_css_class (self->fields[i], "figure");
      gtk_grid_attach (GTK_GRID (self), self->fields[i], i / ROWS, i % ROWS, 1, 1);
    }
  show (self);
}

void
till_shift_count_start (TillShiftCount *self)
{
  self->count = (TillCount){ .by_notes = TRUE };
  set_at (self, 0);
}

char *
till_shift_count_kind (TillShiftCount *self)
{
  return kind_words (self->at);
}

gboolean
till_shift_count_put (TillShiftCount *self, int pieces)
{
  TillCount count = self->count;
  count.notes[self->at] = pieces;
  if (!till_count_sum (&count))
    return FALSE;
  self->count = count;
  show (self);
  return TRUE;
}

gboolean
till_shift_count_move (TillShiftCount *self, int by)
{
  int at = self->at + by;
  if (at < 0 || at >= TILL_NOTES)
    return FALSE;
  set_at (self, at);
  return TRUE;
}

const TillCount *
till_shift_count_get (TillShiftCount *self)
{
  return &self->count;
}
