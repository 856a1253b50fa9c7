/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay by tables: requests against signatures that the openssl command made over texts written by
 * hand (vectors/make.sh), answers against what we believe of them, and wrong requests against the
 * provider's half. Answers are put into their page and signed here. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/form.h"
#include "devices/gateway/meta-page.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
/* 2026-11-22 12:00 in China */
#define AT (INT64_C (1795320000) * TILL_SECOND)

static const TillCodec *codec;
static TillKey *provider_key; /* owned */
static TillAccount account;

static TillErrand
errand_of (TillErrandKind kind)
{
  gboolean backward = till_errand_kind_is_backward (kind);
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"umpay",
                        .request_no = (char *)(backward ? NUMBER : ORIGINAL),
                        .amount = backward ? 1250 : 5000,
                        .subject = (char *)"9101 & 果汁=1",
                        .requested_at = AT - TILL_DAY,
                        .asked_at = AT };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  if (backward)
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = 5000;
      errand.original_requested_at = AT - 2 * TILL_DAY;
    }
  return errand;
}

/* --- requests --- */

#define COMMON                                                                                     \
  "&charset=UTF-8&mer_id=60000100&sign_type=RSA&res_format=HTML&version=4.0&amt_type=RMB"
#define ORDER(day) "&order_id=" ORIGINAL "&mer_date=202611" day

static const struct
{
  TillErrandKind kind;
  const char *service, *fields;
  int asked_days; /* after the promise */
} requests[] = {
  { TILL_ERRAND_PAY, "passive_scancode_pay",
    ORDER ("21") "&amount=5000&auth_code=281234567890123456&scancode_type=ALIPAY"
                 "&goods_inf=9101+%26+%E6%9E%9C%E6%B1%81%3D1",
    0 },
  { TILL_ERRAND_QUERY_PAY, "query_order", ORDER ("21"), 0 },
  { TILL_ERRAND_QUERY_PAY, "mer_order_info_query", ORDER ("21"), 1 },
  { TILL_ERRAND_REVERSE, "mer_cancel", ORDER ("21") "&amount=5000", 0 },
  { TILL_ERRAND_REFUND, "mer_refund",
    "&refund_no=" NUMBER ORDER ("20") "&org_amount=5000&refund_amount=1250", 0 },
  { TILL_ERRAND_QUERY_REFUND, "mer_refund_query", "&refund_no=" NUMBER, 0 },
};

static void
assert_body (const TillRequest *request, gsize i)
{
  g_autofree char *vector = g_strdup_printf ("umpay.%s.sha1", requests[i].service);
  g_autofree char *signature = vectors_text (vector);
  g_autofree char *encoded = g_uri_escape_string (signature, NULL, FALSE);
  g_autofree char *wanted = g_strdup_printf ("service=%s" COMMON "%s&sign=%s", requests[i].service,
                                             requests[i].fields, encoded);
  g_autofree char *text = request_body (request);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_request_bytes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind);
      errand.asked_at = errand.requested_at + requests[i].asked_days * TILL_DAY;
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      assert_body (request, i);
      g_assert_cmpstr (request->url, ==, "https://127.0.0.1:8443/spay/pay/payservice.do");
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpint (request->total_ms, ==, 20000);
      /* Another attempt is the same bytes. */
      errand.provider_no = (char *)"3711221234567890";
      errand.original_provider_no = (char *)"3711221234567890";
      errand.asked_at += 9 * TILL_HOUR;
      g_autoptr (TillRequest) again = codec->build (&errand, &account);
      assert_body (again, i);
    }
}

/* The day of an order is China's, and that of its promise. */
static void
test_order_date (void)
{
  static const struct
  {
    const char *date;
    int64_t at;
  } rows[] = { { "20261121", AT - 12 * TILL_HOUR - 1 }, { "20261122", AT - 12 * TILL_HOUR } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillErrand errand = errand_of (TILL_ERRAND_REFUND);
      errand.original_requested_at = rows[i].at;
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
      g_assert_cmpstr (till_form_get (form, "mer_date"), ==, rows[i].date);
    }
}

