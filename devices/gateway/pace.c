/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/pace.h"

/* What one provider was asked lately: a ring of the last TILL_PACE_MAX times. */
typedef struct
{
  int64_t at[TILL_PACE_MAX];
  guint64 n; /* ever noted; the nth stands at n % TILL_PACE_MAX */
  int64_t refused_at;
  gboolean refused; /* ever */
} Lately;

struct _TillPace
{
  GHashTable *providers; /* owned; profile's name → Lately; as many as there are codecs */
};

TillPace *
till_pace_new (void)
{
  TillPace *pace = g_new0 (TillPace, 1);
  pace->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return pace;
}

void
till_pace_free (TillPace *pace)
{
  g_hash_table_unref (pace->providers);
  g_free (pace);
}

void
till_pace_note (TillPace *pace, const TillProfile *profile, int64_t at, gboolean refused)
{
  Lately *lately = g_hash_table_lookup (pace->providers, profile->name);
  if (!lately)
    {
      lately = g_new0 (Lately, 1);
      g_hash_table_insert (pace->providers, g_strdup (profile->name), lately);
    }
  lately->at[lately->n++ % TILL_PACE_MAX] = at;
  if (refused)
    {
      lately->refused = TRUE;
      lately->refused_at = at;
    }
}

/* A clock that was set back since is no reason to wait for the time it showed. */
static gboolean
within_a_second (int64_t at, int64_t now)
{
  return at <= now && now - at < TILL_SECOND;
}

int64_t
till_pace_earliest (const TillPace *pace, const TillProfile *profile, int64_t now)
{
  const Lately *lately = g_hash_table_lookup (pace->providers, profile->name);
  if (!lately)
    return now;
  gboolean slow
      = profile->refusals_per_s > 0 && lately->refused && within_a_second (lately->refused_at, now);
  int allowed = slow ? profile->refusals_per_s : profile->requests_per_s;
  if (allowed <= 0 || allowed > TILL_PACE_MAX || lately->n < (guint)allowed)
    return now;
  /* The one before as many as are allowed: when it is a second old there is room again. */
  int64_t at = lately->at[(lately->n - (guint)allowed) % TILL_PACE_MAX];
  return within_a_second (at, now) ? at + TILL_SECOND : now;
}
