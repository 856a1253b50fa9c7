/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return, second stage: the reason, one digit; before it, if they differ from what the reason says,
 * the condition of the goods and where they go. Main thread. */
#pragma once
#include "widgets/counter.h"
#include "widgets/return-job.h"

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_WHY (till_return_why_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnWhy, till_return_why, TILL, RETURN_WHY, GtkBox)

/* Signals "changed" (the draft did) and "chosen" (it did, and it has its reason: go on). counter
 * and job outlive it. */
void till_return_why_set_up (TillReturnWhy *why, TillCounter *counter, TillReturnJob *job);
void till_return_why_show (TillReturnWhy *why);
/* TRUE: the key was used. */
gboolean till_return_why_key (TillReturnWhy *why, guint keyval);

G_END_DECLS
