/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage.h"
#include "app/stage-devices.h"
#include "app/stage-notice.h"
#include "app/stage-printers.h"
#include "app/stage-probe.h"
#include "data/core/secret.h"
#include "data/desk/arranging.h"
#include "data/desk/printing.h"
#include "data/desk/selling.h"
#include "data/desk/sending.h"
#include "data/desk/shifting.h"
#include "data/desk/training.h"
#include "devices/gateway/codec.h"
#include "devices/gateway/registry.h"
#include "devices/usb/display.h"
#include "widgets/display-pane.h"

#include <glib/gi18n-lib.h>

/* 2026-11-22 10:31 in Shanghai; the past ends the evening before. */
#define STAGE_NOW INT64_C (1795314660000000)
static const int64_t stage_now = STAGE_NOW;
#define SEED 7
#define SETTLE_FRAMES 4
#define SETTLE_MOST_MS 5000

struct _TillStage
{
  TillClock *clock;   /* owned */
  TillWorker *ledger; /* owned */
  TillShop *shop;     /* owned */
  TillWindow *window; /* owned by GTK */
  TillProbe probe;
  TillDeviceProbe devices;
  TillPrinterProbe printers;
  char *path; /* owned; or NULL */
  int past;
  guint32 at_ms; /* the play's own time for keys */
  int keys, scans;
};

/* --- the provider of the play --- */

static gboolean
carry (TillLedger *ledger, gpointer answers, GError **error)
{
  for (;;)
    {
      g_autoptr (TillTicket) ticket = NULL;
      int64_t next_at;
      if (!till_sending_next (ledger, till_codec_profile, NULL, &ticket, &next_at, error))
        return FALSE;
      if (!ticket)
        return TRUE;
      g_autoptr (TillOutcome) outcome
          = answers ? till_outcome_new (TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL)
                    : till_outcome_new (TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME,
                                        "time-out after 20 s");
      outcome->amount = answers ? ticket->errand->amount : 0;
      if (!till_sending_record (ledger, ticket, outcome,
                                till_codec_profile (ticket->errand->provider, NULL), error))
        return FALSE;
      if (!answers)
        return TRUE;
    }
}

static gpointer
carry_on_ledger (gpointer ledger, gpointer answers, GError **error)
{
  carry (ledger, answers, error);
  return NULL;
}

/* Every request is refused for the till's clock. */
static gpointer
refuse_on_ledger (gpointer ledger, gpointer unused, GError **error)
{
  g_autoptr (TillTicket) ticket = NULL;
  int64_t next_at;
  if (!till_sending_next (ledger, till_codec_profile, NULL, &ticket, &next_at, error) || !ticket)
    return NULL;
  g_autoptr (TillOutcome) outcome = till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FIX, NULL);
  outcome->code = g_strdup ("BAD_SIGNATURE");
  outcome->stop = TILL_STOP_CLOCK;
  outcome->clock_off_s = 412;
  till_sending_record (ledger, ticket, outcome, till_codec_profile (ticket->errand->provider, NULL),
                       error);
  return NULL;
}

static void
on_carried (gpointer result, const GError *error, gpointer user)
{
  TillStage *stage = user;
  if (error)
    g_warning ("the play: %s", error->message);
  till_window_books_changed (stage->window);
}

void
till_stage_provider (TillStage *stage, gboolean answers)
{
  till_worker_run (stage->ledger, carry_on_ledger, GINT_TO_POINTER (answers), NULL, NULL,
                   on_carried, stage);
  till_stage_settle (stage);
}

void
till_stage_provider_refuses (TillStage *stage)
{
  till_worker_run (stage->ledger, refuse_on_ledger, NULL, NULL, NULL, on_carried, stage);
  till_stage_settle (stage);
}

/* What the provider says without being asked: one of the two. */
typedef struct
{
  TillStage *stage;
  TillTelling telling;
  TillFiling filing; /* rows NULL: it tells */
  gboolean done;
} Told;

