/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/printer-part.h"
#include "data/desk/arranging.h"
#include "data/desk/printing.h"
#include "data/desk/selling.h"
#include "data/desk/tending.h"
#include "devices/gateway/registry.h"
#include "widgets/deed.h"
#include "widgets/part.h"
#include "widgets/sheet.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* Until the drawer is kicked, while it is looked how it is. */
#define KICK_AFTER_S 3

struct _TillPrinterPart
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
  GPtrArray *found;     /* owned; of TillPrinterFound: what the table shows; the roll is the last */
  gboolean looking;
  gboolean testing;
  TillDrawerSeen drawer;
  TillDrawerLevel drawer_closed; /* as the shop has learnt it */
  const char *busy;              /* what is being done, in words; NULL: nothing */
  guint kick;                    /* until the drawer is kicked; 0: it is not waited for */
  char *tested;      /* owned; the name of the printer that is tried, or was the last … */
  int64_t tested_by; /* … and who asked for it */
};

G_DEFINE_FINAL_TYPE (TillPrinterPart, till_printer_part, GTK_TYPE_BOX)

enum
{
  TEST,
  USE,
  LEARN,
};

static const TillDeed deed_rows[] = {
  [TEST] = { GDK_KEY_t, "T", N_ ("Print a test slip") },
  [USE] = { GDK_KEY_u, "U", N_ ("Slips go here") },
  [LEARN] = { GDK_KEY_d, "D", N_ ("Learn the drawer") },
};

/* The roll has no name in the settings. */
static gboolean
is_roll (const TillPrinterFound *found)
{
  return *found->name == '\0';
}

/* --- rows --- */

static const char *
kind_of (const TillPrinterFound *found)
{
  return is_roll (found)        ? _ ("Roll")
         : found->on_usb        ? _ ("Printer on USB")
         : found->is_driverless ? _ ("Queue (IPP)")
                                : _ ("Print queue");
}

static TillFace
face_of (const TillPrinterFound *found)
{
  if (found->trouble)
    return (TillFace){ "dialog-warning-symbolic", till_trial_trouble_label (found->trouble),
                       "warn" };
  if (found->chosen)
    return (TillFace){ "emblem-ok-symbolic", _ ("Slips go here"), "good" };
  return (TillFace){ NULL, "", "plain" };
}

static TillSheetRow *
row_new (guint n, const TillPrinterFound *found)
{
  const char *cells[]
      = { kind_of (found), is_roll (found) ? _ ("In the shop's folder") : found->name,
          found->words };
  TillSheetRow *row = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face_of (found));
  return row;
}

static const TillColumn columns[] = {
  { N_ ("Kind"), TILL_CELL_TEXT, 16 },
  { N_ ("Name"), TILL_CELL_TEXT, 26 },
  { N_ ("Description"), TILL_CELL_TEXT, 0 },
  { N_ ("State"), TILL_CELL_FACE, 20 },
};

/* --- the one that is chosen --- */

static const TillPrinterFound *
chosen_printer (TillPrinterPart *self)
{
  int chosen = till_sheet_chosen (self->table);
  return self->found && chosen >= 0 && (guint)chosen < self->found->len
             ? g_ptr_array_index (self->found, chosen)
             : NULL;
}

static gboolean
may_manage (TillPrinterPart *self)
{
  const TillStaff *staff = self->counter->staff;
  return staff && till_role_may (staff->role, TILL_RIGHT_MANAGE);
}

/* What is known of the drawer at the printer that slips go to. NULL: it is not at this one. */
static char *
drawer_words (TillPrinterPart *self, const TillPrinterFound *found)
{
  if (!found->chosen || !found->on_usb || !found->can_tell)
    return NULL;
  if (self->drawer_closed == TILL_DRAWER_UNSAID)
    return g_strdup (_ ("Drawer: nobody has shown the till yet when it is open."));
  if (!self->drawer.is_known)
    return g_strdup (_ ("Drawer: not opened since the till learnt to see it."));
  g_autofree char *moment = till_counter_moment (self->counter, self->drawer.since);
  if (!self->drawer.is_open)
    return g_strdup_printf (_ ("Drawer: closed, as seen on %s."), moment);
  return till_counter_now (self->counter) < self->drawer.since + TILL_DRAWER_WATCHED
             ? g_strdup_printf (_ ("Drawer: open since %s."), moment)
             : g_strdup_printf (_ ("Drawer: opened on %s and not seen closed; nobody looks any "
                                   "more."),
                                moment);
}

