/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/shifting.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/text.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/desk/staffing.h"
#include "data/ledger/anchor.h"
#include "data/ledger/seal-store.h"
#include "data/ledger/setting-store.h"
#include "data/ledger/shift-store.h"
#include "data/trade/policy.h"

#define LIST_MAX 1000

/* --- the shift so far --- */

gboolean
till_shifting_now (TillLedger *ledger, int64_t staff_id, TillShiftNow *now, TillAnswer *answer,
                   GError **error)
{
  TillShiftEnd end;
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  *now = (TillShiftNow){ 0 };
  if (!look || !till_staffing_may (look, staff_id, TILL_RIGHT_SHIFT, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  int64_t head;
  if (!till_shift_store_end (ledger, &end, error)
      || !till_shift_store_sum (ledger, &end, &now->sums, error)
      || !till_shift_store_began (ledger, end.seq + 1, &now->began_at, error)
      || !till_ledger_head (ledger, &head, NULL, error))
    return FALSE;
  now->sums.float_in = now->sums.cash_out = 0;
  now->entries = head - end.seq;
  return TRUE;
}

/* --- safe and drawer --- */

/* Is this amount possible, in a drawer that must give it (needs) or take it (0)? */
static gboolean
check_move (TillTxn *txn, TillMoney amount, gboolean gives, TillAnswer *answer, GError **error)
{
  TillMoney drawer;
  if (!till_staffing_may (txn, till_txn_staff (txn), TILL_RIGHT_SHIFT, NULL, answer, error)
      || !till_ledger_balance (till_txn_ledger (txn), TILL_ACCOUNT_DRAWER, &drawer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (amount <= 0 || amount > TILL_MONEY_MAX)
    *answer = till_answer (TILL_NO_AMOUNT);
  else if (gives && amount > drawer)
    *answer = till_answer_money (TILL_NO_CASH, amount, 0);
  return TRUE;
}

static gboolean
move_cash (TillLedger *ledger, int64_t staff_id, const char *token, const char *way,
           TillMoney amount, const char *reason, TillAnswer *answer, GError **error)
{
  gboolean gives = g_str_equal (way, "out"), moved;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "cash", error);
  *answer = till_answer (TILL_YES);
  if (!txn || !till_shift_store_moved (ledger, token, &moved, error))
    return FALSE;
  if (moved)
    return TRUE;
  if (!check_move (txn, amount, gives, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  return till_shift_store_move (txn, token, way, amount, reason, error)
         && till_accounts_float (txn, gives ? -amount : amount, error)
         && till_printing_add (txn, TILL_PAPER_DRAWER, till_txn_seq (txn), error)
         && till_txn_commit (txn, error);
}

gboolean
till_shifting_float (TillLedger *ledger, int64_t staff_id, const char *token, TillMoney amount,
                     TillAnswer *answer, GError **error)
{
  return move_cash (ledger, staff_id, token, "float", amount, "", answer, error);
}

gboolean
till_shifting_out (TillLedger *ledger, int64_t staff_id, const char *token, TillMoney amount,
                   const char *reason, TillAnswer *answer, GError **error)
{
  g_autofree char *clean = till_text_clean (reason, TILL_TEXT_MAX);
  g_autofree char *masked = till_text_mask_cards (clean);
  if (*masked)
    return move_cash (ledger, staff_id, token, "out", amount, masked, answer, error);
  *answer = till_answer (TILL_NO_CASH_REASON);
  return TRUE;
}

/* --- the count --- */

static void
note_count (TillTxn *txn, const TillCount *count, TillMoney expected)
{
  g_autofree char *words = till_count_format (count);
  g_autofree char *known = till_money_format (expected);
  g_autofree char *note = g_strdup_printf ("counted %s; expected %s", words, known);
  till_txn_note (txn, note);
}

static gboolean
count_is_possible (const TillCount *count)
{
  TillCount again = *count;
  return count->by_notes ? till_count_sum (&again) && again.sum == count->sum
                         : count->sum >= 0 && count->sum <= TILL_MONEY_MAX;
}

/* May this person count, is the count possible, and what do the books expect? */
static gboolean
enter_count (TillTxn *txn, const TillCount *count, TillCounted *counted, TillAnswer *answer,
             GError **error)
{
  *counted = (TillCounted){ 0 };
  if (!till_staffing_may (txn, till_txn_staff (txn), TILL_RIGHT_SHIFT, NULL, answer, error)
      || !till_ledger_balance (till_txn_ledger (txn), TILL_ACCOUNT_DRAWER, &counted->expected,
                               error))
    return FALSE;
  if (answer->code == TILL_YES && !count_is_possible (count))
    *answer = till_answer (TILL_NO_AMOUNT);
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_money_sub (count->sum, counted->expected, &counted->over_short))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CORRUPT,
                           "the drawer's account is too full");
      return FALSE;
    }
  TillAnswer verdict = till_policy_count (&till_txn_shop (txn)->policy, counted->over_short);
  counted->needs_second = verdict.code != TILL_YES;
  return TRUE;
}

gboolean
till_shifting_count (TillLedger *ledger, int64_t staff_id, const TillCount *count,
                     TillCounted *counted, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "count", error);
  TillCounted found;
  *counted = (TillCounted){ 0 };
  if (!txn || !enter_count (txn, count, &found, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  note_count (txn, count, found.expected);
  if (!till_txn_commit (txn, error))
    return FALSE;
  *counted = found;
  return TRUE;
}

/* --- the close --- */

TillShiftDraft *
till_shifting_draft (TillLedger *ledger)
{
  TillShiftDraft *draft = g_new0 (TillShiftDraft, 1);
  draft->token = till_request_no_new (till_ledger_clock (ledger));
  return draft;
}

void
till_shift_draft_free (TillShiftDraft *draft)
{
  g_free (draft->token);
  g_free (draft);
}

static gboolean
check_close (TillTxn *txn, const TillShiftDraft *draft, const TillStaff *approver,
             TillCounted *counted, TillAnswer *answer, GError **error)
{
  if (!enter_count (txn, &draft->count, counted, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (draft->expected != counted->expected)
    *answer = till_answer (TILL_NO_STALE);
  else if (draft->keep < 0 || draft->keep > draft->count.sum)
    *answer = till_answer_money (TILL_NO_KEEP, draft->keep, draft->count.sum);
  else if (approver)
    *answer = till_policy_look (till_txn_staff (txn), approver);
  else
    *answer = till_policy_count (&till_txn_shop (txn)->policy, counted->over_short);
  return TRUE;
}

static gboolean
fill_shift (TillTxn *txn, const TillShiftDraft *draft, const TillCounted *counted, TillShift *shift,
            GError **error)
{
  TillShiftEnd end;
  TillLedger *ledger = till_txn_ledger (txn);
  if (!till_shift_store_end (ledger, &end, error)
      || !till_shift_store_sum (ledger, &end, &shift->sums, error))
    return FALSE;
  shift->token = g_strdup (draft->token);
  shift->expected = counted->expected;
  shift->counted = draft->count.sum;
  shift->over_short = counted->over_short;
  shift->kept = draft->keep;
  const TillShiftSums *sums = &shift->sums;
  TillMoney refunds = 0;
  if (till_money_add (end.total_sales, sums->sales, &shift->total_sales)
      && till_money_add (sums->refunded_cash, sums->refunded_card, &refunds)
      && till_money_add (refunds, sums->refunded_code, &refunds)
      && till_money_add (end.total_refunds, refunds, &shift->total_refunds))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CORRUPT, "the sums of all shifts do not fit");
  return FALSE;
}

/* What was counted is what is there; what does not stay goes to the safe. */
static gboolean
write_close (TillTxn *txn, const TillShiftDraft *draft, const TillStaff *approver,
             const TillCounted *counted, const TillSealKey *key, int64_t *id, GError **error)
{
  g_autoptr (TillShift) shift = till_shift_new ();
  shift->approver_id = approver ? approver->id : 0;
  if (!fill_shift (txn, draft, counted, shift, error) || !till_shift_store_add (txn, shift, error)
      || !till_accounts_over_short (txn, counted->over_short, error)
      || !till_accounts_float (txn, draft->keep - draft->count.sum, error)
      || !till_printing_add (txn, TILL_PAPER_SHIFT, shift->id, error))
    return FALSE;
  note_count (txn, &draft->count, counted->expected);
  till_txn_seal (txn, key, shift->no);
  *id = shift->id;
  return TRUE;
}

/* Closed already, perhaps before a power cut: then its anchor may still be missing. */
static gboolean
finish_close (TillLedger *ledger, int64_t id, TillShift **shift, GError **error)
{
  return till_anchors_catch_up (ledger, error) && till_shift_store_load (ledger, id, shift, error);
}

static TillSealKey *
load_key (TillLedger *ledger, GError **error)
{
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  return shop ? till_seal_store_key (ledger, shop, error) : NULL;
}

gboolean
till_shifting_close (TillLedger *ledger, int64_t staff_id, const TillShiftDraft *draft,
                     const char *second_no, const char *second_pin, TillShift **shift,
                     TillAnswer *answer, GError **error)
{
  int64_t id;
  g_autoptr (TillStaff) approver = NULL;
  *shift = NULL;
  *answer = till_answer (TILL_YES);
  if (!till_shift_store_find_token (ledger, draft->token, &id, error))
    return FALSE;
  if (id)
    return finish_close (ledger, id, shift, error);
  /* Before the transaction, for hashing a PIN and reading a file take their time. */
  g_autoptr (TillSealKey) key = load_key (ledger, error);
  if (!key
      || (second_no
          && !till_staffing_prove (ledger, second_no, second_pin, &approver, answer, error)))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;

  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "shift", error);
  TillCounted counted;
  if (!txn || !till_shift_store_find_token (ledger, draft->token, &id, error))
    return FALSE;
  if (id) /* the other click was faster */
    {
      g_clear_pointer (&txn, till_txn_free);
      return finish_close (ledger, id, shift, error);
    }
  if (!check_close (txn, draft, approver, &counted, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  return write_close (txn, draft, approver, &counted, key, &id, error)
         && till_txn_commit (txn, error) && finish_close (ledger, id, shift, error);
}

/* --- looking back --- */

gboolean
till_shifting_list (TillLedger *ledger, int64_t staff_id, int limit, GPtrArray **shifts,
                    TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) look = till_ledger_look (ledger, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_shift_free);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (TillStaff) staff = NULL;
  *shifts = NULL;
  if (!look || !till_staffing_may (look, staff_id, TILL_RIGHT_SHIFT, &staff, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  gboolean all = till_role_may (staff->role, TILL_RIGHT_REPORT);
  if (!till_shift_store_latest (ledger, all ? 0 : staff_id, CLAMP (limit, 1, LIST_MAX), ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      TillShift *shift;
      if (!till_shift_store_load (ledger, g_array_index (ids, int64_t, i), &shift, error))
        return FALSE;
      g_ptr_array_add (list, shift);
    }
  *shifts = g_steal_pointer (&list);
  return TRUE;
}

gboolean
till_shifting_find (TillLedger *ledger, const char *no, int64_t *id, GError **error)
{
  return till_shift_store_find (ledger, no, id, error);
}

/* --- the key --- */

gboolean
till_shifting_make_key (TillLedger *ledger, int64_t staff_id, char **fingerprint,
                        TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "setting", error);
  *fingerprint = NULL;
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_seal_store_make_key (txn, error) || !till_txn_commit (txn, error))
    return FALSE;
  g_autoptr (TillSealKey) key = load_key (ledger, error);
  if (!key)
    return FALSE;
  *fingerprint = till_seal_fingerprint (till_seal_key_public (key));
  return TRUE;
}
