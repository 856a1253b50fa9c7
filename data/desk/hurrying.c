/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/hurrying.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sale-store.h"

#include <string.h>

/* The row that a number is of, and whether a question about it is open. */
typedef struct
{
  int64_t refund_id; /* 0: it is no refund's */
  int64_t sale_id;   /* 0: it is no payment's */
  int pos;
  gboolean asks;  /* its next step is a question */
  gboolean again; /* it is done, and stands on the agenda of those that are asked about again */
} Subject;

/* A row that waits for its first send is left alone, and so is one whose answer is on its way: the
 * one has nothing to ask about, and of the other the answer comes first. A reversal is not hurried
 * either: its next step is no question. */
static gboolean
find_payment (TillLedger *ledger, const char *provider, const char *request_no, Subject *subject,
              GError **error)
{
  int64_t sale_id;
  int pos;
  g_autoptr (TillSale) sale = NULL;
  if (!till_sale_store_find_request (ledger, request_no, &sale_id, &pos, error))
    return FALSE;
  if (sale_id == 0)
    return TRUE;
  if (!till_sale_store_load (ledger, sale_id, FALSE, &sale, error))
    return FALSE;
  const TillLeg *leg = till_sale_leg (sale, pos);
  if (strcmp (leg->provider, provider) != 0)
    return TRUE;
  subject->sale_id = sale_id;
  subject->pos = pos;
  subject->asks = leg->next_action_at != 0
                  && (leg->state == TILL_LEG_UNKNOWN || leg->state == TILL_LEG_DISPUTED);
  return TRUE;
}

static gboolean
find_refund (TillLedger *ledger, const char *provider, const char *request_no, Subject *subject,
             GError **error)
{
  int64_t id;
  g_autoptr (TillRefund) refund = NULL;
  if (!till_refund_store_find (ledger, request_no, &id, error)
      || (id != 0 && !till_refund_store_load (ledger, id, &refund, error)))
    return FALSE;
  if (!refund || strcmp (refund->provider, provider) != 0
      || strcmp (refund->request_no, request_no) != 0)
    return TRUE;
  subject->refund_id = id;
  subject->asks = refund->state == TILL_REFUND_UNKNOWN || refund->state == TILL_REFUND_ACCEPTED
                  || refund->state == TILL_REFUND_PROVIDER;
  subject->again = refund->state == TILL_REFUND_SUCCEEDED;
  return TRUE;
}

/* No number is both; what a provider calls it is only where we look first. */
static gboolean
find_subject (TillLedger *ledger, const char *provider, const char *request_no, Subject *subject,
              GError **error)
{
  *subject = (Subject){ 0 };
  if (!find_payment (ledger, provider, request_no, subject, error))
    return FALSE;
  return subject->sale_id != 0 || find_refund (ledger, provider, request_no, subject, error);
}

static gboolean
hurry_again (TillTxn *txn, Subject *subject, GError **error)
{
  TillRecheck recheck;
  if (!till_recheck_store_load (till_txn_ledger (txn), subject->refund_id, &recheck, error))
    return FALSE;
  subject->asks = recheck.due_at != 0;
  return !subject->asks
         || till_recheck_store_note (txn, subject->refund_id,
                                     MIN (recheck.due_at, till_txn_now (txn)), recheck.silent,
                                     recheck.in_doubt, error);
}

static gboolean
hurry (TillTxn *txn, Subject *subject, GError **error)
{
  if (subject->again)
    return hurry_again (txn, subject, error);
  if (!subject->asks)
    return TRUE;
  return subject->sale_id ? till_sale_store_hurry (txn, subject->sale_id, subject->pos, error)
                          : till_refund_store_hurry (txn, subject->refund_id, error);
}

gboolean
till_hurrying_do (TillTxn *txn, const char *provider, const char *request_no, TillHurried *hurried,
                  GError **error)
{
  Subject subject;
  *hurried = (TillHurried){ 0 };
  if (!find_subject (till_txn_ledger (txn), provider, request_no, &subject, error)
      || !hurry (txn, &subject, error))
    return FALSE;
  *hurried = (TillHurried){ subject.sale_id != 0 || subject.refund_id != 0, subject.asks };
  return TRUE;
}
