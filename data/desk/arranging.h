/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the shop is set up, for people: look, and change several things at once or none. Every change
 * is an act in the journal. On the ledger's thread; who may is asked inside the transaction. */
#pragma once
#include "data/desk/sending.h"
#include "data/ledger/setting-store.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

#define TILL_SETTING_CHANGES_MAX 64

typedef struct
{
  const char *key, *value; /* unowned */
} TillSettingChange;

/* Every setting there is; of TillSetting. Reading needs no right: nothing of it is a secret. */
GPtrArray *till_arranging_list (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TILL_NO_SETTING names the key that is unknown, fixed, or cannot be this; TILL_NO_TAKER the
 * provider that would refuse what is sent to it. With any no, nothing was changed. What is as it
 * was is no change. Needs TILL_RIGHT_MANAGE. */
gboolean till_arranging_change (TillLedger *ledger, int64_t staff_id,
                                const TillSettingChange *changes, guint n, TillProfileOf profile_of,
                                gpointer user, TillAnswer *answer, GError **error);
/* Do the providers take what the settings at hand send to them? */
gboolean till_arranging_fits (TillLedger *ledger, TillProfileOf profile_of, gpointer user,
                              TillAnswer *answer, GError **error);
/* A key or certificate was taken in for an account with a provider; what: in plain words, no
 * secret. The file is there already: the act tells who put it there. Needs TILL_RIGHT_MANAGE. */
gboolean till_arranging_note_key (TillLedger *ledger, int64_t staff_id, const char *what,
                                  TillAnswer *answer, GError **error);
/* May this person change anything? For a door that asks before it touches files. */
gboolean till_arranging_may (TillLedger *ledger, int64_t staff_id, TillAnswer *answer,
                             GError **error);

G_END_DECLS
