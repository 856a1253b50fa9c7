/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/shift-page.h"
#include "widgets/note-panel.h"
#include "widgets/part.h"
#include "widgets/sheet.h"
#include "widgets/shift-asks.h"
#include "widgets/shift-count.h"
#include "widgets/shift-figures.h"
#include "data/core/error.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  STAGE_OVERVIEW,
  STAGE_COUNT,
  STAGE_RESULT,
  STAGE_SECOND, /* the result, and somebody has to look at it */
} Stage;

struct _TillShiftPage
{
  GtkBox parent;
  GtkLabel *heading;
  GtkStack *stack;
  GtkWidget *overview;
  TillShiftFigures *so_far;
  TillSheet *table;
  GtkWidget *none; /* instead of the table */
  TillShiftCount *count;
  GtkWidget *result;
  TillShiftFigures *outcome;
  GtkLabel *outcome_words;
  TillWhoPart *who;
  TillCounter *counter; /* unowned */
  Stage stage;
  gboolean asking;       /* a deed is on its way: another one would be a second one */
  TillMoney moving;      /* what the reason in the open panel is for */
  TillMoney usual_keep;  /* what stayed in the drawer last time */
  TillCounted counted;   /* of the draft */
  TillShiftDraft *draft; /* owned; NULL before the count */
};

G_DEFINE_FINAL_TYPE (TillShiftPage, till_shift_page, GTK_TYPE_BOX)

static void show_stage (TillShiftPage *self, Stage stage);

static TillShiftAsk *
ask_new (TillShiftPage *self)
{
  TillShiftAsk *ask = g_new0 (TillShiftAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  return ask;
}

static void
ask_desk (TillShiftPage *self, TillWork work, TillShiftAsk *ask, TillAsked done)
{
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_shift_ask_free, done);
}

/* One at a time; whoever is faster than the answer is not asking for a second one. */
static void
do_deed (TillShiftPage *self, TillWork work, TillShiftAsk *ask, TillAsked done)
{
  if (self->asking)
    till_shift_ask_free (ask);
  else
    {
      self->asking = TRUE;
      ask_desk (self, work, ask, done);
    }
}

static void
set_line (TillShiftPage *self, const char *text)
{
  self->counter->hands->line (self->counter->window, text);
}

/* --- the overview --- */

static const TillColumn columns[] = {
  { N_ ("Closed at"), TILL_CELL_TEXT, 12 },
  { N_ ("Who"), TILL_CELL_TEXT, 0 },
  { N_ ("Sales"), TILL_CELL_FIGURE, 12 },
  { N_ ("Over / short"), TILL_CELL_FIGURE, 11 },
};

static void
show_now (TillShiftPage *self, const TillShiftNow *now)
{
  const TillShiftSums *sums = &now->sums;
  TillMoney refunded = sums->refunded_cash + sums->refunded_card + sums->refunded_code;
  gboolean in_money = now->in_money;
  till_shift_figures_set (self->so_far, 0, _ ("Sales"), sums->sales_n, in_money, sums->sales);
  till_shift_figures_set (self->so_far, 1, _ ("Returns"), sums->returns_n, in_money, sums->returns);
  till_shift_figures_set (self->so_far, 2, _ ("Refunded"), sums->refunds_n, in_money, refunded);
  till_shift_figures_set (self->so_far, 3, _ ("Refunds not over"), sums->open_n, TRUE, sums->open);
  till_shift_figures_end (self->so_far, 4);
  if (in_money)
    {
      till_shift_figures_set (self->so_far, 4, _ ("Bank card"), -1, TRUE, sums->taken_card);
      till_shift_figures_set (self->so_far, 5, _ ("Scan code"), -1, TRUE, sums->taken_code);
    }
  g_autofree char *began
      = now->began_at ? till_counter_moment (self->counter, now->began_at) : NULL;
  g_autofree char *words = began ? g_strdup_printf (_ ("The shift so far, since %s"), began)
                                 : g_strdup (_ ("A new shift: nothing has happened yet."));
  if (self->stage != STAGE_OVERVIEW)
    return;
  gtk_label_set_text (self->heading, words);
  self->counter->hands->total (self->counter->window, _ ("Refunds not over"), sums->open,
                               TILL_MONEY_REST, NULL);
}

