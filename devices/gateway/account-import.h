/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes a key or a certificate that a provider sent into the folder of an account, and has
 * account.ini name it.
 *
 * The file is copied, never moved; nothing that lies in the folder is overwritten, so that the way
 * back is to name the old file again. An account that could be used stays one, or nothing was
 * changed. It touches no books. Any thread; blocks for a file or two. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_IMPORT_OUR_KEY,       /* PKCS#12: our key with its certificate, under its password */
  TILL_IMPORT_PROVIDER_KEY,  /* PEM: the provider's key, instead of the one in use */
  TILL_IMPORT_NEXT_KEY,      /* PEM: the one that is to follow it; both are believed */
  TILL_IMPORT_AUTHORITIES,   /* PEM: who answers for the provider's certificates */
  TILL_IMPORT_CA,            /* PEM: who answers for the provider's address */
  TILL_IMPORT_NOTICE_KEY,    /* PEM: whose signature the provider's notices bear */
  TILL_IMPORT_NOTICE_SECRET, /* one line: what they are sealed or signed with */
} TillImportKind;
#define TILL_IMPORT_KINDS (TILL_IMPORT_NOTICE_SECRET + 1)

/* What account.ini calls it: "private_key", "provider_key" … */
const char *till_import_word (TillImportKind kind);
gboolean till_import_from_word (const char *word, TillImportKind *kind);
/* As people say it, in the current language. */
const char *till_import_label (TillImportKind kind);

/* account: a folder below root that has an account.ini. password: of PKCS#12, NULL for none; the
 * caller wipes it. What was done, in plain words for the journal and without a secret; NULL with an
 * INVALID sentence that says what is wrong with the file, or NOT_FOUND. */
char *till_account_import (const char *root, const char *account, TillImportKind kind,
                           const char *path, const char *password,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
