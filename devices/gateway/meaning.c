/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/meaning.h"
#include "data/core/digest.h"
#include "data/core/text.h"

#include <string.h>

#define CODE_MAX 64
#define CONNECT_MAX_MS (10 * 1000)

const TillMeaning *
till_meaning_find (const TillMeaning *meanings, gsize n, const char *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (word, meanings[i].word) == 0)
      return &meanings[i];
  return NULL;
}

TillOutcome *
till_meaning_outcome (const TillMeaning *meaning, const char *detail)
{
  return meaning ? till_outcome_new (meaning->kind, meaning->failure, NULL)
                 : till_meaning_unknown (detail);
}

TillOutcome *
till_meaning_unknown (const char *detail)
{
  return till_outcome_new (TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, detail);
}

TillOutcome *
till_meaning_mismatch (const char *detail)
{
  return till_outcome_new (TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME, detail);
}

TillOutcome *
till_meaning_of_line (const TillReply *reply)
{
  if (reply->fate == TILL_FATE_NOT_SENT)
    return till_outcome_new (TILL_OUTCOME_NOT_SENT, TILL_CLASS_RETRY, reply->detail);
  return reply->fate == TILL_FATE_ANSWERED ? NULL : till_meaning_unknown (reply->detail);
}

static void
replace (char **member, const char *text, gsize max)
{
  if (!text)
    return;
  g_free (*member);
  *member = till_text_clean (text, max);
}

void
till_meaning_add_words (TillOutcome *outcome, const char *code, const char *words)
{
  replace (&outcome->code, code, CODE_MAX);
  replace (&outcome->words, words, TILL_TEXT_MAX);
}

void
till_meaning_add_number (TillOutcome *outcome, const char *provider_no)
{
  /* Out of an answer that contradicts our row the number may well be somebody else's. */
  if (outcome->kind != TILL_OUTCOME_MISMATCH && till_meaning_is_number (provider_no))
    replace (&outcome->provider_no, provider_no, CODE_MAX);
}

void
till_meaning_add_customers_part (TillOutcome *outcome, TillMoney amount, TillMoney part)
{
  if (outcome->kind != TILL_OUTCOME_DONE || outcome->detail || part == amount)
    return;
  g_autofree char *text = till_money_format (part);
  gboolean possible = part >= 0 && part < amount;
  outcome->coupon = possible ? amount - part : 0;
  outcome->detail = g_strdup_printf (possible ? "of it the payer gets %s, a coupon the rest"
                                              : "that the payer gets %s of it is not believed",
                                     text);
}

gboolean
till_meaning_is_number (const char *text)
{
  gsize length = text ? strlen (text) : 0;
  if (length == 0 || length > CODE_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

gboolean
till_meaning_fen_of_yuan (const char *text, TillMoney *amount)
{
  return text && till_money_parse (text, amount, NULL);
}

gboolean
till_meaning_fen_of_text (const char *text, TillMoney *amount)
{
  guint64 fen;
  if (!text || !g_ascii_string_to_unsigned (text, 10, 0, TILL_MONEY_MAX, &fen, NULL))
    return FALSE;
  *amount = (TillMoney)fen;
  return TRUE;
}

void
till_request_limit (TillRequest *request, const TillAccount *account, const TillProfile *profile)
{
  int seconds = profile->answer_within_s;
  if (account->answer_within_s > 0)
    seconds = MIN (seconds, account->answer_within_s);
  request->ca_file = g_strdup (account->ca_file);
  request->total_ms = seconds * 1000;
  request->connect_ms = MIN (request->total_ms, CONNECT_MAX_MS);
}

char *
till_request_nonce (const TillErrand *errand)
{
  g_autofree char *facts
      = g_strdup_printf ("%s|%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT,
                         till_errand_kind_word (errand->kind), errand->request_no,
                         errand->original_no ? errand->original_no : "", errand->amount,
                         errand->requested_at, errand->asked_at);
  char *nonce = till_digest_hex (facts, strlen (facts));
  nonce[32] = '\0';
  return nonce;
}
