/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's language, the provider's half: gateway.do, version 1.0, RSA2, with public keys or
 * certificates. What the documents do not say, and is our own invention, is marked so here and in
 * till-sandbox(1). */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "data/core/money.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"

#include <string.h>

#define NUMBER_MAX 64
#define REASON_MAX 256
#define AMOUNT_MAX INT64_C (10000000000) /* 100,000,000.00 yuan */

#define BALANCE_METHOD "alipay.data.bill.balance.query"
#define BILL_METHOD "alipay.data.dataservice.bill.downloadurl.query"
#define DOWNLOAD "/downloadBillFile.resource" /* at a host of its own, which here is the same */
#define DOWNLOAD_S 30                         /* how long an address is good for */

static const char *const paths[] = { "/gateway.do", DOWNLOAD, NULL };
static const char *const facts[]
    = { "merchant_no=2088102146225135", "app_id=2021000122671080", NULL };

/* A year is sandbox invention: the contract says how long refunds are possible. */
static const TillProviderRules rules
    = { .refund_gap_s = 3, .window_days = 365, .reverse_within_s = 24 * 3600 };

static const struct
{
  const char *method;
  TillErrandKind kind;
} methods[] = {
  { "alipay.trade.pay", TILL_ERRAND_PAY },
  { "alipay.trade.query", TILL_ERRAND_QUERY_PAY },
  { "alipay.trade.cancel", TILL_ERRAND_REVERSE },
  { "alipay.trade.refund", TILL_ERRAND_REFUND },
  { "alipay.trade.fastpay.refund.query", TILL_ERRAND_QUERY_REFUND },
};

/* The model's reasons in this provider's words. Which word stands for a refund that comes too soon
 * or a cancel that comes too late is sandbox invention. */
static const struct
{
  const char *reason, *says;
} reasons[] = {
  { "ORIGINAL_NOT_FOUND", "ACQ.TRADE_NOT_EXIST" },
  { "ORIGINAL_DIFFERS", "ACQ.TRADE_STATUS_ERROR" },
  { "ALREADY_REFUNDED", "ACQ.TRADE_HAS_CLOSE" },
  { "AMOUNT_ABOVE_REFUNDABLE", "ACQ.REASON_TRADE_REFUND_FEE_ERR" },
  { "TOO_MANY_REFUNDS", "ACQ.TRADE_STATUS_ERROR" },
  { "TOO_SOON", "ACQ.REFUND_CHARGE_ERROR" },
  { "ORIGINAL_TOO_OLD", "ACQ.TRADE_HAS_FINISHED" },
  { "TOO_LATE_TO_REVERSE", "ACQ.TRADE_HAS_FINISHED" },
  { "BALANCE_LOW", "ACQ.SELLER_BALANCE_NOT_ENOUGH" },
};

static const struct
{
  const char *code, *msg;
} messages[] = {
  { "10000", "Success" },
  { "10003", "order success pay inprocess" },
  { "20000", "Service Currently Unavailable" },
  { "20001", "Insufficient Token Permissions" },
  { "40001", "Missing Required Arguments" },
  { "40002", "Invalid Arguments" },
  { "40004", "Business Failed" },
  { "40006", "Insufficient Permissions" },
};

/* --- how it is said --- */

static void
set_code (json_t *object, const char *code, const char *sub_code)
{
  till_json_set_text (object, "code", code);
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    if (strcmp (messages[i].code, code) == 0)
      till_json_set_text (object, "msg", messages[i].msg);
  till_json_set_text (object, "sub_code", sub_code);
  till_json_set_text (object, "sub_msg", sub_code);
}

static void
set_yuan (json_t *object, const char *name, TillMoney amount)
{
  g_autofree char *yuan = till_money_format (amount);
  till_json_set_text (object, name, yuan);
}

