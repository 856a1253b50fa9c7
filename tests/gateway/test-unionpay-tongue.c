/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay as the sandbox plays it: it takes nothing that its documents would not take, and its
 * traps are real ones, above all that another txnTime is another refund. The till's codec speaks to
 * it, and where that would never say such a thing, a form changed and signed by hand. */
#include "app/sandbox/tongue.h"
#include "data/core/digest.h"
#include "devices/gateway/form.h"
#include "devices/gateway/registry.h"
#include "tests/gateway/vectors.h"

#define AT INT64_C (1795320000000000) /* 2026-11-22 12:00:00 in China */
#define PAYMENT "0PAYMENTNUMBERX1"
#define NUMBER "0ABCDEFGHJKMNPQR"
#define BACK "/gateway/api/backTransReq.do"
#define QUERY "/gateway/api/queryTrans.do"

static TillKey *key; /* owned; the till's and the provider's at once */
static TillKey *public_key;
static char *certificate;
static TillAccount account;

typedef struct
{
  TillClock *clock;       /* owned */
  TillProvider *provider; /* owned */
  TillSpeech speech;
  TillTransport line;
  char *paid; /* owned; what the provider calls the payment, or NULL */
} World;

static World *
world_new (gboolean lenient)
{
  World *world = g_new0 (World, 1);
  world->clock = till_clock_new_fake (AT, 1);
  world->provider = till_provider_new (lenient, NULL, NULL);
  world->speech = (TillSpeech){ .provider = world->provider,
                                .clock = world->clock,
                                .merchant_no = "M1",
                                .our_key = key,
                                .merchant_key = public_key,
                                .signer_key = key,
                                .certificate = certificate };
  world->line = till_speech_transport (&world->speech);
  return world;
}

static void
world_free (World *world)
{
  till_provider_free (world->provider);
  till_clock_free (world->clock);
  g_free (world->paid);
  g_free (world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static const TillCodec *
codec (void)
{
  return till_codec_find ("unionpay");
}

static TillErrand
errand_of (World *world, TillErrandKind kind, const char *no, TillMoney amount)
{
  TillErrand errand = { .kind = kind,
                        .provider = (char *)"unionpay",
                        .request_no = (char *)no,
                        .amount = amount,
                        .requested_at = AT,
                        .asked_at = till_clock_now (world->clock) };
  if (kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"6223610000000000000";
  if (!till_errand_kind_is_backward (kind))
    return errand;
  errand.original_no = (char *)PAYMENT;
  errand.original_amount = 1000;
  errand.original_provider_no = world->paid;
  errand.original_requested_at = AT;
  return errand;
}

static TillOutcome *
ask_errand (World *world, const TillErrand *errand)
{
  g_autoptr (TillRequest) request = codec ()->build (errand, &account);
  g_autoptr (TillReply) answer = world->line.send (world->line.self, request, NULL);
  TillOutcome *outcome = codec ()->interpret (errand, &account, answer);
  g_test_message ("%s %s: %s %s (%s)", till_errand_kind_word (errand->kind), errand->request_no,
                  till_outcome_kind_word (outcome->kind), outcome->code ? outcome->code : "",
                  outcome->detail ? outcome->detail : "");
  return outcome;
}

/* Asserts kind and code. */
static void
ask (World *world, TillErrandKind kind, const char *no, TillMoney amount, TillOutcomeKind wanted,
     const char *code)
{
  TillErrand errand = errand_of (world, kind, no, amount);
  g_autoptr (TillOutcome) outcome = ask_errand (world, &errand);
  g_assert_cmpstr (till_outcome_kind_word (outcome->kind), ==, till_outcome_kind_word (wanted));
  g_assert_cmpstr (outcome->code, ==, code);
  if (kind == TILL_ERRAND_PAY && outcome->provider_no && !world->paid)
    world->paid = g_strdup (outcome->provider_no);
}

static void
pay (World *world)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, 1000, TILL_OUTCOME_ACCEPTED, "00");
  ask (world, TILL_ERRAND_QUERY_PAY, PAYMENT, 1000, TILL_OUTCOME_DONE, "00");
}

static guint
moved (World *world, const char *no)
{
  return till_provider_count_effects (world->provider, TILL_ERRAND_REFUND, no);
}

static void
fail_next (World *world, TillErrandKind kind, const char *reason)
{
  g_assert_true (
      till_provider_set_fault (world->provider, kind, TILL_PROVIDER_REFUSE, 1, 0, reason, NULL));
}

/* --- forms by hand --- */

/* What the codec says, with one field another or (NULL) left out, and signed again. */
static TillForm *
changed_form (const TillErrand *errand, const char *name, const char *value)
{
  g_autoptr (TillRequest) request = codec ()->build (errand, &account);
  g_autoptr (TillForm) said = till_form_decode (request->body, NULL);
  TillForm *form = till_form_new ();
  for (guint i = 0; i < till_form_size (said); i++)
    {
      const char *theirs;
      const char *one = till_form_nth (said, i, &theirs);
      if (strcmp (one, "signature") != 0 && strcmp (one, name) != 0)
        till_form_add (form, one, theirs);
    }
  till_form_add (form, name, value);
  if (strcmp (name, "signature") == 0)
    return form;
  g_autofree char *text = till_form_sorted (form, NULL, TRUE);
  g_autofree char *digest = till_digest_hex (text, strlen (text));
  g_autofree char *signature = till_key_sign (key, digest, strlen (digest));
  till_form_add (form, "signature", signature);
  return form;
}

static TillSaid *
say_bytes (World *world, const char *path, const char *query, GBytes *body)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (headers, (gpointer) "content-type",
                       (gpointer) "application/x-www-form-urlencoded;charset=UTF-8");
  TillHeard heard
      = { .method = "POST", .path = path, .query = query, .headers = headers, .body = body };
  return till_speech_answer (&world->speech, &heard);
}

