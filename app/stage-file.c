/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage-file.h"
#include "app/stage-notice.h"
#include "data/core/digest.h"
#include "data/desk/settling.h"

#include <string.h>

#define MERCHANT "M100001"
#define ELSEWHERE "NOBODYS-SALE" /* what a refund of nobody's is of */

static gboolean
add_row (TillLedger *ledger, const TillFiling *filing, gsize n, GString *text, TillMoney *sum,
         GError **error)
{
  const TillFileRow *row = &filing->rows[n];
  g_autoptr (TillRefund) latest = row->number ? NULL : till_stage_latest_refund (ledger, error);
  if (!row->number && !latest)
    return FALSE;
  const char *number = row->number ? row->number
                       : row->back ? latest->request_no
                                   : latest->original_no;
  TillMoney amount = row->number ? row->amount
                     : row->back ? latest->amount
                                 : latest->original_amount;
  const char *original = !row->back ? "" : latest ? latest->original_no : ELSEWHERE;
  g_autofree char *day = till_clock_format_day (filing->day);
  g_autofree char *money = till_money_format (row->back ? -amount : amount);
  *sum += row->back ? -amount : amount;
  g_string_append_printf (text, "%s 10:3%d:00,%s,%s,%s,P%d,%s,0.00\n", day, (int)(n % 10),
                          row->back ? "refund" : "pay", number, original, (int)n + 1, money);
  return TRUE;
}

/* NULL: it cannot be written. */
static char *
write_file (TillLedger *ledger, const TillFiling *filing, GError **error)
{
  TillMoney sum = 0;
  g_autoptr (GString) text
      = g_string_new ("time,kind,request_no,original_no,provider_no,amount,fee\n");
  for (gsize i = 0; i < filing->n; i++)
    if (!add_row (ledger, filing, i, text, &sum, error))
      return NULL;
  g_autofree char *money = till_money_format (sum);
  g_string_append_printf (text, "total,%d,,,,%s,0.00\n", (int)filing->n, money);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
till_stage_keep (TillLedger *ledger, const TillFiling *filing, GError **error)
{
  TillAnswer answer;
  TillSettled settled;
  g_autoptr (TillReconciled) reconciled = NULL;
  g_autofree char *text = write_file (ledger, filing, error);
  if (!text)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (members, till_settlement_member_new ("settlement.csv", bytes));
  g_autofree char *digest = till_digest_hex (text, strlen (text));
  const TillSettlingFile file = { .provider = "sandbox", .digest = digest, .flow_digest = "" };
  TillSettlement *settlement = till_settlement_parse (till_settlement_format ("sandbox"), members,
                                                      MERCHANT, filing->day, error);
  return settlement
         && till_settling_keep (ledger, 0, &file, settlement, NULL, &reconciled, &settled, &answer,
                                error);
}
