/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-page.h"
#include "widgets/access.h"
#include "widgets/pick-panel.h"
#include "widgets/state-face.h"
#include "widgets/sheet.h"
#include "widgets/undo.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/refunding.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define RECENT_MAX 50

typedef enum
{
  STAGE_FIND,
  STAGE_LINES,
  STAGE_WHY,
  STAGE_MONEY,
  STAGE_DONE,
} Stage;

struct _TillReturnPage
{
  GtkBox parent;
  GtkWidget *head;
  GtkLabel *steps;
  GtkLabel *receipt;
  GtkStack *stages;
  GtkWidget *find_stage;
  TillSheet *lines_stage;
  GtkWidget *why_stage;
  GtkGrid *reasons;
  GtkBox *conditions;
  GtkBox *dispositions;
  GtkWidget *money_stage;
  GtkLabel *route;
  TillSheet *shares;
  GtkLabel *verdict;
  GtkWidget *second;
  TillWhoPart *who;
  GtkWidget *done_stage;
  AdwStatusPage *done;
  GtkBox *refunds;
  TillCounter *counter;   /* unowned */
  TillSale *sale;         /* owned; NULL while none is open */
  TillReturnDraft *draft; /* owned; with the sale */
  TillUndo undo;          /* of TillReturnDraft */
  TillRehearsal rehearsal; /* of the draft as it is, on the money stage */
  gboolean rehearsed;
  TillReturn *goods;      /* owned; what was submitted, on the last stage */
  Stage stage;
  gboolean submitting;    /* another Enter does nothing until the desk has answered */
};

G_DEFINE_FINAL_TYPE (TillReturnPage, till_return_page, GTK_TYPE_BOX)

/* ---- what the desk is asked, one struct for all of it ---- */

typedef struct
{
  int64_t staff_id;
  int64_t id;
  char *no;               /* owned; of a sale, or of the second person */
  char *pin;              /* owned; wiped */
  gboolean hold;
  TillReturnDraft *draft; /* owned */
  TillSale *sale;         /* owned */
  TillReturn *goods;      /* owned */
  GPtrArray *rows;        /* owned */
  TillRehearsal rehearsal;
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_free (ask->no);
  till_secret_free (ask->pin);
  g_clear_pointer (&ask->draft, till_return_draft_free);
  g_clear_pointer (&ask->sale, till_sale_free);
  g_clear_pointer (&ask->goods, till_return_free);
  g_clear_pointer (&ask->rows, g_ptr_array_unref);
  till_rehearsal_clear (&ask->rehearsal);
  g_free (ask);
}

static Ask *
ask_new (TillReturnPage *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  if (self->draft)
    ask->draft = till_return_draft_copy (self->draft);
  return ask;
}

static gpointer
open_sale (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  if (!till_selling_load (ledger, ask->no, &ask->sale, &ask->answer, error))
    return NULL;
  if (!ask->sale)
    return ask;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  g_autoptr (GError) broke = NULL;
  ask->draft = till_returning_unfinished (ledger, ask->staff_id, &broke);
  if (!broke && ask->draft && ask->draft->sale_id == ask->sale->id)
    return ask;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  if (!broke)
    ask->draft = till_returning_draft (ledger, ask->staff_id, ask->sale->id, &broke);
  if (!broke)
    return ask;
  g_propagate_error (error, g_steal_pointer (&broke));
  return NULL;
}

static gpointer
open_unfinished (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (GError) broke = NULL;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  ask->draft = till_returning_unfinished (ledger, ask->staff_id, &broke);
  if (!broke && ask->draft)
    till_selling_load_id (ledger, ask->draft->sale_id, &ask->sale, &ask->answer, &broke);
  if (!broke)
    return ask;
  g_propagate_error (error, g_steal_pointer (&broke));
  return NULL;
}

static gpointer
keep (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_returning_keep (ledger, ask->staff_id, ask->draft, error) ? ask : NULL;
}

static gpointer
discard (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_returning_discard (ledger, ask->staff_id, ask->draft, error) ? ask : NULL;
}

static gpointer
rehearse (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_returning_rehearse (ledger, ask->staff_id, ask->draft, &ask->rehearsal, error) ? ask
                                                                                              : NULL;
}

static gpointer
submit (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  TillSecond second = { ask->no, ask->pin, ask->hold };
  gboolean has_second = ask->no || ask->hold;
  return till_returning_submit (ledger, ask->staff_id, ask->draft, has_second ? &second : NULL,
                                &ask->goods, &ask->answer, error)
             ? ask
             : NULL;
}

static gpointer
look (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_returning_load_id (ledger, ask->id, &ask->goods, &ask->answer, error) ? ask : NULL;
}

static gpointer
recent (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  ask->rows = till_selling_recent (ledger, RECENT_MAX, error);
  return ask->rows ? ask : NULL;
}