static void
test_codes (void)
{
  static const char *const rows[][2] = {
    { "101234567890123456", "WECHAT" },
    { "159999999999999999", "WECHAT" },
    { "251234567890123456", "ALIPAY" },
    { "309999999999999999", "ALIPAY" },
    { "621234567890123456", "UNION" },
    { "2", "UNION" },
    { "", "UNION" },
    { "\xff\xfe&amount=1", "UNION" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillErrand errand = errand_of (TILL_ERRAND_PAY);
      errand.auth = (char *)rows[i][0];
      g_autoptr (TillRequest) request = codec->build (&errand, &account);
      g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
      g_assert_nonnull (form);
      g_assert_cmpstr (till_form_get (form, "scancode_type"), ==, rows[i][1]);
      g_assert_cmpstr (till_form_get (form, "amount"), ==, "5000");
    }
}

/* --- answers --- */

typedef enum
{
  SIGNED,
  UNSIGNED,
  WRONG_KEY,
  OTHER_BODY,
  SHA256,  /* the right key with another hash */
  NO_PAGE, /* the content alone */
  TWO_TAGS,
  OTHER_TAG,
  CUT,
} Seal;

static char *
sealed (const char *content, Seal seal)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));
  g_autoptr (TillForm) form = till_form_read_plain (bytes, NULL);
  g_autofree char *text = form ? till_form_sorted (form, but, FALSE) : g_strdup (content);
  g_autofree char *other = g_strconcat (text, "x", NULL);
  const char *what = seal == OTHER_BODY ? other : text;
  g_autofree char *signature = till_key_sign_with (
      seal == WRONG_KEY ? account.our_key : provider_key,
      seal == SHA256 ? TILL_HASH_SHA256 : TILL_HASH_SHA1, what, strlen (what));
  g_autofree char *whole
      = seal == UNSIGNED ? g_strdup (content) : g_strdup_printf ("%s&sign=%s", content, signature);
  if (seal == NO_PAGE)
    return g_steal_pointer (&whole);
  g_autofree char *tag = g_strdup_printf ("<META NAME=\"%s\" CONTENT=\"%s\"%s",
                                          seal == OTHER_TAG ? "MobilePay" : "MobilePayPlatform",
                                          whole, seal == CUT ? "" : ">");
  return g_strdup_printf ("<html><head>%s%s%s", tag, seal == TWO_TAGS ? tag : "",
                          seal == CUT ? "" : "</head></html>");
}

#define MER "mer_id=60000100&sign_type=RSA&version=4.0"
#define NO(code) MER "&ret_code=" code "&ret_msg=失败"
#define REFUND(state)                                                                              \
  MER "&ret_code=0000&ret_msg=成功&refund_no=" NUMBER "&order_id=" ORIGINAL                        \
      "&mer_date=20261120&amt_type=RMB&refund_amount=1250&refund_state=" state
#define TRADE(state)                                                                               \
  MER "&ret_code=0000&order_id=" ORIGINAL                                                          \
      "&mer_date=20261121&amount=5000&trade_no=3711221234567890&trade_state=" state

#define PAY TILL_ERRAND_PAY
#define QPAY TILL_ERRAND_QUERY_PAY
#define REV TILL_ERRAND_REVERSE
#define REF TILL_ERRAND_REFUND
#define QREF TILL_ERRAND_QUERY_REFUND
#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

