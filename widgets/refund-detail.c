/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/refund-detail.h"
#include "widgets/choice.h"
#include "widgets/deed.h"
#include "widgets/part.h"
#include "widgets/time-line.h"
#include "data/core/ids.h"
#include "data/desk/refunding.h"
#include "data/trade/advice.h"
#include "data/trade/provider-limits.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>

struct _TillRefundDetail
{
  GtkBox parent;
  GtkLabel *name;
  GtkLabel *sentence;
  GtkLabel *said;
  GtkLabel *way;
  TillTimeLine *life;
  GtkAdjustment *place; /* of life, when it is longer than its frame */
  GtkLabel *ask_whom;
  GtkBox *actions;
  GtkWidget *second;
  GtkLabel *second_title;
  TillWhoPart *who;
  TillCounter *counter; /* unowned */
  TillRefund *shown;    /* owned, or NULL */
  TillSecondAsked asking;
};

G_DEFINE_FINAL_TYPE (TillRefundDetail, till_refund_detail, GTK_TYPE_BOX)

enum
{
  DEED,
  SECOND,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A courtesy only: the desk decides again, whoever asks. */
static gboolean
deed_fits (gpointer detail, int deed)
{
  const TillRefund *refund = TILL_REFUND_DETAIL (detail)->shown;
  TillRefundState state = refund->state;
  switch ((TillRefundDeed)deed)
    {
    case TILL_REFUND_DO_ASK:
      return till_refund_state_is_due (state) || till_refunding_may_ask_again (refund);
    case TILL_REFUND_DO_APPROVE:
    case TILL_REFUND_DO_REJECT:
      return state == TILL_REFUND_WAIT_APPROVAL;
    case TILL_REFUND_DO_CORRECT:
      return state == TILL_REFUND_FIX || state == TILL_REFUND_CUSTOMER;
    case TILL_REFUND_DO_PAY_CASH:
      return !till_refund_state_counts (state) && state != TILL_REFUND_REFUSED
             && till_act_of (refund->why) == TILL_ACT_REFUND;
    case TILL_REFUND_DO_RECALL:
      return till_refunding_may_recall (refund, till_codec_profile (refund->provider, NULL));
    case TILL_REFUND_DO_CANCEL:
      return state == TILL_REFUND_FIX || state == TILL_REFUND_CUSTOMER
             || (state == TILL_REFUND_QUEUED && refund->sent_at == 0);
    default:
      return TRUE;
    }
}

static const TillDeed deed_rows[] = {
  [TILL_REFUND_DO_ASK] = { GDK_KEY_q, "Q", N_ ("Ask now") },
  [TILL_REFUND_DO_APPROVE] = { GDK_KEY_a, "A", N_ ("Approve…") },
  [TILL_REFUND_DO_REJECT] = { GDK_KEY_j, "J", N_ ("Reject…") },
  [TILL_REFUND_DO_CORRECT] = { GDK_KEY_c, "C", N_ ("Put right, send again…") },
  [TILL_REFUND_DO_PAY_CASH] = { GDK_KEY_p, "P", N_ ("Pay in cash…") },
  [TILL_REFUND_DO_RECALL] = { GDK_KEY_b, "B", N_ ("Back to the shop…") },
  [TILL_REFUND_DO_CANCEL] = { GDK_KEY_x, "X", N_ ("Take back…") },
  [TILL_REFUND_DO_PRINT] = { GDK_KEY_F5, "F5", N_ ("Print slip") },
};

static void
do_deed (gpointer detail, int deed)
{
  TillRefundDetail *self = detail;
  if (!self->shown)
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("No refund is chosen."));
  else if (!deed_fits (self, deed))
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("That does not fit this refund now. What can be done stands below it."));
  else
    g_signal_emit (self, signals[DEED], 0, deed);
}

static const TillDeeds deeds = { deed_rows, G_N_ELEMENTS (deed_rows), deed_fits, do_deed };

gboolean
till_refund_detail_key (TillRefundDetail *self, guint keyval)
{
  return till_deeds_key (&deeds, self, keyval);
}

/* The deed that is the one next thing to do; -1 where it is none of them. */
static int
advised_deed (TillNext next)
{
  static const struct
  {
    TillNext next;
    TillRefundDeed deed;
  } advised[] = {
    { TILL_NEXT_ASK, TILL_REFUND_DO_ASK },           { TILL_NEXT_APPROVE, TILL_REFUND_DO_APPROVE },
    { TILL_NEXT_CORRECT, TILL_REFUND_DO_CORRECT },   { TILL_NEXT_TAKE_BACK, TILL_REFUND_DO_CANCEL },
    { TILL_NEXT_PAY_CASH, TILL_REFUND_DO_PAY_CASH },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (advised); i++)
    if (advised[i].next == next)
      return (int)advised[i].deed;
  return -1;
}

static void
show_actions (TillRefundDetail *self)
{
  const TillStaff *staff = self->counter->staff;
  TillNext next = till_advice_refund_next (self->shown);
  int advised = advised_deed (next);
  gboolean mine = staff && till_next_is_for (next, staff->role);
  g_autofree char *whom
      = mine || advised < 0
            ? g_strdup ("")
            : g_strdup_printf (_ ("“%s” is for a supervisor: press F12 and let one sign in."),
                               _ (deed_rows[advised].word));
  gtk_label_set_text (self->ask_whom, whom);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_whom), *whom != '\0');
  till_box_empty (self->actions);
  for (int i = 0; i < deeds.n; i++)
    {
      if (!deed_fits (self, i) || (!mine && i == advised))
        continue;
      GtkWidget *button = till_deed_button (&deeds, i, self);
      gtk_box_append (self->actions, button);
      if (i == advised)
        gtk_widget_add_css_class (button, "suggested-action");
    }
}

