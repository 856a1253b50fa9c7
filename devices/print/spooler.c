/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step (4) of a refund's walk: promise, hand over, follow, record. */
#include "devices/print/spooler.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "devices/print/drawer-watch.h"
#include "devices/print/picture.h"

/* As the books say it, too, of what was never promised. */
#define TOO_OLD "too old to print unasked"

struct _TillSpooler
{
  TillLedger *ledger;     /* unowned */
  TillPrinter *printer;   /* owned */
  const TillPaper *paper; /* constant */
  TillDrawRow draw;       /* NULL: this printer takes no dots */
  char *till_key;         /* owned */
  char *name;             /* owned; of the printer, "" for the roll */
  TillDrawerWatch watch;
};

TillSpooler *
till_spooler_new (TillLedger *ledger, TillPrinter *printer, const TillShop *shop)
{
  TillSpooler *spooler = g_new0 (TillSpooler, 1);
  spooler->ledger = ledger;
  spooler->printer = printer;
  spooler->paper = till_paper_of (shop->paper_mm, shop->paper_dots);
  spooler->draw = shop->paper_draw ? till_picture_row : NULL;
  spooler->till_key = g_strdup_printf ("s%02dt%02d", shop->store, shop->till);
  spooler->name = g_strdup (*shop->paper_usb ? shop->paper_usb : shop->paper_queue);
  return spooler;
}

void
till_spooler_free (TillSpooler *spooler)
{
  till_printer_free (spooler->printer);
  g_free (spooler->till_key);
  g_free (spooler->name);
  g_free (spooler);
}

/* Never used twice: the row's number, and the moment it was made in case the books were restored.
 */
static char *
title_of (TillSpooler *spooler, const TillPrintJob *job)
{
  return g_strdup_printf ("till-%s-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, spooler->till_key,
                          job->id, job->at);
}

/* How long until the next look: close at first, then at leisure. */
static int
patience_s (const TillPrintJob *job)
{
  static const int waits[] = { 1, 1, 1, 2, 5, 10, 30, 60 };
  return waits[CLAMP (job->tries, 0, (int)G_N_ELEMENTS (waits) - 1)];
}

/* What the cashier reads when the way itself is in trouble; the job stays and is tried again. */
static gboolean
record_trouble (TillSpooler *spooler, const TillPrintJob *job, const GError *trouble,
                GError **error)
{
  /* Nothing has left: what cannot be built or is refused as such never does. */
  gboolean hopeless = g_error_matches (trouble, TILL_ERROR, TILL_ERROR_INVALID);
  return till_printing_record (spooler->ledger, job->id,
                               hopeless ? TILL_PRINT_FAILED : TILL_PRINT_SENDING, NULL,
                               trouble->message, patience_s (job), error);
}

/* It was promised and nobody knows whether the way has it, and by now it is too old to be printed
 * unasked: it is looked for, and not handed over again. */
