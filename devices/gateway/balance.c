/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/balance.h"
#include "data/core/digest.h"
#include "data/core/text.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NONCE_LENGTH 32
#define SAID_MAX 120

static const char *const result_words[] = {
#define X(code, word) word,
  TILL_BALANCES (X)
#undef X
};

TillBalance *
till_balance_new (TillBalanceResult result, const char *detail)
{
  TillBalance *balance = g_new0 (TillBalance, 1);
  balance->result = result;
  balance->detail = g_strdup (detail);
  return balance;
}

TillBalance *
till_balance_new_told (TillMoney available, const TillMoney *pending)
{
  TillBalance *balance = till_balance_new (TILL_BALANCE_TOLD, NULL);
  balance->available = available;
  balance->tells_pending = pending != NULL;
  balance->pending = pending ? *pending : 0;
  return balance;
}

TillBalance *
till_balance_new_said (TillBalanceResult result, const char *code, const char *words)
{
  g_autofree char *both = g_strconcat (code ? code : "", " ", words, NULL);
  g_autofree char *clean = till_text_clean (both, SAID_MAX);
  return till_balance_new (result, *clean ? clean : NULL);
}

char *
till_balance_nonce (const TillAccount *account, int64_t asked_at)
{
  g_autofree char *facts
      = g_strdup_printf ("balance|%s|%" G_GINT64_FORMAT, account->merchant_no, asked_at);
  char *nonce = till_digest_hex (facts, strlen (facts));
  nonce[NONCE_LENGTH] = '\0';
  return nonce;
}

void
till_balance_free (TillBalance *balance)
{
  g_free (balance->detail);
  g_free (balance);
}

const char *
till_balance_result_word (TillBalanceResult result)
{
  return result_words[result];
}

gboolean
till_balance_is_told_by (const char *provider)
{
  const TillCodec *codec = till_codec_find (provider);
  return codec && codec->balance;
}

TillBalance *
till_balance_ask (const TillAccount *account, TillTransport transport, TillClock *clock,
                  GError **error)
{
  const TillCodec *codec = till_codec_find (account->provider);
  g_assert (codec && codec->balance);
  int64_t asked_at = till_clock_now (clock);
  g_autoptr (TillRequest) request = codec->balance->build (account, asked_at);
  g_autoptr (TillReply) reply = transport.send (transport.self, request, error);
  if (!reply)
    return NULL;
  TillBalance *balance
      = reply->fate == TILL_FATE_ANSWERED
            ? codec->balance->interpret (account, asked_at, reply)
            : till_balance_new (reply->fate == TILL_FATE_NOT_SENT ? TILL_BALANCE_NO_LINE
                                                                  : TILL_BALANCE_UNKNOWN,
                                reply->detail);
  balance->asked_at = asked_at;
  return balance;
}

char *
till_balance_sentence (const TillBalance *balance)
{
  const char *why = balance->detail ? balance->detail : "–";
  g_autofree char *available = till_money_format_screen (balance->available);
  g_autofree char *pending = till_money_format_screen (balance->pending);
  switch (balance->result)
    {
    case TILL_BALANCE_TOLD:
      if (!balance->tells_pending)
        return g_strdup_printf (_ ("The provider holds %s for you that refunds can be paid from."),
                                available);
      return g_strdup_printf (
          /* Translators: two amounts of the merchant's money at the payment provider. */
          _ ("The provider holds %s for you that refunds can be paid from, and %s that is not yet "
             "available."),
          available, pending);
    case TILL_BALANCE_REFUSED:
      return g_strdup_printf (
          _ ("The provider does not tell this account its balance (%s). Compare "
             "keys and rights with what the provider has."),
          why);
    case TILL_BALANCE_NO_LINE:
      return g_strdup_printf (_ ("The balance is not known: the provider cannot be reached (%s). "
                                 "Look at the network, then ask again."),
                              why);
    case TILL_BALANCE_UNKNOWN:
    default:
      return g_strdup_printf (_ ("The balance is not known: no answer came that is believed (%s). "
                                 "Nothing has changed; ask again later."),
                              why);
    }
}
