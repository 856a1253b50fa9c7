/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala open platform V3 (拉卡拉开放平台): JSON, signed in an Authorization header; labs
 * (聚合扫码) for whatever began with a customer's code, lams (统一退货) for refunds of card
 * payments.
 *
 * code says whether the request was taken, trade_state what became of it:
 *   SUCCESS → done · INIT, CREATE, PROCESSING, or taken without a word → accepted
 *   FAIL, EXCEPTION, CLOSE, REVOKED → refused · DEAL, TIMEOUT, UNKNOWN, any other → unknown
 *
 * A payment is undone by revoked, not by close: close is for an order nobody has paid, and whoever
 * asks for a reversal does not know whether it is paid. revoked gives back what was paid and takes
 * a number of its own, made of the payment's, so that a repeat is the same cancellation.
 *
 * A refund names no address for a notice: idmrefund, trade_refund and revoked have no field for one
 * (rfd's refund_front has, but neither takes a repeat safely nor knows both ways to pay). What
 * became of it is asked.
 *
 * Answers are signed, but nothing in the signature ties them to our request: a yes or no counts
 * only when it names our number. No currency is named anywhere; everything is CNY. */
#include "data/core/clock.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/json.h"
#include "devices/gateway/lakala-private.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SCHEME "LKLAPI-SHA256withRSA"
#define TEXT_MAX 32 /* auth_code, subject, refund_reason */
#define LOG_NO_LENGTH 14
#define CARD_DIGITS 4

static const int ladder_s[] = { 1, 2, 4, 8, 16, 32, 60, 300, 900, 1800, 3600 };

static const TillProfile profile = {
  .name = "lakala",
  .words = N_ ("Lakala"),
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND) | TILL_CAN (VOID) | TILL_CAN (QUERY_VOID),
  /* Card payments are made at Lakala's own terminals; here they can only be refunded. That a slip
   * shows the log number by which that is done is assumed. */
  .takes_codes = TRUE,
  .slip_log_digits = LOG_NO_LENGTH,
  .number_min = 1,
  .number_max = 31, /* 32, and a reversal's number has one letter more */
  /* Documented of idmrefund; of the others that a number must be new, so a repeat can fail only. */
  .repeats_safely = TRUE,
  .not_found_times = 3,
  .not_found_after_s = 300,
  /* Window, count and distance of refunds are documented nowhere, nor that one which is done would
   * be taken back. That a void is for the same day
   * is; the hour is assumed to be UnionPay's, whose clearing Lakala's is part of. */
  .void_until_s = 23 * 3600,
  .answer_within_s = 20, /* assumed, as is the ladder */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
};

static const char *const facts[] = { "app_id", "serial_no", "term_no", "request_ip", NULL };

/* Where an errand goes, what our number and the amount are called there, which code says taken, and
 * what its trade_main_type must be where the answer has one. */
typedef struct
{
  const char *path, *number, *amount, *taken, *type;
} Interface;

#define LABS "/api/v3/labs/"
#define LAMS "/api/v3/lams/trade/"

#define REVOKED LABS "relation/revoked", "out_trade_no", "total_amount", "BBS00000"
#define TRADE LABS "query/tradequery", "out_trade_no", "total_amount", "BBS00000"

/* In the order of TillErrandKind. That a cancellation is found like any other trade, by its own
 * number, is assumed. */
static const Interface by_code[TILL_N_ERRANDS] = {
  { LABS "trans/micropay", "out_trade_no", "total_amount", "BBS00000", NULL },
  { TRADE, "MICROPAY" },
  { REVOKED, NULL },
  { LABS "relation/idmrefund", "out_refund_order_no", "refund_amount", "BBS00000", NULL },
  { LABS "query/idmrefundquery", "out_refund_order_no", "refund_amount", "BBS00000", NULL },
  { REVOKED, NULL },
  { TRADE, "CANCEL" },
};
static const Interface card_refund
    = { LAMS "trade_refund", "out_trade_no", "refund_amount", "000000", NULL };
static const Interface card_refund_query
    = { LAMS "trade_refund_query", "out_trade_no", "refund_amount", "000000", NULL };

/* What trade_state means for each errand, in the order of TillErrandKind: labs' words and those of
 * refunds. A payment that somebody else gave back contradicts our row. */
