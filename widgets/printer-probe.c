/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/printer-probe.h"
#include "data/core/clock.h"

void
till_printers_seen_free (TillPrintersSeen *seen)
{
  g_ptr_array_unref (seen->found);
  g_free (seen->problem);
  g_free (seen);
}

TillPrintersSeen *
till_printer_probe_found (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

TillJobReport *
till_printer_probe_tested (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

TillDrawerTrial *
till_printer_probe_learnt (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  TillShop *shop;       /* owned */
  const char *roll_dir; /* unowned */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;
  till_shop_free (errand->shop);
  g_free (errand);
}

/* --- on a thread of the pool --- */

static void
look (GTask *task, gpointer page, gpointer data, GCancellable *cancel)
{
  Errand *errand = data;
  TillPrintersSeen *seen = g_new0 (TillPrintersSeen, 1);
  seen->roll = !*errand->shop->paper_usb && !*errand->shop->paper_queue;
  seen->found = till_printers_find (errand->shop, &seen->problem);
  g_task_return_pointer (task, seen, (GDestroyNotify)till_printers_seen_free);
}

static void
try (GTask *task, gpointer page, gpointer data, GCancellable *cancel)
{
  Errand *errand = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillClock) clock = till_clock_new ();
  TillJobReport *report = till_trial_print (errand->shop, errand->roll_dir, till_clock_now (clock),
                                            TILL_TRIAL_SECONDS, &error);
  if (report)
    g_task_return_pointer (task, report, (GDestroyNotify)till_job_report_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
watch (GTask *task, gpointer page, gpointer data, GCancellable *cancel)
{
  Errand *errand = data;
  g_autoptr (GError) error = NULL;
  TillDrawerTrial trial;
  if (till_trial_drawer (errand->shop, TILL_TRIAL_OPENS_S, TILL_TRIAL_CLOSES_S, &trial, &error))
    g_task_return_pointer (task, g_memdup2 (&trial, sizeof trial), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* --- on the main thread --- */

static void
send_out (gpointer roll_dir, GObject *page, TillShop *shop, GTaskThreadFunc work,
          GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (page, NULL, done, NULL);
  Errand *errand = g_new0 (Errand, 1);
  *errand = (Errand){ shop, roll_dir };
  g_task_set_task_data (task, errand, errand_free);
  g_task_run_in_thread (task, work);
}

static void
find (gpointer roll_dir, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  send_out (roll_dir, page, shop, look, done);
}

static void
test (gpointer roll_dir, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  send_out (roll_dir, page, shop, try, done);
}

static void
learn (gpointer roll_dir, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  send_out (roll_dir, page, shop, watch, done);
}

TillPrinterProbe
till_printer_probe_of (const char *roll_dir)
{
  return (TillPrinterProbe){ find, test, learn, (gpointer)roll_dir };
}
