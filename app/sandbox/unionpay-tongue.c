/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's language (银联全渠道 5.1.0): a form in, signed with the merchant's key; "k=v&k=v" out,
 * signed with a certificate that travels along. till-sandbox(1) says what of it is invented.
 *
 * A transaction is known by orderId and txnTime, and by nothing else: the same two again are a
 * repeat, whatever the amount, and another txnTime makes another transaction. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "data/core/digest.h"
#include "devices/gateway/form.h"
#include "devices/gateway/meaning.h"

#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define BACK "/gateway/api/backTransReq.do"
#define QUERY "/gateway/api/queryTrans.do"
#define FORM_TYPE "application/x-www-form-urlencoded"
#define SAID_TYPE "text/html;charset=UTF-8"

/* Whoever wants no notice names this, for backUrl must be there. */
#define NO_NOTICE "http://www.specialUrl.com"
#define FILES "/" /* at a host of its own, which here is the same */

static const char *const paths[] = { "/gateway/api/", FILES, NULL };
static const char *const facts[]
    = { "merchant_no=700000000000001", "cert_id=69903319369", "term_id=00000001", NULL };

/* The platform gives back for 330 days, its QR product for 30. */
static const TillProviderRules rules = { .window_days = 330, .void_until_s = 23 * 3600 };
static const TillProviderRules qr_rules = { .window_days = 30, .void_until_s = 23 * 3600 };
#define QR_TOO_OLD "超过允许的退货天数[1000022]"

/* What is spoken of; a query does not say what it asks after. */
static const struct
{
  const char *path, *type, *sub_type;
  gboolean qr_only;
  TillErrandKind kind;
} transactions[] = {
  { BACK, "01", "06", TRUE, TILL_ERRAND_PAY },
  { BACK, "04", "00", FALSE, TILL_ERRAND_REFUND },
  { BACK, "31", "00", FALSE, TILL_ERRAND_VOID },
  { BACK, "99", "01", TRUE, TILL_ERRAND_REVERSE },
  { QUERY, "00", "00", FALSE, TILL_ERRAND_QUERY_PAY },
};

/* A field that must be there, or where optional may; only: the one value it may have. */
typedef struct
{
  const char *name;
  gboolean optional;
  gsize min, max;
  const char *characters;
  const char *only;
} Field;

static const Field common[] = {
  { "version", FALSE, 5, 5, DIGITS ".", "5.1.0" },
  { "encoding", FALSE, 1, 20, DIGITS LETTERS "-", "UTF-8" },
  { "txnType", FALSE, 2, 2, DIGITS, NULL },
  { "txnSubType", FALSE, 2, 2, DIGITS, NULL },
  { "bizType", FALSE, 6, 6, DIGITS, NULL },
  { "accessType", FALSE, 1, 1, DIGITS, "0" },
  { "channelType", FALSE, 2, 2, "078", NULL },
  { "orderId", FALSE, 8, 40, DIGITS LETTERS, NULL },
  { "txnTime", FALSE, 14, 14, DIGITS, NULL },
};

static const Field monetary[] = {
  { "txnAmt", FALSE, 1, 12, DIGITS, NULL },
  { "currencyCode", FALSE, 3, 3, DIGITS, "156" },
  { "backUrl", FALSE, 1, 256, DIGITS LETTERS "-._:/?=%", NULL },
  { "origQryId", TRUE, 1, 21, DIGITS LETTERS, NULL },
  { "origOrderId", TRUE, 8, 40, DIGITS LETTERS, NULL },
  { "origTxnTime", TRUE, 14, 14, DIGITS, NULL },
};

static const Field of_file[] = {
  { "version", FALSE, 5, 5, DIGITS ".", "5.1.0" },
  { "encoding", FALSE, 1, 20, DIGITS LETTERS "-", "UTF-8" },
  { "txnType", FALSE, 2, 2, DIGITS, "76" },
  { "txnSubType", FALSE, 2, 2, DIGITS, "01" },
  { "bizType", FALSE, 6, 6, DIGITS, "000000" },
  { "accessType", FALSE, 1, 1, DIGITS, "0" },
  { "txnTime", FALSE, 14, 14, DIGITS, NULL },
  { "fileType", FALSE, 2, 2, DIGITS, "00" },
  { "settleDate", FALSE, 4, 4, DIGITS, NULL },
};

