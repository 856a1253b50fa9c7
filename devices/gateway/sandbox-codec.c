/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider's language; till-sandbox(1) describes it and speaks the other half.
 *
 * A request is POST /v1/<errand> with a flat JSON object. Both ways are signed, RSA-SHA256 in
 * base64, over five lines:  first word, path, time, nonce, body  where the first word is POST for a
 * request and the HTTP status for an answer, so that neither can pass for the other. The answer
 * repeats our nonce, which is made of the errand's own facts: an answer to another question, or to
 * the same question about another refund, does not verify.
 *
 * An answer has two levels: `code` says whether the request was understood, `status` what became of
 * the payment or refund. Only what stands in the tables below is believed. */
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unpack.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define AUTH_MAX 128
#define CURRENCY "CNY"
#define FILE_PATH "/v1/settlement"
#define BALANCE_PATH "/v1/merchant-balance"

static const int ladder_s[] = { 2, 5, 10, 30, 60, 300, 600, 1200, 1800, 3600 };

static const int recheck_s[] = { 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600 };

static const TillProfile profile = {
  .name = "sandbox",
  .words = N_ ("Practice provider"),
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND) | TILL_CAN (VOID) | TILL_CAN (QUERY_VOID),
  .cards = TILL_CARDS_BY_TOKEN,
  .takes_codes = TRUE,
  .slip_log_digits = 14,
  .number_min = 1,
  .number_max = 64,
  .repeats_safely = TRUE,
  .not_found_times = 2,
  .not_found_after_s = 5,
  .window_days = 365,
  .void_until_s = 23 * 3600,
  .answer_within_s = 20,
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .recheck_s = recheck_s,
  .n_recheck = G_N_ELEMENTS (recheck_s),
  .file_ready_s = 9 * 3600,
};

/* Where each errand goes; in the order of TillErrandKind. */
static const char *const paths[TILL_N_ERRANDS]
    = { "/v1/pay",          "/v1/query-pay", "/v1/reverse",   "/v1/refund",
        "/v1/query-refund", "/v1/void",      "/v1/query-void" };

/* What the second level means for each errand, in the order of TillErrandKind. A status that is not
 * here for this errand is a word nobody told us. */
static const struct
{
  const char *status;
  TillOutcomeKind outcome[TILL_N_ERRANDS];
} statuses[] = {
#define U TILL_OUTCOME_UNKNOWN
#define DONE TILL_OUTCOME_DONE
#define WAIT TILL_OUTCOME_ACCEPTED
#define NO TILL_OUTCOME_REFUSED
#define NONE TILL_OUTCOME_NOT_FOUND
  { "SUCCESS", { DONE, DONE, U, DONE, DONE, DONE, DONE } },
  { "PROCESSING", { WAIT, WAIT, WAIT, WAIT, WAIT, WAIT, WAIT } },
  { "REFUSED", { NO, NO, NO, NO, NO, NO, NO } },
  { "REVERSED", { NO, NO, DONE, U, U, U, U } },
  { "NOT_FOUND", { U, NONE, U, U, NONE, U, NONE } },
#undef U
#undef DONE
#undef WAIT
#undef NO
#undef NONE
};

#define REFUSED(word, class)                                                                       \
  {                                                                                                \
    word, TILL_OUTCOME_REFUSED, TILL_CLASS_##class                                                 \
  }

/* Why it was refused, and whose turn it is then. */
static const TillMeaning reasons[] = {
  REFUSED ("BALANCE_LOW", BALANCE),
  REFUSED ("CUSTOMER_FUNDS_LOW", CUSTOMER),
  REFUSED ("ACCOUNT_CLOSED", CUSTOMER),
  REFUSED ("ACCOUNT_FROZEN", CUSTOMER),
  REFUSED ("CODE_EXPIRED", FINAL),
  REFUSED ("REVERSED", FINAL),
  REFUSED ("ORIGINAL_TOO_OLD", FINAL),
  REFUSED ("REFUND_CLOSED", FINAL),
  REFUSED ("TOO_LATE_TO_VOID", FINAL),
  REFUSED ("TOO_MANY_REFUNDS", FINAL),
  REFUSED ("AMOUNT_ABOVE_REFUNDABLE", FIX),
  REFUSED ("ORIGINAL_NOT_FOUND", FIX),
  REFUSED ("ORIGINAL_DIFFERS", FIX),
  REFUSED ("ALREADY_REFUNDED", FIX),
  REFUSED ("TOO_SOON", RETRY),
  REFUSED ("RISK_HOLD", PROVIDER),
  REFUSED ("NOT_ALLOWED", PROVIDER),
};

