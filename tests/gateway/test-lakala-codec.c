/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala's codec by tables. Requests are held against bytes written by hand and signatures made by
 * the openssl command (vectors/make.sh); answers are signed here, by the provider's key and by
 * hand, so that only what the row says is wrong with them. */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00 in China */
#define APP "OP00000003"

static TillKey *provider_key; /* owned */
static TillAccount account;

static const TillCodec *
codec (void)
{
  return till_codec_find ("lakala");
}

static TillErrand
errand_of (TillErrandKind kind, gboolean by_card)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"lakala",
                        .request_no = (char *)NUMBER,
                        .by_card = by_card,
                        .amount = 1250,
                        .subject = (char *)"S 9101 果汁",
                        .requested_at = AT,
                        .asked_at = AT + 60 * INT64_C (1000000) };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"134567890123456789";
  if (!till_errand_kind_is_backward (kind))
    return errand;
  errand.original_no = (char *)ORIGINAL;
  errand.original_amount = 5000;
  errand.original_requested_at = AT - 86400 * INT64_C (1000000);
  if (by_card)
    {
      errand.original_provider_no = (char *)"26112112345678";
      errand.masked = (char *)"…4021";
    }
  return errand;
}

/* --- requests --- */

#define DATA(time, rest)                                                                           \
  "{\"req_time\":\"" time "\",\"version\":\"3.0\",\"req_data\":{\"merchant_no\":\"M1\","           \
  "\"term_no\":\"T1\"," rest "}}"
#define PROMISED "20261122120000"
#define ASKED "20261122120100"
#define PLACE "\"location_info\":{\"request_ip\":\"203.0.113.9\"}"
#define CARD_PAYMENT                                                                               \
  "\"origin_biz_type\":\"1\",\"origin_trade_date\":\"20261121\","                                  \
  "\"origin_log_no\":\"26112112345678\""

static const struct
{
  const char *name; /* in vectors/lakala.sha256 */
  TillErrandKind kind;
  gboolean by_card;
  const char *path, *body;
} requests[] = {
  { "pay", TILL_ERRAND_PAY, FALSE, "/api/v3/labs/trans/micropay",
    DATA (PROMISED, "\"out_trade_no\":\"" NUMBER "\",\"auth_code\":\"134567890123456789\","
                    "\"total_amount\":\"1250\",\"subject\":\"S 9101 果汁\"," PLACE) },
  { "query_pay", TILL_ERRAND_QUERY_PAY, FALSE, "/api/v3/labs/query/tradequery",
    DATA (ASKED, "\"out_trade_no\":\"" NUMBER "\"") },
  { "reverse", TILL_ERRAND_REVERSE, FALSE, "/api/v3/labs/relation/revoked",
    DATA (PROMISED,
          "\"out_trade_no\":\"R" NUMBER "\",\"origin_out_trade_no\":\"" NUMBER "\"," PLACE) },
  { "refund", TILL_ERRAND_REFUND, FALSE, "/api/v3/labs/relation/idmrefund",
    DATA (PROMISED,
          "\"out_refund_order_no\":\"" NUMBER "\",\"refund_amount\":\"1250\","
          "\"origin_out_trade_no\":\"" ORIGINAL "\",\"refund_reason\":\"S 9101 果汁\"," PLACE) },
  { "query_refund", TILL_ERRAND_QUERY_REFUND, FALSE, "/api/v3/labs/query/idmrefundquery",
    DATA (ASKED, "\"out_refund_order_no\":\"" NUMBER "\"") },
  { "void", TILL_ERRAND_VOID, FALSE, "/api/v3/labs/relation/revoked",
    DATA (PROMISED,
          "\"out_trade_no\":\"" NUMBER "\",\"origin_out_trade_no\":\"" ORIGINAL "\"," PLACE) },
  { "query_void", TILL_ERRAND_QUERY_VOID, FALSE, "/api/v3/labs/query/tradequery",
    DATA (ASKED, "\"out_trade_no\":\"" NUMBER "\"") },
  { "card_refund", TILL_ERRAND_REFUND, TRUE, "/api/v3/lams/trade/trade_refund",
    DATA (PROMISED, "\"out_trade_no\":\"" NUMBER "\",\"refund_amount\":\"1250\"," CARD_PAYMENT
                    ",\"origin_card_no\":\"****4021\"," PLACE) },
  { "card_query_refund", TILL_ERRAND_QUERY_REFUND, TRUE, "/api/v3/lams/trade/trade_refund_query",
    DATA (ASKED, "\"out_trade_no\":\"" NUMBER "\"," CARD_PAYMENT) },
};

