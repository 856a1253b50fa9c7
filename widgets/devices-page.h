/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices at this till: which there are, which work, and what to do about those that do not. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_DEVICES_PAGE (till_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (TillDevicesPage, till_devices_page, TILL, DEVICES_PAGE, GtkBox)

extern const TillPage till_devices_page;
/* As the argument it is shown with: the register. */
#define TILL_DEVICES_REGISTER "register"

G_END_DECLS
