/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in at the notice door, before anybody has believed it, and how it is answered. A
 * letter belongs to whoever holds it; one thread at a time. */
#pragma once
#include "data/trade/notice.h"
#include "devices/gateway/account.h"

#include <stdint.h>

G_BEGIN_DECLS

/* The most a provider may tell at once. The longest of the documented notices has some 4 KiB. */
#define TILL_LETTER_HEAD_MAX (16 * 1024)
#define TILL_LETTER_BODY_MAX (64 * 1024)
/* How far the time in a signed notice may be from ours, either way: what is older is a replay. */
#define TILL_LETTER_APART_S 300

typedef struct
{
  GHashTable
      *fields;  /* owned; header name in small letters → value, NULL where it was said twice */
  GBytes *body; /* owned; never NULL; the raw bytes, which are what a signature is over */
  int64_t arrived_at; /* µs UTC by the machine's clock */
} TillLetter;

TillLetter *till_letter_new (GBytes *body, int64_t arrived_at) G_GNUC_WARN_UNUSED_RESULT;
/* Takes name and value as they came; what is said twice counts as not said. */
void till_letter_add_field (TillLetter *letter, const char *name, const char *value);
/* The value of a header, or NULL; name in small letters. */
const char *till_letter_field (const TillLetter *letter, const char *name);
void till_letter_free (TillLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillLetter, till_letter_free)

/* --- for the codecs: pure; any thread --- */

/* NULL, and INVALID with why it is not believed. */
TillNotice *till_letter_not_believed (GError **error, const char *words);
/* NULL, and NOT_FOUND: believed, and about neither a payment nor a refund. */
TillNotice *till_letter_aside (GError **error);
/* The notice of a letter that was believed. words: of the state, as they came, may be NULL;
 * event_no: as it came, may be NULL, what is longer than a number may be is kept as its SHA-256.
 * INVALID when request_no is no number or event_no is written as none can be. */
TillNotice *till_letter_notice (gboolean is_refund, const char *request_no, const char *event_no,
                                const char *words, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds the amount that a letter states of just this payment or refund, and its currency, ISO 4217
 * in either case, to its notice, which is passed on; it may be NULL. amount 0: it states none;
 * currency NULL: it names none. An amount in what is no currency is left out: it says nothing, and
 * the notice counts without. */
TillNotice *till_letter_add_amount (TillNotice *notice, TillMoney amount,
                                    const char *currency) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the letter came within TILL_LETTER_APART_S of a time in seconds since 1970, in digits. */
gboolean till_letter_is_fresh (const TillLetter *letter, const char *seconds);
/* The same of an instant; µs UTC. */
gboolean till_letter_is_near (const TillLetter *letter, int64_t at);
/* "head" and then the body as it came. */
GString *till_letter_text (const TillLetter *letter, const char *head) G_GNUC_WARN_UNUSED_RESULT;

/* What a provider wants to hear, as constants. Whoever hears no comes again by its own schedule. */
typedef struct
{
  int status;       /* HTTP */
  const char *type; /* of the body; NULL: there is none */
  const char *body; /* "" for none */
} TillLetterAnswer;

/* How one provider's notices are read. Pure, as everything of a codec. */
typedef struct
{
  /* NULL with INVALID when the letter is not believed (no signature, a wrong one, too old, not
   * readable, no number in it); the words say which, for the log, and quote nothing secret. A
   * believed letter that is about neither a payment nor a refund (a contract, an advertisement) is
   * NOT_FOUND: it is answered yes and not kept. */
  TillNotice *(*open) (const TillLetter *letter, const TillAccount *account, GError **error);
  TillLetterAnswer yes, no;
  /* The body of the yes to a letter that open () believed, where it has to be made of the letter
   * and signed (UMPay); the caller's. NULL with INVALID when that cannot be done: the provider is
   * told no. NULL as a function: yes says it all. */
  GBytes *(*sign_yes) (const TillLetter *letter, const TillAccount *account, GError **error);
  /* Whether the request names where notices go: then build () puts TillErrand.notice_url into it.
   * Else the merchant says so in the provider's own pages. */
  gboolean asked_for;
  /* Characters of the account's notice_secret, without which nothing is believed; 0: it needs none,
   * or one of any length. */
  gsize secret_size;
} TillNoticeCodec;

G_END_DECLS
