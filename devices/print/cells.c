/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/cells.h"
#include "data/core/gbk.h"
#include "data/core/text.h"

#include <string.h>

/* Marks that must not begin a row in Chinese setting, and the pairs of the same. */
static const char closing[] = "，。、！？：；）";
static const char closing_pairs[]
    = "\xA3\xAC\xA1\xA3\xA1\xA2\xA3\xA1\xA3\xBF\xA3\xBA\xA3\xBB\xA3\xA9";
/* Stands for any other wide character that is drawn. */
static const char wide_pair[] = "\xA1\xFE";

TillCells *
till_cells_new (const char *text, gboolean *lacks, GError **error)
{
  g_autofree char *encoded = till_gbk_encode (text, lacks, error);
  if (!encoded)
    return NULL;
  TillCells *cells = g_new0 (TillCells, 1);
  cells->cells = g_steal_pointer (&encoded);
  return cells;
}

/* A tone of skin belongs to the face before it, like a mark. */
static int
columns_of (gunichar c)
{
  char utf8[7] = "";
  g_unichar_to_utf8 (c, utf8);
  return c >= 0x1F3FB && c <= 0x1F3FF ? 0 : till_text_columns (utf8);
}

static const char *
stand_in (gunichar c)
{
  const char *mark = g_utf8_strchr (closing, -1, c);
  return mark ? closing_pairs + 2 * g_utf8_pointer_to_offset (closing, mark) : wide_pair;
}

TillCells *
till_cells_new_drawn (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) shapes = g_string_new (NULL), words = g_string_new (NULL);
  TillCells *cells = g_new0 (TillCells, 1);
  cells->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  int marks = 0;
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = till_gbk_shown (g_utf8_get_char (p));
      int columns = columns_of (c);
      gboolean is_mark = columns == 0 && shapes->len > 0;
      marks = is_mark ? marks + 1 : 0;
      if (marks > TILL_MARKS_MAX)
        continue;
      gsize start = words->len;
      g_string_append_unichar (words, c);
      if (is_mark)
        continue;
      if (columns == 2)
        g_string_append_len (shapes, stand_in (c), 2);
      else
        g_string_append_c (shapes, c < 0x7F ? (char)c : 'x');
      g_array_set_size (cells->starts, (guint)shapes->len);
      for (gsize i = shapes->len - (columns == 2 ? 2 : 1); i < shapes->len; i++)
        g_array_index (cells->starts, gsize, i) = start;
    }
  g_array_append_val (cells->starts, words->len);
  cells->cells = g_string_free (g_steal_pointer (&shapes), FALSE);
  cells->text = g_string_free (g_steal_pointer (&words), FALSE);
  return cells;
}

void
till_cells_free (TillCells *cells)
{
  g_clear_pointer (&cells->starts, g_array_unref);
  g_free (cells->cells);
  g_free (cells->text);
  g_free (cells);
}

static gboolean
is_closing (const char *pair)
{
  for (gsize i = 0; i + 1 < sizeof closing_pairs; i += 2)
    if (memcmp (closing_pairs + i, pair, 2) == 0)
      return TRUE;
  return FALSE;
}

gsize
till_cells_take (const TillCells *cells, gsize from, gsize columns, gsize *rest)
{
  const char *text = cells->cells + from;
  gsize at = 0, could = 0;
  gboolean was_wide = FALSE;
  while (text[at])
    {
      gboolean wide = till_gbk_is_lead ((guint8)text[at]);
      if (text[at] == ' ' || ((wide || was_wide) && at > 0 && !(wide && is_closing (text + at))))
        could = at;
      gsize width = wide ? 2 : 1;
      if (at + width > columns)
        break;
      was_wide = wide;
      at += width;
    }
  gsize row = text[at] == '\0' || could == 0 ? at : could;
  *rest = from + row;
  while (cells->cells[*rest] == ' ')
    (*rest)++;
  while (row > 0 && text[row - 1] == ' ')
    row--;
  return row;
}

void
till_run_free (TillRun *run)
{
  g_free (run->text);
  g_free (run);
}

void
till_cells_add_runs (const TillCells *cells, gsize from, gsize size, int x, int dots_a_column,
                     GPtrArray *runs)
{
  gsize end = from + size;
  for (gsize at = from, to; at < end; at = to)
    {
      gboolean wide = till_gbk_is_lead ((guint8)cells->cells[at]);
      to = at;
      while (to < end && till_gbk_is_lead ((guint8)cells->cells[to]) == wide)
        to += wide ? 2 : 1;
      gsize first = g_array_index (cells->starts, gsize, at);
      TillRun *run = g_new0 (TillRun, 1);
      run->text = g_strndup (cells->text + first, g_array_index (cells->starts, gsize, to) - first);
      run->x = x + (int)(at - from) * dots_a_column;
      run->dots = (int)(to - at) * dots_a_column;
      g_ptr_array_add (runs, run);
    }
}
