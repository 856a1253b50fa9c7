/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came back in a period, by reason, cashier, goods, day or way: one sentence, a picture and
 * the figures. And the payment providers: how they have been answering. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_REPORTS_PAGE (till_reports_page_get_type ())
G_DECLARE_FINAL_TYPE (TillReportsPage, till_reports_page, TILL, REPORTS_PAGE, GtkBox)

extern const TillPage till_reports_page;

G_END_DECLS
