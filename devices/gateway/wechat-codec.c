/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay, API v3 for a merchant of its own (普通商户): 付款码支付 (codepay, query by
 * out-trade-no, reverse) and 申请退款 / 查询单笔退款 (refund/domestic).
 *
 * Payment: SUCCESS and REFUND (paid, and some of it given back later) are done; USERPAYING and
 * NOTPAY are under way; CLOSED, REVOKED and PAYERROR are a no.
 * Refund: SUCCESS is done; HTTP 200 with PROCESSING is taken in and no more; CLOSED is a no;
 * ABNORMAL has left the order without reaching the payer: people send it on at WeChat, where it
 * ends as SUCCESS. It is no CUSTOMER, for that could be given up here and paid a second time.
 * It may also be sent back to the shop, here by a recall (发起异常退款, MERCHANT_BANK_CARD), and
 * that ends as SUCCESS too: only user_received_account tells that the customer has nothing. On to a
 * bank card of the customer's (USER_BANK_CARD) it goes in WeChat's own pages, for this till keeps
 * no card numbers. Errors: a code of the tables below on HTTP 4xx; anything on HTTP 5xx is unknown.
 *
 * SUCCESS is called an end, and yet ABNORMAL has been seen behind it: a bank returned what it had
 * taken. That money is at WeChat, not here, and may be sent on from there: it is reported and
 * owed to nobody a second time. Behind SUCCESS, only CLOSED and the shop's own account bring it
 * back.
 *
 * Both ways are signed. An answer's signature covers neither our question nor the HTTP status; what
 * ties the two together is the TLS line and the numbers inside, so every number that is there is
 * compared.
 *
 * Which HTTP status comes with which code is nowhere written for all of them: only the groups 2xx,
 * 4xx and 5xx are told apart. */
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/wechat-private.h"
#include "devices/gateway/wechat-signature.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CURRENCY "CNY"
#define AUTH_MAX 128
/* 127 and 80, but of characters or of bytes is not said: so many fit in either case. */
#define DESCRIPTION_MAX 31
#define REASON_MAX 20

#define PAY_PATH "/v3/pay/transactions/codepay"
#define ORDER_PATH "/v3/pay/transactions/out-trade-no/"
#define REFUND_PATH "/v3/refund/domestic/refunds"

/* A customer who is asked for the password takes a while; after SYSTEM_ERROR 5 s are asked for. */
static const int ladder_s[] = { 5, 5, 5, 10, 10, 10, 30, 60, 300, 900, 1800, 3600 };

/* A bank has one to three working days (查询单笔退款): a day, three with a weekend, three with the
 * week of a public holiday. That it sends back within the same time is assumed. */
#define DAY_S (24 * 3600)
static const int recheck_s[] = { DAY_S, 5 * DAY_S, 10 * DAY_S };

static const TillProfile profile = {
  .name = "wechat",
  .words = N_ ("WeChat Pay"),
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND) | TILL_CAN (RECALL),
  .takes_codes = TRUE,
  .number_min = 6,
  .number_max = 32, /* of an order; a refund's may have 64 */
  .repeats_safely = TRUE,
  .not_found_times = 2,
  .not_found_after_s = 30, /* assumed: an answer that was lost may still be on its way in */
  .refunds_max = 50,
  .refund_gap_s = 60,
  .window_days = 365,
  .reverse_after_s = 15,
  .reverse_within_s = 7 * 24 * 3600,
  /* 退款常见问题, 退款已关闭: after seven days of trying. That they begin with our first request is
   * assumed; they cannot begin before. */
  .closes_after_s = 7 * 24 * 3600,
  .answer_within_s = 30,
  .requests_per_s = 150,
  .refusals_per_s = 6,
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .recheck_s = recheck_s,
  .n_recheck = G_N_ELEMENTS (recheck_s),
  .file_ready_s = 10 * 3600,
};

#define ROW(word, kind, class)                                                                     \
  {                                                                                                \
    word, TILL_OUTCOME_##kind, TILL_CLASS_##class                                                  \
  }

static const TillMeaning trade_states[] = {
  ROW ("SUCCESS", DONE, NONE),        ROW ("REFUND", DONE, NONE),
  ROW ("USERPAYING", ACCEPTED, NONE), ROW ("NOTPAY", ACCEPTED, NONE),
  ROW ("CLOSED", REFUSED, FINAL),     ROW ("REVOKED", REFUSED, FINAL),
  ROW ("PAYERROR", REFUSED, FINAL),
};

