/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/settlement-part.h"
#include "widgets/choice.h"
#include "widgets/file-panel.h"
#include "widgets/note-panel.h"
#include "widgets/part.h"
#include "widgets/settled-row.h"
#include "data/core/secret.h"
#include "data/desk/settling.h"
#include "data/desk/stopping.h"
#include "devices/gateway/registry.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* So many are shown at most: two years of one provider, and more rows than anybody reads. */
#define DAYS_MAX 800
#define ROWS_MAX 2000

struct _TillSettlementPart
{
  GtkBox parent;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *nothing;
  TillSheet *days;
  TillSheet *rows;
  GtkWidget *detail;
  GtkLabel *name;
  GtkLabel *sentence;
  GtkLabel *figures;
  GtkLabel *next;
  GtkBox *actions;
  GtkWidget *second;
  GtkLabel *second_title;
  TillWhoPart *who;
  TillCounter *counter; /* unowned */
  GPtrArray *day_list;  /* owned; of TillSettledDay, one a row, or NULL */
  GPtrArray *row_list;  /* owned; of TillDifference, one a row, or NULL */
  char *provider;       /* owned; whose day is open, or NULL */
  int day;              /* … and which */
  char *reason;       /* owned; what was written about the row that a second person is asked for */
  int64_t closing_id; /* the row that the words in the open panel are for */
  int closing_n;
  char *file_provider; /* owned; whose file is being read */
  int file_day;
  gboolean busy;     /* something is on its way to the books */
  gboolean starting; /* the first row is to be chosen */
  guint read_no;     /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillSettlementPart, till_settlement_part, GTK_TYPE_BOX)

static guint denied_signal, changed_signal;

typedef struct
{
  int64_t staff_id, id;
  int n, day;
  guint read_no;
  char *provider, *text, *second, *pin; /* owned */
  GPtrArray *days, *rows;               /* owned */
  TillFileFetch *fetch;                 /* owned */
  gboolean stopped;                     /* nothing goes to that provider at the moment */
  TillSettled settled;
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_free (ask->provider);
  g_free (ask->text);
  g_free (ask->second);
  g_clear_pointer (&ask->pin, till_secret_free);
  g_clear_pointer (&ask->days, g_ptr_array_unref);
  g_clear_pointer (&ask->rows, g_ptr_array_unref);
  g_clear_pointer (&ask->fetch, till_file_fetch_free);
  g_free (ask);
}

static Ask *
ask_new (TillSettlementPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->provider = g_strdup (self->provider);
  ask->day = self->day;
  return ask;
}

/* --- what is chosen --- */

gboolean
till_settlement_part_shows_rows (TillSettlementPart *self)
{
  return self->provider != NULL;
}

static gpointer
chosen_of (TillSheet *sheet, GPtrArray *list)
{
  int at = list ? till_sheet_chosen (sheet) : -1;
  return at >= 0 && at < (int)list->len ? g_ptr_array_index (list, at) : NULL;
}

static const TillSettledDay *
chosen_day (TillSettlementPart *self)
{
  return self->provider ? NULL : chosen_of (self->days, self->day_list);
}

static const TillDifference *
chosen_row (TillSettlementPart *self)
{
  return self->provider ? chosen_of (self->rows, self->row_list) : NULL;
}

/* A courtesy only: the desk decides again, whoever asks. */
static gboolean
is_manager (TillSettlementPart *self)
{
  const TillStaff *staff = self->counter->staff;
  return staff && till_role_may (staff->role, TILL_RIGHT_MANAGE);
}

static void do_fetch (gpointer part, int value);
static void do_bring (gpointer part, int value);
static void do_close (gpointer part, int value);

static void
do_open (gpointer part, int value)
{
  till_settlement_part_open (part);
}

static void
do_back (gpointer part, int value)
{
  till_settlement_part_back (part);
}

