/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pay: the payments of a sale one below the other, and the sentence for each. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/pay-job.h"

G_BEGIN_DECLS

/* Those the books have, then those that are agreed; box holds nothing else. */
void till_pay_legs_show (GtkBox *box, const TillPayJob *job);
/* What is to be known about it; NULL for a payment nobody needs to think about. */
char *till_pay_legs_sentence (const TillLeg *leg, TillCounter *counter) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
