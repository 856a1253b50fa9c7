/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A roll as a picture, a pixel a dot: for the screen, for golden pictures and for looking. Bar
 * codes and QR codes are drawn as the real symbols and can be scanned from it. Cairo and Pango draw
 * for one thread at a time per cairo_t. */
#pragma once
#include "devices/print/roll.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The length of a paper in dots; its width is roll->paper->dots. */
int till_roll_paper_height (const TillRoll *roll, guint paper);
/* Draws black on what is there, from (0, 0). */
void till_roll_draw (const TillRoll *roll, guint paper, cairo_t *cr);
/* One paper on white, with a margin; INVALID when it is longer than cairo can draw or the file
 * cannot be written. */
gboolean till_roll_write_png (const TillRoll *roll, guint paper, const char *path, GError **error);

/* A row of a slip as dots for the printer (the TillDrawRow of devices/print/escpos.h): black and
 * white, cut off at its own height. A character that no face on this machine has is drawn as a box
 * with its number. NOT_FOUND when there are no fonts at all. */
GBytes *till_picture_row (const TillDrawnRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
