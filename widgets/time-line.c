/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/time-line.h"
#include "widgets/choice.h"
#include "widgets/state-face.h"
#include "data/trade/advice.h"

#include <glib/gi18n-lib.h>

struct _TillTimeLine
{
  GtkBox parent;
};

G_DEFINE_FINAL_TYPE (TillTimeLine, till_time_line, GTK_TYPE_BOX)

static void
till_time_line_class_init (TillTimeLineClass *class)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "timeline");
}

static void
till_time_line_init (TillTimeLine *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
}

static GtkWidget *
label_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
step_new (TillCounter *counter, const TillRefundStep *step)
{
  g_autofree char *whole = till_clock_format (step->at, counter->shop->zone);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (row, "step");
  gtk_box_append (GTK_BOX (row), label_new (whole + 5, "figure"));

  GtkWidget *pill = till_state_pill_new ();
  till_state_pill_set (TILL_STATE_PILL (pill), till_face_of_refund (step->to));
  gtk_box_append (GTK_BOX (row), pill);

  const char *who = *step->staff_name ? step->staff_name : _ ("the till itself");
  g_autofree char *ours = g_strdup_printf ("%s · %s", who, till_advice_event (step->event));
  GtkWidget *words = gtk_label_new (ours);
  gtk_box_append (GTK_BOX (row), words);
  GtkWidget *theirs = label_new (step->evidence, "quiet");
  gtk_widget_add_css_class (theirs, "said");
  gtk_widget_set_hexpand (theirs, TRUE);
  if (*step->evidence)
    gtk_widget_set_tooltip_text (theirs, step->evidence);
  gtk_box_append (GTK_BOX (row), theirs);
  return row;
}

void
till_time_line_show (TillTimeLine *self, TillCounter *counter, const GPtrArray *steps)
{
  till_box_empty (GTK_BOX (self));
  for (guint i = 0; steps && i < steps->len; i++)
    gtk_box_append (GTK_BOX (self), step_new (counter, g_ptr_array_index (steps, i)));
}
