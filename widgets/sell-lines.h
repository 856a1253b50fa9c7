/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sell: the basket line by line, and every change of it by hand, with steps back. The basket itself
 * is the counter's; while that has none, nothing can be changed. Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_SELL_LINES (till_sell_lines_get_type ())
G_DECLARE_FINAL_TYPE (TillSellLines, till_sell_lines, TILL, SELL_LINES, GtkBox)

/* Signal "changed": the basket did, and wants to be kept and shown. */
void till_sell_lines_set_up (TillSellLines *lines, TillCounter *counter);
/* The counter's basket, which is there, and what is to pay for it. */
void till_sell_lines_show (TillSellLines *lines);
/* One piece more, or what lies on the scale; says why not. */
void till_sell_lines_add (TillSellLines *lines, const TillItem *item);
/* Another basket: there is nothing to go back to. */
void till_sell_lines_forget (TillSellLines *lines);
/* text: the input line. TRUE: the key was used. */
gboolean till_sell_lines_key (TillSellLines *lines, guint keyval, const char *text);

G_END_DECLS
