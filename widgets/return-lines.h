/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return, first stage: which goods come back. A scan is one piece more, A all of it. Main thread.
 */
#pragma once
#include "widgets/counter.h"
#include "widgets/return-job.h"

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_LINES (till_return_lines_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnLines, till_return_lines, TILL, RETURN_LINES, GtkBox)

/* Signal "changed": the draft did. counter and job outlive it. */
void till_return_lines_set_up (TillReturnLines *lines, TillCounter *counter, TillReturnJob *job);
/* Shows the job, which has a sale. */
void till_return_lines_show (TillReturnLines *lines);
/* One piece more of the goods with this code; says why not. */
void till_return_lines_scan (TillReturnLines *lines, const char *code);
/* text: the input line. TRUE: the key was used. */
gboolean till_return_lines_key (TillReturnLines *lines, guint keyval, const char *text);

G_END_DECLS
