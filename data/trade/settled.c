/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/settled.h"

#include <string.h>

static const char *const flows[] = {
#define X(flow, word) word,
  TILL_FLOWS (X)
#undef X
};

const char *
till_flow_word (TillFlow flow)
{
  return flows[flow];
}

TillFlow
till_flow_from_word (const char *word)
{
  for (int i = 0; i < TILL_N_FLOWS; i++)
    if (strcmp (flows[i], word) == 0)
      return (TillFlow)i;
  return TILL_FLOW_MISSING;
}

void
till_settled_day_free (TillSettledDay *day)
{
  g_free (day->provider);
  g_free (day->read_by);
  g_free (day->flow_first);
  g_free (day->file);
  g_free (day->said);
  g_free (day);
}

void
till_difference_free (TillDifference *difference)
{
  g_free (difference->provider);
  g_free (difference->match);
  g_free (difference->kind);
  g_free (difference->request_no);
  g_free (difference->sale_no);
  g_free (difference->provider_no);
  g_free (difference->their_state);
  g_free (difference->our_state);
  g_free (difference->now_state);
  g_free (difference->closed_by);
  g_free (difference->approved_by);
  g_free (difference->reason);
  g_free (difference);
}

gboolean
till_difference_needs_two (const TillDifference *difference)
{
  return difference->back
         && (strcmp (difference->match, "theirs") == 0
             || strcmp (difference->match, "second") == 0);
}