/* The answer, which must be a form that UnionPay signed. */
static TillForm *
said_form (const TillSaid *said)
{
  static const char *const but[] = { "signature", NULL };
  g_assert_cmpint (said->status, ==, 200);
  TillForm *form = till_form_read_plain (said->body, NULL);
  g_assert_nonnull (form);
  g_autofree char *text = till_form_sorted (form, but, TRUE);
  g_autofree char *digest = till_digest_hex (text, strlen (text));
  g_assert_true (
      till_key_verifies (public_key, digest, strlen (digest), till_form_get (form, "signature")));
  return form;
}

static void
assert_said (World *world, const char *path, const TillForm *form, const char *code)
{
  g_autoptr (GBytes) body = till_form_encode (form);
  g_autoptr (TillSaid) said = say_bytes (world, path, NULL, body);
  g_autoptr (TillForm) answer = said_form (said);
  g_assert_cmpstr (till_form_get (answer, "respCode"), ==, code);
  g_assert_nonnull (till_form_get (answer, "respMsg"));
}

static void
test_wrong_fields (void)
{
  static const struct
  {
    TillErrandKind kind;
    const char *name, *value, *code;
  } rows[] = {
    { TILL_ERRAND_REFUND, "version", "5.0.0", "10" },
    { TILL_ERRAND_REFUND, "version", NULL, "13" },
    { TILL_ERRAND_REFUND, "encoding", "GBK", "10" },
    { TILL_ERRAND_REFUND, "signMethod", "11", "11" },
    { TILL_ERRAND_REFUND, "signMethod", NULL, "13" },
    { TILL_ERRAND_REFUND, "certId", "1", "11" },
    { TILL_ERRAND_REFUND, "certId", NULL, "13" },
    { TILL_ERRAND_REFUND, "signature", NULL, "11" },
    { TILL_ERRAND_REFUND, "signature", "AAAA", "11" },
    { TILL_ERRAND_REFUND, "merId", "700000000000002", "31" },
    { TILL_ERRAND_REFUND, "merId", NULL, "13" },
    { TILL_ERRAND_REFUND, "accessType", "1", "10" },
    { TILL_ERRAND_REFUND, "channelType", "99", "10" },
    { TILL_ERRAND_REFUND, "bizType", "000301", "32" },
    { TILL_ERRAND_REFUND, "txnType", "05", "32" },
    { TILL_ERRAND_REFUND, "txnType", "00", "32" },
    { TILL_ERRAND_REFUND, "txnSubType", "01", "32" },
    { TILL_ERRAND_REFUND, "orderId", "1234567", "10" },
    { TILL_ERRAND_REFUND, "orderId", "0ABCDEF-HJKMNPQR", "10" },
    { TILL_ERRAND_REFUND, "orderId", "01234567890123456789012345678901234567890", "10" },
    { TILL_ERRAND_REFUND, "orderId", "0ABCDEFG&respCode=00", "10" },
    { TILL_ERRAND_REFUND, "orderId", "", "13" },
    { TILL_ERRAND_REFUND, "txnTime", "20261122", "10" },
    { TILL_ERRAND_REFUND, "txnTime", "20260230120000", "10" },
    { TILL_ERRAND_REFUND, "txnTime", "20261122240000", "10" },
    { TILL_ERRAND_REFUND, "txnTime", "20261122236000", "10" },
    { TILL_ERRAND_REFUND, "txnAmt", "0", "10" },
    { TILL_ERRAND_REFUND, "txnAmt", "-1", "10" },
    { TILL_ERRAND_REFUND, "txnAmt", "1.00", "10" },
    { TILL_ERRAND_REFUND, "txnAmt", "9999999999999", "10" },
    { TILL_ERRAND_REFUND, "txnAmt", NULL, "13" },
    { TILL_ERRAND_REFUND, "currencyCode", "840", "10" },
    { TILL_ERRAND_REFUND, "backUrl", NULL, "13" },
    { TILL_ERRAND_REFUND, "origQryId", "P-1", "10" },
    { TILL_ERRAND_REFUND, "origQryId", NULL, "13" },
    { TILL_ERRAND_REFUND, "origQryId", "P9999999999", "35" },
    { TILL_ERRAND_VOID, "origQryId", NULL, "13" },
    { TILL_ERRAND_VOID, "txnAmt", "999", "36" },
    { TILL_ERRAND_PAY, "qrNo", "62A", "10" },
    { TILL_ERRAND_PAY, "qrNo", NULL, "13" },
    { TILL_ERRAND_PAY, "termId", NULL, "13" },
    { TILL_ERRAND_PAY, "termId", "123456789", "10" },
    { TILL_ERRAND_PAY, "bizType", "000201", "32" },
    { TILL_ERRAND_PAY, "txnSubType", "01", "32" },
    { TILL_ERRAND_REVERSE, "txnTime", NULL, "13" },
  };
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  guint effects = till_provider_n_effects (world->provider);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s", rows[i].name, rows[i].value ? rows[i].value : "left out");
      TillErrand errand = errand_of (world, rows[i].kind, NUMBER, 1000);
      g_autoptr (TillForm) form = changed_form (&errand, rows[i].name, rows[i].value);
      assert_said (world, BACK, form, rows[i].code);
    }
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, effects);
  /* With nothing wrong it is taken; a request at the other door is not. */
  TillErrand errand = errand_of (world, TILL_ERRAND_REFUND, NUMBER, 1000);
  g_autoptr (TillForm) right = changed_form (&errand, "reqReserved", "x");
  assert_said (world, QUERY, right, "32");
  assert_said (world, BACK, right, "00");
}