static void
add_action (TillSettlementPart *self, const char *key, const char *words, TillChosen chosen,
            gboolean first)
{
  g_autofree char *text = g_strdup_printf ("%s  %s", key, words);
  GtkWidget *button = till_choice_new (text, 0, chosen, self);
  if (first)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (self->actions, button);
}

static void
set_words (TillSettlementPart *self, const char *name, const char *sentence, const char *figures,
           const char *next)
{
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->sentence, sentence);
  gtk_label_set_text (self->figures, figures);
  gtk_label_set_text (self->next, next);
  gtk_widget_set_visible (GTK_WIDGET (self->name), *name != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->sentence), *sentence != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->figures), *figures != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->next), *next != '\0');
}

static void
show_day (TillSettlementPart *self, const TillSettledDay *day)
{
  g_autofree char *name = day ? till_settled_day_title (day) : g_strdup ("");
  g_autofree char *sentence = day ? till_settled_day_sentence (self->counter, day) : g_strdup ("");
  g_autofree char *figures = day ? till_settled_day_figures (self->counter, day) : g_strdup ("");
  set_words (self, name, sentence, figures, "");
  if (day && day->differing)
    add_action (self, _ ("Enter"), _ ("Show the differences"), do_open, day->open > 0);
  if (day)
    add_action (self, "F", _ ("Fetch now"), do_fetch, day->id == 0);
  add_action (self, "R", _ ("Read a file…"), do_bring, FALSE);
}

static void
show_row (TillSettlementPart *self, const TillDifference *row)
{
  g_autofree char *name = row ? till_difference_title (row) : g_strdup ("");
  g_autofree char *sentence = row ? till_difference_sentence (row) : g_strdup ("");
  g_autofree char *figures = row ? till_difference_figures (self->counter, row) : g_strdup ("");
  gboolean open = row && row->closed_at == 0;
  set_words (self, name, sentence, figures,
             !row                         ? ""
             : open && !is_manager (self) ? _ ("Only a manager closes a difference. Press F12 "
                                               "and let one sign in.")
                                          : till_difference_next (row));
  if (open && is_manager (self))
    add_action (self, "C", _ ("Close…"), do_close, !till_difference_waits (row));
  add_action (self, "Esc", _ ("Back to the days"), do_back, FALSE);
}

static void
ask_second (TillSettlementPart *self, gboolean asked)
{
  if (!asked)
    g_clear_pointer (&self->reason, g_free);
  gtk_widget_set_visible (self->second, asked);
  till_who_part_start (self->who, NULL);
}

static void
show_detail (TillSettlementPart *self)
{
  ask_second (self, FALSE);
  till_box_empty (self->actions);
  if (self->provider)
    show_row (self, chosen_row (self));
  else
    show_day (self, chosen_day (self));
}

/* --- reading --- */

static gpointer
read_kept (gpointer ledger, gpointer data, GError **error)
{
  g_autoptr (GError) why = NULL;
  Ask *ask = data;
  ask->days = till_settling_days (ledger, ask->staff_id, DAYS_MAX, &ask->answer, &why);
  if (ask->days && ask->provider)
    ask->rows = till_settling_rows (ledger, ask->staff_id, ask->provider, ask->day, ROWS_MAX,
                                    &ask->answer, &why);
  if (!why)
    return ask;
  g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

static void
fill_days (TillSettlementPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->day_list->len; i++)
    g_ptr_array_add (
        rows, till_settled_day_row_new (self->counter, i, g_ptr_array_index (self->day_list, i)));
  till_sheet_fill (self->days, rows);
  if (rows->len > 0 && (self->starting || till_sheet_chosen (self->days) < 0))
    till_sheet_choose (self->days, 0);
  self->starting = FALSE;
}

static void
fill_rows (TillSettlementPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->row_list->len; i++)
    g_ptr_array_add (
        rows, till_difference_row_new (self->counter, i, g_ptr_array_index (self->row_list, i)));
  till_sheet_fill (self->rows, rows);
  if (rows->len > 0 && till_sheet_chosen (self->rows) < 0)
    till_sheet_choose (self->rows, 0);
}

