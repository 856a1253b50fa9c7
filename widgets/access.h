/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for those who listen to the screen: every control whose face is not a plain label gets one
 * here. Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

void till_access_name (GtkWidget *widget, const char *name);
/* The keys that do the same, as "F2" or "Control+z". */
void till_access_keys (GtkWidget *widget, const char *keys);

G_END_DECLS