void
till_refund_detail_ask_second (TillRefundDetail *self, TillSecondAsked asked)
{
  static const char *const titles[]
      = { "", N_ ("Who approves? Number and PIN of the second person."),
          N_ ("Who rejects? Number and PIN of the second person."),
          N_ ("Who agrees to cash? Number and PIN of the second person."),
          N_ ("The provider is to send the money back to the shop, and the customer is then paid "
              "another way. Who agrees? Number and PIN of the second person.") };
  self->asking = asked;
  gtk_widget_set_visible (self->second, asked != TILL_SECOND_NONE);
  gtk_label_set_text (self->second_title, *titles[asked] ? _ (titles[asked]) : "");
  till_who_part_start (self->who, NULL);
}

/* Who carries it, and why as a void or as a refund; and where the provider is to be called, what it
 * is known by. */
static void
show_way (TillRefundDetail *self)
{
  const TillRefund *refund = self->shown;
  const TillCodec *codec = till_codec_find (refund->provider);
  const char *why = till_why_sentence (refund->why);
  GString *way = g_string_new (codec ? _ (codec->profile->words) : "");
  if (*why)
    g_string_append_printf (way, "%s%s", way->len ? " · " : "", why);
  if (till_advice_refund_next (refund) == TILL_NEXT_CALL)
    g_string_append_printf (way, _ ("\nOur number %s · the provider's number %s · payment %s"),
                            refund->request_no, *refund->provider_no ? refund->provider_no : "–",
                            refund->original_no);
  gtk_widget_set_visible (GTK_WIDGET (self->way), way->len > 0);
  gtk_label_set_text (self->way, way->str);
  g_string_free (way, TRUE);
}

/* "" when the provider does not close it, or not soon. */
static char *
closing_of (TillRefundDetail *self)
{
  const TillProfile *profile = till_codec_profile (self->shown->provider, NULL);
  int64_t at
      = till_provider_limits_closing (profile, self->shown, till_counter_now (self->counter));
  return till_advice_closing (profile ? _ (profile->words) : "", at, self->counter->shop->zone);
}

void
till_refund_detail_show (TillRefundDetail *self, TillRefund *refund, const GPtrArray *steps)
{
  gboolean same = self->shown && refund && self->shown->id == refund->id
                  && self->shown->state == refund->state;
  g_clear_pointer (&self->shown, till_refund_free);
  self->shown = refund;
  gtk_widget_set_visible (GTK_WIDGET (self), refund != NULL);
  if (!same)
    till_refund_detail_ask_second (self, TILL_SECOND_NONE);
  if (!refund)
    return;
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *sale = till_number_spaced (refund->sale_no);
  g_autofree char *amount = till_money_format_screen (refund->amount);
  g_autofree char *name = g_strdup_printf (_ ("Refund %s · %s · of receipt %s"), no, amount, sale);
  g_autofree char *sentence = till_advice_refund (refund, self->counter->shop->zone);
  gtk_label_set_text (self->name, name);
  g_autofree char *closing = closing_of (self);
  g_autofree char *whole = g_strjoin ("\n", sentence, *closing ? closing : NULL, NULL);
  g_autofree char *said = till_advice_said (refund->failure_code, refund->failure_words);
  gtk_label_set_text (self->sentence, whole);
  gtk_label_set_text (self->said, said);
  gtk_widget_set_visible (GTK_WIDGET (self->said), *said != '\0');
  show_way (self);
  till_time_line_show (self->life, self->counter, steps);
  show_actions (self);
}

const TillRefund *
till_refund_detail_shown (TillRefundDetail *self)
{
  return self->shown;
}

TillSecondAsked
till_refund_detail_asking (TillRefundDetail *self)
{
  return self->asking;
}

TillWhoPart *
till_refund_detail_who (TillRefundDetail *self)
{
  return self->asking != TILL_SECOND_NONE ? self->who : NULL;
}

/* The last thing that happened is what people look for. */
static void
on_longer (TillRefundDetail *self)
{
  gtk_adjustment_set_value (self->place, gtk_adjustment_get_upper (self->place));
}

static void
on_second (TillRefundDetail *self)
{
  g_signal_emit (self, signals[SECOND], 0);
}

/* --- building --- */

static void
till_refund_detail_finalize (GObject *object)
{
  g_clear_pointer (&TILL_REFUND_DETAIL (object)->shown, till_refund_free);
  G_OBJECT_CLASS (till_refund_detail_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillRefundDetail, child)

static void
till_refund_detail_class_init (TillRefundDetailClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_refund_detail_finalize;
  g_type_ensure (TILL_TYPE_TIME_LINE);
  g_type_ensure (TILL_TYPE_WHO_PART);
  till_part_class (class, "refund-detail.ui");
  BIND (name);
  BIND (sentence);
  BIND (said);
  BIND (way);
  BIND (life);
  BIND (place);
  BIND (ask_whom);
  BIND (actions);
  BIND (second);
  BIND (second_title);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_longer);
  signals[DEED] = g_signal_new ("deed", TILL_TYPE_REFUND_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SECOND] = till_part_signal (class, "second");
}

static void
till_refund_detail_init (TillRefundDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
till_refund_detail_set_up (TillRefundDetail *self, TillCounter *counter)
{
  self->counter = counter;
}
