/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/who-part.h"
#include "widgets/access.h"
#include "widgets/part.h"
#include "data/core/secret.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NUMBER_MAX 8

struct _TillWhoPart
{
  GtkBox parent;
  GtkEntry *number_entry;
  GtkEntry *pin_entry;
  char number[NUMBER_MAX + 1];
  char pin[TILL_PIN_MAX + 1]; /* wiped when taken, dropped or freed */
  gboolean at_pin;
};

G_DEFINE_FINAL_TYPE (TillWhoPart, till_who_part, GTK_TYPE_BOX)

static guint answered_signal;

static void
show (TillWhoPart *self)
{
  gsize n = strlen (self->pin);
  char dots[TILL_PIN_MAX * 3 + 1] = "";
  for (gsize i = 0; i < n; i++)
    strcat (dots, "●");
  gtk_editable_set_text (GTK_EDITABLE (self->number_entry), self->number);
  gtk_editable_set_text (GTK_EDITABLE (self->pin_entry), dots);
  gtk_editable_set_position (GTK_EDITABLE (self->number_entry), -1);
  gtk_editable_set_position (GTK_EDITABLE (self->pin_entry), -1);

  GtkWidget *here = GTK_WIDGET (self->at_pin ? self->pin_entry : self->number_entry);
  GtkWidget *there = GTK_WIDGET (self->at_pin ? self->number_entry : self->pin_entry);
  gtk_widget_add_css_class (here, "here");
  gtk_widget_remove_css_class (there, "here");
}

static void
wipe_pin (TillWhoPart *self)
{
  explicit_bzero (self->pin, sizeof self->pin);
}

static void
on_pressed_number (GtkGestureClick *gesture, int n, double x, double y, TillWhoPart *self)
{
  self->at_pin = FALSE;
  show (self);
}

static void
on_pressed_pin (GtkGestureClick *gesture, int n, double x, double y, TillWhoPart *self)
{
  self->at_pin = TRUE;
  show (self);
}

static void
listen_to (TillWhoPart *self, GtkEntry *entry, GCallback pressed)
{
  GtkGesture *click = gtk_gesture_click_new ();
  /* Before the text inside has it: that claims every press, and nobody else would hear of it. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", pressed, self, 0);
  gtk_widget_add_controller (GTK_WIDGET (entry), GTK_EVENT_CONTROLLER (click));
}

static void
till_who_part_finalize (GObject *object)
{
  TillWhoPart *self = TILL_WHO_PART (object);
  wipe_pin (self);
  G_OBJECT_CLASS (till_who_part_parent_class)->finalize (object);
}

static void
till_who_part_class_init (TillWhoPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_who_part_finalize;
  till_part_class (class, "who-part.ui");
  gtk_widget_class_bind_template_child (widget_class, TillWhoPart, number_entry);
  gtk_widget_class_bind_template_child (widget_class, TillWhoPart, pin_entry);
  answered_signal = till_part_signal (class, "answered");
}

static void
till_who_part_init (TillWhoPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_access_name (GTK_WIDGET (self->number_entry), _ ("Staff number"));
  till_access_name (GTK_WIDGET (self->pin_entry), _ ("PIN"));
  listen_to (self, self->number_entry, G_CALLBACK (on_pressed_number));
  listen_to (self, self->pin_entry, G_CALLBACK (on_pressed_pin));
  show (self);
}

static void
add_digit (TillWhoPart *self, char digit)
{
  char *text = self->at_pin ? self->pin : self->number;
  gsize most = self->at_pin ? TILL_PIN_MAX : NUMBER_MAX;
  gsize n = strlen (text);
  if (n < most)
    text[n] = digit;
}

/* With no PIN typed the number is what was mistyped. */
static void
take_back (TillWhoPart *self)
{
  if (self->at_pin && !*self->pin)
    self->at_pin = FALSE;
  else
    till_who_part_drop (self, 1);
}

static void
answer (TillWhoPart *self)
{
  if (!self->at_pin)
    self->at_pin = *self->number != '\0';
  else if (*self->pin && *self->number)
    g_signal_emit (self, answered_signal, 0);
}

gboolean
till_who_part_key (TillWhoPart *self, guint keyval)
{
  guint32 character = gdk_keyval_to_unicode (keyval);
  if (character >= '0' && character <= '9')
    add_digit (self, (char)character);
  else
    switch (keyval)
      {
      case GDK_KEY_BackSpace:
        take_back (self);
        break;
      case GDK_KEY_Return:
        answer (self);
        break;
      case GDK_KEY_Up:
        self->at_pin = FALSE;
        break;
      case GDK_KEY_Down:
        self->at_pin = TRUE;
        break;
      default:
        return FALSE;
      }
  show (self);
  return TRUE;
}

void
till_who_part_drop (TillWhoPart *self, guint n)
{
  char *text = self->at_pin ? self->pin : self->number;
  gsize length = strlen (text);
  gsize keep = length > n ? length - n : 0;
  explicit_bzero (text + keep, length - keep);
  show (self);
}

void
till_who_part_start (TillWhoPart *self, const char *no)
{
  wipe_pin (self);
  explicit_bzero (self->number, sizeof self->number);
  if (no)
    g_strlcpy (self->number, no, sizeof self->number);
  self->at_pin = no && *no;
  show (self);
}

const char *
till_who_part_no (TillWhoPart *self)
{
  return self->number;
}

char *
till_who_part_take_pin (TillWhoPart *self)
{
  char *pin = g_strdup (self->pin);
  wipe_pin (self);
  show (self);
  return pin;
}
