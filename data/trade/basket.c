/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/basket.h"
#include "data/core/error.h"

static void
line_free (gpointer data)
{
  TillBasketLine *line = data;
  till_item_free (line->item);
  g_free (line);
}

TillBasket *
till_basket_new (const char *token)
{
  TillBasket *basket = g_new0 (TillBasket, 1);
  basket->token = g_strdup (token);
  basket->lines = g_ptr_array_new_with_free_func (line_free);
  return basket;
}

static void
append (TillBasket *basket, const TillBasketLine *model)
{
  TillBasketLine *line = g_memdup2 (model, sizeof *model);
  line->item = till_item_copy (model->item);
  g_ptr_array_add (basket->lines, line);
}

TillBasket *
till_basket_copy (const TillBasket *basket)
{
  TillBasket *copy = till_basket_new (basket->token);
  copy->discount = basket->discount;
  for (guint i = 0; i < basket->lines->len; i++)
    append (copy, till_basket_line (basket, i));
  return copy;
}

void
till_basket_free (TillBasket *basket)
{
  g_free (basket->token);
  g_ptr_array_unref (basket->lines);
  g_free (basket);
}

TillBasketLine *
till_basket_line (const TillBasket *basket, guint index)
{
  g_assert (index < basket->lines->len);
  return g_ptr_array_index (basket->lines, index);
}

void
till_basket_remove (TillBasket *basket, guint index)
{
  g_ptr_array_remove_index (basket->lines, index);
}

gboolean
till_basket_add (TillBasket *basket, const TillItem *item, TillQuantity quantity, GError **error)
{
  TillBasketLine *last
      = basket->lines->len > 0 ? till_basket_line (basket, basket->lines->len - 1) : NULL;
  gboolean same = last && last->item->id == item->id && last->price == item->price
                  && last->discount == 0 && g_str_equal (last->item->code, item->code);
  TillQuantity sum;
  if (quantity <= 0 || __builtin_add_overflow (quantity, same ? last->quantity : 0, &sum)
      || sum > TILL_QUANTITY_MAX)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "the quantity is out of bounds");
      return FALSE;
    }
  if (same)
    {
      last->quantity = sum;
      return TRUE;
    }
  if (basket->lines->len >= TILL_BASKET_LINES_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a sale has at most %d lines",
                   TILL_BASKET_LINES_MAX);
      return FALSE;
    }
  TillBasketLine line = { .item = (TillItem *)item, .quantity = quantity, .price = item->price };
  append (basket, &line);
  return TRUE;
}

static gboolean
does_not_fit (GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "an amount is out of bounds");
  return FALSE;
}

/* Gross and the line's own discount; what is left is the weight for everything that is shared. */
static gboolean
sum_lines (const TillBasket *basket, TillBasketSums *sums, TillMoney *left, GError **error)
{
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketLine *line = till_basket_line (basket, i);
      TillBasketSum *sum = &sums->lines[i];
      if (line->price < 0 || line->price > TILL_MONEY_MAX
          || !till_money_extend (line->price, line->quantity, &sum->gross)
          || sum->gross > TILL_MONEY_MAX || !till_money_add (sums->gross, sum->gross, &sums->gross))
        return does_not_fit (error);
      if (line->discount < 0 || line->discount > sum->gross)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the discount is larger than line %u",
                       i + 1);
          return FALSE;
        }
      sum->discount = line->discount;
      left[i] = sum->gross - line->discount;
    }
  return TRUE;
}

static gboolean
share_discount (const TillBasket *basket, TillBasketSums *sums, TillMoney *left, GError **error)
{
  guint n = basket->lines->len;
  TillMoney before = 0;
  for (guint i = 0; i < n; i++)
    before += left[i];
  if (basket->discount < 0 || basket->discount > before)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the discount is larger than the basket");
      return FALSE;
    }
  g_autofree TillMoney *parts = g_new0 (TillMoney, n);
  if (!till_money_allot (basket->discount, left, n, parts))
    return does_not_fit (error);
  for (guint i = 0; i < n; i++)
    {
      sums->lines[i].discount += parts[i];
      left[i] -= parts[i];
    }
  return TRUE;
}

static gboolean
round_down (TillBasketSums *sums, guint n, const TillPricing *pricing, GError **error)
{
  TillMoney unrounded = 0;
  g_autofree int64_t *weights = g_new0 (int64_t, n);
  for (guint i = 0; i < n; i++)
    {
      weights[i] = sums->lines[i].amount;
      if (!till_money_add (unrounded, sums->lines[i].amount, &unrounded))
        return does_not_fit (error);
    }
  TillMoney rounding = pricing->round_to > 1 ? -(unrounded % pricing->round_to) : 0;
  g_autofree TillMoney *parts = g_new0 (TillMoney, n);
  if (!till_money_allot (rounding, weights, n, parts))
    return does_not_fit (error);
  for (guint i = 0; i < n; i++)
    {
      sums->lines[i].rounding = parts[i];
      sums->lines[i].amount += parts[i];
    }
  sums->rounding = rounding;
  sums->total = unrounded + rounding;
  return TRUE;
}

gboolean
till_basket_sum (const TillBasket *basket, const TillPricing *pricing, TillBasketSums *sums,
                 GError **error)
{
  guint n = basket->lines->len;
  g_auto (TillBasketSums) work = { .lines = g_new0 (TillBasketSum, n) };
  g_autofree TillMoney *left = g_new0 (TillMoney, n);
  if (!sum_lines (basket, &work, left, error) || !share_discount (basket, &work, left, error))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      TillBasketSum *sum = &work.lines[i];
      sum->amount = left[i];
      if (!pricing->vat_included
          && (!till_money_rate (left[i], till_basket_line (basket, i)->item->vat_ppm, &sum->vat)
              || !till_money_add (sum->amount, sum->vat, &sum->amount)))
        return does_not_fit (error);
    }
  if (n > 0 && !round_down (&work, n, pricing, error))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      TillBasketSum *sum = &work.lines[i];
      /* Prices with VAT: the tax is inside what was really paid, after rounding. */
      if (pricing->vat_included
          && !till_money_vat_inside (sum->amount, till_basket_line (basket, i)->item->vat_ppm,
                                     &sum->vat))
        return does_not_fit (error);
      /* A rounding share may eat into the tax of a line of a few fen; it never exceeds the line. */
      sum->vat = MIN (sum->vat, sum->amount);
      work.discount += sum->discount;
      work.vat += sum->vat;
    }
  *sums = work;
  work.lines = NULL;
  return TRUE;
}

void
till_basket_sums_clear (TillBasketSums *sums)
{
  g_clear_pointer (&sums->lines, g_free);
}
