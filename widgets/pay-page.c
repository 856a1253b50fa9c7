/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-page.h"
#include "widgets/pay-asks.h"
#include "widgets/pay-line.h"
#include "widgets/access.h"
#include "widgets/state-face.h"
#include "data/desk/selling.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define WISHES_MAX 8
#define QUICK_MAX 4

struct _TillPayPage
{
  GtkBox parent;
  GtkBox *tenders;
  GtkWidget *cash_box;
  GtkLabel *received;
  GtkLabel *change_caption;
  GtkLabel *change;
  GtkBox *quick;
  AdwStatusPage *waiting;
  GtkBox *legs;
  GtkLabel *advice;
  GtkWidget *tender_buttons[3];
  TillCounter *counter; /* unowned */
  GPtrArray *wishes;    /* owned; of TillTenderWish, agreed but not submitted */
  TillMoney total;
  TillTender tender;
  TillPayLine line;
  gboolean setting_line; /* the line is being set from here */
  gboolean submitting;   /* another Enter or scan does nothing until the desk has answered */
};

G_DEFINE_FINAL_TYPE (TillPayPage, till_pay_page, GTK_TYPE_BOX)

static TillPayAsk *
ask_new (TillPayPage *self)
{
  TillPayAsk *ask = g_new0 (TillPayAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->sale_id = self->counter->sale ? self->counter->sale->id : 0;
  return ask;
}

/* --- figures --- */

static gboolean
leg_pays (const TillLeg *leg)
{
  return leg->state == TILL_LEG_APPROVED || till_leg_state_is_waiting (leg->state);
}

static TillMoney
still_due (TillPayPage *self)
{
  TillMoney due = self->total;
  for (guint i = 0; i < self->wishes->len; i++)
    due -= ((const TillTenderWish *)g_ptr_array_index (self->wishes, i))->amount;
  const TillSale *sale = self->counter->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg_pays (leg))
        due -= leg->amount;
    }
  return due;
}

/* The amount that is typed, or what is due while nothing is. */
static TillMoney
typed_amount (TillPayPage *self)
{
  TillMoney amount = still_due (self);
  if (!*self->line.text)
    return amount;
  g_autofree char *text = g_strdup (self->line.text);
  gsize n = strlen (text);
  if (n > 1 && text[n - 1] == '.')
    text[n - 1] = '\0';
  return till_money_parse (text, &amount, NULL) ? amount : -1;
}

/* --- showing --- */

static char *
sentence_of_leg (TillPayPage *self, const TillLeg *leg)
{
  g_autofree char *amount = till_money_format_screen (leg->amount);
  g_autofree char *time = till_counter_time (self->counter, leg->next_action_at);
  switch (leg->state)
    {
    case TILL_LEG_PLANNED:
    case TILL_LEG_REQUESTED:
      return g_strdup_printf (_ ("Asking the provider for %s. Wait for the answer; do not charge "
                                 "again."),
                              amount);
    case TILL_LEG_UNKNOWN:
      return g_strdup_printf (
          _ ("The payment of %s is not confirmed yet. The provider did not answer. "
             "Do not charge again; the till asks again at %s."),
          amount, time);
    case TILL_LEG_REVERSING:
      return g_strdup_printf (
          _ ("The payment of %s is being reversed. Do not charge again; another way to "
             "pay is possible as soon as the provider confirms that nothing is taken."),
          amount);
    case TILL_LEG_DECLINED:
      return g_strdup_printf (
          _ ("The payment of %s was declined. Nothing was taken. Choose another way "
             "to pay. (%s)"),
          amount, *leg->failure_words ? leg->failure_words : leg->failure_code);
    case TILL_LEG_DISPUTED:
      return g_strdup_printf (_ ("The answer about the payment of %s contradicts our books. It is "
                                 "frozen. Call the person in charge."),
                              amount);
    default:
      return NULL;
    }
}

static void
add_leg_row (TillPayPage *self, TillTender tender, TillMoney amount, const char *masked,
             TillFace face)
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
  gtk_box_append (self->legs, row);
}

static void
show_legs (TillPayPage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legs))))
    gtk_box_remove (self->legs, child);
  const TillSale *sale = self->counter->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      add_leg_row (self, leg->tender, leg->amount, leg->masked, till_face_of_leg (leg->state));
    }
  TillFace agreed = { "emblem-ok-symbolic", _ ("Received"), "plain" };
  for (guint i = 0; i < self->wishes->len; i++)
    {
      const TillTenderWish *wish = g_ptr_array_index (self->wishes, i);
      add_leg_row (self, wish->tender, wish->amount, wish->masked, agreed);
    }
}

