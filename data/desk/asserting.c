/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/asserting.h"
#include "data/desk/accounts.h"
#include "data/desk/selling.h"
#include "data/desk/staffing.h"
#include "data/ledger/card-slip-store.h"
#include "data/ledger/sale-store.h"
#include "data/trade/policy.h"

/* Is there a payment that waits for a slip? One whose slip is this very one already has been
 * answered before, *done. */
static TillAnswer
check_leg (const TillSale *sale, const TillLeg *leg, const TillCardSlip *slip, gboolean *done)
{
  *done = FALSE;
  if (!sale)
    return till_answer_ref (TILL_NO_SALE, "");
  if (!leg || !leg->by_slip)
    return till_answer_ref (TILL_NO_STATE, leg ? till_leg_state_word (leg->state) : "");
  *done = leg->slip && till_card_slip_equal (leg->slip, slip);
  if (*done || (leg->state == TILL_LEG_PLANNED && sale->state == TILL_SALE_TENDERING))
    return till_answer (TILL_YES);
  return till_answer_ref (TILL_NO_STATE, till_leg_state_word (leg->state));
}

/* What the slip says, and whether it has paid before. */
static gboolean
check_slip (TillTxn *txn, const TillSale *sale, const TillLeg *leg, const TillCardSlip *slip,
            TillProfileOf profile_of, TillAnswer *answer, GError **error)
{
  const TillProfile *profile = profile_of (leg->provider, NULL);
  const char *taken;
  if (!profile || profile->slip_log_digits == 0)
    {
      *answer = till_answer_ref (TILL_NO_TAKER, leg->provider);
      return TRUE;
    }
  *answer = till_card_slip_check (slip, profile, till_clock_day (sale->at, TILL_CHINA),
                                  till_clock_day (till_txn_now (txn), TILL_CHINA));
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_card_slip_store_taken (till_txn_ledger (txn), leg->provider, slip, &taken, error))
    return FALSE;
  if (taken)
    *answer = till_answer_ref (TILL_NO_CARD_SLIP_TWICE, taken);
  return TRUE;
}

/* Whose word is enough for so much: this person's, or with a second one's. */
static TillAnswer
check_right (const TillPolicy *policy, const TillStaff *staff, const TillStaff *approver,
             TillMoney amount)
{
  if (approver)
    return till_policy_approve (policy, amount, staff->id, approver);
  return amount > policy->slip_limit[staff->role]
             ? till_answer_money (TILL_NO_ASSERT, amount, policy->slip_limit[staff->role])
             : till_answer (TILL_YES);
}

static gboolean
write_slip (TillTxn *txn, const TillLeg *leg, const TillCardSlip *slip, const TillStaff *approver,
            GError **error)
{
  TillLegState state;
  g_autoptr (TillOutcome) outcome = till_outcome_new (TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  outcome->provider_no = g_strdup (slip->log_no);
  outcome->masked = g_strdup (slip->card);
  g_autofree char *evidence = g_strdup_printf (
      "slip %s no %s card %s terminal %s%s%s", slip->reference_no, slip->log_no, slip->card,
      slip->terminal_no, approver ? ", seen by " : "", approver ? approver->no : "");
  return till_card_slip_store_add (txn, leg->sale_id, leg->pos, leg->provider, slip,
                                   approver ? approver->id : 0, error)
         && till_sale_store_apply (txn, leg->sale_id, leg->pos, TILL_LEG_EVENT_ASSERTED, outcome,
                                   evidence, 0, &state, error)
         && till_accounts_leg (txn, leg, 1, error)
         && till_selling_settle (txn, leg->sale_id, error);
}

gboolean
till_asserting_slip (TillLedger *ledger, int64_t staff_id, int64_t sale_id, int pos,
                     const TillCardSlip *slip, const char *second_no, const char *second_pin,
                     TillProfileOf profile_of, TillSale **sale, TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) staff = NULL, approver = NULL;
  g_autoptr (TillSale) now = NULL;
  gboolean done;
  *sale = NULL;
  *answer = till_answer (TILL_YES);
  /* The PIN is tried in a transaction of its own, so that a wrong one counts. */
  if (second_no && !till_staffing_prove (ledger, second_no, second_pin, &approver, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "card slip", error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_SELL, &staff, answer, error)
      || !till_sale_store_load (ledger, sale_id, TRUE, &now, error))
    return FALSE;
  const TillLeg *leg = now ? till_sale_leg (now, pos) : NULL;
  if (answer->code == TILL_YES)
    *answer = check_leg (now, leg, slip, &done);
  if (answer->code != TILL_YES)
    return TRUE;
  if (done)
    {
      *sale = g_steal_pointer (&now);
      return TRUE;
    }
  if (!check_slip (txn, now, leg, slip, profile_of, answer, error))
    return FALSE;
  if (answer->code == TILL_YES)
    *answer = check_right (&till_txn_shop (txn)->policy, staff, approver, leg->amount);
  if (answer->code != TILL_YES)
    return TRUE;
  return write_slip (txn, leg, slip, approver, error) && till_txn_commit (txn, error)
         && till_sale_store_load (ledger, sale_id, TRUE, sale, error);
}
