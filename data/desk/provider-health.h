/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a provider has been answering, from the books alone: nothing is asked and nothing is kept
 * beside the histories of payments and refunds. Plain structs; the thread of the ledger. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/stop.h"

G_BEGIN_DECLS

#define TILL_HEALTH_LAST 100
#define TILL_HEALTH_SILENCES 5
/* So many silences in a row are no accident, and so large a share (per cent) of a day is none. */
#define TILL_HEALTH_SILENT_IN_A_ROW 3
#define TILL_HEALTH_UNSTEADY_PERCENT 10

/* state, stored word */
#define TILL_HEALTHS(X)                                                                            \
  X (QUIET, "quiet") /* nothing was asked within 24 hours */                                       \
  X (WORKING, "working")                                                                           \
  X (UNSTEADY, "unsteady") /* a tenth or more of the last 24 hours was not answered */             \
  X (SILENT, "silent")     /* the latest answers did not come */                                   \
  X (STOPPED, "stopped")   /* nothing goes there at the moment */

typedef enum
{
#define X(state, word) TILL_HEALTH_##state,
  TILL_HEALTHS (X)
#undef X
} TillHealthState;

/* Requests and questions of a span of time. */
typedef struct
{
  int n;                 /* that were answered or were not */
  int silent;            /* of them: no believable answer, or the line was dead */
  int64_t median, worst; /* µs from promise to answer; 0 where no answer had a promise before it */
  char *refused;         /* owned; what was refused most, as the provider says it, or NULL */
  int refused_n;
} TillHealthSpan;

/* Calls in a row that were not answered: when the line was silent, and what failed by it. */
typedef struct
{
  int calls;             /* 0: there was none */
  int payments, refunds; /* that they were about, each once */
  int64_t from, to;      /* µs; the first and the last of them */
} TillHealthSilence;

typedef struct
{
  char *provider; /* owned; registry name */
  TillHealthState state;
  int64_t last_done_at;     /* µs; money moved, as the provider said; 0: not that anybody knows */
  TillHealthSpan day, last; /* the last 24 hours; the last TILL_HEALTH_LAST */
  int64_t last_answer_at;   /* µs; whatever it was; 0: not that anybody knows */
  /* Within the last 24 hours: how many, and the latest of them, newest first. */
  int n_silences;
  TillHealthSilence silences[TILL_HEALTH_SILENCES];
  int open; /* refunds that are open now, and their money */
  TillMoney open_amount;
  TillStop *stop; /* owned; why nothing goes there at the moment, or NULL */
} TillHealth;

void till_health_free (TillHealth *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHealth, till_health_free)
const char *till_health_word (TillHealthState state);
/* from and to as people read them; NULL when there was no silence. In the current language. */
char *till_health_silence_sentence (const TillHealthSilence *silence, const char *from,
                                    const char *to) G_GNUC_WARN_UNUSED_RESULT;
/* In the current language. */
const char *till_health_label (TillHealthState state);

/* *healths: of TillHealth, by provider; every one that was asked, has open refunds or is stopped.
 * staff_id needs TILL_RIGHT_REPORT; without it the answer is TILL_NO_RIGHT and *healths NULL. 0:
 * the program. */
gboolean till_reporting_providers (TillLedger *ledger, int64_t staff_id, GPtrArray **healths,
                                   TillAnswer *answer, GError **error);

G_END_DECLS
