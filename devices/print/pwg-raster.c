/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/pwg-raster.h"
#include "data/core/error.h"
#include "devices/print/picture.h"

#include <cups/raster.h>
#include <string.h>

#define MARGIN_MM 3 /* above and below */
#define MM_PER_INCH 25.4

typedef struct
{
  const TillRoll *roll; /* unowned */
  int dpi;
  int paper_mm, print_mm; /* wide: the roll, and what is printed of it */
  cups_raster_t *raster;  /* owned */
  GByteArray *out;        /* owned */
} Sheet;

static ssize_t
on_bytes (void *data, unsigned char *bytes, size_t size)
{
  Sheet *sheet = data;
  if (sheet->out->len + size > TILL_PWG_BYTES_MAX)
    return -1;
  g_byte_array_append (sheet->out, bytes, (guint)size);
  return (ssize_t)size;
}

static gboolean
fail (GError **error, const char *why)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no page for a printer without a driver: %s",
               why);
  return FALSE;
}

/* Dots of the slip to dots of the page. */
static double
scale_of (const Sheet *sheet)
{
  return sheet->print_mm / MM_PER_INCH * sheet->dpi / sheet->roll->paper->dots;
}

static int
length_of (const Sheet *sheet, guint page)
{
  double dots = till_roll_paper_height (sheet->roll, page) * scale_of (sheet);
  return (int)(dots * MM_PER_INCH / sheet->dpi) + 1 + 2 * MARGIN_MM;
}

static cairo_surface_t *
draw_page (const Sheet *sheet, guint page, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  double mm = sheet->dpi / MM_PER_INCH;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, (sheet->paper_mm - sheet->print_mm) / 2.0 * mm, MARGIN_MM * mm);
  cairo_scale (cr, scale_of (sheet), scale_of (sheet));
  till_roll_draw (sheet->roll, page, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Black on white has the same in every colour. */
static gboolean
write_lines (const Sheet *sheet, cairo_surface_t *surface, guint width, guint height)
{
  g_autofree guint8 *line = g_malloc (width);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  gsize stride = (gsize)cairo_image_surface_get_stride (surface);
  for (guint y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *)(const void *)(pixels + y * stride);
      for (guint x = 0; x < width; x++)
        line[x] = (guint8)(row[x] & 0xFF);
      if (cupsRasterWritePixels (sheet->raster, line, width) != width)
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_page (Sheet *sheet, guint page, GError **error)
{
  cups_page_header2_t header;
  /* PWG 5101.1: a name that says its own size. */
  g_autofree char *name
      = g_strdup_printf ("custom_slip_%dx%dmm", sheet->paper_mm, length_of (sheet, page));
  pwg_media_t media
      = { .pwg = name, .width = sheet->paper_mm * 100, .length = length_of (sheet, page) * 100 };
  if (!cupsRasterInitPWGHeader (&header, &media, "sgray_8", sheet->dpi, sheet->dpi, "one-sided",
                                NULL))
    return fail (error, "its size");
  cairo_surface_t *surface = draw_page (sheet, page, (int)header.cupsWidth, (int)header.cupsHeight);
  gboolean good = cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS
                  && cupsRasterWriteHeader2 (sheet->raster, &header)
                  && write_lines (sheet, surface, header.cupsWidth, header.cupsHeight);
  cairo_surface_destroy (surface);
  return good || fail (error, "it is too long");
}

GBytes *
till_pwg_raster (GBytes *bytes, const TillPaper *paper, int dpi, int *width_mm, int *length_mm,
                 GError **error)
{
  g_autoptr (TillRoll) roll = till_roll_read (bytes, paper);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gboolean narrow = paper->columns < till_paper_80_512.columns;
  Sheet sheet = { roll, dpi, narrow ? 58 : 80, narrow ? 48 : 72, NULL, out };
  gboolean good = TRUE;
  *width_mm = sheet.paper_mm;
  *length_mm = 0;
  if (dpi < TILL_PWG_DPI_MIN || dpi > TILL_PWG_DPI_MAX)
    {
      fail (error, "its resolution");
      return NULL;
    }
  sheet.raster = cupsRasterOpenIO (on_bytes, &sheet, CUPS_RASTER_WRITE_PWG);
  for (guint page = 0; good && page < roll->papers->len; page++)
    if (till_roll_paper_height (roll, page) > 0)
      {
        *length_mm = MAX (*length_mm, length_of (&sheet, page));
        good = add_page (&sheet, page, error);
      }
  cupsRasterClose (sheet.raster);
  if (good && *length_mm == 0)
    good = fail (error, "there is nothing to draw; it opens no drawer");
  return good ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}
