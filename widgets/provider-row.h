/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One payment provider as a row of the table and as sentences below it: what the books say of its
 * answers, what its account says of its keys. The caller owns texts. Main thread only. */
#pragma once
#include "data/desk/provider-health.h"
#include "widgets/counter.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

#define TILL_PROVIDER_COLUMNS 7
extern const TillColumn till_provider_columns[TILL_PROVIDER_COLUMNS];

/* An account, or a provider that the books know and no account names: one of the two may be NULL.
 * Both unowned. */
typedef struct
{
  const TillAccountState *account;
  const TillHealth *health;
} TillProviderRow;

/* The nth, from 0. Its face is the worst of what is known. */
TillSheetRow *till_provider_row_new (TillCounter *counter, guint n, const TillProviderRow *row);

/* Who it is; how it has been answering; what somebody has to look after, "" for nothing. */
char *till_provider_row_title (const TillProviderRow *row) G_GNUC_WARN_UNUSED_RESULT;
char *till_provider_row_figures (TillCounter *counter,
                                 const TillProviderRow *row) G_GNUC_WARN_UNUSED_RESULT;
/* When the line was silent within 24 hours, and what failed by it, a line each; NULL: it was not.
 */
char *till_provider_row_silences (TillCounter *counter,
                                  const TillHealth *health) G_GNUC_WARN_UNUSED_RESULT;
char *till_provider_row_warnings (TillCounter *counter,
                                  const TillProviderRow *row) G_GNUC_WARN_UNUSED_RESULT;

/* For the watch over the network: when it answered last, how fast, and how often it did not. */
#define TILL_NETWORK_COLUMNS 5
extern const TillColumn till_network_columns[TILL_NETWORK_COLUMNS];
TillSheetRow *till_network_row_new (TillCounter *counter, guint n, const TillHealth *health);

/* For the settings: what it takes and is known by; its keys, of TillSheetRow. */
#define TILL_PROVIDER_KEY_COLUMNS 5
extern const TillColumn till_provider_key_columns[TILL_PROVIDER_KEY_COLUMNS];
char *till_provider_row_facts (TillCounter *counter,
                               const TillProviderRow *row) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_provider_row_keys (TillCounter *counter,
                                   const TillProviderRow *row) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
