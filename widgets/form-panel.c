/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/form-panel.h"
#include "data/core/text.h"
#include "widgets/access.h"
#include "widgets/part.h"

#include <glib/gi18n-lib.h>

struct _TillFormPanel
{
  GtkBox parent;
  GtkWidget *entries[TILL_FORM_LINES_MAX]; /* unowned; children */
  guint n;
  GtkLabel *wrong; /* unowned; a child */
};

G_DEFINE_FINAL_TYPE (TillFormPanel, till_form_panel, GTK_TYPE_BOX)

static guint answered_signal;

static guint
line_with_focus (TillFormPanel *self)
{
  for (guint i = 0; i < self->n; i++)
    if (gtk_widget_get_state_flags (self->entries[i]) & GTK_STATE_FLAG_FOCUS_WITHIN)
      return i;
  return 0;
}

static void
save (TillFormPanel *self)
{
  g_signal_emit (self, answered_signal, 0);
}

static void
go_on (GtkWidget *widget)
{
  TillFormPanel *self = TILL_FORM_PANEL (widget);
  guint line = line_with_focus (self);
  if (line + 1 < self->n)
    gtk_widget_grab_focus (self->entries[line + 1]);
  else
    save (self);
}

static GtkWidget *
focus_of (GtkWidget *widget)
{
  TillFormPanel *self = TILL_FORM_PANEL (widget);
  return self->entries[line_with_focus (self)];
}

const TillPanelKind till_form_panel_kind = { NULL, go_on, focus_of };

static void
till_form_panel_class_init (TillFormPanelClass *class)
{
  answered_signal = till_part_signal (class, "answered");
}

static void
till_form_panel_init (TillFormPanel *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

static GtkLabel *
add_words (GtkBox *box, const char *words)
{
  GtkWidget *label = gtk_label_new (words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
add_line (TillFormPanel *self, GtkGrid *grid, const TillFormLine *line)
{
  GtkWidget *label = gtk_label_new (_ (line->label));
  GtkWidget *entry = gtk_entry_new ();
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_entry_set_max_length (GTK_ENTRY (entry), TILL_TEXT_MAX);
  if (line->hint)
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ (line->hint));
  gtk_widget_set_hexpand (entry, TRUE);
  till_access_name (entry, _ (line->label));
  gtk_grid_attach (grid, label, 0, (int)self->n, 1, 1);
  gtk_grid_attach (grid, entry, 1, (int)self->n, 1, 1);
  self->entries[self->n++] = entry;
}

TillFormPanel *
till_form_panel_new (const char *words, const TillFormLine *lines, guint n)
{
  TillFormPanel *self = g_object_new (TILL_TYPE_FORM_PANEL, NULL);
  GtkWidget *grid = gtk_grid_new (), *scrolled = gtk_scrolled_window_new ();
  g_assert (n > 0 && n <= TILL_FORM_LINES_MAX);
  add_words (GTK_BOX (self), words);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  for (guint i = 0; i < n; i++)
    add_line (self, GTK_GRID (grid), &lines[i]);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self), scrolled);
  self->wrong = add_words (GTK_BOX (self), "");
  gtk_widget_add_css_class (GTK_WIDGET (self->wrong), "warn-text");
  gtk_widget_set_visible (GTK_WIDGET (self->wrong), FALSE);
  GtkWidget *button = gtk_button_new_with_label (_ ("Save"));
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (save), self);
  gtk_box_append (GTK_BOX (self), button);
  return self;
}

const char *
till_form_panel_text (TillFormPanel *self, guint line)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entries[line]));
}

void
till_form_panel_set_text (TillFormPanel *self, guint line, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entries[line]), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entries[line]), -1);
}

void
till_form_panel_point (TillFormPanel *self, guint line, const char *sentence)
{
  gtk_label_set_text (self->wrong, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->wrong), TRUE);
  gtk_widget_grab_focus (self->entries[line]);
}
