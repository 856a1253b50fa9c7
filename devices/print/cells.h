/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of one line of a slip on the columns of paper, where a byte of `cells` is a column:
 * either the very bytes for the printer (data/core/gbk.h), or, when its font lacks one of the
 * characters, stand-ins of the right width and beside them the words to be drawn. Both wrap by the
 * same rules. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* More marks on one character than this are left out: no script stacks more, and pranks do. */
#define TILL_MARKS_MAX 3

typedef struct
{
  char *cells;    /* owned; two bytes of a pair, or one of ASCII */
  char *text;     /* owned; UTF-8 without control characters; NULL: cells can be sent */
  GArray *starts; /* owned; of gsize: where in text the character of a cell begins; NULL as text */
} TillCells;

/* As it is sent: what the font lacks is "?". *lacks, if given, becomes TRUE when drawing would show
 * more. NULL with INVALID when this system has no converter. */
TillCells *till_cells_new (const char *text, gboolean *lacks,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As it is drawn: wide characters take two columns, all others one, marks none. */
TillCells *till_cells_new_drawn (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void till_cells_free (TillCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCells, till_cells_free)

/* How many cells from `from` on make the next row: broken at a blank or beside a hanzi where there
 * is one, inside a word otherwise. *rest is where the row after it begins. */
gsize till_cells_take (const TillCells *cells, gsize from, gsize columns, gsize *rest);

/* A piece of a drawn row: it begins at x and is as wide as its columns are, in dots. */
typedef struct
{
  char *text; /* owned */
  int x, dots;
} TillRun;

void till_run_free (TillRun *run);
/* Adds size drawn cells to runs (of TillRun), the first at x: one run for each stretch of equally
 * wide characters, so that every column stays where it is whatever face draws it. */
void till_cells_add_runs (const TillCells *cells, gsize from, gsize size, int x, int dots_a_column,
                          GPtrArray *runs);

G_END_DECLS
