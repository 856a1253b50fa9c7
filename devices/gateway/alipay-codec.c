/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay open platform, gateway.do, version 1.0, sign_type RSA2: alipay.trade.pay, .query, .cancel,
 * .refund and .fastpay.refund.query. Keys are public ones, or where the account has app_cert those
 * of certificates (公钥证书方式): requests then name ours and the roots (app_cert_sn,
 * alipay_root_cert_sn), and an answer names the one it is signed with (alipay_cert_sn), which must
 * be in the account; a new one is not fetched from Alipay but put there by a manager.
 *
 * States: pay 10000 and TRADE_SUCCESS/FINISHED, fund_change=Y, REFUND_SUCCESS are DONE; 10003,
 * WAIT_BUYER_PAY and a refund's 10000 without fund_change=Y are ACCEPTED; 40004 with a sub_code of
 * the tables is what the table says; 20000, SYSTEM_ERROR and everything else is UNKNOWN.
 *
 * DONE stays done: what a bank does not take goes to the customer's balance at Alipay by itself
 * (alipay.trade.fastpay.refund.query, deposit_back_info, dback_status F), so that a refund that is
 * done is not asked about again.
 *
 * A request is known by its biz_content alone, which is made of frozen facts; timestamp and sign
 * are fresh. As in the official SDK the common parameters travel in the URL, biz_content in the
 * body. The answer's signature covers the inner object as it was written, and nothing of the
 * question: that it answers ours is known by the numbers in it only. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/alipay-form.h"
#include "devices/gateway/alipay-words.h"
#include "devices/gateway/form.h"
#include "devices/gateway/raw-member.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define AUTH_MAX 64
#define SUBJECT_MAX 128
#define UNSIGNED_MAX 64
#define CURRENCY "CNY"

/* A query no sooner than 5 s after a SYSTEM_ERROR, a payment asked about every few seconds for a
 * minute: 6 s less a tenth. */
static const int ladder_s[] = { 6, 6, 6, 6, 6, 10, 20, 60, 300, 900, 1800, 3600 };

static const TillProfile profile = {
  .name = "alipay",
  .words = N_ ("Alipay"),
  .cards = TILL_CARDS_NONE,
  .takes_codes = TRUE,
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND),
  .number_min = 1,
  .number_max = 64,
  .repeats_safely = TRUE, /* one out_request_no never refunds twice */
  .not_found_times = 3,
  .not_found_after_s = 60,
  .refund_gap_s = 3,
  .window_days = 365, /* assumed: the contract says it, 12 months as a rule */
  .reverse_within_s = 24 * 3600,
  .answer_within_s = 20, /* assumed */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .file_ready_s = 9 * 3600, /* assumed */
};

/* The names of the gateway, and under which name the answer stands; in the order of
 * TillErrandKind. */
static const struct
{
  const char *method, *response;
} methods[TILL_N_ERRANDS] = {
  { "alipay.trade.pay", "alipay_trade_pay_response" },
  { "alipay.trade.query", "alipay_trade_query_response" },
  { "alipay.trade.cancel", "alipay_trade_cancel_response" },
  { "alipay.trade.refund", "alipay_trade_refund_response" },
  { "alipay.trade.fastpay.refund.query", "alipay_trade_fastpay_refund_query_response" },
};

/* --- the request --- */

static gboolean
is_about_payment (const TillErrand *errand)
{
  return !till_errand_kind_is_backward (errand->kind);
}

static void
set_cleaned (json_t *object, const char *name, const char *text, gsize max)
{
  if (!text)
    return;
  char *clean = till_text_clean (text, max);
  till_json_set_text (object, name, clean);
  till_secret_free (clean);
}

static void
set_yuan (json_t *object, const char *name, TillMoney amount)
{
  g_autofree char *yuan = till_money_format (amount);
  till_json_set_text (object, name, yuan);
}

/* Frozen facts only. The payment is named by our number and never by theirs, which may become known
 * between two attempts. */
