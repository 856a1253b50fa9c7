/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's trade bill, bill_type ALL (other types have other columns and are refused). UTF-8
 * with a byte order mark; a plain header, then every cell after a backtick, so that cells are
 * parted by comma and backtick: a comma alone may stand in the name of the goods. Then the plain
 * header of the totals and one line of them, each the sum of its column. Yuan with up to two
 * decimals, fees with up to five.
 *
 * The merchant is the column 特约商户号 where it is filled (a shop under a service provider), else
 * 商户号. Every row is of the bill's own day. A coupon makes 应结订单金额 less than 订单金额: the
 * first is settled, the second is what we had asked for. A refund stands in the bill from its
 * beginning: its state says whether it is done (SUCCESS, PROCESSING, FAIL). Texts that the till has
 * no use for (goods, attachments, bank, openid) are not looked at. */
#include "data/core/clock.h"
#include "data/settlement/reading-private.h"

static const char header[]
    = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
      "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
      "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
      "费率备注";
static const char totals_header[] = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,"
                                    "手续费总金额,订单总金额,申请退款总金额";

enum
{
  TIME = 0,
  MERCHANT = 2,
  SUB_MERCHANT = 3,
  ORDER = 5,
  OUR_ORDER = 6,
  STATE = 9,
  CURRENCY = 11,
  SETTLED = 12,
  REFUND_NO = 14,
  OUR_REFUND_NO = 15,
  REFUND_SETTLED = 16,
  REFUND_COUPON = 17,
  REFUND_STATE = 19,
  FEE = 22,
  AMOUNT = 24,
  REFUND_AMOUNT = 25,
  N_COLUMNS = 27,
};

/* The totals after the number of rows, as columns of the rows, with their decimals. */
#define N_SUMS 6
static const struct
{
  int column, decimals;
  gboolean sign;
} sums[N_SUMS] = {
  { SETTLED, 2, FALSE }, { REFUND_SETTLED, 2, FALSE }, { REFUND_COUPON, 2, FALSE },
  { FEE, 5, TRUE },      { AMOUNT, 2, FALSE },         { REFUND_AMOUNT, 2, FALSE },
};
enum
{
  SUM_SETTLED,
  SUM_REFUND_SETTLED,
  SUM_REFUND_COUPON,
  SUM_FEE,
  SUM_AMOUNT,
  SUM_REFUND_AMOUNT,
};

static const struct
{
  const char *state;
  TillSettlementKind kind;
} states[] = {
  { "SUCCESS", TILL_SETTLEMENT_PAYMENT },
  { "REFUND", TILL_SETTLEMENT_REFUND },
  { "REVOKED", TILL_SETTLEMENT_REVERSAL }, /* a payment by code that was taken back */
};

static gboolean
find_kind (const char *state, TillSettlementKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (state, states[i].state))
      {
        *kind = states[i].kind;
        return TRUE;
      }
  return FALSE;
}

static const char *
read_payment (char *cells[], const int64_t values[], TillSettlementRow *row)
{
  row->request_no = till_reading_number (cells[OUR_ORDER]);
  row->provider_no = till_reading_number (cells[ORDER]);
  row->amount = values[SUM_AMOUNT];
  row->settled = values[SUM_SETTLED];
  row->state = g_strdup (cells[STATE]);
  if (values[SUM_REFUND_SETTLED] || values[SUM_REFUND_COUPON] || values[SUM_REFUND_AMOUNT])
    return "a payment has a refund's amount";
  return values[SUM_FEE] < 0 ? "a payment has a negative fee" : NULL;
}

/* A reversal may have no number of its own. */
static const char *
read_return (char *cells[], const int64_t values[], TillSettlementRow *row)
{
  gboolean refund = row->kind == TILL_SETTLEMENT_REFUND;
  row->back = TRUE;
  row->request_no = till_reading_number (cells[refund ? OUR_REFUND_NO : OUR_ORDER]);
  row->original_no = refund ? till_reading_number (cells[OUR_ORDER]) : NULL;
  row->provider_no = till_reading_number (cells[REFUND_NO]);
  row->original_provider_no = till_reading_number (cells[ORDER]);
  row->amount = values[SUM_REFUND_AMOUNT];
  row->settled = values[SUM_REFUND_SETTLED];
  row->state = g_strdup (refund ? cells[REFUND_STATE] : cells[STATE]);
  if (refund && (!row->original_no || !row->provider_no))
    return "a refund lacks a number";
  if (values[SUM_SETTLED] || values[SUM_AMOUNT])
    return "a refund has a payment's amount";
  return values[SUM_FEE] > 0 ? "a refund has a positive fee" : NULL;
}

