/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe, API version 2025-04-30.basil: PaymentIntents whose card is presented at a reader of
 * Stripe's (stripe-terminal.c), and Refunds.
 *
 * A payment is made first: a PaymentIntent for card_present, which takes nothing from anybody until
 * a reader is handed it. Then, when its id is in the books, PRESENT does that. succeeded is done;
 * processing and the requires_… are under way, and while one waits for a card the reader is asked
 * as well; canceled is a no. An attempt that failed (last_payment_error) is none, for the reader
 * may be asking for the PIN. Refund: succeeded is done (the bank may still send it back weeks
 * later); pending and requires_action are under way; failed and canceled are a no. A refund that
 * waits for the customer (requires_action) could be canceled; the life of a refund has no place for
 * that. Errors: a code of the tables below on HTTP 4xx but 409; 409, 5xx and all else is unknown.
 *
 * Nothing is signed. What is believed is what came over the TLS line to the pinned authority.
 *
 * Requests that make something carry our number twice: as Idempotency-Key, under which Stripe
 * repeats its first answer for at least a day, and as metadata[request_no], by which a lost one is
 * found in the list. A list is a proof only when it is complete. Where in it to look rests on the
 * time of the promise, and the till's clock may have been wrong then; every fourth question
 * therefore goes to the search, which lags behind, so that what it finds counts and its "not found"
 * proves nothing.
 *
 * To reverse is to cancel, and only what was not paid can be canceled. A payment that succeeded is
 * refused here: giving it back is a refund with a number of its own. A payment whose id never came
 * was handed to no reader, so nothing can be taken under it; a reversal looks for it all the same,
 * and every fourth one asks for it again in the same words: under the same key that is the same
 * payment, whether the first request has arrived or is still to come, and then it is canceled. */
#include "data/core/clock.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/stripe-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define VERSION "2025-04-30.basil"
#define CURRENCY "cny"
#define INTENTS TILL_STRIPE_INTENTS
#define REFUNDS "/v1/refunds"
/* A payment is looked for among those that were made around the time it was promised. */
#define LOOK_BEFORE_S 600
#define LOOK_AFTER_S 900
#define CLOCKS_DIFFER_S 300

/* At first as fast as a card is presented: somebody stands at the counter. */
static const int ladder_s[] = { 2, 2, 2, 3, 3, 4, 4, 8, 16, 32, 60, 300, 900, 1800, 3600 };

/* A bank may send it back weeks later (Refunds, "failed refunds": up to 30 days). Nobody promises
 * that this is the latest. */
#define DAY_S (24 * 3600)
static const int recheck_s[] = { DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S };

static const TillProfile profile = {
  .name = "stripe",
  .words = N_ ("Stripe"),
  .errands = TILL_CAN (PAY) | TILL_CAN (QUERY_PAY) | TILL_CAN (REVERSE) | TILL_CAN (REFUND)
             | TILL_CAN (QUERY_REFUND) | TILL_CAN (PRESENT),
  .cards = TILL_CARDS_AT_TERMINAL,
  .number_min = 1,
  .number_max = 255, /* of an Idempotency-Key; metadata would take 500 */
  /* For as long as the key is kept. Later a refund is sent anew only when a complete list of its
   * payment's refunds did not have it. */
  .repeats_safely = TRUE,
  .not_found_times = 2,
  .not_found_after_s = 120, /* assumed: longer than a request is at work there */
  .answer_within_s = 30,
  .file_ready_s = 3600, /* assumed; see stripe-file.c */
  .requests_per_s = 100, /* assumed, as is that there is no limit in time or in number */
  .ladder_s = ladder_s,
  .n_ladder = G_N_ELEMENTS (ladder_s),
  .recheck_s = recheck_s,
  .n_recheck = G_N_ELEMENTS (recheck_s),
};

#define ROW(word, kind, class)                                                                     \
  {                                                                                                \
    word, TILL_OUTCOME_##kind, TILL_CLASS_##class                                                  \
  }