static char *
make_content (const TillErrand *errand, const TillAccount *account)
{
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "out_trade_no",
                      is_about_payment (errand) ? errand->request_no : errand->original_no);
  if (!is_about_payment (errand))
    till_json_set_text (object, "out_request_no", errand->request_no);
  if (errand->kind == TILL_ERRAND_REFUND)
    {
      set_yuan (object, "refund_amount", errand->amount);
      set_cleaned (object, "refund_reason", errand->subject, SUBJECT_MAX);
    }
  if (errand->kind == TILL_ERRAND_PAY)
    {
      till_json_set_text (object, "scene", "bar_code");
      set_cleaned (object, "auth_code", errand->auth, AUTH_MAX);
      set_cleaned (object, "subject", errand->subject, SUBJECT_MAX);
      set_yuan (object, "total_amount", errand->amount);
      till_json_set_text (object, "seller_id", account->merchant_no);
    }
  g_autoptr (GBytes) bytes = till_json_write (object);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static TillForm *
make_common (const char *method, int64_t asked_at, const TillAccount *account)
{
  g_autofree char *timestamp = till_clock_stamp (asked_at, TILL_CHINA, "%Y-%m-%d %H:%M:%S");
  TillForm *form = till_form_new ();
  till_form_add (form, "app_id", till_account_fact (account, "app_id"));
  till_form_add (form, "app_cert_sn", account->app_cert_sn);
  till_form_add (form, "alipay_root_cert_sn", account->root_cert_sn);
  till_form_add (form, "method", method);
  till_form_add (form, "format", "JSON");
  till_form_add (form, "charset", "utf-8");
  till_form_add (form, "sign_type", "RSA2");
  till_form_add (form, "timestamp", timestamp);
  till_form_add (form, "version", "1.0");
  return form;
}

static char *
sign (const TillForm *common, const char *content, const TillAccount *account)
{
  g_autoptr (TillForm) all = till_form_new ();
  for (guint i = 0; i < till_form_size (common); i++)
    {
      const char *value;
      const char *name = till_form_nth (common, i, &value);
      till_form_add (all, name, value);
    }
  till_form_add (all, "biz_content", content);
  char *text = till_form_sorted (all, NULL, FALSE);
  char *signature = till_key_sign (account->our_key, text, strlen (text));
  till_form_wipe (all);
  till_secret_free (text);
  return signature;
}

TillRequest *
till_alipay_request (const char *method, const char *content, int64_t asked_at,
                     const char *notice_url, const TillAccount *account)
{
  g_autoptr (TillForm) common = make_common (method, asked_at, account);
  till_form_add (common, "notify_url", notice_url);
  g_autofree char *signature = sign (common, content, account);
  till_form_add (common, "sign", signature);
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "biz_content", content);
  g_autoptr (GBytes) body = till_form_encode (form);
  till_form_wipe (form);
  g_autoptr (GBytes) query = till_form_encode (common);
  g_autofree char *path = g_strdup_printf ("/gateway.do?%.*s", (int)g_bytes_get_size (query),
                                           (const char *)g_bytes_get_data (query, NULL));

  TillRequest *request = till_request_new (account->base_url, path, body);
  till_request_add_header (request, "Content-Type",
                           "application/x-www-form-urlencoded;charset=utf-8");
  return request;
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (till_profile_can (&profile, errand->kind) && errand->request_no
            && (errand->kind != TILL_ERRAND_PAY || (errand->auth && errand->subject))
            && (is_about_payment (errand) || errand->original_no));
  char *content = make_content (errand, account);
  /* What is told of a refund goes where its payment said. */
  const char *notice_url = errand->kind == TILL_ERRAND_PAY ? errand->notice_url : NULL;
  TillRequest *request = till_alipay_request (methods[errand->kind].method, content,
                                              errand->asked_at, notice_url, account);
  till_secret_free (content);
  till_request_limit (request, account, &profile);
  return request;
}

/* --- the answer --- */

/* NULL where the answer does not say otherwise. */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  gboolean payment = is_about_payment (errand);
  const struct
  {
    const char *name, *ours, *words;
  } facts[] = {
    { "out_trade_no", payment ? errand->request_no : errand->original_no,
      "the answer names another payment" },
    { "out_request_no", payment ? NULL : errand->request_no, "the answer names another refund" },
    { "trade_no", payment ? errand->provider_no : errand->original_provider_no,
      "the answer names another trade" },
    { "seller_id", account->merchant_no, "the answer names another seller" },
    { "trans_currency", CURRENCY, "the answer names another currency" },
    { "refund_currency", CURRENCY, "the answer names another currency" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *theirs = till_json_text (object, facts[i].name);
      if (theirs && facts[i].ours && strcmp (theirs, facts[i].ours) != 0)
        return facts[i].words;
    }
  return NULL;
}

/* The member's amount; FALSE when it is missing or none. */
static gboolean
get_yuan (const json_t *object, const char *name, TillMoney *amount)
{
  return till_meaning_fen_of_yuan (till_json_text (object, name), amount);
}

static TillOutcome *
yes (TillOutcomeKind kind, TillMoney amount)
{
  TillOutcome *outcome = till_outcome_new (kind, TILL_CLASS_NONE, NULL);
  outcome->amount = amount;
  return outcome;
}

static TillOutcome *
not_whole (void)
{
  return till_meaning_unknown ("the answer says yes and leaves out to what");
}

/* A payment that is made, or under way. */
static TillOutcome *
interpret_payment (const TillErrand *errand, const json_t *object, TillOutcomeKind kind)
{
  TillMoney amount = 0;
  const char *total = till_json_text (object, "total_amount");
  if (total && till_meaning_fen_of_yuan (total, &amount) && amount != errand->amount)
    return till_meaning_mismatch ("the answer names another amount");
  if (!till_json_text (object, "out_trade_no"))
    return not_whole ();
  if (kind == TILL_OUTCOME_DONE
      && (amount == 0 || !till_meaning_is_number (till_json_text (object, "trade_no"))))
    return not_whole ();
  return yes (kind, amount);
}

static TillOutcome *
interpret_trade (const TillErrand *errand, const json_t *object)
{
  const TillMeaning *meaning = till_meaning_find (trade_states, G_N_ELEMENTS (trade_states),
                                                  till_json_text (object, "trade_status"));
  if (meaning && meaning->kind != TILL_OUTCOME_REFUSED)
    return interpret_payment (errand, object, meaning->kind);
  if (meaning && !till_json_text (object, "out_trade_no"))
    return till_meaning_unknown ("the answer does not say whom it is about");
  return till_meaning_outcome (meaning, "a state that is not known");
}

/* retry_flag=Y asks for the same once more. What it did is in action; that it says none is assumed
 * to mean that there is no such payment. */
static TillOutcome *
interpret_cancel (const json_t *object)
{
  const char *action = till_json_text (object, "action");
  if (!till_json_text (object, "out_trade_no")
      || g_strcmp0 (till_json_text (object, "retry_flag"), "N") != 0)
    return till_meaning_unknown ("the provider wants to be asked once more");
  if (!action || !*action)
    return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
  if (strcmp (action, "close") != 0 && strcmp (action, "refund") != 0)
    return till_meaning_unknown ("an action that is not known");
  return yes (TILL_OUTCOME_DONE, 0);
}

/* present_refund_buyer_amount is the customer's part of this refund alone; it is left out where no
 * discount was in the payment. */
static TillOutcome *
refunded (const TillErrand *errand, const json_t *object, TillMoney amount)
{
  TillOutcome *outcome = yes (TILL_OUTCOME_DONE, amount);
  TillMoney part;
  if (get_yuan (object, "present_refund_buyer_amount", &part))
    till_meaning_add_customers_part (outcome, errand->amount, part);
  return outcome;
}

/* refund_fee is all that was given back of the payment, this refund included once it is made.
 * fund_change=N is no no: nothing moved now, perhaps because it moved before. */
static TillOutcome *
interpret_refund (const TillErrand *errand, const json_t *object)
{
  TillMoney back;
  const char *change = till_json_text (object, "fund_change");
  gboolean moved = g_strcmp0 (change, "Y") == 0;
  if (change && *change && !moved && strcmp (change, "N") != 0)
    return till_meaning_unknown ("a fund_change that is not known");
  if (!get_yuan (object, "refund_fee", &back) || !till_json_text (object, "out_trade_no"))
    return not_whole ();
  if (back > errand->original_amount || (moved && back < errand->amount))
    return till_meaning_mismatch ("the answer names an amount that cannot be");
  return moved ? refunded (errand, object, 0) : yes (TILL_OUTCOME_ACCEPTED, 0);
}

