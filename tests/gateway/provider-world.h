/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider of the sandbox at one moment, with one payment of 50.00, to whom a test speaks in a
 * tongue. The keys are the test's own. */
#pragma once
#include "app/sandbox/tongue.h"

#define WORLD_AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define WORLD_PAYMENT "0PAYMENTNUMBERX1"

static TillKey *our_key, *our_public, *provider_key; /* owned by the test */

typedef struct
{
  TillClock *clock;       /* owned */
  TillProvider *provider; /* owned */
  TillSpeech speech;
} World;

static inline void
world_open (World *world, gconstpointer data)
{
  world->clock = till_clock_new_fake (WORLD_AT, 1);
  world->provider = till_provider_new (FALSE, NULL, NULL);
  world->speech = (TillSpeech){ .provider = world->provider,
                                .clock = world->clock,
                                .our_key = provider_key,
                                .merchant_key = our_public };
  TillRecord paid = { .kind = TILL_RECORD_STATE,
                      .errand = TILL_ERRAND_PAY,
                      .request_no = WORLD_PAYMENT,
                      .provider_no = "P0000000001",
                      .status = "SUCCESS",
                      .moves = TRUE,
                      .amount = 5000,
                      .at = WORLD_AT };
  g_assert_true (till_provider_replay (world->provider, &paid, NULL));
}

static inline void
world_close (World *world, gconstpointer data)
{
  till_clock_free (world->clock);
  till_provider_free (world->provider);
}
