/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who we are to a provider: a folder that was set up once and is read at start.
 *
 *   account.ini   [account] provider, merchant_no, base_url, ca_file, answer_within_s (optional),
 *                 and of the following what the provider's codec asks for:
 *     private_key                 our key
 *     provider_key                the provider's public key or certificate; provider_key_id where
 *                                 its answers name a key by something else than the serial number
 *     next_provider_key (_id)     the one that is to follow, while both are in use
 *     secret_file                 a password-like key, one line
 *     authorities                 certificates that answer for the provider's own
 *     app_cert, root_certs        our certificate and the provider's roots, for requests that name
 *                                 them (Alipay); provider_key is then a certificate, too
 *     certificate                 our own, where there is one: only for its end to be watched
 *     notice_url                  where the provider is to send its notices, for requests that say
 * so notice_secret_file          what they are sealed or signed with (WeChat Pay, Stripe), one line
 *     notice_key                  whose signature they bear, where that is no provider_key (Lakala)
 *   and the further words that TillCodec.facts names: app_id, serial_no …
 *
 * File names are relative to the folder; account.ini, the private key and the secrets must be ours
 * and 0600. The last three may be missing with every provider; a notice that needs one is then not
 * believed. An account is not
 * changed after loading and may be shared by threads. A missing file is NOT_FOUND, everything else
 * that is wrong INVALID. */
#pragma once
#include "devices/gateway/sign.h"

G_BEGIN_DECLS

/* The strictest of the providers takes an address of so many characters, without a query. */
#define TILL_NOTICE_URL_MAX 128
/* Bytes that account.ini or a file of a secret may have. */
#define TILL_ACCOUNT_FILE_MAX (64 * 1024)

/* What of the above a codec cannot do without. */
#define TILL_NEEDS_OUR_KEY 1u
#define TILL_NEEDS_PROVIDER_KEY 2u
#define TILL_NEEDS_SECRET 4u
#define TILL_NEEDS_AUTHORITIES 8u
/* The provider's own key may be as old as its rules. */
#define TILL_NEEDS_OLD_KEYS 16u
/* May sign with certificates (Alipay): app_cert and root_certs, or neither. */
#define TILL_MAY_HAVE_CERTIFICATES 64u
/* Signatures with SHA-1, which some systems forbid: an account is then refused, not a refund. */
#define TILL_NEEDS_SHA1 32u

typedef struct
{
  char *provider;             /* owned; registry name */
  char *merchant_no;          /* owned; 1–32 letters, digits, - and _ */
  char *base_url;             /* owned; "https://host[:port]", no path */
  TillKey *our_key;           /* owned; private; NULL when the codec asks for none, as all below */
  TillKey *provider_key;      /* owned; public */
  char *provider_key_id;      /* owned; or NULL */
  TillKey *next_provider_key; /* owned; or NULL */
  char *next_provider_key_id; /* owned; or NULL */
  TillAuthorities *authorities; /* owned */
  /* owned; what Alipay calls our certificate and its roots, both or neither. With them the ids of
   * its keys are what it calls those. */
  char *app_cert_sn, *root_cert_sn;
  char *secret;        /* owned; wiped */
  GHashTable *facts;   /* owned; further words by name; NULL: none */
  char *notice_url;    /* owned; "https://host[:port]/path", or NULL, as the next two */
  char *notice_secret; /* owned; wiped */
  TillKey *notice_key; /* owned; public */
  char *ca_file;       /* owned; absolute */
  int answer_within_s; /* 0: as the provider's profile says; otherwise it can only shorten that */
} TillAccount;

TillAccount *till_account_load (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_account_free (TillAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAccount, till_account_free)

/* account.ini itself, closed to everybody else; where before is given, it becomes what stood there
 * (the caller's). INVALID says what is wrong with it. */
GKeyFile *till_account_read_file (const char *path, char **before,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a file of a secret may hold: one line of at most 512 visible characters. */
gboolean till_account_is_secret (const char *text);
/* A further word; "" when there is none. */
const char *till_account_fact (const TillAccount *account, const char *name);
/* Where requests say that notices are to go: notice_url, else the further word notify_url of a
 * provider that cannot do without an address; NULL for nowhere. */
const char *till_account_notice_url (const TillAccount *account);
/* The provider's key of that id, among the one in use and the next; NULL when it is neither. An id
 * is the one that was given, or else the certificate's serial number in hexadecimal digits. */
const TillKey *till_account_provider_key (const TillAccount *account, const char *id);
/* Whether the provider signed that, for providers whose signatures name no key: with the one in
 * use or the next. signature as till_key_verifies_with () has it. */
gboolean till_account_provider_signed (const TillAccount *account, TillHash hash, const void *data,
                                       gsize size, const char *signature);

G_END_DECLS
