/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The number pad for fingers. It presses keys: what they mean is decided where the keyboard's are,
 * so that a finger and a keyboard can never disagree. Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_KEYPAD (till_keypad_get_type ())
G_DECLARE_FINAL_TYPE (TillKeypad, till_keypad, TILL, KEYPAD, GtkGrid)

/* Of a key on a keypad, the keyboard's key with the same face: what is printed on it counts, with
 * Num Lock or without, for a point that is Delete takes goods out of a basket. Every other key is
 * itself, and *is_keypad is FALSE. */
guint till_keypad_plain (guint keyval, gboolean *is_keypad);

/* Signal "pressed" (guint keyval). */
/* The big key: "Enter" when word is NULL, else what Enter does now; out: it sends money. */
void till_keypad_set_enter (TillKeypad *keypad, const char *word, gboolean sends);

G_END_DECLS