static const TillLeg *
waiting_leg (TillPayPage *self)
{
  const TillSale *sale = self->counter->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (till_leg_state_is_waiting (leg->state))
        return leg;
    }
  return NULL;
}

static void
show_tenders (TillPayPage *self)
{
  for (int i = 0; i < 3; i++)
    {
      gboolean on = i == (int)self->tender;
      if (on)
        gtk_widget_add_css_class (self->tender_buttons[i], "chosen");
      else
        gtk_widget_remove_css_class (self->tender_buttons[i], "chosen");
      gtk_accessible_update_state (
          GTK_ACCESSIBLE (self->tender_buttons[i]), GTK_ACCESSIBLE_STATE_PRESSED,
          on ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
      gtk_widget_set_sensitive (self->tender_buttons[i], !waiting_leg (self));
    }
}

static void
show_waiting (TillPayPage *self)
{
  const TillLeg *leg = waiting_leg (self);
  gboolean cash = self->tender == TILL_TENDER_CASH && !leg;
  gtk_widget_set_visible (self->cash_box, cash);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), !cash);
  if (leg)
    {
      g_autofree char *words = sentence_of_leg (self, leg);
      g_autofree char *sentence = g_markup_escape_text (words, -1); /* a description is markup */
      TillFace face = till_face_of_leg (leg->state);
      adw_status_page_set_icon_name (self->waiting, face.icon);
      adw_status_page_set_title (self->waiting, face.word);
      adw_status_page_set_description (self->waiting, sentence);
    }
  else if (self->tender == TILL_TENDER_CARD)
    {
      adw_status_page_set_icon_name (self->waiting, "auth-smartcard-symbolic");
      adw_status_page_set_title (self->waiting, _ ("Insert, tap or swipe the card"));
      adw_status_page_set_description (self->waiting,
                                       _ ("The till charges as soon as the reader has "
                                          "read it."));
    }
  else if (self->tender == TILL_TENDER_CODE)
    {
      adw_status_page_set_icon_name (self->waiting, "view-grid-symbolic");
      adw_status_page_set_title (self->waiting, _ ("Scan the customer's payment code"));
      adw_status_page_set_description (self->waiting, _ ("The till charges as soon as the code is "
                                                         "scanned."));
    }
}

static void
on_quick (GtkButton *button, TillPayPage *self)
{
  self->counter->hands->line (self->counter->window,
                              g_object_get_data (G_OBJECT (button), "till-amount"));
}

static void
add_quick (TillPayPage *self, TillMoney amount)
{
  g_autofree char *words = till_money_format_screen (amount);
  GtkWidget *button = gtk_button_new_with_label (words);
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_object_set_data_full (G_OBJECT (button), "till-amount", till_money_format (amount), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_quick), self);
  gtk_box_append (self->quick, button);
}

/* What customers are likely to hand over: the exact sum, and the next round ones above it. */
static void
show_quick (TillPayPage *self, TillMoney due)
{
  static const TillMoney notes[] = { 500, 1000, 2000, 5000, 10000 };
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->quick))))
    gtk_box_remove (self->quick, child);
  add_quick (self, due);
  TillMoney last = due;
  int n = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (notes) && n < QUICK_MAX; i++)
    {
      TillMoney round = (due + notes[i] - 1) / notes[i] * notes[i];
      if (round <= last)
        continue;
      add_quick (self, round);
      last = round;
      n++;
    }
}

static void
show_cash (TillPayPage *self, TillMoney due)
{
  TillMoney received = typed_amount (self);
  gboolean short_of = received < due;
  g_autofree char *got = received >= 0 ? till_money_format_screen (received) : g_strdup ("?");
  g_autofree char *rest
      = received >= 0 ? till_money_format_screen (short_of ? due - received : received - due)
                      : g_strdup ("?");
  gtk_label_set_text (self->received, got);
  gtk_label_set_text (self->change, rest);
  gtk_label_set_text (self->change_caption, short_of ? _ ("Still missing") : _ ("Change"));
}

