/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file, typed or chosen, and where it needs one its password. Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_TYPE_FILE_PANEL (till_file_panel_get_type ())
G_DECLARE_FINAL_TYPE (TillFilePanel, till_file_panel, TILL, FILE_PANEL, GtkBox)

extern const TillPanelKind till_file_panel_kind;

/* Signal "answered": Enter was pressed and a path is there. */
TillFilePanel *till_file_panel_new (const char *words, gboolean with_password);
const char *till_file_panel_path (TillFilePanel *panel);
/* The password, and forgets it; NULL for none; free with till_secret_free (). */
char *till_file_panel_take_password (TillFilePanel *panel) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
