/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers told of their own accord: first what is about no number of this shop and waits for
 * a manager, then everything else, the latest first. Part of the page of refunds, which hands it
 * the keys. Main thread only; waits for nothing. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_NOTICES_PART (till_notices_part_get_type ())
G_DECLARE_FINAL_TYPE (TillNoticesPart, till_notices_part, TILL, NOTICES_PART, GtkBox)

/* Signals "opened" (int64_t, the id of a refund that is to be shown) and "settled" (one was, or it
 * was tried: the figures and the list are to be read anew). counter outlives the part. */
void till_notices_part_set_up (TillNoticesPart *part, TillCounter *counter);
/* The next reading is of the first ones, and chooses the first of them. */
void till_notices_part_start (TillNoticesPart *part);
void till_notices_part_read (TillNoticesPart *part);
/* S settles, O opens, M shows more, the arrows choose. TRUE: it was used. */
gboolean till_notices_part_key (TillNoticesPart *part, guint keyval);

G_END_DECLS
