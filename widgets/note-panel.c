/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/note-panel.h"
#include "widgets/access.h"
#include "widgets/part.h"
#include "data/core/text.h"

#include <glib/gi18n-lib.h>

struct _TillNotePanel
{
  GtkBox parent;
  GtkEntry *entry;    /* unowned; a child, or NULL */
  GtkWidget *missing; /* unowned; a child: nothing is written */
};

G_DEFINE_FINAL_TYPE (TillNotePanel, till_note_panel, GTK_TYPE_BOX)

static guint answered_signal;

static gboolean
is_written (TillNotePanel *self)
{
  g_autofree char *text = g_strdup (till_note_panel_text (self));
  return *g_strstrip (text) != '\0';
}

static void
answer (GtkWidget *widget)
{
  TillNotePanel *self = TILL_NOTE_PANEL (widget);
  if (!self->entry)
    return;
  gtk_widget_set_visible (self->missing, !is_written (self));
  if (is_written (self))
    g_signal_emit (self, answered_signal, 0);
}

static GtkWidget *
focus_of (GtkWidget *widget)
{
  return (GtkWidget *)TILL_NOTE_PANEL (widget)->entry;
}

const TillPanelKind till_note_panel_kind = { NULL, answer, focus_of };

static void
till_note_panel_class_init (TillNotePanelClass *class)
{
  answered_signal = till_part_signal (class, "answered");
}

static void
till_note_panel_init (TillNotePanel *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

TillNotePanel *
till_note_panel_new (const char *words, const char *ask)
{
  TillNotePanel *self = g_object_new (TILL_TYPE_NOTE_PANEL, NULL);
  GtkWidget *label = gtk_label_new (words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), label);
  if (!ask)
    return self;
  /* No wider than the panel: what the words are about stays in sight. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);

  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_placeholder_text (self->entry, ask);
  gtk_entry_set_max_length (self->entry, TILL_TEXT_MAX);
  till_access_name (GTK_WIDGET (self->entry), ask);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->entry));
  self->missing = gtk_label_new (_ ("Write it down first. Nothing was changed."));
  gtk_label_set_wrap (GTK_LABEL (self->missing), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->missing), 0);
  gtk_widget_add_css_class (self->missing, "warn-text");
  gtk_widget_set_visible (self->missing, FALSE);
  gtk_box_append (GTK_BOX (self), self->missing);
  GtkWidget *button = gtk_button_new_with_label (_ ("Save"));
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (answer), self);
  gtk_box_append (GTK_BOX (self), button);
  return self;
}

const char *
till_note_panel_text (TillNotePanel *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void
till_note_panel_set_text (TillNotePanel *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}