static const TillMeaning refund_states[] = {
  ROW ("SUCCESS", DONE, NONE),
  ROW ("PROCESSING", ACCEPTED, NONE),
  ROW ("CLOSED", REFUSED, FINAL),
  ROW ("ABNORMAL", REFUSED, PROVIDER),
};

/* 退款入账账户 when the money went to the shop instead (查询单笔退款, user_received_account,
 * 退还商户; the documents print the two without a gap). 企业支付商户 is a payer. */
static const char *const our_accounts[] = { "商户基本账户", "商户结算银行账户" };

/* Codes on HTTP 4xx that say what a request to pay, reverse or refund came to. SYSTEM_ERROR is
 * missing on purpose. INVALID_REQUEST is too: it is read by its words. */
static const TillMeaning all_codes[] = {
  ROW ("PARAM_ERROR", REFUSED, FIX),
  ROW ("SIGN_ERROR", REFUSED, FIX),
  ROW ("NO_AUTH", REFUSED, PROVIDER),
  ROW ("FREQUENCY_LIMITED", REFUSED, RETRY),
};
static const TillMeaning refund_codes[] = {
  ROW ("NOT_ENOUGH", REFUSED, BALANCE), /* of ours */
  ROW ("USER_ACCOUNT_ABNORMAL", REFUSED, CUSTOMER),
  ROW ("RESOURCE_NOT_EXISTS", REFUSED, FIX), /* the order, not the refund */
};
/* The last four as API v2 names them; that v3 kept the names is assumed. OUT_TRADE_NO_USED: the
 * number paid for something else once. */
static const TillMeaning pay_codes[] = {
  ROW ("USERPAYING", ACCEPTED, NONE),        ROW ("NOT_ENOUGH", REFUSED, CUSTOMER), /* of theirs */
  ROW ("AUTHCODEEXPIRE", REFUSED, FINAL),    ROW ("AUTH_CODE_ERROR", REFUSED, FINAL),
  ROW ("AUTH_CODE_INVALID", REFUSED, FINAL), ROW ("OUT_TRADE_NO_USED", MISMATCH, UNKNOWN_OUTCOME),
};
/* REVERSE_EXPIRE is a name of API v2 as well. */
static const TillMeaning reverse_codes[] = {
  ROW ("RESOURCE_NOT_EXISTS", NOT_FOUND, NONE),
  ROW ("ORDER_NOT_EXIST", NOT_FOUND, NONE),
  ROW ("REVERSE_EXPIRE", REFUSED, FINAL),
};
/* Of an order the second is said, of a refund the first. */
static const TillMeaning query_codes[] = {
  ROW ("RESOURCE_NOT_EXISTS", NOT_FOUND, NONE),
  ROW ("ORDER_NOT_EXIST", NOT_FOUND, NONE),
};

/* A recall that is not taken leaves the refund where it was stuck: no class that would send the
 * refund anew or give it up. INVALID_REQUEST (it is not stuck any more, say) is asked about. */
static const TillMeaning recall_codes[] = {
  ROW ("PARAM_ERROR", REFUSED, PROVIDER),
  ROW ("SIGN_ERROR", REFUSED, PROVIDER),
  ROW ("NOT_ENOUGH", REFUSED, PROVIDER),
  ROW ("RESOURCE_NOT_EXISTS", REFUSED, PROVIDER),
};

/* What INVALID_REQUEST says of a refund, by a piece of its message; other words are unknown, for
 * one of them means that the number has gone out with another amount before. The last is assumed:
 * the rule is written, its message is not. */
static const TillMeaning invalid_words[] = {
  ROW ("与之前请求不一致", MISMATCH, UNKNOWN_OUTCOME),
  ROW ("可退金额", REFUSED, FIX),
  ROW ("已全额退款", REFUSED, FIX),
  ROW ("超过一年", REFUSED, FINAL),
};

static char *
make_path (const TillErrand *errand, const TillAccount *account)
{
  g_autofree char *no = g_uri_escape_string (errand->request_no, NULL, FALSE);
  switch ((int)errand->kind)
    {
    case TILL_ERRAND_PAY:
      return g_strdup (PAY_PATH);
    case TILL_ERRAND_QUERY_PAY:
      return g_strconcat (ORDER_PATH, no, "?mchid=", account->merchant_no, NULL);
    case TILL_ERRAND_REVERSE:
      return g_strconcat (ORDER_PATH, no, "/reverse", NULL);
    case TILL_ERRAND_REFUND:
      return g_strdup (REFUND_PATH);
    case TILL_ERRAND_QUERY_REFUND:
      return g_strconcat (REFUND_PATH, "/", no, NULL);
    case TILL_ERRAND_RECALL:
      {
        g_autofree char *theirs = g_uri_escape_string (errand->provider_no, NULL, FALSE);
        return g_strconcat (REFUND_PATH, "/", theirs, "/apply-abnormal-refund", NULL);
      }
    default:
      g_assert_not_reached ();
    }
}

