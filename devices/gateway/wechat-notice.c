/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What WeChat Pay tells of its own accord, API v3: 退款结果通知 and 支付成功回调通知.
 *
 * Signed like an answer, over time, nonce and body; what it is about stands sealed inside, AES-256-
 * GCM under the APIv3 key, which is the account's notice_secret. A notice that is sent again is
 * signed anew and has the same id. It may hold less than documented, but nothing that says
 * otherwise than we know. */
#include "data/core/money.h"
#include "devices/gateway/json.h"
#include "devices/gateway/wechat-private.h"
#include "devices/gateway/wechat-signature.h"

#include <string.h>

#define SEAL "AEAD_AES_256_GCM"
#define CURRENCY "CNY"

/* By how event_type begins: REFUND.SUCCESS, REFUND.ABNORMAL, REFUND.CLOSED; TRANSACTION.SUCCESS. */
typedef struct
{
  const char *event, *number, *state, *amount;
} Kind;

static const Kind kinds[] = {
  { "REFUND.", "out_refund_no", "refund_status", "refund" },
  { "TRANSACTION.", "out_trade_no", "trade_state", "total" },
};

/* g_base64_decode passes over what is no base64; what is written in two ways is refused. */
static GBytes *
decode (const char *text)
{
  gsize size = 0;
  guchar *data = g_base64_decode (text, &size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, size);
  g_autofree char *again = g_base64_encode (data, size);
  return strcmp (again, text) == 0 ? g_steal_pointer (&bytes) : NULL;
}

/* The object that was sealed. */
static json_t *
open_resource (const json_t *resource, const TillAccount *account, GError **error)
{
  const char *ciphertext = till_json_text (resource, "ciphertext");
  if (g_strcmp0 (till_json_text (resource, "algorithm"), SEAL) != 0 || !ciphertext)
    {
      till_letter_not_believed (error, "a letter whose seal is not known");
      return NULL;
    }
  g_autoptr (GBytes) sealed = decode (ciphertext);
  if (!sealed)
    {
      till_letter_not_believed (error, "a letter whose seal is no base64");
      return NULL;
    }
  gsize size;
  const void *data = g_bytes_get_data (sealed, &size);
  g_autoptr (GBytes) text
      = till_gcm_open ((const guint8 *)account->notice_secret, till_json_text (resource, "nonce"),
                       till_json_text (resource, "associated_data"), data, size, error);
  if (!text)
    return NULL;
  /* The parser would quote what was sealed. */
  json_t *object = till_json_parse (text, NULL);
  if (!object)
    till_letter_not_believed (error, "a letter that holds no JSON object under its seal");
  return object;
}

/* What it says of money must be money, and ours. */
static const char *
contradiction (const json_t *object, const Kind *kind, const TillAccount *account)
{
  const char *appid = till_json_text (object, "appid");
  const json_t *amount = json_object_get (object, "amount");
  const char *currency = till_json_text (amount, "currency");
  TillMoney money;
  if (g_strcmp0 (till_json_text (object, "mchid"), account->merchant_no) != 0)
    return "a letter to another merchant";
  if (appid && strcmp (appid, till_account_fact (account, "app_id")) != 0)
    return "a letter to another app";
  if (json_object_get (amount, "currency") && g_strcmp0 (currency, CURRENCY) != 0)
    return "a letter about another currency";
  if (amount && !till_json_money (amount, kind->amount, &money))
    return "a letter about an amount that is none";
  return NULL;
}

static const Kind *
kind_of (const char *event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (event, kinds[i].event))
      return &kinds[i];
  return NULL;
}

static TillNotice *
read_notice (const json_t *object, const Kind *kind, const char *id, GError **error)
{
  TillMoney money = 0;
  const json_t *amount = json_object_get (object, "amount");
  TillNotice *notice = till_letter_notice (kind == &kinds[0], till_json_text (object, kind->number),
                                           id, till_json_text (object, kind->state), error);
  return till_json_money (amount, kind->amount, &money)
             ? till_letter_add_amount (notice, money, till_json_text (amount, "currency"))
             : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autofree char *doubt = till_wechat_doubt_letter (letter, account);
  if (doubt)
    return till_letter_not_believed (error, doubt);
  g_autoptr (json_t) outer = till_json_parse (letter->body, error);
  if (!outer)
    return NULL;
  const char *event = till_json_text (outer, "event_type");
  const char *id = till_json_text (outer, "id");
  if (!event || !id)
    return till_letter_not_believed (error, "a letter that does not say what it is");
  const Kind *kind = kind_of (event);
  if (!kind)
    return till_letter_aside (error);
  if (!account->notice_secret || strlen (account->notice_secret) != TILL_GCM_KEY_SIZE)
    return till_letter_not_believed (
        error, "the account has no notice_secret_file with the APIv3 key of 32 characters");
  g_autoptr (json_t) object = open_resource (json_object_get (outer, "resource"), account, error);
  if (!object)
    return NULL;
  const char *against = contradiction (object, kind, account);
  return against ? till_letter_not_believed (error, against)
                 : read_notice (object, kind, id, error);
}

const TillNoticeCodec till_wechat_notices = {
  .open = open_letter,
  .yes = { 204, NULL, "" },
  .no = { 400, "application/json", "{\"code\":\"FAIL\",\"message\":\"not believed\"}" },
  .asked_for = TRUE,
  .secret_size = TILL_GCM_KEY_SIZE,
};
