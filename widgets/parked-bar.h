/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The baskets that are parked at this till: the latest in a line below the basket, all of them in a
 * panel to choose from. Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_PARKED_BAR (till_parked_bar_get_type ())
G_DECLARE_FINAL_TYPE (TillParkedBar, till_parked_bar, TILL, PARKED_BAR, GtkBox)

/* Signal "chosen" (gint64 id of a parked basket). */
void till_parked_bar_set_up (TillParkedBar *bar, TillCounter *counter);
/* Takes parked: of TillParked; the bar is hidden while there is none. */
void till_parked_bar_show (TillParkedBar *bar, GPtrArray *parked);
guint till_parked_bar_n (TillParkedBar *bar);
/* The only one is chosen at once; of several somebody picks. */
void till_parked_bar_choose (TillParkedBar *bar);

G_END_DECLS
