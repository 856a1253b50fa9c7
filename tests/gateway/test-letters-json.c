/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices of the providers that write JSON and sign it in the head: WeChat Pay, Stripe, Lakala.
 * Each row names what is different from a good letter; first all that is not believed. */
#include "tests/gateway/letter-maker.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define LONG_NUMBER "12345678901234567890123456789012345678901234567890123456789012345"

static EVP_PKEY *their_key, *stranger; /* owned */

/* --- WeChat Pay --- */

#define SERIAL "PUB_KEY_ID_01"
#define NEXT_SERIAL "PUB_KEY_ID_02"
#define V3_KEY "0123456789abcdef0123456789abcdef"
#define REFUND(rest) "{\"mchid\":\"1900000109\",\"out_refund_no\":\"" NUMBER "\"" rest "}"
#define DONE ",\"refund_status\":\"SUCCESS\""
#define MONEY                                                                                      \
  ",\"amount\":{\"total\":5000,\"refund\":1250,\"payer_total\":5000,\"payer_refund\":1250}"
#define PAID                                                                                       \
  "{\"mchid\":\"1900000109\",\"appid\":\"wx8888888888888888\",\"out_trade_no\":\"" NUMBER          \
  "\",\"trade_state\":\"SUCCESS\",\"amount\":{\"total\":1250,\"currency\":\"CNY\"}}"

static TillAccount wechat;

/* What is NULL or 0 is as in a good letter. */
typedef struct
{
  const char *name;
  LetterExpected expected;
  const char *plain, *event, *body, *drop, *serial, *twice, *key, *nonce, *algorithm, *head;
  int apart_s;
  gboolean strange, changed, spoiled;
} Wechat;

static const Wechat wechat_rows[] = {
  { .name = "no-signature", .drop = "wechatpay-signature" },
  { .name = "no-time", .drop = "wechatpay-timestamp" },
  { .name = "no-nonce", .drop = "wechatpay-nonce" },
  { .name = "no-serial", .drop = "wechatpay-serial" },
  { .name = "unknown-serial", .serial = "PUB_KEY_ID_03" },
  { .name = "serial-of-the-other-key", .serial = NEXT_SERIAL },
  { .name = "signed-twice", .twice = "wechatpay-signature" },
  { .name = "strange-key", .strange = TRUE },
  { .name = "one-byte-changed", .changed = TRUE },
  { .name = "too-old", .apart_s = -301 },
  { .name = "from-tomorrow", .apart_s = 24 * 3600 },
  { .name = "no-body", .body = "" },
  { .name = "no-json", .body = "hello" },
  { .name = "no-event", .body = "{\"id\":\"EV-1\"}" },
  { .name = "no-id", .head = "{" },
  { .name = "id-twice", .head = "{\"id\":\"EV-1\",\"id\":\"EV-2\"," },
  { .name = "id-with-blank", .head = "{\"id\":\"EV 1\"," },
  { .name = "no-resource", .body = "{\"id\":\"EV-1\",\"event_type\":\"REFUND.SUCCESS\"}" },
  { .name = "other-seal", .algorithm = "AEAD_SM4_GCM" },
  { .name = "sealed-with-another-key", .key = "ffffffffffffffffffffffffffffffff" },
  { .name = "short-nonce", .nonce = "short" },
  { .name = "seal-written-otherwise", .spoiled = TRUE },
  { .name = "sealed-no-json", .plain = "hello" },
  { .name = "no-merchant", .plain = "{\"out_refund_no\":\"R\"}" },
  { .name = "other-merchant", .plain = "{\"mchid\":\"1900000110\",\"out_refund_no\":\"R\"}" },
  { .name = "merchant-twice",
    .plain = "{\"mchid\":\"1900000110\",\"mchid\":\"1900000109\",\"out_refund_no\":\"R\"}" },
  { .name = "no-number", .plain = "{\"mchid\":\"1900000109\",\"out_trade_no\":\"" NUMBER "\"}" },
  { .name = "number-is-a-number", .plain = "{\"mchid\":\"1900000109\",\"out_refund_no\":17}" },
  { .name = "empty-number", .plain = "{\"mchid\":\"1900000109\",\"out_refund_no\":\"\"}" },
  { .name = "number-in-chinese", .plain = "{\"mchid\":\"1900000109\",\"out_refund_no\":\"编号\"}" },
  { .name = "long-number",
    .plain = "{\"mchid\":\"1900000109\",\"out_refund_no\":\"" LONG_NUMBER "\"}" },
  { .name = "amount-in-yuan", .plain = REFUND (",\"amount\":{\"refund\":12.50}") },
  { .name = "amount-as-text", .plain = REFUND (",\"amount\":{\"refund\":\"1250\"}") },
  { .name = "negative-amount", .plain = REFUND (",\"amount\":{\"refund\":-1}") },
  { .name = "other-currency",
    .plain = REFUND (",\"amount\":{\"refund\":1250,\"currency\":\"USD\"}") },
  { .name = "currency-is-a-number",
    .plain = REFUND (",\"amount\":{\"refund\":1250,\"currency\":156}") },
  { .name = "other-app", .plain = REFUND (",\"appid\":\"wx0\"") },
  { .name = "news", .expected = { "" }, .event = "COUPON.USE" },
  { .name = "refund", .expected = { NUMBER, FALSE, "EV-1", "SUCCESS", 1250 } },
  { .name = "just-young-enough",
    .expected = { NUMBER, FALSE, "EV-1", "SUCCESS", 1250 },
    .apart_s = -299 },
  { .name = "abnormal",
    .expected = { NUMBER, FALSE, "EV-1", "ABNORMAL", 1250 },
    .event = "REFUND.ABNORMAL",
    .plain = REFUND (",\"refund_status\":\"ABNORMAL\"" MONEY) },
  { .name = "state-that-nobody-knows",
    .expected = { NUMBER, FALSE, "EV-1", "" },
    .event = "REFUND.SOMETHING",
    .plain = REFUND ("") },
  { .name = "payment",
    .expected = { NUMBER, TRUE, "EV-1", "SUCCESS", 1250, "CNY" },
    .event = "TRANSACTION.SUCCESS",
    .plain = PAID },
};

#define OR(given, usual) ((given) ? (given) : (usual))

static char *
wechat_body (const Wechat *row)
{
  const char *nonce = OR (row->nonce, "fdasflkja484");
  g_autofree char *sealed = letter_seal (OR (row->key, V3_KEY), "fdasflkja484", "refund",
                                         OR (row->plain, REFUND (DONE MONEY)));
  /* A decoder that passes over blanks would read the same. */
  if (row->spoiled)
    {
      char *spoiled = g_strdup_printf ("%.4s %s", sealed, sealed + 4);
      g_free (sealed);
      sealed = spoiled;
    }
  return g_strdup_printf (
      "%s\"create_time\":\"2026-11-22T12:00:00+08:00\",\"event_type\":\"%s\","
      "\"resource_type\":\"encrypt-resource\",\"resource\":{\"algorithm\":\"%s\","
      "\"ciphertext\":\"%s\",\"associated_data\":\"refund\",\"nonce\":\"%s\","
      "\"original_type\":\"refund\"}}",
      OR (row->head, "{\"id\":\"EV-1\","), OR (row->event, "REFUND.SUCCESS"),
      OR (row->algorithm, "AEAD_AES_256_GCM"), sealed, nonce);
}

static void
add_field (TillLetter *letter, const Wechat *row, const char *name, const char *value)
{
  if (g_strcmp0 (row->drop, name) != 0)
    till_letter_add_field (letter, name, value);
  if (g_strcmp0 (row->twice, name) == 0)
    till_letter_add_field (letter, name, value);
}

static void
test_wechat (gconstpointer data)
{
  const Wechat *row = data;
  g_autofree char *body = row->body ? g_strdup (row->body) : wechat_body (row);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, LETTER_AT + row->apart_s);
  g_autofree char *text = g_strdup_printf ("%s\nqwerty\n%s\n", time, body);
  g_autofree char *signature
      = letter_sign (row->strange ? stranger : their_key, EVP_sha256 (), text);
  if (row->changed)
    *strstr (body, "EV-1") = 'F';
  g_autoptr (TillLetter) letter = letter_new (body);
  add_field (letter, row, "wechatpay-timestamp", time);
  add_field (letter, row, "wechatpay-nonce", "qwerty");
  add_field (letter, row, "wechatpay-serial", OR (row->serial, SERIAL));
  add_field (letter, row, "wechatpay-signature", signature);
  letter_check (&wechat, letter, &row->expected);
}

/* While one key follows the other, both are believed; without the APIv3 key nobody is. */
static void
test_wechat_keys (void)
{
  const Wechat good = { .name = "", .expected = { NUMBER, FALSE, "EV-1", "SUCCESS", 1250 } };
  const Wechat refused = { .name = "" };
  const Wechat short_key = { .name = "", .key = "0123456789abcdef0123456789abcde" };
  TillAccount whole = wechat;
  wechat.next_provider_key = whole.provider_key;
  wechat.next_provider_key_id = (char *)SERIAL;
  wechat.provider_key = whole.next_provider_key;
  wechat.provider_key_id = (char *)NEXT_SERIAL;
  test_wechat (&good);
  wechat.notice_secret = NULL;
  test_wechat (&refused);
  /* Not even when somebody sealed with those 31 characters and the zero behind them. */
  wechat.notice_secret = (char *)"0123456789abcdef0123456789abcde";
  test_wechat (&refused);
  test_wechat (&short_key);
  wechat = whole;
}

