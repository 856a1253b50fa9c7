/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/trial.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/slips/slip-test.h"
#include "devices/print/escpos.h"
#include "devices/print/picture.h"
#include "devices/print/printers.h"
#include "devices/print/usb-way.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define LOOK_EVERY_US 250000
/* So long may another hold the printer before the first question. */
#define FREE_S 2

/* What the way on USB keeps; nothing of it is wanted afterwards. */
static void
remove_folder (const char *dir)
{
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (dir);
}

/* What kept it from printing is what people want to know, and the last look no longer shows it. */
static TillJobReport *
end_with (TillJobReport *report, guint trouble)
{
  if (report && report->state != TILL_JOB_COMPLETED)
    report->trouble |= trouble;
  return report;
}

/* Until it is over, be it for want of time, or until time is up and it has been taken back. */
static TillJobReport *
wait_for (TillPrinter *printer, const char *job, const char *title, int seconds, GError **error)
{
  gint64 until = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint trouble = 0;
  gboolean asked;
  for (;;)
    {
      g_autoptr (TillJobReport) report = till_printer_report (printer, job, title, error);
      if (!report || till_job_is_over (report->state))
        return end_with (g_steal_pointer (&report), trouble);
      trouble = report->trouble;
      if (g_get_monotonic_time () < until)
        {
          g_usleep (LOOK_EVERY_US);
          continue;
        }
      if (!till_printer_withdraw (printer, job, title, &asked, error))
        return NULL;
      return end_with (till_printer_report (printer, job, title, error), trouble);
    }
}

static TillJobReport *
print_on (TillPrinter *printer, const TillShop *shop, int64_t now, int seconds, GError **error)
{
  const TillPaper *paper = till_paper_of (shop->paper_mm, shop->paper_dots);
  g_autofree char *title
      = g_strdup_printf ("till-test-s%02dt%02d-%" G_GINT64_FORMAT, shop->store, shop->till, now);
  g_autoptr (TillDoc) doc = till_slip_test (
      shop, paper->columns, *shop->paper_usb ? shop->paper_usb : shop->paper_queue, now);
  g_autoptr (GBytes) bytes
      = till_escpos_build (doc, paper, shop->paper_draw ? till_picture_row : NULL, error);
  if (!bytes)
    return NULL;
  g_autofree char *job
      = till_printer_submit (printer, title, bytes, now + seconds * TILL_SECOND, error);
  return job ? wait_for (printer, job, title, seconds, error) : NULL;
}

TillJobReport *
till_trial_print (const TillShop *shop, const char *roll_dir, int64_t now, int seconds,
                  GError **error)
{
  if (!*shop->paper_usb)
    {
      g_autoptr (TillPrinter) printer = till_printers_open (shop, roll_dir, error);
      return printer ? print_on (printer, shop, now, seconds, error) : NULL;
    }
  g_autofree char *scratch = g_dir_make_tmp ("till-test-XXXXXX", error);
  if (!scratch)
    return NULL;
  g_autoptr (TillPrinter) printer
      = till_usb_way_new (shop->paper_usb, scratch, &till_receipt_patience, error);
  TillJobReport *report = printer ? print_on (printer, shop, now, seconds, error) : NULL;
  remove_folder (scratch);
  return report;
}

