/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe's half: PaymentIntents and Refunds as forms in and JSON out, behind a secret key.
 *
 * A payment for card_present waits until its card is asked for at the reader (stripe-reader.c).
 *
 * Sandbox inventions: Idempotency-Key is wanted with every payment and refund and must be what
 * metadata[request_no] says, for the book knows things by one number; a payment method may have any
 * name; a repeated request is answered with what the thing is now, marked as replayed, not with the
 * bytes of then; a payment under way is `processing` and may be canceled; all that was paid and has
 * not gone back is available at once. Ids are the book's own. A list holds what the last page of a
 * hundred would. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/stripe-parts.h"
#include "data/core/digest.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"

#include <string.h>

#define INTENTS "/v1/payment_intents"
#define SEARCH INTENTS "/search"
#define REFUNDS "/v1/refunds"
#define BALANCE "/v1/balance"
#define MOVEMENTS "/v1/balance_transactions"
#define LIMIT_MAX 100
#define NOBODY "nobody"

static const char *const paths[]
    = { INTENTS, INTENTS "/", REFUNDS, REFUNDS "/", BALANCE, MOVEMENTS, TILL_STRIPE_READERS, NULL };
static const char *const facts[] = { "merchant_no=acct_1Practice", "reader=tmr_Practice1", NULL };

/* What is not here is an invalid_request_error on HTTP 400. */
static const struct
{
  const char *code, *type;
  int status;
} errors[] = {
  { "card_declined", "card_error", 402 },
  { "expired_card", "card_error", 402 },
  { "incorrect_cvc", "card_error", 402 },
  { "insufficient_funds", "card_error", 402 },
  { "processing_error", "card_error", 402 },
  { "authentication_required", "card_error", 402 },
  { "idempotency_key_in_use", "idempotency_error", 409 },
  { "resource_missing", "invalid_request_error", 404 },
  { "lock_timeout", "invalid_request_error", 429 },
  { "rate_limit", "invalid_request_error", 429 },
  { "url_invalid", "invalid_request_error", 404 },
  { "api_error", "api_error", 500 },
};

static const char *const pay_fields[] = { "amount",
                                          "currency",
                                          "payment_method",
                                          "payment_method_types[]",
                                          "payment_method_types[0]",
                                          "capture_method",
                                          "confirm",
                                          "error_on_requires_action",
                                          "description",
                                          "metadata[request_no]",
                                          NULL };
static const char *const refund_fields[]
    = { "payment_intent", "charge", "amount", "reason", "metadata[request_no]", NULL };
static const char *const cancel_fields[] = { "cancellation_reason", NULL };
static const char *const intents_fields[] = { "created[gte]", "created[lte]", "limit", NULL };
static const char *const read_fields[] = { "expand[]", "expand[0]", NULL };
static const char *const search_fields[] = { "query", "limit", NULL };
static const char *const refunds_fields[] = { "payment_intent", "limit", NULL };

static const char *const movements_fields[]
    = { "created[gte]", "created[lt]", "limit",     "starting_after",
        "expand[]",     "expand[0]",   "expand[1]", NULL };

/* --- what is said --- */

TillSaid *
till_stripe_say (const TillHeard *heard, int status, const json_t *object, TillDelivery delivery)
{
  g_autoptr (GBytes) body = till_tongue_write (object, delivery);
  TillSaid *said = till_said_new (status, "application/json", body);
  g_autofree char *digest = till_digest_hex (heard->path, strlen (heard->path));
  g_autofree char *id = g_strdup_printf ("req_%.14s", digest);
  till_said_add_header (said, "Request-Id", id);
  return said;
}

static TillSaid *
say_error (const TillHeard *heard, int status, const char *type, const char *code,
           const char *param, const char *message)
{
  g_autoptr (json_t) object = json_object ();
  json_t *error = json_object ();
  till_json_set_text (error, "type", type);
  till_json_set_text (error, "code", code);
  till_json_set_text (error, "param", param);
  till_json_set_text (error, "message", message);
  till_json_set (object, "error", error);
  return till_stripe_say (heard, status, object, TILL_DELIVERY_WHOLE);
}

