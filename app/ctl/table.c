/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/table.h"
#include "data/core/text.h"

#include <stdarg.h>
#include <string.h>

#define GAP 2

struct _TillTable
{
  char *alignment; /* owned */
  guint n;
  int *widths;     /* owned */
  GPtrArray *rows; /* owned; of GStrv, or NULL for a rule */
};

static void
free_row (gpointer row)
{
  g_strfreev (row);
}

TillTable *
till_table_new (const char *alignment)
{
  TillTable *table = g_new0 (TillTable, 1);
  table->alignment = g_strdup (alignment);
  table->n = (guint)strlen (alignment);
  table->widths = g_new0 (int, table->n);
  table->rows = g_ptr_array_new_with_free_func (free_row);
  return table;
}

void
till_table_free (TillTable *table)
{
  g_free (table->alignment);
  g_free (table->widths);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
till_table_row (TillTable *table, ...)
{
  char **row = g_new0 (char *, table->n + 1);
  va_list texts;
  va_start (texts, table);
  for (guint i = 0; i < table->n; i++)
    {
      const char *text = va_arg (texts, const char *);
      row[i] = g_strdup (text ? text : "");
      table->widths[i] = MAX (table->widths[i], till_text_columns (row[i]));
    }
  va_end (texts);
  g_ptr_array_add (table->rows, row);
}

void
till_table_rule (TillTable *table)
{
  g_ptr_array_add (table->rows, NULL);
}

static void
pad (GString *text, int columns)
{
  for (int i = 0; i < columns; i++)
    g_string_append_c (text, ' ');
}

static void
add_row (const TillTable *table, char **row, GString *text)
{
  for (guint i = 0; i < table->n; i++)
    {
      int space = table->widths[i] - till_text_columns (row[i]);
      gboolean right = table->alignment[i] == 'r';
      pad (text, (i > 0 ? GAP : 0) + (right ? space : 0));
      g_string_append (text, row[i]);
      pad (text, right ? 0 : space);
    }
}

char *
till_table_text (const TillTable *table, int indent)
{
  GString *text = g_string_new (NULL);
  int whole = 0;
  for (guint i = 0; i < table->n; i++)
    whole += table->widths[i] + (i > 0 ? GAP : 0);
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = g_ptr_array_index (table->rows, i);
      pad (text, indent);
      if (row)
        add_row (table, row, text);
      for (int k = 0; !row && k < whole; k++)
        g_string_append (text, "─");
      while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate (text, text->len - 1);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
