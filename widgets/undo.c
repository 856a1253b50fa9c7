/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/undo.h"

void
till_undo_init (TillUndo *undo, GDestroyNotify free_state)
{
  undo->back = g_ptr_array_new_with_free_func (free_state);
  undo->forth = g_ptr_array_new_with_free_func (free_state);
}

void
till_undo_clear (TillUndo *undo)
{
  g_clear_pointer (&undo->back, g_ptr_array_unref);
  g_clear_pointer (&undo->forth, g_ptr_array_unref);
}

void
till_undo_forget (TillUndo *undo)
{
  g_ptr_array_set_size (undo->back, 0);
  g_ptr_array_set_size (undo->forth, 0);
}

static void
push (GPtrArray *states, gpointer state)
{
  if (states->len == TILL_UNDO_DEPTH)
    g_ptr_array_remove_index (states, 0);
  g_ptr_array_add (states, state);
}

void
till_undo_keep (TillUndo *undo, gpointer before)
{
  push (undo->back, before);
  g_ptr_array_set_size (undo->forth, 0);
}

static gpointer
move (GPtrArray *from, GPtrArray *to, gpointer now)
{
  if (from->len == 0)
    return NULL;
  gpointer state = g_ptr_array_steal_index (from, from->len - 1);
  push (to, now);
  return state;
}

gpointer
till_undo_back (TillUndo *undo, gpointer now)
{
  return move (undo->back, undo->forth, now);
}

gpointer
till_undo_forth (TillUndo *undo, gpointer now)
{
  return move (undo->forth, undo->back, now);
}