static void
show_advice (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  const TillLeg *leg = waiting_leg (self);
  if (leg)
    {
      gtk_label_set_text (self->advice, _ ("Delete: give this payment up. Another customer can be "
                                           "served meanwhile."));
      counter->hands->enter (counter->window, _ ("Waiting"), FALSE);
    }
  else if (self->tender != TILL_TENDER_CASH)
    {
      gtk_label_set_text (self->advice, _ ("1 goes back to cash. Esc goes back, nothing is lost."));
      counter->hands->enter (counter->window, _ ("Waiting"), FALSE);
    }
  else
    {
      gtk_label_set_text (
          self->advice,
          _ ("Enter: exact cash, print, next customer. Or type what the customer gives. "
             "A smaller amount pays a part. Esc goes back, nothing is lost."));
      counter->hands->enter (counter->window, _ ("Take cash"), TRUE);
    }
}

static void
show (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  TillMoney due = still_due (self);
  g_autofree char *total = till_money_format_screen (self->total);
  g_autofree char *note = due != self->total ? g_strdup_printf (_ ("of %s"), total) : g_strdup ("");
  counter->hands->total (counter->window, _ ("To pay"), due, TILL_MONEY_IN, note);
  show_tenders (self);
  show_waiting (self);
  show_cash (self, due);
  show_quick (self, due);
  show_legs (self);
  show_advice (self);
}

/* --- acting --- */

static void
finish (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  g_ptr_array_set_size (self->wishes, 0);
  g_clear_pointer (&counter->last_sale, till_sale_free);
  counter->last_sale = g_steal_pointer (&counter->sale);
  g_clear_pointer (&counter->basket, till_basket_free);
  counter->hands->line (counter->window, "");
  till_counter_say (counter, TILL_TONE_PLAIN, NULL);
  counter->hands->changed (counter->window);
  counter->hands->go (counter->window, TILL_SCREEN_SELL);
}

/* The sale as the books have it now: over, or still waiting for somebody. */
static void
take_sale (TillPayPage *self, TillSale *sale)
{
  TillCounter *counter = self->counter;
  g_clear_pointer (&counter->sale, till_sale_free);
  counter->sale = sale;
  self->total = sale->total;
  if (sale->state == TILL_SALE_PAID)
    {
      finish (self);
      return;
    }
  g_ptr_array_set_size (self->wishes, 0);
  const TillLeg *last
      = sale->legs->len ? g_ptr_array_index (sale->legs, sale->legs->len - 1) : NULL;
  g_autofree char *sentence
      = last && !till_leg_state_is_waiting (last->state) ? sentence_of_leg (self, last) : NULL;
  till_counter_say (counter, TILL_TONE_WARN, sentence);
  if (!waiting_leg (self))
    self->tender = TILL_TENDER_CASH;
  show (self);
}

static void
on_answered (gpointer page, gpointer data, const GError *error)
{
  TillPayPage *self = page;
  TillPayAsk *ask = data;
  self->submitting = FALSE;
  if (error)
    return;
  gboolean yes = till_counter_heard (self->counter, &ask->answer);
  if (ask->sale)
    take_sale (self, g_steal_pointer (&ask->sale));
  else
    {
      if (!yes)
        g_ptr_array_set_size (self->wishes, 0);
      show (self);
    }
}

static void
submit (TillPayPage *self, TillTenderWish *wish)
{
  TillCounter *counter = self->counter;
  g_ptr_array_add (self->wishes, wish);
  if (!counter->sale && !counter->basket)
    return;
  TillPayAsk *ask = ask_new (self);
  ask->wishes = g_steal_pointer (&self->wishes);
  self->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify)till_tender_wish_free);
  if (!counter->sale)
    ask->basket = till_basket_copy (counter->basket);
  self->submitting = TRUE;
  till_counter_ask (counter, GTK_WIDGET (self),
                    counter->sale ? till_pay_ask_rest : till_pay_ask_pay, ask, till_pay_ask_free,
                    on_answered);
}

static TillTenderWish *
wish_new (TillTender tender, TillMoney amount, TillMoney received, const char *auth,
          const char *masked)
{
  TillTenderWish *wish = g_new0 (TillTenderWish, 1);
  wish->tender = tender;
  wish->amount = amount;
  wish->received = received;
  wish->auth = g_strdup (auth);
  wish->masked = g_strdup (masked);
  return wish;
}

static void
take_cash (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  TillMoney due = still_due (self);
  TillMoney received = typed_amount (self);
  if (received <= 0 || due <= 0)
    {
      till_counter_say (counter, TILL_TONE_PLAIN,
                        _ ("This is no amount. Type it like 50 or 38.50"));
      return;
    }
  if (received >= due)
    submit (self, wish_new (TILL_TENDER_CASH, due, received, NULL, NULL));
  else if (counter->sale)
    submit (self, wish_new (TILL_TENDER_CASH, received, received, NULL, NULL));
  else if (self->wishes->len < WISHES_MAX)
    g_ptr_array_add (self->wishes, wish_new (TILL_TENDER_CASH, received, received, NULL, NULL));
  counter->hands->line (counter->window, "");
  show (self);
}

