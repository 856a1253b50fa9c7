/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of one refund, from the first entry down to now. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

#define TILL_TYPE_TIME_LINE (till_time_line_get_type ())
G_DECLARE_FINAL_TYPE (TillTimeLine, till_time_line, TILL, TIME_LINE, GtkBox)

/* steps: of TillRefundStep, oldest first; NULL empties it. */
void till_time_line_show (TillTimeLine *line, TillCounter *counter, const GPtrArray *steps);

G_END_DECLS