/* {"…_response":{…},"sign":"…"}, the signature over the inner object as it is written. */
static TillSaid *
say (const TillSpeech *speech, const char *method, TillDelivery delivery, const json_t *object)
{
  g_autoptr (GBytes) inner = till_tongue_write (object, delivery);
  gsize size;
  const char *text = g_bytes_get_data (inner, &size);
  g_autofree char *signature = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text, size);
  g_autofree char *name = g_strdelimit (g_strdup (method), ".", '_');
  g_autoptr (GString) whole = g_string_new (NULL);
  g_string_append_printf (whole, "{\"%s_response\":", name);
  g_string_append_len (whole, text, (gssize)size);
  if (speech->our_cert_sn)
    g_string_append_printf (whole, ",\"alipay_cert_sn\":\"%s\"", speech->our_cert_sn);
  g_string_append_printf (whole, ",\"sign\":\"%s\"}", signature);
  g_autoptr (GBytes) body = g_bytes_new (whole->str, whole->len);
  return till_said_new (200, "text/html;charset=utf-8", body);
}

static TillSaid *
say_no (const TillSpeech *speech, const char *method, const char *code, const char *sub_code)
{
  g_autoptr (json_t) object = json_object ();
  set_code (object, code, sub_code);
  return say (speech, method, TILL_DELIVERY_WHOLE, object);
}

/* A method nobody knows has no answer of its own name, and this one is not signed. */
static TillSaid *
say_error (const char *code, const char *sub_code)
{
  g_autoptr (json_t) object = json_object ();
  json_t *inner = json_object ();
  set_code (inner, code, sub_code);
  till_json_set (object, "error_response", inner);
  g_autoptr (GBytes) body = till_json_write (object);
  return till_said_new (200, "text/html;charset=utf-8", body);
}

/* --- what is heard --- */

static gboolean
add_all (TillForm *all, GBytes *bytes)
{
  g_autoptr (TillForm) form = till_form_decode (bytes, NULL);
  if (!form || till_form_size (form) + till_form_size (all) > TILL_FORM_FIELDS_MAX)
    return FALSE;
  for (guint i = 0; i < till_form_size (form); i++)
    {
      const char *value;
      const char *name = till_form_nth (form, i, &value);
      if (till_form_get (all, name))
        return FALSE;
      till_form_add (all, name, value);
    }
  return TRUE;
}

/* The parameters of URL and body together; NULL when they cannot be read or one is there twice. */
static TillForm *
read_parameters (const TillHeard *heard)
{
  const char *query = heard->query ? heard->query : "";
  g_autoptr (GBytes) bytes = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) all = till_form_new ();
  return add_all (all, bytes) && add_all (all, heard->body) ? g_steal_pointer (&all) : NULL;
}

