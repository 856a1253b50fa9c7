/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's notice of a refund, API v3: headers signed like those of an answer, what is told
 * sealed with the APIv3 key (AEAD_AES_256_GCM). A payment by code has no address for one. */
#include "app/sandbox/tongue-parts.h"
#include "data/core/digest.h"
#include "devices/gateway/json.h"

#include <string.h>

#define AAD "refund"
#define PATTERN "%Y-%m-%dT%H:%M:%S+08:00"

static const struct
{
  const char *status, *event, *summary;
} events[] = {
  { "SUCCESS", "REFUND.SUCCESS", "退款成功" },
  { "RECALLED", "REFUND.SUCCESS", "退款成功" },
  { "ABNORMAL", "REFUND.ABNORMAL", "退款异常" },
  { "CLOSED", "REFUND.CLOSED", "退款关闭" },
};

static GBytes *
write_secret_part (const TillNews *news)
{
  const TillProviderAnswer *refund = news->thing;
  gboolean recalled = strcmp (news->status, "RECALLED") == 0;
  gboolean done = recalled || strcmp (news->status, "SUCCESS") == 0;
  g_autofree char *time = till_clock_stamp (news->since, TILL_CHINA, PATTERN);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "mchid", till_tongue_fact (&till_wechat_tongue, "merchant_no"));
  till_json_set_text (object, "transaction_id", refund->original_provider_no);
  till_json_set_text (object, "out_trade_no", refund->original_no);
  till_json_set_text (object, "refund_id", refund->provider_no);
  till_json_set_text (object, "out_refund_no", refund->request_no);
  till_json_set_text (object, "refund_status", done ? "SUCCESS" : news->status);
  till_json_set_text (object, "success_time", done ? time : NULL);
  till_json_set_text (object, "user_received_account",
                      recalled ? "商户结算银行账户" : "支付用户零钱");
  json_t *amount = json_object ();
  till_json_set_int (amount, "total", refund->original_amount);
  till_json_set_int (amount, "refund", refund->amount);
  till_json_set_int (amount, "payer_total", refund->original_amount);
  till_json_set_int (amount, "payer_refund", refund->amount);
  till_json_set (object, "amount", amount);
  return till_json_write (object);
}

static json_t *
write_resource (const TillSpeech *speech, const TillNews *news)
{
  g_autoptr (GBytes) plain = write_secret_part (news);
  g_autofree char *seed
      = g_strdup_printf ("%s %" G_GINT64_FORMAT, news->event_no, till_clock_now (speech->clock));
  g_autofree char *nonce = till_digest_hex (seed, strlen (seed));
  nonce[TILL_GCM_NONCE_SIZE] = '\0';
  gsize size, sealed_size;
  const void *data = g_bytes_get_data (plain, &size);
  g_autoptr (GBytes) sealed
      = till_gcm_seal ((const guint8 *)speech->notice_secret, nonce, AAD, data, size);
  const guint8 *sealed_data = g_bytes_get_data (sealed, &sealed_size);
  g_autofree char *text = g_base64_encode (sealed_data, sealed_size);
  json_t *resource = json_object ();
  till_json_set_text (resource, "original_type", "refund");
  till_json_set_text (resource, "algorithm", "AEAD_AES_256_GCM");
  till_json_set_text (resource, "ciphertext", text);
  till_json_set_text (resource, "associated_data", AAD);
  till_json_set_text (resource, "nonce", nonce);
  return resource;
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (news->kind != TILL_ERRAND_REFUND || !speech->notice_secret)
    return NULL;
  g_assert (strlen (speech->notice_secret) == TILL_GCM_KEY_SIZE);
  g_autofree char *time = till_clock_stamp (news->since, TILL_CHINA, PATTERN);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "id", news->event_no);
  till_json_set_text (object, "create_time", time);
  till_json_set_text (object, "resource_type", "encrypt-resource");
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (strcmp (news->status, events[i].status) == 0)
      {
        till_json_set_text (object, "event_type", events[i].event);
        till_json_set_text (object, "summary", events[i].summary);
      }
  till_json_set (object, "resource", write_resource (speech, news));
  g_autoptr (GBytes) body = till_json_write (object);
  TillSaid *said = till_said_new (200, "application/json", body);
  till_tongue_sign_wechat (speech, delivery, said);
  return said;
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  return status == 200 || status == 204;
}

/* As documented: 24 hours and 4 minutes in all. */
#define MINUTE_S 60
#define HOUR_S 3600
static const int gaps_s[] = { 15,
                              15,
                              30,
                              3 * MINUTE_S,
                              10 * MINUTE_S,
                              20 * MINUTE_S,
                              30 * MINUTE_S,
                              30 * MINUTE_S,
                              30 * MINUTE_S,
                              HOUR_S,
                              3 * HOUR_S,
                              3 * HOUR_S,
                              3 * HOUR_S,
                              6 * HOUR_S,
                              6 * HOUR_S,
                              0 };

const TillNoticeManner till_wechat_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };
