/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that work now, always in sight; each is also a button for a finger. Main thread only. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_LEGEND (till_legend_get_type ())
G_DECLARE_FINAL_TYPE (TillLegend, till_legend, TILL, LEGEND, GtkBox)

/* Signal "pressed" (guint keyval, guint state). */
/* keys ends with a row without a word; may be NULL. */
void till_legend_set (TillLegend *legend, const TillLegendKey *keys);

G_END_DECLS
