/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Stripe tells of its own accord (webhooks): an event in JSON, with
 *   Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX…]
 * HMAC-SHA256 over "SECONDS.body" under the endpoint's secret, which is the account's
 * notice_secret as it was given, "whsec_…". While a secret is changed there are two v1; other
 * schemes are passed over. An event that is sent again is signed anew and has the same id.
 *
 * refund.* and charge.refund.updated are about a refund, payment_intent.* about a payment, by the
 * number we put into metadata. charge.refunded says nothing that refund.* does not say with more
 * detail. A payment without our number is another program's at the same account; a refund without
 * one gives our money away, and is told under Stripe's number of it. */
#include "data/core/money.h"
#include "devices/gateway/json.h"
#include "devices/gateway/stripe-private.h"

#include <string.h>

#define CURRENCY "cny"
/* Of one signature head. */
#define PARTS_MAX 16

/* Whether one of the signatures is that of text; *time is the only t, or NULL. */
static gboolean
read_signature (const char *head, const TillLetter *letter, const char *secret, char **time)
{
  g_auto (GStrv) parts = g_strsplit (head, ",", PARTS_MAX + 1);
  const char *only = NULL;
  int times = 0;
  for (gsize i = 0; parts[i]; i++)
    if (g_str_has_prefix (g_strstrip (parts[i]), "t=") && ++times == 1)
      only = parts[i] + 2;
  if (times != 1 || g_strv_length (parts) > PARTS_MAX)
    return FALSE;
  g_autofree char *begin = g_strconcat (only, ".", NULL);
  GString *text = till_letter_text (letter, begin);
  g_autofree char *ours = till_hmac_sha256_hex (secret, strlen (secret), text->str, text->len);
  g_string_free (text, TRUE);
  gboolean right = FALSE;
  for (gsize i = 0; parts[i]; i++)
    right |= g_str_has_prefix (parts[i], "v1=") && till_text_is_same (parts[i] + 3, ours);
  *time = g_strdup (only);
  return right;
}

/* NULL when the letter is to be believed. */
static const char *
doubt (const TillLetter *letter, const TillAccount *account)
{
  const char *head = till_letter_field (letter, "stripe-signature");
  g_autofree char *time = NULL;
  if (!account->notice_secret)
    return "the account has no notice_secret_file with the endpoint's secret";
  if (!head || !read_signature (head, letter, account->notice_secret, &time))
    return "a letter without the provider's signature on it";
  return till_letter_is_fresh (letter, time) ? NULL : "a letter from another time";
}

/* What it says of money must be money, and ours. */
static const char *
contradiction (const json_t *thing)
{
  TillMoney money;
  if (json_object_get (thing, "currency")
      && g_strcmp0 (till_json_text (thing, "currency"), CURRENCY) != 0)
    return "a letter about another currency";
  if (json_object_get (thing, "amount") && !till_json_money (thing, "amount", &money))
    return "a letter about an amount that is none";
  return NULL;
}

static TillNotice *
read_thing (const json_t *thing, gboolean is_refund, const char *id, GError **error)
{
  const json_t *metadata = json_object_get (thing, "metadata");
  const char *ours = till_json_text (metadata, "request_no");
  const char *status = till_json_text (thing, "status");
  if (g_strcmp0 (till_json_text (thing, "object"), is_refund ? "refund" : "payment_intent") != 0)
    return till_letter_not_believed (error, "a letter that holds another thing than it says");
  if (json_object_get (metadata, "request_no") && !ours)
    return till_letter_not_believed (error, "a letter without a number");
  if (!ours && !is_refund)
    return till_letter_aside (error);
  const char *against = ours ? contradiction (thing) : NULL;
  if (against)
    return till_letter_not_believed (error, against);
  TillMoney amount = 0;
  TillNotice *notice = till_letter_notice (is_refund, ours ? ours : till_json_text (thing, "id"),
                                           id, status, error);
  const char *currency = till_json_text (thing, "currency");
  /* Without a currency Stripe's minor units say nothing. */
  return currency && till_json_money (thing, "amount", &amount)
             ? till_letter_add_amount (notice, amount, currency)
             : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  const char *why = doubt (letter, account);
  if (why)
    return till_letter_not_believed (error, why);
  g_autoptr (json_t) event = till_json_parse (letter->body, error);
  if (!event)
    return NULL;
  const char *type = till_json_text (event, "type");
  const char *id = till_json_text (event, "id");
  const char *connected = till_json_text (event, "account");
  if (g_strcmp0 (till_json_text (event, "object"), "event") != 0 || !type || !id)
    return till_letter_not_believed (error, "a letter that does not say what it is");
  /* Said of connected accounts only: what happens there is not ours. */
  if (connected && strcmp (connected, account->merchant_no) != 0)
    return till_letter_not_believed (error, "a letter to another merchant");
  gboolean refund
      = g_str_has_prefix (type, "refund.") || strcmp (type, "charge.refund.updated") == 0;
  if (!refund && !g_str_has_prefix (type, "payment_intent."))
    return till_letter_aside (error);
  return read_thing (json_object_get (json_object_get (event, "data"), "object"), refund, id,
                     error);
}

const TillNoticeCodec till_stripe_notices = {
  .open = open_letter,
  .yes = { 200, "text/plain", "ok" },
  .no = { 400, "text/plain", "no" },
};