/* Two fields in place of queryId: for QR payments, and only with the payment's own time. */
static void
test_original_by_order (void)
{
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  g_clear_pointer (&world->paid, g_free);
  TillErrand errand = errand_of (world, TILL_ERRAND_REFUND, NUMBER, 300);
  g_autoptr (TillForm) other_time = changed_form (&errand, "origTxnTime", "20261122120001");
  assert_said (world, BACK, other_time, "35");
  g_autoptr (TillForm) no_time = changed_form (&errand, "origTxnTime", NULL);
  assert_said (world, BACK, no_time, "13");
  g_autoptr (TillForm) online = changed_form (&errand, "bizType", "000201");
  assert_said (world, BACK, online, "13");
  g_assert_cmpuint (moved (world, NUMBER), ==, 0);
  ask (world, TILL_ERRAND_REFUND, NUMBER, 300, TILL_OUTCOME_ACCEPTED, "00");
  g_assert_cmpuint (moved (world, NUMBER), ==, 1);
}

static void
test_wrong_doors (void)
{
  g_autoptr (World) world = world_new (FALSE);
  g_autoptr (GBytes) garbage = g_bytes_new_static ("a=1&a=2", 7);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (TillSaid) elsewhere
      = say_bytes (world, "/gateway/api/frontTransReq.do", NULL, nothing);
  g_assert_cmpint (elsewhere->status, ==, 404);
  g_autoptr (TillSaid) twice = say_bytes (world, BACK, NULL, garbage);
  g_autoptr (TillForm) twice_form = said_form (twice);
  g_assert_cmpstr (till_form_get (twice_form, "respCode"), ==, "10");
  g_autoptr (TillSaid) empty = say_bytes (world, BACK, NULL, nothing);
  g_autoptr (TillForm) empty_form = said_form (empty);
  g_assert_cmpstr (till_form_get (empty_form, "respCode"), ==, "13");
  TillErrand errand = errand_of (world, TILL_ERRAND_PAY, PAYMENT, 1000);
  g_autoptr (TillRequest) request = codec ()->build (&errand, &account);
  g_autoptr (TillSaid) queried = say_bytes (world, BACK, "a=1", request->body);
  g_autoptr (TillForm) queried_form = said_form (queried);
  g_assert_cmpstr (till_form_get (queried_form, "respCode"), ==, "10");
  world->speech.signer_key = NULL;
  g_autoptr (TillSaid) mute = say_bytes (world, BACK, NULL, request->body);
  g_assert_cmpint (mute->status, ==, 500);
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
}

