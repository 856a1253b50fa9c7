/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers tell of their own accord, once a codec has believed it. A notice is a hint: it may
 * make the question about its payment or refund due now, and that is all it can do. No notice moves
 * a state, and none of them is needed: without any, the same questions are asked a little later.
 *
 * One that is about no number of ours is kept and stays on the list until a manager has said what
 * it was: somebody may be acting at the provider in our name. */
#pragma once
#include "data/ledger/notice-store.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

/* Unsettled ones of one provider that are kept; one more is BUSY. */
#define TILL_NOTICE_STRAYS_MAX 1000
/* Different ones of one number that are kept; one more counts as a repeat. */
#define TILL_NOTICE_OF_NUMBER_MAX 50

typedef enum
{
  TILL_NOTICED_ASKS,     /* the question is due now */
  TILL_NOTICED_KEPT,     /* of a row of which nothing is to be asked, or not yet */
  TILL_NOTICED_REPEATED, /* it was counted */
  TILL_NOTICED_STRAY,    /* it is about no number that this provider was ever sent */
} TillNoticed;

/* One transaction, on the thread of ledger. digest: of what was said, 64 hexadecimal digits.
 * INVALID for what no codec may believe; BUSY when too many are unsettled: nothing is kept, and the
 * provider is told no, so that it comes again. */
gboolean till_noticing_receive (TillLedger *ledger, const char *provider, const TillNotice *notice,
                                const char *digest, TillNoticed *noticed, GError **error);

gboolean till_noticing_count (TillLedger *ledger, int *unsettled, GError **error);
/* The unsettled ones, oldest first, at most limit; of TillKeptNotice. */
GPtrArray *till_noticing_list (TillLedger *ledger, int limit,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those, and behind them all others, newest first; at most limit together. */
GPtrArray *till_noticing_kept (TillLedger *ledger, int limit,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A manager says what it was. TILL_NO_NOTICE when there is no such unsettled one, TILL_NO_WORDS
 * without a reason. */
gboolean till_noticing_settle (TillLedger *ledger, int64_t staff_id, int64_t id, const char *reason,
                               TillAnswer *answer, GError **error);

G_END_DECLS
