/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step (2) of a refund's walk: one transaction in which goods come back, money is owed, and the
 * refund becomes due. It never talks to a provider or a printer; rows are the intent. */
#include "data/desk/returning.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/text.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/desk/staffing.h"
#include "data/ledger/draft-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/return-store.h"
#include "data/ledger/sale-store.h"
#include "data/trade/masked.h"
#include "data/trade/policy.h"
#include "data/trade/provider-limits.h"

/* Everything a decision rests on, read in one transaction. */
typedef struct
{
  TillSale *sale;          /* owned; NULL when there is none */
  TillReturn *goods;       /* owned; as it would be written */
  TillReturnShare *shares; /* owned */
  int n_shares;
  TillMoney cash;    /* of the shares, what leaves the drawer */
  TillAnswer answer; /* yes, a plain no, or a no that a second person can approve */
} Plan;

static void
plan_clear (Plan *plan)
{
  g_clear_pointer (&plan->sale, till_sale_free);
  g_clear_pointer (&plan->goods, till_return_free);
  g_clear_pointer (&plan->shares, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

void
till_rehearsal_clear (TillRehearsal *rehearsal)
{
  g_clear_pointer (&rehearsal->shares, g_free);
}

/* --- the decision --- */

static TillReturn *
goods_of (const TillSale *sale, const TillReturnDraft *draft)
{
  TillReturn *goods = till_return_new ();
  goods->sale_id = sale->id;
  goods->sale_no = g_strdup (sale->no);
  goods->reason = draft->reason;
  goods->condition = draft->condition;
  goods->disposition = draft->disposition;
  goods->route = draft->route;
  g_autofree char *note = till_text_clean (draft->note, TILL_TEXT_MAX);
  goods->note = till_text_mask_cards (note);
  goods->held_for = g_strdup ("");
  for (guint i = 0; i < draft->lines->len; i++)
    {
      const TillReturnWish *wish = &g_array_index (draft->lines, TillReturnWish, i);
      const TillSaleLine *from = till_sale_line (sale, wish->sale_pos);
      TillReturnLine *line = g_new0 (TillReturnLine, 1);
      line->sale_pos = wish->sale_pos;
      line->quantity = wish->quantity;
      line->name = g_strdup (from->name);
      line->item_id = from->item_id;
      till_return_line_money (from, wish->quantity, &line->amount, &line->vat);
      goods->amount += line->amount;
      goods->vat += line->vat;
      g_ptr_array_add (goods->lines, line);
    }
  return goods;
}

/* What all payments together can still give back. */
static TillMoney
room_left (const TillSale *sale)
{
  TillMoney room = 0;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->state == TILL_LEG_APPROVED)
        room += leg->amount - leg->refunded;
    }
  return room;
}

static gboolean
check_drawer (TillLedger *ledger, Plan *plan, GError **error)
{
  TillMoney drawer;
  for (int i = 0; i < plan->n_shares; i++)
    if (plan->shares[i].tender == TILL_TENDER_CASH)
      plan->cash += plan->shares[i].amount;
  if (!till_ledger_balance (ledger, TILL_ACCOUNT_DRAWER, &drawer, error))
    return FALSE;
  if (plan->cash > drawer)
    plan->answer = till_answer_money (TILL_NO_DRAWER, plan->cash, drawer);
  return TRUE;
}

/* What the payment's own provider says to one more refund of it. */
static gboolean
ask_limits (TillTxn *txn, const TillLeg *leg, int64_t before_id, TillProfileOf profile_of,
            TillAnswer *answer, GError **error)
{
  TillPaymentFacts facts = { .paid_at = leg->requested_at, .now = till_txn_now (txn) };
  if (!till_refund_store_number (till_txn_ledger (txn), leg->sale_id, leg->pos, before_id,
                                 &facts.refunds, error))
    return FALSE;
  *answer = till_provider_limits_refund (profile_of (leg->provider, NULL), &facts);
  return TRUE;
}

/* No money is promised the way it was paid where the provider will not take it back. */
static gboolean
check_limits (TillTxn *txn, Plan *plan, TillProfileOf profile_of, GError **error)
{
  for (int i = 0; i < plan->n_shares && plan->answer.code == TILL_YES; i++)
    {
      const TillReturnShare *share = &plan->shares[i];
      const TillLeg *leg = till_sale_leg (plan->sale, share->leg_pos);
      if (share->tender != TILL_TENDER_CASH
          && !ask_limits (txn, leg, G_MAXINT64, profile_of, &plan->answer, error))
        return FALSE;
    }
  return TRUE;
}

