/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the commands of a receipt printer end. Between two of them a question may be asked; inside
 * one the question's bytes would be taken for its data by many printers. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The largest place at or below `from + most` where a command or character ends; the end of the
 * first one when it alone is longer; `size` where a command is not known, so that nothing is asked
 * behind it. from is such a place and below size. */
gsize till_command_cut (const guint8 *bytes, gsize size, gsize from, gsize most);

G_END_DECLS
