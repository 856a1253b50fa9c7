/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/idtech.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/usb/hid-bytes.h"

#include <string.h>

enum
{
  STX = 0x02,
  ETX = 0x03,
  HEAD = 3, /* STX and the length */
  TAIL = 3, /* exclusive-or, sum, ETX */
  FRAME_MAX = 1024,

  PLAIN_HEAD = 5, /* encode type, status, three lengths */
  ENHANCED = 0x80,
  ENHANCED_HEAD = 7,

  /* Of the first byte about what is sent. */
  CIPHER = 3 << 4,
  CIPHER_AES = 1 << 4,
  HAS_SERIAL = 1 << 7,
  /* Of the second. */
  HASHES_FROM = 3,
  HAS_SESSION = 1 << 6,
  HAS_KSN = 1 << 7,

  HASH_SIZE = 20,
  SESSION_SIZE = 8,
  SERIAL_SIZE = 10,
};

/* In secret memory, all that is read included. */
typedef struct
{
  TillHidBytes bytes;
  const TillCardRule *cards; /* unowned; or NULL */
  guint8 frame[FRAME_MAX];
  gsize size;
  gboolean is_deaf; /* until the reader pauses */
  TillTrack tracks[TILL_TRACKS];
  TillSealedCard card;
} Idtech;

static void
forget_card (Idtech *idtech)
{
  explicit_bzero (idtech->frame, sizeof idtech->frame);
  explicit_bzero (idtech->tracks, sizeof idtech->tracks);
  explicit_bzero (&idtech->card, sizeof idtech->card);
  idtech->size = 0;
}

static void
reset (gpointer state)
{
  Idtech *idtech = state;
  forget_card (idtech);
  idtech->is_deaf = FALSE;
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  const TillHidField *longest = NULL;
  for (guint i = 0; i < layout->n_fields; i++)
    {
      const TillHidField *field = &layout->fields[i];
      if (field->kind == TILL_HID_INPUT && field->page >= TILL_HID_PAGE_VENDOR
          && field->bit_size == 8 && (!longest || field->count > longest->count))
        longest = field;
    }
  if (!longest)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the card reader's report descriptor has no bytes of its maker's");
      return NULL;
    }
  Idtech *idtech = till_secret_alloc (sizeof *idtech);
  if (!idtech)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY,
                           "no locked memory for a card reader");
      return NULL;
    }
  idtech->bytes = (TillHidBytes){ longest, 0, longest->count };
  idtech->cards = terms->cards;
  return idtech;
}

/* --- the card in a frame --- */

/* What is left of the card's bytes. */
typedef struct
{
  const guint8 *at;
  gsize left;
} Rest;

/* The next n bytes, or NULL when there are fewer. */
static const guint8 *
next (Rest *rest, gsize n)
{
  if (n > rest->left)
    return NULL;
  const guint8 *bytes = rest->at;
  rest->at += n;
  rest->left -= n;
  return bytes;
}

/* Tracks as they are shown, of those that are there. */
static gboolean
read_shown (Rest *rest, const guint8 lengths[TILL_TRACKS], guint8 there, TillTrack *tracks)
{
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      if (!(there >> i & 1))
        continue;
      const guint8 *bytes = next (rest, lengths[i]);
      if (!bytes || lengths[i] > TILL_TRACK_MAX)
        return FALSE;
      memcpy (tracks[i].bytes, bytes, lengths[i]);
      tracks[i].size = lengths[i];
    }
  return TRUE;
}

/* Whole blocks a track; track 3 is passed over. */
static gboolean
read_sealed (Rest *rest, const guint8 lengths[TILL_TRACKS], guint8 there, gsize block,
             TillSwipe *swipe)
{
  gsize at = 0;
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      if (!(there >> i & 1))
        continue;
      gsize size = (lengths[i] + block - 1) / block * block;
      const guint8 *bytes = next (rest, size);
      if (!bytes || at + size > sizeof swipe->sealed)
        return FALSE;
      if (i >= G_N_ELEMENTS (swipe->size))
        continue;
      memcpy (swipe->sealed + at, bytes, size);
      swipe->size[i] = size;
      at += size;
    }
  return TRUE;
}

/* That of track 2 where it is there, else of track 1. */
static gboolean
read_hashes (Rest *rest, guint8 there, TillSealedCard *card)
{
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      if (!(there >> i & 1))
        continue;
      const guint8 *bytes = next (rest, HASH_SIZE);
      if (!bytes)
        return FALSE;
      if (i == 1 || card->hash_size == 0)
        memcpy (card->hash, bytes, HASH_SIZE);
      card->hash_size = HASH_SIZE;
    }
  return TRUE;
}

