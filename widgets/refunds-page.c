/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/refunds-page.h"
#include "widgets/refunds-asks.h"
#include "widgets/access.h"
#include "widgets/note-panel.h"
#include "widgets/state-face.h"
#include "widgets/sheet.h"
#include "widgets/time-line.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/returning.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

struct _TillRefundsPage
{
  GtkBox parent;
  GtkBox *filters;
  GtkStack *stack;
  GtkWidget *empty;
  TillSheet *table;
  GtkWidget *detail;
  GtkLabel *name;
  GtkLabel *sentence;
  TillTimeLine *life;
  GtkBox *actions;
  GtkWidget *second;
  GtkLabel *second_title;
  TillWhoPart *who;
  GtkWidget *filter_buttons[TILL_REFUND_FILTERS];
  TillCounter *counter; /* unowned */
  TillRefundFilter filter;
  GPtrArray *list;   /* owned; of TillRefund */
  int64_t wanted_id; /* the refund to show, whatever the filter lists; 0: the chosen one */
  TillRefund *shown; /* owned; the one in the detail, or NULL */
  TillSecondAsked asking;
  guint read_no; /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillRefundsPage, till_refunds_page, GTK_TYPE_BOX)

static TillRefundAsk *
ask_new (TillRefundsPage *self)
{
  TillRefundAsk *ask = g_new0 (TillRefundAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->filter = self->filter;
  if (self->shown)
    {
      ask->id = self->shown->id;
      ask->return_id = self->shown->return_id;
    }
  return ask;
}

/* --- the list --- */

static const TillColumn columns[] = {
  { N_ ("State"), TILL_CELL_FACE, 15 },    { N_ ("Refund"), TILL_CELL_TEXT, 0 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 10 }, { N_ ("Goes back by"), TILL_CELL_TEXT, 10 },
  { N_ ("Since"), TILL_CELL_TEXT, 12 },    { N_ ("Next step"), TILL_CELL_TEXT, 14 },
};

static char *
next_step (TillRefundsPage *self, const TillRefund *refund)
{
  if (till_refund_state_needs_person (refund->state))
    return g_strdup (_ ("needs a person"));
  if (refund->next_action_at == 0)
    return g_strdup ("");
  g_autofree char *time = till_counter_time (self->counter, refund->next_action_at);
  return g_strdup_printf (refund->state == TILL_REFUND_QUEUED ? _ ("is sent %s") : _ ("asks at %s"),
                          time);
}

static TillSheetRow *
row_of (TillRefundsPage *self, const TillRefund *refund)
{
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *amount = till_money_format_screen (refund->amount);
  g_autofree char *since = till_counter_moment (self->counter, refund->at);
  g_autofree char *next = next_step (self, refund);
  const char *cells[] = { "", no, amount, till_tender_label (refund->tender), since, next };
  TillSheetRow *row = till_sheet_row_new (refund->id, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, till_face_of_refund (refund->state));
  return row;
}

static const char *
filter_word (TillRefundFilter filter)
{
  static const char *const words[]
      = { N_ ("Open"), N_ ("Not confirmed"), N_ ("Refused"), N_ ("Today") };
  return _ (words[filter]);
}

static void
show_filters (TillRefundsPage *self, const int *counts)
{
  for (int i = 0; i < TILL_REFUND_FILTERS; i++)
    {
      g_autofree char *words
          = g_strdup_printf ("%s  %d", filter_word ((TillRefundFilter)i), counts[i]);
      gtk_button_set_label (GTK_BUTTON (self->filter_buttons[i]), words);
      if (i == (int)self->filter)
        gtk_widget_add_css_class (self->filter_buttons[i], "chosen");
      else
        gtk_widget_remove_css_class (self->filter_buttons[i], "chosen");
    }
}

static void
show_empty (TillRefundsPage *self)
{
  static const char *const titles[]
      = { N_ ("Nothing waiting. All refunds are confirmed."), N_ ("Every refund is confirmed."),
          N_ ("No refund was refused."), N_ ("No refunds today.") };
  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty), _ (titles[self->filter]));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty),
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
  show_filters (self, ask->counts);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  self->list = g_steal_pointer (&ask->list);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  int wanted = -1;
  for (guint i = 0; i < self->list->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (self->list, i);
      if (refund->id == self->wanted_id)
        wanted = (int)i;
      g_ptr_array_add (rows, row_of (self, refund));
    }
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, rows->len ? GTK_WIDGET (self->table) : self->empty);
  show_empty (self);
  if (wanted >= 0)
    till_sheet_choose (self->table, wanted);
  else if (till_sheet_chosen (self->table) < 0 && rows->len > 0 && self->wanted_id == 0)
    till_sheet_choose (self->table, 0);
  read_detail (self);
}

