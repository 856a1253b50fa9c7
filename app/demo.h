/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a demo has that a shop has not: an invented shop made on first use, a practice provider in
 * its own process, and panes with paper, cards and things to scan. Main thread. */
#pragma once
#include "app/window.h"

G_BEGIN_DECLS

typedef struct _TillDemo TillDemo;

/* Where the demo's shop is when nobody says: $TILL_SHOP or "quittance-demo" in the user's data. */
char *till_demo_dir (void) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE: starting it will take a few seconds, because the shop has to be made. */
gboolean till_demo_is_there (const char *dir);
/* Makes the shop if there is none (a few seconds) and starts its provider. From any thread; what it
 * answers is the main thread's. */
TillDemo *till_demo_start (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the provider. */
void till_demo_stop (TillDemo *demo);
/* Where virtual devices connect. */
const char *till_demo_socket (TillDemo *demo);
/* Puts the panes into the window. */
void till_demo_furnish (TillDemo *demo, TillWindow *window);
void till_demo_books_changed (TillDemo *demo);

G_END_DECLS
