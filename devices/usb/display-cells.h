/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A customer display without glass: what stands on it after certain bytes, cell by cell. It knows
 * the commands from the manuals that display.h names and not from what is sent there, so that the
 * two are two opinions; it draws nothing and keeps no time.
 *
 * Two lines of twenty cells; a Chinese character takes two, and one of which a half was written
 * over is gone. Bytes may come cut anywhere. Pure; any one thread. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean is_escpos, is_chinese;
  TillDisplayText text; /* whole lines of GBK */
  guint line, column;   /* where the next character goes */
  gboolean is_string;   /* CD5220: until CR every character is the line's */
  gboolean is_deaf;     /* ESC/POS: another device was selected */
  guint8 command[4];
  guint n_command; /* bytes of one that has not come whole */
  guint8 lead;     /* of a pair that has not come whole, or 0 */
  guint64
      strange; /* bytes and commands that this display does not know; counted, and passed over */
} TillDisplayCells;

/* As it is when it is switched on. driver: one of the displays, whose language it speaks. */
void till_display_cells_start (TillDisplayCells *cells, const TillDriver *driver);
void till_display_cells_feed (TillDisplayCells *cells, const guint8 *bytes, gsize size);

/* What stands in a cell, and whether it takes the next one as well; 0 in that next one. */
gunichar till_display_cells_at (const TillDisplayCells *cells, guint line, guint column,
                                gboolean *is_wide);
/* In UTF-8, with its blanks. */
char *till_display_cells_line (const TillDisplayCells *cells, guint line) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
