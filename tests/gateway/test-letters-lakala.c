/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices of Lakala. Each row names what is different from a good letter; first all that is not
 * believed. */
#include "tests/gateway/letter-maker.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define LONG_NUMBER "12345678901234567890123456789012345678901234567890123456789012345"
#define OR(given, usual) ((given) ? (given) : (usual))

static EVP_PKEY *their_key, *stranger; /* owned */
static TillAccount lakala;

#define WITH(rest) "{\"merchant_no\":\"822100041120001\"" rest "}"
#define TRADE ",\"out_trade_no\":\"" NUMBER "\",\"trade_no\":\"2026112266210003610012\""
#define GOOD_TRADE                                                                                 \
  WITH (TRADE ",\"log_no\":\"66210003610012\",\"account_type\":\"WECHAT\",\"trade_status\":"       \
              "\"SUCCESS\",\"total_amount\":\"1250\",\"payer_amount\":\"1250\"")

/* head: of %1$s the time, of %2$s the signature. What is NULL or 0 is as in a good letter. */
typedef struct
{
  const char *name;
  LetterExpected expected;
  const char *body, *head;
  int apart_s;
  gboolean strange, changed, none, twice;
} Row;

#define SCHEME "LKLAPI-SHA256withRSA "

static const Row rows[] = {
  { "no-signature", .none = TRUE },
  { "said-twice", .twice = TRUE },
  { "empty-head", .head = "" },
  { "other-scheme",
    .head = "LKLAPI-SHA256withSM2 timestamp=\"%s\",nonce_str=\"q\",signature=\"%s\"" },
  { "no-scheme", .head = "timestamp=\"%s\",nonce_str=\"q\",signature=\"%s\"" },
  { "no-nonce", .head = SCHEME "timestamp=\"%s\",signature=\"%s\"" },
  { "no-quotes", .head = SCHEME "timestamp=%s,nonce_str=q,signature=%s" },
  { "no-values", .head = SCHEME "timestamp=\"%s\",nonce_str=\"q\",signature=" },
  { "time-twice",
    .head = SCHEME "timestamp=\"%1$s\",timestamp=\"%1$s\",nonce_str=\"q\",signature=\"%2$s\"" },
  { "too-many-parts",
    .head
    = SCHEME "timestamp=\"%s\",nonce_str=\"q\",signature=\"%s\",a=\"\",b=\"\",c=\"\",d=\"\",e=\"\""
             ",f=\"\",g=\"\",h=\"\",i=\"\",j=\"\",k=\"\",l=\"\",m=\"\",n=\"\"" },
  { "strange-key", .strange = TRUE },
  { "one-byte-changed", .changed = TRUE },
  { "too-old", .apart_s = -301 },
  { "from-tomorrow", .apart_s = 24 * 3600 },
  { "no-body", .body = "" },
  { "no-json", .body = "hello" },
  { "number-twice", .body = WITH (TRADE TRADE) },
  { "no-merchant", .body = "{\"out_trade_no\":\"" NUMBER "\"}" },
  { "other-merchant", .body = "{\"merchant_no\":\"1\",\"out_trade_no\":\"" NUMBER "\"}" },
  { "merchant-is-a-number", .body = "{\"merchant_no\":822100041120001" TRADE "}" },
  { "no-number", .body = WITH (",\"trade_no\":\"1\",\"trade_status\":\"SUCCESS\"") },
  { "empty-number", .body = WITH (",\"out_trade_no\":\"\"") },
  { "number-with-blank", .body = WITH (",\"out_trade_no\":\"a b\"") },
  { "long-number", .body = WITH (",\"out_trade_no\":\"" LONG_NUMBER "\"") },
  { "amount-in-yuan", .body = WITH (TRADE ",\"total_amount\":\"12.50\"") },
  { "negative-amount", .body = WITH (TRADE ",\"total_amount\":\"-1\"") },
  { "amount-as-number", .body = WITH (TRADE ",\"total_amount\":1250.0") },
  { "contract", { "" }, .body = "{\"ecApplyId\":1,\"ecStatus\":\"COMPLETED\",\"orgId\":1}" },
  { "payment", { NUMBER, TRUE, NULL, "SUCCESS", 1250 } },
  { "just-young-enough", { NUMBER, TRUE, NULL, "SUCCESS", 1250 }, .apart_s = -300 },
  { "head-in-another-order",
    { NUMBER, TRUE, NULL, "SUCCESS", 1250 },
    .head = SCHEME "signature=\"%2$s\", nonce_str=\"q\", appid=\"OP1\", timestamp=\"%1$s\"" },
  { "state-of-an-answer",
    { NUMBER, TRUE, NULL, "FAIL" },
    .body = WITH (TRADE ",\"trade_state\":\"FAIL\"") },
  { "without-state", { NUMBER, TRUE, NULL, "" }, .body = WITH (TRADE) },
  { "refund",
    { NUMBER, FALSE, NULL, "SUCCESS", 1 },
    .body
    = WITH (",\"out_refund_order_no\":\"" NUMBER
            "\",\"out_trade_no\":\"X\",\"refund_amount\":\"1\",\"trade_status\":\"SUCCESS\"") },
  { "refund-beside-its-payment",
    { NUMBER, FALSE, NULL, "SUCCESS" },
    .body = WITH (TRADE ",\"origin_out_trade_no\":\"X\",\"trade_status\":\"SUCCESS\"") },
  { "refund-beside-an-amount-of-whom",
    { NUMBER, FALSE, NULL, "SUCCESS" },
    .body = WITH (
        TRADE
        ",\"origin_out_trade_no\":\"X\",\"trade_status\":\"SUCCESS\",\"total_amount\":\"5000\"") },
  { "refund-of-nothing",
    { NUMBER, FALSE, NULL, "" },
    .body = WITH (TRADE ",\"origin_out_trade_no\":\"X\",\"refund_amount\":\"0\"") },
  { "cancellation",
    { NUMBER, FALSE, NULL, "SUCCESS" },
    .body = WITH (TRADE ",\"trade_main_type\":\"CANCEL\",\"trade_status\":\"SUCCESS\"") },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *body = g_strdup (OR (row->body, GOOD_TRADE));
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, LETTER_AT + row->apart_s);
  g_autofree char *text = g_strdup_printf ("%s\nq\n%s\n", time, body);
  g_autofree char *signature
      = letter_sign (row->strange ? stranger : their_key, EVP_sha256 (), text);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *head = g_strdup_printf (
      OR (row->head, SCHEME "timestamp=\"%s\",nonce_str=\"q\",signature=\"%s\""), time, signature);
