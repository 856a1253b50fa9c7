/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page and part with a .ui file of its own does the same way, said once. All types are
 * final. Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* In class_init: widgets of this class are made from that file among the resources, and let go of
 * their children when they are disposed of. What else they own they free in finalize. */
void till_part_class (gpointer widget_class, const char *ui);
/* A signal without arguments. */
guint till_part_signal (gpointer object_class, const char *name);

G_END_DECLS