static void
charge (TillPayPage *self, TillTender tender, const char *auth, const char *masked)
{
  TillCounter *counter = self->counter;
  TillMoney due = still_due (self);
  TillMoney amount = typed_amount (self);
  if (self->submitting || waiting_leg (self))
    {
      TillAnswer busy = till_answer (TILL_NO_TENDER_BUSY);
      till_counter_heard (counter, &busy);
      return;
    }
  if (due <= 0)
    return;
  self->tender = tender;
  counter->hands->line (counter->window, "");
  submit (self, wish_new (tender, amount > 0 && amount < due ? amount : due, 0, auth, masked));
  show (self);
}

static void
give_up (TillPayPage *self)
{
  const TillLeg *leg = waiting_leg (self);
  if (!leg || self->submitting)
    return;
  TillPayAsk *ask = ask_new (self);
  ask->pos = leg->pos;
  self->submitting = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_pay_ask_cancel, ask, till_pay_ask_free,
                    on_answered);
}

static void
on_abandoned (gpointer page, gpointer data, const GError *error)
{
  TillPayPage *self = page;
  TillPayAsk *ask = data;
  TillCounter *counter = self->counter;
  self->submitting = FALSE;
  if (error || !till_counter_heard (counter, &ask->answer))
    return;
  g_clear_pointer (&counter->sale, till_sale_free);
  g_clear_pointer (&counter->basket, till_basket_free);
  counter->basket = g_steal_pointer (&ask->basket);
  counter->hands->go (counter->window, TILL_SCREEN_SELL);
}

static gboolean
on_back (GtkWidget *page)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  TillCounter *counter = self->counter;
  if (self->submitting)
    return TRUE;
  if (self->wishes->len > 0)
    {
      g_ptr_array_set_size (self->wishes, self->wishes->len - 1);
      show (self);
      return TRUE;
    }
  if (self->tender != TILL_TENDER_CASH && !counter->sale)
    {
      till_pay_line_feed (&self->line, "");
      self->tender = TILL_TENDER_CASH;
      show (self);
      return TRUE;
    }
  if (!counter->sale)
    {
      counter->hands->go (counter->window, TILL_SCREEN_SELL);
      return TRUE;
    }
  if (waiting_leg (self))
    {
      till_counter_say (counter, TILL_TONE_PLAIN,
                        _ ("A payment is under way. Wait for it, or press Delete to give it up."));
      return TRUE;
    }
  self->submitting = TRUE;
  till_counter_ask (counter, page, till_pay_ask_abandon, ask_new (self), till_pay_ask_free,
                    on_abandoned);
  return TRUE;
}

static void
choose_tender (TillPayPage *self, TillTender tender)
{
  self->tender = tender;
  show (self);
}

/* --- the page --- */

/* As if it had been scanned. */
static void
take_typed_code (TillPayPage *self, const char *text)
{
  TillCounter *counter = self->counter;
  g_autofree char *code = g_strdup (text);
  counter->hands->line (counter->window, "");
  counter->hands->scanned (counter->window, code);
  explicit_bzero (code, strlen (code));
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (self->submitting || waiting_leg (self))
    return;
  if (till_scan_kind (text) == TILL_SCAN_PAYMENT)
    take_typed_code (self, text);
  else if (self->tender == TILL_TENDER_CASH || *text)
    take_cash (self);
}

static void
on_typed (GtkWidget *page, const char *text)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (self->setting_line)
    return;
  if (till_pay_line_feed (&self->line, text))
    {
      self->setting_line = TRUE;
      self->counter->hands->line (self->counter->window, self->line.text);
      self->setting_line = FALSE;
    }
  int way = till_pay_line_way (&self->line);
  if (way >= 0)
    self->tender = (TillTender)way;
  else if (*self->line.text)
    self->tender = till_pay_line_is_code (&self->line) ? TILL_TENDER_CODE : TILL_TENDER_CASH;
  show (self);
}