/* "2026-11-22 12:00:00" */
static gboolean
is_timestamp (const char *text)
{
  static const char shape[] = "dddd-dd-dd dd:dd:dd";
  if (strlen (text) != sizeof shape - 1)
    return FALSE;
  for (gsize i = 0; shape[i]; i++)
    if (shape[i] == 'd' ? !g_ascii_isdigit (text[i]) : text[i] != shape[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillForm *form)
{
  static const char *const but[] = { "sign", NULL };
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  return till_key_verifies (speech->merchant_key, text, strlen (text),
                            till_form_get (form, "sign"));
}

/* Whoever names certificates names both, and ours. That nothing else is said of a wrong one than of
 * a wrong signature is sandbox invention. */
static gboolean
names_good_certificates (const TillSpeech *speech, const TillForm *form)
{
  const char *app = till_form_get (form, "app_cert_sn");
  const char *roots = till_form_get (form, "alipay_root_cert_sn");
  return (!app && !roots)
         || (speech->app_cert_sn && g_strcmp0 (app, speech->app_cert_sn) == 0
             && g_strcmp0 (roots, speech->root_cert_sn) == 0);
}

/* What is wrong with the common parameters, or NULL. */
static const char *
objection_to_common (const TillSpeech *speech, const TillForm *form)
{
  static const struct
  {
    const char *name, *must_be, *objection;
  } wanted[] = {
    { "charset", "utf-8", "isv.invalid-charset" },
    { "sign_type", "RSA2", "isv.invalid-signature-type" },
    { "version", "1.0", "isv.invalid-version" },
  };
  const char *format = till_form_get (form, "format");
  if (format && strcmp (format, "JSON") != 0)
    return "isv.invalid-format";
  if (g_strcmp0 (till_form_get (form, "app_id"), till_tongue_fact (&till_alipay_tongue, "app_id")))
    return "isv.invalid-app-id";
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (g_strcmp0 (till_form_get (form, wanted[i].name), wanted[i].must_be) != 0)
      return wanted[i].objection;
  if (!is_timestamp (till_form_get (form, "timestamp")))
    return "isv.invalid-timestamp";
  return is_from_merchant (speech, form) && names_good_certificates (speech, form)
             ? NULL
             : "isv.invalid-signature";
}

/* The first common parameter that is missing, as a sub_code, or NULL. */
static const char *
missing_parameter (const TillForm *form)
{
  static const char *const names[][2] = {
    { "app_id", "isv.missing-app-id" },
    { "charset", "isv.missing-charset" },
    { "sign_type", "isv.missing-signature-type" },
    { "sign", "isv.missing-signature" },
    { "timestamp", "isv.missing-timestamp" },
    { "version", "isv.missing-version" },
    { "biz_content", "isv.missing-biz-content" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = till_form_get (form, names[i][0]);
      if (!value || !*value)
        return names[i][1];
    }
  return NULL;
}

/* 1–64 letters, digits and underlines; the dash is sandbox invention, for SDKs that send one. */
static gboolean
is_number (const char *text)
{
  gsize length = text ? strlen (text) : 0;
  return length >= 1 && length <= NUMBER_MAX
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
                == length;
}

/* Yuan with at most two decimals, at least one fen. */
static gboolean
read_yuan (const json_t *content, const char *name, TillMoney *amount)
{
  const char *text = till_json_text (content, name);
  return text && till_money_parse (text, amount, NULL) && *amount > 0 && *amount <= AMOUNT_MAX;
}

static gboolean
is_text (const json_t *content, const char *name, glong max)
{
  const char *text = till_json_text (content, name);
  return text && *text && g_utf8_strlen (text, -1) <= max;
}

/* The payment by one of its two numbers; NULL in *ours when only trade_no names it. */
static gboolean
read_payment (const TillSpeech *speech, const json_t *content, const char **ours)
{
  const char *theirs = till_json_text (content, "trade_no");
  *ours = till_json_text (content, "out_trade_no");
  if (*ours)
    return is_number (*ours);
  TillErrandKind kind;
  *ours = till_provider_number_of (speech->provider, theirs, &kind);
  return is_number (theirs) && (!*ours || kind == TILL_ERRAND_PAY);
}

/* A refund has no address of its own: it is told of where its payment is. */
static void
read_address (const TillSpeech *speech, const TillForm *form, TillProviderAsk *ask)
{
  TillProviderAnswer payment;
  if (ask->kind == TILL_ERRAND_PAY)
    ask->notify_url = till_tongue_address (till_form_get (form, "notify_url"));
  if (ask->kind == TILL_ERRAND_REFUND
      && till_provider_peek (speech->provider, TILL_ERRAND_PAY, ask->original_no, NULL, &payment))
    ask->notify_url = payment.notify_url;
}

static gboolean
read_pay (const json_t *content, TillProviderAsk *ask)
{
  const char *seller = till_json_text (content, "seller_id");
  ask->auth = till_json_text (content, "auth_code");
  return g_strcmp0 (till_json_text (content, "scene"), "bar_code") == 0
         && is_text (content, "subject", REASON_MAX) && ask->auth
         && strspn (ask->auth, "0123456789") == strlen (ask->auth) && strlen (ask->auth) >= 16
         && strlen (ask->auth) <= 24 && read_yuan (content, "total_amount", &ask->amount)
         && (!seller
             || strcmp (seller, till_tongue_fact (&till_alipay_tongue, "merchant_no")) == 0);
}

/* FALSE: ACQ.INVALID_PARAMETER. */
static gboolean
read_ask (const TillSpeech *speech, const json_t *content, TillErrandKind kind,
          TillProviderAsk *ask)
{
  const char *payment;
  *ask = (TillProviderAsk){ .kind = kind, .rules = &rules };
  if (!read_payment (speech, content, &payment))
    return FALSE;
  if (!till_errand_kind_is_backward (kind))
    {
      ask->request_no = payment ? payment : till_json_text (content, "trade_no");
      return kind != TILL_ERRAND_PAY || read_pay (content, ask);
    }
  ask->original_no = payment ? payment : till_json_text (content, "trade_no");
  /* A whole refund may leave it out at the real one; that the sandbox insists is its invention. */
  ask->request_no = till_json_text (content, "out_request_no");
  if (!is_number (ask->request_no) || kind == TILL_ERRAND_QUERY_REFUND)
    return is_number (ask->request_no);
  return read_yuan (content, "refund_amount", &ask->amount)
         && (!json_object_get (content, "refund_reason")
             || is_text (content, "refund_reason", REASON_MAX));
}

/* --- what is answered --- */

static const char *
word_of (const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reason, reasons[i].reason) == 0)
      return reasons[i].says;
  return reason; /* one of the provider's own, put in as a fault */
}

/* The model's first level: five digits, put in as a fault, are a code of the gateway. */
static void
set_not_taken (json_t *object, const TillProviderAsk *ask, const char *code)
{
  if (strcmp (code, "NUMBER_USED") == 0)
    set_code (object, "40004",
              ask->kind == TILL_ERRAND_REFUND ? "ACQ.DISCORDANT_REPEAT_REQUEST"
                                              : "ACQ.CONTEXT_INCONSISTENT");
  else if (strcmp (code, "SYSTEM_ERROR") == 0)
    set_code (object, "20000", "isp.unknow-error");
  else if (strlen (code) == 5 && strspn (code, "0123456789") == 5)
    set_code (object, code, NULL);
  else
    set_code (object, "40004", code);
}

static void
set_trade (json_t *object, const char *out_trade_no, const char *trade_no, const char *name,
           TillMoney amount)
{
  till_json_set_text (object, "trade_no", trade_no);
  till_json_set_text (object, "out_trade_no", out_trade_no);
  if (amount > 0)
    set_yuan (object, name, amount);
}

static void
set_pay (json_t *object, const TillProviderAnswer *answer)
{
  gboolean paid = strcmp (answer->status, "SUCCESS") == 0;
  if (!paid && strcmp (answer->status, "PROCESSING") != 0)
    {
      set_code (object, "40004", "ACQ.TRADE_HAS_CLOSE");
      return;
    }
  set_code (object, paid ? "10000" : "10003", NULL);
  set_trade (object, answer->request_no, answer->provider_no, "total_amount", answer->amount);
  if (paid)
    set_yuan (object, "receipt_amount", answer->amount);
}

/* A trade whose money all went back is closed. */
static void
set_query (json_t *object, const TillProviderAnswer *answer)
{
  static const char *const states[][2]
      = { { "SUCCESS", "TRADE_SUCCESS" }, { "PROCESSING", "WAIT_BUYER_PAY" } };
  if (strcmp (answer->status, "NOT_FOUND") == 0)
    {
      set_code (object, "40004", "ACQ.TRADE_NOT_EXIST");
      till_json_set_text (object, "out_trade_no", answer->request_no);
      return;
    }
  const char *state = "TRADE_CLOSED";
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (answer->status, states[i][0]) == 0 && answer->refunded < answer->amount)
      state = states[i][1];
  set_code (object, "10000", NULL);
  set_trade (object, answer->request_no, answer->provider_no, "total_amount", answer->amount);
  till_json_set_text (object, "trade_status", state);
}

