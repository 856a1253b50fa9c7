/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return, last stage: it is in the books. What to hand over now, and where each refund is; the
 * faces turn by themselves while it is in front. Main thread. */
#pragma once
#include "widgets/counter.h"
#include "widgets/return-job.h"

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_DONE (till_return_done_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnDone, till_return_done, TILL, RETURN_DONE, GtkBox)

/* counter and job outlive it. */
void till_return_done_set_up (TillReturnDone *done, TillCounter *counter, TillReturnJob *job);
/* Shows the goods of the job. */
void till_return_done_show (TillReturnDone *done);
/* The books moved: reads the goods anew and shows them. */
void till_return_done_read (TillReturnDone *done);

G_END_DECLS
