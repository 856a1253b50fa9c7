/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/wechat-signature.h"
#include "data/core/clock.h"
#include "data/core/text.h"
#include "devices/gateway/json.h"

/* The provider's own clients take no answer that is as old as this, nor one so far ahead. */
#define CLOCKS_DIFFER_S 300
#define UNSIGNED_MAX 64

/* The head and two more lines, then the body as the last. */
static GString *
signed_text (const char *head, const char *time, const char *nonce, GBytes *body)
{
  GString *text = g_string_new (head);
  g_string_append_printf (text, "%s\n%s\n", time, nonce);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_string_append_len (text, data, (gssize)size);
  return g_string_append_c (text, '\n');
}

void
till_wechat_sign (TillRequest *request, const TillAccount *account, const char *nonce,
                  int64_t asked_at)
{
  g_autofree char *head = g_strdup_printf ("%s\n%s\n", request->method, request->path);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, asked_at / TILL_SECOND);
  GString *text = signed_text (head, time, nonce, request->body);
  g_autofree char *signature = till_key_sign (account->our_key, text->str, text->len);
  g_string_free (text, TRUE);
  g_autofree char *words = g_strdup_printf (
      "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",signature=\"%s\",timestamp=\"%s\","
      "serial_no=\"%s\"",
      account->merchant_no, nonce, signature, time, till_account_fact (account, "serial_no"));
  till_request_add_header (request, "Authorization", words);
}

/* NULL when our clock and theirs agree. */
static char *
clocks_differ (const char *time, int64_t asked_at)
{
  gint64 theirs;
  if (!g_ascii_string_to_signed (time, 10, 0, G_MAXINT64 / TILL_SECOND, &theirs, NULL))
    return g_strdup ("the answer is signed for a time that is none");
  gint64 ahead = asked_at / TILL_SECOND - theirs;
  if (-CLOCKS_DIFFER_S < ahead && ahead < CLOCKS_DIFFER_S)
    return NULL;
  return g_strdup_printf ("the clocks differ: the till's is %" G_GINT64_FORMAT
                          " s %s the provider's",
                          ahead < 0 ? -ahead : ahead, ahead < 0 ? "behind" : "ahead of");
}

/* The provider's own SDKs verify what says yes only, so a no may well come unsigned. It decides
 * nothing here, for anybody could have said it, but a person should read what it was. */
static char *
unsigned_words (const TillReply *answer)
{
  g_autoptr (json_t) object = till_json_parse (answer->body, NULL);
  const char *code = object ? till_json_text (object, "code") : NULL;
  if (!code)
    return g_strdup_printf ("HTTP %d without a signature", answer->status);
  g_autofree char *clean = till_text_clean (code, UNSIGNED_MAX);
  return g_strdup_printf ("HTTP %d without a signature: %s", answer->status, clean);
}

/* What stands in the head of an answer and of a notice; each NULL when it is not said. */
typedef struct
{
  const char *serial, *time, *nonce, *signature;
} Stamp;

static gboolean
read_stamp (GHashTable *fields, Stamp *stamp)
{
  *stamp = (Stamp){ .serial = g_hash_table_lookup (fields, "wechatpay-serial"),
                    .time = g_hash_table_lookup (fields, "wechatpay-timestamp"),
                    .nonce = g_hash_table_lookup (fields, "wechatpay-nonce"),
                    .signature = g_hash_table_lookup (fields, "wechatpay-signature") };
  return stamp->serial && stamp->time && stamp->nonce && stamp->signature;
}

static char *
doubt (const Stamp *stamp, GBytes *body, const TillAccount *account, int64_t at)
{
  const TillKey *key = till_account_provider_key (account, stamp->serial);
  if (!key)
    {
      g_autofree char *clean = till_text_clean (stamp->serial, 64);
      return g_strdup_printf ("signed by a key we do not have: %s", clean);
    }
  GString *text = signed_text ("", stamp->time, stamp->nonce, body);
  gboolean right = till_key_verifies (key, text->str, text->len, stamp->signature);
  g_string_free (text, TRUE);
  return right ? clocks_differ (stamp->time, at) : g_strdup ("the signature is not the provider's");
}

char *
till_wechat_doubt (const TillReply *answer, const TillAccount *account, int64_t asked_at)
{
  Stamp stamp;
  return read_stamp (answer->fields, &stamp) ? doubt (&stamp, answer->body, account, asked_at)
                                             : unsigned_words (answer);
}

char *
till_wechat_doubt_letter (const TillLetter *letter, const TillAccount *account)
{
  Stamp stamp;
  return read_stamp (letter->fields, &stamp)
             ? doubt (&stamp, letter->body, account, letter->arrived_at)
             : g_strdup ("a letter without a signature");
}