static const struct
{
  const char *state;
  TillOutcomeKind outcome[TILL_N_ERRANDS];
} states[] = {
#define U TILL_OUTCOME_UNKNOWN
#define DONE TILL_OUTCOME_DONE
#define WAIT TILL_OUTCOME_ACCEPTED
#define NO TILL_OUTCOME_REFUSED
#define ODD TILL_OUTCOME_MISMATCH
  { "SUCCESS", { DONE, DONE, DONE, DONE, DONE, DONE, DONE } },
  { "INIT", { WAIT, WAIT, WAIT, WAIT, WAIT, WAIT, WAIT } },
  { "CREATE", { WAIT, WAIT, WAIT, U, U, WAIT, WAIT } },
  { "PROCESSING", { U, U, U, WAIT, WAIT, U, U } },
  { "FAIL", { NO, NO, NO, NO, NO, NO, NO } },
  { "EXCEPTION", { U, U, U, NO, NO, U, U } },
  { "CLOSE", { NO, NO, U, U, U, U, U } },
  { "REVOKED", { NO, NO, DONE, U, U, DONE, U } },
  { "PART_REFUND", { U, ODD, U, U, U, U, U } },
  { "REFUND", { U, ODD, U, U, U, U, U } },
  { "DEAL", { U, U, U, U, U, U, U } },
  { "TIMEOUT", { U, U, U, U, U, U, U } },
  { "UNKNOWN", { U, U, U, U, U, U, U } },
#undef U
#undef DONE
#undef WAIT
#undef NO
#undef ODD
};

#define OPEN(word)                                                                                 \
  {                                                                                                \
    word, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME                                         \
  }
#define REFUSED(word, class)                                                                       \
  {                                                                                                \
    word, TILL_OUTCOME_REFUSED, TILL_CLASS_##class                                                 \
  }

/* Codes other than taken. Those that are known all leave the outcome open; that any other means
 * failed is what integrations do and nobody documents, so a code that is not here is no refusal
 * either: the query has the last word. SBX_… are the sandbox's inventions, which Lakala cannot say.
 */
static const TillMeaning codes[] = {
  OPEN ("BBS11112"),
  OPEN ("BBS11105"),
  OPEN ("BBS10000"),
  OPEN ("BPS10034"),
  OPEN ("BBS00100"),
  OPEN ("BBS00101"),
  OPEN ("RFD11112"),
  { "SBX_NOT_FOUND", TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE },
  { "SBX_NUMBER_USED", TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME },
  REFUSED ("SBX_ORIGINAL_NOT_FOUND", FIX),
  REFUSED ("SBX_ORIGINAL_DIFFERS", FIX),
  REFUSED ("SBX_ALREADY_REFUNDED", FIX),
  REFUSED ("SBX_AMOUNT_ABOVE_REFUNDABLE", FIX),
  REFUSED ("SBX_TOO_LATE_TO_VOID", FINAL),
  REFUSED ("SBX_BALANCE_LOW", BALANCE),
  REFUSED ("SBX_ACCOUNT_CLOSED", CUSTOMER),
  REFUSED ("SBX_BAD_REQUEST", FIX),
};

static const Interface *
interface_of (const TillErrand *errand)
{
  if (errand->by_card && errand->kind == TILL_ERRAND_REFUND)
    return &card_refund;
  if (errand->by_card && errand->kind == TILL_ERRAND_QUERY_REFUND)
    return &card_refund_query;
  return &by_code[errand->kind];
}

static gboolean
is_lams (const Interface *interface)
{
  return interface == &card_refund || interface == &card_refund_query;
}

/* The number this request is known by. */
static char *
own_number (const TillErrand *errand)
{
  return g_strconcat (errand->kind == TILL_ERRAND_REVERSE ? "R" : "", errand->request_no, NULL);
}

/* The payment a labs request points to, or NULL. */
static const char *
origin_of (const TillErrand *errand)
{
  if (is_lams (interface_of (errand)))
    return NULL;
  return errand->kind == TILL_ERRAND_REVERSE ? errand->request_no : errand->original_no;
}

/* --- the request --- */

static void
set_clean (json_t *object, const char *name, const char *text)
{
  char *clean = till_text_clean (text, TEXT_MAX);
  till_json_set_text (object, name, clean);
  till_secret_free (clean); /* it may have been the customer's code */
}

/* The form that is documented, 6226****8223. Where the books know a card's last four digits only,
 * lams is assumed to be content with these. */
static char *
masked_card (const char *masked)
{
  gsize length = strlen (masked);
  gboolean first = strspn (masked, "0123456789") >= CARD_DIGITS;
  return g_strdup_printf ("%.*s****%s", first ? CARD_DIGITS : 0, masked,
                          masked + length - CARD_DIGITS);
}

