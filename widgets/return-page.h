/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return: which goods, why, and how the money goes back, in three steps on one page. The page asks
 * and shows; whether goods may come back, how much that is and who must agree is the desk's answer.
 * The draft and its request number are in the books from the first piece on: two clicks, a retry or
 * a power cut are one return. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_RETURN_PAGE (till_return_page_get_type ())
G_DECLARE_FINAL_TYPE (TillReturnPage, till_return_page, TILL, RETURN_PAGE, GtkBox)

/* shown: the argument is the number of a sale to open, or NULL for the draft at hand. */
extern const TillPage till_return_page;

G_END_DECLS
