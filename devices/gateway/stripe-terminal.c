/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe Terminal, server-driven (Stripe's documentation: Terminal, "Collect card payments"; API,
 * "Reader"): the reader beside the till, which is told over the network what to ask a card for.
 *
 * It is handed a payment once, and only one that the books already know by its id, so a payment
 * that is paid is always found. What the reader shows is a hint and not a proof: money is read from
 * the payment alone. Only while that waits for a card does the reader's word count, and there it
 * says three things: the card is still asked for; it was refused, which ends a payment that nobody
 * hands to a reader again; or the reader is not at it, and then nothing will come of it and it is
 * undone.
 *
 * To undo, the reader is first taken off the payment, so that it asks no card for what is over, and
 * only when it is at ours: another payment may be its business by now. Then the payment is
 * canceled, whatever the reader said.
 *
 * Assumed: that a reader which fails stays failed under its action, whichever code it names (the
 * documentation lists none); that the account's reader is the one that was asked, for one that was
 * exchanged meanwhile is not at our payment and the payment is undone, or found paid. */
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/meaning.h"
#include "devices/gateway/stripe-private.h"

#include <string.h>

#define READERS "/v1/terminal/readers"
#define PREFIX "tmr_"
#define DEED_CANCEL "/cancel_action"
#define BRAND_MAX 20

#define ROW(word, kind, class)                                                                     \
  {                                                                                                \
    word, TILL_OUTCOME_##kind, TILL_CLASS_##class                                                  \
  }

/* Codes of errors when a reader is handed a payment: it did not take it, so no card was asked for.
 * terminal_reader_timeout is missing on purpose: it may have. */
static const TillMeaning hand_over_codes[] = {
  ROW ("terminal_reader_busy", REFUSED, RETRY),
  ROW ("terminal_reader_offline", REFUSED, RETRY),
  ROW ("terminal_reader_hardware_fault", REFUSED, FIX),
  ROW ("terminal_reader_invalid_location_for_payment", REFUSED, FIX),
  ROW ("terminal_location_country_unsupported", REFUSED, FIX),
};

gboolean
till_stripe_check (const TillAccount *account, GError **error)
{
  const char *reader = till_account_fact (account, "reader");
  const char *id = g_str_has_prefix (reader, PREFIX) ? reader + strlen (PREFIX) : "";
  gsize length = strlen (id);
  gboolean good = length > 0;
  for (gsize i = 0; i < length; i++)
    good = good && g_ascii_isalnum (id[i]);
  if (!good)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                 "account.ini: reader must be the number of a Stripe reader, tmr_…");
  return good;
}

static char *
path_of_reader (const TillAccount *account, const char *deed)
{
  return till_stripe_path (READERS, till_account_fact (account, "reader"), deed);
}

TillRequest *
till_stripe_look (const TillAccount *account)
{
  g_autofree char *path = path_of_reader (account, NULL);
  return till_stripe_request_new (account, path, NULL);
}

TillRequest *
till_stripe_present (const TillErrand *errand, const TillAccount *account)
{
  g_assert (errand->provider_no);
  g_autofree char *path = path_of_reader (account, "/process_payment_intent");
  g_autofree char *key = g_strconcat (errand->request_no, "-card", NULL);
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "payment_intent", errand->provider_no);
  g_autoptr (GBytes) body = till_form_encode (form);
  TillRequest *request = till_stripe_request_new (account, path, body);
  till_request_add_header (request, "Idempotency-Key", key);
  return request;
}

/* --- a conversation --- */

static json_t *
object_of (const TillReply *answer)
{
  return answer->status == 200 ? till_json_parse (answer->body, NULL) : NULL;
}

/* The reader's action when it is about our payment, or NULL. */
static const json_t *
action_of (const TillErrand *errand, const json_t *reader)
{
  const json_t *action = json_object_get (reader, "action");
  const json_t *process = json_object_get (action, "process_payment_intent");
  const char *id = till_json_text (process, "payment_intent");
  return id && g_strcmp0 (id, errand->provider_no) == 0 ? action : NULL;
}

