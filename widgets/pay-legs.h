/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pay: the payments of a sale, one below the other. Main thread only. */
#pragma once
#include "widgets/pay-job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Those the books have, then those that are agreed; box holds nothing else. */
void till_pay_legs_show (GtkBox *box, const TillPayJob *job);

G_END_DECLS
