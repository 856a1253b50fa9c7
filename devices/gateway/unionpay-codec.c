/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's all-channel platform (银联全渠道, acp) 5.1.0, signMethod 01: back-end transactions and
 * the single query, QR payments at the counter and what goes back of QR and of online card
 * payments. a request: 00, 05, 83 taken in (a reversal's 00 done); 03, 04, 06, 12, 42, 99 open;
 * else refused a query: 34 not found; 00 and then origRespCode: 00, A6 done; 05, 83 taken in; else
 * as its row whatever stands in no row, has no believable signature or leaves something out:
 * unknown
 *
 * A request is known by merId, orderId and txnTime together: a repeat with a fresh txnTime is a
 * second refund. txnTime is therefore requested_at, in every attempt and in every query.
 *
 * Each answer brings the certificate it is signed with; who may have issued that, and to whom, is
 * all that is pinned. Nothing in an answer tells it from an older one about the same request: for
 * that, TLS is what is believed. */
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/form.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unionpay-form.h"
#include "devices/gateway/meaning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CURRENCY "156" /* CNY in ISO 4217 */
#define QR_MAX 64

/* A back-end transaction must name an address for its notice. With this one, as UnionPay's examples
 * use it, none is sent (assumed). */
#define NO_NOTICE "http://www.specialUrl.com"

/* The third part of a certificate's name, between the second "@" and the third. */
#define OWNER "中国银联股份有限公司"
#define TEST_OWNER "00040000:SIGN"

/* UnionPay's own schedule up to 32 s. */
static const int ladder_s[] = { 1, 2, 4, 8, 16, 32, 60, 300, 900, 1800, 3600 };

/* Cards: the products that take one in person are not on this platform, and its online payment
 * (01/01/000201) needs the customer's browser; but what was paid so can be given back here.
 * A refund that is done is not asked about again: that an issuer returned it stands in the file of
 * disputes (ZME); that the query would say so is documented nowhere. */
static const TillProfile profile = {
  .name = "unionpay",
  .words = N_ ("UnionPay"),
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND) | TILL_CAN (VOID) | TILL_CAN (QUERY_VOID),
  .cards = TILL_CARDS_NONE,
  .takes_codes = TRUE,
  .number_min = 8,
  .number_max = 40,
  .repeats_safely = TRUE, /* the same merId, orderId and txnTime get 12 */
  .not_found_times = 2,
  .not_found_after_s = 300,
  /* Of the QR product, which is what is paid with here; the platform's own is 330. */
  .window_days = 30,
  .void_until_s = 23 * 3600,
  .answer_within_s = 20, /* nothing is documented, as about its pace */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .file_ready_s = 9 * 3600, /* assumed */
};

/* Certificate's number in decimal; the terminal that a QR payment names. */
static const char *const facts[] = { "cert_id", "term_id", NULL };

#define BACK "/gateway/api/backTransReq.do"
#define QUERY "/gateway/api/queryTrans.do"

/* In the order of TillErrandKind. `about` is the type of what is asked after. That a reversal is
 * 99/01 and repeats orderId and txnTime of the payment is assumed. */
static const struct
{
  const char *path, *type, *sub_type, *about;
} kinds[TILL_N_ERRANDS] = {
  { BACK, "01", "06", "01" },  { QUERY, "00", "00", "01" }, { BACK, "99", "01", "99" },
  { BACK, "04", "00", "04" },  { QUERY, "00", "00", "04" }, { BACK, "31", "00", "31" },
  { QUERY, "00", "00", "31" },
};

typedef struct
{
  TillOutcomeKind kind;
  TillFailureClass failure;
} Meaning;

typedef struct
{
  const char *code;
  Meaning request;    /* as respCode of what was asked for */
  Meaning state;      /* as origRespCode: what became of it */
  const char *detail; /* ours, for the log; NULL where the code says enough */
} Code;

#define DONE TILL_OUTCOME_DONE, TILL_CLASS_NONE
#define TAKEN TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE
#define OPEN TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME
#define GONE TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE
#define NO(class) TILL_OUTCOME_REFUSED, TILL_CLASS_##class