static gboolean
deed_fits (gpointer part, int deed)
{
  TillPrinterPart *self = part;
  const TillPrinterFound *found = chosen_printer (self);
  if (!found)
    return FALSE;
  if (deed == LEARN)
    return found->chosen && found->on_usb && found->can_tell && !self->testing && may_manage (self);
  /* The roll is printed on all the time; nobody needs to try it. */
  return deed == TEST ? !is_roll (found) && !self->testing : !found->chosen;
}

static void do_deed (gpointer part, int deed);

static const TillDeeds deeds = { deed_rows, G_N_ELEMENTS (deed_rows), deed_fits, do_deed };

static void
show_chosen (TillPrinterPart *self)
{
  const TillPrinterFound *found = chosen_printer (self);
  if (!found)
    return;
  g_autofree char *name
      = g_strdup_printf ("%s %s", kind_of (found), *found->words ? found->words : found->name);
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->words, is_roll (found)
                                       ? _ ("A file instead of paper, for shops without a printer.")
                                       : till_printer_found_proof (found));
  g_autofree char *drawer = drawer_words (self, found);
  const char *facts = self->testing ? _ (self->busy) : drawer;
  gtk_label_set_text (self->facts, facts ? facts : "");
  gtk_widget_set_visible (GTK_WIDGET (self->facts), facts != NULL);
  till_deeds_show (&deeds, self->actions, self);
}

/* --- looking --- */

typedef struct
{
  int64_t staff_id;
  char *name; /* owned; of the printer that is tried or taken; NULL: none */
  char *said; /* owned; of a test slip: what became of it */
  int64_t device_id;
  TillShop *shop; /* owned; as it is set now */
  TillDrawerSeen drawer;
  TillDrawerLevel closed; /* what was learnt */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_clear_pointer (&ask->shop, till_shop_free);
  g_free (ask->name);
  g_free (ask->said);
  g_free (ask);
}

static gpointer
read_shop (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  ask->shop = till_selling_shop (ledger, error);
  if (ask->shop && ask->name)
    till_printers_choose (ask->shop, ask->name);
  return ask->shop && till_printing_drawer (ledger, &ask->drawer, error) ? ask : NULL;
}

/* Behind everything that can be seen; it is taken when nothing else is. */
static void
add_roll (GPtrArray *found, gboolean chosen)
{
  TillPrinterFound *roll = g_new0 (TillPrinterFound, 1);
  roll->name = g_strdup ("");
  roll->words = g_strdup ("");
  roll->can_tell = TRUE;
  roll->chosen = chosen;
  g_ptr_array_add (found, roll);
}

static void
show_rows (TillPrinterPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->found->len; i++)
    g_ptr_array_add (rows, row_new (i, g_ptr_array_index (self->found, i)));
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, self->some);
  if (till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
}

static void
on_found (GObject *part, GAsyncResult *result, gpointer user)
{
  TillPrinterPart *self = TILL_PRINTER_PART (part);
  g_autoptr (TillPrintersSeen) seen = till_printer_probe_found (result);
  self->looking = FALSE;
  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->found = g_ptr_array_ref (seen->found);
  add_roll (self->found, seen->roll);
  show_rows (self);
  /* The page may have gone while it was looked. */
  if (seen->problem)
    g_message ("printers: %s", seen->problem);
  if (seen->problem && gtk_widget_get_mapped (GTK_WIDGET (self)))
    till_counter_say (self->counter, TILL_TONE_WARN,
                      _ ("Not everything could be looked at: USB or the print server did not "
                         "answer. What is plugged in and not shown may be there all the same."));
}

