/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How it stands with the accounts of a shop, for whoever looks after them: which there are, when
 * their keys end, which of them cannot be used and why.
 *
 * Reading is a matter of files and never fails for one account: what is wrong with it is a fact of
 * it, and the others are read all the same. From facts and a time to warnings is pure. Nothing here
 * holds a key or a secret. Plain structs; any thread; sentences use the current language. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* A shop has a handful of accounts; more folders than this are INVALID. */
#define TILL_ACCOUNTS_MAX 64
/* So long before its end a key is spoken of. */
#define TILL_KEY_ALARM_DAYS 30

/* One file that account.ini names. */
typedef struct
{
  const char *word;     /* of account.ini, a constant: "provider_key" */
  char *file;           /* owned; as account.ini has it */
  gboolean is_empty;    /* a file of authorities without any */
  gboolean old_is_good; /* pinned, of a provider whose own certificate ended long ago (UMPay) */
  int64_t from, until;  /* seconds since 1970 UTC; 0: a bare key, which names no end */
  char *unread;         /* owned; why its end is not known, or NULL */
} TillAccountKey;

typedef struct
{
  char *name;     /* owned; of its folder */
  char *provider; /* owned; registry name; this and the next two are "" where they cannot be read */
  char *merchant_no; /* owned */
  char *host;        /* owned; "host" or "host:port" */
  char *facts; /* owned; what else the provider knows us by: "app_id wx1 · serial_no 5A"; or "" */
  char *trouble;     /* owned; why it cannot be used, or NULL */
  int secret_wanted; /* characters of the notice_secret that is missed, or is longer or shorter */
  gboolean twice;    /* another folder says the same provider; only one of them is used */
  GPtrArray *keys;   /* owned; of TillAccountKey */
} TillAccountState;

void till_account_state_free (TillAccountState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAccountState, till_account_state_free)

/* Every folder below root, by name; of TillAccountState. A missing root gives none. */
GPtrArray *till_account_state_read_all (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As people say it, in the current language; what it says itself where nobody knows it. */
const char *till_account_state_provider_words (const TillAccountState *state);
/* As people say it: "our certificate". */
const char *till_account_key_label (const TillAccountKey *key);
/* Whole days until it ends, negative when it has; FALSE when it names no end. now: µs UTC. */
gboolean till_account_key_days (const TillAccountKey *key, int64_t now, int *days);

/* code, stored word, somebody has to do something */
#define TILL_ACCOUNT_WARNINGS(X)                                                                   \
  X (BROKEN, "broken", TRUE)             /* it cannot be used; the others can */                   \
  X (TWICE, "twice", TRUE)               /* two folders for one provider */                        \
  X (NO_AUTHORITY, "no_authority", TRUE) /* nobody is believed on the line */                      \
  X (NOT_YET, "not_yet", TRUE)           /* a key that does not hold yet */                        \
  X (ENDED, "ended", TRUE)                                                                         \
  X (ENDS_SOON, "ends_soon", TRUE)                                                                 \
  X (NO_NOTICE_SECRET, "no_notice_secret", FALSE) /* its notices cannot be opened */               \
  X (NEXT_BESIDE, "next_beside", FALSE) /* the provider's key ends, the next is believed too */    \
  X (UNREAD, "unread", FALSE)           /* its end is not watched */

typedef enum
{
#define X(code, word, alarms) TILL_ACCOUNT_##code,
  TILL_ACCOUNT_WARNINGS (X)
#undef X
} TillAccountWarningCode;

typedef struct
{
  TillAccountWarningCode code;
  const TillAccountKey *key; /* unowned, of the state; NULL where the account is meant */
  int days;                  /* until key ends; negative: since it ended */
} TillAccountWarning;

/* What is to be said of it at now (µs UTC), the account before its keys; of TillAccountWarning. */
GArray *till_account_state_warnings (const TillAccountState *state,
                                     int64_t now) G_GNUC_WARN_UNUSED_RESULT;
const char *till_account_warning_word (TillAccountWarningCode code);
gboolean till_account_warning_alarms (TillAccountWarningCode code);
/* What it is, and what to do; zone: of the dates. */
char *till_account_warning_sentence (const TillAccountState *state,
                                     const TillAccountWarning *warning,
                                     const char *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
