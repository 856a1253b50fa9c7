/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stays in sight through all stages of a return: the three steps with the one at hand in heavy
 * letters, and the receipt it is about. Main thread. */
#pragma once
#include "widgets/counter.h"
#include "widgets/return-job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_HEAD (till_return_head_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnHead, till_return_head, TILL, RETURN_HEAD, GtkBox)

/* Hides itself while no sale is found; what is to refund is the window's total. */
void till_return_head_show (TillReturnHead *head, const TillReturnJob *job, TillCounter *counter);

G_END_DECLS