/* Without a status the older documents mean success when there are data, the newer ones that the
 * refund did not come in or failed. So data without a status are UNKNOWN; with neither it is NOT
 * FOUND, and what follows, the same number once more, does no harm here and brings a plain word. */
static TillOutcome *
interpret_refund_query (const TillErrand *errand, const json_t *object)
{
  const char *status = till_json_text (object, "refund_status");
  TillMoney amount = 0, total;
  gboolean has_amount = get_yuan (object, "refund_amount", &amount);
  if ((has_amount && amount != errand->amount)
      || (get_yuan (object, "total_amount", &total) && total != errand->original_amount))
    return till_meaning_mismatch ("the answer names another amount");
  if (json_object_get (object, "refund_status") && !status)
    return till_meaning_unknown ("a state that is no text");
  gboolean data = json_object_get (object, "refund_amount") != NULL;
  if ((!status || !*status) && !data)
    return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
  if (g_strcmp0 (status, "REFUND_SUCCESS") != 0)
    return till_meaning_unknown ("a refund without a state that is known");
  if (!has_amount || !till_json_text (object, "out_trade_no")
      || !till_json_text (object, "out_request_no"))
    return not_whole ();
  return refunded (errand, object, amount);
}

static TillOutcome *
interpret_yes (const TillErrand *errand, const json_t *object)
{
  switch ((int)errand->kind)
    {
    case TILL_ERRAND_PAY:
      return interpret_payment (errand, object, TILL_OUTCOME_DONE);
    case TILL_ERRAND_QUERY_PAY:
      return interpret_trade (errand, object);
    case TILL_ERRAND_REVERSE:
      return interpret_cancel (object);
    case TILL_ERRAND_REFUND:
      return interpret_refund (errand, object);
    case TILL_ERRAND_QUERY_REFUND:
      return interpret_refund_query (errand, object);
    default:
      g_assert_not_reached ();
    }
}

/* The two levels: code says whether the request was taken, sub_code why not. */
static TillOutcome *
interpret_levels (const TillErrand *errand, const char *code, const char *sub_code,
                  const json_t *object)
{
  gboolean taken = strcmp (code, "10000") == 0 || strcmp (code, "10003") == 0;
  if (taken && sub_code && *sub_code)
    return till_meaning_unknown ("the answer says yes and no at once");
  if (strcmp (code, "10000") == 0)
    return interpret_yes (errand, object);
  if (strcmp (code, "10003") == 0 && errand->kind == TILL_ERRAND_PAY)
    return interpret_payment (errand, object, TILL_OUTCOME_ACCEPTED);
  if (g_strcmp0 (till_json_text (object, "fund_change"), "Y") == 0)
    return till_meaning_unknown ("the answer says yes and no at once");
  if (strcmp (code, "40004") == 0)
    return till_meaning_outcome (
        till_meaning_find (reasons[errand->kind].meanings, reasons[errand->kind].n, sub_code),
        "refused for a reason that is not known");
  if (till_errand_kind_is_query (errand->kind))
    return till_meaning_unknown ("the question was not taken");
  return till_meaning_outcome (till_meaning_find (refusals, G_N_ELEMENTS (refusals), code),
                               "a code that says nothing about what happened");
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  const char *code = till_json_text (object, "code");
  const char *sub_code = till_json_text (object, "sub_code");
  if (!code || (json_object_get (object, "sub_code") && !sub_code))
    return till_meaning_unknown ("the answer has no code");
  const char *contradicts = contradiction (errand, account, object);
  TillOutcome *outcome = contradicts ? till_meaning_mismatch (contradicts)
                                     : interpret_levels (errand, code, sub_code, object);

  /* The most telling word there is. */
  static const char *const tells[] = { "code", "trade_status", "refund_status", "sub_code" };
  for (gsize i = 0; i < G_N_ELEMENTS (tells); i++)
    {
      const char *tell = till_json_text (object, tells[i]);
      till_meaning_add_words (outcome, tell && *tell ? tell : NULL, NULL);
    }
  till_meaning_add_words (outcome, NULL, till_json_text (object, "msg"));
  till_meaning_add_words (outcome, NULL, till_json_text (object, "sub_msg"));
  /* A refund has no number of theirs; trade_no is the payment's. */
  if (is_about_payment (errand))
    till_meaning_add_number (outcome, till_json_text (object, "trade_no"));
  return outcome;
}