static void
set_clean (json_t *object, const char *name, const char *text, gsize max)
{
  g_autofree char *clean = till_text_clean (text, max);
  till_json_set_text (object, name, *clean ? clean : NULL);
}

static void
add_payment (json_t *object, const TillErrand *errand, const TillAccount *account)
{
  const char *subject = errand->subject && *errand->subject ? errand->subject : errand->request_no;
  set_clean (object, "description", subject, DESCRIPTION_MAX);
  till_json_set_text (object, "out_trade_no", errand->request_no);
  json_t *payer = json_object ();
  /* It came from a scanner: whatever that read must not become anything but one text. */
  char *auth = till_text_clean (errand->auth, AUTH_MAX);
  till_json_set_text (payer, "auth_code", auth);
  till_secret_free (auth);
  till_json_set (object, "payer", payer);
  json_t *amount = json_object ();
  till_json_set_int (amount, "total", errand->amount);
  till_json_set_text (amount, "currency", CURRENCY);
  till_json_set (object, "amount", amount);
  /* A scene is wanted, with the shop's number as the shop counts. Assumed: one shop, one merchant.
   */
  json_t *scene = json_object ();
  json_t *store = json_object ();
  till_json_set_text (store, "out_id", account->merchant_no);
  till_json_set (scene, "store_info", store);
  till_json_set (object, "scene_info", scene);
}

static void
add_refund (json_t *object, const TillErrand *errand)
{
  if (errand->original_provider_no)
    till_json_set_text (object, "transaction_id", errand->original_provider_no);
  else
    till_json_set_text (object, "out_trade_no", errand->original_no);
  till_json_set_text (object, "out_refund_no", errand->request_no);
  set_clean (object, "reason", errand->subject, REASON_MAX);
  till_json_set_text (object, "notify_url", errand->notice_url);
  json_t *amount = json_object ();
  till_json_set_int (amount, "refund", errand->amount);
  till_json_set_int (amount, "total", errand->original_amount);
  till_json_set_text (amount, "currency", CURRENCY);
  till_json_set (object, "amount", amount);
}

/* NULL for a question, which has none. */
static GBytes *
build_body (const TillErrand *errand, const TillAccount *account)
{
  if (till_errand_kind_is_query (errand->kind))
    return NULL;
  g_autoptr (json_t) object = json_object ();
  if (errand->kind == TILL_ERRAND_REFUND)
    {
      add_refund (object, errand);
      return till_json_write (object);
    }
  if (errand->kind == TILL_ERRAND_RECALL)
    {
      till_json_set_text (object, "out_refund_no", errand->request_no);
      till_json_set_text (object, "type", "MERCHANT_BANK_CARD");
      return till_json_write (object);
    }
  till_json_set_text (object, "appid", till_account_fact (account, "app_id"));
  till_json_set_text (object, "mchid", account->merchant_no);
  if (errand->kind == TILL_ERRAND_PAY)
    add_payment (object, errand, account);
  return till_json_write (object);
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (errand->request_no && (errand->kind != TILL_ERRAND_PAY || errand->auth)
            && (errand->kind != TILL_ERRAND_REFUND || errand->original_no)
            && (errand->kind != TILL_ERRAND_RECALL || errand->provider_no));
  g_autofree char *path = make_path (errand, account);
  g_autoptr (GBytes) body = build_body (errand, account);
  TillRequest *request = till_request_new (account->base_url, path, body);
  till_request_add_header (request, "Accept", "application/json");
  if (body)
    till_request_add_header (request, "Content-Type", "application/json");
  /* A request without one is turned away. */
  till_request_add_header (request, "User-Agent", "Quittance");
  g_autofree char *nonce = till_request_nonce (errand);
  till_wechat_sign (request, account, nonce, errand->asked_at);
  till_request_limit (request, account, &profile);
  return request;
}

