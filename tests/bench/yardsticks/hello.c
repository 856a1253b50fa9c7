/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least a GTK program with a place to type is. */
#include <gtk/gtk.h>

/* So that a Return changes pixels too. */
static void
on_return (GtkEntry *entry, gpointer user)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
on_activate (GtkApplication *application, gpointer user)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  gtk_box_append (GTK_BOX (box), gtk_label_new ("Hello"));
  gtk_box_append (GTK_BOX (box), entry);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1024, 768);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (entry);
  g_signal_connect (entry, "activate", G_CALLBACK (on_return), NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
