/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/serial-scanner.h"

#include <string.h>

typedef struct
{
  guint8 raw[TILL_CODE_RAW_MAX];
  gsize size;
  gboolean is_spoilt; /* a part was refused: said once, at the code's end */
  TillRefused why;
  gboolean is_torn; /* the beginning of what comes may be lost */
  TillQuirks quirks;
} Serial;

static void
reset (gpointer state)
{
  Serial *serial = state;
  explicit_bzero (serial->raw, sizeof serial->raw);
  serial->size = 0;
  serial->is_spoilt = FALSE;
}

static void
stop (gpointer state)
{
  reset (state);
  g_free (state);
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  Serial *serial = g_new0 (Serial, 1);
  serial->quirks = terms->quirks;
  serial->is_torn = terms->is_torn;
  return serial;
}

static void
spoil (Serial *serial, TillRefused why)
{
  serial->is_spoilt = TRUE;
  serial->why
      = till_finding_is_card_data (serial->raw, serial->size) ? TILL_REFUSED_CARD_DATA : why;
}

static void
finish (Serial *serial, TillFindingTake take, gpointer user)
{
  char symbology[4] = "";
  gsize from = 0;
  if (serial->quirks & TILL_QUIRK_AIM_PREFIX)
    from = till_finding_split_symbology (serial->raw, serial->size, symbology);
  if (serial->is_spoilt)
    till_finding_give_refusal (serial->why, take, user);
  else
    till_finding_give_code (serial->raw + from, serial->size - from, symbology, take, user);
  serial->is_torn = FALSE;
  reset (serial);
}

static void
take_bytes (gpointer state, const guint8 *bytes, gsize size, TillFindingTake take, gpointer user)
{
  Serial *serial = state;
  for (gsize i = 0; i < size; i++)
    {
      gboolean is_end = bytes[i] == '\r' || bytes[i] == '\n';
      /* The LF of CR LF ends nothing. */
      if (is_end && (serial->size > 0 || serial->is_spoilt))
        finish (serial, take, user);
      else if (is_end || serial->is_spoilt)
        continue;
      else if (serial->size == sizeof serial->raw)
        spoil (serial, TILL_REFUSED_TOO_LONG);
      else if (serial->is_torn)
        spoil (serial, TILL_REFUSED_UNREADABLE);
      else
        serial->raw[serial->size++] = bytes[i];
    }
}

static void
pause_long (gpointer state, TillFindingTake take, gpointer user)
{
  Serial *serial = state;
  serial->is_torn = FALSE;
  if (serial->size == 0 && !serial->is_spoilt)
    return;
  if (!(serial->quirks & TILL_QUIRK_ENDS_BY_PAUSE) && !serial->is_spoilt)
    spoil (serial, TILL_REFUSED_UNREADABLE);
  finish (serial, take, user);
}

const TillDriver till_serial_scanner
    = { "serial-scanner", FALSE, start, take_bytes, reset, stop, pause_long };
