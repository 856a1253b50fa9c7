/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the drawer is opened without a sale: a short list to pick from. Main thread only. */
#pragma once
#include "widgets/pick-panel.h"

G_BEGIN_DECLS

void till_drawer_reasons_open (TillCounter *counter, TillPicked picked, GtkWidget *page);
/* The one that was picked, as the books keep it: in no language but the code's. */
const char *till_drawer_reasons_picked (TillPickPanel *panel);

G_END_DECLS
