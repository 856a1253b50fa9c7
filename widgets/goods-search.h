/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods by name, by the initials of its pinyin or by code, in a panel that asks the desk while
 * somebody types. Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

/* page is the one that was given; item is lent for the call. */
typedef void (*TillGoodsPicked) (gpointer page, const TillItem *item);

/* Opens the panel over the page; text is what was typed already. */
void till_goods_search_open (TillCounter *counter, const char *text, TillGoodsPicked picked,
                             GtkWidget *page);

G_END_DECLS
