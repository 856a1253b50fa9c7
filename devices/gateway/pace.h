/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast a provider may be asked: its profile's requests_per_s, or refusals_per_s for a second
 * after it refused one.
 *
 * Only what left is remembered, and only for a second; a till that starts again remembers nothing
 * and has lost nothing by it. One TillPace belongs to one thread. */
#pragma once
#include "data/trade/provider.h"

G_BEGIN_DECLS

/* More than this many a second is no limit to a till that asks one question at a time. */
#define TILL_PACE_MAX 1000

typedef struct _TillPace TillPace;

TillPace *till_pace_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_pace_free (TillPace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPace, till_pace_free)

/* A request left at that time (µs); refused: the provider's server would not have it. */
void till_pace_note (TillPace *pace, const TillProfile *profile, int64_t at, gboolean refused);
/* When the next one may leave: now, or at most a second later. */
int64_t till_pace_earliest (const TillPace *pace, const TillProfile *profile, int64_t now);

G_END_DECLS
