/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said while somebody pays. Words only; main thread. */
#pragma once
#include "widgets/counter.h"
#include "widgets/pay-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What is to be known about a payment; NULL where nobody needs to think about it. */
char *till_pay_words_leg (const TillLeg *leg, TillCounter *counter) G_GNUC_WARN_UNUSED_RESULT;
/* What is waited for: the answer, a card or a code; cash has no prompt. */
void till_pay_words_prompt (AdwStatusPage *page, const TillPayJob *job, TillCounter *counter);
/* The line below: which keys lead on. */
const char *till_pay_words_advice (const TillPayJob *job);

G_END_DECLS
