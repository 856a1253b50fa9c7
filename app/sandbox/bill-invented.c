/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Lakala and Shengpay are said to have written at the end of a day: OUR OWN INVENTION, for
 * their files are documented nowhere (see data/settlement/invented-file.c). No language of theirs
 * asks for it; a person fetches it at the control address and gives it to the till by hand, as one
 * would download it from the provider's pages. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"

static const TillTongue *const inventors[] = { &till_lakala_tongue, &till_shengpay_tongue };

static const char *
kind_word (TillErrandKind kind)
{
  if (kind == TILL_ERRAND_REVERSE)
    return "reversal";
  return kind == TILL_ERRAND_PAY ? "payment" : "refund";
}

static void
add_row (GString *file, const TillBillRow *row)
{
  gboolean refund = row->kind == TILL_ERRAND_REFUND || row->kind == TILL_ERRAND_VOID;
  g_autofree char *time = till_clock_format (row->at, TILL_CHINA);
  g_autofree char *amount = till_money_format (row->amount);
  g_autofree char *fee = till_money_format (till_bill_row_is_back (row) ? -row->fee : row->fee);
  g_string_append_printf (file, "%s,%s,%s,%s,%s,%s,%s,%s,%s\n", kind_word (row->kind),
                          row->request_no, refund ? row->original_no : "", row->provider_no,
                          refund ? row->original_provider_no : "", amount, fee, "SUCCESS", time);
}

static GBytes *
write_bill (const TillSpeech *speech, const TillTongue *tongue, int day)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, tongue->name, day, 0);
  g_autofree char *date = till_clock_format_day (day);
  GString *file = g_string_new (NULL);
  g_string_printf (file, "START,1,%s,%s,%s\n", tongue->name,
                   till_tongue_fact (tongue, "merchant_no"), date);
  if (bill->fault == TILL_BILL_MISSING || bill->fault == TILL_BILL_LATE)
    {
      g_string_append (file, "END,none\n");
      return g_string_free_to_bytes (file);
    }
  for (guint i = 0; i < bill->rows->len; i++)
    add_row (file, &g_array_index (bill->rows, TillBillRow, i));
  TillBillSums sums = till_day_bill_sums (bill);
  g_autofree char *paid = till_money_format (sums.paid + bill->wrong);
  g_autofree char *returned = till_money_format (sums.returned);
  g_autofree char *fees = till_money_format (sums.fees);
  g_string_append_printf (file, "END,%u,%s,%s,%s\n", bill->rows->len, paid, returned, fees);
  return till_day_bill_finish (bill, file);
}

GBytes *
till_invented_bill (const TillSpeech *speech, const char *tongue, int day)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inventors); i++)
    if (g_strcmp0 (tongue, inventors[i]->name) == 0)
      return write_bill (speech, inventors[i], day);
  return NULL;
}
