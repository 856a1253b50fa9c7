/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-cash.h"
#include "widgets/choice.h"
#include "widgets/part.h"

#include <glib/gi18n-lib.h>

#define QUICK_MAX 4

struct _TillPayCash
{
  GtkBox parent;
  GtkLabel *received;
  GtkLabel *change_caption;
  GtkLabel *change;
  GtkBox *quick;
  TillCounter *counter; /* unowned */
  TillMoney sums[QUICK_MAX];
};

G_DEFINE_FINAL_TYPE (TillPayCash, till_pay_cash, GTK_TYPE_BOX)

static void
on_quick (gpointer cash, int n)
{
  TillPayCash *self = cash;
  g_autofree char *amount = till_money_format (self->sums[n]);
  self->counter->hands->line (self->counter->window, amount);
}

static void
add_quick (TillPayCash *self, int n, TillMoney amount)
{
  g_autofree char *words = till_money_format_screen (amount);
  self->sums[n] = amount;
  gtk_box_append (self->quick, till_choice_new (words, n, on_quick, self));
}

/* The exact sum, and the next round ones above it. */
static void
show_quick (TillPayCash *self, TillMoney due)
{
  static const TillMoney notes[] = { 500, 1000, 2000, 5000, 10000 };
  till_box_empty (self->quick);
  add_quick (self, 0, due);
  TillMoney last = due;
  int n = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (notes) && n < QUICK_MAX; i++)
    {
      TillMoney round = (due + notes[i] - 1) / notes[i] * notes[i];
      if (round <= last)
        continue;
      add_quick (self, n++, round);
      last = round;
    }
}

void
till_pay_cash_show (TillPayCash *self, const TillPayJob *job)
{
  TillMoney due = till_pay_job_due (job);
  TillMoney received = till_pay_job_typed (job);
  gboolean short_of = received < due;
  g_autofree char *got = received >= 0 ? till_money_format_screen (received) : g_strdup ("?");
  g_autofree char *rest
      = received >= 0 ? till_money_format_screen (short_of ? due - received : received - due)
                      : g_strdup ("?");
  gtk_label_set_text (self->received, got);
  gtk_label_set_text (self->change, rest);
  gtk_label_set_text (self->change_caption, short_of ? _ ("Still missing") : _ ("Change"));
  show_quick (self, due);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillPayCash, child)

static void
till_pay_cash_class_init (TillPayCashClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  till_part_class (class, "pay-cash.ui");
  BIND (received);
  BIND (change_caption);
  BIND (change);
  BIND (quick);
}

static void
till_pay_cash_init (TillPayCash *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
till_pay_cash_set_up (TillPayCash *self, TillCounter *counter)
{
  self->counter = counter;
}
