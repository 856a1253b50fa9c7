/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is it: a staff number and a PIN, typed on any digits there are. The PIN never stands in a
 * text widget or an input method: the window hands its keys over one by one, the part shows dots.
 * Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_WHO_PART (till_who_part_get_type ())
G_DECLARE_FINAL_TYPE (TillWhoPart, till_who_part, TILL, WHO_PART, GtkBox)

/* Signal "answered": Enter was pressed with a number and a PIN. */
/* TRUE: the key was used. */
gboolean till_who_part_key (TillWhoPart *part, guint keyval);
/* Takes back the last n characters: they were a scan. */
void till_who_part_drop (TillWhoPart *part, guint n);
/* Puts a number in and waits for the PIN; NULL empties both. */
void till_who_part_start (TillWhoPart *part, const char *no);
const char *till_who_part_no (TillWhoPart *part);
/* The PIN, and forgets it; free with till_secret_free (). */
char *till_who_part_take_pin (TillWhoPart *part) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
