/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's half of API v3: code payments, their reversal, refunds and the two questions.
 *
 * Sandbox inventions, because nobody wrote the real thing down: the codes and HTTP status for an
 * unknown path or method, the messages for the 51st refund, the second refund within a minute, an
 * order older than a year and a reversal before its time, the codes of API v2 where v3 names none
 * (REVERSE_EXPIRE, AUTH_CODE_INVALID, OUT_TRADE_NO_USED), the body of an answer to a reversal, and
 * that a payment asked for twice gets its first answer again; what is said when a refund that is
 * not stuck is recalled, and that a recall asked for twice gets its first answer again. Its own
 * numbers are the model's. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "data/core/digest.h"
#include "devices/gateway/json.h"

#include <string.h>

#define SCHEME "WECHATPAY2-SHA256-RSA2048 "
#define CLOCK_S 300
#define PAY_PATH "/v3/pay/transactions/codepay"
#define ORDER_PATH "/v3/pay/transactions/out-trade-no/"
#define REFUND_PATH "/v3/refund/domestic/refunds"
#define RECALL_PATH "/apply-abnormal-refund" /* behind REFUND_PATH and its number of the refund */
#define LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIFFERS "订单金额或退款金额与之前请求不一致，请核实后再试"

#define BILL_PATH "/v3/bill/tradebill"
#define FLOW_PATH "/v3/bill/fundflowbill"
#define DOWNLOAD_PATH "/v3/billdownload/file"
#define DOWNLOAD_S 300 /* how long an address is good for */

#define BALANCE_PATH "/v3/merchant/fund/balance/"

static const char *const paths[]
    = { BALANCE_PATH, PAY_PATH,  ORDER_PATH,    REFUND_PATH, REFUND_PATH "/",
        BILL_PATH,    FLOW_PATH, DOWNLOAD_PATH, NULL };
static const char *const facts[]
    = { "merchant_no=1900000109", "app_id=wx8888888888888888",
        "serial_no=1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",
        "provider_key_id=PUB_KEY_ID_0119000001092026112200389800000001", NULL };

static const TillProviderRules rules = { .refunds_max = 50,
                                         .refund_gap_s = 60,
                                         .window_days = 365,
                                         .reverse_after_s = 15,
                                         .reverse_within_s = 7 * 24 * 3600 };

/* HTTP status by code; 400 for any other. */
static const struct
{
  const char *code;
  int status;
} statuses[] = {
  { "USERPAYING", 202 },
  { "SIGN_ERROR", 401 },
  { "NOT_ENOUGH", 403 },
  { "USER_ACCOUNT_ABNORMAL", 403 },
  { "NO_AUTH", 403 },
  { "OUT_TRADE_NO_USED", 403 },
  { "RESOURCE_NOT_EXISTS", 404 },
  { "ORDER_NOT_EXIST", 404 },
  { "FREQUENCY_LIMITED", 429 },
  { "SYSTEM_ERROR", 500 },
};

/* What the model says against a request, in the provider's words. A reason that is not here is a
 * code of the provider's own, given as a fault, and passes as it is. */
