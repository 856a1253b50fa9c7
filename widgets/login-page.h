/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who works at this till now: staff number and PIN, by keyboard or finger. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_LOGIN_PAGE (till_login_page_get_type ())
G_DECLARE_FINAL_TYPE (TillLoginPage, till_login_page, TILL, LOGIN_PAGE, GtkBox)

/* shown: the argument is the staff number of whoever locked the till, or NULL. */
extern const TillPage till_login_page;

G_END_DECLS