/* What was just made can wait for nothing but its card. */
static const TillMeaning made_states[] = {
  ROW ("requires_payment_method", OPENED, NONE),
  ROW ("canceled", REFUSED, FINAL),
};
/* requires_capture is missing, for we never ask for that. */
static const TillMeaning intent_states[] = {
  ROW ("succeeded", DONE, NONE),
  ROW ("processing", ACCEPTED, NONE),
  ROW ("requires_action", ACCEPTED, NONE),
  ROW ("requires_confirmation", ACCEPTED, NONE),
  ROW ("requires_payment_method", ACCEPTED, NONE),
  ROW ("canceled", REFUSED, FINAL),
};
/* The same, asked for by who wants it undone. */
static const TillMeaning undone_states[] = {
  ROW ("canceled", DONE, NONE),
  ROW ("succeeded", REFUSED, FINAL),
  ROW ("processing", ACCEPTED, NONE),
  ROW ("requires_action", ACCEPTED, NONE),
  ROW ("requires_confirmation", ACCEPTED, NONE),
  ROW ("requires_payment_method", ACCEPTED, NONE),
};
/* `failed` is told by failure_reason. Who is asked by Stripe to say where the money shall go may do
 * so any day: that is no case for another payee, who would then be paid as well. */
static const TillMeaning refund_states[] = {
  ROW ("succeeded", DONE, NONE),
  ROW ("pending", ACCEPTED, NONE),
  ROW ("requires_action", ACCEPTED, NONE),
  ROW ("canceled", REFUSED, FINAL),
};
/* A failed refund is dead; with our balance too low as well, so that only a new number helps. */
static const TillMeaning failure_reasons[] = {
  ROW ("lost_or_stolen_card", REFUSED, CUSTOMER),
  ROW ("expired_or_canceled_card", REFUSED, CUSTOMER),
  ROW ("charge_for_pending_refund_disputed", REFUSED, PROVIDER),
  ROW ("insufficient_funds", REFUSED, FINAL),
  ROW ("declined", REFUSED, FINAL),
  ROW ("merchant_request", REFUSED, FINAL),
  ROW ("unknown", REFUSED, FINAL),
};

/* Codes of errors, by name as in Stripe's own library; what each means for the next step is ours.
 * processing_error, lock_timeout and idempotency_key_in_use are missing on purpose. */
static const TillMeaning all_codes[] = {
  ROW ("parameter_missing", REFUSED, FIX),       ROW ("parameter_unknown", REFUSED, FIX),
  ROW ("parameter_invalid_empty", REFUSED, FIX), ROW ("parameter_invalid_integer", REFUSED, FIX),
  ROW ("parameters_exclusive", REFUSED, FIX),    ROW ("amount_too_small", REFUSED, FIX),
  ROW ("amount_too_large", REFUSED, FIX),        ROW ("resource_missing", REFUSED, FIX),
  ROW ("livemode_mismatch", REFUSED, FIX),       ROW ("rate_limit", REFUSED, RETRY),
};
static const TillMeaning refund_codes[] = {
  ROW ("charge_already_refunded", REFUSED, FIX),      ROW ("charge_disputed", REFUSED, PROVIDER),
  ROW ("refund_disputed_payment", REFUSED, PROVIDER), ROW ("charge_not_refundable", REFUSED, FINAL),
  ROW ("balance_insufficient", REFUSED, BALANCE),
};
static gboolean
is_backward (const TillErrand *errand)
{
  return till_errand_kind_is_backward (errand->kind);
}

static gboolean
is_blind_reversal (const TillErrand *errand)
{
  return errand->kind == TILL_ERRAND_REVERSE && !errand->provider_no;
}

/* The payment is asked for in the words of the first time. */
static gboolean
asks_again (const TillErrand *errand)
{
  return is_blind_reversal (errand) && errand->tries % 4 == 1;
}

static gboolean
searches (const TillErrand *errand)
{
  return !errand->provider_no && errand->tries % 4 == 3
         && (errand->kind == TILL_ERRAND_QUERY_PAY || errand->kind == TILL_ERRAND_REVERSE);
}

/* So is a reversal that does not know what to cancel. */
static gboolean
is_question (const TillErrand *errand)
{
  return till_errand_kind_is_query (errand->kind)
         || (is_blind_reversal (errand) && !asks_again (errand));
}

/* --- requests --- */

char *
till_stripe_path (const char *collection, const char *id, const char *deed)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  return g_strconcat (collection, "/", escaped, deed, NULL);
}

