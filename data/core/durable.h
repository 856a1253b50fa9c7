/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that must be there after a power cut: what all who write them say and do alike. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Sets STOPPED: "cannot WHAT PATH: …" with the words of errno. Always FALSE. */
gboolean till_file_fails (const char *what, const char *path, GError **error);
/* A file that was made, moved or removed is so for good only when its folder is synced. */
gboolean till_folder_sync_of (const char *path, GError **error);

G_END_DECLS
