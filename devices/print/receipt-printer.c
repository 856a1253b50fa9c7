/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/receipt-printer.h"
#include "data/core/error.h"
#include "devices/print/command.h"

#define PIECE 512  /* bytes between two questions: a few rows of paper */
#define PACKET 512 /* the largest of bulk data in at high speed; reading less could overflow */
#define DRAINS_MAX 64
#define DRAIN_MS 10
/* An idle printer answers two questions in a row faster than all of these together. */
#define QUIET_SLICES 10
#define SLICE_MS 20
#define LISTEN_MS 200 /* for the proof, between two looks */

const TillReceiptPatience till_receipt_patience = {
  .ask_ms = 400,
  .write_ms = 1500,
  .sync_ms = 3000,
  .proof_ms = 20000,
  .budget_ms = 8000,
};

typedef struct
{
  TillUsbCable *cable;                 /* unowned */
  const TillReceiptPatience *patience; /* unowned */
  gint64 until;                        /* monotonic µs */
  int status;                          /* the last answer in real time, or -1 */
  int turn;                            /* the last answer in its turn, or -1 */
} Talk;

static Talk
talk_with (TillUsbCable *cable, const TillReceiptPatience *patience)
{
  return (Talk){ cable, patience, g_get_monotonic_time () + (gint64)patience->budget_ms * 1000, -1,
                 -1 };
}

static int
left_ms (gint64 until)
{
  gint64 left = (until - g_get_monotonic_time ()) / 1000;
  return (int)CLAMP (left, 0, G_MAXINT);
}

/* Sorts what arrived. Each kind of answer has bits of its own; what a printer reports unasked (four
 * bytes) is passed over. */
static void
sort_answers (Talk *talk, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if ((bytes[i] & 0x93) == 0x10)
      i += 3;
    else if ((bytes[i] & 0x93) == 0x12)
      talk->status = bytes[i];
    else if ((bytes[i] & 0x90) == 0)
      talk->turn = bytes[i];
}

static gboolean
hear (Talk *talk, int timeout_ms, gsize *got, GError **error)
{
  guint8 bytes[PACKET];
  if (!till_usb_cable_read (talk->cable, bytes, sizeof bytes, timeout_ms, got, error))
    return FALSE;
  sort_answers (talk, bytes, *got);
  return TRUE;
}

/* An answer to somebody's earlier question may lie in the pipe; it must not be taken for ours. */
static gboolean
drain (Talk *talk, GError **error)
{
  gsize got = 1;
  for (int i = 0; got > 0 && i < DRAINS_MAX; i++)
    if (!hear (talk, DRAIN_MS, &got, error))
      return FALSE;
  return TRUE;
}

/* Three bytes are one packet: the printer has all of them or none. *went: it has them. */
static gboolean
say (Talk *talk, guint8 first, guint8 second, guint8 third, gboolean *went, GError **error)
{
  const guint8 bytes[] = { first, second, third };
  gsize taken;
  if (!till_usb_cable_write (talk->cable, bytes, sizeof bytes, talk->patience->ask_ms, &taken,
                             error))
    return FALSE;
  *went = taken == sizeof bytes;
  if (*went || taken == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
               "the printer took half a question: switch it off and on again");
  return FALSE;
}

/* Into a drained pipe. talk->status is -1 when no answer came. */
static gboolean
ask (Talk *talk, guint8 which, GError **error)
{
  gboolean went;
  gsize got;
  talk->status = -1;
  if (!say (talk, 0x10, 0x04, which, &went, error))
    return FALSE;
  gint64 until = g_get_monotonic_time () + (gint64)talk->patience->ask_ms * 1000;
  while (went && talk->status < 0 && left_ms (until) > 0)
    if (!hear (talk, left_ms (until), &got, error))
      return FALSE;
  return TRUE;
}

static guint
trouble_of (guint8 which, int status)
{
  static const struct
  {
    guint8 which, bits;
    TillPrinterTrouble trouble;
  } rows[] = {
    { 1, 0x08, TILL_PRINTER_OFFLINE },   { 2, 0x04, TILL_PRINTER_COVER_OPEN },
    { 2, 0x20, TILL_PRINTER_PAPER_OUT }, { 2, 0x40, TILL_PRINTER_OTHER },
    { 3, 0x08, TILL_PRINTER_JAM },       { 3, 0x60, TILL_PRINTER_OTHER },
    { 4, 0x0C, TILL_PRINTER_PAPER_LOW }, { 4, 0x60, TILL_PRINTER_PAPER_OUT },
  };
  guint trouble = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].which == which && status & rows[i].bits)
      trouble |= rows[i].trouble;
  return trouble;
}

