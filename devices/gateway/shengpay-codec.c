/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay's new interface (盛付通, mchapi): JSON over POST, RSA with SHA-1 over the sorted fields
 * of the top level, in the body both ways.
 *
 * returnCode says whether the request was understood, resultCode whether it was taken:
 *   returnCode other than SUCCESS → unknown · resultCode SUCCESS → accepted, of reverseOrder done
 *   resultCode FAIL → refused by an errorCode that is known, else unknown
 *
 * How to ask what became of a payment or refund is documented nowhere, nor is any errorCode. The
 * sandbox has a question of its own invention; its path and its words cannot be mistaken for
 * Shengpay's, so that of the real provider every question ends unknown, and people decide. Until
 * its queries are known this codec is for practice. Assumed besides: the name of the customer's
 * code in unifiedorderOffline, and that answers repeat our numbers and fees. */
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/shengpay-private.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define AUTH_MAX 32
#define BODY_MAX 128
#define FIELDS_MAX 64 /* of an answer */

static const int ladder_s[] = { 1, 2, 4, 8, 16, 32, 60, 300, 900, 1800, 3600 };

static const TillProfile profile = {
  .name = "shengpay",
  .words = N_ ("Shengpay"),
  /* The two queries are the sandbox's invention, see above. */
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND),
  .takes_codes = TRUE,
  .number_min = 1,
  .number_max = 32,
  /* What a number that comes twice does, every limit of refunds, and whether "done" is ever taken
   * back, is not documented. */
  .repeats_safely = FALSE,
  .not_found_times = 3,
  .not_found_after_s = 300,
  .answer_within_s = 20, /* assumed, as is the ladder */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
};

/* An address is mandatory. Where the account has no notice_url it is this one, where perhaps nobody
 * listens. */
static const char *const facts[] = { "notify_url", NULL };

/* Where an errand goes; what our number, the amount and their number are called there. */
static const struct
{
  const char *path, *number, *fee, *theirs;
} interfaces[TILL_N_ERRANDS] = {
  [TILL_ERRAND_PAY] = { "/pay/unifiedorderOffline", "outTradeNo", "totalFee", "transactionId" },
  [TILL_ERRAND_QUERY_PAY]
  = { "/sandbox/shengpay/queryOrder", "outTradeNo", "totalFee", "transactionId" },
  [TILL_ERRAND_REVERSE] = { "/pay/reverseOrder", "outTradeNo", "totalFee", "transactionId" },
  [TILL_ERRAND_REFUND] = { "/pay/refund", "outRefundNo", "refundFee", "refundId" },
  [TILL_ERRAND_QUERY_REFUND]
  = { "/sandbox/shengpay/queryRefund", "outRefundNo", "refundFee", "refundId" },
};

#define REFUSED(word, class)                                                                       \
  {                                                                                                \
    word, TILL_OUTCOME_REFUSED, TILL_CLASS_##class                                                 \
  }

/* errorCodes: the sandbox's inventions, all of them. */
static const TillMeaning errors[] = {
  { "SBX_NUMBER_USED", TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME },
  REFUSED ("SBX_ORIGINAL_NOT_FOUND", FIX),
  REFUSED ("SBX_ORIGINAL_DIFFERS", FIX),
  REFUSED ("SBX_ALREADY_REFUNDED", FIX),
  REFUSED ("SBX_AMOUNT_ABOVE_REFUNDABLE", FIX),
  REFUSED ("SBX_BALANCE_LOW", BALANCE),
  REFUSED ("SBX_ACCOUNT_CLOSED", CUSTOMER),
  REFUSED ("SBX_REVERSED", FINAL),
};

/* sbxState: the sandbox's inventions too. */
static const TillMeaning pay_states[] = {
  { "SBX_SUCCESS", TILL_OUTCOME_DONE, TILL_CLASS_NONE },
  { "SBX_PROCESSING", TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE },
  { "SBX_NOT_FOUND", TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE },
  REFUSED ("SBX_REVERSED", FINAL),
  REFUSED ("SBX_CLOSED", FINAL),
};
static const TillMeaning refund_states[] = {
  { "SBX_SUCCESS", TILL_OUTCOME_DONE, TILL_CLASS_NONE },
  { "SBX_PROCESSING", TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE },
  { "SBX_NOT_FOUND", TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE },
  REFUSED ("SBX_CLOSED", FINAL),
  REFUSED ("SBX_ABNORMAL", CUSTOMER),
};

