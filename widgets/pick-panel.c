/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pick-panel.h"
#include "widgets/access.h"
#include "widgets/choice.h"
#include "widgets/part.h"

struct _TillPickPanel
{
  GtkBox parent;
  GtkEntry *search;     /* unowned; a child, or NULL */
  TillSheet *table;     /* unowned; a child */
  GtkLabel *empty;      /* unowned; a child */
  TillCounter *counter; /* unowned */
  TillPicked picked;
  GtkWidget *page; /* weak */
};

G_DEFINE_FINAL_TYPE (TillPickPanel, till_pick_panel, GTK_TYPE_BOX)

static guint searched_signal;

static void
pick (TillPickPanel *self)
{
  if (till_sheet_chosen (self->table) < 0)
    return;
  g_autoptr (TillPickPanel) kept = g_object_ref (self); /* the window lets it go */
  till_counter_close_panel (self->counter);
  if (self->page)
    self->picked (self->page, kept);
}

static gboolean
on_key (GtkWidget *widget, guint keyval)
{
  TillPickPanel *self = TILL_PICK_PANEL (widget);
  int digit = till_choice_digit (keyval);
  if (!self->search && digit > 0)
    {
      if (digit <= (int)till_sheet_n_rows (self->table))
        {
          till_sheet_choose (self->table, digit - 1);
          pick (self);
        }
      return TRUE;
    }
  return till_sheet_key (self->table, keyval);
}

static void
on_enter (GtkWidget *widget)
{
  pick (TILL_PICK_PANEL (widget));
}

static GtkWidget *
focus_of (GtkWidget *widget)
{
  return (GtkWidget *)TILL_PICK_PANEL (widget)->search;
}

static const TillPanelKind kind = { on_key, on_enter, focus_of };

static void
on_search_changed (GtkEditable *editable, TillPickPanel *self)
{
  g_signal_emit (self, searched_signal, 0);
}

static void
till_pick_panel_dispose (GObject *object)
{
  g_clear_weak_pointer (&TILL_PICK_PANEL (object)->page);
  G_OBJECT_CLASS (till_pick_panel_parent_class)->dispose (object);
}

static void
till_pick_panel_class_init (TillPickPanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = till_pick_panel_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "pick");
  searched_signal = till_part_signal (class, "searched");
}

static void
till_pick_panel_init (TillPickPanel *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
}

TillPickPanel *
till_pick_panel_new (const char *name, const TillColumn *columns, guint n, const char *search)
{
  TillPickPanel *self = g_object_new (TILL_TYPE_PICK_PANEL, NULL);
  if (search)
    {
      self->search = GTK_ENTRY (gtk_entry_new ());
      gtk_entry_set_placeholder_text (self->search, search);
      gtk_entry_set_icon_from_icon_name (self->search, GTK_ENTRY_ICON_PRIMARY,
                                         "edit-find-symbolic");
      gtk_entry_set_icon_activatable (self->search, GTK_ENTRY_ICON_PRIMARY, FALSE);
      till_access_name (GTK_WIDGET (self->search), search);
      g_signal_connect (self->search, "changed", G_CALLBACK (on_search_changed), self);
      gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->search));
    }
  self->empty = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->empty, TRUE);
  gtk_label_set_xalign (self->empty, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->empty), "quiet");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->empty));

  self->table = g_object_new (TILL_TYPE_SHEET, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (self->table), TRUE);
  till_sheet_set_up (self->table, name, columns, n);
  g_signal_connect_swapped (self->table, "opened", G_CALLBACK (pick), self);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->table));
  return self;
}

void
till_pick_panel_fill (TillPickPanel *self, GPtrArray *rows, const char *when_empty)
{
  till_sheet_fill (self->table, rows);
  if (rows->len > 0)
    till_sheet_choose (self->table, 0);
  gtk_label_set_text (self->empty, when_empty);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), rows->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->table), rows->len > 0);
}

void
till_pick_panel_open (TillPickPanel *self, TillCounter *counter, const char *title,
                      TillPicked picked, GtkWidget *page)
{
  self->counter = counter;
  self->picked = picked;
  g_set_weak_pointer (&self->page, page);
  counter->hands->panel (counter->window, title, GTK_WIDGET (self), &kind);
}

int64_t
till_pick_panel_chosen_id (TillPickPanel *self)
{
  return till_sheet_chosen_id (self->table);
}

const char *
till_pick_panel_text (TillPickPanel *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search));
}

void
till_pick_panel_set_text (TillPickPanel *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), text);
  gtk_editable_set_position (GTK_EDITABLE (self->search), -1);
}