/* The one word the cashier can act on: a printer is offline because of its paper or its cover, and
 * an error stands beside a jam. */
static guint
plainest (guint trouble)
{
  guint cause = trouble & (TILL_PRINTER_PAPER_OUT | TILL_PRINTER_COVER_OPEN | TILL_PRINTER_JAM);
  if (cause & TILL_PRINTER_COVER_OPEN)
    cause = TILL_PRINTER_COVER_OPEN; /* an open cover lifts the paper from its sensor */
  if (cause)
    return cause;
  if (trouble & TILL_PRINTER_OTHER)
    return TILL_PRINTER_OTHER;
  return trouble;
}

/* Many cheap printers refuse everything while they have no paper; their port still answers. */
static guint
ask_port (Talk *talk)
{
  guint8 status = 0;
  if (!till_usb_cable_port_status (talk->cable, &status))
    return 0;
  if (status & 0x20)
    return TILL_PRINTER_PAPER_OUT;
  /* All zeros come from printers that have nothing to say here, not from ones in trouble. */
  return status != 0 && !(status & 0x08) ? TILL_PRINTER_OTHER : 0;
}

static gboolean
look (Talk *talk, guint *trouble, gboolean *answers, GError **error)
{
  *trouble = 0;
  *answers = till_usb_cable_can_tell (talk->cable);
  if (!drain (talk, error))
    return FALSE;
  for (guint8 which = 1; *answers && which <= 4; which++)
    {
      if (!ask (talk, which, error))
        return FALSE;
      if (talk->status < 0)
        *answers = FALSE;
      else
        *trouble |= trouble_of (which, talk->status);
    }
  *trouble = plainest (*trouble);
  if (!*answers)
    *trouble = ask_port (talk);
  return TRUE;
}

gboolean
till_receipt_look (TillUsbCable *cable, const TillReceiptPatience *patience, guint *trouble,
                   gboolean *answers, GError **error)
{
  Talk talk = talk_with (cable, patience);
  return look (&talk, trouble, answers, error);
}

gboolean
till_receipt_drawer (TillUsbCable *cable, const TillReceiptPatience *patience,
                     TillDrawerLevel *level, GError **error)
{
  Talk talk = talk_with (cable, patience);
  *level = TILL_DRAWER_UNSAID;
  if (!till_usb_cable_can_tell (cable))
    return TRUE;
  if (!drain (&talk, error) || !ask (&talk, 1, error))
    return FALSE;
  if (talk.status >= 0)
    *level = talk.status & 0x04 ? TILL_DRAWER_HIGH : TILL_DRAWER_LOW;
  return TRUE;
}

/* Answers in their turn come in their turn: ours is the last before it is quiet. */
static gboolean
find_out (Talk *talk, gboolean *proves, GError **error)
{
  gboolean went;
  gsize got;
  if (!drain (talk, error))
    return FALSE;
  talk->turn = -1;
  if (!say (talk, 0x1D, 'r', 1, &went, error))
    return FALSE;
  gint64 until = g_get_monotonic_time () + (gint64)talk->patience->sync_ms * 1000;
  while (went && talk->turn < 0 && left_ms (until) > 0)
    if (!hear (talk, SLICE_MS, &got, error))
      return FALSE;
  *proves = talk->turn >= 0;
  for (int quiet = 0; *proves && quiet < QUIET_SLICES && left_ms (until) > 0; quiet++)
    {
      if (!hear (talk, SLICE_MS, &got, error))
        return FALSE;
      if (got > 0)
        quiet = -1;
    }
  return TRUE;
}

gboolean
till_receipt_prepare (TillUsbCable *cable, const TillReceiptPatience *patience, TillReceiptJob *job,
                      guint *trouble, GError **error)
{
  Talk talk = talk_with (cable, patience);
  gboolean answers;
  gboolean settled = job->proves;
  if (!look (&talk, trouble, &answers, error))
    return FALSE;
  job->proves = settled && answers;
  if (TILL_RECEIPT_STOPS (*trouble) || !answers || settled)
    return TRUE;
  return find_out (&talk, &job->proves, error);
}

