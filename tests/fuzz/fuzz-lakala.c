/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala, both ways. First byte: signed or not (0x80), to the provider (0x40) or from it, by card
 * (0x08), the errand (low three bits); second: the path of a request, the HTTP status of an answer;
 * the rest: the body. */
#include "tests/fuzz/fuzz-account.h"

static GString *
canonical (const char *who, const uint8_t *body, size_t size)
{
  GString *text = g_string_new (who);
  g_string_append_len (text, (const char *)body, (gssize)size);
  return g_string_append_c (text, '\n');
}

static void
to_provider (const char *path, const uint8_t *data, size_t size, gboolean is_signed)
{
  const char *app_id = till_tongue_fact (&till_lakala_tongue, "app_id");
  const char *serial_no = till_tongue_fact (&till_lakala_tongue, "serial_no");
  g_autofree char *who = g_strdup_printf ("%s\n%s\n1795320000\nabcdefabcdef\n", app_id, serial_no);
  GString *text = canonical (who, data, size);
  g_autofree char *signature
      = till_key_sign (fuzz_account.our_key, text->str, text->len - !is_signed);
  g_string_free (text, TRUE);
  g_autofree char *authorization
      = g_strdup_printf ("LKLAPI-SHA256withRSA appid=\"%s\",timestamp=\"1795320000\","
                         "nonce_str=\"abcdefabcdef\",serial_no=\"%s\",signature=\"%s\"",
                         app_id, serial_no, signature);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (headers, (gpointer) "authorization", authorization);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  fuzz_hear (&till_lakala_tongue, path, headers, body, is_signed);
}

static void
from_provider (const TillErrand *errand, int status, const uint8_t *data, size_t size,
               gboolean is_signed)
{
  const char *app_id = till_tongue_fact (&till_lakala_tongue, "app_id");
  g_autoptr (TillReply) answer = till_reply_new (TILL_FATE_ANSWERED, status, NULL);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  till_reply_set_body (answer, body);
  g_autofree char *who = g_strdup_printf ("%s\nab12\n1795320000\nabcdefabcdef\n", app_id);
  GString *text = canonical (who, data, size);
  g_autofree char *signature
      = till_key_sign (fuzz_speech.our_key, text->str, text->len - !is_signed);
  g_string_free (text, TRUE);
  till_reply_add_field (answer, "Lklapi-Appid", app_id);
  till_reply_add_field (answer, "Lklapi-Serial", "ab12");
  till_reply_add_field (answer, "Lklapi-Timestamp", "1795320000");
  till_reply_add_field (answer, "Lklapi-Nonce", "abcdefabcdef");
  till_reply_add_field (answer, "Lklapi-Signature", signature);
  g_autoptr (TillOutcome) outcome
      = till_codec_find ("lakala")->interpret (errand, &fuzz_account, answer);
  fuzz_check_outcome (errand, outcome, is_signed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 200, 200, 400, 401, 500, 0, 302 };
  static const char *const paths[]
      = { "/api/v3/labs/trans/micropay",           "/api/v3/labs/query/tradequery",
          "/api/v3/labs/relation/revoked",         "/api/v3/labs/relation/idmrefund",
          "/api/v3/labs/query/idmrefundquery",     "/api/v3/lams/trade/trade_refund",
          "/api/v3/lams/trade/trade_refund_query", "/api/v3/lams/elsewhere" };
  if (size < 2)
    return 0;
  if (!fuzz_account.our_key)
    fuzz_open (&till_lakala_tongue);
  gboolean is_signed = (data[0] & 0x80) != 0;
  TillErrandKind kind = (TillErrandKind)((data[0] & 7) % TILL_ERRAND_RECALL);
  TillErrand errand = fuzz_errand (kind, (data[0] & 8) && kind != TILL_ERRAND_PAY);
  if (data[0] & 0x40)
    to_provider (paths[data[1] % G_N_ELEMENTS (paths)], data + 2, size - 2, is_signed);
  else
    from_provider (&errand, statuses[data[1] % G_N_ELEMENTS (statuses)], data + 2, size - 2,
                   is_signed);
  return 0;
}
