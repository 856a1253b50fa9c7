/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/paper.h"
#include "data/core/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const state_words[]
    = { "QUEUED", "SENDING", "HANDED", "PRINTED", "DELIVERED", "UNKNOWN", "FAILED", "STALE" };
static const char *const word_words[] = { "on-paper", "again", "none" };
static const char *const kind_words[] = { "sale", "return", "refund", "drawer", "shift" };

void
till_print_job_free (TillPrintJob *job)
{
  g_free (job->no);
  g_free (job->way_ref);
  g_free (job->problem);
  g_free (job);
}

gboolean
till_print_state_is_live (TillPrintState state)
{
  return state == TILL_PRINT_QUEUED || state == TILL_PRINT_SENDING || state == TILL_PRINT_HANDED;
}

gboolean
till_print_state_asks (TillPrintState state)
{
  return state == TILL_PRINT_UNKNOWN || state == TILL_PRINT_FAILED || state == TILL_PRINT_STALE;
}

const char *
till_print_word_word (TillPrintWord word)
{
  g_assert ((guint)word < G_N_ELEMENTS (word_words));
  return word_words[word];
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

const char *
till_paper_kind_label (TillPaperKind kind)
{
  static const char *const labels[] = { N_ ("Receipt"), N_ ("Return slip"), N_ ("Refund slip"),
                                        N_ ("Drawer"), N_ ("Shift slip") };
  return _ (labels[kind]);
}

static const struct
{
  const char *label, *advice;
} told[] = {
  [TILL_PRINT_QUEUED]
  = { N_ ("Waiting"), N_ ("It prints by itself as soon as the printer can. You can go on.") },
  [TILL_PRINT_SENDING]
  = { N_ ("Waiting"), N_ ("It prints by itself as soon as the printer can. You can go on.") },
  [TILL_PRINT_HANDED] = { N_ ("At the printer"),
                          N_ ("It prints by itself as soon as the printer can. You can go on.") },
  [TILL_PRINT_PRINTED] = { N_ ("Printed"), N_ ("The printer has said that it is on paper.") },
  [TILL_PRINT_DELIVERED]
  = { N_ ("Handed over"), N_ ("The queue has handed it over; it cannot prove paper.") },
  [TILL_PRINT_UNKNOWN]
  = { N_ ("May be on paper: look"),
      N_ ("Nothing proves whether it is on paper. Look at the printer. If it is there, say so; if "
          "not, print it again: the copy is marked as one.") },
  [TILL_PRINT_FAILED]
  = { N_ ("Not printed"), N_ ("It is surely not on paper. Print it again, marked as a copy, or say "
                              "that nobody wants it.") },
  [TILL_PRINT_STALE] = { N_ ("Waited too long"),
                         N_ ("It waited too long and is not printed unasked. Nothing of it is on "
                             "paper. Print it, marked as a copy, or say that nobody wants it.") },
};

const char *
till_print_state_label (TillPrintState state)
{
  return _ (told[state].label);
}

const char *
till_print_state_advice (TillPrintState state)
{
  return _ (told[state].advice);
}

static const char *
problem_word_label (const char *word)
{
  static const struct
  {
    const char *word, *label;
  } known[] = {
    { "paper-out", N_ ("Out of paper") }, { "cover-open", N_ ("Cover open") },
    { "jam", N_ ("Paper jam") },          { "offline", N_ ("not connected") },
    { "stopped", N_ ("stopped") },        { "refuses", N_ ("takes no slips") },
    { "paper-low", N_ ("Little paper") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].word, word))
      return _ (known[i].label);
  return NULL;
}

/* Of several troubles the first is what to see to; a sentence has other words, too. */
const char *
till_print_problem_label (const char *problem)
{
  if (g_str_equal (problem, "out of paper"))
    return problem_word_label ("paper-out");
  g_auto (GStrv) words = g_strsplit (problem, " ", 9);
  for (char **word = words; *word; word++)
    if (!problem_word_label (*word))
      return NULL;
  return words[0] ? problem_word_label (words[0]) : NULL;
}

/* The ways to paper write their own words, for the log as well: by a part of them the sentence is
 * found that a person reads. */
const char *
till_print_problem_sentence (const char *problem)
{
  static const struct
  {
    const char *part, *sentence;
  } told_by[] = {
    { "is not plugged in", N_ ("The printer is not plugged in, or not switched on.") },
    { "was unplugged", N_ ("The printer was unplugged.") },
    { "no permission for the printer",
      N_ ("The till may not use the printer on USB: install its rule (70-quittance.rules), then "
          "plug the printer in again.") },
    { "held by another program",
      N_ ("Another program holds the printer on USB, perhaps a print queue of its own: end it "
          "there.") },
    { "took half a question", N_ ("The printer hangs: switch it off and on again.") },
    { "does not say what it printed", N_ ("This printer does not say what it printed.") },
    { "nobody knows whether",
      N_ ("Nobody knows whether this slip was printed: look, then print a copy.") },
    { "no longer knows this slip",
      N_ ("The print queue no longer knows this slip: look, then print a copy.") },
    { "did not come back in time", N_ ("The printer did not come back in time.") },
    { "too old to print unasked", N_ ("It waited too long to be printed unasked.") },
  };
  const char *label = till_print_problem_label (problem);
  for (gsize i = 0; !label && i < G_N_ELEMENTS (told_by); i++)
    if (strstr (problem, told_by[i].part))
      label = _ (told_by[i].sentence);
  return label ? label : problem;
}
