/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-page.h"
#include "widgets/choice.h"
#include "widgets/part.h"
#include "widgets/pay-asks.h"
#include "widgets/pay-cash.h"
#include "widgets/pay-legs.h"
#include "widgets/pay-slip.h"
#include "widgets/pay-words.h"
#include "widgets/state-face.h"
#include "data/core/secret.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WISHES_MAX 8
#define TENDERS 3
#define BY_SLIP TENDERS /* the choice behind the tenders */

struct _TillPayPage
{
  GtkBox parent;
  GtkBox *tenders;
  TillPayCash *cash;
  AdwStatusPage *waiting;
  TillPaySlip *slip;
  GtkBox *legs;
  GtkLabel *advice;
  TillCounter *counter; /* unowned */
  TillPayJob job;
  gboolean setting_line; /* the line is being set from here */
  gboolean submitting;   /* another Enter or scan does nothing until the desk has answered */
};

G_DEFINE_FINAL_TYPE (TillPayPage, till_pay_page, GTK_TYPE_BOX)

static void
ask_desk (TillPayPage *self, TillWork work, TillPayAsk *ask, TillAsked done)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_pay_ask_free, done);
}

static TillPayAsk *
ask_new (TillPayPage *self)
{
  TillPayAsk *ask = g_new0 (TillPayAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->sale_id = self->counter->sale ? self->counter->sale->id : 0;
  return ask;
}

/* A terminal that knows nothing of the till stands beside it. */
static gboolean
has_slips (TillPayPage *self)
{
  return *self->counter->shop->slip_provider != '\0';
}

/* The payment whose card slip is being typed, or NULL. */
static const TillLeg *
slip_leg (TillPayPage *self)
{
  return self->counter->sale ? till_sale_leg_by_slip (self->counter->sale) : NULL;
}

/* --- showing --- */

static void
show_slip (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  const TillLeg *leg = slip_leg (self);
  gboolean was = gtk_widget_get_visible (GTK_WIDGET (self->slip));
  gtk_widget_set_visible (GTK_WIDGET (self->slip), leg != NULL);
  if (was != (leg != NULL))
    counter->hands->legend (counter->window);
  if (!leg)
    return;
  till_pay_slip_show (self->slip, leg, till_clock_day (counter->sale->at, TILL_CHINA),
                      till_clock_day (till_counter_now (counter), TILL_CHINA));
  counter->hands->total (counter->window, _ ("On the card terminal"), leg->amount, TILL_MONEY_IN,
                         "");
  counter->hands->hint (counter->window, till_pay_slip_asks (self->slip));
  counter->hands->enter (counter->window, _ ("Next number"), FALSE);
}

static void
show (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  const TillPayJob *job = &self->job;
  gboolean waits = till_pay_job_waiting (job) != NULL;
  gboolean cash = job->tender == TILL_TENDER_CASH && !waits;
  gboolean slip = job->tender == TILL_TENDER_CARD && job->by_slip && !waits;
  gboolean terminal = job->tender == TILL_TENDER_CARD && job->at_terminal && !slip && !waits;
  TillMoney due = till_pay_job_due (job);
  g_autofree char *total = till_money_format_screen (job->total);
  g_autofree char *note = due != job->total ? g_strdup_printf (_ ("of %s"), total) : g_strdup ("");
  counter->hands->total (counter->window, _ ("To pay"), due, TILL_MONEY_IN, note);
  counter->hands->enter (counter->window,
                         cash       ? _ ("Take cash")
                         : terminal ? _ ("Charge at the terminal")
                         : slip     ? _ ("Save, then key it in")
                                    : _ ("Waiting"),
                         cash || terminal || slip);
  till_choices_mark (GTK_WIDGET (self->tenders), job->by_slip ? BY_SLIP : (int)job->tender);
  gtk_widget_set_sensitive (GTK_WIDGET (self->tenders), !waits);
  gtk_widget_set_visible (GTK_WIDGET (self->cash), cash);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), !cash && !slip_leg (self));
  till_pay_cash_show (self->cash, job);
  till_pay_words_prompt (self->waiting, job, counter);
  till_pay_legs_show (self->legs, job);
  gtk_label_set_text (self->advice, till_pay_words_advice (job));
  show_slip (self);
}

static void
choose (TillPayPage *self, int way)
{
  self->job.by_slip = way == BY_SLIP;
  self->job.tender = way == BY_SLIP ? TILL_TENDER_CARD : (TillTender)way;
}

