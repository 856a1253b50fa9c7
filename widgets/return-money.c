/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-money.h"
#include "widgets/part.h"
#include "widgets/return-asks.h"
#include "widgets/sheet.h"
#include "data/core/secret.h"

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
  gboolean sending;     /* another Enter does nothing until the desk has answered */
};

G_DEFINE_FINAL_TYPE (TillReturnMoney, till_return_money, GTK_TYPE_BOX)

enum
{
  REHEARSED,
  ROUTE_CHANGED,
  SENT,
  STALE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* --- showing --- */

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

/* --- asking: a rehearsal first, then the return itself --- */

static TillReturnAsk *
ask_new (TillReturnMoney *self)
{
  return till_return_ask_new (till_counter_staff_id (self->counter), self->job->draft);
}

static void
on_rehearsed (gpointer money, gpointer data, const GError *error)
{
  TillReturnMoney *self = money;
  TillReturnAsk *ask = data;
  if (error || self->job->stage != TILL_RETURN_AT_MONEY)
    return;
  till_return_job_rehearsed (self->job, &ask->rehearsal);
  till_who_part_start (self->who, NULL);
  g_signal_emit (self, signals[REHEARSED], 0);
}

void
till_return_money_rehearse (TillReturnMoney *self)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), till_return_ask_rehearse, ask_new (self),
                    till_return_ask_free, on_rehearsed);
}

static void
on_sent (gpointer money, gpointer data, const GError *error)
{
  TillReturnMoney *self = money;
  TillReturnAsk *ask = data;
  self->sending = FALSE;
  if (error)
    return;
  if (ask->goods)
    {
      till_return_job_done (self->job, g_steal_pointer (&ask->goods));
      g_signal_emit (self, signals[SENT], 0);
      return;
    }
  till_counter_heard (self->counter, &ask->answer);
  if (ask->answer.code == TILL_NO_STALE || ask->answer.code == TILL_NO_QUANTITY)
    g_signal_emit (self, signals[STALE], 0);
}

/* no and pin: of a second person, or NULL; pin is taken. */
static void
send (TillReturnMoney *self, const char *no, char *pin, gboolean hold)
{
  if (self->sending || !self->job->rehearsed)
    {
      till_secret_free (pin);
      return;
    }
  TillReturnAsk *ask = ask_new (self);
  ask->no = g_strdup (no);
  ask->pin = pin;
  ask->hold = hold;
  self->sending = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_return_ask_submit, ask,
                    till_return_ask_free, on_sent);
}

void
till_return_money_send (TillReturnMoney *self)
{
  if (self->job->rehearsed && self->job->rehearsal.answer.code == TILL_YES)
    send (self, NULL, NULL, FALSE);
}

gboolean
till_return_money_is_sending (TillReturnMoney *self)
{
  return self->sending;
}

static void
on_second (TillReturnMoney *self)
{
  send (self, till_who_part_no (self->who), till_who_part_take_pin (self->who), FALSE);
}

static void
on_hold (TillReturnMoney *self)
{
  if (till_return_job_needs_second (self->job))
    send (self, NULL, NULL, TRUE);
}

static void
toggle_route (TillReturnMoney *self)
{
  TillReturnDraft *draft = self->job->draft;
  till_return_job_keep (self->job);
  draft->route = draft->route == TILL_ROUTE_ORIGINAL ? TILL_ROUTE_CASH : TILL_ROUTE_ORIGINAL;
  g_signal_emit (self, signals[ROUTE_CHANGED], 0);
}

gboolean
till_return_money_key (TillReturnMoney *self, guint keyval)
{
  if (keyval == GDK_KEY_r || keyval == GDK_KEY_R)
    on_hold (self);
  else if (keyval == GDK_KEY_c || keyval == GDK_KEY_C)
    toggle_route (self);
  else
    return FALSE;
  return TRUE;
}

TillWhoPart *
till_return_money_who (TillReturnMoney *self)
{
  return till_return_job_needs_second (self->job) ? self->who : NULL;
}

/* --- building --- */

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillReturnMoney, child)

static void
till_return_money_class_init (TillReturnMoneyClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_WHO_PART);
  till_part_class (class, "return-money.ui");
  BIND (route);
  BIND (shares);
  BIND (verdict);
  BIND (second);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_hold);
  static const char *const names[] = { "rehearsed", "route-changed", "sent", "stale" };
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = till_part_signal (class, names[i]);
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
