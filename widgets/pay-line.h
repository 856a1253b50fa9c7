/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed on Pay. One of 1, 2, 3 (and 4) alone chooses a way to pay and leaves the input line
 * at once. If figures follow, it was the first of an amount after all ("38.50") and comes back; if
 * so many follow that they can only be a payment code, it was the way to pay, and no part of the
 * code.
 *
 * Pure; knows no widget and no time. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_PAY_LINE_MAX 40
/* More figures than this, and no point, are no amount. */
#define TILL_PAY_AMOUNT_MAX 10

typedef struct
{
  char text[TILL_PAY_LINE_MAX + 1]; /* what is to stand in the line */
  char way;                         /* the digit that chose a way to pay; 0 for none */
  gboolean led;                     /* it stands in the line again, in front of an amount */
} TillPayLine;

/* ways: how many ways to pay there are. text: what stands in the line now. TRUE: line->text is to
 * stand there instead. */
gboolean till_pay_line_feed (TillPayLine *line, int ways, const char *text);
/* 0 to ways - 1: a way to pay was chosen and nothing was typed after it; -1: none. */
int till_pay_line_way (const TillPayLine *line);
/* It can only be a code. */
gboolean till_pay_line_is_code (const TillPayLine *line);

G_END_DECLS