/* ---- figures of the draft: sums of what the sale has stored ---- */

static TillMoney
money_of (const TillSaleLine *line, TillQuantity quantity)
{
  TillMoney amount = 0, vat = 0;
  if (quantity > 0 && quantity <= line->quantity - line->returned)
    till_return_line_money (line, quantity, &amount, &vat);
  return amount;
}

static TillMoney
money_of_draft (TillReturnPage *self)
{
  TillMoney sum = 0;
  for (guint i = 0; self->sale && i < self->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (self->sale->lines, i);
      sum += money_of (line, till_return_draft_get (self->draft, line->pos));
    }
  return sum;
}

/* ---- showing ---- */

static void
show_total (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  TillMoney sum = self->rehearsed ? self->rehearsal.amount : money_of_draft (self);
  g_autofree char *pieces = NULL;
  guint n = self->draft ? self->draft->lines->len : 0;
  if (n > 0)
    pieces = g_strdup_printf (ngettext ("%u line comes back", "%u lines come back", n), n);
  counter->hands->total (counter->window, _ ("To refund"), sum, TILL_MONEY_OUT, pieces ? pieces : "");
}

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

static void
show_head (TillReturnPage *self)
{
  static const char *const names[] = { N_ ("1 Goods"), N_ ("2 Reason"), N_ ("3 Money") };
  gtk_widget_set_visible (self->head, self->stage != STAGE_FIND);
  if (!self->sale)
    return;
  g_autoptr (GString) steps = g_string_new (NULL);
  guint from = 0, to = 0;
  for (int i = 0; i < 3; i++)
    {
      g_string_append (steps, i ? "   ›   " : "");
      gboolean here = (int)self->stage - (int)STAGE_LINES == i;
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
  g_autofree char *no = till_number_spaced (self->sale->no);
  g_autofree char *at = till_clock_format (self->sale->at, self->counter->shop->zone);
  at[16] = '\0';
  g_autofree char *ways = ways_paid (self->sale);
  g_autofree char *words = g_strdup_printf (_ ("Receipt %s · sold %s · paid %s"), no, at, ways);
  gtk_label_set_text (self->receipt, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->receipt), words);
}

static const TillColumn line_columns[] = {
  { "#", TILL_CELL_FIGURE, 2 },
  { N_ ("Goods"), TILL_CELL_TEXT, 0 },
  { N_ ("Sold"), TILL_CELL_FIGURE, 6 },
  { N_ ("Returned"), TILL_CELL_FIGURE, 8 },
  /* Translators: how many can still be returned */
  { N_ ("Left"), TILL_CELL_FIGURE, 6 },
  { N_ ("Now"), TILL_CELL_FIGURE, 6 },
  { N_ ("Refund"), TILL_CELL_FIGURE, 10 },
};

static TillSheetRow *
row_of_line (TillReturnPage *self, const TillSaleLine *line)
{
  TillQuantity now = till_return_draft_get (self->draft, line->pos);
  TillQuantity left = line->quantity - line->returned;
  g_autofree char *number = g_strdup_printf ("%d", line->pos);
  g_autofree char *sold = till_quantity_format (line->quantity);
  g_autofree char *before = line->returned ? till_quantity_format (line->returned) : g_strdup ("");
  g_autofree char *can = till_quantity_format (left);
  g_autofree char *back = now ? till_quantity_format (now) : g_strdup ("–");
  g_autofree char *money = now ? till_money_format (money_of (line, now)) : g_strdup ("");
  const char *cells[] = { number, line->name, sold, before, can, back, money };
  TillSheetRow *row = till_sheet_row_new (line->pos, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_style (row, now > 0 ? "chosen" : left == 0 ? "quiet" : NULL);
  return row;
}

static void
show_lines (TillReturnPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->sale->lines->len; i++)
    g_ptr_array_add (rows, row_of_line (self, g_ptr_array_index (self->sale->lines, i)));
  till_sheet_fill (self->lines_stage, rows);
  if (till_sheet_chosen (self->lines_stage) < 0)
    till_sheet_choose (self->lines_stage, 0);
  self->counter->hands->enter (self->counter->window,
                               self->draft->lines->len > 0 ? _ ("Go on") : NULL, FALSE);
}

static void
light (GtkWidget *box, int chosen)
{
  int i = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child), i++)
    {
      int value = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (child), "till-value"));
      gboolean on = value == chosen;
      if (on)
        gtk_widget_add_css_class (child, "chosen");
      else
        gtk_widget_remove_css_class (child, "chosen");
      gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_PRESSED,
                                   on ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE,
                                   -1);
    }
}

static void
show_why (TillReturnPage *self)
{
  light (GTK_WIDGET (self->reasons), (int)self->draft->reason);
  light (GTK_WIDGET (self->conditions), (int)self->draft->condition);
  light (GTK_WIDGET (self->dispositions), (int)self->draft->disposition);
  self->counter->hands->enter (self->counter->window, _ ("Go on"), FALSE);
}

static const TillColumn share_columns[] = {
  { N_ ("Paid with"), TILL_CELL_TEXT, 0 },
  { N_ ("Paid"), TILL_CELL_FIGURE, 11 },
  { N_ ("Back before"), TILL_CELL_FIGURE, 11 },
  { N_ ("Goes back by"), TILL_CELL_TEXT, 11 },
  { N_ ("Now"), TILL_CELL_FIGURE, 11 },
};

static TillSheetRow *
row_of_share (TillReturnPage *self, const TillReturnShare *share)
{
  const TillLeg *leg = till_sale_leg (self->sale, share->leg_pos);
  g_autofree char *name = *leg->masked
                              ? g_strdup_printf ("%s %s", till_tender_label (leg->tender), leg->masked)
                              : g_strdup (till_tender_label (leg->tender));
  g_autofree char *paid = till_money_format (leg->amount);
  g_autofree char *before = till_money_format (leg->refunded);
  g_autofree char *now = till_money_format (share->amount);
  const char *cells[] = { name, paid, before, till_tender_label (share->tender), now };
  return till_sheet_row_new (share->leg_pos, G_N_ELEMENTS (cells), cells);
}

static TillMoney
cash_to_hand_over (const TillRehearsal *rehearsal)
{
  TillMoney cash = 0;
  for (int i = 0; i < rehearsal->n_shares; i++)
    if (rehearsal->shares[i].tender == TILL_TENDER_CASH)
      cash += rehearsal->shares[i].amount;
  return cash;
}

static gboolean
needs_second (TillReturnPage *self)
{
  return self->stage == STAGE_MONEY && self->rehearsed
         && till_answer_can_be_approved (&self->rehearsal.answer);
}

static void
show_verdict (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  const TillAnswer *answer = &self->rehearsal.answer;
  TillMoney cash = cash_to_hand_over (&self->rehearsal);
  gboolean second = needs_second (self);
  gboolean yes = answer->code == TILL_YES;
  gtk_widget_set_visible (self->second, second);
  g_autofree char *words = NULL;
  if (!yes)
    words = till_answer_sentence (answer);
  else if (cash > 0)
    {
      g_autofree char *amount = till_money_format_screen (cash);
      words = g_strdup_printf (_ ("Hand over %s in cash when the drawer opens. Enter saves and sends."),
                               amount);
    }
  else
    words = g_strdup (_ ("Enter saves the return and sends the refund. From then on it is followed until "
                         "the provider confirms it."));
  gtk_label_set_text (self->verdict, words);
  gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), yes ? "warn" : "plain");
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), yes ? "plain" : "warn");
  counter->hands->enter (counter->window,
                         yes      ? _ ("Save and send")
                         : second ? _ ("Approve and send")
                                  : NULL,
                         yes || second);
}

static void
show_money (TillReturnPage *self)
{
  gtk_label_set_text (self->route, self->draft->route == TILL_ROUTE_ORIGINAL
                                       ? _ ("Back to the way it was paid")
                                       : _ ("Back in cash, not the way it was paid"));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; self->rehearsed && i < self->rehearsal.n_shares; i++)
    g_ptr_array_add (rows, row_of_share (self, &self->rehearsal.shares[i]));
  till_sheet_fill (self->shares, rows);
  gtk_widget_set_size_request (GTK_WIDGET (self->shares), -1, 44 + 46 * (int)MAX (1u, rows->len));
  if (self->rehearsed)
    show_verdict (self);
}

static void
add_refund_row (TillReturnPage *self, const TillRefund *refund)
{
  g_autofree char *amount = till_money_format_screen (refund->amount);
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *words
      = g_strdup_printf ("%s · %s · %s", till_tender_label (refund->tender), amount, no);
  g_autofree char *sentence = till_refunding_sentence (refund, self->counter->shop->zone);

  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  GtkWidget *pill = till_state_pill_new ();
  till_state_pill_set (TILL_STATE_PILL (pill), till_face_of_refund (refund->state));
  gtk_box_append (GTK_BOX (top), name);
  gtk_box_append (GTK_BOX (top), pill);

  GtkWidget *said = gtk_label_new (sentence);
  gtk_label_set_wrap (GTK_LABEL (said), TRUE);
  gtk_label_set_xalign (GTK_LABEL (said), 0);
  gtk_widget_add_css_class (said, "quiet");
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (row, "leg-row");
  gtk_box_append (GTK_BOX (row), top);
  gtk_box_append (GTK_BOX (row), said);
  gtk_box_append (self->refunds, row);
}