/* That a trade nobody knew is closed, so that a late payment finds it so, is sandbox invention. */
static void
set_cancel (json_t *object, const TillSpeech *speech, const TillProviderAnswer *answer)
{
  guint moved
      = till_provider_count_effects (speech->provider, TILL_ERRAND_REVERSE, answer->request_no);
  set_code (object, "10000", NULL);
  set_trade (object, answer->request_no, answer->provider_no, NULL, 0);
  till_json_set_text (object, "retry_flag", "N");
  till_json_set_text (object, "action", moved ? "refund" : "close");
}

/* fund_change says whether money moved by this very request; refund_fee is all that went back. */
static void
set_refund (json_t *object, const TillProviderAsk *ask, const TillProviderAnswer *answer,
            gboolean moved)
{
  if (strcmp (answer->status, "CLOSED") == 0 || strcmp (answer->status, "ABNORMAL") == 0)
    {
      set_code (object, "40004", "ACQ.TRADE_STATUS_ERROR");
      return;
    }
  set_code (object, "10000", NULL);
  set_trade (object, answer->original_no, answer->original_provider_no, "refund_fee",
             answer->refunded + answer->amount - ask->amount);
  till_json_set_text (object, "fund_change", moved ? "Y" : "N");
}

/* A refund that failed is not told from one that never came: code and nothing. One under way, or
 * stuck, has its data and no status, which is sandbox invention. */