static const struct
{
  TillErrandKind kind;
  const char *reason, *code, *message;
} reasons[] = {
  { TILL_ERRAND_REFUND, "ORIGINAL_NOT_FOUND", "RESOURCE_NOT_EXISTS", "订单不存在" },
  { TILL_ERRAND_REFUND, "ORIGINAL_DIFFERS", "INVALID_REQUEST", DIFFERS },
  { TILL_ERRAND_REFUND, "NUMBER_USED", "INVALID_REQUEST", DIFFERS },
  { TILL_ERRAND_REFUND, "ALREADY_REFUNDED", "INVALID_REQUEST", "订单已全额退款" },
  { TILL_ERRAND_REFUND, "AMOUNT_ABOVE_REFUNDABLE", "INVALID_REQUEST", "refund_fee大于可退金额" },
  { TILL_ERRAND_REFUND, "TOO_MANY_REFUNDS", "INVALID_REQUEST", "部分退款次数超过50次" },
  { TILL_ERRAND_REFUND, "TOO_SOON", "FREQUENCY_LIMITED", "同一笔订单多次退款需间隔1分钟" },
  { TILL_ERRAND_REFUND, "ORIGINAL_TOO_OLD", "INVALID_REQUEST",
    "交易时间超过一年的订单无法提交退款" },
  { TILL_ERRAND_REFUND, "BALANCE_LOW", "NOT_ENOUGH", "商户余额不足" },
  { TILL_ERRAND_RECALL, "NOT_STUCK", "INVALID_REQUEST", "退款单状态不是退款异常" },
  { TILL_ERRAND_PAY, "NUMBER_USED", "OUT_TRADE_NO_USED", "商户订单号重复" },
  { TILL_ERRAND_REVERSE, "TOO_SOON", "FREQUENCY_LIMITED", "支付后15秒内不能撤销" },
  { TILL_ERRAND_REVERSE, "TOO_LATE_TO_REVERSE", "REVERSE_EXPIRE", "订单超过7天不能撤销" },
  { TILL_ERRAND_REVERSE, "ALREADY_REFUNDED", "INVALID_REQUEST", "订单已转入退款" },
};

/* --- signatures --- */

static const char *
fact (const char *name)
{
  return till_tongue_fact (&till_wechat_tongue, name);
}

static GByteArray *
canonical (const char *head, GBytes *body)
{
  GByteArray *text = g_byte_array_new ();
  g_byte_array_append (text, (const guint8 *)head, (guint)strlen (head));
  gsize size;
  const guint8 *data = g_bytes_get_data (body, &size);
  if (size > 0)
    g_byte_array_append (text, data, (guint)size);
  return g_byte_array_append (text, (const guint8 *)"\n", 1);
}

void
till_tongue_sign_wechat (const TillSpeech *speech, TillDelivery delivery, TillSaid *said)
{
  g_autofree char *time
      = g_strdup_printf ("%" G_GINT64_FORMAT, till_clock_now (speech->clock) / TILL_SECOND);
  g_autofree char *nonce = till_digest_hex (time, strlen (time));
  nonce[32] = '\0';
  g_autofree char *head = g_strdup_printf ("%s\n%s\n", time, nonce);
  g_autoptr (GByteArray) text = canonical (head, said->body);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text->data, text->len);
  till_said_add_header (said, "Wechatpay-Timestamp", time);
  till_said_add_header (said, "Wechatpay-Nonce", nonce);
  till_said_add_header (said, "Wechatpay-Serial", fact ("provider_key_id"));
  till_said_add_header (said, "Wechatpay-Signature", signature);
  till_said_add_header (said, "Request-Id", nonce);
}

static TillSaid *
say (const TillSpeech *speech, int status, const json_t *object, TillDelivery delivery)
{
  g_autoptr (GBytes) body = till_tongue_write (object, delivery);
  TillSaid *said = till_said_new (status, "application/json; charset=utf-8", body);
  till_tongue_sign_wechat (speech, delivery, said);
  return said;
}

static TillSaid *
say_error (const TillSpeech *speech, int status, const char *code, const char *message,
           TillDelivery delivery)
{
  for (gsize i = 0; status == 0 && i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (statuses[i].code, code) == 0)
      status = statuses[i].status;
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "code", code);
  till_json_set_text (object, "message", message);
  return say (speech, status ? status : 400, object, delivery);
}

/* NULL when there is no such parameter; the header is `name="value",…` in any order. */
static char *
parameter (const char *header, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (header, ",", 16);
  gsize length = strlen (name);
  for (guint i = 0; parts[i]; i++)
    {
      const char *part = g_strchug (parts[i]);
      gsize end = strlen (part);
      if (strncmp (part, name, length) == 0 && end > length + 2 && part[length] == '='
          && part[length + 1] == '"' && part[end - 1] == '"')
        return g_strndup (part + length + 2, end - length - 3);
    }
  return NULL;
}

