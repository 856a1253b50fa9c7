/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UMPay tells at the notify_url of a request: a form with its sign in it, as an answer is
 * signed; a payment's (pay_result_notify) has order_id and trade_state, a refund's refund_no and
 * refund_state. It may also come as a GET, which the door does not take: then nothing is lost but
 * time. It names no time of its own, so an old one may come again; it can but ask.
 *
 * The yes is signed, too: a page with the META tag of an answer, in it mer_id, sign_type, version,
 * ret_code 0000 and, to a payment's, order_id and mer_date. */
#include "devices/gateway/meaning.h"
#include "devices/gateway/umpay-form.h"

#include <string.h>

#define VERSION "4.0"

static gboolean
says (const TillForm *form, const char *name)
{
  const char *value = till_form_get (form, name);
  return value && *value;
}

/* What it says must be for us, and of money what can be money. */
static const char *
contradiction (const TillForm *form, const TillAccount *account)
{
  static const char *const amounts[] = { "amount", "refund_amt", "refund_amount", "org_amount" };
  const char *currency = till_form_get (form, "amt_type");
  if (g_strcmp0 (till_form_get (form, "mer_id"), account->merchant_no) != 0)
    return "a letter to another merchant";
  if (currency && strcmp (currency, "RMB") != 0)
    return "a letter about another currency";
  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      const char *amount = till_form_get (form, amounts[i]);
      TillMoney money;
      if (amount && !till_meaning_fen_of_text (amount, &money))
        return "a letter about an amount that is none";
    }
  return NULL;
}

/* The form of a letter that is for us; NULL with why it is not believed. */
static TillForm *
read_form (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autoptr (TillForm) form = till_form_decode (letter->body, error);
  if (!form)
    return NULL;
  const char *against = till_umpay_is_signed (form, account)
                            ? contradiction (form, account)
                            : "a letter without the provider's signature in it";
  if (!against)
    return g_steal_pointer (&form);
  till_letter_not_believed (error, against);
  return NULL;
}

/* The currency was held against RMB before; a refund's amount goes by two names. */
static TillNotice *
add_amount (TillNotice *notice, const TillForm *form, const char *name, const char *other)
{
  TillMoney amount = 0;
  const char *said = till_form_get (form, says (form, name) ? name : other);
  const char *currency = till_form_get (form, "amt_type") ? "CNY" : NULL;
  return till_meaning_fen_of_text (said, &amount)
             ? till_letter_add_amount (notice, amount, currency)
             : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  g_autoptr (TillForm) form = read_form (letter, account, error);
  if (!form)
    return NULL;
  const char *service = till_form_get (form, "service");
  if (says (form, "refund_no"))
    return add_amount (till_letter_notice (TRUE, till_form_get (form, "refund_no"), NULL,
                                           till_form_get (form, "refund_state"), error),
                       form, "refund_amt", "refund_amount");
  if (service && strcmp (service, "pay_result_notify") != 0)
    return till_letter_aside (error);
  return add_amount (till_letter_notice (FALSE, till_form_get (form, "order_id"), NULL,
                                         till_form_get (form, "trade_state"), error),
                     form, "amount", "amount");
}

/* It stands between quotes in a page. */
static gboolean
is_plain (const char *text)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return strspn (text, plain) == strlen (text);
}

static GBytes *
write_page (const TillForm *form)
{
  g_autofree char *text = till_form_sorted (form, NULL, FALSE);
  return g_string_free_to_bytes (g_string_append (
      g_string_append (g_string_new ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 "
                                     "Transitional//EN\">\n<HTML><HEAD><META NAME=\"" TILL_UMPAY_TAG
                                     "\" CONTENT=\""),
                       text),
      "\" /></HEAD><BODY></BODY></HTML>\n"));
}

static GBytes *
sign_yes (const TillLetter *letter, const TillAccount *account, GError **error)
{
  static const char *const repeated[] = { "mer_date", "order_id" };
  g_autoptr (TillForm) theirs = read_form (letter, account, error);
  if (!theirs)
    return NULL;
  g_autoptr (TillForm) ours = till_form_new ();
  till_form_add (ours, "mer_id", account->merchant_no);
  till_form_add (ours, "ret_code", "0000");
  till_form_add (ours, "ret_msg", "success");
  till_form_add (ours, "sign_type", "RSA");
  till_form_add (ours, "version", VERSION);
  for (gsize i = 0; i < G_N_ELEMENTS (repeated) && !says (theirs, "refund_no"); i++)
    {
      const char *value = till_form_get (theirs, repeated[i]);
      if (value && !is_plain (value))
        {
          till_letter_not_believed (error, "a letter whose yes cannot be written");
          return NULL;
        }
      till_form_add (ours, repeated[i], value);
    }
  till_umpay_sign (ours, account);
  return write_page (ours);
}

const TillNoticeCodec till_umpay_notices = {
  .open = open_letter,
  .yes = { 200, "text/html", "" },
  .no = { 400, "text/plain", "no" },
  .sign_yes = sign_yes,
  .asked_for = TRUE,
};
