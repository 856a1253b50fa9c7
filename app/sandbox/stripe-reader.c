/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader beside the till as Stripe shows it: one, simulated, to which every customer comes at
 * once with a Visa card that ends in 4242 and is declined by the amount.
 *
 * Sandbox inventions: a reader that still asks for a card is busy for the next payment; whoever is
 * taken off the reader finds it without an action; a repeat under the same Idempotency-Key is shown
 * the reader as it is now. */
#include "app/sandbox/stripe-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

static const TillStripeDecline declines[] = {
  { 1, "call_issuer", "Your card was declined: the customer should call the bank." },
  { 5, "generic_decline", "Your card was declined." },
  { 55, "incorrect_pin", "Your card's PIN is incorrect." },
  { 65, "withdrawal_count_limit_exceeded", "The card's limit is exceeded." },
  { 75, "pin_try_exceeded", "The PIN was tried too often." },
};

static const char *const process_fields[] = { "payment_intent", NULL };
static const char *const cancel_fields[] = { NULL };

const TillStripeDecline *
till_stripe_decline (TillMoney amount)
{
  for (gsize i = 0; i < G_N_ELEMENTS (declines); i++)
    if (amount % 100 == declines[i].ends)
      return &declines[i];
  return NULL;
}

/* The payment that the reader is at or was last at, or FALSE. */
static gboolean
find_presented (const TillSpeech *speech, TillProviderAnswer *answer)
{
  const char *no = till_provider_presented (speech->provider);
  return no && till_provider_peek (speech->provider, TILL_ERRAND_PAY, no, NULL, answer);
}

static const char *
status_of_action (const TillProviderAnswer *payment)
{
  static const struct
  {
    const char *status, *says;
  } states[]
      = { { "PROCESSING", "in_progress" }, { "SUCCESS", "succeeded" }, { "ABNORMAL", "failed" } };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].status, payment->status) == 0)
      return states[i].says;
  return NULL;
}

static json_t *
write_action (const TillSpeech *speech)
{
  TillProviderAnswer payment;
  const char *status = find_presented (speech, &payment) ? status_of_action (&payment) : NULL;
  if (!status)
    return json_null ();
  json_t *action = json_object (), *process = json_object ();
  till_json_set_text (process, "payment_intent", payment.provider_no);
  till_json_set_text (action, "type", "process_payment_intent");
  till_json_set_text (action, "status", status);
  till_json_set (action, "process_payment_intent", process);
  if (strcmp (status, "failed") == 0)
    {
      const TillStripeDecline *decline = till_stripe_decline (payment.amount);
      till_json_set_text (action, "failure_code", "card_declined");
      till_json_set_text (action, "failure_message",
                          decline ? decline->words : "Your card was declined.");
    }
  return action;
}

static TillSaid *
say_reader (const TillSpeech *speech, const TillHeard *heard, TillDelivery delivery)
{
  g_autoptr (json_t) reader = json_object ();
  till_json_set_text (reader, "id", till_tongue_fact (speech->tongue, "reader"));
  till_json_set_text (reader, "object", "terminal.reader");
  till_json_set (reader, "action", write_action (speech));
  till_json_set_text (reader, "device_type", "simulated_wisepos_e");
  till_json_set (reader, "livemode", json_false ());
  till_json_set_text (reader, "status", "online");
  return till_stripe_say (heard, 200, reader, delivery);
}

/* Asks the book and shows the reader as it is then. */
static TillSaid *
answer_ask (const TillSpeech *speech, const TillHeard *heard, TillProviderAsk *ask)
{
  TillProviderAnswer answer;
  TillSaid *said = till_tongue_ask (speech, ask, &answer);
  if (said)
    return said;
  const char *no = strcmp (answer.code, "OK") != 0 ? answer.code : answer.reason;
  said = no && strcmp (no, "SYSTEM_ERROR") == 0
             ? till_stripe_say_code (heard, "api_error", NULL, "Something went wrong on our end")
         : no ? till_stripe_say_code (heard, no, NULL, "As the sandbox was told to say")
              : say_reader (speech, heard, answer.delivery);
  return till_tongue_spoil (said, &answer);
}

static TillSaid *
answer_process (const TillSpeech *speech, const TillHeard *heard)
{
  g_autoptr (TillForm) form = NULL;
  TillProviderAnswer payment, at;
  TillErrandKind kind;
  TillSaid *wrong = till_stripe_read_form (heard, heard->body, process_fields, &form);
  if (wrong)
    return wrong;
  const char *id = till_form_get (form, "payment_intent");
  const char *no = till_provider_number_of (speech->provider, id, &kind);
  if (!no || kind != TILL_ERRAND_PAY
      || !till_provider_peek (speech->provider, kind, no, NULL, &payment))
    return till_stripe_say_missing (heard, "payment_intent", "payment_intent", id);
  gboolean presented = find_presented (speech, &at);
  if (presented && strcmp (at.request_no, no) == 0 && till_heard_header (heard, "idempotency-key"))
    {
      TillSaid *said = say_reader (speech, heard, TILL_DELIVERY_WHOLE);
      till_said_add_header (said, "Idempotent-Replayed", "true");
      return said;
    }
  if (strcmp (payment.status, "OPENED") != 0)
    return till_stripe_say_unexpected (speech, heard, &payment);
  if (presented && strcmp (at.status, "PROCESSING") == 0)
    return till_stripe_say_code (heard, "terminal_reader_busy", NULL, "Reader is currently busy");
  TillProviderAsk ask = { .kind = TILL_ERRAND_PRESENT,
                          .request_no = no,
                          .amount = till_stripe_decline (payment.amount) ? 0 : payment.amount };
  return answer_ask (speech, heard, &ask);
}

static TillSaid *
answer_cancel (const TillSpeech *speech, const TillHeard *heard)
{
  g_autoptr (TillForm) form = NULL;
  TillProviderAnswer at;
  TillSaid *wrong = till_stripe_read_form (heard, heard->body, cancel_fields, &form);
  if (wrong)
    return wrong;
  if (!find_presented (speech, &at) || strcmp (at.status, "PROCESSING") != 0)
    return say_reader (speech, heard, TILL_DELIVERY_WHOLE);
  TillProviderAsk ask = { .kind = TILL_ERRAND_PRESENT, .request_no = at.request_no, .opens = TRUE };
  return answer_ask (speech, heard, &ask);
}

TillSaid *
till_stripe_answer_reader (const TillSpeech *speech, const TillHeard *heard, gboolean get)
{
  g_auto (GStrv) parts = g_strsplit (heard->path + strlen (TILL_STRIPE_READERS), "/", 3);
  guint n = g_strv_length (parts);
  if (n == 0 || g_strcmp0 (parts[0], till_tongue_fact (speech->tongue, "reader")) != 0)
    return till_stripe_say_missing (heard, "terminal.reader", "reader", n ? parts[0] : "");
  if (get && n == 1)
    return say_reader (speech, heard, TILL_DELIVERY_WHOLE);
  if (!get && n == 2 && strcmp (parts[1], "process_payment_intent") == 0)
    return answer_process (speech, heard);
  if (!get && n == 2 && strcmp (parts[1], "cancel_action") == 0)
    return answer_cancel (speech, heard);
  return till_stripe_say_code (heard, "url_invalid", NULL, "Unrecognized request URL");
}