/* What is wrong with the signature, or NULL. */
static const char *
signature_objection (const TillSpeech *speech, const TillHeard *heard)
{
  const char *header = till_heard_header (heard, "authorization");
  if (!header || !g_str_has_prefix (header, SCHEME))
    return "Authorization的认证类型不正确";
  header += strlen (SCHEME);
  g_autofree char *mchid = parameter (header, "mchid");
  g_autofree char *nonce = parameter (header, "nonce_str");
  g_autofree char *signature = parameter (header, "signature");
  g_autofree char *time = parameter (header, "timestamp");
  g_autofree char *serial = parameter (header, "serial_no");
  gint64 seconds;
  if (!nonce || strlen (nonce) > 32 || !signature || !time
      || !g_ascii_string_to_signed (time, 10, 0, G_MAXINT64 / TILL_SECOND, &seconds, NULL))
    return "Http头Authorization值格式错误";
  if (g_strcmp0 (mchid, fact ("merchant_no")) != 0 || g_strcmp0 (serial, fact ("serial_no")) != 0)
    return "商户证书序列号有误";
  gint64 late = till_clock_now (speech->clock) / TILL_SECOND - seconds;
  if (late >= CLOCK_S || late <= -CLOCK_S)
    return "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟";
  g_autofree char *head
      = g_strdup_printf ("%s\n%s%s%s\n%s\n%s\n", heard->method, heard->path,
                         heard->query ? "?" : "", heard->query ? heard->query : "", time, nonce);
  g_autoptr (GByteArray) text = canonical (head, heard->body);
  return till_key_verifies (speech->merchant_key, text->data, text->len, signature)
             ? NULL
             : "签名验证失败";
}

/* --- what is asked --- */

static gboolean
is_number (const char *text, gsize min, gsize max, const char *also)
{
  gsize length = text ? strlen (text) : 0;
  if (length < min || length > max)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!strchr (LETTERS, text[i]) && !strchr (also, text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_order_no (const char *text)
{
  return is_number (text, 6, 32, "_-|*");
}

static gboolean
is_refund_no (const char *text)
{
  return is_number (text, 1, 64, "_-|*@");
}

/* A text that may be left out, of at most max characters. */
static gboolean
fits (const json_t *object, const char *name, glong max)
{
  const json_t *value = json_object_get (object, name);
  return !value || (json_is_string (value) && g_utf8_strlen (json_string_value (value), -1) <= max);
}

static const char *
read_us (const json_t *object)
{
  if (g_strcmp0 (till_json_text (object, "appid"), fact ("app_id")) != 0)
    return "appid";
  return g_strcmp0 (till_json_text (object, "mchid"), fact ("merchant_no")) != 0 ? "mchid" : NULL;
}

/* Each reads one request into ask and names the member that is wrong, or NULL. */
static const char *
read_pay (const json_t *object, TillProviderAsk *ask)
{
  const json_t *amount = json_object_get (object, "amount");
  const char *wrong = read_us (object);
  if (wrong)
    return wrong;
  if (!till_json_text (object, "description") || !fits (object, "description", 127))
    return "description";
  ask->request_no = till_json_text (object, "out_trade_no");
  if (!is_order_no (ask->request_no))
    return "out_trade_no";
  if (!till_json_money (amount, "total", &ask->amount) || ask->amount == 0)
    return "amount.total";
  if (json_object_get (amount, "currency")
      && g_strcmp0 (till_json_text (amount, "currency"), "CNY") != 0)
    return "amount.currency";
  const json_t *store = json_object_get (json_object_get (object, "scene_info"), "store_info");
  if (!json_is_object (store) || !fits (store, "id", 32) || !fits (store, "out_id", 32))
    return "scene_info.store_info";
  if (!fits (object, "attach", 128) || !fits (object, "goods_tag", 32))
    return "attach";
  ask->auth = till_json_text (json_object_get (object, "payer"), "auth_code");
  return ask->auth ? NULL : "payer.auth_code";
}

static const char *
read_refund (const json_t *object, TillProviderAsk *ask)
{
  const json_t *amount = json_object_get (object, "amount");
  ask->request_no = till_json_text (object, "out_refund_no");
  if (!is_refund_no (ask->request_no))
    return "out_refund_no";
  ask->original_no = till_json_text (object, "out_trade_no");
  ask->original_provider_no = till_json_text (object, "transaction_id");
  if (!ask->original_no == !ask->original_provider_no)
    return "transaction_id";
  if (ask->original_no && !is_order_no (ask->original_no))
    return "out_trade_no";
  if (ask->original_provider_no && !is_number (ask->original_provider_no, 1, 32, ""))
    return "transaction_id";
  if (!till_json_money (amount, "total", &ask->original_amount) || ask->original_amount == 0)
    return "amount.total";
  if (!till_json_money (amount, "refund", &ask->amount) || ask->amount == 0
      || ask->amount > ask->original_amount)
    return "amount.refund";
  if (g_strcmp0 (till_json_text (amount, "currency"), "CNY") != 0)
    return "amount.currency";
  ask->notify_url = till_tongue_address (till_json_text (object, "notify_url"));
  if (json_object_get (object, "notify_url") && !ask->notify_url)
    return "notify_url";
  const char *funds = till_json_text (object, "funds_account");
  if (funds && strcmp (funds, "AVAILABLE") != 0)
    return "funds_account";
  return fits (object, "reason", 80) ? NULL : "reason";
}

/* --- answers --- */

static TillSaid *
say_reason (const TillSpeech *speech, TillErrandKind kind, const char *reason,
            TillDelivery delivery)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].kind == kind && strcmp (reasons[i].reason, reason) == 0)
      return say_error (speech, 0, reasons[i].code, reasons[i].message, delivery);
  return say_error (speech, 0, reason, "沙箱设定的错误", delivery);
}

