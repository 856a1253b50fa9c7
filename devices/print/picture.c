/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/picture.h"
#include "data/core/error.h"

#include <pango/pangocairo.h>
#include <string.h>
#include <zint.h>

#define CELL TILL_COLUMN_DOTS
#define GLYPH TILL_GLYPH_DOTS
#define LEAD TILL_LEAD_DOTS
#define CODE_GAP 4
#define MARGIN 24
/* Half width for ASCII and full width for hanzi, like the ROM, when the first of these is there;
 * whatever comes instead is stretched to its cells. */
#define FACE "Noto Sans Mono CJK SC, WenQuanYi Zen Hei Mono, monospace"

/* A symbol of zint, or NULL when the data cannot be one. */
static struct zint_symbol *
encode (const TillRow *row)
{
  struct zint_symbol *symbol = ZBarcode_Create ();
  g_assert (symbol);
  symbol->symbology = row->kind == TILL_ROW_QR ? BARCODE_QRCODE : BARCODE_CODE128;
  symbol->input_mode = UNICODE_MODE;
  if (row->kind == TILL_ROW_QR)
    symbol->option_1 = (int)(strchr ("LMQH", row->level) - "LMQH") + 1;
  if (ZBarcode_Encode (symbol, (const unsigned char *)row->code, 0) < ZINT_ERROR)
    return symbol;
  ZBarcode_Delete (symbol);
  return NULL;
}

static int
row_height (const TillRow *row)
{
  int tallest = 1;
  if (row->kind == TILL_ROW_KICK)
    return 0;
  if (row->kind == TILL_ROW_PICTURE)
    return row->height * row->scale_y;
  if (row->kind == TILL_ROW_BARCODE)
    return row->height + CODE_GAP + GLYPH + LEAD;
  if (row->kind == TILL_ROW_QR)
    {
      struct zint_symbol *symbol = encode (row);
      int height = symbol ? symbol->rows * row->module + LEAD : GLYPH + LEAD;
      if (symbol)
        ZBarcode_Delete (symbol);
      return height;
    }
  for (guint i = 0; i < row->spans->len; i++)
    tallest = MAX (tallest, ((const TillSpan *)g_ptr_array_index (row->spans, i))->height);
  return tallest * GLYPH + LEAD;
}

static const TillRollPaper *
paper_of (const TillRoll *roll, guint paper)
{
  g_assert (paper < roll->papers->len);
  return g_ptr_array_index (roll->papers, paper);
}

int
till_roll_paper_height (const TillRoll *roll, guint paper)
{
  const GPtrArray *rows = paper_of (roll, paper)->rows;
  int height = 0;
  for (guint i = 0; i < rows->len; i++)
    height += row_height (g_ptr_array_index (rows, i));
  return height;
}

static int
indent (TillAlign align, int dots, int used)
{
  int room = MAX (0, dots - used);
  return align == TILL_ALIGN_LEFT ? 0 : align == TILL_ALIGN_RIGHT ? room : room / 2;
}