/* The one place where a return is decided; rehearsing and submitting differ only in what follows.
 */
static gboolean
make_plan (TillTxn *txn, int64_t staff_id, const TillReturnDraft *draft, TillProfileOf profile_of,
           Plan *plan, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_autoptr (TillStaff) staff = NULL;
  if (!till_staffing_may (txn, staff_id, TILL_RIGHT_RETURN, &staff, &plan->answer, error)
      || !till_sale_store_load (ledger, draft->sale_id, TRUE, &plan->sale, error))
    return FALSE;
  if (plan->answer.code != TILL_YES)
    return TRUE;
  plan->answer
      = plan->sale ? till_policy_check (plan->sale, draft) : till_answer_ref (TILL_NO_SALE, "");
  if (plan->answer.code != TILL_YES)
    return TRUE;

  plan->goods = goods_of (plan->sale, draft);
  plan->shares = g_new0 (TillReturnShare, plan->sale->legs->len + 1);
  plan->n_shares = till_return_split (plan->sale, plan->goods->amount, draft->route, plan->shares);
  if (plan->n_shares < 0)
    {
      plan->answer = till_answer_money (TILL_NO_LEG, plan->goods->amount, room_left (plan->sale));
      plan->n_shares = 0;
      return TRUE;
    }
  if (!check_drawer (ledger, plan, error) || !check_limits (txn, plan, profile_of, error))
    return FALSE;
  if (plan->answer.code == TILL_YES)
    plan->answer = till_policy_decide (&till_txn_shop (txn)->policy, plan->sale, draft,
                                       plan->goods->amount, staff->role, till_txn_day (txn));
  return TRUE;
}

gboolean
till_returning_rehearse (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                         TillProfileOf profile_of, TillRehearsal *rehearsal, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  g_auto (Plan) plan = { 0 };
  if (!txn || !make_plan (txn, staff_id, draft, profile_of, &plan, error))
    return FALSE;
  till_rehearsal_clear (rehearsal);
  *rehearsal = (TillRehearsal){ .answer = plan.answer, .n_shares = plan.n_shares };
  if (plan.goods)
    {
      rehearsal->amount = plan.goods->amount;
      rehearsal->vat = plan.goods->vat;
      rehearsal->shares = g_steal_pointer (&plan.shares);
    }
  return TRUE;
}

/* --- the writing --- */

char *
till_returning_digest (const TillReturn *goods)
{
  GString *seen = g_string_new (NULL);
  g_string_append_printf (seen, "%s %s %s %" G_GINT64_FORMAT, goods->sale_no,
                          till_reason_word (goods->reason), till_route_word (goods->route),
                          goods->amount);
  for (guint i = 0; i < goods->lines->len; i++)
    {
      const TillReturnLine *line = g_ptr_array_index (goods->lines, i);
      g_string_append_printf (seen, "\n%d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, line->sale_pos,
                              line->quantity, line->amount);
    }
  g_autofree char *text = g_string_free (seen, FALSE);
  return till_digest_hex (text, strlen (text));
}

/* A refund a payment leg. The first carries the number that was drawn when the page opened. */
static gboolean
write_refunds (TillTxn *txn, const Plan *plan, const char *token, GError **error)
{
  TillClock *clock = till_ledger_clock (till_txn_ledger (txn));
  for (int i = 0; i < plan->n_shares; i++)
    {
      const TillReturnShare *share = &plan->shares[i];
      const TillLeg *leg = till_sale_leg (plan->sale, share->leg_pos);
      gboolean cash = share->tender == TILL_TENDER_CASH;
      g_autoptr (TillRefund) refund = g_new0 (TillRefund, 1);
      refund->return_id = plan->goods->id;
      refund->sale_id = plan->sale->id;
      refund->leg_pos = share->leg_pos;
      refund->tender = share->tender;
      refund->provider = g_strdup (cash ? "" : leg->provider);
      refund->original_no = g_strdup (cash ? "" : leg->request_no);
      refund->amount = share->amount;
      refund->request_no = i == 0 ? g_strdup (token) : till_request_no_new (clock);
      if (!till_refund_store_add (txn, refund, 0, error))
        return FALSE;
    }
  return TRUE;
}