/* What the gateway itself turns away may stand in error_response; the provider's own SDK shows it
 * without a signature. It decides nothing here, for anybody could have said it, but a person should
 * read it. */
static void
tell_unsigned (const json_t *whole, GError **error)
{
  const json_t *said = json_object_get (whole, "error_response");
  const char *code = till_json_text (said, "code");
  const char *sub_code = till_json_text (said, "sub_code");
  g_autofree char *clean = till_text_clean (sub_code ? sub_code : code, UNSIGNED_MAX);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "an answer without the provider's signature on it%s%s", *clean ? ": " : "", clean);
}

/* With certificates nothing but the named one counts. */
static gboolean
is_signed (const TillAccount *account, const json_t *whole, const char *part, gsize length)
{
  const char *signature = till_json_text (whole, "sign");
  if (!account->app_cert_sn)
    return till_account_provider_signed (account, TILL_HASH_SHA256, part, length, signature);
  const char *sn = till_json_text (whole, "alipay_cert_sn");
  const TillKey *key = sn ? till_account_provider_key (account, sn) : NULL;
  return key && till_key_verifies_with (key, TILL_HASH_SHA256, part, length, signature);
}

GBytes *
till_alipay_signed_part (const char *response, const TillAccount *account, GBytes *body,
                         GError **error)
{
  g_autoptr (json_t) whole = till_json_parse (body, error);
  if (!whole)
    return NULL;
  gsize size, length = 0;
  const char *text = g_bytes_get_data (body, &size);
  const char *part = till_raw_member (text, size, response, &length);
  if (part && is_signed (account, whole, part, length))
    return g_bytes_new_from_bytes (body, (gsize)(part - text), length);
  tell_unsigned (whole, error);
  return NULL;
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
  g_autoptr (GBytes) part
      = till_alipay_signed_part (methods[errand->kind].response, account, answer->body, &error);
  if (!part)
    return till_meaning_unknown (error->message);
  g_autoptr (json_t) object = till_json_parse (part, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  return interpret_object (errand, account, object);
}

static const char *const facts[] = { "app_id", NULL };

/* Of the gateway (公共错误码), by sub_code where there is one. */
static const TillStopWord stops[] = {
  { "20001", TILL_STOP_KEYS },
  { "aop.invalid-auth-token", TILL_STOP_KEYS },
  { "aop.auth-token-time-out", TILL_STOP_KEYS },
  { "aop.invalid-app-auth-token", TILL_STOP_KEYS },
  { "aop.app-auth-token-time-out", TILL_STOP_KEYS },
  { "isv.missing-signature-key", TILL_STOP_KEYS },
  { "isv.invalid-signature", TILL_STOP_KEYS },
  { "isv.invalid-app-id", TILL_STOP_KEYS },
  { "isv.invalid-timestamp", TILL_STOP_KEYS },
  { "aop.invalid-app-auth-token-no-api", TILL_STOP_RIGHTS },
  { "aop.no-product-reg-by-partner", TILL_STOP_RIGHTS },
  { "isv.insufficient-isv-permissions", TILL_STOP_RIGHTS },
  { "isv.insufficient-user-permissions", TILL_STOP_RIGHTS },
  { "40006", TILL_STOP_RIGHTS },
  { "ACQ.ACCESS_FORBIDDEN", TILL_STOP_RIGHTS },
  { NULL, TILL_STOP_NONE },
};

const TillCodec till_alipay_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY | TILL_MAY_HAVE_CERTIFICATES,
  .facts = facts,
  .build = build,
  .interpret = interpret,
  .file = &till_alipay_file,
  .notice = &till_alipay_notices,
  .balance = &till_alipay_balance,
  .stops = stops,
};