static void
set_refund_query (json_t *object, const TillProviderAnswer *answer)
{
  set_code (object, "10000", NULL);
  if (strcmp (answer->status, "NOT_FOUND") == 0 || strcmp (answer->status, "CLOSED") == 0)
    return;
  set_trade (object, answer->original_no, answer->original_provider_no, "total_amount",
             answer->original_amount);
  till_json_set_text (object, "out_request_no", answer->request_no);
  set_yuan (object, "refund_amount", answer->amount);
  if (strcmp (answer->status, "SUCCESS") == 0)
    till_json_set_text (object, "refund_status", "REFUND_SUCCESS");
}

static json_t *
make_answer (const TillSpeech *speech, const TillProviderAsk *ask, const TillProviderAnswer *answer,
             gboolean moved)
{
  json_t *object = json_object ();
  if (!answer->status)
    set_not_taken (object, ask, answer->code);
  else if (strcmp (answer->status, "REFUSED") == 0)
    set_code (object, "40004", word_of (answer->reason));
  else if (ask->kind == TILL_ERRAND_PAY)
    set_pay (object, answer);
  else if (ask->kind == TILL_ERRAND_QUERY_PAY)
    set_query (object, answer);
  else if (ask->kind == TILL_ERRAND_REVERSE)
    set_cancel (object, speech, answer);
  else if (ask->kind == TILL_ERRAND_REFUND)
    set_refund (object, ask, answer, moved);
  else
    set_refund_query (object, answer);
  return object;
}

static TillSaid *
answer_errand (const TillSpeech *speech, const char *method, TillErrandKind kind,
               const TillForm *form)
{
  const char *text = till_form_get (form, "biz_content");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (json_t) content = till_json_parse (bytes, NULL);
  if (!content)
    return say_no (speech, method, "40002", "isv.invalid-parameter");
  TillProviderAsk ask;
  TillProviderAnswer answer;
  if (!read_ask (speech, content, kind, &ask))
    return say_no (speech, method, "40004", "ACQ.INVALID_PARAMETER");
  read_address (speech, form, &ask);
  guint before = till_provider_count_effects (speech->provider, kind, ask.request_no);
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  guint after = till_provider_count_effects (speech->provider, kind, ask.request_no);
  g_autoptr (json_t) object = make_answer (speech, &ask, &answer, after > before);
  return till_tongue_spoil (say (speech, method, answer.delivery, object), &answer);
}

/* --- bills --- */

