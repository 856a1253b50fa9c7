/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What our own backend for a print server (app/backend/) and the till tell each other through the
 * server, which passes on words and nothing else: the address of a queue's printer, how long a job
 * may still be begun, and how a job ended.
 *
 * An end is believed only of a queue whose address is ours, and names the job and its bytes: the
 * server keeps the last thing a backend said for good, and numbers of jobs begin anew when its
 * spool is emptied. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Of the address: quittance://usb/04b8:0e28?serial=J9X1, or ?port=1-2.3, or neither. */
#define TILL_USB_QUEUE_SCHEME "quittance"
/* The job's attribute, given to a backend among its options: seconds since 1970. Not begun later.
 */
#define TILL_USB_QUEUE_UNTIL "quittance-good-until"
/* The same for what the till has handed in, whole; an end must name as many. */
#define TILL_USB_QUEUE_BYTES "quittance-bytes"
/* For somebody who prints around the till and names no moment, in seconds. */
#define TILL_USB_QUEUE_WAIT_S 3600

/* usb_name as in the setting paper.usb. */
char *till_usb_queue_address (const char *usb_name) G_GNUC_WARN_UNUSED_RESULT;
/* The other way; NULL when it is none of ours, or names no printer. */
char *till_usb_queue_printer (const char *address) G_GNUC_WARN_UNUSED_RESULT;

/* How a job ended in the backend's own words. */
typedef enum
{
  TILL_USB_QUEUE_PROVEN,    /* on paper; the printer has answered behind it */
  TILL_USB_QUEUE_HANDED,    /* taken whole by a printer that gives no proof */
  TILL_USB_QUEUE_UNKNOWN,   /* begun, and nobody knows how much is on paper */
  TILL_USB_QUEUE_UNTOUCHED, /* surely not a byte of it reached the printer */
} TillUsbQueueEnd;

/* A line without its WARNING: in front. */
char *till_usb_queue_end_write (TillUsbQueueEnd end, int job,
                                gsize bytes) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE when it is nothing of the kind, or is said of another job. */
gboolean till_usb_queue_end_read (const char *words, int job, TillUsbQueueEnd *end, gsize *bytes);

G_END_DECLS
