/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/sell-page.h"
#include "widgets/drawer-reasons.h"
#include "widgets/goods-search.h"
#include "widgets/parked-bar.h"
#include "widgets/part.h"
#include "widgets/sell-asks.h"
#include "widgets/sell-lines.h"

#include <glib/gi18n-lib.h>

struct _TillSellPage
{
  GtkBox parent;
  GtkStack *stack;
  TillSellLines *lines;
  GtkWidget *empty;
  TillParkedBar *parked;
  TillCounter *counter; /* unowned */
  int finding;          /* codes whose goods are being looked up */
  gboolean pay_next;    /* Enter came while they were */
};

G_DEFINE_FINAL_TYPE (TillSellPage, till_sell_page, GTK_TYPE_BOX)

static void
ask_desk (TillSellPage *self, TillWork work, TillSellAsk *ask, TillAsked done)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_sell_ask_free, done);
}

static TillSellAsk *
ask_new (TillSellPage *self)
{
  TillSellAsk *ask = g_new0 (TillSellAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  return ask;
}

/* --- showing the draft --- */

static void
show_last_sale (TillSellPage *self)
{
  const TillSale *sale = self->counter->last_sale;
  g_autofree char *total = till_money_format_screen (sale->total);
  g_autofree char *note
      = g_strdup_printf (_ ("Paid %s. Scan the next customer's first item."), total);
  self->counter->hands->total (self->counter->window, _ ("Change"), till_sale_change (sale),
                               TILL_MONEY_REST, note);
}

static void
show (TillSellPage *self)
{
  TillCounter *counter = self->counter;
  const TillBasket *basket = counter->basket;
  gboolean empty = !basket || basket->lines->len == 0;
  gtk_stack_set_visible_child (self->stack, empty ? self->empty : GTK_WIDGET (self->lines));
  counter->hands->enter (counter->window, empty ? NULL : _ ("Pay"), FALSE);
  if (!empty)
    till_sell_lines_show (self->lines);
  else if (counter->last_sale)
    show_last_sale (self);
  else
    counter->hands->total (counter->window, _ ("To pay"), 0, TILL_MONEY_IN, "");
}

static void
on_basket_changed (TillSellPage *self)
{
  TillSellAsk *ask = ask_new (self);
  ask->basket = till_basket_copy (self->counter->basket);
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  ask_desk (self, till_sell_ask_keep, ask, NULL);
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
  till_parked_bar_show (self->parked, g_steal_pointer (&ask->rows));
  till_sell_lines_forget (self->lines);
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
}

static void
load_now (TillSellPage *self, gboolean start)
{
  TillSellAsk *ask = ask_new (self);
  ask->start = start;
  ask_desk (self, till_sell_ask_load, ask, on_loaded);
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

static void
go_to_pay (TillSellPage *self)
{
  self->pay_next = FALSE;
  if (!self->counter->basket)
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
on_goods_picked (gpointer page, const TillItem *item)
{
  till_sell_lines_add (TILL_SELL_PAGE (page)->lines, item);
}

static void
search (TillSellPage *self, const char *text)
{
  till_goods_search_open (self->counter, text, on_goods_picked, GTK_WIDGET (self));
}

static void
on_found (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  TillSellAsk *ask = data;
  self->finding--;
  if (!error && ask->item)
    till_sell_lines_add (self->lines, ask->item);
  else if (!error && ask->start)
    search (self, ask->text);
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
  ask_desk (self, till_sell_ask_find, ask, on_found);
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
  if (!self->counter->basket)
    return;
  if (self->counter->basket->lines->len == 0)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        _ ("Nothing to park yet. Scan an item first."));
      return;
    }
  TillSellAsk *ask = ask_new (self);
  ask->basket = g_steal_pointer (&self->counter->basket);
  ask_desk (self, till_sell_ask_park, ask, on_parked);
}

static void
on_resumed (gpointer page, gpointer data, const GError *error)
{
  TillSellPage *self = page;
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  load_now (self, FALSE);
}

static void
on_parked_chosen (TillSellPage *self, gint64 id)
{
  TillSellAsk *ask = ask_new (self);
  ask->id = id;
  ask_desk (self, till_sell_ask_resume, ask, on_resumed);
}

static void
resume_now (TillSellPage *self)
{
  if (!self->counter->basket || till_parked_bar_n (self->parked) == 0)
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("Nothing is parked."));
  else if (self->counter->basket->lines->len > 0)
    till_counter_say (self->counter, TILL_TONE_WARN,
                      _ ("Finish or park this basket first (F6). It is kept."));
  else
    till_parked_bar_choose (self->parked);
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
                      _ ("There is no sale yet whose receipt could be printed again."));
  else if (till_counter_heard (self->counter, &ask->answer))
    till_counter_say (self->counter, TILL_TONE_GOOD,
                      _ ("The last receipt is printed again, marked as a copy."));
  self->counter->hands->changed (self->counter->window);
}

