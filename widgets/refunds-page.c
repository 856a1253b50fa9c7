/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/refunds-page.h"
#include "widgets/choice.h"
#include "widgets/note-panel.h"
#include "widgets/notices-part.h"
#include "widgets/part.h"
#include "widgets/refund-detail.h"
#include "widgets/refund-row.h"
#include "widgets/refunds-asks.h"
#include "devices/gateway/registry.h"

#include <adwaita.h>

#include <glib/gi18n-lib.h>

/* Behind the lists of refunds: what providers told of their own accord. */
#define NOTICES TILL_REFUND_FILTERS

struct _TillRefundsPage
{
  GtkBox parent;
  GtkBox *filters;
  GtkStack *stack;
  AdwStatusPage *empty;
  TillSheet *table;
  TillRefundDetail *detail;
  TillNoticesPart *notices;
  GtkWidget *filter_buttons[NOTICES + 1];
  TillCounter *counter;   /* unowned */
  int filter;             /* a TillRefundFilter, or NOTICES */
  TillRefundDeed writing; /* what the words in the open panel are for */
  int64_t wanted_id;      /* the refund to show, whatever the filter lists; 0: the chosen one */
  guint read_no;          /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillRefundsPage, till_refunds_page, GTK_TYPE_BOX)

static void
ask_desk (TillRefundsPage *self, TillWork work, TillRefundAsk *ask, TillAsked done)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_refund_ask_free, done);
}

static TillRefundAsk *
ask_new (TillRefundsPage *self)
{
  TillRefundAsk *ask = g_new0 (TillRefundAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  if (self->filter != NOTICES)
    ask->filter = (TillRefundFilter)self->filter;
  const TillRefund *shown = till_refund_detail_shown (self->detail);
  ask->id = shown ? shown->id : 0;
  ask->return_id = shown ? shown->return_id : 0;
  return ask;
}

/* --- the list --- */

static const char *const filter_words[NOTICES + 1]
    = { N_ ("Open"), N_ ("Not confirmed"), N_ ("Refused"), N_ ("Today"), N_ ("Notices") };

static void
show_filters (TillRefundsPage *self, const TillRefundAsk *ask)
{
  for (int i = 0; i <= NOTICES; i++)
    {
      int n = i == NOTICES ? ask->unsettled : ask->counts[i];
      g_autofree char *words = g_strdup_printf ("%s  %d", _ (filter_words[i]), n);
      gtk_button_set_label (GTK_BUTTON (self->filter_buttons[i]), words);
    }
  till_choices_mark (GTK_WIDGET (self->filters), self->filter);
}

static void
show_empty (TillRefundsPage *self)
{
  static const char *const titles[]
      = { N_ ("Nothing waiting. All refunds are confirmed."), N_ ("Every refund is confirmed."),
          N_ ("No refund was refused."), N_ ("No refunds today.") };
  adw_status_page_set_title (self->empty, _ (titles[self->filter]));
  adw_status_page_set_description (self->empty,
                                   _ ("Scan a return slip to see where its money is."));
}

static void read_detail (TillRefundsPage *self);

static void
on_list (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  show_filters (self, ask);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  int wanted = -1;
  for (guint i = 0; i < ask->list->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (ask->list, i);
      if (refund->id == self->wanted_id)
        wanted = (int)i;
      g_ptr_array_add (rows, till_refund_row_new (self->counter, refund));
    }
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack,
                               rows->len ? GTK_WIDGET (self->table) : GTK_WIDGET (self->empty));
  show_empty (self);
  if (wanted >= 0)
    till_sheet_choose (self->table, wanted);
  else if (till_sheet_chosen (self->table) < 0 && rows->len > 0 && self->wanted_id == 0)
    till_sheet_choose (self->table, 0);
  read_detail (self);
}

static void
on_counts (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (!error && ask->read_no == self->read_no)
    show_filters (self, ask);
}

static void
read_now (TillRefundsPage *self)
{
  TillRefundAsk *ask = ask_new (self);
  ask->read_no = ++self->read_no;
  if (self->filter != NOTICES)
    {
      ask_desk (self, till_refund_ask_list, ask, on_list);
      return;
    }
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->notices));
  till_refund_detail_show (self->detail, NULL, NULL);
  till_notices_part_read (self->notices);
  ask_desk (self, till_refund_ask_counts, ask, on_counts);
}

/* --- the one in detail --- */

static void
on_detail (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error || !ask->refund || ask->read_no != self->read_no)
    return;
  till_refund_detail_show (self->detail, g_steal_pointer (&ask->refund), ask->steps);
}

static void
read_detail (TillRefundsPage *self)
{
  int64_t id = self->wanted_id ? self->wanted_id : till_sheet_chosen_id (self->table);
  if (id == 0)
    {
      till_refund_detail_show (self->detail, NULL, NULL);
      return;
    }
  TillRefundAsk *ask = ask_new (self);
  ask->id = id;
  ask->read_no = self->read_no;
  ask_desk (self, till_refund_ask_one, ask, on_detail);
}