TillSaid *
till_stripe_say_code (const TillHeard *heard, const char *code, const char *param,
                      const char *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    if (strcmp (errors[i].code, code) == 0)
      return say_error (heard, errors[i].status, errors[i].type, code, param, message);
  return say_error (heard, 400, "invalid_request_error", code, param, message);
}

TillSaid *
till_stripe_say_missing (const TillHeard *heard, const char *what, const char *param,
                         const char *id)
{
  g_autofree char *message = g_strdup_printf ("No such %s: '%s'", what, id ? id : "");
  return till_stripe_say_code (heard, "resource_missing", param, message);
}

static json_t *
metadata_of (const TillProviderAnswer *answer)
{
  json_t *metadata = json_object ();
  till_json_set_text (metadata, "request_no", answer->request_no);
  return metadata;
}

static json_t *
write_intent (const TillProviderAnswer *answer)
{
  static const struct
  {
    const char *status, *says;
  } states[] = { { "SUCCESS", "succeeded" },
                 { "PROCESSING", "processing" },
                 { "OPENED", "requires_payment_method" },
                 { "REVERSED", "canceled" },
                 { "CLOSED", "canceled" },
                 { "ABNORMAL", "requires_payment_method" } };
  json_t *object = json_object ();
  const char *status = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].status, answer->status) == 0)
      status = states[i].says;
  gboolean paid = strcmp (answer->status, "SUCCESS") == 0;
  till_json_set_text (object, "id", answer->provider_no);
  till_json_set_text (object, "object", "payment_intent");
  till_json_set_int (object, "amount", answer->amount);
  till_json_set_int (object, "amount_received", paid ? answer->amount : 0);
  till_json_set_text (object, "capture_method", "automatic");
  till_json_set_int (object, "created", answer->booked_at / TILL_SECOND);
  till_json_set_text (object, "currency", till_tongue_currency (answer, "cny", "usd"));
  till_json_set (object, "livemode", json_false ());
  till_json_set (object, "metadata", metadata_of (answer));
  till_json_set_text (object, "status", status);
  json_t *trouble = json_null ();
  if (strcmp (answer->status, "ABNORMAL") == 0)
    {
      trouble = json_object ();
      till_json_set_text (trouble, "type", "card_error");
      till_json_set_text (trouble, "code", "card_declined");
      const TillStripeDecline *decline = till_stripe_decline (answer->amount);
      till_json_set_text (trouble, "decline_code", decline ? decline->code : "generic_decline");
      till_json_set_text (trouble, "message", decline ? decline->words : "Your card was declined.");
    }
  till_json_set (object, "last_payment_error", trouble);
  return object;
}

static json_t *
write_refund (const TillProviderAnswer *answer)
{
  static const struct
  {
    const char *status, *says, *name, *reason;
  } states[] = { { "SUCCESS", "succeeded", NULL, NULL },
                 { "PROCESSING", "pending", "pending_reason", "processing" },
                 { "CLOSED", "canceled", NULL, NULL },
                 { "ABNORMAL", "failed", "failure_reason", "expired_or_canceled_card" } };
  json_t *object = json_object ();
  till_json_set_text (object, "id", answer->provider_no);
  till_json_set_text (object, "object", "refund");
  till_json_set_int (object, "amount", answer->amount);
  till_json_set (object, "charge", json_null ());
  till_json_set_int (object, "created", answer->booked_at / TILL_SECOND);
  till_json_set_text (object, "currency", till_tongue_currency (answer, "cny", "usd"));
  till_json_set (object, "metadata", metadata_of (answer));
  till_json_set_text (object, "payment_intent", answer->original_provider_no);
  till_json_set_text (object, "reason", "requested_by_customer");
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].status, answer->status) == 0)
      {
        till_json_set_text (object, "status", states[i].says);
        if (states[i].name)
          till_json_set_text (object, states[i].name, states[i].reason);
      }
  return object;
}

json_t *
till_tongue_write_stripe (TillErrandKind kind, const TillProviderAnswer *answer)
{
  return till_errand_kind_is_backward (kind) ? write_refund (answer) : write_intent (answer);
}

