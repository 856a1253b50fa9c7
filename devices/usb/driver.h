/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A driver: bytes of one kind of device in, findings out; or words in, bytes for the device out. It
 * does no I/O, keeps no time and knows no wire, so that a test feeds it from a table. Used on the
 * thread that made it. */
#pragma once
#include "devices/usb/card.h"
#include "devices/usb/hid-report.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_QUIRK_AIM_PREFIX = 1 << 0,    /* the scanner types "]E0" before each code */
  TILL_QUIRK_ENDS_BY_PAUSE = 1 << 1, /* a serial scanner that puts no CR or LF behind a code */
  TILL_QUIRK_WHOLE_APDU = 1 << 2,    /* a reader that takes whole commands and says otherwise */
} TillQuirks;

/* What a driver is told when it starts. */
typedef struct
{
  TillQuirks quirks;
  const TillCardRule *cards; /* or NULL: no tokens, and no payment card in clear */
  gboolean
      is_torn; /* opened anew after trouble: what comes before a pause may be the end of a code */
  const guint8 *descriptor; /* of the interface's class, where the wire knows one; kept by the
                             * caller while the driver starts */
  gsize descriptor_size;
  gboolean tells; /* it has an endpoint for saying something unasked */
} TillTerms;

#define TILL_DRIVER_MESSAGE_MAX 271

/* What a driver has to say to a device that answers. */
typedef struct
{
  guint8 bytes[TILL_DRIVER_MESSAGE_MAX];
  gsize size; /* 0: nothing now */
  /* A request without data to the interface, sent first; the bytes only finish it. */
  gboolean has_request;
  guint8 request;
  guint16 value;
} TillMessage;

#define TILL_DISPLAY_LINES 2
#define TILL_DISPLAY_COLUMNS 20
#define TILL_DISPLAY_BYTES_MAX 80

/* One line as a display knows it: GBK, filled up with blanks. Made by display.h. */
typedef char TillDisplayLine[TILL_DISPLAY_COLUMNS + 1];

typedef struct
{
  TillDisplayLine lines[TILL_DISPLAY_LINES];
} TillDisplayText;

typedef struct
{
  const char *name;      /* as a facts file says it: "hid-pos" */
  gboolean needs_layout; /* speaks HID: wants the report descriptor's fields */

  /* layout is NULL unless needed; it and the rule for cards are kept by the caller as long as the
   * state lives. NULL with INVALID when the layout lacks what the driver reads. */
  gpointer (*start) (const TillHidLayout *layout, const TillTerms *terms, GError **error);
  /* One report. The caller wipes the report; the driver wipes what it gathered. */
  void (*take) (gpointer state, const guint8 *report, gsize size, TillFindingTake take,
                gpointer user);
  /* Reports were lost: forget what was half read. */
  void (*reset) (gpointer state);
  void (*stop) (gpointer state);
  /* Nothing came for TILL_DRIVER_PAUSE_MS after a report, or after it was opened anew: what is half
   * read will not be whole any more, is wiped and refused, where a code may not take its time. */
  void (*pause) (gpointer state, TillFindingTake take, gpointer user);
  /* A device that shows what the till says; NULL: it does not. The bytes to send, and how many;
   * is_fresh where it was just opened. */
  gsize (*show) (const TillDisplayText *text, gboolean is_fresh,
                 guint8 bytes[TILL_DISPLAY_BYTES_MAX]);

  /* A device that answers; NULL: it only tells. Asked after start, take and pause for the one
   * message that goes out now. FALSE: it is of no use any more, and is opened anew. */
  gboolean (*speak) (gpointer state, TillMessage *message, GError **error);
  /* After how many milliseconds of silence pause is called; 0: never. Asked after speak. */
  guint (*patience) (gpointer state);
  gsize report_size; /* the longest report, where no layout says it */
} TillDriver;

#define TILL_DRIVER_PAUSE_MS 100

G_END_DECLS
