/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the settings screen asks the desk: one struct for all questions, and for each the work that
 * runs on the ledger's thread (its ward is a TillLedger, its data a TillSettingsAsk, which it hands
 * back, or NULL with an error). Nothing here knows a widget. */
#pragma once
#include "data/desk/arranging.h"
#include "devices/gateway/account-import.h"
#include "widgets/provider-probe.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t staff_id;
  const TillProbe *probe; /* unowned; or NULL */
  GPtrArray *changes;     /* owned; of TillSettingEdit */
  TillImportKind kind;
  char *account, *path; /* owned */
  char *password;       /* owned; wiped */
  guint read_no;
  GPtrArray *settings; /* owned; of TillSetting */
  GPtrArray *accounts; /* owned; of TillAccountState, or NULL */
  char *trouble;       /* owned; why a file was not taken in, or NULL */
  TillAnswer answer;
} TillSettingsAsk;

void till_settings_ask_free (gpointer ask);

/* → settings, accounts. */
gpointer till_settings_ask_read (gpointer ledger, gpointer ask, GError **error);
/* changes → answer. */
gpointer till_settings_ask_save (gpointer ledger, gpointer ask, GError **error);
/* kind, account, path, password → answer, trouble. */
gpointer till_settings_ask_take (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS
