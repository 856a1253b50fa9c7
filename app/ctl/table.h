/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of text for a terminal, aligned by what is seen: 中文 is four columns wide.
 * One thread; the caller owns what it gets. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef struct _TillTable TillTable;

/* A letter a column: 'l' left, 'r' right. */
TillTable *till_table_new (const char *alignment) G_GNUC_WARN_UNUSED_RESULT;
void till_table_free (TillTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTable, till_table_free)

/* As many texts as there are columns; NULL counts as "". Copies them. */
void till_table_row (TillTable *table, ...);
/* A line under the rows so far. */
void till_table_rule (TillTable *table);
/* Every row on a line of its own, indented by `indent` blanks, nothing behind the last word. */
char *till_table_text (const TillTable *table, int indent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
