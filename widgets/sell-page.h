/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sell: scan, see, go to Pay. What stands here is a draft in the books from the first scan on, so a
 * power cut costs nothing; undo walks back through the last fifty changes. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_SELL_PAGE (till_sell_page_get_type ())
G_DECLARE_FINAL_TYPE (TillSellPage, till_sell_page, TILL, SELL_PAGE, GtkBox)

/* shown: the argument "start" after signing in: an unfinished payment or return comes first. */
extern const TillPage till_sell_page;

G_END_DECLS