static const char *
state_of (const TillProviderAnswer *answer)
{
  static const struct
  {
    const char *status, *state;
  } states[] = {
    { "PROCESSING", "USERPAYING" },
    { "REVERSED", "REVOKED" },
    { "CLOSED", "CLOSED" },
    { "ABNORMAL", "PAYERROR" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (answer->status, states[i].status) == 0)
      return states[i].state;
  return answer->refunded > 0 ? "REFUND" : "SUCCESS";
}

static json_t *
write_payment (const TillProviderAnswer *answer)
{
  json_t *object = json_object ();
  const char *state = state_of (answer);
  gboolean paid = strcmp (state, "SUCCESS") == 0 || strcmp (state, "REFUND") == 0;
  till_json_set_text (object, "appid", fact ("app_id"));
  till_json_set_text (object, "mchid", fact ("merchant_no"));
  till_json_set_text (object, "out_trade_no", answer->request_no);
  till_json_set_text (object, "trade_state", state);
  till_json_set_text (object, "trade_state_desc", paid ? "支付成功" : "未支付");
  till_json_set_text (object, "trade_type", "MICROPAY");
  if (!paid)
    return object;
  g_autofree char *time
      = till_clock_stamp (answer->booked_at, TILL_CHINA, "%Y-%m-%dT%H:%M:%S+08:00");
  till_json_set_text (object, "transaction_id", answer->provider_no);
  till_json_set_text (object, "bank_type", "OTHERS");
  till_json_set_text (object, "success_time", time);
  json_t *amount = json_object ();
  till_json_set_int (amount, "total", answer->amount);
  till_json_set_int (amount, "payer_total", answer->amount);
  till_json_set_text (amount, "currency", till_tongue_currency (answer, "CNY", "USD"));
  till_json_set_text (amount, "payer_currency", "CNY");
  till_json_set (object, "amount", amount);
  return object;
}

static json_t *
write_refund (const TillProviderAnswer *answer, TillMoney total)
{
  json_t *object = json_object ();
  g_autofree char *time
      = till_clock_stamp (answer->booked_at, TILL_CHINA, "%Y-%m-%dT%H:%M:%S+08:00");
  gboolean recalled = strcmp (answer->status, "RECALLED") == 0;
  gboolean done = recalled || strcmp (answer->status, "SUCCESS") == 0;
  till_json_set_text (object, "refund_id", answer->provider_no);
  till_json_set_text (object, "out_refund_no", answer->request_no);
  till_json_set_text (object, "transaction_id", answer->original_provider_no);
  till_json_set_text (object, "out_trade_no", answer->original_no);
  till_json_set_text (object, "channel", recalled ? "OTHER_BANKCARD" : "ORIGINAL");
  till_json_set_text (object, "user_received_account",
                      recalled ? "商户结算银行账户" : "支付用户零钱");
  till_json_set_text (object, "create_time", time);
  till_json_set_text (object, "success_time", done ? time : NULL);
  till_json_set_text (object, "status", done ? "SUCCESS" : answer->status);
  till_json_set_text (object, "funds_account", "AVAILABLE");
  json_t *amount = json_object ();
  till_json_set_int (amount, "total", total);
  till_json_set_int (amount, "refund", answer->amount);
  till_json_set_int (amount, "payer_total", total);
  till_json_set_int (amount, "payer_refund", answer->amount);
  till_json_set_int (amount, "settlement_refund", answer->amount);
  till_json_set_int (amount, "settlement_total", total);
  till_json_set_int (amount, "discount_refund", 0);
  till_json_set_text (amount, "currency", till_tongue_currency (answer, "CNY", "USD"));
  till_json_set (object, "amount", amount);
  return object;
}

static json_t *
write_answer (const TillProviderAsk *ask, const TillProviderAnswer *answer)
{
  if (till_errand_kind_is_backward (ask->kind))
    return write_refund (answer,
                         answer->original_amount ? answer->original_amount : ask->original_amount);
  if (ask->kind != TILL_ERRAND_REVERSE)
    return write_payment (answer);
  json_t *object = json_object ();
  till_json_set_text (object, "appid", fact ("app_id"));
  till_json_set_text (object, "mchid", fact ("merchant_no"));
  till_json_set_text (object, "out_trade_no", answer->request_no);
  return object;
}

static TillSaid *
say_answer (const TillSpeech *speech, const TillProviderAsk *ask, const TillProviderAnswer *answer)
{
  TillDelivery delivery = answer->delivery;
  if (strcmp (answer->code, "OK") != 0)
    return say_reason (speech, ask->kind, answer->code, delivery);
  if (strcmp (answer->status, "REFUSED") == 0)
    return say_reason (speech, ask->kind, answer->reason, delivery);
  if (strcmp (answer->status, "NOT_FOUND") == 0)
    return till_errand_kind_is_backward (ask->kind)
               ? say_error (speech, 0, "RESOURCE_NOT_EXISTS", "退款单不存在", delivery)
               : say_error (speech, 0, "ORDER_NOT_EXIST", "订单不存在", delivery);
  g_autoptr (json_t) object = write_answer (ask, answer);
  return say (speech, 200, object, delivery);
}

static TillSaid *
answer_ask (const TillSpeech *speech, TillProviderAsk *ask)
{
  TillProviderAnswer answer;
  ask->rules = &rules;
  TillSaid *broken = till_tongue_ask (speech, ask, &answer);
  return broken ? broken : till_tongue_spoil (say_answer (speech, ask, &answer), &answer);
}

static TillSaid *
say_wrong (const TillSpeech *speech, const char *member)
{
  g_autofree char *message = g_strdup_printf ("输入源“/body/%s”的参数错误", member);
  return say_error (speech, 400, "PARAM_ERROR", message, TILL_DELIVERY_WHOLE);
}

static TillSaid *
answer_question (const TillSpeech *speech, const TillHeard *heard)
{
  gboolean refund = g_str_has_prefix (heard->path, REFUND_PATH "/");
  g_autofree char *no
      = g_uri_unescape_string (heard->path + strlen (refund ? REFUND_PATH "/" : ORDER_PATH), NULL);
  TillProviderAsk ask
      = { .kind = refund ? TILL_ERRAND_QUERY_REFUND : TILL_ERRAND_QUERY_PAY, .request_no = no };
  if (g_bytes_get_size (heard->body) > 0)
    return say_wrong (speech, "");
  if (refund ? !is_refund_no (no) : !is_order_no (no))
    return say_wrong (speech, refund ? "out_refund_no" : "out_trade_no");
  g_autofree char *us = g_strconcat ("mchid=", fact ("merchant_no"), NULL);
  if (!refund && g_strcmp0 (heard->query, us) != 0)
    return say_wrong (speech, "mchid");
  return answer_ask (speech, &ask);
}

/* 18 digits, of which the first two are 10–15. */
static gboolean
is_payment_code (const char *code)
{
  return strlen (code) == 18 && strspn (code, "0123456789") == 18 && code[0] == '1'
         && code[1] <= '5';
}

static TillSaid *
answer_reversal (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  const char *at = heard->path + strlen (ORDER_PATH);
  const char *end = strchr (at, '/');
  g_autofree char *written = g_strndup (at, end ? (gsize)(end - at) : 0);
  g_autofree char *no = g_uri_unescape_string (written, NULL);
  if (!end || strcmp (end, "/reverse") != 0)
    return say_error (speech, 404, "PATH_NOT_EXIST", "接口不存在", TILL_DELIVERY_WHOLE);
  const char *wrong = read_us (object);
  if (wrong || !is_order_no (no))
    return say_wrong (speech, wrong ? wrong : "out_trade_no");
  TillProviderAsk ask = { .kind = TILL_ERRAND_REVERSE, .request_no = no };
  return answer_ask (speech, &ask);
}

/* /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund: to a bank card of the customer's
 * it goes with three members more, none of which this till sends. */
static TillSaid *
answer_recall (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  const char *at = heard->path + strlen (REFUND_PATH "/");
  g_autofree char *refund_id = g_strndup (at, strlen (at) - strlen (RECALL_PATH));
  TillErrandKind kind;
  const char *known = till_provider_number_of (speech->provider, refund_id, &kind);
  TillProviderAsk ask
      = { .kind = TILL_ERRAND_RECALL, .request_no = till_json_text (object, "out_refund_no") };
  if (!is_refund_no (ask.request_no))
    return say_wrong (speech, "out_refund_no");
  if (g_strcmp0 (till_json_text (object, "type"), "MERCHANT_BANK_CARD") != 0)
    return say_wrong (speech, "type");
  if (!known || kind != TILL_ERRAND_REFUND || strcmp (known, ask.request_no) != 0)
    return say_error (speech, 0, "RESOURCE_NOT_EXISTS", "退款单不存在", TILL_DELIVERY_WHOLE);
  return answer_ask (speech, &ask);
}

static TillSaid *
answer_order (const TillSpeech *speech, const TillHeard *heard, const json_t *object)
{
  gboolean pay = strcmp (heard->path, PAY_PATH) == 0;
  TillProviderAsk ask = { .kind = pay ? TILL_ERRAND_PAY : TILL_ERRAND_REFUND };
  const char *wrong = pay ? read_pay (object, &ask) : read_refund (object, &ask);
  if (wrong)
    return say_wrong (speech, wrong);
  if (pay && !is_payment_code (ask.auth))
    return say_error (speech, 400, "AUTH_CODE_INVALID", "请扫描微信支付被扫条码/二维码",
                      TILL_DELIVERY_WHOLE);
  return answer_ask (speech, &ask);
}

/* --- bills --- */

/* The two files of a day. `wanted` is what its question must say beside the day. */
typedef struct
{
  const char *path;
  const char *name; /* in the token of its address */
  const char *wanted, *value;
  GBytes *(*write) (const TillSpeech *speech, int day);
} Bill;

static const Bill bills[] = {
  { BILL_PATH, "tradebill", "bill_type", "ALL", till_wechat_bill },
  { FLOW_PATH, "fundflowbill", "account_type", "BASIC", till_wechat_flow },
};

static const Bill *
bill_at (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bills); i++)
    if (strcmp (path, bills[i].path) == 0)
      return &bills[i];
  return NULL;
}

