/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/account-check.h"
#include "data/core/ids.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Some amount has to be named; of a number that nobody knows it is never compared. */
#define AMOUNT 1

static const char *const result_words[] = {
#define X(code, word) word,
  TILL_CHECKS (X)
#undef X
};

void
till_account_check_free (TillAccountCheck *check)
{
  g_free (check->code);
  g_free (check->detail);
  g_free (check);
}

const char *
till_check_result_word (TillCheckResult result)
{
  return result_words[result];
}

/* --- judging --- */

/* Where a question is not taken, a codec says no more than that it is not known what became of the
 * thing. It reads the provider's code only from what it believes; and who does not know us may not
 * know either which key to sign for us with. */
static TillCheckResult
result_of_unknown (const TillOutcome *outcome, const TillReply *reply)
{
  if (reply->status >= 500)
    return TILL_CHECK_TROUBLE;
  return outcome->code || reply->status == 401 || reply->status == 403 ? TILL_CHECK_REFUSED
                                                                       : TILL_CHECK_NOT_BELIEVED;
}

static TillCheckResult
result_of (const TillOutcome *outcome, const TillReply *reply)
{
  if (reply->fate == TILL_FATE_NOT_SENT)
    return TILL_CHECK_NO_LINE;
  if (reply->fate == TILL_FATE_MAYBE_SENT)
    return TILL_CHECK_NO_ANSWER;
  switch (outcome->kind)
    {
    case TILL_OUTCOME_NOT_FOUND:
      return TILL_CHECK_ANSWERED;
    case TILL_OUTCOME_REFUSED:
      /* Final words about a payment are an answer to the question. */
      return outcome->failure == TILL_CLASS_FINAL ? TILL_CHECK_ANSWERED : TILL_CHECK_REFUSED;
    case TILL_OUTCOME_UNKNOWN:
      return result_of_unknown (outcome, reply);
    case TILL_OUTCOME_DONE:
    case TILL_OUTCOME_ACCEPTED:
    case TILL_OUTCOME_NOT_SENT:
    case TILL_OUTCOME_MISMATCH:
    default:
      return TILL_CHECK_STRANGE;
    }
}

TillAccountCheck *
till_account_check_judge (const TillOutcome *outcome, const TillReply *reply, int64_t asked_at,
                          int64_t answered_at)
{
  TillAccountCheck *check = g_new0 (TillAccountCheck, 1);
  check->result = result_of (outcome, reply);
  check->took_ms = MAX (answered_at - asked_at, 0) / 1000;
  check->code = g_strdup (outcome->code);
  check->detail = g_strdup (outcome->words ? outcome->words : outcome->detail);
  check->told_clock = reply->fate == TILL_FATE_ANSWERED && reply->date_at != 0;
  if (check->told_clock)
    {
      /* It was said somewhere between asking and hearing; whichever is nearer is believed. */
      int64_t late = reply->date_at - answered_at, early = reply->date_at - asked_at;
      int64_t apart = early < 0 ? early : MAX (late, 0);
      check->clock_off_s = apart / TILL_SECOND;
    }
  return check;
}

TillAccountCheck *
till_account_check_run (const TillAccount *account, TillTransport transport, TillClock *clock,
                        GError **error)
{
  const TillCodec *codec = till_codec_find (account->provider);
  g_assert (codec);
  int64_t asked_at = till_clock_now (clock);
  g_autofree char *request_no = till_request_no_new (clock);
  const TillErrand errand = { .kind = TILL_ERRAND_QUERY_PAY,
                              .provider = account->provider,
                              .request_no = request_no,
                              .by_card = !codec->profile->takes_codes,
                              .amount = AMOUNT,
                              .subject = request_no,
                              .requested_at = asked_at,
                              .asked_at = asked_at };
  g_autoptr (TillRequest) request = codec->build (&errand, account);
  g_autoptr (TillReply) reply = transport.send (transport.self, request, error);
  if (!reply)
    return NULL;
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, account, reply);
  return till_account_check_judge (outcome, reply, asked_at, till_clock_now (clock));
}

/* --- saying --- */

static gboolean
clocks_are_apart (const TillAccountCheck *check)
{
  return check->told_clock && ABS (check->clock_off_s) > TILL_CLOCK_APART_S;
}

gboolean
till_account_check_clock_alarms (const TillAccountCheck *check)
{
  return check->told_clock && ABS (check->clock_off_s) > TILL_CLOCK_ALARM_S;
}

gboolean
till_account_check_is_well (const TillAccountCheck *check)
{
  return check->result == TILL_CHECK_ANSWERED && !clocks_are_apart (check);
}

/* The provider's code and words, or ours. */
static char *
why_of (const TillAccountCheck *check)
{
  const char *detail = check->detail ? check->detail : "–";
  return check->code && g_strcmp0 (check->code, detail) != 0
             ? g_strdup_printf ("%s %s", check->code, detail)
             : g_strdup (detail);
}

static char *
say_result (const TillAccountCheck *check)
{
  g_autofree char *why = why_of (check);
  switch (check->result)
    {
    case TILL_CHECK_ANSWERED:
      return g_strdup_printf (_ ("Answered and believed, after %" PRId64 " ms."), check->took_ms);
    case TILL_CHECK_REFUSED:
      return g_strdup_printf (
          _ ("The provider answered and does not take our question (%s). Compare "
             "merchant number, keys and rights with what the provider has."),
          why);
    case TILL_CHECK_STRANGE:
      return g_strdup_printf (
          _ ("The provider says that it knows a payment that was never made (%s). "
             "Call the provider before money is sent there."),
          why);
    case TILL_CHECK_NOT_BELIEVED:
      return g_strdup_printf (
          _ ("An answer came that is not believed (%s). Fetch the provider's key "
             "again and compare address and account."),
          why);
    case TILL_CHECK_TROUBLE:
      return g_strdup_printf (_ ("The provider's machine is in trouble (%s). Nothing is lost; try "
                                 "again later, then call the provider."),
                              why);
    case TILL_CHECK_NO_ANSWER:
      return g_strdup_printf (_ ("No answer within %" PRId64
                                 " ms (%s). Nothing is lost; try again, "
                                 "then call the provider."),
                              check->took_ms, why);
    case TILL_CHECK_NO_LINE:
    default:
      return g_strdup_printf (_ ("The provider cannot be reached (%s). Look at the network, the "
                                 "address and the file of authorities."),
                              why);
    }
}

static char *
say_clocks (const TillAccountCheck *check)
{
  int64_t apart = ABS (check->clock_off_s);
  if (!clocks_are_apart (check))
    return NULL;
  if (till_account_check_clock_alarms (check))
    return g_strdup_printf (_ ("The clock of this machine differs from the provider's by %" PRId64
                               " seconds: so far apart payments and refunds are refused. Set it "
                               "first."),
                            apart);
  return g_strdup_printf (_ ("The clock of this machine differs from the provider's by %" PRId64
                             " seconds. Have it set by the network."),
                          apart);
}

char *
till_account_check_sentence (const TillAccountCheck *check)
{
  g_autofree char *result = say_result (check);
  g_autofree char *clocks = say_clocks (check);
  /* Where the clocks are that far apart they are the cause, whatever else was said. */
  if (clocks && till_account_check_clock_alarms (check))
    return g_strdup_printf (_ ("%s %s"), clocks, result);
  return clocks ? g_strdup_printf (_ ("%s %s"), result, clocks) : g_steal_pointer (&result);
}