/* As who asks is shown it: what the reader is at waits for its card. */
static json_t *
write_shown (const TillSpeech *speech, TillErrandKind kind, const TillProviderAnswer *answer)
{
  json_t *object = till_tongue_write_stripe (kind, answer);
  const char *at = till_provider_presented (speech->provider);
  if (!till_errand_kind_is_backward (kind) && strcmp (answer->status, "PROCESSING") == 0
      && g_strcmp0 (at, answer->request_no) == 0)
    till_json_set_text (object, "status", "requires_payment_method");
  return object;
}

static TillSaid *
say_no (const TillHeard *heard, TillErrandKind kind, const char *reason)
{
  if (strcmp (reason, "NUMBER_USED") == 0)
    return say_error (heard, 400, "idempotency_error", NULL, NULL,
                      "Keys for idempotent requests can only be used with the same parameters "
                      "they were first used with.");
  if (strcmp (reason, "SYSTEM_ERROR") == 0)
    return till_stripe_say_code (heard, "api_error", NULL, "Something went wrong on our end");
  if (kind == TILL_ERRAND_REFUND && strcmp (reason, "ORIGINAL_NOT_FOUND") == 0)
    return till_stripe_say_code (heard, "resource_missing", "payment_intent",
                                 "No such payment_intent");
  if (kind == TILL_ERRAND_REFUND && strcmp (reason, "ALREADY_REFUNDED") == 0)
    return till_stripe_say_code (heard, "charge_already_refunded", NULL,
                                 "Charge has already been refunded.");
  if (kind == TILL_ERRAND_REFUND && strcmp (reason, "AMOUNT_ABOVE_REFUNDABLE") == 0)
    return say_error (heard, 400, "invalid_request_error", NULL, "amount",
                      "Refund amount is greater than unrefunded amount on charge");
  if (strcmp (reason, "BALANCE_LOW") == 0)
    return till_stripe_say_code (heard, "balance_insufficient", NULL,
                                 "Insufficient funds in your balance.");
  return till_stripe_say_code (heard, reason, NULL, "As the sandbox was told to say");
}

/* The charge behind a payment, with the card of the test reader. */
static void
add_charge (json_t *intent, const TillProviderAnswer *answer)
{
  if (strcmp (answer->status, "SUCCESS") != 0)
    {
      till_json_set (intent, "latest_charge", json_null ());
      return;
    }
  json_t *charge = json_object (), *details = json_object (), *card = json_object ();
  g_autofree char *id = g_strconcat ("ch_", answer->provider_no, NULL);
  till_json_set_text (card, "brand", "visa");
  till_json_set_text (card, "last4", "4242");
  till_json_set_text (details, "type", "card_present");
  till_json_set (details, "card_present", card);
  till_json_set_text (charge, "id", id);
  till_json_set_text (charge, "object", "charge");
  till_json_set_int (charge, "amount", answer->amount);
  till_json_set (charge, "payment_method_details", details);
  till_json_set (intent, "latest_charge", charge);
}

/* Asks the book and says what it says; whole: a payment with its charge. */
static TillSaid *
answer_ask (const TillSpeech *speech, const TillHeard *heard, TillProviderAsk *ask,
            gboolean replayed, gboolean whole)
{
  TillProviderAnswer answer;
  TillSaid *said = till_tongue_ask (speech, ask, &answer);
  if (said)
    return said;
  if (strcmp (answer.code, "OK") != 0)
    said = say_no (heard, ask->kind, answer.code);
  else if (strcmp (answer.status, "REFUSED") == 0)
    said = say_no (heard, ask->kind, answer.reason);
  else if (strcmp (answer.status, "NOT_FOUND") == 0)
    said = till_stripe_say_missing (heard, "object", "id", NULL);
  else
    {
      g_autoptr (json_t) object = write_shown (speech, ask->kind, &answer);
      if (whole)
        add_charge (object, &answer);
      said = till_stripe_say (heard, 200, object, answer.delivery);
      if (replayed)
        till_said_add_header (said, "Idempotent-Replayed", "true");
    }
  return till_tongue_spoil (said, &answer);
}

/* --- what is asked --- */

