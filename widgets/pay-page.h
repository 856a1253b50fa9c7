/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pay: cash by figures and Enter, a card at the reader, a code under the scanner. Cash is decided
 * here and now; the others are promises in the books that this page only watches. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAY_PAGE (till_pay_page_get_type ())
G_DECLARE_FINAL_TYPE (TillPayPage, till_pay_page, TILL, PAY_PAGE, GtkBox)

extern const TillPage till_pay_page;

G_END_DECLS