/* Fills in the row but for its time; NULL when it is good, else why not. */
static const char *
read_row (char *cells[], const int64_t values[], TillSettlementRow *row)
{
  if (!g_str_equal (cells[CURRENCY], "CNY"))
    return "its currency is not CNY";
  if (!find_kind (cells[STATE], &row->kind))
    return "its state is not known";
  if (till_reading_is_none (cells[ORDER]))
    return "WeChat's order number is missing";
  const char *why = row->kind == TILL_SETTLEMENT_PAYMENT ? read_payment (cells, values, row)
                                                         : read_return (cells, values, row);
  row->fee_exact = values[SUM_FEE];
  return why || row->settled <= row->amount ? why : "more is settled than was asked for";
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *cells[], const int64_t values[],
          GError **error)
{
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  gboolean sub = !till_reading_is_none (cells[SUB_MERCHANT]);
  int day;
  if (!till_piece_time (cells[TIME], &row->at, &day))
    return till_listing_refuse (listing, error, "its time is no time");
  if (!till_reading_check_day (reading, listing, day, error)
      || !till_reading_check_merchant (reading, listing, cells[sub ? SUB_MERCHANT : MERCHANT],
                                       error))
    return FALSE;
  const char *why = read_row (cells, values, row);
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  const char *key = row->kind == TILL_SETTLEMENT_REFUND ? cells[REFUND_NO] : cells[ORDER];
  return till_reading_take (reading, listing, g_steal_pointer (&row), key, error);
}

static gboolean
read_values (const TillListing *listing, char *cells[], int64_t values[], int64_t totals[],
             GError **error)
{
  for (int i = 0; i < N_SUMS; i++)
    if (!till_piece_decimal (cells[sums[i].column], sums[i].decimals, sums[i].sign, &values[i])
        || !till_money_add (totals[i], values[i], &totals[i]))
      return till_listing_refuse (listing, error, "one of its amounts is no amount");
  return TRUE;
}

static gboolean
check_totals (TillReading *reading, TillListing *listing, const int64_t totals[], GError **error)
{
  char *line, *cells[1 + N_SUMS];
  int64_t stated;
  if (!till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  if (*line != '`')
    return till_listing_refuse (listing, error, "the totals should stand here");
  if (!till_listing_split (listing, line + 1, ",`", 1 + N_SUMS, cells, error))
    return FALSE;
  if (!till_piece_whole (cells[0], &stated))
    return till_listing_refuse (listing, error, "the totals cannot be read");
  if (!till_reading_compare (listing, "the number of rows", stated,
                             reading->settlement->totals.rows, error))
    return FALSE;
  for (int i = 0; i < N_SUMS; i++)
    {
      if (!till_piece_decimal (cells[1 + i], sums[i].decimals, sums[i].sign, &stated))
        return till_listing_refuse (listing, error, "the totals cannot be read");
      if (!till_reading_compare (listing, "the sum of a column", stated, totals[i], error))
        return FALSE;
    }
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_PAID | TILL_STATES_RETURNED
                                | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return till_listing_end (listing, error);
}

gboolean
till_parse_wechat_bill (TillReading *reading, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  int64_t totals[N_SUMS] = { 0 };
  const TillSettlementMember *member = till_reading_only_member (reading, error);
  if (!member || !till_listing_open (&listing, member, reading->format->encoding, error)
      || !till_listing_expect (&listing, header, NULL, error))
    return FALSE;
  for (;;)
    {
      char *line, *cells[N_COLUMNS];
      int64_t values[N_SUMS];
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      if (g_str_equal (line, totals_header))
        return check_totals (reading, &listing, totals, error);
      if (*line != '`')
        return till_listing_refuse (&listing, error, "it is neither a row nor the totals");
      if (!till_listing_split (&listing, line + 1, ",`", N_COLUMNS, cells, error)
          || !read_values (&listing, cells, values, totals, error)
          || !take_row (reading, &listing, cells, values, error))
        return FALSE;
    }
}