/* Text of one width of cell, stretched to exactly the dots it takes on paper. */
static void
draw_run (cairo_t *cr, PangoLayout *layout, const char *text, gsize size, int x, int y, int dots,
          int height)
{
  pango_layout_set_text (layout, text, (int)size);
  int natural, baseline = pango_layout_get_baseline (layout);
  pango_layout_get_size (layout, &natural, NULL);
  if (natural <= 0)
    return;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, (double)dots * PANGO_SCALE / natural, height);
  /* Sits the baseline where the ROM's is, whatever face was found. */
  cairo_translate (cr, 0, 20 - (double)baseline / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

static gboolean
is_wide (gunichar c)
{
  return c > 0x7F && c != 0xFFFD;
}

static void
set_face (PangoLayout *layout, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_from_string (FACE);
  pango_font_description_set_absolute_size (font, GLYPH * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

static void
draw_span (cairo_t *cr, PangoLayout *layout, const TillSpan *span, int x, int y)
{
  set_face (layout, span->bold);
  const char *from = span->text;
  while (*from)
    {
      gboolean wide = is_wide (g_utf8_get_char (from));
      const char *to = from;
      int cells = 0;
      for (; *to && is_wide (g_utf8_get_char (to)) == wide; to = g_utf8_next_char (to))
        cells += wide ? 2 : 1;
      draw_run (cr, layout, from, (gsize)(to - from), x, y, cells * CELL * span->width,
                span->height);
      x += cells * CELL * span->width;
      from = to;
    }
}

static void
draw_text (cairo_t *cr, PangoLayout *layout, const TillRow *row, int dots, int y)
{
  int used = 0, height = row_height (row) - LEAD;
  for (guint i = 0; i < row->spans->len; i++)
    used += ((const TillSpan *)g_ptr_array_index (row->spans, i))->columns * CELL;
  int x = indent (row->align, dots, used);
  for (guint i = 0; i < row->spans->len; i++)
    {
      const TillSpan *span = g_ptr_array_index (row->spans, i);
      draw_span (cr, layout, span, x, y + height - span->height * GLYPH);
      x += span->columns * CELL;
    }
}

static gboolean
module_is_set (const struct zint_symbol *symbol, int row, int column)
{
  return (symbol->encoded_data[row][column / 8] >> (column % 8)) & 1;
}

static void
draw_plain (cairo_t *cr, PangoLayout *layout, const char *text, int dots, int y)
{
  TillSpan span = { (char *)text, (int)strlen (text), 1, 1, FALSE };
  draw_span (cr, layout, &span, indent (TILL_ALIGN_CENTRE, dots, span.columns * CELL), y);
}

static void
draw_code (cairo_t *cr, PangoLayout *layout, const TillRow *row, int dots, int y)
{
  struct zint_symbol *symbol = encode (row);
  if (!symbol)
    {
      draw_plain (cr, layout, row->code, dots, y);
      return;
    }
  int x = indent (row->align, dots, symbol->width * row->module);
  int high = row->kind == TILL_ROW_QR ? row->module : row->height;
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int r = 0; r < symbol->rows; r++)
    for (int c = 0; c < symbol->width; c++)
      if (module_is_set (symbol, r, c))
        cairo_rectangle (cr, x + c * row->module, y + r * high, row->module, high);
  cairo_fill (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
  if (row->kind == TILL_ROW_BARCODE)
    draw_plain (cr, layout, row->code, dots, y + row->height + CODE_GAP);
  ZBarcode_Delete (symbol);
}

static gboolean
dot_is_set (const guint8 *line, int x)
{
  return (line[x / 8] >> (7 - x % 8)) & 1;
}

static void
draw_dots (cairo_t *cr, const TillRow *row, int dots, int y)
{
  int wide = row->across * 8, left = indent (row->align, dots, wide * row->scale_x);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int r = 0; r < row->height; r++)
    {
      const guint8 *line
          = (const guint8 *)g_bytes_get_data (row->dots, NULL) + (gsize)r * (gsize)row->across;
      for (int from = 0, to; from < wide; from = to)
        {
          gboolean black = dot_is_set (line, from);
          for (to = from + 1; to < wide && dot_is_set (line, to) == black;)
            to++;
          if (black)
            cairo_rectangle (cr, left + from * row->scale_x, y + r * row->scale_y,
                             (to - from) * row->scale_x, row->scale_y);
        }
      /* A line at a time: the path of a whole picture could outgrow the picture. */
      cairo_fill (cr);
    }
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

static PangoLayout *
layout_for (cairo_t *cr)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  pango_context_set_language (pango_layout_get_context (layout),
                              pango_language_from_string ("zh-cn"));
  return layout;
}

void
till_roll_draw (const TillRoll *roll, guint paper, cairo_t *cr)
{
  const GPtrArray *rows = paper_of (roll, paper)->rows;
  PangoLayout *layout = layout_for (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  int y = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      const TillRow *row = g_ptr_array_index (rows, i);
      if (row->kind == TILL_ROW_TEXT)
        draw_text (cr, layout, row, roll->paper->dots, y);
      else if (row->kind == TILL_ROW_PICTURE)
        draw_dots (cr, row, roll->paper->dots, y);
      else if (row->kind != TILL_ROW_KICK)
        draw_code (cr, layout, row, roll->paper->dots, y);
      y += row_height (row);
    }
  g_object_unref (layout);
}

gboolean
till_roll_write_png (const TillRoll *roll, guint paper, const char *path, GError **error)
{
  int width = roll->paper->dots + 2 * MARGIN;
  int height = till_roll_paper_height (roll, paper) + 2 * MARGIN;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  till_roll_draw (roll, paper, cr);
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png (surface, path);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the roll cannot be drawn to %s: %s", path,
               cairo_status_to_string (status));
  return FALSE;
}

/* The dots of a picture in colours: what is darker than the middle is printed. */
static GBytes *
dots_of (cairo_surface_t *surface)
{
  int wide = cairo_image_surface_get_width (surface);
  int high = cairo_image_surface_get_height (surface);
  gsize across = (gsize)wide / 8, size = across * (gsize)high;
  gsize stride = (gsize)cairo_image_surface_get_stride (surface);
  guint8 *dots = g_malloc0 (size);
  cairo_surface_flush (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  for (int y = 0; y < high; y++)
    {
      const guint32 *line = (const guint32 *)(const void *)(pixels + (gsize)y * stride);
      for (int x = 0; x < wide; x++)
        {
          guint red = line[x] >> 16 & 0xFF, green = line[x] >> 8 & 0xFF, blue = line[x] & 0xFF;
          if (3 * red + 6 * green + blue < 10 * 128)
            dots[(gsize)y * across + (gsize)x / 8] |= (guint8)(0x80 >> x % 8);
        }
    }
  return g_bytes_new_take (dots, size);
}

/* Without fonts Pango draws a box for every letter, and the amount of the line would be lost. */
static gboolean
knows_digits (PangoLayout *layout)
{
  pango_layout_set_text (layout, "0123456789", -1);
  return pango_layout_get_unknown_glyphs_count (layout) == 0;
}

/* FALSE where there are no fonts. */
static gboolean
draw_runs (cairo_t *cr, const TillDrawnRow *row)
{
  g_autoptr (PangoLayout) layout = layout_for (cr);
  int unknown = 0;
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  set_face (layout, row->bold);
  for (guint i = 0; i < row->runs->len; i++)
    {
      const TillRun *run = g_ptr_array_index (row->runs, i);
      draw_run (cr, layout, run->text, strlen (run->text), run->x, 0, run->dots, row->big ? 2 : 1);
      unknown += pango_layout_get_unknown_glyphs_count (layout);
    }
  return unknown == 0 || knows_digits (layout);
}

GBytes *
till_picture_row (const TillDrawnRow *row, GError **error)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, row->dots, till_drawn_height (row->big));
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  gboolean has_fonts = draw_runs (cr, row);
  cairo_status_t status = cairo_status (cr);
  GBytes *dots = has_fonts && status == CAIRO_STATUS_SUCCESS ? dots_of (surface) : NULL;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (!has_fonts)
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "this machine has no fonts");
  else if (!dots)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a row cannot be drawn: %s",
                 cairo_status_to_string (status));
  return dots;
}