/* Nothing that the request holds can become a field of the answer. */
static void
test_nothing_is_smuggled_in (void)
{
  g_autoptr (World) world = world_new (FALSE);
  TillErrand errand = errand_of (world, TILL_ERRAND_QUERY_REFUND, NUMBER, 1000);
  static const char *const values[] = { "x&origRespCode=00", "{x", "x}&y={", "退&a=b" };
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (TillForm) form = changed_form (&errand, "reqReserved", values[i]);
      g_autoptr (GBytes) body = till_form_encode (form);
      g_autoptr (TillSaid) said = say_bytes (world, QUERY, NULL, body);
      g_autoptr (TillForm) answer = said_form (said);
      g_assert_cmpstr (till_form_get (answer, "respCode"), ==, "34");
      g_assert_null (till_form_get (answer, "origRespCode"));
      g_assert_null (till_form_get (answer, "reqReserved"));
    }
}

/* --- the traps --- */

/* The till asks for the same refund again a day later: it is one refund. With a fresh txnTime it
 * would have been two, and the provider would have had no reason to doubt it. */
static void
test_a_fresh_time_is_another_refund (void)
{
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  ask (world, TILL_ERRAND_REFUND, NUMBER, 300, TILL_OUTCOME_ACCEPTED, "00");
  for (int day = 0; day < 3; day++)
    {
      till_clock_advance (world->clock, TILL_DAY);
      ask (world, TILL_ERRAND_REFUND, NUMBER, 300, TILL_OUTCOME_UNKNOWN, "12");
    }
  g_assert_cmpuint (moved (world, NUMBER), ==, 1);

  TillErrand errand = errand_of (world, TILL_ERRAND_REFUND, NUMBER, 300);
  errand.requested_at += TILL_SECOND; /* what no codec may do */
  g_autoptr (TillOutcome) second = ask_errand (world, &errand);
  g_assert_cmpint (second->kind, ==, TILL_OUTCOME_ACCEPTED);
  g_assert_cmpuint (moved (world, NUMBER), ==, 2);
  /* And each is found by its own time only. */
  ask (world, TILL_ERRAND_QUERY_REFUND, NUMBER, 300, TILL_OUTCOME_DONE, "00");
  errand.kind = TILL_ERRAND_QUERY_REFUND;
  errand.requested_at += TILL_SECOND;
  g_autoptr (TillOutcome) third = ask_errand (world, &errand);
  g_assert_cmpint (third->kind, ==, TILL_OUTCOME_NOT_FOUND);
}

/* A repeat is known by number and time alone: also when it is for less, or of another kind. */
static void
test_repeats (void)
{
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  ask (world, TILL_ERRAND_REFUND, NUMBER, 300, TILL_OUTCOME_ACCEPTED, "00");
  ask (world, TILL_ERRAND_REFUND, NUMBER, 200, TILL_OUTCOME_UNKNOWN, "12");
  ask (world, TILL_ERRAND_PAY, NUMBER, 300, TILL_OUTCOME_UNKNOWN, "12");
  ask (world, TILL_ERRAND_PAY, PAYMENT, 1000, TILL_OUTCOME_UNKNOWN, "12");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 2);
}

