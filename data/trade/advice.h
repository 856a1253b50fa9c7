/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said to the people at the till about a refund or a payment, and the one thing to do next.
 *
 * One table from state and failure class to a plain sentence: what happened, what was kept, what
 * now. The provider's own words never stand inside it; they stand beside it, quoted. Pure; any
 * thread; sentences use the current language and are the caller's. */
#pragma once
#include "data/trade/refund.h"
#include "data/trade/staff.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_NEXT_NOTHING,   /* the till goes on by itself, or it is over */
  TILL_NEXT_ASK,       /* do not wait: ask or send now */
  TILL_NEXT_APPROVE,   /* a second person says yes or no */
  TILL_NEXT_CORRECT,   /* put right what was refused, send again */
  TILL_NEXT_TAKE_BACK, /* give this way up, so that another one is free */
  TILL_NEXT_PAY_CASH,
  TILL_NEXT_CALL,       /* the provider, with both numbers */
  TILL_NEXT_PAY_AGAIN,  /* the same way to pay once more */
  TILL_NEXT_OTHER_WAY,  /* the customer pays another way */
  TILL_NEXT_CALL_STAFF, /* whoever is in charge */
} TillNext;

/* zone: of the times in it. */
char *till_advice_refund (const TillRefund *refund, const char *zone) G_GNUC_WARN_UNUSED_RESULT;
TillNext till_advice_refund_next (const TillRefund *refund);
char *till_advice_leg (const TillLeg *leg, const char *zone) G_GNUC_WARN_UNUSED_RESULT;
TillNext till_advice_leg_next (const TillLeg *leg);

/* "The provider says: “余额不足” (NOT_ENOUGH)", or "" when it said nothing. Either may be "". */
char *till_advice_said (const char *code, const char *words) G_GNUC_WARN_UNUSED_RESULT;

/* That the provider closes a refund unpaid at that time, and what a manager does before. provider:
 * its name for people. "" for 0. */
char *till_advice_closing (const char *provider, int64_t at,
                           const char *zone) G_GNUC_WARN_UNUSED_RESULT;

/* The same of all that are about to be closed, for reports: how many, how much, and the first time.
 */
char *till_advice_all_closing (int n, TillMoney amount, int64_t at,
                               const char *zone) G_GNUC_WARN_UNUSED_RESULT;

/* One step of a refund's life in a few words; event: as the history keeps it. */
const char *till_advice_event (const char *event);

const char *till_next_word (TillNext next); /* "ask" …, "" for nothing */
/* FALSE: this person may not do it themselves. TRUE where nobody needs a right. */
gboolean till_next_is_for (TillNext next, TillRole role);

G_END_DECLS
