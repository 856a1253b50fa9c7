/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings: how the till looks here, for everybody; the shop, where payments go, and the accounts
 * with payment providers, for managers. Changes wait until they are saved together, and the last of
 * them can be taken back. Main thread only. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_SETTINGS_PAGE (till_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (TillSettingsPage, till_settings_page, TILL, SETTINGS_PAGE, GtkBox)

extern const TillPage till_settings_page;

G_END_DECLS
