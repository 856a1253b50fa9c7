/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/display.h"
#include "data/core/error.h"
#include "data/core/gbk.h"

#include <string.h>

enum
{
  CLEAR = 0x0C,
  END = 0x0D,
  ESCAPE = 0x1B,
  UNIT = 0x1F,
};

/* How many bytes of it fit without half a character. */
static gsize
fit (const char *gbk, gsize room)
{
  gsize size = 0;
  while (gbk[size])
    {
      gsize step = till_gbk_is_lead ((guint8)gbk[size]) && gbk[size + 1] ? 2 : 1;
      if (size + step > room)
        break;
      size += step;
    }
  return size;
}

static void
blank (TillDisplayLine line)
{
  memset (line, ' ', TILL_DISPLAY_COLUMNS);
  line[TILL_DISPLAY_COLUMNS] = 0;
}

gboolean
till_display_set (TillDisplayLine line, const char *words, const char *amount, GError **error)
{
  blank (line);
  /* Encoded, a control character is a question mark. */
  g_autofree char *left = till_gbk_encode (words ? words : "", NULL, error);
  g_autofree char *right = left ? till_gbk_encode (amount ? amount : "", NULL, error) : NULL;
  if (!right)
    return FALSE;
  gsize width = strlen (right);
  if (width > TILL_DISPLAY_COLUMNS)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the amount is wider than the customer's display");
      return FALSE;
    }
  gsize gap = width > 0 && width < TILL_DISPLAY_COLUMNS;
  memcpy (line, left, fit (left, TILL_DISPLAY_COLUMNS - width - gap));
  memcpy (line + TILL_DISPLAY_COLUMNS - width, right, width);
  return TRUE;
}

void
till_display_clear (TillDisplayText *text)
{
  for (guint i = 0; i < TILL_DISPLAY_LINES; i++)
    blank (text->lines[i]);
}

gsize
till_display_bytes (const TillDisplayText *text, gboolean is_fresh,
                    guint8 bytes[TILL_DISPLAY_BYTES_MAX])
{
  static const guint8 fresh[] = { ESCAPE, '@', CLEAR };
  gsize size = 0;
  if (is_fresh)
    {
      memcpy (bytes, fresh, sizeof fresh);
      size = sizeof fresh;
    }
  for (guint i = 0; i < TILL_DISPLAY_LINES; i++)
    {
      const guint8 place[] = { ESCAPE, 'Q', (guint8)('A' + i) };
      memcpy (bytes + size, place, sizeof place);
      memcpy (bytes + size + sizeof place, text->lines[i], TILL_DISPLAY_COLUMNS);
      size += sizeof place + TILL_DISPLAY_COLUMNS;
      bytes[size++] = END;
    }
  g_assert (size <= TILL_DISPLAY_BYTES_MAX);
  return size;
}

/* Half a character is none, and takes its place all the same. */
static void
blank_chinese (TillDisplayLine line)
{
  for (guint i = 0; i < TILL_DISPLAY_COLUMNS; i++)
    if (till_gbk_is_lead ((guint8)line[i]))
      {
        line[i] = ' ';
        if (i + 1 < TILL_DISPLAY_COLUMNS)
          line[++i] = ' ';
      }
}

static void
append (guint8 bytes[TILL_DISPLAY_BYTES_MAX], gsize *size, const guint8 *more, gsize n)
{
  g_assert (*size + n <= TILL_DISPLAY_BYTES_MAX);
  memcpy (bytes + *size, more, n);
  *size += n;
}

/* Overwriting, for in the other modes the last column of a line scrolls it. The display is chosen
 * first of all: one that another had deselected would hear nothing else. */
static gsize
escpos_bytes (const TillDisplayText *text, gboolean is_fresh, gboolean is_chinese,
              guint8 bytes[TILL_DISPLAY_BYTES_MAX])
{
  static const guint8 fresh[] = { ESCAPE, '=', 2, ESCAPE, '@', UNIT, 1, UNIT, 'C', 0 };
  static const guint8 american[] = { ESCAPE, 't', 0, ESCAPE, 'R', 0 };
  static const guint8 clear = CLEAR;
  gsize size = 0;
  if (is_fresh)
    {
      append (bytes, &size, fresh, sizeof fresh);
      if (!is_chinese)
        append (bytes, &size, american, sizeof american);
      /* Behind all others: one that a display does not know may stand there as letters. */
      append (bytes, &size, &clear, 1);
    }
  for (guint i = 0; i < TILL_DISPLAY_LINES; i++)
    {
      TillDisplayLine line;
      memcpy (line, text->lines[i], sizeof line);
      if (!is_chinese)
        blank_chinese (line);
      const guint8 place[] = { UNIT, '$', 1, (guint8)(i + 1) };
      append (bytes, &size, place, sizeof place);
      append (bytes, &size, (const guint8 *)line, TILL_DISPLAY_COLUMNS);
    }
  return size;
}

static gsize
escpos_ascii (const TillDisplayText *text, gboolean is_fresh, guint8 bytes[TILL_DISPLAY_BYTES_MAX])
{
  return escpos_bytes (text, is_fresh, FALSE, bytes);
}

static gsize
escpos_gb18030 (const TillDisplayText *text, gboolean is_fresh,
                guint8 bytes[TILL_DISPLAY_BYTES_MAX])
{
  return escpos_bytes (text, is_fresh, TRUE, bytes);
}

/* --- a driver that only shows: whatever the display says is nothing to us --- */

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  return g_malloc0 (1);
}

static void
take (gpointer state, const guint8 *report, gsize size, TillFindingTake taken, gpointer user)
{
}

static void
reset (gpointer state)
{
}

#define DISPLAY(driver, bytes)                                                                     \
  {                                                                                                \
    .name = driver, .start = start, .take = take, .reset = reset, .stop = g_free, .show = bytes    \
  }

const TillDriver till_customer_display = DISPLAY (TILL_DISPLAY_DRIVER, till_display_bytes);
const TillDriver till_escpos_display = DISPLAY (TILL_DISPLAY_DRIVER_ESCPOS, escpos_ascii);
const TillDriver till_escpos_display_gb18030
    = DISPLAY (TILL_DISPLAY_DRIVER_ESCPOS_GB18030, escpos_gb18030);