/* What the input line asks for while nothing waits. */
static void
show_hint (TillPayPage *self)
{
  self->counter->hands->hint (
      self->counter->window,
      has_slips (self) ? _ ("Cash received, or 1 cash · 2 card · 3 code · 4 card on terminal")
                       : _ ("Cash received, or 1 cash · 2 card · 3 code"));
}

/* --- acting --- */

static void
finish (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  g_ptr_array_set_size (self->job.wishes, 0);
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
  self->job.total = sale->total;
  if (sale->state == TILL_SALE_PAID)
    {
      finish (self);
      return;
    }
  g_ptr_array_set_size (self->job.wishes, 0);
  const TillLeg *last
      = sale->legs->len ? g_ptr_array_index (sale->legs, sale->legs->len - 1) : NULL;
  g_autofree char *sentence = last && !till_leg_state_is_waiting (last->state)
                                  ? till_pay_words_leg (last, counter)
                                  : NULL;
  till_counter_say (counter, TILL_TONE_WARN, sentence);
  if (!till_pay_job_waiting (&self->job))
    {
      choose (self, TILL_TENDER_CASH);
      show_hint (self);
    }
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
  if (!yes)
    g_ptr_array_set_size (self->job.wishes, 0);
  if (ask->sale)
    take_sale (self, g_steal_pointer (&ask->sale));
  else
    show (self);
}

/* What is agreed becomes the sale's, or pays more of the sale that is there. */
static void
submit (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  if (!counter->sale && !counter->basket)
    return;
  TillPayAsk *ask = ask_new (self);
  ask->wishes = till_pay_job_take_wishes (&self->job);
  if (!counter->sale)
    ask->basket = till_basket_copy (counter->basket);
  self->submitting = TRUE;
  ask_desk (self, counter->sale ? till_pay_ask_rest : till_pay_ask_pay, ask, on_answered);
}

static void
take_cash (TillPayPage *self)
{
  TillCounter *counter = self->counter;
  TillMoney due = till_pay_job_due (&self->job);
  TillMoney received = till_pay_job_typed (&self->job);
  if (received <= 0 || due <= 0)
    {
      till_counter_say (counter, TILL_TONE_PLAIN,
                        _ ("This is no amount. Type it like 50 or 38.50"));
      return;
    }
  gboolean whole = received >= due;
  if (whole || counter->sale || self->job.wishes->len < WISHES_MAX)
    till_pay_job_agree (&self->job, TILL_TENDER_CASH, whole ? due : received, received, NULL, NULL);
  if (whole || counter->sale)
    submit (self);
  counter->hands->line (counter->window, "");
  show (self);
}

static void
charge (TillPayPage *self, TillTender tender, const char *auth, const char *masked)
{
  TillCounter *counter = self->counter;
  TillMoney due = till_pay_job_due (&self->job);
  TillMoney amount = till_pay_job_typed (&self->job);
  /* One payment at a time: while it is on its way, nothing else is charged. */
  if (self->submitting || till_pay_job_waiting (&self->job))
    {
      TillAnswer busy = till_answer (TILL_NO_TENDER_BUSY);
      till_counter_heard (counter, &busy);
      return;
    }
  if (due <= 0)
    return;
  choose (self, (int)tender);
  counter->hands->line (counter->window, "");
  till_pay_job_agree (&self->job, tender, amount > 0 && amount < due ? amount : due, 0, auth,
                      masked);
  submit (self);
  show (self);
}

/* The sale is in the books before anything is keyed in: its prices hold, and it outlives the power.
 */
static void
charge_by_slip (TillPayPage *self)
{
  TillMoney due = till_pay_job_due (&self->job);
  if (self->submitting || due <= 0)
    return;
  till_pay_job_agree_slip (&self->job, due);
  submit (self);
  show (self);
}

static void
on_slip_answered (gpointer page, gpointer data, const GError *error)
{
  TillPayPage *self = page;
  TillPayAsk *ask = data;
  self->submitting = FALSE;
  if (error)
    return;
  if (!till_counter_heard (self->counter, &ask->answer))
    till_pay_slip_refused (self->slip, &ask->answer);
  else
    till_pay_slip_done (self->slip);
  if (ask->sale)
    take_sale (self, g_steal_pointer (&ask->sale));
  else
    show (self);
}

/* no and pin: of a second person, or NULL; pin is taken. */
static void
submit_slip (TillPayPage *self, const char *no, char *pin)
{
  const TillLeg *leg = slip_leg (self);
  if (!leg || self->submitting)
    {
      till_secret_free (pin);
      return;
    }
  TillPayAsk *ask = ask_new (self);
  ask->pos = leg->pos;
  ask->slip = till_pay_slip_read (self->slip);
  ask->no = g_strdup (no);
  ask->pin = pin;
  self->submitting = TRUE;
  ask_desk (self, till_pay_ask_slip, ask, on_slip_answered);
}

