/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/choice.h"

typedef struct
{
  int value;
  TillChosen chosen;
  gpointer page; /* unowned */
} Choice;

static void
on_clicked (GtkButton *button, Choice *choice)
{
  choice->chosen (choice->page, choice->value);
}

GtkWidget *
till_choice_new (const char *words, int value, TillChosen chosen, gpointer page)
{
  Choice *choice = g_new (Choice, 1);
  *choice = (Choice){ value, chosen, page };
  GtkWidget *button = gtk_button_new_with_label (words);
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_object_set_data_full (G_OBJECT (button), "till-choice", choice, g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), choice);
  return button;
}

void
till_choice_wrap (GtkWidget *choice)
{
  GtkLabel *label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (choice)));
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

void
till_choices_mark (GtkWidget *box, int value)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child))
    {
      const Choice *choice = g_object_get_data (G_OBJECT (child), "till-choice");
      gboolean on = choice->value == value;
      if (on)
        gtk_widget_add_css_class (child, "chosen");
      else
        gtk_widget_remove_css_class (child, "chosen");
      gtk_accessible_update_state (
          GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_PRESSED,
          on ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
    }
}

int
till_choice_digit (guint keyval)
{
  guint32 character = gdk_keyval_to_unicode (keyval);
  return character >= '1' && character <= '9' ? (int)character - '0' : 0;
}

void
till_box_empty (GtkBox *box)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))))
    gtk_box_remove (box, child);
}
