/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/weight.h"

static const struct
{
  const char *unit;
  int64_t milligrams; /* of a thousandth */
} units[] = {
  { "kg", 1000 }, { "KG", 1000 }, { "Kg", 1000 }, { "公斤", 1000 }, { "千克", 1000 },
  { "g", 1 },     { "G", 1 },     { "克", 1 },    { "斤", 500 },    { "市斤", 500 },
};

static int64_t
milligrams_of (const char *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].unit, unit))
      return units[i].milligrams;
  return 0;
}

gboolean
till_weight_is_unit (const char *unit)
{
  return milligrams_of (unit) > 0;
}

TillQuantity
till_weight_quantity (int64_t milligrams, const char *unit)
{
  int64_t thousandth = milligrams_of (unit);
  if (thousandth == 0 || milligrams <= 0)
    return 0;
  int64_t whole = milligrams / thousandth, rest = milligrams % thousandth;
  int64_t quantity = whole + (rest * 2 >= thousandth ? 1 : 0);
  return quantity > TILL_QUANTITY_MAX ? 0 : quantity;
}
