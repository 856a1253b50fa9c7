/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a driver found in the reports of a device: a code, a card, a weight, or something it must
 * refuse.
 *
 * Plain values without pointers, so that one call wipes all of it. There is no place in it for a
 * card number, an expiry date or track data in clear: a swipe is what a reader has sealed with a
 * key that the till does not have. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_CODE_MAX 128 /* characters of a scanned code */
#define TILL_CODE_BYTES (TILL_CODE_MAX * 4 + 1)
#define TILL_CODE_RAW_MAX 1024 /* bytes a driver gathers before it gives up */

typedef enum
{
  TILL_FINDING_CODE,
  TILL_FINDING_CARD,
  TILL_FINDING_CARD_EARLY, /* pulled out before it was read: ask for it once more */
  TILL_FINDING_REFUSED,
  TILL_FINDING_WEIGHT,
} TillFindingKind;

/* What a scale says. Only a stable one says how much. */
typedef enum
{
  TILL_WEIGHING_NONE, /* there is no scale */
  TILL_WEIGHING_STABLE,
  TILL_WEIGHING_ZERO,
  TILL_WEIGHING_MOVING,
  TILL_WEIGHING_UNDER_ZERO,
  TILL_WEIGHING_OVER_LIMIT,
  TILL_WEIGHING_NOT_READY,  /* wants to be set to zero or calibrated */
  TILL_WEIGHING_OTHER_UNIT, /* stable, but in pounds or the like */
  TILL_WEIGHING_FAULT,
} TillWeighing;

typedef enum
{
  TILL_REFUSED_NOTHING,
  TILL_REFUSED_CARD_DATA,  /* a payment card's data in clear: wiped, never passed on */
  TILL_REFUSED_TOO_LONG,   /* more than TILL_CODE_MAX characters */
  TILL_REFUSED_UNREADABLE, /* bytes missing, not text, or not what the device said it sends */
  TILL_REFUSED_CHIP,       /* a chip card, asked nothing: the shop does not match cards in clear */
  TILL_REFUSED_NO_NUMBER,  /* a chip card that is no payment card, or does not tell its number */
} TillRefused;

typedef enum
{
  TILL_CARD_MATCH,  /* the token is our own and tells cards apart; nothing can be charged */
  TILL_CARD_SEALED, /* as MATCH, and the swipe is for whoever has the reader's key */
  TILL_CARD_CHARGE, /* the token is the provider's: a payment can be asked for with it */
} TillCardUse;

typedef enum
{
  TILL_READER_MAGTEK,
  TILL_READER_IDTECH,
} TillReaderFamily;

#define TILL_KSN_SIZE 10
#define TILL_SWIPE_MAX 256 /* bytes of track 1 and track 2, sealed */

typedef struct
{
  TillReaderFamily family; /* which key was made from the serial number: they differ */
  guint8 ksn[TILL_KSN_SIZE];
  guint8 sealed[TILL_SWIPE_MAX]; /* track 1, then track 2 */
  gsize size[2];                 /* of each; whole blocks */
} TillSwipe;

typedef struct
{
  TillFindingKind kind;
  TillRefused refused;
  char code[TILL_CODE_BYTES];
  char symbology[4]; /* the AIM identifier, "]E0"; "" when the device does not tell */
  char entry[8];     /* "insert", "tap" or "swipe" */
  char token[65];
  char masked[24]; /* "622848******0018" */
  char scheme[16]; /* "unionpay" */
  TillWeighing weighing;
  gint64 milligrams; /* of a stable weight */
  TillCardUse use;
  TillSwipe swipe; /* of a sealed card; all zero in the others */
} TillFinding;

/* Where a driver puts its findings; the finding is the caller's and is wiped after the call. */
typedef void (*TillFindingTake) (const TillFinding *finding, gpointer user);

/* Track 1 (%B, 13–19 digits, ^) or track 2 (; 13–19 digits =) anywhere in the bytes, as ISO/IEC
 * 7813 lays them out. A bare row of digits is no card: EAN-13 and ITF-14 may pass the Luhn test. */
gboolean till_finding_is_card_data (const guint8 *raw, gsize size);

/* Turns the bytes of one scan into a code or a refusal and hands it over; nothing for blanks. */
void till_finding_give_code (const guint8 *raw, gsize size, const char *symbology,
                             TillFindingTake take, gpointer user);
/* The AIM identifier at the beginning, if one is there with something behind it, and its length. */
gsize till_finding_split_symbology (const guint8 *raw, gsize size, char symbology[4]);
void till_finding_give_refusal (TillRefused why, TillFindingTake take, gpointer user);

/* "]E0" and the like; anything else is no AIM identifier. */
gboolean till_finding_is_symbology (const char *text);

G_END_DECLS
