/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's notice (trade_status_sync): a form with the state of a trade, signed over all of its
 * values but sign and sign_type. A refund has no notice of its own but changes its trade, which is
 * told where the payment said: TRADE_SUCCESS while something is left of it, else TRADE_CLOSED, with
 * refund_fee (all that went back), gmt_refund and in out_biz_no the refund's number. What failed
 * is not told. */
#include "app/sandbox/tongue.h"
#include "data/core/money.h"
#include "devices/gateway/form.h"

#include <string.h>

static void
add_time (TillForm *form, const char *name, int64_t at)
{
  g_autofree char *time = till_clock_stamp (at, TILL_CHINA, "%Y-%m-%d %H:%M:%S");
  till_form_add (form, name, time);
}

static void
add_yuan (TillForm *form, const char *name, TillMoney amount)
{
  g_autofree char *yuan = till_money_format (amount);
  till_form_add (form, name, yuan);
}

static void
add_common (TillForm *form, const TillSpeech *speech, const TillNews *news)
{
  const char *app_id = till_tongue_fact (&till_alipay_tongue, "app_id");
  add_time (form, "notify_time", till_clock_now (speech->clock));
  till_form_add (form, "notify_type", "trade_status_sync");
  till_form_add (form, "notify_id", news->event_no);
  till_form_add (form, "app_id", app_id);
  till_form_add (form, "auth_app_id", app_id);
  till_form_add (form, "charset", "utf-8");
  till_form_add (form, "version", "1.0");
  till_form_add (form, "seller_id", till_tongue_fact (&till_alipay_tongue, "merchant_no"));
}

static void
add_payment (TillForm *form, const TillNews *news)
{
  const TillProviderAnswer *payment = news->thing;
  till_form_add (form, "trade_no", payment->provider_no);
  till_form_add (form, "out_trade_no", payment->request_no);
  till_form_add (form, "trade_status", "TRADE_SUCCESS");
  add_yuan (form, "total_amount", payment->amount);
  add_yuan (form, "receipt_amount", payment->amount);
  add_time (form, "gmt_payment", news->since);
}

static void
add_refund (TillForm *form, const TillNews *news)
{
  const TillProviderAnswer *refund = news->thing;
  gboolean whole = refund->refunded >= refund->original_amount;
  till_form_add (form, "trade_no", refund->original_provider_no);
  till_form_add (form, "out_trade_no", refund->original_no);
  till_form_add (form, "out_biz_no", refund->request_no);
  till_form_add (form, "trade_status", whole ? "TRADE_CLOSED" : "TRADE_SUCCESS");
  add_yuan (form, "total_amount", refund->original_amount);
  add_yuan (form, "refund_fee", refund->refunded);
  add_time (form, "gmt_refund", news->since);
  if (whole)
    add_time (form, "gmt_close", news->since);
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (strcmp (news->status, "SUCCESS") != 0 || news->kind == TILL_ERRAND_VOID)
    return NULL;
  g_autoptr (TillForm) form = till_form_new ();
  add_common (form, speech, news);
  if (news->kind == TILL_ERRAND_PAY)
    add_payment (form, news);
  else
    add_refund (form, news);
  g_autofree char *text = till_form_sorted (form, NULL, FALSE);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text, strlen (text));
  till_form_add (form, "sign_type", "RSA2");
  till_form_add (form, "sign", signature);
  g_autoptr (GBytes) body = till_form_encode (form);
  return till_said_new (200, "application/x-www-form-urlencoded; charset=utf-8", body);
}

/* These seven characters and nothing else. */
static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  return status == 200 && size == strlen ("success") && memcmp (text, "success", size) == 0;
}

/* As Alipay's pages on asynchronous notices say: eight times within 25 hours. */
static const int gaps_s[] = { 4 * 60, 10 * 60, 10 * 60, 3600, 2 * 3600, 6 * 3600, 15 * 3600, 0 };

const TillNoticeManner till_alipay_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };
