/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both halves of Stripe. First byte: the errand (low three bits), the provider's number known or
 * not (0x20), an answer to the till or a request to the provider (0x40), with the secret or without
 * (0x80); with 0x10 an answer is a page of what moved. Of an answer follow the status and the body;
 * of a request a line with its path and query, and the form. Money is done to our amount only,
 * nothing is done without the secret, and no more goes back than came. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/registry.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define NOW INT64_C (1795320000)
#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define SECRET "0123456789abcdef0123456789abcdef"
#define PAID 5000

static TillErrand
errand_of (uint8_t byte)
{
  TillErrand errand = { .kind = (TillErrandKind)((byte & 7) % 5),
                        .provider = (char *)"stripe",
                        .request_no = (char *)NUMBER,
                        .provider_no = (char *)(byte & 0x20 ? "x_1" : NULL),
                        .amount = 1250,
                        .requested_at = NOW * G_USEC_PER_SEC,
                        .asked_at = NOW * G_USEC_PER_SEC };
  if (till_errand_kind_is_backward (errand.kind))
    {
      errand.original_no = (char *)ORIGINAL;
      errand.original_amount = PAID;
      errand.original_provider_no = (char *)"pi_1";
    }
  return errand;
}

static void
fuzz_answer (uint8_t first, const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 400, 401, 402, 404, 409, 429, 500 };
  static const TillAccount account = { .secret = (char *)SECRET };
  TillErrand errand = errand_of (first);
  g_autoptr (TillReply) answer
      = till_reply_new (TILL_FATE_ANSWERED, statuses[data[0] % G_N_ELEMENTS (statuses)], NULL);
  g_autoptr (GBytes) body = g_bytes_new (data + 1, size - 1);
  till_reply_set_body (answer, body);
  answer->date_at = NOW * G_USEC_PER_SEC;
  g_autoptr (TillOutcome) outcome
      = till_codec_find ("stripe")->interpret (&errand, &account, answer);
  g_assert_nonnull (outcome);
  g_assert_cmpint (outcome->kind, !=, TILL_OUTCOME_NOT_SENT);
  gboolean of_reader = outcome->kind == TILL_OUTCOME_ACCEPTED && outcome->amount == 0;
  if (of_reader)
    g_assert_true (errand.provider_no && !outcome->provider_no);
  else if (outcome->kind == TILL_OUTCOME_DONE || outcome->kind == TILL_OUTCOME_ACCEPTED
           || outcome->kind == TILL_OUTCOME_OPENED)
    g_assert_true (outcome->amount == errand.amount && outcome->failure == TILL_CLASS_NONE
                   && outcome->provider_no);
  if (outcome->kind == TILL_OUTCOME_NOT_FOUND)
    g_assert_true (answer->status == 200
                   && (!errand.provider_no || errand.kind == TILL_ERRAND_QUERY_PAY));
  g_assert_cmpint (outcome->amount, >=, 0);
  fuzz_assert_clean (outcome->provider_no, 64);
  fuzz_assert_clean (outcome->code, 64);
  fuzz_assert_clean (outcome->words, 200);
  fuzz_assert_clean (outcome->detail, 200);
}