static gpointer
tell_on_ledger (gpointer ledger, gpointer user, GError **error)
{
  const Told *told = user;
  if (told->filing.rows)
    till_stage_keep (ledger, &told->filing, error);
  else
    till_stage_tell (ledger, &told->telling, error);
  return NULL;
}

static void
on_told (gpointer result, const GError *error, gpointer user)
{
  Told *told = user;
  told->done = TRUE;
  on_carried (result, error, told->stage);
}

static void
be_told (TillStage *stage, Told told)
{
  till_worker_run (stage->ledger, tell_on_ledger, &told, NULL, NULL, on_told, &told);
  while (!told.done)
    g_main_context_iteration (NULL, TRUE);
  till_stage_settle (stage);
}

void
till_stage_notice (TillStage *stage, const char *provider, const char *number, gboolean is_refund,
                   const char *words, TillMoney amount)
{
  be_told (stage,
           (Told){ .stage = stage, .telling = { provider, number, is_refund, words, amount } });
}

void
till_stage_file (TillStage *stage, int day, const TillFileRow *rows, gsize n)
{
  be_told (stage, (Told){ .stage = stage, .filing = { day, rows, n } });
}

/* --- the printer of the play --- */

static gpointer
print_on_ledger (gpointer ledger, gpointer state, GError **error)
{
  for (;;)
    {
      g_autoptr (TillPrintJob) job = NULL;
      int64_t next_at;
      if (!till_printing_next (ledger, "", &job, &next_at, error) || !job
          || !till_printing_record (ledger, job->id, (TillPrintState)GPOINTER_TO_INT (state), "",
                                    "", 0, error))
        return NULL;
    }
}

void
till_stage_printer (TillStage *stage, TillPrintState state)
{
  till_worker_run (stage->ledger, print_on_ledger, GINT_TO_POINTER (state), NULL, NULL, on_carried,
                   stage);
  till_stage_settle (stage);
}

static gboolean
open_drawer (TillLedger *ledger, GError **error)
{
  g_autoptr (TillPrintJob) job = NULL;
  int64_t next_at;
  return till_printing_open_drawer (ledger, 1, "play", error)
         && till_printing_next (ledger, "", &job, &next_at, error)
         && till_printing_record (ledger, job->id, TILL_PRINT_PRINTED, "", "", 0, error)
         && till_printing_saw_drawer (ledger, job->id, TRUE, error);
}

static gpointer
drawer_on_ledger (gpointer ledger, gpointer opens, GError **error)
{
  TillDrawerSeen seen;
  if (opens)
    open_drawer (ledger, error);
  else if (till_printing_drawer (ledger, &seen, error))
    till_printing_saw_drawer (ledger, seen.job_id, FALSE, error);
  return NULL;
}

void
till_stage_drawer (TillStage *stage, gboolean opens)
{
  till_worker_run (stage->ledger, drawer_on_ledger, GINT_TO_POINTER (opens), NULL, NULL, on_carried,
                   stage);
  till_stage_settle (stage);
}

/* --- the customer of the play --- */

static void
on_customer (const TillDisplayText *text, gpointer pane)
{
  guint8 bytes[TILL_DISPLAY_BYTES_MAX];
  gsize size = till_customer_display.show (text, TRUE, bytes);
  till_display_pane_feed (TILL_DISPLAY_PANE (pane), bytes, size);
}

void
till_stage_customer (TillStage *stage)
{
  GtkWidget *pane = till_display_pane_new (NULL);
  till_window_add_pane (stage->window, _ ("Customer display"), pane);
  till_window_set_customer (stage->window, on_customer, pane);
  till_stage_settle (stage);
}

/* --- the books --- */

