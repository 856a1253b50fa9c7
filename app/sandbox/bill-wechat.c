/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's trade bill, all kinds of rows, before it is packed. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

#include <stdarg.h>

#define BOM "\xef\xbb\xbf"
#define END "\r\n"

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
