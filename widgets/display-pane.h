/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's display of a shop without one: what the very bytes for it would show, in the
 * language that is chosen. It is plugged in where other virtual devices are, and choosing another
 * language is plugging in another display. Main thread. */
#pragma once
#include "devices/usb/display-cells.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_DISPLAY_PANE (till_display_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillDisplayPane, till_display_pane, TILL, DISPLAY_PANE, GtkBox)

/* Where nobody listens at the socket it is dark, and the log says so. NULL: it is plugged in
 * nowhere, and shows what it is fed. */
GtkWidget *till_display_pane_new (const char *socket_path);
/* Made for whoever has room for it: which language the display speaks. Asked for once. */
GtkWidget *till_display_pane_choice (TillDisplayPane *pane);
void till_display_pane_feed (TillDisplayPane *pane, const guint8 *bytes, gsize size);
/* What stands on it; unowned. */
const TillDisplayCells *till_display_pane_cells (TillDisplayPane *pane);

G_END_DECLS
