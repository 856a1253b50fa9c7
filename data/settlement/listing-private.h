/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A member of a settlement file as numbered lines, and what the parsers read from them. Every
 * function that reads something returns FALSE with an INVALID that names member and line.
 *
 * A listing is decoded strictly and as a whole; its lines and cells point into it and live as long
 * as it does. A line ends with LF or CR LF; the last one may end with the file. */
#pragma once
#include "data/settlement/settlement.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name; /* unowned; the member's */
  char *text;       /* owned; UTF-8, cut into lines as they are read */
  char *end, *at;   /* into text; at: the next line */
  int64_t line;     /* number of the line last read */
} TillListing;

gboolean till_listing_open (TillListing *listing, const TillSettlementMember *member,
                            const char *encoding, GError **error);
void till_listing_clear (TillListing *listing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillListing, till_listing_clear)

/* *line is NULL at the end of the listing. */
gboolean till_listing_next (TillListing *listing, char **line, GError **error);
/* A line must follow, and where `words` is given it must be exactly these. */
gboolean till_listing_expect (TillListing *listing, const char *words, char **line, GError **error);
/* No line may follow. */
gboolean till_listing_end (TillListing *listing, GError **error);
/* Cuts the line at every separator. There must be exactly n cells. */
gboolean till_listing_split (const TillListing *listing, char *line, const char *separator, guint n,
                             char *cells[], GError **error);
/* Always FALSE. What stands in the file is never quoted: it may be anything. */
gboolean till_listing_refuse (const TillListing *listing, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Pieces, by themselves. FALSE: it is no such thing. `decimals` is the most that may be written;
 * the value comes in the unit of the last of them, also when fewer are written. A sign is "-" and
 * only where `sign` allows it. Nothing beyond TILL_MONEY_MAX fen. */
gboolean till_piece_decimal (const char *text, int decimals, gboolean sign, int64_t *value);
/* A whole number ≥ 0: a count, or fen. */
gboolean till_piece_whole (const char *text, int64_t *value);
/* An order or transaction number: 1 to 64 of 0-9 A-Z a-z _ - | * @. */
gboolean till_piece_is_number (const char *text);
/* "2026-11-22 09:05:07" in Beijing, where clocks have not been changed since 1991. */
gboolean till_piece_time (const char *text, int64_t *at, int *day);
/* From a day and "090507". */
gboolean till_piece_day_time (int day, const char *hhmmss, int64_t *at);

G_END_DECLS