static void
on_signed (TillPayPage *self)
{
  TillWhoPart *who = till_pay_slip_who (self->slip);
  if (who)
    submit_slip (self, till_who_part_no (who), till_who_part_take_pin (who));
}

static void
take_number (TillPayPage *self, const char *text)
{
  g_autofree char *number = g_strdup (text);
  self->counter->hands->line (self->counter->window, "");
  if (till_pay_slip_take (self->slip, number))
    submit_slip (self, NULL, NULL);
  show_slip (self);
}

static void
give_up (TillPayPage *self)
{
  const TillLeg *leg = till_pay_job_waiting (&self->job);
  if (!leg || self->submitting)
    return;
  TillPayAsk *ask = ask_new (self);
  ask->pos = leg->pos;
  self->submitting = TRUE;
  ask_desk (self, till_pay_ask_cancel, ask, on_answered);
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

static void
say_under_way (TillPayPage *self)
{
  till_counter_say (self->counter, TILL_TONE_PLAIN,
                    _ ("A payment is under way. Wait for it, or press Delete to give it up."));
}

static void
take_back_part (TillPayPage *self)
{
  g_ptr_array_set_size (self->job.wishes, self->job.wishes->len - 1);
  show (self);
}

static gboolean
on_back (GtkWidget *page)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  TillCounter *counter = self->counter;
  if (self->submitting)
    return TRUE;
  if (slip_leg (self) && till_pay_slip_back (self->slip))
    show_slip (self);
  else if (self->job.wishes->len > 0)
    take_back_part (self);
  else if (self->job.tender != TILL_TENDER_CASH && !counter->sale)
    {
      till_pay_line_feed (&self->job.line, TENDERS, "");
      choose (self, TILL_TENDER_CASH);
      show (self);
    }
  else if (!counter->sale)
    counter->hands->go (counter->window, TILL_SCREEN_SELL);
  else if (till_pay_job_waiting (&self->job))
    say_under_way (self);
  else
    {
      self->submitting = TRUE;
      ask_desk (self, till_pay_ask_abandon, ask_new (self), on_abandoned);
    }
  return TRUE;
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
  if (self->submitting)
    return;
  if (slip_leg (self))
    take_number (self, text);
  else if (till_pay_job_waiting (&self->job))
    say_under_way (self);
  else if (till_scan_kind (text) == TILL_SCAN_PAYMENT)
    take_typed_code (self, text);
  else if (self->job.tender == TILL_TENDER_CARD && self->job.by_slip)
    charge_by_slip (self);
  else if (self->job.tender == TILL_TENDER_CARD && self->job.at_terminal)
    charge (self, TILL_TENDER_CARD, NULL, NULL);
  else if (self->job.tender == TILL_TENDER_CASH || *text)
    take_cash (self);
}

static void
on_typed (GtkWidget *page, const char *text)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (self->setting_line || slip_leg (self))
    return;
  if (till_pay_line_feed (&self->job.line, TENDERS + has_slips (self), text))
    {
      self->setting_line = TRUE;
      self->counter->hands->line (self->counter->window, self->job.line.text);
      self->setting_line = FALSE;
    }
  int way = till_pay_line_way (&self->job.line);
  if (way >= 0)
    choose (self, way);
  else if (*self->job.line.text)
    choose (self, till_pay_line_is_code (&self->job.line) ? TILL_TENDER_CODE : TILL_TENDER_CASH);
  show (self);
}

/* A slip's numbers have letters and stars as well. */
static gboolean
on_types (GtkWidget *page, gunichar character)
{
  gboolean figure = (character >= '0' && character <= '9') || character == '.';
  return figure
         || (slip_leg (TILL_PAY_PAGE (page))
             && ((character < 0x7f && g_ascii_isalpha ((char)character)) || character == '*'));
}