static const Field in_person[] = {
  { "qrNo", FALSE, 1, 64, DIGITS, NULL },
  { "termId", FALSE, 8, 8, DIGITS LETTERS, NULL },
};

/* What the book refuses for, in UnionPay's codes. Which of its codes goes with what is partly our
 * own invention; a reason that is not here is taken for a code of UnionPay's. */
static const struct
{
  const char *reason, *code, *words;
} reasons[] = {
  { "ORIGINAL_NOT_FOUND", "35", "原交易不存在或状态不正确[2011000]" },
  { "ORIGINAL_DIFFERS", "36", "与原交易信息不符[2036000]" },
  { "ALREADY_REFUNDED", "45", "原交易已被成功退货或已被成功撤销[2045000]" },
  { "AMOUNT_ABOVE_REFUNDABLE", "33", "交易金额超限[2033000]" },
  { "TOO_MANY_REFUNDS", "33", "退货次数超限[2033001]" },
  { "TOO_SOON", "37", "交易过于频繁[2037000]" },
  { "ORIGINAL_TOO_OLD", "35", "超过可退货期限[4040007]" },
  { "TOO_LATE_TO_VOID", "35", "原交易已过清算日[2035001]" },
  { "BALANCE_LOW", "90", "账户余额不足[2090000]" },
  { "CUSTOMER_FUNDS_LOW", "64", "卡上的余额不足[2064000]" },
  { "ACCOUNT_CLOSED", "73", "支付卡已超过有效期[2073000]" },
  { "ACCOUNT_FROZEN", "75", "账户受限[2075000]" },
  { "CODE_EXPIRED", "86", "二维码状态错误[2086000]" },
  { "RISK_HOLD", "38", "风险受限[2038000]" },
  { "NOT_ALLOWED", "32", "无此交易权限[2032000]" },
};

/* How a transaction stands: as the answer to its request, and to a query. */
static const struct
{
  const char *status, *request, *state;
} statuses[] = {
  { "SUCCESS", "00", "00" }, { "PROCESSING", "05", "05" }, { "REVERSED", "00", "46" },
  { "CLOSED", "01", "01" },  { "ABNORMAL", "73", "73" },
};

static const struct
{
  const char *code, *words;
} sayings[] = {
  { "00", "成功[0000000]" },           { "05", "交易已受理，请稍后查询[1000005]" },
  { "10", "报文格式错误[9100010]" },   { "11", "验证签名失败[9100004]" },
  { "12", "重复交易[1000094]" },       { "13", "报文交易要素缺失[9100013]" },
  { "31", "商户状态不正确[2031000]" }, { "32", "无此交易权限[2032000]" },
  { "34", "查无此交易[2600000]" },     { "37", "查询过于频繁[2037000]" },
  { "46", "原交易已被冲正[2046000]" }, { "98", "文件不存在[6100098]" },
};

static const char *
words_of (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (strcmp (sayings[i].code, code) == 0)
      return sayings[i].words;
  return "交易未成功[9999999]";
}

/* --- what is said --- */

/* The signed text: SHA-256 of all fields in order, in small hexadecimal digits. */
static char *
digest_of (const TillForm *form)
{
  static const char *const but[] = { "signature", NULL };
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  return till_digest_hex (text, strlen (text));
}

/* Lines end in CR and LF, the last one in nothing. */
static char *
certificate_of (const TillSpeech *speech)
{
  g_autofree char *text = g_strchomp (g_strdup (speech->certificate));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  return g_strjoinv ("\r\n", lines);
}

/* The request's own fields come back, unless that would change what the answer's other fields are:
 * nothing is encoded here. */
static void
echo (TillForm *form, const TillForm *heard)
{
  static const char *const names[]
      = { "accessType", "bizType",   "merId",       "orderId",     "txnTime",    "txnType",
          "txnSubType", "origQryId", "origOrderId", "origTxnTime", "reqReserved" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = till_form_get (heard, names[i]);
      if (value && strspn (value, DIGITS LETTERS "-._:/") == strlen (value))
        till_form_add (form, names[i], value);
    }
}