static void
on_moved (TillRefundsPage *self)
{
  int64_t id = till_sheet_chosen_id (self->table);
  const TillRefund *shown = till_refund_detail_shown (self->detail);
  if (id == 0 || (shown && shown->id == id && self->wanted_id == id))
    return;
  self->wanted_id = id;
  read_detail (self);
}

/* --- deeds --- */

static void
say_done (TillRefundsPage *self, const TillRefund *in_cash)
{
  till_refund_detail_ask_second (self->detail, TILL_SECOND_NONE);
  if (!in_cash)
    {
      till_counter_say (self->counter, TILL_TONE_GOOD, _ ("Done. It is in the time line."));
      return;
    }
  g_autofree char *amount = till_money_format_screen (in_cash->amount);
  g_autofree char *words = g_strdup_printf (_ ("Hand over %s in cash."), amount);
  self->wanted_id = in_cash->id;
  till_counter_say (self->counter, TILL_TONE_GOOD, words);
}

static void
on_done (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error)
    return;
  if (till_counter_heard (self->counter, &ask->answer))
    say_done (self, ask->refund);
  self->counter->hands->changed (self->counter->window);
  read_now (self);
}

static void
start (TillRefundsPage *self, TillWork work, const char *text)
{
  TillRefundAsk *ask = ask_new (self);
  ask->text = g_strdup (text);
  ask_desk (self, work, ask, on_done);
}

/* What a deed takes: nothing more, a second person, or a few words. */
static const struct
{
  TillWork work;
  TillSecondAsked second;
  const char *title, *words, *ask;
} deeds[] = {
  [TILL_REFUND_DO_ASK] = { till_refund_ask_now },
  [TILL_REFUND_DO_PRINT] = { till_refund_ask_slip },
  [TILL_REFUND_DO_APPROVE] = { till_refund_ask_decide, TILL_SECOND_APPROVE },
  [TILL_REFUND_DO_REJECT] = { till_refund_ask_decide, TILL_SECOND_REJECT },
  [TILL_REFUND_DO_PAY_CASH] = { till_refund_ask_decide, TILL_SECOND_PAY_CASH },
  [TILL_REFUND_DO_RECALL] = { till_refund_ask_decide, TILL_SECOND_RECALL },
  [TILL_REFUND_DO_CANCEL]
  = { till_refund_ask_cancel, .title = N_ ("Take the refund back"),
      .words = N_ ("Nothing has left yet. The goods stay returned, and the money is owed until "
                   "another refund is made."),
      .ask = N_ ("Why?") },
  [TILL_REFUND_DO_CORRECT]
  = { till_refund_ask_correct, .title = N_ ("Send it again"),
      .words = N_ ("The refund goes out again under the same number, so it cannot be paid twice."),
      .ask = N_ ("What was put right?") },
};

static void
on_words (TillNotePanel *panel, TillRefundsPage *self)
{
  start (self, deeds[self->writing].work, till_note_panel_text (panel));
  till_counter_close_panel (self->counter);
}

