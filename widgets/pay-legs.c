/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-legs.h"
#include "widgets/choice.h"
#include "widgets/state-face.h"
#include "data/desk/selling.h"

#include <glib/gi18n-lib.h>

static void
add_row (GtkBox *box, TillTender tender, TillMoney amount, const char *masked, TillFace face)
{
  g_autofree char *money = till_money_format_screen (amount);
  g_autofree char *words = masked && *masked
                               ? g_strdup_printf ("%s %s", till_tender_label (tender), masked)
                               : g_strdup (till_tender_label (tender));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (row, "leg-row");
  GtkWidget *name = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  GtkWidget *figure = gtk_label_new (money);
  gtk_widget_add_css_class (figure, "figure");
  GtkWidget *pill = till_state_pill_new ();
  till_state_pill_set (TILL_STATE_PILL (pill), face);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), pill);
  gtk_box_append (GTK_BOX (row), figure);
  gtk_box_append (box, row);
}

void
till_pay_legs_show (GtkBox *box, const TillPayJob *job)
{
  till_box_empty (box);
  const TillSale *sale = *job->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      add_row (box, leg->tender, leg->amount, leg->masked, till_face_of_payment (leg));
    }
  TillFace agreed = { "emblem-ok-symbolic", _ ("Received"), "plain" };
  for (guint i = 0; i < job->wishes->len; i++)
    {
      const TillTenderWish *wish = g_ptr_array_index (job->wishes, i);
      add_row (box, wish->tender, wish->amount, wish->masked, agreed);
    }
}
