/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-why.h"

#include <glib/gi18n-lib.h>

struct _TillReturnWhy
{
  GtkBox parent;
  GtkGrid *reasons;
  GtkBox *conditions;
  GtkBox *dispositions;
  TillCounter *counter; /* unowned */
  TillReturnJob *job;   /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReturnWhy, till_return_why, GTK_TYPE_BOX)

enum
{
  CHANGED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
light (GtkWidget *box, int chosen)
{
  int i = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child), i++)
    {
      int value = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (child), "till-value"));
      gboolean on = value == chosen;
      if (on)
        gtk_widget_add_css_class (child, "chosen");
      else
        gtk_widget_remove_css_class (child, "chosen");
      gtk_accessible_update_state (
          GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_PRESSED,
          on ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
    }
}

void
till_return_why_show (TillReturnWhy *self)
{
  light (GTK_WIDGET (self->reasons), (int)self->job->draft->reason);
  light (GTK_WIDGET (self->conditions), (int)self->job->draft->condition);
  light (GTK_WIDGET (self->dispositions), (int)self->job->draft->disposition);
  self->counter->hands->enter (self->counter->window, _ ("Go on"), FALSE);
}

static void
choose_reason (TillReturnWhy *self, TillReason reason)
{
  till_return_job_keep (self->job);
  self->job->draft->reason = reason;
  self->job->draft->disposition = till_reason_disposition (reason);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
choose_condition (TillReturnWhy *self, TillCondition condition)
{
  till_return_job_keep (self->job);
  self->job->draft->condition = condition;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
choose_disposition (TillReturnWhy *self, TillDisposition disposition)
{
  till_return_job_keep (self->job);
  self->job->draft->disposition = disposition;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
till_return_why_key (TillReturnWhy *self, guint keyval)
{
  guint32 character = gdk_keyval_to_unicode (keyval);
  TillReason reason = character >= '1' && character <= '9'
                          ? till_reason_from_digit ((int)character - '0')
                          : TILL_REASON_NONE;
  if (reason != TILL_REASON_NONE)
    choose_reason (self, reason);
  else if (keyval == GDK_KEY_c || keyval == GDK_KEY_C)
    choose_condition (self, (TillCondition)((self->job->draft->condition + 1) % 3));
  else if (keyval == GDK_KEY_g || keyval == GDK_KEY_G)
    choose_disposition (self, (TillDisposition)((self->job->draft->disposition + 1) % 3));
  else
    return FALSE;
  return TRUE;
}

/* --- building --- */

static int
value_of (GtkButton *button)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-value"));
}

static void
on_reason_clicked (GtkButton *button, TillReturnWhy *self)
{
  choose_reason (self, (TillReason)value_of (button));
}

static void
on_condition_clicked (GtkButton *button, TillReturnWhy *self)
{
  choose_condition (self, (TillCondition)value_of (button));
}

static void
on_disposition_clicked (GtkButton *button, TillReturnWhy *self)
{
  choose_disposition (self, (TillDisposition)value_of (button));
}

static GtkWidget *
choice_new (TillReturnWhy *self, const char *words, int value, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (words);
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_object_set_data (G_OBJECT (button), "till-value", GINT_TO_POINTER (value));
  g_signal_connect (button, "clicked", clicked, self);
  return button;
}

static void
build_choices (TillReturnWhy *self)
{
  int n = 0;
  for (int digit = 1; digit <= 9; digit++)
    {
      TillReason reason = till_reason_from_digit (digit);
      if (reason == TILL_REASON_NONE)
        continue;
      g_autofree char *words = g_strdup_printf ("%d  %s", digit, till_reason_label (reason));
      gtk_grid_attach (self->reasons,
                       choice_new (self, words, (int)reason, G_CALLBACK (on_reason_clicked)), n % 3,
                       n / 3, 1, 1);
      n++;
    }
  for (int i = 0; i < 3; i++)
    {
      gtk_box_append (self->conditions, choice_new (self, till_condition_label ((TillCondition)i),
                                                    i, G_CALLBACK (on_condition_clicked)));
      gtk_box_append (self->dispositions,
                      choice_new (self, till_disposition_label ((TillDisposition)i), i,
                                  G_CALLBACK (on_disposition_clicked)));
    }
}

static void
till_return_why_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_RETURN_WHY);
  G_OBJECT_CLASS (till_return_why_parent_class)->dispose (object);
}

static void
till_return_why_class_init (TillReturnWhyClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_return_why_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/return-why.ui");
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, reasons);
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, conditions);
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, dispositions);
  signals[CHANGED] = g_signal_new ("changed", TILL_TYPE_RETURN_WHY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", TILL_TYPE_RETURN_WHY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
till_return_why_init (TillReturnWhy *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  build_choices (self);
}

void
till_return_why_set_up (TillReturnWhy *self, TillCounter *counter, TillReturnJob *job)
{
  self->counter = counter;
  self->job = job;
}