static void
show_lists (TillSettlementPart *self)
{
  fill_days (self);
  if (self->provider)
    fill_rows (self);
  GtkWidget *shown = self->provider
                         ? (self->row_list->len > 0 ? GTK_WIDGET (self->rows) : self->nothing)
                         : (self->day_list->len > 0 ? GTK_WIDGET (self->days) : self->empty);
  gtk_stack_set_visible_child (self->stack, shown);
  show_detail (self);
}

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillSettlementPart *self = part;
  Ask *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  if (ask->answer.code == TILL_NO_RIGHT)
    {
      g_signal_emit (self, denied_signal, 0);
      return;
    }
  if (!till_counter_heard (self->counter, &ask->answer))
    return;
  /* Nobody loses what is half typed because the books moved. */
  if (till_settlement_part_who (self))
    return;
  g_clear_pointer (&self->day_list, g_ptr_array_unref);
  g_clear_pointer (&self->row_list, g_ptr_array_unref);
  self->day_list = g_steal_pointer (&ask->days);
  self->row_list = g_steal_pointer (&ask->rows);
  show_lists (self);
}

void
till_settlement_part_read (TillSettlementPart *self)
{
  Ask *ask = ask_new (self);
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_kept, ask, ask_free, on_read);
}

/* --- between the two lists --- */

void
till_settlement_part_open (TillSettlementPart *self)
{
  const TillSettledDay *day = chosen_day (self);
  if (!day)
    return;
  if (day->differing == 0)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        day->id ? _ ("Nothing of this day differs.")
                                : _ ("No file of this day was read."));
      return;
    }
  self->provider = g_strdup (day->provider);
  self->day = day->day;
  till_sheet_choose (self->rows, -1);
  till_settlement_part_read (self);
  g_signal_emit (self, changed_signal, 0);
}

gboolean
till_settlement_part_back (TillSettlementPart *self)
{
  if (till_settlement_part_who (self))
    {
      ask_second (self, FALSE);
      return TRUE;
    }
  if (!self->provider)
    return FALSE;
  g_clear_pointer (&self->provider, g_free);
  till_settlement_part_read (self);
  g_signal_emit (self, changed_signal, 0);
  return TRUE;
}

/* --- fetching --- */

static gpointer
fetch_now (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (GPtrArray) stops = till_stopping_list (ledger, error);
  if (!stops)
    return NULL;
  for (guint i = 0; i < stops->len; i++)
    {
      const TillStop *stop = g_ptr_array_index (stops, i);
      ask->stopped
          |= strcmp (stop->provider, ask->provider) == 0 && stop->cause != TILL_STOP_RIGHTS;
    }
  return till_settling_ask_now (ledger, ask->staff_id, ask->provider, ask->day, &ask->answer, error)
             ? ask
             : NULL;
}

static void
on_fetched (gpointer part, gpointer data, const GError *error)
{
  TillSettlementPart *self = part;
  Ask *ask = data;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  till_counter_say (
      self->counter, ask->stopped ? TILL_TONE_WARN : TILL_TONE_PLAIN,
      ask->stopped ? _ (
          "The provider is stopped, so nothing goes there. It is asked for the file as soon as "
          "it goes on.")
                   : _ ("The provider is asked for the file now. What comes of it is shown here."));
  till_settlement_part_read (self);
}

static void
do_fetch (gpointer part, int value)
{
  TillSettlementPart *self = part;
  const TillSettledDay *day = chosen_day (self);
  const TillCodec *codec = day ? till_codec_find (day->provider) : NULL;
  if (!codec || !codec->file)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        day ? _ ("This provider gives its file to people only: read it with R.")
                            : _ ("No day is chosen."));
      return;
    }
  Ask *ask = ask_new (self);
  g_free (ask->provider);
  ask->provider = g_strdup (day->provider);
  ask->day = day->day;
  till_counter_ask (self->counter, GTK_WIDGET (self), fetch_now, ask, ask_free, on_fetched);
}

