/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who we are to a provider: a folder that was set up once and is read at start.
 *
 *   account.ini        [account] provider, merchant_no, base_url, private_key, provider_key,
 * ca_file, answer_within_s (optional); file names are relative to the folder the files it names;
 * account.ini and the private key must be ours and 0600
 *
 * An account is not changed after loading and may be shared by threads. A missing file is
 * NOT_FOUND, everything else that is wrong INVALID. */
#pragma once
#include "devices/gateway/sign.h"

G_BEGIN_DECLS

typedef struct
{
  char *provider;        /* owned; registry name */
  char *merchant_no;     /* owned; 1–32 letters, digits, - and _ */
  char *base_url;        /* owned; "https://host[:port]", no path */
  TillKey *our_key;      /* owned; private */
  TillKey *provider_key; /* owned; public */
  char *ca_file;         /* owned; absolute */
  int answer_within_s;   /* 0: as the provider's profile says; otherwise it can only shorten that */
} TillAccount;

TillAccount *till_account_load (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_account_free (TillAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAccount, till_account_free)

G_END_DECLS
