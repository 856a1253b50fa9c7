/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-done.h"
#include "widgets/choice.h"
#include "widgets/part.h"
#include "widgets/return-asks.h"
#include "widgets/state-face.h"
#include "data/core/ids.h"
#include "data/trade/advice.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _TillReturnDone
{
  GtkBox parent;
  AdwStatusPage *status;
  GtkBox *refunds;
  TillCounter *counter; /* unowned */
  TillReturnJob *job;   /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReturnDone, till_return_done, GTK_TYPE_BOX)

static void
add_refund_row (TillReturnDone *self, const TillRefund *refund, const char *zone)
{
  g_autofree char *amount = till_money_format_screen (refund->amount);
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *words
      = g_strdup_printf ("%s · %s · %s", till_tender_label (refund->tender), amount, no);
  g_autofree char *sentence = till_advice_refund (refund, zone);

  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  GtkWidget *pill = till_state_pill_new ();
  till_state_pill_set (TILL_STATE_PILL (pill), till_face_of_refund (refund->state));
  gtk_box_append (GTK_BOX (top), name);
  gtk_box_append (GTK_BOX (top), pill);

  GtkWidget *said = gtk_label_new (sentence);
  gtk_label_set_wrap (GTK_LABEL (said), TRUE);
  gtk_label_set_xalign (GTK_LABEL (said), 0);
  gtk_widget_add_css_class (said, "quiet");
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (row, "leg-row");
  gtk_box_append (GTK_BOX (row), top);
  gtk_box_append (GTK_BOX (row), said);
  gtk_box_append (self->refunds, row);
}

static TillMoney
cash_in_hand (const TillReturn *goods)
{
  TillMoney cash = 0;
  for (guint i = 0; i < goods->refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      if (refund->tender == TILL_TENDER_CASH && refund->state == TILL_REFUND_SUCCEEDED)
        cash += refund->amount;
    }
  return cash;
}

static gboolean
waits_for_provider (const TillReturn *goods)
{
  for (guint i = 0; i < goods->refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      if (refund->stopped && refund->state == TILL_REFUND_QUEUED)
        return TRUE;
    }
  return FALSE;
}

void
till_return_done_show (TillReturnDone *self)
{
  TillCounter *counter = self->counter;
  const TillReturn *goods = self->job->goods;
  till_box_empty (self->refunds);
  for (guint i = 0; i < goods->refunds->len; i++)
    add_refund_row (self, g_ptr_array_index (goods->refunds, i), counter->shop->zone);

  TillMoney cash = cash_in_hand (goods);
  g_autofree char *amount = till_money_format_screen (cash);
  g_autofree char *title = NULL;
  if (goods->state == TILL_RETURN_WAIT_APPROVAL)
    title = g_strdup (_ ("Kept. A second person decides."));
  else if (cash > 0)
    title = g_strdup_printf (_ ("Hand over %s"), amount);
  else if (waits_for_provider (goods))
    title = g_strdup (_ ("Saved. It is sent as soon as the provider works again."));
  else
    title = g_strdup (_ ("Saved and sent"));
  adw_status_page_set_icon_name (self->status, goods->state == TILL_RETURN_WAIT_APPROVAL
                                                   ? "system-users-symbolic"
                                                   : "object-select-symbolic");
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (
      self->status,
      _ ("Give the customer the return slip. Scanning it at any time shows where the money "
         "is."));
  counter->hands->total (counter->window, cash > 0 ? _ ("Hand over in cash") : _ ("To refund"),
                         cash > 0 ? cash : goods->amount, TILL_MONEY_OUT, "");
  counter->hands->enter (counter->window, _ ("Next customer"), FALSE);
}

static void
on_read (gpointer done, gpointer data, const GError *error)
{
  TillReturnDone *self = done;
  TillReturnAsk *ask = data;
  if (error || !ask->goods || !self->job->goods || self->job->goods->id != ask->goods->id)
    return;
  till_return_job_done (self->job, g_steal_pointer (&ask->goods));
  till_return_done_show (self);
}

void
till_return_done_read (TillReturnDone *self)
{
  TillReturnAsk *ask = till_return_ask_new (till_counter_staff_id (self->counter), NULL);
  ask->id = self->job->goods->id;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_return_ask_look, ask,
                    till_return_ask_free, on_read);
}

static void
till_return_done_class_init (TillReturnDoneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  till_part_class (class, "return-done.ui");
  gtk_widget_class_bind_template_child (widget_class, TillReturnDone, status);
  gtk_widget_class_bind_template_child (widget_class, TillReturnDone, refunds);
}

static void
till_return_done_init (TillReturnDone *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
till_return_done_set_up (TillReturnDone *self, TillCounter *counter, TillReturnJob *job)
{
  self->counter = counter;
  self->job = job;
}
