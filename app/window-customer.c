/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the customer's display shows: what is in the basket, what is to pay, what was paid and the
 * change, what comes back. Whatever else the cashier looks at is no customer's business, and a
 * locked till shows nothing. */
#include "app/window-parts.h"
#include "devices/usb/display.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  TillDisplayText text;
  GError *error; /* owned; the first thing that could not be shown */
} Showing;

static void
put (Showing *showing, guint line, const char *words, const char *amount)
{
  till_display_set (showing->text.lines[line], words, amount,
                    showing->error ? NULL : &showing->error);
}

static void
put_money (Showing *showing, guint line, const char *words, TillMoney money)
{
  g_autofree char *amount = till_money_format (money);
  put (showing, line, words, amount);
}

static void
greet (Showing *showing, const TillWindow *self)
{
  put (showing, 0, self->counter.shop->name, NULL);
  /* Translators: to a customer, on a display of twenty columns */
  put (showing, 1, _ ("Welcome"), NULL);
}

/* The goods that came last, and the sum with them. */
static void
show_basket (Showing *showing, TillWindow *self, const TillBasketSums *sums)
{
  const TillBasket *basket = self->counter.basket;
  guint last = basket->lines->len - 1;
  const TillBasketLine *line = g_ptr_array_index (basket->lines, last);
  put_money (showing, 0, till_counter_item_name (&self->counter, line->item),
             sums->lines[last].amount);
  put_money (showing, 1, _ ("Total"), sums->total);
}

static void
show_paid (Showing *showing, const TillSale *sale)
{
  put_money (showing, 0, _ ("Paid"), sale->total);
  put_money (showing, 1, _ ("Change"), till_sale_change (sale));
}

static void
show_sale (Showing *showing, TillWindow *self)
{
  const TillBasket *basket = self->counter.basket;
  g_auto (TillBasketSums) sums = { 0 };
  if (basket && basket->lines->len > 0)
    {
      if (till_basket_sum (basket, &self->counter.shop->pricing, &sums,
                           showing->error ? NULL : &showing->error))
        show_basket (showing, self, &sums);
    }
  else if (self->counter.last_sale)
    show_paid (showing, self->counter.last_sale);
  else
    greet (showing, self);
}

void
till_window_show_customer (TillWindow *self, TillMoney amount, TillDirection direction)
{
  if (!self->customer)
    return;
  Showing showing = { 0 };
  till_display_clear (&showing.text);
  if (self->screen == TILL_SCREEN_SELL)
    show_sale (&showing, self);
  else if (self->screen == TILL_SCREEN_PAY && direction == TILL_MONEY_IN)
    put_money (&showing, 1, _ ("To pay"), amount);
  else if (self->screen == TILL_SCREEN_RETURN && direction == TILL_MONEY_OUT)
    put_money (&showing, 1, _ ("Refund"), amount);
  else if (self->screen != TILL_SCREEN_LOGIN)
    greet (&showing, self);
  if (showing.error)
    {
      g_warning ("the customer's display stays dark: %s", showing.error->message);
      g_clear_error (&showing.error);
      till_display_clear (&showing.text);
    }
  self->customer (&showing.text, self->customer_user);
}

void
till_window_set_customer (TillWindow *self, TillCustomerDisplay customer, gpointer user)
{
  self->customer = customer;
  self->customer_user = user;
  till_window_show_customer (self, 0, TILL_MONEY_REST);
}
