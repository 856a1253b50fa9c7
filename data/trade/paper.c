/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/paper.h"
#include "data/core/text.h"

static const char *const state_words[]
    = { "QUEUED", "SENDING", "HANDED", "PRINTED", "DELIVERED", "FAILED", "STALE" };
static const char *const kind_words[] = { "sale", "return", "refund", "drawer", "shift" };

void
till_print_job_free (TillPrintJob *job)
{
  g_free (job->way_ref);
  g_free (job->problem);
  g_free (job);
}

gboolean
till_print_state_is_live (TillPrintState state)
{
  return state == TILL_PRINT_QUEUED || state == TILL_PRINT_SENDING || state == TILL_PRINT_HANDED;
}

const char *
till_print_state_word (TillPrintState state)
{
  return state_words[state];
}

const char *
till_paper_kind_word (TillPaperKind kind)
{
  return kind_words[kind];
}

/* The schema's CHECKs let no other words in. */
static int
index_of (const char *const *words, gsize n, const char *word)
{
  int index = till_text_index (words, n, word);
  g_assert (index >= 0);
  return index;
}

TillPrintState
till_print_state_from_word (const char *word)
{
  return (TillPrintState)index_of (state_words, G_N_ELEMENTS (state_words), word);
}

TillPaperKind
till_paper_kind_from_word (const char *word)
{
  return (TillPaperKind)index_of (kind_words, G_N_ELEMENTS (kind_words), word);
}