/* --- a file that a person has --- */

static gpointer
keep_file (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (TillReconciled) reconciled = NULL;
  const TillSettlingFile file = { .provider = ask->provider,
                                  .digest = ask->fetch->digest,
                                  .flow_digest = ask->fetch->funds_digest,
                                  .by_hand = TRUE };
  return till_settling_keep (ledger, ask->staff_id, &file,
                             g_steal_pointer (&ask->fetch->settlement), ask->fetch->funds,
                             &reconciled, &ask->settled, &ask->answer, error)
             ? ask
             : NULL;
}

static void
on_file_kept (gpointer part, gpointer data, const GError *error)
{
  TillSettlementPart *self = part;
  Ask *ask = data;
  self->busy = FALSE;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  g_autofree char *open = g_strdup_printf (
      ngettext ("The file was read and is kept: %d row does not agree.",
                "The file was read and is kept: %d rows do not agree.", (gulong)ask->settled.open),
      ask->settled.open);
  till_counter_say (self->counter, ask->settled.open ? TILL_TONE_WARN : TILL_TONE_GOOD,
                    ask->settled.again  ? _ ("The books had this file already.")
                    : ask->settled.open ? open
                                        : _ ("The file was read and is kept: it agrees."));
  self->counter->hands->changed (self->counter->window);
  till_settlement_part_read (self);
}

/* What reads a file, on a thread of its own: it may be large. */
typedef struct
{
  TillProbe probe;
  char *provider, *path; /* owned */
  int day;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;
  g_free (reading->provider);
  g_free (reading->path);
  g_free (reading);
}

static void
read_path (GTask *task, gpointer part, gpointer data, GCancellable *cancel)
{
  const Reading *reading = data;
  g_autoptr (GError) error = NULL;
  TillFileFetch *fetch = reading->probe.file (reading->probe.self, reading->provider, reading->day,
                                              reading->path, &error);
  if (fetch)
    g_task_return_pointer (task, fetch, (GDestroyNotify)till_file_fetch_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_path_read (GObject *part, GAsyncResult *result, gpointer user)
{
  TillSettlementPart *self = TILL_SETTLEMENT_PART (part);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillFileFetch) fetch = g_task_propagate_pointer (G_TASK (result), &error);
  const Reading *reading = g_task_get_task_data (G_TASK (result));
  if (!fetch || !fetch->settlement)
    {
      g_autofree char *why
          = fetch ? till_file_fetch_absence (fetch->answer) : g_strdup (error->message);
      g_autofree char *words
          = g_strdup_printf (_ ("The file was not read, and nothing is kept. %s"), why);
      self->busy = FALSE;
      till_counter_say (self->counter, TILL_TONE_BAD, words);
      return;
    }
  Ask *ask = ask_new (self);
  g_free (ask->provider);
  ask->provider = g_strdup (reading->provider);
  ask->day = reading->day;
  ask->fetch = g_steal_pointer (&fetch);
  till_counter_ask (self->counter, GTK_WIDGET (self), keep_file, ask, ask_free, on_file_kept);
}

static void
on_path (TillFilePanel *panel, TillSettlementPart *self)
{
  if (self->busy || !self->counter->probe)
    return;
  Reading *reading = g_new0 (Reading, 1);
  *reading = (Reading){ *self->counter->probe, g_strdup (self->file_provider),
                        g_strdup (till_file_panel_path (panel)), self->file_day };
  self->busy = TRUE;
  g_autoptr (GTask) task = g_task_new (self, NULL, on_path_read, NULL);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_path);
  till_counter_close_panel (self->counter);
}