static const char defective[] = "done with a defect: compare it with the settlement";
static const char not_clear[] = "UnionPay itself does not know: ask";

/* 00 of a payment is said to be its end in one place and "taken in" in another; the query a second
 * later decides. 02 and 39 as a state: it was taken down and did not happen, and its number is used
 * up, so that "come again later" no longer helps. 45 keeps the refund with a person: the one that
 * is already there may be this very one. */
static const Code codes[] = {
  { "00", { TAKEN }, { DONE }, NULL },
  { "A6", { TAKEN }, { DONE }, defective },
  { "01", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "02", { NO (RETRY) }, { NO (FINAL) }, NULL },
  { "03", { OPEN }, { OPEN }, not_clear },
  { "04", { OPEN }, { OPEN }, not_clear },
  { "05", { TAKEN }, { TAKEN }, NULL },
  { "06", { OPEN }, { OPEN }, "too busy: a repeat is safe once a query finds nothing" },
  { "10", { NO (FIX) }, { NO (FIX) }, NULL },
  { "11", { NO (FIX) }, { NO (FIX) }, NULL },
  { "12", { OPEN }, { OPEN }, "UnionPay has this number already: ask what became of it" },
  { "13", { NO (FIX) }, { NO (FIX) }, NULL },
  { "30", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "31", { NO (PROVIDER) }, { NO (PROVIDER) }, NULL },
  { "32", { NO (PROVIDER) }, { NO (PROVIDER) }, NULL },
  { "33", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "34", { OPEN }, { OPEN }, "not found is no answer to this" },
  { "35", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "36", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "37", { OPEN }, { OPEN }, "asked too often" },
  { "38", { NO (PROVIDER) }, { NO (PROVIDER) }, NULL },
  { "39", { NO (RETRY) }, { NO (FINAL) }, NULL },
  { "42", { OPEN }, { OPEN }, "paid after it had expired: UnionPay has to say whose the money is" },
  { "45", { NO (PROVIDER) }, { NO (PROVIDER) }, "given back already: by which number?" },
  { "46", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "60", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "61", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "62", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "63", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "64", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "65", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "66", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "67", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "68", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "73", { NO (CUSTOMER) }, { NO (CUSTOMER) }, NULL },
  { "74", { NO (CUSTOMER) }, { NO (CUSTOMER) }, NULL },
  { "75", { NO (CUSTOMER) }, { NO (CUSTOMER) }, NULL },
  { "83", { TAKEN }, { TAKEN }, NULL },
  { "86", { NO (FINAL) }, { NO (FINAL) }, NULL },
  { "90", { NO (BALANCE) }, { NO (BALANCE) }, NULL },
  { "99", { OPEN }, { NO (FINAL) }, NULL },
};

/* What means something else as the answer to a reversal: that it is undone is what was asked for.
 * UnionPay knows no query for a reversal, so its 00 is taken for the end (assumed). */
static const Code reversals[] = {
  { "00", { DONE }, { OPEN }, NULL },
  { "A6", { DONE }, { OPEN }, defective },
  { "34", { GONE }, { OPEN }, NULL },
  { "46", { DONE }, { OPEN }, NULL },
};

static const Code *
find_code (const Code *rows, gsize n, const char *code)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (rows[i].code, code) == 0)
      return &rows[i];
  return NULL;
}

static char *
time_of (int64_t at)
{
  return till_clock_stamp (at, TILL_CHINA, "%Y%m%d%H%M%S");
}

/* SHA-256 of all fields but the signature, in small hexadecimal digits: the text that is signed. */
static char *
text_to_sign (const TillForm *form)
{
  static const char *const but[] = { "signature", NULL };
  char *sorted = till_form_sorted (form, but, TRUE);
  char *digest = till_digest_hex (sorted, strlen (sorted));
  till_secret_free (sorted); /* it holds the customer's code */
  return digest;
}

