/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's codec by tables. Requests are held against signatures that the openssl command made
 * (vectors/make.sh), answers are put together and signed here, so that only what a row says is
 * wrong with them. */
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "devices/gateway/form.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/vectors.h"

#define MERCHANT "777290058110048"
#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define ORIGINAL_ID "201121120000000000001"
#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00:00 in China */

static TillKey *signer;   /* owned; vectors/key.pem, of which signer.pem and its likes speak */
static TillKey *stranger; /* owned */
static TillAccount account;

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define VOI TILL_ERRAND_VOID
#define QVOI TILL_ERRAND_QUERY_VOID

static TillErrand
errand_of (TillErrandKind kind)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"unionpay",
                        .request_no = (char *)NUMBER,
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .requested_at = AT,
                        .asked_at = AT + TILL_MINUTE };
  if (kind == PAY)
    errand.auth = (char *)"6223610000000000000";
  if (!till_errand_kind_is_backward (kind))
    return errand;
  errand.original_no = (char *)ORIGINAL;
  errand.original_amount = 5000;
  errand.original_provider_no = (char *)ORIGINAL_ID;
  errand.original_requested_at = AT - TILL_DAY;
  return errand;
}

static const TillCodec *
codec (void)
{
  return till_codec_find ("unionpay");
}

/* --- what goes out --- */

#define URL "backUrl=http://www.specialUrl.com"
#define WHO "certId=11065019597129&channelType=07"
#define YUAN "currencyCode=156&encoding=UTF-8"
#define ORDER "merId=" MERCHANT "&orderId=" NUMBER
#define TIME "txnTime=20261122120000"
#define QR "qrNo=6223610000000000000&signMethod=01&termId=01080209"
#define BY_ORDER "origOrderId=" ORIGINAL "&origTxnTime=20261121120000"
#define BY_ID "origQryId=" ORIGINAL_ID

static const struct
{
  const char *vector;
  TillErrandKind kind;
  gboolean by_card;
  gboolean by_order; /* the payment's queryId is not known */
  const char *path;
  const char *fields; /* in order, by hand */
} requests[] = {
  { "pay", PAY, FALSE, FALSE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000000&" WHO "&" YUAN "&" ORDER "&" QR
    "&txnAmt=1250&txnSubType=06&" TIME "&txnType=01&version=5.1.0" },
  { "query", QPAY, FALSE, FALSE, "/gateway/api/queryTrans.do",
    "accessType=0&bizType=000000&" WHO "&encoding=UTF-8&" ORDER "&signMethod=01&txnSubType=00&" TIME
    "&txnType=00&version=5.1.0" },
  { "reverse", REV, FALSE, FALSE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000000&" WHO "&" YUAN "&" ORDER
    "&signMethod=01&txnAmt=1250&txnSubType=01&" TIME "&txnType=99&version=5.1.0" },
  { "refund", REF, FALSE, FALSE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000000&" WHO "&" YUAN "&" ORDER "&" BY_ID
    "&signMethod=01&txnAmt=1250&txnSubType=00&" TIME "&txnType=04&version=5.1.0" },
  { "refund-by-order", REF, FALSE, TRUE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000000&" WHO "&" YUAN "&" ORDER "&" BY_ORDER
    "&signMethod=01&txnAmt=1250&txnSubType=00&" TIME "&txnType=04&version=5.1.0" },
  { "refund-card", REF, TRUE, FALSE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000201&" WHO "&" YUAN "&" ORDER "&" BY_ID
    "&signMethod=01&txnAmt=1250&txnSubType=00&" TIME "&txnType=04&version=5.1.0" },
  { "query", QREF, FALSE, FALSE, "/gateway/api/queryTrans.do",
    "accessType=0&bizType=000000&" WHO "&encoding=UTF-8&" ORDER "&signMethod=01&txnSubType=00&" TIME
    "&txnType=00&version=5.1.0" },
  { "query-card", QREF, TRUE, FALSE, "/gateway/api/queryTrans.do",
    "accessType=0&bizType=000201&" WHO "&encoding=UTF-8&" ORDER "&signMethod=01&txnSubType=00&" TIME
    "&txnType=00&version=5.1.0" },
  { "void", VOI, FALSE, FALSE, "/gateway/api/backTransReq.do",
    "accessType=0&" URL "&bizType=000000&" WHO "&" YUAN "&" ORDER "&" BY_ID
    "&signMethod=01&txnAmt=1250&txnSubType=00&" TIME "&txnType=31&version=5.1.0" },
  { "query", QVOI, FALSE, FALSE, "/gateway/api/queryTrans.do",
    "accessType=0&bizType=000000&" WHO "&encoding=UTF-8&" ORDER "&signMethod=01&txnSubType=00&" TIME
    "&txnType=00&version=5.1.0" },
};

static TillErrand
errand_of_request (gsize i)
{
  TillErrand errand = errand_of (requests[i].kind);
  errand.by_card = requests[i].by_card;
  if (requests[i].by_order)
    errand.original_provider_no = NULL;
  return errand;
}

