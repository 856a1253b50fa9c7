/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lakala's notice: JSON under "Authorization: LKLAPI-SHA256withRSA" without appid and serial_no,
 * signed with a key of its own over timestamp, nonce and body. Its fields are documented for a
 * payment. Sandbox inventions: that a refund or void is told in the same ones under its own number,
 * with origin_out_trade_no beside it; the times at which it comes again. */
#include "app/sandbox/tongue.h"
#include "data/core/digest.h"
#include "devices/gateway/json.h"

#include <string.h>

static const char *
state_of (const char *status)
{
  return strcmp (status, "SUCCESS") == 0 ? "SUCCESS" : "FAIL";
}

/* What depends on how the customer paid (account_type, bank_type …) the book does not know, and it
 * is left out. */
static GBytes *
write_body (const TillNews *news)
{
  const TillProviderAnswer *thing = news->thing;
  const char *trade_no = thing->provider_no;
  gsize length = strlen (trade_no);
  g_autofree char *time = till_clock_stamp (news->since, TILL_CHINA, "%Y%m%d%H%M%S");
  const char *merchant_no = till_tongue_fact (&till_lakala_tongue, "merchant_no");
  const char *term_no = till_tongue_fact (&till_lakala_tongue, "term_no");
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "merchant_no", merchant_no);
  till_json_set_text (object, "out_trade_no", thing->request_no);
  till_json_set_text (object, "origin_out_trade_no", thing->original_no);
  till_json_set_text (object, "trade_no", trade_no);
  till_json_set_text (object, "log_no", trade_no + (length > 14 ? length - 14 : 0));
  till_json_set_text (object, "settle_merchant_no", merchant_no);
  till_json_set_text (object, "settle_term_no", term_no);
  till_json_set_text (object, "trade_status", state_of (news->status));
  till_json_set_digits (object, "total_amount", thing->amount);
  till_json_set_digits (object, "payer_amount", thing->amount);
  till_json_set_digits (object, "acc_settle_amount", thing->amount);
  till_json_set_text (object, "trade_time", time);
  return till_json_write (object);
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (!speech->notice_key)
    return NULL;
  g_autofree char *time
      = g_strdup_printf ("%" G_GINT64_FORMAT, till_clock_now (speech->clock) / TILL_SECOND);
  g_autofree char *nonce = till_digest_hex (news->event_no, strlen (news->event_no));
  nonce[32] = '\0';
  g_autoptr (GBytes) body = write_body (news);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%s\n%s\n", time, nonce);
  g_string_append_len (text, data, (gssize)size);
  g_string_append_c (text, '\n');
  TillSpeech signer = *speech;
  signer.our_key = speech->notice_key;
  g_autofree char *signature
      = till_tongue_sign (&signer, delivery, TILL_HASH_SHA256, text->str, text->len);
  g_autofree char *header = g_strdup_printf ("LKLAPI-SHA256withRSA timestamp=\"%s\","
                                             "nonce_str=\"%s\",signature=\"%s\"",
                                             time, nonce, signature);
  TillSaid *said = till_said_new (200, "application/json", body);
  till_said_add_header (said, "Authorization", header);
  return said;
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  g_autoptr (json_t) object = status == 200 ? till_json_parse (body, NULL) : NULL;
  return object && g_strcmp0 (till_json_text (object, "code"), "SUCCESS") == 0;
}

static const int gaps_s[] = { 60, 5 * 60, 30 * 60, 3600, 0 };

const TillNoticeManner till_lakala_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };
