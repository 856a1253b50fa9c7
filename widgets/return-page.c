/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-page.h"
#include "widgets/recent-sales.h"
#include "widgets/return-asks.h"
#include "widgets/return-done.h"
#include "widgets/return-head.h"
#include "widgets/return-job.h"
#include "widgets/return-keys.h"
#include "widgets/return-lines.h"
#include "widgets/return-money.h"
#include "widgets/return-why.h"
#include "data/core/secret.h"

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
  gboolean submitting; /* another Enter does nothing until the desk has answered */
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
show_total (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  TillMoney sum = till_return_job_sum (&self->job);
  g_autofree char *pieces = NULL;
  guint n = self->job.draft ? self->job.draft->lines->len : 0;
  if (n > 0)
    pieces = g_strdup_printf (ngettext ("%u line comes back", "%u lines come back", n), n);
  counter->hands->total (counter->window, _ ("To refund"), sum, TILL_MONEY_OUT,
                         pieces ? pieces : "");
}

static void
show (TillReturnPage *self)
{
  GtkWidget *const faces[] = { self->find, GTK_WIDGET (self->lines), GTK_WIDGET (self->why),
                               GTK_WIDGET (self->money), GTK_WIDGET (self->done) };
  gtk_stack_set_visible_child (self->stages, faces[self->job.stage]);
  till_return_head_show (self->head, &self->job, self->counter->shop->zone);
  show_total (self);
  if (self->job.stage == TILL_RETURN_AT_FIND)
    self->counter->hands->enter (self->counter->window, NULL, FALSE);
  else if (self->job.stage == TILL_RETURN_AT_LINES)
    till_return_lines_show (self->lines);
  else if (self->job.stage == TILL_RETURN_AT_WHY)
    till_return_why_show (self->why);
  else if (self->job.stage == TILL_RETURN_AT_MONEY)
    till_return_money_show (self->money);
  else
    till_return_done_show (self->done, self->counter, self->job.goods);
}

static void
go_to (TillReturnPage *self, TillReturnStage stage)
{
  TillCounter *counter = self->counter;
  self->job.stage = stage;
  if (stage != TILL_RETURN_AT_MONEY)
    self->job.rehearsed = FALSE;
  counter->hands->line (counter->window, "");
  counter->hands->hint (counter->window,
                        stage == TILL_RETURN_AT_FIND
                            ? _ ("Scan the receipt, or type its number or the provider's")
                        : stage == TILL_RETURN_AT_LINES ? _ ("Scan the goods that come back")
                        : stage == TILL_RETURN_AT_WHY   ? _ ("Press the digit of the reason")
                                                        : "");
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
on_rehearsed (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  TillReturnAsk *ask = data;
  if (error || self->job.stage != TILL_RETURN_AT_MONEY)
    return;
  till_rehearsal_clear (&self->job.rehearsal);
  self->job.rehearsal = ask->rehearsal;
  memset (&ask->rehearsal, 0, sizeof ask->rehearsal); /* taken over */
  self->job.rehearsed = TRUE;
  till_return_money_start (self->money);
  self->counter->hands->legend (self->counter->window);
  show (self);
}

static void
go_to_money (TillReturnPage *self)
{
  go_to (self, TILL_RETURN_AT_MONEY);
  ask_desk (self, till_return_ask_rehearse, ask_new (self), on_rehearsed);
}

static void
on_submitted (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  TillReturnAsk *ask = data;
  TillCounter *counter = self->counter;
  self->submitting = FALSE;
  if (error)
    return;
  if (!ask->goods)
    {
      till_counter_heard (counter, &ask->answer);
      if (ask->answer.code == TILL_NO_STALE || ask->answer.code == TILL_NO_QUANTITY)
        open_number (self, self->job.sale->no);
      return;
    }
  TillReturn *goods = g_steal_pointer (&ask->goods);
  till_return_job_forget (&self->job);
  self->job.goods = goods;
  /* The change of the sale before is nobody's business any more. */
  g_clear_pointer (&counter->last_sale, till_sale_free);
  till_counter_say (counter, TILL_TONE_PLAIN, NULL);
  go_to (self, TILL_RETURN_AT_DONE);
  counter->hands->changed (counter->window);
}

static void
submit_now (TillReturnPage *self, const char *no, char *pin, gboolean hold)
{
  if (self->submitting || !self->job.rehearsed)
    {
      till_secret_free (pin);
      return;
    }
  TillReturnAsk *ask = ask_new (self);
  ask->no = g_strdup (no);
  ask->pin = pin;
  ask->hold = hold;
  self->submitting = TRUE;
  ask_desk (self, till_return_ask_submit, ask, on_submitted);
}

static void
on_second (TillReturnPage *self)
{
  TillWhoPart *who = till_return_money_who (self->money);
  submit_now (self, till_who_part_no (who), till_who_part_take_pin (who), FALSE);
}

static void
on_hold (TillReturnPage *self)
{
  if (till_return_job_needs_second (&self->job))
    submit_now (self, NULL, NULL, TRUE);
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
go_on (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  if (self->job.stage == TILL_RETURN_AT_LINES && self->job.draft->lines->len > 0)
    go_to (self, TILL_RETURN_AT_WHY);
  else if (self->job.stage == TILL_RETURN_AT_LINES)
    till_counter_say (counter, TILL_TONE_PLAIN,
                      _ ("Nothing is chosen yet. Scan the goods, or press A for all of it."));
  else if (self->job.stage == TILL_RETURN_AT_WHY && self->job.draft->reason != TILL_REASON_NONE)
    go_to_money (self);
  else if (self->job.stage == TILL_RETURN_AT_WHY)
    {
      TillAnswer no = till_answer (TILL_NO_REASON);
      till_counter_heard (counter, &no);
    }
  else if (self->job.stage == TILL_RETURN_AT_MONEY && self->job.rehearsed
           && self->job.rehearsal.answer.code == TILL_YES)
    submit_now (self, NULL, NULL, FALSE);
  else if (self->job.stage == TILL_RETURN_AT_DONE)
    counter->hands->go (counter->window, TILL_SCREEN_SELL);
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
  if (self->submitting)
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

static void
toggle_route (TillReturnPage *self)
{
  till_return_job_keep (&self->job);
  self->job.draft->route
      = self->job.draft->route == TILL_ROUTE_ORIGINAL ? TILL_ROUTE_CASH : TILL_ROUTE_ORIGINAL;
  on_draft_changed (self);
  go_to_money (self);
}

static gboolean
on_money_key (TillReturnPage *self, guint keyval)
{
  if (keyval == GDK_KEY_r || keyval == GDK_KEY_R)
    on_hold (self);
  else if (keyval == GDK_KEY_c || keyval == GDK_KEY_C)
    toggle_route (self);
  else
    return FALSE;
  return TRUE;
}

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
      return on_money_key (self, keyval);
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
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Scan the receipt first, then the goods that come back."));
}

static void
on_looked (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  TillReturnAsk *ask = data;
  if (error || !ask->goods || self->job.stage != TILL_RETURN_AT_DONE
      || self->job.goods->id != ask->goods->id)
    return;
  g_clear_pointer (&self->job.goods, till_return_free);
  self->job.goods = g_steal_pointer (&ask->goods);
  show (self);
}

static void
on_changed (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->job.stage != TILL_RETURN_AT_DONE)
    return;
  TillReturnAsk *ask = ask_new (self);
  ask->id = self->job.goods->id;
  ask_desk (self, till_return_ask_look, ask, on_looked);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  return till_return_job_needs_second (&self->job) ? till_return_money_who (self->money) : NULL;
}

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return till_return_legend (&TILL_RETURN_PAGE (page)->job);
}