static void
test_requests (void)
{
  static const char *const but[] = { "signature", NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of_request (i);
      g_autofree char *vector = g_strconcat ("unionpay-", requests[i].vector, NULL);
      g_autofree char *signature = vectors_text (vector);
      g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
      g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
      g_autofree char *fields = till_form_sorted (form, but, TRUE);
      g_assert_cmpstr (fields, ==, requests[i].fields);
      g_assert_cmpstr (till_form_get (form, "signature"), ==, signature);
      g_assert_cmpstr (request->path, ==, requests[i].path);
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpuint (request->headers->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (request->headers, 0), ==,
                       "Content-Type: application/x-www-form-urlencoded;charset=UTF-8");
    }
}

/* Each byte of one of them; what the others are made of is the same. */
static void
test_request_bytes (void)
{
  TillErrand errand = errand_of (REF);
  g_autofree char *signature = vectors_text ("unionpay-refund");
  g_autofree char *encoded = g_uri_escape_string (signature, NULL, FALSE);
  g_autofree char *wanted = g_strconcat (
      "version=5.1.0&encoding=UTF-8&signMethod=01&certId=11065019597129&txnType=04&txnSubType=00"
      "&bizType=000000&accessType=0&channelType=07&merId=" MERCHANT "&orderId=" NUMBER "&" TIME
      "&txnAmt=1250&currencyCode=156&backUrl=http%3A%2F%2Fwww.specialUrl.com&" BY_ID "&signature=",
      encoded, NULL);
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  gsize size;
  const char *body = g_bytes_get_data (request->body, &size);
  g_assert_cmpmem (body, size, wanted, strlen (wanted));
  g_assert_cmpstr (request->url, ==, "https://gateway.test.95516.com/gateway/api/backTransReq.do");
  g_assert_cmpint (request->total_ms, ==, 20000);
}

/* A repeat after a restart a day later is the same bytes: one txnTime, one refund. */
static void
test_same_errand_same_bytes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of_request (i);
      g_autoptr (TillRequest) first = codec ()->build (&errand, &account);
      errand.asked_at += TILL_DAY;
      errand.provider_no = (char *)"201122120000000000002";
      g_autoptr (TillRequest) again = codec ()->build (&errand, &account);
      g_assert_true (g_bytes_equal (first->body, again->body));
      g_assert_cmpstr (first->url, ==, again->url);
    }
}

/* The query asks about the time the refund was promised at, in China's time over midnight UTC. */
static void
test_time_is_china_s (void)
{
  TillErrand errand = errand_of (QREF);
  errand.requested_at = AT + 13 * TILL_HOUR - 1; /* 2026-11-22 16:59:59.999999 UTC */
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
  g_assert_cmpstr (till_form_get (form, "txnTime"), ==, "20261123005959");
}

/* The online product knows no second way to its payment: nothing is made up for it. */
static void
test_card_without_query_id (void)
{
  TillErrand errand = errand_of (REF);
  errand.by_card = TRUE;
  errand.original_provider_no = NULL;
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
  g_assert_null (till_form_get (form, "origQryId"));
  g_assert_null (till_form_get (form, "origOrderId"));
  g_assert_null (till_form_get (form, "origTxnTime"));
}

/* A scanner may read anything; it stays one field. */
static void
test_strange_code (void)
{
  TillErrand errand = errand_of (PAY);
  errand.auth = (char *)"62&txnAmt=1&a={\x01\xff\r\n";
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
  g_assert_nonnull (form);
  g_assert_cmpstr (till_form_get (form, "txnAmt"), ==, "1250");
  g_assert_true (g_str_has_prefix (till_form_get (form, "qrNo"), "62&txnAmt=1&a={"));
}

/* --- what comes back --- */

typedef enum
{
  SIGNED,
  UNSIGNED,
  NO_CERTIFICATE,
  NO_SIGNATURE,
  WRONG_KEY,
  HASHED_ONCE,
  CAPITALS,
  CHANGED,
  ADDED,
  FOREIGN,
  SELF_MADE,
  FOR_CIPHERS,
  NO_COMMON_NAME,
  WITH_SHA1,
} Seal;

static const char *const certificates[] = { [FOREIGN] = "foreign-signer.pem",
                                            [SELF_MADE] = "self-signer.pem",
                                            [FOR_CIPHERS] = "cipher.pem",
                                            [NO_COMMON_NAME] = "two-names.pem",
                                            [WITH_SHA1] = "sha1-signer.pem" };

static char *
certificate_text (Seal seal)
{
  const char *name = certificates[seal] ? certificates[seal] : "signer.pem";
  g_autofree char *plain = vectors_text (name);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (plain), "\n", -1);
  return g_strjoinv ("\r\n", lines);
}