static gboolean
is_at_it (const TillErrand *errand, const TillReply *answer)
{
  g_autoptr (json_t) reader = object_of (answer);
  const json_t *action = reader ? action_of (errand, reader) : NULL;
  return action && g_strcmp0 (till_json_text (action, "status"), "in_progress") == 0;
}

static gboolean
waits_for_card (const TillErrand *errand, const TillReply *answer)
{
  g_autoptr (json_t) intent = object_of (answer);
  return intent && g_strcmp0 (till_json_text (intent, "id"), errand->provider_no) == 0
         && g_strcmp0 (till_json_text (intent, "status"), "requires_payment_method") == 0;
}

TillRequest *
till_stripe_follow (const TillErrand *errand, const TillAccount *account, const TillRequest *asked,
                    const TillReply *answer)
{
  gboolean of_reader = g_str_has_prefix (asked->path, READERS "/");
  if (errand->kind == TILL_ERRAND_QUERY_PAY && errand->provider_no && !of_reader
      && waits_for_card (errand, answer))
    return till_stripe_look (account);
  if (errand->kind != TILL_ERRAND_REVERSE || !of_reader)
    return NULL;
  if (g_str_has_suffix (asked->path, DEED_CANCEL) || !is_at_it (errand, answer))
    return till_stripe_cancel (errand, account);
  g_autofree char *path = path_of_reader (account, DEED_CANCEL);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  return till_stripe_request_new (account, path, empty);
}

/* --- what a reader says --- */

/* Whether the customer, the card or we ended it is in the words; the next step is the same. */
static TillOutcome *
interpret_failure (const json_t *action)
{
  TillOutcome *outcome = till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, NULL);
  till_meaning_add_words (outcome, till_json_text (action, "failure_code"),
                          till_json_text (action, "failure_message"));
  return outcome;
}

static TillOutcome *
interpret_action (const TillErrand *errand, const json_t *reader)
{
  const json_t *action = action_of (errand, reader);
  const char *status = till_json_text (action, "status");
  if (!action && errand->kind == TILL_ERRAND_QUERY_PAY)
    return till_outcome_new (TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE,
                             "the reader asks no card for it");
  if (!action)
    return till_meaning_unknown ("the reader is at something else");
  if (g_strcmp0 (status, "failed") == 0)
    return interpret_failure (action);
  /* Succeeded is the reader's word; the payment has its own, and is asked for it next. */
  if (g_strcmp0 (status, "in_progress") == 0 || g_strcmp0 (status, "succeeded") == 0)
    return till_outcome_new (TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE, NULL);
  return till_meaning_unknown ("a state of the reader that is not known");
}

TillOutcome *
till_stripe_interpret_reader (const TillErrand *errand, const json_t *object)
{
  if (g_strcmp0 (till_json_text (object, "object"), "terminal.reader") == 0)
    return interpret_action (errand, object);
  const json_t *error = json_object_get (object, "error");
  if (errand->kind != TILL_ERRAND_PRESENT || !error)
    return NULL;
  const TillMeaning *meaning = till_meaning_find (hand_over_codes, G_N_ELEMENTS (hand_over_codes),
                                                  till_json_text (error, "code"));
  return meaning ? till_meaning_outcome (meaning, NULL) : NULL;
}

char *
till_stripe_masked (const json_t *intent)
{
  const json_t *charge = json_object_get (intent, "latest_charge");
  const json_t *details = json_object_get (charge, "payment_method_details");
  const json_t *card = json_object_get (details, "card_present");
  const char *brand = till_json_text (card, "brand"), *last4 = till_json_text (card, "last4");
  if (!last4 || strlen (last4) != 4 || strspn (last4, "0123456789") != 4)
    return NULL;
  gsize size = brand ? strspn (brand, "abcdefghijklmnopqrstuvwxyz_") : 0;
  gboolean named = size > 0 && size <= BRAND_MAX && brand[size] == '\0';
  return g_strdup_printf ("%s%s…%s", named ? brand : "", named ? " " : "", last4);
}