/* What a page becomes can be read or is refused; it is never a file that says there was nothing. */
static void
fuzz_page (const uint8_t *data, size_t size)
{
  static const TillAccount account = { .secret = (char *)SECRET,
                                       .merchant_no = (char *)"acct_1",
                                       .base_url = (char *)"https://x" };
  const TillFileAsk ask = { .day = 20261120, .asked_at = (NOW + 86400) * G_USEC_PER_SEC };
  g_autoptr (TillReply) reply
      = till_reply_new (TILL_FATE_ANSWERED, data[0] & 1 ? 200 : 400 + data[0] / 2, NULL);
  g_autoptr (GBytes) body = g_bytes_new (data + 1, size - 1);
  till_reply_set_body (reply, body);
  g_autoptr (TillFileAnswer) answer
      = till_codec_find ("stripe")->file->interpret (&ask, &account, reply);
  gboolean page = answer->kind == TILL_FILE_HERE || answer->kind == TILL_FILE_NEXT;
  g_assert_true (page == (answer->members != NULL));
  g_assert_true ((answer->path != NULL) == (answer->kind == TILL_FILE_NEXT));
  g_assert_true (!page || reply->status == 200);
  fuzz_assert_clean (answer->code, 64);
  if (!page)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = till_settlement_parse (
      till_settlement_format ("stripe"), answer->members, "acct_1", ask.day, &error);
  g_assert_true ((settlement != NULL) == (error == NULL));
  g_assert_true (!settlement || answer->kind == TILL_FILE_HERE);
}

static void
assert_no_more_back_than_came (TillProvider *provider, gboolean secret)
{
  TillMoney back = 0;
  guint n = till_provider_n_effects (provider);
  if (!secret)
    g_assert_cmpuint (n, ==, 1);
  for (guint i = 0; i < n; i++)
    {
      const TillRecord *record = till_provider_effect (provider, i);
      g_assert_cmpint (till_record_effect_kind (record), !=, TILL_ERRAND_REVERSE);
      if (till_record_effect_kind (record) == TILL_ERRAND_REFUND)
        back += record->amount;
    }
  g_assert_cmpint (back, <=, PAID);
}

/* What the provider holds when a request comes: P0000000001, which was paid. */
static TillProvider *
make_provider (void)
{
  TillProvider *provider = till_provider_new (FALSE, NULL, NULL);
  TillProviderAsk paid = { .kind = TILL_ERRAND_PAY,
                           .request_no = ORIGINAL,
                           .amount = PAID,
                           .auth = "1",
                           .at = NOW * G_USEC_PER_SEC };
  TillProviderAnswer answer;
  g_assert_true (till_provider_ask (provider, &paid, &answer, NULL));
  return provider;
}

static void
fuzz_request (uint8_t first, const uint8_t *data, size_t size)
{
  const uint8_t *end = memchr (data, '\n', size);
  if (!end || memchr (data, '\0', (size_t)(end - data)))
    return;
  g_autofree char *target = g_strndup ((const char *)data, (gsize)(end - data));
  g_auto (GStrv) parts = g_strsplit (target, "?", 2);
  gboolean secret = (first & 0x80) != 0;
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (headers, (gpointer) "authorization",
                       (gpointer)(secret ? "Bearer " SECRET : "Bearer x"));
  g_hash_table_insert (headers, (gpointer) "content-type",
                       (gpointer) "application/x-www-form-urlencoded");
  g_hash_table_insert (headers, (gpointer) "idempotency-key", (gpointer)NUMBER);
  g_autoptr (GBytes) body = g_bytes_new (end + 1, size - (size_t)(end + 1 - data));
  TillHeard heard = { .method = first & 1 ? "GET" : "POST",
                      .path = parts[0] ? parts[0] : "",
                      .query = parts[0] ? parts[1] : NULL,
                      .headers = headers,
                      .body = body };
  g_autoptr (TillClock) clock = till_clock_new_fake (NOW * G_USEC_PER_SEC, 1);
  g_autoptr (TillProvider) provider = make_provider ();
  TillSpeech speech
      = { .provider = provider, .clock = clock, .secret = SECRET, .tongue = &till_stripe_tongue };
  g_autoptr (TillSaid) said = till_stripe_tongue.answer (&speech, &heard);
  g_assert_true (said && said->status >= 200 && said->status < 600);
  assert_no_more_back_than_came (provider, secret);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  if (data[0] & 0x40)
    fuzz_request (data[0], data + 1, size - 1);
  else if (data[0] & 0x10)
    fuzz_page (data + 1, size - 1);
  else
    fuzz_answer (data[0], data + 1, size - 1);
  return 0;
}
