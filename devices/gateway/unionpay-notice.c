/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UnionPay tells at the backUrl of a transaction (后台通知): an encoded form with the fields
 * and the signature of an answer. It names no time of its own, so an old one may come again; it
 * can but ask. HTTP 200 within 10 seconds is a yes, else it comes up to five times. */
#include "devices/gateway/form.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/unionpay-form.h"

#include <string.h>

#define CURRENCY "156" /* CNY in ISO 4217 */

/* By txnType. A reversal bears the orderId of the payment that it undoes (assumed). */
static const struct
{
  const char *type;
  gboolean is_refund;
} kinds[] = { { "01", FALSE }, { "99", FALSE }, { "04", TRUE }, { "31", TRUE } };

/* What it says must be for us, and of money what can be money. */
static const char *
contradiction (const TillForm *form, const TillAccount *account)
{
  const char *currency = till_form_get (form, "currencyCode");
  const char *amount = till_form_get (form, "txnAmt");
  TillMoney money;
  if (g_strcmp0 (till_form_get (form, "merId"), account->merchant_no) != 0)
    return "a letter to another merchant";
  if (currency && strcmp (currency, CURRENCY) != 0)
    return "a letter about another currency";
  if (amount && !till_meaning_fen_of_text (amount, &money))
    return "a letter about an amount that is none";
  return NULL;
}

/* The currency was held against CURRENCY before. */
static TillNotice *
read_notice (const TillForm *form, gboolean is_refund, GError **error)
{
  TillMoney amount = 0;
  TillNotice *notice = till_letter_notice (is_refund, till_form_get (form, "orderId"), NULL,
                                           till_form_get (form, "respCode"), error);
  return till_meaning_fen_of_text (till_form_get (form, "txnAmt"), &amount)
             ? till_letter_add_amount (notice, amount,
                                       till_form_get (form, "currencyCode") ? "CNY" : NULL)
             : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autoptr (TillForm) form = till_form_decode (letter->body, error);
  if (!form)
    return NULL;
  g_autofree char *doubt = till_unionpay_doubt (account, form, letter->arrived_at);
  if (doubt)
    return till_letter_not_believed (error, doubt);
  const char *type = till_form_get (form, "txnType");
  const char *against = contradiction (form, account);
  if (against)
    return till_letter_not_believed (error, against);
  if (!type)
    return till_letter_not_believed (error, "a letter that does not say what it is");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (type, kinds[i].type) == 0)
      return read_notice (form, kinds[i].is_refund, error);
  return till_letter_aside (error);
}

const TillNoticeCodec till_unionpay_notices = {
  .open = open_letter,
  .yes = { 200, "text/plain", "ok" },
  .no = { 400, "text/plain", "no" },
  .asked_for = TRUE,
};