static void
read_now (TillRefundsPage *self)
{
  TillRefundAsk *ask = ask_new (self);
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_refund_ask_list, ask,
                    till_refund_ask_free, on_list);
}

/* --- the one in detail --- */

typedef enum
{
  DO_ASK,
  DO_APPROVE,
  DO_REJECT,
  DO_CORRECT,
  DO_PAY_CASH,
  DO_CANCEL,
  DO_PRINT,
} Deed;

/* A courtesy only: the desk decides again, whoever asks. */
static gboolean
deed_fits (Deed deed, const TillRefund *refund)
{
  TillRefundState state = refund->state;
  switch (deed)
    {
    case DO_ASK:
      return till_refund_state_is_due (state);
    case DO_APPROVE:
    case DO_REJECT:
      return state == TILL_REFUND_WAIT_APPROVAL;
    case DO_CORRECT:
      return state == TILL_REFUND_FIX || state == TILL_REFUND_CUSTOMER;
    case DO_PAY_CASH:
      return !till_refund_state_counts (state) && state != TILL_REFUND_REFUSED;
    case DO_CANCEL:
      return state == TILL_REFUND_FIX || state == TILL_REFUND_CUSTOMER
             || (state == TILL_REFUND_QUEUED && refund->sent_at == 0);
    default:
      return TRUE;
    }
}

static const struct
{
  const char *key, *word;
  guint keyval;
} deeds[] = {
  [DO_ASK] = { "Q", N_ ("Ask now"), GDK_KEY_q },
  [DO_APPROVE] = { "A", N_ ("Approve…"), GDK_KEY_a },
  [DO_REJECT] = { "J", N_ ("Reject…"), GDK_KEY_j },
  [DO_CORRECT] = { "C", N_ ("Put right, send again…"), GDK_KEY_c },
  [DO_PAY_CASH] = { "P", N_ ("Pay in cash…"), GDK_KEY_p },
  [DO_CANCEL] = { "X", N_ ("Take back…"), GDK_KEY_x },
  [DO_PRINT] = { "F5", N_ ("Print slip"), GDK_KEY_F5 },
};

static void do_deed (TillRefundsPage *self, Deed deed);

static void
on_deed_clicked (GtkButton *button, TillRefundsPage *self)
{
  do_deed (self, (Deed)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-deed")));
}

static void
show_actions (TillRefundsPage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->actions))))
    gtk_box_remove (self->actions, child);
  for (gsize i = 0; self->shown && i < G_N_ELEMENTS (deeds); i++)
    {
      if (!deed_fits ((Deed)i, self->shown))
        continue;
      g_autofree char *words = g_strdup_printf ("%s  %s", deeds[i].key, _ (deeds[i].word));
      GtkWidget *button = gtk_button_new_with_label (words);
      gtk_widget_add_css_class (button, "choice");
      gtk_widget_set_focus_on_click (button, FALSE);
      g_object_set_data (G_OBJECT (button), "till-deed", GINT_TO_POINTER ((int)i));
      g_signal_connect (button, "clicked", G_CALLBACK (on_deed_clicked), self);
      gtk_box_append (self->actions, button);
    }
}

static void
show_second (TillRefundsPage *self, TillSecondAsked asking)
{
  static const char *const titles[]
      = { "", N_ ("Who approves? Number and PIN of the second person."),
          N_ ("Who rejects? Number and PIN of the second person."),
          N_ ("Who agrees to cash? Number and PIN of the second person.") };
  self->asking = asking;
  gtk_widget_set_visible (self->second, asking != TILL_SECOND_NONE);
  gtk_label_set_text (self->second_title, *titles[asking] ? _ (titles[asking]) : "");
  till_who_part_start (self->who, NULL);
}