/* "NAME NONCE SIGNATURE" of the vectors. */
static char **
vector_of (const char *name)
{
  g_autofree char *text = vectors_text ("lakala.sha256");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i]; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);
      if (g_strcmp0 (words[0], name) == 0)
        return g_steal_pointer (&words);
    }
  g_assert_not_reached ();
}

static void
test_request_bytes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind, requests[i].by_card);
      g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
      gsize size;
      const char *body = g_bytes_get_data (request->body, &size);
      g_assert_cmpmem (body, size, requests[i].body, strlen (requests[i].body));
      g_autofree char *url = g_strconcat ("https://127.0.0.1:8443", requests[i].path, NULL);
      g_assert_cmpstr (request->url, ==, url);
      g_auto (GStrv) vector = vector_of (requests[i].name);
      g_autofree char *wanted
          = g_strdup_printf ("LKLAPI-SHA256withRSA appid=\"" APP "\",timestamp=\"1795320060\","
                             "nonce_str=\"%s\",serial_no=\"00dfba8194c41b84cf\",signature=\"%s\"",
                             vector[1], vector[2]);
      g_assert_cmpstr (request_header (request, "Authorization"), ==, wanted);
      g_assert_cmpstr (request_header (request, "Content-Type"), ==, "application/json");
      g_assert_cmpint (request->total_ms, ==, 20000);
    }
}

/* After a restart, a day later: what moves money is the same body, and only the header is new. */
static void
test_repeat_is_the_same (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      TillErrand errand = errand_of (requests[i].kind, requests[i].by_card);
      g_autoptr (TillRequest) first = codec ()->build (&errand, &account);
      errand.asked_at += 86400 * INT64_C (1000000);
      errand.provider_no = (char *)"66X"; /* told meanwhile */
      g_autoptr (TillRequest) second = codec ()->build (&errand, &account);
      g_assert_cmpint (g_bytes_equal (first->body, second->body), ==,
                       !till_errand_kind_is_query (errand.kind));
      g_assert_cmpstr (request_header (first, "Authorization"), !=,
                       request_header (second, "Authorization"));
    }
}

/* A scanner may read anything; it stays one text in the request. */
static void
test_strange_auth (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_PAY, FALSE);
  errand.auth = (char *)"13\",\"total_amount\":\"1\",\"x\":\"\xff\x1b\n";
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (json_t) object = till_json_parse (request->body, NULL);
  const json_t *data = json_object_get (object, "req_data");
  g_assert_cmpstr (till_json_text (data, "total_amount"), ==, "1250");
}

/* Of a card payment that Lakala numbered as a platform does, or of which little is known. */
static void
test_card_refund_facts (void)
{
  TillErrand errand = errand_of (TILL_ERRAND_REFUND, TRUE);
  errand.original_provider_no = (char *)"66210311110012345678901234567890";
  errand.masked = NULL;
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (json_t) object = till_json_parse (request->body, NULL);
  const json_t *data = json_object_get (object, "req_data");
  g_assert_cmpstr (till_json_text (data, "origin_trade_no"), ==, errand.original_provider_no);
  g_assert_null (till_json_text (data, "origin_log_no"));
  g_assert_null (till_json_text (data, "origin_card_no"));
}

/* What was typed from a terminal's slip is what the payment is pointed to by: its own day, not that
 * of the books, and the card in the form that is documented. */
static void
test_card_slip_bytes (void)
{
  static const char refund[]
      = DATA (PROMISED, "\"out_trade_no\":\"" NUMBER "\",\"refund_amount\":\"1250\","
                        "\"origin_biz_type\":\"1\",\"origin_trade_date\":\"20261120\","
                        "\"origin_log_no\":\"26112112345678\","
                        "\"origin_card_no\":\"6226****8223\"," PLACE);
  static const char query[]
      = DATA (ASKED, "\"out_trade_no\":\"" NUMBER "\",\"origin_biz_type\":\"1\","
                     "\"origin_trade_date\":\"20261120\",\"origin_log_no\":\"26112112345678\","
                     "\"origin_trade_ref_no\":\"126112000031\"");
  static const char *const bodies[] = { refund, query };
  static const TillErrandKind kinds[] = { TILL_ERRAND_REFUND, TILL_ERRAND_QUERY_REFUND };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillErrand errand = errand_of (kinds[i], TRUE);
      errand.masked = (char *)"622612******8223";
      errand.slip_reference_no = (char *)"126112000031";
      errand.slip_day = 20261120;
      g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
      gsize size;
      const char *body = g_bytes_get_data (request->body, &size);
      g_assert_cmpmem (body, size, bodies[i], strlen (bodies[i]));
    }
}

