/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pay in cash: what was received, what is to be given back, and the sums that customers are likely
 * to hand over. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/pay-job.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAY_CASH (till_pay_cash_get_type ())
G_DECLARE_FINAL_TYPE (TillPayCash, till_pay_cash, TILL, PAY_CASH, GtkBox)

void till_pay_cash_set_up (TillPayCash *cash, TillCounter *counter);
void till_pay_cash_show (TillPayCash *cash, const TillPayJob *job);

G_END_DECLS
