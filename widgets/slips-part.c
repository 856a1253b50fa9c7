/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/slips-part.h"
#include "data/desk/printing.h"
#include "widgets/deed.h"
#include "widgets/part.h"
#include "widgets/pick-panel.h"
#include "widgets/sheet.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define SLIPS_MAX 200

struct _TillSlipsPart
{
  GtkBox parent;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkLabel *name;
  GtkLabel *words;
  GtkLabel *facts;
  GtkBox *actions;
  TillCounter *counter; /* unowned */
  GPtrArray *jobs;      /* owned; of TillPrintJob: what the table shows, or NULL */
  int64_t seen;         /* the newest slip that got too old when the panel was opened */
  guint read_no;        /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillSlipsPart, till_slips_part, GTK_TYPE_BOX)

static guint changed_signal;

/* What can be done: a word about the chosen slip, or about all that got too old. */
enum
{
  BACKLOG = TILL_PRINT_NONE + 1,
};

static const TillDeed deed_rows[] = {
  [TILL_PRINT_ON_PAPER] = { GDK_KEY_p, "P", N_ ("It is on paper") },
  [TILL_PRINT_AGAIN] = { GDK_KEY_a, "A", N_ ("Print it again") },
  [TILL_PRINT_NONE] = { GDK_KEY_n, "N", N_ ("Nobody wants it") },
  [BACKLOG] = { GDK_KEY_o, "O", N_ ("All that waited too long…") },
};

/* --- rows --- */

static TillFace
face_of (TillPrintState state)
{
  TillFace face = { "content-loading-symbolic", till_print_state_label (state), "plain" };
  if (state == TILL_PRINT_UNKNOWN)
    face.icon = "dialog-question-symbolic";
  else if (till_print_state_asks (state))
    face.icon = "dialog-warning-symbolic";
  if (till_print_state_asks (state))
    face.style = "warn";
  return face;
}

static TillSheetRow *
row_new (TillCounter *counter, const TillPrintJob *job)
{
  g_autofree char *since = till_counter_moment (counter, job->at);
  g_autofree char *copy = job->copy > 1 ? g_strdup_printf ("%d", job->copy - 1) : g_strdup ("");
  const char *cells[] = { till_paper_kind_label (job->kind), job->no, copy, since };
  TillSheetRow *row = till_sheet_row_new (job->id, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face_of (job->state));
  return row;
}

static const TillColumn columns[] = {
  { N_ ("Slip"), TILL_CELL_TEXT, 14 },  { N_ ("Number"), TILL_CELL_NUMBER, 0 },
  { N_ ("Copy"), TILL_CELL_FIGURE, 5 }, { N_ ("Since"), TILL_CELL_TEXT, 12 },
  { N_ ("State"), TILL_CELL_FACE, 24 },
};

/* --- the one that is chosen --- */

static const TillPrintJob *
chosen_job (TillSlipsPart *self)
{
  int chosen = till_sheet_chosen (self->table);
  return self->jobs && chosen >= 0 && (guint)chosen < self->jobs->len
             ? g_ptr_array_index (self->jobs, chosen)
             : NULL;
}

/* How many got too old; the oldest and the newest of them. */
static guint
backlog_of (TillSlipsPart *self, const TillPrintJob **oldest, const TillPrintJob **newest)
{
  guint n = 0;
  *oldest = *newest = NULL;
  for (guint i = 0; self->jobs && i < self->jobs->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (self->jobs, i);
      if (job->state != TILL_PRINT_STALE)
        continue;
      *oldest = *oldest ? *oldest : job;
      *newest = job;
      n++;
    }
  return n;
}

static gboolean
deed_fits (gpointer part, int deed)
{
  TillSlipsPart *self = part;
  const TillPrintJob *job = chosen_job (self), *oldest, *newest;
  if (deed == BACKLOG)
    return backlog_of (self, &oldest, &newest) > 1;
  if (!job || !till_print_state_asks (job->state))
    return FALSE;
  /* Of what surely never left nobody can have seen paper. */
  return deed != TILL_PRINT_ON_PAPER || job->state == TILL_PRINT_UNKNOWN;
}

static void do_deed (gpointer part, int deed);

static const TillDeeds deeds = { deed_rows, G_N_ELEMENTS (deed_rows), deed_fits, do_deed };

static void
show_chosen (TillSlipsPart *self)
{
  const TillPrintJob *job = chosen_job (self);
  if (!job)
    return;
  g_autofree char *name = g_strdup_printf ("%s %s", till_paper_kind_label (job->kind), job->no);
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->words, till_print_state_advice (job->state));
  gtk_label_set_text (self->facts, till_print_problem_sentence (job->problem));
  gtk_widget_set_visible (GTK_WIDGET (self->facts), *job->problem != '\0');
  till_deeds_show (&deeds, self->actions, self);
}

/* --- asking the desk --- */

