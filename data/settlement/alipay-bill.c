/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's trade bill: two members in GBK, the rows (业务明细) and the sums by shop (汇总), told
 * apart by their names. Lines that begin with # are the frame: whose it is, from when to when,
 * where the list begins and ends, and after it the sums of payments and of refunds. Cells are
 * parted by commas, without quotes: a comma in the name of the goods makes a column too many, and
 * the file is refused. A tab follows numbers, so that spreadsheets leave them alone.
 *
 * Yuan with two decimals; a refund's amounts are negative. 订单金额 is what we had asked for,
 * 商家实收 what is settled; 服务费 and 分润 together are the fee. Whether a fee is written positive
 * or negative is not documented: the rows must all agree, and 实收净额 in the sums proves it.
 * Taken as plain sums of their columns, which is not documented either: the amounts in 汇总.
 *
 * The account is the merchant's number, or that with 0156 behind it. Rows are done on the bill's
 * own day. A refund has no number of Alipay's own. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/reading-private.h"

#include <string.h>

static const char header[]
    = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,"
      "终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
      "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
      "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
static const char sums_header[]
    = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,"
      "支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

enum
{
  TRADE_NO = 0,
  OUR_ORDER = 1,
  TYPE = 2,
  DONE_AT = 5,
  REFUND_NO = 21,
  N_COLUMNS = 25,
};

enum
{
  AMOUNT,
  SETTLED,
  ALIPAY_DISCOUNT,
  DISCOUNT,
  CARD,
  FEE,
  SHARE,
  N_SUMS,
};
/* Where the figures of the sums stand in a row, in the order of the sums' own columns. */
static const int columns[N_SUMS] = { 11, 12, 15, 16, 20, 22, 23 };

enum
{
  SHOP = 0,
  PAYMENTS = 2,
  REFUNDS = 3,
  FIRST_SUM = 4,
  NET = FIRST_SUM + N_SUMS,
  N_SUMS_COLUMNS,
};

/* What the rows add up to. */
typedef struct
{
  int64_t payments, refunds;
  int64_t paid, returned;                   /* settled */
  int64_t paid_discount, returned_discount; /* of ours */
  int64_t sums[N_SUMS];
  int fee_sign; /* 1: a payment's fee is written positive, -1: negative, 0: no fee so far */
} Sums;

/* --- the frame --- */

static char *
trim (char *cell)
{
  gsize length = strlen (cell);
  while (length > 0 && (cell[length - 1] == '\t' || cell[length - 1] == ' '))
    cell[--length] = '\0';
  return cell;
}

static void
trim_all (char *cells[], guint n)
{
  for (guint i = 0; i < n; i++)
    trim (cells[i]);
}

/* Takes `words` from the beginning of *at. */
static gboolean
skip (const char **at, const char *words)
{
  if (!g_str_has_prefix (*at, words))
    return FALSE;
  *at += strlen (words);
  return TRUE;
}

/* What stands before `end`, which is taken too; NULL when there is no end. */
static char *
take_until (const char **at, const char *end)
{
  const char *stop = strstr (*at, end);
  if (!stop)
    return NULL;
  char *taken = g_strndup (*at, (gsize)(stop - *at));
  *at = stop + strlen (end);
  return taken;
}

/* "#-------业务明细列表-------" */
static gboolean
is_rule (const char *line, const char *words)
{
  if (!g_str_has_prefix (line, "#-"))
    return FALSE;
  line += 1 + strspn (line + 1, "-");
  return skip (&line, words) && *line == '-' && line[strspn (line, "-")] == '\0';
}

/* "2026年11月22日 00:00:00" */
static gboolean
read_midnight (const char *text, int *day)
{
  char date[11];
  g_autofree char *year = take_until (&text, "年");
  g_autofree char *month = year ? take_until (&text, "月") : NULL;
  g_autofree char *in_month = month ? take_until (&text, "日") : NULL;
  if (!in_month || !g_str_equal (text, " 00:00:00"))
    return FALSE;
  int length = g_snprintf (date, sizeof date, "%s-%s-%s", year, month, in_month);
  return length == 10 && till_clock_parse_day (date, day, NULL);
}