static char *
sign_fields (const char *fields, Seal seal, const TillKey *key)
{
  static const char *const but[] = { "signature", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new_static (fields, strlen (fields));
  g_autoptr (TillForm) form = till_form_read_plain (bytes, NULL);
  if (!form)
    return g_strdup ("AAAA");
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  if (seal == CHANGED)
    text[0] ^= 1;
  g_autofree char *small = till_digest_hex (text, strlen (text));
  g_autofree char *digest = seal == CAPITALS ? g_ascii_strup (small, -1) : g_strdup (small);
  return seal == HASHED_ONCE ? till_key_sign (key, text, strlen (text))
                             : till_key_sign (key, digest, strlen (digest));
}

static char *
sealed (const char *fields, Seal seal, const char *certificate, const TillKey *key)
{
  if (seal == UNSIGNED)
    return g_strdup (fields);
  g_autofree char *whole = seal == NO_CERTIFICATE
                               ? g_strdup (fields)
                               : g_strdup_printf ("%s&signPubKeyCert=%s", fields, certificate);
  if (seal == NO_SIGNATURE)
    return g_steal_pointer (&whole);
  g_autofree char *signature = sign_fields (whole, seal, key);
  return g_strdup_printf ("%s&signature=%s%s", whole, signature,
                          seal == ADDED ? "&reserved=x" : "");
}

static TillOutcome *
outcome_of_text (const TillErrand *errand, int status, const char *text, gsize size)
{
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  g_autoptr (GBytes) body = g_bytes_new (text, size);
  till_reply_set_body (answer, body);
  TillOutcome *outcome = codec ()->interpret (errand, &account, answer);
  g_test_message ("%s: %s %s", till_errand_kind_word (errand->kind),
                  till_outcome_kind_word (outcome->kind), outcome->detail ? outcome->detail : "");
  return outcome;
}

static TillOutcome *
outcome_of (const TillErrand *errand, int status, const char *fields, Seal seal)
{
  g_autofree char *certificate = certificate_text (seal);
  g_autofree char *text = sealed (fields, seal, certificate, seal == WRONG_KEY ? stranger : signer);
  return outcome_of_text (errand, status, text, strlen (text));
}

static void
assert_outcome (const TillOutcome *outcome, TillOutcomeKind kind, TillFailureClass failure)
{
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==, till_outcome_kind_word (kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==, till_failure_letter (failure));
  if (kind == TILL_OUTCOME_DONE || kind == TILL_OUTCOME_ACCEPTED)
    g_assert_cmpint (outcome->amount, ==, 1250);
}

#define BASE                                                                                       \
  "accessType=0&bizType=000000&encoding=UTF-8&signMethod=01&version=5.1.0&" ORDER "&" TIME
#define MONEY "txnAmt=1250&currencyCode=156&queryId=201122120000000000002"
#define FULL BASE "&" MONEY

static const char *const types[TILL_N_ERRANDS] = { "01", "00", "99", "04", "00", "31", "00" };

static TillOutcome *
outcome_of_code (TillErrandKind kind, const char *code, const char *state)
{
  TillErrand errand = errand_of (kind);
  g_autofree char *second
      = state ? g_strdup_printf ("&origRespCode=%s&origRespMsg=说明[1]", state) : g_strdup ("");
  g_autofree char *fields = g_strdup_printf (
      FULL "&txnType=%s&respCode=%s&respMsg=成功+[0000000]%s", types[kind], code, second);
  TillOutcome *outcome = outcome_of (&errand, 200, fields, SIGNED);
  g_assert_cmpstr (outcome->code, ==, state ? state : code);
  g_assert_cmpstr (outcome->words, ==, state ? "说明[1]" : "成功+[0000000]");
  return outcome;
}

#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_OPEN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define NO(class) IS (REFUSED, class)

/* Every code of the documentation: as the answer to a payment, refund or void; and as what a query
 * tells of one. */
static const struct
{
  const char *code;
  TillOutcomeKind request;
  TillFailureClass request_failure;
  TillOutcomeKind state;
  TillFailureClass state_failure;
} codes[] = {
  { "00", IS (ACCEPTED, NONE), IS (DONE, NONE) },
  { "A6", IS (ACCEPTED, NONE), IS (DONE, NONE) },
  { "01", NO (FINAL), NO (FINAL) },
  { "02", NO (RETRY), NO (FINAL) },
  { "03", IS_OPEN, IS_OPEN },
  { "04", IS_OPEN, IS_OPEN },
  { "05", IS (ACCEPTED, NONE), IS (ACCEPTED, NONE) },
  { "06", IS_OPEN, IS_OPEN },
  { "10", NO (FIX), NO (FIX) },
  { "11", NO (FIX), NO (FIX) },
  { "12", IS_OPEN, IS_OPEN },
  { "13", NO (FIX), NO (FIX) },
  { "30", NO (FINAL), NO (FINAL) },
  { "31", NO (PROVIDER), NO (PROVIDER) },
  { "32", NO (PROVIDER), NO (PROVIDER) },
  { "33", NO (FINAL), NO (FINAL) },
  { "34", IS_OPEN, IS_OPEN },
  { "35", NO (FINAL), NO (FINAL) },
  { "36", NO (FINAL), NO (FINAL) },
  { "37", IS_OPEN, IS_OPEN },
  { "38", NO (PROVIDER), NO (PROVIDER) },
  { "39", NO (RETRY), NO (FINAL) },
  { "42", IS_OPEN, IS_OPEN },
  { "45", NO (PROVIDER), NO (PROVIDER) },
  { "46", NO (FINAL), NO (FINAL) },
  { "60", NO (FINAL), NO (FINAL) },
  { "61", NO (FINAL), NO (FINAL) },
  { "62", NO (FINAL), NO (FINAL) },
  { "63", NO (FINAL), NO (FINAL) },
  { "64", NO (FINAL), NO (FINAL) },
  { "65", NO (FINAL), NO (FINAL) },
  { "66", NO (FINAL), NO (FINAL) },
  { "67", NO (FINAL), NO (FINAL) },
  { "68", NO (FINAL), NO (FINAL) },
  { "73", NO (CUSTOMER), NO (CUSTOMER) },
  { "74", NO (CUSTOMER), NO (CUSTOMER) },
  { "75", NO (CUSTOMER), NO (CUSTOMER) },
  { "83", IS (ACCEPTED, NONE), IS (ACCEPTED, NONE) },
  { "86", NO (FINAL), NO (FINAL) },
  { "90", NO (BALANCE), NO (BALANCE) },
  { "99", IS_OPEN, NO (FINAL) },
  /* a word of another interface, and words nobody told us */
  { "98", IS_OPEN, IS_OPEN },
  { "07", IS_OPEN, IS_OPEN },
  { "0", IS_OPEN, IS_OPEN },
  { "000", IS_OPEN, IS_OPEN },
  { "a6", IS_OPEN, IS_OPEN },
  { "SUCCESS", IS_OPEN, IS_OPEN },
};

static void
test_codes_of_requests (void)
{
  static const TillErrandKind kinds[] = { PAY, REF, VOI };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autoptr (TillOutcome) outcome = outcome_of_code (kinds[k], codes[i].code, NULL);
        assert_outcome (outcome, codes[i].request, codes[i].request_failure);
        g_assert_cmpstr (outcome->provider_no, ==, "201122120000000000002");
      }
}

