/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/shift.h"
#include "data/core/error.h"

#include <string.h>

const TillMoney till_note_values[TILL_NOTES] = { 10000, 5000, 2000, 1000, 500, 100, 50, 10 };
static const char *const note_words[TILL_NOTES]
    = { "100", "50", "20", "10", "5", "1", "0.5", "0.1" };

gboolean
till_count_sum (TillCount *count)
{
  TillMoney sum = 0;
  for (int i = 0; i < TILL_NOTES; i++)
    {
      if (count->notes[i] < 0 || count->notes[i] > TILL_NOTES_MAX)
        return FALSE;
      /* Far below the bounds of TillMoney. */
      sum += count->notes[i] * till_note_values[i];
    }
  count->sum = sum;
  return TRUE;
}

static int
note_index (const char *word)
{
  for (int i = 0; i < TILL_NOTES; i++)
    if (strcmp (word, note_words[i]) == 0)
      return i;
  return -1;
}

static gboolean
parse_note (const char *word, TillCount *count, gboolean seen[TILL_NOTES])
{
  g_auto (GStrv) parts = g_strsplit (word, "x", 2);
  int index = parts[0] ? note_index (parts[0]) : -1;
  guint64 n;
  if (index < 0 || seen[index] || !parts[1]
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, TILL_NOTES_MAX, &n, NULL))
    return FALSE;
  seen[index] = TRUE;
  count->notes[index] = (int)n;
  return TRUE;
}

gboolean
till_count_parse (const char *text, TillCount *count, GError **error)
{
  gboolean seen[TILL_NOTES] = { FALSE };
  g_auto (GStrv) words = g_strsplit (text, ",", TILL_NOTES + 1);
  *count = (TillCount){ .by_notes = TRUE };
  gboolean good = words[0] != NULL;
  for (char **word = words; good && *word; word++)
    good = parse_note (*word, count, seen);
  if (good && till_count_sum (count))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "“%.60s” is no count of notes, such as 100x3,50x1,0.5x4", text);
  return FALSE;
}

char *
till_count_format (const TillCount *count)
{
  g_autofree char *sum = till_money_format (count->sum);
  GString *text = g_string_new (sum);
  const char *between = ": ";
  for (int i = 0; count->by_notes && i < TILL_NOTES; i++)
    if (count->notes[i] > 0)
      {
        g_string_append_printf (text, "%s%sx%d", between, note_words[i], count->notes[i]);
        between = " ";
      }
  return g_string_free (text, FALSE);
}

void
till_shift_open_free (TillShiftOpen *open)
{
  g_free (open->no);
  g_free (open->state);
  g_free (open);
}

void
till_shift_terminal_free (TillShiftTerminal *terminal)
{
  g_free (terminal->no);
  g_free (terminal);
}

TillShift *
till_shift_new (void)
{
  TillShift *shift = g_new0 (TillShift, 1);
  shift->open = g_ptr_array_new_with_free_func ((GDestroyNotify)till_shift_open_free);
  shift->terminals = g_ptr_array_new_with_free_func ((GDestroyNotify)till_shift_terminal_free);
  return shift;
}

void
till_shift_free (TillShift *shift)
{
  g_free (shift->no);
  g_free (shift->token);
  g_free (shift->staff_name);
  g_free (shift->approver_name);
  g_free (shift->chain);
  g_free (shift->fingerprint);
  g_ptr_array_unref (shift->open);
  g_ptr_array_unref (shift->terminals);
  g_free (shift);
}
