/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-money.h"
#include "widgets/sheet.h"

#include <glib/gi18n-lib.h>

struct _TillReturnMoney
{
  GtkBox parent;
  GtkLabel *route;
  TillSheet *shares;
  GtkLabel *verdict;
  GtkWidget *second;
  TillWhoPart *who;
  TillCounter *counter; /* unowned */
  TillReturnJob *job;   /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReturnMoney, till_return_money, GTK_TYPE_BOX)

enum
{
  SECOND,
  HOLD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const TillColumn share_columns[] = {
  { N_ ("Paid with"), TILL_CELL_TEXT, 0 },      { N_ ("Paid"), TILL_CELL_FIGURE, 9 },
  { N_ ("Back before"), TILL_CELL_FIGURE, 11 }, { N_ ("Goes back by"), TILL_CELL_TEXT, 11 },
  { N_ ("Now"), TILL_CELL_FIGURE, 9 },
};

static TillSheetRow *
row_of_share (TillReturnMoney *self, const TillReturnShare *share)
{
  const TillLeg *leg = till_sale_leg (self->job->sale, share->leg_pos);
  g_autofree char *name
      = *leg->masked ? g_strdup_printf ("%s %s", till_tender_label (leg->tender), leg->masked)
                     : g_strdup (till_tender_label (leg->tender));
  g_autofree char *paid = till_money_format (leg->amount);
  g_autofree char *before = till_money_format (leg->refunded);
  g_autofree char *now = till_money_format (share->amount);
  const char *cells[] = { name, paid, before, till_tender_label (share->tender), now };
  return till_sheet_row_new (share->leg_pos, G_N_ELEMENTS (cells), cells);
}

static TillMoney
cash_to_hand_over (const TillRehearsal *rehearsal)
{
  TillMoney cash = 0;
  for (int i = 0; i < rehearsal->n_shares; i++)
    if (rehearsal->shares[i].tender == TILL_TENDER_CASH)
      cash += rehearsal->shares[i].amount;
  return cash;
}

static void
show_verdict (TillReturnMoney *self)
{
  TillCounter *counter = self->counter;
  const TillAnswer *answer = &self->job->rehearsal.answer;
  TillMoney cash = cash_to_hand_over (&self->job->rehearsal);
  gboolean second = till_return_job_needs_second (self->job);
  gboolean yes = answer->code == TILL_YES;
  gtk_widget_set_visible (self->second, second);
  g_autofree char *words = NULL;
  if (!yes)
    words = till_answer_sentence (answer);
  else if (cash > 0)
    {
      g_autofree char *amount = till_money_format_screen (cash);
      words = g_strdup_printf (
          _ ("Hand over %s in cash when the drawer opens. Enter saves and sends."), amount);
    }
  else
    words = g_strdup (
        _ ("Enter saves the return and sends the refund. From then on it is followed until "
           "the provider confirms it."));
  gtk_label_set_text (self->verdict, words);
  gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), yes ? "warn" : "plain");
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), yes ? "plain" : "warn");
  counter->hands->enter (counter->window,
                         yes      ? _ ("Save and send")
                         : second ? _ ("Approve and send")
                                  : NULL,
                         yes || second);
}

void
till_return_money_show (TillReturnMoney *self)
{
  gtk_label_set_text (self->route, self->job->draft->route == TILL_ROUTE_ORIGINAL
                                       ? _ ("Back to the way it was paid")
                                       : _ ("Back in cash, not the way it was paid"));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; self->job->rehearsed && i < self->job->rehearsal.n_shares; i++)
    g_ptr_array_add (rows, row_of_share (self, &self->job->rehearsal.shares[i]));
  till_sheet_fill (self->shares, rows);
  gtk_widget_set_size_request (GTK_WIDGET (self->shares), -1, 44 + 46 * (int)MAX (1u, rows->len));
  if (self->job->rehearsed)
    show_verdict (self);
}

static void
on_second (TillReturnMoney *self)
{
  g_signal_emit (self, signals[SECOND], 0);
}

static void
on_hold (TillReturnMoney *self)
{
  g_signal_emit (self, signals[HOLD], 0);
}

void
till_return_money_start (TillReturnMoney *self)
{
  till_who_part_start (self->who, NULL);
}

TillWhoPart *
till_return_money_who (TillReturnMoney *self)
{
  return self->who;
}

static void
till_return_money_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_RETURN_MONEY);
  G_OBJECT_CLASS (till_return_money_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillReturnMoney, child)

static void
till_return_money_class_init (TillReturnMoneyClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_return_money_dispose;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_WHO_PART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/return-money.ui");
  BIND (route);
  BIND (shares);
  BIND (verdict);
  BIND (second);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_hold);
  signals[SECOND] = g_signal_new ("second", TILL_TYPE_RETURN_MONEY, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[HOLD] = g_signal_new ("hold", TILL_TYPE_RETURN_MONEY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
till_return_money_init (TillReturnMoney *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->shares, _ ("How the money goes back"), share_columns,
                     G_N_ELEMENTS (share_columns));
}

void
till_return_money_set_up (TillReturnMoney *self, TillCounter *counter, TillReturnJob *job)
{
  self->counter = counter;
  self->job = job;
}