/* "lakala 2026-11-22" */
static gboolean
take_which (TillSettlementPart *self, const char *text)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  g_auto (GStrv) words = g_strsplit (clean, " ", 2);
  if (g_strv_length (words) != 2 || !till_codec_find (words[0])
      || !till_clock_parse_day (g_strstrip (words[1]), &self->file_day, NULL))
    return FALSE;
  g_free (self->file_provider);
  self->file_provider = g_strdup (words[0]);
  return TRUE;
}

static void
on_which (TillNotePanel *panel, TillSettlementPart *self)
{
  if (!take_which (self, till_note_panel_text (panel)))
    {
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("Write the name of the provider and the day: wechat 2026-11-22"));
      return;
    }
  g_autofree char *day = till_clock_format_day (self->file_day);
  g_autofree char *words = g_strdup_printf (
      _ ("The file of %s for %s, as the provider gave it: also packed as .zip or "
         ".gz. It is held against the books and kept with your name."),
      till_settled_provider (self->file_provider), day);
  TillFilePanel *file = till_file_panel_new (words, FALSE);
  g_signal_connect_object (file, "answered", G_CALLBACK (on_path), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Read a settlement file"),
                               GTK_WIDGET (file), &till_file_panel_kind);
}

static void
do_bring (gpointer part, int value)
{
  TillSettlementPart *self = part;
  const TillSettledDay *day = chosen_day (self);
  if (!is_manager (self))
    {
      till_counter_say (
          self->counter, TILL_TONE_WARN,
          _ ("Only a manager brings a file: nothing proves who wrote it. Press F12 and "
             "let one sign in."));
      return;
    }
  TillNotePanel *panel = till_note_panel_new (
      _ ("Whose file is it, and of which day? For example: wechat 2026-11-22"),
      _ ("Provider and day"));
  if (day)
    {
      g_autofree char *date = till_clock_format_day (day->day);
      g_autofree char *text = g_strdup_printf ("%s %s", day->provider, date);
      till_note_panel_set_text (panel, text);
    }
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_which), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Read a settlement file"),
                               GTK_WIDGET (panel), &till_note_panel_kind);
}

/* --- closing --- */

static gpointer
close_one (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_settling_close (ledger, ask->staff_id, ask->id, ask->n, ask->text, ask->second,
                              ask->pin, &ask->answer, error)
             ? ask
             : NULL;
}

static void
on_closed (gpointer part, gpointer data, const GError *error)
{
  TillSettlementPart *self = part;
  Ask *ask = data;
  self->busy = FALSE;
  if (error)
    return;
  if (!till_counter_heard (self->counter, &ask->answer))
    {
      till_who_part_start (self->who, NULL);
      return;
    }
  g_autofree char *words = g_strdup_printf (
      _ ("The difference is closed: “%s”. It stands in the journal with the name of %s."),
      ask->text, self->counter->staff ? self->counter->staff->name : "");
  till_counter_say (self->counter, TILL_TONE_GOOD, words);
  ask_second (self, FALSE);
  self->counter->hands->changed (self->counter->window);
  till_settlement_part_read (self);
}

/* Takes second and pin. */
static void
send_close (TillSettlementPart *self, const char *reason, char *second, char *pin)
{
  Ask *ask = ask_new (self);
  ask->id = self->closing_id;
  ask->n = self->closing_n;
  ask->text = g_strdup (reason);
  ask->second = second;
  ask->pin = pin;
  self->busy = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), close_one, ask, ask_free, on_closed);
}

static void
on_second (TillSettlementPart *self)
{
  char *pin = till_who_part_take_pin (self->who);
  if (self->busy || !self->reason)
    {
      till_secret_free (pin);
      return;
    }
  send_close (self, self->reason, g_strdup (till_who_part_no (self->who)), pin);
}