/* --- building --- */

static void
till_return_page_dispose (GObject *object)
{
  TillReturnPage *self = TILL_RETURN_PAGE (object);
  till_return_job_clear (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_RETURN_PAGE);
  G_OBJECT_CLASS (till_return_page_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillReturnPage, child)

static void
till_return_page_class_init (TillReturnPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_return_page_dispose;
  g_type_ensure (TILL_TYPE_RETURN_HEAD);
  g_type_ensure (TILL_TYPE_RETURN_LINES);
  g_type_ensure (TILL_TYPE_RETURN_WHY);
  g_type_ensure (TILL_TYPE_RETURN_MONEY);
  g_type_ensure (TILL_TYPE_RETURN_DONE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/return-page.ui");
  BIND (head);
  BIND (stages);
  BIND (find);
  BIND (lines);
  BIND (why);
  BIND (money);
  BIND (done);
  gtk_widget_class_bind_template_callback (widget_class, on_draft_changed);
  gtk_widget_class_bind_template_callback (widget_class, go_to_money);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_hold);
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
  return GTK_WIDGET (self);
}

const TillPage till_return_page = {
  .screen = TILL_SCREEN_RETURN,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .scanned = on_code,
  .shown = on_shown,
  .changed = on_changed,
  .who = who_of,
  .back = on_back,
  .legend = legend_of,
  .help
  = N_ ("1  Scan the receipt, then every piece that comes back. A takes all of it, N none, + and − "
        "change the chosen line, 2 * sets a quantity. Enter goes on. Without the receipt type the "
        "provider's "
        "number of the payment or refund, or press F2 for the latest sales.\n"
        "2  Press the digit of the reason. C changes the condition and G where the goods go; do "
        "that first.\n"
        "3  The page shows what goes back and how. Enter saves and sends.\n\n"
        "When a second person must agree, they type their number and PIN right here. R keeps the "
        "return until they come. Nobody approves their own return.\n\n"
        "Everything is kept at every step; Esc goes one step back."),
};
