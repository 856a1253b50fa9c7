/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/roll.h"
#include "data/core/text.h"
#include "data/core/gbk.h"

#include <string.h>

/* A longer QR payload than a slip can ask for is not kept: one stored payload can be printed again
 * and again by eight bytes, and every row holds its own copy. */
#define QR_MAX 512
#define CODE_MAX 255

typedef struct
{
  TillRoll *roll; /* unowned */
  const guint8 *bytes;
  gsize size;
  gsize at;

  gboolean kanji; /* pairs are read as GB18030 */
  gboolean bold;
  int width, height; /* of ASCII */
  int kanji_width, kanji_height;
  TillAlign align;
  int code_height, code_module;
  int qr_module;
  char qr_level;
  char *qr; /* owned; stored payload */

  TillRow *row; /* owned; being filled, or NULL */
  int columns;  /* used in it */
  guint rows;
  gboolean stop;
} Reader;

static void
span_free (gpointer data)
{
  TillSpan *span = data;
  g_free (span->text);
  g_free (span);
}

static void
row_free (gpointer data)
{
  TillRow *row = data;
  g_clear_pointer (&row->spans, g_ptr_array_unref);
  g_clear_pointer (&row->dots, g_bytes_unref);
  g_free (row->code);
  g_free (row);
}

static void
paper_free (gpointer data)
{
  TillRollPaper *paper = data;
  g_ptr_array_unref (paper->rows);
  g_free (paper);
}

static void
trouble_free (gpointer data)
{
  TillRollTrouble *trouble = data;
  g_free (trouble->words);
  g_free (trouble);
}

void
till_roll_free (TillRoll *roll)
{
  g_ptr_array_unref (roll->papers);
  g_ptr_array_unref (roll->troubles);
  g_free (roll);
}

static void G_GNUC_PRINTF (2, 3) complain (Reader *reader, const char *format, ...)
{
  GPtrArray *troubles = reader->roll->troubles;
  if (troubles->len >= TILL_ROLL_TROUBLES_MAX)
    return;
  TillRollTrouble *trouble = g_new0 (TillRollTrouble, 1);
  va_list args;
  va_start (args, format);
  trouble->words = g_strdup_vprintf (format, args);
  va_end (args);
  trouble->at = reader->at;
  g_ptr_array_add (troubles, trouble);
}

static TillRollPaper *
paper_at_hand (Reader *reader)
{
  GPtrArray *papers = reader->roll->papers;
  TillRollPaper *last = papers->len > 0 ? g_ptr_array_index (papers, papers->len - 1) : NULL;
  if (last && !last->cut)
    return last;
  TillRollPaper *paper = g_new0 (TillRollPaper, 1);
  paper->rows = g_ptr_array_new_with_free_func (row_free);
  g_ptr_array_add (papers, paper);
  return paper;
}

static TillRow *
row_new (TillRowKind kind, TillAlign align)
{
  TillRow *row = g_new0 (TillRow, 1);
  row->kind = kind;
  row->align = align;
  return row;
}

/* Cuts count too: without rows between them they would make papers without end. */
static gboolean
count_row (Reader *reader)
{
  if (++reader->rows <= TILL_ROLL_ROWS_MAX)
    return TRUE;
  complain (reader, "more than %d rows", TILL_ROLL_ROWS_MAX);
  reader->stop = TRUE;
  return FALSE;
}

static void
add_row (Reader *reader, TillRow *row)
{
  if (count_row (reader))
    g_ptr_array_add (paper_at_hand (reader)->rows, row);
  else
    row_free (row);
}

static void
end_row (Reader *reader)
{
  if (!reader->row)
    {
      reader->row = row_new (TILL_ROW_TEXT, reader->align);
      reader->row->spans = g_ptr_array_new_with_free_func (span_free);
    }
  add_row (reader, g_steal_pointer (&reader->row));
  reader->columns = 0;
}

/* Ends a row that was begun; used before whatever takes paper of its own. */
static void
end_text (Reader *reader)
{
  if (reader->row)
    end_row (reader);
}

