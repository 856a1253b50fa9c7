/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/notices-part.h"
#include "widgets/choice.h"
#include "widgets/note-panel.h"
#include "widgets/notice-row.h"
#include "widgets/part.h"
#include "data/desk/noticing.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* So many more at a time, and never more than most: nobody reads on, and settling makes room. */
#define STEP 200
#define MOST 2000

struct _TillNoticesPart
{
  GtkBox parent;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkWidget *more_row;
  GtkLabel *more_words;
  GtkWidget *detail;
  GtkLabel *name;
  GtkLabel *sentence;
  GtkLabel *said;
  GtkLabel *next;
  GtkLabel *ask_whom;
  GtkBox *actions;
  GtkWidget *more;      /* unowned; a child */
  TillCounter *counter; /* unowned */
  GPtrArray *notices;   /* owned; of TillKeptNotice, one a row, or NULL */
  int limit;            /* so many are shown at most */
  gboolean is_more;     /* there are more than that */
  gboolean starting;    /* the first row is to be chosen */
  gboolean settling;    /* one is on its way to the books */
  int64_t settled_id;   /* the one that was settled before the next reading; 0: none */
  int64_t writing;      /* the notice that the words in the open panel are for */
  guint read_no;        /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillNoticesPart, till_notices_part, GTK_TYPE_BOX)

static guint opened_signal, settled_signal;

typedef struct
{
  int64_t staff_id, id;
  int limit;
  guint read_no;
  char *text;         /* owned */
  GPtrArray *notices; /* owned */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_free (ask->text);
  g_clear_pointer (&ask->notices, g_ptr_array_unref);
  g_free (ask);
}

/* --- the one that is chosen --- */

static const TillKeptNotice *
chosen (TillNoticesPart *self)
{
  int at = self->notices ? till_sheet_chosen (self->table) : -1;
  return at >= 0 && at < (int)self->notices->len ? g_ptr_array_index (self->notices, at) : NULL;
}

/* A courtesy only: the desk decides again, whoever asks. */
static gboolean
may_settle (TillNoticesPart *self)
{
  const TillStaff *staff = self->counter->staff;
  return staff && till_role_may (staff->role, TILL_RIGHT_MANAGE);
}

static const char *
ask_a_manager (void)
{
  return _ ("Only a manager settles it: no slip of this shop explains the money. Press F12 and let "
            "one sign in.");
}

static void do_settle (gpointer part, int value);

static void do_open (gpointer part, int value);

static void
show_actions (TillNoticesPart *self, const TillKeptNotice *kept)
{
  gboolean unsettled = kept->state == TILL_NOTICE_UNSETTLED;
  gtk_label_set_text (self->ask_whom, ask_a_manager ());
  gtk_widget_set_visible (GTK_WIDGET (self->ask_whom), unsettled && !may_settle (self));
  till_box_empty (self->actions);
  gtk_widget_set_visible (GTK_WIDGET (self->actions), FALSE);
  g_autofree char *words = unsettled && may_settle (self) ? g_strdup_printf ("S  %s", _ ("Settle…"))
                           : kept->refund_id ? g_strdup_printf ("O  %s", _ ("Open the refund"))
                                             : NULL;
  if (!words)
    return;
  GtkWidget *button = till_choice_new (words, 0, unsettled ? do_settle : do_open, self);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (self->actions, button);
  gtk_widget_set_visible (GTK_WIDGET (self->actions), TRUE);
}

static void
show_chosen (TillNoticesPart *self)
{
  const TillKeptNotice *kept = chosen (self);
  gtk_widget_set_visible (self->detail, kept != NULL);
  if (!kept)
    return;
  g_autofree char *name = till_notice_title (kept);
  g_autofree char *sentence = till_kept_notice_sentence (kept, till_notice_provider (kept));
  g_autofree char *said = till_notice_told (self->counter, kept);
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->sentence, sentence);
  gtk_label_set_text (self->said, said);
  gtk_label_set_text (self->next, till_kept_notice_next (kept));
  show_actions (self, kept);
}

static void
do_open (gpointer part, int value)
{
  TillNoticesPart *self = part;
  const TillKeptNotice *kept = chosen (self);
  if (kept && kept->refund_id)
    g_signal_emit (self, opened_signal, 0, kept->refund_id);
  else if (kept)
    till_counter_say (self->counter, TILL_TONE_PLAIN, till_kept_notice_next (kept));
}

static void
on_opened (TillNoticesPart *self)
{
  do_open (self, 0);
}

/* --- reading --- */

static gpointer
read_notices (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  ask->notices = till_noticing_kept (ledger, ask->limit + 1, error);
  return ask->notices ? ask : NULL;
}

static void
show_more (TillNoticesPart *self)
{
  gboolean full = self->limit >= MOST;
  g_autofree char *words = g_strdup_printf (
      full ? _ ("These are %d of them; more are not shown here. Settle some, and the next come up.")
           : _ ("These are the first %d."),
      self->limit);
  gtk_label_set_text (self->more_words, words);
  gtk_widget_set_visible (self->more_row, self->is_more);
  gtk_widget_set_visible (self->more, !full);
}

/* The row of a notice; -1 where it is not shown. */
static int
row_of (TillNoticesPart *self, int64_t id)
{
  for (guint i = 0; i < self->notices->len; i++)
    if (((const TillKeptNotice *)g_ptr_array_index (self->notices, i))->id == id)
      return (int)i;
  return -1;
}

/* The choice follows its notice, wherever the others move it; but from the one that was just
 * settled it goes to the next. */
static void
choose_again (TillNoticesPart *self, int64_t id)
{
  int row = self->starting ? 0 : id && id != self->settled_id ? row_of (self, id) : -1;
  if (row < 0 && till_sheet_chosen (self->table) < 0)
    row = 0;
  if (row >= 0)
    till_sheet_choose (self->table, row);
  self->starting = FALSE;
  self->settled_id = 0;
}

