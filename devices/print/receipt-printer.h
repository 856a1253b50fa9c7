/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said to a receipt printer over a cable that also answers: how it is (DLE EOT, real time),
 * the job, and "GS r 1" behind it, which a printer obeys in its turn. Its answer is the proof that
 * everything before it is on paper; nothing else is.
 *
 * The job goes in small pieces, and a piece ends where a command ends, so that the printer can be
 * asked in between. When it takes no more, the job knows to the byte how far it got and goes on
 * there; nothing is sent twice. All that holds for one plugging-in: a printer that was switched off
 * has forgotten what it had taken.
 *
 * Facts: Epson's command reference (DLE EOT 1–4, GS r, GS a), USB printer class 1.1. Blocking, each
 * call within budget_ms and one question more. Errors are those of the cable. */
#pragma once
#include "data/trade/drawer.h"
#include "devices/print/usb-cable.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

typedef struct
{
  int ask_ms;    /* for one answer in real time */
  int write_ms;  /* for one piece */
  int sync_ms;   /* for the first answer in its turn, from an idle printer */
  int proof_ms;  /* for the proof, counted while nothing is wrong with the printer */
  int budget_ms; /* for one call */
} TillReceiptPatience;

extern const TillReceiptPatience till_receipt_patience;

typedef enum
{
  TILL_RECEIPT_WAITS,   /* goes on later, where it stopped */
  TILL_RECEIPT_PROVEN,  /* on paper */
  TILL_RECEIPT_HANDED,  /* taken whole by a printer that gives no proof */
  TILL_RECEIPT_UNKNOWN, /* taken whole, and the proof that this printer gives did not come */
} TillReceiptEnd;

/* How far one job is; zeroed at first, kept from call to call. */
typedef struct
{
  gsize sent;         /* bytes the printer has */
  gsize cut;          /* where the piece that is under way ends */
  gboolean proves;    /* this printer answered "GS r 1" before the job */
  gboolean asked;     /* "GS r 1" has gone out behind the job */
  gint64 quiet_since; /* monotonic µs; since when the proof is waited for without trouble */
} TillReceiptJob;

/* TillPrinterTrouble that lets nothing be printed. */
#define TILL_RECEIPT_STOPS(trouble) (((trouble) & ~(guint)TILL_PRINTER_PAPER_LOW) != 0)

/* How the printer is. *answers: it said so itself; otherwise only its USB port was asked. */
gboolean till_receipt_look (TillUsbCable *cable, const TillReceiptPatience *patience,
                            guint *trouble, gboolean *answers, GError **error);
/* Which level the wire of the drawer's switch has (DLE EOT 1, bit 2: pin 3 of the drawer's plug);
 * UNSAID where the printer does not answer. Between two jobs only. */
gboolean till_receipt_drawer (TillUsbCable *cable, const TillReceiptPatience *patience,
                              TillDrawerLevel *level, GError **error);
/* Before the first byte: looks, and when nothing is wrong finds out whether the printer proves.
 * Waits until answers that an earlier job is owed have come, so that none is taken for ours. When
 * job->proves is set already, the last job of this plugging-in was proven and nothing is owed. */
gboolean till_receipt_prepare (TillUsbCable *cable, const TillReceiptPatience *patience,
                               TillReceiptJob *job, guint *trouble, GError **error);
/* Prints what the job still lacks. job->sent is right also when FALSE is returned. */
gboolean till_receipt_print (TillUsbCable *cable, const TillReceiptPatience *patience,
                             GBytes *bytes, TillReceiptJob *job, guint *trouble,
                             TillReceiptEnd *end, GError **error);

G_END_DECLS
