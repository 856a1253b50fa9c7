/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a track of a magnetic stripe is, and what of it may stay.
 *
 * A track is the house's own (a badge, a member's or a gift card) when no row of digits in it is
 * longer than eleven, zeros before it not counted, or when it is one of the till's own numbers. Its
 * number becomes a code; the rest is dropped. Every other track is a payment card's: a number after
 * ISO/IEC 7812 has twelve digits or more. There is no list of issuers, because one that is out of
 * date would let a card through. A number on track 3 stands behind a format code, so that zeros
 * before it do count there.
 *
 * What a reader sealed goes on as it came, with a token for telling cards apart. Pure but for the
 * take; the tracks belong to the caller, who wipes them. Sources: ISO/IEC 7813, ISO/IEC 4909. */
#pragma once
#include "devices/usb/finding.h"

G_BEGIN_DECLS

#define TILL_TRACKS 3
#define TILL_TRACK_MAX 128 /* bytes of one track that we read */
#define TILL_CARD_KEY_SIZE 32

/* What this shop does with cards. Lies in secret memory (till_secret_alloc ()). */
typedef struct
{
  guint8 key[TILL_CARD_KEY_SIZE]; /* tokens are made with it; the shop's own */
  gboolean matches_clear;         /* a payment card in clear becomes a token instead of a refusal */
} TillCardRule;

typedef struct
{
  guint8 bytes[TILL_TRACK_MAX];
  gsize size; /* 0: none, or it could not be read */
} TillTrack;

typedef enum
{
  TILL_TRACK_EMPTY,
  TILL_TRACK_HOUSE,
  TILL_TRACK_PAYMENT,
  TILL_TRACK_UNREADABLE, /* not text, or nothing before the first separator */
} TillTrackKind;

/* nth: 0 to 2. */
TillTrackKind till_track_kind (const TillTrack *track, guint nth);

/* Leaves out what does not begin with its track's sentinel, for readers that send it always: sealed
 * bytes of one whose keys are spent must not pass for somebody's badge. */
void till_card_drop_unmarked (TillTrack tracks[TILL_TRACKS]);

/* Tracks in clear: a code, a refusal, or with a rule that allows it a card for matching. */
void till_card_give_clear (const TillTrack tracks[TILL_TRACKS], const TillCardRule *rule,
                           TillFindingTake take, gpointer user);

/* Whether a payment card in clear may become a token; rule may be NULL. */
gboolean till_card_rule_allows (const TillCardRule *rule);

/* A payment card's number in clear, 12 to 19 digits: a card for matching, or a refusal. The same
 * number gives the same token however it was read. entry as a finding has it. */
void till_card_give_number (const char *number, const char *entry, const TillCardRule *rule,
                            TillFindingTake take, gpointer user);

typedef struct
{
  TillSwipe swipe;
  TillTrack masked[TILL_TRACKS]; /* as the reader shows them */
  guint8 hash[32];               /* the reader's, of a whole track; never leaves this struct */
  gsize hash_size;               /* 0: it sends none */
} TillSealedCard;

/* Refused when what should be sealed or masked is not, or is no card. */
void till_card_give_sealed (const TillSealedCard *card, const TillCardRule *rule,
                            TillFindingTake take, gpointer user);

G_END_DECLS
