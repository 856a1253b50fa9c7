/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways that bytes get onto paper. The spooler promises a print job in the books, hands the
 * bytes to a way under the job's own title, and asks for its state until it is over.
 *
 * The title is ours and never used twice; it is what a job is found by when the till died before it
 * could write down where the job went. submit() looks for it first and answers the job that is
 * there instead of making a second one, so it may be called again after any error. Whoever
 * resubmits a job that find() no longer knows prints it again, and must say so on the paper.
 *
 * A way belongs to one thread. It blocks, but never without end. Errors: INVALID (our title, queue
 * or bytes are no good), NOT_FOUND (no such queue, or no such job any more), OFFLINE (the print
 * server cannot be reached or does not answer; whether it took the job, find() tells), BUSY (it
 * does not take jobs now). */
#pragma once
#include "data/trade/drawer.h"

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* A title has 1 to this many characters, of A–Z a–z 0–9 . _ - and none of them a leading dot. */
#define TILL_PRINT_TITLE_MAX 64

typedef enum
{
  TILL_JOB_PENDING,
  TILL_JOB_HELD,
  TILL_JOB_PROCESSING,
  TILL_JOB_STOPPED,
  TILL_JOB_CANCELED,
  TILL_JOB_ABORTED,
  /* The way has handed over everything. A print server says so also when the printer swallowed the
   * bytes: paper is certain only where the report is proven. */
  TILL_JOB_COMPLETED,
} TillJobState;

/* What keeps a printer from printing; several at once. */
typedef enum
{
  TILL_PRINTER_PAPER_OUT = 1 << 0,
  TILL_PRINTER_PAPER_LOW = 1 << 1, /* still prints */
  TILL_PRINTER_COVER_OPEN = 1 << 2,
  TILL_PRINTER_JAM = 1 << 3,
  TILL_PRINTER_OFFLINE = 1 << 4, /* switched off, unplugged, or not answering */
  TILL_PRINTER_STOPPED = 1 << 5, /* the queue was stopped by a person or after an error */
  TILL_PRINTER_REFUSES = 1 << 6, /* the queue takes no new jobs */
  TILL_PRINTER_OTHER = 1 << 7,   /* see the words */
} TillPrinterTrouble;

typedef struct
{
  TillJobState state;
  gboolean proven;    /* with COMPLETED: it is on paper, the printer itself has said so */
  gboolean untouched; /* with CANCELED or ABORTED: surely not a byte of it reached the printer */
  guint trouble;      /* of TillPrinterTrouble */
  char *words; /* owned; what the way says about it, cleaned, at most 200 characters, or "" */
} TillJobReport;

void till_job_report_free (TillJobReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillJobReport, till_job_report_free)

gboolean till_job_is_over (TillJobState state);
/* As stored: "pending" … "completed". */
const char *till_job_state_word (TillJobState state);
/* Of one trouble, as stored: "paper-out" …; NULL when it is none or several. */
const char *till_printer_trouble_word (guint trouble);
/* Of all of them: "paper-out cover-open". */
char *till_printer_trouble_words (guint trouble) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_print_title_is_valid (const char *title, GError **error);

typedef struct
{
  const char *name; /* as stored: "cups", "roll", "usb" */
  /* The way's own name for the job; free it. A way that keeps jobs itself does not begin one after
   * good_until (µs UTC by the machine's clock; 0: whenever it can). */
  char *(*submit) (gpointer self, const char *title, GBytes *bytes, int64_t good_until,
                   GError **error);
  /* The same for a job submitted earlier; NULL with NOT_FOUND when there is none. */
  char *(*find) (gpointer self, const char *title, GError **error);
  /* title guards against a job number that the server has given away again. */
  TillJobReport *(*report) (gpointer self, const char *job, const char *title, GError **error);
  /* Keeps it from being printed if that is still possible; the next report says what became of it.
   * No error for a job that is over. NULL where a job that was taken is printed for certain. */
  gboolean (*withdraw) (gpointer self, const char *job, const char *title, GError **error);
  void (*free) (gpointer self);
  /* The level of the drawer's wire now; UNSAID while a job is half sent, for a question would land
   * in it. NULL where a way knows nothing of drawers. */
  gboolean (*drawer) (gpointer self, TillDrawerLevel *level, GError **error);
} TillPaperWay;

/* A way and what it works on. */
typedef struct
{
  const TillPaperWay *way; /* unowned, a constant */
  gpointer self;           /* owned */
} TillPrinter;

TillPrinter *till_printer_new (const TillPaperWay *way, gpointer self) G_GNUC_WARN_UNUSED_RESULT;
void till_printer_free (TillPrinter *printer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPrinter, till_printer_free)

char *till_printer_submit (TillPrinter *printer, const char *title, GBytes *bytes,
                           int64_t good_until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *till_printer_find (TillPrinter *printer, const char *title,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillJobReport *till_printer_report (TillPrinter *printer, const char *job, const char *title,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *asked: the way was told; FALSE where it knows no withdrawing. */
gboolean till_printer_withdraw (TillPrinter *printer, const char *job, const char *title,
                                gboolean *asked, GError **error);
/* UNSAID where the way cannot know. */
gboolean till_printer_drawer (TillPrinter *printer, TillDrawerLevel *level, GError **error);

G_END_DECLS
