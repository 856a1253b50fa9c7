/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/stop.h"
#include "data/core/text.h"

#include <glib/gi18n-lib.h>

static const char *const cause_words[] = {
#define X(cause, word) word,
  TILL_STOP_CAUSES (X)
#undef X
};

void
till_stop_free (TillStop *stop)
{
  g_free (stop->provider);
  g_free (stop->code);
  g_free (stop->words);
  g_free (stop);
}

/* What an outcome tells about the way to the provider. */
typedef enum
{
  NOTHING,    /* it was never tried: the account is another's, or none */
  DEAD,       /* the line failed, which happens */
  DEAD_AGAIN, /* … and has done so too often in a row */
  NOISE,      /* something came that is not believed */
  NOT_US,     /* refused for who we are */
  HEARD,      /* a believed answer to a question, or about a payment */
  TAKEN,      /* a believed answer to what we asked it to do with a refund */
  N_NEWS
} News;

static News
news_of (const TillOutcome *outcome, TillErrandKind asked)
{
  gboolean backward = till_errand_kind_is_backward (asked);
  if (outcome->stop == TILL_STOP_LINE)
    return outcome->silent >= TILL_STOP_SILENCES ? DEAD_AGAIN : DEAD;
  /* That a payment is not allowed is told to who pays; refunds may still be. */
  if (outcome->stop != TILL_STOP_NONE && (backward || outcome->stop != TILL_STOP_RIGHTS))
    return NOT_US;
  if (outcome->kind == TILL_OUTCOME_NOT_SENT)
    return NOTHING;
  if (outcome->kind == TILL_OUTCOME_UNKNOWN)
    return NOISE;
  return backward && !till_errand_kind_is_query (asked) ? TAKEN : HEARD;
}

#define ROW(nothing, dead, again, noise, not_us, heard, taken)                                     \
  {                                                                                                \
    TILL_STOP_##nothing, TILL_STOP_##dead, TILL_STOP_##again, TILL_STOP_##noise,                   \
        TILL_STOP_##not_us, TILL_STOP_##heard, TILL_STOP_##taken                                   \
  }

/* By what it is stopped for. That questions are answered says nothing of the right to refund. */
static const TillStopStep steps[][N_NEWS] = {
  [TILL_STOP_NONE] = ROW (KEEP, KEEP, BEGIN, KEEP, BEGIN, KEEP, KEEP),
  [TILL_STOP_KEYS] = ROW (KEEP, LATER, LATER, LATER, CLOSE, LIFT, LIFT),
  [TILL_STOP_CLOCK] = ROW (KEEP, LATER, LATER, LATER, CLOSE, LIFT, LIFT),
  [TILL_STOP_RIGHTS] = ROW (KEEP, LATER, LATER, LATER, CLOSE, KEEP, LIFT),
  [TILL_STOP_LINE] = ROW (KEEP, LATER, LATER, LIFT, CHANGE, LIFT, LIFT),
  [TILL_STOP_HAND] = ROW (KEEP, LATER, LATER, LATER, CLOSE, LIFT, LIFT),
};

#undef ROW

TillStopStep
till_stop_step (const TillStop *stop, const TillOutcome *outcome, TillErrandKind asked)
{
  TillStopCause cause = stop ? stop->cause : TILL_STOP_NONE;
  /* What was on its way before, or is asked about because a customer waits, was not let through. */
  if (stop && cause != TILL_STOP_LINE && stop->try_at == 0)
    return TILL_STOP_KEEP;
  return steps[cause][news_of (outcome, asked)];
}

int64_t
till_stop_next_at (int tries, int64_t now)
{
  static const int ladder_s[] = { 5, 10, 20, 30, 60 };
  return now + ladder_s[CLAMP (tries, 0, (int)G_N_ELEMENTS (ladder_s) - 1)] * TILL_SECOND;
}