static gpointer
open_books (gpointer user, GError **error)
{
  TillStage *stage = user;
  gboolean there = stage->path && g_file_test (stage->path, G_FILE_TEST_EXISTS);
  if (stage->path && !there && !till_ledger_create (stage->path, error))
    return NULL;
  g_autoptr (TillLedger) ledger = stage->path ? till_ledger_open (stage->path, stage->clock, error)
                                              : till_ledger_open_memory (stage->clock, error);
  if (!ledger)
    return NULL;
  g_autofree char *fingerprint = NULL;
  TillAnswer answer;
  if (!there
      && (!till_training_shop (ledger, error)
          || (stage->path && !till_shifting_make_key (ledger, 0, &fingerprint, &answer, error))
          || !till_training_past (ledger, stage->past, carry, GINT_TO_POINTER (TRUE), error)))
    return NULL;
  stage->shop = till_selling_shop (ledger, error);
  return stage->shop ? g_steal_pointer (&ledger) : NULL;
}

/* --- playing --- */

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer left)
{
  int *frames = left;
  return --*frames > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_late (gpointer late)
{
  *(gboolean *)late = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
settle (TillStage *stage, int some_frames)
{
  TillCounter *counter = till_window_counter (stage->window);
  gboolean late = FALSE;
  guint source = g_timeout_add (SETTLE_MOST_MS, on_late, &late);
  do
    {
      while (!late && (counter->asking > 0 || g_main_context_pending (NULL)))
        g_main_context_iteration (NULL, counter->asking > 0);
      int frames = some_frames;
      if (frames == 0)
        continue;
      guint tick
          = gtk_widget_add_tick_callback (GTK_WIDGET (stage->window), on_frame, &frames, NULL);
      while (!late && frames > 0)
        g_main_context_iteration (NULL, TRUE);
      if (frames > 0)
        gtk_widget_remove_tick_callback (GTK_WIDGET (stage->window), tick);
    }
  while (!late && counter->asking > 0);
  g_source_remove (source);
  if (late)
    g_warning ("the stage does not settle");
}

void
till_stage_settle (TillStage *stage)
{
  settle (stage, SETTLE_FRAMES);
}

static void
press (TillStage *stage, guint keyval, GdkModifierType state, guint32 after_ms)
{
  stage->at_ms += after_ms;
  till_window_press (stage->window, keyval, state, stage->at_ms);
}

/* A person's keys are half a second apart, in the play's time and past the guard against a second
 * Enter, which looks at the real one. */
void
till_stage_key (TillStage *stage, guint keyval, GdkModifierType state)
{
  till_window_release (stage->window);
  press (stage, keyval, state, 500);
  till_window_release (stage->window);
  stage->keys++;
  settle (stage, 0);
}

void
till_stage_type (TillStage *stage, const char *text)
{
  for (; *text; text++)
    till_stage_key (stage, gdk_unicode_to_keyval ((guint32)*text), 0);
}

void
till_stage_scan (TillStage *stage, const char *code)
{
  stage->at_ms += 500;
  for (; *code; code++)
    press (stage, gdk_unicode_to_keyval ((guint32)*code), 0, 2);
  press (stage, GDK_KEY_Return, 0, 2);
  till_window_release (stage->window);
  stage->scans++;
  settle (stage, 0);
}

int
till_stage_keys (TillStage *stage)
{
  return stage->keys;
}

int
till_stage_scans (TillStage *stage)
{
  return stage->scans;
}

void
till_stage_count_from_here (TillStage *stage)
{
  stage->keys = 0;
  stage->scans = 0;
}

char *
till_stage_item_code (TillStage *stage, int n)
{
  g_autofree char *digits = g_strdup_printf ("69700000%04d", n + 1);
  int sum = 0;
  for (int i = 0; i < 12; i++)
    sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
  return g_strdup_printf ("%s%d", digits, (10 - sum % 10) % 10);
}

typedef struct
{
  const char *key;
  char *value;
  gboolean done;
} Setting;

static gpointer
read_setting (gpointer ledger, gpointer user, GError **error)
{
  Setting *wanted = user;
  g_autoptr (GPtrArray) list = till_arranging_list (ledger, error);
  for (guint i = 0; list && i < list->len; i++)
    {
      const TillSetting *setting = g_ptr_array_index (list, i);
      if (g_str_equal (setting->key, wanted->key))
        wanted->value = g_strdup (setting->value);
    }
  return NULL;
}

static void
on_setting (gpointer result, const GError *error, gpointer user)
{
  ((Setting *)user)->done = TRUE;
}

char *
till_stage_setting (TillStage *stage, const char *key)
{
  Setting wanted = { .key = key };
  till_worker_run (stage->ledger, read_setting, &wanted, NULL, NULL, on_setting, &wanted);
  while (!wanted.done)
    g_main_context_iteration (NULL, TRUE);
  return wanted.value;
}

void
till_stage_text (TillStage *stage, const char *text)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (stage->window));
  /* An entry hands the keyboard to the text inside it. */
  if (GTK_IS_EDITABLE (focus))
    gtk_editable_set_text (GTK_EDITABLE (focus), text);
  till_stage_settle (stage);
}

