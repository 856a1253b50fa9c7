/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/register-part.h"
#include "widgets/deed.h"
#include "widgets/note-panel.h"
#include "widgets/part.h"
#include "widgets/pick-panel.h"
#include "widgets/register-asks.h"
#include "widgets/register-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _TillRegisterPart
{
  GtkBox parent;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkLabel *name;
  GtkLabel *words;
  GtkLabel *facts;
  GtkLabel *figures;
  GtkLabel *log;
  GtkLabel *ask_whom;
  GtkBox *actions;
  GtkBox *first_actions;   /* where there is no device yet */
  TillCounter *counter;    /* unowned */
  GPtrArray *entries;      /* owned; of TillRegisterEntry: what the table shows, or NULL */
  TillDeviceRecord *draft; /* owned; what the open panel is about, or NULL */
  TillServiceDeed deed;    /* of the work that is written down */
  GtkWidget *check_panel;  /* weak; asks whether draft works, while it is open */
  gboolean writing;        /* something is on its way to the books */
  guint read_no;           /* the latest reading: an answer to an older one is dropped */
  guint log_no;
};

G_DEFINE_FINAL_TYPE (TillRegisterPart, till_register_part, GTK_TYPE_BOX)

static guint changed_signal;

enum
{
  TAKE_IN,
  CHECK,
  CORRECT,
  WORK,
  RETIRE,
  NEW,
};

static const TillDeed deed_rows[] = {
  [TAKE_IN] = { GDK_KEY_a, "A", N_ ("Take in") },
  [CHECK] = { GDK_KEY_c, "C", N_ ("Check…") },
  [CORRECT] = { GDK_KEY_e, "E", N_ ("Correct…") },
  [WORK] = { GDK_KEY_w, "W", N_ ("Work done…") },
  [RETIRE] = { GDK_KEY_r, "R", N_ ("Retire…") },
  [NEW] = { GDK_KEY_n, "N", N_ ("Another device…") },
};

/* --- the one that is chosen --- */

static const TillRegisterEntry *
chosen (TillRegisterPart *self)
{
  int at = self->entries ? till_sheet_chosen (self->table) : -1;
  return at >= 0 && (guint)at < self->entries->len ? g_ptr_array_index (self->entries, at) : NULL;
}

/* A courtesy only: the desk decides again, whoever asks. */
static gboolean
may_manage (TillRegisterPart *self)
{
  const TillStaff *staff = self->counter->staff;
  return staff && till_role_may (staff->role, TILL_RIGHT_MANAGE);
}

static gboolean
deed_fits (gpointer part, int deed)
{
  TillRegisterPart *self = part;
  const TillRegisterEntry *entry = chosen (self);
  if (deed == CHECK)
    return entry && entry->record;
  if (!may_manage (self))
    return FALSE;
  if (deed == NEW)
    return TRUE;
  return entry && (deed == TAKE_IN ? entry->plugged != NULL : entry->record != NULL);
}

static void do_deed (gpointer part, int deed);

static const TillDeeds deeds = { deed_rows, G_N_ELEMENTS (deed_rows), deed_fits, do_deed };

static void
fill_actions (TillRegisterPart *self, GtkBox *actions)
{
  till_deeds_show (&deeds, actions, self);
}

/* --- asking the desk --- */

static TillRegisterAsk *
ask_new (TillRegisterPart *self)
{
  TillRegisterAsk *ask = g_new0 (TillRegisterAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->tone = TILL_TONE_GOOD;
  ask->device_id = self->draft ? self->draft->device_id : 0;
  return ask;
}

/* --- what was found and done --- */

/* This month, the one before, and what no book has yet. */
static void
show_figures (TillRegisterPart *self, const TillRegisterAsk *ask)
{
  const TillRegisterEntry *entry = chosen (self);
  const TillDeviceProbe *probe = self->counter->devices;
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ask->figures) && ask->figures[i]; i++)
    {
      /* That nothing was counted is said of this month alone. */
      if (i > 0 && till_device_figures_is_empty (ask->figures[i]))
        continue;
      g_autofree char *sentence = till_device_figures_sentence (ask->figures[i]);
      g_string_append_printf (text, "%s%s", i ? "\n" : "", sentence);
    }
  g_autoptr (GPtrArray) devices = probe ? probe->list (probe->self) : NULL;
  g_autofree char *now
      = entry && entry->record ? till_register_counted (entry->record, devices) : NULL;
  if (now)
    g_string_append_printf (text, "\n%s", now);
  gtk_label_set_text (self->figures, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->figures), text->len > 0);
}

static void
on_log (gpointer part, gpointer data, const GError *error)
{
  TillRegisterPart *self = part;
  TillRegisterAsk *ask = data;
  if (error || ask->no != self->log_no)
    return;
  g_autofree char *text = till_register_log (ask->checks, ask->services);
  gtk_label_set_text (self->log, text);
  gtk_widget_set_visible (GTK_WIDGET (self->log), *text != '\0');
  show_figures (self, ask);
}