static void
on_shop (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  const TillPrinterProbe *probe = self->counter->printers;
  if (error || !probe)
    {
      self->looking = FALSE;
      return;
    }
  self->drawer = ask->drawer;
  self->drawer_closed = ask->shop->drawer_closed;
  probe->find (probe->self, G_OBJECT (self), g_steal_pointer (&ask->shop), on_found);
}

void
till_printer_part_read (TillPrinterPart *self)
{
  if (self->looking)
    return;
  self->looking = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_shop, g_new0 (Ask, 1), ask_free,
                    on_shop);
}

/* --- trying and taking --- */

static gpointer
prove (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_tending_proved (ledger, ask->staff_id, ask->name, &ask->device_id, &ask->answer,
                              error)
             ? ask
             : NULL;
}

static void
on_proved (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  if (error || ask->answer.code != TILL_YES || ask->device_id == 0)
    return;
  g_autofree char *words
      = g_strdup_printf ("%s %s", ask->said, _ ("The register has it as the printer's check."));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    till_counter_say (self->counter, TILL_TONE_GOOD, words);
  self->counter->hands->changed (self->counter->window);
}

/* A printer that says so itself is checked: nobody needs to say it again. */
static void
count_as_check (TillPrinterPart *self, const char *said)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = self->tested_by;
  ask->name = g_strdup (self->tested);
  ask->said = g_strdup (said);
  till_counter_ask (self->counter, GTK_WIDGET (self), prove, ask, ask_free, on_proved);
}

static void
on_tested (GObject *part, GAsyncResult *result, gpointer user)
{
  TillPrinterPart *self = TILL_PRINTER_PART (part);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillJobReport) report = till_printer_probe_tested (result, &error);
  g_autofree char *words
      = report ? till_trial_sentence (report)
               : g_strdup_printf (_ ("The test slip was not printed: %s."), error->message);
  gboolean good = report && report->state == TILL_JOB_COMPLETED;
  self->testing = FALSE;
  show_chosen (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    till_counter_say (self->counter, good ? TILL_TONE_GOOD : TILL_TONE_WARN, words);
  if (good && report->proven)
    count_as_check (self, words);
}

static void
on_test_shop (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  const TillPrinterProbe *probe = self->counter->printers;
  self->testing = !error && probe;
  self->busy = N_ ("Printing the test slip; at most 20 seconds…");
  if (self->testing)
    {
      g_free (self->tested);
      self->tested = g_strdup (ask->name);
      self->tested_by = ask->staff_id;
      probe->test (probe->self, G_OBJECT (self), g_steal_pointer (&ask->shop), on_tested);
    }
  show_chosen (self);
}

/* --- learning the drawer --- */

static void
on_kept (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  const TillDrawerTrial learnt = { TILL_TRIAL_LEARNT, ask->closed };
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  till_counter_say (self->counter, TILL_TONE_GOOD, till_trial_drawer_sentence (&learnt));
  self->counter->hands->arranged (self->counter->window);
  till_printer_part_read (self);
}

static gpointer
keep_level (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  const TillSettingChange change = { "drawer.closed", till_drawer_level_word (ask->closed) };
  return till_arranging_change (ledger, ask->staff_id, &change, 1, till_codec_profile, NULL,
                                &ask->answer, error)
             ? ask
             : NULL;
}

static Ask *
ask_new (TillPrinterPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  return ask;
}

static void
on_learnt (GObject *part, GAsyncResult *result, gpointer user)
{
  TillPrinterPart *self = TILL_PRINTER_PART (part);
  g_autoptr (GError) error = NULL;
  g_autofree TillDrawerTrial *trial = till_printer_probe_learnt (result, &error);
  self->testing = FALSE;
  g_clear_handle_id (&self->kick, g_source_remove);
  show_chosen (self);
  if (trial && trial->outcome == TILL_TRIAL_LEARNT)
    {
      Ask *ask = ask_new (self);
      ask->closed = trial->closed;
      till_counter_ask (self->counter, GTK_WIDGET (self), keep_level, ask, ask_free, on_kept);
      return;
    }
  g_autofree char *words = trial ? g_strdup (till_trial_drawer_sentence (trial))
                                 : g_strdup_printf (_ ("Not learnt: %s."), error->message);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    till_counter_say (self->counter, TILL_TONE_WARN, words);
}

