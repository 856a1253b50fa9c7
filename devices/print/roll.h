/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paper that a stream of printer bytes would make: the demo's printer, and the proof that the
 * bytes say what the slip said. It reads the very bytes that go to the printer, from the same
 * command set as devices/print/escpos.h, and believes nothing: any bytes give a roll, at most
 * TILL_ROLL_ROWS_MAX rows of it, and what was not understood is listed as trouble, not hidden.
 * Plain structs, owned by the roll, never changed after reading; any thread. */
#pragma once
#include "devices/print/escpos.h"

G_BEGIN_DECLS

#define TILL_ROLL_BYTES_MAX (4 * TILL_PRINT_MAX)
#define TILL_ROLL_ROWS_MAX 20000
#define TILL_ROLL_TROUBLES_MAX 100

typedef struct
{
  char *text;        /* owned; UTF-8 without control characters */
  int columns;       /* as printed, size counted in */
  int width, height; /* 1…8 times the plain size */
  gboolean bold;
} TillSpan;

typedef enum
{
  TILL_ROW_TEXT,    /* spans, perhaps none */
  TILL_ROW_BARCODE, /* code: digits of a Code 128 */
  TILL_ROW_QR,      /* code: the payload */
  TILL_ROW_PICTURE, /* dots; what they show, the bytes do not say */
  TILL_ROW_KICK,    /* the drawer opened here; takes no paper */
} TillRowKind;

typedef struct
{
  TillRowKind kind;
  TillAlign align;
  GPtrArray *spans;     /* owned; of TillSpan; NULL unless TEXT */
  char *code;           /* owned; NULL unless BARCODE or QR */
  int module;           /* dots; BARCODE and QR */
  int height;           /* dots; BARCODE, and of PICTURE the lines in dots */
  GBytes *dots;         /* owned; as in TillDrawRow; NULL unless PICTURE */
  int across;           /* bytes a line; PICTURE */
  int scale_x, scale_y; /* 1 or 2; PICTURE */
  char level;           /* 'L', 'M', 'Q', 'H'; QR */
} TillRow;

typedef struct
{
  GPtrArray *rows; /* owned; of TillRow */
  gboolean cut;    /* FALSE: still hanging in the printer */
} TillRollPaper;

typedef struct
{
  gsize at;    /* offset in the bytes */
  char *words; /* owned; for the log, in English */
} TillRollTrouble;

typedef struct
{
  const TillPaper *paper; /* unowned, a constant profile */
  GPtrArray *papers;      /* owned; of TillRollPaper; the last may be uncut */
  GPtrArray *troubles;    /* owned; of TillRollTrouble */
} TillRoll;

TillRoll *till_roll_read (GBytes *bytes, const TillPaper *paper) G_GNUC_WARN_UNUSED_RESULT;
void till_roll_free (TillRoll *roll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillRoll, till_roll_free)

/* Rows as monospaced text; a bar code as its digits between bars, a QR code as [QR payload], a
 * picture as [picture], a kick as [drawer], a cut as a dashed line with scissors. */
char *till_roll_to_text (const TillRoll *roll) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
