/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dense list with columns: one row is chosen, arrows move, Enter or a press opens. The rows are
 * words made by whoever fills it; the table knows nothing about them. Main thread only. */
#pragma once
#include "widgets/state-face.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TABLE_COLUMNS_MAX 8

typedef enum
{
  TILL_CELL_TEXT,   /* at the start, cut with an ellipsis */
  TILL_CELL_FIGURE, /* at the end, figures of one width */
  TILL_CELL_FACE,   /* the row's face: icon, word and colour */
} TillCellKind;

typedef struct
{
  const char *title; /* msgid; "" for none */
  TillCellKind kind;
  int chars; /* width in characters; 0: all the room that is left */
} TillColumn;

#define TILL_TYPE_TABLE_ROW (till_table_row_get_type ())
G_DECLARE_FINAL_TYPE (TillTableRow, till_table_row, TILL, TABLE_ROW, GObject)

/* Takes a copy of n texts (n at most TILL_TABLE_COLUMNS_MAX). */
TillTableRow *till_table_row_new (int64_t id, guint n, const char *const *cells);
void till_table_row_set_face (TillTableRow *row, TillFace face);
/* A class of style.css for the whole row, a constant: "quiet", "chosen". */
void till_table_row_set_style (TillTableRow *row, const char *style);
int64_t till_table_row_id (TillTableRow *row);

#define TILL_TYPE_TABLE (till_table_get_type ())
G_DECLARE_FINAL_TYPE (TillTable, till_table, TILL, TABLE, GtkBox)

/* Signals "moved" (the chosen row changed) and "opened" (a row was pressed). columns is a constant;
 * name is for those who listen. */
void till_table_set_up (TillTable *table, const char *name, const TillColumn *columns, guint n);
/* Replaces all rows with the TillTableRows in rows; the choice stays where it was if it can. */
void till_table_fill (TillTable *table, GPtrArray *rows);
guint till_table_n_rows (TillTable *table);
/* -1 while there is none. */
int till_table_chosen (TillTable *table);
int64_t till_table_chosen_id (TillTable *table); /* 0 while there is none */
void till_table_choose (TillTable *table, int index);
/* Up, Down, Page Up, Page Down, Home, End. TRUE: it was used. */
gboolean till_table_key (TillTable *table, guint keyval);

G_END_DECLS