static TillForm *
begin_answer (const TillForm *heard, const char *code, const char *words)
{
  TillForm *form = till_form_new ();
  till_form_add (form, "version", "5.1.0");
  till_form_add (form, "encoding", "UTF-8");
  till_form_add (form, "signMethod", "01");
  echo (form, heard);
  till_form_add (form, "respCode", code);
  till_form_add (form, "respMsg", words);
  return form;
}

void
till_tongue_sign_unionpay (const TillSpeech *speech, TillForm *form, TillDelivery delivery)
{
  g_autofree char *certificate = certificate_of (speech);
  till_form_add (form, "signPubKeyCert", certificate);
  g_autofree char *digest = digest_of (form);
  TillSpeech signer = *speech;
  signer.our_key = speech->signer_key;
  g_autofree char *signature
      = till_tongue_sign (&signer, delivery, TILL_HASH_SHA256, digest, strlen (digest));
  till_form_add (form, "signature", signature);
}

static TillSaid *
end_answer (const TillSpeech *speech, TillForm *form, TillDelivery delivery)
{
  till_tongue_sign_unionpay (speech, form, delivery);
  g_autofree char *text = till_form_sorted (form, NULL, TRUE);
  g_autoptr (GBytes) plain = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) body = till_tongue_twist (plain, delivery);
  return till_said_new (200, SAID_TYPE, body);
}

static TillSaid *
say_no (const TillSpeech *speech, const TillForm *heard, const char *code)
{
  g_autoptr (TillForm) form = begin_answer (heard, code, words_of (code));
  return end_answer (speech, form, TILL_DELIVERY_WHOLE);
}

static void
add_money (TillForm *form, const TillProviderAnswer *answer)
{
  till_form_add (form, "queryId", answer->provider_no);
  if (!answer->has_amount)
    return;
  till_form_add_int (form, "txnAmt", answer->amount);
  till_form_add (form, "currencyCode", till_tongue_currency (answer, "156", "840"));
}

/* What only the answer to a query tells of a transaction. */
static void
add_booking (TillForm *form, const TillProviderAnswer *answer)
{
  g_autofree char *trace = till_clock_stamp (answer->booked_at, TILL_CHINA, "%m%d%H%M%S");
  g_autofree char *settled
      = till_clock_stamp (answer->booked_at + TILL_HOUR, TILL_CHINA, "%m%d"); /* from 23:00 on */
  gsize length = answer->provider_no ? strlen (answer->provider_no) : 0;
  if (length > 0)
    till_form_add (form, "traceNo", answer->provider_no + (length > 6 ? length - 6 : 0));
  till_form_add (form, "traceTime", trace);
  till_form_add (form, "settleDate", settled);
  till_form_add_int (form, "settleAmt", answer->amount);
  till_form_add (form, "settleCurrencyCode", "156");
  if (!till_form_get (form, "origQryId"))
    till_form_add (form, "origQryId", answer->original_provider_no);
}

/* --- what is heard --- */

/* The code of what is wrong, or NULL. */
static const char *
wrong_field (const TillForm *form, const Field *fields, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const char *value = till_form_get (form, fields[i].name);
      gsize length = value ? strlen (value) : 0;
      if (length == 0 && fields[i].optional && !value)
        continue;
      if (length == 0)
        return "13";
      if (length < fields[i].min || length > fields[i].max
          || strspn (value, fields[i].characters) != length
          || (fields[i].only && strcmp (value, fields[i].only) != 0))
        return "10";
    }
  return NULL;
}

/* "20261122120000" is a time; "20260230120000" and "20261122240000" are none. */
static gboolean
is_time (const char *text)
{
  int day;
  g_autofree char *date = g_strndup (text, 8);
  return till_clock_parse_day (date, &day, NULL) && strncmp (text + 8, "24", 2) < 0
         && text[10] < '6' && text[12] < '6';
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillForm *form)
{
  g_autofree char *digest = digest_of (form);
  return till_key_verifies (speech->merchant_key, digest, strlen (digest),
                            till_form_get (form, "signature"));
}