/* NULL with form, or what is wrong with the parameters. */
TillSaid *
till_stripe_read_form (const TillHeard *heard, GBytes *bytes, const char *const *known,
                       TillForm **form)
{
  g_autoptr (GError) error = NULL;
  *form = till_form_decode (bytes, &error);
  if (!*form)
    return say_error (heard, 400, "invalid_request_error", NULL, NULL, error->message);
  for (guint i = 0; i < till_form_size (*form); i++)
    {
      const char *value;
      const char *name = till_form_nth (*form, i, &value);
      if (g_strv_contains (known, name))
        continue;
      g_autofree char *message = g_strdup_printf ("Received unknown parameter: %s", name);
      return till_stripe_say_code (heard, "parameter_unknown", name, message);
    }
  return NULL;
}

static TillSaid *
say_parameter (const TillHeard *heard, const TillForm *form, const char *name)
{
  const char *value = till_form_get (form, name);
  if (!value)
    return till_stripe_say_code (heard, "parameter_missing", name, "Missing required param.");
  return *value ? till_stripe_say_code (heard, "parameter_invalid_integer", name, "Invalid value.")
                : till_stripe_say_code (heard, "parameter_invalid_empty", name,
                                        "You passed an empty string.");
}

static gboolean
read_amount (const TillForm *form, TillMoney *amount)
{
  const char *text = till_form_get (form, "amount");
  guint64 number;
  if (!text || !g_ascii_string_to_unsigned (text, 10, 1, 99999999, &number, NULL))
    return FALSE;
  *amount = (TillMoney)number;
  return TRUE;
}

/* NULL, or what is wrong with the number of a request that moves money. */
static TillSaid *
read_number (const TillHeard *heard, const TillForm *form, TillProviderAsk *ask)
{
  const char *key = till_heard_header (heard, "idempotency-key");
  ask->request_no = till_form_get (form, "metadata[request_no]");
  if (key && *key && strlen (key) <= 255 && g_strcmp0 (key, ask->request_no) == 0)
    return NULL;
  return say_error (heard, 400, "invalid_request_error", NULL, "metadata[request_no]",
                    "The sandbox wants one Idempotency-Key, and in metadata[request_no] the same");
}

static gboolean
is_known (const TillSpeech *speech, const TillProviderAsk *ask)
{
  TillProviderAnswer answer;
  return till_provider_peek (speech->provider, ask->kind, ask->request_no, NULL, &answer);
}

/* What is made for a card that will be presented takes nothing yet. */
static gboolean
is_for_reader (const TillForm *form)
{
  const char *open = till_form_get (form, "payment_method_types[]");
  const char *numbered = till_form_get (form, "payment_method_types[0]");
  return g_strcmp0 (open ? open : numbered, "card_present") == 0;
}

static TillSaid *
answer_pay (const TillSpeech *speech, const TillHeard *heard)
{
  g_autoptr (TillForm) form = NULL;
  TillProviderAsk ask = { .kind = TILL_ERRAND_PAY };
  TillSaid *wrong = till_stripe_read_form (heard, heard->body, pay_fields, &form);
  if (wrong || (wrong = read_number (heard, form, &ask)))
    return wrong;
  if (!read_amount (form, &ask.amount))
    return say_parameter (heard, form, "amount");
  if (g_strcmp0 (till_form_get (form, "currency"), "cny") != 0)
    return say_parameter (heard, form, "currency");
  const char *confirm = till_form_get (form, "confirm");
  ask.auth = till_form_get (form, "payment_method");
  ask.opens = is_for_reader (form);
  const char *capture = till_form_get (form, "capture_method");
  if (capture && strcmp (capture, "automatic") != 0)
    return say_parameter (heard, form, "capture_method");
  if (ask.opens && confirm)
    return say_parameter (heard, form, "confirm");
  if (ask.opens)
    return answer_ask (speech, heard, &ask, is_known (speech, &ask), FALSE);
  if (g_strcmp0 (confirm, "true") != 0)
    return say_parameter (heard, form, "confirm");
  if (!ask.auth || !*ask.auth)
    return say_parameter (heard, form, "payment_method");
  return answer_ask (speech, heard, &ask, is_known (speech, &ask), FALSE);
}