static void
test_codes_of_states (void)
{
  static const TillErrandKind kinds[] = { QPAY, QREF, QVOI };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autoptr (TillOutcome) outcome = outcome_of_code (kinds[k], "00", codes[i].code);
        assert_outcome (outcome, codes[i].state, codes[i].state_failure);
      }
}

/* About the question: only 34 says something of what was asked after. */
static void
test_codes_of_questions (void)
{
  static const TillErrandKind kinds[] = { QPAY, QREF, QVOI };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        gboolean gone = strcmp (codes[i].code, "34") == 0;
        g_autoptr (TillOutcome) outcome = outcome_of_code (kinds[k], codes[i].code, NULL);
        assert_outcome (outcome, gone ? TILL_OUTCOME_NOT_FOUND : TILL_OUTCOME_UNKNOWN,
                        gone ? TILL_CLASS_NONE : TILL_CLASS_UNKNOWN_OUTCOME);
        if (strcmp (codes[i].code, "00") == 0)
          continue;
        /* It was not taken, and yet it says what became of it. */
        g_autoptr (TillOutcome) both = outcome_of_code (kinds[k], codes[i].code, "00");
        assert_outcome (both, IS_OPEN);
      }
}

static void
test_codes_of_reversals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      TillOutcomeKind kind = codes[i].request;
      TillFailureClass failure = codes[i].request_failure;
      static const char *const undone[] = { "00", "A6", "46", NULL };
      if (g_strv_contains (undone, codes[i].code))
        kind = TILL_OUTCOME_DONE;
      else if (strcmp (codes[i].code, "34") == 0)
        kind = TILL_OUTCOME_NOT_FOUND;
      if (kind == TILL_OUTCOME_DONE || kind == TILL_OUTCOME_NOT_FOUND)
        failure = TILL_CLASS_NONE;
      g_autoptr (TillOutcome) outcome = outcome_of_code (REV, codes[i].code, NULL);
      assert_outcome (outcome, kind, failure);
      g_assert_null (outcome->provider_no);
    }
}