static void
show_list (TillShiftPage *self, GPtrArray *shifts)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < shifts->len; i++)
    {
      const TillShift *shift = g_ptr_array_index (shifts, i);
      g_autofree char *at = till_counter_moment (self->counter, shift->at);
      g_autofree char *sales = till_money_format_screen (shift->sums.sales);
      g_autofree char *over_short = till_money_format_screen (shift->over_short);
      const char *cells[] = { at, shift->staff_name, sales, over_short };
      g_ptr_array_add (rows, till_sheet_row_new (shift->id, G_N_ELEMENTS (cells), cells));
    }
  till_sheet_fill (self->table, rows);
  gtk_widget_set_visible (GTK_WIDGET (self->table), shifts->len > 0);
  gtk_widget_set_visible (self->none, shifts->len == 0);
  self->usual_keep = shifts->len ? ((TillShift *)g_ptr_array_index (shifts, 0))->kept : 0;
}

static void
on_read (gpointer page, gpointer data, const GError *error)
{
  TillShiftPage *self = page;
  TillShiftAsk *ask = data;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  show_now (self, &ask->now);
  show_list (self, ask->shifts);
}

static void
read_now (TillShiftPage *self)
{
  ask_desk (self, till_shift_ask_read, ask_new (self), on_read);
}

/* --- safe and drawer --- */

static char *
checks_sentence (int due)
{
  return due ? g_strdup_printf (
             ngettext (
                 "%d device is to be checked. Look under Devices (Ctrl+7), 4, when there is time.",
                 "%d devices are to be checked. Look under Devices (Ctrl+7), 4, when there is "
                 "time.",
                 (gulong)due),
             due)
             : NULL;
}

static void
on_moved_cash (gpointer page, gpointer data, const GError *error)
{
  TillShiftPage *self = page;
  TillShiftAsk *ask = data;
  self->asking = FALSE;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  g_autofree char *amount = till_money_format_screen (ask->amount);
  g_autofree char *words = g_strdup_printf (
      ask->text ? _ ("%s went to the safe.") : _ ("%s went into the drawer."), amount);
  /* With the float a shift begins: a good time to look at the devices. */
  g_autofree char *checks = checks_sentence (ask->checks_due);
  g_autofree char *both
      = g_strdup_printf ("%s%s%s", words, checks ? " " : "", checks ? checks : "");
  set_line (self, "");
  till_counter_say (self->counter, TILL_TONE_GOOD, both);
  read_now (self);
}

/* What is typed, or a no that says so. */
static gboolean
typed_amount (TillShiftPage *self, const char *text, TillMoney *amount)
{
  if (till_money_parse (text, amount, NULL) && *amount > 0)
    return TRUE;
  till_counter_say (self->counter, TILL_TONE_WARN, _ ("Type the amount first."));
  return FALSE;
}

static void
float_in (TillShiftPage *self, const char *text)
{
  TillMoney amount;
  if (!typed_amount (self, text, &amount))
    return;
  TillShiftAsk *ask = ask_new (self);
  ask->amount = amount;
  do_deed (self, till_shift_ask_float, ask, on_moved_cash);
}

static void
on_reason (TillNotePanel *panel, TillShiftPage *self)
{
  TillShiftAsk *ask = ask_new (self);
  ask->amount = self->moving;
  ask->text = g_strdup (till_note_panel_text (panel));
  do_deed (self, till_shift_ask_out, ask, on_moved_cash);
  till_counter_close_panel (self->counter);
}