static void
on_code (GtkWidget *page, TillScanAct act, const char *code)
{
  if (act != TILL_ACT_CHARGE)
    return;
  gsize n = strlen (code);
  g_autofree char *masked = g_strdup_printf ("…%s", code + (n > 4 ? n - 4 : 0));
  charge (TILL_PAY_PAGE (page), TILL_TENDER_CODE, code, masked);
}

static void
on_card (GtkWidget *page, const char *token, const char *masked)
{
  charge (TILL_PAY_PAGE (page), TILL_TENDER_CARD, token, masked);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  switch (keyval)
    {
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      if (waiting_leg (self))
        give_up (self);
      else if (self->wishes->len > 0)
        on_back (page);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_looked (gpointer page, gpointer data, const GError *error)
{
  TillPayPage *self = page;
  TillPayAsk *ask = data;
  const TillSale *now = self->counter->sale;
  if (!error && ask->sale && now && ask->sale->id == now->id)
    take_sale (self, g_steal_pointer (&ask->sale));
}

static void
on_changed (GtkWidget *page)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (self->counter->sale)
    till_counter_ask (self->counter, page, till_pay_ask_look, ask_new (self), till_pay_ask_free,
                      on_looked);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  TillCounter *counter = self->counter;
  g_auto (TillBasketSums) sums = { 0 };
  self->tender = TILL_TENDER_CASH;
  if (counter->sale)
    self->total = counter->sale->total;
  else if (counter->basket && counter->basket->lines->len > 0
           && till_basket_sum (counter->basket, &counter->shop->pricing, &sums, NULL))
    self->total = sums.total;
  else
    {
      counter->hands->go (counter->window, TILL_SCREEN_SELL);
      return;
    }
  counter->hands->hint (counter->window, _ ("Cash received, or 1 cash · 2 card · 3 code"));
  show (self);
}

static const TillLegendKey legend[] = {
  { N_ ("Enter"), N_ ("Exact cash"), GDK_KEY_Return },
  { "1", N_ ("Cash"), GDK_KEY_1 },
  { "2", N_ ("Bank card"), GDK_KEY_2 },
  { "3", N_ ("Scan code"), GDK_KEY_3 },
  { "Del", N_ ("Take back a part"), GDK_KEY_Delete },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return legend;
}

static void
on_tender_clicked (GtkButton *button, TillPayPage *self)
{
  self->counter->hands->line (self->counter->window, "");
  choose_tender (
      self, (TillTender)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-tender")));
}

static void
till_pay_page_dispose (GObject *object)
{
  TillPayPage *self = TILL_PAY_PAGE (object);
  g_clear_pointer (&self->wishes, g_ptr_array_unref);
  explicit_bzero (&self->line, sizeof self->line); /* it may have been a payment code */
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_PAY_PAGE);
  G_OBJECT_CLASS (till_pay_page_parent_class)->dispose (object);
}

static void
till_pay_page_class_init (TillPayPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_pay_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/pay-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, tenders);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, cash_box);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, received);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, change_caption);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, change);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, quick);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, legs);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, advice);
}

static void
till_pay_page_init (TillPayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify)till_tender_wish_free);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *words = g_strdup_printf ("%d  %s", i + 1, till_tender_label ((TillTender)i));
      GtkWidget *button = gtk_button_new_with_label (words);
      gtk_widget_add_css_class (button, "tender");
      gtk_widget_set_focus_on_click (button, FALSE);
      g_object_set_data (G_OBJECT (button), "till-tender", GINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (on_tender_clicked), self);
      gtk_box_append (self->tenders, button);
      self->tender_buttons[i] = button;
    }
}

static GtkWidget *
create (TillCounter *counter)
{
  TillPayPage *self = g_object_new (TILL_TYPE_PAY_PAGE, NULL);
  self->counter = counter;
  return GTK_WIDGET (self);
}

const TillPage till_pay_page = {
  .screen = TILL_SCREEN_PAY,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .typed = on_typed,
  .scanned = on_code,
  .card = on_card,
  .shown = on_shown,
  .changed = on_changed,
  .back = on_back,
  .legend = legend_of,
  .help
  = N_ ("Enter  takes the exact sum in cash, prints, and is ready for the next customer.\n"
        "50 Enter  takes ¥50 and shows the change; a smaller amount pays a part.\n"
        "1, 2, 3 alone choose cash, card or code; for two yuan in cash type 2. with the point.\n"
        "A payment code can be scanned at any time, and a card read at any time.\n\n"
        "When the provider does not answer, the payment is “not confirmed”: never charge "
        "again. The till asks by itself until it knows.\n\nEsc goes back; nothing is lost."),
};
