/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe's events: JSON around the PaymentIntent or Refund as a question would be answered, and a
 * Stripe-Signature of HMAC-SHA256 over "t.body" with the endpoint's secret. Where they go the
 * merchant has said in Stripe's own pages, not in a request. */
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

/* The version an endpoint was set up with; any. */
#define API_VERSION "2025-04-30.basil"
#define SECRET_BEGINS "whsec_"

static const char *
type_of (const TillNews *news)
{
  gboolean done = strcmp (news->status, "SUCCESS") == 0;
  gboolean abnormal = strcmp (news->status, "ABNORMAL") == 0;
  if (news->kind == TILL_ERRAND_PAY)
    return done       ? "payment_intent.succeeded"
           : abnormal ? "payment_intent.payment_failed"
                      : "payment_intent.canceled";
  if (abnormal)
    return "refund.failed";
  return done && news->since == news->thing->booked_at ? "refund.created" : "refund.updated";
}

static GBytes *
write_body (const TillNews *news)
{
  TillProviderAnswer thing = *news->thing;
  thing.status = news->status; /* as it was then */
  g_autoptr (json_t) event = json_object ();
  g_autofree char *id = g_strconcat ("evt_", news->event_no, NULL);
  json_t *data = json_object (), *request = json_object ();
  till_json_set (data, "object", till_tongue_write_stripe (news->kind, &thing));
  till_json_set (request, "id", json_null ());
  till_json_set_text (request, "idempotency_key", thing.request_no);
  till_json_set_text (event, "id", id);
  till_json_set_text (event, "object", "event");
  till_json_set_text (event, "api_version", API_VERSION);
  till_json_set_int (event, "created", news->since / TILL_SECOND);
  till_json_set (event, "data", data);
  till_json_set (event, "livemode", json_false ());
  till_json_set_int (event, "pending_webhooks", 1);
  till_json_set (event, "request", request);
  till_json_set_text (event, "type", type_of (news));
  return till_json_write (event);
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (!speech->notice_secret || news->kind == TILL_ERRAND_VOID)
    return NULL;
  g_autoptr (GBytes) body = write_body (news);
  int64_t now = till_clock_now (speech->clock) / TILL_SECOND;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_printf (text, "%" G_GINT64_FORMAT ".", now);
  g_string_append_len (text, data, (gssize)size);
  g_autofree char *secret = g_strconcat (SECRET_BEGINS, speech->notice_secret, NULL);
  g_autofree char *mac = till_hmac_sha256_hex (secret, strlen (secret), text->str, text->len);
  if (delivery == TILL_DELIVERY_BAD_SIGNATURE)
    mac[8] = mac[8] == 'a' ? 'b' : 'a';
  g_autofree char *signature = g_strdup_printf ("t=%" G_GINT64_FORMAT ",v1=%s", now, mac);
  TillSaid *said = till_said_new (200, "application/json; charset=utf-8", body);
  till_said_add_header (said, "Stripe-Signature", signature);
  return said;
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  return status >= 200 && status <= 299;
}

/* Its pages say "three times over a few hours" of its test mode; these hours are invented. */
static const int gaps_s[] = { 10 * 60, 3600, 2 * 3600, 0 };

const TillNoticeManner till_stripe_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s };
