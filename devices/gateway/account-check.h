/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the way to a provider whole? One question that moves no money: what became of a payment number
 * that was never used, over the line that is used for money, with the keys that are used for it.
 *
 * It touches no books and must not be asked inside a transaction, for it takes as long as the
 * provider is given to answer. Nothing it tells is a secret. What an answer means is decided by a
 * pure function. Plain struct; any thread; sentences use the current language. */
#pragma once
#include "data/core/clock.h"
#include "data/trade/errand.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* So far apart the clocks are spoken of; from the second on providers refuse what we sign. */
#define TILL_CLOCK_APART_S 60
#define TILL_CLOCK_ALARM_S 300

/* code, stored word */
#define TILL_CHECKS(X)                                                                             \
  X (ANSWERED, "answered")         /* and believed: the number is not known there, as it should */ \
  X (REFUSED, "refused")           /* the provider does not take our question */                   \
  X (STRANGE, "strange")           /* believed, but it knows a number that nobody used */          \
  X (NOT_BELIEVED, "not_believed") /* an answer came, and nothing proves that it is theirs */      \
  X (TROUBLE, "trouble")           /* their machine says that it is not well (HTTP 5xx) */         \
  X (NO_ANSWER, "no_answer")       /* the question left, the time passed */                        \
  X (NO_LINE, "no_line")           /* surely nothing left this machine */

typedef enum
{
#define X(code, word) TILL_CHECK_##code,
  TILL_CHECKS (X)
#undef X
} TillCheckResult;

typedef struct
{
  TillCheckResult result;
  int64_t took_ms;     /* until the answer, or until it was given up */
  gboolean told_clock; /* the answer had a date … */
  int64_t
      clock_off_s; /* … and by it the provider's clock is so far ahead of ours; negative: behind */
  char *code;      /* owned; the provider's, or NULL */
  char *detail;    /* owned; why, in the words of the log or of the provider, or NULL */
} TillAccountCheck;

void till_account_check_free (TillAccountCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAccountCheck, till_account_check_free)

/* Blocks, as long as the transport does. clock: of this machine, for the question's number and
 * stamp and for the time it takes. NULL with STOPPED only. */
TillAccountCheck *till_account_check_run (const TillAccount *account, TillTransport transport,
                                          TillClock *clock,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from what came; asked_at and answered_at µs UTC by this machine's clock. */
TillAccountCheck *till_account_check_judge (const TillOutcome *outcome, const TillReply *reply,
                                            int64_t asked_at,
                                            int64_t answered_at) G_GNUC_WARN_UNUSED_RESULT;

const char *till_check_result_word (TillCheckResult result);
/* TRUE when nothing is to be done: answered, believed, and the clocks agree. */
gboolean till_account_check_is_well (const TillAccountCheck *check);
/* TRUE: the clocks are too far apart for money (above TILL_CLOCK_ALARM_S). */
gboolean till_account_check_clock_alarms (const TillAccountCheck *check);
/* What came and what to do, and of the clocks where they are apart. */
char *till_account_check_sentence (const TillAccountCheck *check) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
