/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/escpos.h"
#include "data/core/error.h"
#include "data/core/gbk.h"

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

/* What the printer stands at, so that a command is sent only when it changes something. */
typedef struct
{
  GByteArray *bytes;      /* owned */
  const TillPaper *paper; /* unowned */
  TillAlign align;
  gboolean bold;
  gboolean big;
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

static void
put_row (Pen *pen, const char *encoded, gsize size)
{
  g_byte_array_append (pen->bytes, (const guint8 *)encoded, (guint)size);
  PUT (pen, '\n');
}

/* Marks that must not begin a row in Chinese setting: ，。、！？：；） */
static gboolean
is_closing (const char *pair)
{
  static const char marks[] = "\xA3\xAC\xA1\xA3\xA1\xA2\xA3\xA1\xA3\xBF\xA3\xBA\xA3\xBB\xA3\xA9";
  for (gsize i = 0; i + 1 < sizeof marks; i += 2)
    if (memcmp (marks + i, pair, 2) == 0)
      return TRUE;
  return FALSE;
}

/* How many bytes of encoded text make the next row: broken at a blank or beside a hanzi where there
 * is one, inside a word otherwise. *rest points behind the row and the blanks after it. */
static gsize
take_row (const char *text, gsize columns, const char **rest)
{
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
  *rest = text + row;
  while (**rest == ' ')
    (*rest)++;
  while (row > 0 && text[row - 1] == ' ')
    row--;
  return row;
}

static void
put_wrapped (Pen *pen, const char *encoded, gsize columns)
{
  const char *rest = encoded;
  do
    {
      const char *row = rest;
      gsize size = take_row (row, columns, &rest);
      put_row (pen, row, size);
    }
  while (*rest);
}

static gboolean
put_text (Pen *pen, const TillLine *line, GError **error)
{
  g_autofree char *encoded = till_gbk_encode (line->left, error);
  if (!encoded)
    return FALSE;
  put_style (pen, line->align, line->bold, line->big);
  put_wrapped (pen, encoded, (gsize)(pen->paper->columns / (line->big ? 2 : 1)));
  return TRUE;
}

/* What is left of the left part shares its last row with the right part when both fit; otherwise
 * the right part follows on a row of its own, still at the right edge. */
static gboolean
put_pair (Pen *pen, const TillLine *line, GError **error)
{
  g_autofree char *left = till_gbk_encode (line->left, error);
  g_autofree char *right = left ? till_gbk_encode (line->right, error) : NULL;
  if (!right)
    return FALSE;
  gsize columns = (gsize)(pen->paper->columns / (line->big ? 2 : 1));
  gsize right_size = strlen (right);
  const char *rest = left, *row = left;
  gsize size = take_row (row, columns, &rest);
  put_style (pen, TILL_ALIGN_LEFT, line->bold, line->big);
  while (*rest)
    {
      put_row (pen, row, size);
      row = rest;
      size = take_row (row, columns, &rest);
    }
  if (size + 1 + right_size > columns && size > 0)
    {
      put_row (pen, row, size);
      size = 0;
    }
  if (right_size > columns)
    {
      put_style (pen, TILL_ALIGN_RIGHT, line->bold, line->big);
      put_wrapped (pen, right, columns);
      return TRUE;
    }
  g_autofree char *joined = g_strdup_printf ("%.*s%*s%s", (int)size, row,
                                             (int)(columns - size - right_size), "", right);
  put_row (pen, joined, columns);
  return TRUE;
}

static guint8
digit_pair (const char *digits)
{
  return (guint8)((digits[0] - '0') * 10 + (digits[1] - '0'));
}

/* A DLE before one of these is a real-time command wherever it stands. */
static gboolean
obeyed_after_dle (guint8 value)
{
  return value == 0x04 || value == 0x05 || value == 0x14;
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

static void
put_barcode (Pen *pen, const TillLine *line)
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
      put_wrapped (pen, digits, (gsize)pen->paper->columns);
      return;
    }
  PUT (pen, GS, 'h', BARCODE_HEIGHT, GS, 'w', BARCODE_MODULE, GS, 'H', 2);
  PUT (pen, GS, 'k', 73, (guint8)data->len);
  g_byte_array_append (pen->bytes, data->data, data->len);
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
      put_barcode (pen, line);
      return TRUE;
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

GBytes *
till_escpos_build (const TillDoc *doc, const TillPaper *paper, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Pen pen = { bytes, paper, TILL_ALIGN_LEFT, FALSE, FALSE };
  PUT (&pen, ESC, '@', FS, '&');
  for (guint i = 0; i < doc->lines->len; i++)
    {
      if (!put_line (&pen, g_ptr_array_index (doc->lines, i), error))
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
