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

/* What came of one question to a provider, or of one request, until the callback returns. */
typedef struct
{
  const char *provider;
  int64_t at;           /* µs; when it was recorded */
  const char *event;    /* stored word of a leg's or a refund's life: "done", "silence" … */
  int64_t took;         /* µs since its promise; -1 where no promise stands directly before it */
  const char *evidence; /* what was said */
  gboolean is_refund;   /* it was about a refund; else about a payment */
  int64_t subject;      /* which of them: the same number is the same one, and no id */
} TillProviderAnswer;
typedef void (*TillOnProviderAnswer) (const TillProviderAnswer *answer, gpointer user);

/* Of the latest 10,000 sales and refunds, the newest first, at most limit. */
gboolean till_report_store_answers (TillLedger *ledger, int limit, TillOnProviderAnswer on_answer,
                                    gpointer user, GError **error);

typedef void (*TillOnProviderOpen) (const char *provider, int n, TillMoney amount, gpointer user);
/* Refunds through each provider that are open now, waiting for a second person included. */
gboolean till_report_store_open_by_provider (TillLedger *ledger, TillOnProviderOpen on_open,
                                             gpointer user, GError **error);

G_END_DECLS
