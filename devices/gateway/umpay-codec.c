/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay merchant gateway, payservice.do, version 4.0 (not the SDK on the terminal):
 * passive_scancode_pay, query_order (today), mer_order_info_query (earlier), mer_cancel,
 * mer_refund, mer_refund_query; SHA1withRSA; the answer is a META tag in a page.
 *
 * States: ret_code 0000 says that the request was taken, trade_state or refund_state what became of
 * it: SUCCESS is DONE, WAIT_BUYER_PAY and REFUND_PROCESS ACCEPTED, FAIL, CLOSE and CANCEL REFUSED,
 * everything else UNKNOWN. What a ret_code other than 0000 means was found written down nowhere: it
 * is UNKNOWN, and so is a number that was seen before, until a query says more.
 *
 * Assumed, for it was not found written down: both kinds of state and their names, the parameters
 * of passive_scancode_pay and which an answer repeats. A repeat is not known to be safe, a void of
 * the same day not to have a number or a query of its own; mer_cancel is therefore only a reversal.
 * The real gateway is said to listen on http; ours goes over https or not at all.
 *
 * Nothing in a request is fresh: a repeat is the same bytes. Only which of the two queries about a
 * payment is asked depends on today. */
#include "data/core/clock.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/meta-page.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/umpay-form.h"
#include "devices/gateway/unpack.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PATH "/spay/pay/payservice.do"
#define AUTH_MAX 64
#define GOODS_MAX 64

static const int ladder_s[] = { 2, 4, 8, 16, 32, 60, 300, 900, 1800, 3600 };

static const TillProfile profile = {
  .name = "umpay",
  .words = N_ ("UMPay"),
  .cards = TILL_CARDS_NONE, /* cards are taken by the terminal's own SDK */
  .takes_codes = TRUE,
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND),
  .number_min = 1,
  .number_max = 16,
  .repeats_safely = FALSE, /* not known */
  /* Whether "done" is ever taken back is not known either: no times to ask again. */
  .not_found_times = 3,
  .not_found_after_s = 300,
  .answer_within_s = 20, /* assumed */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .file_ready_s = 7 * 3600, /* as a sibling product says */
};

#define STATE(word, kind, class)                                                                   \
  {                                                                                                \
    word, TILL_OUTCOME_##kind, TILL_CLASS_##class                                                  \
  }

static const TillMeaning trade_states[] = {
  STATE ("TRADE_SUCCESS", DONE, NONE),    STATE ("WAIT_BUYER_PAY", ACCEPTED, NONE),
  STATE ("TRADE_CLOSE", REFUSED, FINAL),  STATE ("TRADE_FAIL", REFUSED, FINAL),
  STATE ("TRADE_CANCEL", REFUSED, FINAL),
};

/* Of a payment that is to be undone; no word about it says that it was taken in only. */
static const TillMeaning cancel_states[] = {
  STATE ("TRADE_CANCEL", DONE, NONE),
  { NULL, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE },
};

/* REFUND_UNKNOWN is missing on purpose. */
static const TillMeaning refund_states[] = {
  STATE ("REFUND_SUCCESS", DONE, NONE),
  STATE ("REFUND_PROCESS", ACCEPTED, NONE),
  STATE ("REFUND_FAIL", REFUSED, FINAL),
};

/* The practice provider's own words, made of letters so that no code of the real one, which are
 * digits, can be meant by mistake. What the real ones mean is not known. */
static const TillMeaning practice_codes[] = {
  STATE ("SBX_BAD_REQUEST", REFUSED, FIX),        STATE ("SBX_BAD_SIGNATURE", REFUSED, FIX),
  STATE ("SBX_ORDER_NOT_FOUND", REFUSED, FIX),    STATE ("SBX_ORDER_DIFFERS", REFUSED, FIX),
  STATE ("SBX_ALREADY_REFUNDED", REFUSED, FINAL), STATE ("SBX_AMOUNT_TOO_LARGE", REFUSED, FIX),
  STATE ("SBX_BALANCE_LOW", REFUSED, BALANCE),
};

static const TillMeaning practice_query_codes[] = { STATE ("SBX_NOT_FOUND", NOT_FOUND, NONE) };

/* In the order of TillErrandKind. */
static const struct
{
  const char *service, *state, *amount; /* amount: under which name the answer repeats it */
  const TillMeaning *states;
  gsize n_states;
} services[TILL_N_ERRANDS] = {
  { "passive_scancode_pay", "trade_state", "amount", trade_states, G_N_ELEMENTS (trade_states) },
  { "query_order", "trade_state", "amount", trade_states, G_N_ELEMENTS (trade_states) },
  { "mer_cancel", "trade_state", "amount", cancel_states, G_N_ELEMENTS (cancel_states) },
  { "mer_refund", "refund_state", "refund_amount", refund_states, G_N_ELEMENTS (refund_states) },
  { "mer_refund_query", "refund_state", "refund_amount", refund_states,
    G_N_ELEMENTS (refund_states) },
};

/* --- the request --- */

static gboolean
is_about_payment (const TillErrand *errand)
{
  return !till_errand_kind_is_backward (errand->kind);
}

/* Assumed; the first digits are those by which the codes' issuers are told apart. */
static const char *
kind_of_code (const char *auth)
{
  int prefix = g_ascii_isdigit (auth[0]) && g_ascii_isdigit (auth[1])
                   ? (auth[0] - '0') * 10 + auth[1] - '0'
                   : 0;
  if (prefix >= 10 && prefix <= 15)
    return "WECHAT";
  return prefix >= 25 && prefix <= 30 ? "ALIPAY" : "UNION";
}

/* The day of the order, by which their books are divided. */
static char *
order_date (const TillErrand *errand)
{
  return till_clock_stamp (is_about_payment (errand) ? errand->requested_at
                                                     : errand->original_requested_at,
                           TILL_CHINA, "%Y%m%d");
}

static const char *
service_of (const TillErrand *errand)
{
  gboolean earlier = till_clock_day (errand->requested_at, TILL_CHINA)
                     != till_clock_day (errand->asked_at, TILL_CHINA);
  return errand->kind == TILL_ERRAND_QUERY_PAY && earlier ? "mer_order_info_query"
                                                          : services[errand->kind].service;
}

static void
add_cleaned (TillForm *form, const char *name, const char *text, gsize max)
{
  char *clean = till_text_clean (text, max);
  till_form_add (form, name, clean);
  till_secret_free (clean);
}

static void
add_facts (TillForm *form, const TillErrand *errand)
{
  g_autofree char *date = order_date (errand);
  if (!is_about_payment (errand))
    till_form_add (form, "refund_no", errand->request_no);
  if (errand->kind == TILL_ERRAND_QUERY_REFUND)
    return;
  till_form_add (form, "order_id",
                 is_about_payment (errand) ? errand->request_no : errand->original_no);
  till_form_add (form, "mer_date", date);
  if (errand->kind == TILL_ERRAND_REFUND)
    {
      till_form_add_int (form, "org_amount", errand->original_amount);
      till_form_add_int (form, "refund_amount", errand->amount);
      till_form_add (form, "notify_url", errand->notice_url);
    }
  else if (errand->kind != TILL_ERRAND_QUERY_PAY)
    till_form_add_int (form, "amount", errand->amount);
  if (errand->kind != TILL_ERRAND_PAY)
    return;
  add_cleaned (form, "auth_code", errand->auth, AUTH_MAX);
  till_form_add (form, "scancode_type", kind_of_code (errand->auth));
  add_cleaned (form, "goods_inf", errand->subject, GOODS_MAX);
  till_form_add (form, "notify_url", errand->notice_url);
}

char *
till_umpay_text (const TillForm *form)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  return till_form_sorted (form, but, FALSE);
}

void
till_umpay_sign (TillForm *form, const TillAccount *account)
{
  char *text = till_umpay_text (form);
  g_autofree char *signature
      = till_key_sign_with (account->our_key, TILL_HASH_SHA1, text, strlen (text));
  till_secret_free (text);
  g_assert (signature); /* an account is refused where SHA-1 is forbidden */
  till_form_add (form, "sign", signature);
}

gboolean
till_umpay_is_signed (const TillForm *form, const TillAccount *account)
{
  g_autofree char *text = till_umpay_text (form);
  return till_account_provider_signed (account, TILL_HASH_SHA1, text, strlen (text),
                                       till_form_get (form, "sign"));
}

