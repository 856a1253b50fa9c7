/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/fault-table.h"
#include "data/core/digest.h"

#include <string.h>

#define FEE_PPM 6000
#define DAY_S (24 * 3600)
/* What nobody asked for. */
#define STRAY_NO "R9STRAY9REFUND90"
#define STRAY_PAYMENT "P9STRAY9PAYMENT9"
#define STRAY_PROVIDER_NO "F9999999999"

gboolean
till_bill_fault_from_word (const char *word, TillBillFault *fault)
{
  const TillFaultRow *row = till_fault_table_find (TILL_PLAYED_BY_FILES, word);
  if (row)
    *fault = (TillBillFault)row->fault;
  return row != NULL;
}

gboolean
till_bill_row_is_back (const TillBillRow *row)
{
  return row->kind != TILL_ERRAND_PAY;
}

static TillMoney
fee_of (TillMoney amount)
{
  TillMoney fee = 0;
  gboolean fits = till_money_rate (amount, FEE_PPM, &fee);
  g_assert (fits);
  return fee;
}

/* What was booked before a book said in which tongue was asked for in the practice language. */
static gboolean
is_spoken_in (const TillRecord *record, const char *tongue)
{
  return strcmp (record->tongue ? record->tongue : "sandbox", tongue) == 0;
}

static TillBillRow
row_of (const TillSpeech *speech, const TillRecord *record)
{
  TillErrandKind kind = till_record_effect_kind (record);
  TillBillRow row = {
    .kind = kind == TILL_ERRAND_REFUND ? record->errand : kind,
    .request_no = record->request_no,
    .original_no = record->original_no,
    .provider_no = record->provider_no,
    .amount = record->amount,
    .fee = fee_of (record->amount),
    .at = record->at,
  };
  TillProviderAnswer payment;
  if (row.original_no)
    row.original_provider_no
        = till_provider_peek (speech->provider, TILL_ERRAND_PAY, row.original_no, NULL, &payment)
              ? payment.provider_no
              : "";
  return row;
}

/* UMPay's file knows payments only, and of those what stayed. */
static gboolean
is_listed (const TillSpeech *speech, const TillRecord *record, const char *tongue)
{
  if (strcmp (tongue, "umpay") != 0)
    return TRUE;
  return till_record_effect_kind (record) == TILL_ERRAND_PAY
         && till_provider_count_effects (speech->provider, TILL_ERRAND_REVERSE, record->request_no)
                == 0;
}

static void
add_stray (TillDayBill *bill)
{
  TillBillRow stray = { .kind = TILL_ERRAND_REFUND,
                        .request_no = STRAY_NO,
                        .original_no = STRAY_PAYMENT,
                        .provider_no = STRAY_PROVIDER_NO,
                        .original_provider_no = "P9999999999",
                        .amount = 100,
                        .fee = fee_of (100) };
  if (bill->rows->len > 0)
    stray.at = g_array_index (bill->rows, TillBillRow, bill->rows->len - 1).at;
  g_array_append_val (bill->rows, stray);
}

static void
spoil (TillDayBill *bill)
{
  guint n = bill->rows->len;
  TillBillRow *last = n ? &g_array_index (bill->rows, TillBillRow, n - 1) : NULL;
  bill->wrong = bill->fault == TILL_BILL_WRONG_TOTAL;
  if (bill->fault == TILL_BILL_UNKNOWN_REFUND)
    add_stray (bill);
  if (!last)
    return;
  if (bill->fault == TILL_BILL_ROW_MISSING)
    g_array_set_size (bill->rows, n - 1);
  else if (bill->fault == TILL_BILL_OTHER_AMOUNT)
    {
      last->amount += 1;
      last->fee = fee_of (last->amount);
    }
  else if (bill->fault == TILL_BILL_REPEATED_ROW)
    {
      TillBillRow again = *last;
      g_array_append_val (bill->rows, again);
    }
}

TillDayBill *
till_day_bill_new (const TillSpeech *speech, const char *tongue, int day, int day_end_s)
{
  TillDayBill *bill = g_new0 (TillDayBill, 1);
  int64_t shift = day_end_s ? (DAY_S - day_end_s) * TILL_SECOND : 0;
  bill->day = day;
  bill->fault = speech->bill_fault;
  bill->rows = g_array_new (FALSE, FALSE, sizeof (TillBillRow));
  for (guint i = 0; i < till_provider_n_effects (speech->provider); i++)
    {
      const TillRecord *record = till_provider_effect (speech->provider, i);
      if (!is_spoken_in (record, tongue) || till_clock_day (record->at + shift, TILL_CHINA) != day)
        continue;
      if (!is_listed (speech, record, tongue))
        continue;
      TillBillRow row = row_of (speech, record);
      g_array_append_val (bill->rows, row);
    }
  spoil (bill);
  return bill;
}

void
till_day_bill_free (TillDayBill *bill)
{
  g_array_unref (bill->rows);
  g_free (bill);
}

TillBillSums
till_day_bill_sums (const TillDayBill *bill)
{
  TillBillSums sums = { 0 };
  for (guint i = 0; i < bill->rows->len; i++)
    {
      const TillBillRow *row = &g_array_index (bill->rows, TillBillRow, i);
      gboolean back = till_bill_row_is_back (row);
      TillMoney *sum = back ? &sums.returned : &sums.paid;
      gboolean fits = till_money_add (*sum, row->amount, sum)
                      && till_money_add (sums.fees, back ? -row->fee : row->fee, &sums.fees);
      g_assert (fits);
      *(back ? &sums.refunds : &sums.payments) += 1;
    }
  return sums;
}

GBytes *
till_day_bill_finish (const TillDayBill *bill, GString *text)
{
  if (bill->fault == TILL_BILL_CUT)
    g_string_truncate (text, text->len * 2 / 3);
  return g_string_free_to_bytes (text);
}

int64_t
till_bill_midnight (int day)
{
  g_autoptr (GTimeZone) china = g_time_zone_new_identifier (TILL_CHINA);
  g_autoptr (GDateTime) midnight
      = g_date_time_new (china, day / 10000, day / 100 % 100, day % 100, 0, 0, 0);
  g_assert (midnight);
  return g_date_time_to_unix (midnight) * TILL_SECOND;
}

static char *
token_of (const TillSpeech *speech, const char *file, int day, gint64 until)
{
  g_autofree char *text = g_strdup_printf ("%d-%" G_GINT64_FORMAT, day, until);
  g_autofree char *sealed = g_strconcat (file, "-", text, NULL);
  g_autofree char *signature = till_key_sign (speech->our_key, sealed, strlen (sealed));
  g_autofree char *seal = till_digest_hex (signature, strlen (signature));
  return g_strconcat (text, "-", seal, NULL);
}

char *
till_bill_token (const TillSpeech *speech, const char *file, int day, int good_for_s)
{
  return token_of (speech, file, day, till_clock_now (speech->clock) / TILL_SECOND + good_for_s);
}

gboolean
till_bill_token_is_good (const TillSpeech *speech, const char *file, const char *token, int *day)
{
  gint64 until;
  g_auto (GStrv) parts = g_strsplit (token ? token : "", "-", 3);
  if (g_strv_length (parts) != 3 || !till_clock_parse_day (parts[0], day, NULL)
      || !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT64, &until, NULL))
    return FALSE;
  g_autofree char *ours = token_of (speech, file, *day, until);
  return till_text_is_same (token, ours) && till_clock_now (speech->clock) / TILL_SECOND <= until;
}