static void
cash_out (TillShiftPage *self, const char *text)
{
  if (!typed_amount (self, text, &self->moving))
    return;
  g_autofree char *amount = till_money_format_screen (self->moving);
  g_autofree char *words
      = g_strdup_printf (_ ("%s leaves the drawer and goes to the safe."), amount);
  TillNotePanel *panel = till_note_panel_new (words, _ ("Why?"));
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_reason), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Cash to the safe"), GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
on_slip (gpointer page, gpointer data, const GError *error)
{
  TillShiftPage *self = page;
  TillShiftAsk *ask = data;
  self->asking = FALSE;
  if (!error && till_counter_heard (self->counter, &ask->answer))
    till_counter_say (self->counter, TILL_TONE_GOOD, _ ("One more copy is waiting to be printed."));
}

static void
print_slip (TillShiftPage *self)
{
  TillShiftAsk *ask = ask_new (self);
  ask->id = till_sheet_chosen_id (self->table);
  if (ask->id)
    do_deed (self, till_shift_ask_slip, ask, on_slip);
  else
    {
      till_shift_ask_free (ask);
      till_counter_say (self->counter, TILL_TONE_WARN, _ ("Choose a closed shift first."));
    }
}

/* --- the count --- */

static void
show_counted (TillShiftPage *self)
{
  self->counter->hands->total (self->counter->window, _ ("Counted"),
                               till_shift_count_get (self->count)->sum, TILL_MONEY_REST, NULL);
}

static void
hint_kind (TillShiftPage *self)
{
  g_autofree char *kind = till_shift_count_kind (self->count);
  g_autofree char *words = g_strdup_printf (_ ("How many pieces of %s?"), kind);
  self->counter->hands->hint (self->counter->window, words);
}

static void
on_kind (TillShiftPage *self)
{
  if (self->counter && self->stage == STAGE_COUNT)
    hint_kind (self);
}

static char *
over_short_words (TillMoney over_short)
{
  g_autofree char *amount = till_money_format_screen (ABS (over_short));
  if (over_short == 0)
    return g_strdup (_ ("The count agrees with the books."));
  return g_strdup_printf (over_short > 0 ? _ ("%s too much in the drawer.")
                                         : _ ("%s is missing from the drawer."),
                          amount);
}

static void
show_outcome (TillShiftPage *self)
{
  TillMoney sum = self->draft->count.sum;
  g_autofree char *difference = over_short_words (self->counted.over_short);
  g_autofree char *words = g_strconcat (
      difference, " ",
      self->counted.needs_second
          ? _ ("That is so far from the books that a second person has to look. R counts again.")
          : _ ("R counts again."),
      NULL);
  till_shift_figures_set (self->outcome, 0, _ ("Cash counted"), -1, TRUE, sum);
  till_shift_figures_set (self->outcome, 1, _ ("Cash expected"), -1, TRUE, self->counted.expected);
  till_shift_figures_set (self->outcome, 2, self->counted.over_short < 0 ? _ ("Short") : _ ("Over"),
                          -1, TRUE, ABS (self->counted.over_short));
  till_shift_figures_set (self->outcome, 3, _ ("Stays as float"), -1, TRUE, self->draft->keep);
  till_shift_figures_set (self->outcome, 4, _ ("To the safe"), -1, TRUE, sum - self->draft->keep);
  gtk_label_set_text (self->outcome_words, words);
  self->counter->hands->total (self->counter->window, _ ("To the safe"), sum - self->draft->keep,
                               TILL_MONEY_REST, NULL);
}

static void
on_counted (gpointer page, gpointer data, const GError *error)
{
  TillShiftPage *self = page;
  TillShiftAsk *ask = data;
  self->asking = FALSE;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  g_clear_pointer (&self->draft, till_shift_draft_free);
  self->draft = g_steal_pointer (&ask->draft);
  self->draft->keep = MIN (self->usual_keep, ask->count.sum);
  self->counted = ask->counted;
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  show_stage (self, STAGE_RESULT);
}

static void
send_count (TillShiftPage *self)
{
  TillShiftAsk *ask = ask_new (self);
  ask->count = *till_shift_count_get (self->count);
  do_deed (self, till_shift_ask_count, ask, on_counted);
}