/* Approved: due at once, or handed over at once when it is cash. */
static gboolean
release_refund (TillTxn *txn, const TillRefund *refund, const char *evidence, GError **error)
{
  TillRefundState state;
  if (!till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_APPROVE, NULL, evidence,
                                till_txn_now (txn), &state, error))
    return FALSE;
  return refund->tender != TILL_TENDER_CASH
         || (till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_HAND_OVER, NULL,
                                      "from the drawer", 0, &state, error)
             && till_accounts_refund (txn, refund, 1, error));
}

/* The goods are ours and the money is the customer's. */
static gboolean
close_return (TillTxn *txn, const TillReturn *goods, const char *evidence, GError **error)
{
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)till_refund_free);
  if (!till_return_store_set_state (txn, goods->id, TILL_RETURN_CLOSED, "closed", evidence, error)
      || !till_accounts_return (txn, goods->amount, goods->vat, error)
      || !till_refund_store_of_return (till_txn_ledger (txn), goods->id, refunds, error))
    return FALSE;
  gboolean gives_cash = FALSE;
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      gives_cash = gives_cash || refund->tender == TILL_TENDER_CASH;
      if (!release_refund (txn, refund, evidence, error))
        return FALSE;
    }
  /* Before its slip: nobody waits for paper to be given money. */
  if (gives_cash && !till_printing_add (txn, TILL_PAPER_DRAWER, till_txn_seq (txn), error))
    return FALSE;
  return till_printing_add (txn, TILL_PAPER_RETURN, goods->id, error);
}

/* Who stands behind it: the rules, a second person, or nobody yet. */
typedef struct
{
  const TillStaff *approver; /* NULL: none was needed or none is there */
  gboolean hold;
} Backing;

static gboolean
write_return (TillTxn *txn, Plan *plan, const TillReturnDraft *draft, const Backing *backing,
              GError **error)
{
  TillReturn *goods = plan->goods;
  const char *policy = till_txn_shop (txn)->policy.version;
  g_free (goods->held_for);
  goods->held_for
      = g_strdup (plan->answer.code == TILL_YES ? "" : till_answer_word (plan->answer.code));
  if (!till_return_store_add (txn, goods, draft->token, policy, error)
      || !write_refunds (txn, plan, draft->token, error)
      || !till_draft_store_drop (txn, draft->token, error))
    return FALSE;
  if (backing->hold)
    return till_return_store_set_state (txn, goods->id, TILL_RETURN_WAIT_APPROVAL, "ask",
                                        goods->held_for, error)
           && till_printing_add (txn, TILL_PAPER_RETURN, goods->id, error);

  g_autofree char *evidence = NULL;
  if (backing->approver)
    {
      g_autofree char *digest = till_returning_digest (goods);
      evidence = g_strdup_printf ("approved by %s", backing->approver->no);
      if (!till_return_store_add_approval (txn, goods->id, till_txn_staff (txn),
                                           backing->approver->id, goods->held_for, TRUE, digest,
                                           error))
        return FALSE;
    }
  else
    evidence = g_strdup_printf ("policy %s", policy);
  return close_return (txn, goods, evidence, error);
}

static gboolean
find_token (TillLedger *ledger, const char *token, TillReturn **goods, GError **error)
{
  int64_t id;
  return till_return_store_find_token (ledger, token, &id, error)
         && (id == 0 || till_return_store_load (ledger, id, goods, error));
}

/* Proves the second person before the transaction, for hashing a PIN takes a tenth of a second. */
static gboolean
prove_second (TillLedger *ledger, const TillSecond *second, TillStaff **approver,
              TillAnswer *answer, GError **error)
{
  *answer = till_answer (TILL_YES);
  return !second || second->hold || !second->no
         || till_staffing_prove (ledger, second->no, second->pin, approver, answer, error);
}

gboolean
till_returning_submit (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                       const TillSecond *second, TillProfileOf profile_of, TillReturn **goods,
                       TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) approver = NULL;
  *goods = NULL;
  if (!find_token (ledger, draft->token, goods, error))
    return FALSE;
  if (*goods)
    {
      *answer = till_answer (TILL_YES);
      return TRUE;
    }
  if (!prove_second (ledger, second, &approver, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;

  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "return", error);
  g_auto (Plan) plan = { 0 };
  if (!txn || !make_plan (txn, staff_id, draft, profile_of, &plan, error))
    return FALSE;
  Backing backing = { 0 };
  *answer = plan.answer;
  if (till_answer_can_be_approved (answer) && plan.goods && approver)
    {
      *answer = till_policy_approve (&till_txn_shop (txn)->policy, plan.goods->amount, staff_id,
                                     approver);
      backing.approver = approver;
    }
  else if (till_answer_can_be_approved (answer) && plan.goods && second && second->hold)
    {
      *answer = till_answer (TILL_YES);
      backing.hold = TRUE;
    }
  if (answer->code != TILL_YES)
    return TRUE;
  return write_return (txn, &plan, draft, &backing, error) && till_txn_commit (txn, error)
         && till_return_store_load (ledger, plan.goods->id, goods, error);
}

