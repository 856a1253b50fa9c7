/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider's own CSV; see till-sandbox(1). */
#include "app/sandbox/day-bill.h"

static void
add_row (GString *file, const TillBillRow *row)
{
  int sign = till_bill_row_is_back (row) ? -1 : 1;
  /* A void is a refund in this file: it names its payment like one. */
  TillErrandKind kind = row->kind == TILL_ERRAND_VOID ? TILL_ERRAND_REFUND : row->kind;
  g_autofree char *time = till_clock_format (row->at, TILL_CHINA);
  g_autofree char *amount = till_money_format (sign * row->amount);
  g_autofree char *fee = till_money_format (sign * row->fee);
  g_string_append_printf (file, "%s,%s,%s,%s,%s,%s,%s\n", time, till_errand_kind_word (kind),
                          row->request_no, row->original_no ? row->original_no : "",
                          row->provider_no, amount, fee);
}

GBytes *
till_practice_bill (const TillSpeech *speech, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "sandbox", day, 0);
  GString *file = g_string_new ("time,kind,request_no,original_no,provider_no,amount,fee\n");
  for (guint i = 0; i < bill->rows->len; i++)
    add_row (file, &g_array_index (bill->rows, TillBillRow, i));
  TillBillSums sums = till_day_bill_sums (bill);
  g_autofree char *amount = till_money_format (sums.paid - sums.returned + bill->wrong);
  g_autofree char *fee = till_money_format (sums.fees);
  g_string_append_printf (file, "total,%u,,,,%s,%s\n", bill->rows->len, amount, fee);
  return till_day_bill_finish (bill, file);
}