static char *
path_of_list (const char *collection, const TillForm *form)
{
  g_autoptr (GBytes) bytes = till_form_encode (form);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *query = g_strndup (data, size);
  return g_strconcat (collection, "?", query, NULL);
}

static char *
path_of_intents (const TillErrand *errand)
{
  if (searches (errand))
    {
      g_autofree char *query = g_strdup_printf ("metadata['request_no']:'%s'", errand->request_no);
      g_autoptr (TillForm) form = till_form_new ();
      till_form_add (form, "query", query);
      till_form_add_int (form, "limit", 100);
      return path_of_list (INTENTS "/search", form);
    }
  int64_t promised = errand->requested_at / TILL_SECOND;
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add_int (form, "created[gte]", promised - LOOK_BEFORE_S);
  till_form_add_int (form, "created[lte]", promised + LOOK_AFTER_S);
  till_form_add_int (form, "limit", 100);
  return path_of_list (INTENTS, form);
}

static char *
path_of_refunds (const TillErrand *errand)
{
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "payment_intent", errand->original_provider_no);
  till_form_add_int (form, "limit", 100);
  return path_of_list (REFUNDS, form);
}

/* With the card that paid it. */
static char *
path_of_intent (const char *id)
{
  return till_stripe_path (INTENTS, id, "?expand%5B%5D=latest_charge");
}

/* Of everything but what goes to the reader. */
static char *
make_path (const TillErrand *errand)
{
  switch ((int)errand->kind)
    {
    case TILL_ERRAND_PAY:
      return g_strdup (INTENTS);
    case TILL_ERRAND_QUERY_PAY:
      return errand->provider_no ? path_of_intent (errand->provider_no) : path_of_intents (errand);
    case TILL_ERRAND_REVERSE:
      return asks_again (errand) ? g_strdup (INTENTS) : path_of_intents (errand);
    case TILL_ERRAND_REFUND:
      return g_strdup (REFUNDS);
    case TILL_ERRAND_QUERY_REFUND:
      return errand->provider_no ? till_stripe_path (REFUNDS, errand->provider_no, NULL)
                                 : path_of_refunds (errand);
    default:
      g_assert_not_reached ();
    }
}

static void
add_payment (TillForm *form, const TillErrand *errand)
{
  till_form_add_int (form, "amount", errand->amount);
  till_form_add (form, "currency", CURRENCY);
  till_form_add (form, "payment_method_types[]", "card_present");
  till_form_add (form, "capture_method", "automatic");
}

static void
add_refund (TillForm *form, const TillErrand *errand)
{
  /* Without one, nothing is given back: Stripe then says which parameter is missing. */
  till_form_add (form, "payment_intent", errand->original_provider_no);
  till_form_add_int (form, "amount", errand->amount);
  till_form_add (form, "reason", "requested_by_customer");
}

/* NULL for a question, which has none. */
static GBytes *
build_body (const TillErrand *errand)
{
  if (is_question (errand))
    return NULL;
  gboolean refund = errand->kind == TILL_ERRAND_REFUND;
  g_autoptr (TillForm) form = till_form_new ();
  if (refund)
    add_refund (form, errand);
  else
    add_payment (form, errand);
  till_form_add (form, "metadata[request_no]", errand->request_no);
  if (!refund && errand->subject)
    {
      g_autofree char *subject = till_text_clean (errand->subject, TILL_TEXT_MAX);
      till_form_add (form, "description", *subject ? subject : NULL);
    }
  return till_form_encode (form);
}

TillRequest *
till_stripe_request_new (const TillAccount *account, const char *path, GBytes *body)
{
  TillRequest *request = till_request_new (account->base_url, path, body);
  char *bearer = g_strconcat ("Bearer ", account->secret, NULL);
  till_request_add_header (request, "Authorization", bearer);
  till_secret_free (bearer);
  till_request_add_header (request, "Stripe-Version", VERSION);
  till_request_limit (request, account, &profile);
  if (body)
    till_request_add_header (request, "Content-Type", "application/x-www-form-urlencoded");
  return request;
}

TillRequest *
till_stripe_cancel (const TillErrand *errand, const TillAccount *account)
{
  g_autofree char *path = till_stripe_path (INTENTS, errand->provider_no, "/cancel");
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "cancellation_reason", "abandoned");
  g_autoptr (GBytes) body = till_form_encode (form);
  return till_stripe_request_new (account, path, body);
}

