/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of many, in a panel that slides over the page: by arrows and Enter, by a digit when there are
 * few, or by a search while typing. The only place besides notes where an input method works.
 * Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

#define TILL_TYPE_PICK_PANEL (till_pick_panel_get_type ())
G_DECLARE_FINAL_TYPE (TillPickPanel, till_pick_panel, TILL, PICK_PANEL, GtkBox)

/* A row was picked; the panel is closed already, and can still be asked which. */
typedef void (*TillPicked) (gpointer page, TillPickPanel *panel);

/* Signal "searched": the text changed. search: the words in the empty search field, or NULL for a
 * panel without one, where digits pick a row. */
TillPickPanel *till_pick_panel_new (const char *name, const TillColumn *columns, guint n,
                                    const char *search);
/* Slides it in over the page. */
void till_pick_panel_open (TillPickPanel *panel, TillCounter *counter, const char *title,
                           TillPicked picked, GtkWidget *page);
void till_pick_panel_fill (TillPickPanel *panel, GPtrArray *rows, const char *when_empty);
int64_t till_pick_panel_chosen_id (TillPickPanel *panel);
const char *till_pick_panel_text (TillPickPanel *panel);
void till_pick_panel_set_text (TillPickPanel *panel, const char *text);

G_END_DECLS