/* What is scanned while a slip is typed is on the slip, but for a customer's payment code. */
static gboolean
on_awaited (GtkWidget *page, const char *code)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (!slip_leg (self) || till_scan_kind (code) == TILL_SCAN_PAYMENT)
    return FALSE;
  take_number (self, code);
  return TRUE;
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  return till_pay_slip_who (TILL_PAY_PAGE (page)->slip);
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
  TillPayPage *self = TILL_PAY_PAGE (page);
  if (self->job.at_terminal)
    till_counter_say (
        self->counter, TILL_TONE_PLAIN,
        _ ("Cards are charged at the provider's terminal, not by this reader. Press 2, "
           "then Enter. Nothing was charged."));
  else
    charge (self, TILL_TENDER_CARD, token, masked);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  switch (keyval)
    {
    case GDK_KEY_Delete:
    case GDK_KEY_minus:
      if (till_pay_job_waiting (&self->job))
        give_up (self);
      else if (self->job.wishes->len > 0)
        on_back (page);
      else
        till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("There is nothing more to undo."));
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
    ask_desk (self, till_pay_ask_look, ask_new (self), on_looked);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillPayPage *self = TILL_PAY_PAGE (page);
  TillCounter *counter = self->counter;
  g_auto (TillBasketSums) sums = { 0 };
  const TillProfile *cards = till_codec_profile (counter->shop->card_provider, NULL);
  choose (self, TILL_TENDER_CASH);
  self->job.at_terminal = cards && cards->cards == TILL_CARDS_AT_TERMINAL;
  if (counter->sale)
    self->job.total = counter->sale->total;
  else if (counter->basket && counter->basket->lines->len > 0
           && till_basket_sum (counter->basket, &counter->shop->pricing, &sums, NULL))
    self->job.total = sums.total;
  else
    {
      counter->hands->go (counter->window, TILL_SCREEN_SELL);
      return;
    }
  if (counter->basket && till_pay_job_turn_to (&self->job, counter->basket->token))
    till_counter_say (counter, TILL_TONE_WARN,
                      _ ("What another customer paid in part does not count here. Give it back, or "
                         "take it again with that basket."));
  GtkWidget *beside = gtk_widget_get_last_child (GTK_WIDGET (self->tenders));
  gtk_widget_set_visible (beside, has_slips (self));
  show_hint (self);
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

static const TillLegendKey slip_legend[] = {
  { N_ ("Enter"), N_ ("Next number"), GDK_KEY_Return },
  { "Del", N_ ("The terminal took nothing"), GDK_KEY_Delete },
  { "Esc", N_ ("One number back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return slip_leg (TILL_PAY_PAGE (page)) ? slip_legend : legend;
}

static void
on_tender (gpointer page, int tender)
{
  TillPayPage *self = page;
  self->counter->hands->line (self->counter->window, "");
  choose (self, tender);
  show (self);
}

static void
till_pay_page_finalize (GObject *object)
{
  till_pay_job_clear (&TILL_PAY_PAGE (object)->job);
  G_OBJECT_CLASS (till_pay_page_parent_class)->finalize (object);
}

static void
till_pay_page_class_init (TillPayPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_pay_page_finalize;
  g_type_ensure (TILL_TYPE_PAY_CASH);
  g_type_ensure (TILL_TYPE_PAY_SLIP);
  till_part_class (class, "pay-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, tenders);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, cash);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, slip);
  gtk_widget_class_bind_template_callback (widget_class, on_signed);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, legs);
  gtk_widget_class_bind_template_child (widget_class, TillPayPage, advice);
}

static void
till_pay_page_init (TillPayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_pay_job_init (&self->job);
  for (int i = 0; i <= BY_SLIP; i++)
    {
      g_autofree char *words = g_strdup_printf ("%d  %s", i + 1,
                                                i == BY_SLIP ? _ ("Card on terminal")
                                                             : till_tender_label ((TillTender)i));
      GtkWidget *button = till_choice_new (words, i, on_tender, self);
      gtk_widget_add_css_class (button, "tender");
      till_choice_wrap (button);
      gtk_box_append (self->tenders, button);
    }
}

static GtkWidget *
create (TillCounter *counter)
{
  TillPayPage *self = g_object_new (TILL_TYPE_PAY_PAGE, NULL);
  self->counter = counter;
  self->job.sale = &counter->sale;
  till_pay_cash_set_up (self->cash, counter);
  return GTK_WIDGET (self);
}

const TillPage till_pay_page = {
  .screen = TILL_SCREEN_PAY,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .typed = on_typed,
  .awaited = on_awaited,
  .who = who_of,
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
        "A payment code can be scanned at any time, and a card read at any time. Where cards are "
        "presented at the provider's terminal, 2 and Enter ask for one there.\n"
        "Where a card terminal stands beside the till, 4 and Enter save the sale: key the amount "
        "into "
        "the terminal, then type or scan what its slip says. Keep the slip. When the terminal took "
        "nothing, press Delete.\n\n"
        "When the provider does not answer, the payment is “not confirmed”: never charge "
        "again. The till asks by itself until it knows.\n\nEsc goes back; nothing is lost."),
};