gboolean
till_stop_lets_through (const TillStop *stop, int64_t now)
{
  return !stop || (stop->try_at != 0 && stop->try_at <= now);
}

gboolean
till_stop_lets_pay (const TillStop *stop, int64_t now)
{
  return till_stop_lets_through (stop, now) || stop->cause == TILL_STOP_RIGHTS;
}

const char *
till_stop_cause_word (TillStopCause cause)
{
  return cause_words[cause];
}

TillStopCause
till_stop_cause_from_word (const char *word)
{
  int index = till_text_index (cause_words, G_N_ELEMENTS (cause_words), word);
  /* The schema's CHECK lets no other word in. */
  g_assert (index >= 0);
  return (TillStopCause)index;
}

/* --- saying --- */

static const struct
{
  const char *what, *next;
} sayings[] = {
  [TILL_STOP_KEYS] = { N_ ("Nothing is sent to {provider} since {time}: it does not accept our "
                           "signature or does not know us."),
                       N_ ("Compare keys and merchant number of the account with what the provider "
                           "has, then try again.") },
  [TILL_STOP_CLOCK]
  = { N_ ("Nothing is sent to {provider} since {time}: the clock of this till is {apart}, and it "
          "refuses what is signed at a wrong time."),
      N_ ("Set the clock, then try again.") },
  [TILL_STOP_RIGHTS]
  = { N_ ("Nothing is sent to {provider} since {time}: it does not allow this merchant to refund."),
      N_ ("Call the provider, then try again.") },
  [TILL_STOP_LINE] = { N_ ("Nothing is sent to {provider} since {time}: it cannot be reached or "
                           "does not answer."),
                       N_ ("Look at the network; the till tries again by itself at {next}.") },
  [TILL_STOP_HAND] = { N_ ("Nothing is sent to {provider} since {time}: a manager stopped it."),
                       N_ ("A manager lets it go on.") },
};

static char *
say_apart (int64_t off_s)
{
  int64_t minutes = (ABS (off_s) + 30) / 60;
  int shown = (int)MIN (minutes, G_MAXINT);
  return off_s > 0
             ? g_strdup_printf (ngettext ("%d minute ahead", "%d minutes ahead", (gulong)shown),
                                shown)
             : g_strdup_printf (ngettext ("%d minute behind", "%d minutes behind", (gulong)shown),
                                shown);
}

static char *
say_waiting (const TillStop *stop)
{
  if (stop->waiting == 0)
    return g_strdup (_ ("No refund waits there."));
  g_autofree char *amount = till_money_format_screen (stop->amount);
  /* Translators: how many refunds, and how much money they are together. */
  return g_strdup_printf (ngettext ("%d refund of %s waits and is kept.",
                                    "%d refunds of %s together wait and are kept.",
                                    (gulong)stop->waiting),
                          stop->waiting, amount);
}

static const char *
next_of (const TillStop *stop)
{
  return stop->cause != TILL_STOP_LINE && stop->try_at != 0
             ? _ ("One is let through now to see whether it works again.")
             : _ (sayings[stop->cause].next);
}

char *
till_stop_sentence (const TillStop *stop, const char *provider, const char *zone)
{
  g_autofree char *time = till_clock_stamp (stop->at, zone, "%m-%d %H:%M");
  g_autofree char *next = till_clock_stamp (stop->try_at, zone, "%H:%M:%S");
  g_autofree char *apart = say_apart (stop->clock_off_s);
  g_autofree char *waiting = say_waiting (stop);
  /* Translators: what happened, what waits, what to do next; each a sentence. */
  GString *text = g_string_new (NULL);
  g_string_printf (text, _ ("%s %s %s"), _ (sayings[stop->cause].what), waiting, next_of (stop));
  g_string_replace (text, "{time}", time, 0);
  g_string_replace (text, "{next}", next, 0);
  g_string_replace (text, "{apart}", apart, 0);
  g_string_replace (text, "{provider}", provider, 0);
  return g_string_free (text, FALSE);
}
