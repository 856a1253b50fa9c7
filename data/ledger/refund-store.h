/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds. Only till_refund_store_apply () changes a refund's state, and it writes the history in
 * the same transaction. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

/* Writes the refund as WAIT_APPROVAL; sets id and no. staff_id 0: whoever acts in txn. supersedes
 * 0: none. */
gboolean till_refund_store_add (TillTxn *txn, TillRefund *refund, int64_t supersedes,
                                GError **error);

/* Moves a refund along the table and writes history. An event that is not possible in its state is
 * stored as an anomaly and the state stays; *state is what it is afterwards. outcome may be NULL.
 * next_action_at is used while something is due in the new state. */
gboolean till_refund_store_apply (TillTxn *txn, int64_t id, TillRefundEvent event,
                                  const TillOutcome *outcome, const char *evidence,
                                  int64_t next_action_at, TillRefundState *state, GError **error);
/* How it will be asked for, before its first promise; refused by the schema afterwards. */
gboolean till_refund_store_choose (TillTxn *txn, int64_t id, TillWhy why, const char *notice_url,
                                   GError **error);
/* Under whose number it goes out; once it has one, another is refused by the schema. */
gboolean till_refund_store_name_merchant (TillTxn *txn, int64_t id, const char *merchant_no,
                                          GError **error);
/* What of a refund that was just called done went to whoever gave a discount; above 0. */
gboolean till_refund_store_add_coupon (TillTxn *txn, int64_t id, TillMoney amount, GError **error);
/* All that counts against the payment besides this refund. */
gboolean till_refund_store_others (TillLedger *ledger, const TillRefund *refund, TillMoney *others,
                                   GError **error);
/* How many refunds of a payment went or are to go through its provider, of those with a smaller id:
 * what the provider counts. A refund it closed, refused or never saw is none. */
gboolean till_refund_store_number (TillLedger *ledger, int64_t sale_id, int leg_pos,
                                   int64_t before_id, int *number, GError **error);
/* Whether this refund stands for a void that was finally refused. */
gboolean till_refund_store_after_void (TillLedger *ledger, int64_t id, gboolean *after,
                                       GError **error);
/* Something is due now rather than later. */
gboolean till_refund_store_hurry (TillTxn *txn, int64_t id, GError **error);
/* The questions about all of a provider's refunds that wait for its word; *n: how many. */
gboolean till_refund_store_hurry_all (TillTxn *txn, const char *provider, int *n, GError **error);

/* The refund that is due longest; 0 when none is due by now, then *next_at says when one will be
 * (0: never). */
gboolean till_refund_store_due (TillLedger *ledger, int64_t now, int64_t *id, int64_t *next_at,
                                GError **error);
/* Appends ids (int64_t) of refunds found SENDING. */
gboolean till_refund_store_sending (TillLedger *ledger, GArray *ids, GError **error);
/* When a refund of this payment was last sent, other than this one; 0: never. */
gboolean till_refund_store_last_sent (TillLedger *ledger, const TillRefund *refund,
                                      int64_t *sent_at, GError **error);
/* The refund that was made instead of this one; 0 when there is none. */
gboolean till_refund_store_successor (TillLedger *ledger, int64_t id, int64_t *successor,
                                      GError **error);
/* Something is due then rather than now. */
gboolean till_refund_store_delay (TillTxn *txn, int64_t id, int64_t until, GError **error);

/* NULL in *refund when there is none. */
gboolean till_refund_store_load (TillLedger *ledger, int64_t id, TillRefund **refund,
                                 GError **error);
/* Appends what was promised to a provider and waits or is under way, the oldest promise first. */
gboolean till_refund_store_under_way (TillLedger *ledger, int limit, GPtrArray *refunds,
                                      GError **error);
/* no: 20 digits or 16 characters; 0 when there is none. */
gboolean till_refund_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error);
/* Its own events, and between them what providers said of it without being asked: "notice", and
 * "settlement" for a file that did not agree; the evidence is then the file's day and what it says,
 * – where it says nothing. Such a step moves no state. */
gboolean till_refund_store_history (TillLedger *ledger, int64_t id, GPtrArray *steps,
                                    GError **error);
/* Appends TillRefund to refunds. */
gboolean till_refund_store_of_return (TillLedger *ledger, int64_t return_id, GPtrArray *refunds,
                                      GError **error);

typedef enum
{
  TILL_REFUND_LIST_OPEN,
  TILL_REFUND_LIST_UNKNOWN,
  TILL_REFUND_LIST_REFUSED, /* day: not older than this, for those that are over */
  TILL_REFUND_LIST_DAY,
} TillRefundList;
gboolean till_refund_store_list (TillLedger *ledger, TillRefundList list, int day, int limit,
                                 GPtrArray *refunds, GError **error);
gboolean till_refund_store_count (TillLedger *ledger, TillRefundList list, int day, int *count,
                                  GError **error);

G_END_DECLS