static void
test_lenient (void)
{
  g_autoptr (World) world = world_new (TRUE);
  pay (world);
  for (guint i = 1; i <= 3; i++)
    {
      ask (world, TILL_ERRAND_REFUND, NUMBER, 300, TILL_OUTCOME_ACCEPTED, "00");
      g_assert_cmpuint (moved (world, NUMBER), ==, i);
    }
}

/* 03, 04 and 05: the money has moved, and only a query tells. */
static void
test_after_effects (void)
{
  static const struct
  {
    const char *code, *number;
    TillOutcomeKind kind;
  } rows[] = { { "03", "0ABCDEFGHJKMNPQ3", TILL_OUTCOME_UNKNOWN },
               { "04", "0ABCDEFGHJKMNPQ4", TILL_OUTCOME_UNKNOWN },
               { "05", "0ABCDEFGHJKMNPQ5", TILL_OUTCOME_ACCEPTED } };
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fail_next (world, TILL_ERRAND_REFUND, rows[i].code);
      ask (world, TILL_ERRAND_REFUND, rows[i].number, 100, rows[i].kind, rows[i].code);
      g_assert_cmpuint (moved (world, rows[i].number), ==, 1);
      ask (world, TILL_ERRAND_QUERY_REFUND, rows[i].number, 100, TILL_OUTCOME_DONE, "00");
    }
}

/* Codes of UnionPay's own are passed on as they are; a query that is asked too often says nothing
 * of the refund. */
static void
test_codes_passed_on (void)
{
  g_autoptr (World) world = world_new (FALSE);
  pay (world);
  fail_next (world, TILL_ERRAND_REFUND, "90");
  ask (world, TILL_ERRAND_REFUND, NUMBER, 100, TILL_OUTCOME_REFUSED, "90");
  fail_next (world, TILL_ERRAND_REFUND, "39");
  ask (world, TILL_ERRAND_REFUND, NUMBER, 100, TILL_OUTCOME_REFUSED, "39");
  g_assert_cmpuint (moved (world, NUMBER), ==, 0);
  ask (world, TILL_ERRAND_REFUND, NUMBER, 100, TILL_OUTCOME_ACCEPTED, "00");
  fail_next (world, TILL_ERRAND_QUERY_REFUND, "37");
  ask (world, TILL_ERRAND_QUERY_REFUND, NUMBER, 100, TILL_OUTCOME_UNKNOWN, "37");
  ask (world, TILL_ERRAND_QUERY_REFUND, NUMBER, 100, TILL_OUTCOME_DONE, "00");
}

static void
test_void_until_eleven (void)
{
  static const struct
  {
    int64_t after;
    TillOutcomeKind kind;
    const char *code;
  } rows[] = { { 11 * TILL_HOUR - 1, TILL_OUTCOME_ACCEPTED, "00" },
               { 11 * TILL_HOUR, TILL_OUTCOME_REFUSED, "35" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (World) world = world_new (FALSE);
      pay (world);
      till_clock_advance (world->clock, rows[i].after);
      ask (world, TILL_ERRAND_VOID, NUMBER, 1000, rows[i].kind, rows[i].code);
      if (rows[i].kind == TILL_OUTCOME_ACCEPTED)
        ask (world, TILL_ERRAND_QUERY_VOID, NUMBER, 1000, TILL_OUTCOME_DONE, "00");
      else
        ask (world, TILL_ERRAND_QUERY_VOID, NUMBER, 1000, TILL_OUTCOME_NOT_FOUND, "34");
    }
}

/* The QR product's 30 days and the platform's 330, each with a code of its own; the codec's profile
 * holds what is paid with here. */
static void
test_refund_within (void)
{
  static const struct
  {
    int days;
    gboolean by_card;
    const char *words;
  } rows[] = { { 30, FALSE, "[1000022]" }, { 330, TRUE, "[4040007]" } };
  g_assert_cmpint (codec ()->profile->window_days, ==, 30);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (World) world = world_new (FALSE);
      pay (world);
      TillErrand errand = errand_of (world, TILL_ERRAND_REFUND, NUMBER, 100);
      errand.by_card = rows[i].by_card;
      till_clock_advance (world->clock, rows[i].days * TILL_DAY);
      g_autoptr (TillOutcome) taken = ask_errand (world, &errand);
      g_assert_cmpint (taken->kind, ==, TILL_OUTCOME_ACCEPTED);
      till_clock_advance (world->clock, TILL_DAY);
      errand.request_no = (char *)"0ABCDEFGHJKMNPQ2";
      g_autoptr (TillOutcome) old = ask_errand (world, &errand);
      g_assert_cmpint (old->kind, ==, TILL_OUTCOME_REFUSED);
      g_assert_cmpint (old->failure, ==, TILL_CLASS_FINAL);
      g_assert_cmpstr (old->code, ==, "35");
      g_assert_true (g_str_has_suffix (old->words, rows[i].words));
      g_assert_cmpuint (moved (world, "0ABCDEFGHJKMNPQ2"), ==, 0);
    }
}

