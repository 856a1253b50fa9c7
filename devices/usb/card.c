/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/card.h"
#include "data/core/ids.h"
#include "data/core/secret.h"

#include <string.h>

#define HOUSE_DIGITS 11 /* the longest row of a house card */
#define NUMBER_MAX 19   /* digits of a payment card's number */
#define FIRST 6         /* digits at its beginning that may be shown */
#define LAST 4

/* A piece inside a track. */
typedef struct
{
  const guint8 *at;
  gsize size;
} Piece;

/* What stands between the start sentinel and the first separator or the end sentinel. */
static Piece
head_of (const TillTrack *track)
{
  const guint8 *at = track->bytes;
  gsize left = track->size;
  if (left > 0 && strchr ("%;+", at[0]) && at[0])
    at++, left--;
  Piece head = { at, 0 };
  while (head.size < left && !strchr ("^=?", at[head.size]))
    head.size++;
  return head;
}

/* How many digits the longest row has, blanks in it allowed as some cards print them. Zeros at its
 * beginning count only where they are wanted. */
static guint
longest_row (Piece piece, gboolean with_zeros)
{
  guint longest = 0, digits = 0;
  for (gsize i = 0; i < piece.size; i++)
    {
      if (piece.at[i] == ' ')
        continue;
      if (!g_ascii_isdigit (piece.at[i]))
        digits = 0;
      else if (with_zeros || digits > 0 || piece.at[i] != '0')
        digits++;
      longest = MAX (longest, digits);
    }
  return longest;
}

static gboolean
is_our_number (Piece piece)
{
  char text[TILL_NUMBER_LENGTH + 1] = "";
  TillNumberKind kind;
  if (piece.size != TILL_NUMBER_LENGTH)
    return FALSE;
  memcpy (text, piece.at, piece.size);
  return till_number_parse (text, &kind);
}

static gboolean
is_text (const TillTrack *track)
{
  for (gsize i = 0; i < track->size; i++)
    if (track->bytes[i] < 0x20 || track->bytes[i] > 0x7E)
      return FALSE;
  return TRUE;
}

TillTrackKind
till_track_kind (const TillTrack *track, guint nth)
{
  if (track->size == 0)
    return TILL_TRACK_EMPTY;
  if (!is_text (track))
    return TILL_TRACK_UNREADABLE;
  Piece head = head_of (track);
  if (head.size == 0)
    return TILL_TRACK_UNREADABLE;
  if (is_our_number (head))
    return TILL_TRACK_HOUSE;
  return longest_row (head, nth == 2) > HOUSE_DIGITS ? TILL_TRACK_PAYMENT : TILL_TRACK_HOUSE;
}

/* The digits of a card's number as the track has them; 0 when it has none. */
static gsize
read_number (const TillTrack *track, char number[NUMBER_MAX + 1])
{
  Piece head = head_of (track);
  gsize size = 0;
  memset (number, 0, NUMBER_MAX + 1);
  if (head.size > 0 && g_ascii_toupper ((char)head.at[0]) == 'B')
    head.at++, head.size--;
  for (gsize i = 0; i < head.size; i++)
    {
      if (head.at[i] == ' ')
        continue;
      /* A reader masks with stars or with zeros. */
      if ((!g_ascii_isdigit (head.at[i]) && head.at[i] != '*') || size == NUMBER_MAX)
        {
          explicit_bzero (number, NUMBER_MAX + 1);
          return 0;
        }
      number[size++] = (char)head.at[i];
    }
  if (size > HOUSE_DIGITS)
    return size;
  explicit_bzero (number, NUMBER_MAX + 1);
  return 0;
}

static const char *
scheme_of (const char *number)
{
  static const struct
  {
    int least, most; /* of the first four digits */
    const char *scheme;
  } rows[] = {
    { 2221, 2720, "mastercard" }, { 3400, 3499, "amex" },     { 3528, 3589, "jcb" },
    { 3700, 3799, "amex" },       { 4000, 4999, "visa" },     { 5100, 5599, "mastercard" },
    { 6200, 6299, "unionpay" },   { 8100, 8171, "unionpay" },
  };
  int four = 0;
  for (guint i = 0; i < 4; i++)
    four = four * 10 + (number[i] - '0');
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (four >= rows[i].least && four <= rows[i].most)
      return rows[i].scheme;
  return "other";
}

/* All of a card finding that may be seen. */
static void
show (TillFinding *finding, const char *number, gsize size, const char *entry)
{
  finding->kind = TILL_FINDING_CARD;
  g_strlcpy (finding->entry, entry, sizeof finding->entry);
  g_strlcpy (finding->scheme, scheme_of (number), sizeof finding->scheme);
  memset (finding->masked, '*', size);
  memcpy (finding->masked, number, FIRST);
  memcpy (finding->masked + size - LAST, number + size - LAST, LAST);
}

/* --- in clear --- */

gboolean
till_card_rule_allows (const TillCardRule *rule)
{
  return rule && rule->matches_clear;
}

void
till_card_drop_unmarked (TillTrack tracks[TILL_TRACKS])
{
  static const char *const sentinels[TILL_TRACKS] = { "%", ";", ";+" };
  for (guint i = 0; i < TILL_TRACKS; i++)
    if (tracks[i].size > 0 && !memchr (sentinels[i], tracks[i].bytes[0], strlen (sentinels[i])))
      explicit_bzero (&tracks[i], sizeof tracks[i]);
}

