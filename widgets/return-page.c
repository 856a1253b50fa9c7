/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-page.h"
#include "widgets/part.h"
#include "widgets/recent-sales.h"
#include "widgets/return-asks.h"
#include "widgets/return-done.h"
#include "widgets/return-head.h"
#include "widgets/return-job.h"
#include "widgets/return-keys.h"
#include "widgets/return-lines.h"
#include "widgets/return-money.h"
#include "widgets/return-why.h"
#include "data/trade/masked.h"

#include <glib/gi18n-lib.h>

struct _TillReturnPage
{
  GtkBox parent;
  TillReturnHead *head;
  GtkStack *stages;
  GtkWidget *find;
  TillReturnLines *lines;
  TillReturnWhy *why;
  TillReturnMoney *money;
  TillReturnDone *done;
  TillCounter *counter; /* unowned */
  TillReturnJob job;
};

G_DEFINE_FINAL_TYPE (TillReturnPage, till_return_page, GTK_TYPE_BOX)

static void
ask_desk (TillReturnPage *self, TillWork work, TillReturnAsk *ask, TillAsked done)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_return_ask_free, done);
}

static TillReturnAsk *
ask_new (TillReturnPage *self)
{
  return till_return_ask_new (till_counter_staff_id (self->counter), self->job.draft);
}

/* --- showing --- */

static void
show (TillReturnPage *self)
{
  GtkWidget *const faces[] = { self->find, GTK_WIDGET (self->lines), GTK_WIDGET (self->why),
                               GTK_WIDGET (self->money), GTK_WIDGET (self->done) };
  gtk_stack_set_visible_child (self->stages, faces[self->job.stage]);
  till_return_head_show (self->head, &self->job, self->counter);
  if (self->job.stage == TILL_RETURN_AT_FIND)
    self->counter->hands->enter (self->counter->window, NULL, FALSE);
  else if (self->job.stage == TILL_RETURN_AT_LINES)
    till_return_lines_show (self->lines);
  else if (self->job.stage == TILL_RETURN_AT_WHY)
    till_return_why_show (self->why);
  else if (self->job.stage == TILL_RETURN_AT_MONEY)
    till_return_money_show (self->money);
  else
    till_return_done_show (self->done);
}

static void
go_to (TillReturnPage *self, TillReturnStage stage)
{
  TillCounter *counter = self->counter;
  self->job.stage = stage;
  if (stage != TILL_RETURN_AT_MONEY)
    self->job.rehearsed = FALSE;
  counter->hands->line (counter->window, "");
  counter->hands->hint (counter->window, till_return_hint (&self->job));
  counter->hands->legend (counter->window);
  show (self);
}

/* --- the draft: its stages change it, the books keep it --- */

static void
keep_now (TillReturnPage *self)
{
  ask_desk (self, till_return_ask_keep, ask_new (self), NULL);
}

static void
on_draft_changed (TillReturnPage *self)
{
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  keep_now (self);
  show (self);
}

static void
step_in_time (TillReturnPage *self, gboolean back)
{
  if (!self->job.draft || self->job.stage > TILL_RETURN_AT_WHY)
    return;
  if (!till_return_job_step (&self->job, back))
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        back ? _ ("There is nothing more to undo.")
                             : _ ("There is nothing to redo."));
      return;
    }
  keep_now (self);
  show (self);
}

/* --- the customer's card --- */

/* A masked number that fits is a hint; one that does not is another card for sure. */
static void
say_card (TillReturnPage *self, const char *masked)
{
  gboolean fits = till_sale_leg_of_card (self->job.sale, masked) != NULL;
  g_autofree char *words = g_strdup_printf (
      /* TRANSLATORS: %s is a masked card number, "622848******0018". */
      fits
          ? _ ("Card %s shows the number that paid for this sale. That it is the same card is not "
               "proven: other cards may show it, too.")
          : _ ("Card %s did not pay for this sale. The money goes back the way it was paid, not to "
               "this card."),
      masked);
  till_counter_say (self->counter, fits ? TILL_TONE_PLAIN : TILL_TONE_WARN, words);
}

/* --- opening --- */

static void on_picked (gpointer page, const char *no);

static void
on_opened (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  TillReturnAsk *ask = data;
  if (error || !ask->sale || !ask->draft)
    {
      till_return_job_forget (&self->job);
      go_to (self, TILL_RETURN_AT_FIND);
      if (!error && ask->no)
        till_counter_heard (self->counter, &ask->answer);
      if (!error && ask->answer.code == TILL_NO_ONE_SALE)
        till_recent_sales_open (self->counter, _ ("Sales that are meant"),
                                g_steal_pointer (&ask->rows), on_picked, GTK_WIDGET (self));
      return;
    }
  till_return_job_open (&self->job, g_steal_pointer (&ask->sale), g_steal_pointer (&ask->draft));
  go_to (self, TILL_RETURN_AT_LINES);
  if (self->job.sale->state != TILL_SALE_PAID)
    {
      TillAnswer no = till_answer_ref (TILL_NO_NOT_PAID, self->job.sale->no);
      till_counter_heard (self->counter, &no);
    }
  else if (ask->no && till_masked_is (ask->no))
    say_card (self, ask->no);
}