/* --- answers --- */

typedef enum
{
  SIGNED,
  SIGNED_BY_NEXT,
  UNSIGNED,
  WRONG_KEY,
  OTHER_APP,
  BODY_CHANGED,
  TIME_CHANGED,
  NO_LAST_LINE,
  SIGNED_TWICE,
  HALF_A_SIGNATURE,
} Seal;

static TillReply *
sealed (int status, GBytes *body, Seal seal)
{
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  till_reply_set_body (answer, body);
  if (seal == UNSIGNED)
    return answer;
  const char *app = seal == OTHER_APP ? "OP00000004" : APP;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%s\n0123ab\n1795320061\nabcdefabcdef\n", app);
  g_string_append_len (text, data, (gssize)size);
  if (seal == BODY_CHANGED)
    g_string_append_c (text, ' ');
  if (seal != NO_LAST_LINE)
    g_string_append_c (text, '\n');
  const TillKey *key = seal == WRONG_KEY ? account.our_key : provider_key;
  g_autofree char *signature = till_key_sign (key, text->str, text->len);
  if (seal == HALF_A_SIGNATURE)
    signature[strlen (signature) / 2] = '\0';
  /* HTTP/2 writes them small. */
  till_reply_add_field (answer, "lklapi-appid", app);
  till_reply_add_field (answer, "Lklapi-Serial", "0123ab");
  till_reply_add_field (answer, "Lklapi-Timestamp",
                        seal == TIME_CHANGED ? "1795320062" : "1795320061");
  till_reply_add_field (answer, "Lklapi-Nonce", "abcdefabcdef");
  till_reply_add_field (answer, "Lklapi-Signature", signature);
  if (seal == SIGNED_TWICE)
    till_reply_add_field (answer, "Lklapi-Signature", signature);
  return answer;
}

#define SAYS(code, data) "{\"code\":\"" code "\",\"msg\":\"m\",\"resp_data\":{" data "}}"
#define TAKEN(data) SAYS ("BBS00000", data)
#define STATE(word) ",\"trade_state\":\"" word "\""
#define TRADE "\"merchant_no\":\"M1\",\"out_trade_no\":\"" NUMBER "\""
#define PAID TRADE ",\"trade_no\":\"66X\",\"total_amount\":\"1250\""
#define BACK                                                                                       \
  "\"out_refund_order_no\":\"" NUMBER "\",\"trade_no\":\"66X\",\"refund_amount\":\"1250\","        \
  "\"total_amount\":\"5000\",\"origin_out_trade_no\":\"" ORIGINAL "\""
#define UNDONE                                                                                     \
  "\"out_trade_no\":\"R" NUMBER "\",\"trade_no\":\"66X\",\"total_amount\":\"1250\","               \
  "\"origin_out_trade_no\":\"" NUMBER "\""
#define VOIDED PAID ",\"origin_out_trade_no\":\"" ORIGINAL "\""
#define ENTRY(no, amount, state)                                                                   \
  "{\"out_trade_no\":\"" no "\",\"refund_amount\":\"" amount "\",\"log_no\":\"66X\","              \
  "\"trade_state\":\"" state "\"}"
#define LIST(entries) SAYS ("000000", "\"merchant_no\":\"M1\",\"refund_list\":[" entries "]")

#define PAY TILL_ERRAND_PAY, FALSE
#define QPAY TILL_ERRAND_QUERY_PAY, FALSE
#define REV TILL_ERRAND_REVERSE, FALSE
#define REF TILL_ERRAND_REFUND, FALSE
#define QREF TILL_ERRAND_QUERY_REFUND, FALSE
#define VOID TILL_ERRAND_VOID, FALSE
#define QVOID TILL_ERRAND_QUERY_VOID, FALSE
#define CARD TILL_ERRAND_REFUND, TRUE
#define QCARD TILL_ERRAND_QUERY_REFUND, TRUE
#define IS(kind, class) TILL_OUTCOME_##kind, TILL_CLASS_##class
#define IS_DONE IS (DONE, NONE)
#define IS_TAKEN IS (ACCEPTED, NONE)
#define IS_NO IS (REFUSED, FINAL)
#define IS_UNKNOWN IS (UNKNOWN, UNKNOWN_OUTCOME)
#define IS_MISMATCH IS (MISMATCH, UNKNOWN_OUTCOME)

