/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps back and forth in a draft: whole states, at most TILL_UNDO_DEPTH of them, the oldest falls
 * out. Knows nothing of what a state is. One thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_UNDO_DEPTH 50

typedef struct
{
  GPtrArray *back;  /* owned; states before the one at hand, the latest last */
  GPtrArray *forth; /* owned; states that were stepped back from, the latest last */
} TillUndo;

void till_undo_init (TillUndo *undo, GDestroyNotify free_state);
void till_undo_clear (TillUndo *undo);
/* A new draft: there is nothing to go back to. */
void till_undo_forget (TillUndo *undo);
/* The state before a change; takes it. Whatever was stepped back from is gone. */
void till_undo_keep (TillUndo *undo, gpointer before);
/* Hands the state before (after) over and takes the one at hand; NULL and nothing taken when there
 * is none. */
gpointer till_undo_back (TillUndo *undo, gpointer now);
gpointer till_undo_forth (TillUndo *undo, gpointer now);

G_END_DECLS
