/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/errand.h"
#include "data/core/secret.h"
#include "data/core/text.h"

static const char *const kind_words[TILL_N_ERRANDS]
    = { "pay",  "query_pay",  "reverse", "refund", "query_refund",
        "void", "query_void", "recall",  "present" };
static const char *const outcome_words[]
    = { "done", "accepted", "refused", "not_found", "unknown", "not_sent", "mismatch", "opened" };
static const char *const failure_letters[]
    = { "", "R", "U", "F", "B", "K", "P", "X", "L", "D", "S" };

void
till_errand_free (TillErrand *errand)
{
  g_free (errand->provider);
  g_free (errand->request_no);
  till_secret_free (errand->auth);
  g_free (errand->subject);
  g_free (errand->provider_no);
  g_free (errand->merchant_no);
  g_free (errand->notice_url);
  g_free (errand->original_no);
  g_free (errand->original_provider_no);
  g_free (errand->masked);
  g_free (errand->slip_reference_no);
  g_free (errand);
}

TillOutcome *
till_outcome_new (TillOutcomeKind kind, TillFailureClass failure, const char *detail)
{
  TillOutcome *outcome = g_new0 (TillOutcome, 1);
  outcome->kind = kind;
  outcome->failure = failure;
  outcome->detail = g_strdup (detail);
  return outcome;
}

void
till_outcome_free (TillOutcome *outcome)
{
  g_free (outcome->provider_no);
  g_free (outcome->code);
  g_free (outcome->words);
  g_free (outcome->detail);
  g_free (outcome->other_merchant);
  g_free (outcome->masked);
  g_free (outcome);
}

gboolean
till_errand_kind_is_backward (TillErrandKind kind)
{
  return kind >= TILL_ERRAND_REFUND && kind <= TILL_ERRAND_RECALL;
}

gboolean
till_errand_kind_is_query (TillErrandKind kind)
{
  return kind == TILL_ERRAND_QUERY_PAY || kind == TILL_ERRAND_QUERY_REFUND
         || kind == TILL_ERRAND_QUERY_VOID;
}

const char *
till_errand_kind_word (TillErrandKind kind)
{
  return kind_words[kind];
}

gboolean
till_errand_kind_from_word (const char *word, TillErrandKind *kind)
{
  int index = till_text_index (kind_words, TILL_N_ERRANDS, word);
  if (index >= 0)
    *kind = (TillErrandKind)index;
  return index >= 0;
}

const char *
till_outcome_kind_word (TillOutcomeKind kind)
{
  return outcome_words[kind];
}

TillFailureClass
till_outcome_class (const TillOutcome *outcome)
{
  return outcome->kind == TILL_OUTCOME_MISMATCH ? TILL_CLASS_DISAGREEMENT : outcome->failure;
}

const char *
till_failure_letter (TillFailureClass failure)
{
  return failure_letters[failure];
}

TillFailureClass
till_failure_from_letter (const char *letter)
{
  int index = till_text_index (failure_letters, G_N_ELEMENTS (failure_letters), letter);
  return index >= 0 ? (TillFailureClass)index : TILL_CLASS_UNKNOWN_OUTCOME;
}