static TillMoney
cash_in_hand (const TillReturn *goods)
{
  TillMoney cash = 0;
  for (guint i = 0; i < goods->refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      if (refund->tender == TILL_TENDER_CASH && refund->state == TILL_REFUND_SUCCEEDED)
        cash += refund->amount;
    }
  return cash;
}

static void
show_done (TillReturnPage *self)
{
  TillCounter *counter = self->counter;
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->refunds))))
    gtk_box_remove (self->refunds, child);
  for (guint i = 0; i < self->goods->refunds->len; i++)
    add_refund_row (self, g_ptr_array_index (self->goods->refunds, i));

  TillMoney cash = cash_in_hand (self->goods);
  g_autofree char *amount = till_money_format_screen (cash);
  g_autofree char *title = NULL;
  if (self->goods->state == TILL_RETURN_WAIT_APPROVAL)
    title = g_strdup (_ ("Kept. A second person decides."));
  else if (cash > 0)
    title = g_strdup_printf (_ ("Hand over %s"), amount);
  else
    title = g_strdup (_ ("Saved and sent"));
  adw_status_page_set_icon_name (self->done, self->goods->state == TILL_RETURN_WAIT_APPROVAL
                                                 ? "system-users-symbolic"
                                                 : "object-select-symbolic");
  adw_status_page_set_title (self->done, title);
  adw_status_page_set_description (
      self->done, _ ("Give the customer the return slip. Scanning it at any time shows where the money "
                     "is."));
  counter->hands->total (counter->window, cash > 0 ? _ ("Hand over in cash") : _ ("To refund"),
                         cash > 0 ? cash : self->goods->amount, TILL_MONEY_OUT, "");
  counter->hands->enter (counter->window, _ ("Next customer"), FALSE);
}

static void
show (TillReturnPage *self)
{
  GtkWidget *const faces[] = { self->find_stage, GTK_WIDGET (self->lines_stage), self->why_stage,
                               self->money_stage, self->done_stage };
  gtk_stack_set_visible_child (self->stages, faces[self->stage]);
  show_head (self);
  show_total (self);
  if (self->stage == STAGE_FIND)
    self->counter->hands->enter (self->counter->window, NULL, FALSE);
  else if (self->stage == STAGE_LINES)
    show_lines (self);
  else if (self->stage == STAGE_WHY)
    show_why (self);
  else if (self->stage == STAGE_MONEY)
    show_money (self);
  else
    show_done (self);
}

static void
go_to (TillReturnPage *self, Stage stage)
{
  TillCounter *counter = self->counter;
  self->stage = stage;
  if (stage != STAGE_MONEY)
    self->rehearsed = FALSE;
  counter->hands->line (counter->window, "");
  counter->hands->hint (counter->window, stage == STAGE_FIND    ? _ ("Scan the receipt, or type its number")
                                         : stage == STAGE_LINES ? _ ("Scan the goods that come back")
                                         : stage == STAGE_WHY   ? _ ("Press the digit of the reason")
                                                                : "");
  counter->hands->legend (counter->window);
  show (self);
}

/* ---- changing the draft: undo keeps what was, the books keep what is ---- */

static void
keep_now (TillReturnPage *self)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), keep, ask_new (self), ask_free, NULL);
}

static void
changed (TillReturnPage *self, TillReturnDraft *before)
{
  till_undo_keep (&self->undo, before);
  self->rehearsed = FALSE;
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  keep_now (self);
  show (self);
}

static void
step_in_time (TillReturnPage *self, gboolean back)
{
  if (!self->draft || self->stage > STAGE_WHY)
    return;
  TillReturnDraft *state = back ? till_undo_back (&self->undo, self->draft)
                                : till_undo_forth (&self->undo, self->draft);
  if (!state)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        back ? _ ("There is nothing more to undo.") : _ ("There is nothing to redo."));
      return;
    }
  self->draft = state; /* the undo took the other one */
  keep_now (self);
  show (self);
}