void
till_unionpay_sign (TillForm *form, const TillAccount *account)
{
  g_autofree char *text = text_to_sign (form);
  g_autofree char *signature = till_key_sign (account->our_key, text, strlen (text));
  till_form_add (form, "signature", signature);
}

/* The payment whose money goes back. The online product takes its queryId only: without one it
 * answers that something is missing (13), and a person looks. */
static void
point_to_original (TillForm *form, const TillErrand *errand)
{
  till_form_add (form, "origQryId", errand->original_provider_no);
  if (errand->original_provider_no || errand->by_card || errand->original_requested_at <= 0)
    return;
  g_autofree char *time = time_of (errand->original_requested_at);
  till_form_add (form, "origOrderId", errand->original_no);
  till_form_add (form, "origTxnTime", time);
}

static void
add_transaction (TillForm *form, const TillErrand *errand, const TillAccount *account)
{
  till_form_add_int (form, "txnAmt", errand->amount);
  till_form_add (form, "currencyCode", CURRENCY);
  till_form_add (form, "backUrl", errand->notice_url ? errand->notice_url : NO_NOTICE);
  if (till_errand_kind_is_backward (errand->kind))
    point_to_original (form, errand);
  if (errand->kind != TILL_ERRAND_PAY)
    return;
  /* It came from a scanner: whatever that read must not become anything but one field. */
  char *code = till_text_clean (errand->auth, QR_MAX);
  till_form_add (form, "qrNo", code);
  till_secret_free (code);
  till_form_add (form, "termId", till_account_fact (account, "term_id"));
}

static TillForm *
make_form (const TillErrand *errand, const TillAccount *account)
{
  TillForm *form = till_form_new ();
  g_autofree char *time = time_of (errand->requested_at);
  till_form_add (form, "version", "5.1.0");
  till_form_add (form, "encoding", "UTF-8");
  till_form_add (form, "signMethod", "01");
  till_form_add (form, "certId", till_account_fact (account, "cert_id"));
  till_form_add (form, "txnType", kinds[errand->kind].type);
  till_form_add (form, "txnSubType", kinds[errand->kind].sub_type);
  till_form_add (form, "bizType", errand->by_card ? "000201" : "000000");
  till_form_add (form, "accessType", "0");
  till_form_add (form, "channelType", "07");
  till_form_add (form, "merId", account->merchant_no);
  till_form_add (form, "orderId", errand->request_no);
  till_form_add (form, "txnTime", time);
  if (!till_errand_kind_is_query (errand->kind))
    add_transaction (form, errand, account);
  return form;
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  /* Without its time a request would be another one, and a query would find nothing. */
  g_assert (errand->request_no && errand->requested_at > 0
            && (errand->kind != TILL_ERRAND_PAY || (errand->auth && !errand->by_card)));
  g_autoptr (TillForm) form = make_form (errand, account);
  till_unionpay_sign (form, account);
  g_autoptr (GBytes) body = till_form_encode (form);
  till_form_wipe (form);
  TillRequest *request = till_request_new (account->base_url, kinds[errand->kind].path, body);
  till_request_add_header (request, "Content-Type",
                           "application/x-www-form-urlencoded;charset=UTF-8");
  till_request_limit (request, account, &profile);
  return request;
}

/* Where no real money moves: UnionPay's test environment, and this machine. */
static gboolean
is_for_practice (const TillAccount *account)
{
  static const char *const hosts[]
      = { "gateway.test.95516.com", "127.0.0.1", "::1", "localhost", NULL };
  g_autoptr (GUri) uri = g_uri_parse (account->base_url, G_URI_FLAGS_NONE, NULL);
  return uri && g_uri_get_host (uri) && g_strv_contains (hosts, g_uri_get_host (uri));
}

/* Among all that the authorities vouch for, whose certificate it is. The test environment's name is
 * given out freely; it opens nothing, because it counts only for an account that by its own file
 * talks to that environment, and even there the certificate must chain to the account's
 * authorities. A real account that pinned the test authorities by mistake still believes nobody. */