static TillRequest *
build (const TillErrand *errand, const TillAccount *account)
{
  g_assert (errand->request_no);
  if (errand->kind == TILL_ERRAND_PRESENT)
    return till_stripe_present (errand, account);
  /* Whom to take off the payment before it is canceled. */
  if (errand->kind == TILL_ERRAND_REVERSE && errand->provider_no)
    return till_stripe_look (account);
  g_autofree char *path = make_path (errand);
  g_autoptr (GBytes) body = build_body (errand);
  TillRequest *request = till_stripe_request_new (account, path, body);
  if (body)
    till_request_add_header (request, "Idempotency-Key", errand->request_no);
  return request;
}

/* --- answers --- */

/* What the thing names must be what we asked about; NULL when it does not say otherwise. */
static const char *
contradiction (const TillErrand *errand, const json_t *thing)
{
  const json_t *metadata = json_object_get (thing, "metadata");
  const struct
  {
    const json_t *in;
    const char *name, *ours, *words;
  } facts[] = {
    { thing, "object", is_backward (errand) ? "refund" : "payment_intent",
      "the answer is about another kind of thing" },
    { metadata, "request_no", errand->request_no, "the answer names another number" },
    { thing, "id", errand->provider_no, "the provider's number has changed" },
    { thing, "currency", CURRENCY, "the answer names another currency" },
    { thing, "payment_intent", is_backward (errand) ? errand->original_provider_no : NULL,
      "the answer names another payment" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *theirs = till_json_text (facts[i].in, facts[i].name);
      if (theirs && facts[i].ours && strcmp (theirs, facts[i].ours) != 0)
        return facts[i].words;
    }
  TillMoney amount;
  if (till_json_money (thing, "amount", &amount) && amount != errand->amount)
    return "the answer names another amount";
  if (g_strcmp0 (till_json_text (thing, "status"), "succeeded") == 0
      && till_json_money (thing, "amount_received", &amount) && amount != errand->amount)
    return "another amount was received";
  return NULL;
}

static gboolean
names_us (const json_t *thing)
{
  return till_json_text (thing, "object")
         && till_json_text (json_object_get (thing, "metadata"), "request_no");
}

static gboolean
is_whole (const TillErrand *errand, const json_t *thing)
{
  TillMoney amount;
  gboolean whole = till_json_money (thing, "amount", &amount) && till_json_text (thing, "currency")
                   && till_meaning_is_number (till_json_text (thing, "id"));
  return whole && (!is_backward (errand) || till_json_text (thing, "payment_intent"));
}

static const TillMeaning *
find_state (const TillErrand *errand, const json_t *thing)
{
  const char *state = till_json_text (thing, "status");
  if (is_backward (errand))
    return g_strcmp0 (state, "failed") == 0
               ? till_meaning_find (failure_reasons, G_N_ELEMENTS (failure_reasons),
                                    till_json_text (thing, "failure_reason"))
               : till_meaning_find (refund_states, G_N_ELEMENTS (refund_states), state);
  if (errand->kind == TILL_ERRAND_PAY)
    return till_meaning_find (made_states, G_N_ELEMENTS (made_states), state);
  if (errand->kind == TILL_ERRAND_REVERSE)
    return till_meaning_find (undone_states, G_N_ELEMENTS (undone_states), state);
  return till_meaning_find (intent_states, G_N_ELEMENTS (intent_states), state);
}

/* What a person should know beside the state. */
static const char *
remark (const TillErrand *errand, const json_t *thing)
{
  const char *state = till_json_text (thing, "status");
  const char *pending = till_json_text (thing, "pending_reason");
  if (is_backward (errand) && g_strcmp0 (state, "requires_action") == 0)
    return "the provider has asked the customer where the money shall go";
  if (g_strcmp0 (pending, "insufficient_funds") == 0)
    return "it waits for money in our balance with the provider";
  if (g_strcmp0 (pending, "charge_pending") == 0)
    return "it waits until the payment has settled";
  if (errand->kind == TILL_ERRAND_REVERSE && g_strcmp0 (state, "succeeded") == 0)
    return "it has been paid: it goes back by a refund with a number of its own";
  return NULL;
}

/* One payment or refund as it stands. */
static TillOutcome *
interpret_thing (const TillErrand *errand, const json_t *thing)
{
  const TillMeaning *meaning = find_state (errand, thing);
  const char *contradicts = contradiction (errand, thing);
  TillOutcome *outcome;
  if (contradicts)
    outcome = till_meaning_mismatch (contradicts);
  else if (!meaning)
    outcome = till_meaning_unknown ("a state that is not known");
  else if (!names_us (thing))
    outcome = till_meaning_unknown ("the answer does not say whom it is about");
  else if (meaning->kind != TILL_OUTCOME_REFUSED && !is_whole (errand, thing))
    outcome = till_meaning_unknown ("the answer says yes and leaves out to what");
  else
    outcome = till_outcome_new (meaning->kind, meaning->failure, remark (errand, thing));
  const json_t *trouble = json_object_get (thing, "last_payment_error");
  till_meaning_add_words (outcome, till_json_text (thing, "status"),
                          till_json_text (trouble, "message"));
  till_meaning_add_words (outcome, till_json_text (trouble, "code"), NULL);
  till_meaning_add_words (outcome, till_json_text (thing, "failure_reason"), NULL);
  till_meaning_add_number (outcome, till_json_text (thing, "id"));
  TillMoney amount;
  if (till_json_money (thing, "amount", &amount))
    outcome->amount = amount;
  if (outcome->kind == TILL_OUTCOME_DONE && errand->kind == TILL_ERRAND_QUERY_PAY)
    outcome->masked = till_stripe_masked (thing);
  return outcome;
}

/* Where we looked depends on the clock: a list is no proof when theirs is not like ours. */
static gboolean
clocks_agree (const TillErrand *errand, const TillReply *answer)
{
  int64_t ahead = errand->asked_at - answer->date_at;
  return answer->date_at > 0 && ahead < CLOCKS_DIFFER_S * TILL_SECOND
         && ahead > -CLOCKS_DIFFER_S * TILL_SECOND;
}

static TillOutcome *
interpret_list (const TillErrand *errand, const TillReply *answer, const json_t *list)
{
  const char *object = searches (errand) ? "search_result" : "list";
  if (g_strcmp0 (till_json_text (list, "object"), object) != 0)
    return till_meaning_unknown ("a list was asked for, and this is none");
  const json_t *things = json_object_get (list, "data");
  const json_t *ours = NULL;
  for (gsize i = 0; i < json_array_size (things); i++)
    {
      const json_t *thing = json_array_get (things, i);
      const char *no = till_json_text (json_object_get (thing, "metadata"), "request_no");
      if (g_strcmp0 (no, errand->request_no) != 0)
        continue;
      if (ours)
        return till_meaning_mismatch ("two of them carry our number");
      ours = thing;
    }
  if (ours)
    return interpret_thing (errand, ours);
  if (searches (errand))
    return till_meaning_unknown ("the search has not found it, which proves nothing");
  if (!json_is_array (things) || !json_is_false (json_object_get (list, "has_more")))
    return till_meaning_unknown ("it is not in the list, and the list is not whole");
  if (!is_backward (errand) && !clocks_agree (errand, answer))
    return till_meaning_unknown ("it is not in the list, but the clocks differ");
  return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE, NULL);
}

