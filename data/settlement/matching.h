/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settlement held against what our own books say: every row of the file and every fact of ours
 * ends in exactly one class, and the classes add up to the file and to our side.
 *
 * Joined by our numbers, never by the calendar: a clearing day is not a day. The day only decides
 * which of our facts should stand in this file at all, and of those nearest to its ends it is said
 * that they may stand in a neighbouring file.
 *
 * What one file cannot show is not looked for: a payment that is made a second time in another
 * day's file.
 *
 * Pure; any thread; changes nothing. */
#pragma once
#include "data/settlement/settlement.h"

G_BEGIN_DECLS

/* What our books say of a number. */
typedef enum
{
  TILL_FACT_DONE,   /* money moved, by proof */
  TILL_FACT_OPEN,   /* it may have moved */
  TILL_FACT_NO,     /* it has not, and is not on its way */
  TILL_FACT_UNDONE, /* a payment that was taken back: it and its reversal stand there, or neither */
} TillFactState;

typedef struct
{
  TillSettlementKind kind; /* PAYMENT, REFUND, or REVERSAL of the payment request_no */
  char *request_no;        /* owned */
  char *original_no;       /* owned; of a refund its payment's, else NULL */
  char *provider_no;       /* owned; or NULL */
  char *sale_no;           /* owned; for people */
  TillMoney amount;        /* fen, above zero */
  TillFactState state;
  char *word;      /* owned; the state as it is stored */
  int64_t from_at; /* µs UTC; asked for first … */
  int64_t to_at;   /* … and last heard of */
} TillBookFact;

void till_book_fact_free (TillBookFact *fact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillBookFact, till_book_fact_free)

#define TILL_MATCH_CLASSES(X)                                                                      \
  X (MATCHED, "matched", FALSE) /* both say the same */                                            \
  X (AMOUNT, "amount", TRUE)    /* another amount, or a refund of another payment */               \
  X (STATE, "state", TRUE)      /* done there and not here, or here and not there */               \
  X (SECOND, "second", TRUE)    /* money moved there once more under a number */                   \
  X (THEIRS, "theirs", TRUE)    /* only the file has it */                                         \
  X (OURS, "ours", TRUE)        /* only our books have it, as done */                              \
  X (EDGE, "edge", TRUE)       /* the same, so near the day's end that another file may have it */ \
  X (WAITING, "waiting", TRUE) /* neither side says that it is done */                             \
  X (UNLISTED, "unlisted", FALSE) /* done here; this provider's file does not name such things */  \
  X (OTHER, "other", FALSE)       /* no request of ours: a fee, a payout, a dispute */

typedef enum
{
#define X(name, word, open) TILL_MATCH_##name,
  TILL_MATCH_CLASSES (X)
#undef X
      TILL_N_MATCHES
} TillMatchClass;

const char *till_match_class_word (TillMatchClass match);
/* FALSE for a word that is none of them. */
gboolean till_match_class_from_word (const char *word, TillMatchClass *match);
/* For people, in the current language: "Only in the books". */
const char *till_match_class_label (TillMatchClass match);
/* What a row of that format says of its number: all files are of what is done, but for WeChat
 * Pay's and Stripe's, in which a refund stands from its beginning. state is the row's, or NULL. */
TillFactState till_match_row_says (const char *format, TillSettlementKind kind, const char *state);
/* Somebody has to look, or it has to be asked again. */
gboolean till_match_class_is_open (TillMatchClass match);

typedef struct
{
  TillMatchClass match;
  const TillSettlementRow *row; /* unowned; the settlement's, or NULL */
  const TillBookFact *fact;     /* unowned; or NULL */
} TillMatch;

typedef struct
{
  int64_t rows;
  TillMoney paid;     /* fen; what came in */
  TillMoney returned; /* fen; what went back */
} TillMatchSums;

typedef struct
{
  GArray *matches; /* owned; of TillMatch: the file's rows in its order, then what only we have */
  TillMatchSums theirs[TILL_N_MATCHES], ours[TILL_N_MATCHES];
  TillMatchSums their_sum, our_sum; /* of all classes */
  gboolean open;                    /* something is in a class that is open */
} TillMatching;

/* What the day covers, as instants; `edge` at either end is where clocks, night runs and cut-offs
 * make it uncertain in which file something stands. */
typedef struct
{
  int64_t from, to, edge;
} TillMatchDay;

/* The day of that format's file, yyyymmdd. */
TillMatchDay till_match_day (const char *format, int day);

/* facts, of TillBookFact: all that the file's numbers name, and all of ours that are done or open
 * with from_at in the day; no number twice for one direction (asserted). Facts that say NO or
 * UNDONE and have no row agree with the file and are left out. settlement and facts outlive the
 * result. INVALID when the sums grow too large. */
TillMatching *till_matching_new (const TillSettlement *settlement, const GPtrArray *facts,
                                 const TillMatchDay *day, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_matching_free (TillMatching *matching);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillMatching, till_matching_free)

G_END_DECLS