static gboolean
is_unionpay (const char *common_name, const TillAccount *account)
{
  g_auto (GStrv) parts = g_strsplit (common_name ? common_name : "", "@", -1);
  if (g_strv_length (parts) < 3)
    return FALSE;
  return strcmp (parts[2], OWNER) == 0
         || (strcmp (parts[2], TEST_OWNER) == 0 && is_for_practice (account));
}

char *
till_unionpay_doubt (const TillAccount *account, const TillForm *form, int64_t asked_at)
{
  const char *cert = till_form_get (form, "signPubKeyCert");
  const char *signature = till_form_get (form, "signature");
  if (!cert || !signature)
    {
      /* A fault of ours, as a wrong certId, is told unsigned: a hint for the log, nothing else. */
      g_autofree char *says = till_text_clean (till_form_get (form, "respCode"), 16);
      return g_strdup_printf ("the answer is not signed; it says “%s”", says);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = g_bytes_new_static (cert, strlen (cert));
  g_autoptr (TillKey) key = till_authorities_key_of (account->authorities, pem, asked_at, &error);
  if (!key)
    return g_strdup (error->message);
  if (!is_unionpay (till_key_facts (key)->common_name, account))
    return g_strdup ("the certificate is somebody else's than UnionPay's");
  g_autofree char *text = text_to_sign (form);
  return till_key_verifies (key, text, strlen (text), signature)
             ? NULL
             : g_strdup ("the signature does not fit the answer");
}

/* What the answer says about whose money it is must be what we asked about; NULL when it does not
 * say otherwise. Which fields an answer to which request holds is known as "the request's, and
 * queryId": the currency and the payment are compared where they stand and not missed elsewhere. */
static const char *
contradiction (const TillErrand *errand, const TillAccount *account, const TillForm *form)
{
  gboolean query = till_errand_kind_is_query (errand->kind);
  g_autofree char *time = time_of (errand->requested_at);
  const struct
  {
    const char *name, *ours, *words;
  } same[] = {
    { "merId", account->merchant_no, "the answer names another merchant" },
    { "orderId", errand->request_no, "the answer names another number" },
    { "txnTime", time, "the answer names another time" },
    { "currencyCode", CURRENCY, "the answer names another currency" },
    { "origQryId", errand->original_provider_no, "the answer names another payment" },
    { "origOrderId", errand->original_no, "the answer names another payment" },
    { "queryId", query ? errand->provider_no : NULL,
      "UnionPay calls it something else than before" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      const char *theirs = till_form_get (form, same[i].name);
      if (theirs && same[i].ours && strcmp (theirs, same[i].ours) != 0)
        return same[i].words;
    }
  const char *type = till_form_get (form, "txnType");
  if (type && strcmp (type, kinds[errand->kind].type) != 0
      && strcmp (type, kinds[errand->kind].about) != 0)
    return "the answer is about another kind of transaction";
  TillMoney amount;
  if (till_meaning_fen_of_text (till_form_get (form, "txnAmt"), &amount)
      && amount != errand->amount)
    return "the answer names another amount";
  return NULL;
}

static gboolean
says_whom (const TillForm *form)
{
  return till_form_get (form, "merId") && till_form_get (form, "orderId")
         && till_form_get (form, "txnTime");
}

/* An answer that says yes leaves nothing out. txnType above all: a payment and its reversal share
 * everything else. */
static gboolean
is_whole (const TillErrand *errand, const TillForm *form, TillOutcomeKind kind)
{
  TillMoney amount;
  gboolean numbered = kind == TILL_OUTCOME_ACCEPTED || errand->kind == TILL_ERRAND_REVERSE
                      || till_meaning_is_number (till_form_get (form, "queryId"));
  return numbered && till_form_get (form, "txnType")
         && till_meaning_fen_of_text (till_form_get (form, "txnAmt"), &amount);
}

static TillOutcome *
outcome_of (const TillErrand *errand, const TillForm *form, Meaning meaning, const char *detail)
{
  gboolean yes = meaning.kind == TILL_OUTCOME_DONE || meaning.kind == TILL_OUTCOME_ACCEPTED;
  if (!says_whom (form))
    return till_meaning_unknown ("the answer does not say whom it is about");
  if (yes && !is_whole (errand, form, meaning.kind))
    return till_meaning_unknown ("the answer says yes and leaves out to what");
  return till_outcome_new (meaning.kind, meaning.failure, detail);
}

static TillOutcome *
interpret_request (const TillErrand *errand, const TillForm *form, const char *code)
{
  if (till_form_get (form, "origRespCode"))
    return till_meaning_unknown ("the answer is one to another question");
  const Code *row = NULL;
  if (errand->kind == TILL_ERRAND_REVERSE)
    row = find_code (reversals, G_N_ELEMENTS (reversals), code);
  if (!row)
    row = find_code (codes, G_N_ELEMENTS (codes), code);
  return row ? outcome_of (errand, form, row->request, row->detail)
             : till_meaning_unknown ("a code that is not known");
}

/* respCode is about the question, origRespCode about what was asked after. */
static TillOutcome *
interpret_query (const TillErrand *errand, const TillForm *form, const char *code)
{
  static const Meaning gone = { GONE };
  const char *state = till_form_get (form, "origRespCode");
  if (strcmp (code, "34") == 0 && !state)
    return outcome_of (errand, form, gone, NULL);
  if (strcmp (code, "37") == 0)
    return till_meaning_unknown ("asked too often");
  if (strcmp (code, "00") != 0)
    return till_meaning_unknown ("the question was not taken");
  if (!state)
    return till_meaning_unknown ("the answer does not say what became of it");
  const Code *row = find_code (codes, G_N_ELEMENTS (codes), state);
  return row ? outcome_of (errand, form, row->state, row->detail)
             : till_meaning_unknown ("a code that is not known");
}

static TillOutcome *
interpret_form (const TillErrand *errand, const TillAccount *account, const TillForm *form)
{
  const char *code = till_form_get (form, "respCode");
  if (!code)
    return till_meaning_unknown ("the answer has no respCode");
  const char *contradicts = contradiction (errand, account, form);
  TillOutcome *outcome;
  if (contradicts)
    outcome = till_meaning_mismatch (contradicts);
  else if (till_errand_kind_is_query (errand->kind))
    outcome = interpret_query (errand, form, code);
  else
    outcome = interpret_request (errand, form, code);

  /* The second level tells more, where there is one. */
  till_meaning_add_words (outcome, code, till_form_get (form, "respMsg"));
  till_meaning_add_words (outcome, till_form_get (form, "origRespCode"),
                          till_form_get (form, "origRespMsg"));
  /* Only what is surely ours: a reversal has a number of its own, which is not the payment's. */
  if (!contradicts && says_whom (form) && errand->kind != TILL_ERRAND_REVERSE)
    till_meaning_add_number (outcome, till_form_get (form, "queryId"));
  TillMoney amount;
  if (till_meaning_fen_of_text (till_form_get (form, "txnAmt"), &amount))
    outcome->amount = amount;
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
  g_autoptr (TillForm) form = till_form_read_plain (answer->body, &error);
  if (!form)
    return till_meaning_unknown (error->message);
  g_autofree char *why = till_unionpay_doubt (account, form, errand->asked_at);
  return why ? till_meaning_unknown (why) : interpret_form (errand, account, form);
}

/* 验证签名失败; 商户状态不正确; 无此交易权限. */
static const TillStopWord stops[] = {
  { "11", TILL_STOP_KEYS },
  { "31", TILL_STOP_RIGHTS },
  { "32", TILL_STOP_RIGHTS },
  { NULL, TILL_STOP_NONE },
};

const TillCodec till_unionpay_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_OUR_KEY | TILL_NEEDS_AUTHORITIES,
  .facts = facts,
  .build = build,
  .interpret = interpret,
  .file = &till_unionpay_file,
  .notice = &till_unionpay_notices,
  .stops = stops,
};
