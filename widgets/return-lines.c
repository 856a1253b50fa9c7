/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-lines.h"
#include "widgets/part.h"
#include "widgets/sheet.h"

#include <glib/gi18n-lib.h>

struct _TillReturnLines
{
  GtkBox parent;
  TillSheet *sheet;     /* unowned; a child */
  TillCounter *counter; /* unowned */
  TillReturnJob *job;   /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReturnLines, till_return_lines, GTK_TYPE_BOX)

static guint changed_signal;

static const TillColumn line_columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Goods"), TILL_CELL_TEXT, 0 },
  { N_ ("Sold"), TILL_CELL_FIGURE, 6 },
  { N_ ("Returned"), TILL_CELL_FIGURE, 8 },
  /* Translators: how many can still be returned */
  { N_ ("Left"), TILL_CELL_FIGURE, 6 },
  { N_ ("Now"), TILL_CELL_FIGURE, 6 },
  { N_ ("Refund"), TILL_CELL_FIGURE, 10 },
};

static TillSheetRow *
row_of_line (TillReturnLines *self, const TillSaleLine *line)
{
  TillQuantity now = till_return_draft_get (self->job->draft, line->pos);
  TillQuantity left = line->quantity - line->returned;
  g_autofree char *number = g_strdup_printf ("%d", line->pos);
  g_autofree char *sold = till_quantity_format (line->quantity);
  g_autofree char *before = line->returned ? till_quantity_format (line->returned) : g_strdup ("");
  g_autofree char *can = till_quantity_format (left);
  g_autofree char *back = now ? till_quantity_format (now) : g_strdup ("–");
  g_autofree char *money
      = now ? till_money_format (till_return_job_worth (line, now)) : g_strdup ("");
  const char *cells[] = { number, line->name, sold, before, can, back, money };
  TillSheetRow *row = till_sheet_row_new (line->pos, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_style (row, now > 0 ? "chosen" : left == 0 ? "quiet" : NULL);
  return row;
}

void
till_return_lines_show (TillReturnLines *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->job->sale->lines->len; i++)
    g_ptr_array_add (rows, row_of_line (self, g_ptr_array_index (self->job->sale->lines, i)));
  till_sheet_fill (self->sheet, rows);
  if (till_sheet_chosen (self->sheet) < 0)
    till_sheet_choose (self->sheet, 0);
  self->counter->hands->enter (self->counter->window,
                               self->job->draft->lines->len > 0 ? _ ("Go on") : NULL, FALSE);
}

/* --- changing the draft --- */

static void
set_line (TillReturnLines *self, const TillSaleLine *line, TillQuantity quantity)
{
  TillQuantity left = line->quantity - line->returned;
  if (quantity < 0 || quantity > left)
    {
      TillAnswer no = till_answer_quantity (TILL_NO_QUANTITY, quantity, left, line->name);
      till_counter_heard (self->counter, &no);
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  till_return_job_keep (self->job);
  till_return_draft_set (self->job->draft, line->pos, quantity);
  g_signal_emit (self, changed_signal, 0);
  till_sheet_choose (self->sheet, line->pos - 1);
}

static const TillSaleLine *
chosen_line (TillReturnLines *self)
{
  return self->job->sale ? till_sale_line (self->job->sale, (int)till_sheet_chosen_id (self->sheet))
                         : NULL;
}

static void
more_of_chosen (TillReturnLines *self, int step)
{
  const TillSaleLine *line = chosen_line (self);
  if (!line)
    return;
  TillQuantity now = till_return_draft_get (self->job->draft, line->pos);
  TillQuantity left = line->quantity - line->returned;
  TillQuantity next = now + step * TILL_QUANTITY_ONE;
  /* The rest of something weighed is less than one. */
  if (step > 0 && now < left && next > left && left % TILL_QUANTITY_ONE != 0)
    next = left;
  if (step < 0 && now > 0)
    next = MAX (0, next);
  if (next != now)
    set_line (self, line, next);
}

static void
type_quantity (TillReturnLines *self, const char *text)
{
  const TillSaleLine *line = chosen_line (self);
  TillQuantity quantity;
  if (line && *text && till_quantity_parse (text, &quantity, NULL))
    set_line (self, line, quantity);
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Type the quantity first, then press * : for example 2 *"));
  self->counter->hands->line (self->counter->window, "");
}

static void
all_or_none (TillReturnLines *self, gboolean all)
{
  till_return_job_keep (self->job);
  for (guint i = 0; i < self->job->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (self->job->sale->lines, i);
      till_return_draft_set (self->job->draft, line->pos,
                             all ? line->quantity - line->returned : 0);
    }
  g_signal_emit (self, changed_signal, 0);
}

/* A scan is one piece more: of the first line with that code that has something left. */
void
till_return_lines_scan (TillReturnLines *self, const char *code)
{
  const TillSaleLine *same = NULL;
  for (guint i = 0; i < self->job->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (self->job->sale->lines, i);
      if (!g_str_equal (line->code, code))
        continue;
      same = line;
      if (till_return_draft_get (self->job->draft, line->pos) < line->quantity - line->returned)
        break;
    }
  if (!same)
    {
      g_autofree char *words = g_strdup_printf (
          _ ("%s is not on this receipt. Nothing was added. Check the goods or scan "
             "the right receipt."),
          code);
      till_counter_say (self->counter, TILL_TONE_WARN, words);
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  till_sheet_choose (self->sheet, same->pos - 1);
  if (till_return_draft_get (self->job->draft, same->pos) < same->quantity - same->returned)
    more_of_chosen (self, 1);
  else
    set_line (self, same, till_return_draft_get (self->job->draft, same->pos) + TILL_QUANTITY_ONE);
}

gboolean
till_return_lines_key (TillReturnLines *self, guint keyval, const char *text)
{
  switch (keyval)
    {
    case GDK_KEY_plus:
      more_of_chosen (self, 1);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_Delete:
      more_of_chosen (self, -1);
      return TRUE;
    case GDK_KEY_asterisk:
      type_quantity (self, text);
      return TRUE;
    case GDK_KEY_a:
    case GDK_KEY_A:
      all_or_none (self, TRUE);
      return TRUE;
    case GDK_KEY_n:
    case GDK_KEY_N:
      all_or_none (self, FALSE);
      return TRUE;
    default:
      return till_sheet_key (self->sheet, keyval);
    }
}

static void
till_return_lines_class_init (TillReturnLinesClass *class)
{
  changed_signal = till_part_signal (class, "changed");
}

static void
till_return_lines_init (TillReturnLines *self)
{
  self->sheet = g_object_new (TILL_TYPE_SHEET, "hexpand", TRUE, NULL);
  till_sheet_set_up (self->sheet, _ ("Lines of the receipt"), line_columns,
                     G_N_ELEMENTS (line_columns));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->sheet));
}

void
till_return_lines_set_up (TillReturnLines *self, TillCounter *counter, TillReturnJob *job)
{
  self->counter = counter;
  self->job = job;
}