static TillSaid *
answer_refund (const TillSpeech *speech, const TillHeard *heard)
{
  static const char *const reasons[] = { "duplicate", "fraudulent", "requested_by_customer", NULL };
  g_autoptr (TillForm) form = NULL;
  TillProviderAsk ask = { .kind = TILL_ERRAND_REFUND };
  TillSaid *wrong = till_stripe_read_form (heard, heard->body, refund_fields, &form);
  if (wrong || (wrong = read_number (heard, form, &ask)))
    return wrong;
  ask.original_provider_no = till_form_get (form, "payment_intent");
  const char *reason = till_form_get (form, "reason");
  if (!ask.original_provider_no)
    return till_stripe_say_code (
        heard, "parameter_missing", "payment_intent",
        "One of the following params should be provided: payment_intent or charge.");
  if (!read_amount (form, &ask.amount))
    return say_parameter (heard, form, "amount");
  if (reason && !g_strv_contains (reasons, reason))
    return say_parameter (heard, form, "reason");
  return answer_ask (speech, heard, &ask, is_known (speech, &ask), FALSE);
}

/* It is in another state than was wanted; the error says in which. */
TillSaid *
till_stripe_say_unexpected (const TillSpeech *speech, const TillHeard *heard,
                            const TillProviderAnswer *answer)
{
  g_autoptr (json_t) object = json_object ();
  json_t *error = json_object ();
  till_json_set_text (error, "type", "invalid_request_error");
  till_json_set_text (error, "code", "payment_intent_unexpected_state");
  till_json_set_text (error, "message", "This PaymentIntent is in no state for that.");
  till_json_set (error, "payment_intent", write_shown (speech, TILL_ERRAND_PAY, answer));
  till_json_set (object, "error", error);
  return till_stripe_say (heard, 400, object, TILL_DELIVERY_WHOLE);
}

static TillSaid *
answer_cancel (const TillSpeech *speech, const TillHeard *heard, const char *id)
{
  g_autoptr (TillForm) form = NULL;
  TillSaid *wrong = till_stripe_read_form (heard, heard->body, cancel_fields, &form);
  if (wrong)
    return wrong;
  TillErrandKind kind;
  TillProviderAnswer now, answer;
  const char *no = till_provider_number_of (speech->provider, id, &kind);
  if (!no || kind != TILL_ERRAND_PAY
      || !till_provider_peek (speech->provider, TILL_ERRAND_PAY, no, NULL, &now))
    return till_stripe_say_missing (heard, "payment_intent", "intent", id);
  gboolean open = strcmp (now.status, "PROCESSING") == 0 || strcmp (now.status, "OPENED") == 0
                  || strcmp (now.status, "ABNORMAL") == 0;
  /* The book would take a paid one back, as others do. */
  static const TillProviderRules never = { .reverse_after_s = G_MAXINT };
  TillProviderAsk ask
      = { .kind = TILL_ERRAND_REVERSE, .request_no = no, .rules = open ? NULL : &never };
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  gboolean ok = strcmp (answer.code, "OK") == 0;
  gboolean canceled = ok && strcmp (answer.status, "REVERSED") == 0;
  g_autoptr (json_t) object = open && canceled ? write_intent (&answer) : NULL;
  TillSaid *said = NULL;
  if (object)
    said = till_stripe_say (heard, 200, object, answer.delivery);
  else if (ok
           && (canceled || strcmp (answer.reason, "TOO_SOON") == 0
               || strcmp (answer.reason, "ALREADY_REFUNDED") == 0))
    said = till_stripe_say_unexpected (speech, heard, &now);
  else
    said = say_no (heard, TILL_ERRAND_REVERSE, ok ? answer.reason : answer.code);
  return till_tongue_spoil (said, &answer);
}

static TillSaid *
answer_read (const TillSpeech *speech, const TillHeard *heard, gboolean refund, const char *id)
{
  const char *query = heard->query ? heard->query : "";
  g_autoptr (GBytes) bytes = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) form = NULL;
  TillSaid *wrong = till_stripe_read_form (heard, bytes, read_fields, &form);
  if (wrong)
    return wrong;
  const char *open = till_form_get (form, "expand[]"),
             *numbered = till_form_get (form, "expand[0]");
  gboolean whole = !refund && g_strcmp0 (open ? open : numbered, "latest_charge") == 0;
  TillErrandKind kind;
  const char *no = till_provider_number_of (speech->provider, id, &kind);
  if (!no || kind != (refund ? TILL_ERRAND_REFUND : TILL_ERRAND_PAY))
    return till_stripe_say_missing (heard, refund ? "refund" : "payment_intent", "id", id);
  TillProviderAsk ask
      = { .kind = refund ? TILL_ERRAND_QUERY_REFUND : TILL_ERRAND_QUERY_PAY, .request_no = no };
  return answer_ask (speech, heard, &ask, FALSE, whole);
}