static void
on_detail (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error || !ask->refund || ask->read_no != self->read_no)
    return;
  gboolean same = self->shown && self->shown->id == ask->refund->id
                  && self->shown->state == ask->refund->state;
  g_clear_pointer (&self->shown, till_refund_free);
  self->shown = g_steal_pointer (&ask->refund);
  g_autofree char *no = till_number_spaced (self->shown->no);
  g_autofree char *sale = till_number_spaced (self->shown->sale_no);
  g_autofree char *amount = till_money_format_screen (self->shown->amount);
  g_autofree char *name = g_strdup_printf (_ ("Refund %s · %s · of receipt %s"), no, amount, sale);
  g_autofree char *sentence = till_refunding_sentence (self->shown, self->counter->shop->zone);
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->sentence, sentence);
  till_time_line_show (self->life, self->counter, ask->steps);
  gtk_widget_set_visible (self->detail, TRUE);
  if (!same)
    show_second (self, TILL_SECOND_NONE);
  show_actions (self);
}

static void
read_detail (TillRefundsPage *self)
{
  int64_t id = self->wanted_id ? self->wanted_id : till_sheet_chosen_id (self->table);
  if (id == 0)
    {
      g_clear_pointer (&self->shown, till_refund_free);
      gtk_widget_set_visible (self->detail, FALSE);
      return;
    }
  TillRefundAsk *ask = ask_new (self);
  ask->id = id;
  ask->read_no = self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_refund_ask_one, ask,
                    till_refund_ask_free, on_detail);
}

static void
on_moved (TillSheet *table, TillRefundsPage *self)
{
  int64_t id = till_sheet_chosen_id (table);
  if (id == 0 || (self->shown && self->shown->id == id && self->wanted_id == id))
    return;
  self->wanted_id = id;
  read_detail (self);
}

/* --- deeds --- */

static void
on_done (gpointer page, gpointer data, const GError *error)
{
  TillRefundsPage *self = page;
  TillRefundAsk *ask = data;
  if (error)
    return;
  if (till_counter_heard (self->counter, &ask->answer))
    {
      show_second (self, TILL_SECOND_NONE);
      if (ask->refund)
        {
          g_autofree char *amount = till_money_format_screen (ask->refund->amount);
          g_autofree char *words = g_strdup_printf (_ ("Hand over %s in cash."), amount);
          self->wanted_id = ask->refund->id;
          till_counter_say (self->counter, TILL_TONE_GOOD, words);
        }
      else
        till_counter_say (self->counter, TILL_TONE_GOOD, _ ("Done. It is in the time line."));
    }
  self->counter->hands->changed (self->counter->window);
  read_now (self);
}

static void
start (TillRefundsPage *self, TillWork work, const char *text)
{
  TillRefundAsk *ask = ask_new (self);
  ask->text = g_strdup (text);
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_refund_ask_free, on_done);
}

static void
on_why_cancelled (TillNotePanel *panel, TillRefundsPage *self)
{
  start (self, till_refund_ask_cancel, till_note_panel_text (panel));
  self->counter->hands->panel (self->counter->window, NULL, NULL, NULL);
}

static void
on_what_corrected (TillNotePanel *panel, TillRefundsPage *self)
{
  start (self, till_refund_ask_correct, till_note_panel_text (panel));
  self->counter->hands->panel (self->counter->window, NULL, NULL, NULL);
}

