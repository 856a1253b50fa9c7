/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plays: for each screen that is worth a picture, how a person gets there. Main thread only. */
#pragma once
#include "app/stage.h"

G_BEGIN_DECLS

/* Signs in and plays up to a screen; INVALID for a name that is not in the list. */
gboolean till_plays_run (TillStage *stage, const char *screen, GError **error);
/* Ended by NULL. */
const char *const *till_plays_screens (void);

G_END_DECLS
