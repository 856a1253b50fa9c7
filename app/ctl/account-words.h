/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts with providers, as JSON objects and as text for a terminal. tillctl(1) describes the
 * objects. The caller owns what it gets. */
#pragma once
#include "app/ctl/ctl.h"
#include "data/trade/stop.h"
#include "devices/gateway/account-check.h"
#include "devices/gateway/balance.h"
#include "devices/gateway/account-state.h"

G_BEGIN_DECLS

/* states: of TillAccountState; now: µs UTC. *alarm: somebody has to do something. */
json_t *till_account_words (GPtrArray *states, int64_t now, const char *zone, gboolean *alarm);
char *till_account_words_text (GPtrArray *states, int64_t now, const char *zone);

json_t *till_account_words_check (const char *name, const char *provider,
                                  const TillAccountCheck *check);
json_t *till_account_words_balance (const char *name, const char *provider,
                                    const TillBalance *balance);
/* stops: of TillStop; a sentence of each is appended to text. */
json_t *till_account_words_stops (const GPtrArray *stops, const char *zone, GString *text);
/* Seconds since 1970; null for 0. */
json_t *till_account_words_instant (int64_t seconds, const char *zone);

G_END_DECLS
