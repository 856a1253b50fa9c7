/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/settlement/funds.h"
#include "data/core/error.h"
#include "data/settlement/matching.h"

#define FEE_TAKEN "扣除交易手续费"

const char *
till_funds_figure_word (TillFundsFigure figure)
{
  static const char *const words[] = { "paid", "fees", "returned" };
  g_assert ((gsize)figure < G_N_ELEMENTS (words));
  return words[figure];
}

void
till_funds_free (TillFunds *funds)
{
  g_free (funds->first);
  g_free (funds);
}

/* What the two files say of one number, for one figure. */
typedef struct
{
  TillFundsFigure figure;
  const char *number; /* unowned; the row's */
  TillMoney bill, flow;
  gboolean in_bill, in_flow;
  gboolean may_miss; /* it need not stand in both */
} Entry;

typedef struct
{
  GPtrArray *entries;  /* owned; of Entry, the bill's order, then what only the flow has */
  GHashTable *numbers; /* owned; "figure number" → Entry, which is unowned */
  TillMatchDay day;
  gboolean fees; /* the flow has fees */
} Gathering;

static Entry *
entry_of (Gathering *gathering, TillFundsFigure figure, const TillSettlementRow *row)
{
  const char *number = row->request_no ? row->request_no : row->provider_no ? row->provider_no : "";
  g_autofree char *key = g_strdup_printf ("%u %s", figure, number);
  Entry *entry = g_hash_table_lookup (gathering->numbers, key);
  if (entry)
    return entry;
  entry = g_new0 (Entry, 1);
  entry->figure = figure;
  entry->number = number;
  g_ptr_array_add (gathering->entries, entry);
  g_hash_table_insert (gathering->numbers, g_steal_pointer (&key), entry);
  return entry;
}

static gboolean
stands_at_edge (const Gathering *gathering, const TillSettlementRow *row)
{
  const TillMatchDay *day = &gathering->day;
  return row->at < day->from + day->edge || row->at >= day->to - day->edge;
}

static gboolean
add_of_bill (Gathering *gathering, TillFundsFigure figure, const TillSettlementRow *row,
             TillMoney amount)
{
  Entry *entry = entry_of (gathering, figure, row);
  gboolean open = row->kind == TILL_SETTLEMENT_REFUND && g_strcmp0 (row->state, "SUCCESS") != 0;
  entry->in_bill = TRUE;
  entry->may_miss
      |= open || row->kind == TILL_SETTLEMENT_REVERSAL || stands_at_edge (gathering, row);
  return till_money_add (entry->bill, amount, &entry->bill);
}

static gboolean
add_of_flow (Gathering *gathering, TillFundsFigure figure, const TillSettlementRow *row)
{
  Entry *entry = entry_of (gathering, figure, row);
  entry->in_flow = TRUE;
  entry->may_miss |= stands_at_edge (gathering, row);
  return till_money_add (entry->flow, row->amount, &entry->flow);
}

static gboolean
is_fee (const TillSettlementRow *row)
{
  return row->kind == TILL_SETTLEMENT_OTHER && row->back && g_strcmp0 (row->state, FEE_TAKEN) == 0;
}

static gboolean
gather_bill (Gathering *gathering, const TillSettlement *bill)
{
  for (guint i = 0; i < bill->rows->len; i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (bill->rows, i);
      TillMoney left;
      if (row->back)
        {
          /* The fee of what goes back is negative. */
          if (!till_money_add (row->settled, row->fee, &left)
              || !add_of_bill (gathering, TILL_FUNDS_RETURNED, row, left))
            return FALSE;
        }
      else if (!add_of_bill (gathering, TILL_FUNDS_PAID, row, row->settled)
               || (gathering->fees && row->fee != 0
                   && !add_of_bill (gathering, TILL_FUNDS_FEES, row, row->fee)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
gather_flow (Gathering *gathering, const TillSettlement *flow)
{
  for (guint i = 0; i < flow->rows->len; i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (flow->rows, i);
      if (row->kind == TILL_SETTLEMENT_OTHER && !is_fee (row))
        continue;
      TillFundsFigure figure = is_fee (row) ? TILL_FUNDS_FEES
                               : row->back  ? TILL_FUNDS_RETURNED
                                            : TILL_FUNDS_PAID;
      if (!add_of_flow (gathering, figure, row))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sum_up (const Gathering *gathering, TillFunds *funds)
{
  for (guint i = 0; i < gathering->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (gathering->entries, i);
      TillMoney *bill = &funds->bill[entry->figure], *flow = &funds->flow[entry->figure];
      if (entry->may_miss && !(entry->in_bill && entry->in_flow))
        continue;
      if (!till_money_add (*bill, entry->bill, bill) || !till_money_add (*flow, entry->flow, flow))
        return FALSE;
      /* What a coupon paid whole moves nothing, and has no row there. */
      if (entry->bill == entry->flow)
        continue;
      funds->differing++;
      if (!funds->first)
        funds->first = g_strdup (entry->number);
    }
  return TRUE;
}

static gboolean
has_fees (const TillSettlement *flow)
{
  for (guint i = 0; i < flow->rows->len; i++)
    if (is_fee (g_ptr_array_index (flow->rows, i)))
      return TRUE;
  return FALSE;
}

TillFunds *
till_funds_new (const TillSettlement *bill, const TillSettlement *flow, GError **error)
{
  g_assert (bill->day == flow->day && g_str_equal (bill->merchant_no, flow->merchant_no));
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Gathering gathering = { .entries = entries,
                          .numbers = numbers,
                          .day = till_match_day (bill->format, bill->day),
                          .fees = has_fees (flow) };
  g_autoptr (TillFunds) funds = g_new0 (TillFunds, 1);
  if (gather_bill (&gathering, bill) && gather_flow (&gathering, flow)
      && sum_up (&gathering, funds))
    return g_steal_pointer (&funds);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                       "the sums of the bill and the fund flow are too large");
  return NULL;
}
