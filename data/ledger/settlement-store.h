/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers' settlement files said, the rows that did not agree, how each was closed, and when
 * a file is asked for next. What follows from any of it is decided in data/desk/settling. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/settled.h"

G_BEGIN_DECLS

/* A file as it goes into the books. Texts are unowned. */
typedef struct
{
  const char *provider;
  int day;
  const char *digest;      /* of its bytes, 64 hexadecimal digits */
  const char *flow_digest; /* of the fund flow's; "": there is none */
  gboolean by_hand;
  int64_t instead; /* the one before of that day; 0: it is the first */
  int64_t n;
  TillMoney paid, returned, settled;
  int64_t fee_exact;
  int64_t our_n;
  TillMoney our_paid, our_returned;
  int64_t matched;
  int differing;
  TillFlow flow;
  const char *flow_first;
} TillSettlementFile;

/* The last file of that day; 0 in *id when there is none. Texts are unowned until the next step of
 * the caller: they are compared at once. */
typedef struct
{
  int64_t id;
  gboolean by_hand;
  gboolean same_file; /* as digest */
  gboolean same_flow; /* as flow_digest */
  int files;          /* so many of that day */
} TillSettlementLast;

gboolean till_settlement_store_last (TillLedger *ledger, const char *provider, int day,
                                     const char *digest, const char *flow_digest,
                                     TillSettlementLast *last, GError **error);

/* In a transaction with an act: the file first, then its rows in order. */
gboolean till_settlement_store_add (TillTxn *txn, const TillSettlementFile *file, int64_t *id,
                                    GError **error);
gboolean till_settlement_store_add_row (TillTxn *txn, int64_t id, int n,
                                        const TillDifference *difference, GError **error);

/* One row, with how it was closed; NULL in *difference when there is none. */
gboolean till_settlement_store_row (TillLedger *ledger, int64_t id, int n,
                                    TillDifference **difference, GError **error);
/* Both append TillDifference, at most limit: of a day, the open ones first; the open ones of a
 * provider, or of all with NULL. */
gboolean till_settlement_store_rows (TillLedger *ledger, const char *provider, int day, int limit,
                                     GPtrArray *differences, GError **error);
gboolean till_settlement_store_open (TillLedger *ledger, const char *provider, int limit,
                                     GPtrArray *differences, GError **error);
gboolean till_settlement_store_count_open (TillLedger *ledger, int *n, GError **error);
/* What files say of one number of ours, oldest first, at most limit. */
gboolean till_settlement_store_of_number (TillLedger *ledger, const char *provider,
                                          const char *request_no, int limit, GPtrArray *differences,
                                          GError **error);
/* Appends TillSettledDay, the latest day first, at most limit. */
gboolean till_settlement_store_days (TillLedger *ledger, int limit, GPtrArray *days,
                                     GError **error);

/* approver_id 0: nobody had to agree. */
gboolean till_settlement_store_close (TillTxn *txn, int64_t id, int n, int64_t approver_id,
                                      const char *reason, GError **error);
gboolean till_settlement_store_close_by_file (TillTxn *txn, int64_t id, int n, int64_t by_file,
                                              GError **error);

/* --- asking --- */

typedef struct
{
  int tries;
  int64_t due_at; /* 0: no more */
  gboolean known; /* FALSE: it was never asked for, and the rest is 0 */
} TillSettlementAsk;

gboolean till_settlement_store_ask (TillLedger *ledger, const char *provider, int day,
                                    TillSettlementAsk *ask, GError **error);
/* In any transaction. due_at 0: no more. asked_at 0: as it was. */
gboolean till_settlement_store_set_ask (TillTxn *txn, const char *provider, int day, int tries,
                                        int64_t asked_at, int64_t due_at, const char *file,
                                        const char *said, GError **error);
/* The first that is due of that provider; "" and 0 when none is. */
gboolean till_settlement_store_next (TillLedger *ledger, const char *provider, int *day,
                                     int64_t *due_at, GError **error);
/* The business day of the first entry; 0 in empty books. */
gboolean till_settlement_store_first_day (TillLedger *ledger, int *day, GError **error);

G_END_DECLS