static gboolean
check_account (const TillReading *reading, TillListing *listing, GError **error)
{
  char *line;
  if (!till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  const char *at = line;
  g_autofree char *account = skip (&at, "#账号：[") ? take_until (&at, "]") : NULL;
  if (!account || *trim ((char *)at) != '\0')
    return till_listing_refuse (listing, error, "the account should stand here");
  gsize length = strlen (reading->merchant_no);
  if (g_str_has_prefix (account, reading->merchant_no) && g_str_equal (account + length, "0156"))
    account[length] = '\0';
  return till_reading_check_merchant (reading, listing, account, error);
}

static gboolean
check_period (const TillReading *reading, TillListing *listing, GError **error)
{
  char *line;
  int first, last;
  if (!till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  const char *at = line;
  g_autofree char *from = skip (&at, "#起始日期：[") ? take_until (&at, "]") : NULL;
  at += strspn (at, " ");
  g_autofree char *to = from && skip (&at, "终止日期：[") ? take_until (&at, "]") : NULL;
  if (!to || *trim ((char *)at) != '\0' || !read_midnight (from, &first)
      || !read_midnight (to, &last) || till_clock_days_between (first, last) != 1)
    return till_listing_refuse (listing, error,
                                "the beginning and end of one day should stand here");
  return till_reading_check_day (reading, listing, first, error);
}

/* The lines before the rows. */
static gboolean
read_frame (const TillReading *reading, TillListing *listing, const char *title, const char *list,
            const char *names, GError **error)
{
  char *line;
  if (!till_listing_expect (listing, title, NULL, error) || !check_account (reading, listing, error)
      || !check_period (reading, listing, error)
      || !till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  if (!is_rule (line, list))
    return till_listing_refuse (listing, error, "the list should begin here");
  return till_listing_expect (listing, names, NULL, error);
}

/* The last lines: when it was written, or nothing. */
static gboolean
read_last (TillListing *listing, GError **error)
{
  char *line;
  if (!till_listing_next (listing, &line, error))
    return FALSE;
  if (line && !g_str_has_prefix (line, "#导出时间："))
    return till_listing_refuse (listing, error, "the file should have ended");
  return till_listing_end (listing, error);
}

/* --- the rows --- */

static gboolean
read_values (const TillListing *listing, char *cells[], int64_t values[], Sums *sums,
             GError **error)
{
  for (int i = 0; i < N_SUMS; i++)
    if (!till_piece_decimal (cells[columns[i]], 2, TRUE, &values[i])
        || !till_money_add (sums->sums[i], values[i], &sums->sums[i]))
      return till_listing_refuse (listing, error, "one of its amounts is no amount");
  return TRUE;
}

/* Turns the fee into "above zero is kept", and sees that all rows write it in one way. */
static gboolean
read_fee (const TillSettlementRow *row, const int64_t values[], Sums *sums, int64_t *fee)
{
  int64_t raw = values[FEE] + values[SHARE];
  int sign = raw == 0 ? 0 : (raw > 0) != row->back ? 1 : -1;
  if (sign && !sums->fee_sign)
    sums->fee_sign = sign;
  *fee = raw * sums->fee_sign * 1000;
  return sign == 0 || sign == sums->fee_sign;
}

static const char *
read_row (char *cells[], const int64_t values[], TillSettlementRow *row)
{
  row->back = values[AMOUNT] < 0;
  row->kind = TILL_SETTLEMENT_OTHER;
  row->request_no = till_reading_number (cells[OUR_ORDER]);
  row->provider_no = till_reading_number (cells[TRADE_NO]);
  row->state = g_strdup (cells[TYPE]);
  if (g_str_equal (cells[TYPE], "交易"))
    row->kind = TILL_SETTLEMENT_PAYMENT;
  if (row->kind == TILL_SETTLEMENT_PAYMENT && (row->back || *cells[REFUND_NO]))
    return "a payment looks like a refund";
  if (g_str_equal (cells[TYPE], "退款"))
    {
      row->kind = TILL_SETTLEMENT_REFUND;
      row->original_no = g_steal_pointer (&row->request_no);
      row->original_provider_no = g_steal_pointer (&row->provider_no);
      row->request_no = till_reading_number (cells[REFUND_NO]);
      if (!row->back || !row->original_no || !row->original_provider_no)
        return "a refund lacks its sign or a number";
    }
  row->amount = row->back ? -values[AMOUNT] : values[AMOUNT];
  row->settled = row->back ? -values[SETTLED] : values[SETTLED];
  return row->settled < 0 || row->settled > row->amount
             ? "what is settled does not go with what was asked for"
             : NULL;
}

static void
count_row (const TillSettlementRow *row, const int64_t values[], Sums *sums)
{
  gboolean payment = row->kind == TILL_SETTLEMENT_PAYMENT;
  if (row->kind == TILL_SETTLEMENT_OTHER)
    return;
  *(payment ? &sums->payments : &sums->refunds) += 1;
  /* A part of a sum that was checked when the values were read. */
  *(payment ? &sums->paid : &sums->returned) += values[SETTLED];
  *(payment ? &sums->paid_discount : &sums->returned_discount) += values[DISCOUNT];
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *line, Sums *sums, GError **error)
{
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  char *cells[N_COLUMNS];
  int64_t values[N_SUMS];
  int day;
  if (!till_listing_split (listing, line, ",", N_COLUMNS, cells, error))
    return FALSE;
  trim_all (cells, N_COLUMNS);
  if (!read_values (listing, cells, values, sums, error))
    return FALSE;
  if (!till_piece_time (cells[DONE_AT], &row->at, &day))
    return till_listing_refuse (listing, error, "its time is no time");
  if (!till_reading_check_day (reading, listing, day, error))
    return FALSE;
  const char *why = read_row (cells, values, row);
  if (!why && !read_fee (row, values, sums, &row->fee_exact))
    why = "its fee has another sign than the others";
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  count_row (row, values, sums);
  g_autofree char *key
      = g_strdup_printf ("%s %s %s", cells[TRADE_NO], cells[TYPE], cells[REFUND_NO]);
  return till_reading_take (reading, listing, g_steal_pointer (&row), key, error);
}

/* "#交易合计：2笔，商家实收共18.00元，商家优惠共0.00元" */
static gboolean
check_line (TillListing *listing, const char *head, const char *middle, const char *last,
            int64_t count, int64_t amount, int64_t discount, GError **error)
{
  char *line;
  int64_t stated_count, stated_amount, stated_discount;
  if (!till_listing_expect (listing, NULL, &line, error))
    return FALSE;
  const char *at = line;
  g_autofree char *first = skip (&at, head) ? take_until (&at, "笔，") : NULL;
  g_autofree char *second = first && skip (&at, middle) ? take_until (&at, "元，") : NULL;
  g_autofree char *third = second && skip (&at, last) ? take_until (&at, "元") : NULL;
  if (!third || *trim ((char *)at) != '\0' || !till_piece_whole (first, &stated_count)
      || !till_piece_decimal (second, 2, TRUE, &stated_amount)
      || !till_piece_decimal (third, 2, TRUE, &stated_discount))
    return till_listing_refuse (listing, error, "the sums cannot be read");
  return till_reading_compare (listing, "the number of rows", stated_count, count, error)
         && till_reading_compare (listing, "the amount", stated_amount, amount, error)
         && till_reading_compare (listing, "the discount", stated_discount, discount, error);
}

static gboolean
read_rows (TillReading *reading, const TillSettlementMember *member, Sums *sums, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  if (!till_listing_open (&listing, member, reading->format->encoding, error)
      || !read_frame (reading, &listing, "#支付宝业务明细查询", "业务明细列表", header, error))
    return FALSE;
  for (;;)
    {
      char *line;
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      if (is_rule (line, "业务明细列表结束"))
        break;
      if (!take_row (reading, &listing, line, sums, error))
        return FALSE;
    }
  return check_line (&listing, "#交易合计：", "商家实收共", "商家优惠共", sums->payments,
                     sums->paid, sums->paid_discount, error)
         && check_line (&listing, "#退款合计：", "商家实收退款共", "商家优惠退款共", sums->refunds,
                        sums->returned, sums->returned_discount, error)
         && read_last (&listing, error);
}

/* --- the sums --- */

static gboolean
read_figures (const TillListing *listing, char *cells[], int64_t figures[], GError **error)
{
  for (int i = PAYMENTS; i < N_SUMS_COLUMNS; i++)
    if (i < FIRST_SUM ? !till_piece_whole (cells[i], &figures[i])
                      : !till_piece_decimal (cells[i], 2, TRUE, &figures[i]))
      return till_listing_refuse (listing, error, "the sums cannot be read");
  return TRUE;
}

/* The line of all shops against the rows, and against the lines of the shops. */
static gboolean
check_sums (const TillListing *listing, const int64_t figures[], const int64_t shops[],
            const Sums *sums, GError **error)
{
  int64_t kept = (sums->sums[FEE] + sums->sums[SHARE]) * sums->fee_sign;
  for (int i = PAYMENTS; i < N_SUMS_COLUMNS; i++)
    if (!till_reading_compare (listing, "the sum of the shops", figures[i], shops[i], error))
      return FALSE;
  for (int i = 0; i < N_SUMS; i++)
    if (!till_reading_compare (listing, "the sum of a column", figures[FIRST_SUM + i],
                               sums->sums[i], error))
      return FALSE;
  return till_reading_compare (listing, "the number of payments", figures[PAYMENTS], sums->payments,
                               error)
         && till_reading_compare (listing, "the number of refunds", figures[REFUNDS], sums->refunds,
                                  error)
         && till_reading_compare (listing, "the net amount", figures[NET],
                                  sums->sums[SETTLED] - kept, error);
}

static gboolean
read_sums (TillReading *reading, const TillSettlementMember *member, const Sums *sums,
           GError **error)
{
  g_auto (TillListing) listing = { 0 };
  int64_t figures[N_SUMS_COLUMNS] = { 0 }, shops[N_SUMS_COLUMNS] = { 0 };
  char *line, *cells[N_SUMS_COLUMNS];
  if (!till_listing_open (&listing, member, reading->format->encoding, error)
      || !read_frame (reading, &listing, "#支付宝业务汇总查询", "业务汇总列表", sums_header, error))
    return FALSE;
  for (;;)
    {
      if (!till_listing_expect (&listing, NULL, &line, error)
          || !till_listing_split (&listing, line, ",", N_SUMS_COLUMNS, cells, error))
        return FALSE;
      trim_all (cells, N_SUMS_COLUMNS);
      if (!read_figures (&listing, cells, figures, error))
        return FALSE;
      if (g_str_equal (cells[SHOP], "合计"))
        break;
      for (int i = PAYMENTS; i < N_SUMS_COLUMNS; i++)
        if (!till_money_add (shops[i], figures[i], &shops[i]))
          return till_listing_refuse (&listing, error, "the sums grow too large");
    }
  if (!check_sums (&listing, figures, shops, sums, error)
      || !till_listing_expect (&listing, NULL, &line, error))
    return FALSE;
  if (!is_rule (line, "业务汇总列表结束"))
    return till_listing_refuse (&listing, error, "the list should end here");
  return read_last (&listing, error);
}

/* --- the two members --- */

static gboolean
find_members (const TillReading *reading, const TillSettlementMember **rows,
              const TillSettlementMember **sums, GError **error)
{
  *rows = *sums = NULL;
  for (guint i = 0; i < reading->members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (reading->members, i);
      const TillSettlementMember **place = strstr (member->name, "汇总") ? sums : rows;
      if (*place || !strstr (member->name, "业务明细"))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: what is this doing in the bill?",
                       member->name);
          return FALSE;
        }
      *place = member;
    }
  if (*rows && *sums)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the bill lacks its %s",
               *rows ? "sums" : "rows");
  return FALSE;
}

gboolean
till_parse_alipay (TillReading *reading, GError **error)
{
  const TillSettlementMember *rows, *sums_member;
  Sums sums = { 0 };
  if (!find_members (reading, &rows, &sums_member, error)
      || !read_rows (reading, rows, &sums, error)
      || !read_sums (reading, sums_member, &sums, error))
    return FALSE;
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return TRUE;
}