/* As any opening without a sale: with its reason in the log. */
static gpointer
kick (gpointer ledger, gpointer data, GError **error)
{
  return till_printing_open_drawer (ledger, ((Ask *)data)->staff_id, "Learn the drawer", error)
             ? data
             : NULL;
}

static gboolean
on_kick (gpointer part)
{
  TillPrinterPart *self = part;
  self->kick = 0;
  if (!may_manage (self)) /* the till was locked meanwhile */
    return G_SOURCE_REMOVE;
  till_counter_ask (self->counter, GTK_WIDGET (self), kick, ask_new (self), ask_free, NULL);
  return G_SOURCE_REMOVE;
}

/* How it is while it is closed has to be seen first. */
static void
on_learn_shop (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  const TillPrinterProbe *probe = self->counter->printers;
  self->testing = !error && probe;
  self->busy = N_ ("The drawer opens in a moment. Then close it; at most 30 seconds…");
  if (self->testing)
    {
      self->kick = g_timeout_add_seconds (KICK_AFTER_S, on_kick, self);
      probe->learn (probe->self, G_OBJECT (self), g_steal_pointer (&ask->shop), on_learnt);
    }
  show_chosen (self);
}

static gpointer
take (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  if (!read_shop (ledger, ask, error))
    return NULL;
  const TillSettingChange changes[]
      = { { "paper.usb", ask->shop->paper_usb }, { "paper.queue", ask->shop->paper_queue } };
  return till_arranging_change (ledger, ask->staff_id, changes, G_N_ELEMENTS (changes),
                                till_codec_profile, NULL, &ask->answer, error)
             ? ask
             : NULL;
}

static void
on_taken (gpointer part, gpointer data, const GError *error)
{
  TillPrinterPart *self = part;
  Ask *ask = data;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  till_counter_say (self->counter, TILL_TONE_GOOD,
                    _ ("Saved. Slips go there from the next start of the till."));
  self->counter->hands->arranged (self->counter->window);
  till_printer_part_read (self);
}

static void
do_deed (gpointer part, int deed)
{
  TillPrinterPart *self = part;
  if (!deed_fits (self, deed))
    return;
  static const struct
  {
    TillWork work;
    TillAsked done;
  } ways[] = { [TEST] = { read_shop, on_test_shop },
               [USE] = { take, on_taken },
               [LEARN] = { read_shop, on_learn_shop } };
  Ask *ask = ask_new (self);
  ask->name = g_strdup (chosen_printer (self)->name);
  till_counter_ask (self->counter, GTK_WIDGET (self), ways[deed].work, ask, ask_free,
                    ways[deed].done);
}

gboolean
till_printer_part_key (TillPrinterPart *self, guint keyval)
{
  return till_deeds_key (&deeds, self, keyval) || till_sheet_key (self->table, keyval);
}

const TillLegendKey till_printer_legend[] = {
  { N_ ("Enter"), N_ ("Look again"), GDK_KEY_Return },
  { "T", N_ ("Print a test slip"), GDK_KEY_t },
  { "U", N_ ("Slips go here"), GDK_KEY_u },
  { "D", N_ ("Learn the drawer"), GDK_KEY_d },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

/* --- the part --- */

static void
till_printer_part_finalize (GObject *object)
{
  g_clear_handle_id (&TILL_PRINTER_PART (object)->kick, g_source_remove);
  g_clear_pointer (&TILL_PRINTER_PART (object)->found, g_ptr_array_unref);
  g_free (TILL_PRINTER_PART (object)->tested);
  G_OBJECT_CLASS (till_printer_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillPrinterPart, child)

static void
till_printer_part_class_init (TillPrinterPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_printer_part_finalize;
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "printer-part.ui");
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
till_printer_part_init (TillPrinterPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Printers"), columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
}

void
till_printer_part_set_up (TillPrinterPart *self, TillCounter *counter)
{
  self->counter = counter;
}
