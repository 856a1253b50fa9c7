/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/sell-lines.h"
#include "widgets/part.h"
#include "widgets/sheet.h"
#include "widgets/undo.h"

#include <glib/gi18n-lib.h>

struct _TillSellLines
{
  GtkBox parent;
  TillSheet *sheet;     /* unowned; a child */
  TillCounter *counter; /* unowned */
  TillUndo undo;        /* of TillBasket */
};

G_DEFINE_FINAL_TYPE (TillSellLines, till_sell_lines, GTK_TYPE_BOX)

static guint changed_signal;

static const TillColumn columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Goods"), TILL_CELL_TEXT, 0 },
  /* Translators: how many of an item */
  { N_ ("Qty"), TILL_CELL_FIGURE, 6 },
  { N_ ("Price"), TILL_CELL_FIGURE, 8 },
  { N_ ("Discount"), TILL_CELL_FIGURE, 8 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 9 },
};

static GPtrArray *
rows_of (TillCounter *counter, const TillBasket *basket, const TillBasketSums *sums)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketLine *line = g_ptr_array_index (basket->lines, i);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *quantity = till_quantity_format (line->quantity);
      g_autofree char *counted = *line->item->unit
                                     ? g_strdup_printf ("%s %s", quantity, line->item->unit)
                                     : g_strdup (quantity);
      g_autofree char *price = till_money_format (line->price);
      g_autofree char *discount
          = sums->lines[i].discount ? till_money_format (-sums->lines[i].discount) : g_strdup ("");
      g_autofree char *amount = till_money_format (sums->lines[i].amount);
      const char *cells[] = { number,   till_counter_item_name (counter, line->item),
                              counted,  price,
                              discount, amount };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  return rows;
}

static char *
note_of (const TillBasket *basket, const TillBasketSums *sums)
{
  /* Translators: how many lines are in the basket */
  g_autofree char *lines
      = g_strdup_printf (ngettext ("%u line", "%u lines", basket->lines->len), basket->lines->len);
  if (sums->discount + -sums->rounding == 0)
    return g_steal_pointer (&lines);
  g_autofree char *saved = till_money_format_screen (sums->discount - sums->rounding);
  /* Translators: what the customer saves by discounts and rounding */
  g_autofree char *words = g_strdup_printf (_ ("saved %s"), saved);
  return g_strdup_printf ("%s · %s", lines, words);
}

void
till_sell_lines_show (TillSellLines *self)
{
  TillCounter *counter = self->counter;
  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (GError) error = NULL;
  if (!till_basket_sum (counter->basket, &counter->shop->pricing, &sums, &error))
    {
      g_warning ("adding up the basket: %s", error->message);
      till_counter_say (
          counter, TILL_TONE_BAD,
          _ ("These figures are too large to add up. Nothing was changed in the books. "
             "Press Ctrl+Z to go back."));
      return;
    }
  g_autoptr (GPtrArray) rows = rows_of (counter, counter->basket, &sums);
  till_sheet_fill (self->sheet, rows);
  g_autofree char *note = note_of (counter->basket, &sums);
  counter->hands->total (counter->window, _ ("To pay"), sums.total, TILL_MONEY_IN, note);
}

/* --- changing the basket: undo keeps what was --- */

static void
changed (TillSellLines *self, TillBasket *before)
{
  till_undo_keep (&self->undo, before);
  g_clear_pointer (&self->counter->last_sale, till_sale_free);
  g_signal_emit (self, changed_signal, 0);
}

void
till_sell_lines_add (TillSellLines *self, const TillItem *item)
{
  TillQuantity quantity;
  if (!self->counter->basket)
    return;
  if (!till_scale_take (&self->counter->scale, item, &quantity))
    {
      till_counter_say (self->counter, TILL_TONE_WARN, till_scale_no (&self->counter->scale));
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  TillBasket *before = till_basket_copy (self->counter->basket);
  g_autoptr (GError) error = NULL;
  if (!till_basket_add (self->counter->basket, item, quantity, &error))
    {
      till_basket_free (before);
      self->counter->scale.is_taken = FALSE;
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("The basket is full. It is kept as it is. Park it or take the money."));
      return;
    }
  changed (self, before);
  till_sheet_choose (self->sheet, (int)self->counter->basket->lines->len - 1);
  if (till_scale_is_broken_for (&self->counter->scale, item))
    till_counter_say (self->counter, TILL_TONE_WARN, till_scale_no (&self->counter->scale));
}

static int
chosen_line (TillSellLines *self)
{
  if (!self->counter->basket || self->counter->basket->lines->len == 0)
    return -1;
  int at = till_sheet_chosen (self->sheet);
  return at < 0 ? (int)self->counter->basket->lines->len - 1 : at;
}

static void
set_quantity (TillSellLines *self, TillQuantity quantity)
{
  int at = chosen_line (self);
  if (at < 0)
    return;
  TillBasket *before = till_basket_copy (self->counter->basket);
  till_basket_line (self->counter->basket, (guint)at)->quantity = quantity;
  changed (self, before);
}

static void
type_quantity (TillSellLines *self, const char *text)
{
  TillQuantity quantity;
  if (*text && till_quantity_parse (text, &quantity, NULL))
    set_quantity (self, quantity);
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Type the quantity first, then press * : for example 3 *"));
  self->counter->hands->line (self->counter->window, "");
}

static void
type_discount (TillSellLines *self, const char *text)
{
  int at = chosen_line (self);
  TillMoney discount;
  self->counter->hands->line (self->counter->window, "");
  if (at < 0 || !*text || !till_money_parse (text, &discount, NULL))
    {
      till_counter_say (
          self->counter, TILL_TONE_PLAIN,
          _ ("Type the amount first, then press / : for example 2.50 / takes ¥2.50 off "
             "this line"));
      return;
    }
  TillBasket *before = till_basket_copy (self->counter->basket);
  till_basket_line (self->counter->basket, (guint)at)->discount = discount;
  g_auto (TillBasketSums) sums = { 0 };
  if (!till_basket_sum (self->counter->basket, &self->counter->shop->pricing, &sums, NULL))
    {
      till_basket_free (self->counter->basket);
      self->counter->basket = before;
      till_counter_say (
          self->counter, TILL_TONE_WARN,
          _ ("The discount is more than the line. The line is kept. Type a smaller one."));
      return;
    }
  changed (self, before);
}

static void
remove_line (TillSellLines *self)
{
  int at = chosen_line (self);
  if (at < 0)
    return;
  TillBasket *before = till_basket_copy (self->counter->basket);
  g_autofree char *name = g_strdup (till_counter_item_name (
      self->counter, till_basket_line (self->counter->basket, (guint)at)->item));
  till_basket_remove (self->counter->basket, (guint)at);
  changed (self, before);
  g_autofree char *said = g_strdup_printf (_ ("%s was removed. Ctrl+Z brings it back."), name);
  till_counter_say (self->counter, TILL_TONE_PLAIN, said);
}

static void
one_more (TillSellLines *self)
{
  int at = chosen_line (self);
  if (at >= 0)
    set_quantity (self, till_basket_line (self->counter->basket, (guint)at)->quantity
                            + TILL_QUANTITY_ONE);
}

static void
step_in_time (TillSellLines *self, gboolean back)
{
  if (!self->counter->basket)
    return;
  TillBasket *state = back ? till_undo_back (&self->undo, self->counter->basket)
                           : till_undo_forth (&self->undo, self->counter->basket);
  if (!state)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        back ? _ ("There is nothing more to undo.")
                             : _ ("There is nothing to redo."));
      return;
    }
  self->counter->basket = state; /* the undo took the other one */
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
on_key_with_text (TillSellLines *self, guint keyval, const char *text)
{
  if (keyval == GDK_KEY_asterisk || keyval == GDK_KEY_multiply)
    type_quantity (self, text);
  else if (keyval == GDK_KEY_slash)
    type_discount (self, text);
  else
    return FALSE;
  return TRUE;
}

gboolean
till_sell_lines_key (TillSellLines *self, guint keyval, const char *text)
{
  if (on_key_with_text (self, keyval, text))
    return TRUE;
  switch (keyval)
    {
    case GDK_KEY_plus:
      one_more (self);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_Delete:
      remove_line (self);
      return TRUE;
    case GDK_KEY_z:
    case GDK_KEY_Z:
      step_in_time (self, keyval == GDK_KEY_z);
      return TRUE;
    default:
      return till_sheet_key (self->sheet, keyval);
    }
}

void
till_sell_lines_forget (TillSellLines *self)
{
  till_undo_forget (&self->undo);
}

/* --- building --- */

static void
till_sell_lines_finalize (GObject *object)
{
  till_undo_clear (&TILL_SELL_LINES (object)->undo);
  G_OBJECT_CLASS (till_sell_lines_parent_class)->finalize (object);
}

static void
till_sell_lines_class_init (TillSellLinesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_sell_lines_finalize;
  changed_signal = till_part_signal (class, "changed");
}

static void
till_sell_lines_init (TillSellLines *self)
{
  till_undo_init (&self->undo, (GDestroyNotify)till_basket_free);
  self->sheet = g_object_new (TILL_TYPE_SHEET, "hexpand", TRUE, NULL);
  till_sheet_set_up (self->sheet, _ ("Basket"), columns, G_N_ELEMENTS (columns));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->sheet));
}

void
till_sell_lines_set_up (TillSellLines *self, TillCounter *counter)
{
  self->counter = counter;
}