#define YES "&respCode=00&respMsg=成功"
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)
#define MONEY_OF(amount, currency)                                                                 \
  "txnAmt=" amount "&currencyCode=" currency "&queryId=201122120000000000002"

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *fields;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* who signed */
  { "certificate-signed-with-sha1", REF, 200, WITH_SHA1, FULL "&txnType=04" YES,
    IS (ACCEPTED, NONE) },
  { "unsigned", REF, 200, UNSIGNED, FULL "&txnType=04" YES, IS_OPEN },
  { "unsigned-refusal", REF, 200, UNSIGNED, "respCode=11&respMsg=验证签名失败[9100004]", IS_OPEN },
  { "no-certificate", REF, 200, NO_CERTIFICATE, FULL "&txnType=04" YES, IS_OPEN },
  { "no-signature", REF, 200, NO_SIGNATURE, FULL "&txnType=04" YES, IS_OPEN },
  { "other-key", REF, 200, WRONG_KEY, FULL "&txnType=04" YES, IS_OPEN },
  { "hashed-once", REF, 200, HASHED_ONCE, FULL "&txnType=04" YES, IS_OPEN },
  { "hashed-to-capitals", REF, 200, CAPITALS, FULL "&txnType=04" YES, IS_OPEN },
  { "other-fields-signed", REF, 200, CHANGED, FULL "&txnType=04" YES, IS_OPEN },
  { "field-added", REF, 200, ADDED, FULL "&txnType=04" YES, IS_OPEN },
  { "other-authority", REF, 200, FOREIGN, FULL "&txnType=04" YES, IS_OPEN },
  { "no-authority", REF, 200, SELF_MADE, FULL "&txnType=04" YES, IS_OPEN },
  { "certificate-for-ciphers", REF, 200, FOR_CIPHERS, FULL "&txnType=04" YES, IS_OPEN },
  { "certificate-without-a-name", REF, 200, NO_COMMON_NAME, FULL "&txnType=04" YES, IS_OPEN },

  /* what is no answer */
  { "http-201", REF, 201, SIGNED, FULL "&txnType=04" YES, IS_OPEN },
  { "http-302", REF, 302, SIGNED, FULL "&txnType=04" YES, IS_OPEN },
  { "http-400", REF, 400, SIGNED, FULL "&txnType=04&respCode=35", IS_OPEN },
  { "http-500", REF, 500, SIGNED, FULL "&txnType=04" YES, IS_OPEN },
  { "name-twice", REF, 200, SIGNED, FULL "&txnType=04&respCode=00&respCode=00", IS_OPEN },
  { "no-pair", REF, 200, SIGNED, FULL "&txnType=04&respCode", IS_OPEN },
  { "gbk", REF, 200, SIGNED, FULL "&txnType=04&respCode=00&respMsg=\xb3\xc9\xb9\xa6", IS_OPEN },
  { "page", REF, 200, UNSIGNED, "<html><body class=a>Welcome</body></html>", IS_OPEN },

  /* what contradicts our row */
  { "other-merchant", REF, 200, SIGNED,
    "merId=777290058110049&orderId=" NUMBER "&" TIME "&" MONEY "&txnType=04" YES, IS_MISMATCH },
  { "other-number", REF, 200, SIGNED,
    "merId=" MERCHANT "&orderId=0ABCDEFGHJKMNPQS&" TIME "&" MONEY "&txnType=04" YES, IS_MISMATCH },
  { "other-time", REF, 200, SIGNED, ORDER "&txnTime=20261122120001&" MONEY "&txnType=04" YES,
    IS_MISMATCH },
  { "other-amount", REF, 200, SIGNED, BASE "&" MONEY_OF ("1251", "156") "&txnType=04" YES,
    IS_MISMATCH },
  { "the-whole-payment-s-amount", QREF, 200, SIGNED,
    BASE "&" MONEY_OF ("5000", "156") "&txnType=04" YES "&origRespCode=00", IS_MISMATCH },
  { "other-amount-refused", REF, 200, SIGNED,
    BASE "&" MONEY_OF ("1251", "156") "&txnType=04&respCode=35", IS_MISMATCH },
  { "other-currency", REF, 200, SIGNED, BASE "&" MONEY_OF ("1250", "840") "&txnType=04" YES,
    IS_MISMATCH },
  { "other-payment", REF, 200, SIGNED, FULL "&origQryId=201121120000000000009&txnType=04" YES,
    IS_MISMATCH },
  { "other-payment-s-number", REF, 200, SIGNED, FULL "&origOrderId=OTHER&txnType=04" YES,
    IS_MISMATCH },
  { "payment-instead-of-refund", REF, 200, SIGNED, FULL "&txnType=01" YES, IS_MISMATCH },
  { "payment-instead-of-reversal", REV, 200, SIGNED, FULL "&txnType=01" YES, IS_MISMATCH },
  { "reversal-instead-of-payment", QPAY, 200, SIGNED, FULL "&txnType=99" YES "&origRespCode=00",
    IS_MISMATCH },
  { "refund-instead-of-void", QVOI, 200, SIGNED, FULL "&txnType=04" YES "&origRespCode=00",
    IS_MISMATCH },
  { "not-found-of-another", QREF, 200, SIGNED,
    "merId=" MERCHANT "&orderId=0ABCDEFGHJKMNPQS&" TIME "&respCode=34", IS_MISMATCH },

  /* what leaves something out */
  { "the-asked-type-in-a-query", QREF, 200, SIGNED, FULL "&txnType=04" YES "&origRespCode=00",
    IS (DONE, NONE) },
  { "the-payment-s-number", QREF, 200, SIGNED, FULL "&" BY_ID "&txnType=00" YES "&origRespCode=00",
    IS (DONE, NONE) },
  { "no-amount", REF, 200, SIGNED,
    BASE "&currencyCode=156&queryId=201122120000000000002&txnType=04" YES, IS_OPEN },
  { "no-amount-done", QREF, 200, SIGNED,
    BASE "&queryId=201122120000000000002&txnType=00" YES "&origRespCode=00", IS_OPEN },
  { "amount-with-a-point", REF, 200, SIGNED, BASE "&" MONEY_OF ("12.50", "156") "&txnType=04" YES,
    IS_OPEN },
  { "amount-below-nothing", REF, 200, SIGNED, BASE "&" MONEY_OF ("-1250", "156") "&txnType=04" YES,
    IS_OPEN },
  { "amount-beyond-all", REF, 200, SIGNED,
    BASE "&" MONEY_OF ("99999999999999999999", "156") "&txnType=04" YES, IS_OPEN },
  { "no-query-id", QREF, 200, SIGNED, BASE "&txnAmt=1250&txnType=00" YES "&origRespCode=00",
    IS_OPEN },
  { "no-query-id-yet", QREF, 200, SIGNED, BASE "&txnAmt=1250&txnType=00" YES "&origRespCode=05",
    IS (ACCEPTED, NONE) },
  { "query-id-with-blanks", QREF, 200, SIGNED,
    BASE "&txnAmt=1250&queryId=2011 2212&txnType=00" YES "&origRespCode=00", IS_OPEN },
  { "no-type", REF, 200, SIGNED, FULL YES, IS_OPEN },
  { "no-type-of-a-reversal", REV, 200, SIGNED, FULL YES, IS_OPEN },
  { "no-merchant", REF, 200, SIGNED, "orderId=" NUMBER "&" TIME "&" MONEY "&txnType=04&respCode=35",
    IS_OPEN },
  { "no-number", REF, 200, SIGNED, "merId=" MERCHANT "&" TIME "&" MONEY "&txnType=04" YES,
    IS_OPEN },
  { "no-time", REF, 200, SIGNED, ORDER "&" MONEY "&txnType=04" YES, IS_OPEN },
  { "not-found-but-who", QREF, 200, SIGNED, "merId=" MERCHANT "&respCode=34", IS_OPEN },
  { "no-code", REF, 200, SIGNED, FULL "&txnType=04", IS_OPEN },
  { "empty-code", REF, 200, SIGNED, FULL "&txnType=04&respCode=", IS_OPEN },

  /* two levels */
  { "request-with-a-second-level", REF, 200, SIGNED, FULL "&txnType=04" YES "&origRespCode=00",
    IS_OPEN },
  { "reversal-with-a-second-level", REV, 200, SIGNED, FULL "&txnType=99" YES "&origRespCode=00",
    IS_OPEN },
  { "query-without-a-second-level", QREF, 200, SIGNED, FULL "&txnType=00" YES, IS_OPEN },
  { "found-and-not-found", QREF, 200, SIGNED, FULL "&txnType=00&respCode=34&origRespCode=00",
    IS_OPEN },
  { "empty-second-level", QREF, 200, SIGNED, FULL "&txnType=00" YES "&origRespCode=", IS_OPEN },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].errand);
  g_autoptr (TillOutcome) outcome
      = outcome_of (&errand, rows[i].status, rows[i].fields, rows[i].seal);
  assert_outcome (outcome, rows[i].kind, rows[i].failure);
  /* Nothing of another's is kept as ours. */
  if (rows[i].kind == TILL_OUTCOME_MISMATCH)
    g_assert_null (outcome->provider_no);
}

