/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside, made harmless; and the width of text on paper and screen.
 * Pure; any thread. Every function returns valid UTF-8 that the caller owns. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The longest name, note or word from outside that the books keep, in characters. */
#define TILL_TEXT_MAX 200

/* One clean line: valid UTF-8 in NFC, no control characters (C0, DEL, C1), no bidirectional or
 * zero-width marks, no line breaks, runs of white space folded to one blank, ends trimmed, at most
 * max characters. NULL gives "". Bytes that are no UTF-8 become U+FFFD. */
char *till_text_clean (const char *text, gsize max) G_GNUC_WARN_UNUSED_RESULT;

/* Width in columns of fixed-width paper: wide and full-width characters count two, combining marks
 * none. */
int till_text_columns (const char *text);
/* The longest beginning of text that fits in columns; *rest, if given, points behind it. */
char *till_text_fit (const char *text, int columns, const char **rest) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces whatever may be a card number by its last four digits: "…4021". That is 13–19 digits
 * which pass the Luhn test, written together or in groups with blanks and dashes between, whatever
 * other digits stand before and behind. For everything that is logged or typed as a note. */
char *till_text_mask_cards (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The place of a stored word in a list of n, or -1. */
int till_text_index (const char *const *words, gsize n, const char *word);

G_END_DECLS