static void
make_wechat (void)
{
  wechat = (TillAccount){ .provider = (char *)"wechat",
                          .merchant_no = (char *)"1900000109",
                          .notice_secret = (char *)V3_KEY,
                          .provider_key = letter_load ("public.pem", till_key_load_public),
                          .provider_key_id = (char *)SERIAL,
                          .next_provider_key = letter_load ("other.pem", till_key_load_public),
                          .next_provider_key_id = (char *)NEXT_SERIAL,
                          .facts = g_hash_table_new (g_str_hash, g_str_equal) };
  g_hash_table_insert (wechat.facts, (gpointer) "app_id", (gpointer) "wx8888888888888888");
}

/* --- Stripe --- */

#define SECRET "whsec_abcdefghijklmnop"
#define EVENT(type, thing)                                                                         \
  "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"" type "\",\"data\":{\"object\":" thing "}}"
#define OF(kind, rest) "{\"object\":\"" kind "\",\"id\":\"re_1\"" rest "}"
#define OURS ",\"metadata\":{\"request_no\":\"" NUMBER "\"}"
#define CNY ",\"amount\":1250,\"currency\":\"cny\""
#define SUCCEEDED ",\"status\":\"succeeded\""
#define GOOD_EVENT EVENT ("refund.updated", OF ("refund", OURS CNY SUCCEEDED))

static TillAccount stripe = { .provider = (char *)"stripe",
                              .merchant_no = (char *)"acct_1",
                              .notice_secret = (char *)SECRET };

/* head: of %s the time and of the next the MAC; NULL: as usual. */
typedef struct
{
  const char *name;
  LetterExpected expected;
  const char *body, *head, *secret;
  int apart_s;
  gboolean changed, none;
} Stripe;

static const Stripe stripe_rows[] = {
  { "no-signature", .none = TRUE },
  { "empty-signature", .head = "" },
  { "no-time", .head = "x=%s,v1=%s" },
  { "two-times", .head = "t=%1$s,t=%1$s,v1=%2$s" },
  { "other-time", .head = "t=1%s,v1=%s" },
  { "no-mac", .head = "t=%s" },
  { "old-scheme", .head = "t=%s,v0=%s" },
  { "short-mac", .head = "t=%s,v1=%.63s" },
  { "too-many-parts", .head = "t=%s,v1=%s,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o" },
  { "other-secret", .secret = "whsec_abcdefghijklmnoq" },
  { "one-byte-changed", .changed = TRUE },
  { "too-old", .apart_s = -301 },
  { "from-tomorrow", .apart_s = 24 * 3600 },
  { "no-body", .body = "" },
  { "no-json", .body = "hello" },
  { "no-event", .body = "{\"id\":\"evt_1\",\"type\":\"refund.updated\"}" },
  { "no-type", .body = "{\"id\":\"evt_1\",\"object\":\"event\"}" },
  { "no-id", .body = "{\"object\":\"event\",\"type\":\"refund.updated\"}" },
  { "type-twice",
    .body
    = "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"refund.failed\",\"type\":\"refund.a\"}" },
  { "connected-account",
    .body = "{\"id\":\"evt_1\",\"object\":\"event\",\"account\":\"acct_2\",\"type\":\"a.b\"}" },
  { "no-data", .body = "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"refund.updated\"}" },
  { "other-thing", .body = EVENT ("refund.updated", OF ("charge", OURS CNY)) },
  { "other-currency",
    .body = EVENT ("refund.updated", OF ("refund", OURS ",\"amount\":1,\"currency\":\"usd\"")) },
  { "amount-in-yuan",
    .body = EVENT ("refund.updated", OF ("refund", OURS ",\"amount\":12.5,\"currency\":\"cny\"")) },
  { "amount-as-text",
    .body = EVENT ("refund.updated", OF ("refund", OURS ",\"amount\":\"1250\"")) },
  { "number-is-a-number",
    .body = EVENT ("refund.updated", OF ("refund", ",\"metadata\":{\"request_no\":1}")) },
  { "empty-number",
    .body = EVENT ("refund.updated", OF ("refund", ",\"metadata\":{\"request_no\":\"\"}")) },
  { "long-number",
    .body = EVENT ("refund.updated",
                   OF ("refund", ",\"metadata\":{\"request_no\":\"" LONG_NUMBER "\"}")) },
  { "no-number-at-all", .body = EVENT ("refund.updated", "{\"object\":\"refund\"}") },
  { "payment-of-another-program",
    { "" },
    .body = EVENT ("payment_intent.succeeded", OF ("payment_intent", CNY)) },
  { "news", { "" }, .body = EVENT ("payout.paid", OF ("payout", CNY)) },
  { "charge", { "" }, .body = EVENT ("charge.refunded", OF ("charge", OURS CNY)) },
  { "refund", { NUMBER, FALSE, "evt_1", "succeeded", 1250, "CNY" } },
  { "refund-failed",
    { NUMBER, FALSE, "evt_1", "failed", 1250, "CNY" },
    .body = EVENT ("refund.failed", OF ("refund", OURS CNY ",\"status\":\"failed\"")) },
  { "refund-of-a-charge",
    { NUMBER, FALSE, "evt_1", "pending", 1250, "CNY" },
    .body = EVENT ("charge.refund.updated", OF ("refund", OURS CNY ",\"status\":\"pending\"")) },
  { "refund-of-somebody-else",
    { "re_1", FALSE, "evt_1", "succeeded", 1, "USD" },
    .body
    = EVENT ("refund.created", OF ("refund", SUCCEEDED ",\"amount\":1,\"currency\":\"usd\"")) },
  { "refund-of-somebody-else-without-currency",
    { "re_1", FALSE, "evt_1", "succeeded" },
    .body = EVENT ("refund.created", OF ("refund", SUCCEEDED ",\"amount\":1")) },
  { "refund-of-somebody-else-in-no-currency",
    { "re_1", FALSE, "evt_1", "succeeded" },
    .body
    = EVENT ("refund.created", OF ("refund", SUCCEEDED ",\"amount\":1,\"currency\":\"us1\"")) },
  { "refund-of-somebody-else-of-too-much",
    { "re_1", FALSE, "evt_1", "succeeded" },
    .body = EVENT ("refund.created",
                   OF ("refund", SUCCEEDED ",\"amount\":1000000000001,\"currency\":\"usd\"")) },
  { "payment",
    { NUMBER, TRUE, "evt_1", "succeeded", 1250, "CNY" },
    .body = EVENT ("payment_intent.succeeded", OF ("payment_intent", OURS CNY SUCCEEDED)) },
  { "just-young-enough", { NUMBER, FALSE, "evt_1", "succeeded", 1250, "CNY" }, .apart_s = -300 },
  { "secret-is-being-changed",
    { NUMBER, FALSE, "evt_1", "succeeded", 1250, "CNY" },
    .head = "t=%s, v0=abc, v1=0123,v1=%s,v2=abc" },
};