typedef struct
{
  int64_t staff_id;
  guint read_no;
  int64_t id; /* of one slip, or the newest of the backlog */
  TillPrintWord word;
  TillBacklogChoice choice;
  GPtrArray *jobs; /* owned; of TillPrintJob */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_clear_pointer (&ask->jobs, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_slips (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  ask->jobs = till_printing_unprinted (ledger, SLIPS_MAX, error);
  return ask->jobs ? ask : NULL;
}

static gpointer
settle (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_printing_settle (ledger, ask->staff_id, ask->id, ask->word, &ask->answer, error)
             ? ask
             : NULL;
}

static gpointer
settle_backlog (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_printing_settle_backlog (ledger, ask->staff_id, ask->id, ask->choice, &ask->answer,
                                       error)
             ? ask
             : NULL;
}

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillSlipsPart *self = part;
  Ask *ask = data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (error || ask->read_no != self->read_no)
    return;
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  self->jobs = g_steal_pointer (&ask->jobs);
  for (guint i = 0; i < self->jobs->len; i++)
    g_ptr_array_add (rows, row_new (self->counter, g_ptr_array_index (self->jobs, i)));
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, rows->len > 0 ? self->some : self->empty);
  if (rows->len > 0 && till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
  g_signal_emit (self, changed_signal, 0);
}

void
till_slips_part_read (TillSlipsPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_slips, ask, ask_free, on_read);
}

/* --- a person's word --- */

static void
on_settled (gpointer part, gpointer data, const GError *error)
{
  static const char *const said[]
      = { N_ ("Written down: it was on paper."), N_ ("A copy prints, marked as one."),
          N_ ("Written down: nobody wants it.") };
  TillSlipsPart *self = part;
  Ask *ask = data;
  if (error)
    return;
  if (till_counter_heard (self->counter, &ask->answer))
    till_counter_say (self->counter, TILL_TONE_GOOD, _ (said[ask->word]));
  self->counter->hands->changed (self->counter->window);
  till_slips_part_read (self);
}

static void
on_backlog (gpointer page, TillPickPanel *panel)
{
  TillSlipsPart *self = page;
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->id = self->seen;
  ask->choice = (TillBacklogChoice)(till_pick_panel_chosen_id (panel) - 1);
  ask->word = ask->choice == TILL_BACKLOG_NONE ? TILL_PRINT_NONE : TILL_PRINT_AGAIN;
  till_counter_ask (self->counter, GTK_WIDGET (self), settle_backlog, ask, ask_free, on_settled);
}

static const TillColumn pick_columns[] = { { "", TILL_CELL_TEXT, 0 } };

/* None of them comes out by itself; what comes after this question is asked about again. */
static void
ask_backlog (TillSlipsPart *self)
{
  static const char *const words[] = { N_ ("Print all of them, marked as copies"),
                                       N_ ("Print only the last one"), N_ ("Print none") };
  const TillPrintJob *oldest, *newest;
  guint n = backlog_of (self, &oldest, &newest);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *since = till_counter_moment (self->counter, oldest->at);
  g_autofree char *title = g_strdup_printf (
      ngettext ("%u slip waits since %s", "%u slips wait since %s", n), n, since);
  for (int i = 0; i < (int)G_N_ELEMENTS (words); i++)
    {
      const char *cells[] = { _ (words[i]) };
      g_ptr_array_add (rows, till_sheet_row_new (i + 1, G_N_ELEMENTS (cells), cells));
    }
  self->seen = newest->id;
  TillPickPanel *panel
      = till_pick_panel_new (title, pick_columns, G_N_ELEMENTS (pick_columns), NULL);
  till_pick_panel_fill (panel, rows, "");
  till_pick_panel_open (panel, self->counter, title, on_backlog, GTK_WIDGET (self));
}

static void
do_deed (gpointer part, int deed)
{
  TillSlipsPart *self = part;
  if (!deed_fits (self, deed))
    return;
  if (deed == BACKLOG)
    {
      ask_backlog (self);
      return;
    }
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->id = chosen_job (self)->id;
  ask->word = (TillPrintWord)deed;
  till_counter_ask (self->counter, GTK_WIDGET (self), settle, ask, ask_free, on_settled);
}

guint
till_slips_part_asking (TillSlipsPart *self)
{
  guint n = 0;
  for (guint i = 0; self->jobs && i < self->jobs->len; i++)
    n += till_print_state_asks (((const TillPrintJob *)g_ptr_array_index (self->jobs, i))->state);
  return n;
}

gboolean
till_slips_part_key (TillSlipsPart *self, guint keyval)
{
  return till_deeds_key (&deeds, self, keyval) || till_sheet_key (self->table, keyval);
}

const TillLegendKey till_slips_legend[] = {
  { N_ ("Enter"), N_ ("Look again"), GDK_KEY_Return },
  { "P", N_ ("It is on paper"), GDK_KEY_p },
  { "A", N_ ("Print it again"), GDK_KEY_a },
  { "N", N_ ("Nobody wants it"), GDK_KEY_n },
  { "O", N_ ("All that waited"), GDK_KEY_o },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

/* --- the part --- */

static void
till_slips_part_finalize (GObject *object)
{
  g_clear_pointer (&TILL_SLIPS_PART (object)->jobs, g_ptr_array_unref);
  G_OBJECT_CLASS (till_slips_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillSlipsPart, child)

static void
till_slips_part_class_init (TillSlipsPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_slips_part_finalize;
  changed_signal = till_part_signal (class, "changed");
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "slips-part.ui");
  BIND (stack);
  BIND (empty);
  BIND (some);
  BIND (table);
  BIND (name);
  BIND (words);
  BIND (facts);
  BIND (actions);
}

static void
till_slips_part_init (TillSlipsPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Slips"), columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
}

void
till_slips_part_set_up (TillSlipsPart *self, TillCounter *counter)
{
  self->counter = counter;
}
