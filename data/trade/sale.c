/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/sale.h"
#include "data/trade/masked.h"
#include "data/core/text.h"

static const char *const state_words[] = { "TENDERING", "PAID", "ABANDONED" };

TillSale *
till_sale_new (void)
{
  TillSale *sale = g_new0 (TillSale, 1);
  sale->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_line_free);
  sale->legs = g_ptr_array_new_with_free_func ((GDestroyNotify)till_leg_free);
  return sale;
}

void
till_sale_free (TillSale *sale)
{
  g_free (sale->no);
  g_free (sale->token);
  g_free (sale->staff_name);
  g_free (sale->chain);
  g_ptr_array_unref (sale->lines);
  g_ptr_array_unref (sale->legs);
  g_free (sale);
}

void
till_sale_line_free (TillSaleLine *line)
{
  g_free (line->code);
  g_free (line->name);
  g_free (line);
}

TillSaleLine *
till_sale_line (const TillSale *sale, int pos)
{
  if (pos < 1 || (guint)pos > sale->lines->len)
    return NULL;
  return g_ptr_array_index (sale->lines, (guint)pos - 1);
}

TillLeg *
till_sale_leg (const TillSale *sale, int pos)
{
  if (pos < 1 || (guint)pos > sale->legs->len)
    return NULL;
  return g_ptr_array_index (sale->legs, (guint)pos - 1);
}

TillMoney
till_sale_change (const TillSale *sale)
{
  TillMoney change = 0;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      gboolean fits = till_money_add (change, leg->change, &change);
      g_assert (fits); /* no more than the tenders, which were added up when they were taken */
    }
  return change;
}

const TillLeg *
till_sale_leg_of_card (const TillSale *sale, const char *masked)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->tender == TILL_TENDER_CARD && leg->state == TILL_LEG_APPROVED
          && till_masked_fits (leg->masked, masked))
        return leg;
    }
  return NULL;
}

const TillLeg *
till_sale_leg_by_slip (const TillSale *sale)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->by_slip && leg->state == TILL_LEG_PLANNED)
        return leg;
    }
  return NULL;
}

const char *
till_sale_state_word (TillSaleState state)
{
  return state_words[state];
}

TillSaleState
till_sale_state_from_word (const char *word)
{
  int index = till_text_index (state_words, G_N_ELEMENTS (state_words), word);
  g_assert (index >= 0); /* the schema's CHECK lets no other word in */
  return (TillSaleState)index;
}
