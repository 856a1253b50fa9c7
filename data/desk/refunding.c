/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/refunding.h"
#include "data/core/ids.h"
#include "data/core/text.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/desk/staffing.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/return-store.h"
#include "data/ledger/setting-store.h"
#include "data/trade/policy.h"

#include <string.h>

#define REFUSED_DAYS 30

static const TillRefundList lists[] = {
  [TILL_REFUNDS_OPEN] = TILL_REFUND_LIST_OPEN,
  [TILL_REFUNDS_UNCONFIRMED] = TILL_REFUND_LIST_UNKNOWN,
  [TILL_REFUNDS_REFUSED] = TILL_REFUND_LIST_REFUSED,
  [TILL_REFUNDS_TODAY] = TILL_REFUND_LIST_DAY,
};

/* --- looking --- */

/* The business day that bounds a list. */
static gboolean
day_for (TillLedger *ledger, TillRefundFilter filter, int *day, GError **error)
{
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  if (!shop)
    return FALSE;
  int64_t at = till_clock_now (till_ledger_clock (ledger));
  if (filter == TILL_REFUNDS_REFUSED)
    at -= REFUSED_DAYS * TILL_DAY;
  *day = till_clock_day (at, shop->zone);
  return TRUE;
}

GPtrArray *
till_refunding_list (TillLedger *ledger, TillRefundFilter filter, int limit, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_refund_free);
  int day;
  if (!day_for (ledger, filter, &day, error)
      || !till_refund_store_list (ledger, lists[filter], day, CLAMP (limit, 1, 1000), list, error))
    return NULL;
  return g_steal_pointer (&list);
}

