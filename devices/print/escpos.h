/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slip (data/core/doc.h) as the bytes of a receipt printer: ESC/POS with the Chinese character
 * commands (FS &, FS !), as the TM series of Epson and the printers made after it understand them.
 *
 * The words of a slip can steer nothing: text is encoded by data/core/gbk.h, bar codes are
 * digits and QR payloads printable ASCII, so that every byte below 0x20 is one of ours. Nor does a
 * bar code ever hold DLE EOT, DLE ENQ or DLE DC4, which printers obey even inside other data.
 * Pure; any thread. */
#pragma once
#include "data/core/doc.h"

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

/* NULL with INVALID when the slip is longer than TILL_PRINT_MAX or cannot be encoded. A bar code
 * that is wider than the paper is printed as its digits alone. */
GBytes *till_escpos_build (const TillDoc *doc, const TillPaper *paper,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
