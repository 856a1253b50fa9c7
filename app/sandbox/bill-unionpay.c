/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's day: the transactions (ZM) and the summary (RD), as a zip. There is no ZME: nobody
 * disputes anything here. How the lines of RD are ruled is our own invention. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

#include <string.h>

#define N_COLUMNS 42
#define MONEY_TEXT 14 /* a letter, twelve digits and the end */

static const guint8 widths[N_COLUMNS]
    = { 3, 11, 11, 6,  10, 19, 12, 4, 2,  21, 2,  32, 2, 6,  10, 13, 13, 4, 15, 2,  2,
        6, 2,  4,  32, 1,  21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1,  32, 98 };

/* In the order of the lines of the summary. */
static const struct
{
  TillErrandKind kind;
  const char *type, *name;
} types[] = {
  { TILL_ERRAND_PAY, "01", "消费" },
  { TILL_ERRAND_REFUND, "04", "退货" },
  { TILL_ERRAND_VOID, "31", "消费撤销" },
  { TILL_ERRAND_REVERSE, "99", "冲正" },
};

static const char *
type_of (TillErrandKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].kind == kind)
      return types[i].type;
  g_assert_not_reached ();
}

static void
write_money (char text[MONEY_TEXT], char letter, TillMoney amount)
{
  g_snprintf (text, MONEY_TEXT, "%c%012" G_GINT64_FORMAT, letter, amount);
}

static void
add_transaction (GString *file, const TillBillRow *row)
{
  gboolean back = till_bill_row_is_back (row);
  gsize length = strlen (row->provider_no);
  g_autofree char *time = till_clock_stamp (row->at, TILL_CHINA, "%m%d%H%M%S");
  g_autofree char *amount = g_strdup_printf ("%012" G_GINT64_FORMAT, row->amount);
  char fee[MONEY_TEXT], net[MONEY_TEXT], none[MONEY_TEXT];
  write_money (fee, back ? 'C' : 'D', row->fee);
  write_money (net, back ? 'D' : 'C', row->amount - row->fee);
  write_money (none, ' ', 0);
  const char *const columns[N_COLUMNS] = {
    [0] = "S22",
    [1] = "48720000",
    [2] = "00049992",
    [3] = row->provider_no + (length > 6 ? length - 6 : 0),
    [4] = time,
    [5] = "622202*********0814",
    [6] = amount,
    [7] = "5411",
    [8] = "07",
    [9] = row->provider_no,
    [10] = "06",
    [11] = row->request_no,
    [12] = "01",
    [15] = fee,
    [16] = net,
    [17] = "0201",
    [19] = type_of (row->kind),
    [20] = "00",
    [21] = "000201",
    [26] = row->original_provider_no,
    [27] = till_tongue_fact (&till_unionpay_tongue, "merchant_no"),
    [28] = "0",
    [31] = none,
    [32] = net,
    [33] = "01080001",
    [35] = none,
    [36] = none,
    [40] = row->original_no,
  };
  for (int i = 0; i < N_COLUMNS; i++)
    g_string_append_printf (file, "%s%-*s", i ? " " : "", (int)widths[i],
                            columns[i] ? columns[i] : "");
  g_string_append (file, "\r\n");
}

typedef struct
{
  guint n;
  TillMoney debit, credit, fee_debit, fee_credit;
} Sums;

static void
add_to (Sums *sums, const TillBillRow *row)
{
  gboolean back = till_bill_row_is_back (row);
  TillMoney *amount = back ? &sums->debit : &sums->credit;
  TillMoney *fee = back ? &sums->fee_credit : &sums->fee_debit;
  gboolean fits
      = till_money_add (*amount, row->amount, amount) && till_money_add (*fee, row->fee, fee);
  g_assert (fits);
  sums->n++;
}

static void
add_sums (GString *file, const char *name, const Sums *sums, TillMoney wrong)
{
  const TillMoney figures[]
      = { sums->debit,      sums->credit + wrong,           sums->fee_debit,
          sums->fee_credit, sums->debit - sums->fee_credit, sums->credit - sums->fee_debit };
  g_string_append_printf (file, "%s %u", name, sums->n);
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autofree char *text = till_money_format (figures[i]);
      g_string_append_printf (file, " %s", text);
    }
  g_string_append (file, "\r\n");
}

static char *
write_summary (const TillDayBill *bill)
{
  GString *file = g_string_new (NULL);
  Sums total = { 0 }, by_type[G_N_ELEMENTS (types)] = { 0 };
  for (guint i = 0; i < bill->rows->len; i++)
    {
      const TillBillRow *row = &g_array_index (bill->rows, TillBillRow, i);
      add_to (&total, row);
      for (gsize n = 0; n < G_N_ELEMENTS (types); n++)
        if (types[n].kind == row->kind)
          add_to (&by_type[n], row);
    }
  g_string_append_printf (
      file,
      "商户代码：%s        清算币种：人民币\r\n"
      "收单机构：测试收单机构        清算日期：%d        生成日期：%d\r\n"
      "交易类型 笔数 交易金额借 交易金额贷 费用借 费用贷 清算差额借 清算差额贷\r\n",
      till_tongue_fact (&till_unionpay_tongue, "merchant_no"), bill->day, bill->day);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (by_type[i].n > 0)
      add_sums (file, types[i].name, &by_type[i], 0);
  add_sums (file, "总计", &total, bill->wrong);
  g_string_append (file,
                   "卡性质 笔数 交易金额借 交易金额贷 费用借 费用贷 清算差额借 清算差额贷\r\n");
  add_sums (file, "借记卡", &total, 0);
  add_sums (file, "总计", &total, 0);
  return g_string_free (file, FALSE);
}

GBytes *
till_unionpay_bill (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill
      = till_day_bill_new (speech, "unionpay", day, TILL_UNIONPAY_DAY_END_S);
  const char *merchant = till_tongue_fact (&till_unionpay_tongue, "merchant_no");
  GString *file = g_string_new (NULL);
  for (guint i = 0; i < bill->rows->len; i++)
    add_transaction (file, &g_array_index (bill->rows, TillBillRow, i));
  g_autoptr (GBytes) zm = till_day_bill_finish (bill, file);
  g_autofree char *summary = write_summary (bill);
  g_autoptr (GBytes) rd = till_bill_gbk (summary);
  g_autofree char *zm_name = g_strdup_printf ("INN%06d88ZM_%s", day % 1000000, merchant);
  g_autofree char *rd_name = g_strdup_printf ("RD2002_%s", merchant);
  const TillBillMember members[] = { { zm_name, zm }, { rd_name, rd } };
  return till_bill_zip (members, G_N_ELEMENTS (members));
}
