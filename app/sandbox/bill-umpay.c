/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay's settle file: payments only, for how a refund would stand there is not known. That a
 * payment which was taken back is left out is our own invention, and so are the last columns. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

GBytes *
till_umpay_no_bill (int day)
{
  const char *merchant = till_tongue_fact (&till_umpay_tongue, "merchant_no");
  g_autofree char *text = g_strdup_printf ("TRADEDETAIL-START,%s,%d,3.0,0001,对帐文件暂时不存在\n"
                                           "TRADEDETAIL-END,%s,%d,-1,-1\n",
                                           merchant, day, merchant, day);
  return till_bill_gbk (text);
}

GBytes *
till_umpay_bill (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "umpay", day, 0);
  const char *merchant = till_tongue_fact (&till_umpay_tongue, "merchant_no");
  g_autofree char *head
      = g_strdup_printf ("TRADEDETAIL-START,%s,%d,3.0,0000,生成对账文件成功\n", merchant, day);
  g_autoptr (GBytes) gbk = till_bill_gbk (head);
  gsize size;
  const char *data = g_bytes_get_data (gbk, &size);
  GString *file = g_string_new_len (data, (gssize)size);
  TillMoney sum = bill->wrong;
  for (guint i = 0; i < bill->rows->len; i++)
    {
      const TillBillRow *row = &g_array_index (bill->rows, TillBillRow, i);
      gboolean fits = till_money_add (sum, row->amount, &sum);
      g_assert (fits);
      g_string_append_printf (file,
                              "%s,200,13800000000,%s,%d,%d,%" G_GINT64_FORMAT ",02,3,%d,0,1,010\n",
                              merchant, row->request_no, day, day, row->amount, day);
    }
  g_string_append_printf (file, "TRADEDETAIL-END,%s,%d,%u,%" G_GINT64_FORMAT "\n", merchant, day,
                          bill->rows->len, sum);
  return till_day_bill_finish (bill, file);
}