/* Between two pieces, or at the start of a call. Inside a command only the port can be asked. */
static gboolean
look_on_the_way (Talk *talk, const TillReceiptJob *job, guint *trouble, GError **error)
{
  gboolean answers = FALSE;
  if (job->sent != job->cut || !job->proves)
    {
      *trouble = ask_port (talk);
      return TRUE;
    }
  if (!look (talk, trouble, &answers, error))
    return FALSE;
  if (!answers && !*trouble)
    *trouble = TILL_PRINTER_OFFLINE; /* it did answer before */
  return TRUE;
}

/* As much as the printer takes. *stopped: it takes no more now, and *trouble says why if it can be
 * known. */
static gboolean
push (Talk *talk, GBytes *bytes, TillReceiptJob *job, guint *trouble, gboolean *stopped,
      GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  *stopped = FALSE;
  while (job->sent < size && left_ms (talk->until) > 0)
    {
      if (job->sent == job->cut)
        job->cut = till_command_cut (data, size, job->sent, PIECE);
      gsize piece = MIN (job->cut - job->sent, PIECE), taken;
      gboolean good = till_usb_cable_write (talk->cable, data + job->sent, piece,
                                            talk->patience->write_ms, &taken, error);
      job->sent += taken;
      if (!good || !look_on_the_way (talk, job, trouble, error))
        return FALSE;
      *stopped = taken < piece || TILL_RECEIPT_STOPS (*trouble);
      if (!*stopped)
        continue;
      if (!TILL_RECEIPT_STOPS (*trouble))
        *trouble = TILL_PRINTER_OFFLINE; /* it takes nothing and does not say why */
      return TRUE;
    }
  *stopped = job->sent < size;
  return TRUE;
}

/* Paper that ended while the last rows were printed is no proof of them. */
static TillReceiptEnd
judge (const Talk *talk)
{
  return talk->turn & 0x0C ? TILL_RECEIPT_UNKNOWN : TILL_RECEIPT_PROVEN;
}

static gboolean
ask_for_proof (Talk *talk, TillReceiptJob *job, GError **error)
{
  if (!drain (talk, error))
    return FALSE;
  talk->turn = -1;
  job->quiet_since = g_get_monotonic_time ();
  return say (talk, 0x1D, 'r', 1, &job->asked, error);
}

static gboolean
await_proof (Talk *talk, TillReceiptJob *job, guint *trouble, TillReceiptEnd *end, GError **error)
{
  gsize got;
  *end = TILL_RECEIPT_WAITS;
  if (!job->asked && !ask_for_proof (talk, job, error))
    return FALSE;
  while (left_ms (talk->until) > 0)
    {
      gboolean answers;
      if (job->asked && !hear (talk, LISTEN_MS, &got, error))
        return FALSE;
      if (job->asked && talk->turn < 0 && !look (talk, trouble, &answers, error))
        return FALSE;
      if (job->asked && talk->turn >= 0)
        {
          *trouble = 0;
          *end = judge (talk);
          return TRUE;
        }
      if (job->asked && !answers && !*trouble)
        *trouble = TILL_PRINTER_OFFLINE;
      if (!job->asked || TILL_RECEIPT_STOPS (*trouble))
        {
          job->quiet_since = g_get_monotonic_time ();
          return TRUE;
        }
      if (left_ms (job->quiet_since + (gint64)talk->patience->proof_ms * 1000) == 0)
        {
          *end = TILL_RECEIPT_UNKNOWN;
          return TRUE;
        }
    }
  return TRUE;
}

gboolean
till_receipt_print (TillUsbCable *cable, const TillReceiptPatience *patience, GBytes *bytes,
                    TillReceiptJob *job, guint *trouble, TillReceiptEnd *end, GError **error)
{
  Talk talk = talk_with (cable, patience);
  gboolean stopped;
  *trouble = 0;
  *end = TILL_RECEIPT_WAITS;
  if (job->sent > 0 && !job->asked)
    {
      if (!look_on_the_way (&talk, job, trouble, error))
        return FALSE;
      if (TILL_RECEIPT_STOPS (*trouble))
        return TRUE;
    }
  if (!push (&talk, bytes, job, trouble, &stopped, error))
    return FALSE;
  if (stopped)
    return TRUE;
  if (job->proves)
    return await_proof (&talk, job, trouble, end, error);
  *end = TILL_RECEIPT_HANDED;
  return TRUE;
}
