/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-rate.h"
#include "data/core/clock.h"

/* The last TILL_RATE_MAX times; the nth stands at n % TILL_RATE_MAX. */
typedef struct
{
  int64_t at[TILL_RATE_MAX];
  guint64 n;
} Ring;

typedef struct
{
  Ring asked, refused;
} Lately;

struct _TillProviderRate
{
  GHashTable *tongues; /* owned; name → Lately; as many as there are tongues */
};

TillProviderRate *
till_provider_rate_new (void)
{
  TillProviderRate *rate = g_new0 (TillProviderRate, 1);
  rate->tongues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return rate;
}

void
till_provider_rate_free (TillProviderRate *rate)
{
  g_hash_table_unref (rate->tongues);
  g_free (rate);
}

/* Whether so many came within the second before `at`. A clock that was set back forgives. */
static gboolean
is_full (const Ring *ring, int allowed, int64_t at)
{
  if (allowed <= 0 || allowed > TILL_RATE_MAX || ring->n < (guint)allowed)
    return FALSE;
  int64_t before = ring->at[(ring->n - (guint)allowed) % TILL_RATE_MAX];
  return before <= at && at - before < TILL_SECOND;
}

gboolean
till_provider_rate_is_over (const TillProviderRate *rate, const char *tongue, int requests_per_s,
                            int refusals_per_s, int64_t at)
{
  const Lately *lately = g_hash_table_lookup (rate->tongues, tongue);
  return lately
         && (is_full (&lately->asked, requests_per_s, at)
             || is_full (&lately->refused, refusals_per_s, at));
}

static void
add (Ring *ring, int64_t at)
{
  ring->at[ring->n++ % TILL_RATE_MAX] = at;
}

void
till_provider_rate_note (TillProviderRate *rate, const char *tongue, gboolean refused, int64_t at)
{
  Lately *lately = g_hash_table_lookup (rate->tongues, tongue);
  if (!lately)
    {
      lately = g_new0 (Lately, 1);
      g_hash_table_insert (rate->tongues, g_strdup (tongue), lately);
    }
  add (&lately->asked, at);
  if (refused)
    add (&lately->refused, at);
}
