/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the slip of the card terminal beside the till says, typed number by number into the window's
 * input line, or scanned; and who looks at it as well, when the cashier's word is not enough. It
 * asks nobody and holds no rule: the desk says which number cannot be. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/who-part.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAY_SLIP (till_pay_slip_get_type ())
G_DECLARE_FINAL_TYPE (TillPaySlip, till_pay_slip, TILL, PAY_SLIP, GtkBox)

/* Signal "signed": a second person typed number and PIN. */
/* For this payment; another one than before begins with empty numbers, but the terminal's. today:
 * in China, where the date is asked for when the sale was begun on another day. */
void till_pay_slip_show (TillPaySlip *part, const TillLeg *leg, int sale_day, int today);
/* Takes a typed text as the number that is asked for, "" as the one that stands there. TRUE: it was
 * the last one. */
gboolean till_pay_slip_take (TillPaySlip *part, const char *text);
/* One number back; FALSE: there is none before. */
gboolean till_pay_slip_back (TillPaySlip *part);
/* What is asked for now, for the input line's hint. */
const char *till_pay_slip_asks (TillPaySlip *part);
TillCardSlip *till_pay_slip_read (TillPaySlip *part) G_GNUC_WARN_UNUSED_RESULT;
/* The desk said no: to a number, which is asked for again, or to who says so. */
void till_pay_slip_refused (TillPaySlip *part, const TillAnswer *answer);
/* It is in the books: nothing of it stands there any more but the terminal's number. */
void till_pay_slip_done (TillPaySlip *part);
TillWhoPart *till_pay_slip_who (TillPaySlip *part); /* NULL while nobody is needed */

G_END_DECLS
