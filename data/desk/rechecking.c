/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/rechecking.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"

/* A day of silence; then it is left for the next time that the profile states. */
#define SILENCES_MAX 24
#define PATIENCE (1 * TILL_HOUR)

/* 0: all of its times are over. A till that was off for a week asks once, not for every time. */
static int64_t
next_stated_time (const TillProfile *profile, int64_t done_at, int64_t now)
{
  for (int i = 0; profile && i < profile->n_recheck; i++)
    {
      int64_t at = done_at + profile->recheck_s[i] * TILL_SECOND;
      if (at > now)
        return at;
    }
  return 0;
}

gboolean
till_rechecking_plan (TillTxn *txn, const TillRefund *refund, const TillProfile *profile,
                      GError **error)
{
  int64_t at = next_stated_time (profile, till_txn_now (txn), till_txn_now (txn));
  return at == 0 || refund->why == TILL_WHY_NONE
         || till_recheck_store_plan (txn, refund->id, at, error);
}

/* One step of its history, whatever state it is in by now. */
static gboolean
write_step (TillTxn *txn, const TillRefund *refund, TillRefundEvent event,
            const TillOutcome *outcome, const char *evidence, GError **error)
{
  TillRefundState state;
  return till_refund_store_apply (txn, refund->id, event, outcome, evidence, till_txn_now (txn),
                                  &state, error);
}

static gboolean
bounce (TillTxn *txn, const TillRefund *refund, const TillOutcome *outcome, const char *evidence,
        GError **error)
{
  return write_step (txn, refund, TILL_REFUND_EVENT_BOUNCE, outcome, evidence, error)
         && till_accounts_refund (txn, refund, -1, error)
         && till_printing_add (txn, TILL_PAPER_REFUND, refund->id, error)
         && till_recheck_store_note (txn, refund->id, 0, 0, FALSE, error);
}

/* A question nobody answered leaves no step in the history: it would say nothing about the refund.
 * That nobody ever answered does. */
static gboolean
note_silence (TillTxn *txn, const TillRefund *refund, const TillRecheck *recheck, int64_t later,
              const char *evidence, GError **error)
{
  int silent = recheck->silent + 1;
  if (silent < SILENCES_MAX)
    return till_recheck_store_note (txn, refund->id, till_txn_now (txn) + PATIENCE, silent,
                                    recheck->in_doubt, error);
  return (later != 0 || write_step (txn, refund, TILL_REFUND_EVENT_SILENCE, NULL, evidence, error))
         && till_recheck_store_note (txn, refund->id, later, 0, recheck->in_doubt || later == 0,
                                     error);
}

/* What contradicts is kept and reported. It may have been an error of an hour there, so behind the
 * last stated time it is asked about again as after a silence; the history says it once. */
static gboolean
note_doubt (TillTxn *txn, const TillRefund *refund, const TillRecheck *recheck, int64_t later,
            TillRefundEvent event, const char *evidence, GError **error)
{
  int silent = recheck->silent + 1;
  gboolean soon = later == 0 && silent < SILENCES_MAX;
  gboolean said = soon && recheck->in_doubt && recheck->silent > 0;
  return (said || write_step (txn, refund, event, NULL, evidence, error))
         && till_recheck_store_note (txn, refund->id, soon ? till_txn_now (txn) + PATIENCE : later,
                                     soon ? silent : 0, TRUE, error);
}

gboolean
till_rechecking_record (TillTxn *txn, int64_t refund_id, const TillOutcome *outcome,
                        const TillProfile *profile, const char *evidence, GError **error)
{
  g_autoptr (TillRefund) refund = NULL;
  TillRecheck recheck;
  if (!till_refund_store_load (till_txn_ledger (txn), refund_id, &refund, error)
      || !till_recheck_store_load (till_txn_ledger (txn), refund_id, &recheck, error))
    return FALSE;
  int64_t later = next_stated_time (profile, recheck.done_at, till_txn_now (txn));
  /* One answer, recorded once more after the plug was pulled: it has come back already. */
  if (refund->state != TILL_REFUND_SUCCEEDED)
    return till_recheck_store_note (txn, refund_id, 0, 0, FALSE, error);
  switch (till_refund_again (outcome))
    {
    case TILL_AGAIN_BACK:
      return bounce (txn, refund, outcome, evidence, error);
    case TILL_AGAIN_DONE:
      return write_step (txn, refund, TILL_REFUND_EVENT_DONE, outcome, evidence, error)
             && till_recheck_store_note (txn, refund_id, later, 0, FALSE, error);
    case TILL_AGAIN_OTHERWISE:
      return note_doubt (txn, refund, &recheck, later, till_refund_event_of (outcome, FALSE),
                         evidence, error);
    case TILL_AGAIN_NOTHING:
      return note_silence (txn, refund, &recheck, later, evidence, error);
    default:
      g_assert_not_reached ();
    }
}
