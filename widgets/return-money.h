/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return, third stage: what goes back and how, as the desk rehearsed it, and who must agree. Main
 * thread. */
#pragma once
#include "widgets/counter.h"
#include "widgets/return-job.h"
#include "widgets/who-part.h"

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_MONEY (till_return_money_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnMoney, till_return_money, TILL, RETURN_MONEY, GtkBox)

/* Signals "second" (somebody typed a number and a PIN; take them from its who), "hold" (keep it
 * until they come). counter and job outlive it. */
void till_return_money_set_up (TillReturnMoney *money, TillCounter *counter, TillReturnJob *job);
/* Shows the job, which has a sale; the verdict as soon as it is rehearsed. */
void till_return_money_show (TillReturnMoney *money);
/* A new verdict: whatever was typed for the one before is gone. */
void till_return_money_start (TillReturnMoney *money);
TillWhoPart *till_return_money_who (TillReturnMoney *money);

G_END_DECLS