static gboolean
read_enhanced (Idtech *idtech, Rest rest, gboolean *is_sealed)
{
  const guint8 *head = next (&rest, ENHANCED_HEAD);
  if (!head)
    return FALSE;
  const guint8 *lengths = head + 2, shown = head[5] & 7, sealed = head[6] & 7;
  gsize block = (head[5] & CIPHER) == CIPHER_AES ? 16 : 8;
  TillSealedCard *card = &idtech->card;
  if ((head[5] & CIPHER) > CIPHER_AES || !read_shown (&rest, lengths, shown, idtech->tracks)
      || !read_sealed (&rest, lengths, sealed, block, &card->swipe)
      || !read_hashes (&rest, head[6] >> HASHES_FROM & 7, card)
      || (head[6] & HAS_SESSION && !next (&rest, SESSION_SIZE))
      || (head[5] & HAS_SERIAL && !next (&rest, SERIAL_SIZE)))
    return FALSE;
  *is_sealed = sealed != 0;
  if (head[6] & HAS_KSN)
    {
      const guint8 *ksn = next (&rest, TILL_KSN_SIZE);
      if (!ksn)
        return FALSE;
      memcpy (card->swipe.ksn, ksn, TILL_KSN_SIZE);
    }
  card->swipe.family = TILL_READER_IDTECH;
  memcpy (card->masked, idtech->tracks, sizeof card->masked);
  return rest.left == 0 && (!*is_sealed || head[6] & HAS_KSN);
}

static gboolean
read_plain (Idtech *idtech, Rest rest)
{
  const guint8 *head = next (&rest, PLAIN_HEAD);
  return head && read_shown (&rest, head + 2, 7, idtech->tracks) && rest.left == 0;
}

/* FALSE when what the card's bytes say does not agree with what they are. */
static gboolean
give_card (Idtech *idtech, Rest rest, TillFindingTake take, gpointer user)
{
  gboolean is_sealed = FALSE;
  if (rest.left == 0
      || !(rest.at[0] & ENHANCED ? read_enhanced (idtech, rest, &is_sealed)
                                 : read_plain (idtech, rest)))
    return FALSE;
  if (is_sealed)
    till_card_give_sealed (&idtech->card, idtech->cards, take, user);
  else
    {
      till_card_drop_unmarked (idtech->tracks);
      till_card_give_clear (idtech->tracks, idtech->cards, take, user);
    }
  return TRUE;
}

/* --- frames --- */

static gboolean
is_right (const guint8 *frame, gsize length)
{
  guint8 together = 0, sum = 0;
  for (gsize i = 0; i < length; i++)
    {
      together ^= frame[HEAD + i];
      sum = (guint8)(sum + frame[HEAD + i]);
    }
  const guint8 *tail = frame + HEAD + length;
  return tail[0] == together && tail[1] == sum && tail[2] == ETX;
}

static void
refuse (Idtech *idtech, TillFindingTake take, gpointer user)
{
  forget_card (idtech);
  idtech->is_deaf = TRUE;
  till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
}

/* The frame as far as it is there. What lies behind its end fills up the last report. */
static void
look_at_frame (Idtech *idtech, TillFindingTake take, gpointer user)
{
  if (idtech->size < HEAD)
    return;
  gsize length = idtech->frame[1] | (gsize)idtech->frame[2] << 8;
  gsize whole = HEAD + length + TAIL;
  if (whole > FRAME_MAX)
    refuse (idtech, take, user);
  else if (idtech->size >= whole)
    {
      const Rest rest = { idtech->frame + HEAD, length };
      if (is_right (idtech->frame, length) && give_card (idtech, rest, take, user))
        forget_card (idtech);
      else
        refuse (idtech, take, user);
    }
}

/* Nothing begins with zeros alone; what begins otherwise is no frame. */
static gboolean
begins (const guint8 *bytes, gsize size)
{
  return size > 0 && bytes[0] == STX;
}

static gboolean
is_blank (const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i])
      return FALSE;
  return TRUE;
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  Idtech *idtech = state;
  gsize offset = idtech->bytes.field->bit_offset / 8;
  if (!till_hid_field_is_in (idtech->bytes.field, report, size) || size <= offset
      || idtech->is_deaf)
    return;
  gsize n = MIN (size - offset, (gsize)idtech->bytes.count);
  guint8 *place = idtech->frame + idtech->size;
  if (n > FRAME_MAX - idtech->size || !till_hid_bytes_read (&idtech->bytes, report, size, place, n))
    {
      refuse (idtech, take, user);
      return;
    }
  if (idtech->size == 0 && !begins (place, n))
    {
      gboolean is_something = !is_blank (place, n);
      forget_card (idtech);
      if (is_something)
        refuse (idtech, take, user);
      return;
    }
  idtech->size += n;
  look_at_frame (idtech, take, user);
}

static void
on_pause (gpointer state, TillFindingTake take, gpointer user)
{
  Idtech *idtech = state;
  if (idtech->size > 0)
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  reset (idtech);
}

const TillDriver till_idtech
    = { "idtech", TRUE, start, take_report, reset, till_secret_release, on_pause };