static void
append (TillSpan *span, gunichar c, int columns)
{
  char utf8[7] = "";
  utf8[g_unichar_to_utf8 (c, utf8)] = '\0';
  g_autofree char *before = span->text;
  span->text = g_strconcat (before ? before : "", utf8, NULL);
  span->columns += columns;
}

static void
put_char (Reader *reader, gunichar c, int cells, int width, int height)
{
  int columns = cells * width;
  if (reader->columns + columns > reader->roll->paper->columns)
    end_row (reader);
  if (reader->stop)
    return;
  if (!reader->row)
    {
      reader->row = row_new (TILL_ROW_TEXT, reader->align);
      reader->row->spans = g_ptr_array_new_with_free_func (span_free);
    }
  GPtrArray *spans = reader->row->spans;
  TillSpan *span = spans->len > 0 ? g_ptr_array_index (spans, spans->len - 1) : NULL;
  if (!span || span->width != width || span->height != height || span->bold != reader->bold)
    {
      span = g_new0 (TillSpan, 1);
      span->width = width;
      span->height = height;
      span->bold = reader->bold;
      g_ptr_array_add (spans, span);
    }
  append (span, c, columns);
  reader->columns += columns;
}

static void
reset (Reader *reader)
{
  reader->kanji = reader->bold = FALSE;
  reader->width = reader->height = reader->kanji_width = reader->kanji_height = 1;
  reader->align = TILL_ALIGN_LEFT;
  reader->code_height = 162;
  reader->code_module = 3;
  reader->qr_module = 3;
  reader->qr_level = 'L';
  g_clear_pointer (&reader->qr, g_free);
}

/* Commands of a fixed length: what follows the two bytes of their name. */
typedef void (*Obey) (Reader *reader, const guint8 *args);

static void
on_init (Reader *reader, const guint8 *args)
{
  end_text (reader);
  reset (reader);
}

static void
on_align (Reader *reader, const guint8 *args)
{
  guint8 align = args[0] >= '0' ? (guint8)(args[0] - '0') : args[0];
  if (align > 2)
    complain (reader, "no such alignment: %d", args[0]);
  else
    reader->align = (TillAlign)align;
}

static void
on_bold (Reader *reader, const guint8 *args)
{
  reader->bold = args[0] & 1;
}

static void
on_size (Reader *reader, const guint8 *args)
{
  reader->width = ((args[0] >> 4) & 7) + 1;
  reader->height = (args[0] & 7) + 1;
}

static void
on_kanji_size (Reader *reader, const guint8 *args)
{
  reader->kanji_width = args[0] & 4 ? 2 : 1;
  reader->kanji_height = args[0] & 8 ? 2 : 1;
}

static void
on_kanji (Reader *reader, const guint8 *args)
{
  reader->kanji = TRUE;
}

static void
on_no_kanji (Reader *reader, const guint8 *args)
{
  reader->kanji = FALSE;
}

static void
on_feed (Reader *reader, const guint8 *args)
{
  end_text (reader);
  for (int i = 0; i < args[0] && !reader->stop; i++)
    end_row (reader);
}

static void
on_kick (Reader *reader, const guint8 *args)
{
  if (args[0] != 0 && args[0] != 1 && args[0] != '0' && args[0] != '1')
    complain (reader, "no such drawer: %d", args[0]);
  else
    add_row (reader, row_new (TILL_ROW_KICK, TILL_ALIGN_LEFT));
}

static void
on_code_height (Reader *reader, const guint8 *args)
{
  reader->code_height = MAX (1, args[0]);
}

static void
on_code_module (Reader *reader, const guint8 *args)
{
  if (args[0] < 2 || args[0] > 6)
    complain (reader, "no such bar width: %d", args[0]);
  else
    reader->code_module = args[0];
}

static void
on_nothing (Reader *reader, const guint8 *args)
{
}

