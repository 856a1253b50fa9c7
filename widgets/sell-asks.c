/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/sell-asks.h"
#include "data/desk/printing.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"

void
till_sell_ask_free (gpointer data)
{
  TillSellAsk *ask = data;
  g_free (ask->text);
  g_clear_pointer (&ask->item, till_item_free);
  g_clear_pointer (&ask->basket, till_basket_free);
  g_clear_pointer (&ask->sale, till_sale_free);
  g_clear_pointer (&ask->rows, g_ptr_array_unref);
  g_free (ask);
}

gpointer
till_sell_ask_find (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  return till_selling_find (ledger, ask->text, &ask->item, &ask->answer, error) ? ask : NULL;
}

gpointer
till_sell_ask_keep (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  return till_selling_keep (ledger, ask->staff_id, ask->basket, error) ? ask : NULL;
}

gpointer
till_sell_ask_load (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  g_autoptr (GError) broke = NULL;
  ask->sale = till_selling_unfinished (ledger, ask->staff_id, &broke);
  if (!broke && ask->start)
    {
      g_autoptr (TillReturnDraft) draft = till_returning_unfinished (ledger, ask->staff_id, &broke);
      ask->has_return = draft && draft->lines->len > 0;
    }
  if (!broke)
    ask->basket = till_selling_draft (ledger, ask->staff_id, &broke);
  if (!broke)
    ask->rows = till_selling_parked (ledger, &broke);
  if (!broke)
    return ask;
  g_propagate_error (error, g_steal_pointer (&broke));
  return NULL;
}

gpointer
till_sell_ask_park (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  return till_selling_park (ledger, ask->staff_id, ask->basket, error) ? ask : NULL;
}

gpointer
till_sell_ask_resume (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  g_clear_pointer (&ask->basket, till_basket_free);
  ask->basket = till_selling_resume (ledger, ask->staff_id, ask->id, error);
  return ask->basket ? ask : NULL;
}

gpointer
till_sell_ask_reprint (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  g_autoptr (GPtrArray) recent = till_selling_recent (ledger, 1, error);
  if (!recent)
    return NULL;
  ask->answer = till_answer (TILL_NO_EMPTY);
  if (recent->len == 0)
    return ask;
  const TillSale *sale = g_ptr_array_index (recent, 0);
  return till_printing_again (ledger, ask->staff_id, TILL_PAPER_SALE, sale->id, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_sell_ask_drawer (gpointer ledger, gpointer data, GError **error)
{
  TillSellAsk *ask = data;
  return till_printing_open_drawer (ledger, ask->staff_id, ask->text, error) ? ask : NULL;
}