/* A number that UnionPay told before stays the refund's. */
static void
test_other_query_id (void)
{
  TillErrand errand = errand_of (QREF);
  errand.provider_no = (char *)"201122120000000000007";
  g_autoptr (TillOutcome) other
      = outcome_of (&errand, 200, FULL "&txnType=00" YES "&origRespCode=00", SIGNED);
  assert_outcome (other, IS_MISMATCH);
  errand.provider_no = (char *)"201122120000000000002";
  g_autoptr (TillOutcome) same
      = outcome_of (&errand, 200, FULL "&txnType=00" YES "&origRespCode=00", SIGNED);
  assert_outcome (same, IS (DONE, NONE));
}

/* An unsigned refusal is not believed, but the log may say what it was. */
static void
test_hint_of_an_unsigned_answer (void)
{
  TillErrand errand = errand_of (REF);
  g_autoptr (TillOutcome) outcome
      = outcome_of (&errand, 200, "respCode=11&respMsg=验证签名失败[9100004]", UNSIGNED);
  g_assert_nonnull (strstr (outcome->detail, "11"));
  g_assert_null (outcome->code);
  g_assert_null (outcome->words);
}

/* The answer that openssl made, all of it; then every third byte changed; then cut anywhere. */
static void
test_whole_answer (void)
{
  TillErrand errand = errand_of (QREF);
  g_autofree char *text = vectors_text ("unionpay-answer");
  gsize size = strlen (text);
  g_autoptr (TillOutcome) outcome = outcome_of_text (&errand, 200, text, size);
  assert_outcome (outcome, IS (DONE, NONE));
  g_assert_cmpstr (outcome->provider_no, ==, "201122120000000000002");
  g_assert_cmpstr (outcome->words, ==, "成功[0000000]");
  for (gsize i = 0; i < size; i += 3)
    {
      text[i] ^= 1;
      g_autoptr (TillOutcome) changed = outcome_of_text (&errand, 200, text, size);
      assert_outcome (changed, IS_OPEN);
      text[i] ^= 1;
    }
  for (gsize i = 0; i < size; i += 17)
    {
      g_autoptr (TillOutcome) cut = outcome_of_text (&errand, 200, text, i);
      assert_outcome (cut, IS_OPEN);
    }
  g_autoptr (TillOutcome) nul = outcome_of_text (&errand, 200, text, size + 1);
  assert_outcome (nul, IS_OPEN);
}

