/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/magtek.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/usb/hid-bytes.h"

#include <string.h>

enum
{
  DECODE_STATUS_1 = 0x20,
  LENGTH_1 = 0x28,
  DATA_1 = 0x30,
  ENCRYPTION_STATUS = 0x42,
  KSN = 0x46,
  MASKED_LENGTH_1 = 0x47,
  MASKED_1 = 0x4A,
  HASH = 0x57,

  /* Of the second byte of the encryption status. */
  KEYS_SPENT = 1 << 0,
  KEYS_LOADED = 1 << 1,
  ENCRYPTION_ON = 1 << 2,

  BLOCK = 8,
  HASH_SIZE = 20,
};

/* In secret memory, all that is read included. */
typedef struct
{
  TillHidBytes status[TILL_TRACKS], length[TILL_TRACKS], data[TILL_TRACKS];
  TillHidBytes masked_length[TILL_TRACKS], masked[TILL_TRACKS];
  TillHidBytes encryption, ksn, hash;
  gsize report_size;
  const TillCardRule *cards; /* unowned; or NULL */
  TillTrack tracks[TILL_TRACKS];
  TillSealedCard card;
} Magtek;

static void
reset (gpointer state)
{
  Magtek *magtek = state;
  explicit_bzero (magtek->tracks, sizeof magtek->tracks);
  explicit_bzero (&magtek->card, sizeof magtek->card);
}

static TillHidBytes
find (const TillHidLayout *layout, guint usage)
{
  return till_hid_bytes_find (layout, TILL_HID_PAGE_VENDOR, (guint16)usage);
}

static void
find_all (Magtek *magtek, const TillHidLayout *layout)
{
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      magtek->status[i] = find (layout, DECODE_STATUS_1 + i);
      magtek->length[i] = find (layout, LENGTH_1 + i);
      magtek->data[i] = find (layout, DATA_1 + i);
      magtek->masked_length[i] = find (layout, MASKED_LENGTH_1 + i);
      magtek->masked[i] = find (layout, MASKED_1 + i);
    }
  magtek->encryption = find (layout, ENCRYPTION_STATUS);
  magtek->ksn = find (layout, KSN);
  magtek->hash = find (layout, HASH);
  magtek->report_size = layout->input_size;
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  g_autofree Magtek *found = g_new0 (Magtek, 1);
  find_all (found, layout);
  found->cards = terms->cards;
  gboolean fits = TRUE;
  for (guint i = 0; i < TILL_TRACKS; i++)
    fits &= found->status[i].field && found->length[i].field && found->data[i].field;
  if (!fits)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the card reader's report descriptor has no MagTek tracks");
      return NULL;
    }
  Magtek *magtek = till_secret_alloc (sizeof *magtek);
  if (magtek)
    *magtek = *found;
  else
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, "no locked memory for a card reader");
  return magtek;
}

typedef struct
{
  const guint8 *bytes; /* unowned */
  gsize size;
} Report;

/* A length byte, and as many bytes as it says; FALSE when it says more than there can be. */
static gboolean
read_run (const TillHidBytes *length, const TillHidBytes *data, Report report, guint8 *into,
          gsize room, gsize *size)
{
  guint8 n;
  *size = 0;
  if (!till_hid_bytes_read (length, report.bytes, report.size, &n, 1) || n > room
      || !till_hid_bytes_read (data, report.bytes, report.size, into, n))
    return FALSE;
  *size = n;
  return TRUE;
}

/* FALSE when the report says what cannot be. A track that could not be decoded is left out. */
static gboolean
read_tracks (Magtek *magtek, Report report)
{
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      guint8 status;
      TillTrack *track = &magtek->tracks[i];
      if (!till_hid_bytes_read (&magtek->status[i], report.bytes, report.size, &status, 1)
          || !read_run (&magtek->length[i], &magtek->data[i], report, track->bytes,
                        sizeof track->bytes, &track->size))
        return FALSE;
      if (status & 1)
        track->size = 0;
    }
  return TRUE;
}

static gboolean
is_sealed (const Magtek *magtek, Report report)
{
  guint8 status[2];
  return magtek->ksn.field
         && till_hid_bytes_read (&magtek->encryption, report.bytes, report.size, status, 2)
         && (status[1] & (KEYS_SPENT | KEYS_LOADED | ENCRYPTION_ON))
                == (KEYS_LOADED | ENCRYPTION_ON);
}

/* Track 3 is for banks' own machines and is left where it is. */
static gboolean
read_sealed (Magtek *magtek, Report report)
{
  TillSwipe *swipe = &magtek->card.swipe;
  gsize at = 0;
  swipe->family = TILL_READER_MAGTEK;
  for (guint i = 0; i < G_N_ELEMENTS (swipe->size); i++)
    {
      const TillTrack *track = &magtek->tracks[i];
      if (track->size % BLOCK != 0)
        return FALSE;
      memcpy (swipe->sealed + at, track->bytes, track->size);
      swipe->size[i] = track->size;
      at += track->size;
    }
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      TillTrack *masked = &magtek->card.masked[i];
      if (!read_run (&magtek->masked_length[i], &magtek->masked[i], report, masked->bytes,
                     sizeof masked->bytes, &masked->size))
        return FALSE;
    }
  if (till_hid_bytes_read (&magtek->hash, report.bytes, report.size, magtek->card.hash, HASH_SIZE))
    magtek->card.hash_size = HASH_SIZE;
  return till_hid_bytes_read (&magtek->ksn, report.bytes, report.size, swipe->ksn, TILL_KSN_SIZE);
}

static void
give_clear (Magtek *magtek, TillFindingTake take, gpointer user)
{
  till_card_drop_unmarked (magtek->tracks);
  till_card_give_clear (magtek->tracks, magtek->cards, take, user);
}

static void
take_report (gpointer state, const guint8 *bytes, gsize size, TillFindingTake take, gpointer user)
{
  Magtek *magtek = state;
  const Report report = { bytes, size };
  if (!till_hid_field_is_in (magtek->data[0].field, bytes, size))
    return; /* nothing at all, or another report */
  if (size < magtek->report_size || !read_tracks (magtek, report))
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  else if (!is_sealed (magtek, report))
    give_clear (magtek, take, user);
  else if (read_sealed (magtek, report))
    till_card_give_sealed (&magtek->card, magtek->cards, take, user);
  else
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  reset (magtek);
}

const TillDriver till_magtek
    = { "magtek", TRUE, start, take_report, reset, till_secret_release, NULL };
