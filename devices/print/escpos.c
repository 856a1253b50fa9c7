/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/escpos.h"
#include "data/core/error.h"

#include <string.h>

#define ESC 0x1B
#define FS 0x1C
#define GS 0x1D

#define BARCODE_MODULE 2  /* dots */
#define BARCODE_HEIGHT 80 /* dots, 10 mm */
/* Both times always: without them the next kick is swallowed by many printers. In 2 ms. */
#define KICK_ON 25
#define KICK_OFF 250
#define CUT_FEED 3

const TillPaper till_paper_58 = { "58", 32, 384, 5, 0 };
const TillPaper till_paper_80 = { "80", 48, 576, 6, 0 };
const TillPaper till_paper_80_512 = { "80-512", 42, 512, 6, 0 };

static const TillPaper *const papers[] = { &till_paper_58, &till_paper_80, &till_paper_80_512 };

const TillPaper *
till_paper_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (papers); i++)
    if (g_strcmp0 (papers[i]->name, name) == 0)
      return papers[i];
  return NULL;
}

const TillPaper *
till_paper_of (int mm, int dots)
{
  for (gsize i = 0; i < G_N_ELEMENTS (papers); i++)
    if (papers[i]->dots == dots)
      return papers[i];
  return mm == 58 ? &till_paper_58 : &till_paper_80;
}

int
till_drawn_height (gboolean big)
{
  return TILL_GLYPH_DOTS * (big ? 2 : 1) + TILL_LEAD_DOTS;
}

/* What the printer stands at, so that a command is sent only when it changes something. */
typedef struct
{
  GByteArray *bytes;      /* owned */
  const TillPaper *paper; /* unowned */
  TillAlign align;
  gboolean bold;
  gboolean big;
  TillDrawRow draw; /* NULL: nothing is drawn */
  gsize drawn;      /* bytes of dots so far */
} Pen;

#define PUT(pen, ...)                                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const guint8 put_bytes[] = { __VA_ARGS__ };                                                    \
    g_byte_array_append ((pen)->bytes, put_bytes, sizeof put_bytes);                               \
  }                                                                                                \
  G_STMT_END

static void
put_style (Pen *pen, TillAlign align, gboolean bold, gboolean big)
{
  if (pen->align != align)
    PUT (pen, ESC, 'a', (guint8)align);
  if (pen->bold != bold)
    PUT (pen, ESC, 'E', bold ? 1 : 0);
  /* GS ! sizes ASCII; many Chinese printers size hanzi by FS ! only. */
  if (pen->big != big)
    PUT (pen, GS, '!', big ? 0x11 : 0, FS, '!', big ? 0x0C : 0);
  pen->align = align;
  pen->bold = bold;
  pen->big = big;
}

/* A DLE before one of these is a real-time command wherever it stands. */
static gboolean
obeyed_after_dle (guint8 value)
{
  return value == 0x04 || value == 0x05 || value == 0x14;
}

/* GS v 0. One dot is added where dots would read as a real-time command. */
static void
put_raster (Pen *pen, const guint8 *dots, gsize size, int height)
{
  guint8 across = (guint8)(pen->paper->dots / 8);
  g_assert (size == across * (gsize)height && height <= TILL_RASTER_HEIGHT_MAX);
  PUT (pen, GS, 'v', '0', 0, across, 0, (guint8)(height & 0xFF), (guint8)(height >> 8));
  guint at = pen->bytes->len;
  g_byte_array_append (pen->bytes, dots, (guint)size);
  for (; at + 1 < pen->bytes->len; at++)
    if (pen->bytes->data[at] == 0x10 && obeyed_after_dle (pen->bytes->data[at + 1]))
      pen->bytes->data[at] |= 0x08;
  pen->drawn += size;
}

/* The picture is as wide as the paper, so that no printer's idea of aligning one matters. */
static gboolean
put_drawn (Pen *pen, TillDrawnRow *row, GError **error)
{
  g_autoptr (GBytes) dots = pen->draw (row, error);
  if (!dots)
    return FALSE;
  put_style (pen, TILL_ALIGN_LEFT, pen->bold, pen->big);
  put_raster (pen, g_bytes_get_data (dots, NULL), g_bytes_get_size (dots),
              till_drawn_height (row->big));
  return TRUE;
}

/* Cells of one text, and how they are to look. */
typedef struct
{
  const TillCells *cells; /* unowned */
  gsize from, size;
} Part;

static int
column_dots (const TillLine *line)
{
  return TILL_COLUMN_DOTS * (line->big ? 2 : 1);
}

static gsize
columns_for (const Pen *pen, const TillLine *line)
{
  return (gsize)(pen->paper->columns / (line->big ? 2 : 1));
}

/* left begins at left_x, right, which may be empty, at right_x, in dots. */
static gboolean
draw_parts (Pen *pen, const TillLine *line, Part left, int left_x, Part right, int right_x,
            GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)till_run_free);
  int wide = column_dots (line);
  till_cells_add_runs (left.cells, left.from, left.size, left_x, wide, runs);
  if (right.size > 0)
    till_cells_add_runs (right.cells, right.from, right.size, right_x, wide, runs);
  TillDrawnRow row = { pen->paper->dots, line->bold, line->big, runs };
  return put_drawn (pen, &row, error);
}