static const char *
wrong_sender (const TillSpeech *speech, const TillForm *form)
{
  const char *merchant = till_tongue_fact (&till_unionpay_tongue, "merchant_no");
  const char *certificate = till_tongue_fact (&till_unionpay_tongue, "cert_id");
  if (!till_form_get (form, "merId") || !till_form_get (form, "certId")
      || !till_form_get (form, "signMethod"))
    return "13";
  if (strcmp (till_form_get (form, "merId"), merchant) != 0)
    return "31";
  if (strcmp (till_form_get (form, "certId"), certificate) != 0
      || strcmp (till_form_get (form, "signMethod"), "01") != 0 || !is_from_merchant (speech, form))
    return "11";
  return NULL;
}

/* What orderId and txnTime are booked as: PAY, REFUND or VOID. */
static gboolean
find_booked (const TillSpeech *speech, const TillForm *form, TillErrandKind *kind)
{
  static const TillErrandKind kinds[] = { TILL_ERRAND_PAY, TILL_ERRAND_REFUND, TILL_ERRAND_VOID };
  TillProviderAnswer answer;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (till_provider_peek (speech->provider, kinds[i], till_form_get (form, "orderId"),
                            till_form_get (form, "txnTime"), &answer))
      {
        *kind = kinds[i];
        return TRUE;
      }
  return FALSE;
}

/* Which payment the money comes from: the code of what is wrong, or NULL with ask filled. */
static const char *
read_original (const TillSpeech *speech, const TillForm *form, TillProviderAsk *ask)
{
  ask->original_provider_no = till_form_get (form, "origQryId");
  if (ask->original_provider_no)
    return NULL;
  const char *number = till_form_get (form, "origOrderId");
  const char *time = till_form_get (form, "origTxnTime");
  /* Two fields in its place are for QR payments. */
  if (!number || !time || strcmp (till_form_get (form, "bizType"), "000000") != 0)
    return "13";
  TillProviderAnswer payment;
  ask->original_no = number;
  return till_provider_peek (speech->provider, TILL_ERRAND_PAY, number, time, &payment) ? NULL
                                                                                        : "35";
}

static const char *
read_transaction (const TillSpeech *speech, const TillForm *form, TillProviderAsk *ask)
{
  const char *wrong = wrong_field (form, monetary, G_N_ELEMENTS (monetary));
  if (!wrong && ask->kind == TILL_ERRAND_PAY)
    wrong = wrong_field (form, in_person, G_N_ELEMENTS (in_person));
  if (wrong)
    return wrong;
  if (!till_meaning_fen_of_text (till_form_get (form, "txnAmt"), &ask->amount) || ask->amount == 0)
    return "10";
  ask->auth = till_form_get (form, "qrNo");
  const char *back = till_form_get (form, "backUrl");
  if (strcmp (back, NO_NOTICE) != 0)
    ask->notify_url = till_tongue_address (back);
  if (ask->kind == TILL_ERRAND_REFUND || ask->kind == TILL_ERRAND_VOID)
    wrong = read_original (speech, form, ask);
  return wrong;
}

/* The code of what is wrong with the request, or NULL with ask filled. */
static const char *
read_ask (const TillSpeech *speech, const char *path, const TillForm *form, TillProviderAsk *ask)
{
  const char *wrong = wrong_sender (speech, form);
  if (!wrong)
    wrong = wrong_field (form, common, G_N_ELEMENTS (common));
  if (wrong)
    return wrong;
  if (!is_time (till_form_get (form, "txnTime")))
    return "10";
  gboolean qr = strcmp (till_form_get (form, "bizType"), "000000") == 0;
  if (!qr && strcmp (till_form_get (form, "bizType"), "000201") != 0)
    return "32";
  for (gsize i = 0; i < G_N_ELEMENTS (transactions); i++)
    if (strcmp (path, transactions[i].path) == 0
        && strcmp (till_form_get (form, "txnType"), transactions[i].type) == 0
        && strcmp (till_form_get (form, "txnSubType"), transactions[i].sub_type) == 0
        && (qr || !transactions[i].qr_only))
      {
        *ask = (TillProviderAsk){ .kind = transactions[i].kind,
                                  .request_no = till_form_get (form, "orderId"),
                                  .identity = till_form_get (form, "txnTime"),
                                  .rules = qr ? &qr_rules : &rules };
        return till_errand_kind_is_query (ask->kind) ? NULL : read_transaction (speech, form, ask);
      }
  return "32";
}

