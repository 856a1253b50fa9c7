/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider tells of its own accord (a notice), once its codec has believed it.
 *
 * A notice is a hint and never more: it makes the question about its payment or refund due now, and
 * the answer to that question decides. A notice of a number that is not ours is kept and raises an
 * alarm. Plain structs; any thread; free each with the function of its name. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* Longest that is kept of a number or an id, in characters; what is longer is not believed. */
#define TILL_NOTICE_NO_MAX 64

typedef struct
{
  gboolean is_refund; /* of a refund or a void; else of a payment */
  char *request_no;   /* owned; the number it is about, as we would have sent it: printable ASCII,
                         1 to TILL_NOTICE_NO_MAX */
  char *event_no; /* owned; the provider's own id of this notice, by which a repeat is known; NULL
                     where it has none: then what was said is the id */
  char *words;    /* owned; what it says of the state, in the provider's word, cleaned, at most 64;
                     never NULL */
  TillMoney amount; /* of just this payment or refund, as it says; 0: it does not say. Whole minor
                       units, at most TILL_MONEY_MAX */
  char *currency;   /* owned; of that amount, ISO 4217 in capitals; NULL: it names none, which is
                       yuan: who has another one names it */
} TillNotice;

void till_notice_free (TillNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillNotice, till_notice_free)

/* --- one in the books --- */

typedef enum
{
  TILL_NOTICE_UNSETTLED, /* of no number of ours, and nobody has said what it was */
  TILL_NOTICE_SETTLED,   /* of no number of ours; a manager has said what it was */
  TILL_NOTICE_KNOWN,     /* of a payment or refund of this shop */
} TillNoticeState;

typedef struct
{
  int64_t id;
  int64_t at; /* µs UTC; when it came first */
  TillNoticeState state;
  char *provider, *request_no; /* owned */
  gboolean is_refund;          /* as the provider said it */
  char *words;                 /* owned; what it said of the state */
  int repeats;                 /* how often it was told again */
  int64_t refund_id;           /* of a known one; 0: it is about a payment, or not known */
  char *no;                    /* owned; of that refund or sale, as people know it; else "" */
  TillMoney amount;            /* of that refund or payment; else 0 */
  TillMoney told;              /* as the provider said it, in minor units; 0: it did not say */
  char *currency;              /* owned; of told; "": none was named, which is yuan */
  int64_t settled_at;          /* µs UTC; 0 unless it is settled */
  char *settled_by, *reason;   /* owned; the person's name and words; else "" */
} TillKeptNotice;

/* Of how much money the unsettled ones speak. Of one number the most that was told counts, once. */
typedef struct
{
  TillMoney refunds, payments; /* in yuan */
  int unknown;                 /* numbers of which no amount in yuan was told */
} TillNoticeSums;

void till_kept_notice_free (TillKeptNotice *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKeptNotice, till_kept_notice_free)

/* What the provider says of the amount, for people; "" when it does not say. How many minor units
 * a foreign currency's unit has is not known here: they are counted out as they came. */
char *till_kept_notice_told (const TillKeptNotice *kept) G_GNUC_WARN_UNUSED_RESULT;
/* A sentence of the current language. */
char *till_notice_sums_sentence (const TillNoticeSums *sums) G_GNUC_WARN_UNUSED_RESULT;
/* What it means, in a sentence or two of the current language; provider is its name for people. */
char *till_kept_notice_sentence (const TillKeptNotice *kept,
                                 const char *provider) G_GNUC_WARN_UNUSED_RESULT;
/* The one thing to do next. A constant of the catalogue. */
const char *till_kept_notice_next (const TillKeptNotice *kept);

G_END_DECLS
