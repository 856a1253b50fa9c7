/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay's notice to notifyUrl: JSON, signed like an answer; the yes is SUCCESS. What is known of
 * it, clients by others read of a payment: outTradeNo, transactionId, totalFee and the status
 * PAY_SUCCESS. Sandbox inventions: all of a refund's (outRefundNo, refundId, refundFee, the status
 * REFUND_SUCCESS), the statuses of what failed, the times at which it comes again. */
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

static json_t *
write_payment (const TillNews *news)
{
  const TillProviderAnswer *payment = news->thing;
  json_t *object = json_object ();
  till_json_set_text (object, "outTradeNo", payment->request_no);
  till_json_set_text (object, "transactionId", payment->provider_no);
  till_json_set_int (object, "totalFee", payment->amount);
  till_json_set_text (object, "status",
                      strcmp (news->status, "SUCCESS") == 0 ? "PAY_SUCCESS" : "SBX_PAY_FAIL");
  return object;
}

static json_t *
write_refund (const TillNews *news)
{
  const TillProviderAnswer *refund = news->thing;
  json_t *object = json_object ();
  till_json_set_text (object, "outTradeNo", refund->original_no);
  till_json_set_text (object, "transactionId", refund->original_provider_no);
  till_json_set_text (object, "outRefundNo", refund->request_no);
  till_json_set_text (object, "refundId", refund->provider_no);
  till_json_set_int (object, "totalFee", refund->original_amount);
  till_json_set_int (object, "refundFee", refund->amount);
  till_json_set_text (object, "status",
                      strcmp (news->status, "SUCCESS") == 0 ? "REFUND_SUCCESS" : "SBX_REFUND_FAIL");
  return object;
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (news->kind == TILL_ERRAND_VOID)
    return NULL;
  g_autoptr (json_t) object
      = news->kind == TILL_ERRAND_PAY ? write_payment (news) : write_refund (news);
  g_autofree char *nonce = g_strdup_printf ("%032" G_GINT64_FORMAT, till_clock_now (speech->clock));
  till_json_set_text (object, "mchId", till_tongue_fact (&till_shengpay_tongue, "merchant_no"));
  till_json_set_text (object, "nonceStr", nonce);
  till_json_set_text (object, "signType", "RSA");
  g_autofree char *text = till_tongue_text_shengpay (object);
  g_autofree char *sign = till_tongue_sign (speech, delivery, TILL_HASH_SHA1, text, strlen (text));
  till_json_set_text (object, "sign", sign);
  g_autoptr (GBytes) body = till_json_write (object);
  return till_said_new (200, "application/json; charset=utf-8", body);
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  return status == 200 && size == strlen ("SUCCESS") && memcmp (text, "SUCCESS", size) == 0;
}

static const int gaps_s[] = { 60, 5 * 60, 30 * 60, 3600, 0 };

const TillNoticeManner till_shengpay_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };
