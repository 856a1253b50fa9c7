/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/sell-page.h"
#include "widgets/sell-asks.h"
#include "widgets/access.h"
#include "widgets/pick-panel.h"
#include "widgets/sheet.h"
#include "widgets/undo.h"
#include "data/desk/printing.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define PARKED_SHOWN 4

struct _TillSellPage
{
  GtkBox parent;
  GtkStack *stack;
  TillSheet *table;
  GtkWidget *empty;
  GtkBox *parked_bar;
  TillCounter *counter; /* unowned */
  TillUndo undo;        /* of TillBasket */
  GPtrArray *parked;    /* owned; of TillParked */
  TillPickPanel *find;  /* weak; the search while it is open, else NULL */
  GPtrArray *found;     /* owned; of TillItem, what the search shows; or NULL */
  guint search_no;      /* the latest search: an answer to an older one is dropped */
  int finding;          /* codes whose goods are being looked up */
  gboolean pay_next;    /* Enter came while they were */
};

G_DEFINE_FINAL_TYPE (TillSellPage, till_sell_page, GTK_TYPE_BOX)

static const TillColumn columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Goods"), TILL_CELL_TEXT, 0 },
  /* Translators: how many of an item */
  { N_ ("Qty"), TILL_CELL_FIGURE, 6 },
  { N_ ("Price"), TILL_CELL_FIGURE, 8 },
  { N_ ("Discount"), TILL_CELL_FIGURE, 8 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 9 },
};

static TillSellAsk *
ask_new (TillSellPage *self)
{
  TillSellAsk *ask = g_new0 (TillSellAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  return ask;
}

/* --- showing the draft --- */

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

static void
show_last_sale (TillSellPage *self)
{
  const TillSale *sale = self->counter->last_sale;
  TillMoney change = 0;
  for (guint i = 0; i < sale->legs->len; i++)
    change += ((const TillLeg *)g_ptr_array_index (sale->legs, i))->change;
  g_autofree char *total = till_money_format_screen (sale->total);
  g_autofree char *note
      = g_strdup_printf (_ ("Paid %s. Scan the next customer's first item."), total);
  self->counter->hands->total (self->counter->window, _ ("Change"), change, TILL_MONEY_REST, note);
}

static void
show (TillSellPage *self)
{
  TillCounter *counter = self->counter;
  const TillBasket *basket = counter->basket;
  gboolean empty = !basket || basket->lines->len == 0;
  gtk_stack_set_visible_child (self->stack, empty ? self->empty : GTK_WIDGET (self->table));
  counter->hands->enter (counter->window, empty ? NULL : _ ("Pay"), FALSE);
  if (empty && counter->last_sale)
    {
      show_last_sale (self);
      return;
    }
  if (empty)
    {
      counter->hands->total (counter->window, _ ("To pay"), 0, TILL_MONEY_IN, "");
      return;
    }

  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (GError) error = NULL;
  if (!till_basket_sum (basket, &counter->shop->pricing, &sums, &error))
    {
      g_warning ("adding up the basket: %s", error->message);
      till_counter_say (
          counter, TILL_TONE_BAD,
          _ ("These figures are too large to add up. Nothing was changed in the books. "
             "Press Ctrl+Z to go back."));
      return;
    }
  g_autoptr (GPtrArray) rows = rows_of (counter, basket, &sums);
  till_sheet_fill (self->table, rows);
  g_autofree char *note = note_of (basket, &sums);
  counter->hands->total (counter->window, _ ("To pay"), sums.total, TILL_MONEY_IN, note);
}

static void
show_parked (TillSellPage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->parked_bar))))
    gtk_box_remove (self->parked_bar, child);
  guint n = self->parked ? self->parked->len : 0;
  gtk_widget_set_visible (GTK_WIDGET (self->parked_bar), n > 0);
  for (guint i = 0; i < MIN (n, PARKED_SHOWN); i++)
    {
      const TillParked *parked = g_ptr_array_index (self->parked, i);
      g_autofree char *time = till_counter_time (self->counter, parked->at);
      g_autofree char *total = till_money_format_screen (parked->total);
      g_autofree char *words = g_strdup_printf ("%s %s", time, total);
      gtk_box_append (self->parked_bar, gtk_label_new (i == 0 ? _ ("Parked:") : "·"));
      GtkWidget *label = gtk_label_new (words);
      gtk_widget_add_css_class (label, "figure");
      gtk_box_append (self->parked_bar, label);
    }
  if (n > PARKED_SHOWN)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more"), n - PARKED_SHOWN);
      gtk_box_append (self->parked_bar, gtk_label_new (more));
    }
}

/* --- changing the draft: undo keeps what was, the books keep what is --- */

static gboolean
can_change (TillSellPage *self)
{
  return self->counter->basket != NULL;
}

static void
keep_now (TillSellPage *self)
{
  TillSellAsk *ask = ask_new (self);
  ask->basket = till_basket_copy (self->counter->basket);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_keep, ask, till_sell_ask_free,
                    NULL);
}

static void
changed (TillSellPage *self, TillBasket *before)
{
  till_undo_keep (&self->undo, before);
  g_clear_pointer (&self->counter->last_sale, till_sale_free);
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  keep_now (self);
  show (self);
}

static void
add_item (TillSellPage *self, const TillItem *item)
{
  if (!can_change (self))
    return;
  TillBasket *before = till_basket_copy (self->counter->basket);
  g_autoptr (GError) error = NULL;
  if (!till_basket_add (self->counter->basket, item, TILL_QUANTITY_ONE, &error))
    {
      till_basket_free (before);
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("The basket is full. It is kept as it is. Park it or take the money."));
      return;
    }
  changed (self, before);
  till_sheet_choose (self->table, (int)self->counter->basket->lines->len - 1);
}

static int
chosen_line (TillSellPage *self)
{
  if (!can_change (self) || self->counter->basket->lines->len == 0)
    return -1;
  int at = till_sheet_chosen (self->table);
  return at < 0 ? (int)self->counter->basket->lines->len - 1 : at;
}

static void
set_quantity (TillSellPage *self, TillQuantity quantity)
{
  int at = chosen_line (self);
  if (at < 0)
    return;
  TillBasket *before = till_basket_copy (self->counter->basket);
  till_basket_line (self->counter->basket, (guint)at)->quantity = quantity;
  changed (self, before);
}

static void
type_quantity (TillSellPage *self, const char *text)
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
type_discount (TillSellPage *self, const char *text)
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
remove_line (TillSellPage *self)
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
one_more (TillSellPage *self)
{
  int at = chosen_line (self);
  if (at >= 0)
    set_quantity (self, till_basket_line (self->counter->basket, (guint)at)->quantity
                            + TILL_QUANTITY_ONE);
}

static void
step_in_time (TillSellPage *self, gboolean back)
{
  if (!can_change (self))
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
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  keep_now (self);
  show (self);
}

/* --- the draft from the books --- */

static void
on_loaded (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  TillSellAsk *ask = data;
  if (error)
    return;
  TillCounter *counter = self->counter;
  g_clear_pointer (&counter->basket, till_basket_free);
  counter->basket = g_steal_pointer (&ask->basket);
  g_clear_pointer (&self->parked, g_ptr_array_unref);
  self->parked = g_steal_pointer (&ask->rows);
  till_undo_forget (&self->undo);
  if (ask->sale)
    {
      g_clear_pointer (&counter->sale, till_sale_free);
      counter->sale = g_steal_pointer (&ask->sale);
      counter->hands->go (counter->window, TILL_SCREEN_PAY);
      return;
    }
  if (ask->has_return)
    {
      counter->hands->go (counter->window, TILL_SCREEN_RETURN);
      return;
    }
  show (self);
  show_parked (self);
}

static void
load_now (TillSellPage *self, gboolean start)
{
  TillSellAsk *ask = ask_new (self);
  ask->start = start;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_load, ask, till_sell_ask_free,
                    on_loaded);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillSellPage *self = TILL_SELL_PAGE (page);
  TillCounter *counter = self->counter;
  counter->hands->hint (counter->window, _ ("Scan or type a code"));
  gboolean start = g_strcmp0 (argument, "start") == 0;
  if (start || !counter->basket)
    load_now (self, start);
  show (self);
}

/* --- codes --- */

static void open_find (TillSellPage *self, const char *text);

static void
go_to_pay (TillSellPage *self)
{
  self->pay_next = FALSE;
  if (!can_change (self))
    return;
  if (self->counter->basket->lines->len == 0)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        _ ("Nothing to pay yet. Scan an item first."));
      return;
    }
  self->counter->hands->go (self->counter->window, TILL_SCREEN_PAY);
}

static void
on_found (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  TillSellAsk *ask = data;
  self->finding--;
  if (!error && ask->item)
    add_item (self, ask->item);
  else if (!error && ask->start)
    open_find (self, ask->text);
  else if (!error)
    {
      till_counter_heard (self->counter, &ask->answer);
      gtk_widget_error_bell (GTK_WIDGET (self));
      self->pay_next = FALSE;
    }
  if (self->pay_next && self->finding == 0)
    go_to_pay (self);
}

static void
look_up (TillSellPage *self, const char *code, gboolean typed)
{
  TillSellAsk *ask = ask_new (self);
  ask->text = g_strdup (code);
  ask->start = typed;
  self->finding++;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_find, ask, till_sell_ask_free,
                    on_found);
}

/* --- the search --- */

static const TillColumn found_columns[] = {
  { N_ ("Code"), TILL_CELL_TEXT, 15 },
  { N_ ("Goods"), TILL_CELL_TEXT, 0 },
  { N_ ("Price"), TILL_CELL_FIGURE, 11 },
};

static void
close_panel (TillSellPage *self)
{
  self->counter->hands->panel (self->counter->window, NULL, NULL, NULL);
}

static void
on_searched (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  TillSellAsk *ask = data;
  if (error || !self->find || ask->search_no != self->search_no)
    return;
  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->found = g_steal_pointer (&ask->rows);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->found->len; i++)
    {
      const TillItem *item = g_ptr_array_index (self->found, i);
      g_autofree char *price = till_money_format_screen (item->price);
      const char *cells[] = { item->code, till_counter_item_name (self->counter, item), price };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  g_autofree char *none = *ask->text
                              ? g_strdup_printf (_ ("No goods match “%s”."), ask->text)
                              : g_strdup (_ ("Type the beginning of a code or a part of a name."));
  till_pick_panel_fill (self->find, rows, none);
}

static void
on_search_text (TillPickPanel *panel, TillSellPage *self)
{
  TillSellAsk *ask = ask_new (self);
  ask->text = g_strdup (till_pick_panel_text (panel));
  ask->search_no = ++self->search_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_search, ask, till_sell_ask_free,
                    on_searched);
}

static void
on_search_picked (TillPickPanel *panel, TillSellPage *self)
{
  int64_t index = till_pick_panel_chosen_id (panel) - 1;
  if (self->found && index >= 0 && index < (int64_t)self->found->len)
    add_item (self, g_ptr_array_index (self->found, (guint)index));
  close_panel (self);
}

static void
open_find (TillSellPage *self, const char *text)
{
  TillPickPanel *panel = till_pick_panel_new (_ ("Goods found"), found_columns,
                                              G_N_ELEMENTS (found_columns), _ ("Name or code"));
  g_set_weak_pointer (&self->find, panel);
  g_signal_connect_object (panel, "searched", G_CALLBACK (on_search_text), self, 0);
  g_signal_connect_object (panel, "picked", G_CALLBACK (on_search_picked), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Find goods"), GTK_WIDGET (panel),
                               &till_pick_panel_kind);
  till_pick_panel_set_text (panel, text);
  if (!*text)
    on_search_text (panel, self);
}

/* --- parking --- */

static void
on_parked (gpointer page, gpointer data, const GError *error)
{
  if (error)
    return;
  TillSellPage *self = page;
  load_now (self, FALSE);
  till_counter_say (self->counter, TILL_TONE_GOOD, _ ("Parked. F7 takes it up again at any time."));
}

static void
park_now (TillSellPage *self)
{
  if (!can_change (self) || self->counter->basket->lines->len == 0)
    return;
  TillSellAsk *ask = ask_new (self);
  ask->basket = g_steal_pointer (&self->counter->basket);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_park, ask, till_sell_ask_free,
                    on_parked);
}

static void
on_resumed (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  load_now (self, FALSE);
}

static void
resume_one (TillSellPage *self, int64_t id)
{
  TillSellAsk *ask = ask_new (self);
  ask->id = id;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_resume, ask, till_sell_ask_free,
                    on_resumed);
}

static const TillColumn parked_columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Time"), TILL_CELL_TEXT, 6 },
  { N_ ("Lines"), TILL_CELL_FIGURE, 6 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 12 },
};

static void
on_parked_picked (TillPickPanel *panel, TillSellPage *self)
{
  int64_t id = till_pick_panel_chosen_id (panel);
  close_panel (self);
  resume_one (self, id);
}

static void
resume_now (TillSellPage *self)
{
  guint n = self->parked ? self->parked->len : 0;
  if (!can_change (self) || n == 0)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("Nothing is parked."));
      return;
    }
  if (self->counter->basket->lines->len > 0)
    {
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("Finish or park this basket first (F6). It is kept."));
      return;
    }
  if (n == 1)
    {
      resume_one (self, ((const TillParked *)g_ptr_array_index (self->parked, 0))->id);
      return;
    }
  TillPickPanel *panel = till_pick_panel_new (_ ("Parked baskets"), parked_columns,
                                              G_N_ELEMENTS (parked_columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++)
    {
      const TillParked *parked = g_ptr_array_index (self->parked, i);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *time = till_counter_time (self->counter, parked->at);
      g_autofree char *lines = g_strdup_printf ("%d", parked->lines);
      g_autofree char *total = till_money_format_screen (parked->total);
      const char *cells[] = { number, time, lines, total };
      g_ptr_array_add (rows, till_sheet_row_new (parked->id, G_N_ELEMENTS (cells), cells));
    }
  g_signal_connect_object (panel, "picked", G_CALLBACK (on_parked_picked), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Take up a parked basket"),
                               GTK_WIDGET (panel), &till_pick_panel_kind);
  till_pick_panel_fill (panel, rows, "");
}

/* --- paper and drawer --- */

static void
on_reprinted (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  TillSellAsk *ask = data;
  if (error)
    return;
  if (ask->answer.code == TILL_NO_EMPTY)
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("There is no sale yet whose receipt could be "
                         "printed again."));
  else if (till_counter_heard (self->counter, &ask->answer))
    till_counter_say (self->counter, TILL_TONE_GOOD,
                      _ ("The last receipt is printed again, marked as a "
                         "copy."));
  self->counter->hands->changed (self->counter->window);
}

static void
reprint_now (TillSellPage *self)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_reprint, ask_new (self),
                    till_sell_ask_free, on_reprinted);
}

static const char *const drawer_reasons[] = {
  N_ ("Give change"),   N_ ("Count the cash"), N_ ("Pay in the takings"),
  N_ ("Put cash back"), N_ ("Something else"),
};

static const TillColumn drawer_columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Reason"), TILL_CELL_TEXT, 0 },
};

static void
on_drawer_opened (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  if (!error)
    till_counter_say (self->counter, TILL_TONE_GOOD,
                      _ ("The drawer opens. The reason is in the log."));
  self->counter->hands->changed (self->counter->window);
}

static void
on_drawer_reason (TillPickPanel *panel, TillSellPage *self)
{
  int64_t chosen = till_pick_panel_chosen_id (panel);
  close_panel (self);
  TillSellAsk *ask = ask_new (self);
  /* Stored as it stands in the code, so that the books do not depend on the language of the day. */
  ask->text = g_strdup (drawer_reasons[chosen - 1]);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_sell_ask_drawer, ask, till_sell_ask_free,
                    on_drawer_opened);
}

static void
ask_drawer_reason (TillSellPage *self)
{
  TillPickPanel *panel
      = till_pick_panel_new (_ ("Reasons"), drawer_columns, G_N_ELEMENTS (drawer_columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (drawer_reasons); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      const char *cells[] = { number, _ (drawer_reasons[i]) };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  g_signal_connect_object (panel, "picked", G_CALLBACK (on_drawer_reason), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Why is the drawer opened?"),
                               GTK_WIDGET (panel), &till_pick_panel_kind);
  till_pick_panel_fill (panel, rows, "");
}

/* --- the page --- */

static void
on_enter (GtkWidget *page, const char *text)
{
  TillSellPage *self = TILL_SELL_PAGE (page);
  if (*text)
    {
      g_autofree char *code = g_strdup (text);
      self->counter->hands->line (self->counter->window, "");
      TillScanKind kind = till_scan_kind (code);
      if (till_scan_act (kind, TILL_SCREEN_SELL) == TILL_ACT_ADD)
        look_up (self, code, TRUE);
      else
        self->counter->hands->scanned (self->counter->window, code);
    }
  else if (self->finding > 0)
    self->pay_next = TRUE;
  else
    go_to_pay (self);
}

static void
on_code (GtkWidget *page, TillScanAct act, const char *code)
{
  TillSellPage *self = TILL_SELL_PAGE (page);
  if (act == TILL_ACT_ADD)
    look_up (self, code, FALSE);
  else if (act == TILL_ACT_RESUME)
    resume_now (self);
}

static gboolean
on_types (GtkWidget *page, gunichar character)
{
  return g_unichar_isalnum (character) || character == '.';
}

static gboolean
on_key_with_text (TillSellPage *self, guint keyval, const char *text)
{
  if (keyval == GDK_KEY_asterisk || keyval == GDK_KEY_KP_Multiply || keyval == GDK_KEY_multiply)
    type_quantity (self, text);
  else if (keyval == GDK_KEY_slash || keyval == GDK_KEY_KP_Divide)
    type_discount (self, text);
  else
    return FALSE;
  return TRUE;
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillSellPage *self = TILL_SELL_PAGE (page);
  if (on_key_with_text (self, keyval, text))
    return TRUE;
  switch (keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      one_more (self);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      remove_line (self);
      return TRUE;
    case GDK_KEY_z:
      step_in_time (self, TRUE);
      return TRUE;
    case GDK_KEY_Z:
      step_in_time (self, FALSE);
      return TRUE;
    case GDK_KEY_F2:
      open_find (self, "");
      return TRUE;
    case GDK_KEY_F5:
      reprint_now (self);
      return TRUE;
    case GDK_KEY_F6:
      park_now (self);
      return TRUE;
    case GDK_KEY_F7:
      resume_now (self);
      return TRUE;
    case GDK_KEY_F8:
      ask_drawer_reason (self);
      return TRUE;
    case GDK_KEY_F9:
      go_to_pay (self);
      return TRUE;
    default:
      return till_sheet_key (self->table, keyval);
    }
}

static const TillLegendKey legend[] = {
  { "F2", N_ ("Find"), GDK_KEY_F2 },    { "F4", N_ ("Returns"), GDK_KEY_F4 },
  { "F5", N_ ("Reprint"), GDK_KEY_F5 }, { "F6", N_ ("Park"), GDK_KEY_F6 },
  { "F7", N_ ("Resume"), GDK_KEY_F7 },  { "F8", N_ ("Drawer"), GDK_KEY_F8 },
  { "F9", N_ ("Pay"), GDK_KEY_F9 },     { "Ctrl+Z", N_ ("Undo"), GDK_KEY_z, GDK_CONTROL_MASK },
  { "F1", N_ ("Help"), GDK_KEY_F1 },    { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return legend;
}

static void
till_sell_page_dispose (GObject *object)
{
  TillSellPage *self = TILL_SELL_PAGE (object);
  g_clear_weak_pointer (&self->find);
  till_undo_clear (&self->undo);
  g_clear_pointer (&self->parked, g_ptr_array_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_SELL_PAGE);
  G_OBJECT_CLASS (till_sell_page_parent_class)->dispose (object);
}

static void
till_sell_page_class_init (TillSellPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_sell_page_dispose;
  g_type_ensure (TILL_TYPE_SHEET);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/sell-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, table);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, empty);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, parked_bar);
}

static void
till_sell_page_init (TillSellPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_undo_init (&self->undo, (GDestroyNotify)till_basket_free);
  till_sheet_set_up (self->table, _ ("Basket"), columns, G_N_ELEMENTS (columns));
}

static GtkWidget *
create (TillCounter *counter)
{
  TillSellPage *self = g_object_new (TILL_TYPE_SELL_PAGE, NULL);
  self->counter = counter;
  return GTK_WIDGET (self);
}

const TillPage till_sell_page = {
  .screen = TILL_SCREEN_SELL,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .scanned = on_code,
  .shown = on_shown,
  .legend = legend_of,
  .help = N_ ("Scan goods, or type a code and press Enter. Enter on an empty line goes to Pay.\n\n"
              "3 *  makes three of the chosen line\n+  one more\n− or Delete  removes the line\n"
              "2.50 /  takes ¥2.50 off the line\n↑ ↓  choose a line\nF2  search by name\n"
              "F6  park the basket, F7 takes it up again\nF8  open the drawer, with a reason\n"
              "Ctrl+Z  undo, Ctrl+Shift+Z redo\n\nScan a receipt at any time to take goods back."),
};