/* --- lists --- */

typedef struct
{
  gboolean refunds;
  const char *payment; /* its number, or NULL for all */
  gint64 from, until;  /* seconds; payments only */
  guint limit;
} Look;

static gboolean
is_looked_for (const TillSpeech *speech, const Look *look, const char *no)
{
  TillProviderAnswer answer;
  TillErrandKind kind = look->refunds ? TILL_ERRAND_REFUND : TILL_ERRAND_PAY;
  if (!till_provider_peek (speech->provider, kind, no, NULL, &answer) || !answer.booked_at)
    return FALSE;
  gint64 created = answer.booked_at / TILL_SECOND;
  return look->refunds || (created >= look->from && created <= look->until);
}

/* Asks after each of them as if it alone were asked about, so that what is under way goes on; with
 * none, after a number that nobody has. A fault of any is the whole answer's. */
static TillSaid *
answer_look (const TillSpeech *speech, const TillHeard *heard, const Look *look)
{
  g_autoptr (GPtrArray) all = till_provider_refunds_of (speech->provider, look->payment);
  g_autoptr (json_t) list = json_object ();
  json_t *data = json_array ();
  gboolean more = FALSE;
  till_json_set_text (list, "object", "list");
  till_json_set (list, "data", data);
  TillProviderAnswer worst = { .delivery = TILL_DELIVERY_WHOLE };
  for (guint i = all->len + 1; i-- > 0;)
    {
      const char *no = i < all->len ? g_ptr_array_index (all, i) : NOBODY;
      gboolean nobody = i == all->len;
      if (!nobody && !is_looked_for (speech, look, no))
        continue;
      more = more || json_array_size (data) == look->limit;
      if (more || (nobody && all->len > 0))
        continue;
      TillProviderAsk ask
          = { .kind = look->refunds ? TILL_ERRAND_QUERY_REFUND : TILL_ERRAND_QUERY_PAY,
              .request_no = no };
      TillProviderAnswer answer;
      TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
      if (broken)
        return broken;
      if (answer.delivery != TILL_DELIVERY_WHOLE || answer.delay_ms > 0)
        worst = answer;
      if (strcmp (answer.code, "OK") != 0)
        return till_tongue_spoil (say_no (heard, ask.kind, answer.code), &answer);
      if (strcmp (answer.status, "NOT_FOUND") != 0)
        json_array_append_new (data, write_shown (speech, ask.kind, &answer));
    }
  till_json_set (list, "has_more", json_boolean (more));
  till_json_set_text (list, "url", look->refunds ? REFUNDS : INTENTS);
  return till_tongue_spoil (till_stripe_say (heard, 200, list, worst.delivery), &worst);
}

/* A parameter that may be left out; FALSE when it is there and no number from min to max. */
static gboolean
read_int (const TillForm *form, const char *name, gint64 min, gint64 max, gint64 *number)
{
  const char *text = till_form_get (form, name);
  return !text || g_ascii_string_to_signed (text, 10, min, max, number, NULL);
}

static TillSaid *
answer_list (const TillSpeech *speech, const TillHeard *heard, gboolean refunds)
{
  const char *query = heard->query ? heard->query : "";
  g_autoptr (GBytes) bytes = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) form = NULL;
  TillSaid *wrong
      = till_stripe_read_form (heard, bytes, refunds ? refunds_fields : intents_fields, &form);
  if (wrong)
    return wrong;
  gint64 limit = 10;
  Look look = { .refunds = refunds, .until = G_MAXINT64 };
  if (!read_int (form, "limit", 1, LIMIT_MAX, &limit))
    return say_parameter (heard, form, "limit");
  if (!read_int (form, "created[gte]", 0, G_MAXINT64, &look.from))
    return say_parameter (heard, form, "created[gte]");
  if (!read_int (form, "created[lte]", 0, G_MAXINT64, &look.until))
    return say_parameter (heard, form, "created[lte]");
  look.limit = (guint)limit;
  if (!refunds)
    return answer_look (speech, heard, &look);
  const char *id = till_form_get (form, "payment_intent");
  TillErrandKind kind = TILL_ERRAND_PAY;
  look.payment = till_provider_number_of (speech->provider, id, &kind);
  /* A list over every payment is not kept. */
  if (!look.payment || kind != TILL_ERRAND_PAY)
    return till_stripe_say_missing (heard, "payment_intent", "payment_intent", id);
  return answer_look (speech, heard, &look);
}