static const struct
{
  const char *name;
  TillErrandKind errand;
  int status;
  Seal seal;
  const char *content;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* what is not believed */
  { "unsigned", REF, 200, UNSIGNED, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "signed with our own key", REF, 200, WRONG_KEY, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "signed for another text", REF, 200, OTHER_BODY, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "signed with another hash", REF, 200, SHA256, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "no page", REF, 200, NO_PAGE, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "two tags", REF, 200, TWO_TAGS, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "another tag", REF, 200, OTHER_TAG, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "cut off", REF, 200, CUT, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "unsigned no", REF, 200, UNSIGNED, NO ("SBX_ORDER_NOT_FOUND"), IS_UNKNOWN },
  { "500", REF, 500, SIGNED, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "302", REF, 302, SIGNED, REFUND ("REFUND_SUCCESS"), IS_UNKNOWN },
  { "404 signed no", REF, 404, SIGNED, NO ("SBX_ORDER_NOT_FOUND"), IS_UNKNOWN },
  { "empty", REF, 200, SIGNED, "", IS_UNKNOWN },
  { "no form", REF, 200, SIGNED, "ret_code", IS_UNKNOWN },
  { "name twice", REF, 200, SIGNED, REFUND ("REFUND_SUCCESS") "&ret_code=0000", IS_UNKNOWN },
  { "GBK", REF, 200, SIGNED, REFUND ("REFUND_SUCCESS") "&x=\xcd\xcb", IS_UNKNOWN },
  { "no code", REF, 200, SIGNED, MER "&refund_no=" NUMBER, IS_UNKNOWN },
  { "code 000", REF, 200, SIGNED, NO ("000"), IS_UNKNOWN },
  { "code 00000", REF, 200, SIGNED, NO ("00000"), IS_UNKNOWN },

  /* two levels that contradict each other, and one alone */
  { "no with a yes", REF, 200, SIGNED, NO ("SBX_ORDER_NOT_FOUND") "&refund_state=REFUND_SUCCESS",
    IS_UNKNOWN },
  { "yes without a state", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER "&refund_amount=1250", IS_UNKNOWN },
  { "yes with an empty state", REF, 200, SIGNED, REFUND (""), IS_UNKNOWN },
  { "yes with a payment's state", REF, 200, SIGNED, REFUND ("TRADE_SUCCESS"), IS_UNKNOWN },

  /* a refund */
  { "refund done", REF, 200, SIGNED, REFUND ("REFUND_SUCCESS"), IS (DONE, NONE) },
  { "refund under way", REF, 200, SIGNED, REFUND ("REFUND_PROCESS"), IS (ACCEPTED, NONE) },
  { "refund failed", REF, 200, SIGNED, REFUND ("REFUND_FAIL"), IS (REFUSED, FINAL) },
  { "refund unknown", REF, 200, SIGNED, REFUND ("REFUND_UNKNOWN"), IS_UNKNOWN },
  { "refund in another mood", REF, 200, SIGNED, REFUND ("REFUND_MOOD"), IS_UNKNOWN },
  { "refund found", QREF, 200, SIGNED, REFUND ("REFUND_SUCCESS"), IS (DONE, NONE) },
  { "refund found under way", QREF, 200, SIGNED, REFUND ("REFUND_PROCESS"), IS (ACCEPTED, NONE) },
  { "refund found failed", QREF, 200, SIGNED, REFUND ("REFUND_FAIL"), IS (REFUSED, FINAL) },
  { "refund found unknown", QREF, 200, SIGNED, REFUND ("REFUND_UNKNOWN"), IS_UNKNOWN },
  { "refund without an amount", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER "&refund_state=REFUND_SUCCESS", IS_UNKNOWN },
  { "refund of an amount in yuan", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER "&refund_amount=12.50&refund_state=REFUND_SUCCESS",
    IS_UNKNOWN },
  { "refund without a number", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_amount=1250&refund_state=REFUND_SUCCESS", IS_UNKNOWN },
  { "nobody's refund failed", REF, 200, SIGNED, MER "&ret_code=0000&refund_state=REFUND_FAIL",
    IS_UNKNOWN },
  { "no merchant", REF, 200, SIGNED,
    "ret_code=0000&refund_no=" NUMBER "&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_UNKNOWN },
  { "another amount", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER "&refund_amount=1251&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "another amount of the payment", REF, 200, SIGNED, REFUND ("REFUND_SUCCESS") "&org_amount=5001",
    IS_MISMATCH },
  { "another refund", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=OTHER&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "another payment", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER
        "&order_id=OTHER&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "another day", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER
        "&mer_date=20261121&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "another merchant", REF, 200, SIGNED,
    "mer_id=60000101&ret_code=0000&refund_no=" NUMBER
    "&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "another currency", REF, 200, SIGNED,
    MER "&ret_code=0000&refund_no=" NUMBER
        "&amt_type=USD&refund_amount=1250&refund_state=REFUND_SUCCESS",
    IS_MISMATCH },
  { "no to another refund", REF, 200, SIGNED, NO ("SBX_ORDER_NOT_FOUND") "&refund_no=OTHER",
    IS_MISMATCH },

  /* codes: a real one is never a no */
  { "real-looking code", REF, 200, SIGNED, NO ("00060761"), IS_UNKNOWN },
  { "code 0001", REF, 200, SIGNED, NO ("0001"), IS_UNKNOWN },
  { "duplicate", REF, 200, SIGNED, NO ("SBX_DUPLICATE"), IS_UNKNOWN },
  { "system error", REF, 200, SIGNED, NO ("SBX_SYSTEM_ERROR"), IS_UNKNOWN },
  { "not found, but it was no query", REF, 200, SIGNED, NO ("SBX_NOT_FOUND"), IS_UNKNOWN },
  { "bad request", REF, 200, SIGNED, NO ("SBX_BAD_REQUEST"), IS (REFUSED, FIX) },
  { "bad signature", REF, 200, SIGNED, NO ("SBX_BAD_SIGNATURE"), IS (REFUSED, FIX) },
  { "order not found", REF, 200, SIGNED, NO ("SBX_ORDER_NOT_FOUND"), IS (REFUSED, FIX) },
  { "order differs", REF, 200, SIGNED, NO ("SBX_ORDER_DIFFERS"), IS (REFUSED, FIX) },
  { "already refunded", REF, 200, SIGNED, NO ("SBX_ALREADY_REFUNDED"), IS (REFUSED, FINAL) },
  { "amount too large", REF, 200, SIGNED, NO ("SBX_AMOUNT_TOO_LARGE"), IS (REFUSED, FIX) },
  { "balance low", REF, 200, SIGNED, NO ("SBX_BALANCE_LOW"), IS (REFUSED, BALANCE) },
  { "query: not found", QREF, 200, SIGNED, NO ("SBX_NOT_FOUND"), IS (NOT_FOUND, NONE) },
  { "query: bad request", QREF, 200, SIGNED, NO ("SBX_BAD_REQUEST"), IS_UNKNOWN },
  { "query: real-looking code", QREF, 200, SIGNED, NO ("00060761"), IS_UNKNOWN },

  /* a payment */
  { "paid", PAY, 200, SIGNED, TRADE ("TRADE_SUCCESS"), IS (DONE, NONE) },
  { "waiting", PAY, 200, SIGNED, TRADE ("WAIT_BUYER_PAY"), IS (ACCEPTED, NONE) },
  { "closed", PAY, 200, SIGNED, TRADE ("TRADE_CLOSE"), IS (REFUSED, FINAL) },
  { "failed", PAY, 200, SIGNED, TRADE ("TRADE_FAIL"), IS (REFUSED, FINAL) },
  { "trade in another mood", PAY, 200, SIGNED, TRADE ("TRADE_MOOD"), IS_UNKNOWN },
  { "paid, says the query", QPAY, 200, SIGNED, TRADE ("TRADE_SUCCESS"), IS (DONE, NONE) },
  { "waiting, says the query", QPAY, 200, SIGNED, TRADE ("WAIT_BUYER_PAY"), IS (ACCEPTED, NONE) },
  { "cancelled, says the query", QPAY, 200, SIGNED, TRADE ("TRADE_CANCEL"), IS (REFUSED, FINAL) },
  { "no such payment", QPAY, 200, SIGNED, NO ("SBX_NOT_FOUND"), IS (NOT_FOUND, NONE) },
  { "paid another amount", QPAY, 200, SIGNED,
    MER "&ret_code=0000&order_id=" ORIGINAL
        "&amount=5001&trade_no=3711221234567890&trade_state=TRADE_SUCCESS",
    IS_MISMATCH },
  { "paid without their number", PAY, 200, SIGNED,
    MER "&ret_code=0000&order_id=" ORIGINAL "&amount=5000&trade_state=TRADE_SUCCESS", IS_UNKNOWN },
  { "paid without our number", PAY, 200, SIGNED,
    MER "&ret_code=0000&amount=5000&trade_no=3711221234567890&trade_state=TRADE_SUCCESS",
    IS_UNKNOWN },

  /* a payment undone */
  { "cancelled", REV, 200, SIGNED, TRADE ("TRADE_CANCEL"), IS (DONE, NONE) },
  { "cancel taken in", REV, 200, SIGNED,
    MER "&ret_code=0000&order_id=" ORIGINAL "&amount=5000&trade_no=3711221234567890",
    IS (ACCEPTED, NONE) },
  { "cancel says paid", REV, 200, SIGNED, TRADE ("TRADE_SUCCESS"), IS_UNKNOWN },
  { "cancel refused", REV, 200, SIGNED, NO ("SBX_ALREADY_REFUNDED"), IS (REFUSED, FINAL) },
  { "cancel of nobody", REV, 200, SIGNED, MER "&ret_code=0000", IS_UNKNOWN },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].errand);
  g_autofree char *body = sealed (rows[i].content, rows[i].seal);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, rows[i].status, NULL);
  till_reply_set_body (answer, bytes);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  if (outcome->kind != TILL_OUTCOME_DONE)
    return;
  gboolean payment = !till_errand_kind_is_backward (rows[i].errand);
  g_assert_cmpint (outcome->amount, ==, errand.amount);
  g_assert_cmpstr (outcome->provider_no, ==, payment ? "3711221234567890" : NULL);
}