/* What is typed, if anything, for the kind in hand. */
static gboolean
take_pieces (TillShiftPage *self, const char *text)
{
  guint64 pieces;
  if (*text
      && (!g_ascii_string_to_unsigned (text, 10, 0, TILL_NOTES_MAX, &pieces, NULL)
          || !till_shift_count_put (self->count, (int)pieces)))
    {
      till_counter_say (self->counter, TILL_TONE_WARN, _ ("Type how many pieces there are."));
      return FALSE;
    }
  set_line (self, "");
  show_counted (self);
  return TRUE;
}

static void
enter_count (TillShiftPage *self, const char *text)
{
  if (take_pieces (self, text) && !till_shift_count_move (self->count, 1))
    send_count (self);
}

/* The keys of the count: what is typed goes along with every one of them. */
static gboolean
count_key (TillShiftPage *self, guint keyval, const char *text)
{
  gboolean up = keyval == GDK_KEY_Up;
  gboolean down = keyval == GDK_KEY_Down;
  if ((!up && !down && keyval != GDK_KEY_F9) || !take_pieces (self, text))
    return up || down || keyval == GDK_KEY_F9;
  if (keyval == GDK_KEY_F9)
    send_count (self);
  else
    till_shift_count_move (self->count, up ? -1 : 1);
  return TRUE;
}

/* --- the close --- */

/* The window has said what broke; what to do about this it does not know. */
static void
say_unsigned (TillShiftPage *self, const GError *error)
{
  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND)
      || g_error_matches (error, TILL_ERROR, TILL_ERROR_CORRUPT)
      || g_error_matches (error, TILL_ERROR, TILL_ERROR_INVALID))
    till_counter_say (
        self->counter, TILL_TONE_BAD,
        _ ("The key that signs a close, seal.key, is missing or not ours. Nothing was "
           "closed and the count is kept. Put the key back, or let a manager make a "
           "new one: tillctl shift key."));
}

/* Whoever takes over must know what is still unsettled; it stands on the slip as well. */
static void
say_closed (TillShiftPage *self, const TillShift *shift)
{
  const char *closed = _ ("The shift is closed. Its slip is on its way.");
  g_autofree char *words
      = g_strdup_printf (ngettext ("%s %d notice about a number we do not know is unsettled.",
                                   "%s %d notices about numbers we do not know are unsettled.",
                                   (gulong)shift->unsettled),
                         closed, shift->unsettled);
  till_counter_say (self->counter, shift->unsettled ? TILL_TONE_WARN : TILL_TONE_GOOD,
                    shift->unsettled ? words : closed);
}

static void
on_closed (gpointer page, gpointer data, const GError *error)
{
  TillShiftPage *self = page;
  TillShiftAsk *ask = data;
  self->asking = FALSE;
  if (error)
    {
      say_unsigned (self, error);
      return;
    }
  if (ask->shift)
    {
      g_clear_pointer (&self->draft, till_shift_draft_free);
      show_stage (self, STAGE_OVERVIEW);
      say_closed (self, ask->shift);
      self->counter->hands->changed (self->counter->window);
      self->counter->hands->shift_closed (self->counter->window);
    }
  else if (ask->answer.code == TILL_NO_STALE)
    show_stage (self, STAGE_COUNT);
  else if (ask->answer.code == TILL_NO_OVER_SHORT)
    show_stage (self, STAGE_SECOND);
  till_counter_heard (self->counter, &ask->answer);
}

static TillShiftDraft *
copy_draft (const TillShiftDraft *draft)
{
  TillShiftDraft *copy = g_new (TillShiftDraft, 1);
  *copy = *draft;
  copy->token = g_strdup (draft->token);
  return copy;
}

static void
close_now (TillShiftPage *self, const char *second, char *pin)
{
  TillShiftAsk *ask = ask_new (self);
  ask->draft = copy_draft (self->draft);
  ask->text = g_strdup (second);
  ask->pin = pin;
  do_deed (self, till_shift_ask_close, ask, on_closed);
}

