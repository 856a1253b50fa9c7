/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which account moves when. Debit is positive; every act's postings sum to zero.
 *
 *   drawer                cash that should be there
 *   receivable:PROVIDER   what a provider took for us and owes us
 *   tendered              (−) money customers put down for sales that are not paid yet
 *   sales, vat            (−) what we earned, what we owe the state
 *   refunds_due           (−) what we owe customers for goods that are back */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

#define TILL_ACCOUNT_DRAWER "drawer"
#define TILL_ACCOUNT_REFUNDS_DUE "refunds_due"

/* A leg took money (sign 1) or gave it back before the sale came about (sign -1). */
gboolean till_accounts_leg (TillTxn *txn, const TillLeg *leg, int sign, GError **error);
/* The sale is paid. */
gboolean till_accounts_sale (TillTxn *txn, TillMoney total, TillMoney vat, GError **error);
/* Goods are back: we owe the customer. */
gboolean till_accounts_return (TillTxn *txn, TillMoney amount, TillMoney vat, GError **error);
/* The debt is paid (sign 1) or came back (sign -1). */
gboolean till_accounts_refund (TillTxn *txn, const TillRefund *refund, int sign, GError **error);

G_END_DECLS
