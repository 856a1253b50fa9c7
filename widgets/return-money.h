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

/* Signals "rehearsed" (the verdict is there), "route-changed" (the draft did: rehearse it again),
 * "sent" (it is in the books: the job has goods), "stale" (the sale is not what it was). counter
 * and job outlive it. */
void till_return_money_set_up (TillReturnMoney *money, TillCounter *counter, TillReturnJob *job);
/* Shows the job, which has a sale; the verdict as soon as it is rehearsed. */
void till_return_money_show (TillReturnMoney *money);
/* Asks the desk what it would make of the draft; whatever was typed for the verdict before is gone.
 */
void till_return_money_rehearse (TillReturnMoney *money);
/* Sends, if nobody else must agree. */
void till_return_money_send (TillReturnMoney *money);
gboolean till_return_money_is_sending (TillReturnMoney *money);
/* TRUE: the key was used. */
gboolean till_return_money_key (TillReturnMoney *money, guint keyval);
/* Where number and PIN of a second person are typed; NULL while nobody is needed. */
TillWhoPart *till_return_money_who (TillReturnMoney *money);

G_END_DECLS