static const struct
{
  const char *name;
  TillErrandKind errand;
  gboolean by_card;
  int status;
  Seal seal;
  const char *body;
  TillOutcomeKind kind;
  TillFailureClass failure;
} rows[] = {
  /* what is not believed */
  { "unsigned", REF, 200, UNSIGNED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "our own key", REF, 200, WRONG_KEY, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "another app", REF, 200, OTHER_APP, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "body changed", REF, 200, BODY_CHANGED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "time changed", REF, 200, TIME_CHANGED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "no last line", REF, 200, NO_LAST_LINE, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "two signatures", REF, 200, SIGNED_TWICE, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "half a signature", REF, 200, HALF_A_SIGNATURE, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "captive portal", REF, 200, UNSIGNED, "<html>Welcome</html>", IS_UNKNOWN },
  { "201", REF, 201, SIGNED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "302", REF, 302, SIGNED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "400", REF, 400, SIGNED, SAYS ("SBX_BAD_REQUEST", BACK), IS_UNKNOWN },
  { "401", REF, 401, SIGNED, SAYS ("SBX_BAD_SIGNATURE", BACK), IS_UNKNOWN },
  { "500", REF, 500, SIGNED, TAKEN (BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "empty", REF, 200, SIGNED, "", IS_UNKNOWN },
  { "no json", REF, 200, SIGNED, "BBS00000", IS_UNKNOWN },
  { "array", REF, 200, SIGNED, "[" TAKEN (BACK STATE ("SUCCESS")) "]", IS_UNKNOWN },
  { "cut off", REF, 200, SIGNED, "{\"code\":\"BBS00000\",\"resp_da", IS_UNKNOWN },
  { "something behind", REF, 200, SIGNED, TAKEN (BACK STATE ("SUCCESS")) "{}", IS_UNKNOWN },
  { "name twice", REF, 200, SIGNED, TAKEN (BACK STATE ("SUCCESS") STATE ("SUCCESS")), IS_UNKNOWN },
  { "NUL in a text", REF, 200, SIGNED, TAKEN (BACK STATE ("SUCCESS\\u0000")), IS_UNKNOWN },
  { "GBK", REF, 200, SIGNED, TAKEN ("\"remark\":\"\xcd\xcb\xbf\xee\"," BACK STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "no code", REF, 200, SIGNED, "{\"resp_data\":{" BACK STATE ("SUCCESS") "}}", IS_UNKNOWN },
  { "code is a number", REF, 200, SIGNED, "{\"code\":0,\"resp_data\":{" BACK "}}", IS_UNKNOWN },
  { "no resp_data", REF, 200, SIGNED, "{\"code\":\"BBS00000\"}", IS_UNKNOWN },
  { "resp_data is a text", REF, 200, SIGNED, "{\"code\":\"BBS00000\",\"resp_data\":\"SUCCESS\"}",
    IS_UNKNOWN },
  { "resp_data is null", REF, 200, SIGNED, "{\"code\":\"BBS00000\",\"resp_data\":null}",
    IS_UNKNOWN },
  { "small letters", REF, 200, SIGNED, TAKEN (BACK STATE ("success")), IS_UNKNOWN },
  { "state unknown", REF, 200, SIGNED, TAKEN (BACK STATE ("REFUNDED")), IS_UNKNOWN },
  { "state empty", REF, 200, SIGNED, TAKEN (BACK STATE ("")), IS_UNKNOWN },
  { "state null", REV, 200, SIGNED, TAKEN (UNDONE ",\"trade_state\":null"), IS_UNKNOWN },
  { "state a number", PAY, 200, SIGNED, TAKEN (PAID ",\"trade_state\":0"), IS_UNKNOWN },
  { "labs' code from lams", CARD, 200, SIGNED, TAKEN (TRADE STATE ("SUCCESS")), IS_UNKNOWN },
  { "lams' code from labs", REF, 200, SIGNED, SAYS ("000000", BACK STATE ("SUCCESS")), IS_UNKNOWN },
  { "not taken, and done", REF, 200, SIGNED,
    SAYS ("SBX_AMOUNT_ABOVE_REFUNDABLE", BACK STATE ("SUCCESS")), IS_UNKNOWN },

  /* a yes that leaves something out */
  { "amount left out", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER "\",\"trade_no\":\"66X\"" STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "amount a number", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"refund_amount\":1250" STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "amount in yuan", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"refund_amount\":\"12.50\"" STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "amount with a sign", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"refund_amount\":\"+1250\"" STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "amount too large", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"refund_amount\":\"18446744073709552866\"" STATE ("SUCCESS")),
    IS_UNKNOWN },
  { "number left out", REF, 200, SIGNED,
    TAKEN ("\"trade_no\":\"66X\",\"refund_amount\":\"1250\"" STATE ("SUCCESS")), IS_UNKNOWN },
  { "their number left out", PAY, 200, SIGNED, TAKEN (TRADE ",\"total_amount\":\"1250\""),
    IS_UNKNOWN },
  { "their number has blanks", PAY, 200, SIGNED,
    TAKEN (TRADE ",\"total_amount\":\"1250\",\"trade_no\":\"6 6\""), IS_UNKNOWN },
  { "reversed, but which", REV, 200, SIGNED,
    TAKEN ("\"out_trade_no\":\"R" NUMBER "\",\"trade_no\":\"66X\",\"total_amount\":\"1250\""),
    IS_UNKNOWN },
  { "failed, but which", QREF, 200, SIGNED, TAKEN ("\"trade_state\":\"FAIL\""), IS_UNKNOWN },
  { "refused, but which", REF, 200, SIGNED, SAYS ("SBX_BALANCE_LOW", ""), IS_UNKNOWN },
  { "not found, but which", QREF, 200, SIGNED, SAYS ("SBX_NOT_FOUND", ""), IS_UNKNOWN },
  { "a query without a state", QREF, 200, SIGNED, TAKEN (BACK), IS_UNKNOWN },

  /* what contradicts our row */
  { "other amount", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"refund_amount\":\"1251\"" STATE ("SUCCESS")),
    IS_MISMATCH },
  { "other amount of a state unknown", QREF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER "\",\"refund_amount\":\"1251\"" STATE ("DEAL")),
    IS_MISMATCH },
  { "other number", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"OTHER\",\"trade_no\":\"66X\","
           "\"refund_amount\":\"1250\"" STATE ("SUCCESS")),
    IS_MISMATCH },
  { "other merchant", PAY, 200, SIGNED,
    TAKEN ("\"merchant_no\":\"M2\",\"out_trade_no\":\"" NUMBER
           "\",\"trade_no\":\"66X\",\"total_amount\":\"1250\""),
    IS_MISMATCH },
  { "other payment", REF, 200, SIGNED,
    TAKEN ("\"out_refund_order_no\":\"" NUMBER "\",\"trade_no\":\"66X\",\"refund_amount\":\"1250\","
           "\"origin_out_trade_no\":\"OTHER\"" STATE ("SUCCESS")),
    IS_MISMATCH },
  { "the payment's number where the reversal's belongs", REV, 200, SIGNED, TAKEN (PAID),
    IS_MISMATCH },
  { "another reversed", REV, 200, SIGNED,
    TAKEN ("\"out_trade_no\":\"R" NUMBER "\",\"trade_no\":\"66X\",\"total_amount\":\"1250\","
           "\"origin_out_trade_no\":\"OTHER\""),
    IS_MISMATCH },
  { "a payment where a void belongs", QVOID, 200, SIGNED,
    TAKEN (PAID ",\"trade_main_type\":\"MICROPAY\"" STATE ("SUCCESS")), IS_MISMATCH },
  { "a refund where a payment belongs", QPAY, 200, SIGNED,
    TAKEN (PAID ",\"trade_main_type\":\"REFUND\"" STATE ("SUCCESS")), IS_MISMATCH },
  { "number used otherwise", REF, 200, SIGNED,
    SAYS ("SBX_NUMBER_USED", "\"out_refund_order_no\":\"" NUMBER "\""), IS_MISMATCH },
  { "refused, other number", REF, 200, SIGNED,
    SAYS ("SBX_BALANCE_LOW", "\"out_refund_order_no\":\"OTHER\""), IS_MISMATCH },
  { "given back by others", QPAY, 200, SIGNED, TAKEN (PAID STATE ("REFUND")), IS_MISMATCH },
  { "partly given back by others", QPAY, 200, SIGNED, TAKEN (PAID STATE ("PART_REFUND")),
    IS_MISMATCH },

  /* taken without a word */
  { "pay taken", PAY, 200, SIGNED, TAKEN (PAID), IS_TAKEN },
  { "refund taken", REF, 200, SIGNED, TAKEN (BACK), IS_TAKEN },
  { "void taken", VOID, 200, SIGNED, TAKEN (VOIDED), IS_TAKEN },
  { "reversal taken", REV, 200, SIGNED, TAKEN (UNDONE), IS_DONE },
  { "next key", REF, 200, SIGNED_BY_NEXT, TAKEN (BACK STATE ("SUCCESS")), IS_DONE },

  { "paid, and says which trade", QPAY, 200, SIGNED,
    TAKEN (PAID ",\"trade_main_type\":\"MICROPAY\"" STATE ("SUCCESS")), IS_DONE },
  { "voided, and says which trade", QVOID, 200, SIGNED,
    TAKEN (VOIDED ",\"trade_main_type\":\"CANCEL\"" STATE ("SUCCESS")), IS_DONE },

  /* codes that leave it open, and codes that nobody told us */
  { "BBS11112", PAY, 200, SIGNED, SAYS ("BBS11112", PAID), IS_UNKNOWN },
  { "BBS11105", REF, 200, SIGNED, SAYS ("BBS11105", BACK), IS_UNKNOWN },
  { "BBS10000", REF, 200, SIGNED, SAYS ("BBS10000", BACK), IS_UNKNOWN },
  { "BPS10034", REF, 200, SIGNED, SAYS ("BPS10034", BACK), IS_UNKNOWN },
  { "BBS00100", REF, 200, SIGNED, SAYS ("BBS00100", BACK), IS_UNKNOWN },
  { "BBS00101", REF, 200, SIGNED, SAYS ("BBS00101", BACK), IS_UNKNOWN },
  { "RFD11112", REF, 200, SIGNED, SAYS ("RFD11112", BACK), IS_UNKNOWN },
  { "another code", REF, 200, SIGNED, SAYS ("BBS99999", BACK), IS_UNKNOWN },
  { "another code of a query", QREF, 200, SIGNED, SAYS ("BBS99999", BACK), IS_UNKNOWN },

  /* the sandbox's inventions */
  { "not found", QREF, 200, SIGNED,
    SAYS ("SBX_NOT_FOUND", "\"out_refund_order_no\":\"" NUMBER "\""), IS (NOT_FOUND, NONE) },
  { "not found, but it was no query", REF, 200, SIGNED,
    SAYS ("SBX_NOT_FOUND", "\"out_refund_order_no\":\"" NUMBER "\""), IS_UNKNOWN },
  { "nothing to reverse", REV, 200, SIGNED,
    SAYS ("SBX_ORIGINAL_NOT_FOUND", "\"out_trade_no\":\"R" NUMBER "\""), IS (NOT_FOUND, NONE) },
  { "nothing to refund", REF, 200, SIGNED, SAYS ("SBX_ORIGINAL_NOT_FOUND", BACK),
    IS (REFUSED, FIX) },
  { "original differs", REF, 200, SIGNED, SAYS ("SBX_ORIGINAL_DIFFERS", BACK), IS (REFUSED, FIX) },
  { "already refunded", REF, 200, SIGNED, SAYS ("SBX_ALREADY_REFUNDED", BACK), IS (REFUSED, FIX) },
  { "above refundable", REF, 200, SIGNED, SAYS ("SBX_AMOUNT_ABOVE_REFUNDABLE", BACK),
    IS (REFUSED, FIX) },
  { "too late to void", VOID, 200, SIGNED, SAYS ("SBX_TOO_LATE_TO_VOID", VOIDED), IS_NO },
  { "balance low", REF, 200, SIGNED, SAYS ("SBX_BALANCE_LOW", BACK), IS (REFUSED, BALANCE) },
  { "account closed", REF, 200, SIGNED, SAYS ("SBX_ACCOUNT_CLOSED", BACK), IS (REFUSED, CUSTOMER) },
  { "bad request", REF, 200, SIGNED, SAYS ("SBX_BAD_REQUEST", BACK), IS (REFUSED, FIX) },
  { "bad request of a query", QREF, 200, SIGNED, SAYS ("SBX_BAD_REQUEST", BACK), IS_UNKNOWN },

  /* lams */
  { "card taken", CARD, 200, SIGNED,
    SAYS ("000000",
          "\"out_trade_no\":\"" NUMBER "\",\"log_no\":\"66X\",\"refund_amount\":\"1250\""),
    IS_TAKEN },
  { "card other amount", CARD, 200, SIGNED,
    SAYS ("000000",
          "\"out_trade_no\":\"" NUMBER "\",\"log_no\":\"66X\",\"refund_amount\":\"5000\""),
    IS_MISMATCH },
  { "card in the list", QCARD, 200, SIGNED,
    LIST (ENTRY ("OTHER", "99", "FAIL") "," ENTRY (NUMBER, "1250", "SUCCESS")), IS_DONE },
  { "card in the list, failed", QCARD, 200, SIGNED, LIST (ENTRY (NUMBER, "1250", "FAIL")), IS_NO },
  { "card in the list, other amount", QCARD, 200, SIGNED, LIST (ENTRY (NUMBER, "1251", "SUCCESS")),
    IS_MISMATCH },
  { "card not in the list", QCARD, 200, SIGNED, LIST (ENTRY ("OTHER", "1250", "SUCCESS")),
    IS (NOT_FOUND, NONE) },
  { "card list empty", QCARD, 200, SIGNED, LIST (""), IS (NOT_FOUND, NONE) },
  { "card list of another merchant", QCARD, 200, SIGNED,
    SAYS ("000000", "\"merchant_no\":\"M2\",\"refund_list\":[]"), IS_MISMATCH },
  { "card list without numbers", QCARD, 200, SIGNED, LIST ("{\"trade_state\":\"SUCCESS\"}"),
    IS_UNKNOWN },
  { "card list missing", QCARD, 200, SIGNED, SAYS ("000000", ""), IS_UNKNOWN },
  { "card list is a text", QCARD, 200, SIGNED, SAYS ("000000", "\"refund_list\":\"[]\""),
    IS_UNKNOWN },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TillErrand errand = errand_of (rows[i].errand, rows[i].by_card);
  g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
  g_autoptr (TillReply) answer = sealed (rows[i].status, body, rows[i].seal);
  TillAccount other = account;
  if (rows[i].seal == SIGNED_BY_NEXT)
    {
      other.next_provider_key = account.provider_key;
      other.provider_key = account.our_key;
    }
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &other, answer);
  g_test_message ("%s", outcome->detail ? outcome->detail : "");
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==,
                   till_outcome_kind_word (rows[i].kind));
  g_assert_cmpstr (till_failure_letter (outcome->failure), ==,
                   till_failure_letter (rows[i].failure));
  if (outcome->kind == TILL_OUTCOME_DONE)
    {
      g_assert_cmpint (outcome->amount, ==, 1250);
      g_assert_cmpstr (outcome->provider_no, ==, "66X");
    }
}