static void
reprint_now (TillSellPage *self)
{
  ask_desk (self, till_sell_ask_reprint, ask_new (self), on_reprinted);
}

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
on_drawer_reason (gpointer page, TillPickPanel *panel)
{
  TillSellPage *self = page;
  TillSellAsk *ask = ask_new (self);
  ask->text = g_strdup (till_drawer_reasons_picked (panel));
  ask_desk (self, till_sell_ask_drawer, ask, on_drawer_opened);
}

static void
open_drawer (TillSellPage *self)
{
  till_drawer_reasons_open (self->counter, on_drawer_reason, GTK_WIDGET (self));
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

static void
search_all (TillSellPage *self)
{
  search (self, "");
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  static const struct
  {
    guint keyval;
    void (*deed) (TillSellPage *self);
  } deeds[] = {
    { GDK_KEY_F2, search_all }, { GDK_KEY_F5, reprint_now }, { GDK_KEY_F6, park_now },
    { GDK_KEY_F7, resume_now }, { GDK_KEY_F8, open_drawer }, { GDK_KEY_F9, go_to_pay },
  };
  TillSellPage *self = TILL_SELL_PAGE (page);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (keyval == deeds[i].keyval)
      {
        deeds[i].deed (self);
        return TRUE;
      }
  return till_sell_lines_key (self->lines, keyval, text);
}

static const TillLegendKey legend[] = {
  { "F2", N_ ("Find"), GDK_KEY_F2 },    { "F4", N_ ("Returns"), GDK_KEY_F4 },
  { "F5", N_ ("Reprint"), GDK_KEY_F5 }, { "F6", N_ ("Park"), GDK_KEY_F6 },
  { "F7", N_ ("Resume"), GDK_KEY_F7 },  { "F8", N_ ("Drawer"), GDK_KEY_F8 },
  { "F9", N_ ("Pay"), GDK_KEY_F9 },     { "Ctrl+Z", N_ ("Undo"), GDK_KEY_z, GDK_CONTROL_MASK },
  { "F1", N_ ("Help"), GDK_KEY_F1 },    { NULL },
};

static void
till_sell_page_class_init (TillSellPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_SELL_LINES);
  g_type_ensure (TILL_TYPE_PARKED_BAR);
  till_part_class (class, "sell-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, lines);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, empty);
  gtk_widget_class_bind_template_child (widget_class, TillSellPage, parked);
  gtk_widget_class_bind_template_callback (widget_class, on_basket_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_parked_chosen);
}

static void
till_sell_page_init (TillSellPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
create (TillCounter *counter)
{
  TillSellPage *self = g_object_new (TILL_TYPE_SELL_PAGE, NULL);
  self->counter = counter;
  till_sell_lines_set_up (self->lines, counter);
  till_parked_bar_set_up (self->parked, counter);
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
  .keys = legend,
  .help = N_ ("Scan goods, or type a code and press Enter. Enter on an empty line goes to Pay.\n\n"
              "3 *  makes three of the chosen line\n+  one more\n− or Delete  removes the line\n"
              "2.50 /  takes ¥2.50 off the line\n↑ ↓  choose a line\nF2  search by name\n"
              "F6  park the basket, F7 takes it up again\nF8  open the drawer, with a reason\n"
              "Ctrl+Z  undo, Ctrl+Shift+Z redo\n\nScan a receipt at any time to take goods back."),
};
