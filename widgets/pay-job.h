/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payment that is being made at this till: what there is to pay, what was agreed but not
 * submitted, and the sale once the books have it. The page owns it; its parts show it.
 *
 * Plain struct, main thread. No rule of the trade lives here: figures are sums of what is stored.
 */
#pragma once
#include "widgets/pay-line.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

typedef struct
{
  TillMoney total;
  GPtrArray *wishes;    /* owned; of TillTenderWish, agreed but not submitted */
  char *token;          /* owned; of the basket they are for */
  TillSale **sale;      /* unowned; the counter's: a sale whose payments are under way, or NULL */
  TillTender tender;    /* the way to pay that is chosen */
  gboolean at_terminal; /* cards are presented at the provider's own terminal */
  gboolean by_slip;     /* tender card: at a terminal that knows nothing of the till */
  TillPayLine line;     /* what is typed; it may be a payment code */
} TillPayJob;

void till_pay_job_init (TillPayJob *job);
/* May be called twice. */
void till_pay_job_clear (TillPayJob *job);

/* The payment is of the basket with this token from now on. TRUE: what was agreed for another one
 * is dropped. */
gboolean till_pay_job_turn_to (TillPayJob *job, const char *token);

TillMoney till_pay_job_due (const TillPayJob *job);
/* The amount that is typed, or what is due while nothing is; -1: what is typed is none. */
TillMoney till_pay_job_typed (const TillPayJob *job);
/* The payment that is not answered yet, or NULL. */
const TillLeg *till_pay_job_waiting (const TillPayJob *job);
/* One more is agreed. auth and masked as in TillTenderWish; both may be NULL; a card
 * without auth is presented at the provider's terminal. */
void till_pay_job_agree (TillPayJob *job, TillTender tender, TillMoney amount, TillMoney received,
                         const char *auth, const char *masked);
/* A card at the terminal beside the till. */
void till_pay_job_agree_slip (TillPayJob *job, TillMoney amount);
/* Hands all that is agreed over; then nothing is. */
GPtrArray *till_pay_job_take_wishes (TillPayJob *job) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
