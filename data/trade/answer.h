/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the trade answers: yes, or no with the reason and the figures that explain it.
 *
 * A no is a value, not an error: it is shown, often stored by its word, and tells what to do next.
 * Plain struct, no owned memory, any thread; till_answer_sentence () uses the current language. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* code, stored word */
#define TILL_ANSWERS(X)                                                                            \
  X (TILL_YES, "yes")                                                                              \
  X (TILL_NO_EMPTY, "empty")               /* nothing in the basket, no line chosen */             \
  X (TILL_NO_ITEM, "no_item")              /* ref: the code that nobody knows */                   \
  X (TILL_NO_SALE, "no_sale")              /* ref: the number that nobody knows */                 \
  X (TILL_NO_ONE_SALE, "several_sales")    /* quantity: how many the reference ref means */        \
  X (TILL_NO_RIGHT, "no_right")            /* this person may not do this */                       \
  X (TILL_NO_DISCOUNT, "discount_limit")   /* amount asked, limit */                               \
  X (TILL_NO_TENDER_SHORT, "tender_short") /* amount missing */                                    \
  X (TILL_NO_TENDER_OVER, "tender_over")   /* electronic above due: amount, limit */               \
  X (TILL_NO_TENDER_BUSY, "tender_busy")   /* another electronic leg is not confirmed */           \
  X (TILL_NO_NOT_PAID, "not_paid")         /* ref: a sale that is not (yet) paid */                \
  X (TILL_NO_QUANTITY, "quantity")         /* quantity asked, allowed, ref goods */                \
  X (TILL_NO_LEG, "leg_cap")               /* amount asked, limit left on the payment */           \
  X (TILL_NO_STALE, "stale")               /* somebody was faster: read again */                   \
  X (TILL_NO_REASON, "no_reason")                                                                  \
  X (TILL_NO_WINDOW, "window")            /* quantity: days passed, allowed: days */               \
  X (TILL_NO_ROUTE, "route")              /* not the way it was paid */                            \
  X (TILL_NO_TOO_OLD, "too_old")          /* days since paid, allowed, ref provider (a msgid) */   \
  X (TILL_NO_TOO_OFTEN, "too_often")      /* refunds so far, allowed, ref provider (a msgid) */    \
  X (TILL_NO_LIMIT, "limit")              /* amount, limit of this person */                       \
  X (TILL_NO_SAME_PERSON, "same_person")  /* asker = approver */                                   \
  X (TILL_NO_DRAWER, "drawer_short")      /* amount asked, limit in the drawer */                  \
  X (TILL_NO_PIN, "pin")                  /* quantity: tries left */                               \
  X (TILL_NO_LOCKED, "locked")            /* quantity: minutes */                                  \
  X (TILL_NO_STATE, "state")              /* ref: the state it is in */                            \
  X (TILL_NO_STOPPED, "stopped")          /* refunds are stopped */                                \
  X (TILL_NO_AMOUNT, "amount")            /* no amount above zero */                               \
  X (TILL_NO_CASH, "cash_out")            /* amount above what the drawer can hold */              \
  X (TILL_NO_CASH_REASON, "cash_reason")  /* cash leaves the drawer for a reason */                \
  X (TILL_NO_KEEP, "keep")                /* amount to stay, limit: what was counted */            \
  X (TILL_NO_OVER_SHORT, "over_short")    /* amount counted too much (+) or too little, limit */   \
  X (TILL_NO_SETTING, "setting")          /* ref: a setting that cannot be this */                 \
  X (TILL_NO_TAKER, "no_taker")           /* ref: a provider that does not take this */            \
  X (TILL_NO_NOTICE, "no_notice")         /* ref: of no unsettled notice */                        \
  X (TILL_NO_WORDS, "no_words")           /* nothing was said */                                   \
  X (TILL_NO_SLIP, "no_slip")             /* ref: of no slip that asks for a person */             \
  X (TILL_NO_DIFFERENCE, "no_difference") /* ref: of no open row of a settlement file */           \
  X (TILL_NO_SECOND, "no_second")         /* two persons are needed; amount: of money */           \
  X (TILL_NO_STOP, "no_stop")             /* ref: a provider that is not stopped */                \
  X (TILL_NO_CARD_SLIP, "card_slip")      /* ref: which number of a card slip cannot be */         \
  X (TILL_NO_CARD_SLIP_TWICE, "card_slip_twice") /* ref: a number that is in the books */          \
  X (TILL_NO_ASSERT, "assert_limit") /* amount, limit of what this person may assert */            \
  X (TILL_NO_DEVICE, "no_device")    /* ref: of no device in the register that is in use */        \
  X (TILL_NO_DEVICE_TWICE, "twice")  /* ref: the name of the one that is plugged in as this */     \
  X (TILL_NO_RECORD, "record")       /* ref: what of a device's record cannot be so */

typedef enum
{
#define X(code, word) code,
  TILL_ANSWERS (X)
#undef X
} TillAnswerCode;

typedef struct
{
  TillAnswerCode code;
  TillMoney amount;
  TillMoney limit;
  TillQuantity quantity; /* thousandths where goods are meant, plain where the code says so */
  TillQuantity allowed;
  char ref[48]; /* a number or a name, cut to fit; "" when there is none */
} TillAnswer;

TillAnswer till_answer (TillAnswerCode code);
/* ref may be NULL: there is none. */
TillAnswer till_answer_ref (TillAnswerCode code, const char *ref);
TillAnswer till_answer_money (TillAnswerCode code, TillMoney amount, TillMoney limit);
TillAnswer till_answer_quantity (TillAnswerCode code, TillQuantity quantity, TillQuantity allowed,
                                 const char *ref);

/* TRUE when a second person may turn this no into a yes. */
gboolean till_answer_can_be_approved (const TillAnswer *answer);

const char *till_answer_word (TillAnswerCode code);
gboolean till_answer_from_word (const char *word, TillAnswerCode *code);
/* What happened, what was kept, what to do next; in the current language. */
char *till_answer_sentence (const TillAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