static void
set_line (TillReturnPage *self, const TillSaleLine *line, TillQuantity quantity)
{
  TillQuantity left = line->quantity - line->returned;
  if (quantity < 0 || quantity > left)
    {
      TillAnswer no = till_answer_quantity (TILL_NO_QUANTITY, quantity, left, line->name);
      till_counter_heard (self->counter, &no);
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  till_return_draft_set (self->draft, line->pos, quantity);
  changed (self, before);
  till_sheet_choose (self->lines_stage, line->pos - 1);
}

static const TillSaleLine *
chosen_line (TillReturnPage *self)
{
  return self->sale ? till_sale_line (self->sale, (int)till_sheet_chosen_id (self->lines_stage)) : NULL;
}

static void
more_of_chosen (TillReturnPage *self, int step)
{
  const TillSaleLine *line = chosen_line (self);
  if (!line)
    return;
  TillQuantity now = till_return_draft_get (self->draft, line->pos);
  TillQuantity left = line->quantity - line->returned;
  TillQuantity next = now + step * TILL_QUANTITY_ONE;
  /* The rest of something weighed is less than one. */
  if (step > 0 && now < left && next > left && left % TILL_QUANTITY_ONE != 0)
    next = left;
  if (step < 0 && now > 0)
    next = MAX (0, next);
  if (next != now)
    set_line (self, line, next);
}

static void
type_quantity (TillReturnPage *self, const char *text)
{
  const TillSaleLine *line = chosen_line (self);
  TillQuantity quantity;
  if (line && *text && till_quantity_parse (text, &quantity, NULL))
    set_line (self, line, quantity);
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Type the quantity first, then press * : for example 2 *"));
  self->counter->hands->line (self->counter->window, "");
}

static void
all_or_none (TillReturnPage *self, gboolean all)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  for (guint i = 0; i < self->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (self->sale->lines, i);
      till_return_draft_set (self->draft, line->pos, all ? line->quantity - line->returned : 0);
    }
  changed (self, before);
}

/* A scan is one piece more: of the first line with that code that has something left. */
static void
scan_goods (TillReturnPage *self, const char *code)
{
  const TillSaleLine *same = NULL;
  for (guint i = 0; i < self->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (self->sale->lines, i);
      if (!g_str_equal (line->code, code))
        continue;
      same = line;
      if (till_return_draft_get (self->draft, line->pos) < line->quantity - line->returned)
        break;
    }
  if (!same)
    {
      g_autofree char *words
          = g_strdup_printf (_ ("%s is not on this receipt. Nothing was added. Check the goods or scan "
                                "the right receipt."),
                             code);
      till_counter_say (self->counter, TILL_TONE_WARN, words);
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  till_sheet_choose (self->lines_stage, same->pos - 1);
  if (till_return_draft_get (self->draft, same->pos) < same->quantity - same->returned)
    more_of_chosen (self, 1);
  else
    set_line (self, same, till_return_draft_get (self->draft, same->pos) + TILL_QUANTITY_ONE);
}

/* ---- opening ---- */

static void
forget (TillReturnPage *self)
{
  g_clear_pointer (&self->sale, till_sale_free);
  g_clear_pointer (&self->draft, till_return_draft_free);
  g_clear_pointer (&self->goods, till_return_free);
  till_rehearsal_clear (&self->rehearsal);
  self->rehearsed = FALSE;
  till_undo_forget (&self->undo);
}

static void
on_opened (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  Ask *ask = data;
  if (error || !ask->sale || !ask->draft)
    {
      forget (self);
      go_to (self, STAGE_FIND);
      if (!error && ask->no)
        till_counter_heard (self->counter, &ask->answer);
      return;
    }
  forget (self);
  self->sale = g_steal_pointer (&ask->sale);
  self->draft = g_steal_pointer (&ask->draft);
  go_to (self, STAGE_LINES);
  if (self->sale->state != TILL_SALE_PAID)
    {
      TillAnswer no = till_answer_ref (TILL_NO_NOT_PAID, self->sale->no);
      till_counter_heard (self->counter, &no);
    }
}

static void
open_number (TillReturnPage *self, const char *no)
{
  Ask *ask = ask_new (self);
  ask->no = g_strdup (no);
  till_counter_ask (self->counter, GTK_WIDGET (self), open_sale, ask, ask_free, on_opened);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->stage == STAGE_DONE)
    {
      forget (self);
      self->stage = STAGE_FIND;
    }
  if (argument)
    open_number (self, argument);
  else if (!self->sale)
    till_counter_ask (self->counter, page, open_unfinished, ask_new (self), ask_free, on_opened);
  go_to (self, self->stage);
}

static const TillColumn recent_columns[] = {
  { N_ ("Time"), TILL_CELL_TEXT, 12 },
  { N_ ("Receipt"), TILL_CELL_TEXT, 0 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 11 },
};

static void
on_recent_picked (TillPickPanel *panel, TillReturnPage *self)
{
  g_autofree char *no = NULL;
  GPtrArray *rows = g_object_get_data (G_OBJECT (panel), "till-sales");
  guint index = (guint)(till_pick_panel_chosen_id (panel) - 1);
  if (rows && index < rows->len)
    no = g_strdup (((const TillSale *)g_ptr_array_index (rows, index))->no);
  self->counter->hands->panel (self->counter->window, NULL, NULL, NULL);
  if (no)
    open_number (self, no);
}

