/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider's own CSV, as till-sandbox(1) describes it: a header, a row for each
 * movement of money, a line of totals. It names no merchant. Its day is the calendar day of its
 * rows in Beijing. Amounts and fees are yuan with two decimals, negative when money went back. */
#include "data/core/clock.h"
#include "data/settlement/reading-private.h"

static const char header[] = "time,kind,request_no,original_no,provider_no,amount,fee";

enum
{
  TIME,
  KIND,
  REQUEST_NO,
  ORIGINAL_NO,
  PROVIDER_NO,
  AMOUNT,
  FEE,
  N_COLUMNS,
};

static const struct
{
  const char *word;
  TillSettlementKind kind;
} kinds[] = {
  { "pay", TILL_SETTLEMENT_PAYMENT },
  { "refund", TILL_SETTLEMENT_REFUND },
  { "reverse", TILL_SETTLEMENT_REVERSAL },
};

static gboolean
find_kind (const char *word, TillSettlementKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (word, kinds[i].word))
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *cells[], GError **error)
{
  TillSettlementKind kind;
  int64_t at, amount, fee;
  int day;
  if (!till_piece_time (cells[TIME], &at, &day))
    return till_listing_refuse (listing, error, "its time is no time");
  if (!till_reading_check_day (reading, listing, day, error))
    return FALSE;
  if (!find_kind (cells[KIND], &kind))
    return till_listing_refuse (listing, error, "its kind is not known");
  if (!till_piece_decimal (cells[AMOUNT], 2, TRUE, &amount)
      || !till_piece_decimal (cells[FEE], 2, TRUE, &fee))
    return till_listing_refuse (listing, error, "its amount or fee is no amount");
  gboolean back = kind != TILL_SETTLEMENT_PAYMENT;
  if (back ? amount > 0 || fee > 0 : amount < 0 || fee < 0)
    return till_listing_refuse (listing, error, "its amount has the wrong sign");
  if ((kind == TILL_SETTLEMENT_REFUND) != (*cells[ORIGINAL_NO] != '\0'))
    return till_listing_refuse (listing, error, "a refund, and only a refund, names its payment");
  TillSettlementRow *row = g_new0 (TillSettlementRow, 1);
  row->kind = kind;
  row->back = back;
  row->request_no = g_strdup (cells[REQUEST_NO]);
  row->original_no = *cells[ORIGINAL_NO] ? g_strdup (cells[ORIGINAL_NO]) : NULL;
  row->provider_no = g_strdup (cells[PROVIDER_NO]);
  row->amount = row->settled = back ? -amount : amount;
  row->fee_exact = fee * 1000;
  row->at = at;
  return till_reading_take (reading, listing, row, cells[PROVIDER_NO], error);
}

static gboolean
check_totals (TillReading *reading, const TillListing *listing, char *cells[], GError **error)
{
  const TillSettlementTotals *totals = &reading->settlement->totals;
  int64_t rows, amount, fee;
  if (*cells[REQUEST_NO] || *cells[ORIGINAL_NO] || *cells[PROVIDER_NO]
      || !till_piece_whole (cells[KIND], &rows)
      || !till_piece_decimal (cells[AMOUNT], 2, TRUE, &amount)
      || !till_piece_decimal (cells[FEE], 2, TRUE, &fee))
    return till_listing_refuse (listing, error, "the totals cannot be read");
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return till_reading_compare (listing, "the number of rows", rows, totals->rows, error)
         && till_reading_compare (listing, "the amount", amount, totals->settled, error)
         && till_reading_compare (listing, "the fee", fee * 1000, totals->fee_exact, error);
}

gboolean
till_parse_practice (TillReading *reading, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  const TillSettlementMember *member = till_reading_only_member (reading, error);
  if (!member || !till_listing_open (&listing, member, reading->format->encoding, error)
      || !till_listing_expect (&listing, header, NULL, error))
    return FALSE;
  for (;;)
    {
      char *line, *cells[N_COLUMNS];
      if (!till_listing_expect (&listing, NULL, &line, error)
          || !till_listing_split (&listing, line, ",", N_COLUMNS, cells, error))
        return FALSE;
      if (g_str_equal (cells[TIME], "total"))
        return check_totals (reading, &listing, cells, error) && till_listing_end (&listing, error);
      if (!take_row (reading, &listing, cells, error))
        return FALSE;
    }
}
