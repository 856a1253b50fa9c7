/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dense list with columns: one row is chosen, arrows move, Enter or a press opens. The rows are
 * words made by whoever fills it; the table knows nothing about them. Main thread only. */
#pragma once
#include "widgets/state-face.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_SHEET_COLUMNS_MAX 8

typedef enum
{
  TILL_CELL_TEXT,   /* at the start, cut with an ellipsis */
  TILL_CELL_NUMBER, /* the same, cut where all numbers of a day are alike: at its beginning */
  TILL_CELL_FIGURE, /* at the end, figures of one width */
  TILL_CELL_FACE,   /* the row's face: icon, word and colour */
} TillCellKind;

typedef struct
{
  const char *title; /* msgid; "" for none */
  TillCellKind kind;
  int chars; /* width in characters; 0: all the room that is left */
} TillColumn;

#define TILL_TYPE_SHEET_ROW (till_sheet_row_get_type ())
G_DECLARE_FINAL_TYPE (TillSheetRow, till_sheet_row, TILL, SHEET_ROW, GObject)

/* Takes a copy of n texts (n at most TILL_SHEET_COLUMNS_MAX). */
TillSheetRow *till_sheet_row_new (int64_t id, guint n, const char *const *cells);
void till_sheet_row_set_face (TillSheetRow *row, TillFace face);
/* A class of style.css for the whole row, a constant: "quiet", "chosen". */
void till_sheet_row_set_style (TillSheetRow *row, const char *style);

#define TILL_TYPE_SHEET (till_sheet_get_type ())
G_DECLARE_FINAL_TYPE (TillSheet, till_sheet, TILL, SHEET, GtkBox)

/* Signals "moved" (the chosen row changed) and "opened" (a row was pressed). columns is a constant;
 * name is for those who listen. */
void till_sheet_set_up (TillSheet *table, const char *name, const TillColumn *columns, guint n);
/* Replaces all rows with the TillSheetRows in rows; the choice stays where it was if it can. */
void till_sheet_fill (TillSheet *table, GPtrArray *rows);
guint till_sheet_n_rows (TillSheet *table);
/* -1 while there is none. */
int till_sheet_chosen (TillSheet *table);
int64_t till_sheet_chosen_id (TillSheet *table); /* 0 while there is none */
void till_sheet_choose (TillSheet *table, int index);
/* Up, Down, Page Up, Page Down, Home, End. TRUE: it was used. */
gboolean till_sheet_key (TillSheet *table, guint keyval);

G_END_DECLS
