/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in a panel: some to read (help), or a few to write (why). Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_NOTE_PANEL (till_note_panel_get_type ())
G_DECLARE_FINAL_TYPE (TillNotePanel, till_note_panel, TILL, NOTE_PANEL, GtkBox)

extern const TillPanelKind till_note_panel_kind;

/* ask: what is to be written, or NULL when there is only something to read. Signal "answered":
 * Enter was pressed and something is written. */
TillNotePanel *till_note_panel_new (const char *words, const char *ask);
const char *till_note_panel_text (TillNotePanel *panel);
/* What stands there to be changed. */
void till_note_panel_set_text (TillNotePanel *panel, const char *text);

G_END_DECLS