static void
show_rows (TillNoticesPart *self)
{
  int64_t id = till_sheet_chosen_id (self->table);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->notices->len; i++)
    g_ptr_array_add (rows,
                     till_notice_row_new (self->counter, g_ptr_array_index (self->notices, i)));
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, rows->len > 0 ? self->some : self->empty);
  if (rows->len > 0)
    choose_again (self, id);
  show_more (self);
  show_chosen (self);
}

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillNoticesPart *self = part;
  Ask *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  self->notices = g_steal_pointer (&ask->notices);
  self->is_more = (int)self->notices->len > ask->limit;
  if (self->is_more)
    g_ptr_array_set_size (self->notices, ask->limit);
  show_rows (self);
}

static Ask *
ask_new (TillNoticesPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->limit = self->limit;
  return ask;
}

void
till_notices_part_read (TillNoticesPart *self)
{
  Ask *ask = ask_new (self);
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_notices, ask, ask_free, on_read);
}

void
till_notices_part_start (TillNoticesPart *self)
{
  self->limit = STEP;
  self->starting = TRUE;
}

static void
do_more (gpointer part, int value)
{
  TillNoticesPart *self = part;
  if (!self->is_more || self->limit >= MOST)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("There is nothing more to show."));
      return;
    }
  self->limit = MIN (self->limit + STEP, MOST);
  till_notices_part_read (self);
}

/* --- settling --- */

static gpointer
settle (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_noticing_settle (ledger, ask->staff_id, ask->id, ask->text, &ask->answer, error)
             ? ask
             : NULL;
}

static void
on_settled (gpointer part, gpointer data, const GError *error)
{
  TillNoticesPart *self = part;
  Ask *ask = data;
  self->settling = FALSE;
  if (error)
    return;
  if (till_counter_heard (self->counter, &ask->answer))
    {
      const TillStaff *staff = self->counter->staff;
      g_autofree char *words = g_strdup_printf (
          _ ("Notice %" PRId64 " is settled: “%s”. It stands in the journal with the "
             "name of %s."),
          ask->id, ask->text, staff ? staff->name : "");
      till_counter_say (self->counter, TILL_TONE_GOOD, words);
      self->settled_id = ask->id;
    }
  self->counter->hands->changed (self->counter->window);
  g_signal_emit (self, settled_signal, 0);
}

static void
on_words (TillNotePanel *panel, TillNoticesPart *self)
{
  if (self->settling)
    return;
  Ask *ask = ask_new (self);
  ask->id = self->writing;
  ask->text = g_strstrip (g_strdup (till_note_panel_text (panel)));
  self->settling = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), settle, ask, ask_free, on_settled);
  till_counter_close_panel (self->counter);
}

static void
ask_words (TillNoticesPart *self, const TillKeptNotice *kept)
{
  g_autofree char *title = till_notice_title (kept);
  g_autofree char *words = g_strdup_printf (
      _ ("%s\n\nWhat you write here goes into the journal with your name, and the warning goes "
         "away. It cannot be taken back. No money moves by it."),
      title);
  TillNotePanel *panel = till_note_panel_new (words, _ ("What was it?"));
  self->writing = kept->id;
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_words), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Settle the notice"), GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
do_settle (gpointer part, int value)
{
  TillNoticesPart *self = part;
  const TillKeptNotice *kept = chosen (self);
  if (!kept)
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("No notice is chosen."));
  else if (kept->state != TILL_NOTICE_UNSETTLED)
    till_counter_say (self->counter, TILL_TONE_PLAIN, till_kept_notice_next (kept));
  else if (!may_settle (self))
    till_counter_say (self->counter, TILL_TONE_WARN, ask_a_manager ());
  else
    ask_words (self, kept);
}

gboolean
till_notices_part_key (TillNoticesPart *self, guint keyval)
{
  switch (gdk_keyval_to_lower (keyval))
    {
    case GDK_KEY_s:
      do_settle (self, 0);
      return TRUE;
    case GDK_KEY_o:
      do_open (self, 0);
      return TRUE;
    case GDK_KEY_m:
      do_more (self, 0);
      return TRUE;
    default:
      return till_sheet_key (self->table, keyval);
    }
}

/* --- building --- */

static void
till_notices_part_finalize (GObject *object)
{
  g_clear_pointer (&TILL_NOTICES_PART (object)->notices, g_ptr_array_unref);
  G_OBJECT_CLASS (till_notices_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillNoticesPart, child)

static void
till_notices_part_class_init (TillNoticesPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_notices_part_finalize;
  opened_signal = g_signal_new ("opened", TILL_TYPE_NOTICES_PART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  settled_signal = till_part_signal (class, "settled");
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "notices-part.ui");
  BIND (stack);
  BIND (empty);
  BIND (some);
  BIND (table);
  BIND (more_row);
  BIND (more_words);
  BIND (detail);
  BIND (name);
  BIND (sentence);
  BIND (said);
  BIND (next);
  BIND (ask_whom);
  BIND (actions);
  gtk_widget_class_bind_template_callback (widget_class, show_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_opened);
}

static void
till_notices_part_init (TillNoticesPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->limit = STEP;
  till_sheet_set_up (self->table, _ ("Notices"), till_notice_columns, TILL_NOTICE_COLUMNS);
  g_autofree char *words = g_strdup_printf ("M  %s", _ ("Show more"));
  self->more = till_choice_new (words, 0, do_more, self);
  gtk_box_append (GTK_BOX (self->more_row), self->more);
}

void
till_notices_part_set_up (TillNoticesPart *self, TillCounter *counter)
{
  self->counter = counter;
}