/* Signed, and still not read. */
static void
test_bombs (void)
{
  g_autofree char *blanks = g_strnfill (TILL_META_PAGE_MAX, ' ');
  g_autofree char *good = sealed (REFUND ("REFUND_SUCCESS"), SIGNED);
  g_autofree char *large = g_strconcat (good, blanks, NULL);
  const struct
  {
    const char *body;
    gsize size;
    TillOutcomeKind kind;
  } bombs[] = { { good, strlen (good), TILL_OUTCOME_DONE },
                { good, strlen (good) + 1, TILL_OUTCOME_UNKNOWN }, /* a NUL */
                { large, strlen (large), TILL_OUTCOME_UNKNOWN } };
  TillErrand errand = errand_of (REF);
  for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (bombs[i].body, bombs[i].size);
      g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
      till_reply_set_body (answer, bytes);
      g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, answer);
      g_assert_cmpint (outcome->kind, ==, bombs[i].kind);
    }
}

/* A key as old as UMPay's own signs its answers. */
static void
test_old_key (void)
{
  g_autofree char *path = vectors_path ("old-public.pem");
  g_autofree char *signature = vectors_text ("umpay.old-answer.sha1");
  TillAccount old = account;
  old.provider_key = till_key_load_old_public (path, NULL);
  g_autofree char *page
      = g_strdup_printf ("<META NAME=\"MobilePayPlatform\" CONTENT=\"%s&sign=%s\">",
                         REFUND ("REFUND_SUCCESS"), signature);
  g_autoptr (GBytes) bytes = g_bytes_new (page, strlen (page));
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  till_reply_set_body (answer, bytes);
  TillErrand errand = errand_of (REF);
  g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &old, answer);
  till_key_free (old.provider_key);
  g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_DONE);
}

