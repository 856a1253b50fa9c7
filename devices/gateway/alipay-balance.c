/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alipay.data.bill.balance.query: what the account has, in yuan as texts: available_amount, and
 * freeze_amount, which is held back. total_amount and settle_amount say nothing about refunds and
 * are not read.
 *
 * The answer is signed, but it names neither the merchant nor a time: that it is one to this
 * question only the line can tell. Assumed: that nothing has to be asked with, for no word of
 * biz_content is mandatory; that an account is never below nothing, for a sign is not believed. */
#include "devices/gateway/alipay-form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/registry.h"

#include <string.h>

#define METHOD "alipay.data.bill.balance.query"
#define RESPONSE "alipay_data_bill_balance_query_response"

static TillRequest *
build (const TillAccount *account, int64_t asked_at)
{
  TillRequest *request = till_alipay_request (METHOD, "{}", asked_at, NULL, account);
  till_request_limit (request, account, till_alipay_codec.profile);
  return request;
}

static TillBalance *
interpret_object (const json_t *object)
{
  static const char *const refusals[] = { "40001", "40002", "40004", "40006", NULL };
  const char *code = till_json_text (object, "code");
  const char *sub_code = till_json_text (object, "sub_code");
  if (!code)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer has no code");
  if (strcmp (code, "10000") != 0)
    return till_balance_new_said (
        g_strv_contains (refusals, code) ? TILL_BALANCE_REFUSED : TILL_BALANCE_UNKNOWN,
        sub_code && *sub_code ? sub_code : code, till_json_text (object, "sub_msg"));
  if (sub_code && *sub_code)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer says yes and no at once");
  TillMoney available, frozen;
  if (!till_meaning_fen_of_yuan (till_json_text (object, "available_amount"), &available)
      || !till_meaning_fen_of_yuan (till_json_text (object, "freeze_amount"), &frozen))
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer does not say whole amounts");
  return till_balance_new_told (available, &frozen);
}

static TillBalance *
interpret (const TillAccount *account, int64_t asked_at, const TillReply *reply)
{
  if (reply->status != 200)
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", reply->status);
      return till_balance_new (TILL_BALANCE_UNKNOWN, detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) part = till_alipay_signed_part (RESPONSE, account, reply->body, &error);
  g_autoptr (json_t) object = part ? till_json_parse (part, &error) : NULL;
  return object ? interpret_object (object)
                : till_balance_new (TILL_BALANCE_UNKNOWN, error->message);
}

const TillBalanceCodec till_alipay_balance = { .build = build, .interpret = interpret };
