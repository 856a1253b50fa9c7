/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several lines to fill in, in a panel: Enter goes on to the next one and saves behind the last.
 * What may stand in them is for whoever asks. Main thread only. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

#define TILL_FORM_LINES_MAX 16

#define TILL_TYPE_FORM_PANEL (till_form_panel_get_type ())
G_DECLARE_FINAL_TYPE (TillFormPanel, till_form_panel, TILL, FORM_PANEL, GtkBox)

extern const TillPanelKind till_form_panel_kind;

typedef struct
{
  const char *label; /* msgid */
  const char *hint;  /* msgid; how it is written, or NULL */
} TillFormLine;

/* n at most TILL_FORM_LINES_MAX. Signal "answered": it is to be saved; the panel stays open. */
TillFormPanel *till_form_panel_new (const char *words, const TillFormLine *lines, guint n);
/* Until the line is changed. */
const char *till_form_panel_text (TillFormPanel *panel, guint line);
void till_form_panel_set_text (TillFormPanel *panel, guint line, const char *text);
/* Where something cannot be so. */
void till_form_panel_point (TillFormPanel *panel, guint line, const char *sentence);

G_END_DECLS