/* First-level codes that say the request was surely not acted upon. SYSTEM_ERROR is missing on
 * purpose: it says nothing of the kind. */
static const TillMeaning refusals[] = {
  REFUSED ("BAD_REQUEST", FIX),           REFUSED ("BAD_SIGNATURE", FIX),
  REFUSED ("UNKNOWN_MERCHANT", PROVIDER), REFUSED ("BUSY", RETRY),
  REFUSED ("RATE_LIMIT", RETRY),
};

/* A payment that was typed from a card slip is known to the provider by its log number alone. */
static const char *
original_of (const TillErrand *errand)
{
  return errand->slip_day ? errand->original_provider_no : errand->original_no;
}

/* Made of the errand's facts, so that a repeat is the same bytes. */
static char *
make_nonce (const TillErrand *errand)
{
  g_autofree char *facts = g_strdup_printf (
      "%s|%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT, paths[errand->kind], errand->request_no,
      errand->original_no ? errand->original_no : "", errand->amount, errand->requested_at);
  char *nonce = till_digest_hex (facts, strlen (facts));
  nonce[32] = '\0';
  return nonce;
}

static GString *
signed_text (const char *first, const char *path, const char *time, const char *nonce, GBytes *body)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "%s\n%s\n%s\n%s\n", first, path, time, nonce);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  return g_string_append_len (text, data, (gssize)size);
}

static GBytes *
build_body (const TillErrand *errand, const TillAccount *account)
{
  gboolean query = till_errand_kind_is_query (errand->kind);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "merchant_no", account->merchant_no);
  till_json_set_text (object, "request_no", errand->request_no);
  if (!query)
    {
      till_json_set_int (object, "amount", errand->amount);
      till_json_set_text (object, "currency", CURRENCY);
    }
  if (errand->kind == TILL_ERRAND_PAY)
    {
      /* It came from a scanner: whatever that read must not become anything but one text. */
      char *auth = till_text_clean (errand->auth, AUTH_MAX);
      till_json_set_text (object, "auth", auth);
      till_secret_free (auth);
    }
  if (errand->kind == TILL_ERRAND_REFUND || errand->kind == TILL_ERRAND_VOID)
    {
      till_json_set_text (object, "original_no", original_of (errand));
      till_json_set_int (object, "original_amount", errand->original_amount);
    }
  if (!query && errand->subject)
    {
      g_autofree char *subject = till_text_clean (errand->subject, TILL_TEXT_MAX);
      till_json_set_text (object, "subject", subject);
    }
  return till_json_write (object);
}

static TillRequest *
make_request (const char *path, GBytes *body, int64_t at, const char *nonce,
              const TillAccount *account)
{
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, at / TILL_SECOND);
  GString *text = signed_text ("POST", path, time, nonce, body);
  g_autofree char *signature = till_key_sign (account->our_key, text->str, text->len);
  g_string_free (text, TRUE);

  TillRequest *request = till_request_new (account->base_url, path, body);
  till_request_add_header (request, "Content-Type", "application/json");
  till_request_add_header (request, "Sandbox-Merchant", account->merchant_no);
  till_request_add_header (request, "Sandbox-Time", time);
  till_request_add_header (request, "Sandbox-Nonce", nonce);
  till_request_add_header (request, "Sandbox-Signature", signature);
  return request;
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (errand->request_no && (errand->kind != TILL_ERRAND_PAY || errand->auth)
            && ((errand->kind != TILL_ERRAND_REFUND && errand->kind != TILL_ERRAND_VOID)
                || errand->original_no));
  const char *path = paths[errand->kind];
  g_autoptr (GBytes) body = build_body (errand, account);
  g_autofree char *nonce = make_nonce (errand);
  TillRequest *request = make_request (path, body, errand->requested_at, nonce, account);
  till_request_limit (request, account, &profile);
  return request;
}