static const struct
{
  guint8 intro, name;
  guint8 args;
  Obey obey;
} commands[] = {
  { 0x1B, '@', 0, on_init },        { 0x1B, 'a', 1, on_align },       { 0x1B, 'E', 1, on_bold },
  { 0x1B, 'd', 1, on_feed },        { 0x1B, 'p', 3, on_kick },        { 0x1D, '!', 1, on_size },
  { 0x1C, '!', 1, on_kanji_size },  { 0x1C, '&', 0, on_kanji },       { 0x1C, '.', 0, on_no_kanji },
  { 0x1D, 'h', 1, on_code_height }, { 0x1D, 'w', 1, on_code_module }, { 0x1D, 'H', 1, on_nothing },
  { 0x1D, 'f', 1, on_nothing },     { 0x1B, '2', 0, on_nothing },     { 0x1B, '3', 1, on_nothing },
  { 0x1B, 'M', 1, on_nothing },     { 0x1B, '-', 1, on_nothing },     { 0x1B, 't', 1, on_nothing },
  { 0x1C, 'C', 1, on_nothing },     { 0x1D, 'a', 1, on_nothing },     { 0x1D, 'r', 1, on_nothing },
  { 0x1D, 'I', 1, on_nothing },
};

/* Answers the n bytes at `from` behind the reader, or NULL when the stream ends before. */
static const guint8 *
ahead (Reader *reader, gsize from, gsize n)
{
  if (reader->size - reader->at >= from && reader->size - reader->at - from >= n)
    return reader->bytes + reader->at + from;
  complain (reader, "the bytes end inside a command");
  reader->at = reader->size;
  return NULL;
}

/* The digits of Code 128 data, sets B and C; NULL when it holds anything else. */
static char *
code128_digits (const guint8 *data, gsize n)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  char set = '\0';
  for (gsize i = 0; i < n; i++)
    if (data[i] == '{' && i + 1 < n && (data[i + 1] == 'B' || data[i + 1] == 'C'))
      set = (char)data[++i];
    else if (set == 'C' && data[i] < 100)
      g_string_append_printf (digits, "%02d", data[i]);
    else if (set == 'B' && g_ascii_isdigit (data[i]))
      g_string_append_c (digits, (char)data[i]);
    else
      return NULL;
  return digits->len > 0 ? g_strdup (digits->str) : NULL;
}

/* GS k m n d1…dn */
static void
read_barcode (Reader *reader)
{
  const guint8 *head = ahead (reader, 2, 2);
  const guint8 *data = head ? ahead (reader, 4, head[1]) : NULL;
  if (!data)
    return;
  g_autofree char *digits = head[0] == 73 ? code128_digits (data, head[1]) : NULL;
  if (!digits)
    complain (reader, "a bar code that is no Code 128 of digits");
  else
    {
      end_text (reader);
      TillRow *row = row_new (TILL_ROW_BARCODE, reader->align);
      row->code = g_steal_pointer (&digits);
      row->module = reader->code_module;
      row->height = reader->code_height;
      add_row (reader, row);
    }
  reader->at += 4 + (gsize)head[1];
}

static void
print_qr (Reader *reader)
{
  if (!reader->qr)
    {
      complain (reader, "a QR code without payload");
      return;
    }
  end_text (reader);
  TillRow *row = row_new (TILL_ROW_QR, reader->align);
  row->code = g_strdup (reader->qr);
  row->module = reader->qr_module;
  row->level = reader->qr_level;
  add_row (reader, row);
}

/* data: cn fn … of GS ( k */
static void
read_qr (Reader *reader, const guint8 *data, gsize n)
{
  if (n < 3 || data[0] != 49)
    complain (reader, "a two-dimensional code that is no QR code");
  else if (data[1] == 67 && data[2] >= 1 && data[2] <= 16)
    reader->qr_module = data[2];
  else if (data[1] == 69 && data[2] >= 48 && data[2] <= 51)
    reader->qr_level = "LMQH"[data[2] - 48];
  else if (data[1] == 80 && n > 3 && n - 3 <= QR_MAX)
    {
      g_free (reader->qr);
      g_autofree char *payload = g_strndup ((const char *)data + 3, n - 3);
      reader->qr = till_text_clean (payload, QR_MAX);
    }
  else if (data[1] == 81)
    print_qr (reader);
  else if (data[1] != 65)
    complain (reader, "QR function %d is not understood", data[1]);
}

