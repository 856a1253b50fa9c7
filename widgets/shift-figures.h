/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards with a caption and a figure, three in a row. Main thread only. */
#pragma once
#include "data/core/money.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_SHIFT_FIGURES (till_shift_figures_get_type ())
G_DECLARE_FINAL_TYPE (TillShiftFigures, till_shift_figures, TILL, SHIFT_FIGURES, GtkGrid)

/* Puts the nth card (from 0), which is made when it is new; n_of below 0: nothing was counted. */
void till_shift_figures_set (TillShiftFigures *figures, guint n, const char *caption, int64_t n_of,
                             TillMoney amount);

G_END_DECLS