/* lams wants the day, Lakala's own number of the payment (the terminal's is 14 digits long, any
 * other the platform's) and the card; a question may name the slip's reference number as well. */
static void
add_card_payment (json_t *data, const TillErrand *errand)
{
  g_autofree char *day
      = errand->slip_day ? g_strdup_printf ("%d", errand->slip_day)
                         : till_clock_stamp (errand->original_requested_at, TILL_CHINA, "%Y%m%d");
  till_json_set_text (data, "origin_biz_type", "1");
  till_json_set_text (data, "origin_trade_date", day);
  const char *no = errand->original_provider_no;
  gboolean log_no = no && strlen (no) == LOG_NO_LENGTH && strspn (no, "0123456789") == strlen (no);
  till_json_set_text (data, log_no ? "origin_log_no" : "origin_trade_no", no);
  if (errand->kind == TILL_ERRAND_QUERY_REFUND)
    till_json_set_text (data, "origin_trade_ref_no", errand->slip_reference_no);
  gsize length = errand->masked ? strlen (errand->masked) : 0;
  if (errand->kind != TILL_ERRAND_REFUND || length < CARD_DIGITS)
    return;
  g_autofree char *card = masked_card (errand->masked);
  till_json_set_text (data, "origin_card_no", card);
}

/* The address is a word of the account: a till does not know under which one it is seen outside. */
static void
add_location (json_t *data, const TillAccount *account)
{
  json_t *location = json_object ();
  till_json_set_text (location, "request_ip", till_account_fact (account, "request_ip"));
  till_json_set (data, "location_info", location);
}

static json_t *
make_data (const TillErrand *errand, const TillAccount *account)
{
  const Interface *interface = interface_of (errand);
  g_autofree char *number = own_number (errand);
  json_t *data = json_object ();
  till_json_set_text (data, "merchant_no", account->merchant_no);
  till_json_set_text (data, "term_no", till_account_fact (account, "term_no"));
  till_json_set_text (data, interface->number, number);
  if (errand->kind == TILL_ERRAND_PAY)
    {
      set_clean (data, "auth_code", errand->auth);
      till_json_set_digits (data, "total_amount", errand->amount);
      set_clean (data, "subject", errand->subject);
      /* Documented of a payment only. */
      till_json_set_text (data, "notify_url", errand->notice_url);
    }
  if (errand->kind == TILL_ERRAND_REFUND)
    till_json_set_digits (data, "refund_amount", errand->amount);
  if (is_lams (interface))
    add_card_payment (data, errand);
  if (till_errand_kind_is_query (errand->kind))
    return data;
  till_json_set_text (data, "origin_out_trade_no", origin_of (errand));
  if (interface == &by_code[TILL_ERRAND_REFUND])
    set_clean (data, "refund_reason", errand->subject);
  add_location (data, account);
  return data;
}

/* req_time of what moves money is part of the frozen request; a question is asked now. */
static GBytes *
make_body (const TillErrand *errand, const TillAccount *account)
{
  gboolean query = till_errand_kind_is_query (errand->kind);
  g_autofree char *time = till_clock_stamp (query ? errand->asked_at : errand->requested_at,
                                            TILL_CHINA, "%Y%m%d%H%M%S");
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "req_time", time);
  till_json_set_text (object, "version", "3.0");
  till_json_set (object, "req_data", make_data (errand, account));
  return till_json_write (object);
}

/* Both ways: who, with which key, when, a nonce and the bytes of the body, each on its line. */
static GString *
signed_text (const char *app_id, const char *serial_no, const char *time, const char *nonce,
             GBytes *body)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "%s\n%s\n%s\n%s\n", app_id, serial_no, time, nonce);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_string_append_len (text, data, (gssize)size);
  return g_string_append_c (text, '\n');
}

static char *
make_authorization (const TillAccount *account, GBytes *body, int64_t asked_at, const char *nonce)
{
  const char *app_id = till_account_fact (account, "app_id");
  const char *serial_no = till_account_fact (account, "serial_no");
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, asked_at / TILL_SECOND);
  GString *text = signed_text (app_id, serial_no, time, nonce, body);
  g_autofree char *signature = till_key_sign (account->our_key, text->str, text->len);
  g_string_free (text, TRUE);
  return g_strdup_printf (
      SCHEME " appid=\"%s\",timestamp=\"%s\",nonce_str=\"%s\",serial_no=\"%s\",signature=\"%s\"",
      app_id, time, nonce, serial_no, signature);
}