/* To cancel what is not to be canceled: the state it is in is told with the error. */
static TillOutcome *
interpret_unexpected_state (const TillErrand *errand, const json_t *error)
{
  const json_t *thing = json_object_get (error, "payment_intent");
  if (!json_is_object (thing))
    return till_meaning_unknown ("it cannot be canceled, and why is not said");
  return interpret_thing (errand, thing);
}

static TillOutcome *
interpret_code (const TillErrand *errand, int status, const json_t *error)
{
  static const struct
  {
    const TillMeaning *rows;
    gsize n;
  } own[TILL_N_ERRANDS] = {
    [TILL_ERRAND_REFUND] = { refund_codes, G_N_ELEMENTS (refund_codes) },
  };
  const char *code = till_json_text (error, "code");
  const TillMeaning *meaning
      = till_meaning_find (own[errand->kind].rows, own[errand->kind].n, code);
  if (!meaning)
    meaning = till_meaning_find (all_codes, G_N_ELEMENTS (all_codes), code);
  if (meaning)
    return till_meaning_outcome (meaning, NULL);
  /* Who we are is looked at before anything else; these come without a code. */
  if (status == 401)
    return till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FIX, NULL);
  if (status == 403)
    return till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, NULL);
  /* More than the rest of the payment has no code either. */
  if (!code && status == 400 && g_strcmp0 (till_json_text (error, "param"), "amount") == 0)
    return till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FIX, NULL);
  return till_meaning_unknown ("a code that says nothing about what happened");
}

