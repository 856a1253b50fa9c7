/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/item.h"

#include <string.h>

TillItem *
till_item_copy (const TillItem *item)
{
  TillItem *copy = g_memdup2 (item, sizeof *item);
  copy->code = g_strdup (item->code);
  copy->name = g_strdup (item->name);
  copy->name_alt = g_strdup (item->name_alt);
  copy->unit = g_strdup (item->unit);
  copy->category = g_strdup (item->category);
  return copy;
}

void
till_item_free (TillItem *item)
{
  g_free (item->code);
  g_free (item->name);
  g_free (item->name_alt);
  g_free (item->unit);
  g_free (item->category);
  g_free (item);
}

gboolean
till_item_code_is_valid (const char *code)
{
  gsize length = strnlen (code, 33);
  if (length < 1 || length > 32)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (code[i]) && code[i] != '-' && code[i] != '.')
      return FALSE;
  return TRUE;
}
