/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-why.h"
#include "widgets/choice.h"
#include "widgets/part.h"

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

void
till_return_why_show (TillReturnWhy *self)
{
  till_choices_mark (GTK_WIDGET (self->reasons), (int)self->job->draft->reason);
  till_choices_mark (GTK_WIDGET (self->conditions), (int)self->job->draft->condition);
  till_choices_mark (GTK_WIDGET (self->dispositions), (int)self->job->draft->disposition);
  self->counter->hands->enter (self->counter->window, _ ("Go on"), FALSE);
}

static void
choose_reason (gpointer why, int reason)
{
  TillReturnWhy *self = why;
  till_return_job_keep (self->job);
  self->job->draft->reason = (TillReason)reason;
  self->job->draft->disposition = till_reason_disposition ((TillReason)reason);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
choose_condition (gpointer why, int condition)
{
  TillReturnWhy *self = why;
  till_return_job_keep (self->job);
  self->job->draft->condition = (TillCondition)condition;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
choose_disposition (gpointer why, int disposition)
{
  TillReturnWhy *self = why;
  till_return_job_keep (self->job);
  self->job->draft->disposition = (TillDisposition)disposition;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
till_return_why_key (TillReturnWhy *self, guint keyval)
{
  int digit = till_choice_digit (keyval);
  TillReason reason = digit ? till_reason_from_digit (digit) : TILL_REASON_NONE;
  if (reason != TILL_REASON_NONE)
    choose_reason (self, (int)reason);
  else if (keyval == GDK_KEY_c || keyval == GDK_KEY_C)
    choose_condition (self, ((int)self->job->draft->condition + 1) % 3);
  else if (keyval == GDK_KEY_g || keyval == GDK_KEY_G)
    choose_disposition (self, ((int)self->job->draft->disposition + 1) % 3);
  else
    return FALSE;
  return TRUE;
}

/* --- building --- */

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
      GtkWidget *button = till_choice_new (words, (int)reason, choose_reason, self);
      gtk_grid_attach (self->reasons, button, n % 3, n / 3, 1, 1);
      n++;
    }
  for (int i = 0; i < 3; i++)
    {
      const char *condition = till_condition_label ((TillCondition)i);
      const char *disposition = till_disposition_label ((TillDisposition)i);
      gtk_box_append (self->conditions, till_choice_new (condition, i, choose_condition, self));
      gtk_box_append (self->dispositions,
                      till_choice_new (disposition, i, choose_disposition, self));
    }
}

static void
till_return_why_class_init (TillReturnWhyClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  till_part_class (class, "return-why.ui");
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, reasons);
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, conditions);
  gtk_widget_class_bind_template_child (widget_class, TillReturnWhy, dispositions);
  signals[CHANGED] = till_part_signal (class, "changed");
  signals[CHOSEN] = till_part_signal (class, "chosen");
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