static void
ask_words (TillRefundsPage *self, const char *title, const char *words, const char *ask,
           GCallback answered)
{
  TillNotePanel *panel = till_note_panel_new (words, ask);
  g_signal_connect_object (panel, "answered", answered, self, 0);
  self->counter->hands->panel (self->counter->window, title, GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
do_deed (TillRefundsPage *self, Deed deed)
{
  if (!self->shown || !deed_fits (deed, self->shown))
    return;
  switch (deed)
    {
    case DO_ASK:
      start (self, till_refund_ask_now, NULL);
      return;
    case DO_PRINT:
      start (self, till_refund_ask_slip, NULL);
      return;
    case DO_APPROVE:
      show_second (self, TILL_SECOND_APPROVE);
      return;
    case DO_REJECT:
      show_second (self, TILL_SECOND_REJECT);
      return;
    case DO_PAY_CASH:
      show_second (self, TILL_SECOND_PAY_CASH);
      return;
    case DO_CANCEL:
      ask_words (
          self, _ ("Take the refund back"),
          _ ("Nothing has left yet. The goods stay returned, and the money is owed until another "
             "refund is made."),
          _ ("Why?"), G_CALLBACK (on_why_cancelled));
      return;
    case DO_CORRECT:
      ask_words (self, _ ("Send it again"),
                 _ ("The refund goes out again under the same number, so it cannot be paid twice."),
                 _ ("What was put right?"), G_CALLBACK (on_what_corrected));
      return;
    default:
      g_assert_not_reached ();
    }
}

static void
on_second (TillWhoPart *who, TillRefundsPage *self)
{
  TillRefundAsk *ask = ask_new (self);
  ask->second = self->asking;
  ask->no = g_strdup (till_who_part_no (who));
  ask->pin = till_who_part_take_pin (who);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_refund_ask_decide, ask,
                    till_refund_ask_free, on_done);
}

/* --- the page --- */

static void
set_filter (TillRefundsPage *self, TillRefundFilter filter)
{
  self->filter = filter;
  self->wanted_id = 0;
  till_sheet_choose (self->table, -1);
  read_now (self);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  guint filter = keyval - GDK_KEY_1;
  guint pad = keyval - GDK_KEY_KP_1;
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (filter < TILL_REFUND_FILTERS || pad < TILL_REFUND_FILTERS)
    {
      set_filter (self, (TillRefundFilter)(filter < TILL_REFUND_FILTERS ? filter : pad));
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (gdk_keyval_to_lower (keyval) == deeds[i].keyval || keyval == deeds[i].keyval)
      {
        do_deed (self, (Deed)i);
        return TRUE;
      }
  return till_sheet_key (self->table, keyval);
}

static gboolean
on_back (GtkWidget *page)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  if (self->asking != TILL_SECOND_NONE)
    show_second (self, TILL_SECOND_NONE);
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
  self->wanted_id = 0;
  show_second (self, TILL_SECOND_NONE);
  read_now (self);
  if (!argument)
    return;
  TillRefundAsk *ask = ask_new (self);
  ask->no = g_strdup (argument);
  till_counter_ask (self->counter, page, till_refund_ask_number, ask, till_refund_ask_free,
                    on_number_found);
}

static void
on_changed (GtkWidget *page)
{
  read_now (TILL_REFUNDS_PAGE (page));
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (page);
  return self->asking != TILL_SECOND_NONE ? self->who : NULL;
}

static const TillLegendKey legend[] = {
  { "1", N_ ("Open"), GDK_KEY_1 },
  { "2", N_ ("Not confirmed"), GDK_KEY_2 },
  { "3", N_ ("Refused"), GDK_KEY_3 },
  { "4", N_ ("Today"), GDK_KEY_4 },
  { "Q", N_ ("Ask now"), GDK_KEY_q },
  { "F5", N_ ("Print slip"), GDK_KEY_F5 },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  return legend;
}

static void
on_filter_clicked (GtkButton *button, TillRefundsPage *self)
{
  set_filter (self, (TillRefundFilter)GPOINTER_TO_INT (
                        g_object_get_data (G_OBJECT (button), "till-filter")));
}

static void
till_refunds_page_dispose (GObject *object)
{
  TillRefundsPage *self = TILL_REFUNDS_PAGE (object);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->shown, till_refund_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_REFUNDS_PAGE);
  G_OBJECT_CLASS (till_refunds_page_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillRefundsPage, child)

static void
till_refunds_page_class_init (TillRefundsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_refunds_page_dispose;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_TIME_LINE);
  g_type_ensure (TILL_TYPE_WHO_PART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/refunds-page.ui");
  BIND (filters);
  BIND (stack);
  BIND (empty);
  BIND (table);
  BIND (detail);
  BIND (name);
  BIND (sentence);
  BIND (life);
  BIND (actions);
  BIND (second);
  BIND (second_title);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
}

static void
till_refunds_page_init (TillRefundsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Refunds"), columns, G_N_ELEMENTS (columns));
  for (int i = 0; i < TILL_REFUND_FILTERS; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (filter_word ((TillRefundFilter)i));
      gtk_widget_add_css_class (button, "choice");
      gtk_widget_set_focus_on_click (button, FALSE);
      g_object_set_data (G_OBJECT (button), "till-filter", GINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (on_filter_clicked), self);
      gtk_box_append (self->filters, button);
      self->filter_buttons[i] = button;
    }
}

static GtkWidget *
create (TillCounter *counter)
{
  TillRefundsPage *self = g_object_new (TILL_TYPE_REFUNDS_PAGE, NULL);
  self->counter = counter;
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
  .legend = legend_of,
  .help
  = N_ ("Every refund that is not over yet, with its whole life below. 1 to 4 choose the list.\n\n"
        "Not confirmed: the provider did not answer. The refund is saved and is never sent twice; "
        "the till asks by itself. Q asks at once.\n\n"
        "Refused: the sentence says why and what can be done.\n\n"
        "Waiting for approval: A or J, then number and PIN of a second person.\n\n"
        "Scan a return slip on any screen to come here."),
};
