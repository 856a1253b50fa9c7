/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all codecs share on the way from an answer to an outcome, and from an errand to a request.
 * Pure; any thread. Outcomes are the caller's. */
#pragma once
#include "data/trade/errand.h"
#include "data/trade/provider.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* One word of a provider's and what it means. What stands in no table is UNKNOWN, never a no. */
typedef struct
{
  const char *word;
  TillOutcomeKind kind;
  TillFailureClass failure; /* NONE with DONE, ACCEPTED and NOT_FOUND */
} TillMeaning;

/* The entry of that word, or NULL; word may be NULL. */
const TillMeaning *till_meaning_find (const TillMeaning *meanings, gsize n, const char *word);
/* The outcome of that entry; NULL is UNKNOWN with the detail. */
TillOutcome *till_meaning_outcome (const TillMeaning *meaning,
                                   const char *detail) G_GNUC_WARN_UNUSED_RESULT;

TillOutcome *till_meaning_unknown (const char *detail) G_GNUC_WARN_UNUSED_RESULT;
TillOutcome *till_meaning_mismatch (const char *detail) G_GNUC_WARN_UNUSED_RESULT;
/* The outcome of a line that brought no answer (NOT_SENT or UNKNOWN); NULL when it brought one. */
TillOutcome *till_meaning_of_line (const TillReply *reply) G_GNUC_WARN_UNUSED_RESULT;

/* Adds what the provider said, cleaned and cut to what the books keep; a NULL adds nothing, and a
 * provider's number that cannot be one, or cannot be ours because the outcome is a MISMATCH, is
 * left out. */
void till_meaning_add_words (TillOutcome *outcome, const char *code, const char *words);
void till_meaning_add_number (TillOutcome *outcome, const char *provider_no);
/* Of a refund of amount that is done, the customer gets part: the rest was a discount and goes back
 * to whoever gave it. A part that cannot be is not believed, and the log says so. */
void till_meaning_add_customers_part (TillOutcome *outcome, TillMoney amount, TillMoney part);
/* 1–64 visible ASCII characters: it is kept for ever and given to people. */
gboolean till_meaning_is_number (const char *text);

/* "12.50" and "12.5" to 1250, by text; FALSE for anything else, a sign and an exponent included. */
gboolean till_meaning_fen_of_yuan (const char *text, TillMoney *amount);
/* "1250" to 1250; FALSE for anything else. */
gboolean till_meaning_fen_of_text (const char *text, TillMoney *amount);

/* Whom to believe and how long to wait, as account and profile say. */
void till_request_limit (TillRequest *request, const TillAccount *account,
                         const TillProfile *profile);
/* 32 small hexadecimal digits made of the errand's facts and the attempt: the same attempt says the
 * same, another one something else. */
char *till_request_nonce (const TillErrand *errand) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