void
till_card_give_number (const char *number, const char *entry, const TillCardRule *rule,
                       TillFindingTake take, gpointer user)
{
  gsize size = strlen (number);
  if (!till_card_rule_allows (rule) || size <= HOUSE_DIGITS || size > NUMBER_MAX
      || strspn (number, "0123456789") != size)
    {
      till_finding_give_refusal (TILL_REFUSED_CARD_DATA, take, user);
      return;
    }
  TillFinding finding = { .use = TILL_CARD_MATCH };
  show (&finding, number, size, entry);
  TillSecretPiece piece = { number, size };
  till_secret_token (rule->key, "card number", &piece, 1, finding.token);
  take (&finding, user);
  explicit_bzero (&finding, sizeof finding);
}

static void
give_match (const TillTrack *track, const TillCardRule *rule, TillFindingTake take, gpointer user)
{
  char number[NUMBER_MAX + 1];
  read_number (track, number);
  till_card_give_number (number, "swipe", rule, take, user);
  explicit_bzero (number, sizeof number);
}

void
till_card_give_clear (const TillTrack tracks[TILL_TRACKS], const TillCardRule *rule,
                      TillFindingTake take, gpointer user)
{
  static const guint order[] = { 1, 0, 2 }; /* track 2 has a number and nothing else before it */
  TillTrackKind kinds[TILL_TRACKS];
  gboolean is_payment = FALSE;
  for (guint i = 0; i < TILL_TRACKS; i++)
    {
      kinds[i] = till_track_kind (&tracks[i], i);
      is_payment |= kinds[i] == TILL_TRACK_PAYMENT;
    }
  /* Track 3 alone never names a card: what stands before the number differs by issuer. */
  for (guint i = 0; i < 2 && is_payment && till_card_rule_allows (rule); i++)
    if (kinds[order[i]] == TILL_TRACK_PAYMENT)
      {
        give_match (&tracks[order[i]], rule, take, user);
        return;
      }
  for (guint i = 0; i < TILL_TRACKS && !is_payment; i++)
    if (kinds[order[i]] == TILL_TRACK_HOUSE)
      {
        Piece head = head_of (&tracks[order[i]]);
        till_finding_give_code (head.at, head.size, "", take, user);
        return;
      }
  till_finding_give_refusal (is_payment ? TILL_REFUSED_CARD_DATA : TILL_REFUSED_UNREADABLE, take,
                             user);
}

/* --- sealed --- */

/* Between the first six and the last four nothing may be seen but stars or zeros; one other digit
 * is what some readers put there to make the check digit right. */
static gboolean
is_masked (const char *number, gsize size)
{
  guint seen = 0;
  for (gsize i = FIRST; i < size - LAST; i++)
    seen += number[i] != '*' && number[i] != '0';
  return seen <= 1 && !memchr (number, '*', FIRST - 2) && !memchr (number + size - LAST, '*', LAST);
}

/* A reader may say that it seals and not do it. */
static gboolean
is_in_clear (const TillSwipe *swipe)
{
  TillTrack track;
  gboolean found = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (swipe->size); i++)
    {
      track.size = MIN (swipe->size[i], sizeof track.bytes);
      memcpy (track.bytes, swipe->sealed + (i ? swipe->size[0] : 0), track.size);
      while (track.size > 0 && track.bytes[track.size - 1] == 0)
        track.size--;
      found |= till_track_kind (&track, i) == TILL_TRACK_PAYMENT;
    }
  explicit_bzero (&track, sizeof track);
  return found;
}

/* Not from the masked number alone, which thousands of cards share: from the reader's own hash
 * where it sends one, else from all that it shows, name and expiry too. */
static void
make_token (const TillSealedCard *card, const TillCardRule *rule, char token[TILL_SECRET_TOKEN])
{
  TillSecretPiece hash = { card->hash, card->hash_size };
  TillSecretPiece shown[TILL_TRACKS];
  for (guint i = 0; i < TILL_TRACKS; i++)
    shown[i] = (TillSecretPiece){ card->masked[i].bytes, card->masked[i].size };
  if (card->hash_size > 0)
    till_secret_token (rule->key, "card hash", &hash, 1, token);
  else
    till_secret_token (rule->key, "card shown", shown, TILL_TRACKS, token);
}

void
till_card_give_sealed (const TillSealedCard *card, const TillCardRule *rule, TillFindingTake take,
                       gpointer user)
{
  char number[NUMBER_MAX + 1];
  gsize size = read_number (&card->masked[1], number);
  if (size == 0)
    size = read_number (&card->masked[0], number);
  gboolean is_card = size > 0 && card->swipe.size[0] + card->swipe.size[1] > 0;
  if (!is_card || !is_masked (number, size) || is_in_clear (&card->swipe))
    {
      explicit_bzero (number, sizeof number);
      till_finding_give_refusal (is_card ? TILL_REFUSED_CARD_DATA : TILL_REFUSED_UNREADABLE, take,
                                 user);
      return;
    }
  TillFinding finding = { .use = TILL_CARD_SEALED, .swipe = card->swipe };
  show (&finding, number, size, "swipe");
  explicit_bzero (number, sizeof number);
  if (rule)
    make_token (card, rule, finding.token);
  take (&finding, user);
  explicit_bzero (&finding, sizeof finding);
}