/* --- the provider's half --- */

/* A refund whose parameter is changed before it is signed; NULL takes it out. */
static char *
answer_to (const TillSpeech *speech, const char *name, const char *value)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  TillErrand errand = errand_of (REF);
  g_autoptr (TillRequest) request = codec->build (&errand, &account);
  g_autoptr (TillForm) form = till_form_decode (request->body, NULL);
  g_autoptr (TillForm) changed = till_form_new ();
  for (guint i = 0; i < till_form_size (form); i++)
    {
      const char *text;
      const char *field = till_form_nth (form, i, &text);
      if (strcmp (field, "sign") != 0)
        till_form_add (changed, field, strcmp (field, name) == 0 ? value : text);
    }
  g_autofree char *canonical = till_form_sorted (changed, but, FALSE);
  g_autofree char *signature
      = till_key_sign_with (account.our_key, TILL_HASH_SHA1, canonical, strlen (canonical));
  till_form_add (changed, "sign", strcmp (name, "sign") == 0 ? value : signature);
  g_autoptr (GBytes) bytes = till_form_encode (changed);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  TillHeard heard
      = { .method = "POST", .path = "/spay/pay/payservice.do", .headers = headers, .body = bytes };
  g_autoptr (TillSaid) said = till_speech_answer (speech, &heard);
  return till_meta_page_content (said->body, "MobilePayPlatform");
}