static gboolean
is_signed (const char *path, const char *ours, const TillAccount *account, const TillReply *answer)
{
  const char *time = till_reply_field (answer, "sandbox-time");
  const char *nonce = till_reply_field (answer, "sandbox-nonce");
  if (!time || g_strcmp0 (nonce, ours) != 0)
    return FALSE;
  g_autofree char *status = g_strdup_printf ("%d", answer->status);
  GString *text = signed_text (status, path, time, ours, answer->body);
  gboolean right = till_account_provider_signed (account, TILL_HASH_SHA256, text->str, text->len,
                                                 till_reply_field (answer, "sandbox-signature"));
  g_string_free (text, TRUE);
  return right;
}

/* What the answer says about whose money it is must be what we asked about; NULL when it does not
 * say otherwise. What it leaves out is for is_whole (). */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  const struct
  {
    const char *name, *ours, *words;
  } facts[] = {
    { "merchant_no", account->merchant_no, "the answer names another merchant" },
    { "request_no", errand->request_no, "the answer names another number" },
    { "currency", CURRENCY, "the answer names another currency" },
    { "original_no", original_of (errand), "the answer names another payment" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *theirs = till_json_text (object, facts[i].name);
      if (theirs && facts[i].ours && strcmp (theirs, facts[i].ours) != 0)
        return facts[i].words;
    }
  TillMoney amount;
  if (till_json_money (object, "amount", &amount) && amount != errand->amount)
    return "the answer names another amount";
  return NULL;
}

/* An answer that says yes leaves nothing out. */
static gboolean
is_whole (const TillErrand *errand, const json_t *object)
{
  TillMoney amount;
  return till_json_text (object, "merchant_no") && till_json_text (object, "request_no")
         && till_json_text (object, "currency") && till_json_money (object, "amount", &amount)
         && (!errand->original_no || till_json_text (object, "original_no"))
         && till_meaning_is_number (till_json_text (object, "provider_no"));
}

/* The request itself was not taken. About a query that says nothing of the thing asked about. */
static TillOutcome *
interpret_refusal (const TillErrand *errand, const char *code)
{
  if (till_errand_kind_is_query (errand->kind))
    return till_meaning_unknown ("the question was not taken");
  /* Money may have moved under this number, for another amount: never a plain no. */
  if (strcmp (code, "NUMBER_USED") == 0)
    return till_meaning_mismatch ("the provider knows this number for something else");
  return till_meaning_outcome (till_meaning_find (refusals, G_N_ELEMENTS (refusals), code),
                               "a code that says nothing about what happened");
}

static TillOutcome *
interpret_reason (const json_t *object, const char *status)
{
  if (strcmp (status, "REVERSED") == 0)
    return till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, NULL);
  const char *reason = till_json_text (object, "reason");
  return till_meaning_outcome (till_meaning_find (reasons, G_N_ELEMENTS (reasons), reason),
                               "refused for a reason that is not known");
}