static void
show_plugged (TillRegisterPart *self, const TillDevice *device)
{
  g_autofree char *facts = *device->serial
                               ? g_strdup_printf (_ ("serial number %s"), device->serial)
                               : g_strdup (_ ("no serial number"));
  gtk_label_set_text (self->name, device->name);
  gtk_label_set_text (self->words, _ ("It is plugged in and not in the register. Take it in, so "
                                      "that its checks, its warranty and whom to call are known."));
  gtk_label_set_text (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), TRUE);
}

static void
show_record (TillRegisterPart *self, const TillDeviceRecord *record)
{
  int today = till_counter_today (self->counter);
  g_autofree char *due = till_device_record_check_sentence (record, today);
  g_autofree char *call = till_device_record_repair_sentence (record);
  g_autofree char *warranty = till_device_record_warranty_sentence (record, today);
  g_autofree char *words = g_strdup_printf (
      "%s %s\n%s %s", due, till_device_record_kind_check (record->kind), call, warranty);
  g_autofree char *facts = till_register_facts (record);
  gtk_label_set_text (self->name, record->name);
  gtk_label_set_text (self->words, words);
  gtk_label_set_text (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), *facts != '\0');
}

static void
show_chosen (TillRegisterPart *self)
{
  const TillRegisterEntry *entry = chosen (self);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_whom), !may_manage (self));
  fill_actions (self, self->first_actions);
  if (!entry)
    return;
  self->log_no++;
  gtk_widget_set_visible (GTK_WIDGET (self->log), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->figures), FALSE);
  if (entry->record)
    show_record (self, entry->record);
  else
    show_plugged (self, entry->plugged);
  fill_actions (self, self->actions);
  if (!entry->record)
    return;
  TillRegisterAsk *ask = ask_new (self);
  ask->device_id = entry->record->device_id;
  ask->no = self->log_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_register_ask_log, ask,
                    till_register_ask_free, on_log);
}

/* --- reading --- */

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillRegisterPart *self = part;
  TillRegisterAsk *ask = data;
  const TillDeviceProbe *probe = self->counter->devices;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (error || ask->no != self->read_no)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = till_register_entries (g_steal_pointer (&ask->records),
                                         probe ? probe->list (probe->self) : NULL);
  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (rows, till_register_row_new (i, g_ptr_array_index (self->entries, i),
                                                  till_counter_today (self->counter)));
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, rows->len > 0 ? self->some : self->empty);
  if (rows->len > 0 && till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
  g_signal_emit (self, changed_signal, 0);
}

void
till_register_part_read (TillRegisterPart *self)
{
  TillRegisterAsk *ask = ask_new (self);
  ask->no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_register_ask_list, ask,
                    till_register_ask_free, on_read);
}

guint
till_register_part_due (TillRegisterPart *self)
{
  guint n = 0;
  for (guint i = 0; self->entries && i < self->entries->len; i++)
    {
      const TillRegisterEntry *entry = g_ptr_array_index (self->entries, i);
      n += entry->record
           && till_device_record_is_overdue (entry->record, till_counter_today (self->counter));
    }
  return n;
}

/* --- writing --- */

static void
on_written (gpointer part, gpointer data, const GError *error)
{
  TillRegisterPart *self = part;
  TillRegisterAsk *ask = data;
  self->writing = FALSE;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  till_counter_close_panel (self->counter);
  till_counter_say (self->counter, ask->tone, ask->done);
  self->counter->hands->changed (self->counter->window);
  till_register_part_read (self);
}

static void
write_down (TillRegisterPart *self, TillWork work, TillRegisterAsk *ask)
{
  if (self->writing)
    {
      till_register_ask_free (ask);
      return;
    }
  self->writing = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), work, ask, till_register_ask_free,
                    on_written);
}

/* --- the forms --- */

static void
set_draft (TillRegisterPart *self, TillDeviceRecord *record)
{
  g_clear_pointer (&self->draft, till_device_record_free);
  self->draft = record;
}

static void
on_form (TillFormPanel *form, TillRegisterPart *self)
{
  TillRegisterAsk *ask = ask_new (self);
  ask->record = till_device_record_copy (self->draft);
  if (!till_register_form_take (form, ask->record))
    {
      till_register_ask_free (ask);
      return;
    }
  ask->done = g_strdup_printf (_ ("“%s” stands in the register."), ask->record->name);
  write_down (self, till_register_ask_put, ask);
}