/* The address is given with "http:", as the real one is said to do. */
static TillSaid *
answer_bill (const TillSpeech *speech, const TillHeard *heard, const TillForm *form)
{
  const char *text = till_form_get (form, "biz_content");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (json_t) content = till_json_parse (bytes, NULL);
  const char *date = content ? till_json_text (content, "bill_date") : NULL;
  int day;
  if (!date || strlen (date) != 10 || !till_clock_parse_day (date, &day, NULL)
      || g_strcmp0 (till_json_text (content, "bill_type"), "trade") != 0)
    return say_no (speech, BILL_METHOD, "40004", "isp.invalid_parameter");
  if (speech->bill_fault == TILL_BILL_MISSING || speech->bill_fault == TILL_BILL_LATE)
    return say_no (speech, BILL_METHOD, "40004", "isp.bill_not_exist");
  const char *host = till_heard_header (heard, "host");
  g_autofree char *token = till_bill_token (speech, "trade", day, DOWNLOAD_S);
  g_autofree char *url = g_strconcat ("http://", host ? host : "127.0.0.1",
                                      DOWNLOAD "?bizType=trade&token=", token, NULL);
  g_autoptr (json_t) object = json_object ();
  set_code (object, "10000", NULL);
  till_json_set_text (object, "bill_download_url", url);
  return say (speech, BILL_METHOD, TILL_DELIVERY_WHOLE, object);
}

/* Neither asked nor given with a signature. */
static TillSaid *
answer_download (const TillSpeech *speech, const TillHeard *heard)
{
  g_autoptr (GHashTable) query
      = g_uri_parse_params (heard->query ? heard->query : "", -1, "&", G_URI_PARAMS_NONE, NULL);
  int day;
  if (!query
      || !till_bill_token_is_good (speech, "trade", g_hash_table_lookup (query, "token"), &day))
    return till_said_text (403, "text/plain", "the address has expired\n");
  g_autoptr (GBytes) zip = till_alipay_bill (speech, day);
  return till_said_new (200, "application/zip", zip);
}

/* --- the balance --- */

static TillSaid *
answer_balance (const TillSpeech *speech)
{
  g_autoptr (json_t) object = json_object ();
  TillMoney held = till_tongue_held (speech);
  set_code (object, "10000", NULL);
  set_yuan (object, "total_amount", held);
  set_yuan (object, "available_amount", held);
  set_yuan (object, "freeze_amount", 0);
  return say (speech, BALANCE_METHOD, TILL_DELIVERY_WHOLE, object);
}

static TillSaid *
answer (const TillSpeech *all, const TillHeard *heard)
{
  TillSpeech in_this_mode = *all;
  const TillSpeech *speech = &in_this_mode;
  if (strcmp (heard->path, DOWNLOAD) == 0)
    return strcmp (heard->method, "GET") == 0 ? answer_download (speech, heard)
                                              : till_said_text (405, "text/plain", "GET only\n");
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  g_autoptr (TillForm) form = read_parameters (heard);
  if (!form)
    return say_error ("40002", "isv.invalid-parameter");
  /* Who asks with public keys hears of no certificate. */
  if (!till_form_get (form, "app_cert_sn"))
    in_this_mode.our_cert_sn = NULL;
  const char *method = till_form_get (form, "method");
  gboolean bill = g_strcmp0 (method, BILL_METHOD) == 0;
  gboolean balance = g_strcmp0 (method, BALANCE_METHOD) == 0;
  gsize i = 0;
  while (i < G_N_ELEMENTS (methods) && g_strcmp0 (method, methods[i].method) != 0)
    i++;
  if (!bill && !balance && i == G_N_ELEMENTS (methods))
    return method ? say_error ("40002", "isv.invalid-method")
                  : say_error ("40001", "isv.missing-method");
  const char *wrong = missing_parameter (form);
  if (wrong)
    return say_no (speech, method, "40001", wrong);
  wrong = objection_to_common (speech, form);
  if (wrong)
    return say_no (speech, method, "40002", wrong);
  return bill      ? answer_bill (speech, heard, form)
         : balance ? answer_balance (speech)
                   : answer_errand (speech, method, methods[i].kind, form);
}

static const TillStatusWord status_words[] = { { 400, "40002" }, { 403, "40006" }, { 0 } };

const TillTongue till_alipay_tongue = { .name = "alipay",
                                        .paths = paths,
                                        .facts = facts,
                                        .answer = answer,
                                        .notice = &till_alipay_manner,
                                        .status_words = status_words };
