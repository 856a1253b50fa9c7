/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/accounts.h"

static gboolean
post_money (TillTxn *txn, TillTender tender, const char *provider, TillMoney amount, GError **error)
{
  if (tender == TILL_TENDER_CASH)
    return till_txn_post (txn, TILL_ACCOUNT_DRAWER, amount, error);
  g_autofree char *account = g_strconcat ("receivable:", provider, NULL);
  return till_txn_post (txn, account, amount, error);
}

gboolean
till_accounts_leg (TillTxn *txn, const TillLeg *leg, int sign, GError **error)
{
  return post_money (txn, leg->tender, leg->provider, sign * leg->amount, error)
         && till_txn_post (txn, "tendered", -sign * leg->amount, error);
}

gboolean
till_accounts_sale (TillTxn *txn, TillMoney total, TillMoney vat, GError **error)
{
  return till_txn_post (txn, "tendered", total, error)
         && till_txn_post (txn, "sales", vat - total, error)
         && till_txn_post (txn, "vat", -vat, error);
}

gboolean
till_accounts_return (TillTxn *txn, TillMoney amount, TillMoney vat, GError **error)
{
  return till_txn_post (txn, "sales", amount - vat, error) && till_txn_post (txn, "vat", vat, error)
         && till_txn_post (txn, TILL_ACCOUNT_REFUNDS_DUE, -amount, error);
}

gboolean
till_accounts_refund (TillTxn *txn, const TillRefund *refund, int sign, GError **error)
{
  return till_txn_post (txn, TILL_ACCOUNT_REFUNDS_DUE, sign * refund->amount, error)
         && post_money (txn, refund->tender, refund->provider, -sign * refund->amount, error);
}

gboolean
till_accounts_float (TillTxn *txn, TillMoney amount, GError **error)
{
  return till_txn_post (txn, TILL_ACCOUNT_DRAWER, amount, error)
         && till_txn_post (txn, TILL_ACCOUNT_SAFE, -amount, error);
}

gboolean
till_accounts_over_short (TillTxn *txn, TillMoney over_short, GError **error)
{
  return till_txn_post (txn, TILL_ACCOUNT_DRAWER, over_short, error)
         && till_txn_post (txn, TILL_ACCOUNT_OVER_SHORT, -over_short, error);
}