/* --- what is done --- */

/* 03, 04 and 05 as the reason of a refusal are none: it is done all the same, and only a query
 * tells. */
static gboolean
is_done_behind (const char *reason)
{
  return strcmp (reason, "03") == 0 || strcmp (reason, "04") == 0 || strcmp (reason, "05") == 0;
}

static const char *
code_of (const TillProviderAnswer *answer, const char **words)
{
  if (strcmp (answer->code, "NUMBER_USED") == 0)
    return "12";
  if (!answer->status)
    return answer->code;
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (answer->status, statuses[i].status) == 0)
      return statuses[i].request;
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (answer->reason, reasons[i].reason) == 0)
      {
        *words = reasons[i].words;
        return reasons[i].code;
      }
  return answer->reason;
}

static TillSaid *
answer_transaction (const TillSpeech *speech, const TillForm *heard, TillProviderAsk *ask)
{
  gboolean reversal = ask->kind == TILL_ERRAND_REVERSE;
  TillErrandKind booked;
  TillProviderAnswer before, answer;
  if (!reversal && find_booked (speech, heard, &booked) && booked != ask->kind)
    return say_no (speech, heard, "12");
  gboolean known = till_provider_peek (speech->provider, reversal ? TILL_ERRAND_PAY : ask->kind,
                                       ask->request_no, ask->identity, &before);
  TillSaid *broken = till_tongue_ask (speech, ask, &answer);
  if (broken)
    return broken;
  const char *words = NULL;
  const char *code = code_of (&answer, &words);
  if (ask->rules == &qr_rules && g_strcmp0 (answer.reason, "ORIGINAL_TOO_OLD") == 0)
    words = QR_TOO_OLD;
  if (answer.reason && is_done_behind (answer.reason))
    broken = till_tongue_ask (speech, ask, &answer);
  if (broken)
    return broken;
  /* A repeat. The lenient provider does it anew and calls it something else. */
  gboolean same = known && g_strcmp0 (before.provider_no, answer.provider_no) == 0;
  if (same && !reversal)
    code = "12";
  if (same && reversal && strcmp (before.status, "REVERSED") == 0)
    code = "46";
  g_autoptr (TillForm) form = begin_answer (heard, code, words ? words : words_of (code));
  add_money (form, &answer);
  return till_tongue_spoil (end_answer (speech, form, answer.delivery), &answer);
}

/* What the question is about: what is booked so, else what was asked for under that number (voids
 * are counted with the refunds). */
static TillErrandKind
query_of (const TillSpeech *speech, const TillForm *heard)
{
  TillErrandKind kind = TILL_ERRAND_PAY;
  if (!find_booked (speech, heard, &kind)
      && till_provider_count_asked (speech->provider, TILL_ERRAND_REFUND,
                                    till_form_get (heard, "orderId"))
             > 0)
    kind = TILL_ERRAND_REFUND;
  return kind == TILL_ERRAND_REFUND ? TILL_ERRAND_QUERY_REFUND
         : kind == TILL_ERRAND_VOID ? TILL_ERRAND_QUERY_VOID
                                    : TILL_ERRAND_QUERY_PAY;
}