static gpointer
read_last_sale (gpointer ledger, gpointer user, GError **error)
{
  char **no = user;
  g_autoptr (GPtrArray) recent = till_selling_recent (ledger, 1, error);
  if (recent && recent->len > 0)
    *no = g_strdup (((const TillSale *)g_ptr_array_index (recent, 0))->no);
  return NULL;
}

static void
on_read (gpointer result, const GError *error, gpointer user)
{
  *(gboolean *)user = TRUE;
}

char *
till_stage_last_sale (TillStage *stage)
{
  char *no = NULL;
  gboolean done = FALSE;
  till_worker_run (stage->ledger, read_last_sale, &no, NULL, NULL, on_read, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  return no;
}

void
till_stage_wait (TillStage *stage, int64_t microseconds)
{
  till_clock_advance (stage->clock, microseconds);
}

TillWindow *
till_stage_window (TillStage *stage)
{
  return stage->window;
}

TillStage *
till_stage_new (const char *path, int past, GError **error)
{
  g_autoptr (TillStage) stage = g_new0 (TillStage, 1);
  till_secret_init ();
  stage->path = g_strdup (path);
  stage->past = past;
  gboolean there = path && g_file_test (path, G_FILE_TEST_EXISTS);
  stage->clock = till_clock_new_fake (there ? STAGE_NOW + TILL_MINUTE : STAGE_NOW - past * TILL_DAY,
                                      there ? SEED + 1 : SEED);
  stage->at_ms = 1000;
  stage->ledger
      = till_worker_new ("stage", open_books, stage, (GDestroyNotify)till_ledger_free, error);
  if (!stage->ledger)
    return NULL;
  stage->window = till_window_new (NULL, stage->ledger, stage->clock, stage->shop);
  stage->probe = till_stage_probe (&stage_now);
  till_window_set_probe (stage->window, &stage->probe);
  stage->printers = till_stage_printers ();
  till_window_set_printers (stage->window, &stage->printers);
  stage->devices = till_stage_devices ();
  till_window_set_devices (stage->window, &stage->devices);
  till_window_device (stage->window, TILL_DEVICE_GATEWAY, TRUE, _ ("ready"));
  till_window_device (stage->window, TILL_DEVICE_PRINTER, TRUE, _ ("ready"));
  till_window_device (stage->window, TILL_DEVICE_READER, TRUE, _ ("ready"));
  gtk_window_set_default_size (GTK_WINDOW (stage->window), 1280, 800);
  gtk_window_present (GTK_WINDOW (stage->window));
  till_stage_settle (stage);
  return g_steal_pointer (&stage);
}

void
till_stage_free (TillStage *stage)
{
  /* The books first: no answer comes back to a window that is gone. */
  g_clear_pointer (&stage->ledger, till_worker_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (stage->window)
    gtk_window_destroy (GTK_WINDOW (stage->window));
  g_clear_pointer (&stage->shop, till_shop_free);
  g_clear_pointer (&stage->clock, till_clock_free);
  g_free (stage->path);
  g_free (stage);
}
