/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-slip.h"
#include "widgets/part.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

typedef enum
{
  REFERENCE,
  LOG,
  CARD,
  TERMINAL,
  DAY,
  N_STEPS,
} Step;

static const struct
{
  const char *name; /* in TILL_NO_CARD_SLIP */
  const char *words, *asks;
} steps[N_STEPS] = {
  { "reference", N_ ("Reference no."), N_ ("Reference no., 12 digits") },
  { "log", N_ ("Log no."), N_ ("Log no., 14 digits") },
  { "card", N_ ("Card no."), N_ ("Card: first six and last four digits") },
  { "terminal", N_ ("Terminal no."), N_ ("Terminal no., 8 digits or letters") },
  { "day", N_ ("Date"), N_ ("Date on the slip, as 20261122") },
};

struct _TillPaySlip
{
  GtkBox parent;
  GtkLabel *key_in;
  GtkGrid *numbers;
  GtkWidget *second;
  TillWhoPart *who;
  GtkLabel *names[N_STEPS];   /* unowned; in numbers */
  GtkLabel *figures[N_STEPS]; /* unowned; in numbers */
  char *typed[N_STEPS];       /* owned */
  char *request_no;           /* owned; of the payment they are of, or NULL */
  int step;
  int today;
  gboolean asks_day;
};

G_DEFINE_FINAL_TYPE (TillPaySlip, till_pay_slip, GTK_TYPE_BOX)

static guint signed_signal;

static int
n_steps (const TillPaySlip *self)
{
  return self->asks_day ? N_STEPS : DAY;
}

/* The number that is asked for is told by a pointing hand as well as by its weight. */
static void
show_step (TillPaySlip *self, int step)
{
  gboolean now = step == self->step && !gtk_widget_get_visible (self->second);
  g_autofree char *name = g_strdup_printf ("%s %s", now ? "▶" : " ", _ (steps[step].words));
  gtk_label_set_text (self->names[step], name);
  gtk_label_set_text (self->figures[step], *self->typed[step] ? self->typed[step] : "–");
  if (now)
    gtk_widget_add_css_class (GTK_WIDGET (self->names[step]), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->names[step]), "heading");
  gtk_widget_set_visible (GTK_WIDGET (self->names[step]), step < n_steps (self));
  gtk_widget_set_visible (GTK_WIDGET (self->figures[step]), step < n_steps (self));
}

static void
show_all (TillPaySlip *self)
{
  for (int step = 0; step < N_STEPS; step++)
    show_step (self, step);
}

static void
forget (TillPaySlip *self, gboolean terminal_too)
{
  for (int step = 0; step < N_STEPS; step++)
    if (step != TERMINAL || terminal_too)
      {
        g_free (self->typed[step]);
        self->typed[step] = g_strdup ("");
      }
  g_clear_pointer (&self->request_no, g_free);
  self->step = REFERENCE;
  gtk_widget_set_visible (self->second, FALSE);
  till_who_part_start (self->who, NULL);
}

void
till_pay_slip_show (TillPaySlip *self, const TillLeg *leg, int sale_day, int today)
{
  g_autofree char *amount = till_money_format_screen (leg->amount);
  g_autofree char *words
      = g_strdup_printf (_ ("1. Key %s into the card terminal.\n"
                            "2. When the customer has paid, type what the slip says."),
                         amount);
  if (g_strcmp0 (self->request_no, leg->request_no) != 0)
    {
      forget (self, FALSE);
      self->request_no = g_strdup (leg->request_no);
    }
  self->today = today;
  self->asks_day = sale_day != today;
  gtk_label_set_text (self->key_in, words);
  show_all (self);
}

gboolean
till_pay_slip_take (TillPaySlip *self, const char *text)
{
  if (*text)
    {
      g_free (self->typed[self->step]);
      self->typed[self->step] = g_strdup (text);
    }
  if (!*self->typed[self->step])
    return FALSE;
  if (self->step + 1 < n_steps (self))
    {
      self->step++;
      show_all (self);
      return FALSE;
    }
  show_all (self);
  return TRUE;
}

gboolean
till_pay_slip_back (TillPaySlip *self)
{
  if (gtk_widget_get_visible (self->second))
    gtk_widget_set_visible (self->second, FALSE);
  else if (self->step == REFERENCE)
    return FALSE;
  else
    self->step--;
  show_all (self);
  return TRUE;
}

const char *
till_pay_slip_asks (TillPaySlip *self)
{
  return _ (steps[self->step].asks);
}

TillCardSlip *
till_pay_slip_read (TillPaySlip *self)
{
  return till_card_slip_new (self->typed[REFERENCE], self->typed[LOG], self->typed[CARD],
                             self->typed[TERMINAL],
                             self->asks_day ? atoi (self->typed[DAY]) : self->today);
}

void
till_pay_slip_refused (TillPaySlip *self, const TillAnswer *answer)
{
  if (answer->code == TILL_NO_CARD_SLIP_TWICE)
    self->step = g_str_equal (answer->ref, self->typed[LOG]) ? LOG : REFERENCE;
  for (int step = 0; step < n_steps (self) && answer->code == TILL_NO_CARD_SLIP; step++)
    if (g_str_has_prefix (answer->ref, steps[step].name))
      self->step = step;
  /* A whole card number does not stay on the screen. */
  if (self->step == CARD && g_str_equal (answer->ref, "card_in_clear"))
    {
      explicit_bzero (self->typed[CARD], strlen (self->typed[CARD]));
      g_free (self->typed[CARD]);
      self->typed[CARD] = g_strdup ("");
    }
  gboolean second = answer->code == TILL_NO_ASSERT || gtk_widget_get_visible (self->second);
  gtk_widget_set_visible (self->second, second && answer->code != TILL_NO_CARD_SLIP
                                            && answer->code != TILL_NO_CARD_SLIP_TWICE);
  till_who_part_start (self->who, NULL);
  show_all (self);
}

void
till_pay_slip_done (TillPaySlip *self)
{
  forget (self, FALSE);
}

TillWhoPart *
till_pay_slip_who (TillPaySlip *self)
{
  return gtk_widget_get_visible (self->second) ? self->who : NULL;
}

static void
on_second (TillPaySlip *self)
{
  g_signal_emit (self, signed_signal, 0);
}

static void
till_pay_slip_finalize (GObject *object)
{
  TillPaySlip *self = TILL_PAY_SLIP (object);
  for (int step = 0; step < N_STEPS; step++)
    g_free (self->typed[step]);
  g_free (self->request_no);
  G_OBJECT_CLASS (till_pay_slip_parent_class)->finalize (object);
}

static void
till_pay_slip_class_init (TillPaySlipClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_pay_slip_finalize;
  g_type_ensure (TILL_TYPE_WHO_PART);
  till_part_class (class, "pay-slip.ui");
  gtk_widget_class_bind_template_child (widget_class, TillPaySlip, key_in);
  gtk_widget_class_bind_template_child (widget_class, TillPaySlip, numbers);
  gtk_widget_class_bind_template_child (widget_class, TillPaySlip, second);
  gtk_widget_class_bind_template_child (widget_class, TillPaySlip, who);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  signed_signal = till_part_signal (class, "signed");
}

static void
till_pay_slip_init (TillPaySlip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int step = 0; step < N_STEPS; step++)
    {
      self->names[step] = GTK_LABEL (gtk_label_new (NULL));
      self->figures[step] = GTK_LABEL (gtk_label_new (NULL));
      gtk_label_set_xalign (self->names[step], 0);
      gtk_label_set_xalign (self->figures[step], 0);
      gtk_widget_add_css_class (GTK_WIDGET (self->figures[step]), "figure");
      gtk_grid_attach (self->numbers, GTK_WIDGET (self->names[step]), 0, step, 1, 1);
      gtk_grid_attach (self->numbers, GTK_WIDGET (self->figures[step]), 1, step, 1, 1);
    }
  forget (self, TRUE);
}
