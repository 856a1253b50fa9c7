/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/file-panel.h"
#include "widgets/access.h"
#include "widgets/part.h"

#include <glib/gi18n-lib.h>

#define PATH_MAX_CHARS 1000
#define PASSWORD_MAX_CHARS 200

struct _TillFilePanel
{
  GtkBox parent;
  GtkEntry *path;                /* unowned; a child */
  GtkEntry *password;            /* unowned; a child, or NULL */
  GtkFileChooserNative *chooser; /* owned; while it is open */
};

G_DEFINE_FINAL_TYPE (TillFilePanel, till_file_panel, GTK_TYPE_BOX)

static guint answered_signal;

/* From the path to the password, and from there on. */
static void
answer (GtkWidget *widget)
{
  TillFilePanel *self = TILL_FILE_PANEL (widget);
  gboolean typing_path
      = !self->password || gtk_widget_get_focus_child (widget) == GTK_WIDGET (self->path);
  if (!*till_file_panel_path (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->path));
  else if (self->password && typing_path)
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  else
    g_signal_emit (self, answered_signal, 0);
}

static GtkWidget *
focus_of (GtkWidget *widget)
{
  TillFilePanel *self = TILL_FILE_PANEL (widget);
  gboolean at_password
      = self->password && gtk_widget_get_focus_child (widget) == GTK_WIDGET (self->password);
  return GTK_WIDGET (at_password ? self->password : self->path);
}

const TillPanelKind till_file_panel_kind = { NULL, answer, focus_of };

static void
on_chosen (TillFilePanel *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                               : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_clear_object (&self->chooser);
  if (path)
    gtk_editable_set_text (GTK_EDITABLE (self->path), path);
  gtk_widget_grab_focus (GTK_WIDGET (path && self->password ? self->password : self->path));
}

static void
choose (TillFilePanel *self)
{
  if (self->chooser)
    return;
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  self->chooser = gtk_file_chooser_native_new (_ ("Choose a file"), window,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Choose"), NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chosen), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
till_file_panel_dispose (GObject *object)
{
  g_clear_object (&TILL_FILE_PANEL (object)->chooser);
  G_OBJECT_CLASS (till_file_panel_parent_class)->dispose (object);
}

static void
till_file_panel_class_init (TillFilePanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = till_file_panel_dispose;
  answered_signal = till_part_signal (class, "answered");
}

static void
till_file_panel_init (TillFilePanel *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

static GtkEntry *
add_entry (TillFilePanel *self, const char *ask, int most)
{
  GtkWidget *entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), ask);
  gtk_entry_set_max_length (GTK_ENTRY (entry), most);
  till_access_name (entry, ask);
  gtk_box_append (GTK_BOX (self), entry);
  return GTK_ENTRY (entry);
}

TillFilePanel *
till_file_panel_new (const char *words, gboolean with_password)
{
  TillFilePanel *self = g_object_new (TILL_TYPE_FILE_PANEL, NULL);
  GtkWidget *label = gtk_label_new (words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_box_append (GTK_BOX (self), label);
  self->path = add_entry (self, _ ("Path of the file"), PATH_MAX_CHARS);
  if (with_password)
    {
      self->password = add_entry (self, _ ("Its password"), PASSWORD_MAX_CHARS);
      /* What GTK keeps for a password is wiped when it goes. */
      g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
      gtk_entry_set_buffer (self->password, buffer);
      gtk_entry_set_visibility (self->password, FALSE);
      gtk_entry_set_input_purpose (self->password, GTK_INPUT_PURPOSE_PASSWORD);
    }
  GtkWidget *find = gtk_button_new_with_label (_ ("Choose a file…"));
  g_signal_connect_swapped (find, "clicked", G_CALLBACK (choose), self);
  gtk_box_append (GTK_BOX (self), find);
  GtkWidget *take = gtk_button_new_with_label (_ ("Take it in"));
  gtk_widget_add_css_class (take, "suggested-action");
  g_signal_connect_swapped (take, "clicked", G_CALLBACK (answer), self);
  gtk_box_append (GTK_BOX (self), take);
  return self;
}

const char *
till_file_panel_path (TillFilePanel *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->path));
}

char *
till_file_panel_take_password (TillFilePanel *self)
{
  if (!self->password)
    return NULL;
  char *password = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->password)));
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  return password;
}
