/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's trade bill, all kinds of rows, and the fund flow of the basic account, before they
 * are packed.
 *
 * Sandbox inventions in the flow: what stood on the account before the day, the numbers of the
 * flow, that a movement is booked the second it was traded, and that a reversal is booked as a
 * refund under the number of its payment. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

#include <stdarg.h>

#define BOM "\xef\xbb\xbf"
#define END "\r\n"
#define BALANCE_BEFORE 1000000 /* fen */

static const char head[]
    = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
      "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
      "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
      "费率备注" END;
static const char foot[] = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,"
                           "订单总金额,申请退款总金额" END;

/* Every cell behind a backtick; ended by NULL. */
static void
add_cells (GString *file, ...)
{
  va_list cells;
  const char *cell;
  gboolean first = TRUE;
  va_start (cells, file);
  while ((cell = va_arg (cells, const char *)))
    {
      g_string_append_printf (file, "%s`%s", first ? "" : ",", cell);
      first = FALSE;
    }
  va_end (cells);
  g_string_append (file, END);
}

static void
add_row (GString *file, const TillBillRow *row)
{
  gboolean back = till_bill_row_is_back (row), undone = row->kind == TILL_ERRAND_REVERSE;
  gboolean refund = back && !undone;
  g_autofree char *time = till_clock_format (row->at, TILL_CHINA);
  g_autofree char *amount = till_money_format (row->amount);
  g_autofree char *fee = till_money_format (back ? -row->fee : row->fee);
  g_autofree char *fine_fee = g_strconcat (fee, "000", NULL);
  const char *in = back ? "0.00" : amount, *out = back ? amount : "0.00";
  add_cells (file, time, till_tongue_fact (&till_wechat_tongue, "app_id"),
             till_tongue_fact (&till_wechat_tongue, "merchant_no"), "0", "",
             refund ? row->original_provider_no : row->provider_no,
             refund ? row->original_no : row->request_no, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
             "MICROPAY",
             refund   ? "REFUND"
             : undone ? "REVOKED"
                      : "SUCCESS",
             "OTHERS", "CNY", in, "0.00", back ? row->provider_no : "0",
             refund ? row->request_no : "0", out, "0.00", back ? "ORIGINAL" : "",
             back ? "SUCCESS" : "", "货品, 一批", "", fine_fee, "0.60%", in, out, "", NULL);
}

GBytes *
till_wechat_bill (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "wechat", day, 0);
  GString *file = g_string_new (BOM);
  g_string_append (file, head);
  for (guint i = 0; i < bill->rows->len; i++)
    add_row (file, &g_array_index (bill->rows, TillBillRow, i));
  TillBillSums sums = till_day_bill_sums (bill);
  g_string_append (file, foot);
  g_autofree char *n = g_strdup_printf ("%u", bill->rows->len);
  g_autofree char *paid_text = till_money_format (sums.paid);
  g_autofree char *stated_text = till_money_format (sums.paid + bill->wrong);
  g_autofree char *returned_text = till_money_format (sums.returned);
  g_autofree char *fee_text = till_money_format (sums.fees);
  g_autofree char *fine_fee = g_strconcat (fee_text, "000", NULL);
  add_cells (file, n, stated_text, returned_text, "0.00", fine_fee, paid_text, returned_text, NULL);
  return till_day_bill_finish (bill, file);
}

/* --- the fund flow --- */

static const char flow_head[] = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,"
                                "收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号" END;
static const char flow_foot[] = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额" END;

typedef struct
{
  GString *file; /* unowned */
  int day;
  guint in_rows, out_rows;
  TillMoney in, out;
} Flow;

static void
move (Flow *flow, const TillBillRow *row, const char *type, gboolean back, TillMoney amount)
{
  gboolean fits
      = till_money_add (back ? flow->out : flow->in, amount, back ? &flow->out : &flow->in);
  g_assert (fits);
  *(back ? &flow->out_rows : &flow->in_rows) += 1;
  g_autofree char *time = till_clock_format (row->at, TILL_CHINA);
  g_autofree char *flow_no
      = g_strdup_printf ("%s%d%06u", till_tongue_fact (&till_wechat_tongue, "merchant_no"),
                         flow->day, flow->in_rows + flow->out_rows);
  g_autofree char *moved = till_money_format (amount);
  g_autofree char *balance = till_money_format (BALANCE_BEFORE + flow->in - flow->out);
  add_cells (flow->file, time, row->provider_no, flow_no, type, type, back ? "支出" : "收入", moved,
             balance, "system", "备注, 一批", row->request_no, NULL);
}

/* The fee of a payment is taken in a row of its own; what goes back goes less the fee that comes
 * back with it. */
static void
add_movements (Flow *flow, const TillBillRow *row)
{
  if (till_bill_row_is_back (row))
    {
      move (flow, row, "退款", TRUE, row->amount - row->fee);
      return;
    }
  move (flow, row, "交易", FALSE, row->amount);
  if (row->fee > 0)
    move (flow, row, "扣除交易手续费", TRUE, row->fee);
}

GBytes *
till_wechat_flow (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "wechat", day, 0);
  Flow flow = { .file = g_string_new (BOM), .day = day };
  g_string_append (flow.file, flow_head);
  for (guint i = 0; i < bill->rows->len; i++)
    {
      TillBillRow row = g_array_index (bill->rows, TillBillRow, i);
      row.amount += bill->fault == TILL_BILL_FUNDS_OTHER_AMOUNT && i + 1 == bill->rows->len;
      add_movements (&flow, &row);
    }
  g_string_append (flow.file, flow_foot);
  g_autofree char *n = g_strdup_printf ("%u", flow.in_rows + flow.out_rows);
  g_autofree char *n_in = g_strdup_printf ("%u", flow.in_rows);
  g_autofree char *n_out = g_strdup_printf ("%u", flow.out_rows);
  g_autofree char *in = till_money_format (flow.in + (bill->fault == TILL_BILL_FUNDS_WRONG_TOTAL));
  g_autofree char *out = till_money_format (flow.out);
  add_cells (flow.file, n, n_in, in, n_out, out, NULL);
  return till_day_bill_finish (bill, flow.file);
}
