/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slip (data/core/doc.h) as the bytes of a receipt printer: ESC/POS with the Chinese character
 * commands (FS &, FS !), as the TM series of Epson and the printers made after it understand them.
 *
 * The words of a slip can steer nothing: text is encoded by data/core/gbk.h, bar codes are
 * digits and QR payloads printable ASCII, so that every byte below 0x20 is one of ours. Nor do bar
 * codes or dots ever hold DLE EOT, DLE ENQ or DLE DC4, which printers obey even inside other data.
 *
 * A line with a character that the printer's font lacks is drawn as a whole and sent as dots
 * (GS v 0), on the same columns; all other lines stay text, which is some forty times shorter.
 * Pure, the drawing is passed in; any thread. */
#pragma once
#include "data/core/doc.h"
#include "devices/print/cells.h"

G_BEGIN_DECLS

/* The longest job we make or accept, in bytes: about thirty metres of paper. */
#define TILL_PRINT_MAX (1024 * 1024)

typedef struct
{
  const char *name; /* "58", "80", "80-512" */
  int columns;      /* of font A, 12 dots each; a hanzi takes two */
  int dots;         /* printable width */
  int qr_module;    /* dots a side; 300 bytes at level M are 69 modules and must fit */
  guint8 drawer;    /* which pin kicks: 0 = pin 2, 1 = pin 5 */
} TillPaper;

extern const TillPaper till_paper_58;
extern const TillPaper till_paper_80;
/* 80 mm at 180 dpi, as Epson's TM-T88 prints them. */
extern const TillPaper till_paper_80_512;
/* The profile of a name, or NULL. */
const TillPaper *till_paper_find (const char *name);
/* The profile of so many dots, or of 0 what is usual for the width of the paper. */
const TillPaper *till_paper_of (int mm, int dots);

#define TILL_COLUMN_DOTS 12 /* a column of font A; a hanzi takes two */
#define TILL_GLYPH_DOTS 24  /* high */
#define TILL_LEAD_DOTS 6    /* between rows */
/* The tallest picture that is sent or read at once; cheap printers have room for no more. */
#define TILL_RASTER_HEIGHT_MAX 1024
/* When a slip holds so many bytes of dots, the lines after it are text again, with "?" for what the
 * font lacks: a slip of many strange names must still be short enough to print. */
#define TILL_DRAWN_MAX (512 * 1024)

/* A row of paper to be drawn. */
typedef struct
{
  int dots; /* wide; the paper */
  gboolean bold, big;
  const GPtrArray *runs; /* of TillRun */
} TillDrawnRow;

/* The height of such a row with the lead below it. */
int till_drawn_height (gboolean big);
/* dots / 8 bytes a line from the top, the highest bit leftmost, 1 is black. */
typedef GBytes *(*TillDrawRow) (const TillDrawnRow *row, GError **error);

/* draw may be NULL, or say NOT_FOUND: what the font lacks is then "?". NULL with INVALID when the
 * slip is longer than TILL_PRINT_MAX or cannot be encoded, or what else draw says. A bar code that
 * is wider than the paper is printed as its digits alone. */
GBytes *till_escpos_build (const TillDoc *doc, const TillPaper *paper, TillDrawRow draw,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
