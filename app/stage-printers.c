/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage-printers.h"
#include "data/core/error.h"

static const struct
{
  gboolean on_usb;
  const char *name, *words;
  gboolean can_tell;
  guint trouble;
} cast[] = {
  { TRUE, "04b8:0e28:J9X1", "EPSON TM-T20III", TRUE, 0 },
  { TRUE, "0416:5011@1-2", "POS58 Printer", FALSE, 0 },
  { FALSE, "r80", "Counter, 80 mm", FALSE, TILL_PRINTER_PAPER_OUT },
};

static void
find (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (page, NULL, done, NULL);
  TillPrintersSeen *seen = g_new0 (TillPrintersSeen, 1);
  seen->found = g_ptr_array_new_with_free_func ((GDestroyNotify)till_printer_found_free);
  seen->roll = !*shop->paper_usb && !*shop->paper_queue;
  for (gsize i = 0; i < G_N_ELEMENTS (cast); i++)
    {
      TillPrinterFound *found = g_new0 (TillPrinterFound, 1);
      found->on_usb = cast[i].on_usb;
      found->name = g_strdup (cast[i].name);
      found->words = g_strdup (cast[i].words);
      found->can_tell = cast[i].can_tell;
      found->trouble = cast[i].trouble;
      found->chosen
          = g_str_equal (cast[i].on_usb ? shop->paper_usb : shop->paper_queue, cast[i].name);
      g_ptr_array_add (seen->found, found);
    }
  till_shop_free (shop);
  g_task_return_pointer (task, seen, (GDestroyNotify)till_printers_seen_free);
}

/* The first proves, the second cannot, the queue gives it back. */
static void
test (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (page, NULL, done, NULL);
  TillJobReport *report = g_new0 (TillJobReport, 1);
  gboolean queue = !*shop->paper_usb;
  report->state = queue ? TILL_JOB_CANCELED : TILL_JOB_COMPLETED;
  report->proven = g_str_equal (shop->paper_usb, cast[0].name);
  report->untouched = queue;
  report->trouble = queue ? TILL_PRINTER_PAPER_OUT : 0;
  report->words = g_strdup ("");
  till_shop_free (shop);
  g_task_return_pointer (task, report, (GDestroyNotify)till_job_report_free);
}

/* Somebody has closed it. */
static void
learn (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (page, NULL, done, NULL);
  const TillDrawerTrial learnt = { TILL_TRIAL_LEARNT, TILL_DRAWER_HIGH };
  till_shop_free (shop);
  g_task_return_pointer (task, g_memdup2 (&learnt, sizeof learnt), g_free);
}

TillPrinterProbe
till_stage_printers (void)
{
  return (TillPrinterProbe){ find, test, learn, NULL };
}
