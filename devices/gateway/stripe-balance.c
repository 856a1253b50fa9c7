/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /v1/balance: lists of amounts, one for each currency. Stripe signs no answers; what proves
 * them is the line, as with its payments and refunds. */
#include "devices/gateway/json.h"
#include "devices/gateway/stripe-private.h"

#define CURRENCY "cny"
#define CURRENCIES_MAX 200

static TillRequest *
build (const TillAccount *account, int64_t asked_at)
{
  return till_stripe_request_new (account, "/v1/balance", NULL);
}

/* Of our currency exactly one entry: none is not nothing, and of two neither is believed. */
static gboolean
read_list (const json_t *object, const char *name, TillMoney *amount)
{
  const json_t *list = json_object_get (object, name);
  const json_t *ours = NULL;
  gsize n = json_array_size (list);
  for (gsize i = 0; i < n && n <= CURRENCIES_MAX; i++)
    {
      const json_t *entry = json_array_get (list, i);
      if (g_strcmp0 (till_json_text (entry, "currency"), CURRENCY) != 0)
        continue;
      if (ours)
        return FALSE;
      ours = entry;
    }
  return ours && till_json_signed_money (ours, "amount", amount);
}

static TillBalance *
interpret (const TillAccount *account, int64_t asked_at, const TillReply *reply)
{
  if (reply->status == 401 || reply->status == 403)
    return till_balance_new (TILL_BALANCE_REFUSED, reply->status == 401
                                                       ? "HTTP 401: the key is not known there"
                                                       : "HTTP 403: the key has no right to it");
  if (reply->status != 200)
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", reply->status);
      return till_balance_new (TILL_BALANCE_UNKNOWN, detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  TillMoney available, pending;
  if (!object)
    return till_balance_new (TILL_BALANCE_UNKNOWN, error->message);
  if (g_strcmp0 (till_json_text (object, "object"), "balance") != 0)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "a balance was asked for, and this is none");
  if (!read_list (object, "available", &available) || !read_list (object, "pending", &pending))
    return till_balance_new (TILL_BALANCE_UNKNOWN,
                             "the answer does not say one whole amount in our currency");
  return till_balance_new_told (available, &pending);
}

const TillBalanceCodec till_stripe_balance = { .build = build, .interpret = interpret };