static TillForm *
make_form (const TillErrand *errand, const TillAccount *account)
{
  TillForm *form = till_form_new ();
  till_form_add (form, "service", service_of (errand));
  till_form_add (form, "charset", "UTF-8");
  till_form_add (form, "mer_id", account->merchant_no);
  till_form_add (form, "sign_type", "RSA");
  till_form_add (form, "res_format", "HTML");
  till_form_add (form, "version", "4.0");
  till_form_add (form, "amt_type", "RMB");
  add_facts (form, errand);
  till_umpay_sign (form, account);
  return form;
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (till_profile_can (&profile, errand->kind) && errand->request_no
            && (errand->kind != TILL_ERRAND_PAY || (errand->auth && errand->subject))
            && (is_about_payment (errand) || errand->original_no));
  g_autoptr (TillForm) form = make_form (errand, account);
  g_autoptr (GBytes) body = till_form_encode (form);
  till_form_wipe (form);
  TillRequest *request = till_request_new (account->base_url, PATH, body);
  till_request_add_header (request, "Content-Type",
                           "application/x-www-form-urlencoded;charset=UTF-8");
  till_request_limit (request, account, &profile);
  return request;
}

/* --- the answer --- */

/* Whether it says an amount, and another one than ours. */
static gboolean
is_other_amount (const TillForm *form, const char *name, TillMoney ours)
{
  TillMoney theirs;
  return till_meaning_fen_of_text (till_form_get (form, name), &theirs) && theirs != ours;
}

/* NULL where the answer does not say otherwise. */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const TillForm *form)
{
  gboolean payment = is_about_payment (errand);
  g_autofree char *date = order_date (errand);
  const struct
  {
    const char *name, *ours, *words;
  } facts[] = {
    { "mer_id", account->merchant_no, "the answer names another merchant" },
    { "order_id", payment ? errand->request_no : errand->original_no,
      "the answer names another payment" },
    { "mer_date", date, "the answer names another day" },
    { "refund_no", payment ? NULL : errand->request_no, "the answer names another refund" },
    { "trade_no", payment ? errand->provider_no : errand->original_provider_no,
      "the answer names another trade" },
    { "amt_type", "RMB", "the answer names another currency" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *theirs = till_form_get (form, facts[i].name);
      if (theirs && *theirs && facts[i].ours && strcmp (theirs, facts[i].ours) != 0)
        return facts[i].words;
    }
  if (is_other_amount (form, services[errand->kind].amount, errand->amount)
      || (!payment && is_other_amount (form, "org_amount", errand->original_amount)))
    return "the answer names another amount";
  return NULL;
}

static gboolean
says (const TillForm *form, const char *name)
{
  const char *value = till_form_get (form, name);
  return value && *value;
}

/* Their number of a payment; a refund has none. */
static const char *
provider_no_of (const TillErrand *errand, const TillForm *form)
{
  return is_about_payment (errand) ? till_form_get (form, "trade_no") : NULL;
}

static TillOutcome *
interpret_state (const TillErrand *errand, const TillForm *form)
{
  const char *state = till_form_get (form, services[errand->kind].state);
  const TillMeaning *meaning
      = till_meaning_find (services[errand->kind].states, services[errand->kind].n_states, state);
  if (!meaning)
    return till_meaning_unknown ("a state that is not known");
  if (!says (form, "mer_id") || !says (form, is_about_payment (errand) ? "order_id" : "refund_no"))
    return till_meaning_unknown ("the answer does not say whom it is about");
  TillMoney amount = 0;
  gboolean whole
      = till_meaning_fen_of_text (till_form_get (form, services[errand->kind].amount), &amount)
        && (!is_about_payment (errand) || till_meaning_is_number (provider_no_of (errand, form)));
  if (meaning->kind == TILL_OUTCOME_DONE && !whole)
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  TillOutcome *outcome = till_meaning_outcome (meaning, NULL);
  outcome->amount = amount;
  return outcome;
}

static TillOutcome *
interpret_code (const TillErrand *errand, const char *code)
{
  gboolean query = till_errand_kind_is_query (errand->kind);
  return till_meaning_outcome (
      query ? till_meaning_find (practice_query_codes, G_N_ELEMENTS (practice_query_codes), code)
            : till_meaning_find (practice_codes, G_N_ELEMENTS (practice_codes), code),
      "a code that says nothing about what happened");
}

static TillOutcome *
interpret_form (const TillErrand *errand, const TillAccount *account, const TillForm *form)
{
  const char *code = till_form_get (form, "ret_code");
  const char *state = services[errand->kind].state;
  if (!code)
    return till_meaning_unknown ("the answer has no code");
  const char *contradicts = contradiction (errand, account, form);
  TillOutcome *outcome;
  if (contradicts)
    outcome = till_meaning_mismatch (contradicts);
  else if (strcmp (code, "0000") == 0)
    outcome = interpret_state (errand, form);
  else if (says (form, state))
    outcome = till_meaning_unknown ("the answer says yes and no at once");
  else
    outcome = interpret_code (errand, code);
  till_meaning_add_words (outcome, says (form, state) ? till_form_get (form, state) : code,
                          till_form_get (form, "ret_msg"));
  till_meaning_add_number (outcome, provider_no_of (errand, form));
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  g_autofree char *content
      = answer->status == 200 ? till_meta_page_content (answer->body, TILL_UMPAY_TAG) : NULL;
  if (!content)
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", answer->status);
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));
  g_autoptr (TillForm) form = till_form_read_plain (bytes, &error);
  if (!form)
    return till_meaning_unknown (error->message);
  if (!till_umpay_is_signed (form, account))
    return till_meaning_unknown ("an answer without the provider's signature on it");
  return interpret_form (errand, account, form);
}

