/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's fund flow: what moved on the merchant's account. Written like the trade bill (see
 * wechat-bill.c). It names no merchant. Every row is of the file's own day.
 *
 * Amounts are movements, not what we had asked for: a refund's is already less the fee that was
 * given back, and the fee of a payment is a row of its own (OTHER). A row under a kind of business
 * that is not known is OTHER too. */
#include "data/core/clock.h"
#include "data/settlement/reading-private.h"

static const char header[] = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,"
                             "收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
static const char totals_header[] = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

enum
{
  TIME,
  BUSINESS_NO,
  FLOW_NO,
  BUSINESS,
  TYPE,
  DIRECTION,
  AMOUNT,
  BALANCE,
  APPLICANT,
  NOTE,
  VOUCHER_NO,
  N_COLUMNS,
};

enum
{
  TOTAL_ROWS,
  IN_ROWS,
  IN_AMOUNT,
  OUT_ROWS,
  OUT_AMOUNT,
  N_TOTALS,
};

static gboolean
read_direction (const char *word, gboolean *back)
{
  *back = g_str_equal (word, "支出");
  return *back || g_str_equal (word, "收入");
}

static TillSettlementKind
kind_of (const char *type, gboolean back)
{
  if (g_str_equal (type, "交易") && !back)
    return TILL_SETTLEMENT_PAYMENT;
  return g_str_equal (type, "退款") && back ? TILL_SETTLEMENT_REFUND : TILL_SETTLEMENT_OTHER;
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *cells[], GError **error)
{
  int64_t at, amount, balance;
  gboolean back;
  int day;
  if (!till_piece_time (cells[TIME], &at, &day))
    return till_listing_refuse (listing, error, "its time is no time");
  if (!till_reading_check_day (reading, listing, day, error))
    return FALSE;
  if (!read_direction (cells[DIRECTION], &back))
    return till_listing_refuse (listing, error, "it says neither in nor out");
  if (!till_piece_decimal (cells[AMOUNT], 2, FALSE, &amount)
      || !till_piece_decimal (cells[BALANCE], 2, TRUE, &balance))
    return till_listing_refuse (listing, error, "its amount or balance is no amount");
  if (!till_piece_is_number (cells[FLOW_NO]))
    return till_listing_refuse (listing, error, "its number of the flow is no number");
  TillSettlementRow *row = g_new0 (TillSettlementRow, 1);
  row->kind = kind_of (cells[TYPE], back);
  row->back = back;
  row->request_no = till_reading_number (cells[VOUCHER_NO]);
  row->provider_no = till_reading_number (cells[BUSINESS_NO]);
  row->amount = row->settled = amount;
  row->state = g_strdup (cells[TYPE]);
  row->at = at;
  g_autofree char *key
      = g_strdup_printf ("%s %s %s", cells[FLOW_NO], cells[BUSINESS_NO], cells[TYPE]);
  return till_reading_take (reading, listing, row, key, error);
}

static int64_t
count_back (const TillSettlement *settlement)
{
  int64_t count = 0;
  for (guint i = 0; i < settlement->rows->len; i++)
    count += ((TillSettlementRow *)settlement->rows->pdata[i])->back;
  return count;
}

static gboolean
check_totals (TillReading *reading, TillListing *listing, GError **error)
{
  const TillSettlementTotals *totals = &reading->settlement->totals;
  char *line, *cells[N_TOTALS];
  int64_t rows, in, out, paid, returned;
  if (!till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  if (*line != '`')
    return till_listing_refuse (listing, error, "the totals should stand here");
  if (!till_listing_split (listing, line + 1, ",`", N_TOTALS, cells, error))
    return FALSE;
  if (!till_piece_whole (cells[TOTAL_ROWS], &rows) || !till_piece_whole (cells[IN_ROWS], &in)
      || !till_piece_whole (cells[OUT_ROWS], &out)
      || !till_piece_decimal (cells[IN_AMOUNT], 2, FALSE, &paid)
      || !till_piece_decimal (cells[OUT_AMOUNT], 2, FALSE, &returned))
    return till_listing_refuse (listing, error, "the totals cannot be read");
  int64_t back = count_back (reading->settlement);
  reading->settlement->states
      = TILL_STATES_ROWS | TILL_STATES_PAID | TILL_STATES_RETURNED | TILL_STATES_SETTLED;
  return till_reading_compare (listing, "the number of rows", rows, totals->rows, error)
         && till_reading_compare (listing, "the number of rows out", out, back, error)
         && till_reading_compare (listing, "the number of rows in", in, totals->rows - back, error)
         && till_reading_compare (listing, "what came in", paid, totals->paid, error)
         && till_reading_compare (listing, "what went out", returned, totals->returned, error)
         && till_listing_end (listing, error);
}

gboolean
till_parse_wechat_flow (TillReading *reading, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  const TillSettlementMember *member = till_reading_only_member (reading, error);
  if (!member || !till_listing_open (&listing, member, reading->format->encoding, error)
      || !till_listing_expect (&listing, header, NULL, error))
    return FALSE;
  for (;;)
    {
      char *line, *cells[N_COLUMNS];
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      if (g_str_equal (line, totals_header))
        return check_totals (reading, &listing, error);
      if (*line != '`')
        return till_listing_refuse (&listing, error, "it is neither a row nor the totals");
      if (!till_listing_split (&listing, line + 1, ",`", N_COLUMNS, cells, error)
          || !take_row (reading, &listing, cells, error))
        return FALSE;
    }
}
