/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one provider is spoken to, as a constant table of pure functions. No line, no clock, no
 * books.
 *
 * build () makes the request for an errand that the profile can do. The same errand gives the same
 * bytes on every attempt and after every restart, so that a provider which knows the number sees a
 * repeat and nothing new; only a stamp that the provider wants fresh (TillErrand.asked_at, and what
 * is signed with it) may differ, and never in what a request is known by.
 * interpret () reads what came back. It has no way to fail: what is not believable (no answer, no
 * signature, a word nobody told us about) is UNKNOWN, and it is never NULL.
 *
 * The two queries carry, beside request_no, the amount (and for a refund the original_no) of the
 * thing they ask about, so that the answer is compared with our row. A NOT_SENT or REFUSED says
 * nothing of an earlier attempt under the same number whose fate is not known: that is for the
 * dispatcher to keep apart.
 *
 * follow () is for an errand that takes several requests. Between two of them nothing is committed,
 * so it is for questions and reversals only: what takes or gives money is one request. */
#pragma once
#include "data/trade/errand.h"
#include "data/trade/provider.h"
#include "devices/gateway/account.h"
#include "devices/gateway/balance.h"
#include "devices/gateway/file-answer.h"
#include "devices/gateway/letter.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* The most requests that one errand may be. */
#define TILL_CODEC_STEPS_MAX 3

/* A code by which the provider says that it is about us and not about the errand: the next one
 * would be refused the same. Only KEYS and RIGHTS; the clock is compared by who asks. */
typedef struct
{
  const char *word;
  TillStopCause cause;
} TillStopWord;

typedef struct
{
  const TillProfile *profile;
  guint needs;              /* TILL_NEEDS_OUR_KEY | …: what an account must have */
  const char *const *facts; /* further words of account.ini it must have, ended by NULL; or NULL */
  TillRequest *(*build) (const TillErrand *errand, const TillAccount *account);
  /* Whether the further words can be right; INVALID with why not. NULL: any are. */
  gboolean (*check) (const TillAccount *account, GError **error);
  /* What is asked next when that answer came to what was asked; NULL: nothing, and interpret ()
   * reads the answer. NULL as a function: one request is all. */
  TillRequest *(*follow) (const TillErrand *errand, const TillAccount *account,
                          const TillRequest *asked, const TillReply *answer);
  TillOutcome *(*interpret) (const TillErrand *errand, const TillAccount *account,
                             const TillReply *answer);
  const TillFileCodec *file;     /* how its settlement file is asked for; NULL: not known */
  const TillNoticeCodec *notice; /* how its notices are read; NULL: it sends none */
  const TillBalanceCodec
      *balance;              /* how the merchant's money there is asked for; NULL: not known */
  const TillStopWord *stops; /* ended by a NULL word; NULL: none is known */
} TillCodec;

G_END_DECLS