static TillOutcome *
interpret_status (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  const char *status = till_json_text (object, "status");
  TillOutcomeKind kind = TILL_OUTCOME_UNKNOWN;
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (status, statuses[i].status) == 0)
      kind = statuses[i].outcome[errand->kind];
  if (kind == TILL_OUTCOME_UNKNOWN)
    return till_meaning_unknown ("a status that is not known for this question");

  const char *contradicts = contradiction (errand, account, object);
  if (contradicts)
    return till_meaning_mismatch (contradicts);
  gboolean yes = kind == TILL_OUTCOME_DONE || kind == TILL_OUTCOME_ACCEPTED;
  if (yes && !is_whole (errand, object))
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  if (!till_json_text (object, "merchant_no") || !till_json_text (object, "request_no"))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (kind == TILL_OUTCOME_REFUSED)
    return interpret_reason (object, status);
  return till_outcome_new (kind, TILL_CLASS_NONE, NULL);
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillAccount *account, const TillReply *answer,
                  const json_t *object)
{
  const char *code = till_json_text (object, "code");
  if (!code)
    return till_meaning_unknown ("the answer has no code");
  if (strcmp (code, "OK") == 0 && answer->status != 200)
    return till_meaning_unknown ("the answer says yes and no at once");
  const char *contradicts = contradiction (errand, account, object);
  TillOutcome *outcome;
  if (strcmp (code, "OK") == 0)
    outcome = interpret_status (errand, account, object);
  else if (contradicts)
    outcome = till_meaning_mismatch (contradicts);
  else
    outcome = interpret_refusal (errand, code);

  /* The most telling word there is. */
  static const char *const tells[] = { "code", "status", "reason" };
  for (gsize i = 0; i < G_N_ELEMENTS (tells); i++)
    till_meaning_add_words (outcome, till_json_text (object, tells[i]), NULL);
  till_meaning_add_words (outcome, NULL, till_json_text (object, "words"));
  till_meaning_add_number (outcome, till_json_text (object, "provider_no"));
  TillMoney amount;
  if (till_json_money (object, "amount", &amount))
    outcome->amount = amount;
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  g_autofree char *nonce = make_nonce (errand);
  gboolean readable = answer->status == 200 || (answer->status >= 400 && answer->status < 500);
  if (!readable || !is_signed (paths[errand->kind], nonce, account, answer))
    {
      g_autofree char *detail
          = g_strdup_printf ("HTTP %d %s", answer->status,
                             readable ? "without the provider's signature on it" : "is no answer");
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (answer->body, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  return interpret_object (errand, account, answer, object);
}

/* --- the settlement file: CSV as the answer itself, signed like every other --- */

static TillRequest *
build_file (const TillFileAsk *ask, const TillAccount *account)
{
  g_autofree char *day = till_clock_format_day (ask->day);
  g_autofree char *nonce = till_file_nonce (ask, account);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "merchant_no", account->merchant_no);
  till_json_set_text (object, "day", day);
  g_autoptr (GBytes) body = till_json_write (object);
  TillRequest *request = make_request (FILE_PATH, body, ask->asked_at, nonce, account);
  till_file_limit (request, account);
  return request;
}

static TillFileAnswer *
interpret_no_file (const TillFileAsk *ask, const TillReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  const char *code = object ? till_json_text (object, "code") : NULL;
  if (!code)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the answer has no code");
  if (strcmp (code, "NO_FILE") == 0 || strcmp (code, "NOT_YET") == 0)
    return till_file_answer_not_yet (ask, profile.file_ready_s, code);
  gboolean refused = till_meaning_find (refusals, G_N_ELEMENTS (refusals), code) != NULL;
  TillFileAnswer *answer
      = till_file_answer_new (refused ? TILL_FILE_REFUSED : TILL_FILE_UNKNOWN, NULL);
  till_file_answer_add_code (answer, code);
  return answer;
}

static TillFileAnswer *
interpret_file (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  TillFileAnswer *no_answer = till_file_answer_of_line (reply);
  if (no_answer)
    return no_answer;
  g_autofree char *nonce = till_file_nonce (ask, account);
  if (!is_signed (FILE_PATH, nonce, account, reply))
    return till_file_answer_new (TILL_FILE_UNKNOWN,
                                 "an answer without the provider's signature on it");
  if (reply->status >= 400 && reply->status < 500)
    return interpret_no_file (ask, reply);
  if (reply->status != 200)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "an answer that is none");
  g_autoptr (GError) error = NULL;
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  answer->members = till_unpack (reply->body, TILL_PACKING_PLAIN, "settlement.csv", &error);
  if (answer->members)
    return answer;
  till_file_answer_free (answer);
  return till_file_answer_new (TILL_FILE_BROKEN, error->message);
}

static const TillFileCodec file = { .build = build_file, .interpret = interpret_file };

/* --- what it holds for the shop --- */

static TillRequest *
build_balance (const TillAccount *account, int64_t asked_at)
{
  g_autofree char *nonce = till_balance_nonce (account, asked_at);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "merchant_no", account->merchant_no);
  g_autoptr (GBytes) body = till_json_write (object);
  TillRequest *request = make_request (BALANCE_PATH, body, asked_at, nonce, account);
  till_request_limit (request, account, &profile);
  return request;
}

static TillBalance *
read_balance (const TillAccount *account, const TillReply *reply, const json_t *object)
{
  const char *code = till_json_text (object, "code");
  if (!code)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer has no code");
  gboolean yes = strcmp (code, "OK") == 0;
  if (!yes)
    {
      const TillMeaning *meaning = till_meaning_find (refusals, G_N_ELEMENTS (refusals), code);
      gboolean refused = meaning && meaning->failure != TILL_CLASS_RETRY;
      return till_balance_new_said (refused ? TILL_BALANCE_REFUSED : TILL_BALANCE_UNKNOWN, code,
                                    till_json_text (object, "words"));
    }
  if (reply->status != 200)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer says yes and no at once");
  if (g_strcmp0 (till_json_text (object, "merchant_no"), account->merchant_no) != 0)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer names another merchant");
  TillMoney available, pending;
  if (g_strcmp0 (till_json_text (object, "currency"), CURRENCY) != 0
      || !till_json_signed_money (object, "available", &available)
      || !till_json_signed_money (object, "pending", &pending))
    return till_balance_new (TILL_BALANCE_UNKNOWN,
                             "the answer does not say one whole amount in our currency");
  return till_balance_new_told (available, &pending);
}

