/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports over returns: pure functions of the ledger, read from the daily roll-ups. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/notice.h"
#include "data/trade/provider.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_BY_REASON,
  TILL_BY_CASHIER,
  TILL_BY_ITEM, /* the 50 with the largest amount */
  TILL_BY_DAY,
  TILL_BY_ROUTE,
} TillReportBy;

typedef struct
{
  char *key;   /* owned; reason word, staff number, item code, 2026-11-22, tender word */
  char *label; /* owned; for people, in the current language */
  int64_t n;
  TillQuantity quantity; /* 0 where the report has none (by route) */
  TillMoney amount;      /* given or being given back */
  TillMoney sales;       /* of the same key; 0 where there is none */
} TillReportRow;

typedef struct
{
  TillReportBy by;
  int from, to;    /* business days, both included */
  GPtrArray *rows; /* owned; of TillReportRow, largest amount first (by day: by day) */
  int64_t n;       /* totals over all rows, also those a top list leaves out */
  TillMoney amount;
  int64_t sales_n;
  TillMoney sales;
  /* Refunds that are so now, whatever the period: on their way without proof, refused until
   * somebody acts, waiting for a second person. Together they are all that are open. */
  int unconfirmed, refused, waiting;
  /* Refunds that were done and are not: came back and are owed until another stands for them; still
   * called done while the provider's last word was another one. */
  int came_back, in_doubt;
  /* Notices about no number of this shop that nobody has settled, whatever the period, and of how
   * much money they speak: as the providers say, none of it is the shop's. */
  int unsettled;
  TillNoticeSums told;
  /* Refunds that their providers will close unpaid if our balance stays too low, how much they are,
   * and when the first is closed. Filled by till_reporting_closing (). */
  int closing;
  TillMoney closing_amount;
  int64_t closing_at; /* µs UTC; 0: there are none */
} TillReport;
void till_report_free (TillReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillReport, till_report_free)

/* staff_id needs TILL_RIGHT_REPORT; without it the answer is TILL_NO_RIGHT. staff_id 0: the
 * program. */
gboolean till_reporting_returns (TillLedger *ledger, int64_t staff_id, int from, int to,
                                 TillReportBy by, TillReport **report, TillAnswer *answer,
                                 GError **error);

/* Adds what is going to be closed; of the 1000 oldest that are under way. */
gboolean till_reporting_closing (TillLedger *ledger, TillProfileOf profile_of, gpointer user,
                                 TillReport *report, GError **error);

const char *till_report_by_word (TillReportBy by); /* "reason", "cashier" … */
gboolean till_report_by_from_word (const char *word, TillReportBy *by);

G_END_DECLS