/* NULL: there is one. */
static TillSaid *
refuse_bill (const TillSpeech *speech, const Bill *bill)
{
  gboolean flow = bill->write == till_wechat_flow;
  if (speech->bill_fault == TILL_BILL_MISSING
      || (flow && speech->bill_fault == TILL_BILL_FUNDS_MISSING))
    return say_error (speech, 400, "NO_STATEMENT_EXIST", "账单文件不存在", TILL_DELIVERY_WHOLE);
  if (speech->bill_fault == TILL_BILL_LATE)
    return say_error (speech, 400, "STATEMENT_CREATING", "账单生成中", TILL_DELIVERY_WHOLE);
  if (flow && speech->bill_fault == TILL_BILL_FUNDS_REFUSED)
    return say_error (speech, 403, "NO_AUTH", "商户无权限下载资金账单", TILL_DELIVERY_WHOLE);
  return NULL;
}

static TillSaid *
answer_bill (const TillSpeech *speech, const TillHeard *heard, const Bill *bill)
{
  g_autoptr (GHashTable) query
      = g_uri_parse_params (heard->query ? heard->query : "", -1, "&", G_URI_PARAMS_NONE, NULL);
  const char *date = query ? g_hash_table_lookup (query, "bill_date") : NULL;
  int day;
  if (!date || strlen (date) != 10 || !till_clock_parse_day (date, &day, NULL)
      || g_strcmp0 (g_hash_table_lookup (query, bill->wanted), bill->value) != 0
      || g_strcmp0 (g_hash_table_lookup (query, "tar_type"), "GZIP") != 0)
    return say_error (speech, 400, "PARAM_ERROR", "账单参数错误", TILL_DELIVERY_WHOLE);
  TillSaid *refusal = refuse_bill (speech, bill);
  if (refusal)
    return refusal;
  g_autoptr (GBytes) file = bill->write (speech, day);
  g_autofree char *sha1 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, file);
  g_autofree char *token = till_bill_token (speech, bill->name, day, DOWNLOAD_S);
  const char *host = till_heard_header (heard, "host");
  g_autofree char *url
      = g_strconcat ("https://", host ? host : "127.0.0.1", DOWNLOAD_PATH "?token=", token, NULL);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "hash_type", "SHA1");
  till_json_set_text (object, "hash_value", sha1);
  till_json_set_text (object, "download_url", url);
  return say (speech, 200, object, TILL_DELIVERY_WHOLE);
}

