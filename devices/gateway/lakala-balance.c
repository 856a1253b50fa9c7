/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queryRefundAvailableBalance: what refunds can be paid from, an interface of the older kind with
 * names of its own (ver, reqId, reqData; retCode, respData), signed like the others.
 *
 * Assumed, for it is documented by its fields alone: that the version is 1.0.0 and the timestamp
 * seconds; that what describes one payment or one purse (ologNo, balanceFlag, sourceFlag) may be
 * left out; that retCode 000000 says taken, as elsewhere; that the balance is fen as a text, as all
 * amounts here, for which a text with a point or a sign is not believed; that the answer repeats
 * qryNo and merId, without which nothing would tie it to the question. What is not yet available it
 * does not tell. */
#include "data/core/clock.h"
#include "devices/gateway/json.h"
#include "devices/gateway/lakala-private.h"
#include "devices/gateway/meaning.h"

#define PATH "/api/v2/mrssQuery/queryRefundAvailableBalance"
#define VERSION "1.0.0"
#define TAKEN "000000"

/* Sixteen digits: the instant, to the microsecond. */
static char *
make_number (int64_t asked_at)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, asked_at);
}

static TillRequest *
build (const TillAccount *account, int64_t asked_at)
{
  g_autofree char *number = make_number (asked_at);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, asked_at / TILL_SECOND);
  g_autofree char *nonce = till_balance_nonce (account, asked_at);
  json_t *data = json_object ();
  till_json_set_text (data, "merId", account->merchant_no);
  till_json_set_text (data, "termId", till_account_fact (account, "term_no"));
  till_json_set_text (data, "qryNo", number);
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "ver", VERSION);
  till_json_set_text (object, "timestamp", time);
  till_json_set_text (object, "reqId", number);
  till_json_set (object, "reqData", data);
  g_autoptr (GBytes) body = till_json_write (object);
  return till_lakala_request_new (account, PATH, body, asked_at, nonce);
}

static TillBalance *
interpret_data (const TillAccount *account, int64_t asked_at, const json_t *data)
{
  g_autofree char *number = make_number (asked_at);
  const char *term = till_json_text (data, "termId");
  TillMoney available;
  if (g_strcmp0 (till_json_text (data, "qryNo"), number) != 0)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer is to another question");
  if (g_strcmp0 (till_json_text (data, "merId"), account->merchant_no) != 0
      || (term && g_strcmp0 (term, till_account_fact (account, "term_no")) != 0))
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer names another merchant");
  if (!till_meaning_fen_of_text (till_json_text (data, "balance"), &available))
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer does not say one whole amount");
  return till_balance_new_told (available, NULL);
}

static TillBalance *
interpret (const TillAccount *account, int64_t asked_at, const TillReply *reply)
{
  /* Lakala signs nothing but a 200; that it does not know us may be said without. */
  if (reply->status != 200 || !till_lakala_is_signed (account, reply))
    {
      g_autofree char *detail = g_strdup_printf (
          "HTTP %d %s", reply->status,
          reply->status == 200 ? "without Lakala's signature on it" : "is no answer");
      gboolean refused = reply->status == 401 || reply->status == 403;
      return till_balance_new (refused ? TILL_BALANCE_REFUSED : TILL_BALANCE_UNKNOWN, detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  if (!object)
    return till_balance_new (TILL_BALANCE_UNKNOWN, error->message);
  const char *code = till_json_text (object, "retCode");
  if (!code)
    return till_balance_new (TILL_BALANCE_UNKNOWN, "the answer has no retCode");
  if (g_str_equal (code, TAKEN))
    return interpret_data (account, asked_at, json_object_get (object, "respData"));
  /* No code of refusal is documented. As no money hangs on it, any that is not known to be open
   * counts as one, and its words are shown. */
  return till_balance_new_said (till_lakala_code_is_open (code) ? TILL_BALANCE_UNKNOWN
                                                                : TILL_BALANCE_REFUSED,
                                code, till_json_text (object, "retMsg"));
}

const TillBalanceCodec till_lakala_balance = { .build = build, .interpret = interpret };