/* Every trade_state for every errand, in the order of TillErrandKind: done, accepted, no, unknown,
 * contradiction. */
static const struct
{
  const char *state, *means;
} states[] = {
  { "SUCCESS", "ddddddd" },    { "INIT", "aaaaaaa" },    { "CREATE", "aaauuaa" },
  { "PROCESSING", "uuuaauu" }, { "FAIL", "nnnnnnn" },    { "EXCEPTION", "uuunnuu" },
  { "CLOSE", "nnuuuuu" },      { "REVOKED", "nnduudu" }, { "PART_REFUND", "ucuuuuu" },
  { "REFUND", "ucuuuuu" },     { "DEAL", "uuuuuuu" },    { "TIMEOUT", "uuuuuuu" },
  { "UNKNOWN", "uuuuuuu" },    { "success", "uuuuuuu" }, { "REFUNDED", "uuuuuuu" },
  { "SUCCESS ", "uuuuuuu" },   { "", "uuuuuuu" },
};

static void
test_states (void)
{
  static const char *const trades[] = { PAID, PAID, UNDONE, BACK, BACK, VOIDED, VOIDED };
  static const char letters[] = "danuc";
  static const struct
  {
    TillOutcomeKind kind;
    TillFailureClass failure;
  } outcomes[] = { { IS_DONE }, { IS_TAKEN }, { IS_NO }, { IS_UNKNOWN }, { IS_MISMATCH } };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    for (int kind = 0; kind < (int)G_N_ELEMENTS (trades); kind++)
      {
        TillErrand errand = errand_of ((TillErrandKind)kind, FALSE);
        g_autofree char *text
            = g_strdup_printf (TAKEN ("%s,\"trade_state\":\"%s\""), trades[kind], states[i].state);
        g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
        g_autoptr (TillReply) answer = sealed (200, body, SIGNED);
        g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
        gsize wanted = (gsize)(strchr (letters, states[i].means[kind]) - letters);
        g_test_message ("%s %s", till_errand_kind_word (errand.kind), states[i].state);
        g_assert_cmpint (outcome->kind, ==, outcomes[wanted].kind);
        g_assert_cmpint (outcome->failure, ==, outcomes[wanted].failure);
      }
}