TillRequest *
till_lakala_request_new (const TillAccount *account, const char *path, GBytes *body,
                         int64_t asked_at, const char *nonce)
{
  g_autofree char *authorization = make_authorization (account, body, asked_at, nonce);
  TillRequest *request = till_request_new (account->base_url, path, body);
  till_request_add_header (request, "Content-Type", "application/json");
  till_request_add_header (request, "Accept", "application/json");
  till_request_add_header (request, "Authorization", authorization);
  till_request_limit (request, account, &profile);
  return request;
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (till_profile_can (&profile, errand->kind) && errand->request_no);
  g_assert (errand->kind != TILL_ERRAND_PAY || (errand->auth && !errand->by_card));
  g_assert (!till_errand_kind_is_backward (errand->kind) || errand->original_no);
  g_autoptr (GBytes) body = make_body (errand, account);
  g_autofree char *nonce = till_request_nonce (errand);
  return till_lakala_request_new (account, interface_of (errand)->path, body, errand->asked_at,
                                  nonce);
}

/* --- the answer --- */

/* By the pinned key, or the one that is to follow it; the serial is the certificate's, and a pinned
 * key need not have come in one. */
gboolean
till_lakala_is_signed (const TillAccount *account, const TillReply *answer)
{
  const char *app_id = till_reply_field (answer, "lklapi-appid");
  const char *serial_no = till_reply_field (answer, "lklapi-serial");
  const char *time = till_reply_field (answer, "lklapi-timestamp");
  const char *nonce = till_reply_field (answer, "lklapi-nonce");
  const char *signature = till_reply_field (answer, "lklapi-signature");
  if (!serial_no || !time || !nonce
      || g_strcmp0 (app_id, till_account_fact (account, "app_id")) != 0)
    return FALSE;
  GString *text = signed_text (app_id, serial_no, time, nonce, answer->body);
  gboolean right
      = till_account_provider_signed (account, TILL_HASH_SHA256, text->str, text->len, signature);
  g_string_free (text, TRUE);
  return right;
}

/* What the answer says about whose money it is must be what we asked about; NULL when it does not
 * say otherwise. What it leaves out is for is_whole (). */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const json_t *data,
               const json_t *thing)
{
  const Interface *interface = interface_of (errand);
  g_autofree char *number = own_number (errand);
  const struct
  {
    const char *theirs, *ours, *words;
  } names[] = {
    { till_json_text (data, "merchant_no"), account->merchant_no, "another merchant" },
    { till_json_text (thing, interface->number), number, "another number" },
    { till_json_text (thing, "origin_out_trade_no"), origin_of (errand), "another payment" },
    { till_json_text (thing, "trade_main_type"), interface->type, "another kind of trade" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].theirs && names[i].ours && strcmp (names[i].theirs, names[i].ours) != 0)
      return names[i].words;
  TillMoney amount;
  return till_meaning_fen_of_text (till_json_text (thing, interface->amount), &amount)
                 && amount != errand->amount
             ? "another amount"
             : NULL;
}

static const char *
provider_no_of (const json_t *thing)
{
  const char *trade_no = till_json_text (thing, "trade_no");
  return trade_no ? trade_no : till_json_text (thing, "log_no");
}

/* An answer that says yes leaves nothing out. */
static gboolean
is_whole (const TillErrand *errand, const json_t *thing)
{
  const Interface *interface = interface_of (errand);
  TillMoney amount;
  return till_json_text (thing, interface->number)
         && till_meaning_fen_of_text (till_json_text (thing, interface->amount), &amount)
         && (errand->kind != TILL_ERRAND_REVERSE || till_json_text (thing, "origin_out_trade_no"))
         && till_meaning_is_number (provider_no_of (thing));
}

/* Taken, and no state said: it is to be asked after. But a reversal can be asked about in no other
 * way, and a cancellation is decided when it is answered (assumed). */
static TillOutcomeKind
outcome_of_state (const TillErrand *errand, const char *state)
{
  if (!state && errand->kind == TILL_ERRAND_REVERSE)
    return TILL_OUTCOME_DONE;
  if (!state)
    return till_errand_kind_is_query (errand->kind) ? TILL_OUTCOME_UNKNOWN : TILL_OUTCOME_ACCEPTED;
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (state, states[i].state) == 0)
      return states[i].outcome[errand->kind];
  return TILL_OUTCOME_UNKNOWN;
}

