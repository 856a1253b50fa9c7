/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Shengpay tells at the notifyUrl of a request: JSON with its sign in it, as an answer is
 * signed. It names no time of its own, so an old one may come again; it can but ask.
 *
 * That a yes is the word SUCCESS is documented of a sister product. Assumed: that a notice has the
 * names of the request it is about (outRefundNo: a refund's; else outTradeNo), calls the state
 * status, and that what names neither an order nor a refund is about something else (cards). */
#include "devices/gateway/shengpay-private.h"

#include <string.h>

/* What it says must be for us, and of money what can be money. */
static const char *
contradiction (const json_t *object, const TillAccount *account)
{
  static const char *const fees[] = { "totalFee", "refundFee" };
  const char *currency = till_json_text (object, "currency");
  if (g_strcmp0 (till_json_text (object, "mchId"), account->merchant_no) != 0)
    return "a letter to another merchant";
  if (json_object_get (object, "currency") && g_strcmp0 (currency, "CNY") != 0)
    return "a letter about another currency";
  for (gsize i = 0; i < G_N_ELEMENTS (fees); i++)
    {
      TillMoney fee;
      if (json_object_get (object, fees[i]) && !till_shengpay_fee (object, fees[i], &fee))
        return "a letter about an amount that is none";
    }
  return NULL;
}

static gboolean
is_about_money (const json_t *object)
{
  static const char *const names[]
      = { "outTradeNo", "outRefundNo", "transactionId", "refundId", "totalFee", "refundFee" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_get (object, names[i]))
      return TRUE;
  return FALSE;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autoptr (json_t) object = till_json_parse (letter->body, error);
  if (!object)
    return NULL;
  if (!till_shengpay_is_signed (object, account))
    return till_letter_not_believed (error, "a letter without the provider's signature in it");
  const char *against = contradiction (object, account);
  if (against)
    return till_letter_not_believed (error, against);
  if (!is_about_money (object))
    return till_letter_aside (error);
  TillMoney fee = 0;
  gboolean is_refund = json_object_get (object, "outRefundNo") != NULL;
  TillNotice *notice = till_letter_notice (
      is_refund, till_json_text (object, is_refund ? "outRefundNo" : "outTradeNo"), NULL,
      till_json_text (object, "status"), error);
  if (!till_shengpay_fee (object, is_refund ? "refundFee" : "totalFee", &fee))
    return notice;
  return till_letter_add_amount (notice, fee, till_json_text (object, "currency"));
}

const TillNoticeCodec till_shengpay_notices = {
  .open = open_letter,
  .yes = { 200, "text/plain", "SUCCESS" },
  .no = { 400, "text/plain", "FAIL" },
  .asked_for = TRUE,
};