#pragma GCC diagnostic pop
  if (row->changed)
    *strstr (body, "1250") = '9';
  g_autoptr (TillLetter) letter = letter_new (body);
  for (int i = 0; i < (row->none ? 0 : row->twice ? 2 : 1); i++)
    till_letter_add_field (letter, "Authorization", head);
  letter_check (&lakala, letter, &row->expected);
}

/* A key of the notices' own is the only one then; without one the provider's keys are. */
static void
test_keys (void)
{
  const Row good = { "", { NUMBER, TRUE, NULL, "SUCCESS", 1250 } };
  const Row strange = { "", { NUMBER, TRUE, NULL, "SUCCESS", 1250 }, .strange = TRUE };
  const Row refused = { "", { 0 } };
  const Row strange_refused = { "", { 0 }, .strange = TRUE };
  TillAccount whole = lakala;
  lakala.notice_key = whole.next_provider_key;
  test_row (&refused);
  test_row (&strange);
  lakala.notice_key = NULL;
  lakala.provider_key = whole.notice_key;
  lakala.next_provider_key = NULL;
  test_row (&good);
  test_row (&strange_refused);
  lakala.next_provider_key = whole.next_provider_key;
  test_row (&strange);
  lakala = whole;
}

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
  lakala = (TillAccount){ .provider = (char *)"lakala",
                          .merchant_no = (char *)"822100041120001",
                          .notice_key = letter_load ("public.pem", till_key_load_public),
                          .next_provider_key = letter_load ("other.pem", till_key_load_public) };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/letters/lakala/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/letters/lakala/keys", test_keys);
  int result = g_test_run ();
  till_key_free (lakala.notice_key);
  till_key_free (lakala.next_provider_key);
  EVP_PKEY_free (their_key);
  EVP_PKEY_free (stranger);
  vectors_remove ();
  return result;
}
