/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shop keeps of providers' settlement files, and what follows from one.
 *
 * A file that was held against the books is a fact, and so is each row that does not agree. It
 * moves no money and no state: it makes questions due, and the answers decide. A difference is over
 * when a later file that was fetched agrees, when our books have come to say what its own file
 * says, or when a manager has said what it was; money that only the provider knows to have left the
 * shop wants two persons. A file that a person brought closes nothing by itself: anybody can write
 * one.
 *
 * On the thread of ledger, all of it. */
#pragma once
#include "data/desk/reconciling.h"
#include "data/ledger/settlement-store.h"

G_BEGIN_DECLS

/* Rows that do not agree in one file; one with more is no file of this shop, and INVALID. */
#define TILL_SETTLING_ROWS_MAX 10000
/* Different files of one day that are kept; one more is INVALID. */
#define TILL_SETTLING_FILES_MAX 50
/* So many days back a file is asked for by itself. */
#define TILL_SETTLING_DAYS 10

/* How a file came. Texts are unowned. */
typedef struct
{
  const char *provider;    /* registry name */
  const char *digest;      /* of its bytes, 64 hexadecimal digits */
  const char *flow_digest; /* of the fund flow's; "" where there is none */
  gboolean flow_missing;   /* the provider gives one, and none that can be believed came */
  gboolean by_hand;        /* a person brought it; else it was fetched */
} TillSettlingFile;

typedef struct
{
  int64_t id;     /* of the file in the books */
  gboolean again; /* it was there already */
  int open;       /* rows that do not agree, of this file, now */
  int closed;     /* rows of earlier files that agree now */
  int asks;       /* questions that are due now because of it */
} TillSettled;

/* Holds the file against the books, and keeps what it says in one transaction. Takes settlement,
 * also when it fails. staff_id 0: the till by itself, which brings nothing by hand. Needs
 * TILL_RIGHT_REPORT, by hand TILL_RIGHT_MANAGE; without it *reconciled is NULL and nothing is kept.
 */
gboolean till_settling_keep (TillLedger *ledger, int64_t staff_id, const TillSettlingFile *file,
                             TillSettlement *settlement, const TillSettlement *flow,
                             TillReconciled **reconciled, TillSettled *settled, TillAnswer *answer,
                             GError **error);
/* Whether this person may bring a file by hand, to be asked before it is read. */
gboolean till_settling_may_bring (TillLedger *ledger, int64_t staff_id, TillAnswer *answer,
                                  GError **error);
/* Closes the rows whose number our books have come to call what the fetched file calls it. *n: how
 * many. */
gboolean till_settling_review (TillLedger *ledger, int *n, GError **error);

/* Need TILL_RIGHT_REPORT; NULL also when the answer is no. Of TillSettledDay, the latest first; and
 * of TillDifference, the open ones first. */
GPtrArray *till_settling_days (TillLedger *ledger, int64_t staff_id, int limit, TillAnswer *answer,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_settling_rows (TillLedger *ledger, int64_t staff_id, const char *provider, int day,
                               int limit, TillAnswer *answer,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_settling_count_open (TillLedger *ledger, int *n, GError **error);
/* What files said of a refund's number where it did not agree, oldest first; of TillDifference. */
GPtrArray *till_settling_of_refund (TillLedger *ledger, int64_t refund_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A manager says what a row was. second_no and second_pin: who agrees, or NULL. TILL_NO_DIFFERENCE
 * when no such row is open, TILL_NO_WORDS without a reason, TILL_NO_SECOND when two are needed. */
gboolean till_settling_close (TillLedger *ledger, int64_t staff_id, int64_t settlement_id, int n,
                              const char *reason, const char *second_no, const char *second_pin,
                              TillAnswer *answer, GError **error);

/* --- asking by itself --- */

/* Who can be asked, and from when on: seconds after midnight, China time, of the next day. */
typedef struct
{
  const char *provider; /* unowned */
  int ready_s;
} TillSettlingTaker;

typedef struct
{
  const char *provider; /* unowned; a taker's; NULL: nobody is to be asked, ever */
  int day;
  int64_t due_at; /* µs by the books' time */
} TillSettlingDue;

/* What is due first. Days before the shop's first and more than TILL_SETTLING_DAYS ago are not
 * asked for, unless a person wanted it; a provider that is stopped (data/trade/stop.h) is not asked
 * until a payment may go there. */
gboolean till_settling_next (TillLedger *ledger, const TillSettlingTaker *takers, guint n,
                             TillSettlingDue *due, GError **error);
/* It was asked for and no file came that could be kept: when it is asked for again. file is the
 * word of what came, said is for people; ready_at: not before, or 0. */
gboolean till_settling_asked (TillLedger *ledger, const char *provider, int day, const char *file,
                              const char *said, int64_t ready_at, GError **error);
/* Somebody wants it asked for now, or as soon as that day is over. Needs TILL_RIGHT_REPORT. */
gboolean till_settling_ask_now (TillLedger *ledger, int64_t staff_id, const char *provider, int day,
                                TillAnswer *answer, GError **error);

G_END_DECLS
