/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/csv.h"
#include "data/core/digest.h"
#include "data/core/error.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the file --- */

static gboolean
read_whole (int fd, char *data, gsize size, GError **error)
{
  gsize done = 0;
  while (done < size)
    {
      gssize n = read (fd, data + done, size - done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "the file cannot be read whole: %s",
                       n < 0 ? g_strerror (errno) : "it became shorter meanwhile");
          return FALSE;
        }
      done += (gsize)n;
    }
  return TRUE;
}

static GBytes *
load_open (int fd, const char *path, GError **error)
{
  struct stat about;
  if (fstat (fd, &about) != 0 || !S_ISREG (about.st_mode))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no file", path);
      return NULL;
    }
  if (about.st_size > TILL_CSV_FILE_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is larger than 256 MiB", path);
      return NULL;
    }
  gsize size = (gsize)about.st_size;
  g_autofree char *data = g_malloc (size + 1);
  if (!read_whole (fd, data, size, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static GBytes *
load (const char *path, GError **error)
{
  /* Not blocking, so that a pipe under this name cannot hold us. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      g_set_error (error, TILL_ERROR, errno == ENOENT ? TILL_ERROR_NOT_FOUND : TILL_ERROR_STOPPED,
                   "cannot open %s: %s", path, g_strerror (errno));
      return NULL;
    }
  GBytes *file = load_open (fd, path, error);
  close (fd);
  return file;
}

/* --- lines --- */

typedef struct
{
  const char *data; /* unowned */
  gsize size, at;
  int64_t number; /* of the line that starts at `at` */
} Lines;

/* The next line without its end (LF, CR LF or CR). */
static gboolean
next_line (Lines *lines, const char **text, gsize *length)
{
  if (lines->at >= lines->size)
    return FALSE;
  const char *start = lines->data + lines->at;
  gsize left = lines->size - lines->at, n = 0;
  while (n < left && start[n] != '\n' && start[n] != '\r')
    n++;
  *text = start;
  *length = n;
  if (n + 1 < left && start[n] == '\r' && start[n + 1] == '\n')
    n++;
  lines->at += MIN (n + 1, left);
  lines->number++;
  return TRUE;
}

static gboolean
is_ascii (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar)text[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* By the lines that are not plain ASCII: a GB18030 line is hardly ever good UTF-8, so one damaged
 * line does not turn a UTF-8 file into nonsense that happens to be GB18030. */
static gboolean
looks_like_gb18030 (Lines lines)
{
  int64_t good = 0, bad = 0;
  const char *text;
  gsize length;
  while (next_line (&lines, &text, &length))
    if (!is_ascii (text, length))
      *(g_utf8_validate_len (text, length, NULL) ? &good : &bad) += 1;
  return bad > good;
}

/* --- rows --- */

typedef struct
{
  Lines lines;
  GIConv gb18030;        /* owned; (GIConv) -1 for UTF-8 */
  struct csv_parser csv; /* owned */
  gboolean parsing;      /* csv is made */
  guchar delimiter;
  GString *arena; /* owned; the fields, each ended by NUL */
  gsize starts[TILL_CSV_COLUMNS_MAX];
  const char *fields[TILL_CSV_COLUMNS_MAX];
  guint n;
  gboolean ended;
  const char *problem;
} Reader;

static void
reader_clear (Reader *reader)
{
  if (reader->gb18030 != (GIConv)-1)
    g_iconv_close (reader->gb18030);
  if (reader->parsing)
    csv_free (&reader->csv);
  g_string_free (reader->arena, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
append_converted (Reader *reader, const char *text, gsize length)
{
  char out[TILL_CSV_FIELD_MAX * 2];
  char *from = (char *)text, *to = out;
  gsize from_left = length, to_left = sizeof out;
  g_iconv (reader->gb18030, NULL, NULL, NULL, NULL);
  if (g_iconv (reader->gb18030, &from, &from_left, &to, &to_left) == (gsize)-1 || from_left > 0)
    reader->problem = "it is not GB18030 throughout";
  g_string_append_len (reader->arena, out, (gssize)(sizeof out - to_left));
}

static void
on_field (void *text, size_t length, void *user)
{
  Reader *reader = user;
  if (reader->problem)
    return;
  if (reader->n == TILL_CSV_COLUMNS_MAX)
    reader->problem = "it has more than 64 columns";
  else if (length > TILL_CSV_FIELD_MAX)
    reader->problem = "a field is longer than 4 KiB";
  if (reader->problem)
    return;
  reader->starts[reader->n++] = reader->arena->len;
  if (reader->gb18030 != (GIConv)-1)
    append_converted (reader, text, length);
  else if (g_utf8_validate_len (text, length, NULL))
    g_string_append_len (reader->arena, text, (gssize)length);
  else
    reader->problem = "it is not UTF-8 throughout";
  g_string_append_c (reader->arena, '\0');
}

static void
on_row_end (int last, void *user)
{
  ((Reader *)user)->ended = TRUE;
}

static void
start_row (Reader *reader)
{
  if (reader->parsing)
    csv_free (&reader->csv);
  /* Every line end is reported, also of a blank line: that tells a row that goes on in quotes from
   * one that is over. */
  if (csv_init (&reader->csv, CSV_STRICT | CSV_REPALL_NL) != 0)
    g_error ("libcsv cannot start");
  reader->parsing = TRUE;
  csv_set_delim (&reader->csv, reader->delimiter);
  if (reader->delimiter == '\t')
    csv_set_quote (&reader->csv, '\0'); /* a byte no row has: quotes are plain */
  g_string_truncate (reader->arena, 0);
  reader->n = 0;
  reader->ended = FALSE;
  reader->problem = NULL;
}

static void
feed (Reader *reader, const char *text, gsize length)
{
  if (memchr (text, '\0', length))
    reader->problem = "it has a NUL byte";
  else if (csv_parse (&reader->csv, text, length, on_field, on_row_end, reader) != length
           || csv_parse (&reader->csv, "\n", 1, on_field, on_row_end, reader) != 1)
    reader->problem = "a quote stands where none may stand";
}

/* Reads one row, which may be blank (n is 0). FALSE at the end of the file. */
static gboolean
next_row (Reader *reader, const char **first, gsize *first_length)
{
  Lines after_first;
  gsize length, size = 0;
  const char *text;
  start_row (reader);
  for (int i = 0; !reader->ended && !reader->problem; i++)
    {
      if (!next_line (&reader->lines, &text, &length))
        {
          if (i == 0)
            return FALSE;
          reader->problem = "a quote is never closed";
          break;
        }
      if (i == 0)
        {
          *first = text;
          *first_length = length;
          after_first = reader->lines;
        }
      size += length + 1;
      if (size > TILL_CSV_ROW_MAX || i == TILL_CSV_ROW_LINES_MAX)
        reader->problem = "it is too long; perhaps a quote is never closed";
      else
        feed (reader, text, length);
    }
  if (reader->problem)
    {
      reader->lines = after_first;
      reader->n = 0;
    }
  for (guint i = 0; i < reader->n; i++)
    reader->fields[i] = reader->arena->str + reader->starts[i];
  return TRUE;
}

static guchar
guess_delimiter (Lines lines)
{
  static const char candidates[] = "\t;,";
  const char *text;
  gsize length, counts[3] = { 0 }, best = 2;
  gboolean quoted = FALSE;
  if (!next_line (&lines, &text, &length))
    return ',';
  for (gsize i = 0; i < length; i++)
    {
      const char *which = text[i] ? strchr (candidates, text[i]) : NULL;
      quoted ^= text[i] == '"';
      if (which && !quoted)
        counts[which - candidates]++;
    }
  for (gsize i = 0; i < 3; i++)
    if (counts[i] > counts[best])
      best = i;
  return (guchar)candidates[best];
}

static gboolean
skip_mark (Lines *lines, gboolean *is_utf8, GError **error)
{
  const guchar *start = (const guchar *)lines->data;
  *is_utf8 = lines->size >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0;
  if (*is_utf8)
    lines->at = 3;
  if (lines->size >= 2 && start[0] + start[1] == 0xff + 0xfe && (start[0] | start[1]) == 0xff)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the file is UTF-16: save it as UTF-8 or GB18030");
      return FALSE;
    }
  return TRUE;
}

gboolean
till_csv_read (const char *path, TillCsvOnRow on_row, gpointer user, char **digest, GError **error)
{
  g_autoptr (GBytes) file = load (path, error);
  if (!file)
    return FALSE;
  g_auto (Reader) reader = { .gb18030 = (GIConv)-1, .arena = g_string_new (NULL) };
  reader.lines.data = g_bytes_get_data (file, &reader.lines.size);
  if (digest)
    *digest = till_digest_hex (reader.lines.data, reader.lines.size);
  gboolean marked;
  if (!skip_mark (&reader.lines, &marked, error))
    return FALSE;
  if (!marked && looks_like_gb18030 (reader.lines))
    {
      reader.gb18030 = g_iconv_open ("UTF-8", "GB18030");
      if (reader.gb18030 == (GIConv)-1)
        {
          g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                               "the file is not UTF-8 and this system cannot read GB18030");
          return FALSE;
        }
    }
  reader.delimiter = guess_delimiter (reader.lines);

  TillCsvRow row = { .total = (int64_t)reader.lines.size, .fields = reader.fields };
  row.encoding = reader.gb18030 == (GIConv)-1 ? "UTF-8" : "GB18030";
  const char *first = NULL;
  gsize length = 0;
  for (row.line = 1; next_row (&reader, &first, &length); row.line = reader.lines.number + 1)
    {
      if (reader.n == 0 && !reader.problem)
        continue;
      g_autofree char *raw = g_strndup (first, MIN (length, TILL_CSV_FIELD_MAX));
      row.problem = reader.problem;
      row.n = reader.n;
      row.done = (int64_t)reader.lines.at;
      row.raw = raw;
      if (!on_row (&row, user, error))
        return FALSE;
    }
  return TRUE;
}

/* --- writing --- */

static void
separate (GString *file)
{
  if (file->len > 0 && file->str[file->len - 1] != '\n')
    g_string_append_c (file, ',');
}

static gboolean
is_dangerous (const char *text)
{
  static const char *const starts[] = {
    "=",           "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
    "\xef\xbc\xa0"
  };
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (text, starts[i]))
      return TRUE;
  return FALSE;
}

void
till_csv_add_text (GString *file, const char *text)
{
  g_autofree char *safe = g_strconcat (is_dangerous (text) ? "'" : "", text, NULL);
  gsize length = strlen (safe), room = csv_write (NULL, 0, safe, length);
  separate (file);
  gsize start = file->len;
  g_string_set_size (file, start + room);
  csv_write (file->str + start, room, safe, length);
}

void
till_csv_add_figure (GString *file, const char *figure)
{
  const char *digits = figure + (*figure == '-');
  g_assert (g_ascii_isdigit (*digits) && strspn (digits, "0123456789.-") == strlen (digits));
  separate (file);
  g_string_append (file, figure);
}

void
till_csv_end_row (GString *file)
{
  g_string_append (file, "\r\n");
}