/* respCode tells how the question fared, origRespCode what became of the transaction. */
static TillSaid *
answer_query (const TillSpeech *speech, const TillForm *heard, TillProviderAsk *ask)
{
  TillProviderAnswer answer;
  ask->kind = query_of (speech, heard);
  TillSaid *broken = till_tongue_ask (speech, ask, &answer);
  if (broken)
    return broken;
  const char *code = answer.status ? "00" : answer.code, *state = NULL;
  for (gsize i = 0; answer.status && i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (answer.status, statuses[i].status) == 0)
      state = statuses[i].state;
  if (answer.status && !state)
    code = "34";
  g_autoptr (TillForm) form = begin_answer (heard, code, words_of (code));
  if (state)
    {
      till_form_add (form, "origRespCode", state);
      till_form_add (form, "origRespMsg", words_of (state));
      add_money (form, &answer);
      add_booking (form, &answer);
    }
  return till_tongue_spoil (end_answer (speech, form, answer.delivery), &answer);
}

/* The last day of that month and day that is not after the clearing day we are in; 0: none. */
static int
day_of (const TillSpeech *speech, const char *month_and_day)
{
  int64_t now = till_clock_now (speech->clock) + TILL_HOUR;
  int today = till_clock_day (now, TILL_CHINA), day;
  for (int back = 0; back < 5; back++)
    {
      g_autofree char *date = g_strdup_printf ("%04d%s", today / 10000 - back, month_and_day);
      if (till_clock_parse_day (date, &day, NULL) && day <= today)
        return day;
    }
  return 0;
}

static TillSaid *
answer_file (const TillSpeech *speech, const TillForm *heard)
{
  const char *wrong = wrong_sender (speech, heard);
  if (!wrong)
    wrong = wrong_field (heard, of_file, G_N_ELEMENTS (of_file));
  const char *date = till_form_get (heard, "settleDate");
  int day = wrong ? 0 : day_of (speech, date);
  if (!wrong && day == 0)
    wrong = "10";
  /* One word for both: there is none. */
  if (!wrong && (speech->bill_fault == TILL_BILL_MISSING || speech->bill_fault == TILL_BILL_LATE))
    wrong = "98";
  if (wrong)
    return say_no (speech, heard, wrong);
  g_autoptr (GBytes) zip = till_unionpay_bill (speech, day);
  g_autoptr (GBytes) packed = till_bill_zlib (zip);
  gsize size;
  const guint8 *data = g_bytes_get_data (packed, &size);
  g_autofree char *content = g_base64_encode (data, size);
  g_autofree char *name = g_strdup_printf ("%s_%d.zip", till_form_get (heard, "merId"), day);
  g_autoptr (TillForm) form = begin_answer (heard, "00", words_of ("00"));
  till_form_add (form, "settleDate", date);
  till_form_add (form, "fileName", name);
  till_form_add (form, "fileContent", content);
  return end_answer (speech, form, TILL_DELIVERY_WHOLE);
}

static gboolean
is_form (const TillHeard *heard)
{
  const char *type = till_heard_header (heard, "content-type");
  return type && g_str_has_prefix (type, FORM_TYPE) && !heard->query;
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (!speech->signer_key || !speech->certificate)
    return till_said_text (500, "text/plain", "no certificate to sign with\n");
  gboolean file = strcmp (heard->path, FILES) == 0;
  if (!file && strcmp (heard->path, BACK) != 0 && strcmp (heard->path, QUERY) != 0)
    return till_said_text (404, "text/plain", "no such interface\n");
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  g_autoptr (TillForm) nothing = till_form_new ();
  g_autoptr (TillForm) form = is_form (heard) ? till_form_decode (heard->body, NULL) : NULL;
  if (!form)
    return say_no (speech, nothing, "10");
  if (file)
    return answer_file (speech, form);
  TillProviderAsk ask;
  const char *wrong = read_ask (speech, heard->path, form, &ask);
  if (wrong)
    return say_no (speech, form, wrong);
  return till_errand_kind_is_query (ask.kind) ? answer_query (speech, form, &ask)
                                              : answer_transaction (speech, form, &ask);
}

static const TillStatusWord status_words[]
    = { { 400, "10" }, { 401, "11" }, { 403, "32" }, { 429, "37" }, { 0 } };

const TillTongue till_unionpay_tongue = { .name = "unionpay",
                                          .paths = paths,
                                          .facts = facts,
                                          .answer = answer,
                                          .notice = &till_unionpay_manner,
                                          .status_words = status_words };
