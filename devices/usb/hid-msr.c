/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/hid-msr.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/usb/hid-bytes.h"

#include <string.h>

enum
{
  LENGTH_1 = 0x11,
  DATA_1 = 0x21,
};

/* In secret memory, the tracks included. */
typedef struct
{
  TillHidBytes length[TILL_TRACKS];
  TillHidBytes data[TILL_TRACKS];
  const TillCardRule *cards; /* unowned; or NULL */
  TillTrack tracks[TILL_TRACKS];
} HidMsr;

static void
reset (gpointer state)
{
  HidMsr *msr = state;
  explicit_bzero (msr->tracks, sizeof msr->tracks);
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  HidMsr found = { .cards = terms->cards };
  gboolean has_data = FALSE;
  for (guint16 i = 0; i < TILL_TRACKS; i++)
    {
      found.length[i] = till_hid_bytes_find (layout, TILL_HID_PAGE_STRIPE, LENGTH_1 + i);
      found.data[i] = till_hid_bytes_find (layout, TILL_HID_PAGE_STRIPE, DATA_1 + i);
      has_data |= found.data[i].field != NULL;
    }
  if (!has_data)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the card reader's report descriptor has no track data");
      return NULL;
    }
  HidMsr *msr = till_secret_alloc (sizeof *msr);
  if (msr)
    *msr = found;
  else
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, "no locked memory for a card reader");
  return msr;
}

/* FALSE when the report says what cannot be. */
static gboolean
read_track (HidMsr *msr, guint nth, const guint8 *report, gsize size)
{
  TillTrack *track = &msr->tracks[nth];
  const TillHidBytes *data = &msr->data[nth];
  if (!data->field || !till_hid_field_is_in (data->field, report, size))
    return TRUE;
  gsize room = MIN (data->count, (guint)TILL_TRACK_MAX);
  guint8 length = (guint8)room;
  if (msr->length[nth].field && !till_hid_bytes_read (&msr->length[nth], report, size, &length, 1))
    return FALSE;
  if (length > room || !till_hid_bytes_read (data, report, size, track->bytes, length))
    return FALSE;
  /* Without a length the track ends at the first of the closing zeros. */
  while (length > 0 && track->bytes[length - 1] == 0)
    length--;
  track->size = length;
  return TRUE;
}

static gboolean
is_ours (const HidMsr *msr, const guint8 *report, gsize size)
{
  for (guint i = 0; i < TILL_TRACKS; i++)
    if (msr->data[i].field && till_hid_field_is_in (msr->data[i].field, report, size))
      return TRUE;
  return FALSE;
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  HidMsr *msr = state;
  if (!is_ours (msr, report, size))
    return; /* a status report, or nothing at all */
  gboolean is_whole = TRUE;
  for (guint i = 0; i < TILL_TRACKS; i++)
    is_whole &= read_track (msr, i, report, size);
  if (is_whole)
    till_card_give_clear (msr->tracks, msr->cards, take, user);
  else
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  reset (msr);
}

const TillDriver till_hid_msr
    = { "hid-msr", TRUE, start, take_report, reset, till_secret_release, NULL };
