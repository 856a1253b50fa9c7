/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds under way, for people: look, ask now, cancel, correct. One transaction each, on the
 * ledger's thread. What the dispatcher does with them is in sending.h. */
#pragma once
#include "data/ledger/recheck-store.h"
#include "data/trade/answer.h"
#include "data/trade/provider.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_REFUNDS_OPEN,        /* not over: waiting, under way, unknown, needing a person */
  TILL_REFUNDS_UNCONFIRMED, /* UNKNOWN */
  TILL_REFUNDS_REFUSED,     /* FIX, CUSTOMER, PROVIDER, and final no's of the last 30 days */
  TILL_REFUNDS_TODAY,       /* made today, whatever their state */
} TillRefundFilter;

/* Newest first, at most limit; of TillRefund. */
GPtrArray *till_refunding_list (TillLedger *ledger, TillRefundFilter filter, int limit,
                                GError **error);
/* Counts by filter, for badges: counts has 4 places. */
gboolean till_refunding_counts (TillLedger *ledger, int counts[4], GError **error);

/* By its 20-digit number, by request number, or by id. TILL_NO_SALE when there is none. */
gboolean till_refunding_load (TillLedger *ledger, const char *no, TillRefund **refund,
                              TillAnswer *answer, GError **error);
gboolean till_refunding_load_id (TillLedger *ledger, int64_t id, TillRefund **refund,
                                 TillAnswer *answer, GError **error);
/* Its time line, oldest first; of TillRefundStep. */
GPtrArray *till_refunding_history (TillLedger *ledger, int64_t refund_id, GError **error);

/* Done by a provider: it can be asked whether that still holds. */
gboolean till_refunding_may_ask_again (const TillRefund *refund);
/* What is to be asked of a refund that is done, and what was found; all 0 and "" when nothing is.
 */
gboolean till_refunding_agenda (TillLedger *ledger, int64_t refund_id, TillRecheck *recheck,
                                GError **error);

/* Makes the next question or try due at once. TILL_NO_STATE when nothing is due in its state; one
 * that a provider has done is asked about again. */
gboolean till_refunding_ask_now (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                                 TillAnswer *answer, GError **error);
/* Nothing has left yet (QUEUED and never sent, WAIT_APPROVAL, FIX, CUSTOMER): take it back. The
 * goods stay returned; the money is owed until another refund is made. Needs REFUND_ACT. */
gboolean till_refunding_cancel (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                                const char *reason, TillAnswer *answer, GError **error);
/* FIX or CUSTOMER: somebody put it right at the provider; try again under the same number. */
gboolean till_refunding_correct (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                                 const char *what, TillAnswer *answer, GError **error);
/* Whether the provider, whose profile this is (NULL: nobody knows it), holds money of this refund
 * that it could not bring to the customer and can send it back to the shop. */
gboolean till_refunding_may_recall (const TillRefund *refund, const TillProfile *profile);
/* Has it sent back to the shop, under the refund's own number and as soon as the provider can be
 * asked. Only the provider's word that the shop has it ends the refund, and then it can be paid
 * another way. Needs REFUND_ACT and a second person. */
gboolean till_refunding_recall (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                                const TillProfile *profile, const char *second_no,
                                const char *second_pin, TillAnswer *answer, GError **error);
/* A refund that ended with a final no, paid in cash instead by a new one that names it. Needs
 * REFUND_ACT and a second person. */
gboolean till_refunding_pay_cash (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                                  const char *second_no, const char *second_pin,
                                  TillRefund **successor, TillAnswer *answer, GError **error);

/* For the dispatcher, within the transaction that records the final no of a void: the same money
 * goes on as a refund that names it, by the same decision, due at once. */
gboolean till_refunding_after_void (TillTxn *txn, const TillRefund *refused, GError **error);

G_END_DECLS