/* What the answer names must be what we asked about; NULL when it does not say otherwise. What it
 * leaves out is for is_whole () and names_us (). */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  gboolean refund = till_errand_kind_is_backward (errand->kind);
  const json_t *amount = json_object_get (object, "amount");
  const struct
  {
    const json_t *in;
    const char *name, *ours, *words;
  } facts[] = {
    { object, "appid", till_account_fact (account, "app_id"), "the answer names another app" },
    { object, "mchid", account->merchant_no, "the answer names another merchant" },
    { object, "out_refund_no", refund ? errand->request_no : NULL, "it names another refund" },
    { object, "refund_id", refund ? errand->provider_no : NULL,
      "the provider's number of the refund has changed" },
    { object, "out_trade_no", refund ? errand->original_no : errand->request_no,
      "the answer names another payment" },
    { object, "transaction_id", refund ? errand->original_provider_no : errand->provider_no,
      "the provider's number of the payment has changed" },
    { amount, "currency", CURRENCY, "the answer names another currency" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *theirs = till_json_text (facts[i].in, facts[i].name);
      if (theirs && facts[i].ours && strcmp (theirs, facts[i].ours) != 0)
        return facts[i].words;
    }
  TillMoney money;
  if (till_json_money (amount, "total", &money)
      && money != (refund ? errand->original_amount : errand->amount))
    return "the answer names another amount of the payment";
  if (refund && till_json_money (amount, "refund", &money) && money != errand->amount)
    return "the answer names another amount";
  return NULL;
}

static gboolean
names_us (const TillErrand *errand, const json_t *object)
{
  if (till_errand_kind_is_backward (errand->kind))
    return till_json_text (object, "out_refund_no") != NULL;
  return till_json_text (object, "mchid") && till_json_text (object, "out_trade_no");
}

/* An answer that says yes leaves nothing out. An order that waits for its payer has neither a
 * number nor an amount yet. */
static gboolean
is_whole (const TillErrand *errand, const json_t *object, TillOutcomeKind kind)
{
  gboolean refund = till_errand_kind_is_backward (errand->kind);
  if (!refund && kind == TILL_OUTCOME_ACCEPTED)
    return TRUE;
  TillMoney money;
  const json_t *amount = json_object_get (object, "amount");
  return till_json_money (amount, refund ? "refund" : "total", &money)
         && till_json_text (amount, "currency")
         && till_meaning_is_number (
             till_json_text (object, refund ? "refund_id" : "transaction_id"));
}

static gboolean
went_to_us (const json_t *object)
{
  const char *account = till_json_text (object, "user_received_account");
  for (gsize i = 0; account && i < G_N_ELEMENTS (our_accounts); i++)
    if (strstr (account, our_accounts[i]))
      return TRUE;
  return FALSE;
}

static TillOutcome *
interpret_state (const TillErrand *errand, const json_t *object)
{
  gboolean refund = till_errand_kind_is_backward (errand->kind);
  const char *state = till_json_text (object, refund ? "status" : "trade_state");
  const TillMeaning *meaning
      = refund ? till_meaning_find (refund_states, G_N_ELEMENTS (refund_states), state)
               : till_meaning_find (trade_states, G_N_ELEMENTS (trade_states), state);
  if (!meaning)
    return till_meaning_unknown ("a state that is not known");
  if (!names_us (errand, object))
    return till_meaning_unknown ("the answer does not say whom it is about");
  gboolean yes = meaning->kind == TILL_OUTCOME_DONE || meaning->kind == TILL_OUTCOME_ACCEPTED;
  if (yes && !is_whole (errand, object, meaning->kind))
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  if (refund && meaning->kind == TILL_OUTCOME_DONE && went_to_us (object))
    return till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL,
                             "the money went back to the shop, the customer has nothing");
  if (meaning->failure != TILL_CLASS_PROVIDER)
    return till_meaning_outcome (meaning, NULL);
  return till_outcome_new (meaning->kind, meaning->failure,
                           "the money has left the order and not reached the payer: it must be "
                           "sent on, never refunded again");
}

