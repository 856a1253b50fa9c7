/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as text: reading delimited files that anybody may have written, and writing ones that no
 * spreadsheet takes for a program. The one keeper of libcsv.
 *
 * Reading: the delimiter (tab, semicolon, comma) is guessed from the first line. Comma and
 * semicolon files follow RFC 4180, strictly; in a tab file a quote is a character like any other,
 * because that is how such files are written. The encoding is UTF-8 (a mark at the start is
 * skipped) or GB18030, both strict. A row that cannot be read is handed over with its problem and
 * the reading goes on with the line after the one where that row began, so that a stray quote costs
 * one row only. Bounds: a file 256 MiB, a field 4 KiB, 64 columns, 64 lines and 256 KiB a row.
 *
 * Any thread; nothing is kept between calls. Errors: NOT_FOUND, INVALID (too large, no text),
 * STOPPED (cannot be read), and whatever on_row sets. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

#define TILL_CSV_FILE_MAX (INT64_C (256) * 1024 * 1024)
#define TILL_CSV_FIELD_MAX 4096
#define TILL_CSV_COLUMNS_MAX 64
#define TILL_CSV_ROW_LINES_MAX 64
#define TILL_CSV_ROW_MAX (TILL_CSV_FIELD_MAX * TILL_CSV_COLUMNS_MAX)

typedef struct
{
  int64_t line;              /* physical line where the row starts, from 1 */
  int64_t done, total;       /* bytes of the file */
  const char *problem;       /* NULL for a row that could be read; else why not, for the log */
  const char *encoding;      /* "UTF-8" or "GB18030" */
  guint n;                   /* columns; 0 with a problem */
  const char *const *fields; /* n of them, valid UTF-8; until the callback returns */
  const char *raw;           /* beginning of the row's first line, perhaps no valid text */
} TillCsvRow;

/* FALSE stops the reading; error may be set, or not when stopping is no failure. */
typedef gboolean (*TillCsvOnRow) (const TillCsvRow *row, gpointer user, GError **error);

/* Calls on_row for every row that is not blank, the header first. FALSE when it could not be read
 * or on_row said so. digest may be NULL; else it is the SHA-256 of exactly what was read, set (and
 * the caller's) before the first row. */
gboolean till_csv_read (const char *path, TillCsvOnRow on_row, gpointer user, char **digest,
                        GError **error);

/* Writing. A text that a spreadsheet would run (it begins with = + - @, their full-width forms, tab
 * or a line break) gets an apostrophe before it; a figure is written as it is and must look like
 * one (asserted: digits, point, leading minus). Rows end with CR LF. */
void till_csv_add_text (GString *file, const char *text);
void till_csv_add_figure (GString *file, const char *figure);
void till_csv_end_row (GString *file);

G_END_DECLS
