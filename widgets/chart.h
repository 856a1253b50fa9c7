/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars for a report, drawn with cairo: across for things that have names, upright for days. Says
 * itself in one sentence for those who listen; the table beside it has the figures. Main thread. */
#pragma once
#include "data/core/money.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_CHART (till_chart_get_type ())
G_DECLARE_FINAL_TYPE (TillChart, till_chart, TILL, CHART, GtkDrawingArea)

typedef struct
{
  char *label; /* owned */
  TillMoney amount;
} TillBar;

/* bars: of TillBar, copied. upright: days. */
void till_chart_show (TillChart *chart, const GArray *bars, gboolean upright, const char *summary);

G_END_DECLS