static gboolean
put_part (Pen *pen, const TillLine *line, TillAlign align, Part part, GError **error)
{
  if (!part.cells->text)
    {
      put_style (pen, align, line->bold, line->big);
      g_byte_array_append (pen->bytes, (const guint8 *)part.cells->cells + part.from,
                           (guint)part.size);
      PUT (pen, '\n');
      return TRUE;
    }
  int room = pen->paper->dots - (int)part.size * column_dots (line);
  int x = align == TILL_ALIGN_LEFT ? 0 : align == TILL_ALIGN_RIGHT ? room : room / 2;
  return draw_parts (pen, line, part, x, (Part){ 0 }, 0, error);
}

static gboolean
put_wrapped (Pen *pen, const TillLine *line, TillAlign align, const TillCells *cells,
             GError **error)
{
  gsize rest = 0;
  do
    {
      Part part = { cells, rest, 0 };
      part.size = till_cells_take (cells, part.from, columns_for (pen, line), &rest);
      if (!put_part (pen, line, align, part, error))
        return FALSE;
    }
  while (cells->cells[rest]);
  return TRUE;
}

/* Both parts of a line in one manner: sent, or drawn where the printer's font lacks a character of
 * either. right may be NULL. */
static gboolean
take_words (const Pen *pen, const TillLine *line, TillCells **left, TillCells **right,
            GError **error)
{
  gboolean lacks = FALSE;
  *left = till_cells_new (line->left, &lacks, error);
  if (!*left || (right && !(*right = till_cells_new (line->right, &lacks, error))))
    return FALSE;
  if (!lacks || !pen->draw || pen->drawn >= TILL_DRAWN_MAX)
    return TRUE;
  till_cells_free (*left);
  *left = till_cells_new_drawn (line->left);
  if (!right)
    return TRUE;
  till_cells_free (*right);
  *right = till_cells_new_drawn (line->right);
  return TRUE;
}

static gboolean
put_text (Pen *pen, const TillLine *line, GError **error)
{
  g_autoptr (TillCells) cells = NULL;
  return take_words (pen, line, &cells, NULL, error)
         && put_wrapped (pen, line, line->align, cells, error);
}

/* A row with something at either edge; there is room for both. */
static gboolean
put_edges (Pen *pen, const TillLine *line, Part left, Part right, GError **error)
{
  gsize gap = columns_for (pen, line) - left.size - right.size;
  if (left.cells->text)
    return draw_parts (pen, line, left, 0, right, (int)(left.size + gap) * column_dots (line),
                       error);
  g_autofree char *joined
      = g_strdup_printf ("%.*s%*s%s\n", (int)left.size, left.cells->cells + left.from, (int)gap, "",
                         right.cells->cells);
  put_style (pen, TILL_ALIGN_LEFT, line->bold, line->big);
  g_byte_array_append (pen->bytes, (const guint8 *)joined, (guint)strlen (joined));
  return TRUE;
}

/* What is left of the left part shares its last row with the right part when both fit; otherwise
 * the right part follows on a row of its own, still at the right edge. */
static gboolean
put_pair (Pen *pen, const TillLine *line, GError **error)
{
  g_autoptr (TillCells) left = NULL;
  g_autoptr (TillCells) right = NULL;
  if (!take_words (pen, line, &left, &right, error))
    return FALSE;
  gsize columns = columns_for (pen, line), rest = 0;
  Part edge = { right, 0, strlen (right->cells) }, part = { left, 0, 0 };
  part.size = till_cells_take (left, 0, columns, &rest);
  while (left->cells[rest])
    {
      if (!put_part (pen, line, TILL_ALIGN_LEFT, part, error))
        return FALSE;
      part.from = rest;
      part.size = till_cells_take (left, rest, columns, &rest);
    }
  if (part.size + 1 + edge.size > columns && part.size > 0)
    {
      if (!put_part (pen, line, TILL_ALIGN_LEFT, part, error))
        return FALSE;
      part.size = 0;
    }
  if (edge.size > columns)
    return put_wrapped (pen, line, TILL_ALIGN_RIGHT, right, error);
  return put_edges (pen, line, part, edge, error);
}

static guint8
digit_pair (const char *digits)
{
  return (guint8)((digits[0] - '0') * 10 + (digits[1] - '0'));
}

/* The data of GS k 73: code set C, a byte a pair; where pairs would read as DLE and a real-time
 * command, the second is set as two digits in code set B. *symbols counts start to stop. */
static GByteArray *
code128 (const char *digits, gsize *symbols)
{
  GByteArray *data = g_byte_array_new ();
  gboolean in_c = TRUE;
  g_byte_array_append (data, (const guint8 *)"{C", 2);
  *symbols = 3; /* start, check, stop */
  for (gsize i = 0; digits[i]; i += 2)
    {
      guint8 value = digit_pair (digits + i);
      gboolean to_c
          = !(i > 0 && data->data[data->len - 1] == 0x10 && in_c && obeyed_after_dle (value));
      if (to_c != in_c)
        g_byte_array_append (data, (const guint8 *)(to_c ? "{C" : "{B"), 2);
      *symbols += (to_c != in_c ? 1 : 0) + (to_c ? 1 : 2);
      in_c = to_c;
      if (to_c)
        g_byte_array_append (data, &value, 1);
      else
        g_byte_array_append (data, (const guint8 *)digits + i, 2);
    }
  return data;
}