static void
open_form (TillRegisterPart *self)
{
  TillFormPanel *form = till_form_panel_new (till_device_record_kind_label (self->draft->kind),
                                             till_register_lines, TILL_REGISTER_LINES);
  till_register_form_fill (form, self->draft);
  g_signal_connect_object (form, "answered", G_CALLBACK (on_form), self, 0);
  self->counter->hands->panel (self->counter->window, _ ("Register of devices"), GTK_WIDGET (form),
                               &till_form_panel_kind);
}

static const TillColumn pick_columns[] = { { "", TILL_CELL_TEXT, 0 } };

static TillPickPanel *
pick (TillRegisterPart *self, const char *title, GPtrArray *rows, TillPicked picked)
{
  TillPickPanel *panel
      = till_pick_panel_new (title, pick_columns, G_N_ELEMENTS (pick_columns), NULL);
  till_pick_panel_fill (panel, rows, "");
  till_pick_panel_open (panel, self->counter, title, picked, GTK_WIDGET (self));
  return panel;
}

static void
add_pick (GPtrArray *rows, int id, const char *word)
{
  const char *cells[] = { word };
  g_ptr_array_add (rows, till_sheet_row_new (id, G_N_ELEMENTS (cells), cells));
}

static void
on_kind (gpointer page, TillPickPanel *panel)
{
  TillRegisterPart *self = page;
  self->draft->kind = (TillDeviceRecordKind)(till_pick_panel_chosen_id (panel) - 1);
  open_form (self);
}

static void
ask_kind (TillRegisterPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; i < TILL_DEVICE_RECORD_KINDS_N; i++)
    add_pick (rows, i + 1, till_device_record_kind_label ((TillDeviceRecordKind)i));
  pick (self, _ ("What is it?"), rows, on_kind);
}

/* With one key where the till knows what it is; it can be corrected afterwards. */
static void
take_in (TillRegisterPart *self, const TillDevice *device)
{
  TillDeviceRecord *record = till_register_record_of (device);
  if (!record)
    {
      set_draft (self, till_device_record_new (TILL_DEVICE_RECORD_SCANNER, ""));
      till_register_fill_from (self->draft, device);
      ask_kind (self);
      return;
    }
  TillRegisterAsk *ask = ask_new (self);
  ask->record = record;
  ask->done = g_strdup_printf (_ ("“%s” is taken in. E adds when it was bought, its warranty and "
                                  "whom to call."),
                               record->name);
  write_down (self, till_register_ask_put, ask);
}

/* --- a check --- */

static void
write_check (TillRegisterPart *self, gboolean good, TillCheckProof proof, const char *note)
{
  TillRegisterAsk *ask = ask_new (self);
  ask->good = good;
  ask->tone = good ? TILL_TONE_GOOD : TILL_TONE_WARN;
  ask->proof = proof;
  ask->text = g_strdup (note);
  ask->done = g_strdup_printf (good ? _ ("“%s” works. It stands in the journal with your name.")
                                    : _ ("“%s” failed its check. It stands in the journal with "
                                         "your name; have it repaired."),
                               self->draft->name);
  write_down (self, till_register_ask_check, ask);
}

static void
on_wrong (TillNotePanel *panel, TillRegisterPart *self)
{
  write_check (self, FALSE, TILL_CHECK_SAID, till_note_panel_text (panel));
}

static void
on_checked (gpointer page, TillPickPanel *panel)
{
  TillRegisterPart *self = page;
  if (till_pick_panel_chosen_id (panel) == 1)
    {
      write_check (self, TRUE, TILL_CHECK_SAID, "");
      return;
    }
  TillNotePanel *note = till_note_panel_new (
      _ ("What you write here goes into the journal with your name."), _ ("What is wrong?"));
  g_signal_connect_object (note, "answered", G_CALLBACK (on_wrong), self, 0);
  self->counter->hands->panel (self->counter->window, self->draft->name, GTK_WIDGET (note),
                               &till_note_panel_kind);
}

static void
ask_check (TillRegisterPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *title = g_strdup_printf (_ ("Check of “%s”"), self->draft->name);
  add_pick (rows, 1, _ ("It works"));
  add_pick (rows, 2, _ ("Something is wrong…"));
  g_set_weak_pointer (&self->check_panel, GTK_WIDGET (pick (self, title, rows, on_checked)));
  till_counter_say (self->counter, TILL_TONE_PLAIN,
                    till_device_record_kind_check (self->draft->kind));
}

/* Which reader a card came from is not told: where two can read, it is no proof of either. */
gboolean
till_register_part_card (TillRegisterPart *self)
{
  const TillDeviceProbe *probe = self->counter->devices;
  if (!self->check_panel || !gtk_widget_get_mapped (self->check_panel) || !probe)
    return FALSE;
  g_autoptr (GPtrArray) devices = probe->list (probe->self);
  if (!till_register_is_only_reader (self->draft, devices))
    return FALSE;
  write_check (self, TRUE, TILL_CHECK_SEEN, "");
  return TRUE;
}

/* --- work, and the end --- */

