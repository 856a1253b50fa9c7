/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shift: what it did so far, cash between safe and drawer, the count before anybody is told
 * what it should be, and the close. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_SHIFT_PAGE (till_shift_page_get_type ())
G_DECLARE_FINAL_TYPE (TillShiftPage, till_shift_page, TILL, SHIFT_PAGE, GtkBox)

extern const TillPage till_shift_page;

G_END_DECLS