/* The certificate holds when the till asks, not when it first promised. */
static void
test_certificate_s_time (void)
{
  static const struct
  {
    int64_t at;
    TillOutcomeKind kind;
  } times[] = { { INT64_C (1704067199), TILL_OUTCOME_UNKNOWN },
                { INT64_C (1704067200), TILL_OUTCOME_DONE },
                { INT64_C (2019686399), TILL_OUTCOME_DONE },
                { INT64_C (2019686400), TILL_OUTCOME_UNKNOWN },
                { 0, TILL_OUTCOME_UNKNOWN } };
  g_autofree char *text = vectors_text ("unionpay-answer");
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      TillErrand errand = errand_of (QREF);
      errand.asked_at = times[i].at * TILL_SECOND;
      g_autoptr (TillOutcome) outcome = outcome_of_text (&errand, 200, text, strlen (text));
      g_assert_cmpint (outcome->kind, ==, times[i].kind);
    }
}

/* Whose certificate it is among all of the authority's, and where the test environment's name
 * counts: there, and on this machine. */
static void
test_names (void)
{
  static const char test_name[] = "041@Z12@00040000:SIGN@00000001";
  static const struct
  {
    const char *common_name, *base_url;
    TillOutcomeKind kind;
  } names[] = {
    { "041@8310000000083040@中国银联股份有限公司@00016493", "https://gateway.95516.com",
      TILL_OUTCOME_ACCEPTED },
    { "a@b@中国银联股份有限公司", "https://gateway.95516.com", TILL_OUTCOME_ACCEPTED },
    { "中国银联股份有限公司", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { "a@中国银联股份有限公司@b@c", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { "a@b@c@中国银联股份有限公司", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { "a@b@中国银联股份有限公司上海分公司@c", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { "a@b@ 中国银联股份有限公司@c", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { "041@1@Shop of somebody@1", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
    { test_name, "https://gateway.test.95516.com", TILL_OUTCOME_ACCEPTED },
    { test_name, "https://127.0.0.1:8443", TILL_OUTCOME_ACCEPTED },
    { test_name, "https://[::1]:8443", TILL_OUTCOME_ACCEPTED },
    { test_name, "https://localhost", TILL_OUTCOME_ACCEPTED },
    { test_name, "https://gateway.95516.com", TILL_OUTCOME_UNKNOWN },
    { test_name, "https://gateway.test.95516.com.example.org", TILL_OUTCOME_UNKNOWN },
    { test_name, "https://127.0.0.1.example.org", TILL_OUTCOME_UNKNOWN },
    { "00040000:SIGN", "https://127.0.0.1:8443", TILL_OUTCOME_UNKNOWN },
  };
  TillValidity validity = { AT / TILL_SECOND - 86400, AT / TILL_SECOND + 86400 };
  g_autofree char *ca = vectors_path ("made-ca.pem");
  g_autofree char *ca_key = vectors_path ("made-ca.key");
  g_autofree char *cert = vectors_path ("made.pem");
  g_autofree char *cert_key = vectors_path ("made.key");
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, NULL));
  TillAccount ours = account, before = account;
  ours.authorities = till_authorities_load (ca, NULL);
  TillErrand errand = errand_of (REF);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (till_certificate_make_signer (ca, ca_key, names[i].common_name, cert, cert_key,
                                                   validity, NULL));
      g_autoptr (TillKey) key = till_key_load_private (cert_key, NULL);
      g_autofree char *pem = vectors_text ("made.pem");
      g_autofree char *text = sealed (FULL "&txnType=04" YES, SIGNED, g_strchomp (pem), key);
      ours.base_url = (char *)names[i].base_url;
      account = ours;
      g_autoptr (TillOutcome) outcome = outcome_of_text (&errand, 200, text, strlen (text));
      account = before;
      g_assert_cmpint (outcome->kind, ==, names[i].kind);
    }
  till_authorities_free (ours.authorities);
}

/* Too large, too many, too deep: read by nobody. */
static void
test_bombs (void)
{
  TillErrand errand = errand_of (REF);
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autofree char *large = g_strdup_printf (FULL "&txnType=04" YES "&reserved=%s", filler);
  g_autoptr (TillOutcome) too_large = outcome_of (&errand, 200, large, SIGNED);
  assert_outcome (too_large, IS_OPEN);

  g_autoptr (GString) many = g_string_new (FULL "&txnType=04" YES);
  for (int i = 0; i < 300; i++)
    g_string_append_printf (many, "&x%d=1", i);
  g_autoptr (TillOutcome) too_many = outcome_of (&errand, 200, many->str, SIGNED);
  assert_outcome (too_many, IS_OPEN);

  g_autofree char *braces = g_strnfill (100 * 1000, '{');
  g_autofree char *deep = g_strdup_printf ("reserved=%s&" FULL "&txnType=04" YES, braces);
  g_autoptr (TillOutcome) too_deep = outcome_of (&errand, 200, deep, SIGNED);
  assert_outcome (too_deep, IS_OPEN);
}

/* A brace holds what is in it: a yes inside one is none. */
static void
test_braces (void)
{
  TillErrand errand = errand_of (REF);
  g_autoptr (TillOutcome) inside = outcome_of (
      &errand, 200, FULL "&txnType=04&reserved={respCode=00&respMsg=x}&respCode=35", SIGNED);
  assert_outcome (inside, NO (FINAL));
  g_autoptr (TillOutcome) only
      = outcome_of (&errand, 200, FULL "&txnType=04&reserved={respCode=00}", SIGNED);
  assert_outcome (only, IS_OPEN);
}

static void
test_no_answer (void)
{
  for (int kind = 0; kind < TILL_N_ERRANDS; kind++)
    {
      TillErrand errand = errand_of ((TillErrandKind)kind);
      g_autoptr (TillReply) dead = till_reply_new (TILL_FATE_NOT_SENT, 0, "why");
      g_autoptr (TillReply) silent = till_reply_new (TILL_FATE_MAYBE_SENT, 0, "why");
      g_autoptr (TillOutcome) a = codec ()->interpret (&errand, &account, dead);
      g_autoptr (TillOutcome) b = codec ()->interpret (&errand, &account, silent);
      assert_outcome (a, IS (NOT_SENT, RETRY));
      assert_outcome (b, IS_OPEN);
      g_assert_cmpstr (b->detail, ==, "why");
    }
}

static void
make_account (void)
{
  g_autofree char *key = vectors_path ("key.pem");
  g_autofree char *authorities = vectors_path ("authorities.pem");
  g_autofree char *other = vectors_path ("stranger.pem");
  g_autofree char *other_public = vectors_path ("stranger-public.pem");
  g_assert_true (till_key_generate (other, other_public, NULL));
  signer = till_key_load_private (key, NULL);
  stranger = till_key_load_private (other, NULL);
  account = (TillAccount){ .provider = (char *)"unionpay",
                           .merchant_no = (char *)MERCHANT,
                           .base_url = (char *)"https://gateway.test.95516.com",
                           .our_key = signer,
                           .authorities = till_authorities_load (authorities, NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  g_hash_table_insert (account.facts, (gpointer) "cert_id", (gpointer) "11065019597129");
  g_hash_table_insert (account.facts, (gpointer) "term_id", (gpointer) "01080209");
  g_assert_true (signer && stranger && account.authorities);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/unionpay/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/unionpay/codes-of-requests", test_codes_of_requests);
  g_test_add_func ("/codec/unionpay/codes-of-states", test_codes_of_states);
  g_test_add_func ("/codec/unionpay/codes-of-questions", test_codes_of_questions);
  g_test_add_func ("/codec/unionpay/codes-of-reversals", test_codes_of_reversals);
  g_test_add_func ("/codec/unionpay/other-query-id", test_other_query_id);
  g_test_add_func ("/codec/unionpay/hint-of-an-unsigned-answer", test_hint_of_an_unsigned_answer);
  g_test_add_func ("/codec/unionpay/whole-answer", test_whole_answer);
  g_test_add_func ("/codec/unionpay/certificate-s-time", test_certificate_s_time);
  g_test_add_func ("/codec/unionpay/names", test_names);
  g_test_add_func ("/codec/unionpay/bombs", test_bombs);
  g_test_add_func ("/codec/unionpay/braces", test_braces);
  g_test_add_func ("/codec/unionpay/no-answer", test_no_answer);
  g_test_add_func ("/codec/unionpay/requests", test_requests);
  g_test_add_func ("/codec/unionpay/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/unionpay/same-errand-same-bytes", test_same_errand_same_bytes);
  g_test_add_func ("/codec/unionpay/time-is-china-s", test_time_is_china_s);
  g_test_add_func ("/codec/unionpay/card-without-query-id", test_card_without_query_id);
  g_test_add_func ("/codec/unionpay/strange-code", test_strange_code);
  int result = g_test_run ();
  till_key_free (signer);
  till_key_free (stranger);
  till_authorities_free (account.authorities);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
