/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's number as people may see it: "621700******0018", or "…0018" where only the last four
 * digits are told; before it may stand the scheme's name, "visa …0018", which is compared with
 * nothing. Thousands of cards show the same one: two that differ are two cards, two that
 * fit may still be. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Whether the text is one: four digits at the end, a star or "…" before them, and of other
 * characters only digits. At most 24 characters, and a name of 20 small letters before them. */
gboolean till_masked_is (const char *text);

/* Whether both may be the same card. Readers and providers hide different digits: a star fits every
 * digit, "…" any number of them. FALSE when either is no masked number. */
gboolean till_masked_fits (const char *one, const char *other);

G_END_DECLS