/* Undone before it came: the payment that arrives late moves nothing. */
static void
test_late_payment (void)
{
  g_autoptr (World) world = world_new (FALSE);
  ask (world, TILL_ERRAND_REVERSE, PAYMENT, 1000, TILL_OUTCOME_DONE, "00");
  ask (world, TILL_ERRAND_REVERSE, PAYMENT, 1000, TILL_OUTCOME_DONE, "46");
  ask (world, TILL_ERRAND_PAY, PAYMENT, 1000, TILL_OUTCOME_UNKNOWN, "12");
  ask (world, TILL_ERRAND_QUERY_PAY, PAYMENT, 1000, TILL_OUTCOME_REFUSED, "46");
  g_assert_cmpuint (till_provider_n_effects (world->provider), ==, 0);
}

static void
make_account (void)
{
  g_autofree char *private_path = vectors_path ("key.pem");
  g_autofree char *public_path = vectors_path ("public.pem");
  g_autofree char *authorities = vectors_path ("authorities.pem");
  key = till_key_load_private (private_path, NULL);
  public_key = till_key_load_public (public_path, NULL);
  certificate = vectors_text ("signer.pem");
  const TillTongue *tongue = &till_unionpay_tongue;
  account = (TillAccount){ .provider = (char *)"unionpay",
                           .merchant_no = (char *)till_tongue_fact (tongue, "merchant_no"),
                           .base_url = (char *)"https://127.0.0.1:8443",
                           .our_key = key,
                           .authorities = till_authorities_load (authorities, NULL),
                           .facts = g_hash_table_new (g_str_hash, g_str_equal),
                           .ca_file = (char *)"/ca.pem" };
  for (gsize i = 0; codec ()->facts[i]; i++)
    g_hash_table_insert (account.facts, (gpointer)codec ()->facts[i],
                         (gpointer)till_tongue_fact (tongue, codec ()->facts[i]));
  g_assert_true (key && public_key && account.authorities);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  make_account ();
  g_test_add_func ("/tongue/unionpay/wrong-fields", test_wrong_fields);
  g_test_add_func ("/tongue/unionpay/original-by-order", test_original_by_order);
  g_test_add_func ("/tongue/unionpay/wrong-doors", test_wrong_doors);
  g_test_add_func ("/tongue/unionpay/nothing-is-smuggled-in", test_nothing_is_smuggled_in);
  g_test_add_func ("/tongue/unionpay/a-fresh-time-is-another-refund",
                   test_a_fresh_time_is_another_refund);
  g_test_add_func ("/tongue/unionpay/repeats", test_repeats);
  g_test_add_func ("/tongue/unionpay/lenient", test_lenient);
  g_test_add_func ("/tongue/unionpay/after-effects", test_after_effects);
  g_test_add_func ("/tongue/unionpay/codes-passed-on", test_codes_passed_on);
  g_test_add_func ("/tongue/unionpay/void-until-eleven", test_void_until_eleven);
  g_test_add_func ("/tongue/unionpay/refund-within", test_refund_within);
  g_test_add_func ("/tongue/unionpay/late-payment", test_late_payment);
  int result = g_test_run ();
  till_key_free (key);
  till_key_free (public_key);
  till_authorities_free (account.authorities);
  g_hash_table_unref (account.facts);
  g_free (certificate);
  vectors_remove ();
  return result;
}
