/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of a window, drawn by itself and not taken from the screen: for the README and for the
 * golden pictures of the tests. With GSK_RENDERER=cairo the same window gives the same bytes. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The window must be mapped. INVALID when there is nothing to draw, STOPPED when the file cannot be
 * written. */
gboolean till_picture_write (GtkWindow *window, const char *path, GError **error);

G_END_DECLS