static void
on_recent (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  Ask *ask = data;
  if (error)
    return;
  TillPickPanel *panel = till_pick_panel_new (_ ("Latest sales"), recent_columns,
                                              G_N_ELEMENTS (recent_columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < ask->rows->len; i++)
    {
      const TillSale *sale = g_ptr_array_index (ask->rows, i);
      g_autofree char *time = till_counter_moment (self->counter, sale->at);
      g_autofree char *no = till_number_spaced (sale->no);
      g_autofree char *total = till_money_format_screen (sale->total);
      const char *cells[] = { time, no, total };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  g_object_set_data_full (G_OBJECT (panel), "till-sales", g_steal_pointer (&ask->rows),
                          (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_object (panel, "picked", G_CALLBACK (on_recent_picked), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Find the sale"), GTK_WIDGET (panel),
                               &till_pick_panel_kind);
  till_pick_panel_fill (panel, rows, _ ("Nothing was sold yet."));
}

/* ---- from stage to stage ---- */

static void
on_rehearsed (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  Ask *ask = data;
  if (error || self->stage != STAGE_MONEY)
    return;
  till_rehearsal_clear (&self->rehearsal);
  self->rehearsal = ask->rehearsal;
  memset (&ask->rehearsal, 0, sizeof ask->rehearsal); /* taken over */
  self->rehearsed = TRUE;
  till_who_part_start (self->who, NULL);
  self->counter->hands->legend (self->counter->window);
  show (self);
}

static void
go_to_money (TillReturnPage *self)
{
  go_to (self, STAGE_MONEY);
  till_counter_ask (self->counter, GTK_WIDGET (self), rehearse, ask_new (self), ask_free, on_rehearsed);
}

static void
choose_reason (TillReturnPage *self, TillReason reason)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->reason = reason;
  self->draft->disposition = till_reason_disposition (reason);
  changed (self, before);
  go_to_money (self);
}

static void
on_submitted (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  Ask *ask = data;
  TillCounter *counter = self->counter;
  self->submitting = FALSE;
  if (error)
    return;
  if (!ask->goods)
    {
      till_counter_heard (counter, &ask->answer);
      if (ask->answer.code == TILL_NO_STALE || ask->answer.code == TILL_NO_QUANTITY)
        open_number (self, self->sale->no);
      return;
    }
  TillReturn *goods = g_steal_pointer (&ask->goods);
  forget (self);
  self->goods = goods;
  till_counter_say (counter, TILL_TONE_PLAIN, NULL);
  go_to (self, STAGE_DONE);
  counter->hands->changed (counter->window);
}

static void
submit_now (TillReturnPage *self, const char *no, char *pin, gboolean hold)
{
  if (self->submitting || !self->rehearsed)
    {
      till_secret_free (pin);
      return;
    }
  Ask *ask = ask_new (self);
  ask->no = g_strdup (no);
  ask->pin = pin;
  ask->hold = hold;
  self->submitting = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), submit, ask, ask_free, on_submitted);
}

static void
on_second (TillWhoPart *who, TillReturnPage *self)
{
  submit_now (self, till_who_part_no (who), till_who_part_take_pin (who), FALSE);
}

static void
on_hold (TillReturnPage *self)
{
  if (needs_second (self))
    submit_now (self, NULL, NULL, TRUE);
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  TillCounter *counter = self->counter;
  if (*text)
    {
      g_autofree char *code = g_strdup (text);
      counter->hands->line (counter->window, "");
      if (self->stage == STAGE_LINES && till_scan_kind (code) != TILL_SCAN_SALE)
        scan_goods (self, code);
      else
        open_number (self, code);
    }
  else if (self->stage == STAGE_LINES && self->draft->lines->len > 0)
    go_to (self, STAGE_WHY);
  else if (self->stage == STAGE_LINES)
    till_counter_say (counter, TILL_TONE_PLAIN,
                      _ ("Nothing is chosen yet. Scan the goods, or press A for all of it."));
  else if (self->stage == STAGE_WHY && self->draft->reason != TILL_REASON_NONE)
    go_to_money (self);
  else if (self->stage == STAGE_WHY)
    {
      TillAnswer no = till_answer (TILL_NO_REASON);
      till_counter_heard (counter, &no);
    }
  else if (self->stage == STAGE_MONEY && self->rehearsed && self->rehearsal.answer.code == TILL_YES)
    submit_now (self, NULL, NULL, FALSE);
  else if (self->stage == STAGE_DONE)
    counter->hands->go (counter->window, TILL_SCREEN_SELL);
}

static void
on_discarded (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  if (error)
    return;
  forget (self);
  go_to (self, STAGE_FIND);
}

static gboolean
on_back (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  TillCounter *counter = self->counter;
  if (self->submitting)
    return TRUE;
  if (self->stage == STAGE_MONEY || self->stage == STAGE_WHY)
    go_to (self, (Stage)(self->stage - 1));
  else if (self->stage == STAGE_LINES && self->draft->lines->len == 0)
    till_counter_ask (counter, page, discard, ask_new (self), ask_free, on_discarded);
  else
    counter->hands->go (counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

/* ---- keys ---- */

static void
toggle_route (TillReturnPage *self)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->route
      = self->draft->route == TILL_ROUTE_ORIGINAL ? TILL_ROUTE_CASH : TILL_ROUTE_ORIGINAL;
  changed (self, before);
  go_to_money (self);
}

static void
next_condition (TillReturnPage *self)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->condition = (TillCondition)((self->draft->condition + 1) % 3);
  changed (self, before);
}

static void
next_disposition (TillReturnPage *self)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->disposition = (TillDisposition)((self->draft->disposition + 1) % 3);
  changed (self, before);
}

