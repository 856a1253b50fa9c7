/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/state-face.h"

#include <glib/gi18n-lib.h>

TillFace
till_face_of_refund (TillRefundState state)
{
  static const struct
  {
    const char *icon, *style;
  } faces[] = {
    [TILL_REFUND_WAIT_APPROVAL] = { "system-users-symbolic", "warn" },
    [TILL_REFUND_QUEUED] = { "document-send-symbolic", "plain" },
    [TILL_REFUND_SENDING] = { "mail-send-symbolic", "plain" },
    [TILL_REFUND_UNKNOWN] = { "dialog-question-symbolic", "warn" },
    [TILL_REFUND_ACCEPTED] = { "preferences-system-time-symbolic", "plain" },
    [TILL_REFUND_FIX] = { "document-edit-symbolic", "bad" },
    [TILL_REFUND_CUSTOMER] = { "avatar-default-symbolic", "bad" },
    [TILL_REFUND_PROVIDER] = { "network-server-symbolic", "warn" },
    [TILL_REFUND_RECALL_DUE] = { "go-previous-symbolic", "plain" },
    [TILL_REFUND_RECALLING] = { "mail-send-symbolic", "plain" },
    [TILL_REFUND_SUCCEEDED] = { "object-select-symbolic", "good" },
    [TILL_REFUND_BOUNCED] = { "edit-undo-symbolic", "bad" },
    [TILL_REFUND_CLOSED] = { "folder-symbolic", "bad" },
    [TILL_REFUND_FAILED] = { "process-stop-symbolic", "bad" },
    [TILL_REFUND_REFUSED] = { "process-stop-symbolic", "bad" },
    [TILL_REFUND_CANCELLED] = { "action-unavailable-symbolic", "plain" },
  };
  return (TillFace){ faces[state].icon, till_refund_state_label (state), faces[state].style };
}

TillFace
till_face_of_leg (TillLegState state)
{
  static const struct
  {
    const char *icon, *word, *style;
  } faces[] = {
    [TILL_LEG_PLANNED] = { "document-send-symbolic", N_ ("Queued"), "plain" },
    [TILL_LEG_REQUESTED] = { "mail-send-symbolic", N_ ("Sent"), "plain" },
    [TILL_LEG_OPENED] = { "mail-send-symbolic", N_ ("Sent"), "plain" },
    [TILL_LEG_UNKNOWN] = { "dialog-question-symbolic", N_ ("Not confirmed"), "warn" },
    [TILL_LEG_REVERSING] = { "edit-undo-symbolic", N_ ("Being reversed"), "warn" },
    [TILL_LEG_APPROVED] = { "object-select-symbolic", N_ ("Paid"), "good" },
    [TILL_LEG_DECLINED] = { "process-stop-symbolic", N_ ("Declined"), "bad" },
    [TILL_LEG_CANCELLED] = { "action-unavailable-symbolic", N_ ("Given up"), "plain" },
    [TILL_LEG_REVERSED] = { "edit-undo-symbolic", N_ ("Reversed"), "plain" },
    [TILL_LEG_DISPUTED] = { "dialog-warning-symbolic", N_ ("Disputed"), "bad" },
  };
  return (TillFace){ faces[state].icon, _ (faces[state].word), faces[state].style };
}

TillFace
till_face_of_payment (const TillLeg *leg)
{
  if (leg->by_slip && leg->state == TILL_LEG_PLANNED)
    return (TillFace){ "document-edit-symbolic", _ ("Waits for its slip"), "warn" };
  if (leg->slip && leg->slip->confirmed_at == 0)
    return (TillFace){ "text-x-generic-symbolic", _ ("As its slip says"), "plain" };
  return till_face_of_leg (leg->state);
}

const char *
till_tender_label (TillTender tender)
{
  static const char *const labels[] = { N_ ("Cash"), N_ ("Bank card"), N_ ("Scan code") };
  return _ (labels[tender]);
}

struct _TillStatePill
{
  GtkBox parent;
  GtkImage *icon; /* unowned; a child */
  GtkLabel *word; /* unowned; a child */
  const char *style;
};

G_DEFINE_FINAL_TYPE (TillStatePill, till_state_pill, GTK_TYPE_BOX)

static void
till_state_pill_class_init (TillStatePillClass *class)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "pill");
}

static void
till_state_pill_init (TillStatePill *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->word = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->word, PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->word));
}

GtkWidget *
till_state_pill_new (void)
{
  return g_object_new (TILL_TYPE_STATE_PILL, NULL);
}

void
till_state_pill_set (TillStatePill *self, TillFace face)
{
  if (self->style)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
  self->style = face.style;
  gtk_widget_set_visible (GTK_WIDGET (self), face.icon != NULL);
  if (!face.icon)
    return;
  gtk_widget_add_css_class (GTK_WIDGET (self), face.style);
  gtk_image_set_from_icon_name (self->icon, face.icon);
  gtk_label_set_text (self->word, face.word);
}
