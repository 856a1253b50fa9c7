/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer to what a provider holds for the shop. First byte: the provider (low three bits),
 * signed or not (0x80), its HTTP status (the bits between); the rest is what was said. Where
 * answers are signed, nothing is told without a signature. */
#include "tests/fuzz/fuzz-account.h"
#include "tests/gateway/request-parts.h"

#define KEY_ID "PUB_KEY_ID_01"

typedef void (*Seal) (TillReply *reply, const TillRequest *request, const char *body);

static char *
sign (const char *head, const char *body, const char *tail)
{
  g_autofree char *text = g_strconcat (head, body, tail, NULL);
  return till_key_sign (fuzz_speech.our_key, text, strlen (text));
}

static void
seal_lakala (TillReply *reply, const TillRequest *request, const char *body)
{
  const char *appid = till_account_fact (&fuzz_account, "app_id");
  g_autofree char *head = g_strconcat (appid, "\n0123ab\n1795320001\nabcdefabcdef\n", NULL);
  g_autofree char *signature = sign (head, body, "\n");
  till_reply_add_field (reply, "Lklapi-Appid", appid);
  till_reply_add_field (reply, "Lklapi-Serial", "0123ab");
  till_reply_add_field (reply, "Lklapi-Timestamp", "1795320001");
  till_reply_add_field (reply, "Lklapi-Nonce", "abcdefabcdef");
  till_reply_add_field (reply, "Lklapi-Signature", signature);
}

static void
seal_practice (TillReply *reply, const TillRequest *request, const char *body)
{
  const char *nonce = request_header (request, "Sandbox-Nonce");
  g_autofree char *head
      = g_strdup_printf ("%d\n%s\n1795320001\n%s\n", reply->status, request->path, nonce);
  g_autofree char *signature = sign (head, body, "");
  till_reply_add_field (reply, "Sandbox-Time", "1795320001");
  till_reply_add_field (reply, "Sandbox-Nonce", nonce);
  till_reply_add_field (reply, "Sandbox-Signature", signature);
}

static void
seal_wechat (TillReply *reply, const TillRequest *request, const char *body)
{
  g_autofree char *signature = sign ("1795320001\nabcdefabcdef\n", body, "\n");
  till_reply_add_field (reply, "Wechatpay-Timestamp", "1795320001");
  till_reply_add_field (reply, "Wechatpay-Nonce", "abcdefabcdef");
  till_reply_add_field (reply, "Wechatpay-Serial", KEY_ID);
  till_reply_add_field (reply, "Wechatpay-Signature", signature);
}

/* Here the signature stands in the body, over a part of it. */
static void
seal_alipay (TillReply *reply, const TillRequest *request, const char *body)
{
  g_autofree char *signature = sign ("", body, "");
  g_autofree char *whole = g_strdup_printf (
      "{\"alipay_data_bill_balance_query_response\":%s,\"sign\":\"%s\"}", body, signature);
  g_autoptr (GBytes) bytes = g_bytes_new (whole, strlen (whole));
  till_reply_set_body (reply, bytes);
}

static const struct
{
  const char *provider;
  Seal seal; /* NULL: it signs nothing, the line is the proof */
} rows[] = { { "stripe", NULL },
             { "lakala", seal_lakala },
             { "sandbox", seal_practice },
             { "wechat", seal_wechat },
             { "alipay", seal_alipay } };

static void
check_balance (const TillBalance *balance, gboolean is_proved)
{
  g_assert_nonnull (balance);
  g_assert_cmpint (balance->result, !=, TILL_BALANCE_NO_LINE); /* it was answered */
  if (!is_proved)
    g_assert_cmpint (balance->result, !=, TILL_BALANCE_TOLD);
  if (balance->detail)
    g_assert_true (g_utf8_validate (balance->detail, -1, NULL));
  g_autofree char *sentence = till_balance_sentence (balance);
  fuzz_assert_clean (sentence, 1000);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 401, 403, 500, 0, 400, 429, 302 };
  static gboolean is_open;
  if (!is_open)
    fuzz_open (&till_lakala_tongue);
  is_open = TRUE;
  if (size < 1)
    return 0;
  gsize row = (data[0] & 7) % G_N_ELEMENTS (rows);
  const TillBalanceCodec *codec = till_codec_find (rows[row].provider)->balance;
  fuzz_account.provider_key_id = (char *)KEY_ID;
  fuzz_account.secret = (char *)"sk_test_0123456789";
  g_autoptr (TillRequest) request = codec->build (&fuzz_account, FUZZ_AT);
  g_autoptr (TillReply) reply
      = till_reply_new (TILL_FATE_ANSWERED, statuses[data[0] >> 3 & 7], NULL);
  g_autofree char *body = g_strndup ((const char *)data + 1, size - 1);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  till_reply_set_body (reply, bytes);
  gboolean is_signed = (data[0] & 0x80) && rows[row].seal;
  if (is_signed)
    rows[row].seal (reply, request, body);
  g_autoptr (TillBalance) balance = codec->interpret (&fuzz_account, FUZZ_AT, reply);
  check_balance (balance, is_signed || !rows[row].seal);
  return 0;
}
