/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay's settle file, version 3.0: TRADEDETAIL-START, a row for each payment, TRADEDETAIL-END with
 * their number and sum in fen. The last three columns are known from a sample only and kept but as
 * the state; how a refund would look is not known, so every row is a payment. The file has days but
 * no times, and no fees. Every row is paid on the file's day. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/reading-private.h"

#include <string.h>

#define CODE_DONE "0000"
#define CODE_NO_FILE "0001"
#define FIRST "TRADEDETAIL-START"
#define LAST "TRADEDETAIL-END"
#define RMB "02"

enum
{
  START_WORD,
  START_MERCHANT,
  START_DAY,
  START_VERSION,
  START_CODE,
  START_WORDS,
  N_START,
};

enum
{
  END_WORD,
  END_MERCHANT,
  END_DAY,
  END_ROWS,
  END_AMOUNT,
  N_END,
};

enum
{
  MERCHANT,
  GOODS,
  MOBILE,
  ORDER,
  ORDER_DAY,
  PAID_DAY,
  AMOUNT,
  CURRENCY,
  PAY_TYPE,
  SETTLE_DAY,
  UNKNOWN_1,
  STATE,
  UNKNOWN_2,
  N_COLUMNS,
};

static gboolean
check_whose (const TillReading *reading, const TillListing *listing, const char *merchant_no,
             const char *day_text, GError **error)
{
  int day;
  if (!till_reading_parse_day (day_text, &day))
    return till_listing_refuse (listing, error, "its day is no day");
  return till_reading_check_merchant (reading, listing, merchant_no, error)
         && till_reading_check_day (reading, listing, day, error);
}

static gboolean
read_start (const TillReading *reading, TillListing *listing, gboolean *none, GError **error)
{
  char *line, *cells[N_START];
  if (!till_listing_expect (listing, NULL, &line, error)
      || !till_listing_split (listing, line, ",", N_START, cells, error))
    return FALSE;
  if (!g_str_equal (cells[START_WORD], FIRST) || !g_str_equal (cells[START_VERSION], "3.0"))
    return till_listing_refuse (listing, error, "it is no beginning of a file of version 3.0");
  if (!check_whose (reading, listing, cells[START_MERCHANT], cells[START_DAY], error))
    return FALSE;
  *none = g_str_equal (cells[START_CODE], CODE_NO_FILE);
  return *none || g_str_equal (cells[START_CODE], CODE_DONE)
         || till_listing_refuse (listing, error, "UMPay says that the file went wrong");
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *line, GError **error)
{
  char *cells[N_COLUMNS];
  int64_t amount;
  int ordered, settled;
  if (!till_listing_split (listing, line, ",", N_COLUMNS, cells, error)
      || !check_whose (reading, listing, cells[MERCHANT], cells[PAID_DAY], error))
    return FALSE;
  if (!till_reading_parse_day (cells[ORDER_DAY], &ordered)
      || !till_reading_parse_day (cells[SETTLE_DAY], &settled))
    return till_listing_refuse (listing, error, "one of its days is no day");
  if (!g_str_equal (cells[CURRENCY], RMB))
    return till_listing_refuse (listing, error, "its currency is not RMB");
  if (!till_piece_whole (cells[AMOUNT], &amount))
    return till_listing_refuse (listing, error, "its amount is no amount");
  TillSettlementRow *row = g_new0 (TillSettlementRow, 1);
  row->kind = TILL_SETTLEMENT_PAYMENT;
  row->request_no = g_strdup (cells[ORDER]);
  row->amount = row->settled = amount;
  row->state = g_strdup (cells[STATE]);
  return till_reading_take (reading, listing, row, cells[ORDER], error);
}

static gboolean
read_end (TillReading *reading, TillListing *listing, char *line, gboolean none, GError **error)
{
  const TillSettlementTotals *totals = &reading->settlement->totals;
  char *cells[N_END];
  int64_t rows, amount;
  if (!till_listing_split (listing, line, ",", N_END, cells, error)
      || !check_whose (reading, listing, cells[END_MERCHANT], cells[END_DAY], error)
      || !till_listing_end (listing, error))
    return FALSE;
  if (none && totals->rows == 0 && g_str_equal (cells[END_ROWS], "-1")
      && g_str_equal (cells[END_AMOUNT], "-1"))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "UMPay has no file for %d",
                   reading->day);
      return FALSE;
    }
  if (none || !g_str_equal (cells[END_WORD], LAST) || !till_piece_whole (cells[END_ROWS], &rows)
      || !till_piece_whole (cells[END_AMOUNT], &amount))
    return till_listing_refuse (listing, error, "the totals cannot be read");
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_PAID | TILL_STATES_SETTLED;
  return till_reading_compare (listing, "the number of rows", rows, totals->rows, error)
         && till_reading_compare (listing, "the amount", amount, totals->settled, error);
}

gboolean
till_parse_umpay (TillReading *reading, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  gboolean none;
  const TillSettlementMember *member = till_reading_only_member (reading, error);
  if (!member || !till_listing_open (&listing, member, reading->format->encoding, error)
      || !read_start (reading, &listing, &none, error))
    return FALSE;
  for (;;)
    {
      char *line;
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      if (g_str_has_prefix (line, LAST))
        return read_end (reading, &listing, line, none, error);
      if (!take_row (reading, &listing, line, error))
        return FALSE;
    }
}