char *
till_shengpay_text (const json_t *object)
{
  static const char *const but[] = { "sign", NULL };
  if (json_object_size (object) > FIELDS_MAX)
    return NULL;
  g_autoptr (TillForm) form = till_form_new ();
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)object, name, value)
  {
    if (json_is_string (value))
      till_form_add (form, name, json_string_value (value));
    else if (json_is_integer (value))
      till_form_add_int (form, name, json_integer_value (value));
    else if (!json_is_null (value) && !json_is_array (value) && !json_is_object (value))
      return NULL;
  }
  char *text = till_form_sorted (form, but, FALSE);
  till_form_wipe (form); /* the customer's code may be in it */
  return text;
}

/* --- the request --- */

/* Pages differ on whether fees are numbers or texts: here they are texts, and read as either. */
static void
add_facts (json_t *object, const TillErrand *errand)
{
  gboolean refund = errand->kind == TILL_ERRAND_REFUND;
  g_autofree char *subject = errand->subject ? till_text_clean (errand->subject, BODY_MAX) : NULL;
  if (errand->kind == TILL_ERRAND_PAY)
    {
      /* It came from a scanner: whatever that read must not become anything but one text. */
      char *auth = till_text_clean (errand->auth, AUTH_MAX);
      till_json_set_text (object, "authCode", auth);
      till_secret_free (auth);
      till_json_set_digits (object, "totalFee", errand->amount);
      till_json_set_text (object, "body", subject);
    }
  if (refund)
    {
      till_json_set_text (object, "outTradeNo", errand->original_no);
      till_json_set_digits (object, "totalFee", errand->original_amount);
      till_json_set_digits (object, "refundFee", errand->amount);
      till_json_set_text (object, "refundDesc", subject);
    }
}

static GBytes *
make_body (const TillErrand *errand, const TillAccount *account)
{
  g_autofree char *nonce = till_request_nonce (errand);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "mchId", account->merchant_no);
  till_json_set_text (object, interfaces[errand->kind].number, errand->request_no);
  add_facts (object, errand);
  if (errand->kind == TILL_ERRAND_PAY || errand->kind == TILL_ERRAND_REFUND)
    till_json_set_text (object, "notifyUrl",
                        errand->notice_url ? errand->notice_url
                                           : till_account_fact (account, "notify_url"));
  till_json_set_text (object, "nonceStr", nonce);
  till_json_set_text (object, "signType", "RSA");
  char *text = till_shengpay_text (object);
  g_autofree char *sign
      = till_key_sign_with (account->our_key, TILL_HASH_SHA1, text, strlen (text));
  /* Where SHA-1 is forbidden the account was not loaded. */
  g_assert (sign);
  till_json_set_text (object, "sign", sign);
  till_secret_free (text);
  return till_json_write (object);
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (till_profile_can (&profile, errand->kind) && errand->request_no);
  g_assert (errand->kind != TILL_ERRAND_PAY || (errand->auth && !errand->by_card));
  g_assert (errand->kind != TILL_ERRAND_REFUND || errand->original_no);
  g_autoptr (GBytes) body = make_body (errand, account);
  TillRequest *request = till_request_new (account->base_url, interfaces[errand->kind].path, body);
  till_request_add_header (request, "Content-Type", "application/json");
  till_request_limit (request, account, &profile);
  return request;
}

/* --- the answer --- */

gboolean
till_shengpay_is_signed (const json_t *object, const TillAccount *account)
{
  g_autofree char *text = till_shengpay_text (object);
  const char *sign = till_json_text (object, "sign");
  return text && till_account_provider_signed (account, TILL_HASH_SHA1, text, strlen (text), sign);
}

gboolean
till_shengpay_fee (const json_t *object, const char *name, TillMoney *fee)
{
  return till_json_money (object, name, fee)
         || till_meaning_fen_of_text (till_json_text (object, name), fee);
}

static gboolean
is_refund (const TillErrand *errand)
{
  return errand->kind == TILL_ERRAND_REFUND || errand->kind == TILL_ERRAND_QUERY_REFUND;
}

/* What the answer says about whose money it is must be what we asked about; NULL when it does not
 * say otherwise. */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  gboolean refund = is_refund (errand);
  const struct
  {
    const char *name, *ours, *words;
  } names[] = {
    { "mchId", account->merchant_no, "the answer names another merchant" },
    { "outTradeNo", refund ? errand->original_no : errand->request_no,
      "the answer names another payment" },
    { "outRefundNo", refund ? errand->request_no : NULL, "the answer names another refund" },
    { "currency", "CNY", "the answer names another currency" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *theirs = till_json_text (object, names[i].name);
      if (theirs && names[i].ours && strcmp (theirs, names[i].ours) != 0)
        return names[i].words;
    }
  TillMoney paid = refund ? errand->original_amount : errand->amount, fee;
  if (till_shengpay_fee (object, "totalFee", &fee) && fee != paid)
    return "the answer names another payment's amount";
  if (refund && till_shengpay_fee (object, "refundFee", &fee) && fee != errand->amount)
    return "the answer names another amount";
  return NULL;
}

