/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's trade bill, a zip of the rows and their sums, in GBK. A cancel of what was paid stands
 * there as a refund under the payment's own number, which is our own invention. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

#define END "\r\n"
#define RULE "-----------------------------------------"

static const char rows_head[]
    = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,"
      "终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
      "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
      "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注" END;
static const char sums_head[]
    = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,"
      "支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）" END;

static void
add_frame (GString *file, const TillDayBill *bill, const char *title, const char *list)
{
  int next = till_clock_day (till_bill_midnight (bill->day) + 24 * TILL_HOUR, TILL_CHINA);
  g_string_append_printf (
      file,
      "#支付宝业务%s查询" END "#账号：[%s0156]" END
      "#起始日期：[%04d年%02d月%02d日 00:00:00]   终止日期：[%04d年%02d月%02d日 00:00:00]" END
      "#" RULE "%s" RULE END,
      title, till_tongue_fact (&till_alipay_tongue, "merchant_no"), bill->day / 10000,
      bill->day / 100 % 100, bill->day % 100, next / 10000, next / 100 % 100, next % 100, list);
}

/* A tab follows what a spreadsheet would spoil. */
static void
add_row (GString *file, const TillBillRow *row)
{
  gboolean back = till_bill_row_is_back (row);
  g_autofree char *time = till_clock_format (row->at, TILL_CHINA);
  g_autofree char *amount = till_money_format (back ? -row->amount : row->amount);
  g_autofree char *fee = till_money_format (back ? row->fee : -row->fee);
  g_string_append_printf (
      file,
      "%s\t,%s\t,%s\t,货品\t,%s,%s,001\t,人民路店\t,\t,\t,**博(156******89)\t,%s,%s,"
      "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,%s\t,%s,0.00," END,
      row->original_provider_no ? row->original_provider_no : row->provider_no,
      row->original_no ? row->original_no : row->request_no, back ? "退款" : "交易", time, time,
      amount, amount, back ? row->request_no : "", fee);
}

static GBytes *
write_rows (const TillDayBill *bill, const TillBillSums *sums)
{
  GString *file = g_string_new (NULL);
  add_frame (file, bill, "明细", "业务明细列表");
  g_string_append (file, rows_head);
  for (guint i = 0; i < bill->rows->len; i++)
    add_row (file, &g_array_index (bill->rows, TillBillRow, i));
  g_autofree char *paid = till_money_format (sums->paid + bill->wrong);
  g_autofree char *returned = till_money_format (-sums->returned);
  g_string_append_printf (file,
                          "#" RULE "业务明细列表结束" RULE END
                          "#交易合计：%u笔，商家实收共%s元，商家优惠共0.00元" END
                          "#退款合计：%u笔，商家实收退款共%s元，商家优惠退款共0.00元" END,
                          sums->payments, paid, sums->refunds, returned);
  g_autofree char *text = g_string_free (file, FALSE);
  g_autoptr (GBytes) gbk = till_bill_gbk (text);
  gsize size;
  const char *data = g_bytes_get_data (gbk, &size);
  return till_day_bill_finish (bill, g_string_new_len (data, (gssize)size));
}

static GBytes *
write_sums (const TillDayBill *bill, const TillBillSums *sums)
{
  g_autoptr (GString) file = g_string_new (NULL);
  add_frame (file, bill, "汇总", "业务汇总列表");
  g_string_append (file, sums_head);
  g_autofree char *amount = till_money_format (sums->paid - sums->returned);
  g_autofree char *fees = till_money_format (-sums->fees);
  g_autofree char *net = till_money_format (sums->paid - sums->returned - sums->fees);
  static const char *const shops[] = { "001\t,人民路店\t", "合计\t,\t" };
  for (gsize i = 0; i < G_N_ELEMENTS (shops); i++)
    g_string_append_printf (file, "%s,%u,%u,%s,%s,0.00,0.00,0.00,%s,0.00,%s" END, shops[i],
                            sums->payments, sums->refunds, amount, amount, fees, net);
  g_string_append (file, "#" RULE "业务汇总列表结束" RULE END);
  return till_bill_gbk (file->str);
}

GBytes *
till_alipay_bill (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "alipay", day, 0);
  TillBillSums sums = till_day_bill_sums (bill);
  g_autoptr (GBytes) rows = write_rows (bill, &sums);
  g_autoptr (GBytes) all = write_sums (bill, &sums);
  const char *merchant = till_tongue_fact (&till_alipay_tongue, "merchant_no");
  g_autofree char *stem = g_strdup_printf ("%s0156_%d_业务明细", merchant, day);
  g_autofree char *rows_name = g_strconcat (stem, ".csv", NULL);
  g_autofree char *sums_name = g_strconcat (stem, "(汇总).csv", NULL);
  g_autofree char *rows_gbk = g_convert (rows_name, -1, "GBK", "UTF-8", NULL, NULL, NULL);
  g_autofree char *sums_gbk = g_convert (sums_name, -1, "GBK", "UTF-8", NULL, NULL, NULL);
  g_assert (rows_gbk && sums_gbk);
  const TillBillMember members[] = { { rows_gbk, rows }, { sums_gbk, all } };
  return till_bill_zip (members, G_N_ELEMENTS (members));
}
