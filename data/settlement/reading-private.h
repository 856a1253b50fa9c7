/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reading of one settlement file: what the parsers, a file a format, share. A parser walks its
 * members, hands every row to till_reading_take (), and compares what the file states with what
 * the rows add up to. */
#pragma once
#include "data/settlement/listing-private.h"

G_BEGIN_DECLS

struct _TillReading
{
  const TillSettlementFormat *format; /* unowned, like all but what is said to be owned */
  GPtrArray *members;                 /* of TillSettlementMember */
  const char *merchant_no;
  int day;
  TillSettlement *settlement; /* grows; totals are the sums so far */
  GHashTable *seen;           /* owned; keys of the rows so far, with the line each stands in */
};

/* The one member of a format that has only one. */
const TillSettlementMember *till_reading_only_member (const TillReading *reading, GError **error);
/* Takes the row over, also when it is refused. Sets its line, and `fee` from `fee_exact`. `key`
 * tells this movement from every other one: a second row with it is a repeated row. */
gboolean till_reading_take (TillReading *reading, const TillListing *listing,
                            TillSettlementRow *row, const char *key, GError **error);

/* What the file says must be what was asked for. */
gboolean till_reading_check_merchant (const TillReading *reading, const TillListing *listing,
                                      const char *merchant_no, GError **error);
gboolean till_reading_check_day (const TillReading *reading, const TillListing *listing, int day,
                                 GError **error);
/* What the file states must be what the rows add up to; `what` names the figure. */
gboolean till_reading_compare (const TillListing *listing, const char *what, int64_t stated,
                               int64_t computed, GError **error);

/* Does the cell stand for nothing? "" and "0" do. */
gboolean till_reading_is_none (const char *text);
/* A copy, or NULL when it stands for nothing. */
char *till_reading_number (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* The day in the words of the file: "20261122". */
gboolean till_reading_parse_day (const char *text, int *day);

/* The formats, each in its own file. */
gboolean till_parse_practice (TillReading *reading, GError **error);
gboolean till_parse_unionpay (TillReading *reading, GError **error);
gboolean till_parse_wechat_bill (TillReading *reading, GError **error);
gboolean till_parse_wechat_flow (TillReading *reading, GError **error);
gboolean till_parse_alipay (TillReading *reading, GError **error);
gboolean till_parse_stripe (TillReading *reading, GError **error);
gboolean till_parse_umpay (TillReading *reading, GError **error);
gboolean till_parse_invented (TillReading *reading, GError **error);

G_END_DECLS
