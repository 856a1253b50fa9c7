/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/letter.h"

TillLetter *
till_letter_new (GBytes *body, int64_t arrived_at)
{
  TillLetter *letter = g_new0 (TillLetter, 1);
  letter->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  letter->body = g_bytes_ref (body);
  letter->arrived_at = arrived_at;
  return letter;
}

void
till_letter_add_field (TillLetter *letter, const char *name, const char *value)
{
  char *small = g_ascii_strdown (name, -1);
  gboolean twice = g_hash_table_contains (letter->fields, small);
  g_hash_table_replace (letter->fields, small, twice ? NULL : g_strdup (value));
}

const char *
till_letter_field (const TillLetter *letter, const char *name)
{
  return g_hash_table_lookup (letter->fields, name);
}

void
till_letter_free (TillLetter *letter)
{
  if (!letter)
    return;
  g_hash_table_unref (letter->fields);
  g_bytes_unref (letter->body);
  g_free (letter);
}