static gboolean
give_up (TillSpooler *spooler, const TillPrintJob *job, const char *title, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autofree char *ref = till_printer_find (spooler->printer, title, &trouble);
  if (ref)
    return till_printing_record (spooler->ledger, job->id, TILL_PRINT_HANDED, ref, "", 0, error);
  if (g_error_matches (trouble, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    return till_printing_record (spooler->ledger, job->id, TILL_PRINT_STALE, NULL, TOO_OLD, 0,
                                 error);
  return record_trouble (spooler, job, trouble, error);
}

static gboolean
hand_over (TillSpooler *spooler, const TillPrintJob *job, const char *title, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (TillDoc) doc = till_printing_doc (spooler->ledger, job, &trouble);
  g_autoptr (GBytes) bytes
      = doc ? till_escpos_build (doc, spooler->paper, spooler->draw, &trouble) : NULL;
  if (!till_fault_pass ("spooler.promised", error))
    return FALSE;
  g_autofree char *ref = bytes ? till_printer_submit (
                             spooler->printer, title, bytes,
                             till_ledger_on_clock (spooler->ledger, job->good_until), &trouble)
                               : NULL;
  if (!till_fault_pass ("spooler.handed", error))
    return FALSE;
  if (!ref)
    return record_trouble (spooler, job, trouble, error);
  return till_printing_record (spooler->ledger, job->id, TILL_PRINT_HANDED, ref, "", 0, error);
}

/* What the way's report means in the books. */
static TillPrintState
state_of (const TillJobReport *report, gboolean old)
{
  if (!till_job_is_over (report->state))
    return TILL_PRINT_HANDED;
  if (report->state == TILL_JOB_COMPLETED)
    return report->proven ? TILL_PRINT_PRINTED : TILL_PRINT_DELIVERED;
  if (!report->untouched)
    return TILL_PRINT_UNKNOWN;
  return old ? TILL_PRINT_STALE : TILL_PRINT_FAILED;
}

/* Trouble first: "job-printing" tells nobody that the paper is out. A trouble without a word of its
 * own is said in the way's. */
static char *
problem_of (const TillJobReport *report, TillPrintState state)
{
  if (state == TILL_PRINT_STALE)
    return g_strdup (TOO_OLD);
  if (report->trouble == TILL_PRINTER_OTHER && *report->words)
    return g_strdup (report->words);
  if (report->trouble)
    return till_printer_trouble_words (report->trouble);
  return g_strdup (till_print_state_asks (state) ? report->words : "");
}

/* Too old to come out unasked: the way is told, and asked again what became of it. */
static gboolean
withdraw (TillSpooler *spooler, const TillPrintJob *job, const char *title, TillJobReport **report,
          GError **error)
{
  gboolean asked;
  if (!till_printer_withdraw (spooler->printer, job->way_ref, title, &asked, error))
    return FALSE;
  if (!asked)
    return TRUE;
  TillJobReport *now = till_printer_report (spooler->printer, job->way_ref, title, error);
  if (!now)
    return FALSE;
  till_job_report_free (*report);
  *report = now;
  return TRUE;
}

/* NULL when the way itself is in trouble. */
static TillJobReport *
look_at (TillSpooler *spooler, const TillPrintJob *job, gboolean old, const char *title,
         GError **error)
{
  g_autoptr (TillJobReport) report
      = till_printer_report (spooler->printer, job->way_ref, title, error);
  if (!report
      || (old && !till_job_is_over (report->state)
          && !withdraw (spooler, job, title, &report, error)))
    return NULL;
  return g_steal_pointer (&report);
}

/* Not later than it gets too old. */
static int
next_look_s (const TillPrintJob *job, int64_t now)
{
  int64_t left = (job->good_until - now) / TILL_SECOND + 1;
  return left > 0 ? (int)MIN (patience_s (job), left) : patience_s (job);
}

static gboolean
follow (TillSpooler *spooler, const TillPrintJob *job, const char *title, GError **error)
{
  int64_t now;
  g_autoptr (GError) trouble = NULL;
  if (!till_ledger_now (spooler->ledger, &now, error))
    return FALSE;
  gboolean old = now > job->good_until;
  g_autoptr (TillJobReport) report = look_at (spooler, job, old, title, &trouble);
  if (!report && g_error_matches (trouble, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    /* The queue has forgotten it. Whether there was paper only a person can see. */
    return till_printing_record (spooler->ledger, job->id, TILL_PRINT_UNKNOWN, NULL,
                                 "the queue no longer knows this slip; look, then print a copy", 0,
                                 error);
  if (!report)
    return till_printing_record (spooler->ledger, job->id, TILL_PRINT_HANDED, NULL,
                                 trouble->message, patience_s (job), error);
  TillPrintState state = state_of (report, old);
  g_autofree char *problem = problem_of (report, state);
  if (!till_printing_record (spooler->ledger, job->id, state, NULL, problem, next_look_s (job, now),
                             error))
    return FALSE;
  if (job->kind == TILL_PAPER_DRAWER && report->state == TILL_JOB_COMPLETED)
    till_drawer_watch_begin (&spooler->watch, job->id, now);
  return TRUE;
}

/* QUEUED is what it was before this step promised it. */
static gboolean
carry (TillSpooler *spooler, const TillPrintJob *job, const char *title, GError **error)
{
  int64_t now;
  if (!till_ledger_now (spooler->ledger, &now, error))
    return FALSE;
  return job->state == TILL_PRINT_SENDING && now > job->good_until
             ? give_up (spooler, job, title, error)
             : hand_over (spooler, job, title, error);
}

/* While no job is due: paper does not wait for the drawer. */
static gboolean
watch_drawer (TillSpooler *spooler, gboolean *did, int64_t *next_at, GError **error)
{
  int64_t look_at;
  if (!till_drawer_watch_step (&spooler->watch, spooler->ledger, spooler->printer, did, &look_at,
                               error))
    return FALSE;
  if (look_at > 0)
    {
      look_at = till_ledger_on_clock (spooler->ledger, look_at);
      *next_at = *next_at > 0 ? MIN (*next_at, look_at) : look_at;
    }
  return TRUE;
}

gboolean
till_spooler_step (TillSpooler *spooler, gboolean *did, int64_t *next_at, GError **error)
{
  g_autoptr (TillPrintJob) job = NULL;
  *did = FALSE;
  if (!till_printing_next (spooler->ledger, spooler->name, &job, next_at, error))
    return FALSE;
  if (!job)
    return watch_drawer (spooler, did, next_at, error);
  *did = TRUE;
  g_autofree char *title = title_of (spooler, job);
  return job->state == TILL_PRINT_HANDED ? follow (spooler, job, title, error)
                                         : carry (spooler, job, title, error);
}
