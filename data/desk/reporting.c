/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/reporting.h"
#include "data/core/error.h"
#include "data/desk/staffing.h"
#include "data/ledger/notice-store.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/report-store.h"
#include "data/trade/payment.h"
#include "data/trade/provider-limits.h"
#include "data/trade/return.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define UNDER_WAY_MAX 1000

/* A report is for looking at: ten years of days, all reasons and routes, the top of the items. */
#define ROWS_MAX 3660
#define ITEMS_MAX 50

static const struct
{
  const char *word;
  TillRollup rollup;
  int limit;
} kinds[] = {
  [TILL_BY_REASON] = { "reason", TILL_ROLLUP_REASON, ROWS_MAX },
  [TILL_BY_CASHIER] = { "cashier", TILL_ROLLUP_STAFF, ROWS_MAX },
  [TILL_BY_ITEM] = { "item", TILL_ROLLUP_ITEM, ITEMS_MAX },
  [TILL_BY_DAY] = { "day", TILL_ROLLUP_DAY, ROWS_MAX },
  [TILL_BY_ROUTE] = { "route", TILL_ROLLUP_ROUTE, ROWS_MAX },
};

static void
row_free (gpointer data)
{
  TillReportRow *row = data;
  g_free (row->key);
  g_free (row->label);
  g_free (row);
}

void
till_report_free (TillReport *report)
{
  g_ptr_array_unref (report->rows);
  g_free (report);
}

const char *
till_report_by_word (TillReportBy by)
{
  return kinds[by].word;
}

gboolean
till_report_by_from_word (const char *word, TillReportBy *by)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (word, kinds[i].word) == 0)
      {
        *by = (TillReportBy)i;
        return TRUE;
      }
  return FALSE;
}

static const char *
route_label (const char *word)
{
  TillTender tender;
  if (!till_tender_from_word (word, &tender))
    return word;
  switch (tender)
    {
    case TILL_TENDER_CASH:
      return _ ("Cash");
    case TILL_TENDER_CARD:
      return _ ("Card");
    case TILL_TENDER_CODE:
      return _ ("Payment code");
    default:
      g_assert_not_reached ();
    }
}

static char *
label_of (TillReportBy by, const TillRollupRow *row)
{
  if (by == TILL_BY_ROUTE)
    return g_strdup (route_label (row->key));
  if (by != TILL_BY_REASON)
    return g_strdup (row->name);
  TillReason reason = till_reason_from_word (row->key);
  return g_strdup (reason == TILL_REASON_NONE ? row->key : till_reason_label (reason));
}

static void
on_row (const TillRollupRow *from, gpointer user)
{
  TillReport *report = user;
  TillReportRow *row = g_new0 (TillReportRow, 1);
  if (report->by == TILL_BY_DAY)
    {
      row->key = till_clock_format_day (atoi (from->key));
      row->label = g_strdup (row->key);
    }
  else
    {
      row->key = g_strdup (from->key);
      row->label = label_of (report->by, from);
    }
  row->n = from->n;
  row->quantity = from->quantity;
  row->amount = from->amount;
  row->sales = from->sales;
  g_ptr_array_add (report->rows, row);
}

static gboolean
fill (TillLedger *ledger, TillReport *report, GError **error)
{
  TillRollupTotal total;
  TillRollup rollup = kinds[report->by].rollup;
  if (!till_report_store_rows (ledger, rollup, report->from, report->to, kinds[report->by].limit,
                               on_row, report, error)
      || !till_report_store_total (ledger, rollup, report->from, report->to, &total, error)
      || !till_report_store_open (ledger, &report->unconfirmed, &report->refused, &report->waiting,
                                  error)
      || !till_recheck_store_count (ledger, &report->came_back, &report->in_doubt, error)
      || !till_notice_store_count_strays (ledger, NULL, &report->unsettled, error)
      || !till_notice_store_sum_strays (ledger, 0, &report->told, error))
    return FALSE;
  report->n = total.n;
  report->amount = total.amount;
  report->sales_n = total.sales_n;
  report->sales = total.sales;
  return TRUE;
}

gboolean
till_reporting_returns (TillLedger *ledger, int64_t staff_id, int from, int to, TillReportBy by,
                        TillReport **report, TillAnswer *answer, GError **error)
{
  *report = NULL;
  if (from > to)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "from %d is behind to %d", from, to);
      return FALSE;
    }
  /* One look, so that rows, totals and what is open belong together. */
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_REPORT, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  g_autoptr (TillReport) made = g_new0 (TillReport, 1);
  made->by = by;
  made->from = from;
  made->to = to;
  made->rows = g_ptr_array_new_with_free_func (row_free);
  if (!fill (ledger, made, error))
    return FALSE;
  *report = g_steal_pointer (&made);
  return TRUE;
}

gboolean
till_reporting_closing (TillLedger *ledger, TillProfileOf profile_of, gpointer user,
                        TillReport *report, GError **error)
{
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)till_refund_free);
  if (!till_refund_store_under_way (ledger, UNDER_WAY_MAX, refunds, error))
    return FALSE;
  report->closing = 0;
  report->closing_amount = 0;
  report->closing_at = 0;
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      int64_t at = till_provider_limits_closing (profile_of (refund->provider, user), refund,
                                                 till_clock_now (till_ledger_clock (ledger)));
      if (at == 0)
        continue;
      report->closing++;
      if (!till_money_add (report->closing_amount, refund->amount, &report->closing_amount))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "more refunds than there is money");
          return FALSE;
        }
      report->closing_at = report->closing_at ? MIN (report->closing_at, at) : at;
    }
  return TRUE;
}
