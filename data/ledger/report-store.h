/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of returns and sales, read from the daily roll-ups: a year is some thousand narrow rows.
 */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ROLLUP_REASON,
  TILL_ROLLUP_STAFF,
  TILL_ROLLUP_ITEM,
  TILL_ROLLUP_DAY,
  TILL_ROLLUP_ROUTE,
} TillRollup;

/* One line of a roll-up, summed over the days. name is "" where key has none. */
typedef struct
{
  const char *key, *name; /* until the callback returns */
  int64_t n;
  TillQuantity quantity;
  TillMoney amount, sales;
} TillRollupRow;
typedef void (*TillOnRollup) (const TillRollupRow *row, gpointer user);

/* from and to included; at most limit rows, largest amount first, by day the earliest first. */
gboolean till_report_store_rows (TillLedger *ledger, TillRollup rollup, int from, int to, int limit,
                                 TillOnRollup on_row, gpointer user, GError **error);

typedef struct
{
  int64_t n;
  TillMoney amount;
  int64_t sales_n;
  TillMoney sales;
} TillRollupTotal;
/* Over all rows of the roll-up, also those beyond a limit. */
gboolean till_report_store_total (TillLedger *ledger, TillRollup rollup, int from, int to,
                                  TillRollupTotal *total, GError **error);

/* Refunds that are so now: on their way without proof (queued to accepted), refused until somebody
 * acts (FIX, CUSTOMER, PROVIDER), waiting for a second person. Together: all that are open. */
gboolean till_report_store_open (TillLedger *ledger, int *unconfirmed, int *refused, int *waiting,
                                 GError **error);

G_END_DECLS
