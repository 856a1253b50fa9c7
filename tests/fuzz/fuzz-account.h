/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both ends of a line to a provider, for targets that fuzz what goes over it: an account with the
 * words of the provider's tongue, and a speech behind it. Made once, for the life of the process.
 */
#pragma once
#include "app/sandbox/tongue.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

#define FUZZ_AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define FUZZ_NUMBER "0ABCDEFGHJKMNPQR"
#define FUZZ_ORIGINAL "0PAYMENTNUMBERX1"

static TillAccount fuzz_account;
static TillSpeech fuzz_speech; /* without its provider, which is each input's own */

static void
fuzz_open (const TillTongue *tongue)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  char *paths[4];
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("key-%d", i);
      paths[i] = g_build_filename (folder, name, NULL);
    }
  g_assert_true (till_key_generate (paths[0], paths[1], NULL));
  g_assert_true (till_key_generate (paths[2], paths[3], NULL));
  fuzz_account = (TillAccount){ .provider = (char *)tongue->name,
                                .merchant_no = (char *)till_tongue_fact (tongue, "merchant_no"),
                                .base_url = (char *)"https://127.0.0.1",
                                .ca_file = (char *)"/nowhere",
                                .facts = g_hash_table_new (g_str_hash, g_str_equal),
                                .our_key = till_key_load_private (paths[0], NULL),
                                .provider_key = till_key_load_public (paths[3], NULL) };
  const TillCodec *codec = till_codec_find (tongue->name);
  for (gsize i = 0; codec->facts && codec->facts[i]; i++)
    g_hash_table_insert (fuzz_account.facts, (gpointer)codec->facts[i],
                         (gpointer)till_tongue_fact (tongue, codec->facts[i]));
  fuzz_speech = (TillSpeech){ .clock = till_clock_new_fake (FUZZ_AT, 1),
                              .our_key = till_key_load_private (paths[2], NULL),
                              .merchant_key = till_key_load_public (paths[1], NULL) };
  for (int i = 0; i < 4; i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (folder);
}

static inline TillErrand
fuzz_errand (TillErrandKind kind, gboolean by_card)
{
  TillErrand errand = { .kind = kind,
                        .by_card = by_card,
                        .request_no = (char *)FUZZ_NUMBER,
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = FUZZ_AT,
                        .asked_at = FUZZ_AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (till_errand_kind_is_backward (kind))
    {
      errand.original_no = (char *)FUZZ_ORIGINAL;
      errand.original_amount = 5000;
      errand.original_requested_at = FUZZ_AT;
    }
  return errand;
}

/* What must hold of any outcome of an answer, and of one that nobody signed. */
static inline void
fuzz_check_outcome (const TillErrand *errand, const TillOutcome *outcome, gboolean is_signed)
{
  g_assert_nonnull (outcome);
  if (!is_signed)
    g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT); /* it was answered */
  if (outcome->kind == TILL_OUTCOME_DONE)
    g_assert_true (outcome->amount == errand->amount && outcome->failure == TILL_CLASS_NONE);
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
}

/* A request as it came, to a provider that has one payment under FUZZ_ORIGINAL. Whatever it is, it
 * gets an answer; what the merchant did not sign books nothing. */
static inline void
fuzz_hear (const TillTongue *tongue, const char *path, GHashTable *headers, GBytes *body,
           gboolean is_signed)
{
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillRecord paid = { .kind = TILL_RECORD_STATE,
                      .errand = TILL_ERRAND_PAY,
                      .request_no = FUZZ_ORIGINAL,
                      .provider_no = "P0000000001",
                      .status = "SUCCESS",
                      .moves = TRUE,
                      .amount = 5000,
                      .at = FUZZ_AT };
  g_assert_true (till_provider_replay (provider, &paid, NULL));
  TillSpeech speech = fuzz_speech;
  speech.provider = provider;
  TillHeard heard = { .method = "POST", .path = path, .headers = headers, .body = body };
  g_autoptr (TillSaid) said = tongue->answer (&speech, &heard);
  g_assert_true (said && said->status >= 200 && said->status < 600);
  g_assert_cmpuint (g_bytes_get_size (said->body), >, 0);
  if (!is_signed)
    g_assert_cmpuint (till_provider_n_effects (provider), ==, 1);
}