/* metadata['request_no']:'NO' and nothing else is understood. */
static TillSaid *
answer_search (const TillSpeech *speech, const TillHeard *heard)
{
  static const char begins[] = "metadata['request_no']:'";
  const char *text = heard->query ? heard->query : "";
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (TillForm) form = NULL;
  TillSaid *wrong = till_stripe_read_form (heard, bytes, search_fields, &form);
  if (wrong)
    return wrong;
  const char *query = till_form_get (form, "query");
  if (!query || !g_str_has_prefix (query, begins) || !g_str_has_suffix (query, "'"))
    return say_parameter (heard, form, "query");
  gsize length = strlen (query) - strlen (begins);
  g_autofree char *no = g_strndup (query + strlen (begins), length ? length - 1 : 0);
  TillProviderAsk ask = { .kind = TILL_ERRAND_QUERY_PAY, .request_no = no };
  TillProviderAnswer answer;
  TillSaid *broken = till_tongue_ask (speech, &ask, &answer);
  if (broken)
    return broken;
  if (strcmp (answer.code, "OK") != 0)
    return till_tongue_spoil (say_no (heard, ask.kind, answer.code), &answer);
  g_autoptr (json_t) result = json_object ();
  json_t *data = json_array ();
  if (strcmp (answer.status, "NOT_FOUND") != 0)
    json_array_append_new (data, write_shown (speech, TILL_ERRAND_PAY, &answer));
  till_json_set_text (result, "object", "search_result");
  till_json_set (result, "data", data);
  till_json_set (result, "has_more", json_false ());
  till_json_set_text (result, "url", SEARCH);
  return till_tongue_spoil (till_stripe_say (heard, 200, result, answer.delivery), &answer);
}

static TillSaid *
answer_balance (const TillSpeech *speech, const TillHeard *heard)
{
  const struct
  {
    const char *name;
    TillMoney amount;
  } lists[] = { { "available", till_tongue_held (speech) }, { "pending", 0 } };
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "object", "balance");
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      json_t *list = json_array (), *entry = json_object ();
      till_json_set_int (entry, "amount", lists[i].amount);
      till_json_set_text (entry, "currency", "cny");
      json_array_append_new (list, entry);
      till_json_set (object, lists[i].name, list);
    }
  till_json_set (object, "livemode", json_false ());
  return till_stripe_say (heard, 200, object, TILL_DELIVERY_WHOLE);
}

static gboolean
expands (const TillForm *form, const char *what)
{
  static const char *const names[] = { "expand[]", "expand[0]", "expand[1]" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (till_form_get (form, names[i]), what) == 0)
      return TRUE;
  return FALSE;
}

/* One day's: what is asked for must be just that. */
static TillSaid *
answer_movements (const TillSpeech *speech, const TillHeard *heard)
{
  const char *query = heard->query ? heard->query : "";
  g_autoptr (GBytes) bytes = g_bytes_new (query, strlen (query));
  g_autoptr (TillForm) form = NULL;
  TillSaid *wrong = till_stripe_read_form (heard, bytes, movements_fields, &form);
  if (wrong)
    return wrong;
  gint64 limit = 10, from = -1, until = -1;
  if (!read_int (form, "limit", 1, LIMIT_MAX, &limit))
    return say_parameter (heard, form, "limit");
  if (!read_int (form, "created[gte]", 0, G_MAXINT32, &from) || from < 0)
    return say_parameter (heard, form, "created[gte]");
  int day = till_clock_day (from * TILL_SECOND, TILL_CHINA);
  if (!read_int (form, "created[lt]", 0, G_MAXINT32, &until)
      || until != from + TILL_DAY / TILL_SECOND || from * TILL_SECOND != till_bill_midnight (day))
    return till_stripe_say_code (heard, "parameter_invalid_integer", "created[lt]",
                                 "The sandbox lists one day at a time");
  if (speech->bill_fault == TILL_BILL_MISSING || speech->bill_fault == TILL_BILL_LATE)
    return till_stripe_say_code (heard, "lock_timeout", NULL, "As the sandbox was told to say");
  TillStripePage page = { .limit = (guint)limit,
                          .after = till_form_get (form, "starting_after"),
                          .sources = expands (form, "data.source"),
                          .payments = expands (form, "data.source.payment_intent") };
  page.sources = page.sources || page.payments;
  g_autoptr (GBytes) list = till_stripe_bill (speech, day, &page);
  return list
             ? till_said_new (200, "application/json", list)
             : till_stripe_say_missing (heard, "balance transaction", "starting_after", page.after);
}

