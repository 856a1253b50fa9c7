/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/keypad.h"
#include "widgets/access.h"

#include <glib/gi18n-lib.h>

struct _TillKeypad
{
  GtkGrid parent;
  GtkButton *enter; /* unowned; a child */
};

G_DEFINE_FINAL_TYPE (TillKeypad, till_keypad, GTK_TYPE_GRID)

static guint pressed_signal;

static const struct
{
  int column, row;
  guint keyval;
  const char *face;
  const char *name; /* msgid of what a listener hears; NULL: the face */
} keys[] = {
  { 0, 0, GDK_KEY_7, "7", NULL },
  { 1, 0, GDK_KEY_8, "8", NULL },
  { 2, 0, GDK_KEY_9, "9", NULL },
  { 3, 0, GDK_KEY_minus, "−", N_ ("Remove") },
  { 0, 1, GDK_KEY_4, "4", NULL },
  { 1, 1, GDK_KEY_5, "5", NULL },
  { 2, 1, GDK_KEY_6, "6", NULL },
  { 3, 1, GDK_KEY_plus, "+", N_ ("One more") },
  { 0, 2, GDK_KEY_1, "1", NULL },
  { 1, 2, GDK_KEY_2, "2", NULL },
  { 2, 2, GDK_KEY_3, "3", NULL },
  { 3, 2, GDK_KEY_asterisk, "×", N_ ("Quantity") },
  { 0, 3, GDK_KEY_0, "0", NULL },
  { 1, 3, GDK_KEY_period, ".", N_ ("Point") },
  { 2, 3, GDK_KEY_BackSpace, "⌫", N_ ("Delete one character") },
  { 3, 3, GDK_KEY_slash, "%", N_ ("Discount") },
};

static void
on_clicked (GtkButton *button, TillKeypad *self)
{
  guint keyval = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "till-keyval"));
  g_signal_emit (self, pressed_signal, 0, keyval);
}

static GtkButton *
add_key (TillKeypad *self, const char *face, guint keyval, int column, int row, int width)
{
  GtkWidget *button = gtk_button_new_with_label (face);
  g_object_set_data (G_OBJECT (button), "till-keyval", GUINT_TO_POINTER (keyval));
  /* The keyboard's focus stays where the typing goes. */
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), self);
  gtk_grid_attach (GTK_GRID (self), button, column, row, width, 1);
  return GTK_BUTTON (button);
}

static void
till_keypad_class_init (TillKeypadClass *class)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "keypad");
  pressed_signal = g_signal_new ("pressed", TILL_TYPE_KEYPAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
till_keypad_init (TillKeypad *self)
{
  gtk_grid_set_row_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_spacing (GTK_GRID (self), 8);
  gtk_grid_set_column_homogeneous (GTK_GRID (self), TRUE);
  /* A number pad is never mirrored. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkButton *button
          = add_key (self, keys[i].face, keys[i].keyval, keys[i].column, keys[i].row, 1);
      if (keys[i].name)
        till_access_name (GTK_WIDGET (button), _ (keys[i].name));
    }
  self->enter = add_key (self, _ ("Enter"), GDK_KEY_Return, 0, 4, 4);
  gtk_widget_add_css_class (GTK_WIDGET (self->enter), "suggested-action");
}

guint
till_keypad_plain (guint keyval, gboolean *is_keypad)
{
  static const struct
  {
    guint keypad, plain;
  } twins[] = {
    { GDK_KEY_KP_Insert, GDK_KEY_0 },
    { GDK_KEY_KP_End, GDK_KEY_1 },
    { GDK_KEY_KP_Down, GDK_KEY_2 },
    { GDK_KEY_KP_Page_Down, GDK_KEY_3 },
    { GDK_KEY_KP_Left, GDK_KEY_4 },
    { GDK_KEY_KP_Begin, GDK_KEY_5 },
    { GDK_KEY_KP_Right, GDK_KEY_6 },
    { GDK_KEY_KP_Home, GDK_KEY_7 },
    { GDK_KEY_KP_Up, GDK_KEY_8 },
    { GDK_KEY_KP_Page_Up, GDK_KEY_9 },
    { GDK_KEY_KP_Delete, GDK_KEY_period },
    { GDK_KEY_KP_Decimal, GDK_KEY_period },
    /* The point of keypads for countries that write a comma; an amount has a point here. */
    { GDK_KEY_KP_Separator, GDK_KEY_period },
    { GDK_KEY_KP_Enter, GDK_KEY_Return },
    { GDK_KEY_KP_Add, GDK_KEY_plus },
    { GDK_KEY_KP_Subtract, GDK_KEY_minus },
    { GDK_KEY_KP_Multiply, GDK_KEY_asterisk },
    { GDK_KEY_KP_Divide, GDK_KEY_slash },
  };
  *is_keypad = TRUE;
  if (keyval >= GDK_KEY_KP_0 && keyval <= GDK_KEY_KP_9)
    return keyval - GDK_KEY_KP_0 + GDK_KEY_0;
  for (gsize i = 0; i < G_N_ELEMENTS (twins); i++)
    if (twins[i].keypad == keyval)
      return twins[i].plain;
  *is_keypad = FALSE;
  return keyval;
}

void
till_keypad_set_enter (TillKeypad *self, const char *word, gboolean sends)
{
  gtk_button_set_label (self->enter, word ? word : _ ("Enter"));
  if (sends)
    gtk_widget_add_css_class (GTK_WIDGET (self->enter), "sends");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->enter), "sends");
}
