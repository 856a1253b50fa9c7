/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One refund in each provider's language: the request built and signed, the answer verified and
 * read, beside a bare signature and its verification with the same digest.
 *
 *   exchange FOLDER [ROUNDS] [EXCHANGES]
 *
 * The answers are the practice provider's and are made before anything is measured. Stripe signs
 * nothing: its figure is what the rest costs. */
#include "tests/bench/bench.h"
#include "app/sandbox/setup.h"
#include "app/sandbox/tongue.h"
#include "devices/gateway/registry.h"

#include <string.h>

#include "tests/bench/yardsticks/signature.h"

typedef struct
{
  const TillCodec *codec;
  TillAccount *account; /* owned, like all below */
  TillProvider *provider;
  TillSpeech speech;
  TillErrand *refund;
  TillReply *reply;
} Talk;

static void
must (gboolean good, GError *error)
{
  if (!good)
    g_error ("%s", error->message);
}

static TillErrand *
errand_of (const Talk *talk, TillErrandKind kind, const char *no, int64_t now)
{
  TillErrand *errand = g_new0 (TillErrand, 1);
  *errand = (TillErrand){ .kind = kind,
                          .provider = g_strdup (talk->codec->profile->name),
                          .request_no = g_strdup (no),
                          .by_card = !talk->codec->profile->takes_codes,
                          .amount = 12500,
                          .subject = g_strdup ("91010126112200000173"),
                          .requested_at = now,
                          .asked_at = now };
  return errand;
}

static TillReply *
carry (Talk *talk, const TillErrand *errand)
{
  g_autoptr (TillRequest) request = talk->codec->build (errand, talk->account);
  TillTransport line = till_speech_transport (&talk->speech);
  return line.send (line.self, request, NULL);
}

/* A payment that went through, and the answer to a refund of it. */
static void
open_talk (Talk *talk, const TillSandboxSetup *setup, TillClock *clock, const TillTongue *tongue)
{
  gboolean practice = tongue == &till_practice_tongue;
  g_autofree char *dir = g_build_filename (setup->dir, practice ? "account" : "accounts",
                                           practice ? NULL : tongue->name, NULL);
  GError *error = NULL;
  int64_t now = till_clock_now (clock);
  talk->codec = till_codec_find (tongue->name);
  talk->account = till_account_load (dir, &error);
  must (talk->account != NULL, error);
  talk->provider = till_provider_new (FALSE, NULL, NULL);
  talk->speech = till_sandbox_setup_speech (setup, talk->provider, clock);
  g_autoptr (TillErrand) pay = errand_of (talk, TILL_ERRAND_PAY, "PAY0000000000001", now);
  pay->auth = g_strdup ("134567890123456789");
  g_autoptr (TillReply) paid = carry (talk, pay);
  g_autoptr (TillOutcome) outcome = talk->codec->interpret (pay, talk->account, paid);
  talk->refund = errand_of (talk, TILL_ERRAND_REFUND, "RFD0000000000001", now);
  talk->refund->original_no = g_strdup (pay->request_no);
  talk->refund->original_amount = pay->amount;
  talk->refund->original_provider_no = g_strdup (outcome->provider_no);
  talk->refund->original_requested_at = now;
  talk->reply = carry (talk, talk->refund);
}

static void
close_talk (Talk *talk)
{
  till_reply_free (talk->reply);
  till_errand_free (talk->refund);
  till_provider_free (talk->provider);
  till_account_free (talk->account);
}

static double
exchange_once (const Talk *talk)
{
  double start = bench_now ();
  g_autoptr (TillRequest) request = talk->codec->build (talk->refund, talk->account);
  g_autoptr (TillOutcome) outcome
      = talk->codec->interpret (talk->refund, talk->account, talk->reply);
  double took = bench_now () - start;
  /* An answer that was not believed would have cost less. */
  g_assert (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED);
  return took;
}

static void
measure (const Talk *talk, int rounds, int n)
{
  g_autofree char *key = g_strdup_printf ("exchange.%s", talk->codec->profile->name);
  Signature bare;
  signature_open (&bare, (talk->codec->needs & TILL_NEEDS_SHA1) != 0);
  for (int round = 0; round < rounds; round++)
    {
      double ours = 0, theirs = 0;
      for (int i = 0; i < n; i++)
        {
          ours += exchange_once (talk);
          theirs += signature_once (&bare);
        }
      bench_say (key, ours / n, theirs / n);
    }
  EVP_PKEY_free (bare.key);
}

int
main (int argc, char **argv)
{
  int rounds = bench_number (argc, argv, 2, 7), n = bench_number (argc, argv, 3, 200);
  g_autofree char *dir = g_build_filename (argv[1], "exchange", NULL);
  GError *error = NULL;
  must (till_sandbox_setup_make (dir, 1, &error), error);
  g_autoptr (TillSandboxSetup) setup = till_sandbox_setup_load (dir, &error);
  must (setup != NULL, error);
  TillClock *clock = till_clock_new ();
  const TillTongue *tongue;
  for (guint i = 0; (tongue = till_tongue_nth (i)); i++)
    {
      Talk talk;
      open_talk (&talk, setup, clock, tongue);
      measure (&talk, rounds, n);
      close_talk (&talk);
    }
  till_clock_free (clock);
  return 0;
}