static void
on_second (TillShiftPage *self)
{
  close_now (self, till_who_part_no (self->who), till_who_part_take_pin (self->who));
}

static void
enter_result (TillShiftPage *self, const char *text)
{
  TillMoney keep;
  if (!*text)
    {
      if (self->counted.needs_second)
        show_stage (self, STAGE_SECOND);
      else
        close_now (self, NULL, NULL);
      return;
    }
  if (!till_money_parse (text, &keep, NULL) || keep > self->draft->count.sum)
    {
      TillAnswer answer = till_answer_money (
          TILL_NO_KEEP, till_money_parse (text, &keep, NULL) ? keep : 0, self->draft->count.sum);
      till_counter_heard (self->counter, &answer);
      return;
    }
  self->draft->keep = keep;
  set_line (self, "");
  show_outcome (self);
}

/* --- the page --- */

static void
show_stage (TillShiftPage *self, Stage stage)
{
  const TillCounterHands *hands = self->counter->hands;
  self->stage = stage;
  gtk_stack_set_visible_child (self->stack, stage == STAGE_OVERVIEW ? self->overview
                                            : stage == STAGE_COUNT  ? GTK_WIDGET (self->count)
                                                                    : self->result);
  gtk_widget_set_visible (GTK_WIDGET (self->who), stage == STAGE_SECOND);
  set_line (self, "");
  switch (stage)
    {
    case STAGE_OVERVIEW:
      hands->hint (self->counter->window, _ ("An amount, then F or O; Enter counts the drawer"));
      hands->enter (self->counter->window, _ ("Count"), FALSE);
      read_now (self);
      break;
    case STAGE_COUNT:
      gtk_label_set_text (self->heading, _ ("Count the drawer"));
      hands->enter (self->counter->window, NULL, FALSE);
      hint_kind (self);
      show_counted (self);
      break;
    case STAGE_RESULT:
      gtk_label_set_text (self->heading, _ ("The count"));
      hands->hint (self->counter->window, _ ("What stays in the drawer"));
      hands->enter (self->counter->window, _ ("Close the shift"), FALSE);
      show_outcome (self);
      break;
    case STAGE_SECOND:
    default:
      gtk_label_set_text (self->heading, _ ("A second person has to look"));
      hands->hint (self->counter->window, _ ("Number and PIN of the second person"));
      till_who_part_start (self->who, NULL);
      show_outcome (self);
    }
  hands->legend (self->counter->window);
}

static void
count_anew (TillShiftPage *self)
{
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  show_stage (self, STAGE_COUNT);
  till_shift_count_start (self->count);
  show_counted (self);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  guint lower = gdk_keyval_to_lower (keyval);
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (self->stage == STAGE_OVERVIEW && lower == GDK_KEY_f)
    float_in (self, text);
  else if (self->stage == STAGE_OVERVIEW && lower == GDK_KEY_o)
    cash_out (self, text);
  else if (self->stage == STAGE_OVERVIEW && keyval == GDK_KEY_F5)
    print_slip (self);
  else if (self->stage == STAGE_OVERVIEW)
    return till_sheet_key (self->table, keyval);
  else if (self->stage == STAGE_COUNT)
    return count_key (self, keyval, text);
  else if (lower == GDK_KEY_r)
    show_stage (self, STAGE_COUNT);
  else
    return FALSE;
  return TRUE;
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  if (self->stage == STAGE_COUNT)
    enter_count (self, text);
  else if (self->stage == STAGE_RESULT)
    enter_result (self, text);
  else if (self->stage == STAGE_OVERVIEW && !*text)
    count_anew (self);
  else if (self->stage == STAGE_OVERVIEW)
    till_counter_say (self->counter, TILL_TONE_WARN,
                      _ ("F puts it into the drawer, O takes it to the safe."));
}

