/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that speaks to CUPS: a slip into a queue, and the true state of a job.
 *
 * Jobs go by one IPP Print-Job request (RFC 8011, 4.2.1): the server makes the job when it has all
 * the bytes, so that a till that dies halfway leaves no half job behind. The document format is
 * application/vnd.cups-raw, which no filter touches; but a queue without a driver, whose printer
 * knows no command of ours and throws such bytes away while CUPS says "completed", gets the slip
 * drawn (pwg-raster.h), on media of its own size.
 *
 * A queue that is stopped, or busy with a printer in trouble, gets nothing (BUSY, in the words of
 * the trouble): what waits in the books gets too old there and asks a person, what waits in a queue
 * comes out by itself whenever the server finds its printer again. What was handed over carries how
 * long it is good for.
 *
 * A job is proven when it went through our own backend (app/backend/), and that one has said so
 * last; see usb-queue.h. "Completed" proves nothing.
 *
 * Every call makes a connection of its own and ends within timeout_ms, whatever the other side
 * does; no answer of more than 256 KiB is read. The server is the one named here: no environment
 * variable and no client.conf chooses another, and a password is never asked for. Blocking; any one
 * thread. */
#pragma once
#include "devices/print/escpos.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* The scheduler of this machine, as Debian sets it up. */
#define TILL_CUPS_SERVER "/run/cups/cups.sock"
#define TILL_CUPS_TIMEOUT_MS 10000
#define TILL_CUPS_QUEUES_MAX 100

typedef struct
{
  char *server; /* owned; the path of a socket, or "host:port" with port optional */
  char *queue;  /* owned; 1–127 characters, no blanks, "/", "#" or "?" */
  char *user;   /* owned; owner of the jobs on a server across the network, which has to show their
                   titles to anybody (JobPrivateValues none). At a socket jobs belong to whoever
                   runs the till, and this is not looked at. */
  int timeout_ms;         /* for a whole call */
  const TillPaper *paper; /* a constant; for a queue without a driver; NULL: till_paper_80 */
} TillCupsSettings;

extern const TillPaperWay till_cups_way;

/* Copies the settings; INVALID when one of them cannot be right. Does not connect. */
TillPrinter *till_cups_new (const TillCupsSettings *settings,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *name;        /* owned */
  char *words;       /* owned; the queue's description, cleaned */
  gboolean can_tell; /* it goes through our own backend, which may prove paper */
  gboolean is_driverless;
  guint trouble; /* of TillPrinterTrouble */
} TillQueue;

/* Of TillQueue, at most TILL_CUPS_QUEUES_MAX; free with g_ptr_array_unref (). settings->queue is
 * not looked at. */
GPtrArray *till_cups_list (const TillCupsSettings *settings,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The queue itself, without a job: TillPrinterTrouble and what the server says about it. */
gboolean till_cups_look (const TillCupsSettings *settings, guint *trouble, char **words,
                         GError **error);

/* What a printer-state-reasons keyword (RFC 8011, 5.4.12, with or without its severity) means for
 * the cashier; 0 when it is no trouble. */
guint till_cups_trouble_of (const char *reason);

G_END_DECLS