static void
ask_words (TillRefundsPage *self, TillRefundDeed deed)
{
  TillNotePanel *panel = till_note_panel_new (_ (deeds[deed].words), _ (deeds[deed].ask));
  self->writing = deed;
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_words), self, 0);
  self->counter->hands->panel (self->counter->window, _ (deeds[deed].title), GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
on_deed (TillRefundsPage *self, int deed)
{
  if (deeds[deed].second != TILL_SECOND_NONE)
    till_refund_detail_ask_second (self->detail, deeds[deed].second);
  else if (deeds[deed].ask)
    ask_words (self, (TillRefundDeed)deed);
  else
    start (self, deeds[deed].work, NULL);
}

static void
on_second (TillRefundsPage *self)
{
  TillRefundAsk *ask = ask_new (self);
  TillWhoPart *who = till_refund_detail_who (self->detail);
  ask->second = till_refund_detail_asking (self->detail);
  ask->profile = till_codec_profile (till_refund_detail_shown (self->detail)->provider, NULL);
  ask->no = g_strdup (till_who_part_no (who));
  ask->pin = till_who_part_take_pin (who);
  ask_desk (self, till_refund_ask_decide, ask, on_done);
}

/* --- the page --- */

static void
turn_to (TillRefundsPage *self, int filter, int64_t wanted_id)
{
  self->filter = filter;
  self->wanted_id = wanted_id;
  till_sheet_choose (self->table, -1);
  till_notices_part_start (self->notices);
  read_now (self);
  self->counter->hands->legend (self->counter->window);
}

static void
set_filter (gpointer page, int filter)
{
  turn_to (page, filter, 0);
}

static void
on_open_refund (TillRefundsPage *self, int64_t id)
{
  turn_to (self, TILL_REFUNDS_OPEN, id);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  int digit = till_choice_digit (keyval);
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (digit >= 1 && digit <= NOTICES + 1)
    set_filter (self, digit - 1);
  else if (self->filter == NOTICES)
    return till_notices_part_key (self->notices, keyval);
  else if (!till_refund_detail_key (self->detail, keyval))
    return till_sheet_key (self->table, keyval);
  return TRUE;
}

static gboolean
on_back (GtkWidget *page)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  if (till_refund_detail_who (self->detail))
    till_refund_detail_ask_second (self->detail, TILL_SECOND_NONE);
  else
    self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

static void
on_number_found (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error)
    return;
  if (ask->refund)
    {
      self->wanted_id = ask->refund->id;
      read_now (self);
    }
  else if (ask->answer.code != TILL_YES)
    till_counter_heard (self->counter, &ask->answer);
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("No money belongs to this return."));
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  gboolean notices = g_strcmp0 (argument, TILL_REFUNDS_NOTICES) == 0;
  self->wanted_id = 0;
  till_refund_detail_ask_second (self->detail, TILL_SECOND_NONE);
  if (notices != (self->filter == NOTICES) && argument)
    set_filter (self, notices ? NOTICES : (int)TILL_REFUNDS_OPEN);
  else
    read_now (self);
  if (!argument || notices)
    return;
  TillRefundAsk *ask = ask_new (self);
  ask->no = g_strdup (argument);
  ask_desk (self, till_refund_ask_number, ask, on_number_found);
}

static void
on_changed (GtkWidget *page)
{
  read_now (TILL_REFUNDS_PAGE (page));
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  return till_refund_detail_who (TILL_REFUNDS_PAGE (page)->detail);
}

static const TillLegendKey refunds_legend[] = {
  { "1–5", N_ ("Which list"), GDK_KEY_1 }, { "Q", N_ ("Ask now"), GDK_KEY_q },
  { "F5", N_ ("Print slip"), GDK_KEY_F5 }, { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },       { NULL },
};

static const TillLegendKey notices_legend[] = {
  { "1–5", N_ ("Which list"), GDK_KEY_1 },    { "S", N_ ("Settle"), GDK_KEY_s },
  { "O", N_ ("Open the refund"), GDK_KEY_o }, { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },          { NULL },
};

static const TillLegendKey *
on_legend (GtkWidget *page)
{
  return TILL_REFUNDS_PAGE (page)->filter == NOTICES ? notices_legend : refunds_legend;
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillRefundsPage, child)

static void
till_refunds_page_class_init (TillRefundsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_REFUND_DETAIL);
  g_type_ensure (TILL_TYPE_NOTICES_PART);
  till_part_class (class, "refunds-page.ui");
  BIND (filters);
  BIND (stack);
  BIND (empty);
  BIND (table);
  BIND (detail);
  BIND (notices);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_open_refund);
  gtk_widget_class_bind_template_callback (widget_class, read_now);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_deed);
}

static void
till_refunds_page_init (TillRefundsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Refunds"), till_refund_columns, TILL_REFUND_COLUMNS);
  for (int i = 0; i <= NOTICES; i++)
    {
      self->filter_buttons[i] = till_choice_new (_ (filter_words[i]), i, set_filter, self);
      gtk_box_append (self->filters, self->filter_buttons[i]);
    }
}

static GtkWidget *
create (TillCounter *counter)
{
  TillRefundsPage *self = g_object_new (TILL_TYPE_REFUNDS_PAGE, NULL);
  self->counter = counter;
  till_refund_detail_set_up (self->detail, counter);
  till_notices_part_set_up (self->notices, counter);
  return GTK_WIDGET (self);
}

const TillPage till_refunds_page = {
  .screen = TILL_SCREEN_REFUNDS,
  .create = create,
  .key = on_key,
  .shown = on_shown,
  .changed = on_changed,
  .who = who_of,
  .back = on_back,
  .legend = on_legend,
  .help
  = N_ ("Every refund that is not over yet, with its whole life below. 1 to 4 choose the list.\n\n"
        "Not confirmed: the provider did not answer. The refund is saved and is never sent twice; "
        "the till asks by itself. Q asks at once.\n\n"
        "Refused: the sentence says why and what can be done.\n\n"
        "Waiting for approval: A or J, then number and PIN of a second person.\n\n"
        "5 (Ctrl+9 from any screen) shows what providers told of their own accord. What is about "
        "no number of this shop warns above until a manager has settled it with S: look it up at "
        "the provider first, then write what it was.\n\n"
        "Scan a return slip on any screen to come here. A card that is read here looks for the sale "
        "that it paid for."),
};
