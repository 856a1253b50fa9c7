/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Alipay tells of its own accord (异步通知): a form, RSA2 over all of its decoded fields but
 * sign and sign_type, by name.
 *
 * A notice of type trade_status_sync is about a refund when it names one in out_biz_no, which is
 * our out_request_no; else about its payment. notify_time is when it was sent, also of one that is
 * sent again; that fields without a value are signed as well is assumed ("all that came").
 * refund_fee is all that ever went back of the payment: of one refund no amount is told. */
#include "data/core/clock.h"
#include "devices/gateway/alipay-form.h"
#include "devices/gateway/form.h"
#include "devices/gateway/meaning.h"

#include <stdio.h>
#include <string.h>

#define CURRENCY "CNY"

static gboolean
is_signed (const TillForm *form, const TillAccount *account)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  return g_strcmp0 (till_form_get (form, "sign_type"), "RSA2") == 0
         && till_account_provider_signed (account, TILL_HASH_SHA256, text, strlen (text),
                                          till_form_get (form, "sign"));
}

/* "2026-11-22 12:00:00", in China. */
static gboolean
is_fresh (const TillLetter *letter, const char *time)
{
  int year, month, day, hour, minute, second;
  if (!time
      || sscanf (time, "%4d-%2d-%2d %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second)
             != 6)
    return FALSE;
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (8 * 3600);
  g_autoptr (GDateTime) at = g_date_time_new (zone, year, month, day, hour, minute, second);
  g_autofree char *again = at ? g_date_time_format (at, "%Y-%m-%d %H:%M:%S") : NULL;
  return g_strcmp0 (again, time) == 0
         && till_letter_is_near (letter, g_date_time_to_unix (at) * TILL_SECOND);
}

/* What it says must be for us, and of money what can be money. */
static const char *
contradiction (const TillForm *form, const TillAccount *account)
{
  static const char *const amounts[] = { "total_amount", "refund_fee", "receipt_amount" };
  static const char *const currencies[] = { "trans_currency", "refund_currency" };
  const char *seller = till_form_get (form, "seller_id");
  if (g_strcmp0 (till_form_get (form, "app_id"), till_account_fact (account, "app_id")) != 0)
    return "a letter to another app";
  if (seller && strcmp (seller, account->merchant_no) != 0)
    return "a letter to another seller";
  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      const char *amount = till_form_get (form, amounts[i]);
      TillMoney money;
      if (amount && !till_meaning_fen_of_yuan (amount, &money))
        return "a letter about an amount that is none";
    }
  for (gsize i = 0; i < G_N_ELEMENTS (currencies); i++)
    {
      const char *currency = till_form_get (form, currencies[i]);
      if (currency && strcmp (currency, CURRENCY) != 0)
        return "a letter about another currency";
    }
  return NULL;
}

static TillNotice *
read_notice (const TillForm *form, const char *id, GError **error)
{
  TillMoney amount = 0;
  const char *refund = till_form_get (form, "out_biz_no");
  gboolean is_refund = refund && *refund;
  TillNotice *notice
      = till_letter_notice (is_refund, is_refund ? refund : till_form_get (form, "out_trade_no"),
                            id, till_form_get (form, "trade_status"), error);
  if (is_refund || !till_meaning_fen_of_yuan (till_form_get (form, "total_amount"), &amount))
    return notice;
  return till_letter_add_amount (notice, amount, till_form_get (form, "trans_currency"));
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autoptr (TillForm) form = till_form_decode (letter->body, error);
  if (!form)
    return NULL;
  if (!is_signed (form, account))
    return till_letter_not_believed (error, "a letter without the provider's signature in it");
  if (!is_fresh (letter, till_form_get (form, "notify_time")))
    return till_letter_not_believed (error, "a letter from another time");
  const char *type = till_form_get (form, "notify_type");
  const char *id = till_form_get (form, "notify_id");
  if (!type || !id)
    return till_letter_not_believed (error, "a letter that does not say what it is");
  const char *against = contradiction (form, account);
  if (against)
    return till_letter_not_believed (error, against);
  if (strcmp (type, "trade_status_sync") != 0)
    return till_letter_aside (error);
  return read_notice (form, id, error);
}

const TillNoticeCodec till_alipay_notices = {
  .open = open_letter,
  .yes = { 200, "text/plain", "success" },
  .no = { 400, "text/plain", "fail" },
  .asked_for = TRUE,
};