/* --- finding the sale --- */

/* Longer than any number that a provider gives; what is longer is not looked for. */
#define REFERENCE_MAX 128

static char *
without_blanks (const char *text)
{
  GString *left = g_string_new (NULL);
  for (const char *p = text; *p; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (left, *p);
  return g_string_free (left, FALSE);
}

/* By the number of a payment or refund, or by that of the card as people may see it. */
static gboolean
find_reference (TillLedger *ledger, const char *reference, TillSale **sale, GPtrArray *meant,
                TillAnswer *answer, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  gboolean fine
      = till_masked_is (reference)
            ? till_sale_store_find_card (ledger, reference, TILL_RETURNING_MEANT_MAX, ids, error)
            : till_sale_store_find_reference (ledger, reference, TILL_RETURNING_MEANT_MAX, ids,
                                              error);
  if (!fine)
    return FALSE;
  if (ids->len == 1)
    {
      *answer = till_answer (TILL_YES);
      return till_sale_store_load (ledger, g_array_index (ids, int64_t, 0), TRUE, sale, error);
    }
  for (guint i = 0; i < ids->len; i++)
    {
      TillSale *one;
      if (!till_sale_store_load (ledger, g_array_index (ids, int64_t, i), FALSE, &one, error))
        return FALSE;
      g_ptr_array_add (meant, one);
    }
  *answer = ids->len == 0
                ? till_answer_ref (TILL_NO_SALE, reference)
                : till_answer_quantity (TILL_NO_ONE_SALE, (TillQuantity)ids->len, 1, reference);
  return TRUE;
}

gboolean
till_returning_find (TillLedger *ledger, const char *text, TillSale **sale, GPtrArray *meant,
                     TillAnswer *answer, GError **error)
{
  *sale = NULL;
  if (strlen (text) > REFERENCE_MAX || !g_utf8_validate (text, -1, NULL))
    {
      g_autofree char *shown = till_text_clean (text, TILL_NUMBER_LENGTH);
      *answer = till_answer_ref (TILL_NO_SALE, shown);
      return TRUE;
    }
  g_autofree char *number = without_blanks (text);
  int64_t id;
  if (!till_sale_store_find (ledger, number, &id, error))
    return FALSE;
  if (id == 0)
    return find_reference (ledger, number, sale, meant, answer, error);
  *answer = till_answer (TILL_YES);
  return till_sale_store_load (ledger, id, TRUE, sale, error);
}

/* --- drafts --- */

TillReturnDraft *
till_returning_draft (TillLedger *ledger, int64_t staff_id, int64_t sale_id, GError **error)
{
  g_autofree char *token = till_request_no_new (till_ledger_clock (ledger));
  return till_return_draft_new (token, sale_id);
}

gboolean
till_returning_keep (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                     GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, NULL, error);
  return txn && till_draft_store_keep_return (txn, staff_id, draft, error)
         && till_txn_commit (txn, error);
}

TillReturnDraft *
till_returning_unfinished (TillLedger *ledger, int64_t staff_id, GError **error)
{
  TillReturnDraft *draft;
  return till_draft_store_load_return (ledger, staff_id, &draft, error) ? draft : NULL;
}

gboolean
till_returning_discard (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                        GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, NULL, error);
  return txn && till_draft_store_drop (txn, draft->token, error) && till_txn_commit (txn, error);
}

/* --- the second person, later --- */

static gboolean
reject (TillTxn *txn, const TillReturn *goods, const char *reason, GError **error)
{
  TillRefundState state;
  for (guint i = 0; i < goods->refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      if (!till_refund_store_apply (txn, refund->id, TILL_REFUND_EVENT_REJECT, NULL, reason, 0,
                                    &state, error))
        return FALSE;
    }
  return till_return_store_set_state (txn, goods->id, TILL_RETURN_DENIED, "rejected", reason,
                                      error);
}