/* GS ( x pL pH data: of a stated length, so what is not understood can be stepped over. */
static void
read_bracket (Reader *reader)
{
  const guint8 *head = ahead (reader, 2, 3);
  gsize n = head ? head[1] | (gsize)head[2] << 8 : 0;
  const guint8 *data = head ? ahead (reader, 5, n) : NULL;
  if (!data)
    return;
  if (head[0] == 'k')
    read_qr (reader, data, n);
  else
    complain (reader, "GS ( 0x%02x is not understood", head[0]);
  reader->at += 5 + n;
}

/* GS V m, and GS V m n with a feed before the cut. */
static void
read_cut (Reader *reader)
{
  const guint8 *mode = ahead (reader, 2, 1);
  gboolean feeds = mode && (*mode == 65 || *mode == 66);
  if (!mode || (feeds && !ahead (reader, 3, 1)))
    return;
  if (feeds || *mode == 0 || *mode == 1 || *mode == '0' || *mode == '1')
    {
      end_text (reader);
      if (!reader->stop && count_row (reader))
        paper_at_hand (reader)->cut = TRUE;
    }
  else
    complain (reader, "no such cut: %d", *mode);
  reader->at += feeds ? 4 : 3;
}

/* head: 0 m xL xH yL yH of GS v, dots: across * height bytes. */
static void
print_picture (Reader *reader, const guint8 *head, const guint8 *dots, gsize across, gsize height)
{
  guint8 mode = head[1] >= '0' ? (guint8)(head[1] - '0') : head[1];
  gsize scale_x = mode & 1 ? 2 : 1, scale_y = mode & 2 ? 2 : 1;
  if (head[0] != '0' || mode > 3 || across == 0 || height == 0)
    complain (reader, "a picture that is none");
  else if (height > TILL_RASTER_HEIGHT_MAX)
    complain (reader, "a picture of %d lines, more than a printer takes", (int)height);
  else if (across * 8 * scale_x > (gsize)reader->roll->paper->dots)
    complain (reader, "a picture wider than the paper");
  else
    {
      end_text (reader);
      TillRow *row = row_new (TILL_ROW_PICTURE, reader->align);
      row->dots = g_bytes_new (dots, across * height);
      row->across = (int)across;
      row->height = (int)height;
      row->scale_x = (int)scale_x;
      row->scale_y = (int)scale_y;
      add_row (reader, row);
    }
}

/* GS v 0 m xL xH yL yH data. */
static void
read_raster (Reader *reader)
{
  const guint8 *head = ahead (reader, 2, 6);
  if (!head)
    return;
  gsize across = head[2] | (gsize)head[3] << 8, height = head[4] | (gsize)head[5] << 8;
  const guint8 *dots = ahead (reader, 8, across * height);
  if (!dots)
    return;
  print_picture (reader, head, dots, across, height);
  reader->at += 8 + across * height;
}

static void
read_command (Reader *reader)
{
  const guint8 *head = ahead (reader, 0, 2);
  if (!head)
    return;
  if (head[0] == 0x1D && head[1] == 'k')
    read_barcode (reader);
  else if (head[0] == 0x1D && head[1] == '(')
    read_bracket (reader);
  else if (head[0] == 0x1D && head[1] == 'V')
    read_cut (reader);
  else if (head[0] == 0x1D && head[1] == 'v')
    read_raster (reader);
  else
    {
      for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        {
          if (commands[i].intro != head[0] || commands[i].name != head[1])
            continue;
          const guint8 *args = ahead (reader, 2, commands[i].args);
          if (!args)
            return;
          commands[i].obey (reader, args);
          reader->at += 2 + (gsize)commands[i].args;
          return;
        }
      complain (reader, "command 0x%02x 0x%02x is not understood", head[0], head[1]);
      reader->at += 2;
    }
}

