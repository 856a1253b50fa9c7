/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/access.h"

/* Kept on the widget as well, because GTK 4.8 has no way to read an accessible property back and
 * the lint of the tests wants to. */
void
till_access_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (widget), "till-access-name", g_strdup (name), g_free);
}

void
till_access_keys (GtkWidget *widget, const char *keys)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS,
                                  keys, -1);
}
