/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows nothing of currencies, shops or screens beyond the two formats the whole program uses. */
#include "data/core/money.h"
#include "data/core/error.h"

#include <string.h>

#define PPM INT64_C (1000000)

gboolean
till_money_add (TillMoney a, TillMoney b, TillMoney *sum)
{
  TillMoney result;
  if (__builtin_add_overflow (a, b, &result))
    return FALSE;
  *sum = result;
  return TRUE;
}

gboolean
till_money_sub (TillMoney a, TillMoney b, TillMoney *difference)
{
  TillMoney result;
  if (__builtin_sub_overflow (a, b, &result))
    return FALSE;
  *difference = result;
  return TRUE;
}

/* a × b / divisor, half away from zero; divisor > 0. The product of two int64 always fits. */
static gboolean
multiply_round (int64_t a, int64_t b, int64_t divisor, int64_t *result)
{
  __int128 product = (__int128)a * b;
  __int128 half = divisor / 2;
  __int128 rounded = product >= 0 ? (product + half) / divisor : -((-product + half) / divisor);
  if (rounded > INT64_MAX || rounded < INT64_MIN)
    return FALSE;
  *result = (int64_t)rounded;
  return TRUE;
}

gboolean
till_money_extend (TillMoney price, TillQuantity quantity, TillMoney *amount)
{
  return multiply_round (price, quantity, TILL_QUANTITY_ONE, amount);
}

gboolean
till_money_rate (TillMoney amount, int64_t rate_ppm, TillMoney *result)
{
  return multiply_round (amount, rate_ppm, PPM, result);
}

gboolean
till_money_vat_inside (TillMoney gross, int64_t rate_ppm, TillMoney *vat)
{
  if (rate_ppm < 0 || rate_ppm > INT64_MAX - PPM)
    return FALSE;
  return multiply_round (gross, rate_ppm, PPM + rate_ppm, vat);
}

TillMoney
till_money_share (TillMoney total, int64_t part, int64_t whole)
{
  g_assert (whole > 0 && part >= 0 && part <= whole);
  return (TillMoney)((__int128)total * part / whole);
}

gboolean
till_money_allot (TillMoney total, const int64_t *weights, gsize n, TillMoney *parts)
{
  int64_t sum = 0;
  for (gsize i = 0; i < n; i++)
    if (weights[i] < 0 || __builtin_add_overflow (sum, weights[i], &sum))
      return FALSE;
  if (n == 0)
    return total == 0;
  if (total == INT64_MIN)
    return FALSE;

  if (sum == 0)
    {
      memset (parts, 0, n * sizeof *parts);
      parts[0] = total;
      return TRUE;
    }

  TillMoney magnitude = total < 0 ? -total : total;
  TillMoney left = magnitude;
  g_autofree int64_t *remainder = g_new (int64_t, n);
  for (gsize i = 0; i < n; i++)
    {
      __int128 product = (__int128)magnitude * weights[i];
      parts[i] = (TillMoney)(product / sum);
      remainder[i] = (int64_t)(product % sum);
      left -= parts[i];
    }
  /* left < n, for every remainder is below sum; each round takes the largest one that is unused. */
  for (; left > 0; left--)
    {
      gsize best = 0;
      for (gsize i = 1; i < n; i++)
        if (remainder[i] > remainder[best])
          best = i;
      parts[best] += 1;
      remainder[best] = -1;
    }
  if (total < 0)
    for (gsize i = 0; i < n; i++)
      parts[i] = -parts[i];
  return TRUE;
}

char *
till_money_format (TillMoney amount)
{
  uint64_t magnitude = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%02u", amount < 0 ? "-" : "",
                          (guint64)(magnitude / 100), (guint)(magnitude % 100));
}

char *
till_money_format_screen (TillMoney amount)
{
  g_autofree char *plain = till_money_format (amount);
  const char *digits = amount < 0 ? plain + 1 : plain;
  gsize whole = strlen (digits) - 3;
  GString *text = g_string_new (amount < 0 ? "-¥" : "¥");
  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  g_string_append (text, digits + whole);
  return g_string_free (text, FALSE);
}

/* ASCII decimal with at most `decimals` places into a whole number of 10^-decimals. */
static gboolean
parse_fixed (const char *text, guint decimals, int64_t max, int64_t *value)
{
  int64_t result = 0;
  guint places = 0;
  gboolean point = FALSE, digit = FALSE;
  for (const char *p = text; *p; p++)
    {
      if (*p == '.' && !point && digit)
        {
          point = TRUE;
          continue;
        }
      if (!g_ascii_isdigit (*p) || (point && ++places > decimals))
        return FALSE;
      digit = TRUE;
      result = result * 10 + (*p - '0');
      if (result > max)
        return FALSE;
    }
  if (!digit || (point && places == 0))
    return FALSE;
  for (; places < decimals; places++)
    if (__builtin_mul_overflow (result, 10, &result) || result > max)
      return FALSE;
  *value = result;
  return TRUE;
}

gboolean
till_money_parse (const char *text, TillMoney *amount, GError **error)
{
  if (text && parse_fixed (text, 2, TILL_MONEY_MAX, amount))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "not an amount: “%.32s” (digits with at most two decimals)", text ? text : "");
  return FALSE;
}

char *
till_quantity_format (TillQuantity quantity)
{
  uint64_t magnitude = quantity < 0 ? 0 - (uint64_t)quantity : (uint64_t)quantity;
  guint rest = (guint)(magnitude % 1000);
  g_autofree char *whole = g_strdup_printf ("%s%" G_GUINT64_FORMAT, quantity < 0 ? "-" : "",
                                            (guint64)(magnitude / 1000));
  if (rest == 0)
    return g_steal_pointer (&whole);
  char *text = g_strdup_printf ("%s.%03u", whole, rest);
  for (gsize end = strlen (text); text[end - 1] == '0'; end--)
    text[end - 1] = '\0';
  return text;
}

gboolean
till_quantity_parse (const char *text, TillQuantity *quantity, GError **error)
{
  TillQuantity value;
  if (text && parse_fixed (text, 3, TILL_QUANTITY_MAX, &value) && value > 0)
    {
      *quantity = value;
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "not a quantity: “%.32s” (above zero, at most three decimals)", text ? text : "");
  return FALSE;
}