static TillOutcome *
interpret_error (const TillErrand *errand, int status, const json_t *error)
{
  const char *type = till_json_text (error, "type"), *code = till_json_text (error, "code");
  if (is_question (errand))
    return till_meaning_unknown ("the question was not taken");
  if (asks_again (errand))
    return till_meaning_unknown ("it could not be asked for again, and it may be there");
  if (!type)
    return till_meaning_unknown ("an error of no type");
  if (status == 409)
    return till_meaning_unknown ("another request under this number is at work");
  if (strcmp (type, "idempotency_error") == 0)
    return till_meaning_mismatch ("the provider knows this number for something else");
  if (errand->kind == TILL_ERRAND_REVERSE
      && g_strcmp0 (code, "payment_intent_unexpected_state") == 0)
    return interpret_unexpected_state (errand, error);
  TillOutcome *outcome = interpret_code (errand, status, error);
  /* A no that passes must not end the reversing: it is asked for until it is answered. */
  if (errand->kind != TILL_ERRAND_REVERSE || outcome->failure != TILL_CLASS_RETRY)
    return outcome;
  till_outcome_free (outcome);
  return till_meaning_unknown ("not now; to be asked for again");
}

static TillOutcome *
interpret_object (const TillErrand *errand, const TillReply *answer, const json_t *object)
{
  const json_t *error = json_object_get (object, "error");
  gboolean good = answer->status == 200;
  if (good == json_is_object (error))
    return till_meaning_unknown ("the answer says yes and no at once");
  TillOutcome *reader
      = answer->status == 409 ? NULL : till_stripe_interpret_reader (errand, object);
  if (good && (reader || errand->kind == TILL_ERRAND_PRESENT))
    return reader ? reader : till_meaning_unknown ("a reader was handed it, and this is none");
  if (!good)
    {
      TillOutcome *outcome = reader ? reader : interpret_error (errand, answer->status, error);
      /* The key is looked at before anything else, and no code says so. */
      if (answer->status == 401 || answer->status == 403)
        outcome->stop = answer->status == 401 ? TILL_STOP_KEYS : TILL_STOP_RIGHTS;
      till_meaning_add_words (outcome, till_json_text (error, "type"),
                              till_json_text (error, "message"));
      till_meaning_add_words (outcome, till_json_text (error, "code"), NULL);
      return outcome;
    }
  if (is_question (errand) && !errand->provider_no)
    return interpret_list (errand, answer, object);
  TillOutcome *outcome = interpret_thing (errand, object);
  /* What is replayed is how it stood then; how it stands is to be asked. */
  if (outcome->kind == TILL_OUTCOME_DONE
      && g_strcmp0 (till_reply_field (answer, "idempotent-replayed"), "true") == 0)
    outcome->kind = TILL_OUTCOME_ACCEPTED;
  return outcome;
}

static TillOutcome *
interpret (const TillErrand *errand, const TillAccount *account, const TillReply *answer)
{
  TillOutcome *no_answer = till_meaning_of_line (answer);
  if (no_answer)
    return no_answer;
  if (answer->status != 200 && (answer->status < 400 || answer->status > 499))
    {
      g_autofree char *detail = g_strdup_printf ("HTTP %d is no answer", answer->status);
      return till_meaning_unknown (detail);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (answer->body, &error);
  if (!object)
    return till_meaning_unknown (error->message);
  return interpret_object (errand, answer, object);
}

static const char *const facts[] = { "reader", NULL };

const TillCodec till_stripe_codec = {
  .profile = &profile,
  .needs = TILL_NEEDS_SECRET,
  .facts = facts,
  .check = till_stripe_check,
  .build = build,
  .follow = till_stripe_follow,
  .interpret = interpret,
  .file = &till_stripe_file,
  .notice = &till_stripe_notices,
  .balance = &till_stripe_balance,
};