static gboolean
put_barcode (Pen *pen, const TillLine *line, GError **error)
{
  const char *digits = line->left;
  gsize n = strlen (digits);
  g_assert (n > 0 && n % 2 == 0 && strspn (digits, "0123456789") == n);
  gsize symbols;
  g_autoptr (GByteArray) data = code128 (digits, &symbols);
  put_style (pen, TILL_ALIGN_CENTRE, FALSE, FALSE);
  /* Eleven modules a symbol, two more for the stop. The quiet zones lie in the paper's margins. */
  if ((symbols * 11 + 2) * BARCODE_MODULE > (gsize)pen->paper->dots || data->len > 255)
    {
      g_autoptr (TillCells) cells = till_cells_new (digits, NULL, error);
      return cells && put_wrapped (pen, line, TILL_ALIGN_CENTRE, cells, error);
    }
  PUT (pen, GS, 'h', BARCODE_HEIGHT, GS, 'w', BARCODE_MODULE, GS, 'H', 2);
  PUT (pen, GS, 'k', 73, (guint8)data->len);
  g_byte_array_append (pen->bytes, data->data, data->len);
  return TRUE;
}

static void
put_qr (Pen *pen, const TillLine *line)
{
  gsize n = strlen (line->left);
  g_assert (n > 0 && n <= 300);
  for (gsize i = 0; i < n; i++)
    g_assert (g_ascii_isprint (line->left[i]));
  put_style (pen, TILL_ALIGN_CENTRE, FALSE, FALSE);
  PUT (pen, GS, '(', 'k', 4, 0, 49, 65, 50, 0); /* model 2 */
  PUT (pen, GS, '(', 'k', 3, 0, 49, 67, (guint8)pen->paper->qr_module);
  PUT (pen, GS, '(', 'k', 3, 0, 49, 69, 49); /* level M */
  PUT (pen, GS, '(', 'k', (guint8)((n + 3) & 0xFF), (guint8)((n + 3) >> 8), 49, 80, 48);
  g_byte_array_append (pen->bytes, (const guint8 *)line->left, (guint)n);
  PUT (pen, GS, '(', 'k', 3, 0, 49, 81, 48);
}

static void
put_rule (Pen *pen)
{
  put_style (pen, TILL_ALIGN_LEFT, FALSE, FALSE);
  for (int i = 0; i < pen->paper->columns; i++)
    PUT (pen, '-');
  PUT (pen, '\n');
}

static gboolean
put_line (Pen *pen, const TillLine *line, GError **error)
{
  switch (line->kind)
    {
    case TILL_LINE_TEXT:
      return put_text (pen, line, error);
    case TILL_LINE_PAIR:
      return put_pair (pen, line, error);
    case TILL_LINE_RULE:
      put_rule (pen);
      return TRUE;
    case TILL_LINE_BARCODE:
      return put_barcode (pen, line, error);
    case TILL_LINE_QR:
      put_qr (pen, line);
      return TRUE;
    case TILL_LINE_FEED:
      put_style (pen, TILL_ALIGN_LEFT, FALSE, FALSE);
      PUT (pen, '\n');
      return TRUE;
    case TILL_LINE_CUT:
      PUT (pen, GS, 'V', 'B', CUT_FEED);
      return TRUE;
    case TILL_LINE_KICK:
      PUT (pen, ESC, 'p', pen->paper->drawer, KICK_ON, KICK_OFF);
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

/* Where nothing can be drawn the line is text after all, as is the rest of the slip. */
static gboolean
put_line_somehow (Pen *pen, const TillLine *line, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  Pen before = *pen;
  guint size = pen->bytes->len;
  if (put_line (pen, line, &trouble))
    return TRUE;
  if (!pen->draw || !g_error_matches (trouble, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  g_message ("a slip has ? for what the printer's font lacks: %s", trouble->message);
  g_byte_array_set_size (pen->bytes, size);
  *pen = before;
  pen->draw = NULL;
  return put_line (pen, line, error);
}

GBytes *
till_escpos_build (const TillDoc *doc, const TillPaper *paper, TillDrawRow draw, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Pen pen = { bytes, paper, TILL_ALIGN_LEFT, FALSE, FALSE, draw, 0 };
  PUT (&pen, ESC, '@', FS, '&');
  for (guint i = 0; i < doc->lines->len; i++)
    {
      if (!put_line_somehow (&pen, g_ptr_array_index (doc->lines, i), error))
        return NULL;
      if (bytes->len > TILL_PRINT_MAX - 16)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the slip is too long to print");
          return NULL;
        }
    }
  put_style (&pen, TILL_ALIGN_LEFT, FALSE, FALSE);
  PUT (&pen, FS, '.');
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