static TillOutcome *
interpret_state (const TillErrand *errand, const json_t *thing)
{
  const char *state = till_json_text (thing, "trade_state");
  TillOutcomeKind kind = outcome_of_state (errand, state);
  gboolean odd = json_object_get (thing, "trade_state") && !state; /* there, and no text */
  if (kind == TILL_OUTCOME_UNKNOWN || odd)
    return till_meaning_unknown ("a trade_state that says nothing about what happened");
  if (!till_json_text (thing, interface_of (errand)->number))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (kind == TILL_OUTCOME_MISMATCH)
    return till_meaning_mismatch ("somebody else gave this payment's money back");
  if (kind == TILL_OUTCOME_REFUSED)
    return till_outcome_new (kind, TILL_CLASS_FINAL, NULL);
  if (!is_whole (errand, thing))
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  return till_outcome_new (kind, TILL_CLASS_NONE, NULL);
}

gboolean
till_lakala_code_is_open (const char *code)
{
  const TillMeaning *meaning = till_meaning_find (codes, G_N_ELEMENTS (codes), code);
  return meaning && meaning->kind == TILL_OUTCOME_UNKNOWN;
}

static TillOutcome *
interpret_code (const TillErrand *errand, const char *code, const json_t *thing)
{
  const TillMeaning *meaning = till_meaning_find (codes, G_N_ELEMENTS (codes), code);
  if (!meaning || meaning->kind == TILL_OUTCOME_UNKNOWN)
    return till_meaning_unknown ("a code that says nothing about what happened");
  if (json_object_get (thing, "trade_state"))
    return till_meaning_unknown ("the answer says that it was not taken, and what became of it");
  if (!till_json_text (thing, interface_of (errand)->number))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (errand->kind == TILL_ERRAND_REVERSE && strcmp (code, "SBX_ORIGINAL_NOT_FOUND") == 0)
    return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
  gboolean fits
      = till_errand_kind_is_query (errand->kind) == (meaning->kind == TILL_OUTCOME_NOT_FOUND);
  return fits ? till_meaning_outcome (meaning, NULL)
              : till_meaning_unknown ("a code that is no answer to this question");
}

/* lams answers a question with all refunds of the payment: ours among them, or NULL with what that
 * means in *outcome. */
static const json_t *
find_in_list (const TillErrand *errand, const json_t *data, TillOutcome **outcome)
{
  const json_t *list = json_object_get (data, "refund_list"), *entry;
  gboolean readable = json_is_array (list);
  gsize i;
  json_array_foreach (list, i, entry)
  {
    const char *number = till_json_text (entry, card_refund_query.number);
    if (g_strcmp0 (number, errand->request_no) == 0)
      return entry;
    readable = readable && number;
  }
  *outcome = readable ? till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL)
                      : till_meaning_unknown ("the answer has no list of refunds");
  return NULL;
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillAccount *account, const json_t *object)
{
  const char *code = till_json_text (object, "code");
  if (!code)
    return till_meaning_unknown ("the answer has no code");
  gboolean taken = strcmp (code, interface_of (errand)->taken) == 0;
  TillOutcome *outcome = NULL;
  const json_t *data = json_object_get (object, "resp_data");
  gboolean listed = taken && interface_of (errand) == &card_refund_query;
  const json_t *thing = listed ? find_in_list (errand, data, &outcome) : data;
  const char *other = contradiction (errand, account, data, thing);
  if (other)
    {
      g_clear_pointer (&outcome, till_outcome_free);
      g_autofree char *detail = g_strdup_printf ("the answer names %s", other);
      outcome = till_meaning_mismatch (detail);
    }
  else if (!outcome)
    outcome = taken ? interpret_state (errand, thing) : interpret_code (errand, code, thing);

  till_meaning_add_words (outcome, code, till_json_text (object, "msg"));
  if (taken)
    till_meaning_add_words (outcome, till_json_text (thing, "trade_state"), NULL);
  till_meaning_add_number (outcome, provider_no_of (thing));
  till_meaning_fen_of_text (till_json_text (thing, interface_of (errand)->amount),
                            &outcome->amount);
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  /* Lakala signs, and its own client reads, nothing but a 200. */
  if (answer->status != 200 || !till_lakala_is_signed (account, answer))
    {
      g_autofree char *detail = g_strdup_printf (
          "HTTP %d %s", answer->status,
          answer->status == 200 ? "without Lakala's signature on it" : "is no answer");
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (answer->body, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  return interpret_object (errand, account, object);
}

const TillCodec till_lakala_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_PROVIDER_KEY,
  .facts = facts,
  .build = build,
  .interpret = interpret,
  .notice = &till_lakala_notices,
  .balance = &till_lakala_balance,
};
