/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawer counted kind by kind, from the largest note down: a field each, one of them in hand.
 * Main thread only. */
#pragma once
#include "data/trade/shift.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_SHIFT_COUNT (till_shift_count_get_type ())
G_DECLARE_FINAL_TYPE (TillShiftCount, till_shift_count, TILL, SHIFT_COUNT, GtkGrid)

/* Signal "moved": another kind is in hand. */
void till_shift_count_start (TillShiftCount *count);
/* "¥100" of the kind in hand. */
char *till_shift_count_kind (TillShiftCount *count) G_GNUC_WARN_UNUSED_RESULT;
/* Puts so many pieces of the kind in hand; FALSE when there can be none so many. */
gboolean till_shift_count_put (TillShiftCount *count, int pieces);
/* Goes by so many kinds; FALSE at the end. */
gboolean till_shift_count_move (TillShiftCount *count, int by);
const TillCount *till_shift_count_get (TillShiftCount *count);

G_END_DECLS
