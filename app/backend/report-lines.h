/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a backend tells its scheduler on the standard error, a line each (backend(7), filter(7)):
 * STATE: for reasons that come and go, INFO: and ERROR: for people, PAGE: for accounts.
 * The last word of a job, which the till looks for, is a WARNING: at the end of a job CUPS 2.4
 * forgets what was said less loudly. */
#pragma once
#include "devices/print/usb-queue.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* What the scheduler was told of last. */
typedef struct
{
  guint trouble; /* of TillPrinterTrouble */
  char *words;   /* owned */
} TillReportLines;

/* Takes back whatever an earlier job that died has left with the scheduler. */
void till_report_lines_begin (TillReportLines *lines);
/* Says what has changed, and nothing when nothing has. words may be "". */
void till_report_lines_trouble (TillReportLines *lines, guint trouble, const char *words);
/* The end of a job: no trouble any more, the page, and last what the till looks for. */
void till_report_lines_end (TillReportLines *lines, TillUsbQueueEnd end, int job, gsize bytes);

G_END_DECLS
