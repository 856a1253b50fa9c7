/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons in a row, each with a number of its own; one of them may be the chosen one. Pressing one
 * never moves the keyboard's focus. Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*TillChosen) (gpointer page, int value);

/* chosen (page, value) at each press; page is unowned and outlives the button. */
GtkWidget *till_choice_new (const char *words, int value, TillChosen chosen, gpointer page);
/* Its words may stand on two lines where large letters leave no room for one. */
void till_choice_wrap (GtkWidget *choice);
/* Marks the one with this number among the choices in a box or grid, for eyes and for listeners. */
void till_choices_mark (GtkWidget *box, int value);
/* The digit from 1 to 9 of a key on either side of the keyboard; 0: it is none. */
int till_choice_digit (guint keyval);
/* Takes whatever is in the box out of it. */
void till_box_empty (GtkBox *box);

G_END_DECLS