/* --- the settlement file: the answer itself, which nobody signs; what is not the file is a page.
 * Payments only, see data/settlement/umpay-file.c. --- */

static TillRequest *
build_file (const TillFileAsk *ask, const TillAccount *account)
{
  g_autoptr (TillForm) form = till_form_new ();
  g_autofree char *day = g_strdup_printf ("%08d", ask->day);
  till_form_add (form, "service", "download_settle_file");
  till_form_add (form, "mer_id", account->merchant_no);
  till_form_add (form, "sign_type", "RSA");
  till_form_add (form, "version", "4.0");
  till_form_add (form, "settle_date", day);
  till_umpay_sign (form, account);
  g_autoptr (GBytes) body = till_form_encode (form);
  TillRequest *request = till_request_new (account->base_url, PATH, body);
  till_request_add_header (request, "Content-Type",
                           "application/x-www-form-urlencoded;charset=UTF-8");
  till_file_limit (request, account);
  return request;
}

/* A page in place of the file says why not, in a code that is known of the practice provider only.
 */
static TillFileAnswer *
interpret_page (const TillReply *reply)
{
  g_autofree char *content = till_meta_page_content (reply->body, TILL_UMPAY_TAG);
  g_autoptr (GBytes) bytes = g_bytes_new (content ? content : "", content ? strlen (content) : 0);
  g_autoptr (TillForm) form = till_form_read_plain (bytes, NULL);
  const char *code = form ? till_form_get (form, "ret_code") : NULL;
  gboolean refused
      = code && till_meaning_find (practice_codes, G_N_ELEMENTS (practice_codes), code);
  TillFileAnswer *answer
      = till_file_answer_new (refused ? TILL_FILE_REFUSED : TILL_FILE_UNKNOWN, "no file came");
  till_file_answer_add_code (answer, code);
  return answer;
}

static TillFileAnswer *
interpret_file (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  static const char begins[] = "TRADEDETAIL-START,";
  TillFileAnswer *no_answer = till_file_answer_of_line (reply);
  if (no_answer)
    return no_answer;
  gsize size;
  const char *data = g_bytes_get_data (reply->body, &size);
  if (reply->status != 200 || size < sizeof begins - 1
      || memcmp (data, begins, sizeof begins - 1) != 0)
    return interpret_page (reply);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members
      = till_unpack (reply->body, TILL_PACKING_PLAIN, "settle.txt", &error);
  if (!members)
    return till_file_answer_new (TILL_FILE_BROKEN, error->message);
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  answer->members = g_steal_pointer (&members);
  return answer;
}

static const TillFileCodec file = { .build = build_file, .interpret = interpret_file };

/* The practice provider's; of the real one's codes none is known. */
static const TillStopWord stops[] = {
  { "SBX_BAD_SIGNATURE", TILL_STOP_KEYS },
  { NULL, TILL_STOP_NONE },
};

const TillCodec till_umpay_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY | TILL_NEEDS_OLD_KEYS | TILL_NEEDS_SHA1,
  .build = build,
  .interpret = interpret,
  .file = &file,
  .notice = &till_umpay_notices,
  .stops = stops,
};
