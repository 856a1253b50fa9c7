/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A notice in the practice language: signed as its answers are, with NOTICE in place of the status
 * and /notices for the path, wherever it is sent. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/json.h"

#include <string.h>

#define WORDS_OF_CALL "NOTICE\n/notices\n"

static GBytes *
write_body (const TillSpeech *speech, const TillNews *news)
{
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "merchant_no", speech->merchant_no);
  till_json_set_text (object, "notice_no", news->event_no);
  till_json_set_text (object, "about", news->kind == TILL_ERRAND_PAY ? "payment" : "refund");
  till_json_set_text (object, "request_no", news->thing->request_no);
  till_json_set_int (object, "amount", news->thing->amount);
  till_json_set_text (object, "currency", "CNY");
  till_json_set_text (object, "status",
                      strcmp (news->status, "SUCCESS") == 0 ? "SUCCESS" : "REFUSED");
  return till_json_write (object);
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  int64_t now = till_clock_now (speech->clock);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, now / TILL_SECOND);
  g_autofree char *nonce = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", (guint64)now);
  g_autoptr (GBytes) body = write_body (speech, news);
  g_autoptr (GString) text = g_string_new (WORDS_OF_CALL);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_string_append_printf (text, "%s\n%s\n", time, nonce);
  g_string_append_len (text, data, (gssize)size);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA256, text->str, text->len);
  TillSaid *said = till_said_new (200, "application/json", body);
  till_said_add_header (said, "Sandbox-Time", time);
  till_said_add_header (said, "Sandbox-Nonce", nonce);
  till_said_add_header (said, "Sandbox-Signature", signature);
  return said;
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  g_autoptr (json_t) object = status == 200 ? till_json_parse (body, NULL) : NULL;
  return object && g_strcmp0 (till_json_text (object, "code"), "OK") == 0;
}

static const int gaps_s[] = { 1, 5, 30, 2 * 60, 10 * 60, 0 };

const TillNoticeManner till_practice_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s };