static void
open_number (TillReturnPage *self, const char *no)
{
  TillReturnAsk *ask = ask_new (self);
  ask->no = g_strdup (no);
  ask_desk (self, till_return_ask_open, ask, on_opened);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->job.stage == TILL_RETURN_AT_DONE)
    {
      till_return_job_forget (&self->job);
      self->job.stage = TILL_RETURN_AT_FIND;
    }
  if (argument)
    open_number (self, argument);
  else if (!self->job.sale)
    ask_desk (self, till_return_ask_unfinished, ask_new (self), on_opened);
  go_to (self, self->job.stage);
}

static void
on_picked (gpointer page, const char *no)
{
  open_number (page, no);
}

static void
on_recent (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  TillReturnAsk *ask = data;
  if (!error)
    till_recent_sales_open (self->counter, _ ("Latest sales"), g_steal_pointer (&ask->rows),
                            on_picked, GTK_WIDGET (self));
}

/* --- from stage to stage --- */

static void
go_to_money (TillReturnPage *self)
{
  go_to (self, TILL_RETURN_AT_MONEY);
  till_return_money_rehearse (self->money);
}

static void
on_rehearsed (TillReturnPage *self)
{
  self->counter->hands->legend (self->counter->window);
  show (self);
}

static void
on_route_changed (TillReturnPage *self)
{
  on_draft_changed (self);
  go_to_money (self);
}

static void
on_stale (TillReturnPage *self)
{
  open_number (self, self->job.sale->no);
}

static void
on_sent (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  /* The change of the sale before is nobody's business any more. */
  g_clear_pointer (&counter->last_sale, till_sale_free);
  till_counter_say (counter, TILL_TONE_PLAIN, NULL);
  go_to (self, TILL_RETURN_AT_DONE);
  counter->hands->changed (counter->window);
}

static void
take_typed (TillReturnPage *self, const char *text)
{
  g_autofree char *code = g_strdup (text);
  self->counter->hands->line (self->counter->window, "");
  if (self->job.stage == TILL_RETURN_AT_LINES && till_scan_kind (code) != TILL_SCAN_SALE)
    till_return_lines_scan (self->lines, code);
  else
    open_number (self, code);
}

static void
say_receipt_first (TillReturnPage *self)
{
  till_counter_say (self->counter, TILL_TONE_PLAIN,
                    _ ("Scan the receipt first, then the goods that come back."));
}

static void
go_on_from_lines (TillReturnPage *self)
{
  if (self->job.draft->lines->len > 0)
    go_to (self, TILL_RETURN_AT_WHY);
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Nothing is chosen yet. Scan the goods, or press A for all of it."));
}

static void
go_on_from_why (TillReturnPage *self)
{
  TillAnswer no = till_answer (TILL_NO_REASON);
  if (self->job.draft->reason != TILL_REASON_NONE)
    go_to_money (self);
  else
    till_counter_heard (self->counter, &no);
}

static void
go_on (TillReturnPage *self)
{
  switch (self->job.stage)
    {
    case TILL_RETURN_AT_FIND:
      say_receipt_first (self);
      return;
    case TILL_RETURN_AT_LINES:
      go_on_from_lines (self);
      return;
    case TILL_RETURN_AT_WHY:
      go_on_from_why (self);
      return;
    case TILL_RETURN_AT_MONEY:
      till_return_money_send (self->money);
      return;
    case TILL_RETURN_AT_DONE:
      self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
    }
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (*text)
    take_typed (self, text);
  else
    go_on (self);
}

static void
on_discarded (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  if (error)
    return;
  till_return_job_forget (&self->job);
  go_to (self, TILL_RETURN_AT_FIND);
}