static TillOutcomeKind
outcome_of_bytes (const void *data, gsize size)
{
  TillErrand errand = errand_of (REF);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (TillReply) answer = sealed (200, body, SIGNED);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  return outcome->kind;
}

/* Signed, and still not read: too deep, too large, NUL among the bytes. */
static void
test_bombs (void)
{
  static const char good[] = TAKEN (BACK STATE ("SUCCESS"));
  g_assert_cmpint (outcome_of_bytes (good, sizeof good - 1), ==, TILL_OUTCOME_DONE);
  g_assert_cmpint (outcome_of_bytes (good, sizeof good), ==, TILL_OUTCOME_UNKNOWN);
  g_autofree char *open = g_strnfill (500 * 1000, '[');
  g_autofree char *deep = g_strdup_printf ("{\"code\":%s", open);
  g_assert_cmpint (outcome_of_bytes (deep, strlen (deep)), ==, TILL_OUTCOME_UNKNOWN);
  g_autofree char *blanks = g_strnfill (TILL_JSON_SIZE_MAX, ' ');
  g_autofree char *large = g_strconcat (good, blanks, NULL);
  g_assert_cmpint (outcome_of_bytes (large, strlen (large)), ==, TILL_OUTCOME_UNKNOWN);
}

/* What the books keep beside the outcome: the most telling word, and theirs. */
static void
test_words (void)
{
  TillErrand errand = errand_of (QREF);
  static const char text[] = TAKEN (BACK STATE ("FAIL"));
  g_autoptr (GBytes) body = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (TillReply) answer = sealed (200, body, SIGNED);
  g_autoptr (TillOutcome) outcome = codec ()->interpret (&errand, &account, answer);
  g_assert_cmpstr (outcome->code, ==, "FAIL");
  g_assert_cmpstr (outcome->words, ==, "m");
  g_assert_cmpstr (outcome->provider_no, ==, "66X");
}