const char *
till_trial_trouble_label (guint trouble)
{
  static const struct
  {
    guint trouble;
    const char *words;
  } labels[] = {
    { TILL_PRINTER_PAPER_OUT, N_ ("Out of paper") },
    { TILL_PRINTER_COVER_OPEN, N_ ("Cover open") },
    { TILL_PRINTER_JAM, N_ ("Paper jam") },
    { TILL_PRINTER_OFFLINE, N_ ("not connected") },
    { TILL_PRINTER_STOPPED, N_ ("stopped") },
    { TILL_PRINTER_REFUSES, N_ ("takes no slips") },
    { TILL_PRINTER_PAPER_LOW, N_ ("Little paper") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (trouble & labels[i].trouble)
      return _ (labels[i].words);
  return _ ("in trouble");
}

static const char *
outcome_of (const TillJobReport *report)
{
  if (report->state == TILL_JOB_COMPLETED)
    return report->proven ? _ ("The test slip is on paper, and the printer itself has said so.")
                          : _ ("The test slip was handed over whole. Look whether it is on paper: "
                               "this way cannot prove it.");
  return report->untouched ? _ ("The test slip was not printed.")
                           : _ ("The test slip may be on paper, or half of it. Look at the "
                                "printer.");
}

char *
till_trial_sentence (const TillJobReport *report)
{
  return report->trouble ? g_strdup_printf ("%s (%s)", outcome_of (report),
                                            till_trial_trouble_label (report->trouble))
                         : g_strdup (outcome_of (report));
}

/* --- the drawer --- */

static gboolean
passes (const GError *error)
{
  return g_error_matches (error, TILL_ERROR, TILL_ERROR_BUSY)
         || g_error_matches (error, TILL_ERROR, TILL_ERROR_OFFLINE);
}

static gboolean
sample (const TillUsbName *name, TillDrawerLevel *level, GError **error)
{
  g_autoptr (GError) wire = NULL;
  g_autoptr (TillUsbCable) cable = till_usb_cable_open (name, &wire);
  guint8 port = 0;
  *level = TILL_DRAWER_UNSAID;
  if (cable && till_usb_cable_port_status (cable, &port) && port & 0x20)
    return TRUE;
  if ((cable && till_receipt_drawer (cable, &till_receipt_patience, level, &wire)) || passes (wire))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wire));
  return FALSE;
}

/* Until another level than it was before is said; UNSAID when time is up. */
static gboolean
await_other (const TillUsbName *name, TillDrawerLevel before, int seconds, TillDrawerLevel *level,
             GError **error)
{
  gint64 until = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  for (;;)
    {
      if (!sample (name, level, error))
        return FALSE;
      if (*level != TILL_DRAWER_UNSAID && *level != before)
        return TRUE;
      *level = TILL_DRAWER_UNSAID;
      if (g_get_monotonic_time () >= until)
        return TRUE;
      g_usleep (LOOK_EVERY_US);
    }
}

gboolean
till_trial_drawer (const TillShop *shop, int opens_s, int closes_s, TillDrawerTrial *trial,
                   GError **error)
{
  TillUsbName name;
  TillDrawerLevel open = TILL_DRAWER_UNSAID, again = TILL_DRAWER_UNSAID;
  if (!till_usb_name_read (shop->paper_usb, &name))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "slips do not go to a printer on USB");
      return FALSE;
    }
  *trial = (TillDrawerTrial){ .outcome = TILL_TRIAL_SILENT };
  if (!await_other (&name, TILL_DRAWER_UNSAID, FREE_S, &trial->closed, error))
    return FALSE;
  if (trial->closed == TILL_DRAWER_UNSAID)
    return TRUE;
  if (!await_other (&name, trial->closed, opens_s, &open, error)
      || (open != TILL_DRAWER_UNSAID && !await_other (&name, open, closes_s, &again, error)))
    return FALSE;
  trial->outcome = open == TILL_DRAWER_UNSAID    ? TILL_TRIAL_UNMOVED
                   : again == TILL_DRAWER_UNSAID ? TILL_TRIAL_STAYS_OPEN
                                                 : TILL_TRIAL_LEARNT;
  return TRUE;
}

const char *
till_trial_drawer_sentence (const TillDrawerTrial *trial)
{
  static const char *const sentences[] = {
    [TILL_TRIAL_LEARNT] = N_ ("Learnt. The till now sees whether the drawer opens and closes."),
    [TILL_TRIAL_SILENT] = N_ ("Not learnt: this printer did not say how the drawer is. It may have "
                              "no paper, or no way to tell."),
    [TILL_TRIAL_UNMOVED]
    = N_ ("Not learnt: nothing was seen to open. Close the drawer, look whether "
          "its cable is in the printer, and try again."),
    [TILL_TRIAL_STAYS_OPEN]
    = N_ ("Not learnt: the drawer was not closed in time. Close it and try again."),
  };
  return _ (sentences[trial->outcome]);
}