/* --- who asks, and for what --- */

static TillSaid *
answer_one (const TillSpeech *speech, const TillHeard *heard, gboolean refund, gboolean get)
{
  g_auto (GStrv) parts = g_strsplit (heard->path, "/", 6); /* "", v1, collection, id, deed */
  guint n = g_strv_length (parts);
  g_autofree char *id = n > 3 ? g_uri_unescape_string (parts[3], NULL) : NULL;
  if (id && !g_utf8_validate (id, -1, NULL))
    return say_error (heard, 400, "invalid_request_error", NULL, "id", "Invalid string");
  if (id && *id && get && n == 4)
    return answer_read (speech, heard, refund, id);
  if (id && *id && !get && !refund && n == 5 && strcmp (parts[4], "cancel") == 0)
    return answer_cancel (speech, heard, id);
  return say_error (heard, 404, "invalid_request_error", NULL, NULL, "Unrecognized request URL");
}

static TillSaid *
answer (const TillSpeech *speech, const TillHeard *heard)
{
  const char *authorization = till_heard_header (heard, "authorization");
  const char *type = till_heard_header (heard, "content-type");
  g_autofree char *ours = g_strconcat ("Bearer ", speech->secret, NULL);
  gboolean get = strcmp (heard->method, "GET") == 0;
  gboolean refund = g_str_has_prefix (heard->path, REFUNDS);
  if (!speech->secret || !till_text_is_same (authorization, ours))
    return say_error (heard, 401, "invalid_request_error", NULL, NULL, "Invalid API Key provided");
  if (!get && strcmp (heard->method, "POST") != 0)
    return say_error (heard, 405, "invalid_request_error", NULL, NULL, "Method not allowed");
  if (!get && (!type || !g_str_has_prefix (type, "application/x-www-form-urlencoded")))
    return say_error (heard, 400, "invalid_request_error", NULL, NULL,
                      "Content-Type must be application/x-www-form-urlencoded");
  if (get && strcmp (heard->path, BALANCE) == 0)
    return answer_balance (speech, heard);
  if (get && strcmp (heard->path, MOVEMENTS) == 0)
    return answer_movements (speech, heard);
  if (g_str_has_prefix (heard->path, TILL_STRIPE_READERS))
    return till_stripe_answer_reader (speech, heard, get);
  if (get && strcmp (heard->path, SEARCH) == 0)
    return answer_search (speech, heard);
  if (strcmp (heard->path, INTENTS) != 0 && strcmp (heard->path, REFUNDS) != 0)
    return answer_one (speech, heard, refund, get);
  if (get)
    return answer_list (speech, heard, refund);
  return refund ? answer_refund (speech, heard) : answer_pay (speech, heard);
}

static TillSaid *
say_too_fast (const TillSpeech *speech, const TillHeard *heard)
{
  return till_stripe_say_code (heard, "rate_limit", NULL,
                               "Too many requests hit the API too quickly.");
}

static const TillStatusWord status_words[] = {
  { 404, "resource_missing" }, { 409, "idempotency_key_in_use" }, { 429, "rate_limit" }, { 0 }
};

/* A hundred a second is assumed (till-sandbox(1)). */
const TillTongue till_stripe_tongue = { .name = "stripe",
                                        .paths = paths,
                                        .facts = facts,
                                        .answer = answer,
                                        .notice = &till_stripe_manner,
                                        .status_words = status_words,
                                        .requests_per_s = 100,
                                        .too_fast = say_too_fast };