static void
on_words (TillNotePanel *panel, TillSettlementPart *self)
{
  const TillDifference *row = chosen_row (self);
  if (self->busy)
    return;
  g_autofree char *reason = g_strstrip (g_strdup (till_note_panel_text (panel)));
  till_counter_close_panel (self->counter);
  gboolean same = row && row->settlement_id == self->closing_id && row->n == self->closing_n;
  if (!same || !till_difference_needs_two (row))
    {
      send_close (self, reason, NULL, NULL);
      return;
    }
  self->reason = g_steal_pointer (&reason);
  gtk_widget_set_visible (self->second, TRUE);
  till_who_part_start (self->who, NULL);
}

static void
do_close (gpointer part, int value)
{
  TillSettlementPart *self = part;
  const TillDifference *row = chosen_row (self);
  if (!row || row->closed_at != 0 || !is_manager (self))
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        !row                  ? _ ("No difference is chosen.")
                        : row->closed_at != 0 ? till_difference_next (row)
                                              : _ ("Only a manager closes a difference. Press F12 "
                                                   "and let one sign in."));
      return;
    }
  g_autofree char *title = till_difference_title (row);
  g_autofree char *sentence = till_difference_sentence (row);
  g_autofree char *words = g_strdup_printf (
      _ ("%s\n\n%s\n\nWhat you write here goes into the journal with your name. It cannot be taken "
         "back. No money moves by it."),
      title, sentence);
  TillNotePanel *panel = till_note_panel_new (words, _ ("What was it?"));
  self->closing_id = row->settlement_id;
  self->closing_n = row->n;
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_words), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Close the difference"),
                               GTK_WIDGET (panel), &till_note_panel_kind);
}

TillWhoPart *
till_settlement_part_who (TillSettlementPart *self)
{
  return self->reason ? self->who : NULL;
}

gboolean
till_settlement_part_key (TillSettlementPart *self, guint keyval)
{
  switch (gdk_keyval_to_lower (keyval))
    {
    case GDK_KEY_f:
      do_fetch (self, 0);
      return TRUE;
    case GDK_KEY_r:
      do_bring (self, 0);
      return TRUE;
    case GDK_KEY_c:
      do_close (self, 0);
      return TRUE;
    default:
      return till_sheet_key (self->provider ? self->rows : self->days, keyval);
    }
}

/* --- building --- */

static void
till_settlement_part_finalize (GObject *object)
{
  TillSettlementPart *self = TILL_SETTLEMENT_PART (object);
  g_clear_pointer (&self->day_list, g_ptr_array_unref);
  g_clear_pointer (&self->row_list, g_ptr_array_unref);
  g_free (self->provider);
  g_free (self->reason);
  g_free (self->file_provider);
  G_OBJECT_CLASS (till_settlement_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillSettlementPart, child)

static void
till_settlement_part_class_init (TillSettlementPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_settlement_part_finalize;
  denied_signal = till_part_signal (class, "denied");
  changed_signal = till_part_signal (class, "changed");
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_WHO_PART);
  till_part_class (class, "settlement-part.ui");
  BIND (stack);
  BIND (empty);
  BIND (nothing);
  BIND (days);
  BIND (rows);
  BIND (detail);
  BIND (name);
  BIND (sentence);
  BIND (figures);
  BIND (next);
  BIND (actions);
  BIND (second);
  BIND (second_title);
  BIND (who);
  gtk_widget_class_bind_template_callback (widget_class, show_detail);
  gtk_widget_class_bind_template_callback (widget_class, till_settlement_part_open);
  gtk_widget_class_bind_template_callback (widget_class, on_second);
}

static void
till_settlement_part_init (TillSettlementPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->starting = TRUE;
  till_sheet_set_up (self->days, _ ("Settlement files"), till_settled_day_columns,
                     TILL_SETTLED_DAY_COLUMNS);
  till_sheet_set_up (self->rows, _ ("Differences"), till_difference_columns,
                     TILL_DIFFERENCE_COLUMNS);
}

void
till_settlement_part_set_up (TillSettlementPart *self, TillCounter *counter)
{
  self->counter = counter;
}