static TillOutcome *
interpret_code (const TillErrand *errand, const json_t *object, const char *code)
{
  static const struct
  {
    const TillMeaning *rows;
    gsize n;
  } own[TILL_N_ERRANDS] = {
    [TILL_ERRAND_PAY] = { pay_codes, G_N_ELEMENTS (pay_codes) },
    [TILL_ERRAND_QUERY_PAY] = { query_codes, G_N_ELEMENTS (query_codes) },
    [TILL_ERRAND_REVERSE] = { reverse_codes, G_N_ELEMENTS (reverse_codes) },
    [TILL_ERRAND_REFUND] = { refund_codes, G_N_ELEMENTS (refund_codes) },
    [TILL_ERRAND_QUERY_REFUND] = { query_codes, G_N_ELEMENTS (query_codes) },
    [TILL_ERRAND_RECALL] = { recall_codes, G_N_ELEMENTS (recall_codes) },
  };
  const TillMeaning *meaning
      = till_meaning_find (own[errand->kind].rows, own[errand->kind].n, code);
  if (!meaning && till_errand_kind_is_query (errand->kind))
    return till_meaning_unknown ("the question was not taken");
  if (!meaning)
    meaning = till_meaning_find (all_codes, G_N_ELEMENTS (all_codes), code);
  /* A no that passes must not end the reversing: it is asked for until it is answered. */
  if (errand->kind == TILL_ERRAND_REVERSE && meaning && meaning->failure == TILL_CLASS_RETRY)
    return till_meaning_unknown ("not now; to be asked for again");
  const char *words = till_json_text (object, "message");
  if (errand->kind == TILL_ERRAND_REFUND && strcmp (code, "INVALID_REQUEST") == 0)
    for (gsize i = 0; words && !meaning && i < G_N_ELEMENTS (invalid_words); i++)
      if (strstr (words, invalid_words[i].word))
        meaning = &invalid_words[i];
  return till_meaning_outcome (meaning, "a code that says nothing about what happened");
}

/* A reversal is answered without a state. `recall` comes from API v2: other than "N" it says that
 * it has to be asked for once more. */
static TillOutcome *
interpret_reversal (const json_t *object)
{
  const char *recall = till_json_text (object, "recall");
  gboolean once_more = recall && strcmp (recall, "N") != 0;
  return till_outcome_new (once_more ? TILL_OUTCOME_ACCEPTED : TILL_OUTCOME_DONE, TILL_CLASS_NONE,
                           NULL);
}

static void
add_what_was_said (TillOutcome *outcome, const TillErrand *errand, const json_t *object)
{
  gboolean refund = till_errand_kind_is_backward (errand->kind);
  /* Where the money went, when it is not where it was to go: the state alone says SUCCESS. */
  const char *words = refund && went_to_us (object) ? "user_received_account" : "trade_state_desc";
  till_meaning_add_words (outcome, till_json_text (object, refund ? "status" : "trade_state"),
                          till_json_text (object, words));
  till_meaning_add_words (outcome, till_json_text (object, "code"),
                          till_json_text (object, "message"));
  till_meaning_add_number (outcome,
                           till_json_text (object, refund ? "refund_id" : "transaction_id"));
  const json_t *amount = json_object_get (object, "amount");
  if (!till_json_money (amount, refund ? "refund" : "total", &outcome->amount))
    return;
  TillMoney part;
  if (refund && till_json_money (amount, "payer_refund", &part))
    till_meaning_add_customers_part (outcome, errand->amount, part);
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillAccount *account, const TillReply *answer,
                  const json_t *object)
{
  const char *code = till_json_text (object, "code");
  const char *contradicts = contradiction (errand, account, object);
  TillOutcome *outcome;
  if (contradicts)
    outcome = till_meaning_mismatch (contradicts);
  else if ((code != NULL) == (answer->status == 200)
           || (answer->status == 202 && g_strcmp0 (code, "USERPAYING") != 0))
    outcome = till_meaning_unknown ("the answer says yes and no at once");
  else if (code)
    outcome = interpret_code (errand, object, code);
  else if (errand->kind == TILL_ERRAND_REVERSE)
    outcome = interpret_reversal (object);
  else
    outcome = interpret_state (errand, object);
  add_what_was_said (outcome, errand, object);
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  g_autofree char *wrong = till_wechat_doubt (answer, account, errand->asked_at);
  if (wrong)
    return till_meaning_unknown (wrong);
  gboolean reversed = errand->kind == TILL_ERRAND_REVERSE && answer->status == 204;
  if (reversed && g_bytes_get_size (answer->body) == 0)
    return till_outcome_new (TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  /* USERPAYING may come with 202, which is otherwise no answer. */
  gboolean paying = errand->kind == TILL_ERRAND_PAY && answer->status == 202;
  if (answer->status != 200 && !paying && (answer->status < 400 || answer->status > 499))
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", answer->status);
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (answer->body, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  return interpret_object (errand, account, answer, object);
}

static const char *const account_facts[] = { "app_id", "serial_no", NULL };

static const TillStopWord stops[] = {
  { "SIGN_ERROR", TILL_STOP_KEYS },
  { "NO_AUTH", TILL_STOP_RIGHTS },
  { NULL, TILL_STOP_NONE },
};

const TillCodec till_wechat_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY,
  .facts = account_facts,
  .build = build,
  .interpret = interpret,
  .file = &till_wechat_file,
  .notice = &till_wechat_notices,
  .balance = &till_wechat_balance,
  .stops = stops,
};