static void
on_work (TillFormPanel *form, TillRegisterPart *self)
{
  TillDeviceService service = { .deed = self->deed };
  if (!till_work_form_take (form, till_counter_today (self->counter), &service))
    return;
  TillRegisterAsk *ask = ask_new (self);
  ask->service = service;
  ask->service.words = g_strdup (service.words);
  ask->service.before = g_strdup (service.before);
  ask->service.after = g_strdup (service.after);
  ask->service.done_by = g_strdup (service.done_by);
  ask->done = g_strdup_printf (_ ("The work on “%s” stands in the journal."), self->draft->name);
  write_down (self, till_register_ask_serve, ask);
}

static void
on_deed (gpointer page, TillPickPanel *panel)
{
  TillRegisterPart *self = page;
  self->deed = (TillServiceDeed)(till_pick_panel_chosen_id (panel) - 1);
  TillFormPanel *form = till_form_panel_new (self->draft->name, till_work_lines, TILL_WORK_LINES);
  g_signal_connect_object (form, "answered", G_CALLBACK (on_work), self, 0);
  self->counter->hands->panel (self->counter->window, till_service_deed_label (self->deed),
                               GTK_WIDGET (form), &till_form_panel_kind);
}

/* What firmware it has the till sees by itself. */
static void
ask_work (TillRegisterPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; i < TILL_SERVICE_FIRMWARE; i++)
    add_pick (rows, i + 1, till_service_deed_label ((TillServiceDeed)i));
  pick (self, _ ("What was done?"), rows, on_deed);
}

static void
on_retire (TillNotePanel *panel, TillRegisterPart *self)
{
  TillRegisterAsk *ask = ask_new (self);
  ask->text = g_strdup (till_note_panel_text (panel));
  ask->done = g_strdup_printf (_ ("“%s” is out of use. It stays in the books."), self->draft->name);
  write_down (self, till_register_ask_retire, ask);
}

static void
ask_retire (TillRegisterPart *self)
{
  TillNotePanel *panel = till_note_panel_new (
      _ ("It goes out of use for good and is not checked any more. What was written about it stays "
         "in the books."),
      _ ("Why?"));
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_retire), self, 0);
  self->counter->hands->panel (self->counter->window, self->draft->name, GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
do_deed (gpointer part, int deed)
{
  static void (*const asks[]) (TillRegisterPart * self)
      = { [CHECK] = ask_check, [CORRECT] = open_form, [WORK] = ask_work, [RETIRE] = ask_retire };
  TillRegisterPart *self = part;
  const TillRegisterEntry *entry = chosen (self);
  if (!deed_fits (self, deed))
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        may_manage (self)
                            ? _ ("That does not go with the chosen device.")
                            : _ ("That is for a manager: press F12 and let one sign in."));
      return;
    }
  if (deed == TAKE_IN)
    {
      set_draft (self, NULL);
      take_in (self, entry->plugged);
      return;
    }
  set_draft (self, deed == NEW ? till_device_record_new (TILL_DEVICE_RECORD_PRINTER, "")
                               : till_device_record_copy (entry->record));
  if (deed == NEW)
    ask_kind (self);
  else
    asks[deed](self);
}

gboolean
till_register_part_key (TillRegisterPart *self, guint keyval)
{
  return till_deeds_key (&deeds, self, keyval) || till_sheet_key (self->table, keyval);
}

const TillLegendKey till_register_legend[] = {
  { N_ ("Enter"), N_ ("Look again"), GDK_KEY_Return },
  { "C", N_ ("Check"), GDK_KEY_c },
  { "A", N_ ("Take in"), GDK_KEY_a },
  { "E", N_ ("Correct"), GDK_KEY_e },
  { "W", N_ ("Work done"), GDK_KEY_w },
  { "N", N_ ("Another device"), GDK_KEY_n },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

/* --- the part --- */

static void
till_register_part_finalize (GObject *object)
{
  TillRegisterPart *self = TILL_REGISTER_PART (object);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->draft, till_device_record_free);
  g_clear_weak_pointer (&self->check_panel);
  G_OBJECT_CLASS (till_register_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillRegisterPart, child)

static void
till_register_part_class_init (TillRegisterPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_register_part_finalize;
  changed_signal = till_part_signal (class, "changed");
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "register-part.ui");
  BIND (stack);
  BIND (empty);
  BIND (some);
  BIND (table);
  BIND (name);
  BIND (words);
  BIND (facts);
  BIND (figures);
  BIND (log);
  BIND (ask_whom);
  BIND (actions);
  BIND (first_actions);
}

static void
till_register_part_init (TillRegisterPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Register of devices"), till_register_columns,
                     TILL_REGISTER_COLUMNS);
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
}

void
till_register_part_set_up (TillRegisterPart *self, TillCounter *counter)
{
  self->counter = counter;
}