static void
test_provider_is_strict (void)
{
  static const struct
  {
    const char *name, *value, *code;
  } wrong[] = {
    { "mer_id", "1", "SBX_BAD_REQUEST" },
    { "service", "mer_steal", "SBX_BAD_REQUEST" },
    { "service", NULL, "SBX_BAD_REQUEST" },
    { "charset", "GBK", "SBX_BAD_REQUEST" },
    { "sign_type", "MD5", "SBX_BAD_REQUEST" },
    { "res_format", "XML", "SBX_BAD_REQUEST" },
    { "version", "3.0", "SBX_BAD_REQUEST" },
    { "amt_type", "USD", "SBX_BAD_REQUEST" },
    { "sign", NULL, "SBX_BAD_SIGNATURE" },
    { "sign", "AAAA", "SBX_BAD_SIGNATURE" },
    { "refund_no", NULL, "SBX_BAD_REQUEST" },
    { "refund_no", "0ABCDEFGHJKMNPQRS", "SBX_BAD_REQUEST" },
    { "refund_no", "A-1", "SBX_BAD_REQUEST" },
    { "order_id", "0123456789012345678901234567890123", "SBX_BAD_REQUEST" },
    { "mer_date", "20261131", "SBX_BAD_REQUEST" },
    { "mer_date", "2026-11-20", "SBX_BAD_REQUEST" },
    { "refund_amount", "0", "SBX_BAD_REQUEST" },
    { "refund_amount", "012", "SBX_BAD_REQUEST" },
    { "refund_amount", "12.50", "SBX_BAD_REQUEST" },
    { "org_amount", "-1", "SBX_BAD_REQUEST" },
    { "charset", "UTF-8", "SBX_ORDER_NOT_FOUND" }, /* nothing wrong with it but that */
  };
  g_autoptr (TillClock) clock = till_clock_new_fake (AT, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech = {
    .provider = provider, .clock = clock, .our_key = provider_key, .merchant_key = account.our_key
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *content = answer_to (&speech, wrong[i].name, wrong[i].value);
      g_autofree char *code = g_strdup_printf ("ret_code=%s&", wrong[i].code);
      g_test_message ("%s: %s", wrong[i].name, content);
      g_assert_nonnull (strstr (content, code));
    }
  g_assert_cmpuint (till_provider_n_effects (provider), ==, 0);
}

/* --- the keys --- */

static void
make_account (void)
{
  g_autofree char *ours = vectors_path ("key.pem");
  g_autofree char *theirs = vectors_path ("their-key.pem");
  g_autofree char *public = vectors_path ("their-public.pem");
  g_assert_true (till_key_generate (theirs, public, NULL));
  provider_key = till_key_load_private (theirs, NULL);
  account = (TillAccount){ .provider = (char *)"umpay",
                           .merchant_no = (char *)"60000100",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (ours, NULL),
                           .provider_key = till_key_load_public (public, NULL),
                           .ca_file = (char *)"/ca.pem" };
  g_assert_true (provider_key && account.our_key && account.provider_key);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  codec = till_codec_find ("umpay");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/umpay/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/umpay/bombs", test_bombs);
  g_test_add_func ("/codec/umpay/old-key", test_old_key);
  g_test_add_func ("/codec/umpay/codes", test_codes);
  g_test_add_func ("/codec/umpay/order-date", test_order_date);
  g_test_add_func ("/codec/umpay/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/umpay/provider-is-strict", test_provider_is_strict);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  vectors_remove ();
  return result;
}
