/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /v3/merchant/fund/balance/BASIC: the basic account, which refunds are paid from unless an
 * order's own money is still held back. Signed like every answer; what ties it to the question is
 * its time alone, for it names neither the merchant nor what was asked.
 *
 * The documents have it for service providers and platforms. Assumed: that a shop with a number of
 * its own is answered too where it has the right; else it is told NO_AUTH, which is a refusal. */
#include "devices/gateway/json.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/wechat-private.h"
#include "devices/gateway/wechat-signature.h"

#define PATH "/v3/merchant/fund/balance/BASIC"

static TillRequest *
build (const TillAccount *account, int64_t asked_at)
{
  g_autofree char *nonce = till_balance_nonce (account, asked_at);
  TillRequest *request = till_request_new (account->base_url, PATH, NULL);
  till_request_add_header (request, "Accept", "application/json");
  /* A request without one is turned away. */
  till_request_add_header (request, "User-Agent", "Quittance");
  till_wechat_sign (request, account, nonce, asked_at);
  till_request_limit (request, account, till_wechat_codec.profile);
  return request;
}

/* Any other code, SYSTEM_ERROR among them, may pass. */
static TillBalance *
interpret_code (const json_t *object)
{
  static const char *const refusals[]
      = { "NO_AUTH", "SIGN_ERROR", "PARAM_ERROR", "INVALID_REQUEST", NULL };
  const char *code = till_json_text (object, "code");
  if (!code)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer has no code");
  return till_balance_new_said (g_strv_contains (refusals, code) ? TILL_BALANCE_REFUSED
                                                                 : TILL_BALANCE_UNKNOWN,
                                code, till_json_text (object, "message"));
}

static TillBalance *
interpret (const TillAccount *account, int64_t asked_at, const TillReply *reply)
{
  g_autofree char *doubt = till_wechat_doubt (reply, account, asked_at);
  /* That it does not know us may be said by a key that is not ours to know, or by none. */
  if (doubt)
    return till_balance_new (reply->status == 401 || reply->status == 403 ? TILL_BALANCE_REFUSED
                                                                          : TILL_BALANCE_UNKNOWN,
                             doubt);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  if (!object)
    return till_balance_new (TILL_BALANCE_UNKNOWN, error->message);
  if (reply->status != 200)
    return interpret_code (object);
  TillMoney available, pending;
  gboolean says_pending = json_object_get (object, "pending_amount") != NULL; /* it need not */
  if (!till_json_signed_money (object, "available_amount", &available)
      || (says_pending && !till_json_signed_money (object, "pending_amount", &pending)))
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer does not say whole amounts");
  return till_balance_new_told (available, says_pending ? &pending : NULL);
}

const TillBalanceCodec till_wechat_balance = { .build = build, .interpret = interpret };