gboolean
till_refunding_counts (TillLedger *ledger, int counts[4], GError **error)
{
  for (int filter = 0; filter < 4; filter++)
    {
      int day;
      if (!day_for (ledger, (TillRefundFilter)filter, &day, error)
          || !till_refund_store_count (ledger, lists[filter], day, &counts[filter], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_refunding_load_id (TillLedger *ledger, int64_t id, TillRefund **refund, TillAnswer *answer,
                        GError **error)
{
  if (!till_refund_store_load (ledger, id, refund, error))
    return FALSE;
  *answer = *refund ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, "");
  return TRUE;
}

gboolean
till_refunding_load (TillLedger *ledger, const char *no, TillRefund **refund, TillAnswer *answer,
                     GError **error)
{
  int64_t id;
  *refund = NULL;
  if (!till_refund_store_find (ledger, no, &id, error)
      || (id && !till_refund_store_load (ledger, id, refund, error)))
    return FALSE;
  *answer = *refund ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, no);
  return TRUE;
}

GPtrArray *
till_refunding_history (TillLedger *ledger, int64_t refund_id, GError **error)
{
  g_autoptr (GPtrArray) steps
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_refund_step_free);
  return till_refund_store_history (ledger, refund_id, steps, error) ? g_steal_pointer (&steps)
                                                                     : NULL;
}

gboolean
till_refunding_may_ask_again (const TillRefund *refund)
{
  /* Cash was sent as nothing. Nor may a restored copy know as what it was sent, and then "not
   * found" would mean nothing. */
  return refund->state == TILL_REFUND_SUCCEEDED && refund->why != TILL_WHY_NONE;
}

gboolean
till_refunding_agenda (TillLedger *ledger, int64_t refund_id, TillRecheck *recheck, GError **error)
{
  return till_recheck_store_load (ledger, refund_id, recheck, error);
}

/* --- acting --- */

/* Right and existence, inside the transaction. With TILL_YES both are loaded. */
static gboolean
enter (TillTxn *txn, TillRight right, int64_t refund_id, TillStaff **staff, TillRefund **refund,
       TillAnswer *answer, GError **error)
{
  if (!till_staffing_may (txn, till_txn_staff (txn), right, staff, answer, error))
    return FALSE;
  return answer->code != TILL_YES
         || till_refunding_load_id (till_txn_ledger (txn), refund_id, refund, answer, error);
}

gboolean
till_refunding_ask_now (TillLedger *ledger, int64_t staff_id, int64_t refund_id, TillAnswer *answer,
                        GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, NULL, error);
  g_autoptr (TillStaff) staff = NULL;
  g_autoptr (TillRefund) refund = NULL;
  if (!txn || !enter (txn, TILL_RIGHT_RETURN, refund_id, &staff, &refund, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (till_refunding_may_ask_again (refund))
    return till_recheck_store_plan (txn, refund_id, till_txn_now (txn), error)
           && till_txn_commit (txn, error);
  /* SENDING is due as well, but only to notice that its answer is lost: not to be hurried. */
  if (refund->next_action_at == 0 || till_refund_state_has_left (refund->state))
    {
      *answer = till_answer_ref (TILL_NO_STATE, till_refund_state_label (refund->state));
      return TRUE;
    }
  return till_refund_store_hurry (txn, refund_id, error) && till_txn_commit (txn, error);
}

/* One event by a person, with what they wrote. */
static gboolean
act (TillLedger *ledger, int64_t staff_id, int64_t refund_id, const char *verb,
     TillRefundEvent event, const char *words, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, verb, error);
  g_autoptr (TillStaff) staff = NULL;
  g_autoptr (TillRefund) refund = NULL;
  if (!txn || !enter (txn, TILL_RIGHT_REFUND_ACT, refund_id, &staff, &refund, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  TillRefundState to;
  /* A queued refund that was sent before may have been booked after all; it is not ours to cancel.
   */
  gboolean left_before = refund->state == TILL_REFUND_QUEUED && refund->requested_at != 0;
  if (!till_refund_next (refund->state, event, &to)
      || (event == TILL_REFUND_EVENT_CANCEL && left_before)
      || refund->state == TILL_REFUND_WAIT_APPROVAL)
    {
      *answer = till_answer_ref (TILL_NO_STATE, till_refund_state_label (refund->state));
      return TRUE;
    }
  g_autofree char *clean = till_text_clean (words, TILL_TEXT_MAX);
  g_autofree char *masked = till_text_mask_cards (clean);
  return till_refund_store_apply (txn, refund_id, event, NULL, masked, till_txn_now (txn), &to,
                                  error)
         && till_txn_commit (txn, error);
}

gboolean
till_refunding_cancel (TillLedger *ledger, int64_t staff_id, int64_t refund_id, const char *reason,
                       TillAnswer *answer, GError **error)
{
  return act (ledger, staff_id, refund_id, "cancel", TILL_REFUND_EVENT_CANCEL, reason, answer,
              error);
}

gboolean
till_refunding_correct (TillLedger *ledger, int64_t staff_id, int64_t refund_id, const char *what,
                        TillAnswer *answer, GError **error)
{
  return act (ledger, staff_id, refund_id, "correct", TILL_REFUND_EVENT_CORRECT, what, answer,
              error);
}

/* Only an end that the provider or a person made final, and that nobody replaced yet, may be paid
 * another way; the cap in the schema refuses the rest. */
static gboolean
ended_without_money (TillRefundState state)
{
  return state == TILL_REFUND_FAILED || state == TILL_REFUND_CLOSED || state == TILL_REFUND_BOUNCED
         || state == TILL_REFUND_CANCELLED;
}

static gboolean
check_cash (TillTxn *txn, const TillRefund *refund, const TillStaff *approver, TillAnswer *answer,
            GError **error)
{
  TillMoney drawer;
  int64_t successor;
  if (!till_refund_store_successor (till_txn_ledger (txn), refund->id, &successor, error))
    return FALSE;
  /* A second click finds the first one's work. */
  if (!ended_without_money (refund->state) || successor)
    {
      *answer = till_answer_ref (TILL_NO_STATE, till_refund_state_label (refund->state));
      return TRUE;
    }
  if (!till_ledger_balance (till_txn_ledger (txn), TILL_ACCOUNT_DRAWER, &drawer, error))
    return FALSE;
  *answer = refund->amount > drawer
                ? till_answer_money (TILL_NO_DRAWER, refund->amount, drawer)
                : till_policy_approve (&till_txn_shop (txn)->policy, refund->amount,
                                       till_txn_staff (txn), approver);
  return TRUE;
}

/* The same money under a new number: law 5 allows it after a final no. */
static TillRefund *
new_successor (TillTxn *txn, const TillRefund *old, TillTender tender, const char *provider,
               const char *original_no)
{
  TillRefund *fresh = g_new0 (TillRefund, 1);
  fresh->return_id = old->return_id;
  fresh->sale_id = old->sale_id;
  fresh->leg_pos = old->leg_pos;
  fresh->tender = tender;
  fresh->provider = g_strdup (provider);
  fresh->original_no = g_strdup (original_no);
  fresh->amount = old->amount;
  fresh->request_no = till_request_no_new (till_ledger_clock (till_txn_ledger (txn)));
  return fresh;
}

static gboolean
write_successor (TillTxn *txn, const TillRefund *old, const TillStaff *approver, int64_t *id,
                 GError **error)
{
  g_autoptr (TillRefund) fresh = new_successor (txn, old, TILL_TENDER_CASH, "", "");
  TillRefundState state;
  g_autofree char *evidence
      = g_strdup_printf ("instead of %s, approved by %s", old->no, approver->no);
  g_autofree char *seen = g_strdup_printf ("cash %s %" G_GINT64_FORMAT, old->no, old->amount);
  g_autofree char *digest = till_digest_hex (seen, strlen (seen));
  if (!till_return_store_add_approval (txn, old->return_id, till_txn_staff (txn), approver->id,
                                       "route", TRUE, digest, error)
      || !till_refund_store_add (txn, fresh, old->id, error)
      || !till_refund_store_apply (txn, fresh->id, TILL_REFUND_EVENT_APPROVE, NULL, evidence,
                                   till_txn_now (txn), &state, error)
      || !till_refund_store_apply (txn, fresh->id, TILL_REFUND_EVENT_HAND_OVER, NULL,
                                   "from the drawer", 0, &state, error)
      || !till_accounts_refund (txn, fresh, 1, error)
      || !till_printing_add (txn, TILL_PAPER_REFUND, fresh->id, error))
    return FALSE;
  *id = fresh->id;
  return TRUE;
}

gboolean
till_refunding_after_void (TillTxn *txn, const TillRefund *refused, GError **error)
{
  g_autoptr (TillRefund) fresh
      = new_successor (txn, refused, refused->tender, refused->provider, refused->original_no);
  TillRefundState state;
  g_autofree char *evidence = g_strdup_printf ("the void %s was refused", refused->no);
  fresh->staff_id = refused->staff_id; /* the program goes on; the person is who asked for it */
  return till_refund_store_add (txn, fresh, refused->id, error)
         && till_refund_store_apply (txn, fresh->id, TILL_REFUND_EVENT_APPROVE, NULL, evidence,
                                     till_txn_now (txn), &state, error);
}

/* What one person asks for and another agrees to. */
typedef struct
{
  TillTxn *txn;        /* owned; open when the answer is TILL_YES */
  TillStaff *approver; /* owned */
  TillRefund *refund;  /* owned */
} Agreement;

static void
agreement_clear (Agreement *agreement)
{
  g_clear_pointer (&agreement->txn, till_txn_free);
  g_clear_pointer (&agreement->approver, till_staff_free);
  g_clear_pointer (&agreement->refund, till_refund_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Agreement, agreement_clear)

/* The PIN is tried in a transaction of its own, so that a wrong one counts; rights and state are
 * looked at inside the one that writes. */
static gboolean
agree (Agreement *agreement, TillLedger *ledger, int64_t staff_id, int64_t refund_id,
       const char *second_no, const char *second_pin, TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) staff = NULL;
  if (!till_staffing_prove (ledger, second_no, second_pin, &agreement->approver, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  agreement->txn = till_ledger_begin (ledger, staff_id, "refund", error);
  return agreement->txn
         && enter (agreement->txn, TILL_RIGHT_REFUND_ACT, refund_id, &staff, &agreement->refund,
                   answer, error);
}

gboolean
till_refunding_pay_cash (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                         const char *second_no, const char *second_pin, TillRefund **successor,
                         TillAnswer *answer, GError **error)
{
  g_auto (Agreement) both = { 0 };
  int64_t id = 0;
  *successor = NULL;
  if (!agree (&both, ledger, staff_id, refund_id, second_no, second_pin, answer, error))
    return FALSE;
  if (answer->code == TILL_YES && !check_cash (both.txn, both.refund, both.approver, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  return write_successor (both.txn, both.refund, both.approver, &id, error)
         && till_txn_commit (both.txn, error)
         && till_refund_store_load (ledger, id, successor, error);
}

gboolean
till_refunding_may_recall (const TillRefund *refund, const TillProfile *profile)
{
  return profile && till_profile_can (profile, TILL_ERRAND_RECALL)
         && refund->state == TILL_REFUND_PROVIDER && refund->failure == TILL_CLASS_PROVIDER
         && *refund->provider_no;
}

static gboolean
write_recall (TillTxn *txn, const TillRefund *refund, const TillStaff *approver, GError **error)
{
  TillRefundState state;
  g_autofree char *evidence = g_strdup_printf ("back to the shop, approved by %s", approver->no);
  g_autofree char *seen
      = g_strdup_printf ("recall %s %" G_GINT64_FORMAT, refund->no, refund->amount);
  g_autofree char *digest = till_digest_hex (seen, strlen (seen));
  return till_return_store_add_approval (txn, refund->return_id, till_txn_staff (txn), approver->id,
                                         "recall", TRUE, digest, error)
         && till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_RECALL, NULL, evidence,
                                     till_txn_now (txn), &state, error);
}

gboolean
till_refunding_recall (TillLedger *ledger, int64_t staff_id, int64_t refund_id,
                       const TillProfile *profile, const char *second_no, const char *second_pin,
                       TillAnswer *answer, GError **error)
{
  g_auto (Agreement) both = { 0 };
  if (!agree (&both, ledger, staff_id, refund_id, second_no, second_pin, answer, error))
    return FALSE;
  if (answer->code == TILL_YES && !till_refunding_may_recall (both.refund, profile))
    *answer = till_answer_ref (TILL_NO_STATE, till_refund_state_label (both.refund->state));
  if (answer->code == TILL_YES)
    *answer = till_policy_approve (&till_txn_shop (both.txn)->policy, both.refund->amount,
                                   till_txn_staff (both.txn), both.approver);
  if (answer->code != TILL_YES)
    return TRUE;
  return write_recall (both.txn, both.refund, both.approver, error)
         && till_txn_commit (both.txn, error);
}
