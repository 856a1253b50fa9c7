/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slip as a list of lines: what is said on paper, not how a printer says it.
 *
 * Built by data/slips, turned into bytes by devices/print. All text is cleaned when it is added, so
 * that nothing from a name or a note can steer a printer. Owned by one thread at a time. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_LINE_TEXT,    /* left is shown at its alignment, wrapped to the paper */
  TILL_LINE_PAIR,    /* left at the left edge, right at the right edge; wraps left when too long */
  TILL_LINE_RULE,    /* a dashed line across the paper */
  TILL_LINE_BARCODE, /* left: an even number of digits, as Code 128-C, centred, digits below */
  TILL_LINE_QR,      /* left: ASCII payload of at most 300 bytes, centred */
  TILL_LINE_FEED,    /* one empty line */
  TILL_LINE_CUT,     /* end of this paper */
  TILL_LINE_KICK,    /* open the drawer; prints nothing */
} TillLineKind;

typedef enum
{
  TILL_ALIGN_LEFT,
  TILL_ALIGN_CENTRE,
  TILL_ALIGN_RIGHT,
} TillAlign;

typedef struct
{
  TillLineKind kind;
  TillAlign align;
  gboolean bold;
  gboolean big; /* double width and height */
  char *left;   /* owned; NULL where the kind has no text */
  char *right;  /* owned; NULL unless PAIR */
} TillLine;

typedef struct
{
  GPtrArray *lines; /* owned; of TillLine */
} TillDoc;

TillDoc *till_doc_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_doc_free (TillDoc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDoc, till_doc_free)

void till_doc_text (TillDoc *doc, TillAlign align, const char *text);
void till_doc_title (TillDoc *doc, const char *text); /* centred, bold, big */
void till_doc_strong (TillDoc *doc, TillAlign align, const char *text);
void till_doc_pair (TillDoc *doc, const char *left, const char *right);
void till_doc_strong_pair (TillDoc *doc, const char *left, const char *right);
void till_doc_rule (TillDoc *doc);
void till_doc_barcode (TillDoc *doc, const char *digits);
void till_doc_qr (TillDoc *doc, const char *payload);
void till_doc_feed (TillDoc *doc);
void till_doc_cut (TillDoc *doc);
void till_doc_kick (TillDoc *doc);

/* Every word on the slip, a line each, parts separated by a tab; for tests and search. */
char *till_doc_to_text (const TillDoc *doc) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