static void
test_stripe (gconstpointer data)
{
  const Stripe *row = data;
  g_autofree char *body = g_strdup (OR (row->body, GOOD_EVENT));
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, LETTER_AT + row->apart_s);
  g_autofree char *text = g_strconcat (time, ".", body, NULL);
  g_autofree char *mac = letter_mac (OR (row->secret, SECRET), text);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *head = g_strdup_printf (OR (row->head, "t=%s,v1=%s"), time, mac);
#pragma GCC diagnostic pop
  if (row->changed)
    *strstr (body, "1250") = '9';
  g_autoptr (TillLetter) letter = letter_new (body);
  if (!row->none)
    till_letter_add_field (letter, "Stripe-Signature", head);
  letter_check (&stripe, letter, &row->expected);
}

static void
test_stripe_without_secret (void)
{
  const Stripe refused = { .name = "" };
  stripe.notice_secret = NULL;
  test_stripe (&refused);
  stripe.notice_secret = (char *)SECRET;
}

static void
add_rows (const char *provider, const void *rows, gsize size, gsize n, GTestDataFunc function)
{
  for (gsize i = 0; i < n; i++)
    {
      const void *row = (const char *)rows + i * size;
      g_autofree char *path = g_strdup_printf ("/letters/%s/%s", provider, *(char *const *)row);
      g_test_add_data_func (path, row, function);
    }
}

#define ADD(provider)                                                                              \
  add_rows (#provider, provider##_rows, sizeof *provider##_rows, G_N_ELEMENTS (provider##_rows),   \
            test_##provider)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  g_autofree char *private = vectors_path ("stranger.pem");
  g_autofree char *public = vectors_path ("other.pem");
  g_assert_true (till_key_generate (private, public, NULL));
  their_key = letter_key ("key.pem");
  stranger = letter_key ("stranger.pem");
  make_wechat ();
  ADD (wechat);
  ADD (stripe);
  g_test_add_func ("/letters/stripe/without-secret", test_stripe_without_secret);
  g_test_add_func ("/letters/wechat/keys", test_wechat_keys);
  int result = g_test_run ();
  till_key_free (wechat.provider_key);
  till_key_free (wechat.next_provider_key);
  g_hash_table_unref (wechat.facts);
  EVP_PKEY_free (their_key);
  EVP_PKEY_free (stranger);
  vectors_remove ();
  return result;
}
