/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column of screens at the left edge, with a badge for what waits, and the lock below. Main
 * thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_RAIL (till_rail_get_type ())
/* Signals "screen" (int, a TillScreen) and "lock". */
G_DECLARE_FINAL_TYPE (TillRail, till_rail, TILL, RAIL, GtkBox)

/* Lights the screen that is in front; Pay belongs to Sell. */
void till_rail_light (TillRail *rail, TillScreen screen);
/* 0 takes the badge away; a screen that is not on the rail has none. */
void till_rail_badge (TillRail *rail, TillScreen screen, int n);

G_END_DECLS
