/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settlement file on its way to us: what is asked, what came of it, and a provider's way of
 * speaking about it as a constant table of pure functions, beside its codec.
 *
 * Some providers answer with the file, some with an address where it lies. An address is followed
 * only to where an account's requests go anyway, or to the one host that the provider's
 * documentation names for its files; only ever by https, believing the account's authorities; and
 * TILL_FILE_STEPS_MAX times at most. Stripe gives no file but a list in pages: its codec says how
 * many it follows, and each brings a part of what is then read as one file.
 *
 * Pure; any thread. Answers are the caller's. */
#pragma once
#include "data/settlement/settlement.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

#define TILL_FILE_STEPS_MAX 3
/* The most that a codec may say: at Stripe 20,000 movements a day, or 100 minutes of waiting for
 * the slowest answers. A day with more is refused. */
#define TILL_FILE_PAGES_MAX 200
#define TILL_FILE_PATH_MAX 2048 /* of an address, without its host */
#define TILL_FILE_HASH_MAX 128
/* A file is asked for at night and may take longer than a refund; see http.c for a line that died.
 */
#define TILL_FILE_WITHIN_S 120

typedef struct
{
  int day;          /* yyyymmdd, as the provider counts its days */
  int64_t asked_at; /* µs UTC; for what is signed freshly */
  int step;         /* from 0 */
  gboolean funds;   /* the fund flow of that day is asked for, beside the settlement file */
  const char *path; /* what the step before said: where to ask now, or NULL */
  const char *hash; /* … and what it must hash to, or NULL */
} TillFileAsk;

typedef enum
{
  TILL_FILE_HERE,    /* members; what they are worth is for the parser */
  TILL_FILE_NEXT,    /* one more request: path, hash; members are a part of the file, or NULL */
  TILL_FILE_NOT_YET, /* the provider has none, so far; never "there was nothing" */
  TILL_FILE_REFUSED, /* the question was not taken */
  TILL_FILE_UNKNOWN, /* no believable answer */
  TILL_FILE_BROKEN,  /* it came, and cannot be what the provider wrote: detail says why */
} TillFileKind;

typedef struct
{
  TillFileKind kind;
  GPtrArray *members; /* owned; HERE, NEXT: of TillSettlementMember */
  char *path;         /* owned; NEXT */
  char *hash;         /* owned; NEXT, or NULL */
  int64_t ready_at;   /* µs UTC; NOT_YET: when to ask again */
  char *code;         /* owned; the provider's code, cleaned, or NULL */
  char *detail;       /* owned; ours, for the person and the log, or NULL */
} TillFileAnswer;

typedef struct
{
  TillRequest *(*build) (const TillFileAsk *ask, const TillAccount *account);
  /* Never NULL. */
  TillFileAnswer *(*interpret) (const TillFileAsk *ask, const TillAccount *account,
                                const TillReply *reply);
  /* The format of what moved on the merchant's account, which this provider gives as a second file
   * of each day, asked for with TillFileAsk.funds; NULL: it gives none. */
  const char *funds_format;
  /* The most requests for one file; 0: TILL_FILE_STEPS_MAX. Never above TILL_FILE_PAGES_MAX. */
  int steps_max;
} TillFileCodec;

TillFileAnswer *till_file_answer_new (TillFileKind kind,
                                      const char *detail) G_GNUC_WARN_UNUSED_RESULT;
void till_file_answer_free (TillFileAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFileAnswer, till_file_answer_free)
/* Stored and spoken word: "here", "not_yet" … */
const char *till_file_kind_word (TillFileKind kind);

/* UNKNOWN when the line brought no answer; NULL when it brought one. */
TillFileAnswer *till_file_answer_of_line (const TillReply *reply) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_YET, with the time from which the provider says to have a file of that day, or an hour from
 * now when that has passed. */
TillFileAnswer *till_file_answer_not_yet (const TillFileAsk *ask, int ready_at_s,
                                          const char *code) G_GNUC_WARN_UNUSED_RESULT;
/* NEXT when url lies at base_url, by its own words or with "http:" in place of "https:" (it is then
 * asked for by https all the same); else REFUSED. hash may be NULL. */
TillFileAnswer *till_file_answer_next (const char *url, const char *base_url,
                                       const char *hash) G_GNUC_WARN_UNUSED_RESULT;
/* When that day ends in Beijing, where clocks have not been changed since 1991; µs UTC. */
int64_t till_file_day_end (int day);
/* Takes the code over into answer, cleaned; NULL adds nothing. */
void till_file_answer_add_code (TillFileAnswer *answer, const char *code);

/* Whom to believe, how long to wait and how much to take. */
void till_file_limit (TillRequest *request, const TillAccount *account);
/* 32 small hexadecimal digits made of what is asked and when. */
char *till_file_nonce (const TillFileAsk *ask,
                       const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
