/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-head.h"
#include "widgets/part.h"
#include "widgets/state-face.h"
#include "data/core/clock.h"
#include "data/core/ids.h"

#include <glib/gi18n-lib.h>

struct _TillReturnHead
{
  GtkBox parent;
  GtkLabel *steps;
  GtkLabel *receipt;
};

G_DEFINE_FINAL_TYPE (TillReturnHead, till_return_head, GTK_TYPE_BOX)

static char *
ways_paid (const TillSale *sale)
{
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->state != TILL_LEG_APPROVED)
        continue;
      g_autofree char *amount = till_money_format_screen (leg->amount);
      g_string_append_printf (words, "%s%s%s%s %s", words->len ? " + " : "",
                              till_tender_label (leg->tender), *leg->masked ? " " : "", leg->masked,
                              amount);
    }
  return g_string_free (words, FALSE);
}

/* The three steps, the one at hand in heavy letters. */
static void
show_steps (TillReturnHead *self, TillReturnStage stage)
{
  static const char *const names[] = { N_ ("1 Goods"), N_ ("2 Reason"), N_ ("3 Money") };
  g_autoptr (GString) steps = g_string_new (NULL);
  guint from = 0, to = 0;
  for (int i = 0; i < 3; i++)
    {
      g_string_append (steps, i ? "   ›   " : "");
      gboolean here = (int)stage - (int)TILL_RETURN_AT_LINES == i;
      from = here ? (guint)steps->len : from;
      g_string_append (steps, _ (names[i]));
      to = here ? (guint)steps->len : to;
    }
  gtk_label_set_text (self->steps, steps->str);
  g_autoptr (PangoAttrList) bold = pango_attr_list_new ();
  PangoAttribute *weight = pango_attr_weight_new (PANGO_WEIGHT_HEAVY);
  weight->start_index = from;
  weight->end_index = to;
  pango_attr_list_insert (bold, weight);
  gtk_label_set_attributes (self->steps, bold);
}

static void
show_total (const TillReturnJob *job, TillCounter *counter)
{
  TillMoney sum = till_return_job_sum (job);
  g_autofree char *pieces = NULL;
  guint n = job->draft ? job->draft->lines->len : 0;
  if (n > 0)
    pieces = g_strdup_printf (ngettext ("%u line comes back", "%u lines come back", n), n);
  counter->hands->total (counter->window, _ ("To refund"), sum, TILL_MONEY_OUT,
                         pieces ? pieces : "");
}

void
till_return_head_show (TillReturnHead *self, const TillReturnJob *job, TillCounter *counter)
{
  show_total (job, counter);
  gtk_widget_set_visible (GTK_WIDGET (self), job->stage != TILL_RETURN_AT_FIND);
  if (!job->sale)
    return;
  show_steps (self, job->stage);
  g_autofree char *no = till_number_spaced (job->sale->no);
  g_autofree char *at = till_clock_format (job->sale->at, counter->shop->zone);
  at[16] = '\0';
  g_autofree char *ways = ways_paid (job->sale);
  g_autofree char *words = g_strdup_printf (_ ("Receipt %s · sold %s · paid %s"), no, at, ways);
  gtk_label_set_text (self->receipt, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->receipt), words);
}

static void
till_return_head_class_init (TillReturnHeadClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  till_part_class (class, "return-head.ui");
  gtk_widget_class_bind_template_child (widget_class, TillReturnHead, steps);
  gtk_widget_class_bind_template_child (widget_class, TillReturnHead, receipt);
}

static void
till_return_head_init (TillReturnHead *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
