/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program around one window: opens the premises, shows them, closes them. Main thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* language NULL, dark FALSE, scale 100: as it was left here.
 * dir NULL: the user's own shop (or demo). Answers the exit code: 0, or 1 when the shop could not
 * be opened, with the reason on standard error. */
int till_application_run (const char *dir, gboolean demo, gboolean kiosk, const char *language,
                          gboolean dark, int scale);

G_END_DECLS
