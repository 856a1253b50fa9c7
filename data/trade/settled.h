/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books keep of providers' settlement files: one struct for a provider's day and one for
 * each row that does not agree. Plain structs; any thread; free each with the function of its name.
 */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* What the fund flow of the day said of the file. */
#define TILL_FLOWS(X)                                                                              \
  X (NONE, "none") /* this provider gives none, or it was not brought */                           \
  X (AGREES, "agrees")                                                                             \
  X (DIFFERS, "differs")                                                                           \
  X (MISSING, "missing") /* it was asked for, and none that can be believed came */

typedef enum
{
#define X(flow, word) TILL_FLOW_##flow,
  TILL_FLOWS (X)
#undef X
      TILL_N_FLOWS
} TillFlow;

const char *till_flow_word (TillFlow flow);
/* MISSING for a word that is not known. */
TillFlow till_flow_from_word (const char *word);

/* One day of one provider: the last file that was read of it, if any, and how asking for one goes.
 */
typedef struct
{
  char *provider;   /* owned; registry name */
  int day;          /* yyyymmdd, as the provider counts its days */
  int64_t id;       /* of the last file; 0: none was read, and all below up to open is 0 or "" */
  int files;        /* different ones that were read */
  int64_t at;       /* µs UTC; when it was read */
  char *read_by;    /* owned; the person's name, "" for the till itself */
  gboolean by_hand; /* a person brought it; else it was fetched */
  int64_t n;
  TillMoney paid, returned; /* fen; what came in, what went back */
  TillMoney settled;        /* fen; what is paid out, before fees */
  int64_t fee_exact;        /* thousandths of a fen */
  int64_t our_n;
  TillMoney our_paid, our_returned;
  int64_t matched; /* rows of the file */
  TillFlow flow;
  char *flow_first; /* owned; DIFFERS: the first number, else "" */
  int differing;    /* rows that did not agree, of all files of that day */
  int open;         /* of these, not closed */
  int tries;        /* times that it was asked for in vain */
  int64_t asked_at; /* µs UTC; 0: never */
  int64_t due_at;   /* µs UTC; when it is asked for next; 0: it is not */
  char *file;       /* owned; the word of what came of it last, or "" */
  char *said;       /* owned; in words, or "" */
} TillSettledDay;

typedef struct
{
  int64_t settlement_id;
  int n;
  char *provider; /* owned */
  int day;
  gboolean by_hand;                   /* a person brought the file; else it was fetched */
  char *match;                        /* owned; word of the class: "amount", "state" … */
  char *kind;                         /* owned; "payment", "refund", "reversal" */
  gboolean back;                      /* money leaves the shop */
  char *request_no;                   /* owned */
  char *sale_no;                      /* owned; "": no number of ours */
  char *provider_no;                  /* owned; or "" */
  int64_t line;                       /* in the file; 0: only our books have it */
  TillMoney their_amount, our_amount; /* fen; mean something where that side has it */
  char *their_state, *our_state;      /* owned; as they were when the file was read, or "" */
  char *now_state;                    /* owned; ours now, or "" */
  int64_t refund_id;                  /* ours of that number, or 0 */
  int64_t closed_at;                  /* µs UTC; 0: it is open */
  char *closed_by, *approved_by;      /* owned; names, or "" */
  int64_t by_file;                    /* the file in which it agrees, or 0 */
  int by_day;                         /* … and its day */
  char *reason;                       /* owned; a person's words, or "" */
} TillDifference;

void till_settled_day_free (TillSettledDay *day);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSettledDay, till_settled_day_free)
void till_difference_free (TillDifference *difference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDifference, till_difference_free)

/* Money that left the shop, and only the provider knows of it: two persons close it. */
gboolean till_difference_needs_two (const TillDifference *difference);

G_END_DECLS