static gboolean
on_back (GtkWidget *page)
{
  static const Stage before[] = {
    [STAGE_COUNT] = STAGE_OVERVIEW, [STAGE_RESULT] = STAGE_COUNT, [STAGE_SECOND] = STAGE_RESULT
  };
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  if (self->stage == STAGE_OVERVIEW)
    self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
  else
    show_stage (self, before[self->stage]);
  return TRUE;
}

/* Whoever went to sell in the middle of a count goes on where they were. */
static void
on_shown (GtkWidget *page, const char *argument)
{
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  show_stage (self, self->stage);
}

static void
on_changed (GtkWidget *page)
{
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  if (self->stage == STAGE_OVERVIEW)
    read_now (self);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  TillShiftPage *self = TILL_SHIFT_PAGE (page);
  return self->stage == STAGE_SECOND ? self->who : NULL;
}

static const TillLegendKey overview_legend[] = {
  { "F", N_ ("Float in"), GDK_KEY_f },
  { "O", N_ ("Cash to the safe"), GDK_KEY_o },
  { N_ ("Enter"), N_ ("Count"), GDK_KEY_Return },
  { "F5", N_ ("Print shift slip"), GDK_KEY_F5 },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey count_legend[] = {
  { "↑", N_ ("Before"), GDK_KEY_Up },   { "↓", N_ ("Next"), GDK_KEY_Down },
  { "F9", N_ ("Counted"), GDK_KEY_F9 }, { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },    { NULL },
};
static const TillLegendKey result_legend[] = {
  { "R", N_ ("Count again"), GDK_KEY_r },
  { N_ ("Enter"), N_ ("Close the shift"), GDK_KEY_Return },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
on_legend (GtkWidget *page)
{
  static const TillLegendKey *const legends[] = { [STAGE_OVERVIEW] = overview_legend,
                                                  [STAGE_COUNT] = count_legend,
                                                  [STAGE_RESULT] = result_legend,
                                                  [STAGE_SECOND] = result_legend };
  return legends[TILL_SHIFT_PAGE (page)->stage];
}

static void
till_shift_page_finalize (GObject *object)
{
  g_clear_pointer (&TILL_SHIFT_PAGE (object)->draft, till_shift_draft_free);
  G_OBJECT_CLASS (till_shift_page_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillShiftPage, child)

static void
till_shift_page_class_init (TillShiftPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_shift_page_finalize;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_SHIFT_COUNT);
  g_type_ensure (TILL_TYPE_SHIFT_FIGURES);
  g_type_ensure (TILL_TYPE_WHO_PART);
  till_part_class (class, "shift-page.ui");
  BIND (heading);
  BIND (stack);
  BIND (overview);
  BIND (so_far);
  BIND (table);
  BIND (none);
  BIND (count);
  BIND (result);
  BIND (outcome);
  BIND (outcome_words);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
}

static void
till_shift_page_init (TillShiftPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Closed shifts"), columns, G_N_ELEMENTS (columns));
}

static GtkWidget *
create (TillCounter *counter)
{
  TillShiftPage *self = g_object_new (TILL_TYPE_SHIFT_PAGE, NULL);
  self->counter = counter;
  return GTK_WIDGET (self);
}

const TillPage till_shift_page = {
  .screen = TILL_SCREEN_SHIFT,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .shown = on_shown,
  .changed = on_changed,
  .who = who_of,
  .back = on_back,
  .legend = on_legend,
  .help = N_ (
      "What this shift did so far, and below it the shifts that are closed.\n\n"
      "An amount and F puts a float into the drawer, an amount and O takes cash to the safe.\n\n"
      "Enter counts: type how many pieces there are of each note and coin, Enter goes on. Only "
      "afterwards the books say what they expect. Type what stays in the drawer, Enter closes the "
      "shift, signs it, and prints its slip; the rest goes to the safe.\n\n"
      "A count that is far from the books needs a second person. R counts again; every count is "
      "kept. F5 prints the slip of the closed shift that is chosen once more."),
};
