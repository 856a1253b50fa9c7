/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which account moves when. Debit is positive; every act's postings sum to zero.
 *
 *   drawer                cash that should be there
 *   receivable:PROVIDER   what a provider took for us and owes us
 *   tendered              (−) money customers put down for sales that are not paid yet
 *   sales, vat            (−) what we earned, what we owe the state
 *   refunds_due           (−) what we owe customers for goods that are back
 *   safe                  cash outside the drawer, since the first shift: below 0 it gave floats
 *   over_short            (−) counted too much, (+) too little */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

#define TILL_ACCOUNT_DRAWER "drawer"
#define TILL_ACCOUNT_REFUNDS_DUE "refunds_due"
#define TILL_ACCOUNT_SAFE "safe"
#define TILL_ACCOUNT_OVER_SHORT "over_short"

/* A leg took money (sign 1) or gave it back before the sale came about (sign -1). */
gboolean till_accounts_leg (TillTxn *txn, const TillLeg *leg, int sign, GError **error);
/* The sale is paid. */
gboolean till_accounts_sale (TillTxn *txn, TillMoney total, TillMoney vat, GError **error);
/* Goods are back: we owe the customer. */
gboolean till_accounts_return (TillTxn *txn, TillMoney amount, TillMoney vat, GError **error);
/* The debt is paid (sign 1) or came back (sign -1). */
gboolean till_accounts_refund (TillTxn *txn, const TillRefund *refund, int sign, GError **error);
/* Cash out of the safe into the drawer; below 0 the other way. */
gboolean till_accounts_float (TillTxn *txn, TillMoney amount, GError **error);
/* The drawer holds what was counted: above what was expected, or with a minus below it. */
gboolean till_accounts_over_short (TillTxn *txn, TillMoney over_short, GError **error);

G_END_DECLS
