/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a provider lets itself be asked: so many requests a second, and fewer of those that it
 * has to refuse. One too many is not looked at, moves nothing, and counts as refused.
 *
 * Remembers the last second only. Time is handed in; one thread. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* More a second than this is no rule. */
#define TILL_RATE_MAX 1000

typedef struct _TillProviderRate TillProviderRate;

TillProviderRate *till_provider_rate_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_provider_rate_free (TillProviderRate *rate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillProviderRate, till_provider_rate_free)

/* Whether one more at `at` (µs UTC) is too many for whoever speaks this tongue; 0: no such rule. */
gboolean till_provider_rate_is_over (const TillProviderRate *rate, const char *tongue,
                                     int requests_per_s, int refusals_per_s, int64_t at);
void till_provider_rate_note (TillProviderRate *rate, const char *tongue, gboolean refused,
                              int64_t at);

G_END_DECLS
