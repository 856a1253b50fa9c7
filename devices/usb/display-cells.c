/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/display-cells.h"
#include "data/core/gbk.h"
#include "devices/usb/display.h"

#include <string.h>

enum
{
  HOME = 0x0B,
  CLEAR = 0x0C,
  RETURN = 0x0D,
  CANCEL = 0x18,
  ESCAPE = 0x1B,
  UNIT = 0x1F,
};

typedef enum
{
  NOTHING, /* that can be seen here: code page, brightness, cursor */
  RESET,
  SELECT,
  PLACE,
  STRING,
} Act;

/* Behind the first byte and the name come so many more. Scrolling modes are not known here. */
static const struct
{
  guint8 intro, name, more;
  gboolean in_cd5220, in_escpos;
  Act act;
} commands[] = {
  { ESCAPE, '@', 0, TRUE, TRUE, RESET },     { ESCAPE, '=', 1, TRUE, TRUE, SELECT },
  { ESCAPE, 'Q', 1, TRUE, FALSE, STRING },   { ESCAPE, 'l', 2, TRUE, FALSE, PLACE },
  { ESCAPE, 0x11, 0, TRUE, FALSE, NOTHING }, { ESCAPE, '*', 1, TRUE, FALSE, NOTHING },
  { ESCAPE, '_', 1, TRUE, FALSE, NOTHING },  { ESCAPE, 't', 1, FALSE, TRUE, NOTHING },
  { ESCAPE, 'R', 1, FALSE, TRUE, NOTHING },  { UNIT, 1, 0, TRUE, TRUE, NOTHING },
  { UNIT, '$', 2, FALSE, TRUE, PLACE },      { UNIT, 'C', 1, FALSE, TRUE, NOTHING },
  { UNIT, 'X', 1, FALSE, TRUE, NOTHING },
};

static void
go_home (TillDisplayCells *cells)
{
  cells->line = cells->column = 0;
}

static void
clear (TillDisplayCells *cells)
{
  till_display_clear (&cells->text);
  go_home (cells);
  cells->is_string = FALSE;
}

void
till_display_cells_start (TillDisplayCells *cells, const TillDriver *driver)
{
  *cells = (TillDisplayCells){ .is_escpos = driver != &till_customer_display,
                               .is_chinese = driver != &till_escpos_display };
  clear (cells);
}

/* Whether a pair begins there; from the line's start, for both its bytes may look like a first. */
static gboolean
is_pair (const char *line, guint column)
{
  guint at = 0;
  while (at < column)
    at += till_gbk_is_lead ((guint8)line[at]) ? 2 : 1;
  return at == column && till_gbk_is_lead ((guint8)line[column]);
}

/* The other half of what is written over goes with it. */
static void
put (TillDisplayCells *cells, guint8 byte)
{
  char *line = cells->text.lines[cells->line];
  guint column = cells->column;
  if (column > 0 && is_pair (line, column - 1))
    line[column - 1] = ' ';
  else if (is_pair (line, column))
    line[column + 1] = ' ';
  line[column] = (char)byte;
}

/* A string that is longer than its line ends there; else the next line follows, and the first one
 * the last. */
static void
advance (TillDisplayCells *cells, guint n)
{
  cells->column += n;
  if (cells->column < TILL_DISPLAY_COLUMNS || cells->is_string)
    return;
  cells->column = 0;
  cells->line = (cells->line + 1) % TILL_DISPLAY_LINES;
}

static void
write_pair (TillDisplayCells *cells, guint8 lead, guint8 trail)
{
  gboolean is_whole = till_gbk_is_trail (trail) && cells->column + 2 <= TILL_DISPLAY_COLUMNS;
  cells->strange += !is_whole;
  if (cells->column >= TILL_DISPLAY_COLUMNS)
    return;
  put (cells, ' ');
  advance (cells, 1);
  if (!is_whole)
    return;
  put (cells, ' ');
  cells->text.lines[cells->line][cells->column] = (char)trail;
  cells->text.lines[cells->line][cells->column - 1] = (char)lead;
  advance (cells, 1);
}

