/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/part.h"

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), G_OBJECT_TYPE (object));
  GObjectClass *parent = g_type_class_peek_parent (G_OBJECT_GET_CLASS (object));
  parent->dispose (object);
}

void
till_part_class (gpointer widget_class, const char *ui)
{
  g_autofree char *path = g_strconcat ("/org/quittance/Till/", ui, NULL);
  G_OBJECT_CLASS (widget_class)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (widget_class, path);
}

guint
till_part_signal (gpointer object_class, const char *name)
{
  return g_signal_new (name, G_OBJECT_CLASS_TYPE (object_class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                       NULL, G_TYPE_NONE, 0);
}