static gboolean
on_lines_key (TillReturnPage *self, guint keyval, const char *text)
{
  switch (keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      more_of_chosen (self, 1);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      more_of_chosen (self, -1);
      return TRUE;
    case GDK_KEY_asterisk:
    case GDK_KEY_KP_Multiply:
      type_quantity (self, text);
      return TRUE;
    case GDK_KEY_a:
    case GDK_KEY_A:
      all_or_none (self, TRUE);
      return TRUE;
    case GDK_KEY_n:
    case GDK_KEY_N:
      all_or_none (self, FALSE);
      return TRUE;
    case GDK_KEY_F9:
      on_enter (GTK_WIDGET (self), "");
      return TRUE;
    default:
      return till_sheet_key (self->lines_stage, keyval);
    }
}

static gboolean
on_why_key (TillReturnPage *self, guint keyval)
{
  guint32 character = gdk_keyval_to_unicode (keyval);
  TillReason reason = character >= '1' && character <= '9'
                          ? till_reason_from_digit ((int)character - '0')
                          : TILL_REASON_NONE;
  if (reason != TILL_REASON_NONE)
    choose_reason (self, reason);
  else if (keyval == GDK_KEY_c || keyval == GDK_KEY_C)
    next_condition (self);
  else if (keyval == GDK_KEY_g || keyval == GDK_KEY_G)
    next_disposition (self);
  else
    return FALSE;
  return TRUE;
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
      till_counter_ask (self->counter, page, recent, ask_new (self), ask_free, on_recent);
      return TRUE;
    }
  switch (self->stage)
    {
    case STAGE_LINES:
      return on_lines_key (self, keyval, text);
    case STAGE_WHY:
      return on_why_key (self, keyval);
    case STAGE_MONEY:
      return on_money_key (self, keyval);
    default:
      return FALSE;
    }
}

static gboolean
on_types (GtkWidget *page, gunichar character)
{
  Stage stage = TILL_RETURN_PAGE (page)->stage;
  gboolean figure = (character >= '0' && character <= '9') || character == '.';
  return figure && (stage == STAGE_FIND || stage == STAGE_LINES);
}

static void
on_code (GtkWidget *page, TillScanAct act, const char *code)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (act != TILL_ACT_RETURN_LINE)
    return;
  if (self->stage == STAGE_WHY || self->stage == STAGE_MONEY)
    go_to (self, STAGE_LINES);
  if (self->stage == STAGE_LINES)
    scan_goods (self, code);
  else if (self->stage == STAGE_DONE)
    {
      self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
      self->counter->hands->scanned (self->counter->window, code);
    }
  else
    till_counter_say (self->counter, TILL_TONE_PLAIN,
                      _ ("Scan the receipt first, then the goods that come back."));
}

static void
on_looked (gpointer page, gpointer data, const GError *error)
{
  TillReturnPage *self = page;
  Ask *ask = data;
  if (error || !ask->goods || self->stage != STAGE_DONE || self->goods->id != ask->goods->id)
    return;
  g_clear_pointer (&self->goods, till_return_free);
  self->goods = g_steal_pointer (&ask->goods);
  show (self);
}

static void
on_changed (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  if (self->stage != STAGE_DONE)
    return;
  Ask *ask = ask_new (self);
  ask->id = self->goods->id;
  till_counter_ask (self->counter, page, look, ask, ask_free, on_looked);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  return needs_second (self) ? self->who : NULL;
}