/* The file itself goes without a signature. */
static TillSaid *
answer_download (const TillSpeech *speech, const TillHeard *heard)
{
  int day;
  const char *query = heard->query ? heard->query : "";
  for (gsize i = 0; g_str_has_prefix (query, "token=") && i < G_N_ELEMENTS (bills); i++)
    if (till_bill_token_is_good (speech, bills[i].name, query + strlen ("token="), &day))
      {
        g_autoptr (GBytes) file = bills[i].write (speech, day);
        g_autoptr (GBytes) packed = till_bill_gzip (file);
        return till_said_new (200, "application/x-gzip", packed);
      }
  return say_error (speech, 400, "INVALID_REQUEST", "下载链接已失效", TILL_DELIVERY_WHOLE);
}

/* --- the balance --- */

/* Sandbox invention: that the basic account alone is open, and that any shop has the right. */
static TillSaid *
answer_balance (const TillSpeech *speech, const TillHeard *heard)
{
  const char *type = heard->path + strlen (BALANCE_PATH);
  if (strcmp (type, "OPERATION") == 0 || strcmp (type, "FEES") == 0)
    return say_error (speech, 400, "INVALID_REQUEST", "输入账户类型未开通", TILL_DELIVERY_WHOLE);
  if (strcmp (type, "BASIC") != 0)
    return say_error (speech, 400, "PARAM_ERROR", "参数错误", TILL_DELIVERY_WHOLE);
  g_autoptr (json_t) object = json_object ();
  till_json_set_int (object, "available_amount", till_tongue_held (speech));
  till_json_set_int (object, "pending_amount", 0);
  return say (speech, 200, object, TILL_DELIVERY_WHOLE);
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  const char *accept = till_heard_header (heard, "accept");
  const char *type = till_heard_header (heard, "content-type");
  const char *agent = till_heard_header (heard, "user-agent");
  gboolean get = strcmp (heard->method, "GET") == 0;
  const Bill *bill = bill_at (heard->path);
  gboolean download = g_str_has_prefix (heard->path, DOWNLOAD_PATH);
  if (!accept || (!download && !strstr (accept, "application/json")) || !agent || !*agent)
    return say_error (speech, 400, "PARAM_ERROR", "Http头缺少Accept或User-Agent",
                      TILL_DELIVERY_WHOLE);
  const char *objection = signature_objection (speech, heard);
  if (objection)
    return say_error (speech, 0, "SIGN_ERROR", objection, TILL_DELIVERY_WHOLE);
  if (get && download)
    return answer_download (speech, heard);
  if (get && bill)
    return answer_bill (speech, heard, bill);
  if (g_str_has_prefix (heard->path, BALANCE_PATH))
    return get ? answer_balance (speech, heard)
               : say_error (speech, 405, "METHOD_NOT_ALLOWED", "请求方法不正确",
                            TILL_DELIVERY_WHOLE);
  gboolean recall = !get && g_str_has_prefix (heard->path, REFUND_PATH "/")
                    && g_str_has_suffix (heard->path, RECALL_PATH);
  gboolean question = !recall
                      && (g_str_has_prefix (heard->path, REFUND_PATH "/")
                          || (get && g_str_has_prefix (heard->path, ORDER_PATH)));
  if (get != question || (!get && strcmp (heard->method, "POST") != 0))
    return say_error (speech, 405, "METHOD_NOT_ALLOWED", "请求方法不正确", TILL_DELIVERY_WHOLE);
  if (get)
    return answer_question (speech, heard);
  if (!type || !g_str_has_prefix (type, "application/json"))
    return say_error (speech, 400, "PARAM_ERROR", "Content-Type应为application/json",
                      TILL_DELIVERY_WHOLE);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (heard->body, &error);
  if (!object)
    return say_error (speech, 400, "PARAM_ERROR", "请求体不是JSON", TILL_DELIVERY_WHOLE);
  if (recall)
    return answer_recall (speech, heard, object);
  return g_str_has_prefix (heard->path, ORDER_PATH) ? answer_reversal (speech, heard, object)
                                                    : answer_order (speech, heard, object);
}

/* Two answers are documented, HTTP 429 and 403; this is the first. */
static TillSaid *
say_too_fast (const TillSpeech *speech, const TillHeard *heard)
{
  return say_error (speech, 0, "FREQUENCY_LIMITED", "频率超限", TILL_DELIVERY_WHOLE);
}

static const TillStatusWord status_words[] = {
  { 400, "PARAM_ERROR" },         { 401, "SIGN_ERROR" },        { 403, "NO_AUTH" },
  { 404, "RESOURCE_NOT_EXISTS" }, { 429, "FREQUENCY_LIMITED" }, { 0 },
};

const TillTongue till_wechat_tongue = {
  .name = "wechat",
  .paths = paths,
  .facts = facts,
  .answer = answer,
  .notice = &till_wechat_manner,
  .status_words = status_words,
  .requests_per_s = 150,
  .refusals_per_s = 6,
  .too_fast = say_too_fast,
};
