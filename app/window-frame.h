/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything in the window around the pages. It is taken down and built anew when the language
 * changes; it decides nothing. Main thread only. */
#pragma once
#include "app/window.h"
#include "widgets/keypad.h"
#include "widgets/legend.h"

G_BEGIN_DECLS

#define TILL_TYPE_WINDOW_FRAME (till_window_frame_get_type ())
G_DECLARE_FINAL_TYPE (TillWindowFrame, till_window_frame, TILL, WINDOW_FRAME, GtkBox)

/* Signals: "key" (guint keyval, guint state), "screen" (int), "notices", "checks", "lock",
 * "language", "dark", "size". */
TillWindowFrame *till_window_frame_new (const TillShop *shop);

GtkStack *till_window_frame_pages (TillWindowFrame *frame);
GtkBox *till_window_frame_panes (TillWindowFrame *frame);
TillLegend *till_window_frame_legend (TillWindowFrame *frame);
TillKeypad *till_window_frame_keypad (TillWindowFrame *frame);

void till_window_frame_line (TillWindowFrame *frame, const char *text);
void till_window_frame_hint (TillWindowFrame *frame, const char *text);
void till_window_frame_say (TillWindowFrame *frame, TillTone tone, const char *sentence);
void till_window_frame_total (TillWindowFrame *frame, const char *caption, TillMoney amount,
                              TillDirection direction, const char *note);
void till_window_frame_busy (TillWindowFrame *frame, gboolean busy);
void till_window_frame_badge (TillWindowFrame *frame, TillScreen screen, int n);
void till_window_frame_device (TillWindowFrame *frame, TillDeviceKind kind, gboolean well,
                               const char *words);
void till_window_frame_shop (TillWindowFrame *frame, const TillShop *shop);
/* words: what somebody has to look after, in short; NULL: nothing. whole: in sentences. */
void till_window_frame_alarm (TillWindowFrame *frame, const char *words, const char *whole);
/* How many notices about no number of the shop nobody has settled; 0: none. */
void till_window_frame_notices (TillWindowFrame *frame, int unsettled);
/* How many devices are to be checked; 0: none. */
void till_window_frame_checks (TillWindowFrame *frame, int due);
void till_window_frame_clock (TillWindowFrame *frame, const char *time);
void till_window_frame_cashier (TillWindowFrame *frame, const char *name);
/* What the screen needs around it: rail, line, total and pad. */
void till_window_frame_screen (TillWindowFrame *frame, TillScreen screen);
/* NULL slides the panel out and drops it. */
void till_window_frame_panel (TillWindowFrame *frame, const char *title, GtkWidget *panel);
GtkWidget *till_window_frame_panel_now (TillWindowFrame *frame);
const char *till_window_frame_said (TillWindowFrame *frame);

G_END_DECLS
