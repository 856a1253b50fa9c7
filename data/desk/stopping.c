/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/stopping.h"
#include "data/core/text.h"
#include "data/desk/staffing.h"

#define CODE_MAX 64

static gboolean
begin (TillTxn *txn, const char *provider, const TillOutcome *outcome, GError **error)
{
  gboolean line = outcome->stop == TILL_STOP_LINE;
  /* Whatever was said, the answer is recorded: here nothing may be too long for the books. */
  g_autofree char *code = till_text_clean (outcome->code ? outcome->code : "", CODE_MAX);
  g_autofree char *words = till_text_clean (outcome->words ? outcome->words : "", TILL_TEXT_MAX);
  TillStop stop = { .provider = (char *)provider,
                    .cause = outcome->stop,
                    .clock_off_s = outcome->stop == TILL_STOP_CLOCK ? outcome->clock_off_s : 0,
                    .code = code,
                    .words = words,
                    .try_at = line ? till_stop_next_at (0, till_txn_now (txn)) : 0 };
  return till_stop_store_add (txn, &stop, error);
}

gboolean
till_stopping_note (TillTxn *txn, const char *provider, TillErrandKind asked,
                    const TillOutcome *outcome, GError **error)
{
  g_autoptr (TillStop) stop = NULL;
  if (!till_stop_store_open (till_txn_ledger (txn), provider, &stop, error))
    return FALSE;
  switch (till_stop_step (stop, outcome, asked))
    {
    case TILL_STOP_BEGIN:
      return begin (txn, provider, outcome, error);
    case TILL_STOP_LATER:
      return till_stop_store_failed (
          txn, stop->id, till_stop_next_at (stop->tries + 1, till_txn_now (txn)), error);
    case TILL_STOP_CLOSE:
      return till_stop_store_failed (txn, stop->id, 0, error);
    case TILL_STOP_LIFT:
      return till_stop_store_lift (txn, stop->id, error);
    case TILL_STOP_CHANGE:
      return till_stop_store_lift (txn, stop->id, error) && begin (txn, provider, outcome, error);
    case TILL_STOP_KEEP:
    default:
      return TRUE;
    }
}

GPtrArray *
till_stopping_list (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) stops = g_ptr_array_new_with_free_func ((GDestroyNotify)till_stop_free);
  return till_stop_store_list (ledger, stops, error) ? g_steal_pointer (&stops) : NULL;
}

/* Whether what is due first is a question or a request, it is one. */
static gboolean
let_one_through (TillTxn *txn, const TillStop *stop, GError **error)
{
  return till_stop_store_try (txn, stop->id, error)
         && till_stop_store_hurry (txn, stop->provider, error) && till_txn_commit (txn, error);
}

gboolean
till_stopping_try (TillLedger *ledger, int64_t staff_id, const char *provider, TillAnswer *answer,
                   GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "provider_try", error);
  g_autoptr (TillStop) stop = NULL;
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error)
      || !till_stop_store_open (ledger, provider, &stop, error))
    return FALSE;
  if (answer->code == TILL_YES && !stop)
    *answer = till_answer_ref (TILL_NO_STOP, provider);
  return answer->code != TILL_YES || let_one_through (txn, stop, error);
}

gboolean
till_stopping_stop (TillLedger *ledger, int64_t staff_id, const char *provider, TillAnswer *answer,
                    GError **error)
{
  const TillStop by_hand = {
    .provider = (char *)provider, .cause = TILL_STOP_HAND, .code = (char *)"", .words = (char *)""
  };
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "provider_stop", error);
  g_autoptr (TillStop) stop = NULL;
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error)
      || !till_stop_store_open (ledger, provider, &stop, error))
    return FALSE;
  if (answer->code != TILL_YES || (stop && stop->try_at == 0))
    return TRUE;
  return (!stop || till_stop_store_lift (txn, stop->id, error))
         && till_stop_store_add (txn, &by_hand, error) && till_txn_commit (txn, error);
}

gboolean
till_stopping_tested (TillLedger *ledger, const char *provider, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "provider_try", error);
  g_autoptr (TillStop) stop = NULL;
  if (!txn || !till_stop_store_open (ledger, provider, &stop, error))
    return FALSE;
  return !stop || stop->cause == TILL_STOP_HAND || let_one_through (txn, stop, error);
}
