/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How money that was paid through a provider goes back: as a void (撤销), which undoes the whole
 * payment before the provider's clearing day ends and costs the shop no fee, or as a refund (退货).
 * Decided from facts when the request is first promised, and frozen with it; stored with its
 * reason, and said on the screen and on the slip. Pure; any thread. */
#pragma once
#include "data/trade/provider.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ACT_REFUND,
  TILL_ACT_VOID,
} TillAct;

/* reason, stored word, act */
#define TILL_WHYS(X)                                                                               \
  X (NONE, "", REFUND)                /* not yet decided, or cash */                               \
  X (SAME_DAY, "same_day", VOID)      /* all of it, on the clearing day of the payment */          \
  X (NO_VOIDS, "no_voids", REFUND)    /* this provider has none */                                 \
  X (PART, "part", REFUND)            /* a part, or some went back before */                       \
  X (LATER, "later", REFUND)          /* the payment's clearing day is over */                     \
  X (REFUSED, "void_refused", REFUND) /* the void was finally refused */                           \
  X (TERMINAL, "terminal", REFUND)    /* paid at a terminal that voids by itself alone */

typedef enum
{
#define X(reason, word, act) TILL_WHY_##reason,
  TILL_WHYS (X)
#undef X
} TillWhy;

typedef struct
{
  TillMoney paid;   /* the payment */
  TillMoney amount; /* what goes back now */
  TillMoney others; /* all else of this payment that counts against it */
  int64_t paid_at;  /* µs UTC */
  int64_t now;
  gboolean void_was_refused;
  gboolean by_slip; /* the payment was typed from a card slip */
} TillActFacts;

/* profile may be NULL: a provider nobody knows has no voids. */
TillWhy till_act_choose (const TillProfile *profile, const TillActFacts *facts);
TillAct till_act_of (TillWhy reason);

const char *till_why_word (TillWhy reason);
TillWhy till_why_from_word (const char *word);
/* For people, in the current language: "Voided: …"; "" for NONE. */
const char *till_why_sentence (TillWhy reason);

G_END_DECLS