static gboolean
on_back (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  TillCounter *counter = self->counter;
  if (till_return_money_is_sending (self->money))
    return TRUE;
  if (self->job.stage == TILL_RETURN_AT_MONEY || self->job.stage == TILL_RETURN_AT_WHY)
    go_to (self, (TillReturnStage)(self->job.stage - 1));
  else if (self->job.stage == TILL_RETURN_AT_LINES && self->job.draft->lines->len == 0)
    ask_desk (self, till_return_ask_discard, ask_new (self), on_discarded);
  else
    counter->hands->go (counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

/* --- keys --- */

static gboolean
on_stage_key (TillReturnPage *self, guint keyval, const char *text)
{
  switch (self->job.stage)
    {
    case TILL_RETURN_AT_LINES:
      if (keyval != GDK_KEY_F9)
        return till_return_lines_key (self->lines, keyval, text);
      go_on (self);
      return TRUE;
    case TILL_RETURN_AT_WHY:
      return till_return_why_key (self->why, keyval);
    case TILL_RETURN_AT_MONEY:
      return till_return_money_key (self->money, keyval);
    default:
      return FALSE;
    }
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (state & GDK_CONTROL_MASK)
    {
      if (keyval != GDK_KEY_z && keyval != GDK_KEY_Z)
        return FALSE;
      step_in_time (self, keyval == GDK_KEY_z);
      return TRUE;
    }
  if (keyval == GDK_KEY_F2)
    {
      ask_desk (self, till_return_ask_recent, ask_new (self), on_recent);
      return TRUE;
    }
  return on_stage_key (self, keyval, text);
}

static gboolean
on_types (GtkWidget *page, gunichar character)
{
  TillReturnStage stage = TILL_RETURN_PAGE (page)->job.stage;
  if (stage == TILL_RETURN_AT_FIND) /* a provider's number may have letters */
    return character > ' ' && character < 0x7f;
  return stage == TILL_RETURN_AT_LINES
         && ((character >= '0' && character <= '9') || character == '.');
}

static void
on_code (GtkWidget *page, TillScanAct act, const char *code)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (act != TILL_ACT_RETURN_LINE)
    return;
  if (self->job.stage == TILL_RETURN_AT_WHY || self->job.stage == TILL_RETURN_AT_MONEY)
    go_to (self, TILL_RETURN_AT_LINES);
  if (self->job.stage == TILL_RETURN_AT_LINES)
    till_return_lines_scan (self->lines, code);
  else if (self->job.stage == TILL_RETURN_AT_DONE)
    {
      self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
      self->counter->hands->scanned (self->counter->window, code);
    }
  else if (till_scan_kind (code) == TILL_SCAN_OTHER)
    open_number (self, code); /* from a customer's bill or telephone */
  else
    say_receipt_first (self);
}

/* The sales it may have paid for; or whether it paid for the one at hand. */
static void
on_card (GtkWidget *page, const char *token, const char *masked)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->job.sale && self->job.stage != TILL_RETURN_AT_DONE)
    say_card (self, masked);
  else
    open_number (self, masked);
}

static void
on_changed (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->job.stage == TILL_RETURN_AT_DONE)
    till_return_done_read (self->done);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  return till_return_money_who (TILL_RETURN_PAGE (page)->money);
}

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return till_return_legend (&TILL_RETURN_PAGE (page)->job);
}

/* --- building --- */

static void
till_return_page_finalize (GObject *object)
{
  TillReturnPage *self = TILL_RETURN_PAGE (object);
  till_return_job_clear (&self->job);
  G_OBJECT_CLASS (till_return_page_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillReturnPage, child)

static void
till_return_page_class_init (TillReturnPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_return_page_finalize;
  g_type_ensure (TILL_TYPE_RETURN_HEAD);
  g_type_ensure (TILL_TYPE_RETURN_LINES);
  g_type_ensure (TILL_TYPE_RETURN_WHY);
  g_type_ensure (TILL_TYPE_RETURN_MONEY);
  g_type_ensure (TILL_TYPE_RETURN_DONE);
  till_part_class (class, "return-page.ui");
  BIND (head);
  BIND (stages);
  BIND (find);
  BIND (lines);
  BIND (why);
  BIND (money);
  BIND (done);
  gtk_widget_class_bind_template_callback (widget_class, on_draft_changed);
  gtk_widget_class_bind_template_callback (widget_class, go_to_money);
  gtk_widget_class_bind_template_callback (widget_class, on_rehearsed);
  gtk_widget_class_bind_template_callback (widget_class, on_route_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_sent);
  gtk_widget_class_bind_template_callback (widget_class, on_stale);
}

static void
till_return_page_init (TillReturnPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_return_job_init (&self->job);
}

static GtkWidget *
create (TillCounter *counter)
{
  TillReturnPage *self = g_object_new (TILL_TYPE_RETURN_PAGE, NULL);
  self->counter = counter;
  till_return_lines_set_up (self->lines, counter, &self->job);
  till_return_why_set_up (self->why, counter, &self->job);
  till_return_money_set_up (self->money, counter, &self->job);
  till_return_done_set_up (self->done, counter, &self->job);
  return GTK_WIDGET (self);
}

const TillPage till_return_page = {
  .screen = TILL_SCREEN_RETURN,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .scanned = on_code,
  .card = on_card,
  .shown = on_shown,
  .changed = on_changed,
  .who = who_of,
  .back = on_back,
  .legend = legend_of,
  .help
  = N_ ("1  Scan the receipt, then every piece that comes back. A takes all of it, N none, + and − "
        "change the chosen line, 2 * sets a quantity. Enter goes on. Without the receipt type the "
        "provider's "
        "number of the payment or refund, read the card that paid, or press F2 for the latest "
        "sales.\n"
        "2  Press the digit of the reason. C changes the condition and G where the goods go; do "
        "that first.\n"
        "3  The page shows what goes back and how. Enter saves and sends.\n\n"
        "When a second person must agree, they type their number and PIN right here. R keeps the "
        "return until they come. Nobody approves their own return.\n\n"
        "Everything is kept at every step; Esc goes one step back."),
};