static void
read_wide (Reader *reader, guint8 byte)
{
  gsize left = reader->size - reader->at;
  gunichar c
      = reader->kanji && left >= 2 ? till_gbk_decode (byte, reader->bytes[reader->at + 1]) : 0xFFFD;
  if (c == 0xFFFD)
    {
      complain (reader, "byte 0x%02x is no character", byte);
      put_char (reader, 0xFFFD, 1, reader->width, reader->height);
      reader->at++;
      return;
    }
  put_char (reader, c, 2, reader->kanji_width, reader->kanji_height);
  reader->at += 2;
}

static void
read_next (Reader *reader)
{
  guint8 byte = reader->bytes[reader->at];
  if (byte == 0x1B || byte == 0x1C || byte == 0x1D)
    read_command (reader);
  else if (byte == '\n')
    {
      end_row (reader);
      reader->at++;
    }
  else if (byte < 0x20 || byte == 0x7F)
    {
      complain (reader, "stray control byte 0x%02x", byte);
      reader->at++;
    }
  else if (byte < 0x7F)
    {
      put_char (reader, byte, 1, reader->width, reader->height);
      reader->at++;
    }
  else
    read_wide (reader, byte);
}

TillRoll *
till_roll_read (GBytes *bytes, const TillPaper *paper)
{
  TillRoll *roll = g_new0 (TillRoll, 1);
  roll->paper = paper;
  roll->papers = g_ptr_array_new_with_free_func (paper_free);
  roll->troubles = g_ptr_array_new_with_free_func (trouble_free);
  Reader reader = { .roll = roll };
  reader.bytes = g_bytes_get_data (bytes, &reader.size);
  reset (&reader);
  if (reader.size > TILL_ROLL_BYTES_MAX)
    {
      complain (&reader, "more than %d bytes", TILL_ROLL_BYTES_MAX);
      reader.size = TILL_ROLL_BYTES_MAX;
    }
  while (reader.at < reader.size && !reader.stop)
    read_next (&reader);
  if (!reader.stop)
    end_text (&reader);
  g_clear_pointer (&reader.row, row_free);
  g_free (reader.qr);
  return roll;
}

static void
put_aligned (GString *text, TillAlign align, int columns, int used, const char *words)
{
  int room = MAX (0, columns - used);
  int indent = align == TILL_ALIGN_LEFT ? 0 : align == TILL_ALIGN_RIGHT ? room : room / 2;
  g_string_append_printf (text, "%*s%s", indent, "", words);
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
put_row (GString *text, const TillRow *row, int columns)
{
  g_autoptr (GString) words = g_string_new (NULL);
  int used = 0;
  for (guint i = 0; row->spans && i < row->spans->len; i++)
    {
      const TillSpan *span = g_ptr_array_index (row->spans, i);
      g_string_append (words, span->text);
      used += span->columns;
    }
  if (row->kind == TILL_ROW_BARCODE)
    g_string_append_printf (words, "|| %s ||", row->code);
  else if (row->kind == TILL_ROW_QR)
    g_string_append_printf (words, "[QR %s]", row->code);
  else if (row->kind == TILL_ROW_PICTURE)
    g_string_append (words, "[picture]");
  else if (row->kind == TILL_ROW_KICK)
    g_string_append (words, "[drawer]");
  put_aligned (text, row->align, columns, used > 0 ? used : till_text_columns (words->str),
               words->str);
}

char *
till_roll_to_text (const TillRoll *roll)
{
  GString *text = g_string_new (NULL);
  int columns = roll->paper->columns;
  for (guint i = 0; i < roll->papers->len; i++)
    {
      const TillRollPaper *paper = g_ptr_array_index (roll->papers, i);
      for (guint k = 0; k < paper->rows->len; k++)
        put_row (text, g_ptr_array_index (paper->rows, k), columns);
      if (paper->cut)
        {
          g_string_append (text, "8<");
          for (int c = 2; c < columns; c++)
            g_string_append_c (text, c % 2 ? '-' : ' ');
          g_string_append_c (text, '\n');
        }
    }
  return g_string_free (text, FALSE);
}