static void
write_character (TillDisplayCells *cells, guint8 byte)
{
  if (cells->lead)
    {
      write_pair (cells, cells->lead, byte);
      cells->lead = 0;
    }
  else if (cells->is_chinese && till_gbk_is_lead (byte))
    cells->lead = byte;
  else if (cells->column >= TILL_DISPLAY_COLUMNS)
    cells->strange++;
  else
    {
      /* Some other sign, of a code page nobody chose. */
      gboolean is_plain = byte < 0x7F;
      cells->strange += !is_plain;
      put (cells, is_plain ? byte : '?');
      advance (cells, 1);
    }
}

static void
clear_line (TillDisplayCells *cells)
{
  memset (cells->text.lines[cells->line], ' ', TILL_DISPLAY_COLUMNS);
  cells->column = 0;
  cells->is_string = FALSE;
}

static void
place (TillDisplayCells *cells, guint8 column, guint8 line)
{
  if (column < 1 || column > TILL_DISPLAY_COLUMNS || line < 1 || line > TILL_DISPLAY_LINES)
    {
      cells->strange++;
      return;
    }
  cells->column = column - 1;
  cells->line = line - 1;
}

static void
begin_string (TillDisplayCells *cells, guint8 which)
{
  if (which != 'A' && which != 'B')
    {
      cells->strange++;
      return;
    }
  cells->line = which - 'A';
  clear_line (cells);
  cells->is_string = TRUE;
}

static void
obey (TillDisplayCells *cells, Act act)
{
  const guint8 *more = cells->command + 2;
  if (act == SELECT)
    cells->is_deaf = !(more[0] & 2);
  else if (act == RESET)
    clear (cells);
  else if (act == PLACE)
    place (cells, more[0], more[1]);
  else if (act == STRING)
    begin_string (cells, more[0]);
}

static void
gather (TillDisplayCells *cells, guint8 byte)
{
  cells->command[cells->n_command++] = byte;
  if (cells->n_command < 2)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].intro == cells->command[0] && commands[i].name == cells->command[1]
        && (cells->is_escpos ? commands[i].in_escpos : commands[i].in_cd5220))
      {
        if (cells->n_command < 2U + commands[i].more)
          return;
        if (!cells->is_deaf || commands[i].act == SELECT)
          obey (cells, commands[i].act);
        cells->n_command = 0;
        return;
      }
  cells->strange++;
  cells->n_command = 0;
}

static void
control (TillDisplayCells *cells, guint8 byte)
{
  if (byte == CLEAR)
    clear (cells);
  else if (byte == CANCEL)
    clear_line (cells);
  else if (byte == HOME)
    go_home (cells);
  else if (byte == RETURN)
    {
      cells->column = 0;
      cells->is_string = FALSE;
    }
  else
    cells->strange++;
}

static void
feed (TillDisplayCells *cells, guint8 byte)
{
  if (cells->lead && byte < 0x20) /* no pair goes across a command */
    write_character (cells, byte);
  if (cells->n_command > 0 || byte == ESCAPE || byte == UNIT)
    gather (cells, byte);
  else if (cells->is_deaf)
    return;
  else if (byte < 0x20)
    control (cells, byte);
  else
    write_character (cells, byte);
}

void
till_display_cells_feed (TillDisplayCells *cells, const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    feed (cells, bytes[i]);
}

gunichar
till_display_cells_at (const TillDisplayCells *cells, guint line, guint column, gboolean *is_wide)
{
  const char *text = cells->text.lines[line];
  *is_wide = is_pair (text, column);
  if (*is_wide)
    return till_gbk_decode ((guint8)text[column], (guint8)text[column + 1]);
  return column > 0 && is_pair (text, column - 1) ? 0 : (gunichar)text[column];
}

char *
till_display_cells_line (const TillDisplayCells *cells, guint line)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; i < TILL_DISPLAY_COLUMNS; i++)
    {
      gboolean is_wide;
      gunichar c = till_display_cells_at (cells, line, i, &is_wide);
      if (c)
        g_string_append_unichar (words, c);
    }
  return g_strdup (words->str);
}