static void
make_account (void)
{
  g_autofree char *private_path = vectors_path ("provider-private.pem");
  g_autofree char *public_path = vectors_path ("provider-public.pem");
  g_autofree char *our_path = vectors_path ("key.pem");
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  provider_key = till_key_load_private (private_path, NULL);
  account = (TillAccount){ .provider = (char *)"lakala",
                           .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = till_key_load_private (our_path, NULL),
                           .provider_key = till_key_load_public (public_path, NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  static const char *const facts[][2] = { { "app_id", APP },
                                          { "serial_no", "00dfba8194c41b84cf" },
                                          { "term_no", "T1" },
                                          { "request_ip", "203.0.113.9" } };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    g_hash_table_insert (account.facts, (gpointer)facts[i][0], (gpointer)facts[i][1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/lakala/answer/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/codec/lakala/states", test_states);
  g_test_add_func ("/codec/lakala/bombs", test_bombs);
  g_test_add_func ("/codec/lakala/words", test_words);
  g_test_add_func ("/codec/lakala/strange-auth", test_strange_auth);
  g_test_add_func ("/codec/lakala/card-refund-facts", test_card_refund_facts);
  g_test_add_func ("/codec/lakala/card-slip-bytes", test_card_slip_bytes);
  g_test_add_func ("/codec/lakala/request-bytes", test_request_bytes);
  g_test_add_func ("/codec/lakala/repeat-is-the-same", test_repeat_is_the_same);
  int result = g_test_run ();
  till_key_free (account.our_key);
  till_key_free (account.provider_key);
  till_key_free (provider_key);
  g_hash_table_unref (account.facts);
  vectors_remove ();
  return result;
}
