/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the money is: refunds that wait, are under way or need a person, each with its whole life
 * and what can be done now. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_REFUNDS_PAGE (till_refunds_page_get_type ())
G_DECLARE_FINAL_TYPE (TillRefundsPage, till_refunds_page, TILL, REFUNDS_PAGE, GtkBox)

/* The argument of shown that opens what providers told of their own accord. */
#define TILL_REFUNDS_NOTICES "notices"
/* shown: the argument is that, the number of a refund or a return to open, or NULL. */
extern const TillPage till_refunds_page;

G_END_DECLS
