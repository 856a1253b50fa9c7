/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay's language, the provider's half: payservice.do, version 4.0, SHA1withRSA, answers in a META
 * tag. Little of what it answers was found written down: the parameters of passive_scancode_pay,
 * the states, which parameters an answer repeats, and every ret_code but 0000 are sandbox
 * inventions or assumed. Invented codes begin with SBX_, as no real one does; till-sandbox(1) says
 * so too. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/form.h"

#include <string.h>

static const char *const paths[] = { "/spay/pay/payservice.do", NULL };
static const char *const facts[] = { "merchant_no=60000100", NULL };

/* What a field must look like. */
typedef enum
{
  REFUND_NO, /* 1–16 letters and digits */
  ORDER_ID,  /* 1–32 letters and digits */
  DATE,      /* eight digits */
  FEN,       /* ^[1-9][0-9]*$ */
  CODE,      /* 16–24 digits */
  ISSUER,    /* WECHAT, ALIPAY, UNION */
  TEXT,      /* 1–128 characters */
} Shape;

typedef struct
{
  const char *name;
  Shape shape;
} Field;

#define FIELDS_MAX 6

static const struct
{
  const char *service;
  TillErrandKind kind;
  Field fields[FIELDS_MAX]; /* ended by a NULL name */
} services[] = {
  { "passive_scancode_pay",
    TILL_ERRAND_PAY,
    { { "order_id", ORDER_ID },
      { "mer_date", DATE },
      { "amount", FEN },
      { "auth_code", CODE },
      { "scancode_type", ISSUER },
      { "goods_inf", TEXT } } },
  { "query_order", TILL_ERRAND_QUERY_PAY, { { "order_id", ORDER_ID }, { "mer_date", DATE } } },
  { "mer_order_info_query",
    TILL_ERRAND_QUERY_PAY,
    { { "order_id", ORDER_ID }, { "mer_date", DATE } } },
  { "mer_cancel",
    TILL_ERRAND_REVERSE,
    { { "order_id", ORDER_ID }, { "mer_date", DATE }, { "amount", FEN } } },
  { "mer_refund",
    TILL_ERRAND_REFUND,
    { { "refund_no", REFUND_NO },
      { "order_id", ORDER_ID },
      { "mer_date", DATE },
      { "org_amount", FEN },
      { "refund_amount", FEN } } },
  { "mer_refund_query", TILL_ERRAND_QUERY_REFUND, { { "refund_no", REFUND_NO } } },
};

/* The model's words in ours. */
static const struct
{
  const char *reason, *says;
} reasons[] = {
  { "ORIGINAL_NOT_FOUND", "SBX_ORDER_NOT_FOUND" },
  { "ORIGINAL_DIFFERS", "SBX_ORDER_DIFFERS" },
  { "ALREADY_REFUNDED", "SBX_ALREADY_REFUNDED" },
  { "AMOUNT_ABOVE_REFUNDABLE", "SBX_AMOUNT_TOO_LARGE" },
  { "NUMBER_USED", "SBX_DUPLICATE" },
  { "BALANCE_LOW", "SBX_BALANCE_LOW" },
  { "SYSTEM_ERROR", "SBX_SYSTEM_ERROR" },
};

static const struct
{
  const char *status, *trade, *refund;
} states[] = {
  { "SUCCESS", "TRADE_SUCCESS", "REFUND_SUCCESS" },
  { "PROCESSING", "WAIT_BUYER_PAY", "REFUND_PROCESS" },
  { "REVERSED", "TRADE_CANCEL", "REFUND_UNKNOWN" },
  { "CLOSED", "TRADE_CLOSE", "REFUND_FAIL" },
  { "ABNORMAL", "TRADE_FAIL", "REFUND_UNKNOWN" },
};

/* --- how it is said --- */

/* Takes form; signs it and puts it into a page. */
static TillSaid *
say (const TillSpeech *speech, TillDelivery delivery, TillForm *form)
{
  g_autoptr (TillForm) mine = form;
  static const char *const but[] = { "sign_type", NULL };
  till_form_add (mine, "mer_id", till_tongue_fact (&till_umpay_tongue, "merchant_no"));
  till_form_add (mine, "version", "4.0");
  till_form_add (mine, "sign_type", "RSA");
  g_autofree char *text = till_form_sorted (mine, but, FALSE);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA1, text, strlen (text));
  till_form_add (mine, "sign", signature);
  g_autofree char *content = till_form_sorted (mine, NULL, FALSE);
  g_autoptr (GBytes) plain = g_bytes_new (content, strlen (content));
  g_autoptr (GBytes) fields = till_tongue_twist (plain, delivery);
  gsize size;
  const char *data = g_bytes_get_data (fields, &size);
  g_autoptr (GString) page
      = g_string_new ("<html><head>\n<META NAME=\"MobilePayPlatform\" CONTENT=\"");
  g_string_append_len (page, data, (gssize)size);
  g_string_append (page, "\">\n</head></html>\n");
  g_autoptr (GBytes) body = g_bytes_new (page->str, page->len);
  return till_said_new (200, "text/html;charset=UTF-8", body);
}

/* A word put in as a fault stands in a page and a form. */
static void
add_code (TillForm *form, const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (code, reasons[i].reason) == 0)
      code = reasons[i].says;
  g_autofree char *plain = g_strcanon (
      g_strdup (code), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", '_');
  till_form_add (form, "ret_code", plain);
  till_form_add (form, "ret_msg", strcmp (plain, "0000") == 0 ? "成功" : "失败");
}

static TillSaid *
say_no (const TillSpeech *speech, const char *code)
{
  TillForm *form = till_form_new ();
  add_code (form, code);
  return say (speech, TILL_DELIVERY_WHOLE, form);
}

/* --- what is heard --- */

static gboolean
is_of (const char *text, const char *characters, gsize min, gsize max)
{
  gsize length = strlen (text);
  return length >= min && length <= max && strspn (text, characters) == length;
}

static gboolean
fits (const char *text, Shape shape)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  static const char digits[] = "0123456789";
  static const char *const issuers[] = { "WECHAT", "ALIPAY", "UNION", NULL };
  switch (shape)
    {
    case REFUND_NO:
      return is_of (text, letters, 1, 16);
    case ORDER_ID:
      return is_of (text, letters, 1, 32);
    case DATE:
      return is_of (text, digits, 8, 8) && till_clock_parse_day (text, &(int){ 0 }, NULL);
    case FEN:
      return *text != '0' && is_of (text, digits, 1, 12);
    case CODE:
      return is_of (text, digits, 16, 24);
    case ISSUER:
      return g_strv_contains (issuers, text);
    case TEXT:
      return *text && g_utf8_strlen (text, -1) <= 128;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_whole (const TillForm *form, const Field *fields)
{
  static const struct
  {
    const char *name, *must_be;
  } common[] = {
    { "charset", "UTF-8" }, /* GBK and its relatives are not spoken here */
    { "sign_type", "RSA" }, { "res_format", "HTML" }, { "version", "4.0" }, { "amt_type", "RMB" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (common); i++)
    if (g_strcmp0 (till_form_get (form, common[i].name), common[i].must_be) != 0)
      return FALSE;
  for (gsize i = 0; i < FIELDS_MAX && fields[i].name; i++)
    {
      const char *value = till_form_get (form, fields[i].name);
      if (!value || !fits (value, fields[i].shape))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_from_merchant (const TillSpeech *speech, const TillForm *form)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  return till_key_verifies_with (speech->merchant_key, TILL_HASH_SHA1, text, strlen (text),
                                 till_form_get (form, "sign"));
}

static TillMoney
fen_of (const TillForm *form, const char *name)
{
  const char *text = till_form_get (form, name);
  return text ? (TillMoney)g_ascii_strtoull (text, NULL, 10) : 0;
}

/* An order is known by its number and its day. */
static TillProviderAsk
read_ask (const TillForm *form, TillErrandKind kind)
{
  TillProviderAsk ask
      = { .kind = kind, .notify_url = till_tongue_address (till_form_get (form, "notify_url")) };
  if (!till_errand_kind_is_backward (kind))
    {
      ask.request_no = till_form_get (form, "order_id");
      ask.identity = till_form_get (form, "mer_date");
      ask.amount = fen_of (form, "amount");
      ask.auth = till_form_get (form, "auth_code");
      return ask;
    }
  ask.request_no = till_form_get (form, "refund_no");
  ask.original_no = till_form_get (form, "order_id");
  ask.amount = fen_of (form, "refund_amount");
  ask.original_amount = fen_of (form, "org_amount");
  return ask;
}

/* Whether there is such an order, but of another day. */
static gboolean
is_of_another_day (const TillSpeech *speech, const TillForm *form, const TillProviderAsk *ask)
{
  TillProviderAnswer answer;
  return ask->kind == TILL_ERRAND_REFUND
         && till_provider_peek (speech->provider, TILL_ERRAND_PAY, ask->original_no, NULL, &answer)
         && !till_provider_peek (speech->provider, TILL_ERRAND_PAY, ask->original_no,
                                 till_form_get (form, "mer_date"), &answer);
}

/* query_order knows today's orders only. */
static gboolean
asks_too_late (const TillSpeech *speech, const TillForm *form)
{
  g_autofree char *today = till_clock_stamp (till_clock_now (speech->clock), TILL_CHINA, "%Y%m%d");
  return strcmp (till_form_get (form, "service"), "query_order") == 0
         && strcmp (till_form_get (form, "mer_date"), today) != 0;
}

/* --- what is answered --- */

static void
add_amount (TillForm *form, const char *name, TillMoney amount, const char *currency)
{
  till_form_add_int (form, name, amount);
  till_form_add (form, "amt_type", currency);
}

static void
add_state (TillForm *form, const TillForm *asked, const TillProviderAsk *ask,
           const TillProviderAnswer *answer)
{
  gboolean refund = till_errand_kind_is_backward (ask->kind);
  const char *state = refund ? "REFUND_UNKNOWN" : "TRADE_UNKNOWN";
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (answer->status, states[i].status) == 0)
      state = refund ? states[i].refund : states[i].trade;
  add_code (form, "0000");
  till_form_add (form, refund ? "refund_state" : "trade_state", state);
  till_form_add (form, refund ? "refund_no" : "order_id", answer->request_no);
  till_form_add (form, "mer_date", till_form_get (asked, "mer_date"));
  till_form_add (form, "trade_no", refund ? answer->original_provider_no : answer->provider_no);
  if (refund)
    till_form_add (form, "order_id", answer->original_no);
  add_amount (form, refund ? "refund_amount" : "amount", answer->amount,
              till_tongue_currency (answer, "RMB", "USD"));
}

static TillSaid *
answer_errand (const TillSpeech *speech, const TillForm *form, TillErrandKind kind)
{
  TillProviderAsk ask = read_ask (form, kind);
  TillProviderAnswer answer, before;
  if (is_of_another_day (speech, form, &ask))
    return say_no (speech, "SBX_ORDER_DIFFERS");
  if (asks_too_late (speech, form))
    return say_no (speech, "SBX_NOT_FOUND");
  gboolean books = kind == TILL_ERRAND_PAY || kind == TILL_ERRAND_REFUND;
  gboolean known
      = books && till_provider_peek (speech->provider, kind, ask.request_no, ask.identity, &before);
  guint moved = till_provider_count_effects (speech->provider, kind, ask.request_no);
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  gboolean moves = till_provider_count_effects (speech->provider, kind, ask.request_no) > moved;
  TillForm *said = till_form_new ();
  if (known && !moves)
    add_code (said, "SBX_DUPLICATE");
  else if (!answer.status)
    add_code (said, answer.code);
  else if (strcmp (answer.status, "REFUSED") == 0)
    add_code (said, answer.reason);
  else if (strcmp (answer.status, "NOT_FOUND") == 0)
    add_code (said, "SBX_NOT_FOUND");
  else
    add_state (said, form, &ask, &answer);
  return till_tongue_spoil (say (speech, answer.delivery, said), &answer);
}

/* The file is the answer, and nothing of it is signed. */
static TillSaid *
answer_file (const TillSpeech *speech, const TillForm *form)
{
  const char *date = till_form_get (form, "settle_date");
  int day;
  if (!date || strlen (date) != 8 || !till_clock_parse_day (date, &day, NULL))
    return say_no (speech, "SBX_BAD_REQUEST");
  gboolean none = speech->bill_fault == TILL_BILL_MISSING || speech->bill_fault == TILL_BILL_LATE;
  g_autoptr (GBytes) file = none ? till_umpay_no_bill (day) : till_umpay_bill (speech, day);
  return till_said_new (200, "text/plain; charset=GB2312", file);
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  if (strcmp (heard->method, "POST") != 0)
    return till_said_text (405, "text/plain", "POST only\n");
  g_autoptr (TillForm) form = till_form_decode (heard->body, NULL);
  const char *ours = till_tongue_fact (&till_umpay_tongue, "merchant_no");
  if (!form || g_strcmp0 (till_form_get (form, "mer_id"), ours) != 0)
    return say_no (speech, "SBX_BAD_REQUEST");
  if (!is_from_merchant (speech, form))
    return say_no (speech, "SBX_BAD_SIGNATURE");
  const char *service = till_form_get (form, "service");
  if (g_strcmp0 (service, "download_settle_file") == 0)
    return answer_file (speech, form);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_strcmp0 (service, services[i].service) == 0)
      return is_whole (form, services[i].fields) ? answer_errand (speech, form, services[i].kind)
                                                 : say_no (speech, "SBX_BAD_REQUEST");
  return say_no (speech, "SBX_BAD_REQUEST");
}

static const TillStatusWord status_words[]
    = { { 400, "SBX_BAD_REQUEST" }, { 401, "SBX_BAD_SIGNATURE" }, { 0 } };

const TillTongue till_umpay_tongue = { .name = "umpay",
                                       .paths = paths,
                                       .facts = facts,
                                       .answer = answer,
                                       .notice = &till_umpay_manner,
                                       .status_words = status_words };
