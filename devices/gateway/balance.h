/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider holds for the merchant: one question that moves no money and stands in no books,
 * so that it can never be taken for something due. A refund that the merchant's funds do not cover
 * waits for them; this tells how far they reach.
 *
 * Must not be asked inside a transaction, for it takes as long as the provider is given to answer.
 * An amount is told only when the whole answer was understood. Plain struct; any thread; sentences
 * use the current language. */
#pragma once
#include "data/core/clock.h"
#include "data/core/money.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* code, stored word */
#define TILL_BALANCES(X)                                                                           \
  X (TOLD, "told")                                                                                 \
  X (REFUSED, "refused") /* the provider does not take our question */                             \
  X (UNKNOWN, "unknown") /* no answer, or none that is believed */                                 \
  X (NO_LINE, "no_line") /* surely nothing left this machine */

typedef enum
{
#define X(code, word) TILL_BALANCE_##code,
  TILL_BALANCES (X)
#undef X
} TillBalanceResult;

typedef struct
{
  TillBalanceResult result;
  TillMoney available; /* TOLD; may be negative: the merchant owes it */
  gboolean tells_pending;
  TillMoney pending; /* TOLD and told; not yet to be used */
  int64_t asked_at;  /* µs UTC, by this machine's clock */
  char *detail;      /* owned; why it was not told, for the person, or NULL */
} TillBalance;

/* A provider's way of speaking about it, beside its codec; asked_at is the same in both, and what
 * ties the answer to the question is made of it. interpret () never gives NULL. */
struct _TillBalanceCodec
{
  TillRequest *(*build) (const TillAccount *account, int64_t asked_at);
  TillBalance *(*interpret) (const TillAccount *account, int64_t asked_at, const TillReply *reply);
};
typedef struct _TillBalanceCodec TillBalanceCodec;

TillBalance *till_balance_new (TillBalanceResult result,
                               const char *detail) G_GNUC_WARN_UNUSED_RESULT;
/* NULL for pending: the provider does not tell it. */
TillBalance *till_balance_new_told (TillMoney available,
                                    const TillMoney *pending) G_GNUC_WARN_UNUSED_RESULT;
/* With what the provider says itself, cleaned and cut; either may be NULL. */
TillBalance *till_balance_new_said (TillBalanceResult result, const char *code,
                                    const char *words) G_GNUC_WARN_UNUSED_RESULT;
void till_balance_free (TillBalance *balance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillBalance, till_balance_free)

/* 32 small hexadecimal digits made of account and instant: another question says something else. */
char *till_balance_nonce (const TillAccount *account, int64_t asked_at) G_GNUC_WARN_UNUSED_RESULT;

/* Whether that provider has such a request. */
gboolean till_balance_is_told_by (const char *provider);
/* Blocks, as long as the transport does; only for a provider that has it (asserted). NULL with
 * STOPPED only. */
TillBalance *till_balance_ask (const TillAccount *account, TillTransport transport,
                               TillClock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *till_balance_result_word (TillBalanceResult result);
/* The amounts, or why there are none and what to do. */
char *till_balance_sentence (const TillBalance *balance) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