static TillBalance *
interpret_balance (const TillAccount *account, int64_t asked_at, const TillReply *reply)
{
  g_autofree char *nonce = till_balance_nonce (account, asked_at);
  if (!is_signed (BALANCE_PATH, nonce, account, reply))
    {
      g_autofree char *detail
          = g_strdup_printf ("HTTP %d without the provider's signature on it", reply->status);
      return till_balance_new (TILL_BALANCE_UNKNOWN, detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  return object ? read_balance (account, reply, object)
                : till_balance_new (TILL_BALANCE_UNKNOWN, error->message);
}

static const TillBalanceCodec balance = { .build = build_balance, .interpret = interpret_balance };

/* --- what it tells of its own accord: signed like an answer, with a first word of its own --- */

#define NOTICE_PATH "/notices"

static gboolean
letter_is_signed (const TillLetter *letter, const TillAccount *account)
{
  const char *time = till_letter_field (letter, "sandbox-time");
  const char *nonce = till_letter_field (letter, "sandbox-nonce");
  const char *signature = till_letter_field (letter, "sandbox-signature");
  if (!time || !nonce || !signature)
    return FALSE;
  GString *text = signed_text ("NOTICE", NOTICE_PATH, time, nonce, letter->body);
  gboolean right
      = till_account_provider_signed (account, TILL_HASH_SHA256, text->str, text->len, signature);
  g_string_free (text, TRUE);
  return right;
}

/* What it says of money must be money, and ours. */
static const char *
letter_contradicts (const json_t *object)
{
  TillMoney money;
  if (json_object_get (object, "currency")
      && g_strcmp0 (till_json_text (object, "currency"), CURRENCY) != 0)
    return "a letter about another currency";
  if (json_object_get (object, "amount") && !till_json_money (object, "amount", &money))
    return "a letter about an amount that is none";
  return NULL;
}

static TillNotice *
read_notice (const json_t *object, gboolean is_refund, const char *notice_no, GError **error)
{
  TillMoney amount = 0;
  TillNotice *notice = till_letter_notice (is_refund, till_json_text (object, "request_no"),
                                           notice_no, till_json_text (object, "status"), error);
  return till_json_money (object, "amount", &amount)
             ? till_letter_add_amount (notice, amount, till_json_text (object, "currency"))
             : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  if (!letter_is_signed (letter, account))
    return till_letter_not_believed (error, "a letter without the provider's signature on it");
  if (!till_letter_is_fresh (letter, till_letter_field (letter, "sandbox-time")))
    return till_letter_not_believed (error, "a letter from another time");
  g_autoptr (json_t) object = till_json_parse (letter->body, error);
  if (!object)
    return NULL;
  const char *about = till_json_text (object, "about");
  const char *notice_no = till_json_text (object, "notice_no");
  if (g_strcmp0 (till_json_text (object, "merchant_no"), account->merchant_no) != 0)
    return till_letter_not_believed (error, "a letter to another merchant");
  if (!about || !notice_no)
    return till_letter_not_believed (error, "a letter that does not say what it is");
  gboolean is_refund = strcmp (about, "refund") == 0;
  if (!is_refund && strcmp (about, "payment") != 0)
    return till_letter_aside (error);
  const char *against = letter_contradicts (object);
  return against ? till_letter_not_believed (error, against)
                 : read_notice (object, is_refund, notice_no, error);
}

static const TillNoticeCodec notices = {
  .open = open_letter,
  .yes = { 200, "application/json", "{\"code\":\"OK\"}" },
  .no = { 400, "application/json", "{\"code\":\"NO\"}" },
};

static const TillStopWord stops[] = {
  { "BAD_SIGNATURE", TILL_STOP_KEYS },
  { "UNKNOWN_MERCHANT", TILL_STOP_KEYS },
  { NULL, TILL_STOP_NONE },
};

const TillCodec till_sandbox_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY,
  .build = build,
  .interpret = interpret,
  .file = &file,
  .notice = &notices,
  .balance = &balance,
  .stops = stops,
};