static const TillLegendKey find_legend[] = {
  { "F2", N_ ("Latest sales"), GDK_KEY_F2 },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey lines_legend[] = {
  { N_ ("Enter"), N_ ("Go on"), GDK_KEY_Return },
  { "A", N_ ("All"), GDK_KEY_a },
  { "N", N_ ("None"), GDK_KEY_n },
  { "+", N_ ("One more"), GDK_KEY_plus },
  { "−", N_ ("One less"), GDK_KEY_minus },
  { "Ctrl+Z", N_ ("Undo"), GDK_KEY_z, GDK_CONTROL_MASK },
  { "F2", N_ ("Latest sales"), GDK_KEY_F2 },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey why_legend[] = {
  { "C", N_ ("Condition"), GDK_KEY_c },
  { "G", N_ ("Goods go to"), GDK_KEY_g },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey money_legend[] = {
  { N_ ("Enter"), N_ ("Save and send"), GDK_KEY_Return },
  { "C", N_ ("Cash or original way"), GDK_KEY_c },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey second_legend[] = {
  { N_ ("Enter"), N_ ("Approve and send"), GDK_KEY_Return },
  { "R", N_ ("Hold for approval"), GDK_KEY_r },
  { "C", N_ ("Cash or original way"), GDK_KEY_c },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey done_legend[] = {
  { N_ ("Enter"), N_ ("Next customer"), GDK_KEY_Return },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  TillReturnPage *self = TILL_RETURN_PAGE (page);
  static const TillLegendKey *const legends[]
      = { find_legend, lines_legend, why_legend, money_legend, done_legend };
  return needs_second (self) ? second_legend : legends[self->stage];
}

/* ---- building ---- */

static void
on_reason_clicked (GtkButton *button, TillReturnPage *self)
{
  choose_reason (self,
                 (TillReason)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-value")));
}

static void
on_condition_clicked (GtkButton *button, TillReturnPage *self)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->condition
      = (TillCondition)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-value"));
  changed (self, before);
}

static void
on_disposition_clicked (GtkButton *button, TillReturnPage *self)
{
  TillReturnDraft *before = till_return_draft_copy (self->draft);
  self->draft->disposition
      = (TillDisposition)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "till-value"));
  changed (self, before);
}

static GtkWidget *
choice_new (TillReturnPage *self, const char *words, int value, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (words);
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_object_set_data (G_OBJECT (button), "till-value", GINT_TO_POINTER (value));
  g_signal_connect (button, "clicked", clicked, self);
  return button;
}

static void
build_choices (TillReturnPage *self)
{
  int n = 0;
  for (int digit = 1; digit <= 9; digit++)
    {
      TillReason reason = till_reason_from_digit (digit);
      if (reason == TILL_REASON_NONE)
        continue;
      g_autofree char *words = g_strdup_printf ("%d  %s", digit, till_reason_label (reason));
      gtk_grid_attach (self->reasons,
                       choice_new (self, words, (int)reason, G_CALLBACK (on_reason_clicked)), n % 3,
                       n / 3, 1, 1);
      n++;
    }
  for (int i = 0; i < 3; i++)
    {
      gtk_box_append (self->conditions, choice_new (self, till_condition_label ((TillCondition)i), i,
                                                    G_CALLBACK (on_condition_clicked)));
      gtk_box_append (self->dispositions, choice_new (self, till_disposition_label ((TillDisposition)i),
                                                      i, G_CALLBACK (on_disposition_clicked)));
    }
}

static void
till_return_page_dispose (GObject *object)
{
  TillReturnPage *self = TILL_RETURN_PAGE (object);
  if (self->undo.back)
    forget (self);
  till_undo_clear (&self->undo);
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_RETURN_PAGE);
  G_OBJECT_CLASS (till_return_page_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillReturnPage, child)

static void
till_return_page_class_init (TillReturnPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = till_return_page_dispose;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_WHO_PART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/quittance/Till/return-page.ui");
  BIND (head);
  BIND (steps);
  BIND (receipt);
  BIND (stages);
  BIND (find_stage);
  BIND (lines_stage);
  BIND (why_stage);
  BIND (reasons);
  BIND (conditions);
  BIND (dispositions);
  BIND (money_stage);
  BIND (route);
  BIND (shares);
  BIND (verdict);
  BIND (second);
  BIND (who);
  BIND (done_stage);
  BIND (done);
  BIND (refunds);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
  gtk_widget_class_bind_template_callback (widget_class, on_hold);
}

static void
till_return_page_init (TillReturnPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_undo_init (&self->undo, (GDestroyNotify)till_return_draft_free);
  till_sheet_set_up (self->lines_stage, _ ("Lines of the receipt"), line_columns,
                     G_N_ELEMENTS (line_columns));
  till_sheet_set_up (self->shares, _ ("How the money goes back"), share_columns,
                     G_N_ELEMENTS (share_columns));
  build_choices (self);
}

static GtkWidget *
create (TillCounter *counter)
{
  TillReturnPage *self = g_object_new (TILL_TYPE_RETURN_PAGE, NULL);
  self->counter = counter;
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
  .help = N_ ("1  Scan the receipt, then every piece that comes back. A takes all of it, N none, + and − "
              "change the chosen line, 2 * sets a quantity. Enter goes on.\n"
              "2  Press the digit of the reason. C changes the condition and G where the goods go; do "
              "that first.\n"
              "3  The page shows what goes back and how. Enter saves and sends.\n\n"
              "When a second person must agree, they type their number and PIN right here. R keeps the "
              "return until they come. Nobody approves their own return.\n\n"
              "Everything is kept at every step; Esc goes one step back."),
};