/* The drawer may have been emptied since it was asked for. */
static gboolean
drawer_covers (TillLedger *ledger, const TillReturn *goods, TillAnswer *answer, GError **error)
{
  TillMoney drawer, cash = 0;
  for (guint i = 0; i < goods->refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      cash += refund->tender == TILL_TENDER_CASH ? refund->amount : 0;
    }
  if (!till_ledger_balance (ledger, TILL_ACCOUNT_DRAWER, &drawer, error))
    return FALSE;
  if (cash > drawer)
    *answer = till_answer_money (TILL_NO_DRAWER, cash, drawer);
  return TRUE;
}

/* Days may have passed since it was asked for. */
static gboolean
providers_still_take (TillTxn *txn, const TillReturn *goods, TillProfileOf profile_of,
                      TillAnswer *answer, GError **error)
{
  g_autoptr (TillSale) sale = NULL;
  if (!till_sale_store_load (till_txn_ledger (txn), goods->sale_id, FALSE, &sale, error))
    return FALSE;
  for (guint i = 0; i < goods->refunds->len && answer->code == TILL_YES; i++)
    {
      const TillRefund *refund = g_ptr_array_index (goods->refunds, i);
      if (refund->tender != TILL_TENDER_CASH
          && !ask_limits (txn, till_sale_leg (sale, refund->leg_pos), refund->id, profile_of,
                          answer, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_verdict (TillTxn *txn, const TillReturn *goods, const TillStaff *approver, gboolean approve,
               const char *reason, GError **error)
{
  g_autofree char *digest = till_returning_digest (goods);
  g_autofree char *clean = till_text_clean (reason, TILL_TEXT_MAX);
  g_autofree char *evidence = g_strdup_printf ("%s by %s%s%s", approve ? "approved" : "rejected",
                                               approver->no, *clean ? ": " : "", clean);
  return till_return_store_add_approval (txn, goods->id, goods->staff_id, approver->id,
                                         goods->held_for, approve, digest, error)
         && (approve ? close_return (txn, goods, evidence, error)
                     : reject (txn, goods, evidence, error));
}

gboolean
till_returning_decide (TillLedger *ledger, int64_t return_id, const TillSecond *second,
                       gboolean approve, const char *reason, TillProfileOf profile_of,
                       TillReturn **goods, TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) approver = NULL;
  g_autoptr (TillReturn) asked = NULL;
  *goods = NULL;
  if (!till_staffing_prove (ledger, second->no, second->pin, &approver, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;

  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, approver->id, "approval", error);
  if (!txn || !till_return_store_load (ledger, return_id, &asked, error))
    return FALSE;
  if (!asked)
    *answer = till_answer_ref (TILL_NO_SALE, "");
  else if (asked->state != TILL_RETURN_WAIT_APPROVAL)
    *answer = till_answer_ref (TILL_NO_STATE, till_return_state_word (asked->state));
  else
    *answer = till_policy_approve (&till_txn_shop (txn)->policy, approve ? asked->amount : 0,
                                   asked->staff_id, approver);
  if (answer->code == TILL_YES && approve
      && (!drawer_covers (ledger, asked, answer, error)
          || !providers_still_take (txn, asked, profile_of, answer, error)))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  return write_verdict (txn, asked, approver, approve, reason, error)
         && till_txn_commit (txn, error)
         && till_return_store_load (ledger, return_id, goods, error);
}

/* --- looking --- */

gboolean
till_returning_load_id (TillLedger *ledger, int64_t id, TillReturn **goods, TillAnswer *answer,
                        GError **error)
{
  if (!till_return_store_load (ledger, id, goods, error))
    return FALSE;
  *answer = *goods ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, "");
  return TRUE;
}

gboolean
till_returning_load (TillLedger *ledger, const char *no, TillReturn **goods, TillAnswer *answer,
                     GError **error)
{
  int64_t id;
  *goods = NULL;
  if (!till_return_store_find (ledger, no, &id, error)
      || (id && !till_return_store_load (ledger, id, goods, error)))
    return FALSE;
  *answer = *goods ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, no);
  return TRUE;
}

GPtrArray *
till_returning_of_sale (TillLedger *ledger, int64_t sale_id, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_return_free);
  return till_return_store_of_sale (ledger, sale_id, list, error) ? g_steal_pointer (&list) : NULL;
}

GPtrArray *
till_returning_waiting (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_return_free);
  return till_return_store_waiting (ledger, list, error) ? g_steal_pointer (&list) : NULL;
}
