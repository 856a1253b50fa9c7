/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OUR OWN INVENTION, for providers whose settlement files are not documented (Lakala, Shengpay): no
 * such provider writes this. It lets the rest of the till be built and practised, and is replaced
 * by a parser of its own as soon as a real file has been seen. UTF-8, comma separated:
 *
 *   START,1,PROVIDER,MERCHANT,2026-11-22
 *   payment,REQUEST_NO,,PROVIDER_NO,,AMOUNT,FEE,STATE,2026-11-22 12:00:00
 *   refund,REQUEST_NO,ORIGINAL_NO,PROVIDER_NO,ORIGINAL_PROVIDER_NO,AMOUNT,FEE,STATE,TIME
 *   END,ROWS,PAID,RETURNED,FEE
 *
 * or, when there is no file, START and "END,none". Amounts are yuan with up to two decimals and
 * never negative; fees have up to five decimals and are negative when given back. `reversal` rows
 * are like refunds without ORIGINAL_NO; `other` rows are given a sign: other+ and other-. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/reading-private.h"

enum
{
  KIND,
  REQUEST_NO,
  ORIGINAL_NO,
  PROVIDER_NO,
  ORIGINAL_PROVIDER_NO,
  AMOUNT,
  FEE,
  STATE,
  TIME,
  N_COLUMNS,
};

static const struct
{
  const char *word;
  TillSettlementKind kind;
  gboolean back;
} kinds[] = {
  { "payment", TILL_SETTLEMENT_PAYMENT, FALSE },  { "refund", TILL_SETTLEMENT_REFUND, TRUE },
  { "reversal", TILL_SETTLEMENT_REVERSAL, TRUE }, { "other+", TILL_SETTLEMENT_OTHER, FALSE },
  { "other-", TILL_SETTLEMENT_OTHER, TRUE },
};

static gboolean
read_kind (const char *word, TillSettlementRow *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (word, kinds[i].word))
      {
        row->kind = kinds[i].kind;
        row->back = kinds[i].back;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_start (const TillReading *reading, TillListing *listing, GError **error)
{
  char *line, *cells[5];
  int day;
  if (!till_listing_expect (listing, NULL, &line, error)
      || !till_listing_split (listing, line, ",", G_N_ELEMENTS (cells), cells, error))
    return FALSE;
  if (!g_str_equal (cells[0], "START") || !g_str_equal (cells[1], "1")
      || !g_str_equal (cells[2], reading->format->name))
    return till_listing_refuse (listing, error, "it is no beginning of a file of %s",
                                reading->format->name);
  if (!till_clock_parse_day (cells[4], &day, NULL))
    return till_listing_refuse (listing, error, "its day is no day");
  return till_reading_check_merchant (reading, listing, cells[3], error)
         && till_reading_check_day (reading, listing, day, error);
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *line, GError **error)
{
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  char *cells[N_COLUMNS];
  int day;
  if (!till_listing_split (listing, line, ",", N_COLUMNS, cells, error))
    return FALSE;
  if (!read_kind (cells[KIND], row))
    return till_listing_refuse (listing, error, "its kind is not known");
  if (!till_piece_time (cells[TIME], &row->at, &day))
    return till_listing_refuse (listing, error, "its time is no time");
  if (!till_reading_check_day (reading, listing, day, error))
    return FALSE;
  if (!till_piece_decimal (cells[AMOUNT], 2, FALSE, &row->amount)
      || !till_piece_decimal (cells[FEE], 5, TRUE, &row->fee_exact))
    return till_listing_refuse (listing, error, "its amount or fee is no amount");
  if ((row->kind == TILL_SETTLEMENT_REFUND) != (*cells[ORIGINAL_NO] != '\0'))
    return till_listing_refuse (listing, error, "a refund, and only a refund, names its payment");
  row->request_no = till_reading_number (cells[REQUEST_NO]);
  row->original_no = till_reading_number (cells[ORIGINAL_NO]);
  row->provider_no = till_reading_number (cells[PROVIDER_NO]);
  row->original_provider_no = till_reading_number (cells[ORIGINAL_PROVIDER_NO]);
  row->settled = row->amount;
  row->state = g_strdup (cells[STATE]);
  if (!row->provider_no)
    return till_listing_refuse (listing, error, "the provider's number is missing");
  return till_reading_take (reading, listing, g_steal_pointer (&row), cells[PROVIDER_NO], error);
}

static gboolean
read_end (TillReading *reading, TillListing *listing, char *line, GError **error)
{
  const TillSettlementTotals *totals = &reading->settlement->totals;
  char *cells[5];
  int64_t rows, paid, returned, fee;
  if (!till_listing_end (listing, error))
    return FALSE;
  if (g_str_equal (line, "END,none") && totals->rows == 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "%s has no file for %d",
                   reading->format->name, reading->day);
      return FALSE;
    }
  if (!till_listing_split (listing, line, ",", G_N_ELEMENTS (cells), cells, error))
    return FALSE;
  if (!till_piece_whole (cells[1], &rows) || !till_piece_decimal (cells[2], 2, FALSE, &paid)
      || !till_piece_decimal (cells[3], 2, FALSE, &returned)
      || !till_piece_decimal (cells[4], 5, TRUE, &fee))
    return till_listing_refuse (listing, error, "the totals cannot be read");
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_PAID | TILL_STATES_RETURNED
                                | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return till_reading_compare (listing, "the number of rows", rows, totals->rows, error)
         && till_reading_compare (listing, "what came in", paid, totals->paid, error)
         && till_reading_compare (listing, "what went back", returned, totals->returned, error)
         && till_reading_compare (listing, "the fee", fee, totals->fee_exact, error);
}

gboolean
till_parse_invented (TillReading *reading, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  const TillSettlementMember *member = till_reading_only_member (reading, error);
  if (!member || !till_listing_open (&listing, member, reading->format->encoding, error)
      || !read_start (reading, &listing, error))
    return FALSE;
  for (;;)
    {
      char *line;
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      if (g_str_has_prefix (line, "END,"))
        return read_end (reading, &listing, line, error);
      if (!take_row (reading, &listing, line, error))
        return FALSE;
    }
}