/* Done leaves nothing out. */
static gboolean
is_whole (const TillErrand *errand, const json_t *object)
{
  TillMoney fee;
  return till_json_text (object, interfaces[errand->kind].number)
         && till_shengpay_fee (object, interfaces[errand->kind].fee, &fee)
         && till_meaning_is_number (till_json_text (object, interfaces[errand->kind].theirs));
}

static TillOutcome *
interpret_taken (const TillErrand *errand, const json_t *object)
{
  const char *state = till_json_text (object, "sbxState");
  const json_t *error = json_object_get (object, "errorCode");
  if (error && g_strcmp0 (json_string_value (error), "") != 0)
    return till_meaning_unknown ("the answer says yes, and why not");
  TillMeaning taken = { NULL, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE };
  const TillMeaning *meaning = &taken;
  if (errand->kind == TILL_ERRAND_REVERSE)
    taken.kind = TILL_OUTCOME_DONE;
  else if (errand->kind == TILL_ERRAND_QUERY_PAY)
    meaning = till_meaning_find (pay_states, G_N_ELEMENTS (pay_states), state);
  else if (errand->kind == TILL_ERRAND_QUERY_REFUND)
    meaning = till_meaning_find (refund_states, G_N_ELEMENTS (refund_states), state);
  if (!meaning)
    return till_meaning_unknown ("a state that is not known");
  gboolean asked = till_errand_kind_is_query (errand->kind);
  if (asked && !till_json_text (object, interfaces[errand->kind].number))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (meaning->kind == TILL_OUTCOME_DONE && !is_whole (errand, object))
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  return till_meaning_outcome (meaning, NULL);
}

/* resultCode FAIL is a no; but of what kind, and whether a repeat is meant, only a known errorCode
 * tells. About a query it says nothing of the thing asked about. */
static TillOutcome *
interpret_failed (const TillErrand *errand, const json_t *object)
{
  const char *error = till_json_text (object, "errorCode");
  if (till_errand_kind_is_query (errand->kind))
    return till_meaning_unknown ("the question was not taken");
  if (!till_json_text (object, interfaces[errand->kind].number))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (errand->kind == TILL_ERRAND_REVERSE && g_strcmp0 (error, "SBX_ORIGINAL_NOT_FOUND") == 0)
    return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
  return till_meaning_outcome (till_meaning_find (errors, G_N_ELEMENTS (errors), error),
                               "an errorCode that is not known");
}

static TillOutcome *
interpret_levels (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  const char *contradicts = contradiction (errand, account, object);
  if (contradicts)
    return till_meaning_mismatch (contradicts);
  if (g_strcmp0 (till_json_text (object, "returnCode"), "SUCCESS") != 0)
    return till_meaning_unknown ("not understood, or it is not known what happened");
  const char *result = till_json_text (object, "resultCode");
  if (g_strcmp0 (result, "SUCCESS") == 0)
    return interpret_taken (errand, object);
  if (g_strcmp0 (result, "FAIL") == 0)
    return interpret_failed (errand, object);
  return till_meaning_unknown ("a resultCode that is not known");
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  TillOutcome *outcome = interpret_levels (errand, account, object);
  /* The most telling words there are. */
  static const char *const tells[] = { "returnCode", "resultCode", "sbxState", "errorCode" };
  for (gsize i = 0; i < G_N_ELEMENTS (tells); i++)
    till_meaning_add_words (outcome, till_json_text (object, tells[i]), NULL);
  till_meaning_add_words (outcome, NULL, till_json_text (object, "returnMsg"));
  till_meaning_add_words (outcome, NULL, till_json_text (object, "errorCodeDes"));
  till_meaning_add_number (outcome, till_json_text (object, interfaces[errand->kind].theirs));
  TillMoney fee;
  if (till_shengpay_fee (object, interfaces[errand->kind].fee, &fee))
    outcome->amount = fee;
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  if (answer->status != 200)
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", answer->status);
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (answer->body, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  if (!till_shengpay_is_signed (object, account))
    return till_meaning_unknown ("HTTP 200 without Shengpay's signature in it");
  return interpret_object (errand, account, object);
}

const TillCodec till_shengpay_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY | TILL_NEEDS_SHA1,
  .facts = facts,
  .build = build,
  .interpret = interpret,
  .notice = &till_shengpay_notices,
};
